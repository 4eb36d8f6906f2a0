"""Priorities that are missing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from asterconf.diagnostic import Diagnostic
from asterconf.linter.rules.flow.straight import ends, may_be_jumped_to
from asterconf.linter.rules.rule import ExtensionRule
from asterconf.linter.tree import ExtensionAt, Tree
from asterconf.source import count


class PriorityGap(ExtensionRule):
    """Steps behind a priority that is missing, and to which nothing jumps.

    Asterisk runs one priority after the other and ends the call at the first one that is not
    there. A jump to `n+101` when a line was busy is no longer made, since Asterisk 1.6.
    """

    name = "priority-gap"

    def check(self, at: ExtensionAt, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the first step behind each gap."""
        steps = [step for step in at.extension.steps if step.priority > 0]
        for number, (before, after) in enumerate(pairwise(steps), 1):
            if after.priority == before.priority + 1 or ends(before):
                continue
            rest = steps[number:]
            end = next((i for i, s in enumerate(rest) if may_be_jumped_to(s, tree)), len(rest))
            place = at.place(after)
            if end and (place.file, place.line) not in tree.misread:
                yield self.at(
                    place,
                    [(at.place(before), "the last one that runs")],
                    name=at.extension.name,
                    missing=before.priority + 1,
                    steps=count(end, "step"),
                    next=after.priority,
                )
