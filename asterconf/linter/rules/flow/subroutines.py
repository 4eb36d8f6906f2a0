"""Subroutines that do not come back, and Return where there is nothing to come back to."""

from __future__ import annotations

from collections.abc import Iterator

from asterconf.codes import Message
from asterconf.diagnostic import Diagnostic
from asterconf.linter.rules.flow._straight import ends
from asterconf.linter.rules.rule import ExtensionRule, TreeRule, Verified
from asterconf.linter.tree import ExtensionAt, Tree
from asterconf.references.plan import UseAt
from asterconf.source import Severity, fold

__all__ = ["ReturnWithoutGosub", "SubroutineWithoutReturn"]


def _gosubs(tree: Tree) -> Iterator[tuple[ExtensionAt, UseAt]]:
    for at in tree.extensions:
        for use in tree.uses_of(at):
            if use.use.how == "gosub" and use.use.target.kind == "extension":
                yield at, use


class SubroutineWithoutReturn(TreeRule):
    """A subroutine that Gosub runs, whose steps run out without Return.

    The call does not come back to the caller of the subroutine: it ends there.
    """

    name = "subroutine-without-return"
    preview = True
    verified: Verified = "behaviour"
    messages = (
        Message(
            "AC244", Severity.WARNING,
            "the steps of the subroutine {name!r} run out without Return, so the call ends here",
            "end it with Return()", logged=False,
        ),
    )  # fmt: skip

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the last step of each subroutine."""
        for at, use in _gosubs(tree):
            if fold(use.use.by) not in {"gosub", "gosubif"} or not use.use.certain:
                continue
            key, _, context = use.use.target.name.rpartition("@")
            sub = tree.by_key.get((context, key))
            if sub is None or not sub.extension.steps:
                continue
            words = {fold(step.app) for step in sub.extension.steps}
            step = sub.extension.steps[-1]
            after = tree.plan.landing(sub.extension.name, context, step.priority + 1)
            leaves = words & {"return", "stackpop", "hangup", "gotoif", "gosubif", "goto"}
            if ends(step) or leaves or after.step is not None or not after.sure:
                continue
            related = [(at.place(at.extension.steps[use.step]), "it is run from here")]
            yield self.at(sub.place(step), related, name=f"{key}@{context}")


class ReturnWithoutGosub(ExtensionRule):
    """Return in an extension that endpoints call, which no Gosub runs.

    Asterisk logs that there is nothing to return to, and ends the call.
    """

    name = "return-without-gosub"
    preview = True
    messages = (
        Message(
            "AC245", Severity.WARNING,
            "nothing runs {name!r} by Gosub, so there is nothing to return to: the call ends here",
            "write Hangup(), or run the extension by Gosub",
        ),
    )  # fmt: skip

    def check(self, at: ExtensionAt, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the first Return of an extension."""
        context = at.context.name
        if not ({*tree.phones, *tree.outsiders} & tree.uses.callers(context)):
            return
        step = next((s for s in at.extension.steps if fold(s.app) == "return"), None)
        if step is None:
            return
        own = f"@{context}"
        names = [use.use.target.name for _, use in _gosubs(tree)]
        if not any(name.endswith(own) or "$" in name for name in names):
            yield self.at(at.place(step), name=at.extension.name)
