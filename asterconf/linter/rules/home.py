"""What can be wrong with the description of a home PBX, or risky in it: the codes AC8xx."""

from __future__ import annotations

from typing import Final

import attrs

from asterconf.codes import Message, messages
from asterconf.diagnostic import Diagnostic
from asterconf.model.checks import DataFault
from asterconf.source import Position

CODES: Final = messages("home")


def message_of(fault: DataFault) -> Message:
    """Return what the code of a fault of a home says."""
    return CODES[fault.kind or "cannot-build"]


def finding_of(fault: DataFault, position: Position | None = None) -> Diagnostic:
    """Return a fault of a home as a finding; its message begins with the path."""
    said = attrs.evolve(message_of(fault), message="{fault}")
    return said.at(position, fault=fault)
