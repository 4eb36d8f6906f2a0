"""Yealink desk phones (T54W) and DECT bases (W73P): sheet and auto-provisioning file.

The names of settings are those of the maker's administrator guides for phones of the T5 series
(version 86) and for the W70B base, which the W73P comes with.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from asterconf.model.phones import Phone, Yealink
from asterconf.provision.sheets import Group, Row, shown

if TYPE_CHECKING:
    from asterconf.provision.devices import Line

__all__ = ["advice", "files", "fixed_address", "groups"]

_TRANSPORT: Final = {"udp": "0", "tcp": "1", "tls": "2"}
_CODEC: Final = {"ulaw": ("pcmu", "PCMU"), "alaw": ("pcma", "PCMA"), "g722": ("g722", "G722"),
                 "g729": ("g729", "G729"), "opus": ("opus", "opus")}  # fmt: skip
"""Asterisk's name → the key and the name in the menu."""
_BLF: Final = "16"
"""The type of a line key that watches an extension."""


def _is_base(kind: Yealink) -> bool:
    """Tell whether it is a DECT base, whose handsets have no line keys."""
    return kind.model.upper().startswith("W")


def groups(line: Line, kind: Yealink) -> tuple[Group, ...]:
    """Return the settings in the order of the phone's web pages."""
    register = Group(
        "Account → Register",
        [
            Row("Line Active", "Enabled"),
            Row("Label", line.name),
            Row("Display Name", line.name),
            Row("Register Name", line.login),
            Row("User Name", line.user),
            Row("Password", line.secret),
            Row("SIP Server 1: Server Host", line.server),
            Row("SIP Server 1: Port", str(line.port)),
            Row("SIP Server 1: Transport", line.protocol.upper()),
            Row("SIP Server 1: Server Expires", "3600"),
        ],
    )
    names = [_CODEC.get(codec, ("", codec.upper()))[1] for codec in line.codecs]
    codec = Group("Account → Codec", [Row("Enable Codecs", ", ".join(names), "in this order")])
    rows = [Row("RTP Encryption (SRTP)", "Compulsory" if line.encrypted else "Disabled")]
    if line.voicemail:
        rows.insert(0, Row("Voice Mail", line.voicemail))
    found = [register, codec, Group("Account → Advanced", rows)]
    if line.ports:
        low, high = line.ports
        ports = [Row("Local RTP Port: Min", str(low)), Row("Local RTP Port: Max", str(high))]
        found.append(Group("Network → Advanced", ports))
    if _is_base(kind):
        number = [Row("Incoming Lines", "Line 1"), Row("Outgoing Lines", "Line 1, default")]
        found.append(Group("Account → Number Assignment", number))
        return tuple(found)
    if line.lamps:
        keys = [
            Row(f"Line Key {n}", "BLF", f"value {number}, label {name}, line 1")
            for n, (number, name) in enumerate(line.lamps, 2)
        ]
        found.append(Group("DSSKey → Line Key", [Row("Line Key 1", "Line", "line 1"), *keys]))
    if line.intercom:
        allowed = Row("Intercom Allow", "Enabled", "picks up by itself when the intercom calls")
        found.append(Group("Features → Intercom", [allowed]))
    return tuple(found)


def fixed_address(line: Line, kind: Phone) -> tuple[str, ...]:
    """Return what is to be done about the address of a desk phone."""
    where = kind.address or "a fixed address"
    found = [f"Give it {where} in the router, so that it is always found at the same place."]
    if line.outside and line.ports:
        low, high = line.ports
        found.append(
            f"Forward the UDP ports {low} to {high} to it: its sound does not pass the PBX."
        )
    return tuple(found)


def advice(line: Line, kind: Yealink) -> tuple[str, ...]:
    """Return what is done once for the phone."""
    found = [*fixed_address(line, kind)]
    if kind.mac:
        found.append(
            f"To provision it: serve {kind.mac}.cfg over HTTPS, and enter the folder's address "
            "under Settings → Auto Provision."
        )
    return tuple(found)


def files(line: Line, kind: Yealink, reveal: bool) -> Mapping[str, str]:  # noqa: FBT001
    """Return the auto-provisioning file, named after the hardware address; empty: not known."""
    if not kind.mac:
        return {}
    settings = [*_account(line, reveal=reveal), *(_base(line) if _is_base(kind) else _keys(line))]
    body = "".join(f"{name} = {value}\n" for name, value in settings)
    return {f"{kind.mac}.cfg": f"#!version:1.0.0.1\n## {line.name}, {kind}\n{body}"}


def _account(line: Line, *, reveal: bool) -> list[tuple[str, str]]:
    found = [
        ("account.1.enable", "1"),
        ("account.1.label", line.name),
        ("account.1.display_name", line.name),
        ("account.1.auth_name", line.login),
        ("account.1.user_name", line.user),
        ("account.1.password", shown(line.secret, reveal=reveal)),
        ("account.1.sip_server.1.address", line.server),
        ("account.1.sip_server.1.port", str(line.port)),
        ("account.1.sip_server.1.transport_type", _TRANSPORT[line.protocol]),
        ("account.1.sip_server.1.expires", "3600"),
        ("account.1.srtp_encryption", "2" if line.encrypted else "0"),
    ]
    wanted = [_CODEC[codec][0] for codec in line.codecs if codec in _CODEC]
    for key, _ in _CODEC.values():
        found.append((f"account.1.codec.{key}.enable", str(int(key in wanted))))
        if key in wanted:
            found.append((f"account.1.codec.{key}.priority", str(wanted.index(key) + 1)))
    if line.voicemail:
        found += [("account.1.subscribe_mwi", "1"), ("voice_mail.number.1", line.voicemail)]
    if line.ports:
        found += [
            ("static.network.port.min_rtpport", str(line.ports[0])),
            ("static.network.port.max_rtpport", str(line.ports[1])),
        ]
    return found


def _base(line: Line) -> list[tuple[str, str]]:
    """Return what only a DECT base has: which handset uses the line."""
    return [
        ("handset.1.name", line.name),
        ("handset.1.incoming_lines", "1"),
        ("handset.1.dial_out_lines", "1"),
        ("handset.1.dial_out_default_line", "1"),
    ]


def _keys(line: Line) -> list[tuple[str, str]]:
    """Return what only a desk phone has: keys with lamps, and the intercom."""
    found = [("features.intercom.allow", str(int(line.intercom)))]
    for key, (number, name) in enumerate(line.lamps, 2):
        found += [
            (f"linekey.{key}.type", _BLF),
            (f"linekey.{key}.line", "1"),
            (f"linekey.{key}.value", number),
            (f"linekey.{key}.label", name),
        ]
    return found
