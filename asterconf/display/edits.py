"""Views of what an edit did, or would do."""

from __future__ import annotations

from asterconf.display.blocks import Block, Group, Row, Span, Table
from asterconf.display.describe import LIMIT, describe, heading
from asterconf.display.look import Look
from asterconf.editing import EditReport
from asterconf.editing.change import Change
from asterconf.editing.rename import RenamePlan

__all__: list[str] = []


@describe.register
def _rename(plan: RenamePlan, look: Look) -> Block:
    title = str(plan).partition("\n")[0]
    edits: list[Row] = [
        (one.position, one.what, look.text(one.old), look.text(one.new)) for one in plan.edits
    ]
    undecided: list[Row] = [
        (one.position, look.text(one.text), look.text(one.why)) for one in plan.undecided
    ]
    outside: list[Row] = [(look.text(one),) for one in plan.outside]
    tables = (
        ("edits", Table(("at", "what", "old", "new"), edits)),
        ("undecided", Table(("at", "text", "why"), undecided)),
        ("outside the files", Table(("",), outside)),
    )
    parts = [
        Group(heading(name, str(len(table.rows))), (table,)) for name, table in tables if table.rows
    ]
    return Group(heading(look.text(title)), parts)


@describe.register
def _change(change: Change, look: Look) -> Block:
    title = str(change).partition("\n")[0]
    notes: list[Row] = [(look.text(note),) for note in change.notes]
    return Group(heading(look.text(title)), [Table(("",), notes, first=LIMIT)] if notes else [])


@describe.register
def _report(report: EditReport, look: Look) -> Block:
    moved: list[Row] = [(look.text(str(one)),) for one in (*report.steps, *report.jumps)]
    title = heading(Span(f"[{report.context}]", "strong"), ", ".join(report.files))
    return Group(title, [Table(("",), moved)] if moved else [])
