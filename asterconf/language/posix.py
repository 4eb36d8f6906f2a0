"""POSIX extended regular expressions, as the C library of Asterisk reads and matches them.

Python's `re` finds the first alternative that matches, POSIX the longest match; and it can take
for ever. Here a match is a walk over sets of places, each set one integer, so that the time
grows with pattern times text only. Bytes are matched, in the C locale.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, TypeAlias

import attrs


class RegexError(ValueError):
    """The pattern does not compile; the message is the C library's."""


class TooCostlyError(ValueError):
    """No answer: the pattern asks for more than is computed here, or takes too long."""


@attrs.frozen
class RegexMatch:
    """The leftmost longest match: its ends, and the text of the first group if that took part."""

    start: int
    end: int
    group: bytes | None


@attrs.frozen
class _Set:
    bytes_: frozenset[int]


@attrs.frozen
class _Assert:
    """A place between bytes: `^ $ b B < >`."""

    kind: str


@attrs.frozen
class _Cat:
    items: tuple[_Node, ...]


@attrs.frozen
class _Alt:
    items: tuple[_Node, ...]


@attrs.frozen
class _Repeat:
    body: _Node
    low: int
    high: int | None


@attrs.frozen
class _Parentheses:
    number: int
    body: _Node


_Node: TypeAlias = _Set | _Assert | _Cat | _Alt | _Repeat | _Parentheses

_NOTHING: Final = _Cat(())

MOST_REPEATS: Final = 0x7FFF
WORK: Final = 400_000
"""How many sets may be looked at in one match."""
DEPTH: Final = 200
"""How deep parentheses may be nested."""

_ALL = frozenset(range(1, 256))
_DIGITS = frozenset(b"0123456789")
_UPPER = frozenset(range(65, 91))
_LOWER = frozenset(range(97, 123))
_WORD = _DIGITS | _UPPER | _LOWER | {95}
_SPACE = frozenset(b" \t\n\v\f\r")
_PRINT = frozenset(range(32, 127))
_CLASSES: Final = {
    b"alpha": _UPPER | _LOWER,
    b"digit": _DIGITS,
    b"alnum": _UPPER | _LOWER | _DIGITS,
    b"upper": _UPPER,
    b"lower": _LOWER,
    b"space": _SPACE,
    b"blank": frozenset(b" \t"),
    b"punct": _PRINT - _UPPER - _LOWER - _DIGITS - {32},
    b"print": _PRINT,
    b"graph": _PRINT - {32},
    b"cntrl": frozenset(range(1, 32)) | {127},
    b"xdigit": _DIGITS | frozenset(b"abcdefABCDEF"),
}
_ESCAPES: Final[dict[int, _Node]] = {
    ord("w"): _Set(_WORD),
    ord("W"): _Set(_ALL - _WORD),
    ord("s"): _Set(_SPACE),
    ord("S"): _Set(_ALL - _SPACE),
    ord("b"): _Assert("b"),
    ord("B"): _Assert("B"),
    ord("<"): _Assert("<"),
    ord(">"): _Assert(">"),
    ord("`"): _Assert("^"),
    ord("'"): _Assert("$"),
}


# ---- reading a pattern --------------------------------------------------------------------------


def _anchored(node: _Node) -> bool:
    """Return whether `^` or `$` is an element of a branch."""
    items = node.items if isinstance(node, _Cat) else (node,)
    return any(item in (_Assert("^"), _Assert("$")) for item in items)


@attrs.define
class _RegexParser:
    """Source: GNU C library, posix/regcomp.c, with RE_SYNTAX_POSIX_EXTENDED."""

    pattern: bytes
    at: int = 0
    groups: int = 0
    depth: int = 0
    unclear: bool = False
    """A repetition of a group is repeated itself, or `^` or `$` stands inside a branch or in one of
    several: what the group then keeps is not known here. Seen on 22.10.1: `"a" : "|(b*)^"` and
    `"a" : "aa|^|(b*)"` are not empty."""

    def peek(self) -> int:
        return self.pattern[self.at] if self.at < len(self.pattern) else -1

    def alternatives(self) -> _Node:
        """Read branches between `|`."""
        items = [self.branch()]
        while self.peek() == ord("|"):
            self.at += 1
            items.append(self.branch())
        if len(items) == 1:
            return items[0]
        self.unclear |= any(map(_anchored, items))
        return _Alt(tuple(items))

    def branch(self) -> _Node:
        items: list[_Node] = []
        while (char := self.peek()) >= 0 and char != ord("|"):
            if char == ord(")") and self.depth:
                break
            items.append(self.piece())
        self.unclear |= _Assert("^") in items[1:] or _Assert("$") in items[:-1]
        return items[0] if len(items) == 1 else _Cat(tuple(items))

    def piece(self) -> _Node:
        """Read one element and the repetitions after it."""
        char = self.peek()
        if char in b"*+?{":
            raise RegexError("Invalid preceding regular expression")
        self.at += 1
        if char in b"^$":
            return _Assert(chr(char))
        node: _Node
        if char == ord("("):
            node = self.group()
        elif char == ord("["):
            node = self.bracket()
        elif char == ord("."):
            node = _Set(_ALL)
        elif char == ord("\\"):
            char = self.peek()
            if char < 0:
                raise RegexError("Trailing backslash")
            if char in b"123456789":
                if char - 48 > self.groups:
                    raise RegexError("Invalid back reference")
                raise TooCostlyError("the pattern has a back reference")
            self.at += 1
            node = _ESCAPES.get(char, _Set(frozenset([char])))
            if isinstance(node, _Assert):
                return node
        else:
            node = _Set(frozenset([char]))
        while (char := self.peek()) >= 0 and char in b"*+?{":
            low, high = self.repeat(char)
            self.unclear |= isinstance(node, _Repeat) and isinstance(node.body, _Parentheses)
            node = _Repeat(node, low, high)
        return node

    def group(self) -> _Node:
        """Read what stands in parentheses; the opening one is read."""
        if self.depth == DEPTH:
            raise TooCostlyError("the pattern nests too deep")
        self.groups += 1
        number = self.groups
        self.depth += 1
        body = self.alternatives()
        self.depth -= 1
        if self.peek() != ord(")"):
            raise RegexError("Unmatched ( or \\(")
        self.at += 1
        return _Parentheses(number, body)

    def repeat(self, char: int) -> tuple[int, int | None]:
        """Return how often the element before may be repeated: at least, and at most."""
        self.at += 1
        if char != ord("{"):
            return {42: (0, None), 43: (1, None), 63: (0, 1)}[char]
        end = self.pattern.find(b"}", self.at)
        low, comma, high = self.pattern[self.at : end if end >= 0 else None].partition(b",")
        good = all(part.isdigit() or not part for part in (low, high)) and (low or comma)
        if end < 0:
            raise RegexError("Unmatched \\{" if good or not low else "Invalid content of \\{\\}")
        if not good:
            raise RegexError("Invalid content of \\{\\}")
        self.at = end + 1
        least = int(low or b"0")
        most = least if not comma else int(high) if high else None
        if max(least, most or 0) > MOST_REPEATS:
            raise RegexError("Regular expression too big")
        if most is not None and most < least:
            raise RegexError("Invalid content of \\{\\}")
        return least, most

    def bracket(self) -> _Node:
        """Read a bracket expression; the opening bracket is read."""
        found: set[int] = set()
        inverted = self.peek() == ord("^")
        self.at += inverted
        first = True
        while True:
            char = self.peek()
            if char < 0:
                raise RegexError("Unmatched [, [^, [:, [., or [=")
            if char == ord("]") and not first:
                self.at += 1
                break
            first = False
            one = self.element()
            if isinstance(one, frozenset):
                found |= one
            elif self.pattern[self.at : self.at + 1] == b"-" and self.pattern[
                self.at + 1 : self.at + 2
            ] not in {b"]", b""}:
                self.at += 1
                last = self.element()
                if isinstance(last, frozenset) or last < one:
                    raise RegexError("Invalid range end")
                found |= set(range(one, last + 1))
            else:
                found.add(one)
        return _Set(_ALL - found if inverted else frozenset(found))

    def element(self) -> int | frozenset[int]:
        """Read one byte of a bracket expression, or a class of them."""
        pattern, at = self.pattern, self.at
        opening = pattern[at : at + 2]
        if opening in {b"[:", b"[.", b"[="}:
            end = pattern.find(opening[1:] + b"]", at + 2)
            if end < 0:
                raise RegexError("Unmatched [, [^, [:, [., or [=")
            name = pattern[at + 2 : end]
            self.at = end + 2
            if opening == b"[:":
                if name not in _CLASSES:
                    raise RegexError("Invalid character class name")
                return _CLASSES[name]
            if len(name) != 1:
                raise RegexError("Invalid collation character")
            return name[0] if opening == b"[." else frozenset(name)
        self.at += 1
        return pattern[at]


@attrs.frozen(eq=False)
class Regex:
    """A pattern that compiles; `groups`: how many pairs of parentheses it has."""

    root: _Node = attrs.field(repr=False)
    groups: int
    unclear: bool = False

    def search(self, text: bytes, *, at_start: bool = False) -> RegexMatch | None:
        """Return the leftmost longest match; `at_start`: only one that starts there.

        Raises:
            TooCostlyError: the search takes too long.
        """
        walk = _Walk(text)
        size = len(text)
        starts = walk.back(self.root, (1 << (size + 1)) - 1)
        if at_start:
            starts &= 1
        if not starts:
            return None
        start = (starts & -starts).bit_length() - 1
        end = walk.forth(self.root, 1 << start).bit_length() - 1
        group = None
        if self.groups:
            if self.unclear:
                raise TooCostlyError("what the group of this pattern keeps is not known")
            walk.route(self.root, start, 1 << end)
            group = walk.group and text[slice(*walk.group)]
        return RegexMatch(start, end, group)

    def found(self, text: bytes) -> bool:
        """Return whether it matches anywhere."""
        return bool(_Walk(text).back(self.root, (1 << (len(text) + 1)) - 1))


@lru_cache(1024)
def compile_regex(pattern: bytes) -> Regex:
    """Compile a pattern.

    Raises:
        RegexError: the C library does not compile it.
        TooCostlyError: it has a back reference.
    """
    parser = _RegexParser(pattern)
    root = parser.alternatives()
    return Regex(root, parser.groups, parser.unclear)


# ---- matching -----------------------------------------------------------------------------------


@attrs.define
class _Walk:
    """Walks over one text; a set of places between its bytes is an integer, one bit a place."""

    text: bytes
    masks: dict[_Set, int] = attrs.field(factory=dict)
    work: int = 0
    group: tuple[int, int] | None = None
    """Where the first group matched last."""

    def mask(self, node: _Set) -> int:
        """Return the places before a byte of the set."""
        found = self.masks.get(node)
        if found is None:
            bits = "".join("1" if byte in node.bytes_ else "0" for byte in reversed(self.text))
            found = self.masks[node] = int(bits or "0", 2)
        return found

    def at(self, kind: str, places: int) -> int:
        """Return those places where an assertion holds."""
        size = len(self.text)
        if kind == "^":
            return places & 1
        if kind == "$":
            return places & (1 << size)
        before_word = self.mask(_Set(_WORD))
        behind_word = before_word << 1
        both = before_word & behind_word
        either = before_word | behind_word
        return (
            places
            & {
                "b": either & ~both,
                "B": ~(either & ~both),
                "<": before_word & ~behind_word,
                ">": behind_word & ~before_word,
            }[kind]
        )

    def spend(self) -> None:
        self.work += 1
        if self.work > WORK:
            raise TooCostlyError("the pattern takes too long on this text")

    def forth(self, node: _Node, places: int) -> int:
        """Return where a match that starts at one of the places can end."""
        return self.go(node, places, back=False)

    def back(self, node: _Node, places: int) -> int:
        """Return where a match that ends at one of the places can start."""
        return self.go(node, places, back=True)

    def go(self, node: _Node, places: int, *, back: bool) -> int:
        """Return the places where a match of a node ends that begins at one of some places."""
        self.spend()
        if not places:
            return 0
        if isinstance(node, _Set):
            mask = self.mask(node)
            return (places >> 1) & mask if back else (places & mask) << 1
        if isinstance(node, _Assert):
            return self.at(node.kind, places)
        if isinstance(node, _Parentheses):
            return self.go(node.body, places, back=back)
        if isinstance(node, _Cat):
            for item in reversed(node.items) if back else node.items:
                places = self.go(item, places, back=back)
            return places
        if isinstance(node, _Alt):
            found = 0
            for item in node.items:
                found |= self.go(item, places, back=back)
            return found
        return self.repeat(node, places, back=back)

    def repeat(self, node: _Repeat, places: int, *, back: bool) -> int:
        """Return the places where a repeated node ends that begins at one of some places."""
        for _ in range(node.low):
            before, places = places, self.go(node.body, places, back=back)
            if places in {0, before}:
                break
        found = new = places
        if node.high is None:
            while new := self.go(node.body, new, back=back) & ~found:
                found |= new
            return found
        for _ in range(node.high - node.low):
            before, new = new, self.go(node.body, new, back=back)
            if new in {0, before}:
                break
            found |= new
        return found

    # ---- the first group ------------------------------------------------------------------------

    def route(self, node: _Node, start: int, goal: int) -> int:
        """Walk the node from `start` to one of the places of `goal`, and return which.

        There is a way. Of several, that is taken whose first choice comes first in the pattern:
        an earlier alternative, but an empty one at the start after the second; one more round of
        a repetition. The first group is noted.
        """
        self.spend()
        if isinstance(node, _Parentheses):
            end = self.route(node.body, start, goal)
            if node.number == 1:
                self.group = (start, end)
            return end
        if isinstance(node, _Cat):
            goals = [goal]
            for item in reversed(node.items[1:]):
                goals.append(self.back(item, goals[-1]))
            for item in node.items:
                start = self.route(item, start, goals.pop())
            return start
        if isinstance(node, _Alt):
            first, second, *others = node.items
            if first == _NOTHING:
                first, second = second, first
            for item in (first, second, *others):
                if self.forth(item, 1 << start) & goal:
                    return self.route(item, start, goal)
        if isinstance(node, _Repeat):
            return self.rounds(node, start, goal)
        return start + isinstance(node, _Set)

    def rounds(self, node: _Repeat, start: int, goal: int) -> int:
        """Walk the rounds of a repetition; one that goes nowhere is taken only where it must be."""
        body, at, done = node.body, start, 0
        after: int | None = None
        """From where the rounds after the next one reach the goal."""
        while node.high is None or done < node.high:
            if after is None or node.high is not None or done < node.low:
                need = max(node.low - done - 1, 0)
                most = None if node.high is None else node.high - done - 1
                after = self.repeat(_Repeat(body, need, most), goal, back=True)
            reached = self.forth(body, 1 << at) & after
            if done >= node.low:
                moved = reached & ~(1 << at)
                if not moved:
                    if not done and reached:
                        self.route(body, at, 1 << at)
                    break
                reached = moved
            at = self.route(body, at, reached)
            done += 1
        return at
