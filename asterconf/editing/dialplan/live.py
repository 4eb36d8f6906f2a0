"""The dialplan of a configuration: a value to look at, and a way to its files."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from asterconf.dialplan.values import Dialplan

if TYPE_CHECKING:
    from asterconf.dialplan import LoadedDialplan
    from asterconf.dialplan.values import DialplanContext
    from asterconf.editing import ContextEdit
    from asterconf.resolve import Effective, Files

Reread: TypeAlias = "Callable[[], tuple[Effective | None, LoadedDialplan]]"

__all__ = ["LiveDialplan"]


class LiveDialplan(Dialplan):
    """A dialplan as its files say it now, which can be edited in them.

    It equals the plain value. After an edit, ask the configuration again.
    """

    __slots__ = ("_file", "_files", "_reread")

    _files: Files
    _file: str
    _reread: Reread

    @classmethod
    def of(cls, value: Dialplan, files: Files, file: str, reread: Reread) -> LiveDialplan:
        """Make a live dialplan of what a file was loaded into.

        Args:
            value: the dialplan.
            files: the documents.
            file: the name of extensions.conf among them.
            reread: returns what the file means now, and what that was loaded into.
        """
        made = cls(value.contexts, value.globals, value.general)
        for name, part in (("_files", files), ("_file", file), ("_reread", reread)):
            object.__setattr__(made, name, part)
        return made

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Dialplan) and (
            (self.contexts, self.globals, self.general)
            == (other.contexts, other.globals, other.general)
        )

    __hash__ = Dialplan.__hash__

    def edit(self, context: str) -> ContextEdit:
        """Begin an edit of a context, for a `with` at whose end its lines change.

        Raises:
            NotFoundError: there is no such context.
        """
        from asterconf.editing import ContextEdit

        return ContextEdit(self._files, *self._reread(), context)

    def add(self, context: DialplanContext) -> None:
        """Add a context as a new section at the end of the file.

        Raises:
            NotFoundError: there is no such file.
            EditError: the context is there already, or no text says it.
        """
        from asterconf.editing import add_context

        add_context(self._files, self._file, context)
