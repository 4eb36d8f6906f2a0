"""From effective sections to typed objects: what an administrator thinks in.

Every reader takes what `asterconf.resolve` made of a file, or None where the file is missing,
and returns values of `asterconf.model`, each beside the places of its parts (`Bound`).
"""

from __future__ import annotations

from asterconf.bind.objects import pjsip_ids, pjsip_objects
from asterconf.bind.pjsip import (
    EndpointRecord,
    Pjsip,
    Role,
    read_extensions,
    read_pjsip,
    read_transports,
    read_trunks,
)
from asterconf.bind.queues import read_queues
from asterconf.bind.sections import differences, read_objects, read_section, read_typed
from asterconf.bind.voicemail import read_mailboxes
from asterconf.bind.wizard import PjsipObject
from asterconf.bind.wizards import expand, fold
from asterconf.bind.writing import FreshSection, Style, options_of, sections_of
from asterconf.language.pattern import matches
from asterconf.resolve.bound import Bound, BoundObjects
from asterconf.resolve.effective import cached

__all__ = [
    "Bound",
    "BoundObjects",
    "EndpointRecord",
    "FreshSection",
    "Pjsip",
    "PjsipObject",
    "Role",
    "Style",
    "cached",
    "differences",
    "expand",
    "fold",
    "matches",
    "options_of",
    "pjsip_ids",
    "pjsip_objects",
    "read_extensions",
    "read_mailboxes",
    "read_objects",
    "read_pjsip",
    "read_queues",
    "read_section",
    "read_transports",
    "read_trunks",
    "read_typed",
    "sections_of",
]
