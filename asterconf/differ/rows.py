"""A difference as rows: what every way of printing it has in common."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import attrs

from asterconf.dialplan.values import DialplanExtension, DialplanStep, Hint, Include, Switch
from asterconf.differ.changes import Change, Edit, shown_place
from asterconf.model import QueueMember, Secret
from asterconf.schema.secrets import MASK, shown_text
from asterconf.source import printable

if TYPE_CHECKING:
    from asterconf.differ.result import Diff

__all__ = ["Row", "change_rows", "effects", "follows", "label", "rows", "shown"]

MOST = 12
"""Names of affected objects that are listed."""
STEPS = 4
"""Steps of an extension that are shown in one line."""
FEW = 3
"""Items of a list that are told before and after; of a longer one only what came and went."""


@attrs.frozen
class Row:
    """One line: how deep it stands, its sign (`+`, `-`, `~` or none), what it says and where."""

    depth: int
    sign: str
    text: str
    place: str = ""
    heading: bool = False
    """Whether rows below it go on."""


def rows(diff: Diff, *, details: bool = False) -> Iterator[Row]:
    """Yield the rows of a difference: edits that affect several objects first, then each object."""
    shared: set[int] = set()
    for told in _shared(diff):
        shared |= {id(leaf) for _, leaves in told for _, leaf in leaves}
        yield from _edits(told)
    for change in diff.changes:
        left = _without(change, shared)
        if left is not None:
            yield from _rows(left, 0, details=details)


# -- edits that affect several objects -----------------------------------------------------------

Told = list[tuple[Edit, list[tuple[Change, Change]]]]
"""Edits, each with the leaves that it changed behind the objects that have them."""


def _shared(diff: Diff) -> Iterator[Told]:
    """Yield the edits that changed several objects in the same way.

    Those of one section of a file that changed the same objects are told together.
    """
    found: dict[tuple[object, ...], Told] = {}
    for edit in diff.edits:
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
    """Return what two leaves have in common that changed in the same way."""
    path = _path(owner, leaf)
    return owner.kind, path, leaf.action, repr(leaf.old), repr(leaf.new), leaf.secret


def _edits(told: Told) -> Iterator[Row]:
    edit, leaves = told[0]
    owners = [owner for owner, _ in leaves]
    what = f"{len(owners)} {_plural(owners[0].kind)}"
    section = f" [{printable(edit.section)}]" if edit.section else ""
    if len(told) == 1:
        place = shown_place(edit.cause.old, edit.cause.new)
        text = f"{what}: {_named(*leaves[0])}"
        yield Row(0, "~", text, place + section, heading=True)
    else:
        place = f"{printable(edit.place.file)}{section}" if edit.place else ""
        yield Row(0, "~", what, place, heading=True)
        for one, changed in told:
            owner, leaf = changed[0]
            where = shown_place(one.cause.old, one.cause.new)
            yield Row(1, leaf.sign, _named(owner, leaf, signed=False), where)
    names = [printable(owner.name) for owner in owners]
    more = len(names) - MOST
    tail = f" and {more} more" if more > 0 else ""
    yield Row(1, "", ", ".join(names[:MOST]) + tail)


def _plural(kind: str) -> str:
    return f"{kind}es" if kind.endswith("x") else f"{kind}s"


def _path(owner: Change, leaf: Change) -> tuple[tuple[str, str], ...]:
    """Return the way from an object down to a leaf, without names that come from the object's."""
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
    """Return what a leaf says, behind the parts of its object that lead to it."""
    path = _path(owner, leaf)[:-1]
    before = "".join(f"{name or kind}/" for kind, name in path)
    sign = f"{leaf.sign} " if signed and leaf.sign != "~" else ""
    return sign + before + _said(leaf)


def _without(change: Change, shared: set[int]) -> Change | None:
    """Return a change without the leaves that were told already; `None`: nothing is left."""
    if not change.parts:
        return None if id(change) in shared else change
    parts = tuple(left for part in change.parts if (left := _without(part, shared)) is not None)
    if not parts and change.action == "changed":
        return None
    return change if len(parts) == len(change.parts) else attrs.evolve(change, parts=parts)


def change_rows(change: Change, *, details: bool = False) -> Iterator[Row]:
    """Yield the rows of one object's change."""
    return _rows(change, 0, details=details)


# -- objects -------------------------------------------------------------------------------------


def _rows(change: Change, depth: int, *, details: bool, before: str = "") -> Iterator[Row]:
    """Yield the rows of a change: one where all fits, else a heading with its parts below."""
    place = shown_place(change.old_place, change.new_place)
    parts = list(_flat(change)) if change.action in {"changed", "renamed"} or details else []
    if change.action == "renamed":
        parts = [(name, part) for name, part in parts if not follows(change, part)]
    if not change.parts and change.kind not in _OBJECTS:
        yield Row(depth, change.sign, before + _said(change), place)
    elif not parts:
        yield Row(depth, change.sign, before + label(change) + _brief(change), place)
    elif len(parts) == 1 and not parts[0][1].parts and change.action == "changed":
        name, part = parts[0]
        sign = f"{part.sign} " if part.sign != "~" else ""
        where = shown_place(part.old_place, part.new_place) or place
        yield Row(depth, change.sign, f"{before}{label(change)}: {sign}{name}{_said(part)}", where)
    else:
        yield Row(depth, change.sign, before + label(change), place, heading=True)
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
    """Tell whether a part only says the new name where the old one stood."""
    if part.parts:
        return part.action in {"changed", "renamed"} and all(
            follows(change, inner) for inner in part.parts
        )
    if part.secret:
        return False
    from asterconf.differ.renames import without

    texts = without(repr(part.old), change.old_name), without(repr(part.new), change.name)
    return texts[0] == texts[1]


def label(change: Change) -> str:
    """Return what an object is called: `extension 6004 'Garage'`, `rtp.conf [general]`."""
    name = printable(change.name)
    if change.kind == "section" or (change.kind == change.name and any(change._units)):
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


_OBJECTS = {"exten", "context"}
"""Parts and objects that may have no parts of their own."""
_KNOWN = {"pjsip.conf", "pjsip_wizard.conf", "queues.conf", "voicemail.conf", "extensions.conf"}


def _brief(change: Change) -> str:
    """Return what is worth a word about an object that came or went."""
    if change.action not in {"added", "removed"}:
        return ""
    thing = change.new if change.action == "added" else change.old
    if change.kind == "exten" and isinstance(thing, DialplanExtension):
        said = [shown(step) for step in thing.steps]
        if thing.hint is not None:
            said.insert(0, f"hint {shown(thing.hint)}")
        more = len(said) - STEPS
        return ": " + "; ".join(said[:STEPS]) + (f"; and {more} more" if more > 0 else "")
    return ""


def _said(change: Change) -> str:
    """Return what a leaf says: `timeout 30 -> 20`."""
    name = printable(change.name)
    if change.kind == "file":
        return _file(change)
    if change.kind in _OBJECTS:
        return label(change) + _brief(change)
    if change.kind not in {"option", "hint"}:
        name = f"{change.kind} {name}"
    if change.secret:
        words = {"added": "set", "removed": "removed"}
        text = f"{name}: secret {words.get(change.action, 'changed')}"
    elif change.action == "moved":
        text = f"{name} moved"
    elif change.kind in {"include", "ignorepat", "switch"} and change.action != "changed":
        text = f"{change.kind} {shown(change.new or change.old)}"
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
    marks = {side: " (default)" if change.unsaid == side else "" for side in ("old", "new")}
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


def shown(value: object) -> str:
    """Return a value as a file would have it, one line; a secret as stars."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "none"
    if isinstance(value, Secret):
        return MASK
    if isinstance(value, tuple):
        return ", ".join(map(shown, value)) if value else "none"
    if isinstance(value, DialplanStep):
        text = f"{value.app}({value.data})"
        return _safe(f"({value.label}) {text}" if value.label else text)
    if isinstance(value, Hint | Include | Switch):
        return _safe(value.text)
    if isinstance(value, QueueMember):
        named = value.name if value.name != value.interface else ""
        return f"'{printable(named)}'" if named else ""
    return _safe(str(value)) or "''"


def _safe(text: str) -> str:
    """Return a text in one line, without what has the shape of a secret."""
    return printable(shown_text(text)).replace("\n", "\\n")


# -- what to do ----------------------------------------------------------------------------------


def effects(diff: Diff) -> Iterator[str]:
    """Yield what Asterisk needs to take the changes over: commands, and what needs more."""
    told = [(owner, leaf) for owner in diff.changes for leaf in _deciding(owner)]
    commands = dict.fromkeys(c for _, leaf in told for c in leaf.impact.commands)
    if commands:
        yield "To take effect: " + "; ".join(commands)
    for effect, words in (
        ("restart", "Needs a restart of Asterisk"),
        ("unknown", "Not known what makes it take effect"),
    ):
        found: dict[str, dict[str, None]] = {}
        for owner, leaf in told:
            if leaf.impact.effect == effect:
                what = "" if leaf is owner else printable(leaf.name)
                found.setdefault(what, {})[_short(owner)] = None
        if found:
            texts = (f"{f'{n} of ' if n else ''}{', '.join(owners)}" for n, owners in found.items())
            yield f"{words}: {'; '.join(texts)}"
    without = dict.fromkeys(
        f"{leaf.file}: {leaf.impact.note or leaf.impact.source}"
        for _, leaf in told
        if leaf.impact.effect == "none"
    )
    yield from (f"Without any effect: {printable(note)}" for note in without)


def _short(change: Change) -> str:
    name = printable(change.name)
    return f"{printable(change.file)} [{name}]" if change.kind == "section" else name


def _deciding(change: Change) -> Iterator[Change]:
    """Yield the changes whose impact counts: what came or went counts as a whole."""
    if change.kind == "file":
        return
    if change.action in {"added", "removed"} or not change.parts:
        yield change
        return
    for part in change.parts:
        yield from _deciding(part)
