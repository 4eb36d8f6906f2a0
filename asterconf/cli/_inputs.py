"""The configurations that revisions of git name; trees are read, nothing is checked out."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from asterconf.config import Config
from asterconf.errors import LoadError
from asterconf.resolve.files import MAX_BYTES, Files
from asterconf.source import decode, printable
from asterconf.syntax import Document

__all__ = ["Repository"]


_LINK = "120000"
_FILES = {"100644", "100755", _LINK}


class Repository:
    """The git repository that contains a path.

    Raises:
        LoadError: the path is in no repository, or git is not installed.
    """

    def __init__(self, path: Path) -> None:
        there = path if path.is_dir() else path.parent
        while not there.is_dir():  # a path that only an older revision has
            there = there.parent
        self._folder = there
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
        if done.returncode:
            why = decode(done.stderr).strip().removeprefix("fatal: ")
            raise LoadError(f"git: {printable(why)}")
        return done.stdout

    def load(self, revision: str) -> Config:
        """Return the configuration as it was in a revision: the folder, or the one file.

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
        if not inside:
            raise LoadError(f"there is no {printable(path)} in {printable(revision)}")
        texts = self._contents(inside)
        documents = {name: Document(decode(data), name=name) for name, data in texts.items()}
        if single:
            return Config(Files(None, documents), [path.removeprefix(prefix)])
        names = [n for n in documents if n.removesuffix(".sample").endswith(".conf")]
        return Config(Files(None, documents), sorted(n for n in names if "/" not in n))

    def _listed(self, tree: str) -> Iterator[tuple[str, tuple[str, str]]]:
        """Yield the path of each file in a tree, with its mode and object."""
        listing = self._git("ls-tree", "-r", "-l", "-z", "--full-tree", tree)
        for entry in listing.split(b"\0")[:-1]:
            facts, _, name = entry.partition(b"\t")
            mode, _, found, size = decode(facts).split()
            if mode in _FILES and size.isdigit() and int(size) <= MAX_BYTES:
                yield decode(name), (mode, found)

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
