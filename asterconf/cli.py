"""The commands: arguments in, one call of the library each, exit codes out."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import click

from asterconf.errors import AsterconfError
from asterconf.model.values import Secret
from asterconf.source import printable

if TYPE_CHECKING:
    from asterconf.config import Config

__all__ = ["run"]

_WIDE = 200


def run() -> None:
    """Run the command line and exit: 0 clean, 1 findings or differences, 2 could not run."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        commands.main(prog_name="asterconf", standalone_mode=True)
    except AsterconfError as error:
        click.echo(f"asterconf: {printable(str(error))}", err=True)
        sys.exit(2)


def _version(context: click.Context, _parameter: click.Parameter, value: bool) -> None:  # noqa: FBT001
    if value:
        from importlib.metadata import PackageNotFoundError, version

        try:
            click.echo(f"asterconf {version('asterconf')}")
        except PackageNotFoundError:
            click.echo("asterconf, not installed")
        context.exit()


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_version,
    help="Show the version and exit.",
)
def commands() -> None:
    """Read, understand, edit and build Asterisk PBX configurations."""


@commands.command()
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
def build(file: Path, directory: Path, *, complete: bool) -> None:
    """Build the home PBX that the TOML file FILE describes."""
    from asterconf.build import HomePBX

    written = HomePBX.from_toml(file).write(directory, complete=complete)
    for path in written:
        click.echo(printable(str(path)))
    if not written:
        click.echo(f"{printable(str(directory))}: nothing to change")


@commands.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables.")
def show(path: Path, *, as_json: bool) -> None:
    """Show the extensions, trunks, queues, mailboxes and contexts below PATH; secrets masked."""
    from asterconf.config import load

    conf = load(path)
    if as_json:
        from asterconf.wire import unstructure

        data = {
            kind: [unstructure(_masked(thing)) for thing in things] for kind, things in _kinds(conf)
        }
        click.echo(json.dumps(data, indent=2))
    else:
        _print_tables(conf)


_COLUMNS = {
    "extensions": ("name", "number", "callerid", "auth_user", "secret", "context", "mailbox"),
    "trunks": ("name", "remote_hosts", "username", "secret", "context", "transport"),
    "queues": ("name", "strategy", "timeout", "members"),
    "mailboxes": ("address", "name", "email", "initial_pin"),
    "contexts": ("name", "extensions", "includes"),
}


def _kinds(conf: Config) -> Iterator[tuple[str, list[Any]]]:
    for kind in ("extensions", "trunks", "queues", "mailboxes"):
        yield kind, list(getattr(conf, kind).values())
    yield "contexts", list(conf.dialplan)


def _masked(thing: Any) -> Any:  # noqa: ANN401
    """Return `thing` with every secret replaced by the stars that it shows as."""
    stars = {
        field.name: Secret(str(getattr(thing, field.name)))
        for field in attrs.fields(type(thing))
        if isinstance(getattr(thing, field.name), Secret)
    }
    return attrs.evolve(thing, **stars)


def _print_tables(conf: Config) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False, width=None if sys.stdout.isatty() else _WIDE)
    for kind, things in _kinds(conf):
        if things:
            table = Table(title=kind, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
            for column in _COLUMNS[kind]:
                table.add_column(column, overflow="fold")
            for thing in things:
                cells = (_cell(getattr(thing, column)) for column in _COLUMNS[kind])
                table.add_row(*(Text(cell) for cell in cells))
            console.print(table)
    if not any(things for _, things in _kinds(conf)):
        console.print("nothing of a PBX is here")


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ", ".join(printable(str(_short(item))) for item in value)
    return printable(str(value))


def _short(item: object) -> object:
    """Return what names an object in a list of its like."""
    for name in ("interface", "context", "name"):
        if hasattr(item, name):
            return getattr(item, name)
    return item
