"""What the lines of a peer of chan_sip become in its endpoint, its aor and its logins."""

from __future__ import annotations

import pytest

from asterconf.config import Config

CLOSED = "[general]\nallowguest=no\n"
PHONE = "[1]\ntype=friend\nhost=dynamic\n"
PEER = "[1]\ntype=peer\nhost=192.0.2.7\n"
USUAL = {
    ("endpoint", "aors", "1"), ("endpoint", "context", "default"), ("endpoint", "disallow", "all"),
    ("endpoint", "allow", "ulaw,alaw,gsm"), ("endpoint", "suppress_q850_reason_headers", "yes"),
    ("endpoint", "rewrite_contact", "yes"), ("endpoint", "allow_unauthenticated_options", "yes"),
    ("aor", "max_contacts", "1"), ("aor", "remove_existing", "yes"),
    ("aor", "default_expiration", "120"), ("aor", "maximum_expiration", "3600"),
}  # fmt: skip
"""What every phone says."""


def moved(text: str) -> tuple[dict[str, list[tuple[str, str]]], dict[str, tuple[str, str]]]:
    """Return what is said beside the usual, by section, and what is said of lines that differ."""
    conf = Config.from_texts({"sip.conf": text}, asterisk="20")
    plan = conf.plan_migrate("sip")
    plan.apply()
    found: dict[str, list[tuple[str, str]]] = {}
    for one in conf.effective("pjsip.conf").live:
        kind = one.kind.name if one.kind else ""
        if kind in {"endpoint", "aor", "auth", "identify"}:
            pairs = [(name, value) for name, value in one.pairs
                     if name != "type" and (kind, name, value) not in USUAL]  # fmt: skip
            key = kind if kind in {"endpoint", "aor", "identify"} else one.name
            found |= {key: pairs} if pairs else {}
    return found, {
        one.text: (one.outcome, one.why) for one in plan.constructs if one.outcome != "exact"
    }


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("transport=ws", [("transport", "transport-ws")]),
        ("transport=tcp", []),  # chan_sip has no socket for it
        ("directmedia=no", [("direct_media", "no")]),
        ("directmedia=yes", []),
        ("directmedia=update", [("direct_media_method", "update")]),
        ("directmedia=outgoing", [("direct_media_glare_mitigation", "outgoing")]),
        ("directmedia=nonat", [("disable_direct_media_on_nat", "yes")]),
        ("canreinvite=nonat, update",
         [("direct_media_method", "update"), ("disable_direct_media_on_nat", "yes")]),
        ("nat=no", [("force_rport", "no")]),
        ("nat=force_rport", []),
        ("nat=comedia", [("force_rport", "no"), ("rtp_symmetric", "yes")]),
        ("nat=yes", [("rtp_symmetric", "yes")]),
        ("encryption=yes", [("media_encryption", "sdes")]),
        ("encryption=yes\nencryption_taglen=32",
         [("media_encryption", "sdes"), ("srtp_tag_32", "yes")]),
        ("encryption=yes\nencryption_taglen=80", [("media_encryption", "sdes")]),
        ("encryption_taglen=32", []),
        ("dtlsenable=yes", [("media_encryption", "dtls")]),
        ("dtlsenable=yes\nencryption=yes", [("media_encryption", "dtls")]),
        ("t38pt_udptl=yes", [("t38_udptl", "yes"), ("t38_udptl_ec", "fec")]),
        ("t38pt_udptl=yes,redundancy,maxdatagram=400",
         [("t38_udptl", "yes"), ("t38_udptl_ec", "redundancy"), ("t38_udptl_maxdatagram", "400")]),
        ("t38pt_udptl=yes,none", [("t38_udptl", "yes")]),
        ("faxdetect=cng", [("fax_detect", "yes")]),
        ("faxdetect=t38,cng", [("fax_detect", "yes")]),
        ("faxdetect=no", []),
        ("progressinband=yes", [("inband_progress", "yes")]),
        ("progressinband=never", []),
        ("session-expires=600", [("timers_sess_expires", "600")]),
        ("call-limit=2", [("device_state_busy_at", "2")]),
        ("call-limit=2\nbusylevel=1", [("device_state_busy_at", "1")]),
        ("call-limit=999", [("device_state_busy_at", "999")]),
        ("call-limit=1000", []),
        ("callerid=Anna <12>", [("callerid", '"Anna" <12>')]),
        ('callerid="A \\"x" <12>', [("callerid", '"A \\"x" <12>')]),
        ("callerid=12", [("callerid", '"" <12>')]),
        ("sendrpid=pai", [("send_pai", "yes")]),
        ("sendrpid=rpid", [("send_rpid", "yes")]),
        ("sendrpid=yes", [("send_rpid", "yes")]),
        ("sendrpid=no", []),
        ("vmexten=99", [("voicemail_extension", "99")]),
        ("outboundproxy=192.0.2.3", [("outbound_proxy", "sip:192.0.2.3;lr")]),
        ("outboundproxy=sip:192.0.2.3", [("outbound_proxy", "sip:192.0.2.3;lr")]),
        ("outboundproxy=udp://192.0.2.3", [("outbound_proxy", "sip:192.0.2.3;lr")]),
        ("outboundproxy=tcp://192.0.2.3:5070",
         [("outbound_proxy", "sip:192.0.2.3:5070;lr;transport=tcp")]),
        ("outboundproxy=TLS://proxy.example,force",
         [("outbound_proxy", "sip:proxy.example;lr;transport=tls")]),
        ("setvar=A=1\nsetvar=B=2", [("set_var", "A=1"), ("set_var", "B=2")]),
        ("mohinterpret=jazz", [("set_var", "CHANNEL(musicclass)=jazz")]),
        ("mohinterpret=passthrough", [("moh_passthrough", "yes")]),
        ("mohinterpret=default", []),
        ("parkinglot=lot1", [("set_var", "CHANNEL(parkinglot)=lot1")]),
        ("amaflags=billing", [("set_var", "CHANNEL(amaflags)=billing")]),
        ("recordonfeature=automon", []),
        ("recordonfeature=automixmon", [("one_touch_recording", "yes")]),
        ("recordonfeature=apprecord",
         [("record_on_feature", "apprecord"), ("one_touch_recording", "yes")]),
        ("recordofffeature=apprecord",
         [("record_off_feature", "apprecord"), ("one_touch_recording", "yes")]),
    ],
)  # fmt: skip
def test_an_option_of_a_phone_is_one_of_its_endpoint(
    lines: str, said: list[tuple[str, str]]
) -> None:
    found = moved(f"{CLOSED}{PHONE}{lines}\n")[0]
    assert found == ({"endpoint": said} if said else {})


@pytest.mark.parametrize(
    ("lines", "aor"),
    [
        ("qualify=yes", [("qualify_frequency", "60"), ("qualify_timeout", "2.0")]),
        ("qualify=500\nqualifyfreq=30", [("qualify_frequency", "30"), ("qualify_timeout", "0.5")]),
        ("qualify=no", []),
        ("qualifyfreq=30", []),
        ("qualify=yes\nqualifyfreq=0", [("qualify_frequency", "1"), ("qualify_timeout", "2.0")]),
        ("qualify=yes\nqualifyfreq=99999",
         [("qualify_frequency", "86400"), ("qualify_timeout", "2.0")]),
        ("defaultip=192.0.2.8", [("contact", "sip:192.0.2.8"), ("max_contacts", "2")]),
        ("defaultip=192.0.2.8\ndefaultuser=joe\nport=5070",
         [("contact", "sip:joe@192.0.2.8:5070"), ("max_contacts", "2")]),
    ],
)  # fmt: skip
def test_an_option_of_a_phone_is_one_of_its_aor(lines: str, aor: list[tuple[str, str]]) -> None:
    found = moved(f"{CLOSED}{PHONE}{lines}\n")[0]
    assert found == ({"aor": aor} if aor else {})


@pytest.mark.parametrize(
    ("lines", "endpoint", "aor"),
    [
        ("mailbox=1,2@b",
         [("voicemail_extension", "asterisk"), ("mailboxes", "1@default,2@b"),
          ("mwi_subscribe_replaces_unsolicited", "yes")], "1@default,2@b"),
        ("mailbox=1@home\nvmexten=99",
         [("voicemail_extension", "99"), ("mailboxes", "1@home"),
          ("mwi_subscribe_replaces_unsolicited", "yes")], "1@home"),
        ("mailbox=1\nsubscribemwi=yes", [("voicemail_extension", "asterisk")], "1@default"),
    ],
)  # fmt: skip
def test_the_mailboxes_of_a_phone(lines: str, endpoint: list[tuple[str, str]], aor: str) -> None:
    found = moved(f"{CLOSED}{PHONE}{lines}\n")[0]
    assert found == {"endpoint": endpoint, "aor": [("mailboxes", aor)]}


def login(user: str, password: str) -> list[tuple[str, str]]:
    return [("auth_type", "userpass"), ("username", user), ("password", password)]


MD5 = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    ("text", "endpoint", "auths"),
    [
        (f"{PHONE}secret=x\n", {"auth": "1-auth"}, {"1-auth": login("1", "x")}),
        (f"{PHONE}md5secret={MD5}\n", {"auth": "1-auth"},
         {"1-auth": [("auth_type", "md5"), ("username", "1"), ("md5_cred", MD5)]}),
        (f"{PHONE}secret=x\nremotesecret=y\n", {"auth": "1-auth"}, {"1-auth": login("1", "x")}),
        (f"{PHONE}secret=x\ndefaultuser=joe\n", {"auth": "1-auth", "outbound_auth": "1-oauth"},
         {"1-auth": login("1", "x"), "1-oauth": login("joe", "x")}),
        (f"{PHONE}remotesecret=y\ndefaultuser=joe\n", {"outbound_auth": "1-oauth"},
         {"1-oauth": login("joe", "y")}),
        ("[1]\ntype=user\nsecret=x\n", {"auth": "1-auth"}, {"1-auth": login("1", "x")}),
        ("[1]\ntype=user\nsecret=x\ninsecure=invite\n", {}, {}),
        (f"{PEER}secret=x\n", {"auth": "1-auth", "outbound_auth": "1-auth"},
         {"1-auth": login("1", "x")}),
        (f"{PEER}secret=x\nfromuser=me\n", {"auth": "1-auth", "outbound_auth": "1-oauth"},
         {"1-auth": login("1", "x"), "1-oauth": login("me", "x")}),
        (f"{PEER}secret=x\nfromuser=me\ndefaultuser=joe\n",
         {"auth": "1-auth", "outbound_auth": "1-oauth"},
         {"1-auth": login("1", "x"), "1-oauth": login("joe", "x")}),
        (f"{PEER}secret=x\ninsecure=invite\n", {"outbound_auth": "1-oauth"},
         {"1-oauth": login("1", "x")}),
        (f"{PEER}secret=x\nremotesecret=y\n", {"auth": "1-auth", "outbound_auth": "1-oauth"},
         {"1-auth": login("1", "x"), "1-oauth": login("1", "y")}),
        (f"{PEER}secret=x\nmd5secret={MD5}\n", {"auth": "1-auth", "outbound_auth": "1-oauth"},
         {"1-auth": [("auth_type", "md5"), ("username", "1"), ("md5_cred", MD5)],
          "1-oauth": login("1", "x")}),
        (f"{PEER}auth=u:p@r\n", {"outbound_auth": "1-realm1"},
         {"1-realm1": [*login("u", "p"), ("realm", "r")]}),
    ],
)  # fmt: skip
def test_the_passwords_that_are_asked_for_and_those_that_are_sent(
    text: str, endpoint: dict[str, str], auths: dict[str, list[tuple[str, str]]]
) -> None:
    found = moved(f"{CLOSED}{text}")[0]
    said = dict(found.get("endpoint", []))
    assert {key: said[key] for key in said if key in {"auth", "outbound_auth"}} == endpoint
    assert {key: value for key, value in found.items() if key[:1] == "1"} == auths


@pytest.mark.parametrize(
    ("lines", "contact", "match"),
    [
        ("", "sip:192.0.2.7", "192.0.2.7:5060"),
        ("port=5070", "sip:192.0.2.7:5070", "192.0.2.7:5070"),
        ("host=192.0.2.9\ninsecure=port", "sip:192.0.2.9", "192.0.2.9"),
        ("host=192.0.2.9\nport=5070\ninsecure=port", "sip:192.0.2.9:5070", "192.0.2.9"),
        ("host=peer.example", "sip:peer.example", "peer.example"),
        ("host=peer.example\nport=5070", "sip:peer.example:5070", "peer.example"),
        ("host=2001:db8::1", "sip:[2001:db8::1]", "[2001:db8::1]:5060"),
        ("defaultuser=joe", "sip:joe@192.0.2.7", "192.0.2.7:5060"),
    ],
)
def test_where_a_peer_is_reached_and_by_what_it_is_known(
    lines: str, contact: str, match: str
) -> None:
    found = moved(f"{CLOSED}{PEER}{lines}\n")[0]
    assert found["aor"] == [("contact", contact)]
    assert found["identify"] == [("endpoint", "1"), ("match", match)]


@pytest.mark.parametrize(
    ("enable", "word", "contact", "port"),
    [
        ("tcpenable=yes", "tcp", "sip:192.0.2.7;transport=tcp", 5060),
        ("tlsenable=yes", "tls", "sip:192.0.2.7;transport=tls", 5061),
    ],
)
def test_a_peer_that_is_reached_otherwise(enable: str, word: str, contact: str, port: int) -> None:
    found = moved(f"{CLOSED}{enable}\n{PEER}transport={word}\n")[0]
    assert ("transport", f"transport-{word}") in found["endpoint"]
    assert found["aor"] == [("contact", contact)]
    assert found["identify"] == [("endpoint", "1"), ("match", f"192.0.2.7:{port}")]


@pytest.mark.parametrize(
    ("general", "found"),
    [
        ("rtpbindaddr=192.0.2.20",
         {"endpoint": [("media_address", "192.0.2.20"), ("bind_rtp_to_media_address", "yes")]}),
        ("media_address=203.0.113.9", {"endpoint": [("media_address", "203.0.113.9")]}),
        ("send_diversion=no", {"endpoint": [("send_diversion", "no")]}),
        ("send_diversion=yes", {}),
        ("parkinglot=lot2", {"endpoint": [("set_var", "CHANNEL(parkinglot)=lot2")]}),
        ("mohinterpret=jazz", {"endpoint": [("set_var", "CHANNEL(musicclass)=jazz")]}),
        ("match_auth_username=yes",
         {"endpoint": [("identify_by", "auth_username,username,ip")]}),
        ("outboundproxy=192.0.2.3", {"endpoint": [("outbound_proxy", "sip:192.0.2.3;lr")]}),
        ("minexpiry=30", {"aor": [("minimum_expiration", "30")]}),
        ("callerid=house", {}),
    ],
)  # fmt: skip
def test_what_is_set_for_all_is_in_each_endpoint(
    general: str, found: dict[str, list[tuple[str, str]]]
) -> None:
    assert moved(f"{CLOSED}{general}\n{PHONE}")[0] == found


def test_times_of_registrations_are_those_of_all() -> None:
    general = "defaultexpiry=300\nmaxexpiry=900\nminexpiry=90\n"
    assert moved(f"{CLOSED}{general}{PHONE}")[0]["aor"] == [
        ("default_expiration", "300"), ("maximum_expiration", "900"), ("minimum_expiration", "90"),
    ]  # fmt: skip


def test_a_peer_has_its_own_proxy_and_parking_before_those_of_all() -> None:
    text = f"{CLOSED}outboundproxy=192.0.2.3\nparkinglot=all\n{PHONE}"
    assert moved(f"{text}outboundproxy=192.0.2.4\nparkinglot=own\n")[0]["endpoint"] == [
        ("outbound_proxy", "sip:192.0.2.4;lr"), ("set_var", "CHANNEL(parkinglot)=own"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        (f"{PHONE}qualify=yes\nqualifyfreq=0\n", "[1]", "it is asked once a second"),
        (f"{PHONE}session-expires=60\nsession-minse=90\n", "[1]", "session-expires is 90"),
        (f"{PHONE}secret=x\ninsecure=invite\n", "[1]", "insecure=invite: its calls are asked"),
        ("[1]\ntype=peer\nhost=dynamic\n", "[1]", "its calls are recognised by user name"),
        ("[1]\ntype=peer\nhost=peer.example\n", "[1]", "a host name is looked up when PJSIP"),
        (f"{PHONE}faxdetect=yes\n", "faxdetect=yes", "PJSIP detects calling tones"),
        (f"{PHONE}call-limit=2\n", "call-limit=2", "The lamp shows busy"),
        (f"{PHONE}qualify=yes\n", "qualify=yes", "A phone that answers later"),
        (f"{PHONE}defaultip=192.0.2.8\n", "defaultip=192.0.2.8", "The contact stays"),
    ],
)
def test_what_is_another_for_a_peer_is_told(text: str, line: str, why: str) -> None:
    outcome, told = moved(f"{CLOSED}{text}")[1][line]
    assert (outcome, told[: len(why)]) == ("changed", why)
