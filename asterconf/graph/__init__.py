"""Pictures as values: boxes and arrows, as Mermaid text, DOT text and SVG."""

from __future__ import annotations

from asterconf.graph.graph import Graph
from asterconf.graph.values import Edge, Node, NodeKind

__all__ = ["Edge", "Graph", "Node", "NodeKind"]
