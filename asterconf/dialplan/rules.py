"""What is wrong with the parentheses and the name of an application call."""

from __future__ import annotations

import re
from collections.abc import Iterator

from asterconf.codes.dialplan import DIALPLAN
from asterconf.language.appcall import AppCall
from asterconf.language.faults import Change, Fault, Span
from asterconf.source import WHITE

_OLD_FORM = re.compile(r"([A-Za-z][A-Za-z0-9_]*)([,|])[\s\S]*")


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
    """Return whether other brackets pair, so that a missing `)` can be put at the end."""
    return call.count("{") == call.count("}") and call.count("[") == call.count("]")


def _fault(kind: str, at: int, changes: tuple[Change, ...], **facts: object) -> Fault:
    return Fault(DIALPLAN[kind], Span(at, at), tuple(facts.items()), changes)


def inspect_call(call: AppCall, *, hint: bool) -> Iterator[Fault]:
    """Yield what is wrong with the parentheses and the name of a call; `hint`: it is a device."""
    text, name = call.text, call.name
    end = len(text)
    held = f"{name}({call.data})"
    opened = _open(text)
    closing: tuple[Change, ...] = ((end, end, ")" * len(opened)),) if _pairs(text) else ()
    start = end - len(call.lost)
    if not call.closed:
        yield _fault("arguments-open", text.index("("), closing, app=name)
    elif call.lost and opened:
        yield _fault("unclosed", start, closing, lost=call.lost, held=held)
    elif call.lost:
        change = ((start, end, ""),)
        yield _fault("text-lost", start, change, lost=call.lost, held=held)
    elif opened and (inner := _open(call.data)):
        at = end - 1 - len(call.data) + inner[0]
        closing = ((end, end, ")" * len(inner)),) if _pairs(text) else ()
        yield _fault("unbalanced", at, closing, held=held)
    if hint:
        return
    first = call.name_span[0]
    old = _OLD_FORM.fullmatch(name) if first + len(name) == end else None
    if old:
        bars = [at for at, char in enumerate(name) if char == "|" == old[2]]
        commas = tuple((first + at, first + at + 1, ",") for at in bars[1:])
        at = first + old.end(1)
        rest = name[old.end(2) :]
        better = f"{old[1]}({rest.replace('|', ',') if bars else rest})"
        mended = ((at, at + 1, "("), *commas, (end, end, ")"))
        yield _fault("old-form", first, mended, app=name, better=better)
    bare = name.rstrip(WHITE)
    if bare.isidentifier() and bare != name and first + len(name) < end:
        blanks = (first + len(bare), first + len(name), "")
        yield _fault("blank-before-parenthesis", blanks[0], (blanks,), app=name)
