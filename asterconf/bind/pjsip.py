"""pjsip_wizard.conf and pjsip.conf → PJSIP's objects, endpoints, extensions, trunks, transports.

Both files are first turned into PJSIP's own objects, so that a phone is the same `Extension`
whether it is written as one wizard section or as endpoint, aor and auth.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Literal, Protocol

import attrs

from asterconf.bind.parts import EXTENSION, KINDS, TRUNK
from asterconf.bind.sections import option_lines, read_typed
from asterconf.bind.wizard import (
    PjsipObject,
    PjsipOption,
    PjsipSet,
    WizardSection,
    as_wizard,
    host_of,
    wizard_facts,
)
from asterconf.codes import OBJECTS
from asterconf.diagnostic import Diagnostic, Placed
from asterconf.model.checks import dialable
from asterconf.model.configobject import unknown_settings
from asterconf.model.option_types import in_c_notation
from asterconf.model.options import Collected, Value, collect
from asterconf.model.pjsip import Extension, Transport, Trunk
from asterconf.model.values import CallerID, Setting
from asterconf.resolve.bound import Bound, FieldPlaces, ItemPlace, ObjectDraft, Place
from asterconf.resolve.effective import Effective, EffectiveSection, cached
from asterconf.source import fold

Role = Literal["extension", "trunk", "peer", "anonymous", "unknown"]


@attrs.frozen
class PjsipObjects:
    """All PJSIP objects by type and id, with the wizard sections that made some of them."""

    by_kind: Mapping[str, Mapping[str, PjsipObject]]
    wizards: Mapping[str, WizardSection]
    not_loaded: tuple[PjsipObject, ...] = ()
    """Endpoints that Asterisk does not load, because the file has one of them twice."""
    diagnostics: tuple[Diagnostic, ...] = ()

    def get(self, kind: str, names: Iterable[str]) -> list[PjsipObject]:
        """Return the objects of these ids that exist."""
        found = self.by_kind[kind]
        return [found[name] for name in names if name in found]

    def all(self, kind: str) -> Iterable[PjsipObject]:
        """Return all objects of a type."""
        return self.by_kind[kind].values()

    def __iter__(self) -> Iterator[PjsipObject]:
        """Yield every object, by type and then in file order."""
        return (one for kind in KINDS for one in self.all(kind))


def _written(section: EffectiveSection) -> PjsipObject | None:
    """Return the object that a section of pjsip.conf is: the first `type` line decides."""
    kind = next((value for name, value in section.pairs if fold(name) == "type"), "")
    if kind not in KINDS:
        return None
    options = tuple(
        PjsipOption(name, value, ItemPlace(section, index))
        for index, (name, value) in enumerate(section.pairs)
    )
    return PjsipObject(kind, section.name, options, ItemPlace(section))


def _made(
    section: EffectiveSection,
) -> tuple[WizardSection | None, tuple[PjsipObject, ...], bool]:
    """Return a wizard section, the objects it makes, and whether these have diagnostics."""
    read, diagnostics = WizardSection.read(section), list[Diagnostic]()
    objects = tuple(read.objects(diagnostics)) if read is not None else ()
    return read, objects, bool(diagnostics)


def collect_objects(wizard: Effective | None, pjsip: Effective | None) -> PjsipObjects:
    """Return every object of both files; on equal ids the one of pjsip.conf is used.

    Two sections of one name and type take all objects of that type out of pjsip.conf.

    Source: res/res_sorcery_config.c; main/sorcery.c.
    """
    diagnostics: list[Diagnostic] = []
    by_kind: dict[str, dict[str, PjsipObject]] = {kind: {} for kind in KINDS}
    wizards: dict[str, WizardSection] = {}
    for section in _sections(wizard):
        read, objects, faulty = cached(section, "wizard", partial(_made, section))
        if read is not None:
            wizards[read.id] = read
            if faulty:
                objects = tuple(read.objects(diagnostics))
            for made in objects:
                by_kind[made.kind][made.id] = made
    written: dict[str, dict[str, PjsipObject]] = {kind: {} for kind in KINDS}
    rejected = set()
    for section in _sections(pjsip):
        one = cached(section, "pjsip", partial(_written, section))
        if one is None:
            continue
        first = written[one.kind].setdefault(one.id, one)
        if first is not one:
            rejected.add(one.kind)
            rule, related = OBJECTS["object-twice"], [(first.position, "the first one")]
            diagnostics.append(rule.at(one.position, related, kind=one.kind, name=one.id))
    not_loaded = tuple(written["endpoint"].values()) if "endpoint" in rejected else ()
    for kind in KINDS:
        for name, one in () if kind in rejected else written[kind].items():
            hidden = by_kind[kind].get(name)
            if hidden is not None:
                rule, related = OBJECTS["overshadowed"], [(one.position, "the one used")]
                diagnostics.append(rule.at(hidden.position, related, kind=kind, name=name))
            by_kind[kind][name] = one
    return PjsipObjects(by_kind, wizards, not_loaded, tuple(diagnostics))


def _sections(effective: Effective | None) -> Iterator[EffectiveSection]:
    if effective is not None and effective.valid:
        yield from (section for section in effective.sections if not section.template)


def pjsip_ids(objects: PjsipObjects, pjsip: Effective | None) -> dict[str, set[str]]:
    """Return the ids of each type in both files, including objects that do not load."""
    ids = {kind: set(found) for kind, found in objects.by_kind.items()}
    for section in _sections(pjsip):
        if section.kind is not None:
            ids.setdefault(section.kind.name, set()).add(section.name)
    return ids


@attrs.frozen
class EndpointRecord(Placed):
    """An endpoint and its role; every endpoint has a record.

    `extension` is set for the role "extension", `trunk` for "trunk"; the other roles have neither.
    """

    name: str
    role: Role
    role_reason: str
    extension: Extension | None = None
    trunk: Trunk | None = None
    technology: str = "pjsip"
    """The channel driver that has it: `pjsip`, `sip` or `iax2`."""
    in_force: bool = True
    """Whether the version of Asterisk that is meant reads it."""


class KnowsNumbers(Protocol):
    """What knows the numbers of endpoints, such as a dialplan."""

    def numbers(self, endpoint: str) -> list[str]:
        """Return the numbers that ring an endpoint, the likeliest first."""
        ...


@attrs.define
class _EndpointLinks:
    """The objects that refer to an endpoint, found by the endpoint."""

    found: dict[tuple[str, str], dict[int, PjsipObject]] = attrs.field(factory=dict)
    identifies: dict[str, list[PjsipObject]] = attrs.field(factory=dict)

    @classmethod
    def of(cls, objects: PjsipObjects) -> _EndpointLinks:
        """Return which registrations, identifies and others belong to which endpoint."""
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
class _EndpointResult:
    """The result of reading an endpoint, and the type and id of each object it depends on."""

    endpoint: PjsipObject
    depends_on: frozenset[tuple[str, str]]
    record: Bound[EndpointRecord]
    extension: Bound[Extension] | None
    trunk: Bound[Trunk] | None


@attrs.frozen(eq=False)
class _PjsipReading:
    """The objects that endpoints are read from, and the results without diagnostics."""

    objects: PjsipObjects
    links: _EndpointLinks
    numbers: KnowsNumbers | None
    results: dict[str, _EndpointResult] = attrs.field(factory=dict)

    def read(self, endpoint: PjsipObject, diagnostics: list[Diagnostic]) -> _EndpointResult:
        """Read one endpoint."""
        parts = _EndpointParts.of(self.objects, self.links, endpoint)
        role, reason, place = parts.role()
        extension = trunk = None
        places: dict[str, Place] = {"": endpoint.place}
        if place is not None:
            places["role"] = place
        if role == "extension":
            extension = parts.extension(self.numbers).build(Extension, "pjsip", diagnostics)
        elif role == "trunk":
            trunk = parts.trunk().build(Trunk, "pjsip", diagnostics)
        record = EndpointRecord(
            endpoint.id,
            role,
            reason,
            extension.obj if extension else None,
            trunk.obj if trunk else None,
        )
        bound, depends_on = Bound(record, FieldPlaces(places)), frozenset(parts.depends_on())
        return _EndpointResult(endpoint, depends_on, bound, extension, trunk)

    def still_valid(self, before: _PjsipReading) -> dict[str, _EndpointResult]:
        """Return the results of an earlier reading that are the same now."""
        tables = self.tables()
        changed = {
            (kind, name)
            for kind, old in before.tables().items()
            for name in _differing(old, tables[kind])
        }
        endpoints = self.objects.by_kind["endpoint"]
        return {
            name: row
            for name, row in before.results.items()
            if endpoints.get(name) is row.endpoint and row.depends_on.isdisjoint(changed)
        }

    def tables(self) -> dict[str, Mapping[str, object]]:
        """Return the tables in which endpoints look up other objects."""
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
    """Return the keys whose values differ."""

    def same(key: str) -> bool:
        before, after = old.get(key), new.get(key)
        return before is after or (isinstance(after, tuple) and before == after)

    return {key for key in {*old, *new} if not same(key)}


@attrs.frozen
class Pjsip:
    """The objects of both files by name, each with its places.

    The place of a role is the line that decides it, if there is one.
    """

    endpoints: Mapping[str, Bound[EndpointRecord]] = attrs.field(factory=dict, hash=False)
    extensions: Mapping[str, Bound[Extension]] = attrs.field(factory=dict, hash=False)
    trunks: Mapping[str, Bound[Trunk]] = attrs.field(factory=dict, hash=False)
    transports: Mapping[str, Bound[Transport]] = attrs.field(factory=dict, hash=False)
    diagnostics: tuple[Diagnostic, ...] = ()
    _reading: _PjsipReading | None = attrs.field(default=None, eq=False, repr=False)


def read_pjsip(
    wizard: Effective | None,
    pjsip: Effective | None,
    numbers: KnowsNumbers | None = None,
    before: Pjsip | None = None,
    objects: PjsipObjects | None = None,
) -> Pjsip:
    """Return the endpoints and transports of pjsip_wizard.conf and pjsip.conf.

    Args:
        wizard: the resolved pjsip_wizard.conf.
        pjsip: the resolved pjsip.conf.
        numbers: tells which numbers ring an endpoint; without it, the names tell.
        before: an earlier reading. Endpoints whose sections are the same as there (see `resolve`)
            are read again only if an object that they name has changed.
        objects: what `collect_objects` gave for both files, if that was asked for before.
    """
    objects = collect_objects(wizard, pjsip) if objects is None else objects
    known = before._reading if before is not None else None  # noqa: SLF001 - of this module
    same = known is not None and known.numbers is numbers
    reading = _PjsipReading(objects, _EndpointLinks.of(objects), numbers)
    results = reading.still_valid(known) if known is not None and same else {}
    diagnostics = list(objects.diagnostics)
    endpoints: dict[str, Bound[EndpointRecord]] = {}
    extensions: dict[str, Bound[Extension]] = {}
    trunks: dict[str, Bound[Trunk]] = {}
    for endpoint in objects.all("endpoint"):
        result, count = results.get(endpoint.id), len(diagnostics)
        if result is None:
            result = reading.read(endpoint, diagnostics)
        if result.extension is not None:
            extensions[endpoint.id] = result.extension
        if result.trunk is not None:
            trunks[endpoint.id] = result.trunk
        endpoints[endpoint.id] = result.record
        if before is not None and len(diagnostics) == count:
            reading.results[endpoint.id] = result
    for endpoint in objects.not_loaded:
        reason = "Asterisk loads no endpoint of this file, because one of them is there twice"
        record = EndpointRecord(endpoint.id, "unknown", reason)
        endpoints.setdefault(endpoint.id, Bound(record, FieldPlaces({"": endpoint.place})))
    transports = {}
    for one in objects.all("transport"):
        assert isinstance(one.place, ItemPlace)
        if (transport := read_typed(one.place.section, Transport)) is not None:
            transports[one.id] = transport
    kept = reading if before is not None else None
    return Pjsip(endpoints, extensions, trunks, transports, tuple(diagnostics), kept)


@attrs.define
class _WizardFields:
    """The fields of an extension or trunk, as a wizard section sets them, and its other options."""

    found: Collected
    options: list[PjsipOption]
    unknown: tuple[Setting, ...]
    taken: set[str] = attrs.field(factory=set)

    @classmethod
    def of(cls, options: list[PjsipOption]) -> _WizardFields:
        """Read the options of a section."""
        pairs = [(option.name, option.value) for option in options]
        found = collect(wizard_facts(), pairs)
        return cls(found, options, unknown_settings(found, pairs))

    def draft(self, endpoint: PjsipObject, table: Mapping[str, str]) -> ObjectDraft:
        """Return the fields of a table that are set, each with its place."""
        draft = ObjectDraft(endpoint.id, endpoint.place)
        for field, key in table.items():
            for name in (key, f"endpoint/{key}") if key == "transport" else (key,):
                value = self.found.options.get(name)
                if value is not None and (value or "/" in key):
                    lines = self.found.lines.get(name)
                    place = self.options[lines[-1]].place if lines else None
                    draft.put(field, _field_value(field, value), place)
                    self.taken.add(name)
                    break
        return draft

    def give_back(self, *keys: str) -> None:
        """Count options among the others after all."""
        self.taken.difference_update(keys)

    def others(self, implied: Collection[str]) -> tuple[Setting, ...]:
        """Return every other option, except those that the class of the object implies."""
        kind, extra = wizard_facts(), list[Setting]()
        for key, value in self.found.options.items():
            known = kind.key(key)
            if known and key not in self.taken and key not in implied:
                extra += (Setting(*pair) for pair in option_lines(key, known[1], value))
        return (*extra, *self.unknown)


def _field_value(field: str, value: Value) -> Any:  # noqa: ANN401 - any value of a field
    """Return the value of an option as a field of `Extension` or `Trunk` holds it."""
    if field in {"mailbox", "subscribed_mailbox"} and isinstance(value, tuple):
        return ",".join(map(str, value))
    return value if field != "codecs" or value else None


@attrs.frozen
class _EndpointParts:
    """An endpoint with the objects that belong to it, and its wizard section."""

    found: PjsipSet
    wizard: WizardSection | None

    @classmethod
    def of(
        cls, objects: PjsipObjects, links: _EndpointLinks, endpoint: PjsipObject
    ) -> _EndpointParts:
        """Find the objects that belong to an endpoint; registrations by name, auth or host."""
        aors = tuple(objects.get("aor", endpoint.names("aors")))
        auths = (objects.get("auth", endpoint.names(name)) for name in ("auth", "outbound_auth"))
        inbound, outbound = (found[0] if found else None for found in auths)
        identifies = tuple(links.identifies.get(endpoint.id, ()))
        found = PjsipSet(endpoint, aors, inbound, outbound, identifies=identifies)
        keys = (("auth", auth) for auth in endpoint.names("outbound_auth"))
        hosts = (("host", host_of(option.value)) for option in found.contacts())
        registrations = links.registrations(("name", endpoint.id), *keys)
        registrations = registrations or links.registrations(*hosts)
        found = attrs.evolve(found, registrations=tuple(registrations))
        return cls(found, objects.wizards.get(endpoint.id))

    def depends_on(self) -> Iterator[tuple[str, str]]:
        """Yield the table and key of each object that was looked up for the endpoint."""
        endpoint = self.found.endpoint
        for table in ("wizard", "identify", "registration name"):
            yield table, endpoint.id
        yield from (("aor", name) for name in endpoint.names("aors"))
        yield from (("auth", name) for name in endpoint.names("auth"))
        for name in endpoint.names("outbound_auth"):
            yield "auth", name
            yield "registration auth", name
        for option in self.found.contacts():
            yield "registration host", host_of(option.value)

    def dynamic(self) -> PjsipOption | None:
        """Return the option that lets devices register as this endpoint."""
        if self.wizard is not None and self.wizard.on("accepts_registrations"):
            return self.wizard.plain["accepts_registrations"]
        for aor in self.found.aors:
            option = None if aor.text("contact") else aor.last("max_contacts")
            if option is not None and (in_c_notation(option.value) or 0) > 0:
                return option
        return None

    def role(self) -> tuple[Role, str, Place | None]:
        """Return the role of the endpoint, the reason for it, and the line that decides it."""
        name, dynamic = self.found.endpoint.id, self.dynamic()
        registrations, identifies = self.found.registrations, self.found.identifies
        contacts = self.found.contacts()
        login = self.found.endpoint.last("outbound_auth") if self.found.outbound else None
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

    def lines(self) -> list[PjsipOption]:
        """Return the options of its wizard section, or those that one would have."""
        if self.wizard is not None and self.found.endpoint.wizard == self.wizard.id:
            return list(self.wizard.options)
        return as_wizard(self.found, exact=False)

    def extension(self, numbers: KnowsNumbers | None) -> ObjectDraft:
        """Return the endpoint as a draft of a phone."""
        fields = _WizardFields.of(self.lines())
        draft = fields.draft(self.found.endpoint, EXTENSION)
        if self.found.inbound is None:
            draft.put("auth_user", None)
            draft.fields.pop("secret", None)
            fields.give_back("inbound_auth/username", "inbound_auth/password", "accepts_auth")
        draft.fields.setdefault("auth_user", None)
        callerid = draft.fields.get("callerid", CallerID())
        draft.put("number", self.number(callerid.number, numbers))
        draft.put("extra", fields.others({"accepts_registrations", "accepts_auth"}))
        return draft

    def number(self, shown: str, numbers: KnowsNumbers | None) -> str | None:
        """Return the number that others dial to reach it.

        The dialplan tells. Without a number there, it is the endpoint's name if that can be
        dialled, else the number that its calls show. Of several numbers in the dialplan, the
        endpoint's name is preferred, then the number that its calls show.
        """
        name, wizard = self.found.endpoint.id, self.wizard
        found = numbers.numbers(name) if numbers is not None else []
        if wizard is not None and wizard.on("has_hint") and dialable(wizard.value("hint_exten")):
            found.insert(0, wizard.value("hint_exten"))
        for likely in (name, shown):
            if likely in found:
                return likely
        found += [likely for likely in (name, shown) if dialable(likely)]
        return found[0] if found else None

    def trunk(self) -> ObjectDraft:
        """Return the endpoint as a draft of a trunk."""
        fields = _WizardFields.of(self.lines())
        draft = fields.draft(self.found.endpoint, TRUNK)
        if self.found.outbound is None:
            draft.fields.pop("username", None)
            draft.fields.pop("secret", None)
            fields.give_back("outbound_auth/username", "outbound_auth/password")
        hosts = tuple(host for host in draft.fields.get("remote_hosts", ()) if host)
        draft.fields["remote_hosts"] = hosts
        if draft.fields.get("match") == hosts:
            draft.fields["match"] = None
        draft.put("extra", fields.others(set()))
        return draft
