"""Where the text of a caller is taken apart: each sink with what it takes apart, and what not."""

from __future__ import annotations

import pytest

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
    conf = Config.from_texts({"extensions.conf": plan, "func_odbc.conf": ODBC})
    answer = conf.ask.injections(entry="context:c")
    return [(answer.verdict, row.because) for row in answer] or [(answer.verdict, "")]


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("Dial(PJSIP/${EXTEN}@t)", "is taken apart, such as '0&0'"),
        ("Goto(x,${EXTEN},1)", "becomes two arguments, such as '0,0'"),
        ("Gosub(x,s,1(${EXTEN}))", "becomes two arguments, such as '0,0'"),
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
        ("Set(X=${ODBC_FOO(${EXTEN})})", THREE),
    ],
)
def test_what_no_caller_can_take_apart_is_no_injection(step: str, name: str) -> None:
    assert asked(step, name) == [("no", "")]


@pytest.mark.parametrize(
    "step", ["System(echo ${DB(a/b)})", "System(echo ${CURL(http://x)})", "Dial(PJSIP/${GONE}@t)"]
)
def test_what_is_not_known_in_a_sink_is_unknown(step: str) -> None:
    plan = f"[c]\nexten => _XXX,1,{step}\n[d]\nexten => 1,1,Set(GLOBAL(GONE)=${{CURL(x)}})\n"
    answer = Config.from_texts({"extensions.conf": plan}).ask.injections(entry="context:c")
    assert answer.verdict == "unknown"
    assert {(row.file, row.line) for row in answer} == {("extensions.conf", 2)}


def test_each_unknown_row_names_a_step_or_what_leads_elsewhere() -> None:
    plan = (
        "[c]\nexten => _XXX,1,System(echo ${DB(a/b)})\n same => n,AGI(x.agi)\n"
        " same => n,System(echo ${HINT(1@c)})\nswitch => Realtime/x\n"
    )
    answer = Config.from_texts({"extensions.conf": plan}).ask.injections(entry="context:c")
    assert sorted(map(str, answer)) == [
        "context:c AGI(x.agi): unknown: what calls do there is not known (extensions.conf:3)",
        "context:c System(echo ${DB(a/b)}): unknown: it depends on ${DB(a/b)} (extensions.conf:2)",
        "context:c switch Realtime/x of [c]: unknown: what calls do there is not known",
    ]


def test_a_caller_id_that_the_phone_cannot_choose_is_no_injection() -> None:
    plan = "[c]\nexten => _XXX,1,System(echo ${CALLERID(num)})\n"
    phone = "[1]\ntype=aor\nmax_contacts=1\n[1]\ntype=endpoint\naors=1\ncontext=c\n"
    for more, verdict in (("callerid=Ann <100>\n", "no"), ("", "yes")):
        conf = Config.from_texts({"extensions.conf": plan, "pjsip.conf": phone + more})
        assert conf.ask.injections(entry="1").verdict == verdict
