"""Cuts a file into sections in one pass; the nodes inside are made when asked for."""

from __future__ import annotations

import attrs

from asterconf.syntax.lines import walk
from asterconf.syntax.nodes import Header
from asterconf.syntax.reader import has_long, patterns, physical_lines

__all__ = ["BOM", "Chunk", "scan"]

BOM = "\ufeff"


@attrs.define
class Chunk:
    """Where a section starts: at its header, or at the start of the file.

    `plain`: no line of it is touched by a block comment, a NUL or the length limit.
    `depth`: the comment depth at which its first line starts.
    """

    start: int
    plain: bool = True
    depth: int = 0


def scan(text: str, lead: int = 0) -> list[Chunk]:
    """Return the sections of `text`, which has no byte order mark; the first has no header.

    `lead` is how many bytes stand before the text in its first line.
    """
    chunks = [Chunk(0)]
    match = patterns().scan.match
    pos, size = 0, len(text)
    while pos < size:
        found = match(text, pos)
        if found is None:
            pos = _odd(text, pos, chunks, lead)
            continue
        end = found.end()
        if has_long(text, pos, end, lead):
            chunks[-1].plain = False
        elif found.lastindex == 2:
            chunks.append(Chunk(pos))
        pos = end
    return chunks


def _odd(text: str, pos: int, chunks: list[Chunk], lead: int) -> int:
    """Read lines one by one from `pos`, at least one, until the next line starts at depth 0."""
    chunks[-1].plain = False
    depth = 0
    end = pos
    for start, end, too_long in physical_lines(text, pos, lead=0 if pos else lead):
        raw = text[start:end]
        if not too_long and (";" in raw or "[" in raw):
            node, found = next(walk(raw, 0, depth))
            if isinstance(node, Header):
                chunks.append(Chunk(start, plain=False, depth=depth))
            depth = found.depth if found else depth
        if depth == 0:
            break
    return end
