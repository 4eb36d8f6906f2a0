"""Calls through macros that a real Asterisk 16.28 ran, next to what the run loop makes of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from .test_vectors_trace import FOLDER, Script, cases, compare, load_case

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
