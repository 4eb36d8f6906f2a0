"""The lines of a context, in the order in which they are loaded, each with the step it makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from asterconf.dialplan import HINT, LoadedDialplan
from asterconf.errors import EditError
from asterconf.language.exten import atoi, cut_name, int32, leading_number, split_priority
from asterconf.source import fold, printable

if TYPE_CHECKING:
    from asterconf.resolve import Effective, EffectiveItem, EffectiveSection

__all__ = ["NOTHING", "Key", "Row", "Rows", "follow", "read_rows"]

NOTHING = -2
"""The "last priority" of a section before its first good line."""

Key = tuple[str, str | None]
"""Which extension: its name and caller-id condition, as the loaded value has them."""


@attrs.define(eq=False)
class Row:
    """A line of a context: one that is there, or one to be written.

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
        """Return where the row stands, in words."""
        assert self.item is not None
        way = f" (in template [{printable(self.item.template)}])" if self.item.way else ""
        return f"{self.item.origin}{way}"

    def refuse_if_joined(self) -> None:
        """Raise `EditError` if several lines make this one up."""
        if self.item is not None and len(self.item.parts) > 1:
            raise EditError(f"{self.shown()} is joined by '+=' from several lines: edit the text")


@attrs.define(eq=False)
class Rows:
    """The lines of all sections of one context, and the sections themselves."""

    sections: list[tuple[EffectiveSection, list[Row]]]

    def all(self) -> list[Row]:
        """Return every row, in the order of loading."""
        return [row for _, rows in self.sections for row in rows]


def read_rows(effective: Effective, loaded: LoadedDialplan, context: str) -> Rows:
    """Return the rows of the context of that name."""
    made: dict[tuple[str, int], list[tuple[Key, int]]] = {}  # several, if a line is read twice
    for (_, name, condition, priority), at in loaded.lines(context):
        made.setdefault(at, []).append(((name, condition), priority))
    sections = [
        (section, [_row(item, made) for item in section.items])
        for section in effective.sections
        if section.name == context and not section.template
    ]
    return Rows(sections)


def _row(item: EffectiveItem, made: dict[tuple[str, int], list[tuple[Key, int]]]) -> Row:
    key = fold(item.name)
    row = Row("same" if key.startswith("same") else key, item.value, item)
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


def follow(row: Row, last: int) -> int | None:
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
