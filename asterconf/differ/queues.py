"""Queues and their members: the order of these counts under some strategies only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import attrs

from asterconf.bind.queues import read_queues
from asterconf.differ.changes import Change
from asterconf.differ.sequences import align, moves
from asterconf.differ.units import Unit
from asterconf.model import Queue, QueueMember
from asterconf.source import Position, fold

if TYPE_CHECKING:
    from asterconf.differ.compare import Comparison
    from asterconf.resolve.bound import Bound

__all__ = ["MEMBER", "in_order", "members", "queue_unit"]

MEMBER = "member"

_ORDERED = {"linear", "rrordered"}
"""Strategies under which the order of the members counts: apps/app_queue.c, queuepos."""

Placed = tuple[QueueMember, Position | None]


def queue_unit(unit: Unit) -> Unit:
    """Return a queue with its members as typed values; any other unit as it is."""
    if unit.kind != "queue":
        return unit
    said = dict(unit.said)
    if MEMBER in said:
        found = tuple(member for member, _ in _members(unit))
        said[MEMBER] = attrs.evolve(said[MEMBER], value=found)
    bound = _typed(unit)
    return attrs.evolve(unit, said=said, make=lambda: bound.obj if bound else None)


def _typed(unit: Unit) -> Bound[Queue] | None:
    section = unit.section
    if section is None or section.reading is None:
        return None
    return read_queues(section.reading.only([section])).objects.get(unit.name)


def _members(unit: Unit | None) -> list[Placed]:
    """Return the members of a queue, as Asterisk fills them in, with their places.

    Source: apps/app_queue.c, reload_single_member.
    """
    bound = _typed(unit) if unit is not None and MEMBER in unit.said else None
    if bound is None:
        return []
    filled = (
        attrs.evolve(
            member,
            name=member.name or member.interface,
            state_interface=member.state_interface or member.interface,
            wrapuptime=member.wrapuptime or None,
            paused=member.paused or None,
        )
        for member in bound.obj.members
    )
    return [(member, bound.where(f"members[{at}]")) for at, member in enumerate(filled)]


def members(comparison: Comparison, old: Unit | None, new: Unit | None) -> Iterator[Change]:
    """Yield the members of a queue that differ."""
    sides = _members(old), _members(new)
    before, after = ([member for member, _ in side] for side in sides)
    there = new or old
    assert there is not None
    where = {fold(member.interface): i for i, member in enumerate(before)}
    pairs: list[tuple[int | None, int | None]] = [
        (where.pop(fold(member.interface), None), j) for j, member in enumerate(after)
    ]
    pairs += [(i, None) for i in where.values()]
    moved = _moved(before, after) if old and new and _ordered(comparison, old, new) else []
    for i, j in pairs:
        was, place = sides[0][i] if i is not None else (None, None)
        now, place_now = sides[1][j] if j is not None else (None, None)
        if was == now and (i, j) not in moved:
            continue
        member = now or was
        assert member is not None
        yield comparison.leaf(
            MEMBER, member.interface, there.file, (was, now), (place, place_now),
            action="moved" if was == now else None, of="queue",
        )  # fmt: skip


def in_order(unit: Unit) -> bool:
    """Tell whether the order of a queue's members counts."""
    said = unit.said.get("strategy")
    return said is not None and said.value in _ORDERED


def _ordered(comparison: Comparison, *units: Unit) -> bool:
    return comparison.order == "all" or any(map(in_order, units))


def _moved(
    old: Sequence[QueueMember], new: Sequence[QueueMember]
) -> list[tuple[int | None, int | None]]:
    """Return the members that are on both sides, but not in the same place among the others."""
    names = [[_name(member) for member in side] for side in (old, new)]
    left, right = ([at for at, name in enumerate(names[n]) if name in names[1 - n]] for n in (0, 1))
    olds, news = [old[i] for i in left], [new[j] for j in right]
    found = moves(olds, news, align(olds, news, _name), _name)
    return [(left[i], right[j]) for i, j in found]


def _name(member: QueueMember) -> str:
    return fold(member.interface)
