"""`Objects`: what a configuration holds, by name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import attrs

from asterconf._lazy import LazyModule
from asterconf.diagnostic import place_columns
from asterconf.diagnostic import places as places_of
from asterconf.errors import NotFoundError
from asterconf.frames import DataFrame, frame
from asterconf.model import ConfigObject
from asterconf.shown import Shown
from asterconf.source import printable

if TYPE_CHECKING:
    from asterconf import wire
else:
    wire = LazyModule("asterconf.wire")

T = TypeVar("T")


class Objects(Shown, Mapping[str, T], Generic[T]):
    """Typed objects by name, in file order: a plain mapping.

    Where several channel drivers have a name, it stands for the object that is in force; `all`
    gives every one of them.

    `caveat` is what has to be known first: that Asterisk refuses the file; empty: nothing.
    """

    def __init__(
        self,
        what: str,
        objects: Mapping[str, T],
        more: Mapping[str, T] = {},
        *,
        caveat: str = "",
    ) -> None:
        self.what = what
        self.caveat = caveat
        self._objects = {**objects, **{n: one for n, one in more.items() if n not in objects}}
        self._hidden = {name: one for name, one in more.items() if name in objects}

    def all(self, name: str) -> tuple[T, ...]:
        """Return every object of a name, the one in force first.

        Raises:
            NotFoundError: there is none.
        """
        first = self[name]
        return (first, self._hidden[name]) if name in self._hidden else (first,)

    def __getitem__(self, name: str) -> T:
        try:
            return self._objects[name]
        except KeyError:
            near = difflib.get_close_matches(str(name), self._objects, 3, 0.5)
            hint = f"; there is {', '.join(map(printable, near))}" if near else ""
            raise NotFoundError(
                f"{self._before}no {self.what} {printable(str(name))!r}{hint}"
            ) from None

    @property
    def _before(self) -> str:
        return f"{self.caveat}; " if self.caveat else ""

    def __iter__(self) -> Iterator[str]:
        return iter(self._objects)

    def __len__(self) -> int:
        return len(self._objects)

    def __repr__(self) -> str:
        ending = "" if len(self) == 1 else "es" if self.what.endswith("x") else "s"
        names = ""
        for name in map(printable, self._objects):
            if len(names) + len(name) > 70:
                names += ", …"
                break
            names += f", {name}" if names else f": {name}"
        return f"<{self._before}{len(self):,} {self.what}{ending}{names}>"

    def by_number(self, number: str) -> T:
        """Return the object whose dialled number that is.

        Raises:
            NotFoundError: there is none.
        """
        for one in self._objects.values():
            if getattr(one, "number", None) == number:
                return one
        raise NotFoundError(f"{self._before}no {self.what} with the number {number!r}")

    def to_records(self, *, places: bool = False, reveal: bool = False) -> list[dict[str, Any]]:
        """Return the objects as plain dicts, for a table; what has its default is left out.

        Args:
            places: add `at_file`, `at_line` and `at_column`; `None` where that is not known.
            reveal: show passwords, which are masked otherwise.
        """
        found = wire.records(self._objects.values(), reveal=reveal)
        if not places:
            return found
        every = zip(found, self._objects.values(), strict=True)
        return [row | place_columns(places_of(one).get("")) for row, one in every]

    def to_frame(self, each: str = "", *, places: bool = False, reveal: bool = False) -> DataFrame:
        """Return the objects as a pandas DataFrame, defaults filled in.

        Args:
            each: a field that holds objects of its own, such as `members` of queues: then there is
                a row for each of these, with a column that names the object it belongs to.
            places: add `at_file`, `at_line` and `at_column`; `None` where that is not known.
            reveal: show passwords, which are masked otherwise.

        Raises:
            MissingExtraError: pandas is not installed (extra `pandas`).
        """
        return frame(rows(self._objects.values(), each=each, places=places, reveal=reveal))

    def _ipython_key_completions_(self) -> list[str]:
        return list(self._objects)


def rows(
    objects: Iterable[object], *, each: str = "", places: bool = False, reveal: bool = False
) -> list[dict[str, Any]]:
    """Return objects as plain dicts with all their fields, also those that have their default.

    Args:
        objects: typed objects.
        each: a field that holds objects of its own, such as the members of a queue. Then there is
            a row for each of these, which begins with the name of the object it belongs to.
        places: add the columns `at_file`, `at_line` and `at_column`.
        reveal: show secrets, which are masked otherwise.
    """
    found: list[dict[str, Any]] = []
    for obj in objects:
        where = places_of(obj) if places else {}
        named, parts = {}, [("", obj)]
        if each:
            named = {type(obj).__name__.lower(): _name(obj)}
            parts = [(f"{each}[{n}]", one) for n, one in enumerate(getattr(obj, each))]
        for path, one in parts:
            row = named | _row(one, reveal=reveal)
            found.append(row | place_columns(where.get(path)) if places else row)
    return found


def _name(obj: Any) -> Any:  # noqa: ANN401 - the first field of any object
    return getattr(obj, attrs.fields(type(obj))[0].name)


def _fields(obj: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    if isinstance(obj, ConfigObject):
        yield "name", obj.name
        yield from obj.options
        return
    for field in attrs.fields(type(obj)):
        yield field.name, getattr(obj, field.name)


def _row(obj: object, *, reveal: bool) -> dict[str, Any]:
    names, values = zip(*_fields(obj), strict=True)
    return dict(zip(names, wire.records(values, reveal=reveal), strict=True))
