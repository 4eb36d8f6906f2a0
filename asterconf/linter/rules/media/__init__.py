"""Rules about the way of sound, and about routers in between: the codes AC750 to AC779."""

from __future__ import annotations

from asterconf.linter.rules.media.endpoints import (
    DirectMediaBehindNat,
    IceWithoutStun,
    InbandTones,
    KeysInClear,
    NatHalf,
    NoCommonCodec,
)
from asterconf.linter.rules.media.firewall import PortsOutsideFirewall
from asterconf.linter.rules.media.transports import AddressWithoutNets, NetsWithoutAddress
from asterconf.linter.rules.rule import Rule

__all__ = ["MEDIA"]

MEDIA: tuple[Rule, ...] = (
    AddressWithoutNets(),
    NetsWithoutAddress(),
    DirectMediaBehindNat(),
    NatHalf(),
    KeysInClear(),
    IceWithoutStun(),
    InbandTones(),
    NoCommonCodec(),
    PortsOutsideFirewall(),
)
"""The rules of this family that have a check of their own."""
