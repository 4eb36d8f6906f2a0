"""tests.toml: on the command line, under pytest, and as coverage."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from asterconf.ask.policy import read_policies
from asterconf.calls.expectations import read_tests, world_of
from asterconf.cli import commands
from asterconf.config import load
from asterconf.errors import ModelError
from asterconf.testing.coverage import DialplanReporter, Recorder

DIALPLAN = """\
[inside]
exten => 100,1,Answer()
 same => n,GotoIf($["${CALLERID(num)}" = "6001"]?own)
 same => n,Dial(PJSIP/6001,20)
 same => n,Playback(sorry)
 same => n,Hangup()
 same => n(own),NoOp(own)
exten => 200,1,AGI(x)
"""
WORLD = "[[call]]\nfrom = 'x'\ndial = 1\n[call.world]\n"
PJSIP = "[6001]\ntype=endpoint\ncontext=inside\ncallerid=Ann <6001>\n"
TESTS = """\
[world]
answers = {"PJSIP/*" = "busy"}

[[call]]
name = "busy"
dial = "100"
from = "context:inside"
[call.expect]
outcome = "Unanswered"
dialed = ["PJSIP/6001"]
plays = ["sorry"]
steps = ["Dial(PJSIP/6001*)", "Hangup"]

[[call]]
name = "own"
dial = "100"
from = "6001"
expect = {outcome = "FellOff", dialed = [], steps = ["NoOp(own)"]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "extensions.conf").write_text(DIALPLAN)
    (tmp_path / "pjsip.conf").write_text(PJSIP)
    (tmp_path / "tests.toml").write_text(TESTS)
    return tmp_path


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(commands, arguments)
    return result.exit_code, result.output


def test_all_tests_pass(folder: Path) -> None:
    code, text = run("test", str(folder))
    assert (code, text.splitlines()[-1]) == (0, "2 tests, 0 failed")


def test_a_failed_test_shows_its_steps(folder: Path) -> None:
    (folder / "tests.toml").write_text(TESTS.replace('"FellOff"', '"Answered"'))
    code, text = run("test", str(folder))
    assert code == 1
    assert "expected the outcome Answered: it is FellOff" in text
    assert "-- Executing [100@inside:6] NoOp(own)" in text
    code, text = run("test", str(folder), "--json")
    assert [row["passed"] for row in json.loads(text)["tests"]] == [True, False]


def test_what_is_only_unknown_exits_with_3(folder: Path) -> None:
    (folder / "tests.toml").write_text('[[call]]\ndial="200"\nfrom="6001"\n')
    assert run("test", str(folder))[0] == 3
    assert run("call", str(folder), "200", "--from", "6001")[0] == 3
    (folder / "tests.toml").write_text("[[call")
    assert run("test", str(folder))[0] != 0


def test_words_that_mean_nothing_are_refused(folder: Path) -> None:
    (folder / "tests.toml").write_text('[[call]]\ndial="1"\nfrom="6001"\nexpekt={}\n')
    with pytest.raises(ModelError, match="'expekt'; did you mean 'expect'"):
        read_tests(folder / "tests.toml")
    with pytest.raises(ModelError, match="'bussy'"):
        world_of({"answers": {"PJSIP/*": "bussy"}})


def pytest_run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-r", "N", "-p", "asterconf.testing.plugin"]
    command += ["-p", "no:cacheprovider", "-p", "no:hypothesispytest", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_pytest_collects_them_and_shows_the_trace(folder: Path) -> None:
    done = pytest_run(folder, "tests.toml")
    assert "2 passed" in done.stdout, done.stdout + done.stderr
    (folder / "tests.toml").write_text(TESTS.replace('"FellOff"', '"Answered"'))
    (folder / "test_own.py").write_text(
        "def test_own(asterconf_config, asterconf_world):\n"
        "    call = asterconf_config.call('100', entry='6001', world=asterconf_world)\n"
        "    assert not call.steps\n"
    )
    done = pytest_run(folder)
    assert "2 failed, 1 passed" in done.stdout, done.stdout + done.stderr
    assert done.stdout.count("-- Executing [100@inside:6] NoOp(own)") == 2


def test_the_plugin_imports_no_hypothesis() -> None:
    code = "import sys, asterconf.testing.plugin; print('hypothesis' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_coverage_of_a_dialplan_is_reported_by_coverage(folder: Path) -> None:
    (folder / ".coveragerc").write_text(
        "[run]\nbranch = true\nplugins = asterconf.testing.coverage\n"
    )
    done = pytest_run(folder, "--asterconf-cov", "tests.toml")
    assert done.returncode == 0, done.stdout + done.stderr

    def coverage(*arguments: str) -> str:
        return subprocess.run(
            [sys.executable, "-m", "coverage", *arguments],
            cwd=folder, capture_output=True, text=True, check=False,
        ).stdout  # fmt: skip

    coverage("combine")
    coverage("json", "-o", "out.json")
    found = json.loads((folder / "out.json").read_text())["files"]["extensions.conf"]
    assert found["missing_lines"] == [8]
    assert found["executed_lines"] == [2, 3, 4, 5, 6, 7]
    assert found["missing_branches"] == []
    assert found["summary"]["num_branches"] == 2
    coverage("lcov", "-o", "out.lcov")
    assert "DA:8,0" in (folder / "out.lcov").read_text()
    assert "TOTAL" in coverage("report")


WORLD = "[[call]]\nfrom = 'x'\ndial = 1\n[call.world]\n"
GUIDE = """\
[world]
answers = { "PJSIP/*" = "busy" }
applications = { VoiceMailMain = {} }

[[call]]
dial = "12"
from = "context:public"
expect = { outcome = "Refused" }

[[call]]
dial = "12"
from = "context:default"
expect = { outcome = "Refused" }

[[call]]
dial = "5555555555"
from = "context:from-pstn"
expect = { outcome = "Recorded" }
""" + "".join(
    f"""
[[call]]
dial = "{number}"
from = "context:from-home"
expect = {{ steps = ["{step}"] }}
"""
    for number, step in (
        ("6000", "Page"), ("6002", "Dial(PJSIP/6002)"), ("*99", "VoiceMailMain"),
        ("+15552234567", "Dial(PJSIP/+15552234567@voipms)"),
        ("15552234567", "Dial(PJSIP/+15552234567@voipms)"),
        ("5552234567", "Dial(PJSIP/+15552234567@voipms)"),
        ("2234567", "Dial(PJSIP/+15552234567@voipms)"), ("911", "Dial(PJSIP/911@voipms)"),
    )
)  # fmt: skip
"""Eleven calls to the home PBX of the guide."""


def test_eleven_calls_reach_every_step_of_the_guide(tmp_path: Path) -> None:
    vectors = Path(os.environ.get("ASTERCONF_VECTORS") or Path(__file__).parents[2] / "vectors")
    recorded = vectors / "trace" / "087-home-pbx.json"
    if not recorded.exists():
        pytest.skip("there is no dialplan of the guide")
    dialplan = json.loads(recorded.read_text("utf-8"))["dialplan"]
    (tmp_path / "extensions.conf").write_text(dialplan)
    (tmp_path / "confbridge.conf").write_text("[general]\n")
    (tmp_path / "voicemail.conf").write_text("[default]\n6000 => 1234,John Doe\n")
    members = "".join(f"member => PJSIP/600{n}\n" for n in (1, 2, 3))
    (tmp_path / "queues.conf").write_text(f"[home-phones]\n{members}")
    (tmp_path / "tests.toml").write_text(GUIDE)
    workspace, recorder = load(tmp_path).workspace, Recorder()
    recorder.start()
    try:
        results = [test.run(workspace) for test in read_tests(tmp_path / "tests.toml")]
    finally:
        recorder.stop()
    assert "\n".join(str(one) for one in results if not one.passed) == ""
    name = str(tmp_path / "extensions.conf")
    reached = {line for arc in recorder.arcs[name] for line in arc}
    missing = sorted(DialplanReporter(name).lines() - reached)
    lines = dialplan.splitlines()
    assert [(lines[n - 2][:18], lines[n - 1]) for n in missing] == [
        (" same => n,Page(${", " same => n,Hangup()"),  # only who has hung up leaves Page
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[never]]\nfrm = 'any'\n", "never 1: a policy has no 'frm'; did you mean 'from'?"),
        ("[[always]]\nfrom = 'any'\nto = 5\n", "always 1: a policy: 'to' is a text, not 5"),
        ("[never]\nfrom = 'any'\n", "'never' is a list of tables: write [[never]]"),
        ("call = [5]\n", "'call' is a list of tables: write [[call]]"),
        ("world = 5\n", "'world' is a table, not 5"),
        ("[[call]]\nfrom = 'x'\ndial = true\n", "call 1: a call: 'dial' is a text or a number"),
        ("[[call]]\nfrom = 'x'\n", "call 1: it needs 'dial'"),
        (
            "[[call]]\nfrom='x'\ndial=1\nat='noon'\n",
            "call 1: at must be a time such as 2026-12-24T18:30, not 'noon'",
        ),
        ("[[call]]\nfrom='x'\ndial=1\nexpect={steps=[1]}\n", "steps is a list of texts, not [1]"),
        (WORLD + "answers = 5\n", "call 1: world: 'answers' is a table, not 5"),
        (WORLD + "answers = {a = {after = '3'}}\n", "an answer: 'after' is a number, not '3'"),
        (WORLD + "mailboxes = {m = 'sings'}\n", "a mailbox has no 'sings'"),
        (WORLD + "queues = {q = 'PJSIP/1'}\n", "queues: 'q' is a list, not 'PJSIP/1'"),
        (WORLD + "applications = {AGI = 1}\n", "applications: 'AGI' is a table, not 1"),
        (WORLD + "globals = {G = []}\n", "globals: 'G' is a text or a number, not []"),
        (
            WORLD + "clock = 'now'\n",
            "call 1: clock must be a time such as 2026-12-24T18:30, not 'now'",
        ),
    ],
)
def test_a_table_that_means_nothing_is_named_with_its_file(
    tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "tests.toml").write_text(text)

    def read() -> None:
        read_tests(tmp_path / "tests.toml")
        read_policies(tmp_path / "tests.toml")

    with pytest.raises(ModelError) as refused:
        read()
    assert str(refused.value).startswith("tests.toml: ")
    assert said in str(refused.value)


def test_a_number_may_stand_where_a_text_is_meant(tmp_path: Path) -> None:
    (tmp_path / "extensions.conf").write_text(
        "[x]\nexten => 1,1,Goto(${NEXT},1)\nexten => 77,1,Congestion()\n"
    )
    (tmp_path / "tests.toml").write_text(
        "[[call]]\nfrom = 'context:x'\ndial = 1\nworld = {globals = {NEXT = 77}}\n"
        "expect = {steps = ['Goto(77,1)']}\n"
        "[[never]]\nfrom = 'context:x'\nnumbers = [911, '_9X']\n"
    )
    done = CliRunner().invoke(commands, ["test", str(tmp_path)])
    assert done.output.splitlines()[-1] == "2 tests, 0 failed", done.output
