"""Rules of other people: from a module, never from a file of the tree that is checked."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

RULES = '''
from asterconf.codes import Message
from asterconf.linter.rules.rule import StepRule
from asterconf.source import Severity


class NoEcho(StepRule):
    """Echo in a dialplan of this house.

    It is for tests.
    """

    name = "no-echo"
    applications = frozenset({"echo"})
    messages = (
        Message("HOUSE001", Severity.ADVICE, "Echo is for tests", "remove it", "judgement"),
    )

    def check(self, at, tree):
        yield self.at(at.place)


RULES = (NoEcho(),)
'''
PLAN = "[a]\nexten => 1,1,Echo()\n"


@pytest.fixture
def trees(tmp_path: Path) -> Path:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "extensions.conf").write_text(PLAN)
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "house_rules.py").write_text(RULES)
    return tmp_path


def check(trees: Path, *words: object, path: str = "lib") -> Any:
    """Run the command in a process of its own: plugins stay for all of it."""
    code = "import sys; from asterconf.__main__ import main; main()"
    command = [sys.executable, "-c", code, "check", *map(str, words)]
    paths = f"{trees / path}:{':'.join(filter(None, sys.path))}"
    return subprocess.run(
        command, cwd=trees, env={"PYTHONPATH": paths}, capture_output=True, text=True, check=False
    )


def test_a_module_has_rules_that_select_ignore_and_outputs_know(trees: Path) -> None:
    done = check(trees, "--plugin", "house_rules", "--output-format", "concise", "one", "two")
    assert done.stdout.splitlines() == [
        f"{name}/extensions.conf:2:10: advice HOUSE001 Echo is for tests" for name in ("one", "two")
    ]
    assert done.returncode == 1
    done = check(trees, "--plugin", "house_rules", "--ignore", "HOUSE", "one")
    assert (done.returncode, done.stdout) == (0, "no findings\n")
    words = ("--select", "plugins", "--output-format", "sarif")
    done = check(trees, "--plugin", "house_rules", *words, "one")
    (rule,) = json.loads(done.stdout)["runs"][0]["tool"]["driver"]["rules"]
    assert rule["id"] == "HOUSE001"


def test_a_package_that_is_installed_says_by_an_entry_point_that_it_has_rules(trees: Path) -> None:
    about = trees / "lib" / "house_rules-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: house-rules\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[asterconf.rules]\nhouse = house_rules\n")
    assert "HOUSE001" in check(trees, "one").stdout
    inside = trees / "one"
    for path in (trees / "lib").iterdir():
        path.rename(inside / path.name)
    done = check(trees, "one", path="one")
    assert (done.returncode, done.stdout) == (2, "")


def test_no_file_of_the_tree_is_run(trees: Path) -> None:
    (trees / "one" / "inside.py").write_text(f"open('run', 'w')\n{RULES}")
    done = check(trees, "--plugin", "inside", "one", path="one")
    assert done.returncode == 2
    assert "module 'inside' lies in a folder that is checked" in done.stderr
    assert not (trees / "run").exists()


REFUSED = {
    "AC850": ("HOUSE001", "AC850", "has the code 'AC850', not letters other than AC"),
    "small": ("HOUSE001", "house-1", "has the code 'house-1', not letters other than AC"),
    "twice": ("(NoEcho(),)", "(NoEcho(), NoEcho())", "is that of another rule"),
    "class": ("(NoEcho(),)", "(NoEcho,)", "which is no rule"),
    "none": ("RULES = (NoEcho(),)", "", "AttributeError"),
    "fails": ("from asterconf.codes", "1 / 0\nfrom asterconf.codes", "ZeroDivisionError"),
}
TRY = """
import sys
from asterconf.linter.rules import plugins
for name in sys.argv[1:]:
    try:
        plugins.use(name)
    except ValueError as error:
        print(error)
"""


def test_what_is_no_rule_is_refused(trees: Path) -> None:
    for name, (old, new, _) in REFUSED.items():
        text = RULES.replace("HOUSE001", f"{name.upper()}001")
        text = RULES if old == "HOUSE001" else text
        (trees / "lib" / f"{name}.py").write_text(text.replace(old, new))
    command = [sys.executable, "-c", TRY, *REFUSED, "absent"]
    paths = f"{trees / 'lib'}:{':'.join(filter(None, sys.path))}"
    done = subprocess.run(
        command, env={"PYTHONPATH": paths}, capture_output=True, text=True, check=True
    )
    said = done.stdout.splitlines()
    assert len(said) == len(REFUSED) + 1
    assert [says in line for line, (_, _, says) in zip(said, REFUSED.values(), strict=False)] == [
        True
    ] * len(REFUSED)
    assert said[-1] == "there is no module 'absent' with rules"


def test_a_rule_that_fails_is_a_finding(trees: Path) -> None:
    (trees / "lib" / "house_rules.py").write_text(RULES.replace("yield self", "1 / 0; yield self"))
    done = check(trees, "--plugin", "house_rules", "one")
    assert done.returncode == 2
    assert "AC999" in done.stdout
    assert "ZeroDivisionError" in done.stdout
