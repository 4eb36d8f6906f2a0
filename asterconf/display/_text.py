"""Blocks as plain text, for a terminal and wherever HTML is not shown."""

from __future__ import annotations

from collections.abc import Iterator
from unicodedata import east_asian_width

from asterconf.display.blocks import Block, Code, Group, Inline, Note, Table, words
from asterconf.source import printable

__all__ = ["to_text"]


def inline(value: Inline) -> str:
    """Return the words of text in a line, fit for any console."""
    return printable(words(value))


def to_text(block: Block) -> str:
    """Return the lines of a block, the last one ended too."""
    return "".join(f"{line}\n" for line in _lines(block))


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Table():
            yield from _table(block)
        case Code():
            for number, parts in block.lines:
                label = "" if number is None else str(number)
                yield f"{label:>5}  {inline(parts)}".rstrip()
            if block.more:
                yield f"{'':>5}  … {block.more:,} more lines"
        case Note():
            yield inline(block.text)
        case Group():
            yield inline(block.title)
            for part in block.parts:
                yield from (f"  {line}" if line else line for line in _lines(part))


def _width(text: str) -> int:
    return sum(1 + (east_asian_width(char) in "WF") for char in text)


def _table(table: Table) -> Iterator[str]:
    columns = [n for n, _ in enumerate(table.columns) if any(row[n] for row in table.rows)]
    rows = [[inline(row[n]).replace("\n", " ") for n in columns] for row in table.rows]
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
