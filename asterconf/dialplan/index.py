"""The extensions of one context, indexed: which of them fit a number, in Asterisk's order.

Plain names are looked up. Patterns stand in a tree, element by element, whose branches are in
the order in which Asterisk sorts them; a lookup follows the branches that accept the digits.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cached_property
from heapq import merge
from itertools import groupby
from typing import Generic, Protocol, TypeVar

import attrs

from asterconf.language.pattern import (
    Element,
    condition_key,
    elements_of,
    is_pattern,
    name_key,
)
from asterconf.source import comparable

BUCKET = 4
"""Up to this many patterns with a common beginning are compared one by one."""

Verdict = tuple[int, bool]
"""An extension by its place, and whether more digits can make it match; False ends the search."""

_Entry = tuple[tuple[Element, ...], int]
"""The elements of a pattern, and its place."""


class Named(Protocol):
    """What an extension is found by."""

    @property
    def name(self) -> str:
        """The name: a number, a word, or a pattern."""
        ...

    @property
    def callerid_match(self) -> str | None:
        """The caller-id condition; None: no condition."""
        ...


E = TypeVar("E", bound=Named)


@attrs.define(eq=False)
class _Node:
    """The patterns with a common beginning; `low` to `high` are their places among all patterns.

    `bucket` has them all if they are few. Otherwise `branches` has for each byte the nodes of
    the elements that accept it; `dots`, `bangs` and `ends` are the patterns that go on with `.`,
    with `!`, or not at all.
    """

    low: int
    high: int
    bucket: list[_Entry] | None = None
    branches: dict[int, list[_Node]] = attrs.field(factory=dict)
    children: list[_Node] = attrs.field(factory=list)
    dots: list[int] = attrs.field(factory=list)
    bangs: dict[int, bool] = attrs.field(factory=dict)
    """Each with whether it needs one byte more, which an empty set before the `!` makes it."""
    ends: list[int] = attrs.field(factory=list)


def _grow(entries: list[_Entry], low: int, depth: int) -> _Node:
    """Return the node of entries that agree in their first `depth` elements."""
    node = _Node(low, low + len(entries))
    if len(entries) <= BUCKET:
        node.bucket = entries
        return node

    def element(entry: _Entry) -> bytes | None:
        return entry[0][depth].place if depth < len(entry[0]) else None

    for kind, group in groupby(entries, element):
        alike = list(group)
        places = [place for _, place in alike]
        if kind is None:
            node.ends = places
        elif alike[0][0][depth].text == ".":
            node.dots = places
        elif alike[0][0][depth].ends:
            node.bangs = {place: elements[depth].text != "!" for elements, place in alike}
        else:
            child = _grow(alike, low, depth + 1)
            node.children.append(child)
            for byte in alike[0][0][depth].accepts:
                node.branches.setdefault(byte, []).append(child)
        low += len(alike)
    return node


def _matches(elements: tuple[Element, ...], digits: bytes) -> bool:
    """Return whether a pattern accepts the digits as a whole number."""
    for element, byte in zip(elements, digits, strict=False):
        if element.ends:
            return True
        if byte not in element.accepts:
            return False
    size = len(digits)
    return len(elements) == size or (len(elements) > size and elements[size].text == "!")


def _more(elements: tuple[Element, ...], digits: bytes) -> bool | None:
    """Return whether more digits can make a pattern match; None: it does not decide.

    Source: main/pbx.c, _extension_match_core with E_MATCHMORE.
    """
    for element, byte in zip(elements, digits, strict=False):
        if element.ends:
            return element.text == "."
        if byte not in element.accepts:
            return None
    if len(elements) <= len(digits):
        return None
    return elements[len(digits)].text != "!"


@attrs.define(eq=False)
class ExtensionIndex(Generic[E]):
    """The extensions of one context, ready for lookups.

    `extensions` stand in the order in which Asterisk tries them.
    """

    extensions: list[E]
    _root: _Node | None = attrs.field(default=None, init=False)
    _names: list[tuple[bytes, str]] | None = attrs.field(default=None, init=False)
    """The plain names without dashes and their keys, in order."""
    _keys: dict[bytes, list[int]] | None = attrs.field(default=None, init=False)

    @classmethod
    def of(cls, given: Iterable[E]) -> ExtensionIndex[E]:
        """Return the index of extensions, which may stand in any order."""
        return cls(sorted(given, key=lambda e: name_key(e.name) + condition_key(e.callerid_match)))

    @cached_property
    def _plain(self) -> dict[str, list[int]]:
        """Places of plain names, by the name without dashes."""
        found: dict[str, list[int]] = {}
        for place, extension in enumerate(self.extensions):
            if not is_pattern(extension.name):
                found.setdefault(extension.name.replace("-", ""), []).append(place)
        return found

    @cached_property
    def _patterns(self) -> tuple[list[_Entry], list[_Entry]]:
        """The patterns in the tree, in its order; and those that match no complete number.

        One of the elements of these accepts nothing.
        """
        entries: list[_Entry] = []
        others: list[_Entry] = []
        for place, extension in enumerate(self.extensions):
            if is_pattern(extension.name):
                elements = elements_of(extension.name)
                end = next((n for n, e in enumerate(elements) if e.ends), len(elements))
                fits = all(element.accepts for element in elements[:end])
                (entries if fits else others).append((elements[: end + 1], place))
        return entries, others

    @property
    def _tree(self) -> _Node:
        """The tree of the patterns, which grows when it is first asked."""
        self._root = self._root or _grow(self._patterns[0], 0, 0)
        return self._root

    # -- complete numbers---------------------------------------------------------------------

    def matching(self, number: str) -> Iterable[E]:
        """Return the extensions that match a complete number, in Asterisk's order."""
        extensions = self.extensions
        return (extensions[place] for place in self._places(number))

    def _places(self, number: str) -> Iterator[int]:
        name = number.replace("-", "")
        yield from self._plain.get(name, ())
        places = self._walk(self._tree, comparable(name), 0)
        if is_pattern(number):
            places = self._with_itself(number, places)
        yield from places

    def _walk(self, node: _Node, digits: bytes, at: int) -> Iterator[int]:
        if node.bucket is not None:
            for elements, place in node.bucket:
                if _matches(elements, digits):
                    yield place
            return
        if at < len(digits):
            for child in node.branches.get(digits[at], ()):
                yield from self._walk(child, digits, at + 1)
            yield from node.dots
            yield from node.bangs
        else:
            yield from (place for place, late in node.bangs.items() if not late)
            yield from node.ends

    def _with_itself(self, number: str, places: Iterator[int]) -> Iterator[int]:
        """Yield too what is the same pattern as the number: dialling `_1XX` finds `_1XX`."""
        if self._keys is None:
            self._keys = {}
            for place, extension in enumerate(self.extensions):
                if is_pattern(extension.name):
                    self._keys.setdefault(name_key(extension.name), []).append(place)
        last = -1
        for place in merge(places, self._keys.get(name_key(number), ())):
            if place != last:
                yield place
            last = place

    # -- digit by digit -----------------------------------------------------------------------

    def continuing(self, digits: str) -> Iterator[tuple[E, bool]]:
        """Yield the extensions that decide whether more digits are waited for, in order.

        True: more digits can make it match. False: it needs no more, and ends the search.
        """
        name = digits.replace("-", "")
        for place in self._longer(name) if not is_pattern(name) else ():
            yield self.extensions[place], True
        dialled = comparable(name)
        found = self._verdicts(self._tree, dialled, 0)
        others = (
            (place, verdict)
            for elements, place in self._patterns[1]
            if (verdict := _more(elements, dialled)) is not None
        )
        for place, verdict in merge(found, others):
            yield self.extensions[place], verdict

    def _longer(self, name: str) -> Iterator[int]:
        """Yield the places of the plain names that begin with `name` and go on, in order."""
        if self._names is None:
            self._names = [(name_key(known), known) for known in self._plain]
        beginning = name_key(name)[:-1]
        for at in range(bisect_left(self._names, (beginning,)), len(self._names)):
            key, known = self._names[at]
            if not key.startswith(beginning):
                break
            if known != name:
                yield from self._plain[known]

    def _verdicts(self, node: _Node, digits: bytes, at: int) -> Iterator[Verdict]:
        if at == len(digits):
            for entry in range(node.low, node.high):
                yield from self._verdict_at_end(node, entry, digits)
        elif node.bucket is not None:
            for elements, place in node.bucket:
                verdict = _more(elements, digits)
                if verdict is not None:
                    yield place, verdict
        else:
            for child in node.branches.get(digits[at], ()):
                yield from self._verdicts(child, digits, at + 1)
            yield from ((place, True) for place in node.dots)
            yield from ((place, False) for place in node.bangs)

    def _verdict_at_end(self, node: _Node, entry: int, digits: bytes) -> Iterator[Verdict]:
        place = self._patterns[0][entry][1]
        if node.bucket is not None:
            verdict = _more(node.bucket[entry - node.low][0], digits)
            if verdict is not None:
                yield place, verdict
        elif place in node.bangs:
            yield place, node.bangs[place]
        elif place not in node.ends:
            yield place, True
