"""Names of extensions that match something else than it looks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from asterconf.diagnostic import Diagnostic
from asterconf.language.pattern import elements_of
from asterconf.linter.rules.rule import ExtensionRule
from asterconf.linter.tree import ExtensionAt, Tree

_PLAIN = re.compile(r"[0-9*#+]*(?:[XZN]|\[[0-9-]+\])[0-9XZN]*[.!]?|[0-9*#+a-z-]+\.")


def _oddity(name: str) -> str:
    """Return what a pattern matches otherwise than it looks, as the end of a sentence."""
    elements = elements_of(name)
    for index, one in enumerate(elements):
        if one.ends and index + 1 < len(elements):
            return f"ends at its {one.text!r}: what stands behind that is not looked at"
        if not one.ends and not one.accepts - {ord("-")}:
            return f"matches no number, because nothing is {one.text!r}"
        if len(one.accepts) > 1 and ord(",") in one.accepts and len(one.text) > 1:
            return f"takes the comma in {one.text!r} for one of the characters that it matches"
    return ""


class OddPattern(ExtensionRule):
    """Patterns with a text behind `.` or `!`, a set that holds nothing, or a comma in a set."""

    name = "odd-pattern"

    def check(self, at: ExtensionAt, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the first step."""
        name = at.extension.name
        known = name.startswith("_") and "$" not in name
        problem = _oddity(name) if known else ""
        if problem and at.extension.steps:
            yield self.at(at.place(at.extension.steps[0]), name=name, problem=problem)


class PatternWithoutMark(ExtensionRule):
    """Names such as `9XXX`, which are patterns only with `_` in front, and to which nothing jumps.

    Without it they stand for themselves: for a 9 and three letters X, or `s-.` for a dot.
    """

    name = "pattern-without-mark"

    def check(self, at: ExtensionAt, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the first step."""
        name = at.extension.name
        if _PLAIN.fullmatch(name) and len(name) > 1 and at.extension.steps:
            word = re.compile(rf"(?<![\w_]){re.escape(name)}(?!\w)")
            if not any(word.search(data) for data in tree.jumps):
                yield self.at(at.place(at.extension.steps[0]), name=name)
