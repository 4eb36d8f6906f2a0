"""Objects beside the places in the files where their fields were read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Generic, TypeVar

import attrs

from asterconf.codes import OBJECTS
from asterconf.diagnostic import Diagnostic, place
from asterconf.errors import FieldError, ModelError
from asterconf.resolve.effective import EffectiveSection
from asterconf.source import Position

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@attrs.frozen
class ItemPlace:
    """An item of a section, or its header, whose place is worked out when it is asked for."""

    section: EffectiveSection
    index: int | None = None
    """The index of the item; `None`: it is the header."""

    @property
    def position(self) -> Position:
        """The position of the value, or of the header."""
        if self.index is None:
            return self.section.position
        return self.section.item(self.index).origin


Place = Position | ItemPlace


def position_of(place: Place) -> Position:
    """Return the place itself."""
    return place if isinstance(place, Position) else place.position


class FieldPlaces(Mapping[str, Position]):
    """Places by the path of a field, each worked out when it is asked for."""

    __slots__ = ("_places",)

    def __init__(self, places: Mapping[str, Place]) -> None:
        self._places = places

    def moved(self, item: ItemPlace) -> FieldPlaces:
        """Return the places of fields that are all on one line, for the line where they are now."""
        if self._places.get("") == item:
            return self
        return FieldPlaces(dict.fromkeys(self._places, item))

    @property
    def section(self) -> EffectiveSection | None:
        """The section that holds the header or the line in which the object begins, if any."""
        place = self._places.get("")
        return place.section if isinstance(place, ItemPlace) else None

    def __getitem__(self, path: str) -> Position:
        return position_of(self._places[path])

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


@attrs.frozen
class Bound(Generic[T_co]):
    """A value and the places of its fields.

    `places` maps the path of a field to a position: `"callerid"`, `"members[0]"`,
    `"extra.endpoint/foo"`; the empty path is the object itself, its section header. A field
    that no line sets, because it has its default, has no place.
    """

    obj: T_co
    places: Mapping[str, Position] = attrs.field(factory=dict, hash=False)

    def __attrs_post_init__(self) -> None:
        place(self.obj, self.places)

    def where(self, path: str = "") -> Position | None:
        """Return the place of one field, or None if no line of a file sets it."""
        return self.places.get(path)


@attrs.frozen
class BoundObjects(Generic[T_co]):
    """The objects of one file by name, each beside its places, and the findings about them."""

    objects: Mapping[str, Bound[T_co]] = attrs.field(factory=dict, hash=False)
    diagnostics: tuple[Diagnostic, ...] = ()

    def values(self) -> dict[str, T_co]:
        """Return the objects alone."""
        return {name: bound.obj for name, bound in self.objects.items()}


@attrs.define
class ObjectDraft:
    """The fields of an object that is being read, and their places."""

    name: str
    place: Place
    fields: dict[str, Any] = attrs.field(factory=dict)
    places: dict[str, Place] = attrs.field(factory=dict)

    def put(self, field: str, value: object, place: Place | None = None) -> None:
        """Set a field; without a place it counts as a default."""
        self.fields[field] = value
        if place is not None:
            self.places[field] = place

    def build(
        self, kind: Callable[..., T], word: str, diagnostics: list[Diagnostic]
    ) -> Bound[T] | None:
        """Return the object; a value that it cannot have is left out and reported.

        None: the object cannot even have its name, or a value that is part of it. `word` says what
        it is: the findings are `WORD-value`, where values can be left out, and `WORD-name`.
        """
        places: dict[str, Place] = {"": self.place, **self.places}
        while True:
            try:
                return Bound(kind(self.name, **self.fields), FieldPlaces(places))
            except ModelError as error:
                field = error.field if isinstance(error, FieldError) else ""
                problem = (
                    f"{field} {error.problem}" if isinstance(error, FieldError) else str(error)
                )
                spared = field in self.fields and f"{word}-value" in OBJECTS
                rule = OBJECTS[f"{word}-value" if spared else f"{word}-name"]
                place = position_of(places.pop(field, self.place))
                diagnostics.append(rule.at(place, name=self.name, problem=problem))
                if not spared:
                    return None
                del self.fields[field]
