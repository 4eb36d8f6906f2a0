"""Text that keeps to the width of the terminal: sentences and tables."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

import click

from asterconf.source import cells, printable

_GAP = 3
_NARROW = 12
"""The width that a column keeps; where that is too much, a row is a list of its cells."""
_WIDE = 200
"""The width of tables where the output is no terminal."""


def _width(*, err: bool = False) -> int:
    """Return the width of the terminal; 0: the output is none."""
    is_terminal = (sys.stderr if err else sys.stdout).isatty()
    return max(shutil.get_terminal_size().columns, 20) if is_terminal else 0


def has_colours() -> bool:
    """Tell whether standard output gets colours: NO_COLOR and FORCE_COLOR say, or a terminal."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or sys.stdout.isatty()


def has_links() -> bool:
    """Tell whether standard output shows links (OSC 8): only a terminal does, and no dumb one."""
    return sys.stdout.isatty() and os.environ.get("TERM", "dumb") not in {"", "dumb", "linux"}


def say(text: str, *, err: bool = False) -> None:
    """Print sentences, folded to the width of the terminal; what goes on is indented."""
    width = _width(err=err)
    for line in text.splitlines() if width else ():
        indent = " " * (len(line) - len(line.lstrip(" ")))
        first, *rest = _folded(line.lstrip(" "), width - len(indent), width - len(indent) - 2)
        click.echo(f"{indent}{first}".rstrip(), err=err)
        for part in rest:
            click.echo(f"{indent}  {part}".rstrip(), err=err)
    if not width:
        click.echo(text, err=err)


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]], title: str = "") -> None:
    """Print rows of texts below the names of their columns, folded to the width of the terminal.

    Where it is too narrow for that, each cell stands on lines of its own. Odd bytes are escaped.
    """
    head, *body = ([*map(printable, one)] for one in (columns, *rows))
    width = _width() or _WIDE
    widths = [max(map(cells, column)) for column in zip(head, *body, strict=True)]
    space = width - 1 - _GAP * (len(widths) - 1)
    if title:
        click.echo(click.style(title, italic=True) + "\n")
    if space < sum(min(one, _NARROW) for one in widths):
        _print_list(head, body, width)
        return
    while sum(widths) > space:
        widths[widths.index(max(widths))] -= 1
    for line in _lines(head, widths):
        click.echo(click.style(line, bold=True))
    click.echo(f" {'─' * (sum(widths) + _GAP * (len(widths) - 1))}")
    for row in body:
        for line in _lines(row, widths):
            click.echo(line)
    click.echo()


def _print_list(head: list[str], rows: list[list[str]], width: int) -> None:
    """Print a block for each row, with a line for each cell that is not empty."""
    names = min(max(map(cells, head)), width // 2 - 4)
    for row in rows:
        for name, value in zip(head, row, strict=True):
            for line in _lines((name, value), (names, width - names - 3), 2) if value else ():
                click.echo(line)
        click.echo()


def _lines(row: Sequence[str], widths: Sequence[int], gap: int = _GAP) -> Iterator[str]:
    """Yield the lines of one row."""
    folded = (_folded(cell, width) for cell, width in zip(row, widths, strict=True))
    for parts in zip_longest(*folded, fillvalue=""):
        padded = (
            part + " " * (width - cells(part)) for part, width in zip(parts, widths, strict=True)
        )
        yield f" {(' ' * gap).join(padded)}".rstrip()


def _folded(text: str, width: int, later: int = 0) -> list[str]:
    """Cut a text into lines of at most `width`, between words where that is possible.

    `later` is the width of all lines but the first; 0: the same.
    """
    if cells(text) <= width:
        return [text]
    lines, room = [""], width
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if cells(longer) <= room:
            lines[-1] = longer
            continue
        if lines[-1]:
            lines, room = [*lines, ""], later or width
        for char in word:
            if cells(lines[-1] + char) > room:
                lines, room = [*lines, ""], later or width
            lines[-1] += char
    return lines
