"""Modules that are imported when they are first used, so that a start costs only what it needs.

The names of such a module stand behind a dot in annotations too (`verbs.EditResult`), so that
`typing.get_type_hints` can evaluate them. A type checker sees a plain import:

    if TYPE_CHECKING:
        from asterconf.editing import verbs
    else:
        verbs = LazyModule("asterconf.editing.verbs")
"""

from __future__ import annotations

from importlib import import_module


class LazyModule:
    """Stands for a module, and imports it when one of its names is asked for."""

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return f"<LazyModule {self._name}>"

    def __getattr__(self, attribute: str) -> object:
        return getattr(import_module(self._name), attribute)
