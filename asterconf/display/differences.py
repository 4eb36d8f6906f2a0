"""The view of a difference: what changed, as rows, those below an object folded under it."""

from __future__ import annotations

from collections.abc import Sequence

from asterconf.differ import Diff
from asterconf.differ.rows import Row as Told
from asterconf.differ.rows import effects, rows
from asterconf.display.blocks import Block, Group, Inline, Note, Role, Row, Span, dim, join
from asterconf.display.describe import LIMIT, capped, count, describe, heading
from asterconf.display.look import Look

__all__: list[str] = []

_ROLES: dict[str, Role] = {"+": "advice", "-": "error", "~": "warning", "": "plain"}


@describe.register
def _diff(diff: Diff, _look: Look) -> Block:
    if diff.is_empty:
        return Note("no difference")
    counts = [
        f"{number} {action}"
        for action in ("added", "removed", "changed", "renamed", "moved")
        if (number := sum(change.action == action for change in diff))
    ]
    told = list(rows(diff))
    parts = _blocks(told[:LIMIT])
    if len(told) > LIMIT:
        parts.append(Note(dim(f"and {count(len(told) - LIMIT, 'line')} more")))
    return Group(heading("Diff", *counts), (*parts, *map(Note, effects(diff))))


def _blocks(told: Sequence[Told]) -> list[Block]:
    """Return rows as tables, and each heading with what stands below it as a group."""
    found: list[Block] = []
    plain: list[Row] = []
    at = 0
    while at < len(told):
        row = told[at]
        at += 1
        if not row.heading:
            plain.append((_sign(row), row.text, dim(row.place)))
            continue
        below = at
        while below < len(told) and told[below].depth > row.depth:
            below += 1
        found += _table(plain)
        plain = []
        found.append(Group(_title(row), _blocks(told[at:below])))
        at = below
    return found + _table(plain)


def _table(plain: Sequence[Row]) -> list[Block]:
    return [capped(("", "", ""), plain, first=LIMIT)] if plain else []


def _sign(row: Told) -> Inline:
    return Span(row.sign, _ROLES[row.sign])


def _title(row: Told) -> Inline:
    return join((_sign(row), row.text, dim(row.place)), "  ")
