"""Every public configuration as a folder: nothing is raised, little time is taken, no secret shown.

The time is that of the second reading in this process, and what a process needs to start is added.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from time import process_time

import pytest

import asterconf
from asterconf import Config
from asterconf.display import html, view
from asterconf.secrets import is_secret
from tests.bench.measure import unit

TIMES = 25
"""A tree may take so many R of its size, beside the start of the process."""


def folders(corpus: Path) -> Iterator[Path]:
    """Yield each folder with configuration files that no other such folder holds."""
    held = {file.parent for file in (corpus / "public").rglob("*.conf")}
    yield from sorted(one for one in held if not any(up in held for up in one.parents))


def texts(folder: Path) -> str:
    files = [file for file in folder.rglob("*.conf") if file.is_file()]
    return "\n".join(file.read_bytes().decode("utf-8", "surrogateescape") for file in files)


def secrets(conf: Config, text: str) -> set[str]:
    """Return the secrets of a configuration that stand in it as secrets only."""
    found: dict[str, int] = {}
    for name in conf:
        for section in conf.effective(name):
            for item in section.items:
                if is_secret(name, section.name, item.name) and len(item.value) > 5:
                    found[item.value] = found.get(item.value, 0) + 1
    return {value for value, count in found.items() if text.count(value) == count}


def checked(folder: Path) -> object:
    return asterconf.load(folder).check()


def timed(work: Callable[[], object]) -> float:
    """Return the least of three times that a piece of work takes."""
    times = []
    for _ in range(3):
        start = process_time()
        work()
        times.append(process_time() - start)
    return min(times)


def test_every_tree_is_read_checked_and_shown(corpus: Path) -> None:
    code = "import asterconf; asterconf.Config.from_texts({'extensions.conf': '[a]'}).check()"
    before = process_children()
    subprocess.run([sys.executable, "-c", code], check=True)
    start = process_children() - before
    trees = [*folders(corpus)]
    assert len(trees) > 50
    hidden = 0
    for folder in trees:
        conf, text = asterconf.load(folder), texts(folder)
        said = "\n".join(map(str, conf.check()))
        shown = [said, str(view(conf)), html(conf), repr(conf.extensions), repr(conf.trunks)]
        for secret in secrets(conf, text):
            hidden += 1
            assert not [one for one in shown if secret in one], folder
        most = TIMES * timed(partial(unit, text)) + start
        assert timed(partial(checked, folder)) <= most, folder
    assert hidden > 100


def process_children() -> float:
    resource = pytest.importorskip("resource")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return float(used.ru_utime + used.ru_stime)
