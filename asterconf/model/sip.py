"""What chan_sip made of sip.conf: `SipPeer`, `SipRegistration`, `SipDomain`.

Every field has the value that chan_sip holds, with `[general]` and its defaults applied. An
option that is a word of `[general]` or of a peer has a field of that name, `-` written `_`.

Source: channels/chan_sip.c of Asterisk 16. Checked: recorded on 16.28, tests/vectors/chan_sip.
"""

from __future__ import annotations

import attrs

from asterconf.diagnostic import Placed
from asterconf.model.checks import brief_repr
from asterconf.model.values import CallerID, Secret, Setting
from asterconf.shown import Shown


@attrs.frozen
class SipAuth(Shown):
    """A login for one realm: a line `auth = user:secret@realm`."""

    user: str
    realm: str
    secret: Secret | None = None
    md5secret: Secret | None = None


@attrs.frozen
class SipDomain(Shown):
    """A domain that chan_sip takes for its own; an empty context: that of the peer."""

    name: str
    context: str = ""


@attrs.frozen(kw_only=True)
class SipRegistration(Placed):
    """A registration that chan_sip sends: a `register` line, or what a peer asks for.

    `port` is 1 to 65535; `expiry` is in seconds, None: not given. `peer` is the name before `?`.
    """

    user: str
    host: str
    port: int
    transport: str = "udp"
    domain: str = ""
    domain_port: int = 5060
    secret: Secret | None = None
    auth_user: str = ""
    contact_user: str = "s"
    expiry: int | None = None
    peer: str = ""


@attrs.frozen(repr=False)
class SipPeer(Placed):
    """A section of sip.conf (or users.conf) that chan_sip takes for a peer, a user, or both.

    Times of `qualify`, `timert1` and `timerb` are milliseconds, all others seconds; 0: off.
    """

    name: str
    is_peer: bool = False
    """Whether it is called, and recognised by its address."""
    is_user: bool = False
    """Whether its calls are recognised by their user name."""
    accountcode: str = ""
    acl: bool = False
    """Whether `permit`, `deny` or `acl` limits the addresses that it may come from."""
    allowoverlap: str = "yes"
    allowsubscribe: bool = True
    allowtransfer: bool = True
    amaflags: str = ""
    auth: tuple[SipAuth, ...] = ()
    autoframing: bool = False
    busylevel: int = 0
    call_limit: int = 0
    """How many calls at once; 0: any number. `callcounter` makes it 2147483647."""
    callbackextension: str = ""
    callerid: CallerID = attrs.field(factory=CallerID)
    callgroup: tuple[int, ...] = ()
    callingpres: int = 0
    codecs: tuple[str, ...] = ("ulaw", "alaw", "gsm", "h263")
    contactacl: bool = False
    context: str = "default"
    defaultip: str = ""
    defaultuser: str = ""
    description: str = ""
    directmedia: bool = True
    directmediaacl: bool = False
    dtmfmode: str = "rfc2833"
    dynamic: bool = False
    encryption: bool = False
    fromdomain: str = ""
    fromdomainport: int = 0
    fromuser: str = ""
    host: str = ""
    """Its name or address, as the last `host` line has it that is not `dynamic`."""
    address: str = ""
    """The address that is known of it: `host`, or where a registration that names it goes."""
    ignoresdpversion: bool = False
    insecure: tuple[str, ...] = ()
    keepalive: int = 0
    language: str = ""
    mailbox: tuple[str, ...] = ()
    maxcallbitrate: int = 384
    maxforwards: int = 0
    """0: as `[general]` has it."""
    md5secret: Secret | None = None
    mohsuggest: str = ""
    namedcallgroup: tuple[str, ...] = ()
    namedpickupgroup: tuple[str, ...] = ()
    nat: tuple[str, ...] = ("auto_force_rport",)
    """Of `force_rport`, `comedia`, `auto_force_rport`, `auto_comedia`, those in force."""
    outboundproxy: str = ""
    parkinglot: str = ""
    pickupgroup: tuple[int, ...] = ()
    port: int = 0
    promiscredir: bool = False
    qualify: int = 0
    """Milliseconds that an answer may take; 0: it is not asked."""
    qualifyfreq: int = 60
    recordofffeature: str = "automon"
    recordonfeature: str = "automon"
    regexten: str = ""
    remotesecret: Secret | None = None
    rtcp_mux: bool = False
    rtp_engine: str = "asterisk"
    secret: Secret | None = None
    sendrpid: str = ""
    """`rpid` or `pai`: the header; empty: neither."""
    session_expires: int = 1800
    session_minse: int = 90
    session_refresher: str = "uas"
    session_timers: str = "accept"
    set_var: tuple[str, ...] = ()
    subscribecontext: str = ""
    subscribemwi: bool = False
    supportpath: bool = False
    t38_maxdatagram: int | None = None
    t38pt_udptl: str = ""
    """`none`, `fec` or `redundancy`: error correction of T.38; empty: no T.38."""
    textsupport: bool = False
    timerb: int = 32000
    timert1: int = 500
    tonezone: str = ""
    transport: tuple[str, ...] = ("udp",)
    """The transports that it may use, the first of them for calls to it."""
    trust_id_outbound: str = "legacy"
    trustrpid: bool = False
    use_q850_reason: bool = False
    usereqphone: bool = False
    videosupport: bool = False
    vmexten: str = "asterisk"
    options: tuple[Setting, ...] = ()
    """The lines that made it: those of `[general]` that peers inherit, then its own."""
    in_force: bool = False
    """Whether the version of Asterisk that is meant has chan_sip; 21 and later have not."""

    __repr__ = brief_repr
