"""pjsip.conf and pjsip_wizard.conf: endpoints and what belongs to them, extensions and trunks."""

from asterconf.bind.writing import expand, fold
from asterconf.model.pjsip import Extension, Transport, Trunk
from asterconf.model.pjsip_sections import (
    Acl,
    Aor,
    Auth,
    Endpoint,
    Global,
    Identify,
    Registration,
    System,
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
