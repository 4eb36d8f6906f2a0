"""What a build says about a description besides refusing it: every code, one table.

`AC8xx` are about homes that are built. Asterisk logs none of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs

from asterconf.codes import Rule
from asterconf.diagnostic import Diagnostic
from asterconf.model.checks import DataFault
from asterconf.source import Position, Severity

__all__ = ["CODES", "BuildFault", "Finding", "diagnostic"]

_E, _W, _A = Severity.ERROR, Severity.WARNING, Severity.ADVICE

CODES: Final[Mapping[str, Rule]] = {
    "cannot-build": Rule(
        "AC800", _E, "{problem}", "nothing is written until this is put right", logged=False
    ),
    "weak-secret": Rule(
        "AC801", _W, "a password that is {problem} is soon guessed",
        "make one by: python3 -c 'import secrets; print(secrets.token_urlsafe(15))'", logged=False,
    ),
    "repeated-secret": Rule(
        "AC802", _W, "this is the password of {other}, too",
        "give each its own: who learns one must not have them all", logged=False,
    ),
    "weak-pin": Rule(
        "AC803", _W, "a PIN that is {problem} is soon guessed",
        "choose four digits or more without a pattern", logged=False,
    ),
    "rtp-too-small": Rule(
        "AC804", _E, "{problem}", "widen the range; the router forwards all of it", logged=False
    ),
    "rtp-overlap": Rule(
        "AC805", _E, "{problem}", "the router can forward a port to one device only", logged=False
    ),
    "number-taken": Rule(
        "AC806", _E, "{problem}", "give one of them another number", logged=False
    ),
    "number-swallowed": Rule(
        "AC807", _E, "{problem}",
        "a context answers by itself before it searches those it includes", logged=False,
    ),
    "number-hidden": Rule(
        "AC808", _W, "the public number {number} cannot be called: {number} is this phone",
        "give the phone a number that nobody outside has", logged=False,
    ),
    "keys-in-clear": Rule(
        "AC809", _W, "the keys of its encrypted sound travel unencrypted, over {protocol}",
        "let it use transport-tls", logged=False,
    ),
    "sound-in-clear": Rule(
        "AC810", _A, "it uses TLS, but its sound is not encrypted",
        'set media_encryption = "sdes"', logged=False,
    ),
    "same-host": Rule(
        "AC811", _E, "{problem}",
        "give one line = true, or both a header, or each its own addresses in match", logged=False,
    ),
    "certificate-unchecked": Rule(
        "AC812", _W, "nobody checks that it is the provider who answers over TLS",
        "name a file of authorities in network.tls.authorities", logged=False,
    ),
    "no-emergency": Rule(
        "AC813", _E, "{problem}", "include the context from-home, or leave the context unsaid",
        logged=False,
    ),
    "abroad-open": Rule(
        "AC814", _A, "numbers abroad may be called by every phone",
        "a stolen password costs most there: set a limit with the provider", logged=False,
    ),
    "premium-open": Rule(
        "AC815", _A, "numbers that cost extra may be called by every phone",
        "set a limit with the provider", logged=False,
    ),
    "line-unregistered": Rule(
        "AC816", _E, "a trunk that is known by its line must register",
        "leave out sends_registrations = false, or line", logged=False,
    ),
}  # fmt: skip


@attrs.frozen
class BuildFault(DataFault):
    """A reason why a home cannot be built; `kind` is its key in `CODES`."""

    kind: str = attrs.field(default="cannot-build", kw_only=True, eq=False)


@attrs.frozen
class Finding:
    """Something that can be built and is worth a word: where in the description, and what."""

    kind: str
    path: str
    message: str


def diagnostic(kind: str, path: str, message: str, position: Position | None = None) -> Diagnostic:
    """Return a finding as a diagnostic; its message begins with the path in the description."""
    rule = CODES[kind]
    text = f"{path}: {message}" if path else message
    return Diagnostic(rule.code, rule.severity, text, position, rule.hint)
