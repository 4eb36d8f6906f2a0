"""Rules about the way of a call: loops, menus, gaps, blocks, statuses, and what comes behind."""

from __future__ import annotations

import pytest

from asterconf import Config


def found(code: str, text: str, **files: str) -> list[tuple[int, str]]:
    """Return the line and the message of each finding of a code in a dialplan."""
    texts = {"extensions.conf": text, **{f"{name}.conf": text for name, text in files.items()}}
    conf = Config.from_texts(texts)
    return [
        (one.position.line if one.position else 0, one.message)
        for one in conf.check(select=[code], preview=True)
    ]


ENDS = "when Dial ends with {}, the call ends here: {!r} has no extension {!r}"
DIALS = "[home]\nexten => 1,1,Dial(PJSIP/1)\n same => n,Goto({})\n"


@pytest.mark.parametrize(
    ("place", "more", "statuses", "context"),
    [
        ("s-${DIALSTATUS},1", "", "BUSY, NOANSWER, CONGESTION or CHANUNAVAIL", "home"),
        ("s-${DIALSTATUS},1", "exten => s-BUSY,1,Hangup()\n",
         "NOANSWER, CONGESTION or CHANUNAVAIL", "home"),
        ("s-${DIALSTATUS},1", "exten => s-BUSY,1,Hangup()\nexten => s-NOANSWER,1,Hangup()\n",
         "CONGESTION or CHANUNAVAIL", "home"),
        ("s-${DIALSTATUS},1",
         "".join(f"exten => s-{one},1,Hangup()\n" for one in ("BUSY", "NOANSWER", "CONGESTION")),
         "CHANUNAVAIL", "home"),
        ("x,s-${DIALSTATUS},1", "exten => s-BUSY,1,Hangup()\n[x]\nexten => s-NOANSWER,1,Hangup()\n",
         "BUSY, CONGESTION or CHANUNAVAIL", "x"),
    ],
)  # fmt: skip
def test_an_ending_of_dial_without_its_extension(
    place: str, more: str, statuses: str, context: str
) -> None:
    name = f"s-{statuses.replace(',', ' ').split()[0]}"
    said = ENDS.format(statuses, context, name)
    assert found("AC248", DIALS.format(place) + more) == [(3, said)]


@pytest.mark.parametrize(
    ("place", "more"),
    [
        ("s-${DIALSTATUS},1", "exten => _s-.,1,Hangup()\n"),
        ("s-${DIALSTATUS},1", "exten => i,1,Hangup()\n"),
        ("s-${DIALSTATUS},1", "exten => e,1,Hangup()\n"),
        ("s-${DIALSTATUS},1", "include => x\n[x]\nexten => _s-[A-Z].,1,Hangup()\n"),
        ("${X},s-${DIALSTATUS},1", ""),
        ("${X}-${DIALSTATUS},1", ""),
        ("s-${HANGUPCAUSE},1", ""),
    ],
)
def test_an_ending_of_dial_that_leads_on_or_nobody_can_tell(place: str, more: str) -> None:
    assert found("AC248", DIALS.format(place) + more) == []


def test_a_status_without_a_dial_before_it_is_not_judged() -> None:
    assert found("AC248", "[home]\nexten => 1,1,Goto(s-${DIALSTATUS},1)\n") == []
    behind = "[home]\nexten => 1,1,GotoIf($[1]?s-${DIALSTATUS},1)\n same => n,Dial(PJSIP/1)\n"
    assert found("AC248", behind) == []


MENU = "[m]\nexten => s,1,WaitExten(5)\n"
OPEN = (
    "the call ends when the caller keys {}: nothing answers that in 'm', and there is no "
    "extension 'i'"
)


@pytest.mark.parametrize(
    ("more", "keys"),
    [
        ("exten => _[0-8*#],1,Hangup()\n", "9"),
        ("exten => _[0-7*#],1,Hangup()\n", "8 or 9, say,"),
        ("exten => _[0-9],1,Hangup()\n", "* or #, say,"),
        ("exten => 1,1,Hangup()\n", "0 or 2, say,"),
        ("exten => _1X,1,Hangup()\n", "0 or 2, say,"),
        ("include => x\n[x]\nexten => _[1-9*#],1,Hangup()\n", "0"),
        ("exten => _[0-9*#],1,Hangup()\n", ""),
        ("exten => 1,1,Hangup()\nexten => i,1,Hangup()\n", ""),
        ("exten => 1,1,Hangup()\nexten => e,1,Hangup()\n", ""),
        ("", ""),
    ],
)
def test_keys_that_nothing_answers(more: str, keys: str) -> None:
    wanted = [(2, OPEN.format(keys))] if keys else []
    assert found("AC240", f"{MENU}exten => t,1,Hangup()\n{more}") == wanted


NOTHING = "the caller is asked for a number, but nothing in 'm' answers to any key"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("", True),
        (" same => n,WaitExten(5)\n", True),
        ("exten => t,1,Hangup()\n", True),
        ("exten => abc,1,Hangup()\n", True),
        ("exten => i,1,Hangup()\n", False),
        ("exten => e,1,Hangup()\n", False),
        ("exten => 1,1,Hangup()\n", False),
        ("exten => _1XX,1,Hangup()\n", False),
        ("include => x\n[x]\nexten => *,1,Hangup()\n", False),
        ("switch => Realtime/@\n", False),
    ],
)
def test_a_menu_without_a_choice(more: str, *, said: bool) -> None:
    assert found("AC242", MENU + more) == [(2, NOTHING)] * said


LATER = "when the caller keys nothing, the call goes on"
SILENCE = (
    "the call ends when the caller keys nothing: there is no step behind this one, and no "
    "extension 't' in 'm'"
)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("", True),
        ("exten => s,3,Hangup()\n", True),
        ("include => x\n[x]\nexten => 1,1,Hangup()\n", True),
        (" same => n,Hangup()\n", False),
        ("exten => t,1,Hangup()\n", False),
        ("exten => e,1,Hangup()\n", False),
        ("include => x\n[x]\nexten => t,1,Hangup()\n", False),
    ],
)
def test_a_caller_who_keys_nothing(more: str, *, said: bool) -> None:
    assert found("AC239", f"{MENU}{more}") == [(2, SILENCE)] * said


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("exten => s,1,WaitExten(5)\n same => n,Playback(bye)\nexten => t,1,Hangup()\n",
         [(2, f"{LATER} with Playback behind this, and not with extension 't'")]),
        ("exten => s,1,WaitExten(5)\nexten => t,1,Hangup()\n", []),
        ("exten => s,1,WaitExten(5)\nexten => s,3,Hangup()\nexten => t,1,Hangup()\n", []),
        ("exten => s,1,WaitExten(5)\n same => n,Hangup()\n", []),
        ("exten => t,1,WaitExten(5)\n same => n,Hangup()\n", []),
        ("exten => i,1,WaitExten(5)\n same => n,Hangup()\nexten => t,1,Hangup()\n", []),
    ],
)  # fmt: skip
def test_a_step_behind_the_question_comes_before_the_timeout(
    text: str, wanted: list[tuple[int, str]]
) -> None:
    assert found("AC241", f"[m]\n{text}") == wanted


CIRCLE = "the call runs in a circle from here, and nothing in it waits or ends it"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("exten => 1,1,NoOp()\n same => n(again),Set(A=1)\n same => n,Goto(again)\n", [3]),
        ("exten => 1,1,NoOp()\n same => n,Set(A=1)\n same => n,Goto(2)\n", [3]),
        ("exten => 1,1,NoOp()\n same => n,Set(A=1)\n same => n,Goto(1)\n", [2]),
        ("exten => _1X,1,NoOp()\n same => n(again),Set(A=1)\n same => n,Goto(again)\n", [3]),
        ("exten => 1,1,Goto(2,1)\nexten => 2,1,Goto(1,1)\n", [2, 3]),
        ("exten => 1,1,Goto(2,1)\nexten => 2,1,Goto(1)\n", [3]),
        ("exten => 1,1,Goto(b,2,1)\n[b]\nexten => 2,1,Goto(a,1,1)\n", [2, 4]),
        ("exten => 1,2,Goto(3,1)\nexten => 3,1,Goto(1,2)\n", [2, 3]),
        ("exten => 1,1,Verbose(x)\n same => n,Log(NOTICE,x)\n same => n,Goto(1)\n", [2]),
        ("exten => 1,1,Wait(1)\n same => n,Goto(1)\n", []),
        ("exten => 1,1,GotoIf($[${X}]?9)\n same => n,Goto(1)\n", []),
        ("exten => 1,1,NoOp()\nexten => 1,3,Goto(1)\n", []),
        ("exten => _1X,1,NoOp()\n same => n,Goto(${EXTEN},1)\n", []),
        ("exten => 1,1,NoOp()\n same => n,Goto(none)\n", []),
        ("exten => 1,1,NoOp()\n same => n,Goto(5,1)\n", []),
        ("exten => 1,1,NoOp()\n same => n,Goto(3)\n same => n,Hangup()\n", []),
    ],
)
def test_a_circle_in_which_nothing_waits(text: str, lines: list[int]) -> None:
    assert found("AC237", f"[a]\n{text}") == [(line, CIRCLE) for line in lines]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("exten => 1,1,NoOp()\nexten => 1,3,NoOp()\n",
         [(3, "'1' has no priority 2, so 1 step from priority 3 on never run")]),
        ("exten => 1,1,NoOp()\nexten => 1,5,NoOp()\nexten => 1,6,Hangup()\n",
         [(3, "'1' has no priority 2, so 2 steps from priority 5 on never run")]),
        ("exten => 1,1,NoOp()\nexten => 1,3,NoOp()\nexten => 1,5,NoOp()\n",
         [(3, "'1' has no priority 2, so 2 steps from priority 3 on never run"),
          (4, "'1' has no priority 4, so 1 step from priority 5 on never run")]),
        ("exten => 1,1,NoOp()\nexten => 1,3,NoOp()\nexten => 1,4(y),NoOp()\nexten => 1,5,NoOp()\n",
         [(3, "'1' has no priority 2, so 1 step from priority 3 on never run")]),
        ("exten => 1,1,NoOp()\nexten => 1,3(x),NoOp()\n", []),
        ("exten => 1,1,NoOp()\nexten => 1,3,EndWhile()\n", []),
        ("exten => 1,1,Hangup()\nexten => 1,3,NoOp()\n", []),
        ("exten => 1,hint,PJSIP/1\nexten => 1,1,NoOp()\n", []),
        ("exten => 1,1,NoOp()\nexten => 1,3,NoOp()\nexten => 2,1,Goto(1,3)\n", []),
        ("exten => 1,1,NoOp()\nexten => 1,3,NoOp()\nexten => 2,1,Goto(1,${X})\n", []),
        ("exten => 1,1,NoOp()\nexten => 1,13,NoOp()\nexten => 2,1,Goto(1,3)\n",
         [(3, "'1' has no priority 2, so 1 step from priority 13 on never run")]),
    ],
)  # fmt: skip
def test_a_priority_that_is_missing(text: str, wanted: list[tuple[int, str]]) -> None:
    assert found("AC235", f"[a]\n{text}") == wanted


GOES_ON = "behind the last step of '100' the call goes on with {} of {!r}, which matches 100, too"
PHONES = "exten => _1XX,1,NoOp()\n same => n,Dial(PJSIP/1)\n"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (f"exten => 100,1,NoOp()\n{PHONES}", [(2, GOES_ON.format("Dial", "_1XX"))]),
        (f"exten => 100,1,NoOp()\ninclude => b\n[b]\n{PHONES}",
         [(2, GOES_ON.format("Dial", "_1XX"))]),
        (f"exten => 100,1,Gosub(b,s,1)\n{PHONES}[b]\nexten => s,1,Return()\n",
         [(2, GOES_ON.format("Dial", "_1XX"))]),
        (f"exten => 100,1,Gosub(b,s,1)\n{PHONES}[b]\nexten => s,1,Answer()\n same => n,Hangup()\n",
         []),
        ("exten => 100,1,NoOp()\nexten => _1XX,1,NoOp()\n same => n,Hangup()\n", []),
        (f"exten => 100,1,Hangup()\n{PHONES}", []),
        (f"exten => 100,1,NoSuchApp()\n{PHONES}", []),
        (f"exten => 100,2,NoOp()\n{PHONES} same => n,NoOp()\n", []),
        (f"exten => 200,1,NoOp()\n{PHONES}", []),
        ("exten => abc,1,NoOp()\nexten => _[a-c]bc,1,NoOp()\n same => n,Dial(PJSIP/1)\n", []),
        ("exten => 100,1,NoOp()\nexten => _1XX/200,1,NoOp()\n same => n,Dial(PJSIP/1)\n", []),
        ("exten => _10X,1,NoOp()\nexten => _1XX,1,NoOp()\n same => n,Dial(PJSIP/1)\n", []),
    ],
)  # fmt: skip
def test_what_runs_behind_the_last_step(text: str, wanted: list[tuple[int, str]]) -> None:
    assert found("AC243", f"[home]\n{text}") == wanted


@pytest.mark.parametrize(
    ("steps", "wanted"),
    [
        (["While(1)", "NoOp()"], [(2, "While has no EndWhile")]),
        (["EndWhile()"], [(2, "EndWhile has no While")]),
        (["If(1)", "EndWhile()", "EndIf()"], [(3, "EndWhile has no While")]),
        (["While(1)", "EndIf()", "EndWhile()"], [(3, "EndIf has no If")]),
        (["While(1)", "While(1)", "EndWhile()"], [(2, "While has no EndWhile")]),
        (["If(1)", "If(1)", "EndIf()", "EndIf()", "EndIf()"], [(6, "EndIf has no If")]),
        (["ExitWhile()", "ContinueWhile()"],
         [(2, "ExitWhile has no While"), (3, "ContinueWhile has no While")]),
        (["Else()", "ElseIf(1)", "ExitIf()"],
         [(2, "Else has no If"), (3, "ElseIf has no If"), (4, "ExitIf has no If")]),
        (["If(1)", "While(1)", "ExitIf()", "EndWhile()", "EndIf()"], []),
        (["If(1)", "ElseIf(2)", "Else()", "EndIf()"], []),
        (["While(1)", "ExitWhile()", "ContinueWhile()", "EndWhile()"], []),
    ],
)  # fmt: skip
def test_a_block_without_its_other_end(steps: list[str], wanted: list[tuple[int, str]]) -> None:
    first, *rest = steps
    text = f"[a]\nexten => 1,1,{first}\n" + "".join(f" same => n,{one}\n" for one in rest)
    assert found("AC238", text) == [(line, f"{what} in this extension") for line, what in wanted]


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        ("_1.5", "ends at its '.': what stands behind that is not looked at"),
        ("_1!5", "ends at its '!': what stands behind that is not looked at"),
        ("_X.[1-3]", "ends at its '.': what stands behind that is not looked at"),
        ("_[]", "matches no number, because nothing is '[]'"),
        ("_[3,5]X", "takes the comma in '[3,5]' for one of the characters that it matches"),
        ("_[35]X", ""),
        ("_[2-]", ""),
        ("_X.", ""),
        ("_X!", ""),
        ("_.", ""),
        ("1.5", ""),
        ("_${P}.5", "ends at its '.': what stands behind that is not looked at"),
    ],
)
def test_a_pattern_that_matches_otherwise_than_it_looks(pattern: str, problem: str) -> None:
    name = pattern.replace("${P}", "")  # no global variable is called so
    wanted = [(2, f"{name!r} {problem}")] if problem else []
    assert found("AC202", f"[a]\nexten => {pattern},1,NoOp()\n") == wanted


@pytest.mark.parametrize(
    ("name", "said"),
    [
        *((name, True) for name in ("XX", "9XXX", "9[1-3]", "*9X.", "s-.", "+1NXXNXXXXXX", "Z!")),
        *((name, False) for name in ("X", "N", "100", "9xxx", "_9XXX", "s-X.", "BUSY", "9[abc]")),
    ],
)
def test_a_pattern_without_its_mark(name: str, *, said: bool) -> None:
    problem = f"{name!r} is no pattern: only who dials its letters comes here"
    assert found("AC203", f"[a]\nexten => {name},1,NoOp()\n") == [(2, problem)] * said
    jumped = f"[a]\nexten => {name},1,NoOp()\nexten => 1,1,Goto({name},1)\n"
    assert found("AC203", jumped) == []


RUNS_OUT = "the steps of the subroutine {!r} run out without Return, so the call ends here"


@pytest.mark.parametrize(
    ("call", "sub", "wanted"),
    [
        ("Gosub(b,s,1)", "exten => s,1,NoOp()\n", [(4, "s@b")]),
        ("GosubIf($[1]?b,s,1)", "exten => s,1,NoOp()\n", [(4, "s@b")]),
        ("Gosub(b,s,1)", "exten => s,1,NoOp()\n same => n,Set(A=1)\n", [(5, "s@b")]),
        ("Gosub(b,s,1)", "exten => s,1,Gosub(c,s,1)\n[c]\nexten => s,1,Return()\n", [(4, "s@b")]),
        ("Gosub(b,s,1)", "exten => s,1,Return()\n", []),
        ("Gosub(b,s,1)", "exten => s,1,Hangup()\n", []),
        ("Gosub(b,s,1)", "exten => s,1,GotoIf($[1]?9)\n same => n,NoOp()\n", []),
        ("Gosub(b,s,1)", "exten => s,1,NoSuchApp()\n", []),
        ("Gosub(b,s,1)", "exten => s,1,NoOp()\nexten => _s,1,NoOp()\n same => n,Return()\n", []),
        ("Gosub(${X},s,1)", "exten => s,1,NoOp()\n", []),
        ("Goto(b,s,1)", "exten => s,1,NoOp()\n", []),
        ("Gosub(b,x,1)", "exten => s,1,NoOp()\n", []),
    ],
)
def test_a_subroutine_whose_steps_run_out(
    call: str, sub: str, wanted: list[tuple[int, str]]
) -> None:
    text = f"[a]\nexten => 1,1,{call}\n[b]\n{sub}"
    assert found("AC244", text) == [(line, RUNS_OUT.format(name)) for line, name in wanted]
