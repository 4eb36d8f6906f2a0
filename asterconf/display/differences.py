"""Views of a difference: all of it in a few words, one change or one edit with its values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from asterconf.differ.changes import Change, FileEdit, shown_place
from asterconf.differ.normal import shown
from asterconf.differ.printing import DiffRow, effects, label, rows
from asterconf.differ.result import Diff
from asterconf.display.blocks import (
    Block,
    Deep,
    Group,
    Inline,
    Note,
    Role,
    Row,
    Styled,
    Table,
    dim,
    masked,
)
from asterconf.display.describe import LIMIT, Look, describe, heading
from asterconf.schema.secrets import MASK
from asterconf.source import count

__all__ = ["action_counts", "diff_blocks", "sides", "sign"]

ROWS = 40
"""How many rows of a difference are seen at once; the others are folded away."""

_ROLES: dict[str, Role] = {"+": "added", "-": "removed", "~": "changed", "": "plain"}
_ACTIONS = ("added", "removed", "changed", "renamed", "moved")


def sign(text: str) -> Inline:
    """Return `+`, `-` or `~` in its colour."""
    return Styled(text, _ROLES[text]) if text else ""


def action_counts(changes: Iterable[Change]) -> list[str]:
    """Return how many things were added, removed and so on, in words."""
    actions = [change.action for change in changes]
    return [f"{actions.count(action)} {action}" for action in _ACTIONS if action in actions]


@describe.register
def _diff(diff: Diff, _look: Look) -> Block:
    if diff.is_empty:
        return Note("no difference")
    return Group(heading("Diff", *action_counts(diff)), diff_blocks(diff))


def diff_blocks(diff: Diff) -> tuple[Block, ...]:
    """Return what changed as a table, parts further to the right, and what makes it take effect."""
    found = list(rows(diff))
    table = Table(("", ""), map(_row, found[:LIMIT]), max(0, len(found) - LIMIT), ROWS)
    return (table, *map(_effect, effects(diff)))


def _row(row: DiffRow) -> Row:
    text = masked(row.text, "strong") if row.heading else masked(row.text)
    before = (sign(row.sign), " ") if row.sign else ()
    return Deep((*before, text), row.depth), Styled(row.place, "place")


def _effect(note: str) -> Note:
    head, colon, rest = note.partition(": ")
    return Note((dim(head + colon), Styled(rest, "code")))


# -- one change ------------------------------------------------------------------------------------


@describe.register
def _change(change: Change, look: Look) -> Block:
    leaves = [(path, leaf) for path, leaf in _leaves(change) if leaf is not change]
    title = heading(
        (sign(change.sign), " ", Styled(label(change), "strong")),
        change.action,
        shown_place(change.old_place, change.new_place),
    )
    if not leaves:
        leaves = [("", change)]
    impacts = {str(leaf.impact) for _, leaf in leaves}
    cells = [
        (*_leaf(path, leaf, look), dim(str(leaf.impact)) if len(impacts) > 1 else "")
        for path, leaf in leaves[:LIMIT]
    ]
    columns = ("", "", "before", "now", "at", "takes effect by")
    table = Table(columns, cells, max(0, len(leaves) - LIMIT), ROWS)
    effect = [_effect(f"To take effect: {impacts.pop()}")] if len(impacts) == 1 else []
    return Group(title, (table, *effect, *_notes(change)))


def _leaves(change: Change, path: str = "") -> Iterator[tuple[str, Change]]:
    if not change.parts:
        yield path, change
    for part in change.parts:
        own = part.name if part.kind == "exten" else part.kind
        yield from _leaves(part, f"{path}{own}/" if part.parts else path)


def _leaf(path: str, leaf: Change, look: Look) -> Row:
    kind = "" if leaf.kind == "option" else f"{leaf.kind} "
    place = shown_place(leaf.old_place, leaf.new_place)
    return (
        sign(leaf.sign),
        (dim(path), kind, Styled(leaf.name, "name")),
        *sides(leaf, look),
        Styled(place, "place"),
    )


def sides(leaf: Change, look: Look) -> tuple[Inline, Inline]:
    """Return the values of a leaf before and now; nothing where there is none."""
    return _side(leaf, "old", leaf.old, look), _side(leaf, "new", leaf.new, look)


def _side(leaf: Change, side: str, value: object, look: Look) -> Inline:
    if value is None or not leaf.has_value:
        return ""
    if leaf.secret:
        return look.cell(value) if look.reveal else masked(MASK)
    text = masked(shown(value))
    return (text, dim(" (default)")) if leaf.default_side == side else text


def _notes(change: Change) -> Iterator[Note]:
    """Yield what a person should know about the parts of a change."""
    leaves = list(change.leaves())
    if any(leaf.runtime for leaf in leaves):
        yield Note(dim("Asterisk itself may have written this, for somebody on the phone."))
    seen = dict.fromkeys(leaf.impact.note for leaf in leaves if leaf.impact.note)
    yield from (Note(dim(note)) for note in seen)


# -- one edit --------------------------------------------------------------------------------------

_REASONS = {
    "line": "a line",
    "header": "what a section inherits",
    "variable": "a global variable of the dialplan",
}


@describe.register
def _edit(edit: FileEdit, look: Look) -> Block:
    title = heading(
        f"Edit of {_REASONS[edit.cause.reason]}",
        shown_place(edit.cause.old, edit.cause.new),
        f"[{edit.section}]" if edit.section else "",
        f"affects {count(len(edit.objects), 'object')}",
    )
    cells: list[Row] = []
    last: Change | None = None
    for owner, leaf in edit.changes[:LIMIT]:
        name = Styled(label(owner), "strong") if owner is not last else ""
        path = next((path for path, one in _leaves(owner) if one is leaf), "")
        cells.append((name, *_leaf(path, leaf, look)[:4]))
        last = owner
    more = max(0, len(edit.changes) - LIMIT)
    return Group(title, (Table(("", "", "", "before", "now"), cells, more, ROWS),))
