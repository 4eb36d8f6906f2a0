"""Bytes and text, and places in them.

A file is bytes. It is held as `str`, decoded as UTF-8 with `surrogateescape`, so that any byte
string survives; a line ends at LF and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from unicodedata import category, east_asian_width

import attrs

from asterconf.secrets import masked_repr

WHITE = "".join(map(chr, range(1, 33)))
"""What Asterisk strips from both ends of a text: every byte from 1 to 32."""

TRUE = frozenset({"yes", "true", "y", "t", "1", "on"})
"""The words for "yes", in lower case. Source: main/utils.c, ast_true."""

FALSE = frozenset({"no", "false", "n", "f", "0", "off"})
"""The words for "no", in lower case. Source: main/utils.c, ast_false."""

_FOLD = {c: c + 32 for c in range(ord("A"), ord("Z") + 1)}


def decode(data: bytes) -> str:
    """Return the text of `data`; bytes that are not UTF-8 become lone surrogates."""
    return data.decode("utf-8", "surrogateescape")


def encode(text: str) -> bytes:
    """Return the bytes of `text`, the exact inverse of `decode`.

    Raises:
        UnicodeEncodeError: `text` holds a surrogate that no byte decodes to.
    """
    return text.encode("utf-8", "surrogateescape")


def comparable(text: str) -> bytes:
    """Return the bytes of any text, to compare and count; no two texts have the same.

    They are those of `encode`, but a surrogate that no byte decodes to has three of its own.
    """
    try:
        return encode(text)
    except UnicodeEncodeError:
        return b"".join(
            c.encode("utf-8", "surrogateescape" if "\udc80" <= c <= "\udcff" else "surrogatepass")
            for c in text
        )


def encodable(text: str) -> bool:
    """Tell whether `encode` has bytes for `text`."""
    try:
        encode(text)
    except UnicodeEncodeError:
        return False
    return True


def fold(name: str) -> str:
    """Lower-case A to Z only, as Asterisk compares names "ignoring case"."""
    return name.lower() if name.isascii() else name.translate(_FOLD)


def is_true(text: str) -> bool:
    """Tell whether a module takes `text` for "yes"; any unknown word is "no".

    Source: main/utils.c, ast_true.
    """
    return fold(text) in TRUE


def printable(text: str) -> str:
    r"""Return `text` so that any console can print it: odd bytes and controls become `\xNN`."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in "\t\n" else _escaped(c) for c in text)


def meant(
    name: str,
    known: Iterable[str],
    most: int = 1,
    *,
    near: float = 0.6,
    shown: Callable[[str], str] = printable,
    before: str = "",
) -> str:
    """Return "did you mean x or y?" with the known names near to one; empty: there are none.

    Args:
        name: what was written.
        known: what could have been.
        most: how many names are given.
        near: how much alike they must be, from 0 to 1.
        shown: shows a name.
        before: what stands before the question.
    """
    from difflib import get_close_matches

    found = get_close_matches(name, [*dict.fromkeys(known)], most, near)
    return f"{before}did you mean {' or '.join(map(shown, found))}?" if found else ""


def _escaped(c: str) -> str:
    byte = ord(c) < 0x80 or 0xDC80 <= ord(c) <= 0xDCFF
    return f"\\x{ord(c) & 0xFF:02x}" if byte else ascii(c)[1:-1]


@attrs.frozen(order=True)
class Position:
    """A place in a file. Line and column count from 1, columns in characters."""

    file: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        return f"{printable(self.file)}:{self.line}:{self.column}"


class Severity(StrEnum):
    """How much a finding matters.

    `ERROR`: Asterisk refuses or drops it. `WARNING`: works, but not as written.
    `ADVICE`: works, but will hurt. `INFO`: nothing is wrong; it says what was left out, and why.
    """

    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"
    INFO = "info"


@attrs.frozen
class TextEdit:
    """Replace the characters `start` to `end` (offsets from 0) of one file by `text`."""

    file: str
    start: int
    end: int
    text: str = attrs.field(repr=masked_repr)


def cells(text: str) -> int:
    """Return how many columns of a terminal a text takes: wide letters two, marks on them none."""
    if text.isascii():
        return len(text)
    marks = sum(category(char) in {"Mn", "Me", "Cf"} for char in text)
    return len(text) - marks + sum(east_asian_width(char) in "WF" for char in text)


def count(number: int, what: str) -> str:
    """Return `1 queue`, `2,000 queues`, `2 mailboxes`."""
    ending = "es" if what.endswith(("x", "s", "ch")) else "s"
    return f"{number:,} {what}{'' if number == 1 or what == 'advice' else ending}"
