"""Build a home PBX: a few fields in, every file of Asterisk out."""

from __future__ import annotations

from asterconf.home import providers
from asterconf.home.features import (
    BusyLamps,
    ConferenceRoom,
    Guards,
    Intercom,
    LocalCalls,
    MusicOnHold,
    Parking,
    VoicemailMenu,
)
from asterconf.home.home import Adoption, HomePBX, home_queue, render, usual_features
from asterconf.home.incoming import BlockedCallers, BusinessHours, IncomingCalls, Menu
from asterconf.home.outgoing import EmergencyCalls, OutgoingCalls
from asterconf.home.plan import Feature, Plan
from asterconf.home.reading import Leftover
from asterconf.model.home import Country, Network, Tls, Voicemail

__all__ = [
    "Adoption",
    "BlockedCallers",
    "BusinessHours",
    "BusyLamps",
    "ConferenceRoom",
    "Country",
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
