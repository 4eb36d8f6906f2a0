"""`asterconf explain`: what one line of a configuration means."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from asterconf.cli import Reading, print_json, reading_options
from asterconf.cli._terminal import say


@click.command("explain")
@click.argument("path", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("line", metavar="FILE:LINE")
@reading_options
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def command(
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
