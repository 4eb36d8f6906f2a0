"""`asterconf upgrade`: what another version of Asterisk reads otherwise."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from asterconf.cli import (
    print_json,
    root_option,
    schema_option,
)
from asterconf.config import load
from asterconf.source import count

__all__ = ["command"]


@click.command("upgrade")
@click.argument("path", metavar="DIR", type=click.Path(path_type=Path))
@root_option
@schema_option
@click.option(
    "--from",
    "old",
    metavar="VERSION",
    help="Version that reads the files now; default: .asterconf.toml, else 22.",
)
@click.option("--to", "new", metavar="VERSION", required=True, help="Version that is to read them.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def command(
    path: Path,
    root: Path | None,
    schemas: tuple[Path, ...],
    old: str | None,
    new: str,
    *,
    as_json: bool,
) -> None:
    """Report every line in DIR that another version of Asterisk reads otherwise.

    It is gone, or refused, or called otherwise, has another default, or means something else; each
    with its place, the reason, and what to write instead where that is certain.

    Exit code 0: nothing changes, 1: something does, 2: could not run, 3: nothing changes in what
    can be read from the files.
    """
    found = load(path, root=root, asterisk=old, schemas=schemas).upgrade_report(new)
    if as_json:
        print_json(found.to_dict())
    else:
        if found or found.unknown:
            click.echo(str(found))
        click.echo(f"{count(len(found), 'line')} from {found.old} to {found.new}")
    sys.exit(1 if found else 3 if found.unknown else 0)
