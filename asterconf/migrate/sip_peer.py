"""A peer of sip.conf → endpoint, auth, aor and identify of pjsip.conf."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property

import attrs

from asterconf import schema
from asterconf.bind.chan_sip import host_address, is_address
from asterconf.migrate.outcome import Outcome
from asterconf.migrate.sip_section import (
    MovedSection,
    Pairs,
    SipDraft,
    has_password,
    host_text,
    proxy_text,
    transport_text,
    user_text,
)
from asterconf.migrate.sip_table import sip_option, taken
from asterconf.model.sip import SipAuth, SipPeer
from asterconf.model.values import CallerID
from asterconf.source import Position, fold, is_true
from asterconf.syntax import Document

_HOST = re.compile(r"[^\s!<>\"@/;,?]+")
_VIDEO = {"h261", "h263", "h263p", "h264", "h265", "mpeg4", "vp8", "vp9"}


def write_peer(made: SipDraft, peer: SipPeer, place: Position) -> None:
    """Write the endpoint of a peer, and what belongs to it."""
    one = _Move(made, peer, place, made.new(peer.name, "endpoint", place))
    one.endpoint()
    one.login()
    one.reached()
    one.recognised()
    said: Outcome = "changed" if one.doubts else "exact"
    made.peers[fold(peer.name)] = said, "; ".join([*one.doubts, one.how])


def write_guest(made: SipDraft) -> None:
    """Write the endpoint of strangers, unless they are refused."""
    if not made.on("allowguest", "yes") or "anonymous" in map(fold, made.sip.peers):
        return
    document = made.workspace.files.documents[made.workspace.spelled("sip.conf")]
    text = f"{document}{document.eol}[anonymous]{document.eol}type=user{document.eol}"
    trial = made.workspace.trial({document.name: Document(text, name=document.name)})
    found = trial.chan_sip.peers.get("anonymous")
    if found is not None:
        endpoint = made.new("anonymous", "endpoint", made.header)
        endpoint.comments = ["; calls of strangers, as allowguest has them"]
        _Move(made, found.obj, made.header, endpoint).endpoint()


@attrs.define(eq=False, slots=False)
class _Move:
    """A peer that becomes an endpoint, and what has been said of it."""

    made: SipDraft
    peer: SipPeer
    place: Position
    to: MovedSection
    """The endpoint."""
    doubts: list[str] = attrs.field(factory=list)
    """How it differs from the peer."""
    how: str = ""
    """How its calls are recognised."""

    @cached_property
    def options(self) -> Mapping[str, list[str]]:
        """The values of the lines that made the peer, by option in lower case."""
        found: dict[str, list[str]] = {}
        for one in self.peer.options:
            if (value := taken(one.name, one.value)) is not None:
                found.setdefault(fold(one.name), []).append(value)
        return found

    def last(self, *names: str) -> str:
        """Return the last value of the first of some options that has one."""
        return next((self.options[name][-1] for name in names if self.options.get(name)), "")

    @property
    def static(self) -> bool:
        """Whether it is at one address for good: what can be none is looked up in vain."""
        return bool(_HOST.fullmatch(self.peer.host or "")) and not self.peer.dynamic

    def endpoint(self) -> None:
        """Write the endpoint, but for its logins and where it is."""
        self.media()
        self.behaviour()
        self.variables()

    def media(self) -> None:
        """Write what the endpoint says of media."""
        to, peer, known = self.to, self.peer, schema.codecs()
        to.say("context", peer.context)
        to.say("disallow", "all")
        codecs = [c for c in peer.codecs if c in known and (peer.videosupport or c not in _VIDEO)]
        lines = ((fold(one.name), one.value) for one in peer.options)
        packets = _packets([*self.made.codec_lines, *lines])
        if codecs:
            to.say("allow", ",".join(f"{c}{packets.get(c, '')}" for c in codecs))
        mine = [t for t in peer.transport if t in {"udp", "tcp", "tls", "ws", "wss"}]
        if mine != ["udp"] and len(mine) == 1:
            to.say("transport", f"transport-{mine[0]}")
        asked = self.last("directmedia", "canreinvite") or "yes"
        words = {fold(word.strip()) for word in asked.split(",")}
        to.put("direct_media", peer.directmedia)
        if peer.directmedia:
            to.put("direct_media_method", "update" if "update" in words else "invite")
            to.put("direct_media_glare_mitigation", "outgoing" if "outgoing" in words else "none")
            to.put("disable_direct_media_on_nat", "nonat" in words)
        nat = {word.removeprefix("auto_") for word in peer.nat}
        to.put("force_rport", "force_rport" in nat)
        to.put("rewrite_contact", "force_rport" in nat)
        to.put("rtp_symmetric", "comedia" in nat)
        dtls = is_true(self.last("dtlsenable"))
        if peer.encryption or dtls:
            to.put("media_encryption", "dtls" if dtls else "sdes")
            to.put("srtp_tag_32", self.last("encryption_taglen") == "32")
        if peer.t38pt_udptl:
            to.put("t38_udptl", value=True)
            to.put("t38_udptl_ec", peer.t38pt_udptl)
            to.put("t38_udptl_maxdatagram", peer.t38_maxdatagram or "")
        fax = fold(self.last("faxdetect"))
        to.put("fax_detect", is_true(fax) or bool({"cng", "t38"} & set(fax.split(","))))
        to.put("inband_progress", is_true(self.last("progressinband")))

    def behaviour(self) -> None:
        """Write timers, limits, caller ids and mailboxes, and what has an option of its own."""
        to, peer, made = self.to, self.peer, self.made
        to.put("timers_sess_expires", max(peer.session_expires, peer.session_minse))
        if peer.call_limit and not peer.busylevel and peer.call_limit < 1000:
            to.put("device_state_busy_at", peer.call_limit)
        if peer.callerid != CallerID():
            to.put("callerid", _caller(peer.callerid))
        to.put("send_pai", peer.sendrpid == "pai")
        to.put("send_rpid", peer.sendrpid == "rpid")
        if peer.vmexten and (peer.mailbox or peer.vmexten != "asterisk"):
            to.put("voicemail_extension", peer.vmexten)
        if peer.mailbox and not peer.subscribemwi:
            to.put("mailboxes", _boxes(peer))
            to.put("mwi_subscribe_replaces_unsolicited", peer.is_peer)
        if away := self.last("unsolicited_mailbox"):
            to.say("incoming_mwi_mailbox", f"{away}@SIP_Remote")
        proxy = peer.outboundproxy or made.general.get("outboundproxy", "")
        to.put("outbound_proxy", proxy_text(proxy))
        made.copy(to, peer, self.options)
        for line in peer.options:  # the last that matches wins, whichever its name
            if (row := sip_option(line.name)) is not None and row.by == "every":
                to.put(row.to[0].partition(".")[2], line.value)
        if made.general.get("rtpbindaddr") and "media_address" not in made.general:
            to.put("media_address", made.general["rtpbindaddr"])
            to.put("bind_rtp_to_media_address", value=True)
        to.put("send_diversion", made.on("send_diversion", "yes"))
        to.put("allow_unauthenticated_options", not made.on("auth_options_requests"))

    def variables(self) -> None:
        """Write the variables and the settings of each channel."""
        to, peer = self.to, self.peer
        for text in peer.set_var:
            to.say("set_var", text)
        music = self.last("mohinterpret", "musicclass", "musiconhold")
        if fold(music) == "passthrough":
            to.put("moh_passthrough", value=True)
        elif music and music != "default":
            to.say("set_var", f"CHANNEL(musicclass)={music}")
        if lot := peer.parkinglot or self.made.general.get("parkinglot", ""):
            to.say("set_var", f"CHANNEL(parkinglot)={lot}")
        if peer.amaflags:
            to.say("set_var", f"CHANNEL(amaflags)={peer.amaflags}")
        if {"automon"} != {peer.recordonfeature, peer.recordofffeature}:
            for option, word in (("on", peer.recordonfeature), ("off", peer.recordofffeature)):
                to.put(f"record_{option}_feature", word if word != "automon" else "automixmon")
            to.put("one_touch_recording", value=True)

    def login(self) -> None:
        """Write the passwords that a peer is asked for, and those that are sent to it."""
        to, peer, made = self.to, self.peer, self.made
        if peer.qualify and peer.qualifyfreq < 1:
            self.doubts.append("it is asked once a second: PJSIP asks no more often")
        if peer.session_expires < peer.session_minse:
            self.doubts.append(f"session-expires is {peer.session_minse}: PJSIP takes none below "
                               "the minimum")  # fmt: skip
        asked = bool(peer.secret or peer.md5secret)
        if asked and "invite" in peer.insecure:
            asked = peer.is_peer and not self.static
            if asked:
                self.doubts.append("insecure=invite: its calls are asked for the password, too, "
                                   "since PJSIP asks for both or neither")  # fmt: skip
        name = ""
        if asked:
            login = SipAuth(peer.name, "", peer.secret, peer.md5secret)
            name = made.login(peer.name, "-auth", login, self.place)
            to.say("auth", name)
        sent = peer.remotesecret or peer.secret
        user = peer.defaultuser or (peer.fromuser or peer.name if self.static else "")
        out: list[str] = []
        if peer.is_peer and sent is not None and user:
            if asked and user == peer.name and not peer.remotesecret and not peer.md5secret:
                out.append(name)
            else:
                login = SipAuth(user, "", sent)
                out.append(made.login(peer.name, "-oauth", login, self.place))
        for at, one in enumerate(filter(has_password, peer.auth), 1):
            out.append(made.login(peer.name, f"-realm{at}", one, self.place))
        own = {fold(one.realm) for one in peer.auth}
        out += (name for name, one in made.common() if fold(one.realm) not in own)
        if out:
            to.say("outbound_auth", ",".join(out))

    def reached(self) -> None:
        """Write where a peer is reached."""
        peer, made = self.peer, self.made
        if not peer.is_peer or not (self.static or peer.dynamic):
            return
        self.to.say("aors", peer.name)
        aor = made.new(peer.name, "aor", self.place)
        static = peer.host if not peer.dynamic else peer.defaultip
        if static:
            user = f"{user_text(peer.defaultuser)}@" if peer.defaultuser else ""
            by = transport_text(peer.transport)
            aor.say("contact", f"sip:{user}{host_text(static, peer.port)}{by}")
        if peer.dynamic:
            aor.say("max_contacts", "1" if not static else "2")
            aor.say("remove_existing", "yes")
            for name, option, usual in (
                ("defaultexpiry", "default_expiration", "120"),
                ("maxexpiry", "maximum_expiration", "3600"),
                ("minexpiry", "minimum_expiration", "60"),
            ):
                aor.put(option, made.general.get(name, usual))
        if peer.qualify:
            aor.say("qualify_frequency", str(min(max(peer.qualifyfreq, 1), 86400)))
            aor.put("qualify_timeout", f"{peer.qualify / 1000:.1f}")
        if peer.mailbox:  # a phone may subscribe to them, whether it need or not
            aor.put("mailboxes", _boxes(peer))
        made.copy(aor, peer)

    def recognised(self) -> None:
        """Write by what the calls of a peer are recognised."""
        peer, made = self.peer, self.made
        by_address = peer.is_peer and self.static
        by_name = peer.is_user or peer.dynamic
        if by_address:
            self.identify()
        elif not peer.is_user and peer.dynamic:
            self.doubts.append("its calls are recognised by user name, not by where it registered")
        by = ["auth_username"] if made.on("match_auth_username") else []
        by += ["username", "ip"] if by_name else ["ip"]
        self.to.put("identify_by", ",".join(by))
        address = "address" if "port" in peer.insecure else "address and port"
        how = ["user name"] * by_name + [address] * by_address
        self.how = f"recognised by {', and '.join(how) or 'nothing: it has no address'}"

    def identify(self) -> None:
        """Write by which address the calls of a peer are recognised."""
        peer, made = self.peer, self.made
        identify = made.new(made.named(peer.name, "-identify"), "identify", self.place)
        identify.say("endpoint", peer.name)
        usual = 5061 if peer.transport[:1] == ("tls",) else 5060
        port = 0 if "port" in peer.insecure else peer.port or usual
        host = host_address(peer.host)
        if not is_address(host):
            self.doubts.append("a host name is looked up when PJSIP loads, and its port does not "
                               "count")  # fmt: skip
            port = 0
        match = host_text(host, port)
        if match in made.names:
            self.doubts.append(f"another peer has the address {match}, too: either may get its "
                               "calls")  # fmt: skip
        made.names.add(match)
        identify.say("match", match)


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
