"""acl.conf: named lists of addresses that other files refer to."""

from __future__ import annotations

from typing import ClassVar

from attrs import field, frozen

from asterconf.model import checks as check
from asterconf.model.configobject import SchemaObject
from asterconf.model.values import Setting, settings

__all__ = ["NamedAcl"]


@frozen(repr=False)
class NamedAcl(SchemaObject):
    """A named list of rules; of those that match an address, the last one decides."""

    file: ClassVar[str] = "acl.conf"
    kind: ClassVar[str] = "named_acl"

    name: str = field(validator=check.one_word)
    """Name of the section; not empty."""
    rules: tuple[Setting, ...] | None = field(default=None, kw_only=True)
    unknown: tuple[Setting, ...] = field(default=(), converter=settings, kw_only=True)
