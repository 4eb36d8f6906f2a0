"""What loading a dialplan gives, with the places of all parts, which are found on demand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import accumulate
from typing import TYPE_CHECKING

import attrs

from asterconf.diagnostic import Diagnostic, place
from asterconf.dialplan.drafts import HINT
from asterconf.dialplan.lookup import Match
from asterconf.dialplan.rows import Rows
from asterconf.dialplan.values import Dialplan, DialplanContext, DialplanExtension
from asterconf.resolve.bound import Bound
from asterconf.source import Position

if TYPE_CHECKING:
    from asterconf.resolve import EffectiveSection

__all__ = ["ContextPlaces", "Contexts", "LoadedDialplan", "Origin", "Origins"]

Origin = tuple[str, str, str | None, int]
"""Context, extension, caller-id condition and priority of a step."""


_PATH = re.compile(r"extensions\[(\d+)\](?:\.(hint|steps\[(\d+)\]))?")


def _priorities(extension: DialplanExtension) -> list[int]:
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
    """Where its steps begin in `rows.kept`, extension after extension."""
    size: int
    rows: Rows
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
        return self.rows.position(self.number(extension, priority))

    def number(self, extension: int, priority: int) -> int:
        """Return the number of the line of a step or hint.

        Raises:
            KeyError: the extension has none of that priority.
        """
        priorities = _priorities(self.context.extensions[extension])
        if priority not in priorities:
            raise KeyError(priority)
        return self.rows.kept[self.start(extension) + priorities.index(priority)]

    def _paths(self) -> Iterator[str]:
        for at, extension in enumerate(self.context.extensions):
            yield f"extensions[{at}]"
            if extension.hint is not None:
                yield f"extensions[{at}].hint"
            yield from (f"extensions[{at}].steps[{n}]" for n in range(len(extension.steps)))

    def __getitem__(self, path: str) -> Position:
        if path in self.parts:
            return self.rows.position(self.parts[path])
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
            return self.rows.position(min(self.rows.kept[self.start(at) : self.start(at + 1)]))
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
                for priority in _priorities(extension):
                    yield context, extension.name, extension.callerid_match, priority

    def __len__(self) -> int:
        return sum(places.size for places in self._places.values())


@attrs.frozen(eq=False)
class Contexts(Mapping[str, Bound[DialplanContext]]):
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


@attrs.frozen
class LoadedDialplan:
    """A dialplan, the places of its parts, and what was odd about it.

    `places` has `globals.NAME` and `general.NAME`. `loaded` is False where Asterisk would not
    load the file.
    """

    dialplan: Dialplan
    loaded: bool = True
    places: Mapping[str, Position] = attrs.field(factory=dict, hash=False)
    diagnostics: tuple[Diagnostic, ...] = ()
    _contexts: Mapping[str, ContextPlaces] = attrs.field(factory=dict, hash=False, repr=False)

    def __attrs_post_init__(self) -> None:
        for places in self._contexts.values():
            place(places.context, places)

    @property
    def contexts(self) -> Contexts:
        """Each context with the places of its parts: see `ContextPlaces`."""
        return Contexts(self._contexts)

    @property
    def origins(self) -> Origins:
        """The place of every step by context, extension, caller-id condition and priority."""
        return Origins(self._contexts)

    def lines(self, context: str) -> Iterator[tuple[Origin, tuple[str, int]]]:
        """Yield each step and hint of a context with the file and the number of its line."""
        places = self._contexts.get(context)
        if places is None:
            return
        for at, one in enumerate(places.context.extensions):
            for priority in _priorities(one):
                origin = context, one.name, one.callerid_match, priority
                yield origin, places.rows.spot(places.number(at, priority))

    def where(self, obj: object, field: str = "") -> Position | None:
        """Return where a context, an extension of one, or the step of a match is written.

        `field` is a path below the object, as in `ContextPlaces`. `None`: no line is there.

        Raises:
            KeyError: the object is none of this dialplan.
        """
        places, path = self._find(obj)
        dot = "." if path and field else ""
        return places.get(f"{path}{dot}{field}")

    def _find(self, obj: object) -> tuple[ContextPlaces, str]:
        if isinstance(obj, Match) and obj.extension and obj.step and obj.context:
            places = self._contexts[obj.context]
            at = places.index(obj.extension.name, obj.extension.callerid_match)
            steps = places.context.extensions[at].steps
            return places, f"extensions[{at}].steps[{steps.index(obj.step)}]"
        for places in self._contexts.values() if isinstance(obj, DialplanContext) else ():
            if places.context == obj:
                return places, ""
        if isinstance(obj, DialplanExtension):
            for places in self._contexts.values():
                for at, extension in enumerate(places.context.extensions):
                    if extension is obj:
                        return places, f"extensions[{at}]"
        raise KeyError(obj)
