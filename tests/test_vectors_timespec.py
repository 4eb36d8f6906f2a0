"""When a real Asterisk 22.10.1 took 66 time conditions for true, and what it warned of."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from asterconf.language import timespec

CASES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "vectors" / "dialplan-timespec.json").read_text("utf-8")
)
SAID = {"time": "AC310", "week": "AC311", "day": "AC312", "month": "AC313"}
"""A word of Asterisk's sentence, and our code."""


def code_of(warning: str) -> str:
    return next(SAID[word] for word in ("week", "month", "time", "day") if word in warning)


def test_all_66_conditions_and_1122_moments_are_there() -> None:
    assert len(CASES) == 66
    assert sum(len(case["matches"]) for case in CASES) == 1122


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["spec"])
def test_condition_holds_when_asterisk_says_so(case: dict[str, Any]) -> None:
    spec = timespec.parse(case["spec"])
    for moment, holds in case["matches"].items():
        at = datetime.fromisoformat(moment)
        assert spec.holds(at, "UTC") == holds, moment
        assert spec.explain(at, "UTC").startswith("holds" if holds else "does not hold")
    said = [fault.code for fault in spec.faults if fault.rule.logged]
    assert said == [code_of(warning) for warning in case["warnings"]]
