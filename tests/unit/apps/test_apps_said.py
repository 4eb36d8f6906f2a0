"""What is said of an application, word for word, and what its values become on the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from asterconf import apps
from asterconf.apps import AnyApp, Dial, ExecIf, GosubIf, Goto, NoOp, Playback, Wait
from asterconf.errors import ModelError

NUMBER: Any = 5
"""What no option takes."""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Dail(PJSIP/1)", ["Asterisk 22 has no application 'Dail'"]),
        ("Macro(x)", ["Macro is gone from Asterisk 22"]),
        ("MACRO(x)", ["Macro is gone from Asterisk 22"]),
        ("ZapBarge(1)", ["ZapBarge is gone from Asterisk 22"]),
        ("MeetMe(1)", ["MeetMe is not part of every build of Asterisk 22"]),
        ("dial(PJSIP/1)", ["'dial' is spelled 'Dial' by Asterisk"]),
        ("Dial (PJSIP/1)",
         ["a blank before '(' belongs to the name: there is no application 'Dial '"]),
        ("(a)", ["there is no application name"]),
        ("${APP}(a)", ["'${APP}(a)': application names are never substituted"]),
        ("NoOp,a,b",
         ["arguments without brackets: Asterisk looks for an application 'NoOp,a,b'"]),
        ("Dial(PJSIP/1|20|t)", ["'|' does not separate arguments"]),
        ("Wait()", ["Wait lacks its argument 'seconds'"]),
        ("Dial(,20)", ["Dial lacks its argument 'targets'"]),
        ("Queue()", ["Queue lacks its argument 'queuename'"]),
        ("ConfBridge()", ["ConfBridge lacks its argument 'conference'"]),
        ("Authenticate()",
         ["Authenticate is documented with an argument 'password', which is not there"]),
        ("Page(PJSIP/1,i,5,7)", ["Page has more arguments than Asterisk takes: '7'"]),
        ("Dial(PJSIP/1,20,t,u,v)", ["Dial has more arguments than Asterisk takes: 'v'"]),
        ("Goto(a,s,1,7)", ["Goto has more arguments than Asterisk takes: '7'"]),
        ("Gosub(a,s,1,7)", ["Gosub has more arguments than Asterisk takes: '7'"]),
        ("Gosub(a,s,1,(x))", []),
        ("Ringing(x)", ["Ringing takes no arguments"]),
        ("Dial(PJSIP/1,20,tZ)", ["Dial has no option 'Z'"]),
        ("Queue(q,M(x))", ["Queue has no option 'M'"]),
        ("Dial(PJSIP/1,20,U(x)", ["the argument of option 'U' has no ')'"]),
        ("Dial(PJSIP/1,20,t(5))", ["option 't' of Dial takes no argument"]),
        ("Dial(PJSIP/1,20,tL)", ["option 'L' of Dial needs an argument"]),
        ("Playback(a,foo)", ["Playback has no option 'foo'"]),
        ("Playback(a,skip,foo)", ["Playback has no option 'foo'"]),
        ("Playback(a,SKIP)", []),
        ("Set(x)", ["Set has no '='"]),
        ("GotoIf(x)", ["GotoIf has no '?'"]),
        ("GotoIfTime(x)", ["GotoIfTime has no '?'"]),
        ("GosubIf(x)", ["GosubIf has no '?'"]),
        ("ExecIf(1?)", ["ExecIf lacks its argument 'if_true'"]),
        ("ExecIf(1,NoOp,a)", ["ExecIf with commas is the old form"]),
        ("ExecIf(1?Dail(x))", ["Asterisk 22 has no application 'Dail'"]),
        ("ExecIf(1?${APP}(x))", []),
        ("Goto(a , s,1)",
         ["blanks belong to the context 'a '", "blanks belong to the extension ' s'"]),
        ("Goto(a,s, lab )", ["blanks belong to the label ' lab '"]),
        ("Goto(a,s, +1 )", []),
        ("Dial(PJSIP,20)", ["'PJSIP' is no device: there is no '/' with something behind it"]),
        ("Dial(PJSIP/1&PJSIP/,20)",
         ["'PJSIP/' is no device: there is no '/' with something behind it"]),
        ("Answer(abc)", ["delay 'abc' is no number"]),
        ("Wait(x)", ["seconds 'x' is no number"]),
        ("Dial(PJSIP/1,5^x)", ["timeout '5^x' is no number"]),
        ("Wait(.5)", []),
        ("Wait( -1)", []),
        ("Wait(${T})", []),
        ("VoiceMail(u100)",
         ["'u100' is a mailbox of that name, not box '100' with options"]),
        ("VoiceMail(su100@b)",
         ["'su100@b' is a mailbox of that name, not box '100@b' with options"]),
        ('Dial(PJSIP/1,"20,t)', ["\" is never closed, and no ',' behind it separates"]),
    ],
)  # fmt: skip
def test_what_is_said_of_an_application(text: str, said: list[str]) -> None:
    assert [one.message for one in apps.inspect(apps.parse(text))] == said


@pytest.mark.parametrize(
    ("version", "text", "said"),
    [
        ("20", "Macro(x)", []),
        ("21", "Macro(x)", ["Macro is gone from Asterisk 21"]),
        ("18", "Dail(x)", ["Asterisk 18 has no application 'Dail'"]),
    ],
)
def test_what_is_said_for_another_version(version: str, text: str, said: list[str]) -> None:
    app = apps.parse(text, asterisk=version)
    assert [one.message for one in apps.inspect(app, version)] == said


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: AnyApp("MixMonitor", options="b"), "MixMonitor(,b)"),
        (lambda: AnyApp("MixMonitor", "a", command="x"), "MixMonitor(a,,x)"),
        (lambda: AnyApp("MixMonitor", "", options="b", file="a"), "MixMonitor(a,b)"),
        (lambda: AnyApp("Foo", "a,b", "c"), r"Foo(a\,b,c)"),
        (lambda: AnyApp("Foo", 1, 2), "Foo(1,2)"),
        (lambda: AnyApp("Foo"), "Foo()"),
        (lambda: AnyApp("MixMonitor", ""), 'MixMonitor("")'),
        (lambda: Wait(1.5), "Wait(1.5)"),
        (lambda: Wait("1.50"), "Wait(1.50)"),
        (lambda: Goto(("a", "s", 1)), "Goto(a,s,1)"),
        (lambda: Goto(("s", "lab")), "Goto(s,lab)"),
        (lambda: Goto((3,)), "Goto(3)"),
        (lambda: Goto("lab"), "Goto(lab)"),
        (lambda: GosubIf("1", "a,s,1(x)"), "GosubIf(1?a,s,1(x))"),
        (lambda: GosubIf("1", None, ("b", "s", 1)), "GosubIf(1?:b,s,1)"),
        (lambda: GosubIf("1", ""), "GosubIf(1)"),
        (lambda: Dial("PJSIP/1", options={"t": True, "L": 5000, "g": None, "T": False}),
         "Dial(PJSIP/1,,tL(5000))"),
        (lambda: Dial("PJSIP/1", options="tL(5000)"), "Dial(PJSIP/1,,tL(5000))"),
        (lambda: Playback(["a", "b&c"]), "Playback(a&b&c)"),
    ],
)  # fmt: skip
def test_what_is_built_is_written_so(make: Callable[[], Any], text: str) -> None:
    assert str(make()) == text


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: AnyApp("Foo", x=1), "Foo has no argument 'x'; it has none"),
        (lambda: AnyApp("MixMonitor", fil="a"),
         "MixMonitor has no argument 'fil'; did you mean 'file'?"),
        (lambda: AnyApp("MixMonitor", zzz="a"),
         "MixMonitor has no argument 'zzz'; it has file, options, command"),
        (lambda: AnyApp("MixMonitor", "a", file="b"),
         "MixMonitor is given its argument 'file' twice"),
        (lambda: AnyApp("MixMonitor", "a", "b", "c", "d"),
         "MixMonitor takes file, options, command; 4 texts are given"),
        (lambda: AnyApp("Foo", "a")["x"], "Foo has no argument 'x'"),
        (lambda: Goto(("a", "s", 1, 2)),
         "a place has a context, an extension and a priority, not ('a', 's', 1, 2)"),
        (lambda: Goto(()), "a place has a context, an extension and a priority, not ()"),
        (lambda: Wait(True), "must be a plain number or text, not True"),
        (lambda: Wait(float("inf")), "must be a plain number or text, not inf"),
        (lambda: Dial("PJSIP/1", options=NUMBER),
         "options must be text or a mapping of letters, not 5"),
    ],
)  # fmt: skip
def test_what_cannot_be_built_says_why(make: Callable[[], Any], message: str) -> None:
    with pytest.raises(ModelError) as caught:
        make()
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("2", 2), ("2.5", 2.5), ("1.50", "1.50"), ("007", "007"), ("-0", "-0"), ("0", 0), ("-1", -1),
     ("1e3", "1e3"), ("", None), ("${T}", "${T}")],
)  # fmt: skip
def test_only_a_plain_number_is_one(text: str, seconds: object) -> None:
    found = apps.parse("Wait", text)
    assert isinstance(found, Wait)
    assert found.seconds == seconds
    assert type(found.seconds) is type(seconds)


@pytest.mark.parametrize(
    ("data", "parts"),
    [
        ("a&b", ("a", "b")),
        ("'http://x/a&b'&c", ("'http://x/a&b'", "c")),
        ("it's&b", ("it's", "b")),
        ("'a&b", ("'a", "b")),
        ("${A&B}&c", ("${A&B}", "c")),
        ("a&", ("a", "")),
        ("", ()),
    ],
)
def test_a_list_of_sounds_is_cut_where_asterisk_cuts_it(data: str, parts: tuple[str, ...]) -> None:
    found = apps.parse("Playback", data)
    assert isinstance(found, Playback)
    assert found.filenames == parts


@pytest.mark.parametrize(
    ("data", "branch"),
    [
        ("1?NoOp", NoOp()),
        ("1?NoOp(x,y):Dial(PJSIP/1)", NoOp("x,y")),
        ("1?Dial(PJSIP/1,5", Dial("PJSIP/1", 5)),
        ("1,Dial,PJSIP/1,5", Dial("PJSIP/1", 5)),
        ("${A,B}?NoOp(a)", NoOp("a")),
        ("1?Dial(PJSIP/1,5,U(a))", Dial("PJSIP/1", 5, "U(a)")),
        ("1?:NoOp()", None),
    ],
)
def test_what_execif_runs(data: str, branch: apps.Application | None) -> None:
    app = apps.parse("ExecIf", data)
    assert isinstance(app, ExecIf)
    assert app.if_true == branch


@pytest.mark.parametrize(
    ("data", "arguments"),
    [
        ("a,s,1(x,y)", ("x", "y")),
        ("a,s,1(x", ("x",)),
        ("a,s,1(x)y)", ("x)y",)),
        ("a,s,1()", ()),
        ("a,s,1", ()),
        ("a,s,1(${F(1,2)},y)", ("${F(1,2)}", "y")),
    ],
)
def test_what_a_subroutine_is_given(data: str, arguments: tuple[str, ...]) -> None:
    app = apps.parse("Gosub", data)
    assert isinstance(app, apps.Gosub)
    assert (app.arguments, str(app.target)) == (arguments, "a,s,1")


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Goto()", []),
        ("Goto(lab)", [("lab", "target", False)]),
        ("GotoIf(1?:b)", [("b", "if_false", False)]),
        ("GotoIfTime(*,*,*,*?x:y)", [("x", "if_true", False), ("y", "if_false", False)]),
        ("ExecIf(1?Goto(a,1):Dial(PJSIP/1,,U(sub^1)))",
         [("a,1", "if_true", False), ("sub,s,1", "if_false", True)]),
        ("Dial(PJSIP/1,,F(a^s^1)G(b^s^1)b(h^s^1(y))g)",
         [("a,s,1", "options.F", False), ("b,s,1", "options.G", False),
          ("h,s,1", "options.b", True)]),
        ("Dial(PJSIP/1,,F)", []),
        ("Queue(q,,,,,,sub)", [("sub,s,1", "gosub", True)]),
        ("Queue(q,b(h^s^1))", [("h,s,1", "options.b", True)]),
        ("Page(PJSIP/1,b(h^s^1)B(c^s^1))",
         [("h,s,1", "options.b", True), ("c,s,1", "options.B", True)]),
        ("Park(lot,c(a,s,1))", [("a,s,1", "options.c", False)]),
        ("Playback(x)", []),
    ],
)  # fmt: skip
def test_where_a_call_may_be_sent(text: str, places: list[tuple[str, str, bool]]) -> None:
    found = apps.jumps(apps.parse(text))
    assert [(str(one.location), one.argument, one.returns) for one in found] == places
