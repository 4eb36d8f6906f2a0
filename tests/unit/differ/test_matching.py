"""Which items of two lists belong together, and which only moved."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asterconf import schema
from asterconf.differ.matching import IndexPair, align, is_set, matched, moves, same, without

WORDS = st.lists(st.text("abcA", min_size=1, max_size=2), max_size=6)


def exactly(word: str) -> str:
    return word


def first(word: str) -> str:
    return word[:1].lower()


def sides(pairs: Sequence[IndexPair]) -> tuple[list[int], list[int]]:
    """Return the indices of both sides, in the order of the pairs."""
    return [i for i, _ in pairs if i is not None], [j for _, j in pairs if j is not None]


@given(WORDS, WORDS)
def test_every_item_of_both_lists_is_in_one_pair_in_order(old: list[str], new: list[str]) -> None:
    pairs = align(old, new, exactly, first, lonely=True)
    assert sides(pairs) == ([*range(len(old))], [*range(len(new))])
    for i, j in pairs:
        if i is not None and j is not None and first(old[i]) != first(new[j]):
            assert old[i] != new[j]  # two that were left over between two pairs


@given(WORDS, WORDS)
def test_the_pairs_are_the_same_whichever_list_is_the_old_one(
    old: list[str], new: list[str]
) -> None:
    there = {pair for pair in align(old, new, exactly, first) if None not in pair}
    back = {(i, j) for j, i in align(new, old, exactly, first) if None not in (i, j)}
    assert there == back


def test_equal_items_come_first_and_then_those_that_are_alike() -> None:
    pairs = align(["a", "bx", "c"], ["a", "by", "c", "d"], exactly, first)
    assert pairs == [(0, 0), (1, 1), (2, 2), (None, 3)]
    assert align(["a", "b"], ["a", "z"], exactly, first) == [(0, 0), (1, None), (None, 1)]
    assert align(["a", "b"], ["a", "z"], exactly, first, lonely=True) == [(0, 0), (1, 1)]


def test_what_moved_is_gone_once_and_comes_once() -> None:
    def moved(old: str, new: str) -> list[tuple[int, int]]:
        return moves(old, new, align(old, new, exactly), exactly)

    assert moved("abc", "bca") == [(0, 2)]
    assert moved("aabb", "bba") == []  # which of both moved is not known
    assert moved("ab", "ab") == []


def test_things_are_recognised_under_another_name_if_one_of_each_is_like_that() -> None:
    assert [*matched(["a1", "b2"], ["x1", "y3"], lambda one: one[1])] == [("a1", "x1")]
    assert [*matched(["a1", "b1"], ["x1"], lambda one: one[1])] == []
    assert [*matched(["a1"], ["x1"], lambda _: None)] == []


def test_a_name_is_taken_out_of_a_text_as_a_whole_word() -> None:
    assert without("PJSIP/100&PJSIP/1001", "100") == "PJSIP/\0&PJSIP/1001"
    assert without("a.b", "") == "a.b"


@pytest.mark.parametrize(
    ("path", "is_one"),
    [
        ("pjsip.conf identify match", True),
        ("pjsip.conf endpoint allow", False),
        ("queues.conf queue joinempty", True),
    ],
)
def test_the_order_of_some_lists_does_not_matter(path: str, is_one: bool) -> None:
    file, kind, name = path.split()
    known = schema.file(file)
    assert known is not None
    facts = known.objects[kind].options[name]
    assert is_set(facts) is is_one
    assert is_set(facts, "all") is False
    assert same(("a", "b"), ("b", "a"), facts) is is_one
    assert not same(("a", "b"), ("a",), facts)
