"""musiconhold.conf: music on hold."""

from __future__ import annotations

from attrs import field, frozen

from asterconf.model.configobject import NamedSection
from asterconf.model.values import Setting, settings

__all__ = ["MusicOnHoldClass"]


@frozen(repr=False)
class MusicOnHoldClass(NamedSection, file="musiconhold.conf", kind="class"):
    """A class of music on hold: one section of musiconhold.conf."""

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
