"""Laws of answers about all calls: they say what single calls do.

With ASTERCONF_FULL=1 two thousand generated dialplans and a hundred homes are asked, else a few.
"""

from __future__ import annotations

import os
import random
from datetime import UTC, datetime
from itertools import product

import pytest

from asterconf.ask.engine import Engine
from asterconf.ask.entries import Destination, entries_of
from asterconf.ask.reach import explored, hits_of
from asterconf.ask.witnesses import OnPaper, reaches
from asterconf.calls import Busy, Loops, NoAnswer, Unreachable, World, make_call
from asterconf.config import Config
from asterconf.dialplan.lookup import Dialplan
from asterconf.numbers import Numbers
from asterconf.workspace import Workspace
from tests.strategies.asked import ALPHABET, asked_plan
from tests.strategies.homes import generated_home

FULL = os.environ.get("ASTERCONF_FULL") == "1"
SEED = os.environ.get("ASTERCONF_SEED", "ask")
CHANCE = random.Random(SEED)
PLANS = range(2_000) if FULL else CHANCE.sample(range(2_000), 16)
HOMES = range(100) if FULL else CHANCE.sample(range(100), 1)
TEXTS = ["".join(one) for size in (1, 2, 3, 4, 5) for one in product(ALPHABET, repeat=size)]
NOON = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
WORLDS = [World(answers={"*": one}, clock=NOON) for one in (Busy(), Unreachable(), NoAnswer())]
pytestmark = pytest.mark.usefixtures("short_calls")


def reached(work: Workspace, plan: Dialplan, text: str) -> bool | None:
    """Return whether a call dials the trunk, whoever else answers; None: whom it calls goes round.

    A called channel is taken for one that ends, so that what comes behind it is not told apart.
    """
    for world in WORLDS:
        call = make_call(work, text, entry="context:in", callerid="", world=world, plan=plan)
        local = bool(call.steps) and "Local/" in call.steps[-1].data
        if local and isinstance(call.outcome, Loops) and not reaches(work, call, ["t"]):
            return None
        if not call.dialed:
            return False  # it asked nobody, so it is the same in each world
        if reaches(work, call, ["t"]):
            return True
    return False


@pytest.mark.parametrize("seed", PLANS)
def test_the_numbers_that_reach_a_trunk_are_those_whose_calls_do(seed: int) -> None:
    conf = Config.from_texts(asked_plan(seed))
    work, plan = conf.workspace, conf.workspace.complete_plan
    engine = Engine(work, budget=150)
    (way,) = entries_of(work, "context:in")
    result = explored(engine, way)
    hits = hits_of(result, way, Destination(("t",)))
    numbers = hits.numbers
    undecided = bool(result.stopped or hits.marks)
    chance = random.Random(seed)
    asked = TEXTS if FULL else [*TEXTS[:6], *chance.sample(TEXTS, 60)]
    for text in [*asked, *(text for text in numbers.samples(4, seed) if not {*"\r\n"} & {*text})]:
        found = reached(work, plan, text)
        assert found in (text in numbers, None) or (found and undecided), text
    for hit in hits.sure if FULL else hits.sure[:4]:
        witness = OnPaper(engine, way).dials(hit, ["t"])
        assert witness is not None or undecided, hit.target


@pytest.mark.parametrize("seed", HOMES)
def test_an_outsider_cannot_reach_the_trunk_of_a_built_home(seed: int) -> None:
    conf = generated_home(seed).build()
    contexts = [f"context:{name}" for name in ("public", "default") if name in conf.dialplan]
    answer = conf.ask.reach(entry=["role:trunk", *contexts])
    assert answer.verdict == "no", str(answer)
    proof = answer.entries[0].certificate
    assert proof.faults(conf.workspace) == []
    for text in Numbers.made(proof.dialled).samples(40 if FULL else 8, seed):
        for world in WORLDS if not {*"\r\n"} & {*text} else ():
            call = conf.call(text, entry=proof.entry, world=world)
            assert not reaches(conf.workspace, call, proof.trunks), text
