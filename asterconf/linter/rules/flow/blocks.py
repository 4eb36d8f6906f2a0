"""Blocks of While and If that are not closed, or not opened."""

from __future__ import annotations

from collections.abc import Iterator

from asterconf.diagnostic import Diagnostic
from asterconf.linter.rules.rule import ExtensionRule
from asterconf.linter.tree import ExtensionAt, Tree
from asterconf.source import fold

_ENDS = {"while": "EndWhile", "if": "EndIf"}
_BEGINS = {
    "endwhile": "while", "exitwhile": "while", "continuewhile": "while",
    "endif": "if", "else": "if", "elseif": "if", "exitif": "if",
}  # fmt: skip
_CALLED = {"while": "While", "if": "If"}


class UnmatchedBlock(ExtensionRule):
    """While without EndWhile, If without EndIf, or the end without the beginning.

    Asterisk looks for the other step in the same extension. Where it is not there, the block is
    not left, or not repeated.
    """

    name = "unmatched-block"
    applications = frozenset({*_BEGINS, *_ENDS})

    def check(self, at: ExtensionAt, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the steps whose counterpart is missing."""
        steps = at.extension.steps
        words = [fold(step.app) for step in steps]
        open_: list[int] = []
        for index, word in enumerate(words):
            if word in _ENDS:
                open_.append(index)
                continue
            begin = _BEGINS.get(word)
            if begin is None:
                continue
            mine = next((n for n in reversed(open_) if words[n] == begin), None)
            if mine is None:
                facts = {"step": steps[index].app, "other": _CALLED[begin]}
                yield self.at(at.place(steps[index]), **facts)
            elif word.startswith("end"):
                open_.remove(mine)
        for index in open_:
            facts = {"step": steps[index].app, "other": _ENDS[words[index]]}
            yield self.at(at.place(steps[index]), **facts)
