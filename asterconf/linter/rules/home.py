"""What can be wrong with the description of a home PBX, or risky in it: the codes AC8xx."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from asterconf.codes import Message
from asterconf.source import Severity

__all__ = ["CODES"]

_E, _W, _A = Severity.ERROR, Severity.WARNING, Severity.ADVICE

CODES: Final[Mapping[str, Message]] = {
    "cannot-build": Message(
        "AC800", _E, "{problem}", "nothing is written until this is put right", logged=False
    ),
    "weak-secret": Message(
        "AC801", _W, "a password that is {problem} is soon guessed",
        "make one by: python3 -c 'import secrets; print(secrets.token_urlsafe(15))'", logged=False,
    ),
    "repeated-secret": Message(
        "AC802", _W, "this is the password of {other}, too",
        "give each its own: who learns one must not have them all", logged=False,
    ),
    "weak-pin": Message(
        "AC803", _W, "a PIN that is {problem} is soon guessed",
        "choose four digits or more without a pattern", logged=False,
    ),
    "rtp-too-small": Message(
        "AC804", _E, "{problem}", "widen the range; the router forwards all of it", logged=False
    ),
    "rtp-overlap": Message(
        "AC805", _E, "{problem}", "the router can forward a port to one device only", logged=False
    ),
    "number-taken": Message(
        "AC806", _E, "{problem}", "give one of them another number", logged=False
    ),
    "number-swallowed": Message(
        "AC807", _E, "{problem}",
        "a context answers by itself before it searches those it includes", logged=False,
    ),
    "number-hidden": Message(
        "AC808", _W, "the public number {number} cannot be called: {number} is this phone",
        "give the phone a number that nobody outside has", logged=False,
    ),
    "keys-in-clear": Message(
        "AC809", _W, "the keys of its encrypted sound travel unencrypted, over {protocol}",
        "let it use transport-tls", logged=False,
    ),
    "sound-in-clear": Message(
        "AC810", _A, "it uses TLS, but its sound is not encrypted",
        'set media_encryption = "sdes"', logged=False,
    ),
    "same-host": Message(
        "AC811", _E, "{problem}",
        "give one line = true, or both a header, or each its own addresses in match", logged=False,
    ),
    "certificate-unchecked": Message(
        "AC812", _W, "nobody checks that it is the provider who answers over TLS",
        "name a file of authorities in network.tls.authorities", logged=False,
    ),
    "no-emergency": Message(
        "AC813", _E, "{problem}", "include the context from-home, or leave the context unsaid",
        logged=False,
    ),
    "abroad-open": Message(
        "AC814", _A, "numbers abroad may be called by every phone",
        "a stolen password costs most there: set a limit with the provider", logged=False,
    ),
    "premium-open": Message(
        "AC815", _A, "numbers that cost extra may be called by every phone",
        "set a limit with the provider", logged=False,
    ),
    "asterisk-refuses": Message(
        "AC817", _E, "{problem}", "nothing is written until this is put right", logged=False
    ),
    "asterisk-warns": Message(
        "AC818", _W, "{problem}", "`asterconf check` on the built folder tells more", logged=False
    ),
    "recording-needed": Message(
        "AC819", _A, "{sound} has to be recorded, saying “{text}”",
        "put it into Asterisk's folder of sounds; `asterconf runbook` tells how", logged=False,
    ),
    "line-unregistered": Message(
        "AC816", _E, "a trunk that is known by its line must register",
        "leave out sends_registrations = false, or line", logged=False,
    ),
}  # fmt: skip
