"""`asterconf dialplan`: what Asterisk loads from an extensions.conf."""

from __future__ import annotations

import json
from pathlib import Path

import click

from asterconf.cli import _dialplan

__all__ = ["command"]


@click.command("dialplan")
@click.argument("path", type=click.Path(path_type=Path), metavar="FILE")
@click.option(
    "--root",
    type=click.Path(path_type=Path),
    help="Configuration directory that includes start from; by default the file's folder.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a listing.")
def command(path: Path, root: Path | None, *, as_json: bool) -> None:
    """Show the dialplan that Asterisk loads from FILE, a file of any name or a directory.

    Contexts stand in file order, extensions in the order in which Asterisk tries them, each step
    with its line; then global variables, and what was odd.
    """
    effective, loaded = _dialplan.read(path, root)
    if as_json:
        click.echo(json.dumps(_dialplan.as_data(effective, loaded), indent=2))
        return
    for line in _dialplan.listing(effective, loaded):
        click.echo(line)
