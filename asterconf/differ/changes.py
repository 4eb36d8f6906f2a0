"""What a comparison finds: changes as a tree, each with its cause and its impact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal

import attrs

from asterconf.differ.impact import NOTHING, Impact, impact_of
from asterconf.differ.matching import Order
from asterconf.differ.objects import (
    ChangedSections,
    ComparedConfig,
    ComparedObject,
    changed_sections,
)
from asterconf.shown import Shown
from asterconf.source import Position, printable

__all__ = [
    "WITHOUT_VALUE",
    "Action",
    "Change",
    "ChangeCause",
    "FileEdit",
    "Reason",
    "edits_of",
    "mirrored",
    "shown_place",
]

Action = Literal["added", "removed", "changed", "renamed", "moved"]
"""`moved`: the same thing stands somewhere else, in another context or in another place of a list
whose order counts."""

Reason = Literal["line", "header", "variable"]

_OPPOSITE: dict[Action, Action] = {"added": "removed", "removed": "added"}
_SIGNS = {"added": "+", "removed": "-", "changed": "~", "renamed": "~", "moved": "~"}
PlacePair = tuple[Position | None, Position | None]

ENDPOINTS = {"extension", "trunk", "peer", "anonymous", "endpoint"}
"""The kinds of changes of PJSIP endpoints."""

WITHOUT_VALUE = {"context", "exten", "file", "section"}
"""Kinds of changes whose `old` and `new` are not shown."""


@attrs.frozen
class ChangeCause:
    """The one edit that caused a change.

    Attributes:
        old: the line before the edit; `None`: the line is new.
        new: the line after it; `None`: the line was removed.
        reason: `line`: the line itself changed. `header`: the templates of a section changed.
            `variable`: the line sets a global variable of the dialplan.
    """

    old: Position | None
    new: Position | None
    reason: Reason = "line"
    _sections: tuple[str, str] = attrs.field(default=("", ""), eq=False, repr=False)

    @property
    def section(self) -> str:
        """The section of the file that holds the line; empty: none does."""
        return self._sections[self.new is not None]

    def mirrored(self) -> ChangeCause:
        """Return the cause the other way round."""
        return ChangeCause(self.new, self.old, self.reason, self._sections[::-1])

    def __str__(self) -> str:
        return shown_place(self.old, self.new)


def _compared(value: object) -> object:
    return None if isinstance(value, ComparedObject) else value


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
        parts: the parts that differ; of something added or removed all its options.
        old_name: what was renamed or moved was called so, or was in that context.
        title: a name for people, such as `Garage`.
        cause: the edit that caused a leaf.
        default_side: the side on which an option is not set, so that its value is the default.
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
    cause: ChangeCause | None = attrs.field(default=None, kw_only=True)
    default_side: Literal["", "old", "new"] = attrs.field(default="", kw_only=True)
    secret: bool = attrs.field(default=False, kw_only=True)
    runtime: bool = attrs.field(default=False, kw_only=True)
    impact: Impact = attrs.field(default=NOTHING, kw_only=True, eq=False)

    @property
    def old(self) -> Any:  # noqa: ANN401 - any object or value
        """The object or value before; `None`: there was none."""
        return self._old.typed if isinstance(self._old, ComparedObject) else self._old

    @property
    def new(self) -> Any:  # noqa: ANN401 - any object or value
        """The object or value now; `None`: there is none."""
        return self._new.typed if isinstance(self._new, ComparedObject) else self._new

    @property
    def objects(self) -> tuple[ComparedObject | None, ComparedObject | None]:
        """The objects that were compared; both `None`: it is about a value or the dialplan."""
        old, new = (
            one if isinstance(one, ComparedObject) else None for one in (self._old, self._new)
        )
        return old, new

    @property
    def is_object(self) -> bool:
        """Whether it is about an object that a section or line of a file makes."""
        return any(self.objects)

    @property
    def has_value(self) -> bool:
        """Whether `old` and `new` are values to show, and not objects or something with parts."""
        return not (self.parts or self.kind in WITHOUT_VALUE or self.is_object)

    @property
    def sign(self) -> str:
        """Its mark in a list: `+`, `-` or `~`."""
        return _SIGNS[self.action]

    @property
    def place(self) -> Position | None:
        """Where to look: in the new configuration if it is there."""
        return self.new_place or self.old_place

    def __iter__(self) -> Iterator[Change]:
        return iter(self.parts)

    def __bool__(self) -> bool:
        return True

    def leaves(self) -> Iterator[Change]:
        """Yield the changes below that have no parts; itself if it has none."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.leaves()

    def __repr__(self) -> str:
        where = f" {self.place}" if self.place else ""
        return f"<Change {self.sign} {self.kind} {printable(self.name)}{where}>"


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


def mirrored(change: Change) -> Change:
    """Return the change the other way round."""
    sides: dict[str, Literal["", "old", "new"]] = {"": "", "old": "new", "new": "old"}
    return attrs.evolve(
        change,
        action=_OPPOSITE.get(change.action, change.action),
        name=change.old_name or change.name,
        old_name=change.name if change.old_name else "",
        old=change._new,  # noqa: SLF001 - of this module
        new=change._old,  # noqa: SLF001
        old_place=change.new_place,
        new_place=change.old_place,
        parts=tuple(map(mirrored, change.parts)),
        cause=change.cause and change.cause.mirrored(),
        default_side=sides[change.default_side],
    )


def shown_place(old: Position | None, new: Position | None) -> str:
    """Return both places as one text: `queues.conf:12`, or `queues.conf:12 -> 15`."""
    if old is None or new is None or (old.file, old.line) == (new.file, new.line):
        place = new or old
        return f"{printable(place.file)}:{place.line}" if place else ""
    after = f"{new.line}" if new.file == old.file else f"{printable(new.file)}:{new.line}"
    return f"{printable(old.file)}:{old.line} -> {after}"


# -- the makers -----------------------------------------------------------------------------------


@attrs.define(eq=False)
class Comparison:
    """What all comparisons of two configurations need.

    Attributes:
        old: the one side.
        new: the other.
        order: where order counts.
        renames: whether things are recognised under another name.
        plain: the sections of pjsip_wizard.conf that are compared as they are written, and not as
            the objects that the wizard makes of them.
        variables: the global variables of the dialplan that changed, and the lines that set them.
    """

    old: ComparedConfig
    new: ComparedConfig
    order: Order = "meaningful"
    renames: bool = True
    plain: frozenset[str] = frozenset()
    variables: dict[str, ChangeCause] = attrs.field(init=False, factory=dict)
    _changed: dict[str, list[ChangedSections]] = attrs.field(init=False, factory=dict)

    def changed(self, file: str) -> list[ChangedSections]:
        """Return the sections of a file whose lines differ; worked out once."""
        if file not in self._changed:
            self._changed[file] = list(changed_sections(self.old.live(file), self.new.live(file)))
        return self._changed[file]

    def leaf(
        self,
        kind: str,
        name: str,
        file: str,
        sides: tuple[Any, Any],
        places: PlacePair,
        *,
        action: Action | None = None,
        of: str = "",
        **more: Any,  # noqa: ANN401 - as Change has them
    ) -> Change:
        """Return a change of what is neither an object nor an option, such as a step.

        Args:
            kind: as `Change.kind` has it.
            name: its name.
            file: the file whose reader is concerned.
            sides: what it is on both sides; `None`: it is not there.
            places: where it stands on both sides.
            action: what happened; by default what `sides` tell.
            of: the kind whose impact counts, if it is another.
            more: further attributes of the change.
        """
        old, new = sides
        done: Action = action or (
            "changed" if old is not None and new is not None else "added" if new is not None
            else "removed"
        )  # fmt: skip
        return Change(
            done, kind, name, file, old, new, *places,
            cause=self._cause_at(*places), impact=self.impact(file, of or kind, "", done),
            **more,
        )  # fmt: skip

    def impact(self, file: str, kind: str, option: str, action: Action, value: str = "") -> Impact:
        """Return what Asterisk needs to take a change of something in a file over."""
        reason = self.new.reasons_unread.get(file)
        if reason:
            return Impact("none", note=reason)
        if doubt := self.new.reasons_unknown.get(file):
            return Impact("unknown", note=doubt)
        if (own := self.new.workspace.schema.own.get(file)) and own["reload"]:
            return Impact("reload", tuple(own["reload"]), source=own["source"])
        there = file in self.old.names, file in self.new.names
        if not any(there):  # the wizard's file stands for what it makes
            there = True, True
        return impact_of(file, kind, option, action, value, there=there)

    def cause(
        self, old: Position | None, new: Position | None, reason: Reason = "line"
    ) -> ChangeCause:
        """Return the cause that an edit of these lines is."""
        places = (self.old.section_at(old), self.new.section_at(new))
        before, after = (section.name if section is not None else "" for section in places)
        return ChangeCause(old, new, reason, (before, after))

    def _cause_at(self, old: Position | None, new: Position | None) -> ChangeCause | None:
        """Return the cause of a change of the dialplan, from the places on both sides."""
        if old is None and new is None:
            return None
        if self.variables:
            side, place = (self.new, new) if new is not None else (self.old, old)
            assert place is not None
            text = side.line_at(place)
            other = self.old.line_at(old) if new is not None and old is not None else text
            for name, cause in self.variables.items():
                if text == other and f"${{{name}}}" in text:
                    return cause
        return self.cause(old, new)
