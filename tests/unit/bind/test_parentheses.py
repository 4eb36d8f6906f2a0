"""Odd calls of applications: what Asterisk holds, where it goes wrong, and the fix."""

from __future__ import annotations

import pytest

from asterconf import Config
from asterconf.diagnostic import Diagnostic
from asterconf.source import Position
from tests.unit.semantics.test_lookup_vectors import load

HEAD = "; a dialplan\n[c]\n"


def finding(line: str) -> Diagnostic:
    (found,) = load(HEAD + line).diagnostics
    return found


def mended(line: str) -> str:
    """Return the line after the fix of its one finding, which must then be gone."""
    text = HEAD + line
    (found,) = load(text).diagnostics
    assert found.fix
    for edit in sorted(found.fix, key=lambda edit: edit.start, reverse=True):
        assert edit.file == "extensions.conf"
        text = text[: edit.start] + edit.text + text[edit.end :]
    assert load(text).diagnostics == ()
    return text.removeprefix(HEAD)


@pytest.mark.parametrize(
    ("line", "code", "column", "after"),
    [
        ("exten => 1,1,Set(CALLERID(all)=Intercom <${EXTEN}>", "AC230", 31,
         "exten => 1,1,Set(CALLERID(all)=Intercom <${EXTEN}>)"),
        ("exten => 1,1,Set(CALLERID(all)=x  ; comment", "AC230", 31,
         "exten => 1,1,Set(CALLERID(all)=x)  ; comment"),
        (" same => n,Set(A=${B(c)} tail", "AC212", 10, ""),
        ("exten => 1,1,Set(A=${LEN(${B(c)}", "AC230", 32, ""),
        ("exten => 1,1,Dial(PJSIP/10,30,U(sub^a)", "AC231", 32,
         "exten => 1,1,Dial(PJSIP/10,30,U(sub^a))"),
        ("exten => 1,1,NoOp(a) tail", "AC228", 21, "exten => 1,1,NoOp(a)"),
        ("exten => 1,1,NoOp(a\\;b)\\;c ;d", "AC228", 24, "exten => 1,1,NoOp(a\\;b) ;d"),
        ("exten => 1,1,NoOp(a;b)", "AC218", 18, "exten => 1,1,NoOp(a\\;b)"),
        ("exten => 1,1,NoOp(a", "AC218", 18, "exten => 1,1,NoOp(a)"),
        ("exten => 1,1,Dial|PJSIP/1|20", "AC232", 14, "exten => 1,1,Dial(PJSIP/1,20)"),
        ("exten => 1,1,Goto,a,s,1", "AC232", 14, "exten => 1,1,Goto(a,s,1)"),
        ("exten => 1,1,NoOp  (a)", "AC233", 18, "exten => 1,1,NoOp(a)"),
        ("exten => 1,1(x)Goto(a,s,1)", "AC200", 16, "exten => 1,1(x),Goto(a,s,1)"),
        ("exten => 1,1 Dial(PJSIP/1)", "AC200", 14, "exten => 1,1 ,Dial(PJSIP/1)"),
        ("exten => 1,1Hangup", "AC200", 13, "exten => 1,1,Hangup"),
        ("exten => 1,7,1(x),NoOp(a)", "AC201", 12, ""),
        ("exten => 1,1NoOp,a,b", "AC200", 13, ""),
        (" same => 100,n,Hangup", "AC212", 10, ""),
    ],
)  # fmt: skip
def test_an_odd_call_has_a_place_and_a_fix(line: str, code: str, column: int, after: str) -> None:
    found = finding(line)
    assert found.code == code
    assert found.position == Position("extensions.conf", 3, column)
    assert bool(found.fix) == bool(after)
    if after:
        assert mended(line) == after


@pytest.mark.parametrize(
    "call",
    [
        "NoOp()", "NoOp", "NoOp(a)(b)", "Answer() Hangup()", "NoOp(())", "Set(A=\\()",
        "Dial(PJSIP/1,20,U(a^b(c)))", 'Set(A=$["${B}" = "(c)"])',
        "ExecIf($[1]?Goto(a,1):Goto(b,1))",
    ],
)  # fmt: skip
def test_a_sound_call_is_silent(call: str) -> None:
    assert load(f"{HEAD}exten => 1,1,{call}\n").diagnostics == ()


def test_a_hint_is_no_call() -> None:
    assert load(f"{HEAD}exten => 1,hint,SIP/1,CustomPresence:1\n").diagnostics == ()
    assert load(f"{HEAD}exten => 1,hint,SIP|1 (x)\n").diagnostics == ()


def test_a_line_that_is_put_together_or_cut_by_a_comment_has_no_fix() -> None:
    assert finding("exten => 1,1,NoOp(a) b\nexten += c\n").fix == ()
    assert finding("exten => 1,1,NoOp(a) b;-- c --;d\n").fix == ()


def test_a_fix_counts_characters_behind_a_byte_order_mark_and_carriage_returns() -> None:
    text = "\ufeff[c]\r\nexten => 1,1,NoOp(é) tail\r\n"
    (found,) = load(text).diagnostics
    (edit,) = found.fix
    assert text[: edit.start] + edit.text + text[edit.end :] == text.replace(" tail", "")


@pytest.mark.parametrize("field", ["1(x)y", "1(x) ", "1", "01", "1(a b)"])
def test_what_harms_no_step_is_silent(field: str) -> None:
    assert load(f"{HEAD}exten => 1,1,NoOp()\nexten => 2,{field},NoOp(1,2)\n").diagnostics == ()


def test_a_line_that_is_no_step_as_meant_is_one_finding() -> None:
    text = "[a]\nexten => 4001,1,Answer()\n same => 4001,2,Hangup\n same => n(x)Goto(s,1)\n"
    found = Config.from_texts({"extensions.conf": text}).check()
    assert [one.code for one in found] == ["AC201", "AC200"]
    again = text.replace("n(x)Goto(s,1)", "4001,3,Hangup")  # the priority 4001 is taken
    found = Config.from_texts({"extensions.conf": again}).check()
    assert [one.code for one in found] == ["AC201", "AC219"]
