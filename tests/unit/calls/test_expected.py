"""What a test of a dialplan says: what it expects and did not get, and what it cannot mean."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from asterconf.calls import outcomes
from asterconf.calls.expectations import TestedCall, read_tests
from asterconf.config import load
from asterconf.errors import LoadError, ModelError

PLAN = """\
[in]
exten => 1,1,Answer()
 same => n,Playback(a&b)
 same => n,Dial(PJSIP/6001&PJSIP/6002,20)
 same => n,Hangup(17)
exten => 2,1,AGI(x)
"""
HEAD = "[[call]]\nfrom = 'context:in'\ndial = '1'\n"
BUSY = "world = {answers = {'PJSIP/6001' = 'busy', 'PJSIP/6002' = 'busy'}}\n"


def written(folder: Path, text: str) -> Path:
    (folder / "extensions.conf").write_text(PLAN)
    (folder / "pjsip.conf").write_text("[6001]\ntype=endpoint\n[6002]\ntype=endpoint\n")
    (folder / "tests.toml").write_text(text)
    return folder / "tests.toml"


def ran(folder: Path, text: str) -> TestedCall:
    (one,) = read_tests(written(folder, text))
    return one.run(load(folder).workspace)


@pytest.mark.parametrize(
    ("expect", "failures"),
    [
        ("outcome = 'Unanswered'", ()),
        ("outcome = 'not answered by *: BUSY'", ()),
        ("outcome = 'Answered'",
         ("expected the outcome Answered: it is Unanswered: not answered by PJSIP/6001: BUSY",)),
        ("dialed = ['PJSIP/6001', 'PJSIP/*']", ()),
        ("dialed = ['PJSIP/6001']",
         ("expected that ['PJSIP/6001'] is dialed: ['PJSIP/6001', 'PJSIP/6002'] is",)),
        ("dialed = ['PJSIP/6002', 'PJSIP/6001']",
         (("expected that ['PJSIP/6002', 'PJSIP/6001'] is dialed: "
           "['PJSIP/6001', 'PJSIP/6002'] is"),)),
        ("dialed = []", ("expected that [] is dialed: ['PJSIP/6001', 'PJSIP/6002'] is",)),
        ("plays = ['a', 'b']", ()),
        ("plays = ['a']", ("expected the sounds ['a']: they are ['a', 'b']",)),
        ("plays = ['b', 'a']", ("expected the sounds ['b', 'a']: they are ['a', 'b']",)),
        ("steps = ['Answer', 'Dial(*6002*)', 'Hangup']", ()),
        ("steps = ['Playback(a&b)']", ()),
        ("steps = ['Dial', 'Answer']",
         ("expected the step Answer: it is not run, or not in this order",)),
        ("steps = ['Answer', 'Answer']",
         ("expected the step Answer: it is not run, or not in this order",)),
        ("steps = ['Play', 'Echo']",
         ("expected the step Play: it is not run, or not in this order",)),
        ("steps = ['Playback(a)']",
         ("expected the step Playback(a): it is not run, or not in this order",)),
        ("outcome = 'Busy', plays = []",
         ("expected the outcome Busy: it is Unanswered: not answered by PJSIP/6001: BUSY",
          "expected the sounds []: they are ['a', 'b']")),
    ],
)  # fmt: skip
def test_what_is_expected_is_compared(
    tmp_path: Path, expect: str, failures: tuple[str, ...]
) -> None:
    done = ran(tmp_path, f"{HEAD}{BUSY}expect = {{{expect}}}\n")
    assert (done.failures, done.passed) == (failures, not failures)


def test_a_test_prints_how_it_went(tmp_path: Path) -> None:
    assert str(ran(tmp_path, f"{HEAD}{BUSY}name = 'mine'\n")) == "mine: passed"
    lines = str(ran(tmp_path, f"{HEAD}{BUSY}expect = {{plays = ['a']}}\n")).splitlines()
    assert lines[:2] == ["call 1: failed", "  expected the sounds ['a']: they are ['a', 'b']"]
    assert all(line.startswith("    ") for line in lines[2:])
    assert len(lines) > 4


def test_what_nobody_decides_is_a_failure_unless_it_is_expected(tmp_path: Path) -> None:
    text = HEAD.replace("'1'", "'2'")
    why = "unknown: AGI(x): an AGI script decides; none is ever run here"
    assert ran(tmp_path, text).failures == (f"the call is not decided: {why}",)
    assert ran(tmp_path, text + "expect = {outcome = 'Stopped'}\n").passed


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("expct = {}", "a call has no 'expct'; did you mean 'expect'?"),
        ("expect = {outcom = 'x'}", "expect has no 'outcom'; did you mean 'outcome'?"),
        ("expect = {plays = 'a'}", "expect: 'plays' is a list, not 'a'"),
        ("expect = {plays = [1]}", "plays is a list of texts, not [1]"),
        ("name = 5", "a call: 'name' is a text, not 5"),
        ("at = 'soon'", "at must be a time such as 2026-12-24T18:30, not 'soon'"),
        ("variables = {A = true}", "variables: 'A' is a text or a number, not True"),
        ("world = {answers = {x = 'bsy'}}", "there is no answer 'bsy'; did you mean 'busy'?"),
        ("world = {answers = {x = true}}", "there is no answer True"),
        ("world = {answers = {x = {aftr = 3}}}",
         "an answer has no 'aftr'; did you mean 'after'?"),
        ("world = {answers = {x = {after = 'a'}}}", "an answer: 'after' is a number, not 'a'"),
        ("world = {mailboxes = {x = 'goes'}}", "a mailbox has no 'goes'"),
        ("world = {queues = {q = 'a'}}", "queues: 'q' is a list, not 'a'"),
        ("world = {queues = {q = [1]}}", "q is a list of texts, not [1]"),
        ("world = {applications = {AGI = 'x'}}", "applications: 'AGI' is a table, not 'x'"),
        ("world = {applications = {AGI = {X = []}}}", "AGI: 'X' is a text or a number, not []"),
        ("world = {missing_sounds = [1]}", "missing_sounds is a list of texts, not [1]"),
        ("world = {seed = 'x'}", "world: 'seed' is a number, not 'x'"),
        ("world = {hangs_up = true}", "world: 'hangs_up' is a number, not True"),
        ("world = {clock = 5}", "world: 'clock' is a text or a time, not 5"),
        ("world = {clock = 'noon'}",
         "clock must be a time such as 2026-12-24T18:30, not 'noon'"),
        ("at = '25:00'", "at must be a time such as 2026-12-24T18:30, not '25:00'"),
        ("at = 5", "a call: 'at' is a text or a time, not 5"),
        ("world = {zone = 'Nowhere'}", "world: there is no time zone 'Nowhere'"),
        ("world = {zoen = 'UTC'}", "world has no 'zoen'; did you mean 'zone'?"),
    ],
)  # fmt: skip
def test_a_call_that_means_nothing_says_why(tmp_path: Path, lines: str, message: str) -> None:
    path = written(tmp_path, f"{HEAD}{lines}\n")
    with pytest.raises(ModelError) as caught:
        read_tests(path)
    assert str(caught.value) == f"tests.toml: call 1: {message}"


@pytest.mark.parametrize("written_as", ["'2026-12-24T18:30'", "2026-12-24T18:30:00"])
def test_a_time_is_a_text_or_one_of_toml(tmp_path: Path, written_as: str) -> None:
    lines = f"at = {written_as}\nworld = {{clock = {written_as}}}\n"
    (test,) = read_tests(written(tmp_path, f"{HEAD}{lines}"))
    assert test.at == test.world.clock == datetime.fromisoformat("2026-12-24T18:30")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[call]]\nfrom = 'x'\n", "tests.toml: call 1: it needs 'dial'"),
        ("[[call]]\ndial = '1'\n", "tests.toml: call 1: it needs 'from'"),
        (f"{HEAD}[[call]]\nfrom = 'x'\n", "tests.toml: call 2: it needs 'dial'"),
        ("[call]\nfrom = 'x'\n", "tests.toml: 'call' is a list of tables: write [[call]]"),
        ("[never]\n", "tests.toml: 'never' is a list of tables: write [[never]]"),
        ("call = [1]\n", "tests.toml: 'call' is a list of tables: write [[call]]"),
        ("[[cal]]\n", "tests.toml has no 'cal'; did you mean 'call'?"),
        ("world = 5\n", "tests.toml: 'world' is a table, not 5"),
    ],
)
def test_a_file_that_means_nothing_says_why(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ModelError) as caught:
        read_tests(written(tmp_path, text))
    assert str(caught.value) == message


def test_a_file_that_is_no_toml_or_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match=r"tests\.toml: Expected '=' after a key"):
        read_tests(written(tmp_path, "x"))
    path = tmp_path / "tests.toml"
    path.write_bytes(b"x = '\xff'\n")
    with pytest.raises(LoadError, match=r"tests\.toml: 'utf-8' codec"):
        read_tests(path)
    with pytest.raises(LoadError, match="none cannot be read: No such file or directory"):
        read_tests(tmp_path / "none")


def test_tables_of_the_common_world_and_of_a_call_are_joined(tmp_path: Path) -> None:
    text = "[world]\nanswers = {a = 'busy', b = 'busy'}\nseed = 3\nclock = 2026-01-02T03:04:05\n"
    own = "world = {answers = {b = 17, c = {after = 4, talks = 9}}, seed = 7}\nat = '2026-05-06'\n"
    (one,) = read_tests(written(tmp_path, text + HEAD + own))
    assert {name: repr(answer) for name, answer in one.world.answers.items()} == {
        "a": "Busy()", "b": "Cause(cause=17)", "c": "Answers(after=4, talks=9)",
    }  # fmt: skip
    assert (one.world.seed, one.world.clock) == (
        7,
        datetime.fromisoformat("2026-01-02T03:04:05"),
    )
    assert one.at == datetime.fromisoformat("2026-05-06")


def test_a_call_without_more_has_the_common_world(tmp_path: Path) -> None:
    text = "[world]\nseed = 3\nmailboxes = {6001 = 'hangs-up', 6002 = '*'}\n"
    text += "queues = {q = ['a', 'b']}\ndatabase = {'x/y' = 1}\n"
    (one,) = read_tests(written(tmp_path, f"{text}{HEAD}digits = '12'\nvariables = {{A = 1}}\n"))
    assert {name: str(type(one).__name__) for name, one in one.world.mailboxes.items()} == {
        "6001": "HangsUp", "6002": "Presses",
    }  # fmt: skip
    assert (one.world.queues, one.world.database) == ({"q": ("a", "b")}, {"x/y": "1"})
    assert (one.name, one.dial, one.digits, one.variables) == ("call 1", "1", "12", {"A": "1"})


@pytest.mark.parametrize(
    ("outcome", "text"),
    [
        (outcomes.Answered("PJSIP/1"), "answered by PJSIP/1"),
        (outcomes.Answered("PJSIP/1", "PJSIP/1"), "answered by PJSIP/1"),
        (outcomes.Answered("PJSIP/1", "Local/2@a"), "answered by PJSIP/1 through Local/2@a"),
        (outcomes.Answered("PJSIP/1", callerid="Ann <1>"),
         "answered by PJSIP/1, who sees Ann <1>"),
        (outcomes.Unanswered("PJSIP/1", "BUSY"), "not answered by PJSIP/1: BUSY"),
        (outcomes.Recorded("1@a"), "a message was left in mailbox 1@a"),
        (outcomes.InQueue("q"), "the caller hung up in queue q"),
        (outcomes.InConference("1"), "the caller was in conference 1"),
        (outcomes.Parked("701"), "the caller was parked in 701"),
        (outcomes.HungUp(17), "hung up with cause 17"),
        (outcomes.HungUp(0), "hung up"),
        (outcomes.FellOff("BUSY"), "there was no further step after BUSY"),
        (outcomes.FellOff(), "there was no further step"),
        (outcomes.Refused(21), "refused with cause 21"),
        (outcomes.Refused(), "refused: there is no such extension"),
        (outcomes.Loops(("s@a:1", "s@a:2")), "goes round for ever: s@a:1 → s@a:2"),
    ],
)  # fmt: skip
def test_each_ending_is_a_sentence(outcome: object, text: str) -> None:
    assert str(outcome) == text
