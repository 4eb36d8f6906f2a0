"""What `plan` and `apply` have in common: a home, the folder it is built into, what is pending."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from asterconf.source import printable

if TYPE_CHECKING:
    from asterconf.home.rebuild import Rebuild

__all__ = ["planned", "print_plan"]


def planned(file: Path, directory: Path, *, complete: bool) -> Rebuild:
    """Return what building the home of a TOML file into a folder takes."""
    from asterconf.home import HomePBX

    return HomePBX.from_toml(file).rebuild(directory, complete=complete or None)


def print_plan(plan: Rebuild, *, details: bool = False) -> None:
    """Print what would change, what is in the way, and how much it is."""
    from asterconf.cli.diff import print_diff

    shown = printable(str(plan.directory))
    if plan.foreign:
        click.echo(f"{shown} holds files that no build wrote; this is how it differs:\n")
    if not plan.diff.is_empty:
        print_diff(plan.diff, details=details)
        click.echo()
    for conflict in plan.conflicts:
        click.echo(f"conflict: {conflict}")
    if plan.conflicts:
        click.echo()
    if not plan.is_pending and not plan.conflicts:
        click.echo(f"{shown} is as the description says")
        return
    if plan.is_pending and plan.diff.is_empty:
        click.echo("Only text changes, nothing that Asterisk would notice.")
    counts = plan.counts
    numbers = f"{counts['create']} to create, {counts['change']} to change, "
    several = "s" if len(plan.conflicts) > 1 else ""
    conflicts = f", {len(plan.conflicts)} conflict{several}" if plan.conflicts else ""
    click.echo(f"Plan: {numbers}{counts['remove']} to remove{conflicts}.")
    files = [*plan.written, *(f"{name} (goes)" for name in plan.removed)]
    if files and not plan.foreign:
        click.echo(f"Files: {', '.join(map(printable, files))}")
