"""A home as data: the tables of home.toml and of the sidecar, read into fields and written."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, Final, Protocol

import attrs

from asterconf.config import Config
from asterconf.errors import ModelError
from asterconf.home.features import (
    BusyLamps,
    ConferenceRoom,
    Guards,
    Intercom,
    LocalCalls,
    MusicOnHold,
    Parking,
    Pickup,
    VoicemailMenu,
)
from asterconf.home.incoming import BlockedCallers, BusinessHours, IncomingCalls, Menu, NightSwitch
from asterconf.home.outgoing import EmergencyCalls, OutgoingCalls
from asterconf.home.plan import Feature
from asterconf.home.providers import PROVIDERS
from asterconf.home.reading import HomeReader, Leftover
from asterconf.model import CallerID, Extension, Mailbox, Queue, QueueMember, Secret, Trunk
from asterconf.model.checks import DataFault
from asterconf.model.home import Country, Hours, Network, PublicNumber, Voicemail

FEATURES: Final[dict[str, type[Any]]] = {
    "guards": Guards,
    "busy_lamps": BusyLamps,
    "incoming_calls": IncomingCalls,
    "emergency_calls": EmergencyCalls,
    "intercom": Intercom,
    "local_calls": LocalCalls,
    "voicemail_menu": VoicemailMenu,
    "outgoing_calls": OutgoingCalls,
    "blocked_callers": BlockedCallers,
    "night_switch": NightSwitch,
    "business_hours": BusinessHours,
    "menu": Menu,
    "conference_room": ConferenceRoom,
    "parking": Parking,
    "music_on_hold": MusicOnHold,
    "pickup": Pickup,
}
"""The features by the name that a TOML file uses, in the order in which files show them."""

_OPTIONAL: Final = (
    "blocked_callers", "night_switch", "business_hours", "menu", "conference_room", "parking",
    "music_on_hold", "pickup",
)  # fmt: skip
"""Features that a home gets only when it asks for them."""

NEEDS: Final = {
    "incoming_calls": ("trunks", "extensions"),
    "emergency_calls": ("trunks",),
    "outgoing_calls": ("trunks",),
    "intercom": ("extensions",),
    "voicemail_menu": ("mailboxes",),
}
"""What a feature takes, for those that a home has unless it says otherwise."""

_TABLES: Final[dict[str, Any]] = {
    "owner": CallerID,
    "area_code": str,
    "network": Network,
    "voicemail": Voicemail,
    "country": Country,
    "extensions": tuple[Extension, ...],
    "mailboxes": tuple[Mailbox, ...],
    "queues": tuple[Queue, ...],
    "numbers": tuple[PublicNumber, ...],
    "hours": tuple[Hours, ...],
}
"""Keys of home.toml that are fields of a home PBX as they are."""
_KEYS: Final = (*_TABLES, "trunks", "features")


def usual_features(*, without: Collection[str] = ()) -> tuple[Feature, ...]:
    """Return the features that a home has unless it says otherwise, with their usual numbers.

    `without` leaves some out, by the name that a TOML file uses, such as `intercom`.
    """
    return tuple(kind() for name, kind in FEATURES.items() if name not in (*_OPTIONAL, *without))


def home_queue(extensions: Iterable[Extension], name: str = "home-phones") -> Queue:
    """Return the queue of a home: every phone at once, nothing announced, open at all times."""
    return Queue(
        name,
        timeout=30,
        announce_holdtime="no",
        announce_position="no",
        members=[member(extension) for extension in extensions],
    )


def member(extension: Extension) -> QueueMember:
    """Return a phone as a member of a queue."""
    device = f"PJSIP/{extension.name}"
    name = extension.callerid.name or extension.name
    return QueueMember(device, name=name, state_interface=device)


# -- home.toml --------------------------------------------------------------------------------


def fields_of_toml(data: Mapping[str, Any]) -> tuple[dict[str, Any], list[DataFault]]:
    """Return the fields of the PBX that home.toml describes, and what is wrong with it."""
    from asterconf.wire import collect, unstructure

    fields: dict[str, Any] = {}
    faults = [DataFault.unknown(key, _KEYS) for key in data if key not in _KEYS]
    for key, kind in _TABLES.items():
        if key in data:
            fields[key], problems = collect(data[key], kind, key)
            faults += problems
        elif key == "owner":
            faults.append(DataFault(key, "is missing"))
    if isinstance(data.get("queues"), list):
        usual = unstructure(home_queue(()))
        queues = [{**usual, **q} if isinstance(q, Mapping) else q for q in data["queues"]]
        fields["queues"], _ = collect(queues, tuple[Queue, ...])
    fields["trunks"] = _trunks(data.get("trunks", []), faults)
    if "features" in data:
        fields["features"] = _features(data, faults)
    return fields, faults


def _trunks(data: object, faults: list[DataFault]) -> tuple[Trunk, ...]:
    if not isinstance(data, list):
        faults.append(DataFault("trunks", "must be a list of tables, [[trunks]]"))
        return ()
    trunks = []
    for index, item in enumerate(data):
        trunk, problems = _provider_trunk(item)
        faults += [problem.below(f"trunks[{index}]") for problem in problems]
        trunks += [trunk] if trunk is not None else []
    return tuple(trunks)


def _provider_trunk(item: object) -> tuple[Trunk | None, list[DataFault]]:
    from asterconf.wire import collect

    if not isinstance(item, Mapping):
        return None, [DataFault("", "must be a table")]
    if "provider" not in item:
        return collect(item, Trunk)
    given = {key: value for key, value in item.items() if key != "provider"}
    if str(item["provider"]) not in PROVIDERS:
        known = ", ".join(PROVIDERS)
        return None, [DataFault("provider", f"must be one of {known}, not {item['provider']!r}")]
    make = PROVIDERS[str(item["provider"])]
    faults = _argument_faults(make, given)
    if given.get("server") == "":
        faults.append(DataFault("server", "is missing; where is the provider?"))
    if faults:
        return None, faults
    try:
        return make(**given), []
    except ModelError as error:
        problem = str(getattr(error, "problem", error))
        return None, [DataFault(getattr(error, "field", ""), problem)]


def _argument_faults(make: Callable[..., Trunk], given: Mapping[str, Any]) -> list[DataFault]:
    """Return what a provider does not take: its own arguments are texts, the rest a trunk's."""
    from asterconf.wire import collect

    own = {
        name: parameter
        for name, parameter in inspect.signature(make).parameters.items()
        if parameter.kind is not parameter.VAR_KEYWORD
    }
    faults = [
        DataFault(name, "is missing")
        for name, parameter in own.items()
        if parameter.default is parameter.empty and name not in given
    ]
    for name in own:
        wanted = bool if name == "line" else str
        if name in given and not isinstance(given[name], wanted):
            faults.append(DataFault(name, f"must be {_WANTED[wanted]}"))
    rest = {name: value for name, value in given.items() if name not in own}
    _, others = collect({"name": "x", **rest}, Trunk)
    return faults + others


_WANTED: Final = {str: "text in quotes", bool: "true or false"}


def _features(data: Mapping[str, Any], faults: list[DataFault]) -> tuple[Any, ...]:
    """Return the features: the usual ones, changed as the table says."""
    from asterconf.wire import collect

    table = data["features"]
    if not isinstance(table, Mapping):
        faults.append(DataFault("features", "must be a table, [features]"))
        return ()
    unknown = [DataFault.unknown(key, FEATURES) for key in table if key not in FEATURES]
    faults += [fault.below("features") for fault in unknown]
    features: list[Any] = []
    for name, kind in FEATURES.items():
        usual = name not in _OPTIONAL and all(map(data.get, NEEDS.get(name, ())))
        given = table.get(name, usual)
        if given is False:
            continue
        if isinstance(given, (str, list)):
            given = {attrs.fields(kind)[0].name: given}
        feature, problems = collect({} if given is True else given, kind, f"features.{name}")
        faults += problems
        if feature is not None:
            features.append(feature)
    return tuple(features)


# -- written ----------------------------------------------------------------------------------


class Described(attrs.AttrsInstance, Protocol):
    """A home: what is used of it by name; the rest are lists of things, by the names of fields."""

    @property
    def owner(self) -> CallerID:
        """Name and public number."""

    @property
    def area_code(self) -> str:
        """Area code of numbers that are dialled without one."""

    @property
    def extensions(self) -> tuple[Extension, ...]:
        """The phones."""

    @property
    def features(self) -> tuple[Feature, ...] | None:
        """What the PBX does."""

    def effective_features(self) -> tuple[Feature, ...]:
        """Return `features`; where that is None, those that have what they need."""


def _tables(pbx: Described, table: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    """Return a home as data, features apart; `table` is for what stands in a list."""
    from asterconf.wire import unstructure

    data: dict[str, Any] = {"owner": str(pbx.owner), "area_code": pbx.area_code}
    for name in ("network", "voicemail", "country"):
        if fields := unstructure(getattr(pbx, name)):
            data[name] = fields
    for name in ("trunks", "extensions", "mailboxes", "queues", "numbers", "hours"):
        things = getattr(pbx, name)
        if things is not None and (things or name not in ("numbers", "hours")):
            data[name] = [table(thing) for thing in things]
    return data


def for_toml(pbx: Described) -> dict[str, Any]:
    """Return a home as home.toml describes it, with its secrets."""
    data = _tables(pbx, _table)
    if pbx.features is not None:
        there = {type(feature): feature for feature in pbx.features}
        data["features"] = {
            name: (_table(there[kind]) or True) if kind in there else False
            for name, kind in FEATURES.items()
            if kind in there or name not in _OPTIONAL
        }
    return data


def _table(thing: Any) -> dict[str, Any]:  # noqa: ANN401 - part of a description
    """Return a part of a description as a table of home.toml."""
    from asterconf.wire import unstructure

    data: dict[str, Any] = unstructure(thing, null=False)
    if isinstance(thing, Queue):  # of which home.toml has defaults of its own
        usual = {name: getattr(thing, name) for name in unstructure(home_queue(()))}
        return {**usual, **data}
    return data


def for_sidecar(pbx: Described) -> dict[str, Any]:
    """Return a home as the sidecar holds it, without secrets."""
    data = _tables(pbx, _without_secrets)
    if pbx.features is not None:
        names = {kind: name for name, kind in FEATURES.items()}
        data["features"] = [
            {"feature": names[type(feature)], **_without_secrets(feature)}
            if type(feature) in names
            else {"own": type(feature).__name__}
            for feature in pbx.features
        ]
    return data


def _without_secrets(thing: Any) -> dict[str, Any]:  # noqa: ANN401
    from asterconf.wire import unstructure

    fields = [f.name for f in attrs.fields(type(thing))]
    secrets = [name for name in fields if isinstance(getattr(thing, name), Secret)]
    data: dict[str, Any] = unstructure(attrs.evolve(thing, **dict.fromkeys(secrets)), null=False)
    return data


# -- the sidecar ------------------------------------------------------------------------------

SECRETS: Final[Mapping[str, tuple[type[Any], str]]] = {
    "trunks": (Trunk, "secret"),
    "extensions": (Extension, "secret"),
    "mailboxes": (Mailbox, "initial_pin"),
}
"""The secrets of a description: which field of which objects."""


def fields_of_sidecar(
    home: Mapping[str, Any], conf: Config, other: Described | None = None
) -> tuple[dict[str, Any], list[Leftover]]:
    """Return the fields that a sidecar has, with secrets from the files, else from `other`.

    Raises:
        KeyError, ModelError, TypeError: the sidecar describes none.
    """
    from asterconf.wire import structure

    fields: dict[str, Any] = {
        "owner": CallerID.parse(home["owner"]),
        "area_code": home["area_code"],
        "network": structure(home.get("network", {}), Network),
        "voicemail": structure(home.get("voicemail", {}), Voicemail),
        "country": structure(home.get("country", {}), Country),
        "queues": None,
    }
    for name, (kind, field) in SECRETS.items():
        there = {key_of(one): one for one in getattr(other, name, ())} | dict(getattr(conf, name))
        things: list[Any] = [structure(table, kind) for table in home[name]]
        fields[name] = [
            attrs.evolve(one, **{field: getattr(there.get(key_of(one)), field, None)})
            for one in things
        ]
    fields["numbers"] = [structure(one, PublicNumber) for one in home.get("numbers", ())]
    fields["hours"] = [structure(one, Hours) for one in home.get("hours", ())]
    if "queues" in home:
        fields["queues"] = [structure(queue, Queue) for queue in home["queues"]]
    own = []
    if "features" in home:
        tables = [dict(table) for table in home["features"]]
        own = [Leftover(f"feature {t['own']}, a class of your own") for t in tables if "own" in t]
        fields["features"] = [
            _with_pin(structure(table, FEATURES[table.pop("feature")]), conf)
            for table in tables
            if "own" not in table
        ]
    return fields, own


def _with_pin(feature: Any, conf: Config) -> Any:  # noqa: ANN401 - any feature
    if not isinstance(feature, ConferenceRoom):
        return feature
    pin = HomeReader(conf).setting("confbridge.conf", f"room-{feature.number}", "pin")
    return attrs.evolve(feature, pin=Secret(pin) if pin else None)


def key_of(thing: Any) -> str:  # noqa: ANN401 - a trunk, extension or mailbox
    """Return the name or the address under which a configuration holds a thing."""
    return str(getattr(thing, "address", None) or thing.name)
