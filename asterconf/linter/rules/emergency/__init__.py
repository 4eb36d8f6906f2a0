"""Rules about emergency calls: the codes AC780 to AC799."""

from __future__ import annotations

from asterconf.linter.rules.emergency.numbers import (
    EmergencyByPattern,
    EmergencyByPrefix,
    EmergencyCallerId,
    EmergencyHidden,
    EmergencyInQueue,
    EmergencyOneTrunk,
    EmergencyTimed,
    NoEmergencyNumber,
)
from asterconf.linter.rules.rule import Rule

__all__ = ["EMERGENCY"]

EMERGENCY: tuple[Rule, ...] = (
    NoEmergencyNumber(),
    EmergencyHidden(),
    EmergencyByPrefix(),
    EmergencyTimed(),
    EmergencyOneTrunk(),
    EmergencyByPattern(),
    EmergencyInQueue(),
    EmergencyCallerId(),
)
"""The rules of this family that have a check of their own."""
