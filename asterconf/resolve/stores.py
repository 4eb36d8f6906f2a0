"""Folders of files that lie in no folder of this disk: archives, resources, revisions of git.

Each is read into memory, by name; nothing is unpacked, checked out or run. What an archive says of
itself is not trusted: no name leads out of it, no link is followed out of it, and how much it may
hold is bounded.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import stat
import subprocess
import tarfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources.abc import Traversable
from os import PathLike
from pathlib import Path, PurePosixPath
from typing import IO, cast

import attrs

from asterconf.errors import LoadError
from asterconf.resolve.files import ARCHIVES, MAX_BYTES
from asterconf.source import decode, printable

MAX_TOTAL = 2 * MAX_BYTES
"""How many bytes all files of an archive may have together, unpacked."""

MAX_FILES = 20_000
"""How many names an archive may have."""

Place = str | PathLike[str] | Traversable | IO[bytes]
"""Where a configuration is: a path, a folder in a zip file or a package, a stream."""

_LINK = "120000"
_FILES = {"100644", "100755", _LINK}
_BROKEN = (tarfile.TarError, zipfile.BadZipFile, OSError, EOFError, ValueError, RuntimeError,
           lzma.LZMAError, zlib.error, NotImplementedError)  # fmt: skip


@attrs.frozen
class StoredFiles:
    """Files in memory.

    Attributes:
        what: where they are from, for messages.
        texts: their bytes, by name.
        unreadable: the names that are no files, each with the reason.
        single: the name of the one file, where it is no folder.
    """

    what: str
    texts: Mapping[str, bytes]
    unreadable: Mapping[str, str] = attrs.field(factory=dict)
    single: str = ""

    def below(self, folder: str) -> StoredFiles:
        """Return the files of a folder, with their names in it."""
        before = f"{folder}/" if folder else ""
        size = len(before)
        texts = {n[size:]: one for n, one in self.texts.items() if n.startswith(before)}
        unreadable = {n[size:]: why for n, why in self.unreadable.items() if n.startswith(before)}
        return attrs.evolve(self, texts=texts, unreadable=unreadable)

    def configuration(self, folder: str | None = None) -> StoredFiles:
        """Return the files of the configuration directory: the upmost folder with `*.conf` files.

        Args:
            folder: which one it is; `None`: it is looked for.

        Raises:
            LoadError: there is none, or there are several.
        """
        if self.single:
            return self
        if folder is None:
            folders = upmost(self.texts)
            if len(folders) > 1:
                several = ", ".join(map(printable, folders))
                raise LoadError(f"{self.what} has several folders: say root=, one of {several}")
            folder = next(iter(folders), None)
        found = self.below(folder.strip("/")) if folder is not None else None
        if found is None or not found.texts:
            raise LoadError(f"there is no configuration file in {self.what}")
        return found


def upmost(names: Iterable[str]) -> list[str]:
    """Return the upmost folders with `*.conf` files; only those called asterisk, if any is."""
    conf = (name for name in names if name.endswith((".conf", ".conf.sample")))
    folders = {name.rpartition("/")[0] for name in conf}
    depth = min(map(_depth, folders), default=0)
    folders = {one for one in folders if _depth(one) == depth}
    return sorted({one for one in folders if one.rpartition("/")[2] == "asterisk"} or folders)


def _depth(folder: str) -> int:
    return folder.count("/") + bool(folder)


def read_store(place: Place) -> StoredFiles:
    """Return the files of an archive, a zip path or a stream.

    Raises:
        LoadError: it cannot be read, or must not be.
    """
    if isinstance(place, str | PathLike):
        with Path(place).open("rb") as stream:
            return _of_stream(stream, str(place))
    if hasattr(place, "read"):
        return _of_stream(cast("IO[bytes]", place), str(getattr(place, "name", "stream")))
    what = printable(str(place))
    if place.is_file():
        limited = _Limit(what)
        return StoredFiles(what, {place.name: limited.read(place)}, single=place.name)
    limited = _Limit(what)
    return StoredFiles(what, dict(_walk(place, "", limited)))


def _of_stream(stream: IO[bytes], name: str) -> StoredFiles:
    what = printable(name)
    data = stream.read(MAX_TOTAL + 1)
    limit = _Limit(what)
    limit.hold(len(data))
    try:
        if data[:4] in {b"PK\3\4", b"PK\5\6"}:
            return _of_zip(data, what)
        plain = _unpacked(data, what)
        if plain[257:262] != b"ustar" and not name.lower().endswith(ARCHIVES):
            single = PurePosixPath(name.strip("<>")).name or "stream"
            return StoredFiles(what, {single: plain}, single=single)
        return _of_tar(plain, what)
    except LoadError:
        raise
    except _BROKEN as error:
        raise LoadError(f"{what} cannot be read as an archive: {printable(str(error))}") from None


@attrs.define
class _Limit:
    """Counts what was read of a store."""

    what: str
    total: int = 0
    files: int = 0

    def hold(self, size: int) -> None:
        """Count bytes.

        Raises:
            LoadError: they are too many.
        """
        self.total += size
        if self.total > MAX_TOTAL:
            raise LoadError(f"{self.what} has more than {MAX_TOTAL >> 20} MiB: it is not read")

    def name(self, name: str) -> str:
        """Count a name and return it without `.`; empty: it is the folder itself.

        Raises:
            LoadError: there are too many, or it leads out.
        """
        self.files += 1
        if self.files > MAX_FILES:
            raise LoadError(f"{self.what} has more than {MAX_FILES:,} names: it is not read")
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or "\0" in name:
            raise LoadError(f"{self.what} has the name {printable(name)!r}, which leads out of it")
        return "" if str(path) == "." else str(path)

    def read(self, place: Traversable) -> bytes:
        """Return the bytes of a file."""
        with place.open("rb") as stream:
            data: bytes = stream.read(MAX_TOTAL - self.total + 1)
        self.hold(len(data))
        return data


def _unpacked(data: bytes, what: str) -> bytes:
    """Return what was compressed, if it was."""
    kinds = ((b"\x1f\x8b", gzip.open), (b"BZh", bz2.open), (b"\xfd7zXZ", lzma.open))
    for magic, opened in kinds:
        if data.startswith(magic):
            with opened(io.BytesIO(data), "rb") as stream:
                plain: bytes = stream.read(MAX_TOTAL + 1)
            _Limit(what).hold(len(plain))
            return plain
    return data


def _of_tar(data: bytes, what: str) -> StoredFiles:
    limit, texts, links, others = _Limit(what), dict[str, bytes](), dict[str, str](), set[str]()
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
        for member in archive:
            name = limit.name(member.name)
            if member.isfile():
                limit.hold(member.size)
                content = archive.extractfile(member)
                texts[name] = content.read(member.size) if content is not None else b""
            elif member.issym():
                links[name] = _joined(PurePosixPath(name).parent, member.linkname)
            elif member.islnk():
                links[name] = limit.name(member.linkname)
            elif not member.isdir():
                others.add(name)
    return _linked(what, texts, links, others)


def _of_zip(data: bytes, what: str) -> StoredFiles:
    limit, texts, links = _Limit(what), dict[str, bytes](), dict[str, str]()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for member in archive.infolist():
            name = limit.name(member.filename)
            if member.is_dir():
                continue
            limit.hold(member.file_size)
            content = archive.read(member)
            if stat.S_ISLNK(member.external_attr >> 16):
                links[name] = _joined(PurePosixPath(name).parent, decode(content))
            else:
                texts[name] = content
    return _linked(what, texts, links, ())


def _linked(
    what: str, texts: dict[str, bytes], links: Mapping[str, str], others: Iterable[str]
) -> StoredFiles:
    """Return the files of an archive, links as what they lead to in it."""
    unreadable = dict.fromkeys(others, "is a pipe, a socket or a device")
    for name, target in links.items():
        seen = {name}
        while target in links and target not in seen:
            seen.add(target)
            target = links[target]  # noqa: PLW2901 - the way along the links
        if target in texts:
            texts[name] = texts[target]
        else:
            unreadable[name] = "is a link that leads nowhere in the archive"
    return StoredFiles(what, texts, unreadable)


def _walk(place: Traversable, folder: str, limit: _Limit) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of each file below a folder."""
    for entry in sorted(place.iterdir(), key=lambda one: one.name):
        if entry.name in {"", ".", ".."} or "/" in entry.name:
            limit.name(f"../{entry.name}")
        name = limit.name(folder + entry.name)
        if entry.is_dir():
            yield from _walk(entry, f"{name}/", limit)
        elif entry.is_file():
            yield name, limit.read(entry)


# -- git ------------------------------------------------------------------------------------------


class Repository:
    """The git repository that contains a path; trees are read, nothing is checked out.

    Raises:
        LoadError: the path is in no repository, or git is not installed.
    """

    def __init__(self, path: Path) -> None:
        there = path if path.is_dir() else path.parent
        while not there.is_dir():  # a path that only an older revision has
            there = there.parent
        self._folder = there.absolute()
        top = decode(self._git("rev-parse", "--show-toplevel")).rstrip("\n")
        self.top = Path(top)
        inside = path.absolute() if not path.exists() else path.resolve()
        try:
            self.path = inside.relative_to(self.top.resolve()).as_posix()
        except ValueError:
            raise LoadError(f"{printable(str(path))} does not lie in {printable(top)}") from None

    def _git(self, *arguments: str, data: bytes = b"") -> bytes:
        command = ["git", "-C", str(self._folder), *arguments]
        try:
            done = subprocess.run(command, input=data, capture_output=True, check=False)  # noqa: S603
        except FileNotFoundError:
            raise LoadError("git is not installed") from None
        except ValueError as error:  # a NUL
            raise LoadError(f"git: {error}") from None
        if done.returncode:
            why = decode(done.stderr).strip().removeprefix("fatal: ")
            raise LoadError(f"git: {printable(why)}")
        return done.stdout

    def read(self, revision: str) -> StoredFiles:
        """Return the files as they were in a revision: those of the folder, or the one file.

        Raises:
            LoadError: there is no such revision, or no such path in it.
        """
        name = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{tree}}")
        try:
            tree = decode(self._git(*name)).strip()
        except LoadError:
            raise LoadError(f"git knows no revision {printable(revision)}") from None
        blobs = dict(self._listed(tree))
        path = "" if self.path == "." else self.path
        single = path in blobs
        folder = PurePosixPath(path).parent.as_posix() if single else path
        prefix = "" if folder in {"", "."} else f"{folder}/"
        inside = {n.removeprefix(prefix): b for n, b in blobs.items() if n.startswith(prefix)}
        what = f"{printable(path) or 'the folder'} in {printable(revision)}"
        if not inside:
            raise LoadError(f"there is no {what}")
        limit = _Limit(what)
        for _, _, size in inside.values():
            limit.hold(size)
        texts = self._contents({name: blob[:2] for name, blob in inside.items()})
        return StoredFiles(what, texts, single=path.removeprefix(prefix) if single else "")

    def _listed(self, tree: str) -> Iterator[tuple[str, tuple[str, str, int]]]:
        """Yield the path of each file in a tree, with its mode, object and size."""
        listing = self._git("ls-tree", "-r", "-l", "-z", "--full-tree", tree)
        for entry in listing.split(b"\0")[:-1]:
            facts, _, name = entry.partition(b"\t")
            mode, _, found, size = decode(facts).split()
            if mode in _FILES and size.isdigit() and int(size) <= MAX_BYTES:
                yield decode(name), (mode, found, int(size))

    def _contents(self, blobs: dict[str, tuple[str, str]]) -> dict[str, bytes]:
        """Return the content of the files; that of a link is the content of its target."""
        wanted = "".join(f"{found}\n" for _, found in blobs.values()).encode()
        answer = self._git("cat-file", "--batch", data=wanted)
        found: dict[str, bytes] = {}
        start = 0
        for name in blobs:
            end = answer.index(b"\n", start)
            size = int(answer[start:end].split()[-1])
            found[name] = answer[end + 1 : end + 1 + size]
            start = end + size + 2
        for name, (mode, _) in blobs.items():
            if mode == _LINK:
                target = _joined(PurePosixPath(name).parent, decode(found[name]))
                found[name] = found.get(target, b"") if target else b""
        return found


def _joined(folder: PurePosixPath, target: str) -> str:
    """Return the target of a link as a path in the tree; empty if it leaves the tree."""
    parts: list[str] = []
    for part in (folder / target).parts:
        if part == "..":
            if not parts:
                return ""
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)
