"""What the readers of option values have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import attrs

from asterconf.model.values import CallerID, Secret, Setting
from asterconf.schema import OptionFacts

__all__ = ["BadValueError", "Effect", "Kind", "Parsed", "Value", "quoted"]

Value = bool | int | float | str | Secret | CallerID | Setting | tuple["Value", ...]
"""What an option can be: its type in the schema tells which of these it is."""

Effect = Literal["used", "replaced", "ignored", "refused"]
"""What a reader does with a value: uses it, uses another, does as if the line were not there, or
refuses the section or the whole file."""


@attrs.frozen
class Parsed:
    """What an option is after its reader has seen a text.

    Attributes:
        value: what holds then; `None`: the line has no effect.
        problem: what is wrong with the text, as the end of a sentence; empty: nothing.
        effect: what the reader does.
        near: the known word that is nearest to it, if one is near.
    """

    value: Value | None
    problem: str = ""
    effect: Effect = "used"
    near: str = ""


class BadValueError(Exception):
    """A text is no value of its option; never leaves this package.

    `instead` is what the reader takes then, where that does not depend on the option; `number`
    is what was read, where it is out of range.
    """

    def __init__(
        self,
        problem: str,
        instead: Value | None = None,
        *,
        number: float | None = None,
        near: str = "",
    ) -> None:
        super().__init__(problem)
        self.near = near
        self.problem = problem
        self.instead = instead
        self.number = number


@attrs.frozen
class Kind:
    """One type of option.

    `read` makes the value of a text or raises `BadValueError`; `write` makes the text of a value;
    `python` are the classes a value may have, and `wanted` says so to a person.
    """

    read: Callable[[OptionFacts, str], Value]
    write: Callable[[OptionFacts, Any], str]
    python: tuple[type, ...]
    wanted: str
    items: tuple[type, ...] = ()
    """Where the value is a tuple: the classes of its items."""


def quoted(text: str) -> str:
    """Return a text as messages quote it; a very long one is cut."""
    return repr(text if len(text) <= 60 else f"{text[:57]}...")
