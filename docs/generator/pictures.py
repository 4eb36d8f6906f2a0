"""Pictures on the pages: drawn when the site is built, in the colours of their page."""

from __future__ import annotations

import re
from pathlib import Path

import asterconf
from asterconf.display import Graph
from asterconf.errors import MissingExtraError

__all__ = ["drawn"]

_ROOT = Path(__file__).parents[2]
_MARK = re.compile(r"(?m)^<!-- picture: (\S+)(?: (map|\[.+\]))? -->$")


def drawn(markdown: str) -> str:
    """Return a page with a picture for each of its marks.

    `<!-- picture: examples/home -->` is the dialplan, with `map` behind it the whole house, with
    `[internal]` one context. Without Graphviz it is the Mermaid text.
    """
    return _MARK.sub(lambda mark: _picture(_graph(mark[1], mark[2] or "")), markdown)


def _graph(folder: str, what: str) -> Graph:
    conf = asterconf.load(_ROOT / folder)
    if what == "map":
        return conf.map()
    return conf.dialplan[what[1:-1]].graph() if what else conf.dialplan.graph()


def _picture(graph: Graph) -> str:
    try:
        svg = graph.svg()
    except MissingExtraError:
        return f"```text\n{graph.mermaid()}\n```"
    bare = re.sub(
        r' (?:xlink:href|id)="[^"]*"|<style>.*?</style>|<!--.*?-->', "", svg, flags=re.DOTALL
    )
    return f'<div class="picture">{" ".join(bare.split())}</div>'
