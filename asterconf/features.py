"""What a home PBX can do: one class per feature, and what a feature of your own needs."""

from asterconf.home.features import (
    BlockedCallers,
    BusinessHours,
    BusyLamps,
    ConferenceRoom,
    EmergencyCalls,
    Guards,
    IncomingCalls,
    Intercom,
    LocalCalls,
    Menu,
    MusicOnHold,
    OutgoingCalls,
    Parking,
    VoicemailMenu,
    usual_features,
)
from asterconf.home.plan import Feature, Plan

__all__ = [
    "BlockedCallers",
    "BusinessHours",
    "BusyLamps",
    "ConferenceRoom",
    "EmergencyCalls",
    "Feature",
    "Guards",
    "IncomingCalls",
    "Intercom",
    "LocalCalls",
    "Menu",
    "MusicOnHold",
    "OutgoingCalls",
    "Parking",
    "Plan",
    "VoicemailMenu",
    "usual_features",
]
