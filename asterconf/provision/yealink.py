"""Yealink desk phones (T54W) and DECT bases (W73P): sheet and auto-provisioning file.

The names of settings are those of the maker's administrator guides for phones of the T5 series
(version 86) and for the W70B base, which the W73P comes with.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from asterconf.escapes import one_line
from asterconf.model.phones import Phone, Yealink
from asterconf.provision.sheets import PhoneAccount, SettingsPage, SettingsRow, shown

_TRANSPORT: Final = {"udp": "0", "tcp": "1", "tls": "2"}
_CODEC: Final = {"ulaw": ("pcmu", "PCMU"), "alaw": ("pcma", "PCMA"), "g722": ("g722", "G722"),
                 "g729": ("g729", "G729"), "opus": ("opus", "opus")}  # fmt: skip
"""Asterisk's name → the key and the name in the menu."""
_BLF: Final = "16"
"""The type of a line key that watches an extension."""


def _is_base(kind: Yealink) -> bool:
    """Tell whether it is a DECT base, whose handsets have no line keys."""
    return kind.model.upper().startswith("W")


def pages(account: PhoneAccount, kind: Yealink) -> tuple[SettingsPage, ...]:
    """Return the settings in the order of the phone's web pages."""
    register = SettingsPage(
        "Account → Register",
        [
            SettingsRow("Line Active", "Enabled"),
            SettingsRow("Label", account.name),
            SettingsRow("Display Name", account.name),
            SettingsRow("Register Name", account.login),
            SettingsRow("User Name", account.user),
            SettingsRow("Password", account.secret),
            SettingsRow("SIP Server 1: Server Host", account.server),
            SettingsRow("SIP Server 1: Port", str(account.port)),
            SettingsRow("SIP Server 1: Transport", account.protocol.upper()),
            SettingsRow("SIP Server 1: Server Expires", "3600"),
        ],
    )
    names = [_CODEC.get(codec, ("", codec.upper()))[1] for codec in account.codecs]
    codec = SettingsPage(
        "Account → Codec", [SettingsRow("Enable Codecs", ", ".join(names), "in this order")]
    )
    rows = [SettingsRow("RTP Encryption (SRTP)", "Compulsory" if account.encrypted else "Disabled")]
    if account.voicemail:
        rows.insert(0, SettingsRow("Voice Mail", account.voicemail))
    found = [register, codec, SettingsPage("Account → Advanced", rows)]
    if account.ports:
        low, high = account.ports
        ports = [
            SettingsRow("Local RTP Port: Min", str(low)),
            SettingsRow("Local RTP Port: Max", str(high)),
        ]
        found.append(SettingsPage("Network → Advanced", ports))
    if _is_base(kind):
        number = [
            SettingsRow("Incoming Lines", "Line 1"),
            SettingsRow("Outgoing Lines", "Line 1, default"),
        ]
        found.append(SettingsPage("Account → Number Assignment", number))
        return tuple(found)
    if account.lamps:
        keys = [
            SettingsRow(f"Line Key {n}", "BLF", f"value {number}, label {name}, line 1")
            for n, (number, name) in enumerate(account.lamps, 2)
        ]
        found.append(
            SettingsPage("DSSKey → Line Key", [SettingsRow("Line Key 1", "Line", "line 1"), *keys])
        )
    if account.intercom:
        allowed = SettingsRow(
            "Intercom Allow", "Enabled", "picks up by itself when the intercom calls"
        )
        found.append(SettingsPage("Features → Intercom", [allowed]))
    return tuple(found)


def fixed_address(account: PhoneAccount, kind: Phone) -> tuple[str, ...]:
    """Return what is to be done about the address of a desk phone."""
    where = kind.address or "a fixed address"
    found = [f"Give it {where} in the router, so that it is always found at the same place."]
    if account.outside and account.ports:
        low, high = account.ports
        found.append(
            f"Forward the UDP ports {low} to {high} to it: its sound does not pass the PBX."
        )
    return tuple(found)


def advice(account: PhoneAccount, kind: Yealink) -> tuple[str, ...]:
    """Return what is done once for the phone."""
    found = [*fixed_address(account, kind)]
    if kind.mac:
        found.append(
            f"To provision it: serve {kind.mac}.cfg over HTTPS, and enter the folder's address "
            "under Settings → Auto Provision."
        )
    return tuple(found)


def files(account: PhoneAccount, kind: Yealink, reveal: bool) -> Mapping[str, str]:  # noqa: FBT001
    """Return the auto-provisioning file, named after the hardware address; empty: not known."""
    if not kind.mac:
        return {}
    settings = [
        *_account(account, reveal=reveal),
        *(_base(account) if _is_base(kind) else _keys(account)),
    ]
    body = "".join(f"{name} = {one_line(value)}\n" for name, value in settings)
    return {f"{kind.mac}.cfg": f"#!version:1.0.0.1\n## {one_line(account.name)}, {kind}\n{body}"}


def _account(account: PhoneAccount, *, reveal: bool) -> list[tuple[str, str]]:
    found = [
        ("account.1.enable", "1"),
        ("account.1.label", account.name),
        ("account.1.display_name", account.name),
        ("account.1.auth_name", account.login),
        ("account.1.user_name", account.user),
        ("account.1.password", shown(account.secret, reveal=reveal)),
        ("account.1.sip_server.1.address", account.server),
        ("account.1.sip_server.1.port", str(account.port)),
        ("account.1.sip_server.1.transport_type", _TRANSPORT[account.protocol]),
        ("account.1.sip_server.1.expires", "3600"),
        ("account.1.srtp_encryption", "2" if account.encrypted else "0"),
    ]
    wanted = [_CODEC[codec][0] for codec in account.codecs if codec in _CODEC]
    for key, _ in _CODEC.values():
        found.append((f"account.1.codec.{key}.enable", str(int(key in wanted))))
        if key in wanted:
            found.append((f"account.1.codec.{key}.priority", str(wanted.index(key) + 1)))
    if account.voicemail:
        found += [("account.1.subscribe_mwi", "1"), ("voice_mail.number.1", account.voicemail)]
    if account.ports:
        found += [
            ("static.network.port.min_rtpport", str(account.ports[0])),
            ("static.network.port.max_rtpport", str(account.ports[1])),
        ]
    return found


def _base(account: PhoneAccount) -> list[tuple[str, str]]:
    """Return what only a DECT base has: which handset uses the account."""
    return [
        ("handset.1.name", account.name),
        ("handset.1.incoming_lines", "1"),
        ("handset.1.dial_out_lines", "1"),
        ("handset.1.dial_out_default_line", "1"),
    ]


def _keys(account: PhoneAccount) -> list[tuple[str, str]]:
    """Return what only a desk phone has: keys with lamps, and the intercom."""
    found = [("features.intercom.allow", str(int(account.intercom)))]
    for key, (number, name) in enumerate(account.lamps, 2):
        found += [
            (f"linekey.{key}.type", _BLF),
            (f"linekey.{key}.line", "1"),
            (f"linekey.{key}.value", number),
            (f"linekey.{key}.label", name),
        ]
    return found
