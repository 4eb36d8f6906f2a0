"""Differences as people look at them: a tree of changes, and the edits that caused them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal

import attrs

from asterconf.differ.address import Address
from asterconf.differ.differences import Action, ChangeCause, Difference
from asterconf.shown import Shown
from asterconf.source import Position, printable

_OPPOSITE: dict[Action, Action] = {"added": "removed", "removed": "added"}
_SIGNS = {"added": "+", "removed": "-", "changed": "~", "renamed": "~", "moved": "~"}


@attrs.frozen(repr=False, kw_only=True)
class Change(Difference, Shown):
    """A difference with those of its parts.

    A change of an object has `parts`: the options that differ, and of a context its extensions
    with their steps. What has no parts is a leaf.

    Attributes:
        parts: the parts that differ; of something added or removed all its options.
    """

    parts: tuple[Change, ...] = ()

    @property
    def sign(self) -> str:
        """Its mark in a list: `+`, `-` or `~`."""
        return _SIGNS[self.action]

    def __iter__(self) -> Iterator[Change]:
        return iter(self.parts)

    def __bool__(self) -> bool:
        return True

    def leaves(self) -> Iterator[Change]:
        """Yield the changes below that have no parts; itself if it has none."""
        yield from (one for one in self.flat() if not one.parts)

    def flat(self) -> Iterator[Change]:
        """Yield this change, and behind it those of all its parts."""
        yield self
        for part in self.parts:
            yield from part.flat()

    def __repr__(self) -> str:
        where = f" {self.place}" if self.place else ""
        return f"<Change {self.sign} {self.kind} {printable(self.name)}{where}>"


_FIELDS = {field.name: field.name.lstrip("_") for field in attrs.fields(Difference)}


def tree(differences: Sequence[Difference]) -> tuple[Change, ...]:
    """Return differences as changes: each with those that are a part of it."""
    waiting: defaultdict[int, list[Change]] = defaultdict(list)
    for one in reversed(differences):
        fields: dict[str, Any] = {alias: getattr(one, name) for name, alias in _FIELDS.items()}
        parts = tuple(reversed(waiting.pop(one.depth + 1, ())))
        waiting[one.depth].append(Change(**fields, parts=parts))
    return tuple(reversed(waiting[0]))


def mirrored(change: Change, above: tuple[Address, Address] | None = None) -> Change:
    """Return the change the other way round; `above`: what it is a part of was renamed so."""
    sides: dict[str, Literal["", "old", "new"]] = {"": "", "old": "new", "new": "old"}
    new, old = change.address, change.old_address
    if above is not None:
        new, old = new.moved(*above), old and old.moved(*above)
    return attrs.evolve(
        change,
        address=old or new,
        old_address=old and new,
        action=_OPPOSITE.get(change.action, change.action),
        old=change._new,  # noqa: SLF001 - of its base
        new=change._old,  # noqa: SLF001
        old_place=change.new_place,
        new_place=change.old_place,
        parts=tuple(mirrored(part, (new, old) if old else above) for part in change.parts),
        cause=change.cause and change.cause.mirrored(),
        default_side=sides[change.default_side],
    )


@attrs.frozen(repr=False)
class FileEdit(Shown):
    """One edit of the files, with all the changes that it caused.

    Attributes:
        cause: the lines before and after.
        changes: each leaf that it caused, behind the object that has it.
    """

    cause: ChangeCause
    changes: tuple[tuple[Change, Change], ...]

    @property
    def section(self) -> str:
        """The section of the file that holds the lines."""
        return self.cause.section

    @property
    def objects(self) -> tuple[Change, ...]:
        """The objects that it affects."""
        return tuple({id(owner): owner for owner, _ in self.changes}.values())

    @property
    def place(self) -> Position | None:
        """Where to look: in the new configuration if it is there."""
        return self.cause.new or self.cause.old

    def __repr__(self) -> str:
        count = len(self.objects)
        return f"<FileEdit {self.cause}: affects {count} object{'s' * (count != 1)}>"


def edits_of(changes: Iterable[Change]) -> tuple[FileEdit, ...]:
    """Return the edits that caused changes, in the order of what they caused."""
    found: dict[ChangeCause, list[tuple[Change, Change]]] = {}
    for change in changes:
        for leaf in change.leaves():
            if leaf.cause is not None:
                found.setdefault(leaf.cause, []).append((change, leaf))
    return tuple(FileEdit(cause, tuple(caused)) for cause, caused in found.items())
