"""What a difference looks like: for each edit the printed text, as a person found it right.

`ASTERCONF_GOLDENS=write pytest tests/unit/differ/test_goldens.py` writes them anew, to be looked at
before they are committed.
"""

from __future__ import annotations

import os

import pytest

from asterconf import Config, diff
from tests.unit.differ.edits import BASE, EDITS, base


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_is_told_as_its_golden_text_says(name: str) -> None:
    old, new = base(), base()
    EDITS[name](new)
    assert new != old
    text = diff(Config.from_texts(old), Config.from_texts(new)).to_text()
    golden = BASE / f"{name}.txt"
    if os.environ.get("ASTERCONF_GOLDENS") == "write":
        golden.write_text(text)
    assert text == golden.read_text()


def test_no_golden_text_is_left_over() -> None:
    assert {path.stem for path in BASE.glob("*.txt")} == set(EDITS)
