"""`asterconf show`: the objects of a configuration, or what Asterisk reads out of one file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import click

from asterconf.cli import console, root_option
from asterconf.config import Config, load
from asterconf.diagnostic import Diagnostic
from asterconf.errors import NotFoundError
from asterconf.model.values import Secret
from asterconf.resolve import Effective, EffectiveItem, EffectiveSection
from asterconf.schema.secrets import shown_value
from asterconf.source import fold, printable

if TYPE_CHECKING:
    from rich.console import Console

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
@root_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables.")
@click.option("--normal", is_flag=True, help="Print the meaning of the file in a canonical form.")
def command(
    path: Path, names: tuple[str, ...], root: Path | None, *, as_json: bool, normal: bool
) -> None:
    """Show what is in PATH, secrets masked.

    For a directory: its extensions, trunks, queues, mailboxes and contexts. For a directory and
    a FILE in it, or for a file: what Asterisk holds after reading that file, and where each
    value comes from. SECTION and OPTION select a part of it.

    The JSON of a file contains every value as it is, passwords included.

    --normal leaves out comments, defaults and differences of spelling, so that two texts
    differ only where Asterisk would notice. Git can use it as a textconv filter (see
    docs/diff-and-plan.md).
    """
    if normal:
        _show_normal(path, names, root)
        return
    conf = load(path, root=root)
    if path.is_dir() and not names:
        _show_objects(conf, as_json=as_json)
        return
    file, *rest = names if path.is_dir() else (conf.files[0], *names)
    if len(rest) > 2:
        raise click.UsageError("give at most a section and an option")
    effective = conf.effective(file)
    if as_json:
        click.echo(json.dumps(_as_data(effective, *rest), indent=2))
    else:
        _print_file(console(), effective, *rest)


def _show_normal(path: Path, names: tuple[str, ...], root: Path | None) -> None:
    from asterconf.cli._inputs import file_name, load_file
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


def _print_table(
    to: Console, columns: Sequence[str], rows: Iterable[Sequence[str]], title: str = ""
) -> None:
    """Print rows of texts below the names of their columns; odd bytes are escaped."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title or None, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    to.print(table)


# -- the objects of a directory -------------------------------------------------------------------


def _show_objects(conf: Config, *, as_json: bool) -> None:
    if as_json:
        from asterconf.wire import unstructure

        data = {
            kind: [unstructure(_masked(thing)) for thing in things] for kind, things in _kinds(conf)
        }
        click.echo(json.dumps(data, indent=2))
        return
    to = console()
    kinds = list(_kinds(conf))
    for kind, things in kinds:
        if things:
            columns = _COLUMNS[kind]
            rows = ([_cell(getattr(thing, column)) for column in columns] for thing in things)
            _print_table(to, columns, rows, kind)
    if not any(things for _, things in kinds):
        to.print("no extensions, trunks, queues, mailboxes or contexts")


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
    """Return the name of an object in a list."""
    for name in ("interface", "context", "name"):
        if hasattr(item, name):
            return getattr(item, name)
    return item


# -- one file -------------------------------------------------------------------------------------


def _as_data(
    effective: Effective, section: str | None = None, option: str | None = None
) -> dict[str, Any]:
    """Return what Asterisk holds after reading a file, in the shape of the recorded vectors.

    `diagnostics` are what Asterisk logs; further findings of ours are under `notes`.
    `section` and `option` select a part.
    """
    wanted = None if option is None else fold(option)
    return {
        "valid": effective.valid,
        "categories": [
            {
                "name": found.name,
                "template": found.template,
                "inherits": list(found.inherits),
                "items": [list(p) for p in found.pairs if wanted is None or fold(p[0]) == wanted],
            }
            for found in _sections(effective, section)
        ],
        "diagnostics": [dict(entry) for entry in effective.logged],
        "notes": [_note(d) for d in effective.diagnostics if not d.kind],
    }


def _print_file(
    to: Console, effective: Effective, section: str | None = None, option: str | None = None
) -> None:
    """Print the sections with the origin of every value, then the findings; secrets masked."""
    sections = _sections(effective, section)
    if option is not None:
        for found in sections:
            _print_option(to, effective, found, option)
        return
    for found in sections:
        _print_section(to, effective, found)
    if not effective.valid:
        to.print(f"Asterisk refuses {printable(effective.name)}")
    for diagnostic in effective.diagnostics if section is None else ():
        to.print(str(diagnostic), soft_wrap=True)


def _sections(effective: Effective, name: str | None) -> tuple[EffectiveSection, ...]:
    """Return every section, templates too, or those of one name.

    Raises:
        NotFoundError: there is none of that name, though Asterisk accepts the file.
    """
    if name is None:
        return effective.sections
    found = tuple(s for s in effective.sections if fold(s.name) == fold(name))
    if not found and effective.valid:
        raise NotFoundError(f"there is no section [{printable(name)}] in {effective.name}")
    return found


def _note(diagnostic: Diagnostic) -> dict[str, Any]:
    at = diagnostic.position
    place = {"file": at.file, "line": at.line, "column": at.column} if at else {}
    return {
        "code": diagnostic.code,
        "severity": str(diagnostic.severity),
        "message": diagnostic.message,
        **place,
    }


def _value(effective: Effective, section: EffectiveSection, item: EffectiveItem) -> str:
    """Return a value with its secrets masked: the PIN of a mailbox, the whole of a password."""
    return printable(shown_value(effective.name, section.name, item.name, item.value))


def _print_section(to: Console, effective: Effective, section: EffectiveSection) -> None:
    kinds = ["template"] if section.template else []
    kinds += [f"inherits {', '.join(section.inherits)}"] if section.inherits else []
    title = f"[{section.name}]" + (f" ({'; '.join(kinds)})" if kinds else "")
    to.print(f"{printable(title)}  {section.position}")
    overridden = _overridden(section)
    rows = [
        (
            item.name,
            _value(effective, section, item),
            str(item.origin),
            "; ".join((*item.chain[1:], *(["not used"] if index in overridden else []))),
        )
        for index, item in enumerate(section.items)
    ]
    if rows:
        _print_table(to, ("option", "value", "origin", "how"), rows)
    else:
        to.print()


def _overridden(section: EffectiveSection) -> set[int]:
    """Return the indices of the items that another item of the same name overrides."""
    names: dict[str, list[int]] = {}
    for index, item in enumerate(section.pairs):
        names.setdefault(fold(item[0]), []).append(index)
    out: set[int] = set()
    for name, found in names.items():
        facts = section.facts(name) if len(found) > 1 else None
        if facts is not None and facts.repeat != "accumulate":
            out.update(found[1:] if facts.repeat == "first" else found[:-1])
    return out


def _print_option(to: Console, effective: Effective, section: EffectiveSection, name: str) -> None:
    option = section.option(name)
    used = option.items if option.repeat == "accumulate" else (option.chosen,)
    lines = _lines(effective, section, used, "")
    lines += _lines(effective, section, option.overrides, "not used: ")
    to.print(printable(f"[{section.name}] {option.name}"))
    for line in lines:
        to.print(f"  {line}", soft_wrap=True)


def _lines(
    effective: Effective, section: EffectiveSection, items: Iterable[EffectiveItem], before: str
) -> list[str]:
    return [
        f"{before}{_value(effective, section, item)}  ({printable(', '.join(item.chain))})"
        for item in items
    ]
