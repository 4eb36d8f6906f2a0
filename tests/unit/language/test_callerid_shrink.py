"""What ast_shrink_phone_number leaves, as a running 22.10.1 showed it."""

import pytest

from asterconf.language.callerid import shrink


@pytest.mark.parametrize(
    ("number", "left"),
    [("]-", "]-"), ("[[a]-b]-", "[[a]-b]"), ("[a]]-", "[a]]-"), ("[a]-", "[a]"), ("1-2", "12")],
)
def test_a_dash_goes_where_brackets_are_even(number: str, left: str) -> None:
    assert shrink(number) == left
