"""Views of text and of what it means: documents, sections, effective sections, sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from asterconf.diagnostic import Diagnostic
from asterconf.display.blocks import (
    SEVERITIES,
    Block,
    Code,
    Group,
    Inline,
    Note,
    Row,
    Styled,
    Table,
    dim,
    join,
    masked,
)
from asterconf.display.describe import LIMIT, Look, capped, describe, findings, heading
from asterconf.linter import Diagnostics
from asterconf.resolve import Effective, EffectiveItem, EffectiveOption, EffectiveSection
from asterconf.resolve.sources import FileSource
from asterconf.schema import FileFacts, ObjectFacts, OptionFacts
from asterconf.schema.secrets import shown_text
from asterconf.source import count, fold
from asterconf.syntax import Directive, Document, Option, Section
from asterconf.syntax.diffs import shown_line
from asterconf.syntax.lines import Comment, ErrorLine, Header, Line

__all__: list[str] = []

SECTIONS = 100
"""How many sections of a file are shown at most."""

SHORT = 60
"""A file of so many lines is shown whole; a longer one section by section."""

Remarks = dict[int, list[Diagnostic]]
"""What was odd about each line, by its number."""


# -- text -----------------------------------------------------------------------------------------


@describe.register
def _document(document: Document, look: Look) -> Block:
    remarks: Remarks = {}
    for found in document.diagnostics:
        remarks.setdefault(found.position.line if found.position else 0, []).append(found)
    size = str(document).count("\n")
    title = heading(
        document.name,
        count(size, "line"),
        count(len(document), "section"),
        count(sum(map(len, remarks.values())), "finding") if remarks else "",
    )
    if size <= SHORT:
        nodes = [(node, part) for part in document.parts for node in part.nodes]
        return Group(title, (_code(nodes, remarks, look),))
    parts: list[Block] = [
        _section_of(part, remarks, look, opened=not part.headed)
        for part in document.parts[:SECTIONS]
        if part.text
    ]
    left = len(document.parts) - SECTIONS
    return Group(title, (*parts, *([_more(left)] if left > 0 else [])))


def _more(sections: int) -> Note:
    return Note(dim(f"… {count(sections, 'more section')}"))


@describe.register
def _section(section: Section, look: Look) -> Block:
    remarks: Remarks = {}
    last = section.line + section.text.count("\n")
    for found in section.document.diagnostics:
        if found.position and section.line <= found.position.line <= last:
            remarks.setdefault(found.position.line, []).append(found)
    return _section_of(section, remarks, look, opened=True)


def _section_of(section: Section, remarks: Remarks, look: Look, *, opened: bool) -> Block:
    lines = range(section.line, section.line + section.text.count("\n") + 1)
    odd = sum(len(remarks.get(line, ())) for line in lines) if remarks else 0
    title = heading(
        f"[{section.name}]" if section.headed else "before the first section",
        _kinds(section.template, section.inherits),
        f"line {section.line}",
        count(len(section.options), "option"),
        count(odd, "finding") if odd else "",
    )
    nodes = [(node, section) for node in section.nodes]
    return Group(title, (_code(nodes, remarks, look),), open=opened)


def _kinds(template: bool, inherits: Iterable[str]) -> str:  # noqa: FBT001 - what a header says
    names = ", ".join(inherits)
    said = ("template" if template else "", f"inherits {names}" if names else "")
    return ", ".join(filter(None, said))


def _code(nodes: list[tuple[Line, Section]], remarks: Remarks, look: Look) -> Code:
    lines: list[tuple[int | None, Inline]] = []
    for node, section in nodes[:LIMIT]:
        lines.append((node.line, _line(node, section.document.name, section.name, look)))
        lines += ((None, _remark(found)) for found in remarks.get(node.line, ()))
    return Code(tuple(lines), max(0, len(nodes) - LIMIT))


def _remark(found: Diagnostic) -> Inline:
    label = Styled(f"{found.severity} {found.code}", SEVERITIES[found.severity], found.hint)
    return ("  ↑ ", label, " ", masked(shown_text(found.message)))


@describe.register
def _one_line(node: Line, look: Look) -> Block:
    return Code(((node.line, _line(node, "", "", look)),))


def _line(node: Line, file: str, section: str, look: Look) -> Inline:
    """Return a line without its end, its parts told apart."""
    text = (node.text if look.reveal else shown_line(node, file, section)).rstrip("\r\n")
    match node:
        case Comment():
            return masked(text, "dim")
        case Header():
            return Styled(text, "strong")
        case Directive():
            return Styled(text, "advice")
        case ErrorLine():
            return masked(text, "wrong")
        case Option():
            return _option(node, file, section, look)
        case _:
            return text


def _option(node: Option, file: str, section: str, look: Look) -> Inline:
    line, fields = node.text.rstrip("\r\n"), node.fields
    (start, stop), (value, end) = fields.name, fields.value
    rest = line[end:]
    return (
        line[:start],
        Styled(line[start:stop], "name"),
        dim(line[stop:value]),
        look.option(file, section, node.name, line[value:end]),
        dim(rest if look.reveal else shown_text(rest)),
    )


# -- meaning --------------------------------------------------------------------------------------


@describe.register
def _effective(effective: Effective, look: Look) -> Block:
    title = heading(
        f"{effective.name} as Asterisk reads it",
        count(len(effective.sections), "section"),
        "" if effective.valid else "Asterisk refuses the file",
    )
    few = sum(map(len, effective.sections)) <= SHORT
    sections = effective.sections[:SECTIONS]
    parts: list[Block] = [_effective_of(section, look, opened=few) for section in sections]
    if len(effective.sections) > SECTIONS:
        parts.append(_more(len(effective.sections) - SECTIONS))
    if effective.diagnostics:
        parts.append(describe(effective.diagnostics, look))
    return Group(title, tuple(parts))


@describe.register
def _effective_section(section: EffectiveSection, look: Look) -> Block:
    return _effective_of(section, look, opened=True)


def _effective_of(section: EffectiveSection, look: Look, *, opened: bool) -> Block:
    file = section.reading.name if section.reading else section.file
    title = heading(
        f"[{section.name}]",
        section.kind.name if section.kind else "",
        _kinds(section.template, section.inherits),
        section.position,
    )
    rows = [_item(item, hidden, file, section.name, look) for item, hidden in _used(section)]
    table = Table(("option", "value", "from", "hides"), rows, max(0, len(section) - LIMIT), SHORT)
    return Group(title, (table,), open=opened)


def _used(section: EffectiveSection) -> Iterator[tuple[EffectiveItem, list[EffectiveItem]]]:
    """Yield the items that their reader uses, in order, each with those that it hides."""
    items = section.items[:LIMIT]
    names: dict[str, list[int]] = {}
    for index, item in enumerate(items):
        names.setdefault(fold(item.name), []).append(index)
    hides: dict[int, list[int]] = {}
    for name, found in names.items():
        facts = section.facts(name) if len(found) > 1 else None
        if facts is None or facts.repeat == "accumulate":
            hides.update((index, []) for index in found)
            continue
        chosen = found[0 if facts.repeat == "first" else -1]
        hides[chosen] = [index for index in found if index != chosen]
    for index in sorted(hides):
        yield items[index], [items[other] for other in hides[index]]


def _item(
    item: EffectiveItem, hidden: list[EffectiveItem], file: str, section: str, look: Look
) -> Row:
    return (
        Styled(item.name, "name"),
        look.option(file, section, item.name, item.value),
        _from(item),
        join(
            (look.option(file, section, other.name, other.value), dim(" at "), _from(other))
            for other in hidden
        ),
    )


@describe.register
def _effective_item(item: EffectiveItem, look: Look) -> Block:
    value = look.option("", "", item.name, item.value)
    return Note((Styled(item.name, "name"), dim(" = "), value, dim("  ·  "), _from(item)))


def _from(item: EffectiveItem) -> Inline:
    way = "".join(f" through [{name}]" for name in item.way)
    added = len(item.parts) - 1
    return (item.origin, dim(way + (f" and {count(added, 'addition')}" if added else "")))


@describe.register
def _effective_option(option: EffectiveOption, look: Look) -> Block:
    used = option.items if option.repeat == "accumulate" else (option.chosen,)
    rows: list[Row] = [
        (look.option("", "", item.name, item.value), _from(item), state)
        for items, state in ((used, "used"), (option.overrides, "not used"))
        for item in items
    ]
    return Group(heading(option.name), (capped(("value", "from", ""), rows),))


# -- findings and sources -------------------------------------------------------------------------


@describe.register
def _diagnostics(every: Diagnostics, look: Look) -> Block:
    return findings(every, look)


@describe.register
def _source(source: FileSource, look: Look) -> Block:
    rows = [
        ("role", source.role),
        ("reason", look.text(source.reason)),
        ("readers", ", ".join(source.readers)),
        ("included by", ", ".join(source.included_by)),
        ("objects also from", ", ".join(source.also)),
    ]
    return Group(heading(source.file), (Table(("", ""), [row for row in rows if row[1]]),))


# -- the schema -----------------------------------------------------------------------------------


@describe.register
def _file_facts(file: FileFacts, look: Look) -> Block:
    rows: list[Row] = [
        (Styled(kind.name, "name"), f"{len(kind.options):,}", kind.module)
        for kind in file.objects.values()
    ]
    title = heading(file.name, look.text(", ".join(file.modules)), f"loader {file.loader}")
    return Group(title, (Table(("section", "options", "module"), rows, first=LIMIT),))


@describe.register
def _kind_facts(kind: ObjectFacts, look: Look) -> Block:
    rows: list[Row] = [
        (
            Styled(option.name, "name"),
            option.type,
            look.option("", "", option.name, option.default or ""),
            option.repeat,
        )
        for option in kind.options.values()
    ]
    title = heading(f"{kind.name} in {kind.file}", count(len(rows), "option"), kind.module)
    return Group(title, (Table(("option", "type", "default", "of several lines"), rows),))


@describe.register
def _option_facts(option: OptionFacts, look: Look) -> Block:
    named = {"type": option.type, "default": option.default, "aliases": option.aliases}
    rows: list[Row] = [
        (Styled(name, "name"), look.cell(value)) for name, value in {**named, **option.raw}.items()
    ]
    title = heading(option.name, f"{option.object} in {option.file}")
    return Group(title, (Table(("", ""), [row for row in rows if row[1]], first=LIMIT),))
