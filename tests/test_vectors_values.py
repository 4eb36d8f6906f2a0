"""Bad values, next to what Asterisk 22.10.1 made of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from asterconf.config import Config
from asterconf.source import Severity

CASES = json.loads((Path(__file__).parent / "vectors" / "bad-values.json").read_text())["cases"]


def line_of(case: dict[str, Any]) -> int:
    """Return the line of the option in section [t], or where it is missing that of the header."""
    lines: list[str] = case["config"].split("\n")
    start = lines.index("[t]")
    if case["value"] is None:
        return start + 1
    found = [n for n, text in enumerate(lines) if text.startswith(f"{case['option']}=")]
    return next(n for n in found if n > start) + 1


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["id"]))
def test_a_bad_value_is_what_asterisk_took_it_for(case: dict[str, Any]) -> None:
    found = Config.from_texts({"pjsip.conf": case["config"]}).check(host_files=True)
    if case["outcome"] == "rejected":
        (error,) = found.errors
        about = (f"{case['option']} ", f"{case['object']} has no option {case['option']!r}")
        assert error.message.startswith(about)
        assert error.position is not None
        assert (error.position.file, error.position.line) == ("pjsip.conf", line_of(case))
    elif case["outcome"] == "ignored":
        assert [one.severity for one in found] == [Severity.WARNING]
    else:
        assert found.errors == type(found)()


def test_all_recorded_cases_are_there() -> None:
    outcomes = [case["outcome"] for case in CASES]
    counts = {word: outcomes.count(word) for word in set(outcomes)}
    assert counts == {"rejected": 71, "accepted": 59, "ignored": 1}
