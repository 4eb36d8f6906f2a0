"""What Asterisk does not accept, as written, in the arguments of a step and the texts in them."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from asterconf import apps
from asterconf.codes import APPLICATIONS, ENDING, EXPRESSIONS
from asterconf.diagnostic import Diagnostic
from asterconf.dialplan.values import DialplanStep
from asterconf.language import template, timespec
from asterconf.language.faults import Fault
from asterconf.linter.lines import of_fault
from asterconf.linter.rules.rule import TreeRule, more
from asterconf.linter.tree import Tree
from asterconf.schema import Schema
from asterconf.source import fold

_GONE = {"AC254", "AC272"}
"""What a summary says: AC706, AC703."""


class WrittenArguments(TreeRule):
    """The arguments and option letters of each step, by what its application takes.

    Those of an application inside ExecIf too, and whether there is one of that name.
    """

    name = "written-arguments"
    messages = tuple(one for one in APPLICATIONS.values() if one.code not in _GONE)

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield what is wrong with each step, wherever it stands."""
        known, others = tree.work.schema, tree.has_others
        wrong = {
            text: found
            for text, step in tree.uses.steps.items()
            if (found := [*self._of_step(step, known, others=others)])
        }
        yield from tree.standing(wrong)

    def _of_step(self, step: DialplanStep, known: Schema, *, others: bool) -> Iterator[Diagnostic]:
        size, letters = len(step.app) + 1, list[Diagnostic]()
        for one in apps.inspect(step.application, known.asterisk):
            inside = one.code in ENDING and one.span.start >= size
            if inside and one.code == "AC250":
                name = str(dict(one.facts)["name"])
                inside = not others and fold(name) not in known.own_calls
            elsewhere = one.code in _GONE or one.code in ENDING
            if elsewhere and not (inside and fold(step.app) == "execif"):
                continue
            letter = str(step.application)[slice(*one.span)][:1]
            gone = f"{step.application.name}/{letter}" in known.gone_names("letter")
            if one.code != "AC259":
                yield of_fault(one)
            elif not gone:  # AC705 counts those
                letters.append(of_fault(one))
        if letters:
            counted = more(len({one.message for one in letters}) - 1)
            yield attrs.evolve(letters[0], message=letters[0].message + counted)


class WrittenTexts(TreeRule):
    """The variables, expressions and times in the arguments of each step."""

    name = "written-texts"
    messages = tuple(
        one for one in EXPRESSIONS.values() if one.code < "AC320" and one.code != "AC309"
    )

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield what is wrong with each text, wherever it stands."""
        wrong = {
            text: found
            for text, step in tree.uses.steps.items()
            if (found := [one.at() for one in self._of_step(step)])
        }
        yield from tree.standing(wrong)

    @staticmethod
    def _of_step(step: DialplanStep) -> Iterator[Fault]:
        if "$" in step.data:
            text = template.parse(step.data)
            yield from text.faults
            for part in text.expressions():
                yield from part.parsed.faults
        elif fold(step.app) == "gotoiftime":
            condition = step.data.partition("?")[0]
            yield from timespec.parse(condition).faults
