"""Real dialplans, where they are: typed and printed back, and written anew."""

from collections import Counter
from pathlib import Path

import attrs
import pytest

from asterconf import apps
from asterconf.config import Config
from asterconf.dialplan import Dialplan, load_dialplan
from asterconf.editing import in_order, write_context
from asterconf.errors import ModelError
from asterconf.language import appcall
from asterconf.resolve import Files, resolve
from asterconf.source import fold
from asterconf.syntax import parse


def dialplans(corpus: Path) -> list[Path]:
    return [path for path in sorted(corpus.rglob("extensions*.conf*")) if path.is_file()]


def test_real_lines_typed_and_printed_back_are_the_same_bytes(corpus: Path) -> None:
    lines = 0
    for path in dialplans(corpus):
        data = path.read_bytes()
        document = parse(data, name=path.name)
        for section in document.sections:
            for option in section.options:
                if fold(option.name) not in {"exten", "same"}:
                    continue
                start = option.value.find(",") + 1
                if fold(option.name) == "exten":
                    start = option.value.find(",", start) + 1
                call = appcall.parse(option.value[start:])
                app = apps.parse(call.name, call.data)
                printed = f"{option.value[:start]}{call.text[: call.name_span[0]]}{app.name}"
                if call.name_span[1] < len(call.text):
                    printed += f"({app.data}{')' * call.closed}{call.lost}"
                assert section.set(option, printed) is option, (path, option)
                lines += 1
        assert bytes(document) == data
    assert lines >= 18_000


@pytest.fixture(scope="module")
def loaded(corpus: Path) -> dict[Path, Dialplan]:
    return {
        path: load_dialplan(resolve(Files(path.parent, {}), path.name)).dialplan
        for path in dialplans(corpus)
    }


def test_real_contexts_written_anew_load_the_same(loaded: dict[Path, Dialplan]) -> None:
    for path, dialplan in loaded.items():
        text = "".join(map(write_context, dialplan))
        again = Config.from_texts({"extensions.conf": text}).dialplan
        assert [*again] == [*dialplan] == [*map(in_order, dialplan)], path
    assert sum(len(dialplan.contexts) for dialplan in loaded.values()) >= 1_800


def test_real_applications_say_their_arguments_anew(loaded: dict[Path, Dialplan]) -> None:
    seen: Counter[str] = Counter()
    texts = {
        (step.app, step.data)
        for dialplan in loaded.values()
        for context in dialplan
        for extension in context
        for step in extension.steps
    }
    for name, data in texts:
        app = apps.parse(name, data)
        seen["all"] += 1
        seen["same text"] += _again(app) == data
        seen["refused"] += _again(app) is None
    assert seen["all"] >= 7_500
    assert seen["refused"] <= 1  # one that holds a `${` which is never closed
    assert seen["same text"] >= 0.97 * seen["all"]


def _again(app: apps.Application) -> str | None:
    """Return the argument text made of the arguments alone."""
    try:
        again = attrs.evolve(app, source=None)
    except ModelError:
        return None
    assert apps.parse(again.name, again.data) == app
    return again.data
