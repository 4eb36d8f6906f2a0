"""manager.conf: who may use the manager interface."""

from __future__ import annotations

from typing import ClassVar

from attrs import field, frozen

from asterconf.model.configobject import NamedSection
from asterconf.model.values import Secret, Setting, settings

__all__ = ["ManagerUser"]


@frozen(repr=False)
class ManagerUser(NamedSection, file="manager.conf", kind="user"):
    """A user of the manager interface: one section of manager.conf."""

    open_fields: ClassVar[dict[str, str]] = {"eventfilters": "eventfilter"}

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
