"""res_parking.conf: where calls are parked."""

from __future__ import annotations

from attrs import field, frozen

from asterconf.model.configobject import NamedSection
from asterconf.model.values import Setting, settings

__all__ = ["ParkingLot"]


@frozen(repr=False)
class ParkingLot(NamedSection, file="res_parking.conf", kind="parking_lot"):
    """A parking lot: one section of res_parking.conf."""

    parkext: str = field(default="", kw_only=True)
    parkpos: tuple[int, int] = field(default=(701, 750), kw_only=True)
    context: str = field(default="parkedcalls", kw_only=True)
    parkingtime: int = field(default=45, kw_only=True)
    comebackcontext: str = field(default="parkedcallstimeout", kw_only=True)
    comebackdialtime: int = field(default=30, kw_only=True)
    comebacktoorigin: bool = field(default=True, kw_only=True)
    courtesytone: str = field(default="", kw_only=True)
    findslot: str = field(default="first", kw_only=True)
    parkedcallhangup: str = field(default="no", kw_only=True)
    parkedcallrecording: str = field(default="no", kw_only=True)
    parkedcallreparking: str = field(default="no", kw_only=True)
    parkedcalltransfers: str = field(default="no", kw_only=True)
    parkedmusicclass: str = field(default="", kw_only=True)
    parkedplay: str = field(default="caller", kw_only=True)
    parkext_exclusive: bool = field(default=False, kw_only=True)
    parkinghints: bool = field(default=False, kw_only=True)
    unknown: tuple[Setting, ...] = field(default=(), converter=settings, kw_only=True)
