"""`asterconf diff`: what differs between two configurations in what they mean to Asterisk."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import NoReturn

import click

from asterconf.cli._common import (
    PATH,
    asterisk_option,
    flag,
    print_json,
    print_refusals,
    schema_option,
)
from asterconf.config import Config, load, load_revision
from asterconf.differ import Diff, diff
from asterconf.differ.loading import file_name, load_both, load_file, single
from asterconf.differ.printing import COLOURS, SAME, effects, line, rows, unknown_lines
from asterconf.editing.saving import SavedPlan
from asterconf.errors import MissingExtraError, NotFoundError
from asterconf.source import printable
from asterconf.syntax import Document
from asterconf.syntax.diffs import unified

_NULL = "/dev/null"
_ENDINGS = (".conf", ".conf.sample")


@click.command("diff")
@click.argument("sides", nargs=-1, required=True, metavar="OLD NEW | REV1 [REV2] -- PATH")
@click.option("--json", "how", flag_value="json", help="Print JSON; see docs/diff-and-plan.md.")
@click.option("--markdown", "how", flag_value="markdown", help="Print Markdown.")
@click.option("--html", "how", flag_value="html", help="Print an HTML page.")
@click.option(
    "--unified", "how", flag_value="unified", help="Print a unified diff of the objects' values."
)
@flag("--details", "Also show the values of added and removed objects.")
@click.option(
    "--order",
    type=click.Choice(["meaningful", "all"]),
    default="meaningful",
    help="Compare order where Asterisk depends on it, or everywhere.",
)
@click.option(
    "--out",
    type=PATH,
    metavar="PLAN",
    help="Also write a plan for `asterconf apply` that makes the folder OLD say what NEW says.",
)
@flag("--calls", "Tell which calls behave differently: every number and hour.")
@click.option(
    "--from",
    "entry",
    metavar="X",
    default="any",
    help="Where these calls come in: an endpoint, context:NAME, role:trunk or any (default).",
)
@asterisk_option
@schema_option
def command(
    sides: tuple[str, ...],
    how: str | None,
    order: str,
    out: Path | None,
    asterisk: str | None,
    schemas: tuple[Path, ...],
    *,
    entry: str,
    calls: bool,
    details: bool,
) -> None:
    """Compare two configurations, OLD and NEW, by what they mean to Asterisk.

    Both are folders, or both are files. With git revisions and a PATH, they are read from the
    repository without a checkout; without REV2, REV1 is compared with the working tree.

    As git's external diff program, it accepts the seven arguments that git passes.

    With --calls, every call is followed on both sides: those that end, dial or play otherwise are
    told with their numbers and a call as the witness; that no call does is proved.

    Exit code 0: no differences, 1: differences, or Asterisk refuses a file of NEW, 3: unknown,
    since something differs that is not compared by what it means, such as extensions.ael, or what
    calls do depends on what is not in the files. As git's external diff program always 0.
    """
    if len(sides) in {7, 9}:
        _external(sides)
        return
    if len(sides) == 1 and "GIT_DIFF_PATH_COUNTER" in os.environ:  # set by git
        click.echo(f"* unmerged: {printable(sides[0])}")
        return
    old, new = _configurations(sides)
    if asterisk is not None:
        old, new = old.with_asterisk(asterisk), new.with_asterisk(asterisk)
    old, new = old.with_schemas(*schemas), new.with_schemas(*schemas)
    found = diff(old, new, order="all" if order == "all" else "meaningful")
    refused = print_refusals(new, err=how is not None)
    if out is not None:
        if old.root is None or old.root != Path(sides[0]):
            raise click.UsageError("--out needs two folders")
        SavedPlan.between(old.root, _contents(old), _contents(new)).write(out)
    if calls:
        _print_calls(found, entry, how)
    if how is None:
        print_diff(found, details=details)
    else:
        click.echo(_formatted(found, how), nl=False)
    sys.exit(1 if refused or not found.is_empty else 3 if found.unknown else 0)


def _print_calls(found: Diff, entry: str, how: str | None) -> NoReturn:
    """Print which calls differ, and exit as the answer says."""
    if how not in (None, "json"):
        raise click.UsageError(f"--calls takes no --{how}; it takes --json")
    try:
        answer = found.calls(entry)
    except NotFoundError as error:
        click.echo(f"asterconf: {printable(str(error))}", err=True)
        sys.exit(2)
    if how == "json":
        print_json(answer.to_dict())
    else:
        click.echo(printable(str(answer)))
        for one in answer:
            if one.witness is not None:
                click.echo(printable(f"witness: {one.witness}"))
    sys.exit({"no": 0, "yes": 1, "unknown": 3}[answer.verdict])


def _configurations(sides: tuple[str, ...]) -> tuple[Config, Config]:
    """Return the two configurations that the arguments name."""
    if len(sides) == 3:
        return load_revision(sides[0], sides[2]), load_revision(sides[1], sides[2])
    if len(sides) != 2:
        raise click.UsageError("give OLD and NEW, or one or two revisions, -- and a path")
    old, new = map(Path, sides)
    if old.exists() or not new.exists() or sides[0].startswith(("/", ".")):  # not a revision
        return load_both(old, new)
    before = load_revision(sides[0], new)
    return before, load(new) if new.is_dir() else load_file(new, new.name)


def _contents(conf: Config) -> dict[str, bytes]:
    """Return the files of a configuration, with those that they include."""
    for name in conf.files:
        conf.effective(name)
    return {name: bytes(document) for name, document in conf.workspace.files.documents.items()}


def _external(sides: tuple[str, ...]) -> None:
    """Print the difference of one file for git; the exit code is 0 then.

    Git passes: path, old file, its object and mode, new file, its object and mode, and for a
    renamed file the new path and a note.
    """
    name, old, new = sides[0], sides[1], sides[4]
    later = sides[7] if len(sides) > 7 else name
    data = [None if path == _NULL else Path(path).read_bytes() for path in (old, new)]
    click.echo(f"diff --asterconf {printable(f'a/{name} b/{later}')}")
    if not later.endswith(_ENDINGS):
        click.echo(_textual(data[0], data[1], later), nl=False)
        return
    file = file_name(Path(later))
    folder = Path(later).parent
    found = diff(*(single(content, file, folder) for content in data))
    if found.is_empty:
        click.echo(f"{printable(later)}: no difference in what it means")
    else:
        print_diff(found)


def _textual(old: bytes | None, new: bytes | None, name: str) -> str:
    sides = (None if d is None else Document.from_bytes(d, name=name) for d in (old, new))
    return printable(unified(*sides, reveal=False))


def _formatted(found: Diff, how: str) -> str:
    if how == "json":
        return json.dumps(found.to_dict(), indent=2) + "\n"
    if how == "markdown":
        return found.to_markdown()
    if how == "html":
        from asterconf.display import view

        return view(found).page() + "\n"
    return found.to_unified()


def print_diff(found: Diff, *, details: bool = False) -> None:
    """Print a difference, in colour on a terminal.

    Raises:
        MissingExtraError: rich is not installed.
    """
    try:
        from rich.console import Console
        from rich.text import Text
    except ModuleNotFoundError:
        needed = "colours need the extra 'cli': pip install 'asterconf[cli]'"
        raise MissingExtraError(needed) from None
    doubts = unknown_lines(found.unknown)
    if found.is_empty:
        click.echo("\n".join(doubts or [SAME]))
        return
    to = Console(highlight=False, markup=False)
    for row in rows(found, details=details):
        text = Text(line(row), style=COLOURS.get(row.sign, ""))
        if row.place:
            text.stylize("dim", len(text) - len(row.place) - 2)
        to.print(text, soft_wrap=True)
    to.print()
    for note in (*effects(found), *doubts):
        to.print(Text(note, style="bold"), soft_wrap=True)
