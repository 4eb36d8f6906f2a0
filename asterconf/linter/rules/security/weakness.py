"""What makes a password or a PIN easy to guess."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_LONG_ENOUGH: Final = 12
_COMMON: Final = ("password", "passwort", "secret", "s3cret", "asterisk", "qwert", "letmein",
                  "changeme", "admin", "welcome", "12345", "54321")  # fmt: skip
_RUNS: Final = "01234567890 09876543210"


def secret_weakness(secret: str, own: Iterable[str]) -> str:
    """Return what is weak about a password, as "is …" goes on; empty: nothing.

    `own` are the names of whose password it is, which must not be part of it.
    """
    if len(secret) < _LONG_ENOUGH:
        return f"shorter than {_LONG_ENOUGH} characters"
    if secret.isdigit():
        return "made of digits only"
    if len(set(secret)) < 5:
        return "made of a few characters"
    lower = secret.lower()
    if any(word in lower for word in _COMMON):
        return "made of a word that is tried first"
    mine = any(len(word) > 3 and word.lower() in lower for word in own)
    return "made of the name that it is for" if mine else ""


def pin_weakness(pin: str, number: str) -> str:
    """Return what is weak about the PIN of a mailbox, as "is …" goes on; empty: nothing."""
    if len(pin) < 4:
        return "shorter than four digits"
    if pin == number:
        return "the number of the box"
    return "a run of digits" if pin in _RUNS or len(set(pin)) == 1 else ""
