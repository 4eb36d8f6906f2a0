"""What every edit uses: sections and objects by place, undo of a failed edit, the result."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from itertools import zip_longest
from typing import Any, Literal

import attrs

from asterconf.bind.pjsip import EndpointRecord
from asterconf.bind.sections import read_objects, read_typed
from asterconf.diagnostic import Diagnostic
from asterconf.dialplan.values import DialplanContext
from asterconf.errors import EditError
from asterconf.model import ConfigObject, Extension, Mailbox, Queue, Trunk
from asterconf.model.configobject import SchemaObject
from asterconf.references.values import Name
from asterconf.resolve import Effective, EffectiveSection, Files
from asterconf.resolve.bound import Bound
from asterconf.resolve.effective import LineHolders
from asterconf.resolve.files import included
from asterconf.resolve.sources import customs_of, generator_of
from asterconf.shown import Shown
from asterconf.source import TextEdit, fold, printable
from asterconf.syntax import Document, Section
from asterconf.syntax.lines import Directive, Line
from asterconf.syntax.text import mark_changed, node_at, set_text
from asterconf.workspace import Workspace

LineRef = tuple[str, int]
"""A line: the name of its file, and its number from 1."""

SectionStart = Section | LineRef
"""Where an effective section begins; a line, if that stands in no file but came from a command."""


def key_of(obj: object) -> str:
    """Return the key of an object: its name, for a mailbox its address.

    Empty: there is only one of its kind.
    """
    return obj.address if isinstance(obj, Mailbox) else str(getattr(obj, "name", ""))


def object_title(obj: object) -> str:
    """Return an object's class and key, for messages."""
    if isinstance(obj, Name):
        return str(obj)
    kind = obj.kind if isinstance(obj, ConfigObject) else type(obj).__name__
    kind = "context" if isinstance(obj, DialplanContext) else kind
    key = printable(key_of(obj))
    return f"{kind} {key if len(key) <= 60 else f'{key[:57]}...'!r}" if key else kind


def renumbered(now: object, was: object) -> Iterator[str]:
    """Yield a note where an extension is dialed by another number than before."""
    if isinstance(now, Extension) and isinstance(was, Extension) and now.number != was.number:
        rings = f"{now.number} rings it now" if now.number else "no number rings it now"
        yield f"{rings}, and {was.number} rang it before" if was.number else rings


Action = Literal["added", "updated", "replaced", "removed", "renamed", "moved", "unchanged"]


@attrs.frozen(repr=False)
class EditResult(Shown):
    """What an edit did to a configuration, in memory: `Config.save` writes it.

    Attributes:
        action: what happened to the object.
        obj: the object as it stands now; of one that was removed, as it stood before.
        files: the files whose text changed.
        notes: for the user: a value copied from siblings, a place that still refers to the
            object.
    """

    action: Action
    obj: Any
    files: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        where = f" in {', '.join(map(printable, self.files))}" if self.files else ""
        return f"<{self.action} {object_title(self.obj)}{where}>"

    def __str__(self) -> str:
        return "\n".join((repr(self)[1:-1], *(f"  {printable(note)}" for note in self.notes)))


@attrs.define
class EditScope:
    """What an edit may change: some sections altogether, of others some options."""

    _names: dict[SectionStart, set[str] | None] = attrs.field(factory=dict)

    def may(self, section: Section, names: Iterable[str]) -> None:
        """Let options of these lower-case names change in a section."""
        known = self._names.setdefault(section, set())
        if known is not None:
            known.update(names)

    def all(self, section: Section) -> None:
        """Let a section come, go or change altogether."""
        self._names[section] = None

    def rest(
        self, sections: Iterable[EffectiveSection], homes: Mapping[EffectiveSection, SectionStart]
    ) -> Iterator[tuple[EffectiveSection, list[tuple[str, str]]]]:
        """Yield each section with those of its names and values that may not change.

        One without a home in `homes` is the same object before and after, so nothing changed.
        """
        for section in sections:
            home = homes.get(section)
            names = self._names.get(home, ()) if home is not None else None
            if home is None:
                yield section, []
            elif names is not None:
                pairs = section.pairs
                yield section, [p for p in pairs if fold(p[0]) not in names] if names else pairs


@attrs.frozen(eq=False)
class Editor:
    """What all edits share: from places to sections and objects, and undoing a failed edit.

    It holds no state of its own; everything known between edits is in the workspace.

    Attributes:
        workspace: the files and their readings.
    """

    workspace: Workspace

    @property
    def files(self) -> Files:
        """The documents."""
        return self.workspace.files

    def resolve(self, name: str) -> Effective | None:
        """Return what Asterisk holds after reading a file; `None`: there is no such file."""
        return self.workspace.resolve(name)

    # -- places -------------------------------------------------------------------------------

    def section_at(self, ref: LineRef) -> Section:
        """Return the section of a document that holds a line.

        Raises:
            EditError: the line does not stand in a file, but came from a command.
        """
        document = self.files.documents.get(ref[0]) or self.files.get(ref[0])
        if not isinstance(document, Document):
            raise EditError(f"{printable(ref[0])} is no file that could be edited")
        parts = document.parts
        return parts[bisect_right(parts, ref[1], key=lambda part: part.line) - 1]

    def node_at(self, ref: LineRef) -> tuple[Section, Line]:
        """Return a line, and the section of a document that holds it."""
        section = self.section_at(ref)
        return section, node_at(section, ref[1])

    def home_of(self, section: EffectiveSection) -> Section:
        """Return the section of a document that begins an effective section."""
        found = self._starts_of(section.file).get(section.line)
        return found if found is not None else self.section_at((section.file, section.line))

    def homes_of(self, section: EffectiveSection) -> list[Section]:
        """Return the section that begins an effective section, and those that add to it.

        Only sections of the same file with `(+)` in their header count.
        """
        home = self.home_of(section)
        more = self.files.documents[section.file].all(section.name)
        added = [one for one in more if one.header is not None and one.header.appends]
        return [home, *(one for one in added if one.line > section.line)]

    def effective_of(self, name: str, section: Section) -> EffectiveSection:
        """Return the effective section of a section, in the reading of a file.

        Raises:
            EditError: it does not read that section.
        """
        sections = self.sections(name)

        def at_lines() -> Mapping[int, list[EffectiveSection]]:
            found: dict[int, list[EffectiveSection]] = {}
            for one in sections:
                found.setdefault(one.line, []).append(one)
            return found

        for one in self.workspace.view(("at", name), (sections,), at_lines).get(section.line, ()):
            if self.home_of(one) is section:
                return one
        shown = printable(section.name)
        raise EditError(f"Asterisk does not read [{shown}] where it stands, for {name}")

    def sections(self, name: str) -> tuple[EffectiveSection, ...]:
        """Return the sections that Asterisk holds after reading a file; none if it refuses it."""
        effective = self.resolve(name)
        return effective.sections if effective is not None else ()

    def document(self, name: str) -> Document:
        """Return a file's document, a new and empty one if there is no such file."""
        document = self.files.get(name)
        if isinstance(document, Document):
            return document
        if document is not None:
            raise EditError(f"{printable(name)} lies where it must not be read")
        made = self.files.documents[name] = Document("", name=name)
        if name not in self.workspace.names:
            self.workspace.names.append(name)
        return made

    def found(self, of: object) -> Mapping[str, Bound[Any]]:
        """Return the objects of a kind by key, each with its places, as the files stand now.

        Args:
            of: a class, or an object of that kind.
        """
        kind = of if isinstance(of, type) else type(of)
        if kind in _PJSIP_VIEWS:
            return getattr(self.workspace.pjsip, _PJSIP_VIEWS[kind])  # type: ignore[no-any-return]
        if issubclass(kind, DialplanContext):
            return self.workspace.dialplan.contexts
        if issubclass(kind, Mailbox | Queue):
            work = self.workspace
            return (work.mailboxes if issubclass(kind, Mailbox) else work.queues).objects
        file, name = _source_of(of, kind)
        effective = self.resolve(file) if file else None
        if effective is None:
            return {}
        return self.workspace.view(
            ("objects", file, name), (effective,), lambda: _read(effective, of, kind)
        )

    # -- files that another program writes ----------------------------------------------------

    def by_hand(self, name: str) -> str:
        """Return the file to write new things into in place of `name`.

        That is the file of changes by hand beside one that another program writes, if there is
        one; else `name` itself.
        """
        return next(iter(self.customs(name)), name)

    def customs(self, name: str) -> tuple[str, ...]:
        """Return the files of changes by hand beside one that another program writes.

        None if it is no such file, or if somebody insists on editing it.
        """
        document = self.files.documents.get(name)
        if document is None or self.files.edit_generated or not generator_of(document.head.text):
            return ()
        return customs_of(name, self.workspace.sources)

    def added_to(self, section: Section) -> Section:
        """Return the section to write an option into that another section is to get.

        That is the section itself, or a `[name](+)` in the file of changes by hand, if another
        program writes the section and that file is read behind it.
        """
        customs = self.customs(section.document.name) if section.headed else ()
        readings = self.workspace.whole_readings() if customs else ()
        twins = sum(one.name == section.name for reading in readings for one in reading.live)
        kind = section.get("type") if twins > 1 else None
        entries = [f"+type={kind}" if kind else "+"]
        for name in customs:
            document = self.document(name)
            for one in document.all(section.name):
                if one.header is not None and list(one.header.entries or ()) == entries:
                    return one
            with suppress(EditError), self.attempt():
                made = document.add_section(section.name, inherits=entries)
                at = (name, made.line)
                for reading in self.workspace.whole_readings():
                    found = (one.position for one in reading.diagnostics if one.position)
                    if at in {(one.file, one.line) for one in found}:
                        raise EditError("there is no such section above it")
                return made
        return section

    def refuse_generated(self, heads: Iterable[tuple[str, str]]) -> None:
        """Raise if one of the files is written by another program, and nobody insists.

        Args:
            heads: their names, each with the text before the first section, as it was.

        Raises:
            EditError: it is; the message names the file for changes by hand, if there is one.
        """
        for name, text in () if self.files.edit_generated else heads:
            program = generator_of(text)
            if program:
                custom = next(iter(customs_of(name, self.workspace.sources)), "")
                instead = f", write it into {printable(custom)}" if custom else ""
                raise EditError(
                    f"{program} writes {printable(name)}, so this edit would be lost: make it in "
                    f"{program}{instead}, or insist with edit_generated=True "
                    "(--edit-generated in the shell)"
                )

    # -- who uses what ------------------------------------------------------------------------

    def users(self, ref: LineRef) -> Iterator[EffectiveSection]:
        """Yield every section, templates too, that holds what a line says."""
        document = self.files.get(ref[0])
        part = self.section_at(ref) if isinstance(document, Document) else None
        for reading in self.workspace.whole_readings():
            if all(file != ref[0] for file, _ in reading.files):
                continue
            if part is None:  # what a command gave: its lines are numbered anew each time
                yield from (section for section in reading.sections if section.holds(*ref))
                continue
            holders = self.workspace.view(
                ("holders", reading.name), (reading,), partial(LineHolders.of, reading)
            )
            yield from holders.find(*ref, part.line + part.headed)

    # -- all or nothing -----------------------------------------------------------------------

    @contextmanager
    def attempt(self, *, explain: bool = False) -> Iterator[None]:
        """Undo every edit that is made inside, if it ends with an error.

        Args:
            explain: let an `EditError` carry the findings that the undone edit would have caused.

        Raises:
            EditError: a file was edited that another program writes.
        """
        before = {name: doc.snapshot() for name, doc in self.files.documents.items()}
        names = list(self.workspace.names)
        try:
            yield
            docs = self.files.documents
            heads = [(name, was[0][1]) for name, was in before.items() if generator_of(was[0][1])]
            self.refuse_generated((n, h) for n, h in heads if docs[n].snapshot() != before[n])
        except BaseException as error:
            explain = explain and isinstance(error, EditError) and not error.diagnostics
            found = self._findings() if explain else {}
            for name, document in list(self.files.documents.items()):
                if name in before:
                    document.restore(before[name])
                elif document.version or name not in self.files.originals:
                    del self.files.documents[name]  # created inside, or can be read again
            self.workspace.names[:] = names
            if isinstance(error, EditError) and explain:
                known = self._findings()
                error.diagnostics = tuple(one for key, one in found.items() if key not in known)
            raise

    def _findings(self) -> dict[tuple[str, str], Diagnostic]:
        """Return what is odd about the files now, by code and message."""
        work = self.workspace
        every = (*work.diagnostics, *work.object_diagnostics)
        return {(one.code, one.message): one for one in every}

    def remove(self, sections: Iterable[Section], scope: EditScope | None = None) -> None:
        """Remove sections, each once, with the comments that touch their headers from above.

        `scope` is told that they go.
        """
        for section in dict.fromkeys(sections):
            if scope is not None:
                scope.all(section)
            _remove_section(self.files, section)

    @contextmanager
    def edit(self) -> Iterator[EditScope]:
        """Undo an edit that fails, or changes more than the scope says that it may.

        Yields:
            The scope, to be filled inside.
        """
        scope = EditScope()
        with self.attempt(explain=True), self.nothing_else_changes(scope):
            yield scope

    @contextmanager
    def nothing_else_changes(self, scope: EditScope) -> Iterator[None]:
        """Raise an error at the end if something outside the scope reads differently.

        Args:
            scope: what may change; it may grow inside.

        Raises:
            EditError: another section reads differently than before.
        """
        before, starts = self.workspace.whole_readings(), self._starts()
        yield
        for was in before:
            now = self.resolve(was.name)
            if now is was:
                continue
            if was.valid and (now is None or not now.valid):
                raise EditError(f"Asterisk would refuse {printable(was.name)} as a whole")
            if now is not None:
                old, new = _differing(list(was.live), list(now.live))
                both = set(old) & set(new)
                _compare(
                    scope.rest(old, _homes(set(old) - both, starts)),
                    scope.rest(new, _homes(set(new) - both, self._starts())),
                )

    def _starts(self) -> dict[str, Mapping[int, Section]]:
        """Return the sections of each document by the line on which they begin."""
        return {name: self._starts_of(name) for name in self.files.documents}

    def _starts_of(self, name: str) -> Mapping[int, Section]:
        document = self.files.documents.get(name)
        if document is None:
            return {}

        def starts() -> Mapping[int, Section]:
            return {part.line: part for part in document.parts if part.headed}

        return self.workspace.view(("starts", name), (document, document.version), starts)


def _remove_section(files: Files, section: Section) -> None:
    """Remove a section, but keep the includes in it that do not belong to it alone.

    One that leads to options only goes along: they are the section's.
    """
    kept = [node for node in section.directives if not _adds_options_only(files, node)]
    includes = "".join(directive.text for directive in kept)
    document = section.document
    parts = document.parts
    before = parts[parts.index(section) - 1]
    document.remove_section(section)
    if includes:
        text = before.text
        end = "" if not text or text.endswith("\n") else document.eol
        set_text(before, text + end + includes)


def _adds_options_only(files: Files, node: Directive) -> bool:
    """Return whether a directive leads to options, and to no header of a section."""
    names, options = included(files, node), 0
    for name in names:  # it grows on the way
        document = files.get(name)
        if not isinstance(document, Document) or len(document):
            return False
        options += len(document.head.options)
        more = [new for one in document.head.directives for new in included(files, one)]
        names += [new for new in dict.fromkeys(more) if new not in names]
    return options > 0


_PJSIP_VIEWS: Mapping[type, str] = {
    EndpointRecord: "endpoints",
    Extension: "extensions",
    Trunk: "trunks",
}


def _source_of(of: object, kind: type) -> tuple[str, str]:
    """Return the file that is read for a kind of object, and a name for the kind."""
    if isinstance(of, ConfigObject):
        return of.file, f"section {of.kind}"
    return (kind.file, kind.__name__) if issubclass(kind, SchemaObject) else ("", "")


def _read(source: Effective, of: object, kind: type) -> Mapping[str, Bound[Any]]:
    if isinstance(of, ConfigObject):
        return read_objects(source, of.kind)
    assert issubclass(kind, SchemaObject)
    typed = ((section.name, read_typed(section, kind)) for section in source.live)
    found: dict[str, Bound[Any]] = {}
    for name, bound in typed:
        if bound is not None:
            found.setdefault(name if hasattr(bound.obj, "name") else "", bound)
    return found


def _differing(
    was: list[EffectiveSection], now: list[EffectiveSection]
) -> tuple[list[EffectiveSection], list[EffectiveSection]]:
    """Return both lists without what they have in common at their ends."""
    size = min(len(was), len(now))
    start = next((n for n in range(size) if was[n] is not now[n]), size)
    most = size - start
    end = next((n for n in range(most) if was[-1 - n] is not now[-1 - n]), most)
    return was[start : len(was) - end], now[start : len(now) - end]


def _homes(
    sections: Iterable[EffectiveSection], starts: Mapping[str, Mapping[int, Section]]
) -> dict[EffectiveSection, SectionStart]:
    """Return the sections of documents that begin these, by where they began."""
    return {
        section: starts.get(section.file, {}).get(section.line, (section.file, section.line))
        for section in sections
    }


def _compare(
    was: Iterable[tuple[EffectiveSection, list[tuple[str, str]]]],
    now: Iterable[tuple[EffectiveSection, list[tuple[str, str]]]],
) -> None:
    for old, new in zip_longest(was, now):
        if old is None or new is None:
            raise EditError("another section would come or go with this edit")
        if old[0] is not new[0] and (old[0].name, old[1]) != (new[0].name, new[1]):
            name = printable(old[0].name)
            raise EditError(f"[{name}] would read differently, too: it shares what would change")


# -- edits of text, by offsets --------------------------------------------------------------------


def apply_edits(files: Files, edits: Iterable[TextEdit]) -> None:
    """Make edits of the text of some files, all of them or none.

    Args:
        files: the documents.
        edits: what to replace, by offsets in the text as it is now; no two overlap.

    Raises:
        EditError: an edit goes over the border of a section, or would move one.
    """
    by_file: dict[str, list[TextEdit]] = {}
    for edit in edits:
        by_file.setdefault(edit.file, []).append(edit)
    before = [(files.documents[file], files.documents[file].snapshot()) for file in by_file]
    try:
        for file, several in by_file.items():
            _apply(files.documents[file], several)
    except EditError:
        for document, state in before:
            document.restore(state)
        raise


def _apply(document: Document, edits: list[TextEdit]) -> None:
    start = len(str(document)) - sum(len(part.text) for part in document.parts)  # a BOM
    for section in document.parts:
        text, end = section.text, start + len(section.text)
        mine = [one for one in edits if start <= one.start and one.end <= end]
        edits = [one for one in edits if one not in mine]
        for one in sorted(mine, key=lambda one: one.start, reverse=True):
            text = text[: one.start - start] + one.text + text[one.end - start :]
        if mine:
            set_text(section, text)
        start = end
    mark_changed(document)
    read = [part.text for part in Document(str(document), name=document.name).parts]
    if edits or [part.text for part in document.parts] != read:
        raise EditError(f"the text of {printable(document.name)} cannot be replaced there")
