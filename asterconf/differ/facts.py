"""Changes as single facts by key, so that those of several comparisons can be held together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from asterconf.differ.changes import Change
from asterconf.source import fold

__all__ = ["ORDER", "THERE", "Fact", "Key", "facts_of", "object_key", "starts_of"]

Key = tuple[str, ...]
"""What a fact is about: file, kind and name of the object, then the part of it."""

THERE = "*"
"""The part that says whether an object is there at all."""

ORDER = "*order"
"""The part that says in which order the members, includes or switches of an object stand.

Which of them moved cannot be told, so that all moves are one fact.
"""

_ENDPOINTS = {"extension", "trunk", "peer", "anonymous", "endpoint"}
_LISTED = {"member", "include", "switch"}
_UNITS = {"option", "member", "step", "hint", "include", "switch", "ignorepat"}


@attrs.frozen
class Fact:
    """One thing that differs.

    Attributes:
        key: what it is about.
        change: the leaf that says it, or the object where that came or went.
        owner: the change of the whole object, as it is told.
        unit: the nearest change above that has the things compared.
    """

    key: Key
    change: Change
    owner: Change
    unit: Change

    @property
    def object(self) -> Key:
        """The object that it is about."""
        return self.key[:5] if self.key[3:4] == ("exten",) else self.key[:3]

    @property
    def objects(self) -> tuple[Key, ...]:
        """The object that it is about, and for an extension of the dialplan its context."""
        return tuple({self.object: None, self.key[:3]: None})

    @property
    def exists(self) -> bool:
        """Whether it is about the object being there at all."""
        return self.key[-1] == THERE


def facts_of(changes: Iterable[Change]) -> dict[Key, Fact]:
    """Return what changes say, fact by fact."""
    return {fact.key: fact for change in changes for fact in _facts(change, change, change)}


def object_key(change: Change, *, old: bool = False) -> Key:
    """Return the key of a changed object; `old`: by the name that it had."""
    kind = "endpoint" if change.kind in _ENDPOINTS else change.kind
    return change.file, kind, change.old_name if old and change.old_name else change.name


def starts_of(change: Change) -> Iterator[Key]:
    """Yield what the keys of all that a change says begin with."""
    if change.kind == "exten":  # it went from one context to another
        for name in (change.name, change.old_name):
            exten, _, context = name.rpartition("@")
            yield "extensions.conf", "context", context, "exten", exten
        return
    above = object_key(change)
    if change.kind == "context" and change.action == "changed":
        for part in change.parts:
            yield _key(part, above)
            if part.old_name:
                yield (*above, "exten", part.old_name)
        return
    for old in (False, True):
        yield object_key(change, old=old)
        if above[1] == "endpoint":
            yield "pjsip_wizard.conf", "endpoint", object_key(change, old=old)[2]
    for part in change.parts:
        if any(part._units):
            yield from starts_of(part)


def _facts(change: Change, owner: Change, unit: Change, above: Key = ()) -> Iterator[Fact]:
    key = _key(change, above)
    variable = change.kind == "global" and not any(change._units)
    if variable or change.kind == "file" or change.kind in _UNITS:
        yield Fact(key, change, owner, unit)
        return
    unit = change if change.kind in {"context", "exten"} or any(change._units) else unit
    if change.action in {"added", "removed"}:
        yield Fact((*key, THERE), change, owner, unit)
    if any(part.kind == "step" for part in change.parts):
        yield Fact((*key, "steps"), change, owner, unit)
    for part in change.parts:
        if part.kind != "step":
            yield from _facts(part, owner, unit, key)


def _key(change: Change, above: Key) -> Key:
    if change.kind == "exten":
        return (*above, "exten", change.name)
    if change.kind in _LISTED and change.action == "moved":
        return (*above, change.kind, ORDER)
    if change.kind == "member":
        return (*above, "member", fold(change.name))
    if change.kind in {"include", "switch"}:
        there = change.new if change.new is not None else change.old
        return (*above, change.kind, there.text)
    if change.kind in _UNITS:
        return (*above, change.kind, change.name)
    return object_key(change)
