"""What a notebook asks of an object; the answers come from `display`, imported only then."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asterconf.display import Graph
    from asterconf.source import Position

__all__ = ["Drawn", "Placed", "Shown", "place", "places"]


class Shown:
    """An object with a view of its own in a notebook."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        from asterconf.display import html

        return html(self)


class Placed(Shown):
    """A value that remembers where it was read, for its view only.

    The places are no part of the value: equality, hash, pickle and `attrs.evolve` know nothing of
    them. `Config.where` is the way to ask.
    """

    __slots__ = ("_places",)


class Drawn(Placed):
    """A part of a dialplan, which has a picture."""

    __slots__ = ()

    def graph(self, *, limit: int | None = 100) -> Graph:
        """Return the picture of contexts, and of what their extensions lead to.

        Args:
            limit: how many boxes it may have; what is more is drawn together, with counts.
                `None`: everything is drawn.
        """
        from asterconf.display import draw

        return draw(self, limit=limit)


def place(obj: object, places: Mapping[str, Position]) -> None:
    """Let a value remember where it was read; one that cannot is left alone."""
    if isinstance(obj, Placed):
        object.__setattr__(obj, "_places", places)


def places(obj: object) -> Mapping[str, Position]:
    """Return where a value was read, by the paths of its fields; empty: that is not known."""
    found: Mapping[str, Position] | None = getattr(obj, "_places", None)
    return {} if found is None else found
