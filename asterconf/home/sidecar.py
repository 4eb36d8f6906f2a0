"""What a build leaves beside Asterisk's files, and how files get into a folder without harm."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from asterconf import disk
from asterconf.errors import BuildError, LoadError
from asterconf.escapes import toml
from asterconf.home.plan import BuiltFile

__all__ = ["NAME", "content", "digest", "edited", "sidecar", "sums", "to_toml", "write"]

NAME: Final = ".asterconf/build.toml"
_HEAD = """\
# Written by asterconf beside the files it built. It holds what Asterisk's files cannot: the
# description they came from, and a checksum of each, so that a later build does not overwrite
# what was edited since. It holds no passwords and no PINs; those are in the files themselves.
"""
_BARE = re.compile(r"[A-Za-z0-9_-]+\Z")
_SELF = "sidecar_sha256 = "


def sidecar(
    description: Mapping[str, Any], files: Sequence[BuiltFile], *, complete: bool
) -> BuiltFile:
    """Return the sidecar of a build as a file."""
    data = {
        "generator": f"asterconf {_version()}",
        "complete": complete,
        "home": description,
        "files": {file.name: digest(file.text.encode()) for file in files},
    }
    text = _HEAD + to_toml(data)
    return BuiltFile(NAME, f"{text}\n{_self_line(text)}\n")


def content(data: bytes) -> dict[str, Any]:
    """Return what a sidecar holds; empty: it is none."""
    import tomllib

    try:
        return tomllib.loads(data.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        return {}


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("asterconf")
    except PackageNotFoundError:
        return "of unknown version"


def _self_line(text: str) -> str:
    return f"# {_SELF}{digest(text.encode())}"


def digest(data: bytes) -> str:
    """Return the checksum of a file."""
    return hashlib.sha256(data).hexdigest()


def to_toml(data: Mapping[str, Any], path: tuple[str, ...] = ()) -> str:
    """Return `data` as TOML: plain values first, then tables, then lists of tables."""
    lines = [f"{_key(k)} = {_value(v)}" for k, v in data.items() if not _is_table(v)]
    text = "".join(f"{line}\n" for line in lines)
    for key, value in data.items():
        inner = (*path, _key(key))
        if isinstance(value, Mapping):
            text += f"\n[{'.'.join(inner)}]\n{to_toml(value, inner)}"
        elif _is_table(value):
            for item in value:
                text += f"\n[[{'.'.join(inner)}]]\n{to_toml(item, inner)}"
    return text


def _is_table(value: object) -> bool:
    if isinstance(value, list):
        return bool(value) and isinstance(value[0], Mapping)
    return isinstance(value, Mapping)


def _key(key: str) -> str:
    return key if _BARE.match(key) else _value(key)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, str):
        return toml(value)
    return repr(value)


def write(files: Sequence[BuiltFile], directory: Path) -> tuple[Path, ...]:
    """Write `files` into a folder that holds nothing but an earlier build; return what changed.

    Raises:
        BuildError: something else is there; nothing was written.
        LoadError: the folder cannot be read or written.
    """
    try:
        earlier = _earlier(directory)
        changed = [file for file in files if not _same(directory / file.name, file.text.encode())]
        for file in changed:
            disk.write(directory / file.name, file.text.encode(), private=file.private)
        for name in sorted(earlier - {file.name for file in files}):
            (directory / name).unlink()
    except OSError as error:
        place = error.filename if isinstance(error.filename, str) else directory
        raise LoadError(f"cannot write {place}: {error.strerror}") from None
    return tuple(directory / file.name for file in changed)


def _earlier(directory: Path) -> set[str]:
    """Return the names of the files of an earlier build; refuse a folder with anything else."""
    if not directory.exists():
        return set()
    if not directory.is_dir():
        raise BuildError(f"{directory} is not a folder")
    there = {
        path.relative_to(directory).as_posix()
        for path in directory.rglob("*")
        if not path.is_dir() or path.is_symlink()
    }
    if not there:
        return set()
    found = sums(_read(directory / NAME))
    if found is None:
        raise BuildError(
            f"{directory} holds files that no build wrote ({_listed(there)}); nothing was written"
        )
    backups = {name for name in there if name.endswith(".bak")}
    foreign = there - found.keys() - {NAME} - backups
    gone = found.keys() - there
    changed = edited(found, {name: (directory / name).read_bytes() for name in there})
    problems = [
        f"{what} {_listed(names)}"
        for what, names in (("edited:", changed), ("foreign:", foreign), ("missing:", gone))
        if names
    ]
    if problems:
        raise BuildError(
            f"{directory} is not as the last build left it ({', '.join(problems)}); "
            "nothing was written"
        )
    return set(found)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def edited(known: Mapping[str, str], files: Mapping[str, bytes]) -> set[str]:
    """Return the names of the files that are not as a build left them."""
    return {name for name in known.keys() & files.keys() if digest(files[name]) != known[name]}


def sums(data: bytes) -> dict[str, str] | None:
    """Return the checksums in a sidecar; None: there are none. An edited one fails its own."""
    found = content(data).get("files")
    body, mark, _ = data.decode(errors="replace").rpartition(f"\n# {_SELF}")
    if found is None:
        return None
    own = f"{body}\n{_self_line(body)}\n"
    if not mark or own.encode() != data or not isinstance(found, dict):
        return {**(found if isinstance(found, dict) else {}), NAME: ""}
    return found


def _same(path: Path, data: bytes) -> bool:
    return path.is_file() and not path.is_symlink() and path.read_bytes() == data
