"""`asterconf adopt`: a home.toml out of the files of a PBX."""

from __future__ import annotations

from pathlib import Path

import click

from asterconf.cli import _homes
from asterconf.source import printable

__all__ = ["command"]


@click.command("adopt")
@click.argument("directory", type=click.Path(path_type=Path), metavar="DIR")
@click.option(
    "--to",
    "file",
    type=click.Path(path_type=Path),
    help="File to write, with passwords; by default it is printed, passwords masked.",
)
@click.option("--reveal", is_flag=True, help="Print passwords.")
@_homes.json_option
def command(directory: Path, file: Path | None, *, reveal: bool, as_json: bool) -> None:
    """Write a home.toml that builds a PBX which behaves as the files in DIR.

    What could not be placed, and what was assumed, stands in it as comments, with file and line.
    A folder that a build left, and nobody edited, gives the description it was built from.
    """
    from asterconf import disk
    from asterconf.config import load
    from asterconf.errors import LoadError
    from asterconf.home import HomePBX

    adoption = HomePBX.adopt(load(directory)).buildable()
    if file is not None:
        if file.exists() or file.is_symlink():
            raise LoadError(f"{file} is already there; nothing was written")
        try:
            disk.write(file, adoption.to_toml(reveal=True).encode(), private=True)
        except OSError as error:
            raise LoadError(f"cannot write {file}: {error.strerror}") from None
    if as_json:
        _homes.print_json(
            home=adoption.to_toml(reveal=reveal),
            assumed=list(adoption.assumed),
            leftovers=[
                {"text": one.text, "at": str(one.position) if one.position else None}
                for one in adoption.leftovers
            ],
        )
    elif file is None:
        click.echo(adoption.to_toml(reveal=reveal), nl=False)
    else:
        left, assumed = len(adoption.leftovers), len(adoption.assumed)
        click.echo(f"{printable(str(file))}: {assumed} assumed, {left} left over")
