"""The small languages, example by example."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from asterconf.codes import EXPRESSIONS
from asterconf.language import callerid, dialstring, expression, template, timespec
from asterconf.language.dialstring import BareTarget, LocalTarget, OtherTarget, PJSIPTarget
from asterconf.language.expression import (
    Binary,
    Choice,
    ExpressionCall,
    Operand,
    Parenthesized,
    Unary,
)
from asterconf.language.template import FunctionCall, Literal, NameUse, Variable
from asterconf.source import Position


def found(faults: Any) -> list[tuple[str, int, int]]:
    return [(fault.code, *fault.span) for fault in faults]


# ---- variables ----------------------------------------------------------------------------------


def test_a_dial_argument_is_taken_apart() -> None:
    text = template.parse("PJSIP/+1${EXTEN:1:-2}@${TRUNK}")
    assert [str(part.text) for part in text.parts] == [
        "PJSIP/+1", "${EXTEN:1:-2}", "@", "${TRUNK}",
    ]  # fmt: skip
    number = text.parts[1]
    assert isinstance(number, Variable)
    assert number.name == "EXTEN"
    assert number.slice is not None
    assert (number.slice.offset, number.slice.length) == (1, -2)
    assert str(number.slice) == ":1:-2"
    assert number.span == (8, 21)


def test_a_function_has_its_arguments_from_the_first_to_the_last_parenthesis() -> None:
    (call,) = template.parse("${CUT(A,(,),${N}):0:3}").parts
    assert isinstance(call, FunctionCall)
    assert (call.name, str(call.arguments)) == ("CUT", "A,(,),${N}")
    assert call.arguments.span == (6, 16)
    assert [str(one) for one in call.arguments.split(",")] == ["A", "(", ")", "${N}"]
    assert str(call.slice) == ":0:3"


def test_what_is_nested_is_found_at_any_depth() -> None:
    text = template.parse("$[${LEN(${A_${N}})} > ${B:${C}}]")
    assert next(text.walk()) is text.parts[0]
    assert [v.name for v in text.variables()] == ["A_${N}", "N", "B", "C"]
    assert [f.name for f in text.functions()] == ["LEN"]
    assert [e.text for e in text.expressions()] == [text.text]
    slice_ = next(v for v in text.variables() if v.name == "B").slice
    assert slice_ is not None
    assert (slice_.offset, slice_.length) == (None, None)


def test_names_are_found_by_value_and_by_name() -> None:
    text = "${A} ${CUT(LIST,-,1)} ${SET(x=${A})} ${LEN(word)} ${${N}} ${INC(n)} ${CUT(${P},-,1)}"
    names = list(template.parse(text).names())
    assert [(use.name, use.by) for use in names] == [
        ("A", ""), ("LIST", "CUT"), ("x", "SET"), ("A", ""), ("N", ""), ("n", "INC"), ("P", ""),
    ]  # fmt: skip
    assert all(text[use.span.start : use.span.end] == use.name for use in names)
    assert names[0] == NameUse("A", names[0].span)


def test_values_compare_by_their_text() -> None:
    assert template.parse("a${B}") == template.parse("a${B}", 7)
    assert template.parse("a${B}", 7).parts[1].span == (8, 12)
    assert template.parse("a").parts == (Literal("a", template.parse("a").span),)
    assert repr(template.parse("${B}")) == "Template(text='${B}')"
    assert template.parse("").parts == ()


@pytest.mark.parametrize(
    ("text", "offset", "length", "used"),
    [
        ("3", 3, None, 1), ("-3:2", -3, 2, 4), (" 2: 3", 2, 3, 5), ("+2:+3", 2, 3, 5),
        ("x", 0, None, 0), ("", 0, None, 0), (":3", 0, None, 0), ("2x:3", 2, None, 1),
        ("2 :3", 2, None, 1), ("2:3:4", 2, 3, 3), ("1.5", 1, None, 1), ("--2", 0, None, 0),
        ("4294967297", 1, None, 10), ("99999999999999999999", -1, None, 20),
    ],
)  # fmt: skip
def test_slices_are_read_as_c_reads_them(
    text: str, offset: int, length: int | None, used: int
) -> None:
    assert template.read_slice(text) == (offset, length, used)


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("a${B", [("AC301", 1, 3)]),
        ("${A$[1}", [("AC302", 3, 5)]),
        ("${LEN(a}", [("AC303", 0, 6)]),
        ("${LEN(a)b}", [("AC304", 8, 9)]),
        ("${A:x}", [("AC305", 4, 5)]),
        ("${A:}", [("AC305", 4, 4)]),
        ("${A:1:2:3}", [("AC305", 7, 9)]),
        ("${" * 16 + "A" + "}" * 16, [("AC306", 30, 32)]),
        ("${A}$[1]${LEN(a)}${A:1:2}${A:${B}}", []),
    ],
)
def test_what_is_odd_about_a_template_is_said(text: str, faults: list[Any]) -> None:
    assert found(template.parse(text).faults) == faults


def test_a_diagnostic_points_into_the_file() -> None:
    (said,) = template.parse("x${A").diagnostics(Position("extensions.conf", 7, 20))
    assert str(said) == (
        "extensions.conf:7:21: error AC301 '${' is never closed: all that follows belongs to it\n"
        "  hint: close it with '}'; quotes and parentheses protect no brace"
    )


# ---- expressions --------------------------------------------------------------------------------


def word(text: str, kind: str = "word") -> Operand:
    return Operand(kind, text, template.parse("").span)


def test_an_expression_is_taken_apart_as_asterisk_groups_it() -> None:
    (part,) = template.parse('$["${A}" = "x" & 1 + 2 * !3 ? (y) :: LEN(z,)]').parts
    assert isinstance(part, template.Expression)
    span = part.span
    one, two, three = (word(n, "number") for n in "123")
    same = Binary("=", word('"${A}"', "string"), word('"x"', "string"), span)
    total = Binary("+", one, Binary("*", two, Unary("!", three, span), span), span)
    assert part.parsed.root == Choice(
        Binary("&", same, total, span),
        Parenthesized(word("y"), span),
        ExpressionCall("LEN", (word("z"), None), span),
        span,
    )
    assert part.parsed.faults == ()


def test_a_dash_is_a_subtraction() -> None:
    (part,) = template.parse("$[${X} = home-phones]").parts
    assert isinstance(part, template.Expression)
    root = part.parsed.root
    assert isinstance(root, Binary)
    assert root.right == Binary("-", word("home"), word("phones"), part.span)
    assert root.right.span == (9, 20)


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("$[1 2]", [("AC307", 4, 5)]),
        ("$[1 +]", [("AC307", 5, 5)]),
        ("$[= 1]", [("AC307", 2, 3)]),
        ("$[1 ${X}]", [("AC309", 4, 8)]),
        ("$[${X} 1]", [("AC309", 7, 8)]),
        ("$[${X} = = 1]", [("AC307", 9, 10)]),
        ("$[a ~ b$[]", [("AC308", 4, 5), ("AC309", 6, 10)]),
        ("$[{a = b} & {c]", [("AC308", 2, 13)]),
        ("$[]", []),
        ("$[ ]", []),
    ],
)
def test_what_is_odd_about_an_expression_is_said(text: str, faults: list[Any]) -> None:
    (part,) = template.parse(text).parts
    assert isinstance(part, template.Expression)
    assert found(part.parsed.faults) == faults


def test_what_an_expression_passes_over_is_said_once() -> None:
    (part,) = template.parse("$[{a = b} & {c]").parts
    assert isinstance(part, template.Expression)
    said = [one.message for one in part.parsed.faults]
    assert said == ["an expression passes over '{' and '}'"]


def test_a_program_keeps_what_is_done_before_the_fault() -> None:
    program = expression.program("1/0 + * 3")
    assert [one.kind for one in program.operations] == ["operand", "operand", "binary"]
    assert (program.value, program.stop) == ("0", (6, 7))
    assert expression.program("(" * 4000).value == "0"


# ---- time conditions ----------------------------------------------------------------------------


def test_a_condition_shows_its_fields() -> None:
    spec = timespec.parse("22:00-06:00&12:30,fri-mon,*,dec,Europe/Paris")
    assert spec.times is not None
    assert [(r.start, r.end) for r in spec.times] == [(1320, 360), (750, 750)]
    assert spec.weekdays is not None
    assert [(r.start, r.end, r.span) for r in spec.weekdays] == [(5, 1, (18, 25))]
    assert spec.days is None
    assert spec.months is not None
    assert spec.zone == "Europe/Paris"
    assert not spec.never
    assert not spec.always
    assert str(spec) == spec.text


def test_the_zone_of_a_condition_counts() -> None:
    spec = timespec.parse("09:00-17:00,*,*,*,America/New_York")
    at = datetime(2024, 2, 5, 21, 30, tzinfo=UTC)
    assert spec.holds(at)
    assert not timespec.parse("09:00-17:00,*,*,*").holds(at)
    assert timespec.parse("22:00-23:00").holds(at, "Europe/Paris")
    assert timespec.parse("18:30,*,*,*,UTC3").holds(at)
    assert timespec.parse("00:00,*,*,*,UTC-2:30").holds(at)
    assert spec.holds(datetime.fromisoformat("2024-02-05 12:00"))
    assert not spec.holds(datetime.fromisoformat("2024-02-05 12:00"), "Asia/Tokyo")


def test_a_condition_says_why() -> None:
    spec = timespec.parse("09:00-17:00,mon-fri,1-7,jan")
    at = datetime.fromisoformat("2024-02-05 08:00")
    assert spec.explain(at) == ("does not hold: 08:00 is not in 09:00-17:00, feb is not in jan")
    good = datetime.fromisoformat("2024-01-05 09:00")
    assert spec.explain(good) == (
        "holds: 09:00 is in 09:00-17:00, fri is in mon-fri, day 5 is in 1-7, jan is in jan"
    )
    assert timespec.parse("*,*").explain(at) == "holds: always"
    assert timespec.parse("").explain(at) == "does not hold: it is empty"


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("9-17", [("AC310", 0, 4), ("AC314", 0, 4)]),
        ("*,monday&fri", [("AC311", 2, 8)]),
        ("*,*,32", [("AC312", 4, 6), ("AC314", 4, 6)]),
        ("*,*,*,x", [("AC313", 6, 7), ("AC314", 6, 7)]),
        ("*|*|*|*|UTC", [("AC315", 8, 11)]),
        ("*,*,*,*,Nowhere/Bad", [("AC316", 8, 19)]),
        ("&", [("AC314", 0, 1)]),
        ("9:00am-5:00pm,MON,05,1", []),
    ],
)
def test_what_is_odd_about_a_condition_is_said(text: str, faults: list[Any]) -> None:
    spec = timespec.parse(text)
    assert found(spec.faults) == faults
    assert spec.never == ("AC314" in {code for code, *_ in faults})


# ---- caller ids ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name", "number", "dialled", "faults"),
    [
        ('"Living Room" <6001>', "Living Room", "6001", "6001", []),
        ("Bob <(555) 123-4567>", "Bob", "(555) 123-4567", "5551234567", []),
        ("(555) 123-4567", "", "(555) 123-4567", "5551234567", []),
        ("Bob", "Bob", None, "", []),
        ("Bob <5", "Bob", "5", "5", [("AC320", 4, 5)]),
        ("Bob <5> x", "Bob", "5", "5", [("AC321", 7, 9)]),
        ('"A <5>', '"A', "5", "5", [("AC322", 0, 2)]),
        ('"Bob <5>"', "Bob", "5", "5", []),
        (r'"A\"B" <5>', 'A"B', "5", "5", []),
        ("Bob <[5-6]7-8.9.>", "Bob", "[5-6]7-8.9.", "[5-6]789.", []),
        ("<5>", "", "5", "5", []),
        ("<5", "", "5", "5", [("AC320", 0, 1)]),
        ("<>", "", "", "", []),
        ("Bob <5> \t", "Bob", "5", "5", []),
        ("Bob <5>\x01x", "Bob", "5", "5", [("AC321", 7, 9)]),
        ("Bob <4> <5>", "Bob <4>", "5", "5", []),
        ('A" <5>', 'A"', "5", "5", [("AC322", 0, 2)]),
        ('" A " <5>', " A ", "5", "5", []),
        ('"" <5>', "", "5", "5", []),
        ('" <5>', "", "5", "5", []),
        ('"A"', "A", None, "", []),
        ("", "", None, "", []),
        ("*72#", "", "*72#", "*72#", []),
    ],
)
def test_a_caller_id_is_split(
    text: str, name: str, number: str | None, dialled: str, faults: list[Any]
) -> None:
    parsed = callerid.parse(text)
    assert (parsed.name, parsed.number, parsed.dialled) == (name, number, dialled)
    assert found(parsed.faults) == faults
    assert text[slice(*parsed.number_span)] == (number or "")


# ---- dial strings -------------------------------------------------------------------------------


def test_targets_are_typed() -> None:
    text = "PJSIP/+1${EXTEN}@voipms & pjsip/6001/sip:6001@192.0.2.1&Local/7@ctx/n&DAHDI/g1/9&${T}"
    dialled = dialstring.parse(text)
    trunk, phone, local, line, open_ = dialled.targets
    assert isinstance(trunk, PJSIPTarget)
    assert (str(trunk.user), str(trunk.endpoint), trunk.contact) == ("+1${EXTEN}", "voipms", None)
    assert [use.name for use in (trunk.user or trunk.endpoint).names()] == ["EXTEN"]
    assert isinstance(phone, PJSIPTarget)
    assert (phone.technology, str(phone.endpoint)) == ("pjsip", "6001")
    assert str(phone.contact) == "sip:6001@192.0.2.1"
    assert isinstance(local, LocalTarget)
    assert (str(local.exten), str(local.context), str(local.options)) == ("7", "ctx", "n")
    assert isinstance(line, OtherTarget)
    assert (str(line.technology), str(line.resource)) == ("DAHDI", "g1/9")
    assert isinstance(open_, BareTarget)
    assert open_.template.span == (len(text) - 4, len(text))
    assert dialled.faults == ()


def test_a_dial_string_inside_an_argument_keeps_its_place() -> None:
    argument = template.parse("PJSIP/1&PJSIP/${A},20")
    dialled = dialstring.parse(argument.split(",")[0])
    assert [target.template.span for target in dialled.targets] == [(0, 7), (8, 18)]


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("PJSIP/1&&PJSIP/2", [("AC330", 8, 8)]),
        ("6001", [("AC331", 0, 4)]),
        ("PJSIP/", [("AC332", 0, 6)]),
        ("Local/1", [("AC333", 0, 7)]),
        ("Local/1@c/nx", [("AC334", 11, 12)]),
        ("PJSIP/${A", [("AC301", 6, 8)]),
        ("Local/${EXTEN}", []),
    ],
)
def test_what_is_odd_about_a_dial_string_is_said(text: str, faults: list[Any]) -> None:
    assert found(dialstring.parse(text).faults) == faults


def test_every_code_of_the_languages_is_tested_here() -> None:
    codes = {rule.code for rule in EXPRESSIONS.values() if rule.code < "AC340"}
    text = Path(__file__).read_text("utf-8")
    assert codes == {code for code in codes if f'"{code}"' in text}
