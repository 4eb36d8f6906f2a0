"""What a comparison finds: changes as a tree, and the edit that brought each of them about."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Literal

import attrs

from asterconf.differ.impact import NOTHING, Impact
from asterconf.shown import Shown
from asterconf.source import Position, printable

if TYPE_CHECKING:
    from asterconf.differ.normal import Line

__all__ = ["Action", "Cause", "Change", "Edit", "Later", "Reason", "mirrored", "shown_place"]

Action = Literal["added", "removed", "changed", "renamed", "moved"]
"""`moved`: the same thing stands somewhere else, in another context or in another place of a list
whose order counts."""

Reason = Literal["line", "header", "variable"]

_OPPOSITE: dict[Action, Action] = {"added": "removed", "removed": "added"}
_SIGNS = {"added": "+", "removed": "-", "changed": "~", "renamed": "~", "moved": "~"}


@attrs.frozen
class Cause:
    """The one edit that brought a change about.

    Attributes:
        old: the line before the edit; `None`: the line is new.
        new: the line after it; `None`: the line went.
        reason: `line`: what the line says changed. `header`: what the section inherits changed.
            `variable`: the line gives a global variable of the dialplan its value.
    """

    old: Position | None
    new: Position | None
    reason: Reason = "line"

    def __str__(self) -> str:
        return shown_place(self.old, self.new)


@attrs.frozen
class Later:
    """A value that is worked out when somebody asks for it."""

    make: Callable[[], Any]


def _compared(value: object) -> object:
    return None if isinstance(value, Later) else value


@attrs.frozen(repr=False)
class Change(Shown):
    """Something that differs in what it means to Asterisk.

    A change of an object has `parts`: the options that differ, and of a context its extensions
    with their steps. What has no parts is a leaf.

    Attributes:
        action: what happened.
        kind: what it is: `extension`, `trunk`, `queue`, `mailbox`, `transport`, `context`,
            `global`, any other kind of section that the schema has, `section` for settings and
            for what the schema does not know, `file` for one that Asterisk refuses. Among parts
            also `option`, `member`, `exten`, `step`, `hint`, `include`, `switch`, `ignorepat`.
        name: what it is called; a mailbox by its address, a step by its priority.
        file: the file whose reader is concerned, such as `pjsip.conf`.
        old_place: where it stands in the old configuration; of an option the line that counts.
        new_place: the same in the new one.
        parts: the parts that differ; of something added or removed all that it says.
        old_name: what was renamed or moved was called so, or was in that context.
        title: a name for people, such as `Garage`.
        cause: the edit that brought a leaf about.
        unsaid: the side on which no line says an option, so that the default holds.
        secret: whether a person should not see the values.
        runtime: whether Asterisk itself may have written the new value, such as a PIN that
            was changed by phone.
        impact: what Asterisk needs to take it over.
    """

    action: Action
    kind: str
    name: str
    file: str
    _old: Any = attrs.field(default=None, eq=_compared)
    _new: Any = attrs.field(default=None, eq=_compared)
    old_place: Position | None = None
    new_place: Position | None = None
    parts: tuple[Change, ...] = ()
    old_name: str = attrs.field(default="", kw_only=True)
    title: str = attrs.field(default="", kw_only=True, eq=False)
    cause: Cause | None = attrs.field(default=None, kw_only=True)
    unsaid: Literal["", "old", "new"] = attrs.field(default="", kw_only=True)
    secret: bool = attrs.field(default=False, kw_only=True)
    runtime: bool = attrs.field(default=False, kw_only=True)
    impact: Impact = attrs.field(default=NOTHING, kw_only=True, eq=False)
    _units: tuple[Any, Any] = attrs.field(default=(None, None), kw_only=True, eq=False)
    _old_lines: Callable[[], list[Line]] | None = attrs.field(default=None, kw_only=True, eq=False)
    _new_lines: Callable[[], list[Line]] | None = attrs.field(default=None, kw_only=True, eq=False)

    @property
    def old(self) -> Any:  # noqa: ANN401 - any object or value
        """The object or value before; `None`: there was none."""
        return self._old.make() if isinstance(self._old, Later) else self._old

    @property
    def new(self) -> Any:  # noqa: ANN401 - any object or value
        """The object or value now; `None`: there is none."""
        return self._new.make() if isinstance(self._new, Later) else self._new

    @property
    def sign(self) -> str:
        """What stands before it in a list: `+`, `-` or `~`."""
        return _SIGNS[self.action]

    @property
    def place(self) -> Position | None:
        """Where to look: in the new configuration if it is there."""
        return self.new_place or self.old_place

    @property
    def lines(self) -> tuple[list[Line], list[Line]]:
        """The object before and now in the normal form; empty where there is none."""
        sides = (self._old_lines, self._new_lines)
        old, new = (make() if make is not None else [] for make in sides)
        return old, new

    def __iter__(self) -> Iterator[Change]:
        return iter(self.parts)

    def __bool__(self) -> bool:
        return True

    def leaves(self) -> Iterator[Change]:
        """Yield what has no parts, itself included."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.leaves()

    def __repr__(self) -> str:
        where = f" {self.place}" if self.place else ""
        return f"<Change {self.sign} {self.kind} {printable(self.name)}{where}>"


@attrs.frozen
class Edit(Shown):
    """One edit of the files, with all that it changed.

    Attributes:
        cause: the lines before and after.
        section: the section of the file that holds them.
        changes: each leaf that it changed, behind the object that has it.
    """

    cause: Cause
    section: str
    changes: tuple[tuple[Change, Change], ...]

    @property
    def objects(self) -> tuple[Change, ...]:
        """The objects that it affects."""
        return tuple({id(owner): owner for owner, _ in self.changes}.values())

    @property
    def place(self) -> Position | None:
        """Where to look: in the new configuration if it is there."""
        return self.cause.new or self.cause.old


def mirrored(change: Change) -> Change:
    """Return the change the other way round."""
    cause = change.cause
    back = cause and attrs.evolve(cause, old=cause.new, new=cause.old)
    unsaid: dict[str, Literal["", "old", "new"]] = {"": "", "old": "new", "new": "old"}
    return attrs.evolve(
        change,
        action=_OPPOSITE.get(change.action, change.action),
        name=change.old_name or change.name,
        old_name=change.name if change.old_name else "",
        old=change._new,
        new=change._old,
        units=change._units[::-1],
        old_lines=change._new_lines,
        new_lines=change._old_lines,
        old_place=change.new_place,
        new_place=change.old_place,
        parts=tuple(map(mirrored, change.parts)),
        cause=back,
        unsaid=unsaid[change.unsaid],
    )


def shown_place(old: Position | None, new: Position | None) -> str:
    """Return both places as one text: `queues.conf:12`, or `queues.conf:12 -> 15`."""
    if old is None or new is None or old == new:
        place = new or old
        return f"{printable(place.file)}:{place.line}" if place else ""
    before = f"{printable(old.file)}:{old.line}"
    return (
        f"{before} -> {new.line if new.file == old.file else f'{printable(new.file)}:{new.line}'}"
    )
