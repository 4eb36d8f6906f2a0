"""musiconhold.conf: music on hold."""

from __future__ import annotations

from typing import ClassVar

from attrs import field, frozen

from asterconf.model import checks as check
from asterconf.model.configobject import SchemaObject
from asterconf.model.values import Setting, settings

__all__ = ["MusicOnHoldClass"]


@frozen(repr=False)
class MusicOnHoldClass(SchemaObject):
    """A class of music on hold: one section of musiconhold.conf."""

    file: ClassVar[str] = "musiconhold.conf"
    kind: ClassVar[str] = "class"

    name: str = field(validator=check.one_word)
    """Name of the section; not empty."""
    mode: str | None = field(default=None, kw_only=True)
    directory: str | None = field(default=None, kw_only=True)
    sort: tuple[str, ...] = field(default="", kw_only=True)
    format_: str = field(default="slin", kw_only=True)
    application: str | None = field(default=None, kw_only=True)
    announcement: str = field(default="", kw_only=True)
    answeredonly: bool = field(default=False, kw_only=True)
    digit: str = field(default="", kw_only=True)
    entry: tuple[str, ...] | None = field(default=None, kw_only=True)
    kill_escalation_delay: int = field(default=100, kw_only=True)
    kill_method: str = field(default="process_group", kw_only=True)
    loop_last: bool = field(default=False, kw_only=True)
    random: bool = field(default=False, kw_only=True)
    unknown: tuple[Setting, ...] = field(default=(), converter=settings, kw_only=True)
