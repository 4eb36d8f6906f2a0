"""Lookups in a dialplan."""

from __future__ import annotations

import attrs
import pytest

from asterconf.dialplan.lookup import Dialplan
from asterconf.dialplan.values import (
    DialplanContext,
    DialplanExtension,
    DialplanStep,
    Include,
)
from asterconf.errors import AmbiguousKeyError, NotFoundError
from asterconf.wire import structure, unstructure

PLAIN = DialplanExtension(
    "100", None, [DialplanStep(1, "Answer"), DialplanStep(2, "Dial", "A/1", "d")]
)
NARROW = DialplanExtension("100", "555", [DialplanStep(1, "Hangup")])
NOBODY = DialplanExtension("200", "")
PATTERN = DialplanExtension("_6XXX")
CONTEXT = DialplanContext("home", [NARROW, PLAIN, NOBODY, PATTERN], [Include("day", "9:00-17:00")])
PLAN = Dialplan([CONTEXT, DialplanContext("pstn")], {"A": "1"})


def test_extension_is_found_by_name_or_name_and_callerid() -> None:
    assert CONTEXT["_6XXX"] is PATTERN
    assert CONTEXT["100/555"] is NARROW
    assert CONTEXT["200/"] is NOBODY
    assert CONTEXT["200"] is NOBODY
    assert CONTEXT.extension("100") is PLAIN
    assert CONTEXT.extension("100", "555") is NARROW
    assert CONTEXT.all("100") == (NARROW, PLAIN)
    assert [e.key for e in CONTEXT] == ["100/555", "100", "200/", "_6XXX"]
    assert "100/555" in CONTEXT
    assert "101" not in CONTEXT


def test_name_with_callerid_variants_is_ambiguous() -> None:
    with pytest.raises(AmbiguousKeyError) as caught:
        CONTEXT["100"]
    assert str(caught.value) == (
        "extension '100' of context 'home' has 2 caller-id variants; "
        "use .all('100') or .extension('100', callerid_match)"
    )


def test_missing_names_say_what_is_near() -> None:
    with pytest.raises(NotFoundError) as caught:
        PLAN["Home"]
    assert str(caught.value) == "there is no context 'Home'; did you mean 'home'?"
    with pytest.raises(NotFoundError) as caught:
        CONTEXT["_6XX"]
    assert str(caught.value) == ("context 'home' has no extension '_6XX'; did you mean '_6XXX'?")
    with pytest.raises(NotFoundError) as caught:
        CONTEXT.extension("100", "556")
    assert str(caught.value) == (
        "context 'home' has no extension '100/556'; did you mean '100/555' or '100'?"
    )
    with pytest.raises(NotFoundError) as caught:
        PLAIN.step(3)
    assert str(caught.value) == "extension '100' has no priority 3"


def test_step_is_found_by_priority_or_label() -> None:
    assert PLAIN.step(1).app == "Answer"
    assert PLAIN.step("d") is PLAIN.steps[1]
    assert str(PLAIN.steps[1]) == "Dial(A/1)"
    assert PATTERN.is_pattern
    assert not PLAIN.is_pattern


def test_include_compares_by_meaning_and_keeps_its_text() -> None:
    assert Include("day", "9:00-17:00", "|") == Include("day", "9:00-17:00")
    assert Include("day", "9:00-17:00", "|").text == "day|9:00-17:00"
    assert Include("day", "9:00-17:00").text == "day,9:00-17:00"
    assert Include("day").text == "day"
    assert Include("day", "", ",").text == "day,"


def test_dialplan_iterates_over_contexts_hashes_and_compares() -> None:
    assert [context.name for context in PLAN] == ["home", "pstn"]
    assert "pstn" in PLAN
    assert attrs.evolve(PLAN) == PLAN
    assert hash(PLAN) == hash(attrs.evolve(PLAN))
    assert attrs.evolve(PLAN, globals={"A": "2"}) != PLAN


def test_dialplan_survives_plain_data() -> None:
    assert structure(unstructure(PLAN), Dialplan) == PLAN
