"""How far long work has come: a value for each piece that is done, and a bar for people.

Nothing is shown unless somebody asks for it: `load`, `Config.check` and `map_sites` take a function
as `progress` and call it with a `Progress` for each piece. `bar` gives such a function.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from importlib import import_module
from time import monotonic
from typing import Any, Protocol, TypeAlias, TypeVar

import attrs

from asterconf.errors import MissingExtraError
from asterconf.source import printable

T = TypeVar("T")

DELAY = 0.5
"""Seconds that work must last before a bar shows."""

PAUSE = 0.1
"""Seconds between two updates of a bar."""


@attrs.frozen
class Progress:
    """One more piece of some long work is done.

    Attributes:
        stage: what is being done: `load` (files are fetched), `read` (files as Asterisk reads
            them), `check`, or `sites`.
        done: how many pieces are done, this one among them: 1 in the first call of a stage, one
            more in each further one.
        total: how many pieces are known of. It never falls, grows only where files of a `load`
            include others, and is `done` in the last call of a stage.
        what: the name of this piece: a file, or the path of a folder.
    """

    stage: str
    done: int
    total: int
    what: str = ""

    def __str__(self) -> str:
        return f"{self.stage}: {self.done:,} of {self.total:,}"


Report: TypeAlias = Callable[[Progress], object]
"""What is called with each `Progress`. What it raises ends the work, and goes to the caller."""


def steps(stage: str, pieces: Collection[T], progress: Report | None) -> Iterator[T]:
    """Yield each piece, and report it when the next one is asked for."""
    if progress is None:
        yield from pieces
        return
    for number, piece in enumerate(pieces, 1):
        yield piece
        progress(Progress(stage, number, len(pieces), str(piece)))


# -- for people -----------------------------------------------------------------------------------


@contextmanager
def bar(*, delay: float | None = None) -> Iterator[Report | None]:
    """Give a function that shows how far work has come, to be passed as `progress`.

    In a notebook that is a bar below the cell, which stays there. In a terminal it is a bar on
    standard error, which is gone at the end. Where standard error is no terminal there is nothing
    to show it on, and `None` is given, so that the work costs what it costs without.

        with bar() as progress:
            conf = asterconf.load("/etc/asterisk", progress=progress)

    Args:
        delay: seconds that work must last before the bar shows; half a second by default.

    Raises:
        MissingExtraError: standard error is a terminal and rich is not installed (extra `cli`).
    """
    screen = _screen()
    if screen is None:
        yield None
        return
    shown = _Bar(screen, monotonic() + (DELAY if delay is None else delay))
    try:
        yield shown
    finally:
        shown.close()


class _Screen(Protocol):
    def show(self, stages: Collection[Progress]) -> None: ...
    def close(self) -> None: ...


@attrs.define(eq=False)
class _Bar:
    """What has been reported of each stage, shown now and then."""

    screen: _Screen
    next: float
    stages: dict[str, Progress] = attrs.field(factory=dict)
    began: bool = False

    def __call__(self, step: Progress) -> None:
        self.stages[step.stage] = step
        if monotonic() >= self.next:
            self.began = True
            self.screen.show(self.stages.values())
            self.next = monotonic() + PAUSE

    def close(self) -> None:
        """Show how far it came, if anything was shown at all."""
        if self.began:
            self.screen.show(self.stages.values())
            self.screen.close()


def _screen() -> _Screen | None:
    """Return where a bar can be shown here."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if getattr(shell, "kernel", None) is not None:
        return _Notebook()
    return _Terminal() if sys.stderr.isatty() else None


class _Terminal:
    """A bar for each stage on standard error. It has no thread of its own, so work may fork."""

    def __init__(self) -> None:
        try:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
            from rich.progress import Progress as Bars
            from rich.table import Column
        except ModuleNotFoundError:
            needed = "a bar in a terminal needs the extra 'cli': pip install 'asterconf[cli]'"
            raise MissingExtraError(needed) from None
        name = Column(ratio=1, no_wrap=True, overflow="ellipsis")
        self.bars = Bars(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[what]}", markup=False, table_column=name),
            console=Console(stderr=True),
            auto_refresh=False,
            transient=True,
            expand=True,
        )
        self.tasks: dict[str, Any] = {}

    def show(self, stages: Collection[Progress]) -> None:
        """Draw the bars."""
        for step in stages:
            facts: dict[str, Any] = {
                "completed": step.done,
                "total": step.total,
                "what": _line(step.what),
            }
            if step.stage in self.tasks:
                self.bars.update(self.tasks[step.stage], **facts)
            else:
                self.tasks[step.stage] = self.bars.add_task(step.stage, **facts)
        self.bars.start()  # the first time
        self.bars.refresh()

    def close(self) -> None:
        """Take the bars away."""
        self.bars.stop()


class _Notebook:
    """A bar for each stage below a cell, where it needs no widgets and is kept when saved."""

    handle: Any = None

    def show(self, stages: Collection[Progress]) -> None:
        """Put the bars where they stood before."""
        data = {
            "text/plain": "\n".join(map(str, stages)),
            "text/html": "".join(map(_html, stages)),
        }
        if self.handle is None:
            display = import_module("IPython.display").display
            self.handle = display(data, raw=True, display_id=True)
        else:
            self.handle.update(data, raw=True)

    def close(self) -> None:
        """Leave the bars, which say how far it came."""


def _line(name: str) -> str:
    return printable(name).replace("\n", "\\n").replace("\t", " ")


def _html(step: Progress) -> str:
    from html import escape

    what = escape(_line(step.what)) if step.done < step.total else ""
    return (
        '<div style="margin:.2em 0;white-space:nowrap;overflow:hidden;text-overflow:ellipsis">'
        f'<progress value="{step.done}" max="{step.total}" '
        'style="width:16em;max-width:50%;vertical-align:middle"></progress>'
        f' {escape(str(step))} <span style="opacity:.75">{what}</span></div>'
    )
