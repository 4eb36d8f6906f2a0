"""Wrong descriptions: each is refused with file, line and key, and nothing is written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from asterconf.errors import BuildError
from asterconf.home import HomePBX

TEXT = """\
owner = "John Doe <+15555555555>"
area_code = "555"

[network]
bind = "0.0.0.0"
rtp_ports = [20000, 20999]

[network.tls]
certificate = "/etc/asterisk/keys/asterisk.crt"
port = 5061

[[trunks]]
provider = "generic"
server = "sip.example.net"
username = "555555"
secret = "lake-Orbit-7311-fern"

[[extensions]]
name = "6001"
callerid = "Living Room <6001>"
secret = "mango-Trellis-9034"
phone = "Yealink T54W, mac 80:5e:c0:12:34:56"
codecs = ["g722", "ulaw"]
max_contacts = 1
auth_user = "6001"

[[extensions]]
name = "6002"
secret = "quiet-Harbor-2207"
phone = "Yealink T54W, mac 80:5e:c0:12:34:57"

[[mailboxes]]
number = "6000"
initial_pin = "8305"
name = "John Doe"
email = "johndoe@example.com"

[voicemail]
from_address = "pbx@example.com"
time_zone = "America/New_York"

[features]
intercom = "6000"
"""


def refused(source: str | Path) -> list[str]:
    with pytest.raises(BuildError) as caught:
        HomePBX.from_toml(source)
    assert caught.value.diagnostics or isinstance(source, Path)
    return str(caught.value).split("\n")


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ('["g722", "ulaw"]', '["g72"]', 23,
         "extensions[0].codecs: 'g72' is not a codec of Asterisk; did you mean g729?"),
        ('["g722", "ulaw"]', "[]", 23,
         "extensions[0].codecs: is empty: every call would be refused"),
        ("max_contacts = 1", "max_contacts = 0", 24,
         "extensions[0].max_contacts: is 0; the phone could not register"),
        ('auth_user = "6001"', 'auth_user = ""', 25,
         "extensions[0].auth_user: is empty; leave it out for the name"),
        ('"/etc/asterisk/keys/asterisk.crt"', '""', 9,
         "network.tls.certificate: must be a whole path, such as /etc/asterisk/x.pem"),
        ('"8305"', '"83o5"', 34,
         "mailboxes[0].initial_pin: must be digits, as phones have no others"),
        ("America/New_York", "America/NewYork", 40,
         "voicemail.time_zone: must be a zone such as America/New_York, not 'America/NewYork'"),
        ("johndoe@example.com", "johndoe", 36,
         "mailboxes[0].email: must be an e-mail address, not 'johndoe'"),
        ("pbx@example.com", "pbx@", 39,
         "voicemail.from_address: must be an e-mail address, not 'pbx@'"),
        ("port = 5061", "port = 5060", 10,
         "network.tls.port: 5060 is the port of SIP without TLS (bind) already"),
        ("[20000, 20999]", "[5000, 6000]", 6,
         "network.rtp_ports: 5000 to 6000 include 5060, the port of SIP (bind)"),
        ('"0.0.0.0"', '"0.0.0.0:20100"', 6,
         "network.rtp_ports: 20000 to 20999 include 20100, the port of SIP (bind)"),
        ('"0.0.0.0"', '"0.0.0.0:70000"', 5,
         "network.bind: must be an address of this machine, not '0.0.0.0:70000'"),
        ("34:57", "34:56", 30,
         "extensions[1].phone: has the hardware address of extensions[0]"),
        ('"sip.example.net"', '""', 14,
         "trunks[0].server: is missing; where is the provider?"),
        # Asterisk logs for both: Unable to lookup '203.0.113.999'.
        ('"sip.example.net"', '"203.0.113.999"', 14,
         "trunks[0].server: must be a host, an address or host:port, not '203.0.113.999'"),
        ('"0.0.0.0"', '"0.0.0.0"\nexternal_address = "203.0.113.999"', 6,
         "network.external_address: must be an address or a host's name, not '203.0.113.999'"),
        ('"sip.example.net"', '"#include zz"', 14,
         "trunks[0].server: must be a host, an address or host:port, not '#include zz'"),
        ('"sip.example.net"', '"h x"', 14,
         "trunks[0].server: must be a host, an address or host:port, not 'h x'"),
        ('"sip.example.net"', '"2001:db8::1"', 14,
         "trunks[0].server: must be a host, an address or host:port, not '2001:db8::1'"),
        ('"sip.example.net"', '"h:70000"', 14,
         "trunks[0].server: must be a host, an address or host:port, not 'h:70000'"),
        ('"sip.example.net"', '"192.0.2.0/24"', 14,
         "trunks[0].server: must be a host, an address or host:port, not '192.0.2.0/24'"),
        ('"555555"', '"a@b"', 15,
         "trunks[0].username: must be a SIP user name, without @ and blanks, not 'a@b'"),
        ("lake-Orbit-7311-fern", "x" * 9000, 16,
         "trunks[0].secret: is longer than 1,000 bytes"),
        ("8305", "8" * 9000, 34,
         "mailboxes[0].initial_pin: is longer than 1,000 bytes"),
        ('name = "John Doe"', f'name = "{"J" * 9000}"', 35,
         "mailboxes[0].name: is longer than 1,000 bytes"),
        ("+15555555555", "5555555555", 1,
         "owner: needs a number with + and country code, not '5555555555'"),
        ('name = "6002"', 'name = "6000"', 27,
         ("extensions[1].number: 6000 is wanted by the intercom (features.intercom) and by "
          "extension 6000; see line 43")),
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused_by_line_and_key(
    old: str, new: str, line: int, message: str
) -> None:
    assert TEXT.count(old) == 1
    assert refused(TEXT.replace(old, new)) == [f"<text>:{line}: {message}"]


def test_the_text_is_right_but_for_what_is_changed() -> None:
    assert HomePBX.from_toml(TEXT).check(toml=TEXT) == ()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\xef\xbb\xbf" + TEXT.encode(),
         "1: begins with the byte order mark of UTF-8: save it as UTF-8 without"),
        (TEXT.encode("utf-16"),
         "1: begins with the byte order mark of UTF-16: save it as UTF-8 without"),
        (TEXT.replace("Living", "Gr\u00fcn").encode("latin-1"),
         "20: this is no TOML: it is not UTF-8"),
    ],
)  # fmt: skip
def test_an_encoding_that_is_not_utf_8_is_named(tmp_path: Path, data: bytes, message: str) -> None:
    file = tmp_path / "home.toml"
    file.write_bytes(data)
    assert refused(file) == [f"{file}:{message}"]


def test_what_asterisk_would_refuse_is_found_by_its_key() -> None:
    text = TEXT.replace('auth_user = "6001"', 'extra = ["endpoint/dtmf_mode=rfc"]')
    [found] = HomePBX.from_toml(text).check(toml=text)
    assert (found.code, found.position and found.position.line) == ("AC817", 18)
    assert "dtmf_mode" in found.message
    assert "pjsip_wizard.conf" in found.message


def test_a_queue_keeps_the_defaults_of_a_home() -> None:
    pbx = HomePBX.from_toml(TEXT + '\n[[queues]]\nname = "home-phones"\ntimeout = 5\n')
    [queue] = pbx.effective_queues()
    assert (queue.timeout, queue.announce_holdtime, queue.announce_position) == (5, "no", "no")
    assert len(queue.members) == 2


WRONG = (
    "3",
    "-1",
    "1.5",
    "true",
    "[]",
    "[[1]]",
    "{}",
    '"\\u0007x"',
    '"' + "y" * 1200 + '"',
    '"a;b${c}"',
)
KEYS = [
    (number, line.partition(" = ")[0])
    for number, line in enumerate(TEXT.split("\n"), 1)
    if " = " in line
]


def test_wrong_values_are_refused_by_line_and_key_or_built() -> None:
    refusals = 0
    for number, key in KEYS:
        for value in WRONG:
            rows = TEXT.split("\n")
            rows[number - 1] = f"{key} = {value}"
            refusals += is_refused_at(number, key, "\n".join(rows))
    assert refusals > 250  # of 270: a port 3, for one, is a port


def test_a_misspelt_or_repeated_key_is_refused_by_line() -> None:
    for number, key in KEYS:
        rows = TEXT.split("\n")
        line = rows[number - 1]
        rows[number - 1] = line.replace(key, f"{key}x", 1)
        assert is_refused_at(number, key, "\n".join(rows)), key
        rows[number - 1 : number] = [line, line]
        with pytest.raises(BuildError, match=rf"<text>:{number + 1}: this is no TOML: "):
            HomePBX.from_toml("\n".join(rows))


def is_refused_at(number: int, key: str, text: str) -> bool:
    """Tell whether a text is refused; then a line names this place, and each some key."""
    lines = refusal(text)
    for line in lines:
        assert re.match(r"<text>:\d+: [a-z_]+[\w.\[\]]*: \S", line), (key, line)
    assert not lines or number in [int(line.split(":")[1]) for line in lines], (key, lines)
    return bool(lines)


def refusal(text: str) -> list[str]:
    """Return the lines of the error, none where the text is built."""
    try:
        HomePBX.from_toml(text).files()
    except BuildError as error:
        return str(error).split("\n")
    return []
