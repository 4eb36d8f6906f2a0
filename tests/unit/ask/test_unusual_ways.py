"""Ways to the trunk that are easily overlooked; `tests/live` dials the same on Asterisk."""

import pytest

from asterconf.numbers import Numbers
from tests.unusual_ways import KEYED, NEVER, REACHED, config_of

BOTH = {**REACHED, **{name: steps for name, (steps, _) in KEYED.items()}}


@pytest.mark.parametrize("steps", BOTH.values(), ids=list(BOTH))
def test_no_way_that_asterisk_takes_is_said_not_to_be_one(steps: str) -> None:
    assert config_of(steps).ask.reach("t", entry="context:in").verdict != "no"


@pytest.mark.parametrize("steps", REACHED.values(), ids=list(REACHED))
def test_a_call_on_paper_takes_it_too(steps: str) -> None:
    call = config_of(steps).call("1", entry="context:in")
    assert "PJSIP/1@t" in [one.target for one in call.dialed]


@pytest.mark.parametrize("steps", NEVER.values(), ids=list(NEVER))
def test_what_no_caller_can_key_is_no_way(steps: str) -> None:
    assert config_of(steps).ask.reach("t", entry="context:in").verdict == "no"


def test_an_integer_of_more_than_ten_digits_may_be_nothing() -> None:
    conf = config_of("NoOp\nexten => _NXXXXXXXXX,1,GotoIf(${EXTEN}?9)\n same => n,Goto(out,1,1)")
    assert conf.ask.reach("t", entry="context:in").verdict != "no"
    assert conf.call("4294967296", entry="context:in").dialed


def test_a_blank_before_a_number_is_no_text() -> None:
    conf = config_of("NoOp\nexten => _2X,1,GotoIf( ${EXTEN:1}?9)\n same => n,Goto(out,1,1)")
    assert conf.ask.reach("t", entry="context:in").numbers == Numbers.of("20")
    assert conf.call("20", entry="context:in").dialed
