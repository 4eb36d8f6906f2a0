"""The law of what lies ahead: no step that calls take is missing in the graph of steps.

Real dialplans and generated ones are followed from every context, and each move from a step to the
next is looked for. With ASTERCONF_FULL=1 all of the corpus; the seed comes from the environment.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from functools import cache

import attrs
import pytest

from asterconf.ask.ahead import Ahead
from asterconf.ask.entries import entries_of
from asterconf.ask.placed import start_of
from asterconf.ask.sameness import Side
from asterconf.ask.states import Outcome, Reached, Result
from asterconf.config import Config
from asterconf.errors import AsterconfError, BudgetError
from asterconf.flow.sinks import CLEAN
from tests.bench.generate import generate
from tests.properties.test_changed_calls_laws import FULL, sources

CHANCE = random.Random(os.environ.get("ASTERCONF_SEED", "ahead"))
SOURCES = [*sources(), *({"extensions.conf": generate("extensions", 300)} for _ in range(1))]
CHOSEN = range(len(SOURCES)) if FULL else [*CHANCE.sample(range(len(SOURCES)), 20), -1]
FOUND: Counter[str] = Counter()


@attrs.define(eq=False)
class Followed(Side):
    """The calls of a configuration, with what each node runs."""

    ran: dict[Reached, list[Outcome]] = attrs.field(factory=dict)

    def _ways(self, node: Reached, result: Result) -> Iterable[Outcome]:
        ways = [*super()._ways(node, result)]
        self.ran[node] = ways
        return ways


@cache
def place(ahead: Ahead, context: str, ran: tuple[str, str, int]) -> tuple[str, int, int]:
    """Return where in the graph a step is that runs."""
    holder, key, priority = ran
    entries = enumerate(ahead.around(context).entries)
    return context, next(n for n, (h, e) in entries if (h, e.key) == (holder, key)), priority


@pytest.mark.parametrize("number", CHOSEN)
def test_no_move_is_missing(number: int) -> None:
    try:
        conf = Config.from_texts(SOURCES[number])
        assert conf.workspace.dialplan.loaded
    except (AsterconfError, AssertionError):
        pytest.skip("Asterisk refuses it")
    for context in [one.name for one in conf.dialplan][: None if FULL else 12]:
        work = conf.workspace
        side = Followed(work, other=work)
        side.hears_end = None
        ahead = Ahead((side,), frozenset(), frozenset(), ())
        start = start_of(entries_of(work, f"context:{context}")[0], side)
        with suppress(BudgetError):  # more parts of texts than are kept
            side.explore([attrs.evolve(start, box=start.box.narrowed("d", CLEAN))])
        for node, ways in side.ran.items():
            before = node.before
            while before is not None and before not in side.ran:
                before = before.before
            if before is None or not ahead.holds(before.state, before.box):
                continue
            led = [
                one for one in side.ran[before] if node.state in (one.after, *one.sides)
            ] or side.ran[before]  # a number that was keyed got another name
            moves = moved(side, ahead, before, led)
            if moves is None:
                FOUND["anywhere"] += 1
                continue
            if any(name == "~all" for name, _ in node.state.variables):
                steps = [one.step.step.data for one in led if one.step is not None]
                assert all("DB(" in one for one in steps)  # of a key that the caller's id is in
                continue
            assert ahead.holds(node.state, node.box), node.state
            for one in ways if node.state.phase != "enter" or not node.state.level else ():
                for ran in side.lookups.run(one.step, one.box) if one.step is not None else ():
                    FOUND["moves"] += 1
                    assert place(ahead, node.state.context, ran) in moves, (before.state, ran)


def moved(
    side: Followed, ahead: Ahead, node: Reached, led: Iterable[Outcome]
) -> set[tuple[str, int, int]] | None:
    """Return where the graph lets the calls of a node go that took some ways; None: anywhere."""
    found: set[tuple[str, int, int]] = set()
    for one in led:
        if one.step is None:
            found |= ahead.ended(node.state.context, missed=True)
        for ran in side.lookups.run(one.step, one.box) if one.step is not None else ():
            moves = ahead.moves(place(ahead, node.state.context, ran))
            if moves is None:
                return None
            found |= moves
    for context, exten, priority, _ in node.state.frames:
        found |= ahead.places(context, exten, priority + 1, node.box, missed=True) or set()
    contexts = [context for context, number, _ in found if number == -2]
    return found.union(*(ahead.moves((context, -2, 0)) or () for context in contexts))


def test_most_moves_are_known() -> None:
    """Else the law would say nothing."""
    print(FOUND)
    assert FOUND["moves"] > 200
    assert FOUND["moves"] > FOUND["anywhere"] / 2
