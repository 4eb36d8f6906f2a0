"""Build a home PBX: a few fields in, every file of Asterisk out; see `asterconf.features`, too."""

from __future__ import annotations

from asterconf.home import providers as providers
from asterconf.home.description import home_queue as home_queue
from asterconf.home.home import Adoption as Adoption
from asterconf.home.home import HomePBX as HomePBX
from asterconf.home.home import render as render
from asterconf.home.reading import Leftover as Leftover
from asterconf.model.home import Country as Country
from asterconf.model.home import Hours as Hours
from asterconf.model.home import Network as Network
from asterconf.model.home import PublicNumber as PublicNumber
from asterconf.model.home import Tls as Tls
from asterconf.model.home import Voicemail as Voicemail
