"""Linphone on Android: sheet, and the file of its remote provisioning.

Format: Linphone's lpconfig XML. An entry with `overwrite` replaces what the app has.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from asterconf.escapes import one_line
from asterconf.provision.sheets import PhoneAccount, SettingsPage, SettingsRow, shown

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


def _voicemail(account: PhoneAccount) -> str:
    """Return the address of the voicemail menu, by the account's own port and transport."""
    address = f"{account.voicemail}@{account.server}:{account.port}"
    return f"sip:{address};transport={account.protocol}"


def _codecs(account: PhoneAccount) -> list[tuple[str, str]]:
    return [_RATE[codec] for codec in account.codecs if codec in _RATE]


def pages(account: PhoneAccount) -> tuple[SettingsPage, ...]:
    """Return the settings in the order of the app's menus."""
    register = [
        SettingsRow("Username", account.user),
        SettingsRow("Auth ID", account.login, "only where it differs from the username"),
        SettingsRow("Password", account.secret),
        SettingsRow("Domain", f"{account.server}:{account.port}"),
        SettingsRow("Display name", account.name),
        SettingsRow("Transport", account.protocol.upper()),
        SettingsRow("Expire", "3600", "under Advanced"),
        SettingsRow("Prefix", "", "under Advanced; empty, the PBX completes numbers"),
    ]
    if account.voicemail:
        register.append(SettingsRow("Voicemail URI", _voicemail(account), "under Advanced"))
    audio = [
        SettingsRow("Echo cancellation", "Off", "the phone has its own"),
        SettingsRow("Adaptive rate control", "On"),
        SettingsRow("Codec bitrate limit", "128 kbits/s"),
        SettingsRow("Codecs", ", ".join(name for name, _ in _codecs(account)), "all others off"),
    ]
    calls = [
        SettingsRow("Media encryption", "SRTP, mandatory" if account.encrypted else "None"),
        SettingsRow("Improve interactions with bluetooth devices", "On"),
    ]
    return (
        SettingsPage("SIP account", register),
        SettingsPage("Settings → Audio", audio),
        SettingsPage("Settings → Call", calls),
        SettingsPage("Settings → Advanced", [SettingsRow("Start at boot time", "On")]),
    )


def files(account: PhoneAccount, reveal: bool) -> Mapping[str, str]:  # noqa: FBT001
    """Return the file of remote provisioning, `NAME.xml`."""
    domain = f"{account.server}:{account.port}"
    proxy = [
        ("reg_proxy", f"<sip:{domain};transport={account.protocol}>"),
        ("reg_identity", f'"{account.name}" <sip:{account.user}@{domain}>'),
        ("reg_expires", "3600"),
        ("reg_sendregister", "1"),
        ("publish", "0"),
        ("dial_prefix", ""),
    ]
    if account.voicemail:
        proxy.append(("voicemail_address", _voicemail(account)))
    sections: list[tuple[str, list[tuple[str, str]]]] = [
        ("sip", [("default_proxy", "0"),
                 ("media_encryption", "srtp" if account.encrypted else "none"),
                 ("media_encryption_mandatory", str(int(account.encrypted)))]),
        ("proxy_0", proxy),
        ("auth_info_0", [("username", account.user), ("userid", account.login),
                         ("passwd", shown(account.secret, reveal=reveal)),
                         ("domain", account.server)]),
        ("sound", [("echocancellation", "0")]),
        ("net", [("adaptive_rate_control", "1")]),
        ("audio", [("codec_bitrate_limit", "128")]),
        *((f"audio_codec_{n}",
           [("mime", name), ("rate", rate), ("channels", "1"), ("enabled", "1")])
          for n, (name, rate) in enumerate(_codecs(account))),
        ("app", [("auto_start", "1"), ("keep_service_alive", "1")]),
    ]  # fmt: skip
    body = "".join(
        f"  <section name={quoteattr(title)}>\n"
        + "".join(
            f'    <entry name={quoteattr(name)} overwrite="true">{value}</entry>\n'
            for name, value in ((name, escape(one_line(value))) for name, value in entries)
        )
        + "  </section>\n"
        for title, entries in sections
    )
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<config xmlns="http://www.linphone.org/xsds/lpconfig.xsd">\n'
        f"{body}</config>\n"
    )
    return {f"{account.extension.name}.xml": text}
