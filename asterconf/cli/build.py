"""`asterconf build`: a home PBX out of one TOML file."""

from __future__ import annotations

from pathlib import Path

import click

from asterconf.cli import _homes
from asterconf.source import printable

__all__ = ["command"]


@click.command("build")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--to",
    "directory",
    required=True,
    type=click.Path(path_type=Path),
    help="Folder to write into: missing, empty, or as an earlier build left it.",
)
@click.option(
    "--complete", is_flag=True, help="Also write what a bare Asterisk needs, such as modules.conf."
)
def command(file: Path, directory: Path, *, complete: bool) -> None:
    """Build the home PBX that the TOML file FILE describes.

    The files are checked before they are written: nothing is written that Asterisk would refuse.
    Warnings and advice go to standard error; the build still succeeds.
    """
    pbx, findings = _homes.checked(file)
    written = pbx.write(directory, complete=complete)
    for finding in findings:
        click.echo(str(finding), err=True)
    for path in written:
        click.echo(printable(str(path)))
    if not written:
        click.echo(f"{printable(str(directory))}: nothing to change")
