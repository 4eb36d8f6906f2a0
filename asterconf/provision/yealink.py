"""Yealink desk phones (T54W) and DECT bases (W73P): sheet and auto-provisioning file.

The names of settings are those of the maker's administrator guides for phones of the T5 series
(version 86) and for the W70B base, which the W73P comes with.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from asterconf.escapes import one_line
from asterconf.model.phones import Phone, Yealink
from asterconf.provision.sheets import (
    PhoneAccount,
    SettingsPage,
    SettingsRow,
    file_of,
    pages_of,
)

_TRANSPORT: Final = {"udp": "0", "tcp": "1", "tls": "2"}
_CODEC: Final = {"ulaw": ("pcmu", "PCMU"), "alaw": ("pcma", "PCMA"), "g722": ("g722", "G722"),
                 "g729": ("g729", "G729"), "opus": ("opus", "opus")}  # fmt: skip
"""Asterisk's name → the key and the name in the menu."""
_BLF: Final = "16"
"""The type of a line key that watches an extension."""


def _is_base(kind: Yealink) -> bool:
    """Tell whether it is a DECT base, whose handsets have no line keys."""
    return kind.model.upper().startswith("W")


def pages(account: PhoneAccount, kind: Yealink) -> list[SettingsPage]:
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
    lines = {"codecs": _codecs(account), "keys": () if base else _keys(account)}
    return {f"{kind.mac}.cfg": file_of("yealink.cfg", words, lines, reveal=reveal)}


def _codecs(account: PhoneAccount) -> Iterator[str]:
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
