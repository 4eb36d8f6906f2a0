"""What can be wrong with the description of a home PBX, or risky in it: the codes AC8xx."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs

from asterconf.codes import Message
from asterconf.diagnostic import Diagnostic
from asterconf.model.checks import DataFault
from asterconf.source import Position, Severity

_E, _W, _A = Severity.ERROR, Severity.WARNING, Severity.ADVICE

CODES: Final[Mapping[str, Message]] = {
    "cannot-build": Message(
        "AC800", _E, "{problem}", "nothing is written until this is put right",
        verified="behaviour",
    ),
    "weak-secret": Message(
        "AC801", _A, "a password that is {problem} is soon guessed",
        "make one by: python3 -c 'import secrets; print(secrets.token_urlsafe(15))'",
        verified="judgement",
    ),
    "repeated-secret": Message(
        "AC802", _A, "this is the password of {other}, too",
        "give each its own: who learns one must not have them all", verified="judgement",
    ),
    "weak-pin": Message(
        "AC803", _A, "a PIN that is {problem} is soon guessed",
        "choose four digits or more without a pattern", verified="judgement",
    ),
    "rtp-too-small": Message(
        "AC804", _E, "{problem}", "widen the range; the router forwards all of it",
        verified="behaviour",
    ),
    "rtp-overlap": Message(
        "AC805", _E, "{problem}", "the router can forward a port to one device only",
        verified="source",
    ),
    "number-taken": Message(
        "AC806", _E, "{problem}", "give one of them another number", verified="behaviour",
    ),
    "number-swallowed": Message(
        "AC807", _E, "{problem}",
        "a context answers by itself before it searches those it includes", verified="behaviour",
    ),
    "number-hidden": Message(
        "AC808", _W, "the public number {number} cannot be called: {number} is this phone",
        "give the phone a number that nobody outside has", verified="behaviour",
    ),
    "keys-in-clear": Message(
        "AC809", _W, "the keys of its encrypted sound travel unencrypted, over {protocol}",
        "let it use transport-tls", verified="behaviour",
    ),
    "sound-in-clear": Message(
        "AC810", _A, "it uses TLS, but its sound is not encrypted",
        'set media_encryption = "sdes"', verified="judgement",
    ),
    "same-host": Message(
        "AC811", _E, "{problem}",
        "give one line = true, or both a header, or each its own addresses in match",
        verified="behaviour",
    ),
    "certificate-unchecked": Message(
        "AC812", _W, "nobody checks that it is the provider who answers over TLS",
        "name a file of authorities in network.tls.authorities", verified="behaviour",
    ),
    "no-emergency": Message(
        "AC813", _E, "{problem}", "include the context from-home, or leave the context unsaid",
        verified="behaviour",
    ),
    "abroad-open": Message(
        "AC814", _A, "numbers abroad may be called by every phone",
        "a stolen password costs most there: set a limit with the provider", verified="judgement",
    ),
    "premium-open": Message(
        "AC815", _A, "numbers that cost extra may be called by every phone",
        "set a limit with the provider", verified="judgement",
    ),
    "line-unregistered": Message(
        "AC816", _E, "a trunk that is known by its line must register",
        "leave out sends_registrations = false, or line", verified="behaviour",
    ),
    "asterisk-refuses": Message(
        "AC817", _E, "{problem}", "`asterconf build` writes nothing until this is put right",
        verified="behaviour",
    ),
    "asterisk-warns": Message(
        "AC818", _W, "{problem}", "`asterconf check` on the built folder tells more",
        verified="behaviour",
    ),
    "recording-needed": Message(
        "AC819", _A, "{sound} has to be recorded, saying “{text}”",
        "put it into Asterisk's folder of sounds; `asterconf runbook` tells how",
        verified="judgement",
    ),
}  # fmt: skip


def message_of(fault: DataFault) -> Message:
    """Return what the code of a fault of a home says."""
    return CODES[fault.kind or "cannot-build"]


def finding_of(fault: DataFault, position: Position | None = None) -> Diagnostic:
    """Return a fault of a home as a finding; its message begins with the path."""
    said = attrs.evolve(message_of(fault), message="{fault}")
    return said.at(position, fault=fault)
