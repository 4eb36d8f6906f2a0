"""Names of extensions as Asterisk compares and matches them: dashes, sets, `.` and `!`.

Everything works on bytes, as Asterisk does: a letter outside ASCII is several elements.
"""

from __future__ import annotations

from functools import lru_cache

from asterconf.source import encode

__all__ = ["Key", "condition_key", "condition_matches", "is_pattern", "matches", "name_key"]

Key = tuple[object, ...]
"""Sorts like Asterisk's lists; equal keys are equal names."""

_DASH, _DOT, _BANG, _OPEN, _CLOSE = b"-.![]"
_CLASSES = {
    **dict.fromkeys(b"xX", range(0x30, 0x3A)),
    **dict.fromkeys(b"zZ", range(0x31, 0x3A)),
    **dict.fromkeys(b"nN", range(0x32, 0x3A)),
}
_END, _UNCLOSED = 0x30000, 0x40000
_ENDS = {_DOT: 0x18000, _BANG: 0x28000}

_Element = tuple[int, frozenset[int]]
"""A score for the order, 0 for "left out of the order", and the bytes that it accepts."""

_SINGLES: tuple[_Element, ...] = tuple(
    (len(accepted) << 8 | min(accepted), frozenset(accepted))
    for accepted in (_CLASSES.get(byte, range(byte, byte + 1)) for byte in range(256))
)
"""What each byte is outside sets."""


def is_pattern(name: str) -> bool:
    """Return whether `name` is a pattern."""
    return name.startswith("_")


def _set(body: bytes) -> _Element:
    """Return score and members of a `[…]`; an inverted range accepts nothing and has no score."""
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
    return (len(members) << 8 | lowest if members else 0, frozenset(members))


@lru_cache(maxsize=4096)
def _elements(pattern: bytes) -> tuple[_Element, ...]:
    """Return the elements of a pattern (without its `_`), each with its score.

    Source: main/pbx.c, ext_cmp_pattern_pos.
    """
    elements: list[_Element] = []
    at = 0
    while at < len(pattern):
        byte = pattern[at]
        at += 1
        if byte == _DASH:
            continue
        if byte in _ENDS:
            elements.append((_ENDS[byte], frozenset()))
        elif byte == _OPEN:
            end = pattern.find(_CLOSE, at)
            if end < 0:
                elements.append((_UNCLOSED, frozenset()))
                continue
            if end > at:
                elements.append(_set(pattern[at:end]))
            at = end + 1
        else:
            elements.append(_SINGLES[byte])
    return (*elements, (_END, frozenset()))


@lru_cache(maxsize=4096)
def _bits(members: frozenset[int]) -> bytes:
    return bytes(byte not in members for byte in range(256))


@lru_cache(maxsize=4096)
def name_key(name: str) -> Key:
    """Return the sort key of an extension's name within its context.

    Sets of one score are ordered like strings of 256 bits, byte 0 leftmost: the one that has the
    first byte in which they differ comes first.

    Source: main/pbx.c, ext_cmp.
    """
    if not is_pattern(name):
        plain = encode(name).replace(b"-", b"")
        return (0, bytes(byte ^ 0x80 for byte in plain) + b"\x80")
    return (
        1,
        tuple((score, _bits(members)) for score, members in _elements(encode(name)[1:]) if score),
    )


def condition_key(condition: str | None) -> Key:
    """Return the sort key of a caller-id condition; no condition comes last."""
    return (1,) if condition is None else (0, name_key(condition))


def matches(name: str, dialled: str) -> bool:
    """Return whether the complete `dialled` text runs the extension called `name`.

    Source: main/pbx.c, _extension_match_core.
    """
    digits = encode(dialled).replace(b"-", b"")
    if not is_pattern(name):
        return encode(name).replace(b"-", b"") == digits
    if is_pattern(dialled) and name_key(name) == name_key(dialled):
        return True
    elements = _elements(encode(name)[1:])
    for (score, members), byte in zip(elements, digits, strict=False):
        if score in _ENDS.values():
            return True
        if byte not in members:
            return False
    return elements[len(digits)][0] in (_END, _ENDS[_BANG])


def condition_matches(condition: str | None, number: str | None) -> bool:
    """Return whether a caller with this number (None or empty: none) meets the condition.

    Source: main/pbx.c, matchcid.
    """
    if condition is None:
        return True
    return matches(condition, number) if number else not condition
