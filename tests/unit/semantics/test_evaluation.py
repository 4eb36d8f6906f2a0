"""The evaluator, example by example: worlds, channels, what is unknown, what is said."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from asterconf import schema
from asterconf.codes import EXPRESSIONS
from asterconf.semantics import (
    FUNCTIONS,
    AsteriskState,
    Channel,
    Function,
    Invocation,
    Scope,
    Unknown,
    assign,
    assign_many,
    evaluate,
    substitute,
)


def codes(text: str, **variables: str) -> list[str]:
    found = evaluate(text, Scope(AsteriskState(), Channel(dict(variables))))
    return [fault.code for fault in found.faults]


# ---- without a call -----------------------------------------------------------------------------


def test_text_without_marks_is_returned_as_it_is() -> None:
    text = "exten => 100,1,Dial($A)"
    assert substitute(text, {"A": "x"}) is text


def test_a_name_that_is_not_there_is_empty() -> None:
    assert substitute("[${A}]", {}) == "[]"
    assert substitute("[${A}]") == "[]"


def test_functions_of_a_call_are_empty_while_nothing_calls() -> None:
    found = evaluate("[${CALLERID(num)}${EXTEN}]", Scope(AsteriskState({"EXTEN": "g"})))
    assert found.text == "[g]"
    assert [fault.code for fault in found.faults] == ["AC345"]


def test_what_only_asterisk_knows_stays_as_it_is_written() -> None:
    assert substitute("a${DB(a/b)}c${LEN(${EPOCH})}", {}) == "a${DB(a/b)}c${LEN(${EPOCH})}"


def test_variables_are_not_changed() -> None:
    variables = {"A": "1"}
    assert substitute("${SET(A=2)}${A}", variables) == "22"
    assert variables == {"A": "1"}


def test_the_clock_can_be_given() -> None:
    def clock() -> datetime:
        return datetime(2024, 2, 5, 9, 30, tzinfo=UTC)

    text = "${EPOCH} ${STRFTIME(,,%H:%M)} ${IFTIME(09:00-17:00,mon?open:shut)}"
    assert substitute(text, {}, clock=clock) == "1707125400 09:30 open"
    assert substitute("${IFTIME(*,*,*,*?a:b)}${IFTIME(9-17?a:b)}", {}) == "ab"
    assert substitute("${IFTIME(*,mon?a:b)}", {}) == "${IFTIME(*,mon?a:b)}"


def test_functions_can_be_replaced() -> None:
    def shout(call: Invocation) -> str:
        return call.arguments.upper() + "!"

    functions = {**FUNCTIONS, "SHOUT": Function(shout)}
    assert substitute("${SHOUT(${A})}", {"A": "x"}, functions=functions) == "X!"
    assert substitute("[${LEN(abc)}]", {}, functions={}) == "[]"


def test_every_function_of_asterisk_is_there() -> None:
    assert set(FUNCTIONS) == set(schema.functions())
    for name, facts in schema.functions().items():
        assert (FUNCTIONS[name].read is not None) == facts["read"], name


# ---- with a call --------------------------------------------------------------------------------


def test_a_channel_answers_what_it_is_told() -> None:
    channel = Channel({"X": "1"}, {"EXTEN": "100", "CALLERID(num)": "55", "CALLERID(name)": "Bob"})
    scope = Scope(AsteriskState({"X": "global", "G": "g"}), channel)
    found = evaluate("${EXTEN} ${X} ${G} ${CALLERID(all)} ${CONTEXT}", scope)
    assert found.text == '100 1 g "Bob" <55> ${CONTEXT}'
    assert found.unknown == (Unknown("${CONTEXT}", "CONTEXT depends on the call"),)
    assert not found.is_known


def test_what_a_call_sets_is_known_from_then_on() -> None:
    scope = Scope(AsteriskState(), Channel())
    for text in ("X=1", "CALLERID(all)=Bob <(55) 6>", "CHANNEL(language)=fr", "TIMEOUT(digit)=2.5"):
        assign(scope, text)
    text = "${X} ${CALLERID(num)} ${CHANNEL(language)} ${TIMEOUT(digit)} ${CHANNEL(state)}"
    found = evaluate(text, scope)
    assert found.text == "1 556 fr 2.500 ${CHANNEL(state)}"


def test_variables_for_further_channels_are_noted() -> None:
    scope = Scope(AsteriskState(), Channel())
    assign_many(scope, "__A=1,_B=2,C=3")
    assert scope.channel is not None
    assert scope.channel.variables == {"A": "1", "B": "2", "C": "3"}
    assert scope.channel.inherited == {"A": 2, "B": 1}
    assign(scope, "A=4")
    assert scope.channel.inherited == {"B": 1}


def test_local_variables_end_with_their_subroutine() -> None:
    channel = Channel({"X": "outer"})
    scope = Scope(AsteriskState(), channel)
    channel.frames.append({})
    for text in ("LOCAL(X)=inner", "LOCAL(Y)=new", "Z=kept"):
        assign(scope, text)
    text = "${X} ${LOCAL(X)} ${LOCAL_PEEK(1,X)} ${Y} ${LOCAL(Z)}${Z}"
    assert evaluate(text, scope).text == "inner inner outer new kept"
    channel.leave()
    assert evaluate("${X} ${Y}${LOCAL(X)} ${Z}", scope).text == "outer  kept"


def test_an_asterisk_answers_what_its_state_holds() -> None:
    world = AsteriskState(
        database={"fam/a": "1", "fam/b": "2"}, facts={"DEVICE_STATE(PJSIP/1)": "INUSE"}
    )
    scope = Scope(world, Channel())
    text = "${DB(fam/a)} ${DB_KEYS(fam)} ${DB_EXISTS(fam/x)} ${DEVICE_STATE(PJSIP/1)}"
    assert evaluate(text, scope).text == "1 a,b 0 INUSE"
    assert evaluate("${DB_DELETE(fam/a)}${DB(fam/a)}", scope).text == "1"
    assert evaluate("${DEVICE_STATE(PJSIP/2)}", scope).text == "${DEVICE_STATE(PJSIP/2)}"


def test_an_unknown_argument_of_a_function_that_sets_is_remembered() -> None:
    scope = Scope(AsteriskState(), Channel({"A": "1", "B": "2"}))
    assert evaluate("${SET(A=${UUID()})} ${B}", scope).text == "${SET(A=${UUID()})} 2"
    assert evaluate("${A}", scope).text == "${A}"
    assert evaluate("${INC(${UUID()})}", scope).text == "${INC(${UUID()})}"
    (unknown,) = evaluate("${B}", scope).unknown
    assert unknown.why == "the function UUID asks the running Asterisk"


def test_an_unknown_name_leaves_no_variable_known() -> None:
    scope = Scope(AsteriskState(), Channel({"B": "2"}))
    assign(scope, evaluate("${UUID()}=1", scope))
    assert not evaluate("${B}", scope).is_known
    assert not evaluate("${VARIABLE_EXISTS(B)}", scope).is_known


def test_an_unknown_database_entry_makes_the_database_unknown() -> None:
    scope = Scope(AsteriskState(database={"a/b": "1"}), Channel())
    assign(scope, evaluate("DB(a/c)=${UUID()}", scope))
    assert not evaluate("${DB(a/b)}", scope).is_known


# ---- limits -------------------------------------------------------------------------------------


def test_long_values_are_cut() -> None:
    found = evaluate("${A}", Scope(AsteriskState({"A": "é" * 3000})))
    assert found.text == "é" * 2047 + "\udcc3"
    assert [fault.code for fault in found.faults] == ["AC352"]
    assert len(substitute("${A}${A}${A}", {"A": "x" * 4000})) == 8191


def test_the_sixteenth_level_is_empty() -> None:
    nested = "${" * 15 + "A" + "}" * 15
    assert substitute(f"x{nested}y", {"A": "A"}) == "xAy"
    assert substitute(f"x${{{nested}}}y", {"A": "A"}) == "xy"


def test_a_text_that_evaluates_itself_is_unknown() -> None:
    found = evaluate("${EVAL(${A})}", Scope(AsteriskState({"A": "x${EVAL(${A})}"})))
    assert found.text == "${EVAL(${A})}"
    deep = "${" * 14 + "EVAL(${B})" + "}" * 14
    assert not evaluate(deep, Scope(AsteriskState({"B": deep}))).is_known


def test_halves_of_a_character_join() -> None:
    assert substitute("${A:0:1}${A:1}", {"A": "é"}) == "é"
    assert substitute("${A:0:1}", {"A": "é"}) == "\udcc3"


# ---- what is said -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("${NOSUCH(1)}", "AC340"),
        ("${ARRAY(a)}", "AC341"),
        ("${SET(LEN(a)=1)}", "AC342"),
        ("${CUT(A)}", "AC343"),
        ("${QUOTE()}", "AC344"),
        ("$[abc + 1]", "AC346"),
        ("$[1 / 0]", "AC347"),
        ('$["a" =~ "("]', "AC348"),
        ("$[floor(1)]", "AC349"),
        ("$[PASSTHRU(1)]", "AC350"),
        ("$[POW(1)]", "AC351"),
        ("$[1 2]", "AC307"),
        ("${A", "AC301"),
    ],
)
def test_what_asterisk_logs_is_said(text: str, code: str) -> None:
    assert codes(text) == [code]


def test_what_set_logs_is_said() -> None:
    scope = Scope(AsteriskState(), Channel())
    for text in ("X =1", "X", "X)=1"):
        assign(scope, text)
    assign_many(scope, "")
    said = [fault.code for fault in scope.faults]
    assert said == ["AC353", "AC354", "AC355", "AC340", "AC354"]


def test_a_fault_points_at_its_part() -> None:
    found = evaluate("ab${X}$[1/0]", Scope(AsteriskState()))
    (said,) = found.diagnostics()
    assert said.message == "'/' by zero: the value is 2147483647"
    assert found.faults[0].span == (6, 12)
    assert said.hint == "test the divisor first"


def test_every_code_of_the_evaluator_is_tested_here() -> None:
    text = Path(__file__).read_text("utf-8")
    codes = [rule.code for rule in EXPRESSIONS.values() if rule.code >= "AC340"]
    assert codes
    assert [code for code in codes if f'"{code}"' not in text] == []


# ---- observed on 22.10.1, one by one -----------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("<${RTRIM(  )}>", "< >"),
        ("<${RTRIM(\t )}>", "<\t>"),
        ("<${RTRIM( a )}>", "< a>"),
        ("[${CALLERID(num,)}]", "[]"),
        ("[${CALLERID(all,)}]", '["" <>]'),
        (r"[${REPLACE(W,\\,y)}]", "[]"),
        (r"[${REPLACE(W,a\\,y)}]", r"[y\b]"),
        (r"[${REPLACE(W,\\\\,y)}]", "[ayb]"),
        (r"[${CUT(W,\\,1)}]", r"[a\b]"),
        (r"[${FIELDNUM(W,\\,b)}]", "[0]"),
        (r"[${FIELDQTY(W,\\)}]", "[2]"),
        ("$[!4294967296]", "1"),
        ("$[!4294967297]", "0"),
        ("$[!12884901888.x]", "1"),
        ("$[!18446744073709551616]", "0"),
        ("${MATH(--5+1,i)}", "6"),
        ("${MATH(- 5+1,i)}", "-4"),
        ("[${MATH(+5+1,i)}]", "[]"),
        ("[${MATH(---5+1,i)}]", "[]"),
        ("[${MATH(--5-5,i)}]", "[]"),
        ("[${MATH(5=-5,i)}]", "[]"),
        ("${MATH(-0*5,f)}", "0.000000"),
        ("${SPRINTF(%ld,-5)}", "4294967291"),
        ("${SPRINTF(%+ld,-5)}", "+4294967291"),
        ("${SPRINTF(%lld%d,-5,-6)}", "4294967291-6"),
        ("${SPRINTF(%hd,70000)}", "4464"),
        ("${SPRINTF(%hd,40000)}", "-25536"),
        ("${SPRINTF(%hu,-5)}", "65531"),
        ("${SPRINTF(%hhd,200)}", "-56"),
        ("${SPRINTF(%hhx,700)}", "bc"),
        ("${STRPTIME(1700000000,Europe/Berlin,%s)}", "1699996400"),
        ("${STRPTIME(1690000000,America/New_York,%s)}", "1690014400"),
        ("${STRPTIME(9999999999,UTC,%s)}", "1410065407"),
        ("${STRPTIME(2024-03-31 02:30,Europe/Berlin,%Y-%m-%d %H:%M)}", "0"),
    ],
)
def test_single_values(text: str, result: str) -> None:
    found = evaluate(text, Scope(AsteriskState(), Channel({"W": "a\\b"})))
    assert (found.text, found.is_known) == (result, True)


@pytest.mark.parametrize(
    "text",
    [
        "$[CUT(1)]",
        "$[MATH(5)]",
        "${SPRINTF(%Lf,1.5)}",
        "${SPRINTF(%ls,abc)}",
        "${SPRINTF(%lc,8364)}",
        "${STRPTIME(1700000000 2010,UTC,%s %Y)}",
    ],
)
def test_memory_that_was_never_written_is_unknown(text: str) -> None:
    assert not evaluate(text, Scope(AsteriskState(), Channel())).is_known
