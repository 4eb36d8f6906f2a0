"""Calls on paper: the steps that Asterisk would run for a dialled number, and how the call ends."""

from asterconf.calls.world import (
    Answers,
    Busy,
    Cause,
    Congestion,
    HangsUp,
    LeavesMessage,
    NoAnswer,
    Presses,
    Refuses,
    Unreachable,
    World,
)

__all__ = [
    "Answers",
    "Busy",
    "Cause",
    "Congestion",
    "HangsUp",
    "LeavesMessage",
    "NoAnswer",
    "Presses",
    "Refuses",
    "Unreachable",
    "World",
]
