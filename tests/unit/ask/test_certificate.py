"""Certificates: a right one has no fault, and one with anything taken from it or added has.

With ASTERCONF_FULL=1 each state of every proof is tried, else a few of the large ones.
"""

import os
import random
from collections.abc import Iterator

import attrs
import pytest

from asterconf.ask import Certificate
from asterconf.config import Config
from asterconf.numbers import automaton as at
from asterconf.numbers import terms
from tests.planted_holes import HOLES, house

FULL = os.environ.get("ASTERCONF_FULL") == "1"
CHANCE = random.Random(os.environ.get("ASTERCONF_SEED", "certificates"))
PLAN = """\
[globals]
HALL=100
[c]
exten => _1XX,1,Set(__from=${EXTEN:1})
same => n,Gosub(ring,s,1(${EXTEN}))
same => n,GotoIf($["${DIALSTATUS}"="BUSY"]?busy)
same => n,Dial(Local/${from}@inner)
same => n,Hangup()
same => n(busy),Busy()
exten => _1XX/200,1,Dial(PJSIP/${HALL},,U(whisper^${EXTEN}))
include => night,22:00-06:00,*,*,*
exten => 7,1,Goto(menu,s,1)
exten => h,1,NoOp(${EXTEN})
[night]
exten => _[289]XX,1,ExecIf($["${CALLERID(num)}"="5"]?Dial(PJSIP/${EXTEN:0:1}00))
same => n,Goto(c,100,1)
[menu]
exten => s,1,Answer()
same => n,WaitExten(3)
exten => _[12]!,1,Playback(${EXTEN:1})
exten => t,1,Hangup()
exten => i,1,Playback(${INVALID_EXTEN})
[ring]
exten => s,1,Dial(PJSIP/${ARG1},20)
same => n,Return()
[inner]
exten => _XX,1,Dial(PJSIP/${from})
[whisper]
exten => s,1,Playback(${ARG1})
same => n,Return()
"""


def proofs() -> Iterator[tuple[Config, Certificate]]:
    """Yield configurations, each with what proves that the trunk is not reached."""
    pjsip = str(house().workspace.files.documents["pjsip.conf"])
    pjsip += "[200]\ntype=endpoint\ncontext=c\naors=200\n[200]\ntype=aor\nmax_contacts=1\n"
    made = Config.from_texts({"extensions.conf": PLAN, "pjsip.conf": pjsip})
    for conf, entry in (house(), ("t", "role:anonymous")), (made, ("context:c", "100")):
        for one in conf.ask.reach(entry=entry):
            assert one.verdict == "no", one.unknown_because
            yield conf, one.certificate


def chosen(proof: Certificate) -> list[int]:
    """Return the states that are tried."""
    every = range(len(proof.states))
    return [*every] if FULL else CHANCE.sample(every, min(len(every), 3))


def test_a_proof_has_no_fault() -> None:
    for conf, proof in proofs():
        assert len(proof.states) >= 1
        assert proof.faults(conf.workspace) == []


def test_a_proof_without_one_of_its_states_is_refused() -> None:
    for conf, proof in proofs():
        for number in chosen(proof):
            rest = (*proof.states[:number], *proof.states[number + 1 :])
            assert attrs.evolve(proof, states=rest).faults(conf.workspace), proof.states[number]


def test_a_proof_with_one_text_less_of_an_input_is_refused() -> None:
    for conf, proof in proofs():
        for number in chosen(proof):
            one = proof.states[number]
            for name, language in one.box.sets:
                text = terms.member(language)
                assert text is not None
                rest = at.combine(language, at.text_of(text), lambda a, b: a and not b)
                less = attrs.evolve(one, box=one.box.having(name, rest))
                states = (*proof.states[:number], less, *proof.states[number + 1 :])
                assert attrs.evolve(proof, states=states).faults(conf.workspace), (one, name)


def test_a_proof_with_one_moment_less_is_refused() -> None:
    for conf, proof in proofs():
        for number in chosen(proof):
            one = proof.states[number]
            less = attrs.evolve(one, box=one.box.at(one.box.time & (one.box.time - 1)))
            states = (*proof.states[:number], less, *proof.states[number + 1 :])
            assert attrs.evolve(proof, states=states).faults(conf.workspace), one


@pytest.mark.parametrize("name", ["100", "200"])
def test_a_proof_that_also_denies_what_is_dialled_is_refused(name: str) -> None:
    dialled = 0
    for conf, proof in proofs():
        denied = attrs.evolve(proof, trunks=(*proof.trunks, name))
        known = name in conf.workspace.pjsip.endpoints
        reached = known and conf.ask.reach(name, entry=proof.entry).verdict == "yes"
        assert bool(denied.faults(conf.workspace)) == reached
        dialled += reached
    assert dialled


def test_a_proof_of_another_dialplan_entry_or_caller_is_refused() -> None:
    for _, proof in proofs():
        if proof.entry == "t":
            for hole in HOLES:
                open_now = house(hole).ask.reach(entry="t").verdict != "no"
                assert bool(proof.faults(house(hole).workspace)) == open_now, hole
    for conf, proof in proofs():
        other = "anonymous" if proof.entry == "t" else "t"
        assert attrs.evolve(proof, entry=other).faults(conf.workspace)
        assert attrs.evolve(proof, callerid="0123").faults(conf.workspace)
