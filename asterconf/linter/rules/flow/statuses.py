"""Jumps that lead where Dial ended, and the endings for which nothing is there."""

from __future__ import annotations

from collections.abc import Iterator

from asterconf.diagnostic import Diagnostic
from asterconf.linter.rules.rule import StepRule
from asterconf.linter.tree import StepAt, Tree
from asterconf.references.mentions import PLACE, pieces
from asterconf.source import fold

_STATUS = "${DIALSTATUS}"
_ENDINGS = ("BUSY", "NOANSWER", "CONGESTION", "CHANUNAVAIL")
"""How Dial ends so that the next step runs, whatever its options."""


class StatusWithoutExtension(StepRule):
    """A jump to an extension named by DIALSTATUS, where one of the endings of Dial has none.

    Without an extension `i` Asterisk logs "sent to invalid extension but no invalid handler", and
    the call ends. CHANUNAVAIL is the ending of a phone that is not registered.
    """

    name = "status-without-extension"
    applications = frozenset({"goto", "gotoif"})

    def check(self, at: StepAt, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the step, behind a Dial of the same extension."""
        steps = at.at.extension.steps[: at.index]
        if _STATUS not in at.step.data or all(fold(step.app) != "dial" for step in steps):
            return
        plan = tree.work.references.plan
        for mention in plan.in_step(at.step.app, at.step.data):
            for piece in pieces(mention, mention.text) if mention.kind == PLACE else ():
                if piece.kind == "extension" and piece.name.count("$") == 1:
                    yield from self._without(piece.name, piece.within[0], at, tree)

    def _without(self, name: str, context: str, at: StepAt, tree: Tree) -> Iterator[Diagnostic]:
        if _STATUS not in name or "$" in context:
            return
        where = [context] if context else sorted(tree.uses.callers(at.at.context.name))

        def nowhere(exten: str) -> bool:
            return all(tree.answers(exten, one) is False for one in where)

        open_ = [one for one in _ENDINGS if nowhere(name.replace(_STATUS, one))]
        if open_ and where and nowhere("i") and nowhere("e"):
            yield self.at(
                at.place, statuses=_or(open_), context=context or at.at.context.name,
                name=name.replace(_STATUS, open_[0]), pattern=f"_{name.replace(_STATUS, '[A-Z].')}",
            )  # fmt: skip


def _or(words: list[str]) -> str:
    return " or ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]
