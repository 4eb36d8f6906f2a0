"""`asterconf apply`: build a home into a folder, after a look at what that changes."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from asterconf.cli import _homes
from asterconf.source import printable

__all__ = ["command"]


@click.command("apply")
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("directory", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--complete", is_flag=True, help="Also what a bare Asterisk needs.")
@click.option(
    "--ours", is_flag=True, help="Go on in spite of conflicts: what was edited in DIR stays."
)
@click.option(
    "--no-backup", is_flag=True, help="Do not keep the old files beside the new ones, as .bak."
)
def command(
    file: Path, directory: Path, *, yes: bool, complete: bool, ours: bool, no_backup: bool
) -> None:
    """Build the home that the TOML file FILE describes into DIR, and keep what was edited there.

    Shows the plan first and asks. All files are written, or none.

    Exit code 0: done, or nothing to do; 1: there are conflicts, or the answer was no.
    """
    plan = _homes.planned(file, directory, complete=complete)
    _homes.print_plan(plan)
    if not plan.is_pending and not plan.conflicts:
        return
    if plan.conflicts and not ours:
        click.echo("Nothing was written; --ours keeps what was edited.", err=True)
        sys.exit(1)
    if not plan.is_pending:
        return
    if not yes and not click.confirm("\nApply this?"):
        sys.exit(1)
    for path in plan.apply(backup=not no_backup, ours=ours):
        click.echo(printable(str(path)))
