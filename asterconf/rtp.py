"""rtp.conf: ports and other settings of media."""

from __future__ import annotations

from typing import ClassVar

from attrs import field, frozen

from asterconf.model.configobject import SchemaObject
from asterconf.model.values import Secret, Setting, settings

__all__ = ["RtpSettings"]


@frozen(repr=False)
class RtpSettings(SchemaObject):
    """Settings for all media: the section `[general]` of rtp.conf."""

    file: ClassVar[str] = "rtp.conf"
    kind: ClassVar[str] = "general"

    rtpstart: int | None = field(default=None, kw_only=True)
    rtpend: int | None = field(default=None, kw_only=True)
    dtls_mtu: int | None = field(default=None, kw_only=True)
    dtmftimeout: int | None = field(default=None, kw_only=True)
    ice_acl: tuple[str, ...] | None = field(default=None, kw_only=True)
    ice_rules: tuple[Setting, ...] | None = field(default=None, kw_only=True)
    icesupport: bool | None = field(default=None, kw_only=True)
    probation: int | None = field(default=None, kw_only=True)
    rtcpinterval: int | None = field(default=None, kw_only=True)
    rtpchecksums: bool | None = field(default=None, kw_only=True)
    srtpreplayprotection: bool | None = field(default=None, kw_only=True)
    strictrtp: str | None = field(default=None, kw_only=True)
    stun_acl: tuple[str, ...] | None = field(default=None, kw_only=True)
    stun_rules: tuple[Setting, ...] | None = field(default=None, kw_only=True)
    stun_software_attribute: bool | None = field(default=None, kw_only=True)
    stunaddr: str | None = field(default=None, kw_only=True)
    stunaddr_reresolve_ttl_0: bool | None = field(default=None, kw_only=True)
    turnaddr: str | None = field(default=None, kw_only=True)
    turnpassword: Secret | None = field(default=None, kw_only=True)
    turnusername: str | None = field(default=None, kw_only=True)
    unknown: tuple[Setting, ...] = field(default=(), converter=settings, kw_only=True)
