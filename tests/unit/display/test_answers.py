"""The views of answers about all calls: a matrix, tables of verdicts, and calls as their traces."""

from __future__ import annotations

from asterconf import Numbers
from asterconf.config import Config
from asterconf.display import html, view
from tests.planted_holes import house
from tests.unit.display.markup import Markup

PLAN = {"local": Numbers("_NXXXXXX"), "few": Numbers("_55512XX", "_1XX"), "far": Numbers("_00X.")}


def rows(obj: object) -> list[list[str]]:
    return [row for table in Markup(html(obj)).tables for row in table]


def test_classes_of_service_are_shown_as_a_matrix_with_calls_both_ways() -> None:
    answer = house().ask.class_of_service(PLAN)
    shown = rows(answer)
    assert ["from", "local", "few", "far"] in shown
    assert ["100", "all", "_55512XX", "none"] in shown
    assert ["100", "few", "5551200", "PJSIP/5551200@t", "100"] in shown
    steps = [row[1:3] for row in shown if row[1:2] == ["5551200@from-home:1"]]
    assert steps == [["5551200@from-home:1", "Dial(PJSIP/5551200@t)"]]
    first = str(view(answer)).splitlines()[:3]
    assert first == [
        "yes  ·  1 phone of 1 can dial out some of 3 kinds of numbers",
        "  from  local  few       far",
        "  100   all    _55512XX  none",
    ]


def test_phones_that_can_dial_the_same_share_a_line() -> None:
    texts = {name: str(house()[name]) for name in house().files}
    texts["pjsip.conf"] = texts["pjsip.conf"].replace(
        "[anonymous]",
        "[102]\ntype=endpoint\n"
        "context=from-home\naors=102\n[102]\ntype=aor\nmax_contacts=1\n[anonymous]",
    )
    answer = Config.from_texts(texts).ask.class_of_service(PLAN, entry=["100", "102"])
    assert len(answer) == 6
    assert ["100, 102", "all", "_55512XX", "none"] in rows(answer)
    assert list(answer.by_phone()) == ["100", "102"]


def test_a_witness_is_shown_as_the_call_that_it_is() -> None:
    answer = house().ask.reach(entry="100")
    assert answer.witness is not None
    call = answer.witness.calls[0]
    assert rows(call)[1] in rows(answer)
    assert rows(call)[1] in rows(answer.witness)
    assert "dials PJSIP/911@t" in str(view(answer.witness)).splitlines()[0]


def test_what_is_answered_for_each_row_is_a_table() -> None:
    shown = rows(house().ask.emergency(["911"]))
    assert ["100", "911", "yes", "hands 911 to trunk t as 911"] in [row[:4] for row in shown]
    dead = Config.from_texts({"extensions.conf": "[c]\nexten => 1,1,Goto(3)\n same => n,NoOp()\n"
                              " same => n,Hangup()\n"}).ask.dead(entry="context:c")  # fmt: skip
    assert ["[c] 1", "2 NoOp", "no call runs it", "extensions.conf:3"] in rows(dead)
    assert str(dead).splitlines()[1] == "  [c] 1 2 NoOp: no call runs it (extensions.conf:3)"


def test_who_gets_which_number_is_a_table() -> None:
    plan = "[c]\nexten => _1XX,1,NoOp()\ninclude => d\n[d]\nexten => 101,1,NoOp()\n"
    shown = rows(Config.from_texts({"extensions.conf": plan}).ask.dialable("c"))
    assert ["_1XX", "c", "_1XX", "", "extensions.conf:2"] in shown
    assert ["101", "d", "never run", "_1XX", "extensions.conf:5"] in shown
