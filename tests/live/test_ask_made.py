"""Answers about generated dialplans and whole houses, dialed on the real Asterisk.

Many dialplans are one configuration: each has its own contexts, phones and trunk, so that calls of
all of them are made at the same time.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path

import attrs

import asterconf
from asterconf.ask.answers import ChangedCalls, Witness
from asterconf.ask.reach import reach
from asterconf.calls import Busy, Call, Loops, World
from asterconf.config import Config, load
from asterconf.errors import AsterconfError
from asterconf.numbers import Numbers
from asterconf.numbers.partition import Partition, closure
from tests.strategies.asked import CONTEXTS, asked_plan
from tests.strategies.homes import generated_home
from tests.strategies.mutants import mutant

from .answering import Endpoints
from .calling import Dialed, Result, Row, call_at_once
from .rig import Asterisk, Boot
from .test_ask_real import FULL, SEED, running, set_up, until_trunk
from .test_calls_real import alike, plain

AT_ONCE = 40
ODD = "/@;&|, \\\"'()${}[]"
"""What stands in no name of a channel."""
BUDGET = 300
"""So many ways of steps are followed of a generated dialplan."""
MEMBERS = 5
"""So many members of each class that is proved to be without something are dialed."""
TOGETHER = 12 if FULL else 8
"""Dialplans of one Asterisk."""
ROUNDS = 8 if FULL else 1
MOST = 120 if FULL else AT_ONCE
"""So many calls that are proved to be without something are dialed of each Asterisk."""
PATIENCE = 4.48 if FULL else 2.48
HORIZON = 3.0 if FULL else 1.0
"""Steps are compared that run, on paper, so many seconds after the call began."""
QUIET = {
    "NoOp", "Verbose", "Log", "Goto", "GotoIf", "GotoIfTime", "Gosub", "GosubIf", "Return", "While",
    "EndWhile", "ExecIf", "Set",
}  # fmt: skip
"""Applications that nobody outside of a call notices; what `Set` writes shows where it is used."""
EXAMPLE = Path(__file__).parents[2] / "examples" / "home"
HOUSES = range(10) if FULL else ()


@attrs.define
class Counts:
    """What was dialed."""

    same: Counter[str] = attrs.field(factory=Counter)
    left: Counter[str] = attrs.field(factory=Counter)
    wrong: list[str] = attrs.field(factory=list)


@attrs.frozen
class Shown:
    """A call on paper that the real one makes as well; it reaches a target, or none is meant."""

    what: str
    call: Call
    caller: str = "100"
    statuses: Mapping[str, str] = attrs.field(factory=dict, hash=False)
    reaches: str = ""
    variables: tuple[tuple[str, str], ...] = ()

    def dialed(self) -> Dialed:
        """Return what is dialed."""
        call = self.call
        return Dialed(call.number, call.context, self.caller, variables=self.variables)

    def fault(self, real: Result, invited: list[tuple[str, str]]) -> str:
        """Return how the real call is another one; empty: it is the same."""
        early = [one for one in self.call.steps if one.at <= HORIZON]
        wanted = plain(until_trunk(attrs.evolve(self.call, steps=tuple(early)), self.reaches))
        got = plain(real.rows)[: len(wanted)]
        if not wanted or len(got) < len(wanted) or not all(map(alike, wanted, got)):
            return f"{self.what}: {wanted} on paper, {real.rows} on Asterisk"
        number, at, trunk = self.reaches.partition("/")[2].rpartition("@")
        if self.reaches and (trunk, number if at else "") not in invited:
            return f"{self.what}: {self.reaches} was not called, but {invited}"
        return ""


def can_be_dialed(number: str) -> bool:
    """Return whether a name of a channel can hold a number."""
    return (
        bool(number)
        and number.isascii()
        and number.isprintable()
        and not {*number} & {*"/@;&|, \\\"'()${}[]"}
    )


def dial_all(asterisk: Asterisk, ends: Endpoints, shown: Iterable[Shown], counts: Counts) -> None:
    """Make calls of which the world is the same at the same time, and compare each."""
    groups: list[tuple[dict[str, str], list[Shown]]] = []
    for one in shown:
        fits = (
            (world, calls) for world, calls in groups
            if len(calls) < AT_ONCE
            and all(world.get(name, status) == status for name, status in one.statuses.items())
        )  # fmt: skip
        world, calls = next(fits, ({}, []))
        if not calls:
            groups.append((world, calls))
        world |= one.statuses
        calls.append(one)
    again = []
    for world, calls in groups:
        set_up(ends, world)
        made = call_at_once(asterisk, [one.dialed() for one in calls], PATIENCE)
        for one, real in zip(calls, made, strict=True):
            if one.fault(real, ends.invited):
                again.append(one)
            else:
                counts.same[one.what.partition(" ")[0]] += 1
    for one in again:  # alone: nothing is said of what others of its group do
        set_up(ends, one.statuses)
        (real,) = call_at_once(asterisk, [one.dialed()], PATIENCE)
        fault = one.fault(real, ends.invited)
        if fault:
            counts.wrong.append(f"{fault} ({dict(one.statuses)})")
        else:
            counts.same[one.what.partition(" ")[0]] += 1


def witnessed(what: str, witness: Witness | None, counts: Counts) -> Iterator[Shown]:
    """Yield the call of a witness, if it can be made here."""
    if witness is None:
        return
    call = witness.calls[0]
    steps = until_trunk(call, witness.reaches)
    if witness.digits or len(witness.calls) > 1:
        counts.left["keys, or a further call"] += 1
    elif not can_be_dialed(call.number):
        counts.left["a number that no channel's name holds"] += 1
    elif not steps or call.steps[len(steps) - 1].at > HORIZON:
        counts.left["runs no step, or takes long"] += 1
    else:
        yield Shown(what, call, witness.callerid, witness.statuses, witness.reaches)


def numbered(texts: Mapping[str, str], name: str) -> dict[str, str]:
    """Return the files of a generated dialplan with a name of its own in front of every name."""
    plan = texts["extensions.conf"].replace("[globals]\nPRE=9\n", "")
    plan = re.sub(r"\b(in|mid|out|sub)\b", rf"{name}\1", plan)
    plan = re.sub(r"(?<=PJSIP/)(p\d+)|(?<=@)(t)\b", rf"{name}\1\2", plan)
    ends = re.sub(r"(?<=[\[=])(p\d+|t)(?=[\]\n])", rf"{name}\1", texts["pjsip.conf"])
    return {"extensions.conf": plan, "pjsip.conf": ends.replace("=in\n", f"={name}in\n")}


def merged(plans: Iterable[Mapping[str, str]]) -> Config:
    """Return dialplans as one configuration."""
    given = [*plans]
    texts = {
        name: "".join(one[name] for one in given) for name in ("extensions.conf", "pjsip.conf")
    }
    texts["extensions.conf"] = "[globals]\nPRE=9\n" + texts["extensions.conf"]
    return Config.from_texts(texts)


def turns(name: str, *sides: Mapping[str, str]) -> bool:
    """Return whether calls of a dialplan may go round for ever behind their end, as in `h`."""
    for texts in sides:
        conf = Config.from_texts(texts)
        for context in CONTEXTS:
            call = conf.call("h", entry=f"context:{name}{context}")
            if isinstance(call.outcome, Loops):
                return True
    return False


def classes(conf: Config, context: str) -> list[Numbers]:
    """Return the sets of numbers that a context treats alike."""
    part = Partition(closure(conf.dialplan, context, lambda _: True))
    return [one.numbers for one in part.classes()]


def members(given: Iterable[Numbers], inside: Numbers, seed: int) -> list[str]:
    """Return some numbers of each set that are in another set as well."""
    found = (text for one in given for text in (one & inside).samples(MEMBERS, seed))
    return [text for text in dict.fromkeys(found) if can_be_dialed(text)]


def names_of(round_: int, size: int = TOGETHER) -> list[tuple[str, int]]:
    """Return names and seeds of so many generated dialplans."""
    rng = random.Random(f"{SEED} {round_}")
    return [(f"g{seed}", seed) for seed in sorted(rng.sample(range(2_000), size))]


def asked(conf: Config, names: Iterable[tuple[str, int]], counts: Counts) -> Iterator[Shown | Call]:
    """Yield witnesses of each class of numbers, and calls that are proved to reach no trunk."""
    for name, seed in names:
        entry, held = f"context:{name}in", classes(conf, f"{name}in")
        ask = partial(reach, conf.workspace, f"{name}t", entry, budget=BUDGET)
        whole = ask()
        for one in held:
            if part := one & whole.numbers:
                yield from witnessed(f"reach {name}", ask(part).witness, counts)
        rests = (domain - whole.numbers for domain in (Numbers.any(), Numbers.keypad()))
        rest = next((one for one in rests if ask(one).verdict == "no"), Numbers())
        counts.left["the rest is not proved"] += not rest
        for number in members(held, rest, seed):
            call = conf.call(number, entry=entry)
            if not isinstance(call.outcome, Loops):
                yield call


def out_of_reach(
    asterisk: Asterisk, ends: Endpoints, proved: list[Call], status: str, counts: Counts
) -> Iterator[Row]:
    """Make calls that are proved to reach no trunk, and yield their steps."""
    for start in range(0, len(proved), AT_ONCE):
        part = proved[start : start + AT_ONCE]
        set_up(ends, {"*": status})
        calls = [Dialed(one.number, one.context) for one in part]
        made = call_at_once(asterisk, calls, PATIENCE)
        if wrong := [who for who in ends.invited if re.fullmatch(r"g\d+t", who[0])]:
            counts.wrong.append(f"{wrong} were called by one of {calls}")
        for paper, real in zip(part, made, strict=True):
            counts.same["proved"] += 1
            counts.same["proved, with steps"] += bool(real.rows)
            if bool(real.rows) != bool(paper.steps):
                counts.wrong.append(f"{paper} on paper, {real.rows} on Asterisk")
            yield from real.rows


def test_generated_dialplans_reach_their_trunks_as_is_said(boot: Boot, tmp_path: Path) -> None:
    counts = Counts()
    for round_ in range(ROUNDS):
        plans = {name: numbered(asked_plan(seed), name) for name, seed in names_of(round_)}
        names = [one for one in names_of(round_) if not turns(one[0], plans[one[0]])]
        conf = merged(plans[name] for name, _ in names)
        found = [*asked(conf, names, counts)]
        proved = [one for one in found if isinstance(one, Call)]
        proved = random.Random(SEED).sample(proved, min(len(proved), MOST))
        with running(boot, tmp_path / f"etc{round_}", conf) as (asterisk, ends):
            dial_all(asterisk, ends, (one for one in found if isinstance(one, Shown)), counts)
            status = ("Busy", "Answers", "NoAnswer")[round_ % 3]
            rows = {*out_of_reach(asterisk, ends, proved, status, counts)}
        for name, _ in names:
            own = [one for one in rows if one[0].removeprefix(name) in (*CONTEXTS, "sub")]
            never = conf.ask.dead(entry=f"context:{name}in") if own else ()
            dead = {(one.name, one.about) for one in never if one.verdict == "yes"}
            for context, exten, priority, app, _data in own:
                match = conf.dialplan.match(exten, context, priority=priority, callerid="100")
                assert match.extension is not None
                counts.same["step that is not dead"] += 1
                if (f"[{match.context}] {match.extension.key}", f"{priority} {app}") in dead:
                    counts.wrong.append(f"{exten}@{context}:{priority} {app} is run, but dead")
    print(counts)
    assert not counts.wrong, "\n".join(counts.wrong)
    assert counts.same["reach"] >= (80 if FULL else 3)
    assert counts.same["proved, with steps"] >= (300 if FULL else 8)


OVER = {
    "1": "Dial(PJSIP/g1t,5,g)", "2": "RetryDial(x,1,2,PJSIP/g1t,3)", "4": "Queue(q,,,,3)",
    "3": "Dial(Local/9@over1/n&PJSIP/g1t,3)",
}  # fmt: skip
"""Steps of `h`, each in a context of its own."""


def test_a_call_that_is_over_waits_in_queues_but_dials_nobody(boot: Boot, tmp_path: Path) -> None:
    plan = "".join(
        f"[over{n}]\nexten => 1,1,Hangup()\nexten => 9,1,Dial(PJSIP/g1t)\n"
        f"exten => h,1,{step}\n same => n,NoOp(behind)\n"
        for n, step in OVER.items()
    )
    texts = {
        **numbered(asked_plan(1), "g1"), "extensions.conf": f"{plan}[g1in]\nexten => 1,1,NoOp\n",
        "queues.conf": "[q]\nmember => PJSIP/g1p1\n",
    }  # fmt: skip
    conf = Config.from_texts(texts)
    calls = [conf.call("1", entry=f"context:over{n}") for n in OVER]
    with running(boot, tmp_path / "etc", conf) as (asterisk, ends):
        found = call_at_once(asterisk, [Dialed("1", one.context) for one in calls], PATIENCE)
        for call, real in zip(calls, found, strict=True):
            assert real.rows == until_trunk(call, "")
            assert len(real.rows) == 2
        assert {name for name, _ in ends.invited} == {"g1p1"}


BEFORE = {
    "Return()": True, "Hangup()": False, "NoOp()": True, "Busy(1)": True, "NoSuch()": True,
    "ExecIf(1?Hangup())": False, "Goto(nowhere,s,1)": True,
}  # fmt: skip
"""How a subroutine of option `b` ends, and whether anybody is called then."""


def test_who_hangs_up_before_the_call_calls_nobody(boot: Boot, tmp_path: Path) -> None:
    plan = "".join(
        f"[way{n}]\nexten => 1,1,Dial(PJSIP/{n}@g1t,1,b(before{n}^s^1)g)\n same => n,NoOp(behind)\n"
        f"[before{n}]\nexten => s,1,{step}\n"
        for n, step in enumerate(BEFORE)
    )
    texts = {
        **numbered(asked_plan(1), "g1"), "extensions.conf": f"{plan}[g1in]\nexten => 1,1,NoOp\n",
    }  # fmt: skip
    conf = Config.from_texts(texts)
    wanted = {("g1t", str(n)) for n, called in enumerate(BEFORE.values()) if called}
    with running(boot, tmp_path / "etc", conf) as (asterisk, ends):
        set_up(ends, {"*": "Busy"})
        call_at_once(asterisk, [Dialed("1", f"way{n}") for n in range(len(BEFORE))], 4)
        assert {*ends.invited} == wanted
    for n, called in enumerate(BEFORE.values()):
        call = conf.call("1", entry=f"context:way{n}", world=World(answers={"*": Busy()}))
        assert (call.dialed[0].status == "BUSY") == called
        found = conf.ask.reach("g1t", entry=f"context:way{n}")
        assert found.verdict != ("no" if called else "yes")


def marked(conf: Config, name: str) -> str:
    """Return the contexts of a dialplan, each extension with one step that says whose it is."""
    lines = []
    for context in conf.dialplan:
        lines.append(f"[{name}{context.name}]")
        for extension in context.extensions:
            if extension.callerid_match is None and any(s.priority == 1 for s in extension.steps):
                key = extension.key
                lines.append(f"exten => {key},1,NoOp({name}{context.name} {len(lines)})")
        lines += (f"include => {name}{one.context}" for one in context.includes)
    return "\n".join([*lines, ""])


def rows_of_dialable(conf: Config, context: str, seed: int) -> Iterator[tuple[str, str]]:
    """Yield numbers and the mark of what each is said to run; no mark: nothing."""
    answer = conf.ask.dialable(context)
    for row in answer:
        (step,) = conf.dialplan[row.context][row.key].steps
        for one in filter(can_be_dialed, row.wins.samples(2, seed)):
            yield one, step.data
    for one in filter(can_be_dialed, (Numbers.keypad() - answer.numbers).samples(4, seed)):
        found = conf.ask.why_not(one, entry=f"context:{context}")
        assert found.verdict == "no", str(found)
        yield one, ""


def test_what_is_said_to_be_dialable_is_run(boot: Boot, tmp_path: Path) -> None:
    plans = [load(EXAMPLE)] + [generated_home(seed).build() for seed in HOUSES]
    plans += [Config.from_texts(asked_plan(seed)) for _, seed in names_of(99, 60 if FULL else 12)]
    text = "".join(marked(conf, f"d{number}") for number, conf in enumerate(plans))
    conf = Config.from_texts({"extensions.conf": text, "pjsip.conf": "[g]\ntype=endpoint\n"})
    every = [(n, one.name, mark) for one in conf.dialplan
             for n, mark in rows_of_dialable(conf, one.name, len(one.name))]  # fmt: skip
    chosen = random.Random(SEED).sample(every, min(len(every), 4_000 if FULL else 240))
    wrong, ran = [], 0
    with running(boot, tmp_path / "etc", conf) as (asterisk, _):
        for start in range(0, len(chosen), 120):
            part = chosen[start : start + 120]
            made = call_at_once(asterisk, [Dialed(n, context) for n, context, _ in part], 1)
            for one, real in zip(part, made, strict=True):
                got = [row[4] for row in real.rows if row[3] == "NoOp"][:1]
                ran += bool(got)
                if got != ([one[2]] if one[2] else []):
                    wrong.append(f"{one} runs {real.rows}")
    print(f"{len(chosen)} of {len(every)} numbers, {ran} ran a step")
    assert not wrong, "\n".join(wrong)
    assert ran >= len(chosen) / 4 >= 40


# ---- changes ------------------------------------------------------------------------------------


def changed(name: str, seed: int) -> tuple[dict[str, str], dict[str, str]] | None:
    """Return a generated dialplan before and after a small change; None: there is none."""
    texts = asked_plan(seed)
    made = mutant(texts["extensions.conf"], seed)
    if made is None:
        return None
    after = {**texts, "extensions.conf": made[0]}
    for one in (texts, after):
        try:
            if not Config.from_texts(one).workspace.dialplan.loaded:
                return None
        except AsterconfError:
            return None
    sides = numbered(texts, name), numbered(after, name)
    return None if turns(name, *sides) else sides


def seen(rows: Iterable[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """Return what a call does but to go on and to write to the log."""
    return [one[3:5] for one in rows if one[3] not in QUIET]


def early(call: Call) -> list[tuple[object, ...]]:
    """Return what a call on paper does in the time in which calls are compared."""
    steps = tuple(one for one in call.steps if one.at <= HORIZON)
    return seen(plain(until_trunk(attrs.evolve(call, steps=steps), "")))


def compared(
    sides: list[Config], name: str, counts: Counts, seed: int
) -> Iterator[tuple[Shown, Shown] | Dialed]:
    """Yield calls of both sides that differ, and calls that are proved to be the same."""
    rest = Numbers.keypad()
    for row in asterconf.diff(*sides).calls(f"context:{name}in"):
        rest -= row.numbers
        witness = row.witness
        if not isinstance(row, ChangedCalls) or not (witness and row.old and row.new):
            continue
        both = [
            one
            for call in (row.old, row.new)
            for one in witnessed("change", attrs.evolve(witness, calls=(call,), reaches=""), counts)
        ]
        if len(both) == 2 and early(row.old) != early(row.new):
            yield both[0], both[1]
        else:
            counts.left["differs late, or on another channel"] += 1
    held = [one for conf in sides for one in classes(conf, f"{name}in")]
    for number in members(held, rest, seed):
        call = sides[0].call(number, entry=f"context:{name}in")
        if not isinstance(call.outcome, Loops):
            yield Dialed(number, f"{name}in")


def test_changes_of_generated_dialplans_differ_or_do_not_as_is_said(
    boot: Boot, tmp_path: Path
) -> None:
    counts = Counts()
    for round_ in range(ROUNDS):
        pairs: dict[str, tuple[dict[str, str], dict[str, str]]] = {}
        found: list[tuple[Shown, Shown] | Dialed] = []
        for name, seed in names_of(
            100 + round_, 40 if FULL else 12
        ):  # not each change is one that a call shows
            if made := changed(name, seed):
                pairs[name] = made
                found += compared([merged([one]) for one in made], name, counts, round_)
            if len(pairs) >= TOGETHER and sum(isinstance(one, tuple) for one in found) >= 2:
                break
        sides = [merged(one[side] for one in pairs.values()) for side in (0, 1)]
        shown = [one for one in found if isinstance(one, tuple)][: None if FULL else 3]
        equal = [one for one in found if isinstance(one, Dialed)]
        equal = random.Random(SEED).sample(equal, min(len(equal), MOST))
        results: list[list[Result]] = [[], []]
        for side, conf in enumerate(sides):
            with running(boot, tmp_path / f"etc{round_}-{side}", conf) as (asterisk, ends):
                dial_all(asterisk, ends, [one[side] for one in shown], counts)
                set_up(ends, {"*": "Busy"})
                for start in range(0, len(equal), AT_ONCE):
                    part = equal[start : start + AT_ONCE]
                    results[side] += call_at_once(asterisk, part, PATIENCE)
        for dialed, one, other in zip(equal, *results, strict=True):
            counts.same["equal"] += 1
            counts.same["equal, with steps"] += bool(one.rows)
            if seen(plain(one.rows)) != seen(plain(other.rows)):
                counts.wrong.append(f"{dialed}: {one.rows} before, {other.rows} now")
    print(counts)
    assert not counts.wrong, "\n".join(counts.wrong)
    assert counts.same["change"] >= (2 * ROUNDS if FULL else 0)  # `CHANGES` are dialed every day
    assert counts.same["equal, with steps"] >= (200 if FULL else 4)


# ---- houses -------------------------------------------------------------------------------------


def rows_of(conf: Config) -> Iterator[tuple[str, Witness | None]]:
    """Yield the calls of every answer about a house."""
    trunks = [name for name, one in conf.trunks.items()]
    for row in conf.ask.class_of_service():
        yield "service", row.witness
        yield "against", row.against
    for answer in (conf.ask.emergency(), *(conf.ask.what_if([one]) for one in trunks)):
        yield from (("emergency", row.witness) for row in answer)
    for one in conf.ask.reach(entry="role:extension"):
        yield "reach", one.witness


def test_answers_about_houses_are_those_of_asterisk(boot: Boot, tmp_path: Path) -> None:
    counts = Counts()
    houses = [load(EXAMPLE), *(generated_home(seed).build() for seed in HOUSES)]
    for number, conf in enumerate(houses):
        own = conf.workspace.channel_variables
        shown = [
            attrs.evolve(one, variables=tuple(own.get(witness.entry, ())))
            for what, witness in rows_of(conf)
            if witness is not None
            for one in witnessed(what, witness, counts)
        ]
        if not FULL:
            shown = random.Random(SEED).sample(shown, min(len(shown), AT_ONCE))
        with running(boot, tmp_path / f"etc{number}", conf) as (asterisk, ends):
            dial_all(asterisk, ends, shown, counts)
    print(counts)
    assert not counts.wrong, "\n".join(counts.wrong)
    assert counts.same["service"] >= (100 if FULL else 5)
