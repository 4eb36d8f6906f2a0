"""The rules of loading a dialplan: the codes AC210 to AC234, and what is wrong with a call."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import attrs

from asterconf.codes import Message
from asterconf.language.appcall import AppCall
from asterconf.source import WHITE, Severity

__all__ = ["CODES", "CallProblem", "inspect_call"]

_E, _W, _A = Severity.ERROR, Severity.WARNING, Severity.ADVICE

CODES: Mapping[str, Message] = {
    "unknown-key": Message(
        "AC210", _E, "unknown directive {key!r}",
        "known: exten, same, include, ignorepat, switch, lswitch, eswitch, autohints",
    ),
    "no-name": Message(
        "AC211", _E, "extension without a name",
        "write NAME,PRIORITY,APPLICATION; check the variables that make up the name",
    ),
    "same-first": Message(
        "AC212", _E, "{key!r} before any extension of this section",
        "start with an exten line; each section header starts afresh",
    ),
    "priority-range": Message(
        "AC213", _E, "priority {word!r} is not between 1 and 2147483647",
        "use 1, or n for the next one",
    ),
    "priority-unknown": Message(
        "AC214", _E, "{word!r} is neither a priority nor a label of {name!r}",
        "write NAME,PRIORITY,APPLICATION; n, next, s, same and hint are lower case",
    ),
    "next-first": Message(
        "AC215", _E, "{word!r} has no priority before it in this section",
        "give the first line of the section a number",
    ),
    "priority-zero": Message(
        "AC216", _E, "the line comes to priority 0 and is dropped without a message",
        "n counts on from the line before; after a hint start again with a number", logged=False,
    ),
    "label-open": Message(
        "AC217", _E, "label without its ')'",
        "a label holds no comma; write n(label)",
    ),
    "arguments-open": Message(
        "AC218", _W, "the arguments of {app!r} have no ')'",
        "close the parenthesis; a ';' in arguments must be written '\\;'",
    ),
    "priority-taken": Message(
        "AC219", _E, "priority {priority} of {name!r} is taken already",
        "the first one stays; use n, or another number",
    ),
    "label-taken": Message(
        "AC220", _W, "label {label!r} is in use at priority {priority} already",
        "the step is stored without it; choose another label",
    ),
    "matches-all": Message(
        "AC221", _W, "{name!r} matches everything, h, i, t and s included",
        "use {better!r} unless letters must match too",
    ),
    "include-twice": Message(
        "AC222", _E, "{text!r} is included already",
        "remove one of both lines",
    ),
    "ignorepat-twice": Message(
        "AC223", _E, "ignorepat {text!r} is there already",
        "remove one of both lines",
    ),
    "switch-twice": Message(
        "AC224", _E, "switch {text!r} is there already",
        "remove one of both lines",
    ),
    "not-evaluated": Message(
        "AC226", _A, "{text!r} is left as written: only Asterisk can evaluate it",
        "what depends on this line may differ in a running Asterisk", logged=False,
    ),
    "general-twice": Message(
        "AC227", _W, "a second [general] is ignored",
        "move its lines to the first, or write [general](+)", logged=False,
    ),
    "text-lost": Message(
        "AC228", _W, "{lost!r} behind the last ')' is thrown away: Asterisk holds {held}",
        "arguments end at the last ')' of the line; remove what stands behind it", logged=False,
    ),
    "name-cut": Message(
        "AC229", _W, "the name is cut to 255 bytes",
        "use a shorter name", logged=False,
    ),
    "unclosed": Message(
        "AC230", _W, "a '(' is not closed, so {lost!r} is thrown away: Asterisk holds {held}",
        "arguments end at the last ')' of the line, whichever '(' that closes; add the missing one",
        logged=False,
    ),
    "unbalanced": Message(
        "AC231", _W, "the last ')' is not taken for the inner '(': Asterisk holds {held}",
        "arguments end at the last ')' of the line; close each '(' in them", logged=False,
    ),
    "old-form": Message(
        "AC232", _W, "there is no application {app!r}: the step ends the call",
        "write {better}: arguments stand in parentheses", logged=False,
    ),
    "blank-before-parenthesis": Message(
        "AC233", _W, "there is no application {app!r}, with a blank at its end: the step ends "
        "the call",
        "write the '(' directly behind the name", logged=False,
    ),
    "other-matcher": Message(
        "AC234", _W, "extenpatternmatchnew makes calls match differently",
        "its results are not imitated here, so lookups are refused; remove the line",
        logged=False,
    ),
}  # fmt: skip
"""The rules of loading a dialplan. An error is a line that Asterisk drops."""


# ---- calls --------------------------------------------------------------------------------------

_OLD_FORM = re.compile(r"([A-Za-z][A-Za-z0-9_]*)([,|])[\s\S]*")


Replacement = tuple[int, int, str]
"""Where a replacement begins and ends, and its text."""


@attrs.frozen
class CallProblem:
    """What is wrong with the text of a call: a rule with its facts, the place, and the fix.

    `at`, and start and end of each change, are offsets into the text of the call.
    """

    rule: str
    at: int
    changes: tuple[Replacement, ...] = ()
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
    """Return whether other brackets pair, so that a missing `)` can be put at the end."""
    return call.count("{") == call.count("}") and call.count("[") == call.count("]")


def inspect_call(call: AppCall, *, hint: bool) -> Iterator[CallProblem]:
    """Yield what is wrong with the parentheses and the name of a call; `hint`: it is a device."""
    text, name = call.text, call.name
    end = len(text)
    held = f"{name}({call.data})"
    opened = _open(text)
    closing: tuple[Replacement, ...] = ((end, end, ")" * len(opened)),) if _pairs(text) else ()
    start = end - len(call.lost)
    if not call.closed:
        yield CallProblem("arguments-open", text.index("("), closing, {"app": name})
    elif call.lost and opened:
        yield CallProblem("unclosed", start, closing, {"lost": call.lost, "held": held})
    elif call.lost:
        change = ((start, end, ""),)
        yield CallProblem("text-lost", start, change, {"lost": call.lost, "held": held})
    elif opened and (inner := _open(call.data)):
        at = end - 1 - len(call.data) + inner[0]
        closing = ((end, end, ")" * len(inner)),) if _pairs(text) else ()
        yield CallProblem("unbalanced", at, closing, {"held": held})
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
        yield CallProblem("old-form", first, mended, {"app": name, "better": better})
    bare = name.rstrip(WHITE)
    if bare.isidentifier() and bare != name and first + len(name) < end:
        blanks = (first + len(bare), first + len(name), "")
        yield CallProblem("blank-before-parenthesis", blanks[0], (blanks,), {"app": name})
