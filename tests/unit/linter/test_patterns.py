"""Names that match something else than it looks: AC202 and AC203."""

import pytest

from asterconf import Config


def said(code: str, name: str, step: str = "NoOp()") -> list[str]:
    text = f"[home]\nexten => {name},1,{step}\n"
    found = Config.from_texts({"extensions.conf": text}).check(select=[code])
    return [one.message.partition(" ")[2] for one in found]


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("_2X.5", "ends at its '.': what stands behind that is not looked at"),
        ("_2!X", "ends at its '!': what stands behind that is not looked at"),
        ("_3[9-1]", "matches no number, because nothing is '[9-1]'"),
        ("_3[]", "matches no number, because nothing is '[]'"),
        ("_1[2,3]", "takes the comma in '[2,3]' for one of the characters that it matches"),
    ],
)
def test_an_odd_pattern(name: str, problem: str) -> None:
    assert said("AC202", name) == [problem]


@pytest.mark.parametrize(
    "name", ["_X.", "_X!", "_[12-]X", "_1-2-X", "_[a-z].", "_+1NXX", "2.5", "_2.${DB(a)}"]
)
def test_a_usual_pattern_is_silent(name: str) -> None:
    assert said("AC202", name) == []


@pytest.mark.parametrize("name", ["8X", "9XXX.", "0[1-9]XX", "NXXXXXX", "*9X", "s-.", "60."])
def test_a_pattern_without_its_mark(name: str) -> None:
    assert said("AC203", name) == ["is no pattern: only who dials its letters comes here"]


@pytest.mark.parametrize(
    "name", ["_8X", "X", "N", "112", "BOX1", "i", "fax", "9Xa", "SN", "_s-.", "."]
)
def test_a_name_that_is_none_is_silent(name: str) -> None:
    assert said("AC203", name) == []


def test_what_a_step_jumps_to_is_meant_as_it_stands() -> None:
    assert said("AC203", "8X", "GotoIf($[1]?8X,1)") == []
