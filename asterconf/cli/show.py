"""`asterconf show`: the objects of a configuration, or what Asterisk reads out of one file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import click

from asterconf.cli import _view
from asterconf.cli._tables import console, print_table
from asterconf.model.values import Secret
from asterconf.source import printable

if TYPE_CHECKING:
    from asterconf.config import Config

__all__ = ["command"]

_COLUMNS = {
    "extensions": ("name", "number", "callerid", "auth_user", "secret", "context", "mailbox"),
    "trunks": ("name", "remote_hosts", "username", "secret", "context", "transport"),
    "queues": ("name", "strategy", "timeout", "members"),
    "mailboxes": ("address", "name", "email", "initial_pin"),
    "contexts": ("name", "extensions", "includes"),
}


@click.command("show")
@click.argument("path", type=click.Path(path_type=Path))
@click.argument("names", nargs=-1, metavar="[FILE] [SECTION [OPTION]]")
@click.option(
    "--root",
    type=click.Path(path_type=Path),
    help="Configuration directory that includes start from; by default the file's folder.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables.")
@click.option(
    "--normal", is_flag=True, help="Print what the file means, one way to say each thing."
)
def command(
    path: Path, names: tuple[str, ...], root: Path | None, *, as_json: bool, normal: bool
) -> None:
    """Show what is in PATH, secrets masked.

    With a directory: its extensions, trunks, queues, mailboxes and contexts. With a directory
    and a FILE in it, or with a file: what Asterisk holds after reading that file, and where each
    value comes from; SECTION and OPTION narrow it down.

    JSON of a file has every value as it is, passwords too.

    --normal leaves out comments, defaults and every difference of spelling, so that two texts
    differ where Asterisk would notice; git can show these (see docs/diff-and-plan.md).
    """
    from asterconf.config import load

    if normal:
        _show_normal(path, names, root)
        return
    conf = load(path, root=root)
    if path.is_dir() and not names:
        _show_objects(conf, as_json=as_json)
        return
    file, *rest = names if path.is_dir() else (conf.files[0], *names)
    if len(rest) > 2:
        raise click.UsageError("at most a section and an option can be named")
    effective = conf.effective(file)
    if as_json:
        click.echo(json.dumps(_view.as_data(effective, *rest), indent=2))
    else:
        _view.print_view(console(), effective, *rest)


def _show_normal(path: Path, names: tuple[str, ...], root: Path | None) -> None:
    from asterconf.cli._sides import file_name, load_file
    from asterconf.config import load
    from asterconf.differ.normal import normal

    if not path.is_dir():
        name = file_name(path)
        click.echo(normal(load_file(path, name), name), nl=False)
        return
    conf = load(path, root=root)
    sources = conf.sources
    for name in names or [n for n in conf.files if sources[n].role != "fragment"]:
        if not names:
            click.echo(f"; {printable(name)}\n")
        click.echo(normal(conf, name), nl=False)
        if not names:
            click.echo()


def _show_objects(conf: Config, *, as_json: bool) -> None:
    if as_json:
        from asterconf.wire import unstructure

        data = {
            kind: [unstructure(_masked(thing)) for thing in things] for kind, things in _kinds(conf)
        }
        click.echo(json.dumps(data, indent=2))
        return
    to = console()
    for kind, things in _kinds(conf):
        if things:
            columns = _COLUMNS[kind]
            rows = ([_cell(getattr(thing, column)) for column in columns] for thing in things)
            print_table(to, columns, rows, kind)
    if not any(things for _, things in _kinds(conf)):
        to.print("nothing of a PBX is here")


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


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ", ".join(printable(str(_short(item))) for item in value)
    return str(value)


def _short(item: object) -> object:
    """Return what names an object in a list of its like."""
    for name in ("interface", "context", "name"):
        if hasattr(item, name):
            return getattr(item, name)
    return item
