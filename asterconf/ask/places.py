"""Where extensions are written, and the kinds of callers that a context tells apart."""

from __future__ import annotations

import attrs

from asterconf.dialplan.values import DialplanExtension, DialplanStep
from asterconf.numbers.partition import Closure, Partition
from asterconf.workspace import Workspace


def callers_of(found: Closure) -> list[str | None]:
    """Return a caller's number for each kind of caller that conditions tell apart; None: none."""
    conditions = {one.callerid_match for _, one in found.entries if one.callerid_match is not None}
    step = (DialplanStep(1, "NoOp"),)
    entries = [("", DialplanExtension(c, None, step)) for c in sorted(conditions) if c]
    if not entries:
        return [None] if not conditions else [None, "0"]
    # each condition is asked for alone, so its number is part of what tells callers apart
    marked = [
        (name, attrs.evolve(one, steps=(DialplanStep(n + 2, "NoOp"),)))
        for n, (name, one) in enumerate(entries)
    ]
    classes = Partition(Closure("", tuple(marked))).classes()
    return [None, *(one.numbers.shortest() for one in classes if one.numbers.shortest())]


def place_of(
    workspace: Workspace, context: str, extension: DialplanExtension, priority: int | None = None
) -> tuple[str, int]:
    """Return file and line of an extension, or of one of its steps; "" and 0: no line."""
    found = workspace.dialplan.contexts.places(context)
    if found is None or extension.made_by or not extension.steps:
        return "", 0
    at = found.index(extension.name, extension.callerid_match)
    first = extension.steps[0].priority if priority is None else priority
    return found.lines.file_line(found.number(at, first))
