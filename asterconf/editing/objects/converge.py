"""Makes sections say what an object says, and sees to it that they do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from asterconf.bind import Bound, FreshSection, Style
from asterconf.editing.desk import Desk, Touched
from asterconf.editing.objects.standing import (
    LINKS,
    Part,
    called,
    fresh_of,
    key_of,
    parts_of,
    style_of,
)
from asterconf.editing.objects.structure import fit
from asterconf.editing.options.edits import OptionEdits, Want, differences
from asterconf.editing.options.lines import LineEdits
from asterconf.errors import EditError
from asterconf.model import CallerID, Extension, Mailbox, Setting
from asterconf.source import fold, printable

__all__ = ["OUTSIDE", "Goal", "converge", "read"]

OUTSIDE: Mapping[type, frozenset[str]] = {Extension: frozenset({"number", "phone"})}
"""Fields that no section of the object holds: the dialplan has the number, nothing the phone."""

_ABSENT = frozenset({"sends_auth", "sends_registrations"})
"""Flags that are off where there is no section of their kind."""

_OPEN = frozenset({"extra", "options", "unknown"})
"""Fields that hold options by their names; what is left out there is not said."""

ROUNDS = 4


@attrs.frozen
class Goal:
    """What an object shall be in the end.

    A field that is `None`, or an option without a field that is left out, is not said: then what
    a template says holds.

    Attributes:
        obj: the object.
        lenient: whether a list or caller id that is empty is not said either.
    """

    obj: Any
    lenient: bool = False

    def misses(self, now: object) -> dict[str, object]:
        """Return the fields, with their values, that `now` does not have as they shall be."""
        found: dict[str, object] = {}
        outside = OUTSIDE.get(type(self.obj), frozenset())
        for field in attrs.fields(type(self.obj)):
            name = field.name
            shall, is_now = getattr(self.obj, name), getattr(now, name)
            if shall == is_now or self.unsaid(field, shall) or name in outside:
                continue
            if name in _OPEN and not isinstance(self.obj, Mailbox):
                wanted, there = _by_name(shall), _by_name(is_now)
                if any(there.get(key) != items for key, items in wanted.items()):
                    merged = there | wanted
                    found[name] = tuple(item for items in merged.values() for item in items)
            elif shall or is_now or name not in _ABSENT:
                found[name] = shall
        return found

    def unsaid(self, field: attrs.Attribute[Any], value: object) -> bool:
        """Tell whether a field's value leaves it open."""
        empty = value in ((), CallerID()) and field.default is not None
        return value is None or (self.lenient and empty)


def _by_name(items: Iterable[Any]) -> dict[str, list[Any]]:
    """Return settings, or pairs of name and value, by name."""
    found: dict[str, list[Any]] = {}
    for item in items:
        name = item.name if isinstance(item, Setting) else item[0]
        found.setdefault(fold(name), []).append(item)
    return found


def read(desk: Desk, obj: object) -> Bound[Any]:
    """Return the object of that class and key as the files say it now.

    Raises:
        EditError: they do not.
    """
    found = desk.found(obj).get(key_of(obj))
    if found is None:
        raise EditError(f"{called(obj)} would not be read as one with these values")
    return found


def converge(desk: Desk, goal: Goal, touched: Touched, notes: list[str]) -> Any:  # noqa: ANN401
    """Edit the sections of an object that stands in the files until it reads as it shall.

    First only what is said is written. Where that is not enough, because a template says
    something else, what the object leaves to Asterisk is written too.

    Raises:
        EditError: it cannot be brought about.
    """
    target = goal.obj
    for number in range(ROUNDS):
        bound = read(desk, goal.obj)
        missing = goal.misses(bound.obj)
        if number and not missing:
            return bound.obj
        if number:
            target = attrs.evolve(bound.obj, **missing)
        if not _step(desk, bound, target, touched, notes, force=number > 0) and number:
            break
    now = read(desk, goal.obj).obj
    raise EditError(_unmet(goal, now))


def _unmet(goal: Goal, now: Any) -> str:  # noqa: ANN401
    fields = "; ".join(
        f"{name} would be read as {_shown(getattr(now, name))}, not {_shown(value)}"
        for name, value in goal.misses(now).items()
    )
    lost = "secret" in goal.misses(now) and now.secret is None
    hint = "; a password needs a user name, too" if lost else ""
    return f"{called(goal.obj)}: {fields}{hint}"


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _step(
    desk: Desk,
    bound: Bound[Any],
    target: object,
    touched: Touched,
    notes: list[str],
    *,
    force: bool,
) -> bool:
    """Edit each section of an object once; tell whether there was anything to edit."""
    fitted = fit(desk, bound, target, touched)
    bound = read(desk, target) if fitted else bound
    parts = parts_of(desk, bound)
    style = style_of(parts)
    old, new = fresh_of(bound.obj, style), fresh_of(target, style)
    said = _said(bound.obj, target, style)
    lines = LineEdits(desk)
    for label in new:
        for part, wants in _wants(bound.obj, parts.get(label, []), old.get(label, []), new[label]):
            edits = OptionEdits(desk, part.section, lines, force, notes, said)
            for want in wants:
                edits.want(want)
            names = {name for want in wants for name in want.touches}
            touched.may(desk.home_of(part.section), names)
    if not lines:
        return fitted
    for section, name in lines.touched:
        touched.may(section, {name})
    lines.make()
    return True


def _said(now: Any, target: Any, style: Style) -> frozenset[str]:  # noqa: ANN401
    """Return the options that fields which become what Asterisk takes anyway no longer need."""
    found: set[str] = set()
    for field in attrs.fields(type(now)):
        value = getattr(target, field.name)
        if field.name in _OPEN or value in (None, (), ""):
            continue
        if value != getattr(now, field.name):
            alone = fresh_of(attrs.evolve(now, **{field.name: value}), style)
            found |= _names(fresh_of(now, style)) - _names(alone)
    return frozenset(found)


def _names(fresh: Mapping[str, list[FreshSection]]) -> set[str]:
    sections = (section for found in fresh.values() for section in found)
    return {fold(name) for section in sections for name, _ in section.options}


def _wants(
    obj: object, parts: list[Part], old: list[FreshSection], new: list[FreshSection]
) -> Iterator[tuple[Part, tuple[Want, ...]]]:
    """Pair the sections of a label with what shall change in them."""
    for index, part in enumerate(parts):
        was, shall = (
            side[min(index, len(side) - 1)].options if side else () for side in (old, new)
        )
        linked = LINKS.get(part.label, frozenset()) | {"type"} if part.label else frozenset()
        wants = tuple(w for w in differences(part.section, was, shall) if w.name not in linked)
        if len(parts) != len(new) and any(want.name.endswith("_uri") for want in wants):
            raise EditError(
                f"{called(obj)} has {len(parts)} sections of type {part.label} and would need "
                f"{len(new)}: edit them in {printable(part.section.file)}"
            )
        if wants:
            yield part, wants
