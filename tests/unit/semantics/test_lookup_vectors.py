"""What real calls ran on a real Asterisk 22.10.1, against what lookups say they run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from asterconf.dialplan import LoadedDialplan, load_dialplan
from asterconf.dialplan.lookup import Dialplan, Match
from asterconf.resolve import Files, resolve
from asterconf.syntax import parse

VECTORS = Path(__file__).parents[2] / "vectors"
MATCH = [json.loads(path.read_text()) for path in sorted(VECTORS.glob("dialplan-match/*.json"))]
OVERLAP = json.loads((VECTORS / "dialplan-overlap.json").read_text())
STEP = ("matched_exten", "matched_context", "matched_cid", "priority", "app", "data", "line")


def load(text: str) -> LoadedDialplan:
    name = "extensions.conf"
    return load_dialplan(resolve(Files(None, {name: parse(text, name=name)}), name))


def row(loaded: LoadedDialplan, found: Match) -> tuple[object, ...]:
    """Write an answer as the recordings do: extension, context, caller id, step and line."""
    if found.extension is None or found.step is None or found.context is None:
        return (None,)
    name, condition = found.extension.name, found.extension.callerid_match
    step = found.step
    place = loaded.origins[found.context, name, condition, step.priority]
    return name, found.context, condition, step.priority, step.app, step.data, place.line


def steps(
    loaded: LoadedDialplan, number: str, context: str, callerid: str | None, priority: int | str
) -> Iterator[tuple[str, Match]]:
    """Yield what a call runs, up to the first application that does not just go on, and `h`."""
    plan = loaded.dialplan
    found = plan.match(number, context, callerid=callerid, priority=priority)
    if not found:
        return  # no call begins, or nothing is there to jump to
    for hanging_up in (False, True):
        if hanging_up:
            found = plan.match("h", context, callerid=callerid)
        while found and found.step is not None:
            number, context = found.number, found.start
            yield number, found
            if found.step.app != "NoOp":
                return
            following = found.step.priority + 1
            found = plan.match(number, context, callerid=callerid, priority=following)


def recorded(step: dict[str, Any]) -> tuple[object, ...]:
    return tuple(
        step[key] for key in ("at", "exten", "context", "cid", "priority", "app", "data", "line")
    )


def trace(
    loaded: LoadedDialplan, number: str, context: str, callerid: str | None, priority: int | str
) -> list[tuple[object, ...]]:
    return [
        (at, *row(loaded, found))
        for at, found in steps(loaded, number, context, callerid, priority)
    ]


def test_all_recordings_are_there() -> None:
    assert len(MATCH) == 67
    assert sum(len(vector["cases"]) for vector in MATCH) == 669
    assert sum(len(vector.get("gotos", ())) for vector in MATCH) == 18
    assert sum(len(plan["cases"]) for plan in OVERLAP) == 41


@pytest.mark.parametrize("vector", MATCH, ids=lambda vector: vector["name"])
def test_first_step_and_trace_are_those_of_a_real_call(vector: dict[str, Any]) -> None:
    loaded = load(vector["dialplan"])
    for case in vector["cases"]:
        asked = case["dialed"], case["context"]
        found = loaded.dialplan.match(*asked, callerid=case["callerid"])
        assert row(loaded, found) == tuple(case[key] for key in STEP if key in case)
        seen = trace(loaded, *asked, case["callerid"], 1)
        wanted = [recorded(step) for step in case["trace"]]
        assert seen == wanted[: len(seen)] if _jumps(seen) else seen == wanted


def _jumps(seen: list[tuple[object, ...]]) -> bool:
    """Tell whether the last step seen leads elsewhere."""
    return bool(seen) and seen[-1][5] != "NoOp"


@pytest.mark.parametrize(
    "vector", [v for v in MATCH if v.get("gotos")], ids=lambda vector: vector["name"]
)
def test_a_jump_runs_what_a_real_one_runs(vector: dict[str, Any]) -> None:
    loaded = load(vector["dialplan"])
    for case in vector["gotos"]:
        text = case["priority"]
        priority = int(text) if text.isdigit() else text
        seen = trace(loaded, case["exten"], case["context"], None, priority)
        assert seen == [recorded(step) for step in case["trace"]], case


def dial(plan: Dialplan, digits: str) -> tuple[str, Match, bool]:
    """Key digits one by one: those used, what they reach, and whether the timeout decided."""
    used = ""
    for digit in digits:
        used += digit
        if not plan.match_more(used, "c"):
            return used, plan.match(used, "c"), False
    return used, plan.match(used, "c"), True


@pytest.mark.parametrize("number", range(len(OVERLAP)))
def test_digits_are_collected_as_on_a_real_call(number: int) -> None:
    plan = load(OVERLAP[number]["dialplan"]).dialplan
    for case in OVERLAP[number]["cases"]:
        used, found, waited = dial(plan, case["digits_sent"])
        reached = used if found else "i"
        found = found or plan.match("i", "c")
        assert found.step is not None
        data = found.step.data.replace("${INVALID_EXTEN}", used)
        assert [used, reached, data, waited] == [
            case[key] for key in ("digits_used", "reached", "data", "waited_for_digit_timeout")
        ]
