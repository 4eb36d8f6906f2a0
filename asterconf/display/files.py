"""Views of files and their meaning: documents, sections, effective sections, sources, schema."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from asterconf.diagnostic import Diagnostic
from asterconf.display.blocks import (
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
from asterconf.resolve.sources import FileSource
from asterconf.schema import FileFacts, ObjectFacts, OptionFacts
from asterconf.source import count, fold
from asterconf.syntax import Directive, Document, Option, Section
from asterconf.syntax.diffs import shown_line
from asterconf.syntax.lines import Comment, ErrorLine, Header, Line

__all__: list[str] = []

SECTIONS = 100
"""The maximum number of sections of a file that are shown."""

SHORT = 60
"""A file of up to so many lines is shown whole, a longer one section by section."""

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
    parts: list[Block] = [
        _section_of(part, by_line, fmt, opened=not part.headed)
        for part in document.parts[:SECTIONS]
        if part.text
    ]
    left = len(document.parts) - SECTIONS
    return Panel(title, (*parts, *([_more(left)] if left > 0 else [])))


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
    section: Section, by_line: FindingsByLine, fmt: Formatter, *, opened: bool
) -> Block:
    lines = range(section.line, section.line + section.text.count("\n") + 1)
    number = sum(len(by_line.get(line, ())) for line in lines) if by_line else 0
    title = heading(
        f"[{section.name}]" if section.headed else "before the first section",
        _kinds(section.template, section.inherits),
        f"line {section.line}",
        count(len(section.options), "option"),
        count(number, "finding") if number else "",
    )
    nodes = [(node, section) for node in section.nodes]
    return Panel(title, (_code(nodes, by_line, fmt),), open=opened)


def _kinds(template: bool, inherits: Iterable[str]) -> str:  # noqa: FBT001 - what a header says
    names = ", ".join(inherits)
    parts = ("template" if template else "", f"inherits {names}" if names else "")
    return ", ".join(filter(None, parts))


def _code(nodes: list[tuple[Line, Section]], by_line: FindingsByLine, fmt: Formatter) -> Code:
    lines: list[tuple[int | None, Inline]] = []
    for node, section in nodes[:LIMIT]:
        lines.append((node.line, _line(node, section.document.name, section.name, fmt)))
        lines += ((None, _finding(found)) for found in by_line.get(node.line, ()))
    return Code(tuple(lines), max(0, len(nodes) - LIMIT))


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
        dim(rest),
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
    sections = effective.sections[:SECTIONS]
    parts: list[Block] = [_effective_of(section, fmt, opened=few) for section in sections]
    if len(effective.sections) > SECTIONS:
        parts.append(_more(len(effective.sections) - SECTIONS))
    if effective.diagnostics:
        parts.append(describe(effective.diagnostics, fmt))
    return Panel(title, tuple(parts))


@describe.register
def _effective_section(section: EffectiveSection, fmt: Formatter) -> Block:
    return _effective_of(section, fmt, opened=True)


def _effective_of(section: EffectiveSection, fmt: Formatter, *, opened: bool) -> Block:
    file = section.reading.name if section.reading else section.file
    title = heading(
        f"[{section.name}]",
        section.kind.name if section.kind else "",
        _kinds(section.template, section.inherits),
        section.position,
    )
    rows = [_item(item, hidden, file, section.name, fmt) for item, hidden in _used(section)]
    table = Table(("option", "value", "from", "hides"), rows, max(0, len(section) - LIMIT), SHORT)
    return Panel(title, (table,), open=opened)


def _used(section: EffectiveSection) -> Iterator[tuple[EffectiveItem, list[EffectiveItem]]]:
    """Yield the items that their reader uses, in order, each with those that it overrides."""
    items = section.items[:LIMIT]
    names: dict[str, list[int]] = {}
    for index, item in enumerate(items):
        names.setdefault(fold(item.name), []).append(index)
    overrides: dict[int, list[int]] = {}
    for name, found in names.items():
        facts = section.facts(name) if len(found) > 1 else None
        if facts is None or facts.repeat == "accumulate":
            overrides.update((index, []) for index in found)
            continue
        chosen = found[0 if facts.repeat == "first" else -1]
        overrides[chosen] = [index for index in found if index != chosen]
    for index in sorted(overrides):
        yield items[index], [items[other] for other in overrides[index]]


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
    used = option.items if option.repeat == "accumulate" else (option.chosen,)
    rows: list[Cells] = [
        (fmt.option("", "", item.name, item.value), _from(item), state)
        for items, state in ((used, "used"), (option.overrides, "not used"))
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
