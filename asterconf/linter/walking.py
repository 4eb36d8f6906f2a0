"""One walk over a configuration, which asks each rule about what it looks at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from asterconf.diagnostic import Diagnostic
from asterconf.linter.rules.rule import ExtensionRule, ObjectRule, Rule, StepRule, TreeRule
from asterconf.linter.tree import StepAt, Tree
from asterconf.source import fold
from asterconf.workspace import Workspace

__all__ = ["walk"]


def walk(
    work: Workspace, rules: Iterable[Rule], wants: Callable[[str], bool]
) -> Iterator[Diagnostic]:
    """Yield what the rules find of which a code is wanted.

    Objects, extensions and steps are gone through once, however many rules there are.
    """
    wanted = [rule for rule in rules if any(map(wants, rule.codes))]
    tree = Tree(work)
    for rule in wanted:
        if isinstance(rule, TreeRule):
            yield from rule.check(tree)
    yield from _objects(tree, [rule for rule in wanted if isinstance(rule, ObjectRule)])
    of_steps = [rule for rule in wanted if isinstance(rule, StepRule)]
    of_extensions = [rule for rule in wanted if isinstance(rule, ExtensionRule)]
    if of_steps or of_extensions:
        yield from _plan(tree, of_extensions, of_steps)


def _objects(tree: Tree, rules: list[ObjectRule]) -> Iterator[Diagnostic]:
    for one in tree.objects if rules else ():
        for rule in rules:
            if one.kind in rule.kinds:
                yield from rule.check(one, tree)


def _plan(
    tree: Tree, of_extensions: list[ExtensionRule], of_steps: list[StepRule]
) -> Iterator[Diagnostic]:
    by_name: dict[str, list[StepRule]] = {}
    for at in tree.extensions:
        for rule in of_extensions:
            yield from rule.check(at, tree)
        for index, step in enumerate(at.extension.steps):
            asked = by_name.get(step.app)
            if asked is None:
                word = fold(step.app)
                asked = [rule for rule in of_steps if word in rule.applications]
                by_name[step.app] = asked
            for one in asked:
                yield from one.check(StepAt(at, index), tree)
