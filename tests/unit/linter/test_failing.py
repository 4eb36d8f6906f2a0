"""A rule that fails is a finding; all others go on."""

from typing import Any

import pytest

import asterconf
from asterconf.linter.rules.checks import CHECKS
from asterconf.linter.rules.rule import StepRule, TreeRule

TEXTS = {
    "pjsip.conf": "[t]\ntype=endpoint\nallow=ulaw\nrtp_timeout=10s\n",
    "extensions.conf": "[a]\nexten => 1,1,NoOp(x)\n same => n,NoOp(y)\n same => n,Goto(b,1,1)\n",
}


def fail(*_: object) -> Any:
    raise RuntimeError("password=hunter2 is odd")


class Steps(StepRule):
    """A rule that fails at each step."""

    name = "failing-steps"
    messages = CHECKS[0].messages
    applications = frozenset({"noop"})
    check = fail  # type: ignore[assignment]


class Whole(TreeRule):
    """A rule that fails at once."""

    name = "failing-tree"
    messages = CHECKS[0].messages
    check = fail  # type: ignore[assignment]


@pytest.mark.parametrize(("rule", "line"), [(Steps(), 2), (Whole(), None)])
def test_a_rule_that_fails_is_told_once_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch, rule: Any, line: int | None
) -> None:
    whole = asterconf.Config.from_texts(TEXTS).check()
    monkeypatch.setattr("asterconf.linter.engine.CHECKS", (*CHECKS, rule))
    found = asterconf.Config.from_texts(TEXTS).check(extend_select=rule.codes)
    (failed,) = found.about(code="AC999")
    assert failed.message.startswith(f"rule {rule.name} failed with RuntimeError: ")
    assert "hunter2" not in failed.message
    assert (failed.position and failed.position.line) == line
    assert {one for one in whole if one.code != "AC999"} <= set(found)


def test_what_fails_while_options_are_read_is_told_with_its_file(
    monkeypatch: pytest.MonkeyPatch, cli: Any, tmp_path: Any
) -> None:
    for name, text in TEXTS.items():
        (tmp_path / name).write_text(text)
    monkeypatch.setattr("asterconf.linter.rules.sections.check.section_findings", fail)
    monkeypatch.setattr("asterconf.linter.rules.applications.calls._unknown", fail)
    code, out, _ = cli("check", tmp_path, "--output-format", "concise", "--ignore", "AC4")
    assert code == 2
    assert [line.split()[2] for line in out.splitlines()] == ["AC999", "AC900", "AC999"]
    assert f"{tmp_path / 'pjsip.conf'}:1:1: advice AC999 rule options of a file failed" in out
