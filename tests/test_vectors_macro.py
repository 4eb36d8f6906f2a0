"""Calls through macros that a real Asterisk 16.28 ran, next to what the run loop makes of them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from asterconf.config import Config
from asterconf.dialplan.lookup import Dialplan
from asterconf.migrate import Migration

from .test_vectors_trace import (
    FOLDER,
    Script,
    cases,
    children,
    compare,
    load_case,
    merged,
    plain,
    rows,
)

MACROS = sorted(path.stem for path in (FOLDER / "macro").glob("*.json"))


def test_all_387_calls_are_there() -> None:
    if not MACROS:
        pytest.skip("there are no recorded calls")
    assert sum(len(list(cases(name, "macro"))) for name in MACROS) == 387


@pytest.mark.parametrize("name", MACROS)
def test_macros_run_the_steps_that_asterisk_ran(name: str, tmp_path: Path) -> None:
    conf, state = None, None
    for found, call in cases(name, "macro"):
        conf = conf or load_case(tmp_path, found, "20")
        state = compare(Script(conf, call), call, state).state


# -- the same calls after `conf.plan_migrate("macro")`, on Asterisk 22 ----------------------------

PASSED_OVER = {
    "macro", "macroif", "macroexclusive", "macroexit", "gosub", "gosubif", "return", "stackpop",
    "goto", "gotoif", "exec", "tryexec",
}  # fmt: skip
AUXILIARY = re.compile(
    r"(LOCAL\()?(T|L|OFF|MACRO_OFFSET|MACRO_RESULT|GOSUB_RESULT)\)?=|"
    r".*\b(macro\w*|gosub\w*|return|goto|stackpop)\b",
    re.IGNORECASE,
)
SUBROUTINE = re.compile(r"[MU]\((macro-)?[^)]*\)")


def kept(steps: Iterable[Any]) -> list[tuple[str, str, str, str]]:
    """Return the steps that are compared, by the README of the vectors."""
    found = []
    for context, exten, _, app, data in steps:
        skipped = app.lower() in PASSED_OVER
        if not skipped and not (app.lower() in {"set", "execif"} and AUXILIARY.match(data)):
            found.append((context, exten, app, SUBROUTINE.sub("", data)))
    return found


def exact_lines(conf: Config, plan: Migration) -> set[tuple[str, str, int]]:
    """Return the steps of which the plan says nothing but that they are exact."""
    doubtful = {(one.place.file, one.place.line) for one in plan.notes}
    contexts, found = conf.workspace.dialplan.contexts, set[tuple[str, str, int]]()
    for name in contexts:
        places = contexts.places(name)
        assert places is not None
        header = (places.section.position.file, places.section.position.line)
        for at, extension in enumerate(places.context.extensions):
            for step in extension.steps:
                line = places.lines.file_line(places.number(at, step.priority))
                if not {line, header} & doubtful:
                    found.add((name, extension.name, step.priority))
    return found


def migrated(name: str, folder: Path) -> tuple[Dialplan, Config, set[tuple[str, str, int]]]:
    """Return a recorded dialplan, what it is after the migration, and the steps that are exact."""
    found, _ = next(cases(name, "macro"))
    conf = load_case(folder, found, "20")
    plan_before, plan = conf.workspace.dialplan.dialplan, conf.plan_migrate("macro")
    exact = exact_lines(conf, plan)
    plan.apply()
    assert not conf.plan_migrate("macro"), "a second run finds nothing"
    return plan_before, conf.with_asterisk("22"), exact


EXACT: dict[str, int] = {}
"""How many calls of each file the plan calls exact."""


@pytest.mark.parametrize("name", MACROS if os.environ.get("ASTERCONF_FULL") else MACROS[::3])
def test_calls_that_the_plan_calls_exact_are_equal_after_it(name: str, tmp_path: Path) -> None:
    plan, conf, exact = migrated(name, tmp_path)
    state = None
    EXACT[name] = 0
    for _, call in cases(name, "macro"):
        script = Script(conf, call)
        run = script.start(call["exten"], call["context"], callerid=call.get("callerid") or "",
                           state=state)  # fmt: skip
        run.enter()
        state = run.state
        legs = call.get("legs", ())
        every = [*call["steps"], *(step for leg in legs for step in leg["steps"])]
        stands = {(c, found.extension.name, p) for c, e, p, _, _ in every
                  if (found := plan.landing(e, c, p)).extension is not None}  # fmt: skip
        if not stands <= exact:
            continue
        EXACT[name] += 1
        assert kept(rows(run)) == kept(call["steps"]), call
        assert run.cause == call["end"]["cause"], call
        made = merged((plain(one.channel.name), kept(rows(one))) for one in children(run))
        was = merged((leg["channel"], kept(leg["steps"])) for leg in legs)
        assert made == was, call


def test_at_least_334_calls_are_exact() -> None:
    if len(EXACT) < len(MACROS) or not MACROS:
        pytest.skip("only some of the calls were looked at")
    assert sum(EXACT.values()) >= 334
