"""What a question may take: then it is unknown with the place, and nothing is raised or kept."""

import gc
from collections.abc import Iterator

import pytest

from asterconf.ask.entries import entries_of
from asterconf.ask.placed import start_of
from asterconf.ask.reach import begun_by, searches_of
from asterconf.config import Config
from asterconf.errors import AsterconfError, BudgetError
from asterconf.numbers import terms
from asterconf.numbers.terms import Atoms, Opaque
from tests.planted_holes import HOLES, house

PLAN = "[a]\nexten => 1,1,Goto(b,1,1)\n[b]\nexten => 1,1,Hangup()\n[c]\nexten => 1,1,Hangup()\n"


def test_a_question_that_reached_too_many_states_is_unknown_from_there_on() -> None:
    work = Config.from_texts({"extensions.conf": PLAN}).workspace
    searches = searches_of(work)
    searches.most = 1
    first, second = (searches.of(way) for way in entries_of(work, ["context:a", "context:b"]))
    assert not first.stopped
    assert first.size == 2  # where they begin, and where the Goto leads
    (mark,) = second.stopped
    assert mark.text == "budget: 1 states before calls of [b]"
    again = searches_of(work)
    assert all(not again.of(way).stopped for way in entries_of(work, "any"))


def test_a_search_that_is_too_long_may_end_where_numbers_are_not_told_apart() -> None:
    lines = "".join(
        f"exten => {n},1,Background(menu)\n same => n,WaitExten(5)\n same => n,Goto(t,1)\n"
        for n in range(10)
    )
    plan = f"[a]\n{lines}exten => t,1,Goto(${{EXTEN}}x,1)\nexten => i,1,Goto(1,1)\n[far]\n{lines}"
    work = Config.from_texts({"extensions.conf": plan}).workspace
    (way,) = entries_of(work, "context:a")
    short, long = searches_of(work, 800), searches_of(work, 100_000)
    assert [mark.text[:7] for mark in short.of(way).stopped] == ["budget:"]
    assert not long.of(way).stopped
    ((_, joined),) = short.together([way])
    assert not joined.stopped
    assert joined.ran == long.of(way).ran
    assert long.together([way]) == [([way], long.of(way))]


def test_an_entry_that_takes_long_leaves_the_others_their_steps() -> None:
    long = "exten => _X.,1,Set(A=${A}${EXTEN:0:1})\n same => n,WaitExten(5)\n same => n,Goto(1)\n"
    short = "exten => s,1,Set(B=1)\n same => n,Dial(PJSIP/${EXTEN})\n same => n,NoOp(${A})\n"
    plan = f"[a]\n{long}[b]\n{short}[c]\n{short}"
    conf = Config.from_texts({"extensions.conf": plan})
    searches = searches_of(conf.workspace)
    searches.engine.budget, searches.engine.per_step = 100, 0
    names = ["context:a", "context:b", "context:c"]
    assert conf.ask.dead(entry=names).rows == ()
    ways = entries_of(conf.workspace, names)
    (mark,) = searches.of(ways[0]).stopped
    assert mark.text == "budget: 100 ways of steps, in [a]"
    ((every, result),) = searches.together(ways)
    assert every == ways
    assert "budget: 300 ways of steps, in [a]" in {mark.text for mark in result.stopped}


def test_an_entry_that_is_over_budget_leaves_those_before_it_as_they_are() -> None:
    long = "exten => _X.,1,Set(A=${A}${EXTEN:0:1})\n same => n,WaitExten(5)\n same => n,Goto(1)\n"
    plan = f"[a]\nexten => 1,1,NoOp(${{A}})\n[b]\n{long}[c]\nexten => 1,1,Hangup()\n"
    work = Config.from_texts({"extensions.conf": plan}).workspace
    searches = searches_of(work, 100)
    first, second, third = entries_of(work, ["context:a", "context:b", "context:c"])
    (one, alone), (rest, joined) = searches.together([first, second, third])
    assert (one, alone) == ([first], searches.of(first))
    assert rest == [second, third]
    assert {key[0] for key in joined.ran} == {"b", "c"}


@pytest.mark.parametrize("hole", [None, *HOLES])
def test_entries_in_one_search_come_to_what_each_of_them_comes_to(hole: str | None) -> None:
    work = house(hole).workspace
    engine = searches_of(work).engine
    ways = {(way.context, way.variables): way for way in entries_of(work, "any")}
    starts = {key: start_of(way, engine) for key, way in ways.items()}
    joined = engine.explore(starts.values(), numbers=False)
    each = {key: engine.explore([start], numbers=False) for key, start in starts.items()}
    assert joined.ran.keys() == {one for found in each.values() for one in found.ran}
    assert joined.stopped.keys() == {one for found in each.values() for one in found.stopped}
    dialed = {one.target for found in each.values() for one in found.dialed}
    assert {one.target for one in joined.dialed} == dialed
    sunk = {sunk.text for found in each.values() for _, _, sunk in found.sunk}
    assert {one.text for _, _, one in joined.sunk} == sunk
    for node, _, one in joined.sunk:
        (way,) = begun_by(node, [*ways.values()], engine)
        alone = each[way.context, way.variables].sunk
        assert one.text in {other.text for _, _, other in alone}


@pytest.mark.parametrize("hole", [None, *HOLES])
def test_calls_run_the_same_steps_whether_numbers_are_told_apart_or_not(hole: str | None) -> None:
    work = house(hole).workspace
    engine = searches_of(work).engine
    for way in entries_of(work, "any"):
        start = [start_of(way, engine)]
        apart, joined = (engine.explore(start, numbers=numbers) for numbers in (True, False))
        assert joined.ran == apart.ran
        assert joined.stopped.keys() == apart.stopped.keys()
        assert {one.target for one in joined.dialed} == {one.target for one in apart.dialed}
        sunk = [{(s.text, s.sent) for _, _, s in found.sunk} for found in (apart, joined)]
        assert sunk[0] == sunk[1]


@pytest.mark.parametrize(
    ("read", "known"),
    [
        ("${TIMEOUT${X}}", {"TIMEOUT3", "X"}),
        ("${${X}_B}", {"A_B", "X"}),
        ("${CUT(A${X},-,1)}", {"A1", "A_B", "X"}),
        ("${${X}}", {"TIMEOUT3", "A_B", "A1", "X", "B"}),
        ("${EVAL(${X})}", {"TIMEOUT3", "A_B", "A1", "X", "B"}),
        ("${B}", {"B"}),
    ],
)
def test_a_name_that_is_made_reads_the_variables_that_it_may_be(read: str, known: set[str]) -> None:
    plan = f"[a]\nexten => 1,1,NoOp({read})\n"
    engine = searches_of(Config.from_texts({"extensions.conf": plan}).workspace).engine
    names = ("TIMEOUT3", "A_B", "A1", "X", "B")
    assert {name for name in names if engine.reads(name)} == known


def test_what_is_not_known_has_a_character_until_nobody_holds_it() -> None:
    one = Atoms()
    char = one.char_of(Opaque("${DB(a)}"))
    assert [*terms.parts(f"1{char}2")] == ["1", Opaque("${DB(a)}"), "2"]
    del one
    other = Atoms()
    assert other.char_of(Opaque("${DB(b)}")) == char
    assert [*terms.parts(char)] == [Opaque("${DB(b)}")]


@pytest.fixture
def no_collection() -> Iterator[None]:
    """Let nothing be freed in between that other tests have left."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("no_collection")
def test_too_many_parts_are_an_error_of_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    free = next((n for n, block in enumerate(terms._held) if block is None), len(terms._held))
    monkeypatch.setattr(terms, "LAST", terms.FIRST + terms.BLOCK * (free + 1) - 1)
    atoms = Atoms()
    for number in range(terms.BLOCK):
        atoms.char_of(Opaque(str(number)))
    with pytest.raises(BudgetError, match="too many different parts") as found:
        atoms.char_of(Opaque("x"))
    assert isinstance(found.value, AsterconfError)
    text = "[c]\nexten => _X.,1,Dial(PJSIP/${DB(a)})\n"
    (answer,) = Config.from_texts({"extensions.conf": text}).ask.reach(entry="context:c")
    assert answer.verdict == "unknown"
    assert "budget: too many different parts of texts" in answer.because


def test_questions_keep_no_parts_of_texts_when_a_configuration_is_gone() -> None:
    def blocks() -> int:
        gc.collect()
        return sum(block is not None for block in terms._held)

    before = blocks()
    for number in range(3):
        text = f"[c]\nexten => _X.,1,Dial(PJSIP/${{DB({number})}})\n"
        Config.from_texts({"extensions.conf": text}).ask.reach(entry="context:c")
    assert blocks() == before
