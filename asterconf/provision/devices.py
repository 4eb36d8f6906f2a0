"""The settings sheets of all phones, each in the words of the phone's maker, and what they fetch.

Yealink: desk phones (T54W) and DECT bases (W73P). The names of settings are those of the maker's
administrator guides for phones of the T5 series (version 86) and for the W70B base, which the W73P
comes with. Linphone on Android: its lpconfig XML, in which an entry with `overwrite` replaces what
the app has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final
from xml.sax.saxutils import escape

from asterconf.errors import ModelError
from asterconf.escapes import one_line
from asterconf.model.home import Installation, device, is_address, phone_ports, protocol
from asterconf.model.phones import DeskPhone, Linphone, Phone, Softphone, Yealink
from asterconf.provision.sheets import (
    PhoneAccount,
    PhoneSheet,
    SettingsPage,
    SettingsRow,
    file_of,
    pages_of,
)

_PLACE: Final = "ADDRESS-OF-THE-PBX"
_TRUST: Final = (
    "It must trust the certificate of the PBX: install the certificate of the authority that "
    "signed it (of a self-signed one: the certificate itself) as a trusted certificate."
)
_HOST: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?\Z")


def phone_sheets(home: Installation, *, server: str = "") -> tuple[PhoneSheet, ...]:
    """Return the settings sheet of each phone.

    `server` is the address under which the phones reach the PBX; by default the one it listens
    on, if it listens on one only.

    Raises:
        ModelError: `server` is no address and no name of a host.
    """
    host = home.network.host
    server = server or (_PLACE if host in ("0.0.0.0", "::") else host)  # noqa: S104
    if server != _PLACE and not (_HOST.match(server) or is_address(server)):
        raise ModelError(f"server must be an address or a host's name, not {server!r}")
    server = server.strip("[]")
    secure = home.network.tls.port if home.network.tls else 5061
    ports = phone_ports(home.extensions, home.network)
    sheets = []
    for extension in home.extensions:
        others = [e for e in home.extensions if e is not extension and e.number]
        how = protocol(extension)
        lamps = tuple((str(e.number), e.callerid.name or e.name) for e in others)
        account = PhoneAccount(
            extension=extension,
            server=server,
            port=secure if how == "tls" else home.network.sip_port,
            protocol=how,
            ports=ports.get(extension.name),
            voicemail=home.voicemail_number if extension.mailbox else "",
            lamps=lamps if home.has_lamps else (),
            intercom=home.has_intercom,
            outside=bool(extension.direct_media and home.phones_outside),
        )
        sheets.append(_sheet(account))
    return tuple(sheets)


def _sheet(account: PhoneAccount) -> PhoneSheet:
    kind = device(account.extension)
    trust = (_TRUST,) if account.protocol == "tls" else ()
    if isinstance(kind, Yealink):
        return PhoneSheet(
            account.extension,
            kind,
            _yealink_pages(account, kind),
            (*_yealink_advice(account, kind), *trust),
            partial(_yealink_files, account, kind),
        )
    if isinstance(kind, Linphone):
        return PhoneSheet(
            account.extension,
            kind,
            _linphone_pages(account),
            (*_LINPHONE_ADVICE, *trust),
            partial(_linphone_files, account),
        )
    advice: tuple[str, ...] = ()
    if isinstance(kind, Softphone):
        advice = _AWAY
    elif isinstance(kind, DeskPhone):
        advice = _fixed_address(account, kind)
    return PhoneSheet(account.extension, kind, _plain(account), (*advice, *trust))


def _plain(account: PhoneAccount) -> list[SettingsPage]:
    """Return the settings that every SIP phone has, under their most common names."""
    words = {
        **account.words,
        "codecs": ", ".join(codec.upper() for codec in account.codecs),
        "encryption": "SRTP (SDES), required" if account.encrypted else "none",
    }
    return pages_of("plain", words)


# -- Yealink --------------------------------------------------------------------------------------

_TRANSPORT: Final = {"udp": "0", "tcp": "1", "tls": "2"}
_CODEC: Final = {"ulaw": ("pcmu", "PCMU"), "alaw": ("pcma", "PCMA"), "g722": ("g722", "G722"),
                 "g729": ("g729", "G729"), "opus": ("opus", "opus")}  # fmt: skip
"""Asterisk's name → the key and the name in the menu."""
_BLF: Final = "16"
"""The type of a line key that watches an extension."""


def _is_base(kind: Yealink) -> bool:
    """Tell whether it is a DECT base, whose handsets have no line keys."""
    return kind.model.upper().startswith("W")


def _yealink_pages(account: PhoneAccount, kind: Yealink) -> list[SettingsPage]:
    """Return the settings in the order of the phone's web pages."""
    names = [_CODEC.get(codec, ("", codec.upper()))[1] for codec in account.codecs]
    words = {
        **account.words,
        "codecs": ", ".join(names),
        "encryption": "Compulsory" if account.encrypted else "Disabled",
    }
    found = pages_of("yealink", words)
    if _is_base(kind):
        return [*found, *pages_of("yealink-base", words)]
    if account.lamps:
        keys = [
            SettingsRow(f"Line Key {n}", "BLF", f"value {number}, label {name}, line 1")
            for n, (number, name) in enumerate(account.lamps, 2)
        ]
        found.append(
            SettingsPage("DSSKey → Line Key", [SettingsRow("Line Key 1", "Line", "line 1"), *keys])
        )
    return [*found, *(pages_of("yealink-intercom", words) if account.intercom else ())]


def _fixed_address(account: PhoneAccount, kind: Phone) -> tuple[str, ...]:
    """Return what is to be done about the address of a desk phone."""
    where = kind.address or "a fixed address"
    found = [f"Give it {where} in the router, so that it is always found at the same place."]
    if account.outside and account.ports:
        low, high = account.ports
        found.append(
            f"Forward the UDP ports {low} to {high} to it: its sound does not pass the PBX."
        )
    return tuple(found)


def _yealink_advice(account: PhoneAccount, kind: Yealink) -> tuple[str, ...]:
    """Return what is done once for the phone."""
    found = [*_fixed_address(account, kind)]
    if kind.mac:
        found.append(
            f"To provision it: serve {kind.mac}.cfg over HTTPS, and enter the folder's address "
            "under Settings → Auto Provision."
        )
    return tuple(found)


def _yealink_files(account: PhoneAccount, kind: Yealink, *, reveal: bool) -> Mapping[str, str]:
    """Return the auto-provisioning file, named after the hardware address; empty: not known."""
    if not kind.mac:
        return {}
    base = _is_base(kind)
    words = {
        **account.words,
        "phone": str(kind),
        "kind": _TRANSPORT[account.protocol],
        "encryption": "2" if account.encrypted else "0",
        "mwi": "1" if account.voicemail else None,
        "base": "1" if base else None,
        "handset": account.name if base else None,
        "intercom": None if base else str(int(account.intercom)),
    }
    lines = {"codecs": _yealink_codecs(account), "keys": () if base else _keys(account)}
    return {f"{kind.mac}.cfg": file_of("yealink.cfg", words, lines, reveal=reveal)}


def _yealink_codecs(account: PhoneAccount) -> Iterator[str]:
    wanted = [_CODEC[codec][0] for codec in account.codecs if codec in _CODEC]
    for key, _ in _CODEC.values():
        yield f"account.1.codec.{key}.enable = {int(key in wanted)}"
        if key in wanted:
            yield f"account.1.codec.{key}.priority = {wanted.index(key) + 1}"


def _keys(account: PhoneAccount) -> Iterator[str]:
    """Yield the keys of a desk phone with a lamp."""
    for key, (number, name) in enumerate(account.lamps, 2):
        yield f"linekey.{key}.type = {_BLF}"
        yield f"linekey.{key}.line = 1"
        yield f"linekey.{key}.value = {one_line(number)}"
        yield f"linekey.{key}.label = {one_line(name)}"


# -- Linphone -------------------------------------------------------------------------------------

_AWAY: Final = ("Away from home, reach the PBX through a VPN: no SIP port is open to the world.",)
_LINPHONE_ADVICE: Final = (
    "Keep the transport at TCP (or TLS): over UDP the app would have to wake up all the time.",
    "Leave Expire at 3600: fewer registrations spare the battery.",
    "Android: Apps → Linphone → Battery → Unrestricted, or calls will not arrive.",
    "Android: keep the app's notification visible, silent if you like: it keeps the app alive.",
    *_AWAY,
)
_RATE: Final = {"ulaw": ("PCMU", "8000"), "alaw": ("PCMA", "8000"), "g722": ("G722", "8000"),
                "opus": ("opus", "48000"), "gsm": ("GSM", "8000")}  # fmt: skip
_AUDIO_CODEC: Final = """\
  <section name="audio_codec_{n}">
    <entry name="mime" overwrite="true">{name}</entry>
    <entry name="rate" overwrite="true">{rate}</entry>
    <entry name="channels" overwrite="true">1</entry>
    <entry name="enabled" overwrite="true">1</entry>
  </section>
"""


def _linphone_codecs(account: PhoneAccount) -> list[tuple[str, str]]:
    return [_RATE[codec] for codec in account.codecs if codec in _RATE]


def _linphone_pages(account: PhoneAccount) -> list[SettingsPage]:
    """Return the settings in the order of the app's menus."""
    words = {
        **account.words,
        "codecs": ", ".join(name for name, _ in _linphone_codecs(account)),
        "encryption": "SRTP, mandatory" if account.encrypted else "None",
    }
    return pages_of("linphone", words)


def _linphone_files(account: PhoneAccount, *, reveal: bool) -> Mapping[str, str]:
    """Return the file of remote provisioning, `NAME.xml`."""
    words = {
        **account.words,
        "encryption": "srtp" if account.encrypted else "none",
        "mandatory": str(int(account.encrypted)),
    }
    codecs = [
        line
        for n, (name, rate) in enumerate(_linphone_codecs(account))
        for line in _AUDIO_CODEC.format(n=n, name=name, rate=rate).splitlines()
    ]
    text = file_of("linphone.xml", words, {"codecs": codecs}, reveal=reveal, written=escape)
    return {f"{account.extension.name}.xml": text}
