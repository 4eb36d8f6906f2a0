"""Substitution while loading."""

from __future__ import annotations

import pytest

from asterconf.semantics import substitute


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a${A}b", "a1b"),
        ("${NONE}", ""),
        ("${${N}}", "1"),
        ("$A", "$A"),
        (r"\${A}", r"\1"),
        ("${A:1}", ""),
        ("${LEN(${A})}", "1"),
        ("$[${A}+1]-${A}", "2-1"),
        ("${A", "1"),
        ("${DB(a/b)}", "${DB(a/b)}"),
        ("${EPOCH}", "${EPOCH}"),
    ],
)
def test_variables_are_replaced_and_what_only_asterisk_knows_is_left(text: str, value: str) -> None:
    assert substitute(text, {"A": "1", "N": "A"}) == value
