"""Extensions whose steps run out: the next one is taken from another extension."""

from __future__ import annotations

from collections.abc import Iterator

from asterconf import apps
from asterconf.codes import Message
from asterconf.diagnostic import Diagnostic
from asterconf.linter.rules.flow._straight import ends
from asterconf.linter.rules.rule import ExtensionRule, Verified
from asterconf.linter.tree import ExtensionAt, Tree
from asterconf.source import Severity, fold

__all__ = ["FallsIntoOther"]


class FallsIntoOther(ExtensionRule):
    """An extension without an end, where a pattern that matches too has the next priority.

    Asterisk looks for each priority anew: where the extension has no more, the next one of any
    other that matches runs, also of an included context.
    """

    name = "falls-into-other"
    verified: Verified = "behaviour"
    messages = (
        Message(
            "AC243", Severity.WARNING,
            "behind the last step of {name!r} the call goes on with {step} of {other!r}, which "
            "matches {name}, too",
            "end it with Hangup()", logged=False,
        ),
    )  # fmt: skip

    def check(self, at: ExtensionAt, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the last step of an extension with a plain name."""
        extension = at.extension
        if extension.is_pattern or not extension.steps or not extension.name[:1].isdigit():
            return
        step = extension.steps[-1]
        if ends(step) or extension.steps[0].priority != 1:
            return
        landing = tree.plan.landing(extension.name, at.context.name, step.priority + 1)
        if landing.step is None or landing.extension is None or not landing.sure:
            return
        if ends(landing.step) or not apps.facts(fold(step.app), step.asterisk).name:
            return  # it ends there, or has ended here
        if landing.extension.callerid_match is not None or landing.extension.made_by:
            return
        other = tree.by_key.get((landing.context, landing.extension.key))
        related = [(other.place(landing.step), "it goes on here")] if other else []
        yield self.at(
            at.place(step),
            related,
            name=extension.name,
            other=landing.extension.name,
            step=landing.step.app,
        )
