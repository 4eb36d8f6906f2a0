"""A description to start from: `asterconf new`."""

from __future__ import annotations

import secrets
from typing import Final

__all__ = ["starter"]

_TEXT: Final = """\
# A home PBX. Change what is yours, then:
#
#     asterconf build {name} --to out/asterisk --complete
#
# Passwords below were made for you. docs/how-to-build.md tells all that can be said here.

# Who calls to the outside are from: your name and number, with + and country code.
owner = "John Doe <+15555555555>"

# Put before numbers that are dialled without area code.
area_code = "555"

[network]
# Your public address, or a name for it if it changes (dynamic DNS).
# external_address = "203.0.113.8"

# UDP ports for sound; have the router forward them to the PBX.
rtp_ports = [20000, 20999]

# Your provider: voipms, jmp_chat, generic, or ip_authenticated.
[[trunks]]
provider = "voipms"
server = "atlanta2.voip.ms"
username = "555555"
secret = "the provider tells you"

# One for each phone: Yealink T54W, Yealink W73P, Linphone; DeskPhone and Softphone are any other.
[[extensions]]
name = "6001"
callerid = "Living Room <6001>"
secret = "{secret_1}"
phone = "DeskPhone"

[[extensions]]
name = "6002"
callerid = "Smartphone <6002>"
secret = "{secret_2}"
phone = "Softphone"

# The voicemail box of the house.
[[mailboxes]]
number = "6000"
initial_pin = "{pin}"
name = "John Doe"
email = "johndoe@example.com"

[voicemail]
from_address = "asterisk-noreply@example.com"
time_zone = "America/New_York"

# What the PBX does; all of it is on. Name a feature to change it: a text is its number, false
# leaves it out, a table has its settings.
[features]
# intercom = "6000"
# voicemail_menu = {{ number = "*99", ask_pin = true }}
# incoming_calls = {{ ring_seconds = 25 }}
# outgoing_calls = {{ international = true }}
# conference_room = "6500"
# business_hours = {{ open = ["9:00-17:00,mon-fri"] }}
"""


def starter(name: str = "home.toml") -> str:
    """Return a commented description of a small house, with fresh passwords.

    `name` is the file that it will be.
    """
    words = {f"secret_{n}": secrets.token_urlsafe(15) for n in (1, 2)}
    return _TEXT.format(name=name, pin=_pin(), **words)


def _pin() -> str:
    """Return four digits that are no run."""
    while True:
        pin = f"{secrets.randbelow(10000):04d}"
        if len(set(pin)) > 2 and pin not in "01234567890 09876543210":
            return pin
