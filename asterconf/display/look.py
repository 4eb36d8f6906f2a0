"""How values are shown: in few words, and secrets only to those who asked for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from asterconf.display.blocks import Inline, join, masked
from asterconf.model.values import Secret, Setting
from asterconf.schema.secrets import MASK, shown_text, shown_value
from asterconf.source import Position

__all__ = ["Look", "is_record", "short"]

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
            case Mapping() if value and all(attrs.has(type(one)) for one in value.values()):
                return self.text(", ".join(map(str, value)))
            case Mapping():
                return join(
                    (f"{key}=", self.option("", "", str(key), str(one)))
                    for key, one in value.items()
                )
            case tuple() | list() | frozenset():
                mixed = len({type(one) for one in value if is_record(one)}) > 1
                return join(self.cell(_named(one) if mixed else short(one)) for one in value)
            case _ if is_record(value):
                brief = short(value)
                return self.text(type(value).__name__ if brief is value else str(brief))
            case _:
                return self.text(str(value))


def is_record(value: object) -> bool:
    """Tell whether a value is an object whose fields say what it is, and no words of its own."""
    return attrs.has(type(value)) and type(value).__str__ is object.__str__


def short(value: object) -> object:
    """Return what stands for an object in a list of its like; any other value as it is."""
    if isinstance(value, Secret | Setting | Position) or not attrs.has(type(value)):
        return value
    if type(value).__str__ is not object.__str__:
        return str(value)
    return next((getattr(value, name) for name in _NAMES if hasattr(value, name)), value)


def _named(value: object) -> object:
    """Return what stands for an object among others that are not its like."""
    brief = short(value)
    name = type(value).__name__
    return f"{name} {brief}" if is_record(value) and isinstance(brief, str) else brief
