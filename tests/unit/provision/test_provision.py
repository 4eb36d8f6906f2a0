"""What stands around a house: sheets, files that phones fetch, firewall, runbook."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import attrs
import pytest

from asterconf.errors import BuildError, ModelError
from asterconf.features import ConferenceRoom, MusicOnHold, Parking, usual_features
from asterconf.home import HomePBX, Network, Tls, providers
from asterconf.model import Extension
from asterconf.provision import Installation, PhoneSheet, SettingsRow, firewall
from tests.unit.home.homes import home, lines

PHONES = [
    Extension(
        "6001",
        callerid="Living Room <6001>",
        secret="pass-1|x",
        phone="Yealink T54W, mac 80:5E:C0:12:34:56, address 192.168.1.21",
    ),
    Extension(
        "6002", callerid="Kitchen <6002>", secret="pass-2", phone="Yealink W73P, mac 805ec0aabbcc"
    ),
    Extension("6003", callerid="Smart & <6003>", secret="pass-3<", phone="Linphone"),
    Extension("6004", secret="pass-4", phone="Softphone"),
]
HOUSE = home(extensions=PHONES)


def sheets(pbx: HomePBX = HOUSE) -> dict[str, PhoneSheet]:
    return {sheet.extension.name: sheet for sheet in pbx.phones(server="192.168.1.10")}


def rows(sheet: PhoneSheet) -> dict[str, SettingsRow]:
    return {row.name: row for page in sheet.pages for row in page.rows}


# sheets


def test_a_desk_phones_sheet_follows_its_menus() -> None:
    sheet = sheets()["6001"]
    assert sheet.title == "Living Room (6001): Yealink T54W"
    assert [page.title for page in sheet.pages] == [
        "Account → Register",
        "Account → Codec",
        "Account → Advanced",
        "Network → Advanced",
        "DSSKey → Line Key",
        "Features → Intercom",
    ]
    found = {name: str(row.value) for name, row in rows(sheet).items()}
    assert found == {
        "Line Active": "Enabled",
        "Label": "Living Room",
        "Display Name": "Living Room",
        "Register Name": "6001",
        "User Name": "6001",
        "Password": "********",
        "SIP Server 1: Server Host": "192.168.1.10",
        "SIP Server 1: Port": "5060",
        "SIP Server 1: Transport": "UDP",
        "SIP Server 1: Server Expires": "3600",
        "Enable Codecs": "G722, PCMU",
        "Voice Mail": "*99",
        "RTP Encryption (SRTP)": "Disabled",
        "Local RTP Port: Min": "12000",
        "Local RTP Port: Max": "12019",
        "Line Key 1": "Line",
        "Line Key 2": "BLF",
        "Line Key 3": "BLF",
        "Line Key 4": "BLF",
        "Intercom Allow": "Enabled",
    }
    assert rows(sheet)["Line Key 2"].note == "value 6002, label Kitchen, line 1"
    assert sheet.advice == (
        "Give it 192.168.1.21 in the router, so that it is always found at the same place.",
        (
            "To provision it: serve 805ec0123456.cfg over HTTPS, and enter the folder's address "
            "under Settings → Auto Provision."
        ),
    )


def test_a_dect_base_has_handsets_and_no_keys() -> None:
    titles = [page.title for page in sheets()["6002"].pages]
    assert titles[-1] == "Account → Number Assignment"
    assert "DSSKey → Line Key" not in titles


def test_the_apps_sheet_has_the_settings_that_keep_it_reachable() -> None:
    sheet = sheets()["6003"]
    found = {name: str(row.value) for name, row in rows(sheet).items()}
    assert found == {
        "Username": "6003",
        "Auth ID": "6003",
        "Password": "********",
        "Domain": "192.168.1.10:5060",
        "Display name": "Smart &",
        "Transport": "TCP",
        "Expire": "3600",
        "Prefix": "",
        "Voicemail URI": "sip:*99@192.168.1.10:5060;transport=tcp",
        "Echo cancellation": "Off",
        "Adaptive rate control": "On",
        "Codec bitrate limit": "128 kbits/s",
        "Codecs": "G722, PCMU",
        "Media encryption": "None",
        "Improve interactions with bluetooth devices": "On",
        "Start at boot time": "On",
    }
    text = " ".join(sheet.advice)
    for word in ("TCP", "3600", "Battery", "notification", "VPN"):
        assert word in text


def test_any_other_phone_has_a_plain_sheet() -> None:
    found = {name: str(row.value) for name, row in rows(sheets()["6004"]).items()}
    assert (found["Transport"], found["Codecs"]) == ("TCP", "G722, ULAW")
    assert "Local RTP ports" not in found


def test_passwords_are_shown_only_to_those_who_mean_it() -> None:
    for sheet in sheets().values():
        hidden = sheet.markdown() + sheet.html() + sheet._repr_html_() + repr(sheet)
        hidden += "".join(sheet.files().values())
        assert "pass-" not in hidden
        assert "********" in sheet.markdown()
    assert "| Password | `pass-1\\|x` |  |" in sheets()["6001"].markdown(reveal=True)
    assert "<code>pass-3&lt;</code>" in sheets()["6003"].html(reveal=True)


def test_markdown_is_a_page_with_tables() -> None:
    text = sheets()["6003"].markdown()
    assert text.startswith(
        "# Smart & (6003): Linphone\n"
        "\n"
        "## SIP account\n"
        "\n"
        "| setting | value | |\n"
        "|---|---|---|\n"
        "| Username | `6003` |  |\n"
    )
    assert "<h1>Smart &amp; (6003): Linphone</h1>" in sheets()["6003"].html()


# files that phones fetch


def test_a_desk_phone_fetches_its_account_its_keys_and_its_ports() -> None:
    files = sheets()["6001"].files(reveal=True)
    assert list(files) == ["805ec0123456.cfg"]
    assert (
        files["805ec0123456.cfg"]
        == """\
#!version:1.0.0.1
## Living Room, Yealink T54W, mac 805ec0123456, address 192.168.1.21
account.1.enable = 1
account.1.label = Living Room
account.1.display_name = Living Room
account.1.auth_name = 6001
account.1.user_name = 6001
account.1.password = pass-1|x
account.1.sip_server.1.address = 192.168.1.10
account.1.sip_server.1.port = 5060
account.1.sip_server.1.transport_type = 0
account.1.sip_server.1.expires = 3600
account.1.srtp_encryption = 0
account.1.codec.pcmu.enable = 1
account.1.codec.pcmu.priority = 2
account.1.codec.pcma.enable = 0
account.1.codec.g722.enable = 1
account.1.codec.g722.priority = 1
account.1.codec.g729.enable = 0
account.1.codec.opus.enable = 0
account.1.subscribe_mwi = 1
voice_mail.number.1 = *99
static.network.port.min_rtpport = 12000
static.network.port.max_rtpport = 12019
features.intercom.allow = 1
linekey.2.type = 16
linekey.2.line = 1
linekey.2.value = 6002
linekey.2.label = Kitchen
linekey.3.type = 16
linekey.3.line = 1
linekey.3.value = 6003
linekey.3.label = Smart &
linekey.4.type = 16
linekey.4.line = 1
linekey.4.value = 6004
linekey.4.label = 6004
"""
    )


def test_a_base_fetches_which_handset_has_the_line() -> None:
    [(name, text)] = sheets()["6002"].files().items()
    assert name == "805ec0aabbcc.cfg"
    assert text.endswith("""\
handset.1.name = Kitchen
handset.1.incoming_lines = 1
handset.1.dial_out_lines = 1
handset.1.dial_out_default_line = 1
""")
    assert "linekey" not in text


def test_a_phone_without_hardware_address_fetches_nothing() -> None:
    assert HOUSE.phones()[3].files() == {}
    assert home().phones()[0].files() == {}


def test_encrypted_phones_are_told_so() -> None:
    secured = [
        attrs.evolve(phone, transport="transport-tls", media_encryption="sdes") for phone in PHONES
    ]
    found = sheets(home(extensions=secured, network=Network(tls=Tls(port=5071))))
    text = found["6001"].files()["805ec0123456.cfg"]
    for line in ("transport_type = 2", "sip_server.1.port = 5071", "srtp_encryption = 2"):
        assert f"{line}\n" in text
    assert str(rows(found["6003"])["Media encryption"].value) == "SRTP, mandatory"


def test_the_apps_file_says_what_its_sheet_says() -> None:
    [(name, text)] = sheets()["6003"].files(reveal=True).items()
    assert name == "6003.xml"
    space = "{http://www.linphone.org/xsds/lpconfig.xsd}"
    root = ET.fromstring(text)
    assert root.tag == f"{space}config"
    entries = {
        (section.attrib["name"], entry.attrib["name"]): entry.text or ""
        for section in root
        for entry in section
    }
    assert entries["proxy_0", "reg_proxy"] == "<sip:192.168.1.10:5060;transport=tcp>"
    assert entries["proxy_0", "reg_identity"] == '"Smart &" <sip:6003@192.168.1.10:5060>'
    assert entries["proxy_0", "reg_expires"] == "3600"
    assert entries["auth_info_0", "passwd"] == "pass-3<"
    assert entries["sound", "echocancellation"] == "0"
    assert [entries[f"audio_codec_{n}", "mime"] for n in (0, 1)] == ["G722", "PCMU"]


def test_files_are_written_for_their_phones_only(tmp_path: Path) -> None:
    [path] = sheets()["6001"].write(tmp_path / "www")
    assert path == tmp_path / "www" / "805ec0123456.cfg"
    assert "pass-1|x" in path.read_text()
    assert path.stat().st_mode & 0o007 == 0


def test_a_qr_code_leads_to_the_file() -> None:
    pytest.importorskip("segno")
    code = sheets()["6003"].qr("https://pbx.example.org/6003.xml")
    assert code.startswith("<svg")
    assert code != sheets()["6003"].qr("https://pbx.example.org/6004.xml")


# firewall


def test_a_firewall_opens_sound_to_all_and_sip_to_the_house() -> None:
    wall = HOUSE.firewall()
    assert [
        (one.protocol, one.written, one.to, one.address, one.sources[0], one.forward)
        for one in wall.openings
    ] == [
        ("udp", "5060", "PBX", "", "10.0.0.0/8", False),
        ("tcp", "5060", "PBX", "", "10.0.0.0/8", False),
        ("udp", "20000-20999", "PBX", "", "anywhere", True),
    ]
    assert [one.written for one in wall.forwards] == ["20000-20999"]
    assert [(mark.dscp, mark.value) for mark in wall.marks] == [("CS3", 24), ("EF", 46)]
    text = " ".join(wall.advice)
    for word in ("SIP ALG", "VPN", "QoS"):
        assert word in text
    assert "fixed address" not in text


def test_ports_of_phones_are_forwarded_only_where_sound_bypasses_the_pbx() -> None:
    trunk = providers.generic("sip.example.net", "me", "s3cret", direct_media=True)
    pbx = home(extensions=PHONES, trunks=[trunk])
    wall = pbx.firewall()
    assert [one.written for one in wall.forwards] == ["20000-20999", "12000-12019", "12020-12039"]
    assert "Give 6002 a fixed address" in " ".join(wall.advice)
    assert "| UDP | 12000-12019 | 6001 (192.168.1.21) | anywhere | yes |" in wall.table()
    forward = "Forward the UDP ports 12000 to 12019 to it: its sound does not pass the PBX."
    assert forward in sheets(pbx)["6001"].advice


def test_another_port_of_sip_is_the_same_everywhere() -> None:
    pbx = home(extensions=PHONES, network=Network(bind="0.0.0.0:5160"))
    assert rows(sheets(pbx)["6001"])["SIP Server 1: Port"].value == "5160"
    assert ":5160" in str(rows(sheets(pbx)["6003"])["Domain"].value)
    assert "account.1.sip_server.1.port = 5160\n" in sheets(pbx)["6001"].files()["805ec0123456.cfg"]
    assert "udp dport { 5160 } drop" in pbx.firewall().nftables()
    assert "bind = 0.0.0.0:5160" in lines("pjsip.conf", "transport-defaults", pbx)


@pytest.mark.parametrize("server", ["a\naccount.1.password = zz", "a b", "x;y", "pbx/1"])
def test_a_server_that_is_none_is_refused(server: str) -> None:
    with pytest.raises(ModelError, match="server must be an address or a host's name"):
        HOUSE.phones(server=server)


def test_what_cannot_be_built_has_no_sheets_and_no_firewall() -> None:
    bad = home(network=Network(local_networks=("0.0.0.0/0}accept;#",)))
    with pytest.raises(BuildError, match=r"network\.local_networks\[0\]: must be address/mask"):
        bad.firewall()
    wild = home(extensions=[attrs.evolve(PHONES[0], callerid="A\rB\x85C <6001>")])
    with pytest.raises(BuildError, match="must not hold control characters"):
        wild.phones()
    own = Installation(network=Network(local_networks=("0.0.0.0/0}accept;#",)))
    assert "accept;#" not in firewall(own).nftables()


def test_what_stands_in_a_sheet_is_no_markup() -> None:
    phone = attrs.evolve(PHONES[2], callerid="<script>alert(1)</script> | `x` <6003>")
    sheet = sheets(home(extensions=[phone]))["6003"]
    assert "<script>" not in re.sub(r"``.*?``|`.*?`", "", sheet.markdown())  # but for code
    title = r"# &lt;script&gt;alert(1)&lt;/script&gt; \| \`x\` (6003): Linphone"
    assert sheet.markdown().startswith(title)
    assert "<script>" not in sheet.html()
    assert "<script>" not in sheet.files()["6003.xml"]


def test_phones_over_tls_are_told_to_trust_the_certificate() -> None:
    phone = attrs.evolve(PHONES[0], transport="transport-tls", media_encryption="sdes")
    pbx = home(extensions=[phone, PHONES[3]], network=Network(tls=Tls()))
    assert any("trust the certificate" in line for line in sheets(pbx)["6001"].advice)
    assert not any("trust the certificate" in line for line in sheets(pbx)["6004"].advice)


def test_a_ban_is_for_those_who_fail_to_log_in() -> None:
    files = HOUSE.firewall().fail2ban()
    assert set(files) == {"filter.d/asterconf.conf", "jail.d/asterconf.conf"}
    assert "port = 5060\n" in files["jail.d/asterconf.conf"]
    pattern = re.search(r"failregex = (.*)", files["filter.d/asterconf.conf"])
    assert pattern
    failed = pattern[1].replace("<HOST>", r"(?P<host>[0-9a-f.:]+)")
    line = (
        '[2030-01-31 23:59:59] SECURITY[7] res_security_log.c: SecurityEvent="{event}",EventTV="x",'
        'Severity="Error",Service="PJSIP",AccountID="6001",LocalAddress="IPV4/UDP/192.0.2.9/5060",'
        'RemoteAddress="IPV4/UDP/203.0.113.5/5070",Challenge=""'
    )
    found = re.search(failed, line.format(event="ChallengeResponseFailed"))
    assert found
    assert found["host"] == "203.0.113.5"
    assert not re.search(failed, line.format(event="SuccessfulAuth"))


def test_fail2ban_reads_its_files(tmp_path: Path) -> None:
    program = shutil.which("fail2ban-regex")
    if program is None:
        pytest.skip("fail2ban is not installed")
    filters = tmp_path / "filter.conf"
    filters.write_text(HOUSE.firewall().fail2ban()["filter.d/asterconf.conf"])
    log = tmp_path / "security.log"
    log.write_text(
        '[2030-01-31 23:59:59] SECURITY[7] res_security_log.c: SecurityEvent="InvalidPassword",'
        'RemoteAddress="IPV4/UDP/203.0.113.5/5070"\n'
        '[2030-01-31 23:59:59] SECURITY[7] res_security_log.c: SecurityEvent="SuccessfulAuth",'
        'RemoteAddress="IPV4/UDP/203.0.113.5/5070"\n'
    )
    run = subprocess.run(
        [program, str(log), str(filters)], capture_output=True, text=True, check=False
    )
    assert "Lines: 2 lines, 0 ignored, 1 matched, 1 missed" in run.stdout


def test_a_provider_without_registration_is_let_in_from_its_addresses_only() -> None:
    pbx = home(trunks=[providers.ip_authenticated("192.0.2.1:5060", "gateway")])
    found = [one for one in pbx.firewall().openings if "gateway" in one.why]
    assert [(one.protocol, one.written, one.sources, one.forward) for one in found] == [
        ("tcp", "5060", ("192.0.2.1",), True)
    ]
    named = home(trunks=[providers.ip_authenticated("sip.example.net", "gateway")])
    assert "Open the SIP port to the addresses of gateway" in " ".join(named.firewall().advice)


def test_the_ruleset_keeps_sip_shut_and_nothing_else() -> None:
    network = Network(tls=Tls(), local_networks=["127.0.0.0/8", "192.168.1.0/24", "fd00::/8"])
    trunk = providers.ip_authenticated("192.0.2.1:5060", "gateway")
    text = home(network=network, trunks=[trunk]).firewall().nftables()
    assert (
        text
        == """\
table inet asterconf {
\tchain input {
\t\ttype filter hook input priority filter; policy accept;
\t\tct state established,related accept
\t\tiifname "lo" accept
\t\tip saddr { 192.168.1.0/24 } udp dport 5060 accept
\t\tip6 saddr { fd00::/8 } udp dport 5060 accept
\t\tip saddr { 192.168.1.0/24 } tcp dport 5060 accept
\t\tip6 saddr { fd00::/8 } tcp dport 5060 accept
\t\tip saddr { 192.168.1.0/24 } tcp dport 5061 accept
\t\tip6 saddr { fd00::/8 } tcp dport 5061 accept
\t\tip saddr { 192.0.2.1 } tcp dport 5060 accept
\t\tudp dport { 5060 } drop
\t\ttcp dport { 5060, 5061 } drop
\t\tudp dport 20000-20999 accept
\t}
}
"""
    )


def test_nftables_takes_the_ruleset() -> None:
    nft = shutil.which("nft", path="/usr/sbin:/sbin:/usr/bin")
    if nft is None:
        pytest.skip("nft is not installed")
    apart = ["unshare", "--net", nft, "--check", "--file", "-"]
    run = subprocess.run(
        apart, input=HOUSE.firewall().nftables(), text=True, capture_output=True, check=False
    )
    if "Operation not permitted" in run.stderr:
        pytest.skip("this machine lets nobody make a network namespace")
    assert (run.returncode, run.stderr) == (0, "")


# runbook


def test_the_runbook_tells_what_belongs_to_this_house() -> None:
    features = [*usual_features(), ConferenceRoom(), Parking(), MusicOnHold()]
    network = Network(tls=Tls(), external_address="home.example.org")
    book = home(features=features, network=network).runbook()
    titles = [chapter.title for chapter in book.chapters]
    assert titles == [
        "Install", "Put the files in place", "Certificate", "Start", "Mail", "After a change",
        "Keep attackers out", "When something is wrong", "Try it",
    ]  # fmt: skip
    text = book.markdown()
    for word in (
        "asterisk-moh-opsound-gsm", "asterconf apply home.toml /etc/asterisk",
        "nss-lookup.target", "/etc/asterisk/keys/asterisk.key",
        'sudo asterisk -rx "module reload res_parking.so"  # res_parking.conf',
        'sudo asterisk -rx "dnsmgr reload"  # dnsmgr.conf', "openssl req -x509",
        "- 933 reads out the address that an emergency call would give.",
        "- 6500 is the conference room.",
    ):  # fmt: skip
        assert word in text
    plain = [chapter.title for chapter in home(mailboxes=[]).runbook().chapters]
    assert plain == [title for title in titles if title not in ("Certificate", "Mail")]


# the room


def test_a_build_needs_none_of_the_extras() -> None:
    program = (
        "import sys\n"
        "import asterconf\n"
        "from asterconf.home import HomePBX\n"
        "HomePBX.from_toml(sys.argv[1]).files(complete=True)\n"
        "print([m for m in sys.modules if m.startswith(('segno', 'phonenumbers'))])\n"
    )
    example = Path(__file__).parents[3] / "examples" / "home.toml"
    run = subprocess.run(
        [sys.executable, "-c", program, str(example)], capture_output=True, text=True, check=True
    )
    assert run.stdout == "[]\n"


def test_qr_codes_say_what_they_need(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "segno", None)
    with pytest.raises(Exception, match=r"pip install 'asterconf\[provision\]'"):
        sheets()["6003"].qr("https://pbx.example.org/6003.xml")
