"""`Config.rename`: everything that a new name touches, before anything is touched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

import attrs

from asterconf.bind.pjsip import EndpointRecord
from asterconf.editing.editor import (
    Editor,
    EditResult,
    EditScope,
    LineRef,
    key_of,
    object_title,
)
from asterconf.editing.placement import ELSEWHERE, Parts, label_of, parts_of, style_of
from asterconf.editing.renaming.names import BOX, ENDPOINT, QUEUE, Names
from asterconf.editing.renaming.references import Reference, References, Undecided
from asterconf.errors import EditError, StaleError
from asterconf.model import Extension, Mailbox, Queue, Trunk
from asterconf.resolve.bound import Bound
from asterconf.shown import Shown
from asterconf.source import Position, fold, printable
from asterconf.syntax import Option, Section

__all__ = ["RenamePlan", "names_of", "plan_rename"]

_SPECIAL = frozenset(" ,;&/@()[]{}<>\"'\\^|$=!\x7f") | frozenset(map(chr, range(33)))
"""What ends a name in a dial string, a list, a header or an expression."""


@attrs.frozen(eq=False, repr=False)
class RenamePlan(Shown):
    """What renaming an object takes. Nothing has happened yet: `apply` does it.

    Attributes:
        obj: the object under its old name.
        to: its new name.
        edits: each place that names it and will be edited.
        undecided: places that may name it, such as `PJSIP/${EXTEN}`. They stay as they are.
        outside: what the files do not hold and somebody has to see to.
    """

    obj: Any
    to: str
    edits: tuple[Reference, ...]
    undecided: tuple[Undecided, ...]
    outside: tuple[str, ...]
    _work: _Work = attrs.field()

    def apply(self) -> EditResult:
        """Make the edits, all or none.

        Raises:
            StaleError: a file was edited since the plan was made.
            EditError: something would read differently than planned; nothing changed.
        """
        return self._work.run()

    def __repr__(self) -> str:
        return (
            f"<RenamePlan {object_title(self.obj)} to {printable(self.to)!r}: "
            f"{len(self.edits)} edits, {len(self.undecided)} undecided, "
            f"{len(self.outside)} outside>"
        )

    def __str__(self) -> str:
        lines = [f"rename {object_title(self.obj)} to {printable(self.to)!r}"]
        groups = (("edits", self.edits), ("undecided", self.undecided), ("outside", self.outside))
        for title, entries in groups:
            if entries:
                lines.append(f"{title}:")
                lines += (f"  {entry}" for entry in entries)
        return "\n".join(lines)


@attrs.define
class _Work:
    """The edits of a plan in the form in which they are made."""

    editor: Editor
    bound: Bound[Any]
    renamed: Any
    headers: list[tuple[Section, str]]
    lists: list[tuple[Section, tuple[str, ...]]]
    line: LineRef | None
    values: dict[LineRef, str]
    versions: dict[str, int]

    def run(self) -> EditResult:
        editor = self.editor
        documents = editor.files.documents
        if any(documents[n].version != v for n, v in self.versions.items() if n in documents):
            raise StaleError("a file was edited since the plan was made: plan the renaming again")
        scope = EditScope()
        with editor.attempt(), editor.nothing_else_changes(scope):
            for ref in self.values:
                section, node = editor.node_at(ref)
                for user in editor.users(ref):
                    scope.may(editor.home_of(user), {fold(getattr(node, "name", ""))})
            if self.line is not None:
                section, node = editor.node_at(self.line)
                scope.may(section, {fold(getattr(node, "name", "")), fold(self.renamed.number)})
            nodes = [(ref, *editor.node_at(ref)) for ref in self.values]
            for ref, section, node in nodes:
                assert isinstance(node, Option)
                section.set(node, self.values[ref])
            if self.line is not None:
                section, node = editor.node_at(self.line)
                assert isinstance(node, Option)
                section.rename(node, self.renamed.number)
            for section, templates in self.lists:
                section.inherit(*templates)
                scope.may(section, ())
            for section, name in self.headers:
                section.name = name
                scope.all(section)
            now = self._check()
        files = tuple(n for n, d in documents.items() if d.version != self.versions.get(n, 0))
        notes = []
        if isinstance(now, Extension) and now.number != self.bound.obj.number:
            notes = [f"number is {now.number!r} now, no longer {self.bound.obj.number!r}"]
        return EditResult("renamed", now, files, tuple(notes))

    def _check(self) -> Any:  # noqa: ANN401
        found = self.editor.found(self.renamed)
        now = found.get(key_of(self.renamed))
        if now is None or key_of(self.bound.obj) in found:
            raise EditError(f"{object_title(self.renamed)} would not be read under its new name")
        left = {name: getattr(now.obj, name) for name in ELSEWHERE.get(type(now.obj), ())}
        if now.obj != attrs.evolve(self.renamed, **left):
            raise EditError(
                f"{object_title(self.renamed)} would be read with other values than before"
            )
        return now.obj


def plan_rename(editor: Editor, bound: Bound[Any], to: str) -> RenamePlan:
    """Return what renaming an object takes.

    Raises:
        EditError: the name cannot be that of such an object, or is taken.
    """
    obj = bound.obj
    if not key_of(obj):
        raise EditError(f"{object_title(obj)} has no name of its own")
    if isinstance(obj, Mailbox):
        number, at, context = to.partition("@")
        if at and context != obj.context:
            raise EditError(f"{object_title(obj)} would move to another context: remove and add it")
        to = number
    if not to or set(to) & _SPECIAL or to == key_of(obj):
        raise EditError(f"{printable(to)!r} cannot be the new name of {object_title(obj)}")
    field = "number" if isinstance(obj, Mailbox) else "name"
    renamed = attrs.evolve(obj, **{field: to})
    _refuse_taken(editor, obj, renamed)
    parts: Parts = {} if isinstance(obj, Mailbox) else parts_of(editor, bound)
    names = names_of(obj, renamed, parts)
    references = References(editor, names).find()
    headers = list(_headers(editor, obj, to, parts))
    lists = list(_lists(editor, obj, to, parts))
    place = bound.places[""]
    line = (place.file, place.line) if isinstance(obj, Mailbox) else None
    edits = [*_shown(editor, headers, lists, obj, to), *references.certain]
    if line is not None:
        edits.insert(0, Reference(Position(*line), "mailbox", obj.number, to))
    versions = {name: document.version for name, document in editor.files.documents.items()}
    work = _Work(editor, bound, renamed, headers, lists, line, references.values, versions)
    outside = tuple(_outside(editor, obj, renamed))
    undecided = tuple(references.undecided)
    return RenamePlan(obj, to, tuple(edits), undecided, outside, work)


def _refuse_taken(editor: Editor, obj: object, renamed: object) -> None:
    kinds = (obj, *((EndpointRecord,) if isinstance(obj, Extension | Trunk) else ()))
    for kind in kinds:
        taken = editor.found(kind).get(key_of(renamed))
        if taken is not None:
            raise EditError(f"{object_title(renamed)} is there already, at {taken.places['']}")


def names_of(obj: Any, renamed: Any, parts: Parts) -> Names:  # noqa: ANN401
    """Return what is called by the object's name, and what it shall be called."""
    if isinstance(obj, Mailbox):
        return Names({BOX: {}}, {obj.address: renamed.address})
    old, new = key_of(obj), key_of(renamed)
    if not old:
        return Names({})
    if isinstance(obj, Queue):
        return Names({QUEUE: {old: new}})
    if not isinstance(obj, Extension | Trunk):
        kind = label_of(parts[""][0].section)
        return Names({(parts[""][0].file, kind): {old: new}})
    if style_of(parts) == "wizard":
        auths = {f"{old}{end}": f"{new}{end}" for end in ("-iauth", "-oauth")}
        file = ENDPOINT[0]
        return Names({ENDPOINT: {old: new}, (file, "aor"): {old: new}, (file, "auth"): auths})
    sections = (part.section for found in parts.values() for part in found)
    kinds = {label_of(section) for section in sections if section.name == old}
    return Names({(ENDPOINT[0], kind): {old: new} for kind in kinds})


def _headers(editor: Editor, obj: Any, to: str, parts: Parts) -> Iterator[tuple[Section, str]]:  # noqa: ANN401
    """Yield the sections to be renamed: those of the object that bear its name."""
    for part in (part for found in parts.values() for part in found):
        section = part.section
        if section.name != obj.name:
            continue
        if part.label:
            _refuse_same_type(editor, part.file, label_of(section), to)
        elif any(fold(s.name) == fold(to) and not s.template for s in editor.sections(part.file)):
            kind = label_of(section)
            if part.file != ENDPOINT[0] or kind == "":
                raise EditError(f"[{printable(to)}] is there already")
            _refuse_same_type(editor, part.file, kind, to)
        yield editor.home_of(section), to
        for again in editor.files.documents[section.file].all(section.name):
            header = again.header
            if again.line > section.line and header is not None and header.appends:
                yield again, to


def _refuse_same_type(editor: Editor, file: str, kind: str, to: str) -> None:
    for section in editor.sections(file):
        if not section.template and (label_of(section), section.name) == (kind, to):
            raise EditError(f"{kind} [{printable(to)}] is there already, at {section.position}")


def _lists(
    editor: Editor,
    obj: Any,  # noqa: ANN401
    to: str,
    parts: Parts,
) -> Iterator[tuple[Section, tuple[str, ...]]]:
    """Yield the sections that inherit from one that is renamed, with their new lists."""
    mine = [part.section for found in parts.values() for part in found]
    files = {part.file for found in parts.values() for part in found}
    for file in sorted(files):
        first = next((s for s in editor.sections(file) if fold(s.name) == fold(obj.name)), None)
        if not any(first is one for one in mine):
            continue
        for section in editor.sections(file):
            home = editor.home_of(section)
            if any(fold(name) == fold(obj.name) for name in home.inherits):
                new = tuple(to if fold(n) == fold(obj.name) else n for n in home.inherits)
                yield home, new


def _shown(
    editor: Editor,
    headers: list[tuple[Section, str]],
    lists: list[tuple[Section, tuple[str, ...]]],
    obj: Any,  # noqa: ANN401
    to: str,
) -> Iterator[Reference]:
    files = {id(s): name for name, doc in editor.files.documents.items() for s in doc.sections}
    for section, _ in headers:
        column = section.header.column if section.header is not None else 1
        place = Position(files[id(section)], section.line, column + 1)
        yield Reference(place, "section", obj.name, to)
    for section, _ in lists:
        place = Position(files[id(section)], section.line)
        yield Reference(place, f"template of [{printable(section.name)}]", obj.name, to)


def _outside(editor: Editor, obj: Any, renamed: Any) -> Iterator[str]:  # noqa: ANN401
    """Yield what the files do not hold."""
    old, new = key_of(obj), key_of(renamed)
    if isinstance(obj, Mailbox):
        spool = PurePosixPath(_spool(editor)) / "voicemail" / obj.context
        here, there = spool / obj.number, spool / renamed.number
        yield f"messages, greetings and a PIN changed by phone: move {here} to {there}"
        yield f"phones that subscribe to {old} themselves, and scripts that name it"
    elif isinstance(obj, Queue):
        yield f"AstDB: members added by phone are kept under Queue/PersistentMembers/{old}"
        yield f"queue_log and call records keep the name {old}"
    elif isinstance(obj, Extension):
        login = f"; it logs in as {obj.auth_user} as before" if obj.auth_user else ""
        yield f"the phone itself: its SIP user must be {new}, no longer {old}{login}"
        yield f"AstDB: the registration as {old} (registrar/contact) counts no more"
        yield f"AstDB: queue members added while running as PJSIP/{old} (Queue/PersistentMembers)"
        yield f"call records keep the name {old}"
    elif isinstance(obj, Trunk):
        yield f"call records keep the name {old}; scripts that dial @{old}"
    else:
        yield f"scripts that name {old}"


def _spool(editor: Editor) -> str:
    effective = editor.resolve("asterisk.conf")
    found = effective.setting("directories", "astspooldir") if effective is not None else None
    return found or "/var/spool/asterisk"
