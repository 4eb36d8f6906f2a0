"""Where the lines are that a loader read: each has a number, and its place is found on demand."""

from __future__ import annotations

from array import array
from bisect import bisect_right

import attrs

from asterconf.language.exten import line_pattern
from asterconf.resolve.runs import Joined, Run, Stretch
from asterconf.source import Position
from asterconf.syntax.lines import read_plain
from asterconf.syntax.nodes import Option

__all__ = ["Rows"]


@attrs.define
class Rows:
    """The lines of all runs that were read, numbered in the order of reading.

    In a stretch of text a number is a match of `line_pattern`, else an item.
    """

    runs: list[Run] = attrs.field(factory=list)
    firsts: list[int] = attrs.field(factory=list)
    """The number of the first line of each run."""
    kept: array[int] = attrs.field(factory=lambda: array("I"))
    """The numbers of those lines that are steps, in the dialplan's order."""
    _found: tuple[int, array[int], array[int]] | None = None
    """Of the run looked at last: where each match begins, and in which line."""

    def add(self, run: Run, first: int) -> None:
        """Note that the lines of a run have the numbers from `first` on."""
        self.runs.append(run)
        self.firsts.append(first)

    def option(self, number: int) -> tuple[Option, str]:
        """Return a line, of a joined one the first, and the name of its file."""
        index = bisect_right(self.firsts, number) - 1
        run, at = self.runs[index], number - self.firsts[index]
        if run.stretch is None:
            item = run.own[at]
            return item.parts[0] if isinstance(item, Joined) else (item, run.file)
        starts, lines = self._lines(index, run.stretch)
        end = run.stretch.text.index("\n", starts[at]) + 1
        made = read_plain(run.stretch.text[starts[at] : end], lines[at])[0]
        assert isinstance(made, Option)
        return made, run.file

    def joined(self, number: int) -> bool:
        """Tell whether a line was put together from several."""
        index = bisect_right(self.firsts, number) - 1
        run = self.runs[index]
        return run.stretch is None and isinstance(run.own[number - self.firsts[index]], Joined)

    def position(self, number: int) -> Position:
        """Return where the value of a line stands."""
        option, file = self.option(number)
        return Position(file, option.line, option.columns[0])

    def _lines(self, index: int, stretch: Stretch) -> tuple[array[int], array[int]]:
        if self._found is None or self._found[0] != index:
            starts, lines = array("I"), array("I")
            line, last = stretch.line, stretch.start
            for match in line_pattern().finditer(stretch.text, stretch.start):
                start = match.start()
                line += stretch.text.count("\n", last, start)
                starts.append(start)
                lines.append(line)
                last = start
            self._found = index, starts, lines
        return self._found[1:]
