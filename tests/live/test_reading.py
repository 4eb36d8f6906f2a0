"""The library's reading of generated files, next to the real Asterisk's."""

from __future__ import annotations

import itertools
import re
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from asterconf.resolve import Effective, Files, resolve
from asterconf.source import encode
from asterconf.testing.strategies import text

from .ami import AmiError
from .rig import Asterisk, Boot

EXAMPLES = {"dev": 300, "ci": 2_000, "long": 20_000}[settings.get_current_profile_name()]
HANGS = {"AC017", "AC019", "AC105"}
"""Where real Asterisk hangs or fills its memory, and we stop."""

Category = tuple[str, bool, tuple[str, ...], tuple[tuple[str, str], ...]]

MORE = [
    "[a](a)", "[b](!,a)", "[a](b,!)", "[c]()", "[c](a,)", "[a](+x=1)", "[b](+TEMPLATES=include)",
    "[a](a,+)", "[b](+,a)", "x=1\n", "x+=2\n", "X = 3\n", "x += y ;z\n", "y=>\n", "\\;=1\n",
    "\n#include @1\n", "\n#tryinclude @2\n", '\n#include "@2"\n', "\n#include @*\n",
    "\n#include @none\n",
    "\n#tryinclude @{1,2}\n", "\n#INCLUDE <@1> ; c\n",
]  # fmt: skip

blocks = st.lists(st.sampled_from([*text.PIECES, *MORE]), max_size=40).map("".join)
one_file = st.one_of(blocks, blocks.map("[a]\n".__add__), text.files())
trees = st.tuples(one_file, blocks, blocks)


@pytest.fixture
def asterisk(boot: Boot, tmp_path: Path) -> Asterisk:
    """Boot an instance with nothing to do but to read files."""
    folder = tmp_path / "etc"
    folder.mkdir()
    (folder / "modules.conf").write_text("[modules]\nautoload = no\n")
    return boot(folder)


def no_loops(content: str, further: str) -> str:
    """Let an included file include the given one at most: no file includes itself.

    That crashes Asterisk, or makes thousands of files out of three.
    """
    return re.sub(r"@(?:\{1,2\}|[12*])", f"@{further}", content)


def real(asterisk: Asterisk, name: str) -> list[Category] | None:
    """Return what Asterisk holds after reading a file, or `None` if it refuses it."""
    try:
        answer = asterisk.ami.action("GetConfig", Filename=name, Filter="TEMPLATES=include")[0]
    except AmiError:
        return None
    found: dict[str, tuple[str, list[bool], list[str], list[tuple[str, str]]]] = {}
    for key, value in answer.headers:
        kind, _, number = key.partition("-")
        if kind == "Category":
            found[number] = (value, [], [], [])
        elif kind == "IsTemplate":
            found[number][1].append(value == "1")
        elif kind == "Templates":
            found[number][2].append(value)
        elif kind == "Line":
            at = value.index("=", 1)
            found[number.partition("-")[0]][3].append((value[:at], value[at + 1 :]))
    return [
        (name, any(template), tuple(templates), tuple(items))
        for name, template, templates, items in found.values()
    ]


def ours(effective: Effective) -> list[Category] | None:
    """Return the same of our reading, in the form in which the manager tells it."""
    if not effective.valid:
        return None
    return [
        (s.name, s.template, (joined,) if (joined := ",".join(s.inherits)) else (), tuple(s.pairs))
        for s in effective.sections
    ]


def test_generated_trees_read_as_asterisk_reads_them(asterisk: Asterisk) -> None:
    root = asterisk.etc
    (root / "t").mkdir()
    numbers = itertools.count(1)
    files = 0

    @given(trees)
    @example((f"\ufeff{'z' * 8187}\n", "", ""))
    @example((f"\ufeff{'z' * 8188}\n[a]\nx=1\n", "", ""))
    @example((f"\ufeff[{'z' * 8187}]\n[a]\nx=1\n", "", ""))
    @settings(
        max_examples=EXAMPLES,
        database=None,
        suppress_health_check=[*HealthCheck],
    )
    def compare(tree: tuple[str, str, str]) -> None:
        nonlocal files
        stem = f"t/{next(numbers)}-"
        names = [f"{stem}{part}" for part in ("0", "1", "2")]
        for name, content in zip(names, (tree[0], *map(no_loops, tree[1:], "2-")), strict=True):
            (root / name).write_bytes(encode(content.replace("@", stem)))
        try:
            effective = resolve(Files(root, {}), names[0])
            assert effective is not None
            assume(not HANGS & {d.code for d in effective.diagnostics})
            files += 1
            assert ours(effective) == real(asterisk, names[0])
        finally:
            for name in names:
                (root / name).unlink()

    compare()
    assert files >= EXAMPLES * 0.9
    print(f"{files} generated trees read as Asterisk reads them")


def test_samples_and_the_test_suite_read_as_asterisk_reads_them(
    asterisk: Asterisk, corpus: Path
) -> None:
    different, files, accepted = [], 0, 0
    for part in ("asterisk-samples", "testsuite"):
        shutil.copytree(corpus / part, asterisk.etc / part)
        for path in sorted((asterisk.etc / part).rglob("*.conf*")):
            name = path.relative_to(asterisk.etc).as_posix()
            effective = resolve(Files(asterisk.etc, {}), name)
            assert effective is not None
            files += 1
            accepted += effective.valid
            if ours(effective) != real(asterisk, name):
                different.append(name)
    assert different == []
    assert files >= 1_500
    print(f"{files} files of samples and test suite read as Asterisk reads them, {accepted} valid")
