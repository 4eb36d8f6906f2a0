"""Views of what edits do or would do: conflicts, a merge, the plan of a build, a rename."""

from __future__ import annotations

from collections.abc import Iterable

from asterconf.differ.printing import Conflict, label
from asterconf.differ.result import Merge
from asterconf.display.blocks import Block, Group, Inline, Note, Row, Styled, Table, dim, masked
from asterconf.display.describe import LIMIT, Look, capped, describe, heading
from asterconf.display.differences import diff_blocks, sides, sign
from asterconf.editing import EditReport
from asterconf.editing.editor import EditResult, object_title
from asterconf.editing.renaming import RenamePlan
from asterconf.home.rebuild import Rebuild
from asterconf.source import count

__all__: list[str] = []


@describe.register
def _conflict(conflict: Conflict, look: Look) -> Block:
    return Group(Styled("Conflict", "error"), (_conflicts([conflict], look),))


def _conflicts(conflicts: Iterable[Conflict], look: Look) -> Table:
    """Return a table of conflicts: what was to change, and why it does not."""
    rows: list[Row] = []
    for conflict in conflicts:
        change = conflict.change
        own = change is conflict.owner
        rows.append(
            (
                sign(change.sign),
                Styled(label(conflict.owner), "strong"),
                "" if own else Styled(change.name, "name"),
                *sides(change, look),
                masked(conflict.reason),
                conflict.place or "",
            )
        )
    return capped(("", "of", "", "before", "wanted", "why not", "at"), rows)


@describe.register
def _merge(merge: Merge, look: Look) -> Block:
    if merge.is_clean:
        return Note((Styled("Merge", "strong"), dim("  ·  no conflict")))
    number = count(len(merge.conflicts), "conflict")
    title = heading("Merge", (Styled(number, "error"), dim(": ours stands")))
    return Group(title, (_conflicts(merge.conflicts, look),))


@describe.register
def _rebuild(plan: Rebuild, look: Look) -> Block:
    shown = str(plan.directory)
    if not plan.is_pending and not plan.conflicts:
        return Note((Styled("Plan", "strong"), dim(f"  ·  {shown} is as the description says")))
    counts = [f"{number} to {word}" for word, number in plan.counts.items()]
    conflicts = count(len(plan.conflicts), "conflict") if plan.conflicts else ""
    parts: list[Block] = []
    if plan.foreign:
        said = "The folder holds files that no build wrote; nothing can be applied."
        parts.append(Note(Styled(said, "error")))
    parts += diff_blocks(plan.diff) if plan.diff else ()
    if plan.is_pending and plan.diff.is_empty:
        parts.append(Note("Only text changes, nothing that Asterisk would notice."))
    if plan.conflicts:
        title = (Styled(conflicts, "error"), dim(": what was edited stays"))
        parts.append(Group(title, (_conflicts(plan.conflicts, look),)))
    files: list[Row] = [(Styled(name, "name"), "is written") for name in plan.written]
    files += [(Styled(name, "name"), "goes") for name in plan.removed]
    if files and not plan.foreign:
        written = dim(count(len(files), "file"))
        parts.append(Group(written, (capped(("", ""), files, LIMIT),), open=False))
    return Group(heading("Plan", shown, *counts, conflicts), parts)


# -- edits ----------------------------------------------------------------------------------------


@describe.register
def _rename(plan: RenamePlan, look: Look) -> Block:
    title = heading(
        f"Rename {object_title(plan.obj)} to {plan.to}",
        count(len(plan.edits), "edit"),
        f"{len(plan.undecided)} undecided" if plan.undecided else "",
        f"{len(plan.outside)} outside the files" if plan.outside else "",
    )
    parts: list[Block] = []
    edits: list[Row] = [
        (one.position, look.text(one.what), dim(one.old), Styled(one.new, "name"))
        for one in plan.edits
    ]
    parts.append(capped(("at", "what", "before", "then"), edits, 40))
    undecided: list[Row] = [
        (one.position, look.text(one.text), look.text(one.why)) for one in plan.undecided
    ]
    if undecided:
        head: Inline = (Styled("undecided", "warning"), dim(": these stay as they are"))
        parts.append(Group(head, (capped(("at", "what", "why"), undecided),)))
    if plan.outside:
        said = [Note(look.text(one)) for one in plan.outside]
        parts.append(Group((Styled("outside the files", "warning"), dim(": see to it")), said))
    return Group(title, parts)


@describe.register
def _change(change: EditResult, look: Look) -> Block:
    title = str(change).partition("\n")[0]
    notes: list[Row] = [(look.text(note),) for note in change.notes]
    return Group(heading(look.text(title)), [Table(("",), notes, first=LIMIT)] if notes else [])


@describe.register
def _report(report: EditReport, look: Look) -> Block:
    moved: list[Row] = [(look.text(str(one)),) for one in (*report.steps, *report.jumps)]
    title = heading(Styled(f"[{report.context}]", "strong"), ", ".join(report.files))
    return Group(title, [Table(("",), moved)] if moved else [])
