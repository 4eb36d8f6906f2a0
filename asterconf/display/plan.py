"""Views of the dialplan: its contexts, their extensions and steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from asterconf.display.blocks import Block, Group, Inline, Note, Row, Span, Table, dim, join
from asterconf.display.describe import capped, count, describe, heading
from asterconf.display.look import Look
from asterconf.model.dialplan import Dialplan, DialplanContext, DialplanExtension
from asterconf.shown import places
from asterconf.source import Position

__all__ = ["contexts_table"]

STEPS = 40
"""How many steps of a context are seen at once."""

_COLUMNS = ("extension", "priority", "label", "application", "at")


def contexts_table(contexts: Iterable[DialplanContext], look: Look) -> Table:
    """Return a table of contexts: how many extensions each has, and what else it searches."""
    rows: list[Row] = [
        (
            Span(context.name, "name"),
            f"{len(context.extensions):,}",
            join(look.text(include.text) for include in context.includes),
            join(look.text(switch.text) for switch in context.switches),
            places(context).get("", ""),
        )
        for context in contexts
    ]
    return capped(("context", "extensions", "includes", "switches", "at"), rows)


@describe.register
def _dialplan(plan: Dialplan, look: Look) -> Block:
    where = places(plan)
    title = heading(
        "Dialplan",
        count(len(plan.contexts), "context"),
        count(sum(len(context.extensions) for context in plan.contexts), "extension"),
    )
    rows: list[Row] = [
        (
            Span(name, "name"),
            look.option("", "globals", name, value),
            where.get(f"globals.{name}", ""),
        )
        for name, value in plan.globals.items()
    ]
    variables = Group(
        heading("globals", f"{len(rows)}"), (capped(("", "", ""), rows),), len(rows) < 20
    )
    return Group(title, (contexts_table(plan.contexts, look), *([variables] if rows else [])))


@describe.register
def _context(context: DialplanContext, look: Look) -> Block:
    where = places(context)
    parts: list[Block] = []
    searched: tuple[tuple[str, str, list[str]], ...] = (
        ("includes", "includes", [include.text for include in context.includes]),
        ("switches", "switches", [f"{s.kind} => {s.text}" for s in context.switches]),
        ("ignorepats", "dial tone stays after", list(context.ignorepats)),
    )
    for field, words, texts in searched:
        shown = (
            (look.text(text), *_at(where, f"{field}[{index}]")) for index, text in enumerate(texts)
        )
        if texts:
            parts.append(Note((dim(f"{words} "), join(shown))))
    rows = [
        row
        for index, extension in enumerate(context.extensions)
        for row in _rows(extension, look, where, f"extensions[{index}].")
    ]
    title = heading(
        f"[{context.name}]", count(len(context.extensions), "extension"), where.get("", "")
    )
    return Group(title, (*parts, capped(_COLUMNS, rows, STEPS)))


def _at(where: Mapping[str, Position], path: str) -> tuple[Inline, ...]:
    place = where.get(path)
    return (" ", place) if place else ()


@describe.register
def _extension(extension: DialplanExtension, look: Look) -> Block:
    title = heading(extension.key, count(len(extension.steps), "step"))
    return Group(
        title, (capped(_COLUMNS[1:], [row[1:] for row in _rows(extension, look, {}, "")]),)
    )


def _rows(
    extension: DialplanExtension, look: Look, where: Mapping[str, Position], path: str
) -> list[Row]:
    """Return a row for the hint and for each step; the name stands in the first one."""
    rows: list[Row] = []
    if (hint := extension.hint) is not None:
        rows.append(("hint", hint.label or "", look.text(hint.text), where.get(f"{path}hint", "")))
    for index, step in enumerate(extension.steps):
        place = where.get(f"{path}steps[{index}]", "")
        rows.append((str(step.priority), step.label or "", _call(str(step), look), place))
    names: list[Inline] = [Span(extension.key, "name"), *[""] * len(rows)]
    return [(name, *row) for name, row in zip(names, rows, strict=False)]


def _call(text: str, look: Look) -> Inline:
    name, bracket, rest = text.partition("(")
    shown = look.text(text)
    if shown != text or not bracket:
        return shown
    return (Span(name, "strong"), bracket + rest)
