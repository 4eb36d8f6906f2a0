"""Changes and conflicts as rows, text, Markdown, a unified diff and plain values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import attrs

from asterconf.diagnostic import Because
from asterconf.dialplan.values import DialplanExtension, DialplanStep
from asterconf.differ.changes import Change, FileEdit, edits_of
from asterconf.differ.differences import Impact, shown_place
from asterconf.differ.matching import without
from asterconf.differ.normal import change_lines, shown, unified_lines
from asterconf.escapes import markdown as plain
from asterconf.model import QueueMember, Secret
from asterconf.model.values import CallerID
from asterconf.secrets import MASK, shown_step, shown_text
from asterconf.shown import Shown
from asterconf.source import Position, printable

SAME = "no difference"
COLOURS = {"+": "green", "-": "red", "~": "yellow"}

MOST = 12
"""Names of affected objects that are listed."""
STEPS = 4
"""Steps of an extension that are shown in one line."""
FEW = 3
"""Items up to which a list is shown before and after; of a longer one only what differs."""


@attrs.frozen
class DiffRow:
    """One line: its depth, its sign (`+`, `-`, `~` or none), its text and the place it is about."""

    depth: int
    sign: str
    text: str
    place: str = ""
    heading: bool = False
    """Whether deeper rows follow."""


def rows(changes: Iterable[Change], *, details: bool = False) -> Iterator[DiffRow]:
    """Yield the rows of changes: edits that affect several objects first, then each object."""
    found = list(changes)
    shared: set[int] = set()
    for group in _shared(found):
        shared |= {id(leaf) for _, leaves in group for _, leaf in leaves}
        yield from _edits(group)
    for change in found:
        left = _without(change, shared)
        if left is not None:
            yield from _rows(left, 0, details=details)


# -- edits that affect several objects -----------------------------------------------------------

EditGroup = list[tuple[FileEdit, list[tuple[Change, Change]]]]
"""Edits, each with the leaves that it caused behind the objects that have them."""


def _shared(changes: Iterable[Change]) -> Iterator[EditGroup]:
    """Yield the edits that changed several objects in the same way.

    Those of one section of a file that changed the same objects are one group.
    """
    found: dict[tuple[object, ...], EditGroup] = {}
    for edit in edits_of(changes):
        if edit.cause.reason == "variable":
            continue
        by_leaf: dict[tuple[object, ...], list[tuple[Change, Change]]] = {}
        for owner, leaf in edit.changes:
            if owner.action in {"changed", "renamed"}:
                by_leaf.setdefault(_likeness(owner, leaf), []).append((owner, leaf))
        for leaves in by_leaf.values():
            owners = tuple(id(owner) for owner, _ in leaves)
            if len(owners) > 1:
                place = edit.place.file if edit.place else ""
                found.setdefault((owners, edit.section, place), []).append((edit, leaves))
    yield from found.values()


def _likeness(owner: Change, leaf: Change) -> tuple[object, ...]:
    """Return a key that is equal for leaves that changed in the same way."""
    path = _path(owner, leaf)
    return owner.kind, path, leaf.action, repr(leaf.old), repr(leaf.new), leaf.secret


def _edits(group: EditGroup) -> Iterator[DiffRow]:
    edit, leaves = group[0]
    owners = [owner for owner, _ in leaves]
    what = f"{len(owners)} {_plural(owners[0].kind)}"
    section = f" [{printable(edit.section)}]" if edit.section else ""
    if len(group) == 1:
        place = shown_place(edit.cause.old, edit.cause.new)
        yield DiffRow(0, "~", f"{what}: {_named(*leaves[0])}", place + section, heading=True)
    else:
        place = f"{printable(edit.place.file)}{section}" if edit.place else ""
        yield DiffRow(0, "~", what, place, heading=True)
        for one, changed in group:
            owner, leaf = changed[0]
            where = shown_place(one.cause.old, one.cause.new)
            yield DiffRow(1, leaf.sign, _named(owner, leaf, signed=False), where)
    names = [printable(owner.name) for owner in owners]
    more = len(names) - MOST
    tail = f" and {more} more" if more > 0 else ""
    yield DiffRow(1, "", ", ".join(names[:MOST]) + tail)


def _plural(kind: str) -> str:
    return f"{kind}es" if kind.endswith("x") else f"{kind}s"


def _path(owner: Change, leaf: Change) -> tuple[tuple[str, str], ...]:
    """Return kinds and names from an object down to a leaf; a name only where it is needed."""
    if owner is leaf:
        return ()
    for part in owner.parts:
        if part is leaf:
            return ((leaf.kind, leaf.name),)
        if part.parts and (below := _path(part, leaf)):
            name = part.name if part.kind == "exten" else ""
            return ((part.kind, name), *below)
    return ()


def _named(owner: Change, leaf: Change, *, signed: bool = True) -> str:
    """Return the text of a leaf, behind the parts of its object that lead to it."""
    path = _path(owner, leaf)[:-1]
    before = "".join(f"{name or kind}/" for kind, name in path)
    sign = f"{leaf.sign} " if signed and leaf.sign != "~" else ""
    return sign + before + _leaf_text(leaf)


def _without(change: Change, shared: set[int]) -> Change | None:
    """Return a change without the leaves that were shown already; `None`: nothing is left."""
    if not change.parts:
        return None if id(change) in shared else change
    parts = tuple(left for part in change.parts if (left := _without(part, shared)) is not None)
    if not parts and change.action == "changed":
        return None
    return change if len(parts) == len(change.parts) else attrs.evolve(change, parts=parts)


def change_rows(change: Change, *, details: bool = False) -> Iterator[DiffRow]:
    """Yield the rows of one object's change."""
    return _rows(change, 0, details=details)


# -- objects -------------------------------------------------------------------------------------


def _rows(change: Change, depth: int, *, details: bool, before: str = "") -> Iterator[DiffRow]:
    """Yield the rows of a change: one where all fits, else a heading with its parts below."""
    place = shown_place(change.old_place, change.new_place)
    parts = list(_flat(change)) if change.action in {"changed", "renamed"} or details else []
    if change.action == "renamed":
        parts = [(name, part) for name, part in parts if not follows(change, part)]
    if not change.parts and change.kind not in _OBJECTS:
        yield DiffRow(depth, change.sign, before + _leaf_text(change), place)
    elif not parts:
        yield DiffRow(depth, change.sign, before + label(change) + _brief(change), place)
    elif len(parts) == 1 and not parts[0][1].parts and change.action == "changed":
        name, part = parts[0]
        sign = f"{part.sign} " if part.sign != "~" else ""
        where = shown_place(part.old_place, part.new_place) or place
        yield DiffRow(
            depth, change.sign, f"{before}{label(change)}: {sign}{name}{_leaf_text(part)}", where
        )
    else:
        yield DiffRow(depth, change.sign, before + label(change), place, heading=True)
        for name, part in parts:
            yield from _rows(part, depth + 1, details=details, before=name)


def _flat(change: Change) -> Iterator[tuple[str, Change]]:
    """Yield the parts of a change; those of its own parts that changed with a prefix."""
    for part in change.parts:
        if part.parts and part.action == "changed" and part.kind not in {"exten", "context"}:
            yield from ((f"{part.kind}/{name}", inner) for name, inner in _flat(part))
        else:
            yield "", part


def follows(change: Change, part: Change) -> bool:
    """Whether a part only has the new name of its object where it had the old one."""
    if part.parts:
        return part.action in {"changed", "renamed"} and all(
            follows(change, inner) for inner in part.parts
        )
    if part.secret:
        return False
    texts = without(repr(part.old), change.old_name), without(repr(part.new), change.name)
    return texts[0] == texts[1]


def label(change: Change) -> str:
    """Return the label of an object: `extension 6004 'Garage'`, `rtp.conf [general]`."""
    name = printable(change.name)
    if change.kind == "section" or (change.kind == change.name and change.is_object):
        text = f"{printable(change.file)} [{name}]"
    elif change.kind == "file":
        text = name
    elif change.file not in _KNOWN:
        text = f"{change.kind} {name} of {printable(change.file)}"
    else:
        text = f"{change.kind} {name}"
    if change.title and change.kind != "file":
        text += f" '{printable(change.title)}'"
    if change.old_name:
        text += f", was {printable(change.old_name)}"
    return text


WITHOUT_VALUE = {"context", "exten", "file", "section"}
"""Kinds of changes whose `old` and `new` are not shown."""
_OBJECTS = {"exten", "context"}
"""Parts and objects that may have no parts of their own."""
_KNOWN = {"pjsip.conf", "pjsip_wizard.conf", "queues.conf", "voicemail.conf", "extensions.conf"}


def _brief(change: Change) -> str:
    """Return a summary of an extension that was added or removed; empty for anything else."""
    if change.action not in {"added", "removed"}:
        return ""
    thing = change.new if change.action == "added" else change.old
    if change.kind == "exten" and isinstance(thing, DialplanExtension):
        texts = [f"hint {shown(thing.hint)}"] if thing.hint is not None else []
        texts += map(shown, thing.steps)
        more = len(texts) - STEPS
        return ": " + "; ".join(texts[:STEPS]) + (f"; and {more} more" if more > 0 else "")
    return ""


def _leaf_text(change: Change) -> str:
    """Return the text of a leaf: `timeout 30 -> 20`."""
    name = printable(change.name)
    if change.kind == "file":
        return _file(change)
    if change.kind in _OBJECTS:
        return label(change) + _brief(change)
    word: str = change.kind
    if word == "switch":
        word, _, name = name.partition(" ")  # switch, lswitch or eswitch
    if word not in {"option", "hint"}:
        name = f"{word} {name}"
    if change.secret:
        words = {"added": "set", "removed": "removed"}
        text = f"{name}: secret {words.get(change.action, 'changed')}"
    elif change.action == "moved":
        text = f"{name} moved"
    elif change.kind in {"include", "ignorepat", "switch"} and change.action != "changed":
        text = f"{word} {shown(change.new or change.old)}"
    elif change.kind == "section":
        text = label(change)
    elif change.action == "changed":
        text = f"{name} {_arrow(change)}"
    else:
        text = f"{name} {shown(change.new if change.action == 'added' else change.old)}".rstrip()
    return text + _notes(change)


def _arrow(change: Change) -> str:
    old, new = change.old, change.new
    if isinstance(old, tuple) and isinstance(new, tuple) and max(len(old), len(new)) > FEW:
        kept = [item for item in old if item in new]
        if kept and kept == [item for item in new if item in old]:
            come = [f"+ {shown(item)}" for item in new if item not in old]
            return ", ".join([*come, *(f"- {shown(item)}" for item in old if item not in new)])
    if isinstance(old, QueueMember) and isinstance(new, QueueMember):
        return _fields(old, new)
    before, after = shown(old), shown(new)
    steps = isinstance(old, DialplanStep) and isinstance(new, DialplanStep)
    if steps and before == after and old.priority != new.priority:
        return f"{before}: priority {old.priority} -> {new.priority}"
    if before == after:
        return f"{before}: secret changed"
    marks = {side: " (default)" if change.default_side == side else "" for side in ("old", "new")}
    return f"{before}{marks['old']} -> {after}{marks['new']}"


def _fields(old: QueueMember, new: QueueMember) -> str:
    differ = (f.name for f in attrs.fields(QueueMember))
    texts = (
        f"{name} {shown(getattr(old, name))} -> {shown(getattr(new, name))}"
        for name in differ
        if getattr(old, name) != getattr(new, name)
    )
    return ", ".join(texts)


def _file(change: Change) -> str:
    why = f": {printable(change.title)}" if change.title else ""
    if change.name == change.file:
        verb = "Asterisk reads it again" if change.action == "added" else "Asterisk refuses it"
        return f"{printable(change.name)}: {verb}{why}"
    verb = "is loaded again" if change.action == "added" else "is lost"
    return f"{printable(change.name)} of {printable(change.file)} {verb}{why}"


def _notes(change: Change) -> str:
    notes = []
    if change.runtime:
        notes.append("maybe by phone")
    if change.impact.effect != "reload":
        notes.append(str(change.impact))
    return f" ({', '.join(notes)})" if notes else ""


# -- what to do ----------------------------------------------------------------------------------


def effects(changes: Iterable[Change]) -> Iterator[str]:
    """Yield what Asterisk needs to take the changes over: commands, and what needs more."""
    found = [(owner, leaf) for owner in changes for leaf in _deciding(owner)]
    commands = dict.fromkeys(c for _, leaf in found for c in leaf.impact.commands)
    if commands:
        yield "To take effect: " + "; ".join(commands)
    for effect, words in (
        ("restart", "Needs a restart of Asterisk"),
        ("unknown", "Unknown what makes it take effect"),
    ):
        owners: dict[str, dict[str, None]] = {}
        for owner, leaf in found:
            if leaf.impact.effect == effect:
                what = "" if leaf is owner else printable(leaf.name)
                owners.setdefault(what, {})[_short(owner)] = None
        if owners:
            texts = (f"{f'{n} of ' if n else ''}{', '.join(of)}" for n, of in owners.items())
            yield f"{words}: {'; '.join(texts)}"
    useless = dict.fromkeys(
        f"{leaf.file}: {leaf.impact.note or leaf.impact.source}"
        for _, leaf in found
        if leaf.impact.effect == "none"
    )
    yield from (f"Without any effect: {printable(note)}" for note in useless)
    doubts = dict.fromkeys(
        f"{leaf.file}: {leaf.impact.note}"
        for _, leaf in found
        if leaf.impact.effect == "unknown" and leaf.impact.note
    )
    yield from (f"Unknown: {printable(note)}" for note in doubts)


def _short(change: Change) -> str:
    name = printable(change.name)
    return f"{printable(change.file)} [{name}]" if change.kind == "section" else name


def _deciding(change: Change) -> Iterator[Change]:
    """Yield the changes whose impact counts: an added or removed object counts as a whole."""
    if change.kind == "file":
        return
    if change.action in {"added", "removed"} or not change.parts:
        yield change
        return
    for part in change.parts:
        yield from _deciding(part)


# -- forms ---------------------------------------------------------------------------------------


def text(
    changes: Sequence[Change], unknown: Sequence[Because] = (), *, details: bool = False
) -> str:
    """Return changes as lines for a terminal, and what is unknown."""
    doubts = unknown_lines(unknown)
    if not changes:
        return "\n".join(doubts or [SAME]) + "\n"
    lines = [line(row) for row in rows(changes, details=details)]
    return "\n".join([*lines, "", *effects(changes), *doubts]) + "\n"


def unknown_lines(unknown: Iterable[Because]) -> list[str]:
    """Return a line for each thing that is unknown."""
    return [f"unknown: {one}" for one in unknown]


def unified(changes: Iterable[Change], context: int) -> str:
    """Return changes as a unified diff of the objects' normal forms."""
    lines: list[str] = []
    for change in changes:
        found = list(unified_lines(label(change), *change_lines(change), context))
        lines += found or [f"# {line(row)}" for row in change_rows(change)]
    return "".join(f"{one}\n" for one in lines)


def line(row: DiffRow) -> str:
    """Return a row as one line."""
    sign = f"{row.sign} " if row.sign else ""
    place = f"  ({row.place})" if row.place else ""
    return f"{'    ' * row.depth}{sign}{row.text}{place}"


def markdown(changes: Sequence[Change], unknown: Sequence[Because] = ()) -> str:
    """Return changes as a Markdown list, and what is unknown."""
    doubts = unknown_lines(unknown)
    if not changes:
        return "  \n".join(map(plain, doubts or [SAME])) + "\n"
    lines = []
    for row in rows(changes):
        sign = f"`{row.sign}` " if row.sign else ""
        place = f" <sub>{plain(row.place)}</sub>" if row.place else ""
        lines.append(f"{'  ' * row.depth}- {sign}{plain(row.text)}{place}")
    notes = [plain(note) for note in (*effects(changes), *doubts)]
    return "\n".join([*lines, "", *(f"{note}  " for note in notes)]).rstrip() + "\n"


# -- plain values --------------------------------------------------------------------------------

FORMAT = 1


def diff_data(changes: Sequence[Change], unknown: Sequence[Because] = ()) -> dict[str, Any]:
    """Return changes as plain values; secrets are `null`, with `secret` true."""
    return {
        "format": FORMAT,
        "empty": not changes,
        "changes": [_change_data(change) for change in changes],
        "edits": [_edit(edit) for edit in edits_of(changes)],
        "unknown": [attrs.asdict(one) for one in unknown],
    }


def _change_data(change: Change) -> dict[str, Any]:
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
        found["parts"] = [_change_data(part) for part in change.parts]
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
    return {key: attrs.asdict(place) for key, place in places if place is not None}


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
        data = shown_step(value.app, value.data)
        found = {"priority": value.priority, "app": value.app, "data": data}
        return found | ({"label": shown_text(value.label)} if value.label is not None else {})
    if isinstance(value, QueueMember):
        return {k: v for k, v in attrs.asdict(value).items() if v is not None}
    return shown(value)


# -- conflicts -----------------------------------------------------------------------------------


@attrs.frozen(repr=False)
class Conflict(Shown):
    """A change that was not made, and why.

    Attributes:
        change: the change that was to be made: an option, a step, or a whole object.
        owner: the object that it belongs to.
        reason: why it was not made, as a sentence.
        place: the line with the other value; `None`: there is none.
    """

    change: Change
    owner: Change
    reason: str
    place: Position | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the conflict as plain values for JSON; secrets masked."""
        owner = self.owner
        found: dict[str, Any] = {
            "of": {"kind": owner.kind, "name": owner.name, "file": owner.file},
            "change": _change_data(self.change),
            "reason": self.reason,
            "text": str(self),
        }
        return found | ({"place": attrs.asdict(self.place)} if self.place is not None else {})

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        if self.change is self.owner and self.owner.is_object:
            return f"{where}{self.owner.sign} {label(self.owner)}: {self.reason}"
        parts = (self.change,) if self.change is not self.owner else ()
        rows = list(change_rows(attrs.evolve(self.owner, parts=parts)))
        headings = [row.text for row in rows if row.heading]
        leaves = "; ".join(row.text for row in rows if not row.heading)
        return f"{where}{rows[0].sign} {': '.join([*headings, leaves])}: {self.reason}"

    def __repr__(self) -> str:
        return printable(f"<Conflict {self}>")
