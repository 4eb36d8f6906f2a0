"""What Asterisk holds after reading a file: sections and items, each with its origin."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, TypeVar

import attrs

from asterconf.codes import diagnose
from asterconf.diagnostic import Diagnostic
from asterconf.errors import AmbiguousKeyError, NotFoundError
from asterconf.schema import DEFAULT_SCHEMA, ObjectFacts, OptionFacts, Repeat, Schema
from asterconf.secrets import shown_value
from asterconf.shown import Shown
from asterconf.source import Position, Severity, fold, printable
from asterconf.syntax.lines import Option, read_fields, read_plain
from asterconf.syntax.text import FileText, SectionText

Parts = tuple[tuple[Option, str], ...]
"""The lines that a value was written in, each with the name of its file."""

Pair = tuple[str, str]
"""Name and value of an item."""

ItemRow = tuple[str, str, Parts]
"""Name, value and lines of an item."""


@attrs.frozen
class EffectiveItem(Shown):
    """One name and value of a section, as Asterisk holds it.

    `parts` are the lines it was written in, each with the name of its file: one, or for a value
    that `+=` joined the first and each addition. `way` are the templates it came through, the
    one it was written in first; none for an own line.
    """

    name: str
    value: str
    parts: Parts = attrs.field(repr=False)
    way: tuple[str, ...] = ()

    @property
    def origin(self) -> Position:
        """Where the value was written: of a joined one its first line, as Asterisk counts it."""
        option, file = self.parts[0]
        return Position(file, option.line, option.fields.value[0] + 1)

    @property
    def template(self) -> str:
        """The template in which it was written; empty for an own line."""
        return self.way[0] if self.way else ""

    @property
    def shown(self) -> str:
        """The value as a person may see it: a secret masked by its name or its shape."""
        return shown_value("", "", self.name, self.value)

    def __repr__(self) -> str:
        way = f" through {printable(', '.join(self.way))}" if self.way else ""
        return (
            f"<EffectiveItem {printable(self.name)} = {printable(self.shown)!r} "
            f"from {self.origin}{way}>"
        )

    @property
    def chain(self) -> tuple[str, ...]:
        """How the value got here, oldest first."""
        first, *more = (Position(file, option.line, option.column) for option, file in self.parts)
        via = (f"{'through' if n else 'inherited from'} [{t}]" for n, t in enumerate(self.way))
        return (f"written at {first}", *(f"appended to at {at}" for at in more), *via)


@attrs.frozen
class EffectiveOption(Shown):
    """All items of one name in a section, and which of them its reader uses.

    Attributes:
        name: as the line that counts writes it.
        items: every item of that name, in Asterisk's order.
        repeat: what the reader does with several: it uses the first, the last, or each of them.
    """

    name: str
    items: tuple[EffectiveItem, ...]
    repeat: Repeat = "last"

    @property
    def chosen(self) -> EffectiveItem:
        """The one item that the reader of this file uses.

        Raises:
            AmbiguousKeyError: it uses several.
        """
        if self.repeat == "accumulate" and len(self.items) > 1:
            name = printable(self.name)
            raise AmbiguousKeyError(
                f"{name!r} stands {len(self.items)} times and every line adds: "
                f"use .option({name!r}).values"
            )
        return self.items[0 if self.repeat == "first" else -1]

    @property
    def value(self) -> str:
        """The value that the reader of this file uses.

        Raises:
            AmbiguousKeyError: it uses several.
        """
        return self.chosen.value

    @property
    def values(self) -> tuple[str, ...]:
        """Every value, in Asterisk's order."""
        return tuple(i.value for i in self.items)

    @property
    def origin(self) -> Position:
        """Where the value that counts was written; of several the last."""
        return self._shown.origin

    @property
    def chain(self) -> tuple[str, ...]:
        """How that value got here, oldest first."""
        return self._shown.chain

    @property
    def overrides(self) -> tuple[EffectiveItem, ...]:
        """The other items of the name, which that value hides; none where every line adds."""
        if self.repeat == "accumulate":
            return ()
        return tuple(i for i in self.items if i is not self.chosen)

    @property
    def _shown(self) -> EffectiveItem:
        return self.items[-1] if self.repeat == "accumulate" else self.chosen

    def __repr__(self) -> str:
        shown = self.items if self.repeat == "accumulate" else (self.chosen,)
        parts = (
            f"{printable(i.shown)!r} from {i.origin}"
            + (f", template {printable(i.template)}" if i.template else "")
            for i in shown
        )
        return f"<EffectiveOption {printable(self.name)} = {' + '.join(parts)}>"


def used(option: EffectiveOption) -> tuple[EffectiveItem, ...]:
    """Return the items that the reader of a file uses: one, or where every line adds all."""
    return option.items if option.repeat == "accumulate" else (option.chosen,)


@attrs.define(eq=False, repr=False)
class PlainRun:
    """Consecutive option lines of one file in a section.

    Either the simple lines of `text` from offset `start` on (see `syntax.lines.read_simple`), the
    first of which has the number `line`; or lines that were added one by one.
    """

    file: str
    text: str = ""
    start: int = 0
    line: int = 0
    _fields: Sequence[str] | None = None
    """`None`: the text is not parsed yet."""
    _options: list[Option] | None = None

    @classmethod
    def of_lines(cls, file: str) -> PlainRun:
        """Make a run to which lines are added one by one."""
        return cls(file, fields=[], options=[])

    @property
    def fields(self) -> Sequence[str]:
        """Names and values, flattened (name, value, name, value, ...). Parsed on first access."""
        if self._fields is None:
            self._fields = read_fields(self.text, self.start) or ()
        return self._fields

    @property
    def pairs(self) -> Iterable[Pair]:
        """Name and value of each line."""
        fields = iter(self.fields if self._fields is None else self._fields)
        return zip(fields, fields)  # noqa: B905 - `strict` costs time

    def __len__(self) -> int:
        return len(self.fields) // 2

    @property
    def grows(self) -> bool:
        """Whether lines can be added to it."""
        return isinstance(self._fields, list)

    def add(self, option: Option) -> None:
        """Add a line to a run that grows."""
        assert isinstance(self._fields, list)
        self._fields += (option.name, option.value)
        self.options.append(option)

    @property
    def options(self) -> list[Option]:
        """The lines as nodes."""
        if self._options is None:
            nodes = read_plain(self.text[self.start :], self.line)
            self._options = [node for node in nodes if isinstance(node, Option)]
        return self._options

    def move(self, line: int) -> None:
        """Update the number of the first line."""
        self.line = line
        self._options = None

    def holds(self, file: str, line: int, size: int) -> bool:
        """Tell whether one of the first `size` options stands on that line of that file."""
        last = self.line + self.text.count("\n", self.start)
        if file != self.file or (self.text and not self.line <= line <= last):
            return False
        return any(option.line == line for option in self.options[:size])


# -- sections -------------------------------------------------------------------------------------

T = TypeVar("T")


@attrs.define(eq=False, repr=False)
class EffectiveSection(Shown):
    """A section as Asterisk holds it; made by `resolve`."""

    name: str
    file: str
    line: int
    column: int
    template: bool = False
    inherits: tuple[str, ...] = ()
    _runs: Sequence[PlainRun | CopiedRun] = attrs.field(default=(), init=False)
    """The runs of items but the last; a tuple is shared with other sections."""
    _last: PlainRun | CopiedRun | None = attrs.field(default=None, init=False)
    """The last run of items. It is separate because in most sections it is the only one that is
    not shared, and the garbage collector looks at every list."""
    _joined: dict[int, ItemRow] | None = attrs.field(default=None, init=False)
    """The items that `+=` made, by index: name, value, lines."""
    reading: Effective | None = attrs.field(default=None, init=False)
    """The reading that it is part of, the last one if there are several."""
    _cache: dict[str, Any] | None = attrs.field(default=None, init=False)
    """Objects that readers made of it, where it may outlive a reading; `None`: it does not."""
    _shared_pairs: list[Pair] | None = attrs.field(default=None, init=False)
    _kind: ObjectFacts | Literal[False] | None = attrs.field(default=False, init=False)

    def __repr__(self) -> str:
        items = f"{len(self)} item{'s' * (len(self) != 1)}"
        return f"<EffectiveSection [{printable(self.name)}] {self.position}: {items}>"

    def _move(self, line: int) -> None:
        """Update the header's line number.

        Valid only for a section whose own lines form one contiguous text.
        """
        if self.line != line:
            self.line = line
            if isinstance(self._last, PlainRun):
                self._last.move(line + 1)

    def _join(self, reading: Effective, *, same_kind: bool) -> None:
        """Become part of a later reading; `same_kind`: its kind depends on no other section."""
        self.reading = reading
        if not same_kind:
            self._kind = False
            self._cache = {}

    @property
    def kind(self) -> ObjectFacts | None:
        """What the readers of this file take the section for; `None` if that is not known."""
        if self._kind is False:
            facts = self.reading.schema.file(self.reading.name) if self.reading else None
            self._kind = None
            if self.reading is not None and facts is not None:
                self._kind = facts.object_of(self.name, self.pairs, self.reading.setting)
        return self._kind

    def facts(self, name: str) -> OptionFacts | None:
        """Return what is known about an option of this section; `None`: nothing is."""
        return self.kind.option(name) if self.kind else None

    @property
    def position(self) -> Position:
        """The position of the header."""
        return Position(self.file, self.line, self.column)

    @property
    def pairs(self) -> list[Pair]:
        """Names and values in Asterisk's order, inherited first, duplicates kept."""
        found: list[Pair] = []
        for run in self._runs:
            found += run.pairs
        if self._last is not None:
            found += self._last.pairs
        if self._joined:
            for index, (name, value, _) in self._joined.items():
                found[index] = name, value
        return found

    def _each_run(self) -> Iterator[PlainRun | CopiedRun]:
        yield from self._runs
        if self._last is not None:
            yield self._last

    @property
    def _inherits_items(self) -> bool:
        """Whether any item came through a template."""
        return any(isinstance(run, CopiedRun) and run.through for run in self._each_run())

    def _take(self, run: PlainRun | CopiedRun) -> None:
        """Add the items of a run to the end."""
        if self._last is not None:
            if isinstance(self._runs, tuple):
                self._runs = list(self._runs)
            assert isinstance(self._runs, list)
            self._runs.append(self._last)
        self._last = run
        self._shared_pairs = None

    def _copy(self, base: EffectiveSection, through: str) -> None:
        """Add the items of another section, as they are now, to the end."""
        if base._joined:
            first = len(self)
            self._joined = self._joined or {}
            self._joined.update((first + at, item) for at, item in base._joined.items())
        self._take(CopiedRun(base, shared_pairs(base), through))

    def _begin(self, inherited: InheritedRuns) -> None:
        """Begin with the items that another section with the same templates inherited."""
        self.inherits = inherited.names
        self._runs = inherited.runs

    def _inherited(self) -> InheritedRuns | None:
        """Return what a new section inherited, if each template gave it plain items."""
        runs = tuple(run for run in self._each_run() if isinstance(run, CopiedRun))
        if not runs or len(runs) != len(self.inherits) or self._joined or self.template:
            return None
        return InheritedRuns(self.inherits, runs, len(self))

    def _append(self, file: str, option: Option) -> None:
        """Add one option line of a file to the end."""
        last = self._last
        if not isinstance(last, PlainRun) or not last.grows or last.file != file:
            last = PlainRun.of_lines(file)
            self._take(last)
        last.add(option)
        self._shared_pairs = None

    def _put(self, index: int, name: str, value: str, parts: Parts) -> None:
        """Replace the item of that index by one that `+=` made."""
        self._joined = self._joined or {}
        self._joined[index] = name, value, parts
        self._shared_pairs = None

    def _line(self, at: int) -> tuple[Option, str, tuple[str, ...]]:
        """Return the line of an item, its file, and the templates that the item came through."""
        way: list[str] = []
        source = self
        while True:
            for run in source._each_run():
                if at < len(run):
                    break
                at -= len(run)
            if isinstance(run, PlainRun):
                return run.options[at], run.file, tuple(way)
            way = [run.through, *way] if run.through else way
            source = run.source

    def item(self, index: int) -> EffectiveItem:
        """Return the item of that index."""
        line, file, way = self._line(index)
        made = self._joined.get(index) if self._joined else None
        return EffectiveItem(*(made or (line.name, line.value, ((line, file),))), way)

    def holds(self, file: str, line: int, size: int | None = None) -> bool:
        """Tell whether a line of a file made any item of this section, inherited or its own.

        Args:
            file: the name of the file.
            line: the number of the line, from 1.
            size: how many of the first items are meant; `None`: all.
        """
        for index, (_, _, parts) in (self._joined or {}).items():
            if (size is None or index < size) and any(
                (where, option.line) == (file, line) for option, where in parts
            ):
                return True
        start = 0
        for run in self._each_run():
            many = len(run) if size is None else min(len(run), size - start)
            start += len(run)
            if many > 0 and run.holds(file, line, many):
                return True
        return False

    @property
    def items(self) -> tuple[EffectiveItem, ...]:
        """Every item in Asterisk's order, inherited first, duplicates kept."""
        made: list[EffectiveItem] = []
        for run in self._each_run():
            for at in range(len(run)):
                if self._joined and len(made) in self._joined:
                    made.append(self.item(len(made)))
                    continue
                way: tuple[str, ...] = ()
                if isinstance(run, PlainRun):
                    line, file = run.options[at], run.file
                else:
                    line, file, way = run.source._line(at)
                    way = (*way, run.through) if run.through else way
                made.append(EffectiveItem(line.name, line.value, ((line, file),), way))
        return tuple(made)

    def all(self, name: str) -> tuple[EffectiveItem, ...]:
        """Return every item of that name, ignoring case; none is fine."""
        wanted = fold(name)
        return tuple(self.item(i) for i, (n, _) in enumerate(self.pairs) if fold(n) == wanted)

    def values(self, name: str) -> tuple[str, ...]:
        """Return every value of that name, in Asterisk's order."""
        wanted = fold(name)
        return tuple(value for n, value in self.pairs if fold(n) == wanted)

    def get(self, name: str, default: str | None = None) -> str | None:
        """Return the last value of that name, or `default` if there is none."""
        return self.values(name)[-1] if self.values(name) else default

    def option(self, name: str) -> EffectiveOption:
        """Return the option of that name, with the item that the reader of this file uses.

        What no kind of section describes counts as the table of readers has it, else by its last
        item.

        Raises:
            NotFoundError: there is none.
        """
        found = self.all(name)
        if not found:
            raise NotFoundError(f"[{printable(self.name)}] has no option {printable(name)!r}")
        facts = self.facts(name)
        repeat: Repeat = facts.repeat if facts and facts.match != "any_name" else self._repeat(name)
        return EffectiveOption(found[0 if repeat == "first" else -1].name, found, repeat)

    def _repeat(self, name: str) -> Repeat:
        """Return which of several lines counts whose name no option has."""
        if self.reading is None:
            return "last"
        facts, kind = self.facts(name), self.kind.name if self.kind else ""
        found = self.reading.schema.repeat(self.reading.name, kind, self.name, name)
        return found or (facts.repeat if facts else "last")

    def __getitem__(self, name: str) -> str:
        return self.option(name).value

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and any(fold(n) == fold(name) for n, _ in self.pairs)

    def __iter__(self) -> Iterator[EffectiveItem]:
        return iter(self.items)

    def __len__(self) -> int:
        return sum(len(run) for run in self._each_run())

    def _ipython_key_completions_(self) -> list[str]:
        return list(dict.fromkeys(name for name, _ in self.pairs))

    def __bool__(self) -> bool:
        return True


@attrs.define(eq=False, repr=False)
class CopiedRun:
    """The items of another section, as they were when they were copied."""

    source: EffectiveSection
    pairs: list[Pair]
    through: str
    """The template by which they came; empty if it was none."""

    def __len__(self) -> int:
        return len(self.pairs)

    def holds(self, file: str, line: int, size: int) -> bool:
        """Tell whether one of the first `size` items was written on that line of that file."""
        return self.source.holds(file, line, size)


@attrs.define(eq=False, repr=False)
class InheritedRuns:
    """The inherited items of all sections whose headers name the same templates."""

    names: tuple[str, ...]
    runs: tuple[CopiedRun, ...]
    size: int

    @property
    def current(self) -> bool:
        """Whether each template still has the items that were copied and no others."""
        return all([run.source._shared_pairs is run.pairs for run in self.runs])  # noqa: C419 - faster


@attrs.frozen(eq=False)
class CachedSection:
    """An effective section, and the text and templates that it was made of."""

    text: str
    bases: tuple[tuple[str, EffectiveSection], ...]
    section: EffectiveSection
    folded: str
    inherited: int
    """How many of its items are copies."""


@attrs.define(eq=False)
class RereadCache:
    """What the next reading of a file can reuse, so that an edit costs what it changes.

    A section that has simple lines only, and inherits from such sections alone, is the same in the
    next reading if its text is, and they are. Then it is the same object, moved to the line where
    it stands now, and what readers made of it stays with it (see `cached`).

    Attributes:
        parts: by the sections of documents, the effective sections that they became.
        objects: what readers of the file made of its lines, by a name that they choose.
    """

    parts: Mapping[SectionText, CachedSection] = attrs.field(factory=dict)
    objects: dict[str, Any] = attrs.field(factory=dict)


@attrs.frozen(eq=False, repr=False)
class Effective(Shown):
    """What Asterisk holds after reading one file with all it includes.

    Attributes:
        name: the file that was asked for.
        valid: `False` if Asterisk refuses the file as a whole; then there are no sections.
        sections: in Asterisk's order, templates included, duplicates kept.
        odd: the findings of reading alone, in the order of reading.
        logged: of these, what Asterisk logs, as `{code, file?, line?}` in the recorded form.
        files: the documents that were read, with the edit they were at.
        schema: what the version of Asterisk knows that reads it.
    """

    name: str
    valid: bool
    sections: tuple[EffectiveSection, ...]
    odd: tuple[Diagnostic, ...]
    logged: tuple[dict[str, str | int], ...]
    files: tuple[tuple[str, int], ...]
    _documents: Mapping[str, FileText] = attrs.field(factory=dict)
    _read: tuple[tuple[FileText, int], ...] = attrs.field(default=())
    """The same as `files`, but for what came from a command."""
    _cache: RereadCache | None = attrs.field(default=None)
    """What the next reading may reuse; `None`: nothing."""
    schema: Schema = DEFAULT_SCHEMA
    _starts: dict[str, list[int]] = attrs.field(factory=dict, init=False)
    _ignored: list[tuple[Diagnostic, ...]] = attrs.field(factory=list, init=False)

    def __attrs_post_init__(self) -> None:
        for section in self.sections:
            section.reading = section.reading or self

    def __repr__(self) -> str:
        sections = f"{len(self.sections)} section{'s' * (len(self.sections) != 1)}"
        return f"<Effective {printable(self.name)}: {sections}>"

    @property
    def refusal(self) -> Diagnostic | None:
        """The finding for which Asterisk refuses the file as a whole; `None`: it reads it."""
        if self.valid:
            return next((d for d in self.odd if d.code == "AC023"), None)
        return next((d for d in reversed(self.odd) if d.severity is Severity.ERROR), None)

    @property
    def caveat(self) -> str:
        """What has to be known before all that the file says: that Asterisk refuses it."""
        why = self.refusal
        if why is None:
            return ""
        start = "not what Asterisk holds" if self.valid else f"Asterisk refuses {self.name}"
        place = f" ({why.position})" if why.position else ""
        return printable(f"{start}: {why.cause}{place}")

    @property
    def current(self) -> bool:
        """Whether every document that was read is still there and was not edited since."""
        return all(
            self._documents.get(document.name) is document and document.version == version
            for document, version in self._read
        )

    def only(self, sections: Iterable[EffectiveSection]) -> Effective:
        """Return the reading as if it had these of its sections alone; they stay part of it."""
        return attrs.evolve(self, sections=tuple(sections), odd=(), logged=(), cache=None)

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """The findings of reading, and then the lines that their reader ignores."""
        if not self._ignored:
            self._ignored.append(tuple(_ignored_lines(self)))
        return self.odd + self._ignored[0]

    def line_start(self, file: str, line: int) -> int | None:
        """Return where a line begins in the text of a file that was read, in characters.

        `None`: it is not a file, but what an `#exec` gave, or the file was edited since.
        """
        document = self._documents.get(file)
        if not any(one is document and one.version == version for one, version in self._read):
            return None
        if file not in self._starts:
            text = str(document)
            mark = text.startswith("\ufeff")
            self._starts[file] = [int(mark), *(m.end() for m in re.finditer("\n", text))]
        return self._starts[file][line - 1]

    def setting(self, section: str, option: str) -> str | None:
        """Return what `ast_variable_retrieve` finds: an item of the first such section.

        Source: main/config.c, ast_variable_retrieve: the first item of the name, since 23 the
        last one.
        """
        found = next((s for s in self.live if fold(s.name) == fold(section)), None)
        values = found.values(option) if found else ()
        return values[-1 if self.schema.retrieves == "last" else 0] if values else None

    @property
    def live(self) -> Iterator[EffectiveSection]:
        """The sections that modules see: all but the templates."""
        return (s for s in self.sections if not s.template)

    def all(self, name: str) -> tuple[EffectiveSection, ...]:
        """Return every section of that name that is no template, ignoring case if need be."""
        same = [s for s in self.live if fold(s.name) == fold(name)]
        return tuple(s for s in same if s.name == name) or tuple(same)

    def __getitem__(self, name: str) -> EffectiveSection:
        found = self.all(name)
        if not found:
            before = f"{self.caveat}: " if self.caveat else ""
            raise NotFoundError(
                f"{before}Asterisk finds no section [{printable(name)}] in {self.name}"
            )
        if len(found) > 1:
            places = ", ".join(str(s.position) for s in found)
            raise AmbiguousKeyError(
                f"[{printable(name)}] stands {len(found)} times ({places}): use .all(name)"
            )
        return found[0]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and bool(self.all(name))

    def __iter__(self) -> Iterator[EffectiveSection]:
        return self.live

    def __len__(self) -> int:
        return sum(not s.template for s in self.sections)

    def __bool__(self) -> bool:
        return True

    def keys(self) -> tuple[str, ...]:
        """Return the names of the sections that modules see, each once."""
        return tuple(dict.fromkeys(s.name for s in self.live))

    def _ipython_key_completions_(self) -> list[str]:
        return list(self.keys())


def _ignored_lines(effective: Effective) -> Iterator[Diagnostic]:
    """Yield the own lines that have no effect: their reader takes the first line, an inherited one.

    Observed on 22.10.1: `rtpstart` of a template beats that of the section itself.
    """
    known = effective.schema.file(effective.name)
    if known is None or not known.any_first:
        return
    for section in effective.live:
        inherited: dict[str, EffectiveItem] = {}
        for item in section.items if section._inherits_items else ():
            if item.way:
                inherited.setdefault(fold(item.name), item)
                continue
            before = inherited.get(fold(item.name))
            facts = section.facts(item.name) if before and before.value != item.value else None
            if before and facts and facts.repeat == "first":
                note = f"this line of template [{printable(before.template)}] is used"
                related = ((before.origin, note),)
                yield diagnose(
                    "override-ignored", item.origin, related, section=section.name, name=item.name,
                    template=before.template, asterisk=effective.schema.asterisk,
                )  # fmt: skip


# -- for other rooms ------------------------------------------------------------------------------


def shared_pairs(section: EffectiveSection) -> list[Pair]:
    """Return `pairs` as they are now, the same list as long as they stay so: do not change it."""
    if section._shared_pairs is None:
        section._shared_pairs = section.pairs
    return section._shared_pairs


def runs_of(section: EffectiveSection) -> Iterator[PlainRun | list[ItemRow]]:
    """Yield the items of a section in order: as runs of whole lines of text, or as rows."""
    if section._joined:
        yield [(item.name, item.value, item.parts) for item in section.items]
        return
    for run in section._each_run():
        if isinstance(run, PlainRun):
            if run.text.endswith("\n"):
                yield run
            else:
                yield [(o.name, o.value, ((o, run.file),)) for o in run.options]
        elif run.pairs is run.source._shared_pairs:
            yield from runs_of(run.source)
        else:
            lines = (run.source._line(k) for k in range(len(run)))
            yield [(o.name, o.value, ((o, file),)) for o, file, _ in lines]


def cached(section: EffectiveSection, key: str, make: Callable[[], T]) -> T:
    """Return what `make` makes of a section alone; made once where sections outlive a reading.

    Do not cache results that carry diagnostics: their positions would go stale.
    """
    if section._cache is None:
        return make()
    if key not in section._cache:
        section._cache[key] = make()
    return section._cache[key]  # type: ignore[no-any-return]


def cache_of(reading: Effective | None) -> RereadCache | None:
    """Return what the next reading of a file can reuse; `None`: nothing."""
    return reading._cache if reading is not None else None


@attrs.frozen(eq=False)
class LineHolders:
    """Finds the sections of a reading that hold a line, without a look at every one.

    It knows where each section's own runs of lines start, and which sections copied from which.
    So it takes no more room for a template that thousands inherit.
    """

    _starts: Mapping[str, Mapping[int, EffectiveSection]]
    """By file and line, the section with a run that starts there; of several the first."""
    _more: Mapping[tuple[str, int], list[EffectiveSection]]
    """The others, and those that hold the line behind the start of a run."""
    _heirs: Mapping[EffectiveSection, list[EffectiveSection]]
    _listed: frozenset[EffectiveSection]
    """The sections of the reading. A header with `(base,+earlier)` copies from one that is not."""

    @classmethod
    def of(cls, reading: Effective) -> LineHolders:
        """Go through the sections of a reading once; it holds as long as that is current."""
        starts: dict[str, dict[int, EffectiveSection]] = {}
        more: dict[tuple[str, int], list[EffectiveSection]] = {}
        heirs: dict[EffectiveSection, list[EffectiveSection]] = {}
        listed = frozenset(reading.sections)
        known, waiting = set(listed), [*reading.sections]
        for section in waiting:
            for run in section._each_run():
                if isinstance(run, CopiedRun):
                    heirs.setdefault(run.source, []).append(section)
                    if run.source not in known:
                        known.add(run.source)
                        waiting.append(run.source)
                elif not run.text:
                    for option in run.options:
                        more.setdefault((run.file, option.line), []).append(section)
                elif starts.setdefault(run.file, {}).setdefault(run.line, section) is not section:
                    more.setdefault((run.file, run.line), []).append(section)
            for _, _, parts in section._joined.values() if section._joined else ():
                for option, file in parts:
                    more.setdefault((file, option.line), []).append(section)
        return cls(starts, more, heirs, listed)

    def find(self, file: str, line: int, start: int) -> Iterator[EffectiveSection]:
        """Yield the sections that hold a line, each once: those that say it before their heirs.

        Args:
            file: the name of the file.
            line: the number of the line, from 1.
            start: the number of the first line after the header above it; 1 if there is none.
        """
        first = self._starts.get(file, {}).get(start)
        found = [first] if first is not None else []
        for place in {(file, start): None, (file, line): None}:
            found += self._more.get(place, ())
        seen: set[EffectiveSection] = set()
        for section in found:  # it grows on the way
            if section not in seen:
                seen.add(section)
                if section in self._listed and section.holds(file, line):
                    yield section
                found += self._heirs.get(section, ())


def counting(section: EffectiveSection, most: int | None = None) -> dict[int, list[int]]:
    """Return the items of a section that count, each with those that it hides, by index in order.

    Of a name that no option has each counts.

    Args:
        section: the section.
        most: how many items are looked at, the first ones; `None`: all.
    """
    names: dict[str, list[int]] = {}
    for index, (name, _) in enumerate(section.pairs[:most]):
        names.setdefault(fold(name), []).append(index)
    made: dict[int, list[int]] = {}
    for name, found in names.items():
        facts = section.facts(name) if len(found) > 1 else None
        if facts is None or facts.repeat == "accumulate":
            made |= {index: [] for index in found}
            continue
        chosen = found[0 if facts.repeat == "first" else -1]
        made[chosen] = [index for index in found if index != chosen]
    return dict(sorted(made.items()))
