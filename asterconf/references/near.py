"""The name that was meant, among any number of names, in time that hardly grows with them."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable

from asterconf.source import fold

_PIECE = 3
_MARKED = 2_000
"""How many names are looked at for their common pieces. The rarest pieces come first: one that
thousands of names share does not tell which of them was meant."""
_COMPARED = 40
"""How many of those with the most common pieces are compared letter by letter."""


class Nearest:
    """Names, to be searched for the one nearest to another."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = sorted(names)
        self._folded: dict[str, str] = {}
        self._with: dict[str, list[int]] = {}
        for number, name in enumerate(self._names):
            self._folded.setdefault(fold(name), name)
            for piece in _pieces(name):
                self._with.setdefault(piece, []).append(number)

    def find(self, name: str, *, near: float = 0.7) -> str:
        """Return the name that differs in case only, or is most alike; empty: none is near.

        Args:
            name: what was written.
            near: how much alike they must be, from 0 to 1, as `difflib` counts it.
        """
        same = self._folded.get(fold(name))
        if same is not None:
            return same
        common = Counter[int]()
        left = _MARKED
        holders = (self._with[piece] for piece in _pieces(name) if piece in self._with)
        for numbers in sorted(holders, key=len):
            common.update(numbers[:left])
            left -= len(numbers)
            if left <= 0:
                break
        likely = [self._names[number] for number, _ in common.most_common(_COMPARED)]
        found = difflib.get_close_matches(name, likely, 1, near)
        return found[0] if found else ""


def _pieces(name: str) -> set[str]:
    """Return the runs of three letters of a name, as if two blanks stood around it."""
    whole = f"\0\0{fold(name)}\0\0"
    return {whole[at : at + _PIECE] for at in range(len(whole) - _PIECE + 1)}
