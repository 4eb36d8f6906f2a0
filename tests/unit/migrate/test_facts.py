"""The facts of codemods, each a JSON file: every row can be used, and every sentence is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import asterconf.migrate
from asterconf.migrate.facts import facts

FOLDER = Path(asterconf.migrate.__file__).parent
CODEMODS = sorted(path.stem for path in FOLDER.glob("*.json"))
OUTCOMES = {"exact", "changed", "left"}


def rows(found: dict[str, Any]) -> Iterator[list[Any]]:
    for row in found.values():
        if isinstance(row, dict):
            yield from (one for word, one in row.items() if word != "by")
        else:
            yield row


@pytest.mark.parametrize("name", CODEMODS)
def test_calls_have_an_outcome_a_reason_and_a_form_that_can_be_filled(name: str) -> None:
    arguments = [SimpleNamespace(name="a", value="b")] * 5
    for kind in ("applications", "functions"):
        for outcome, form, why in rows(facts(name).get(kind, {})):
            assert outcome in OUTCOMES
            assert (form is None) == (outcome == "left")
            assert why.format(word="x")
            made = form.format(*arguments, data="c") if form else ""
            assert made.count("(") == made.count(")"), form
            assert kind == "functions" or not form or made.endswith(")")


def test_everything_that_may_be_said_of_macros_is_said() -> None:
    says = facts("macro")["says"]
    assert {outcome for outcome, _ in says.values()} == OUTCOMES
    code = (FOLDER / "macro.py").read_text("utf-8")
    keys = re.findall(r'(?:\.says\(|\["says"\]\[)"([^"]+)"', code)
    assert set(keys) == set(says)
