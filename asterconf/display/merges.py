"""Views of what is going to happen: conflicts, a merge and the plan of a build."""

from __future__ import annotations

from collections.abc import Iterable

from asterconf.differ import Conflict, Merge
from asterconf.differ.rows import label
from asterconf.display.blocks import Block, Group, Note, Row, Span, Table, dim, masked
from asterconf.display.describe import LIMIT, capped, describe, heading
from asterconf.display.differences import diff_blocks, sides, sign
from asterconf.display.look import Look
from asterconf.home.rebuild import Rebuild
from asterconf.source import count

__all__: list[str] = []


@describe.register
def _conflict(conflict: Conflict, look: Look) -> Block:
    return Group(Span("Conflict", "error"), (_conflicts([conflict], look),))


def _conflicts(conflicts: Iterable[Conflict], look: Look) -> Table:
    """Return a table of conflicts: what was to change, and why it does not."""
    rows: list[Row] = []
    for conflict in conflicts:
        change = conflict.change
        own = change is conflict.owner
        rows.append(
            (
                sign(change.sign),
                Span(label(conflict.owner), "strong"),
                "" if own else Span(change.name, "name"),
                *sides(change, look),
                masked(conflict.reason),
                conflict.place or "",
            )
        )
    return capped(("", "of", "", "before", "wanted", "why not", "at"), rows)


@describe.register
def _merge(merge: Merge, look: Look) -> Block:
    if merge.is_clean:
        return Note((Span("Merge", "strong"), dim("  ·  no conflict")))
    number = count(len(merge.conflicts), "conflict")
    title = heading("Merge", (Span(number, "error"), dim(": ours stands")))
    return Group(title, (_conflicts(merge.conflicts, look),))


@describe.register
def _rebuild(plan: Rebuild, look: Look) -> Block:
    shown = str(plan.directory)
    if not plan.is_pending and not plan.conflicts:
        return Note((Span("Plan", "strong"), dim(f"  ·  {shown} is as the description says")))
    counts = [f"{number} to {word}" for word, number in plan.counts.items()]
    conflicts = count(len(plan.conflicts), "conflict") if plan.conflicts else ""
    parts: list[Block] = []
    if plan.foreign:
        said = "The folder holds files that no build wrote; nothing can be applied."
        parts.append(Note(Span(said, "error")))
    parts += diff_blocks(plan.diff) if plan.diff else ()
    if plan.is_pending and plan.diff.is_empty:
        parts.append(Note("Only text changes, nothing that Asterisk would notice."))
    if plan.conflicts:
        title = (Span(conflicts, "error"), dim(": what was edited stays"))
        parts.append(Group(title, (_conflicts(plan.conflicts, look),)))
    files: list[Row] = [(Span(name, "name"), "is written") for name in plan.written]
    files += [(Span(name, "name"), "goes") for name in plan.removed]
    if files and not plan.foreign:
        written = dim(count(len(files), "file"))
        parts.append(Group(written, (capped(("", ""), files, LIMIT),), open=False))
    return Group(heading("Plan", shown, *counts, conflicts), parts)
