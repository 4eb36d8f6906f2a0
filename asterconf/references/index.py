"""`References`: who names what in a whole configuration."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import Any, NamedTuple, overload

import attrs

from asterconf import schema
from asterconf.bind.parts import PARTS
from asterconf.bind.pjsip import EndpointRecord, PjsipObjects
from asterconf.dialplan.loader import LoadedDialplan
from asterconf.dialplan.places import ContextPlaces
from asterconf.dialplan.values import HINT, DialplanContext, DialplanExtension, DialplanStep
from asterconf.errors import NotFoundError
from asterconf.frames import DataFrame, frame
from asterconf.language import appcall
from asterconf.language.exten import cut_name
from asterconf.language.pattern import matches
from asterconf.model import ConfigObject, Extension, Mailbox, Queue, Trunk
from asterconf.model.configobject import SchemaObject
from asterconf.references.defined import Defined, Known
from asterconf.references.mentions import PLACE, PLAN, Mention, Piece, in_value, pieces
from asterconf.references.plan import PlanUses, Use, UseAt, extension_name
from asterconf.references.values import Certainty, Fails, Name, Reference
from asterconf.resolve import Effective, EffectiveSection
from asterconf.resolve.effective import cached
from asterconf.resolve.files import Files
from asterconf.resolve.sources import FileSource
from asterconf.schema import base_name
from asterconf.shown import Shown
from asterconf.source import Position, count, fold
from asterconf.syntax import Document, Section
from asterconf.syntax.lines import Option

_NOT_READ = {"disabled", "unread"}
_DECLINES = {"xmpp.conf"}
"""Files without which no module that would look a name up loads: res_xmpp, chan_motif; observed."""

_UNUSED = {"context", "label", "template", "queue", "mailbox", "class", "named_acl", "aor", "auth",
           "parking_lot", "rule", "user_profile", "bridge_profile", "menu",
           "zonemessages", "endpoint"}  # fmt: skip
"""Kinds of which `unused` tells."""


class ReferenceList(Shown, Sequence[Reference]):
    """References in the order in which they were found."""

    def __init__(self, found: Iterable[Reference] = ()) -> None:
        self._found = tuple(found)

    @property
    def _all(self) -> tuple[Reference, ...]:
        return self._found

    @overload
    def __getitem__(self, index: int) -> Reference: ...
    @overload
    def __getitem__(self, index: slice) -> ReferenceList: ...
    def __getitem__(self, index: int | slice) -> Reference | ReferenceList:
        found = self._all[index]
        return found if isinstance(found, Reference) else ReferenceList(found)

    def __iter__(self) -> Iterator[Reference]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ReferenceList) and self._all == other._all

    def __hash__(self) -> int:
        return hash(self._all)

    def __repr__(self) -> str:
        open_ = sum(not one.certain for one in self._all)
        doubt = f", {open_} undecided" if open_ else ""
        return f"<{type(self).__name__}: {count(len(self._all), 'reference')}{doubt}>"

    def __str__(self) -> str:
        return "\n".join(map(str, self._all))

    def to_records(self) -> list[dict[str, Any]]:
        """Return the references as plain dicts, for a table."""
        return [
            {
                "file": one.place.file,
                "line": one.place.line,
                "column": one.place.column,
                "source": str(one.source),
                "by": one.by,
                "kind": one.target.kind,
                "name": one.target.name,
                "defined_in": one.target.file,
                "certainty": one.certainty,
            }
            for one in self._all
        ]

    def to_frame(self) -> DataFrame:
        """Return the references as a pandas DataFrame.

        Raises:
            MissingExtraError: pandas is not installed (extra `pandas`).
        """
        return frame(self.to_records())


class _Raw(NamedTuple):
    """A reference before its place is looked up: `make` finds that.

    `live`: it is certain, and the line counts.
    """

    target: Name
    certain: bool
    make: Callable[[], Reference | None]
    live: bool = False
    fails: Fails = "never"


class _InSection(NamedTuple):
    """A name in an item of a section; `counts`: the reader uses that item."""

    item: int
    mention: Mention
    counts: bool


def _mentions(section: EffectiveSection) -> tuple[_InSection, ...]:
    """Return what the options of a section name."""
    kind = section.kind
    if kind is None or (kind.file, kind.name) == (PLAN, "context"):
        return ()
    found: list[tuple[str, _InSection]] = []
    chosen: dict[str, int] = {}
    for index, (name, value) in enumerate(section.pairs):
        facts = kind.option(name) if value else None
        if facts is None or not (facts.references or facts.raw.get("options_object")):
            continue
        key = "" if facts.repeat == "accumulate" or facts.match != "name" else fold(name)
        if facts.repeat == "last" or key not in chosen:
            chosen[key] = index
        found += [
            (key, _InSection(index, one._replace(by=name), counts=True))
            for one in in_value(facts, value)
        ]
    return tuple(one._replace(counts=not key or chosen[key] == one.item) for key, one in found)


def _set_in(section: EffectiveSection) -> frozenset[str]:
    return frozenset(
        value.partition("=")[0].strip().lstrip("_")
        for name, value in section.pairs
        if fold(name).rpartition("/")[2] in {"set_var", "setvar"}
    )


class References(ReferenceList):
    """Every place of a configuration that names something, and what there is to be named.

    Iterate over it for all references; ask `to`, `made_by`, `missing` and `unused` for some.
    """

    def __init__(
        self,
        files: Files,
        readings: Sequence[Effective],
        sources: Callable[[], Mapping[str, FileSource]],
        objects: Callable[[Effective | None, Effective | None], PjsipObjects],
        plan: LoadedDialplan,
        uses: PlanUses,
    ) -> None:
        self._files = files
        self._readings = readings
        self._ask_sources = sources
        self._ask_objects = objects
        self._loaded = plan
        self.plan = uses
        self._nearest: dict[tuple[str, str], Nearest] = {}

    @cached_property
    def _sources(self) -> Mapping[str, FileSource]:
        return self._ask_sources()

    @cached_property
    def defined(self) -> Defined:
        """What there is to be named."""
        readings = {base_name(one.name): one for one in self._readings}
        return Defined(readings, self._sources, self._loaded, self._ask_objects)

    # -- questions ----------------------------------------------------------------------------

    @cached_property
    def _all(self) -> tuple[Reference, ...]:
        return self._made(self._raw)

    def to(self, target: object) -> ReferenceList:
        """Return every place that names something, or may name it.

        Args:
            target: an object of the model such as `conf.queues["sales"]`, a `Section` of a
                document, or a `Name`.

        Raises:
            NotFoundError: that is nothing with a name.
        """
        wanted: set[Name] = {target} if isinstance(target, Name) else set(names_of(target))
        if not wanted:
            raise NotFoundError(f"{type(target).__name__} has no name by which it is referred to")
        named, open_ = self._by_name
        places = {at for name in wanted for at in named.get(name, ())}
        places |= {at for at in open_ if _may_name(self._raw[at].target, wanted)}
        found = self._made(self._raw[at] for at in sorted(places))
        return ReferenceList(one for one in found if one.certain or _reaches(one, wanted))

    def made_by(self, source: object) -> ReferenceList:
        """Return what a part of the configuration names.

        Args:
            source: a step, extension or context of the dialplan, an object of the model, a
                `Section` of a document, or a `Name`.
        """
        if isinstance(source, DialplanStep):
            found: Iterable[_Raw] = self._of_step(source)
            return ReferenceList(self._made(found))
        if isinstance(source, Section):
            file, first = source.document.name, source.line
            last = first + len(source.nodes)
            here = (one for one in self._all if one.place.file == file)
            return ReferenceList(one for one in here if first <= one.place.line < last)
        if isinstance(source, DialplanContext):
            raws = self._in_context(source.name)
            return ReferenceList(self._made(raws))
        if isinstance(source, DialplanExtension):
            names = {
                extension_name(context.name, one)
                for context in self._loaded.dialplan.contexts
                for one in context.extensions
                if one is source or one == source
            }
            return ReferenceList(one for one in self._all if one.source in names)
        wanted = {source} if isinstance(source, Name) else set(names_of(source))
        return ReferenceList(self._made(self._raw_of_names(wanted)))

    def missing(self) -> ReferenceList:
        """Return the references to what is certainly not there, so that something fails."""
        return self._missing

    @cached_property
    def _missing(self) -> ReferenceList:
        found = [
            one
            for section in self._sections
            for one in self._in_section(section)
            if one.live and self._is_missing(one.target, one.fails)
            if one.target.kind != "context" or self._is_looked_up(section)
        ]
        asked = self._asked()
        for context in self._loaded.dialplan.contexts:
            found += [self._step_raw(context, one) for one in self._failing_in(context, asked)]
            for path, use in self.plan.includes(context):
                if self._fails_for(use):
                    found.append(self._part_raw(context, path, use))
        return ReferenceList(self._made(found))

    def _asked(self) -> dict[tuple[str, str], list[Mention]]:
        """Return what each text of a step names and may miss; texts repeat, and are read once."""
        asked = {}
        for text in self.plan.steps:
            if found := [one for one in self.plan.in_step(*text) if self._may_fail(one)]:
                asked[text] = found
        return asked

    def _failing_in(
        self, context: DialplanContext, asked: dict[tuple[str, str], list[Mention]]
    ) -> Iterator[UseAt]:
        """Yield the names in a context that are not there.

        What is there wherever it is named is taken out of `asked`.
        """
        plan = self.plan
        for number, extension in enumerate(context.extensions):
            for at, step in enumerate(extension.steps):
                mentions = asked.get((step.app, step.data), [])
                for mention in mentions[:]:
                    if plan.leads(mention, context.name, extension):
                        continue
                    uses = plan.uses(mention, context, extension, at)
                    failing = [use for use in uses if self._fails_for(use)]
                    yield from (UseAt(number, at, use) for use in failing)
                    if not failing and plan.is_free(mention):
                        mentions.remove(mention)
            for device in plan.in_hint(extension):
                uses = plan.uses(device, context, extension, -1) if self._may_fail(device) else ()
                yield from (UseAt(number, -1, use) for use in uses if self._fails_for(use))

    def _may_fail(self, mention: Mention) -> bool:
        """Return whether all names are known of a kind that a mention names."""
        if mention.fails == "never":
            return False
        if mention.kind == PLACE:
            return self.defined.of(PLAN, "context").complete
        found = pieces(mention, self.plan.steady(mention.text))
        if any("$" in one.name and one.kind == "device" for one in found):
            return True
        return any(self.defined.of(one.file, one.kind).complete for one in found)

    def _fails_for(self, use: Use) -> bool:
        """Return whether a step fails for what it names."""
        fails = use.certain and self._is_missing(use.target, use.fails)
        if fails and "$" in use.text:  # a channel may have another value of that name
            fails = self._set_elsewhere.isdisjoint(re.findall(r"\$\{(\w+)", use.text))
        return fails

    def unused(self) -> tuple[Name, ...]:
        """Return the names that nothing refers to, nor may refer to, sorted.

        A context that calls come into, and a number that people dial, are none of them if some
        option or step names them; that somebody outside knows a name is not seen here.
        """
        used: dict[tuple[str, str], set[str]] = {}
        doubtful: dict[tuple[str, str], set[str]] = {}
        for one in self._raw:
            group = used if one.certain else doubtful
            target = self._canon(one.target)
            group.setdefault((target.file, target.kind), set()).add(target.name)
        found = set[Name]()
        for name in self.names():
            key = (name.file, name.kind)
            boxes = key == ("voicemail.conf", "context")
            if name.kind not in _UNUSED or boxes or name.name in used.get(key, ()):
                continue
            if not any(_may_be(text, name.name) for text in doubtful.get(key, ())):
                found.add(name)
        return tuple(sorted(found))

    def names(self) -> Iterator[Name]:
        """Yield everything that the files define by a section, a line or a step."""
        for reading in self._readings:
            file = base_name(reading.name)
            plan = ("context", "extension", "label") if file == PLAN else ()
            boxes = ("mailbox", "zonemessages") if file == "voicemail.conf" else ()
            for kind in (*plan, *boxes):
                names = self.defined.of(file, kind).names
                if kind == "context":
                    names = frozenset(self.plan.contexts)
                yield from (Name(file, kind, one) for one in sorted(names))
            for section in reading.live if not plan else ():
                kind_of = section.kind
                if kind_of is not None and kind_of.name not in {"wizard", *boxes}:
                    yield Name(file, kind_of.name, section.name)
        for document in self._files.documents.values():
            for part in document.sections:
                if part.template:
                    yield Name(document.name, "template", part.name)

    def known(self, name: Name) -> Known:
        """Return the names of the same kind."""
        return self.defined.of(name.file, name.kind)

    def near(self, name: Name) -> str:
        """Return the defined name that may have been meant; empty: none is near."""
        kind = name.file, name.kind
        if kind not in self._nearest:
            self._nearest[kind] = Nearest(self.known(name).names)
        return self._nearest[kind].find(name.name)

    def _is_missing(self, target: Name, fails: Fails) -> bool:
        """Tell whether what is named is certainly not there, and something fails for that."""
        if fails == "never":
            return False
        known = self.known(target)
        if not known.complete:
            absent = target.file not in _DECLINES and self.defined.absent(target.file)
            return fails == "at load" and absent
        return known.spelled(target.name) is None and self._may_be_missing(target)

    @cached_property
    def _set_elsewhere(self) -> set[str]:
        """The variables that sections of other files set on channels."""
        return {
            name
            for section in self._sections
            for name in cached(section, "variables", partial(_set_in, section))
        }

    def _may_be_missing(self, target: Name) -> bool:
        """Tell whether nothing but the files can make an extension or label."""
        if target.file != PLAN or target.kind == "context":
            return True
        where = target.name.partition(",")[0] if target.kind == "label" else _context(target.name)
        return where in self.plan.contexts and where not in self._open_contexts

    @cached_property
    def _open_contexts(self) -> frozenset[str]:
        """The contexts to which modules add extensions, and those that include one of them.

        What autohints adds has no step that a call could run.
        """
        found = self.defined.made_contexts
        return frozenset(name for one in found for name in self.plan.callers(one))

    @cached_property
    def _by_name(self) -> tuple[dict[Name, list[int]], list[int]]:
        """Where each name stands in `_raw`, as written and as defined; and what is uncertain."""
        named: dict[Name, list[int]] = {}
        for at, one in enumerate(self._raw):
            for name in {one.target, self._canon(one.target)} if one.certain else ():
                named.setdefault(name, []).append(at)
        return named, [at for at, one in enumerate(self._raw) if not one.certain]

    def _canon(self, target: Name) -> Name:
        """Return a name as it is defined, where case does not count."""
        if target.kind == "template":
            return target
        spelled = self.known(target).spelled(target.name)
        return target if spelled in {None, target.name} else attrs.evolve(target, name=spelled)

    # -- what there is ------------------------------------------------------------------------

    @cached_property
    def _raw(self) -> list[_Raw]:
        """Every reference, its place to be looked up."""
        found = [one for section in self._sections for one in self._in_section(section)]
        for context in self._loaded.dialplan.contexts:
            found += self._in_context(context.name)
        found += self._in_globals()
        found += self._in_headers()
        return found

    @cached_property
    def _sections(self) -> list[EffectiveSection]:
        return [
            section
            for reading in self._readings
            for section in reading.live
            if base_name(reading.name) != PLAN or fold(section.name) in {"general", "globals"}
        ]

    def _made(self, raws: Iterable[_Raw]) -> tuple[Reference, ...]:
        """Return references with their places, each once though many sections inherit it."""
        found: dict[tuple[object, ...], Reference] = {}
        for raw in raws:
            made = raw.make()
            if made is not None:
                found.setdefault((made.place, made.span, made.target, made.by), made)
        return tuple(found.values())

    def _live(self, reading: Effective | None) -> bool:
        facts = reading.schema.file(reading.name) if reading is not None else None
        if reading is None or (facts is not None and facts.loader == "removed"):
            return False
        if len(self._readings) == 1:
            return True
        source = self._sources.get(reading.name)
        return source is None or not (source.is_fragment or source.role in _NOT_READ)

    def _is_looked_up(self, section: EffectiveSection) -> bool:
        """Tell whether anything looks at the contexts that a section names."""
        reading = section.reading
        users = reading is not None and base_name(reading.name) == "users.conf"
        return not users or self.defined.has_driver(section.name)

    # -- sections -----------------------------------------------------------------------------

    def _in_section(self, section: EffectiveSection) -> Iterator[_Raw]:
        found = cached(section, "mentions", partial(_mentions, section))
        live = self._live(section.reading) if found else False
        for one in found:
            for piece in pieces(one.mention, one.mention.text):
                target, certain = Name(piece.file, piece.kind, piece.name), "$" not in piece.name
                if piece.kind in {"extension", "label"} and all(piece.within[:1]):
                    found_target, certain, _ = self.plan.named(piece)
                    if found_target is None:
                        continue
                    target = found_target
                counts = certain and live and one.counts
                make = partial(self._option, section, one, piece, target, certain=certain)
                yield _Raw(target, certain, make, counts, one.mention.fails)

    def _option(
        self,
        section: EffectiveSection,
        one: _InSection,
        piece: Piece,
        target: Name,
        *,
        certain: bool,
    ) -> Reference | None:
        """Return the reference of a name in the value of an option."""
        parts = section.item(one.item).parts
        mention = one.mention
        start, end = _span(mention, piece)
        for option, file in parts:
            shift = 0
            if len(parts) > 1:
                shift = option.value.find(mention.text)
                shift -= mention.start
                if shift + mention.start < 0:
                    continue
            return Reference(
                _at(option, file, start + shift),
                (start + shift, end + shift),
                target,
                mention.by,
                _certainty(certain),
                _source(section, option),
                mention.text[piece.start : piece.end],
                mention.how,
                _through(piece),
                mention.fails,
            )
        return None

    # -- the dialplan -------------------------------------------------------------------------

    def _in_context(self, name: str) -> Iterator[_Raw]:
        context = self.plan.contexts[name]
        for one in self.plan.of(context):
            yield self._step_raw(context, one)
        for path, use in self.plan.includes(context):
            yield self._part_raw(context, path, use)
        for at, extension in enumerate(context.extensions):
            for number, step in enumerate(extension.steps):
                if fold(step.app) == "set" and "=" in step.data:
                    yield from self._set(context, at, number, step)

    def _step_raw(self, context: DialplanContext, one: UseAt) -> _Raw:
        use = one.use
        make = partial(self._step, context, one)
        return _Raw(use.target, use.certain, make, use.certain, use.fails)

    def _part_raw(self, context: DialplanContext, path: str, use: Use) -> _Raw:
        make = partial(self._part, context, path, use)
        return _Raw(use.target, use.certain, make, use.certain, use.fails)

    def _set(
        self, context: DialplanContext, extension: int, at: int, step: DialplanStep
    ) -> Iterator[_Raw]:
        """Yield what the value of a variable names that a step sets."""
        name, _, value = step.data.partition("=")
        variable = re.sub(r"(?i)\AGLOBAL\((.*)\)\Z", r"\1", name.strip()).lstrip("_")
        if self.plan.variables.get(variable) is None:
            return
        shift = len(name) + 1
        for use in self.plan.in_variable(variable, value):
            moved = use._replace(start=use.start + shift, end=use.end + shift)
            make = partial(self._step, context, UseAt(extension, at, moved))
            yield _Raw(use.target, use.certain, make)

    def _of_step(self, step: DialplanStep) -> Iterator[_Raw]:
        for context in self.plan.contexts.values():
            for one in self.plan.of(context):
                made = context.extensions[one.extension].steps
                if one.step >= 0 and (made[one.step] is step or made[one.step] == step):
                    yield self._step_raw(context, one)

    def _step(self, context: DialplanContext, one: UseAt) -> Reference | None:
        """Return the reference of a name in a step or hint."""
        places = self._places(context.name)
        extension = context.extensions[one.extension]
        priority = HINT if one.step < 0 else extension.steps[one.step].priority
        use = one.use
        if places is None:
            return None
        option, file = places.lines.option(places.number(one.extension, priority))
        base, size = _arguments(option)
        start, end = base + use.start, base + use.end
        if one.step < 0:  # what a variable says in a hint is put in when it is loaded
            at = option.value.find(use.text, base)
            start, end = (at, at + len(use.text)) if at >= 0 else (base, base + size)
        source = extension_name(context.name, extension)
        return _reference(use, option, file, (start, end), source)

    def _part(self, context: DialplanContext, path: str, use: Use) -> Reference | None:
        places = self._places(context.name)
        if places is None:
            return None
        option, file = places.lines.option(places.parts[path])
        start = option.value.find(use.text)
        span = (start, start + len(use.text)) if start >= 0 else (0, len(option.value))
        return _reference(use, option, file, span, Name(PLAN, "context", context.name))

    def _places(self, context: str) -> ContextPlaces | None:
        return self._loaded.contexts.places(context)

    def _in_globals(self) -> Iterator[_Raw]:
        """Yield what the values of global variables name."""
        for reading in self._readings:
            for section in reading.live if base_name(reading.name) == PLAN else ():
                if fold(section.name) != "globals":
                    continue
                for index, (name, value) in enumerate(section.pairs):
                    for use in self.plan.in_variable(name.lstrip("_"), value):
                        make = partial(self._global, section, index, use)
                        yield _Raw(use.target, use.certain, make)

    @staticmethod
    def _global(section: EffectiveSection, index: int, use: Use) -> Reference | None:
        option, file = section.item(index).parts[0]
        source = Name(PLAN, "global", option.name)
        return _reference(use, option, file, (use.start, use.end), source)

    # -- templates ----------------------------------------------------------------------------

    def _in_headers(self) -> Iterator[_Raw]:
        for document in self._files.documents.values():
            yield from _headers(document)

    def _raw_of_names(self, wanted: set[Name]) -> Iterator[_Raw]:
        for raw in self._raw:
            made = raw.make()
            if made is not None and made.source in wanted:
                yield raw


def _headers(document: Document) -> Iterator[_Raw]:
    """Yield what the lists of templates behind section headers name."""
    for section in document.sections:
        for number, entry in enumerate(section.inherits if section.headed else ()):
            target = Name(document.name, "template", entry)
            make = partial(_inherited, document, section, number, target)
            yield _Raw(target, certain=True, make=make)


def _inherited(document: Document, section: Section, number: int, target: Name) -> Reference:
    header = section.header
    assert header is not None
    at = header.text.find("]")
    for _ in range(number + 1):
        found = header.text.find(target.name, at + 1)
        at = found if found >= 0 else at
    place = Position(document.name, section.line, at + 1)
    kind = "template" if section.template else "section"
    source = Name(document.name, kind, section.name)
    return Reference(
        place, (number, number + 1), target, "template", "certain", source, target.name
    )


def _through(piece: Piece) -> bool:
    return piece.kind not in {"extension", "label"} and bool(piece.within)


def _span(mention: Mention, piece: Piece) -> tuple[int, int]:
    if mention.end - mention.start != len(mention.text):
        return mention.start, mention.end
    return mention.start + piece.start, mention.start + piece.end


def _certainty(certain: bool) -> Certainty:  # noqa: FBT001
    return "certain" if certain else "undecided"


def _at(option: Option, file: str, offset: int) -> Position:
    columns = option.columns
    column = columns[offset] if offset < len(columns) else (columns or [1])[-1]
    return Position(file, option.line, column)


def _reference(
    use: Use, option: Option, file: str, span: tuple[int, int], source: Name
) -> Reference:
    return Reference(
        _at(option, file, span[0]), span, use.target, use.by, _certainty(use.certain), source,
        use.text, use.how, use.through, use.fails,
    )  # fmt: skip


def _arguments(option: Option) -> tuple[int, int]:
    """Return where the arguments of the call on a line of a context begin, and their length."""
    value = option.value
    rest = (cut_name(value)[1] or "") if fold(option.name) == "exten" else value
    field, _, call = rest.partition(",")
    base = len(value) - len(call)
    if field.strip().partition("(")[0].strip() == "hint":
        return base, len(call)
    start, end = appcall.parse(call).data_span
    return base + start, end - start


def _source(section: EffectiveSection, option: Option) -> Name:
    """Return what a line of a section belongs to."""
    kind = section.kind
    file = base_name(section.reading.name) if section.reading else section.file
    name = kind.name if kind else "section"
    if name == "wizard":
        return Name("pjsip.conf", "endpoint", section.name)
    if (file, name) == ("voicemail.conf", "context"):
        return Name(file, "mailbox", f"{option.name}@{section.name}")
    return Name(file, name, section.name)


def _context(extension: str) -> str:
    return extension.rpartition("@")[2]


def _may_name(target: Name, wanted: set[Name]) -> bool:
    return any(
        (target.file, target.kind) == (name.file, name.kind) and _may_be(target.name, name.name)
        for name in wanted
    )


def _may_be(text: str, name: str) -> bool:
    """Tell whether a text with variables in it may become a name."""
    literal = re.split(r"\$\{[^{}]*\}|\$\[[^\]]*\]", text)
    return re.fullmatch(".*".join(map(re.escape, literal)), name, re.DOTALL) is not None


def names_of(obj: object) -> Iterator[Name]:
    """Yield the names by which an object of the model, or a section, is referred to."""
    match obj:
        case Mailbox():
            yield Name("voicemail.conf", "mailbox", obj.address)
        case Queue():
            yield Name("queues.conf", "queue", obj.name)
        case Extension() | Trunk() | EndpointRecord() if obj.technology != "pjsip":
            file = "sip.conf" if obj.technology == "sip" else "iax.conf"
            yield Name(file, "peer", obj.name)
            yield Name("", "device", f"{obj.technology.upper()}/{obj.name}")
        case Extension() | Trunk() | EndpointRecord():
            for kind in ("endpoint", "aor"):
                yield Name("pjsip.conf", kind, obj.name)
            yield Name("pjsip.conf", "auth", obj.name)
            for label in ("auth", "outbound_auth"):
                yield Name("pjsip.conf", "auth", PARTS[label].id(obj.name))
        case DialplanContext():
            yield Name(PLAN, "context", obj.name)
        case ConfigObject():
            yield Name(base_name(obj.file), obj.kind, obj.name)
        case SchemaObject() if hasattr(obj, "name"):
            yield Name(type(obj).file, type(obj).kind, obj.name)
        case Section():
            yield from _of_section(obj)
        case _:
            return


def _of_section(section: Section) -> Iterator[Name]:
    file = base_name(section.document.name)
    yield Name(section.document.name, "template", section.name)
    facts = schema.file(file)
    pairs = [(one.name, one.value) for one in section.options]
    kind = facts.object_of(section.name, pairs) if facts and not section.template else None
    if kind is not None and kind.name == "wizard":
        for name in ("endpoint", "aor"):
            yield Name("pjsip.conf", name, section.name)
    elif kind is not None:
        yield Name(file, kind.name, section.name)


def _reaches(one: Reference, wanted: set[Name]) -> bool:
    """Tell whether the number that is dialled can make an undecided name one of these."""
    before, exten, after = one.target.name.partition("${EXTEN}")
    pattern = one.source.name.rpartition("@")[0].partition("/")[0]
    if not exten or "$" in before + after or one.source.kind != "extension":
        return True
    return any(
        matches(pattern, name.name[len(before) : len(name.name) - len(after)])
        for name in wanted
        if name.name.startswith(before) and name.name.endswith(after)
    )


# -- the name that was meant ----------------------------------------------------------------------


_PIECE = 3
_MARKED = 2_000
"""How many names are looked at for their common pieces. The rarest pieces come first: one that
thousands of names share does not tell which of them was meant."""
_COMPARED = 40
"""How many of those with the most common pieces are compared letter by letter."""


class Nearest:
    """Names, to be searched for the one nearest to another."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = sorted(names)
        self._folded: dict[str, str] = {}
        self._with: dict[str, list[int]] = {}
        for number, name in enumerate(self._names):
            self._folded.setdefault(fold(name), name)
            for piece in _pieces(name):
                self._with.setdefault(piece, []).append(number)

    def find(self, name: str, *, near: float = 0.7) -> str:
        """Return the name that differs in case only, or is most alike; empty: none is near.

        Args:
            name: what was written.
            near: how much alike they must be, from 0 to 1, as `difflib` counts it.
        """
        same = self._folded.get(fold(name))
        if same is not None:
            return same
        common = Counter[int]()
        left = _MARKED
        holders = (self._with[piece] for piece in _pieces(name) if piece in self._with)
        for numbers in sorted(holders, key=len):
            common.update(numbers[:left])
            left -= len(numbers)
            if left <= 0:
                break
        likely = [self._names[number] for number, _ in common.most_common(_COMPARED)]
        found = difflib.get_close_matches(name, likely, 1, near)
        return found[0] if found else ""


def _pieces(name: str) -> set[str]:
    """Return the runs of three letters of a name, as if two blanks stood around it."""
    whole = f"\0\0{fold(name)}\0\0"
    return {whole[at : at + _PIECE] for at in range(len(whole) - _PIECE + 1)}
