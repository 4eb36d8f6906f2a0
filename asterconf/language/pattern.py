"""Names of extensions as Asterisk compares and matches them: dashes, sets, `.` and `!`.

Everything works on bytes, as Asterisk does: a letter outside ASCII is several elements.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import product

import attrs

from asterconf import _grammars
from asterconf._grammars import lark
from asterconf.errors import ModelError
from asterconf.shown import Shown
from asterconf.source import comparable, decode, printable

_DASH, _DOT, _BANG, _OPEN, _CLOSE = b"-.![]"
_CLASSES = {
    **dict.fromkeys(b"xX", range(0x30, 0x3A)),
    **dict.fromkeys(b"zZ", range(0x31, 0x3A)),
    **dict.fromkeys(b"nN", range(0x32, 0x3A)),
}
_END = b"\x03\x00\x00"
_SIGNED = bytes(byte ^ 0x80 for byte in range(256))
"""Bytes in the order in which a C `char` with a sign compares."""

PREFERRED = (*b"0123456789*#", *range(0x20, 0x7F), *range(0x80, 0x100), *range(1, 0x20), 0x7F)
"""Bytes of an example number, by preference: what a phone can dial, then what can be read."""


@attrs.frozen
class Element:
    """One element of a pattern: what it accepts, and where it stands in the order.

    `text` is how it is written. `score` comes first in the order, lower is earlier; 0: the
    element does not count in it. `accepts` are the bytes that it can match, one of them at a
    time; of `.` and `!`, which match any, and of what matches nothing it is empty.

    Source: main/pbx.c, ext_cmp_pattern_pos.
    """

    text: str
    score: int
    accepts: frozenset[int] = attrs.field(default=frozenset(), repr=False)
    place: bytes = attrs.field(init=False, eq=False, repr=False)
    """Its sort key, as bytes; empty if it does not count in the order.

    Sets of one score are ordered like strings of 256 bits, byte 0 leftmost: the one that has the
    first byte in which they differ comes first.
    """

    @place.default
    def _place(self) -> bytes:
        if not self.score:
            return b""
        bits = (1 << 256) - 1
        for byte in self.accepts:
            bits ^= 1 << (255 - byte)
        return self.score.to_bytes(3) + bits.to_bytes(32)

    @property
    def ends(self) -> bool:
        """Whether the match is over here: `.`, `!`, or `!` after an empty set."""
        return self.text in {".", "!", "[]!"}

    def __str__(self) -> str:
        if self.text.upper() in {"X", "Z", "N"}:
            return f"{self.text} ({min(self.accepts) - 48}-9)"
        return printable(self.text)


_ENDS = {_DOT: Element(".", 0x18000), _BANG: Element("!", 0x28000)}
_SINGLES: tuple[Element, ...] = tuple(
    _ENDS.get(byte)
    or Element(decode(bytes([byte])), len(accepted) << 8 | min(accepted), frozenset(accepted))
    for accepted, byte in ((_CLASSES.get(b, range(b, b + 1)), b) for b in range(256))
)
"""The element of each byte outside sets."""

_WRITTEN = {
    one.place: frozenset(b for b, other in enumerate(_SINGLES) if b and other.place == one.place)
    for byte, one in enumerate(_SINGLES)
    if byte not in (0, _DASH, _OPEN)
}
"""The bytes outside sets that write an element, by its place in the order."""
_UNCLOSED = Element("[", 0x40000)
_EMPTY = Element("[]", 0)
_EMPTY_BANG = Element("[]!", 0x28000)
"""What an empty set makes of the end and of `!`: it is skipped only where a byte follows."""


def is_pattern(name: str) -> bool:
    """Return whether `name` is a pattern."""
    return name.startswith("_")


@lru_cache(maxsize=1024)
def _set(body: bytes) -> Element:
    """Return the element of a `[…]`; an inverted range accepts nothing and has no score.

    A dash is a member like any other for the order, but no dialled dash ever reaches it.
    """
    members: set[int] = set()
    lowest = 0xFF
    at = 0
    while at < len(body):
        first = last = body[at]
        if at + 2 < len(body) and body[at + 1] == _DASH:
            last = body[at + 2]
            at += 2
        lowest = min(lowest, first)
        members.update(range(first, last + 1))
        at += 1
    score = len(members) << 8 | lowest if members else 0
    return Element(f"[{decode(body)}]", score, frozenset(members))


@lru_cache(maxsize=16384)
def elements_of(name: str) -> tuple[Element, ...]:
    """Return the elements of a pattern, those after `.` or `!` too.

    An empty set is left out where something follows that takes a byte.

    Source: main/pbx.c, ext_cmp_pattern_pos and extension_match_core.
    """
    pattern = comparable(name)[1:]
    if _OPEN not in pattern:
        return tuple(_SINGLES[byte] for byte in pattern if byte != _DASH)
    elements: list[Element] = []
    at, empty = 0, False
    while at < len(pattern):
        byte = pattern[at]
        at += 1
        if byte == _DASH:
            continue
        element = _SINGLES[byte]
        if byte == _BANG and empty:
            element = _EMPTY_BANG
        elif byte == _OPEN:
            end = pattern.find(_CLOSE, at)
            if end == at:
                at, empty = end + 1, True
                continue
            element = _UNCLOSED if end < 0 else _set(pattern[at:end])
            at = at if end < 0 else end + 1
        elements.append(element)
        empty = False
    return (*elements, _EMPTY) if empty else tuple(elements)


def name_key(name: str) -> bytes:
    """Return the sort key of an extension's name within its context; equal keys, equal names.

    Source: main/pbx.c, ext_cmp.
    """
    if is_pattern(name):
        return b"\x01" + b"".join([element.place for element in elements_of(name)]) + _END
    return b"\x00" + comparable(name).replace(b"-", b"").translate(_SIGNED) + b"\x80"


def spellings(name: str) -> list[frozenset[int]]:
    """Return for each element of a pattern the bytes that write it without a set.

    A text of them, behind `_`, is the pattern itself. Source: main/pbx.c, ext_cmp_pattern.
    """
    places = (one.place for one in elements_of(name) if one.place)
    return [_WRITTEN.get(place, frozenset()) for place in places]


def condition_key(condition: str | None) -> bytes:
    """Return the sort key of a caller-id condition; no condition comes last."""
    return b"\x01" if condition is None else b"\x00" + name_key(condition)


def matches(name: str, dialled: str) -> bool:
    """Return whether the complete `dialled` text runs the extension called `name`.

    Source: main/pbx.c, _extension_match_core.
    """
    if not is_pattern(name):
        return name.replace("-", "") == dialled.replace("-", "")
    return Pattern(name).matches(dialled)


def condition_matches(condition: str | None, number: str | None) -> bool:
    """Return whether a caller with this number (None or empty: none) meets the condition.

    Source: main/pbx.c, matchcid.
    """
    if condition is None:
        return True
    return matches(condition, number) if number else not condition


def tree(name: str) -> lark.Tree[lark.Token]:
    """Return the lark tree of a name by `grammars/pattern.lark`: every character in a token."""
    return _grammars.parser("pattern", "name").parse(name)


@attrs.frozen
class Explanation(Shown):
    """Why a pattern matches a number or does not; true where it does.

    `at` is the character of the number, from 0, at which the match fails: the number's length
    if it is too short; None where it matches.
    """

    matches: bool
    reason: str
    at: int | None = None

    def __bool__(self) -> bool:
        return self.matches

    def __str__(self) -> str:
        return self.reason


@attrs.frozen
class Pattern(Shown):
    """The name of an extension, or a caller-id condition: a pattern such as `_NXX`, or plain.

    Patterns of the same text are equal; `order` tells which are the same to Asterisk. `<` is the
    order in which Asterisk tries the extensions of a context, so `sorted` sorts as it does.
    Dashes are ignored, in the pattern and in numbers, except inside sets.
    """

    text: str

    @property
    def is_pattern(self) -> bool:
        """Whether it starts with `_`; otherwise it is a plain name, which matches itself."""
        return is_pattern(self.text)

    @property
    def elements(self) -> tuple[Element, ...]:
        """What is accepted, place by place, up to and including the first `.` or `!`."""
        if not self.is_pattern:
            return tuple(_literal(byte) for byte in _digits(self.text))
        elements = elements_of(self.text)
        end = next((n + 1 for n, element in enumerate(elements) if element.ends), len(elements))
        return elements[:end]

    @property
    def order(self) -> bytes:
        """A sort key: Asterisk tries lower ones first, and takes equal ones for one extension."""
        return name_key(self.text)

    def __lt__(self, other: Pattern) -> bool:
        return self.order < other.order

    def __str__(self) -> str:
        return self.text

    def matches(self, number: str) -> bool:
        """Return whether the complete number is matched."""
        if not self.is_pattern:
            return matches(self.text, number)
        digits = _digits(number)
        elements = elements_of(self.text)
        for element, byte in zip(elements, digits, strict=False):
            if element.ends:
                return True
            if byte not in element.accepts:
                return self._is(number)
        size = len(digits)
        if len(elements) <= size:
            return len(elements) == size or self._is(number)
        return elements[size].text == "!" or self._is(number)

    def _is(self, number: str) -> bool:
        """Return whether the number is this pattern itself, or one that accepts the same."""
        return is_pattern(number) and name_key(number) == name_key(self.text)

    def explain(self, number: str) -> Explanation:
        """Return why the number is matched, or which of its characters fails."""
        shown, this = printable(number), printable(self.text)
        if self.matches(number):
            if not self.is_pattern:
                return Explanation(matches=True, reason=f"{shown!r} is {this!r}")
            end = self.elements[-1:] if self.elements and self.elements[-1].ends else ()
            if is_pattern(number) and self._is(number):
                return Explanation(matches=True, reason=f"{shown!r} is the pattern {this!r} itself")
            rest = f", and {end[0].text!r} takes the rest" if end else ""
            each = "every character is accepted" if number else "there is nothing to accept"
            return Explanation(matches=True, reason=f"{this!r} matches {shown!r}: {each}{rest}")
        places = [n for n, char in enumerate(number) for _ in comparable(char) if char != "-"]
        at, why = self._failure(_digits(number))
        place = places[at] if at < len(places) else len(number)
        if at < len(places):
            why = f"character {place + 1}, {printable(number[place])!r}, {why}"
        return Explanation(
            matches=False, reason=f"{this!r} does not match {shown!r}: {why}", at=place
        )

    def _failure(self, digits: bytes) -> tuple[int, str]:
        """Return which byte of a number that is not matched fails, and why."""
        elements = self.elements
        for at, byte in enumerate(digits):
            if at == len(elements):
                return at, f"is one too many, {at} {'is' if at == 1 else 'are'} all it takes"
            if byte not in elements[at].accepts:
                if not elements[at].accepts:
                    return at, f"stands where {elements[at]} accepts nothing"
                return at, f"is not in {elements[at]}"
        left = elements[len(digits) :]
        return len(digits), f"too short, {''.join(e.text for e in left)!r} is left over"

    @property
    def finite(self) -> bool:
        """Whether there is a longest number that it matches: it has no `.` and no `!`."""
        return not any(element.ends for element in self.elements[-1:])

    def count(self) -> int | None:
        """Return how many numbers, written without dashes, are matched; None: no limit."""
        choices = self._choices()
        if not all(choices):
            return 0
        if not self.finite:
            return None
        total = 1
        for accepted in choices:
            total *= len(accepted)
        return total

    def numbers(self) -> Iterator[str]:
        """Yield every number that is matched, without dashes, in ascending order.

        Raises:
            ModelError: there is no limit to them.
        """
        if self.count() is None:
            raise ModelError(f"{self.text!r} matches numbers of any length")
        return (decode(bytes(number)) for number in product(*self._choices()))

    def _choices(self) -> list[list[int]]:
        """Return what can be dialled at each place before `.` or `!`, ascending."""
        return [sorted(e.accepts - {_DASH}) for e in self.elements if not e.ends]

    def intersection(self, other: Pattern) -> str | None:
        """Return a number that both match, or None if there is none."""
        mine, theirs = self._choices(), other._choices()
        least = max(self._least(), other._least())
        if (self.finite and least > len(mine)) or (other.finite and least > len(theirs)):
            return None
        example = []
        for at in range(least):
            common = set(mine[at] if at < len(mine) else PREFERRED)
            common &= set(theirs[at] if at < len(theirs) else PREFERRED)
            if not common:
                return None
            example.append(next(byte for byte in PREFERRED if byte in common))
        return decode(bytes(example))

    def _least(self) -> int:
        """Return how many bytes the shortest number has."""
        return sum(element.text != "!" for element in self.elements)

    def regex(self) -> str:
        r"""Return the regular expression of the numbers, for `re.fullmatch`; dashes removed.

        Exact for any number as long as the pattern is ASCII. A letter outside it is several
        elements, here `\x80` to `\xff`: then match `number.encode().decode("latin-1")`.
        """
        return "".join(_expression(element) for element in self.elements)


def _literal(byte: int) -> Element:
    return Element(decode(bytes([byte])), 0x100 | byte, frozenset((byte,)))


def _digits(number: str) -> bytes:
    """Return the bytes of a number that are compared: all but dashes."""
    return comparable(number).replace(b"-", b"")


def _expression(element: Element) -> str:
    if element.ends:
        return r"[\s\S]*" if element.text == "!" else r"[\s\S]+"
    accepted = sorted(element.accepts - {_DASH})
    if not accepted:
        return r"(?!)"
    runs: list[list[int]] = []
    for byte in accepted:
        if runs and runs[-1][-1] == byte - 1:
            runs[-1][1:] = [byte]
        else:
            runs.append([byte])
    parts = ["-".join(map(_character, run)) for run in runs]
    return parts[0] if len(accepted) == 1 else f"[{''.join(parts)}]"


def _character(byte: int) -> str:
    return chr(byte) if chr(byte).isalnum() and byte < 0x80 else f"\\x{byte:02x}"
