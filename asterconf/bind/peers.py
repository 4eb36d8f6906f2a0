"""Peers of chan_sip and chan_iax2 → `Extension`, `Trunk`, `EndpointRecord`, read-only.

Both read a phone out of one section. In 22 the peers of sip.conf are not in force.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from asterconf.bind.chan_sip import ChanSip, host_address
from asterconf.bind.pjsip import EndpointRecord, KnowsNumbers, Role
from asterconf.model.checks import dialable
from asterconf.model.pjsip import Extension, Trunk
from asterconf.model.sip import SipPeer, SipRegistration
from asterconf.resolve.bound import Bound, FieldPlaces, ObjectDraft, Place
from asterconf.source import fold

_OWN = {
    "type", "host", "port", "secret", "context", "callerid", "fullname", "cid_number", "mailbox",
    "subscribecontext", "allow", "disallow", "setvar", "hassip",
}  # fmt: skip
"""The options that an `Extension` has whole in its fields."""

_TRUNK = {
    "type", "host", "port", "secret", "context", "allow", "disallow", "hassip", "defaultuser",
    "username", "fromuser", "fromdomain", "outboundproxy", "remotesecret",
}  # fmt: skip


@attrs.frozen
class PeerObjects:
    """The objects of peers by name, each with its places."""

    endpoints: dict[str, Bound[EndpointRecord]] = attrs.field(factory=dict, hash=False)
    extensions: dict[str, Bound[Extension]] = attrs.field(factory=dict, hash=False)
    trunks: dict[str, Bound[Trunk]] = attrs.field(factory=dict, hash=False)


def read_peers(held: Iterable[ChanSip], numbers: KnowsNumbers) -> PeerObjects:
    """Return the endpoints, extensions and trunks that peers are; a name is used once each."""
    made = PeerObjects()
    for driver in held:
        for name, bound in driver.peers.items():
            sent = [one.obj for one in driver.registrations if _is_for(one.obj, bound.obj)]
            _read(bound, sent, driver, numbers, made, name)
    return made


def _is_for(one: SipRegistration, peer: SipPeer) -> bool:
    named = {fold(one.peer), fold(one.host)} & {fold(peer.name)}
    return bool(named) or (bool(peer.host) and fold(one.host) == fold(host_address(peer.host)))


def _read(
    bound: Bound[SipPeer],
    sent: list[SipRegistration],
    driver: ChanSip,
    numbers: KnowsNumbers,
    made: PeerObjects,
    name: str,
) -> None:
    peer = bound.obj
    role, reason = _role(peer, sent)
    common: dict[str, Any] = {"technology": driver.technology, "in_force": driver.in_force}
    places: dict[str, Place] = dict(bound.places)
    extension = trunk = None
    if role == "extension":
        number = _number(peer, f"{driver.technology.upper()}/{name}", numbers)
        draft = _draft(peer, places, {**common, **_extension(peer), "number": number})
        extension = draft.build(Extension, "pjsip", [])
    elif role == "trunk":
        trunk = _draft(peer, places, {**common, **_trunk(peer, sent)}).build(Trunk, "pjsip", [])
    record = EndpointRecord(
        peer.name,
        role,
        reason,
        extension.obj if extension else None,
        trunk.obj if trunk else None,
        **common,
    )
    made.endpoints[name] = Bound(record, FieldPlaces({"": places[""]}))
    if extension is not None:
        made.extensions[name] = extension
    if trunk is not None:
        made.trunks[name] = trunk


def _role(peer: SipPeer, sent: list[SipRegistration]) -> tuple[Role, str]:
    """Return what a peer is to the house, and why."""
    if not peer.is_peer:
        return "peer", "its calls are known by their user name, and nothing calls it"
    if peer.dynamic and sent:
        return "peer", "it registers with us and we register with it"
    if sent:
        return "trunk", "we register with it"
    if peer.dynamic:
        return "extension", "devices may register as this peer"
    if not peer.host:
        return "unknown", "nothing says where it is or how it registers"
    if peer.defaultuser or peer.remotesecret or peer.fromuser:
        return "trunk", "it has a fixed address, and we log in there"
    if peer.insecure or not peer.is_user:
        return "trunk", "it has a fixed address, and its calls are known by where they come from"
    return "peer", "it has a fixed address, and its calls are known by their user name"


def _number(peer: SipPeer, device: str, numbers: KnowsNumbers) -> str | None:
    found = numbers.numbers(device)
    likely = [peer.name, peer.callerid.number]
    usual = [one for one in likely if one in found] or found
    usual = usual or [one for one in likely if dialable(one)]
    return usual[0] if usual else None


def _draft(peer: SipPeer, places: Mapping[str, Place], fields: Mapping[str, Any]) -> ObjectDraft:
    draft = ObjectDraft(peer.name, places[""])
    names = {"qualify_frequency": "qualifyfreq", "media_encryption": "encryption",
             "rtp_symmetric": "nat", "rewrite_contact": "nat", "direct_media": "directmedia",
             "subscribe_context": "subscribecontext", "remote_hosts": "host",
             "username": "defaultuser", "from_user": "fromuser", "from_domain": "fromdomain",
             "outbound_proxy": "outboundproxy", "send_rpid": "sendrpid"}  # fmt: skip
    for field, value in fields.items():
        draft.put(field, value, places.get(names.get(field, field)))
    return draft


def _both(peer: SipPeer) -> dict[str, Any]:
    return {
        "context": peer.context,
        "codecs": peer.codecs,
        "qualify_frequency": peer.qualifyfreq if peer.qualify > 0 else 0,
        "direct_media": peer.directmedia,
        "rtp_symmetric": "comedia" in peer.nat,
        "rewrite_contact": "force_rport" in peer.nat,
        "media_encryption": "sdes" if peer.encryption else None,
    }


def _extension(peer: SipPeer) -> dict[str, Any]:
    return {
        **_both(peer),
        "callerid": peer.callerid,
        "secret": peer.secret,
        "auth_user": peer.name if peer.secret or peer.md5secret else None,
        "mailbox": ",".join(peer.mailbox) or None,
        "subscribe_context": peer.subscribecontext or None,
        "max_contacts": 1,
        "remove_existing": True,
        "qualify_timeout": peer.qualify / 1000 if peer.qualify > 0 else None,
        "set_var": peer.set_var,
        "extra": tuple(one for one in peer.options if fold(one.name) not in _OWN),
    }


def _trunk(peer: SipPeer, sent: list[SipRegistration]) -> dict[str, Any]:
    first = sent[0] if sent else None
    port = f":{peer.port}" if peer.port else ""
    user = first.auth_user or first.user if first else peer.defaultuser or peer.fromuser
    return {
        **_both(peer),
        "remote_hosts": (f"{peer.host}{port}",) if peer.host else (),
        "username": user or None,
        "secret": (first.secret if first else None) or peer.remotesecret or peer.secret,
        "sends_registrations": bool(sent),
        "sends_auth": bool(user),
        "contact_user": first.contact_user if first else None,
        "send_rpid": peer.sendrpid == "rpid",
        "from_user": peer.fromuser or None,
        "from_domain": peer.fromdomain or None,
        "outbound_proxy": peer.outboundproxy or None,
        "extra": tuple(one for one in peer.options if fold(one.name) not in _TRUNK),
    }
