"""Build a home PBX: a few fields in, every file of Asterisk out."""

from __future__ import annotations

from asterconf.home import providers
from asterconf.home.description import home_queue, usual_features
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
from asterconf.home.home import Adoption, HomePBX, render
from asterconf.home.hours import BusinessHours, NightSwitch
from asterconf.home.incoming import BlockedCallers, IncomingCalls, Menu
from asterconf.home.outgoing import EmergencyCalls, OutgoingCalls
from asterconf.home.plan import Feature, Plan
from asterconf.home.reading import Leftover
from asterconf.model.home import Country, Hours, Network, PublicNumber, Tls, Voicemail

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
    "Hours",
    "IncomingCalls",
    "Intercom",
    "Leftover",
    "LocalCalls",
    "Menu",
    "MusicOnHold",
    "Network",
    "NightSwitch",
    "OutgoingCalls",
    "Parking",
    "Pickup",
    "Plan",
    "PublicNumber",
    "Tls",
    "Voicemail",
    "VoicemailMenu",
    "home_queue",
    "providers",
    "render",
    "usual_features",
]
