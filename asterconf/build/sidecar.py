"""What a build leaves beside Asterisk's files, and how files get into a folder without harm."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import attrs

from asterconf import disk
from asterconf.build.features import FEATURES
from asterconf.build.plan import BuiltFile
from asterconf.errors import BuildError, LoadError
from asterconf.model import Secret

__all__ = ["NAME", "sidecar", "to_toml", "write"]

NAME: Final = ".asterconf/build.toml"
_HEAD = """\
# Written by asterconf beside the files it built. It holds what Asterisk's files cannot: the
# description they came from, and a checksum of each, so that a later build does not overwrite
# what was edited since. It holds no passwords and no PINs; those are in the files themselves.
"""
_BARE = re.compile(r"[A-Za-z0-9_-]+\Z")
_SELF = "sidecar_sha256 = "


def sidecar(
    pbx: Any,  # noqa: ANN401
    features: Iterable[Any],
    files: Sequence[BuiltFile],
    *,
    complete: bool,
) -> BuiltFile:
    """Return the sidecar of a build as a file."""
    from asterconf.wire import unstructure

    home: dict[str, Any] = {"owner": str(pbx.owner), "area_code": pbx.area_code}
    for name in ("network", "voicemail"):
        if fields := unstructure(getattr(pbx, name)):
            home[name] = fields
    names = {kind: name for name, kind in FEATURES.items()}
    known = {names[type(f)]: unstructure(f) or True for f in features if type(f) in names}
    home["features"] = {name: known.get(name, False) for name in FEATURES}
    own = [type(feature).__name__ for feature in features if type(feature) not in names]
    for name in ("trunks", "extensions", "mailboxes", "queues"):
        if things := getattr(pbx, name):
            home[name] = [_without_secrets(thing) for thing in things]
    data = {
        "complete": complete,
        "own_features": own,
        "home": home,
        "files": {file.name: _digest(file.text.encode()) for file in files},
    }
    text = _HEAD + to_toml(data)
    return BuiltFile(NAME, f"{text}\n{_self_line(text)}\n", private=True)


def _without_secrets(thing: Any) -> Any:  # noqa: ANN401
    from asterconf.wire import unstructure

    secrets = [
        f.name for f in attrs.fields(type(thing)) if isinstance(getattr(thing, f.name), Secret)
    ]
    return unstructure(attrs.evolve(thing, **dict.fromkeys(secrets)))


def _self_line(text: str) -> str:
    return f"# {_SELF}{_digest(text.encode())}"


def _digest(data: bytes) -> str:
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
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return '"' + "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in escaped) + '"'
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
    sums = _sums(directory)
    if sums is None:
        raise BuildError(
            f"{directory} holds files that no build wrote ({_listed(there)}); nothing was written"
        )
    foreign = there - sums.keys() - {NAME}
    gone = sums.keys() - there
    edited = {
        name
        for name in sums.keys() & there
        if _digest((directory / name).read_bytes()) != sums[name]
    }
    problems = [
        f"{what} {_listed(names)}"
        for what, names in (("edited:", edited), ("foreign:", foreign), ("missing:", gone))
        if names
    ]
    if problems:
        raise BuildError(
            f"{directory} is not as the last build left it ({', '.join(problems)}); "
            "nothing was written"
        )
    return set(sums)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


def _sums(directory: Path) -> dict[str, str] | None:
    """Return the checksums of the folder's sidecar; None: there is none that was left alone."""
    import tomllib

    try:
        text = (directory / NAME).read_bytes().decode()
        body, mark, _ = text.rpartition(f"\n# {_SELF}")
        sums = tomllib.loads(text)["files"]
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError):
        return None
    if not mark or f"{body}\n{_self_line(body)}\n" != text or not isinstance(sums, dict):
        return {**(sums if isinstance(sums, dict) else {}), NAME: ""}
    return sums


def _same(path: Path, data: bytes) -> bool:
    return path.is_file() and not path.is_symlink() and path.read_bytes() == data
