"""The commands: arguments in, one call of the library each, exit codes out.

Each command is a module here of the same name with a function `command`, or stands with others that
need the same in the `COMMANDS` of one: those of a home PBX in `homes`, those that edit in `edits`.
A module is imported when its command is run, and imports what it needs when that is known: one
command costs the others nothing, and the list of commands costs nothing at all.
"""

from __future__ import annotations

import gc
import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import click

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
