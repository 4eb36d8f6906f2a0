"""Reads a file the way Asterisk does: includes, templates, `(+)`, `+=`.

Source: main/config.c of Asterisk 22; each step is in the recorded vectors.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import NoReturn, Self

import attrs

from asterconf import schema
from asterconf.codes import READING, diagnose
from asterconf.diagnostic import Diagnostic
from asterconf.language.posix import Regex, RegexError, TooCostlyError, compile_regex
from asterconf.resolve.effective import (
    CachedSection,
    Effective,
    EffectiveSection,
    InheritedRuns,
    PlainRun,
    RereadCache,
    cache_of,
    shared_pairs,
)
from asterconf.resolve.files import MAX_NAMES, Files, RefusedFile
from asterconf.source import WHITE, Position, comparable, decode, fold
from asterconf.syntax.document import Document, Section
from asterconf.syntax.inspect import (
    SHORT,
    OpenComments,
    cut_name,
    header_findings,
    line_finding,
    nul_findings,
)
from asterconf.syntax.lines import Directive, ErrorLine, Header, Line, Option, SimpleSection
from asterconf.syntax.text import SectionText, read_on, simple_section

MAX_LEVEL = 10
"""Levels of includes below the top file."""

MAX_FILES = 10_000
MAX_LOOKED = 2_000_000
"""Items that the filters of `(+filter)` look at."""
MAX_ITEMS = 5_000_000
"""Where we stop what would never end; Asterisk goes on until its memory is gone."""

LAZY = {"extensions.conf"}
"""Files whose loader reads the text of the lines by itself: their names and values are not read
here, unless somebody asks for them."""


Heading = Header | SimpleSection
"""What a section starts with."""


def resolve(files: Files, name: str, before: Effective | None = None) -> Effective | None:
    """Return what Asterisk holds after reading the file `name`; `None` if there is no such file.

    Args:
        files: the documents.
        name: the file.
        before: an earlier reading of the same file. Sections that stand as they stood then become
            part of the new reading, at the lines where they stand now.
    """
    top = files.get(name)
    if top is None:
        return None
    lazy = schema.base_name(name) in LAZY
    rereading = None if before is None or lazy else _Rereading(cache_of(before) or RereadCache())
    try:
        return _resolve(files, name, top, _Resolver(files, lazy=lazy, rereading=rereading))
    except _ReopenedError:
        afresh = _Resolver(files, lazy=lazy, rereading=_Rereading())
        return _resolve(files, name, top, afresh)


def _resolve(files: Files, name: str, top: Document | RefusedFile, reading: _Resolver) -> Effective:
    valid = True
    try:
        if isinstance(top, RefusedFile):
            reading.report(top.kind, None, {}, name=name, what=top.what)
            raise _EndedError
        reading.top = top.name
        reading.file(top, _Load(None))
    except _EndedError:
        valid = False
    made = Effective(
        name,
        valid,
        tuple(reading.sections) if valid else (),
        tuple(reading.diagnostics),
        tuple(reading.logged),
        tuple(reading.read.items()),
        files.documents,
        tuple(reading.live.items()),
        reading.rereading.finish() if reading.rereading is not None else None,
        files.schema,
    )
    if reading.rereading is not None and reading.rereading.taken:
        facts = files.schema.file(name)
        same = facts is None or not facts.kinds_by_setting
        for section in reading.rereading.taken:
            section._join(made, same_kind=same)
    return made


class _ReopenedError(Exception):
    """A section that was reused gets more lines after all: read without the earlier reading."""


class _EndedError(Exception):
    """The file being read ends here; in the top file, it is refused."""


class _StoppedError(_EndedError):
    """Nothing more is read at all."""


@attrs.define(eq=False)
class _Rereading:
    """What can be reused of an earlier reading, and what the next one can reuse."""

    before: RereadCache = attrs.field(factory=RereadCache)
    now: dict[SectionText, CachedSection] = attrs.field(factory=dict)
    taken: set[EffectiveSection] = attrs.field(factory=set)
    changed: set[EffectiveSection] = attrs.field(factory=set)
    """Sections with lines from elsewhere; the next reading makes them anew."""

    def reuse(
        self, part: SectionText, first: Mapping[str, EffectiveSection]
    ) -> CachedSection | None:
        """Return what was made of a section of a document, if it would be made again.

        Args:
            part: the section, of a document whose sections are numbered.
            first: the sections so far by name, of several with one name the first.
        """
        kept = self.before.parts.get(part)
        if kept is None or kept.text != part.text:
            return None
        for name, base in kept.bases:
            if first.get(name) is not base or base not in self.taken:
                return None
        kept.section._move(part.line)
        self.taken.add(kept.section)
        self.now[part] = kept
        return kept

    def remember(
        self,
        part: SectionText,
        entries: Sequence[str],
        bases: Sequence[EffectiveSection | None],
        section: EffectiveSection,
    ) -> None:
        """Let the next reading reuse a section, if it can; it has no line of its own yet."""
        section._cache = {}
        known: list[tuple[str, EffectiveSection]] = []
        for entry, base in zip(entries, bases, strict=True):
            if entry == "!":
                continue
            if base is None or entry.startswith("+"):
                return
            known.append((fold(entry), base))
        folded = fold(section.name)
        self.now[part] = CachedSection(part.text, tuple(known), section, folded, len(section))

    def exclude(self, section: EffectiveSection) -> None:
        """Note that a section gets lines from elsewhere.

        Raises:
            _ReopenedError: it was reused, so that it had to stay as it was.
        """
        if section in self.taken:
            raise _ReopenedError
        self.changed.add(section)

    def finish(self) -> RereadCache:
        """Return what the next reading can reuse."""
        for part in [part for part, kept in self.now.items() if kept.section in self.changed]:
            del self.now[part]
        return RereadCache(self.now, self.before.objects)


@attrs.define
class _Load:
    """The files of one `#include` pattern, which are read like one long file."""

    section: EffectiveSection | None
    lines: int = 0
    comments: OpenComments = attrs.field(factory=OpenComments)


class _Resolver:
    def __init__(self, files: Files, *, lazy: bool, rereading: _Rereading | None) -> None:
        self.files = files
        self.lazy = lazy
        self.rereading = rereading
        self.top = ""
        self.sections: list[EffectiveSection] = []
        self.first: dict[str, EffectiveSection] = {}  # by folded name
        self.further: dict[str, list[EffectiveSection]] = {}  # of the same names
        self.lists: dict[tuple[str, ...], InheritedRuns] = {}  # what each list of names gave
        self.opened: EffectiveSection | None = None  # the section opened last, anywhere
        self.level = 0
        self.spent = 0  # levels used up by files that ended with an error
        self.count = 0
        self.size = self.looked = 0
        self.targets: set[str] = set()
        self.read: dict[str, int] = {}
        self.live: dict[Document, int] = {}
        self.diagnostics: list[Diagnostic] = []
        self.logged: list[dict[str, str | int]] = []

    # -- files --------------------------------------------------------------------------------

    def file(self, document: Document, load: _Load) -> None:
        """Read one file into a load."""
        name = document.name
        self.read[name] = document.version
        if self.files.documents.get(name) is document:
            self.live[document] = document.version
        self.count += 1
        if self.count > MAX_FILES:
            self.stop(Position(name, 1), f"more than {MAX_FILES} files are included")
        if load.comments.depth == 0 and load.lines == 0:
            for part in document.parts:
                self.part(part, name, load)
            self.diagnostics += nul_findings(name, document.parts)
        else:
            nodes = read_on(document, load.comments.depth, skip_bom=load.lines == 0)
            self.lines(nodes, name, load, joins=True)
        known = len(load.comments.stray)
        load.comments.follow(document, load.lines)
        for number, column in load.comments.stray[known:]:
            self.report("stray-comment-end", Position(name, number - load.lines, column), None)
        if load.comments.too_deep:
            self.report("comment-depth", Position(name, load.comments.too_deep), None)
            raise _StoppedError
        load.lines += document.lines  # Asterisk counts its look for one more line
        if load.comments.depth:
            line = load.comments.line
            at = Position(name, line) if line else None
            self.report("unterminated-comment", at, {"line": line} if line else {})

    def include(self, node: Directive, at: Position, load: _Load) -> None:
        """Follow one `#include` or `#tryinclude`."""
        target = node.target
        if target in self.targets:
            place: dict[str, str | int] = {"file": at.file} if self.level + self.spent else {}
            self.report("included-twice", at, {**place, "line": at.line + load.lines}, name=target)
        self.targets.add(target)
        if self.level + self.spent >= MAX_LEVEL:
            self.report("include-depth", at, {})
            found = False
        else:
            found = self.read_all(target, at)
        if found or fold(node.word) != "include":
            return
        if self.files.missing_includes == "ignore":
            facts = {"name": target, "file": self.top}
            self.report("include-ignored", at, None, **facts)
            return
        near = self.files.other_case(target)
        self.report("include-failed", at, {"file": target}, name=target, near=near)
        raise _EndedError

    def read_all(self, target: str, at: Position) -> bool:
        """Read every file that an include names; tell whether anything could be read."""
        if self.files.too_many(target):
            self.stop(at, f"{target!r} stands for more than {MAX_NAMES} names, or climbs too often")
        load = _Load(self.opened)
        found = False
        with self.deeper():
            for name in self.files.find(target):
                document = self.files.get(name)
                if isinstance(document, RefusedFile):
                    logged: dict[str, str | int] = {"file": name} if name else {}
                    self.report(document.kind, at, logged, name=name, what=document.what)
                    found = found or document.kind == "outside-root"
                elif document is not None:
                    found = True
                    self.file(document, load)
        return found

    def run(self, node: Directive, at: Position) -> None:
        """Read what `exec_output=` supplies for an `#exec`, or report that it is skipped."""
        if self.files.exec_output is None:
            self.report("exec-disabled", at, {})
            return
        if not node.argument:
            place: dict[str, str | int] = {"file": at.file, "line": at.line}
            self.report("directive-needs-argument", at, place, word="exec")
            return
        output = self.files.exec_output(node.target)
        text = decode(output) if isinstance(output, bytes) else output
        with self.deeper():
            self.file(Document(text, name=f"#exec {node.target}"), _Load(self.opened))

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """Read inside an include; what ends early there uses the level up."""
        self.level += 1
        try:
            yield
        except _StoppedError:
            raise
        except _EndedError:
            self.spent += 1
        finally:
            self.level -= 1

    # -- lines --------------------------------------------------------------------------------

    def part(self, part: Section, file: str, load: _Load) -> None:
        """Take in a section of a document: at once where its lines are simple ones."""
        if self.rereading is not None and self.reuse(part, load, self.rereading):
            return
        headed, section = part.headed, load.section
        simple = simple_section(part, lazy=self.lazy) if headed or section is not None else None
        if simple is None:
            self.lines(part.nodes, file, load, joins="+=" in part.text)
            return
        if not headed:
            section = self.changed(section)
        elif self.rereading is None:
            section = load.section = self.header(simple, file, load)
        else:
            section = load.section = self.begin(part, simple, file, load, self.rereading)
        if simple.fields != ():
            line = simple.line + headed
            section._take(PlainRun(file, part.text, simple.start, line, simple.fields))

    def begin(
        self, part: Section, simple: SimpleSection, file: str, load: _Load, rereading: _Rereading
    ) -> EffectiveSection:
        """Begin a section of a document, and let the next reading reuse it if it can."""
        before = len(self.diagnostics)
        bases = [self.first.get(fold(entry)) for entry in simple.entries]
        section = self.header(simple, file, load)
        if len(self.diagnostics) == before:
            rereading.remember(part, simple.entries, bases, section)
        return section

    def reuse(self, part: Section, load: _Load, rereading: _Rereading) -> bool:
        """Reuse what an earlier reading made of a section, if this one would make the same."""
        kept = rereading.reuse(part, self.first)
        if kept is None:
            return False
        self.register(kept.section, kept.folded)
        self.opened = load.section = kept.section
        if kept.inherited:
            self.grow(kept.section, kept.inherited)
        return True

    def changed(self, section: EffectiveSection | None) -> EffectiveSection:
        """Return a section that is about to get more than its own header and lines."""
        assert section is not None
        if self.rereading is not None:
            self.rereading.exclude(section)
        return section

    def lines(self, nodes: Iterable[Line], file: str, load: _Load, *, joins: bool) -> None:
        """Take in the lines of a file one by one; `joins`: there may be a `+=` among them."""
        section, ours = load.section, False
        for node in nodes:
            if type(node) is Option and section is not None:
                if not ours:
                    section, ours = self.changed(section), True
                if joins and node.separator == "+=" and join(section, node, file):
                    continue
                section._append(file, node)
            elif type(node) is Header:
                section, ours = self.header(node, file, load), True
                load.section = section
            elif type(node) is Directive:
                at = _at(node, file)
                word = fold(node.word)
                if node.argument and word in {"include", "tryinclude"}:
                    self.include(node, at, load)
                elif word == "exec":
                    self.run(node, at)
                else:
                    self.problem(node, file, load)
            elif type(node) is Option or type(node) is ErrorLine:
                self.problem(node, file, load)

    def problem(self, node: Line, file: str, load: _Load) -> None:
        """Report what is wrong with a line, and end the file if Asterisk does."""
        found = line_finding(file, node, in_section=load.section is not None)
        assert found is not None
        self.diagnostics.append(self.with_consequence(found))
        line = node.line + load.lines
        place: dict[str, str | int] = {"file": file, "line": line}
        self.log(found.kind, {"line": line} if found.kind == "line-too-long" else place)
        if READING[found.kind].fatal:
            raise _EndedError

    # -- headers ------------------------------------------------------------------------------

    def header(self, node: Heading, file: str, load: _Load) -> EffectiveSection:
        """Open the section of a header: a new one, or with `(+)` an earlier one."""
        name, entries = node.name, node.entries or ()
        if node.ignored or len(name) > SHORT or "" in entries:
            self.diagnostics += header_findings(file, node)
            name = cut_name(name)
        fresh = EffectiveSection(name, file, node.line, node.column)
        section, opened = fresh, None
        known = self.lists.get(entries)
        if known is not None and known.current:
            self.grow(fresh, known.size)
            fresh._begin(known)
            entries = ()
        for entry in entries:
            if entry == "!":
                section.template = True
            elif entry.startswith("+"):
                found = self.earlier(node, entry[1:], file, load)
                if section is fresh:
                    self.copy(fresh, found)
                    found.template = found.template or fresh.template
                section, opened = found, opened or found
            else:
                self.inherit(section, entry, node, file, load)
        if section is fresh:
            if entries and (inherited := fresh._inherited()):
                self.lists[entries] = inherited
            self.register(fresh, fold(name))
        self.opened = opened or section
        return section

    def register(self, section: EffectiveSection, folded: str) -> None:
        """Add a section to those that there are, by its folded name."""
        self.sections.append(section)
        if self.first.setdefault(folded, section) is not section:
            self.further.setdefault(folded, []).append(section)

    def earlier(self, node: Heading, text: str, file: str, load: _Load) -> EffectiveSection:
        """Return the section that `(+filter)` reopens."""
        name = node.name
        wanted = Filter.parse(text)
        if wanted.broken:
            self.report("bad-filter-regex", _at(node, file), {}, name=wanted.broken)
        for section in self.named(name) if name else self.sections:
            pairs = section.pairs if wanted.parts else []
            self.looked += len(pairs)
            if self.looked > MAX_LOOKED:
                self.stop(_at(node, file), f"filters look at more than {MAX_LOOKED} items")
            if wanted.matches(pairs, template=section.template):
                return self.changed(section)
        return self.fail("append-target-missing", _at(node, file), load, section=name)

    def named(self, name: str) -> list[EffectiveSection]:
        """Return every section of that name so far."""
        folded = fold(name)
        first = self.first.get(folded)
        return [first, *self.further.get(folded, ())] if first else []

    def inherit(
        self, section: EffectiveSection, entry: str, node: Heading, file: str, load: _Load
    ) -> None:
        """Copy the items of the first section of that name, as they are now."""
        base = self.first.get(fold(entry)) if entry else next(iter(self.sections), None)
        if base is None:
            at = _at(node, file)
            self.fail("inherit-target-missing", at, load, section=node.name, name=entry)
        if base is section and len(section):
            self.report("self-append", _at(node, file), None, section=section.name)
            raise _StoppedError
        self.copy(base, section, through=base.name)
        section.inherits += (base.name,)

    def copy(self, base: EffectiveSection, section: EffectiveSection, through: str = "") -> None:
        """Copy items with their origins to the end of a section."""
        self.grow(section, len(shared_pairs(base)))
        if shared_pairs(base):
            section._copy(base, through)

    def grow(self, section: EffectiveSection, size: int) -> None:
        """Count the items that a section gets by copying, and stop where they are too many."""
        self.size += size
        if self.size > MAX_ITEMS:
            self.stop(section.position, f"templates make more than {MAX_ITEMS} items")

    # -- findings ------------------------------------------------------------------------------

    def report(
        self,
        kind: str,
        at: Position | None,
        logged: dict[str, str | int] | None,
        **facts: object,
    ) -> None:
        """Note a diagnostic, and what Asterisk logs of it (`None`: nothing)."""
        self.diagnostics.append(self.with_consequence(diagnose(kind, at, (), **facts)))
        if logged is not None:
            self.log(kind, logged)

    def with_consequence(self, found: Diagnostic) -> Diagnostic:
        """Return a finding; of one that ends a file, the message says so."""
        rule, at = READING.get(found.kind), found.position
        if rule is None or not rule.fatal or at is None:
            return found
        does = f"refuses the whole {at.file}" if at.file == self.top else f"leaves {at.file} here"
        return attrs.evolve(found, message=f"{found.message}, so Asterisk {does}")

    def log(self, kind: str, fields: dict[str, str | int]) -> None:
        """Note what Asterisk logs, in the form of the recorded vectors."""
        if READING[kind].logged:
            self.logged.append({"code": kind, **fields})

    def fail(self, kind: str, at: Position, load: _Load, **facts: object) -> NoReturn:
        """Note what ends this file, and end it."""
        self.report(kind, at, {"file": at.file, "line": at.line + load.lines}, **facts)
        raise _EndedError

    def stop(self, at: Position, what: str) -> NoReturn:
        """Stop reading altogether."""
        self.report("too-much", at, None, what=what)
        raise _StoppedError


def _at(node: Line | Heading, file: str) -> Position:
    return Position(file, node.line, node.column)


def join(section: EffectiveSection, option: Option, file: str) -> bool:
    """Carry out `+=`: the last item of the name gives the value, the first equal one takes it.

    False: there is no item of that name, so this is a new one.

    Source: main/config.c, process_text_line and ast_variable_update; they look from different
    ends and compare differently. Checked: tests/vectors/config, plus-*.
    """
    pairs = section.pairs
    last = next((k for k in reversed(range(len(pairs))) if pairs[k][0] == option.name), None)
    if last is None:
        return False
    name, old = pairs[last]
    index = next(
        k
        for k, (other, value) in enumerate(pairs)
        if fold(other) == fold(name) and (not old or fold(value) == fold(old))
    )
    joined = (old + option.fields.lead + option.value).strip(WHITE)
    section._put(index, name, joined, (*section.item(last).parts, (option, file)))
    return True


# -- the filter of a header -----------------------------------------------------------------------


@attrs.frozen
class Filter:
    """All parts must match: pairs of regular expressions for a name and a value.

    `templates` is `None` (no templates), `include` or `restrict`. `never`: it matches nothing.
    `broken` is an expression that does not compile.
    """

    parts: tuple[tuple[Regex, Regex], ...] = ()
    templates: str | None = None
    never: bool = False
    broken: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what stands between `+` and the next `,` or `)`."""
        parts = []
        templates, never = None, False
        for part in _split(text) if text else ():
            left, equals, right = _unquote(part).partition("=")
            name, value = _unquote(left), _unquote(right.partition("=")[0])
            if not equals:
                never = True
            elif name == "TEMPLATES":
                templates = value.lower()
                never = never or templates not in {"include", "restrict"}
            else:
                try:
                    parts.append(
                        (compile_regex(comparable(name)), compile_regex(comparable(value)))
                    )
                except RegexError:
                    return cls(never=True, broken=f"{name}={value}")
                except TooCostlyError:  # it compiles, and may match
                    never = True
        return cls(tuple(parts), templates, never)

    def matches(self, items: list[tuple[str, str]], *, template: bool) -> bool:
        """Tell whether a section with these items is one that the filter means."""
        if self.never or (template and self.templates is None):
            return False
        if self.templates == "restrict" and not template:
            return False
        return all(
            any(_found(name, n) and _found(value, v) for n, v in items)
            for name, value in self.parts
        )


@lru_cache(4096)
def _found(regex: Regex, text: str) -> bool:
    try:
        return regex.found(comparable(text))
    except TooCostlyError:
        return False


def _split(text: str) -> list[str]:
    """Split at `&` outside quotes; a backslash hides the next byte from the splitting."""
    parts, start, quote, pos = [], 0, "", 0
    while pos < len(text):
        c = text[pos]
        if c == "\\":
            pos += 1
        elif quote:
            quote = "" if c == quote else quote
        elif c in "\"'":
            quote = c
        elif c == "&":
            parts.append(text[start:pos])
            start = pos + 1
        pos += 1
    return [*parts, text[start:]]


def _unquote(text: str) -> str:
    text = text.strip(WHITE)
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "\"'":
        return text[1:-1]
    return text
