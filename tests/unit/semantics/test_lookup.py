"""Lookups: what they answer, and what they say."""

from __future__ import annotations

from datetime import datetime

from asterconf.dialplan.lookup import Dialplan
from asterconf.dialplan.values import (
    DialplanContext,
    DialplanExtension,
    DialplanStep,
    Hint,
    Include,
    Switch,
)
from tests.unit.semantics.test_lookup_vectors import load

MONDAY = datetime(2024, 2, 5, 12, 0)  # noqa: DTZ001 - the clock on the wall
SUNDAY = datetime(2024, 2, 4, 12, 0)  # noqa: DTZ001 - the same


def plan(text: str) -> Dialplan:
    return load(text).dialplan


def test_an_answer_has_context_extension_step_and_the_way_there() -> None:
    found = plan(
        "[a]\ninclude => b\n[b]\ninclude => c\nexten => 100,1,NoOp(b)\n"
        "[c]\nexten => _1X.,1,NoOp(c)\nexten => _1X.,n(two),NoOp(d)\n"
    ).match("123", "a", priority=2)
    assert found
    assert (found.number, found.start, found.context) == ("123", "a", "c")
    assert found.extension is not None
    assert found.extension.name == "_1X."
    assert found.step == DialplanStep(2, "NoOp", "d", "two")
    assert found.path == ("a", "b", "c")
    assert str(found) == "'_1X.' of [c] matches '123', by way of a → b → c: priority 2 is NoOp(d)"


def test_a_refused_call_says_what_it_met() -> None:
    found = plan(
        "[a]\nexten => 100,2,NoOp()\nexten => _1XX/55,1,NoOp()\ninclude => B\ninclude => b\n"
        "include => A\ninclude => b,9:00-17:00,sun\n[b]\n"
    ).match("100", "a", at=MONDAY)
    assert not found
    assert found.step is None
    assert found.why == "nothing in [a] matches '100' with priority 1"
    assert found.notes == (
        "'100' of [a] has no priority 1",
        "'_1XX/55' of [a] is not for this caller",
        "there is no context [B]",
        "[A] is not searched: [a] was, and case is ignored",
        "[a] does not include [b] at that time: 9:00-17:00,sun",
    )


def test_a_context_that_is_not_there_is_said() -> None:
    assert str(plan("[a]\n").match("1", "b")) == "there is no context [b]"


def test_without_a_time_conditions_are_taken_now_and_that_is_said() -> None:
    text = "[a]\ninclude => b,00:00-23:59\n[b]\nexten => 1,1,NoOp()\n"
    found = plan(text).match("1", "a")
    assert found.context == "b"
    assert found.notes[0].startswith("time conditions are taken at ")
    assert found.notes[0].endswith(", now")
    assert plan(text).match("1", "a", at=MONDAY).notes == ()


def test_the_time_decides_which_context_answers() -> None:
    dialplan = plan(
        "[a]\ninclude => open,9:00-17:00,mon-fri\ninclude => closed\n"
        "[open]\nexten => 1,1,NoOp()\n[closed]\nexten => 1,1,NoOp()\n"
    )
    assert dialplan.match("1", "a", at=MONDAY).context == "open"
    assert dialplan.match("1", "a", at=SUNDAY).context == "closed"


def test_a_label_gives_its_number_which_is_then_looked_up() -> None:
    dialplan = plan(
        "[a]\nexten => 1,2(x),NoOp(a)\nexten => _X,1(y),NoOp(b)\nexten => _X,n,NoOp(c)\n"
    )
    found = dialplan.match("1", "a", priority="x")
    assert found.step == DialplanStep(2, "NoOp", "a", "x")
    assert found.notes == ("label 'x' is priority 2",)
    assert not dialplan.match("1", "a", priority="z")
    assert dialplan.match("1", "a", priority="z").why == "nothing in [a] matches '1' with label 'z'"


def test_the_label_of_a_hint_leads_nowhere() -> None:
    assert not plan("[a]\nexten => 1,hint(x),SIP/1\nexten => 1,1,NoOp()\n").match(
        "1", "a", priority="x"
    )


def test_no_step_below_priority_1_is_ever_found() -> None:
    dialplan = plan("[a]\nexten => 1,1+-5,NoOp()\nexten => 1,hint+1,NoOp()\n")
    for priority in (-4, -1, 0):
        found = dialplan.match("1", "a", priority=priority)
        assert not found
        assert repr(found) == f"<Match: no step at priority {priority} is ever run>"


def test_only_79_bytes_of_a_number_count() -> None:
    dialplan = plan(f"[a]\nexten => {'1' * 79},1,NoOp()\n")
    assert dialplan.match("1" * 80, "a").number == "1" * 79


def test_the_other_matcher_is_refused_and_said() -> None:
    found = plan("[general]\nextenpatternmatchnew=yes\n[a]\nexten => 1,1,NoOp()\n").match("1", "a")
    assert not found
    why = "extenpatternmatchnew=yes gives other results, which are not imitated here"
    assert str(found) == f"unknown: extensions.conf:2: {why}"


def test_a_switch_that_only_asterisk_knows_is_named() -> None:
    dialplan = plan(
        "[a]\nswitch => Realtime/x@y\nlswitch => Loopback/${DB(a/b)}@c\ninclude => b\n"
        "[b]\nexten => 1,1,NoOp()\n"
    )
    found = dialplan.match("1", "a")
    assert [switch.text for switch in found.unknown] == ["Realtime/x@y", "Loopback/${DB(a/b)}@c"]
    assert found.why == (
        "'1' of [b] matches '1', by way of a → b: priority 1 is NoOp(); "
        "unless Realtime/x@y, Loopback/${DB(a/b)}@c answers"
    )
    assert dialplan.match("2", "a").why.endswith(
        "; only a running Asterisk knows what is behind Realtime/x@y, Loopback/${DB(a/b)}@c"
    )


LOOPBACK = """\
[a]
exten => 1,1,NoOp(a)
{}
include => late
[far]
exten => _9X,1,NoOp(far)
exten => _9X,2(two),NoOp(far)
[far:5]
exten => _8X,1,NoOp(five)
[late]
exten => _X,1,NoOp(late)
"""


def test_a_loopback_switch_moves_the_call() -> None:
    found = plan(LOOPBACK.format("lswitch => Loopback/9${EXTEN}@far")).match("2", "a")
    assert (found.number, found.start, found.context) == ("92", "far", "far")
    assert found.notes == ("switch 'Loopback/9${EXTEN}@far' of [a] leads to 92@far",)


def test_a_loopback_switch_asks_for_the_wanted_priority_and_never_for_a_label() -> None:
    dialplan = plan(LOOPBACK.format("lswitch => Loopback/9${EXTEN}@far"))
    assert dialplan.match("2", "a", priority=2).start == "far"
    assert not dialplan.match("2", "a", priority=3)
    assert not dialplan.match("2", "a", priority="two")


def test_a_priority_in_loopback_data_is_part_of_the_contexts_name() -> None:
    found = plan(LOOPBACK.format("lswitch => Loopback/8${EXTEN}@far:5")).match("2", "a")
    assert (found.context, found.step) == ("far:5", DialplanStep(1, "NoOp", "five"))


def test_a_pattern_in_loopback_data_is_for_the_number_that_was_dialled() -> None:
    dialplan = plan(LOOPBACK.format("lswitch => Loopback/9${EXTEN}@far/_[2-4]"))
    assert dialplan.match("2", "a").context == "far"
    assert dialplan.match("5", "a").context == "late"


def test_an_eswitch_sees_the_call_where_it_began() -> None:
    text = (
        "[a]\ninclude => b\n[b]\neswitch => Loopback/9${EXTEN}@${CONTEXT}x\n"
        "[ax]\nexten => 92,1,NoOp()\n"
    )
    assert plan(text).match("2", "a").context == "ax"


def test_a_loopback_switch_to_its_own_context_ends_the_call() -> None:
    found = plan(LOOPBACK.format("lswitch => Loopback/9${EXTEN}@A")).match("2", "a")
    assert str(found) == (
        "a Loopback switch leads nowhere\n"
        "  switch 'Loopback/9${EXTEN}@A' leads back to [a]: the call ends"
    )


def test_a_circle_of_loopback_switches_comes_to_an_end() -> None:
    circle = "[a]\nlswitch => Loopback/@b\n[b]\nlswitch => Loopback/@a\n"
    found = plan(circle).match("2", "a")
    assert not found
    assert found.notes[0] == "switch 'Loopback/@b' of [a] is one of a circle"
    assert not plan(circle).match_more("2", "a")


def test_overrideswitch_is_asked_before_everything_else() -> None:
    general = "[general]\noverrideswitch=Loopback/9${EXTEN}@far/_2\n"
    dialplan = plan(general + LOOPBACK.format(""))
    assert dialplan.match("2", "a").context == "far"
    assert dialplan.match("1", "a").context == "a"


def test_512_contexts_are_searched_at_most() -> None:
    includes = "".join(f"include => c{n}\n" for n in range(520))
    contexts = "".join(f"[c{n}]\nexten => {n},1,NoOp()\n" for n in range(520))
    dialplan = plan(f"[a]\n{includes}{contexts}")
    assert dialplan.match("510", "a")
    found = dialplan.match("511", "a")
    assert not found
    assert found.notes[0] == "[c511] is not searched: 512 contexts are the most"


def test_a_dialplan_made_by_hand_is_matched_in_asterisks_order() -> None:
    context = DialplanContext(
        "c",
        [
            DialplanExtension("_.", None, [DialplanStep(1, "A")]),
            DialplanExtension("_[2-9]X", None, [DialplanStep(1, "B")]),
            DialplanExtension("_NX", None, [DialplanStep(1, "C"), DialplanStep(2, "D")]),
            DialplanExtension("20", "5", [DialplanStep(1, "E")], Hint("SIP/1")),
        ],
        [Include("d")],
    )
    made = Dialplan([context, DialplanContext("d", switches=[Switch("switch", "IAX2", "x")])])
    assert made.match("20", "c", callerid="5").step == DialplanStep(1, "E")
    assert made.match("20", "c").step == DialplanStep(1, "B")
    assert made.match("20", "c", priority=2).step == DialplanStep(2, "D")
    assert made.match("1", "c").step == DialplanStep(1, "A")
    assert made.match("1", "c", priority=3).unknown == (Switch("switch", "IAX2", "x"),)


def test_the_index_is_no_part_of_a_dialplans_value() -> None:
    one, other = plan("[a]\nexten => 1,1,NoOp()\n"), plan("[a]\nexten => 1,1,NoOp()\n")
    assert one.match("1", "a")
    assert one == other
    assert hash(one) == hash(other)
    assert repr(one) == repr(other)


def test_more_digits_are_waited_for_while_they_could_match() -> None:
    dialplan = plan(
        "[a]\nexten => 100,1,NoOp()\nexten => 200,2,NoOp()\nexten => _3X,1,NoOp()\n"
        "exten => _4!,1,NoOp()\nexten => _45X,2,NoOp()\nexten => _5./1,1,NoOp()\ninclude => b\n"
        "[b]\nexten => 4567,1,NoOp()\nexten => 6[],1,NoOp()\nexten => _7[],1,NoOp()\n"
    )
    asked = ["", "1", "10", "100", "2", "3", "33", "4", "45", "5", "6", "7", "8"]
    waits = [digits for digits in asked if dialplan.match_more(digits, "a")]
    assert waits == ["", "1", "10", "3", "6", "7"]
    assert dialplan.match_more("5", "a", callerid="1")
    assert not dialplan.match_more("1", "nowhere")


def test_more_digits_may_be_behind_a_loopback_switch_or_a_time() -> None:
    dialplan = plan(
        "[a]\nlswitch => Loopback/9${EXTEN}@far\ninclude => late,9:00-17:00,mon\n"
        "[far]\nexten => 9123,1,NoOp()\n[late]\nexten => 456,1,NoOp()\n"
    )
    assert dialplan.match_more("12", "a", at=SUNDAY)
    assert dialplan.match_more("45", "a", at=MONDAY)
    assert not dialplan.match_more("45", "a", at=SUNDAY)


def test_an_own_loopback_switch_always_waits() -> None:
    assert plan("[a]\nlswitch => Loopback/1@A\n").match_more("5", "a")
