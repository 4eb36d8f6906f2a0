"""The straight way through an extension: what ends it, and what may jump into it."""

from __future__ import annotations

import re

from asterconf.dialplan.values import DialplanExtension, DialplanStep
from asterconf.linter.tree import Tree
from asterconf.source import fold

ENDS = frozenset({"hangup", "goto", "return", "congestion", "busy"})
"""Applications behind which the next step never runs."""

BLOCKS = frozenset({"endwhile", "endif", "else", "elseif"})
"""Steps that are jumped to, without a label, by what begins their block."""


def ends(step: DialplanStep) -> bool:
    """Tell whether the step behind a step never runs because of it."""
    return fold(step.app) in ENDS


def may_be_jumped_to(step: DialplanStep, tree: Tree) -> bool:
    """Tell whether some step may lead to a step by its label or priority.

    A number that stands in a jump is enough, and so is a variable as the last part of one.
    """
    if step.label is not None or fold(step.app) in BLOCKS:
        return True
    number = re.compile(rf"(?<![0-9]){step.priority}(?![0-9])|[,:?(][ ]*[+-][0-9]")
    return any(_VARIABLE.search(data) or number.search(data) for data in tree.jumps)


_VARIABLE = re.compile(r"\$[{\[][^,]*\Z|,\$\{[^,]*\}(?=[:)]|\Z)|\$\{[^,?]*\}(?=:)")
"""A priority that is a variable."""


def following(extension: DialplanExtension, index: int) -> DialplanStep | None:
    """Return the step that runs behind another one; None: there is none of the next priority."""
    step = extension.steps[index]
    if index + 1 < len(extension.steps):
        after = extension.steps[index + 1]
        return after if after.priority == step.priority + 1 else None
    return None
