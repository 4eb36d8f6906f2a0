"""Where calls are, with which inputs, and what was found on the way."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import cached_property, lru_cache

import attrs

from asterconf.ask.lookups import Alike, Found
from asterconf.ask.values import Mark
from asterconf.flow.sinks import Sunk, UnsureSink
from asterconf.numbers import automaton as at
from asterconf.numbers import terms
from asterconf.numbers.automaton import Automaton
from asterconf.numbers.terms import Box, InputSlice

Fact = tuple[str, str, str]
"""What the world decides: of what kind, about what, and how."""
Frame = tuple[str, str, int, tuple[tuple[str, str | None], ...]]
"""Where a subroutine returns to, and the variables that its own ones hide."""


def target_endpoint(target: str) -> str | None:
    """Return the term of the endpoint that a target dials; None: it dials no endpoint of PJSIP.

    Source: channels/chan_pjsip.c, request: the endpoint is what stands behind the first `@`.
    """
    technology, slash, resource = target.partition("/")
    if not slash or technology.lower() != "pjsip":
        return None
    name = resource.partition("/")[0]
    return name.partition("@")[2] if "@" in name else name


_names = lru_cache(4096)(frozenset[str])
"""A set of names, of which there is one object."""


@attrs.frozen(cache_hash=True)
class State:
    """Where calls are, and what decides how they go on.

    Attributes:
        context: where; `exten` is a term, `priority` the step that comes next.
        variables: the channel's, as far as some step reads them.
        frames: the subroutines that they are in.
        inherited: variables that called channels get, each with how far.
        up: whether they are answered.
        phase: `enter` before the first step, then `run`; `h` after the hang-up.
        level: how many Local channels lead here.
        part: 0, or the number of the further call that a step made possible.
    """

    context: str
    exten: str
    priority: int
    variables: tuple[tuple[str, str], ...] = ()
    frames: tuple[Frame, ...] = ()
    inherited: tuple[tuple[str, int], ...] = ()
    up: bool = False
    phase: str = "run"
    level: int = 0
    part: str = ""

    @property
    def at(self) -> tuple[str, str, int]:
        """Context, extension and priority."""
        return self.context, self.exten, self.priority

    @cached_property
    def live(self) -> frozenset[str]:
        """The inputs that it still mentions."""
        texts = [self.exten, *(value for _, value in self.variables)]
        texts += [t for frame in self.frames for t in (frame[1], *(v or "" for _, v in frame[3]))]
        found = {
            part.input
            for text in texts
            if not text.isascii()
            for part in terms.atoms(text)
            if isinstance(part, InputSlice)
        }
        return _names(tuple(sorted(found)))


@attrs.frozen(eq=False)
class Reached:
    """A state that some inputs reach, and the way there."""

    state: State
    box: Box
    before: Reached | None = None
    facts: tuple[Fact, ...] = ()
    marks: frozenset[Mark] = frozenset()
    whole: Box | None = None
    """The box with the inputs that no later step mentions."""

    def way(self) -> list[Reached]:
        """Return the nodes from the first to this one."""
        found: list[Reached] = []
        node: Reached | None = self
        while node is not None:
            found.append(node)
            node = node.before
        return found[::-1]

    def facts_before(self) -> list[Fact]:
        """Return what the world decided on the way."""
        return [fact for node in self.way() for fact in node.facts]


_Behind = dict[tuple[Reached, Reached], Reached]
"""The nodes of further calls by each way into these."""


@attrs.frozen
class Dialed:
    """Something that calls of a box dial.

    Attributes:
        node: where; its box is what they come in with.
        box: the inputs that dial it.
        target: what is dialled, as a term.
        facts: what the world decided in this step, up to here.
        marks: what that depends on.
        place: file and line of the step.
        alike: extensions of which each dials an endpoint of its own; None: it is this target.
    """

    node: Reached
    box: Box
    target: str
    facts: tuple[Fact, ...]
    marks: frozenset[Mark]
    place: tuple[str, int]
    alike: Alike | None = None

    def each(self, names: Collection[str]) -> Iterator[Dialed]:
        """Yield it, or what each of several extensions dials of some endpoints."""
        if self.alike is None:
            yield self
            return
        for target, place, box in self.alike.dialled(self.box, names):
            yield attrs.evolve(self, target=target, place=place, box=box, alike=None)


@attrs.frozen(eq=False)
class Outcome:
    """What a step does to calls, on one way.

    Attributes:
        box: the inputs that take it.
        ended: whether calls are over behind it.
        mark: what stops them; None: they can be followed.
        step: what was found at the place; None: nothing.
        place: its file and line.
        facts: what the world decided.
        marks: what only a running Asterisk knows of the way.
        doubts: what these calls may do besides.
        dialed: what is dialled: the target, and the facts and marks up to there.
        sides: where other channels begin.
        after: where the calls are then; of calls that ended in their `h`, or None: there is none.
        over: whether it was a step of `h`.
        sunk: texts of callers that are taken apart.
        unsure_sinks: what gets where texts are taken apart, and may be a caller's.
    """

    box: Box
    ended: bool
    mark: Mark | None
    step: Found | None
    place: tuple[str, int]
    facts: tuple[Fact, ...]
    marks: frozenset[Mark]
    doubts: tuple[Mark, ...]
    dialed: tuple[tuple[str, tuple[Fact, ...], frozenset[Mark]], ...]
    sides: tuple[State, ...]
    after: State | None
    over: bool
    sunk: tuple[Sunk, ...]
    unsure_sinks: tuple[UnsureSink, ...]


@attrs.define
class Result:
    """What was found: what is dialled, what cannot be followed, and the states."""

    dialed: list[Dialed] = attrs.field(factory=list)
    stopped: dict[Mark, list[Reached]] = attrs.field(factory=dict)
    """Where calls cannot be followed, or may go elsewhere, each time."""
    seen: dict[State, dict[Box, bool]] = attrs.field(factory=dict)
    sinks: list[tuple[Reached, Outcome, Sunk]] = attrs.field(factory=list)
    sunk: list[tuple[Reached, Outcome, Sunk]] = attrs.field(factory=list)
    """Texts of callers that are taken apart, each with the node and what its step does."""
    unsure_sinks: list[tuple[Outcome, UnsureSink]] = attrs.field(factory=list)
    """What gets where texts are taken apart, and may be a caller's."""
    ended: list[Reached] = attrs.field(factory=list)
    """Where calls end in other ways than by the caller's hanging up, before they are handed over.
    """
    edges: list[tuple[Reached, State]] = attrs.field(factory=list)
    """Which state comes after a node, where it is asked until when calls go on."""
    ran: dict[tuple[str, str, int], bool] = attrs.field(factory=dict)
    """Holder, extension and priority of every step that runs; whether it does for sure."""
    wide: list[tuple[Found, Box]] = attrs.field(factory=list)
    """Steps that several extensions have alike, with the inputs that run one of them."""
    asked: set[str] = attrs.field(factory=set)
    """The contexts in which something was looked up."""
    entered: dict[Reached, list[Reached]] = attrs.field(factory=dict)
    """Where further calls begin in which what was dialled matters no more, with the ways there."""
    taken: int = 0
    """How many ways of steps were followed."""

    _shared: dict[tuple[State, Box], Reached] = attrs.field(init=False, factory=dict)

    @property
    def size(self) -> int:
        """How many states were reached, each with the inputs of one box."""
        return sum(map(len, self.seen.values()))

    def stop(self, mark: Mark, *nodes: Reached) -> None:
        """Note where calls cannot be followed, or may go elsewhere."""
        self.stopped.setdefault(mark, []).extend(nodes)

    # -- further calls: followed once, whatever was dialled before ---------------------------------

    def shared(self, node: Reached, every: Automaton) -> Reached:
        """Return what stands for the nodes of a further call that differ in what was dialled only.

        `every`: what may be dialled.
        """
        state = node.state
        if state.phase != "enter" or state.level or "d" in state.live:
            return node
        key = state, node.box.having("d", every)
        if key not in self._shared:
            first = attrs.evolve(node, box=key[1], marks=frozenset())
            self._shared[key] = Reached(*key, first)
            self.entered[first] = []
        one = self._shared[key]
        assert one.before is not None
        self.entered[one.before].append(node)
        return one

    def _first(self, node: Reached | None) -> Reached | None:
        """Return where the further call begins that a node is in; None: it is in none."""
        while node is not None and node not in self.entered:
            node = node.before
        return node

    def spread(self) -> None:
        """Say what was found in further calls of each way into them."""
        known: _Behind = {}
        ways = self._ways(known) if self.entered else {}

        def each(node: Reached) -> list[Reached]:
            first = self._first(node)
            if first is None:
                return [node]
            return [_behind(node, first, one, known) for one in ways[first]]

        def having(box: Box, node: Reached, other: Reached) -> Box:
            return box if node is other else box.having("d", other.box["d"])

        self.dialed = [
            d
            if one is d.node
            else attrs.evolve(
                d, node=one, box=having(d.box, d.node, one), marks=d.marks | one.marks
            )
            for d in self.dialed
            for one in each(d.node)
        ]
        self.sunk = [
            (one, outcome, attrs.evolve(sunk, box=having(sunk.box, node, one)))
            for node, outcome, sunk in self.sinks
            for one in each(node)
        ]
        for mark, nodes in self.stopped.items():
            found: dict[object, Reached] = {}
            for node in nodes:
                first = self._first(node)
                for way in ways[first] if first is not None else [node]:
                    key = node.box["n"], way.box["d"], node.marks | way.marks
                    if key not in found:
                        found[key] = node if first is None else _behind(node, first, way, known)
            self.stopped[mark] = [*found.values()]

    def _ways(self, behind: _Behind) -> dict[Reached, list[Reached]]:
        """Return the ways into each further call, from where all that was dialled is known."""
        found: dict[Reached, list[Reached]] = {first: [] for first in self.entered}
        inner: dict[Reached, list[tuple[Reached, Reached]]] = {}
        waiting: list[tuple[Reached, Reached]] = []
        for first, nodes in self.entered.items():
            for node in nodes:
                outer = self._first(node.before)
                (waiting if outer is None else inner.setdefault(outer, [])).append((first, node))
        for first, way in waiting:
            known = found[first]
            if any(way.marks >= one.marks and one.box.covers(way.box) for one in known):
                continue
            known.append(way)
            waiting += (
                (to, _behind(node, first, way, behind)) for to, node in inner.get(first, ())
            )
        return found


def renamed(state: State, box: Box) -> tuple[State, Box]:
    """Return a state with its box, where the number of a further call has the first free name."""
    part = next(iter(terms.atoms(state.exten)), None)
    if state.phase != "enter" or not isinstance(part, InputSlice) or part.input[0] != "x":
        return state, box
    others = attrs.evolve(state, exten="").live
    name = next(name for n in range(1, 99) if (name := f"x{n}") not in others)
    if name == part.input:
        return state, box
    found = box[part.input]
    other = box.without(frozenset((part.input,))).having(name, found)
    return attrs.evolve(state, exten=terms.char_of(InputSlice(name))), other


def _behind(node: Reached, first: Reached, way: Reached, known: _Behind) -> Reached:
    """Return a node of a further call that begins at `first`, by one way into it."""
    line, one = list[Reached](), node
    while (one, way) not in known and one is not first:
        line.append(one)
        assert one.before is not None
        one = one.before
    found = known.get((one, way), way)
    for one in reversed(line):
        box, marks = one.box.having("d", way.box["d"]), one.marks | way.marks
        if one.before is first:  # it is where the way leads
            found = attrs.evolve(way, box=box, marks=marks)
        else:
            found = Reached(one.state, box, found, one.facts, marks, one.whole)
        known[one, way] = found
    return found


def joined(nodes: list[Reached]) -> Iterable[Reached]:
    """Return nodes with the boxes of equal ones joined, where that is a box again."""
    groups: dict[object, list[Reached]] = {}
    for node in nodes:
        groups.setdefault((node.state, node.facts, node.marks), []).append(node)
    for group in groups.values():
        boxes = [node.box for node in group]
        for name in [one for one, _ in boxes[0].sets] if len(boxes) > 1 else ():
            sides: dict[object, list[Box]] = {}
            for box in boxes:
                sides.setdefault((box.without(frozenset((name,)))), []).append(box)
            boxes = [
                many[0].having(name, at.union(dict.fromkeys(box[name] for box in many)))
                if len(many) > 1
                else many[0]
                for many in sides.values()
            ]
        yield from (attrs.evolve(group[0], box=box) for box in boxes)


def is_new(result: Result, node: Reached) -> bool:
    """Return whether a node has anything that was not reached before, and note it."""
    known = result.seen.setdefault(node.state, {})
    marked = bool(node.marks)
    if node.box in known and (marked or not known[node.box]):
        return False
    if any(box.covers(node.box) and (not old or marked) for box, old in known.items()):
        return False
    known[node.box] = marked
    return True
