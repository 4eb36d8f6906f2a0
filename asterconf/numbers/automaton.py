"""Minimal automata over bytes, whose edges are sets of bytes: what `Numbers` are made of.

A set of bytes is an int of 256 bits. An automaton stands for its language: there is one object
for each language, so two are equal where they are the same. States are numbered in the order of a
walk from the start, which is 0; from every other state an end can be reached.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from functools import lru_cache, reduce
from operator import or_
from typing import Final, TypeVar
from weakref import WeakValueDictionary

import attrs

from asterconf.errors import BudgetError

__all__ = [
    "ALL", "ANY", "DASH", "EMPTY", "NOTHING", "Automaton", "BudgetError", "Edges", "Ends", "blocks",
    "bytes_of", "chain", "combine", "concatenate", "cut", "determine", "explore", "looping",
    "mask_of", "power", "starting", "text_of", "texts_of", "tree_of", "union",
]  # fmt: skip

ALL: Final = (1 << 256) - 2
"""Every byte that can be dialled: 1 to 255."""
DASH: Final = 1 << 0x2D
"""The byte that matching passes over."""

Edges = tuple[tuple[int, int], ...]
"""Sets of bytes that have nothing in common, each with the state that they lead to."""

_Kind = tuple[bool, frozenset[tuple[int, int]], int]
"""Whether a text may end in states of a kind, the kinds they lead to, and what leads back to it."""
S = TypeVar("S", bound=Hashable)
T = TypeVar("T", bound=Hashable)


def mask_of(given: Iterable[int]) -> int:
    """Return the set of the given bytes."""
    mask = 0
    for byte in given:
        mask |= 1 << byte
    return mask & ALL


def bytes_of(mask: int) -> list[int]:
    """Return the bytes of a set, ascending."""
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found


@attrs.frozen(eq=False)
class Automaton:
    """A language: for each state whether a text may end there, and its edges."""

    accepts: tuple[bool, ...]
    edges: tuple[Edges, ...]

    def after(self, state: int, text: bytes) -> int:
        """Return the state that a text leads to; -1: it leaves the language."""
        for byte in text:
            bit = 1 << byte
            state = next((to for mask, to in self.edges[state] if mask & bit), -1)
            if state < 0:
                break
        return state

    def accepts_text(self, text: bytes) -> bool:
        """Return whether a text belongs to the language."""
        state = self.after(0, text)
        return state >= 0 and self.accepts[state]

    @property
    def is_empty(self) -> bool:
        """Whether nothing belongs to it."""
        return not self.accepts[0] and not self.edges[0]

    def ending(self, ends: Callable[[int], bool]) -> Automaton:
        """Return the language of the same states with other ends."""
        return _minimal([ends(state) for state in range(len(self.edges))], self.edges)


@attrs.define(eq=False)
class Ends:
    """The same states with different ends: a language for each group of them."""

    edges: Sequence[Edges]
    _before: list[list[int]] = attrs.field(init=False)
    _rank: dict[int, int] | None = attrs.field(init=False)
    """The states that are reached, those that they lead to before them; None: there are circles."""

    def __attrs_post_init__(self) -> None:
        self._before = [[] for _ in self.edges]
        for state, row in enumerate(self.edges):
            for _, to in row:
                self._before[to].append(state)
        order = _children_first(self.edges)
        self._rank = None if order is None else {state: n for n, state in enumerate(order)}

    def language(self, ends: Collection[int]) -> Automaton:
        """Return the language of some ends.

        What it costs is in proportion to the states from which one of them can be reached.
        """
        only = self._path(*ends) if len(ends) == 1 else None
        if only is not None:
            return chain(only)
        live = {*ends}
        if self._rank is None:
            return _minimal([n in live for n in range(len(self.edges))], self.edges)
        accepting, waiting = frozenset(live), [*live]
        while waiting:
            for state in self._before[waiting.pop()]:
                if state not in live:
                    live.add(state)
                    waiting.append(state)
        if 0 not in live:
            return NOTHING
        line = sorted(live & self._rank.keys(), key=self._rank.__getitem__)
        return _numbered(*_folded(accepting.__contains__, self.edges, line))

    def _path(self, state: int) -> list[int] | None:
        """Return the sets of bytes on the only way from the start to a state; None: more ways."""
        masks: list[int] = []
        while len(self._before[state]) == 1:
            (last,) = self._before[state]
            masks.append(next(mask for mask, to in self.edges[last] if to == state))
            if last == state:
                return None
            state = last
        return masks[::-1] if state == 0 and not self._before[0] else None


_made: WeakValueDictionary[tuple[tuple[bool, ...], tuple[Edges, ...]], Automaton] = (
    WeakValueDictionary()
)


def _minimal(accepts: Sequence[bool], edges: Sequence[Edges]) -> Automaton:
    """Return the automaton of a complete one with start 0: minimal, in order, made once."""
    live = _live(accepts, edges)
    if not all(live):
        edges = [tuple([one for one in row if live[one[1]]]) for row in edges]
    order = _children_first(edges)
    if order is None:
        return _numbered(*_refined(accepts, edges))
    return _numbered(*_folded(accepts.__getitem__, edges, order))


def _numbered(start: int, kinds: Sequence[_Kind]) -> Automaton:
    """Return the automaton of kinds of states, numbered in the order of a walk from the start."""
    line, place = [start], {start: 0}
    rows: list[Edges] = []
    for kind in line:
        _, others, own = kinds[kind]
        leaving = [*others, (kind, own)] if own else [*others]
        if len(leaving) > 1:
            leaving.sort(key=_lowest)
        row = []
        for to, mask in leaving:
            if to not in place:
                place[to] = len(line)
                line.append(to)
            row.append((mask, place[to]))
        rows.append(tuple(row))
    return _once(tuple([kinds[kind][0] for kind in line]), tuple(rows))


def _lowest(edge: tuple[int, int]) -> int:
    return edge[1] & -edge[1]


def _once(accepts: tuple[bool, ...], edges: tuple[Edges, ...]) -> Automaton:
    """Return the one object of an automaton that is minimal and in order."""
    found = _made.get((accepts, edges))
    if found is None:
        found = _made[accepts, edges] = Automaton(accepts, edges)
    return found


def _children_first(edges: Sequence[Edges]) -> list[int] | None:
    """Return the states that are reached, each behind those it leads to; None: there are circles.

    An edge from a state to itself is no circle.
    """
    order: list[int] = []
    seen = {0: 1}
    waiting = [(0, iter(edges[0]))]
    while waiting:
        state, leaving = waiting[-1]
        for _, to in leaving:
            if to == state:
                continue
            if seen.get(to) == 1:
                return None
            if to not in seen:
                seen[to] = 1
                waiting.append((to, iter(edges[to])))
                break
        else:
            waiting.pop()
            seen[state] = 2
            order.append(state)
    return order


def _folded(
    ends: Callable[[int], bool], edges: Sequence[Edges], order: Sequence[int]
) -> tuple[int, list[_Kind]]:
    """Return the kind of the last state, and all kinds; what leads to the same kinds is one.

    Edges to states that are not in the order are left out.
    """
    place: dict[int, int] = {}
    known: dict[_Kind, int] = {}
    kinds: list[_Kind] = []
    for state in order:
        merged: dict[int, int] = {}
        own = 0
        for mask, to in edges[state]:
            if to == state:
                own |= mask
            elif to in place:
                kind = place[to]
                merged[kind] = merged.get(kind, 0) | mask
        accepting, found = ends(state), None
        for kind, mask in merged.items():  # it may be one of those that it leads to
            ending, others, loop = kinds[kind]
            alike = loop == own | mask and ending == accepting and len(others) < len(merged)
            if alike and others == {one for one in merged.items() if one[0] != kind}:
                found = kind
                break
        if found is None:
            key = accepting, frozenset(merged.items()), own
            found = known.setdefault(key, len(kinds))
            if found == len(kinds):
                kinds.append(key)
        place[state] = found
    return place[order[-1]], kinds


def _refined(accepts: Sequence[bool], edges: Sequence[Edges]) -> tuple[int, list[_Kind]]:
    """Return the kind of the start, and all kinds, told apart until no more can be."""
    place = [int(accepting) for accepting in accepts]
    count = 0
    while True:
        seen: dict[_Kind, int] = {}
        fresh = []
        for accepting, leaving, kind in zip(accepts, edges, place, strict=True):
            merged: dict[int, int] = {}
            for mask, to in leaving:
                merged[place[to]] = merged.get(place[to], 0) | mask
            fresh.append(seen.setdefault((accepting, frozenset(merged.items()), kind), len(seen)))
        if len(seen) == count:
            return fresh[0], [(accepting, others, 0) for accepting, others, _ in seen]
        place, count = fresh, len(seen)


def _live(accepts: Sequence[bool], edges: Sequence[Edges]) -> list[bool]:
    """Return for each state whether an end can be reached from it."""
    if all(accepts):
        return [*accepts]
    before: list[list[int]] = [[] for _ in edges]
    for state, leaving in enumerate(edges):
        for _, to in leaving:
            before[to].append(state)
    live = list(accepts)
    waiting = [state for state, accepting in enumerate(accepts) if accepting]
    while waiting:
        for state in before[waiting.pop()]:
            if not live[state]:
                live[state] = True
                waiting.append(state)
    return live


def explore(
    start: S, step: Callable[[S], Iterable[tuple[int, S]]], ends: Callable[[S], bool],
    budget: int = 200_000,
) -> Automaton:  # fmt: skip
    """Return the language of states that are made as they are reached.

    Args:
        start: the first state.
        step: gives the edges of a state: sets of bytes that have nothing in common.
        ends: tells whether a text may end in a state.
        budget: how many states there may be.

    Raises:
        BudgetError: there are more.
    """
    place, order = {start: 0}, [start]
    rows: list[Edges] = []
    for state in order:
        row = []
        for mask, to in step(state):
            if to not in place:
                if len(order) >= budget:
                    raise BudgetError(f"a set of texts needs more than {budget} states")
                place[to] = len(order)
                order.append(to)
            row.append((mask, place[to]))
        rows.append(tuple(row))
    return _minimal([ends(state) for state in order], rows)


def cut(masks: Iterable[int]) -> list[tuple[int, tuple[int, ...]]]:
    """Return the largest sets of bytes that are in the same of some sets, with these sets."""
    given, found = [*masks], list[int]()
    if sum(given) == reduce(or_, given, 0):  # none has anything in common with another
        return [(mask, (mask,)) for mask in given]
    if len(given) == 2:
        one, other = given
        common = one & other
        pairs = (common, (one, other)), (one & ~common, (one,)), (other & ~common, (other,))
        return [pair for pair in pairs if pair[0]]
    for mask in given:
        rest, split = mask, list[int]()
        for block in found:
            common = block & rest
            if common and common != block:
                split += (common, block & ~common)
            else:
                split.append(block)
            rest &= ~common
        if rest:
            split.append(rest)
        found = split
    return [(block, tuple(mask for mask in given if mask & block)) for block in found]


def blocks(moves: Iterable[tuple[int, T]]) -> list[tuple[int, frozenset[T]]]:
    """Return the largest sets of bytes that lead to the same places, with these places."""
    by_mask: dict[int, set[T]] = {}
    for mask, to in moves:
        by_mask.setdefault(mask, set()).add(to)
    merged: dict[frozenset[T], int] = {}
    for block, inside in cut(by_mask):
        places = frozenset[T]().union(*(by_mask[mask] for mask in inside))
        merged[places] = merged.get(places, 0) | block
    return [(mask, places) for places, mask in merged.items()]


def determine(
    start: Iterable[T], moves: Callable[[T], Iterable[tuple[int, T]]], ends: Callable[[T], bool]
) -> Automaton:
    """Return the language of an automaton that may be in many places at once."""

    def step(places: frozenset[T]) -> list[tuple[int, frozenset[T]]]:
        return blocks(move for place in places for move in moves(place))

    return explore(frozenset(start), step, lambda places: any(map(ends, places)))


def combine(one: Automaton, other: Automaton, keep: Callable[[bool, bool], bool]) -> Automaton:
    """Return what belongs to either, both or one only; `keep` of two False must be False."""
    alone, other_alone = keep(True, False), keep(False, True)  # noqa: FBT003

    def step(pair: tuple[int, int]) -> Iterable[tuple[int, tuple[int, int]]]:
        """Yield where a pair of states goes, by sets of bytes."""
        p, q = pair
        mine = one.edges[p] if p >= 0 else ()
        theirs = other.edges[q] if q >= 0 else ()
        covered = 0
        for mask, to in mine:
            rest = mask
            for theirs_mask, theirs_to in theirs:
                if mask & theirs_mask:
                    yield mask & theirs_mask, (to, theirs_to)
                    rest &= ~theirs_mask
            if rest and alone:
                yield rest, (to, -1)
            covered |= mask
        for mask, to in theirs if other_alone else ():
            if mask & ~covered:
                yield mask & ~covered, (-1, to)

    def ends(pair: tuple[int, int]) -> bool:
        p, q = pair
        return keep(p >= 0 and one.accepts[p], q >= 0 and other.accepts[q])

    return explore((0, 0), step, ends)


def union(given: Iterable[Automaton]) -> Automaton:
    """Return what belongs to any of the given languages."""
    found = [*dict.fromkeys(given)]
    if len(found) < 2:
        return found[0] if found else NOTHING
    return determine(
        ((n, 0) for n in range(len(found))),
        lambda at: ((mask, (at[0], to)) for mask, to in found[at[0]].edges[at[1]]),
        lambda at: found[at[0]].accepts[at[1]],
    )


def concatenate(*parts: Automaton) -> Automaton:
    """Return the texts that are one of the first language, then one of the second, and so on."""
    last = len(parts) - 1

    def closed(number: int, state: int) -> Iterable[tuple[int, int]]:
        yield number, state
        while number < last and parts[number].accepts[state]:
            number, state = number + 1, 0
            yield number, state

    def moves(at: tuple[int, int]) -> Iterable[tuple[int, tuple[int, int]]]:
        number, state = at
        for mask, to in parts[number].edges[state]:
            for place in closed(number, to):
                yield mask, place

    return determine(closed(0, 0), moves, lambda at: at[0] == last and parts[last].accepts[at[1]])


@lru_cache(65536)
def _from(automaton: Automaton, state: int) -> Automaton:
    def step(at: int) -> Edges:
        return automaton.edges[at]

    return explore(state, step, lambda at: automaton.accepts[at])


def looping(found: Automaton, mask: int) -> Automaton:
    """Return the texts of a language, in which no byte of a set is, with such bytes anywhere."""
    rows = []
    for state, row in enumerate(found.edges):
        own = mask
        for edge, to in row:
            own |= edge if to == state else 0
        others = [edge for edge in row if edge[1] != state]
        rows.append(tuple(sorted([*others, (own, state)], key=_lowest)))
    return found if found.is_empty else _once(found.accepts, tuple(rows))


def starting(automaton: Automaton, states: Iterable[int]) -> Automaton:
    """Return the texts that lead from any of these states to an end."""
    chosen = [*states]
    if len(chosen) == 1:
        return automaton if chosen == [0] else _from(automaton, chosen[0])
    return determine(chosen, lambda at: automaton.edges[at], lambda at: automaton.accepts[at])


@lru_cache(4096)
def power(mask: int, least: int, most: int | None) -> Automaton:
    """Return the texts of bytes of a set, by their length; None: there is no longest."""
    top = least if most is None else most
    edges: list[Edges] = [((mask, n + 1),) for n in range(top)]
    edges.append(((mask, top),) if most is None else ())
    return _minimal([n >= least for n in range(top + 1)], edges)


def chain(masks: Sequence[int], more: int = 0) -> Automaton:
    """Return the texts with a byte of each set in turn, and then any number of some more bytes."""
    if not all(masks):
        return NOTHING
    end = len(masks)
    edges = (*[((mask, n),) for n, mask in enumerate(masks, 1)], ((more, end),) if more else ())
    return _once((*[False] * end, True), edges)


def text_of(text: bytes) -> Automaton:
    """Return the language of one text; no text has a NUL."""
    return NOTHING if 0 in text else chain([1 << byte for byte in text])


def tree_of(texts: Iterable[bytes]) -> tuple[list[dict[int, int]], dict[int, bytes]]:
    """Return how texts go on from each beginning, byte by byte, and where which of them ends."""
    tree, ends = [dict[int, int]()], dict[int, bytes]()
    for text in texts:
        state = 0
        for byte in text:
            to = tree[state].setdefault(byte, len(tree))
            if to == len(tree):
                tree.append({})
            state = to
        ends[state] = text
    return tree, ends


def texts_of(texts: Iterable[bytes]) -> Automaton:
    """Return the language of some texts; no text has a NUL."""
    tree, ends = tree_of(text for text in texts if 0 not in text)
    rows = [tuple((1 << byte, to) for byte, to in row.items()) for row in tree]
    return _minimal([state in ends for state in range(len(tree))], rows)


NOTHING: Final = _minimal([False], [()])
"""The language without a text."""
EMPTY: Final = text_of(b"")
"""The language of the empty text."""
ANY: Final = power(ALL, 0, None)
"""The language of every text."""
