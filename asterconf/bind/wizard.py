"""What the PJSIP wizard makes of a section of pjsip_wizard.conf.

Source: res/res_pjsip_config_wizard.c, handle_endpoint, handle_aor, handle_auth, handle_identify,
handle_registrations, handle_phoneprov. Checked: tests/vectors/wizard.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import attrs

from asterconf.codes import Rule, finding
from asterconf.diagnostic import Diagnostic
from asterconf.resolve.bound import ItemPlace, Place, position_of
from asterconf.semantics import substitute
from asterconf.source import Position, Severity, fold, is_true

if TYPE_CHECKING:
    from asterconf.resolve import EffectiveSection

__all__ = ["KINDS", "WIZARD_CODES", "Option", "PjsipObject", "WizardSection"]

KINDS = (
    "endpoint", "aor", "auth", "registration", "identify", "phoneprov", "transport",
)  # fmt: skip
"""The types of PJSIP objects of which extensions, trunks and transports are made."""

NOWHERE = Position("", 0)
"""Where an object begins that stands in no file."""

WIZARD_CODES: Mapping[str, Rule] = {
    "auth-no-username": Rule(
        "AC402", Severity.ERROR, "{name!r} needs {option} to make its {kind}",
        "set {option}, or turn off what asks for it",
    ),
    "no-remote-hosts": Rule(
        "AC403", Severity.ERROR, "{name!r} has no remote_hosts, so no {kind} is made",
        "set remote_hosts, or accepts_registrations for a phone",
    ),
}  # fmt: skip


@attrs.frozen
class Option:
    """One option of an object; it has no place where the wizard adds it by itself."""

    name: str
    value: str
    place: Place | None = None

    @property
    def position(self) -> Position | None:
        """Where its value stands."""
        return None if self.place is None else position_of(self.place)


@attrs.frozen
class PjsipObject:
    """One object: its type, its id and its options in order."""

    kind: str
    id: str
    options: tuple[Option, ...]
    place: Place = NOWHERE
    wizard: str = ""
    """Name of the wizard section that made it; empty: it is written in pjsip.conf."""

    @property
    def position(self) -> Position:
        """Where it begins."""
        return position_of(self.place)

    def last(self, name: str) -> Option | None:
        """Return the last option of that name, which is the one that counts."""
        return next((o for o in reversed(self.options) if fold(o.name) == name), None)

    def all(self, *names: str) -> list[Option]:
        """Return the options of these names in order."""
        return [o for o in self.options if fold(o.name) in names]

    def text(self, name: str) -> str:
        """Return the value that counts; empty if there is none."""
        option = self.last(name)
        return option.value if option else ""

    def names(self, name: str) -> list[str]:
        """Return the items of a comma list."""
        return [item for item in (part.strip() for part in self.text(name).split(",")) if item]

    def on(self, name: str) -> bool:
        """Return whether a yes-or-no option is set."""
        return is_true(self.text(name))


@attrs.frozen
class WizardSection:
    """A section of pjsip_wizard.conf as the wizard reads it.

    Plain options ignore case and the last counts; `endpoint/` and the other prefixes are
    case-sensitive, and all their lines are passed on.
    """

    id: str
    header: Place
    plain: Mapping[str, Option]
    prefixed: Mapping[str, tuple[Option, ...]]
    options: tuple[Option, ...] = ()
    """All its lines, in order."""

    @classmethod
    def of(
        cls, name: str, options: Iterable[Option], header: Place = NOWHERE
    ) -> WizardSection | None:
        """Return the section of these options, or None if the wizard does not take it."""
        plain: dict[str, Option] = {}
        prefixed: dict[str, list[Option]] = {}
        taken, lines = False, tuple(options)
        for option in lines:
            taken |= (option.name, option.value) == ("type", "wizard")
            prefix, slash, rest = option.name.partition("/")
            if not slash:
                plain[fold(option.name)] = option
            elif rest:
                passed = attrs.evolve(option, name=rest)
                prefixed.setdefault(prefix, []).append(passed)
        if not taken:
            return None
        below = {prefix: tuple(passed) for prefix, passed in prefixed.items()}
        return cls(name, header, plain, below, lines)

    @classmethod
    def read(cls, section: EffectiveSection) -> WizardSection | None:
        """Return the section, or None if the wizard does not take it."""
        if ("type", "wizard") not in section.pairs:
            return None
        options = (
            Option(name, value, ItemPlace(section, index))
            for index, (name, value) in enumerate(section.pairs)
        )
        return cls.of(section.name, options, ItemPlace(section))

    def value(self, name: str) -> str:
        """Return a plain option; empty if it is not there."""
        option = self.plain.get(name)
        return option.value if option else ""

    def on(self, name: str) -> bool:
        """Return whether a plain yes-or-no option is set."""
        return is_true(self.value(name))

    def place(self, name: str) -> Place | None:
        """Return where a plain option stands."""
        option = self.plain.get(name)
        return option.place if option else None

    def hosts(self) -> list[str]:
        """Return the items of `remote_hosts`; an empty item stays."""
        value = self.value("remote_hosts")
        return [part.strip() for part in value.split(",")] if value else []

    def below(self, prefix: str, name: str) -> str:
        """Return the last value of `prefix/name`; empty if there is none."""
        found = [o.value for o in self.prefixed.get(prefix, ()) if fold(o.name) == fold(name)]
        return found[-1] if found else ""

    def passed_on(self, *names: str) -> Iterator[Option]:
        """Yield the plain options of these names that say something."""
        for name in names:
            option = self.plain.get(name)
            if option is not None and option.value:
                yield option

    def pattern(self, name: str, host: str) -> str:
        """Return a URI pattern with its variables filled in."""
        default = "sip:${USERNAME}@${REMOTE_HOST}" if name == "client_uri" else "sip:${REMOTE_HOST}"
        option = self.plain.get(f"{name}_pattern")
        username = self.below("outbound_auth", "username") if self.on("sends_auth") else self.id
        facts = {"REMOTE_HOST": host}
        if name != "contact":
            facts["USERNAME"] = username
        # The wizard is read before the modules that bring functions.
        return substitute(option.value if option else default, facts, functions={})

    def make(self, kind: str, suffix: str, prefix: str, added: Iterable[Option]) -> PjsipObject:
        """Return the object of what stands below a prefix and what the wizard adds."""
        options = (*self.prefixed.get(prefix, ()), *added)
        return PjsipObject(kind, self.id + suffix, options, self.header, self.id)

    def objects(self, diagnostics: list[Diagnostic]) -> Iterator[PjsipObject]:
        """Yield what the wizard makes of the section, type by type."""
        mark = Option("@pjsip_wizard", self.id)
        yield self.make("endpoint", "", "endpoint", self._endpoint(mark))
        yield self.make("aor", "", "aor", self._contacts("aor", "contact", mark))
        yield from self._auths(diagnostics, mark)
        registers = self.on("sends_registrations")
        identified = not self.on("accepts_registrations") and not self.on(
            "sends_line_with_registrations"
        )
        for wanted, kind in ((identified, "identify"), (registers, "registration")):
            if wanted and not self.hosts():
                self._say(diagnostics, "no-remote-hosts", self.header, kind=kind)
        if identified and self.hosts():
            endpoint = Option("endpoint", self.id)
            added = self._contacts("identify", "match", endpoint, mark)
            yield self.make("identify", "-identify", "identify", added)
        username = self.below("outbound_auth", "username")
        if registers and (username or not self.on("sends_auth")):
            for number, host in enumerate(self.hosts()):
                added = self._registration(host, mark)
                yield self.make("registration", f"-reg-{number}", "registration", added)
        if self.on("has_phoneprov"):
            if self.below("phoneprov", "MAC"):
                added = iter((Option("endpoint", self.id), mark))
                yield self.make("phoneprov", "-phoneprov", "phoneprov", added)
            else:
                place = self.place("has_phoneprov")
                facts = {"option": "phoneprov/MAC", "kind": "phoneprov"}
                self._say(diagnostics, "auth-no-username", place, **facts)

    def _say(
        self, diagnostics: list[Diagnostic], rule: str, place: Place | None, **facts: str
    ) -> None:
        at = None if place is None else position_of(place)
        diagnostics.append(finding(WIZARD_CODES[rule], at, (), name=self.id, **facts))

    def _endpoint(self, mark: Option) -> Iterator[Option]:
        yield mark
        yield Option("aors", self.id)
        yield from self.passed_on("outbound_proxy")
        if exten := self.value("hint_exten"):
            yield Option("@hint_context", self.hint_context())
            yield Option("@hint_exten", exten, self.place("hint_exten"))
        yield from self.passed_on("transport")
        if self.on("sends_auth"):
            yield Option("outbound_auth", f"{self.id}-oauth", self.place("sends_auth"))
        if self.on("accepts_auth"):
            yield Option("auth", f"{self.id}-iauth", self.place("accepts_auth"))

    def _contacts(self, prefix: str, name: str, *added: Option) -> Iterator[Option]:
        """Yield a contact or match for each remote host, unless the section has its own."""
        yield from added
        if prefix == "aor":
            yield from self.passed_on("outbound_proxy")
        if any(fold(option.name) == name for option in self.prefixed.get(prefix, ())):
            return
        for host in self.hosts():
            value = self.pattern("contact", host) if prefix == "aor" else host
            if value:
                yield Option(name, value, self.place("remote_hosts"))

    def _auths(self, diagnostics: list[Diagnostic], mark: Option) -> Iterator[PjsipObject]:
        for flag, prefix in (("sends_auth", "outbound_auth"), ("accepts_auth", "inbound_auth")):
            if not self.on(flag):
                continue
            if not self.below(prefix, "username"):
                facts = {"option": f"{prefix}/username", "kind": "auth"}
                self._say(diagnostics, "auth-no-username", self.place(flag), **facts)
                return
            named = any(fold(o.name) == "auth_type" for o in self.prefixed.get(prefix, ()))
            added = (mark,) if named else (mark, Option("auth_type", "userpass"))
            yield self.make("auth", f"-{prefix[0]}auth", prefix, added)

    def _registration(self, host: str, mark: Option) -> Iterator[Option]:
        yield from self.passed_on("outbound_proxy")
        yield mark
        for name in ("server_uri", "client_uri"):
            value = self.pattern(name, host)
            if value:
                yield Option(name, value, self.place("remote_hosts"))
        if self.on("sends_auth"):
            yield Option("outbound_auth", f"{self.id}-oauth", self.place("sends_auth"))
        yield from self.passed_on("transport")
        if self.on("sends_line_with_registrations"):
            yield Option("line", "yes", self.place("sends_line_with_registrations"))
            yield Option("endpoint", self.id)

    def hint_context(self) -> str:
        """Return the context in which `hint_exten` is made."""
        return self.value("hint_context") or self.below("endpoint", "context") or "default"

    def hints(self) -> Iterator[tuple[str, str, str, str]]:
        """Yield what the wizard adds to the dialplan: context, extension, priority, application.

        An application without parentheses has no arguments; with empty ones it is refused.
        """
        exten = self.value("hint_exten")
        if not exten or not self.on("has_hint"):
            return
        yield self.hint_context(), exten, "hint", f"PJSIP/{self.id}"
        app, bracket, rest = self.value("hint_application").partition("(")
        data = rest.rpartition(")")[0]
        if app and (data or not bracket):
            yield self.hint_context(), exten, "1", f"{app}({data})"
