"""Which items of two lists belong together, and where the order of a list counts.

Pairing gives the same pairs whichever of the two lists is called the old one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any, Literal, TypeVar

from asterconf.schema import OptionFacts
from asterconf.schema.overlay import data

T = TypeVar("T")
IndexPair = tuple[int | None, int | None]
"""The indices of an item in the old and in the new list; `None`: it is not there."""

Key = Callable[[T], Hashable]


def align(
    old: Sequence[T], new: Sequence[T], *keys: Key[T], lonely: bool = False
) -> list[IndexPair]:
    """Pair the items of two lists, in the order of both.

    Items whose first key is equal are paired first, then between these those of an equal second
    key, and so on. With `lonely`, two that are left over between two pairs are paired last.
    """
    if lonely:
        keys = (*keys, _alone)
    if repr([keys[0](x) for x in new]) < repr([keys[0](x) for x in old]):
        return _in_order([(a, b) for b, a in _align(new, old, keys)])
    return _in_order(_align(old, new, keys))


def _alone(_item: object) -> None:
    """Give every item the same key."""


def _in_order(pairs: Sequence[IndexPair]) -> list[IndexPair]:
    """Sort pairs so that between two that belong together the old items stand first."""
    found: list[IndexPair] = []
    waiting: list[IndexPair] = []
    for pair in pairs:
        if pair[0] is None:
            waiting.append(pair)
            continue
        if pair[1] is not None:
            found += waiting
            waiting = []
        found.append(pair)
    return found + waiting


def _align(old: Sequence[T], new: Sequence[T], keys: Sequence[Key[T]]) -> list[IndexPair]:
    last = bool(keys) and keys[0] is _alone
    if last and len(old) == len(new) == 1:
        return [(0, 0)]
    if last or not keys:
        return [*((i, None) for i in range(len(old))), *((None, j) for j in range(len(new)))]
    left, right = ([keys[0](x) for x in side] for side in (old, new))
    found: list[IndexPair] = []
    for tag, i, end_i, j, end_j in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag == "equal":
            found += zip(range(i, end_i), range(j, end_j), strict=True)
            continue
        inner = _align(old[i:end_i], new[j:end_j], keys[1:])
        found += ((None if a is None else a + i, None if b is None else b + j) for a, b in inner)
    return found


def moves(
    old: Sequence[T], new: Sequence[T], pairs: Sequence[IndexPair], key: Key[T]
) -> list[tuple[int, int]]:
    """Return the items that moved, by their old and new index.

    These are unpaired on both sides, and no other unpaired item has the same key.
    """
    gone = {i: key(old[i]) for i, j in pairs if i is not None and j is None}
    come = {j: key(new[j]) for i, j in pairs if j is not None and i is None}
    counts = Counter(gone.values()), Counter(come.values())
    by_key = {k: j for j, k in come.items()}
    return [(i, by_key[k]) for i, k in gone.items() if counts[0][k] == counts[1][k] == 1]


# -- the same thing under another name -----------------------------------------------------------


def matched(
    gone: Sequence[T], come: Sequence[T], sign: Callable[[T], Hashable | None]
) -> Iterator[tuple[T, T]]:
    """Pair a removed and an added thing where exactly one of each has the same signature.

    `sign` returns the content of a thing without its own name; `None`: too little to recognise it.
    """
    left, right = ([sign(one) for one in side] for side in (gone, come))
    counts = Counter(left), Counter(right)
    for one, key in zip(gone, left, strict=True):
        if key is not None and counts[0][key] == counts[1][key] == 1:
            yield one, come[right.index(key)]


def without(text: str, name: str) -> str:
    """Return a text with a NUL in place of each occurrence of `name` as a whole word."""
    return re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "\0", text) if name else text


# -- order --------------------------------------------------------------------------------------

Order = Literal["meaningful", "all"]
"""`meaningful`: order counts where it matters to Asterisk. `all`: the order of every list
counts, and that of sections."""

_SETS = frozenset(one for alike in data("sets").values() for one in alike)
"""File, kind and option of each list whose order does not matter to Asterisk."""


def is_set(facts: OptionFacts | None, order: Order = "meaningful") -> bool:
    """Whether only the items of a list count, and not their order."""
    if facts is None or order == "all":
        return False
    return f"{facts.file} {facts.object} {facts.name}" in _SETS


def same(
    old: Any,  # noqa: ANN401 - any value
    new: Any,  # noqa: ANN401
    facts: OptionFacts | None,
    order: Order = "meaningful",
) -> bool:
    """Whether two values of an option mean the same."""
    if isinstance(old, tuple) and isinstance(new, tuple) and is_set(facts, order):
        return set(old) == set(new)
    renamed = facts.raw.get("deprecated_values", {}) if facts is not None else {}
    old, new = (renamed.get(one, one) if isinstance(one, str) else one for one in (old, new))
    return bool(old == new)
