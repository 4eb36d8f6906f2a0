"""Endpoint, aor, auth, registration and identify → one section of pjsip_wizard.conf."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import attrs

from asterconf import schema
from asterconf.bind.wizard import Option, PjsipObject, WizardSection
from asterconf.model.options import Value, default
from asterconf.model.options.section import collect
from asterconf.resolve.bound import Place
from asterconf.source import fold as lower

__all__ = ["PjsipSet", "as_wizard", "folded", "host_of", "meaning"]

_HOST = re.compile(r"[^<]*<?sips?:(?:[^@>;]*@)?([^;>?]*)", re.IGNORECASE)
_ADDED = {"server_uri", "client_uri", "outbound_auth"}


def host_of(uri: str) -> str:
    """Return `host:port` of a SIP URI; empty: it is none."""
    found = _HOST.match(uri)
    return found[1].strip() if found else ""


@attrs.frozen
class PjsipSet:
    """An endpoint and the objects that belong to it.

    `inbound` is the auth that it proves itself with, `outbound` the one with which we do.
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

    def contacts(self) -> list[Option]:
        """Return the fixed addresses of its aors, one each."""
        return _split(option for aor in self.aors for option in aor.all("contact"))

    def matches(self) -> list[Option]:
        """Return the addresses that its calls come from, one each."""
        return _split(option for one in self.identifies for option in one.all("match"))

    def servers(self) -> list[Option]:
        """Return where we register."""
        return [o for one in self.registrations if (o := one.last("server_uri")) is not None]

    def hosts(self) -> list[Option]:
        """Return the hosts that it stands for: those of its contacts, if we register there."""
        contacts, servers = _hosts(self.contacts()), _hosts(self.servers())
        if servers and not {o.value for o in servers} <= {o.value for o in contacts}:
            return servers
        return contacts or self.matches()


def _split(options: Iterable[Option]) -> list[Option]:
    items = ((option, part.strip(" \t")) for option in options for part in option.value.split(","))
    return [attrs.evolve(option, value=item) for option, item in items if item]


def _hosts(options: Iterable[Option]) -> list[Option]:
    return [attrs.evolve(o, value=host) for o in options if (host := host_of(o.value))]


def as_wizard(found: PjsipSet, *, exact: bool = True) -> list[Option]:
    """Return what a wizard section would say for these objects, as nearly as it can.

    What no wizard section can say, such as a second aor, is not there; `folded` finds that out.
    Not `exact`, a transport or proxy of the endpoint counts for a registration without one, too.
    """
    hosts, out = found.hosts(), [Option("type", "wizard")]
    endpoint, name = found.endpoint, found.endpoint.id
    first = next(iter(found.registrations), None)
    lined = first is not None and first.on("line") and first.text("endpoint") == name
    shared = _shared(found, {""} if not exact else set())
    flags: list[tuple[str, bool, Place | None]] = [
        ("accepts_registrations", not found.identifies and not lined, None),
        ("accepts_auth", found.inbound is not None, _place(endpoint, "auth")),
        ("sends_auth", found.outbound is not None, _place(endpoint, "outbound_auth")),
        ("sends_registrations", first is not None, first.place if first else None),
        ("sends_line_with_registrations", lined, first.place if first else None),
    ]
    out += (Option(flag, "yes", place) for flag, on, place in flags if on)
    out += shared.values()
    if hosts:
        value = ",".join(host.value for host in hosts)
        out.append(Option("remote_hosts", value, hosts[0].place))
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
        added = _ADDED | set(shared) | ({"line", "endpoint"} if lined else set())
        out += _below("registration", first, added)
        out += _uri_patterns(found, first, hosts[0].value if hosts else "")
    return out


def _place(obj: PjsipObject, name: str) -> Place | None:
    option = obj.last(name)
    return option.place if option else None


def _shared(found: PjsipSet, unsaid: set[str]) -> dict[str, Option]:
    """Return the options that the wizard passes on to several objects, where all have them."""
    out = {}
    for name in ("transport", "outbound_proxy"):
        option = found.endpoint.last(name)
        others = [*found.registrations, *(found.aors if name == "outbound_proxy" else ())]
        values = {one.text(name) for one in others} - unsaid
        if option is not None and option.value and values <= {option.value}:
            out[name] = option
    return out


def _below(prefix: str, obj: PjsipObject, without: set[str]) -> Iterator[Option]:
    """Yield the options of an object behind a prefix, but for what the wizard adds by itself."""
    for option in obj.options:
        name = lower(option.name)
        usual = (name, option.value) == ("auth_type", "userpass")
        if name not in without and name != "type" and name[:1] != "@" and not usual:
            yield attrs.evolve(option, name=f"{prefix}/{option.name}")


def _contacts(found: PjsipSet, hosts: list[Option]) -> Iterator[Option]:
    """Yield what makes the contacts out of the hosts, or the contacts themselves."""
    contacts = found.contacts()
    if not contacts:
        if hosts:
            yield Option("contact_pattern", "")
        return
    pairs = list(zip(contacts, hosts, strict=False)) if len(contacts) == len(hosts) else []
    patterns = {_pattern(contact.value, host.value) for contact, host in pairs}
    if len(patterns) != 1 or "" in patterns:
        yield from (attrs.evolve(contact, name="aor/contact") for contact in contacts)
    elif patterns != {"sip:${REMOTE_HOST}"}:
        yield Option("contact_pattern", patterns.pop(), contacts[0].place)


def _pattern(uri: str, host: str) -> str:
    """Return a URI with its host as a variable; empty: the host is not in it."""
    before, found, after = uri.partition(host)
    return f"{before}${{REMOTE_HOST}}{after}" if found and "$" not in uri else ""


def _uri_patterns(found: PjsipSet, first: PjsipObject, host: str) -> Iterator[Option]:
    """Yield the patterns that make the URIs of the registrations, where they are not the usual."""
    user = found.outbound.text("username") if found.outbound else found.endpoint.id
    for name, usual in (("server_uri", f"sip:{host}"), ("client_uri", f"sip:{user}@{host}")):
        option = first.last(name)
        if option is None or not option.value:
            yield Option(f"{name}_pattern", "")
        elif option.value != usual:
            pattern = (host and _pattern(option.value, host)) or option.value
            yield Option(f"{name}_pattern", pattern, option.place)


def folded(found: PjsipSet) -> list[Option] | None:
    """Return the wizard section that makes just these objects, or `None` if there is none.

    The ids of auths, identifies and registrations are the wizard's own; all else is the same.
    """
    options = as_wizard(found)
    section = WizardSection.of(found.endpoint.id, options, found.endpoint.place)
    if section is None:
        return None
    made = list(section.objects([]))
    names = {f"{found.endpoint.id}-{word}": word for word in ("oauth", "iauth")}
    want = [_named(one, _links(found)) for one in found.objects()]
    have = [_named(one, names) for one in made]
    by_kind = sorted(map(meaning, want), key=lambda m: m[0])
    same = by_kind == sorted(map(meaning, have), key=lambda m: m[0])
    ids = {one.id for one in (found.endpoint, *found.aors)} == {found.endpoint.id}
    return options if same and ids else None


def _links(found: PjsipSet) -> dict[str, str]:
    pairs = ((found.outbound, "oauth"), (found.inbound, "iauth"))
    return {auth.id: word for auth, word in pairs if auth is not None}


def _named(one: PjsipObject, names: dict[str, str]) -> PjsipObject:
    """Return an object whose references to auths say what the auth is for."""
    links = {"auth", "outbound_auth"}
    options = (
        attrs.evolve(o, value=names.get(o.value, o.value)) if lower(o.name) in links else o
        for o in one.options
    )
    return attrs.evolve(one, options=tuple(options))


def meaning(one: PjsipObject) -> tuple[str, dict[str, Value], tuple[str, ...]]:
    """Return what an object is to Asterisk: its type, its values without defaults, and the rest."""
    pjsip = schema.file("pjsip.conf")
    assert pjsip is not None
    kind = pjsip.objects[one.kind]
    found = collect(kind, [(o.name, o.value) for o in one.options])
    said = {}
    for key, value in found.options.items():
        known = kind.key(key)
        if known is None or value != default(known[1]):
            said[key] = value
    for key in said.keys() & {"contact"}:
        value = said[key]
        said[key] = tuple(sorted(map(str, value))) if isinstance(value, tuple) else value
    lines = [one.options[index] for index in found.unknown]
    rest = tuple(f"{o.name}={o.value}" for o in lines if not o.name.startswith("@pjsip_wizard"))
    return one.kind, said, rest
