"""Where the parts of a loaded dialplan stand: worked out from numbered lines when asked for."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from itertools import accumulate

import attrs

from asterconf.dialplan.values import HINT, DialplanContext, DialplanExtension
from asterconf.language.exten import line_pattern
from asterconf.resolve.bound import Bound
from asterconf.resolve.effective import EffectiveSection, ItemRow, PlainRun
from asterconf.source import Position
from asterconf.syntax.lines import Option, read_plain


@attrs.define
class LineIndex:
    """The lines that a loader read, numbered in the order of reading.

    In a run of plain text a number is a match of `line_pattern`, else a row.
    """

    stretches: list[PlainRun | list[ItemRow]] = attrs.field(factory=list)
    firsts: list[int] = attrs.field(factory=list)
    """The number of the first line of each stretch."""
    steps: array[int] = attrs.field(factory=lambda: array("I"))
    """The numbers of the lines that are steps or hints, in the order of the dialplan."""
    _found: dict[int, tuple[array[int], array[int]]] = attrs.field(factory=dict, init=False)
    """Of the run of text used last: where each match begins, and in which line."""

    def add(self, stretch: PlainRun | list[ItemRow], first: int) -> None:
        """Note that the lines of a stretch have the numbers from `first` on."""
        self.stretches.append(stretch)
        self.firsts.append(first)

    def option(self, number: int) -> tuple[Option, str]:
        """Return a line, of a joined one the first, and the name of its file."""
        index = bisect_right(self.firsts, number) - 1
        stretch, at = self.stretches[index], number - self.firsts[index]
        if not isinstance(stretch, PlainRun):
            return stretch[at][2][0]
        starts, lines = self._lines(index, stretch)
        end = stretch.text.find("\n", starts[at]) + 1 or len(stretch.text)
        made = read_plain(stretch.text[starts[at] : end], lines[at])[0]
        assert isinstance(made, Option)
        return made, stretch.file

    def joined(self, number: int) -> bool:
        """Return whether a line was joined from several."""
        index = bisect_right(self.firsts, number) - 1
        stretch = self.stretches[index]
        if isinstance(stretch, PlainRun):
            return False
        return len(stretch[number - self.firsts[index]][2]) > 1

    def position(self, number: int) -> Position:
        """Return where the value of a line stands."""
        option, file = self.option(number)
        return Position(file, option.line, option.value_column)

    def file_line(self, number: int) -> tuple[str, int]:
        """Return the file of a line, and its number there; of a joined one that of the first."""
        index = bisect_right(self.firsts, number) - 1
        stretch, at = self.stretches[index], number - self.firsts[index]
        if isinstance(stretch, PlainRun):
            return stretch.file, self._lines(index, stretch)[1][at]
        option, file = stretch[at][2][0]
        return file, option.line

    def _lines(self, index: int, run: PlainRun) -> tuple[array[int], array[int]]:
        if index not in self._found:
            starts, lines = array("I"), array("I")
            line, last = run.line, run.start
            for match in line_pattern().finditer(run.text, run.start):
                start = match.start()
                line += run.text.count("\n", last, start)
                starts.append(start)
                lines.append(line)
                last = start
            self._found[index] = starts, lines
        return self._found[index]


Origin = tuple[str, str, str | None, int]
"""Context, extension, caller-id condition and priority of a step."""


_PATH = re.compile(r"extensions\[(\d+)\](?:\.(hint|steps\[(\d+)\]))?")


def priorities(extension: DialplanExtension) -> list[int]:
    """Return the priorities of the lines of an extension, the hint's too, ascending."""
    found = [step.priority for step in extension.steps]
    if extension.hint is not None:
        found.insert(sum(priority < HINT for priority in found), HINT)
    return found


@attrs.define(eq=False)
class ContextPlaces(Mapping[str, Position]):
    """Where the parts of a context stand, by their path.

    The paths are `""` for the header, `includes[0]`, `ignorepats[0]`, `switches[0]`, `autohints`,
    `extensions[0]` for the first line of one, `extensions[0].steps[0]` and `extensions[0].hint`.
    """

    context: DialplanContext
    section: EffectiveSection
    """The first one of its name."""
    parts: dict[str, int]
    """The number of the line of each part that is no step."""
    first: int
    """Where its steps begin in `lines.steps`, extension after extension."""
    size: int
    lines: LineIndex
    _starts: list[int] | None = attrs.field(default=None, init=False)
    _known: dict[tuple[str, str | None], int] | None = attrs.field(default=None, init=False)

    def start(self, extension: int) -> int:
        """Return where the numbers of an extension begin, by its index."""
        if self._starts is None:
            sizes = (len(e.steps) + (e.hint is not None) for e in self.context.extensions)
            self._starts = list(accumulate(sizes, initial=self.first))
        return self._starts[extension]

    def index(self, name: str, condition: str | None) -> int:
        """Return the index of an extension.

        Raises:
            KeyError: there is none of that name and condition.
        """
        if self._known is None:
            extensions = enumerate(self.context.extensions)
            self._known = {(e.name, e.callerid_match): at for at, e in extensions}
        return self._known[name, condition]

    def place(self, extension: int, priority: int) -> Position:
        """Return where the step of a priority, or the hint, of an extension stands.

        Raises:
            KeyError: the extension has none.
        """
        return self.lines.position(self.number(extension, priority))

    def number(self, extension: int, priority: int) -> int:
        """Return the number of the line of a step or hint.

        Raises:
            KeyError: the extension has none of that priority.
        """
        known = priorities(self.context.extensions[extension])
        if priority not in known:
            raise KeyError(priority)
        return self.lines.steps[self.start(extension) + known.index(priority)]

    def _paths(self) -> Iterator[str]:
        for at, extension in enumerate(self.context.extensions):
            yield f"extensions[{at}]"
            if extension.hint is not None:
                yield f"extensions[{at}].hint"
            yield from (f"extensions[{at}].steps[{n}]" for n in range(len(extension.steps)))

    def __getitem__(self, path: str) -> Position:
        if path in self.parts:
            return self.lines.position(self.parts[path])
        if not path:
            return self.section.position
        found = _PATH.fullmatch(path)
        if found is None or int(found[1]) >= len(self.context.extensions):
            raise KeyError(path)
        at = int(found[1])
        extension = self.context.extensions[at]
        if found[2] == "hint":
            return self.place(at, HINT)
        if found[3] is None:
            return self.lines.position(min(self.lines.steps[self.start(at) : self.start(at + 1)]))
        if int(found[3]) >= len(extension.steps):
            raise KeyError(path)
        return self.place(at, extension.steps[int(found[3])].priority)

    def __iter__(self) -> Iterator[str]:
        yield ""
        yield from self.parts
        yield from self._paths()

    def __len__(self) -> int:
        return 1 + len(self.parts) + len(self.context.extensions) + self.size


@attrs.frozen(eq=False)
class Origins(Mapping[Origin, Position]):
    """Where every step and hint stands; a hint has the priority `HINT`."""

    _places: Mapping[str, ContextPlaces]

    def __getitem__(self, key: Origin) -> Position:
        context, name, condition, priority = key
        places = self._places[context]
        return places.place(places.index(name, condition), priority)

    def __iter__(self) -> Iterator[Origin]:
        for context, places in self._places.items():
            for extension in places.context.extensions:
                for priority in priorities(extension):
                    yield context, extension.name, extension.callerid_match, priority

    def __len__(self) -> int:
        return sum(places.size for places in self._places.values())


@attrs.frozen(eq=False)
class BoundContexts(Mapping[str, Bound[DialplanContext]]):
    """The contexts by name, each with the places of its parts."""

    _places: Mapping[str, ContextPlaces]

    def __getitem__(self, name: str) -> Bound[DialplanContext]:
        places = self._places[name]
        return Bound(places.context, places)

    def places(self, name: str) -> ContextPlaces | None:
        """Return where the parts of a context stand; None: there is no such context."""
        return self._places.get(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)
