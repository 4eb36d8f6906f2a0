"""`asterconf plan`: what building a home into a folder would change."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from asterconf.cli import _homes, print_json

__all__ = ["command"]


@click.command("plan")
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("directory", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--details", is_flag=True, help="Also show what objects say that come or go.")
@click.option("--complete", is_flag=True, help="Also what a bare Asterisk needs.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="PLAN",
    help="Also write the plan to a file for `asterconf apply`; it holds passwords.",
)
def command(
    file: Path,
    directory: Path,
    out: Path | None,
    *,
    as_json: bool,
    details: bool,
    complete: bool,
) -> None:
    """Tell what building the home that the TOML file FILE describes into DIR would change.

    Nothing is written. What was edited in DIR by hand since the last build stays; where the
    description changed the same, that is a conflict.

    Exit code 0: nothing to do, 1: changes or conflicts.
    """
    plan = _homes.planned(file, directory, complete=complete)
    if as_json:
        print_json(plan.to_dict())
    else:
        _homes.print_plan(plan, details=details)
    if out is not None:
        plan.plan().write(out)
    pending = plan.is_pending or bool(plan.conflicts)
    sys.exit(1 if pending else 0)
