"""modules.conf: what Asterisk loads."""

from __future__ import annotations

from attrs import field, frozen

from asterconf.model.configobject import SchemaObject
from asterconf.model.values import Setting, settings

__all__ = ["Modules"]


@frozen(repr=False)
class Modules(SchemaObject, file="modules.conf", kind="modules"):
    """Which modules are loaded: the section `[modules]` of modules.conf."""

    autoload: bool = field(default=False, kw_only=True)
    preload: tuple[str, ...] | None = field(default=None, kw_only=True)
    preload_require: tuple[str, ...] | None = field(default=None, kw_only=True)
    load: tuple[str, ...] | None = field(default=None, kw_only=True)
    require: tuple[str, ...] | None = field(default=None, kw_only=True)
    noload: tuple[str, ...] | None = field(default=None, kw_only=True)
    unknown: tuple[Setting, ...] = field(default=(), converter=settings, kw_only=True)
