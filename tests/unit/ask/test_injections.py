"""Where the text of a caller is taken apart: each sink with what it takes apart, and what not."""

from __future__ import annotations

import pytest

from asterconf.ask.injections import AT_BEGINNINGS, NO_CALLERS, ONE_BY_ONE
from asterconf.config import Config

ODBC = (
    "[FOO]\ndsn=a\nreadsql=SELECT x FROM t WHERE n='${ARG1}'\n"
    "[SAFE]\ndsn=a\nreadsql=SELECT x FROM t WHERE n='${SQL_ESC(${ARG1})}'\n"
    "[OWN]\nprefix=DB\ndsn=a\nwritesql=UPDATE t SET n='${VAL1}'\n"
)
ANY, THREE, NUMBER = "_X.", "_XXX", "_[0-9*#+A-D]!"


def asked(step: str, name: str = ANY) -> list[tuple[str, str]]:
    """Return the verdict about one step of an extension, and of each row what is said."""
    plan = f"[c]\nexten => {name},1,{step}\n"
    empty = dict.fromkeys(("queues.conf", "followme.conf", "confbridge.conf"), "")
    conf = Config.from_texts({**empty, "extensions.conf": plan, "func_odbc.conf": ODBC})
    answer = conf.ask.injections(entry="context:c")
    return [(answer.verdict, row.because) for row in answer] or [(answer.verdict, "")]


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("Dial(PJSIP/${EXTEN}@t)", "is taken apart, such as '0&0'"),
        ("Goto(x,${EXTEN},1)", "becomes two arguments, such as '0,0'"),
        ("Gosub(x,s,1(${EXTEN}))", "becomes two arguments, such as '0,0'"),
        ("Queue(${EXTEN:1})", "becomes two arguments, such as '0,0'"),
        ("FollowMe(${EXTEN})", "becomes two arguments, such as '0,0'"),
        ("ConfBridge(${EXTEN})", "becomes two arguments, such as '0,0'"),
        ("VoiceMail(${EXTEN:1}@default,u)", "is taken apart, such as '0&0'"),
        ("Pickup(${EXTEN:1}@in)", "is taken apart, such as '0&0'"),
        ("Transfer(PJSIP/${EXTEN})", "the caller chooses the address, such as '0@0'"),
        ("UserEvent(x,A: ${EXTEN})", "becomes two arguments, such as '0,0'"),
        ("AGI(x,${EXTEN})", "becomes two arguments, such as '0,0'"),
        ("AGI(${EXTEN})", "the caller chooses the file, such as '0/0'"),
        ("System(echo ${EXTEN})", "a shell runs what the caller sends, such as '0;0'"),
        ("TrySystem(echo '${EXTEN:1}')", "a shell runs what the caller sends, such as '0;0'"),
        ("ExecIf(1?System(echo ${EXTEN}))", "a shell runs what the caller sends"),
        ("System(echo ${CALLERID(num)})", "such as ';0' as the number of the caller"),
        ("System(echo ${CALLERID(name)})", "who sends ${CALLERID(name)}"),
        ("System(echo ${PJSIP_HEADER(read,X)})", "who sends ${PJSIP_HEADER(read,X)}"),
        ("MixMonitor(a.wav,,sox ${EXTEN})", "a shell runs what the caller sends"),
        ("MixMonitor(${EXTEN}.wav)", "the caller chooses the file, such as '0/0'"),
        ("Playback(${EXTEN})", "the caller chooses the file, such as '0/0'"),
        ("Set(X=${SHELL(ls ${EXTEN})})", "a shell runs what the caller sends, such as '0;0'"),
        ("Set(X=${EVAL(${EXTEN})})", "what the caller sends is evaluated, such as '0$0'"),
        ("Set(X=${FILE(/tmp/${EXTEN})})", "the caller chooses the file, such as '0/0'"),
        ("Set(${EXTEN}=1)", "chooses which variable is set, such as '0=0'"),
        ("Set(__A_${EXTEN}=1)", "chooses which variable is set, such as '0=0'"),
        ("ExecIf(1?Set(${EXTEN}=1))", "chooses which variable is set"),
        ("MSet(a=${EXTEN})", "becomes two arguments, such as '0,0'"),
        ("MessageSend(pjsip:${EXTEN}@t)", "the caller chooses the address, such as '0@0'"),
        ("Authenticate(/tmp/${EXTEN})", "the caller chooses the file, such as '0/0'"),
        ("NoOp(${AST_CONFIG(${EXTEN},a,b)})", "the caller chooses the file, such as '0/0'"),
        ("ReadExten(X,${EXTEN})", "the caller chooses the file, such as '0/0'"),
        ("VoiceMailMain(${EXTEN}@default)", "becomes two arguments, such as '0,0'"),
        ("DISA(1234,${EXTEN})", "becomes two arguments, such as '0,0'"),
        ("Exec(NoOp(${EXTEN}))", "what the caller sends is evaluated, such as '0$0'"),
        ("System(echo ${MESSAGE(body)})", "who sends ${MESSAGE(body)}"),
        ('GotoIf($["${CALLERID(name)}" = "x"]?5)', "who sends ${CALLERID(name)}"),
        ("Set(X=${ODBC_FOO(${EXTEN})})", 'the caller changes the query, such as "0\'0"'),
    ],
)
def test_each_sink_is_found_with_what_it_takes_apart(step: str, said: str) -> None:
    rows = asked(step)
    assert {verdict for verdict, _ in rows} == {"yes"}
    assert any(said in because for _, because in rows)


@pytest.mark.parametrize(
    ("step", "name"),
    [
        ("Dial(PJSIP/${FILTER(0-9,${EXTEN})}@t)", ANY),
        ("Dial(PJSIP/${EXTEN}@t)", THREE),
        ("Goto(x,${EXTEN:0:2},1)", THREE),
        ("System(echo ${EXTEN})", THREE),
        ("System(echo ${EXTEN:1})", "_[0-9*#+]X"),
        ("System(echo ${FILTER(0-9,${CALLERID(num)})})", ANY),
        ("System(echo ${URIENCODE(${EXTEN})} ${UNIQUEID} ${EPOCH})", ANY),
        ("System(echo ${STRFTIME(${EPOCH},,%Y-%m-%d)})", ANY),
        ("MixMonitor(/tmp/${UNIQUEID}.wav)", ANY),
        ("NoOp(${EXTEN} ${CALLERID(name)})", ANY),
        ("Set(X=${ODBC_SAFE(${EXTEN})})", ANY),
        ("Set(A=${EXTEN})", ANY),
        ("Set(A_${EXTEN}=1)", THREE),
        ("MessageSend(pjsip:100,${MESSAGE(from)})", ANY),
        ("Set(X=${ODBC_FOO(${EXTEN})})", THREE),
    ],
)
def test_what_no_caller_can_take_apart_is_no_injection(step: str, name: str) -> None:
    assert asked(step, name) == [("no", "")]


@pytest.mark.parametrize(
    ("step", "put"),
    [
        ("System(echo ${DB(a/b)})", "Set(DB(a/b)=${CALLERID(num)})"),
        ("System(echo ${DB(a/b):1})", "Set(DB(${X})=${CALLERID(name)})"),
        ("System(echo ${SHELL(cat x)})", "Set(FILE(x)=${CALLERID(num)})"),
        ("System(echo ${SHELL(cat x)})", "System(echo ${CALLERID(num)} > x)"),
        ("Dial(PJSIP/${GONE}@t)", "Set(GLOBAL(GONE)=${CALLERID(num)})"),
        ("Dial(PJSIP/${GLOBAL(GONE)}@t)", "Set(GLOBAL(GONE)=${EXTEN})"),
        ("System(echo ${ODBC_SAFE(1)})", "Set(ODBC_SAFE(1)=${CALLERID(num)})"),
    ],
)
def test_what_is_kept_elsewhere_is_a_callers_only_if_a_step_puts_it_there(
    step: str, put: str
) -> None:
    for more, verdict in (("Set(GLOBAL(GONE)=${CURL(x)})", "no"), (put, "unknown")):
        plan = f"[c]\nexten => _XXX,1,{step}\n[d]\nexten => _X.,1,{more}\n"
        conf = Config.from_texts({"extensions.conf": plan, "func_odbc.conf": ODBC})
        answer = conf.ask.injections(entry="context:c")
        assert answer.verdict == verdict
        assert NO_CALLERS in answer.assumptions
        lines = {("extensions.conf", 2)} if verdict == "unknown" else set()
        assert {(row.file, row.line) for row in answer} == lines


@pytest.mark.parametrize(
    "step",
    [
        'ExecIf($["${CALLERID(name)}"="x"]?Hangup())', "Set(X=${SHELL(ls ${EXTEN})})",
        "System(echo ${CALLERID(num)})", "ExecIf(1?System(echo ${EXTEN}))",
    ],
)  # fmt: skip
def test_a_row_has_the_step_as_it_is_written(step: str) -> None:
    conf = Config.from_texts({"extensions.conf": f"[c]\nexten => {ANY},1,{step}\n"})
    assert {row.about for row in conf.ask.injections(entry="context:c")} == {step}


def test_each_step_has_a_row_of_its_own_and_the_sure_ones_come_first() -> None:
    plan = (
        "[c]\nexten => _XXX,1,System(echo ${DB(a/b)})\n same => n,AGI(x.agi)\n"
        " same => n,System(echo ${HINT(1@c)})\nexten => _X.,1,System(echo ${EXTEN})\n"
        "[d]\nexten => s,1,System(echo ${ARG1})\n"
    )
    answer = Config.from_texts({"extensions.conf": plan}).ask.injections(entry="context:c")
    assert [*map(str, answer)] == [
        (
            "context:c System(echo ${EXTEN}): yes: a shell runs what the caller sends, such as "
            "'0;0' (extensions.conf:5)"
        ),
        "context:c System(echo ${DB(a/b)}): unknown: it depends on ${DB(a/b)} (extensions.conf:2)",
        (
            "[d] s System(echo ${ARG1}): unknown: it depends on AGI(x.agi) (extensions.conf:3)"
            " (extensions.conf:7)"
        ),
    ]
    assert AT_BEGINNINGS in answer.assumptions


def test_a_yes_holds_a_call_that_runs_the_step_with_the_text() -> None:
    plan = (
        "[c]\nexten => _X.,1,AGI(x.agi)\n same => n,ExecIf(1?System(echo ${EXTEN:1}))\n"
        "include => d\nswitch => Realtime/x\n[d]\nexten => _1.,1,System(ls ${EXTEN})\n"
    )
    conf = Config.from_texts({"extensions.conf": plan})
    answer = conf.ask.injections(entry="context:c")
    assert [(row.verdict, row.line) for row in answer] == [("yes", 3), ("yes", 3), ("unknown", 7)]
    witness = answer.rows[1].witness
    assert witness is not None
    step = witness.calls[0].steps[-1]
    assert (step.app, step.line) == ("ExecIf", 3)
    assert ";" in step.data
    other = conf.ask.injections(entry="context:d")
    assert [(row.verdict, row.line) for row in other] == [("yes", 7)]


def test_a_text_that_only_some_database_lets_through_is_not_known() -> None:
    plan = (
        "[c]\nexten => _X.,1,GotoIf($[${DB_EXISTS(a/b)}]?raw)\n"
        " same => n,Set(X=${FILTER(0-9,${EXTEN})})\n"
        " same => n,Goto(run)\n same => n(raw),Set(X=${EXTEN})\n same => n(run),System(echo ${X})\n"
    )
    answer = Config.from_texts({"extensions.conf": plan}).ask.injections(entry="context:c")
    assert [(row.verdict, row.line) for row in answer] == [("unknown", 6)]


def test_extensions_whose_steps_say_the_same_have_a_row_each() -> None:
    lines = [f"exten => _{number}X.,1,System(echo ${{EXTEN}})" for number in range(100, 140)]
    plan = "[c]\n" + "\n".join([*lines, "exten => 9,1,AGI(x.agi)"]) + "\n"
    answer = Config.from_texts({"extensions.conf": plan}).ask.injections(entry="context:c")
    assert {(row.verdict, row.line) for row in answer} == {("yes", n) for n in range(2, 42)}


OPEN = (
    "[c]\nexten => 1,1,Dial(${DB(a/b)})\n[far]\nexten => s,1,System(echo ${X})\n"
    " same => n,Set(X=1)\n"
)
"""Calls may come to any step, with what steps set, and no script sets more."""


@pytest.mark.parametrize(
    "steps",
    [
        "Set(X=${EXTEN})", "Set(__X=a${CALLERID(num)})", "MSet(Y=1,X=${EXTEN})",
        "Set(LOCAL(X)=${EXTEN})", "Set(ARRAY(LOCAL(Y),X)=${EXTEN})", "Set(GLOBAL(X)=${EXTEN})",
        "Set(Y=${EXTEN})\n same => n,Set(X=${Y})", "Set(${Y}=${EXTEN})",
        "Set(X=${TOLOWER(${CALLERID(name)})})", "Set(X=${PJSIP_HEADER(read,X)})",
        "Set(X=${SHELL(ls ${EXTEN})})", "Set(X=${FILTER(0-9\\x3B,${EXTEN})})",
        "Set(X=${IF($[1 = 1]?${EXTEN}:0)})", "Set(X=${SIPDOMAIN})", "Set(X=${INVALID_EXTEN})",
        "ExecIf(1?Set(X=${CALLERID(num)}))", "TryExec(Set(X=${EXTEN}))", "Stasis(x)",
        "Gosub(d,s,1(${EXTEN}))\n[d]\nexten => s,1,Set(X=${ARG1})",
        "Gosub(d,s,1(${EXTEN}))\n[d]\nexten => s,1,Goto(e,1,1)\n[e]\nexten => 1,1,Set(X=${ARG1})",
        "Dial(PJSIP/1,,U(d^${EXTEN}))\n[d]\nexten => s,1,Set(X=${ARG1})",
        "Set(CHANNEL(hangup_handler_push)=d,s,1(${EXTEN}))\n[d]\nexten => s,1,Set(X=${ARG1})",
        (
            "Gosub(d,s,1)\n same => n,Set(X=${GOSUB_RETVAL})\n[d]\nexten => s,1,Goto(e,1,1)\n"
            "[e]\nexten => 1,1,Return(${CALLERID(num)})"
        ),
        "Goto(d,${EXTEN},1)\n[d]\nexten => _.,1,Set(X=${EXTEN})",
        "Dial(PJSIP/1&Local/${EXTEN}@d/n)\n[d]\nexten => _.,1,Set(X=${EXTEN})",
        "RetryDial(x,1,2,Local/${EXTEN}@d)\n[d]\nexten => _.,1,Set(X=${EXTEN})",
        "Originate(PJSIP/1,exten,d,${EXTEN},1)\n[d]\nexten => _.,1,Set(X=${EXTEN})",
        "Originate(PJSIP/1,exten,d,1,1,,v(X=${EXTEN}))",
        "Set(ARRAY(y,ARG1)=1\\,${EXTEN})\n[d]\nexten => s,1,Set(X=${ARG1})",
        (
            "Gosub(d,s,1(${EXTEN}))\n[d]\nexten => s,1,Goto(${DB(a/b)})\n"
            "[e]\nexten => 1,1,Set(X=${ARG1})"
        ),
        "Set(DYNAMIC_FEATURES=go)\n same => n,Dial(PJSIP/1)", "Queue(q,,,,,x.agi)",
        "Goto(d,1,1)\n[d]\nswitch => Realtime/x",
        "Set(ARG1=${EXTEN})\n same => n,Gosub(d,s,1)\n[d]\nexten => s,1,Set(X=${ARG1})",
    ],
)  # fmt: skip
def test_a_variable_that_some_step_gives_a_callers_text_may_hold_it_anywhere(steps: str) -> None:
    plan = f"{OPEN}[in]\nexten => _X.,1,{steps}\n"
    files = {
        "extensions.conf": plan, "pjsip.conf": "[1]\ntype=endpoint\ncontext=in\n",
        "features.conf": "[applicationmap]\ngo => *1,self,AGI,x\n", "queues.conf": "[q]\n",
        "extconfig.conf": "[settings]\nextensions => odbc,asterisk\n",
    }  # fmt: skip
    rows = Config.from_texts(files).ask.injections(entry="context:c").rows
    assert ("unknown", "[far] s") in [(row.verdict, row.name) for row in rows]


@pytest.mark.parametrize(
    "steps",
    [
        "Dial(PJSIP/${EXTEN}@t)\n same => n,Dial(PJSIP/${X}@t)",
        "Goto(d,${EXTEN},1)\n same => n,Gosub(d,s,1(${X}))",
        "ExecIf(1?NoOp(${EXTEN}))\n same => n,Gosub(d,s,1(${EXTEN}))",
        "ExecIf(${EXTEN}?NoOp())\n same => n,Gosub(d,s,1(${X}))",
    ],
)
def test_a_step_behind_one_that_takes_a_text_apart_is_not_proved_harmless(steps: str) -> None:
    plan = (
        f"[c]\nexten => _X.,1,Set(X=${{EXTEN}})\n same => n,{steps}\n[d]\nexten => s,1,Return()\n"
    )
    rows = Config.from_texts({"extensions.conf": plan}).ask.injections(entry="context:c").rows
    assert {row.line for row in rows} == {3, 4}


@pytest.mark.parametrize(
    "steps",
    [
        "Set(X=$[${X}+1])", "Set(X=${DB(a/b)})", "Set(X=${SHELL(ls ${X})})", "Set(X=${X:1:2})",
        "Set(X=${FILTER(A-Z0-9\\x2E,${EXTEN})})", "Read(X,beep)", "Set(X=${LEN(${EXTEN})})",
        "Set(X=${CUT(EPOCH,1,1)})", "Set(X=${SHIFT(X,-)})", "Set(X=${IF($[${X} = 1]?a:${y})})",
        "Gosub(d,s,1(1,${EXTEN}))\n[d]\nexten => s,1,Set(X=${ARG1})",
        "Gosub(d,s,1(${EXTEN}))\n same => n,Gosub(e,s,1(1))\n[e]\nexten => s,1,Set(X=${ARG1})",
        (
            "Gosub(d,s,1)\n same => n,Set(X=${GOSUB_RETVAL})\n same => n,Gosub(e,s,1)\n"
            "[d]\nexten => s,1,Return(1)\n[e]\nexten => s,1,Return(${CALLERID(num)})"
        ),
        "Goto(d,${FILTER(0-9,${EXTEN})},1)\n[d]\nexten => _.,1,Set(X=${EXTEN})",
        "Dial(Local/1@d)\n[d]\nexten => _.,1,Set(X=${EXTEN})",
        "NoOp\n same => n,Set(CALLERID(num)=1)\n same => n,Set(X=${CALLERID(num)})",
    ],
)  # fmt: skip
def test_a_variable_that_no_step_gives_a_callers_text_is_harmless_everywhere(steps: str) -> None:
    plan = f"{OPEN}[in]\nexten => _X.,1,{steps}\n"
    files = {"extensions.conf": plan, "pjsip.conf": "[1]\ntype=endpoint\ncontext=in\n"}
    answer = Config.from_texts(files).ask.injections(entry="context:c")
    assert "[far] s" not in {row.name for row in answer}
    assert {NO_CALLERS, ONE_BY_ONE, AT_BEGINNINGS} <= {*answer.assumptions}


ANYWHERE = "[c]\nexten => 1,1,AGI(x.agi)\n[far]\n"


@pytest.mark.parametrize(
    "steps",
    [
        "exten => _X.,1,NoOp\n same => n,System(echo ${X})",
        "exten => _XX,1,System(echo ${CALLERID(num)})",
        "exten => s,1,System(echo ${CALLERID(name)})",
        "exten => _X.,1,System(echo ${EXTEN})",
        "exten => s,1,System(echo ${INCOMING})",
        "exten => s,1,System(echo ${MYSTATUS})",
        "exten => s,1,Set(X=1)\n same => n(go),System(echo ${X})",
        "exten => s,1,Set(X=1)\n same => n,System(echo ${X})\nexten => t,1,Goto(s,2)",
        "exten => s,1,Set(X=1)\n same => n,System(echo ${X})\nexten => t,1,Goto(s,${P})",
        "exten => s,1,Set(X=1)\n same => n,System(echo ${X})\nexten => t,1,Goto(+1)",
        (
            "exten => s,1,Set(X=1)\n same => n,Gosub(t,1)\n same => n,System(echo ${X})\n"
            "exten => t,1,Set(X=${CALLERID(num)})\n same => n,Return()"
        ),
        "exten => s,1,Set(X=1)\n same => n,AGI(x.agi)\n same => n,System(echo ${X})",
        "exten => s,1,System(echo ${G})\nexten => t,1,Set(G=${CALLERID(num)})",
        "exten => s,1,System(echo ${G})\nexten => t,1,Read(G,beep)",
        "exten => s,1,System(echo ${DIALSTATUS})\nexten => t,1,Set(DIALSTATUS=${CALLERID(num)})",
        "exten => s,1,System(echo ${TOLOWER(${X})})",
        "exten => s,1,System(echo ${CUT(X,-,1)})",
        "exten => s,1,System(echo ${BASE64_DECODE(${FILTER(a-z,${X})})})",
        'exten => s,1,GotoIf($["${X}" = "1"]?a,1)',
        "exten => s,1,ExecIf(1?${APP}(echo ${X}))",
        "exten => s,1,ExecIf(${Y}?System(echo ${X}))",
        "exten => s,1,Dial(PJSIP/${ARG1}@t)",
        "exten => _1XX,1,NoOp\nexten => _1.,2,System(echo ${EXTEN})",
        (
            "exten => s,1,Set(X=1)\n same => n,While(1)\n same => n,System(echo ${X})\n"
            " same => n,Set(X=${CALLERID(num)})\n same => n,EndWhile"
        ),
        (
            "exten => s,1,Set(X=${CALLERID(num)})\n same => n,While(${RAND(0,1)})\n"
            " same => n,Set(X=1)\n same => n,EndWhile\n same => n,System(echo ${X})"
        ),
    ],
)
def test_what_a_script_may_lead_a_callers_text_to_is_not_proved_harmless(steps: str) -> None:
    plan = f"[globals]\nG=1\n{ANYWHERE}{steps}\n"
    answer = Config.from_texts({"extensions.conf": plan}).ask.injections(entry="context:c")
    assert answer.verdict == "unknown"
    assert {row.name[:5] for row in answer} == {"[far]"}


@pytest.mark.parametrize(
    "steps",
    [
        "exten => _XXX,1,NoOp\n same => n,System(echo ${EXTEN})",
        "exten => s,1,System(echo ${FILTER(0-9,${X})})",
        "exten => s,1,Set(X=${FILTER(0-9,${X})})\n same => n,System(echo ${X})",
        "exten => s,1,System(echo ${G} ${UNIQUEID})",
        "exten => s,1,AGI(y.agi)\n same => n,System(echo ${G})",
        "exten => s,1,Dial(PJSIP/1,20,T)\n same => n,Goto(s-${DIALSTATUS},1)",
        "exten => s,1,PauseQueueMember(q,PJSIP/1)\n same => n,GotoIf($[${PQMSTATUS} = PAUSED]?t,1)",
        "exten => s,1,GotoIf($[${DB_EXISTS(a/b)} = 1]?t,1)",
        "exten => _XXX,1,Dial(DAHDI/g0/${EXTEN},30,tT)",
    ],
)
def test_what_stays_in_one_piece_wherever_calls_come_from_is_proved_harmless(steps: str) -> None:
    plan = f"[globals]\nG=1\n{ANYWHERE}{steps}\n"
    answer = Config.from_texts({"extensions.conf": plan}).ask.injections(entry="context:c")
    assert (answer.verdict, answer.rows) == ("no", ())


@pytest.mark.parametrize("texts", [("1", "${CALLERID(num)}"), ("${CALLERID(num)}", "1")])
def test_a_start_that_is_too_long_opens_what_is_behind_it_and_no_other(
    texts: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, other = texts
    plan = (
        f"{ANYWHERE}exten => s,1,Set(X={first})\n"
        f" same => n,ExecIf($[${{RAND(0,1)}}]?Set(X={other}))\n"
        " same => n,NoOp(a)\n same => n,NoOp(b)\n same => n,System(echo ${X})\n"
        "[near]\nexten => _XXX,1,System(echo ${EXTEN})\n"
    )
    for most in range(6, 24):
        monkeypatch.setattr("asterconf.ask.standing.FROM_ONE", most)
        answer = Config.from_texts({"extensions.conf": plan}).ask.injections(entry="context:c")
        assert 8 in {row.line for row in answer} <= {5, 8}, most  # ExecIf has a sink, too


@pytest.mark.parametrize("share", [0, 4])
def test_all_starts_together_have_a_budget_that_is_named_where_it_does_not_suffice(
    share: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = f"{ANYWHERE}[near]\nexten => _XXX,1,System(echo ${{EXTEN}})\n"
    monkeypatch.setattr("asterconf.ask.standing.TOGETHER", share)
    answer = Config.from_texts({"extensions.conf": plan}).ask.injections(entry="context:c")
    named = {row.because.partition(" ways of")[0] for row in answer if "budget" in row.because}
    assert named == ({"it depends on budget: 0"} if share == 0 else set())
    assert ("System(echo ${EXTEN})" in {row.about for row in answer}) == (share == 0)


def test_behind_a_loopback_switch_the_number_is_not_that_of_the_extension() -> None:
    plan = f"{ANYWHERE}exten => _XXX,1,System(echo ${{EXTEN}})\n"
    for more, verdict in (("", "no"), ("[d]\nswitch => Loopback/9@far\n", "unknown")):
        conf = Config.from_texts({"extensions.conf": plan + more})
        assert conf.ask.injections(entry="context:c").verdict == verdict


@pytest.mark.parametrize(
    ("step", "verdict"),
    [
        ('GotoIf($["${EXTEN}" = "1"]?a,1)', "yes"),
        ("GotoIf($[${CALLERID(num)} = 1]?a,1)", "yes"),
        ('GotoIf($["${FILTER(0-9,${EXTEN})}" = "1"]?a,1)', "no"),
        ('GotoIf($["${UNIQUEID}" = "1"]?a,1)', "no"),
        ('Set(X=$["${EXTEN}" = "1"])', "no"),  # nothing takes it apart any more
    ],
)
def test_a_condition_that_a_caller_can_rewrite_is_an_injection(step: str, verdict: str) -> None:
    rows = asked(step)
    assert {one for one, _ in rows} == {verdict}
    if verdict == "yes":
        assert all("the caller changes the condition, such as" in because for _, because in rows)


@pytest.mark.parametrize(
    ("language", "verdict"),
    [("en", "no"), ("${EXTEN}", "unknown"), ("${IF($[1]?${X})}", "unknown")],
)
def test_a_language_that_steps_make_may_be_a_text_of_a_caller(language: str, verdict: str) -> None:
    step = f"Set(CHANNEL(language)={language})\n same => n,System(echo ${{CHANNEL(language)}})"
    assert asked(step)[-1][0] == verdict


def test_a_caller_id_that_the_phone_cannot_choose_is_no_injection() -> None:
    plan = "[c]\nexten => _XXX,1,System(echo ${CALLERID(num)})\n"
    phone = "[1]\ntype=aor\nmax_contacts=1\n[1]\ntype=endpoint\naors=1\ncontext=c\n"
    for more, verdict in (("callerid=Ann <100>\n", "no"), ("", "yes")):
        conf = Config.from_texts({"extensions.conf": plan, "pjsip.conf": phone + more})
        assert conf.ask.injections(entry="1").verdict == verdict
