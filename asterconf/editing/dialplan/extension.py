"""The steps of one extension while they are edited: which number each of them gets."""

from __future__ import annotations

import attrs

from asterconf.dialplan.values import (
    DialplanExtension,
    DialplanStep,
    Hint,
    StepLike,
    steps_of,
)
from asterconf.editing.dialplan.rows import Key, Row
from asterconf.errors import EditError

__all__ = ["Entry", "ExtensionEdit", "Gate"]


@attrs.define(eq=False)
class Gate:
    """Whether the edit is still going on."""

    open: bool = True

    def check(self) -> None:
        """Raise `EditError` if the edit is over."""
        if not self.open:
            raise EditError("this edit is over: begin another one")


@attrs.define(eq=False)
class Entry:
    """A step that is edited: what it is now, what it was, and the line that makes it."""

    step: DialplanStep
    was: DialplanStep | None = None
    row: Row | None = None


@attrs.define(eq=False)
class ExtensionEdit:
    """One extension of a context that is edited, step by step.

    A step is named by its priority (int) or label (str). An application may be given as text,
    and with a label before it in a pair: `("ring", apps.Dial("PJSIP/6001"))`.

    Steps that stand directly behind another one stay there when it moves, so nothing is left
    out of the order. A step behind a gap keeps its number while it can.
    """

    key: Key
    entries: list[Entry]
    hint: Hint | None = None
    hint_was: Hint | None = None
    hint_row: Row | None = None
    removed: list[Entry] = attrs.field(factory=list)
    dropped: bool = False
    """Whether the whole extension was removed; then another one of that name may be added."""
    _gate: Gate = attrs.field(factory=Gate, repr=False, alias="gate")

    def __repr__(self) -> str:
        return f"<ExtensionEdit {self.value.key}: {len(self.entries)} steps>"

    @property
    def value(self) -> DialplanExtension:
        """The extension as it is now."""
        name, condition = self.key
        return DialplanExtension(name, condition, self.steps, self.hint)

    @property
    def steps(self) -> tuple[DialplanStep, ...]:
        """The steps as they are now, in ascending priority."""
        return tuple(entry.step for entry in self.entries)

    def insert(self, at: int | str, step: StepLike) -> DialplanStep:
        """Put a step where the given one stands, which moves up by one, and return it.

        Args:
            at: a priority, also one that no step has, or a label.
            step: what to insert.

        Raises:
            NotFoundError: there is no such label.
            EditError: the priority is less than 1, or the label is there already.
        """
        self._gate.check()
        number = at if isinstance(at, int) else self._find(at).step.priority
        if number < 1:
            raise EditError(f"priority {number} is less than 1")
        index = sum(entry.step.priority < number for entry in self.entries)
        return self._put(index, number, step)

    def append(self, step: StepLike) -> DialplanStep:
        """Put a step behind the last one, and return it."""
        self._gate.check()
        last = self.entries[-1].step.priority if self.entries else 0
        return self._put(len(self.entries), last + 1, step)

    def replace(self, at: int | str, step: StepLike) -> DialplanStep:
        """Put another application in place of a step, and return it.

        The label stays, unless a pair gives another one.

        Raises:
            NotFoundError: there is no such step.
            EditError: the label is there already.
        """
        self._gate.check()
        entry = self._find(at)
        (made,) = steps_of([step], entry.step.priority)
        if made.label is None:
            made = attrs.evolve(made, label=entry.step.label)
        self._check_label(made, entry)
        entry.step = attrs.evolve(made, priority=entry.step.priority)
        return entry.step

    def set_label(self, at: int | str, label: str | None) -> DialplanStep:
        """Give a step another label, or none, and return it.

        Raises:
            NotFoundError: there is no such step.
            EditError: the label is there already.
        """
        self._gate.check()
        entry = self._find(at)
        made = attrs.evolve(entry.step, label=label)
        self._check_label(made, entry)
        entry.step = made
        return made

    def remove(self, at: int | str) -> DialplanStep:
        """Remove a step and return it; those behind it close up.

        Raises:
            NotFoundError: there is no such step.
        """
        self._gate.check()
        entry = self._find(at)
        index = self.entries.index(entry)
        del self.entries[index]
        self.removed.append(entry)
        number = entry.step.priority
        for other in self.entries[index:]:
            if other.step.priority != number + 1:
                break
            number += 1
            other.step = attrs.evolve(other.step, priority=number - 1)
        return entry.step

    def _put(self, index: int, number: int, step: StepLike) -> DialplanStep:
        (made,) = steps_of([step], number)
        self._check_label(made, None)
        made = attrs.evolve(made, priority=number)
        self.entries.insert(index, Entry(made))
        for other in self.entries[index + 1 :]:
            if other.step.priority != number:
                break
            number += 1
            other.step = attrs.evolve(other.step, priority=number)
        return made

    def _check_label(self, made: DialplanStep, entry: Entry | None) -> None:
        for other in self.entries:
            if made.label is not None and other.step.label == made.label and other is not entry:
                raise EditError(f"label {made.label!r} stands at priority {other.step.priority}")

    def _find(self, at: int | str) -> Entry:
        step = self.value.step(at)
        return next(entry for entry in self.entries if entry.step is step)
