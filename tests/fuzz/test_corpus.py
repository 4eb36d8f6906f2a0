"""The saved inputs of each target, as plain tests: nothing escapes."""

from pathlib import Path

import pytest

from tests.fuzz.targets import TARGETS, text_of, tree_of

CORPUS = Path(__file__).parent / "corpus"
SAVED = [(name, path) for name in TARGETS for path in sorted((CORPUS / name).iterdir())]


@pytest.mark.parametrize(("name", "path"), SAVED, ids=[f"{n}-{p.name}" for n, p in SAVED])
def test_nothing_escapes(name: str, path: Path) -> None:
    TARGETS[name](path.read_bytes())


def test_every_target_has_inputs_and_every_input_a_target() -> None:
    assert {path.name for path in CORPUS.iterdir()} == set(TARGETS)
    assert len(SAVED) >= 30


def test_an_input_may_hold_any_surrogate() -> None:
    assert text_of(b"a\x01\x02\xff") == "a\ud83d\udfff\udcff"
    assert tree_of("[a]\n=== b.conf\n[b]\n") == {"pjsip.conf": "[a]\n", "b.conf": "[b]\n"}
