"""Hangup handlers that are not there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from asterconf.diagnostic import Diagnostic
from asterconf.linter.rules.rule import StepRule
from asterconf.linter.tree import StepAt, Tree

_PUSHED = re.compile(
    r"\s*CHANNEL\(hangup_handler_(?:push|wipe)\)=([^,()$]+),([^,()$]+),([0-9]+|[^,()$]+)(?:\(|\Z)",
    re.IGNORECASE,
)


class HangupHandler(StepRule):
    """A hangup handler that leads to no extension.

    When the call is over, Asterisk logs that, and what the handler was to do is not done.
    """

    name = "missing-hangup-handler"
    applications = frozenset({"set"})

    def check(self, at: StepAt, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the step."""
        found = _PUSHED.match(at.step.data)
        if found is None:
            return
        context, name, priority = (part.strip() for part in found.groups())
        where = int(priority) if priority.isdigit() else priority
        landing = tree.plan.landing(name, context, where)
        if landing.sure and landing.step is None and tree.work.dialplan.loaded:
            yield self.at(at.place, name=f"{context},{name},{priority}")
