"""Changes as plain values: as `diff.schema.json` describes them, and as rows of a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import attrs

from asterconf.dialplan.values import DialplanStep
from asterconf.differ.changes import WITHOUT_VALUE, Change, FileEdit, edits_of, shown_place
from asterconf.differ.impact import Impact
from asterconf.differ.normal import shown
from asterconf.differ.printing import follows
from asterconf.model import QueueMember, Secret
from asterconf.model.values import CallerID
from asterconf.schema.secrets import MASK, shown_text
from asterconf.source import Position

__all__ = ["change_data", "diff_data", "place_data", "records"]

FORMAT = 1


def diff_data(changes: Sequence[Change]) -> dict[str, Any]:
    """Return changes as plain values; secrets are `null`, with `secret` true."""
    return {
        "format": FORMAT,
        "empty": not changes,
        "changes": [change_data(change) for change in changes],
        "edits": [_edit(edit) for edit in edits_of(changes)],
    }


def change_data(change: Change) -> dict[str, Any]:
    """Return one change as plain values, with its parts."""
    found: dict[str, Any] = {
        "action": change.action,
        "kind": change.kind,
        "name": change.name,
        "file": change.file,
    }
    words = {"old_name": change.old_name, "title": change.title}
    found |= {key: value for key, value in words.items() if value}
    found |= _places(change.old_place, change.new_place)
    if change.parts:
        found["parts"] = [change_data(part) for part in change.parts]
    else:
        found |= _leaf(change)
    return found


def _leaf(change: Change) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if change.kind not in WITHOUT_VALUE:
        shown_values = change.has_value and not change.secret
        found["old"] = _value(change.old) if shown_values else None
        found["new"] = _value(change.new) if shown_values else None
    if change.secret:
        found["secret"] = True
    if change.runtime:
        found["runtime"] = True
    if change.default_side:
        found["unsaid"] = change.default_side
    found["impact"] = _impact(change.impact)
    return found


def _impact(impact: Impact) -> dict[str, Any]:
    fields = attrs.asdict(impact, filter=lambda _, value: bool(value))
    return fields | {"commands": list(impact.commands)} if impact.commands else fields


def _edit(edit: FileEdit) -> dict[str, Any]:
    found: dict[str, Any] = {"reason": edit.cause.reason, "section": edit.section}
    found |= _places(edit.cause.old, edit.cause.new)
    found["affects"] = [{"kind": owner.kind, "name": owner.name} for owner in edit.objects]
    return found


def _places(old: Position | None, new: Position | None) -> dict[str, Any]:
    places = (("old_place", old), ("new_place", new))
    return {key: place_data(place) for key, place in places if place is not None}


def place_data(place: Position) -> dict[str, Any]:
    """Return a place as plain values."""
    return {"file": place.file, "line": place.line, "column": place.column}


def records(changes: Iterable[Change], *, details: bool) -> list[dict[str, Any]]:
    """Return changes as plain dicts, one for each option, step or object that differs."""
    return [
        _record(owner, path, leaf)
        for owner in changes
        for path, leaf in _recorded(owner, (), details=details)
    ]


def _recorded(
    change: Change, path: tuple[str, ...], *, details: bool
) -> Iterator[tuple[tuple[str, ...], Change]]:
    """Yield what differs with its path; an added or removed object whole, unless for details."""
    inside = details or change.action not in {"added", "removed"}
    renamed = change.action in {"renamed", "moved"}
    if not change.parts or not inside or renamed:
        yield path, change
    for part in change.parts if inside else ():
        if not (renamed and follows(change, part)):
            name = part.name if part.kind == "exten" or not part.parts else part.kind
            yield from _recorded(part, (*path, name), details=details)


def _record(owner: Change, path: tuple[str, ...], leaf: Change) -> dict[str, Any]:
    sides = (leaf.old, leaf.new) if leaf.has_value else (None, None)
    if leaf.secret:
        old, new = (None if side is None else MASK for side in sides)
    else:
        old, new = map(_value, sides)
    return {
        "action": leaf.action,
        "kind": owner.kind,
        "name": owner.name,
        "part": "/".join(path),
        "what": leaf.kind if path else "",
        "old_name": leaf.old_name,
        "old": old,
        "new": new,
        "secret": leaf.secret,
        "runtime": leaf.runtime,
        "file": owner.file,
        "old_place": shown_place(leaf.old_place, None),
        "new_place": shown_place(None, leaf.new_place),
        "effect": leaf.impact.effect,
        "commands": "; ".join(leaf.impact.commands),
        "note": leaf.impact.note,
    }


def _value(value: object) -> Any:  # noqa: ANN401 - JSON
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return shown_text(value)
    if isinstance(value, Secret):
        return None
    if isinstance(value, tuple):
        return [_value(item) for item in value]
    if isinstance(value, CallerID):
        return str(value)
    if isinstance(value, DialplanStep):
        call = shown_text(f"{value.app}({value.data})")
        data = call.removeprefix(f"{value.app}(").removesuffix(")")
        said = {"priority": value.priority, "app": value.app, "data": data}
        return said | ({"label": value.label} if value.label is not None else {})
    if isinstance(value, QueueMember):
        return {k: v for k, v in attrs.asdict(value).items() if v is not None}
    return shown(value)
