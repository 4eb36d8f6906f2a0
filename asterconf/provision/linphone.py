"""Linphone on Android: sheet, and the file of its remote provisioning.

Format: Linphone's lpconfig XML. An entry with `overwrite` replaces what the app has.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape, quoteattr

from asterconf.provision.sheets import Group, Row, shown

if TYPE_CHECKING:
    from asterconf.provision.devices import Line

__all__ = ["ADVICE", "OUTSIDE", "files", "groups"]

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


def _codecs(line: Line) -> list[tuple[str, str]]:
    return [_RATE[codec] for codec in line.codecs if codec in _RATE]


def groups(line: Line) -> tuple[Group, ...]:
    """Return the settings in the order of the app's menus."""
    account = [
        Row("Username", line.user),
        Row("Auth ID", line.login, "only where it differs from the username"),
        Row("Password", line.secret),
        Row("Domain", f"{line.server}:{line.port}"),
        Row("Display name", line.name),
        Row("Transport", line.protocol.upper()),
        Row("Expire", "3600", "under Advanced"),
        Row("Prefix", "", "under Advanced; empty, the PBX completes numbers"),
    ]
    if line.voicemail:
        uri = f"sip:{line.voicemail}@{line.server}"
        account.append(Row("Voicemail URI", uri, "under Advanced"))
    audio = [
        Row("Echo cancellation", "Off", "the phone has its own"),
        Row("Adaptive rate control", "On"),
        Row("Codec bitrate limit", "128 kbits/s"),
        Row("Codecs", ", ".join(name for name, _ in _codecs(line)), "all others off"),
    ]
    calls = [
        Row("Media encryption", "SRTP, mandatory" if line.encrypted else "None"),
        Row("Improve interactions with bluetooth devices", "On"),
    ]
    return (
        Group("SIP account", account),
        Group("Settings → Audio", audio),
        Group("Settings → Call", calls),
        Group("Settings → Advanced", [Row("Start at boot time", "On")]),
    )


def files(line: Line, reveal: bool) -> Mapping[str, str]:  # noqa: FBT001
    """Return the file of remote provisioning, `NAME.xml`."""
    domain = f"{line.server}:{line.port}"
    proxy = [
        ("reg_proxy", f"<sip:{domain};transport={line.protocol}>"),
        ("reg_identity", f'"{line.name}" <sip:{line.user}@{domain}>'),
        ("reg_expires", "3600"),
        ("reg_sendregister", "1"),
        ("publish", "0"),
        ("dial_prefix", ""),
    ]
    if line.voicemail:
        proxy.append(("voicemail_address", f"sip:{line.voicemail}@{line.server}"))
    sections: list[tuple[str, list[tuple[str, str]]]] = [
        ("sip", [("default_proxy", "0"), ("media_encryption", "srtp" if line.encrypted else "none"),
                 ("media_encryption_mandatory", str(int(line.encrypted)))]),
        ("proxy_0", proxy),
        ("auth_info_0", [("username", line.user), ("userid", line.login),
                         ("passwd", shown(line.secret, reveal=reveal)), ("domain", line.server)]),
        ("sound", [("echocancellation", "0")]),
        ("net", [("adaptive_rate_control", "1")]),
        ("audio", [("codec_bitrate_limit", "128")]),
        *((f"audio_codec_{n}",
           [("mime", name), ("rate", rate), ("channels", "1"), ("enabled", "1")])
          for n, (name, rate) in enumerate(_codecs(line))),
        ("app", [("auto_start", "1"), ("keep_service_alive", "1")]),
    ]  # fmt: skip
    body = "".join(
        f"  <section name={quoteattr(title)}>\n"
        + "".join(
            f'    <entry name={quoteattr(name)} overwrite="true">{escape(value)}</entry>\n'
            for name, value in entries
        )
        + "  </section>\n"
        for title, entries in sections
    )
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<config xmlns="http://www.linphone.org/xsds/lpconfig.xsd">\n'
        f"{body}</config>\n"
    )
    return {f"{line.extension.name}.xml": text}
