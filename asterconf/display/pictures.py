"""Pictures of a dialplan, of one context, and of what refers to what in a configuration."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

import attrs

from asterconf.bind.pjsip import EndpointRecord
from asterconf.config import Config, LiveDialplan
from asterconf.diagnostic import places
from asterconf.dialplan.lookup import Dialplan
from asterconf.dialplan.values import DialplanContext, DialplanExtension
from asterconf.graph import Edge, Graph, Node, NodeKind, collapse
from asterconf.language.pattern import matches
from asterconf.model import Mailbox, Queue
from asterconf.objects import Objects
from asterconf.references.index import ReferenceList
from asterconf.references.mentions import DEVICE, PLAN, Mention, pieces
from asterconf.references.plan import PlanUses, Use
from asterconf.references.values import Name, Reference
from asterconf.secrets import shown_text
from asterconf.source import Position, count

_KINDS: Mapping[str, NodeKind] = {
    "context": "context", "extension": "extension", "label": "extension", "endpoint": "phone",
    "device": "phone", "queue": "queue", "mailbox": "mailbox", "conference": "conference",
    "parking_lot": "parking",
}  # fmt: skip
"""The box that is drawn for a kind of name; all others are only drawn where they are missing."""


def draw(part: object, *, limit: int | None) -> Graph:
    """Return the picture of a dialplan or of one context; see `Dialplan.graph`."""
    if isinstance(part, DialplanContext):
        drawing = _Drawing(PlanUses(Dialplan((part,))), None)
        title = f"context {part.name}"
    else:
        assert isinstance(part, Dialplan)
        references = part.references if isinstance(part, LiveDialplan) else None
        uses = references.plan if references is not None else PlanUses(part)
        drawing = _Drawing(uses, references.missing() if references is not None else None)
        drawing.whole = references is None
        title = "dialplan"
    drawing.contexts()
    drawing.rest(lambda one: one.source.file == PLAN)
    notes = _notes((part.caveat,), part) if isinstance(part, Dialplan) else ()
    return drawing.graph(title, limit, notes=notes)


def draw_map(conf: Config, *, limit: int | None) -> Graph:
    """Return the picture of a configuration; see `Config.map`."""
    references = conf.references
    drawing = _Map(
        references.plan, references.missing(), conf.endpoints, conf.queues, conf.mailboxes
    )
    drawing.contexts()
    drawing.objects()
    drawing.rest(lambda _: True)
    title = str(conf.root) if conf.root else "configuration"
    notes = _notes(conf.refused, conf.dialplan)
    return drawing.graph(title, limit, folded=True, notes=notes)


def _notes(refused: Iterable[str], plan: Dialplan) -> tuple[str, ...]:
    """Return what has to be known before a picture: what Asterisk refuses, and what is unknown."""
    unknown = (f"unknown: {other.because}" for other in plan.elsewhere)
    return tuple(shown_text(one) for one in (*refused, *unknown) if one)


@attrs.define(eq=False)
class _Drawing:
    """A picture of a dialplan in the making.

    `missing` are the references to what is not there; None: the files are not known, and then
    `whole` tells whether a context that the dialplan does not have is not there.
    """

    uses: PlanUses
    missing: ReferenceList | None
    whole: bool = attrs.field(default=False, init=False)
    nodes: dict[str, Node] = attrs.field(factory=dict, init=False)
    edges: dict[tuple[str, str, str, str], Edge] = attrs.field(factory=dict, init=False)
    gone: frozenset[Name] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.gone = frozenset(one.target for one in self.missing or ())

    def graph(
        self,
        title: str,
        limit: int | None,
        *,
        folded: bool = False,
        notes: tuple[str, ...] = (),
    ) -> Graph:
        """Return the picture, grouped where it has more boxes than `limit`."""
        graph = Graph(title, self.nodes.values(), self.edges.values(), notes=notes)
        graph = collapse(graph) if folded else graph
        return graph if limit is None else graph.grouped(limit)

    # -- boxes and arrows -------------------------------------------------------------------------

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

    # -- the dialplan -----------------------------------------------------------------------------

    def contexts(self) -> None:
        """Add every context with its extensions and what they lead to."""
        for context in self.uses.plan.contexts:
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
        for context in self.uses.plan.contexts:
            self._lead_on(context)

    def context(self, name: str) -> str:
        """Add a context, which may be one that is only referred to."""
        found = self.uses.contexts.get(name)
        if found is None:
            missing = Name(PLAN, "context", name) in self.gone or (self.whole and "$" not in name)
            return self.node("context", name, missing=missing)
        detail = count(len(found.extensions), "extension")
        return self.node("context", name, detail, place=places(found).get(""))

    def _lead_on(self, context: DialplanContext) -> None:
        where = places(context)
        mine = self.context(context.name)
        for index, include in enumerate(context.includes):
            place = where.get(f"includes[{index}]")
            self.edge(mine, self.context(include.context), "includes", place, include.timing)
        steps = groupby(self.uses.of(context), key=lambda one: (one.extension, one.step))
        for (index, step), found in steps:
            if step < 0:
                continue
            extension = context.extensions[index]
            source = f"extension:{context.name}/{extension.key}"
            targets = dict.fromkeys(self._targets([one.use for one in found], extension))
            place = where.get(f"extensions[{index}].steps[{step}]") if targets else None
            for target, how in targets:
                if target != source:
                    self.edge(source, target, how, place)

    def _targets(self, uses: list[Use], extension: DialplanExtension) -> Iterator[tuple[str, str]]:
        """Yield the key of each box that a step leads to, and the kind of the arrow."""
        for use, after in zip(uses, [*uses[1:], None], strict=True):
            kind = use.target.kind
            if use.how == "names" or kind not in _KINDS:
                continue
            if kind == "label":
                if use.target in self.gone:
                    yield self.node("extension", use.target.name, missing=True), use.how
            elif kind == "extension":
                yield self._extension(use.target), use.how
            elif kind == "context":
                if after is None or after.target.kind != "extension":
                    yield self.context(use.target.name), use.how
            elif kind != "device" or "/" in use.target.name:
                box: NodeKind = "trunk" if use.through else _KINDS[kind]
                for name in self.meant(box, use.target.name, extension):
                    yield self.thing(box, name, use.target), use.how

    def _extension(self, target: Name) -> str:
        """Return the box of an extension, or that of its context if it is not known."""
        key, _, context = target.name.rpartition("@")
        known = f"extension:{context}/{key}"
        if known in self.nodes:
            return known
        if target in self.gone:
            return self.node("extension", target.name, missing=True)
        return self.context(context)

    def meant(self, kind: NodeKind, name: str, extension: DialplanExtension) -> Iterable[str]:  # noqa: ARG002
        """Return the things that a name may stand for in an extension."""
        return (name,)

    def thing(self, kind: NodeKind, name: str, target: Name) -> str:
        """Add what a step leads to, and return its key."""
        return self.node(kind, name, missing=target in self.gone)

    def rest(self, wanted: Callable[[Reference], bool]) -> None:
        """Add what is missing and not drawn yet, with what names it where that is drawn."""
        for one in self.missing or ():
            kind = _KINDS.get(one.target.kind, "other")
            key = f"{kind}:{one.target.name}"
            if not wanted(one) or key in self.nodes or f"trunk:{one.target.name}" in self.nodes:
                continue
            source = _box(one.source)
            self.node(kind, one.target.name, missing=True)
            if source in self.nodes:
                self.edge(source, key, one.by, one.place)


def _box(name: Name) -> str:
    """Return the key of the box in which a name is drawn."""
    key, _, context = name.name.rpartition("@")
    if name.kind == "extension":
        return f"extension:{context}/{key}"
    return f"{_KINDS.get(name.kind, 'other')}:{name.name}"


@attrs.define(eq=False)
class _Map(_Drawing):
    """A picture of a configuration in the making."""

    endpoints: Objects[EndpointRecord]
    queues: Objects[Queue]
    mailboxes: Objects[Mailbox]
    views: dict[str, Mapping[str, Any]] = attrs.field(init=False)
    records: dict[str, EndpointRecord] = attrs.field(init=False)
    """The endpoints as devices name them; those of PJSIP without the technology."""

    def __attrs_post_init__(self) -> None:
        _Drawing.__attrs_post_init__(self)
        found = (one for name in self.endpoints for one in self.endpoints.all(name))
        self.records = {
            one.name if one.technology == "pjsip" else f"{one.technology.upper()}/{one.name}": one
            for one in found
        }
        self.views = {"queue": self.queues, "mailbox": self.mailboxes, "phone": self.records}

    def meant(self, kind: NodeKind, name: str, extension: DialplanExtension) -> Iterable[str]:
        """Return the things whose number a pattern lets through: `PJSIP/${EXTEN}` in `_6XXX`."""
        before, exten, after = name.partition("${EXTEN}")
        if not exten or not extension.is_pattern:
            return (name,)
        found = [
            name
            for name in self.views.get(kind, ())
            if name.startswith(before) and name.endswith(after)
            if matches(extension.name, name[len(before) : len(name) - len(after)])
        ]
        return found or (name,)

    def thing(self, kind: NodeKind, name: str, target: Name) -> str:
        """Add what something leads to, as the configuration has it."""
        if kind in {"phone", "trunk"} and name in self.records:
            return self._endpoint(name)
        if name in self.views.get(kind, ()):
            return self.node(kind, name, place=places(self.views[kind][name]).get(""))
        return self.node(kind, name, missing=target in self.gone)

    def _endpoint(self, name: str) -> str:
        record = self.records[name]
        kind: NodeKind = "trunk" if record.role == "trunk" else "phone"
        phone = record.extension
        detail = phone.callerid.name if phone is not None else ""
        detail = detail if record.in_force else "nothing reads it"
        return self.node(kind, name, detail, place=places(record).get(""))

    def objects(self) -> None:
        """Add every endpoint, queue and mailbox, and what they refer to."""
        for name, record in self.records.items():
            key = self._endpoint(name)
            one = record.extension or record.trunk
            if one is not None and one.context:
                self.edge(key, self.context(one.context), "starts in", places(one).get("context"))
            if record.extension is not None:
                mention = Mention(0, 0, "", "mailbox", "", "mailbox", "mailbox")
                boxes = [one.strip() for one in (record.extension.mailbox or "").split(",")]
                place = places(record.extension).get("mailbox")
                for box in filter(None, boxes):
                    self._leads(key, mention, box, place)
        for queue in self.queues.values():
            key = self.thing("queue", queue.name, Name("queues.conf", "queue", queue.name))
            for index, member in enumerate(queue.members):
                place = places(queue).get(f"members[{index}]")
                device = Mention(0, 0, "", DEVICE, "", "member", "member")
                self._leads(key, device, member.interface, place)
        for address in self.mailboxes:
            self.thing("mailbox", address, Name("voicemail.conf", "mailbox", address))

    def _leads(self, source: str, mention: Mention, text: str, place: Position | None) -> None:
        """Add what an option of an object leads to."""
        for piece in pieces(mention, text):
            if piece.kind == "extension":
                continue
            box = _KINDS[piece.kind]
            if box == "context":
                key = self.context(piece.name)
            elif piece.kind == "device" and "/" not in piece.name:
                continue
            else:
                box = "trunk" if piece.within else box
                key = self.thing(box, piece.name, Name(piece.file, piece.kind, piece.name))
            self.edge(source, key, mention.how, place)
