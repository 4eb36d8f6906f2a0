"""The words and links of boxes and arrows that all kinds of pictures share."""

from __future__ import annotations

from urllib.parse import quote

from asterconf.graph.values import Picture
from asterconf.source import Position

__all__ = ["href", "times", "title"]


def href(graph: Picture, place: Position) -> str:
    """Return the link to a line: the graph's beginning, the file, `#L` and the line."""
    base = quote(graph.links, safe=":/?&=#%+,;@!~*")
    return f"{base}{quote(place.file, errors='surrogateescape')}#L{place.line}"


def title(place: Position) -> str:
    """Return the words that show when one points at a box or arrow."""
    return f"{place.file}:{place.line}"


def times(count: int) -> str:
    """Return how often an arrow stands, if it is more than once."""
    return f" \N{MULTIPLICATION SIGN}{count:,}" if count > 1 else ""
