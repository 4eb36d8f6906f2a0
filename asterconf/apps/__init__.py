"""Dialplan applications as typed values: `apps.Dial("PJSIP/6001", timeout=25)`.

`parse` makes one of any text; `str()` writes it so that Asterisk splits it back. Applications
without a class of their own are a `AnyApp`. `inspect` reports what Asterisk does not accept.
"""

from __future__ import annotations

from asterconf.apps._application import Application, Facts, facts
from asterconf.apps._classes import (
    TYPED,
    Answer,
    AnyApp,
    BackGround,
    ConfBridge,
    ContinueWhile,
    Dial,
    EndWhile,
    ExecIf,
    ExitWhile,
    Gosub,
    GosubIf,
    Goto,
    GotoIf,
    GotoIfTime,
    Hangup,
    NoOp,
    Page,
    Park,
    Playback,
    Queue,
    Read,
    Return,
    Set,
    VoiceMail,
    VoiceMailMain,
    Wait,
    WaitExten,
    While,
    parse,
)
from asterconf.apps._jumps import JUMPING, Jump, jumps
from asterconf.apps._values import Location, Options
from asterconf.apps.faults import GONE, inspect

__all__ = [
    "GONE",
    "JUMPING",
    "TYPED",
    "Answer",
    "AnyApp",
    "Application",
    "BackGround",
    "ConfBridge",
    "ContinueWhile",
    "Dial",
    "EndWhile",
    "ExecIf",
    "ExitWhile",
    "Facts",
    "Gosub",
    "GosubIf",
    "Goto",
    "GotoIf",
    "GotoIfTime",
    "Hangup",
    "Jump",
    "Location",
    "NoOp",
    "Options",
    "Page",
    "Park",
    "Playback",
    "Queue",
    "Read",
    "Return",
    "Set",
    "VoiceMail",
    "VoiceMailMain",
    "Wait",
    "WaitExten",
    "While",
    "facts",
    "inspect",
    "jumps",
    "parse",
]
