"""What a description cannot have, put right: by a default, a placeholder, or by leaving it out."""

from __future__ import annotations

import re
from typing import Any, Final, Protocol, TypeVar

import attrs

from asterconf.home.description import FEATURES
from asterconf.home.plan import Feature
from asterconf.model import CallerID, Extension


class Repairable(Protocol):
    """What the repairs need of a home."""

    @property
    def owner(self) -> CallerID:
        """Name and public number."""

    @property
    def extensions(self) -> tuple[Extension, ...]:
        """The phones."""

    @property
    def features(self) -> tuple[Feature, ...] | None:
        """What the PBX does."""

    def effective_features(self) -> tuple[Feature, ...]:
        """Return `features`; where that is None, those that have what they need."""


T = TypeVar("T")
Home = TypeVar("Home", bound=Repairable)

_PLACEHOLDERS: Final = {
    "username": "change-me", "secret": "change-me-before-use", "initial_pin": "0000",
    "remote_hosts": ("provider.invalid",),
}  # fmt: skip
_STEP: Final = re.compile(r"(\w+)(?:\[(\d+)\])?(?:\.(\w+))?")


def repaired(pbx: Home, path: str) -> tuple[Home, str]:
    """Return a PBX without the fault at a path, and what was done; empty: nothing."""
    found = _STEP.match(path)
    name, index, field = found.group(1, 2, 3) if found else ("", None, None)
    placeholder = CallerID("Change Me", "+15555550100")
    if name == "features" and field:
        return _without_feature(pbx, field, path)
    if name not in ("", "owner", "features") and index is None:
        value = getattr(pbx, name)
        first = field or ""
        default = getattr(type(value)(), first)
        return _with(pbx, name, _with(value, first, default)), "the default is taken"
    if index is None and pbx.owner != placeholder:
        return _with(pbx, "owner", placeholder), f"{placeholder} is a placeholder"
    if index is None:
        return _with(pbx, "features", None), "the usual features are taken"
    things = list(getattr(pbx, name) or ())
    if int(index) >= len(things):
        return pbx, ""
    thing = things[int(index)]
    if field == "context" and thing.context is None and pbx.features is not None:
        there = {type(feature) for feature in pbx.features}
        usual = _with(pbx, "features", None).effective_features()
        more = [feature for feature in usual if type(feature) not in there]
        if more:
            return _with(pbx, "features", [*pbx.features, *more]), "the usual features are added"
    things[int(index) : int(index) + 1], done = _mended(pbx, thing, field or "extra")
    return _with(pbx, name, things), done


def _mended(pbx: Repairable, thing: Any, field: str) -> tuple[list[Any], str]:  # noqa: ANN401
    """Return a part of a description without the fault in a field: one, or none."""
    field = {"server": "remote_hosts"}.get(field, field)
    if field == "members":
        devices = [f"PJSIP/{extension.name}" for extension in pbx.extensions]
        members = [member for member in thing.members if member.interface in devices]
        return [_with(thing, "members", members)], "other members are left out"
    usual: Any = {f.name: f.default for f in attrs.fields(type(thing))}.get(field, attrs.NOTHING)
    if not isinstance(usual, (type(None), str, int, float, tuple)):
        usual = None if field == "number" and isinstance(thing, Extension) else attrs.NOTHING
    if field in ("extra", "codecs"):
        usual = () if field == "extra" else None
    new = _PLACEHOLDERS.get(field, usual)
    if new is attrs.NOTHING or (now := getattr(thing, field)) == new or str(now) == new:
        return [], f"{getattr(thing, 'name', '')} is left out"
    return [_with(thing, field, new)], (
        "a placeholder stands there" if field in _PLACEHOLDERS else "the default is taken"
    )


def _without_feature(pbx: Home, name: str, path: str) -> tuple[Home, str]:
    """Return a PBX whose feature has its defaults, or without it where it has them already."""
    kind = FEATURES.get(name)
    features: list[Any] = list(pbx.effective_features())
    index = next((i for i, one in enumerate(features) if type(one) is kind), None)
    if kind is None or index is None:
        return pbx, ""
    field = path.removeprefix(f"features.{name}").lstrip(".").partition(".")[0].partition("[")[0]
    usual: Any = {f.name: f.default for f in attrs.fields(kind)}.get(field, attrs.NOTHING)
    if isinstance(usual, (type(None), str, int)) and getattr(features[index], field) != usual:
        features[index] = _with(features[index], field, usual)
        return _with(pbx, "features", features), "the default is taken"
    del features[index]
    return _with(pbx, "features", features), f"{name} is left out"


def _with(thing: T, name: str, value: Any) -> T:  # noqa: ANN401
    """Return a thing with another value of one field."""
    changes: dict[str, Any] = {name: value}
    changed: T = attrs.evolve(thing, **changes)  # type: ignore[misc]
    return changed
