"""What stands around a home PBX: its phones, router, firewall, and how to run it.

All of it comes out of the same `HomePBX` as Asterisk's files. Nothing else of the library needs
this room; its extra `provision` brings what the QR codes take.
"""

from __future__ import annotations

from asterconf.provision.devices import phone_sheets
from asterconf.provision.firewall import Firewall, Mark, Opening, firewall
from asterconf.provision.runbook import Chapter, Runbook, runbook
from asterconf.provision.sheets import Group, PhoneSheet, Row

__all__ = [
    "Chapter",
    "Firewall",
    "Group",
    "Mark",
    "Opening",
    "PhoneSheet",
    "Row",
    "Runbook",
    "firewall",
    "phone_sheets",
    "runbook",
]
