"""home.toml: its keys and the lines they stand in, and a text to start with."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import attrs

from asterconf.diagnostic import Diagnostic
from asterconf.errors import BuildError, LoadError
from asterconf.home.writing import fill, sample_text, words_of
from asterconf.linter.rules.home import finding_of
from asterconf.model.checks import DataFault
from asterconf.source import Position

_HEADER = re.compile(r"[ \t]*(\[\[?)[ \t]*([^\[\]#]+?)[ \t]*\]")
_OPTION = re.compile(r"[ \t]*([A-Za-z0-9_\"'. \t-]+?)[ \t]*=")
_STEP = re.compile(r"[^.\[\]]+|\[\d+\]")


_MARKS: Final = {b"\xef\xbb\xbf": "UTF-8", b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}


@attrs.frozen
class HomeToml:
    """A TOML file: its data, and the line of each key."""

    data: dict[str, Any]
    source: str
    lines: Mapping[str, int]

    def position(self, path: str) -> Position | None:
        """Return where a key, or what holds it, stands; None: nowhere."""
        steps = _STEP.findall(path)
        while steps:
            known = "".join(step if step[0] == "[" else f".{step}" for step in steps).lstrip(".")
            if known in self.lines:
                return Position(self.source, self.lines[known])
            steps.pop()
        return Position(self.source, 1) if path == "owner" else None  # it belongs there

    def diagnostics(
        self, findings: Iterable[DataFault], *, ordered: bool = True
    ) -> tuple[Diagnostic, ...]:
        """Return findings with their places, each once; `ordered` by line, those without first."""
        placed = []
        for finding in findings:
            found = finding_of(finding, self.position(finding.path))
            if finding.other and (other := self.position(finding.other)):
                found = attrs.evolve(found, related=((other, finding.other),))
            placed.append(found)
        if ordered:
            placed.sort(key=lambda found: found.position.line if found.position else 0)
        return tuple(dict.fromkeys(placed))

    def error(self, findings: Iterable[DataFault]) -> BuildError:
        """Return the error that names every finding with its line."""
        found = self.diagnostics(findings)
        lines = []
        for one in found:
            line = f":{one.position.line}" if one.position else ""
            see = "".join(f"; see line {place.line}" for place, _ in one.related)
            lines.append(f"{self.source}{line}: {one.message}{see}")
        return BuildError("\n".join(dict.fromkeys(lines)), found)


def read(source: str | Path) -> HomeToml:
    """Return a TOML file, or a text with a line end in it.

    Raises:
        BuildError: it is not TOML.
        LoadError: the file cannot be read.
    """
    import tomllib

    text, name = _text(source)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        problem, _, place = str(error).rpartition(" (at line ")
        line = place.partition(",")[0] if problem else len(text.split("\n"))
        raise BuildError(f"{name}:{line}: this is no TOML: {problem or error}") from None
    folder = Path(source).parent if "\n" not in str(source) else Path()
    faults: list[DataFault] = []
    toml = HomeToml(_with_secrets(data, "", folder, faults), name, _lines(text))
    if faults:
        raise toml.error(faults)
    return toml


_SECRET: Final = ("secret", "initial_pin", "pin")
"""Keys that hold a secret, or a table that says where it is."""


def _with_secrets(data: Any, path: str, folder: Path, faults: list[DataFault]) -> Any:  # noqa: ANN401
    """Return data with secrets in place of the tables that say where they are."""
    if isinstance(data, list):
        return [_with_secrets(x, f"{path}[{i}]", folder, faults) for i, x in enumerate(data)]
    if not isinstance(data, dict):
        return data
    found = {}
    for key, value in data.items():
        inner = f"{path}.{key}".lstrip(".")
        if key in _SECRET and isinstance(value, dict):
            try:
                found[key] = _secret(value, folder)
            except ValueError as error:
                faults.append(DataFault(inner, str(error)))
                found[key] = ""
        else:
            found[key] = _with_secrets(value, inner, folder, faults)
    return found


def _secret(place: Mapping[str, Any], folder: Path) -> str:
    """Return the secret at `{ env = NAME }`, `{ file = PATH }` or `{ file = PATH, key = KEY }`.

    Raises:
        ValueError: it is not there, or the table says something else.
    """
    import tomllib

    keys = set(place)
    if keys not in ({"env"}, {"file"}, {"file", "key"}) or not all(
        isinstance(value, str) for value in place.values()
    ):
        raise ValueError('must be text, { env = "…" }, { file = "…" } or { file = "…", key = "…" }')
    if "env" in place:
        if not (value := os.environ.get(place["env"], "")):
            raise ValueError(f"the environment variable {place['env']} is not set")
        return str(value)
    path = folder / place["file"]
    try:
        text: str = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", "") or "it is not UTF-8"
        raise ValueError(f"cannot read {path}: {reason}") from None
    if "key" not in place:
        return text.removesuffix("\n")
    try:
        found = tomllib.loads(text).get(place["key"])
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path} is no TOML: {error}") from None
    if not isinstance(found, str):
        raise ValueError(f"{path} has no text {place['key']!r}")
    return str(found)


def _text(source: str | Path) -> tuple[str, str]:
    if isinstance(source, str) and "\n" in source:
        return source, "<text>"
    try:
        data = Path(source).read_bytes()
    except OSError as error:
        raise LoadError(f"cannot read {source}: {error.strerror}") from None
    for mark, name in _MARKS.items():
        if data.startswith(mark):
            raise BuildError(
                f"{source}:1: begins with the byte order mark of {name}: save it as UTF-8 without"
            )
    try:
        return data.decode(), str(source)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BuildError(f"{source}:{line}: this is no TOML: it is not UTF-8") from None


def _lines(text: str) -> dict[str, int]:
    """Return the line of every key and table, as `extensions[1].callerid`, from 1."""
    found: dict[str, int] = {}
    counts: dict[str, int] = {}
    table = ""
    for number, line in enumerate(_without_long_strings(text).split("\n"), 1):
        if header := _HEADER.match(line):
            *above, last = re.sub(r"[ \t\"']", "", header[2]).split(".")
            table = ""
            for name in above:
                table = _current(_joined(table, name), counts)
            table = _joined(table, last)
            found.setdefault(table, number)
            if header[1] == "[[":
                counts[table] = counts.get(table, 0) + 1
                table = _current(table, counts)
                found.setdefault(table, number)
        elif option := _OPTION.match(line):
            key = re.sub(r"[ \t\"']", "", option[1])
            found.setdefault(_joined(table, key), number)
    return found


def _joined(table: str, key: str) -> str:
    return f"{table}.{key}" if table else key


def _current(table: str, counts: Mapping[str, int]) -> str:
    return f"{table}[{counts[table] - 1}]" if table in counts else table


def _without_long_strings(text: str) -> str:
    """Blank out what stands in triple quotes, line ends apart."""
    return re.sub(
        r'""".*?"""|\'\'\'.*?\'\'\'', lambda m: re.sub(r"[^\n]", " ", m[0]), text, flags=re.DOTALL
    )


# -- a text to start with ---------------------------------------------------------------------


def starter(name: str = "home.toml") -> tuple[str, str]:
    """Return a commented description of a small home, and its file of fresh passwords.

    `name` is the file that the description will be; the passwords belong into `secrets_name`.
    """
    file = secrets_name(name)
    words = {f"secret_{n}": secrets.token_urlsafe(15) for n in (1, 2)}
    words |= {"name": Path(name).name, "secrets": Path(file).name, "pin": _pin()}
    return (
        fill(sample_text("home.toml"), words_of({**words, "name": name})),
        fill(sample_text("home.secrets.toml"), words_of(words)),
    )


def secrets_name(name: str) -> str:
    """Return the name of the file of passwords beside a description."""
    path = Path(name)
    return str(path.with_name(f"{path.stem}.secrets.toml"))


def _pin() -> str:
    """Return four digits that are no run."""
    while True:
        pin = f"{secrets.randbelow(10000):04d}"
        if len(set(pin)) > 2 and pin not in "01234567890 09876543210":
            return pin
