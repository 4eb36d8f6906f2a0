"""Typed objects of a PBX: frozen values that compare, hash and print well, and know no text."""

from __future__ import annotations

from asterconf.model import phones
from asterconf.model.configobject import ConfigObject, SchemaObject
from asterconf.model.phones import Phone
from asterconf.model.pjsip import Extension, Transport, Trunk
from asterconf.model.queues import Queue, QueueMember
from asterconf.model.values import CallerID, Secret, Setting
from asterconf.model.voicemail import Mailbox

__all__ = [
    "CallerID",
    "ConfigObject",
    "Extension",
    "Mailbox",
    "Phone",
    "Queue",
    "QueueMember",
    "SchemaObject",
    "Secret",
    "Setting",
    "Transport",
    "Trunk",
    "phones",
]
