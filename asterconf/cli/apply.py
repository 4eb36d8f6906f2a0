"""`asterconf apply`: build a home into a folder, after a look at what that changes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from asterconf.cli import _homes, print_json
from asterconf.editing.planfile import SavedPlan
from asterconf.errors import AsterconfError
from asterconf.source import printable
from asterconf.syntax import Document
from asterconf.syntax.diffs import unified

if TYPE_CHECKING:
    from asterconf.home.rebuild import Rebuild

__all__ = ["command"]


@click.command("apply")
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("directory", type=click.Path(path_type=Path), metavar="DIR", required=False)
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON; it cannot ask, so say --yes.")
@click.option("--complete", is_flag=True, help="Also what a bare Asterisk needs.")
@click.option(
    "--ours", is_flag=True, help="Go on in spite of conflicts: what was edited in DIR stays."
)
@click.option(
    "--no-backup", is_flag=True, help="Do not keep the old files beside the new ones, as .bak."
)
def command(
    file: Path,
    directory: Path | None,
    *,
    yes: bool,
    as_json: bool,
    complete: bool,
    ours: bool,
    no_backup: bool,
) -> None:
    """Build the home that the TOML file FILE describes into DIR, and keep what was edited there.

    If FILE is a plan that `--out` wrote, its files are written, to DIR or where it was made for;
    where one of them changed since, nothing is.

    Shows the plan first and asks; where nobody can be asked, because it does not run in a
    terminal, it stops unless --yes is said. All files are written, or none.

    Exit code 0: done, or nothing to do; 1: there are conflicts, or the answer was no.
    """
    if as_json and not yes:
        raise click.UsageError("--json goes with --yes")
    if _is_plan(file):
        _apply_plan(SavedPlan.read(file), directory, yes=yes, as_json=as_json, backup=not no_backup)
        return
    if directory is None:
        raise click.UsageError("Missing argument 'DIR'.")
    plan = _homes.planned(file, directory, complete=complete)
    if not as_json:
        _homes.print_plan(plan)
    stopped = bool(plan.conflicts) and not ours
    saved: tuple[Path, ...] = ()
    data = plan.to_dict() if as_json else {}  # before the files are what they shall be
    if plan.is_pending and not stopped:
        if not yes and not plan.foreign:  # which is refused
            _ask()
        lines = list(_told(plan, backup=not no_backup))
        with _told_if_interrupted():
            saved = plan.apply(backup=not no_backup, ours=ours)
        if not as_json:
            click.echo("\n".join(["", *lines]))
    if as_json:
        print_json({**data, "saved": list(map(str, saved))})
    if stopped:
        click.echo("Nothing was written; --ours keeps what was edited.", err=True)
        sys.exit(1)


def _is_plan(file: Path) -> bool:
    """Return whether a file is a plan: JSON, which no TOML file begins like."""
    try:
        with file.open("rb") as opened:
            return opened.read(1) == b"{"
    except OSError:
        return False  # which is said later


def _apply_plan(
    plan: SavedPlan, directory: Path | None, *, yes: bool, as_json: bool, backup: bool
) -> None:
    """Write the files of a plan, after a look at them."""
    folder = directory or plan.directory
    if not as_json:
        for one in plan.files:
            sides = [Document.from_bytes(data, name=one.name) if data is not None else None
                     for data in (_content(folder / one.name), one.new)]  # fmt: skip
            click.echo(printable(unified(*sides, reveal=False)), nl=False)
    if plan.files and not yes:
        _ask()
    with _told_if_interrupted():
        saved = plan.apply(directory, backup=backup)
    if as_json:
        print_json({"format": 1, "saved": list(map(str, saved))})
        return
    for path in (folder / one.name for one in plan.files if folder / one.name not in saved):
        click.echo(printable(f"{path} is as planned already"))
    for path in saved:
        click.echo(printable(f"{'saved' if path.exists() else 'removed'} {path}"))


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


@contextmanager
def _told_if_interrupted() -> Iterator[None]:
    """Say what was done where somebody stops the writing."""
    try:
        yield
    except KeyboardInterrupt as stop:
        notes = getattr(stop, "__notes__", ["nothing was written"])
        click.echo(printable(f"asterconf: interrupted; {'; '.join(notes)}"), err=True)
        sys.exit(2)


def _ask() -> None:
    """Go on if somebody says so.

    Raises:
        AsterconfError: nobody can be asked.
    """
    if not sys.stdin.isatty():
        raise AsterconfError("this is no terminal, so nobody can be asked; nothing was written. "
                             "Say --yes to apply the plan")  # fmt: skip
    try:
        if click.confirm("\nApply this?"):
            return
    except click.Abort:
        click.echo(err=True)
    click.echo("Nothing was written.", err=True)
    sys.exit(1)


def _told(plan: Rebuild, *, backup: bool) -> Iterator[str]:
    """Yield what to say of each file after it was written."""
    for verb, names in (("saved", plan.written), ("removed", plan.removed)):
        for name in names:
            path = plan.directory / name
            before = f" (before: {path.name}.bak)" if backup and path.exists() else ""
            yield f"{verb} {printable(f'{path}{before}')}"
