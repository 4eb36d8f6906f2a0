"""Views of what an edit did, or would do."""

from __future__ import annotations

from asterconf.display.blocks import Block, Group, Inline, Note, Row, Span, Table, dim
from asterconf.display.describe import LIMIT, capped, describe, heading
from asterconf.display.look import Look
from asterconf.editing import EditReport
from asterconf.editing.editor import EditResult, object_title
from asterconf.editing.renaming import RenamePlan
from asterconf.source import count

__all__: list[str] = []


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
        (one.position, look.text(one.what), dim(one.old), Span(one.new, "name"))
        for one in plan.edits
    ]
    parts.append(capped(("at", "what", "before", "then"), edits, 40))
    undecided: list[Row] = [
        (one.position, look.text(one.text), look.text(one.why)) for one in plan.undecided
    ]
    if undecided:
        head: Inline = (Span("undecided", "warning"), dim(": these stay as they are"))
        parts.append(Group(head, (capped(("at", "what", "why"), undecided),)))
    if plan.outside:
        said = [Note(look.text(one)) for one in plan.outside]
        parts.append(Group((Span("outside the files", "warning"), dim(": see to it")), said))
    return Group(title, parts)


@describe.register
def _change(change: EditResult, look: Look) -> Block:
    title = str(change).partition("\n")[0]
    notes: list[Row] = [(look.text(note),) for note in change.notes]
    return Group(heading(look.text(title)), [Table(("",), notes, first=LIMIT)] if notes else [])


@describe.register
def _report(report: EditReport, look: Look) -> Block:
    moved: list[Row] = [(look.text(str(one)),) for one in (*report.steps, *report.jumps)]
    title = heading(Span(f"[{report.context}]", "strong"), ", ".join(report.files))
    return Group(title, [Table(("",), moved)] if moved else [])
