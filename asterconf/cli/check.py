"""`asterconf check`: everything that is wrong with a configuration."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from asterconf.masking import mask
from asterconf.source import Diagnostic, printable

if TYPE_CHECKING:
    from asterconf.config import Config
    from asterconf.linter import Diagnostics

__all__ = ["command"]


@click.command("check")
@click.argument("path", type=click.Path(path_type=Path))
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
def command(path: Path, root: Path | None, *, as_json: bool, host_files: bool) -> None:
    """Say what is wrong with the configuration in PATH, a directory or one file.

    An error is what Asterisk refuses or drops, a warning what works but not as written, and
    advice what works but will hurt.

    Exits with 0 if nothing is found, with 1 if something is, with 2 if PATH cannot be read.
    """
    from asterconf.config import load

    conf = load(path, root=root)
    found = conf.check(host_files=host_files)
    if as_json:
        click.echo(json.dumps(found.to_records(), indent=2))
    else:
        _print(conf, found)
    sys.exit(1 if found else 0)


def _print(conf: Config, found: Diagnostics) -> None:
    """Print each finding below its line, and how many there are; secrets are masked."""
    lines: dict[str, list[str]] = {}
    for one in found:
        click.echo(_text(conf, one, lines))
    counts = [f"{number} {_plural(word, number)}" for word, number in found.counts().items()]
    click.echo(", ".join(counts) if counts else "nothing to say")


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
