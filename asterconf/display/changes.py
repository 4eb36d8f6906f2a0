"""Views of differences and edits: a diff, a change, a merge, the plan of a build, a rename."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from asterconf.differ.changes import Change, FileEdit
from asterconf.differ.differences import shown_place
from asterconf.differ.normal import shown
from asterconf.differ.printing import Conflict, DiffRow, effects, label, rows, unknown_lines
from asterconf.differ.result import Diff, Merge
from asterconf.display.blocks import (
    Block,
    Cells,
    Indented,
    Inline,
    Panel,
    Role,
    Sentence,
    Styled,
    Table,
    dim,
)
from asterconf.display.describe import LIMIT, Formatter, capped, describe, heading
from asterconf.editing import EditReport
from asterconf.editing.editor import EditResult, object_title
from asterconf.editing.renaming import RenamePlan
from asterconf.home.rebuild import Rebuild
from asterconf.secrets import MASK
from asterconf.source import count

ROWS = 40
"""The number of rows of a difference that are shown unfolded."""

_ROLES: dict[str, Role] = {"+": "added", "-": "removed", "~": "changed", "": "plain"}
_ACTIONS = ("added", "removed", "changed", "renamed", "moved")


def _sign(text: str) -> Inline:
    """Return `+`, `-` or `~` in its colour."""
    return Styled(text, _ROLES[text]) if text else ""


def _action_counts(changes: Iterable[Change]) -> list[str]:
    """Return how many changes there are of each action, as `2 added`."""
    actions = [change.action for change in changes]
    return [f"{actions.count(action)} {action}" for action in _ACTIONS if action in actions]


@describe.register
def _diff(diff: Diff, _fmt: Formatter) -> Block:
    doubts = unknown_lines(diff.unknown)
    if diff.is_empty:
        return Sentence("; ".join(doubts) or "no difference")
    return Panel(heading("Diff", *_action_counts(diff)), _diff_blocks(diff))


def _diff_blocks(diff: Diff) -> tuple[Block, ...]:
    """Return the changes as an indented table, and the commands that make them take effect."""
    found = list(rows(diff))
    table = Table(("", ""), map(_row, found[:LIMIT]), max(0, len(found) - LIMIT), ROWS)
    return (table, *map(_effect, (*effects(diff), *unknown_lines(diff.unknown))))


def _row(row: DiffRow) -> Cells:
    text = Styled(row.text, "strong") if row.heading else row.text
    before = (_sign(row.sign), " ") if row.sign else ()
    return Indented((*before, text), row.depth), Styled(row.place, "place")


def _effect(note: str) -> Sentence:
    head, colon, rest = note.partition(": ")
    return Sentence((dim(head + colon), Styled(rest, "code")))


# -- one change -----------------------------------------------------------------------------------


@describe.register
def _change(change: Change, fmt: Formatter) -> Block:
    leaves = [(path, leaf) for path, leaf in _leaves(change) if leaf is not change]
    title = heading(
        (_sign(change.sign), " ", Styled(label(change), "strong")),
        change.action,
        shown_place(change.old_place, change.new_place),
    )
    if not leaves:
        leaves = [("", change)]
    impacts = {str(leaf.impact) for _, leaf in leaves}
    cells = [
        (*_leaf(path, leaf, fmt), dim(str(leaf.impact)) if len(impacts) > 1 else "")
        for path, leaf in leaves[:LIMIT]
    ]
    columns = ("", "", "before", "now", "at", "takes effect by")
    table = Table(columns, cells, max(0, len(leaves) - LIMIT), ROWS)
    effect = [_effect(f"To take effect: {impacts.pop()}")] if len(impacts) == 1 else []
    return Panel(title, (table, *effect, *_notes(change)))


def _leaves(change: Change, path: str = "") -> Iterator[tuple[str, Change]]:
    if not change.parts:
        yield path, change
    for part in change.parts:
        own = part.name if part.kind == "exten" else part.kind
        yield from _leaves(part, f"{path}{own}/" if part.parts else path)


def _leaf(path: str, leaf: Change, fmt: Formatter) -> Cells:
    kind = "" if leaf.kind == "option" else f"{leaf.kind} "
    place = shown_place(leaf.old_place, leaf.new_place)
    return (
        _sign(leaf.sign),
        (dim(path), kind, Styled(leaf.name, "name")),
        *_sides(leaf, fmt),
        Styled(place, "place"),
    )


def _sides(leaf: Change, fmt: Formatter) -> tuple[Inline, Inline]:
    """Return the old and the new value of a leaf; empty where there is none."""
    return _side(leaf, "old", leaf.old, fmt), _side(leaf, "new", leaf.new, fmt)


def _side(leaf: Change, side: str, value: object, fmt: Formatter) -> Inline:
    if value is None or not leaf.has_value:
        return ""
    if leaf.secret:
        return fmt.cell(value) if fmt.reveal else MASK
    text = shown(value)
    return (text, dim(" (default)")) if leaf.default_side == side else text


def _notes(change: Change) -> Iterator[Sentence]:
    """Yield notes about the parts of a change."""
    leaves = list(change.leaves())
    if any(leaf.runtime for leaf in leaves):
        yield Sentence(dim("Asterisk itself may have written this while it was running."))
    seen = dict.fromkeys(leaf.impact.note for leaf in leaves if leaf.impact.note)
    yield from (Sentence(dim(note)) for note in seen)


# -- one edit of a file ---------------------------------------------------------------------------

_REASONS = {
    "line": "a line",
    "header": "what a section inherits",
    "variable": "a global variable of the dialplan",
}


@describe.register
def _file_edit(edit: FileEdit, fmt: Formatter) -> Block:
    title = heading(
        f"Edit of {_REASONS[edit.cause.reason]}",
        shown_place(edit.cause.old, edit.cause.new),
        f"[{edit.section}]" if edit.section else "",
        f"affects {count(len(edit.objects), 'object')}",
    )
    cells: list[Cells] = []
    last: Change | None = None
    for owner, leaf in edit.changes[:LIMIT]:
        name = Styled(label(owner), "strong") if owner is not last else ""
        path = next((path for path, one in _leaves(owner) if one is leaf), "")
        cells.append((name, *_leaf(path, leaf, fmt)[:4]))
        last = owner
    more = max(0, len(edit.changes) - LIMIT)
    return Panel(title, (Table(("", "", "", "before", "now"), cells, more, ROWS),))


# -- conflicts and plans --------------------------------------------------------------------------


@describe.register
def _conflict(conflict: Conflict, fmt: Formatter) -> Block:
    return Panel(Styled("Conflict", "error"), (_conflicts([conflict], fmt),))


def _conflicts(conflicts: Iterable[Conflict], fmt: Formatter) -> Table:
    """Return a table of conflicts: the wanted change, and why it is not made."""
    rows: list[Cells] = []
    for conflict in conflicts:
        change = conflict.change
        own = change is conflict.owner
        rows.append(
            (
                _sign(change.sign),
                Styled(label(conflict.owner), "strong"),
                "" if own else Styled(change.name, "name"),
                *_sides(change, fmt),
                conflict.reason,
                conflict.place or "",
            )
        )
    return capped(("", "of", "", "before", "wanted", "why not", "at"), rows)


@describe.register
def _merge(merge: Merge, fmt: Formatter) -> Block:
    if merge.is_clean:
        return Sentence((Styled("Merge", "strong"), dim("  ·  no conflict")))
    number = count(len(merge.conflicts), "conflict")
    title = heading("Merge", (Styled(number, "error"), dim(": ours stands")))
    return Panel(title, (_conflicts(merge.conflicts, fmt),))


@describe.register
def _rebuild(plan: Rebuild, fmt: Formatter) -> Block:
    shown = str(plan.directory)
    if not plan.is_pending and not plan.conflicts:
        return Sentence((Styled("Plan", "strong"), dim(f"  ·  {shown} is as the description says")))
    counts = [f"{number} to {word}" for word, number in plan.counts.items()]
    conflicts = count(len(plan.conflicts), "conflict") if plan.conflicts else ""
    parts: list[Block] = []
    if plan.foreign:
        problem = "The folder holds files that no build wrote; nothing can be applied."
        parts.append(Sentence(Styled(problem, "error")))
    parts += _diff_blocks(plan.diff) if plan.diff else ()
    if plan.is_pending and plan.diff.is_empty:
        parts.append(Sentence("Only text changes, nothing that Asterisk would notice."))
    if plan.conflicts:
        title = (Styled(conflicts, "error"), dim(": what was edited stays"))
        parts.append(Panel(title, (_conflicts(plan.conflicts, fmt),)))
    files: list[Cells] = [(Styled(name, "name"), "is written") for name in plan.written]
    files += [(Styled(name, "name"), "goes") for name in plan.removed]
    if files and not plan.foreign:
        written = dim(count(len(files), "file"))
        parts.append(Panel(written, (capped(("", ""), files, LIMIT),), open=False))
    return Panel(heading("Plan", shown, *counts, conflicts), parts)


# -- what edits did or would do -------------------------------------------------------------------


@describe.register
def _rename(plan: RenamePlan, fmt: Formatter) -> Block:
    title = heading(
        f"Rename {object_title(plan.obj)} to {plan.to}",
        count(len(plan.edits), "edit"),
        f"{len(plan.undecided)} undecided" if plan.undecided else "",
        f"{len(plan.outside)} outside the files" if plan.outside else "",
    )
    parts: list[Block] = []
    edits: list[Cells] = [
        (one.position, fmt.text(one.what), dim(one.old), Styled(one.new, "name"))
        for one in plan.edits
    ]
    parts.append(capped(("at", "what", "before", "then"), edits, 40))
    undecided: list[Cells] = [
        (one.position, fmt.text(one.text), fmt.text(one.why)) for one in plan.undecided
    ]
    if undecided:
        head: Inline = (Styled("undecided", "warning"), dim(": these stay as they are"))
        parts.append(Panel(head, (capped(("at", "what", "why"), undecided),)))
    if plan.outside:
        outside = [Sentence(fmt.text(one)) for one in plan.outside]
        parts.append(Panel((Styled("outside the files", "warning"), dim(": by hand")), outside))
    return Panel(title, parts)


@describe.register
def _result(change: EditResult, fmt: Formatter) -> Block:
    title = str(change).partition("\n")[0]
    notes: list[Cells] = [(fmt.text(note),) for note in change.notes]
    return Panel(heading(fmt.text(title)), [Table(("",), notes, first=LIMIT)] if notes else [])


@describe.register
def _report(report: EditReport, fmt: Formatter) -> Block:
    moved: list[Cells] = [(fmt.text(str(one)),) for one in (*report.steps, *report.jumps)]
    title = heading(Styled(f"[{report.context}]", "strong"), ", ".join(report.files))
    return Panel(title, [Table(("",), moved)] if moved else [])
