"""Editing a context: exactly which lines change, and what is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from asterconf import apps
from asterconf.config import Config
from asterconf.dialplan import DialplanContext, Hint
from asterconf.editing import ContextEdit
from asterconf.errors import AmbiguousKeyError, EditError, NotFoundError


def conf(text: str, **others: str) -> Config:
    files = {"extensions.conf": text, **{f"{k}.conf": v for k, v in others.items()}}
    return Config.from_texts(files)


def edited(text: str, change: Callable[[ContextEdit], object], context: str = "a") -> str:
    config = conf(text)
    with config.dialplan.edit(context) as edit:
        change(edit)
    assert config.dialplan[context] == edit.context
    again = conf(str(config["extensions.conf"]))
    assert again.dialplan == config.dialplan
    return str(config["extensions.conf"])


SAME = """\
[a]
; the first
exten => _6XXX,1,Dial(PJSIP/${EXTEN},25) ; ring it
 same => n(vm),VoiceMail(${EXTEN})

; the end
 same => n,Hangup()
exten => 100,1,Answer()
"""


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (
            lambda a: a["_6XXX"].insert(2, apps.Wait(1)),
            SAME.replace("ring it\n", "ring it\n same => n,Wait(1)\n"),
        ),
        (
            lambda a: a["_6XXX"].insert("vm", ("w", apps.Wait(1))),
            SAME.replace("ring it\n", "ring it\n same => n(w),Wait(1)\n"),
        ),
        (
            lambda a: a["_6XXX"].insert(1, apps.NoOp("local; call")),
            SAME.replace(
                "exten => _6XXX,1,Dial(PJSIP/${EXTEN},25) ; ring it\n",
                "exten => _6XXX,1,NoOp(local\\; call)\n"
                " same => n,Dial(PJSIP/${EXTEN},25) ; ring it\n",
            ),
        ),
        (
            lambda a: a["_6XXX"].append("NoOp(end)"),
            SAME.replace("Hangup()\n", "Hangup()\n same => n,NoOp(end)\n"),
        ),
        (
            lambda a: a["100"].append(apps.Hangup()),
            SAME + " same => n,Hangup()\n",
        ),
        (
            lambda a: a["_6XXX"].remove("vm"),
            SAME.replace(" same => n(vm),VoiceMail(${EXTEN})\n", ""),
        ),
        (
            lambda a: a["_6XXX"].remove(1),
            SAME.replace(
                "exten => _6XXX,1,Dial(PJSIP/${EXTEN},25) ; ring it\n"
                " same => n(vm),VoiceMail(${EXTEN})\n",
                "exten => _6XXX,1(vm),VoiceMail(${EXTEN})\n",
            ),
        ),
        (
            lambda a: a["_6XXX"].replace(1, apps.Dial("PJSIP/1")),
            SAME.replace("Dial(PJSIP/${EXTEN},25)", "Dial(PJSIP/1)"),
        ),
        (
            lambda a: a["_6XXX"].replace("vm", ("box", apps.VoiceMail("1"))),
            SAME.replace("n(vm),VoiceMail(${EXTEN})", "n(box),VoiceMail(1)"),
        ),
        (
            lambda a: a["_6XXX"].insert(7, apps.NoOp()),
            SAME.replace("Hangup()\n", "Hangup()\n same => n+3,NoOp()\n"),
        ),
        (
            lambda a: a.add("200", apps.Answer(), ("end", apps.Hangup())),
            SAME + "exten => 200,1,Answer()\n same => n(end),Hangup()\n",
        ),
        (
            lambda a: a.add("200/555", hint="PJSIP/200&PJSIP/201"),
            SAME + "exten => 200/555,hint,PJSIP/200&PJSIP/201\n",
        ),
        (lambda a: a.remove("100"), SAME.replace("exten => 100,1,Answer()\n", "")),
        (lambda a: a.include("b"), SAME + "include => b\n"),
        (lambda a: None, SAME),
    ],
)
def test_only_the_lines_that_must_change_do(
    change: Callable[[ContextEdit], object], text: str
) -> None:
    assert edited(SAME, change) == text


NUMBERS = """\
[a]
include = b
exten = 100,1,Answer() ; first
exten = 100,2,Playback(hi)
exten = 100,3,Hangup()
exten = 100,103,Congestion()
exten = 101,1,Goto(100,2)
"""


@pytest.mark.parametrize(
    ("change", "lines"),
    [
        (
            lambda a: a["100"].insert(2, apps.Wait(1)),
            ["exten = 100,1,Answer() ; first", "exten = 100,2,Wait(1)",
             "exten = 100,3,Playback(hi)", "exten = 100,4,Hangup()",
             "exten = 100,103,Congestion()"],
        ),
        (
            lambda a: a["100"].insert(1, apps.Wait(1)),
            ["exten = 100,1,Wait(1)", "exten = 100,2,Answer() ; first",
             "exten = 100,3,Playback(hi)", "exten = 100,4,Hangup()",
             "exten = 100,103,Congestion()"],
        ),
        (
            lambda a: a["100"].remove(2),
            ["exten = 100,1,Answer() ; first", "exten = 100,2,Hangup()",
             "exten = 100,103,Congestion()"],
        ),
        (
            lambda a: a["100"].append(apps.NoOp()),
            ["exten = 100,1,Answer() ; first", "exten = 100,2,Playback(hi)",
             "exten = 100,3,Hangup()", "exten = 100,103,Congestion()", "exten = 100,104,NoOp()"],
        ),
    ],
)  # fmt: skip
def test_numbers_stay_numbers(change: Callable[[ContextEdit], object], lines: list[str]) -> None:
    head, tail = "[a]\ninclude = b\n", "exten = 101,1,Goto(100,2)\n"
    assert edited(NUMBERS, change) == head + "".join(f"{line}\n" for line in lines) + tail


def test_new_extension_is_written_in_numbers_where_others_are() -> None:
    text = edited(NUMBERS, lambda a: a.add("200", apps.Answer(), apps.Hangup()))
    assert text == NUMBERS + "exten = 200,1,Answer()\nexten = 200,2,Hangup()\n"


def test_exten_with_n_stays_exten_with_n() -> None:
    text = "[a]\nexten => 1,1,A()\nexten => 1,n,B()\nexten => 2,1,C()\n"
    assert edited(text, lambda a: a["1"].insert(2, "X()")) == (
        "[a]\nexten => 1,1,A()\nexten => 1,n,X()\nexten => 1,n,B()\nexten => 2,1,C()\n"
    )
    assert edited(text, lambda a: a["1"].insert(1, "X()")) == (
        "[a]\nexten => 1,1,X()\nexten => 1,n,A()\nexten => 1,n,B()\nexten => 2,1,C()\n"
    )
    assert edited(text, lambda a: a["1"].remove(1)) == ("[a]\nexten => 1,1,B()\nexten => 2,1,C()\n")


def test_number_that_another_extension_counts_on_is_written_out() -> None:
    text = "[a]\nexten => 1,1,A()\n same => n,B()\nexten => 2,n,C()\n same => n,D()\n"
    assert edited(text, lambda a: a["1"].append("X()")) == (
        "[a]\nexten => 1,1,A()\n same => n,B()\n same => n,X()\nexten => 2,3,C()\n same => n,D()\n"
    )


def test_steps_out_of_order_are_renumbered_where_they_stand() -> None:
    text = "[a]\nexten => 1,3,C()\nexten => 1,1,A()\nexten => 2,1,Z()\nexten => 1,2,B()\n"
    assert edited(text, lambda a: a["1"].insert(2, "X()")) == (
        "[a]\nexten => 1,4,C()\nexten => 1,1,A()\nexten => 1,2,X()\nexten => 2,1,Z()\n"
        "exten => 1,3,B()\n"
    )


def test_priority_said_by_a_label_becomes_a_number_if_the_step_moves() -> None:
    text = "[a]\nexten => 1,1(x),A()\n same => x+1,B()\n"
    assert edited(text, lambda a: a["1"].insert(1, "X()")) == (
        "[a]\nexten => 1,1,X()\n same => 2(x),A()\n same => 3,B()\n"
    )


def test_gap_stays_while_it_can() -> None:
    text = "[a]\nexten => 1,1,A()\n same => n+2,B()\n same => n,C()\n"
    assert edited(text, lambda a: a["1"].insert(2, "X()")) == (
        "[a]\nexten => 1,1,A()\n same => n,X()\n same => n+1,B()\n same => n,C()\n"
    )


def test_step_behind_a_gap_keeps_its_number_when_it_becomes_the_first() -> None:
    text = "[a]\nexten => 1,1,A()\n same => n+2,B()\n same => n,C()\n"
    assert edited(text, lambda a: a["1"].remove(1)) == ("[a]\nexten => 1,4,B()\n same => n,C()\n")


def test_extension_whose_last_step_was_removed_can_get_another() -> None:
    def change(edit: ContextEdit) -> None:
        edit["1"].remove(1)
        edit["1"].append("B()")

    assert edited("[a]\nexten => 1,1,A()\nexten => 2,1,Z()\n", change) == (
        "[a]\nexten => 2,1,Z()\nexten => 1,1,B()\n"
    )


def test_blanks_of_a_line_stay_and_so_do_odd_words() -> None:
    text = "[a]\nexten=>1 , 1 ( x ) , A()\n  same  =  next ,B( y )\n"
    assert edited("[a]\nexten=>1, 1(x) , A()\n  same  =  next ,B( y )\n",
                  lambda a: a["1"].replace(1, "Z()")) == (
        "[a]\nexten=>1, 1(x) , Z()\n  same  =  next ,B( y )\n"
    )  # fmt: skip
    assert edited(text, lambda a: a["1"].insert(2, "Z()")) == (
        "[a]\nexten=>1 , 1 ( x ) , A()\n  same  =  n,Z()\n  same  =  next ,B( y )\n"
    )


def test_crlf_and_a_missing_last_line_end_stay() -> None:
    text = "[a]\r\nexten => 1,1,A()\r\n same => n,B()"
    assert edited(text, lambda a: a["1"].append("C()")) == (
        "[a]\r\nexten => 1,1,A()\r\n same => n,B()\r\n same => n,C()"
    )


def test_empty_context_gets_its_first_lines() -> None:
    def change(edit: ContextEdit) -> None:
        edit.add("1", "A()", "B()")
        edit.include("b")

    assert edited("[a]\n[b]\n", change) == (
        "[a]\ninclude => b\nexten => 1,1,A()\nsame => n,B()\n[b]\n"
    )


def test_caller_id_variant_is_an_extension_of_its_own() -> None:
    text = "[a]\nexten => 1/555,1,A()\nexten => 1,1,B()\n same => n,C()\n"
    assert edited(text, lambda a: a["1/555"].append("X()")) == (
        "[a]\nexten => 1/555,1,A()\n same => n,X()\nexten => 1,1,B()\n same => n,C()\n"
    )
    assert edited(text, lambda a: a["1"].append("X()")) == text + " same => n,X()\n"
    config = conf(text + "exten => 2/5,1,A()\nexten => 2/6,1,A()\n")
    with pytest.raises(AmbiguousKeyError), config.dialplan.edit("a") as edit:
        edit["2"]


HINTS = "[a]\nexten => 1,hint,PJSIP/1(Bob)\nexten => 1,1,A()\n same => n,B()\n"


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (lambda a: a.hint("1", "PJSIP/2"), HINTS.replace("PJSIP/1(Bob)", "PJSIP/2")),
        (lambda a: a.hint("1", "PJSIP/1", "Bob"), HINTS),
        (
            lambda a: a.hint("2", "PJSIP/2", "Al"),
            HINTS.replace("(Bob)\n", "(Bob)\nexten => 2,hint,PJSIP/2(Al)\n"),
        ),
        (lambda a: a.remove_hint("1"), HINTS.replace("exten => 1,hint,PJSIP/1(Bob)\n", "")),
        (lambda a: a.remove("1"), "[a]\n"),
        (
            lambda a: a["1"].insert(1, "X()"),
            "[a]\nexten => 1,hint,PJSIP/1(Bob)\nexten => 1,1,X()\n same => n,A()\n same => n,B()\n",
        ),
        (
            lambda a: (a.remove("1"), a.add("1", "Z()", hint=Hint(["PJSIP/9"]))),
            "[a]\nexten => 1,hint,PJSIP/9\nexten => 1,1,Z()\n",
        ),
    ],
)
def test_hints_are_set_and_removed(change: Callable[[ContextEdit], object], text: str) -> None:
    assert edited(HINTS, change) == text


def _other_include(edit: ContextEdit) -> None:
    edit.remove_include("c")
    edit.include("d", "*,sun,*,*")


def _include_and_not(edit: ContextEdit) -> None:
    edit.include("d")
    edit.remove_include("d")


INCLUDES = "[a]\ninclude => b\ninclude => c,9:00-17:00,*,*,*\nexten => 1,1,A()\n"


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (lambda a: a.remove_include("b"), INCLUDES.replace("include => b\n", "")),
        (
            _other_include,
            INCLUDES.replace("c,9:00-17:00,*,*,*", "d,*,sun,*,*"),
        ),
        (_include_and_not, INCLUDES),
    ],
)
def test_includes_are_added_and_removed(change: Callable[[ContextEdit], object], text: str) -> None:
    assert edited(INCLUDES, change) == text


def test_include_with_a_variable_is_found_by_what_it_loads_as() -> None:
    text = "[globals]\nX=b\n[a]\ninclude => ${X}\nexten => 1,1,A()\n"
    assert edited(text, lambda a: a.remove_include("b")) == (
        "[globals]\nX=b\n[a]\nexten => 1,1,A()\n"
    )


def test_nothing_changes_where_anything_is_wrong() -> None:
    config = conf(SAME)
    before = str(config["extensions.conf"]), config["extensions.conf"].version

    def failing(change: Callable[[ContextEdit], object], message: str) -> None:
        def run() -> None:
            with config.dialplan.edit("a") as edit:
                edit["100"].append("NoOp()")
                change(edit)

        with pytest.raises((EditError, NotFoundError), match=message):
            run()
        assert (str(config["extensions.conf"]), config["extensions.conf"].version) == before

    failing(
        lambda a: a["_6XXX"].insert(2, ("a,b", "X()")), r"priority 2 of '_6XXX' instead of X\(\)"
    )
    failing(lambda a: a["_6XXX"].insert(2, ("vm", "X()")), "label 'vm' stands at priority 2")
    failing(lambda a: a["_6XXX"].insert(0, "X()"), "priority 0 is less than 1")
    failing(lambda a: a["_6XXX"].insert("nope", "X()"), "has no label 'nope'")
    failing(lambda a: a["_6XXX"].remove(9), "has no priority 9")
    failing(lambda a: a["_6XXX"].append("A(b\nc)"), "no line can call")
    failing(lambda a: a["200"], "has no extension '200'; did you mean '100'")
    failing(lambda a: a.add("100"), "has an extension '100' already")
    failing(lambda a: a.add("_[6]XXX", "X()"), "would be loaded otherwise")
    failing(lambda a: a.add("a b", "X()"), "would be loaded otherwise")
    failing(lambda a: a.remove_hint("100"), "extension '100' has no hint")
    failing(lambda a: a.remove_include("b"), "does not include 'b'")
    failing(lambda a: [*map(a.include, "bB")], "includes 'B' already")


def test_exception_inside_leaves_everything_as_it_was() -> None:
    config = conf(SAME)

    def run() -> None:
        with config.dialplan.edit("a") as edit:
            edit["100"].append("NoOp()")
            raise ValueError("mine")

    with pytest.raises(ValueError, match="mine"):
        run()
    assert str(config["extensions.conf"]) == SAME


def test_edit_is_over_after_its_end() -> None:
    config = conf(SAME)
    with config.dialplan.edit("a") as edit:
        steps = edit["100"]
        with pytest.raises(EditError, match="no report before"):
            _ = edit.report
    for late in (lambda: steps.append("X()"), lambda: edit.include("x"), lambda: edit["100"]):
        with pytest.raises(EditError, match="this edit is over"):
            late()


def test_document_that_was_edited_meanwhile_stops_the_edit() -> None:
    config = conf(SAME)

    def run() -> None:
        with config.dialplan.edit("a") as edit:
            edit["100"].append("X()")
            config["extensions.conf"]["a"].add_comment("mine")

    with pytest.raises(EditError, match=r"extensions\.conf was edited meanwhile"):
        run()


TEMPLATE = "[t](!)\nexten => 1,1,A()\n same => n,B()\n[a](t)\n same => n,C()\n"


def test_line_of_a_template_of_one_context_is_changed_where_it_stands() -> None:
    assert edited(TEMPLATE, lambda a: a["1"].insert(2, "X()")) == (
        "[t](!)\nexten => 1,1,A()\n same => n,X()\n same => n,B()\n[a](t)\n same => n,C()\n"
    )
    assert edited(TEMPLATE, lambda a: a["1"].append("X()")) == TEMPLATE + " same => n,X()\n"


def test_line_of_a_template_of_two_contexts_is_refused_by_name() -> None:
    config = conf(TEMPLATE + "[b](t)\n")

    def run() -> None:
        with config.dialplan.edit("a") as edit:
            edit["1"].replace(1, "X()")

    with pytest.raises(
        EditError, match=r"extensions\.conf:2:10 \(in template \[t\]\) is read .*: 'b'"
    ):
        run()
    assert str(config["extensions.conf"]) == TEMPLATE + "[b](t)\n"


def test_line_of_an_included_file_is_changed_there() -> None:
    config = conf("[a]\n#include more.conf\nexten => 2,1,Z()\n", more="exten => 1,1,A()\n")
    with config.dialplan.edit("a") as edit:
        edit["1"].append("B()")
        edit["2"].append("C()")
    assert str(config["more.conf"]) == "exten => 1,1,A()\nsame => n,B()\n"
    assert str(config["extensions.conf"]) == (
        "[a]\n#include more.conf\nexten => 2,1,Z()\nsame => n,C()\n"
    )
    assert edit.report.files == ("extensions.conf", "more.conf")


def test_file_that_two_contexts_include_is_refused() -> None:
    config = conf("[a]\n#include m.conf\n[b]\n#include m.conf\n", m="exten => 1,1,A()\n")

    def run() -> None:
        with config.dialplan.edit("a") as edit:
            edit["1"].append("B()")

    with pytest.raises(EditError, match=r"m\.conf:1:10 is read by several contexts: 'b'"):
        run()
    assert str(config["m.conf"]) == "exten => 1,1,A()\n"


def test_line_that_is_joined_of_several_is_refused_by_its_place() -> None:
    config = conf("[a]\nexten => 1,1,A(x\nexten += y)\n")

    def run() -> None:
        with config.dialplan.edit("a") as edit:
            edit["1"].replace(1, "B()")

    with pytest.raises(EditError, match=r"extensions\.conf:2:10 is joined by '\+='"):
        run()


def test_line_that_would_come_to_life_is_refused() -> None:
    config = conf("[a]\nexten => 1,1,A()\nexten => 1,1,B()\n")

    def run() -> None:
        with config.dialplan.edit("a") as edit:
            edit.remove("1")
            edit.add("1", "C()")

    with pytest.raises(
        EditError, match=r"'exten => 1,1,B\(\)' in .* then make priority 1 of '1' instead of C\(\)"
    ):
        run()

    def closing_up() -> None:
        with config.dialplan.edit("a") as edit:
            edit["2"].remove(1)

    config = conf("[a]\nexten => 2,1,A()\nsame => n,B()\nexten => 2,1,C()\nsame => n,D()\n")
    with pytest.raises(EditError) as caught:
        closing_up()
    assert str(caught.value) == (
        "'same => n,D()' in extensions.conf would then make priority 2 of '2'"
    )


def test_label_is_given_and_taken() -> None:
    text = "[a]\nexten => 1,1(x),A()\n same => n,B()\n"
    assert edited(text, lambda a: a["1"].set_label(2, "y")) == text.replace("n,B", "n(y),B")
    assert edited(text, lambda a: a["1"].set_label("x", None)) == text.replace("1(x)", "1")
    config = conf(text)
    with (
        pytest.raises(EditError, match="label 'x' stands at priority 1"),
        config.dialplan.edit("a") as edit,
    ):
        edit["1"].set_label(2, "x")


def test_first_line_without_a_line_end_can_become_the_second() -> None:
    assert edited("[a]\nexten => 1, 1,A() ; c", lambda a: a["1"].insert(1, "X()")) == (
        "[a]\nexten => 1,1,X()\nsame => n,A() ; c"
    )


def test_several_sections_of_one_context_are_one() -> None:
    text = "[a]\nexten => 1,1,A()\n[b]\n[a]\nexten => 2,1,B()\n"
    assert edited(text, lambda a: (a["1"].append("X()"), a.add("3", "C()"))) == (
        "[a]\nexten => 1,1,A()\nsame => n,X()\n[b]\n[a]\nexten => 2,1,B()\nexten => 3,1,C()\n"
    )


def test_missing_context_is_said_with_what_may_be_meant() -> None:
    with pytest.raises(NotFoundError, match="there is no context 'A'; did you mean 'a'"):
        conf(SAME).dialplan.edit("A")
    with pytest.raises(NotFoundError, match="there is no context 'a'"):
        Config.from_texts({"x.conf": ""}).dialplan.edit("a")


JUMPS = """\
[a]
exten => 1,1(top),Answer()
 same => n,GotoIf(${X}?3:top)
 same => n(here),Goto(+1)
 same => n,Goto(top)
 same => n,Goto(1,here)
[b]
exten => 7,1,Gosub(a,1,3(x))
 same => n,Dial(PJSIP/1,,G(a^1^5))
 same => n,Goto(a,1,1)
 same => n,Goto(a,${Y},3)
 same => n,Goto(7,3)
"""


def test_report_names_moved_steps_and_jumps_that_lead_elsewhere() -> None:
    config = conf(JUMPS)
    with config.dialplan.edit("a") as edit:
        edit["1"].insert(3, apps.NoOp("new"))
    moved = [(s.was.priority, s.now.priority if s.now else None) for s in edit.report.steps]
    assert moved == [(3, 4), (4, 5), (5, 6)]
    assert str(edit.report) == (
        "1,3 (here) now 4: Goto(+1)\n"
        "1,4 now 5: Goto(top)\n"
        "1,5 now 6: Goto(1,here)\n"
        "extensions.conf:3:10: GotoIf(${X}?3:top) led to Goto(+1), now to NoOp(new)\n"
        "extensions.conf:9:10: Gosub(a,1,3(x)) led to Goto(+1), now to NoOp(new)\n"
        "extensions.conf:10:10: Dial(PJSIP/1,,G(a^1^5)) led to Goto(1,here), now to Goto(top)"
    )


def test_report_names_jumps_whose_place_is_gone() -> None:
    config = conf(JUMPS)
    with config.dialplan.edit("a") as edit:
        edit["1"].remove("here")
        edit["1"].remove(4)
    led = [(str(j.step), str(j.was), str(j.now)) for j in edit.report.jumps]
    assert led == [
        ("GotoIf(${X}?3:top)", "Goto(+1)", "Goto(top)"),
        ("Gosub(a,1,3(x))", "Goto(+1)", "Goto(top)"),
        ("Dial(PJSIP/1,,G(a^1^5))", "Goto(1,here)", "None"),
    ]


def test_report_of_an_edit_that_moves_nothing_is_empty() -> None:
    config = conf(JUMPS)
    with config.dialplan.edit("a") as edit:
        edit["1"].append("NoOp()")
    assert (edit.report.steps, edit.report.jumps, str(edit.report)) == ((), (), "")
    assert edit.report.files == ("extensions.conf",)


def test_context_is_added_at_the_end_of_the_file() -> None:
    config = conf(SAME)
    made = (
        DialplanContext("new")
        .with_include("a")
        .with_extension("_1X", ("x", apps.Answer()), apps.Goto("x"), hint="PJSIP/1")
    )
    config.dialplan.add(made)
    assert str(config["extensions.conf"]) == SAME + (
        "\n[new]\ninclude => a\nexten => _1X,hint,PJSIP/1\nexten => _1X,1(x),Answer()\n"
        " same => n,Goto(x)\n"
    )
    assert config.dialplan["new"] == made
    with pytest.raises(EditError, match="there is a context 'new' already"):
        config.dialplan.add(made)
    with pytest.raises(EditError, match="cannot be written"):
        config.dialplan.add(DialplanContext("globals"))
    empty = Config.from_texts({})
    empty.dialplan.add(DialplanContext("new").with_extension("1", "NoOp(x)"))
    assert str(empty["extensions.conf"]) == "[new]\nexten => 1,1,NoOp(x)\n"


def test_live_dialplan_is_the_value_it_was() -> None:
    config = conf(SAME)
    plain = config.dialplan
    assert plain == config.workspace.dialplan.dialplan
    assert config.workspace.dialplan.dialplan == plain
    assert hash(plain) == hash(config.workspace.dialplan.dialplan)
    assert [context.name for context in plain] == ["a"]
    assert config.dialplan is plain
    with plain.edit("a") as edit:
        edit["100"].append("X()")
    assert config.dialplan != plain
    assert len(config.dialplan["a"]["100"].steps) == 2
