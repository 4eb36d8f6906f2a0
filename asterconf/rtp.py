"""rtp.conf: ports and other settings of media."""

from __future__ import annotations

from typing import Self

from attrs import field, frozen

from asterconf.model.configobject import ConfigObject, SchemaObject
from asterconf.model.values import Secret, Setting, settings

__all__ = ["RtpSettings"]


@frozen(repr=False)
class RtpSettings(SchemaObject, file="rtp.conf", kind="general"):
    """Settings for all media: the section `[general]` of rtp.conf.

    What is read from a file has the ports that Asterisk uses: from the next even one on, and 5000
    to 31000 where none is left. Source: res/res_rtp_asterisk.c, rtp_reload. Observed on 22.10.1.
    """

    rtpstart: int = field(default=5000, kw_only=True)
    rtpend: int = field(default=31000, kw_only=True)
    dtls_mtu: int = field(default=1200, kw_only=True)
    dtmftimeout: int = field(default=1200, kw_only=True)
    ice_acl: tuple[str, ...] | None = field(default=None, kw_only=True)
    ice_rules: tuple[Setting, ...] | None = field(default=None, kw_only=True)
    icesupport: bool = field(default=True, kw_only=True)
    probation: int = field(default=4, kw_only=True)
    rtcpinterval: int = field(default=5000, kw_only=True)
    rtpchecksums: bool = field(default=True, kw_only=True)
    srtpreplayprotection: bool = field(default=True, kw_only=True)
    strictrtp: str = field(default="yes", kw_only=True)
    stun_acl: tuple[str, ...] | None = field(default=None, kw_only=True)
    stun_rules: tuple[Setting, ...] | None = field(default=None, kw_only=True)
    stun_software_attribute: bool = field(default=True, kw_only=True)
    stunaddr: str = field(default="", kw_only=True)
    stunaddr_reresolve_ttl_0: bool = field(default=False, kw_only=True)
    turnaddr: str = field(default="", kw_only=True)
    turnpassword: Secret | None = field(default=None, kw_only=True)
    turnusername: str = field(default="", kw_only=True)
    unknown: tuple[Setting, ...] = field(default=(), converter=settings, kw_only=True)

    @classmethod
    def from_object(cls, obj: ConfigObject) -> Self:
        """Return the settings of a generic section of rtp.conf, with the ports in use."""
        made = super().from_object(obj)
        first = made.rtpstart + made.rtpstart % 2
        used = (first, made.rtpend) if first < made.rtpend else (5000, 31000)
        for name, port in zip(("rtpstart", "rtpend"), used, strict=True):
            object.__setattr__(made, name, port)
        return made
