"""pjsip.conf and pjsip_wizard.conf: endpoints and what belongs to them, extensions and trunks."""

from asterconf.bind.wizards import expand, fold
from asterconf.model.endpoint import Endpoint
from asterconf.model.pjsip import Extension, Trunk
from asterconf.model.pjsip_objects import (
    Acl,
    Aor,
    Auth,
    Global,
    Identify,
    Registration,
    System,
    Transport,
)

__all__ = [
    "Acl",
    "Aor",
    "Auth",
    "Endpoint",
    "Extension",
    "Global",
    "Identify",
    "Registration",
    "System",
    "Transport",
    "Trunk",
    "expand",
    "fold",
]
