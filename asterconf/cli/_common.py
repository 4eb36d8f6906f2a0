"""What several commands use: options, how files are read, and text as wide as the terminal."""

from __future__ import annotations

import functools
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from asterconf.secrets import shown_data
from asterconf.source import cells, printable

if TYPE_CHECKING:
    from asterconf.config import Config
    from asterconf.resolve.files import MissingIncludes

_GAP = 3
_NARROW = 12
"""The width that a column keeps; where that is too much, a row is a list of its cells."""
_WIDE = 200
"""The width of tables where the output is no terminal."""


def _width(*, err: bool = False) -> int:
    """Return the width of the terminal; 0: the output is none."""
    is_terminal = (sys.stderr if err else sys.stdout).isatty()
    return max(shutil.get_terminal_size().columns, 20) if is_terminal else 0


def has_colours() -> bool:
    """Tell whether standard output gets colours: NO_COLOR and FORCE_COLOR say, or a terminal."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or sys.stdout.isatty()


def has_links() -> bool:
    """Tell whether standard output shows links (OSC 8): only a terminal does, and no dumb one."""
    return sys.stdout.isatty() and os.environ.get("TERM", "dumb") not in {"", "dumb", "linux"}


def say(text: str, *, err: bool = False) -> None:
    """Print sentences, folded to the width of the terminal; what goes on is indented."""
    width = _width(err=err)
    for line in text.splitlines() if width else ():
        indent = " " * (len(line) - len(line.lstrip(" ")))
        first, *rest = _folded(line.lstrip(" "), width - len(indent), width - len(indent) - 2)
        click.echo(f"{indent}{first}".rstrip(), err=err)
        for part in rest:
            click.echo(f"{indent}  {part}".rstrip(), err=err)
    if not width:
        click.echo(text, err=err)


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]], title: str = "") -> None:
    """Print rows of texts below the names of their columns, folded to the width of the terminal.

    Where it is too narrow for that, each cell stands on lines of its own. Odd bytes are escaped.
    """
    head, *body = ([*map(printable, one)] for one in (columns, *rows))
    width = _width() or _WIDE
    widths = [max(map(cells, column)) for column in zip(head, *body, strict=True)]
    space = width - 1 - _GAP * (len(widths) - 1)
    if title:
        click.echo(click.style(title, italic=True) + "\n")
    if space < sum(min(one, _NARROW) for one in widths):
        _print_list(head, body, width)
        return
    while sum(widths) > space:
        widths[widths.index(max(widths))] -= 1
    for line in _lines(head, widths):
        click.echo(click.style(line, bold=True))
    click.echo(f" {'─' * (sum(widths) + _GAP * (len(widths) - 1))}")
    for row in body:
        for line in _lines(row, widths):
            click.echo(line)
    click.echo()


def _print_list(head: list[str], rows: list[list[str]], width: int) -> None:
    """Print a block for each row, with a line for each cell that is not empty."""
    names = min(max(map(cells, head)), width // 2 - 4)
    for row in rows:
        for name, value in zip(head, row, strict=True):
            for line in _lines((name, value), (names, width - names - 3), 2) if value else ():
                click.echo(line)
        click.echo()


def _lines(row: Sequence[str], widths: Sequence[int], gap: int = _GAP) -> Iterator[str]:
    """Yield the lines of one row."""
    folded = (_folded(cell, width) for cell, width in zip(row, widths, strict=True))
    for parts in zip_longest(*folded, fillvalue=""):
        padded = (
            part + " " * (width - cells(part)) for part, width in zip(parts, widths, strict=True)
        )
        yield f" {(' ' * gap).join(padded)}".rstrip()


def _folded(text: str, width: int, later: int = 0) -> list[str]:
    """Cut a text into lines of at most `width`, between words where that is possible.

    `later` is the width of all lines but the first; 0: the same.
    """
    if cells(text) <= width:
        return [text]
    lines, room = [""], width
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if cells(longer) <= room:
            lines[-1] = longer
            continue
        if lines[-1]:
            lines, room = [*lines, ""], later or width
        for char in word:
            if cells(lines[-1] + char) > room:
                lines, room = [*lines, ""], later or width
            lines[-1] += char
    return lines


# -- options -----------------------------------------------------------------------------------

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]
"""Adds an option or an argument to a function that becomes a command."""

PATH = click.Path(path_type=Path)


def flag(*words: str) -> Decorator:
    """Add a flag; the last word is its help, the others are its names."""
    return click.option(*words[:-1], is_flag=True, help=words[-1])


def json_flag(text: str = "Print JSON.") -> Decorator:
    """Add the flag `--json`."""
    return flag("--json", "as_json", text)


reveal_option = flag("--reveal", "Show secrets in the JSON.")
missing_option = click.option(
    "--missing-includes",
    type=click.Choice(["refuse", "ignore"]),
    default="refuse",
    help="Refuse a file with an #include of nothing, as Asterisk does, or read on.",
)
asterisk_option = click.option(
    "--asterisk",
    metavar="VERSION",
    help="Version that reads the files, such as 20 or 22.6; default: .asterconf.toml, else 22.",
)
root_option = click.option(
    "--root",
    type=PATH,
    help="Configuration directory that includes are relative to; default: the file's folder.",
)
schema_option = click.option(
    "--schema",
    "schemas",
    multiple=True,
    type=PATH,
    metavar="FILE",
    help="Describes a file of a module that is not Asterisk's own, such as rpt.conf.",
)


def print_json(data: object, *, reveal: bool = False) -> None:
    """Print plain data as JSON, secrets masked unless `reveal`."""
    shown = data if reveal else shown_data(data)
    click.echo(json.dumps(shown, indent=2))


def print_refusals(conf: Config, *, err: bool) -> int:
    """Say first which files Asterisk refuses; return the exit code that is due to them."""
    for sentence in conf.refused:
        say(sentence, err=err)
    if conf.refused and not err:
        click.echo()
    return int(any(not one.valid for one in conf.workspace.judged()))


def moment(at: str | None) -> datetime | None:
    """Return the time of an option.

    Raises:
        BadParameter: it is none.
    """
    try:
        return None if at is None else datetime.fromisoformat(at)
    except ValueError as error:
        raise click.BadParameter(
            f"{at!r} is not an ISO time such as 2024-02-05T17:00", param_hint="--at"
        ) from error


def filled(conf: Config, path: Path) -> Config:
    """Return a configuration that was loaded from a path, if there is a file in it at all.

    Raises:
        LoadError: there is none; the message names the folders below it that have some.
    """
    files = conf.workspace.files
    dialplans = ("extensions.ael", "extensions.lua")
    if conf.files or files.unreadable or any(map(files.there, dialplans)):
        return conf
    from itertools import islice

    from asterconf.errors import LoadError
    from asterconf.resolve.stores import MAX_FILES, upmost

    below = (one.relative_to(path).as_posix() for one in path.rglob("[!.]*.conf*"))
    folders = upmost(islice(below, MAX_FILES))
    others = [*folders[:3], *(["…"] if len(folders) > 3 else [])]
    hint = f"; give a folder that has: {', '.join(others)}" if folders else ""
    raise LoadError(f"there is no configuration file in {path}{hint}")


class Reading(NamedTuple):
    """What a command was told about how files are read."""

    root: Path | None = None
    missing_includes: MissingIncludes = "refuse"
    asterisk: str | None = None
    schemas: tuple[Path, ...] = ()

    def load(self, path: Path, *, may_be_empty: bool = False, **options: Any) -> Config:  # noqa: ANN401 - further ones of `load`
        """Load a configuration; the path `-` is standard input.

        Raises:
            LoadError: it cannot be read, or there is no file in it.
        """
        from asterconf.config import load

        source = sys.stdin.buffer if str(path) == "-" else path
        conf = load(source, **self._asdict(), **options)
        return conf if may_be_empty else filled(conf, path)

    def load_plan(self, path: Path) -> Config:
        """Load a folder, or one file of any name that is read as extensions.conf.

        Raises:
            LoadError: there is nothing to read.
        """
        from asterconf.config import Config

        conf = self.load(path)
        if conf.is_folder:
            return conf
        files = conf.workspace.files
        files.documents["extensions.conf"] = conf[conf.files[0]]
        return Config(files, ["extensions.conf"])


def reading_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say how files are read; the command gets them as its `reading`."""
    return _told(function, root_option, missing_option)


def calling_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say how a dialplan is read; the command gets them as its `reading`."""
    return _told(function, root_option)


def folder_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say how a folder is read; the command gets them as its `reading`."""
    return _told(function, missing_option)


def _told(
    function: Callable[..., Any], *first: Callable[..., Callable[..., Any]]
) -> Callable[..., Any]:
    @functools.wraps(function)
    def command(**given: Any) -> Any:  # noqa: ANN401 - what click passes
        fields = {name: given.pop(name) for name in Reading._fields if name in given}
        return function(reading=Reading(**fields), **given)

    made: Callable[..., Any] = command
    for option in (schema_option, asterisk_option, *reversed(first)):
        made = option(made)
    return made
