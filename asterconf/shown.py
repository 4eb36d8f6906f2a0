"""The base of every object with a view of its own, and the one slot for who makes the views.

Views are made by `asterconf.display`, which stands above everything, so nothing below imports it:
the package root fills the slot. This module imports nothing, because the root imports it.
"""

from __future__ import annotations

TYPE_CHECKING = False  # type checkers take it for true; importing it from `typing` costs more
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

display: Callable[[], ModuleType]
"""Imports and returns `asterconf.display`; set by the package root."""


class Shown:
    """An object with a view of its own in a notebook."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return str(display().html(self))  # noqa: F821 - the package root sets it
