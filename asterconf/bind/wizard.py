"""Sections of pjsip_wizard.conf ⇄ the PJSIP objects that Asterisk makes of them.

`WizardSection.objects` tells what the wizard makes of a section. `as_wizard` and `folded` find the
section that makes given objects.

Source: res/res_pjsip_config_wizard.c, handle_endpoint, handle_aor, handle_auth, handle_identify,
handle_registrations, handle_phoneprov. Checked: tests/vectors/wizard.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property
from typing import TYPE_CHECKING

import attrs

from asterconf._lazy import LazyModule
from asterconf.bind.parts import PARTS
from asterconf.codes import OBJECTS
from asterconf.diagnostic import Diagnostic
from asterconf.model.configobject import ConfigObject
from asterconf.model.options import Value, default
from asterconf.resolve.bound import ItemPlace, Place, position_of
from asterconf.resolve.effective import Effective, EffectiveSection
from asterconf.schema import ObjectFacts
from asterconf.semantics.evaluation import substitute
from asterconf.source import Position, fold, is_true

if TYPE_CHECKING:
    from asterconf.bind import rules
else:
    rules = LazyModule("asterconf.bind.rules")

_NO_FILE = Position("", 0)
_HOST = re.compile(r"[^<]*<?sips?:(?:[^@>;]*@)?([^;>?]*)", re.IGNORECASE)
_ADDED = {"server_uri", "client_uri", "outbound_auth"}


@cache
def wizard_facts() -> ObjectFacts:
    """Return what the schema knows about a section of pjsip_wizard.conf."""
    return ConfigObject("pjsip_wizard.conf", "wizard").facts


@attrs.frozen
class PjsipOption:
    """One option of an object; without a place if the wizard adds it."""

    name: str
    value: str
    place: Place | None = None

    @property
    def position(self) -> Position | None:
        """The position of its value, if it has one."""
        return None if self.place is None else position_of(self.place)


@attrs.frozen
class PjsipObject:
    """One object of PJSIP: its type, its id and its options in order."""

    kind: str
    id: str
    options: tuple[PjsipOption, ...]
    place: Place = _NO_FILE
    wizard: str = ""
    """Name of the wizard section it is made of; empty: it is a section of pjsip.conf."""
    derived: range = attrs.field(default=range(0), eq=False, repr=False)
    """The indices of the options that the wizard adds itself."""
    label: str = attrs.field(default="", eq=False, repr=False)
    """Its label in `PARTS`, where the wizard made it."""

    @property
    def position(self) -> Position:
        """The position at which it begins."""
        return position_of(self.place)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Names and values of its options."""
        return [(option.name, option.value) for option in self.options]

    def last(self, name: str) -> PjsipOption | None:
        """Return the last option of that name, the one in effect."""
        return self._in_effect.get(name)

    @cached_property
    def _in_effect(self) -> Mapping[str, PjsipOption]:
        """The last option of each name."""
        return {fold(one.name): one for one in self.options}

    def where(self, name: str) -> Position:
        """Return where the option in effect stands; where there is none, the object begins."""
        option = self.last(name)
        return (option.position if option else None) or self.position

    def all(self, *names: str) -> list[PjsipOption]:
        """Return the options of these names in order."""
        return [o for o in self.options if fold(o.name) in names]

    def text(self, name: str) -> str:
        """Return the value in effect; empty if there is none."""
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

    The names of plain options ignore case, and the last line of a name counts. `endpoint/` and
    the other prefixes are case-sensitive, and all their lines are passed on.
    """

    id: str
    header: Place
    plain: Mapping[str, PjsipOption]
    prefixed: Mapping[str, tuple[PjsipOption, ...]]
    options: tuple[PjsipOption, ...] = ()
    """All its lines, in order."""

    @classmethod
    def of(
        cls, name: str, options: Iterable[PjsipOption], header: Place = _NO_FILE
    ) -> WizardSection | None:
        """Return the section of these options; `None` if the wizard ignores it."""
        plain: dict[str, PjsipOption] = {}
        prefixed: dict[str, tuple[PjsipOption, ...]] = {}
        lines = tuple(options)
        if all((option.name, option.value) != ("type", "wizard") for option in lines):
            return None
        for option in lines:
            prefix, slash, rest = option.name.partition("/")
            if not slash:
                plain[fold(option.name)] = option
            elif rest:
                passed = PjsipOption(rest, option.value, option.place)
                prefixed[prefix] = (*prefixed.get(prefix, ()), passed)
        return cls(name, header, plain, prefixed, lines)

    @classmethod
    def read(cls, section: EffectiveSection) -> WizardSection | None:
        """Return the section; `None` if the wizard ignores it."""
        if ("type", "wizard") not in section.pairs:
            return None
        options = (
            PjsipOption(name, value, ItemPlace(section, index))
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
        """Return the place of a plain option."""
        option = self.plain.get(name)
        return option.place if option else None

    def hosts(self) -> list[str]:
        """Return the items of `remote_hosts`, empty ones included."""
        value = self.value("remote_hosts")
        return [part.strip() for part in value.split(",")] if value else []

    def below(self, prefix: str, name: str) -> str:
        """Return the last value of `prefix/name`; empty if there is none."""
        found = [o.value for o in self.prefixed.get(prefix, ()) if fold(o.name) == fold(name)]
        return found[-1] if found else ""

    def passed_on(self, *names: str) -> Iterator[PjsipOption]:
        """Yield the plain options of these names that have a value."""
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

    def make(self, label: str, added: Iterable[PjsipOption], number: int = 0) -> PjsipObject:
        """Return the part of the options behind its prefix and those that the wizard adds."""
        part = PARTS[label]
        lines = self.prefixed.get(part.prefix, ())
        options = (*lines, *added)
        derived = range(len(lines), len(options))
        name = part.id(self.id, number)
        return PjsipObject(part.kind, name, options, self.header, self.id, derived, label)

    def objects(self, diagnostics: list[Diagnostic]) -> Iterator[PjsipObject]:
        """Yield the objects that the wizard makes of the section, type by type.

        Adds to `diagnostics` why an object is not made.
        """
        mark = PjsipOption("@pjsip_wizard", self.id)
        yield self.make("endpoint", self._endpoint(mark))
        yield self.make("aor", self._contacts("aor", "contact", mark))
        yield from self._auths(diagnostics, mark)
        registers = self.on("sends_registrations")
        identified = not self.on("accepts_registrations") and not self.on(
            "sends_line_with_registrations"
        )
        for wanted, kind in ((identified, "identify"), (registers, "registration")):
            if wanted and not self.hosts():
                self._report(diagnostics, "no-remote-hosts", self.header, kind=kind)
        if identified and self.hosts():
            endpoint = PjsipOption("endpoint", self.id)
            added = self._contacts("identify", "match", endpoint, mark)
            yield self.make("identify", added)
        username = self.below("outbound_auth", "username")
        if registers and (username or not self.on("sends_auth")):
            for number, host in enumerate(self.hosts()):
                yield self.make("registration", self._registration(host, mark), number)
        if self.on("has_phoneprov"):
            if self.below("phoneprov", "MAC"):
                added = iter((PjsipOption("endpoint", self.id), mark))
                yield self.make("phoneprov", added)
            else:
                place = self.place("has_phoneprov")
                facts = {"option": "phoneprov/MAC", "kind": "phoneprov"}
                self._report(diagnostics, "auth-no-username", place, **facts)

    def _report(
        self, diagnostics: list[Diagnostic], rule: str, place: Place | None, **facts: str
    ) -> None:
        at = None if place is None else position_of(place)
        diagnostics.append(OBJECTS[rule].at(at, name=self.id, **facts))

    def _endpoint(self, mark: PjsipOption) -> Iterator[PjsipOption]:
        yield mark
        yield PjsipOption("aors", self.id)
        yield from self.passed_on("outbound_proxy")
        if exten := self.value("hint_exten"):
            yield PjsipOption("@hint_context", self.hint_context())
            yield PjsipOption("@hint_exten", exten, self.place("hint_exten"))
        yield from self.passed_on("transport")
        yield from self._login("outbound_auth", "sends_auth")
        yield from self._login("auth", "accepts_auth")

    def _login(self, label: str, flag: str) -> Iterator[PjsipOption]:
        """Yield the option that names an auth, if its flag is set."""
        if self.on(flag):
            yield PjsipOption(label, PARTS[label].id(self.id), self.place(flag))

    def _contacts(self, prefix: str, name: str, *added: PjsipOption) -> Iterator[PjsipOption]:
        """Yield a contact or match for each remote host, unless the section sets its own."""
        yield from added
        if prefix == "aor":
            yield from self.passed_on("outbound_proxy")
        if any(fold(option.name) == name for option in self.prefixed.get(prefix, ())):
            return
        for host in self.hosts():
            value = self.pattern("contact", host) if prefix == "aor" else host
            if value:
                yield PjsipOption(name, value, self.place("remote_hosts"))

    def _auths(self, diagnostics: list[Diagnostic], mark: PjsipOption) -> Iterator[PjsipObject]:
        """Yield the auths: none behind one that is not made, or that PJSIP refuses."""
        for flag, label in (("sends_auth", "outbound_auth"), ("accepts_auth", "auth")):
            if not self.on(flag):
                continue
            prefix = PARTS[label].prefix
            if not self.below(prefix, "username"):
                facts = {"option": f"{prefix}/username", "kind": "auth"}
                self._report(diagnostics, "auth-no-username", self.place(flag), **facts)
                return
            named = any(fold(o.name) == "auth_type" for o in self.prefixed.get(prefix, ()))
            added = (mark,) if named else (mark, PjsipOption("auth_type", "userpass"))
            auth = self.make(label, added)
            yield auth
            known = ConfigObject("pjsip.conf", "auth").facts
            if label == "outbound_auth" and _is_refused(auth, known):
                return

    def _registration(self, host: str, mark: PjsipOption) -> Iterator[PjsipOption]:
        yield from self.passed_on("outbound_proxy")
        yield mark
        for name in ("server_uri", "client_uri"):
            value = self.pattern(name, host)
            if value:
                yield PjsipOption(name, value, self.place("remote_hosts"))
        yield from self._login("outbound_auth", "sends_auth")
        yield from self.passed_on("transport")
        if self.on("sends_line_with_registrations"):
            yield PjsipOption("line", "yes", self.place("sends_line_with_registrations"))
            yield PjsipOption("endpoint", self.id)

    def hint_context(self) -> str:
        """Return the context in which the wizard adds `hint_exten`."""
        return self.value("hint_context") or self.below("endpoint", "context") or "default"

    def hints(self) -> Iterator[tuple[str, str, str, str]]:
        """Yield what the wizard adds to the dialplan: context, extension, priority, application.

        An application without parentheses has no arguments; one with empty parentheses is not
        added.
        """
        exten = self.value("hint_exten")
        if not exten or not self.on("has_hint"):
            return
        yield self.hint_context(), exten, "hint", f"PJSIP/{self.id}"
        app, bracket, rest = self.value("hint_application").partition("(")
        data = rest.rpartition(")")[0]
        if app and (data or not bracket):
            yield self.hint_context(), exten, "1", f"{app}({data})"


def wizard_hints(wizard: Effective | None) -> Iterator[tuple[str, str, str, str]]:
    """Yield what the wizard adds to the dialplan: context, extension, priority, application.

    An endpoint that is refused takes its hint along. Observed on 22.10.1.
    """
    known = wizard.schema.file("pjsip.conf") if wizard is not None else None
    for section in wizard.live if wizard is not None and wizard.valid and known else ():
        read = WizardSection.read(section)
        hints = tuple(read.hints()) if read is not None else ()
        for made in read.objects([]) if read is not None and hints else ():
            if made.kind == "endpoint" and known is not None:
                yield from () if _is_refused(made, known.objects["endpoint"]) else hints


def _is_refused(made: PjsipObject, kind: ObjectFacts) -> bool:
    """Tell whether PJSIP refuses an object for one of its options, or one that it lacks."""
    obj, found = ConfigObject.collect(kind, made.id, made.pairs)
    unknown = any(not made.options[index].name.startswith("@") for index in found.unknown)
    refused = any(fault.effect == "refused" for fault in found.faults.values())
    return unknown or refused or any(rules.broken_rules(obj))


def host_of(uri: str) -> str:
    """Return `host:port` of a SIP URI; empty if `uri` is not one."""
    found = _HOST.match(uri)
    return found[1].strip() if found else ""


@attrs.frozen
class PjsipSet:
    """An endpoint and the objects that belong to it.

    `inbound` is the auth that calls from it are checked with; `outbound` holds the user name and
    password that Asterisk sends.
    """

    endpoint: PjsipObject
    aors: tuple[PjsipObject, ...] = ()
    inbound: PjsipObject | None = None
    outbound: PjsipObject | None = None
    registrations: tuple[PjsipObject, ...] = ()
    identifies: tuple[PjsipObject, ...] = ()

    def objects(self) -> Iterator[PjsipObject]:
        """Yield all of them, type by type."""
        yield self.endpoint
        yield from self.aors
        yield from (auth for auth in (self.outbound, self.inbound) if auth is not None)
        yield from self.identifies
        yield from self.registrations

    def contacts(self) -> list[PjsipOption]:
        """Return the fixed addresses of its aors, one option each."""
        return _split(option for aor in self.aors for option in aor.all("contact"))

    def matches(self) -> list[PjsipOption]:
        """Return the addresses that its calls are identified by, one option each."""
        return _split(option for one in self.identifies for option in one.all("match"))

    def servers(self) -> list[PjsipOption]:
        """Return the servers that Asterisk registers with."""
        return [o for one in self.registrations if (o := one.last("server_uri")) is not None]

    def hosts(self) -> list[PjsipOption]:
        """Return what `remote_hosts` would be: the hosts of its contacts, servers or matches.

        Those of the contacts, unless Asterisk registers with other servers.
        """
        contacts, servers = _hosts(self.contacts()), _hosts(self.servers())
        if servers and not {o.value for o in servers} <= {o.value for o in contacts}:
            return servers
        return contacts or self.matches()


def _split(options: Iterable[PjsipOption]) -> list[PjsipOption]:
    items = ((option, part.strip(" \t")) for option in options for part in option.value.split(","))
    return [attrs.evolve(option, value=item) for option, item in items if item]


def _hosts(options: Iterable[PjsipOption]) -> list[PjsipOption]:
    return [attrs.evolve(o, value=host) for o in options if (host := host_of(o.value))]


def as_wizard(found: PjsipSet, *, exact: bool = True) -> list[PjsipOption]:
    """Return the options of the wizard section that is nearest to these objects.

    What no wizard section can have, such as a second aor, is missing; `folded` notices that.

    Args:
        found: the objects.
        exact: when false, the transport and proxy of the endpoint are also taken for those of a
            registration without one.
    """
    hosts, out = found.hosts(), [PjsipOption("type", "wizard")]
    endpoint, name = found.endpoint, found.endpoint.id
    first = next(iter(found.registrations), None)
    with_line = first is not None and first.on("line") and first.text("endpoint") == name
    shared = _shared(found, {""} if not exact else set())
    flags: list[tuple[str, bool, Place | None]] = [
        ("accepts_registrations", not found.identifies and not with_line, None),
        ("accepts_auth", found.inbound is not None, _place(endpoint, "auth")),
        ("sends_auth", found.outbound is not None, _place(endpoint, "outbound_auth")),
        ("sends_registrations", first is not None, first.place if first else None),
        ("sends_line_with_registrations", with_line, first.place if first else None),
    ]
    out += (PjsipOption(flag, "yes", place) for flag, on, place in flags if on)
    out += shared.values()
    if hosts:
        value = ",".join(host.value for host in hosts)
        out.append(PjsipOption("remote_hosts", value, hosts[0].place))
    out += _contacts(found, hosts)
    linked = {"aors", *(("auth",) if found.inbound else ())}
    linked |= {"outbound_auth"} if found.outbound else set()
    out += _below("endpoint", endpoint, linked | set(shared))
    for aor in found.aors[:1]:
        out += _below("aor", aor, {"contact", *({"outbound_proxy"} & set(shared))})
    for prefix, auth in (("inbound_auth", found.inbound), ("outbound_auth", found.outbound)):
        out += _below(prefix, auth, set()) if auth else ()
    for identify in found.identifies[:1]:
        if [o.value for o in found.matches()] != [o.value for o in hosts]:
            out += (attrs.evolve(o, name="identify/match") for o in found.matches())
        out += _below("identify", identify, {"endpoint", "match"})
    if first is not None:
        added = _ADDED | set(shared) | ({"line", "endpoint"} if with_line else set())
        out += _below("registration", first, added)
        out += _uri_patterns(found, first, hosts[0].value if hosts else "")
    return out


def _place(obj: PjsipObject, name: str) -> Place | None:
    option = obj.last(name)
    return option.place if option else None


def _shared(found: PjsipSet, ignored: set[str]) -> dict[str, PjsipOption]:
    """Return the options that the wizard passes on to several objects, where all have them."""
    out = {}
    for name in ("transport", "outbound_proxy"):
        option = found.endpoint.last(name)
        others = [*found.registrations, *(found.aors if name == "outbound_proxy" else ())]
        values = {one.text(name) for one in others} - ignored
        if option is not None and option.value and values <= {option.value}:
            out[name] = option
    return out


def _below(prefix: str, obj: PjsipObject, without: set[str]) -> Iterator[PjsipOption]:
    """Yield the options of an object behind a prefix, except those that the wizard adds itself."""
    for option in obj.options:
        name = fold(option.name)
        usual = (name, option.value) == ("auth_type", "userpass")
        if name not in without and name != "type" and name[:1] != "@" and not usual:
            yield attrs.evolve(option, name=f"{prefix}/{option.name}")


def _contacts(found: PjsipSet, hosts: list[PjsipOption]) -> Iterator[PjsipOption]:
    """Yield the pattern that makes the contacts of the hosts, else the contacts themselves."""
    contacts = found.contacts()
    if not contacts:
        if hosts:
            yield PjsipOption("contact_pattern", "")
        return
    pairs = list(zip(contacts, hosts, strict=False)) if len(contacts) == len(hosts) else []
    patterns = {_pattern(contact.value, host.value) for contact, host in pairs}
    if len(patterns) != 1 or "" in patterns:
        yield from (attrs.evolve(contact, name="aor/contact") for contact in contacts)
    elif patterns != {"sip:${REMOTE_HOST}"}:
        yield PjsipOption("contact_pattern", patterns.pop(), contacts[0].place)


def _pattern(uri: str, host: str) -> str:
    """Return a URI with its host as a variable; empty if the host is not in it."""
    before, found, after = uri.partition(host)
    return f"{before}${{REMOTE_HOST}}{after}" if found and "$" not in uri else ""


def _uri_patterns(found: PjsipSet, first: PjsipObject, host: str) -> Iterator[PjsipOption]:
    """Yield the patterns of the registrations' URIs where these differ from the default."""
    user = found.outbound.text("username") if found.outbound else found.endpoint.id
    for name, usual in (("server_uri", f"sip:{host}"), ("client_uri", f"sip:{user}@{host}")):
        option = first.last(name)
        if option is None or not option.value:
            yield PjsipOption(f"{name}_pattern", "")
        elif option.value != usual:
            pattern = (host and _pattern(option.value, host)) or option.value
            yield PjsipOption(f"{name}_pattern", pattern, option.place)


def folded(found: PjsipSet) -> list[PjsipOption] | None:
    """Return the wizard section that makes exactly these objects; `None` if there is none.

    Only the ids of auths, identifies and registrations may differ: the wizard sets its own.
    """
    options = as_wizard(found)
    section = WizardSection.of(found.endpoint.id, options, found.endpoint.place)
    if section is None:
        return None
    auths = ((found.inbound, "auth"), (found.outbound, "outbound_auth"))
    given = {auth.id: label for auth, label in auths if auth is not None}
    expected = [_meaning(one, given) for one in found.objects()]
    made = list(section.objects([]))
    labels = {one.id: one.label for one in made if one.kind == "auth"}
    actual = [_meaning(one, labels) for one in made]
    same = sorted(expected, key=lambda m: m[0]) == sorted(actual, key=lambda m: m[0])
    ids = {one.id for one in (found.endpoint, *found.aors)} == {found.endpoint.id}
    return options if same and ids else None


def _meaning(
    one: PjsipObject, auths: Mapping[str, str]
) -> tuple[str, dict[str, Value], tuple[str, ...]]:
    """Return what an object means: its type, its values other than defaults, and other lines.

    References to `auths` are replaced by what is given for them.
    """
    links = {"auth", "outbound_auth"}
    pairs = [(n, auths.get(v, v) if fold(n) in links else v) for n, v in one.pairs]
    kind = ConfigObject("pjsip.conf", one.kind).facts
    obj, _ = ConfigObject.collect(kind, one.id, pairs)
    values = {}
    for key, value in obj.options:
        known = kind.key(key)
        if known is None or value != default(known[1]):
            in_order = value
            if key == "contact" and isinstance(value, tuple):
                in_order = tuple(sorted(map(str, value)))
            values[key] = in_order
    other = (str(line) for line in obj.unknown if not line.name.startswith("@pjsip_wizard"))
    return one.kind, values, tuple(other)
