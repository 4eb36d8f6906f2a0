"""What is odd about an application call: parentheses above all, each oddity with its remedy."""

from __future__ import annotations

import re
from collections.abc import Iterator

import attrs

from asterconf.language.exten import WHITE, Application

__all__ = ["Oddity", "look"]

_OLD_FORM = re.compile(r"([A-Za-z][A-Za-z0-9_]*)([,|])[\s\S]*")


Change = tuple[int, int, str]
"""Where a replacement begins and ends, and its text."""


@attrs.frozen
class Oddity:
    """A rule with its facts, where it applies, and the changes that mend it.

    `at`, and start and end of each change, are offsets into the text of the call.
    """

    rule: str
    at: int
    changes: tuple[Change, ...] = ()
    facts: dict[str, object] = attrs.field(factory=dict)


def _open(text: str) -> list[int]:
    r"""Return where each `(` stands that is never closed; `\` protects what follows it."""
    found: list[int] = []
    escaped = False
    for at, char in enumerate(text):
        if escaped or char == "\\":
            escaped = not escaped
        elif char == "(":
            found.append(at)
        elif char == ")" and found:
            found.pop()
    return found


def _pairs(call: str) -> bool:
    """Tell whether other brackets pair, so that a missing `)` can be put at the end."""
    return call.count("{") == call.count("}") and call.count("[") == call.count("]")


def look(call: str, parts: Application, *, hint: bool) -> Iterator[Oddity]:
    """Yield what is odd about a call that was split into `parts`; `hint`: it is a device."""
    end = len(call)
    held = f"{parts.app}({parts.data})"
    opened = _open(call)
    closing: tuple[Change, ...] = ((end, end, ")" * len(opened)),) if _pairs(call) else ()
    start = end - len(parts.lost)
    if not parts.closed:
        yield Oddity("arguments-open", call.index("("), closing, {"app": parts.app})
    elif parts.lost and opened:
        yield Oddity("unclosed", start, closing, {"lost": parts.lost, "held": held})
    elif parts.lost:
        change = ((start, end, ""),)
        yield Oddity("text-lost", start, change, {"lost": parts.lost, "held": held})
    elif opened and (inner := _open(parts.data)):
        at = end - 1 - len(parts.data) + inner[0]
        closing = ((end, end, ")" * len(inner)),) if _pairs(call) else ()
        yield Oddity("unbalanced", at, closing, {"held": held})
    if hint:
        return
    first = end - len(call.lstrip(WHITE))
    old = _OLD_FORM.fullmatch(parts.app) if first + len(parts.app) == end else None
    if old:
        bars = [at for at, char in enumerate(parts.app) if char == "|" == old[2]]
        commas = tuple((first + at, first + at + 1, ",") for at in bars[1:])
        at = first + old.end(1)
        rest = parts.app[old.end(2) :]
        better = f"{old[1]}({rest.replace('|', ',') if bars else rest})"
        mended = ((at, at + 1, "("), *commas, (end, end, ")"))
        yield Oddity("old-form", first, mended, {"app": parts.app, "better": better})
    bare = parts.app.rstrip(WHITE)
    if bare.isidentifier() and bare != parts.app and first + len(parts.app) < end:
        blanks = (first + len(bare), first + len(parts.app), "")
        yield Oddity("blank-before-parenthesis", blanks[0], (blanks,), {"app": parts.app})
