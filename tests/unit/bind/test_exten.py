"""Substitution while loading."""

from __future__ import annotations

import pytest

from asterconf.bind._exten import substitute


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a${A}b", "a1b"),
        ("${NONE}", ""),
        ("${${N}}", "1"),
        ("$A", "$A"),
        (r"\${A}", r"\1"),
        ("${A:1}", "${A:1}"),
        ("${LEN(${A})}", "${LEN(${A})}"),
        ("$[${A}+1]-${A}", "$[${A}+1]-1"),
        ("${A", "${A"),
        ("${EPOCH}", "${EPOCH}"),
    ],
)
def test_plain_variables_are_replaced_and_the_rest_is_left(text: str, value: str) -> None:
    assert substitute(text, {"A": "1", "N": "A"}) == value
