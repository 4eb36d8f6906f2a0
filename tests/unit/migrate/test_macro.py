"""Macro → Gosub: the text that comes of it, and what is said of each construct."""

from __future__ import annotations

import json

import pytest

from asterconf.config import Config
from asterconf.errors import EditError, NotFoundError, StaleError
from asterconf.migrate import Migration


def plan_of(text: str, **files: str) -> tuple[Config, Migration]:
    texts = {"extensions.conf": text, **{f"{k}.conf": v for k, v in files.items()}}
    conf = Config.from_texts(texts, asterisk="20")
    return conf, conf.plan_migrate("macro")


def moved(text: str) -> str:
    conf, plan = plan_of(text)
    plan.apply()
    assert not conf.plan_migrate("macro")
    return str(conf["extensions.conf"])


OLD = """\
; the house
[main]
exten => 100,1,Macro(ring,${EXTEN},20)  ; rings
 same => n,Hangup()

[macro-ring]  ; a macro
exten => s,1,Dial(PJSIP/${ARG1},${ARG2})
 same => n,Goto(s-${DIALSTATUS},1)
exten => s-BUSY,1,Playback(busy)
exten => _s-.,1,NoOp(${MACRO_EXTEN})
"""


def test_a_macro_becomes_a_subroutine_and_all_else_stays() -> None:
    assert moved(OLD) == OLD.replace(
        "Macro(ring,${EXTEN},20)", "Gosub(macro-ring,s,1(${EXTEN},20))"
    ).replace("Playback(busy)\n", "Playback(busy)\n same => n,Return()\n").replace(
        "NoOp(${MACRO_EXTEN})\n", "NoOp(${STACK_PEEK(1,e,1)})\n same => n,Return()\n"
    )


def test_arguments_that_would_be_hidden_are_passed_on() -> None:
    made = moved(
        "[main]\nexten => 1,1,Set(ARG2=x)\n same => n,Macro(m,a)\n"
        "[macro-m]\nexten => s,1,NoOp(${ARG1}${ARG2}${ARG3})\n same => n,MacroExit()\n"
    )
    assert "Gosub(macro-m,s,1(a,${ARG2}))" in made
    assert made.endswith(" same => n,Return()\n")


def test_a_jump_out_takes_the_levels_that_it_leaves_off_the_stack() -> None:
    made = moved(
        "[main]\nexten => 1,1,Macro(a)\n[out]\nexten => 1,1,NoOp()\n"
        "[macro-a]\nexten => s,1,Macro(b,1)\n"
        "[macro-b]\nexten => s,1,GotoIf($[${ARG1}=1]?out,1,1)\n same => n,NoOp(stays)\n"
    )
    assert made.endswith(
        "[macro-b]\nexten => s,1,GotoIf($[${ARG1}=1]?away1)\n same => n,NoOp(stays)\n"
        " same => n,Return()\n same => n(away1),StackPop()\n same => n,StackPop()\n"
        " same => n,Goto(out,1,1)\n"
    )


def test_hanging_up_inside_leads_to_the_h_of_the_caller() -> None:
    conf, plan = plan_of(
        "[main]\nexten => 1,1,Macro(a)\nexten => h,1,NoOp(bye)\n"
        "[macro-a]\nexten => s,1,Hangup()\nexten => h,1,NoOp(never)\n"
    )
    plan.apply()
    assert str(conf["extensions.conf"]).endswith(
        "[macro-a]\nexten => s,1,Hangup()\nexten => h,1,Set(T=${STACK_PEEK(1,c,1)})\n"
        "same => n,StackPop()\nsame => n,Goto(${T},h,1)\n"
    )
    gone = [one for one in plan.constructs if one.text == "NoOp(never)"]
    assert [(one.outcome, one.new, one.place.line) for one in gone] == [("exact", "", 6)]


def test_only_the_own_h_and_t_of_a_macro_that_never_ran_go() -> None:
    """Names of extensions are case sensitive: `H` and `t` run, `h` and `T` do not, on 16.28."""
    main = "exten => h,1,NoOp()\nexten => T,1,NoOp()\n"
    ran = "exten => H,1,NoOp(H)\nsame => n,MacroExit()\nexten => t,1,MacroExit()\n"
    never = "exten => h,1,NoOp(never)\nexten => T,1,NoOp(never)\n"
    text = "[main]\nexten => 1,1,Macro(m)\n" + main + "[macro-m]\nexten => s,1,WaitExten(1)\n"
    made = moved(text + never + ran)
    assert made.partition("s,1,WaitExten(1)\n")[2] == ran.replace("MacroExit", "Return") + "".join(
        f"exten => {name},1,Set(T=${{STACK_PEEK(1,c,1)}})\n"
        f"same => n,StackPop()\nsame => n,Goto(${{T}},{name},1)\n"
        for name in "hT"
    )


def test_what_a_template_gives_several_macros_ends_in_each_of_them() -> None:
    """Run on 16.28 and 22.10.1 with equal steps, but for the template in [else]."""
    shared = "[t](!)\nexten => s,1,NoOp(${MACRO_EXTEN})\n"
    calls = "[main]\nexten => 1,1,Macro(x)\nexten => 1,2,Macro(y)\n"
    old = "[macro-x](t)\nexten => s,2,NoOp(x)\n[macro-y](t)\nexten => s,3,NoOp(gap)\n"
    new = (
        "[macro-x](t)\nexten => s,2,NoOp(x)\nexten => s,3,Return()\n"
        "[macro-y](t)\nexten => s,3,NoOp(gap)\nexten => s,2,Return()\nexten => s,4,Return()\n"
    )
    made = moved(shared + old + calls)
    assert made.startswith(shared.replace("MACRO_EXTEN", "STACK_PEEK(1,e,1)") + new)
    own = "exten => h,1,NoOp(never)\n"
    conf, plan = plan_of(shared + own + old + calls + "[else](t)\n")
    assert [(one.outcome, one.place.line) for one in plan.notes] == [("left", 2), ("left", 3)]
    assert "several contexts" in plan.notes[0].why
    plan.apply()
    assert own in str(conf["extensions.conf"])


def test_the_last_line_may_have_no_end() -> None:
    text = "[main]\nexten => 1,1,Macro(m)\nexten => h,1,NoOp()\n[macro-m]\nexten => s,1,Macro(m)"
    assert moved(text).splitlines()[4:] == [
        "exten => s,1,Gosub(macro-m,s,1)",
        "exten => s,2,Return()",
        "exten => h,1,Set(T=${STACK_PEEK(1,c,1)})",
        "same => n,StackPop()",
        "same => n,Goto(${T},h,1)",
    ]


def test_queue_loses_the_field_of_its_macro_in_every_form() -> None:
    made = moved(
        "[main]\nexten => 1,1,Queue(a,,,,20,,,sub)\n same => n,Queue(a,,,,20,,m)\n"
        " same => n,Queue(a,,,,20,,,,rule)\n[macro-m]\nexten => s,1,NoOp()\n"
        "[sub]\nexten => s,1,Return()\n"
    )
    found = [line[line.index("Queue") :] for line in made.splitlines() if "Queue(" in line]
    assert found == ["Queue(a,,,,20,,sub)", "Queue(a,,,,20,,macro-m)", "Queue(a,,,,20,,,rule)"]


def test_what_differs_is_said_with_the_reason() -> None:
    _, plan = plan_of(
        '[main]\nexten => 1,1,Macro(m,"a,b")\nexten => 2,1,MacroExit()\n'
        "[macro-m]\nexten => s,1,WaitExten(5)\n same => n,NoOp(${ARGC})\n"
    )
    told = {one.text: (one.outcome, one.why) for one in plan.notes}
    assert told['Macro(m,"a,b")'][0] == "changed"
    assert "every comma" in told['Macro(m,"a,b")'][1]
    assert told["MacroExit()"][0] == "left"
    assert told["WaitExten(5)"][0] == told["NoOp(${ARGC})"][0] == "changed"
    assert json.loads(json.dumps(plan.to_dict()))["counts"] == plan.counts()


def test_a_file_that_asterisk_refuses_is_not_moved() -> None:
    with pytest.raises(EditError, match=r"Asterisk refuses extensions\.conf"):
        plan_of("exten => 1,1,NoOp()\n[main]\nexten => 1,1,Macro(m)\n")


def test_an_unknown_codemod_and_a_stale_plan_are_refused() -> None:
    conf, plan = plan_of(OLD)
    with pytest.raises(NotFoundError, match="did you mean macro"):
        conf.plan_migrate("macros")
    conf["extensions.conf"]["main"].add("exten", "5,1,NoOp()")
    with pytest.raises(StaleError):
        plan.apply()


def test_a_plan_changes_nothing_until_it_is_applied() -> None:
    conf, plan = plan_of(OLD)
    assert plan.files == ("extensions.conf",)
    assert conf.changes() == Config.from_texts({"extensions.conf": OLD}).changes()
    assert "+exten => 100,1,Gosub(macro-ring,s,1(${EXTEN},20))  ; rings" in plan.diff()


def test_other_files_call_the_subroutine() -> None:
    conf, plan = plan_of(
        "[macro-m]\nexten => s,1,NoOp()\n",
        queues="[q]\nmembermacro = m ; each\n",
        features="[applicationmap]\nf => *1,self,Macro,m,a\n",
    )
    plan.apply()
    assert str(conf["queues.conf"]) == "[q]\nmembergosub = macro-m ; each\n"
    assert str(conf["features.conf"]) == ('[applicationmap]\nf => *1,self,Gosub,"macro-m,s,1(a)"\n')
    assert not conf.plan_migrate("macro")


def test_a_variable_of_the_dialplan_is_not_used_for_something_else() -> None:
    made = moved(
        "[main]\nexten => 1,1,Set(T=mine)\n same => n,Macro(a)\nexten => h,1,NoOp(${T})\n"
        "[macro-a]\nexten => s,1,Hangup()\n"
    )
    assert "Set(T_OF_MACRO=${STACK_PEEK(1,c,1)})" in made
    assert "Goto(${T_OF_MACRO},h,1)" in made


def test_macros_get_other_names_everywhere_where_that_is_sure() -> None:
    text = (
        "[in]\nexten => 1,1,Macro(ring,PJSIP/1)\nexten => 2,1,Gosub(macro-far,s,1)\n"
        "[macro-ring]\nexten => s,1,Dial(${ARG1})\n exten => s,2,Goto(macro-ring,x,1)\n"
        "exten => x,1,NoOp()\n[macro-far]\nexten => s,1,NoOp(macro-far)\n"
        "[sub-taken]\nexten => s,1,NoOp()\n[macro-taken]\nexten => s,1,NoOp()\n"
    )
    conf = Config.from_texts({"extensions.conf": text}, asterisk="20")
    plan = conf.plan_migrate("macro", rename=True)
    said = {one.text: (one.outcome, one.new, one.place.line) for one in plan.constructs}
    assert said["[macro-ring]"] == ("exact", "[sub-ring]", 4)
    assert said["[macro-far]"] == ("left", "", 8)
    assert said["[macro-taken]"] == ("left", "", 12)
    plan.apply()
    made = str(conf["extensions.conf"])
    assert "Gosub(sub-ring,s,1(PJSIP/1))" in made
    assert "Goto(sub-ring,x,1)" in made
    assert "macro-ring" not in made
    assert "[macro-far]" in made
    assert "[macro-taken]" in made
    assert not conf.plan_migrate("macro", rename=True)


@pytest.mark.parametrize("eol", ["\n", "\r\n"])
def test_the_reason_stands_above_what_is_left_when_it_is_asked_for(eol: str) -> None:
    text = (
        "[in]\nexten => 1,1,Macro(m)\nexten => 2,1,Dial(SIP/u:pw@host) ; far\n"
        "[macro-m]\nexten => s,1,NoOp()\n"
    ).replace("\n", eol)
    conf = Config.from_texts({"extensions.conf": text}, asterisk="20")
    before = conf.plan_migrate()
    plan = conf.plan_migrate(annotate=True)
    assert [one.to_dict() for one in plan.constructs] == [x.to_dict() for x in before.constructs]
    (left,) = [one for one in plan.constructs if one.outcome == "left"]
    plan.apply()
    lines = str(conf["extensions.conf"]).split(eol)
    at = lines.index("exten => 2,1,Dial(SIP/u:pw@host) ; far")
    assert lines[at - 1] == f"; migrate: {left.why}"
    assert sum(line.startswith("; migrate:") for line in lines) == 1
    assert not conf.plan_migrate(annotate=True), "a second run adds nothing"


def test_an_exclusive_macro_tries_its_lock_until_it_has_it_and_frees_it_wherever_it_is_left() -> (
    None
):
    made = moved(
        "[main]\nexten => 1,1,MacroExclusive(a,5)\nexten => h,1,NoOp()\n"
        "[out]\nexten => 1,1,NoOp()\n"
        "[macro-a]\nexten => s,1,MacroExclusive(b)\n"
        "[macro-b]\nexten => s,1,Set(MACRO_OFFSET=1)\n same => n,GotoIf(1?out,1,1)\n"
    )
    assert "exten => 1,1,Gosub(macro-a,exclusive,1(5))\n" in made
    assert "exten => exclusive,1,GotoIf(${LOCK(macro-a)}?s,1:exclusive,1)\n" in made
    assert made.count("Return(${UNLOCK(macro-b)})") == 1
    ways = [
        " same => n(away1),Set(L=${UNLOCK(macro-b)}${UNLOCK(macro-a)})\n same => n,StackPop()\n",
        " same => n(away2),Set(L=${UNLOCK(macro-b)})\n same => n,StackPop()\n",
        "exten => h,1,Set(T=${STACK_PEEK(1,c,1)})\n same => n,Set(L=${UNLOCK(macro-b)})\n",
    ]
    assert [way for way in ways if way not in made] == []


def test_a_lock_that_a_macro_within_itself_keeps_is_said() -> None:
    _, plan = plan_of(
        "[main]\nexten => 1,1,MacroExclusive(a,5)\n[out]\nexten => 1,1,NoOp()\n"
        "[macro-a]\nexten => s,1,ExecIf(${ARG1}?MacroExclusive(a))\n same => n,Goto(out,1,1)\n"
    )
    assert [one.outcome for one in plan.constructs if "Goto" in one.text] == ["changed"]


def test_an_extension_that_is_called_exclusive_stays() -> None:
    made = moved(
        "[main]\nexten => 1,1,MacroExclusive(a)\n[macro-a]\nexten => s,1,Goto(exclusive,1)\n"
        "exten => exclusive,1,NoOp()\n"
    )
    assert "Gosub(macro-a,exclusive-macro,1)" in made
    assert "exten => exclusive-macro,1,GotoIf(${LOCK(macro-a)}?s,1:exclusive-macro,1)\n" in made


def test_an_exclusive_macro_that_only_includes_its_steps_is_entered_by_its_lock() -> None:
    made = moved("[main]\nexten => 1,1,MacroExclusive(a)\n[macro-a]\ninclude => b\n"
                 "[b]\nexten => s,1,NoOp()\n")  # fmt: skip
    assert "[macro-a]\nexten => exclusive,1,GotoIf(${LOCK(macro-a)}?s,1:exclusive,1)\n" in made


def test_a_goto_without_a_place_ends_the_call_in_a_subroutine_too() -> None:
    text = "[main]\nexten => 1,1,Macro(m)\n[macro-m]\nexten => s,1,Goto()\n"
    assert moved(text) == text.replace("Macro(m)", "Gosub(macro-m,s,1)")
