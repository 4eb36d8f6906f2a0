"""Boxes and arrows as values, and the words and links that all kinds of pictures share."""

from __future__ import annotations

from typing import Literal
from urllib.parse import quote

import attrs

from asterconf.source import Position, comparable, count

NodeKind = Literal[
    "context", "extension", "phone", "trunk", "queue", "mailbox", "conference", "parking", "other"
]


@attrs.frozen
class Node:
    """A box.

    Attributes:
        key: names it in edges: its kind and name, such as `queue:sales`.
        kind: what it is. A phone is any device that a call may ring.
        label: its name.
        detail: what else its box says, such as `12 extensions`.
        place: where it is written.
        inside: the key of the context that an extension is drawn in.
        count: how many things it stands for.
        missing: whether something refers to it that is not there.
    """

    key: str
    kind: NodeKind
    label: str
    detail: str = ""
    place: Position | None = None
    inside: str = ""
    count: int = 1
    missing: bool = False


@attrs.frozen
class Edge:
    """An arrow.

    Attributes:
        source: the key of the node that it comes from.
        target: the key of the node that it leads to.
        kind: what it means: `includes`, `goto`, `gosub`, `dials`, `pages`, `queue`, `voicemail`,
            `messages`, `conference`, `parks`, `starts in`, `mailbox`, `member`, or `names` for any
            other name.
        label: a condition, such as the times of an include.
        place: the first line that says so.
        count: how many lines say so.
    """

    source: str
    target: str
    kind: str
    label: str = ""
    place: Position | None = None
    count: int = 1


@attrs.frozen(repr=False)
class Picture:
    """Boxes and arrows, before they are drawn.

    Attributes:
        title: what it is a picture of.
        nodes: the boxes.
        edges: the arrows between them.
        links: what the links of boxes and arrows begin with; each goes on with file and line,
            `extensions.conf#L12`.
        notes: what has to be known first, a sentence each, such as that Asterisk refuses a file.
    """

    title: str
    nodes: tuple[Node, ...] = attrs.field(default=(), converter=tuple[Node, ...])
    edges: tuple[Edge, ...] = attrs.field(default=(), converter=tuple[Edge, ...])
    links: str = ""
    notes: tuple[str, ...] = attrs.field(default=(), converter=tuple[str, ...])

    @property
    def inside(self) -> dict[str, list[Node]]:
        """The boxes by the key of the one that they are drawn in; empty: in none."""
        found: dict[str, list[Node]] = {}
        for node in self.nodes:
            found.setdefault(node.inside, []).append(node)
        return found

    @property
    def summary(self) -> str:
        """How many boxes and arrows it has."""
        return f"{count(len(self.nodes), 'box')}, {count(len(self.edges), 'arrow')}"

    @property
    def description(self) -> str:
        """The picture in words, for those who do not see it: its notes, and its first arrows."""
        labels = {node.key: node.label for node in self.nodes}
        told = [
            f"{labels[edge.source]} {edge.kind} {labels[edge.target]}"
            for edge in self.edges[:_TOLD]
        ]
        told += [f"{len(self.edges) - _TOLD:,} more arrows"] if len(self.edges) > _TOLD else []
        return ". ".join((*self.notes, self.summary, *told))


_TOLD = 30
"""The number of arrows that are told in words."""


def href(graph: Picture, place: Position) -> str:
    """Return the link to a line: the graph's beginning, the file, `#L` and the line."""
    base = quote(comparable(graph.links), safe=":/?&=#%+,;@!~*")
    return f"{base}{quote(comparable(place.file))}#L{place.line}"


def title(place: Position) -> str:
    """Return the tooltip of a box or arrow."""
    return f"{place.file}:{place.line}"


def times(count: int) -> str:
    """Return how often an arrow stands, if it is more than once."""
    return f" \N{MULTIPLICATION SIGN}{count:,}" if count > 1 else ""
