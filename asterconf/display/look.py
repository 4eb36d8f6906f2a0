"""How values are shown: in few words, and secrets only to those who asked for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from asterconf.display.blocks import Inline, join, masked
from asterconf.model.values import Secret, Setting
from asterconf.schema.secrets import MASK, shown_text, shown_value
from asterconf.source import Position

__all__ = ["Look", "short"]

_NAMES = ("interface", "address", "name", "number", "app")
"""What stands for an object in a list of its like: the first of these that it has."""


@attrs.frozen
class Look:
    """What the reader of a view may see.

    Attributes:
        reveal: whether that is secrets, too.
    """

    reveal: bool = False

    def text(self, value: str) -> Inline:
        """Return free text, what has the shape of a secret masked."""
        return value if self.reveal else masked(shown_text(value))

    def option(self, file: str, section: str, name: str, value: str) -> Inline:
        """Return the value of an option, a secret masked."""
        return value if self.reveal else masked(shown_value(file, section, name, value))

    def cell(self, value: Any) -> Inline:  # noqa: ANN401 - any value of a field
        """Return the value of a field; nothing for what is not said."""
        match value:
            case None:
                return ""
            case bool():
                return "yes" if value else "no"
            case Position():
                return value
            case Secret():
                return value.reveal() if self.reveal else masked(MASK) if value else ""
            case Setting():
                return (f"{value.name}=", self.option("", "", value.name, value.value))
            case Mapping():
                return join(
                    (f"{key}=", self.option("", "", str(key), str(one)))
                    for key, one in value.items()
                )
            case tuple() | list() | frozenset():
                return join(self.cell(short(one)) for one in value)
            case _:
                return self.text(str(value))


def short(value: object) -> object:
    """Return what stands for an object in a list of its like; any other value as it is."""
    if isinstance(value, Secret | Setting | Position) or not attrs.has(type(value)):
        return value
    if type(value).__str__ is not object.__str__:
        return str(value)
    return next((getattr(value, name) for name in _NAMES if hasattr(value, name)), value)
