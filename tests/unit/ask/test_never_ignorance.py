"""What the files do not say is no "no", and an emergency call that may end early is no "yes"."""

from pathlib import Path

import attrs
import pytest
from click.testing import CliRunner

from asterconf.ask.engine import Engine
from asterconf.ask.entries import Destination, entries_of
from asterconf.ask.reach import explored, hits_of, stops_of
from asterconf.cli import commands
from asterconf.config import Config
from asterconf.numbers import Numbers
from tests.unit.ask.wizard import phone, trunk

WIZARD = trunk("provider", "from-trunk") + phone("100", "from-home")
B = "[b]\nexten => s,1,"
OUT = "\n[out]\nexten => s,1,Dial(PJSIP/911@provider)\n[from-trunk]\nexten => x,1,NoOp\n"


def config(steps: str, more: str = "") -> Config:
    numbered = steps.replace("; ", "\n same => n,")
    plan = f"[from-home]\nexten => 911,1,{numbered}\n{more}{OUT}"
    return Config.from_texts({"extensions.conf": plan, "pjsip_wizard.conf": WIZARD})


@pytest.mark.parametrize(
    "steps",
    [
        'Dial(PJSIP/100,,g); GotoIf($["${ANSWEREDTIME}"!=""]?out,s,1)',
        'Dial(PJSIP/100,,g); GotoIf($["${DIALEDPEERNAME}"!=""]?out,s,1)',
        'GotoIf($["${PJSIP_DIAL_CONTACTS(100)}"=""]?out,s,1)',
        'GotoIf($["${CALLERID(name)}"="bob"]?out,s,1)',
        'Set(CALLERID(num)=1); GotoIf($["${CALLERID(ani)}"="6"]?out,s,1)',
        'Set(p=1); Set(GLOBAL(a${p})=5); GotoIf($["${a1}"="5"]?out,s,1)',
        'Set(ARRAY(GLOBAL(q),b)=5\\,6); GotoIf($["${q}"="5"]?out,s,1)',
        'Read(GLOBAL(x)); GotoIf($["${x}"="5"]?out,s,1)',
        'Set(x=GLOBAL(y)); Set(${x}=2); GotoIf($["${y}"="2"]?out,s,1)',
        'Set(MASTER_CHANNEL(X)=1); GotoIf($["${X}"="1"]?out,s,1)',
        'GotoIf($["${MY_LOOKUP(1)}"="1"]?out,s,1)',
        "Dial(${DB(a/b)})",
        "Set(x=${DB(a/b)}); Dial(PJSIP/100&${x})",
        "RetryDial(beep,1,2,${DB(a/b)})",
        "Dial(PJSIP/${DB(a/b)}@100)",  # it may hold more than one
        "Goto(${DB(a/b)},1)",
        "AGI(x.agi)",
        "GotoIf($[${CALLERID(num)} != abc]?safe:out,s,1); Hangup; NoOp; Hangup(); (safe),NoOp",
    ],
)
def test_what_only_a_running_asterisk_knows_is_no_no(steps: str) -> None:
    steps = steps.replace("; (safe),", "\n same => n(safe),")
    assert config(steps).ask.reach(entry="100").verdict in ("yes", "unknown")


def test_a_variable_that_is_set_again_is_not_inherited() -> None:
    more = '[l]\nexten => s,1,GotoIf($["${X}"=""]?out,s,1)\n'
    assert config("Set(_X=1); Set(X=2); Dial(Local/s@l)", more).ask.reach(entry="100")


@pytest.mark.parametrize(
    ("steps", "verdicts"),
    [
        ("Dial(PJSIP/911@provider)", {"yes"}),
        ("Answer; Wait(1); Dial(PJSIP/911@provider)", {"yes"}),
        ("Dial(Local/s@out)", {"yes"}),
        ('GotoIf($["${CALLERID(num)}"="100"]?out,s,1)', {"no", "unknown"}),
        ('Read(p); GotoIf($["${p}"="1"]?out,s,1)', {"no"}),
        ('GotoIf($["${DEVICE_STATE(PJSIP/provider)}"="INUSE"]?out,s,1)', {"no"}),
        ('Dial(PJSIP/100); GotoIf($["${DIALSTATUS}"="BUSY"]?out,s,1)', {"no"}),
        ("Dial(PJSIP/5551234@provider)", {"unknown"}),
        ("Hangup\nexten => h,1,Dial(PJSIP/911@provider)", {"no", "unknown"}),
        ("Dial(PJSIP/100,,T)\nexten => 8,1,Dial(PJSIP/911@provider)", {"no", "unknown"}),
        ("Answer; WaitForSilence(500,1,2); Dial(PJSIP/911@provider)", {"yes", "unknown"}),
        ("Wait(1); Goto(1)", {"no", "unknown"}),
        ("Set(TIMEOUT(absolute)=5); Wait(9); Dial(PJSIP/911@provider)", {"no", "unknown"}),
        ("Set(TIMEOUT(absolute)=3600); Wait(9); Dial(PJSIP/911@provider)", {"yes"}),
        ("Pickup(); Dial(PJSIP/911@provider)", {"no", "unknown"}),
        ("Dial(PJSIP/911@provider,,P(x))", {"no", "unknown"}),
        (f"Dial(PJSIP/911@provider,,b(b^s^1))\n{B}Hangup()", {"no", "unknown"}),
        (f"Dial(PJSIP/911@provider,,b(b^s^1))\n{B}Set(X=1)\n same => n,Return()", {"yes"}),
    ],
)
def test_an_emergency_call_is_handed_over_only_if_every_way_does(
    steps: str, verdicts: set[str]
) -> None:
    assert config(steps).ask.emergency(["911"]).verdict in verdicts


def test_a_queue_may_call_nobody() -> None:
    conf = config("Queue(q)")
    texts = {name: str(conf[name]) for name in conf.names}
    texts["queues.conf"] = "[q]\nmember => PJSIP/911@provider\n"
    with_queue = Config.from_texts(texts)
    assert with_queue.ask.emergency(["911"]).verdict in ("no", "unknown")
    assert with_queue.ask.reach(entry="100").verdict == "yes"


@pytest.mark.parametrize(
    "arguments",
    [
        ["emergency", "--down", "provider"],
        ["reach", "--down", "provider"],
        ["what-if", "--down", "nobody"],
        ["reach", "--number", "_X["],
        ["reach", "--number", "_[z-a]"],
        ["emergency", "--number", ""],
        ["emergency", "--number", "9 1 1"],
        ["emergency", "--number", "_9XX"],
        ["dead", "--number", "911"],
    ],
)
def test_what_a_question_does_not_take_is_refused(tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "extensions.conf").write_text("[from-home]\nexten => 911,1,Hangup\n" + OUT)
    (tmp_path / "pjsip_wizard.conf").write_text(WIZARD)
    question, *rest = arguments
    done = CliRunner().invoke(commands, ["ask", question, str(tmp_path), *rest])
    assert done.exit_code == 2, done.output


def test_a_long_list_of_numbers_is_followed_once_for_each() -> None:
    lines = "\n".join(f"exten => {n},1,NoOp\n same => n,Hangup" for n in range(1000, 1080))
    conf = config("Dial(PJSIP/911@provider)", lines + "\n")
    engine = Engine(conf.workspace)
    result = explored(engine, entries_of(conf.workspace, "100")[0])
    assert len(result.seen) < 10
    assert engine.taken < 4 * 80


def test_a_search_that_grows_too_large_is_unknown() -> None:
    conf = config("Goto(a${EXTEN},1)", "exten => _[a9]!,1,Goto(a${EXTEN},1)\n")
    engine = Engine(conf.workspace, budget=5)
    result = explored(engine, entries_of(conf.workspace, "100")[0])
    assert any("budget" in mark.text for mark in result.stopped)


def test_no_number_is_kept_in_where_a_search_was_too_long_to_say_so() -> None:
    lines = "".join(f"exten => 2{n},1,Dial(PJSIP/2{n}@provider)\n" for n in range(10, 20))
    lines += "".join(f"exten => 3{n},1,NoOp()\n same => n,Goto(2{n},1)\n" for n in range(10, 20))
    conf = config("NoOp", lines)
    (way,) = entries_of(conf.workspace, "100")
    for budget in range(5, 80, 5):
        engine = Engine(conf.workspace, budget=budget, per_step=0)
        result = explored(engine, way)
        out = hits_of(result, way, Destination(("provider",))).numbers
        for number in ("310", "319", "210", "219"):
            nodes = (node for stopped in result.stopped.values() for node in stopped)
            assert number in out or any(n.box["d"].accepts_text(number.encode()) for n in nodes)


@pytest.mark.parametrize(
    "app", ["System", "Record", "MixMonitor", "UserEvent", "QueueLog", "Signal", "SayNumber"]
)
def test_a_step_that_is_given_nothing_ends_an_emergency_call(app: str) -> None:
    conf = config(f"{app}(); Dial(PJSIP/911@provider)")
    assert conf.ask.emergency(["911"], entry="100").verdict == "no"
    assert str(conf.call("911", entry="100").outcome) == "hung up"
    conf = config("TrySystem(); SayDigits(); NoOp(); Dial(PJSIP/911@provider)")
    assert conf.ask.emergency(["911"], entry="100").verdict == "yes"


@pytest.mark.parametrize("step", ["AGI(route.agi)", "Dial(${DB(a/b)})", "Goto(${DB(a/b)},1)"])
def test_what_stops_several_numbers_stops_each_of_them(step: str) -> None:
    ways = "exten => 310,1,Goto(more,1)\nexten => 410,1,NoOp()\n same => n,Goto(more,1)\n"
    conf = config("NoOp", f"{ways}exten => more,1,{step}\n")
    kinds = {"three": Numbers("310"), "four": Numbers("410"), "nothing": Numbers("555")}
    services = conf.ask.class_of_service(kinds, entry="100").to_records()
    assert services == [{"phone": "100", "three": "unknown", "four": "unknown", "nothing": "none"}]


@pytest.mark.parametrize("caller", ["100", "200"])
def test_what_stops_several_callers_stops_each_of_them(caller: str) -> None:
    lines = "".join(
        f'exten => {n},1,GotoIf($["${{CALLERID(num)}}"="{n}"]?more,1)\n same => n,Hangup()\n'
        for n in ("100", "200")
    )
    conf = config("Hangup", f"{lines}exten => _m!,1,AGI(route.agi)\n")
    (way,) = entries_of(conf.workspace, "100")
    way = attrs.evolve(way, callerid=caller)
    result = explored(Engine(conf.workspace), way, Numbers("100", "200"))
    assert [mark.text[:3] for mark in stops_of(result, way)] == ["AGI"]


def test_a_loop_is_followed_round_by_round_also_where_variables_are_not_known() -> None:
    loop = 'Set(i=); While($["${i}" != "xxx"]); Set(i=${i}x); EndWhile; Goto(out,s,1)'
    lines = loop.replace("; ", "\n same => n,")
    more = (
        f"exten => _8X,1,{lines}\nexten => _7X,1,Set(${{EXTEN}}${{RAND()}}=1)\n same => n,{lines}"
    )
    conf = config("NoOp", more + "\n")
    engine = Engine(conf.workspace)
    result = explored(engine, entries_of(conf.workspace, "100")[0])
    assert not [mark for mark in result.stopped if "budget" in mark.text]
    assert conf.ask.reach(entry="100", numbers=Numbers("_8X")).verdict == "yes"
    assert conf.ask.reach(entry="100", numbers=Numbers("_7X")).verdict in ("yes", "unknown")


def test_a_loop_without_an_end_is_no_matter_of_the_budget() -> None:
    steps = "Set(i=0); Set(i=$[${i} + 1]); GotoIf($[${i} < ${DB(most/n)}]?2); Playback(bye)"
    conf = config(steps)
    result = explored(Engine(conf.workspace), entries_of(conf.workspace, "100")[0])
    assert not result.stopped
    assert conf.ask.reach(entry="100").verdict == "no"
    assert config(f"{steps}; Goto(out,s,1)").ask.reach(entry="100").verdict in ("yes", "unknown")
    beyond = config(f'{steps}; GotoIf($["${{i}}"="99"]?out,s,1)').ask.reach(entry="100")
    assert beyond.verdict == "unknown", "the hundredth round is not followed, and not excluded"


def test_a_search_that_says_nothing_of_its_budget_has_found_everything() -> None:
    waits = {n: " same => n,Wait(1)\n" * n for n in range(1, 10)}  # they come to it one by one
    lines = "".join(
        f"exten => _{n}XX,1,NoOp\n{wait} same => n,Goto(menu,s,1)\n" for n, wait in waits.items()
    )
    menu = "[menu]\nexten => s,1,Answer\n same => n,Read(m)\n same => n,GotoIf($[${m}=1]?out,s,1)\n"
    conf = config("NoOp", f"{lines}{menu} same => n,Playback(${{k}}${{m}})\n same => n,Goto(1)\n")
    way = entries_of(conf.workspace, "100")[0]
    whole = explored(Engine(conf.workspace, budget=100_000), way)
    assert not whole.stopped
    short = 0
    for budget in range(1, whole.taken + 2, 29):
        found = explored(Engine(conf.workspace, budget=budget, per_step=0), way)
        short += bool(found.stopped)
        assert found.stopped or found.size == whole.size
    assert short
