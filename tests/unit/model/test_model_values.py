"""Caller ids and secrets."""

import copy
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asterconf.errors import ModelError
from asterconf.model import CallerID, Secret
from asterconf.testing.strategies import options as model


@pytest.mark.parametrize(
    ("text", "name", "number"),
    [
        ("Living Room <6001>", "Living Room", "6001"),
        ('"Living Room" <6001>', "Living Room", "6001"),
        ('"Smith, John" <+15552234567>', "Smith, John", "+15552234567"),
        (r'"The \"Den\"" <1>', 'The "Den"', "1"),
        ("  Kitchen<6002>  ", "Kitchen", "6002"),
        ("<6001>", "", "6001"),
        ("6001", "", "6001"),
        ("(555) 223-4567", "", "5552234567"),
        ("Kitchen", "Kitchen", ""),
        ('"Kitchen"', "Kitchen", ""),
        ("Kitchen <>", "Kitchen", ""),
        ('"6001" <>', "6001", ""),
        ("", "", ""),
        ("a <b <6001>", "a <b", "6001"),
        ("open <6001", "open", "6001"),
        (r"B\ob <1>", "Bob", "1"),
        ("Bob <5> <6>", "Bob <5>", "6"),
        ("5.", "5.", ""),
    ],
)
def test_a_caller_id_is_read_as_asterisk_writes_it(text: str, name: str, number: Any) -> None:
    assert CallerID.parse(text) == CallerID(name, number)


@pytest.mark.parametrize(
    ("callerid", "text"),
    [
        (CallerID("Living Room", "6001"), "Living Room <6001>"),
        (CallerID("John Doe", "+15555555555"), "John Doe <+15555555555>"),
        (CallerID("Smith, John", "1"), "Smith, John <1>"),
        (CallerID('The "Den"', "1"), r'"The \"Den\"" <1>'),
        (CallerID(" a", "1"), '" a" <1>'),
        (CallerID("Kitchen"), "Kitchen"),
        (CallerID("6001"), '"6001" <>'),
        (CallerID(number="6001"), "6001"),
        (CallerID(number="anonymous"), "<anonymous>"),
        (CallerID(), ""),
    ],
)
def test_a_caller_id_is_written_with_quotes_only_where_needed(
    callerid: CallerID, text: str
) -> None:
    assert str(callerid) == text


@given(model.callerids)
def test_parse_undoes_str(callerid: CallerID) -> None:
    assert CallerID.parse(str(callerid)) == callerid


@given(st.text().filter(lambda text: "\n" not in text and "\0" not in text))
def test_any_line_can_be_parsed_and_its_meaning_written_again(text: str) -> None:
    callerid = CallerID.parse(text)
    assert CallerID.parse(str(callerid)) == callerid


def test_a_caller_id_shows_as_the_call_that_makes_it() -> None:
    assert repr(CallerID("Living Room", "6001")) == "CallerID('Living Room', '6001')"


def test_an_empty_caller_id_is_false() -> None:
    assert not CallerID()
    assert CallerID("x")


@pytest.mark.parametrize(
    ("name", "number", "message"),
    [
        (
            "a\nb",
            "1",
            "CallerID 'a\\nb': name must fit on one line, without line ends and NUL: 'a\\nb'",
        ),
        ("a", "<1>", "CallerID 'a': number must not hold < or >: '<1>'"),
        ("a", " 1", "CallerID 'a': number must not begin or end with a blank: ' 1'"),
        ("a", 1, "CallerID 'a': number must be text, not 1"),
    ],
)
def test_a_caller_id_refuses_what_no_line_can_hold(name: str, number: Any, message: str) -> None:
    with pytest.raises(ModelError) as caught:
        CallerID(name, number)
    assert str(caught.value) == message


def test_a_secret_does_not_show_itself() -> None:
    secret = Secret("s3cret")
    assert [repr(secret), str(secret), f"{secret}", f"{secret:>10}", f"{secret!r}"] == [
        "Secret('********')",
        "********",
        "********",
        "  ********",
        "Secret('********')",
    ]
    assert secret.reveal() == "s3cret"


def test_stars_do_not_tell_the_length() -> None:
    assert str(Secret("a")) == str(Secret("a" * 50)) == "********"


def test_secrets_are_equal_by_value() -> None:
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"  # type: ignore[comparison-overlap]
    assert len({Secret("a"), Secret("a"), Secret("b")}) == 2
    assert not Secret("")


def test_a_secret_can_be_pickled_and_copied() -> None:
    secret = Secret("s3cret")
    assert pickle.loads(pickle.dumps(secret)) == secret
    assert copy.deepcopy(secret) == secret


def test_a_secret_that_is_no_text_is_refused_without_showing_it() -> None:
    with pytest.raises(ModelError) as caught:
        Secret(1234)  # type: ignore[arg-type]
    assert str(caught.value) == "a secret must be text in quotes, not int"
