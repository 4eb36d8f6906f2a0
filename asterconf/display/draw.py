"""Pictures of a dialplan, of one context, and of what refers to what in a configuration."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs

from asterconf.bind.pjsip import EndpointRecord
from asterconf.config import Config
from asterconf.diagnostic import places
from asterconf.dialplan.lookup import Dialplan
from asterconf.dialplan.values import DialplanContext, DialplanExtension
from asterconf.display.targets import Target, device, targets
from asterconf.graph import Edge, Graph, Node, NodeKind
from asterconf.graph.graph import collapse
from asterconf.language.pattern import matches
from asterconf.model import Mailbox, Queue
from asterconf.objects import Objects
from asterconf.schema.secrets import shown_text
from asterconf.source import Position, count

__all__ = ["draw", "draw_map"]


def draw(part: object, *, limit: int | None) -> Graph:
    """Return the picture of a dialplan or of one context; see `Dialplan.graph`."""
    if isinstance(part, DialplanContext):
        drawing = _Drawing(Dialplan((part,)), whole=False)
        title = f"context {part.name}"
    else:
        assert isinstance(part, Dialplan)
        drawing = _Drawing(part)
        title = "dialplan"
    drawing.contexts()
    return drawing.graph(title, limit)


def draw_map(conf: Config, *, limit: int | None) -> Graph:
    """Return the picture of a configuration; see `Config.map`."""
    drawing = _Map(conf.dialplan, conf.endpoints, conf.queues, conf.mailboxes)
    drawing.contexts()
    drawing.objects()
    return drawing.graph(str(conf.root) if conf.root else "configuration", limit, folded=True)


@attrs.define(eq=False)
class _Drawing:
    """A picture of a dialplan in the making.

    `whole`: what the dialplan does not have is not there, and not only drawn elsewhere.
    """

    plan: Dialplan
    whole: bool = attrs.field(default=True, kw_only=True)
    nodes: dict[str, Node] = attrs.field(factory=dict, init=False)
    edges: dict[tuple[str, str, str, str], Edge] = attrs.field(factory=dict, init=False)
    known: dict[str, DialplanContext] = attrs.field(init=False)
    names: dict[str, dict[str, DialplanExtension]] = attrs.field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        self.known = {context.name: context for context in self.plan.contexts}

    def graph(self, title: str, limit: int | None, *, folded: bool = False) -> Graph:
        """Return the picture, grouped where it has more boxes than `limit`."""
        graph = Graph(title, self.nodes.values(), self.edges.values())
        graph = collapse(graph) if folded else graph
        return graph if limit is None else graph.grouped(limit)

    # -- boxes and arrows ---------------------------------------------------------------------

    def node(self, kind: NodeKind, name: str, detail: str = "", **facts: Any) -> str:  # noqa: ANN401
        """Add a box, if it is not there yet, and return its key."""
        key = f"{kind}:{name}"
        if key not in self.nodes:
            node = Node(key, kind, shown_text(name) or "(empty)", shown_text(detail))
            self.nodes[key] = attrs.evolve(node, **facts)
        return key

    def edge(
        self, source: str, target: str, kind: str, place: Position | None = None, label: str = ""
    ) -> None:
        """Add an arrow, or count it once more."""
        key = (source, target, kind, label)
        known = self.edges.get(key)
        if known is None:
            self.edges[key] = Edge(source, target, kind, shown_text(label), place)
        else:
            self.edges[key] = attrs.evolve(known, count=known.count + 1)

    # -- the dialplan -------------------------------------------------------------------------

    def contexts(self) -> None:
        """Add every context with its extensions and what they lead to."""
        for context in self.plan.contexts:
            self.context(context.name)
            where = places(context)
            for index, extension in enumerate(context.extensions):
                path = f"extensions[{index}]."
                place = where.get(f"{path}steps[0]") or where.get(f"{path}hint")
                self.node(
                    "extension",
                    f"{context.name}/{extension.key}",
                    place=place,
                    inside=f"context:{context.name}",
                    label=shown_text(extension.key),
                    detail="" if extension.steps else "hint only",
                )
        for context in self.plan.contexts:
            self._lead_on(context)

    def context(self, name: str) -> str:
        """Add a context, which may be one that is only referred to."""
        found = self.known.get(name)
        if found is None:
            return self.node("context", name, missing=self.whole and "$" not in name)
        detail = count(len(found.extensions), "extension")
        return self.node("context", name, detail, place=places(found).get(""))

    def _lead_on(self, context: DialplanContext) -> None:
        where = places(context)
        mine = self.context(context.name)
        for index, include in enumerate(context.includes):
            place = where.get(f"includes[{index}]")
            self.edge(mine, self.context(include.context), "includes", place, include.timing)
        for index, extension in enumerate(context.extensions):
            known = dict(self.plan.globals, CONTEXT=context.name)
            if not extension.is_pattern:
                known["EXTEN"] = extension.name
            source = f"extension:{context.name}/{extension.key}"
            for n, step in enumerate(extension.steps):
                found = [o for t in targets(step, known) for o in self.meant(t, extension)]
                place = where.get(f"extensions[{index}].steps[{n}]") if found else None
                for target in found:
                    self._arrow(context, source, target, place)

    def _arrow(
        self, context: DialplanContext, source: str, target: Target, place: Position | None
    ) -> None:
        if target.kind != "extension":
            self.edge(source, self.thing(target), target.how, place)
            return
        name = target.name or context.name
        extension = self._extension(name, target.extension) if target.extension else None
        if extension is None and not target.name and not target.extension:
            return  # a label of the same extension
        key = f"extension:{name}/{extension.key}" if extension else self.context(name)
        if key != source:
            self.edge(source, key, target.how, place)

    def _extension(self, context: str, name: str) -> DialplanExtension | None:
        """Return the extension of a context that a jump to `name` runs, if that can be told."""
        found = self.known.get(context)
        if found is None or "$" in name:
            return None
        if context not in self.names:
            self.names[context] = {e.name: e for e in reversed(found.extensions) if e.steps}
        # A plain name is tried before every pattern.
        plain = self.names[context].get(name)
        return plain or next(
            (e for e in found.extensions if e.steps and matches(e.name, name)), None
        )

    def meant(self, target: Target, extension: DialplanExtension) -> Iterable[Target]:  # noqa: ARG002
        """Return the things that a name may stand for in an extension."""
        return (target,)

    def thing(self, target: Target) -> str:
        """Add what a step leads to, and return its key."""
        return self.node(target.kind, target.name)


@attrs.define(eq=False)
class _Map(_Drawing):
    """A picture of a configuration in the making."""

    endpoints: Objects[EndpointRecord]
    queues: Objects[Queue]
    mailboxes: Objects[Mailbox]
    views: dict[str, Objects[Any]] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        self.views = {"queue": self.queues, "mailbox": self.mailboxes, "phone": self.endpoints}

    def meant(self, target: Target, extension: DialplanExtension) -> Iterable[Target]:
        """Return the things whose number a pattern lets through: `PJSIP/${EXTEN}` in `_6XXX`."""
        before, exten, after = target.name.partition("${EXTEN}")
        if not exten or not extension.is_pattern:
            return (target,)
        found = [
            attrs.evolve(target, name=name)
            for name in self.views.get(target.kind, ())
            if name.startswith(before) and name.endswith(after)
            if matches(extension.name, name[len(before) : len(name) - len(after)])
        ]
        return found or (target,)

    def thing(self, target: Target) -> str:
        """Add what something leads to, as the configuration has it."""
        kind, name = target.kind, target.name
        if kind in {"phone", "trunk"} and name in self.endpoints:
            return self._endpoint(name)
        if name in self.views.get(kind, ()):
            return self.node(kind, name, place=places(self.views[kind][name]).get(""))
        elsewhere = kind in {"conference", "parking"} or "/" in name or "$" in name
        return self.node(kind, name, missing=not elsewhere)

    def _endpoint(self, name: str) -> str:
        record = self.endpoints[name]
        kind: NodeKind = "trunk" if record.role == "trunk" else "phone"
        phone = record.extension
        detail = phone.callerid.name if phone is not None else ""
        return self.node(kind, name, detail, place=places(record).get(""))

    def objects(self) -> None:
        """Add every endpoint, queue and mailbox, and what they refer to."""
        for name, record in self.endpoints.items():
            key = self._endpoint(name)
            one = record.extension or record.trunk
            if one is not None and one.context:
                self.edge(key, self.context(one.context), "starts in", places(one).get("context"))
            if record.extension is not None:
                boxes = record.extension.mailbox or ""
                place = places(record.extension).get("mailbox")
                self._leads(key, _boxes(boxes), place)
        for queue in self.queues.values():
            key = self.thing(Target("", "queue", queue.name))
            for index, member in enumerate(queue.members):
                place = places(queue).get(f"members[{index}]")
                self._leads(key, device(member.interface, "member"), place)
        for address in self.mailboxes:
            self.thing(Target("", "mailbox", address))

    def _leads(self, source: str, found: Iterable[Target], place: Position | None) -> None:
        for target in found:
            key = self.context(target.name) if target.kind == "extension" else self.thing(target)
            self.edge(source, key, target.how, place)


def _boxes(text: str) -> Iterable[Target]:
    names = (name.strip() for name in text.split(","))
    return (Target("mailbox", "mailbox", n if "@" in n else f"{n}@default") for n in names if n)
