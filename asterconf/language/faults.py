"""Places inside a text, and what is wrong there: the codes AC301 to AC339."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import attrs

from asterconf.codes import Message
from asterconf.diagnostic import Diagnostic
from asterconf.source import Position, Severity

__all__ = ["CODES", "MASK", "Fault", "ParsedText", "Span", "fault", "place"]


MASK = "\u00a4"
"""Stands for every character of a `${…}` where a grammar takes it for a word."""


class Span(NamedTuple):
    """Where a part stands: offsets of characters in the whole text, from 0, `end` excluded."""

    start: int
    end: int


_E, _W, _A = Severity.ERROR, Severity.WARNING, Severity.ADVICE

CODES: Mapping[str, Message] = {
    "open-variable": Message(
        "AC301", _E, "'${{' is never closed: all that follows belongs to it",
        "close it with '}}'; quotes and parentheses protect no brace",
    ),
    "open-expression": Message(
        "AC302", _E, "'$[' is never closed: all that follows belongs to it",
        "close it with ']'; quotes protect no bracket",
    ),
    "open-arguments": Message(
        "AC303", _W, "the arguments of {name!r} have no ')'", "write ${{NAME(…)}}",
    ),
    "lost-text": Message(
        "AC304", _W, "{lost!r} behind the last ')' is thrown away",
        "put it inside the parentheses, or behind the '}}'", logged=False,
    ),
    "slice": Message(
        "AC305", _W, "{lost!r} is no part of a slice and is ignored",
        "write ${{NAME:offset:length}} with whole numbers and no blank before the second ':'",
        logged=False,
    ),
    "too-deep": Message(
        "AC306", _E, "nested more than {limit} levels deep: this part is empty",
        "set a variable first, and use that",
    ),
    "syntax": Message(
        "AC307", _E, "the expression cannot be read from {found} on",
        "its value is then {value}; a value that may be empty or hold blanks needs quotes on "
        "both sides",
    ),
    "depends": Message(
        "AC309", _A, "only a value tells whether the expression can be read from {found} on",
        "a value that is empty or holds blanks changes what is read; put it into quotes",
        logged=False,
    ),
    "skipped": Message(
        "AC308", _A, "{text!r} is passed over in an expression",
        'put it into quotes: "…"', logged=False,
    ),
    "time": Message(
        "AC310", _W, "{text!r} is no time and is skipped",
        "write HH:MM or HH:MM-HH:MM, hours 0 to 23",
    ),
    "weekday": Message(
        "AC311", _W, "{text!r} is no weekday and is skipped",
        "write sun, mon, tue, wed, thu, fri, sat without blanks, or 1 (Sunday) to 7",
    ),
    "day": Message(
        "AC312", _W, "{text!r} is no day of the month and is skipped", "write 1 to 31",
    ),
    "month": Message(
        "AC313", _W, "{text!r} is no month and is skipped",
        "write jan to dec without blanks, or 1 to 12",
    ),
    "never": Message(
        "AC314", _W, "nothing of {text!r} can be read: the condition never holds",
        "an empty field or * means always", logged=False,
    ),
    "ignored-time": Message(
        "AC315", _W, "{text!r} is ignored in a time condition",
        "at most times,weekdays,days,months,zone are read", logged=False,
    ),
    "zone": Message(
        "AC316", _W, "there is no time zone {text!r}: the system's is used",
        "write a name such as America/New_York", logged=False,
    ),
    "open-bracket": Message(
        "AC320", _W, "'<' without '>': the number runs to the end",
        "write Name <number>", logged=False,
    ),
    "behind-number": Message(
        "AC321", _W, "{text!r} behind the '>' is ignored", "write Name <number>", logged=False,
    ),
    "open-quote": Message(
        "AC322", _W, "a quote that does not stand around the whole name belongs to it",
        'write "Name" <number>', logged=False,
    ),
    "empty-target": Message(
        "AC330", _A, "an empty target between '&' is skipped", "remove one '&'", logged=False,
    ),
    "no-technology": Message(
        "AC331", _E, "{text!r} is no Technology/resource: Dial ends the call",
        "write for example PJSIP/{text}",
    ),
    "no-resource": Message(
        "AC332", _E, "nothing stands behind {text!r}: Dial ends the call",
        "write Technology/resource",
    ),
    "no-context": Message(
        "AC333", _W, "{text!r} names no context: 'default' is dialled",
        "write Local/number@context", logged=False,
    ),
    "local-option": Message(
        "AC334", _W, "{text!r} is no option of a Local channel and is ignored",
        "known: n, j, m, b", logged=False,
    ),
}  # fmt: skip
"""The rules of the languages inside values; each has whether Asterisk logs it."""


@attrs.frozen
class Fault:
    """One finding about a text: its rule, by its name in `CODES`, and the place."""

    kind: str
    span: Span
    rule: Message = attrs.field(repr=False)
    facts: tuple[tuple[str, object], ...] = attrs.field(default=(), repr=False)

    @property
    def code(self) -> str:
        """Its code, such as `AC301`."""
        return self.rule.code

    @property
    def message(self) -> str:
        """The message, in one sentence."""
        return self.rule.message.format(**dict(self.facts))

    def at(self, position: Position | None = None) -> Diagnostic:
        """Return it as a diagnostic; `position`: where the text starts in its file."""
        rule, facts = self.rule, dict(self.facts)
        return Diagnostic(
            rule.code,
            rule.severity,
            rule.message.format(**facts),
            place(position, self.span.start),
            rule.hint.format(**facts),
        )


class ParsedText:
    """A value that was parsed from a text: its faults as diagnostics."""

    __slots__ = ()

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The findings, in the order of the text."""
        raise NotImplementedError

    def diagnostics(self, position: Position | None = None) -> tuple[Diagnostic, ...]:
        """Return the findings; `position`: where the outermost text starts in its file."""
        return tuple(found.at(position) for found in self.faults)


def place(position: Position | None, offset: int) -> Position | None:
    """Return the place `offset` characters after `position`, on the same line."""
    if position is None:
        return None
    return attrs.evolve(position, column=position.column + offset)


def fault(kind: str, start: int, end: int, **facts: object) -> Fault:
    """Return the fault of the rule `CODES[kind]` at a span."""
    return Fault(kind, Span(start, end), CODES[kind], tuple(facts.items()))
