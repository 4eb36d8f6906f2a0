"""Loops in which nothing waits."""

from __future__ import annotations

from collections.abc import Iterator

from asterconf.diagnostic import Diagnostic
from asterconf.linter.rules.flow.straight import following
from asterconf.linter.rules.rule import ExtensionRule
from asterconf.linter.tree import ExtensionAt, Tree
from asterconf.source import fold

_INSTANT = frozenset({"noop", "set", "mset", "verbose", "log", "goto", "progress", "ringing"})
"""Applications that take no time and always go on."""


class EndlessLoop(ExtensionRule):
    """A way from a step back to itself on which nothing waits, asks, or may lead elsewhere.

    The call takes a whole processor until the caller hangs up, and such calls add up.
    """

    name = "endless-loop"
    applications = frozenset({"goto"})

    def check(self, at: ExtensionAt, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the jump that closes a circle which begins in an extension."""
        seen: set[tuple[str, str, int]] = set()
        here, index = at, 0
        while index < len(here.extension.steps):
            step = here.extension.steps[index]
            key = (here.context.name, here.extension.key, step.priority)
            if fold(step.app) not in _INSTANT:
                return
            if key in seen:
                if key[:2] == (at.context.name, at.extension.key):
                    yield self.at(at.place(step), name=at.extension.name)
                return
            seen.add(key)
            target = self._next(here, index, tree)
            if target is None:
                return
            here, index = target

    @staticmethod
    def _next(here: ExtensionAt, index: int, tree: Tree) -> tuple[ExtensionAt, int] | None:
        """Return the step that runs next; None: that is not certain, or there is none."""
        step = here.extension.steps[index]
        if fold(step.app) != "goto":
            return (here, index + 1) if following(here.extension, index) else None
        if "$" in step.data:
            return None
        *where, last = [part.strip() for part in step.data.split(",")]
        name = where[-1] if where else here.extension.name
        context = where[0] if len(where) == 2 else here.context.name
        if not where and here.extension.is_pattern:
            landing, target = None, here
        else:
            landing = tree.plan.landing(name, context, int(last) if last.isdigit() else last)
            found = landing.extension
            other = tree.by_key.get((landing.context, found.key)) if found else None
            if other is None or not landing.sure:
                return None
            target = other
        for number, one in enumerate(target.extension.steps):
            if (last.isdigit() and one.priority == int(last)) or one.label == last:
                return target, number
        return None
