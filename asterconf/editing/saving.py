"""`Config.save`: which files are written where, and what is refused; edits as a file."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import warnings
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import attrs

from asterconf import disk
from asterconf.errors import LoadError, StaleError
from asterconf.resolve import Files
from asterconf.resolve.files import directives, included, why_unreadable
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


# -- edits as a file ------------------------------------------------------------------------------

_FORMAT = 1


@attrs.frozen
class FileChange:
    """One file of a plan.

    Attributes:
        name: its name below the folder.
        old: the SHA-256 sum, in hexadecimal digits, of what it held when the plan was made; empty:
            there was no such file.
        new: what it shall hold; `None`: it shall go.
    """

    name: str
    old: str
    new: bytes | None = attrs.field(repr=False)

    def now(self, folder: Path) -> bytes | None:
        """Return what the file holds now; `None`: there is none.

        Raises:
            LoadError: it cannot be read, or is no file: a pipe would never come to its end.
        """
        path = folder / self.name
        try:
            why = why_unreadable(path) if path.exists() else ""
            found = path.read_bytes() if path.exists() and not why else None
        except OSError as error:
            raise LoadError(f"cannot read {printable(str(path))}: {error.strerror}") from None
        if why:
            raise LoadError(f"{printable(str(path))} {why}")
        return found


@attrs.frozen
class SavedPlan:
    """What the files of a folder shall become, all of them or none.

    A plan holds the new files whole, passwords too.

    Attributes:
        directory: the folder.
        files: the files that change, by name.
    """

    directory: Path
    files: tuple[FileChange, ...]

    @classmethod
    def between(
        cls, directory: Path, old: Mapping[str, bytes], new: Mapping[str, bytes]
    ) -> SavedPlan:
        """Return the plan that turns the files of a folder into others, both by name.

        Raises:
            LoadError: a file that changes lies outside the folder.
        """
        names = sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
        for name in names:
            if not _is_inside(name):
                raise LoadError(f"{printable(name)} lies outside the folder: no plan can hold it")
        return cls(
            directory.absolute(),
            tuple(FileChange(name, _sum(old.get(name)), new.get(name)) for name in names),
        )

    @classmethod
    def of_edits(cls, files: Files, changed: Iterable[str]) -> SavedPlan:
        """Return the plan for the edits that documents have seen since they were read.

        Raises:
            LoadError: they were not read from a folder, or one lies outside it.
        """
        if files.root is None:
            raise LoadError("this configuration was not read from a folder")
        names = tuple(changed)
        old = {name: files.originals[name] for name in names if name in files.originals}
        return cls.between(files.root, old, {name: bytes(files.documents[name]) for name in names})

    def also(self, removed: Mapping[str, bytes]) -> SavedPlan:
        """Return the plan with more files that shall go, by name with what they hold."""
        gone = (FileChange(name, _sum(data), None) for name, data in sorted(removed.items()))
        return attrs.evolve(self, files=(*self.files, *gone))

    @classmethod
    def read(cls, path: Path) -> SavedPlan:
        """Return the plan of a file.

        Raises:
            LoadError: it cannot be read, or is no plan.
        """
        try:
            text = path.read_bytes()
        except OSError as error:
            raise LoadError(f"cannot read {printable(str(path))}: {error.strerror}") from None
        try:
            data: Any = json.loads(text)
            files = tuple(_file(one) for one in data["files"])
            plan = cls(Path(data["directory"]), files) if data["format"] == _FORMAT else None
        except (ValueError, TypeError, KeyError, binascii.Error, RecursionError):
            plan = None
        if plan is None:
            raise LoadError(f"{printable(str(path))} is no plan that this version can apply")
        return plan

    def write(self, path: Path) -> None:
        """Write the plan to a file, readable for its owner and group only.

        Raises:
            LoadError: it cannot be written.
        """
        files = [
            {
                "name": one.name,
                "old": one.old,
                "new": None if one.new is None else base64.b64encode(one.new).decode(),
            }
            for one in self.files
        ]
        data = {"format": _FORMAT, "directory": str(self.directory), "files": files}
        try:
            disk.write(path, f"{json.dumps(data, indent=2)}\n".encode(), private=True)
        except OSError as error:
            raise LoadError(f"cannot write {printable(str(path))}: {error.strerror}") from error

    def apply(
        self, directory: Path | None = None, *, backup: bool | str = False
    ) -> tuple[Path, ...]:
        """Write the files, all of them or none, and return the paths of those that changed.

        A file that is as the plan wants it already stays as it is, so a plan whose writing was
        interrupted can be applied again.

        Args:
            directory: the folder, if it is not that of the plan.
            backup: keep each old file beside the new one, with `.bak` behind its name or with
                the text given.

        Raises:
            StaleError: a file changed since the plan was made; nothing was written.
            LoadError: a file cannot be read or written; nothing was written.
        """
        folder = directory or self.directory
        ending = ".bak" if backup is True else backup or ""
        writes, gone = list[disk.Write](), list[Path]()
        for one in self.files:
            path = folder / one.name
            there = one.now(folder)
            if there == one.new:
                continue
            if _sum(there) != one.old:
                raise StaleError(f"{printable(one.name)} changed since the plan was made; nothing "
                                 "was written")  # fmt: skip
            if one.new is None:
                gone.append(path)
            else:
                made = Document.from_bytes(one.new, name=one.name)
                private = there is None and has_secrets(made)
                writes.append(disk.Write(path, one.new, private, there))
        try:
            with disk.away(gone, ending):
                disk.write_all(writes, backup=ending)
        except disk.ChangedError as error:
            raise StaleError(f"{error.filename} changed meanwhile; nothing was written") from None
        except OSError as error:
            where = error.filename or "the files"
            raise LoadError(f"cannot write {where}: {error.strerror}") from error
        return (*(write.path for write in writes), *gone)


def _sum(data: bytes | None) -> str:
    return "" if data is None else hashlib.sha256(data).hexdigest()


def _is_inside(name: str) -> bool:
    return bool(name) and "\0" not in name and not _is_outside(name)


def _file(data: Any) -> FileChange:  # noqa: ANN401
    """Return a file of a plan; raises KeyError, TypeError or ValueError where it is none."""
    name, old, new = data["name"], data["old"], data["new"]
    if not (isinstance(name, str) and isinstance(old, str) and _is_inside(name)):
        raise ValueError(name)
    return FileChange(name, old, None if new is None else base64.b64decode(new, validate=True))
