"""The filter of a header `[name](+filter)`, which chooses among sections of one name."""

from __future__ import annotations

import re
from typing import Self

import attrs

from asterconf.schema.posix import compile_posix
from asterconf.source import WHITE


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
                    parts.append((compile_posix(name), compile_posix(value)))
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
    text = text.strip(WHITE)
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "\"'":
        return text[1:-1]
    return text
