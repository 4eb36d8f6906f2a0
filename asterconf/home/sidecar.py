"""What a build leaves beside Asterisk's files, and how files get into a folder without harm."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from asterconf import disk
from asterconf.errors import BuildError, LoadError, MissingExtraError
from asterconf.home.plan import BuiltFile

NAME: Final = ".asterconf/build.toml"
_HEAD = """\
# Written by asterconf beside the files it built. It holds what Asterisk's files cannot: the
# description they came from, and a checksum of each, so that a later build does not overwrite
# what was edited since. It holds no passwords and no PINs; those are in the files themselves.
"""
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


def to_toml(data: Mapping[str, Any]) -> str:
    """Return `data` as TOML, with every character escaped that cannot be printed.

    Raises:
        MissingExtraError: tomli-w is not installed (extra `home`).
        ValueError: it holds a surrogate, which TOML has no way to write.
    """
    try:
        import tomli_w
    except ImportError:
        needed = "to write TOML takes the extra 'home': pip install 'asterconf[home]'"
        raise MissingExtraError(needed) from None
    text = tomli_w.dumps(data)
    text.encode()
    # What is not printed stands in a basic string, or a key written as one: tomli-w has no others.
    return "".join(c if c == "\n" or c.isprintable() else _escaped(ord(c)) for c in text)


def _escaped(code: int) -> str:
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


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
