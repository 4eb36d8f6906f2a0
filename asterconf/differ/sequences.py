"""Which items of two lists belong together; the same whichever list is called the old one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from difflib import SequenceMatcher
from typing import TypeVar

__all__ = ["Pair", "align", "moves"]

T = TypeVar("T")
Pair = tuple[int | None, int | None]
"""The indices of an item in the old and in the new list; `None`: it is not there."""

Key = Callable[[T], Hashable]


def align(old: Sequence[T], new: Sequence[T], *keys: Key[T], lonely: bool = False) -> list[Pair]:
    """Pair the items of two lists, in the order of both.

    Items whose first key is equal are paired first, then between these those of an equal second
    key, and so on. With `lonely`, two that are left alone between two pairs are paired last.
    """
    if lonely:
        keys = (*keys, _alone)
    if repr([keys[0](x) for x in new]) < repr([keys[0](x) for x in old]):
        return _in_order([(a, b) for b, a in _align(new, old, keys)])
    return _in_order(_align(old, new, keys))


def _alone(_item: object) -> None:
    """Make any two items the same."""


def _in_order(pairs: Sequence[Pair]) -> list[Pair]:
    """Sort pairs so that between two that belong together the old items stand first."""
    found: list[Pair] = []
    waiting: list[Pair] = []
    for pair in pairs:
        if pair[0] is None:
            waiting.append(pair)
            continue
        if pair[1] is not None:
            found += waiting
            waiting = []
        found.append(pair)
    return found + waiting


def _align(old: Sequence[T], new: Sequence[T], keys: Sequence[Key[T]]) -> list[Pair]:
    last = bool(keys) and keys[0] is _alone
    if last and len(old) == len(new) == 1:
        return [(0, 0)]
    if last or not keys:
        return [*((i, None) for i in range(len(old))), *((None, j) for j in range(len(new)))]
    left, right = ([keys[0](x) for x in side] for side in (old, new))
    found: list[Pair] = []
    for tag, i, end_i, j, end_j in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag == "equal":
            found += zip(range(i, end_i), range(j, end_j), strict=True)
            continue
        inner = _align(old[i:end_i], new[j:end_j], keys[1:])
        found += ((None if a is None else a + i, None if b is None else b + j) for a, b in inner)
    return found


def moves(
    old: Sequence[T], new: Sequence[T], pairs: Sequence[Pair], key: Key[T]
) -> list[tuple[int, int]]:
    """Return the items that stand alone in `pairs` on both sides, where it is clear which is which.

    Such an item has moved.
    """
    gone = {i: key(old[i]) for i, j in pairs if i is not None and j is None}
    come = {j: key(new[j]) for i, j in pairs if j is not None and i is None}
    counts = Counter(gone.values()), Counter(come.values())
    by_key = {k: j for j, k in come.items()}
    return [(i, by_key[k]) for i, k in gone.items() if counts[0][k] == counts[1][k] == 1]
