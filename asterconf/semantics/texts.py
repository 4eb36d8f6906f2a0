"""Text and numbers as C reads them.

To Asterisk a text is bytes: a cut can leave half a character, and a join can complete one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from asterconf.language.exten import int32
from asterconf.source import decode


def bytes_of(text: str) -> bytes:
    """Return the bytes of a text; what no byte stands for becomes `?`."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        kept = (
            c if not "\ud800" <= c <= "\udfff" or "\udc80" <= c <= "\udcff" else "?" for c in text
        )
        return "".join(kept).encode("utf-8", "surrogateescape")


def joined(pieces: Iterable[str]) -> str:
    """Join texts; bytes at the seams that make one character become that character."""
    text = "".join(pieces)
    return text if text.isascii() else decode(bytes_of(text))


def clip(text: str, size: int) -> str:
    """Return at most `size` bytes of a text; the text itself if it is not too long."""
    if len(text) * 4 <= size:
        return text
    data = bytes_of(text)
    return text if len(data) <= size else decode(data[:size])


def sliced(text: str, offset: int, length: int | None) -> str:
    """Return `length` bytes from `offset` on, as `${NAME:offset:length}` does.

    A negative offset counts from the end, but not before the start. A negative length leaves out
    as many bytes at the end. None: all to the end.

    Source: main/pbx_variables.c, ast_str_substring.
    """
    data = bytes_of(text)
    size = len(data)
    start = max(size + offset, 0) if offset < 0 else offset
    if length is None:
        length = size
    end = min(start + length, size) if length >= 0 else size + length
    if start == 0 and end == size:
        return text
    return decode(data[start:end]) if start < end else ""


# ---- numbers ------------------------------------------------------------------------------------

_INTEGER = re.compile(r"[\t-\r ]*([+-]?[0-9]{1,29})")
_FLOAT = re.compile(
    r"[\t-\r ]*([+-]?(?:0[xX][0-9a-fA-F]+(?:\.[0-9a-fA-F]*)?(?:[pP][+-]?[0-9]+)?"
    r"|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|inf(?:inity)?|nan))",
    re.IGNORECASE,
)


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


# ---- escapes ------------------------------------------------------------------------------------

_NAMED = {ord("n"): 10, ord("r"): 13, ord("t"): 9}
_HEX = b"0123456789abcdefABCDEF"


def decode_escape(data: bytes) -> tuple[int | None, int]:
    r"""Return the first byte, `\n \r \t \xHH \0OO` understood, and how many bytes it took.

    None: there is none, or `\x` without a digit. A backslash with nothing behind it is a NUL.

    Source: main/app.c, ast_get_encoded_char.
    """
    if not data:
        return None, 0
    if data[0] != ord("\\"):
        return data[0], 1
    if len(data) < 2:
        return 0, 1
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


def decode_escapes(text: str) -> bytes:
    """Return the bytes of a text with such escapes replaced, up to the first NUL."""
    data = bytes_of(text)
    found = bytearray()
    while data:
        byte, used = decode_escape(data)
        if not byte:
            break
        found.append(byte)
        data = data[used:]
    return bytes(found)
