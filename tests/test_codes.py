"""Codes of diagnostics: each stands for one thing."""

import re
from pathlib import Path

import pytest

from asterconf.codes import READING
from asterconf.linter.rules.catalogue import RULES
from asterconf.linter.rules.rule import FAMILIES, family_of
from asterconf.source import Severity

HERE = Path(__file__).parent


def test_every_kind_of_the_vectors_has_a_rule() -> None:
    text = (HERE / "vectors" / "config" / "README.md").read_text()
    rows = re.findall(r"(?m)^\| (`[^|]*`) \|", text.partition("Diagnostic codes:")[2])
    kinds = {kind for row in rows for kind in re.findall(r"`([a-z-]+)`", row)}
    logged = {kind for kind, rule in READING.items() if rule.logged}
    assert logged == kinds
    assert len(kinds) == 18


def _written() -> list[str]:
    """Return every code that a module or a table of the package gives a message."""
    found = []
    for path in sorted((HERE.parent / "asterconf" / "codes").glob("*.json")):
        found += re.findall(r'"code": "(AC\d{3})"', path.read_text())
    for path in sorted((HERE.parent / "asterconf").rglob("*.py")):
        text = path.read_text()
        for several in re.findall(r"(?:Message|\.each|_of)\(\s*\"(AC\d{3}(?: AC\d{3})*)\"", text):
            found += several.split()
    return found


def test_no_code_is_used_twice() -> None:
    found = _written()
    assert len(found) == len(set(found))


def test_the_catalogue_has_every_code_and_no_other() -> None:
    assert sorted(_written()) == list(RULES)
    assert all(code in rule.codes for code, rule in RULES.items())


def test_every_rule_has_a_name_of_its_own_in_kebab_case() -> None:
    rules = list(dict.fromkeys(RULES.values()))
    names = [rule.name for rule in rules]
    assert [name for name in names if not re.fullmatch(r"[a-z]+(-[a-z]+)*", name)] == []
    assert len(names) == len(set(names))


def test_the_messages_of_a_rule_are_equally_bad_and_of_known_families() -> None:
    for rule in RULES.values():
        assert {message.severity for message in rule.messages} == {rule.severity}, rule
        assert rule.family in FAMILIES
        assert rule.what.endswith((".", "”"))
    with pytest.raises(LookupError):
        family_of("AC950")


def test_a_judgement_is_advice() -> None:
    judged = [rule for rule in RULES.values() if rule.verified == "judgement"]
    assert judged
    assert {rule.severity for rule in judged} <= {Severity.ADVICE, Severity.INFO}
