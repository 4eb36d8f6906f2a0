"""Objects written as fresh sections, next to what the real Asterisk reads out of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asterconf.bind.writing import Style, sections_of
from asterconf.errors import EditError, ModelError
from asterconf.model import ConfigObject
from asterconf.source import encode
from asterconf.syntax import Document
from asterconf.testing.strategies import objects

from .rig import Asterisk, Boot

EXAMPLES = {"dev": 150, "ci": 1_000, "long": 10_000}[settings.get_current_profile_name()]
HOSTILE = st.text("ab\n\0];,[=#\\${}()<>! \t\r\x7f\xe9", max_size=12) | st.sampled_from(
    ["x\n[evil]\ny=1", "x;--", "--;x", "\\;", "${SHELL(id)}", "a" * 9_000, "#include x", "=> x"]
)
house = objects.house_extensions | objects.house_trunks
styles: list[Style] = ["wizard", "primitives"]


@pytest.fixture
def asterisk(boot: Boot, tmp_path: Path) -> Asterisk:
    """Boot an instance with nothing to do but to read files."""
    folder = tmp_path / "etc"
    folder.mkdir()
    (folder / "modules.conf").write_text("[modules]\nautoload = no\n")
    return boot(folder)


def read_back(asterisk: Asterisk, name: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the sections of a file with their names and values, as Asterisk holds them."""
    answer = asterisk.ami.action("GetConfig", Filename=name)[0]
    found: dict[str, tuple[str, list[tuple[str, str]]]] = {}
    for key, value in answer.headers:
        kind, _, number = key.partition("-")
        if kind == "Category":
            found[number] = (value, [])
        elif kind == "Line":
            at = value.index("=", 1)
            found[number.partition("-")[0]][1].append((value[:at], value[at + 1 :]))
    return list(found.values())


def compare(asterisk: Asterisk, thing: Any, style: Style = "wizard") -> None:
    """Write an object into a file of its own and read it by Asterisk."""
    document = Document("", name="one.conf")
    fresh = sections_of(thing, style=style)
    for one in fresh:
        section = document.add_section(one.name)
        for name, value in one.options:
            section.add(name, value)
    (asterisk.etc / "one.conf").write_bytes(encode(str(document)))
    expected = [(one.name, list(one.options)) for one in fresh]
    assert read_back(asterisk, "one.conf") == expected


def test_fresh_sections_read_as_they_were_meant(asterisk: Asterisk) -> None:
    things = (
        objects.any_config_object() | objects.schema_objects | objects.queues | objects.mailboxes
    )

    @given(things)
    @settings(max_examples=EXAMPLES, database=None, suppress_health_check=[*HealthCheck])
    def law(thing: Any) -> None:
        compare(asterisk, thing)

    law()


def test_extensions_and_trunks_read_as_they_were_meant(asterisk: Asterisk) -> None:
    @given(house, st.sampled_from(styles))
    @settings(max_examples=EXAMPLES, database=None, suppress_health_check=[*HealthCheck])
    def law(thing: Any, style: Style) -> None:
        compare(asterisk, thing, style)

    law()


def test_no_value_makes_another_line(asterisk: Asterisk) -> None:
    written = 0

    @given(HOSTILE)
    @settings(max_examples=EXAMPLES, database=None, suppress_health_check=[*HealthCheck])
    def law(value: str) -> None:
        nonlocal written
        try:
            obj = ConfigObject("pjsip.conf", "transport", "t", {"domain": value})
            compare(asterisk, obj)
        except (ModelError, EditError):
            return
        written += 1

    law()
    assert written >= EXAMPLES // 10
