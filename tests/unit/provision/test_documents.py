"""The texts that a person reads or a machine takes: firewall, sheets and runbook, word for word."""

from __future__ import annotations

import json
import re
from typing import Any

import attrs
import pytest

from asterconf.home import HomePBX, Network, Tls, providers
from asterconf.model import Extension
from asterconf.provision import Installation, PhoneSheet, firewall, runbook
from asterconf.provision.runbook import Chapter
from tests.unit.home.homes import home

DESK = Extension(
    "6001", callerid="Hall <6001>", secret="pw1",
    phone="Yealink T54W, mac 805ec0123456, address 192.168.1.21",
)  # fmt: skip
APP = Extension("6002", callerid="Den <6002>", secret="pw2", phone="Linphone")
AWAY = Extension("6004", secret="pw4", phone="Softphone")
PLAIN = Extension("6005", callerid="Attic <6005>", secret="pw5", phone="DeskPhone")
HOUSE = home(extensions=[DESK, APP, AWAY, PLAIN])


def sheet(name: str, pbx: HomePBX = HOUSE, server: str = "192.168.1.10") -> PhoneSheet:
    return next(one for one in pbx.phones(server=server) if one.extension.name == name)


def value(name: str, setting: str, pbx: HomePBX = HOUSE, server: str = "192.168.1.10") -> str:
    pages = sheet(name, pbx, server).pages
    return next(str(row.value) for page in pages for row in page.rows if row.name == setting)


# sheets


def test_a_sheet_in_markdown_is_this() -> None:
    assert (
        sheet("6005").markdown(reveal=True)
        == """\
# Attic (6005): DeskPhone

## Account

| setting | value | |
|---|---|---|
| Display name | `Attic` |  |
| User name | `6005` |  |
| Authentication name | `6005` |  |
| Password | `pw5` |  |
| Server | `192.168.1.10` |  |
| Port | `5060` |  |
| Transport | `UDP` |  |
| Codecs | `G722, ULAW` |  |
| Encryption of sound | `none` |  |
| Local RTP ports | `12020 to 12039` |  |
| Voicemail number | `*99` |  |

- Give it a fixed address in the router, so that it is always found at the same place.
"""
    )


def test_pages_of_a_sheet_stand_apart() -> None:
    text = sheet("6002").markdown()
    assert "| Voicemail URI | `sip:*99@192.168.1.10:5060;transport=tcp` | under Advanced |" in text
    assert (
        "under Advanced |\n\n## Settings → Audio\n\n| setting | value | |\n|---|---|---|\n" in text
    )
    assert text.endswith(
        "## Settings → Advanced\n\n| setting | value | |\n|---|---|---|\n"
        "| Start at boot time | `On` |  |\n\n"
        "- Keep the transport at TCP (or TLS): over UDP the app would have to wake up "
        "all the time.\n"
        "- Leave Expire at 3600: fewer registrations spare the battery.\n"
        "- Android: Apps → Linphone → Battery → Unrestricted, or calls will not arrive.\n"
        "- Android: keep the app's notification visible, silent if you like: it keeps "
        "the app alive.\n"
        "- Away from home, reach the PBX through a VPN: no SIP port is open to the world.\n"
    )


def test_a_sheet_in_html_is_this() -> None:
    rows = [
        ("Display name", "6004"), ("User name", "6004"), ("Authentication name", "6004"),
        ("Password", "********"), ("Server", "192.168.1.10"), ("Port", "5060"),
        ("Transport", "TCP"), ("Codecs", "G722, ULAW"), ("Encryption of sound", "none"),
        ("Voicemail number", "*99"),
    ]  # fmt: skip
    table = "".join(
        f"<tr><td>{name}</td><td><code>{text}</code></td><td></td></tr>" for name, text in rows
    )
    assert sheet("6004").html() == (
        "<h1>6004 (6004): Softphone</h1>\n"
        f"<h2>Account</h2><table>{table}</table>\n"
        "<ul><li>Away from home, reach the PBX through a VPN: "
        "no SIP port is open to the world.</li></ul>\n"
    )
    assert "<td><code>Off</code></td><td>the phone has its own</td>" in sheet("6002").html()


def test_a_sheet_without_advice_has_no_empty_list() -> None:
    bare = attrs.evolve(sheet("6004"), advice=())
    assert "<ul>" not in bare.html()
    assert bare.markdown().endswith("| Voicemail number | `*99` |  |\n")


@pytest.mark.parametrize(("reveal", "password"), [(False, "********"), (True, "pw1")])
def test_a_sheet_as_data(password: str, *, reveal: bool) -> None:
    data = json.loads(json.dumps(sheet("6001").to_dict(reveal=reveal)))
    assert [*data] == ["extension", "device", "pages", "advice", "files"]
    assert data["extension"] == "6001"
    assert data["device"] == "Yealink T54W, mac 805ec0123456, address 192.168.1.21"
    assert data["advice"] == list(sheet("6001").advice)
    assert [page["title"] for page in data["pages"]][:2] == [
        "Account → Register",
        "Account → Codec",
    ]
    settings = {one["name"]: one for page in data["pages"] for one in page["settings"]}
    assert settings["Password"] == {"name": "Password", "value": password, "note": ""}
    assert settings["Enable Codecs"] == {
        "name": "Enable Codecs", "value": "G722, PCMU", "note": "in this order",
    }  # fmt: skip
    assert [*data["files"]] == ["805ec0123456.cfg"]
    assert f"account.1.password = {password}\n" in data["files"]["805ec0123456.cfg"]


@pytest.mark.parametrize(
    ("server", "host"),
    [("pbx.example", "pbx.example"), ("2001:db8::1", "[2001:db8::1]"),
     ("[2001:db8::1]", "[2001:db8::1]")],
)  # fmt: skip
def test_an_address_stands_in_a_uri_as_a_uri_has_it(server: str, host: str) -> None:
    assert value("6002", "Domain", server=server) == f"{host}:5060"
    assert value("6002", "Voicemail URI", server=server) == f"sip:*99@{host}:5060;transport=tcp"
    assert value("6004", "Server", server=server) == host.strip("[]")
    (text,) = sheet("6002", server=server).files().values()
    assert f"&lt;sip:{host}:5060;transport=tcp&gt;" in text
    assert f'"Den" &lt;sip:6002@{host}:5060&gt;' in text
    assert f'<entry name="domain" overwrite="true">{host.strip("[]")}</entry>' in text


@pytest.mark.parametrize(
    ("bind", "server"),
    [("192.168.1.7", "192.168.1.7"), ("192.168.1.7:5070", "192.168.1.7"),
     ("0.0.0.0", "ADDRESS-OF-THE-PBX"), ("[::]:5060", "ADDRESS-OF-THE-PBX")],
)  # fmt: skip
def test_the_server_is_what_the_pbx_listens_on(bind: str, server: str) -> None:
    pbx = home(extensions=[AWAY], network=Network(bind=bind))
    assert value("6004", "Server", pbx, server="") == server


@pytest.mark.parametrize(
    ("codecs", "shown", "enabled"),
    [
        (["ulaw"], "PCMU", ["PCMU"]),
        (["opus", "alaw"], "opus, PCMA", ["opus", "PCMA"]),
        (["gsm", "ulaw"], "GSM, PCMU", ["PCMU"]),
    ],
)
def test_a_desk_phone_gets_the_codecs_that_it_has(
    codecs: list[str], shown: str, enabled: list[str]
) -> None:
    pbx = home(extensions=[attrs.evolve(DESK, codecs=codecs)])
    assert value("6001", "Enable Codecs", pbx) == shown
    (text,) = sheet("6001", pbx).files().values()
    ranks = re.findall(r"codec\.(\w+)\.priority = (\d)", text)
    assert [(name.lower(), int(rank)) for name, rank in sorted(ranks, key=lambda one: one[1])] == [
        (name.lower(), n) for n, name in enumerate(enabled, 1)
    ]
    assert len(re.findall(r"codec\.\w+\.enable = 0", text)) == 5 - len(enabled)


@pytest.mark.parametrize(
    ("codecs", "shown", "entries"),
    [
        (["opus", "ulaw"], "opus, PCMU", [("opus", "48000"), ("PCMU", "8000")]),
        (["gsm", "g722"], "GSM, G722", [("GSM", "8000"), ("G722", "8000")]),
        (["ilbc", "alaw"], "PCMA", [("PCMA", "8000")]),
    ],
)
def test_an_app_gets_the_codecs_that_it_has(
    codecs: list[str], shown: str, entries: list[tuple[str, str]]
) -> None:
    pbx = home(extensions=[attrs.evolve(APP, codecs=codecs)])
    assert value("6002", "Codecs", pbx) == shown
    (text,) = sheet("6002", pbx).files().values()
    found = re.findall(r'"mime" overwrite="true">(\w+)<.*\n.*"rate" overwrite="true">(\d+)<', text)
    assert found == entries


@pytest.mark.parametrize(
    ("phone", "setting", "plain", "secret", "lines"),
    [
        (DESK, "RTP Encryption (SRTP)", "Disabled", "Compulsory",
         ["account.1.srtp_encryption = {}", "0", "2"]),
        (APP, "Media encryption", "None", "SRTP, mandatory",
         ['<entry name="media_encryption_mandatory" overwrite="true">{}</entry>', "0", "1"]),
        (APP, "Media encryption", "None", "SRTP, mandatory",
         ['<entry name="media_encryption" overwrite="true">{}</entry>', "none", "srtp"]),
        (AWAY, "Encryption of sound", "none", "SRTP (SDES), required", []),
    ],
)  # fmt: skip
def test_whether_sound_is_encrypted(
    phone: Extension, setting: str, plain: str, secret: str, lines: list[str]
) -> None:
    secured = attrs.evolve(phone, transport="transport-tls", media_encryption="sdes")
    for one, word, at in ((phone, plain, 1), (secured, secret, 2)):
        pbx = home(extensions=[one], network=Network(tls=Tls()))
        assert value(phone.name, setting, pbx) == word
        for text in sheet(phone.name, pbx).files().values():
            assert lines[0].format(lines[at]) in text


def test_a_phone_without_a_mailbox_is_told_of_none() -> None:
    pbx = home(extensions=[attrs.evolve(DESK, mailbox=None), APP], mailboxes=[])
    (text,) = sheet("6001", pbx).files().values()
    assert "voice_mail" not in text
    assert "subscribe_mwi" not in text
    names = [row.name for page in sheet("6001", pbx).pages for row in page.rows]
    assert "Voice Mail" not in names


def test_a_phone_alone_has_no_keys() -> None:
    pbx = home(extensions=[DESK])
    assert "DSSKey → Line Key" not in [page.title for page in sheet("6001", pbx).pages]
    assert "linekey" not in "".join(sheet("6001", pbx).files().values())


def test_a_phone_without_a_known_address_is_given_one() -> None:
    assert sheet("6005").advice == (
        "Give it a fixed address in the router, so that it is always found at the same place.",
    )
    assert sheet("6004").advice == (
        "Away from home, reach the PBX through a VPN: no SIP port is open to the world.",
    )
    pbx = home(extensions=[attrs.evolve(DESK, phone="Yealink T54W")])
    assert sheet("6001", pbx).advice == sheet("6005").advice


# firewall


def test_a_firewall_in_markdown_is_this() -> None:
    trunk = providers.generic("sip.example.net", "me", "s3cret", direct_media=True)
    assert (
        home(extensions=[DESK, PLAIN], trunks=[trunk]).firewall().table()
        == """\
| protocol | ports | of | from | router forwards | why |
|---|---|---|---|---|---|
| UDP | 5060 | PBX | 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 | no | SIP of the phones |
| TCP | 5060 | PBX | 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 | no | SIP of the phones |
| UDP | 20000-20999 | PBX | anywhere | yes | sound of calls to the outside |
| UDP | 12000-12019 | 6001 (192.168.1.21) | anywhere | yes | sound that does not pass the PBX |
| UDP | 12020-12039 | 6005 | anywhere | yes | sound that does not pass the PBX |

| packets | DSCP | value |
|---|---|---|
| SIP | CS3 | 24 |
| sound | EF | 46 |

- Nothing else is forwarded: no SIP port, no web page, no manager.
- Switch off SIP ALG (SIP helper) in the router: it rewrites what is right already.
- Softphones outside the house come in through a VPN.
- Give 6005 a fixed address before its ports are forwarded.
- Let the router put packets marked EF and CS3 first (QoS, DSCP).
"""
    )


def test_where_nothing_is_marked_there_is_no_table_of_marks() -> None:
    wall = home(network=Network(qos=False)).firewall()
    assert (wall.marks, "DSCP" in wall.table(), "QoS" in wall.table()) == ((), False, False)
    assert "| no | sound of calls to the outside |\n\n- Nothing else is" in wall.table()


def test_a_firewall_as_data() -> None:
    data = json.loads(json.dumps(HOUSE.firewall().to_dict()))
    assert [*data] == ["openings", "marks", "advice"]
    assert data["openings"][2] == {
        "protocol": "udp", "ports": [20000, 20999], "to": "PBX", "address": "",
        "sources": ["anywhere"], "forward": True, "why": "sound of calls to the outside",
    }  # fmt: skip
    assert data["marks"] == [
        {"what": "SIP", "dscp": "CS3", "value": 24}, {"what": "sound", "dscp": "EF", "value": 46},
    ]  # fmt: skip
    assert data["advice"][0] == "Nothing else is forwarded: no SIP port, no web page, no manager."


def test_ports_of_phones_are_none_of_the_machine_of_the_pbx() -> None:
    trunk = providers.generic("sip.example.net", "me", "s3cret", direct_media=True)
    text = home(extensions=[DESK], trunks=[trunk]).firewall().nftables()
    assert "udp dport 20000-20999 accept" in text
    assert "12000" not in text


@pytest.mark.parametrize(
    ("networks", "lines"),
    [
        (("192.168.1.7/24",), ["ip saddr { 192.168.1.0/24 }"]),
        (("192.168.1.7/32",), ["ip saddr { 192.168.1.7 }"]),
        (("192.168.1.6/31",), ["ip saddr { 192.168.1.6/31 }"]),
        (("10.0.0.0/8", "192.168.1.0/24"), ["ip saddr { 10.0.0.0/8, 192.168.1.0/24 }"]),
        (("fd00::1/8",), ["ip6 saddr { fd00::/8 }"]),
        (("127.0.0.1/8", "10.0.0.0/8"), ["ip saddr { 10.0.0.0/8 }"]),
    ],
)
def test_who_may_reach_sip_is_a_set_of_networks(
    networks: tuple[str, ...], lines: list[str]
) -> None:
    text = firewall(Installation(network=Network(local_networks=networks))).nftables()
    found = re.findall(r"(ip6? saddr \{.*?\}) udp dport 5060 accept", text)
    assert found == lines


@pytest.mark.parametrize(
    ("transport", "tls", "protocol", "port"),
    [
        ("transport-udp", None, "udp", "5060"),
        ("transport-tcp", None, "tcp", "5060"),
        ("transport-tls", Tls(port=5071), "tcp", "5071"),
    ],
)
def test_a_provider_is_let_in_where_it_calls(
    transport: str, tls: Tls | None, protocol: str, port: str
) -> None:
    trunk = attrs.evolve(providers.ip_authenticated("192.0.2.1", "gateway"), transport=transport)
    wall = home(network=Network(tls=tls), trunks=[trunk]).firewall()
    found = [one for one in wall.openings if one.why.startswith("calls from gateway")]
    assert [(one.protocol, one.written, one.sources) for one in found] == [
        (protocol, port, ("192.0.2.1",))
    ]


def test_names_of_a_provider_are_no_addresses() -> None:
    mixed = attrs.evolve(
        providers.ip_authenticated("192.0.2.1", "mixed"), match=("192.0.2.0/24", "sip.example.net")
    )
    named = providers.ip_authenticated("sip.example.net", "named")
    registers = providers.generic("sip.example.net", "me", "pw")
    wall = firewall(Installation(network=Network(), trunks=(mixed, named, registers)))
    assert [one.sources for one in wall.openings if one.why.startswith("calls from")] == [
        ("192.0.2.0/24",)
    ]
    assert wall.advice[-1] == (
        "Open the SIP port to the addresses of named, which are not known here."
    )


# runbook


def book(**fields: Any) -> dict[str, Chapter]:
    made = runbook(Installation(network=fields.pop("network", Network()), **fields))
    return {one.title: one for one in made.chapters}


def test_a_chapter_in_markdown_is_this() -> None:
    one = Chapter("Look", ("First.", "Then."), ("ls -l",), (("core show uptime", "how long"),))
    assert one.markdown() == (
        "## Look\n\nFirst.\nThen.\n\n```sh\nls -l\n```\n\n"
        "| console | |\n|---|---|\n| `core show uptime` | how long |\n"
    )
    assert Chapter("Mail", ("Set it up.",)).markdown() == "## Mail\n\nSet it up.\n"


def test_a_runbook_is_its_chapters() -> None:
    made = HOUSE.runbook()
    assert made.markdown().startswith("# Running the PBX\n\n## Install\n\nDebian first, Fedora")
    assert made.markdown().count("\n\n## ") == len(made.chapters)
    data = json.loads(json.dumps(made.to_dict()))
    assert [one["title"] for one in data["chapters"]] == [one.title for one in made.chapters]
    assert data["chapters"][0]["shell"] == list(made.chapters[0].shell)


BOTH = "Debian first, Fedora below; Asterisk 22 or later, which Debian has in sid, not in 12."
NONE, SET = "There is no package of prompts", "unpack a set there."
EPEL = "On Fedora, do so for every language but English; EPEL has no prompts at all."


@pytest.mark.parametrize(
    ("languages", "debian", "notes"),
    [
        (("en",), "asterisk asterisk-core-sounds-en-gsm",
         "Sounds belong in sounds/en of Asterisk's data folder."),
        (("fr",), "asterisk asterisk-core-sounds-fr-gsm",
         f"Sounds belong in sounds/fr of Asterisk's data folder. {EPEL}"),
        (("es", "en"), "asterisk asterisk-core-sounds-es-gsm asterisk-core-sounds-en-gsm",
         f"Sounds belong in sounds/es of Asterisk's data folder. {EPEL}"),
        (("de",), "asterisk",
         f"Sounds belong in sounds/de of Asterisk's data folder. {NONE} in de: {SET} {EPEL}"),
        (("de", "en", "pl"), "asterisk asterisk-core-sounds-en-gsm",
         f"Sounds belong in sounds/de of Asterisk's data folder. {NONE} in de, pl: {SET}"),
    ],
)  # fmt: skip
def test_which_packages_are_installed(languages: tuple[str, ...], debian: str, notes: str) -> None:
    one = book(languages=languages)["Install"]
    assert one.shell == (
        f"sudo apt install {debian}",
        "sudo dnf install asterisk asterisk-pjsip asterisk-sounds-core-en-gsm",
    )
    assert one.text == (f"{BOTH} {notes}",)


def test_packages_for_voicemail_and_music() -> None:
    one = book(files=("voicemail.conf", "musiconhold.conf"))["Install"]
    debian, fedora = one.shell
    assert debian.endswith(" asterisk asterisk-core-sounds-en-gsm asterisk-moh-opsound-gsm")
    assert fedora.endswith(" asterisk-pjsip asterisk-sounds-core-en-gsm asterisk-voicemail-plain")
    (notes,) = one.text
    assert notes.endswith("On Fedora, put music for those on hold into the folder moh there.")


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ({"recordings": (("welcome", "Hello"),)}, "Record these sounds"),
        ({"network": Network(tls=Tls())}, "Certificate"),
        ({"files": ("voicemail.conf",)}, "Mail"),
        ({"trials": (("933", "reads"),)}, "Try it"),
    ],
)
def test_a_chapter_is_there_where_it_is_needed(fields: dict[str, Any], title: str) -> None:
    assert title not in book()
    assert [*book(**fields).keys() - book().keys()] == [title]


def test_sounds_to_record_are_files_of_the_usual_language() -> None:
    one = book(recordings=(("welcome", "Hello"), ("bye", "Good bye")), languages=("fr", "en"))
    chapter = one["Record these sounds"]
    assert chapter.text[-2:] == (
        "- `sounds/fr/welcome.wav`: “Hello”", "- `sounds/fr/bye.wav`: “Good bye”",
    )  # fmt: skip
    assert chapter.shell == ("sox recording.wav -r 8000 -c 1 -b 16 welcome.wav",)


def test_a_certificate_is_made_where_the_transport_looks_for_it() -> None:
    network = Network(tls=Tls(certificate="/srv/tls/pbx.crt", key="/srv/private/pbx.key"))
    one = book(network=network)["Certificate"]
    assert one.text[0].startswith(
        "The certificate of the PBX and its key: /srv/tls/pbx.crt and /srv/private/pbx.key. Renew"
    )
    assert one.shell[0] == "sudo mkdir -p /srv/private"
    assert one.shell[1].endswith("-keyout /srv/private/pbx.key -out /srv/tls/pbx.crt")
    assert one.shell[2] == (
        "sudo chown asterisk: /srv/private/pbx.key && sudo chmod 400 /srv/private/pbx.key"
    )


def test_when_asterisk_starts_depends_on_names() -> None:
    assert book()["Start"].text == ("Asterisk starts after the network.",)
    one = providers.generic("sip.example.org", "me", "pw")
    trunks = tuple(
        attrs.evolve(one, name=name, match=match)
        for name, match in (("one", ("sip.example.net",)), ("none", ()), ("two", ("192.0.2.1",)))
    )
    (text,) = book(trunks=trunks)["Start"].text
    assert text == (
        "Names are looked up when Asterisk starts: without a name service calls from one, two are "
        "refused until the next reload. So it starts after it."
    )


def test_what_is_run_after_a_file_has_changed() -> None:
    files = ("extensions.conf", "pjsip.conf", "queues.conf", "cdr.conf", "musiconhold.conf")
    assert book(files=files)["After a change"].shell == (
        'sudo asterisk -rx "dialplan reload"  # extensions.conf',
        'sudo asterisk -rx "core restart when convenient"  # pjsip.conf',
        'sudo asterisk -rx "queue reload all"  # queues.conf',
        'sudo asterisk -rx "moh reload"  # musiconhold.conf',
    )


def test_what_to_dial_when_it_runs() -> None:
    one = book(trials=(("933", "reads out the address"), ("*99", "plays messages")))["Try it"]
    assert one.text == ("- 933 reads out the address.", "- *99 plays messages.")


def test_commands_of_the_console_have_their_reasons() -> None:
    chapter = book()["When something is wrong"]
    assert chapter.console[0] == ("pjsip show endpoints", "which phones and providers are there")
    assert chapter.console[-1] == ("voicemail show users", "the boxes and their messages")
    assert chapter.markdown().endswith(
        "| `voicemail show users` | the boxes and their messages |\n"
    )
