"""What stands in the files at the end: new names of macros, notes above what is left."""

from __future__ import annotations

import pytest

from asterconf.config import Config

LEFT = "SIPSendCustomINFO(x)"
NOTE = "; migrate: Asterisk 22 has no SIPSendCustomINFO, and nothing that stands for it"


def annotated(text: str, codemod: str = "gone") -> list[str]:
    conf = Config.from_texts({"extensions.conf": text}, asterisk="20")
    conf.plan_migrate(codemod, annotate=True).apply()
    assert not conf.plan_migrate(codemod, annotate=True), "a second run adds nothing"
    return str(conf["extensions.conf"]).splitlines()


def test_each_line_that_is_left_has_its_own_note() -> None:
    lines = ["[in]", f"exten => 1,1,{LEFT}", f"exten => 2,1,{LEFT}", f" same => n,{LEFT}"]
    assert annotated("\n".join([*lines, ""])) == [
        lines[0], NOTE, lines[1], NOTE, lines[2], NOTE, lines[3],
    ]  # fmt: skip


def test_lines_that_change_between_them_move_no_note() -> None:
    text = f"[in]\nexten => 1,1,{LEFT}\n same => n,NoCDR()\n same => n,DBget(x=a/b)\n"
    text += f" same => n,{LEFT}\n same => n,Hangup()\n"
    assert annotated(text) == [
        "[in]", NOTE, f"exten => 1,1,{LEFT}", " same => n,Set(CDR_PROP(disable)=1)",
        " same => n,Set(x=${DB(a/b)})", NOTE, f" same => n,{LEFT}", " same => n,Hangup()",
    ]  # fmt: skip


def test_lines_that_go_or_come_above_it_move_no_note() -> None:
    text = (
        "[in]\nexten => 1,1,Macro(a)\n[macro-a]\nexten => s,1,NoOp()\n"
        "[out]\nexten => 1,1,MacroExit()\n"
    )
    lines = annotated(text, "macro")
    assert lines[2:5] == ["[macro-a]", "exten => s,1,NoOp()", "exten => s,2,Return()"]
    at = next(n for n, line in enumerate(lines) if line.startswith("; migrate:"))
    assert lines[at + 1] == "exten => 1,1,MacroExit()"


def test_what_is_exact_or_changed_has_no_note() -> None:
    lines = annotated("[in]\nexten => 1,1,NoCDR()\n same => n,DBget(x=a/b)\n")
    assert [line for line in lines if line.startswith(";")] == []


def test_a_note_stands_in_the_file_that_it_is_about() -> None:
    texts = {"extensions.conf": '[in]\nexten => 1,1,NoOp()\n#include "more.conf"\n',
             "more.conf": f"[more]\nexten => 1,1,{LEFT}\n"}  # fmt: skip
    conf = Config.from_texts(texts, asterisk="20")
    conf.plan_migrate("gone", annotate=True).apply()
    assert str(conf["extensions.conf"]) == texts["extensions.conf"]
    assert str(conf["more.conf"]) == f"[more]\n{NOTE}\nexten => 1,1,{LEFT}\n"


def renamed(text: str) -> tuple[list[str], list[tuple[str, str, str, int]]]:
    conf = Config.from_texts({"extensions.conf": text}, asterisk="20")
    plan = conf.plan_migrate("macro", rename=True)
    plan.apply()
    assert not conf.plan_migrate("macro", rename=True)
    said = [one for one in plan.constructs if one.text.startswith("[")]
    return str(conf["extensions.conf"]).splitlines(), [
        (one.codemod, one.text, one.outcome, one.place.line) for one in said
    ]


def test_a_macro_in_several_sections_is_renamed_once_in_all() -> None:
    lines, said = renamed(
        "[in]\nexten => 1,1,Macro(a)\n[macro-a]\nexten => s,1,NoOp()\n"
        "[macro-a](+)\nexten => t,1,NoOp()\n"
    )
    assert said == [("macro", "[macro-a]", "exact", 3)]
    assert [line for line in lines if "[" in line] == ["[in]", "[sub-a]", "[sub-a](+)"]
    assert lines[1] == "exten => 1,1,Gosub(sub-a,s,1)"


def test_a_template_is_no_context_and_keeps_its_name() -> None:
    lines, said = renamed(
        "[in]\nexten => 1,1,Macro(b)\n[macro-a](!)\nexten => s,1,NoOp()\n[macro-b](macro-a)\n"
    )
    assert said == [("macro", "[macro-b]", "exact", 5)]
    assert [line for line in lines if line[:1] == "["] == [
        "[in]", "[macro-a](!)", "[sub-b](macro-a)",
    ]  # fmt: skip


def test_what_is_no_macro_keeps_its_name() -> None:
    lines, said = renamed("[in]\nexten => 1,1,Macro(a)\n[my-macro-a]\n[macros]\n[macro-a]\n"
                          "exten => s,1,NoOp()\n")  # fmt: skip
    assert [text for _, text, _, _ in said] == ["[macro-a]"]
    assert lines[2:5] == ["[my-macro-a]", "[macros]", "[sub-a]"]


@pytest.mark.parametrize(
    ("old", "new", "outcome", "why"),
    [
        ("ResetCDR()", "ResetCDR()", "", ""),
        ("ResetCDR(v)", "ResetCDR(v)", "", ""),
        ("ResetCDR(e)", "ResetCDR()", "changed", "Option e is gone"),
        ("ResetCDR(ve)", "ResetCDR(v)", "changed", "Option e is gone"),
        ("NoOp(${VALID_EXTEN(a,2,1)})", "NoOp(${DIALPLAN_EXISTS(a,2,1)})", "exact", "The same"),
        ("NoOp(${VALID_EXTEN(a,2)})", "NoOp(${DIALPLAN_EXISTS(a,2)})", "exact", "The same place"),
        ("NoOp(${VALID_EXTEN(,2)})", "NoOp(${DIALPLAN_EXISTS(${CONTEXT},2)})", "exact", "The same"),
        ("NoOp(${VALID_EXTEN(a)})", "NoOp(${VALID_EXTEN(a)})", "left", "VALID_EXTEN is gone"),
        ("NoOp(${VALID_EXTEN()})", "NoOp(${VALID_EXTEN()})", "left", "VALID_EXTEN is gone"),
        ("Macro(x)", "Macro(x)", "", ""),
        ("Monitor(wav,c)", "Monitor(wav,c)", "", ""),
        ("SIPAddHeader(X: 1)", "SIPAddHeader(X: 1)", "", ""),
        ("SIPRemoveHeader(X)", "SIPRemoveHeader(X)", "", ""),
        ("SIPDtmfMode(info)", "SIPDtmfMode(info)", "", ""),
        ("MacroExclusive(x)", "MacroExclusive(x)", "", ""),
        ("PauseMonitor()", "PauseMonitor()", "", ""),
        (LEFT, LEFT, "left", "Asterisk 22 has no SIPSendCustomINFO"),
        ("NoOp(${CALLERIDNUM})", "NoOp(${CALLERID(num)})", "exact", "The same number"),
        ("NoOp(${CALLERIDNUMBER})", "NoOp(${CALLERIDNUMBER})", "", ""),
        ("NoOp(${DATETIME})", "NoOp(${STRFTIME(${EPOCH},,%d%m%Y-%H:%M:%S)})", "exact", "The same"),
        ("SetGlobalVar(A=1)", "Set(GLOBAL(A)=1)", "exact", "The same variable"),
        ("Cut(x=y,-,2)", "Set(x=${CUT(y,-,2)})", "exact", "The same fields"),
        ("LookupBlacklist()", "Set(LOOKUPBLSTATUS=${BLACKLIST()})", "changed", "No jump"),
        ("AppendCDRUserField(b)", "Set(CDR(userfield)=${CDR(userfield)}b)", "exact", "The same"),
    ],
)  # fmt: skip
def test_what_is_gone_and_what_others_see_to(old: str, new: str, outcome: str, why: str) -> None:
    conf = Config.from_texts({"extensions.conf": f"[a]\nexten => 1,1,{old}\n"}, asterisk="20")
    plan = conf.plan_migrate("gone")
    plan.apply()
    assert str(conf["extensions.conf"]) == f"[a]\nexten => 1,1,{new}\n"
    assert [one.outcome for one in plan.constructs] == [outcome] * bool(outcome)
    assert all(one.why.startswith(why) for one in plan.constructs)
