"""The dialplan as Asterisk holds it: read from extensions.conf, and searched as a call does."""

from __future__ import annotations

from asterconf.dialplan.loaded import LoadedDialplan
from asterconf.dialplan.loader import HINT, load_dialplan
from asterconf.dialplan.values import (
    Dialplan,
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
    "Switch",
    "load_dialplan",
]
