"""Sections whose lines are all simple ones, read in one pass: no node is made of any line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from asterconf.syntax.reader import patterns, unescape

__all__ = ["SimpleSection", "read_simple"]


class SimpleSection(NamedTuple):
    """What a section says that has simple lines only: its header, and names and values."""

    line: int
    column: int
    name: str
    entries: Sequence[str]
    ignored: str
    pairs: list[tuple[str, str]]


def read_simple(text: str, line: int, *, headed: bool) -> SimpleSection | None:
    """Return what a section of plain lines says, which starts at line `line` with its header.

    Simple lines are comments, blank lines, and options without `+=` or an escaped first
    character. `None`: there is another one.
    """
    if "+=" in text:
        return None
    name, listed, ignored, column, start = "", None, "", 0, 0
    if headed:
        found = patterns().header.match(text)
        assert found is not None
        name, listed, ignored = found.groups()
        column, start = found.start(1), text.find("\n", found.end()) + 1 or len(text)
    rows = patterns().pairs.findall(text, start)
    if [row for row in rows if row[1] and not row[0]]:
        return None
    pairs = [row for row in rows if row[0]]
    if "\\;" in text:
        pairs = [(unescape(name), unescape(value)) for name, value in pairs]
        name, listed, ignored = unescape(name), listed and unescape(listed), unescape(ignored)
    entries = listed.split(",") if listed is not None else ()
    return SimpleSection(line, column, name, entries, ignored, pairs)
