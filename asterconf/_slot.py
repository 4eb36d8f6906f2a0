"""The one way up the table of rooms: who makes views and pictures.

`asterconf.display` stands above everything, so the rooms below may not import it. The package root
puts a function here that does, and `asterconf.shown` calls it when somebody looks.
"""

from __future__ import annotations

TYPE_CHECKING = False  # type checkers take it for true; importing it from `typing` costs more
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

__all__ = ["display"]

display: Callable[[], ModuleType]
"""Imports and returns `asterconf.display`; set by the package root."""
