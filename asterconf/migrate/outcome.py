"""What becomes of a construct, in one of three words, and what is said of it."""

from __future__ import annotations

from functools import partialmethod
from typing import Literal

import attrs

Outcome = Literal["exact", "changed", "left"]
"""What becomes of a construct: it does the same as before; it works, with a difference that is
said; it stays as it is, because Asterisk 22 has nothing like it or nobody can tell."""

LineRef = tuple[str, int]
"""A line: the name of its file, and its number from 1."""


@attrs.define
class Said:
    """What is said of one line in the end: the worst outcome, with the reasons for it."""

    outcome: Outcome | None = None
    reasons: list[str] = attrs.field(factory=list)
    extension: tuple[str, str] = "", ""
    """The context and extension of a step."""
    goes_on: bool = True
    """Whether another step may follow."""

    def say(self, outcome: Outcome, why: str) -> None:
        """Add an outcome with its reason."""
        rank = {None: 0, "exact": 1, "changed": 2, "left": 3}
        if rank[outcome] > rank[self.outcome]:
            self.outcome, self.reasons = outcome, []
        if rank[outcome] == rank[self.outcome] and why not in self.reasons:
            self.reasons.append(why)

    exact = partialmethod(say, "exact")
    changed = partialmethod(say, "changed")
    left = partialmethod(say, "left")
