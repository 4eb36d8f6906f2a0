"""Steps that no call comes to."""

from __future__ import annotations

from collections.abc import Iterator

from asterconf.diagnostic import Diagnostic
from asterconf.linter.rules.flow.straight import ENDS, ends, following, may_be_jumped_to
from asterconf.linter.rules.rule import ExtensionRule
from asterconf.linter.tree import ExtensionAt, Tree


class UnreachableStep(ExtensionRule):
    """Steps behind Hangup, Goto, Return, Busy or Congestion, to which nothing jumps.

    The call has gone elsewhere, or has ended. A second Hangup behind such a step is a habit, and
    nothing is said about it.
    """

    name = "unreachable-step"
    applications = ENDS

    def check(self, at: ExtensionAt, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the first step behind each end."""
        steps = at.extension.steps
        for index, step in enumerate(steps):
            if not ends(step):
                continue
            after, behind = following(at.extension, index), index + 1
            while after is not None and ends(after) and not may_be_jumped_to(after, tree):
                after, behind = following(at.extension, behind), behind + 1
            if after is not None and behind == index + 1 and not may_be_jumped_to(after, tree):
                yield self.at(
                    at.place(after),
                    [(at.place(step), "the call does not come back from here")],
                    step=after.app,
                    before=step.app,
                )
