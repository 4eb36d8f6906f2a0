"""Which of the things that went and came are one thing under another name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import TypeVar

from asterconf.dialplan.values import DialplanExtension
from asterconf.differ.units import Refused, Unit
from asterconf.model import Secret

__all__ = ["matched", "signature", "signature_of_extension", "with_renamed", "without"]

T = TypeVar("T")

Signature = Hashable


def matched(
    gone: Sequence[T], come: Sequence[T], sign: Callable[[T], Signature | None]
) -> Iterator[tuple[T, T]]:
    """Yield what went and what came, where just one of each says the same but for its name."""
    left, right = ([sign(one) for one in side] for side in (gone, come))
    counts = Counter(left), Counter(right)
    for one, key in zip(gone, left, strict=True):
        if key is not None and counts[0][key] == counts[1][key] == 1:
            yield one, come[right.index(key)]


def with_renamed(
    pairs: Iterable[tuple[Unit | None, Unit | None]],
) -> list[tuple[Unit | None, Unit | None]]:
    """Pair the units that stand alone and evidently are one under another name."""
    found = list(pairs)
    gone = [old for old, new in found if old is not None and new is None]
    come = [new for old, new in found if new is not None and old is None]
    renamed = {id(new): old for old, new in matched(gone, come, signature)}
    olds = {id(old) for old in renamed.values()}
    return [
        (renamed.get(id(new), old), new)
        for old, new in found
        if new is not None or id(old) not in olds
    ]


def signature(unit: Unit) -> Signature | None:
    """Return what a unit says, its own name taken out; `None`: too little to know it again by."""
    said = frozenset(_facts(unit, unit.name))
    return (unit.file, unit.kind, said) if said else None


def _facts(unit: Unit, name: str, path: str = "") -> Iterator[tuple[str, str]]:
    for option, said in unit.said.items():
        yield path + option, without(_text(said.value), name)
    for part in unit.parts:
        yield from _facts(part, name, f"{path}{part.kind} {without(part.name, name)}/")


def signature_of_extension(extension: DialplanExtension) -> Signature | None:
    """Return the same of an extension of the dialplan."""
    steps = tuple(
        (s.priority, s.app, without(s.data, extension.name), s.label) for s in extension.steps
    )
    hint = without(repr(extension.hint), extension.name) if extension.hint else None
    return (extension.callerid_match, steps, hint) if steps or hint else None


def _text(value: object) -> str:
    if isinstance(value, Secret):
        return f"secret {value.reveal()}"
    if isinstance(value, Refused):
        return f"refused {value.text}"
    return repr(value)


def without(text: str, name: str) -> str:
    """Return a text with a mark for a name, where it stands as a word."""
    return re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "\0", text) if name else text
