"""Places, diagnostics and substitution of the dialplan loader."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from asterconf.codes import DIALPLAN
from asterconf.dialplan.loader import HINT, LoadedDialplan, load_dialplan
from asterconf.dialplan.values import DialplanGeneral, DialplanStep, Hint, Include, Switch
from asterconf.resolve import Effective, Files, resolve
from asterconf.source import Position
from asterconf.syntax import parse


def effective(content: bytes | str) -> Effective | None:
    name = "extensions.conf"
    return resolve(Files(None, {name: parse(content, name=name)}), name)


def load(text: str) -> LoadedDialplan:
    return load_dialplan(effective(text))


FINDINGS = {
    "AC200": (
        "[c]\nexten => 1,1,A()\nsame => n(x)Goto(s,1)",
        3,
        (
            "'Goto(s' behind the priority is thrown away and '1)' is taken for the application: "
            "the step ends the call"
        ),
    ),
    "AC201": (
        "[c]\nexten => 1,1,A()\nsame => 1001,2,Hangup",
        3,
        (
            "'1001' is taken for the priority and '2,Hangup' for the application: the step ends "
            "the call"
        ),
    ),
    "AC210": ("[c]\nextension => 1,1,NoOp()", 2, "unknown directive 'extension'"),
    "AC211": ("[c]\nexten => ,1,NoOp()", 2, "extension without a name"),
    "AC212": ("[c]\nsame => n,NoOp()", 2, "'same' before any extension of this section"),
    "AC213": ("[c]\nexten => 1,0,NoOp()", 2, "priority '0' is not between 1 and 2147483647"),
    "AC214": ("[c]\nexten => 1,N,NoOp()", 2, "'N' is neither a priority nor a label of '1'"),
    "AC215": ("[c]\nexten => 1,n,NoOp()", 2, "'n' has no priority before it in this section"),
    "AC216": (
        "[c]\nexten => 1,hint,A/1\nexten => 1,n,NoOp()",
        3,
        "the line comes to priority 0 and is dropped without a message",
    ),
    "AC217": ("[c]\nexten => 1,1(a,NoOp()", 2, "label without its ')'"),
    "AC218": ("[c]\nexten => 1,1,NoOp(a", 2, "the arguments of 'NoOp' have no ')'"),
    "AC219": (
        "[c]\nexten => 1,1,NoOp(a)\nexten => 1,1,NoOp(b)",
        3,
        "priority 1 of '1' is taken already",
    ),
    "AC220": (
        "[c]\nexten => 1,1(a),NoOp()\nexten => 1,2(a),NoOp()",
        3,
        "label 'a' is in use at priority 1 already",
    ),
    "AC221": ("[c]\nexten => _.,1,NoOp()", 2, "'_.' matches everything, h, i, t and s included"),
    "AC222": ("[c]\ninclude => c\ninclude => C", 3, "'C' is included already"),
    "AC223": ("[c]\nignorepat => 9\nignorepat => 9", 3, "ignorepat '9' is there already"),
    "AC224": ("[c]\nswitch => A\nlswitch => a/", 3, "switch 'a/' is there already"),
    "AC226": (
        "[globals]\nA=${DB(a/x)}",
        2,
        "'${DB(a/x)}' is left as written: only Asterisk can evaluate it",
    ),
    "AC227": ("[general]\n[General]\nstatic=yes", 2, "a second [general] is ignored"),
    "AC228": (
        "[c]\nexten => 1,1,NoOp(a) tail",
        2,
        "' tail' behind the last ')' is thrown away: Asterisk holds NoOp(a)",
    ),
    "AC229": (f"[c]\nexten => {'1' * 256},1,NoOp()", 2, "the name is cut to 255 bytes"),
    "AC230": (
        "[c]\nexten => 1,1,Set(CALLERID(all)=Intercom <${EXTEN}>",
        2,
        (
            "a '(' is not closed, so '=Intercom <${EXTEN}>' is thrown away: "
            "Asterisk holds Set(CALLERID(all)"
        ),
    ),
    "AC231": (
        "[c]\nexten => 1,1,Dial(PJSIP/10,30,U(sub^a)",
        2,
        "the last ')' is not taken for the inner '(': Asterisk holds Dial(PJSIP/10,30,U(sub^a)",
    ),
    "AC232": (
        "[c]\nexten => 1,1,Dial|PJSIP/10|30",
        2,
        "there is no application 'Dial|PJSIP/10|30': the step ends the call",
    ),
    "AC233": (
        "[c]\nexten => 1,1,NoOp (a)",
        2,
        "there is no application 'NoOp ', with a blank at its end: the step ends the call",
    ),
    "AC234": (
        "[general]\nextenpatternmatchnew=yes\n[a]\nexten => _X,1,NoOp()",
        2,
        (
            "extenpatternmatchnew makes calls match differently: a pattern may come before a plain "
            "name, or nothing be found"
        ),
    ),
}


def test_every_code_of_the_table_has_a_case() -> None:
    assert sorted(rule.code for rule in DIALPLAN.values()) == sorted(FINDINGS)


@pytest.mark.parametrize("code", FINDINGS)
def test_finding_has_code_line_and_sentence(code: str) -> None:
    text, line, message = FINDINGS[code]
    (finding,) = load(text).diagnostics
    assert finding.position is not None
    assert (finding.code, finding.position.line, finding.message) == (code, line, message)


def test_plain_names_are_found_by_either_matcher() -> None:
    text = "[general]\nextenpatternmatchnew=yes\n[c]\nexten => 1,1,A()"
    assert load(text).diagnostics == ()


def test_duplicate_points_to_the_first_one() -> None:
    (finding,) = load("[c]\nexten => 1,1,A()\nexten => 1,1,B()").diagnostics
    assert finding.related == ((Position("extensions.conf", 2, 10), "the first one"),)


def test_missing_and_refused_files_load_nothing() -> None:
    assert not load_dialplan(None).loaded
    refused = load("exten => 1,1,NoOp()")
    assert not refused.loaded
    assert refused.dialplan.contexts == ()


def test_every_step_and_hint_has_its_place() -> None:
    loaded = load("[c]\nexten => 1/55,1,A()\n same => n,B()\nexten => 1/55,hint,X/1\n")
    assert loaded.origins == {
        ("c", "1", "55", HINT): Position("extensions.conf", 4, 10),
        ("c", "1", "55", 1): Position("extensions.conf", 2, 10),
        ("c", "1", "55", 2): Position("extensions.conf", 3, 10),
    }


def test_contexts_globals_and_general_have_their_places() -> None:
    loaded = load(
        "[general]\nautofallthrough=no\n[globals]\n_A=1\n[c]\ninclude => c,9:00-17:00\n"
        "ignorepat => 9\nswitch => IAX2/x\nautohints=yes\n"
    )
    assert {k: str(v) for k, v in loaded.places.items()} == {
        "general.autofallthrough": "extensions.conf:2:17",
        "globals.A": "extensions.conf:4:4",
    }
    bound = loaded.contexts["c"]
    assert {k: v.line for k, v in bound.places.items()} == {
        "": 5,
        "includes[0]": 6,
        "ignorepats[0]": 7,
        "switches[0]": 8,
        "autohints": 9,
    }
    assert bound.where("autohints") == Position("extensions.conf", 9, 11)
    assert bound.where("includes[1]") is None
    assert bound.obj is loaded.dialplan["c"]
    assert bound.obj.includes == (Include("c", "9:00-17:00"),)
    assert bound.obj.switches == (Switch("switch", "IAX2", "x"),)


def test_general_takes_the_first_section_and_the_first_line() -> None:
    loaded = load(
        "[General]\nSTATIC=yes\nstatic=no\nuserscontext=u\nautofallthrough=enabled\n"
        "[general](+)\noverrideswitch=Realtime/x\n[general]\nwriteprotect=yes\n"
    )
    assert loaded.dialplan.general == DialplanGeneral(
        static=True, userscontext="u", autofallthrough=False, overrideswitch="Realtime/x"
    )


def test_label_stored_first_hides_the_same_label_before_it() -> None:
    loaded = load("[c]\nexten => 1,3,A()\nexten => 1,5(a),B()\nexten => 1,1(a),C()\n")
    extension = loaded.dialplan["c"]["1"]
    assert extension.steps == (
        DialplanStep(1, "C", "", "a", label_hidden=True),
        DialplanStep(3, "A"),
        DialplanStep(5, "B", "", "a"),
    )
    assert extension.step("a").priority == 5


def test_hint_is_devices_presence_name_and_label() -> None:
    loaded = load("[c]\nexten => 1,hint(l),P/1&P/2,CustomPresence:1(Bob)\nexten => 2,hint,\n")
    hint = loaded.dialplan["c"]["1"].hint
    assert hint == Hint(("P/1", "P/2"), "Bob", "CustomPresence:1", "l")
    assert hint.text == "P/1&P/2,CustomPresence:1"
    assert loaded.dialplan["c"]["2"].hint == Hint()


def test_next_after_a_step_below_minus_one_is_lost() -> None:
    loaded = load("[c]\nexten => 1,1+-5,A()\nexten => 1,n,B()\n")
    assert [step.priority for step in loaded.dialplan["c"]["1"].steps] == [-4]
    assert [finding.code for finding in loaded.diagnostics] == ["AC215"]


def test_substitution_can_be_replaced() -> None:
    def shout(text: str, variables: Mapping[str, str]) -> str:
        return text.upper() + "".join(variables.values())

    read = effective("[globals]\nA=b\n[c]\nexten => d,1,E(f)\n")
    loaded = load_dialplan(read, substitute=shout)
    assert loaded.dialplan.globals == {"A": "B"}
    assert [extension.name for extension in loaded.dialplan["c"]] == ["DB"]
    assert loaded.dialplan["c"]["DB"].steps == (DialplanStep(1, "E", "f"),)


def test_every_extension_step_and_hint_has_a_path() -> None:
    loaded = load("[c]\nexten => 2,2,B()\nexten => 1,1,A()\nexten => 2,hint,X/1\n same => 1,C()\n")
    places = loaded.contexts["c"].places
    assert {path: place.line for path, place in places.items()} == {
        "": 1,
        "extensions[0]": 3,
        "extensions[0].steps[0]": 3,
        "extensions[1]": 2,
        "extensions[1].hint": 4,
        "extensions[1].steps[0]": 5,
        "extensions[1].steps[1]": 2,
    }
    assert len(places) == 7
    for path in ("extensions[2]", "extensions[0].hint", "extensions[0].steps[1]", "extensions[x]"):
        assert path not in places
    context = loaded.dialplan["c"]
    assert loaded.where(context["2"], "steps[1]") == places["extensions[1].steps[1]"]
    assert loaded.where(context["2"]) == places["extensions[1]"]
    assert loaded.where(context, "includes[0]") is None
    assert loaded.where(loaded.dialplan.match("2", "c")) == places["extensions[1].steps[0]"]
    with pytest.raises(KeyError):
        loaded.where(DialplanStep(1, "A"))
