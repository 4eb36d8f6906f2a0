"""res_parking.conf: where calls are parked."""

from __future__ import annotations

from typing import ClassVar

from attrs import field, frozen

from asterconf.model import checks as check
from asterconf.model.configobject import SchemaObject
from asterconf.model.values import Setting, settings

__all__ = ["ParkingLot"]


@frozen(repr=False)
class ParkingLot(SchemaObject):
    """A parking lot: one section of res_parking.conf."""

    file: ClassVar[str] = "res_parking.conf"
    kind: ClassVar[str] = "parking_lot"

    name: str = field(validator=check.one_word)
    """Name of the section; not empty."""
    parkext: str | None = field(default=None, kw_only=True)
    parkpos: tuple[int, int] | None = field(default=None, kw_only=True)
    context: str | None = field(default=None, kw_only=True)
    parkingtime: int | None = field(default=None, kw_only=True)
    comebackcontext: str | None = field(default=None, kw_only=True)
    comebackdialtime: int | None = field(default=None, kw_only=True)
    comebacktoorigin: bool | None = field(default=None, kw_only=True)
    courtesytone: str | None = field(default=None, kw_only=True)
    findslot: str | None = field(default=None, kw_only=True)
    parkedcallhangup: str | None = field(default=None, kw_only=True)
    parkedcallrecording: str | None = field(default=None, kw_only=True)
    parkedcallreparking: str | None = field(default=None, kw_only=True)
    parkedcalltransfers: str | None = field(default=None, kw_only=True)
    parkedmusicclass: str | None = field(default=None, kw_only=True)
    parkedplay: str | None = field(default=None, kw_only=True)
    parkext_exclusive: bool | None = field(default=None, kw_only=True)
    parkinghints: bool | None = field(default=None, kw_only=True)
    unknown: tuple[Setting, ...] = field(default=(), converter=settings, kw_only=True)
