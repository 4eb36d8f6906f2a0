"""`Config.call`: steps, outcomes, worlds, and what is not known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from asterconf.calls import (
    Answered,
    Answers,
    Busy,
    Call,
    Cause,
    FellOff,
    HangsUp,
    HungUp,
    InConference,
    InQueue,
    Loops,
    NoAnswer,
    Presses,
    Recorded,
    Refused,
    Stopped,
    Unanswered,
    Unreachable,
    World,
    call_dialplan,
)
from asterconf.calls.expectations import read_tests
from asterconf.calls.world import Answer
from asterconf.config import Config, load
from asterconf.dialplan import DialplanStep, Hint, read_ami, read_show
from asterconf.errors import NotFoundError
from asterconf.home import HomePBX
from asterconf.numbers import Numbers
from tests.contacts import AORS, CONTACTS

PJSIP = """\
[phone](!)
type=endpoint
context=inside
aors=x
[6001](phone)
callerid=Ann <6001>
[6002](phone)
[trunk]
type=endpoint
context=outside
outbound_auth=a
aors=trunk
[trunk]
type=aor
contact=sip:sip.example.com
"""


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., Config]:
    def make(dialplan: str, **files: str) -> Config:
        (tmp_path / "extensions.conf").write_text(dialplan)
        (tmp_path / "pjsip.conf").write_text(PJSIP)
        for name, text in files.items():
            (tmp_path / f"{name}.conf").write_text(text)
        return load(tmp_path)

    return make


def inside(conf: Config, number: str = "100", **more: object) -> Call:
    return conf.call(number, entry="context:inside", **more)  # type: ignore[arg-type]


def steps(call: Call) -> list[str]:
    return [f"{step.exten}:{step.priority} {step.app}({step.data})" for step in call.steps]


def plan(*lines: str) -> str:
    return "[inside]\n" + "\n".join(lines) + "\n"


def test_an_endpoint_gives_context_and_caller_id(made: Callable[..., Config]) -> None:
    conf = made(plan("exten => _6XXX,1,NoOp(${CALLERID(num)} ${CHANNEL(channeltype)})"))
    call = conf.call("6002", entry="6001")
    assert steps(call) == ["6002:1 NoOp(6001 PJSIP)"]
    assert (call.steps[0].file, call.steps[0].line) == ("extensions.conf", 2)
    assert call.steps[0].key == "_6XXX"
    assert call.outcome == FellOff()


def test_a_phone_answers_and_the_caller_id_that_goes_out_is_told(
    made: Callable[..., Config],
) -> None:
    conf = made(
        plan(
            "exten => _X.,1,Set(CALLERID(num)=555)",
            "same => n,Dial(PJSIP/${EXTEN}@trunk,30)",
            "same => n,NoOp(no)",
        )
    )
    call = conf.call("911", entry="6001")
    assert call.outcome == Answered("PJSIP/911@trunk", "PJSIP/911@trunk", "911", "Ann <555>")
    assert [(d.target, d.number, d.callerid, d.status) for d in call.dialed] == [
        ("PJSIP/911@trunk", "911", "Ann <555>", "ANSWER")
    ]
    assert "PJSIP/911@trunk can be reached, answers after" in " ".join(call.assumed)
    assert call.cause == 16


@pytest.mark.parametrize(
    ("answer", "status", "cause"),
    [
        (Busy(), "BUSY", 17),
        (NoAnswer(), "NOANSWER", 0),
        (Unreachable(), "CHANUNAVAIL", 3),
        (Cause(34), "CONGESTION", 34),
        (Cause(1), "CHANUNAVAIL", 1),
        (Answers(after=31), "NOANSWER", 0),
    ],
)
def test_what_a_world_answers_is_in_dialstatus(
    made: Callable[..., Config], answer: Busy, status: str, cause: int
) -> None:
    conf = made(
        plan("exten => 100,1,Dial(PJSIP/6001,30)", "same => n,NoOp(${DIALSTATUS} ${HANGUPCAUSE})")
    )
    call = inside(conf, world=World({"PJSIP/6001": answer}))
    assert steps(call)[1:] == [f"100:2 NoOp({status} {cause})"]
    assert call.outcome == Unanswered("PJSIP/6001", status)
    assert call.variables["DIALSTATUS"] == status


def test_an_exact_target_counts_before_the_longest_pattern(made: Callable[..., Config]) -> None:
    conf = made(plan("exten => _6XXX,1,Dial(PJSIP/${EXTEN})", "same => n,Hangup()"))
    world = World({"PJSIP/*": Busy(), "PJSIP/600*": NoAnswer(), "PJSIP/6001": Unreachable()})
    found = [inside(conf, number, world=world).outcome for number in ("6001", "6002")]
    assert found[0] == Unanswered("PJSIP/6001", "CHANUNAVAIL")
    assert found[1] == Unanswered("PJSIP/6002", "CANCEL")


def test_unknown_endpoints_and_technologies_cannot_be_called(made: Callable[..., Config]) -> None:
    conf = made(plan("exten => _X.,1,Dial(${T})", "same => n,NoOp(${HANGUPCAUSE})"))
    for target, cause in (("PJSIP/nobody", "3"), ("Nosuch/1", "66")):
        call = inside(conf, variables={"T": target})
        assert steps(call)[-1] == f"100:2 NoOp({cause})"


def test_voicemail_depends_on_what_the_caller_does(made: Callable[..., Config]) -> None:
    conf = made(
        plan(
            "exten => 100,1,VoiceMail(100@default,u)",
            "same => n,NoOp(${VMSTATUS})",
            "exten => o,1,NoOp(operator)",
        ),
        voicemail="[default]\n100 => 1234,Ann\n",
    )
    assert inside(conf).outcome == Recorded("100@default")
    away = inside(conf, world=World(mailboxes={"*": HangsUp()}))
    assert len(away.steps) == 1
    assert away.outcome == HungUp(16)
    pressed = inside(conf, world=World(mailboxes={"100@default": Presses("0")}))
    assert steps(pressed)[-1] == "o:1 NoOp(operator)"


def test_a_queue_calls_its_members(made: Callable[..., Config]) -> None:
    text = "[q]\nmember => PJSIP/6001\nmember => PJSIP/6002\n"
    conf = made(
        plan("exten => 100,1,Queue(q,,,,20)", "same => n,NoOp(${QUEUESTATUS})"), queues=text
    )
    world = World({"PJSIP/6001": Answers(after=9), "PJSIP/6002": Answers(after=4)})
    assert inside(conf, world=world).outcome == Answered("PJSIP/6002", "PJSIP/6002", "6002")
    nobody = inside(conf, world=World({"PJSIP/*": NoAnswer()}))
    assert steps(nobody)[-1] == "100:2 NoOp(TIMEOUT)"
    left = inside(conf, world=World({"PJSIP/*": NoAnswer()}, hangs_up=5))
    assert left.outcome == InQueue("q")


def test_digits_choose_in_a_menu(made: Callable[..., Config]) -> None:
    conf = made(
        plan(
            "exten => 100,1,Background(menu)",
            "same => n,WaitExten(5)",
            "exten => 12,1,NoOp(twelve)",
            "exten => 1,1,NoOp(one)",
            "exten => i,1,NoOp(${INVALID_EXTEN})",
            "exten => t,1,NoOp(late)",
        )
    )
    assert steps(inside(conf, digits="1w"))[-1] == "1:1 NoOp(one)"
    assert steps(inside(conf, digits="12"))[-1] == "12:1 NoOp(twelve)"
    assert steps(inside(conf, digits="9"))[-1] == "i:1 NoOp(9)"
    assert steps(inside(conf))[-1] == "t:1 NoOp(late)"
    assert inside(conf).plays == ("menu",)


def test_what_only_a_running_asterisk_knows_stops_the_call(made: Callable[..., Config]) -> None:
    conf = made(
        plan(
            "exten => 100,1,Set(X=${CURL(http://example.com)})",
            "same => n,NoOp(${X})",
            'same => n,GotoIf($["${X}" = "1"]?100,1)',
            "exten => 200,1,AGI(script.py)",
            "same => n,NoOp(${X})",
        )
    )
    call = inside(conf)
    assert isinstance(call.outcome, Stopped)
    assert call.unknown is not None
    assert "CURL" in call.unknown.why
    assert call.steps[-1].app == "GotoIf"
    assert inside(conf, world=World(functions={"CURL": lambda _: "0"})).outcome == FellOff()
    stopped = inside(conf, "200")
    assert isinstance(stopped.outcome, Stopped)
    told = inside(conf, "200", world=World(applications={"AGI": lambda _: {"X": "7"}}))
    assert steps(told)[-1] == "200:2 NoOp(7)"


def test_a_circle_is_found(made: Callable[..., Config]) -> None:
    conf = made(
        plan(
            "exten => 100,1,NoOp()",
            "same => n,Goto(100,1)",
            "exten => 200,1,Dial(Local/200@inside)",
        )
    )
    call = inside(conf)
    assert isinstance(call.outcome, Loops)
    assert set(call.outcome.cycle) == {"100@inside:1", "100@inside:2"}
    assert isinstance(inside(conf, "200").outcome, Loops)


@pytest.mark.parametrize(
    ("lines", "most"),
    [
        (("exten => 1,1,Gosub(1,1)",), 70),
        (("exten => 1,1,Gosub(2,1(7))", "exten => 2,1,Gosub(2,1(${ARG1}))"), 70),
        (("exten => 1,1,Set(TIMEOUT(absolute)=9)", "same => n,Wait(1)", "same => n,Goto(1)"), 70),
        (("exten => 1,1,Set(X=${RAND(1,2)})", "same => n,Goto(1)"), 30_000),
    ],
)
def test_a_circle_is_found_soon(
    made: Callable[..., Config], lines: tuple[str, ...], most: int
) -> None:
    call = inside(made(plan(*lines)), "1")
    assert isinstance(call.outcome, Loops)
    assert len(call.steps) < most


@pytest.mark.parametrize(
    "lines",
    [
        (
            "exten => 1,1,Gosub(2,1(1))", "same => n,NoOp(end)",
            "exten => 2,1,GotoIf($[${ARG1}>99]?3)", "same => n,Gosub(2,1($[${ARG1}+1]))",
            "same => n,Return()",
        ),
        ("exten => 1,1,GotoIf($[${RAND(1,200)}=6]?3)", "same => n,Goto(1)", "same => n,NoOp(end)"),
        ("exten => 1,1,Set(TIMEOUT(absolute)=90)", "same => n,Wait(1)", "same => n,Goto(2)",
         "exten => T,1,NoOp(end)"),
    ],
)  # fmt: skip
def test_what_ends_after_many_steps_is_no_circle(
    made: Callable[..., Config], lines: tuple[str, ...]
) -> None:
    assert steps(inside(made(plan(*lines)), "1"))[-1].endswith("NoOp(end)")


@pytest.mark.parametrize(
    ("chosen", "keys", "read"),  # as 22.10.1 read them
    [
        ("", "1*2#3", "1*2"), ("t(*)", "12*34", "12"), ("t(*)", "1#2*3", "1#2"),
        ("t", "12#34", "12#34"), ("t(*1)", "2134", "2"), ("e", "#", "#"), ("e", "12#", "12"),
        ("et(*)", "*", "*"), ("et(*)", "1*", "1"), ("t(*)", "*", ""),
    ],
)  # fmt: skip
def test_options_of_read_say_which_keys_end_it(
    made: Callable[..., Config], chosen: str, keys: str, read: str
) -> None:
    conf = made(plan("exten => 1,1,Answer()", f"same => n,Read(X,,5,{chosen})"))
    assert inside(conf, "1", digits=keys).variables["X"] == read


def test_a_channel_that_is_sent_elsewhere_goes_there(made: Callable[..., Config]) -> None:
    conf = made(
        plan(
            "exten => 1,1,ChannelRedirect(${CHANNEL},4)",
            "same => 4,NoOp(${CHANNELREDIRECT_STATUS})",
            "exten => 2,1,ChannelRedirect(PJSIP/none-1,4)",
            "same => n,NoOp(${CHANNELREDIRECT_STATUS})",
            "exten => 3,1,SoftHangup(${CHANNEL})",
            "same => n,NoOp(on)",
        )
    )
    assert steps(inside(conf, "1"))[1:] == ["1:4 NoOp(SUCCESS)"]
    assert steps(inside(conf, "2"))[1:] == ["2:2 NoOp(NOCHANNEL)"]
    assert steps(inside(conf, "3"))[1:] == []


def test_endings_have_their_own_kind(made: Callable[..., Config]) -> None:
    conf = made(
        plan(
            "exten => 1,1,Hangup(21)",
            "exten => 2,1,Answer()",
            "same => n,Hangup()",
            "exten => 3,1,ConfBridge(9)",
        ),
        confbridge="[general]\n",
    )
    assert inside(conf, "1").outcome == Refused(21)
    assert inside(conf, "2").outcome == HungUp(16)
    assert inside(conf, "3").outcome == InConference("9")
    assert inside(conf, "4").outcome == Refused()
    for number in "1234":
        assert "\n" not in str(inside(conf, number).outcome)


def test_the_time_of_the_call_decides(made: Callable[..., Config]) -> None:
    conf = made(
        plan("exten => 100,1,GotoIfTime(9:00-17:00,mon-fri,*,*?200,1)", "exten => 200,1,NoOp(day)")
    )
    assert steps(inside(conf, at=datetime(2024, 2, 5, 10, tzinfo=UTC)))[-1] == "200:1 NoOp(day)"
    assert len(inside(conf, at=datetime(2024, 2, 4, 10, tzinfo=UTC)).steps) == 1


def test_the_same_call_gives_the_same_bytes(made: Callable[..., Config]) -> None:
    conf = made(plan("exten => 100,1,NoOp(${RAND(1,1000)} ${UNIQUEID} ${UUID()})"))
    at = datetime(2024, 2, 5, 10, tzinfo=UTC)
    assert str(inside(conf, at=at)) == str(inside(conf, at=at))
    other = inside(conf, at=at, world=World(seed=1))
    assert steps(other) != steps(inside(conf, at=at))


def test_entries_that_are_not_there_are_named_with_near_ones(made: Callable[..., Config]) -> None:
    conf = made(plan("exten => 100,1,NoOp()"))
    with pytest.raises(NotFoundError, match="did you mean 'inside'"):
        conf.call("1", entry="context:insid")
    with pytest.raises(NotFoundError, match="did you mean"):
        conf.call("1", entry="600")
    with pytest.raises(ValueError, match="cannot be dialed"):
        inside(conf, "1\n2")


def test_the_database_is_the_worlds(made: Callable[..., Config]) -> None:
    conf = made(plan("exten => 100,1,Set(DB(a/c)=2)", "same => n,NoOp(${DB(a/b)}${DB(a/c)})"))
    world = World(database={"a/b": "1"})
    assert steps(inside(conf, world=world))[-1] == "100:2 NoOp(12)"
    assert world.database == {"a/b": "1"}


def test_other_languages_of_dialplans_are_unknown(
    made: Callable[..., Config], tmp_path: Path
) -> None:
    conf = made(plan("exten => 100,1,Goto(elsewhere,s,1)"))
    assert inside(conf).outcome == Refused()
    (tmp_path / "extensions.ael").write_text("context elsewhere {};")
    assert isinstance(inside(load(tmp_path)).outcome, Stopped)


SHOWN = """\
[ Context 'other' created by 'pbx_ael' ]
  's' =>            1. NoOp(${ARG1})                              [extensions.ael:13]

[ Context 'main' created by 'pbx_ael' ]
  '100' =>          1. NoOp(one, two  (x))                        [extensions.ael:2]
     [lbl]          2. Goto(200,1)                                [extensions.ael:3]
  '300' =>          hint: PJSIP/300                               [extensions.ael:6]
                    1. Answer()                                   [extensions.ael:7]
  '_2XX' (CID match '') =>  1. Hangup()                                   [extensions.ael:5]
  '_2XX' (CID match '555') =>  1. Set(a=b)                                   [extensions.ael:4]
  Include =>        'other'                                       [pbx_ael]
  Include =>        'late,9:00-17:00,mon-fri,*,*'                 [pbx_ael]
  Ignore pattern => '9'                                           [pbx_ael]
  Alt. Switch =>    'Loopback/1@other'                            [pbx_ael]

-= 5 extensions (7 priorities) in 2 contexts. =-
"""


def test_what_a_running_asterisk_shows_can_be_called() -> None:
    plan = read_show(SHOWN)
    assert [context.name for context in plan] == ["main", "other"]
    main = plan["main"]
    assert main["100"].steps[1] == DialplanStep(2, "Goto", "200,1", "lbl")
    assert main["300"].hint == Hint("PJSIP/300")
    assert [e.key for e in main] == ["100", "300", "_2XX/", "_2XX/555"]
    assert [i.text for i in main.includes] == ["other", "late,9:00-17:00,mon-fri,*,*"]
    assert main.ignorepats == ("9",)
    assert main.switches[0].text == "Loopback/1@other"
    call = call_dialplan(plan, "100", "main", callerid="555")
    assert steps(call)[-1] == "200:1 Set(a=b)"
    assert call.steps[0].file == ""


def test_manager_events_give_the_same_dialplan() -> None:
    event = {"Event": "ListDialplan", "Context": "main"}
    rows = [
        {**event, "Extension": "1", "Priority": "1", "Application": "NoOp", "AppData": "x"},
        {**event, "Extension": "1", "Priority": "2", "Application": "Answer",
         "ExtensionLabel": "up"},
        {**event, "Extension": "2", "Priority": "hint", "Application": "PJSIP/2"},
        {**event, "IncludeContext": "other"},
        {"Event": "ShowDialPlanComplete"},
    ]  # fmt: skip
    (main,) = read_ami(rows)
    assert [str(step) for step in main["1"].steps] == ["NoOp(x)", "Answer()"]
    assert main["1"].step("up").priority == 2
    assert main["2"].hint == Hint("PJSIP/2")
    assert main.includes[0].context == "other"


def test_every_feature_of_the_full_example_is_tested(tmp_path: Path) -> None:
    examples = Path(__file__).parents[3] / "examples"
    conf = HomePBX.from_toml(examples / "home-full.toml").build(complete=True)
    conf.save(tmp_path)
    tests = read_tests(examples / "home-full.tests.toml")
    results = [test.run(load(tmp_path).workspace) for test in tests]
    assert len(results) >= 20
    assert "\n".join(str(one) for one in results if not one.passed) == ""


def test_what_modules_conf_does_not_load_is_not_there(made: Callable[..., Config]) -> None:
    text = "[a]\nexten => 1,1,NoOp(${SHELL(date)}-${EXTEN})\nsame => n,Dial(IAX2/x)\n"
    text += "same => n,NoOp(${HANGUPCAUSE})\nsame => n,System(ls)\nsame => n,NoOp(never)\n"
    loads = ["pbx_config", "app_dial"]
    modules = "[modules]\nautoload = no\n" + "".join(f"load = {n}.so\n" for n in loads)
    call = made(text, modules=modules).call("1", entry="context:a")
    assert [str(s) for s in call.steps] == [
        "[1@a:1] NoOp(-1)", "[1@a:2] Dial(IAX2/x)", "[1@a:3] NoOp(66)",
    ]  # fmt: skip
    assert call.unknown is None


def test_the_world_says_what_only_a_running_asterisk_knows(made: Callable[..., Config]) -> None:
    text = "[a]\nexten => 1,1,AGI(agi://x)\nsame => n,AGI(y)\n"
    text += "same => n,GotoIf($[${SHELL(wc -l)} > 2]?9)\nsame => n,NoOp(${A}${B})\n"
    world = World(
        facts={"SHELL(*)": "2"},
        applications={"AGI": {"A": "a"}, "AGI(agi://*)": lambda text: {"B": text}},
    )  # fmt: skip
    call = made(text).call("1", entry="context:a", world=world)
    assert call.steps[-1].data == "aagi://x"


def test_the_world_says_that_a_switch_has_no_step(made: Callable[..., Config]) -> None:
    text = "[a]\ninclude => b\nswitch => Realtime/x\n[b]\nexten => 1,1,AGI(x)\nsame => n,NoOp()\n"
    world = World(facts={"switch Realtime/*": ""}, applications={"AGI": {}})
    assert made(text).call("1", entry="context:a").unknown is not None
    call = made(text).call("1", entry="context:a", world=world)
    assert (call.unknown, [step.app for step in call.steps]) == (None, ["AGI", "NoOp"])


@pytest.mark.parametrize(
    ("switch", "files", "known"),
    [
        ("DUNDi/e164", {"modules": "[modules]\nautoload = yes\n"}, True),
        ("dundi/e164", {"dundi": "[mappings]\n"}, False),
        ("Realtime", {"modules": "[modules]\nautoload = yes\n"}, True),
        ("Realtime/x@fam", {"extconfig": "[settings]\nextensions = odbc,a,b\n"}, True),
        ("Realtime/x@fam", {"extconfig": "[settings]\nFAM = odbc,a,b\n"}, False),
        ("Realtime", {"extconfig": "[settings]\nextensions = odbc,a,b\n"}, False),
        ("Realtime", {"extconfig": "[settings]\nextensions = none,a,b\n"}, True),
        ("Realtime", {"extconfig": "#exec /bin/x\n"}, False),
        (
            "Realtime",
            {
                "extconfig": "[settings]\nextensions = none,a,b\n",
                "modules": "[modules]\nautoload = yes\nload = res_config_mine.so\n",
            },
            False,
        ),
        (
            "Realtime",
            {
                "extconfig": "[settings]\nextensions = odbc,a,b\n",
                "modules": "[modules]\nautoload = yes\nnoload = pbx_realtime.so\n",
            },
            True,
        ),
        ("IAX2/x", {"modules": "[modules]\nautoload = yes\n"}, False),
    ],
)
def test_a_switch_that_nothing_serves_has_no_step(
    made: Callable[..., Config], switch: str, files: dict[str, str], *, known: bool
) -> None:
    text = f"[a]\nswitch => {switch}\ninclude => b\n[b]\nexten => 1,1,NoOp()\n"
    conf = made(text, **files)
    assert (conf.call("1", entry="context:a").unknown is None) is known
    assert conf.dialplan.match("1", "a").answer == ("yes" if known else "unknown")
    alone = Config.from_texts({"extensions.conf": text})  # a part of a configuration
    assert alone.dialplan.match("1", "a").answer == "unknown"


def test_an_option_of_a_file_is_what_ast_config_gives(made: Callable[..., Config]) -> None:
    text = "[a]\nexten => 1,1,NoOp(${AST_CONFIG(x.conf,b,k)},${AST_CONFIG(x.conf,b,k,1)},"
    text += "${AST_CONFIG(x.conf,b,k,-1)},${AST_CONFIG(x.conf,b,k,7)},${AST_CONFIG(y.conf,b,k)})\n"
    conf = made(text, x="[b]\nk = 1\nk = 2\nk = 3\n")
    assert conf.call("1", entry="context:a").steps[0].data == "1,2,3,,"


def test_globals_that_depend_on_the_start_are_those_of_the_clock(
    made: Callable[..., Config],
) -> None:
    text = "[globals]\nY=${STRFTIME(${EPOCH},UTC,%Y)}\n[a]\nexten => 1,1,NoOp(${Y})\n"
    call = made(text).call("1", entry="context:a", at=datetime(2031, 5, 5, 12, tzinfo=UTC))
    assert call.steps[0].data == "2031"
    assert "Asterisk is started when the call begins" in call.assumed


@pytest.mark.parametrize(
    ("cause", "status"), [("16", "NOANSWER"), ("19", "NOANSWER"), ("21", "CHANUNAVAIL")]
)
def test_the_cause_of_a_leg_gives_dialstatus(
    made: Callable[..., Config], cause: str, status: str
) -> None:
    text = "[a]\nexten => 1,1,Dial(Local/2@a)\nsame => n,NoOp(${DIALSTATUS})\n"
    text += f"exten => 2,1,Hangup({cause})\n"
    assert made(text).call("1", entry="context:a").steps[-1].data == status


@pytest.mark.parametrize(
    ("asterisk", "app", "outcome"),
    [
        ("20", "Macro()", "hung up"),
        ("20", "Macro(m)", "there was no further step"),
        ("21", "Macro(m)", "hung up"),
        ("20", 'GotoIf($["${SIPPEER(x)}" = "1"]?2:2)', "unknown: "),
        ("21", 'GotoIf($["${SIPPEER(x)}" = "1"]?2:2)', "hung up"),
    ],
)
def test_a_call_knows_what_the_version_has(asterisk: str, app: str, outcome: str) -> None:
    """Macro and SIPPEER went with 21. Source: schema/data/overlay.json."""
    text = f"[a]\nexten => 1,1,{app}\n same => n,Hangup()\n"
    text += "exten => 2,1,NoOp()\n[macro-m]\nexten => s,1,Goto(a,2,1)\n"
    conf = Config.from_texts({"extensions.conf": text}, asterisk=asterisk)
    assert str(conf.call("1", entry="context:a").outcome).startswith(outcome)


MONITOR = """\
[a]
exten => 1,1,Monitor(wav,x,m)
 same => n,NoOp([${MONITORED}] [${AUTO_MONITOR}])
 same => n,PauseMonitor()
 same => n,StopMonitor()
 same => n,Monitor(wav,b,mb)
 same => n,ChangeMonitor(y)
 same => n,NoOp([${MONITORED}] [${AUTO_MONITOR}])
 same => n,UnpauseMonitor()
 same => n,NoOp(not reached)
"""


def test_monitor_sets_what_asterisk_16_sets_and_must_run_to_be_paused() -> None:
    """Checked: 16.28, where the steps were these."""
    call = Config.from_texts({"extensions.conf": MONITOR}, asterisk="20").call(
        "1", entry="context:a"
    )
    assert steps(call) == [
        "1:1 Monitor(wav,x,m)", "1:2 NoOp([true] [])", "1:3 PauseMonitor()", "1:4 StopMonitor()",
        "1:5 Monitor(wav,b,mb)", "1:6 ChangeMonitor(y)", "1:7 NoOp([] [wav,b,mX])",
        "1:8 UnpauseMonitor()",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("condition", "holds"),
    [('""', True), ('"0"', True), ("\\0", True), (" 0", False), ("0", False), ("", False)],
)
def test_quotes_of_a_condition_count(condition: str, holds: bool) -> None:
    """Checked: 22.10.1."""
    text = f"[a]\nexten => 1,1,ExecIf({condition}?Goto(2,1))\nexten => 2,1,NoOp()\n"
    text += f"exten => 3,1,GosubIf({condition}?2,1)\n"
    conf = Config.from_texts({"extensions.conf": text})
    for number in "13":
        assert (len(conf.call(number, entry="context:a").steps) == 2) == holds


def test_a_comma_before_the_question_mark_makes_execif_the_old_form() -> None:
    """Checked: 22.10.1, which looks for the application `b?Goto(2` then, and hangs up."""
    text = "[a]\nexten => 1,1,ExecIf(a,b?Goto(2,1))\n same => n,NoOp()\nexten => 2,1,NoOp()\n"
    call = Config.from_texts({"extensions.conf": text}).call("1", entry="context:a")
    assert steps(call) == ["1:1 ExecIf(a,b?Goto(2,1))"]
    assert str(call.outcome).startswith("hung up")


@pytest.mark.parametrize("keys", ["5", "55"])
def test_without_time_for_a_digit_a_key_ends_the_call(keys: str) -> None:
    """Checked: 22.10.1, in which neither 55 nor `i` is run."""
    text = "[a]\nexten => 1,1,Set(TIMEOUT(digit)=0)\n same => n,WaitExten(3)\n"
    text += "exten => 55,1,NoOp()\nexten => i,1,NoOp()\nexten => h,1,NoOp(h)\n"
    call = Config.from_texts({"extensions.conf": text}).call(
        "1", entry="context:a", world=World(digits=keys)
    )
    assert [step.exten for step in call.steps] == ["1", "1", "h"]


def test_no_time_for_an_answer_is_autofallthrough() -> None:
    """Checked: 22.10.1; with a time, `t` is run."""
    text = "[general]\nautofallthrough = no\n[a]\nexten => t,1,NoOp(t)\n"
    for time, last in ((0, "1"), (1, "t")):
        more = f"exten => 1,1,Set(TIMEOUT(response)={time})\n"
        call = Config.from_texts({"extensions.conf": text + more}).call("1", entry="context:a")
        assert call.steps[-1].exten == last


@pytest.mark.parametrize(
    ("part", "value"),
    [("num)", "123"), ("number1", "123"), ("numb-valid", "1"), ("nu", ""), ("name)", "")],
)
def test_of_a_callers_number_the_first_letters_count(part: str, value: str) -> None:
    """Checked: 22.10.1."""
    text = f"[a]\nexten => 1,1,NoOp(${{CALLERID({part})}})\n"
    conf = Config.from_texts({"extensions.conf": text})
    assert conf.call("1", entry="context:a", callerid="Al <123>").steps[0].data == value


@pytest.mark.parametrize(("hangs_up", "seconds"), [(2.0, 2.0), (None, None)])
def test_the_record_of_a_call_ends_before_h_if_the_caller_hangs_up(
    hangs_up: float | None, seconds: float | None
) -> None:
    """Checked: 22.10.1, where Hangup() leaves the end empty."""
    text = "[a]\nexten => 1,1,Wait(5)\n same => n,Hangup()\n"
    text += "exten => h,1,NoOp(${CDR(start,u)},${CDR(end,u)})\n"
    world = World(clock=datetime(2026, 11, 24, 12, tzinfo=UTC), hangs_up=hangs_up)
    call = Config.from_texts({"extensions.conf": text}).call("1", entry="context:a", world=world)
    began, ended = call.steps[-1].data.split(",")
    assert (float(ended) - float(began) if ended else None) == seconds


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (Cause(19), Cause(1), "NOANSWER ?"), (Cause(19), Busy(), "NOANSWER ?"),
        (NoAnswer(), Cause(1), "NOANSWER 1"), (NoAnswer(), Busy(), "NOANSWER 17"),
        (Cause(1), Busy(), "BUSY ?"),
    ],
)  # fmt: skip
def test_of_several_targets_one_without_answer_decides_and_the_last_end_is_the_cause(
    made: Callable[..., Config], first: Answer, second: Answer, expected: str
) -> None:
    """Checked: 22.10.1 with phones; which of two ended last is not known on paper."""
    conf = made(plan(
        "exten => 100,1,Dial(PJSIP/6001&PJSIP/6002,1)",
        " same => n,NoOp(${DIALSTATUS} ${HANGUPCAUSE})",
    ))  # fmt: skip
    call = inside(conf, world=World(answers={"PJSIP/6001": first, "PJSIP/6002": second}))
    assert call.steps[-1].data.replace("${HANGUPCAUSE}", "?") == expected


@pytest.mark.parametrize(("first", "cause"), [("Dial(PJSIP/6001,9,g)", 16), ("NoOp()", 0)])
def test_a_queue_that_nobody_answers_leaves_the_cause_as_it_was(
    made: Callable[..., Config], first: str, cause: int
) -> None:
    """Checked: 22.10.1."""
    conf = made(
        plan(f"exten => 100,1,{first}", " same => n,Queue(q,n,,,1)"),
        queues="[q]\nmember => PJSIP/6002\n",
    )
    call = inside(conf, world=World(answers={"PJSIP/6002": NoAnswer()}))
    assert call.cause == cause


@pytest.mark.parametrize(
    ("target", "cause"),
    [
        ("Local/fall@a", "0"), ("Local/busy@a", "0"), ("Local/ring@a", "21"),
        ("Local/nosuch@a", "21"), ("Nosuch/x", "66"), ("", "21"), ("Local/hang@a&Local/no@a", "21"),
    ],
)  # fmt: skip
def test_only_a_channel_that_ends_changes_the_cause(target: str, cause: str) -> None:
    """Checked: 22.10.1."""
    lines = [
        "[a]", "exten => 1,1,Dial(Local/hang@a,1)", f" same => n,Dial({target},1)",
        " same => n,NoOp(${HANGUPCAUSE})", "exten => hang,1,Hangup(21)", "exten => fall,1,NoOp()",
        "exten => busy,1,Busy(1)", "exten => ring,1,Wait(20)",
    ]  # fmt: skip
    conf = Config.from_texts({"extensions.conf": "\n".join([*lines, ""])})
    assert conf.call("1", entry="context:a").steps[-1].data == cause


def test_a_call_is_drawn_alone_and_in_the_picture_of_its_dialplan(
    made: Callable[..., Config],
) -> None:
    conf = made(
        plan("exten => _1XX,1,Gosub(sub,s,1)", " same => n,Dial(PJSIP/6001)", "exten => 9,1,NoOp()")
        + "[sub]\nexten => s,1,Return()\n"
    )
    call = inside(conf, world=World(answers={"PJSIP/6001": Busy()}))
    drawn = call.graph()
    assert {node.key for node in drawn.nodes} == {
        "context:inside", "extension:inside/_1XX", "context:sub", "extension:sub/s", "phone:6001",
    }  # fmt: skip
    assert [(e.source, e.target, e.kind, e.label) for e in drawn.edges] == [
        ("extension:inside/_1XX", "extension:sub/s", "step", "1"),
        ("extension:sub/s", "extension:inside/_1XX", "step", "2"),
        ("extension:inside/_1XX", "phone:6001", "dials", "BUSY"),
    ]
    assert drawn.nodes[1].place.line == 2  # type: ignore[union-attr]
    assert "not answered by PJSIP/6001" in drawn.mermaid()
    whole = conf.dialplan.graph(limit=None)
    both = call.graph(whole)
    assert {node.key for node in both.nodes} == {node.key for node in whole.nodes}
    assert both.edges == (*whole.edges, *drawn.edges)


def test_version_is_what_the_release_says() -> None:
    text = "[a]\nexten => 1,1,NoOp(${VERSION()} ${VERSION(ASTERISK_VERSION_NUM)})\n"
    conf = Config.from_texts({"extensions.conf": text})
    assert conf.call("1", entry="context:a").steps[0].data == "22.10.1 221001"
    conf = conf.with_asterisk("21")
    assert conf.call("1", entry="context:a").steps[0].data == "21.12.3 211203"
    unknown = conf.with_asterisk("20").call("1", entry="context:a")
    assert unknown.steps[0].data == "${VERSION()} ${VERSION(ASTERISK_VERSION_NUM)}"


HINTS = """\
[auto]
autohints=yes
exten => 6003,hint,Custom:desk(Desk)
exten => _700X,hint,Custom:x${EXTEN}
[inc]
autohints=yes
include => auto
[later]
exten => 6009,hint,Custom:late
[two]
autohints=yes
include => later
[plain]
include => inc
include => later
"""


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("HINT(6003@auto)", "Custom:desk"),
        ("HINT(6003@plain,n)", "Desk"),
        ("HINT(7001@inc)", "Custom:x${EXTEN}"),
        ("EXTENSION_STATE(7001@inc)", "NOT_INUSE"),
        ("HINT(6009@two)", "Custom:late"),
        ("HINT(lamp@later)", ""),
        ("HINT(lamp@none)", ""),
        ("HINT(6009@plain)", None),  # [inc] or what it includes comes first, and may have one
        ("HINT(lamp@two)", None),
        ("EXTENSION_STATE(lamp@auto)", None),
    ],
)
def test_hints_are_found_by_includes_and_unknown_with_autohints(
    text: str, value: str | None
) -> None:
    """Observed with AMI's Getvar, and with `devstate change` for those that are unknown."""
    plan = f"{HINTS}[a]\nexten => 1,1,NoOp(${{{text}}})\n"
    step = Config.from_texts({"extensions.conf": plan}).call("1", entry="context:a").steps[0]
    assert step.data == (f"${{{text}}}" if value is None else value)


def test_an_include_gives_hints_at_its_hours() -> None:
    plan = "[day]\nexten => 1,hint,Custom:d\n[a]\ninclude => day,9:00-17:00,*,*,*\n"
    conf = Config.from_texts({"extensions.conf": f"{plan}exten => 2,1,NoOp(${{HINT(1@a)}})\n"})
    found = [
        conf.call("2", entry="context:a", at=datetime(2024, 5, 6, hour, tzinfo=UTC)).steps[0].data
        for hour in (8, 12)
    ]
    assert found == ["", "Custom:d"]


@pytest.mark.parametrize(("number", "outcome"), [("1", InQueue), ("2", Unanswered)])
def test_a_queue_without_end_ends_with_the_patience_of_the_caller(
    made: Callable[..., Config], number: str, outcome: type
) -> None:
    text = "[a]\nexten => 1,1,Queue(q)\nexten => 2,1,Dial(Local/1@a,20)\n"
    conf = made(text, queues="[q]\nmember => PJSIP/6001\n")
    call = conf.call(number, entry="context:a", world=World({"PJSIP/*": Busy()}))
    assert isinstance(call.outcome, outcome)


def test_the_cause_of_legs_that_end_at_once_is_unknown() -> None:
    plan = """\
[main]
exten => 1,1,Dial(Local/hang@callee/n&Local/busy@callee/n,1,g)
 same => n,NoOp(${DIALSTATUS})
 same => n,Set(x=${HANGUPCAUSE})
 same => n,GotoIf($[${x} > 1]?1)
exten => 2,1,Dial(Local/hang@callee/n,1,g)
 same => n,Set(x=${HANGUPCAUSE})
[callee]
exten => busy,1,Busy(1)
exten => hang,1,Hangup(21)
"""
    conf = Config.from_texts({"extensions.conf": plan})
    call = conf.call("1", entry="context:main")
    assert [step.data for step in call.steps][1:3] == ["BUSY", "x=${HANGUPCAUSE}"]
    assert "which of the called channels ended last" in str(call.outcome)
    assert conf.call("2", entry="context:main").steps[-1].data == "x=21"


def test_a_call_has_the_variables_of_its_endpoint() -> None:
    conf = Config.from_texts({
        "pjsip.conf": (
            "[6001]\ntype=endpoint\ncontext=in\nset_var=OUT=yes\nset_var=__DEEP=a\\x41\n"
            "set_var=CALLERID(name)=Bob\n"
        ),
        "extensions.conf": "[in]\nexten => 1,1,NoOp(${OUT} ${DEEP} ${CALLERID(name)})\n",
    })  # fmt: skip
    assert conf.call("1", entry="6001").steps[0].data == "yes aA Bob"
    given = conf.call("1", entry="6001", variables={"OUT": "no"})
    assert given.steps[0].data == "no aA Bob"
    assert conf.call("1", entry="context:in").steps[0].data == "  "


@pytest.mark.parametrize(("version", "commas"), [("20", 7), ("22", 6)])
def test_the_subroutine_of_a_queue_stands_where_the_version_has_it(
    version: str, commas: int
) -> None:
    conf = Config.from_texts({
        "pjsip.conf": "[6001]\ntype=endpoint\ncontext=in\naors=6001\n[6001]\ntype=aor\n",
        "queues.conf": "[q]\nmember => PJSIP/6001\n",
        "extensions.conf": (
            f"[in]\nexten => 1,1,Queue(q{',' * commas}sub)\n"
            "[sub]\nexten => s,1,NoOp(for the member)\n same => n,Return()\n"
        ),
    }).with_asterisk(version)  # fmt: skip
    found = conf.call("1", entry="context:in")
    assert [step.data for leg in found.legs for step in leg.steps] == ["for the member", ""]


@pytest.mark.parametrize(
    ("target", "number"),
    [
        ("IAX2/ann:hush@peer/100@home", "100"),
        ("IAX2/ann:hush@peer:4569", "peer"),
        ("PJSIP/100@trunk", "100"),
        ("PJSIP/ann", "ann"),
    ],
)
def test_the_number_in_a_target(target: str, number: str) -> None:
    # The form of IAX2 is [user[:secret]@]peer[:port][/exten[@context]].
    text = f"[home]\nexten => 1,1,Dial({target},20)\n"
    conf = Config.from_texts({"extensions.conf": text})
    call = conf.call("1", entry="context:home")
    assert [one.number for one in call.dialed] == [number]
    assert "hush" not in f"{call}{call!r}{call.dialed}{call.to_dict()}{call.assumed}"


@pytest.mark.parametrize(
    "step",
    [
        "Dial(PJSIP/6001,5,g)",
        "RetryDial(x,1,2,PJSIP/6001,3)",
        "Dial(Local/9@inside/n&PJSIP/6001,3)",
    ],
)
@pytest.mark.parametrize("way", ["Hangup()", "Goto(nope,1)"])
def test_a_call_that_is_over_dials_nobody(made: Callable[..., Config], way: str, step: str) -> None:
    """As 22.10.1 does: "Caller hung up before dial", and no step of `h` runs behind it."""
    conf = made(plan(f"exten => 100,1,{way}", "exten => 9,1,Dial(PJSIP/6001)",
                     f"exten => h,1,{step}", " same => n,NoOp(${DIALSTATUS})"))  # fmt: skip
    call = inside(conf)
    assert call.dialed == ()
    assert [one.exten for one in call.steps] == ["100", "h"]
    assert not isinstance(call.outcome, Unanswered | Answered)


def test_a_handler_of_the_hang_up_dials_nobody(made: Callable[..., Config]) -> None:
    conf = made(plan("exten => 100,1,Set(CHANNEL(hangup_handler_push)=inside,s,1)",
                     "exten => s,1,Dial(PJSIP/6001,5)"))  # fmt: skip
    call = inside(conf)
    assert [one.app for one in call.steps] == ["Set", "Dial"]
    assert call.dialed == ()


@pytest.mark.parametrize(("contact", "rings"), CONTACTS.items())
def test_behind_an_endpoint_stands_an_aor_or_a_uri(contact: str, rings: bool) -> None:
    plan = "[c]\nexten => 1,1,Dial(PJSIP/voip/{})\n".format(contact.replace(",", "\\,"))
    conf = Config.from_texts({"extensions.conf": plan, "pjsip.conf": AORS})
    call = conf.call("1", entry="context:c")
    assert isinstance(call.outcome, Answered) == rings, str(call)
    assert rings or "CHANUNAVAIL" in str(call.outcome)
    (answer,) = conf.ask.reach(to="voip", entry="context:c")
    assert answer.verdict == ("yes" if rings else "no")


def test_an_endpoint_without_aors_rings_nobody() -> None:
    bare = "[200]\ntype=endpoint\noutbound_auth=x\n"
    plan = "[c]\nexten => 1,1,Dial(PJSIP/5551234@200)\nexten => 2,1,Dial(PJSIP/200/sip:a@b)\n"
    conf = Config.from_texts({"extensions.conf": plan, "pjsip.conf": bare})
    assert "CHANUNAVAIL" in str(conf.call("1", entry="context:c").outcome)
    assert isinstance(conf.call("2", entry="context:c").outcome, Answered)
    assert conf.ask.reach(to="200", entry="context:c").entries[0].numbers == Numbers.of("2")


def test_voicemail_is_there_without_its_file_and_finds_no_box() -> None:
    """Run on 22.10.1, with app_voicemail as the only module of its kind."""
    plan = "[in]\nexten => 1,1,VoiceMail(100@default,u)\n same => n,NoOp(${VMSTATUS})\n"
    conf = Config.from_texts({"extensions.conf": plan, "pjsip.conf": PJSIP})
    steps = conf.call("1", entry="context:in").steps
    assert [(step.app, step.data) for step in steps][1:] == [("NoOp", "FAILED")]
