"""The law of changed calls: what is proved to be the same is the same in every single call.

Real dialplans, the guide's among them, and generated ones get one small change each. A `no` means
that no call on paper shows a difference; a difference that calls show is in a `yes`, or at least in
an `unknown`. With ASTERCONF_FULL=1 two thousand mutants, else sixty; the seed comes from the
environment.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest

from asterconf.ask.lookups import Lookups
from asterconf.calls import Busy, Call, Loops, NoAnswer, Unreachable, World, make_call
from asterconf.config import Config
from asterconf.dialplan.lookup import Dialplan
from asterconf.differ import diff
from asterconf.errors import AsterconfError
from asterconf.numbers.partition import Partition
from asterconf.workspace import Workspace
from tests.conftest import SHARED
from tests.strategies.asked import asked_plan
from tests.strategies.mutants import mutant

FULL = os.environ.get("ASTERCONF_FULL") == "1"
CHANCE = random.Random(os.environ.get("ASTERCONF_SEED", "calls"))
MUTANTS = range(2_000) if FULL else CHANCE.sample(range(2_000), 60)
RANDOM = 2_000 if FULL else 25
MOST = 9_330 if FULL else 60
LONG = 500
"""Steps of a call that goes round."""
ROUNDS = 30
"""So many calls of a mutant may go round."""
QUIET = {
    "NoOp",
    "Verbose",
    "Log",
    "Goto",
    "GotoIf",
    "GotoIfTime",
    "Gosub",
    "GosubIf",
    "Return",
    "While",
    "EndWhile",
    "ExecIf",
}
NOON = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
WORLDS = [
    World(answers={"*": one}, digits=keys, clock=NOON)
    for one, keys in ((Busy(), ""), (Unreachable(), "1"), (NoAnswer(), "9"))
]
pytestmark = pytest.mark.usefixtures("short_calls")
HOME = Path(__file__).parents[2] / "examples" / "home"


def sources() -> list[dict[str, str]]:
    """Return the files of dialplans: of the corpus and the guide where they are, and others."""
    corpus = Path(os.environ.get("ASTERCONF_CORPUS", SHARED / "corpus"))
    folders = sorted(
        {
            p.parent
            for p in corpus.rglob("extensions.conf")
            if p.stat().st_size < (30_000 if FULL else 6_000)
        }
    )
    chosen = [HOME, *CHANCE.sample(folders, min(len(folders), 400 if FULL else 40))]
    guide = Path(os.environ.get("ASTERCONF_GUIDE", SHARED / "guide"))
    chosen += [guide] * (4 if guide.is_dir() else 0)
    found = [
        {p.name: p.read_bytes().decode("utf-8", "surrogateescape") for p in one.glob("*.conf")
         if p.stat().st_size < 60_000}
        for one in chosen
    ]  # fmt: skip
    return [*found, *(asked_plan(seed) for seed in range(100 if FULL else 15))]


SOURCES = sources()
VERDICTS: Counter[str] = Counter()


def seen(call: Call | None) -> object:
    """Return what is heard of a call, by what it dials, plays and ends in."""
    if call is None:
        return None
    ends = "" if isinstance(call.outcome, Loops) else str(call.outcome)  # not by which steps
    return type(call.outcome), ends, call.dialed, call.plays


def heard(call: Call | None) -> object:
    """Return all that a call does but to go on and to write to the log."""
    assert call is not None
    steps = [*call.steps, *(step for leg in call.legs for step in leg.steps)]
    return str(call.outcome), [(s.app, s.data) for s in steps if s.app not in QUIET], call.dialed


def texts_of(plans: list[Config], context: str, chance: random.Random) -> list[str]:
    """Return texts to dial: all short ones of few symbols, or members of every class."""
    found: dict[str, None] = {}
    symbols: set[int] = set()
    for conf in plans:
        lookups = Lookups(conf.workspace.complete_plan, conf.workspace)
        for _, held in lookups.closures(context):
            for one in Partition(held).classes():
                shortest = one.numbers.shortest()
                found |= dict.fromkeys([shortest] if shortest is not None else [])
                found |= dict.fromkeys(one.numbers.samples(6, chance.randrange(99)))
                symbols |= {mask & -mask for row in one.numbers.automaton.edges for mask, _ in row}
    alphabet = [chr(bit.bit_length() - 1) for bit in symbols if bit.bit_length() < 128]
    if len(alphabet) <= 6:
        short = ["".join(one) for size in range(1, 6) for one in product(alphabet, repeat=size)]
        found |= dict.fromkeys(chance.sample(short, min(len(short), MOST)))
    else:
        for _ in range(RANDOM):
            found["".join(chance.choices(alphabet, k=chance.randint(1, 12)))] = None
    return [one for one in found if one and not {*one} & {*"\n\r\0"} and one[0] != "_"]


def called(work: Workspace, plan: Dialplan, text: str, context: str, world: World) -> Call | None:
    """Return a call, as `Config.call` makes it; None: there is no such context."""
    if context not in plan:
        return None
    return make_call(work, text, entry=f"context:{context}", callerid="", world=world, plan=plan)


@pytest.mark.parametrize("seed", MUTANTS)
def test_no_difference_is_shown_by_no_call_and_each_difference_by_one(seed: int) -> None:
    chance = random.Random(f"source {seed}")
    texts = chance.choice(SOURCES)
    made = mutant(texts["extensions.conf"], seed)
    if made is None:
        pytest.skip("nothing to change in it")
    text, kind, context = made
    try:
        old = Config.from_texts(texts)
        new = Config.from_texts({**texts, "extensions.conf": text})
        assert old.workspace.dialplan.loaded
        assert new.workspace.dialplan.loaded
    except (AsterconfError, AssertionError):
        pytest.skip("Asterisk refuses it")
    names = [one.name for conf in (old, new) for one in conf.dialplan]
    if not names:
        pytest.skip("there is no context")
    context = context if context in names else chance.choice(names)  # it is a template
    answer = diff(old, new).calls(f"context:{context}")
    VERDICTS[answer.verdict] += 1
    for row in answer:
        if row.verdict == "yes" and row.witness is not None:
            assert heard(row.old) != heard(row.new), str(row)
            dialled = row.witness.dialled
            assert dialled in row.numbers or dialled.replace("-", "") in row.numbers
    plans = [(conf.workspace, conf.workspace.complete_plan) for conf in (old, new)]
    rounds = 0
    for text in texts_of([old, new], context, chance):
        for world in WORLDS if rounds < ROUNDS else ():
            sides = [called(work, plan, text, context, world) for work, plan in plans]
            if any(call is not None and len(call.steps) > LONG for call in sides):
                rounds += 1  # as do most others then
            elif seen(sides[0]) != seen(sides[1]):
                found = {one.verdict for one in answer if text.replace("-", "") in one.numbers}
                assert found - {"no"}, (kind, text, [*map(seen, sides)], str(answer))
            if not any(call is not None and call.steps for call in sides):
                break  # no step asks anything of the world


def test_most_mutants_are_decided() -> None:
    """What is not known is a file that nothing can be said of: scripts, texts taken apart."""
    print(VERDICTS)
    assert VERDICTS["unknown"] <= sum(VERDICTS.values()) / 2
