"""Which texts a context treats alike: the decision automaton of a context and its includes.

Two texts are alike if the same extension is the first that fits for each priority and each label:
a call runs the same steps then. Source: main/pbx.c, pbx_find_extension and _extension_match_core.
Checked: the law of `Dialplan.match`, which searches text by text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Final

import attrs

from asterconf.dialplan.index import ExtensionIndex
from asterconf.dialplan.lookup import Dialplan
from asterconf.dialplan.values import DialplanExtension, Include, Switch
from asterconf.language.pattern import Element, condition_matches, elements_of
from asterconf.numbers import automaton as at
from asterconf.numbers.sets import Numbers
from asterconf.source import comparable, fold

__all__ = ["BUDGET", "Closure", "NumberClass", "Partition", "closure"]

BUDGET: Final = 200_000
"""States that the automaton of one context may have."""
MOST_CONTEXTS: Final = 512
"""Contexts that one search goes through at most. Source: main/pbx.c, AST_PBX_MAX_STACK."""

Place = tuple[int, int]
"""A pattern by its number in the closure, and how many of its elements are matched; -1: all."""
Program = tuple[tuple[int | str, int], ...]
"""For each priority and label that is there, the number of the first extension that has it."""


@attrs.frozen
class Closure:
    """What a search in a context goes through.

    Attributes:
        context: where the search begins.
        entries: the extensions in the order in which they are tried, each with its context.
        switches: the switches on the way, each with its context.
        missing: the contexts on the way that are not there.
    """

    context: str
    entries: tuple[tuple[str, DialplanExtension], ...]
    switches: tuple[tuple[str, Switch], ...] = ()
    missing: tuple[str, ...] = ()


def closure(plan: Dialplan, context: str, holds: Callable[[Include], bool]) -> Closure:
    """Return what a search in a context goes through, if the includes that `holds` tells hold.

    The own extensions come first, then the includes, depth first; each context is searched once,
    and of two names that differ in case only the first.
    """
    known = {one.name: one for one in reversed(plan.contexts)}
    seen: set[str] = set()
    entries: list[tuple[str, DialplanExtension]] = []
    switches: list[tuple[str, Switch]] = []
    missing: list[str] = []
    waiting = [context]
    while waiting:
        name = waiting.pop()
        if len(seen) >= MOST_CONTEXTS or fold(name) in seen:
            continue
        found = known.get(name)
        if found is None:
            missing.append(name)
            continue
        entries += ((name, one) for one in ExtensionIndex.of(found.extensions).extensions)
        switches += ((name, switch) for switch in found.switches)
        seen.add(fold(name))
        waiting += [one.context for one in reversed(found.includes) if holds(one)]
    return Closure(context, tuple(entries), tuple(switches), tuple(missing))


@attrs.frozen
class NumberClass:
    """Texts that a context treats alike.

    Attributes:
        program: for each priority and label the place of the first extension that has it, among
            `Partition.entries`.
        numbers: the texts, without dashes.
    """

    program: Program
    numbers: Numbers

    def step_of(self, wanted: int | str) -> int | None:
        """Return the place of the extension that has a priority or label; None: none has."""
        return next((place for key, place in self.program if key == wanted), None)


@lru_cache(8192)
def _masks(name: str) -> tuple[tuple[Element, int], ...]:
    return tuple((one, at.mask_of(one.accepts) & ~at.DASH) for one in elements_of(name))


@attrs.define(eq=False)
class Partition:
    """The decision automaton of a closure, for one caller; its states are made when asked for.

    Attributes:
        closure: what is searched.
        callerid: the caller's number; None and "": there is none.
        budget: how many states there may be.
    """

    closure: Closure
    callerid: str | None = None
    budget: int = BUDGET
    entries: list[tuple[str, DialplanExtension]] = attrs.field(init=False)
    _points: dict[bytes, list[int]] = attrs.field(init=False, factory=dict)
    _patterns: dict[int, tuple[tuple[Element, int], ...]] = attrs.field(init=False, factory=dict)
    _edges: dict[tuple[Place, ...], list[tuple[int, tuple[Place, ...]]]] = attrs.field(
        init=False, factory=dict
    )
    _programs: dict[tuple[int, ...], Program] = attrs.field(init=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        self.entries = [
            one
            for one in self.closure.entries
            if condition_matches(one[1].callerid_match, self.callerid or None)
        ]
        for number, (_, extension) in enumerate(self.entries):
            if extension.is_pattern:
                self._patterns[number] = _masks(extension.name)
            else:
                name = comparable(extension.name).replace(b"-", b"")
                self._points.setdefault(name, []).append(number)

    # -- the automaton of the patterns ------------------------------------------------------------

    @property
    def start(self) -> tuple[Place, ...]:
        """The state before the first byte."""
        return tuple((number, 0) for number in self._patterns)

    @property
    def states(self) -> int:
        """How many states were made so far."""
        return len(self._edges)

    def edges(self, state: tuple[Place, ...]) -> list[tuple[int, tuple[Place, ...]]]:
        """Return where the next byte leads: largest sets of bytes with the same next state.

        Raises:
            BudgetError: there are too many states.
        """
        found = self._edges.get(state)
        if found is None:
            if len(self._edges) >= self.budget:
                raise at.BudgetError(self._most(state))
            moves = (move for place in state for move in self._moves(place))
            found = [(mask, tuple(sorted(to))) for mask, to in at.blocks(moves)]
            self._edges[state] = found
        return found

    def _moves(self, place: Place) -> Iterator[tuple[int, Place]]:
        number, done = place
        if done < 0:
            yield at.ALL & ~at.DASH, place
            return
        elements = self._patterns[number]
        if done == len(elements):
            return
        element, mask = elements[done]
        if element.ends:
            yield at.ALL & ~at.DASH, (number, -1)
        elif mask:
            yield mask, (number, done + 1)

    def _most(self, state: tuple[Place, ...]) -> str:
        """Return the name of the pattern that has a part in most states."""
        names = [self.entries[number][1].key for number, _ in state]
        return names[0] if names else self.closure.context

    def _fits(self, place: Place) -> bool:
        number, done = place
        elements = self._patterns[number]
        return done < 0 or done == len(elements) or elements[done][0].text == "!"

    def walk(self, digits: bytes) -> tuple[Place, ...]:
        """Return the state that a text without dashes leads to."""
        state = self.start
        for byte in digits:
            bit = 1 << byte
            state = next((to for mask, to in self.edges(state) if mask & bit), ())
        return state

    # -- classes ----------------------------------------------------------------------------------

    def fitting(self, state: tuple[Place, ...], digits: bytes | None = None) -> tuple[int, ...]:
        """Return the places of the extensions that fit, in order; `digits` adds plain names."""
        plain = self._points.get(digits, []) if digits is not None else []
        return tuple(sorted([*plain, *(place[0] for place in state if self._fits(place))]))

    def program(self, fitting: tuple[int, ...]) -> Program:
        """Return what is run if these extensions fit, in their order."""
        found = self._programs.get(fitting)
        if found is None:
            first: dict[int | str, int] = {}
            for place in fitting:
                extension = self.entries[place][1]
                for step in extension.steps:
                    first.setdefault(step.priority, place)
                    if step.label is not None and not step.label_hidden:
                        first.setdefault(step.label, place)
                if extension.hint is not None and extension.hint.label is not None:
                    first.setdefault(extension.hint.label, place)
            found = tuple(sorted(first.items(), key=lambda one: (str(type(one[0])), one[0])))
            self._programs[fitting] = found
        return found

    def of(self, text: str) -> Program:
        """Return the program of one text; one that begins with `_` is taken as it is."""
        digits = comparable(text).replace(b"-", b"")
        return self.program(self.fitting(self.walk(digits), digits))

    def more(self, text: str) -> bool:
        """Return whether Asterisk waits for more digits after these.

        Source: main/pbx.c, ast_matchmore_extension.
        """
        digits = comparable(text).replace(b"-", b"")
        return self._waits(self.walk(digits), digits)

    def _waits(self, place: tuple[Place, ...], digits: bytes) -> bool:
        longer = {
            number
            for name, numbers in self._points.items()
            if len(name) > len(digits) and name.startswith(digits)
            for number in numbers
        }
        state = dict(self._verdicts(place))
        for number in sorted(longer | state.keys()):
            if not state.get(number, True):
                return False
            if any(step.priority == 1 for step in self.entries[number][1].steps):
                return True
        return False

    def collected(self) -> at.Automaton:
        """Return what a caller may key: the digits of a phone, as long as more are waited for."""
        none = b"\0"

        def step(node: tuple[tuple[Place, ...], bytes]) -> list[tuple[int, object]]:
            state, begun = node
            if begun and not self._waits(state, begun):
                return []
            found: dict[object, int] = {}
            for byte in b"0123456789*#ABCD":
                to = next((to for mask, to in self.edges(state) if mask >> byte & 1), ())
                text = begun + bytes((byte,)) if begun != none else none
                known = any(name.startswith(text) for name in self._points)
                further = (to, text if known else none)
                found[further] = found.get(further, 0) | 1 << byte
            return [(mask, further) for further, mask in found.items()]

        return at.explore((self.start, b""), step, lambda node: bool(node[1]))  # type: ignore[arg-type]

    def _verdicts(self, state: tuple[Place, ...]) -> Iterator[tuple[int, bool]]:
        """Yield the patterns that decide whether more digits are waited for."""
        for number, done in state:
            elements = self._patterns[number]
            if done < 0:
                end = next(element for element, _ in elements if element.ends)
                yield number, end.text == "."
            elif done < len(elements):
                yield number, elements[done][0].text != "!"

    def classes(self) -> list[NumberClass]:
        """Return the classes of all texts, those that nothing fits among them.

        No two have the same program, and every text without dashes is in exactly one.

        Raises:
            BudgetError: there are too many states.
        """
        of: dict[Program, list[int]] = {}
        numbers: dict[tuple[Place, ...], int] = {}
        order = [self.start]
        numbers[self.start] = 0
        rows: list[at.Edges] = []
        dead: int | None = None
        for state in order:
            row, covered = [], 0
            for mask, to in self.edges(state):
                if to not in numbers:
                    numbers[to] = len(order)
                    order.append(to)
                row.append((mask, numbers[to]))
                covered |= mask
            rest = at.ALL & ~at.DASH & ~covered
            if rest:
                if () not in numbers:
                    numbers[()] = len(order)
                    order.append(())
                row.append((rest, numbers[()]))
            rows.append(tuple(row))
        dead = numbers.get(())
        assert dead is None or not order[dead]
        for number, state in enumerate(order):
            of.setdefault(self.program(self.fitting(state)), []).append(number)
        whole = at.Automaton(tuple(False for _ in rows), tuple(rows))
        found = {program: whole.ending(set(ends).__contains__) for program, ends in of.items()}
        return [
            NumberClass(program, made)
            for program, automaton in self._with_points(found).items()
            if (made := Numbers.made(automaton))
        ]

    def _with_points(self, found: dict[Program, at.Automaton]) -> dict[Program, at.Automaton]:
        """Move the plain names to where they belong."""
        moved: dict[Program, list[bytes]] = {}
        for name in self._points:
            state = self.walk(name)
            program = self.program(self.fitting(state, name))
            if program != self.program(self.fitting(state)):
                moved.setdefault(program, []).append(name)
        if not moved:
            return found
        every = at.union(at.text_of(name) for names in moved.values() for name in names)
        left = {p: at.combine(a, every, lambda one, two: one and not two) for p, a in found.items()}
        for program, names in moved.items():
            added = [at.text_of(name) for name in names]
            left[program] = at.union([*added, *([left[program]] if program in left else [])])
        return left
