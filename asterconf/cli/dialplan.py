"""`asterconf dialplan`, `match` and `graph`: what Asterisk loads from an extensions.conf."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import click

from asterconf.cli._common import (
    PATH,
    Reading,
    flag,
    json_flag,
    moment,
    print_json,
    print_refusals,
    reading_options,
    reveal_option,
)
from asterconf.diagnostic import Because, Diagnostic
from asterconf.dialplan import (
    HINT,
    DialplanContext,
    DialplanExtension,
    LoadedDialplan,
    load_dialplan,
)
from asterconf.dialplan.lookup import Match
from asterconf.resolve import Effective
from asterconf.secrets import shown_text, shown_value
from asterconf.source import printable
from asterconf.workspace import Workspace


@click.command("dialplan")
@click.argument("path", type=PATH, metavar="FILE")
@reading_options
@json_flag("Print JSON instead of a listing.")
@reveal_option
def _dialplan(
    path: Path,
    reading: Reading,
    *,
    as_json: bool,
    reveal: bool,
) -> None:
    """Show the dialplan that Asterisk loads from FILE, a file of any name or a directory.

    Contexts are in file order and extensions in the order in which Asterisk tries them, each
    step with its line number. Global variables and findings follow.

    Exit code 0: shown, 1: there is no such file, or Asterisk refuses it, 3: something that is
    unknown here, such as extensions.ael, adds to it.
    """
    _, effective, loaded = read(path, reading)
    if as_json:
        print_json(_as_data(effective, loaded), reveal=reveal)
    else:
        for line in _listing(effective, loaded):
            click.echo(line)
    sys.exit(1 if not loaded.loaded else 3 if loaded.dialplan.elsewhere else 0)


def read(path: Path, reading: Reading) -> tuple[Workspace, Effective, LoadedDialplan]:
    """Read a file of any name as extensions.conf, or the extensions.conf of a directory.

    Returns:
        The files, what Asterisk holds after reading that file, and what it loads from it.

    Raises:
        LoadError: there is nothing to read.
        NotFoundError: the directory has no extensions.conf.
    """
    conf = reading.load(path)
    name = "extensions.conf" if conf.is_folder else conf.files[0]
    if name == "extensions.conf":
        return conf.workspace, conf.effective(name), conf.workspace.dialplan
    effective = conf.effective(name)
    return conf.workspace, effective, load_dialplan(effective)


def _warnings(effective: Effective, loaded: LoadedDialplan) -> tuple[Diagnostic, ...]:
    """Return the findings of reading the file, then those of loading it."""
    return (*effective.diagnostics, *loaded.diagnostics)


def _as_data(effective: Effective, loaded: LoadedDialplan) -> dict[str, Any]:
    """Return a loaded dialplan in the shape of the recorded vectors, with our findings."""
    return {
        "loaded": loaded.loaded,
        "contexts": {context.name: _context(loaded, context) for context in loaded.dialplan},
        "globals": dict(loaded.dialplan.globals),
        "warnings": [_warning(found) for found in _warnings(effective, loaded)],
        "unknown": [attrs.asdict(other.because) for other in loaded.dialplan.elsewhere],
    }


def _context(loaded: LoadedDialplan, context: DialplanContext) -> dict[str, Any]:
    return {
        "extensions": [row for e in context for row in _rows(loaded, context.name, e)],
        "includes": [include.text for include in context.includes],
        "ignorepats": list(context.ignorepats),
        "switches": [switch.text for switch in context.switches],
        "autohints": context.autohints,
    }


def _rows(
    loaded: LoadedDialplan, context: str, extension: DialplanExtension
) -> Iterator[dict[str, Any]]:
    """Yield hint and steps of an extension, the hint first."""
    name, condition = extension.name, extension.callerid_match
    found: list[tuple[int, dict[str, Any]]] = [
        (
            step.priority,
            {
                "priority": step.priority,
                "label": step.label,
                "app": step.app,
                "data": step.data,
            },
        )
        for step in extension.steps
    ]
    if hint := extension.hint:
        texts = {"priority": "hint", "label": hint.label, "app": hint.text, "data": hint.name}
        found.append((HINT, texts))
    for priority, row in sorted(found, key=lambda pair: pair[0]):
        line = loaded.origins[context, name, condition, priority].line
        yield {"exten": name, "cid": condition, **row, "line": line}


def _warning(found: Diagnostic) -> dict[str, Any]:
    return {
        "code": found.code,
        "severity": str(found.severity),
        "message": found.message,
        "hint": found.hint,
        **(attrs.asdict(found.position) if found.position else {}),
    }


def _listing(effective: Effective, loaded: LoadedDialplan) -> Iterator[str]:
    """Yield the lines of a listing for people, secrets masked."""
    if not loaded.loaded:
        yield f"{effective.caveat}; no dialplan is loaded from it"
    elif effective.caveat:
        yield effective.caveat
    for other in loaded.dialplan.elsewhere:
        yield f"unknown: {other.because}"
    for context in loaded.dialplan:
        yield f"[{printable(context.name)}]"
        for extension in context:
            yield f"  {printable(extension.key)}"
            for row in _rows(loaded, context.name, extension):
                label = f"({row['label']})" if row["label"] is not None else ""
                call = f"{row['app']}({row['data']})" if row["priority"] != "hint" else row["app"]
                shown = printable(f"{row['priority']}{shown_text(label)}")
                yield f"    {shown:<10} {printable(shown_text(call))}  :{row['line']}"
        further = (
            *(f"include {include.text}" for include in context.includes),
            *(f"ignorepat {pattern}" for pattern in context.ignorepats),
            *(f"{switch.kind} {switch.text}" for switch in context.switches),
            *(["autohints yes"] if context.autohints else []),
        )
        yield from (f"  {printable(line)}" for line in further)
        yield ""
    for name, value in loaded.dialplan.globals.items():
        yield printable(f"{name}={shown_value(effective.name, 'globals', name, value)}")
    yield from map(str, _warnings(effective, loaded))


# -- match ----------------------------------------------------------------------------------------


ANSWERS = {"yes": 0, "no": 1, "unknown": 3}
"""The exit code of each answer."""


@click.command("match", context_settings={"ignore_unknown_options": True})
@click.argument("path", type=PATH, metavar="FILE")
@click.argument("context")
@click.argument("number")
@click.option("--callerid", metavar="NUMBER", help="The caller's number; default: none.")
@click.option(
    "--priority", default="1", metavar="PRIORITY", help="A priority or a label; default: 1."
)
@click.option("--at", metavar="TIME", help="The time, such as 2024-02-05T17:00; default: now.")
@reading_options
@json_flag("Print JSON instead of a sentence.")
@reveal_option
def _match(
    path: Path,
    context: str,
    number: str,
    *,
    callerid: str | None,
    priority: str,
    at: str | None,
    reading: Reading,
    as_json: bool,
    reveal: bool,
) -> None:
    """Show which step of the dialplan in FILE a call to NUMBER in CONTEXT runs, and why.

    FILE is a file of any name or a directory. NUMBER may begin with a dash. Extensions that
    modules make of other files, such as res_parking.conf, count, too; they have no line.

    Exit code 0: there is one, 1: there is none, 3: unknown, and what would have to be known.
    """
    when = moment(at)
    work, _, loaded = read(path, reading)
    plan = work.completed(loaded.dialplan)
    wanted = int(priority) if priority.isdecimal() else priority
    found = plan.match(number, context, callerid=callerid, priority=wanted, at=when)
    if as_json:
        asked = {"context": context, "dialed": number, "callerid": callerid}
        print_json({**asked, **_answer(loaded, found)}, reveal=reveal)
    else:
        click.echo(str(found))
    sys.exit(ANSWERS[found.answer])


def _answer(loaded: LoadedDialplan, found: Match) -> dict[str, Any]:
    """Return an answer in the shape of the recorded vectors."""
    because = [attrs.asdict(one) for one in found.because]
    answer = {"answer": found.answer, "because": because}
    if found.extension is None or found.step is None or found.context is None:
        return {"matched_exten": None, **answer}
    name, condition = found.extension.name, found.extension.callerid_match
    step = found.step
    place = loaded.origins.get((found.context, name, condition, step.priority))
    if found.answer == "yes":
        answer["because"] = [attrs.asdict(Because.at(found.why, place))]
    return {
        "matched_exten": name,
        "matched_context": found.context,
        "matched_cid": condition,
        "priority": step.priority,
        "app": step.app,
        "data": step.data,
        "line": place.line if place is not None else 0,
        **answer,
    }


# -- graph ----------------------------------------------------------------------------------------


@click.command("graph")
@click.argument("path", type=PATH)
@click.option("--context", help="Draw only this context.")
@flag("--map", "whole", "Draw phones, trunks, queues and mailboxes, and what refers to what.")
@click.option(
    "--mermaid",
    "form",
    flag_value="mermaid",
    default=True,
    help="Print a Mermaid flow chart (the default).",
)
@click.option("--dot", "form", flag_value="dot", help="Print Graphviz DOT.")
@click.option("--svg", "form", flag_value="svg", help="Print SVG; needs Graphviz.")
@click.option("--json", "form", flag_value="json", help="Print nodes and edges as JSON.")
@click.option(
    "--limit",
    type=click.IntRange(0),
    help="Group nodes so that there are at most so many; 0: no limit. Default: 100, for --map 24.",
)
@click.option("--links", default="", help="Prefix of links, before FILE#LLINE.")
@reading_options
def _graph(
    path: Path,
    *,
    context: str | None,
    whole: bool,
    form: str,
    limit: int | None,
    links: str,
    reading: Reading,
) -> None:
    """Draw the dialplan of PATH: a configuration directory, or a dialplan file of any name.

    Files that Asterisk refuses are named on standard error.

    Exit code 0: drawn, 1: Asterisk refuses a file, or there is no such context, 3: it is unknown
    whether there is.
    """
    if whole and context is not None:
        raise click.UsageError("--map and --context exclude each other")
    conf = reading.load(path)
    refused = print_refusals(conf, err=True)
    most = {} if limit is None else {"limit": limit or None}
    if whole:
        graph = conf.map(**most)
    else:
        file = None if conf.is_folder else conf.effective(conf.files[0])
        plan = conf.dialplan if file is None else load_dialplan(file).dialplan
        graph = plan.graph(**most) if context is None else plan[context].graph(**most)
    graph = attrs.evolve(graph, links=links)
    if form == "json":
        print_json(attrs.asdict(graph))
    else:
        click.echo(getattr(graph, form)(), nl=False)
    sys.exit(refused)


COMMANDS = {"dialplan": _dialplan, "match": _match, "graph": _graph}
"""The commands by name."""
