"""A difference as text and Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from asterconf.differ import normal
from asterconf.differ.rows import Row, change_rows, effects, label, rows

if TYPE_CHECKING:
    from asterconf.differ.result import Diff

__all__ = ["COLOURS", "markdown", "text", "unified"]

SAME = "no difference"
COLOURS = {"+": "green", "-": "red", "~": "yellow"}


def text(diff: Diff, *, details: bool = False) -> str:
    """Return a difference as lines for a terminal."""
    if not diff.changes:
        return f"{SAME}\n"
    found = list(rows(diff, details=details))
    lines = [line(row) for row in found]
    return "\n".join([*lines, "", *effects(diff)]) + "\n"


def unified(diff: Diff, context: int) -> str:
    """Return a difference as a unified diff of the objects' normal forms."""
    lines: list[str] = []
    for change in diff.changes:
        found = list(normal.unified(label(change), *change.lines, context))
        lines += found or [f"# {line(row)}" for row in change_rows(change)]
    return "".join(f"{one}\n" for one in lines)


def line(row: Row) -> str:
    """Return a row as one line."""
    sign = f"{row.sign} " if row.sign else ""
    place = f"  ({row.place})" if row.place else ""
    return f"{'    ' * row.depth}{sign}{row.text}{place}"


def markdown(diff: Diff) -> str:
    """Return a difference as a Markdown list."""
    if not diff.changes:
        return f"{SAME}\n"
    lines = []
    for row in rows(diff):
        sign = f"`{row.sign}` " if row.sign else ""
        place = f" <sub>{_plain(row.place)}</sub>" if row.place else ""
        lines.append(f"{'  ' * row.depth}- {sign}{_plain(row.text)}{place}")
    notes = [_plain(note) for note in effects(diff)]
    return "\n".join([*lines, "", *(f"{note}  " for note in notes)]).rstrip() + "\n"


def _plain(content: str) -> str:
    """Return a text so that Markdown shows it as it is."""
    for mark in "\\`*_[]<>|#":
        content = content.replace(mark, f"\\{mark}" if mark not in "<>" else mark)
    return content.replace("<", "&lt;").replace(">", "&gt;").replace("&lt;sub&gt;", "<sub>")
