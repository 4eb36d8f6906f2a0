"""The filter of a header `[name](+filter)`, which chooses among sections of one name."""

from __future__ import annotations

import re
from typing import Self

import attrs

__all__ = ["Filter"]

_BLANKS = "".join(map(chr, range(1, 33)))
_CLASSES = {
    "alpha": "A-Za-z", "digit": "0-9", "alnum": "A-Za-z0-9", "upper": "A-Z",
    "lower": "a-z", "space": " \\t\\n\\r\\f\\v", "blank": " \\t",
    "xdigit": "0-9A-Fa-f", "cntrl": "\\x00-\\x1f\\x7f",
    "punct": "!-/:-@\\[-`{-~", "graph": "!-~", "print": " -~",
}  # fmt: skip


@attrs.frozen
class Filter:
    """All parts must match: pairs of regular expressions for a name and a value.

    `templates` is `None` (no templates), `include` or `restrict`. `never`: it matches nothing.
    `broken` is an expression that does not compile.
    """

    parts: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = ()
    templates: str | None = None
    never: bool = False
    broken: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what stands between `+` and the next `,` or `)`."""
        parts = []
        templates, never = None, False
        for part in _split(text) if text else ():
            left, equals, right = _unquote(part).partition("=")
            name, value = _unquote(left), _unquote(right.partition("=")[0])
            if not equals:
                never = True
            elif name == "TEMPLATES":
                templates = value.lower()
                never = never or templates not in {"include", "restrict"}
            else:
                try:
                    parts.append((_compile(name), _compile(value)))
                except (re.error, OverflowError):
                    return cls(never=True, broken=f"{name}={value}")
        return cls(tuple(parts), templates, never)

    def matches(self, items: list[tuple[str, str]], *, template: bool) -> bool:
        """Tell whether a section with these items is one that the filter means."""
        if self.never or (template and self.templates is None):
            return False
        if self.templates == "restrict" and not template:
            return False
        return all(
            any(name.search(n) and value.search(v) for n, v in items) for name, value in self.parts
        )


def _split(text: str) -> list[str]:
    """Split at `&` outside quotes; a backslash hides the next byte from the splitting."""
    parts, start, quote, pos = [], 0, "", 0
    while pos < len(text):
        c = text[pos]
        if c == "\\":
            pos += 1
        elif quote:
            quote = "" if c == quote else quote
        elif c in "\"'":
            quote = c
        elif c == "&":
            parts.append(text[start:pos])
            start = pos + 1
        pos += 1
    return [*parts, text[start:]]


def _unquote(text: str) -> str:
    text = text.strip(_BLANKS)
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "\"'":
        return text[1:-1]
    return text


def _compile(text: str) -> re.Pattern[str]:
    """Compile a POSIX extended regular expression.

    Raises:
        re.error: it is none.
    """
    if re.match(r"[*+?]|\{", text) or re.search(r"(?<!\\)[(|][*+?]", text):
        raise re.error("repeats nothing")
    out, pos = [], 0
    while pos < len(text):
        c = text[pos]
        if c == "[":
            body, pos = _bracket(text, pos)
            out.append(body)
            continue
        if c == "\\":
            if pos + 1 == len(text):
                raise re.error("ends with a backslash")
            out.append(_ESCAPES.get(text[pos + 1], re.escape(text[pos + 1])))
            pos += 1
        elif c == "$":
            out.append(r"\Z")
        elif c == "(" and text[pos + 1 : pos + 2] == "?":
            raise re.error("repeats nothing")
        else:
            out.append(c)
        pos += 1
    return re.compile("".join(out), re.ASCII | re.DOTALL)


_ESCAPES = {c: "\\" + c for c in "wWsSbB"} | {"<": r"\b(?=\w)", ">": r"\b(?<=\w)"}


def _bracket(text: str, pos: int) -> tuple[str, int]:
    """Translate a bracket expression; a backslash in it is an ordinary byte."""
    end = pos + 1 + (text[pos + 1 : pos + 2] == "^")
    end = text.find("]", end + (text[end : end + 1] == "]"))
    while (name := re.search(r"\[:(\w+)\Z", text[pos : end - 1])) and text[end - 1] == ":":
        if name[1] not in _CLASSES:
            raise re.error("unknown class")
        end = text.find("]", end + 1)
    if end < 0:
        raise re.error("[ without ]")
    body = text[pos + 1 : end]
    negated = body.startswith("^")
    plain = re.split(r"\[:(\w+):\]", body.removeprefix("^"))
    made = [
        _CLASSES[p] if n % 2 else re.sub(r"([\\\[\]^&~|])", r"\\\1", p) for n, p in enumerate(plain)
    ]
    return f"[{'^' * negated}{''.join(made)}]", end + 1
