"""Peers, users, registrations and domains of sip.conf, next to what Asterisk 16.28 made of it."""

from __future__ import annotations

import ipaddress
import json
import os
from pathlib import Path
from typing import Any

import pytest

from asterconf import Config
from asterconf.bind.chan_sip import ChanSip
from asterconf.model.sip import SipPeer, SipRegistration

FOLDER = Path(os.environ.get("ASTERCONF_VECTORS", Path(__file__).parent / "vectors")) / "chan_sip"
CASES = sorted(FOLDER.glob("inputs/*.json"))
HOST_NAME = "pbx"
"""What the recording machine called itself, which no file says."""

PRESENTATIONS = {
    0: "Presentation Allowed, Not Screened", 1: "Presentation Allowed, Passed Screen",
    2: "Presentation Allowed, Failed Screen", 3: "Presentation Allowed, Network Number",
    0x20: "Presentation Prohibited, Not Screened", 0x21: "Presentation Prohibited, Passed Screen",
    0x22: "Presentation Prohibited, Failed Screen", 0x23: "Presentation Prohibited, Network Number",
    0x43: "Number Unavailable",
}  # fmt: skip
CORRECTION = {"": "Unknown", "none": "None", "fec": "FEC", "redundancy": "Redundancy"}
TRANSPORTS = ("udp", "tcp", "tls", "ws", "wss")


def literal(text: str) -> str:
    """Return an IPv4 address; empty: it is none. The recorded Asterisk was bound to one."""
    try:
        return text if ipaddress.ip_address(text).version == 4 else ""
    except ValueError:
        return ""


def mark(value: bool) -> str:
    return "Y" if value else "N"


def word(value: bool) -> str:
    return "Yes" if value else "No"


def caller(peer: SipPeer) -> str:
    name = peer.callerid.name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{name}" <{peer.callerid.number}>'


def action(peer: SipPeer, settings: dict[str, str]) -> dict[str, Any]:
    """Return the fields of SIPshowpeer that a peer means."""
    usual = 5061 if peer.transport[0] == "tls" else 5060
    address, default = literal(peer.address), literal(peer.defaultip)
    auto = {name: f"auto_{name}" in peer.nat for name in ("force_rport", "comedia")}
    port = peer.port or usual
    return {
        "ChanObjectType": "peer",
        "SecretExist": mark(peer.secret is not None),
        "RemoteSecretExist": mark(peer.remotesecret is not None),
        "MD5SecretExist": mark(peer.md5secret is not None),
        "Context": peer.context,
        "Language": peer.language,
        "ToneZone": peer.tonezone or "<Not set>",
        "AMAflags": peer.amaflags.upper() or "Unknown",
        "CID-CallingPres": PRESENTATIONS.get(peer.callingpres, "unknown"),
        "Callgroup": ", ".join(map(str, peer.callgroup)),
        "Pickupgroup": ", ".join(map(str, peer.pickupgroup)),
        "Named Callgroup": sorted(peer.namedcallgroup),
        "Named Pickupgroup": sorted(peer.namedpickupgroup),
        "MOHSuggest": peer.mohsuggest,
        "VoiceMailbox": ",".join(peer.mailbox),
        "TransferMode": "open" if peer.allowtransfer else "closed",
        "LastMsgsSent": "-1" if peer.mailbox and not peer.subscribemwi else "0",
        "Maxforwards": str(peer.maxforwards),
        "Call-limit": str(peer.call_limit),
        "Busy-level": str(peer.busylevel),
        "MaxCallBR": f"{peer.maxcallbitrate} kbps",
        "Dynamic": mark(peer.dynamic),
        "Callerid": caller(peer),
        "RegExpire": "-1 seconds",
        "SIP-AuthInsecure": ",".join(peer.insecure) or "no",
        "SIP-Forcerport": "a" if auto["force_rport"] else mark("force_rport" in peer.nat),
        "SIP-Comedia": "a" if auto["comedia"] else mark("comedia" in peer.nat),
        "ACL": mark(peer.acl),
        "SIP-CanReinvite": mark(peer.directmedia),
        "SIP-DirectMedia": mark(peer.directmedia),
        "SIP-PromiscRedir": mark(peer.promiscredir),
        "SIP-UserPhone": mark(peer.usereqphone),
        "SIP-VideoSupport": mark(peer.videosupport),
        "SIP-TextSupport": mark(peer.textsupport),
        "SIP-T.38Support": mark(bool(peer.t38pt_udptl)),
        "SIP-T.38EC": CORRECTION[peer.t38pt_udptl],
        "SIP-T.38MaxDtgrm": str(
            4294967295 if peer.t38_maxdatagram is None else peer.t38_maxdatagram
        ),
        "SIP-Sess-Timers": peer.session_timers.capitalize(),
        "SIP-Sess-Refresh": peer.session_refresher,
        "SIP-Sess-Expires": str(peer.session_expires),
        "SIP-Sess-Min": str(peer.session_minse),
        "SIP-RTP-Engine": peer.rtp_engine,
        "SIP-Encryption": mark(peer.encryption),
        "SIP-RTCP-Mux": mark(peer.rtcp_mux),
        "SIP-DTMFmode": peer.dtmfmode,
        "ToHost": peer.host,
        "Address-IP": address or "(null)",
        "Address-Port": str(port) if address else "0",
        "Default-addr-IP": default or "(null)",
        "Default-addr-port": str(port if peer.dynamic else usual) if default else "0",
        "Default-Username": peer.defaultuser,
        "Codecs": f"({'|'.join(peer.codecs) or 'nothing'})",
        "Status": "UNKNOWN" if peer.qualify else "Unmonitored",
        "SIP-Useragent": "",
        "Reg-Contact": "",
        "QualifyFreq": f"{peer.qualifyfreq * 1000} ms",
        "Parkinglot": peer.parkinglot,
        "SIP-Use-Reason-Header": mark(peer.use_q850_reason),
        "Description": peer.description,
        **({"Accountcode": peer.accountcode} if peer.accountcode else {}),
        **({"SubscribeContext": peer.subscribecontext} if peer.subscribecontext else {}),
        **({"SIP-FromUser": peer.fromuser} if peer.fromuser else {}),
        **(
            {"SIP-FromDomain": peer.fromdomain,
             "Sip-FromDomain-Port": str(peer.fromdomainport or 5060)}
            if peer.fromdomain
            else {}
        ),
        **({"ChanVariable": variables(peer)} if peer.set_var else {}),
        **({} if settings["Reg. context"] == "(not set)" else {"RegExtension": peer.regexten}),
    }  # fmt: skip


def variables(peer: SipPeer) -> str | list[str]:
    found = list(reversed(peer.set_var))
    return found if len(found) > 1 else found[0]


def command(peer: SipPeer) -> dict[str, str]:
    """Return the fields of `sip show peer` that the action does not have."""
    nat = peer.nat
    states = {
        name: "Auto (No)" if f"auto_{name}" in nat else word(name in nat)
        for name in ("force_rport", "comedia")
    }
    realm = next(iter(peer.auth), None)
    kept = "<Not set>"
    if realm is not None and (realm.secret or realm.md5secret):
        kept = "<Secret set>" if realm.secret else "<MD5secret set>"
    first = peer.transport[0]
    return {
        "Record On feature": peer.recordonfeature,
        "Record Off feature": peer.recordofffeature,
        "Subscr.Cont.": peer.subscribecontext or "<Not set>",
        "VM Extension": peer.vmexten,
        "ContactACL": word(peer.contactacl),
        "DirectMedACL": word(peer.directmediaacl),
        "Ign SDP ver": word(peer.ignoresdpversion),
        "Trust RPID": word(peer.trustrpid),
        "Send RPID": word(bool(peer.sendrpid)),
        "Path support": word(peer.supportpath),
        "TrustIDOutbnd": peer.trust_id_outbound.capitalize(),
        "Subscriptions": word(peer.allowsubscribe),
        "Overlap dial": {"dtmf": "DTMF"}.get(peer.allowoverlap, peer.allowoverlap.capitalize()),
        "Timer T1": str(peer.timert1),
        "Timer B": str(peer.timerb),
        "Prim.Transp.": "WS" if first == "wss" else first.upper(),
        "Allowed.Trsp": ",".join(t.upper() for t in TRANSPORTS if t in peer.transport),
        "SIP Options": "(none)",
        "Auto-Framing": word(peer.autoframing),
        "Keepalive": f"{peer.keepalive * 1000} ms",
        "Force rport": states["force_rport"],
        "Symmetric RTP": states["comedia"],
        "Expire": "-1",
        **({"FromUser": peer.fromuser} if peer.fromuser else {}),
        **(
            {"FromDomain": f"{peer.fromdomain} Port {peer.fromdomainport or 5060}"}
            if peer.fromdomain
            else {}
        ),
        **({"Outb. proxy": proxy(peer)} if peer.outboundproxy else {}),
        **(
            {"Realm-auth": f"Realm {realm.realm:<15} User {realm.user:<10} {kept}"} if realm else {}
        ),
    }


def proxy(peer: SipPeer) -> str:
    return peer.outboundproxy.partition("://")[2] or peer.outboundproxy


def user(peer: SipPeer) -> dict[str, Any]:
    """Return the fields of `sip show user`."""
    return {
        "Secret": "<Set>" if peer.secret else "<Not set>",
        "MD5Secret": "<Set>" if peer.md5secret else "<Not set>",
        "Context": peer.context,
        "Language": peer.language,
        "AMA flags": peer.amaflags.upper() or "Unknown",
        "Tonezone": peer.tonezone or "<Not set>",
        "Transfer mode": "open" if peer.allowtransfer else "closed",
        "MaxCallBR": f"{peer.maxcallbitrate} kbps",
        "CallingPres": PRESENTATIONS.get(peer.callingpres, "unknown"),
        "Call limit": str(peer.call_limit),
        "Callgroup": ", ".join(map(str, peer.callgroup)),
        "Pickupgroup": ", ".join(map(str, peer.pickupgroup)),
        "Named Callgr": sorted(peer.namedcallgroup),
        "Nam. Pickupgr": sorted(peer.namedpickupgroup),
        "Callerid": caller(peer),
        "ACL": word(peer.acl),
        "Sess-Timers": peer.session_timers.capitalize(),
        "Sess-Refresh": peer.session_refresher,
        "Sess-Expires": f"{peer.session_expires} secs",
        "Sess-Min-SE": f"{peer.session_minse} secs",
        "RTP Engine": peer.rtp_engine,
        "Auto-Framing": word(peer.autoframing),
        "Accountcode": peer.accountcode,
        "Forcerport": word("force_rport" in peer.nat),
        **({"Variables": ""} if peer.set_var else {}),
    }


def registry(one: SipRegistration) -> dict[str, str]:
    """Return a row of SIPshowregistry."""
    return {
        "Host": one.host,
        "Port": str(one.port),
        "Username": one.user,
        "Domain": one.domain or one.host,
        "DomainPort": str(one.domain_port),
    }


def recorded(fields: dict[str, Any]) -> dict[str, Any]:
    """Return recorded fields, groups as sets: their order is that of a hash table."""
    sets = ("Named Callgroup", "Named Pickupgroup", "Named Callgr", "Nam. Pickupgr")
    return {
        name: sorted(w for w in value.split(", ") if w) if name in sets else value
        for name, value in fields.items()
    }


def load(case: dict[str, Any]) -> ChanSip:
    return Config.from_texts(case["files"]).workspace.chan_sip


if not CASES:
    pytest.skip("no recorded sip.conf here", allow_module_level=True)


@pytest.fixture(params=CASES, ids=lambda path: path.stem)
def case(request: pytest.FixtureRequest) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(request.param.read_text())
    return found


def test_loaded(case: dict[str, Any]) -> None:
    assert load(case).loaded is case["loaded"]


def test_peers(case: dict[str, Any]) -> None:
    """Every field of the manager action and of the command, of every peer."""
    peers = {name: bound.obj for name, bound in load(case).peers.items() if bound.obj.is_peer}
    assert set(peers) == set(case.get("peers", {}))
    for name, peer in peers.items():
        assert action(peer, case["settings"]) == recorded(case["peers"][name]), name
        assert command(peer) == case["peers_more"][name], name


def test_users(case: dict[str, Any]) -> None:
    users = {name: bound.obj for name, bound in load(case).peers.items() if bound.obj.is_user}
    assert set(users) == set(case.get("users", {}))
    for name, one in users.items():
        was = recorded(case["users"][name])
        if one.secret is not None and not one.secret.reveal().isascii():
            was["Forcerport"] = user(one)["Forcerport"]  # the table's columns were shifted
        assert user(one) == was, name


def test_registry(case: dict[str, Any]) -> None:
    found = [registry(bound.obj) for bound in load(case).registrations]
    was = case.get("registry", [])
    assert sorted(found, key=str) == sorted(was, key=str)


def test_domains(case: dict[str, Any]) -> None:
    found = [[one.name, one.context or "(default)"] for one in load(case).domains]
    was = [row for row in case.get("domains", []) if row[0] != HOST_NAME]
    assert found == [row[:2] for row in was]


DEFAULTS = json.loads((FOLDER / "defaults.json").read_text())


def test_defaults() -> None:
    """Friends, peers and users that set nothing."""
    held = load({"files": {"sip.conf": DEFAULTS["text"]}})
    settings = DEFAULTS["settings"]
    assert action(held.peers["f"].obj, settings) == recorded(DEFAULTS["peer"])
    assert command(held.peers["f"].obj) == DEFAULTS["peer_more"]
    assert user(held.peers["u"].obj) == recorded(DEFAULTS["user"])


VALUES = {"allow": "!all,gsm", "disallow": "all", "setvar": "A=1", "host": "192.0.2.10",
          "deny": "0.0.0.0/0", "permit": "192.0.2.0/24"}  # fmt: skip
"""Values of options that `yes` is none of."""


def phone(general: str = "", own: str = "") -> Any:
    text = f"[general]\n{general}\n[100]\ntype=friend\nhost=dynamic\n{own}\n"
    record = Config.from_texts({"sip.conf": text}).endpoints["100"]
    return record.extension or record


@pytest.mark.parametrize("option", [*DEFAULTS["peer_options_that_show"]])
def test_every_option_of_a_peer_has_a_field_or_a_key(option: str) -> None:
    """What an option of a peer says stands in its phone: in a field, or in `extra`."""
    assert phone(own=f"{option}={VALUES.get(option, 'yes')}") != phone()


@pytest.mark.parametrize("option", [*DEFAULTS["general_to_peer"]])
def test_every_option_of_general_has_a_field_or_a_key(option: str) -> None:
    """What `[general]` says to a peer that does not say it stands in the phone, too."""
    for entry in DEFAULTS["general_to_peer"][option]:
        shown = {k for k in entry["peer"] if k not in {"ContactACL", "RegExtension"}}
        assert not shown or phone(general="\n".join(entry["lines"])) != phone(), entry
