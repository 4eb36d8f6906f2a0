"""Fixtures of the live tests: a real Asterisk, and real phones that call each other through it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from .phones import MakePhone, Phone
from .rig import Asterisk, Boot, find_asterisk, forget_crashes, has_crashed


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.asterisk)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Run a live test, and once more from its first fixture on if Asterisk itself crashed in it.

    It does so now and then, on many calls at once or on reloads of hints.
    """
    if not item.get_closest_marker("asterisk"):
        return None
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    forget_crashes()
    reports = runtestprotocol(item, log=False, nextitem=nextitem)
    if has_crashed() and any(report.failed for report in reports):
        print(f"\nAsterisk crashed in {item.nodeid}, which runs once more")
        with suppress(Exception):  # what it was part of may end badly
            item.session._setupstate.teardown_exact(None)
        reports = runtestprotocol(item, log=False, nextitem=nextitem)
    for report in reports:
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


PINNED = "Asterisk 22.10.1"
"""The version that the recorded vectors are of."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly which Asterisk ran, if one did."""
    root, _ = find_asterisk()
    ran = any("tests/live/" in r.nodeid for r in terminalreporter.stats.get("passed", ()))
    if root is None or not ran:
        return
    version = (root / ".asterconf-complete").read_text().strip()
    terminalreporter.section(f"live tests: {version}")
    if not version.startswith(PINNED):
        terminalreporter.line(f"The vectors are of {PINNED}: what differs may be the version.")


@pytest.fixture(scope="session")
def asterisk_root() -> Path:
    """The installed Asterisk; skips the test, with the reason, where there is none."""
    root, reason = find_asterisk()
    if root is None:
        pytest.skip(reason)
    return root


@pytest.fixture
def boot(asterisk_root: Path, tmp_path: Path) -> Iterator[Boot]:
    """Boot as many instances as a test likes; all are stopped after it."""
    with ExitStack() as running:
        count = 0

        def start(configuration: Path, **options: Any) -> Asterisk:
            nonlocal count
            count += 1
            run = tmp_path / f"asterisk-{count}"
            return running.enter_context(Asterisk(asterisk_root, configuration, run, **options))

        yield start


@pytest.fixture
def phone() -> Iterator[MakePhone]:
    """Make phones; all are closed after the test."""
    pytest.importorskip("pjsua2", reason="pjsua2-python, the phones' library, is not installed")
    with ExitStack() as phones:

        def make(user: str, password: str, server_port: int, **options: Any) -> Phone:
            return phones.enter_context(Phone(user, password, server_port, **options))

        yield make
