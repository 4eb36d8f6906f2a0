"""`Graph`: a picture as text and as SVG, and how many boxes become few enough to look at."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from os import PathLike
from pathlib import Path
from typing import Any

import attrs

from asterconf import shown
from asterconf.errors import NotFoundError
from asterconf.graph import drawing
from asterconf.graph.values import Edge, Node, NodeKind, Picture
from asterconf.source import printable


@attrs.frozen(repr=False)
class Graph(Picture):
    """Boxes and arrows: as Mermaid text, as DOT text, and as SVG where Graphviz is installed.

    `str()` is the Mermaid text. A notebook shows the SVG, or the Mermaid text without Graphviz.

    Attributes:
        title: what it is a picture of.
        nodes: the boxes.
        edges: the arrows between them.
        links: what the links of boxes and arrows begin with; each goes on with file and line,
            `extensions.conf#L12`.
        notes: what has to be known first, a sentence each, such as that Asterisk refuses a file.
    """

    def __repr__(self) -> str:
        notes = "".join(f"; {printable(note)}" for note in self.notes)
        return f"<Graph {printable(self.title)}: {self.summary}{notes}>"

    def __str__(self) -> str:
        return self.mermaid()

    def node(self, key: str) -> Node:
        """Return the node of a key such as `context:from-home`.

        Raises:
            NotFoundError: there is none.
        """
        for node in self.nodes:
            if node.key == key:
                return node
        raise NotFoundError(f"{printable(self.title)} has no box {key!r}")

    def mermaid(self) -> str:
        """Return the picture as a Mermaid flow chart, which many Markdown viewers draw."""
        return drawing.mermaid_text(self)

    def dot(self) -> str:
        """Return the picture in the language of Graphviz."""
        return drawing.dot_text(self)

    def svg(self) -> str:
        """Return the picture as SVG, which takes the colour of the text around it.

        Raises:
            MissingExtraError: Graphviz, or the extra `graph`, is not installed.
        """
        return drawing.svg(self)

    def save(self, path: str | PathLike[str]) -> None:
        """Write the picture into a file; its ending says as what.

        `.svg` is the drawing, `.html` a page with it, `.dot` or `.gv` the text for Graphviz, and
        `.mmd` or `.mermaid` the Mermaid text.

        Raises:
            ValueError: the name has another ending.
            MissingExtraError: Graphviz, or the extra `graph`, is not installed, for an SVG.
            OSError: the file cannot be written.
        """
        made: dict[str, Callable[[], str]] = {
            ".svg": self.svg,
            ".html": lambda: str(shown.display().view(self).page()),
            **dict.fromkeys((".dot", ".gv"), self.dot),
            **dict.fromkeys((".mmd", ".mermaid"), self.mermaid),
        }
        ending = Path(path).suffix
        if ending not in made:
            raise ValueError(f"a picture is saved as {', '.join(made)}, not as {ending!r}")
        Path(path).write_text(made[ending](), encoding="utf-8", errors="backslashreplace")

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, str], dict[str, Any]]:
        kind = "image/svg+xml" if drawing.installed() else "text/vnd.mermaid"
        drawn = self.svg() if drawing.installed() else self.mermaid()
        return {"text/plain": repr(self), kind: drawn}, {kind: {"alt": self.description}}

    def grouped(self, limit: int) -> Graph:
        """Return the picture with at most about `limit` boxes, each step only if need be.

        First the extensions of a context become one box with their number; then things of one
        kind that the same boxes refer to; then names that differ in their digits only; and at
        last of each kind all but those with the most arrows.
        """
        graph = self
        for step in (collapse, _alike, _neighbours, _digits, _alike, _digits, _alike):
            if len(graph.nodes) <= limit:
                return graph
            graph = step(graph)
        return graph if len(graph.nodes) <= limit else _rest(graph, limit)


# -- grouping -------------------------------------------------------------------------------------

_WORDS: Mapping[NodeKind, str] = {
    "context": "contexts",
    "extension": "extensions",
    "phone": "phones",
    "trunk": "trunks",
    "queue": "queues",
    "mailbox": "mailboxes",
    "conference": "conferences",
    "parking": "parking lots",
    "other": "other names",
}

Key = tuple[object, ...]


def _merge(
    graph: Graph, key_of: Callable[[Node], Key | None], name: Callable[[list[Node]], str]
) -> Graph:
    """Return the graph with the nodes of one key as one; `None`: a node stays itself."""
    groups: dict[Key, list[Node]] = {}
    for node in graph.nodes:
        key = key_of(node)
        groups.setdefault((node.key,) if key is None else key, []).append(node)
    nodes: list[Node] = []
    new: dict[str, str] = {}
    for members in groups.values():
        first = members[0]
        if len(members) > 1:
            total = sum(node.count for node in members)
            first = attrs.evolve(
                first,
                label=name(members),
                detail=f"{total:,} {_WORDS[first.kind]}",
                count=total,
                missing=all(node.missing for node in members),
            )
        nodes.append(first)
        new.update((node.key, first.key) for node in members)
    return attrs.evolve(graph, nodes=nodes, edges=_redirected(graph.edges, new))


def _redirected(edges: Iterable[Edge], new: Mapping[str, str]) -> list[Edge]:
    """Return the edges between what the nodes have become, those of one meaning as one."""
    merged: dict[tuple[str, str, str], Edge] = {}
    for edge in edges:
        source, target = new[edge.source], new[edge.target]
        if source == target and edge.source != edge.target:
            continue
        known = merged.get((source, target, edge.kind))
        if known is None:
            merged[source, target, edge.kind] = attrs.evolve(edge, source=source, target=target)
            continue
        label = known.label if known.label == edge.label else ""
        merged[source, target, edge.kind] = attrs.evolve(
            known, count=known.count + edge.count, label=label
        )
    return list(merged.values())


def collapse(graph: Graph) -> Graph:
    """Draw the extensions of a context in its own box, which says how many they are."""
    new = {node.key: node.inside or node.key for node in graph.nodes}
    nodes = [node for node in graph.nodes if not node.inside]
    return attrs.evolve(graph, nodes=nodes, edges=_redirected(graph.edges, new))


def _alike(graph: Graph) -> Graph:
    """Draw things of one kind as one where the same boxes have the same arrows to them."""
    around: dict[str, set[tuple[str, str, bool]]] = {}
    for edge in graph.edges:
        around.setdefault(edge.source, set()).add((edge.target, edge.kind, True))
        around.setdefault(edge.target, set()).add((edge.source, edge.kind, False))

    def key(node: Node) -> Key | None:
        if node.kind == "context":
            return None
        return node.kind, node.missing, frozenset(around.get(node.key, ()))

    return _merge(graph, key, _span)


_TO = " … "


def _span(members: list[Node]) -> str:
    """Return the first and the last name of those that are drawn as one."""
    first, last = members[0].label.split(_TO)[0], members[-1].label.split(_TO)[-1]
    return first if first == last else f"{first}{_TO}{last}"


def _neighbours(graph: Graph) -> Graph:
    """Draw the phones and trunks as one whose calls start in the same context."""
    starts = {edge.source: edge.target for edge in graph.edges if edge.kind == "starts in"}

    def key(node: Node) -> Key | None:
        return (node.kind, starts[node.key]) if node.key in starts else None

    return _merge(graph, key, _span)


def _digits(graph: Graph) -> Graph:
    """Draw things of one kind as one where their names differ in digits only."""

    def pattern(node: Node) -> str:
        return re.sub(r"[0-9]+", "#", node.label)

    def name(members: list[Node]) -> str:
        return pattern(members[0]) if members[0].kind == "context" else _span(members)

    return _merge(graph, lambda node: (node.kind, node.missing, pattern(node)), name)


def _rest(graph: Graph, limit: int) -> Graph:
    """Draw those with the most arrows, and of each kind the others as one."""
    arrows = Counter(key for edge in graph.edges for key in (edge.source, edge.target))
    kinds = {node.kind for node in graph.nodes}
    ranked = sorted(graph.nodes, key=lambda node: -arrows[node.key])
    kept = {node.key for node in ranked[: max(limit - len(kinds), 1)]}

    def key(node: Node) -> Key | None:
        return None if node.key in kept else (node.kind,)

    return _merge(graph, key, lambda members: f"other {_WORDS[members[0].kind]}")
