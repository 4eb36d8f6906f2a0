"""Which calls two configurations treat otherwise: both are followed side by side.

A pair of states, one of each side, stands for the calls of a box that are there on both sides.
Steps of which nothing is seen are taken by each side alone; every other step by both, and what is
seen of them is compared. Calls that are at the same place of both and never get from there to
anything that differs, by the graph of all steps (`asterconf.ask.ahead`), need not be followed. So
calls of which no pair ever differs are the same on both sides, whatever is dialled and whatever the
world does. A difference counts when a call on paper shows it; until then it is not known. What
neither side can know is the same on both only if both read it in the same step, with the same
variables.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import product
from typing import Final

import attrs

from asterconf.ask.ahead import Ahead
from asterconf.ask.lookups import Said
from asterconf.ask.sameness import Comparing, Event, Side, Way, asked, way_of
from asterconf.ask.states import Reached, State
from asterconf.ask.times import moments
from asterconf.ask.values import Mark, complement
from asterconf.dialplan.lookup import Dialplan
from asterconf.dialplan.values import DialplanContext
from asterconf.errors import BudgetError
from asterconf.language.pattern import matches
from asterconf.numbers import automaton as at
from asterconf.numbers import terms
from asterconf.numbers.terms import Box, Opaque
from asterconf.resolve.sources import PLANS
from asterconf.secrets import shown_step
from asterconf.source import comparable
from asterconf.workspace import Workspace

PLAIN: Final = at.power(at.ALL & ~at.DASH, 0, None)
"""Texts without dashes, of which answers speak."""
MOST_SILENT: Final = 400
"""Steps that one side takes alone; more are taken for a circle."""
MOST_TRAILS: Final = 4
"""Other ways to one pair of states that are tried."""
MOST_PAIRS: Final = 20_000
"""Pairs of states that are compared for one entry."""
MOST_OF_ALL: Final = 100_000
"""Pairs of states that are compared for all entries, before the rest is unknown."""
_CONFIG: Final = re.compile(
    r"(?:DIALPLAN_EXISTS|VALID_EXTEN|HINT|EXTENSION_STATE|AST_CONFIG|PJSIP_ENDPOINT|PJSIP_AOR"
    r"|PJSIP_CONTACT|PJSIP_DIAL_CONTACTS|QUEUE_\w+|VM_INFO|MAILBOX_EXISTS|VMCOUNT|ODBC_\w+|MODULES?"
    r"|IFMODULE|STACK_PEEK|REALTIME\w*|LOCAL_PEEK|EVAL)\b"
)
"""Functions whose value the files decide, and those of the way back."""


@attrs.frozen(eq=False)
class Divergence:
    """Calls that differ, or may.

    Attributes:
        trail: the pairs on the way there, as states of the new side.
        box: the inputs.
        facts: what the world decided last.
        places: file and line of the step of each side.
        marks: what decides whether they differ; empty: they do, if a call shows it.
        shown: the two steps, in words.
    """

    trail: Reached
    box: Box
    facts: tuple[tuple[str, str, str], ...]
    places: tuple[tuple[str, int], tuple[str, int]]
    marks: frozenset[Mark]
    shown: str


@attrs.frozen(eq=False)
class _Pair:
    """Calls that are in a state of the old side and in one of the new side."""

    old: State
    new: State
    box: Box
    trail: Reached
    alone: tuple[tuple[State, State], ...] = ()
    """The pairs since both sides last took a step of which anything is seen."""


@attrs.define
class _Settled:
    """A state of one side before a step of which something is seen, or None: it goes round."""

    state: State
    box: Box
    loops: bool = False


@attrs.define(eq=False)
class Bisimulation:
    """Compares the calls of two configurations."""

    old: Side
    new: Side
    same_plan: bool
    _changed: tuple[str, ...] = attrs.field(init=False)
    _contexts: frozenset[str] | None = attrs.field(init=False)
    _even: bool = attrs.field(init=False)
    """Whether nothing differs but what some steps say."""
    _ahead: Ahead | None = attrs.field(init=False, default=None)
    """What calls never come to, where nothing differs but the dialplan."""
    _found: list[Divergence] = attrs.field(init=False, factory=list)
    _taken: int = attrs.field(init=False, default=0)
    _others: dict[Reached, list[Reached]] = attrs.field(init=False, factory=dict)
    """Other ways to a pair, by the first that was found."""

    @classmethod
    def of(cls, old: Workspace, new: Workspace) -> Bisimulation:
        """Return the comparison of two configurations."""
        atoms = terms.Atoms()
        sides = (
            Side(old, atoms=atoms, name="old", other=new),
            Side(new, atoms=atoms, name="new", other=old),
        )
        (names, made), (more, others) = (side.read_names for side in sides)
        reads = names | more, re.compile(f"{made.pattern}|{others.pattern}", re.DOTALL)
        specs = dict.fromkeys(one for side in sides for one in side.lookups.moments.specs)
        shared = moments(specs)
        every = [{**side.workspace.pjsip.endpoints} for side in sides]
        lonely = every[0].keys() ^ every[1].keys()
        keys = {e.name for side in sides for context in side.plan for e in context}
        hears = any(matches(name, "h") for name in keys)
        texts = "\n".join(side.everything for side in sides)
        for side in sides:
            side.read_names = reads
            side.everything = texts
            side.lookups.moments = shared
            side.hears_end = hears
            if lonely:
                side.lonely = at.texts_of(map(comparable, lonely))
        return cls(*sides, same_plan=same_plan(old, new))

    def __attrs_post_init__(self) -> None:
        mine, theirs = self.old.globals, self.new.globals
        self._changed = tuple(
            n for n in mine.keys() | theirs.keys() if mine.get(n) != theirs.get(n)
        )
        self._contexts = _changed_contexts(self.old.plan, self.new.plan)
        steps = _changed_steps(self.old, self.new, self._contexts or ())
        self._even = steps is not None and self._contexts is not None and not self._changed
        alike = self._contexts is not None and self.new.lonely is None
        if alike and _rest(self.old.workspace) == _rest(self.new.workspace):
            sides, contexts = (self.old, self.new), self._contexts or frozenset()
            self._ahead = Ahead.of(sides, contexts, steps, self._changed)
        self._even = self._even and self._ahead is not None
        self.new.changed_steps = steps or frozenset()

    # -- the search -------------------------------------------------------------------------------

    def explore(self, old: Reached, new: Reached) -> list[Divergence]:
        """Return where the calls of two boxes that are the same may differ."""
        self._found = []
        if self._taken > MOST_OF_ALL:
            over = Opaque(f"budget: {MOST_OF_ALL:,} states before [{new.state.context}]")
            self._unknown(_Pair(old.state, new.state, new.box, new), new.box, [over])
            return self._found
        try:
            self._follow(old, new)
        except BudgetError as error:
            over = Opaque(f"budget: {error}, in [{new.state.context}]")
            self._unknown(_Pair(old.state, new.state, new.box, new), new.box, [over])
        return self._found

    def _follow(self, old: Reached, new: Reached) -> None:
        """Note where the calls of two boxes that are the same may differ."""
        if old.state == new.state:
            box = self._touched(new.state, new.box)
            if box is None:
                return
            new = attrs.evolve(new, box=box)
            comes = self._ahead is not None and self._ahead.comes(new.state, box)
            if not (comes and self._even) and self._is_apart(new):
                return
        self.old.taken = self.new.taken = 0
        seen: dict[tuple[State, State], list[_Pair]] = {}
        waiting = deque([_Pair(old.state, new.state, new.box, new)])
        count = 0
        while waiting:
            pair = waiting.popleft()
            key = pair.old, pair.new
            if key in pair.alone:
                self._unknown(pair, pair.box, [Opaque("a loop that only one side has")])
                continue
            if pair.old == pair.new:
                box = self._touched(pair.new, pair.box)
                if box is None:
                    continue
                pair = attrs.evolve(pair, box=box)
            known = seen.setdefault(key, [])
            covering = next((one for one in known if one.box.covers(pair.box)), None)
            if covering is not None:
                self._others.setdefault(covering.trail, []).append(pair.trail)
                continue
            known.append(pair)
            count += 1
            if count > MOST_PAIRS:
                self._unknown(pair, pair.box, [Opaque(f"budget: {MOST_PAIRS} pairs of states")])
                break
            waiting += self._next(pair)
        self._taken += count

    def _touched(self, state: State, box: Box) -> Box | None:
        """Return the calls that are in the same state of both sides and may do something else."""
        return self._ahead.touched(state, box) if self._ahead is not None else box

    def _is_apart(self, start: Reached) -> bool:
        """Return whether calls never come to anything that differs; what stops them is noted.

        Then both sides do the same, and one of them is followed alone.
        """
        if self._changed or self.new.lonely is not None or self._contexts is None:
            return False
        hears, self.new.hears_end = self.new.hears_end, None
        result = self.new.explore([start])
        self.new.hears_end = hears
        self._taken += result.size
        asked = result.asked
        held = [one for name in asked for _, one in self.new.lookups.closures(name)]
        searched = {name for one in held for name in (*one.searched, *one.missing)}
        if (asked | searched) & self._contexts or self.new.differs:
            return False
        if any(_CONFIG.search(s.data) for one in held for _, e in one.entries for s in e.steps):
            return self.same_plan
        stopped = result.stopped.items() if not self.same_plan else ()
        for mark, node in ((mark, node) for mark, nodes in stopped for node in nodes):
            self._found.append(
                Divergence(
                    node, node.box, (), (("", 0), ("", 0)), frozenset((self._placed(mark),)), ""
                )
            )
        return True

    def trails(self, found: Divergence) -> Iterator[Reached]:
        """Yield several ways to what was found, since a call on paper may not take the first."""
        yield found.trail
        nodes = found.trail.way()
        for number in range(len(nodes) - 1, -1, -1):
            for other in self._others.get(nodes[number], [])[:MOST_TRAILS]:
                trail = other
                for node in nodes[number + 1 :]:
                    trail = attrs.evolve(node, before=trail)
                yield trail

    def _next(self, pair: _Pair) -> Iterator[_Pair]:
        """Yield the pairs behind one."""
        rest = [pair.box]
        if _alike(pair.old, pair.new):
            rest = []
            left: dict[Box, None] = {}
            for one, other in self._together(pair):
                box = _common(one.box, other.box)
                if box is None:
                    continue
                if self._same_step(pair, one, other):
                    yield from self._both(pair, one, other, box, together=True)
                else:
                    left[box] = None
            rest = [*left]
        for box in rest:
            yield from self._apart(pair, box)

    def _together(self, pair: _Pair) -> Iterable[tuple[Way, Way]]:
        """Return what both sides may do in a step that they take together.

        It is worked out for one side only where neither comes to anything that differs.
        """
        self.old.together = self.new.together = True
        news = self._ways(self.new, pair.new, pair.box)
        even = self._even and pair.old == pair.new and not any(way.met for way in news)
        olds = news if even else self._ways(self.old, pair.old, pair.box)
        self.old.together = self.new.together = False
        return zip(news, news, strict=True) if even else product(olds, news)

    def _apart(self, pair: _Pair, box: Box) -> Iterator[_Pair]:
        """Yield the pairs behind one whose sides take different steps."""
        for one in self._settled(self.old, pair.old, box):
            for other in self._settled(self.new, pair.new, one.box):
                if one.loops or other.loops:
                    if not (one.loops and other.loops):
                        self._unknown(pair, other.box, [Opaque("a circle on one side")])
                    continue
                if one.state != pair.old or other.state != pair.new:
                    yield self._after(pair, one.state, other.state, other.box, (), alone=True)
                    continue
                yield from self._compared(pair, other.box)

    def _compared(self, pair: _Pair, box: Box) -> Iterator[_Pair]:
        olds = self._ways(self.old, pair.old, box)
        news = self._ways(self.new, pair.new, box)
        if all(one.is_soft for one in olds):
            for one in olds:
                assert one.after is not None
                yield self._after(
                    pair, one.after, pair.new, one.box, one.facts, alone=True, marks=one.marks
                )
            return
        if all(one.is_soft for one in news):
            for one in news:
                assert one.after is not None
                yield self._after(
                    pair, pair.old, one.after, one.box, one.facts, alone=True, marks=one.marks
                )
            return
        for one in olds:
            for other in news:
                common = _common(one.box, other.box)
                if common is not None:
                    yield from self._both(pair, one, other, common, together=False)

    def _both(
        self, pair: _Pair, one: Way, other: Way, box: Box, *, together: bool
    ) -> Iterator[_Pair]:
        """Compare what is seen of two steps, and yield the pairs behind them."""
        possible = _agree(one, other, together=together)
        if not (possible or _agree(one, other, together=together, alike=True)):
            return
        stops = [mark for mark in (one.stop, other.stop) if mark is not None]
        least = min(len(one.events), len(other.events))  # as far as both are followed
        seen = (one.events[:least], other.events[:least]) if stops else (one.events, other.events)
        same, differ = _equal(*seen, box)
        facts = tuple(dict.fromkeys((*one.facts, *other.facts)))
        marks = one.marks | other.marks
        if not _agree(one, other, together=together, alike=True):
            same = []
        elif (one.after is None) != (other.after is None) or len(one.sides) != len(other.sides):
            same, differ = (same, differ) if stops else ([], [box])
        for part in differ if possible else ():
            unknown = self._marks(one, other)
            unknown |= frozenset() if together else frozenset(map(self._placed, marks))
            places, shown = (one.place, other.place), f"{_shown(one)} or {_shown(other)}"
            self._found.append(Divergence(pair.trail, part, facts, places, unknown, shown))
        for part in same:
            self._doubted(pair, part, one, other, together=together)
            for left, right in zip(one.sides, other.sides, strict=True) if not stops else ():
                yield self._after(pair, left, right, part, facts, marks=marks)
            if one.after is not None and other.after is not None and not stops:
                yield self._after(pair, one.after, other.after, part, facts, marks=marks)

    def _doubted(self, pair: _Pair, box: Box, one: Way, other: Way, *, together: bool) -> None:
        """Note what may be behind two steps that are the same, as far as they are followed."""
        doubts = [*one.unlike, *other.unlike]
        both = (one.stop is None) == (other.stop is None)
        if not (together and self.same_plan and both):
            ways = (other,) if together and one.stop and other.stop else (one, other)
            doubts += [mark for way in ways for mark in (*way.doubts, way.stop) if mark is not None]
        if together and (one.mixed or other.mixed):
            doubts += [*one.fresh, *other.fresh]
        if doubts:
            self._unknown(pair, box, doubts, one, other)

    def _after(
        self, pair: _Pair, old: State, new: State, box: Box,
        facts: tuple[tuple[str, str, str], ...], *, alone: bool = False,
        marks: frozenset[Mark] = frozenset(),
    ) -> _Pair:  # fmt: skip
        live = {"d", "n"} | old.live | new.live
        kept = box.without(frozenset(name for name, _ in box.sets if name not in live))
        marks = pair.trail.marks | {*map(self._placed, marks)}
        trail = Reached(new, kept, pair.trail, facts, marks, box)
        before = (*pair.alone, (pair.old, pair.new)) if alone else ()
        return _Pair(old, new, kept, trail, before)

    # -- steps ------------------------------------------------------------------------------------

    def _ways(self, side: Side, state: State, box: Box) -> list[Way]:
        """Return what the next step of a side does, on every way."""
        found = []
        for step, ended, mark in side.ways(Reached(state, box)):
            assert isinstance(step, Comparing)
            found.append(way_of(step, mark, ended=ended))
        return found

    def _settled(self, side: Side, state: State, box: Box) -> Iterator[_Settled]:
        """Yield where a side is when the next step is seen, or depends on what is not known."""
        waiting = [(state, box, 0)]
        while waiting:
            state, box, count = waiting.pop()
            if count > MOST_SILENT:
                yield _Settled(state, box, loops=True)
                continue
            ways = self._ways(side, state, box)
            for way in ways:
                if way.is_silent:
                    assert way.after is not None
                    waiting.append((way.after, way.box, count + 1))
            boxes = dict.fromkeys(way.box for way in ways if not way.is_silent)
            for one in boxes:
                yield _Settled(state, one)

    def _same_step(self, pair: _Pair, one: Way, other: Way) -> bool:
        """Return whether both sides take the same step, so that what it reads is the same."""
        if one.step is None or other.step is None or asked(one.step) != asked(other.step):
            return one.step is other.step
        data = one.step.data
        if "PRIORITY" in data and pair.old.priority != pair.new.priority:
            return False
        if not one.fresh and not one.marks:
            return True
        if any(name == "~all" for name, _ in pair.old.variables):
            return self.same_plan  # each side has hidden variables of its own
        if self._changed and (
            "{$" in data or "($" in data or any(n in data for n in self._changed)
        ):
            return False
        return self.same_plan or not _CONFIG.search(data)

    # -- what is found ----------------------------------------------------------------------------

    def _unknown(self, pair: _Pair, box: Box, marks: list[Mark], *ways: Way) -> None:
        places = (ways[0].place, ways[1].place) if ways else (("", 0), ("", 0))
        self._found.append(
            Divergence(pair.trail, box, (), places, frozenset(map(self._placed, marks)), "")
        )

    def _placed(self, mark: Mark) -> Mark:
        """Return a mark with the place where it stands."""
        return self.new.places.get(mark) or self.old.places.get(mark) or mark

    def _marks(self, one: Way, other: Way) -> frozenset[Mark]:
        """Return what is not known in what is seen of two steps."""
        texts = [t for way in (one, other) for event in way.events for t in event]
        return frozenset(
            self._placed(part) for text in texts if isinstance(text, str)
            for part in terms.atoms(text) if isinstance(part, Opaque)
        )  # fmt: skip


def same_plan(old: Workspace, new: Workspace) -> bool:
    """Return whether both have the same dialplan, and all that may add to it."""
    plans = old.complete_plan, new.complete_plan
    texts = all(old.files.content(name) == new.files.content(name) for name in PLANS)
    return plans[0] == plans[1] and dict(plans[0].globals) == dict(plans[1].globals) and texts


def _changed_contexts(old: Dialplan, new: Dialplan) -> frozenset[str] | None:
    """Return the names of the contexts that differ; None: more than that differs."""
    if old.general != new.general or old.elsewhere != new.elsewhere:
        return None
    sides = [{one.name: one for one in reversed(plan.contexts)} for plan in (old, new)]
    names = sides[0].keys() | sides[1].keys()
    return frozenset(n for n in names if sides[0].get(n) != sides[1].get(n))


def _changed_steps(old: Side, new: Side, contexts: Iterable[str]) -> frozenset[Said] | None:
    """Return what the steps of the new side say that differ; None: more than that differs."""
    if old.templates != new.templates:
        return None
    found: set[Said] = set()
    for name in contexts:
        if name not in old.plan or name not in new.plan or old.hangs_up(name) != new.hangs_up(name):
            return None
        mine, theirs = old.plan[name], new.plan[name]
        if _silent(mine) != _silent(theirs):
            return None
        for one, other in zip(mine, theirs, strict=True):
            pairs = zip(one.steps, other.steps, strict=True)
            found |= {new.lookups.said(name, now) for before, now in pairs if before != now}
    return frozenset(found)


def _silent(context: DialplanContext) -> DialplanContext:
    """Return a context whose steps say nothing."""
    return attrs.evolve(
        context,
        extensions=[
            attrs.evolve(one, steps=[attrs.evolve(step, app="", data="") for step in one.steps])
            for one in context
        ],
    )


def _rest(work: Workspace) -> dict[str, list[tuple[str, bytes | None]]]:
    """Return what the files say, and those that they include, that are no part of a dialplan."""
    plan = work.resolve("extensions.conf")
    parts = {file for file, _ in plan.files} if plan is not None else ()
    return {name: contents(work, name) for name in work.names if name not in parts}


def contents(work: Workspace, name: str) -> list[tuple[str, bytes | None]]:
    """Return the bytes of a file, and of those that it includes, each with its name."""
    reading = work.resolve(name)
    names = [name, *(one for one, _ in reading.files)] if reading is not None else [name]
    return [(one, work.files.content(one)) for one in names]


def _alike(old: State, new: State) -> bool:
    """Return whether calls in both states read the same variables, wherever they are."""
    both = (
        attrs.evolve(one, priority=0, frames=(), phase="h" if one.phase == "h" else "")
        for one in (old, new)
    )
    return next(both) == next(both) and len(old.frames) == len(new.frames)


def _common(one: Box, other: Box) -> Box | None:
    """Return what two boxes have in common; None: nothing."""
    if one is other:
        return one
    mine, theirs = dict(one.sets), dict(other.sets)
    names = sorted(mine.keys() | theirs.keys())
    sets = tuple((n, terms.both(mine.get(n, at.ANY), theirs.get(n, at.ANY))) for n in names)
    found = Box(sets, one.time & other.time)
    return None if found.is_empty else found


def _agree(one: Way, other: Way, *, together: bool, alike: bool = False) -> bool:
    """Return whether the world may answer what both ask as they say.

    Where they ask different things, it may answer anything. `alike`: what is seen of both is the
    same, so they call the same.
    """
    for mine, theirs in zip(one.trace, other.trace, strict=False):
        same = (mine[0], *mine[2:3]) == (theirs[0], *theirs[2:3]) and (
            mine[1] == theirs[1] or (alike and mine[0] in ("leg", "voicemail"))
        )
        if not same or not (mine[0] or together):
            return True
        if mine[3] != theirs[3]:
            return False
    return True


def _equal(
    one: tuple[Event, ...], other: tuple[Event, ...], box: Box
) -> tuple[list[Box], list[Box]]:
    """Return the parts of a box in which two lists of events are the same, and the others."""
    mine = [text for event in one for text in (*event, None)]
    theirs = [text for event in other for text in (*event, None)]
    if len(mine) != len(theirs):
        return [], [box]
    same, differ = [box], []
    for a, b in zip(mine, theirs, strict=True):
        if not (isinstance(a, str) and isinstance(b, str)):
            if a is not b:
                return [], [box]
            continue
        parts = [_texts(a, b, part) for part in same]
        same = [box for found, _ in parts for box in found]
        differ += [box for _, found in parts for box in found]
    return same, differ


def _texts(a: str, b: str, box: Box) -> tuple[list[Box], list[Box]]:
    a, b = terms.known(a, box), terms.known(b, box)
    if a == b:
        return [box], []
    if terms.is_constant(a) and terms.is_constant(b):
        return [], [box]
    term, text = (b, a) if terms.is_constant(a) else (a, b)
    if not terms.is_constant(text):
        return _slices(a, b, box)
    only = at.text_of(comparable(text))
    try:
        return terms.inside(term, only, box), terms.inside(term, complement(only), box)
    except terms.OpaqueError:
        return [], [box]


def _slices(a: str, b: str, box: Box) -> tuple[list[Box], list[Box]]:
    """Part a box by two terms that both depend on inputs; what is not worked out differs."""
    names = {name for name, _ in box.sets}
    name = next(iter(names & {getattr(part, "input", "") for part in terms.atoms(a)}), "")
    plain = box.narrowed(name, PLAIN)
    found = terms.alike(a, b, plain) if name else None
    if found is None:
        return [], [box]
    same, differ = plain.narrowed(name, found[1]), box.narrowed(name, complement(found[1]))
    return [] if same.is_empty else [same], [] if differ.is_empty else [differ]


def _shown(way: Way) -> str:
    """Return a step as it is written."""
    step = way.step
    return f"{step.app}({shown_step(step.app, step.data)})" if step is not None else "no step"
