"""The settings sheets of all phones, each in the words of the phone's maker."""

from __future__ import annotations

import re
from typing import Final

from asterconf.errors import ModelError
from asterconf.model.home import Installation, device, is_address, phone_ports, protocol
from asterconf.model.phones import DeskPhone, Linphone, Softphone, Yealink
from asterconf.provision import linphone, yealink
from asterconf.provision.sheets import PhoneAccount, PhoneSheet, SettingsPage, pages_of

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
            yealink.pages(account, kind),
            (*yealink.advice(account, kind), *trust),
            lambda *, reveal: yealink.files(account, kind, reveal),
        )
    if isinstance(kind, Linphone):
        return PhoneSheet(
            account.extension,
            kind,
            linphone.pages(account),
            (*linphone.ADVICE, *trust),
            lambda *, reveal: linphone.files(account, reveal),
        )
    advice: tuple[str, ...] = ()
    if isinstance(kind, Softphone):
        advice = linphone.OUTSIDE
    elif isinstance(kind, DeskPhone):
        advice = yealink.fixed_address(account, kind)
    return PhoneSheet(account.extension, kind, _plain(account), (*advice, *trust))


def _plain(account: PhoneAccount) -> list[SettingsPage]:
    """Return the settings that every SIP phone has, under their most common names."""
    words = {
        **account.words,
        "codecs": ", ".join(codec.upper() for codec in account.codecs),
        "encryption": "SRTP (SDES), required" if account.encrypted else "none",
    }
    return pages_of("plain", words)
