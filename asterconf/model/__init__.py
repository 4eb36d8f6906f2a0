"""Typed objects of a PBX: frozen values that compare, hash and print well, and know no text."""

from __future__ import annotations

from asterconf.model import phones as phones
from asterconf.model.configobject import ConfigObject as ConfigObject
from asterconf.model.configobject import SchemaObject as SchemaObject
from asterconf.model.phones import Phone as Phone
from asterconf.model.pjsip import Extension as Extension
from asterconf.model.pjsip import Transport as Transport
from asterconf.model.pjsip import Trunk as Trunk
from asterconf.model.queues import Queue as Queue
from asterconf.model.queues import QueueMember as QueueMember
from asterconf.model.values import CallerID as CallerID
from asterconf.model.values import Secret as Secret
from asterconf.model.values import Setting as Setting
from asterconf.model.voicemail import Mailbox as Mailbox
