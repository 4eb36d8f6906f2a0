"""The findings of a check as data, as a list that is filtered, and as a file of known ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from asterconf import Config, Diagnostic
from asterconf.errors import LoadError
from asterconf.linter.baseline import read_baseline
from asterconf.linter.diagnostics import Diagnostics, as_data
from asterconf.source import Position, Severity

PLAN = "[a]\nexten => 1,1,Answer()\n same => n,Goto(b,1,1)\n same => n,NoOp()\n"
QUEUES = "[general]\n[q]\nstrateg=x\n"
FOUND = Config.from_texts({"extensions.conf": PLAN, "queues.conf": QUEUES}).check(
    select=["AC236", "AC524", "AC900"]
)


def test_findings_as_data() -> None:
    assert json.loads(json.dumps(FOUND.to_records())) == [
        {
            "code": "AC900", "severity": "error", "file": "extensions.conf", "line": 3,
            "column": 17, "end_column": 18,
            "message": "Goto leads to the context 'b', which does not exist: the call ends",
            "hint": "add it to extensions.conf", "verified": "log",
        },
        {
            "code": "AC236", "severity": "warning", "file": "extensions.conf", "line": 4,
            "column": 10, "end_column": 18,
            "message": "NoOp never runs: Goto before it does not come back",
            "hint": "remove it, move it up, or give it a label and jump there",
            "verified": "behaviour",
            "related": [{"file": "extensions.conf", "line": 3, "column": 10,
                         "note": "the call does not come back from here"}],
        },
        {
            "code": "AC524", "severity": "warning", "file": "queues.conf", "line": 3,
            "column": 9, "end_column": 10,
            "message": "queue has no option 'strateg', the line has no effect",
            "hint": "did you mean strategy?", "verified": "behaviour",
            "fix": [{"file": "queues.conf", "start": 14, "end": 21, "text": "strategy"}],
            "fix_is_safe": False,
        },
    ]  # fmt: skip


def one(code: str = "AC001", severity: Severity = Severity.WARNING, **more: Any) -> Diagnostic:
    facts: dict[str, Any] = {"position": None, **more}
    return Diagnostic(
        code=code, severity=severity, message="a message", hint="a hint", verified="log", **facts
    )


@pytest.mark.parametrize(
    ("more", "data"),
    [
        ({}, {"file": None, "line": None, "column": None, "end_column": None}),
        ({"position": Position("a.conf", 2, 5)},
         {"file": "a.conf", "line": 2, "column": 5, "end_column": None}),
        ({"position": Position("a.conf", 2, 5), "span": 3},
         {"file": "a.conf", "line": 2, "column": 5, "end_column": 8}),
    ],
)  # fmt: skip
def test_a_place_that_is_not_known_is_null(more: dict[str, Any], data: dict[str, Any]) -> None:
    found = as_data(one(**more))
    assert {name: found[name] for name in data} == data
    assert not found.keys() & {"related", "fix", "fix_is_safe"}


MIXED = Diagnostics([
    one("AC101", Severity.ERROR, position=Position("a.conf", 1)),
    one("AC102", Severity.WARNING, position=Position("a.conf", 2)),
    one("AC201", Severity.ADVICE, position=Position("b.conf", 2)),
    one("AC202", Severity.INFO),
])  # fmt: skip


@pytest.mark.parametrize(
    ("file", "code", "line", "found"),
    [
        ("", "", 0, ["AC101", "AC102", "AC201", "AC202"]),
        ("a.conf", "", 0, ["AC101", "AC102"]),
        ("", "AC2", 0, ["AC201", "AC202"]),
        ("", "AC202", 0, ["AC202"]),
        ("", "", 2, ["AC102", "AC201"]),
        ("b.conf", "", 1, []),
        ("b.conf", "AC2", 2, ["AC201"]),
        ("c.conf", "", 0, []),
        ("", "C1", 0, []),
    ],
)
def test_findings_are_filtered(file: str, code: str, line: int, found: list[str]) -> None:
    assert [each.code for each in MIXED.about(file, code=code, line=line)] == found


def test_findings_by_their_weight() -> None:
    parts = (MIXED.errors, MIXED.warnings, MIXED.advice, MIXED.info)
    assert [[each.code for each in part] for part in parts] == [
        ["AC101"], ["AC102"], ["AC201"], ["AC202"],
    ]  # fmt: skip
    assert [each.code for each in MIXED.wrong] == ["AC101", "AC102", "AC201"]
    assert MIXED.counts() == {"error": 1, "warning": 1, "advice": 1, "info": 1}
    assert MIXED.errors.counts() == {"error": 1}


def test_findings_are_a_sequence() -> None:
    assert MIXED[0].code == "AC101"
    assert isinstance(MIXED[1:3], Diagnostics)
    assert [each.code for each in MIXED[1:3]] == ["AC102", "AC201"]
    assert Diagnostics([*MIXED]) == MIXED
    assert hash(MIXED) == hash(Diagnostics([*MIXED]))
    assert MIXED[:3] != MIXED
    assert [*MIXED] != MIXED


def test_a_list_prints_columns_and_how_many_more_there_are() -> None:
    assert repr(Diagnostics()) == "<Diagnostics: none>"
    assert repr(MIXED[:3]).splitlines() == [
        "<Diagnostics: 1 error, 1 warning, 1 advice>",
        "AC101  error    a.conf:1:1  a message",
        "AC102  warning  a.conf:2:1  a message",
        "AC201  advice   b.conf:2:1  a message",
    ]
    many = repr(Diagnostics([one()] * 22)).splitlines()
    assert (len(many), many[-1]) == (22, "… and 2 more")
    assert many[0] in ("<Diagnostics: 22 errors>", "<Diagnostics: 22 warnings>")
    assert len(repr(Diagnostics([one()] * 20)).splitlines()) == 21


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"format": 1, "fingerprints": {"AC1": ["a", "b"], "AC2": ["c"]}}', {"a", "b", "c"}),
        ('{"format": 1, "fingerprints": {"AC1": ["a"], "AC2": "bc"}}', {"a"}),
        ('{"format": 1, "fingerprints": {}}', set()),
    ],
)
def test_a_baseline_is_read(tmp_path: Path, text: str, found: set[str]) -> None:
    file = tmp_path / "known.json"
    file.write_text(text)
    assert read_baseline(file) == found


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is no baseline of asterconf check"),
        ("[]", "is no baseline of asterconf check"),
        ('{"format": 1}', "is no baseline of asterconf check"),
        ('{"fingerprints": {}}', "is no baseline of asterconf check"),
        ('{"format": 2, "fingerprints": {}}', "is no baseline that this version can read"),
        ('{"format": 1, "fingerprints": []}', "is no baseline that this version can read"),
    ],
)
def test_what_is_no_baseline_says_so(tmp_path: Path, text: str, why: str) -> None:
    file = tmp_path / "known.json"
    file.write_text(text)
    with pytest.raises(LoadError) as caught:
        read_baseline(file)
    assert str(caught.value) == f"{file} {why}"


def test_a_baseline_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="none cannot be read: No such file or directory"):
        read_baseline(tmp_path / "none")
