"""`asterconf check`: the findings about a configuration, or about many."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import attrs
import click

from asterconf.cli import (
    asterisk_option,
    missing_option,
    print_json,
    root_option,
    schema_option,
    source,
)
from asterconf.config import Config, load
from asterconf.diagnostic import Diagnostic
from asterconf.errors import LoadError
from asterconf.linter import Diagnostics
from asterconf.progress import bar
from asterconf.resolve.files import MissingIncludes
from asterconf.sites import map_sites
from asterconf.source import Severity, printable
from asterconf.syntax.diffs import mask

__all__ = ["command"]


@click.command("check")
@click.argument(
    "paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@root_option
@missing_option
@asterisk_option
@schema_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
@click.option(
    "--host-files/--no-host-files",
    default=None,
    help="Look for files that Asterisk must be able to read; default: only for /etc/asterisk.",
)
@click.option("--verbose", is_flag=True, help="Also say what was not judged, and why.")
def command(
    paths: tuple[Path, ...],
    root: Path | None,
    missing_includes: MissingIncludes,
    asterisk: str | None,
    schemas: tuple[Path, ...],
    *,
    as_json: bool,
    host_files: bool | None,
    verbose: bool,
) -> None:
    """Report what is wrong with the configuration in PATH, a directory or one file.

    It may be a tar or zip archive, too; - reads an archive or a file from standard input, as in
    ssh pbx tar cz -C /etc asterisk | asterconf check -

    An error is something that Asterisk refuses or drops. A warning is about something that works,
    but not as written. Advice is about something that works but is likely to cause trouble.
    Info (--verbose) is about what was not judged, such as a file that no module reads.

    With several PATHs, the findings are grouped by path, in JSON too. Long runs show a progress
    bar on standard error if that is a terminal.

    Exit code 0: no findings, 1: findings, 2: a PATH cannot be read.
    """
    read = partial(
        load, root=root, missing_includes=missing_includes, asterisk=asterisk, schemas=schemas
    )
    if len(paths) > 1:
        sys.exit(_many(paths, read, as_json=as_json, host_files=host_files, verbose=verbose))
    with bar() as progress:
        conf = read(source(paths[0]), progress=progress)
        found = conf.check(host_files=host_files, progress=progress)
    wrong = found.wrong
    found = found if verbose else wrong
    if as_json:
        print_json(found.to_records())
    else:
        click.echo(_report(conf, found), nl=False)
        click.echo(_counted(found.counts()))
    sys.exit(1 if wrong else 0)


def _report(conf: Config, found: Diagnostics) -> str:
    """Return each finding with the line it is about; secrets are masked."""
    lines: dict[str, list[str]] = {}
    return "".join(f"{_text(conf, one, lines)}\n" for one in found)


def _counted(counts: dict[str, int]) -> str:
    words = (f"{number} {_plural(word, number)}" for word, number in counts.items())
    return ", ".join(words) or "no findings"


def _plural(word: str, number: int) -> str:
    return word if number == 1 or word in {"advice", "info"} else f"{word}s"


def _text(conf: Config, one: Diagnostic, lines: dict[str, list[str]]) -> str:
    """Return a finding with its line and a caret below its column."""
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
    """The findings about one path: as text for people, or as records for JSON."""

    text: str = ""
    records: tuple[dict[str, Any], ...] = ()
    counts: dict[str, int] = attrs.field(factory=dict)
    fault: str = ""


def _site(
    path: Path,
    *,
    read: Callable[[Path], Config],
    as_json: bool,
    host_files: bool | None,
    verbose: bool,
) -> _Site:
    try:
        conf = read(path)
    except LoadError as error:
        return _Site(fault=str(error))
    found = conf.check(host_files=host_files)
    found = found if verbose else found.wrong
    if as_json:
        return _Site(records=tuple(found.to_records()), counts=found.counts())
    return _Site(text=_report(conf, found), counts=found.counts())


def _many(
    paths: tuple[Path, ...],
    read: Callable[[Path], Config],
    *,
    as_json: bool,
    host_files: bool | None,
    verbose: bool,
) -> int:
    """Print the findings about each path, and return the exit code."""
    look = partial(_site, read=read, as_json=as_json, host_files=host_files, verbose=verbose)
    with bar() as progress:
        sites = dict(zip(paths, map_sites(look, paths, progress=progress), strict=True))
    for site in sites.values():
        if site.fault:
            click.echo(f"asterconf: {printable(site.fault)}", err=True)
    done = {path: site for path, site in sites.items() if not site.fault}
    total = sum((Counter(site.counts) for site in done.values()), Counter[str]())
    if as_json:
        records = {printable(str(path)): site.records for path, site in done.items()}
        print_json(records)
    else:
        faulty = [(path, site) for path, site in done.items() if site.counts]
        for path, site in faulty:
            click.echo(f"{printable(str(path))}: {_counted(site.counts)}\n{site.text}")
        some = (
            f"{len(faulty):,} of {len(done):,} with findings: "
            if faulty
            else f"{len(done):,} read: "
        )
        click.echo(some + _counted(total))
    wrong = sum(number for word, number in total.items() if word != Severity.INFO)
    return 2 if len(done) < len(sites) else 1 if wrong else 0
