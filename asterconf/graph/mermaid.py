"""A graph as a Mermaid flow chart."""

from __future__ import annotations

import re
from collections.abc import Iterator

from asterconf.graph.links import href, times, title
from asterconf.graph.values import Edge, Node, NodeKind, Picture
from asterconf.source import printable

__all__ = ["text"]

_SHAPES: dict[NodeKind, tuple[str, str]] = {
    "context": ("[", "]"),
    "extension": ("[", "]"),
    "phone": ("([", "])"),
    "trunk": ("{{", "}}"),
    "queue": ("[[", "]]"),
    "mailbox": ("[(", ")]"),
    "conference": ("((", "))"),
    "parking": ("[/", "/]"),
    "other": ("[", "]"),
}
_DASHED = {"includes", "starts in", "mailbox", "member"}
_ODD = re.compile(r"""["#<>&`\\\n]""")


def _quoted(value: str) -> str:
    """Return text between quotes, where Mermaid takes nothing of it for its own language."""
    escaped = _ODD.sub(lambda found: f"#{ord(found[0])};", printable(value))
    return f'"{escaped}"'


def text(graph: Picture) -> str:
    """Return the text of the flow chart."""
    return "".join(f"{line}\n" for line in _lines(graph))


def _lines(graph: Picture) -> Iterator[str]:
    names = {node.key: f"n{index}" for index, node in enumerate(graph.nodes)}
    inside: dict[str, list[Node]] = {}
    for node in graph.nodes:
        inside.setdefault(node.inside, []).append(node)
    yield "flowchart LR"
    for node in inside.get("", ()):
        rows = inside.get(node.key, ())
        if not rows:
            yield f"  {_box(node, names)}"
            continue
        yield f"  subgraph {names[node.key]}[{_quoted(node.label)}]"
        yield from (f"    {_box(row, names)}" for row in rows)
        yield "  end"
    yield from (f"  {_arrow(edge, names)}" for edge in graph.edges)
    for node in graph.nodes:
        if node.place:
            link, words = href(graph, node.place), _quoted(title(node.place))
            yield f'  click {names[node.key]} href "{link}" {words}'
    missing = [names[node.key] for node in graph.nodes if node.missing]
    if missing:
        yield "  classDef missing stroke-dasharray:4 3,opacity:0.7"
        yield f"  class {','.join(missing)} missing"


def _box(node: Node, names: dict[str, str]) -> str:
    opening, closing = _SHAPES[node.kind]
    words = f"{node.label} ({node.detail})" if node.detail else node.label
    return f"{names[node.key]}{opening}{_quoted(words)}{closing}"


def _arrow(edge: Edge, names: dict[str, str]) -> str:
    line = "-.->" if edge.kind in _DASHED else "-->"
    words = edge.kind + (f" {edge.label}" if edge.label else "")
    words += times(edge.count)
    return f"{names[edge.source]} {line}|{_quoted(words)}| {names[edge.target]}"
