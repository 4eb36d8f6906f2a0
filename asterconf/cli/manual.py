"""Manual pages of all commands, of the same texts as `--help`.

`python -m asterconf.cli.manual FOLDER` writes them.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import click

from asterconf.cli import commands


def write(folder: Path) -> tuple[Path, ...]:
    """Write a page for each command into a folder, and return the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in pages(commands, None, "asterconf"):
        written.append(folder / f"{name}.1")
        written[-1].write_text(text, "utf-8")
    return tuple(written)


def pages(
    command: click.Command, parent: click.Context | None, name: str
) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of the page of a command, and of those below it."""
    context = click.Context(command, parent=parent, info_name=name)
    title = context.command_path.replace(" ", "-")
    below: dict[str, click.Command] = {}
    if isinstance(command, click.Group):
        found = {one: command.get_command(context, one) for one in command.list_commands(context)}
        below = {one: each for one, each in found.items() if each is not None}
    yield title, "\n".join(_page(command, context, title, below)) + "\n"
    for one, each in below.items():
        yield from pages(each, context, one)


def _page(
    command: click.Command, context: click.Context, title: str, below: dict[str, click.Command]
) -> Iterator[str]:
    """Yield the lines of a page in roff."""
    yield f'.TH "{title.upper()}" "1" "" "asterconf {version("asterconf")}" "asterconf"'
    text = (command.help or "").replace("\b", "").strip()
    yield from (".SH NAME", f"{title} \\- {_roff(command.get_short_help_str(200))}")
    usage = " ".join(command.collect_usage_pieces(context))
    yield from (".SH SYNOPSIS", f".B {context.command_path}", _roff(usage))
    yield ".SH DESCRIPTION"
    for paragraph in re.split(r"\n\s*\n", text):
        yield from (".PP", _roff(" ".join(paragraph.split())))
    options = [one for one in command.get_params(context) if isinstance(one, click.Option)]
    records = [one.get_help_record(context) for one in options]
    yield from _list("OPTIONS", (one for one in records if one))
    rows = ((name, each.get_short_help_str(200)) for name, each in below.items())
    yield from _list("COMMANDS", rows)
    others = [context.parent.command_path] if context.parent else []
    others += [f"{context.command_path} {name}" for name in below]
    if others:
        yield ".SH SEE ALSO"
        yield ", ".join(f"\\fB{_roff(one.replace(' ', '-'))}\\fP(1)" for one in others)


def _list(title: str, rows: Iterator[tuple[str, str]]) -> Iterator[str]:
    found = list(rows)
    if found:
        yield f".SH {title}"
    for name, text in found:
        yield from (".TP", f"\\fB{_roff(name)}\\fP", _roff(text))


def _roff(text: str) -> str:
    """Return a text in which roff reads nothing but itself."""
    shown = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{shown}" if shown.startswith((".", "'")) else shown


if __name__ == "__main__":
    click.echo("\n".join(map(str, write(Path(sys.argv[1])))))
