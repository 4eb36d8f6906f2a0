"""A graph as a Mermaid flow chart, in the language of Graphviz, and as its `dot` draws it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from html import escape
from importlib.util import find_spec
from textwrap import wrap

from asterconf.errors import MissingExtraError
from asterconf.graph.values import Edge, Node, NodeKind, Picture, href, times, title
from asterconf.source import printable

# -- Mermaid --------------------------------------------------------------------------------------


_BRACKETS: dict[NodeKind, tuple[str, str]] = {
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
_ODD = re.compile(r"""["#<>&`\\\n%]|\$(?=\$)""")
_STYLED = re.compile(rf"{_ODD.pattern}|:")
"""Mermaid takes the end off an entity behind `style` or `classDef` and a colon."""


def _mermaid_quoted(value: str) -> str:
    """Return text between quotes, where Mermaid takes nothing of it for its own language."""
    odd = _STYLED if "style" in value or "classDef" in value else _ODD
    escaped = odd.sub(lambda found: f"#{ord(found[0])};", printable(value))
    return f'"{escaped}"'


def mermaid_text(graph: Picture) -> str:
    """Return the text of the flow chart."""
    return "".join(f"{line}\n" for line in _mermaid_lines(graph))


def _mermaid_lines(graph: Picture) -> Iterator[str]:
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
    opening, closing = _BRACKETS[node.kind]
    words = f"{node.label} ({node.detail})" if node.detail else node.label
    return f"{names[node.key]}{opening}{_mermaid_quoted(words)}{closing}"


def _mermaid_arrow(edge: Edge, names: dict[str, str]) -> str:
    line = "-.->" if edge.kind in _DASHED else "-->"
    words = edge.kind + (f" {edge.label}" if edge.label else "")
    words += times(edge.count)
    return f"{names[edge.source]} {line}|{_mermaid_quoted(words)}| {names[edge.target]}"


# -- Graphviz -------------------------------------------------------------------------------------


_SHAPES: dict[NodeKind, str] = {
    "context": "box",
    "extension": "box",
    "phone": "oval",
    "trunk": "cds",
    "queue": "component",
    "mailbox": "note",
    "conference": "hexagon",
    "parking": "house",
    "other": "box",
}
_TINTS: dict[NodeKind, str] = {
    "context": "#2f81f7",
    "extension": "#2f81f7",
    "phone": "#2da44e",
    "trunk": "#d1242f",
    "queue": "#bf8700",
    "mailbox": "#8250df",
    "conference": "#1b7c83",
    "parking": "#6e7781",
    "other": "#6e7781",
}
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


def _link(graph: Picture, item: Node | Edge) -> list[str]:
    if item.place is None:
        return []
    words = _quoted(title(item.place))
    link = [f'URL="{escape(href(graph, item.place))}"', f"tooltip={words}"]
    return [*link, f"labeltooltip={words}"] if isinstance(item, Edge) else link


def dot_text(graph: Picture) -> str:
    """Return the text of the graph."""
    return "".join(f"{line}\n" for line in _lines(graph))


def _lines(graph: Picture) -> Iterator[str]:
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


def _box(graph: Picture, node: Node, table: str | None) -> list[str]:
    if table is not None:
        return ["shape=plain", "style=solid", f"label=<{table}>"]
    style = '"filled,dashed"' if node.missing else "filled"
    tint = f"{_TINTS[node.kind]}{_ALPHA}"
    look = [f"shape={_SHAPES[node.kind]}", f"style={style}", f'fillcolor="{tint}"']
    return [f"label={_quoted(node.label, node.detail)}", *look, *_link(graph, node)]


def _table(graph: Picture, context: Node, rows: list[Node], names: dict[str, str]) -> str:
    """Return the box of a context with a row for each of its extensions."""
    tint = f'BGCOLOR="{_TINTS["context"]}{_ALPHA}"'
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


def _cell_link(graph: Picture, node: Node) -> str:
    if node.place is None:
        return ""
    return f' HREF="{escape(href(graph, node.place))}" TITLE="{_cell(title(node.place))}"'


def _arrow(graph: Picture, edge: Edge) -> list[str]:
    words = edge.kind + times(edge.count)
    style = [_LINES[edge.kind]] if edge.kind in _LINES else []
    return [f"label={_quoted(words, edge.label)}", *style, *_link(graph, edge)]


# -- SVG ------------------------------------------------------------------------------------------


def installed() -> bool:
    """Tell whether pictures can be drawn here."""
    return find_spec("graphviz") is not None and shutil.which("dot") is not None


def svg(graph: Picture) -> str:
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

    drawn: str = graphviz.Source(dot_text(graph)).pipe("svg", encoding="utf-8")
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
