"""Pictures as values: boxes and arrows, as Mermaid text, DOT text and SVG.

A large picture can be grouped, so that few enough boxes are left to look at.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from html import escape
from importlib.util import find_spec
from os import PathLike
from pathlib import Path
from textwrap import wrap
from typing import Any, Literal, NamedTuple
from urllib.parse import quote

import attrs

from asterconf import shown
from asterconf.errors import MissingExtraError, NotFoundError
from asterconf.source import Position, comparable, count, printable

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
class Graph:
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
        return "".join(f"{line}\n" for line in _mermaid_lines(self))

    def dot(self) -> str:
        """Return the picture in the language of Graphviz."""
        return "".join(f"{line}\n" for line in _dot_lines(self))

    def svg(self) -> str:
        """Return the picture as SVG, which takes the colour of the text around it.

        Raises:
            MissingExtraError: Graphviz, or the extra `graph`, is not installed.
        """
        return _svg(self)

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
        kind = "image/svg+xml" if installed() else "text/vnd.mermaid"
        drawn = self.svg() if installed() else self.mermaid()
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


_TOLD = 30
"""The number of arrows that are told in words."""


def href(graph: Graph, place: Position) -> str:
    """Return the link to a line: the graph's beginning, the file, `#L` and the line."""
    base = quote(comparable(graph.links), safe=":/?&=#%+,;@!~*")
    return f"{base}{quote(comparable(place.file))}#L{place.line}"


def title(place: Position) -> str:
    """Return the tooltip of a box or arrow."""
    return f"{place.file}:{place.line}"


def times(count: int) -> str:
    """Return how often an arrow stands, if it is more than once."""
    return f" \N{MULTIPLICATION SIGN}{count:,}" if count > 1 else ""


class _NodeLook(NamedTuple):
    """How the boxes of one kind look, and what several of them are called."""

    opening: str
    """Before the text of a box in Mermaid."""
    closing: str
    shape: str
    """The shape of Graphviz."""
    tint: str
    words: str


_LOOKS: dict[NodeKind, _NodeLook] = {
    "context": _NodeLook("[", "]", "box", "#2f81f7", "contexts"),
    "extension": _NodeLook("[", "]", "box", "#2f81f7", "extensions"),
    "phone": _NodeLook("([", "])", "oval", "#2da44e", "phones"),
    "trunk": _NodeLook("{{", "}}", "cds", "#d1242f", "trunks"),
    "queue": _NodeLook("[[", "]]", "component", "#bf8700", "queues"),
    "mailbox": _NodeLook("[(", ")]", "note", "#8250df", "mailboxes"),
    "conference": _NodeLook("((", "))", "hexagon", "#1b7c83", "conferences"),
    "parking": _NodeLook("[/", "/]", "house", "#6e7781", "parking lots"),
    "other": _NodeLook("[", "]", "box", "#6e7781", "other names"),
}


# -- Mermaid --------------------------------------------------------------------------------------


_DASHED = {"includes", "starts in", "mailbox", "member"}
_ODD = re.compile(r"""["#<>&`\\\n%]|\$(?=\$)""")
_STYLED = re.compile(rf"{_ODD.pattern}|:")
"""Mermaid takes the end off an entity behind `style` or `classDef` and a colon."""


def _mermaid_quoted(value: str) -> str:
    """Return text between quotes, where Mermaid takes nothing of it for its own language."""
    odd = _STYLED if "style" in value or "classDef" in value else _ODD
    escaped = odd.sub(lambda found: f"#{ord(found[0])};", printable(value))
    return f'"{escaped}"'


def _mermaid_lines(graph: Graph) -> Iterator[str]:
    names = {node.key: f"n{index}" for index, node in enumerate(graph.nodes)}
    inside = graph.inside
    yield "flowchart LR"
    yield f"  accTitle: {_said(graph.title)}"
    yield f"  accDescr: {_said(graph.summary)}"
    yield from (f"  note{n}[{_mermaid_quoted(note)}]" for n, note in enumerate(graph.notes))
    for node in inside.get("", ()):
        rows = inside.get(node.key, ())
        if not rows:
            yield f"  {_mermaid_box(node, names)}"
            continue
        yield f"  subgraph {names[node.key]}[{_mermaid_quoted(node.label)}]"
        yield from (f"    {_mermaid_box(row, names)}" for row in rows)
        yield "  end"
    yield from (f"  {_mermaid_arrow(edge, names)}" for edge in graph.edges)
    for node in graph.nodes:
        if node.place:
            link, words = href(graph, node.place), _mermaid_quoted(title(node.place))
            yield f'  click {names[node.key]} href "{link}" {words}'
    missing = [names[node.key] for node in graph.nodes if node.missing]
    if missing:
        yield "  classDef missing stroke-dasharray:4 3,opacity:0.7"
        yield f"  class {','.join(missing)} missing"


def _said(text: str) -> str:
    """Return text for the end of a line, where Mermaid has no quotes."""
    return re.sub(r"[\s;#{}]+", " ", printable(text)).strip() or "picture"


def _mermaid_box(node: Node, names: dict[str, str]) -> str:
    look = _LOOKS[node.kind]
    words = f"{node.label} ({node.detail})" if node.detail else node.label
    return f"{names[node.key]}{look.opening}{_mermaid_quoted(words)}{look.closing}"


def _mermaid_arrow(edge: Edge, names: dict[str, str]) -> str:
    line = "-.->" if edge.kind in _DASHED else "-->"
    words = edge.kind + (f" {edge.label}" if edge.label else "")
    words += times(edge.count)
    return f"{names[edge.source]} {line}|{_mermaid_quoted(words)}| {names[edge.target]}"


# -- Graphviz -------------------------------------------------------------------------------------


_ALPHA = "2e"
"""The opacity of the tint in hex, low enough for pages of any colour."""

_LINES = {
    "includes": "style=dashed",
    "starts in": "style=dashed",
    "mailbox": "style=dotted",
    "member": "style=dotted",
    "gosub": "arrowhead=onormal",
}
_BACK = {"dials", "pages", "member"}
"""Where phones stand left of the contexts that their calls start in, these lead back to them."""

_WIDTH = 44
"""How many characters of a name fit into a box."""


_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "&": "&amp;"})


def _words(value: str) -> str:
    clean = printable(value).replace("\n", " ").replace("\t", " ")
    return clean if len(clean) <= _WIDTH else f"{clean[: _WIDTH - 1]}…"


def _quoted(*lines: str) -> str:
    r"""Return lines between quotes, without escapes such as `\N` and entities such as `&lt;`."""
    parts = (_words(line).translate(_ESCAPES) for line in lines if line)
    return '"' + "\\n".join(parts) + '"'


def _link(graph: Graph, item: Node | Edge) -> list[str]:
    if item.place is None:
        return []
    words = _quoted(title(item.place))
    link = [f'URL="{escape(href(graph, item.place))}"', f"tooltip={words}"]
    return [*link, f"labeltooltip={words}"] if isinstance(item, Edge) else link


def _dot_lines(graph: Graph) -> Iterator[str]:
    names = {node.key: f"n{index}" for index, node in enumerate(graph.nodes)}
    inside = graph.inside
    yield f"digraph {_quoted(graph.title)} {{"
    yield '  rankdir=LR; bgcolor=transparent; nodesep=0.2; ranksep=0.8; size="10,100";'
    yield '  node [fontname="sans-serif", fontsize=11, style=filled, margin="0.15,0.06"];'
    yield '  edge [fontname="sans-serif", fontsize=9, arrowsize=0.7];'
    if graph.notes:
        lines = (line for note in graph.notes for line in wrap(printable(note), _WIDTH))
        yield f'  label={_quoted(*lines)}; labelloc=t; fontname="sans-serif"; fontsize=11;'
    ports: dict[str, str] = {}
    for node in inside.get("", ()):
        rows = inside.get(node.key, [])
        for row in rows:
            ports[row.key] = f"{names[node.key]}:{names[row.key]}"
        label = _table(graph, node, rows, names) if rows else None
        yield f"  {names[node.key]} [{', '.join(_box(graph, node, label))}];"
    at = names | ports
    starts = any(edge.kind == "starts in" for edge in graph.edges)
    for edge in graph.edges:
        look = _arrow(graph, edge)
        look += ["constraint=false"] if starts and edge.kind in _BACK else []
        yield f"  {at[edge.source]} -> {at[edge.target]} [{', '.join(look)}];"
    yield "}"


def _box(graph: Graph, node: Node, table: str | None) -> list[str]:
    if table is not None:
        return ["shape=plain", "style=solid", f"label=<{table}>"]
    style = '"filled,dashed"' if node.missing else "filled"
    tint = f"{_LOOKS[node.kind].tint}{_ALPHA}"
    look = [f"shape={_LOOKS[node.kind].shape}", f"style={style}", f'fillcolor="{tint}"']
    return [f"label={_quoted(node.label, node.detail)}", *look, *_link(graph, node)]


def _table(graph: Graph, context: Node, rows: list[Node], names: dict[str, str]) -> str:
    """Return the box of a context with a row for each of its extensions."""
    tint = f'BGCOLOR="{_LOOKS["context"].tint}{_ALPHA}"'
    cells = [f"<TR><TD {tint}{_cell_link(graph, context)}><B>{_cell(context.label)}</B></TD></TR>"]
    cells += (
        f'<TR><TD PORT="{names[row.key]}" ALIGN="LEFT"{_cell_link(graph, row)}>'
        f"{_cell(row.label)}</TD></TR>"
        for row in rows
    )
    table = '<TABLE BORDER="0" CELLBORDER="1" CELLSPACING="0" CELLPADDING="4">'
    return f"{table}{''.join(cells)}</TABLE>"


def _cell(value: str) -> str:
    """Return text for a cell, which must not be empty, and where a backslash escapes, too."""
    return escape(_words(value)).replace("\\", "\\\\") or " "


def _cell_link(graph: Graph, node: Node) -> str:
    if node.place is None:
        return ""
    # Graphviz reads a cell as XML, and 2.43 writes what it read of a link without escaping it.
    link = escape(escape(href(graph, node.place)))
    return f' HREF="{link}" TITLE="{_cell(title(node.place))}"'


def _arrow(graph: Graph, edge: Edge) -> list[str]:
    words = edge.kind + times(edge.count)
    style = [_LINES[edge.kind]] if edge.kind in _LINES else []
    return [f"label={_quoted(words, edge.label)}", *style, *_link(graph, edge)]


# -- SVG ------------------------------------------------------------------------------------------


def installed() -> bool:
    """Tell whether pictures can be drawn here."""
    return find_spec("graphviz") is not None and shutil.which("dot") is not None


def _svg(graph: Graph) -> str:
    """Return the graph as drawn by `dot`, in the colour of the text around it.

    Raises:
        MissingExtraError: `dot`, or the package to call it, is not installed.
    """
    if not installed():
        raise MissingExtraError(
            "an SVG needs Graphviz and the extra 'graph': "
            "apt-get install graphviz; pip install 'asterconf[graph]'"
        )
    import graphviz  # type: ignore[import-untyped]

    drawn: str = graphviz.Source(graph.dot()).pipe("svg", encoding="utf-8")
    body = drawn[drawn.index("<svg") :]
    body = re.sub(r'(fill|stroke)="black"', r'\1="currentColor"', body)
    body = body.replace('stroke="transparent"', 'stroke="none"')
    # Alone, or as an <img>, it has no text around it. In a page, `:root` is not the SVG.
    alone = (
        "<style>.asterconf:root{color-scheme:light dark;background:Canvas;color:CanvasText}</style>"
    )
    name = _attribute(f"{graph.title}: {graph.summary}")
    head = (
        f'<svg class="asterconf" role="img" aria-label="{name}" fill="currentColor" '
        'style="max-width:100%;height:auto" '
    )
    told = f"<title>{name}</title>\n<desc>{_attribute(graph.description)}</desc>"
    return body.replace("<svg ", head, 1).replace(">", f">\n{told}\n{alone}", 1)


def _attribute(text: str) -> str:
    """Return text for XML: escaped, on one line, without what XML cannot hold."""
    clean = re.sub(r"\s|[^ -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", " ", printable(text))
    return escape(clean)


# -- grouping -------------------------------------------------------------------------------------

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
                detail=f"{total:,} {_LOOKS[first.kind].words}",
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

    return _merge(graph, key, lambda members: f"other {_LOOKS[members[0].kind].words}")
