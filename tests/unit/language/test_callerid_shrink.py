"""What ast_shrink_phone_number leaves, as a running 22.10.1 showed it."""

import pytest

from asterconf.language.callerid import shrink


@pytest.mark.parametrize(
    ("number", "left"),
    [("]-", "]-"), ("[[a]-b]-", "[[a]-b]"), ("[a]]-", "[a]]-"), ("[a]-", "[a]"), ("1-2", "12")],
)
def test_a_dash_goes_where_brackets_are_even(number: str, left: str) -> None:
    assert shrink(number) == left


@pytest.mark.parametrize(
    ("number", "left"),
    [
        ("]-", "]"),
        ("[[a]-b]-", "[[a]b]"),
        ("[a]]-", "[a]]"),
        ("[a-b]-", "[a-b]"),
        ("[[-]-", "[[-]"),
    ],
)
def test_in_names_of_the_dialplan_the_last_bracket_decides(number: str, left: str) -> None:
    assert shrink(number, nested=False) == left


def test_of_the_dots_only_one_at_the_end_stays() -> None:
    assert shrink("..1.2.") == "12."
