"""`asterconf graph`: pictures on the command line."""

import json
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

import asterconf
from asterconf.__main__ import main

HOME = Path("examples/home")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    def call(*args: object) -> tuple[Any, str, str]:
        monkeypatch.setattr(sys, "argv", ["asterconf", "graph", *map(str, args)])
        with pytest.raises(SystemExit) as caught:
            main()
        out, err = capsys.readouterr()
        return caught.value.code or 0, out, err

    return call


def test_without_a_choice_the_dialplan_is_printed_as_mermaid(run: Any) -> None:
    assert run(HOME) == (0, asterconf.load(HOME).dialplan.graph().mermaid(), "")
    assert run(HOME, "--mermaid") == run(HOME)


def test_one_context_the_map_and_the_other_forms_can_be_chosen(run: Any) -> None:
    conf = asterconf.load(HOME)
    assert run(HOME, "--context", "from-pstn")[1] == conf.dialplan["from-pstn"].graph().mermaid()
    assert run(HOME, "--map", "--dot")[1] == conf.map().dot()
    assert run(HOME, "--limit", 5)[1] == conf.dialplan.graph(limit=5).mermaid()
    assert run(HOME, "--map", "--limit", 0)[1] == conf.map(limit=None).mermaid()


def test_a_dialplan_file_may_have_any_name(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "mine.conf"
    file.write_text("[a]\nexten => 1,1,Queue(q)\n")
    code, out, _ = run(file)
    assert code == 0
    assert '[["q"]]' in out
    assert 'href "mine.conf#L1"' in out


def test_json_has_boxes_and_arrows(run: Any, tmp_path: Path) -> None:
    (tmp_path / "extensions.conf").write_text("[a]\ninclude => b\n[b]\n")
    data = json.loads(run(tmp_path, "--json")[1])
    assert data["title"] == "dialplan"
    assert [node["key"] for node in data["nodes"]] == ["context:a", "context:b"]
    assert data["edges"] == [
        {
            "source": "context:a",
            "target": "context:b",
            "kind": "includes",
            "label": "",
            "place": {"file": "extensions.conf", "line": 2, "column": 12},
            "count": 1,
        }
    ]


def test_links_can_be_led_elsewhere(run: Any) -> None:
    out = run(HOME, "--links", "https://git.example/etc/")[1]
    assert 'href "https://git.example/etc/extensions.conf#L' in out


@pytest.mark.skipif(
    not (shutil.which("dot") and find_spec("graphviz")),
    reason="Graphviz or its package is not installed",
)
def test_svg_is_printed_where_graphviz_is(run: Any) -> None:
    code, out, _ = run(HOME, "--svg")
    assert code == 0
    assert out.startswith("<svg ")
    assert out.endswith("</svg>\n")


def test_svg_without_graphviz_is_one_line_and_exit_2(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    code, out, err = run(HOME, "--svg")
    assert (code, out) == (2, "")
    assert err == (
        "asterconf: an SVG needs Graphviz and the extra 'graph': "
        "apt-get install graphviz; pip install 'asterconf[graph]'\n"
    )


def test_what_excludes_each_other_or_is_not_there_is_said(run: Any) -> None:
    assert run(HOME, "--map", "--context", "a")[0] == 2
    assert run(HOME, "--context", "from-hom") == (
        1,
        "",
        "asterconf: there is no context 'from-hom'; did you mean 'from-home'?\n",
    )
