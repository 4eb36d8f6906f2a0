"""Subroutines that do not come back, and Return where there is nothing to come back to."""

from __future__ import annotations

from collections.abc import Iterator

from asterconf import apps
from asterconf.diagnostic import Diagnostic
from asterconf.linter.rules.flow.straight import ends
from asterconf.linter.rules.rule import ExtensionRule, TreeRule
from asterconf.linter.tree import ExtensionAt, Tree
from asterconf.source import Position, fold

_LEAVE = frozenset({
    "return", "stackpop", "hangup", "goto", "gotoif", "gotoiftime", "waitexten", "background",
})  # fmt: skip
"""Steps with which a subroutine may end otherwise."""


class SubroutineWithoutReturn(TreeRule):
    """A subroutine that Gosub runs, whose steps run out without Return.

    The call does not come back to the caller of the subroutine: it ends there.
    """

    name = "subroutine-without-return"
    follows = True

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the last step of each subroutine."""
        seen = set[tuple[str, str]]()
        for at, use in tree.gosubs:
            by_step = fold(use.use.by) in {"gosub", "gosubif"}
            if not by_step or not use.use.certain or use.use.target.kind != "extension":
                continue
            key, _, context = use.use.target.name.rpartition("@")
            sub = tree.by_key.get((context, key)) if (context, key) not in seen else None
            seen.add((context, key))
            if sub is None or not sub.extension.steps:
                continue
            words = {fold(step.app) for step in sub.extension.steps}
            step = sub.extension.steps[-1]
            after = tree.plan.landing(sub.extension.name, context, step.priority + 1)
            if ends(step) or words & _LEAVE or after.step is not None or not after.sure:
                continue
            if fold(step.app) == "gosub" and not self._returns(sub, tree):
                continue
            if not apps.facts(fold(step.app), step.asterisk).name:
                continue  # nothing is known of it, or the call ends there already
            related = [(at.place(at.extension.steps[use.step]), "it is run from here")]
            yield self.at(sub.place(step), related, name=f"{key}@{context}")

    @staticmethod
    def _returns(sub: ExtensionAt, tree: Tree) -> bool:
        """Tell whether the subroutine of the last step has a Return, so that it may come back."""
        last = len(sub.extension.steps) - 1
        names = [use.use.target.name for use in tree.uses_of(sub) if use.step == last]
        inner = [tree.by_key.get((c, k)) for k, _, c in (one.rpartition("@") for one in names)]
        steps = [step for one in inner if one is not None for step in one.extension.steps]
        return any(fold(step.app) == "return" for step in steps)


class ReturnWithoutGosub(ExtensionRule):
    """Return in an extension that endpoints call, which no Gosub runs.

    Asterisk logs that there is nothing to return to, and ends the call.
    """

    name = "return-without-gosub"
    applications = frozenset({"return"})

    def check(self, at: ExtensionAt, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the first Return of an extension."""
        step = next(one for one in at.extension.steps if fold(one.app) == "return")
        if tree.uses.callers(at.context.name).isdisjoint((*tree.phones, *tree.outsiders)):
            return
        context = at.context.name
        if tree.run_by_gosub.isdisjoint((context, "$")):
            yield self.at(at.place(step), name=at.extension.name)


class SubroutineLeft(TreeRule):
    """Goto in a subroutine that leads back to the extension which ran it.

    The frame of the Gosub stays: the next Return goes back to where that was, and rounds of it add
    up until the call is over. Observed on 22.10.1.
    """

    name = "subroutine-left"
    follows = True

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield each such Goto, once."""
        seen = set[tuple[Position, str]]()
        for at, use in tree.gosubs:
            key, _, context = use.use.target.name.rpartition("@")
            sub = tree.by_key.get((context, key))
            if sub is None or not use.use.certain or sub.extension.key == at.extension.key:
                continue
            name = f"{at.extension.key}@{at.context.name}"
            for back in tree.uses_of(sub):
                step = sub.extension.steps[back.step] if back.step >= 0 else None
                if step is None or fold(step.app) != "goto" or back.use.target.name != name:
                    continue
                place = sub.place(step)
                if (place, name) not in seen:
                    seen.add((place, name))
                    run = at.place(at.extension.steps[use.step])
                    yield self.at(place, [(run, "it is run from here")], name=name)
