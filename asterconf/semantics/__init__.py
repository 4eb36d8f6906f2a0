"""What a text with `${…}` and `$[…]` becomes when Asterisk evaluates it."""

from __future__ import annotations

from collections.abc import Mapping

from asterconf.semantics.evaluation import (
    Evaluation,
    assign,
    assign_many,
    evaluate,
    substitute,
)
from asterconf.semantics.scope import (
    AsteriskState,
    Channel,
    DialplanLookup,
    Evaluator,
    Function,
    Invocation,
    Scope,
    Unknown,
    UnknownError,
    Value,
)

__all__ = [
    "FUNCTIONS",
    "AsteriskState",
    "Channel",
    "DialplanLookup",
    "Evaluation",
    "Evaluator",
    "Function",
    "Invocation",
    "Scope",
    "Unknown",
    "UnknownError",
    "Value",
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
