"""acl.conf: named lists of addresses that other files refer to."""

from __future__ import annotations

from attrs import field, frozen

from asterconf.model.configobject import NamedSection
from asterconf.model.values import Setting, settings

__all__ = ["NamedAcl"]


@frozen(repr=False)
class NamedAcl(NamedSection, file="acl.conf", kind="named_acl"):
    """A named list of rules; of those that match an address, the last one decides."""

    rules: tuple[Setting, ...] | None = field(default=None, kw_only=True)
    unknown: tuple[Setting, ...] = field(default=(), converter=settings, kw_only=True)
