"""What a text with `${…}` and `$[…]` becomes when Asterisk evaluates it."""

from __future__ import annotations

from collections.abc import Mapping

from asterconf.semantics.assignment import assign, assign_many
from asterconf.semantics.evaluation import Evaluation, evaluate, substitute
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


def __getattr__(name: str) -> Mapping[str, Function]:
    """Import the table of functions when it is first used."""
    if name != "FUNCTIONS":
        raise AttributeError(f"module 'asterconf.semantics' has no attribute {name!r}")
    from asterconf.semantics.functions import FUNCTIONS

    return FUNCTIONS
