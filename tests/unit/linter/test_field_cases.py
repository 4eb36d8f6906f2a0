"""Small inputs, each the essence of a fault met on real trees; each value was seen on 22.10.1."""

from __future__ import annotations

from pathlib import Path

import pytest

import asterconf
from asterconf import Config

UDP = "[udp]\ntype=transport\nprotocol=udp\nbind=0.0.0.0\n"


def codes(conf: Config, *, host_files: bool = False) -> list[str]:
    return [one.code for one in conf.check(host_files=host_files)]


# ---- registrations and trunks -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("uri", "found"),
    [
        ("sip:u@h", []),
        ("sip:u@", ["AC405"]),
        ("sip:", ["AC405"]),
        ("sip:u@h:abc", ["AC405"]),
        ("sip:u@h:70000", ["AC405"]),
        ("sip:u 2@h", ["AC405"]),
        ("sip:u@h,sip:v@h", ["AC405"]),
        ("sip: u@h", ["AC405"]),
        (r"sip:u@h\;", ["AC405"]),
    ],
)
def test_uris_of_a_registration(uri: str, found: list[str]) -> None:
    text = f"{UDP}[r]\ntype=registration\nserver_uri=sip:h\nclient_uri={uri}\n"
    assert codes(Config.from_texts({"pjsip.conf": text})) == found


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ("remote_hosts=sip.example.com", []),
        ("remote_hosts=sip.example.com\noutbound_auth/username=a@b", ["AC405"]),
        ("remote_hosts=2001:db8::1", ["AC405", "AC405"]),
        ("remote_hosts=192.0.2.0/24", ["AC405", "AC405"]),
        ("remote_hosts=a.example.com,,b.example.com", ["AC405", "AC405"]),
    ],
)
def test_trunks_of_the_wizard(lines: str, found: list[str]) -> None:
    trunk = "[t]\ntype=wizard\nsends_registrations=yes\nendpoint/allow=ulaw\n"
    trunk += "outbound_auth/password=p\nsends_auth=yes\n"
    if "username" not in lines:
        trunk += "outbound_auth/username=u\n"
    conf = Config.from_texts({"pjsip.conf": UDP, "pjsip_wizard.conf": f"{trunk}{lines}\n"})
    assert codes(conf) == found


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ("server_uri=sip:[2001:db8::1]", ["AC423"]),
        ("server_uri=sip:h\ncontact_header_params=127.0.0.1:5060", ["AC405"]),
        ("server_uri=sip:h\ncontact_header_params=a=b", []),
    ],
)
def test_servers_and_parameters_of_a_registration(lines: str, found: list[str]) -> None:
    text = f"{UDP}[r]\ntype=registration\nclient_uri=sip:u@h\n{lines}\n"
    assert codes(Config.from_texts({"pjsip.conf": text})) == found


# ---- transports and endpoints -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cipher", "found"),
    [
        ("TLS_RSA_WITH_AES_128_CBC_SHA", ["AC405"]),
        ("BOGUS", ["AC405"]),
        ("ECDHE-RSA-AES256-GCM-SHA384", []),
    ],
)
def test_names_of_ciphers(cipher: str, found: list[str]) -> None:
    text = f"[t]\ntype=transport\nprotocol=tls\nmethod=sslv23\nbind=0.0.0.0\ncipher={cipher}\n"
    assert codes(Config.from_texts({"pjsip.conf": text})) == found


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("named_call_group=,", ["AC405"]),
        ("named_pickup_group=,", ["AC405"]),
        ("allow=gsm:20:40", ["AC405"]),
        ("callerid_privacy=5x", []),
        ("disallow=all", ["AC415"]),
    ],
)
def test_values_of_an_endpoint(line: str, found: list[str]) -> None:
    text = f"{UDP}[e]\ntype=endpoint\nallow=ulaw\n{line}\n"
    assert codes(Config.from_texts({"pjsip.conf": text})) == found


def test_an_endpoint_without_codecs_is_said_once() -> None:
    text = f"{UDP}[e]\ntype=endpoint\n[f]\ntype=endpoint\nallow=!all,alaw\n"
    (found,) = Config.from_texts({"pjsip.conf": text}).check()
    assert (found.code, found.position and found.position.line) == ("AC415", 5)


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        ("udp", "udp", ["AC424"]),
        ("tcp", "tcp", ["AC424"]),
        ("tcp", "tls", ["AC424"]),
        ("udp", "tcp", []),
        ("tcp", "ws", []),
    ],
)
def test_two_transports_of_one_address(first: str, second: str, found: list[str]) -> None:
    parts = (f"[{p}-{n}]\ntype=transport\nprotocol={p}\nmethod=sslv23\nbind=192.0.2.1:5299\n"
             for n, p in enumerate((first, second)))  # fmt: skip
    assert codes(Config.from_texts({"pjsip.conf": "".join(parts)})) == found


def test_the_usual_port_is_one_address_with_the_written_one() -> None:
    text = UDP + UDP.replace("[udp]", "[other]").replace("0.0.0.0", "0.0.0.0:05060")
    assert codes(Config.from_texts({"pjsip.conf": text})) == ["AC424"]


# ---- other files --------------------------------------------------------------------------------


@pytest.mark.parametrize("range_", ["0-3", "5-3", "x", "5"])
def test_a_parking_lot_without_usable_spaces(range_: str) -> None:
    text = f"[general]\n[lot]\ncontext=c\nparkpos={range_}\n"
    assert codes(Config.from_texts({"res_parking.conf": text})) == ["AC601"]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('"${CDR(clid)}","${CDR(src)}"', ["AC610"]),
        ('"x${CDR(src)}"', ["AC610"]),
        ('${CDR(src)},"${CDR(dst)}"', ["AC610"]),
        ('"${CDR(clid)","${CDR(src)}"', ["AC610"]),
        ("${CSV_QUOTE(${CDR(clid)})},${CSV_QUOTE(${CDR(src)})}", []),
        ('"src","dst"', []),
        ('${CDR(src)}"', []),
        ('${src},"dst"', []),
    ],
)
def test_records_that_are_quoted_by_hand(line: str, found: list[str]) -> None:
    conf = Config.from_texts({"cdr_custom.conf": f"[mappings]\na.csv => {line}\n"})
    assert codes(conf) == found
    assert codes(conf.with_asterisk("20")) == []


def test_host_files_of_music_and_http(tmp_path: Path) -> None:
    (tmp_path / "musiconhold.conf").write_text(
        f"[a]\nmode=files\ndirectory={tmp_path}/none\n[b]\nmode=files\ndirectory={tmp_path}\n"
        "[c]\nmode=files\ndirectory=relative\n"
    )
    tls = f"tlsenable=yes\ntlscertfile={tmp_path}/none\n"
    (tmp_path / "http.conf").write_text(f"[general]\nenabled=yes\nbindaddr=127.0.0.1\n{tls}")
    conf = asterconf.load(tmp_path)
    assert codes(conf) == []
    found = conf.check(host_files=True)
    assert [(one.code, one.position and str(one.position)) for one in found] == [
        ("AC617", "http.conf:5:13"), ("AC617", "musiconhold.conf:3:11"),
    ]  # fmt: skip
    assert found[0].message.endswith("so Asterisk has no TLS server")
    (tmp_path / "http.conf").write_text(f"[general]\n{tls.replace('yes', 'no')}")
    assert codes(asterconf.load(tmp_path), host_files=True) == ["AC617"]
