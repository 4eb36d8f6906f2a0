"""Conditions that decide nothing, and comparisons of what may be empty: AC249 and AC356."""

import pytest

from asterconf import Config


def said(code: str, *steps: str) -> list[str]:
    lines = [f"exten => 1,{number},{step}\n" for number, step in enumerate(steps, 1)]
    conf = Config.from_texts({"extensions.conf": "".join(["[home]\n", *lines])})
    return [one.message for one in conf.check(select=[code])]


@pytest.mark.parametrize(
    ("step", "problem"),
    [
        ('GotoIf("${X}" = "1"?1)', "always holds: any text outside of $[…] is true"),
        ("GotoIf([${X} = 1]?1)", "always holds: any text outside of $[…] is true"),
        ('GotoIf($["${X}" = "1" | "2"]?1)', 'always holds: "2" is true'),
        ('While($["${X}" = "1" & (0 = 1)])', "never holds: 0 = 1 is false"),
        ("ExecIf($[DECIMAL > 9]?NoOp())", "always holds: DECIMAL > 9 is true"),
        ("If($[!(a = b)])", "always holds: !(a = b) is true"),
        ("GosubIf($[1 = 2]?1:1)", "decides nothing: both branches are equal"),
        ('GotoIf($["${X}" = "1"]?a,1:a,1)', "decides nothing: both branches are equal"),
    ],
)
def test_a_condition_that_decides_nothing_is_told(step: str, problem: str) -> None:
    assert said("AC249", step) == [f"the condition {problem}"]


@pytest.mark.parametrize(
    "step",
    [
        "GotoIf(1?2)",
        "GotoIf($[0]?2)",
        "While($[1])",
        "GotoIf(${X}?2)",
        "GotoIf(0${X}?2)",
        'GotoIf($["${X}" = "1" | 0]?2)',
        'GotoIf($["${X}" = "1" & 1]?2)',
        "GotoIf($[${X} | RAND(0,1)]?2)",
        "GotoIf($[${X} = 1}]?2)",
        "GotoIf($[1 = ]?2)",
        "GotoIf($[${X} = 1]?2:)",
        "GotoIf(?2)",
        "NoOp($[1 = 1])",
    ],
)
def test_a_condition_that_may_decide_or_is_turned_by_hand_is_not(step: str) -> None:
    assert said("AC249", step) == []


READ = "Read(KEY,menu,1)"


@pytest.mark.parametrize(
    "step",
    [
        "GotoIf($[${KEY} = 1]?9)",
        "GotoIf($[${KEY:0:1}=1]?9)",
        "Set(NEXT=$[${KEY} + 1])",
        "GotoIf($[1 < ${KEY}]?9)",
        'GotoIf($["${X}" = "1" & ${KEY} = 1]?9)',
    ],
)
def test_what_the_caller_keyed_needs_quotes(step: str) -> None:
    told = ["when the caller keys nothing, ${KEY} is empty and the expression cannot be read"]
    assert said("AC356", READ, "SayDigits(${KEY})", step, step) == told


def test_the_hint_about_a_password_is_not_masked() -> None:
    steps = "exten => 1,1,Read(password,menu,1)\nexten => 1,2,GotoIf($[${password} = 1]?9)\n"
    conf = Config.from_texts({"extensions.conf": f"[home]\n{steps}"})
    [found] = conf.check(select=["AC356"])
    assert found.hint == 'put both sides into quotes, as in "${password}"'


@pytest.mark.parametrize(
    "steps",
    [
        ['GotoIf($["${KEY}" = "1"]?9)'],
        ["GotoIf($['${KEY}' = '1']?9)"],
        ["GotoIf($[0${KEY} = 1]?9)"],
        ["GotoIf($[${KEYS} = 1]?9)"],
        ["GotoIf($[${LEN(${KEY})} = 0]?9)", "GotoIf($[${KEY} = 1]?9)"],
        ["GotoIf(${ISNULL(${KEY})}?9)", "GotoIf($[${KEY} = 1]?9)"],
        ['GotoIf($["${READSTATUS}" = "TIMEOUT"]?9)', "GotoIf($[${KEY} = 1]?9)"],
        ["Set(KEY=1)", "GotoIf($[${KEY} = 1]?9)"],
        ["GotoIf($[${KEY} = ]?9)"],
    ],
)
def test_it_does_not_where_it_has_them_or_is_asked_before(steps: list[str]) -> None:
    assert said("AC356", READ, *steps) == []
