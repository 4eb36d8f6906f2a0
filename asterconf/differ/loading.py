"""The configurations that two paths to compare name."""

from __future__ import annotations

from pathlib import Path

from asterconf import schema
from asterconf.config import Config, load
from asterconf.errors import LoadError
from asterconf.resolve.files import Files, is_archive
from asterconf.source import decode, printable
from asterconf.syntax import Document


def load_both(old: Path, new: Path) -> tuple[Config, Config]:
    """Return the configurations of two folders, or of two files, whatever these are called.

    An archive is a folder.

    Raises:
        LoadError: one cannot be read, or a folder is to be compared with a file.
    """
    if any(map(is_archive, (old, new))):
        return load(old), load(new)
    if old.is_dir() != new.is_dir() and old.exists() and new.exists():
        shown = (printable(str(path)) for path in (old, new))
        raise LoadError(f"{' and '.join(shown)}: one is a folder, one is a file")
    if old.is_dir() and new.is_dir():
        inside = _inside(old, new)
        there = [side / inside for side in (old, new)]
        before, after = (load(f) if f.is_dir() else Config.from_texts({}) for f in there)
        return before, after
    if old.is_dir() or new.is_dir():
        return load(old), load(new)  # which says that one is not there
    name = file_name(new, old)
    return load_file(old, name), load_file(new, name)


def _inside(*folders: Path) -> Path:
    """Return the one folder below these that holds configurations, if they hold none themselves.

    Git's difftool passes folders that contain the whole path from the top of the repository.
    """
    found = {
        path.parent.relative_to(folder) for folder in folders for path in folder.rglob("*.conf")
    }
    return found.pop() if len(found) == 1 else Path()


def file_name(*files: Path) -> str:
    """Return the name by which Asterisk would open a file: the first one that it knows.

    Git prefixes the names of its temporary copies, as in `Xa7b_queues.conf`.
    """
    bases = [schema.base_name(file.as_posix()) for file in files]
    for base in bases:
        if schema.file(base) is not None:
            return base
    for base in bases:
        known = [name for name in schema.files() if base.endswith(f"_{name}")]
        if known:
            return max(known, key=len)
    return bases[0]


def load_file(path: Path, name: str) -> Config:
    """Return the configuration that consists of one file, read under a given name.

    Raises:
        LoadError: the file cannot be read.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise LoadError(f"{printable(str(path))} cannot be read: {error.strerror}") from None
    return single(data, name, path.parent)


def single(data: bytes | None, name: str, folder: Path) -> Config:
    """Return the configuration of one file's content; empty for `None`, which means no file."""
    root = folder if folder.is_dir() else None
    documents = {} if data is None else {name: Document(decode(data), name=name)}
    return Config(Files(root, documents), list(documents))
