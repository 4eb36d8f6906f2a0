"""A trunk and a phone of pjsip_wizard.conf, for tests that only need that there are such."""

from __future__ import annotations


def trunk(name: str, context: str) -> str:
    """Return the section of a trunk whose calls come into a context."""
    return f"""\
[{name}]
type = wizard
remote_hosts = sip.example.net
sends_registrations = yes
sends_auth = yes
outbound_auth/username = 555
outbound_auth/password = lake-Orbit-7311
endpoint/context = {context}
"""


def phone(name: str, context: str) -> str:
    """Return the section of a phone that calls from a context."""
    return f"""\
[{name}]
type = wizard
accepts_registrations = yes
accepts_auth = yes
inbound_auth/username = {name}
inbound_auth/password = mango-Trellis-9034
endpoint/context = {context}
"""
