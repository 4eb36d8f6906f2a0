"""What a notebook asks of an object, and where an object was read.

Views are made by `asterconf.display`, which stands above everything. The package root fills
the slot `asterconf._slot.display`, so no room below has to import it.
"""

from __future__ import annotations

from collections.abc import Mapping

from asterconf import _slot
from asterconf.source import Position

__all__ = ["Placed", "Shown", "place", "places"]


class Shown:
    """An object with a view of its own in a notebook."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return str(_slot.display().html(self))


class Placed(Shown):
    """A value that remembers where it was read, for its view only.

    The places are no part of the value: equality, hash, pickle and `attrs.evolve` know nothing of
    them. `Config.where` is the way to ask.
    """

    __slots__ = ("_places",)


def place(obj: object, places: Mapping[str, Position]) -> None:
    """Let a value remember where it was read; one that cannot is left alone."""
    if isinstance(obj, Placed):
        object.__setattr__(obj, "_places", places)


def places(obj: object) -> Mapping[str, Position]:
    """Return where a value was read, by the paths of its fields; empty: that is not known."""
    found: Mapping[str, Position] | None = getattr(obj, "_places", None)
    return {} if found is None else found
