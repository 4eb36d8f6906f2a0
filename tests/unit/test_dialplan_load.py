"""What a real Asterisk 22.10.1 loaded from 93 files, against what `load_dialplan` makes of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from asterconf.bind.dialplan import HINT, LoadedDialplan, load_dialplan
from asterconf.resolve import Effective, Files, resolve
from asterconf.syntax import parse

VECTORS = sorted((Path(__file__).parents[1] / "vectors" / "dialplan-load").glob("*.conf"))


def effective(content: bytes | str) -> Effective | None:
    name = "extensions.conf"
    return resolve(Files(None, {name: parse(content, name=name)}), name)


def shown(loaded: LoadedDialplan) -> dict[str, Any]:
    """Write a loaded dialplan the way the recordings do."""
    contexts = {}
    for context in loaded.dialplan:
        rows = []
        for extension in context:
            own = {"exten": extension.name, "cid": extension.callerid_match}
            where = (context.name, extension.name, extension.callerid_match)
            if hint := extension.hint:
                texts = {"label": hint.label, "app": hint.text, "data": hint.name}
                line = loaded.origins[*where, HINT].line
                rows.append({**own, "priority": "hint", **texts, "line": line})
            for step in extension.steps:
                texts = {"label": step.label, "app": step.app, "data": step.data}
                line = loaded.origins[*where, step.priority].line
                rows.append({**own, "priority": step.priority, **texts, "line": line})
        contexts[context.name] = {
            "extensions": rows,
            "includes": [include.text for include in context.includes],
            "ignorepats": list(context.ignorepats),
            "switches": [switch.text for switch in context.switches],
            "autohints": context.autohints,
        }
    return {
        "loaded": loaded.loaded,
        "contexts": contexts,
        "globals": dict(loaded.dialplan.globals),
    }


def recorded(path: Path) -> dict[str, Any]:
    vector = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    return {key: vector[key] for key in ("loaded", "contexts", "globals")}


def test_all_93_recordings_are_there() -> None:
    assert len(VECTORS) == 93


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_dialplan_loads_as_asterisk_loads_it(path: Path) -> None:
    loaded = load_dialplan(effective(path.read_bytes()))
    assert shown(loaded) == recorded(path)
    assert "AC226" not in {finding.code for finding in loaded.diagnostics}


def test_place_of_a_joined_step_is_its_first_line() -> None:
    loaded = load_dialplan(effective("[c]\nexten = 1,1,NoOp(\nexten += x)\n"))
    assert loaded.origins["c", "1", None, 1].line == 2
