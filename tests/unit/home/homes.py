"""The home of the examples, and a plain way to look into a built file."""

from __future__ import annotations

from typing import Any

from asterconf.home import HomePBX, Network, providers, render
from asterconf.model import Extension, Mailbox, phones

FIELDS: dict[str, Any] = {
    "owner": "John Doe <+15555555555>",
    "area_code": "555",
    "network": Network(external_address="203.0.113.8", rtp_ports=(20000, 20999)),
    "trunks": [providers.voipms("atlanta2.voip.ms", "555555", "s3cret")],
    "extensions": [
        Extension(
            "6001", callerid="Living Room <6001>", secret="s3cret", phone=phones.Yealink("T54W")
        ),
        Extension("6002", callerid="Kitchen <6002>", secret="s3cret2", phone="Yealink W73P"),
        Extension("6003", callerid="Smartphone <6003>", secret="s3cret3", phone="Linphone"),
    ],
    "mailboxes": [
        Mailbox("6000", initial_pin="1234", name="John Doe", email="johndoe@example.com")
    ],
}


def home(**changes: Any) -> HomePBX:
    """Return the home, with changes."""
    return HomePBX(**{**FIELDS, **changes})


def lines(file: str, section: str, pbx: HomePBX | None = None) -> list[str]:
    """Return the bare lines of a section: no comments, no blanks."""
    text = render(pbx if pbx is not None else home(), complete=True)[file]
    found, inside = [], False
    for line in text.split("\n"):
        if line.startswith("["):
            inside = line.startswith(f"[{section}]")
        elif inside and line and not line.startswith(";"):
            found.append(" ".join(line.split()))
    return found


WEAK = {
    "maple-Ferry-2093": "s3cret", "cedar-Lamp-7714": "s3cret2", "olive-Tide-5568": "s3cret3",
    "2846": "1234",
}  # fmt: skip
"""What the example of a home has, and what is soon guessed."""
