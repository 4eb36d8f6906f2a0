"""The pieces of an `exten` line."""

from __future__ import annotations

import pytest

from asterconf.language import appcall, callerid
from asterconf.language.exten import (
    Priority,
    atoi,
    clean_name,
    cut_name,
    int32,
    leading_number,
    split_priority,
)
from asterconf.semantics.texts import clip


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        ("100,1,NoOp()", ("100", "1,NoOp()")),
        ("100", ("100", None)),
        ("_[1,2]X,1,A()", ("_[1,2]X", "1,A()")),
        ("[1,2],1,A()", ("[1,2]", "1,A()")),
        ("12],1,A()", ("12]", "1,A()")),
        ("[[1,2],3],1", ("[[1,2],3]", "1")),
        (r"1\,2,1,A()", (r"1\,2", "1,A()")),
        (r"1\\,1,A()", (r"1\\", "1,A()")),
        ("_[8,1,A(x)", ("_[8,1,A(x)", None)),
        ("${CUT(A,-,1)},1", ("${CUT(A", "-,1)},1")),
    ],
)
def test_name_ends_at_the_first_unprotected_comma(
    value: str, parts: tuple[str, str | None]
) -> None:
    assert cut_name(value) == parts


def test_blanks_go_from_names_but_stay_in_the_sets_of_patterns() -> None:
    assert clean_name("1 0 0") == "100"
    assert clean_name("_9[ 1] 2") == "_9[ 1]2"
    assert clean_name("[1 2]") == "[12]"
    assert clean_name("300\t") == "300\t"


@pytest.mark.parametrize(
    ("written", "cleaned"),
    [
        ("(555) 123-4567", "5551234567"),
        ("555.123.4567", "5551234567"),
        ("_2.3", "_23"),
        ("_555X.", "_555X."),
        ("_55[5-6]-1XXX", "_55[5-6]1XXX"),
        ("_55-[5 6]", "_55[56]"),
        ("", ""),
    ],
)
def test_callerid_part_keeps_what_is_compared(written: str, cleaned: str) -> None:
    assert callerid.shrink(written) == cleaned


@pytest.mark.parametrize(
    ("field", "parts"),
    [
        (" 1 ", Priority("1", None, None, closed=True)),
        ("n(x)", Priority("n", None, "x", closed=True)),
        ("n(x)+2", Priority("n", None, "x", closed=True)),
        ("n+2(x)", Priority("n", "2", "x", closed=True)),
        ("n( sp )", Priority("n", None, " sp ", closed=True)),
        ("n (x)", Priority("n ", None, "x", closed=True)),
        ("n()", Priority("n", None, None, closed=True)),
        ("n(x", Priority("n", None, "x", closed=False)),
        ("n+", Priority("n", "", None, closed=True)),
    ],
)
def test_priority_field_is_word_plus_and_label(field: str, parts: Priority) -> None:
    assert split_priority(field) == parts


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("NoOp", ("NoOp", "", "", True)),
        (" NoOp(a) tail", ("NoOp", "a", " tail", True)),
        ("NoOp (a)", ("NoOp ", "a", "", True)),
        ("NoOp(a)(b)", ("NoOp", "a)(b", "", True)),
        ("NoOp,a,b", ("NoOp,a,b", "", "", True)),
        ("Hangup)(", ("Hangup)", "", "", False)),
        ("(a)", ("", "a", "", True)),
        ("No${X}Op(a,b)", ("No${X}Op(a,b)", "", "", True)),
        (
            "Set(CALLERID(all)=Intercom <1>",
            ("Set", "CALLERID(all", "=Intercom <1>", True),
        ),
    ],
)
def test_arguments_run_from_first_to_last_parenthesis(
    text: str, parts: tuple[str, str, str, bool]
) -> None:
    call = appcall.parse(text)
    assert (call.name, call.data, call.lost, call.closed) == parts


def test_numbers_are_read_as_c_reads_them() -> None:
    assert leading_number("0x10") == 0
    assert leading_number(" 2.9") == 2
    assert leading_number("n ") is None
    assert atoi("2x") == 2
    assert atoi("-3") == -3
    assert atoi("x") == 0
    assert int32(2147483648) == -2147483648


def test_text_is_cut_by_bytes() -> None:
    assert clip("é" * 128, 255) == "é" * 127 + "\udcc3"
    assert clip("1" * 255, 255) == "1" * 255
