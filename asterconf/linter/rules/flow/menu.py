"""Menus: what a caller can key, and what happens when they key nothing, or something else."""

from __future__ import annotations

from collections.abc import Iterator

from asterconf.diagnostic import Diagnostic
from asterconf.linter.rules.flow.straight import following
from asterconf.linter.rules.rule import StepRule
from asterconf.linter.tree import StepAt, Tree
from asterconf.source import fold

_KEYS = "0123456789*#"


def _contexts(at: StepAt, tree: Tree) -> list[str]:
    """Return the contexts in which a call may be that runs a step."""
    return sorted(tree.uses.callers(at.at.context.name))


def _has(name: str, at: StepAt, tree: Tree) -> bool:
    """Tell whether an extension may be found from some context in which the call may be."""
    return any(tree.answers(name, context) is not False for context in _contexts(at, tree))


def _open(at: StepAt, tree: Tree) -> list[str]:
    """Return the keys that lead to no extension, and are the beginning of none."""
    found = []
    for key in _KEYS:
        for context in _contexts(at, tree):
            answer = tree.answers(key, context)
            if answer is not False or tree.plan.match_more(key, context):
                break
        else:
            found.append(key)
    return found


class NoTimeoutExtension(StepRule):
    """WaitExten as the last step where no extension `t` can be found.

    When the caller keys nothing in time, Asterisk goes on with `t`; without it, it logs that and
    ends the call.
    """

    name = "no-timeout-extension"
    applications = frozenset({"waitexten"})

    def check(self, at: StepAt, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the step."""
        last = following(at.at.extension, at.index) is None
        if last and not _has("t", at, tree) and not _has("e", at, tree):
            yield self.at(at.place, context=at.at.context.name)


class TimeoutNotReached(StepRule):
    """WaitExten with a step behind it, in a context that has an extension `t`.

    With a step behind it Asterisk goes on there when the caller keys nothing; `t` is for
    WaitExten as the last step.
    """

    name = "timeout-not-reached"
    applications = frozenset({"waitexten"})

    def check(self, at: StepAt, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the step."""
        after = following(at.at.extension, at.index)
        own = any(one.name == "t" for one in at.at.context.extensions)
        if after is not None and own and at.at.extension.name not in {"t", "i"}:
            yield self.at(at.place, step=after.app)


class NoInvalidExtension(StepRule):
    """WaitExten where no extension `i` can be found, and not every key leads somewhere.

    For a number that nothing answers, Asterisk goes on with `i`; without it, it logs that and ends
    the call.
    """

    name = "no-invalid-extension"
    applications = frozenset({"waitexten"})

    def check(self, at: StepAt, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the step."""
        if _has("i", at, tree) or _has("e", at, tree):
            return
        keys = _open(at, tree)
        if keys and len(keys) < len(_KEYS):
            shown = keys[0] if len(keys) == 1 else f"{keys[0]} or {keys[1]}, say,"
            yield self.at(at.place, keys=shown, context=at.at.context.name)


class MenuWithoutChoice(StepRule):
    """WaitExten in a context in which no key leads to an extension, and that has no `i` or `e`.

    Whatever the caller keys, the call ends.
    """

    name = "menu-without-choice"
    applications = frozenset({"waitexten"})

    def check(self, at: StepAt, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the first such step of an extension."""
        if any(fold(one.app) in self.applications for one in at.at.extension.steps[: at.index]):
            return
        caught = _has("i", at, tree) or _has("e", at, tree)
        if not caught and len(_open(at, tree)) == len(_KEYS):
            yield self.at(at.place, context=at.at.context.name)
