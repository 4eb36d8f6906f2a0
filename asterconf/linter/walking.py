"""One walk over a configuration, which asks each rule about what it looks at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from asterconf.diagnostic import Diagnostic
from asterconf.linter.rules.internal import CHECK
from asterconf.linter.rules.rule import ExtensionRule, ObjectRule, Rule, StepRule, TreeRule
from asterconf.linter.tree import StepAt, Tree
from asterconf.source import Position, fold, printable


class Guard:
    """Runs rules, so that one that fails is a finding, and the others go on."""

    def __init__(self) -> None:
        self._failed = set[str]()

    def run(
        self,
        rule: str,
        check: Callable[..., Iterable[Diagnostic]],
        *of: Any,  # noqa: ANN401 - what the rule looks at
        at: Callable[[], Position | None] = lambda: None,
    ) -> Iterator[Diagnostic]:
        """Yield what a rule finds; of its failures the first is told, with its place."""
        try:
            yield from check(*of)
        except Exception as error:
            if rule not in self._failed:
                self._failed.add(rule)
                said = f"{type(error).__name__}: {error}".splitlines()[0]
                yield CHECK["rule-failed"].at(at(), name=rule, error=printable(said))


def walk(
    tree: Tree,
    rules: Iterable[Rule],
    wants: Callable[[str], bool],
    guard: Guard,
) -> Iterator[Diagnostic]:
    """Yield what the rules find of which a code is wanted.

    Objects, extensions and steps are gone through once, however many rules there are.
    """
    wanted = [rule for rule in rules if any(map(wants, rule.codes))]
    for rule in wanted:
        if isinstance(rule, TreeRule):
            found = guard.run(rule.name, rule.check, tree)
            yield from (one for one in found if wants(one.code) or one.code not in rule.codes)
    yield from _objects(tree, guard, [rule for rule in wanted if isinstance(rule, ObjectRule)])
    of_steps = [rule for rule in wanted if isinstance(rule, StepRule)]
    of_extensions = [rule for rule in wanted if isinstance(rule, ExtensionRule)]
    if of_steps or of_extensions:
        yield from _plan(tree, guard, of_extensions, of_steps)


def _objects(tree: Tree, guard: Guard, rules: list[ObjectRule]) -> Iterator[Diagnostic]:
    for one in tree.objects if rules else ():
        for rule in rules:
            if one.kind in rule.kinds:
                yield from guard.run(rule.name, rule.check, one, tree)


def _plan(
    tree: Tree, guard: Guard, of_extensions: list[ExtensionRule], of_steps: list[StepRule]
) -> Iterator[Diagnostic]:
    by_name: dict[str, list[StepRule]] = {}
    by_names: dict[frozenset[str], list[ExtensionRule]] = {}
    for at in tree.extensions:
        names = frozenset([step.app for step in at.extension.steps])
        if names not in by_names:
            words = {fold(name) for name in names}
            by_names[names] = [
                rule
                for rule in of_extensions
                if not rule.applications or not words.isdisjoint(rule.applications)
            ]
        for rule in by_names[names]:
            yield from guard.run(rule.name, rule.check, at, tree)
        for index, step in enumerate(at.extension.steps):
            asked = by_name.get(step.app)
            if asked is None:
                word = fold(step.app)
                asked = [rule for rule in of_steps if word in rule.applications]
                by_name[step.app] = asked
            for one in asked:
                place = partial(at.place, step)
                yield from guard.run(one.name, one.check, StepAt(at, index), tree, at=place)
