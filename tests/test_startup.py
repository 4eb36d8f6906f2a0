"""What a command starts: only the rooms and the libraries that it needs."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

PROGRAM = """
import os, sys
before = {name.partition(".")[0] for name in sys.modules}
sys.argv = ["asterconf", *sys.argv[1:]]
from asterconf.__main__ import main
try:
    main()
except SystemExit:
    pass
ours = [name.split(".")[1] for name in sys.modules if name.startswith("asterconf.")]
others = {name.partition(".")[0] for name in sys.modules} - before - sys.stdlib_module_names
print(*sorted(set(ours)), "/", *sorted(others - {"asterconf"}), file=sys.stderr)
"""

HELP = "__main__ cli shown / click"
LOADED = (
    "__main__ _grammars _lazy bind cli codes config diagnostic dialplan errors frames language "
    "model objects progress resolve schema secrets semantics settings shown source syntax views "
    "workspace"
)

OBJECTS = (  # who dials an extension's number, and what is gone from Asterisk
    LOADED.replace("resolve", "references resolve")
    .replace("bind", "apps bind")
    .replace("model", "linter model")
)


@pytest.mark.parametrize(
    ("arguments", "loads"),
    [
        (["--help"], HELP),
        (["--version"], HELP),
        (["show", "examples/home"], f"{OBJECTS} / attr attrs click"),
        (["show", "examples/home", "queues.conf"], f"{LOADED} / attr attrs click"),
        (["dialplan", "examples/home"], f"{LOADED} / attr attrs click"),
    ],
)
def test_a_command_starts_only_what_it_needs(arguments: list[str], loads: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout
    assert done.stderr == f"{loads}\n"
