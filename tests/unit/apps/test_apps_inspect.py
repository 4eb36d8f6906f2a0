"""What is said about applications that Asterisk 22 does not take as they are written."""

from __future__ import annotations

import re
from typing import Any

import pytest

from asterconf import apps
from asterconf.codes import APPLICATIONS
from asterconf.source import Position, Severity

CASES: list[tuple[str, list[tuple[str, str]]]] = [
    ("Dail(PJSIP/1)", [("AC250", "Dail")]),
    ("Macro(x)", [("AC251", "Macro")]),
    ("dial(PJSIP/1)", [("AC252", "dial")]),
    ("Dial (PJSIP/1)", [("AC253", " ")]),
    ("Dial(PJSIP/1|20|t)", [("AC254", "PJSIP/1|20|t")]),
    ("Goto(a|s|1)", [("AC254", "a|s|1")]),
    ("GotoIf($[1|2]?a|1)", [("AC254", "$[1|2]?a|1")]),
    ("Dial(PJSIP/${A|B},20)", []),
    ("System(a|b)", []),
    ("NoOp(a|b)", []),
    ("Set(A=b|c)", []),
    ("NoOp,a,b", [("AC255", "NoOp,a,b()")]),
    ("Dial|PJSIP/1|20", [("AC255", "Dial|PJSIP/1|20()")]),
    ("Wait()", [("AC256", "")]),
    ("Dial(,20)", [("AC256", ",20")]),
    ("Authenticate()", [("AC275", "")]),
    ("Verbose(text)", []),
    ("MinivmNotify(a,template)", []),
    ("Read(X,,,t(D))", []),
    ("BridgeWait(,,e(n))", []),
    ("Set()", [("AC256", "")]),
    ("Queue()", [("AC257", "")]),
    ("Playback(,skip)", [("AC256", ",skip")]),
    ("Queue(,t)", [("AC256", ",t")]),
    ("ConfBridge(,x)", [("AC257", ",x")]),
    ("ExecIf(1?)", [("AC257", "1?")]),
    ("ExecIf(1)", [("AC257", "1")]),
    ("VoiceMail(100,u,b)", [("AC259", ",")]),
    ("Page(PJSIP/1,i,5,7)", [("AC258", "7")]),
    ("Park(a,s,z)", [("AC258", "z")]),
    ("Goto(a,s,1,7)", [("AC258", "7")]),
    ("ConfBridge(a,b,c,d)", []),
    ("Dial(PJSIP/1,20,tZ)", [("AC259", "Z")]),
    ("Dial(PJSIP/1,20,M(x))", [("AC259", "M(x)")]),
    ("Dial(PJSIP/1,20,t${MORE})", []),
    ('Dial(PJSIP/1,20,"Z")', [("AC259", '"Z"')]),
    ("MixMonitor(a,Z)", [("AC259", "Z")]),
    ("BackGround(a,noanswer)", []),
    ("Dial(PJSIP/1,20,U(x)", [("AC260", "U(x")]),
    ("Dial(PJSIP/1,20,t(5))", [("AC261", "t(5)")]),
    ("Dial(PJSIP/1,20,tL)", [("AC262", "L")]),
    ("Dial(PJSIP/1,20,m)", []),
    ("(a)", [("AC263", "")]),
    ("${APP}(a)", [("AC264", "${APP}(a)")]),
    ("Set(x)", [("AC265", "x")]),
    ("GotoIf(x)", [("AC265", "x")]),
    ("GosubIf(x)", [("AC265", "x")]),
    ("ExecIf(1,Set,x=5)", [("AC266", "1,Set,x=5")]),
    ("Goto( a,s,1)", [("AC267", " a,s,1")]),
    ("Goto( ring)", [("AC267", " ring")]),
    ("Goto(a\u0085,s,1)", []),  # no blank to Asterisk, and a name may end in it
    ("Goto(\u2028a,s,1)", []),
    ("Goto( 1 )", []),
    ("GosubIf(1?a,s,1(x): b,s,1)", [("AC267", " b,s,1")]),
    ("Dial(6001)", [("AC268", "6001")]),
    ("Dial(PJSIP/)", [("AC268", "PJSIP/")]),
    ("Dial(${PHONES})", []),
    ("Dial(PJSIP/1&&PJSIP/2)", []),
    ("Dial(PJSIP/1,x)", [("AC269", "x")]),
    ("Dial(PJSIP/1,10^x)", [("AC269", "10^x")]),
    ("Dial(PJSIP/1,${T})", []),
    ("Hangup(USER_BUSY)", []),
    ('Dial("PJSIP/1,20)', [("AC270", '"')]),
    ("Read(X(,f,4)", [("AC270", "(")]),
    ("Dial(PJSIP/1,20,U(x,url)", [("AC260", "U(x,url"), ("AC270", "(")]),
    ("VoiceMail(su100@default)", [("AC271", "su100@default")]),
    ("MeetMe(1)", [("AC272", "MeetMe")]),
    ("Ringing(x)", [("AC273", "x")]),
    ("EndWhile(x)", [("AC273", "x")]),
    ("Playback(a,nonsense)", [("AC274", "nonsense")]),
    ("Playback(a,skip,noanswer)", []),
    ("ExecIf(1?dial(x/y,,Z))", [("AC252", "dial"), ("AC259", "Z")]),
    ("Dial(PJSIP/6001&PJSIP/6002,25,tTU(sub^a)L(60000))", []),
]


@pytest.mark.parametrize(("text", "found"), CASES, ids=lambda v: v if isinstance(v, str) else "")
def test_findings_are_at_their_place(text: str, found: list[tuple[str, str]]) -> None:
    app = apps.parse(text)
    said = [(one.code, str(app)[slice(*one.span)]) for one in apps.inspect(app)]
    assert said == found


def test_every_code_is_tried_above() -> None:
    tried = {code for _, found in CASES for code, _ in found}
    assert tried == {rule.code for rule in APPLICATIONS.values()}
    assert all(250 <= int(code[2:]) <= 279 for code in tried)


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("dial(PJSIP/1)", "Dial(PJSIP/1)"),
        ("Dial (PJSIP/1)", "Dial(PJSIP/1)"),
        ("Dial(PJSIP/1|20|t)", "Dial(PJSIP/1,20,t)"),
        ("GotoIf($[1|2]?a|1)", "GotoIf($[1|2]?a,1)"),
        ("NoOp,a,b", "NoOp(a,b)"),
        ("Dial|PJSIP/1|20", "Dial(PJSIP/1,20)"),
        ("ExecIf(1,Set,x=5)", "ExecIf(1?Set(x=5))"),
    ],
)
def test_replacement_cures_the_finding_and_makes_none(text: str, fixed: str) -> None:
    app = apps.parse(text)
    (one,) = apps.inspect(app)
    ((start, end, instead),) = one.changes
    assert (start, end) == one.span
    written = str(app)
    cured = written[:start] + instead + written[end:]
    assert cured == fixed
    assert [*apps.inspect(apps.parse(cured))] == []


def test_finding_becomes_a_diagnostic_at_its_column() -> None:
    (one,) = apps.inspect(apps.parse("Dial(PJSIP/1,20,tZ)"))
    said = one.at(Position("extensions.conf", 7, 20))
    assert str(said) == (
        "extensions.conf:7:37: warning AC259 Dial has no option 'Z'\n  hint: Asterisk ignores it"
    )
    assert one.at(None).position is None


def test_hints_name_what_is_meant() -> None:
    def hint(text: str) -> str:
        return next(apps.inspect(apps.parse(text))).at().hint

    assert hint("Dail(PJSIP/1)") == "the call ends here; did you mean Dial?"
    assert hint("Macro(x)").startswith("the call ends here; use Gosub(CONTEXT,s,1(…))")
    assert hint("DB_DELETE(a/b)") == ("the call ends here; it is a function, for ${…} and Set(…=…)")
    assert hint("ICES(x)") == "the call ends here"
    assert hint("VoiceMail(u100)") == "write 100,u"
    assert re.match("Asterisk ignores it; use U", hint("Dial(PJSIP/1,,M(x))"))


def test_severity_is_an_error_only_where_the_call_ends_or_the_option_string_does() -> None:
    ends = {"AC250", "AC251", "AC253", "AC255", "AC257", "AC260", "AC263", "AC264", "AC268"}
    rules: dict[str, Any] = {rule.code: rule.severity for rule in APPLICATIONS.values()}
    assert {code for code, severity in rules.items() if severity is Severity.ERROR} == ends
