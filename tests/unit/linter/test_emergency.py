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
