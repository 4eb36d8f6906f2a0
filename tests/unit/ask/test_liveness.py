"""Which variables tell calls apart at a place: those that some step may read that comes after."""

import pytest

from asterconf.ask.entries import entries_of
from asterconf.ask.liveness import Liveness
from asterconf.ask.reach import searches_of
from asterconf.config import Config
from tests.unit.ask.wizard import trunk

PJSIP = trunk("provider", "none")
OUT = "[none]\nexten => x,1,NoOp\n"
ASK = 'GotoIf($["${v}"="1"]?out,s,1)'
WAYS = {
    "the next step": "exten => 1,1,Set(v=VALUE); ASK\n",
    "a step far behind": "exten => 1,1,Set(v=VALUE); NoOp; Goto(b,2,1)\n"
    "[b]\nexten => 2,1,NoOp; ASK\n",
    "another extension": "exten => _X,1,Set(v=VALUE)\nexten => _[0-8],2,NoOp; ASK\n",
    "behind a subroutine": "exten => 1,1,Set(v=VALUE); Gosub(b,s,1); ASK\n"
    "[b]\nexten => s,1,Return\n",
    "in a subroutine": "exten => 1,1,Set(v=VALUE); Gosub(b,s,1)\n[b]\nexten => s,1,ASK\n",
    "an argument": "exten => 1,1,Gosub(b,s,1(VALUE))\n[b]\nexten => s,1,Set(v=${ARG1}); ASK\n",
    "an argument that another call hides": "exten => 1,1,Gosub(b,s,1(VALUE))\n[b]\n"
    "exten => s,1,Gosub(c,s,1(x)); Set(v=${ARG1}); ASK\n"
    "[c]\nexten => s,1,NoOp(${ARG1}); Return\n",
    "what a subroutine returns": "exten => 1,1,Gosub(b,s,1); Set(v=${GOSUB_RETVAL})\n"
    " same => n,ASK\n[b]\nexten => s,1,Return(VALUE)\n",
    "a local variable": "exten => 1,1,Set(v=VALUE); Gosub(b,s,1); ASK\n"
    "[b]\nexten => s,1,Set(LOCAL(v)=1); NoOp(${v}); Return\n",
    "an extension that is not there": "exten => 1,1,Set(v=VALUE); Goto(7,1)\nexten => i,1,ASK\n",
    "digits": "exten => 1,1,Set(v=VALUE); WaitExten(5)\nexten => 77,1,ASK\n",
    "no digits": "exten => 1,1,Set(v=VALUE); WaitExten(5)\nexten => t,1,ASK\n",
    "a label": "exten => 1,1,Set(v=VALUE); GotoIf(1?far); Hangup\n same => n(far),ASK\n",
    "a relative jump": "exten => 1,1,Set(v=VALUE); Goto(+2); NoOp; ASK\n",
    "a place that is made": "exten => 1,1,Set(v=VALUE); Set(p=b); Goto(${p},s,1)\n"
    "[b]\nexten => s,1,ASK\n",
    "an application in another": "exten => 1,1,Set(v=VALUE); ExecIf(1?Goto(b,s,1))\n"
    "[b]\nexten => s,1,ASK\n",
    "a loop": "exten => 1,1,Set(n=1); While($[${n}<3]); ASK\n"
    " same => n,Set(v=VALUE); Set(n=$[${n}+1]); EndWhile\n",
    "a called channel": "exten => 1,1,Set(_v=VALUE); Dial(Local/s@b)\n[b]\nexten => s,1,ASK\n",
    "a called channel of a called one": "exten => 1,1,Set(__v=VALUE); Dial(Local/s@b)\n"
    "[b]\nexten => s,1,Dial(Local/s@c)\n[c]\nexten => s,1,ASK\n",
    "a channel in a variable": "exten => 1,1,Set(__v=VALUE); Set(to=Local/s@b)\n"
    " same => n,Dial(${to})\n[b]\nexten => s,1,ASK\n",
    "a name that is made": "exten => 1,1,Set(v=VALUE); Set(w=v)\n"
    ' same => n,GotoIf($["${${w}}"="1"]?out,s,1)\n',
    "a function by name": "exten => 1,1,Set(v=VALUE,x); Set(u=${CUT(v,\\,,1)})\n"
    ' same => n,GotoIf($["${u}"="1"]?out,s,1)\n',
}


def asked(way: str, value: str) -> str:
    """Return whether calls reach the trunk by way of what was set; it is 1, or it is not."""
    plan = "[a]\n" + WAYS[way].replace("; ", "\n same => n,").replace("ASK", ASK).replace(
        "VALUE", value
    )
    plan += f"[out]\nexten => s,1,Dial(PJSIP/1@provider)\n{OUT}"
    conf = Config.from_texts({"extensions.conf": plan, "pjsip_wizard.conf": PJSIP})
    return conf.ask.reach(to="provider", entry="context:a").verdict


@pytest.mark.parametrize("way", WAYS)
def test_what_was_set_is_known_wherever_it_is_read(way: str) -> None:
    assert asked(way, "1") == "yes"
    assert asked(way, "2") == "no"


@pytest.mark.parametrize("way", WAYS)
def test_a_variable_that_is_thought_not_to_matter_is_unknown_where_it_is_read(
    way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Liveness, "at", lambda *_: 1)
    assert asked(way, "1") == asked(way, "2") == "unknown"


def test_states_are_one_where_they_differ_in_what_no_later_step_reads() -> None:
    plan = (
        '[a]\nexten => _X,1,Set(v=${EXTEN})\n same => n,GotoIf($["${v}"="1"]?b,s,1:c,s,1)\n'
        "[b]\nexten => s,1,Set(w=1)\n same => n,Goto(d,s,1)\n"
        "[c]\nexten => s,1,Goto(d,s,1)\n"
        "[d]\nexten => s,1,NoOp()\n same => n,Goto(e,s,1)\n[e]\nexten => s,1,Hangup()\n"
        "[f]\nexten => s,1,NoOp(${v}${w})\n"
    )
    work = Config.from_texts({"extensions.conf": plan}).workspace
    (way,) = entries_of(work, "context:a")
    found = searches_of(work).of(way)
    assert sorted(one.context for one in found.seen) == [*"aabbcdde"]
    assert not any(one.variables[1:] for one in found.seen if one.context in "de")


def test_a_subroutine_sees_no_argument_of_the_one_around_it() -> None:
    plan = (
        "[a]\nexten => 1,1,Gosub(b,s,1(x,1))\n[b]\nexten => s,1,Gosub(c,s,1(y))\n"
        '[c]\nexten => s,1,GotoIf($["${ARG2}"="1"]?out,s,1)\n'
        f"[out]\nexten => s,1,Dial(PJSIP/1@provider)\n{OUT}"
    )
    conf = Config.from_texts({"extensions.conf": plan, "pjsip_wizard.conf": PJSIP})
    assert conf.ask.reach(to="provider", entry="context:a").verdict == "no"


def test_an_argument_that_is_empty_is_none_and_not_unknown() -> None:
    plan = (
        "[a]\nexten => 1,1,Gosub(b,s,1(${GOSUB_RETVAL}))\n"
        '[b]\nexten => s,1,GotoIf($["${ARG1}"="1"]?out,s,1)\n'
        f"[out]\nexten => s,1,Dial(PJSIP/1@provider)\n{OUT}"
    )
    conf = Config.from_texts({"extensions.conf": plan, "pjsip_wizard.conf": PJSIP})
    assert conf.ask.reach(to="provider", entry="context:a").verdict == "no"
