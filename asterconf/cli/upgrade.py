"""`asterconf upgrade`: what another version of Asterisk reads otherwise."""

from __future__ import annotations

import sys
from importlib.metadata import version
from pathlib import Path

import click

from asterconf.cli._common import (
    PATH,
    filled,
    flag,
    json_flag,
    print_json,
    root_option,
    schema_option,
)
from asterconf.config import load
from asterconf.source import count


@click.command("upgrade")
@click.argument("path", metavar="DIR", type=PATH)
@root_option
@schema_option
@click.option(
    "--from",
    "old",
    metavar="VERSION",
    help="Version that reads the files now; default: .asterconf.toml, else 22.",
)
@click.option("--to", "new", metavar="VERSION", required=True, help="Version that is to read them.")
@flag("--fix", "Write the fixes that are exact, and report the rest.")
@flag("--diff", "as_diff", "Show what --fix would change, and write nothing.")
@flag("--backup", "Keep each old file beside the new one.")
@flag("--edit-generated", "Fix what another program writes, too.")
@flag("--sarif", "as_sarif", "Print SARIF, for GitHub and others.")
@json_flag("Print JSON instead of text.")
def command(
    path: Path,
    root: Path | None,
    schemas: tuple[Path, ...],
    old: str | None,
    new: str,
    *,
    fix: bool,
    as_diff: bool,
    backup: bool,
    edit_generated: bool,
    as_sarif: bool,
    as_json: bool,
) -> None:
    """Report every line in DIR that another version of Asterisk reads otherwise.

    It is gone, or refused, or called otherwise, has another default, or means something else; each
    with its place, the reason, and what to write instead where that is certain.

    Exit code 0: nothing changes, 1: something does, 2: could not run, 3: nothing changes in what
    can be read from the files. With --fix that is about what is left; with --diff, 1: it would
    change a file.
    """
    conf = filled(
        load(path, root=root, asterisk=old, schemas=schemas, edit_generated=edit_generated), path
    )
    found = conf.prepare_upgrade(new) if fix or as_diff else conf.upgrade_report(new)
    if as_diff:
        click.echo(conf.changes(), nl=False)
        sys.exit(int(bool(conf.changed)))
    if fix:
        conf.save(backup=backup)
    if as_sarif:
        print_json(found.to_sarif(str(path), version=version("asterconf")))
    elif as_json:
        print_json(found.to_dict())
    else:
        if text := str(found):
            click.echo(text)
        click.echo(f"{count(len(found), 'line')} from {found.old} to {found.new}")
    sys.exit(1 if found else 3 if found.unknown else 0)
