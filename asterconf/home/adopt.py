"""A home PBX out of the configuration that it was built into, or out of somebody else's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import attrs

from asterconf.errors import ModelError
from asterconf.home import sidecar
from asterconf.home.features import FEATURES, ConferenceRoom
from asterconf.home.home import HomePBX
from asterconf.home.settings import Network, Voicemail
from asterconf.model import CallerID, Extension, Mailbox, Queue, Secret, Trunk
from asterconf.model.phones import Phone
from asterconf.shown import Shown
from asterconf.source import Position

if TYPE_CHECKING:
    from asterconf.config import Config

__all__ = ["Adoption", "Leftover", "adopt", "described"]


@attrs.frozen
class Leftover(Shown):
    """Something that a configuration has and the adopted PBX has not."""

    text: str
    """What it is, as the file has it."""
    position: Position | None = None
    """Where it stands."""

    def __str__(self) -> str:
        return f"{self.position}: {self.text}" if self.position else self.text


@attrs.frozen
class Adoption(Shown):
    """A PBX that was read out of a configuration."""

    pbx: HomePBX
    leftovers: tuple[Leftover, ...] = ()
    """What could not be placed: lines, and features that are nobody's but the user's."""
    assumed: tuple[str, ...] = ()
    """What the configuration leaves open or has wrong, and what the PBX does instead."""


def adopt(conf: Config) -> Adoption:
    """Return the PBX that a configuration is; see `HomePBX.adopt`."""
    from asterconf.home.reading import read_home

    data = bytes(conf[sidecar.NAME]) if sidecar.NAME in conf else b""
    sums = sidecar.sums(data)
    if sums is None:
        return read_home(conf)
    files = {name: bytes(conf[name]) for name in sums if name in conf}
    changed = sidecar.edited({**sums}, files) | (sums.keys() - files.keys() - {sidecar.NAME})
    if sidecar.NAME in sums:
        changed.add(sidecar.NAME)
    try:
        built, own = _described(data, conf)
    except (ModelError, KeyError, TypeError) as error:
        adoption = read_home(conf)
        return attrs.evolve(
            adoption, assumed=(f"{sidecar.NAME} cannot be read: {error}", *adoption.assumed)
        )
    if not changed:
        return Adoption(built, tuple(own))
    adoption = read_home(conf, phones={e.name: e.phone for e in built.extensions if e.phone})
    names = ", ".join(sorted(changed))
    note = f"edited since it was built, so that its files are read: {names}"
    return attrs.evolve(
        adoption, leftovers=(*adoption.leftovers, *own), assumed=(note, *adoption.assumed)
    )


def described(data: bytes, conf: Any) -> HomePBX:  # noqa: ANN401 - a `Config`, or what acts so
    """Return the PBX that a sidecar describes, its secrets from the files.

    Raises:
        KeyError, ModelError, TypeError: the sidecar describes none.
    """
    return _described(data, conf)[0]


def _described(data: bytes, conf: Any) -> tuple[HomePBX, list[Leftover]]:  # noqa: ANN401
    import tomllib

    from asterconf.wire import structure

    home = tomllib.loads(data.decode())["home"]
    fields: dict[str, Any] = {
        "owner": CallerID.parse(home["owner"]),
        "area_code": home["area_code"],
        "network": structure(home.get("network", {}), Network),
        "voicemail": structure(home.get("voicemail", {}), Voicemail),
        "trunks": [_with_secret(t, Trunk, conf.trunks) for t in home["trunks"]],
        "extensions": [_with_secret(e, Extension, conf.extensions) for e in home["extensions"]],
        "mailboxes": [_with_pin(structure(box, Mailbox), conf) for box in home["mailboxes"]],
        "queues": None,
    }
    if "queues" in home:
        fields["queues"] = [structure(queue, Queue) for queue in home["queues"]]
    own = []
    if "features" in home:
        fields["features"] = [
            _feature(table, conf) for table in home["features"] if "own" not in table
        ]
        own = [Leftover(f"feature {t['own']}, a class of your own") for t in home["features"]
               if "own" in t]  # fmt: skip
    return HomePBX(**fields), own


def _with_secret(
    table: Mapping[str, Any], kind: type[Trunk | Extension], there: Mapping[str, Any]
) -> Any:  # noqa: ANN401
    from asterconf.wire import structure

    thing: Any = structure(table, kind)
    found = there[thing.name].secret if thing.name in there else None
    return attrs.evolve(thing, secret=found)


def _with_pin(box: Mailbox, conf: Any) -> Mailbox:  # noqa: ANN401
    return attrs.evolve(box, initial_pin=conf.mailboxes[box.address].initial_pin)


def _feature(table: Mapping[str, Any], conf: Any) -> Any:  # noqa: ANN401
    from asterconf.wire import structure

    given = {key: value for key, value in table.items() if key != "feature"}
    feature = structure(given, FEATURES[table["feature"]])
    if isinstance(feature, ConferenceRoom) and "confbridge.conf" in conf:
        rooms = conf.effective("confbridge.conf")
        name = f"room-{feature.number}"
        pin = rooms[name].get("pin") if name in rooms else None
        return attrs.evolve(feature, pin=Secret(pin) if pin else None)
    return feature


def unsaid(thing: Any, proposed: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """Return a trunk or extension without what a build says by itself."""
    said = {
        field.name: None
        for field in attrs.fields(type(thing))
        if field.default is None and getattr(thing, field.name) == proposed.get(field.name, thing)
    }
    return attrs.evolve(thing, **said)


def with_phones(
    extensions: Iterable[Extension], phones: Mapping[str, Phone]
) -> tuple[Extension, ...]:
    """Return extensions with their devices, which no file of Asterisk holds."""
    return tuple(attrs.evolve(e, phone=phones.get(e.name, e.phone)) for e in extensions)
