"""What stands around a home PBX: its phones, router, firewall, and how to run it.

All of it comes out of one `Installation`, which a `HomePBX` gives. The extra `provision` brings
what QR codes need.
"""

from __future__ import annotations

from asterconf.model.home import Installation
from asterconf.provision.devices import phone_sheets
from asterconf.provision.firewall import Firewall, Mark, Opening, firewall
from asterconf.provision.runbook import Chapter, Runbook, runbook
from asterconf.provision.sheets import PhoneSheet, SettingsPage, SettingsRow

__all__ = [
    "Chapter",
    "Firewall",
    "Installation",
    "Mark",
    "Opening",
    "PhoneSheet",
    "Runbook",
    "SettingsPage",
    "SettingsRow",
    "firewall",
    "phone_sheets",
    "runbook",
]
