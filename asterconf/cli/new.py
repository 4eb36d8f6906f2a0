"""`asterconf new`: a commented description of a home PBX to start from."""

from __future__ import annotations

from pathlib import Path

import click

from asterconf.source import printable

__all__ = ["command"]


@click.command("new")
@click.argument("file", type=click.Path(path_type=Path), default=Path("home.toml"))
def command(file: Path) -> None:
    """Write a starter description to FILE (home.toml), and fresh passwords beside it.

    Passwords go to a file of their own (home.secrets.toml), which only its owner may read. A file
    that is there already is left alone.
    """
    import os

    from asterconf.errors import LoadError
    from asterconf.home.hometoml import secrets_name, starter

    paths = (file, Path(secrets_name(str(file))))
    for path in paths:
        if path.exists() or path.is_symlink():
            raise LoadError(f"{path} is already there; nothing was written")
    for path, text, mode in zip(paths, starter(str(file)), (0o640, 0o600), strict=True):
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
            with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
                stream.write(text)
        except OSError as error:
            raise LoadError(f"cannot write {path}: {error.strerror}") from None
        click.echo(printable(str(path)))
