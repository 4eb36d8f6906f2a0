"""Places inside a text, and what is wrong there."""

from __future__ import annotations

from typing import NamedTuple

import attrs

from asterconf.codes import EXPRESSIONS, Message
from asterconf.diagnostic import Diagnostic
from asterconf.source import Position

MASK = "\u00a4"
"""Stands for every character of a `${…}` where a grammar takes it for a word."""


class Span(NamedTuple):
    """Where a part stands: offsets of characters in the whole text, from 0, `end` excluded."""

    start: int
    end: int


Change = tuple[int, int, str]
"""Where a part of a text begins and ends, and what to write instead."""


@attrs.frozen
class Fault:
    """One finding about a text: what its code says, the place, and the facts.

    `changes` repair it, where it is certain how.
    """

    rule: Message = attrs.field(repr=lambda rule: rule.code)
    span: Span
    facts: tuple[tuple[str, object], ...] = attrs.field(default=(), repr=False)
    changes: tuple[Change, ...] = attrs.field(default=(), repr=False)

    @property
    def code(self) -> str:
        """Its code, such as `AC301`."""
        return self.rule.code

    @property
    def message(self) -> str:
        """The message, in one sentence."""
        return self.at().message

    def at(self, position: Position | None = None) -> Diagnostic:
        """Return it as a diagnostic; `position`: where the text starts in its file."""
        return self.rule.at(place(position, self.span.start), **dict(self.facts))


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
    """Return the fault `EXPRESSIONS[kind]` at a span."""
    return Fault(EXPRESSIONS[kind], Span(start, end), tuple(facts.items()))
