"""Where the lines are that a loader read: each has a number, and its place is found on demand."""

from __future__ import annotations

from array import array
from bisect import bisect_right

import attrs

from asterconf.language.exten import line_pattern
from asterconf.resolve.runs import Row, Slab
from asterconf.source import Position
from asterconf.syntax.lines import Option, read_plain

__all__ = ["Rows"]


@attrs.define
class Rows:
    """The lines of all stretches that were read, numbered in the order of reading.

    In a slab of text a number is a match of `line_pattern`, else a row.
    """

    stretches: list[Slab | list[Row]] = attrs.field(factory=list)
    firsts: list[int] = attrs.field(factory=list)
    """The number of the first line of each stretch."""
    kept: array[int] = attrs.field(factory=lambda: array("I"))
    """The numbers of those lines that are steps, in the dialplan's order."""
    _found: tuple[int, array[int], array[int]] | None = None
    """Of the slab looked at last: where each match begins, and in which line."""

    def add(self, stretch: Slab | list[Row], first: int) -> None:
        """Note that the lines of a stretch have the numbers from `first` on."""
        self.stretches.append(stretch)
        self.firsts.append(first)

    def option(self, number: int) -> tuple[Option, str]:
        """Return a line, of a joined one the first, and the name of its file."""
        index = bisect_right(self.firsts, number) - 1
        stretch, at = self.stretches[index], number - self.firsts[index]
        if not isinstance(stretch, Slab):
            return stretch[at][2][0]
        starts, lines = self._lines(index, stretch)
        end = stretch.text.find("\n", starts[at]) + 1 or len(stretch.text)
        made = read_plain(stretch.text[starts[at] : end], lines[at])[0]
        assert isinstance(made, Option)
        return made, stretch.file

    def joined(self, number: int) -> bool:
        """Tell whether a line was put together from several."""
        index = bisect_right(self.firsts, number) - 1
        stretch = self.stretches[index]
        return not isinstance(stretch, Slab) and len(stretch[number - self.firsts[index]][2]) > 1

    def position(self, number: int) -> Position:
        """Return where the value of a line stands."""
        option, file = self.option(number)
        return Position(file, option.line, option.columns[0])

    def spot(self, number: int) -> tuple[str, int]:
        """Return the file and the number of a line, of a joined one the first."""
        index = bisect_right(self.firsts, number) - 1
        stretch, at = self.stretches[index], number - self.firsts[index]
        if isinstance(stretch, Slab):
            return stretch.file, self._lines(index, stretch)[1][at]
        option, file = stretch[at][2][0]
        return file, option.line

    def _lines(self, index: int, slab: Slab) -> tuple[array[int], array[int]]:
        if self._found is None or self._found[0] != index:
            starts, lines = array("I"), array("I")
            line, last = slab.line, slab.start
            for match in line_pattern().finditer(slab.text, slab.start):
                start = match.start()
                line += slab.text.count("\n", last, start)
                starts.append(start)
                lines.append(line)
                last = start
            self._found = index, starts, lines
        return self._found[1:]
