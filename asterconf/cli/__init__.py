"""The commands: arguments in, one call of the library each, exit codes out.

Each command is a module here of the same name with a function `command`, or stands with others that
need the same in the `COMMANDS` of one: those of a home PBX in `homes`, those that edit in `edits`.
A module is imported when its command is run, and imports what it needs when that is known: one
command costs the others nothing, and the list of commands costs nothing at all.
"""

from __future__ import annotations

import functools
import gc
import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

import click

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from asterconf.config import Config
    from asterconf.resolve.files import MissingIncludes

COMMANDS = {
    "A home PBX": {
        "new": "Write a commented description to start from.",
        "build": "Build the configuration of a described home.",
        "plan": "Show what a build would change in a folder.",
        "apply": "Build into a folder, keeping what was edited there.",
        "adopt": "Write a description out of the files of a PBX.",
        "phones": "Show what to enter on each phone, or write its files.",
        "firewall": "Show which ports are open to whom.",
        "runbook": "Tell how to install, start, change and watch it.",
    },
    "Any configuration": {
        "check": "Report what is wrong in it.",
        "explain": "Tell what one line means.",
        "show": "Show its objects, or what Asterisk reads from a file.",
        "dialplan": "Show the dialplan that Asterisk loads.",
        "match": "Show which step a call runs, and why.",
        "call": "Run a call on paper: its steps, and how it ends.",
        "ask": "Ask about all calls: who reaches a trunk, and more.",
        "eval": "Show what a text with variables becomes.",
        "test": "Run the tests of a dialplan.",
        "graph": "Draw the dialplan, or what refers to what.",
        "diff": "Compare two configurations by what they mean.",
        "upgrade": "Report what another version of Asterisk reads otherwise.",
        "migrate": "Move it from chan_sip and Macro to what Asterisk 22 has.",
    },
    "Edit": {
        "get": "Print the value of an option.",
        "set": "Let an option have a value.",
        "unset": "Remove an option.",
        "add": "Add a section.",
        "remove": "Remove a section.",
        "rename": "Rename anything in every place that names it.",
        "include": "Let a file include another one.",
        "restyle": "Write an extension or trunk in the other style.",
        "extension": "Add, change or remove an extension.",
        "trunk": "Add, change or remove a trunk.",
        "queue": "Add, change or remove a queue.",
        "mailbox": "Add, change or remove a mailbox.",
        "step": "Add or remove a step of the dialplan.",
        "edit": "Make many edits in one go.",
    },
}
"""The commands by the sections of the help, each with a line about it."""

_TOGETHER = {
    "call": ("call", "test", "eval"),
    "dialplan": ("dialplan", "match", "graph"),
    "edits": COMMANDS["Edit"],
    "homes": COMMANDS["A home PBX"],
    "show": ("show", "explain"),
}
"""The modules with several commands."""


def run() -> None:
    """Run the command line; exits with 0 clean, 1 findings, 2 could not run, 3 unknown."""
    gc.set_threshold(100_000)  # a command lives too short for more garbage collection
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        commands.main(prog_name="asterconf", standalone_mode=True)
    except Exception as error:
        from asterconf.errors import AsterconfError, NotFoundError
        from asterconf.secrets import shown_text
        from asterconf.source import printable

        if not isinstance(error, AsterconfError):
            raise
        click.echo(f"asterconf: {printable(shown_text(str(error)))}", err=True)
        if isinstance(error, NotFoundError):
            sys.exit(3 if error.unknown else 1)
        sys.exit(2)


@contextmanager
def _printable_refusals() -> Iterator[None]:
    """Let what click refuses be named so that a terminal obeys none of it."""
    try:
        yield
    except click.ClickException as error:
        from asterconf.source import printable

        vars(error).update(message=printable(error.message))  # click calls it final
        raise


class _Commands(click.Group):
    """The group that imports a command when it is asked for."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,  # noqa: ANN401 - click's signature
    ) -> click.Context:
        """Return click's context; what is refused on the way is printable."""
        with _printable_refusals():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> object:
        with _printable_refusals():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return [name for section in COMMANDS.values() for name in section]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, whose module is imported only now; None: there is none."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module = next((one for one, names in _TOGETHER.items() if cmd_name in names), "")
        there = import_module(f"asterconf.cli.{module or cmd_name}")
        found: click.Command = there.COMMANDS[cmd_name] if module else there.command
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that arguments begin with; one that is not there gets a hint."""
        name = args[0] if args else ""
        if name and not name.startswith("-") and name not in self.list_commands(ctx):
            from asterconf.source import meant

            hint = meant(name, self.list_commands(ctx), 3, before="; ")
            ctx.fail(f"there is no command {name!r}{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        for title, rows in COMMANDS.items():
            with formatter.section(title):
                formatter.write_dl(list(rows.items()))


def _version(context: click.Context, _parameter: click.Parameter, value: bool) -> None:  # noqa: FBT001
    if value:
        from importlib.metadata import PackageNotFoundError, version

        try:
            click.echo(f"asterconf {version('asterconf')}")
        except PackageNotFoundError:
            click.echo("asterconf, not installed")
        context.exit()


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
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


# -- what several commands use --------------------------------------------------------------------


def print_json(data: object, *, reveal: bool = False) -> None:
    """Print plain data as JSON, secrets masked unless `reveal`."""
    import json

    from asterconf.secrets import shown_data

    shown = data if reveal else shown_data(data)
    click.echo(json.dumps(shown, indent=2))


def reveal_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the option `--reveal`."""
    return click.option("--reveal", is_flag=True, help="Show secrets in the JSON.")(function)


def missing_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the option `--missing-includes`."""
    return click.option(
        "--missing-includes",
        type=click.Choice(["refuse", "ignore"]),
        default="refuse",
        help="Refuse a file with an #include of nothing, as Asterisk does, or read on.",
    )(function)


def print_refusals(conf: Config, *, err: bool) -> int:
    """Say first which files Asterisk refuses; return the exit code that is due to them."""
    from asterconf.cli._terminal import say

    for sentence in conf.refused:
        say(sentence, err=err)
    if conf.refused and not err:
        click.echo()
    return int(any(not one.valid for one in conf.workspace.judged()))


def asterisk_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the option `--asterisk`."""
    return click.option(
        "--asterisk",
        metavar="VERSION",
        help="Version that reads the files, such as 20 or 22.6; default: .asterconf.toml, else 22.",
    )(function)


def root_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the option `--root`."""
    from pathlib import Path

    return click.option(
        "--root",
        type=click.Path(path_type=Path),
        help="Configuration directory that includes are relative to; default: the file's folder.",
    )(function)


def schema_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the option `--schema`."""
    from pathlib import Path

    return click.option(
        "--schema",
        "schemas",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Describes a file of a module that is not Asterisk's own, such as rpt.conf.",
    )(function)


def moment(at: str | None) -> datetime | None:
    """Return the time of an option.

    Raises:
        BadParameter: it is none.
    """
    from datetime import datetime

    try:
        return None if at is None else datetime.fromisoformat(at)
    except ValueError as error:
        raise click.BadParameter(
            f"{at!r} is not an ISO time such as 2024-02-05T17:00", param_hint="--at"
        ) from error


class Reading(NamedTuple):
    """What a command was told about how files are read."""

    root: Path | None = None
    missing_includes: MissingIncludes = "refuse"
    asterisk: str | None = None
    schemas: tuple[Path, ...] = ()

    def load(self, path: Path, **options: Any) -> Config:  # noqa: ANN401 - further ones of `load`
        """Load a configuration; the path `-` is standard input.

        Raises:
            LoadError: it cannot be read.
        """
        from asterconf.config import load

        source = sys.stdin.buffer if str(path) == "-" else path
        return load(source, **self._asdict(), **options)

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
