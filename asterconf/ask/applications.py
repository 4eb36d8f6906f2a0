"""What is known of applications and functions where many calls are followed at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from asterconf.flow import effects as fx
from asterconf.flow.applications import options, split

LEADING: Final = (
    "ChannelRedirect", "ElseIf", "ExecIf", "ExecIfTime", "Gosub", "GosubIf", "Goto", "GotoIf",
    "GotoIfTime", "If", "Return", "While",
)  # fmt: skip
"""Applications that decide by the parts of their arguments where a call goes next."""
CALLING: Final = ("Dial", "Page", "RetryDial")
"""Applications that call what their arguments say."""
INDIFFERENT: Final = frozenset(
    " ".join((
        "NoOp Verbose Log Wait Answer Hangup Playback BackGround Busy Congestion Set MSet",
        "SayDigits SayNumber SayAlpha MusicOnHold VoiceMail VoiceMailMain ConfBridge Park",
        "WaitExten Read System TrySystem UserEvent Record ChanSpy PlayTones AddQueueMember",
        "RemoveQueueMember PauseQueueMember UnpauseQueueMember SayUnixTime DBdel DBdeltree",
        "WaitDigit Pickup",
    )).split()
)  # fmt: skip
"""Applications whose arguments do not decide where a call goes next."""


def _read(text: str) -> fx.Effects:
    """Read digits into a variable, all that may be keyed at once."""
    name, _, _, chosen, *_ = split(text, 6)
    yield fx.Up()
    status = yield fx.Ask("read", name, ("#",) if {*"et"} & {*options(chosen)} else ())
    yield fx.SetVariable(name, status[1])
    yield fx.SetVariable("READSTATUS", status[0])


def _privacy(text: str) -> fx.Effects:
    """Read the number of a caller who has none."""
    if (yield fx.Ask("stay", text)):
        status = yield fx.Ask("read", text)
        yield fx.SetVariable("CALLERID(num)", status[1])
    yield from _stay(text)


def _stay(text: str) -> fx.Effects:
    """Be with others, or key what only the caller knows, and go on or not."""
    yield fx.Up()
    if not (yield fx.Ask("stay", text)):
        yield fx.End()


def _go_on(_text: str) -> fx.Effects:
    """Go on or end, without an answer."""
    if not (yield fx.Ask("stay", "")):
        yield fx.End()


def _originate(text: str) -> fx.Effects:
    """Start another call, and go on, unless the arguments are wrong."""
    target, kind, _, _, _, _, chosen = split(text, 7)
    yield fx.Ask("originate", text)
    if chosen or "/" not in target or kind.lower() not in ("app", "exten"):
        yield from _go_on(text)


WRITING: Final = frozenset((
    "ARRAY", "HASH", "SET", "PUSH", "UNSHIFT", "SHARED", "DELETE", "MASTER_CHANNEL", "EXPORT",
))  # fmt: skip
"""Functions that write variables of this channel or another one."""
HARMLESS: Final = frozenset(
    " ".join((
        "AGC AUDIOHOOK_INHERIT BLACKLIST CDR CDR_PROP CONFBRIDGE CONNECTEDLINE CURLOPT DB DENOISE",
        "DEVICE_STATE DIALGROUP ENV FAXOPT GLOBAL GROUP JITTERBUFFER MUTEAUDIO PJSIP_DTMF_MODE",
        "PJSIP_HEADER PJSIP_MEDIA_OFFER PJSIP_MOH_PASSTHROUGH PJSIP_SEND_SESSION_REFRESH",
        "PRESENCE_STATE QUEUE_MEMBER QUEUE_MEMBER_PENALTY REDIRECTING SIP_HEADER SMDI_MSG",
        "TALK_DETECT VOLUME CUT CHANNEL TIMEOUT STAT FRAME_TRACE PJSIP_HEADER_PARAM MESSAGE",
        "MESSAGE_DATA SPEECH_ENGINE FEATURE FEATUREMAP CALLCOMPLETION PITCH_SHIFT LOCAL BRIDGE",
    )).split()
)  # fmt: skip
"""Functions that write no variable of the dialplan."""

OWN: Final[Mapping[str, Callable[[str], fx.Effects]]] = {
    "Read": _read, "PrivacyManager": _privacy, "Originate": _originate, "SpeechBackground": _stay,
    **dict.fromkeys((
        "SoftHangup", "SpeechCreate", "SpeechActivateGrammar", "SpeechDeactivateGrammar",
        "SpeechDestroy", "SpeechLoadGrammar", "SpeechProcessingSound", "SpeechStart",
        "SpeechUnloadGrammar",
    ), _go_on),
    **dict.fromkeys((
        "ParkedCall", "BridgeWait", "AMD", "Authenticate", "VMAuthenticate",
        "DISA", "WaitForSilence", "WaitForNoise", "SendFAX", "ReceiveFAX", "SMS", "MeetMe",
        "AgentLogin", "WaitForTone", "ToneScan", "WaitUntil", "WaitForSignal", "WaitForCondition",
        "ReceiveMF", "ReceiveSF", "ReceiveText", "ConfKick", "Reload", "CallCompletionRequest",
        "CallCompletionCancel",
    ), _stay),
}  # fmt: skip
"""Applications that are followed otherwise than for one call: what is keyed is one input, and
what goes on or ends for reasons of its own does both."""
READ_BY_ASTERISK: Final = re.compile(
    r"(?:ABSOLUTE|AGI|ALERT|ASYNCAGI|ATTENDEDTRANSFER|BLINDTRANSFER|BRIDGE|CALLFORWARD|CALLINGPRES"
    r"|CC_|CDR|CONF|CONNECTED_LINE|DIALSTATUS|DYNAMIC_|EXITCONTEXT|FAX|FORWARD|GOTO_ON|GROUP"
    r"|HANGUPCAUSE|INTERCEPTED|LANGUAGE|LIMIT_|LOCALHEADER|LOCALSTATION|MACRO_|MASTER|MEETME|MIXMON"
    r"|MONITOR|MUSICCLASS|OUTBOUND_GROUP|PARK|PICKUP|PRI_|QUEUE|REDIRECTING|REMOTE|SAY_DTMF|SIP|SMDI"
    r"|SPYGROUP|T38|TALK|TESTTIME|TIMEOUT|TOUCH_|TRANSFER|VM_|WHISPER|XFER)\w*"
)
"""Variables that Asterisk itself reads, by how their names begin.

Source: the documentation of applications and functions, and calls of pbx_builtin_getvar_helper.
"""
