"""A home PBX described in TOML: the keys, and the lines they stand in."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import attrs

from asterconf.errors import BuildError, LoadError, ModelError
from asterconf.home.features import EXTRA, FEATURES
from asterconf.home.providers import PROVIDERS
from asterconf.home.settings import Network, Voicemail
from asterconf.model import CallerID, Extension, Mailbox, Queue, Trunk
from asterconf.model.checks import DataFault
from asterconf.source import Position

__all__ = ["HomeToml", "read"]

_PARTS: dict[str, Any] = {
    "owner": CallerID,
    "area_code": str,
    "network": Network,
    "voicemail": Voicemail,
    "extensions": tuple[Extension, ...],
    "mailboxes": tuple[Mailbox, ...],
    "queues": tuple[Queue, ...],
}
_KEYS = (*_PARTS, "trunks", "features")
_HEADER = re.compile(r"[ \t]*(\[\[?)[ \t]*([^\[\]#]+?)[ \t]*\]")
_OPTION = re.compile(r"[ \t]*([A-Za-z0-9_\"'. \t-]+?)[ \t]*=")
_WANTED = {str: "text in quotes", bool: "true or false"}
_STEP = re.compile(r"[^.\[\]]+|\[\d+\]")


@attrs.frozen
class HomeToml:
    """What a TOML file says: the fields of a `HomePBX`, what is wrong, and where it stands."""

    fields: dict[str, Any]
    faults: list[DataFault]
    lines: dict[str, int]
    source: str

    def located(self, faults: Iterable[DataFault]) -> str:
        """Return the faults as lines of text, each with the line of its key or of what holds it."""
        places = sorted(((self._line(fault.path), fault) for fault in faults), key=lambda p: p[0])
        lines = [f"{self.source}:{line or ''}".rstrip(":") + f": {fault}" for line, fault in places]
        return "\n".join(dict.fromkeys(lines))

    def position(self, path: str) -> Position | None:
        """Return where a key, or what holds it, stands; None: nowhere."""
        line = self._line(path)
        return Position(self.source, line) if line else None

    def _line(self, path: str) -> int:
        steps = _STEP.findall(path)
        while steps:
            known = "".join(step if step[0] == "[" else f".{step}" for step in steps).lstrip(".")
            if known in self.lines:
                return self.lines[known]
            steps.pop()
        return 0


def read(source: str | Path) -> HomeToml:
    """Return what a TOML file, or a text with a line end in it, says about a house.

    Raises:
        BuildError: it is no TOML at all.
        LoadError: the file cannot be read.
    """
    import tomllib

    text, name = _text(source)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BuildError(f"{name}: this is no TOML: {error}") from None
    fields: dict[str, Any] = {}
    faults = [DataFault(key, _unknown(key, _KEYS)) for key in data if key not in _KEYS]
    for key, kind in _PARTS.items():
        if key in data:
            fields[key], problems = _collect(data[key], kind, key)
            faults += problems
        elif key == "owner":
            faults.append(DataFault(key, "is missing"))
    fields["trunks"] = _trunks(data.get("trunks", []), faults)
    if "features" in data:
        fields["features"] = _features(data, faults)
    return HomeToml(fields, faults, _lines(text), name)


def _collect(data: object, kind: Any, path: str = "") -> tuple[Any, list[DataFault]]:  # noqa: ANN401
    from asterconf.wire import collect

    return collect(data, kind, path)


def _text(source: str | Path) -> tuple[str, str]:
    if isinstance(source, str) and "\n" in source:
        return source, "<text>"
    try:
        return Path(source).read_bytes().decode(), str(source)
    except OSError as error:
        raise LoadError(f"cannot read {source}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BuildError(f"{source}: this is no TOML: it is not UTF-8") from None


def _unknown(key: str, known: tuple[str, ...] | list[str]) -> str:
    near = get_close_matches(key, known, 1)
    if near:
        return f"is not known here; did you mean {near[0]}?"
    return f"is not known here; known are {', '.join(known)}"


def _trunks(data: object, faults: list[DataFault]) -> tuple[Trunk, ...]:
    if not isinstance(data, list):
        faults.append(DataFault("trunks", "must be a list of tables, [[trunks]]"))
        return ()
    trunks = []
    for index, item in enumerate(data):
        trunk, problems = _trunk(item)
        faults += [problem.below(f"trunks[{index}]") for problem in problems]
        trunks += [trunk] if trunk is not None else []
    return tuple(trunks)


def _trunk(item: object) -> tuple[Trunk | None, list[DataFault]]:
    if not isinstance(item, Mapping):
        return None, [DataFault("", "must be a table")]
    if "provider" not in item:
        return _collect(item, Trunk)
    given = {key: value for key, value in item.items() if key != "provider"}
    if item["provider"] not in PROVIDERS:
        known = ", ".join(PROVIDERS)
        return None, [DataFault("provider", f"must be one of {known}, not {item['provider']!r}")]
    make = PROVIDERS[item["provider"]]
    faults = _argument_faults(make, given)
    if faults:
        return None, faults
    try:
        return make(**given), []
    except ModelError as error:
        problem = str(getattr(error, "problem", error))
        return None, [DataFault(getattr(error, "field", ""), problem)]


def _argument_faults(make: Callable[..., Trunk], given: Mapping[str, Any]) -> list[DataFault]:
    """Return what a provider does not take: its own arguments are texts, the rest a trunk's."""
    own = {
        name: parameter
        for name, parameter in inspect.signature(make).parameters.items()
        if parameter.kind is not parameter.VAR_KEYWORD
    }
    faults = [
        DataFault(name, "is missing")
        for name, parameter in own.items()
        if parameter.default is parameter.empty and name not in given
    ]
    for name in own:
        if name in given:
            wanted = bool if name == "line" else str
            if not isinstance(given[name], wanted):
                faults.append(DataFault(name, f"must be {_WANTED[wanted]}"))
    rest = {name: value for name, value in given.items() if name not in own}
    _, others = _collect({"name": "x", **rest}, Trunk)
    return faults + others


def _features(data: Mapping[str, Any], faults: list[DataFault]) -> tuple[Any, ...]:
    """Return the features: the usual set, changed as the table says."""
    table = data["features"]
    if not isinstance(table, Mapping):
        faults.append(DataFault("features", "must be a table, [features]"))
        return ()
    faults += [
        DataFault(f"features.{key}", _unknown(key, list(FEATURES)))
        for key in table
        if key not in FEATURES
    ]
    needs = {
        "voicemail_menu": "mailboxes",
        "incoming_calls": "trunks",
        "outgoing_calls": "trunks",
        "emergency_calls": "trunks",
        "intercom": "extensions",
    }
    features: list[Any] = []
    for name, kind in FEATURES.items():
        said = table.get(
            name, name not in EXTRA and bool(name not in needs or data.get(needs[name]))
        )
        if said is False:
            continue
        if isinstance(said, (str, list)):
            said = {attrs.fields(kind)[0].name: said}
        feature, problems = _collect({} if said is True else said, kind, f"features.{name}")
        faults += problems
        if feature is not None:
            features.append(feature)
    return tuple(features)


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
