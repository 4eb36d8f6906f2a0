"""sip.conf → pjsip.conf: every option, peer, registration and setting of chan_sip.

The values are those that chan_sip holds, with `[general]`, templates and its defaults applied:
`bind.chan_sip`, recorded on 16.28.0. What is said of each line is in `sip_table`.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import attrs

from asterconf import schema
from asterconf._lazy import LazyModule
from asterconf.bind.chan_sip import ChanSip, host_address, read_auth
from asterconf.editing.editor import Editor
from asterconf.errors import ConflictError, EditError
from asterconf.migrate.plan import Codemod, Draft, Outcome, Style, lines_of
from asterconf.migrate.sip_table import sip_option, sip_options
from asterconf.model.sip import SipAuth, SipPeer, SipRegistration
from asterconf.model.values import CallerID
from asterconf.secrets import shown_value
from asterconf.source import Position, fold, is_true, printable
from asterconf.syntax import Document, Option, Section
from asterconf.syntax.document import rewrite
from asterconf.workspace import Workspace

if TYPE_CHECKING:
    from asterconf.editing import verbs
else:
    verbs = LazyModule("asterconf.editing.verbs")

__all__ = ["SIP"]

_VIDEO = {"h261", "h263", "h263p", "h264", "h265", "mpeg4", "vp8", "vp9"}
_PEER_WORDS = {"user", "peer", "friend"}
_SPECIAL = ("general", "authentication")


Pairs = list[tuple[str, str]]


@attrs.define
class _NewSection:
    """A section of pjsip.conf in the making."""

    name: str
    kind: str
    place: Position
    pairs: Pairs = attrs.field(factory=list)
    comments: list[str] = attrs.field(factory=list)
    template: str = ""
    """The template that it inherits from; `!`: it is one."""

    def put(self, name: str, value: object) -> None:
        """Add an option, unless PJSIP takes that value by itself."""
        text = ("yes" if value else "no") if isinstance(value, bool) else str(value)
        if text and text != _default(self.kind, name):
            self.pairs.append((name, text))

    def say(self, name: str, value: str) -> None:
        """Add an option that shall be seen even with its default."""
        self.pairs.append((name, value))

    @property
    def text(self) -> str:
        """The lines of the section."""
        inherits = f"({self.template})" if self.template else ""
        lines = [*self.comments, f"[{self.name}]{inherits}"]
        lines += [] if self.template not in {"", "!"} else [f"type={self.kind}"]
        lines += (f"{name}={value.replace(';', chr(92) + ';')}" for name, value in self.pairs)
        return "\n".join(lines) + "\n"


@cache
def _default(kind: str, name: str) -> str | None:
    facts = schema.file("pjsip.conf")
    option = facts.objects[kind].options.get(name) if facts is not None else None
    return None if option is None else option.default


# -- one peer -------------------------------------------------------------------------------------

_TEXTS = {
    "accountcode": "accountcode", "language": "language", "tonezone": "tone_zone",
    "fromuser": "from_user", "fromdomain": "from_domain", "mohsuggest": "moh_suggest",
    "subscribecontext": "subscribe_context", "rtp_engine": "rtp_engine",
    "busylevel": "device_state_busy_at", "session_expires": "timers_sess_expires",
    "session_minse": "timers_min_se", "allowsubscribe": "allow_subscribe",
    "allowtransfer": "allow_transfer", "autoframing": "use_ptime", "rtcp_mux": "rtcp_mux",
    "trustrpid": "trust_id_inbound", "usereqphone": "user_eq_phone",
}  # fmt: skip
"""Fields of a peer whose value is that of an option of its endpoint."""

_LISTS = {
    "callgroup": "call_group", "pickupgroup": "pickup_group",
    "namedcallgroup": "named_call_group", "namedpickupgroup": "named_pickup_group",
}  # fmt: skip

_FLAGS = {
    "avpf": "use_avpf", "icesupport": "ice_support", "force_avp": "force_avp",
    "g726nonstandard": "g726_non_standard", "preferred_codec_only": "preferred_codec_only",
    "rpid_immediate": "rpid_immediate", "snom_aoc_enabled": "send_aoc",
    "t38pt_usertpsource": "t38_udptl_nat", "discard_remote_hold_retrieval":
    "suppress_moh_on_sendonly",
}  # fmt: skip
"""Options that are a yes or no on both sides, and no field of a peer."""

_COPIED = {
    "rtptimeout": "rtp_timeout", "rtpholdtimeout": "rtp_timeout_hold",
    "rtpkeepalive": "rtp_keepalive", "cid_tag": "callerid_tag",
    "unsolicited_mailbox": "incoming_mwi_mailbox", "permit": "permit", "deny": "deny",
    "acl": "acl", "contactpermit": "contact_permit", "contactdeny": "contact_deny",
    "contactacl": "contact_acl", "outofcall_message_context": "message_context",
    "messagecontext": "message_context", "dtlsverify": "dtls_verify", "dtlsrekey": "dtls_rekey",
    "dtlscertfile": "dtls_cert_file", "dtlsprivatekey": "dtls_private_key",
    "dtlscipher": "dtls_cipher", "dtlscafile": "dtls_ca_file", "dtlscapath": "dtls_ca_path",
    "dtlssetup": "dtls_setup", "dtlsfingerprint": "dtls_fingerprint",
}  # fmt: skip
"""Options whose text is that of an option of the endpoint, and no field of a peer."""

_REPEATED = {"permit", "deny", "contactpermit", "contactdeny"}

_GENERAL = {
    "media_address": "media_address", "tos_audio": "tos_audio", "tos_video": "tos_video",
    "cos_audio": "cos_audio", "cos_video": "cos_video", "sdpowner": "sdp_owner",
    "sdpsession": "sdp_session", "mwi_from": "mwi_from_user", "subminexpiry": "sub_min_expiry",
    "subminexpirey": "sub_min_expiry",
}  # fmt: skip
"""Options of `[general]` that each endpoint has for itself."""

_PRESENTATIONS = {
    0: "allowed_not_screened", 1: "allowed_passed_screen", 2: "allowed_failed_screen",
    3: "allowed", 0x20: "prohib_not_screened", 0x21: "prohib_passed_screen",
    0x22: "prohib_failed_screen", 0x23: "prohib", 0x43: "unavailable",
}  # fmt: skip

_WORDS: Mapping[str, Mapping[str, str]] = {
    "dtmfmode": {"rfc2833": "rfc4733", "shortinfo": "info"},
    "session_timers": {"accept": "yes", "originate": "always", "refuse": "no"},
}


@attrs.define(eq=False)
class _SipConversion:
    """The conversion of one sip.conf."""

    draft: Draft
    sip: ChanSip
    general: Mapping[str, str]
    """The last value of each option of `[general]`, by its name in lower case."""
    header: Position
    codec_lines: Pairs = attrs.field(factory=list)
    """The lines of `[general]` about codecs: option in lower case, and value."""
    logins: list[SipAuth] = attrs.field(factory=list)
    """The logins of `[authentication]`, which every peer and registration sends, by realm."""
    sections: list[_NewSection] = attrs.field(factory=list)
    peers: dict[str, tuple[Outcome, str]] = attrs.field(factory=dict)
    """What is said of each peer as a whole, by its folded name."""
    names: set[str] = attrs.field(factory=set)

    @property
    def workspace(self) -> Workspace:
        """The copy that is edited."""
        return self.draft.workspace

    def new(self, name: str, kind: str, place: Position) -> _NewSection:
        """Begin a section."""
        made = _NewSection(name, kind, place)
        self.sections.append(made)
        return made

    def on(self, name: str, default: str = "no") -> bool:
        """Tell whether `[general]` switches something on."""
        return is_true(self.general.get(name, default))

    # -- peers ------------------------------------------------------------------------------------

    def peer(self, peer: SipPeer, place: Position) -> None:
        """Write the endpoint of a peer, and what belongs to it."""
        options = _options(peer)
        endpoint = self.new(peer.name, "endpoint", place)
        self.media(endpoint, peer, options)
        self.behaviour(endpoint, peer, options)
        doubts: list[str] = []
        self.login(endpoint, peer, place, doubts)
        static = bool(peer.host) and not peer.dynamic
        if peer.is_peer and (static or peer.dynamic):
            endpoint.say("aors", peer.name)
            self.aor(peer, place, options)
        by = ["auth_username"] if self.on("match_auth_username") else []
        if peer.is_peer and static:
            self.identify(peer, place, doubts)
            by += ["username", "ip"] if peer.is_user else ["ip"]
        else:
            by += ["username", "ip"]
            if not peer.is_user and peer.dynamic:
                doubts.append("its calls are recognised by user name, not by where it registered")
        endpoint.put("identify_by", ",".join(by))
        how = "user name" if not static or not peer.is_peer else "address and port"
        how = "user name, and address and port" if static and peer.is_user and peer.is_peer else how
        if "port" in peer.insecure:
            how = how.replace(" and port", "")
        said: Outcome = "changed" if doubts else "exact"
        why = "; ".join([*doubts, f"recognised by {how}"])
        self.peers[fold(peer.name)] = said, why

    def media(self, to: _NewSection, peer: SipPeer, options: Mapping[str, list[str]]) -> None:
        """Write what an endpoint says of media."""
        to.say("context", peer.context)
        to.say("disallow", "all")
        known = schema.codecs()
        codecs = [c for c in peer.codecs if c in known and (peer.videosupport or c not in _VIDEO)]
        packets = _packets([*self.codec_lines, *((fold(o.name), o.value) for o in peer.options)])
        if codecs:
            to.say("allow", ",".join(f"{c}{packets.get(c, '')}" for c in codecs))
        mine = [t for t in peer.transport if t in {"udp", "tcp", "tls", "ws", "wss"}]
        if mine and mine != ["udp"] and len(mine) == 1:
            to.say("transport", f"transport-{mine[0]}")
        to.put("dtmf_mode", _WORDS["dtmfmode"].get(peer.dtmfmode, peer.dtmfmode))
        self.direct_media(to, peer, options)
        nat = {word.removeprefix("auto_") for word in peer.nat}
        to.put("force_rport", "force_rport" in nat)
        to.put("rewrite_contact", "force_rport" in nat)
        to.put("rtp_symmetric", "comedia" in nat)
        if peer.encryption or is_true(_last(options, "dtlsenable")):
            kind = "dtls" if is_true(_last(options, "dtlsenable")) else "sdes"
            to.put("media_encryption", kind)
            to.put("srtp_tag_32", _last(options, "encryption_taglen") == "32")
        if peer.t38pt_udptl:
            to.put("t38_udptl", value=True)
            to.put("t38_udptl_ec", peer.t38pt_udptl)
            to.put("t38_udptl_maxdatagram", peer.t38_maxdatagram or "")
        fax = fold(_last(options, "faxdetect"))
        to.put("fax_detect", is_true(fax) or bool({"cng", "t38"} & set(fax.split(","))))
        to.put("timers", _WORDS["session_timers"][peer.session_timers])
        progress = fold(_last(options, "progressinband"))
        to.put("inband_progress", is_true(progress))

    def direct_media(
        self, to: _NewSection, peer: SipPeer, options: Mapping[str, list[str]]
    ) -> None:
        """Write whether media go directly, and how that is asked for."""
        words = {
            fold(word.strip())
            for word in (_last(options, "directmedia", "canreinvite") or "yes").split(",")
        }
        to.put("direct_media", peer.directmedia)
        if peer.directmedia:
            to.put("direct_media_method", "update" if "update" in words else "invite")
            to.put("direct_media_glare_mitigation", "outgoing" if "outgoing" in words else "none")
            to.put("disable_direct_media_on_nat", "nonat" in words)

    def behaviour(self, to: _NewSection, peer: SipPeer, options: Mapping[str, list[str]]) -> None:
        """Write what an endpoint says of everything else."""
        for field, option in _TEXTS.items():
            to.put(option, getattr(peer, field))
        for field, option in _LISTS.items():
            to.put(option, ",".join(map(str, getattr(peer, field))))
        if peer.call_limit and not peer.busylevel and peer.call_limit < 1000:
            to.put("device_state_busy_at", peer.call_limit)
        if peer.callerid != CallerID():
            to.put("callerid", _caller(peer.callerid))
        to.put("callerid_privacy", _PRESENTATIONS.get(peer.callingpres, ""))
        to.put("allow_overlap", peer.allowoverlap != "no")
        to.put("send_pai", peer.sendrpid == "pai")
        to.put("send_rpid", peer.sendrpid == "rpid")
        to.put("trust_id_outbound", peer.trust_id_outbound == "yes")
        to.put("suppress_q850_reason_headers", not peer.use_q850_reason)
        if peer.promiscredir:
            to.put("redirect_method", "uri_pjsip")
        if peer.vmexten and (peer.mailbox or peer.vmexten != "asterisk"):
            to.put("voicemail_extension", peer.vmexten)
        if peer.mailbox and not peer.subscribemwi:
            to.put("mailboxes", _boxes(peer))
        if peer.outboundproxy:
            to.put("outbound_proxy", _proxy(peer.outboundproxy))
        self.copied(to, peer, options)
        self.variables(to, peer, options)

    def copied(self, to: _NewSection, peer: SipPeer, options: Mapping[str, list[str]]) -> None:
        """Write the options that have one of their own each, and those of `[general]`."""
        for option, target in _FLAGS.items():
            to.put(target, is_true(_last(options, option)))
        for option, target in _COPIED.items():
            if option not in _REPEATED:
                to.put(target, _last(options, option))
        for line in peer.options:  # the last that matches wins, whichever its name
            if (option := fold(line.name)) in _REPEATED:
                to.put(_COPIED[option], line.value)
        for option, target in _GENERAL.items():
            to.put(target, self.general.get(option, ""))
        if self.general.get("rtpbindaddr") and "media_address" not in self.general:
            to.put("media_address", self.general["rtpbindaddr"])
            to.put("bind_rtp_to_media_address", value=True)
        to.put("send_diversion", self.on("send_diversion", "yes"))
        to.put("allow_unauthenticated_options", not self.on("auth_options_requests"))

    def variables(self, to: _NewSection, peer: SipPeer, options: Mapping[str, list[str]]) -> None:
        """Write the variables and the settings of each channel."""
        for text in peer.set_var:
            to.say("set_var", text)
        music = _last(options, "mohinterpret", "musicclass", "musiconhold")
        if fold(music) == "passthrough":
            to.put("moh_passthrough", value=True)
        elif music and music != "default":
            to.say("set_var", f"CHANNEL(musicclass)={music}")
        lot = peer.parkinglot or self.general.get("parkinglot", "")
        if lot:
            to.say("set_var", f"CHANNEL(parkinglot)={lot}")
        if peer.amaflags:
            to.say("set_var", f"CHANNEL(amaflags)={peer.amaflags}")
        if {"automon"} != {peer.recordonfeature, peer.recordofffeature}:
            for option, word in (("on", peer.recordonfeature), ("off", peer.recordofffeature)):
                to.put(f"record_{option}_feature", word if word != "automon" else "automixmon")
            to.put("one_touch_recording", value=True)

    def login(self, to: _NewSection, peer: SipPeer, place: Position, doubts: list[str]) -> None:
        """Write the passwords that a peer is asked for, and those that are sent to it."""
        static = bool(peer.host) and not peer.dynamic
        asked = bool(peer.secret or peer.md5secret)
        if asked and "invite" in peer.insecure:
            if static or not peer.is_peer:
                asked = False
            else:
                doubts.append("insecure=invite: its calls are asked for the password, too, since "
                              "PJSIP asks for both or neither")  # fmt: skip
        name = f"{peer.name}-auth"
        if asked:
            auth = self.new(name, "auth", place)
            if peer.md5secret is not None:
                auth.say("auth_type", "md5")
                auth.say("username", peer.name)
                auth.say("md5_cred", peer.md5secret.reveal())
            elif peer.secret is not None:
                auth.say("auth_type", "userpass")
                auth.say("username", peer.name)
                auth.say("password", peer.secret.reveal())
            to.say("auth", name)
        sent = peer.remotesecret or peer.secret
        user = peer.defaultuser or (peer.fromuser or peer.name if static else "")
        out: list[str] = []
        if peer.is_peer and sent is not None and user:
            if asked and user == peer.name and not peer.remotesecret and not peer.md5secret:
                out.append(name)
            else:
                other = self.new(f"{peer.name}-oauth", "auth", place)
                other.say("auth_type", "userpass")
                other.say("username", user)
                other.say("password", sent.reveal())
                out.append(other.name)
        for at, one in enumerate(peer.auth, 1):
            out.append(self.realm(f"{peer.name}-realm{at}", one, place))
        own = {fold(one.realm) for one in peer.auth}
        out += (name for name, one in self.common() if fold(one.realm) not in own)
        if out:
            to.say("outbound_auth", ",".join(out))

    def common(self) -> Iterator[tuple[str, SipAuth]]:
        """Yield the logins that are sent for everybody, each with the name of its auth."""
        return ((f"authentication-realm{at}", one) for at, one in enumerate(self.logins, 1))

    def realm(self, name: str, one: SipAuth, place: Position) -> str:
        """Write a login that is sent when its realm asks, and return its name."""
        made = self.new(name, "auth", place)
        made.say("auth_type", "md5" if one.md5secret else "userpass")
        made.say("username", one.user)
        if one.md5secret:
            made.say("md5_cred", one.md5secret.reveal())
        elif one.secret:
            made.say("password", one.secret.reveal())
        made.say("realm", one.realm)
        return name

    def aor(self, peer: SipPeer, place: Position, options: Mapping[str, list[str]]) -> None:
        """Write where a peer is reached."""
        aor = self.new(peer.name, "aor", place)
        aor.comments = []
        static = peer.host if not peer.dynamic else peer.defaultip
        if static:
            user = f"{peer.defaultuser}@" if peer.defaultuser else ""
            aor.say("contact", f"sip:{user}{_host(static, peer.port)}{_by(peer.transport)}")
        if peer.dynamic:
            aor.say("max_contacts", "1" if not static else "2")
            aor.say("remove_existing", "yes")
            for name, option, usual in (
                ("defaultexpiry", "default_expiration", "120"),
                ("maxexpiry", "maximum_expiration", "3600"),
                ("minexpiry", "minimum_expiration", "60"),
            ):
                old = name.replace("expiry", "expirey")
                aor.put(option, self.general.get(name, self.general.get(old, usual)))
        if peer.qualify:
            aor.say("qualify_frequency", str(min(max(peer.qualifyfreq, 1), 86400)))
            aor.put("qualify_timeout", f"{peer.qualify / 1000:.1f}")
        if peer.mailbox and peer.subscribemwi:
            aor.put("mailboxes", _boxes(peer))
        aor.put("support_path", peer.supportpath)
        del options

    def identify(self, peer: SipPeer, place: Position, doubts: list[str]) -> None:
        """Write by which address the calls of a peer are recognised."""
        identify = self.new(f"{peer.name}-identify", "identify", place)
        identify.say("endpoint", peer.name)
        usual = 5061 if peer.transport[:1] == ("tls",) else 5060
        port = 0 if "port" in peer.insecure else peer.port or usual
        host = host_address(peer.host)
        if not _is_address(host):
            doubts.append("a host name is looked up when PJSIP loads, and its port does not count")
            port = 0
        match = _host(host, port)
        if match in self.names:
            doubts.append(f"another peer has the address {match}, too: either may get its calls")
        self.names.add(match)
        identify.say("match", match)

    # -- registrations ----------------------------------------------------------------------------

    def registration(self, one: SipRegistration, place: Position) -> None:
        """Write a registration with its login."""
        base = one.peer or f"{one.user}-{one.host}"
        base = "".join(c if c.isalnum() or c in "-_." else "-" for c in base)
        name, number = f"{base}-registration", 1
        while name in self.names:
            number += 1
            name = f"{base}-registration{number}"
        self.names.add(name)
        usual = 5061 if one.transport == "tls" else 5060
        made = self.new(name, "registration", place)
        by = "" if one.transport == "udp" else f";transport={one.transport}"
        port = 0 if one.port == usual else one.port
        peer = next((b.obj for b in self.sip.peers.values()
                     if fold(b.obj.name) == fold(one.peer or one.host)), None)  # fmt: skip
        known = peer.host if peer is not None else ""
        server = _host(known if known and not one.peer else one.host, port)
        away = _host(one.domain, one.domain_port if one.domain_port != 5060 else 0)
        made.say("server_uri", f"sip:{away if one.domain else server}{by}")
        user = one.user.replace("@", "%40")
        home = one.domain or known or one.peer or one.host
        made.say("client_uri", f"sip:{user}@{_host(home, 0)}{by}")
        made.say("contact_user", one.contact_user)
        expiry = self.general.get("defaultexpiry", self.general.get("defaultexpirey", "120"))
        made.put("expiration", expiry if one.expiry is None else one.expiry)
        wait = self.general.get("registertimeout", "20")
        made.put("retry_interval", wait)
        attempts = self.general.get("registerattempts", "0")
        made.put("max_retries", attempts if attempts != "0" else "4294967295")
        if self.on("register_retry_403"):
            made.put("forbidden_retry_interval", wait)
        if one.transport != "udp":
            made.say("transport", f"transport-{one.transport}")
        proxy = (peer.outboundproxy if peer else "") or self.general.get("outboundproxy", "")
        if proxy or one.domain:
            made.say("outbound_proxy", _proxy(proxy) if proxy else f"sip:{server};lr{by}")
        sent: list[str] = []
        if one.secret is not None:
            auth = self.new(f"{name}-auth", "auth", place)
            auth.say("auth_type", "userpass")
            auth.say("username", one.auth_user or one.user)
            auth.say("password", one.secret.reveal())
            sent.append(auth.name)
        sent += (name for name, _ in self.common())
        if sent:
            made.say("outbound_auth", ",".join(sent))

    # -- [general] --------------------------------------------------------------------------------

    def transports(self) -> None:
        """Write the transports: for UDP always, the others where they are switched on."""
        get = self.general.get
        port = get("bindport", "5060")
        udp = get("udpbindaddr") or get("bindaddr") or "0.0.0.0"  # noqa: S104 - as chan_sip
        wanted = [("udp", _bound(udp, port))]
        if self.on("tcpenable"):
            wanted.append(("tcp", _bound(get("tcpbindaddr") or udp, port)))
        if self.on("tlsenable"):
            address = get("tlsbindaddr") or host_address(udp)
            wanted.append(("tls", _bound(address, "5061")))
        used = {t for bound in self.sip.peers.values() for t in bound.obj.transport}
        wanted += [(t, "0.0.0.0") for t in ("ws", "wss") if t in used]  # noqa: S104
        for protocol, bind in wanted:
            to = self.new(f"transport-{protocol}", "transport", self.header)
            to.say("protocol", protocol)
            to.say("bind", bind)
            outside = get("externaddr") or get("externip") or get("externhost")
            if outside:
                address, outside_port = host_address(outside), _port_of(outside)
                to.say("external_signaling_address", address)
                to.say("external_media_address", get("media_address") or address)
                own = get(f"extern{protocol}port") or outside_port
                to.put("external_signaling_port", own)
            for net in self.general.get("localnet", "").split("\0"):
                to.put("local_net", net)
            to.put("tos", get("tos_sip", ""))
            to.put("cos", get("cos_sip", "4") if "cos_sip" in self.general else "")
            if protocol == "tls":
                self.tls(to)
            if protocol in {"ws", "wss"}:
                to.put("websocket_write_timeout", get("websocket_write_timeout", ""))

    def tls(self, to: _NewSection) -> None:
        """Write the files and switches of TLS."""
        get = self.general.get
        to.say("cert_file", get("tlscertfile") or "/etc/asterisk/asterisk.pem")
        to.put("priv_key_file", get("tlsprivatekey") or get("tlscertfile") or "")
        to.put("ca_list_file", get("tlscafile", ""))
        to.put("ca_list_path", get("tlscapath") or get("tlscadir") or "")
        to.put("cipher", get("tlscipher", ""))
        method = fold(get("tlsclientmethod", ""))
        to.put("method", method if method in {"tlsv1", "sslv2", "sslv3"} else "")
        if self.on("tlsverifyclient"):
            to.say("verify_client", "yes")
        if not self.on("tlsdontverifyserver"):
            to.say("verify_server", "yes")

    def settings(self) -> None:
        """Write `[global]` and `[system]`."""
        get = self.general.get
        own = self.new("global", "global", self.header)
        if any(one.kind == "identify" for one in self.sections):
            own.put("endpoint_identifier_order", "username,ip,anonymous")
        own.put("user_agent", get("useragent", ""))
        own.put("default_realm", get("realm", ""))
        own.put("max_forwards", get("maxforwards", ""))
        own.put("regcontext", get("regcontext", ""))
        own.put("default_from_user", get("callerid", ""))
        own.put("ignore_uri_user_options", self.on("legacy_useroption_parsing"))
        own.put("debug", self.on("sipdebug"))
        system = self.new("system", "system", self.header)
        system.put("timer_t1", get("timert1", ""))
        system.put("timer_b", get("timerb", ""))
        system.put("compact_headers", self.on("compactheaders"))
        self.sections = [s for s in self.sections if s.kind not in {"global", "system"} or s.pairs]

    def guest(self) -> None:
        """Write the endpoint of strangers, unless they are refused."""
        if not self.on("allowguest", "yes"):
            return
        if "anonymous" in map(fold, self.sip.peers):
            return
        document = self.workspace.files.documents[self.workspace.spelled("sip.conf")]
        text = f"{document}{document.eol}[anonymous]{document.eol}type=user{document.eol}"
        trial = self.workspace.trial({document.name: Document(text, name=document.name)})
        found = trial.chan_sip.peers.get("anonymous")
        if found is not None:
            endpoint = self.new("anonymous", "endpoint", self.header)
            endpoint.comments = ["; calls of strangers, as allowguest has them"]
            options = _options(found.obj)
            self.media(endpoint, found.obj, options)
            self.behaviour(endpoint, found.obj, options)


def _options(peer: SipPeer) -> Mapping[str, list[str]]:
    """Return the values of the lines that made a peer, by option in lower case."""
    found: dict[str, list[str]] = {}
    for one in peer.options:
        found.setdefault(fold(one.name), []).append(one.value)
    return found


def _last(options: Mapping[str, list[str]], *names: str) -> str:
    return next((options[name][-1] for name in names if options.get(name)), "")


def _packets(lines: Pairs) -> Mapping[str, str]:
    """Return the length of packets that lines set for codecs, as `:ms`."""
    found: dict[str, str] = {}
    for option, value in lines:
        for item in value.split(",") if option in {"allow", "disallow"} else ():
            codec, _, length = fold(item.strip()).partition(":")
            if codec.removeprefix("!") == "all":
                found.clear()
            elif length.isdigit() and int(length):
                found[codec] = f":{length}"
            else:
                found.pop(codec.removeprefix("!"), None)
    return found


def _caller(one: CallerID) -> str:
    name = one.name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{name}" <{one.number}>'


def _boxes(peer: SipPeer) -> str:
    return ",".join(box if "@" in box else f"{box}@default" for box in peer.mailbox)


def _is_address(text: str) -> bool:
    try:
        return bool(ipaddress.ip_address(text))
    except ValueError:
        return False


def _host(host: str, port: int) -> str:
    """Return a host with its port, 0: none, as a URI has it."""
    own, bare = _port_of(host), host_address(host)
    number = port or (int(own) if own.isdigit() else 0)
    shown = f"[{bare}]" if ":" in bare else bare
    return f"{shown}:{number}" if number else shown


def _port_of(text: str) -> str:
    if text.startswith("["):
        return text.partition("]")[2].removeprefix(":")
    return text.partition(":")[2] if text.count(":") == 1 else ""


def _bound(address: str, port: str) -> str:
    host = host_address(address)
    number = _port_of(address) or (port if port.isdigit() else "5060")
    shown = f"[{host}]" if ":" in host else host or "0.0.0.0"  # noqa: S104 - as chan_sip
    return f"{shown}:{number}"


def _by(transports: tuple[str, ...]) -> str:
    first = transports[0] if transports else "udp"
    return "" if first == "udp" else f";transport={first}"


def _proxy(text: str) -> str:
    """Return an outbound proxy as a URI: `[transport://]host[:port][,force]`."""
    bare = text.partition(",")[0].strip()
    scheme, found, rest = bare.partition("://")
    bare, scheme = (rest, fold(scheme)) if found else (bare, "")
    bare = bare.removeprefix("sip:")
    by = f";transport={scheme}" if scheme in {"tcp", "tls"} else ""
    return f"sip:{bare};lr{by}"


# -- the whole ------------------------------------------------------------------------------------


def _run(draft: Draft, style: Style) -> None:
    workspace = draft.workspace
    reading = workspace.resolve("sip.conf")
    if reading is None:
        return
    sip = workspace.chan_sip
    section = next((one for one in reading.live if fold(one.name) == "general"), None)
    values: dict[str, str] = {}
    for name, value in section.pairs if section is not None else ():
        key = fold(name)
        values[key] = f"{values[key]}\0{value}" if key in values and key == "localnet" else value
    header = section.position if section is not None else Position(reading.name, 1)
    made = _SipConversion(draft, sip, values, header)
    for part in reading.live:
        if fold(part.name) == "general":
            made.codec_lines += ((fold(name), value) for name, value in part.pairs)
        elif fold(part.name) == "authentication":
            lines = (value for name, value in part.pairs if fold(name) == "auth")
            made.logins += filter(None, map(read_auth, lines))
            for name, login in made.common():
                made.realm(name, login, part.position)
    for bound in sip.peers.values():
        made.peer(bound.obj, bound.where("") or header)
    for registered in sip.registrations:
        made.registration(registered.obj, registered.where("") or header)
    if sip.peers or sip.registrations or _says(section):
        made.guest()
        made.settings()
        made.transports()
    _refuse_taken(workspace, made.sections)
    _judge(made)
    if style != "wizard":
        _share(made)
    _write(made)
    if style == "wizard":
        _fold(draft)


def _share(made: _SipConversion) -> None:
    """Let sections that had a template have one again, with what all of them say alike."""
    groups: dict[tuple[str, str], list[_NewSection]] = {}
    templates = {
        fold(part.name): part.inherits[0]
        for name in _files(made.workspace, "sip.conf")
        for part in made.workspace.files.documents[name].parts
        if part.headed and part.inherits and not part.template
    }
    for one in made.sections:
        template = templates.get(fold(one.name))
        if template is not None and one.kind in {"endpoint", "aor"}:
            groups.setdefault((template, one.kind), []).append(one)
    for (template, kind), found in groups.items():
        mine = found[0].pairs
        common = [
            pair
            for pair in mine
            if pair[0] not in _IN_ORDER
            and all(mine.count(pair) == one.pairs.count(pair) for one in found)
        ]
        if len(found) < 2 or not common:
            continue
        shared = _NewSection(f"{template}-{kind}", kind, found[0].place, common, template="!")
        made.sections.insert(made.sections.index(found[0]), shared)
        for one in found:
            one.template = shared.name
            one.pairs = [pair for pair in one.pairs if pair not in common]


_IN_ORDER = {"permit", "deny", "contact_permit", "contact_deny", "set_var"}
"""Options of which the order of all lines counts."""


def _says(section: Any) -> bool:  # noqa: ANN401 - an effective section or None
    """Tell whether `[general]` holds an option that becomes one of PJSIP."""
    table = sip_options()
    pairs = section.pairs if section is not None else ()
    rows = ((table.get(fold(name)), value) for name, value in pairs)
    return any(row is not None and row.judge(value)[0] != "left" for row, value in rows)


def _refuse_taken(workspace: Workspace, sections: Iterable[_NewSection]) -> None:
    """Raise if a new section has the name of one of its kind that is there.

    Raises:
        ConflictError: it has; the message has both places.
    """
    taken: dict[tuple[str, str], Position] = {}
    for name in ("pjsip.conf", "pjsip_wizard.conf"):
        reading = workspace.resolve(name)
        for one in reading.live if reading is not None and reading.valid else ():
            kind = one.kind.name if one.kind is not None else ""
            kind = "endpoint" if kind == "wizard" else kind
            taken[kind, one.name] = one.position
    found = [
        f"{one.place}: [{printable(one.name)}] would become the {one.kind} that is at "
        f"{taken[one.kind, one.name]} already"
        for one in sections
        if (one.kind, one.name) in taken
    ]
    if found:
        more = f"; and {len(found) - 3} more" if len(found) > 3 else ""
        advice = "rename what pjsip.conf has, or leave out the codemod sip"
        raise ConflictError(f"{'; '.join(found[:3])}{more}: {advice}", found)


def _judge(made: _SipConversion) -> None:
    """Say what becomes of every line of sip.conf, and of the lines of users.conf about it."""
    draft = made.draft
    for ref, section, node in lines_of(draft.workspace, "sip.conf"):
        place = Position(ref[0], node.line, node.columns[0] if isinstance(node, Option) else 1)
        word = _word(made, section)
        if not isinstance(node, Option):
            outcome, why = made.peers.get(fold(section.name), ("exact", _HEADS.get(word, "")))
            if word == "other":
                outcome, why = "left", _HEADS[word]
            draft.say(place, f"[{section.name}]", outcome, why, _MADE.get(word, ""))
            continue
        shown = f"{node.name}={shown_value('sip.conf', section.name, node.name, node.value)}"
        row = sip_option(node.name)
        if word == "other":
            draft.say(place, shown, "left", _HEADS[word])
        elif row is None:
            draft.say(place, shown, "exact", "chan_sip does not know it: it had no effect")
        elif row.where == ("p" if word == "general" else "g") and word != "template":
            draft.say(place, shown, "exact", "chan_sip does not read it here: it had no effect")
        else:
            outcome, why = row.judge(node.value)
            draft.say(place, shown, outcome, why, ", ".join(row.to) if outcome != "left" else "")
    for ref, section, node in lines_of(draft.workspace, "users.conf"):
        if isinstance(node, Option) and fold(node.name) in {"hassip", "registersip"}:
            place = Position(ref[0], node.line, node.columns[0])
            outcome, why = made.peers.get(
                fold(section.name), ("exact", "it is said of each section")
            )
            draft.say(place, f"{node.name}={node.value}", outcome, why, "endpoint.type")


_HEADS = {
    "general": "its settings are those of transports, global, system and endpoints",
    "authentication": "its logins are those of each endpoint",
    "template": "its values stand in each section that had them",
    "other": "chan_sip makes no peer of this section",
}
_MADE = {"general": "global, system, transport", "template": "endpoint", "peer": "endpoint"}


def _word(made: _SipConversion, section: Section) -> str:
    """Return what a section of sip.conf is to chan_sip."""
    name = fold(section.name)
    if name in _SPECIAL:
        return name
    if section.template:
        return "template"
    return "peer" if name in made.peers or not section.headed else "other"


def _write(made: _SipConversion) -> None:
    """Take out of sip.conf what moved, with its comments, and write pjsip.conf."""
    workspace = made.workspace
    notes: dict[str, list[str]] = {}
    for name in _files(workspace, "sip.conf"):
        document = workspace.files.documents[name]
        gone: list[Section] = []
        for section in document.parts:
            word = _word(made, section)
            if word == "other":
                continue
            moved = [one for one in section.options if _moves(word, one)]
            if len(moved) == len(section.options) and section.headed and not section.directives:
                lines = document.section_text(section).splitlines()
                starts = (line.lstrip() for line in lines)
                kept = [line for line in starts if line[:1] == ";" and ";--" not in line]
                notes.setdefault(fold(section.name), []).extend(kept)
                gone.append(section)
            else:
                for option in reversed(moved):
                    section.remove(option)
        _remove(document, gone)
    for name in _files(workspace, "users.conf"):
        _drop(workspace.files.documents[name])
    for one in made.sections:
        if one.kind == "endpoint":
            name = fold(one.name)
            name = name.removesuffix("-endpoint") if one.template == "!" else name
            one.comments += notes.pop(name, [])
    rest = [line for lines in notes.values() for line in lines]
    if rest and made.sections:
        made.sections[0].comments[:0] = rest
    for one in sorted(made.sections, key=lambda s: _ORDER.index(s.kind) if s.kind in _ORDER else 9):
        made.draft.append("pjsip.conf", one.text)


def _drop(document: Document) -> None:
    """Take out of users.conf what only chan_sip looks at."""
    for section in document.parts:
        for option in reversed(section.options):
            if fold(option.name) in {"hassip", "registersip"}:
                section.remove(option)


def _moves(word: str, option: Option) -> bool:
    """Tell whether a line leaves sip.conf: what it says is said elsewhere, or was nothing."""
    row = sip_option(option.name)
    if row is None or (row.where == ("p" if word == "general" else "g") and word != "template"):
        return True
    return row.judge(option.value)[0] != "left"


_ORDER = ("global", "system", "transport")


def _remove(document: Document, sections: list[Section]) -> None:
    """Remove sections, and what other sections inherit from them."""
    names = {fold(one.name) for one in sections if one.template}
    for section in document.sections:
        kept = [one for one in section.inherits if fold(one) not in names]
        if len(kept) != len(section.inherits) and section not in sections:
            section.inherit(*kept, elsewhere=True)
    lines, gone = str(document).split("\n"), set[int]()
    for section in sections:  # one by one they would be counted anew each time
        text = document.section_text(section)
        lead = text.split("\n").index(section.text.split("\n", 1)[0])
        start = section.line - 1 - lead
        gone.update(range(start, start + text.count("\n") + (not text.endswith("\n"))))
    if gone:
        kept = [line for at, line in enumerate(lines) if at not in gone]
        while len(kept) > 1 and len(lines) - 2 in gone and not kept[-1] and not kept[-2].strip():
            del kept[-1]  # the gap before what stood last goes along
        rewrite(document, "\n".join(kept))


def _files(workspace: Workspace, name: str) -> Iterator[str]:
    reading = workspace.resolve(name)
    found = dict.fromkeys(file for file, _ in reading.files) if reading is not None else {}
    yield from (file for file in found if file in workspace.files.documents)


def _fold(draft: Draft) -> None:
    """Write as wizard sections what a wizard can say."""
    draft.make()
    editor = Editor(draft.workspace)
    names = [*draft.workspace.pjsip.extensions, *draft.workspace.pjsip.trunks]
    for name in names:
        pjsip = draft.workspace.pjsip
        bound = pjsip.extensions.get(name) or pjsip.trunks.get(name)
        if bound is None or name == "anonymous":
            continue
        try:
            verbs.restyle(editor, bound.obj, "wizard")
        except EditError as error:
            place = Position("pjsip.conf", 1)
            draft.say(place, name, "exact", f"it stays in pjsip.conf: {error}")


SIP = Codemod(
    "sip",
    "sip.conf becomes pjsip.conf: peers, users, friends, registrations, transports, settings.",
    "295 inputs with 732 peers and 60 registrations recorded on Asterisk 16.28.0",
    _run,
)
