"""Every recorded reading of a single file, next to ours."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from asterconf.codes import READING
from asterconf.resolve import Files, resolve
from asterconf.syntax import parse

FOLDER = Path(__file__).parent / "vectors" / "config"
NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))
ELSEWHERE = {"inherit-target-missing", "append-target-missing", "bad-filter-regex"}
"""What needs the sections before: said of one file alone only where it has no includes."""


def recorded(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_bytes())
    return found


def test_there_are_262_vectors() -> None:
    assert len(NAMES) == 262


@pytest.mark.parametrize("name", NAMES)
def test_reading_is_asterisks(name: str) -> None:
    expected = recorded(name)
    effective = resolve(Files(FOLDER, {}), f"{name}.conf")
    assert effective is not None
    assert effective.valid == expected["valid"]
    assert list(effective.logged) == expected["diagnostics"]
    assert [
        {
            "name": section.name,
            "template": section.template,
            "inherits": list(section.inherits),
            "items": [list(pair) for pair in section.pairs],
        }
        for section in effective.sections
    ] == expected["categories"]


@pytest.mark.parametrize("name", NAMES)
def test_bytes_come_back(name: str) -> None:
    data = (FOLDER / f"{name}.conf").read_bytes()
    document = parse(data)
    assert bytes(document) == data
    assert "".join(document.tree().scan_values(lambda _: True)) == str(document)


def until_refused(said: list[tuple[str, int | None]]) -> Iterator[tuple[str, int | None]]:
    """Yield what is said up to the point where Asterisk stops reading."""
    for kind, line in said:
        if kind not in ELSEWHERE:
            yield kind, line
        if READING[kind].fatal:
            return


def test_what_one_file_shows_alone_is_what_asterisk_logs() -> None:
    seen = 0
    for name in NAMES:
        data = (FOLDER / f"{name}.conf").read_bytes()
        if b"include" in data.lower() or b"#exec" in data.lower():
            continue
        seen += 1
        expected = [(d["code"], d.get("line")) for d in recorded(name)["diagnostics"]]
        found = [
            (d.kind, d.position.line if d.position else None)
            for d in parse(data).diagnostics
            if d.kind
        ]
        assert list(until_refused(found)) == list(until_refused(expected)), name
    assert seen == 195
