"""Taking the right-hand side of an `exten` line apart, one pure function per step."""

from __future__ import annotations

import re
from typing import NamedTuple

from asterconf.semantics import substitute
from asterconf.source import decode, encode

__all__ = [
    "WHITE",
    "Application",
    "Priority",
    "atoi",
    "clean_condition",
    "clean_name",
    "clip",
    "cut_name",
    "int32",
    "leading_number",
    "needs_evaluator",
    "split_application",
    "split_priority",
    "substitute",
]

WHITE = "".join(map(chr, range(1, 33)))
"""What Asterisk strips: every byte from 1 to 32."""

_NUMBER = re.compile(r"[\t-\r ]*([+-]?[0-9]+)")


def cut_name(value: str) -> tuple[str, str | None]:
    """Cut at the first comma outside `[ ]` and not behind a backslash; None: there is none.

    Source: pbx/pbx_config.c, pbx_strsep.
    """
    depth = at = 0
    while at < len(value):
        char = value[at]
        if char == "\\":
            at += 1
        elif char == "[":
            depth += 1
        elif char == "]":
            depth = max(depth - 1, 0)
        elif char == "," and not depth:
            return value[:at], value[at + 1 :]
        at += 1
    return value, None


def clip(text: str, size: int = 255) -> str:
    """Return at most `size` bytes of `text`."""
    data = encode(text)
    return text if len(data) <= size else decode(data[:size])


def clean_name(name: str) -> str:
    """Remove blanks, but inside the sets of a pattern keep them.

    Source: main/pbx.c, ext_strncpy.
    """
    if " " not in name:
        return name
    kept = []
    inside = False
    for char in name:
        if name.startswith("_") and char in "[]":
            inside = char == "["
        if char != " " or inside:
            kept.append(char)
    return "".join(kept)


def clean_condition(text: str) -> str:
    """Reduce the caller-id part to what is compared: `(555) 123-4567` is `5551234567`.

    Source: main/callerid.c, ast_shrink_phone_number.
    """
    kept = []
    depth = 0
    for at, char in enumerate(text):
        depth += (char == "[") - (char == "]")
        if char in " ()" or (char == "-" and not depth) or (char == "." and at + 1 < len(text)):
            continue
        kept.append(char)
    return "".join(kept)


def int32(number: int) -> int:
    """Wrap `number` as a C `int` does."""
    return (number + 2**31) % 2**32 - 2**31


def leading_number(text: str) -> int | None:
    """Return the integer that `text` starts with after white space, or None."""
    found = _NUMBER.match(text)
    return int(found[1]) if found else None


def atoi(text: str) -> int:
    """Read `text` as C `atoi` does: nonsense is 0."""
    number = leading_number(text) or 0
    return int32(max(-(2**63), min(number, 2**63 - 1)))


class Priority(NamedTuple):
    """The priority field: its word, the text behind `+`, the label; `closed`: has its `)`."""

    word: str
    plus: str | None
    label: str | None
    closed: bool


def split_priority(field: str) -> Priority:
    """Take the priority field apart.

    Source: pbx/pbx_config.c, pbx_load_config.
    """
    word, opened, tail = field.strip(WHITE).partition("(")
    label, closed, _ = tail.partition(")")
    word, sign, plus = word.partition("+")
    return Priority(word, plus if sign else None, label or None, bool(closed) or not opened)


class Application(NamedTuple):
    """An application and its arguments; `lost` is thrown away; `closed`: a `)` was found."""

    app: str
    data: str
    lost: str
    closed: bool


def split_application(text: str) -> Application:
    """Cut at the first `(` and the last `)`, whatever stands between.

    Source: pbx/pbx_config.c, pbx_load_config.
    """
    app, opened, tail = text.partition("(")
    if not opened or "${" in app or "$[" in app:
        return Application(text.lstrip(WHITE), "", "", closed=True)
    end = tail.rfind(")")
    if end < 0:
        return Application(app.lstrip(WHITE), tail, "", closed=False)
    return Application(app.lstrip(WHITE), tail[:end], tail[end + 1 :], closed=True)


def needs_evaluator(text: str) -> bool:
    """Return whether `substitute` left something as written."""
    return "${" in text or "$[" in text
