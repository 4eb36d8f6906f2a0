"""Laws of the comparison: what makes no difference, what does, and that both ways agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import attrs
from hypothesis import assume, given

from asterconf import Config, diff
from asterconf.differ import Change
from tests.strategies import houses

House = houses.House


def config(house: House, style: int) -> Config:
    return Config.from_texts(houses.files(house, style))


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


@given(houses.edited(), houses.styles, houses.styles)
def test_another_house_makes_a_difference_in_any_style(
    pair: tuple[House, House], one: int, other: int
) -> None:
    old, new = pair
    assume(old.meaning != new.meaning)
    assert not diff(config(old, one), config(new, other)).is_empty


@given(houses.edited(), houses.styles, houses.styles)
def test_both_ways_are_mirror_images(pair: tuple[House, House], one: int, other: int) -> None:
    old, new = config(pair[0], one), config(pair[1], other)
    assert told(diff(old, new).mirrored()) == told(diff(new, old))
