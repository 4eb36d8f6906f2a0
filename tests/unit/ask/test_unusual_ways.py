"""Ways to the trunk that are easily overlooked; `tests/live` dials the same on Asterisk."""

import pytest

from asterconf.numbers import Numbers
from tests.unusual_ways import DIALED, KEYED, NEVER, REACHED, STARTED, config_of

BOTH = {**REACHED, **STARTED, **{name: steps for name, (steps, _) in KEYED.items()}}


@pytest.mark.parametrize("steps", BOTH.values(), ids=list(BOTH))
def test_no_way_that_asterisk_takes_is_said_not_to_be_one(steps: str) -> None:
    assert config_of(steps).ask.reach("t", entry="context:in").verdict != "no"


@pytest.mark.parametrize("steps", REACHED.values(), ids=list(REACHED))
def test_a_call_on_paper_takes_it_too(steps: str) -> None:
    call = config_of(steps).call("1", entry="context:in")
    assert "PJSIP/1@t" in [one.target for one in call.dialed]


@pytest.mark.parametrize(("steps", "number"), DIALED.values(), ids=list(DIALED))
def test_a_number_that_leads_on_in_an_unusual_way_is_among_those_that_reach(
    steps: str, number: str
) -> None:
    conf = config_of(steps, exten="_1!")
    assert conf.call(number, entry="context:in").dialed
    assert conf.ask.reach("t", entry="context:in").verdict != "no"
    dead = conf.ask.dead(entry="context:in")
    assert not any("out" in row.name for row in dead if row.verdict == "yes")


def test_numbers_that_are_too_long_are_not_among_those_that_surely_reach() -> None:
    steps = "Goto(n,1${EXTEN},1)\n[n]\nexten => 12,1,Goto(out,1,1)\nexten => _1X.,1,NoOp"
    answer = config_of(steps, exten="_[2-3]!").ask.reach("t", entry="context:in")
    assert answer.numbers == Numbers.of("2")


@pytest.mark.parametrize("steps", NEVER.values(), ids=list(NEVER))
def test_what_no_caller_can_key_is_no_way(steps: str) -> None:
    assert config_of(steps).ask.reach("t", entry="context:in").verdict == "no"


HOURS = "GotoIf(${IFTIME( 9:00-17:00,*,*,*? 1 : 0)}?out,1,1)"


def test_hours_that_a_function_asks_for_are_hours() -> None:
    answer = config_of(HOURS).ask.reach("t", entry="context:in")
    assert answer.witness is not None
    assert answer.witness.at is not None
    assert answer.witness.at.hour == 9
    steps = f"GotoIfTime(8:00-18:00,*,*,*?9); {HOURS}"
    assert config_of(steps).ask.reach("t", entry="context:in").verdict == "no"
    never = HOURS.replace("*,*,*", "*,30,feb")
    blank = HOURS.replace("*?", "* ?")  # which is no month
    quoted = HOURS.replace("( ", '( "').replace("0)", '0")')
    assert config_of(quoted).ask.reach("t", entry="context:in").verdict == "yes"
    assert config_of(blank).ask.reach("t", entry="context:in").verdict == "no"
    assert config_of(never).ask.reach("t", entry="context:in").verdict == "no"


def test_keys_in_a_queue_lead_to_the_first_extension_that_they_are() -> None:
    steps = "Queue(q)\n[d]\nexten => _7[7-8],1,Goto(out,1,1)\nexten => 7,{},NoOp"
    assert config_of(steps.format(1)).ask.reach("t", entry="context:in").verdict == "no"
    assert config_of(steps.format(2)).ask.reach("t", entry="context:in").verdict == "yes"


def test_an_integer_of_more_than_ten_digits_may_be_nothing() -> None:
    conf = config_of("NoOp\nexten => _NXXXXXXXXX,1,GotoIf(${EXTEN}?9)\n same => n,Goto(out,1,1)")
    assert conf.ask.reach("t", entry="context:in").verdict != "no"
    assert conf.call("4294967296", entry="context:in").dialed


def test_a_blank_before_a_number_is_no_text() -> None:
    conf = config_of("NoOp\nexten => _2X,1,GotoIf( ${EXTEN:1}?9)\n same => n,Goto(out,1,1)")
    assert conf.ask.reach("t", entry="context:in").numbers == Numbers.of("20")
    assert conf.call("20", entry="context:in").dialed


EXITS = "\n[open]\nexten => _[ao],1,Goto(out,1,1)\n[safe]\nexten => 9,1,NoOp"
HERE = "\nexten => _[ao],1,Goto(out,1,1)" + EXITS


@pytest.mark.parametrize(
    ("general", "own", "more", "verdict"),
    [
        ("exitcontext=open", "", EXITS, "yes"),
        ("", "exitcontext=open", EXITS, "yes"),
        ("exitcontext=open", "exitcontext=safe", EXITS, "no"),
        ("", "", HERE, "yes"),
        ("exitcontext=safe", "operator=yes", HERE, "no"),
    ],
)
def test_what_a_mailbox_says_itself_of_its_exits_counts(
    general: str, own: str, more: str, verdict: str
) -> None:
    voicemail = f"[general]\n{general}\n[default]\n100 => 1,A,,,{own}\n"
    conf = config_of(f"Goto(menu,1,1)\n[menu]\nexten => 1,1,VoiceMail(100){more}", voicemail)
    assert conf.ask.reach("t", entry="context:in").verdict == verdict


def test_a_mailbox_whose_operator_is_off_has_none() -> None:
    steps = "Goto(menu,1,1)\n[menu]\nexten => 1,1,VoiceMail(100)\nexten => o,1,Goto(out,1,1)"
    for own, verdict in (("operator=no", "no"), ("", "yes")):
        conf = config_of(steps, f"[general]\noperator=yes\n[default]\n100 => 1,A,,,{own}\n")
        assert conf.ask.reach("t", entry="context:in").verdict == verdict
