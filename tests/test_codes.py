"""Codes of diagnostics: each stands for one thing."""

import re
from pathlib import Path

from asterconf.codes import READING

HERE = Path(__file__).parent


def test_every_kind_of_the_vectors_has_a_rule() -> None:
    text = (HERE / "vectors" / "config" / "README.md").read_text()
    rows = re.findall(r"(?m)^\| (`[^|]*`) \|", text.partition("Diagnostic codes:")[2])
    kinds = {kind for row in rows for kind in re.findall(r"`([a-z-]+)`", row)}
    logged = {kind for kind, rule in READING.items() if rule.logged}
    assert logged == kinds
    assert len(kinds) == 18


def test_no_code_is_used_twice() -> None:
    found = []
    for path in sorted((HERE.parent / "asterconf").rglob("*.py")):
        text = path.read_text()
        found += re.findall(r"Rule\(\s*\"(AC\d{3})\"", text)
        for several in re.findall(r"_rules\(\s*\"(AC[0-9AC ]+)\"", text):
            found += several.split()
    assert len(found) >= 50
    assert len(found) == len(set(found))
