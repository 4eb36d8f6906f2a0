"""pjsip_wizard.conf and pjsip.conf → endpoints, extensions, trunks and transports.

Both files are first turned into PJSIP's own objects, so that a phone is the same `Extension`
whether it is written as one wizard section or as endpoint, aor and auth.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Literal

import attrs

from asterconf.bind.dialled import Dialled
from asterconf.bind.fields import EXTENSION, TRUNK, Said
from asterconf.bind.folding import PjsipSet, as_wizard, host_of
from asterconf.bind.objects import OBJECT_CODES, Objects, collect
from asterconf.bind.wizard import Option, PjsipObject
from asterconf.codes import Rule
from asterconf.diagnostic import Diagnostic, Placed
from asterconf.dialplan.values import Dialplan
from asterconf.model import CallerID, Extension, Transport, Trunk
from asterconf.model.checks import dialable
from asterconf.model.configobject import ConfigObject
from asterconf.model.options import in_c_notation
from asterconf.model.options.section import collect as collect_lines
from asterconf.resolve.bound import Bound, FieldPlaces, ObjectDraft, Place
from asterconf.source import Severity

if TYPE_CHECKING:
    from asterconf.resolve import Effective

__all__ = [
    "CODES",
    "EndpointRecord",
    "Pjsip",
    "Role",
    "read_extensions",
    "read_pjsip",
    "read_transports",
    "read_trunks",
]

Role = Literal["extension", "trunk", "peer", "anonymous", "unknown"]

CODES: Mapping[str, Rule] = {
    **OBJECT_CODES,
    "bad-value": Rule(
        "AC419", Severity.WARNING, "{name!r}: {problem}",
        "Asterisk takes it, but nothing good can come of it", logged=False,
    ),
    "bad-name": Rule(
        "AC406", Severity.WARNING, "section {name!r} cannot be shown as an object: {problem}",
        "use a name without blanks at its ends", logged=False,
    ),
}  # fmt: skip


@attrs.frozen
class EndpointRecord(Placed):
    """An endpoint and what it is to the house; every endpoint has one.

    `extension` is set for the role "extension", `trunk` for "trunk"; the others have neither.
    """

    name: str
    role: Role
    role_reason: str
    extension: Extension | None = None
    trunk: Trunk | None = None


@attrs.frozen
class Pjsip:
    """What both files hold, by name, each object beside its places.

    A role's place is that of the line which decides it, where there is one.
    """

    endpoints: Mapping[str, Bound[EndpointRecord]] = attrs.field(factory=dict, hash=False)
    extensions: Mapping[str, Bound[Extension]] = attrs.field(factory=dict, hash=False)
    trunks: Mapping[str, Bound[Trunk]] = attrs.field(factory=dict, hash=False)
    transports: Mapping[str, Bound[Transport]] = attrs.field(factory=dict, hash=False)
    diagnostics: tuple[Diagnostic, ...] = ()
    _reading: _Reading | None = attrs.field(default=None, eq=False, repr=False)


def read_pjsip(
    wizard: Effective | None,
    pjsip: Effective | None,
    dialplan: Dialplan | None = None,
    before: Pjsip | None = None,
) -> Pjsip:
    """Return everything that pjsip_wizard.conf and pjsip.conf say about endpoints and transports.

    Args:
        wizard: the resolved pjsip_wizard.conf.
        pjsip: the resolved pjsip.conf.
        dialplan: tells which number rings an endpoint; without it the names must do.
        before: an earlier reading; endpoints whose sections were taken over from it (see
            `resolve`) are read anew only if something that they name is another one now.
    """
    objects = collect(wizard, pjsip)
    known = before._reading if before is not None else None
    same = known is not None and known.dialplan is dialplan
    dialled = known.dialled if known is not None and same else Dialled.of(dialplan)
    reading = _Reading(objects, _Links.of(objects), dialplan, dialled)
    rows = reading.still_true(known) if known is not None and same else {}
    diagnostics = list(objects.diagnostics)
    endpoints: dict[str, Bound[EndpointRecord]] = {}
    extensions: dict[str, Bound[Extension]] = {}
    trunks: dict[str, Bound[Trunk]] = {}
    for endpoint in objects.all("endpoint"):
        row, said = rows.get(endpoint.id), len(diagnostics)
        if row is None:
            row = reading.row(endpoint, diagnostics)
        if row.extension is not None:
            extensions[endpoint.id] = row.extension
        if row.trunk is not None:
            trunks[endpoint.id] = row.trunk
        endpoints[endpoint.id] = row.record
        if before is not None and len(diagnostics) == said:
            reading.rows[endpoint.id] = row
    for endpoint in objects.lost:
        reason = "Asterisk loads no endpoint of this file, because one of them is there twice"
        record = EndpointRecord(endpoint.id, "unknown", reason)
        endpoints.setdefault(endpoint.id, Bound(record, FieldPlaces({"": endpoint.place})))
    transports = {one.id: _transport(one) for one in objects.all("transport")}
    left = reading if before is not None else None
    return Pjsip(endpoints, extensions, trunks, transports, tuple(diagnostics), left)


def read_extensions(
    wizard: Effective | None, pjsip: Effective | None = None, dialplan: Dialplan | None = None
) -> dict[str, Bound[Extension]]:
    """Return the phones of the house by endpoint name; see `read_pjsip`."""
    return dict(read_pjsip(wizard, pjsip, dialplan).extensions)


def read_trunks(
    wizard: Effective | None, pjsip: Effective | None = None
) -> dict[str, Bound[Trunk]]:
    """Return the trunks by endpoint name; see `read_pjsip`."""
    return dict(read_pjsip(wizard, pjsip).trunks)


def read_transports(pjsip: Effective | None) -> dict[str, Bound[Transport]]:
    """Return the transports of pjsip.conf by name."""
    return dict(read_pjsip(None, pjsip).transports)


@attrs.define
class _Links:
    """What points to an endpoint, looked up from the endpoint's side."""

    found: dict[tuple[str, str], dict[int, PjsipObject]] = attrs.field(factory=dict)
    identifies: dict[str, list[PjsipObject]] = attrs.field(factory=dict)

    @classmethod
    def of(cls, objects: Objects) -> _Links:
        links = cls()
        for number, one in enumerate(objects.all("registration")):
            endpoint = one.text("endpoint")
            keys = {("name", one.wizard or endpoint or one.id), ("name", endpoint)}
            if not one.wizard and not endpoint:
                keys |= {("auth", auth) for auth in one.names("outbound_auth")}
                keys |= {("host", host_of(one.text("server_uri")))}
            for key in keys:
                if key[1]:
                    links.found.setdefault(key, {})[number] = one
        for one in objects.all("identify"):
            links.identifies.setdefault(one.text("endpoint"), []).append(one)
        return links

    def registrations(self, *keys: tuple[str, str]) -> list[PjsipObject]:
        """Return the registrations with one of these keys, in file order."""
        found: dict[int, PjsipObject] = {}
        for key in keys:
            found |= self.found.get(key, {})
        return [found[number] for number in sorted(found)]


@attrs.frozen(eq=False)
class _Row:
    """What was made of an endpoint, and of what else that was made: type and id of each."""

    endpoint: PjsipObject
    needs: frozenset[tuple[str, str]]
    record: Bound[EndpointRecord]
    extension: Bound[Extension] | None
    trunk: Bound[Trunk] | None


@attrs.frozen(eq=False)
class _Reading:
    """Everything that endpoints are made of, and what was made of those without diagnostics."""

    objects: Objects
    links: _Links
    dialplan: Dialplan | None
    dialled: Dialled
    rows: dict[str, _Row] = attrs.field(factory=dict)

    def row(self, endpoint: PjsipObject, diagnostics: list[Diagnostic]) -> _Row:
        """Read one endpoint."""
        parts = _Parts(self.objects, self.links, endpoint)
        role, reason, place = parts.role()
        extension = trunk = None
        places: dict[str, Place] = {"": endpoint.place}
        if place is not None:
            places["role"] = place
        if role == "extension":
            extension = parts.extension(self.dialled).build(Extension, CODES, diagnostics)
        elif role == "trunk":
            trunk = parts.trunk().build(Trunk, CODES, diagnostics)
        record = EndpointRecord(
            endpoint.id,
            role,
            reason,
            extension.obj if extension else None,
            trunk.obj if trunk else None,
        )
        needs = frozenset(parts.needs())
        return _Row(endpoint, needs, Bound(record, FieldPlaces(places)), extension, trunk)

    def still_true(self, before: _Reading) -> dict[str, _Row]:
        """Return what an earlier reading made of endpoints, where it would be made again."""
        tables = self.tables()
        changed = {
            (kind, name)
            for kind, old in before.tables().items()
            for name in _differing(old, tables[kind])
        }
        endpoints = self.objects.by_kind["endpoint"]
        return {
            name: row
            for name, row in before.rows.items()
            if endpoints.get(name) is row.endpoint and row.needs.isdisjoint(changed)
        }

    def tables(self) -> dict[str, Mapping[str, object]]:
        """Return what endpoints look things up in, by what is found there."""
        found: dict[str, Mapping[str, object]] = {
            "aor": self.objects.by_kind["aor"],
            "auth": self.objects.by_kind["auth"],
            "wizard": self.objects.wizards,
            "identify": {name: _ids(made) for name, made in self.links.identifies.items()},
        }
        for kind in ("name", "auth", "host"):
            found[f"registration {kind}"] = {
                value: _ids(made.values())
                for (key, value), made in self.links.found.items()
                if key == kind
            }
        return found


def _ids(objects: Iterable[PjsipObject]) -> tuple[int, ...]:
    return tuple(map(id, objects))


def _differing(old: Mapping[str, object], new: Mapping[str, object]) -> set[str]:
    """Return the keys under which there is not the same in both."""
    found = {key for key, value in new.items() if old.get(key) is not value}
    found = {key for key in found if not isinstance(new[key], tuple) or old.get(key) != new[key]}
    return found | (old.keys() - new.keys())


@attrs.frozen
class _Parts:
    """An endpoint with the objects that belong to it."""

    objects: Objects
    links: _Links
    endpoint: PjsipObject

    def aor(self) -> PjsipObject | None:
        return next(iter(self.objects.get("aor", self.endpoint.names("aors"))), None)

    def auth(self, option: str) -> PjsipObject | None:
        return next(iter(self.objects.get("auth", self.endpoint.names(option))), None)

    def contacts(self) -> list[Option]:
        """Return the fixed addresses of all its aors."""
        aors = self.objects.get("aor", self.endpoint.names("aors"))
        return [option for aor in aors for option in aor.all("contact") if option.value]

    def registrations(self) -> list[PjsipObject]:
        """Return the registrations that belong to it: by endpoint, name, auth or host."""
        name = self.endpoint.id
        auths = (("auth", auth) for auth in self.endpoint.names("outbound_auth"))
        hosts = (("host", host_of(option.value)) for option in self.contacts())
        return self.links.registrations(("name", name), *auths) or self.links.registrations(*hosts)

    def needs(self) -> Iterator[tuple[str, str]]:
        """Yield what else was looked up for the endpoint."""
        endpoint = self.endpoint
        for table in ("wizard", "identify", "registration name"):
            yield table, endpoint.id
        yield from (("aor", name) for name in endpoint.names("aors"))
        yield from (("auth", name) for name in endpoint.names("auth"))
        for name in endpoint.names("outbound_auth"):
            yield "auth", name
            yield "registration auth", name
        yield from (("registration host", host_of(option.value)) for option in self.contacts())

    def identifies(self) -> list[PjsipObject]:
        return self.links.identifies.get(self.endpoint.id, [])

    def dynamic(self) -> Option | None:
        """Return the option that lets devices register as this endpoint."""
        wizard = self.objects.wizards.get(self.endpoint.id)
        if wizard is not None and wizard.on("accepts_registrations"):
            return Option("accepts_registrations", "yes", wizard.place("accepts_registrations"))
        for aor in self.objects.get("aor", self.endpoint.names("aors")):
            option = None if aor.text("contact") else aor.last("max_contacts")
            if option is not None and (in_c_notation(option.value) or 0) > 0:
                return option
        return None

    def role(self) -> tuple[Role, str, Place | None]:
        """Return what the endpoint is to the house, why, and the line that decides it."""
        name = self.endpoint.id
        dynamic = self.dynamic()
        registrations = self.registrations()
        contacts, identifies = self.contacts(), self.identifies()
        login = self.endpoint.last("outbound_auth") if self.auth("outbound_auth") else None
        if name == "anonymous" or name.startswith("anonymous@"):
            return "anonymous", "calls from callers whom nothing else identifies come here", None
        if dynamic is not None and registrations:
            reason = "it registers with us and we register with it"
            return "peer", reason, dynamic.place
        if registrations:
            return "trunk", "we register with it", registrations[0].place
        if login is not None and contacts:
            return "trunk", "it has a fixed address, and we log in there", login.place
        if dynamic is not None:
            return "extension", "devices may register as this endpoint", dynamic.place
        if contacts and identifies:
            reason = "it has a fixed address, and its calls are known by where they come from"
            return "trunk", reason, contacts[0].place
        if contacts:
            reason = "it has a fixed address, but neither registers nor is known by its address"
            return "peer", reason, contacts[0].place
        if identifies:
            reason = "its calls are known by where they come from, but nothing says where it is"
            return "peer", reason, identifies[0].place
        return "unknown", "nothing says where it is or how it registers", None

    def set(self) -> PjsipSet:
        """Return it with what belongs to it, as one set."""
        aors = tuple(self.objects.get("aor", self.endpoint.names("aors")))
        auths = self.auth("auth"), self.auth("outbound_auth")
        return PjsipSet(
            self.endpoint, aors, *auths, tuple(self.registrations()), tuple(self.identifies())
        )

    def lines(self) -> list[Option]:
        """Return what a wizard section says of it, or would."""
        wizard = self.objects.wizards.get(self.endpoint.id)
        if wizard is not None and self.endpoint.wizard == self.endpoint.id:
            return list(wizard.options)
        return as_wizard(self.set(), exact=False)

    def extension(self, dialled: Dialled) -> ObjectDraft:
        said = Said.of(self.lines())
        draft = said.draft(self.endpoint, EXTENSION)
        auth = self.auth("auth")
        if auth is None:
            draft.put("auth_user", None)
            draft.fields.pop("secret", None)
            said.keep("inbound_auth/username", "inbound_auth/password", "accepts_auth")
        draft.fields.setdefault("auth_user", None)
        callerid = draft.fields.get("callerid", CallerID())
        draft.put("number", self.number(callerid.number, dialled))
        draft.put("extra", said.rest({"accepts_registrations", "accepts_auth"}))
        return draft

    def number(self, shown: str, dialled: Dialled) -> str | None:
        """Return what others dial to reach it.

        The dialplan knows; without one, or where it does not say, the endpoint's name if it can
        be dialled, else the number that its calls show. Where the dialplan has several numbers,
        the endpoint's name is preferred, then the number that its calls show.
        """
        name = self.endpoint.id
        found = dialled.numbers(f"PJSIP/{name}")
        wizard = self.objects.wizards.get(name)
        if wizard is not None and wizard.on("has_hint") and dialable(wizard.value("hint_exten")):
            found.insert(0, wizard.value("hint_exten"))
        for likely in (name, shown):
            if likely in found:
                return likely
        found += [likely for likely in (name, shown) if dialable(likely)]
        return found[0] if found else None

    def trunk(self) -> ObjectDraft:
        said = Said.of(self.lines())
        draft = said.draft(self.endpoint, TRUNK)
        if self.auth("outbound_auth") is None:
            draft.fields.pop("username", None)
            draft.fields.pop("secret", None)
            said.keep("outbound_auth/username", "outbound_auth/password")
        hosts = tuple(host for host in draft.fields.get("remote_hosts", ()) if host)
        draft.fields["remote_hosts"] = hosts
        if draft.fields.get("match") == hosts:
            draft.fields["match"] = None
        draft.put("extra", said.rest(set()))
        return draft


def _transport(source: PjsipObject) -> Bound[Transport]:
    kind = Transport.facts()
    found = collect_lines(kind, [(option.name, option.value) for option in source.options])
    unknown = [(source.options[i].name, source.options[i].value) for i in found.unknown]
    obj = ConfigObject.read(kind, source.id, found.options, unknown)
    places: dict[str, Place] = {"": source.place}
    for slot in Transport.slots():
        lines = found.lines.get(slot.key)
        place = source.options[lines[-1]].place if lines else None
        if place is not None:
            places[slot.name] = place
    return Bound(Transport.from_object(obj), FieldPlaces(places))
