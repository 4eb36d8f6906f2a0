"""Typed applications: what they take, what they print, what they read."""

from __future__ import annotations

import re
from typing import Any

import attrs
import pytest

from asterconf import apps, schema
from asterconf.apps._application import facts, fields_of
from asterconf.apps.faults import GONE
from asterconf.errors import ModelError
from asterconf.source import fold

PRINTED: list[tuple[apps.Application, str]] = [
    (apps.Dial("PJSIP/6001&PJSIP/6002"), "Dial(PJSIP/6001&PJSIP/6002)"),
    (apps.Dial(("PJSIP/1", "PJSIP/2"), 25), "Dial(PJSIP/1&PJSIP/2,25)"),
    (
        apps.Dial("PJSIP/1", timeout=2.5, options={"t": True, "U": "sub^a", "g": False}),
        "Dial(PJSIP/1,2.5,tU(sub^a))",
    ),
    (apps.Dial("PJSIP/1", options="tT", url="http://a"), "Dial(PJSIP/1,,tT,http://a)"),
    (apps.Queue("home", timeout=60, gosub="sub"), "Queue(home,,,,60,,sub)"),
    (apps.VoiceMail(["6000@default", "6001"], "u"), "VoiceMail(6000@default&6001,u)"),
    (apps.VoiceMailMain(), "VoiceMailMain()"),
    (apps.VoiceMailMain("6000@default", "s"), "VoiceMailMain(6000@default,s)"),
    (apps.Page("PJSIP/1&PJSIP/2", "i", 5), "Page(PJSIP/1&PJSIP/2,i,5)"),
    (apps.ConfBridge("room", menu="m"), "ConfBridge(room,,,m)"),
    (apps.Park(options={"t": 30}), "Park(,t(30))"),
    (apps.Set("X", "a,b=c"), "Set(X=a,b=c)"),
    (apps.Set("X", ""), "Set(X=)"),
    (apps.Set("CALLERID(name)", ' "A" '), 'Set(CALLERID(name)= "A" )'),
    (apps.Goto("main,100,1"), "Goto(main,100,1)"),
    (apps.Goto(("main", "100", 1)), "Goto(main,100,1)"),
    (apps.Goto(("100", "ring")), "Goto(100,ring)"),
    (apps.Goto("ring"), "Goto(ring)"),
    (apps.Goto(3), "Goto(3)"),
    (apps.Goto(apps.Location("main", "100")), "Goto(main,100,1)"),
    (apps.GotoIf('$["${X}" = "a:b"]', "y", ("1", 2)), 'GotoIf($["${X}" = "a:b"]?y:1,2)'),
    (apps.GotoIf("${X}", if_false="no"), "GotoIf(${X}?:no)"),
    (apps.GotoIfTime("9:00-17:00,mon-fri,*,*", "a", "b"),
     "GotoIfTime(9:00-17:00,mon-fri,*,*?a:b)"),
    (apps.Gosub("sub,s,1", ["a", "(b,c)"]), "Gosub(sub,s,1(a,(b,c)))"),
    (apps.Gosub(("sub", "s", 1)), "Gosub(sub,s,1)"),
    (apps.GosubIf("1", "sub,s,1(a:b)", apps.Gosub("x")), "GosubIf(1?sub,s,1(a:b):x)"),
    (apps.Return("a,b"), "Return(a,b)"),
    (apps.Playback("a&b", "skip,noanswer"), "Playback(a&b,skip,noanswer)"),
    (apps.BackGround(["a", "b"], "n", context="ivr"), "BackGround(a&b,n,,ivr)"),
    (apps.WaitExten(10), "WaitExten(10)"),
    (apps.Read("PIN", "enter-pin", 4, timeout=10), "Read(PIN,enter-pin,4,,,10)"),
    (apps.Answer(), "Answer()"),
    (apps.Answer(500, "i"), "Answer(500,i)"),
    (apps.Hangup("USER_BUSY"), "Hangup(USER_BUSY)"),
    (apps.Hangup(17), "Hangup(17)"),
    (apps.NoOp("a, (b"), "NoOp(a, (b)"),
    (apps.Wait(1.5), "Wait(1.5)"),
    (apps.ExecIf("1", apps.Set("X", "a:b"), "NoOp(x)"), "ExecIf(1?Set(X=a:b):NoOp(x))"),
    (apps.While("$[${I} < 3]"), "While($[${I} < 3])"),
    (apps.EndWhile(), "EndWhile()"),
    (apps.ExitWhile(), "ExitWhile()"),
    (apps.ContinueWhile(), "ContinueWhile()"),
    (apps.AnyApp("MixMonitor", "a.wav", options="b"), "MixMonitor(a.wav,b)"),
    (apps.AnyApp("MixMonitor", command="x,y"), "MixMonitor(,,x,y)"),
    (apps.AnyApp("Unheard", "a,b", 5), "Unheard(a\\,b,5)"),
    (apps.AnyApp("ExecIfTime", "a", "b"), "ExecIfTime(a?b)"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("app", "text"), PRINTED, ids=lambda value: value if isinstance(value, str) else ""
)
def test_application_prints_as_an_administrator_writes_it(app: apps.Application, text: str) -> None:
    assert str(app) == text
    assert apps.parse(text) == app
    assert eval(repr(app), vars(apps)) == app


def test_every_application_of_the_table_is_tried_above() -> None:
    assert {type(app) for app, _ in PRINTED} == {*apps.TYPED, apps.AnyApp}
    assert len(apps.TYPED) == 27


RENAMED = {
    "technology_resource": "targets", "mailboxs": "mailboxes", "name": "variable",
    "expression": "condition", "expr": "condition", "parking_lot_name": "parking_lot",
}  # fmt: skip
BRANCHING = {"Goto", "Gosub", "GosubIf", "GotoIf", "GotoIfTime", "ExecIf"}


@pytest.mark.parametrize("cls", apps.TYPED, ids=lambda cls: cls.__name__)
def test_arguments_are_those_that_asterisk_documents(cls: type[apps.Application]) -> None:
    assert cls.__name__ in schema.applications()
    if cls.__name__ not in BRANCHING:
        known = [RENAMED.get(name, name) for name in facts(cls.__name__).arguments]
        assert [field.name for field in fields_of(cls)] == known
        required = [f.name for f in attrs.fields(cls) if f.default is attrs.NOTHING]
        needed = facts(cls.__name__).required
        assert len(required) in {needed, needed - 1}  # Set's value, the mailbox of VoiceMailMain


def test_no_two_arguments_of_an_application_have_one_name() -> None:
    for name in schema.applications():
        known = facts(name).arguments
        assert len(set(known)) == len(known)
        assert all(argument.isidentifier() for argument in known), name


@pytest.mark.parametrize(
    ("data", "app"),
    [
        ("PJSIP/1 & PJSIP/2,25", apps.Dial(("PJSIP/1 ", " PJSIP/2"), 25)),
        ("P/${CUT(X,-,1)}&P/${A&B},025", apps.Dial(("P/${CUT(X,-,1)}", "P/${A&B}"), "025")),
        ('"PJSIP/1","25"', apps.Dial("PJSIP/1", 25)),
        ("P/1,,t${M}U(${S}^a)", apps.Dial("P/1", options=["t", ("${M}", None), ("U", "${S}^a")])),
        ("PJSIP/1,10^5,Zt", apps.Dial("PJSIP/1", "10^5", "Zt")),
        ("", apps.Dial()),
    ],
)  # fmt: skip
def test_dial_is_read_from_any_spelling(data: str, app: apps.Dial) -> None:
    parsed = apps.parse("Dial", data)
    assert parsed == app
    assert parsed.data == data


def test_name_keeps_its_case_and_finds_the_class() -> None:
    app = apps.parse("dial", "PJSIP/1")
    assert isinstance(app, apps.Dial)
    assert (app.name, str(app)) == ("dial", "dial(PJSIP/1)")
    assert app == apps.Dial("PJSIP/1")
    assert str(attrs.evolve(app, timeout=5)) == "dial(PJSIP/1,5)"


def test_changed_application_keeps_the_spelling_of_the_rest() -> None:
    app = apps.parse("Dial", '"PJSIP/${X}" , 20,"t"')
    assert isinstance(app, apps.Dial)
    assert attrs.evolve(app, timeout=30).data == '"PJSIP/${X}" ,30,"t"'
    assert attrs.evolve(app, timeout=None).data == '"PJSIP/${X}" ,,"t"'


def test_surplus_field_stays() -> None:
    app = apps.parse("Park", "a,s,rest")
    assert isinstance(app, apps.Park)
    assert attrs.evolve(app, parking_lot="b").data == "b,s,rest"


def test_old_form_of_execif_is_read_and_written_in_the_new_one() -> None:
    app = apps.parse("ExecIf", "1,Set,x=5")
    assert isinstance(app, apps.ExecIf)
    assert app == apps.ExecIf("1", apps.Set("x", "5"))
    assert app.data == "1,Set,x=5"
    assert attrs.evolve(app, condition="2").data == "2?Set(x=5)"


def test_options_are_asked_by_letter() -> None:
    options = apps.Options("tU(sub^a)m()U(b)")
    assert options.t is True
    assert options.U == "b"
    assert options.m == ""
    assert options.T is False
    assert "m" in options
    assert "T" not in options
    assert [*options] == ["t", "U", "m", "U"]
    with pytest.raises(AttributeError):
        options.tt  # noqa: B018
    assert repr(options) == "Options('tU(sub^a)m()U(b)')"


def test_options_are_changed_into_new_ones() -> None:
    options = apps.Options("tU(a)")
    assert str(options | "g") == "tU(a)g"
    assert str(options | {"U": "b", "t": False}) == "tU(b)"
    assert str(options - "t") == "U(a)"
    assert str(options) == "tU(a)"


def test_option_text_in_an_argument_is_escaped_twice() -> None:
    app = apps.Dial("PJSIP/1", options={"U": "a)b"})
    assert str(app) == "Dial(PJSIP/1,,U(a\\\\)b))"
    # the last declared field is not cleaned, so there it is escaped once
    assert str(apps.WaitExten(options={"m": "a)b"})) == "WaitExten(,m(a\\)b))"


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: apps.ExecIf("a,b", apps.NoOp()), "no text says ExecIf(condition='a,b'"),
        (lambda: apps.Dial("a${b", 1), "no text says Dial("),
        (lambda: apps.Gosub("s", ["a,b"]), "no text says Gosub("),
        (lambda: apps.Gosub("s", [""]), "no text says Gosub("),
        (lambda: apps.Gosub("s,1(a)"), "no text says Gosub("),
        (lambda: apps.GotoIf("a?b", "c"), "no text says GotoIf("),
        (lambda: apps.Set("a=b", "c"), "no text says Set(variable='a=b', value='c')"),
        (lambda: apps.NoOp("a\nb"), "no line can call 'NoOp'"),
        (lambda: apps.Dial(5), "must be text or a list of texts, not 5"),  # type: ignore[arg-type]
        (lambda: apps.Dial("a", True), "must be a plain number or text, not True"),
        (lambda: apps.Dial("a", float("inf")), "must be a plain number or text, not inf"),
        (lambda: apps.Goto(("a", "b", "c", "d")), "a place has a context"),
        (lambda: apps.ExecIf("1", 5), "must be an application or its text, not 5"),  # type: ignore[arg-type]
        (lambda: apps.AnyApp("MixMonitor", optons="b"), "did you mean 'options'?"),
        (lambda: apps.AnyApp("MixMonitor", "a", file="b"), "is given its argument 'file' twice"),
        (lambda: apps.AnyApp("Log", "a", "b", "c"), "Log takes level, message; 3 texts are given"),
        (lambda: apps.Gosub("a", "b"), "arguments are a list of texts, not 'b'"),
    ],
)
def test_what_no_text_can_say_is_refused(build: Any, message: str) -> None:
    with pytest.raises(ModelError, match=re.escape(message)):
        build()


def test_argument_of_any_application_is_found_by_its_name() -> None:
    call = apps.parse("MixMonitor", "a.wav,bW(2)")
    assert isinstance(call, apps.AnyApp)
    assert call["file"] == "a.wav"
    assert call[0] == "a.wav"
    assert call["command"] == ""
    assert call.options.W == "2"
    assert call.arguments_by_name == {"file": "a.wav", "options": "bW(2)"}
    with pytest.raises(ModelError, match="MixMonitor has no argument 'x'"):
        call["x"]
    assert attrs.evolve(call, arguments=("b.wav",)).data == "b.wav"
    assert attrs.evolve(call, called="Nope").name == "Nope"


def test_spans_say_where_arguments_stand() -> None:
    app = apps.parse("Dial", "PJSIP/1,25,t")
    assert app.spans() == {"targets": (5, 12), "timeout": (13, 15), "options": (16, 17)}
    assert apps.parse("MixMonitor", "a,b").spans() == {"file": (11, 12), "options": (13, 14)}


def test_letters_are_those_of_asterisk_22() -> None:
    letters = apps.Dial.letters()
    assert letters["t"] is False
    assert letters["U"] is True
    assert "M" not in letters
    assert set(apps.Playback.letters()) == {"mix", "noanswer", "say", "skip"}
    assert apps.Queue.letters()["w"] is False


@pytest.mark.parametrize(
    ("cls", "with_argument", "without"),
    [
        (apps.Dial, "AbBDfFGLmnoOPQrsSuU", "acCdeEghHiIjkKNpRtTwWxXz"),
        (apps.VoiceMail, "dgt", "besSuUP"),
        (apps.VoiceMailMain, "ga", "prs"),
        (apps.Page, "bBA", "diqrsn"),
        (apps.Park, "ct", "rRs"),
        (apps.Read, "t", "sine"),
        (apps.BackGround, "", "snmp"),
    ],
)  # fmt: skip
def test_letters_have_an_argument_as_asterisk_reads_them(
    cls: type[apps.Application], with_argument: str, without: str
) -> None:
    letters = cls.letters()
    assert {letter for letter, takes in letters.items() if takes} - {"m"} == {*with_argument} - {
        "m"
    }
    assert {letter for letter, takes in letters.items() if not takes} == {*without}


def _jumps(text: str) -> list[tuple[str, str, bool]]:
    return [(j.argument, str(j.location), j.returns) for j in apps.jumps(apps.parse(text))]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Goto(a,s,1)", [("target", "a,s,1", False)]),
        ("GotoIf(x?a:b,1)", [("if_true", "a", False), ("if_false", "b,1", False)]),
        ("GotoIfTime(*,*,*,*?a)", [("if_true", "a", False)]),
        ("Gosub(a,s,1(x))", [("target", "a,s,1", True)]),
        ("GosubIf(x?a,s,1(y):b)", [("if_true", "a,s,1", True), ("if_false", "b", True)]),
        ("ExecIf(x?Goto(a):Gosub(b))", [("if_true", "a", False), ("if_false", "b", True)]),
        ("Dial(x/y,,F(a^s^1)G(lbl)U(sub^x)b(c^s^1(y))B(2)t)",
         [("options.F", "a,s,1", False), ("options.G", "lbl", False),
          ("options.U", "sub,s,1", True), ("options.b", "c,s,1", True), ("options.B", "2", True)]),
        ("Dial(x/y,,F)", []),
        (
            "Dial(x/y,,F(a,s,1)U(sub,x)b(c^s,1(y)))",
            [
                ("options.F", "a,s,1", False),
                ("options.U", "sub,s,1", True),
                ("options.b", "c,s,1", True),
            ],
        ),
        ("Queue(q,F(a^1),,,,,sub)", [("options.F", "a,1", False), ("gosub", "sub,s,1", True)]),
        ("Page(x/y,b(c^s^1))", [("options.b", "c,s,1", True)]),
        ("Park(,c(a,s,1))", [("options.c", "a,s,1", False)]),
        ("NoOp(a)", []),
    ],
)  # fmt: skip
def test_jumps_are_all_places_an_application_names(
    text: str, found: list[tuple[str, str, bool]]
) -> None:
    assert _jumps(text) == found


def test_gone_applications_are_gone_and_what_replaces_them_is_there() -> None:
    newest = schema.at("23")
    there = {fold(name) for name in newest.applications()}
    older = {name for asterisk in schema.versions() for name in schema.at(asterisk).applications()}
    assert older - newest.applications().keys() <= GONE.keys()
    for name, instead in GONE.items():
        assert fold(name) not in there
        for word in re.findall(r"\b([A-Z0-9_]{2,})\(", instead):
            assert word in newest.functions() or word in there or fold(word) in there
        for word in re.findall(r"\b([A-Z][A-Za-z]*[a-z][A-Za-z]*)\(", instead):
            assert fold(word) in there
