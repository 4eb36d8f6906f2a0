"""Which steps of a dialplan were run, as data of coverage.py: its reports come for free.

Put `plugins = asterconf.testing.coverage` into the section `run` of coverage's settings, run
`pytest --asterconf-cov`, then `coverage combine` and `coverage report`, `html`, `lcov` or `xml`.
A branch is a step that can go on at two places that its text names.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from coverage import CoverageData, CoveragePlugin, FileReporter

from asterconf import apps
from asterconf.calls import call as calls
from asterconf.config import Config, load

NAME = "asterconf.testing.coverage.DialplanPlugin"
Arc = tuple[int, int]


class Recorder:
    """Notes which lines every call runs, and from which line to which it goes."""

    def __init__(self) -> None:
        self.arcs: dict[str, set[Arc]] = {}
        self._before: Any = None

    def start(self) -> None:
        """Note the steps of all calls from now on."""
        self._before = calls.OBSERVERS
        calls.OBSERVERS = (*calls.OBSERVERS, self.note)

    def stop(self) -> None:
        """Note no more."""
        calls.OBSERVERS = self._before

    def note(self, call: calls.Call, root: Path | None) -> None:
        """Note the steps of a call and of its legs."""
        for steps in (call.steps, *(leg.steps for leg in call.legs)):
            before: dict[str, int] = {}
            last = ""
            for step in steps:
                name = str((root or Path()) / step.file)
                found = self.arcs.setdefault(name, set())
                came = before.get(name, -1) if last in ("", name) else -1
                found.add((came, step.line))
                before[name], last = step.line, name
            if last:
                self.arcs[last].add((before[last], -1))

    def save(self, folder: Path) -> Path:
        """Write a data file of this process, `.coverage.…`, for `coverage combine`."""
        suffix = f"dialplan.{socket.gethostname()}.{os.getpid()}"
        data = CoverageData(basename=str(folder / ".coverage"), suffix=suffix)
        data.add_arcs({name: sorted(arcs) for name, arcs in self.arcs.items()})
        data.add_file_tracers(dict.fromkeys(self.arcs, NAME))
        data.write()
        return Path(data.data_filename())


class DialplanPlugin(CoveragePlugin):
    """Tells coverage.py about dialplan files."""

    def file_reporter(self, filename: str) -> FileReporter | str:
        """Return what can be run in a file."""
        return DialplanReporter(filename)

    def find_executable_files(self, src_dir: str) -> Iterable[str]:
        """Return the dialplans below a folder that is measured, also those that never ran."""
        return (str(path) for path in Path(src_dir).rglob("extensions.conf"))


class DialplanReporter(FileReporter):
    """The lines with steps of one file, and the places where each can go on."""

    def __init__(self, filename: str) -> None:
        super().__init__(filename)
        self._found: tuple[set[int], set[Arc]] | None = None

    def _read(self) -> tuple[set[int], set[Arc]]:
        if self._found is None:
            path = Path(self.filename)
            folder = path.parent
            while not (folder / "extensions.conf").exists() and folder != folder.parent:
                folder = folder.parent
            self._found = _possible(load(folder), path.relative_to(folder).as_posix())
        return self._found

    def lines(self) -> set[int]:
        """Return the lines with steps."""
        return self._read()[0]

    def arcs(self) -> set[Arc]:
        """Return the ways from line to line that matter: both ways of each branch."""
        return self._read()[1]

    def exit_counts(self) -> dict[int, int]:
        """Return how many ways lead on from each line."""
        counts: dict[int, int] = {}
        for start, _ in self.arcs():
            if start > 0:
                counts[start] = counts.get(start, 0) + 1
        return counts


def _possible(conf: Config, name: str) -> tuple[set[int], set[Arc]]:
    """Return the lines of a file with steps, and the ways of its branches."""
    loaded = conf.workspace.dialplan
    where: dict[tuple[str, str, str | None, int], int] = {}
    for one in loaded.dialplan:
        for origin, (file, line) in loaded.lines(one.name):
            if file == name and origin[3] > 0:
                where[origin] = line
    arcs: set[Arc] = set()
    for (context, exten, cid, priority), line in where.items():
        step = loaded.dialplan[context].extension(exten, cid).step(priority)
        behind = where.get((context, exten, cid, priority + 1))
        targets = [behind] if behind is not None else []
        application = step.application
        if isinstance(application, apps.GotoIf | apps.GotoIfTime | apps.GosubIf):
            own = exten.removeprefix("_") if not exten.startswith("_") else ""
            for jump in apps.jumps(application):
                place = jump.location
                if "$" in str(place):
                    continue
                found = loaded.dialplan.match(
                    place.extension or own, place.context or context, priority=_priority(place)
                )
                if found.extension and found.step and found.context:
                    key = (
                        found.context, found.extension.name, found.extension.callerid_match,
                        found.step.priority,
                    )  # fmt: skip
                    targets += [where[key]] if key in where else []
        if len(set(targets)) > 1:
            arcs |= {(line, target) for target in targets}
    return set(where.values()), arcs


def _priority(place: apps.Location) -> int | str:
    text = str(place.priority)
    return int(text) if text.isdecimal() else text


def coverage_init(registry: Any, options: Any) -> None:  # noqa: ANN401, ARG001 - coverage's interface
    """Register the plugin: coverage.py calls this."""
    registry.add_file_tracer(DialplanPlugin())
