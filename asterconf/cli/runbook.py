"""`asterconf runbook`: how a home is installed, started, changed and watched."""

from __future__ import annotations

from pathlib import Path

import click

from asterconf.cli import _homes

__all__ = ["command"]


@click.command("runbook")
@_homes.file_argument
@_homes.json_option
def command(file: Path, *, as_json: bool) -> None:
    """Print how to run the home that FILE (home.toml) describes, as Markdown."""
    book = _homes.described(file).runbook()
    if as_json:
        _homes.print_json(**book.to_dict())
    else:
        click.echo(book.markdown(), nl=False)
