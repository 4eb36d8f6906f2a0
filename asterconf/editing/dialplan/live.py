"""The dialplan of a configuration: a value to look at, and a way to its files."""

from __future__ import annotations

from asterconf.diagnostic import place
from asterconf.dialplan.values import Dialplan, DialplanContext
from asterconf.editing.dialplan.context import ContextEdit, add_context
from asterconf.workspace import Workspace

__all__ = ["LiveDialplan"]

FILE = "extensions.conf"


class LiveDialplan(Dialplan):
    """A dialplan as its files say it now, which can be edited in them.

    It equals the plain value. After an edit, ask the configuration again.
    """

    __slots__ = ("_workspace",)

    _workspace: Workspace

    @classmethod
    def of(cls, workspace: Workspace) -> LiveDialplan:
        """Make a live dialplan of what extensions.conf says now."""
        loaded = workspace.dialplan
        value = loaded.dialplan
        made = cls(value.contexts, value.globals, value.general)
        object.__setattr__(made, "_workspace", workspace)
        place(made, loaded.places)
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
        work = self._workspace
        return ContextEdit(work.files, work.resolve(FILE), work.dialplan, context)

    def add(self, context: DialplanContext) -> None:
        """Add a context as a new section at the end of the file.

        Raises:
            NotFoundError: there is no such file.
            EditError: the context is there already, or no text says it.
        """
        add_context(self._workspace.files, self._workspace.spelled(FILE), context)
