"""`Diagnostic`: one finding about a file, and what its code says; values that remember places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

import attrs

from asterconf.secrets import shown_text
from asterconf.shown import Shown
from asterconf.source import Position, Severity, TextEdit, printable

Verified = Literal["", "log", "behaviour", "source", "judgement"]
"""How a finding is known: Asterisk logs it, was seen to behave so, or its source or documentation
says so; `judgement`: experience says that it will hurt, so that it is advice. Empty: not said."""


@attrs.frozen
class Diagnostic(Shown):
    """One finding about a file: what, where, how bad, what to do; secrets in it are masked.

    `related` names other places with a note each, such as the first definition of a duplicate;
    `fix` are the edits that repair it.
    """

    code: str
    severity: Severity
    message: str = attrs.field(converter=shown_text)
    position: Position | None
    hint: str = attrs.field(default="", converter=shown_text)
    related: tuple[tuple[Position, str], ...] = ()
    fix: tuple[TextEdit, ...] = ()
    kind: str = attrs.field(default="", kw_only=True)
    """The recorded vectors' word for what Asterisk logs, such as `no-equals`; empty: not logged."""
    span: int = attrs.field(default=0, kw_only=True)
    """How many characters from `position` on it is about, on that line; 0: that is not known."""
    verified: Verified = attrs.field(default="", kw_only=True)
    unsafe: bool = attrs.field(default=False, kw_only=True)
    """Whether `fix` may change what is meant, so that a person must look at it first."""

    @property
    def cause(self) -> str:
        """The message without what it leads to."""
        return self.message.partition(", so Asterisk")[0]

    def __str__(self) -> str:
        place = f"{self.position}: " if self.position else ""
        tail = f"\n  hint: {printable(self.hint)}" if self.hint else ""
        return f"{place}{self.severity} {self.code} {printable(self.message)}{tail}"


@attrs.frozen
class Message:
    """A code, how bad it is, and what to tell the user, with a word in braces for each fact.

    `fatal`: Asterisk refuses the whole file (an included file ends there). `preview`: it is left
    out unless it is asked for, because what it finds in real configurations often does no harm;
    docs/check.md says why.
    """

    code: str
    severity: Severity
    message: str
    hint: str
    verified: Verified = "log"
    fatal: bool = False
    preview: bool = False

    @classmethod
    def each(
        cls, codes: str, severity: Severity, message: str, hint: str, verified: Verified = "log"
    ) -> tuple[Message, ...]:
        """Return the same message for several codes, with a blank between them.

        They are one for PJSIP, one for queues and voicemail, and one for all other files.
        """
        return tuple(cls(code, severity, message, hint, verified) for code in codes.split())

    @property
    def logged(self) -> bool:
        """Whether Asterisk logs it, too."""
        return self.verified == "log"

    def at(
        self,
        position: Position | None,
        related: Iterable[tuple[Position, str]] = (),
        /,
        **facts: object,
    ) -> Diagnostic:
        """Return the finding at a place, its message and hint filled in with `facts`."""
        return Diagnostic(
            self.code,
            self.severity,
            self.message.format(**facts),
            position,
            self.hint.format(**facts),
            tuple(related),
            verified=self.verified,
        )


@attrs.frozen
class Because(Shown):
    """A reason for an answer, and where it is written; no file, or line 0: that is in no file."""

    text: str
    file: str = ""
    line: int = 0

    @classmethod
    def at(cls, text: str, position: Position | None) -> Because:
        """Return a reason with its place."""
        return cls(text, position.file, position.line) if position is not None else cls(text)

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: " if self.line else ""
        return printable(f"{place}{self.text}")


class Placed(Shown):
    """A value that remembers where it was read, for its view only.

    The places are no part of the value: equality, hash, pickle and `attrs.evolve` know nothing of
    them. `Config.where` is the way to ask.
    """

    __slots__ = ("_places",)


def place(obj: object, places: Mapping[str, Position]) -> None:
    """Let a value remember where it was read; one that cannot is left alone."""
    if isinstance(obj, Placed):
        object.__setattr__(obj, "_places", places)


def place_columns(at: Position | None) -> dict[str, str | int | None]:
    """Return a place as the columns of a table: `at_file`, `at_line` and `at_column`."""
    found = (None, None, None) if at is None else (at.file, at.line, at.column)
    return dict(zip(("at_file", "at_line", "at_column"), found, strict=True))


def places(obj: object) -> Mapping[str, Position]:
    """Return where a value was read, by the paths of its fields; empty: that is not known."""
    found: Mapping[str, Position] | None = getattr(obj, "_places", None)
    return {} if found is None else found
