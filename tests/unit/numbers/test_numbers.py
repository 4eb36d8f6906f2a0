"""`Numbers`: what they hold, how they are written, and what can be made of them."""

import copy
import pickle
from itertools import product

import pytest

from asterconf import Numbers
from asterconf.errors import ModelError
from asterconf.semantics import substitute


def test_the_same_numbers_are_equal_whatever_they_are_made_of() -> None:
    assert Numbers("_555XXXX") == Numbers.range("5550000", "5559999")
    assert hash(Numbers("_[12]", "3")) == hash(Numbers.of("1", "2", "3"))
    assert Numbers("_1[2-4]") != Numbers("_1[2-5]")
    assert Numbers("_1-[2-4]") == Numbers("_1[2-4]")


@pytest.mark.parametrize(
    ("found", "patterns"),
    [
        (Numbers("_NXXNXXXXXX"), ["_NXXNXXXXXX"]),
        (Numbers("_X."), ["_X."]),
        (Numbers("_1!", "12"), ["_1!"]),
        (Numbers.range("123", "789"), ["_12[3-9]", "_1[3-9]X", "_7[0-8]X", "_[2-6]XX"]),
        (Numbers("_9NXX") - Numbers("_[2-9]11"), ["_9NXX"]),
        (Numbers("_NXX") - Numbers.of("911"), ["_91[02-9]", "_9[02-9]X", "_[2-8]XX"]),
        (Numbers.of("", "x", "1x"), ["", "1x", "x"]),
        (Numbers.of("_1"), ["_[_]1"]),
        (Numbers(), []),
        (Numbers("_[]]"), ["]"]),
        (Numbers("_1[]"), []),
    ],
)
def test_patterns_are_few_and_mean_exactly_the_set(found: Numbers, patterns: list[str]) -> None:
    assert found.patterns() == patterns
    assert Numbers(*patterns) == found


def test_what_no_pattern_can_say_is_a_regular_expression() -> None:
    assert Numbers.keypad().patterns() is None
    assert Numbers.keypad().regex() == r"(?:[\x23\x2a0-9A-D])*(?:)"
    assert Numbers("_1X").with_dashes().patterns() is None


def test_counts_are_exact_up_to_79_bytes() -> None:
    assert Numbers("_NXXNXXXXXX").count() == 8 * 10**2 * 8 * 10**6
    assert Numbers("_X!").count() == 10 * sum(254**n for n in range(79))
    assert (Numbers("_XXX") - Numbers("_1XX") - Numbers("_X1X")).count() == 9 * 9 * 10
    assert Numbers().count() == 0
    assert Numbers.of("").count() == 1


def test_operators_are_those_of_sets() -> None:
    some, few = Numbers("_1XX"), Numbers.of("112", "911")
    assert (some & few).patterns() == ["112"]
    assert (few - some).patterns() == ["911"]
    assert (some ^ few) == (some | few) - (some & few)
    assert Numbers.of("112") <= some
    assert Numbers.of("112") < some
    assert not some < Numbers("_1XX")
    assert ~(~some) == some
    assert "112" in some
    assert "1-12" not in some
    assert "1-12" in some.with_dashes()
    assert 112 not in some
    assert not Numbers("_[3-1]")


def test_texts_can_be_made_of_texts() -> None:
    assert Numbers("_NXX").prefix("+1") == Numbers("_+1NXX")
    assert Numbers("_+1NXX", "911").drop_prefix("+1") == Numbers("_NXX")
    assert Numbers("_+1NXX", "9").strip(2) == Numbers("_NXX", "") | Numbers.of("")
    assert Numbers("_0NXX", "9").last(2) == Numbers("_XX", "9")
    assert Numbers("_X.").last(0) == Numbers.of("")
    assert Numbers("_X.").strip(1) == Numbers("_.")


def test_a_text_of_more_than_79_bytes_cannot_be_dialled() -> None:
    longest, longer = Numbers("_" + "X" * 79), Numbers("_" + "X" * 80 + "!")
    assert longest
    assert longest.shortest() == "0" * 79
    assert not longer
    assert longer.shortest() is None
    assert longer.samples(3, 0) == []
    assert (longer | Numbers("1")).samples(3, 0) == ["1"]


def test_examples_are_members_and_the_first_is_the_shortest() -> None:
    found = Numbers("_NXX.") - Numbers("_N11.")
    examples = found.samples(50, 7)
    assert len(examples) == 50
    assert all(text in found for text in examples)
    assert examples[0] == found.shortest() == "2000"
    assert Numbers().shortest() is None
    assert Numbers().samples(3, 0) == []
    assert Numbers.of("1", "2").samples(9, 0) in (["1", "2"], ["1"])


def test_a_set_is_a_value() -> None:
    found = Numbers("_NXX", "0")
    assert pickle.loads(pickle.dumps(found)) == found
    assert copy.deepcopy(found) is found or copy.deepcopy(found) == found
    assert repr(found) == "Numbers('0', '_NXX')"
    assert str(found) == "0, _NXX"
    assert "texts" in repr(Numbers.keypad())


def test_a_range_has_digits_of_one_length() -> None:
    with pytest.raises(ModelError, match="same length"):
        Numbers.range("1", "10")
    with pytest.raises(ModelError, match="not digits"):
        Numbers.range("1a", "10")
    assert not Numbers.range("20", "10")


SETS = (Numbers("_[12]XX"), Numbers("", "1", "_1X", "_21X"), Numbers("_1X."), Numbers())
TERMS = (
    "${EXTEN}", "${EXTEN:1}", "${EXTEN:-2}", "${EXTEN:0:2}", "${EXTEN:1:1}", "${EXTEN:0:-1}",
    "${EXTEN:2}", "+1${EXTEN:1}", "9${EXTEN}9", "12",
)  # fmt: skip
TEXTS = ["".join(one) for size in range(4) for one in product("0123456789", repeat=size)]


@pytest.mark.parametrize("term", TERMS)
@pytest.mark.parametrize("chosen", SETS)
def test_a_term_is_followed_both_ways(chosen: Numbers, term: str) -> None:
    becomes = {text: substitute(term, {"EXTEN": text}) for text in TEXTS if text in chosen}
    found = chosen.map(term)
    assert Numbers.of(*becomes.values()) <= found
    if chosen.count() == len(becomes):  # all of its texts are among these
        assert found == Numbers.of(*becomes.values())
    for wanted in (Numbers("12", "_1X", ""), Numbers("_X!"), Numbers("_+1!", "_9X9")):
        kept = chosen.where(term, wanted)
        assert kept <= chosen
        assert {t for t in becomes if t in kept} == {t for t, b in becomes.items() if b in wanted}


def test_a_term_that_is_more_than_the_number_is_refused() -> None:
    for term in (
        "${CALLERID(num)}",
        "${EXTEN}${EXTEN}",
        "$[1 + 1]",
        "${EXTEN:${X}}",
        "${EXTEN:-2:1}",
    ):
        with pytest.raises(ModelError):
            Numbers("1").map(term)
    assert Numbers("_XX").where("${EXTEN:0:1}${EXTEN:1:1}", Numbers("12")) == Numbers("12")
