"""Laws of answers about all calls: they say what single calls do.

With ASTERCONF_FULL=1 two thousand generated dialplans and a hundred homes are asked, else a few.
"""

from __future__ import annotations

import os
import random
from itertools import product

import pytest

from asterconf.ask.engine import Engine
from asterconf.ask.entries import entries_of
from asterconf.ask.reach import explored, hits_of
from asterconf.ask.witnesses import OnPaper, reaches
from asterconf.calls import Busy, NoAnswer, Unreachable, World
from asterconf.config import Config
from asterconf.numbers import Numbers
from tests.strategies.asked import ALPHABET, asked_plan
from tests.strategies.homes import generated_home

FULL = os.environ.get("ASTERCONF_FULL") == "1"
SEED = os.environ.get("ASTERCONF_SEED", "ask")
CHANCE = random.Random(SEED)
PLANS = range(2_000) if FULL else CHANCE.sample(range(2_000), 16)
HOMES = range(100) if FULL else CHANCE.sample(range(100), 1)
TEXTS = ["".join(one) for size in (1, 2, 3, 4) for one in product(ALPHABET, repeat=size)]
WORLDS = [World(answers={"*": one}) for one in (Busy(), Unreachable(), NoAnswer())]


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a call on paper that goes round end soon."""
    monkeypatch.setattr("asterconf.flow.run.MOST_STEPS", 600)


@pytest.mark.parametrize("seed", PLANS)
def test_the_numbers_that_reach_a_trunk_are_those_whose_calls_do(seed: int) -> None:
    conf = Config.from_texts(asked_plan(seed))
    engine = Engine(conf.workspace, budget=150)
    (way,) = entries_of(conf.workspace, "context:in")
    result = explored(engine, way)
    hits = hits_of(result, way, ["t"])
    numbers = hits.numbers
    undecided = bool(result.stopped or hits.marks)
    chance = random.Random(seed)
    asked = TEXTS if FULL else [*TEXTS[:6], *chance.sample(TEXTS, 10)]
    asked = [*asked, *(text for text in numbers.samples(4, seed) if not {*"\r\n"} & {*text})]
    for text in asked:
        for world in WORLDS if FULL else WORLDS[:1]:
            call = conf.call(text, entry="context:in", callerid="", world=world)
            if reaches(conf.workspace, call, ["t"]):
                assert text in numbers or undecided, (text, str(call))
                break
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
