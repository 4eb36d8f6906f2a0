"""`Diff.calls`: which calls behave differently, of all that can be made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import asterconf
from asterconf import Config, Numbers, diff
from asterconf.errors import LoadError, NotFoundError

HEAD = "[globals]\nTRUNK=PJSIP/trunk\n"
OLD = """\
[home]
include => more
exten => _1NXX,1,Dial(${TRUNK}/${EXTEN})
exten => 100,1,Dial(PJSIP/100)
 same => n,Playback(sorry)
exten => _5XXX,1,Set(to=${EXTEN:1})
 same => n,GotoIf($["${DB(night/${EXTEN})}" = "on"]?off)
 same => n,Dial(PJSIP/${to},20)
 same => n(off),Voicemail(${to}@home)
[more]
exten => _2X,1,Hangup()
"""
PHONES = """\
[{0}]
type = endpoint
context = home
aors = {0}
[{0}]
type = aor
max_contacts = 1
"""


def calls(old: str, new: str, entry: str = "context:home") -> Any:
    sides = (Config.from_texts({"extensions.conf": HEAD + text}) for text in (old, new))
    return diff(*sides).calls(entry)


def changed(old: str, new: str) -> Any:
    assert old in OLD
    return calls(OLD, OLD.replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("same => n,Play", "same => 2,Play"),
        ("[home]", "[home]\n; nothing"),
        ("exten => 100,1,", "exten => 100,1,NoOp(hello)\n same => n,"),
        ("exten => _5XXX,1,", "exten => _5XXX,1,NoOp(hello)\n same => n,"),
        ("_1NXX", "_1[2-9]XX"),
        ("Set(to=${EXTEN:1})", "Gosub(sub,s,1(${EXTEN:1}))"),
        ("Dial(${TRUNK}/", "Dial(PJSIP/trunk/"),
        ("Dial(PJSIP/${to},20)", "Dial(PJSIP/${EXTEN:1},20)"),
        ("(off)", "(closed)"),
    ],
)
def test_what_no_call_can_tell_apart_is_proved_to_be_the_same(old: str, new: str) -> None:
    sub = "[sub]\nexten => s,1,Set(to=${ARG1})\n same => n,Return()\n"
    changed = OLD.replace(old, new, 1).replace(
        "?off)", "?closed)" if new == "(closed)" else "?off)"
    )
    answer = calls(OLD + sub, changed + sub)
    assert answer.verdict == "no", str(answer)
    assert not answer
    assert len(answer) == 0


@pytest.mark.parametrize(
    ("old", "new", "numbers"),
    [
        ("Dial(PJSIP/100)", "Dial(PJSIP/101)", ["100"]),
        ("Playback(sorry)", "Playback(busy-now)", ["100"]),
        (" same => n,Playback(sorry)\n", "", ["100"]),
        ("_1NXX", "_1XXX", ["_1[01]XX"]),
        ("_2X,1,Hangup()", "_2X,1,Busy()", ["_2X"]),
        ("_2X,1,Hangup()", "_2X,1,Hangup()\nexten => 25,1,Congestion()", ["25"]),
        ("include => more\n", "", ["_2X"]),
        ("[more]", "exten => _12XX,1,Congestion()\n[more]", ["_12XX"]),
        (
            "Dial(PJSIP/${to},20)", "Dial(PJSIP/123,20)",
            ["_5[02-9]XX", "_51[013-9]X", "_512[0-24-9]"],
        ),
        ("/${EXTEN})", "/${FILTER(0-8,${EXTEN})})", None),
    ],
)  # fmt: skip
def test_a_change_is_told_with_all_its_numbers_and_a_call_on_both_sides(
    old: str, new: str, numbers: list[str] | None
) -> None:
    answer = changed(old, new)
    assert answer.verdict == "yes"
    (row,) = answer if numbers else [one for one in answer if one.verdict == "yes"]
    if numbers:
        assert row.numbers == Numbers(*numbers)
    assert row.witness is not None
    assert row.witness.dialled in row.numbers
    assert row.old.steps != row.new.steps
    assert row.old.number == row.new.number == row.witness.dialled


def test_a_step_that_comes_to_say_what_another_says_is_a_change_of_its_own_numbers() -> None:
    old = """[home]
exten => 1,1,Playback(one)
exten => 2,1,Playback(two)
exten => _3X,1,Goto(${EXTEN:1},1)
"""
    (row,) = calls(old, old.replace("two", "one"))
    assert row.verdict == "yes"
    assert [n for n in ("1", "2", "31", "32", "33") if n in row.numbers] == ["2", "32"]


def test_a_subroutine_that_hangs_up_before_the_dial_changes_the_dial() -> None:
    old = """[home]
exten => 1,1,Dial(PJSIP/100,,b(sub^s^1))
 same => n,Playback(sorry)
[sub]
exten => s,1,Hangup()
 same => n,Return()
"""
    (row,) = calls(old, old.replace("Hangup()", "NoOp()"))
    assert (row.verdict, row.numbers.patterns()) == ("yes", ["1"])


@pytest.mark.parametrize("app", ["AddQueueMember", "PauseQueueMember", "RemoveQueueMember"])
def test_a_change_behind_a_step_that_changes_a_queue_is_told(app: str) -> None:
    old = f"[home]\nexten => 1,1,{app}(sales,PJSIP/100)\n same => n,Playback(one)\n"
    assert any(row.numbers.patterns() == ["1"] for row in calls(old, old.replace("one", "two")))


def test_what_differs_in_a_step_is_told_as_it_ran_and_without_secrets() -> None:
    old = "[globals]\nRING=20\nPIN=8362\n[home]\nexten => 1,1,Dial(PJSIP/9,${RING})\n"
    old += "exten => 2,1,Authenticate(${PIN})\n"
    sides = (old, old.replace("=20", "=30").replace("8362", "9047"))
    answer = diff(*(Config.from_texts({"extensions.conf": text}) for text in sides)).calls(
        "context:home"
    )
    pin, ring = answer.entries
    assert ring.because == "Dial(PJSIP/9,20) -> Dial(PJSIP/9,30)"
    assert pin.because == "Authenticate(********) -> another secret"
    for shown in (str(answer), repr(answer), repr(pin), str(answer.to_dict())):
        assert "8362" not in shown
        assert "9047" not in shown


def test_what_the_world_decides_is_followed_on_every_way() -> None:
    row = changed("Playback(sorry)", "Playback(busy-now)").entries[0]
    assert "Busy" in row.witness.statuses.values()
    assert [one.plays for one in (row.old, row.new)] == [("sorry",), ("busy-now",)]


def test_a_change_behind_what_only_a_running_asterisk_knows_is_not_known() -> None:
    answer = changed("(off),Voicemail(${to}@home)", "(off),Voicemail(${to}@home,u)")
    assert answer.verdict == "yes"  # nobody answers, and the step comes
    answer = changed("Dial(PJSIP/${to},20)\n", "Dial(PJSIP/${to},20)\n same => n,Hangup()\n")
    assert answer.verdict == "yes"
    night = OLD.replace("?off)", "?night)") + "[x]\n"
    night = night.replace(
        "[more]", " same => n,Hangup()\n same => n(night),Playback(night)\n[more]"
    )
    answer = calls(night, night.replace("Playback(night)", "Playback(late)"))
    assert answer.verdict == "unknown"
    assert answer.numbers == Numbers("_5XXX")
    assert "DB(night/${EXTEN})" in str(answer.unknown_because[0])
    assert answer.unknown_because[0].file == "extensions.conf"
    with pytest.raises(ValueError, match="unknown"):
        bool(answer)


def test_where_a_script_may_go_anywhere_a_change_elsewhere_is_not_excluded() -> None:
    script = OLD + "exten => 9,1,AGI(x)\n"
    assert calls(script, script).verdict == "no"
    answer = calls(script, script.replace("Playback(sorry)", "Playback(late)"))
    assert [row.verdict for row in answer] == ["yes", "unknown"]
    assert answer.entries[1].numbers == Numbers("9")
    assert answer.entries[1].unknown_because[0].expression == "AGI(x)"
    assert calls(script, script.replace("AGI(x)", "AGI(y)")).verdict == "yes"


def test_a_value_that_is_not_known_is_the_same_only_where_both_read_it_together() -> None:
    one = "[home]\nexten => 1,1,Set(a=${RAND(1,9)})\n same => n,Set(b=${RAND(1,9)})\n"
    same = one + " same => n,Playback(${a})\n same => n,Playback(${b})\n"
    assert calls(same, same.replace("Set(a", "NoOp()\n same => n,Set(a")).verdict == "no"
    swapped = one + " same => n,Playback(${b})\n same => n,Playback(${a})\n"
    assert calls(same, swapped).verdict == "unknown"
    loop = (
        "[home]\nexten => 1,1(top),Set(c=${a})\n same => n,Set(a=${RAND(1,9)})\n"
        " same => n,WaitExten(1)\n same => n,Playback(${a}&${c})\n same => n,Goto(top)\n"
    )
    answer = calls(loop, loop.replace("${a}&${c}", "${a}&${a}"))
    assert answer.verdict != "no"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Dial(Local/2@leg,,b(sub^s^1))\n[sub]\nexten => s,1,Set(X=1)\n same => n,Return", "leg"),
        ("Dial(Local/2@leg,,B(sub^s^1))\n[sub]\nexten => s,1,Set(__X=1)\n same => n,Return", "leg"),
        ("Set(CHANNEL(hangup_handler_push)=end,2,1)\n same => n,Set(X=1)", "end"),
        ("Set(${DB(a/b)}=1)\n same => n,Goto(on,2,1)", "on"),
    ],
)  # fmt: skip
def test_what_the_sides_set_where_it_is_not_followed_is_not_taken_for_the_same(
    written: str, read: str
) -> None:
    steps = 'ExecIf($["${X}"="1"]?Queue(q))\n same => n,Return()'
    old = f"[home]\nexten => 1,1,{written}\n[{read}]\nexten => 2,1,{steps}\n"
    assert calls(old, old).verdict == "no"
    assert calls(old, old.replace("X=1", "X=2").replace("}=1", "}=2")).verdict != "no"


def test_a_circle_on_one_side_is_no_proof() -> None:
    old = "[home]\nexten => 1,1(top),Goto(top)\n"
    assert calls(old, old).verdict == "no"
    assert calls(old, "[home]\nexten => 1,1,Playback(x)\n").verdict != "no"
    old = '[home]\nexten => 1,1(top),GotoIf($["${DB(a)}" = "1"]?top)\n same => n,Playback(x)\n'
    assert calls(old, "[home]\nexten => 1,1,Playback(x)\n").verdict != "no"


def test_what_is_set_outside_of_the_call_is_seen_and_the_log_is_not() -> None:
    assert (
        changed("Set(to=${EXTEN:1})", "Set(to=${EXTEN:1})\n same => n,Log(NOTICE,x)").verdict
        == "no"
    )
    for what in ("GLOBAL(x)=1", "DB(a/b)=1", "TIMEOUT(absolute)=9", "__TRANSFER_CONTEXT=home"):
        added = changed("Set(to=${EXTEN:1})", f"Set(to=${{EXTEN:1}})\n same => n,Set({what})")
        assert added.verdict == "yes", what


def test_hours_and_callers_are_told_apart() -> None:
    old = "[home]\nexten => 1,1,GotoIfTime(9:00-17:00,*,*,*?day)\n same => n,Hangup()\n"
    old += " same => n(day),Dial(PJSIP/1)\nexten => 2/555,1,Dial(PJSIP/2)\nexten => 2,1,Busy()\n"
    row = calls(old, old.replace("9:00-17:00", "9:00-18:00")).entries[0]
    assert row.numbers == Numbers("1")
    assert row.witness.at.hour == 17
    row = calls(old, old.replace("2/555,1,Dial(PJSIP/2)", "2/555,1,Dial(PJSIP/3)")).entries[0]
    assert row.witness.callerid == "555"


def test_entries_that_come_and_go_and_other_files() -> None:
    answer = calls(OLD, OLD + "[new]\nexten => 5,1,Hangup()\n", "context:new")
    assert [row.because for row in answer] == ["there is no context:new before"]
    with pytest.raises(NotFoundError, match="there is no context 'hom'"):
        calls(OLD, OLD, "context:hom")
    plan = {"extensions.conf": "[home]\nexten => 1,1,Dial(PJSIP/200)\nexten => 2,1,Queue(q)\n"}
    phones = PHONES.format("100") + PHONES.format("200")
    queue = "[q]\ntimeout = {}\nmember => PJSIP/200\n"
    old = Config.from_texts({**plan, "pjsip.conf": phones, "queues.conf": queue.format(10)})
    assert diff(old, old).calls().verdict == "no"
    new = Config.from_texts({**plan, "pjsip.conf": phones, "queues.conf": queue.format(20)})
    answer = diff(old, new).calls("100")
    assert answer.verdict == "unknown"
    assert answer.numbers == Numbers("2")
    assert answer.unknown_because[0].expression == "queues.conf differs"
    gone = Config.from_texts(
        {**plan, "pjsip.conf": PHONES.format("100"), "queues.conf": queue.format(10)}
    )
    answer = diff(old, gone).calls()
    assert {(row.entry, row.verdict) for row in answer} == {("100", "yes"), ("200", "yes")}
    assert Numbers("1") <= answer.entries[0].numbers


def test_a_difference_in_an_included_file_is_seen(tmp_path: Path) -> None:
    for side, wait in (("old", 10), ("new", 20), ("same", 10)):
        (tmp_path / side).mkdir()
        (tmp_path / side / "extensions.conf").write_text("[home]\nexten => 2,1,Queue(q)\n")
        (tmp_path / side / "queues.conf").write_text("#include more.inc\n")
        (tmp_path / side / "more.inc").write_text(f"[q]\ntimeout = {wait}\n")
    old, new, same = (asterconf.load(tmp_path / one) for one in ("old", "new", "same"))
    assert diff(old, same).calls().verdict == "no"
    assert diff(old, new).calls().verdict == "unknown"


def test_a_dialplan_that_asterisk_refuses_has_no_calls() -> None:
    bad = Config.from_texts({"extensions.conf": "[a\n"})
    with pytest.raises(LoadError, match="refuses"):
        diff(bad, Config.from_texts({"extensions.conf": OLD})).calls()


def test_an_answer_is_a_table_and_plain_data() -> None:
    answer = changed("Dial(PJSIP/100)", "Dial(PJSIP/101)")
    (row,) = answer.to_records()
    assert row["entry"], row["numbers"] == ("context:home", "100")
    assert (row["old"], row["new"]) == ("answered by PJSIP/100", "answered by PJSIP/101")
    data = answer.to_dict()
    assert data["entries"][0]["old"]["dialed"] == ["PJSIP/100"]
    assert data["entries"][0]["new"]["dialed"] == ["PJSIP/101"]
    assert str(answer).startswith("yes: calls from context:home behave differently\n")


def test_the_command_says_what_differs_by_its_exit_code(
    cli: Callable[..., Any], tmp_path: Path
) -> None:
    for name, text in (("old", OLD), ("new", OLD.replace("_1NXX", "_1XXX")), ("same", OLD)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "extensions.conf").write_text(HEAD + text)
    old, new, same = (tmp_path / name for name in ("old", "new", "same"))
    assert cli("diff", "--calls", old, same)[:2] == (
        0,
        "no: every call is the same on both sides\n",
    )
    code, text, _ = cli("diff", "--calls", old, new, "--from", "context:home")
    assert (code, "context:home, _1[01]XX: yes: refused" in text) == (1, True)
    assert cli("diff", "--calls", old, new, "--from", "hom")[0] == 2
    assert cli("diff", "--calls", old, new, "--html")[0] == 2


def test_what_only_texts_too_long_to_be_dialled_do_is_no_difference() -> None:
    """With 76 dashes in front such a number has 80 bytes; a channel keeps 79."""
    text = """\
[in]
exten => _Z+[01][12],1,Goto(out,${EXTEN:1},1)
 same => n,GotoIf(${EXTEN:1}?mid,${EXTEN:0:2},1)
exten => h,1,Goto(mid,${V},1)
[mid]
exten => _[01]+!,1,NoOp(x)
 same => n(a),Dial(PJSIP/${EXTEN}@t)
exten => _12,1,GotoIf($["${EXTEN}" = "1" | "${EXTEN:0:1}" = "+"]?out,${EXTEN:1:2},1)
 same => n(a),Dial(Local/9${EXTEN}@out/n)
 same => n,Wait(1)
 same => n,Dial(PJSIP/1${EXTEN:1}@t,5)
[out]
exten => _[01]*+.,1,Return()
 same => n,Dial(PJSIP/${EXTEN}@t)
exten => _N,1,Dial(PJSIP/1${EXTEN:1}@t,5)
 same => n,ExecIf(${FILTER(0-9,${EXTEN})}?Goto(none,${EXTEN:0:2},1))
include => in
"""
    found = calls(text, text.replace("_Z+", "_X+"), "context:in")
    assert found.verdict != "yes"
    assert all(row.numbers.shortest() is not None for row in found)


@pytest.mark.parametrize(
    ("name", "old", "new", "count", "same"),
    [
        ("_1XX", "${EXTEN:1}", "${EXTEN:0:2}", 99, "111"),
        ("_1XX", "${EXTEN:1}", "1${EXTEN:2}", 90, "115"),
        ("_NXXXXXX", "${EXTEN:1}", "${EXTEN:0:1}${EXTEN:2}", 7_200_000, "2200000"),
        ("_1XX!", "${EXTEN:0:3}", "${EXTEN:0:2}${EXTEN:1:1}", None, ""),
    ],
)
def test_numbers_of_which_other_digits_are_dialled_alike_are_no_difference(
    name: str, old: str, new: str, count: int | None, same: str
) -> None:
    sides = [
        Config.from_texts({
            "pjsip.conf": "[t]\ntype=endpoint\naors=t\n[t]\ntype=aor\ncontact=sip:h\n",
            "extensions.conf": f"[c]\nexten => {name},1,Dial(PJSIP/{one}@t)\n",
        })
        for one in (old, new)
    ]  # fmt: skip
    answer = diff(*sides).calls(entry="context:c")
    assert answer.verdict == "yes"
    if count is not None:  # of texts of many lengths, some that are dialled alike may be named
        assert answer.numbers.count() == count
        assert same not in answer.numbers
