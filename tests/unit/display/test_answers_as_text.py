"""Answers and calls as a person reads them in a terminal, line by line.

The dialplan is small enough that every number, place and ending below was worked out by hand.
"""

from __future__ import annotations

import pytest

from asterconf import Numbers, diff
from asterconf.calls import Busy, World
from asterconf.config import Config
from asterconf.display import html, view
from tests.unit.ask.wizard import phone, trunk
from tests.unit.display.markup import Markup

PLAN = """\
[in]
exten => _X!,1,Dial(PJSIP/100,20)
 same => n,Hangup()
[out]
exten => _NXXXXXX,1,Set(CALLERID(num)=5550100)
 same => n,Dial(PJSIP/${EXTEN}@t,30)
 same => n,Dial(Local/9@back)
 same => n,Hangup(17)
exten => 911,1,Dial(PJSIP/911@t)
exten => 6,1,Read(d,,3)
 same => n,GotoIf($["${d}" = "123"]?ok)
 same => n,Hangup(21)
 same => n(ok),Hangup(16)
exten => 7,1,NoOp(${DB(fwd/7)})
 same => n,NoOp(${SHELL(date)})
[back]
exten => 9,1,Answer()
 same => n,Playback(all-busy)
[lost]
exten => 1,1,NoOp()
"""


def conf(plan: str = PLAN, *phones: tuple[str, str]) -> Config:
    """Return a dialplan with one trunk and some phones, by name and context."""
    made = "".join(
        f"{phone(name, context)}endpoint/callerid = Phone <{name}>\n"
        for name, context in phones or (("100", "out"),)
    )
    return Config.from_texts(
        {"extensions.conf": plan, "pjsip_wizard.conf": trunk("t", "in") + made}
    )


def lines(obj: object, before: str = "  holds for") -> list[str]:
    """Return the lines of a view, up to what it takes for granted, without what is only width."""
    text = str(view(obj)).partition(f"\n{before}\n")[0]
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


TO_911 = [
    "'911' from 100, with caller id 100, at 2026-01-05 12:00 · dials PJSIP/911@t",
    "911@out · answered by PJSIP/911@t, who sees Phone <100> · 1 step · 25.0 s",
    "at place step line",
    "0.0 911@out:1 Dial(PJSIP/911@t) extensions.conf:9",
    "dialed caller id result",
    "PJSIP/911@t Phone <100> ANSWER",
    "assumed",
    "PJSIP/911@t can be reached, answers after 5 s and talks for 20 s",
]


def test_a_reach_shows_its_numbers_and_one_call() -> None:
    assert lines(conf().ask.reach(entry="100")) == [
        "yes · calls from 100 are handed to t",
        "from verdict numbers because",
        (
            "100 yes 911, _911XXXX, _91[02-9]XXXX, _9[02-9]XXXXX, _[2-8]XXXXXX"
            " '911' is handed to PJSIP/911@t"
        ),
        *TO_911,
    ]


def test_a_no_shows_that_all_was_followed_and_what_is_taken_for_granted() -> None:
    answer = conf().ask.reach(entry="role:trunk")
    assert lines(answer) == [
        "no · no call that comes in here is handed to t",
        "from verdict because",
        "t no every way that its calls can go was followed, and none dials one",
    ]
    rest = str(view(answer)).partition("  holds for\n")[2].splitlines()
    granted = [line.strip() for line in rest if line.strip()]
    assert granted == [answer.domain, *answer.assumptions]
    assert Markup(html(answer)).folded == ["holds for"]


def test_an_unknown_names_what_it_depends_on_with_its_place() -> None:
    plan = PLAN.replace("NoOp(${DB(fwd/7)})", "Goto(${DB(fwd/7)},1)")
    plan = plan.replace("Dial(PJSIP/${EXTEN}@t,30)", "NoOp()").replace("911@t", "911@u")
    answer = conf(plan).ask.reach(entry="100", to="t")
    assert lines(answer) == [
        "unknown · whether calls from 100 are handed to t is not known",
        "from verdict because",
        "100 unknown it depends on ${DB(fwd/7)} (extensions.conf:14)",
    ]


def test_emergency_calls_are_a_row_for_each_phone_and_number() -> None:
    assert lines(conf().ask.emergency(["911", "112"])) == [
        "no · some calls are not handed to a trunk: 112 from 100",
        "about verdict because",
        "100 911 yes hands 911 to trunk t as 911",
        "100 112 no 112 is not handed to a trunk",
        *TO_911,
    ]
    assert lines(conf().ask.what_if(["t"], numbers=["911"])) == [
        "no · with t down, some calls are not handed to a trunk: 911 from 100",
        "about verdict because",
        "100 911 no 911 is not handed to a trunk",
    ]
    assert "down: t" in str(view(conf().ask.what_if(["t"], numbers=["911"])))


def test_dead_steps_stand_with_their_place_and_no_verdict() -> None:
    assert lines(conf().ask.dead()) == [
        "yes · 1 step is run by no call",
        "about because at",
        "[lost] 1 1 NoOp no call runs it extensions.conf:20",
    ]
    assert lines(conf(PLAN.partition("[lost]")[0]).ask.dead()) == [
        "no · every step is run by some call"
    ]


def test_a_text_that_is_taken_apart_is_shown_with_the_call_that_comes_there() -> None:
    plan = "[out]\nexten => _X.,1,Dial(PJSIP/${EXTEN}@t)\n[in]\nexten => s,1,Hangup()\n"
    assert lines(conf(plan).ask.injections()) == [
        "yes · the text of a caller is taken apart in 1 step",
        "about verdict because at",
        (
            "100 Dial(PJSIP/${EXTEN}@t) yes the text of the caller is taken apart, such as '0&0'"
            " extensions.conf:2"
        ),
        "'0&0' from 100, with caller id 100, at 2026-01-05 12:00 · comes to Dial(PJSIP/${EXTEN}@t)",
        "0&0@out · hung up · 1 step · 0.0 s",
        "at place step line notes",
        "0.0 0&0@out:1 Dial(PJSIP/0&0@t) extensions.conf:2 Dial needs technology/resource",
    ]
    assert lines(conf().ask.injections()) == ["no · no step takes the text of a caller apart"]


def test_extensions_are_counted_and_who_is_never_run_is_said() -> None:
    plan = "[out]\nexten => _1XX,1,NoOp()\nexten => _2X,1,NoOp()\ninclude => more\n"
    plan += "[more]\nexten => 101,1,NoOp()\n"
    assert lines(conf(plan).ask.dialable("out")) == [
        "yes · 110 numbers can be dialled in [out]",
        "extension context runs for loses to at",
        "_1XX out _1XX extensions.conf:2",
        "_2X out _2X extensions.conf:3",
        "101 more never run _1XX extensions.conf:6",
        "3 extensions",
    ]


def test_many_phones_that_can_dial_the_same_are_six_names_and_a_count() -> None:
    phones = [(str(number), "out") for number in range(100, 108)]
    answer = conf(PLAN, *phones).ask.class_of_service({"local": Numbers("_NXXXXXX")})
    found = lines(answer)
    assert found[:6] == [
        "yes · 8 phones of 8 can dial out some of 1 kind of numbers",
        "from local",
        "100, 101, 102, 103, 104, 105 and 2 more all",
        "examples",
        "from kind goes out as",
        "100, 101, 102, 103, 104, 105 and 2 more local 2000000 PJSIP/2000000@t",
    ]
    assert "PJSIP/2000000@t Phone <5550100> ANSWER" in found


def test_a_dozen_calls_are_shown_whole_and_the_others_are_counted() -> None:
    contexts = range(15)
    plan = "[in]\nexten => s,1,Hangup()\n" + "".join(
        f"[c{n}]\nexten => _5XX,1,Dial(PJSIP/${{EXTEN}}@t)\n" for n in contexts
    )
    answer = conf(plan, *((str(200 + n), f"c{n}") for n in contexts)).ask.reach(
        entry="role:extension"
    )
    found = lines(answer)
    assert found[-1] == "3 more calls are in the answer"
    assert sum(line.startswith("'500' from ") for line in found) == 12
    assert sum("'500' is handed to PJSIP/500@t" in line for line in found) == 15


def test_changed_calls_are_shown_as_they_end_before_and_now() -> None:
    old, new = conf(), conf(PLAN.replace("Hangup(21)", "Hangup(34)"))
    assert lines(diff(old, new).calls()) == [
        "yes · calls from 100 behave differently",
        "from verdict numbers because",
        "100 yes 6 hung up with cause 21 -> hung up with cause 34",
        "'6' from 100, with caller id 100, keys 12#, at 2026-01-05 12:00",
        "6@out · hung up with cause 34 · 3 steps · 0.6 s",
        "at place step line",
        "0.0 6@out:1 Read(d,,3) extensions.conf:10",
        "0.6 6@out:2 GotoIf(0?ok) extensions.conf:11",
        "0.6 6@out:3 Hangup(34) extensions.conf:12",
    ]
    assert lines(diff(old, conf(PLAN.replace("NoOp()", "NoOp(x)"))).calls())[0] == (
        "no · every call is the same on both sides"
    )


# -- a call on paper ------------------------------------------------------------------------------


def test_a_call_shows_every_leg_and_who_was_dialed() -> None:
    world = World(answers={"PJSIP/2345678@t": Busy()})
    assert lines(conf().call("2345678", entry="100", world=world)) == [
        "2345678@out · answered by Local/9@back, who sees Phone <5550100> · 3 steps · 3.0 s",
        "at place step line",
        "0.0 2345678@out:1 Set(CALLERID(num)=5550100) extensions.conf:5",
        "0.0 2345678@out:2 Dial(PJSIP/2345678@t,30) extensions.conf:6",
        "0.5 2345678@out:3 Dial(Local/9@back) extensions.conf:7",
        "Local/9@back-00000002;2 · 2 steps",
        "at place step line",
        "0.5 9@back:1 Answer() extensions.conf:17",
        "1.0 9@back:2 Playback(all-busy) extensions.conf:18",
        "dialed caller id result",
        "PJSIP/2345678@t Phone <5550100> BUSY",
        "Local/9@back Phone <5550100> ANSWER",
        "assumed",
        "the call is made now",
        "a sound lasts 2 s, and every one is there",
    ]


@pytest.mark.parametrize(
    ("database", "assumed"),
    [
        ({}, ["the call is made now", "the database has no fwd/7"]),
        ({"fwd/7": "200"}, ["the call is made now"]),
        ({"fwd/8": "200"}, ["the call is made now", "the database has no fwd/7"]),
    ],
)
def test_what_is_not_in_the_database_is_assumed_and_said(
    database: dict[str, str], assumed: list[str]
) -> None:
    call = conf().call("7", entry="100", world=World(database=database))
    assert [*call.assumed] == assumed
    assert call.steps[0].data == database.get("fwd/7", "")
    assert lines(call)[-len(assumed) :] == assumed


def test_what_a_call_writes_into_the_database_itself_is_not_assumed() -> None:
    plan = """\
[out]
exten => 1,1,NoOp(${DB_EXISTS(seen/1)})
 same => n,Set(DB(seen/1)=yes)
 same => n,NoOp(${DB(seen/1)}, ${DB_EXISTS(seen/1)})
 same => n,NoOp(${DB_EXISTS(other/2)})
 same => n,NoOp(${DB(no-family)})
[in]
exten => s,1,Hangup()
"""
    call = conf(plan).call("1", entry="100")
    assert [step.data for step in call.steps] == ["0", "DB(seen/1)=yes", "yes, 1", "0", ""]
    assert [*call.assumed] == [
        "the call is made now", "the database has no seen/1", "the database has no other/2",
    ]  # fmt: skip
    quiet = conf(plan).call("1", entry="100", world=World(database={"seen/1": "", "other/2": "x"}))
    assert [step.data for step in quiet.steps] == ["1", "DB(seen/1)=yes", "yes, 1", "1", ""]
    assert [*quiet.assumed] == ["the call is made now"]


def test_a_call_that_cannot_be_followed_says_where_it_stops() -> None:
    plan = PLAN.replace("NoOp(${SHELL(date)})", "Goto(${SHELL(date)},1)")
    why = "unknown: ${SHELL(date)}: the function SHELL asks the running Asterisk"
    assert lines(conf(plan).call("7", entry="100")) == [
        f"7@out · {why} · 2 steps · 0.0 s",
        "at place step line",
        "0.0 7@out:1 NoOp() extensions.conf:14",
        "0.0 7@out:2 Goto(${SHELL(date)},1) extensions.conf:15",
        why,
        "assumed",
        "the call is made now",
        "the database has no fwd/7",
    ]


def test_a_call_that_nothing_answers_is_told_without_steps() -> None:
    assert lines(conf().call("77", entry="100")) == [
        "77@out · refused: there is no such extension · 0 steps · 0.0 s",
        "assumed",
        "the call is made now",
    ]
