"""The commands: arguments in, one call of the library each, exit codes out.

Each command is a module here of the same name with a function `command`, imported when it is
asked for: what one command needs costs the others nothing.
"""

from __future__ import annotations

import io
import sys
from importlib import import_module
from pkgutil import iter_modules

import click

from asterconf.errors import AsterconfError
from asterconf.source import printable

__all__ = ["run"]


def run() -> None:
    """Run the command line and exit: 0 clean, 1 findings or differences, 2 could not run."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        commands.main(prog_name="asterconf", standalone_mode=True)
    except AsterconfError as error:
        click.echo(f"asterconf: {printable(str(error))}", err=True)
        sys.exit(2)


class _Commands(click.Group):
    """The group that imports a command when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        found = (module.name for module in iter_modules(__path__))
        return sorted(name for name in found if not name.startswith("_"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        found: click.Command = import_module(f"asterconf.cli.{cmd_name}").command
        return found


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
