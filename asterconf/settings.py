"""What a settings file says: the version of Asterisk, and what `check` looks for.

It is `.asterconf.toml`, or the table `[tool.asterconf]` of `pyproject.toml`, in the configuration
directory or, where that is part of a git repository, in a folder above it. The nearest file
counts, alone. It is data: no setting names code, a schema or another file to read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs

from asterconf.errors import LoadError
from asterconf.source import meant, printable

NAME = ".asterconf.toml"
FAIL_ON = ("error", "warning", "advice", "never")
"""What `--fail-on` may be: the mildest severity that gives exit code 1."""

_PYPROJECT = "pyproject.toml"
_MAX_BYTES = 2**20
_LISTS = ("select", "extend-select", "ignore")
_KEYS = (*_LISTS, "preview", "fail-on", "per-file-ignores")


@attrs.frozen
class Settings:
    """The settings for one configuration directory; those that no file sets are empty.

    Attributes:
        file: the file they stand in; empty: there is none.
        asterisk: the version of Asterisk that reads the files; empty: it is not set.
        select: codes, their beginnings and families to look for; empty: all that are stable.
        extend_select: those to look for besides.
        ignore: those to leave out.
        preview: whether rules are used whose precision has not been shown.
        fail_on: the mildest severity that gives exit code 1, of `FAIL_ON`; empty: advice.
        per_file_ignores: what to leave out in the files that a pattern of fnmatch stands for.
    """

    file: str = ""
    asterisk: str = ""
    select: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    preview: bool = False
    fail_on: str = ""
    per_file_ignores: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)


def find_settings(folder: Path) -> Settings:
    """Return the settings for a folder on the disk.

    Raises:
        LoadError: a file cannot be read, is no TOML, or a setting is not as it must be.
    """
    for place in _folders(folder):
        for name in (NAME, _PYPROJECT):
            file = place / name
            try:
                if not file.is_file() or file.stat().st_size > _MAX_BYTES:
                    continue
                data = file.read_bytes()
            except OSError as error:
                raise LoadError(f"{file} cannot be read: {printable(str(error))}") from error
            found = read_settings(data, str(file), nested=name == _PYPROJECT)
            if found is not None:
                return found
    return Settings()


def _folders(folder: Path) -> Iterator[Path]:
    """Yield a folder, and where it is part of a git repository those above it in that."""
    yield folder
    try:
        above = [folder.resolve(), *folder.resolve().parents]
        root = next((n for n, one in enumerate(above) if (one / ".git").exists()), 0)
    except (OSError, RuntimeError):
        return
    yield from above[1 : root + 1]


def read_settings(data: bytes, file: str, *, nested: bool = False) -> Settings | None:
    """Return the settings that the bytes of a file say.

    Args:
        data: the bytes.
        file: the name of the file, for messages.
        nested: whether they stand in the table `[tool.asterconf]`; `None` if that is not there.

    Raises:
        LoadError: it is no TOML, or a setting is not as it must be.
    """
    import tomllib

    try:
        table = tomllib.loads(data.decode("utf-8"))
    except ValueError as error:
        raise LoadError(f"{file} cannot be read: {printable(str(error))}") from error
    if nested:
        tools = table.get("tool")
        own = tools.get("asterconf") if isinstance(tools, dict) else None
        if not isinstance(own, dict):
            return None
        table = own
    asterisk = table.get("asterisk", "")
    if not isinstance(asterisk, str):
        raise LoadError(f"{file}: asterisk is not a text, such as '22'")
    return _checked(table.get("check", {}), Settings(file=file, asterisk=asterisk))


def _checked(table: object, base: Settings) -> Settings:
    """Return settings with those of the table `check`."""
    if not isinstance(table, dict):
        raise _wrong(base, "check is not a table")
    for key in table:
        if key not in _KEYS:
            hint = meant(key, _KEYS, before="; ")
            raise _wrong(base, f"check has no setting {printable(key)!r}{hint}")
    lists: dict[str, Any] = {
        key.replace("-", "_"): _words(base, f"check.{key}", table.get(key, [])) for key in _LISTS
    }
    preview, fail_on = table.get("preview", False), table.get("fail-on", "")
    if not isinstance(preview, bool):
        raise _wrong(base, "check.preview is neither true nor false")
    if fail_on not in {"", *FAIL_ON}:
        raise _wrong(base, f"check.fail-on is not one of {', '.join(FAIL_ON)}")
    files = table.get("per-file-ignores", {})
    if not isinstance(files, dict):
        raise _wrong(base, "check.per-file-ignores is not a table")
    ignores = {
        glob: _words(base, f"check.per-file-ignores.{printable(glob)}", words)
        for glob, words in files.items()
    }
    return attrs.evolve(base, **lists, preview=preview, fail_on=fail_on, per_file_ignores=ignores)


def _words(base: Settings, key: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise _wrong(base, f"{key} is not a list of texts, such as ['AC409']")
    return tuple(value)


def _wrong(base: Settings, text: str) -> LoadError:
    return LoadError(f"{base.file}: {text}")
