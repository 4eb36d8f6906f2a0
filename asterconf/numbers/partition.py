"""Which texts a context treats alike: the decision automaton of a context and its includes.

Two texts are alike if the same extension is the first that fits for each priority and each label:
a call runs the same steps then. Source: main/pbx.c, pbx_find_extension and _extension_match_core.
Checked: the law of `Dialplan.match`, which searches text by text.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache, reduce
from operator import itemgetter, or_
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

FEW: Final = 64
"""Up to so many places of a state, or a 64th of all, are kept one by one."""

State = int | tuple[int, ...]
"""The patterns that fit so far, each as a place: its number after so many of its elements.

It is a number with a bit for each place, or the places, ascending, where they are few.
Outside it goes by its number, as it may be long: 0 is the state before the first byte, and where
one pattern is left it is below 0, as `~` of the place: such states are not made, but read from it.
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


def _itself(name: str) -> list[int]:
    """Return the bytes that lead on in the texts that name a pattern; none: only sets write it."""
    masks = [1 << 0x5F, *map(at.mask_of, spellings(name)), 0]
    return masks if all(masks[:-1]) else []


@lru_cache(8192)
def _places(name: str) -> tuple[list[int], str]:
    """Return the bytes that lead on from each place of a pattern, and what ends it: `.` or `!`."""
    masks: list[int] = []
    for element in elements_of(name):
        if element.ends:
            return [*masks, _DIALLED, _DIALLED], element.text
        masks.append(_mask(element.accepts))
    return [*masks, 0], ""


_Many = tuple[tuple[int, Callable[[Sequence[int]], tuple[int, ...]]], ...]


@lru_cache(65536)
def _parted(masks: tuple[int, ...]) -> tuple[at.Edges, _Many]:
    """Return the largest sets of bytes that are in the same of some sets.

    First those that are in one, with its number; then those in several, with what picks these.
    """
    by_mask: dict[int, list[int]] = {}
    for number, mask in enumerate(masks):
        if mask:
            by_mask.setdefault(mask, []).append(number)
    one: list[tuple[int, int]] = []
    many: list[tuple[int, Callable[[Sequence[int]], tuple[int, ...]]]] = []
    for block, inside in at.cut(by_mask):
        first, *others = sorted(number for mask in inside for number in by_mask[mask])
        if others:
            many.append((block, itemgetter(first, *others)))
        else:
            one.append((block, first))
    return tuple(one), tuple(many)


def _bits(places: int) -> Iterator[int]:
    """Yield the places that a number has, ascending."""
    text = bin(places)[:1:-1] if places else ""
    place = text.find("1")
    while place >= 0:
        yield place
        place = text.find("1", place + 1)


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
    _fits: set[int] = attrs.field(init=False, factory=set)
    """The places whose patterns match what was dialled so far."""
    _more: dict[int, bool | None] = attrs.field(init=False, factory=dict)
    """The places because of which Asterisk may wait for no more digits; None: no matter."""
    _longer: dict[bytes, set[int]] | None = attrs.field(init=False, default=None)
    _states: list[State] = attrs.field(init=False, factory=list)
    _numbers: dict[State, int] = attrs.field(init=False, factory=dict)
    _edges: dict[int, at.Edges] = attrs.field(init=False, factory=dict)
    _nothing: int = attrs.field(init=False)
    _work: int = attrs.field(init=False, default=0)
    _programs: dict[Fitting, Program] = attrs.field(init=False, factory=dict)

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
                self._add(number, *_places(extension.name))
                if self.itself and (own := _itself(extension.name)):
                    begun.append(len(self._number))
                    self._add(number, own, None)
            else:
                name = comparable(extension.name).replace(b"-", b"")
                self._points.setdefault(name, []).append(number)
        self._states.append(self._set(begun) if self._are_many(len(begun)) else tuple(begun))
        self._nothing = self._state(())

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
        return self._set(self._fits)

    def _are_many(self, count: int) -> bool:
        """Return whether so many places are kept as a number."""
        return count > FEW and count > len(self._number) >> 6

    def _state(self, state: State) -> int:
        """Return the number of a state."""
        if isinstance(state, int) and not self._are_many(state.bit_count()):
            state = tuple(_bits(state))
        if isinstance(state, tuple) and len(state) == 1:
            return ~state[0]
        found = self._numbers.setdefault(state, len(self._states))
        if found == len(self._states):
            self._states.append(state)
        return found

    def _held(self, state: int) -> Iterable[int]:
        """Return the places of a state."""
        held = (~state,) if state < 0 else self._states[state]
        return _bits(held) if isinstance(held, int) else held

    def _add(self, number: int, masks: list[int], tail: str | None) -> None:
        """Add the places of a pattern, or of its name, for which nothing is waited for."""
        begin, last = len(self._mask), len(self._mask) + len(masks) - 1
        self._number += [number] * len(masks)
        self._mask += masks
        self._next += range(begin + 1, last + 2)
        self._fits.add(last)
        if tail:
            self._next[-1] = last
            self._more |= {last - 1: tail != "!", last: tail == "."}
        else:
            self._more |= dict.fromkeys(range(begin if tail is None else last, last + 1))
        if tail == "!":
            self._fits.add(last - 1)

    # -- the automaton of the patterns ------------------------------------------------------------

    def edges(self, state: int) -> at.Edges:
        """Return where the next byte leads: largest sets of bytes with the same next state.

        Raises:
            BudgetError: there are too many states.
        """
        if state < 0:
            mask = self._mask[~state]
            return ((mask, ~self._next[~state]),) if mask else ()
        found = self._edges.get(state)
        if found is None:
            places = self._states[state]
            self._work += 1 + (places.bit_count() if isinstance(places, int) else len(places)) // 8
            if self._work > self.budget + len(self._number):
                raise at.BudgetError(self._most(state))
            found = self._edges[state] = self._leaving(places)
        return found

    def _leaving(self, places: State) -> at.Edges:
        if isinstance(places, int):
            return self._leaving_many(places)
        masks, following, states = self._mask, self._next, self._states
        further = [following[place] for place in places]
        part = _parted if len(places) < 24 else _parted.__wrapped__  # of many, few come again
        one, many = part(tuple([masks[place] for place in places]))
        found = [(mask, ~further[number]) for mask, number in one]
        for mask, chosen in many:
            to = chosen(further)
            number = self._numbers.setdefault(to, len(states))
            if number == len(states):
                states.append(to)
            found.append((mask, number))
        return tuple(found)

    def _leaving_many(self, places: int) -> at.Edges:
        found: dict[int, int] = {}
        for block, taking in self._blocks:
            taken = places & taking
            if taken:
                stay = taken & self._loops
                to = stay | (taken ^ stay) << 1
                found[to] = found.get(to, 0) | block
        return tuple([(mask, self._state(to)) for to, mask in found.items()])

    def _most(self, state: int) -> str:
        """Return the name of the pattern that has a part in most states."""
        first = next(iter(self._held(state)), None)
        return self.closure.context if first is None else self.entries[self._number[first]][1].key

    def walk(self, digits: bytes, state: int = 0) -> int:
        """Return the state that a text without dashes leads to, from a state."""
        for number, byte in enumerate(digits):
            if state < 0:
                return self._alone(~state, digits[number:])
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
        return ~place

    # -- classes ----------------------------------------------------------------------------------

    def fitting(self, state: int, digits: bytes | None = None) -> Fitting:
        """Return the places of the extensions that fit, in order; `digits` adds plain names."""
        number, fits = self._number, self._fits
        places = (~state,) if state < 0 else self._states[state]
        if isinstance(places, int):
            found = [number[place] for place in _bits(places & self._ends)]
        else:
            found = [number[place] for place in places if place in fits]
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
        verdicts = {self._number[place]: self._more.get(place, True) for place in self._held(state)}
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

        def step(node: tuple[int, bytes]) -> list[tuple[int, tuple[int, bytes]]]:
            """Return where a state and a begun plain name go with each key of a phone."""
            state, begun = node
            if begun and (is_one(node) if first else not self._waits(state, begun)):
                return []
            found: dict[tuple[int, bytes], int] = {}
            for byte in b"0123456789*#ABCD":
                to = self.walk(bytes((byte,)), state)
                text = begun + bytes((byte,)) if begun != none else none
                known = text in self._points or bool(self._beginning(text))
                further = (to, text if known else none)
                found[further] = found.get(further, 0) | 1 << byte
            return [(mask, further) for further, mask in found.items()]

        def ends(node: tuple[int, bytes]) -> bool:
            return bool(node[1]) and (not first or is_one(node))

        return at.explore((0, b""), step, ends)

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

    def languages(
        self, label: Callable[[Fitting], L], but: Container[object] = ()
    ) -> dict[L, at.Automaton]:
        """Return the texts, without dashes, of each label that extensions which fit are given.

        `but`: labels of which the texts are not asked for.

        Raises:
            BudgetError: there are too many states.
        """
        known, ends = self._texts, dict[L, list[int]]()
        for fitting, states in known[1].items():
            ends.setdefault(label(fitting), []).extend(states)
        return {one: known[0].language(many) for one, many in ends.items() if one not in but}

    def members(self, label: Callable[[Fitting], L]) -> dict[L, bytes]:
        """Return a shortest text, without dashes, of each label that extensions are given."""
        known, found = self._texts, dict[L, bytes]()
        texts: dict[int, bytes] = {0: b""}
        for state in (waiting := [0]):
            for mask, to in known[0].edges[state]:
                if to not in texts:
                    texts[to] = texts[state] + bytes(((mask & -mask).bit_length() - 1,))
                    waiting.append(to)
        for fitting, states in known[1].items():
            one = label(fitting)
            for text in [texts[state] for state in states if state in texts]:
                if one not in found or len(text) < len(found[one]):
                    found[one] = text
        return found

    @cached_property
    def _texts(self) -> tuple[at.Ends, dict[Fitting, list[int]]]:
        """Return an automaton of all texts, and the states in which the same extensions fit.

        First come the beginnings of plain names, each in the state that it leads to, then the
        states behind all others.
        """
        tree, names = at.tree_of(name for name in self._points if 0 not in name)
        held = [0, *[self._nothing] * (len(tree) - 1)]
        numbers: dict[int, int] = {}
        behind: list[int] = []

        def row(state: int, own: int) -> list[tuple[int, int]]:
            """Return where bytes lead that are none of some; what no pattern fits, to nothing."""
            found, rest = [], _DIALLED & ~own
            for mask, to in (*self.edges(state), (_DIALLED, self._nothing)):
                if mask & rest:
                    place = numbers.setdefault(to, len(tree) + len(behind))
                    if place == len(tree) + len(behind):
                        behind.append(to)
                    found.append((mask & rest, place))
                    rest &= ~mask
            return found

        rows: list[at.Edges] = []
        ends: dict[Fitting, list[int]] = {}
        for node, branches in enumerate(tree):
            state = held[node]
            for byte, to in branches.items():
                for mask, further in self.edges(state):
                    if mask >> byte & 1:
                        held[to] = further
            own = [(1 << byte, to) for byte, to in branches.items()]
            rows.append((*own, *row(state, sum([bit for bit, _ in own]))))
            if node not in names:
                ends.setdefault(self.fitting(state), []).append(node)
        for state in behind:  # more are added
            ends.setdefault(self.fitting(state), []).append(len(rows))
            rows.append(tuple(row(state, 0)))
        for node, name in names.items():
            ends.setdefault(self.fitting(held[node], name), []).append(node)
        return at.Ends(rows), ends
