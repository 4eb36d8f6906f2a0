"""The page for those who come from asterisklint: every code of it, and what it is here."""

import re
from collections import Counter
from pathlib import Path

from asterconf.linter.rules.catalogue import RULES

PAGE = Path(__file__).parents[3] / "docs" / "from-asterisklint.md"
ROWS = re.findall(r"(?m)^\| ([EWHI]_\w+) \| ([^|]+) \| ([^|]*)\|$", PAGE.read_text())


def test_each_of_the_84_codes_has_a_row() -> None:
    assert len(ROWS) == 84
    assert [
        code for code, number in Counter(code for code, _, _ in ROWS).items() if number > 1
    ] == []


def test_each_row_names_a_code_of_ours_or_says_why_not() -> None:
    for code, ours, why in ROWS:
        assert ours in RULES or (ours == "no fault" and why.strip()), code


def test_every_code_that_a_row_mentions_is_there() -> None:
    for _, ours, why in ROWS:
        for one in re.findall(r"AC\d{3}", ours + why):
            assert one in RULES
