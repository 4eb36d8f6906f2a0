"""Cutting arguments: the recordings, and what the specification says of options and last fields."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from asterconf.errors import ModelError
from asterconf.language import args
from asterconf.language.args import OptionText

VECTORS = json.loads(
    (Path(__file__).parents[2] / "vectors" / "dialplan-args.json").read_text("utf-8")
)


def test_all_40_recordings_are_there() -> None:
    assert len(VECTORS) == 40


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: repr(v["text"]))
def test_fields_are_cut_as_asterisk_cut_them(vector: dict[str, object]) -> None:
    text = str(vector["text"])
    assert list(args.split(text, flavour="raw")) == vector["raw"]
    assert list(args.split(text)) == vector["app"]


@pytest.mark.parametrize(
    ("text", "limit", "fields"),
    [
        ('0,"a,b" \\c', 2, ("0", '"a,b" \\c')),  # Verbose and Log, seen on 22.10.1
        ("a,b,c", 2, ("a", "b,c")),
        ('"a,b",c', 2, ("a,b", "c")),
        ('"a"', 1, ('"a"',)),
        ("a,", 2, ("a", "")),
        ("", 1, ()),
    ],
)
def test_last_declared_field_keeps_the_rest_as_it_is(
    text: str, limit: int, fields: tuple[str, ...]
) -> None:
    assert args.split(text, limit=limit) == fields


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("${CUT(X,-,1)},b", ("${CUT(X,-,1)}", "b")),
        ('$["${X}" = "a,b"],c', ('$["${X}" = "a,b"]', "c")),
        ("${A[},b", ("${A[}", "b")),
        ("a${X,b", ("a${X,b",)),
        ('"${X}",b', ("${X}", "b")),
        ("$,{b", ("$", "{b")),
    ],
)
def test_variables_are_one_unit_before_substitution(text: str, fields: tuple[str, ...]) -> None:
    assert args.split(text, substituted=False) == fields


def test_after_substitution_every_character_counts() -> None:
    assert args.split("${X,b}") == ("${X", "b}")


@pytest.mark.parametrize(
    ("values", "text"),
    [
        (["a", "b"], "a,b"),
        (["a,b", "c"], "a\\,b,c"),
        (["f(a,b)", "c"], "f(a,b),c"),
        (["(a", "b"], "\\(a,b"),
        (["a)", "b"], "a),b"),
        (['"', "\\"], '\\",\\\\'),
        ([""], '""'),
        ([], ""),
        (["", ""], ","),
    ],
)
def test_joined_text_is_the_plainest_that_is_cut_back(values: list[str], text: str) -> None:
    assert args.join(values) == text


def test_raw_fields_cannot_hold_a_bare_separator() -> None:
    with pytest.raises(ModelError, match=r"no argument text is cut into \('a,b',\) at ','"):
        args.join(["a,b"], flavour="raw")
    assert args.join(['"a,b"', "c"], flavour="raw") == '"a,b",c'


def test_variable_that_never_closes_cannot_be_followed_by_a_field() -> None:
    with pytest.raises(ModelError):
        args.join(["a${b", "c"], substituted=False)
    assert args.join(["a", "b${c"], substituted=False) == "a,b${c"


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("tT", [("t", None), ("T", None)]),
        ("tU(sub^a)L(60000:30000)", [("t", None), ("U", "sub^a"), ("L", "60000:30000")]),
        ("m()", [("m", "")]),
        ("U(a(b)c)t", [("U", "a(b)c"), ("t", None)]),
        ('U("a)b")t', [("U", "a)b"), ("t", None)]),
        ("U(a\\)b)", [("U", "a)b")]),
        ('U(a"b)', [("U", 'a"b')]),
        ("t T", [("t", None), (" ", None), ("T", None)]),
    ],
)
def test_option_strings_are_cut_into_letters(
    text: str, options: list[tuple[str, str | None]]
) -> None:
    assert [(o.letter, o.argument) for o in args.split_options(text)] == options


def test_option_without_its_bracket_takes_the_rest() -> None:
    assert args.split_options("tU(sub") == (
        OptionText("t", None, 0, 1),
        OptionText("U", "sub", 1, 6, closed=False),
    )
    assert args.join_options([("t", None), ("U", "sub")], closed=False) == "tU(sub"


def test_option_argument_is_escaped_where_it_must_be() -> None:
    assert args.join_options([("U", "a)b"), ("t", None)]) == "U(a\\)b)t"
    assert args.join_options([("U", '"a"')]) == 'U(\\"a")'


def test_letter_that_would_be_an_argument_is_refused() -> None:
    with pytest.raises(ModelError, match="no option string says"):
        args.join_options([("t", None), ("(", None)])


@pytest.mark.parametrize(
    ("text", "at"),
    [("a", -1), ('"a', 0), ("a(b", 1), ("(a)[", 3), ('\\"', -1), ("\\(", -1), ("${(}", -1)],
)
def test_what_is_never_closed_is_found(text: str, at: int) -> None:
    assert args.unclosed(text, substituted=False) == at
