"""`asterconf check`: everything that is wrong with a configuration, or with many."""

from __future__ import annotations

import json
import sys
from collections import Counter
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import click

from asterconf.diagnostic import Diagnostic
from asterconf.errors import LoadError
from asterconf.progress import bar
from asterconf.source import printable
from asterconf.syntax.diffs import mask

if TYPE_CHECKING:
    from asterconf.config import Config
    from asterconf.linter import Diagnostics

__all__ = ["command"]


@click.command("check")
@click.argument(
    "paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option(
    "--root",
    type=click.Path(path_type=Path),
    help="Configuration directory that includes start from; by default the file's folder.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
@click.option(
    "--host-files/--no-host-files",
    default=True,
    help="Whether to look on this machine for files that Asterisk must be able to read.",
)
def command(paths: tuple[Path, ...], root: Path | None, *, as_json: bool, host_files: bool) -> None:
    """Say what is wrong with the configuration in PATH, a directory or one file.

    An error is what Asterisk refuses or drops, a warning what works but not as written, and
    advice what works but will hurt.

    Of several, those with findings are shown below their path, and JSON has the findings of each
    by its path. Work that takes long shows a bar on standard error, if that is a terminal.

    Exits with 0 if nothing is found, with 1 if something is, with 2 if a PATH cannot be read.
    """
    if len(paths) > 1:
        sys.exit(_many(paths, root, as_json=as_json, host_files=host_files))
    from asterconf.config import load

    with bar() as progress:
        conf = load(paths[0], root=root, progress=progress)
        found = conf.check(host_files=host_files, progress=progress)
    if as_json:
        click.echo(json.dumps(found.to_records(), indent=2))
    else:
        click.echo(_report(conf, found), nl=False)
        click.echo(_counted(found.counts()))
    sys.exit(1 if found else 0)


def _report(conf: Config, found: Diagnostics) -> str:
    """Return each finding below its line; secrets are masked."""
    lines: dict[str, list[str]] = {}
    return "".join(f"{_text(conf, one, lines)}\n" for one in found)


def _counted(counts: dict[str, int]) -> str:
    said = (f"{number} {_plural(word, number)}" for word, number in counts.items())
    return ", ".join(said) or "nothing to say"


def _plural(word: str, number: int) -> str:
    return word if number == 1 or word == "advice" else f"{word}s"


def _text(conf: Config, one: Diagnostic, lines: dict[str, list[str]]) -> str:
    """Return a finding with its line and a caret below the place."""
    head, _, hint = str(one).partition("\n")
    out = [head]
    at = one.position
    if at is not None and at.file in conf:
        if at.file not in lines:
            lines[at.file] = mask(conf[at.file]).split("\n")
        text = lines[at.file][at.line - 1] if at.line <= len(lines[at.file]) else ""
        if text.strip():
            shown = printable(text).replace("\t", " ").rstrip("\r")
            out += [f"    {shown}", f"    {' ' * (at.column - 1)}^"]
    out += [f"  {place}: {note}" for place, note in one.related]
    return "\n".join([*out, *([hint] if hint else [])])


# -- many paths -----------------------------------------------------------------------------------


@attrs.frozen
class _Site:
    """What a process finds in one path: as text for people, else as records for JSON."""

    text: str = ""
    records: tuple[dict[str, Any], ...] = ()
    counts: dict[str, int] = attrs.field(factory=dict)
    fault: str = ""


def _site(path: Path, *, root: Path | None, as_json: bool, host_files: bool) -> _Site:
    from asterconf.config import load

    try:
        conf = load(path, root=root)
    except LoadError as error:
        return _Site(fault=str(error))
    found = conf.check(host_files=host_files)
    if as_json:
        return _Site(records=tuple(found.to_records()), counts=found.counts())
    return _Site(text=_report(conf, found), counts=found.counts())


def _many(paths: tuple[Path, ...], root: Path | None, *, as_json: bool, host_files: bool) -> int:
    """Print what is wrong with each, and return the exit code."""
    from asterconf.sites import map_sites

    look = partial(_site, root=root, as_json=as_json, host_files=host_files)
    with bar() as progress:
        sites = dict(zip(paths, map_sites(look, paths, progress=progress), strict=True))
    for site in sites.values():
        if site.fault:
            click.echo(f"asterconf: {printable(site.fault)}", err=True)
    read = {path: site for path, site in sites.items() if not site.fault}
    total = sum((Counter(site.counts) for site in read.values()), Counter[str]())
    if as_json:
        records = {printable(str(path)): site.records for path, site in read.items()}
        click.echo(json.dumps(records, indent=2))
    else:
        odd = [(path, site) for path, site in read.items() if site.counts]
        for path, site in odd:
            click.echo(f"{printable(str(path))}: {_counted(site.counts)}\n{site.text}")
        some = f"{len(odd):,} of {len(read):,} with findings: " if odd else f"{len(read):,} read: "
        click.echo(some + _counted(total))
    return 2 if len(read) < len(sites) else 1 if total else 0
