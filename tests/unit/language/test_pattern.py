"""Order and match of extension names."""

from __future__ import annotations

import pytest

from asterconf.errors import ModelError
from asterconf.language.pattern import (
    Pattern,
    condition_key,
    condition_matches,
    matches,
    name_key,
)


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


def test_an_empty_set_is_skipped_only_where_a_byte_is_left() -> None:
    assert matches("_1[]2", "12")
    assert not matches("_1[]", "1")
    assert not matches("_1[]!", "1")
    assert matches("_1[]!", "12")


def test_patterns_sort_and_match() -> None:
    patterns = [Pattern(text) for text in ("_.", "_NXX", "100", "_1XX")]
    assert [str(one) for one in sorted(patterns)] == ["100", "_1XX", "_NXX", "_."]
    assert Pattern("_NXX").order == Pattern("_[2-9]xx").order
    assert Pattern("_NXX") != Pattern("_[2-9]xx")
    assert not Pattern("100").is_pattern
    assert Pattern("1-00").matches("100")


@pytest.mark.parametrize(
    ("text", "number", "reason", "at"),
    [
        ("_NXX", "234", "'_NXX' matches '234': every character is accepted", None),
        ("_9.", "912", "'_9.' matches '912': every character is accepted, and '.' takes the rest",
         None),
        ("_NXX", "1-34", "'_NXX' does not match '1-34': character 1, '1', is not in N (2-9)", 0),
        ("_NX-X", "2-x4", "'_NX-X' does not match '2-x4': character 3, 'x', is not in X (0-9)", 2),
        ("_1[2-4]", "15", "'_1[2-4]' does not match '15': character 2, '5', is not in [2-4]", 1),
        ("_1[3-1]", "12",
         "'_1[3-1]' does not match '12': character 2, '2', stands where [3-1] accepts nothing", 1),
        ("_XX", "123",
         "'_XX' does not match '123': character 3, '3', is one too many, 2 are all it takes", 2),
        ("_X.", "1", "'_X.' does not match '1': too short, '.' is left over", 1),
        ("100", "1000",
         "'100' does not match '1000': character 4, '0', is one too many, 3 are all it takes", 3),
        ("100", "1-0-0", "'1-0-0' is '100'", None),
        ("_1XX", "_1xx", "'_1xx' is the pattern '_1XX' itself", None),
        ("_!", "", "'_!' matches '': there is nothing to accept, and '!' takes the rest", None),
        ("_éX", "é1", "'_éX' matches 'é1': every character is accepted", None),
        ("_aX", "é1", "'_aX' does not match 'é1': character 1, 'é', is not in a", 0),
    ],
)  # fmt: skip
def test_why_a_number_is_matched_or_not(
    text: str, number: str, reason: str, at: int | None
) -> None:
    found = Pattern(text).explain(number)
    assert (str(found), found.at, bool(found)) == (reason, at, at is None)


@pytest.mark.parametrize(
    ("text", "count"),
    [("_NXX", 800), ("100", 1), ("_[13-5]", 4), ("_[1-]", 1), ("_[3-1]", 0), ("_1[", 0),
     ("_X.", None), ("_X!", None), ("_", 1), ("_1-2", 1), ("_é", 1)],
)  # fmt: skip
def test_numbers_are_counted(text: str, count: int | None) -> None:
    assert Pattern(text).count() == count


def test_numbers_are_listed_in_order() -> None:
    assert list(Pattern("_1[7-93]").numbers()) == ["13", "17", "18", "19"]
    with pytest.raises(ModelError, match=r"'_X\.' matches numbers of any length"):
        Pattern("_X.").numbers()


@pytest.mark.parametrize(
    ("one", "other", "witness"),
    [
        ("_NXX", "_[12]11", "211"),
        ("_NXX", "_0XX", None),
        ("_NXX", "_NX", None),
        ("_X.", "_0!", "00"),
        ("_0!", "_0", "0"),
        ("_9.", "_9", None),
        ("_!", "_.", "0"),
        ("100", "_1XX", "100"),
        ("1-00", "100", "100"),
        ("100", "101", None),
        ("_[a-c]", "_[b-z]", "b"),
    ],
)
def test_two_patterns_have_a_number_in_common(one: str, other: str, witness: str | None) -> None:
    assert Pattern(one).intersection(Pattern(other)) == witness


@pytest.mark.parametrize(
    ("text", "regex"),
    [
        ("_NXX", "[2-9][0-9][0-9]"),
        ("_+4[13-5].", r"\x2b4[13-5][\s\S]+"),
        ("_1!", r"1[\s\S]*"),
        ("1-00", "100"),
        ("_1[3-1]", "1(?!)"),
        ("_é", r"\xc3\xa9"),
    ],
)
def test_regular_expression_of_a_pattern(text: str, regex: str) -> None:
    assert Pattern(text).regex() == regex
