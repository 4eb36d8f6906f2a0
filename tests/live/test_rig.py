"""The rig itself: what the other live tests stand on."""

from __future__ import annotations

from pathlib import Path

import pytest

from .ami import AmiError, Message
from .phones import MakePhone, Phone, PhoneError, pump
from .rig import Asterisk, Boot, LogRecord, RigError, free_port

MODULES = """\
[modules]
autoload = no
load = res_sorcery_config.so
load = res_sorcery_memory.so
load = res_sorcery_astdb.so
load = res_timing_timerfd.so
load = res_pjproject.so
load = res_pjsip.so
load = res_pjsip_session.so
load = res_pjsip_pubsub.so
load = res_pjsip_outbound_publish.so
load = res_pjsip_exten_state.so
load = res_pjsip_pidf_body_generator.so
load = res_pjsip_authenticator_digest.so
load = res_pjsip_endpoint_identifier_user.so
load = res_pjsip_registrar.so
load = res_pjsip_caller_id.so
load = res_pjsip_header_funcs.so
load = res_pjsip_sdp_rtp.so
load = res_rtp_asterisk.so
load = chan_pjsip.so
load = bridge_simple.so
load = codec_ulaw.so
load = codec_gsm.so
load = format_gsm.so
load = pbx_config.so
load = app_dial.so
load = app_playback.so
load = app_stack.so
"""

SIP = """\
[transport](!)
type = transport
bind = 0.0.0.0

[udp](transport)
protocol = udp

[tcp](transport)
protocol = tcp

[phone](!)
type = endpoint
context = home
subscribe_context = lamps
disallow = all
allow = ulaw

[login](!)
type = auth
auth_type = userpass

[place](!)
type = aor
max_contacts = 1
"""

DIALPLAN = """\
[home]
exten => _30X,1,Dial(PJSIP/${EXTEN},,b(ring^s^1))
exten => 400,1,Answer()
 same => n,Playback(demo-congrats)

[ring]
exten => s,1,Set(PJSIP_HEADER(add,Alert-Info)=ring-answer)
 same => n,Return()

[lamps]
exten => 302,hint,PJSIP/302
"""


def sip_phones(*users: str) -> str:
    return SIP + "".join(
        f"""
[{user}](phone)
callerid = Phone {user} <{user}>
auth = {user}
aors = {user}

[{user}](login)
username = {user}
password = secret-{user}

[{user}](place)
"""
        for user in users
    )


@pytest.fixture
def configuration(tmp_path: Path) -> Path:
    """A small PBX that boots without a warning: two phones, a message to listen to, a lamp."""
    files = {
        "modules": MODULES,
        "pjsip": sip_phones("301", "302"),
        "extensions": DIALPLAN,
        "rtp": "[general]\nrtpstart = 12000\nrtpend = 12099\n",
        "indications": "[general]\ncountry = us\n\n[us]\ndescription = United States\n"
        "ringcadence = 2000,4000\nring = 440+480/2000,0/4000\n",
        **dict.fromkeys(("acl", "ccss", "cdr", "cel", "features", "pjproject", "udptl"), ""),
    }
    directory = tmp_path / "configuration"
    directory.mkdir()
    for name, text in files.items():
        (directory / f"{name}.conf").write_text(text)
    return directory


@pytest.fixture
def asterisk(boot: Boot, configuration: Path) -> Asterisk:
    return boot(configuration)


def phone_pair(asterisk: Asterisk, phone: MakePhone) -> tuple[Phone, Phone]:
    pair = (
        phone("301", "secret-301", asterisk.sip_port),
        phone("302", "secret-302", asterisk.sip_port, protocol="tcp"),
    )
    assert [p.register() for p in pair] == [200, 200]
    return pair


def test_boots_asterisk_22_without_a_warning(asterisk: Asterisk) -> None:
    assert asterisk.cli("core show version").startswith("Asterisk 22")
    assert asterisk.log_lines() == []


def test_two_instances_run_side_by_side(boot: Boot, configuration: Path) -> None:
    one, other = boot(configuration), boot(configuration)
    one.cli("database put rig who one")
    assert "entry not found" in other.cli("database get rig who")
    assert one.cli("database get rig who") == "Value: one"
    assert one.sip_port != other.sip_port
    for asterisk in (one, other):
        assert f"127.0.0.1:{asterisk.sip_port}" in asterisk.cli("pjsip show transports")


def test_stop_ends_the_process_and_may_be_repeated(asterisk: Asterisk) -> None:
    asterisk.stop()
    assert not Path(f"/proc/{asterisk.pid}").exists()
    asterisk.stop()


def test_failure_to_boot_tells_the_last_log_lines(boot: Boot, configuration: Path) -> None:
    (configuration / "modules.conf").unlink()
    with pytest.raises(RigError, match=r"'modules\.conf' invalid or missing"):
        boot(configuration)


def test_log_lines_show_a_warning(boot: Boot, configuration: Path) -> None:
    with (configuration / "extensions.conf").open("a") as file:
        file.write("\n[broken]\nexten => 1,two,NoOp()\n")
    warnings = boot(configuration).log_lines()
    assert warnings == [
        LogRecord(
            "WARNING",
            "pbx_config.c",
            "Invalid priority/label 'two' at line 14 of extensions.conf",
        )
    ]


def test_the_configurations_own_files_are_kept_where_they_can_be(
    boot: Boot, configuration: Path
) -> None:
    own = {
        "asterisk": "[directories]\nastlogdir => /nowhere\n[options]\nsystemname = porch\n",
        "manager": "[general]\nenabled = no\nport = 5038\n[bell]\nsecret = ding\n",
        "http": "[general]\nenabled = yes\nbindaddr = 0.0.0.0\n",
        "logger": "[general]\n[logfiles]\nmine => warning\n",
    }
    for name, text in own.items():
        (configuration / f"{name}.conf").write_text(text)
    asterisk = boot(configuration)
    assert "System name: porch" in " ".join(asterisk.cli("core show settings").split())
    assert "bell" in asterisk.cli("manager show users")
    assert "Server Disabled" in asterisk.cli("http show status")
    assert (asterisk.run / "log" / "mine").exists()
    assert asterisk.log_lines() == []


def test_names_resolve_to_loopback_or_not_at_all(boot: Boot, configuration: Path) -> None:
    with (configuration / "pjsip.conf").open("a") as file:
        for host in ("sip.example.com", "sip.example.net"):
            file.write(f"\n[{host}]\ntype = identify\nendpoint = 301\nmatch = {host}\n")
    modules = configuration / "modules.conf"
    modules.write_text(modules.read_text() + "load = res_pjsip_endpoint_identifier_ip.so\n")
    asterisk = boot(configuration, hosts={"sip.example.com": "127.0.0.9"})
    identifies = asterisk.cli("pjsip show identifies")
    assert "Match: 127.0.0.9/32" in identifies
    assert identifies.count("Match: 1") == 1
    assert {"sip.example.com", "sip.example.net"} <= set(asterisk.names.asked)


def test_media_ports_and_sip_ports_can_be_chosen(boot: Boot, configuration: Path) -> None:
    near = f"127.0.0.77:{free_port()}"
    with (configuration / "pjsip.conf").open("a") as file:
        file.write("\n[far](transport)\nprotocol = udp\nbind = 0.0.0.0:5070\n")
        file.write(f"\n[near](transport)\nprotocol = udp\nbind = {near}\n")
    first = boot(configuration)
    ports = {5060: first.ports[5070], 5070: first.sip_port}
    first.stop()
    asterisk = boot(configuration, ports=ports, rtp=(13000, 13099))
    assert asterisk.ports == ports
    transports = asterisk.cli("pjsip show transports")
    for address in (f"127.0.0.1:{ports[5060]}", f"127.0.0.1:{ports[5070]}", near):
        assert address in transports
    settings = " ".join(asterisk.cli("rtp show settings").split())
    assert "Port start: 13000 Port end: 13099" in settings


def test_get_config_reads_what_was_written(boot: Boot, configuration: Path) -> None:
    odd = b"caf\xc3\xa9 \xff \t end"
    text = b"[base](!)\ncolour = red\n[door](base)\nnote = " + odd + b"\nkey = 1\nkey = 2\n"
    (configuration / "odd.conf").write_bytes(text)
    [answer] = boot(configuration).ami.action(
        "GetConfig", Filename="odd.conf", Filter="TEMPLATES=include"
    )
    assert answer.headers[2:] == (
        ("Category-000000", "base"),
        ("IsTemplate-000000", "1"),
        ("Line-000000-000000", "colour=red"),
        ("Category-000001", "door"),
        ("Templates-000001", "base"),
        ("Line-000001-000000", "colour=red"),
        ("Line-000001-000001", "note=" + odd.decode("utf-8", "surrogateescape")),
        ("Line-000001-000002", "key=1"),
        ("Line-000001-000003", "key=2"),
    )


def test_ami_gathers_a_list_and_repeats_headers(asterisk: Asterisk) -> None:
    _, *events, complete = asterisk.ami.action("PJSIPShowEndpoints")
    assert [event["ObjectName"] for event in events] == ["301", "302"]
    assert complete["ListItems"] == "2"
    asterisk.ami.action(
        "Originate",
        Channel="Local/400@home",
        Application="Wait",
        Data="1",
        Variable=["A=1", "B=2"],
        Async="true",
    )
    for name, value in (("A", "1"), ("B", "2")):
        asterisk.ami.wait_event("VarSet", lambda e: (e["Variable"], e["Value"]) == (name, value))  # noqa: B023


def test_ami_message_keeps_repeated_headers() -> None:
    message = Message((("Output", "one"), ("output", "two"), ("Note", "")))
    assert message.all("OUTPUT") == ["one", "two"]
    assert message["output"] == "one"
    assert message.get("Missing", "none") == "none"
    assert message.output == "one\ntwo"


def test_ami_error_is_raised_in_the_managers_words(asterisk: Asterisk) -> None:
    with pytest.raises(AmiError, match="GetConfig: Config file not found"):
        asterisk.ami.action("GetConfig", Filename="none.conf")
    with pytest.raises(ValueError, match="line break"):
        asterisk.ami.action("Ping", Note="a\r\nAction: Logoff")


def test_wrong_password_is_told_by_register(asterisk: Asterisk, phone: MakePhone) -> None:
    assert phone("301", "wrong", asterisk.sip_port).register() == 401


def test_two_phones_talk(asterisk: Asterisk, phone: MakePhone) -> None:
    caller, called = phone_pair(asterisk, phone)
    call = caller.call("302").wait_for("CONFIRMED")
    incoming = called.wait_call().wait_for("CONFIRMED")
    assert incoming.remote.startswith('"Phone 301" <sip:301@')
    assert incoming.invite["Alert-Info"] == "ring-answer"
    assert call.hears()
    assert incoming.hears()
    called.received[0].hangup()
    call.wait_for("DISCONNECTED")
    assert call.states == ["CALLING", "CONNECTING", "CONFIRMED", "DISCONNECTED"]
    assert call.status == 200
    assert asterisk.log_lines() == []


def test_phone_rings_or_is_busy_as_told(asterisk: Asterisk, phone: MakePhone) -> None:
    caller, called = phone_pair(asterisk, phone)
    called.answers = 180
    call = caller.call("302").wait_for("EARLY")
    with pytest.raises(PhoneError, match="not CONFIRMED: CALLING → EARLY, SIP status 180"):
        call.wait_for("CONFIRMED", timeout=0.5)
    called.wait_call().answer()
    call.wait_for("CONFIRMED").hangup()
    called.received[0].wait_for("DISCONNECTED")
    called.answers = 486
    assert caller.call("302").wait_for("DISCONNECTED").status == 486


def test_phone_hears_a_recorded_message(asterisk: Asterisk, phone: MakePhone) -> None:
    caller, _ = phone_pair(asterisk, phone)
    call = caller.call("400").wait_for("CONFIRMED")
    assert call.hears()


def test_lamp_follows_a_phone(asterisk: Asterisk, phone: MakePhone) -> None:
    caller, called = phone_pair(asterisk, phone)
    lamp = called.watch("302").wait_for("Ready")
    call = caller.call("302").wait_for("CONFIRMED")
    lamp.wait_for("On the phone")
    call.hangup()
    lamp.wait_for("Ready")
    nobody = caller.watch("999")
    assert pump(lambda: bool(nobody.ended))
    assert nobody.ended.startswith("404")
