"""`asterconf new`: a commented description of a home PBX to start from."""

from __future__ import annotations

from pathlib import Path

import click

from asterconf.source import printable

__all__ = ["command"]


@click.command("new")
@click.argument("file", type=click.Path(path_type=Path), default=Path("home.toml"))
def command(file: Path) -> None:
    """Write a starter description to FILE (home.toml), with fresh passwords.

    A file that is there already is left alone.
    """
    from asterconf import disk
    from asterconf.errors import LoadError
    from asterconf.home.hometoml import starter

    if file.exists() or file.is_symlink():
        raise LoadError(f"{file} is already there; nothing was written")
    try:
        disk.write(file, starter(str(file)).encode(), private=True)
    except OSError as error:
        raise LoadError(f"cannot write {file}: {error.strerror}") from None
    click.echo(printable(str(file)))
