"""The home PBX of the example on a real Asterisk: real phones call, and a provider calls.

The example differs in one number, the seconds until a call from outside is taken by voicemail.
Every phone and the provider have an address of their own, and every test asserts as whom Asterisk
knew them. Whatever a test makes Asterisk log, it answers for.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import attrs
import pytest

import asterconf
from asterconf.features import MusicOnHold, usual_features
from asterconf.home import Country

from .house import (
    ACCOUNTS,
    EXAMPLE,
    PROVIDER,
    Entry,
    Phones,
    came_in,
    entries,
    events,
    listed,
    logins,
    make_phones,
    played,
    quiet,
    reachable,
    registered_at,
    said,
    verbose,
    wait_until,
)
from .phones import Call, MakePhone, Phone, pump
from .provider import Provider
from .rig import Asterisk

RING_SECONDS = 2


@pytest.fixture(scope="module")
def running_provider() -> Iterator[Provider]:
    pytest.importorskip("pjsua2", reason="pjsua2-python, the phones' library, is not installed")
    with Provider(ACCOUNTS, host=PROVIDER) as provider:
        yield provider


@pytest.fixture(scope="module")
def running_house(
    asterisk_root: Path, running_provider: Provider, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Asterisk]:
    example = EXAMPLE.read_text()
    text = example.replace("ring_seconds = 25", f"ring_seconds = {RING_SECONDS}")
    assert text != example
    folder = tmp_path_factory.mktemp("house")
    asterconf.HomePBX.from_toml(text).write(folder / "built", complete=True)
    hosts = {PROVIDER: running_provider.address}
    with Asterisk(asterisk_root, folder / "built", folder / "run", hosts=hosts) as running:
        print(f"\n{running.cli('core show version')}")
        reachable(running, "voipms")
        yield running


@pytest.fixture
def house(running_house: Asterisk) -> Iterator[Asterisk]:
    with quiet(running_house):
        yield running_house


@pytest.fixture
def provider(running_provider: Provider) -> Provider:
    running_provider.requests.clear()
    running_provider.line.reset()
    return running_provider


@pytest.fixture(scope="module")
def all_phones(running_house: Asterisk) -> Iterator[Phones]:
    with ExitStack() as stack:
        yield make_phones(running_house, stack)


@pytest.fixture
def phones(house: Asterisk, all_phones: Phones) -> Iterator[Phones]:
    """The phones of the house, registered."""
    yield all_phones.register(house)
    for one in all_phones:
        one.reset()


def test_it_is_asterisk_22(house: Asterisk) -> None:
    assert house.cli("core show version").startswith("Asterisk 22.")


# 1: registration


def test_every_phone_registers_as_itself(house: Asterisk, phones: Phones) -> None:
    for one in phones:
        assert one.register() == 200
    assert pump(lambda: logins(house) == {one.user: one.address for one in phones})
    contacts = listed(house.ami, "PJSIPShowContacts", "ContactList")
    places = {c["Endpoint"]: c["Uri"].rpartition("@")[2].partition(":")[0] for c in contacts}
    assert places == {one.user: one.address for one in phones}


def test_a_wrong_password_or_an_unknown_phone_is_refused(house: Asterisk, phone: MakePhone) -> None:
    assert phone("6001", "wrong", house.sip_port).register() == 401
    assert phone("6004", "maple-Ferry-2093", house.sip_port).register() == 401
    assert logins(house) == {}

    def refused() -> list[str]:
        return [event["AccountID"] for event in events(house, "ChallengeResponseFailed")]

    assert pump(lambda: refused() == ["6001", "<unknown>"])


def test_the_trunk_registers_with_its_password_under_the_owners_number(
    house: Asterisk, running_provider: Provider
) -> None:
    contact = registered_at(running_provider)
    assert contact == f"sip:15555555555@127.0.0.1:{house.sip_port};transport=TCP"
    [register] = [r for r in running_provider.requests if r.method == "REGISTER"][-1:]
    assert 'username="555555"' in register.header("Authorization")
    assert running_provider.refused == []
    assert wait_until(lambda: "Registered" in house.cli("pjsip show registrations"))


# 2: from phone to phone


def both_hear(caller: Call, called: Call, one: Phone, other: Phone) -> None:
    assert caller.hears(other.tone)
    assert called.hears(one.tone)


def test_one_phone_rings_another_and_sound_flows_past_asterisk(
    house: Asterisk, phones: Phones
) -> None:
    phones.kitchen.answers = 180
    call = phones.living.call("6002").wait_for("EARLY")
    ringing = phones.kitchen.wait_call()
    assert ringing.remote.startswith('"Living Room" <sip:6001@')
    assert call.states == ["CALLING", "EARLY"]
    ringing.answer()
    call.wait_for("CONFIRMED")
    both_hear(call, ringing, phones.living, phones.kitchen)
    assert pump(lambda: call.media_peer == phones.kitchen.address)
    assert pump(lambda: ringing.media_peer == phones.living.address)
    both_hear(call, ringing, phones.living, phones.kitchen)
    call.hangup()
    ringing.wait_for("DISCONNECTED")
    assert phones.mobile.received == []
    assert came_in(house, Entry("6001", "from-home", "6002"))


def test_a_softphone_over_tcp_is_called_and_sound_flows_through_asterisk(
    house: Asterisk, phones: Phones
) -> None:
    call = phones.kitchen.call("6003").wait_for("CONFIRMED")
    answered = phones.mobile.wait_call().wait_for("CONFIRMED")
    assert answered.remote.startswith('"Kitchen" <sip:6002@')
    both_hear(call, answered, phones.kitchen, phones.mobile)
    assert (call.media_peer, answered.media_peer) == ("127.0.0.1", "127.0.0.1")
    answered.hangup()
    call.wait_for("DISCONNECTED")
    assert came_in(house, Entry("6002", "from-home", "6003"))


# 3: to the outside

ARRIVES = {
    "5551234": "+15555551234",
    "2125551234": "+12125551234",
    "12125551234": "+12125551234",
    "+12125551234": "+12125551234",
    "911": "911",
    "933": "933",
    "211": "211",
    "811": "811",
}


@pytest.mark.parametrize(("dialled", "number"), ARRIVES.items())
def test_a_number_reaches_the_provider_in_its_full_form_with_the_owners_caller_id(
    house: Asterisk, phones: Phones, provider: Provider, dialled: str, number: str
) -> None:
    provider.line.answers = 486
    call = phones.living.call(dialled).wait_for("DISCONNECTED")
    assert call.status == 486  # what the provider says, the phone hears
    invite = provider.invited(number)
    assert invite.uri == f"sip:{number}@{PROVIDER}:5060"
    assert invite.header("From").startswith('"John Doe" <sip:+15555555555@')
    assert invite.header("Remote-Party-ID").startswith('"John Doe" <sip:+15555555555@')
    assert 'username="555555"' in invite.header("Proxy-Authorization")
    assert "m=audio" in invite.body
    assert re.findall(r"a=rtpmap:\d+ (\w+)/", invite.body)[0] == "PCMU"
    assert came_in(house, Entry("6001", "from-home", dialled))


def test_sound_goes_to_the_outside_and_back(
    house: Asterisk, phones: Phones, provider: Provider
) -> None:
    call = phones.mobile.call("5550000").wait_for("CONFIRMED")
    outside = provider.line.received[-1]
    both_hear(call, outside, phones.mobile, provider.line)
    assert (call.media_peer, outside.media_peer) == ("127.0.0.1", "127.0.0.1")
    call.hangup()
    outside.wait_for("DISCONNECTED")
    assert came_in(house, Entry("6003", "from-home", "5550000"))


@pytest.mark.parametrize(
    ("number", "status"),
    [
        ("9005551234", 403),  # it costs extra
        ("8095551234", 403),  # it looks like any other, and is abroad
        ("01133123456789", 404),  # abroad is closed unless it is asked for
        ("+33123456789", 404),
        ("6004", 484),  # no phone, but so may begin a number of seven digits
        ("60011", 484),
        ("9", 484),
        ("*98", 404),
    ],
)
def test_a_number_that_is_closed_or_nobodys_is_refused(
    house: Asterisk, phones: Phones, provider: Provider, number: str, status: int
) -> None:
    call = phones.living.call(number).wait_for("DISCONNECTED")
    assert (call.status, call.states) == (status, ["CALLING", "DISCONNECTED"])
    assert [r for r in provider.requests if r.method == "INVITE"] == []
    assert pump(lambda: logins(house) == {"6001": phones.living.address})
    closed = [Entry("6001", "from-home", number)] if status == 403 else []
    assert came_in(house, *closed)


# 4: from the outside


def test_a_call_from_outside_is_for_the_phone_that_answers_first(
    house: Asterisk, provider: Provider, phones: Phones
) -> None:
    registered_at(provider)
    phones.ring_only()
    call = provider.call(house.sip_port, caller='"Aunt May" <sip:+12125550100@provider.test>')
    living, kitchen, mobile = (one.wait_call() for one in phones)
    for ringing in (living, kitchen, mobile):
        assert ringing.remote.startswith('"Aunt May" <sip:+12125550100@')
    mobile.answer()
    mobile.wait_for("CONFIRMED")
    both_hear(call.wait_for("CONFIRMED"), mobile, provider.line, phones.mobile)
    for other in (living, kitchen):
        other.wait_for("DISCONNECTED")
        assert "CONFIRMED" not in other.states
    mobile.hangup()
    call.wait_for("DISCONNECTED")
    assert came_in(house, Entry("voipms", "from-pstn", "15555555555"))


@pytest.mark.parametrize("user", ["+15555555555", "15555555555", "s", ""])
def test_all_phones_ring_whatever_number_the_provider_calls(
    house: Asterisk, provider: Provider, phones: Phones, user: str
) -> None:
    registered_at(provider)
    phones.ring_only()
    caller = '"Aunt May" <sip:+12125550100@provider.test>'
    call = provider.call(house.sip_port, caller=caller, to=user)  # "": as registered
    ringing = [one.wait_call() for one in phones]
    call.wait_for("EARLY").hangup()
    for one in ringing:
        one.wait_for("DISCONNECTED")
        assert one.states == ["INCOMING", "EARLY", "DISCONNECTED"]
    assert came_in(house, Entry("voipms", "from-pstn", user or "15555555555"))


def test_a_call_that_nobody_answers_leaves_a_message_and_every_phone_is_told(
    house: Asterisk, provider: Provider, phones: Phones
) -> None:
    phones.ring_only()
    caller = '"Aunt May" <sip:+12125550100@provider.test>'
    call = provider.call(house.sip_port, caller=caller, to="15555555555")
    for ringing in [one.wait_call() for one in phones]:
        ringing.wait_for("DISCONNECTED")
    call.wait_for("CONFIRMED")
    box = house.run / "spool/voicemail/default/6000"
    inbox = box / "INBOX"
    long = 16000 * 2  # bytes of two seconds

    def recorded() -> bool:
        return any(file.stat().st_size > long for file in box.rglob("*.wav"))

    assert pump(recorded, 30)
    call.hangup()
    assert pump((inbox / "msg0000.txt").exists)
    assert came_in(house, Entry("voipms", "from-pstn", "15555555555"))
    assert {file.name for file in inbox.iterdir()} == {
        f"msg0000.{suffix}" for suffix in ("txt", "wav", "WAV", "gsm")
    }
    assert 'callerid="Aunt May" <+12125550100>' in (inbox / "msg0000.txt").read_text()
    assert pump(lambda: all(one.waiting[-1:] == ["1/0 (0/0)"] for one in phones))

    before = len(verbose(house))
    call = phones.living.call("*99").wait_for("CONFIRMED")
    assert pump(lambda: played(house, "vm-youhave", before))
    call.dial("1")
    assert pump(lambda: played(house, "INBOX/msg0000", before), 20)
    assert call.hears(provider.line.tone)  # the message itself
    assert pump(lambda: played(house, "vm-advopts", before), 20)  # it is over
    call.hangup()
    assert pump(lambda: all(one.waiting[-1:] == ["0/1 (0/0)"] for one in phones))


def test_a_phone_opens_the_box_of_the_house_without_a_pin(house: Asterisk, phones: Phones) -> None:
    before = len(verbose(house))
    call = phones.kitchen.call("*99").wait_for("CONFIRMED")
    assert call.hears()
    assert pump(lambda: played(house, "vm-youhave", before))
    call.hangup()
    lines = verbose(house)[before:]
    assert any(re.search(r'VoiceMailMain\("PJSIP/6002-\w+", "6000@default,s"\)', x) for x in lines)
    assert not any("vm-password" in line or "vm-login" in line for line in lines)
    assert came_in(house, Entry("6002", "from-home", "*99"))


# 5: intercom


def test_the_intercom_speaks_through_all_other_phones(house: Asterisk, phones: Phones) -> None:
    call = phones.living.call("6000").wait_for("CONFIRMED")
    paged = [phones.kitchen.wait_call(), phones.mobile.wait_call()]
    for other in paged:
        other.wait_for("CONFIRMED")
        assert other.invite["Alert-Info"] == "auto answer"
        assert other.remote.startswith('"Intercom" <sip:6000@')
        assert other.hears(phones.living.tone)
    assert call.hears(phones.kitchen.tone)
    assert call.hears(phones.mobile.tone)
    call.hangup()
    for other in paged:
        other.wait_for("DISCONNECTED")
    assert phones.living.received == []
    assert came_in(house, Entry("6001", "from-home", "6000"))


# 6: lamps


def test_lamps_show_who_rings_talks_and_is_gone(house: Asterisk, phones: Phones) -> None:
    lamps = {number: phones.living.watch(number) for number in ("6001", "6002", "6003")}
    for lamp in lamps.values():
        lamp.wait_for("Ready")
    phones.mobile.answers = 180
    call = phones.kitchen.call("6003")
    lamps["6003"].wait_for("Ringing")
    phones.mobile.wait_call().answer()
    lamps["6003"].wait_for("On the phone")
    lamps["6002"].wait_for("On the phone")
    call.wait_for("CONFIRMED").hangup()
    lamps["6002"].wait_for("Ready")
    lamps["6003"].wait_for("Ready")
    assert phones.mobile.unregister() == 200
    lamps["6003"].wait_for("Unavailable")
    assert lamps["6001"].seen == [("open", "Ready")]
    nobody = phones.living.watch("6004")
    assert pump(lambda: bool(nobody.ended))
    assert nobody.ended.startswith("404")
    assert came_in(house, Entry("6002", "from-home", "6003"))


# 7: strangers


@pytest.mark.parametrize("protocol", ["udp", "tcp"])
def test_a_stranger_gets_nowhere_whoever_he_says_he_is(
    house: Asterisk, phone: MakePhone, phones: Phones, provider: Provider, protocol: str
) -> None:
    stranger = phone("nobody", "guess", house.sip_port, protocol=protocol)
    for name in ("nobody", "voipms", "555555", "+15555555555", "6001", "anonymous"):
        for number in ("6002", "911", "+12125551234", "s", "15555555555", "6000"):
            caller = f"<sip:{name}@127.0.0.1>"
            call = stranger.call(number, caller=caller).wait_for("DISCONNECTED")
            assert (call.status, call.states) == (401, ["CALLING", "DISCONNECTED"]), (name, number)
    assert stranger.register() == 401
    assert [one.received for one in phones] == [[], [], []]
    assert [r for r in provider.requests if r.method == "INVITE"] == []
    assert entries(house) == []
    assert logins(house) == {}


@pytest.mark.parametrize("context", ["public", "default"])
def test_the_guard_contexts_hang_up_on_everybody(house: Asterisk, context: str) -> None:
    for number in ("s", "5", "6001", "6000", "911", "+15555555555", "5551234"):
        house.ami.events.clear()
        channel = f"Local/{number}@{context}"
        house.ami.action(
            "Originate", Channel=channel, Application="Wait", Data="1", Async="true"
        )  # fmt: skip
        ended = house.ami.wait_event(
            "Hangup",
            lambda e: e["Channel"].startswith(channel) and e["Channel"].endswith(";2"),  # noqa: B023
        )
        assert said(ended, "Context", "Exten", "Cause") == {
            "Context": context,
            "Exten": number,
            "Cause": "3",  # no route to destination
        }


# running it


def test_the_runbook_says_what_the_console_understands(house: Asterisk) -> None:
    chapters = asterconf.HomePBX.from_toml(EXAMPLE).runbook().chapters
    commands = [command for chapter in chapters for command, _ in chapter.console]
    lines = "\n".join(line for chapter in chapters for line in chapter.shell)
    commands += re.findall(r'asterisk -rx "([^"]+)"', lines)
    assert len(commands) > 12
    for command in commands:
        if command.startswith("core restart"):
            assert "core restart when convenient" in house.cli(f"core show help {command}")
            continue
        said_back = house.cli(command)
        assert "No such command" not in said_back, command
        assert "No such module" not in said_back, command
    for command in ("pjsip set logger off", "rtp set debug off"):
        house.cli(command)


def test_debian_has_the_packages_of_the_runbook(asterisk_root: Path) -> None:
    features = [*usual_features(), MusicOnHold()]
    known = 0
    for language in ("en", "es", "fr", "it", "ru", "de"):
        home = attrs.evolve(
            asterconf.HomePBX.from_toml(EXAMPLE),
            features=features,
            country=Country(language=language),
        )
        (line,) = (one for one in home.runbook().chapters[0].shell if "apt install" in one)
        asked = ["chroot", str(asterisk_root), "apt-cache", "policy", *line.split()[3:]]
        said_back = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
        if "Candidate" not in said_back:
            pytest.skip("the lists of packages are not here")
        assert "Candidate: (none)" not in said_back
        known += said_back.count("Candidate: ")
        assert said_back.count("Candidate: ") == len(line.split()[3:])
    assert known == 3 + 4 * 4 + 3


def test_a_changed_phone_takes_effect_by_the_reload_of_the_runbook(
    house: Asterisk, phones: Phones
) -> None:
    wizard = house.etc / "pjsip_wizard.conf"
    before = wizard.read_text()
    try:
        wizard.write_text(before.replace("Kitchen <6002>", "Pantry <6002>"))
        house.cli("module reload res_pjsip_config_wizard.so")
        assert wait_until(lambda: '"Pantry" <6002>' in house.cli("pjsip show endpoint 6002"))
    finally:
        wizard.write_text(before)
        house.cli("module reload res_pjsip_config_wizard.so")
    assert wait_until(lambda: '"Kitchen" <6002>' in house.cli("pjsip show endpoint 6002"))
