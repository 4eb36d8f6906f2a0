"""The sheets of a house: for each extension its device, in the words of its maker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import attrs

from asterconf.home.devices import device, phone_ports, protocol
from asterconf.home.features import BusyLamps, Intercom, VoicemailMenu
from asterconf.model import Extension, Secret
from asterconf.model.phones import DeskPhone, Linphone, Softphone, Yealink
from asterconf.provision import linphone, yealink
from asterconf.provision.sheets import Group, PhoneSheet, Row

if TYPE_CHECKING:
    from asterconf.home import HomePBX

__all__ = ["Line", "phone_sheets"]

_PLACE: Final = "ADDRESS-OF-THE-PBX"


@attrs.frozen(kw_only=True)
class Line:
    """What a device has to know about its place in the house."""

    extension: Extension
    server: str
    port: int
    protocol: str
    """`udp`, `tcp` or `tls`."""
    ports: tuple[int, int] | None
    """First and last port for sound; None: the device chooses."""
    voicemail: str
    """The number of the voicemail menu; empty: none."""
    lamps: tuple[tuple[str, str], ...]
    """Number and name of the other phones."""
    intercom: bool
    """Whether it may be spoken through."""
    outside: bool
    """Whether its sound may go past the PBX, so that its ports are forwarded."""

    @property
    def name(self) -> str:
        """What it is called."""
        return self.extension.callerid.name or self.extension.name

    @property
    def user(self) -> str:
        """The user name it registers as."""
        return self.extension.name

    @property
    def login(self) -> str:
        """The user name it proves itself with."""
        return self.extension.auth_user or self.extension.name

    @property
    def secret(self) -> Secret:
        """Its password."""
        return self.extension.secret or Secret("")

    @property
    def codecs(self) -> tuple[str, ...]:
        """The codecs it may use, best first."""
        return self.extension.codecs or ("g722", "ulaw")

    @property
    def encrypted(self) -> bool:
        """Whether its sound is encrypted."""
        return self.extension.media_encryption == "sdes"


def phone_sheets(pbx: HomePBX, *, server: str = "") -> tuple[PhoneSheet, ...]:
    """Return the sheet of each device of a house.

    `server` is the address under which the phones reach the PBX; by default the one it listens
    on, if it listens on one only.
    """
    return tuple(_sheet(line) for line in _lines(pbx, server))


def _lines(pbx: HomePBX, server: str) -> list[Line]:
    bind = pbx.network.bind.partition(":")[0]
    features: Mapping[type, Any] = {type(f): f for f in pbx.effective_features()}
    menu = features.get(VoicemailMenu)
    extensions = pbx.effective_extensions()
    ports = phone_ports(extensions, pbx.network)
    lines = []
    for extension in extensions:
        others = [e for e in extensions if e is not extension and e.number]
        how = protocol(extension)
        secure = pbx.network.tls.port if pbx.network.tls else 5061
        lines.append(
            Line(
                extension=extension,
                server=server or (_PLACE if bind in ("0.0.0.0", "[") else bind),  # noqa: S104
                port=secure if how == "tls" else 5060,
                protocol=how,
                ports=ports.get(extension.name),
                voicemail=menu.number if menu and extension.mailbox else "",
                lamps=tuple((str(e.number), e.callerid.name or e.name) for e in others)
                if BusyLamps in features
                else (),
                intercom=Intercom in features,
                outside=bool(extension.direct_media and pbx.network.external_address),
            )
        )
    return lines


def _sheet(line: Line) -> PhoneSheet:
    kind = device(line.extension)
    if isinstance(kind, Yealink):
        return PhoneSheet(
            line.extension,
            kind,
            yealink.groups(line, kind),
            yealink.advice(line, kind),
            lambda *, reveal: yealink.files(line, kind, reveal),
        )
    if isinstance(kind, Linphone):
        return PhoneSheet(
            line.extension,
            kind,
            linphone.groups(line),
            linphone.ADVICE,
            lambda *, reveal: linphone.files(line, reveal),
        )
    advice: tuple[str, ...] = ()
    if isinstance(kind, Softphone):
        advice = linphone.OUTSIDE
    elif isinstance(kind, DeskPhone):
        advice = yealink.fixed_address(line, kind)
    return PhoneSheet(line.extension, kind, _plain(line), advice)


def _plain(line: Line) -> tuple[Group, ...]:
    """Return the settings that every SIP phone has, under the names that most give them."""
    rows = [
        Row("Display name", line.name),
        Row("User name", line.user),
        Row("Authentication name", line.login),
        Row("Password", line.secret),
        Row("Server", line.server),
        Row("Port", str(line.port)),
        Row("Transport", line.protocol.upper()),
        Row("Codecs", ", ".join(codec.upper() for codec in line.codecs)),
        Row("Encryption of sound", "SRTP (SDES), required" if line.encrypted else "none"),
    ]
    if line.ports:
        rows.append(Row("Local RTP ports", f"{line.ports[0]} to {line.ports[1]}"))
    if line.voicemail:
        rows.append(Row("Voicemail number", line.voicemail))
    return (Group("Account", rows),)
