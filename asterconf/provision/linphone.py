"""Linphone on Android: sheet, and the file of its remote provisioning.

Format: Linphone's lpconfig XML. An entry with `overwrite` replaces what the app has.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from xml.sax.saxutils import escape

from asterconf.provision.sheets import PhoneAccount, SettingsPage, Words, file_of, pages_of

OUTSIDE: Final = ("Away from home, reach the PBX through a VPN: no SIP port is open to the world.",)
ADVICE: Final = (
    "Keep the transport at TCP (or TLS): over UDP the app would have to wake up all the time.",
    "Leave Expire at 3600: fewer registrations spare the battery.",
    "Android: Apps → Linphone → Battery → Unrestricted, or calls will not arrive.",
    "Android: keep the app's notification visible, silent if you like: it keeps the app alive.",
    *OUTSIDE,
)
_RATE: Final = {"ulaw": ("PCMU", "8000"), "alaw": ("PCMA", "8000"), "g722": ("G722", "8000"),
                "opus": ("opus", "48000"), "gsm": ("GSM", "8000")}  # fmt: skip
_CODEC: Final = """\
  <section name="audio_codec_{n}">
    <entry name="mime" overwrite="true">{name}</entry>
    <entry name="rate" overwrite="true">{rate}</entry>
    <entry name="channels" overwrite="true">1</entry>
    <entry name="enabled" overwrite="true">1</entry>
  </section>
"""


def _words(account: PhoneAccount) -> Words:
    names = ", ".join(name for name, _ in _codecs(account))
    return {
        **account.words,
        "codecs": names,
        "encryption": "SRTP, mandatory" if account.encrypted else "None",
    }


def _codecs(account: PhoneAccount) -> list[tuple[str, str]]:
    return [_RATE[codec] for codec in account.codecs if codec in _RATE]


def pages(account: PhoneAccount) -> list[SettingsPage]:
    """Return the settings in the order of the app's menus."""
    return pages_of("linphone", _words(account))


def files(account: PhoneAccount, reveal: bool) -> Mapping[str, str]:  # noqa: FBT001
    """Return the file of remote provisioning, `NAME.xml`."""
    words = {
        **account.words,
        "encryption": "srtp" if account.encrypted else "none",
        "mandatory": str(int(account.encrypted)),
    }
    codecs = [
        line
        for n, (name, rate) in enumerate(_codecs(account))
        for line in _CODEC.format(n=n, name=name, rate=rate).splitlines()
    ]
    text = file_of("linphone.xml", words, {"codecs": codecs}, reveal=reveal, written=escape)
    return {f"{account.extension.name}.xml": text}
