"""What a text with `${…}` and `$[…]` becomes when Asterisk evaluates it."""

from __future__ import annotations

from asterconf.semantics.assignment import assign, assign_many
from asterconf.semantics.evaluation import Evaluation, evaluate, substitute
from asterconf.semantics.functions import FUNCTIONS
from asterconf.semantics.scope import (
    Call,
    Channel,
    Function,
    Scope,
    Unknown,
    UnknownError,
    Value,
    World,
)

__all__ = [
    "FUNCTIONS",
    "Call",
    "Channel",
    "Evaluation",
    "Function",
    "Scope",
    "Unknown",
    "UnknownError",
    "Value",
    "World",
    "assign",
    "assign_many",
    "evaluate",
    "substitute",
]
