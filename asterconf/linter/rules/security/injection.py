"""What callers send, and where it is run or dialled."""

from __future__ import annotations

from collections.abc import Iterator

from asterconf.diagnostic import Diagnostic
from asterconf.dialplan.values import DialplanExtension
from asterconf.flow import sinks
from asterconf.language import template
from asterconf.language.template import Expression, FunctionCall, Literal, Part, Variable
from asterconf.linter.rules.rule import Needs, StepRule, TreeRule
from asterconf.linter.tree import StepAt, Tree


def _sent(parts: tuple[Part, ...], extension: DialplanExtension) -> str:
    """Return what a caller sends of a text as it is; empty: nothing, or only known characters."""
    for part in parts:
        if isinstance(part, Literal | Expression) or (
            isinstance(part, FunctionCall) and part.name in {"FILTER", "QUOTE"}
        ):
            continue
        sent = sinks.sends(part.text)
        if isinstance(part, Variable) and part.name == "EXTEN":
            sent = extension.is_pattern and extension.name[-1:] in {".", "!"}
        found = part.text if sent else _sent(part.content.parts, extension) if sent is None else ""
        if found:
            return found
    return ""


class CallerTextInShell(TreeRule):
    """What a shell runs, with the caller's name or number, a header, or an open-ended number in it.

    A caller can send `;` or `$(…)` there, and the shell runs it, with the rights of Asterisk. One
    text is looked at: `asterconf ask injections` follows the calls to it.
    """

    name = "caller-text-in-shell"
    needs: Needs = "step"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the steps."""
        run = {
            text: terms
            for text, step in tree.uses.steps.items()
            if "${" in step.data and (terms := [*sinks.run_by_shell(f"{step.app}({step.data})")])
        }
        for context, number, _, step in tree.uses.standing(run) if run else ():
            at = tree.by_key[context.name, context.extensions[number].key]
            for term in run[step.app, step.data]:
                if text := _sent(template.parse(term).parts, at.extension):
                    yield self.at(at.place(step), text=text)
                    break


class CallerTextInDial(StepRule):
    """Dial with the number of a pattern that ends in `.` or `!`, as it is.

    Such a pattern matches letters and `&`, too: whoever dials `6001&PJSIP/0900…@trunk` rings both.
    Asterisk's own page of best practices asks for FILTER there. Looked at where endpoints dial:
    what comes by a jump may have been filtered before. `asterconf ask injections` follows calls.
    """

    name = "caller-text-in-dial"
    applications = frozenset({"dial"})

    def check(self, at: StepAt, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the step."""
        extension = at.at.extension
        if not extension.name.startswith("_") or not at.step.data:
            return
        before = any("FILTER(" in step.data for step in extension.steps[: at.index])
        text = _sent(template.parse(at.arguments[0]).parts, extension)
        dialled = text.upper().startswith("${EXTEN") and not before
        if dialled and not tree.entrances.isdisjoint(tree.uses.callers(at.at.context.name)):
            yield self.at(at.place, pattern=extension.name, text=text)
