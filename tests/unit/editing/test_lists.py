"""Which lines of a list change when items come and go."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asterconf import schema
from asterconf.editing.lists import ListLine, align, patched
from asterconf.schema import OptionFacts


def facts(path: str) -> OptionFacts:
    file, kind, name = path.split()
    known = schema.file(file)
    assert known is not None
    return known.objects[kind].options[name]


MEMBERS = "queues.conf queue member"
MATCH = "pjsip.conf identify match"
CODECS = "pjsip.conf endpoint allow"

ITEMS = st.lists(st.sampled_from("abcdef"), max_size=5, unique=True)


def written(rows: list[str], lines: list[ListLine]) -> list[str]:
    """Return what the lines say that stay, change or come."""
    return [
        rows[one.source] if one.value is None and one.source is not None else str(one.value)
        for one in lines
    ]


@given(ITEMS, ITEMS)
def test_a_list_of_lines_has_the_wanted_items_afterwards(old: list[str], new: list[str]) -> None:
    lines = align(facts(CODECS), [(one, True) for one in old], old, new)
    assert lines is not None
    said = [part.strip() for value in written(old, lines) for part in value.split(",")]
    assert said == new


@given(ITEMS, ITEMS)
def test_lines_with_an_item_of_both_stay_as_they_are(old: list[str], new: list[str]) -> None:
    rows = [f"  {one}" for one in old]
    lines = align(facts(MEMBERS), [(row, True) for row in rows], old, new)
    assert lines is not None
    kept = {
        rows[one.source].strip() for one in lines if one.value is None and one.source is not None
    }
    taken = {one.value.strip() for one in lines if one.moved is not None and one.value is not None}
    assert kept | taken <= set(old) & set(new)
    if [one for one in old if one in new] == [one for one in new if one in old]:
        assert kept == set(old) & set(new)


def test_a_line_with_several_items_keeps_its_blanks() -> None:
    lines = align(facts(MATCH), [("10.0.0.1,  10.0.0.2", True)], ["10.0.0.1,10.0.0.2"],
                  ["10.0.0.1,10.0.0.2,10.0.0.3"])  # fmt: skip
    assert lines == [ListLine(0, "10.0.0.1,  10.0.0.2,  10.0.0.3")]


def test_a_line_that_must_not_be_touched_is_in_the_way() -> None:
    assert align(facts(CODECS), [("ulaw", False)], ["ulaw"], ["alaw"]) is None
    assert align(facts(CODECS), [("ulaw", False)], ["ulaw"], ["ulaw", "alaw"]) == [
        ListLine(0, None), ListLine(None, "alaw"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "text", "old", "new", "then"),
    [
        (MEMBERS, "PJSIP/1, 5 ,Ann", "PJSIP/1,5,Ann", "PJSIP/1,5,Bob", "PJSIP/1, 5 ,Bob"),
        (MEMBERS, "PJSIP/1,5,Ann", "PJSIP/1,5,Ann", "PJSIP/1,5", "PJSIP/1,5,"),
        ("pjsip.conf aor contact", "<sip:a@b>;x=1", "sip:a@b", "sip:c@b", "<sip:c@b>;x=1"),
        ("pjsip.conf endpoint context", "home", "home", "work", "work"),
    ],
)
def test_only_what_differs_in_a_value_is_written_anew(
    path: str, text: str, old: str, new: str, then: str
) -> None:
    assert patched(facts(path), text, old, new) == then
