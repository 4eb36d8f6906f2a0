"""What the commands about a home PBX have in common."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from asterconf.cli import print_json as _print_json
from asterconf.source import printable

if TYPE_CHECKING:
    from asterconf.diagnostic import Diagnostic
    from asterconf.home import HomePBX
    from asterconf.home.rebuild import Rebuild

__all__ = [
    "checked",
    "described",
    "file_argument",
    "json_option",
    "planned",
    "print_json",
    "print_plan",
    "write_files",
]

FORMAT = 1


def file_argument(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the argument FILE, by default home.toml."""
    return click.argument("file", type=click.Path(path_type=Path), default=Path("home.toml"))(
        function
    )


def json_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the option `--json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(function)


def print_json(**data: object) -> None:
    """Print one object with its format."""
    _print_json({"format": FORMAT, **data})


def described(file: Path) -> HomePBX:
    """Return the home PBX of a TOML file; see `checked`."""
    return checked(file)[0]


def checked(file: Path) -> tuple[HomePBX, tuple[Diagnostic, ...]]:
    """Return the home PBX of a TOML file, and warnings and advice about it and its build.

    Raises:
        BuildError: it cannot be built, or Asterisk would refuse what is built.
        LoadError: the file cannot be read.
    """
    from asterconf.errors import BuildError
    from asterconf.home import HomePBX
    from asterconf.source import Severity

    pbx = HomePBX.from_toml(file)
    findings = pbx.check(toml=file)
    errors = [found for found in findings if found.severity is Severity.ERROR]
    if errors:
        lines = (
            f"{file}{f':{one.position.line}' if one.position else ''}: {one.message}"
            for one in errors
        )
        raise BuildError("\n".join(lines), errors)
    return pbx, findings


def write_files(directory: Path, files: dict[str, str], *, private: bool) -> list[Path]:
    """Write files into a folder and return their paths; private ones get the mode 0640."""
    from asterconf import disk
    from asterconf.errors import LoadError

    paths = []
    for name, text in files.items():
        path = directory / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            disk.write(path, text.encode(), private=private)
        except OSError as error:
            raise LoadError(f"cannot write {path}: {error.strerror}") from None
        paths.append(path)
    return paths


def planned(file: Path, directory: Path, *, complete: bool) -> Rebuild:
    """Return what building the home of a TOML file into a folder takes."""
    return described(file).rebuild(directory, complete=complete or None)


def print_plan(plan: Rebuild, *, details: bool = False) -> None:
    """Print what would change, what is in the way, and how much it is."""
    from asterconf.cli.diff import print_diff

    shown = printable(str(plan.directory))
    if plan.foreign:
        click.echo(f"{shown} holds files that no build wrote; this is how it differs:\n")
    if not plan.diff.is_empty:
        print_diff(plan.diff, details=details)
        click.echo()
    for conflict in plan.conflicts:
        click.echo(f"conflict: {conflict}")
    if plan.conflicts:
        click.echo()
    if not plan.is_pending and not plan.conflicts:
        click.echo(f"{shown} is as the description says")
        return
    if plan.is_pending and plan.diff.is_empty:
        click.echo("Only text changes, nothing that Asterisk would notice.")
    counts = plan.counts
    numbers = f"{counts['create']} to create, {counts['change']} to change, "
    several = "s" if len(plan.conflicts) > 1 else ""
    conflicts = f", {len(plan.conflicts)} conflict{several}" if plan.conflicts else ""
    click.echo(f"Plan: {numbers}{counts['remove']} to remove{conflicts}.")
    files = [*plan.written, *(f"{name} (goes)" for name in plan.removed)]
    if files and not plan.foreign:
        click.echo(f"Files: {', '.join(map(printable, files))}")
