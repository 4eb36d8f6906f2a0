"""Laws of number sets, and of the classes of a context: they say what matching does, for all texts.

With ASTERCONF_FULL=1 every context of the corpus is compared with `match` on all texts of up to
four bytes of its own alphabet and a foreign one, else a share of them on some.
"""

from __future__ import annotations

import os
import random
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain, islice, product
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asterconf import Numbers
from asterconf.ask.places import callers_of
from asterconf.dialplan import load_dialplan
from asterconf.dialplan.lookup import Dialplan
from asterconf.language.pattern import matches
from asterconf.language.timespec import parse as timing
from asterconf.numbers import automaton as at
from asterconf.numbers import partition
from asterconf.numbers.partition import Partition, Program, closure
from asterconf.resolve import Files, resolve
from asterconf.source import decode
from tests.strategies import dialplan as made

FULL = os.environ.get("ASTERCONF_FULL") == "1"
SHARES = 8 if FULL else 1
NOW = datetime(2024, 2, 5, 12, 0)  # noqa: DTZ001 - what the clock on the wall shows
SYMBOLS = "0129*+#a"
SHORT = ["".join(one) for size in range(4) for one in product("019*+", repeat=size)]
names = st.lists(st.one_of(made.patterns, made.plain), max_size=4)
sets = st.builds(lambda chosen: Numbers(*chosen), names)
texts = st.text("0129*#+aé-", max_size=6)


@given(names, texts)
def test_a_set_has_what_one_of_its_patterns_matches(chosen: list[str], text: str) -> None:
    bare = text.replace("-", "")
    found = Numbers(*chosen)
    assert (bare in found) == any(matches(one, bare) for one in chosen)
    assert (text in found.with_dashes()) == any(matches(one, text) for one in chosen)


@given(sets, sets, texts)
def test_operators_hold_text_by_text(a: Numbers, b: Numbers, text: str) -> None:
    one, two = text in a, text in b
    assert [text in x for x in (a | b, a & b, a - b, a ^ b)] == [
        one or two, one and two, one and not two, one != two
    ]  # fmt: skip
    assert ("-" in text) or ((text in ~a) == (not one))


@given(sets, sets)
def test_equal_sets_are_one_object_and_others_differ_by_a_text(a: Numbers, b: Numbers) -> None:
    assert (a | b) == ~(~a & ~b)
    assert (a - b) == (a & ~b)
    assert (a == b) == (not a ^ b)
    if a != b:
        witness = (a ^ b).shortest()
        assert witness is not None
        assert (witness in a) != (witness in b)
    assert (a <= b) == (a | b == b)


@given(sets)
def test_a_set_reads_back_from_patterns_and_from_its_expression(found: Numbers) -> None:
    patterns = found.patterns()
    if patterns is not None:
        assert Numbers(*patterns) == found
        each = [Numbers(one) for one in patterns]
        assert sum(one.count() for one in each) == found.count()  # nothing is in two of them
    expression = re.compile(found.regex())
    for text in SHORT:
        assert bool(expression.fullmatch(text)) == (text in found), text
    for text in found.samples(5, 1):
        assert text in found


@settings(max_examples=100 if FULL else 25)
@given(sets, st.integers(0, 3), st.text("01+", max_size=3))
def test_texts_are_cut_as_text(found: Numbers, n: int, prefix: str) -> None:
    for text in SHORT:
        assert (prefix + text in found.prefix(prefix)) == (text in found)
        assert (text in found.drop_prefix(prefix)) == (prefix + text in found)
    for text in found.samples(8, 2):
        raw = text.encode("utf-8", "surrogateescape")
        assert decode(raw[n:]) in found.strip(n)
        assert decode(raw[-n:] if n else b"") in found.last(n)


@given(st.integers(0, 999), st.integers(0, 999), st.integers(0, 999))
def test_a_range_has_the_numbers_between(low: int, high: int, number: int) -> None:
    found = Numbers.range(f"{low:03}", f"{high:03}")
    assert (f"{number:03}" in found) == (low <= number <= high)
    assert found.count() == max(0, high - low + 1)


# ---- the classes of a context --------------------------------------------------------------------


def compare(plan: Dialplan, part: Partition, context: str, chosen: Iterable[str]) -> int:
    """Compare what runs with a search for each text, and return how many texts there were.

    A search knows a text only by the extensions that fit it: where the same ones fit a text in each
    context that may be searched, it finds the same steps.
    """
    keys = {key for one in part.classes() for key, _ in one.program}
    wanted = [1, 9999, "nowhere", *(key for key in keys if isinstance(key, str) or key > 0)]
    way, known = within(plan, context), dict[tuple[int, ...], Program]()
    asked = 0
    for text in chosen:
        asked += 1
        program = part.of(text)
        fitting = tuple([id(one) for name in way for one in plan.own(text, name)])
        if fitting in known:
            assert program == known[fitting], (context, text)
            continue
        known[fitting] = program
        for priority in wanted:
            found = plan.look(text, context, callerid=part.callerid, priority=priority, at=NOW)
            there = None if found.extension is None else (found.context, found.extension)
            assert found.doubts or runs(part, program, priority) == there, (context, text, priority)
    return asked


def runs(part: Partition, program: Program, wanted: int | str) -> object:
    """Return the extension that has the step; a label is another name of a priority."""
    places = dict(program)
    place = places.get(wanted)
    if place is not None and isinstance(wanted, str):
        steps = part.entries[place][1].steps
        named = [s.priority for s in steps if s.label == wanted and not s.label_hidden]
        place = places.get(named[0]) if named else None  # it is a hint's
    return None if place is None else part.entries[place]


def within(plan: Dialplan, context: str) -> list[str]:
    """Return the contexts that a search in one may come to, at any time."""
    found, waiting = dict[str, None](), [context]
    while waiting:
        name = waiting.pop()
        if name in plan and name not in found:
            found[name] = None
            waiting += [include.context for include in plan[name].includes]
    return [*found]


def check(plan: Dialplan, context: str, chance: random.Random) -> int:
    held = closure(plan, context, lambda one: not one.timing or timing(one.timing).holds(NOW))
    if held.switches or plan.general.overrideswitch:
        return 0
    asked = 0
    for caller, _ in callers_of(held):
        part = Partition(held, caller)
        classes = part.classes()
        assert len({one.program for one in classes}) == len(classes)
        for one in classes:
            shortest = one.numbers.shortest()
            assert shortest is not None
            assert part.of(shortest) == one.program
        members = part.members(part.program)
        assert {program: part.of_text(text) for program, text in members.items()} == {
            program: program for program in members
        }
        assert members.keys() >= {one.program for one in classes}
        alphabet = letters(part)
        some = [*islice(short(alphabet), 60)]
        some += ["".join(chance.choices(alphabet, k=chance.randint(1, 6))) for _ in range(30)]
        some += [text for one in classes[:8] for text in one.numbers.samples(2, 3)]
        some = [text for text in some if not text.startswith("_")]
        asked += compare(plan, part, context, chain(short(alphabet), some) if FULL else some)
        for text in some:
            more = plan.match_more(text, context, callerid=caller, at=NOW)
            assert part.more(text) == more, (context, text)
    return asked


def short(alphabet: list[str]) -> Iterator[str]:
    """Yield all texts of up to four letters that are no pattern."""
    every = ("".join(one) for size in range(5) for one in product(alphabet, repeat=size))
    return (text for text in every if not text.startswith("_"))


def letters(part: Partition) -> list[str]:
    """Return a byte of each kind that a context tells apart, and one that it does not know."""
    masks = [
        at.mask_of(element.accepts)
        for _, extension in part.entries
        for element in extension.pattern.elements
    ]
    kinds = [mask for mask, _ in at.blocks(enumerate_masks(masks))]
    return [decode(bytes((at.bytes_of(mask)[0],))) for mask in kinds if mask]


def enumerate_masks(masks: list[int]) -> Iterator[tuple[int, int]]:
    yield at.ALL & ~at.DASH & ~(1 << 0x5F), -1
    yield from ((mask & ~at.DASH & ~(1 << 0x5F), number) for number, mask in enumerate(masks))


@settings(max_examples=100 if FULL else 35)
@given(
    made.plans,
    made.callers,
    st.lists(st.one_of(made.numbers, texts), min_size=1, max_size=20),
    st.sampled_from((0, partition.FEW)),
)
def test_classes_of_odd_contexts_are_what_a_search_finds(
    plan: Dialplan, caller: str | None, chosen: list[str], few: int
) -> None:
    with mock.patch.object(partition, "FEW", few):  # 0: as in a context of many patterns
        compare_all(plan, caller, chosen)


def compare_all(plan: Dialplan, caller: str | None, chosen: list[str]) -> None:
    for context in plan:
        held = closure(plan, context.name, lambda one: True)
        if held.switches:
            continue
        part = Partition(held, caller)
        long = [text * 13 for text in chosen if text][:4]
        asked = [t for t in (*chosen, *long) if not t.startswith("_") and len(t.encode()) <= 79]
        compare(plan, part, context.name, asked)
        for text in asked:
            assert part.more(text) == plan.match_more(text, context.name, callerid=caller, at=NOW)
        names = [one.name for _, one in part.entries if one.is_pattern]
        names = [text for one in names for text in (one, one.swapcase()) if len(text) < 80]
        compare(plan, part, context.name, names)
        own = Partition(held, caller, itself=True)
        languages = own.languages(own.program).items()
        for text in names:
            bare = text.encode("utf-8", "surrogateescape").replace(b"-", b"")
            run = [program for program, found in languages if found.accepts_text(bare)]
            assert "[" in text or run == [part.of(text)], text


@pytest.mark.parametrize("share", range(SHARES))
def test_classes_of_real_contexts_are_what_a_search_finds(corpus: Path, share: int) -> None:
    chance = random.Random(os.environ.get("ASTERCONF_SEED", "classes"))
    contexts = asked = 0
    files = sorted(one for one in corpus.rglob("extensions*.conf*") if one.is_file())
    for path in files[share::SHARES] if FULL else chance.sample(files, len(files) // 20):
        loaded = load_dialplan(resolve(Files(path.parent, {}), path.name)).dialplan
        for context in loaded:
            asked += check(loaded, context.name, chance)
            contexts += 1
    assert contexts >= (150 if FULL else 20)
    assert asked >= 20 * contexts


def oracle(found: Numbers) -> Any:
    """Return the same set over a few symbols, as an automaton of automata-lib.

    greenery, the other library that could judge, needs minutes for twenty patterns.
    """
    fa = pytest.importorskip("automata.fa.dfa", reason="automata-lib is not installed (extra test)")
    accepts, edges = found.automaton.accepts, found.automaton.edges
    dead = len(accepts)
    rows: dict[int, dict[str, int]] = {dead: dict.fromkeys(SYMBOLS, dead)}
    for state, leaving in enumerate(edges):
        rows[state] = {
            one: next((to for mask, to in leaving if mask >> ord(one) & 1), dead) for one in SYMBOLS
        }
    ends = {state for state, accepting in enumerate(accepts) if accepting}
    return fa.DFA(
        states={*rows}, input_symbols={*SYMBOLS}, transitions=rows, initial_state=0,
        final_states=ends,
    )  # fmt: skip


@settings(max_examples=60)
@given(sets, sets)
def test_another_library_says_the_same_of_operators(a: Numbers, b: Numbers) -> None:
    one, two = oracle(a), oracle(b)
    assert oracle(a | b) == one.union(two)
    assert oracle(a & b) == one.intersection(two)
    assert oracle(a - b) == one.difference(two)
    assert oracle(a ^ b) == one.symmetric_difference(two)
    assert oracle(~a) == one.complement()
    if a <= b:
        assert one.issubset(two)
