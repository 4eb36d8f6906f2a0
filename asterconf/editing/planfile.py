"""Edits as a file: what a folder's files shall become, to be looked at now and applied later."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import attrs

from asterconf import disk
from asterconf.errors import LoadError, StaleError
from asterconf.resolve import Files
from asterconf.source import printable
from asterconf.syntax import Document
from asterconf.syntax.diffs import has_secrets

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
            try:
                there = path.read_bytes() if path.exists() else None
            except OSError as error:
                raise LoadError(f"cannot read {printable(str(path))}: {error.strerror}") from None
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
    path = PurePosixPath(name)
    return bool(name) and "\0" not in name and not path.is_absolute() and ".." not in path.parts


def _file(data: Any) -> FileChange:  # noqa: ANN401
    """Return a file of a plan; raises KeyError, TypeError or ValueError where it is none."""
    name, old, new = data["name"], data["old"], data["new"]
    if not (isinstance(name, str) and isinstance(old, str) and _is_inside(name)):
        raise ValueError(name)
    return FileChange(name, old, None if new is None else base64.b64decode(new, validate=True))
