"""Texts that hold parts of an input: which inputs let such a text belong to a set.

A term is a `str` in which one private character stands for each part that is not known: a slice
of an input, or something opaque. So a term can stand wherever a text does, and is compared,
split and joined as one; what a part may hold is asked of a `Box`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache, reduce
from operator import or_
from threading import Lock
from typing import Final, Literal, TypeAlias
from weakref import finalize

import attrs

from asterconf.errors import BudgetError
from asterconf.numbers import automaton as at
from asterconf.numbers.automaton import Automaton
from asterconf.source import comparable, decode

FIRST: Final = 0x40000
LAST: Final = 0xDFFFF
BLOCK: Final = 4096
"""The characters that stand for parts: planes of Unicode without a character of any script."""
_ATOM: Final = re.compile(f"([{chr(FIRST)}-{chr(LAST)}])")
LONGEST: Final = 79
"""Bytes of a dialled text that a channel keeps. Source: AST_MAX_EXTENSION."""


@attrs.frozen
class InputSlice:
    """A part of an input, as Python would write it: `input[start:end]`, in bytes."""

    input: str
    start: int = 0
    end: int | None = None


Sender: TypeAlias = InputSlice | Literal[False] | None
"""What a caller sends that makes it any text; False: it is in one piece, whoever calls; None: that
is not known."""


@attrs.frozen
class Opaque:
    """What only a running Asterisk knows, as it is written, and where; and who decides it."""

    text: str
    file: str = ""
    line: int = 0
    sender: Sender = None


Part: TypeAlias = str | InputSlice | Opaque

_held: list[list[InputSlice | Opaque] | None] = []
"""What the characters stand for, in blocks; None: nobody holds the block any more."""
_lock = Lock()


class OpaqueError(Exception):
    """A question about a term depends on what is opaque."""

    def __init__(self, part: Opaque) -> None:
        super().__init__(part.text)
        self.part = part


class Atoms:
    """The characters of the parts of some texts; they are free again when nobody holds it."""

    __slots__ = ("__weakref__", "_blocks", "_chars")

    def __init__(self) -> None:
        self._chars: dict[InputSlice | Opaque, str] = {}
        self._blocks: list[int] = []
        finalize(self, _release, self._blocks)

    def char_of(self, part: InputSlice | Opaque) -> str:
        """Return the character that stands for a part.

        Raises:
            BudgetError: there are too many parts.
        """
        found = self._chars.get(part)
        if found is None:
            if len(self._chars) == BLOCK * len(self._blocks):
                self._blocks.append(_block())
            block = _held[self._blocks[-1]]
            assert block is not None
            found = self._chars[part] = chr(FIRST + BLOCK * self._blocks[-1] + len(block))
            block.append(part)
        return found


def _block() -> int:
    """Return the number of a block that nobody holds."""
    with _lock:
        number = next((n for n, block in enumerate(_held) if block is None), len(_held))
        if FIRST + BLOCK * (number + 1) > LAST + 1:
            raise BudgetError("too many different parts of texts")
        if number == len(_held):
            _held.append([])
        _held[number] = []
        return number


def _release(blocks: list[int]) -> None:
    for number in blocks:
        _held[number] = None


_slices = Atoms()


def char_of(part: InputSlice) -> str:
    """Return the character that stands for a slice, which is the same everywhere."""
    return _slices.char_of(part)


def is_constant(term: str) -> bool:
    """Return whether nothing in a term is unknown."""
    return term.isascii() or _ATOM.search(term) is None


def parts(term: str) -> Iterator[Part]:
    """Yield the parts of a term."""
    for place, text in enumerate(_ATOM.split(term)):
        if place % 2:
            yield _part(text)
        elif text:
            yield text


def _part(char: str) -> InputSlice | Opaque:
    """Return what a character stands for."""
    number = ord(char) - FIRST
    block = _held[number // BLOCK]
    assert block is not None
    return block[number % BLOCK]


def atoms(term: str) -> list[InputSlice | Opaque]:
    """Return what is not known in a term."""
    return [] if term.isascii() else [_part(char) for char in _ATOM.findall(term)]


@attrs.frozen
class Box:
    """What the inputs may be: a set of texts for each, and the moments (a bit for each)."""

    sets: tuple[tuple[str, Automaton], ...]
    time: int = 1

    def __getitem__(self, name: str) -> Automaton:
        return next((found for key, found in self.sets if key == name), at.ANY)

    @property
    def is_empty(self) -> bool:
        """Whether no inputs are left."""
        return not self.time or any(found.is_empty for _, found in self.sets)

    def having(self, name: str, found: Automaton) -> Box:
        """Return the same with another set for an input."""
        sets = [one for one in self.sets if one[0] != name]
        return Box(tuple(sorted([*sets, (name, found)], key=lambda one: one[0])), self.time)

    def having_all(self, found: Mapping[str, Automaton]) -> Box:
        """Return the same with other sets for inputs that it has."""
        changed = [(key, found[key]) if key in found else (key, one) for key, one in self.sets]
        return self if changed == [*self.sets] else Box(tuple(changed), self.time)

    def narrowed(self, name: str, found: Automaton) -> Box:
        """Return the same where an input also belongs to a set."""
        return self.having(name, both(self[name], found))

    def at(self, time: int) -> Box:
        """Return the same at some of the moments only."""
        return Box(self.sets, self.time & time)

    def without(self, names: frozenset[str]) -> Box:
        """Return the same without some inputs."""
        return Box(tuple(one for one in self.sets if one[0] not in names), self.time)

    def covers(self, other: Box) -> bool:
        """Return whether all that another box has is in this one."""
        if other.time & ~self.time or len(self.sets) != len(other.sets):
            return False
        pairs = zip(self.sets, other.sets, strict=True)
        return all(a[0] == b[0] and within(b[1], a[1]) for a, b in pairs)


@lru_cache(65536)
def both(one: Automaton, other: Automaton) -> Automaton:
    """Return what belongs to both of two languages."""
    if one is other or other is at.ANY:
        return one
    if one is at.ANY:
        return other
    return at.combine(one, other, lambda a, b: a and b)


@lru_cache(65536)
def within(one: Automaton, other: Automaton) -> bool:
    """Return whether all texts of a language belong to another one."""
    if one is other:
        return True
    text = member(one)
    if text is None or not other.accepts_text(text):
        return text is None
    return at.combine(one, other, lambda a, b: a and not b).is_empty


@lru_cache(65536)
def member(found: Automaton) -> bytes | None:
    """Return a shortest text of a language; None: it is empty."""
    waiting, seen = [(0, b"")], {0}
    for state, text in waiting:
        if found.accepts[state]:
            return text
        for mask, to in found.edges[state]:
            if to not in seen:
                seen.add(to)
                waiting.append((to, text + bytes(((mask & -mask).bit_length() - 1,))))
    return None


# ---- slices -------------------------------------------------------------------------------------


@lru_cache(65536)
def image(found: Automaton, start: int, end: int | None) -> Automaton:
    """Return the texts that `input[start:end]` may be, if the input belongs to a language."""
    if end is not None and end < 0:
        if start < 0 and start >= end:
            return at.NOTHING if found.is_empty else at.EMPTY
        start = start if start >= 0 else start - end
        found, end = _without_last(found, -end), None
    if start > 0:
        found = _without_first(found, start)
    elif start < 0:
        found = _last(found, -start)
    return found if end is None else _first(found, max(end - max(start, 0), 0))


def _without_first(found: Automaton, n: int) -> Automaton:
    states, short = {0}, found.accepts[0]
    for _ in range(n):
        states = {to for state in states for _, to in found.edges[state]}
        short = short or any(found.accepts[state] for state in states)
    rest = [at.starting(found, states)] if states else []
    return at.union([*rest, *([at.EMPTY] if short else [])])


def _without_last(found: Automaton, n: int) -> Automaton:
    ends = {state for state, accepting in enumerate(found.accepts) if accepting}
    for _ in range(n):
        ends = {s for s, row in enumerate(found.edges) if any(to in ends for _, to in row)}
    short = not both(found, at.power(at.ALL, 0, n)).is_empty
    return at.union([found.ending(ends.__contains__), *([at.EMPTY] if short else [])])


def _first(found: Automaton, n: int) -> Automaton:
    if not n:
        return at.EMPTY if not found.is_empty else at.NOTHING
    begun = both(found.ending(lambda _: True), at.power(at.ALL, n, n))
    return at.union([begun, both(found, at.power(at.ALL, 0, n - 1))])


def _last(found: Automaton, n: int) -> Automaton:
    ends = both(at.starting(found, range(len(found.edges))), at.power(at.ALL, n, n))
    return at.union([ends, both(found, at.power(at.ALL, 0, n - 1))])


@lru_cache(65536)
def source(found: Automaton, start: int, end: int | None) -> Automaton:
    """Return the inputs of which `input[start:end]` belongs to a language."""
    empty = found.accepts[0]
    if end is not None and end >= 0 and start >= 0:
        size = max(end - start, 0)
        found = at.union([
            at.concatenate(both(found, at.power(at.ALL, size, size)), at.ANY),
            *([both(found, at.power(at.ALL, 0, size - 1))] if size else []),
        ])  # fmt: skip
        end = None
    if start > 0:
        short = [at.power(at.ALL, 0, start - 1)] if empty else []
        found = at.union([at.concatenate(at.power(at.ALL, start, start), found), *short])
    elif start < 0:
        size = -start + (end or 0)
        if size <= 0:
            return at.ANY if empty else at.NOTHING
        found = at.union([
            at.concatenate(at.ANY, both(found, at.power(at.ALL, size, size))),
            both(found, at.power(at.ALL, 0, size - 1)),
        ])  # fmt: skip
    if end is not None:
        size = -end
        short = [at.power(at.ALL, 0, size - 1)] if found.accepts[0] else []
        found = at.union([at.concatenate(found, at.power(at.ALL, size, size)), *short])
    return found


def cut(term: str, offset: int, length: int | None) -> str | None:
    """Return `${term:offset:length}` as a term; None: it depends on lengths that are not known.

    Source: main/pbx_variables.c, substring; see the evaluation reference, 1.4.
    """
    if is_constant(term):
        raw = comparable(term)
        begun = raw[offset:] if offset >= 0 or -offset < len(raw) else raw
        return decode(begun if length is None else begun[:length])
    if not term.isascii() and any(ord(char) > 0x7F and not _is_atom(char) for char in term):
        return None
    while term and offset > 0 and not _is_atom(term[0]):
        term, offset = term[1:], offset - 1
    if length is not None and length >= 0 and offset == 0:
        taken = ""
        while term and length and not _is_atom(term[0]):
            taken, term, length = taken + term[0], term[1:], length - 1
        if not length or not term:
            return taken
        rest = cut(term, 0, length) if taken else _cut_atom(term, 0, length)
        return None if rest is None else taken + rest
    if offset == 0 and length is None:
        return term
    return _cut_atom(term, offset, length)


def _cut_atom(term: str, offset: int, length: int | None) -> str | None:
    if len(term) != 1:
        return None
    (part,) = parts(term)
    if not isinstance(part, InputSlice):
        return None
    start, end = part.start, part.end
    if offset < 0:
        if (start, end) != (0, None):
            return None
        if length is not None and length >= 0:
            return char_of(InputSlice(part.input, offset, None)) if length >= -offset else None
        return char_of(InputSlice(part.input, offset, length))
    if start < 0:
        return None
    if end is not None and (end < 0 or (length is not None and length < 0)):
        return None
    new = start + offset
    if new >= LONGEST:
        return ""
    if length is None:
        return char_of(InputSlice(part.input, new, end)) if end is None or new < end else ""
    if length < 0:
        return char_of(InputSlice(part.input, new, length))
    last = new + length if end is None else min(end, new + length)
    return char_of(InputSlice(part.input, new, last)) if new < last else ""


def _is_atom(char: str) -> bool:
    return FIRST <= ord(char) <= LAST


# ---- questions ----------------------------------------------------------------------------------


def known(term: str, box: Box) -> str:
    """Return a term with every part written out that can only be one text."""
    if is_constant(term):
        return term

    def text(found: re.Match[str]) -> str:
        part = _part(found[0])
        values = values_of(part, box, 1) if isinstance(part, InputSlice) else None
        return found[0] if values is None else values[0] if values else ""

    return _ATOM.sub(text, term)


def values_of(part: InputSlice, box: Box, most: int) -> list[str] | None:
    """Return the texts that a slice may be, if there are few."""
    found = _few(image(box[part.input], part.start, part.end), most)
    return None if found is None else [*found]


@lru_cache(65536)
def _few(found: Automaton, most: int) -> tuple[str, ...] | None:
    """Return the texts of a language, if there are few."""
    texts: list[bytes] = []
    waiting: list[tuple[int, bytes]] = [(0, b"")]
    while waiting:
        state, text = waiting.pop()
        if found.accepts[state]:
            texts.append(text)
        if len(texts) > most or len(text) > len(found.edges) or len(waiting) > 4 * most + 256:
            return None
        for mask, to in found.edges[state]:
            if mask.bit_count() > most:
                return None
            waiting += [(to, text + bytes((byte,))) for byte in at.bytes_of(mask)]
    return tuple(decode(text) for text in sorted(texts))


def lengths(part: InputSlice, box: Box) -> list[int]:
    """Return how many bytes a slice may have."""
    found = image(box[part.input], part.start, part.end)
    states, sizes = {0}, []
    for size in range(LONGEST + 1):
        if any(found.accepts[state] for state in states):
            sizes.append(size)
        states = {to for state in states for _, to in found.edges[state]}
    return sizes


def inside(term: str, language: Automaton, box: Box) -> list[Box]:
    """Return the parts of a box for which a term belongs to a language; they do not overlap.

    Raises:
        OpaqueError: it depends on what is opaque.
    """
    if is_constant(term):
        return [box] if language.accepts_text(comparable(term)) else []
    return [one for one in _inside(tuple(parts(term)), language, box) if not one.is_empty]


def _inside(left: tuple[Part, ...], language: Automaton, box: Box) -> list[Box]:
    if language.is_empty or box.is_empty:
        return []
    if not left:
        return [box] if language.accepts[0] else []
    first, *rest = left
    if isinstance(first, str):
        state = language.after(0, comparable(first))
        if state < 0:
            return []
        return _inside(tuple(rest), at.starting(language, [state]), box)
    if isinstance(first, Opaque):
        if language is at.ANY:
            return [box]
        raise OpaqueError(first)
    if not rest:
        return [box.narrowed(first.input, source(language, first.start, first.end))]
    found: list[Box] = []
    for state in _ends(language, image(box[first.input], first.start, first.end)):
        into = source(_into(language, state), first.start, first.end)
        narrowed = box.narrowed(first.input, into)
        if not narrowed.is_empty:
            found += _inside(tuple(rest), at.starting(language, [state]), narrowed)
    return found


@lru_cache(65536)
def _into(language: Automaton, goal: int) -> Automaton:
    """Return the texts that lead to a state."""
    return language.ending(lambda state: state == goal)


@lru_cache(65536)
def _ends(language: Automaton, texts: Automaton) -> list[int]:
    """Return the states of a language that some texts lead to."""
    pairs, found = {(0, 0)}, set[int]()
    waiting = [(0, 0)]
    for state, other in waiting:
        if texts.accepts[other]:
            found.add(state)
        for mask, to in language.edges[state]:
            new = [(to, t) for m, t in texts.edges[other] if m & mask and (to, t) not in pairs]
            pairs.update(new)
            waiting += new
    return sorted(found)


MOST_SIZES: Final = 16
LONGEST_COMPARED: Final = 24


def alike(one: str, other: str, box: Box) -> tuple[str, Automaton] | None:
    """Return the input of two terms, and its texts for which both are the same.

    None: it is not worked out, since they depend on several inputs, on what is opaque, or on
    texts of many lengths.
    """
    found = [*atoms(one), *atoms(other)]
    inputs = {part.input for part in found if isinstance(part, InputSlice)}
    if len(inputs) != 1 or any(isinstance(part, Opaque) for part in found):
        return None
    (name,) = inputs
    sizes = [*dict.fromkeys(lengths(InputSlice(name), box))]
    if len(sizes) > MOST_SIZES or max(sizes, default=0) > LONGEST_COMPARED:
        return None
    return name, at.union(_alike(one, other, box[name], size) for size in sizes)


def _alike(one: str, other: str, language: Automaton, size: int) -> Automaton:
    """Return the texts of a size for which two terms of one input are the same."""
    found = both(language, at.power(at.ALL, size, size))
    mine, theirs = _bytes_of(one, size), _bytes_of(other, size)
    if len(mine) != len(theirs):
        return at.NOTHING
    possible, states = [], {0}
    for _ in range(size):
        possible.append(reduce(or_, (mask for s in states for mask, _ in found.edges[s]), 0))
        states = {to for state in states for _, to in found.edges[state]}
    for (given, byte), (wanted, other_byte) in zip(mine, theirs, strict=True):
        if (given, byte) == (wanted, other_byte):
            continue
        masks = [at.ALL] * size
        if given < 0 and wanted < 0:
            return at.NOTHING
        if given < 0 or wanted < 0:
            masks[max(given, wanted)] = 1 << max(byte, other_byte)
            found = both(found, at.chain(masks))
            continue
        common = []
        for each in at.bytes_of(possible[given] & possible[wanted]):
            masks[given] = masks[wanted] = 1 << each
            common.append(at.chain(masks))
        found = both(found, at.union(common))
    return found


def _bytes_of(term: str, size: int) -> list[tuple[int, int]]:
    """Return each byte of a term: its place in an input of this size and -1, or -1 and the byte."""
    made: list[tuple[int, int]] = []
    for part in parts(term):
        if isinstance(part, str):
            made += ((-1, byte) for byte in comparable(part))
        elif isinstance(part, InputSlice):
            made += ((n, -1) for n in range(*slice(part.start, part.end).indices(size)))
    return made
