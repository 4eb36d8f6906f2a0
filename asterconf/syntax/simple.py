"""Sections whose lines are all simple ones, read in one pass: no node is made of any line."""

from __future__ import annotations

from typing import NamedTuple

from asterconf.syntax.reader import patterns, unescape

__all__ = ["SimpleSection", "read_fields", "read_simple"]


class SimpleSection(NamedTuple):
    """What a section says that has simple lines only.

    Attributes:
        line: the number of its first line, the header if it has one.
        column: where its header begins, from 1; 0 without a header.
        name: of the header; empty without one.
        entries: those of the header's list.
        ignored: what stands behind the header.
        start: where the lines below the header begin in the text of the section.
        fields: name and value of each option, one behind the other; `None`: not read yet.
    """

    line: int
    column: int
    name: str
    entries: tuple[str, ...]
    ignored: str
    start: int
    fields: tuple[str, ...] | None


def read_simple(text: str, line: int, *, headed: bool, lazy: bool) -> SimpleSection | None:
    """Return what a section of plain lines says, which starts at line `line` with its header.

    Simple lines are comments, blank lines, and options without `+=` or an escaped first
    character. `None`: there is another one. `lazy`: names and values need not be read yet.
    """
    if "+" in text and "+=" in text:  # one character is found in a tenth of the time
        return None
    name, listed, ignored, column, start = "", None, "", 0, 0
    if headed:
        found = patterns().header.match(text)
        assert found is not None
        name, listed, ignored = found.groups()
        column, start = found.start(1), text.find("\n", found.end()) + 1 or len(text)
    fields = None
    seen = patterns().simple.match(text, start) if lazy else None
    if seen is None or seen.end() < len(text):
        fields = read_fields(text, start)
        if fields is None:
            return None
    if "\\" in text:
        name, listed, ignored = unescape(name), listed and unescape(listed), unescape(ignored)
    entries = tuple(listed.split(",")) if listed is not None else ()
    return SimpleSection(line, column, name, entries, ignored, start, fields)


def read_fields(text: str, start: int) -> tuple[str, ...] | None:
    """Return name and value of each option in plain lines from `start` on, one behind the other.

    `None`: a line there is neither a simple option, nor a comment, nor blank.
    """
    found = patterns().pairs.split(text[start:])
    if any(found[::3]):  # what stands between the matches
        return None
    del found[::3]
    if found and found[0] is None:  # comments and blank lines above the first option
        del found[:2]
    return tuple(map(unescape, found) if "\\" in text else found)
