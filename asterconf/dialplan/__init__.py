"""The dialplan as Asterisk holds it: read from extensions.conf, and searched as a call does."""

from __future__ import annotations

from asterconf.dialplan.loader import LoadedDialplan, load_dialplan
from asterconf.dialplan.lookup import Dialplan, Match
from asterconf.dialplan.running import read_ami, read_show
from asterconf.dialplan.values import (
    HINT,
    DialplanContext,
    DialplanExtension,
    DialplanGeneral,
    DialplanStep,
    Hint,
    Include,
    Switch,
)

__all__ = [
    "HINT",
    "Dialplan",
    "DialplanContext",
    "DialplanExtension",
    "DialplanGeneral",
    "DialplanStep",
    "Hint",
    "Include",
    "LoadedDialplan",
    "Match",
    "Switch",
    "load_dialplan",
    "read_ami",
    "read_show",
]
