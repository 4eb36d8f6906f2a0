"""`Diagnostic`: one finding about a file."""

from __future__ import annotations

import attrs

from asterconf.shown import Shown
from asterconf.source import Position, Severity, TextEdit, printable

__all__ = ["Diagnostic"]


@attrs.frozen
class Diagnostic(Shown):
    """One finding about a file: what, where, how bad, what to do.

    `related` names other places with a note each, such as the first definition of a duplicate.
    """

    code: str
    severity: Severity
    message: str
    position: Position | None
    hint: str = ""
    related: tuple[tuple[Position, str], ...] = ()
    fix: tuple[TextEdit, ...] = ()
    kind: str = attrs.field(default="", kw_only=True)
    """The recorded vectors' word for what Asterisk logs, such as `no-equals`; empty: not logged."""

    def __str__(self) -> str:
        place = f"{self.position}: " if self.position else ""
        tail = f"\n  hint: {printable(self.hint)}" if self.hint else ""
        return f"{place}{self.severity} {self.code} {printable(self.message)}{tail}"
