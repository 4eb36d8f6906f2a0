"""manager.conf: who may use the manager interface."""

from __future__ import annotations

from typing import ClassVar

from attrs import field, frozen

from asterconf.model import checks as check
from asterconf.model.configobject import SchemaObject
from asterconf.model.values import Secret, Setting, settings

__all__ = ["ManagerUser"]


@frozen(repr=False)
class ManagerUser(SchemaObject):
    """A user of the manager interface: one section of manager.conf."""

    file: ClassVar[str] = "manager.conf"
    kind: ClassVar[str] = "user"
    open_fields: ClassVar[dict[str, str]] = {"eventfilters": "eventfilter"}

    name: str = field(validator=check.one_word)
    """Name of the section; not empty."""
    secret: Secret | None = field(default=None, kw_only=True)
    rules: tuple[Setting, ...] | None = field(default=None, kw_only=True)
    acl: tuple[str, ...] | None = field(default=None, kw_only=True)
    read: tuple[str, ...] = field(default=("none",), kw_only=True)
    write: tuple[str, ...] = field(default=("none",), kw_only=True)
    allowmultiplelogin: bool | None = field(default=None, kw_only=True)
    displayconnects: bool | None = field(default=None, kw_only=True)
    setvar: tuple[str, ...] | None = field(default=None, kw_only=True)
    writetimeout: int = field(default=100, kw_only=True)
    eventfilters: tuple[Setting, ...] | None = field(default=None, kw_only=True)
    """Which events are sent, each such as `eventfilter=!Event: Newexten`."""
    unknown: tuple[Setting, ...] = field(default=(), converter=settings, kw_only=True)
