"""Registrations and `[general]` of sip.conf → registrations, transports, global and system."""

from __future__ import annotations

from asterconf.bind.chan_sip import host_address, port_of
from asterconf.language.exten import leading_number
from asterconf.migrate.outcome import Outcome
from asterconf.migrate.sip_section import (
    MovedSection,
    SipDraft,
    bound_text,
    host_text,
    proxy_text,
    user_text,
)
from asterconf.model.sip import SipAuth, SipRegistration
from asterconf.source import Position, fold


def write_registration(made: SipDraft, one: SipRegistration, place: Position) -> None:
    """Write a registration with its login."""
    if said := _unsent(made, one):
        made.lines[place.file, place.line] = said
        if one.peer and not (one.user and one.host):
            made.peers[fold(one.peer)] = said
        return
    if one.transport != "udp" and not made.on(f"{one.transport}enable"):
        made.lines[place.file, place.line] = (
            "changed",
            (f"PJSIP listens on {one.transport.upper()} then, which chan_sip did not"),
        )
    base = one.peer or f"{one.user}-{one.host}"
    base = "".join(c if c.isalnum() or c in "-_." else "-" for c in base)
    name = made.named(base, "-registration")
    usual = 5061 if one.transport == "tls" else 5060
    to = made.new(name, "registration", place)
    by = "" if one.transport == "udp" else f";transport={one.transport}"
    port = 0 if one.port == usual else one.port
    peer = next((b.obj for b in made.sip.peers.values()
                 if fold(b.obj.name) == fold(one.peer or one.host)), None)  # fmt: skip
    known = peer.host if peer is not None else ""
    server = host_text(known if known and not one.peer else one.host, port)
    away = host_text(one.domain, one.domain_port if one.domain_port != 5060 else 0)
    to.say("server_uri", f"sip:{away if one.domain else server}{by}")
    home = one.domain or known or one.peer or one.host
    to.say("client_uri", f"sip:{user_text(one.user)}@{host_text(home, 0)}{by}")
    to.say("contact_user", one.contact_user)
    to.put("expiration", _expiry(made, one))
    wait = made.general.get("registertimeout", "20")
    to.put("retry_interval", wait)
    attempts = made.general.get("registerattempts", "0")
    to.put("max_retries", attempts if attempts != "0" else "4294967295")
    if made.on("register_retry_403"):
        to.put("forbidden_retry_interval", wait)
    if one.transport != "udp":
        to.say("transport", f"transport-{one.transport}")
    proxy = (peer.outboundproxy if peer else "") or made.general.get("outboundproxy", "")
    if proxy or one.domain:
        to.say("outbound_proxy", proxy_text(proxy) if proxy else f"sip:{server};lr{by}")
    sent: list[str] = []
    if one.secret is not None:
        login = SipAuth(one.auth_user or one.user, "", one.secret)
        sent.append(made.login(name, "-auth", login, place))
    sent += (name for name, _ in made.common())
    if sent:
        to.say("outbound_auth", ",".join(sent))


def _expiry(made: SipDraft, one: SipRegistration) -> str:
    return made.general.get("defaultexpiry", "120") if one.expiry is None else str(one.expiry)


def _unsent(made: SipDraft, one: SipRegistration) -> tuple[Outcome, str] | None:
    """Return what is said of a registration that is not sent; None: it is."""
    if not one.user:
        return "changed", "PJSIP registers with a user name only: this registration goes"
    if not one.host:
        return "changed", "its peer has no host: PJSIP has nowhere to register"
    expiry = _expiry(made, one)
    if expiry.startswith("-") or not expiry.strip("0"):
        why = "it asks the provider to forget the phone system, which PJSIP has no option for"
        return "changed", why
    own = host_address(made.general.get("udpbindaddr", ""))
    if ":" in host_address(one.host) and ":" not in own:
        return "exact", "chan_sip is bound to IPv4 and never reached it: nothing is sent"
    return None


def write_transports(made: SipDraft) -> None:
    """Write the transports: for UDP always, the others where they are switched on."""
    get = made.general.get
    port = get("bindport", "5060")
    udp = get("udpbindaddr") or "0.0.0.0"  # noqa: S104 - as chan_sip
    wanted = [("udp", bound_text(udp, port))]
    sent = {bound.obj.transport for bound in made.sip.registrations}
    if made.on("tcpenable") or "tcp" in sent:
        tcp = get("tcpbindaddr")
        wanted.append(("tcp", bound_text(tcp, "5060") if tcp else bound_text(udp, port)))
    if made.on("tlsenable") or "tls" in sent:
        address = get("tlsbindaddr") or host_address(udp)
        wanted.append(("tls", bound_text(address, "5061")))
    used = {t for bound in made.sip.peers.values() for t in bound.obj.transport}
    wanted += [(t, "0.0.0.0") for t in ("ws", "wss") if t in used]  # noqa: S104
    for protocol, bind in wanted:
        to = made.new(f"transport-{protocol}", "transport", made.header)
        to.say("protocol", protocol)
        to.say("bind", bind)
        outside = get("externaddr") or get("externip") or get("externhost")
        if outside:
            address, outside_port = host_address(outside), port_of(outside)
            to.say("external_signaling_address", address)
            to.say("external_media_address", get("media_address") or address)
            own = get(f"extern{protocol}port") or outside_port
            to.put("external_signaling_port", own)
        for net in made.general.get("localnet", "").split("\0"):
            to.put("local_net", net)
        made.copy(to)
        if protocol == "tls":
            _tls(made, to)
        if protocol in {"ws", "wss"}:
            to.put("websocket_write_timeout", get("websocket_write_timeout", ""))


def _tls(made: SipDraft, to: MovedSection) -> None:
    """Write the files and switches of TLS."""
    get = made.general.get
    usual = "/etc/asterisk/asterisk.pem" if made.on("tlsenable") else ""  # a server needs one
    to.put("cert_file", get("tlscertfile") or usual)
    to.put("priv_key_file", get("tlsprivatekey") or get("tlscertfile") or "")
    to.put("ca_list_file", get("tlscafile", ""))
    to.put("ca_list_path", get("tlscapath") or get("tlscadir") or "")
    to.put("cipher", get("tlscipher", ""))
    method = fold(get("tlsclientmethod", ""))
    to.put("method", method if method in {"tlsv1", "sslv2", "sslv3"} else "")
    if made.on("tlsverifyclient"):
        to.say("verify_client", "yes")
    if not made.on("tlsdontverifyserver"):
        to.say("verify_server", "yes")


def write_settings(made: SipDraft) -> None:
    """Write `[global]` and `[system]`."""
    get = made.general.get
    own = made.new("global", "global", made.header)
    if any(one.kind == "identify" for one in made.sections):
        own.put("endpoint_identifier_order", "username,ip,anonymous")
    made.copy(own)
    own.put("default_from_user", get("callerid", ""))
    system = made.new("system", "system", made.header)
    first = max(_number(get("timert1"), 500), _number(get("t1min"), 100))
    system.put("timer_t1", first)
    system.put("timer_b", max(_number(get("timerb"), 32000), first * 64))
    made.copy(system)
    made.sections = [s for s in made.sections if s.kind not in {"global", "system"} or s.pairs]


def _number(text: str | None, usual: int) -> int:
    number = leading_number(text or "")
    return usual if number is None else number
