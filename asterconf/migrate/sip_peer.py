"""A peer of sip.conf → endpoint, auth, aor and identify of pjsip.conf."""

from __future__ import annotations

from collections.abc import Mapping

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
)
from asterconf.migrate.sip_table import taken
from asterconf.model.sip import SipAuth, SipPeer
from asterconf.model.values import CallerID
from asterconf.source import Position, fold, is_true
from asterconf.syntax import Document

_VIDEO = {"h261", "h263", "h263p", "h264", "h265", "mpeg4", "vp8", "vp9"}

_REPEATED = {
    "permit": "permit", "deny": "deny", "contactpermit": "contact_permit",
    "contactdeny": "contact_deny",
}  # fmt: skip
"""Options of which every line counts, in the order of the file."""


def write_peer(made: SipDraft, peer: SipPeer, place: Position) -> None:
    """Write the endpoint of a peer, and what belongs to it."""
    options = _options(peer)
    endpoint = made.new(peer.name, "endpoint", place)
    _media(made, endpoint, peer, options)
    _behaviour(made, endpoint, peer, options)
    doubts: list[str] = []
    if peer.qualify and peer.qualifyfreq < 1:
        doubts.append("it is asked once a second: PJSIP asks no more often")
    if peer.session_expires < peer.session_minse:
        doubts.append(f"session-expires is {peer.session_minse}: PJSIP takes none below the "
                      "minimum")  # fmt: skip
    _login(made, endpoint, peer, place, doubts)
    static = bool(peer.host) and not peer.dynamic
    if peer.is_peer and (static or peer.dynamic):
        endpoint.say("aors", peer.name)
        _aor(made, peer, place)
    by = ["auth_username"] if made.on("match_auth_username") else []
    if peer.is_peer and static:
        _identify(made, peer, place, doubts)
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
    made.peers[fold(peer.name)] = said, why


def _media(
    made: SipDraft, to: MovedSection, peer: SipPeer, options: Mapping[str, list[str]]
) -> None:
    """Write what an endpoint says of media."""
    to.say("context", peer.context)
    to.say("disallow", "all")
    known = schema.codecs()
    codecs = [c for c in peer.codecs if c in known and (peer.videosupport or c not in _VIDEO)]
    packets = _packets([*made.codec_lines, *((fold(o.name), o.value) for o in peer.options)])
    if codecs:
        to.say("allow", ",".join(f"{c}{packets.get(c, '')}" for c in codecs))
    mine = [t for t in peer.transport if t in {"udp", "tcp", "tls", "ws", "wss"}]
    if mine and mine != ["udp"] and len(mine) == 1:
        to.say("transport", f"transport-{mine[0]}")
    _direct_media(to, peer, options)
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
    progress = fold(_last(options, "progressinband"))
    to.put("inband_progress", is_true(progress))


def _direct_media(to: MovedSection, peer: SipPeer, options: Mapping[str, list[str]]) -> None:
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


def _behaviour(
    made: SipDraft, to: MovedSection, peer: SipPeer, options: Mapping[str, list[str]]
) -> None:
    """Write what an endpoint says of everything else."""
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
    if away := _last(options, "unsolicited_mailbox"):
        to.say("incoming_mwi_mailbox", f"{away}@SIP_Remote")
    if peer.outboundproxy:
        to.put("outbound_proxy", proxy_text(peer.outboundproxy))
    _copied(made, to, peer, options)
    _variables(made, to, peer, options)


def _copied(
    made: SipDraft, to: MovedSection, peer: SipPeer, options: Mapping[str, list[str]]
) -> None:
    """Write the options that have one of their own each, and those of `[general]`."""
    made.copy(to, peer, options)
    for line in peer.options:  # the last that matches wins, whichever its name
        if (option := fold(line.name)) in _REPEATED:
            to.put(_REPEATED[option], line.value)
    if made.general.get("rtpbindaddr") and "media_address" not in made.general:
        to.put("media_address", made.general["rtpbindaddr"])
        to.put("bind_rtp_to_media_address", value=True)
    to.put("send_diversion", made.on("send_diversion", "yes"))
    to.put("allow_unauthenticated_options", not made.on("auth_options_requests"))


def _variables(
    made: SipDraft, to: MovedSection, peer: SipPeer, options: Mapping[str, list[str]]
) -> None:
    """Write the variables and the settings of each channel."""
    for text in peer.set_var:
        to.say("set_var", text)
    music = _last(options, "mohinterpret", "musicclass", "musiconhold")
    if fold(music) == "passthrough":
        to.put("moh_passthrough", value=True)
    elif music and music != "default":
        to.say("set_var", f"CHANNEL(musicclass)={music}")
    lot = peer.parkinglot or made.general.get("parkinglot", "")
    if lot:
        to.say("set_var", f"CHANNEL(parkinglot)={lot}")
    if peer.amaflags:
        to.say("set_var", f"CHANNEL(amaflags)={peer.amaflags}")
    if {"automon"} != {peer.recordonfeature, peer.recordofffeature}:
        for option, word in (("on", peer.recordonfeature), ("off", peer.recordofffeature)):
            to.put(f"record_{option}_feature", word if word != "automon" else "automixmon")
        to.put("one_touch_recording", value=True)


def _login(
    made: SipDraft, to: MovedSection, peer: SipPeer, place: Position, doubts: list[str]
) -> None:
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
        to.say("auth", made.login(name, SipAuth(peer.name, "", peer.secret, peer.md5secret), place))
    sent = peer.remotesecret or peer.secret
    user = peer.defaultuser or (peer.fromuser or peer.name if static else "")
    out: list[str] = []
    if peer.is_peer and sent is not None and user:
        if asked and user == peer.name and not peer.remotesecret and not peer.md5secret:
            out.append(name)
        else:
            out.append(made.login(f"{peer.name}-oauth", SipAuth(user, "", sent), place))
    for at, one in enumerate(filter(has_password, peer.auth), 1):
        out.append(made.login(f"{peer.name}-realm{at}", one, place))
    own = {fold(one.realm) for one in peer.auth}
    out += (name for name, one in made.common() if fold(one.realm) not in own)
    if out:
        to.say("outbound_auth", ",".join(out))


def _aor(made: SipDraft, peer: SipPeer, place: Position) -> None:
    """Write where a peer is reached."""
    aor = made.new(peer.name, "aor", place)
    aor.comments = []
    static = peer.host if not peer.dynamic else peer.defaultip
    if static:
        user = f"{peer.defaultuser}@" if peer.defaultuser else ""
        aor.say(
            "contact", f"sip:{user}{host_text(static, peer.port)}{transport_text(peer.transport)}"
        )
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


def _identify(made: SipDraft, peer: SipPeer, place: Position, doubts: list[str]) -> None:
    """Write by which address the calls of a peer are recognised."""
    identify = made.new(f"{peer.name}-identify", "identify", place)
    identify.say("endpoint", peer.name)
    usual = 5061 if peer.transport[:1] == ("tls",) else 5060
    port = 0 if "port" in peer.insecure else peer.port or usual
    host = host_address(peer.host)
    if not is_address(host):
        doubts.append("a host name is looked up when PJSIP loads, and its port does not count")
        port = 0
    match = host_text(host, port)
    if match in made.names:
        doubts.append(f"another peer has the address {match}, too: either may get its calls")
    made.names.add(match)
    identify.say("match", match)


def write_guest(made: SipDraft) -> None:
    """Write the endpoint of strangers, unless they are refused."""
    if not made.on("allowguest", "yes"):
        return
    if "anonymous" in map(fold, made.sip.peers):
        return
    document = made.workspace.files.documents[made.workspace.spelled("sip.conf")]
    text = f"{document}{document.eol}[anonymous]{document.eol}type=user{document.eol}"
    trial = made.workspace.trial({document.name: Document(text, name=document.name)})
    found = trial.chan_sip.peers.get("anonymous")
    if found is not None:
        endpoint = made.new("anonymous", "endpoint", made.header)
        endpoint.comments = ["; calls of strangers, as allowguest has them"]
        options = _options(found.obj)
        _media(made, endpoint, found.obj, options)
        _behaviour(made, endpoint, found.obj, options)


def _options(peer: SipPeer) -> Mapping[str, list[str]]:
    """Return the values of the lines that made a peer, by option in lower case."""
    found: dict[str, list[str]] = {}
    for one in peer.options:
        if (value := taken(one.name, one.value)) is not None:
            found.setdefault(fold(one.name), []).append(value)
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
