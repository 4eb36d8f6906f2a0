"""Order and match of extension names."""

from __future__ import annotations

import pytest

from asterconf.language.pattern import condition_key, condition_matches, matches, name_key


def test_names_sort_as_asterisk_lists_them() -> None:
    order = ["é", "*1", "12", "123", "s", "_+X.", "_123", "_12X", "_1XX", "_1.", "_1!", "_[12]X",
             "_[13]X", "_[1-3]X", "_NXX", "_ZXX", "_XXXX", "_XXX", "_X.", "_X!", "_X", "_[a-z].",
             "_.", "_!"]  # fmt: skip
    mixed = [*order[1::2], *order[::2]]
    assert sorted(mixed, key=name_key) == order


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1-00", "100"),
        ("_NXX", "_[2-9]XX"),
        ("_N-X-X", "_nxx"),
        ("_[98765432]X[0-9]", "_NXX"),
        ("_5", "_[55]"),
        ("_9[3-1]", "_[]9"),
    ],
)
def test_names_are_equal_by_what_they_accept(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


def test_conditions_sort_plain_then_patterns_then_none() -> None:
    order = ["", "1", "2", "_2.", "_X", None]
    mixed = [*order[1::2], *order[::2]]
    assert sorted(mixed, key=condition_key) == order


@pytest.mark.parametrize(
    ("name", "dialled", "fits"),
    [
        ("100", "1-0-0", True),
        ("100", "1000", False),
        ("_NXX", "234", True),
        ("_NXX", "134", False),
        ("_NXX", "2345", False),
        ("_1.", "1", False),
        ("_1.", "12", True),
        ("_1!", "1", True),
        ("_1!", "2", False),
        ("_1.2", "13", True),
        ("_fax", "fa1", True),
        ("_fax", "fax", False),
        ("_fa[x]", "fax", True),
        ("_[]9", "9", True),
        ("_[3-1]9", "9", False),
        ("_[3-1]9", "39", False),
        ("_2\\X", "2\\5", True),
        ("_1[2", "12", False),
        ("_1XX", "_1XX", True),
        ("_.", "h", True),
    ],
)
def test_name_matches_what_was_dialled(name: str, dialled: str, fits: bool) -> None:
    assert matches(name, dialled) is fits


def test_only_the_empty_condition_takes_callers_without_a_number() -> None:
    assert condition_matches(None, None)
    assert condition_matches("", None)
    assert condition_matches("", "")
    assert not condition_matches("555", None)
    assert not condition_matches("", "555")
    assert condition_matches("_5XX", "555")
