"""What Asterisk holds after reading a file: sections and items, each with its origin."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import attrs

from asterconf.codes import diagnose
from asterconf.diagnostic import Diagnostic
from asterconf.errors import AmbiguousKeyError, NotFoundError
from asterconf.resolve.runs import Copied, Inherited, Pair, Parts, Row, Slab
from asterconf.schema.secrets import shown_value
from asterconf.shown import Shown
from asterconf.source import Position, fold, printable
from asterconf.syntax.lines import Option

if TYPE_CHECKING:
    from asterconf.resolve.kept import Left
    from asterconf.schema import ObjectFacts, OptionFacts, Repeat
    from asterconf.syntax import Document

__all__ = ["Effective", "EffectiveItem", "EffectiveOption", "EffectiveSection"]


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


@attrs.define(eq=False, repr=False)
class EffectiveSection(Shown):
    """A section as Asterisk holds it. Look at it; only the resolver makes and fills it."""

    name: str
    file: str
    line: int
    column: int
    template: bool = False
    inherits: tuple[str, ...] = ()
    _runs: Sequence[Slab | Copied] = attrs.field(default=(), init=False)
    """Where the items come from, but for `_last`; a tuple is shared with other sections."""
    _last: Slab | Copied | None = attrs.field(default=None, init=False)
    """Where the last items come from. It stands alone because in most sections that is all
    they do not share with others, and the garbage collector looks at every list there is."""
    joined: dict[int, Row] | None = attrs.field(default=None)
    """The items that `+=` made, by index: name, value, lines."""
    of: Effective | None = attrs.field(default=None)
    """The reading that it is part of, the last one if there are several."""
    memory: dict[str, Any] | None = attrs.field(default=None, init=False)
    """What readers made of it, where it may outlive a reading; `None`: it does not."""
    _snapshot: list[Pair] | None = attrs.field(default=None, init=False)
    _kind: ObjectFacts | Literal[False] | None = attrs.field(default=False, init=False)

    def __repr__(self) -> str:
        items = f"{len(self)} item{'s' * (len(self) != 1)}"
        return f"<EffectiveSection [{printable(self.name)}] {self.position}: {items}>"

    def move(self, line: int) -> None:
        """Say on which line the header stands now, where all its own lines are one text."""
        if self.line != line:
            self.line = line
            if isinstance(self._last, Slab):
                self._last.move(line + 1)

    def join(self, reading: Effective, *, same_kind: bool) -> None:
        """Become part of a later reading; `same_kind`: no other section has a say in its kind."""
        self.of = reading
        if not same_kind:
            self._kind = False
            self.memory = {}

    @property
    def kind(self) -> ObjectFacts | None:
        """What the readers of this file take the section for; `None` if that is not known."""
        if self._kind is False:
            from asterconf import schema

            facts = schema.file(self.of.name) if self.of else None
            self._kind = None
            if self.of is not None and facts is not None:
                self._kind = facts.object_of(self.name, self.pairs, self.of.setting)
        return self._kind

    def facts(self, name: str) -> OptionFacts | None:
        """Return what is known about an option of this section; `None`: nothing is."""
        return self.kind.option(name) if self.kind else None

    @property
    def position(self) -> Position:
        """Where the header stands."""
        return Position(self.file, self.line, self.column)

    @property
    def pairs(self) -> list[Pair]:
        """Names and values in Asterisk's order, inherited first, duplicates kept."""
        found: list[Pair] = []
        for run in self._runs:
            found += run.pairs
        if self._last is not None:
            found += self._last.pairs
        if self.joined:
            for index, (name, value, _) in self.joined.items():
                found[index] = name, value
        return found

    def _each_run(self) -> Iterator[Slab | Copied]:
        yield from self._runs
        if self._last is not None:
            yield self._last

    @property
    def inherits_items(self) -> bool:
        """Whether any item came through a template."""
        return any(isinstance(run, Copied) and run.through for run in self._each_run())

    def snapshot(self) -> list[Pair]:
        """Return `pairs` as they are now, the same list as long as they stay so."""
        if self._snapshot is None:
            self._snapshot = self.pairs
        return self._snapshot

    def take(self, run: Slab | Copied) -> None:
        """Add the items of a run to the end."""
        if self._last is not None:
            if isinstance(self._runs, tuple):
                self._runs = list(self._runs)
            assert isinstance(self._runs, list)
            self._runs.append(self._last)
        self._last = run
        self._snapshot = None

    def copy(self, base: EffectiveSection, through: str) -> None:
        """Add the items of another section, as they are now, to the end."""
        if base.joined:
            first = len(self)
            self.joined = self.joined or {}
            self.joined.update((first + at, item) for at, item in base.joined.items())
        self.take(Copied(base, base.snapshot(), through))

    def begin(self, inherited: Inherited) -> None:
        """Begin with what templates gave to another section before."""
        self.inherits = inherited.names
        self._runs = inherited.runs

    def inherited(self) -> Inherited | None:
        """Return what a new section has of templates, if each gave it some plain items."""
        runs = tuple(run for run in self._each_run() if isinstance(run, Copied))
        if not runs or len(runs) != len(self.inherits) or self.joined or self.template:
            return None
        return Inherited(self.inherits, runs, len(self))

    def append(self, file: str, option: Option) -> None:
        """Add one option line of a file to the end."""
        last = self._last
        if not isinstance(last, Slab) or not last.grows or last.file != file:
            last = Slab.of_lines(file)
            self.take(last)
        last.add(option)
        self._snapshot = None

    def put(self, index: int, name: str, value: str, parts: Parts) -> None:
        """Replace the item of that index by one that `+=` made."""
        self.joined = self.joined or {}
        self.joined[index] = name, value, parts
        self._snapshot = None

    def _line(self, at: int) -> tuple[Option, str, tuple[str, ...]]:
        """Return the line of an item, its file, and the templates that the item came through."""
        way: list[str] = []
        source = self
        while True:
            for run in source._each_run():
                if at < len(run):
                    break
                at -= len(run)
            if isinstance(run, Slab):
                return run.options[at], run.file, tuple(way)
            way = [run.through, *way] if run.through else way
            source = run.source

    def item(self, index: int) -> EffectiveItem:
        """Return the item of that index."""
        line, file, way = self._line(index)
        made = self.joined.get(index) if self.joined else None
        return EffectiveItem(*(made or (line.name, line.value, ((line, file),))), way)

    def holds(self, file: str, line: int, size: int | None = None) -> bool:
        """Tell whether a line of a file says anything in this section, inherited or its own.

        Args:
            file: the name of the file.
            line: the number of the line, from 1.
            size: how many of the first items are meant; `None`: all.
        """
        for index, (_, _, parts) in (self.joined or {}).items():
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
                if self.joined and len(made) in self.joined:
                    made.append(self.item(len(made)))
                    continue
                way: tuple[str, ...] = ()
                if isinstance(run, Slab):
                    line, file = run.options[at], run.file
                else:
                    line, file, way = run.source._line(at)
                    way = (*way, run.through) if run.through else way
                made.append(EffectiveItem(line.name, line.value, ((line, file),), way))
        return tuple(made)

    def stretches(self) -> Iterator[Slab | list[Row]]:
        """Yield the items in order: as slabs of whole lines of text, or as what they are."""
        if self.joined:
            yield [(item.name, item.value, item.parts) for item in self.items]
            return
        for run in self._each_run():
            if isinstance(run, Slab):
                if run.text.endswith("\n"):
                    yield run
                else:
                    yield [(o.name, o.value, ((o, run.file),)) for o in run.options]
            elif run.pairs is run.source._snapshot:
                yield from run.source.stretches()
            else:
                lines = (run.source._line(k) for k in range(len(run)))
                yield [(o.name, o.value, ((o, file),)) for o, file, _ in lines]

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

        What is not known of Asterisk 22 counts by its last item.

        Raises:
            NotFoundError: there is none.
        """
        found = self.all(name)
        if not found:
            raise NotFoundError(f"[{printable(self.name)}] has no option {printable(name)!r}")
        facts = self.facts(name)
        repeat: Repeat = facts.repeat if facts else "last"
        return EffectiveOption(found[0 if repeat == "first" else -1].name, found, repeat)

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


@attrs.frozen(eq=False, repr=False)
class Effective(Shown):
    """What Asterisk holds after reading one file with all it includes.

    Attributes:
        name: the file that was asked for.
        valid: `False` if Asterisk refuses the file as a whole; then there are no sections.
        sections: in Asterisk's order, templates included, duplicates kept.
        odd: what was odd while reading, in the order in which it was met.
        logged: of these, what Asterisk logs, as `{code, file?, line?}` in the recorded form.
        files: the documents that were read, with the edit they were at.
    """

    name: str
    valid: bool
    sections: tuple[EffectiveSection, ...]
    odd: tuple[Diagnostic, ...]
    logged: tuple[dict[str, str | int], ...]
    files: tuple[tuple[str, int], ...]
    _documents: Mapping[str, Document] = attrs.field(factory=dict)
    _read: tuple[tuple[Document, int], ...] = attrs.field(default=())
    """The same as `files`, but for what came from a command."""
    left: Left | None = attrs.field(default=None)
    """What the next reading may take over; `None`: nothing."""
    _starts: dict[str, list[int]] = attrs.field(factory=dict, init=False)
    _ignored: list[tuple[Diagnostic, ...]] = attrs.field(factory=list, init=False)

    def __attrs_post_init__(self) -> None:
        for section in self.sections:
            section.of = section.of or self

    def __repr__(self) -> str:
        sections = f"{len(self.sections)} section{'s' * (len(self.sections) != 1)}"
        return f"<Effective {printable(self.name)}: {sections}>"

    @property
    def current(self) -> bool:
        """Whether every document that was read is still there and was not edited since."""
        return all(
            self._documents.get(document.name) is document and document.version == version
            for document, version in self._read
        )

    def only(self, sections: Iterable[EffectiveSection]) -> Effective:
        """Return the reading as if it had these of its sections alone; they stay part of it."""
        return attrs.evolve(self, sections=tuple(sections), odd=(), logged=(), left=None)

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What was odd while reading, and then the lines that their reader ignores."""
        if not self._ignored:
            self._ignored.append(tuple(_ignored_lines(self)))
        return self.odd + self._ignored[0]

    def line_start(self, file: str, line: int) -> int | None:
        """Return where a line begins in the text of a file that was read, in characters.

        `None`: it is not a file, but what an `#exec` gave.
        """
        if file not in self._documents:
            return None
        if file not in self._starts:
            text = str(self._documents[file])
            mark = text.startswith("\ufeff")
            self._starts[file] = [int(mark), *(m.end() for m in re.finditer("\n", text))]
        return self._starts[file][line - 1]

    def setting(self, section: str, option: str) -> str | None:
        """Return what `ast_variable_retrieve` finds: the first item of the first such section.

        Source: main/config.c of 22, ast_variable_retrieve.
        """
        found = next((s for s in self.live if fold(s.name) == fold(section)), None)
        values = found.values(option) if found else ()
        return values[0] if values else None

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
            raise NotFoundError(f"Asterisk finds no section [{printable(name)}] in {self.name}")
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
    """Say which own lines stand behind an inherited one whose reader takes the first.

    Observed on 22.10.1: `rtpstart` of a template beats that of the section itself.
    """
    from asterconf import schema

    known = schema.file(effective.name)
    if known is None or not known.any_first:
        return
    for section in effective.live:
        inherited: dict[str, EffectiveItem] = {}
        for item in section.items if section.inherits_items else ():
            if item.way:
                inherited.setdefault(fold(item.name), item)
                continue
            before = inherited.get(fold(item.name))
            facts = section.facts(item.name) if before and before.value != item.value else None
            if before and facts and facts.repeat == "first":
                note = f"this line of template [{printable(before.template)}] is used"
                related = ((before.origin, note),)
                facts_of = {"section": section.name, "name": item.name, "template": before.template}
                yield diagnose("override-ignored", item.origin, related, **facts_of)
