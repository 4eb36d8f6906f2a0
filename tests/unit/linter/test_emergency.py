"""Emergency numbers: the rules ask all calls, and say "may" where those are not known."""

from pathlib import Path

import pytest

from asterconf import Config

CASES = Path(__file__).parents[2] / "rules"


def said(code: str, plan: str) -> list[str]:
    """Return what a rule says of a dialplan beside the phones and trunks of its bad case."""
    texts = {path.name: path.read_bytes() for path in (CASES / code / "bad").iterdir()}
    conf = Config.from_texts({**texts, "extensions.conf": plan.encode()})
    return [one.message for one in conf.check(select=[code])]


@pytest.mark.parametrize(
    ("behind", "expected"),
    [
        ("Hangup()", "nobody is called"),
        ("Goto(other,1)", None),
        ("AGI(next.py)", None),
    ],
)
def test_a_second_trunk_may_be_dialled_by_a_step_behind(behind: str, expected: str | None) -> None:
    plan = f"""[home]
exten => 112,1,Dial(PJSIP/${{EXTEN}}@carrier)
 same => n,{behind}
exten => other,1,Dial(PJSIP/112@second)
"""
    assert [one.rpartition(", ")[2] for one in said("AC785", plan)] == [expected] * bool(expected)


def test_a_step_before_that_is_not_known_makes_it_a_may() -> None:
    plan = """[home]
exten => 112,1,AGI(first.py)
 same => n,Dial(PJSIP/${EXTEN}@carrier)
 same => n,Hangup()
"""
    assert [one.rpartition(", ")[2] for one in said("AC785", plan)] == ["nobody may be called"]


def test_a_number_that_another_context_hands_over_at_all_hours_is_not_timed() -> None:
    plan = """[home]
include => day,8:00-18:00,mon-fri,*,*
exten => _X.,1,Dial(PJSIP/${EXTEN}@carrier)
 same => n,Hangup()

[day]
exten => 112,1,Dial(PJSIP/${EXTEN}@carrier)
"""
    assert said("AC783", plan) == []


def test_a_pattern_that_leads_elsewhere_does_not_dial_the_number() -> None:
    plan = """[home]
exten => _N11,1,Playback(invalid)
 same => n,Hangup()
 same => n,Dial(PJSIP/${EXTEN}@carrier)
"""
    assert said("AC784", plan) == []


def test_a_pattern_before_it_may_send_the_number_whole() -> None:
    plan = """[home]
exten => _9X.,1,Dial(PJSIP/${EXTEN}@carrier)
include => help

[help]
exten => 911,1,Dial(PJSIP/${EXTEN}@carrier)
"""
    assert [one.rpartition(", ")[2] for one in said("AC781", plan)] == ["not here"]


NUMBER = (
    "phone '6001' dials 911 through trunk 'carrier' with {}: who answers may be unable to call back"
)


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("NoOp()", [NUMBER.format("the caller id 6001")]),
        ("Set(CALLERID(num)=)", [NUMBER.format("no caller id")]),
        ("Set(CALLERID(num)=15551230000)", []),
        ("Set(CALLERID(num)=${DB(own/number)})", []),
    ],
)
def test_the_number_that_an_emergency_call_is_made_with(step: str, expected: list[str]) -> None:
    plan = f"""[home]
exten => 6001,1,Dial(PJSIP/6001,20)
exten => 911,1,{step}
 same => n,Dial(PJSIP/911@carrier)
"""
    assert said("AC787", plan) == expected


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("context = from-carrier", "context = from-carrier\nfrom_user = 15551230000"),
        ("callerid = Ann <6001>", "callerid = Ann"),  # then the phone says it
    ],
)
def test_who_calls_is_not_known_from_the_dialplan_alone(old: str, new: str) -> None:
    folder = CASES / "AC787" / "bad"
    texts = {path.name: path.read_text().replace(old, new) for path in folder.iterdir()}
    assert [*Config.from_texts(texts).check(select=["AC787"])] == []


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        (["Queue(desk)", "Dial(PJSIP/911@carrier)"], True),
        (["Answer()", "Queue(desk)", "Hangup()"], True),
        (["Dial(PJSIP/911@carrier)", "Queue(desk)"], False),
        (["Goto(out,911,1)", "Queue(desk)"], False),
    ],
)
def test_a_queue_before_a_trunk_is_in_the_way(steps: list[str], told: bool) -> None:
    plan = "[home]\nexten => 911,1," + "\n same => n,".join(steps) + "\n"
    who = "who dials 911 from context 'home' may wait in queue 'desk' before a trunk is dialled"
    assert said("AC786", plan) == [who] * told
