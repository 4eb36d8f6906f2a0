"""Rules about phones and trunks of PJSIP."""

from __future__ import annotations

from asterconf.linter.rules.pjsip.incoming import InboundNumbers, RegisteredAsS
from asterconf.linter.rules.pjsip.made import WizardObjects
from asterconf.linter.rules.pjsip.matches import HostByName, SameMatch
from asterconf.linter.rules.pjsip.transports import NoTransport, OtherProtocol, SameAddress
from asterconf.linter.rules.pjsip.unreachable import (
    DialledWithoutAors,
    MailboxTwice,
    NoRoomForContacts,
)
from asterconf.linter.rules.rule import Rule

__all__ = ["PJSIP"]

PJSIP: tuple[Rule, ...] = (
    NoTransport(),
    SameAddress(),
    OtherProtocol(),
    SameMatch(),
    RegisteredAsS(),
    InboundNumbers(),
    HostByName(),
    DialledWithoutAors(),
    NoRoomForContacts(),
    MailboxTwice(),
    WizardObjects(),
)
"""The rules of this family that have a check of their own."""
