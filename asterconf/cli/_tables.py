"""Tables on a terminal, and wide ones where the output goes elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from asterconf.source import printable

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["console", "print_table"]

_WIDE = 200


def console() -> Console:
    """Return the console for standard output, which marks nothing up."""
    from rich.console import Console

    return Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else _WIDE)


def print_table(
    to: Console, columns: Sequence[str], rows: Iterable[Sequence[str]], title: str = ""
) -> None:
    """Print rows of texts below the names of their columns; odd bytes are escaped."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title or None, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    to.print(table)
