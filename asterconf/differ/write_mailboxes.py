"""Makes the boxes of voicemail.conf say what those of another configuration say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import attrs

from asterconf.differ.units import Unit
from asterconf.errors import EditError
from asterconf.model import Mailbox
from asterconf.source import fold

if TYPE_CHECKING:
    from asterconf.config import Config

__all__ = ["Boxes"]

_FIELDS = ("initial_pin", "name", "email", "pager")


@attrs.define(eq=False)
class Boxes:
    """The boxes of a configuration that is edited."""

    conf: Config

    def add(self, unit: Unit) -> None:
        """Add a box."""
        self.conf.add(unit.make())

    def remove(self, unit: Unit) -> None:
        """Remove a box."""
        self.conf.remove(self._box(unit))

    def change(self, new: Unit, options: Iterable[str]) -> None:
        """Make some fields and settings of a box what they are in `new`."""
        box, wanted = self._box(new), new.make()
        assert isinstance(wanted, Mailbox)
        fields: dict[str, Any] = {}
        settings = list(box.options)
        theirs = {fold(one.partition("=")[0]): one for one in wanted.options}
        for name in options:
            if name in _FIELDS:
                fields[name] = getattr(wanted, name)
                continue
            at = [i for i, one in enumerate(settings) if fold(one.partition("=")[0]) == fold(name)]
            for index in reversed(at):
                del settings[index]
            if fold(name) in theirs:
                settings.insert(at[0] if at else len(settings), theirs[fold(name)])
        if tuple(settings) != box.options:
            fields["options"] = tuple(settings)
        self.conf.update(box, **fields)

    def _box(self, unit: Unit) -> Mailbox:
        if unit.name not in self.conf.mailboxes:
            raise EditError(f"mailbox {unit.name} is not there")
        return self.conf.mailboxes[unit.name]
