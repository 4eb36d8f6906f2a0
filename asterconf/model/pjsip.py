"""Objects of pjsip.conf and pjsip_wizard.conf: `Extension`, `Trunk`, `Transport`.

A field that is `None` is not set. Asterisk's own default then holds, which the docstrings of
`Extension` and `Trunk` name; a builder or an edit takes what a template or the phone proposes.
"""

from __future__ import annotations

import attrs
from attrs import field, frozen

from asterconf.diagnostic import Placed
from asterconf.errors import FieldError
from asterconf.model import checks as check
from asterconf.model.configobject import NamedSection
from asterconf.model.phones import Phone, phone
from asterconf.model.values import CallerID, Secret, Setting, callerid, secret, settings

_UINT = 4294967295
_ENCRYPTION = check.choice("no", "sdes", "dtls")
_DRIVER = check.choice("pjsip", "sip", "iax2")


def _number_of(extension: Extension) -> str | None:
    return extension.name if check.dialable(extension.name) else None


def _auth_user_of(extension: Extension) -> str | None:
    return extension.name


def _phone_kind(owner: object, attribute: check.Attribute, value: object) -> None:
    if value is not None and not isinstance(value, Phone):
        raise FieldError(
            owner, attribute.name, f"must be a phone of asterconf.phones, not {value!r}"
        )


def _variables(owner: object, attribute: check.Attribute, value: tuple[str, ...]) -> None:
    check.each_text(owner, attribute, value)
    for item in value:
        if "=" not in item:
            raise FieldError(owner, attribute.name, f"must be written NAME=value, not {item!r}")


@frozen
class Extension(Placed, check.Suggesting):
    """A phone: an endpoint that registers with Asterisk and can be called.

    In PJSIP it is one endpoint, aor and auth of the same name, written as three sections or as
    one section of pjsip_wizard.conf. Endpoint name, dialled number, auth user and caller-id
    number are four separate fields, even where all have the same value.
    """

    name: str = field(validator=check.one_word)
    """Name of the endpoint and of the address `PJSIP/name`; not empty."""
    number: str | None = field(
        default=attrs.Factory(_number_of, takes_self=True),
        validator=check.number_text,
        kw_only=True,
    )
    """The number that others dial to reach it. By default the name, if it can be dialled. None:
    no number."""
    callerid: CallerID = field(factory=CallerID, converter=callerid, kw_only=True)
    """The caller id of its internal calls; a text is parsed. Empty: the one the phone sends."""
    secret: Secret | None = field(default=None, converter=secret, kw_only=True)
    """The password it registers with. None: none is set, and its auth is not usable."""
    auth_user: str | None = field(
        default=attrs.Factory(_auth_user_of, takes_self=True),
        validator=check.optional_text,
        kw_only=True,
    )
    """The user name it registers with, by default the name. None: it need not authenticate."""
    context: str | None = field(default=None, validator=check.optional_text, kw_only=True)
    """Dialplan context in which its calls start. None: Asterisk takes `default`."""
    mailbox: str | None = field(default=None, validator=check.optional_text, kw_only=True)
    """The mailbox that its message lamp shows, such as `6000@default`; several separated by commas.
    Empty: none, and a builder adds none. None: not set, and no mailbox in Asterisk."""
    subscribed_mailbox: str | None = field(
        default=None, validator=check.optional_text, kw_only=True
    )
    """The mailbox whose state it may subscribe to (`mailboxes` of its aor). None or empty: none.

    The phone is notified of `mailbox` without a subscription. Use one of the two fields."""
    subscribe_context: str | None = field(default=None, validator=check.optional_text, kw_only=True)
    """Context of the hints it may subscribe to. None or empty: Asterisk takes `context`."""
    codecs: tuple[str, ...] | None = field(
        default=None, converter=check.optional_texts, validator=check.each_text, kw_only=True
    )
    """Codecs in order of preference, such as `('g722', 'ulaw')`; a text is split at commas.

    A leading `!all` is not part of it, because an endpoint has no codec at first. Where a file
    allows `all` except some, the words are as written: `('all', '!g729')`. None: no codec.
    """
    max_contacts: int | None = field(default=None, validator=check.whole(0, _UINT), kw_only=True)
    """How many devices may be registered at once. None: Asterisk takes 0, so none may."""
    remove_existing: bool | None = field(default=None, validator=check.flag, kw_only=True)
    """Whether a new registration beyond the limit drops the oldest. None: no, it is refused."""
    qualify_frequency: int | None = field(
        default=None, validator=check.whole(0, 86400), kw_only=True
    )
    """Seconds between two checks that it can be reached, 0 to 86400. 0 and None: never."""
    qualify_timeout: float | None = field(default=None, validator=check.seconds, kw_only=True)
    """Seconds to wait for the answer to a check, fractions allowed. None: 3.0."""
    direct_media: bool | None = field(default=None, validator=check.flag, kw_only=True)
    """Whether its media may bypass Asterisk. None: yes."""
    rtp_symmetric: bool | None = field(default=None, validator=check.flag, kw_only=True)
    """Whether media is sent to where its media comes from, for phones behind NAT. None: no."""
    rewrite_contact: bool | None = field(default=None, validator=check.flag, kw_only=True)
    """Whether the address it registers is replaced by the one it sends from. None: no."""
    transport: str | None = field(default=None, validator=check.optional_text, kw_only=True)
    """The transport section it must use. None or empty: the one it registered over."""
    media_encryption: str | None = field(default=None, validator=_ENCRYPTION, kw_only=True)
    """Encryption of its media: `no`, `sdes` or `dtls`. None: `no`."""
    set_var: tuple[str, ...] = field(
        default=(), converter=check.texts, validator=_variables, kw_only=True
    )
    """Channel variables of its calls, each `NAME=value`, in file order."""
    phone: Phone | None = field(default=None, converter=phone, validator=_phone_kind, kw_only=True)
    """The device; a text such as `'Yealink T54W'` is parsed. None: not known. Asterisk's files do
    not contain it."""
    extra: tuple[Setting, ...] = field(default=(), converter=settings, kw_only=True)
    """Every other option of its objects, by its name in a wizard section: `endpoint/dtmf_mode`."""
    technology: str = field(default="pjsip", validator=_DRIVER, kw_only=True)
    """The channel driver that has it: `pjsip`, `sip` or `iax2`; the others are read-only here."""
    in_force: bool = field(default=True, kw_only=True)
    """Whether the version of Asterisk that is meant reads it: 22 has no chan_sip."""

    __repr__ = check.brief_repr


@frozen
class Trunk(Placed, check.Suggesting):
    """A provider: a connection to the public telephone network.

    In PJSIP it is an endpoint (calls), an aor with the provider's address as its contact, an
    outbound auth (user and password), a registration per host that tells the provider Asterisk's
    address, and an identify that recognises the provider's calls by their address. All five may
    come from one section of pjsip_wizard.conf.
    """

    name: str = field(validator=check.one_word)
    """Name of the endpoint, as in `Dial(PJSIP/number@name)`; not empty."""
    remote_hosts: tuple[str, ...] = field(
        default=(), converter=check.texts, validator=check.each_text, kw_only=True
    )
    """The provider's servers, each `host` or `host:port`, in file order; a text is split."""
    username: str | None = field(default=None, validator=check.optional_text, kw_only=True)
    """User name of the account. None: no outbound auth."""
    secret: Secret | None = field(default=None, converter=secret, kw_only=True)
    """Password of the account."""
    context: str | None = field(default=None, validator=check.optional_text, kw_only=True)
    """Dialplan context of incoming calls. None: Asterisk takes `default`."""
    transport: str | None = field(default=None, validator=check.optional_text, kw_only=True)
    """The transport section it uses. None: any suitable one."""
    codecs: tuple[str, ...] | None = field(
        default=None, converter=check.optional_texts, validator=check.each_text, kw_only=True
    )
    """Codecs in order of preference, as in `Extension.codecs`. None: no codec."""
    sends_registrations: bool | None = field(default=None, validator=check.flag, kw_only=True)
    """Whether Asterisk registers with the provider. None: no."""
    sends_auth: bool | None = field(default=None, validator=check.flag, kw_only=True)
    """Whether Asterisk authenticates to the provider with user name and password. None: no."""
    contact_user: str | None = field(default=None, validator=check.optional_text, kw_only=True)
    """The number that the provider is to call, sent with registrations. None or empty: `s`."""
    match: tuple[str, ...] | None = field(
        default=None, converter=check.optional_texts, validator=check.each_text, kw_only=True
    )
    """Addresses that the provider calls from, each with an optional mask. None: `remote_hosts`,
    whose names are looked up once, when Asterisk loads."""
    qualify_frequency: int | None = field(
        default=None, validator=check.whole(0, 86400), kw_only=True
    )
    """Seconds between two checks that the provider can be reached, 0 to 86400. 0, None: never."""
    rtp_symmetric: bool | None = field(default=None, validator=check.flag, kw_only=True)
    """Whether media is sent to the address the provider's media comes from. None: no."""
    rewrite_contact: bool | None = field(default=None, validator=check.flag, kw_only=True)
    """Whether the contact of a request is replaced by the address it came from. None: no."""
    send_rpid: bool | None = field(default=None, validator=check.flag, kw_only=True)
    """Whether the caller id is also sent as Remote-Party-ID. None: no."""
    direct_media: bool | None = field(default=None, validator=check.flag, kw_only=True)
    """Whether media may flow between provider and phone directly. None: yes."""
    media_encryption: str | None = field(default=None, validator=_ENCRYPTION, kw_only=True)
    """Encryption of media: `no`, `sdes` or `dtls`. None: `no`."""
    max_retries: int | None = field(default=None, validator=check.whole(0, _UINT), kw_only=True)
    """How often a failed registration is retried, up to 4294967295, which means forever. None:
    10."""
    auth_rejection_permanent: bool | None = field(default=None, validator=check.flag, kw_only=True)
    """Whether registration stops for good when the password is rejected. None: yes."""
    from_user: str | None = field(default=None, validator=check.optional_text, kw_only=True)
    """User part of From in outgoing calls. None or empty: the caller-id number."""
    from_domain: str | None = field(default=None, validator=check.optional_text, kw_only=True)
    """Host part of From in outgoing calls. None or empty: Asterisk's address."""
    outbound_proxy: str | None = field(default=None, validator=check.optional_text, kw_only=True)
    """SIP URI of a proxy for all requests to the provider. None or empty: no proxy."""
    extra: tuple[Setting, ...] = field(default=(), converter=settings, kw_only=True)
    """Every other option of its objects, by its name in a wizard section: `endpoint/dtmf_mode`."""
    technology: str = field(default="pjsip", validator=_DRIVER, kw_only=True)
    """The channel driver that has it: `pjsip`, `sip` or `iax2`; the others are read-only here."""
    in_force: bool = field(default=True, kw_only=True)
    """Whether the version of Asterisk that is meant reads it: 22 has no chan_sip."""

    __repr__ = check.brief_repr


@frozen(repr=False)
class Transport(NamedSection, file="pjsip.conf", kind="transport"):
    """A socket for SIP."""

    protocol: str = field(default="udp", kw_only=True)
    """`udp`, `tcp`, `tls`, `ws`, `wss` or `flow`."""
    bind: str = field(default="", kw_only=True)
    """Address to listen on, with `:port` unless it is the default port. None: not set."""
    local_net: tuple[str, ...] = field(default=(), converter=check.texts, kw_only=True)
    """Networks that are reached without NAT, each `address/mask`, in file order."""
    external_media_address: str = field(default="", kw_only=True)
    """Public address that is announced for media. None or empty: its own address."""
    external_signaling_address: str = field(default="", kw_only=True)
    """Public address that is announced for SIP. None or empty: its own address."""
    external_signaling_port: int = field(default=0, kw_only=True)
    """Public port that is announced for SIP. 0 and None: its own port."""
    allow_reload: bool = field(default=False, kw_only=True)
    allow_wildcard_certs: bool = field(default=False, kw_only=True)
    async_operations: int = field(default=1, kw_only=True)
    ca_list_file: str = field(default="", kw_only=True)
    ca_list_path: str = field(default="", kw_only=True)
    cert_file: str = field(default="", kw_only=True)
    cipher: tuple[str, ...] = field(default=(), kw_only=True)
    cos: int = field(default=0, kw_only=True)
    domain: str = field(default="", kw_only=True)
    method: str = field(default="default", kw_only=True)
    password: Secret | None = field(default=None, kw_only=True)
    priv_key_file: str = field(default="", kw_only=True)
    require_client_cert: bool = field(default=False, kw_only=True)
    symmetric_transport: bool = field(default=False, kw_only=True)
    tcp_keepalive_enable: bool = field(default=False, kw_only=True)
    tcp_keepalive_idle_time: int = field(default=30, kw_only=True)
    tcp_keepalive_interval_time: int = field(default=1, kw_only=True)
    tcp_keepalive_probe_count: int = field(default=5, kw_only=True)
    tos: int = field(default=0, kw_only=True)
    verify_client: bool = field(default=False, kw_only=True)
    verify_server: bool = field(default=False, kw_only=True)
    websocket_write_timeout: int = field(default=100, kw_only=True)
    unknown: tuple[Setting, ...] = field(default=(), converter=settings, kw_only=True)
