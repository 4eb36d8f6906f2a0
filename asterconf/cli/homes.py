"""The commands about a home PBX: its description, its build, and what stands around it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from asterconf.cli._common import PATH, flag, json_flag, print_json
from asterconf.source import printable

if TYPE_CHECKING:
    from asterconf.diagnostic import Diagnostic
    from asterconf.editing.saving import SavedPlan
    from asterconf.home import HomePBX
    from asterconf.home.rebuild import Rebuild

_file = click.argument("file", type=PATH)
_home = click.argument("file", type=PATH, default=Path("home.toml"))
_folder = click.argument("directory", type=PATH, metavar="DIR")


def _described(file: Path) -> HomePBX:
    """Return the home PBX of a TOML file; see `_checked`."""
    return _checked(file)[0]


def _checked(file: Path) -> tuple[HomePBX, tuple[Diagnostic, ...]]:
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


def _write_files(directory: Path, files: dict[str, str], *, private: bool) -> list[Path]:
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


def _planned(file: Path, directory: Path, *, complete: bool) -> Rebuild:
    """Return what building the home of a TOML file into a folder takes."""
    return _described(file).rebuild(directory, complete=complete or None)


def _print_plan(plan: Rebuild, *, details: bool = False) -> None:
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


# -- new ------------------------------------------------------------------------------------------


@click.command("new")
@_home
def _new(file: Path) -> None:
    """Write a starter description to FILE (home.toml), and fresh passwords beside it.

    Passwords go to a file of their own (home.secrets.toml), which only its owner may read. A file
    that is there already is left alone.
    """
    import os

    from asterconf.errors import LoadError
    from asterconf.home.hometoml import secrets_name, starter

    paths = (file, Path(secrets_name(str(file))))
    for path in paths:
        if path.exists() or path.is_symlink():
            raise LoadError(f"{path} is already there; nothing was written")
    for path, text, mode in zip(paths, starter(str(file)), (0o640, 0o600), strict=True):
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
            with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
                stream.write(text)
        except OSError as error:
            raise LoadError(f"cannot write {path}: {error.strerror}") from None
        click.echo(printable(str(path)))


# -- build ----------------------------------------------------------------------------------------


@click.command("build")
@_file
@click.option(
    "--to",
    "directory",
    required=True,
    type=PATH,
    help="Folder to write into: missing, empty, or as an earlier build left it.",
)
@flag("--complete", "Also write what a bare Asterisk needs, such as modules.conf.")
def _build(file: Path, directory: Path, *, complete: bool) -> None:
    """Build the home PBX that the TOML file FILE describes.

    The files are checked before they are written: nothing is written that Asterisk would refuse.
    Warnings and advice go to standard error; the build still succeeds.
    """
    pbx, findings = _checked(file)
    written = pbx.write(directory, complete=complete)
    for finding in findings:
        click.echo(str(finding), err=True)
    for path in written:
        click.echo(printable(str(path)))
    if not written:
        click.echo(f"{printable(str(directory))}: nothing to change")


# -- plan -----------------------------------------------------------------------------------------


@click.command("plan")
@_file
@_folder
@json_flag()
@flag("--details", "Also show what objects say that come or go.")
@flag("--complete", "Also what a bare Asterisk needs.")
@click.option(
    "--out",
    type=PATH,
    metavar="PLAN",
    help="Also write the plan to a file for `asterconf apply`; it holds passwords.",
)
def _plan(
    file: Path,
    directory: Path,
    out: Path | None,
    *,
    as_json: bool,
    details: bool,
    complete: bool,
) -> None:
    """Tell what building the home that the TOML file FILE describes into DIR would change.

    Nothing is written. What was edited in DIR by hand since the last build stays; where the
    description changed the same, that is a conflict.

    Exit code 0: nothing to do, 1: changes or conflicts.
    """
    plan = _planned(file, directory, complete=complete)
    if as_json:
        print_json(plan.to_dict())
    else:
        _print_plan(plan, details=details)
    if out is not None:
        plan.plan().write(out)
    pending = plan.is_pending or bool(plan.conflicts)
    sys.exit(1 if pending else 0)


# -- apply ----------------------------------------------------------------------------------------


@click.command("apply")
@_file
@click.argument("directory", type=PATH, metavar="DIR", required=False)
@flag("-y", "--yes", "Do not ask.")
@json_flag("Print JSON; it cannot ask, so say --yes.")
@flag("--complete", "Also what a bare Asterisk needs.")
@flag("--ours", "Go on in spite of conflicts: what was edited in DIR stays.")
@flag("--no-backup", "Do not keep the old files beside the new ones, as .bak.")
def _apply(
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
        from asterconf.editing.saving import SavedPlan

        _apply_plan(SavedPlan.read(file), directory, yes=yes, as_json=as_json, backup=not no_backup)
        return
    if directory is None:
        raise click.UsageError("Missing argument 'DIR'.")
    plan = _planned(file, directory, complete=complete)
    if not as_json:
        _print_plan(plan)
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
    from asterconf.syntax import Document
    from asterconf.syntax.diffs import unified

    folder = directory or plan.directory
    if not as_json:
        for one in plan.files:
            sides = [Document.from_bytes(data, name=one.name) if data is not None else None
                     for data in (one.now(folder), one.new)]  # fmt: skip
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
    from asterconf.errors import AsterconfError

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


# -- adopt ----------------------------------------------------------------------------------------


@click.command("adopt")
@_folder
@click.option(
    "--to",
    "file",
    type=PATH,
    help="File to write, with passwords; by default it is printed, passwords masked.",
)
@flag("--reveal", "Print passwords.")
@json_flag()
def _adopt(directory: Path, file: Path | None, *, reveal: bool, as_json: bool) -> None:
    """Write a home.toml that builds a PBX which behaves as the files in DIR.

    What could not be placed, and what was assumed, stands in it as comments, with file and line.
    A folder that a build left, and nobody edited, gives the description it was built from.
    """
    from asterconf import disk
    from asterconf.config import load
    from asterconf.errors import LoadError
    from asterconf.home import HomePBX

    adoption = HomePBX.adopt(load(directory)).buildable()
    if file is not None:
        if file.exists() or file.is_symlink():
            raise LoadError(f"{file} is already there; nothing was written")
        try:
            disk.write(file, adoption.to_toml(reveal=True).encode(), private=True)
        except OSError as error:
            raise LoadError(f"cannot write {file}: {error.strerror}") from None
    if as_json:
        left = [
            {"text": one.text, "at": str(one.position) if one.position else None}
            for one in adoption.leftovers
        ]
        data = {"home": adoption.to_toml(reveal=reveal), "assumed": list(adoption.assumed)}
        print_json({"format": 1, **data, "leftovers": left})
    elif file is None:
        click.echo(adoption.to_toml(reveal=reveal), nl=False)
    else:
        counts = f"{len(adoption.assumed)} assumed, {len(adoption.leftovers)} left over"
        click.echo(f"{printable(str(file))}: {counts}")


# -- phones ---------------------------------------------------------------------------------------


@click.command("phones")
@_home
@click.option(
    "--to",
    "directory",
    type=PATH,
    help="Folder for a sheet of each phone, and the files that phones fetch, with passwords.",
)
@click.option("--server", default="", help="Address under which the phones reach the PBX.")
@click.option("--qr", metavar="NAME", help="Print the QR code that leads a phone to its file.")
@click.option("--url", default="", help="Address of the folder that phones fetch files from.")
@flag("--reveal", "Show passwords.")
@json_flag()
def _phones(
    file: Path,
    directory: Path | None,
    server: str,
    qr: str | None,
    url: str,
    *,
    reveal: bool,
    as_json: bool,
) -> None:
    """Show what to enter on each phone of the home that FILE (home.toml) describes.

    Without --to the sheets are printed, passwords masked. With --to they are written with
    passwords, mode 0640, as NAME.md, beside the files that Yealink phones and Linphone fetch by
    themselves.
    """
    from asterconf.errors import NotFoundError

    sheets = _described(file).phones(server=server)
    if qr is not None:
        sheet = next((one for one in sheets if one.extension.name == qr), None)
        if sheet is None or not sheet.files():
            raise NotFoundError(f"there is no phone {qr!r} that fetches a file")
        address = url or f"https://{server or 'ADDRESS-OF-THE-PBX'}"
        click.echo(sheet.qr(f"{address.rstrip('/')}/{next(iter(sheet.files()))}"))
        return
    if as_json:
        print_json({"format": 1, "phones": [sheet.to_dict(reveal=reveal) for sheet in sheets]})
        return
    if directory is None:
        click.echo("\n".join(sheet.markdown(reveal=reveal) for sheet in sheets), nl=False)
        return
    files = {f"{one.extension.name}.md": one.markdown(reveal=True) for one in sheets}
    for sheet in sheets:
        files |= sheet.files(reveal=True)
    for path in _write_files(directory, files, private=True):
        click.echo(printable(str(path)))


# -- firewall -------------------------------------------------------------------------------------


@click.command("firewall")
@_home
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "nft", "json"]),
    default="table",
    show_default=True,
    help="A table in Markdown, a ruleset for nftables, or JSON.",
)
@click.option(
    "--to",
    "directory",
    type=PATH,
    help="Folder for asterconf.nft, and a filter and a jail for fail2ban.",
)
@json_flag()
def _firewall(file: Path, form: str, directory: Path | None, *, as_json: bool) -> None:
    """Show which ports are open to whom in the home that FILE (home.toml) describes.

    The ruleset is for the machine of the PBX; the table also says what the router forwards.
    """
    wall = _described(file).firewall()
    if directory is not None:
        files = {"asterconf.nft": wall.nftables()}
        files |= {f"fail2ban/{name}": text for name, text in wall.fail2ban().items()}
        for path in _write_files(directory, files, private=False):
            click.echo(printable(str(path)))
    elif as_json or form == "json":
        print_json({"format": 1, **wall.to_dict()})
    else:
        click.echo(wall.nftables() if form == "nft" else wall.table(), nl=False)


# -- runbook --------------------------------------------------------------------------------------


@click.command("runbook")
@_home
@json_flag()
def _runbook(file: Path, *, as_json: bool) -> None:
    """Print how to run the home that FILE (home.toml) describes, as Markdown."""
    book = _described(file).runbook()
    if as_json:
        print_json({"format": 1, **book.to_dict()})
    else:
        click.echo(book.markdown(), nl=False)


COMMANDS = {
    str(one.name): one
    for one in (_new, _build, _plan, _apply, _adopt, _phones, _firewall, _runbook)
}
"""The commands by name."""
