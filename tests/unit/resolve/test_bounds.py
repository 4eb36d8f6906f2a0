"""What grows faster than its text ends with a finding; everything else grows with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import process_time

import pytest

import asterconf
from asterconf import Config
from asterconf.semantics import AsteriskState, Channel, Scope, evaluate


def _read(text: str | bytes) -> object:
    conf = Config.from_texts({"extensions.conf": text})
    conf["extensions.conf"].diagnostics  # noqa: B018 - looking is the work
    return conf.effective("extensions.conf").sections, list(conf.dialplan)


KINDS: dict[str, Callable[[int], object]] = {
    "NUL": lambda n: _read(b"[a]\n" + b"\0" * 100 * n),
    "NUL and more": lambda n: _read(b"[a]\n" + b"x\0y;" * 25 * n),
    "(+)": lambda n: _read("[s]\nexten => 1,1,NoOp\n" + "[s](+)\nsame => n,NoOp\n" * n),
    "contexts": lambda n: _read("".join(f"[c{k}]\nexten => 1,1,NoOp\n" for k in range(n))),
    "comments": lambda n: _read(";--\n" * n + "--;\n" * n),
    "${": lambda n: evaluate("${" * n, Scope(AsteriskState(), Channel())),
    "${…}": lambda n: evaluate("${X}" * n, Scope(AsteriskState(), Channel())),
    "(((": lambda n: asterconf.apps.parse("Dial(" + "(" * n),
    "includes": lambda n: _read("#tryinclude gone.inc\n" * n),
}


@pytest.mark.parametrize("kind", KINDS)
def test_time_grows_with_the_text(kind: str) -> None:
    def cost(size: int) -> float:
        rounds = []
        for _ in range(2):
            start = process_time()
            KINDS[kind](size)
            rounds.append(process_time() - start)
        return min(rounds)

    cost(100)
    assert cost(4_000) < 12 * max(cost(1_000), 0.005)  # 4 times is linear, 16 times is square


@pytest.mark.parametrize("groups", [15, 60])
def test_braces_that_double_the_names_end(groups: int) -> None:
    conf = Config.from_texts({"x.conf": "#include " + "{a,b}" * groups + "\n[a]\n"})
    assert [found.code for found in conf.effective("x.conf").diagnostics] == ["AC019"]


def test_a_wildcard_that_climbs_again_and_again_ends(tmp_path: Path) -> None:
    for number in range(36):
        (tmp_path / str(number // 6) / str(number % 6)).mkdir(parents=True, exist_ok=True)
    (tmp_path / "0" / "x.inc").write_text("[x]\n")
    for climbs, codes in ((1, []), (2, []), (3, ["AC019"]), (40, ["AC019"])):
        (tmp_path / "a.conf").write_text(f"#include {'*/../' * climbs}*/x.inc\n")
        found = asterconf.load(tmp_path / "a.conf").effective("a.conf")
        assert [one.code for one in found.diagnostics if one.code == "AC019"] == codes, climbs


def test_filters_that_look_at_everything_again_and_again_end() -> None:
    few = Config.from_texts({"x.conf": "[s]\na=1\n" + "[s](+a=1)\nb=1\n" * 500})
    assert few.effective("x.conf").diagnostics == ()
    many = Config.from_texts({"x.conf": "[s]\na=1\n" + "[s](+a=1)\nb=1\n" * 3_000})
    assert [one.code for one in many.effective("x.conf").diagnostics] == ["AC019"]
