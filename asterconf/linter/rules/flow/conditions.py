"""Conditions that decide nothing, and comparisons of what a caller may leave empty."""

from __future__ import annotations

import re
from collections.abc import Iterator

from asterconf.apps import ExecIf, GosubIf, GotoIf
from asterconf.diagnostic import Diagnostic
from asterconf.dialplan.values import DialplanStep
from asterconf.language import expression, template
from asterconf.language.template import Expression, Literal, Variable
from asterconf.linter.rules.rule import ExtensionRule, TreeRule
from asterconf.linter.tree import ExtensionAt, Tree
from asterconf.semantics.evaluation import evaluate
from asterconf.semantics.functions.logic import condition
from asterconf.semantics.scope import AsteriskState, Scope
from asterconf.source import fold

_NUMBER = re.compile(r"\s*[+-]?([0-9]|$)")
_CONDITIONAL = {"gotoif", "gosubif", "execif", "while", "if", "elseif"}


def _decided(node: expression.Node, text: str) -> tuple[bool, str] | None:
    """Return whether an expression is true whatever variables hold, and by which part of it."""
    part = text[slice(*node.span)]
    match node:
        case expression.Parenthesized():
            return _decided(node.inner, text)
        case expression.Unary(operator="!"):
            found = _decided(node.operand, text)
            return (not found[0], part) if found else None
        case expression.Binary(operator="|" | "&"):
            either = node.operator == "|"
            sides = [_decided(side, text) for side in (node.left, node.right)]
            return next((one for one in sides if one and one[0] is either), None) or (
                (not either, part) if all(sides) else None
            )
    if "$" in part or "(" in part:
        return None
    value = evaluate(f"$[{part}]", Scope(AsteriskState({})))
    return (condition(value.text), part) if not value.faults else None


def _always(text: str) -> tuple[bool, str] | None:
    """Return whether a condition always holds or never does, and because of what."""
    parts = [
        one
        for one in template.parse(text).parts
        if not isinstance(one, Literal) or one.text.strip()
    ]
    match parts:
        case [Literal() as first, *_] if not _NUMBER.match(first.text):
            return True, "any text outside of $[…]"
        case [Expression(parsed=expression.ParsedExpression(root=root, faults=()))] if root:
            by_hand = text[slice(*root.span)].strip("( )").isdecimal()
            return None if by_hand else _decided(root, text)
    return None


class ConstantCondition(TreeRule):
    """A condition that comes out the same whatever variables hold, or whose branches are equal.

    A text is true unless it is empty or begins with the number 0. So a comparison outside of
    `$[…]` always holds, as does a text alone on one side of `|`. Nothing is said of a condition
    that is only a number: somebody turns it by hand.
    """

    name = "constant-condition"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield what is wrong with each text, wherever it stands."""
        wrong = {
            text: [self.at(None, problem=problem)]
            for text, step in tree.uses.steps.items()
            if fold(step.app) in _CONDITIONAL and (problem := self._problem(step))
        }
        yield from tree.standing(wrong)

    @staticmethod
    def _problem(step: DialplanStep) -> str:
        app, text = step.application, step.data
        if isinstance(app, GotoIf | GosubIf | ExecIf):
            text = app.condition
            if app.if_true is not None and app.if_true == app.if_false:
                return "decides nothing: both branches are equal"
        found = _always(text)
        if found is None:
            return ""
        when, truth = ("always", "true") if found[0] else ("never", "false")
        return f"{when} holds: {found[1]} is {truth}"


def _needs(text: str, name: str) -> bool:
    """Tell whether an expression of a text can be read only if a variable in it is not empty."""
    for one in template.parse(text).expressions():
        masked, base = one.content.masked(), one.content.span.start
        for part in one.content.parts if expression.program(masked).stop is None else ():
            if isinstance(part, Variable) and part.name == name:
                without = masked[: part.span.start - base] + masked[part.span.end - base :]
                if expression.program(without).stop is not None:
                    return True
    return False


def _asks(step: DialplanStep, name: str) -> bool:
    """Tell whether a step may ask for a variable, or how Read ended, or may set it."""
    if "$[" not in step.data and fold(step.app) not in {"read", "set", "mset", "gotoif", "execif"}:
        return False
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)|READSTATUS", step.data) is not None


class EmptyOperand(ExtensionRule):
    """A comparison, without quotes, of what a caller keyed for Read, who may key nothing.

    An operand that is empty is none, so that the expression cannot be read; its value is then
    empty, or that of what stands before. Only the first such step behind Read is told, and none
    where the variable is set anew or something else is asked about it before.
    """

    name = "empty-operand"
    applications = frozenset({"read"})

    def check(self, at: ExtensionAt, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the first step behind each Read."""
        steps = at.extension.steps
        for number, read in enumerate(steps):
            name = read.data.partition(",")[0] if fold(read.app) == "read" else ""
            behind = steps[number + 1 :] if name else ()
            step = next((one for one in behind if _asks(one, name)), None)
            if step is not None and _needs(step.data, name):
                yield self.at(at.place(step), [(at.place(read), "it is keyed here")], name=name)
