"""Build a home PBX: a few fields in, every file of Asterisk out."""

from __future__ import annotations

from asterconf.build import providers
from asterconf.build.features import (
    BusyLamps,
    EmergencyCalls,
    Guards,
    IncomingCalls,
    Intercom,
    LocalCalls,
    MusicOnHold,
    OutgoingCalls,
    VoicemailMenu,
    usual_features,
)
from asterconf.build.home import HomePBX, home_queue, render
from asterconf.build.plan import Feature, Plan
from asterconf.build.settings import Network, Tls, VoicemailSettings

__all__ = [
    "BusyLamps",
    "EmergencyCalls",
    "Feature",
    "Guards",
    "HomePBX",
    "IncomingCalls",
    "Intercom",
    "LocalCalls",
    "MusicOnHold",
    "Network",
    "OutgoingCalls",
    "Plan",
    "Tls",
    "VoicemailMenu",
    "VoicemailSettings",
    "home_queue",
    "providers",
    "render",
    "usual_features",
]
