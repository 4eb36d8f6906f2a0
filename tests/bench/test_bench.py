"""The benchmark works: its files are what they say, and it prints every row. Little is timed."""

import gc

import pytest

import asterconf
from asterconf.config import Config
from tests.bench.__main__ import DIALPLAN, DIFF, KEPT, PEER_TIMES, TIMES, main
from tests.bench.batches import EDITS, batch
from tests.bench.generate import KINDS, generate, plain
from tests.bench.growth import GROWING, calls, exponent
from tests.bench.measure import CHANGES, OURS, changed, telling
from tests.bench.peers import MODULES, installed, peer


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lines", [100, 101, 999, 5000])
def test_a_file_has_as_many_lines_as_asked_for_and_nothing_odd(kind: str, lines: int) -> None:
    text = generate(kind, lines)
    assert text.count("\n") == lines
    assert text.endswith("\n")
    assert str(asterconf.parse(text)) == text
    effective = Config.from_texts({"file.conf": text}).effective("file.conf")
    assert effective.valid
    assert effective.diagnostics == ()
    assert asterconf.parse(text).diagnostics == ()


@pytest.mark.parametrize("kind", KINDS)
def test_a_seed_always_gives_the_same_file(kind: str) -> None:
    assert generate(kind, 500, seed=3) == generate(kind, 500, seed=3)
    assert generate(kind, 500, seed=3) != generate(kind, 500, seed=4)


@pytest.mark.parametrize("kind", KINDS)
def test_the_plain_spelling_has_as_many_lines_and_no_name_twice(kind: str) -> None:
    document = asterconf.parse(plain(generate(kind, 5000)))
    assert str(document).count("\n") == 5000
    assert len(document.keys()) == len(document)
    assert not any(s.header and s.header.entries for s in document)


@pytest.mark.parametrize("kind", KINDS)
def test_as_many_things_differ_as_lines_were_changed(kind: str) -> None:
    name = {"extensions": "extensions.conf", "pjsip": "pjsip_wizard.conf"}[kind]
    text = generate(kind, 5000)
    old, new = (Config.from_texts({name: one}) for one in (text, changed(text)))
    assert len(list(asterconf.diff(old, new).leaves())) == CHANGES


@pytest.mark.parametrize("kind", KINDS)
def test_a_comparison_takes_little_beside_reading(kind: str) -> None:
    assert telling(kind, 10_000, 0).low < 5  # 1.5 is aimed at: this is for what would explode


@pytest.mark.parametrize("name", EDITS)
def test_edits_in_one_batch_cost_little_beside_the_same_as_text(name: str) -> None:
    assert batch(name, 200, 0).low < 8


@pytest.mark.parametrize("name", GROWING)
def test_work_grows_in_proportion(name: str) -> None:
    calls(name, 100)  # what is imported and compiled on first use
    few, many = calls(name, 300), calls(name, 1200)
    assert exponent((few, 0, many)) <= 1.15


def test_a_check_is_at_most_three_times_the_reading() -> None:
    """What is read is read by the check, too: nothing is made ready for it."""
    for name in ("read everything", "check"):
        calls(name, 100)  # what is imported and compiled on first use
    assert calls("check", 2000) <= 3 * calls("read everything", 2000)


@pytest.mark.parametrize("name", [name for name in MODULES if installed(name)])
def test_a_peer_reads_every_option_of_the_plain_spelling(name: str) -> None:
    text = plain(generate("pjsip", 500))
    wanted = sum(len(section) for section in asterconf.parse(text))
    it = peer(name)
    seen = it.touch(it.parse(text))
    assert seen == wanted or (name == "configparser" and 0 < seen < wanted)


@pytest.mark.skipif(not installed("asterisklint"), reason="asterisklint is not installed")
def test_the_other_reader_of_dialplans_finds_as_many_steps() -> None:
    text = plain(generate("extensions", 2000))
    contexts = peer("asterisklint").load(text).contexts
    ours = Config.from_texts({"extensions.conf": text}).dialplan
    steps = sum(len(e.steps) + (e.hint is not None) for context in ours for e in context)
    assert sum(len(context) for context in contexts) in range(steps * 9 // 10, steps + 1)


def test_quick_prints_every_row(capsys: pytest.CaptureFixture[str]) -> None:
    gc.freeze()  # this process is full of other tests: no need to look at all that in each round
    try:
        main(["--quick"])
    finally:
        gc.unfreeze()
    shown = capsys.readouterr().out
    rows = (*TIMES.values(), *DIALPLAN.values(), *EDITS, *GROWING, OURS, *MODULES, "one lookup")
    for row in rows:
        assert f"\n{row}" in shown
    for kind in KINDS:
        assert f"\n{kind}, {TIMES['touch']}" in shown
        assert f"\n{kind}, {DIFF}" in shown
        for kept in KEPT.values():
            assert f"\n{kind}, {OURS} {kept}" in shown
    for name in MODULES:
        for task in PEER_TIMES.values():
            assert f"\n{name}, {task}" in shown
