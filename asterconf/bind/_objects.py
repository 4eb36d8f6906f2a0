"""PJSIP's own objects: what sections of pjsip.conf are, and what the wizard makes of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import attrs

from asterconf.bind._bound import finding, last_items, truth
from asterconf.codes import Rule
from asterconf.semantics import substitute
from asterconf.source import Diagnostic, Position, Severity, fold

if TYPE_CHECKING:
    from asterconf.resolve import Effective, EffectiveItem, EffectiveSection

__all__ = ["OBJECT_CODES", "Objects", "Option", "PjsipObject", "WizardSection", "collect"]

KINDS = ("endpoint", "aor", "auth", "registration", "identify", "transport")

OBJECT_CODES: Mapping[str, Rule] = {
    "object-twice": Rule(
        "AC401", Severity.ERROR, "{kind} {name!r} is there twice, so no {kind} of the file loads",
        "remove one of both sections, or add to the first with [{name}](+)",
    ),
    "auth-no-username": Rule(
        "AC402", Severity.ERROR, "{name!r} needs {option} to make its auth",
        "set {option}, or turn off what asks for it",
    ),
    "no-remote-hosts": Rule(
        "AC403", Severity.ERROR, "{name!r} has no remote_hosts, so no {kind} is made",
        "set remote_hosts, or accepts_registrations for a phone",
    ),
    "overshadowed": Rule(
        "AC404", Severity.WARNING, "{kind} {name!r} of the wizard is not used: pjsip.conf has one",
        "remove one of both", logged=False,
    ),
}  # fmt: skip


@attrs.frozen
class Option:
    """One option of an object; `position` is None where the wizard adds it by itself."""

    name: str
    value: str
    position: Position | None = None


@attrs.frozen
class PjsipObject:
    """One object: its type, its id and its options in order."""

    kind: str
    id: str
    options: tuple[Option, ...]
    position: Position
    wizard: str = ""
    """Name of the wizard section that made it; empty: it is written in pjsip.conf."""

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
        return truth(self.text(name))


@attrs.frozen
class WizardSection:
    """A section of pjsip_wizard.conf as the wizard reads it.

    Plain options ignore case and the last counts; `endpoint/` and the other prefixes are
    case-sensitive, and all their lines are passed on.

    Source: res/res_pjsip_config_wizard.c.
    """

    id: str
    position: Position
    plain: Mapping[str, EffectiveItem]
    prefixed: Mapping[str, tuple[Option, ...]]

    @classmethod
    def read(cls, section: EffectiveSection) -> WizardSection | None:
        """Return the section, or None if the wizard does not take it."""
        if not any(i.name == "type" and i.value == "wizard" for i in section.items):
            return None
        prefixed: dict[str, list[Option]] = {}
        for item in section.items:
            prefix, slash, name = item.name.partition("/")
            if slash and name:
                prefixed.setdefault(prefix, []).append(Option(name, item.value, item.origin))
        return cls(
            section.name,
            section.position,
            last_items(item for item in section.items if "/" not in item.name),
            {prefix: tuple(options) for prefix, options in prefixed.items()},
        )

    def value(self, name: str) -> str:
        """Return a plain option; empty if it is not there."""
        item = self.plain.get(name)
        return item.value if item else ""

    def on(self, name: str) -> bool:
        """Return whether a plain yes-or-no option is set."""
        return truth(self.value(name))

    def place(self, name: str) -> Position | None:
        """Return where a plain option stands."""
        item = self.plain.get(name)
        return item.origin if item else None

    def hosts(self) -> list[str]:
        """Return the items of `remote_hosts`; an empty item stays."""
        value = self.value("remote_hosts")
        return [part.strip() for part in value.split(",")] if value else []

    def below(self, prefix: str, name: str) -> str:
        """Return the last value of `prefix/name`; empty if there is none."""
        found = [o.value for o in self.prefixed.get(prefix, ()) if fold(o.name) == name]
        return found[-1] if found else ""

    def passed_on(self, *names: str) -> Iterator[Option]:
        for name in names:
            item = self.plain.get(name)
            if item is not None and item.value:
                yield Option(name, item.value, item.origin)

    def pattern(self, name: str, host: str) -> str:
        """Return a URI pattern with its variables filled in."""
        default = "sip:${USERNAME}@${REMOTE_HOST}" if name == "client_uri" else "sip:${REMOTE_HOST}"
        item = self.plain.get(f"{name}_pattern")
        username = self.below("outbound_auth", "username") if self.on("sends_auth") else self.id
        facts = {"REMOTE_HOST": host}
        if name != "contact":
            facts["USERNAME"] = username
        # The wizard is read before the modules that bring functions.
        return substitute(item.value if item else default, facts, functions={})

    def make(self, kind: str, suffix: str, prefix: str, added: Iterable[Option]) -> PjsipObject:
        options = (*self.prefixed.get(prefix, ()), *added)
        return PjsipObject(kind, self.id + suffix, options, self.position, self.id)

    def objects(self, diagnostics: list[Diagnostic]) -> Iterator[PjsipObject]:
        """Yield what the wizard makes of the section, type by type.

        Source: res/res_pjsip_config_wizard.c, handle_endpoint, handle_aor, handle_auth,
        handle_identify, handle_registrations.
        """
        yield self.make("endpoint", "", "endpoint", self._endpoint())
        yield self.make("aor", "", "aor", self._contacts("aor", "contact"))
        yield from self._auths(diagnostics)
        registers = self.on("sends_registrations")
        identified = not self.on("accepts_registrations") and not self.on(
            "sends_line_with_registrations"
        )
        for wanted, kind in ((identified, "identify"), (registers, "registration")):
            if wanted and not self.hosts():
                rule = OBJECT_CODES["no-remote-hosts"]
                diagnostics.append(finding(rule, self.position, name=self.id, kind=kind))
        if identified and self.hosts():
            endpoint = Option("endpoint", self.id)
            added = (endpoint, *self._contacts("identify", "match"))
            yield self.make("identify", "-identify", "identify", added)
        username = self.below("outbound_auth", "username")
        if registers and (username or not self.on("sends_auth")):
            for number, host in enumerate(self.hosts()):
                yield self.make(
                    "registration", f"-reg-{number}", "registration", self._registration(host)
                )

    def _endpoint(self) -> Iterator[Option]:
        yield Option("aors", self.id)
        yield from self.passed_on("outbound_proxy", "transport")
        if self.on("sends_auth"):
            yield Option("outbound_auth", f"{self.id}-oauth", self.place("sends_auth"))
        if self.on("accepts_auth"):
            yield Option("auth", f"{self.id}-iauth", self.place("accepts_auth"))

    def _contacts(self, prefix: str, name: str) -> Iterator[Option]:
        """Yield a contact or match for each remote host, unless the section has its own."""
        if prefix == "aor":
            yield from self.passed_on("outbound_proxy")
        if any(fold(option.name) == name for option in self.prefixed.get(prefix, ())):
            return
        for host in self.hosts():
            value = self.pattern("contact", host) if prefix == "aor" else host
            if value:
                yield Option(name, value, self.place("remote_hosts"))

    def _auths(self, diagnostics: list[Diagnostic]) -> Iterator[PjsipObject]:
        for flag, prefix in (("sends_auth", "outbound_auth"), ("accepts_auth", "inbound_auth")):
            if not self.on(flag):
                continue
            if not self.below(prefix, "username"):
                rule, option = OBJECT_CODES["auth-no-username"], f"{prefix}/username"
                diagnostics.append(finding(rule, self.place(flag), name=self.id, option=option))
                return
            yield self.make("auth", f"-{prefix[0]}auth", prefix, ())

    def _registration(self, host: str) -> Iterator[Option]:
        yield from self.passed_on("outbound_proxy")
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


@attrs.frozen
class Objects:
    """All PJSIP objects by type and id, with the wizard sections that made some of them."""

    by_kind: Mapping[str, Mapping[str, PjsipObject]]
    wizards: Mapping[str, WizardSection]
    lost: tuple[PjsipObject, ...] = ()
    """Endpoints that Asterisk does not load, because the file has one of them twice."""
    diagnostics: tuple[Diagnostic, ...] = ()

    def get(self, kind: str, names: Iterable[str]) -> list[PjsipObject]:
        """Return the objects of these ids that exist."""
        found = self.by_kind[kind]
        return [found[name] for name in names if name in found]

    def all(self, kind: str) -> Iterable[PjsipObject]:
        """Return all objects of a type."""
        return self.by_kind[kind].values()


def _written(section: EffectiveSection) -> PjsipObject | None:
    """Return the object that a section of pjsip.conf is: the first `type` line decides."""
    kind = next((item.value for item in section.items if fold(item.name) == "type"), "")
    if kind not in KINDS:
        return None
    options = tuple(Option(item.name, item.value, item.origin) for item in section.items)
    return PjsipObject(kind, section.name, options, section.position)


def collect(wizard: Effective | None, pjsip: Effective | None) -> Objects:
    """Return every object of both files; on equal ids the one of pjsip.conf is used.

    Two sections of one name and type take all objects of that type out of pjsip.conf.

    Source: res/res_sorcery_config.c; main/sorcery.c.
    """
    diagnostics: list[Diagnostic] = []
    by_kind: dict[str, dict[str, PjsipObject]] = {kind: {} for kind in KINDS}
    wizards: dict[str, WizardSection] = {}
    for section in _plain(wizard):
        read = WizardSection.read(section)
        if read is not None:
            wizards[read.id] = read
            for made in read.objects(diagnostics):
                by_kind[made.kind][made.id] = made
    written: dict[str, dict[str, PjsipObject]] = {kind: {} for kind in KINDS}
    spoilt = set()
    for section in _plain(pjsip):
        one = _written(section)
        if one is None:
            continue
        first = written[one.kind].setdefault(one.id, one)
        if first is not one:
            spoilt.add(one.kind)
            rule, related = OBJECT_CODES["object-twice"], [(first.position, "the first one")]
            diagnostics.append(finding(rule, one.position, related, kind=one.kind, name=one.id))
    lost = tuple(written["endpoint"].values()) if "endpoint" in spoilt else ()
    for kind in KINDS:
        for name, one in () if kind in spoilt else written[kind].items():
            hidden = by_kind[kind].get(name)
            if hidden is not None:
                rule, related = OBJECT_CODES["overshadowed"], [(one.position, "the one used")]
                diagnostics.append(finding(rule, hidden.position, related, kind=kind, name=name))
            by_kind[kind][name] = one
    return Objects(by_kind, wizards, lost, tuple(diagnostics))


def _plain(effective: Effective | None) -> Iterator[EffectiveSection]:
    if effective is not None and effective.valid:
        yield from (section for section in effective.sections if not section.template)
