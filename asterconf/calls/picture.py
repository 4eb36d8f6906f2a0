"""The way of a call as a picture, alone or in that of its dialplan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import attrs

from asterconf.graph import Edge, Graph, Node
from asterconf.secrets import shown_text
from asterconf.source import Position

if TYPE_CHECKING:
    from asterconf.calls.call import Call, CallStep, DialedTarget

__all__ = ["picture"]


def picture(call: Call, within: Graph | None) -> Graph:
    """Return the boxes that a call came by, with arrows that bear the numbers of its steps."""
    nodes = {node.key: node for node in within.nodes} if within is not None else {}
    edges = [*within.edges] if within is not None else []
    for steps in (call.steps, *(leg.steps for leg in call.legs)):
        for step in steps:
            for node in _boxes(step):
                nodes.setdefault(node.key, node)
        edges += _way(steps)
    for one in call.dialed:
        by = [step for step in call.steps if one.target in step.data]
        if by and not one.target.lower().startswith("local/"):
            node = _dialed(one)
            nodes.setdefault(node.key, node)
            edges.append(Edge(_key(by[-1]), node.key, "dials", one.status, _place(by[-1])))
    title = shown_text(f"call {call.number}@{call.context}")
    if within is not None:
        title = f"{within.title}: {title}"
    notes = (*(within.notes if within is not None else ()), str(call.outcome))
    return Graph(title, nodes.values(), edges, notes=notes)


def _key(step: CallStep) -> str:
    return f"extension:{step.holder}/{step.key}"


def _place(step: CallStep) -> Position | None:
    return Position(step.file, step.line, 1) if step.file else None


def _boxes(step: CallStep) -> Iterator[Node]:
    context = f"context:{step.holder}"
    yield Node(context, "context", shown_text(step.holder))
    label = shown_text(step.key)
    yield Node(_key(step), "extension", label, place=_place(step), inside=context)


def _way(steps: Sequence[CallStep]) -> Iterator[Edge]:
    """Yield an arrow for each step that led to another extension; its label is their numbers."""
    found: dict[tuple[str, str], Edge] = {}
    for number, (step, after) in enumerate(zip(steps, steps[1:], strict=False), 1):
        ends = _key(step), _key(after)
        known = found.get(ends)
        if known is not None:
            label = f"{known.label}, {number}"
            found[ends] = attrs.evolve(known, label=label, count=known.count + 1)
        elif ends[0] != ends[1]:
            found[ends] = Edge(*ends, "step", str(number), _place(step))
    yield from found.values()


def _dialed(one: DialedTarget) -> Node:
    """Return the box of what was dialed, with the key that it has in the dialplan's picture."""
    name = one.target.partition("/")[2]
    number, at, trunk = name.partition("@")
    bare = trunk if at else number.partition("/")[0]
    kind = "trunk" if at else "phone"
    return Node(f"{kind}:{bare}", kind, shown_text(bare))  # type: ignore[arg-type]
