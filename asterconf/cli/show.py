"""`asterconf show` and `explain`: objects, what Asterisk reads out of a file, one line of it."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import attrs
import click

from asterconf.cli._common import (
    PATH,
    Reading,
    flag,
    json_flag,
    print_json,
    print_refusals,
    print_table,
    reading_options,
    say,
)
from asterconf.config import Config
from asterconf.diagnostic import Diagnostic
from asterconf.errors import NotFoundError
from asterconf.resolve import Effective, EffectiveItem, EffectiveSection
from asterconf.resolve.effective import counting, used
from asterconf.secrets import shown_text, shown_value
from asterconf.source import fold, printable

_COLUMNS = {
    "extensions": ("name", "number", "callerid", "auth_user", "secret", "context", "mailbox"),
    "trunks": ("name", "remote_hosts", "username", "secret", "context", "transport"),
    "queues": ("name", "strategy", "timeout", "members"),
    "mailboxes": ("address", "name", "email", "initial_pin"),
    "contexts": ("name", "extensions", "includes"),
}


@click.command("show")
@click.argument("path", type=PATH)
@click.argument("names", nargs=-1, metavar="[FILE] [SECTION [OPTION]]")
@reading_options
@json_flag("Print JSON instead of tables.")
@flag("--reveal", "Show secrets in the JSON of a file.")
@flag("--normal", "Print the meaning of the file in a canonical form.")
def _show(
    path: Path,
    names: tuple[str, ...],
    reading: Reading,
    *,
    as_json: bool,
    reveal: bool,
    normal: bool,
) -> None:
    """Show what is in PATH, secrets masked.

    For a directory: its extensions, trunks, queues, mailboxes and contexts. For a directory and
    a FILE in it, or for a file: what Asterisk holds after reading that file, and where each
    value comes from. SECTION and OPTION select a part of it.

    The JSON of a file contains every value as it is, but for secrets; --reveal shows these, too.

    --normal leaves out comments, defaults and differences of spelling, so that two texts
    differ only where Asterisk would notice. Git can use it as a textconv filter (see
    docs/diff-and-plan.md).

    Exit code 0: shown, 1: there is none of that name, or Asterisk refuses the FILE, or a file of
    the directory, which is said first. As a textconv filter always 0.
    """
    if normal:
        _show_normal(path, names, reading)
        return
    conf = reading.load(path)
    if conf.is_folder and not names:
        refused = print_refusals(conf, err=as_json)
        _show_objects(conf, as_json=as_json)
        sys.exit(refused)
    file, *rest = names if conf.is_folder else (conf.files[0], *names)
    if len(rest) > 2:
        raise click.UsageError("give at most a section and an option")
    effective = conf.effective(file)
    if as_json:
        print_json(_as_data(effective, *rest, reveal=reveal), reveal=reveal)
    else:
        _print_file(effective, *rest)
    sys.exit(0 if effective.valid else 1)


def _show_normal(
    path: Path,
    names: tuple[str, ...],
    reading: Reading,
) -> None:
    from asterconf.differ.loading import file_name, load_file
    from asterconf.differ.normal import normal

    if not path.is_dir():
        name = file_name(path)
        click.echo(
            normal(load_file(path, name).with_schemas(*reading.schemas).workspace, name), nl=False
        )
        return
    conf = reading.load(path)
    sources = conf.sources
    for name in names or [n for n in conf.files if not sources[n].is_fragment]:
        if not names:
            click.echo(f"; {printable(name)}\n")
        click.echo(normal(conf.workspace, name), nl=False)
        if not names:
            click.echo()


# -- the objects of a directory -------------------------------------------------------------------


def _show_objects(conf: Config, *, as_json: bool) -> None:
    if as_json:
        from asterconf.wire import records

        found = {kind: records(things) for kind, things in _kinds(conf)}
        print_json({"format": 1, **found})
        return
    from asterconf.linter.rules.gone import gone

    for finding in gone(conf.workspace):
        say(f"{finding.severity} {finding.code} {printable(finding.message)}")
    kinds = list(_kinds(conf))
    for kind, things in kinds:
        if things:
            columns = _COLUMNS[kind]
            rows = ([_cell(getattr(thing, column)) for column in columns] for thing in things)
            print_table(columns, rows, kind)
    if not any(things for _, things in kinds):
        say("no extensions, trunks, queues, mailboxes or contexts")


def _kinds(conf: Config) -> Iterator[tuple[str, list[Any]]]:
    for kind in ("extensions", "trunks", "queues", "mailboxes"):
        yield kind, list(getattr(conf, kind).values())
    yield "contexts", list(conf.dialplan)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Iterable) and not isinstance(value, str):
        return shown_text(", ".join(printable(str(_short(item))) for item in value))
    return shown_text(str(value))


def _short(item: object) -> object:
    """Return the name of an object in a list."""
    for name in ("interface", "context", "name"):
        if hasattr(item, name):
            return getattr(item, name)
    return item


# -- one file -------------------------------------------------------------------------------------


def _as_data(
    effective: Effective,
    section: str | None = None,
    option: str | None = None,
    *,
    reveal: bool = False,
) -> dict[str, Any]:
    """Return what Asterisk holds after reading a file: the shape of the vectors, and `format`.

    `diagnostics` are what Asterisk logs; further findings of ours are under `notes`.
    `section` and `option` select a part.
    """
    wanted, file = None if option is None else fold(option), effective.name
    return {
        "format": 1,
        "valid": effective.valid,
        "categories": [
            {
                "name": found.name,
                "template": found.template,
                "inherits": list(found.inherits),
                "items": [
                    [name, value if reveal else shown_value(file, found.name, name, value)]
                    for name, value in found.pairs
                    if wanted is None or fold(name) == wanted
                ],
            }
            for found in _sections(effective, section)
        ],
        "diagnostics": [dict(entry) for entry in effective.logged],
        "notes": [_note(d) for d in effective.diagnostics if not d.kind],
    }


def _print_file(
    effective: Effective, section: str | None = None, option: str | None = None
) -> None:
    """Print the sections with the origin of every value, then the findings; secrets masked."""
    if effective.caveat:
        say(effective.caveat)
    sections = _sections(effective, section)
    if option is not None:
        for found in sections:
            _print_option(effective, found, option)
        return
    for found in sections:
        _print_section(effective, found)
    for diagnostic in effective.diagnostics if section is None else ():
        say(str(diagnostic))


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
    return {
        "code": diagnostic.code,
        "severity": str(diagnostic.severity),
        "message": diagnostic.message,
        **(attrs.asdict(diagnostic.position) if diagnostic.position else {}),
    }


def _value(effective: Effective, section: EffectiveSection, item: EffectiveItem) -> str:
    """Return a value with its secrets masked: the PIN of a mailbox, the whole of a password."""
    return printable(shown_value(effective.name, section.name, item.name, item.value))


def _print_section(effective: Effective, section: EffectiveSection) -> None:
    kinds = ["template"] if section.template else []
    kinds += [f"inherits {', '.join(section.inherits)}"] if section.inherits else []
    title = f"[{section.name}]" + (f" ({'; '.join(kinds)})" if kinds else "")
    say(f"{printable(title)}  {section.position}")
    used_ones = counting(section)
    rows = [
        (
            item.name,
            _value(effective, section, item),
            str(item.origin),
            "; ".join((*item.chain[1:], *([] if index in used_ones else ["not used"]))),
        )
        for index, item in enumerate(section.items)
    ]
    click.echo()
    if rows:
        print_table(("option", "value", "origin", "how"), rows)


def _print_option(effective: Effective, section: EffectiveSection, name: str) -> None:
    option = section.option(name)
    lines = _sources(effective, section, used(option), "")
    lines += _sources(effective, section, option.overrides, "not used: ")
    say(printable(f"[{section.name}] {option.name}"))
    for line in lines:
        say(f"  {line}")


def _sources(
    effective: Effective, section: EffectiveSection, items: Iterable[EffectiveItem], before: str
) -> list[str]:
    return [
        f"{before}{_value(effective, section, item)}  ({printable(', '.join(item.chain))})"
        for item in items
    ]


# -- explain --------------------------------------------------------------------------------------


@click.command("explain")
@click.argument("path", metavar="DIR", type=PATH)
@click.argument("line", metavar="FILE:LINE")
@reading_options
@json_flag("Print JSON instead of text.")
def _explain(
    path: Path,
    line: str,
    reading: Reading,
    *,
    as_json: bool,
) -> None:
    """Tell what a line of DIR means: pjsip.conf:12, as findings and editors write it.

    Who reads the file, what Asterisk makes of the line in each section that has it, what it
    overrides or is overridden by, the default, what the line names, what names it, and what check
    says about it.

    Exit code 0: Asterisk reads it, also where another line overrides it, 1: it makes nothing of it
    (a comment, an empty line), or refuses it, or there is no such line, 2: DIR cannot be read.
    """
    file, _, rest = line.partition(":")
    number = rest.partition(":")[0]
    if not number.isdecimal() or not file:
        raise click.UsageError(f"{line!r} is no FILE:LINE, such as pjsip.conf:12")
    conf = reading.load(path)
    found = conf.explain(file, int(number))
    if as_json:
        print_json(found.to_dict())
    else:
        say(str(found))
    sys.exit(int(found.is_idle))


COMMANDS = {"show": _show, "explain": _explain}
"""The commands by name."""
