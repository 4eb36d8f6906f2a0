"""Extensions and includes that no call comes to, because others are found first."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from asterconf.diagnostic import Diagnostic
from asterconf.dialplan.values import DialplanExtension
from asterconf.linter.rules.flow.straight import ends, may_be_jumped_to
from asterconf.linter.rules.rule import ExtensionRule, TreeRule
from asterconf.linter.tree import ExtensionAt, Tree
from asterconf.numbers import Numbers
from asterconf.source import fold

_MOST: Final = 40
"""How many extensions may share the numbers of another one."""

_numbers = lru_cache(4096)(Numbers)
_shortest = lru_cache(4096)(Numbers.shortest)


def _instead(one: DialplanExtension, context: str, tree: Tree) -> list[DialplanExtension]:
    """Return the extensions of a context that together come before another one for each number.

    Empty: some number may lead to it.
    """
    left, found = _numbers(one.name), list[DialplanExtension]()
    while (number := _shortest(left)) is not None:
        tried = tree.plan.own(number, context)
        first = next((o for o in tried if o is one or _stands_for(o, one, tree)), one)
        if first is one or len(found) == _MOST:
            return []
        found.append(first)
        left -= _numbers(first.name)
    jumps = tree.jumps if one.is_pattern else ()  # a jump may name the pattern itself
    return [] if any(one.name in data for data in jumps) else found


def _stands_for(other: DialplanExtension, one: DialplanExtension, tree: Tree) -> bool:
    """Tell whether nothing of an extension is found where another one is tried before it.

    Each priority is looked for anew: the other one has all of them, or ends before.
    """
    there = {step.priority: step for step in other.steps}
    if other.callerid_match is not None or other.made_by or (one.hint and not other.hint):
        return False
    for step in one.steps:
        if step.priority not in there:
            last = other.steps[-1] if other.steps else None
            whole = last is not None and last.priority == len(there) < step.priority and ends(last)
            if not whole or may_be_jumped_to(step, tree):
                return False
        elif step.label is not None and step.label != there[step.priority].label:
            return False
    return True


def _names(found: list[DialplanExtension]) -> str:
    names = [*dict.fromkeys(repr(one.key) for one in found)]
    if len(names) > 3:
        names = [*names[:2], f"{len(names) - 2} more"]
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


class HiddenExtension(ExtensionRule):
    """A pattern of which every number is taken by others of its context, which are tried first.

    Asterisk tries plain names first, then patterns, the narrower ones before the wider ones,
    however they stand in the file. Nothing is said where one of the others has a condition on the
    caller, or lacks a step, a label or a hint that is found here.
    """

    name = "hidden-extension"

    def check(self, at: ExtensionAt, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the first step."""
        one = at.extension
        if not one.is_pattern or not one.steps or tree.matches_unknown:
            return
        if others := _instead(one, at.context.name, tree):
            yield self.at(at.place(one.steps[0]), name=one.name, others=_names(others))


class HiddenInclude(TreeRule):
    """An include through which no call finds an extension.

    The own extensions of a context are tried before those that it includes, and a context that was
    searched already is passed over, also if its name is written in another letter case: two
    sections [home] and [Home] cannot include each other. Nothing is said of contexts with a switch,
    or to which something else may add.
    """

    name = "hidden-include"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the line of the include."""
        loaded = tree.work.dialplan
        for context in loaded.dialplan.contexts if not tree.matches_unknown else ():
            for number, include in enumerate(context.includes):
                why = self._why(context.name, include.context, tree)
                places = loaded.contexts.places(context.name)
                if why and places is not None:
                    yield self.at(places[f"includes[{number}]"], name=include.context, why=why)

    def _why(self, context: str, included: str, tree: Tree) -> str:
        if included not in tree.plan:
            return ""
        if included == context:
            return "a context does not include itself"
        if fold(included) == fold(context):
            return f"[{context}] is searched already, and letter case does not count there"
        found: dict[str, DialplanExtension] = {}
        seen, waiting = {fold(context): context}, [included]
        while waiting:
            name = waiting.pop()
            if fold(name) in seen:
                continue
            seen[fold(name)] = name
            if name not in tree.plan or tree.plan[name].switches or tree.plan[name].autohints:
                return ""
            for one in tree.plan[name].extensions:
                others = _instead(one, context, tree)
                if not others:
                    return ""
                found.update((other.key, other) for other in others)
            waiting += [one.context for one in tree.plan[name].includes]
        more = tree.plan.elsewhere
        if any(one.may_decide(seen.values(), found=False, numbers=one.extensions) for one in more):
            return ""
        return f"[{context}] has {_names([*found.values()])} for all of it" if found else ""
