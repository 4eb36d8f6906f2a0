"""`Numbers`: sets of dialled texts, exact, however many there are."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from random import Random
from typing import Final

from asterconf.errors import ModelError
from asterconf.language import template
from asterconf.language.pattern import PREFERRED, elements_of, is_pattern
from asterconf.numbers import automaton as at
from asterconf.numbers import terms
from asterconf.numbers.terms import LONGEST
from asterconf.shown import Shown
from asterconf.source import comparable, decode

MOST_PATTERNS: Final = 2_000
"""Patterns that a set is written as at most."""

_DIALLED = at.ALL & ~at.DASH
_DIGITS = at.mask_of(b"0123456789")
_KEYPAD = at.mask_of(b"0123456789*#ABCD")
_CLASSES = {
    _DIGITS: "X", at.mask_of(b"123456789"): "Z", at.mask_of(b"23456789"): "N",
}  # fmt: skip
_ODD = frozenset(b"xXzZnN.![]-_/,\\ ")
"""Bytes that mean something in a pattern, outside of a set or when a file is read."""


def _digits(text: str) -> bytes:
    return comparable(text).replace(b"-", b"")


def _pattern(name: str) -> at.Automaton:
    """Return what a name matches, without dashes."""
    if not is_pattern(name):
        return at.text_of(_digits(name))
    masks: list[int] = []
    for element in elements_of(name):
        if element.ends:
            return at.chain(masks if element.text == "!" else [*masks, _DIALLED], _DIALLED)
        masks.append(at.mask_of(element.accepts) & _DIALLED)
    return at.chain(masks)


class Numbers(Shown):
    """A set of dialled texts: those that the given patterns and plain numbers match.

    Texts hold bytes from 1 to 255, as Asterisk compares them, and no dashes, which matching passes
    over; `with_dashes` adds the same texts with dashes. Sets are values: equal sets are `==`,
    whatever they are made of.

    >>> Numbers("_555XXXX") == Numbers.range("5550000", "5559999")
    True
    >>> (Numbers("_9NXX") - Numbers("_[2-9]11") & Numbers.of("9911", "9912")).patterns()
    ['_991[12]']

    Operators: `|`, `&`, `-`, `^`, `~` (all other texts without dashes), `<=`, `<`, `in`.
    """

    __slots__ = ("_automaton",)
    _automaton: at.Automaton

    def __init__(self, *patterns: str) -> None:
        made = [_pattern(one) for one in patterns]
        self._automaton = made[0] if len(made) == 1 else at.union(made)

    @classmethod
    def made(cls, automaton: at.Automaton) -> Numbers:
        """Return the set of an automaton's texts."""
        found = cls.__new__(cls)
        found._automaton = automaton  # noqa: SLF001 - it is of this class
        return found

    @property
    def automaton(self) -> at.Automaton:
        """The minimal automaton of the set."""
        return self._automaton

    @classmethod
    def any(cls) -> Numbers:
        """Return every text, the empty one too."""
        return cls("_!")

    @classmethod
    def of(cls, *texts: str) -> Numbers:
        """Return the set of the given texts; none of them is read as a pattern."""
        return cls.made(at.texts_of(map(_digits, texts)))

    @classmethod
    def range(cls, first: str, last: str) -> Numbers:
        """Return all numbers from one to another, of the same length.

        Raises:
            ModelError: they are no digits, or their lengths differ.
        """
        size = len(first)
        if size != len(last) or not (first + last).isdecimal() or not (first + last).isascii():
            raise ModelError(f"{first!r} and {last!r} are not digits of the same length")
        low, high = first.encode(), last.encode()

        def step(state: tuple[int, bool, bool]) -> Iterator[tuple[int, tuple[int, bool, bool]]]:
            place, above, below = state
            for digit in range(0x30, 0x3A) if place < size else ():
                if (above or digit >= low[place]) and (below or digit <= high[place]):
                    further = above or digit > low[place], below or digit < high[place]
                    yield 1 << digit, (place + 1, *further)

        made = at.explore((0, False, False), step, lambda state: state[0] == size)
        return cls.made(made)

    @classmethod
    def keypad(cls) -> Numbers:
        """Return every text that a phone's keys can give: digits, `*`, `#`, and `A` to `D`."""
        return cls.made(at.power(_KEYPAD, 0, None))

    # -- sets -------------------------------------------------------------------------------------

    def __or__(self, other: Numbers) -> Numbers:
        return Numbers.made(at.combine(self._automaton, other._automaton, lambda a, b: a or b))

    def __and__(self, other: Numbers) -> Numbers:
        return Numbers.made(at.combine(self._automaton, other._automaton, lambda a, b: a and b))

    def __sub__(self, other: Numbers) -> Numbers:
        made = at.combine(self._automaton, other._automaton, lambda a, b: a and not b)
        return Numbers.made(made)

    def __xor__(self, other: Numbers) -> Numbers:
        return Numbers.made(at.combine(self._automaton, other._automaton, lambda a, b: a != b))

    def __invert__(self) -> Numbers:
        return Numbers.any() - self

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Numbers) and self._automaton is other._automaton

    def __hash__(self) -> int:
        return hash(self._automaton)

    def __le__(self, other: Numbers) -> bool:
        return not self - other

    def __lt__(self, other: Numbers) -> bool:
        return self != other and self <= other

    def __contains__(self, text: object) -> bool:
        return isinstance(text, str) and self._automaton.accepts_text(comparable(text))

    def __bool__(self) -> bool:
        """Whether there is a text in it that can be dialled, of at most 79 bytes."""
        few = len(self._automaton.edges) <= LONGEST  # the way to an end is no longer
        return not self._automaton.is_empty and (few or self.shortest() is not None)

    def __reduce__(self) -> tuple[object, ...]:
        return _again, (self._automaton.accepts, self._automaton.edges)

    def __repr__(self) -> str:
        found = self.patterns(8)
        if found is None:
            return f"<Numbers: {self.count()} texts, such as {', '.join(self.samples(3, 0))}>"
        return f"Numbers({', '.join(map(repr, found))})"

    def __str__(self) -> str:
        found = self.patterns(64)
        return ", ".join(found) if found is not None else self.regex()

    # -- what is in it ----------------------------------------------------------------------------

    def count(self) -> int:
        """Return how many texts of at most 79 bytes it has."""
        accepts, edges = self._automaton.accepts, self._automaton.edges
        total, now = 0, {0: 1}
        for _ in range(LONGEST + 1):
            total += sum(count for state, count in now.items() if accepts[state])
            behind: dict[int, int] = {}
            for state, count in now.items():
                for mask, to in edges[state]:
                    behind[to] = behind.get(to, 0) + count * mask.bit_count()
            now = behind
        return total

    def _ways(self) -> list[list[int]]:
        """Return for each length from 0 to 79 how many texts lead from each state to an end."""
        edges = self._automaton.edges
        sizes = [[(mask.bit_count(), to) for mask, to in row] for row in edges]
        ways = [[int(accepting) for accepting in self._automaton.accepts]]
        for _ in range(LONGEST):
            last = ways[-1]
            ways.append([sum(size * last[to] for size, to in row) for row in sizes])
        return ways

    def shortest(self) -> str | None:
        """Return the shortest text, of several one that a phone can dial; None: there is none.

        A text of more than 79 bytes is none.
        """
        accepts, edges = self._automaton.accepts, self._automaton.edges
        waiting: deque[tuple[int, bytes]] = deque([(0, b"")])
        seen = {0}
        while waiting:
            state, text = waiting.popleft()
            if len(text) > LONGEST:
                return None
            if accepts[state]:
                return decode(text)
            for mask, to in sorted(edges[state], key=lambda one: _rank(_nicest(one[0]))):
                if to not in seen:
                    seen.add(to)
                    waiting.append((to, text + bytes((_nicest(mask),))))
        return None

    def samples(self, n: int, seed: int) -> list[str]:
        """Return up to `n` different texts at random: the shortest, then some of any length.

        Half of them have only bytes that a phone can dial, as far as there are such.
        """
        ways, chance = self._ways(), Random(seed)  # noqa: S311 - no secret is made of it
        lengths = [size for size, row in enumerate(ways) if row[0]]
        shortest = self.shortest()
        if shortest is None:
            return []
        found = {shortest: None}
        for attempt in range(4 * n):
            if len(found) >= n:
                break
            size = chance.choice(lengths[: 4 + 8 * (attempt % 3)])
            found[decode(self._random(ways, size, chance, nice=attempt % 2 == 0))] = None
        return [*found][:n]

    def _random(self, ways: list[list[int]], size: int, chance: Random, *, nice: bool) -> bytes:
        state, text = 0, bytearray()
        for left in range(size - 1, -1, -1):
            row = [(mask, to) for mask, to in self._automaton.edges[state] if ways[left][to]]
            if nice:
                row = [(mask & _KEYPAD, to) for mask, to in row if mask & _KEYPAD] or row
            weights = [mask.bit_count() * min(ways[left][to], 10**9) for mask, to in row]
            mask, state = chance.choices(row, weights)[0]
            text.append(chance.choice(at.bytes_of(mask)))
        return bytes(text)

    def patterns(self, most: int = MOST_PATTERNS) -> list[str] | None:
        """Return patterns and plain numbers that have nothing in common and are this set.

        None: there is no such list, as a pattern ends in nothing but `.` and `!`, or it has more
        than `most` lines. Then there is `regex`.
        """
        found: list[str] = []
        edges, accepts = self._automaton.edges, self._automaton.accepts
        everything = [row == ((_DIALLED, n),) and accepts[n] for n, row in enumerate(edges)]
        if not all(self._acyclic(everything)):
            return None
        waiting: list[tuple[int, tuple[int, ...]]] = [(0, ())]
        while waiting:
            state, masks = waiting.pop()
            if len(found) > most:
                return None
            if everything[state]:
                found.append(_written(masks, "!"))
                continue
            if accepts[state]:
                found.append(_written(masks, ""))
            for mask, to in reversed(edges[state]):
                if everything[to] and mask == _DIALLED:
                    found.append(_written(masks, "."))
                else:
                    waiting += [(to, (*masks, part)) for part in _sets(mask)]
        return sorted(found) if len(found) <= most else None

    def _acyclic(self, everything: list[bool]) -> Iterator[bool]:
        """Yield for each state that can be reached before `everything` whether it is in no circle.

        Dashes cannot be written either.
        """
        edges = self._automaton.edges
        state_of: dict[int, int] = {}
        waiting = [(0, False)]
        while waiting:
            state, done = waiting.pop()
            if done:
                state_of[state] = 2
                continue
            if state_of.get(state) == 1:
                yield False
                return
            if state in state_of or everything[state]:
                continue
            state_of[state] = 1
            waiting.append((state, True))
            for mask, to in edges[state]:
                if mask & at.DASH or state_of.get(to) == 1:
                    yield False
                    return
                waiting.append((to, False))

    def regex(self) -> str:
        r"""Return a regular expression for `re.fullmatch`.

        As that of `Pattern.regex` it is exact for ASCII; a letter outside is several bytes, here
        `\x80` to `\xff`.
        """
        edges, accepts = self._automaton.edges, self._automaton.accepts
        end = len(edges)
        ways: dict[int, dict[int, str]] = {
            state: {to: _character_class(mask) for mask, to in row}
            for state, row in enumerate(edges)
        }
        for state, accepting in enumerate(accepts):
            if accepting:
                ways[state][end] = ""
        for state in range(end - 1, 0, -1):
            leaving = ways.pop(state)
            loop = _star(leaving.pop(state, None))
            for row in ways.values():
                into = row.pop(state, None)
                if into is not None:
                    for to, text in leaving.items():
                        row[to] = _either(row.get(to), f"{_whole(into)}{loop}{_whole(text)}")
        last = ways[0]
        loop = _star(last.pop(0, None))
        return loop + _whole(last[end]) if end in last else r"(?!)"

    # -- texts made of its texts ------------------------------------------------------------------

    def with_dashes(self) -> Numbers:
        """Return these texts with any dashes between, before and behind: what matching accepts."""
        made = self._automaton
        if not any(mask & at.DASH for row in made.edges for mask, _ in row):
            return Numbers.made(at.looping(made, at.DASH))

        def step(state: int) -> list[tuple[int, int]]:
            bare = [(mask & ~at.DASH, to) for mask, to in made.edges[state]]
            return [(at.DASH, state), *(one for one in bare if one[0])]

        return Numbers.made(at.explore(0, step, lambda state: made.accepts[state]))

    def prefix(self, text: str) -> Numbers:
        """Return these texts with a text before each of them."""
        return Numbers.made(at.concatenate(at.text_of(comparable(text)), self._automaton))

    def drop_prefix(self, text: str) -> Numbers:
        """Return what stands behind a text in those that begin with it."""
        state = self._automaton.after(0, comparable(text))
        return Numbers.made(at.starting(self._automaton, [state]) if state >= 0 else at.NOTHING)

    def strip(self, n: int) -> Numbers:
        """Return these texts without their first `n` bytes; shorter ones become empty."""
        return Numbers.made(terms.image(self._automaton, n, None))

    def last(self, n: int) -> Numbers:
        """Return the last `n` bytes of these texts; shorter ones stay whole."""
        start, end = (-n, None) if n else (0, 0)
        return Numbers.made(terms.image(self._automaton, start, end))

    def map(self, term: str) -> Numbers:
        """Return what a text such as `+1${EXTEN:1}` becomes for these.

        >>> Numbers("_9NXX").map("+1${EXTEN:1}") == Numbers("_+1NXX")
        True

        Raises:
            ModelError: it holds more than `${EXTEN}`, whole or a part of it, once; or a part that
                depends on the length, such as `${EXTEN:-2:1}`.
        """
        parts = [*terms.parts(_term(term))]
        if sum(not isinstance(part, str) for part in parts) > 1:
            raise ModelError(f"{term!r} has ${{EXTEN}} more than once")
        made = [
            at.text_of(_digits(part))
            if isinstance(part, str)
            else terms.image(self._automaton, part.start, part.end)
            for part in parts
            if not isinstance(part, terms.Opaque)
        ]
        return Numbers.made(at.concatenate(at.EMPTY, *made)) if self else Numbers()

    def where(self, term: str, numbers: Numbers) -> Numbers:
        """Return those of these texts for which a text such as `${EXTEN:0:3}` is among numbers.

        >>> Numbers("_NXXXXXX").where("${EXTEN:0:3}", Numbers("555")) == Numbers("_555XXXX")
        True

        Raises:
            ModelError: it holds more than `${EXTEN}` and parts of it; or as of `map`.
        """
        box = terms.Box((("d", self._automaton),))
        found = terms.inside(_term(term), numbers.with_dashes().automaton, box)
        return Numbers.made(at.union(one["d"] for one in found))


def _term(text: str) -> str:
    """Return a text of the dialplan as a term of one input."""
    found = []
    for part in template.parse(text).parts:
        if isinstance(part, template.Literal):
            found.append(part.text)
            continue
        made = None
        if isinstance(part, template.Variable) and part.name == "EXTEN":
            cut = part.slice
            offset, length = (0, None) if cut is None else (cut.offset, cut.length)
            if cut is None or offset is not None:
                made = terms.cut(terms.char_of(terms.InputSlice("d")), offset or 0, length)
        if made is None:
            what = "is neither ${EXTEN} nor a part of it that is the same for every length"
            raise ModelError(f"{text!r} holds {part.text!r}, which {what}")
        found.append(made)
    return "".join(found)


def _again(accepts: tuple[bool, ...], edges: tuple[at.Edges, ...]) -> Numbers:
    return Numbers.made(at.explore(0, lambda state: edges[state], lambda state: accepts[state]))


# ---- how sets of bytes are written --------------------------------------------------------------

_ORDER: dict[int, int] = {byte: place for place, byte in reversed([*enumerate(PREFERRED)])}


def _rank(byte: int) -> int:
    return _ORDER.get(byte, 1000)


def _nicest(mask: int) -> int:
    found: int = min(at.bytes_of(mask), key=_rank)
    return found


def _sets(mask: int) -> Iterable[int]:
    """Yield the parts of a set of bytes that one element of a pattern can be."""
    bracket = mask & (1 << 0x5D)
    if bracket and mask != bracket:
        yield bracket
        mask &= ~bracket
    yield mask


def _written(masks: tuple[int, ...], tail: str) -> str:
    """Return the pattern of sets of bytes, or the number that it is."""
    singles = [m.bit_length() - 1 if m.bit_count() == 1 else -1 for m in masks]
    if not tail and all(byte >= 0 for byte in singles) and singles[:1] != [0x5F]:
        return decode(bytes(singles))
    return decode(b"_" + b"".join(map(_element, masks)) + tail.encode())


def _element(mask: int) -> bytes:
    name = _CLASSES.get(mask)
    if name:
        return name.encode()
    members = at.bytes_of(mask)
    if len(members) == 1 and (members[0] not in _ODD or members[0] == 0x5D):
        return bytes(members)
    parts = [bytes(run) if len(run) < 3 else bytes((run[0], 0x2D, run[-1])) for run in _runs(mask)]
    return b"[" + b"".join(parts) + b"]"


def _runs(mask: int) -> list[list[int]]:
    """Return the runs of bytes that follow one another; `-` and `]` begin none and end none."""
    runs: list[list[int]] = []
    for byte in at.bytes_of(mask):
        if runs and runs[-1][-1] == byte - 1:
            runs[-1].append(byte)
        else:
            runs.append([byte])
    return runs


def _character_class(mask: int) -> str:
    def shown(byte: int) -> str:
        return chr(byte) if byte < 0x80 and chr(byte).isalnum() else f"\\x{byte:02x}"

    if mask == at.ALL:
        return r"[^\x00]"
    runs = _runs(mask)
    parts = [
        "".join(map(shown, run)) if len(run) < 3 else f"{shown(run[0])}-{shown(run[-1])}"
        for run in runs
    ]
    return parts[0] if mask.bit_count() == 1 else f"[{''.join(parts)}]"


def _either(one: str | None, other: str) -> str:
    return other if one is None else f"{one}|{other}"


def _whole(text: str) -> str:
    """Return an expression that can stand beside another."""
    return f"(?:{text})" if "|" in text or text == "" else text


def _star(text: str | None) -> str:
    return f"(?:{text})*" if text else ""
