"""What becomes of a construct, in one of three words."""

from __future__ import annotations

from typing import Literal

Outcome = Literal["exact", "changed", "left"]
"""What becomes of a construct: it does the same as before; it works, with a difference that is
said; it stays as it is, because Asterisk 22 has nothing like it or nobody can tell."""

LineRef = tuple[str, int]
"""A line: the name of its file, and its number from 1."""
