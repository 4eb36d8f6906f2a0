"""What stands beside endpoints in pjsip.conf: one class a type of section."""

from __future__ import annotations

from typing import ClassVar

from attrs import field, frozen

from asterconf.model import checks as check
from asterconf.model.schemaobject import SchemaObject
from asterconf.model.values import Secret, Setting, settings

__all__ = ["Acl", "Aor", "Auth", "Global", "Identify", "Registration", "System", "Transport"]


@frozen(repr=False)
class Aor(SchemaObject):
    """An address of record: where an endpoint is reached, by registration or at fixed contacts."""

    file: ClassVar[str] = "pjsip.conf"
    kind: ClassVar[str] = "aor"

    name: str = field(validator=check.one_word)
    """Name of the section; not empty."""
    contact: tuple[str, ...] | None = field(default=None, kw_only=True)
    max_contacts: int | None = field(default=None, kw_only=True)
    remove_existing: bool | None = field(default=None, kw_only=True)
    qualify_frequency: int | None = field(default=None, kw_only=True)
    qualify_timeout: float | None = field(default=None, kw_only=True)
    mailboxes: tuple[str, ...] | None = field(default=None, kw_only=True)
    authenticate_qualify: bool | None = field(default=None, kw_only=True)
    default_expiration: int | None = field(default=None, kw_only=True)
    maximum_expiration: int | None = field(default=None, kw_only=True)
    minimum_expiration: int | None = field(default=None, kw_only=True)
    outbound_proxy: str | None = field(default=None, kw_only=True)
    qualify_2xx_only: bool | None = field(default=None, kw_only=True)
    remove_unavailable: bool | None = field(default=None, kw_only=True)
    support_path: bool | None = field(default=None, kw_only=True)
    voicemail_extension: str | None = field(default=None, kw_only=True)
    unknown: tuple[Setting, ...] = field(default=(), converter=settings, kw_only=True)

    __repr__ = check.brief_repr


@frozen(repr=False)
class Auth(SchemaObject):
    """A user name and its password: to be asked for, or to be given when asked."""

    file: ClassVar[str] = "pjsip.conf"
    kind: ClassVar[str] = "auth"

    name: str = field(validator=check.one_word)
    """Name of the section; not empty."""
    auth_type: str | None = field(default=None, kw_only=True)
    username: str | None = field(default=None, kw_only=True)
    password: Secret | None = field(default=None, kw_only=True)
    md5_cred: tuple[Secret, ...] | None = field(default=None, kw_only=True)
    nonce_lifetime: int | None = field(default=None, kw_only=True)
    oauth_clientid: str | None = field(default=None, kw_only=True)
    oauth_secret: Secret | None = field(default=None, kw_only=True)
    password_digest: tuple[Secret, ...] | None = field(default=None, kw_only=True)
    realm: str | None = field(default=None, kw_only=True)
    refresh_token: Secret | None = field(default=None, kw_only=True)
    supported_algorithms_uac: tuple[str, ...] | None = field(default=None, kw_only=True)
    supported_algorithms_uas: tuple[str, ...] | None = field(default=None, kw_only=True)
    unknown: tuple[Setting, ...] = field(default=(), converter=settings, kw_only=True)

    __repr__ = check.brief_repr


@frozen(repr=False)
class Registration(SchemaObject):
    """What we tell a provider about where we are, again and again."""

    file: ClassVar[str] = "pjsip.conf"
    kind: ClassVar[str] = "registration"

    name: str = field(validator=check.one_word)
    """Name of the section; not empty."""
    server_uri: str | None = field(default=None, kw_only=True)
    client_uri: str | None = field(default=None, kw_only=True)
    contact_user: str | None = field(default=None, kw_only=True)
    outbound_auth: tuple[str, ...] | None = field(default=None, kw_only=True)
    transport: str | None = field(default=None, kw_only=True)
    auth_rejection_permanent: bool | None = field(default=None, kw_only=True)
    contact_header_params: str | None = field(default=None, kw_only=True)
    endpoint: str | None = field(default=None, kw_only=True)
    expiration: int | None = field(default=None, kw_only=True)
    fatal_retry_interval: int | None = field(default=None, kw_only=True)
    forbidden_retry_interval: int | None = field(default=None, kw_only=True)
    line: bool | None = field(default=None, kw_only=True)
    max_random_initial_delay: int | None = field(default=None, kw_only=True)
    max_retries: int | None = field(default=None, kw_only=True)
    outbound_proxy: str | None = field(default=None, kw_only=True)
    retry_interval: int | None = field(default=None, kw_only=True)
    security_mechanisms: tuple[str, ...] | None = field(default=None, kw_only=True)
    security_negotiation: str | None = field(default=None, kw_only=True)
    support_outbound: bool | None = field(default=None, kw_only=True)
    support_path: bool | None = field(default=None, kw_only=True)
    user_agent: str | None = field(default=None, kw_only=True)
    unknown: tuple[Setting, ...] = field(default=(), converter=settings, kw_only=True)

    __repr__ = check.brief_repr


@frozen(repr=False)
class Identify(SchemaObject):
    """How calls of an endpoint are known: by the address they come from, or by a header."""

    file: ClassVar[str] = "pjsip.conf"
    kind: ClassVar[str] = "identify"

    name: str = field(validator=check.one_word)
    """Name of the section; not empty."""
    endpoint: str | None = field(default=None, kw_only=True)
    match: tuple[str, ...] | None = field(default=None, kw_only=True)
    match_header: str | None = field(default=None, kw_only=True)
    match_request_uri: str | None = field(default=None, kw_only=True)
    srv_lookups: bool | None = field(default=None, kw_only=True)
    unknown: tuple[Setting, ...] = field(default=(), converter=settings, kw_only=True)

    __repr__ = check.brief_repr


@frozen(repr=False)
class Transport(SchemaObject):
    """A socket that SIP is spoken on."""

    file: ClassVar[str] = "pjsip.conf"
    kind: ClassVar[str] = "transport"

    name: str = field(validator=check.one_word)
    """Name of the section; not empty."""
    protocol: str = field(default="udp", kw_only=True)
    """`udp`, `tcp`, `tls`, `ws`, `wss` or `flow`."""
    bind: str | None = field(default=None, kw_only=True)
    """Own address to listen on, with `:port` if it is not the usual one. None: not said."""
    local_net: tuple[str, ...] = field(default=(), converter=check.texts, kw_only=True)
    """Networks that are not behind NAT as seen from here, `address/mask`, in file order."""
    external_media_address: str | None = field(default=None, kw_only=True)
    """Public address told to the others for sound. None or empty: the own one."""
    external_signaling_address: str | None = field(default=None, kw_only=True)
    """Public address told to the others for SIP. None or empty: the own one."""
    external_signaling_port: int | None = field(default=None, kw_only=True)
    """Public port told to the others for SIP. 0 and None: the own one."""
    allow_reload: bool | None = field(default=None, kw_only=True)
    allow_wildcard_certs: bool | None = field(default=None, kw_only=True)
    async_operations: int | None = field(default=None, kw_only=True)
    ca_list_file: str | None = field(default=None, kw_only=True)
    ca_list_path: str | None = field(default=None, kw_only=True)
    cert_file: str | None = field(default=None, kw_only=True)
    cipher: tuple[str, ...] | None = field(default=None, kw_only=True)
    cos: int | None = field(default=None, kw_only=True)
    domain: str | None = field(default=None, kw_only=True)
    method: str | None = field(default=None, kw_only=True)
    password: Secret | None = field(default=None, kw_only=True)
    priv_key_file: str | None = field(default=None, kw_only=True)
    require_client_cert: bool | None = field(default=None, kw_only=True)
    symmetric_transport: bool | None = field(default=None, kw_only=True)
    tcp_keepalive_enable: bool | None = field(default=None, kw_only=True)
    tcp_keepalive_idle_time: int | None = field(default=None, kw_only=True)
    tcp_keepalive_interval_time: int | None = field(default=None, kw_only=True)
    tcp_keepalive_probe_count: int | None = field(default=None, kw_only=True)
    tos: int | None = field(default=None, kw_only=True)
    verify_client: bool | None = field(default=None, kw_only=True)
    verify_server: bool | None = field(default=None, kw_only=True)
    websocket_write_timeout: int | None = field(default=None, kw_only=True)
    unknown: tuple[Setting, ...] = field(default=(), converter=settings, kw_only=True)

    __repr__ = check.brief_repr


@frozen(repr=False)
class Acl(SchemaObject):
    """Which addresses SIP traffic is taken from at all.

    `rules` are its `permit` and `deny` lines, `contact_rules` those for registered contacts.
    """

    file: ClassVar[str] = "pjsip.conf"
    kind: ClassVar[str] = "acl"

    name: str = field(validator=check.one_word)
    """Name of the section; not empty."""
    rules: tuple[Setting, ...] | None = field(default=None, kw_only=True)
    acl: tuple[str, ...] | None = field(default=None, kw_only=True)
    contact_acl: tuple[str, ...] | None = field(default=None, kw_only=True)
    contact_rules: tuple[Setting, ...] | None = field(default=None, kw_only=True)
    unknown: tuple[Setting, ...] = field(default=(), converter=settings, kw_only=True)

    __repr__ = check.brief_repr


@frozen(repr=False)
class Global(SchemaObject):
    """What holds for all of PJSIP."""

    file: ClassVar[str] = "pjsip.conf"
    kind: ClassVar[str] = "global"

    name: str = field(validator=check.one_word)
    """Name of the section; not empty."""
    all_codecs_on_empty_reinvite: bool | None = field(default=None, kw_only=True)
    allow_sending_180_after_183: bool | None = field(default=None, kw_only=True)
    contact_expiration_check_interval: int | None = field(default=None, kw_only=True)
    debug: str | None = field(default=None, kw_only=True)
    default_auth_algorithms_uac: tuple[str, ...] | None = field(default=None, kw_only=True)
    default_auth_algorithms_uas: tuple[str, ...] | None = field(default=None, kw_only=True)
    default_from_user: str | None = field(default=None, kw_only=True)
    default_outbound_endpoint: str | None = field(default=None, kw_only=True)
    default_realm: str | None = field(default=None, kw_only=True)
    default_voicemail_extension: str | None = field(default=None, kw_only=True)
    disable_multi_domain: bool | None = field(default=None, kw_only=True)
    endpoint_identifier_order: tuple[str, ...] | None = field(default=None, kw_only=True)
    ignore_uri_user_options: bool | None = field(default=None, kw_only=True)
    keep_alive_interval: int | None = field(default=None, kw_only=True)
    max_forwards: int | None = field(default=None, kw_only=True)
    max_initial_qualify_time: int | None = field(default=None, kw_only=True)
    mwi_disable_initial_unsolicited: bool | None = field(default=None, kw_only=True)
    mwi_tps_queue_high: int | None = field(default=None, kw_only=True)
    mwi_tps_queue_low: int | None = field(default=None, kw_only=True)
    norefersub: bool | None = field(default=None, kw_only=True)
    regcontext: str | None = field(default=None, kw_only=True)
    send_contact_status_on_update_registration: bool | None = field(default=None, kw_only=True)
    taskprocessor_overload_trigger: str | None = field(default=None, kw_only=True)
    unidentified_request_count: int | None = field(default=None, kw_only=True)
    unidentified_request_period: int | None = field(default=None, kw_only=True)
    unidentified_request_prune_interval: int | None = field(default=None, kw_only=True)
    use_callerid_contact: bool | None = field(default=None, kw_only=True)
    user_agent: str | None = field(default=None, kw_only=True)
    unknown: tuple[Setting, ...] = field(default=(), converter=settings, kw_only=True)

    __repr__ = check.brief_repr


@frozen(repr=False)
class System(SchemaObject):
    """Timers and threads of PJSIP; a change takes a restart."""

    file: ClassVar[str] = "pjsip.conf"
    kind: ClassVar[str] = "system"

    name: str = field(validator=check.one_word)
    """Name of the section; not empty."""
    accept_multiple_sdp_answers: bool | None = field(default=None, kw_only=True)
    compact_headers: bool | None = field(default=None, kw_only=True)
    disable_rport: bool | None = field(default=None, kw_only=True)
    disable_tcp_switch: bool | None = field(default=None, kw_only=True)
    follow_early_media_fork: bool | None = field(default=None, kw_only=True)
    taskpool_auto_increment: int | None = field(default=None, kw_only=True)
    taskpool_idle_timeout: int | None = field(default=None, kw_only=True)
    taskpool_initial_size: int | None = field(default=None, kw_only=True)
    taskpool_max_size: int | None = field(default=None, kw_only=True)
    taskpool_minimum_size: int | None = field(default=None, kw_only=True)
    threadpool_auto_increment: int | None = field(default=None, kw_only=True)
    threadpool_idle_timeout: int | None = field(default=None, kw_only=True)
    threadpool_initial_size: int | None = field(default=None, kw_only=True)
    threadpool_max_size: int | None = field(default=None, kw_only=True)
    timer_b: int | None = field(default=None, kw_only=True)
    timer_t1: int | None = field(default=None, kw_only=True)
    unknown: tuple[Setting, ...] = field(default=(), converter=settings, kw_only=True)

    __repr__ = check.brief_repr
