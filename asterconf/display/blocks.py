"""What a view is made of, whatever it is printed as: tables, code, notes, groups; plain text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, TypeAlias
from unicodedata import east_asian_width

import attrs

from asterconf.schema.secrets import MASK
from asterconf.source import Position, Severity, printable

__all__ = [
    "FIRST",
    "SEVERITIES",
    "Block",
    "Code",
    "Deep",
    "Group",
    "Inline",
    "Note",
    "Role",
    "Row",
    "Styled",
    "Table",
    "dim",
    "join",
    "masked",
    "to_text",
    "words",
]

Role = Literal[
    "plain",
    "dim",
    "strong",
    "name",
    "code",
    "secret",
    "wrong",
    "error",
    "warning",
    "advice",
    "added",
    "removed",
    "changed",
    "place",
]
"""What a piece of text is; a renderer decides how that looks."""


@attrs.frozen
class Styled:
    """A piece of text with a role, and perhaps words that show when one points at it."""

    text: str
    role: Role = "plain"
    title: str = ""


@attrs.frozen
class Deep:
    """Text in a line of its own, further to the right the deeper it stands."""

    text: Inline
    depth: int


Inline: TypeAlias = "str | Styled | Deep | Position | tuple[Inline, ...]"
"""Text in a line. A position is shown as file and line, dimmed."""

Row: TypeAlias = tuple[Inline, ...]


def _row(value: Sequence[Inline]) -> Row:
    return tuple(value)


def _rows(value: Iterable[Sequence[Inline]]) -> tuple[Row, ...]:
    return tuple(map(_row, value))


FIRST = 10
"""How many rows of a long table are seen at once, if nothing else is said."""


@attrs.frozen
class Table:
    """Rows below the names of their columns; a column without a name in any has no head.

    A column that is empty in every row is not shown.
    """

    columns: tuple[str, ...]
    rows: tuple[Row, ...] = attrs.field(converter=_rows)
    more: int = 0
    """How many rows there are beyond these."""
    first: int = FIRST
    """How many rows are seen at once, where the others can be folded away."""


@attrs.frozen
class Code:
    """Lines of a file: the number, or `None` for a remark about the line above, and the text."""

    lines: tuple[tuple[int | None, Inline], ...]
    more: int = 0
    """How many lines there are beyond these."""


@attrs.frozen
class Note:
    """A sentence."""

    text: Inline


def _blocks(value: Iterable[Block]) -> tuple[Block, ...]:
    return tuple(value)


@attrs.frozen
class Group:
    """Blocks below a title; one that is not open shows its title only, until one asks for it."""

    title: Inline
    parts: tuple[Block, ...] = attrs.field(converter=_blocks)
    open: bool = True


Block: TypeAlias = Table | Code | Note | Group


def dim(text: str) -> Styled:
    """Return text that steps back."""
    return Styled(text, "dim")


def words(value: Inline) -> str:
    """Return the bare text of text in a line."""
    if isinstance(value, tuple):
        return "".join(map(words, value))
    if isinstance(value, Position):
        return f"{value.file}:{value.line}"
    if isinstance(value, Deep):
        return "    " * value.depth + words(value.text)
    return value.text if isinstance(value, Styled) else value


def masked(text: str, role: Role = "plain") -> Inline:
    """Return text in which the stars of a secret look like what they are."""
    if MASK not in text:
        return Styled(text, role) if role != "plain" else text
    parts = (Styled(part, role) for part in text.split(MASK))
    return join(
        parts, Styled(MASK, "secret", "a secret; asterconf.display.view shows it if told to")
    )


def join(parts: Iterable[Inline], between: Inline = ", ") -> Inline:
    """Return the parts with something between them."""
    out: list[Inline] = []
    for part in parts:
        out += [between, part] if out else [part]
    return tuple(out)


SEVERITIES: dict[Severity, Role] = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.ADVICE: "advice",
}


# -- as plain text --------------------------------------------------------------------------------


def _printable(value: Inline) -> str:
    """Return the words of text in a line, fit for any console."""
    return printable(words(value))


def to_text(block: Block) -> str:
    """Return the lines of a block, the last one ended too."""
    return "".join(f"{line}\n" for line in _lines(block))


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Table():
            yield from _table_lines(block)
        case Code():
            for number, parts in block.lines:
                label = "" if number is None else str(number)
                yield f"{label:>5}  {_printable(parts)}".rstrip()
            if block.more:
                yield f"{'':>5}  … {block.more:,} more lines"
        case Note():
            yield _printable(block.text)
        case Group():
            yield _printable(block.title)
            for part in block.parts:
                yield from (f"  {line}" if line else line for line in _lines(part))


def _width(text: str) -> int:
    return sum(1 + (east_asian_width(char) in "WF") for char in text)


def _table_lines(table: Table) -> Iterator[str]:
    columns = [n for n, _ in enumerate(table.columns) if any(row[n] for row in table.rows)]
    rows = [[_printable(row[n]).replace("\n", " ") for n in columns] for row in table.rows]
    heads = [table.columns[n] for n in columns]
    shown = [heads, *rows] if any(heads) else rows
    widths = [max(map(_width, column)) for column in zip(*shown, strict=True)]
    for row in shown:
        cells = (
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        )
        yield "  ".join(cells).rstrip()
    if table.more:
        yield f"… {table.more:,} more"
