"""Two objects → the differences between them, each with its cause and its impact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

import attrs

from asterconf.differ.differences import Action, ChangeCause, Comparison, Difference, Impact
from asterconf.differ.matching import Order, align, is_set, matched, moves, same, without
from asterconf.differ.objects import (
    MEMBER,
    ComparedConfig,
    ComparedObject,
    ComparedOption,
    RefusedValue,
    SourceLine,
    ordered_members,
)
from asterconf.model import QueueMember, Secret
from asterconf.resolve import Effective, EffectiveItem, EffectiveSection
from asterconf.schema import OptionFacts
from asterconf.schema import file as file_facts
from asterconf.source import fold

ObjectPair = tuple[ComparedObject | None, ComparedObject | None]
"""An object on both sides; `None`: it is not there."""


@attrs.define(eq=False)
class ObjectComparison(Comparison):
    """Compares objects that sections and lines of files make."""

    _by_name: dict[int, dict[str, EffectiveSection]] = attrs.field(init=False, factory=dict)

    # -- objects ------------------------------------------------------------------------------

    def differences(self, pairs: Iterable[ObjectPair], depth: int = 0) -> Iterator[Difference]:
        """Yield how pairs of objects differ, renamed ones among them.

        Args:
            pairs: the objects.
            depth: as `Difference.depth` has it.
        """
        for old, new in self.paired(pairs):
            yield from self._between(old, new, depth)

    def _between(
        self, old: ComparedObject | None, new: ComparedObject | None, depth: int
    ) -> Iterator[Difference]:
        """Yield how two objects differ; none if they mean the same."""
        there = new or old
        assert there is not None
        parts = [*self._options(old, new, depth + 1), *self._parts(old, new, depth + 1)]
        action: Action = "changed" if old and new else "added" if new else "removed"
        renamed = old is not None and new is not None and old.name != new.name
        if action == "changed" and not parts and not renamed:
            return
        yield Difference(
            there.address, "renamed" if renamed else action, old=old, new=new,
            old_place=old.place if old else None, new_place=new.place if new else None,
            old_address=old.address if renamed and old else None, depth=depth,
            kind=there.role, title=there.title, impact=self._impact_of(there, "", action),
        )  # fmt: skip
        yield from parts

    def paired(self, pairs: Iterable[ObjectPair]) -> list[ObjectPair]:
        """Return pairs of objects, with those paired that evidently have only another name."""
        found = list(pairs)
        if not self.renames:
            return found
        gone = [old for old, new in found if old is not None and new is None]
        come = [new for old, new in found if new is not None and old is None]
        renamed = {id(new): old for old, new in matched(gone, come, _signature)}
        olds = {id(old) for old in renamed.values()}
        return [
            (renamed.get(id(new), old), new)
            for old, new in found
            if new is not None or id(old) not in olds
        ]

    def _parts(
        self, old: ComparedObject | None, new: ComparedObject | None, depth: int
    ) -> Iterator[Difference]:
        """Yield the parts of an object that differ, those that were renamed among them."""
        if "queue" in {one.kind for one in (old, new) if one}:
            yield from self._members(old, new, depth)
        was, now = (
            {(p.kind, without(p.name, one.name)): p for p in one.parts} if one else {}
            for one in (old, new)
        )
        yield from self.differences(
            [
                *((was[key], part) for key, part in now.items() if key in was),
                *((part, None) for key, part in was.items() if key not in now),
                *((None, part) for key, part in now.items() if key not in was),
            ],
            depth,
        )

    def _members(
        self, old: ComparedObject | None, new: ComparedObject | None, depth: int
    ) -> Iterator[Difference]:
        """Yield the members of a queue that differ."""
        owner = new or old
        assert owner is not None
        sides = [one.members if one else () for one in (old, new)]
        before, after = ([member for member, _ in side] for side in sides)
        where = {_interface(member): i for i, member in enumerate(before)}
        pairs: list[tuple[int | None, int | None]] = [
            (where.pop(_interface(member), None), j) for j, member in enumerate(after)
        ]
        pairs += [(i, None) for i in where.values()]
        ordered = self.order == "all" or any(ordered_members(one) for one in (old, new) if one)
        moved = _moved(before, after) if old and new and ordered else []
        for i, j in pairs:
            was, place = sides[0][i] if i is not None else (None, None)
            now, place_now = sides[1][j] if j is not None else (None, None)
            member = now or was
            if member is None or (was == now and (i, j) not in moved):
                continue
            yield self.differs(
                owner.address.part("member", _interface(member)), (was, now), (place, place_now),
                action="moved" if was == now else None, of="queue", name=member.interface,
                depth=depth,
            )  # fmt: skip

    # -- options ------------------------------------------------------------------------------

    def _options(
        self, old: ComparedObject | None, new: ComparedObject | None, depth: int
    ) -> Iterator[Difference]:
        """Yield the options in which two objects differ; of one alone all that it sets."""
        options = {**(new.options if new else {}), **(old.options if old else {})}
        known = next((one.facts for one in (new, old) if one and one.facts), None)
        for name in sorted(options, key=known.order) if known else options:
            found = None if name == MEMBER else self._option(old, new, name, depth)
            if found is not None:
                yield found

    def _option(
        self, old: ComparedObject | None, new: ComparedObject | None, name: str, depth: int
    ) -> Difference | None:
        """Return how an option differs; `None`: it does not."""
        was, now = (one.options.get(name) if one else None for one in (old, new))
        there, owner = now or was, new or old
        assert there is not None
        assert owner is not None
        facts = there.facts
        before, after = (one.value(name, facts) if one else None for one in (old, new))
        both = old is not None and new is not None
        if both and same(before, after, facts, self.order):
            return None
        default_side: Literal["", "old", "new"] = ""
        if both and before is not None and after is not None:
            default_side = "old" if was is None else "new" if now is None else ""
        gone, come = _differing(was, now, facts, self.order)
        action: Action = "added" if before is None else "removed" if after is None else "changed"
        known = (facts.name if facts else name) if both else ""
        return Difference(
            owner.address.part("option", name), action, old=before, new=after, depth=depth,
            old_place=gone.item.origin if gone else None,
            new_place=come.item.origin if come else None,
            cause=self._cause_of(gone, come),
            default_side=default_side,
            secret=any(one.is_secret(name) for one in (old, new) if one),
            runtime=action == "changed" and _by_phone(new, name),
            impact=self._impact_of(owner, known, action, after),
        )  # fmt: skip

    def _impact_of(
        self, of: ComparedObject, option: str, action: Action, value: object = ""
    ) -> Impact:
        """Return what Asterisk needs to take a change of an object over."""
        kind = of.facts.name if of.facts else ""
        if kind == "transport" and of.value("allow_reload", None) is True:
            kind = "reloadable_transport"
        return self.impact(of.file, kind, option, action, str(value))

    # -- causes -------------------------------------------------------------------------------

    def _cause_of(self, gone: SourceLine | None, come: SourceLine | None) -> ChangeCause | None:
        """Return the cause of a change of an option, from the lines that count on both sides."""
        if gone is None and come is None:
            return None
        old, new = (line.item if line else None for line in (gone, come))
        places = old.origin if old else None, new.origin if new else None
        if old is not None and new is not None:
            assert gone is not None
            assert come is not None
            if old.way == new.way:
                return self.cause(*places)
            if not (old.way and new.way):  # on one side a line of its own hides a template's
                if not new.way:
                    stays = _holds(self._section(self.new, gone, old.template), old)
                else:
                    stays = not _holds(self._section(self.old, come, new.template), new)
                return self.cause(None, new.origin) if stays else self.cause(old.origin, None)
            return self._header(gone, come) or self.cause(*places)
        item, line, other = (new, come, self.old) if new else (old, gone, self.new)
        assert item is not None
        assert line is not None
        if item.way:
            section = self._section(other, line, item.template)
            if section is None or _holds(section, item):
                return self._header(gone, come) or self.cause(*places)
        return self.cause(*places)

    def _header(self, gone: SourceLine | None, come: SourceLine | None) -> ChangeCause | None:
        """Return the header whose templates changed, of those that a line was inherited through."""
        line, side = (come, self.old) if come is not None else (gone, self.new)
        assert line is not None
        for name in (line.section.name, *reversed(line.item.way)):
            here = self._lookup(line.section.reading, name) or line.section
            there = self._section(side, line, name)
            if there is not None and there.inherits != here.inherits:
                places = there.position, here.position
                old, new = places if come is not None else places[::-1]
                return self.cause(old, new, "header")
        return None

    def _section(
        self, side: ComparedConfig, like: SourceLine, name: str
    ) -> EffectiveSection | None:
        """Return the section of that name in the same file of a side."""
        file = like.section.reading.name if like.section.reading else ""
        return self._lookup(side.reading(file.removesuffix(".sample")), name)

    def _lookup(self, effective: Effective | None, name: str) -> EffectiveSection | None:
        if effective is None:
            return None
        if id(effective) not in self._by_name:
            first: dict[str, EffectiveSection] = {}
            for section in effective.sections:
                first.setdefault(fold(section.name), section)
            self._by_name[id(effective)] = first
        return self._by_name[id(effective)].get(fold(name))


def _holds(section: EffectiveSection | None, item: EffectiveItem) -> bool:
    return section is not None and (item.name, item.value) in section.pairs


def _by_phone(new: ComparedObject | None, name: str) -> bool:
    """Whether Asterisk itself may have written the new value of an option.

    Source: apps/app_voicemail.c, vm_change_password: the PIN goes into voicemail.conf unless
    `passwordlocation` says otherwise.
    """
    if new is None or (new.kind, name) != ("mailbox", "initial_pin"):
        return False
    known = file_facts("voicemail.conf")
    facts = known.objects["mailbox_options"].option("passwordlocation") if known else None
    return bool(new.value("passwordlocation", facts) != "spooldir")


def _differing(
    was: ComparedOption | None, now: ComparedOption | None, facts: OptionFacts | None, order: Order
) -> tuple[SourceLine | None, SourceLine | None]:
    """Return the lines on both sides that make the difference: of many the first that differs."""
    old, new = (option.lines if option is not None else () for option in (was, now))
    if len(old) <= 1 and len(new) <= 1:
        return next(iter(old), None), next(iter(new), None)
    left, right = ([line.value for line in side] for side in (old, new))
    if not is_set(facts, order) and len(old) == len(new):
        differ = (i for i, (a, b) in enumerate(zip(left, right, strict=True)) if a != b)
        at = next(differ, -1)
        return old[at], new[at]
    gone = next((s for s, value in zip(old, left, strict=True) if value not in right), None)
    come = next((s for s, value in zip(new, right, strict=True) if value not in left), None)
    if gone is None and come is None:
        return (old[-1] if old else None), (new[-1] if new else None)
    return gone, come


# -- queues ---------------------------------------------------------------------------------------


def _moved(
    old: Sequence[QueueMember], new: Sequence[QueueMember]
) -> list[tuple[int | None, int | None]]:
    """Return the members on both sides that stand in another place among the others."""
    names = [[_interface(member) for member in side] for side in (old, new)]
    left, right = ([at for at, name in enumerate(names[n]) if name in names[1 - n]] for n in (0, 1))
    olds, news = [old[i] for i in left], [new[j] for j in right]
    found = moves(olds, news, align(olds, news, _interface), _interface)
    return [(left[i], right[j]) for i, j in found]


def _interface(member: QueueMember) -> str:
    return fold(member.interface)


# -- names ----------------------------------------------------------------------------------------


def _signature(of: ComparedObject) -> tuple[object, ...] | None:
    """Return the content of an object without its own name; `None`: too little to recognise it."""
    found = frozenset(_texts(of, of.name))
    return (of.file, of.kind, found) if found else None


def _texts(of: ComparedObject, name: str, path: str = "") -> Iterator[tuple[str, str]]:
    for key, option in of.options.items():
        yield path + key, without(_text(option.value), name)
    for part in of.parts:
        yield from _texts(part, name, f"{path}{part.kind} {without(part.name, name)}/")


def _text(value: object) -> str:
    if isinstance(value, Secret):
        return f"secret {value.reveal()}"
    if isinstance(value, RefusedValue):
        return f"refused {value.text}"
    return repr(value)
