"""What a view is made of, before anything says how it looks: tables, code, notes, groups."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias

import attrs

from asterconf.schema.secrets import MASK
from asterconf.source import Position, Severity

__all__ = [
    "FIRST",
    "SEVERITIES",
    "Block",
    "Code",
    "Group",
    "Inline",
    "Note",
    "Role",
    "Row",
    "Span",
    "Table",
    "dim",
    "join",
    "masked",
    "words",
]

Role = Literal[
    "plain",
    "dim",
    "strong",
    "name",
    "code",
    "secret",
    "wrong",
    "error",
    "warning",
    "advice",
    "added",
    "removed",
    "changed",
    "indent",
]
"""What a piece of text is; a renderer decides how that looks."""


@attrs.frozen
class Span:
    """A piece of text with a role, and perhaps words that show when one points at it."""

    text: str
    role: Role = "plain"
    title: str = ""


Inline: TypeAlias = "str | Span | Position | tuple[Inline, ...]"
"""Text in a line. A position is shown as file and line, dimmed."""

Row: TypeAlias = tuple[Inline, ...]


def _row(value: Sequence[Inline]) -> Row:
    return tuple(value)


def _rows(value: Iterable[Sequence[Inline]]) -> tuple[Row, ...]:
    return tuple(map(_row, value))


FIRST = 10
"""How many rows of a long table are seen at once, if nothing else is said."""


@attrs.frozen
class Table:
    """Rows below the names of their columns; a column without a name in any has no head.

    A column that is empty in every row is not shown.
    """

    columns: tuple[str, ...]
    rows: tuple[Row, ...] = attrs.field(converter=_rows)
    more: int = 0
    """How many rows there are beyond these."""
    first: int = FIRST
    """How many rows are seen at once, where the others can be folded away."""


@attrs.frozen
class Code:
    """Lines of a file: the number, or `None` for a remark about the line above, and the text."""

    lines: tuple[tuple[int | None, Inline], ...]
    more: int = 0
    """How many lines there are beyond these."""


@attrs.frozen
class Note:
    """A sentence."""

    text: Inline


def _blocks(value: Iterable[Block]) -> tuple[Block, ...]:
    return tuple(value)


@attrs.frozen
class Group:
    """Blocks below a title; one that is not open shows its title only, until one asks for it."""

    title: Inline
    parts: tuple[Block, ...] = attrs.field(converter=_blocks)
    open: bool = True


Block: TypeAlias = Table | Code | Note | Group


def dim(text: str) -> Span:
    """Return text that steps back."""
    return Span(text, "dim")


def words(value: Inline) -> str:
    """Return the bare text of text in a line."""
    if isinstance(value, tuple):
        return "".join(map(words, value))
    if isinstance(value, Position):
        return f"{value.file}:{value.line}"
    return value.text if isinstance(value, Span) else value


def masked(text: str, role: Role = "plain") -> Inline:
    """Return text in which the stars of a secret look like what they are."""
    if MASK not in text:
        return Span(text, role) if role != "plain" else text
    parts = (Span(part, role) for part in text.split(MASK))
    return join(parts, Span(MASK, "secret", "a secret; asterconf.display.view shows it if told to"))


def join(parts: Iterable[Inline], between: Inline = ", ") -> Inline:
    """Return the parts with something between them."""
    out: list[Inline] = []
    for part in parts:
        out += [between, part] if out else [part]
    return tuple(out)


SEVERITIES: dict[Severity, Role] = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.ADVICE: "advice",
}
