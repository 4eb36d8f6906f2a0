"""What changed is found on every way that leads to it, and calls that never get there are not."""

from collections import Counter

import pytest

from asterconf import Config, diff
from asterconf.ask.bisimulation import Bisimulation
from asterconf.ask.sameness import Side, Way
from asterconf.ask.states import State
from asterconf.numbers.terms import Box
from tests.unit.ask.wizard import trunk

STEPS = "[b]\nexten => _[s1],1,STEP\nexten => h,1,NoOp\n"
WAYS = {
    "here": "exten => 1,1,NoOp; STEP\n",
    "another extension of the number": "exten => _X,1,NoOp\nexten => _[0-8],2,STEP\n",
    "a jump": "exten => 1,1,Goto(b,s,1)\n",
    "a jump by a variable": "exten => 1,1,Set(p=b); Goto(${p},s,1)\n",
    "a jump by a part of a number": "exten => _91,1,Goto(b,${EXTEN:1},1)\n",
    "a chosen jump": "exten => 1,1,Goto(${IF($[1 = 1]?b,s,1:x,1)})\n",
    "a label": "exten => 1,1,GotoIf($[1 = 1]?far); Hangup\n same => n(far),STEP\n",
    "a relative jump": "exten => 1,1,Goto(+2); Hangup; STEP\n",
    "an hour": "exten => 1,1,GotoIfTime(9:00-10:00,*,*,*?b,s,1)\n",
    "a subroutine": "exten => 1,1,Gosub(b,s,1(x))\n",
    "behind a subroutine": "exten => 1,1,Gosub(c,s,1); STEP\n[c]\nexten => s,1,Return\n",
    "an application in another": "exten => 1,1,ExecIf($[1 = 1]?Goto(b,s,1))\n",
    "a loop": "exten => 1,1,Set(n=1); While($[${n} < 3]); Set(n=5); EndWhile; STEP\n",
    "the end": "exten => 1,1,Hangup\nexten => h,1,STEP\n",
    "the end elsewhere": "exten => 1,1,Goto(c,1,1)\n[c]\nexten => 1,1,Busy\nexten => h,1,STEP\n",
    "no extension": "exten => 1,1,Goto(7,1)\nexten => i,1,STEP\n",
    "no digits": "exten => 1,1,WaitExten(5)\nexten => t,1,STEP\n",
    "digits": "exten => 1,1,WaitExten(5)\nexten => 77,1,STEP\n",
    "digits in a greeting": "exten => 1,1,Background(hello); Wait(9)\nexten => 7,1,STEP\n",
    "a transfer": "exten => 1,1,Dial(PJSIP/200,20,T)\nexten => 77,1,STEP\n",
    "a channel": "exten => 1,1,Dial(Local/s@b)\n",
    "a channel in a variable": "exten => 1,1,Set(to=Local/s@b); Dial(${to})\n",
    "one of several channels": "exten => 1,1,Dial(PJSIP/200&Local/s@b)\n",
    "what is run for who answers": "exten => 1,1,Dial(PJSIP/200,20,U(b))\n",
    "a key in the greeting of a mailbox": "exten => 1,1,VoiceMail(1@x)\nexten => a,1,STEP\n",
    "a handler": "exten => 1,1,Set(CHANNEL(hangup_handler_push)=b,s,1); Hangup\n",
    "a global variable": "exten => 1,1,Playback(${SOUND})\n",
    "an include": "include => c\n[c]\nexten => 1,1,STEP\n",
    "an include by hours": "include => c,9:00-17:00,*,*,*\n[c]\nexten => 1,1,STEP\n",
    "a number that is taken apart": "exten => _1.,1,Dial(PJSIP/200/${EXTEN})\n",
}


def sides(plan: str, **files: str) -> tuple[Config, Config]:
    def made(step: str) -> Config:
        text = f"[globals]\nSOUND={step[9:-1]}\n[a]\n{plan}{STEPS}"
        text = text.replace("; ", "\n same => n,").replace("STEP", step)
        pjsip = trunk("200", "none")
        return Config.from_texts({"extensions.conf": text, "pjsip_wizard.conf": pjsip, **files})

    return made("Playback(one)"), made("Playback(two)")


@pytest.mark.parametrize("way", WAYS)
def test_what_changed_is_found_on_the_way(way: str) -> None:
    assert diff(*sides(WAYS[way])).calls("context:a").verdict != "no"


def followed(monkeypatch: pytest.MonkeyPatch, *both: Config) -> Counter[str]:
    """Return how often the comparison of all contexts followed a step, by context."""
    found: Counter[str] = Counter()
    ways = Bisimulation._ways

    def counted(self: Bisimulation, side: Side, state: State, box: Box) -> list[Way]:
        found[state.context] += 1
        return ways(self, side, state, box)

    monkeypatch.setattr(Bisimulation, "_ways", counted)
    names = [f"context:{one.name}" for one in both[0].dialplan]
    answer = diff(*both).calls(names)
    assert [(row.entry, row.verdict) for row in answer] == [("context:b", "yes")]
    return found


QUIET = """exten => _1XX,1,Set(to=${EXTEN:1})
 same => n,GotoIf($["${DB(away/${EXTEN})}" = "1"]?gone)
 same => n,Gosub(ring,s,1(${to}))
 same => n(gone),VoiceMail(${to}@home,u)
exten => _2XX,1,While($[${LEN(${EXTEN})} > 9])
 same => n,EndWhile
 same => n,Goto(${IF($["${DIALSTATUS}" = "BUSY"]?busy:other)})
 same => n(busy),Busy
 same => n(other),WaitExten(5)
exten => i,1,Hangup
[ring]
exten => s,1,Dial(PJSIP/200/${ARG1},20,T)
 same => n,Return
"""


def test_calls_that_never_get_there_are_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert {*followed(monkeypatch, *sides(QUIET))} == {"b"}


def test_what_may_be_taken_apart_is_followed() -> None:
    answer = diff(*sides("exten => _1.,1,Dial(PJSIP/200/${EXTEN})\n")).calls("context:a")
    assert answer.verdict == "unknown"
    assert "1&2" in answer.numbers
    assert "12" not in answer.numbers
