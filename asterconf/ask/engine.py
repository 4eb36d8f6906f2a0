"""Follows all calls at once: states, the inputs that reach them, and what is dialled on the way.

A state is a place in the dialplan with the variables that some later step reads; a box says which
inputs reach it. A step is the same table of effects that `asterconf.flow` runs one call with; here
each effect is answered for a whole box. Where the answer differs, the box is cut (`ForkError`);
where the world decides, each way is taken. So every call that can be made is in
some box of some state: what is not found there is not possible.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from heapq import heappop, heappush
from typing import Any, ClassVar, Final, TypeVar

import attrs

from asterconf.ask.placed import DoneError
from asterconf.ask.states import Dialed, Outcome, Reached, Result, State, is_new, joined, renamed
from asterconf.ask.steps import FurtherStep
from asterconf.ask.surroundings import Surroundings
from asterconf.ask.values import OF_LOOPS, ForkError, Mark, UndecidedError
from asterconf.numbers import automaton as at
from asterconf.numbers import terms
from asterconf.numbers.terms import Box, Opaque

T = TypeVar("T")
_Place = tuple[str, str, int]

MOST_STEPS: Final = 8_000
"""Ways of steps of one search; those of inputs that are hard to tell apart count more."""
MANY: Final = 24
"""So many values of the variables are followed at a place before those that change are unknown."""


@attrs.frozen(eq=False)
class _Outcomes:
    """What the next step of a state does, the contexts that it asked, and what that took."""

    ways: tuple[Outcome, ...]
    asked: frozenset[str]
    taken: int


@attrs.define(eq=False)
class _Frontier:
    """Nodes that are still to be followed, and how many ways of steps each place has taken."""

    nodes: list[Reached]
    spent: Counter[object] = attrs.field(factory=Counter)
    _first: int = 0
    _queues: dict[_Place, deque[tuple[int, Reached]]] = attrs.field(factory=dict)
    _ranked: list[tuple[int, int, _Place]] = attrs.field(factory=list)
    """Each place that has a queue, once, by what it had taken and its first node."""

    def __bool__(self) -> bool:
        return bool(self._ranked) or self._first < len(self.nodes)

    def taken(self, *, fair: bool) -> Reached:
        """Return the next node: the oldest, or one of the place that has taken least so far.

        So a search that is too long gets to every place, and is not used up by one loop.
        """
        if not fair:
            self._first += 1
            return self.nodes[self._first - 1]
        for number, node in enumerate(self.nodes[self._first :], self._first):
            place = _place(node)
            queue = self._queues.setdefault(place, deque())
            queue.append((number, node))
            if len(queue) == 1:
                heappush(self._ranked, (self.spent[place], number, place))
        self._first = len(self.nodes)
        while True:
            spent, number, place = heappop(self._ranked)
            if self.spent[place] != spent:
                heappush(self._ranked, (self.spent[place], number, place))
                continue
            queue = self._queues[place]
            found = queue.popleft()[1]
            if queue:
                heappush(self._ranked, (spent, queue[0][0], place))
            return found


def _place(node: Reached) -> _Place:
    state = node.state
    return state.context, state.exten if terms.is_constant(state.exten) else "", state.priority


@attrs.define(eq=False)
class Engine(Surroundings):
    """Follows calls through one dialplan.

    `budget` is how many ways of steps a search may take, with `per_step` more for each step that
    is written.
    """

    budget: int = attrs.field(default=MOST_STEPS, kw_only=True)
    per_step: int = attrs.field(default=8, kw_only=True)
    taken: int = attrs.field(default=0, init=False)
    until: Callable[[str], bool] | None = attrs.field(default=None, init=False)
    told_apart: frozenset[str] = attrs.field(default=frozenset(), init=False)
    spread: dict[object, dict[tuple[tuple[str, str], ...], None]] = attrs.field(
        factory=dict, init=False
    )
    _times: int = attrs.field(default=1, init=False)
    _kept: dict[Any, Any] = attrs.field(factory=dict, init=False)
    _wide: dict[object, frozenset[str]] = attrs.field(factory=dict, init=False)
    _outcomes: dict[tuple[State, Box], _Outcomes] = attrs.field(factory=dict, init=False)
    kind: ClassVar[type[FurtherStep]] = FurtherStep
    """What one step is."""

    # -- the search -------------------------------------------------------------------------------

    def explore(
        self, start: Iterable[Reached], most_hits: int = 10_000,
        until: Callable[[str], bool] | None = None, *, numbers: bool = True, times: int = 1,
    ) -> Result:  # fmt: skip
        """Follow calls from where they come in until nothing new is reached.

        `until`: calls are followed only until they dial such a target. `numbers`: calls are kept
        apart by what was dialled also where no later step mentions it. `times`: so many times what
        one search may take is followed.
        """
        result, self.until, self._times = Result(), until, times
        self.told_apart = frozenset({"d", "n"} if numbers else {"n"})
        self.spread, self._wide = {}, {}
        starts = [*start]
        if self.plan.general.other_lookup:
            result.stop(Opaque(self.plan.general.other_lookup), *starts)
            return result
        waiting = _Frontier([*starts])
        for node in starts:
            result.seen.setdefault(node.state, {})[node.box] = bool(node.marks)
        self.taken = 0
        while waiting:
            begun = self.taken
            node = waiting.taken(fair=begun > self.most // (2 * times))
            for found in self._steps(node, result):
                after = result.shared(found, self.lookups.anything)
                if until is not None:
                    result.edges.append((node, after.state))
                if is_new(result, after):
                    waiting.nodes.append(after)
            waiting.spent[_place(node)] += self.taken - begun
            if self.taken > self.most:
                if waiting:
                    result.stop(self._over(node.state), *starts)  # any of its calls may go on
                break
            if len(result.dialed) > most_hits and waiting:
                result.stop(Opaque(f"budget: {most_hits} calls"), *starts)
                break
        result.taken, self._times = self.taken, 1
        result.spread()
        return result

    @cached_property
    def _enough(self) -> int:
        """How many ways of steps one search may take."""
        steps: int = sum(len(e.steps) for context in self.plan for e in context)
        return self.budget + self.per_step * steps

    @property
    def most(self) -> int:
        """How many ways of steps a search may take."""
        most: int = self._times * self._enough
        return most

    def _steps(self, node: Reached, result: Result) -> Iterable[Reached]:
        """Yield the nodes behind one, on every way."""
        found: list[Reached] = []
        for one in self._ways(node, result):
            result.sinks += ((node, one, sunk) for sunk in one.sunk)
            result.unsure_sinks += ((one, sink) for sink in one.unsure_sinks)
            if one.mark is not None:
                result.stop(one.mark, Reached(node.state, one.box, node.before, node.facts))
            found += self._after(node, one, result)
        yield from joined(found)

    def _ways(self, node: Reached, result: Result) -> Iterable[Outcome]:
        """Return what the next step does, on every way.

        It is worked out once for calls that differ in inputs only which they do not mention.
        """
        live = node.state.live
        idle = {name: found for name, found in node.box.sets if name not in live}
        box = self._once(node.box.having_all(dict.fromkeys(idle, at.ANY)))
        known = self._outcomes.get((node.state, box))
        if known is None:
            lookups, begun = self.lookups, self.taken
            before, lookups.asked = lookups.asked, set()
            seen = attrs.evolve(node, box=box)
            most = min(self.most, begun + self.most // 2)  # it is not used up by one step
            made = tuple([self._outcome(way) for way in self.ways(seen, most=most)])
            known = _Outcomes(made, self._once(frozenset(lookups.asked)), self.taken - begun)
            lookups.asked = before
            if self.taken <= self.most:
                self._outcomes[node.state, box] = known
        else:
            self.taken += 1 + known.taken // 8
        result.asked |= known.asked
        if all(found is at.ANY for found in idle.values()):
            return known.ways
        return [
            attrs.evolve(
                one,
                box=one.box.having_all(idle),
                sunk=tuple(attrs.evolve(s, box=s.box.having_all(idle)) for s in one.sunk),
            )
            for one in known.ways
        ]

    def _outcome(self, way: tuple[FurtherStep, bool, Mark | None]) -> Outcome:
        """Return what a step did that was run."""
        (step, ended, mark), once = way, self._once
        over, after = step.phase == "h", step.ended() if ended else step.after()
        if after is not None:
            variables, inherited = once(after.variables), once(after.inherited)
            after = once(attrs.evolve(after, variables=variables, inherited=inherited))
        return Outcome(
            once(step.box), ended, mark, step.found, step.place, once(tuple(step.facts)),
            once(frozenset(step.marks)), tuple(step.doubts), tuple(step.dialed),
            tuple(map(once, step.sides)), after, over, tuple(step.sunk), tuple(step.unsure_sinks),
        )  # fmt: skip

    def ways(
        self, node: Reached, make: Callable[..., FurtherStep] | None = None, most: int | None = None
    ) -> Iterator[tuple[FurtherStep, bool, Mark | None]]:
        """Yield the step that comes next on every way, whether it ends the call, and what stops it.

        Where the search is too long, the last one is a step that was not run. `make`: what makes
        the step. `most`: up to how many ways the search may be long.
        """
        make, most = make or self.kind.of, self.most if most is None else most
        ways: list[tuple[Box, tuple[int, ...]]] = [(node.box, ())]
        while ways:
            box, choices = ways.pop()
            size = sum(len(found.edges) for _, found in box.sets) // 64
            self.taken += 1 + size + len(choices) // 4
            if self.taken > most:
                yield make(self, node, node.box, ()), True, self._over(node.state)
                return
            step = make(self, node, box, choices)
            try:
                try:
                    step.run()
                finally:
                    ways += ((box, other) for other in step.others)
            except ForkError as fork:
                ways += ((one, step.choices) for one in fork.boxes)
            except UndecidedError as stop:
                yield step, True, stop.mark
            except at.BudgetError as error:
                yield step, True, Opaque(f"budget: {error}")
            except DoneError:
                yield step, True, None
            else:
                yield step, False, None

    def _over(self, state: State) -> Mark:
        """Return what a search depends on that was too long."""
        return Opaque(f"budget: {self.most:,} ways of steps, in [{state.context}]")

    def _after(self, node: Reached, step: Outcome, result: Result) -> Iterable[Reached]:
        """Yield what a step leads to, and note what it dialled."""
        marks, facts = node.marks | step.marks, step.facts
        for mark in step.doubts:
            result.stop(mark, attrs.evolve(node, box=step.box))
        found = step.step
        if found is not None and found.alike is not None:
            result.wide.append((found, step.box))
        elif found is not None:
            key = found.holder, found.extension.key, found.step.priority
            result.ran[key] = result.ran.get(key, False) or not node.marks
        alike = found.alike if found is not None and found.alike and found.alike.dials else None
        for target, before, with_marks in step.dialed:
            depends, inputs = self._once(node.marks | with_marks), self._once(step.box)
            result.dialed.append(Dialed(node, inputs, target, before, depends, step.place, alike))
        sides = step.sides
        if self.until is not None:
            if step.over or any(
                not with_marks and self.until(terms.known(target, step.box))
                for target, _, with_marks in step.dialed
            ):
                return
            local = [side for side in sides if side.level > node.state.level]
            if local and not step.dialed:  # one of them goes on with the call
                yield from (self._node(side, step.box, node, facts, marks) for side in local)
                return
            sides = ()
            if step.ended and ("stay", "", "False") not in facts:
                result.ended.append(Reached(node.state, step.box, node, facts, marks, step.box))
        for side in sides:
            yield self._node(*renamed(side, step.box), node, facts, marks)
        if step.after is not None and not (step.ended and self.until is not None):
            yield self._node(self._widened(step.after), step.box, node, facts, marks)

    def _once(self, found: T) -> T:
        """Return the one object of those that are equal."""
        kept: T = self._kept.setdefault(found, found)
        return kept

    def _widened(self, state: State) -> State:
        """Let variables be unknown that take ever new values at a place, as the count of a loop."""
        key = (
            state.context, state.exten, state.priority, state.frames, state.inherited, state.up,
            state.phase, state.level, state.part,
        )  # fmt: skip
        seen = self.spread.setdefault(key, {})
        if len(seen) < MANY or state.variables in seen:
            seen[state.variables] = None
            return state
        wide = self._wide.get(key)
        if wide is None:
            values: dict[str, set[str]] = {}
            for name, value in (one for held in seen for one in held):
                values.setdefault(name, set()).add(value)
            wide = self._wide[key] = frozenset(
                n for n, v in values.items() if len(v) > MANY // 2 and not n.startswith(OF_LOOPS)
            )
        return attrs.evolve(
            state,
            variables=tuple(
                (n, self.atoms.char_of(Opaque(f"${{{n}}}")) if n in wide else v)
                for n, v in state.variables
            ),
        )

    def _node(
        self, state: State, box: Box, before: Reached, facts: tuple[tuple[str, str, str], ...],
        marks: frozenset[Mark],
    ) -> Reached:  # fmt: skip
        live = self.told_apart | state.live
        dead = frozenset(name for name, _ in box.sets if name not in live)
        once = self._once
        left = once(box.without(dead) if dead else box)
        return Reached(once(state), left, before, facts, once(marks), box)
