"""Effective sections ⇄ typed objects.

Every reader takes the effective sections of a file, or `None` if the file is missing, and returns
values of `asterconf.model`, each with the places of its parts (`Bound`).
"""

from __future__ import annotations

from asterconf.bind.pjsip import (
    EndpointRecord,
    read_extensions,
    read_pjsip,
    read_transports,
    read_trunks,
)
from asterconf.bind.queues import read_queues
from asterconf.bind.sections import differences, read_objects, read_section, read_typed
from asterconf.bind.voicemail import read_mailboxes
from asterconf.bind.writing import FreshSection, Style, expand, fold, options_of, sections_of

__all__ = [
    "EndpointRecord",
    "FreshSection",
    "Style",
    "differences",
    "expand",
    "fold",
    "options_of",
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
