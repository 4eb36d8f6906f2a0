"""What a home PBX can do: one class per feature, and what a feature of your own needs."""

from asterconf.home.description import usual_features
from asterconf.home.features import (
    BusyLamps,
    ConferenceRoom,
    Guards,
    Intercom,
    LocalCalls,
    MusicOnHold,
    Parking,
    Pickup,
    VoicemailMenu,
)
from asterconf.home.incoming import BlockedCallers, BusinessHours, IncomingCalls, Menu, NightSwitch
from asterconf.home.outgoing import EmergencyCalls, OutgoingCalls
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
    "NightSwitch",
    "OutgoingCalls",
    "Parking",
    "Pickup",
    "Plan",
    "VoicemailMenu",
    "usual_features",
]
