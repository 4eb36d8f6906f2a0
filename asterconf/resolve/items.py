"""The items of effective sections: names and values, each with the lines it was written in.

There may be a hundred thousand items, and Python's garbage collector looks at every container
again and again. So the own lines of a section are a flat tuple of strings, which it looks at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import attrs

from asterconf.errors import AmbiguousKeyError
from asterconf.schema import Repeat
from asterconf.secrets import shown_value
from asterconf.shown import Shown
from asterconf.source import Position, printable
from asterconf.syntax.lines import Option, read_fields, read_plain

Parts = tuple[tuple[Option, str], ...]
"""The lines that a value was written in, each with the name of its file."""

Pair = tuple[str, str]
"""Name and value of an item."""

ItemRow = tuple[str, str, Parts]
"""Name, value and lines of an item."""


@attrs.frozen
class EffectiveItem(Shown):
    """One name and value of a section, as Asterisk holds it.

    `parts` are the lines it was written in, each with the name of its file: one, or for a value
    that `+=` joined the first and each addition. `way` are the templates it came through, the
    one it was written in first; none for an own line.
    """

    name: str
    value: str
    parts: Parts = attrs.field(repr=False)
    way: tuple[str, ...] = ()

    @property
    def origin(self) -> Position:
        """Where the value was written: of a joined one its first line, as Asterisk counts it."""
        option, file = self.parts[0]
        return Position(file, option.line, option.fields.value[0] + 1)

    @property
    def template(self) -> str:
        """The template in which it was written; empty for an own line."""
        return self.way[0] if self.way else ""

    @property
    def shown(self) -> str:
        """The value as a person may see it: a secret masked by its name or its shape."""
        return shown_value("", "", self.name, self.value)

    def __repr__(self) -> str:
        way = f" through {printable(', '.join(self.way))}" if self.way else ""
        return (
            f"<EffectiveItem {printable(self.name)} = {printable(self.shown)!r} "
            f"from {self.origin}{way}>"
        )

    @property
    def chain(self) -> tuple[str, ...]:
        """How the value got here, oldest first."""
        first, *more = (Position(file, option.line, option.column) for option, file in self.parts)
        via = (f"{'through' if n else 'inherited from'} [{t}]" for n, t in enumerate(self.way))
        return (f"written at {first}", *(f"appended to at {at}" for at in more), *via)


@attrs.frozen
class EffectiveOption(Shown):
    """All items of one name in a section, and which of them its reader uses.

    Attributes:
        name: as the line that counts writes it.
        items: every item of that name, in Asterisk's order.
        repeat: what the reader does with several: it uses the first, the last, or each of them.
    """

    name: str
    items: tuple[EffectiveItem, ...]
    repeat: Repeat = "last"

    @property
    def chosen(self) -> EffectiveItem:
        """The one item that the reader of this file uses.

        Raises:
            AmbiguousKeyError: it uses several.
        """
        if self.repeat == "accumulate" and len(self.items) > 1:
            name = printable(self.name)
            raise AmbiguousKeyError(
                f"{name!r} stands {len(self.items)} times and every line adds: "
                f"use .option({name!r}).values"
            )
        return self.items[0 if self.repeat == "first" else -1]

    @property
    def value(self) -> str:
        """The value that the reader of this file uses.

        Raises:
            AmbiguousKeyError: it uses several.
        """
        return self.chosen.value

    @property
    def values(self) -> tuple[str, ...]:
        """Every value, in Asterisk's order."""
        return tuple(i.value for i in self.items)

    @property
    def origin(self) -> Position:
        """Where the value that counts was written; of several the last."""
        return self._shown.origin

    @property
    def chain(self) -> tuple[str, ...]:
        """How that value got here, oldest first."""
        return self._shown.chain

    @property
    def overrides(self) -> tuple[EffectiveItem, ...]:
        """The other items of the name, which that value hides; none where every line adds."""
        if self.repeat == "accumulate":
            return ()
        return tuple(i for i in self.items if i is not self.chosen)

    @property
    def _shown(self) -> EffectiveItem:
        return self.items[-1] if self.repeat == "accumulate" else self.chosen

    def __repr__(self) -> str:
        shown = self.items if self.repeat == "accumulate" else (self.chosen,)
        parts = (
            f"{printable(i.shown)!r} from {i.origin}"
            + (f", template {printable(i.template)}" if i.template else "")
            for i in shown
        )
        return f"<EffectiveOption {printable(self.name)} = {' + '.join(parts)}>"


def used(option: EffectiveOption) -> tuple[EffectiveItem, ...]:
    """Return the items that the reader of a file uses: one, or where every line adds all."""
    return option.items if option.repeat == "accumulate" else (option.chosen,)


@attrs.define(eq=False, repr=False)
class PlainRun:
    """Consecutive option lines of one file in a section.

    Either the simple lines of `text` from offset `start` on (see `syntax.lines.read_simple`), the
    first of which has the number `line`; or lines that were added one by one.
    """

    file: str
    text: str = ""
    start: int = 0
    line: int = 0
    _fields: Sequence[str] | None = None
    """`None`: the text is not parsed yet."""
    _options: list[Option] | None = None

    @classmethod
    def of_lines(cls, file: str) -> PlainRun:
        """Make a run to which lines are added one by one."""
        return cls(file, fields=[], options=[])

    @property
    def fields(self) -> Sequence[str]:
        """Names and values, flattened (name, value, name, value, ...). Parsed on first access."""
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
        """Add a line to a run that grows."""
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
        """Update the number of the first line."""
        self.line = line
        self._options = None

    def holds(self, file: str, line: int, size: int) -> bool:
        """Tell whether one of the first `size` options stands on that line of that file."""
        last = self.line + self.text.count("\n", self.start)
        if file != self.file or (self.text and not self.line <= line <= last):
            return False
        return any(option.line == line for option in self.options[:size])
