"""Every rule with its cases: `bad` gives its code, `good` does not, `fixed` is what a fix makes."""

from functools import cache
from pathlib import Path

import pytest

from asterconf import Config
from asterconf.diagnostic import Diagnostic
from asterconf.linter import engine
from asterconf.linter.rules.catalogue import RULES
from asterconf.linter.rules.checks import CHECKS, LEFT_OUT

CASES = Path(__file__).parent / "rules"
CODES = sorted(path.name for path in CASES.iterdir())
OWN = {code for rule in (*CHECKS, *LEFT_OUT) for code in rule.codes}
ELSEWHERE = {"AC020", "AC021", "AC022", "AC923"}
"""About files that no text stands for: `test_check`, `test_roles` and `test_sounds` try them."""


def texts(code: str, case: str) -> dict[str, bytes]:
    """Return the files of a case."""
    folder = CASES / code / case
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@cache
def found(code: str, case: str) -> tuple[Diagnostic, ...]:
    """Return what is found in a case, by all rules, those in preview too."""
    work = Config.from_texts(texts(code, case)).workspace
    return tuple(engine.check(work, wants=lambda _: True, host_files=True))


BAD = sorted((path.parent.name, path.name) for path in CASES.glob("AC*/bad*"))


@pytest.mark.parametrize(("code", "case"), BAD)
def test_a_bad_case_gives_the_code(code: str, case: str) -> None:
    said = [one for one in found(code, case) if one.code == code]
    assert said, code
    assert {one.severity for one in said} == {RULES[code].severity}


@pytest.mark.parametrize("code", [code for code in CODES if (CASES / code / "good").is_dir()])
def test_the_good_case_does_not(code: str) -> None:
    assert [str(one) for one in found(code, "good") if one.code == code] == []


@pytest.mark.parametrize("code", [code for code in CODES if (CASES / code / "fixed").is_dir()])
def test_the_fixed_case_is_what_the_fix_makes(code: str) -> None:
    conf = Config.from_texts(texts(code, "bad"))
    done = conf.fix(unsafe=True, select=[code])
    assert code in {one.code for one in done.fixed}
    assert {name: bytes(conf[name]) for name in conf.names} == texts(code, "fixed")


def test_every_rule_with_a_check_of_its_own_has_both_cases() -> None:
    both = {code for code in CODES if {"bad", "good"} <= {p.name for p in (CASES / code).iterdir()}}
    assert OWN - ELSEWHERE - both == set()
    assert set(CODES) <= RULES.keys()
