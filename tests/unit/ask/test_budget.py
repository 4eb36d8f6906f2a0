"""What a question may take: then it is unknown with the place, and nothing is raised or kept."""

import gc
from collections.abc import Iterator

import pytest

from asterconf.ask.entries import entries_of
from asterconf.ask.reach import searches_of
from asterconf.config import Config
from asterconf.errors import AsterconfError, BudgetError
from asterconf.numbers import terms
from asterconf.numbers.terms import Atoms, Opaque

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
