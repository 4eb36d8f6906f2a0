"""Laws of applying and merging: what was meant comes about, and nothing is lost in silence."""

from __future__ import annotations

from collections.abc import Iterator

import attrs
import pytest
from hypothesis import assume, example, given

from asterconf import Change, Config, ConflictError, Diff, diff, merge
from tests.strategies import houses

House = houses.House


def config(house: House, style: int) -> Config:
    return Config.from_texts(houses.files(house, style))


def texts(conf: Config) -> dict[str, str]:
    return {name: str(conf[name]) for name in conf.files}


EMPTY = House((), (), (), (), (), (), frozenset(), ())
CALLS = (("", "NoOp", ""), ("", "Dial", "PJSIP/6001"))
OPEN = (
    House(
        (),
        (),
        (),
        (),
        (houses.Context("alpha", (houses.Exten("s", CALLS),), ()),),
        (),
        frozenset(),
        (),
    ),
    EMPTY,
)
"""A house whose context goes; in the style of 6 a call in it has no `)` at its end."""


def plan_of(*includes: str) -> House:
    contexts = (houses.Context("alpha", (), includes),) if includes else ()
    return attrs.evolve(EMPTY, contexts=contexts)


REORDERED = (plan_of("gamma", "beta"), EMPTY, plan_of("beta", "gamma"))
"""What one puts into another order, and the other one removes."""

SETS = {"local_net", "match", "mailboxes", "joinempty"}


def paths(change: Change) -> Iterator[tuple[str, ...]]:
    """Yield the way down to each leaf, but for what may be told of another one.

    Of a set of items, ours may have some that theirs has not. A hint of the wizard is one with
    its phone.
    """
    for name in {change.name, change.old_name} - {"", "hints"}:
        if not change.parts and change.name not in SETS:
            yield (name,)
        for part in change.parts:
            yield from ((name, *path) for path in paths(part))


def facts(found: Diff) -> set[tuple[str, ...]]:
    return {path for change in found for path in paths(change)}


@given(houses.edited(), houses.styles, houses.styles)
def test_a_difference_applied_to_the_old_one_means_the_new_one(
    pair: tuple[House, House], one: int, other: int
) -> None:
    old, new = config(pair[0], one), config(pair[1], other)
    found = diff(old, new)
    try:
        found.apply(old)
    except ConflictError:
        assume(False)
    left = diff(old, config(pair[1], other))
    assert left.is_empty, left.to_text(details=True)


@given(houses.edited(), houses.styles)
@example(OPEN, 6)
def test_in_one_style_every_difference_can_be_applied(
    pair: tuple[House, House], style: int
) -> None:
    old, new = config(pair[0], style), config(pair[1], style)
    diff(old, new).apply(old)
    left = diff(old, config(pair[1], style))
    assert left.is_empty, left.to_text(details=True)


@given(houses.edited(), houses.styles, houses.styles)
def test_what_only_ours_changed_stays_byte_for_byte(
    pair: tuple[House, House], one: int, other: int
) -> None:
    base, ours = config(pair[0], one), config(pair[1], other)
    found = merge(base, ours, config(pair[0], one))
    assert found.is_clean
    assert texts(found.config) == texts(ours)


@given(houses.edited(), houses.styles)
@example(OPEN, 6)
def test_what_only_theirs_changed_is_taken(pair: tuple[House, House], style: int) -> None:
    base, theirs = config(pair[0], style), config(pair[1], style)
    found = merge(base, config(pair[0], style), theirs)
    assert found.is_clean, found.conflicts
    assert diff(found.config, theirs).is_empty


@given(houses.apart(), houses.styles)
def test_edits_of_different_parts_come_together(
    four: tuple[House, House, House, House], style: int
) -> None:
    base, ours, theirs, both = (config(house, style) for house in four)
    found = merge(base, ours, theirs)
    assert found.is_clean, found.conflicts
    left = diff(found.config, both)
    assert left.is_empty, left.to_text(details=True)


@given(houses.rivals(), houses.styles)
@example(REORDERED, 0)
def test_no_conflict_is_silent(three: tuple[House, House, House], style: int) -> None:
    base, ours, theirs = (config(house, style) for house in three)
    found = merge(base, ours, theirs)
    told = {name for c in found.conflicts for name in (c.owner.name, c.owner.old_name)}
    wanted = facts(diff(base, theirs)) & facts(diff(found.config, theirs))
    assert {path[0] for path in wanted} <= told
    assert not facts(diff(base, ours)) & facts(diff(ours, found.config)), "ours was overwritten"


def test_the_open_example_has_an_open_call() -> None:
    assert ",NoOp(\n" in houses.files(OPEN[0], 6)["extensions.conf"]


def test_a_conflict_changes_nothing() -> None:
    old = Config.from_texts({"queues.conf": "[home]\ntimeout = 10\n"})
    new = Config.from_texts({"queues.conf": "[home]\ntimeout = 20\n"})
    third = Config.from_texts({"queues.conf": "[home]\ntimeout = 40\nmaxlen = 2\n"})
    with pytest.raises(ConflictError, match=r"queue home: timeout 10 -> 20: here it is 40 now"):
        diff(old, new).apply(third)
    assert str(third["queues.conf"]) == "[home]\ntimeout = 40\nmaxlen = 2\n"
