"""Views of files and their meaning: documents, sections, effective sections, sources, schema."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from asterconf.diagnostic import Diagnostic
from asterconf.display.blocks import (
    FIRST,
    SEVERITIES,
    Block,
    Cells,
    Code,
    Inline,
    Panel,
    Sentence,
    Styled,
    Table,
    dim,
    join,
)
from asterconf.display.describe import LIMIT, Formatter, capped, describe, findings, heading
from asterconf.linter import Diagnostics
from asterconf.resolve import Effective, EffectiveItem, EffectiveOption, EffectiveSection
from asterconf.resolve.effective import counting, used
from asterconf.resolve.sources import FileSource
from asterconf.schema import FileFacts, ObjectFacts, OptionFacts
from asterconf.secrets import shown_prose
from asterconf.source import count
from asterconf.syntax import Directive, Document, Option, Section
from asterconf.syntax.diffs import shown_line
from asterconf.syntax.lines import Comment, ErrorLine, Header, Line

SECTIONS = 100
"""The maximum number of sections of a file that are shown."""

SHORT = 60
"""A file of up to so many lines is shown whole, a longer one section by section."""

LINES = 1_000
"""The maximum number of lines of a file that are in its view; most of them folded."""

AROUND = 3
"""The number of lines before and after a finding that are shown with it."""

FindingsByLine = dict[int, list[Diagnostic]]
"""The findings about each line, by its number."""


# -- text -----------------------------------------------------------------------------------------


@describe.register
def _document(document: Document, fmt: Formatter) -> Block:
    by_line: FindingsByLine = {}
    for found in document.diagnostics:
        by_line.setdefault(found.position.line if found.position else 0, []).append(found)
    size = str(document).count("\n")
    title = heading(
        document.name,
        count(size, "line"),
        count(len(document), "section"),
        count(sum(map(len, by_line.values())), "finding") if by_line else "",
    )
    if size <= SHORT:
        nodes = [(node, part) for part in document.parts for node in part.nodes]
        return Panel(title, (_code(nodes, by_line, fmt),))
    said = [findings(document.diagnostics, fmt)] if by_line else []
    return Panel(title, (*said, *_sections(document, by_line, fmt)))


def _sections(document: Document, by_line: FindingsByLine, fmt: Formatter) -> Iterator[Block]:
    """Yield the sections of a long file: those with findings open, the first others folded."""
    parts = [part for part in document.parts if part.text]
    odd = {
        part.line for part in parts if by_line and not by_line.keys().isdisjoint(_lines_of(part))
    }
    ranked = sorted(parts, key=lambda part: part.line not in odd)[:SECTIONS]
    share = LINES // min(max(len(odd), 1), SECTIONS)
    room: dict[int, int] = {}
    left = LINES
    for part in ranked:
        most = min(SHORT, share) if part.line in odd else min(LIMIT, left)
        room[part.line] = min(most, len(part.nodes))
        left -= room[part.line]
    opened = {part.line for part in ranked[:FIRST] if part.line in odd or not part.headed}
    for is_shown, run in groupby(parts, key=lambda part: part.line in room):
        if not is_shown:
            yield _more(len(list(run)))
        for part in run if is_shown else ():
            size = room[part.line]
            yield _section_of(part, by_line, fmt, opened=part.line in opened, room=size)


def _lines_of(section: Section) -> range:
    return range(section.line, section.line + section.text.count("\n") + 1)


def _more(sections: int) -> Sentence:
    return Sentence(dim(f"… {count(sections, 'more section')}"))


@describe.register
def _section(section: Section, fmt: Formatter) -> Block:
    by_line: FindingsByLine = {}
    last = section.line + section.text.count("\n")
    for found in section.document.diagnostics:
        if found.position and section.line <= found.position.line <= last:
            by_line.setdefault(found.position.line, []).append(found)
    return _section_of(section, by_line, fmt, opened=True)


def _section_of(
    section: Section, by_line: FindingsByLine, fmt: Formatter, *, opened: bool, room: int = LIMIT
) -> Block:
    number = sum(len(by_line.get(line, ())) for line in _lines_of(section)) if by_line else 0
    title = heading(
        f"[{section.name}]" if section.headed else "before the first section",
        _kinds(section.template, section.inherits),
        f"line {section.line}",
        count(len(section.options), "option"),
        count(number, "finding") if number else "",
    )
    nodes = [(node, section) for node in section.nodes]
    return Panel(title, (_code(nodes, by_line, fmt, room),), open=opened)


def _kinds(template: bool, inherits: Iterable[str]) -> str:  # noqa: FBT001 - what a header says
    names = ", ".join(inherits)
    parts = ("template" if template else "", f"inherits {names}" if names else "")
    return ", ".join(filter(None, parts))


def _code(
    nodes: list[tuple[Line, Section]], by_line: FindingsByLine, fmt: Formatter, room: int = LIMIT
) -> Code:
    """Return at most `room` of these lines, those around findings before all others."""
    chosen: Sequence[int] = range(len(nodes))
    if len(nodes) > room:
        odd = (at for at, (node, _) in enumerate(nodes) if node.line in by_line)
        near = (n for at in odd for n in range(max(at - AROUND, 0), at + AROUND + 1))
        wanted = dict.fromkeys((*(n for n in near if n < len(nodes)), *range(room)))
        chosen = sorted(list(wanted)[:room])
    lines: list[tuple[int | None, Inline]] = []
    before = -1
    for at in chosen:
        if at > before + 1:
            lines.append((None, dim(f"… {count(at - before - 1, 'line')}")))
        before, (node, section) = at, nodes[at]
        lines.append((node.line, _line(node, section.document.name, section.name, fmt)))
        lines += ((None, _finding(found)) for found in by_line.get(node.line, ()))
    return Code(tuple(lines), len(nodes) - before - 1)


def _finding(found: Diagnostic) -> Inline:
    label = Styled(f"{found.severity} {found.code}", SEVERITIES[found.severity], found.hint)
    return ("  ↑ ", label, " ", found.message)


@describe.register
def _one_line(node: Line, fmt: Formatter) -> Block:
    return Code(((node.line, _line(node, "", "", fmt)),))


def _line(node: Line, file: str, section: str, fmt: Formatter) -> Inline:
    """Return a line without its newline, its parts styled."""
    text = (node.text if fmt.reveal else shown_line(node, file, section)).rstrip("\r\n")
    match node:
        case Comment():
            return dim(text)
        case Header():
            return Styled(text, "strong")
        case Directive():
            return Styled(text, "advice")
        case ErrorLine():
            return Styled(text, "wrong")
        case Option():
            return _option(node, file, section, fmt)
        case _:
            return text


def _option(node: Option, file: str, section: str, fmt: Formatter) -> Inline:
    line, fields = node.text.rstrip("\r\n"), node.fields
    (start, stop), (value, end) = fields.name, fields.value
    rest = line[end:]
    return (
        line[:start],
        Styled(line[start:stop], "name"),
        dim(line[stop:value]),
        fmt.option(file, section, node.name, line[value:end]),
        dim(rest if fmt.reveal else shown_prose(rest)),
    )


# -- meaning --------------------------------------------------------------------------------------


@describe.register
def _effective(effective: Effective, fmt: Formatter) -> Block:
    title = heading(
        f"{effective.name} as Asterisk reads it",
        count(len(effective.sections), "section"),
        fmt.text(effective.caveat),
    )
    few = sum(map(len, effective.sections)) <= SHORT
    parts: list[Block] = [findings(effective.diagnostics, fmt)] if effective.diagnostics else []
    left = LINES
    for section in effective.sections[:SECTIONS]:
        parts.append(_effective_of(section, fmt, opened=few, room=min(LIMIT, max(left, 0))))
        left -= min(len(section), LIMIT)
    if len(effective.sections) > SECTIONS:
        parts.append(_more(len(effective.sections) - SECTIONS))
    return Panel(title, tuple(parts))


@describe.register
def _effective_section(section: EffectiveSection, fmt: Formatter) -> Block:
    return _effective_of(section, fmt, opened=True)


def _effective_of(
    section: EffectiveSection, fmt: Formatter, *, opened: bool, room: int = LIMIT
) -> Block:
    file = section.reading.name if section.reading else section.file
    title = heading(
        f"[{section.name}]",
        section.kind.name if section.kind else "",
        _kinds(section.template, section.inherits),
        section.position,
    )
    items = section.items[:room]
    rows = [
        _item(items[at], [items[other] for other in hidden], file, section.name, fmt)
        for at, hidden in counting(section, room).items()
    ]
    table = Table(("option", "value", "from", "hides"), rows, max(0, len(section) - room), SHORT)
    return Panel(title, (table,), open=opened)


def _item(
    item: EffectiveItem, hidden: list[EffectiveItem], file: str, section: str, fmt: Formatter
) -> Cells:
    return (
        Styled(item.name, "name"),
        fmt.option(file, section, item.name, item.value),
        _from(item),
        join(
            (fmt.option(file, section, other.name, other.value), dim(" at "), _from(other))
            for other in hidden
        ),
    )


@describe.register
def _effective_item(item: EffectiveItem, fmt: Formatter) -> Block:
    value = fmt.option("", "", item.name, item.value)
    return Sentence((Styled(item.name, "name"), dim(" = "), value, dim("  ·  "), _from(item)))


def _from(item: EffectiveItem) -> Inline:
    way = "".join(f" through [{name}]" for name in item.way)
    added = len(item.parts) - 1
    return (item.origin, dim(way + (f" and {count(added, 'addition')}" if added else "")))


@describe.register
def _effective_option(option: EffectiveOption, fmt: Formatter) -> Block:
    rows: list[Cells] = [
        (fmt.option("", "", item.name, item.value), _from(item), state)
        for items, state in ((used(option), "used"), (option.overrides, "not used"))
        for item in items
    ]
    return Panel(heading(option.name), (capped(("value", "from", ""), rows),))


# -- findings and sources -------------------------------------------------------------------------


@describe.register
def _diagnostics(every: Diagnostics, fmt: Formatter) -> Block:
    return findings(every, fmt)


@describe.register
def _source(source: FileSource, fmt: Formatter) -> Block:
    rows = [
        ("role", source.role),
        ("reason", fmt.text(source.reason)),
        ("readers", ", ".join(source.readers)),
        ("included by", ", ".join(source.included_by)),
        ("objects also from", ", ".join(source.also)),
    ]
    return Panel(heading(source.file), (Table(("", ""), [row for row in rows if row[1]]),))


# -- the schema -----------------------------------------------------------------------------------


@describe.register
def _file_facts(file: FileFacts, fmt: Formatter) -> Block:
    rows: list[Cells] = [
        (Styled(kind.name, "name"), f"{len(kind.options):,}", kind.module)
        for kind in file.objects.values()
    ]
    title = heading(file.name, fmt.text(", ".join(file.modules)), f"loader {file.loader}")
    return Panel(title, (Table(("section", "options", "module"), rows, first=LIMIT),))


@describe.register
def _kind_facts(kind: ObjectFacts, fmt: Formatter) -> Block:
    rows: list[Cells] = [
        (
            Styled(option.name, "name"),
            option.type,
            fmt.option("", "", option.name, option.default or ""),
            option.repeat,
        )
        for option in kind.options.values()
    ]
    title = heading(f"{kind.name} in {kind.file}", count(len(rows), "option"), kind.module)
    return Panel(title, (Table(("option", "type", "default", "of several lines"), rows),))


@describe.register
def _option_facts(option: OptionFacts, fmt: Formatter) -> Block:
    named = {"type": option.type, "default": option.default, "aliases": option.aliases}
    rows: list[Cells] = [
        (Styled(name, "name"), fmt.cell(value)) for name, value in {**named, **option.raw}.items()
    ]
    title = heading(option.name, f"{option.object} in {option.file}")
    return Panel(title, (Table(("", ""), [row for row in rows if row[1]], first=LIMIT),))
