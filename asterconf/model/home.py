"""A home PBX as a value: its network, its voicemail, and what stands around it."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterable, Iterator
from typing import Final

import attrs

from asterconf.errors import FieldError
from asterconf.model import checks as check
from asterconf.model.phones import DeskPhone, Phone
from asterconf.model.pjsip import Extension, Trunk

PRIVATE_NETWORKS = ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
_PORTS_EACH = 20
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?\Z")
_LOCALE = re.compile(r"[A-Za-z0-9_.@-]*\Z")
_MAIL = re.compile(r"[^@\s,;<>\"]+@[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?\Z")
_ZONE = re.compile(r"[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*\Z")


def _two_ports(owner: object, attribute: attrs.Attribute[tuple[int, int]], value: object) -> None:
    if not isinstance(value, tuple) or len(value) != 2 or not all(type(n) is int for n in value):
        raise FieldError(owner, attribute.name, f"must be two port numbers, not {value!r}")


def _optional_file(owner: object, attribute: attrs.Attribute[str], value: str) -> None:
    check.text(owner, attribute, value)
    if value and not value.startswith("/"):
        raise FieldError(owner, attribute.name, f"must be a whole path, not {value!r}")


def _file(owner: object, attribute: attrs.Attribute[str], value: str) -> None:
    _optional_file(owner, attribute, value)
    if not value:
        raise FieldError(owner, attribute.name, "must be a whole path, such as /etc/asterisk/x.pem")


@attrs.frozen(kw_only=True)
class Tls(check.Suggesting):
    """SIP over TLS, 1.2 and 1.3: the transport `transport-tls`."""

    certificate: str = attrs.field(default="/etc/asterisk/keys/asterisk.crt", validator=_file)
    """File of the PBX's own certificate, those that vouch for it behind it."""
    key: str = attrs.field(default="/etc/asterisk/keys/asterisk.key", validator=_file)
    """File of its key, which only Asterisk may read."""
    authorities: str = attrs.field(default="", validator=_optional_file)
    """File of the authorities that a provider's certificate is checked against. Empty: it is not
    checked, and anybody in between could be the provider."""
    port: int = attrs.field(default=5061, validator=check.whole(1, 65535))
    """Port it listens on."""

    __repr__ = check.brief_repr


@attrs.frozen(kw_only=True)
class Network(check.Suggesting):
    """Where the PBX stands in the network."""

    external_address: str | None = attrs.field(default=None, validator=check.optional_text)
    """The public address, or a name for it where it changes (dynamic DNS); Asterisk then looks
    the name up every `refresh_seconds`. None: there is none, or no NAT in between."""
    refresh_seconds: int = attrs.field(default=300, validator=check.whole(10, 86400))
    """How often a name in `external_address` is looked up, in seconds, 10 to 86400."""
    rtp_ports: tuple[int, int] = attrs.field(
        default=(20000, 20999), converter=tuple[int, ...], validator=_two_ports
    )
    """First and last UDP port for sound, 1024 to 65535; the router forwards them to the PBX."""
    local_networks: tuple[str, ...] = attrs.field(
        default=PRIVATE_NETWORKS, converter=check.texts, validator=check.each_text
    )
    """Networks that are reached without NAT, each `address/mask`."""
    phone_ports: int = attrs.field(default=12000, validator=check.whole(1024, 65000))
    """First UDP port for sound of the desk phones that name none: each gets twenty, in order."""
    bind: str = attrs.field(default="0.0.0.0", validator=check.one_word)  # noqa: S104
    """Own address to listen on, perhaps with a port (`192.168.1.5:5160`); `0.0.0.0`: all."""
    tls: Tls | None = None
    """SIP over TLS as well, for the phones and providers that say `transport-tls`. None: not."""
    qos: bool = attrs.field(default=True, validator=check.flag)
    """Whether packets are marked for routers that let telephony pass first: SIP as CS3, sound as
    EF."""

    __repr__ = check.brief_repr

    @property
    def is_dynamic(self) -> bool:
        """Whether the public address may change, so that a name stands for it."""
        return self.external_address is not None and not is_address(self.external_address)

    @property
    def host(self) -> str:
        """The address that SIP listens on, without port and brackets."""
        return _split_bind(self.bind)[0]

    @property
    def sip_port(self) -> int:
        """The port of SIP over UDP and TCP."""
        return _split_bind(self.bind)[1]

    @property
    def transports(self) -> tuple[str, ...]:
        """Names of the transports that are built."""
        secure = ("transport-tls",) if self.tls else ()
        return ("transport-udp", "transport-tcp", *secure)

    def faults(self) -> Iterator[tuple[str, str]]:
        """Yield what cannot be built: the field's path and the problem."""
        low, high = self.rtp_ports
        if low >= high:
            yield "rtp_ports", f"the first port, {low}, must be below the last, {high}"
        elif low < 1024 or high > 65535:
            yield "rtp_ports", f"the ports must lie from 1024 to 65535, not {low} to {high}"
        address = self.external_address
        is_host = _HOST.match(address or "") and not is_half_address(address or "")
        if address is not None and not is_host and not is_address(address):
            yield "external_address", f"must be an address or a host's name, not {address!r}"
        for index, network in enumerate(self.local_networks):
            problem = _network_problem(network)
            if problem:
                yield f"local_networks[{index}]", problem
        sip = self.sip_port
        if not is_address(self.host) or not 1 <= sip <= 65535:
            yield "bind", f"must be an address of this machine, not {self.bind!r}"
        if low <= sip <= high:
            yield "rtp_ports", f"{low} to {high} include {sip}, the port of SIP (bind)"
        if self.tls and self.tls.port == sip:
            yield "tls.port", f"{sip} is the port of SIP without TLS (bind) already"


def _split_bind(text: str) -> tuple[str, int]:
    """Return address and port of `192.0.2.1`, `192.0.2.1:5060`, `::1` or `[::1]:5060`; 0: bad."""
    if text.count(":") > 1 and not text.startswith("["):
        return text, 5060
    host, mark, port = text.rpartition(":") if not text.endswith("]") else (text, "", "")
    if not mark:
        return text.strip("[]"), 5060
    return host.strip("[]"), int(port) if port.isdecimal() else 0


def is_half_address(text: str) -> bool:
    """Tell whether a text has digits and dots only, and is no address: no host is called so."""
    if not re.fullmatch("[0-9.]+", text):
        return False
    try:
        socket.inet_aton(text)  # `10.1` is an address, to Asterisk too
    except OSError:
        return True
    return False


def is_address(text: str) -> bool:
    """Tell whether a text is an IP address, not a name."""
    try:
        ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return False
    return True


def _network_problem(text: str) -> str | None:
    """Return what keeps a text from being a local network."""
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return f"must be address/mask, not {text!r}"
    every = f"{text} is every address: local is what is reached without NAT, and may register"
    return every if network.prefixlen == 0 else None


def is_time_zone(text: str) -> bool:
    """Tell whether this machine knows a time zone; without its tables, whether it may be one."""
    from zoneinfo import available_timezones

    known = available_timezones()
    return text in known if known else _ZONE.match(text) is not None


def is_mail_address(text: str) -> bool:
    """Tell whether a text has the form of an e-mail address."""
    return text.isprintable() and _MAIL.match(text) is not None


@attrs.frozen(kw_only=True)
class Voicemail(check.Suggesting):
    """What holds for all voicemail boxes of a home PBX.

    In voicemail.conf that is the section `[general]`: `asterconf.voicemail.VoicemailSettings`.
    """

    from_address: str = attrs.field(
        default="asterisk-noreply@example.com", validator=check.one_word
    )
    """Sender of the mails about new messages."""
    subject: str = attrs.field(
        default="New message ${VM_MSGNUM} in box ${VM_MAILBOX}", validator=check.text
    )
    """Subject of these mails; voicemail.conf of Asterisk tells what `${VM_…}` there is."""
    body: str = attrs.field(
        default="Hello ${VM_NAME},\\n\\nthere is a new message for box ${VM_MAILBOX}.\\n\\n"
        "From: ${VM_CALLERID}\\nWhen: ${VM_DATE}\\nLength: ${VM_DUR}\\nMessage: ${VM_MSGNUM}",
        validator=check.text,
    )
    """Their text, lines ended by a backslash and n."""
    date_format: str | None = attrs.field(default=None, validator=check.optional_text)
    """How `${VM_DATE}` is written, as strftime has it. None: as in the owner's country."""
    time_zone: str | None = attrs.field(default=None, validator=check.optional_text)
    """Time zone of the time of a message. None: the one of the owner's country."""
    locale: str | None = attrs.field(default=None, validator=check.optional_text)
    """Locale of dates in mails; empty: the machine's. None: the one of the owner's country."""
    max_messages: int = attrs.field(default=100, validator=check.whole(1, 9999))
    """How many messages a box holds, 1 to 9999."""
    max_seconds: int = attrs.field(default=300, validator=check.whole(1))
    """Longest message, in seconds."""

    __repr__ = check.brief_repr

    def faults(self) -> Iterator[tuple[str, str]]:
        """Yield what cannot be built: the field's path and the problem."""
        if self.time_zone is not None and not is_time_zone(self.time_zone):
            yield "time_zone", f"must be a zone such as America/New_York, not {self.time_zone!r}"
        if not is_mail_address(self.from_address):
            yield "from_address", f"must be an e-mail address, not {self.from_address!r}"
        if not _LOCALE.match(self.locale or ""):
            yield "locale", f"must be a locale such as en_US.UTF-8, not {self.locale!r}"


# -- phones as devices ------------------------------------------------------------------------


def device(extension: Extension) -> Phone:
    """Return the device of an extension; one without a `phone` is a desk phone."""
    return extension.phone or DeskPhone()


def protocol(extension: Extension) -> str:
    """Return how a device reaches Asterisk: `udp`, `tcp` or `tls`."""
    if extension.transport:
        return extension.transport.removeprefix("transport-")
    return device(extension).defaults.protocol


def phone_ports(extensions: Iterable[Extension], network: Network) -> dict[str, tuple[int, int]]:
    """Return first and last RTP port of each desk phone, by the name of its extension.

    A phone that names its own has these; the others get twenty each, in order.
    """
    found = {}
    desks = [e for e in extensions if isinstance(device(e), DeskPhone)]
    for index, extension in enumerate(desks):
        low = network.phone_ports + index * _PORTS_EACH
        found[extension.name] = device(extension).rtp_ports or (low, low + _PORTS_EACH - 1)
    return found


@attrs.frozen(kw_only=True)
class Country(check.Suggesting):
    """What differs from the usual settings of the owner's country."""

    language: str | None = attrs.field(default=None, validator=check.optional_text)
    """Folder of the prompts in `sounds/`, such as `en`. None: the country's language."""
    tones: str | None = attrs.field(default=None, validator=check.optional_text)
    """Country whose tones are heard, such as `GB`. None: the owner's."""
    codecs: tuple[str, ...] | None = attrs.field(
        default=None, converter=check.optional_texts, validator=check.each_text
    )
    """Codecs of calls to the outside, best first. None: A-law, in North America and Japan
    mu-law."""

    __repr__ = check.brief_repr


_DAYS: Final = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_MONTHS: Final = (
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
)  # fmt: skip
_TIME: Final = r"(?:[01]?[0-9]|2[0-3]):[0-5][0-9]"
TIME_FIELDS: Final = (
    _TIME,
    "|".join(_DAYS),
    r"(?:0?[1-9]|[12][0-9]|3[01])",
    "|".join(_MONTHS),
)
"""What the four fields of a time are made of, each also as a range `a-b`, several with `&`."""


def whole_times(value: str | Iterable[str]) -> tuple[str, ...]:
    """Return times as a tuple; one text is one time, with its commas."""
    return (value,) if isinstance(value, str) else tuple(value)


check.resolve_annotations(whole_times)


def are_times(owner: object, attribute: attrs.Attribute[tuple[str, ...]], value: object) -> None:
    """Check for a tuple of `times,weekdays,days,months`."""
    check.each_text(owner, attribute, value)
    for item in value if isinstance(value, tuple) else ():
        fields = str(item).split(",")
        if len(fields) > len(TIME_FIELDS) or not all(map(_is_field, fields, TIME_FIELDS)):
            raise FieldError(
                owner,
                attribute.name,
                f"must be times,weekdays,days,months such as 9:00-17:00,mon-fri, not {item!r}",
            )


def _is_field(text: str, one: str) -> bool:
    item = f"(?:{one})(?:-(?:{one}))?"
    return text in ("", "*") or re.fullmatch(f"{item}(?:&{item})*", text) is not None


def _full_number(owner: object, attribute: attrs.Attribute[str], value: str) -> None:
    if not re.fullmatch(r"\+[1-9][0-9]{6,14}", str(value)):
        problem = f"must be a number with + and country code, not {value!r}"
        raise FieldError(owner, attribute.name, problem)


@attrs.frozen
class PublicNumber(check.Suggesting):
    """A further public number: who answers it, and who calls from it."""

    number: str = attrs.field(validator=_full_number)
    """The number, with `+` and country code."""
    to: str = attrs.field(default="home", validator=check.one_word, kw_only=True)
    """Who answers: a phone's name or number, a queue, a mailbox (`6000@default`), `menu`, `hours`
    for the plan of `[[hours]]`, or `home` for all phones."""
    name: str = attrs.field(default="", validator=check.text, kw_only=True)
    """The name shown to those who are called. Empty: the owner's."""
    phones: tuple[str, ...] = attrs.field(
        default=(), converter=check.texts, validator=check.each_text, kw_only=True
    )
    """Names of the extensions that call from this number."""
    trunk: str = attrs.field(default="", validator=check.text, kw_only=True)
    """The trunk that these phones use first. Without `phones`: the trunk whose calls come from
    this number."""
    ring_seconds: int = attrs.field(default=25, validator=check.whole(1), kw_only=True)
    """How long a phone or queue rings."""


@attrs.frozen
class Hours(check.Suggesting):
    """Times at which calls from outside go somewhere; the first that fit count."""

    times: tuple[str, ...] = attrs.field(converter=whole_times, validator=are_times)
    """When, each `times,weekdays,days,months`, such as `9:00-12:30,mon-fri` or `*,*,24-26,dec`."""
    to: str = attrs.field(default="home", validator=check.one_word, kw_only=True)
    """Who answers then: as `PublicNumber.to`, or a public number that calls are forwarded to."""
    greeting: str = attrs.field(default="", validator=check.text, kw_only=True)
    """A sound that is played before, without suffix. Empty: none."""
    ring_seconds: int = attrs.field(default=25, validator=check.whole(1), kw_only=True)
    """How long a phone or queue rings."""


@attrs.frozen(kw_only=True)
class Installation:
    """What a home PBX is to its phones, its router and whoever runs it.

    Extensions and trunks are complete: every default is filled in.
    """

    network: Network
    trunks: tuple[Trunk, ...] = ()
    extensions: tuple[Extension, ...] = ()
    voicemail_number: str = ""
    """The number of the voicemail menu; empty: there is none."""
    has_lamps: bool = False
    """Whether phones may watch each other."""
    has_intercom: bool = False
    """Whether all phones can be spoken through at once."""
    files: tuple[str, ...] = ()
    """Names of the files that are built."""
    trials: tuple[tuple[str, str], ...] = ()
    """Numbers to dial when it runs, each with what it should do."""
    languages: tuple[str, ...] = ("en",)
    """Languages of the prompts, as the names of their folders; the first is the usual one."""
    recordings: tuple[tuple[str, str], ...] = ()
    """Sounds that have to be recorded, each with a text to speak."""

    @property
    def phones_outside(self) -> bool:
        """Whether RTP between a phone and a provider may bypass the PBX."""
        outside = any(trunk.direct_media for trunk in self.trunks)
        return outside and self.network.external_address is not None
