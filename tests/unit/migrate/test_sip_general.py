"""`[general]` and registrations of sip.conf: transports, global, system and registrations."""

from __future__ import annotations

import pytest

from asterconf.config import Config

CLOSED = "[general]\nallowguest=no\n"
PHONE = "[1]\ntype=friend\nhost=dynamic\n"
Pairs = list[tuple[str, str]]
SIGNALS, MEDIA = "external_signaling_address", "external_media_address"


def sections(kind: str, general: str, peers: str = PHONE) -> dict[str, Pairs]:
    """Return the sections of a kind that come of `[general]`, without their type."""
    texts = {"sip.conf": f"{CLOSED}{general}\n{peers}"}
    conf = Config.from_texts(texts, asterisk="20")
    conf.plan_migrate("sip").apply()
    return {
        one.name: [pair for pair in one.pairs if pair != ("type", kind)]
        for one in conf.effective("pjsip.conf").live
        if one.kind and one.kind.name == kind
    }


@pytest.mark.parametrize(
    ("general", "binds"),
    [
        ("", {"udp": "0.0.0.0:5060"}),
        ("bindport=5070", {"udp": "0.0.0.0:5070"}),
        ("udpbindaddr=192.0.2.5:5080", {"udp": "192.0.2.5:5080"}),
        ("udpbindaddr=192.0.2.5:5080\nbindport=5090", {"udp": "192.0.2.5:5080"}),
        ("bindaddr=192.0.2.5\nbindport=5090", {"udp": "192.0.2.5:5090"}),
        ("udpbindaddr=[2001:db8::1]:5080", {"udp": "[2001:db8::1]:5080"}),
        ("udpbindaddr=::", {"udp": "[::]:5060"}),
        ("tcpenable=no", {"udp": "0.0.0.0:5060"}),
        ("tcpenable=yes", {"udp": "0.0.0.0:5060", "tcp": "0.0.0.0:5060"}),
        ("tcpenable=yes\nbindaddr=192.0.2.5\nbindport=5070",
         {"udp": "192.0.2.5:5070", "tcp": "192.0.2.5:5070"}),
        ("tcpenable=yes\ntcpbindaddr=192.0.2.6", {"udp": "0.0.0.0:5060", "tcp": "192.0.2.6:5060"}),
        ("tcpenable=yes\ntcpbindaddr=192.0.2.6:5063\nbindport=5070",
         {"udp": "0.0.0.0:5070", "tcp": "192.0.2.6:5063"}),
        ("tlsenable=yes", {"udp": "0.0.0.0:5060", "tls": "0.0.0.0:5061"}),
        ("tlsenable=yes\nbindaddr=192.0.2.5\nbindport=5070",
         {"udp": "192.0.2.5:5070", "tls": "192.0.2.5:5061"}),
        ("tlsenable=yes\ntlsbindaddr=192.0.2.6:5071",
         {"udp": "0.0.0.0:5060", "tls": "192.0.2.6:5071"}),
        ("register => tcp://me:pw@192.0.2.9", {"udp": "0.0.0.0:5060", "tcp": "0.0.0.0:5060"}),
        ("register => tls://me:pw@192.0.2.9", {"udp": "0.0.0.0:5060", "tls": "0.0.0.0:5061"}),
    ],
)  # fmt: skip
def test_where_each_transport_listens(general: str, binds: dict[str, str]) -> None:
    found = sections("transport", general)
    assert {name: (dict(one)["protocol"], dict(one)["bind"]) for name, one in found.items()} == {
        f"transport-{protocol}": (protocol, bind) for protocol, bind in binds.items()
    }


def test_a_phone_in_a_browser_needs_the_transports_for_it() -> None:
    found = sections("transport", "websocket_write_timeout=200", PHONE + "transport=wss,udp\n")
    assert [*found] == ["transport-udp", "transport-wss"]
    assert found["transport-wss"] == [
        ("protocol", "wss"), ("bind", "0.0.0.0"), ("websocket_write_timeout", "200"),
    ]  # fmt: skip
    assert found["transport-udp"] == [("protocol", "udp"), ("bind", "0.0.0.0:5060")]


@pytest.mark.parametrize(
    ("general", "wanted"),
    [
        ("externaddr=203.0.113.5",
         [(SIGNALS, "203.0.113.5"), (MEDIA, "203.0.113.5")]),
        ("externip=203.0.113.5",
         [(SIGNALS, "203.0.113.5"), (MEDIA, "203.0.113.5")]),
        ("externhost=pbx.example",
         [(SIGNALS, "pbx.example"), (MEDIA, "pbx.example")]),
        ("externhost=pbx.example\nexternaddr=203.0.113.5",
         [(SIGNALS, "203.0.113.5"), (MEDIA, "203.0.113.5")]),
        ("externaddr=203.0.113.5:5062",
         [(SIGNALS, "203.0.113.5"), (MEDIA, "203.0.113.5"),
          ("external_signaling_port", "5062")]),
        ("externaddr=203.0.113.5\nmedia_address=203.0.113.6",
         [(SIGNALS, "203.0.113.5"), (MEDIA, "203.0.113.6")]),
        ("localnet=192.168.0.0/16", [("local_net", "192.168.0.0/16")]),
        ("localnet=192.168.0.0/16\nlocalnet=10.0.0.0/255.0.0.0",
         [("local_net", "192.168.0.0/16"), ("local_net", "10.0.0.0/255.0.0.0")]),
        ("localnet=192.168.0.0/16\nlocalnet=nonsense", [("local_net", "192.168.0.0/16")]),
        ("tos_sip=cs3\ncos_sip=3", [("cos", "3"), ("tos", "cs3")]),
    ],
)  # fmt: skip
def test_what_a_transport_says_of_the_world(general: str, wanted: Pairs) -> None:
    pairs = sections("transport", general)["transport-udp"]
    assert pairs == [("protocol", "udp"), ("bind", "0.0.0.0:5060"), *wanted]


def test_each_transport_has_its_own_port_outside() -> None:
    general = (
        "externaddr=203.0.113.5:5062\ntcpenable=yes\nexterntcpport=5064\n"
        "tlsenable=yes\nexterntlsport=5099"
    )
    found = sections("transport", general)
    assert {name: dict(one)["external_signaling_port"] for name, one in found.items()} == {
        "transport-udp": "5062", "transport-tcp": "5064", "transport-tls": "5099",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("general", "wanted"),
    [
        ("", {"cert_file": "/etc/asterisk/asterisk.pem", "verify_server": "yes"}),
        ("tlscertfile=/a.pem",
         {"cert_file": "/a.pem", "priv_key_file": "/a.pem", "verify_server": "yes"}),
        ("tlscertfile=/a.pem\ntlsprivatekey=/k.pem",
         {"cert_file": "/a.pem", "priv_key_file": "/k.pem", "verify_server": "yes"}),
        ("tlscertfile=/a.pem\ntlscafile=/ca.pem\ntlscadir=/cas\ntlscipher=HIGH",
         {"cert_file": "/a.pem", "priv_key_file": "/a.pem", "ca_list_file": "/ca.pem",
          "ca_list_path": "/cas", "cipher": "HIGH", "verify_server": "yes"}),
        ("tlscertfile=/a.pem\ntlscapath=/cas",
         {"cert_file": "/a.pem", "priv_key_file": "/a.pem", "ca_list_path": "/cas",
          "verify_server": "yes"}),
        ("tlscertfile=/a.pem\ntlsdontverifyserver=yes",
         {"cert_file": "/a.pem", "priv_key_file": "/a.pem"}),
        ("tlscertfile=/a.pem\ntlsverifyclient=yes",
         {"cert_file": "/a.pem", "priv_key_file": "/a.pem", "verify_client": "yes",
          "verify_server": "yes"}),
        *(
            (f"tlscertfile=/a.pem\ntlsclientmethod={word}",
             {"cert_file": "/a.pem", "priv_key_file": "/a.pem", "verify_server": "yes", **said})
            for word, said in [
                ("tlsv1", {"method": "tlsv1"}), ("SSLv3", {"method": "sslv3"}),
                ("sslv2", {"method": "sslv2"}), ("tlsv9", {}),
            ]
        ),
    ],
)  # fmt: skip
def test_the_files_and_switches_of_tls(general: str, wanted: dict[str, str]) -> None:
    pairs = dict(sections("transport", f"tlsenable=yes\n{general}")["transport-tls"])
    assert {key: value for key, value in pairs.items() if key not in {"protocol", "bind"}} == wanted


def test_tls_of_a_registration_alone_serves_nobody_and_needs_no_certificate() -> None:
    pairs = sections("transport", "register => tls://me:pw@192.0.2.9")["transport-tls"]
    assert pairs == [("protocol", "tls"), ("bind", "0.0.0.0:5061"), ("verify_server", "yes")]


@pytest.mark.parametrize(
    ("general", "wanted"),
    [
        ("", {}),
        ("timert1=500", {}),
        ("timert1=700", {"timer_t1": "700", "timer_b": "44800"}),
        ("timert1=50", {"timer_t1": "100"}),
        ("t1min=800", {"timer_t1": "800", "timer_b": "51200"}),
        ("timerb=64000", {"timer_b": "64000"}),
        ("timert1=1000\ntimerb=80000", {"timer_t1": "1000", "timer_b": "80000"}),
        ("timert1=1000\ntimerb=70000", {"timer_t1": "1000", "timer_b": "70000"}),
        ("compactheaders=yes", {"compact_headers": "yes"}),
        ("compactheaders=no", {}),
    ],
)
def test_the_timers_are_those_of_the_system(general: str, wanted: dict[str, str]) -> None:
    assert {name: dict(one) for name, one in sections("system", general).items()} == (
        {"system": wanted} if wanted else {}
    )


@pytest.mark.parametrize(
    ("general", "peers", "wanted"),
    [
        ("", PHONE, {}),
        ("useragent=Me", PHONE, {"user_agent": "Me"}),
        ("callerid=house", PHONE, {"default_from_user": "house"}),
        ("", "[p]\ntype=peer\nhost=192.0.2.1\n",
         {"endpoint_identifier_order": "username,ip,anonymous"}),
    ],
)  # fmt: skip
def test_what_is_said_for_all_endpoints(general: str, peers: str, wanted: dict[str, str]) -> None:
    assert {name: dict(one) for name, one in sections("global", general, peers).items()} == (
        {"global": wanted} if wanted else {}
    )


USUAL = {"expiration": "120", "retry_interval": "20", "max_retries": "4294967295"}
PEER = "[prov]\ntype=peer\nhost=192.0.2.7\n"


@pytest.mark.parametrize(
    ("general", "peers", "name", "wanted"),
    [
        ("register => me:pw@192.0.2.9", PHONE, "me-192.0.2.9-registration",
         {"server_uri": "sip:192.0.2.9", "client_uri": "sip:me@192.0.2.9", "contact_user": "s"}),
        ("register => me:pw@192.0.2.9:5070/100", PHONE, "me-192.0.2.9-registration",
         {"server_uri": "sip:192.0.2.9:5070", "client_uri": "sip:me@192.0.2.9",
          "contact_user": "100"}),
        ("register => me:pw@192.0.2.9:5060/100", PHONE, "me-192.0.2.9-registration",
         {"server_uri": "sip:192.0.2.9", "client_uri": "sip:me@192.0.2.9", "contact_user": "100"}),
        ("register => prov?me:pw@192.0.2.9/100", PEER, "prov-registration",
         {"server_uri": "sip:192.0.2.9", "client_uri": "sip:me@192.0.2.7",
          "contact_user": "100"}),
        ("register => me:pw@prov/100", PEER, "me-prov-registration",
         {"server_uri": "sip:192.0.2.7", "client_uri": "sip:me@192.0.2.7", "contact_user": "100"}),
        ("tcpenable=yes\nregister => tcp://me:pw@192.0.2.9", PHONE, "me-192.0.2.9-registration",
         {"server_uri": "sip:192.0.2.9;transport=tcp",
          "client_uri": "sip:me@192.0.2.9;transport=tcp", "contact_user": "s",
          "transport": "transport-tcp"}),
        ("tlsenable=yes\nregister => tls://me:pw@192.0.2.9:5061", PHONE,
         "me-192.0.2.9-registration",
         {"server_uri": "sip:192.0.2.9;transport=tls",
          "client_uri": "sip:me@192.0.2.9;transport=tls", "contact_user": "s",
          "transport": "transport-tls"}),
        ("tlsenable=yes\nregister => tls://me:pw@192.0.2.9:5060", PHONE,
         "me-192.0.2.9-registration",
         {"server_uri": "sip:192.0.2.9:5060;transport=tls",
          "client_uri": "sip:me@192.0.2.9;transport=tls", "contact_user": "s",
          "transport": "transport-tls"}),
        ("register => me@example.com:pw:login@192.0.2.9", PHONE, "me-192.0.2.9-registration",
         {"server_uri": "sip:example.com", "client_uri": "sip:me@example.com",
          "contact_user": "s", "outbound_proxy": "sip:192.0.2.9;lr"}),
        ("outboundproxy=192.0.2.3\nregister => me:pw@192.0.2.9", PHONE,
         "me-192.0.2.9-registration",
         {"server_uri": "sip:192.0.2.9", "client_uri": "sip:me@192.0.2.9", "contact_user": "s",
          "outbound_proxy": "sip:192.0.2.3;lr"}),
        ("register => me:pw@prov", f"{PEER}outboundproxy=192.0.2.4\n", "me-prov-registration",
         {"server_uri": "sip:192.0.2.7", "client_uri": "sip:me@192.0.2.7", "contact_user": "s",
          "outbound_proxy": "sip:192.0.2.4;lr"}),
        ("register => me:pw@192.0.2.9/100~300", PHONE, "me-192.0.2.9-registration",
         {"server_uri": "sip:192.0.2.9", "client_uri": "sip:me@192.0.2.9", "contact_user": "100",
          "expiration": "300"}),
        ("defaultexpiry=600\nregister => me:pw@192.0.2.9", PHONE, "me-192.0.2.9-registration",
         {"server_uri": "sip:192.0.2.9", "client_uri": "sip:me@192.0.2.9", "contact_user": "s",
          "expiration": "600"}),
        (("registertimeout=30\nregisterattempts=7\nregister_retry_403=yes\n"
          "register => me:pw@192.0.2.9"), PHONE, "me-192.0.2.9-registration",
         {"server_uri": "sip:192.0.2.9", "client_uri": "sip:me@192.0.2.9", "contact_user": "s",
          "retry_interval": "30", "max_retries": "7", "forbidden_retry_interval": "30"}),
        ("registerattempts=0\nregister => me:pw@192.0.2.9", PHONE, "me-192.0.2.9-registration",
         {"server_uri": "sip:192.0.2.9", "client_uri": "sip:me@192.0.2.9", "contact_user": "s"}),
    ],
)  # fmt: skip
def test_a_registration(general: str, peers: str, name: str, wanted: dict[str, str]) -> None:
    found = sections("registration", general, peers)
    assert [*found] == [name]
    pairs = {key: value for key, value in found[name] if key != "outbound_auth"}
    defaults = {"expiration": "3600", "retry_interval": "60", "max_retries": "10"}
    said = {**USUAL, **wanted}
    assert pairs == {key: value for key, value in said.items() if defaults.get(key) != value}


@pytest.mark.parametrize(
    ("general", "auth"),
    [
        ("register => me:pw@192.0.2.9", {"username": "me", "password": "pw"}),
        ("register => me:pw:login@192.0.2.9", {"username": "login", "password": "pw"}),
        ("register => me@192.0.2.9", None),
    ],
)
def test_the_login_of_a_registration(general: str, auth: dict[str, str] | None) -> None:
    (pairs,) = sections("registration", general).values()
    logins = sections("auth", general)
    found = logins.get(dict(pairs).get("outbound_auth", ""))
    assert auth == (
        found and {key: value for key, value in found if key in {"username", "password"}}
    )


@pytest.mark.parametrize(
    ("line", "outcome", "why"),
    [
        ("register => me:pw@192.0.2.9/1~0", "changed", "it asks the provider to forget the phone"),
        ("register => me:pw@[2001:db8::1]", "exact", "chan_sip is bound to IPv4"),
        ("register => tcp://me:pw@192.0.2.9", "changed", "PJSIP listens on TCP then"),
        ("register => tls://me:pw@192.0.2.9", "changed", "PJSIP listens on TLS then"),
    ],
)
def test_a_registration_of_which_something_is_said(line: str, outcome: str, why: str) -> None:
    conf = Config.from_texts({"sip.conf": f"{CLOSED}{line}\n{PHONE}"}, asterisk="20")
    (told,) = [one for one in conf.plan_migrate("sip").constructs if one.place.line == 3]
    assert told.outcome == outcome
    assert told.why.startswith(why)
    assert bool(sections("registration", line)) == why.startswith("PJSIP")


def test_ipv6_is_reached_where_the_socket_is_one_of_ipv6() -> None:
    found = sections("registration", "udpbindaddr=::\nregister => me:pw@[2001:db8::1]")
    ((_, pairs),) = found.items()
    assert dict(pairs)["server_uri"] == "sip:[2001:db8::1]"
