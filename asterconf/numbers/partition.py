"""Which texts a context treats alike: the decision automaton of a context and its includes.

Two texts are alike if the same extension is the first that fits for each priority and each label:
a call runs the same steps then. Source: main/pbx.c, pbx_find_extension and _extension_match_core.
Checked: the law of `Dialplan.match`, which searches text by text.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from functools import cached_property, lru_cache, reduce
from itertools import chain
from operator import or_
from typing import Final, TypeVar

import attrs

from asterconf.dialplan.lookup import Dialplan
from asterconf.dialplan.values import DialplanExtension, Include, Switch
from asterconf.language.pattern import (
    condition_matches,
    elements_of,
    is_pattern,
    name_key,
    spellings,
)
from asterconf.numbers import automaton as at
from asterconf.numbers.sets import Numbers
from asterconf.source import comparable, fold

BUDGET: Final = 200_000
"""States that the automaton of one context may have."""
MOST_CONTEXTS: Final = 512
"""Contexts that one search goes through at most. Source: main/pbx.c, AST_PBX_MAX_STACK."""

FEW: Final = 24
"""Up to so many places of a state, or a 64th of all, are kept one by one."""

State = int | tuple[int, ...]
"""The patterns that fit so far, each as a place: its number after so many of its elements.

It is a number with a bit for each place, or the places, ascending, where they are few.
Outside it goes by its number, as it may be long: 0 is the state before the first byte.
"""
_DIALLED: Final = at.ALL & ~at.DASH
L = TypeVar("L", bound=Hashable)

Fitting = tuple[int, ...]
"""The numbers of the extensions that fit, in their order."""
Program = tuple[tuple[int | str, int], ...]
"""For each priority and label that is there, the number of the first extension that has it."""


@attrs.frozen(cache_hash=True)
class Closure:
    """What a search in a context goes through.

    Attributes:
        context: where the search begins.
        entries: the extensions in the order in which they are tried, each with its context.
        switches: the switches on the way, each with its context.
        missing: the contexts on the way that are not there.
        searched: the contexts on the way that are there.
    """

    context: str
    entries: tuple[tuple[str, DialplanExtension], ...]
    switches: tuple[tuple[str, Switch], ...] = ()
    missing: tuple[str, ...] = ()
    searched: tuple[str, ...] = ()


def closure(plan: Dialplan, context: str, holds: Callable[[Include], bool]) -> Closure:
    """Return what a search in a context goes through, if the includes that `holds` tells hold.

    The own extensions come first, then the includes, depth first; each context is searched once,
    and of two names that differ in case only the first.
    """
    seen: set[str] = set()
    entries: list[tuple[str, DialplanExtension]] = []
    switches: list[tuple[str, Switch]] = []
    missing: list[str] = []
    searched: list[str] = []
    waiting = [context]
    while waiting:
        name = waiting.pop()
        if len(seen) >= MOST_CONTEXTS or fold(name) in seen:
            continue
        if name not in plan:
            missing.append(name)
            continue
        found = plan[name]
        entries += ((name, one) for one in plan.tried(name))
        switches += ((name, switch) for switch in found.switches if switch not in plan.idle)
        seen.add(fold(name))
        searched.append(name)
        waiting += [one.context for one in reversed(found.includes) if holds(one)]
    return Closure(context, tuple(entries), tuple(switches), tuple(missing), tuple(searched))


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


@lru_cache(1024)
def _mask(accepts: frozenset[int]) -> int:
    return at.mask_of(accepts) & ~at.DASH


_Places = tuple[list[int], list[bool], list[bool | None], bool]


def _itself(name: str) -> _Places | None:
    """Return the places of the texts that name a pattern; None: only sets write it."""
    masks = [1 << 0x5F, *map(at.mask_of, spellings(name)), 0]
    size = len(masks)
    return (masks, [*[False] * (size - 1), True], [None] * size, False) if all(masks[:-1]) else None


@lru_cache(8192)
def _places(name: str) -> _Places:
    """Return the places of a pattern: bytes that lead on, whether it fits there and waits for more.

    The last of the results: whether bytes lead from the last place to itself.
    """
    masks, fits, more = list[int](), list[bool](), list[bool | None]()
    for element in elements_of(name):
        if element.ends:
            dot = element.text != "!"
            masks += (_DIALLED, _DIALLED)
            fits += (not dot, True)
            more += (dot, element.text == ".")
            return masks, fits, more, True
        masks.append(_mask(element.accepts))
        fits.append(False)
        more.append(True)
    return [*masks, 0], [*fits, True], [*more, None], False


def _bits(places: int) -> Iterator[int]:
    """Yield the places that a number has, ascending."""
    text = bin(places)[:1:-1] if places else ""
    place = text.find("1")
    while place >= 0:
        yield place
        place = text.find("1", place + 1)


def _places_of(state: State) -> Iterator[int]:
    return _bits(state) if isinstance(state, int) else iter(state)


@attrs.define(eq=False)
class Partition:
    """The decision automaton of a closure, for one caller; its states are made when asked for.

    Attributes:
        closure: what is searched.
        callerid: the caller's number; None and "": there is none.
        budget: how many states there may be besides one for each byte of the patterns; one of many
            patterns counts more.
        itself: whether a pattern fits its own name too, which begins with `_`.
    """

    closure: Closure
    callerid: str | None = None
    budget: int = BUDGET
    itself: bool = False
    entries: list[tuple[str, DialplanExtension]] = attrs.field(init=False)
    _points: dict[bytes, list[int]] = attrs.field(init=False, factory=dict)
    _number: list[int] = attrs.field(init=False, factory=list)
    """For each place the pattern that it is in."""
    _mask: list[int] = attrs.field(init=False, factory=list)
    """For each place the bytes that lead on; 0: none does."""
    _next: list[int] = attrs.field(init=False, factory=list)
    """For each place the one behind it."""
    _fits: list[bool] = attrs.field(init=False, factory=list)
    """For each place whether its pattern matches what was dialled so far."""
    _more: list[bool | None] = attrs.field(init=False, factory=list)
    """For each place whether Asterisk waits for more digits because of it; None: no matter."""
    _longer: dict[bytes, set[int]] | None = attrs.field(init=False, default=None)
    _states: list[State] = attrs.field(init=False, factory=list)
    _numbers: dict[State, int] = attrs.field(init=False, factory=dict)
    _edges: dict[int, list[tuple[int, int]]] = attrs.field(init=False, factory=dict)
    _nothing: int = attrs.field(init=False)
    _work: int = attrs.field(init=False, default=0)
    _programs: dict[Fitting, Program] = attrs.field(init=False, factory=dict)
    _table: tuple[list[at.Edges], dict[Fitting, list[int]]] | None = attrs.field(
        init=False, default=None
    )

    def __attrs_post_init__(self) -> None:
        self.entries = [
            one
            for one in self.closure.entries
            if condition_matches(one[1].callerid_match, self.callerid or None)
        ]
        begun = []
        for number, (_, extension) in enumerate(self.entries):
            if extension.is_pattern:
                begun.append(len(self._number))
                self._add(number, _places(extension.name))
                if self.itself and (own := _itself(extension.name)):
                    begun.append(len(self._number))
                    self._add(number, own)
            else:
                name = comparable(extension.name).replace(b"-", b"")
                self._points.setdefault(name, []).append(number)
        self._state(self._set(begun))
        self._nothing = self._state(0)

    def _set(self, places: Iterable[int]) -> int:
        """Return some places as a number."""
        found = bytearray(len(self._number) // 8 + 1)
        for place in places:
            found[place >> 3] |= 1 << (place & 7)
        return int.from_bytes(found, "little")

    @cached_property
    def _blocks(self) -> list[tuple[int, int]]:
        """The largest sets of bytes that all places take alike, with the places that take them."""
        by_mask: dict[int, list[int]] = {}
        for place, mask in enumerate(self._mask):
            if mask:
                by_mask.setdefault(mask, []).append(place)
        taking = {mask: self._set(places) for mask, places in by_mask.items()}
        return [
            (block, reduce(or_, (taking[mask] for mask in inside)))
            for block, inside in at.cut(by_mask)
        ]

    @cached_property
    def _loops(self) -> int:
        """The places from which bytes lead to themselves."""
        return self._set(place for place, to in enumerate(self._next) if to == place)

    @cached_property
    def _ends(self) -> int:
        """The places whose patterns match what was dialled so far."""
        return self._set(place for place, fits in enumerate(self._fits) if fits)

    def _state(self, state: State) -> int:
        """Return the number of a state."""
        if isinstance(state, int) and state.bit_count() <= max(FEW, len(self._number) >> 6):
            state = tuple(_bits(state))
        found = self._numbers.setdefault(state, len(self._states))
        if found == len(self._states):
            self._states.append(state)
        return found

    def _add(self, number: int, places: _Places) -> None:
        """Add the places of a pattern."""
        masks, fits, more, again = places
        begin = len(self._number)
        self._number += [number] * len(masks)
        self._mask += masks
        self._fits += fits
        self._more += more
        self._next += range(begin + 1, begin + len(masks) + 1)
        if again:
            self._next[-1] -= 1

    # -- the automaton of the patterns ------------------------------------------------------------

    @property
    def states(self) -> int:
        """How many states were made so far."""
        return len(self._edges)

    def edges(self, state: int) -> list[tuple[int, int]]:
        """Return where the next byte leads: largest sets of bytes with the same next state.

        Raises:
            BudgetError: there are too many states.
        """
        found = self._edges.get(state)
        if found is None:
            places = self._states[state]
            self._work += 1 + (places.bit_count() if isinstance(places, int) else len(places)) // 8
            if self._work > self.budget + len(self._number):
                raise at.BudgetError(self._most(places))
            found = self._edges[state] = self._leaving(places)
        return found

    def _leaving_many(self, places: int) -> list[tuple[int, int]]:
        found: dict[int, int] = {}
        for block, taking in self._blocks:
            taken = places & taking
            if taken:
                stay = taken & self._loops
                to = stay | (taken ^ stay) << 1
                found[to] = found.get(to, 0) | block
        return [(mask, self._state(to)) for to, mask in found.items()]

    def _leaving(self, places: State) -> list[tuple[int, int]]:
        if isinstance(places, int):
            return self._leaving_many(places)
        masks, further = self._mask, self._next
        if len(places) == 1:
            (place,) = places
            return [(masks[place], self._state((further[place],)))] if masks[place] else []
        by_mask: dict[int, list[int]] = {}
        for place in places:
            if mask := masks[place]:
                by_mask.setdefault(mask, []).append(further[place])
        if len(by_mask) == 1:
            ((mask, only),) = by_mask.items()
            return [(mask, self._state(tuple(only)))]
        return [
            (block, self._after([by_mask[mask] for mask in inside]))
            for block, inside in at.cut(by_mask)
        ]

    def _after(self, places: list[list[int]]) -> int:
        """Return the number of the state of some places."""
        if len(places) == 1:
            return self._state(tuple(places[0]))
        return self._state(tuple(sorted(chain.from_iterable(places))))

    def _most(self, state: State) -> str:
        """Return the name of the pattern that has a part in most states."""
        first = next(_places_of(state), None)
        return self.closure.context if first is None else self.entries[self._number[first]][1].key

    def walk(self, digits: bytes, state: int = 0) -> int:
        """Return the state that a text without dashes leads to, from a state."""
        for number, byte in enumerate(digits):
            places = self._states[state]
            if isinstance(places, tuple) and len(places) == 1:
                return self._alone(places[0], digits[number:])
            bit = 1 << byte
            for mask, to in self._edges.get(state) or self.edges(state):
                if mask & bit:
                    state = to
                    break
            else:
                return self._nothing
        return state

    def _alone(self, place: int, digits: bytes) -> int:
        """Return the state that a text leads to from where one pattern is left."""
        for byte in digits:
            if not self._mask[place] >> byte & 1:
                return self._nothing
            place = self._next[place]
        return self._state((place,))

    # -- classes ----------------------------------------------------------------------------------

    def fitting(self, state: int, digits: bytes | None = None) -> Fitting:
        """Return the places of the extensions that fit, in order; `digits` adds plain names."""
        number, fits, places = self._number, self._fits, self._states[state]
        if isinstance(places, int):
            found = [number[place] for place in _bits(places & self._ends)]
        else:
            found = [number[place] for place in places if fits[place]]
        plain = self._points.get(digits) if digits is not None else None
        return tuple(sorted([*plain, *found]) if plain else found)

    def program(self, fitting: Fitting) -> Program:
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

    def begins(self, fitting: Fitting) -> bool:
        """Return whether a call begins if these extensions fit: one of them has a priority 1."""
        return any(key == 1 for key, _ in self.program(fitting))

    def of(self, text: str) -> Program:
        """Return the program of one text; one that begins with `_` also fits the same pattern."""
        found = comparable(text)
        if not is_pattern(text):
            return self.of_text(found)
        key, digits = name_key(text), found.replace(b"-", b"")
        same = (n for n, (_, one) in enumerate(self.entries) if name_key(one.name) == key)
        return self.program(tuple(sorted({*self.fitting(self.walk(digits), digits), *same})))

    def of_text(self, text: bytes) -> Program:
        """Return the program of a text in bytes."""
        digits = text.replace(b"-", b"")
        return self.program(self.fitting(self.walk(digits), digits))

    def more(self, text: str) -> bool:
        """Return whether Asterisk waits for more digits after these.

        Source: main/pbx.c, ast_matchmore_extension.
        """
        digits = comparable(text).replace(b"-", b"")
        return self._waits(self.walk(digits), digits)

    def _beginning(self, digits: bytes) -> set[int]:
        """Return the numbers of the plain names that go on behind some digits."""
        if self._longer is None:
            self._longer = {}
            for name, numbers in self._points.items():
                for size in range(len(name)):
                    self._longer.setdefault(name[:size], set()).update(numbers)
        return self._longer.get(digits, set())

    def _waits(self, state: int, digits: bytes) -> bool:
        places = _places_of(self._states[state])
        verdicts = {self._number[place]: self._more[place] for place in places}
        verdicts = {number: more for number, more in verdicts.items() if more is not None}
        for number in sorted(self._beginning(digits) | verdicts.keys()):
            if not verdicts.get(number, True):
                return False
            if any(step.priority == 1 for step in self.entries[number][1].steps):
                return True
        return False

    def collected(self, *, first: bool = False) -> at.Automaton:
        """Return what a caller may key: the digits of a phone, as long as more are waited for.

        `first`: the first extension is taken that they are, and they are none before.
        """
        none = b"\0"

        def is_one(node: tuple[int, bytes]) -> bool:
            return self.begins(self.fitting(*node))

        def step(node: tuple[int, bytes]) -> list[tuple[int, object]]:
            """Return where a state and a begun plain name go with each key of a phone."""
            state, begun = node
            if begun and (is_one(node) if first else not self._waits(state, begun)):
                return []
            found: dict[object, int] = {}
            for byte in b"0123456789*#ABCD":
                to = self.walk(bytes((byte,)), state)
                text = begun + bytes((byte,)) if begun != none else none
                known = text in self._points or bool(self._beginning(text))
                further = (to, text if known else none)
                found[further] = found.get(further, 0) | 1 << byte
            return [(mask, further) for further, mask in found.items()]

        def ends(node: tuple[int, bytes]) -> bool:
            return bool(node[1]) and (not first or is_one(node))

        return at.explore((0, b""), step, ends)  # type: ignore[arg-type]

    def classes(self) -> list[NumberClass]:
        """Return the classes of all texts, those that nothing fits among them.

        No two have the same program, and every text without dashes is in exactly one.

        Raises:
            BudgetError: there are too many states.
        """
        found = self.languages(self.program)
        return [
            NumberClass(program, made)
            for program, automaton in found.items()
            if (made := Numbers.made(automaton))
        ]

    def languages(self, label: Callable[[Fitting], L]) -> dict[L, at.Automaton]:
        """Return the texts, without dashes, of each label that extensions which fit are given.

        Raises:
            BudgetError: there are too many states.
        """
        if self._table is None:
            self._table = self._states_of_texts()
        rows, fittings = self._table
        ends: dict[L, list[int]] = {}
        for fitting, states in fittings.items():
            ends.setdefault(label(fitting), []).extend(states)
        return at.parted(rows, ends)

    def _states_of_texts(self) -> tuple[list[at.Edges], dict[Fitting, list[int]]]:
        """Return an automaton of all texts, and the states in which the same extensions fit."""
        tree, names = self._tree()
        numbers = {(0, 0): 0}
        order = [(0, 0)]
        rows: list[at.Edges] = []
        ends: dict[Fitting, list[int]] = {}
        named: dict[bytes, tuple[int, int]] = {}
        for number, (state, node) in enumerate(order):
            row, covered = list[tuple[int, int]](), 0
            for mask, to in [*self.edges(state), (0, self._nothing)]:
                rest = mask or _DIALLED & ~covered  # no pattern fits the other bytes
                covered |= mask
                parts = [(1 << byte, (to, node)) for byte, node in tree[node].items()]
                parts = [one for one in parts if one[0] & rest]
                for bit, _ in parts:
                    rest &= ~bit
                for some, behind in [*parts, (rest, (to, -1))]:
                    if some:
                        place = numbers.setdefault(behind, len(order))
                        if place == len(order):
                            order.append(behind)
                        row.append((some, place))
            rows.append(tuple(row))
            if node in names:
                named[names[node]] = state, number
            else:
                ends.setdefault(self.fitting(state), []).append(number)
        for name in self._points:  # these come last
            if name in named:
                state, number = named[name]
                ends.setdefault(self.fitting(state, name), []).append(number)
        return rows, ends

    def _tree(self) -> tuple[list[dict[int, int]], dict[int, bytes]]:
        """Return how plain names go on from each beginning, byte by byte, and where names end.

        Behind the beginnings, at -1, is one for what is no beginning.
        """
        tree, names = at.tree_of(self._points)
        return [*tree, {}], names
