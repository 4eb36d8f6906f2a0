"""The data files, and the versions of Asterisk: what `data/overlay.json` says is otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pkgutil import get_data
from typing import Any, Literal

import attrs

from asterconf.source import fold

DEFAULT = "22"
"""The version whose reading is meant where none is named; `data/` has its facts."""

Repeat = Literal["first", "last", "accumulate"]
"""Which of several lines with the same name Asterisk uses: the first, the last, or all."""


def base_name(path: str) -> str:
    """Return the name of a file as Asterisk knows it: without folder and `.sample`."""
    return path.rpartition("/")[2].removesuffix(".sample")


@cache
def data(name: str) -> Any:  # noqa: ANN401 - JSON
    """Return the content of a data file."""
    import json

    return json.loads(get_data(__name__, f"data/{name}.json") or b"")


@cache
def rows(kind: str) -> Mapping[str, Mapping[str, Any]]:
    """Return the rows of the overlay of one kind, by owner and name with a `/` between."""
    found = (row for row in data("overlay")["rows"] if row["kind"] == kind)
    return {f"{row['owner']}/{row['name']}".removeprefix("/"): row for row in found}


@cache
def _owned(kind: str, owner: str) -> tuple[Mapping[str, Any], ...]:
    return tuple(row for row in rows(kind).values() if row["owner"] == owner)


def versions() -> Mapping[str, str]:
    """Return the versions that are known, each with the release whose source was read."""
    found: Mapping[str, str] = data("overlay")["versions"]
    return found


def source_of(kind: str, name: str) -> str:
    """Return where a fact that differs between the versions was read; empty: it differs nowhere."""
    row = rows(kind).get(name)
    return str(row["source"]) if row is not None else ""


@cache
def codecs_in_order() -> tuple[str, ...]:
    """Return the codecs that `all` means in sip.conf, in that order. Observed on 16.28."""
    return tuple(data("codecs")["chan_sip_order"])


def outside_reader(name: str) -> tuple[str, bool] | None:
    """Return who is known to read a file that no module of Asterisk 22 reads.

    Returns:
        A name, and whether that is a module made elsewhere, which Asterisk may load; else it is a
        program. `None`: nobody is known to.
    """
    base, known = base_name(name), data("modules")
    if base in known["foreign"]:
        return known["foreign"][base], True
    return (known["programs"][base], False) if base in known["programs"] else None


def numbers(release: str) -> tuple[int, int]:
    """Return the series and the minor number of a release."""
    series, minor = [*re.findall(r"\d+", release), "0"][:2]
    return int(series), int(minor)


def _aliases(raw: Mapping[str, Any]) -> tuple[str, ...]:
    return (*raw.get("aliases", ()), *raw.get("aliases_deprecated", ()))


@attrs.frozen(eq=False, repr=False)
class Version:
    """One version of Asterisk, and the facts of the data files as it has them.

    Attributes:
        asterisk: the version, as it was asked for.
    """

    asterisk: str
    _column: int
    """The place of its values in the rows of the overlay."""
    _series: int
    """0: the version of the data files."""
    _minor: int | None
    """`None`: the newest one."""

    def _kind(self, file: str, kind: str, raw: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Return the facts about a kind of section; `None`: this version has no such sections."""
        owner = f"{file}/{kind}"
        options = {
            name: self._option(file, kind, name, facts)
            for name, facts in raw["options"].items()
            if self._has(f"{owner}/{name}", facts)
        }
        for row in _owned("option", owner):
            known = {*raw["options"], *(a for o in raw["options"].values() for a in _aliases(o))}
            if row["name"] not in known and row["values"][self._column] and self._is_out(row):
                options[row["name"]] = {"default": None, "repeat": "last", "type": "string"}
        marked = raw["section"]["by"] == "type" and "type" in raw["options"]
        if (raw["options"] and not options) or (marked and "type" not in options):
            return None
        return {**raw, "options": options}

    def _has(self, key: str, raw: Mapping[str, Any]) -> bool:
        """Tell whether this version has an option."""
        there = self._value("option", key, default=True)
        read = self._value("repeat", key, default=True) is not None
        return there and read and self._is_out(raw) and self._is_out(rows("option").get(key, {}))

    def _option(self, file: str, kind: str, name: str, raw: Mapping[str, Any]) -> Mapping[str, Any]:
        key = f"{file}/{kind}/{name}"
        general = self._value("repeat", f"{file}/*/{name}", default=raw["repeat"])
        made = {
            **raw,
            "repeat": self._value("repeat", key, default=general),
            "default": self._value("default", key, default=raw["default"]),
        }
        for word in ("aliases", "aliases_deprecated"):
            if word in raw:
                owner = f"{file}/{kind}"
                made[word] = [
                    a for a in raw[word] if self._value("option", f"{owner}/{a}", default=True)
                ]
        return made

    def repeat(self, file: str, kind: str, section: str, option: str) -> Repeat | None:
        """Return which of several lines counts of which no kind of section tells it.

        Args:
            file: the name of the file.
            kind: the kind of the section, if it has one.
            section: the name of the section.
            option: the name of the lines.

        Returns:
            `None` if it is not known: most readers use the last line.
        """
        base, option = base_name(file), fold(option)
        owned = [f"{base}/{kind}/{option}", f"{base}/{fold(section)}/{option}"]
        found = next((key for key in owned if key in rows("repeat")), None)
        every = rows("repeat").items()
        known: Iterable[Mapping[str, Any]] = (
            [rows("repeat")[found]]
            if found
            else (r for k, r in every if r.get("any") and k.startswith(f"{base}/"))
        )
        column = self._column_of
        words = [row["values"][column] for row in known if fold(row["name"]) == option]
        result: Repeat | None = next((word for word in words if word), None)
        return result

    def lacks(self, kind: str, name: str) -> bool:
        """Tell whether the overlay says that this version lacks something.

        Args:
            kind: the kind of its row: `option`, `value` or `technology`.
            name: its owner and name, such as `logger.conf/general/rotatetimestamp`.
        """
        return self._value(kind, name) is False

    @property
    def retrieves(self) -> Repeat:
        """Which of several lines the core takes where a module asks it for the value of an option.

        Source: main/config.c, ast_variable_retrieve.
        """
        if not self._series:
            return "first"
        found: Repeat = self._value("retrieve", "ast_variable_retrieve")
        return found

    def _calls(self, kind: str, every: dict[str, Any]) -> dict[str, Any]:
        """Return the applications or functions of this version; of an old one only its name."""
        if not self._series:
            return every
        found = {
            name: raw
            for name, raw in every.items()
            if self._value(kind, name, default=True) and self._is_out(raw)
        }
        more = [name for name in rows(kind) if self._value(kind, name) and name not in every]
        unknown = {"args": [{"multiple": True, "name": "arguments"}], "installed": True}
        return found | dict.fromkeys(more, unknown)

    def _arguments(self, name: str, described: list[Any]) -> list[Any]:
        """Return the arguments of an application, where they are others than in the data."""
        names = self._value("arguments", name)
        if names is None or len(set(names)) < len(names):  # two modules document it as one
            return described
        known = {one["name"]: one for one in described}
        if len(names) == len(described):
            return described  # only called otherwise
        return [known.get(one, {"name": one}) for one in names]

    def _letters(self, name: str, argument: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return an argument with the option letters that it has in this version."""
        found = _owned("letter", name) if "options" in argument else ()
        letters = dict(argument.get("options", {}))
        for row in found:
            if not row["values"][self._column]:
                letters.pop(row["name"], None)
            elif row["name"] not in argument.get("undocumented_options", ()):
                letters.setdefault(row["name"], {"takes_arg": True})
        return {**argument, "options": letters} if found else argument

    def _reads(self, module: str, raw: Mapping[str, Any]) -> tuple[str, ...]:
        reads = list(raw.get("reads", ()))
        if self._series:
            reads = [f for f in reads if self._value("reader", f"{f}/*", default=True)]
            found = [row for row in rows("reader").values() if row["name"] == module]
            reads += [row["owner"] for row in found if row["values"][self._column]]
        return tuple(reads)

    @cache  # noqa: B019
    def gone_names(self, kind: str) -> frozenset[str]:
        """Return what an older version had, and neither this one nor a newer one has.

        Args:
            kind: `function`; `letter` of an application, such as `Dial/M`; or `option`, such as
                `features.conf/featuremap/automon`.
        """
        at = self._column_of
        return frozenset(
            name
            for name, row in rows(kind).items()
            if any(row["values"][:at]) and not any(row["values"][at:])
        )

    @property
    def _column_of(self) -> int:
        return self._column if self._series else list(versions()).index(DEFAULT)

    def _value(self, kind: str, key: str, default: Any = None) -> Any:  # noqa: ANN401 - JSON
        row = rows(kind).get(key)
        return default if row is None else row["values"][self._column_of]

    def _removed_later(self, release: str | None) -> bool:
        """Tell whether what a release removed is still there."""
        return bool(self._series and release and self._series < numbers(release)[0])

    def _is_out(self, raw: Mapping[str, Any]) -> bool:
        """Tell whether something had come into its series by this release."""
        came = [minor for series, minor in map(numbers, raw.get("since", ()))
                if series == self._series]  # fmt: skip
        return self._minor is None or not came or min(came) <= self._minor
