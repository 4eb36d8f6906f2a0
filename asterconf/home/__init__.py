"""Build a home PBX: a few fields in, every file of Asterisk out."""

from __future__ import annotations

from asterconf.home import providers
from asterconf.home.adopt import Adoption, Leftover
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
from asterconf.home.home import HomePBX, home_queue, render
from asterconf.home.plan import Feature, Plan
from asterconf.home.settings import Network, Tls, Voicemail

__all__ = [
    "Adoption",
    "BlockedCallers",
    "BusinessHours",
    "BusyLamps",
    "ConferenceRoom",
    "EmergencyCalls",
    "Feature",
    "Guards",
    "HomePBX",
    "IncomingCalls",
    "Intercom",
    "Leftover",
    "LocalCalls",
    "Menu",
    "MusicOnHold",
    "Network",
    "OutgoingCalls",
    "Parking",
    "Plan",
    "Tls",
    "Voicemail",
    "VoicemailMenu",
    "home_queue",
    "providers",
    "render",
    "usual_features",
]
