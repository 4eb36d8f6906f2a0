"""`asterconf match`: which step a call runs, and why."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import attrs
import click

from asterconf.cli import Reading, moment, print_json, reading_options, reveal_option
from asterconf.cli.dialplan import read
from asterconf.diagnostic import Because
from asterconf.dialplan import LoadedDialplan
from asterconf.dialplan.lookup import Match

ANSWERS = {"yes": 0, "no": 1, "unknown": 3}
"""The exit code of each answer."""


@click.command("match", context_settings={"ignore_unknown_options": True})
@click.argument("path", type=click.Path(path_type=Path), metavar="FILE")
@click.argument("context")
@click.argument("number")
@click.option("--callerid", metavar="NUMBER", help="The caller's number; default: none.")
@click.option(
    "--priority", default="1", metavar="PRIORITY", help="A priority or a label; default: 1."
)
@click.option("--at", metavar="TIME", help="The time, such as 2024-02-05T17:00; default: now.")
@reading_options
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a sentence.")
@reveal_option
def command(
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
