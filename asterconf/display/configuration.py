"""Views of a configuration and of its dialplan: contexts, extensions and steps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from asterconf.apps import Application
from asterconf.config import Config
from asterconf.diagnostic import places
from asterconf.dialplan.lookup import Dialplan, Match
from asterconf.dialplan.values import DialplanContext, DialplanExtension, DialplanStep
from asterconf.display.blocks import (
    Block,
    Cells,
    Drawing,
    Inline,
    Panel,
    Sentence,
    Styled,
    Table,
    dim,
    join,
)
from asterconf.display.describe import (
    LIMIT,
    Formatter,
    capped,
    describe,
    findings,
    folded,
    heading,
    objects_table,
)
from asterconf.graph import Graph, installed
from asterconf.language.pattern import Element, Pattern
from asterconf.linter.rules.gone import gone
from asterconf.objects import Objects
from asterconf.source import Position, Severity, count, decode

STEPS = 40
"""The number of steps of a context that are shown unfolded."""

_COLUMNS = ("extension", "priority", "label", "application", "at")


def contexts_table(contexts: Iterable[DialplanContext], fmt: Formatter) -> Table:
    """Return a table of contexts: the number of their extensions, their includes and switches."""
    rows: list[Cells] = [
        (
            Styled(context.name, "name"),
            f"{len(context.extensions):,}",
            join(fmt.text(include.text) for include in context.includes),
            join(fmt.text(switch.text) for switch in context.switches),
            places(context).get("", ""),
        )
        for context in contexts
    ]
    return capped(("context", "extensions", "includes", "switches", "at"), rows)


@describe.register
def _dialplan(plan: Dialplan, fmt: Formatter) -> Block:
    where = places(plan)
    title = heading(
        "Dialplan",
        count(len(plan.contexts), "context"),
        count(sum(len(context.extensions) for context in plan.contexts), "extension"),
    )
    rows: list[Cells] = [
        (
            Styled(name, "name"),
            fmt.option("", "globals", name, value),
            where.get(f"globals.{name}", ""),
        )
        for name, value in plan.globals.items()
    ]
    variables = Panel(
        heading("globals", f"{len(rows)}"), (capped(("", "", ""), rows),), len(rows) < 20
    )
    before: list[Block] = [_warned(plan.caveat)] if plan.caveat else []
    before += [_warned(f"unknown: {other.because}") for other in plan.elsewhere]
    shown = (*before, contexts_table(plan.contexts, fmt), *([variables] if rows else []))
    return Panel(title, shown)


def _warned(sentence: str) -> Sentence:
    return Sentence(Styled(sentence, "error"))


@describe.register
def _context(context: DialplanContext, fmt: Formatter) -> Block:
    where = places(context)
    parts: list[Block] = []
    searched: tuple[tuple[str, str, list[str]], ...] = (
        ("includes", "includes", [include.text for include in context.includes]),
        ("switches", "switches", [f"{s.kind} => {s.text}" for s in context.switches]),
        ("ignorepats", "dial tone stays after", list(context.ignorepats)),
    )
    for field, words, texts in searched:
        shown = (
            (fmt.text(text), *_at(where, f"{field}[{index}]")) for index, text in enumerate(texts)
        )
        if texts:
            parts.append(Sentence((dim(f"{words} "), join(shown))))
    rows: list[Cells] = []
    for index, extension in enumerate(context.extensions):
        if len(rows) < LIMIT:  # a place costs some time to find
            rows += _rows(extension, fmt, where, f"extensions[{index}].")
    total = sum(len(e.steps) + (e.hint is not None) for e in context.extensions)
    steps = Table(_COLUMNS, rows[:LIMIT], max(0, total - LIMIT), STEPS)
    title = heading(
        f"[{context.name}]", count(len(context.extensions), "extension"), where.get("", "")
    )
    return Panel(title, (*parts, steps))


def _at(where: Mapping[str, Position], path: str) -> tuple[Inline, ...]:
    place = where.get(path)
    return (" ", place) if place else ()


@describe.register
def _extension(extension: DialplanExtension, fmt: Formatter) -> Block:
    title = heading(extension.key, count(len(extension.steps), "step"))
    return Panel(title, (capped(_COLUMNS[1:], [row[1:] for row in _rows(extension, fmt, {}, "")]),))


def _rows(
    extension: DialplanExtension, fmt: Formatter, where: Mapping[str, Position], path: str
) -> list[Cells]:
    """Return a row for the hint and for each step, the first one with the name of the extension."""
    rows: list[Cells] = []
    if (hint := extension.hint) is not None:
        rows.append(("hint", hint.label or "", fmt.text(hint.text), where.get(f"{path}hint", "")))
    for index, step in enumerate(extension.steps):
        place = where.get(f"{path}steps[{index}]", "")
        rows.append((str(step.priority), step.label or "", _call(str(step), fmt), place))
    names: list[Inline] = [Styled(extension.key, "name"), *[""] * len(rows)]
    return [(name, *row) for name, row in zip(names, rows, strict=False)]


def _call(text: str, fmt: Formatter) -> Inline:
    name, bracket, rest = text.partition("(")
    shown = fmt.text(text)
    if shown != text or not bracket:
        return shown
    return (Styled(name, "strong"), bracket + rest)


@describe.register
def _step(step: DialplanStep, fmt: Formatter) -> Block:
    label = f" ({step.label})" if step.label is not None else ""
    return Sentence((dim(f"{step.priority}{label}  "), _call(str(step), fmt)))


@describe.register
def _application(app: Application, fmt: Formatter) -> Block:
    return Sentence(_call(str(app), fmt))


@describe.register
def _graph(graph: Graph, fmt: Formatter) -> Block:
    notes = [_warned(note) for note in graph.notes]
    drawn = Drawing(graph.svg() if installed() else "", graph.mermaid())
    return Panel(heading(graph.title, fmt.text(graph.summary)), (*notes, drawn))


@describe.register
def _match(found: Match, fmt: Formatter) -> Block:
    rows: list[Cells] = []
    if found.extension is not None and found.step is not None:
        rows.append(("context", found.context or ""))
        rows.append(("extension", found.extension.key))
        rows.append(("priority", str(found.step.priority)))
        rows.append(("application", _call(str(found.step), fmt)))
    rows.append(("way", " → ".join(found.path)))
    rows += [("note", fmt.text(note)) for note in found.notes]
    rows += [("unknown, tried first", fmt.text(f"{s.kind} => {s.text}")) for s in found.unknown]
    rows += [("unknown", fmt.text(str(doubt))) for doubt in found.doubts]
    title = heading(found.number or "(no number)", fmt.text(found.why))
    return Panel(title, (Table(("", ""), [row for row in rows if row[1]]),))


@describe.register
def _pattern(pattern: Pattern, fmt: Formatter) -> Block:
    if not pattern.is_pattern:
        return Sentence(
            (Styled(pattern.text, "name"), dim(" is not a pattern; it matches only itself"))
        )
    rows: list[Cells] = [
        (str(place), Styled(element.text, "code"), _accepted(element))
        for place, element in enumerate(pattern.elements, 1)
    ]
    return Panel(
        heading(pattern.text, fmt.text("pattern")), (Table(("place", "", "accepts"), rows),)
    )


def _accepted(element: Element) -> str:
    """Return the characters that an element accepts, ranges as `0-9`."""
    if element.ends:
        return "anything, at least one character" if element.text == "." else "anything, or nothing"
    runs: list[list[int]] = []
    for byte in sorted(element.accepts):
        if runs and runs[-1][-1] == byte - 1:
            runs[-1].append(byte)
        else:
            runs.append([byte])
    if not runs:
        return "nothing"
    shown = []
    for run in runs:
        if len(run) > 2:
            shown.append(f"{decode(bytes(run[:1]))}-{decode(bytes(run[-1:]))}")
        else:
            shown += [decode(bytes([byte])) for byte in run]
    return ", ".join(shown)


# -- a whole configuration ------------------------------------------------------------------------

CHECKED = 5_000
"""The maximum number of lines of a configuration that is checked for its view."""


@describe.register
def _objects(objects: Objects, fmt: Formatter) -> Block:  # type: ignore[type-arg]
    table = objects_table(count(len(objects), objects.what), objects.values(), fmt)
    return (
        Panel(heading(objects.what), (_warned(objects.caveat), table)) if objects.caveat else table
    )


@describe.register
def _config(conf: Config, fmt: Formatter) -> Block:
    said = gone(conf.workspace)
    parts: list[Block] = [Sentence(f"{one.severity}: {one.message}") for one in said]
    parts += [
        describe(objects, fmt)
        for objects in (conf.trunks, conf.extensions, conf.queues, conf.mailboxes)
        if objects
    ]
    others = [one for one in conf.endpoints.values() if one.role not in {"extension", "trunk"}]
    if others:
        parts.append(objects_table(count(len(others), "other endpoint"), others, fmt))
    contexts = conf.dialplan.contexts
    if contexts:
        title = heading(count(len(contexts), "dialplan context"))
        parts.append(Panel(title, (contexts_table(contexts, fmt),)))
    if len(parts) == len(said):
        parts.append(Sentence("No phones, trunks, queues, mailboxes or dialplan contexts."))
    parts.append(_findings(conf, fmt))
    sources = conf.sources
    roles = ", ".join(
        f"{number} {role}"
        for role, number in Counter(source.role for source in sources.values()).items()
    )
    files = objects_table(heading(count(len(sources), "file"), roles), sources.values(), fmt)
    title = heading("Configuration", str(conf.root) if conf.root else "not on disk")
    before = [_warned(sentence) for sentence in conf.refused]
    before += [_warned(f"unknown: {other.because}") for other in conf.dialplan.elsewhere]
    return Panel(title, (*before, *parts, folded(files)))


def _findings(conf: Config, fmt: Formatter) -> Block:
    lines = sum(section.text.count("\n") for name in conf.files for section in conf[name].parts)
    if lines > CHECKED:
        why = ("Not checked, because of its ", count(lines, "line"), "; use conf.check().")
        worst = list(Severity)
        read = sorted(
            (*conf.diagnostics, *conf.object_diagnostics), key=lambda one: worst.index(one.severity)
        )
        return Panel(why, (findings(read, fmt),)) if read else Sentence(why)
    found = conf.check(host_files=False).wrong
    return folded(describe(found, fmt)) if found else Sentence(dim("0 findings"))
