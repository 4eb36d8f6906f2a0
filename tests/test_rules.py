"""Every rule with its cases: `bad` gives its code, `good` does not, `fixed` is what a fix makes."""

from functools import cache

import pytest
from generator.examples import CASES, TEXTS, files, said

from asterconf import Config
from asterconf.diagnostic import Diagnostic
from asterconf.linter.rules.catalogue import RULES

CODES = sorted(path.name for path in CASES.iterdir())

NO_CASE = {
    "AC013": "a name that is a folder or a pipe: test_hostile",
    "AC018": "a file outside of the configuration: test_hostile",
    "AC019": "more than any Asterisk reads: test_bounds",
    "AC020": "a name that cannot be read: test_check",
    "AC021": "no fault, but a file that nobody reads: test_roles",
    "AC022": "no fault, but a file that a program writes: test_roles",
    "AC023": "only asked for by missing_includes: test_answers",
    "AC614": "only pjsip.conf is read so: AC418",
    "AC729": "about the modes of files, which a repository does not keep: test_open_files",
    "AC923": "needs a folder of sounds: test_sounds",
    "AC999": "a rule that fails: test_failing",
    **dict.fromkeys(
        ("AC520", "AC523", "AC525", "AC527", "AC528", "AC530", "AC531", "AC532", "AC533", "AC534",
         "AC536"),
        "nothing in queues.conf, queuerules.conf or voicemail.conf is taken so",
    ),
}  # fmt: skip
"""Codes for which no text stands, each with the reason, and with the test that tries it."""


@cache
def found(code: str, case: str) -> tuple[Diagnostic, ...]:
    """Return what is found in a case."""
    return said(files(CASES / code / case))


BAD = sorted((path.parent.name, path.name) for path in CASES.glob("AC*/bad*"))


@pytest.mark.parametrize(("code", "case"), BAD)
def test_a_bad_case_gives_the_code(code: str, case: str) -> None:
    about = [one for one in found(code, case) if one.code == code]
    assert about, code
    assert {one.severity for one in about} == {RULES[code].message(code).severity}
    assert {one.verified for one in about} == {RULES[code].message(code).verified}
    places = [(one.position, one.message) for one in about if one.position is not None]
    assert len(places) == len(set(places))
    for name, text in files(CASES / code / case).items():
        for line in text.decode().splitlines() if name in TEXTS else ():
            assert code in {one.code for one in TEXTS[name](line)}, line


@pytest.mark.parametrize("code", [code for code in CODES if (CASES / code / "good").is_dir()])
def test_the_good_case_does_not(code: str) -> None:
    assert [str(one) for one in found(code, "good") if one.code == code] == []


FIXED = sorted((path.parent.name, path.name) for path in CASES.glob("AC*/fixed*"))


@pytest.mark.parametrize(("code", "case"), FIXED)
def test_the_fixed_case_is_what_the_fix_makes(code: str, case: str) -> None:
    conf = Config.from_texts(files(CASES / code / case.replace("fixed", "bad")))
    every = code == "AC090"  # a comment is unused only where its rules are asked
    done = conf.fix(unsafe=True, select=() if every else [code])
    assert code in {one.code for one in done.fixed}
    fixed = {name: bytes(conf[name]) for name in conf.names}
    assert fixed == files(CASES / code / case)
    assert [one for one in said(fixed) if one.code == code] == []


@pytest.mark.parametrize(("code", "case"), BAD)
def test_what_has_a_repair_has_the_repaired_case(code: str, case: str) -> None:
    repaired = any(one.fix for one in found(code, case) if one.code == code and one.position)
    alone = not TEXTS.keys() & files(CASES / code / case).keys()
    assert not (repaired and alone) or (CASES / code / case.replace("bad", "fixed")).is_dir()


def test_every_code_has_both_cases_or_a_reason_why_not() -> None:
    both = {code for code in CODES if {"bad", "good"} <= {p.name for p in (CASES / code).iterdir()}}
    assert RULES.keys() - both == NO_CASE.keys()
    assert RULES.keys() >= set(CODES)
