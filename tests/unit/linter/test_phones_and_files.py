"""Rules about objects of PJSIP, their sound, and what other files say: both sides of each edge."""

from __future__ import annotations

import pytest

from asterconf import Config

Found = list[tuple[str, str]]


def found(code: str, **files: str) -> Found:
    """Return the place and the message of each finding of a code."""
    conf = Config.from_texts({f"{name}.conf": text for name, text in files.items()})
    return [(str(one.position), one.message) for one in conf.check(select=[code], preview=True)]


def transport(name: str, protocol: str, bind: str) -> str:
    return f"[{name}]\ntype=transport\nprotocol={protocol}\nbind={bind}\n"


def registration(uri: str, more: str = "") -> str:
    uri = uri.replace(";", "\\;")
    return f"[r]\ntype=registration\nserver_uri={uri}\nclient_uri=sip:a@b\n{more}"


NO_TRANSPORT = "there is no transport for {}, so Asterisk refuses registration 'r'"


@pytest.mark.parametrize(
    ("bind", "uri", "missing"),
    [
        ("0.0.0.0", "sip:h", ""),
        ("0.0.0.0", "<sip:h>", ""),
        ("0.0.0.0", "sips:h", "tls"),
        ("0.0.0.0", "<sips:h>", "tls"),
        ("0.0.0.0", "sip:h;transport=tcp", "tcp"),
        ("0.0.0.0", "SIP:h;TRANSPORT=TLS", "tls"),
        ("0.0.0.0", "sip:h;transport=udp", ""),
        ("0.0.0.0", "sip:[2001:db8::1]", "udp over IPv6"),
        ("0.0.0.0", "sip:me@[2001:db8::1]:5060", "udp over IPv6"),
        ("0.0.0.0", "sip:h:5060", ""),
        ("0.0.0.0:5070", "sip:h", ""),
        ("[::]", "sip:[2001:db8::1]", ""),
        ("[::]:5070", "sip:h", "udp"),
        ("pbx.example", "sip:[2001:db8::1]", ""),
        ("pbx.example", "sip:h", ""),
        ("", "sip:h", "udp"),
    ],
)
def test_a_registration_needs_a_transport(bind: str, uri: str, missing: str) -> None:
    text = transport("u", "udp", bind) if bind else ""
    line = 7 if bind else 3
    wanted = [(f"pjsip.conf:{line}:12", NO_TRANSPORT.format(missing))] if missing else []
    assert found("AC423", pjsip=text + registration(uri)) == wanted
    if bind:  # the one that is named is taken
        assert found("AC423", pjsip=text + registration(uri, "transport=u\n")) == []


@pytest.mark.parametrize(
    ("first", "second", "address"),
    [
        (("udp", "0.0.0.0"), ("udp", "0.0.0.0:5060"), "0.0.0.0:5060"),
        (("tcp", "0.0.0.0"), ("tls", "0.0.0.0:5060"), "0.0.0.0:5060"),
        (("tls", "0.0.0.0"), ("tls", "0.0.0.0:5061"), "0.0.0.0:5061"),
        (("tls", "0.0.0.0"), ("tcp", "0.0.0.0:5061"), "0.0.0.0:5061"),
        (("udp", "[::A]"), ("udp", "[::a]:5060"), "[::a]:5060"),
        (("udp", "0.0.0.0"), ("tcp", "0.0.0.0"), ""),
        (("tcp", "0.0.0.0"), ("tls", "0.0.0.0"), ""),
        (("udp", "0.0.0.0:0"), ("udp", "0.0.0.0:0"), ""),
        (("ws", "0.0.0.0"), ("ws", "0.0.0.0"), ""),
        (("udp", "192.0.2.1"), ("udp", "192.0.2.2"), ""),
        (("udp", "a.example"), ("udp", "a.example"), ""),
    ],
)
def test_two_transports_with_one_address(
    first: tuple[str, str], second: tuple[str, str], address: str
) -> None:
    text = transport("x", *first) + transport("y", *second)
    said = f"{address} is the address of transport 'x', so Asterisk refuses transport 'y'"
    assert found("AC424", pjsip=text) == ([("pjsip.conf:8:6", said)] if address else [])


@pytest.mark.parametrize(
    ("protocol", "uri", "asked"),
    [
        ("udp", "sip:h;transport=tcp", "tcp"),
        ("tcp", "sip:h;transport=UDP", "udp"),
        ("tls", "sip:h;transport=tcp", "tcp"),
        ("udp", "sip:h;transport=udp", ""),
        ("udp", "sip:h", ""),
        ("ws", "sip:h;transport=tcp", ""),
    ],
)
def test_an_address_that_asks_for_another_protocol(protocol: str, uri: str, asked: str) -> None:
    way, written = transport("x", protocol, "0.0.0.0"), uri.replace(";", "\\;")
    said = "{} asks for {}, but transport 'x' of {!r} is {}: nothing is sent there"
    endpoint = "[e]\ntype=endpoint\ntransport=x\naors=e\n[e]\ntype=aor\n"
    for name, text, at in (
        ("r", way + registration(uri, "transport=x\n"), "pjsip.conf:7:12"),
        ("e", f"{way}{endpoint}contact={written}\n", "pjsip.conf:11:9"),
    ):
        wanted = [(at, said.format(uri, asked, name, protocol))] if asked else []
        assert found("AC428", pjsip=text) == wanted
    assert found("AC428", pjsip=way + registration(uri)) == []


def identify(name: str, endpoint: str, match: str, more: str = "") -> str:
    return (
        f"[{endpoint}]\ntype=endpoint\n[{name}]\ntype=identify\nendpoint={endpoint}\n"
        f"match={match}\n{more}"
    )


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (identify("j", "b", "192.0.2.1"), "192.0.2.1"),
        (identify("j", "b", "192.0.2.2, 192.0.2.1"), "192.0.2.1"),
        (identify("j", "b", "192.0.2.2,,"), ""),
        (identify("j", "a", "192.0.2.1"), ""),
        (identify("j", "b", "192.0.2.1", "match_header=X: 1\n"), ""),
        (identify("j", "b", "192.0.2.1") + registration("sip:h", "line=yes\nendpoint=b\n"), ""),
        (identify("j", "b", "192.0.2.1") + registration("sip:h", "line=no\nendpoint=b\n"),
         "192.0.2.1"),
        (identify("j", "b", "192.0.2.1") + registration("sip:h", "line=yes\nendpoint=a\n"), ""),
    ],
)  # fmt: skip
def test_two_endpoints_that_are_known_by_one_address(text: str, address: str) -> None:
    said = f"calls from {address} are taken for 'a' already: only one of both gets them"
    wanted = [("pjsip.conf:12:7", said)] if address else []
    assert found("AC425", pjsip=identify("i", "a", "192.0.2.1") + text) == wanted


@pytest.mark.parametrize(
    ("match", "name"),
    [
        ("sip.example", "sip.example"),
        ("192.0.2.1, Sip.Example", "sip.example"),
        ("a.example,b.example", "a.example"),
        ("1and1.example", "1and1.example"),
        ("cafe:5060", "cafe:5060"),
        ("192.0.2.1", ""),
        ("192.0.2.0/24", ""),
        ("192.0.2.1:5060", ""),
        ("2001:db8::1", ""),
        ("[2001:db8::1]:5060", ""),
        ("::1", ""),
        ("fd00::/8", ""),
    ],
)
def test_an_endpoint_that_is_known_by_a_name(match: str, name: str) -> None:
    said = (
        f"calls of 'a' are known by the name {name!r}: if it cannot be looked up at start, they "
        "are refused until a reload"
    )
    text = identify("i", "a", match)
    assert found("AC429", pjsip=text) == ([("pjsip.conf:6:7", said)] if name else [])
    line = registration("sip:h", "line=yes\nendpoint=a\n")
    assert found("AC429", pjsip=text + line) == []


PHONE = "[e]\ntype=endpoint\ncontext=home\naors=e\n{}[e]\ntype=aor\nmax_contacts=1\n"


@pytest.mark.parametrize(
    ("lines", "direct", "half"),
    [
        ("", "", ""),
        ("rtp_symmetric=yes\n", "5:15", "rtp_symmetric, but not rewrite_contact"),
        ("rtp_symmetric=yes\ndirect_media=no\n", "", "rtp_symmetric, but not rewrite_contact"),
        ("rtp_symmetric=yes\ndirect_media=yes\n", "5:15",
         "rtp_symmetric, but not rewrite_contact"),
        ("rtp_symmetric=no\n", "", ""),
        ("rewrite_contact=yes\n", "", "rewrite_contact, but not rtp_symmetric"),
        ("rtp_symmetric=yes\nrewrite_contact=yes\n", "5:15", ""),
    ],
)  # fmt: skip
def test_a_phone_behind_a_router(lines: str, direct: str, half: str) -> None:
    said = (
        "'e' has rtp_symmetric for a router in between, but direct_media is on: one side may hear "
        "nothing"
    )
    text = PHONE.format(lines)
    assert found("AC752", pjsip=text) == ([(f"pjsip.conf:{direct}", said)] if direct else [])
    assert [message for _, message in found("AC753", pjsip=text)] == (
        [f"phone 'e' has {half}: behind a router both are needed"] if half else []
    )


UDP, TCP, TLS = (transport(name, name, "0.0.0.0") for name in ("udp", "tcp", "tls"))


@pytest.mark.parametrize(
    ("transports", "lines", "protocols"),
    [
        (UDP, "media_encryption=sdes\n", "udp"),
        (UDP + TCP, "media_encryption=sdes\n", "tcp and udp"),
        (UDP + TLS, "media_encryption=sdes\ntransport=udp\n", "udp"),
        (UDP + TLS, "media_encryption=sdes\n", ""),
        (UDP + TLS, "media_encryption=sdes\ntransport=tls\n", ""),
        (UDP, "media_encryption=dtls\n", ""),
        ("", "media_encryption=sdes\n", ""),
    ],
)
def test_keys_that_travel_in_clear(transports: str, lines: str, protocols: str) -> None:
    said = f"the keys of the encrypted sound of 'e' travel in clear, over {protocols}"
    messages = [one for _, one in found("AC754", pjsip=transports + PHONE.format(lines))]
    assert messages == ([said] if protocols else [])


@pytest.mark.parametrize(
    ("rtp", "said"),
    [
        ("[general]\n", True),
        ("[general]\nstunaddr=stun.example\n", False),
        ("[general]\nturnaddr=turn.example\n", False),
        ("[ice_host_candidates]\n192.0.2.1 => 203.0.113.1\n", False),
        ("[other]\nstunaddr=stun.example\n", True),
    ],
)
def test_ice_needs_a_server(rtp: str, *, said: bool) -> None:
    assert bool(found("AC755", pjsip=PHONE.format("ice_support=yes\n"), rtp=rtp)) == said
    assert found("AC755", pjsip=PHONE.format("ice_support=no\n"), rtp=rtp) == []
    assert found("AC755", pjsip=PHONE.format("ice_support=yes\n")) == []


@pytest.mark.parametrize(
    ("allow", "codec"),
    [("ulaw", ""), ("opus", ""), ("g729", "g729"), ("ulaw,gsm", "gsm"), ("speex", "speex"),
     ("!all,ilbc:30", "ilbc:30"), ("G729", "G729")],
)  # fmt: skip
def test_tones_in_the_sound_need_a_codec_that_carries_them(allow: str, codec: str) -> None:
    said = f"'e' sends keys as tones in the sound, which {codec} does not carry"
    text = PHONE.format(f"dtmf_mode=inband\nallow={allow}\n")
    assert found("AC756", pjsip=text) == ([("pjsip.conf:5:11", said)] if codec else [])
    assert found("AC756", pjsip=text.replace("inband", "rfc4733")) == []


NO_SQL = ("AC624", "func_odbc.conf:1:1",
          "[f] has no statement of SQL, so Asterisk makes no function of it")  # fmt: skip
NO_DSN = ("AC626", "func_odbc.conf:1:1",
          "[f] names no database, so Asterisk makes no function of it")  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        ("dsn=x\n", [NO_SQL]),
        ("readsql=\ndsn=x\n", [NO_SQL]),
        ("", [NO_SQL]),
        ("readsql=x\n", [NO_DSN]),
        ("writesql=x\n", [NO_DSN]),
        ("readsql=x\ndsn=y\n", []),
        ("readsql=x\nreadhandle=y\n", []),
        ("writesql=x\nwritehandle=y\n", []),
        ("read=x\ndsn=y\n", [("AC625", "func_odbc.conf:2:6", "read is the old name of readsql")]),
        ("dsn=y\nWrite=x\n",
         [("AC625", "func_odbc.conf:3:7", "Write is the old name of writesql")]),
        ("read=x\nreadsql=z\ndsn=y\n", []),
    ],
)  # fmt: skip
def test_a_function_of_odbc(lines: str, wanted: list[tuple[str, str, str]]) -> None:
    text = f"[f]\n{lines}[general]\nsingle_db_connection=yes\n"
    said = [(code, *one) for code in ("AC624", "AC625", "AC626")
            for one in found(code, func_odbc=text)]  # fmt: skip
    assert said == wanted


BOXES = "[general]\n{}[default]\n100 => 4711,Anna\n"


@pytest.mark.parametrize(
    ("lines", "app", "said"),
    [
        ("", "VoiceMailMain()", True),
        ("passwordlocation=voicemail.conf\n", "VoiceMailMain()", True),
        ("passwordlocation=spooldir\n", "VoiceMailMain()", False),
        ("PasswordLocation=SpoolDir\n", "VoiceMailMain()", False),
        ("externpass=/usr/bin/pin\n", "VoiceMailMain()", False),
        ("", "VoiceMail(100)", False),
    ],
)
def test_pins_that_asterisk_writes_into_the_file(lines: str, app: str, *, said: bool) -> None:
    plan = f"[home]\nexten => 1,1,{app}\n"
    message = "Asterisk rewrites this file when somebody changes a PIN by phone"
    wanted = [("voicemail.conf:1:1", message)] * said
    assert found("AC516", voicemail=BOXES.format(lines), extensions=plan) == wanted
    assert found("AC516", voicemail="[general]\n", extensions=plan) == []


HTTP = "{} cannot be reached: http.conf does not turn the server of HTTP on"
ARI = "[general]\n{}\n[house]\ntype=user\npassword=x\n"


@pytest.mark.parametrize(
    ("files", "wanted"),
    [
        ({"pjsip": transport("w", "ws", "0.0.0.0")},
         [("pjsip.conf:3:10", HTTP.format("transport 'w'"))]),
        ({"pjsip": transport("w", "wss", "0.0.0.0") + transport("v", "ws", "0.0.0.0")},
         [("pjsip.conf:3:10", HTTP.format("transport 'w'"))]),
        ({"pjsip": UDP}, []),
        ({"ari": ARI.format("")}, [("ari.conf:3:1", HTTP.format("ARI"))]),
        ({"ari": ARI.format("enabled=yes")}, [("ari.conf:3:1", HTTP.format("ARI"))]),
        ({"ari": ARI.format("enabled=no")}, []),
        ({"manager": "[general]\nenabled=yes\nwebenabled=yes\n"},
         [("manager.conf:3:12", HTTP.format("the manager by HTTP"))]),
        ({"manager": "[general]\nenabled=no\nwebenabled=yes\n"}, []),
        ({"manager": "[general]\nenabled=yes\nwebenabled=no\n"}, []),
        ({"manager": "[general]\nwebenabled=yes\n"}, []),
    ],
)  # fmt: skip
def test_what_comes_by_http_needs_its_server(files: dict[str, str], wanted: Found) -> None:
    assert found("AC630", **files, http="[general]\nenabled=no\n") == wanted
    assert found("AC630", **files, http="[general]\n") == wanted
    assert found("AC630", **files, http="[general]\ntlsenable=yes\n") == wanted
    assert found("AC630", **files, http="[general]\nenabled=yes\n") == []
    assert found("AC630", **files) == []
