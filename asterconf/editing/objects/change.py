"""What an edit did."""

from __future__ import annotations

from typing import Any, Literal

import attrs

from asterconf.editing.objects.standing import called
from asterconf.shown import Shown
from asterconf.source import printable

__all__ = ["Change"]

Action = Literal["added", "updated", "replaced", "removed", "renamed", "unchanged"]


@attrs.frozen(repr=False)
class Change(Shown):
    """What an edit did to a configuration, in memory: `Config.save` writes it.

    Attributes:
        action: what happened to the object.
        obj: the object as it stands now; of one that was removed, as it stood before.
        files: the files whose text changed.
        notes: what a person should know: a value taken from siblings, a place that the object
            still needs.
    """

    action: Action
    obj: Any
    files: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        where = f" in {', '.join(map(printable, self.files))}" if self.files else ""
        return f"<{self.action} {called(self.obj)}{where}>"

    def __str__(self) -> str:
        return "\n".join((repr(self)[1:-1], *(f"  {printable(note)}" for note in self.notes)))
