"""A pytest plugin for tests of dialplans: `pytest -p asterconf.testing.plugin`.

It collects `tests.toml`, has the fixtures `asterconf_config` and `asterconf_world`, and, with
`--asterconf-cov`, writes which priorities were run as data of coverage.py. It needs no Asterisk,
and no hypothesis.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from asterconf.calls import World
from asterconf.calls.expectations import CallTest, TestedCall, read_tests
from asterconf.config import Config, load


class _FailedCallError(Exception):
    """A call did not come to what is expected."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the plugin."""
    group = parser.getgroup("asterconf")
    group.addoption(
        "--asterconf-config", metavar="DIR", default=None,
        help="The configuration that is tested; default: the folder of tests.toml.",
    )  # fmt: skip
    group.addoption(
        "--asterconf-cov", action="store_true", default=False,
        help="Write which priorities were run, as data of coverage.py.",
    )  # fmt: skip
    parser.addini("asterconf_config", "The configuration that is tested.", default="")


def _folder(config: pytest.Config, default: Path) -> Path:
    given = config.getoption("--asterconf-config") or config.getini("asterconf_config")
    return (config.rootpath / given) if given else default


def pytest_configure(config: pytest.Config) -> None:
    """Start to note which steps run."""
    if config.getoption("--asterconf-cov"):
        from asterconf.testing.coverage import Recorder

        recorder = config.stash[_RECORDER] = Recorder()
        recorder.start()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Write the data, a file of its own for each process."""
    recorder = config.stash.get(_RECORDER, None)
    if recorder is not None:
        recorder.stop()
        recorder.save(config.rootpath)


_RECORDER: pytest.StashKey[Any] = pytest.StashKey()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect `tests.toml`."""
    if file_path.name != "tests.toml":
        return None
    made: pytest.Collector = _TestsFile.from_parent(parent, path=file_path)
    return made


class _TestsFile(pytest.File):
    def collect(self) -> Iterator[pytest.Item]:
        workspace = load(_folder(self.config, self.path.parent)).workspace
        for test in read_tests(self.path):
            yield _CallItem.from_parent(self, name=test.name, test=test, workspace=workspace)


class _CallItem(pytest.Item):
    def __init__(self, *, test: CallTest, workspace: Any, **more: Any) -> None:  # noqa: ANN401
        super().__init__(**more)
        self.test, self.workspace = test, workspace

    def runtest(self) -> None:
        result: TestedCall = self.test.run(self.workspace)
        if not result.passed:
            raise _FailedCallError(str(result))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:  # noqa: ANN401
        """Return the trace of the call, instead of one of Python."""
        if isinstance(excinfo.value, _FailedCallError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, None, self.name


@pytest.fixture(scope="session")
def asterconf_config(request: pytest.FixtureRequest) -> Config:
    """Return the configuration that is tested: `--asterconf-config`, else the root folder."""
    return load(_folder(request.config, request.config.rootpath))


@pytest.fixture
def asterconf_world() -> World:
    """Return the world of the tests; override it for one of your own."""
    return World()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: Any) -> Iterator[None]:  # noqa: ANN401, ARG001
    """Show the calls that a failed test has in its variables."""
    from asterconf.calls import Call

    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    if report.when == "call" and report.failed and call.excinfo is not None:
        for entry in call.excinfo.traceback[-1:]:
            for name, value in entry.frame.f_locals.items():
                if isinstance(value, Call):
                    report.sections.append((f"call {name}", str(value)))
