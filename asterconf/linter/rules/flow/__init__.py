"""Rules about the way of a call from step to step."""

from __future__ import annotations

from asterconf.linter.rules.flow.blocks import UnmatchedBlock
from asterconf.linter.rules.flow.conditions import ConstantCondition, EmptyOperand
from asterconf.linter.rules.flow.endless_loop import EndlessLoop
from asterconf.linter.rules.flow.falling import FallsIntoOther
from asterconf.linter.rules.flow.hangup import HangupNeedsCall
from asterconf.linter.rules.flow.hidden import HiddenExtension, HiddenInclude
from asterconf.linter.rules.flow.menu import (
    MenuWithoutChoice,
    NoInvalidExtension,
    NoTimeoutExtension,
    TimeoutNotReached,
)
from asterconf.linter.rules.flow.patterns import OddPattern, PatternWithoutMark
from asterconf.linter.rules.flow.priority_gap import PriorityGap
from asterconf.linter.rules.flow.statuses import StatusWithoutExtension
from asterconf.linter.rules.flow.subroutines import (
    ReturnWithoutGosub,
    SubroutineLeft,
    SubroutineWithoutReturn,
)
from asterconf.linter.rules.flow.unreachable_step import UnreachableStep
from asterconf.linter.rules.rule import Rule

__all__ = ["FLOW"]

FLOW: tuple[Rule, ...] = (
    PriorityGap(),
    UnreachableStep(),
    EndlessLoop(),
    UnmatchedBlock(),
    NoTimeoutExtension(),
    NoInvalidExtension(),
    TimeoutNotReached(),
    MenuWithoutChoice(),
    FallsIntoOther(),
    StatusWithoutExtension(),
    SubroutineWithoutReturn(),
    ReturnWithoutGosub(),
    SubroutineLeft(),
    HangupNeedsCall(),
    OddPattern(),
    PatternWithoutMark(),
    ConstantCondition(),
    EmptyOperand(),
    HiddenExtension(),
    HiddenInclude(),
)
"""The rules of this family that have a check of their own."""
