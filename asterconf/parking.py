"""res_parking.conf: where calls are parked."""

from asterconf.model.parking import ParkingLot

__all__ = ["ParkingLot"]
