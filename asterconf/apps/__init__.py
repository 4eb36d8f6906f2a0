"""Dialplan applications as typed values: `apps.Dial("PJSIP/6001", timeout=25)`.

`parse` makes one of any text; `str()` writes it so that Asterisk splits it back. Applications
without a class of their own are a `Call`. `inspect` says what Asterisk will not take as written.
"""

from __future__ import annotations

from functools import lru_cache

from asterconf.apps._application import Application, Call
from asterconf.apps._flow import (
    ContinueWhile,
    EndWhile,
    ExecIf,
    ExitWhile,
    Gosub,
    GosubIf,
    Goto,
    GotoIf,
    GotoIfTime,
    Return,
    While,
)
from asterconf.apps._inspect import Finding, inspect
from asterconf.apps._jumps import JUMPING, Jump, jumps
from asterconf.apps._phones import ConfBridge, Dial, Page, Park, Queue, VoiceMail, VoiceMailMain
from asterconf.apps._steps import (
    Answer,
    BackGround,
    Hangup,
    NoOp,
    Playback,
    Read,
    Set,
    Wait,
    WaitExten,
)
from asterconf.apps._values import Location, Options
from asterconf.language import appcall
from asterconf.source import fold

__all__ = [
    "JUMPING",
    "TYPED",
    "Answer",
    "Application",
    "BackGround",
    "Call",
    "ConfBridge",
    "ContinueWhile",
    "Dial",
    "EndWhile",
    "ExecIf",
    "ExitWhile",
    "Finding",
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
    "inspect",
    "jumps",
    "parse",
]

TYPED: tuple[type[Application], ...] = (
    Answer, BackGround, ConfBridge, ContinueWhile, Dial, EndWhile, ExecIf, ExitWhile, Gosub,
    GosubIf, Goto, GotoIf, GotoIfTime, Hangup, NoOp, Page, Park, Playback, Queue, Read, Return, Set,
    VoiceMail, VoiceMailMain, Wait, WaitExten, While,
)  # fmt: skip
"""The applications that have a class of their own."""

_CLASSES = {fold(cls.__name__): cls for cls in TYPED}


def parse(name: str, data: str | None = None) -> Application:
    """Return the application of a name and its argument text; never raises.

    Without `data`, the text is a whole call such as `Dial(PJSIP/6001,25)`, cut as the loader of
    extensions.conf cuts it. The same text gives the same object.
    """
    if data is None:
        call = appcall.parse(name)
        return _parse(call.name, call.data)
    return _parse(name, data)


@lru_cache(maxsize=1 << 16)
def _parse(name: str, data: str) -> Application:
    return _CLASSES.get(fold(name), Call).parse(name, data)
