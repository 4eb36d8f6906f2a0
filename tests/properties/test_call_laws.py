"""Laws of calls on paper: what may be added, and what may be renamed, without an effect."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from asterconf import Config
from asterconf.calls import Call, Stopped, World
from asterconf.references.mentions import PLAN
from asterconf.references.values import Name
from asterconf.semantics import AsteriskState, Channel, Scope, evaluate

WORLD = World(clock=datetime(2026, 11, 24, 15, tzinfo=UTC))
NUMBERS = ("100", "101", "2001", "2999", "7")
NAMES = ("100", "101", "_2XXX", "_200X", "_[7-9]", "i", "h")
PLAIN = ("NoOp(${EXTEN} ${n})", "NoOp(${EXTEN:1})", "NoOp($[${EXTEN} * 2])", "Verbose(${CONTEXT})")
STEPS = (
    *PLAIN, "Set(n=$[0${n} + 1])", "GotoIf($[0${n} > 1]?out)", "Goto(main,101,1)", "Answer()",
    "Gosub(sub,s,1(${n}))", "Dial(PJSIP/${EXTEN},20)", "ExecIf($[0${n} = 1]?Hangup(21))",
    "Playback(a)", "Busy(1)", "Goto(2001,out)", "Set(GLOBAL(g)=${g}x)", "Nothing()",
)  # fmt: skip
SUB = "[sub]\nexten => s,1,Set(LOCAL(x)=${ARG1})\n same => n(out),Return(${x}1)\n"


def text(plan: dict[str, list[str]], before: str = "") -> str:
    """Return a dialplan; the last step of each extension has the label `out`."""
    lines = ["[main]"]
    for name, steps in plan.items():
        lines.append(f"exten => {name},1,{before or steps[0]}")
        rest = steps if before else steps[1:]
        for at, step in enumerate(rest, len(steps) - len(rest)):
            lines += [f" same => n,{before}"] * bool(before and at)
            lines.append(f" same => n{'(out)' if at == len(steps) - 1 else ''},{step}")
    return "\n".join([*lines, SUB])


def plans(steps: tuple[str, ...]) -> st.SearchStrategy[dict[str, list[str]]]:
    """Return dialplans with one to five extensions of one to four steps."""
    some = st.lists(st.sampled_from(steps), min_size=2, max_size=5)
    return st.dictionaries(st.sampled_from(NAMES), some, min_size=1, max_size=5)


def made(dialplan: str, number: str, context: str = "main") -> Call:
    conf = Config.from_texts({"extensions.conf": dialplan})
    return conf.call(number, entry=f"context:{context}", world=WORLD, callerid="Al <5>")


def behaviour(call: Call) -> object:
    return call.outcome, call.dialed, call.plays, call.variables.get("n"), call.cause


@given(plan=plans(PLAIN), number=st.sampled_from(NUMBERS))
def test_a_call_of_noops_is_a_lookup_for_each_priority(
    plan: dict[str, list[str]], number: str
) -> None:
    dialplan = text({name: steps for name, steps in plan.items() if name not in ("h", "i")})
    conf = Config.from_texts({"extensions.conf": dialplan})
    expected, priority = [], 1
    while (found := conf.dialplan.match(number, "main", priority=priority)).step is not None:
        facts = {"EXTEN": number, "CONTEXT": "main", "PRIORITY": str(priority)}
        scope = Scope(AsteriskState(), Channel(facts={**facts}))
        expected.append((priority, found.step.app, evaluate(found.step.data, scope).text))
        priority += 1
    call = made(dialplan, number)
    assert [(s.priority, s.app, s.data) for s in call.steps] == expected


@given(plan=plans(STEPS), number=st.sampled_from(NUMBERS), more=st.sampled_from(PLAIN))
def test_steps_that_do_nothing_change_no_outcome(
    plan: dict[str, list[str]], number: str, more: str
) -> None:
    plain, padded = made(text(plan), number), made(text(plan, "NoOp()"), number)
    assume(type(plain.outcome).__name__ != "Loops")
    assert behaviour(padded) == behaviour(plain)
    padded = made(text(plan, more), number)
    assert behaviour(padded) == behaviour(plain)


@settings(max_examples=20)  # a rename reads everything again
@given(plan=plans(STEPS), number=st.sampled_from(NUMBERS), name=st.sampled_from(["a", "main-2"]))
def test_a_context_that_is_renamed_changes_no_outcome(
    plan: dict[str, list[str]], number: str, name: str
) -> None:
    before = text(plan)
    conf = Config.from_texts({"extensions.conf": before})
    plain = made(before, number)
    assume(not isinstance(plain.outcome, Stopped) and type(plain.outcome).__name__ != "Loops")
    conf.rename(conf.dialplan["main"], name).apply()
    conf.rename(conf.dialplan["sub"], f"{name}-sub").apply()
    again = conf.call(number, entry=f"context:{name}", world=WORLD, callerid="Al <5>")
    assert behaviour(again) == behaviour(plain)
    steps = [re.sub(rf"\b{name}\b", "main", str(one.app)) for one in again.steps]
    assert steps == [one.app for one in plain.steps]


@settings(max_examples=20)
@given(plan=plans(STEPS), number=st.sampled_from(NUMBERS))
def test_labels_that_are_renamed_change_no_outcome(plan: dict[str, list[str]], number: str) -> None:
    before = text(plan)
    conf = Config.from_texts({"extensions.conf": before})
    plain = made(before, number)
    assume(not isinstance(plain.outcome, Stopped) and type(plain.outcome).__name__ != "Loops")
    for key in plan:
        conf.rename(Name(PLAN, "label", f"main,{key},out"), "end").apply()
    again = conf.call(number, entry="context:main", world=WORLD, callerid="Al <5>")
    assert behaviour(again) == behaviour(plain)
    assert [one.app for one in again.steps] == [one.app for one in plain.steps]
    assert "(out)" not in str(conf["extensions.conf"]).partition("[sub]")[0]
