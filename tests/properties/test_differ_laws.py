"""Laws of the comparison: what makes no difference, what does, and that both ways agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import attrs
import pytest
from hypothesis import assume, example, given, settings

from asterconf import Config, diff
from asterconf.differ import Change
from tests.strategies import houses

House = houses.House


def config(house: House, style: int) -> Config:
    return Config.from_texts(houses.files(house, style))


FULL = House(
    phones=tuple(
        houses.Phone(n, "alpha", ("g722",), "s3cret", 1, True, "Hall <1>", frozenset(), True)
        for n in houses.NUMBERS
    ),
    trunks=(),
    queues=(
        houses.Queue(
            "home", "ringall", 15, True, frozenset({"paused", "inuse"}), (("PJSIP/6001", 0, ""),)
        ),
    ),
    boxes=(houses.Box("1", "1234", "alpha", True), houses.Box("2", "99", "beta", None)),
    contexts=(
        houses.Context(
            "beta",
            (
                houses.Exten("s", houses.STEPS[-1]),
                houses.Exten("1", (("", "Answer", ""), ("", "Hangup", ""))),
            ),
            (),
        ),
    ),
    variables=(("A", "alpha"),),
    nets=frozenset({"10.0.0.0/8", "192.168.0.0/16"}),
    foreign=(),
)
"""A house in which there is something for every rewrite."""


def lined_up(*numbers: str) -> House:
    """Return that house with a queue that rings these phones one after the other."""
    members = tuple((f"PJSIP/{number}", 0, "") for number in numbers)
    queues = (attrs.evolve(FULL.queues[0], strategy="linear", members=members),)
    return attrs.evolve(FULL, queues=queues)


LINES = lined_up("6001", "6002", "6003"), lined_up("6002", "6003", "6001")


def told(changes: Iterable[Change]) -> frozenset[tuple[Change, frozenset[Any], int]]:
    """Return changes without their order, and without what only the new side decides."""
    found = Counter(
        (attrs.evolve(change, runtime=False, parts=()), told(change.parts)) for change in changes
    )
    return frozenset((*change, count) for change, count in found.items())


@given(houses.houses, houses.styles)
def test_a_configuration_differs_in_nothing_from_itself(house: House, style: int) -> None:
    assert diff(config(house, style), config(house, style)).is_empty


@given(houses.houses, houses.styles, houses.styles)
def test_the_same_house_in_another_style_makes_no_difference(
    house: House, one: int, other: int
) -> None:
    found = diff(config(house, one), config(house, other))
    assert found.is_empty, found.to_text(details=True)


@pytest.mark.parametrize("rewrite", houses.REWRITES)
def test_a_rewrite_alone_makes_no_difference(rewrite: str) -> None:
    plain = houses.files(FULL, 0, ())
    again = [houses.files(FULL, style, {rewrite}) for style in range(1, 17)]
    assert any(files != plain for files in again), "nothing is written in another way"

    @settings(max_examples=50)
    @given(houses.houses, houses.styles)
    def law(house: House, style: int) -> None:
        plain = houses.files(house, 0, ())
        again = houses.files(house, style, {rewrite})
        found = diff(Config.from_texts(plain), Config.from_texts(again))
        assert found.is_empty, found.to_text(details=True)

    for files in again:
        found = diff(Config.from_texts(plain), Config.from_texts(files))
        assert found.is_empty, found.to_text(details=True)
    law()


@given(houses.edited(), houses.styles, houses.styles)
@example(LINES, 1, 2)
def test_another_house_makes_a_difference_in_any_style(
    pair: tuple[House, House], one: int, other: int
) -> None:
    old, new = pair
    assume(old.meaning != new.meaning)
    assert not diff(config(old, one), config(new, other)).is_empty


@given(houses.edited(), houses.styles, houses.styles)
@example(LINES, 1, 2)
def test_both_ways_are_mirror_images(pair: tuple[House, House], one: int, other: int) -> None:
    old, new = config(pair[0], one), config(pair[1], other)
    assert told(diff(old, new).mirrored()) == told(diff(new, old))
