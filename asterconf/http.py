"""http.conf: the web server."""

from __future__ import annotations

from attrs import field, frozen

from asterconf.model.configobject import SchemaObject
from asterconf.model.values import Setting, settings

__all__ = ["HttpSettings"]


@frozen(repr=False)
class HttpSettings(SchemaObject, file="http.conf", kind="general"):
    """The web server within Asterisk: the section `[general]` of http.conf."""

    enabled: bool = field(default=False, kw_only=True)
    bindaddr: str | None = field(default=None, kw_only=True)
    bindport: int = field(default=8088, kw_only=True)
    tlsenable: bool = field(default=False, kw_only=True)
    tlsbindaddr: str | None = field(default=None, kw_only=True)
    tlscertfile: str = field(default="asterisk.pem", kw_only=True)
    tlsprivatekey: str = field(default="", kw_only=True)
    enable_static: bool = field(default=False, kw_only=True)
    enable_status: bool = field(default=False, kw_only=True)
    prefix: str = field(default="", kw_only=True)
    redirect: tuple[tuple[str, ...], ...] | None = field(default=None, kw_only=True)
    servername: str | None = field(default=None, kw_only=True)
    session_inactivity: int = field(default=30000, kw_only=True)
    session_keep_alive: int = field(default=15000, kw_only=True)
    sessionlimit: int = field(default=100, kw_only=True)
    tlscipher: str | None = field(default=None, kw_only=True)
    tlsdisablev1: bool = field(default=True, kw_only=True)
    tlsdisablev11: bool = field(default=False, kw_only=True)
    tlsdisablev12: bool = field(default=False, kw_only=True)
    tlsservercipherorder: bool = field(default=True, kw_only=True)
    unknown: tuple[Setting, ...] = field(default=(), converter=settings, kw_only=True)
