"""What an edit works on: the documents, what they mean now, and the way back."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import zip_longest
from typing import Any, TypeVar

import attrs

from asterconf.bind import (
    Bound,
    EndpointRecord,
    Pjsip,
    read_mailboxes,
    read_objects,
    read_queues,
    read_typed,
)
from asterconf.errors import EditError
from asterconf.model import ConfigObject, Extension, Mailbox, Queue, Trunk
from asterconf.model._table import SchemaObject
from asterconf.resolve import Effective, EffectiveSection, Files
from asterconf.source import Position, fold, printable
from asterconf.syntax import Document, Section
from asterconf.syntax.nodes import Line

__all__ = ["Desk", "Spot", "Touched"]

Spot = tuple[str, int]
"""A line: the name of its file, and its number from 1."""

T = TypeVar("T")


@attrs.define
class Touched:
    """What an edit may change: some sections altogether, of others some options."""

    _names: dict[Section, set[str] | None] = attrs.field(factory=dict)

    def may(self, section: Section, names: Iterable[str]) -> None:
        """Let options of these lower-case names change in a section."""
        known = self._names.setdefault(section, set())
        if known is not None:
            known.update(names)

    def all(self, section: Section) -> None:
        """Let a section come, go or change altogether."""
        self._names[section] = None

    def rest(
        self, sections: Iterable[EffectiveSection], homes: Iterable[Section]
    ) -> Iterator[tuple[EffectiveSection, list[tuple[str, str]]]]:
        """Yield each section with those of its names and values that may not change."""
        for section, home in zip(sections, homes, strict=True):
            names = self._names.get(home, ())
            if names is None:
                continue
            pairs = section.pairs
            yield section, [p for p in pairs if fold(p[0]) not in names] if names else pairs


@attrs.define(eq=False)
class Desk:
    """A configuration as the edits need it.

    Attributes:
        files: the documents.
        names: the files that stand alone, not as a part of another; a new file is put there.
        resolve: what Asterisk holds after reading a file; kept until a document is edited.
        pjsip: what pjsip.conf and pjsip_wizard.conf say, as the files stand now.
    """

    files: Files
    names: list[str]
    resolve: Callable[[str], Effective | None]
    pjsip: Callable[[], Pjsip]
    _known: dict[str, tuple[Effective, object]] = attrs.field(factory=dict)

    # -- places -------------------------------------------------------------------------------

    def section_at(self, spot: Spot) -> Section:
        """Return the section of a document that holds a line.

        Raises:
            EditError: the line does not stand in a file, but came from a command.
        """
        document = self.files.get(spot[0])
        if not isinstance(document, Document):
            raise EditError(f"{printable(spot[0])} is no file that could be edited")
        parts = document.parts
        document.number()
        return parts[bisect_right(parts, spot[1], key=lambda part: part.first_line) - 1]

    def node_at(self, spot: Spot) -> tuple[Section, Line]:
        """Return a line, and the section of a document that holds it."""
        section = self.section_at(spot)
        return section, section.nodes[spot[1] - section.line]

    def home_of(self, section: EffectiveSection) -> Section:
        """Return the section of a document that begins an effective section."""
        return self.section_at((section.file, section.line))

    def effective_of(self, name: str, section: Section) -> EffectiveSection:
        """Return what Asterisk makes of a section when it reads the file of that name.

        Raises:
            EditError: it does not read that section.
        """
        for one in self.sections(name):
            if one.line == section.line and self.home_of(one) is section:
                return one
        shown = printable(section.name)
        raise EditError(f"Asterisk does not read [{shown}] where it stands, for {name}")

    def sections(self, name: str) -> tuple[EffectiveSection, ...]:
        """Return the sections that Asterisk holds after reading a file; none if it refuses it."""
        effective = self.resolve(name)
        return effective.sections if effective is not None else ()

    def at(self, place: Position, name: str) -> EffectiveSection | None:
        """Return the live section whose header stands there, in the reading of a file."""
        effective = self.resolve(name)
        if effective is None:
            return None
        places = self.worked_out("places", effective, _places)
        return places.get((place.file, place.line))

    def worked_out(self, what: str, effective: Effective, make: Callable[[Effective], T]) -> T:
        """Return what `make` makes of a reading, kept as long as the reading is the same."""
        key = f"{what} {effective.name}"
        known = self._known.get(key)
        if known is None or known[0] is not effective:
            known = self._known[key] = effective, make(effective)
        return known[1]  # type: ignore[return-value]

    def document(self, name: str) -> Document:
        """Return a file's document, a new and empty one if there is no such file."""
        document = self.files.get(name)
        if isinstance(document, Document):
            return document
        if document is not None:
            raise EditError(f"{printable(name)} lies where it must not be read")
        made = self.files.documents[name] = Document("", name=name)
        if name not in self.names:
            self.names.append(name)
        return made

    def found(self, of: object) -> Mapping[str, Bound[Any]]:
        """Return the objects of a kind by key, each with its places, as the files stand now.

        Args:
            of: a class, or an object of that kind.
        """
        kind = of if isinstance(of, type) else type(of)
        if kind in _HOUSE:
            return getattr(self.pjsip(), _HOUSE[kind])  # type: ignore[no-any-return]
        file, name = _kept(of, kind)
        effective = self.resolve(file) if file else None
        if effective is None:
            return {}
        return self.worked_out(name, effective, lambda source: _read(source, of, kind))

    # -- who uses what ------------------------------------------------------------------------

    def readings(self) -> list[Effective]:
        """Return what Asterisk holds of every file that stands alone."""
        found = (self.resolve(name) for name in self.names)
        return [one for one in found if one is not None]

    def users(self, spot: Spot) -> list[EffectiveSection]:
        """Return every section, templates too, that holds what a line says."""
        return [s for one in self.readings() for s in one.sections if s.holds(*spot)]

    # -- all or nothing -----------------------------------------------------------------------

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Undo every edit that is made inside, if it ends with an error."""
        self.readings()  # reads what is to be read, so that it is not taken for made
        before = {name: doc.snapshot() for name, doc in self.files.documents.items()}
        names = list(self.names)
        try:
            yield
        except BaseException:
            for name, document in list(self.files.documents.items()):
                if name in before:
                    document.restore(before[name])
                elif document.version or name not in self.files.originals:
                    del self.files.documents[name]  # it was made; or can be read again
            self.names[:] = names
            raise

    @contextmanager
    def nothing_else_changes(self, touched: Touched) -> Iterator[None]:
        """See to it that what Asterisk reads stays the same, but for what may change.

        Args:
            touched: what may change; it may grow inside.

        Raises:
            EditError: another section reads differently than before.
        """
        before = self.readings()
        homes = [self._homes(one) for one in before]
        yield
        for was, home in zip(before, homes, strict=True):
            now = self.resolve(was.name)
            if now is was:
                continue
            if was.valid and (now is None or not now.valid):
                raise EditError(f"Asterisk would refuse {printable(was.name)} as a whole")
            if now is not None:
                _compare(touched.rest(was.live, home), touched.rest(now.live, self._homes(now)))

    def _homes(self, effective: Effective) -> list[Section]:
        """Return the sections of documents that begin the live sections of a reading."""
        starts: dict[str, dict[int, Section]] = {}
        homes = []
        for section in effective.live:
            if section.file not in starts:
                document = self.files.documents.get(section.file)
                parts = document.parts if document is not None else ()
                starts[section.file] = {part.line: part for part in parts}
            homes.append(starts[section.file].get(section.line) or self.home_of(section))
        return homes


_HOUSE: Mapping[type, str] = {
    EndpointRecord: "endpoints",
    Extension: "extensions",
    Trunk: "trunks",
}


def _kept(of: object, kind: type) -> tuple[str, str]:
    """Return the file that is read for a kind of object, and a name for the kind."""
    if issubclass(kind, Mailbox):
        return "voicemail.conf", kind.__name__
    if isinstance(of, ConfigObject):
        return of.file, f"section {of.kind}"
    return (kind.file, kind.__name__) if issubclass(kind, SchemaObject) else ("", "")


def _read(source: Effective, of: object, kind: type) -> Mapping[str, Bound[Any]]:
    if issubclass(kind, Mailbox):
        return read_mailboxes(source).objects
    if issubclass(kind, Queue):
        return read_queues(source).objects
    if isinstance(of, ConfigObject):
        return read_objects(source, of.kind)
    assert issubclass(kind, SchemaObject)
    typed = ((section.name, read_typed(section, kind)) for section in source.live)
    found: dict[str, Bound[Any]] = {}
    for name, bound in typed:
        if bound is not None:
            found.setdefault(name if hasattr(bound.obj, "name") else "", bound)
    return found


def _places(effective: Effective) -> dict[Spot, EffectiveSection]:
    return {(section.file, section.line): section for section in effective.live}


def _compare(
    was: Iterable[tuple[EffectiveSection, list[tuple[str, str]]]],
    now: Iterable[tuple[EffectiveSection, list[tuple[str, str]]]],
) -> None:
    for old, new in zip_longest(was, now):
        if old is None or new is None:
            raise EditError("another section would come or go with this edit")
        if (old[0].name, old[1]) != (new[0].name, new[1]):
            name = printable(old[0].name)
            raise EditError(f"[{name}] would read differently, too: it shares what would change")
