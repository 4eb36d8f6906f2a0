"""Where the items of an effective section come from: its own lines, and sections copied into it.

There may be a hundred thousand items, and Python's garbage collector looks at every container
again and again. So own lines are a flat tuple of strings, which it looks at once, and what the
sections with one list of templates inherit is there once for all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import attrs

from asterconf.syntax.lines import Option, read_fields, read_plain

if TYPE_CHECKING:
    from asterconf.resolve.effective import EffectiveSection

__all__ = ["Copied", "Inherited", "Pair", "Parts", "Row", "Slab"]


Parts = tuple[tuple[Option, str], ...]
"""The lines that a value was written in, each with the name of its file."""


Pair = tuple[str, str]
"""Name and value of an item."""

Row = tuple[str, str, Parts]
"""Name, value and lines of an item."""


@attrs.define(eq=False, repr=False)
class Slab:
    """Option lines of one file that stand together in a section.

    They are what `text` says from `start` on, a stretch of simple lines (see
    `syntax.read_simple`) of which the first has the number `line`; or else lines that were added
    one by one.
    """

    file: str
    text: str = ""
    start: int = 0
    line: int = 0
    _fields: Sequence[str] | None = None
    """`None`: the text was not read yet."""
    _options: list[Option] | None = None

    @classmethod
    def of_lines(cls, file: str) -> Slab:
        """Make a slab to which lines are added one by one."""
        return cls(file, fields=[], options=[])

    @property
    def fields(self) -> Sequence[str]:
        """Name and value of each line, one behind the other; read now at the latest."""
        if self._fields is None:
            self._fields = read_fields(self.text, self.start) or ()
        return self._fields

    @property
    def pairs(self) -> Iterable[Pair]:
        """Name and value of each line."""
        fields = iter(self.fields if self._fields is None else self._fields)
        return zip(fields, fields)  # noqa: B905 - `strict` costs time

    def __len__(self) -> int:
        return len(self.fields) // 2

    @property
    def grows(self) -> bool:
        """Whether lines can be added to it."""
        return isinstance(self._fields, list)

    def add(self, option: Option) -> None:
        """Add a line to an open slab."""
        assert isinstance(self._fields, list)
        self._fields += (option.name, option.value)
        self.options.append(option)

    @property
    def options(self) -> list[Option]:
        """The lines as nodes."""
        if self._options is None:
            nodes = read_plain(self.text[self.start :], self.line)
            self._options = [node for node in nodes if isinstance(node, Option)]
        return self._options

    def move(self, line: int) -> None:
        """Say on which line the text begins now."""
        self.line = line
        self._options = None

    def holds(self, file: str, line: int, size: int) -> bool:
        """Tell whether one of the first `size` options stands on that line of that file."""
        last = self.line + self.text.count("\n", self.start)
        if file != self.file or (self.text and not self.line <= line <= last):
            return False
        return any(option.line == line for option in self.options[:size])


@attrs.define(eq=False, repr=False)
class Copied:
    """The items of another section, as they were when they were copied."""

    source: EffectiveSection
    pairs: list[Pair]
    through: str
    """The template by which they came; empty if it was none."""

    def __len__(self) -> int:
        return len(self.pairs)

    def holds(self, file: str, line: int, size: int) -> bool:
        """Tell whether one of the first `size` items was written on that line of that file."""
        return self.source.holds(file, line, size)


@attrs.define(eq=False, repr=False)
class Inherited:
    """What all sections begin with whose headers have one list of templates."""

    names: tuple[str, ...]
    runs: tuple[Copied, ...]
    size: int

    @property
    def current(self) -> bool:
        """Whether each template still has the items that were copied and no others."""
        return all([run.source._snapshot is run.pairs for run in self.runs])  # noqa: C419 - faster
