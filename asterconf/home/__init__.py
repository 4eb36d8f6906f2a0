"""Build a home PBX: a few fields in, every file of Asterisk out; see `asterconf.features`, too."""

from __future__ import annotations

from asterconf.home import providers
from asterconf.home.description import home_queue
from asterconf.home.home import Adoption, HomePBX, render
from asterconf.home.reading import Leftover
from asterconf.model.home import Country, Hours, Network, PublicNumber, Tls, Voicemail

__all__ = [
    "Adoption",
    "Country",
    "HomePBX",
    "Hours",
    "Leftover",
    "Network",
    "PublicNumber",
    "Tls",
    "Voicemail",
    "home_queue",
    "providers",
    "render",
]
