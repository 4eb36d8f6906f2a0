"""Many extensions that each dial an endpoint are followed as one, and answered one by one."""

from asterconf import Numbers
from asterconf.ask.entries import entries_of
from asterconf.ask.reach import searches_of
from asterconf.config import Config
from tests.unit.ask.test_never_ignorance import WIZARD

PHONES = "".join(f"exten => 20{n:02},1,Dial(PJSIP/p{n},20)\n" for n in range(50))


def conf(more: str) -> Config:
    plan = f"[c]\n{PHONES}{more}"
    return Config.from_texts({"extensions.conf": plan, "pjsip_wizard.conf": WIZARD})


def test_only_the_one_that_dials_the_trunk_reaches_it() -> None:
    found = conf("exten => 2099,1,Dial(PJSIP/provider,20)\n")
    (answer,) = found.ask.reach(entry="context:c")
    assert answer.numbers == Numbers("2099")
    assert answer.witness is not None
    assert (answer.witness.dialled, answer.witness.reaches) == ("2099", "PJSIP/provider")
    assert found.ask.reach(entry="context:c", numbers=~Numbers("2099")).verdict == "no"


def test_what_comes_after_one_of_them_fails_has_a_call() -> None:
    found = conf("exten => 2007,2,Dial(PJSIP/911@provider)\n")
    (answer,) = found.ask.reach(entry="context:c")
    assert answer.numbers == Numbers("2007")
    assert answer.witness is not None
    assert answer.witness.dialled == "2007"


def test_each_of_them_is_run_or_dead_by_itself() -> None:
    found = conf("exten => _20XX,1,Dial(PJSIP/x,20)\nexten => _200Z,1,Dial(PJSIP/y,20)\n")
    dead = {row.name for row in found.ask.dead(entry="context:c")}
    assert dead == {"[c] _200Z"}


def test_transfers_from_many_steps_come_to_the_same_states() -> None:
    def states(phones: int) -> int:
        step = "exten => 20{n},1,Dial(PJSIP/p{n},20,T)\n same => n,NoOp(${{CALLERID(num)}})\n"
        plan = "[c]\n" + "".join(step.format(n=n) for n in range(phones))
        found = Config.from_texts({"extensions.conf": plan, "pjsip_wizard.conf": WIZARD})
        (way,) = entries_of(found.workspace, "context:c")
        return len(searches_of(found.workspace).of(way).seen)

    assert states(5) == states(2)


def transferring(phones: int, context: str) -> Config:
    step = f"exten => {{n}},1,Set(TRANSFER_CONTEXT={context})\n same => n,Dial(PJSIP/p{{n}},20,T)\n"
    plan = (
        "[c]\n"
        + "".join(step.format(n=n) for n in range(phones))
        + ("exten => 99,1,Hangup()\n[out]\nexten => _9X.,1,Dial(PJSIP/${EXTEN}@provider)\n")
    )
    return Config.from_texts({"extensions.conf": plan, "pjsip_wizard.conf": WIZARD})


def test_a_further_call_is_followed_once_whatever_was_dialled_before() -> None:
    def size(phones: int) -> int:
        found = transferring(phones, "c")
        (way,) = entries_of(found.workspace, "context:c")
        return searches_of(found.workspace).of(way).size

    assert size(20) - size(15) == size(10) - size(5)


def test_each_number_before_a_further_call_reaches_what_that_reaches() -> None:
    found = transferring(3, "out")
    (answer,) = found.ask.reach(entry="context:c")
    assert answer.numbers == Numbers("0", "1", "2")
    for number in ("0", "1", "2"):
        (one,) = found.ask.reach(entry="context:c", numbers=Numbers(number))
        assert one.witness is not None
        assert one.witness.dialled == number
    (one,) = found.ask.reach(entry="context:c", numbers=Numbers("99"))
    assert (one.verdict, one.certificate.faults(found.workspace)) == ("no", [])


def test_a_no_behind_further_calls_is_proved() -> None:
    found = transferring(3, "c")
    (answer,) = found.ask.reach(entry="context:c", to="provider")
    assert (answer.verdict, answer.certificate.faults(found.workspace)) == ("no", [])
