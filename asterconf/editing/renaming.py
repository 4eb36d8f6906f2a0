"""`Config.rename`: everything that a new name touches, before anything is touched."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from pathlib import PurePosixPath
from typing import Any

import attrs

from asterconf.bind.pjsip import EndpointRecord
from asterconf.editing.batch import Batch, Planned
from asterconf.editing.editor import (
    Editor,
    EditResult,
    EditScope,
    LineRef,
    key_of,
    object_title,
    renumbered,
)
from asterconf.editing.placement import (
    ELSEWHERE,
    Parts,
    TypedSections,
    label_of,
    parts_of,
    style_of,
)
from asterconf.errors import EditError, NotFoundError, StaleError
from asterconf.language.exten import cut_name, split_include
from asterconf.model import Extension, Mailbox, Queue, Trunk
from asterconf.references.index import names_of
from asterconf.references.mentions import PLAN
from asterconf.references.values import Name, Reference
from asterconf.resolve import EffectiveSection
from asterconf.resolve.bound import Bound
from asterconf.shown import Shown
from asterconf.source import Position, fold, printable
from asterconf.syntax import Option, Section

_SPECIAL = frozenset(" ,;&/@()[]{}<>\"'\\^|$=!\x7f") | frozenset(map(chr, range(33)))
"""What ends a name in a dial string, a list, a header or an expression."""


@attrs.frozen
class RenameEdit:
    """A place that names an object, and will be edited.

    Attributes:
        position: where the name stands.
        what: by what it is named: an option, an application, a function.
        old: the name.
        new: what it shall become.
    """

    position: Position
    what: str
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.position}: {self.what}: {printable(self.old)} -> {printable(self.new)}"


@attrs.frozen
class Undecided:
    """A place that may name an object; nobody but a person can tell.

    Attributes:
        position: where.
        text: what stands there.
        why: why it may, and why it is not certain.
    """

    position: Position
    text: str
    why: str

    def __str__(self) -> str:
        return f"{self.position}: {printable(self.text)}: {self.why}"


@attrs.frozen(eq=False, repr=False)
class RenamePlan(Shown):
    """What renaming an object takes. Nothing has happened yet: `apply` does it.

    Attributes:
        obj: the object under its old name, or the `Name` of what is no object.
        to: its new name.
        edits: each place that names it and will be edited.
        undecided: places that may name it, such as `PJSIP/${EXTEN}`. They stay as they are.
        outside: what the files do not hold and somebody has to see to.
    """

    obj: Any
    to: str
    edits: tuple[RenameEdit, ...]
    undecided: tuple[Undecided, ...]
    outside: tuple[str, ...]
    _work: _Work = attrs.field()

    def apply(self) -> EditResult:
        """Make the edits, all or none.

        Raises:
            StaleError: a file was edited since the plan was made.
            EditError: something would read differently than planned; nothing changed.
        """
        work = self._work
        batch = work.batch
        if batch is None:
            work.editor.workspace.settle()
            return work.run()
        work.refuse_stale()
        if work.bound is None:
            return batch.take(key_of(self.obj), lambda: None, rename_all, work.run)
        planned = Planned(EditResult("renamed", work.renamed), work)
        again = partial(_again, work.editor, self.obj, self.to)
        result = batch.take(key_of(self.obj), lambda: planned, rename_all, again)
        batch.lines |= work.lines
        return result

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
    bound: Bound[Any] | None
    renamed: Any
    names: Mapping[Name, Name]
    headers: list[tuple[Section, str]]
    lists: list[tuple[Section, tuple[str, ...]]]
    line: LineRef | None
    line_name: str
    """What the line will be called that defines it, such as that of a mailbox."""
    values: dict[LineRef, str]
    versions: dict[str, int]
    named: frozenset[tuple[str, int]]
    """The lines that certainly name it."""

    queued: int = 0
    """The edits of a batch that were made or waited when the plan was made."""

    @property
    def batch(self) -> Batch | None:
        """The batch that this renaming may wait in."""
        batch = self.editor.workspace.waiting
        return batch if isinstance(batch, Batch) and not batch.is_busy else None

    @property
    def lines(self) -> set[LineRef]:
        """The lines that are edited; two renamings that edit one cannot be made together."""
        more = [*(section for section, _ in self.headers), *(section for section, _ in self.lists)]
        found = {*self.values, *((one.document.name, one.line) for one in more)}
        return found if self.line is None else {*found, self.line}

    def refuse_stale(self) -> None:
        """Raise unless the files are as the plan has seen them.

        Raises:
            StaleError: they are not.
        """
        documents, batch = self.editor.files.documents, self.batch
        if batch is not None and batch.taken != self.queued:
            raise StaleError("an edit came after the plan was made: plan the renaming again")
        if any(documents[n].version != v for n, v in self.versions.items() if n in documents):
            raise StaleError("a file was edited since the plan was made: plan the renaming again")

    def run(self) -> EditResult:
        self.refuse_stale()
        scope = EditScope()
        with self.editor.attempt(), self.editor.nothing_else_changes(scope):
            (result,) = rename_all(self.editor, [Planned(EditResult("renamed", None), self)], scope)
        return result

    def options(self, scope: EditScope) -> list[tuple[Section, Option, str]]:
        """Return the lines that get another value, with it; `scope` gets who uses them."""
        found = []
        for ref, value in self.values.items():
            section, node = self.editor.node_at(ref)
            assert isinstance(node, Option)
            for user in self.editor.users(ref):
                scope.may(self.editor.home_of(user), {fold(node.name)})
            found.append((section, node, value))
        return found

    def edit(self, options: list[tuple[Section, Option, str]], scope: EditScope) -> None:
        """Make the edits."""
        if self.line is not None:
            section, node = self.editor.node_at(self.line)
            scope.may(section, {fold(getattr(node, "name", "")), fold(self.line_name)})
        for section, option, value in options:
            section.set(option, value)
        if self.line is not None:
            section, node = self.editor.node_at(self.line)
            assert isinstance(node, Option)
            section.rename(node, self.line_name)
        for section, templates in self.lists:
            section.inherit(*templates, elsewhere=True)
            scope.may(section, ())
        for section, name in self.headers:
            section.name = name
            scope.all(section)

    def done(self) -> EditResult:
        """Return what was done, read back.

        Raises:
            EditError: it does not read as planned.
        """
        now = self._check() if self.bound is not None else self._check_names()
        documents = self.editor.files.documents
        edited = dict.fromkeys(name for name, _ in sorted(self.lines))
        files = tuple(n for n in documents if n in edited)
        notes = tuple(renumbered(now, self.bound.obj)) if self.bound else ()
        return EditResult("renamed", now, files, notes)

    def _check(self) -> Any:  # noqa: ANN401
        assert self.bound is not None
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

    def _check_names(self) -> Name:
        references = self.editor.workspace.references
        there = set(references.names())
        for old, new in self.names.items():
            if old in there or new not in there:
                raise EditError(f"{old} would not be read under its new name")
        found = [one for new in self.names.values() for one in references.to(new) if one.certain]
        if self.named != _lines(found):
            raise EditError(f"not every place would name {self.renamed} that names it now")
        return next(iter(self.names.values()))


def rename_all(editor: Editor, planned: list[Planned], scope: EditScope) -> list[EditResult]:  # noqa: ARG001 - as `Together` has it
    """Make renamings that edit no line together, and read back once."""
    works: list[_Work] = [one.work for one in planned]
    options = [work.options(scope) for work in works]
    for work, lines in zip(works, options, strict=True):
        work.edit(lines, scope)
    return [work.done() for work in works]


def _again(editor: Editor, obj: object, to: str) -> EditResult:
    """Rename an object as the files stand now."""
    bound = editor.found(obj).get(key_of(obj))
    if bound is None:
        raise NotFoundError(f"{object_title(obj)} is not in this configuration as it stands now")
    return plan_rename(editor, bound, to).apply()


def plan_in_batch(editor: Editor, target: object, to: str, batch: Batch) -> RenamePlan:
    """Return what renaming something takes, beside the renamings that wait in a batch.

    If these are in its way they are made first.
    """
    if batch.lines:
        name = key_of(target.obj) if isinstance(target, Bound) else ""
        with suppress(EditError):
            plan = plan_rename(editor, target, to)
            lines = plan._work.lines  # noqa: SLF001 - of this module
            free = all(batch.knows(rename_all, one) for one in (name, to))
            if name and free and lines.isdisjoint(batch.lines):
                return plan
        batch.flush()
        if isinstance(target, Bound):
            target = editor.found(target.obj).get(key_of(target.obj), target)
    return plan_rename(editor, target, to)


def _lines(found: Iterable[Reference]) -> frozenset[tuple[str, int]]:
    return frozenset((one.place.file, one.place.line) for one in found)


# -- what bears the name --------------------------------------------------------------------------


@attrs.define
class _Target:
    """What is to be renamed: the object if it is one, and where its name is defined."""

    shown: Any
    bound: Bound[Any] | None = None
    renamed: Any = None
    names: dict[Name, Name] = attrs.field(factory=dict)
    headers: list[tuple[Section, str]] = attrs.field(factory=list)
    line: LineRef | None = None
    line_names: tuple[str, str] = ("", "")
    """Of a name that a line defines, such as a mailbox: what it is called now, and then."""
    fields: list[tuple[LineRef, tuple[int, int], str, str]] = attrs.field(factory=list)
    """Names within the values of lines: of extensions and labels."""
    parts: Parts = attrs.field(factory=dict)


def plan_rename(editor: Editor, target: object, to: str) -> RenamePlan:
    """Return what renaming something takes.

    Args:
        editor: the files.
        target: the `Bound` of an object, a `Section` of a document, or a `Name`.
        to: the new name.

    Raises:
        NotFoundError: the name is not defined.
        EditError: the name cannot be that of such an object, or is taken.
    """
    if isinstance(target, Name):
        target = object_of(editor, target) or target
    if isinstance(target, Bound):
        one = _of_object(editor, target, to)
    elif isinstance(target, Section):
        one = _of_section(editor, target, to)
    else:
        assert isinstance(target, Name)
        one = _of_name(editor, target, to)
    found = _Places(editor, one.names)
    found.find()
    edits = list(_defined(editor, one))
    for ref, span, old, new in one.fields:
        found.edits.setdefault(ref, {})[span] = new
        node = editor.node_at(ref)[1]
        assert isinstance(node, Option)
        edits.append(RenameEdit(Position(*ref, node.columns[span[0]]), "exten", old, new))
    lists = found.lists()
    edits += _shown_lists(editor, lists, one)
    edits += found.certain
    versions = {name: document.version for name, document in editor.files.documents.items()}
    work = _Work(
        editor, one.bound, one.renamed, one.names, one.headers, lists, one.line,
        one.line_names[1], found.values(),
        versions, _lines(found.references),
    )  # fmt: skip
    work.queued = work.batch.taken if work.batch is not None else 0
    outside = tuple(_outside(editor, one))
    undecided = sorted(found.undecided, key=lambda place: place.position)
    return RenamePlan(one.shown, to, tuple(edits), tuple(undecided), outside, work)


def object_of(editor: Editor, name: Name) -> Bound[Any] | None:
    """Return the object of a name, if it is one that objects of the model are made of."""
    kinds: dict[str, tuple[type, ...]] = {
        "queue": (Queue,), "mailbox": (Mailbox,), "endpoint": (Extension, Trunk),
    }  # fmt: skip
    found = [editor.found(kind).get(name.name) for kind in kinds.get(name.kind, ())]
    return next((one for one in found if one is not None), None)


def _refuse_name(to: str, old: str, title: str) -> None:
    if not to or set(to) & _SPECIAL or to == old:
        raise EditError(f"{printable(to)!r} cannot be the new name of {title}")


def _of_object(editor: Editor, bound: Bound[Any], to: str) -> _Target:
    obj = bound.obj
    if not key_of(obj):
        raise EditError(f"{object_title(obj)} has no name of its own")
    if isinstance(obj, Mailbox):
        number, at, context = to.partition("@")
        if at and context != obj.context:
            raise EditError(f"{object_title(obj)} would move to another context: remove and add it")
        to = number
    _refuse_name(to, key_of(obj), object_title(obj))
    field = "number" if isinstance(obj, Mailbox) else "name"
    renamed = attrs.evolve(obj, **{field: to})
    _refuse_taken(editor, obj, renamed)
    place = bound.places[""]
    if isinstance(obj, Mailbox):
        names = dict(zip(names_of(obj), names_of(renamed), strict=True))
        ref, called = (place.file, place.line), (obj.number, renamed.number)
        return _Target(obj, bound, renamed, names, line=ref, line_names=called)
    parts = parts_of(editor, bound)
    names = names_in_parts(obj, parts, to)
    headers = list(_headers(editor, obj, to, parts))
    return _Target(obj, bound, renamed, names, headers, parts=parts)


def names_in_parts(obj: Any, parts: Parts, to: str) -> dict[Name, Name]:  # noqa: ANN401
    """Return what is called by the name of an object, and what it shall be called."""
    if isinstance(obj, Mailbox):
        return {name: name for name in names_of(obj)}
    old = key_of(obj)
    if not isinstance(obj, Extension | Trunk):
        found = {name: attrs.evolve(name, name=to) for name in names_of(obj)}
    elif style_of(parts) == "wizard":
        found = {
            name: attrs.evolve(name, name=f"{to}{name.name[len(old) :]}")
            for name in names_of(obj)
            if name.kind != "auth" or name.name != old
        }
    else:
        sections = (part.section for several in parts.values() for part in several)
        kinds = {label_of(section) for section in sections if section.name == old}
        found = {Name("pjsip.conf", k, old): Name("pjsip.conf", k, to) for k in kinds}
    own = {part.section.file for several in parts.values() for part in several}
    templates = {Name(file, "template", old): Name(file, "template", to) for file in sorted(own)}
    return found | templates


def _of_section(editor: Editor, section: Section, to: str) -> _Target:
    _refuse_name(to, section.name, f"[{printable(section.name)}]")
    document = section.document
    if any(fold(other.name) == fold(to) for other in document.sections):
        raise EditError(f"[{printable(to)}] is there already")
    names = {name: attrs.evolve(name, name=to) for name in names_of(section)}
    headers = [(one, to) for one in document.all(section.name)]
    kinds = {name.kind for name in names}
    shown = next(name for name in names if name.kind != "template" or len(kinds) == 1)
    if not section.template:
        unused = {n for n in names if n.kind == "template" and not _inherited(editor, n)}
        names = {old: new for old, new in names.items() if old not in unused}
    return _Target(shown, None, attrs.evolve(shown, name=to), names, headers)


def _inherited(editor: Editor, name: Name) -> bool:
    return any(one.by == "template" for one in editor.workspace.references.to(name))


def _of_name(editor: Editor, name: Name, to: str) -> _Target:
    references = editor.workspace.references
    if name not in set(references.names()):
        near = references.near(name) if name.kind != "template" else ""
        hint = f": did you mean {printable(near)!r}?" if near else ""
        raise NotFoundError(f"there is no {name}{hint}")
    if name.kind == "extension":
        return _of_extension(editor, name, to)
    if name.kind == "label":
        return _of_label(editor, name, to)
    _refuse_name(to, name.name, str(name))
    new = attrs.evolve(name, name=to)
    if references.known(new).spelled(to) is not None:
        raise EditError(f"{new} is there already")
    target = _Target(name, None, new, {name: new})
    if name.kind in {"zonemessages", "applicationmap"}:
        target.line = _line_of(editor, name)
        target.line_names = name.name, to
        return target
    target.headers += [(section, to) for section in named_sections(editor, name)]
    for file in _files_of(editor, name):
        if any(fold(s.name) == fold(to) for s in editor.files.documents[file].sections):
            raise EditError(f"[{printable(to)}] is there already")
        if name.kind != "template":
            old = Name(file, "template", name.name)
            if _inherited(editor, old):
                target.names[old] = Name(file, "template", to)
    return target


def named_sections(editor: Editor, name: Name) -> Iterator[Section]:
    """Yield the sections of documents that make up what a name stands for."""
    for file in _files_of(editor, name):
        for section in editor.files.documents[file].sections:
            same = section.name == name.name and section.headed
            if same and (name.kind == "template" or section.template or _is(editor, section, name)):
                yield section


def _line_of(editor: Editor, name: Name) -> LineRef:
    """Return the line that defines a name which is that of an option."""
    for section in editor.sections(name.file):
        if section.kind is not None and section.kind.name == name.kind:
            for option, file in (item.parts[0] for item in section.all(name.name)):
                return file, option.line
    raise NotFoundError(f"there is no {name}")


def _files_of(editor: Editor, name: Name) -> list[str]:
    """Return the files in which a section of a name may stand."""
    if name.kind == "template":
        return [name.file]
    found = editor.resolve(name.file)
    return [file for file, _ in found.files] if found is not None else []


def _is(editor: Editor, section: Section, name: Name) -> bool:
    """Tell whether a section of a document is part of what a name stands for."""
    for one in editor.sections(name.file):
        if one.name == name.name and editor.home_of(one) is section:
            return name.kind == "context" or (one.kind is not None and one.kind.name == name.kind)
    header = section.header
    return header is not None and header.appends


def _of_extension(editor: Editor, name: Name, to: str) -> _Target:
    """Return what renaming an extension takes, with all its caller-id conditions."""
    key, _, context = name.name.rpartition("@")
    old = key.partition("/")[0]
    if not to or set(to) & (_SPECIAL - set("[]!")) or to == old:
        raise EditError(f"{printable(to)!r} cannot be the new name of {name}")
    plan = editor.workspace.dialplan.dialplan
    if to in plan[context]:
        raise EditError(f"{Name(PLAN, 'extension', f'{to}@{context}')} is there already")
    target = _Target(name, None, Name(PLAN, "extension", f"{to}@{context}"))
    for one in plan[context].all(old):
        condition = one.key[len(old) :]
        before = Name(PLAN, "extension", f"{one.key}@{context}")
        target.names[before] = Name(PLAN, "extension", f"{to}{condition}@{context}")
        for step in one.steps:
            if step.label is not None:
                label = Name(PLAN, "label", f"{context},{one.key},{step.label}")
                shall = Name(PLAN, "label", f"{context},{to}{condition},{step.label}")
                target.names[label] = shall
    for ref, option in _plan_lines(editor, context):
        written, _ = cut_name(option.value)
        bare = written.partition("/")[0]
        if fold(option.name) == "exten" and bare.strip() == old:
            start = len(bare) - len(bare.lstrip())
            target.fields.append((ref, (start, start + len(old)), old, to))
    if not target.fields:
        raise EditError(f"no line names {name} as such: a variable makes up its name")
    return target


def _of_label(editor: Editor, name: Name, to: str) -> _Target:
    context, _, rest = name.name.partition(",")
    key, _, label = rest.rpartition(",")
    _refuse_name(to, label, str(name))
    new = Name(PLAN, "label", f"{context},{key},{to}")
    if new in set(editor.workspace.references.names()) or to.isdigit():
        raise EditError(f"{new} is there already")
    target = _Target(name, None, new, {name: new})
    places = editor.workspace.dialplan.contexts.places(context)
    extensions = editor.workspace.dialplan.dialplan[context].extensions
    at = next(index for index, one in enumerate(extensions) if one.key == key)
    step = next(one for one in extensions[at].steps if one.label == label)
    assert places is not None
    ref = places.lines.file_line(places.number(at, step.priority))
    option = editor.node_at(ref)[1]
    assert isinstance(option, Option)
    start = option.value.index(f"({label})") + 1
    target.fields.append((ref, (start, start + len(label)), label, to))
    return target


def _plan_lines(editor: Editor, context: str) -> Iterator[tuple[LineRef, Option]]:
    """Yield the lines of the sections of a context, each once."""
    seen: set[LineRef] = set()
    for section in editor.sections(PLAN):
        if section.name == context and not section.template:
            for item in section.items:
                for option, file in item.parts:
                    ref = (file, option.line)
                    if ref not in seen and file in editor.files.documents:
                        seen.add(ref)
                        yield ref, option


def _refuse_taken(editor: Editor, obj: object, renamed: object) -> None:
    kinds = (obj, *((EndpointRecord,) if isinstance(obj, Extension | Trunk) else ()))
    for kind in kinds:
        taken = editor.found(kind).get(key_of(renamed))
        if taken is not None:
            raise EditError(f"{object_title(renamed)} is there already, at {taken.places['']}")


def _headers(editor: Editor, obj: Any, to: str, parts: Parts) -> Iterator[tuple[Section, str]]:  # noqa: ANN401
    """Yield the sections to be renamed: those of the object that bear its name."""
    for part in (part for found in parts.values() for part in found):
        section = part.section
        if section.name != obj.name:
            continue
        if part.label:
            _refuse_same_type(editor, part.file, label_of(section), to)
        elif fold(to) in TypedSections.read(editor, part.file).names:
            kind = label_of(section)
            if part.file != "pjsip.conf" or kind == "":
                raise EditError(f"[{printable(to)}] is there already")
            _refuse_same_type(editor, part.file, kind, to)
        yield editor.home_of(section), to
        for again in editor.files.documents[section.file].all(section.name):
            header = again.header
            if again.line > section.line and header is not None and header.appends:
                yield again, to


def _refuse_same_type(editor: Editor, file: str, kind: str, to: str) -> None:
    section = TypedSections.read(editor, file).of.get((kind, to))
    if section is not None:
        raise EditError(f"{kind} [{printable(to)}] is there already, at {section.position}")


# -- what names it --------------------------------------------------------------------------------


@attrs.define
class _Places:
    """The places that name, or may name, one of several names; `find` fills it.

    Attributes:
        certain: those that will be edited, in the order in which they are met.
        undecided: those that may name it.
        edits: by line and span in its value, what shall stand there.
        references: the certain references, those too that a variable says.
    """

    editor: Editor
    names: Mapping[Name, Name]
    certain: list[RenameEdit] = attrs.field(factory=list)
    undecided: list[Undecided] = attrs.field(factory=list)
    edits: dict[LineRef, dict[tuple[int, int], str]] = attrs.field(factory=dict)
    references: list[Reference] = attrs.field(factory=list)
    inherited: list[tuple[Reference, str]] = attrs.field(factory=list)

    def find(self) -> None:
        """Look through all references, and then for the bare words."""
        index = self.editor.workspace.references
        found = {one: (old, new) for old, new in self.names.items() for one in index.to(old)}
        for one in sorted(found, key=lambda one: one.place.file == PLAN):
            self._take(one, *found[one])
        self._includes()
        self._words()

    def _includes(self) -> None:
        """Take the includes along that Asterisk drops because the context is included before."""
        contexts = {old.name: new.name for old, new in self.names.items() if old.kind == "context"}
        for section in self.editor.sections(PLAN) if contexts else ():
            for index, (name, value) in enumerate(section.pairs):
                included = split_include(value)[0] if fold(name) == "include" else ""
                for option, file in section.item(index).parts if included in contexts else ():
                    ref, to = (file, option.line), contexts[included]
                    if ref not in self.edits and option.value.startswith(included):
                        place = Position(file, option.line, option.value_column)
                        self.edits[ref] = {(0, len(included)): to}
                        self.certain.append(RenameEdit(place, "include", included, to))

    def _take(self, one: Reference, old: Name, new: Name) -> None:
        if not one.certain:
            self._doubt(one)
            return
        self.references.append(one)
        spelled = _spelled(one.text, old, new)
        if one.by == "template":
            self.inherited.append((one, new.name))
        elif spelled == one.text:
            return
        elif spelled is not None:
            ref = (one.place.file, one.place.line)
            if ref[0] in self.editor.files.documents:
                self.edits.setdefault(ref, {})[one.span] = spelled
                self.certain.append(RenameEdit(one.place, one.by, one.text, spelled))
        elif "$" not in one.text and one.text:
            why = f"it leads to {old.name}, and is written in another way"
            self.undecided.append(Undecided(one.place, one.text, why))

    def _doubt(self, one: Reference) -> None:
        why = "what the variables hold is not known before a call"
        key = one.source.name.rpartition("@")[0]
        if "${EXTEN}" in one.text and key.startswith("_"):
            why = f"it rings what is dialled, and {printable(key)} matches the old name"
        device = one.target.kind == "endpoint"
        self.undecided.append(
            Undecided(one.place, f"PJSIP/{one.text}" if device else one.text, why)
        )

    def values(self) -> dict[LineRef, str]:
        """Return the new value of each line."""
        found = {}
        for ref, edits in self.edits.items():
            node = self.editor.node_at(ref)[1]
            assert isinstance(node, Option)
            text = node.value
            for (start, end), new in sorted(edits.items(), reverse=True):
                text = text[:start] + new + text[end:]
            found[ref] = text
        return found

    def lists(self) -> list[tuple[Section, tuple[str, ...]]]:
        """Return the sections that inherit from one that is renamed, with their new lists."""
        found: dict[Section, list[str]] = {}
        for one, new in self.inherited:
            section = self.editor.section_at((one.place.file, one.place.line))
            entries = found.setdefault(section, list(section.inherits))
            entries[one.span[0]] = new
        return [(section, tuple(entries)) for section, entries in found.items()]

    # -- bare words -----------------------------------------------------------------------------

    def _words(self) -> None:
        """Take down a bare name where it may be meant: in an expression, or if it is a word."""
        words = {
            text
            for old in self.names
            if old.kind not in {"extension", "label", "template"}
            for text in {old.name}
        }
        for section in self.editor.sections(PLAN) if words else ():
            if section.template or fold(section.name) == "general":
                continue
            variables = fold(section.name) == "globals"
            for index, (name, value) in enumerate(section.pairs):
                if any(word in value for word in words):
                    steps = fold(name) in {"exten", "same"}
                    if variables or steps:
                        self._word_in(section, index, words, variable=name if variables else "")

    def _word_in(
        self, section: EffectiveSection, index: int, words: set[str], *, variable: str
    ) -> None:
        for option, file in section.item(index).parts:
            place = Position(file, option.line, option.fields.value[0] + 1)
            known = self.edits.get((file, option.line), {})
            rest = list(option.value)
            for start, end in known:
                rest[start:end] = " " * (end - start)
            text = "".join(rest)
            if variable:
                if text in words:
                    self._variable(place, variable, text)
                continue
            for word in sorted(words):
                spelled = re.search(rf"(?<![\w.+*#@-]){re.escape(word)}(?![\w.+*#@-])", text)
                if spelled and (not word.isdigit() or "$[" in text or "IF(" in text):
                    why = "the word stands here, and it may mean something else"
                    self.undecided.append(Undecided(place, word, why))

    def _variable(self, place: Position, name: str, value: str) -> None:
        """Note a variable that has the name as its value, and is not used as that alone."""
        written = f"${{{name}}}"
        used = next((one for one in self.references if one.text == written), None)
        if used is not None:
            why = f"{name} is used as this name at {used.place}, but not everywhere"
            self.undecided.append(Undecided(place, value, why))
        elif not value.isdigit():
            why = f"nothing uses {name} as a name where that can be seen"
            self.undecided.append(Undecided(place, value, why))


def _spelled(text: str, old: Name, new: Name) -> str | None:
    """Return what shall stand in the place of a text that names something.

    None: something else stands there, such as a variable, or a number that a pattern matches.
    """
    forms = [(old.name, new.name)]
    if old.kind == "mailbox":
        forms.append((old.name.removesuffix("@default"), new.name.removesuffix("@default")))
    elif old.kind == "extension":
        before, after = (one.name.rpartition("@")[0] for one in (old, new))
        forms = [(before.partition("/")[0], after.partition("/")[0])]
    elif old.kind == "label":
        forms = [(old.name.rpartition(",")[2], new.name.rpartition(",")[2])]
    for was, shall in forms:
        if text == was or (old.kind in _FOLDED and fold(text) == fold(was)):
            return shall
    return None


_FOLDED = {"queue", "parking_lot", "named_acl"}
"""Kinds of names that Asterisk finds in any case."""


# -- what a plan shows ----------------------------------------------------------------------------


def _defined(editor: Editor, one: _Target) -> Iterator[RenameEdit]:
    if one.line is not None:
        what = one.shown.kind if isinstance(one.shown, Name) else "mailbox"
        yield RenameEdit(Position(*one.line), what, *one.line_names)
    files = {id(s): name for name, doc in editor.files.documents.items() for s in doc.sections}
    for section, to in one.headers:
        column = section.header.column if section.header is not None else 1
        place = Position(files[id(section)], section.line, column + 1)
        yield RenameEdit(place, "section", section.name, to)


def _shown_lists(
    editor: Editor, lists: list[tuple[Section, tuple[str, ...]]], one: _Target
) -> Iterator[RenameEdit]:
    files = {id(s): name for name, doc in editor.files.documents.items() for s in doc.sections}
    old = key_of(one.shown) if not isinstance(one.shown, Name) else one.shown.name
    for section, entries in lists:
        new = next(b for a, b in zip(section.inherits, entries, strict=True) if a != b)
        place = Position(files[id(section)], section.line)
        yield RenameEdit(place, f"template of [{printable(section.name)}]", old, new)


def _outside(editor: Editor, one: _Target) -> Iterator[str]:
    """Yield what the files do not hold."""
    obj, renamed = one.shown, one.renamed
    if isinstance(obj, Name):
        if obj.kind not in {"template", "label"}:
            yield f"scripts that name {obj.name}"
        return
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
