"""The parts of a view: tables, code, notes and panels, and how they are printed as plain text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, TypeAlias

import attrs

from asterconf.secrets import MASK, shown_text
from asterconf.source import Position, Severity, cells, printable

Role = Literal[
    "plain",
    "dim",
    "hidden",
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
"""The meaning of a piece of text; a renderer decides how it looks."""


@attrs.frozen
class Styled:
    """A piece of text with a role, and a tooltip if `title` is not empty."""

    text: str
    role: Role = "plain"
    title: str = ""


@attrs.frozen
class Indented:
    """Text on a line of its own, indented by its depth."""

    text: Inline
    depth: int


Inline: TypeAlias = "str | Styled | Indented | Position | tuple[Inline, ...]"
"""Text within a line. A position is shown as file and line, dimmed."""

Cells: TypeAlias = tuple[Inline, ...]


def _rows(value: Iterable[Sequence[Inline]]) -> tuple[Cells, ...]:
    return tuple(map(tuple, value))


FIRST = 10
"""The default number of rows of a long table that are shown unfolded."""


@attrs.frozen
class Table:
    """Rows below the names of their columns; without any name there is no header.

    A column that is empty in every row is not shown.
    """

    columns: tuple[str, ...]
    rows: tuple[Cells, ...] = attrs.field(converter=_rows)
    more: int = 0
    """The number of further rows, which are not shown."""
    first: int = FIRST
    """The number of rows that are shown unfolded."""


@attrs.frozen
class Code:
    """Lines of a file: number and text; the number is `None` for a finding about the line above."""

    lines: tuple[tuple[int | None, Inline], ...]
    more: int = 0
    """The number of further lines, which are not shown."""


@attrs.frozen
class Sentence:
    """A sentence."""

    text: Inline


@attrs.frozen
class Panel:
    """Blocks below a title; if it is not open, only the title is shown until it is clicked."""

    title: Inline
    parts: tuple[Block, ...] = attrs.field(converter=tuple["Block", ...])
    open: bool = True


@attrs.frozen
class Drawing:
    """A picture: as SVG, which is markup; empty if it cannot be drawn here. And as text."""

    svg: str
    text: str


Block: TypeAlias = Table | Code | Sentence | Panel | Drawing


def dim(text: str) -> Styled:
    """Return dimmed text."""
    return Styled(text, "dim")


def words(value: Inline) -> str:
    """Return text without its styles."""
    if isinstance(value, tuple):
        return "".join(map(words, value))
    if isinstance(value, Position):
        return f"{value.file}:{value.line}"
    if isinstance(value, Indented):
        return "    " * value.depth + words(value.text)
    return value.text if isinstance(value, Styled) else value


def hidden(block: Block) -> Block:
    """Return a block with every text masked that stands where a secret stands."""
    match block:
        case Table():
            rows = (tuple(map(_hidden, row)) for row in block.rows)
            return attrs.evolve(block, rows=tuple(rows))
        case Code():
            lines = ((number, _hidden(text)) for number, text in block.lines)
            return attrs.evolve(block, lines=tuple(lines))
        case Sentence():
            return Sentence(_hidden(block.text))
        case Panel():
            return Panel(_hidden(block.title), map(hidden, block.parts), block.open)
        case Drawing():  # whose texts are masked before they are drawn
            return block


def _hidden(value: Inline) -> Inline:
    match value:
        case tuple():
            return tuple(map(_hidden, value))
        case Indented():
            return Indented(_hidden(value.text), value.depth)
        case str():
            return _masked(Styled(value)) if MASK in shown_text(value) else value
        case Styled():
            return _masked(attrs.evolve(value, title=shown_text(value.title)))
        case _:
            return value


def _masked(value: Styled) -> Inline:
    """Return text with its secrets masked, and the masks styled."""
    text = shown_text(value.text)
    if MASK not in text:
        return value
    parts = (attrs.evolve(value, text=part) for part in text.split(MASK))
    return join(parts, Styled(MASK, "secret", "a secret; view(obj, reveal=True) shows it"))


def join(parts: Iterable[Inline], between: Inline = ", ") -> Inline:
    """Return the parts with a separator between them."""
    out: list[Inline] = []
    for part in parts:
        out += [between, part] if out else [part]
    return tuple(out)


SEVERITIES: dict[Severity, Role] = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.ADVICE: "advice",
    Severity.INFO: "dim",
}


# -- as plain text --------------------------------------------------------------------------------


def _printable(value: Inline) -> str:
    """Return text without its styles, safe for any console."""
    return printable(words(value))


def to_text(block: Block) -> str:
    """Return the lines of a block, each with a newline."""
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
        case Sentence():
            yield _printable(block.text)
        case Drawing():
            yield from printable(block.text).splitlines()
        case Panel():
            yield _printable(block.title)
            for part in block.parts:
                yield from (f"  {line}" if line else line for line in _lines(part))


def _table_lines(table: Table) -> Iterator[str]:
    columns = [n for n, _ in enumerate(table.columns) if any(row[n] for row in table.rows)]
    rows = [[_printable(row[n]).replace("\n", " ") for n in columns] for row in table.rows]
    heads = [table.columns[n] for n in columns]
    shown = [heads, *rows] if any(heads) else rows
    widths = [max(map(cells, column)) for column in zip(*shown, strict=True)]
    for row in shown:
        padded = (
            cell + " " * (width - cells(cell)) for cell, width in zip(row, widths, strict=True)
        )
        yield "  ".join(padded).rstrip()
    if table.more:
        yield f"… {table.more:,} more"
