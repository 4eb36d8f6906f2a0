"""`Config.save`: which files are written where, and what is refused."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from asterconf import disk
from asterconf.errors import LoadError
from asterconf.resolve import Files
from asterconf.resolve.files import directives, included
from asterconf.source import encodable, printable
from asterconf.syntax import Document
from asterconf.syntax.diffs import has_secrets


def save(
    files: Files, changed: Iterable[str], directory: Path | None, backup: str
) -> tuple[Path, ...]:
    """Write files to where they came from, or all of them to another folder; return their paths.

    Args:
        files: the documents, with the folder and the bytes they came from.
        changed: the names of those to write where they came from.
        directory: the folder to write to; `None` is that of the files.
        backup: what to put behind the name of an old file to keep it; empty: it is not kept.

    Raises:
        LoadError: nothing was written; among others because an include would read a backup
            whatever it is called.
    """
    if backup and ("/" in backup or "\0" in backup):
        raise LoadError(f"a backup is called like its file with {backup!r} behind: leave out the /")
    changed = tuple(changed)
    before = {n: _before(files, n, backup) for n in changed if backup and n in files.originals}
    target = files.root if directory is None else directory
    if target is None:
        raise LoadError("this configuration was not read from a folder: say where to save it")
    if not encodable(str(target)) or "\0" in str(target):
        raise LoadError(f"{str(target)!r} is no name that a folder can have")
    try:
        moves = files.root is None or target.resolve() != files.root.resolve()
    except (OSError, RuntimeError, ValueError) as error:
        raise LoadError(f"{str(target)!r} cannot be a folder to save to: {error}") from error
    names = tuple(_moved(files, changed) if moves else changed)
    home = {name: (files.root or target) if _is_outside(name) else target for name in names}
    old = {name: _expected(files, name, home[name], moves=moves) for name in names}
    writes = [
        disk.Write(
            path=home[name] / name,
            data=bytes(files.documents[name]),
            private=old[name] is None and has_secrets(files.documents[name]),
            old=old[name],
            before_backup=before.get(name, ""),
        )
        for name in names
    ]
    try:
        disk.write_all(writes, backup=backup)
    except disk.ChangedError as error:
        why = "is already there" if moves else "changed on disk since it was read"
        raise LoadError(f"{error.filename} {why}; nothing was written") from None
    except OSError as error:
        notes = "".join(f"; {note}" for note in getattr(error, "__notes__", ()))
        where = error.filename or "the files"
        raise LoadError(f"cannot write {where}: {error.strerror or error}{notes}") from error
    for name, write in zip(names, writes, strict=True):
        files.originals[name] = write.data
    if moves:
        files.root = target
    return tuple(write.path for write in writes)


def _before(files: Files, name: str, backup: str) -> str:
    """Return what to put before the name of a backup so that no include reads it.

    Patterns leave out names that begin with a dot.

    Raises:
        LoadError: an include would read that, too.
    """
    folder, slash, own = name.rpartition("/")
    names = {before: f"{folder}{slash}{before}{own}{backup}" for before in ("", ".")}
    readers = {before: _reader(files, one) for before, one in names.items()}
    free = [before for before, reader in readers.items() if not reader]
    if not free:
        raise LoadError(
            f"includes in {printable(readers[''])} would read the backups {printable(names[''])} "
            f"and {printable(names['.'])}, too: choose another ending, or none"
        )
    if free[0]:
        warnings.warn(
            f"the backup is {printable(names['.'])}: an include in {printable(readers[''])} would "
            f"read {printable(names[''])}, too",
            stacklevel=4,
        )
    return free[0]


def _reader(files: Files, name: str) -> str:
    """Return the file with an include that would read a new file of that name; empty: none."""
    trial = Files(None, {name: Document(name=name)})
    for document in files.documents.values():
        if any(name in included(trial, node) for node in directives(document)):
            return document.name
    return ""


def _is_outside(name: str) -> bool:
    """Return whether a file does not lie in the configuration directory."""
    return PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts


def _moved(files: Files, changed: Iterable[str]) -> Iterator[str]:
    """Yield what another folder gets: every file of this one, and what changed outside."""
    yield from (name for name in files.documents if not _is_outside(name))
    yield from (name for name in changed if _is_outside(name))


def _expected(files: Files, name: str, folder: Path, *, moves: bool) -> bytes | None:
    """Return what the file must hold on disk; a new folder may have it already."""
    if not moves or _is_outside(name):
        return files.originals.get(name)
    try:
        there = (folder / name).read_bytes()
    except OSError:
        return None
    return there if there == bytes(files.documents[name]) else None
