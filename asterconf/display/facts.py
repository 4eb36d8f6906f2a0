"""Views of what Asterisk knows: its files, kinds of sections and options."""

from __future__ import annotations

from asterconf.display.blocks import Block, Group, Row, Span, Table
from asterconf.display.describe import LIMIT, describe, heading
from asterconf.display.look import Look
from asterconf.schema import FileFacts, ObjectFacts, OptionFacts
from asterconf.source import count

__all__: list[str] = []


@describe.register
def _file(file: FileFacts, look: Look) -> Block:
    rows: list[Row] = [
        (Span(kind.name, "name"), f"{len(kind.options):,}", kind.module)
        for kind in file.objects.values()
    ]
    title = heading(file.name, look.text(", ".join(file.modules)), f"loader {file.loader}")
    return Group(title, (Table(("section", "options", "module"), rows, first=LIMIT),))


@describe.register
def _kind(kind: ObjectFacts, look: Look) -> Block:
    rows: list[Row] = [
        (
            Span(option.name, "name"),
            option.type,
            look.option("", "", option.name, option.default or ""),
            option.repeat,
        )
        for option in kind.options.values()
    ]
    title = heading(f"{kind.name} in {kind.file}", count(len(rows), "option"), kind.module)
    return Group(title, (Table(("option", "type", "default", "of several lines"), rows),))


@describe.register
def _option(option: OptionFacts, look: Look) -> Block:
    named = {"type": option.type, "default": option.default, "aliases": option.aliases}
    rows: list[Row] = [
        (Span(name, "name"), look.cell(value)) for name, value in {**named, **option.raw}.items()
    ]
    title = heading(option.name, f"{option.object} in {option.file}")
    return Group(title, (Table(("", ""), [row for row in rows if row[1]], first=LIMIT),))
