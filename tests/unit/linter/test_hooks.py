"""What other tools run: the hooks of pre-commit, the workflow of GitHub, `assert_clean`."""

import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import pytest

import asterconf
from asterconf.testing import assert_clean

ROOT = Path(__file__).parents[3]
HOOKS = (ROOT / ".pre-commit-hooks.yaml").read_text()
BAD = "[t]\ntype=endpoint\nallow=ulaw\nwebrtc=maybe\n"


def test_each_hook_runs_and_says_what_is_wrong(
    tmp_path: Path, cli: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = re.findall(r"(?m)^  entry: asterconf (.*)$", HOOKS)
    assert len(entries) == HOOKS.count("- id: ") == 2
    for entry, left in zip(entries, (1, 0), strict=True):
        (tmp_path / "pjsip.conf").write_text(BAD)
        monkeypatch.chdir(tmp_path)
        assert cli(*shlex.split(entry), ".")[0] == left
        changed = (tmp_path / "pjsip.conf").read_text() != BAD
        assert changed == ("--fix" in entry)


@pytest.mark.parametrize(
    ("name", "runs"),
    [
        ("etc/asterisk/pjsip.conf", True), ("pjsip.conf.sample", True), (".asterconf.toml", True),
        ("a/.asterconf.toml", True), ("README.md", False), ("conf/readme", False),
    ],
)  # fmt: skip
def test_hooks_run_when_a_configuration_changes(name: str, runs: bool) -> None:
    (pattern,) = set(re.findall(r"(?m)^  files: '(.*)'$", HOOKS))
    assert bool(re.search(pattern, name)) == runs


def test_the_commands_of_the_workflow_run(
    tmp_path: Path, cli: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (ROOT / "examples" / "ci" / "check.yml").read_text()
    lines = re.findall(r"(?m)^ +run: asterconf (.*)$", text)
    shutil.copytree(ROOT / "examples" / "inherited", tmp_path / "asterisk")
    monkeypatch.chdir(tmp_path)
    for line, code, word in zip(lines, (1, 0), ("::error ", '"runs"'), strict=True):
        found, out, _ = cli(*shlex.split(line.partition(" >")[0]))
        assert (found, word in out) == (code, True)


def test_a_clean_tree_passes_and_another_says_why(tmp_path: Path) -> None:
    assert_clean("examples/home")
    (tmp_path / "pjsip.conf").write_text(BAD)
    with pytest.raises(AssertionError, match=r"1 finding in .*\n.*AC407"):
        assert_clean(tmp_path)
    assert_clean(tmp_path, ignore=["AC407"])
    assert_clean(tmp_path, select=["queues"])
    assert_clean(asterconf.load("examples/home"))
