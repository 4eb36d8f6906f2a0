"""The lines of a context as they are loaded, and the steps of one extension while edited."""

from __future__ import annotations

from difflib import SequenceMatcher
from itertools import zip_longest

import attrs

from asterconf.dialplan import HINT, LoadedDialplan
from asterconf.dialplan.values import DialplanExtension, DialplanStep, Hint, StepLike, steps_of
from asterconf.errors import EditError
from asterconf.language.exten import atoi, cut_name, int32, leading_number, split_priority
from asterconf.resolve import Effective, EffectiveItem, EffectiveSection
from asterconf.source import fold, printable

NOTHING = -2
"""The "last priority" of a section before its first valid line."""

Key = tuple[str, str | None]
"""Which extension: its name and caller-id condition, as the loaded value has them."""


@attrs.define(eq=False)
class ContextLine:
    """A line of a context, existing or to be added.

    Attributes:
        key: `exten`, `same`, `include` and so on, in lower case; what begins with `same` is.
        value: the value of the line, as Asterisk reads it.
        item: the item that it was read from; None: the line is new.
        owner: the extension of its step or hint; None: it makes none.
        name: the text of the extension's name in an `exten` line.
        word, plus, label: the priority field.
        field: the same, exactly as it stands between its commas.
        call: the rest of the line, `APP(ARGUMENTS)` or a device.
        priority: what the loader made of the field; None: the line makes no step.
    """

    key: str
    value: str
    item: EffectiveItem | None = None
    owner: Key | None = None
    name: str = ""
    word: str = ""
    plus: str | None = None
    label: str | None = None
    field: str = ""
    call: str = ""
    priority: int | None = None

    @property
    def place(self) -> tuple[str, int]:
        """The file and line of a row that is there."""
        assert self.item is not None
        option, file = self.item.parts[0]
        return file, option.line

    @property
    def relative(self) -> bool:
        """Whether the priority is counted from the line before."""
        return self.word in {"n", "next", "s", "same"}

    @property
    def by_label(self) -> bool:
        """Whether the priority is that of a label."""
        return not self.relative and self.word != "hint" and leading_number(self.word) is None

    def shown(self) -> str:
        """Return the place of the line, for messages."""
        assert self.item is not None
        way = f" (in template [{printable(self.item.template)}])" if self.item.way else ""
        return f"{self.item.origin}{way}"

    def refuse_if_joined(self) -> None:
        """Raise `EditError` if the line is joined from several by `+=`."""
        if self.item is not None and len(self.item.parts) > 1:
            raise EditError(f"{self.shown()} is joined by '+=' from several lines: edit the text")


@attrs.define(eq=False)
class ContextLines:
    """The lines of all sections of one context, and the sections themselves."""

    sections: list[tuple[EffectiveSection, list[ContextLine]]]

    def all(self) -> list[ContextLine]:
        """Return every row, in the order of loading."""
        return [row for _, rows in self.sections for row in rows]


def read_lines(effective: Effective, loaded: LoadedDialplan, context: str) -> ContextLines:
    """Return the rows of the context of that name."""
    made: dict[tuple[str, int], list[tuple[Key, int]]] = {}  # several, if a line is read twice
    for (_, name, condition, priority), at in loaded.lines(context):
        made.setdefault(at, []).append(((name, condition), priority))
    sections = [
        (section, [_row(item, made) for item in section.items])
        for section in effective.sections
        if section.name == context and not section.template
    ]
    return ContextLines(sections)


def _row(item: EffectiveItem, made: dict[tuple[str, int], list[tuple[Key, int]]]) -> ContextLine:
    key = fold(item.name)
    row = ContextLine("same" if key.startswith("same") else key, item.value, item)
    if row.key not in {"exten", "same"}:
        return row
    rest = item.value
    if row.key == "exten":
        row.name, tail = cut_name(item.value)
        rest = tail or ""
    row.field, _, row.call = rest.partition(",")
    row.word, row.plus, row.label, _ = split_priority(row.field)
    if steps := made.get(row.place):
        row.owner, row.priority = steps.pop(0)
    return row


def follow(row: ContextLine, last: int) -> int | None:
    """Return the priority that the row's field says behind a line of priority `last`.

    None: Asterisk loses the line, or a label says it. What was priority 0 before `+` is lost too.
    """
    if row.word == "hint":
        number: int | None = HINT
    elif row.relative:
        number = None if last <= NOTHING else int32(last + (row.word in {"n", "next"}))
    else:
        number = leading_number(row.word)
        if number is not None and not 1 <= number < 2**31:
            number = None
    if not number:
        return None
    return number if row.plus is None else int32(number + atoi(row.plus))


@attrs.define(eq=False)
class EditSession:
    """Whether an edit is still in progress."""

    open: bool = True

    def check(self) -> None:
        """Raise `EditError` if the edit is over."""
        if not self.open:
            raise EditError("this edit is over: begin another one")


@attrs.define(eq=False)
class EditedStep:
    """An edited step: its value now and before, and its line."""

    step: DialplanStep
    was: DialplanStep | None = None
    row: ContextLine | None = None


@attrs.define(eq=False)
class ExtensionEdit:
    """One extension of a context that is edited, step by step.

    A step is named by its priority (int) or label (str). An application may be given as text,
    and with a label before it in a pair: `("ring", apps.Dial("PJSIP/6001"))`.

    Steps that stand directly behind another one stay there when it moves, so nothing is left
    out of the order. A step behind a gap keeps its number while it can.
    """

    key: Key
    entries: list[EditedStep]
    hint: Hint | None = None
    hint_was: Hint | None = None
    hint_row: ContextLine | None = None
    removed: list[EditedStep] = attrs.field(factory=list)
    dropped: bool = False
    """Whether the whole extension was removed; one of that name may be added again then."""
    _session: EditSession = attrs.field(factory=EditSession, repr=False, alias="session")

    def __repr__(self) -> str:
        return f"<ExtensionEdit {printable(str(self.value.key))}: {len(self.entries)} steps>"

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
        self._session.check()
        number = at if isinstance(at, int) else self._find(at).step.priority
        if number < 1:
            raise EditError(f"priority {number} is less than 1")
        index = sum(entry.step.priority < number for entry in self.entries)
        return self._put(index, number, step)

    def append(self, step: StepLike) -> DialplanStep:
        """Put a step behind the last one, and return it."""
        self._session.check()
        last = self.entries[-1].step.priority if self.entries else 0
        return self._put(len(self.entries), last + 1, step)

    def replace(self, at: int | str, step: StepLike) -> DialplanStep:
        """Put another application in place of a step, and return it.

        The label stays, unless a pair gives another one.

        Raises:
            NotFoundError: there is no such step.
            EditError: the label is there already.
        """
        self._session.check()
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
        self._session.check()
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
        self._session.check()
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

    def become(self, value: DialplanExtension) -> None:
        """Take over the steps, with their priorities, and the hint of another extension.

        Steps that both have keep their lines.
        """
        self._session.check()
        old = self.entries
        new = sorted(value.steps, key=lambda step: step.priority)
        was, shall = ([(s.app, s.data, s.label) for s in side] for side in (self.steps, new))
        self.entries = []
        for _, i, j, k, m in SequenceMatcher(None, was, shall, autojunk=False).get_opcodes():
            for entry, step in zip_longest(old[i:j], new[k:m]):
                if step is None:
                    self.removed.append(entry)
                elif entry is None:
                    self.entries.append(EditedStep(step))
                else:
                    entry.step = step
                    self.entries.append(entry)
        self.hint = value.hint
        self.dropped = not value.steps and value.hint is None

    def _put(self, index: int, number: int, step: StepLike) -> DialplanStep:
        (made,) = steps_of([step], number)
        self._check_label(made, None)
        made = attrs.evolve(made, priority=number)
        self.entries.insert(index, EditedStep(made))
        for other in self.entries[index + 1 :]:
            if other.step.priority != number:
                break
            number += 1
            other.step = attrs.evolve(other.step, priority=number)
        return made

    def _check_label(self, made: DialplanStep, entry: EditedStep | None) -> None:
        for other in self.entries:
            if made.label is not None and other.step.label == made.label and other is not entry:
                raise EditError(f"label {made.label!r} stands at priority {other.step.priority}")

    def _find(self, at: int | str) -> EditedStep:
        step = self.value.step(at)
        return next(entry for entry in self.entries if entry.step is step)
