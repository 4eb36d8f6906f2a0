"""The other types of section of pjsip.conf, from `Endpoint` to `System`."""

from __future__ import annotations

from attrs import field, frozen

from asterconf.model.configobject import NamedSection
from asterconf.model.values import CallerID, Secret, Setting, settings


@frozen(repr=False)
class Endpoint(NamedSection, file="pjsip.conf", kind="endpoint"):
    """A party that calls come from and go to: one section of type `endpoint` in pjsip.conf.

    Its aors have the addresses of its devices, its auths their user names and passwords.
    """

    transport: str = field(default="", kw_only=True)
    context: str = field(default="default", kw_only=True)
    allow: tuple[str, ...] = field(default=(), kw_only=True)
    aors: tuple[str, ...] = field(default=(), kw_only=True)
    auth: tuple[str, ...] = field(default=(), kw_only=True)
    outbound_auth: tuple[str, ...] = field(default=(), kw_only=True)
    outbound_proxy: str = field(default="", kw_only=True)
    callerid: CallerID | None = field(default=None, kw_only=True)
    from_user: str = field(default="", kw_only=True)
    from_domain: str = field(default="", kw_only=True)
    mailboxes: tuple[str, ...] = field(default=(), kw_only=True)
    subscribe_context: str = field(default="", kw_only=True)
    direct_media: bool = field(default=True, kw_only=True)
    rtp_symmetric: bool = field(default=False, kw_only=True)
    force_rport: bool = field(default=True, kw_only=True)
    rewrite_contact: bool = field(default=False, kw_only=True)
    dtmf_mode: str = field(default="rfc4733", kw_only=True)
    media_encryption: str = field(default="no", kw_only=True)
    set_var: tuple[str, ...] = field(default="", kw_only=True)
    rel100: str = field(default="yes", kw_only=True)
    accept_multiple_sdp_answers: bool = field(default=False, kw_only=True)
    accountcode: str = field(default="", kw_only=True)
    acl: tuple[str, ...] = field(default=(), kw_only=True)
    aggregate_mwi: bool = field(default=True, kw_only=True)
    allow_overlap: bool = field(default=True, kw_only=True)
    allow_subscribe: bool = field(default=True, kw_only=True)
    allow_transfer: bool = field(default=True, kw_only=True)
    allow_unauthenticated_options: bool = field(default=False, kw_only=True)
    asymmetric_rtp_codec: bool = field(default=False, kw_only=True)
    bind_rtp_to_media_address: bool = field(default=False, kw_only=True)
    bundle: bool = field(default=False, kw_only=True)
    call_group: tuple[int, ...] = field(default=(), kw_only=True)
    callerid_privacy: str | int = field(default="allowed_not_screened", kw_only=True)
    callerid_tag: str = field(default="", kw_only=True)
    codec_prefs_incoming_answer: str = field(
        default="prefer: pending, operation: intersect, keep: all", kw_only=True
    )
    codec_prefs_incoming_offer: str = field(
        default="prefer: pending, operation: intersect, keep: all, transcode: allow", kw_only=True
    )
    codec_prefs_outgoing_answer: str = field(
        default="prefer: pending, operation: intersect, keep: all", kw_only=True
    )
    codec_prefs_outgoing_offer: str = field(
        default="prefer: pending, operation: union, keep: all, transcode: allow", kw_only=True
    )
    connected_line_method: str = field(default="invite", kw_only=True)
    contact_acl: tuple[str, ...] = field(default=(), kw_only=True)
    contact_rules: tuple[Setting, ...] = field(default=(), kw_only=True)
    contact_user: str = field(default="", kw_only=True)
    cos_audio: int = field(default=0, kw_only=True)
    cos_video: int = field(default=0, kw_only=True)
    rules: tuple[Setting, ...] = field(default=(), kw_only=True)
    device_state_busy_at: int = field(default=0, kw_only=True)
    direct_media_glare_mitigation: str = field(default="none", kw_only=True)
    direct_media_method: str = field(default="invite", kw_only=True)
    disable_direct_media_on_nat: bool = field(default=False, kw_only=True)
    dtls_auto_generate_cert: bool = field(default=False, kw_only=True)
    dtls_ca_file: str = field(default="", kw_only=True)
    dtls_ca_path: str = field(default="", kw_only=True)
    dtls_cert_file: str = field(default="", kw_only=True)
    dtls_cipher: str = field(default="", kw_only=True)
    dtls_fingerprint: str = field(default="", kw_only=True)
    dtls_private_key: str = field(default="", kw_only=True)
    dtls_rekey: int = field(default=0, kw_only=True)
    dtls_setup: str = field(default="", kw_only=True)
    dtls_verify: str = field(default="no", kw_only=True)
    fax_detect: bool = field(default=False, kw_only=True)
    fax_detect_timeout: int = field(default=0, kw_only=True)
    follow_early_media_fork: bool = field(default=True, kw_only=True)
    follow_redirect_methods: tuple[str, ...] = field(default=(), kw_only=True)
    force_avp: bool = field(default=False, kw_only=True)
    g726_non_standard: bool = field(default=False, kw_only=True)
    geoloc_incoming_call_profile: str = field(default="", kw_only=True)
    geoloc_outgoing_call_profile: str = field(default="", kw_only=True)
    ice_support: bool = field(default=False, kw_only=True)
    identify_by: tuple[str, ...] = field(default=("username", "ip"), kw_only=True)
    ignore_183_without_sdp: bool = field(default=False, kw_only=True)
    inband_progress: bool = field(default=False, kw_only=True)
    incoming_call_offer_pref: str = field(default="local", kw_only=True)
    incoming_mwi_mailbox: str = field(default="", kw_only=True)
    language: str = field(default="", kw_only=True)
    max_audio_streams: int = field(default=1, kw_only=True)
    max_video_streams: int = field(default=1, kw_only=True)
    media_address: str = field(default="", kw_only=True)
    media_encryption_optimistic: bool = field(default=False, kw_only=True)
    media_use_received_transport: bool = field(default=False, kw_only=True)
    message_context: str = field(default="", kw_only=True)
    moh_passthrough: bool = field(default=False, kw_only=True)
    moh_suggest: str = field(default="default", kw_only=True)
    mwi_from_user: str = field(default="", kw_only=True)
    mwi_subscribe_replaces_unsolicited: bool = field(default=False, kw_only=True)
    named_call_group: tuple[str, ...] = field(default=(), kw_only=True)
    named_pickup_group: tuple[str, ...] = field(default=(), kw_only=True)
    notify_early_inuse_ringing: bool = field(default=False, kw_only=True)
    one_touch_recording: bool = field(default=False, kw_only=True)
    outgoing_call_offer_pref: str = field(default="remote_merge", kw_only=True)
    overlap_context: str = field(default="", kw_only=True)
    pickup_group: tuple[int, ...] = field(default=(), kw_only=True)
    preferred_codec_only: bool = field(default=False, kw_only=True)
    record_off_feature: str = field(default="automixmon", kw_only=True)
    record_on_feature: str = field(default="automixmon", kw_only=True)
    redirect_method: str = field(default="user", kw_only=True)
    refer_blind_progress: bool = field(default=True, kw_only=True)
    rpid_immediate: bool = field(default=False, kw_only=True)
    rtcp_mux: bool = field(default=False, kw_only=True)
    rtp_engine: str = field(default="asterisk", kw_only=True)
    rtp_ipv6: bool = field(default=False, kw_only=True)
    rtp_keepalive: int = field(default=0, kw_only=True)
    rtp_port_end: int = field(default=0, kw_only=True)
    rtp_port_start: int = field(default=0, kw_only=True)
    rtp_timeout: int = field(default=0, kw_only=True)
    rtp_timeout_hold: int = field(default=0, kw_only=True)
    sdp_owner: str = field(default="-", kw_only=True)
    sdp_session: str = field(default="Asterisk", kw_only=True)
    security_mechanisms: tuple[str, ...] = field(default=(), kw_only=True)
    security_negotiation: str = field(default="no", kw_only=True)
    send_aoc: bool = field(default=False, kw_only=True)
    send_connected_line: bool = field(default=True, kw_only=True)
    send_diversion: bool = field(default=True, kw_only=True)
    send_history_info: bool = field(default=False, kw_only=True)
    send_pai: bool = field(default=False, kw_only=True)
    send_rpid: bool = field(default=False, kw_only=True)
    srtp_tag_32: bool = field(default=False, kw_only=True)
    stir_shaken_profile: str = field(default="", kw_only=True)
    sub_min_expiry: int = field(default=0, kw_only=True)
    suppress_moh_on_sendonly: bool = field(default=False, kw_only=True)
    suppress_q850_reason_headers: bool = field(default=False, kw_only=True)
    t38_bind_udptl_to_media_address: bool = field(default=False, kw_only=True)
    t38_udptl: bool = field(default=False, kw_only=True)
    t38_udptl_ec: str = field(default="none", kw_only=True)
    t38_udptl_ipv6: bool = field(default=False, kw_only=True)
    t38_udptl_maxdatagram: int = field(default=0, kw_only=True)
    t38_udptl_nat: bool = field(default=False, kw_only=True)
    tenantid: str = field(default="", kw_only=True)
    timers: str = field(default="yes", kw_only=True)
    timers_min_se: int = field(default=90, kw_only=True)
    timers_sess_expires: int = field(default=1800, kw_only=True)
    tone_zone: str = field(default="", kw_only=True)
    tos_audio: int = field(default=0, kw_only=True)
    tos_video: int = field(default=0, kw_only=True)
    trust_connected_line: bool = field(default=True, kw_only=True)
    trust_id_inbound: bool = field(default=False, kw_only=True)
    trust_id_outbound: bool = field(default=False, kw_only=True)
    use_avpf: bool = field(default=False, kw_only=True)
    use_ptime: bool = field(default=False, kw_only=True)
    user_eq_phone: bool = field(default=False, kw_only=True)
    voicemail_extension: str = field(default="", kw_only=True)
    webrtc: bool = field(default=False, kw_only=True)
    unknown: tuple[Setting, ...] = field(default=(), converter=settings, kw_only=True)


@frozen(repr=False)
class Aor(NamedSection, file="pjsip.conf", kind="aor"):
    """An address of record: the contacts of an endpoint, fixed or by registration."""

    contact: tuple[str, ...] = field(default=(), kw_only=True)
    max_contacts: int = field(default=0, kw_only=True)
    remove_existing: bool = field(default=False, kw_only=True)
    qualify_frequency: int | None = field(default=None, kw_only=True)
    qualify_timeout: float = field(default=3.0, kw_only=True)
    mailboxes: tuple[str, ...] = field(default=(), kw_only=True)
    authenticate_qualify: bool = field(default=False, kw_only=True)
    default_expiration: int = field(default=3600, kw_only=True)
    maximum_expiration: int = field(default=7200, kw_only=True)
    minimum_expiration: int = field(default=60, kw_only=True)
    outbound_proxy: str = field(default="", kw_only=True)
    qualify_2xx_only: bool = field(default=False, kw_only=True)
    remove_unavailable: bool = field(default=False, kw_only=True)
    support_path: bool = field(default=False, kw_only=True)
    voicemail_extension: str = field(default="", kw_only=True)
    unknown: tuple[Setting, ...] = field(default=(), converter=settings, kw_only=True)


@frozen(repr=False)
class Auth(NamedSection, file="pjsip.conf", kind="auth"):
    """A user name and its password: for incoming or outgoing authentication."""

    auth_type: str = field(default="userpass", kw_only=True)
    username: str = field(default="", kw_only=True)
    password: Secret | None = field(default=None, kw_only=True)
    md5_cred: tuple[Secret, ...] | None = field(default=None, kw_only=True)
    nonce_lifetime: int = field(default=32, kw_only=True)
    oauth_clientid: str = field(default="", kw_only=True)
    oauth_secret: Secret | None = field(default=None, kw_only=True)
    password_digest: tuple[Secret, ...] | None = field(default=None, kw_only=True)
    realm: str = field(default="", kw_only=True)
    refresh_token: Secret | None = field(default=None, kw_only=True)
    supported_algorithms_uac: tuple[str, ...] = field(default=(), kw_only=True)
    supported_algorithms_uas: tuple[str, ...] = field(default=(), kw_only=True)
    unknown: tuple[Setting, ...] = field(default=(), converter=settings, kw_only=True)


@frozen(repr=False)
class Registration(NamedSection, file="pjsip.conf", kind="registration"):
    """A registration of Asterisk with a provider, renewed regularly."""

    server_uri: str = field(default="", kw_only=True)
    client_uri: str = field(default="", kw_only=True)
    contact_user: str = field(default="", kw_only=True)
    outbound_auth: tuple[str, ...] = field(default=(), kw_only=True)
    transport: str = field(default="", kw_only=True)
    auth_rejection_permanent: bool = field(default=True, kw_only=True)
    contact_header_params: str = field(default="", kw_only=True)
    endpoint: str = field(default="", kw_only=True)
    expiration: int = field(default=3600, kw_only=True)
    fatal_retry_interval: int = field(default=0, kw_only=True)
    forbidden_retry_interval: int = field(default=0, kw_only=True)
    line: bool = field(default=False, kw_only=True)
    max_random_initial_delay: int = field(default=10, kw_only=True)
    max_retries: int = field(default=10, kw_only=True)
    outbound_proxy: str = field(default="", kw_only=True)
    retry_interval: int = field(default=60, kw_only=True)
    security_mechanisms: tuple[str, ...] = field(default=(), kw_only=True)
    security_negotiation: str = field(default="no", kw_only=True)
    support_outbound: bool = field(default=False, kw_only=True)
    support_path: bool = field(default=False, kw_only=True)
    user_agent: str = field(default="", kw_only=True)
    unknown: tuple[Setting, ...] = field(default=(), converter=settings, kw_only=True)


@frozen(repr=False)
class Identify(NamedSection, file="pjsip.conf", kind="identify"):
    """How calls of an endpoint are recognised: by the address they come from, or by a header."""

    endpoint: str = field(default="", kw_only=True)
    match: tuple[str, ...] = field(default=(), kw_only=True)
    match_header: str = field(default="", kw_only=True)
    match_request_uri: str = field(default="", kw_only=True)
    srv_lookups: bool = field(default=True, kw_only=True)
    unknown: tuple[Setting, ...] = field(default=(), converter=settings, kw_only=True)


@frozen(repr=False)
class Acl(NamedSection, file="pjsip.conf", kind="acl"):
    """The addresses that SIP traffic is accepted from.

    `rules` are its `permit` and `deny` lines, `contact_rules` those for registered contacts.
    """

    rules: tuple[Setting, ...] = field(default=(), kw_only=True)
    acl: tuple[str, ...] = field(default=(), kw_only=True)
    contact_acl: tuple[str, ...] = field(default=(), kw_only=True)
    contact_rules: tuple[Setting, ...] = field(default=(), kw_only=True)
    unknown: tuple[Setting, ...] = field(default=(), converter=settings, kw_only=True)


@frozen(repr=False)
class Global(NamedSection, file="pjsip.conf", kind="global"):
    """Settings for all of PJSIP."""

    all_codecs_on_empty_reinvite: bool = field(default=False, kw_only=True)
    allow_sending_180_after_183: bool = field(default=False, kw_only=True)
    contact_expiration_check_interval: int = field(default=30, kw_only=True)
    debug: str = field(default="no", kw_only=True)
    default_auth_algorithms_uac: tuple[str, ...] = field(default=("MD5",), kw_only=True)
    default_auth_algorithms_uas: tuple[str, ...] = field(default=("MD5",), kw_only=True)
    default_from_user: str = field(default="asterisk", kw_only=True)
    default_outbound_endpoint: str = field(default="default_outbound_endpoint", kw_only=True)
    default_realm: str = field(default="asterisk", kw_only=True)
    default_voicemail_extension: str = field(default="", kw_only=True)
    disable_multi_domain: bool = field(default=False, kw_only=True)
    endpoint_identifier_order: tuple[str, ...] = field(
        default=("ip", "username", "anonymous"), kw_only=True
    )
    ignore_uri_user_options: bool = field(default=False, kw_only=True)
    keep_alive_interval: int = field(default=90, kw_only=True)
    max_forwards: int = field(default=70, kw_only=True)
    max_initial_qualify_time: int = field(default=0, kw_only=True)
    mwi_disable_initial_unsolicited: bool = field(default=False, kw_only=True)
    mwi_tps_queue_high: int = field(default=500, kw_only=True)
    mwi_tps_queue_low: int = field(default=-1, kw_only=True)
    norefersub: bool = field(default=True, kw_only=True)
    regcontext: str = field(default="", kw_only=True)
    send_contact_status_on_update_registration: bool = field(default=False, kw_only=True)
    taskprocessor_overload_trigger: str = field(default="global", kw_only=True)
    unidentified_request_count: int = field(default=5, kw_only=True)
    unidentified_request_period: int = field(default=5, kw_only=True)
    unidentified_request_prune_interval: int = field(default=30, kw_only=True)
    use_callerid_contact: bool = field(default=False, kw_only=True)
    user_agent: str | None = field(default=None, kw_only=True)
    unknown: tuple[Setting, ...] = field(default=(), converter=settings, kw_only=True)


@frozen(repr=False)
class System(NamedSection, file="pjsip.conf", kind="system"):
    """Timers and threads of PJSIP; a change needs a restart."""

    accept_multiple_sdp_answers: bool = field(default=False, kw_only=True)
    compact_headers: bool = field(default=False, kw_only=True)
    disable_rport: bool = field(default=False, kw_only=True)
    disable_tcp_switch: bool = field(default=True, kw_only=True)
    follow_early_media_fork: bool = field(default=True, kw_only=True)
    taskpool_auto_increment: int = field(default=1, kw_only=True)
    taskpool_idle_timeout: int = field(default=60, kw_only=True)
    taskpool_initial_size: int = field(default=4, kw_only=True)
    taskpool_max_size: int = field(default=50, kw_only=True)
    taskpool_minimum_size: int = field(default=4, kw_only=True)
    threadpool_auto_increment: int = field(default=1, kw_only=True)
    threadpool_idle_timeout: int = field(default=60, kw_only=True)
    threadpool_initial_size: int = field(default=4, kw_only=True)
    threadpool_max_size: int = field(default=50, kw_only=True)
    timer_b: int = field(default=32000, kw_only=True)
    timer_t1: int = field(default=500, kw_only=True)
    unknown: tuple[Setting, ...] = field(default=(), converter=settings, kw_only=True)
