"""The grammars: their terminals, read without lark, are what lark reads."""

import re
from pathlib import Path

import pytest
from lark import Lark

from asterconf import _grammars

FOLDER = Path(__file__).parents[2] / "grammars"
FILES = sorted(FOLDER.glob("*.lark"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_terminals_are_those_of_lark(file: Path) -> None:
    rules = re.findall(r"(?m)^([a-z]\w*)(?:\.\d+)?:", file.read_text("utf-8"))
    lark = Lark(file.read_text("utf-8"), start=rules, parser=None, lexer="basic")
    expected = {terminal.name: terminal.pattern.to_regexp() for terminal in lark.terminals}
    anonymous = {"COMMA", "LSQB", "RPAR", "RSQB"} if file.stem == "conf" else set()
    found = _grammars.terminals(file.stem)
    assert set(expected) - set(found) == anonymous
    assert found == {name: expected[name] for name in found}


def test_a_grammar_that_is_not_there_is_an_error() -> None:
    with pytest.raises(FileNotFoundError, match=r"nothing\.lark"):
        _grammars.terminals("nothing")
