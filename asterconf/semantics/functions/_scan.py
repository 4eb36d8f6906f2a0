"""Reading numbers and single characters out of text as C does."""

from __future__ import annotations

import math
import re

from asterconf.semantics.texts import bytes_of

__all__ = [
    "BLANKS",
    "encoded",
    "encoded_byte",
    "int32",
    "scan_float",
    "scan_int",
    "special",
    "to_int",
]

BLANKS = "".join(map(chr, range(1, 33)))
"""What Asterisk strips: every byte from 1 to 32."""

_INTEGER = re.compile(r"[\t-\r ]*([+-]?[0-9]{1,29})")
_FLOAT = re.compile(
    r"[\t-\r ]*([+-]?(?:0[xX][0-9a-fA-F]+(?:\.[0-9a-fA-F]*)?(?:[pP][+-]?[0-9]+)?"
    r"|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|inf(?:inity)?|nan))",
    re.IGNORECASE,
)


def int32(number: int) -> int:
    """Wrap a number as a C `int` does."""
    return (number + 2**31) % 2**32 - 2**31


def scan_int(text: str) -> tuple[int, int] | None:
    """Return the integer that a text starts with and where it ends; None: there is none."""
    found = _INTEGER.match(text)
    if found is None:
        return None
    return int32(max(-(2**63), min(int(found[1]), 2**63 - 1))), found.end()


def scan_float(text: str) -> tuple[float, int] | None:
    """Return the number that a text starts with and where it ends; None: there is none."""
    found = _FLOAT.match(text)
    if found is None:
        return None
    digits = found[1]
    if "x" in digits.lower():
        try:
            return float.fromhex(digits), found.end()
        except OverflowError:
            return math.inf, found.end()
    return float(digits), found.end()


def special(number: float) -> str:
    """Return how C prints infinity or not-a-number."""
    sign = "-" if math.copysign(1, number) < 0 else ""
    return sign + ("nan" if math.isnan(number) else "inf")


def to_int(number: float) -> int:
    """Convert to a C `int` as x86-64 does: what does not fit is the smallest one."""
    if not math.isfinite(number) or not -(2**31) <= math.trunc(number) < 2**31:
        return -(2**31)
    return math.trunc(number)


_NAMED = {ord("n"): 10, ord("r"): 13, ord("t"): 9}
_HEX = b"0123456789abcdefABCDEF"


def encoded_byte(data: bytes) -> tuple[int | None, int]:
    r"""Return the first byte, `\n \r \t \xHH \0OO` understood, and how many bytes it took.

    None: there is none, or `\x` without a digit.

    Source: main/app.c, ast_get_encoded_char.
    """
    if not data:
        return None, 0
    if data[0] != ord("\\") or len(data) < 2:
        return data[0], 1
    kind = data[1]
    if kind in _NAMED:
        return _NAMED[kind], 2
    if kind == ord("x"):
        end = 2
        while end < 4 and data[end : end + 1] and data[end] in _HEX:
            end += 1
        return (int(data[2:end], 16), end) if end > 2 else (None, 2)
    if kind == ord("0"):
        end = 2
        while end < 5 and data[end : end + 1] and data[end] in b"01234567":
            end += 1
        return (int(data[2:end] or b"0", 8) % 256, end)
    return kind, 2


def encoded(text: str) -> bytes:
    """Return the bytes of a text with such escapes replaced."""
    data = bytes_of(text)
    found = bytearray()
    while data:
        byte, used = encoded_byte(data)
        if byte is None:
            break
        found.append(byte)
        data = data[used:]
    return bytes(found)
