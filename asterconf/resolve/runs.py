"""The items of a section as runs: which lines came from which file, by way of which templates."""

from __future__ import annotations

import attrs

from asterconf.syntax.lines import read_plain
from asterconf.syntax.nodes import Option

__all__ = ["Item", "Joined", "Run", "Stretch"]


@attrs.frozen
class Joined:
    """What `+=` made: a name and value joined from several lines, the last one last."""

    name: str
    value: str
    parts: tuple[tuple[Option, str], ...]
    """Each line that took part, with the name of its file."""


Item = Option | Joined


@attrs.define(eq=False)
class Stretch:
    """Plain lines that all are options, blank or comment, kept as text until they are asked for.

    `text` from `start` on; its first line has the number `line`.
    """

    text: str
    start: int
    line: int
    _options: list[Option] | None = attrs.field(default=None, init=False, repr=False)

    @property
    def options(self) -> list[Option]:
        """The options; made once, and shared by every section that has the stretch."""
        if self._options is None:
            nodes = read_plain(self.text[self.start :], self.line)
            self._options = [node for node in nodes if type(node) is Option]
        return self._options


@attrs.define(eq=False)
class Run:
    """Items of a section that came from one file, by the same way.

    They are still in `stretch`, or else in `own`. `way` are the templates, the one that the
    lines are written in first.
    """

    file: str
    way: tuple[str, ...] = ()
    stretch: Stretch | None = None
    own: list[Item] = attrs.field(factory=list)

    @property
    def items(self) -> list[Item]:
        """The items in order; not to be changed."""
        return self.own if self.stretch is None else self.stretch.options  # type: ignore[return-value]

    def takes(self, file: str) -> bool:
        """Tell whether an own line of that file can be added here."""
        return self.stretch is None and not self.way and self.file == file

    def through(self, template: str) -> Run:
        """Return the run as a section has it that inherits this one; no template: the same way."""
        way = (*self.way, template) if template else self.way
        return Run(self.file, way, self.stretch, list(self.own))

    def put(self, index: int, item: Item) -> None:
        """Replace one item."""
        self.own, self.stretch = list(self.items), None
        self.own[index] = item
