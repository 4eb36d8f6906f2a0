"""Extensions whose steps run out: the next one is taken from another extension."""

from __future__ import annotations

from collections.abc import Iterator

from asterconf import apps
from asterconf.diagnostic import Diagnostic
from asterconf.linter.rules.flow.straight import ends
from asterconf.linter.rules.rule import ExtensionRule
from asterconf.linter.tree import ExtensionAt, Tree
from asterconf.source import fold

_STAYS = frozenset({
    "answer", "echo", "milliwatt", "musiconhold", "noop", "playback", "playtones", "progress",
    "proceeding", "ringing", "set", "verbose", "wait", "hangup", "busy", "congestion",
})  # fmt: skip
"""Applications that neither return from a subroutine nor lead elsewhere."""


class FallsIntoOther(ExtensionRule):
    """An extension without an end, where a pattern that matches too has the next priority.

    Asterisk looks for each priority anew: where the extension has no more, the next one of any
    other that matches runs, also of an included context.
    """

    name = "falls-into-other"

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
        if fold(step.app) == "gosub" and not self._comes_back(at, tree):
            return
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

    @staticmethod
    def _comes_back(at: ExtensionAt, tree: Tree) -> bool:
        """Tell whether the subroutine of the last step may return."""
        for use in tree.uses_of(at):
            target = use.use.target
            if use.step == len(at.extension.steps) - 1 and target.kind == "extension":
                key, _, context = target.name.rpartition("@")
                sub = tree.by_key.get((context, key))
                steps = sub.extension.steps if sub is not None else ()
                if steps and use.use.certain and ends(steps[-1]):
                    return any(fold(one.app) not in _STAYS for one in steps)
        return True
