"""Sections whose lines are all simple ones, read in one pass: no node is made of any line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from asterconf.syntax.reader import patterns, unescape

__all__ = ["SimpleSection", "read_pairs", "read_simple"]


class SimpleSection(NamedTuple):
    """What a section says that has simple lines only.

    Attributes:
        line: the number of its first line, the header if it has one.
        column: where its header begins, from 1; 0 without a header.
        name: of the header; empty without one.
        entries: those of the header's list.
        ignored: what stands behind the header.
        start: where the lines below the header begin in the text of the section.
        pairs: name and value of each option; `None`: not read yet.
    """

    line: int
    column: int
    name: str
    entries: Sequence[str]
    ignored: str
    start: int
    pairs: list[tuple[str, str]] | None


def read_simple(text: str, line: int, *, headed: bool, lazy: bool) -> SimpleSection | None:
    """Return what a section of plain lines says, which starts at line `line` with its header.

    Simple lines are comments, blank lines, and options without `+=` or an escaped first
    character. `None`: there is another one. `lazy`: names and values need not be read yet.
    """
    if "+=" in text:
        return None
    name, listed, ignored, column, start = "", None, "", 0, 0
    if headed:
        found = patterns().header.match(text)
        assert found is not None
        name, listed, ignored = found.groups()
        column, start = found.start(1), text.find("\n", found.end()) + 1 or len(text)
    pairs = None
    seen = patterns().simple.match(text, start) if lazy else None
    if seen is None or seen.end() < len(text):
        pairs = read_pairs(text, start)
        if pairs is None:
            return None
    if "\\;" in text:
        name, listed, ignored = unescape(name), listed and unescape(listed), unescape(ignored)
    entries = listed.split(",") if listed is not None else ()
    return SimpleSection(line, column, name, entries, ignored, start, pairs)


def read_pairs(text: str, start: int) -> list[tuple[str, str]] | None:
    """Return name and value of each option in plain lines from `start` on.

    `None`: a line there is neither a simple option, nor a comment, nor blank.
    """
    rows = patterns().pairs.findall(text, start)
    if [row for row in rows if row[1] and not row[0]]:
        return None
    pairs = [row for row in rows if row[0]]
    if "\\;" in text:
        return [(unescape(name), unescape(value)) for name, value in pairs]
    return pairs
