"""Real configurations, where they are: check, map and graph name the same missing things."""

from __future__ import annotations

from pathlib import Path

import pytest

from asterconf.config import Config, load
from asterconf.graph import Graph
from asterconf.linter.rules.references.missing import MissingNames
from asterconf.linter.tree import Tree


def folders(corpus: Path) -> list[Path]:
    return sorted({path.parent for path in corpus.rglob("extensions.conf*") if path.is_file()})


@pytest.fixture(scope="module")
def loaded(corpus: Path) -> dict[Path, Config]:
    return {folder: load(folder) for folder in folders(corpus)}


def drawn(graph: Graph) -> set[str]:
    return {node.key.partition(":")[2] for node in graph.nodes if node.missing}


def test_check_map_and_graph_name_the_same_missing_things(loaded: dict[Path, Config]) -> None:
    seen = 0
    for folder, conf in loaded.items():
        missing = conf.references.missing()
        places = {one.place for one in missing}
        assert {one.position for one in MissingNames().check(Tree(conf.workspace))} == places, (
            folder
        )
        assert drawn(conf.map(limit=None)) == {one.target.name for one in missing}, folder
        plan = {one.target.name for one in missing if one.source.file == "extensions.conf"}
        assert drawn(conf.dialplan.graph(limit=None)) == plan, folder
        seen += len(missing)
    assert len(loaded) >= 700
    assert seen >= 100


def test_every_reference_stands_where_it_says(loaded: dict[Path, Config]) -> None:
    seen = 0
    for folder, conf in loaded.items():
        for one in conf.references:
            line = str(conf[one.place.file]).split("\n")[one.place.line - 1]
            text = one.text.replace(";", "\\;")
            at = line[one.place.column - 1 :]
            assert at.startswith((one.text, text)) or set(line) & set('\\"'), (folder, one)
            seen += 1
    assert seen >= 7_500
