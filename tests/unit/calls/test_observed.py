"""What functions give during a call, as Asterisk was seen to give it."""

from __future__ import annotations

import pytest

from asterconf import Config
from tests.unit.calls.observed import OBSERVED, QUEUES, dialplan


@pytest.fixture(scope="module")
def conf() -> Config:
    return Config.from_texts({"extensions.conf": dialplan(), "queues.conf": QUEUES})


@pytest.mark.parametrize(("number", "said"), [*enumerate(OBSERVED.values(), 2000)])
def test_a_function_gives_what_asterisk_gives(conf: Config, number: int, said: str) -> None:
    call = conf.call(str(number), entry="context:main", callerid='"Al" <100>')
    assert call.steps[-1].data == said


def test_the_place_in_a_record_is_unknown_after_a_jump() -> None:
    # It lags: seen are the place of before, and later the one that a subroutine ran at.
    text = "[main]\nexten => 1,1,NoOp(${CDR(dst)})\n same => n,Goto(2,1)\n"
    conf = Config.from_texts({"extensions.conf": text + "exten => 2,1,NoOp(${CDR(dst)})\n"})
    first, _, last = conf.call("1", entry="context:main").steps
    assert (first.data, last.data) == ("1", "${CDR(dst)}")
