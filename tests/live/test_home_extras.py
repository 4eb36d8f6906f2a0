"""What a house may have besides: a menu, hours, parking, a conference room, refused callers."""

from __future__ import annotations

import math
import wave
from array import array
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import attrs
import pytest

from asterconf.features import (
    BlockedCallers,
    BusinessHours,
    ConferenceRoom,
    Menu,
    MusicOnHold,
    Parking,
    Plan,
    usual_features,
)
from asterconf.home import HomePBX, Hours

from .house import (
    ACCOUNTS,
    EXAMPLE,
    PROVIDER,
    Entry,
    Phones,
    came_in,
    make_phones,
    played,
    quiet,
    reachable,
    verbose,
)
from .phones import Call, pump
from .provider import Provider
from .rig import Asterisk

MUSIC = 620  # Hz
AUNT = '"Aunt May" <sip:+12125550100@provider.test>'
OPEN = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)  # a Tuesday
CLOSED = {
    "at night": datetime(2026, 11, 24, 22, 0, tzinfo=UTC),
    "on Sunday": datetime(2026, 11, 22, 10, 0, tzinfo=UTC),
    "on a holiday": datetime(2026, 12, 25, 10, 0, tzinfo=UTC),
}
HOURS = [
    Hours(["*,*,31,oct", "*,*,1,jan"], to="6000@default", greeting="hello-world"),
    Hours(["7:00-8:00,mon-fri", "20:00-21:00,wed"], to="6002"),
]
"""Holidays, and several openings, in the time zone of the house: New York."""
ELSEWHERE = [
    datetime(2026, 11, 25, 12, 30, tzinfo=UTC),  # a Wednesday, 7:30 in New York
    datetime(2026, 11, 26, 1, 30, tzinfo=UTC),  # 20:30 on Wednesday
    datetime(2027, 1, 1, 12, 30, tzinfo=UTC),
]


@attrs.frozen
class Clock:
    """Lets a test say what time it is."""

    def contribute(self, plan: Plan) -> None:
        """Put it before all other steps of a call from outside."""
        plan.screen('ExecIf($["${NOW}" != ""]?Set(TESTTIME=${NOW}))')


def make_music(folder: Path) -> None:
    """Put a piece of music into a folder: one note, for ten seconds."""
    folder.mkdir()
    with wave.open(str(folder / "note.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        note = (int(8000 * math.sin(2 * math.pi * MUSIC * n / 8000)) for n in range(80000))
        file.writeframes(array("h", note).tobytes())


@pytest.fixture(scope="module")
def running_provider() -> Iterator[Provider]:
    pytest.importorskip("pjsua2", reason="pjsua2-python, the phones' library, is not installed")
    with Provider(ACCOUNTS, host=PROVIDER) as provider:
        yield provider


@pytest.fixture(scope="module")
def running_house(
    asterisk_root: Path, running_provider: Provider, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Asterisk]:
    features = (
        *usual_features(),
        BlockedCallers(["+12125550199", "+1900*"], hidden=True),
        BusinessHours("9:00-17:00,mon-fri", closed="*,*,25,dec", time_zone="UTC"),
        Menu(
            "hello-world",
            choices={"1": "6001", "2": "home-phones", "3": "6000@default"},
            wait_seconds=3,
        ),
        ConferenceRoom("6500", pin="4321"),
        Parking("700", spaces=("701", "702"), seconds=3),
        MusicOnHold("/mnt/etc/moh"),
        Clock(),
    )
    folder = tmp_path_factory.mktemp("extras")
    pbx = attrs.evolve(HomePBX.from_toml(EXAMPLE), features=features, hours=HOURS)
    pbx.write(folder / "built", complete=True)
    make_music(folder / "built" / "moh")
    hosts = {PROVIDER: running_provider.address}
    with Asterisk(asterisk_root, folder / "built", folder / "run", hosts=hosts) as running:
        reachable(running, "voipms")
        yield running


@pytest.fixture
def house(running_house: Asterisk) -> Iterator[Asterisk]:
    with quiet(running_house):
        now(running_house, OPEN)
        yield running_house


@pytest.fixture
def provider(running_provider: Provider) -> Provider:
    running_provider.line.reset()
    return running_provider


@pytest.fixture(scope="module")
def all_phones(running_house: Asterisk) -> Iterator[Phones]:
    with ExitStack() as stack:
        yield make_phones(running_house, stack)


@pytest.fixture
def phones(house: Asterisk, all_phones: Phones) -> Iterator[Phones]:
    yield all_phones.register(house)
    for one in all_phones:
        one.reset()


def now(house: Asterisk, when: datetime) -> None:
    house.ami.action("Setvar", Variable="NOW", Value=str(int(when.timestamp())))


def from_outside(house: Asterisk, provider: Provider, caller: str = AUNT) -> Call:
    return provider.call(house.sip_port, caller=caller, to="15555555555")


def test_the_clock_is_the_tests(house: Asterisk) -> None:
    assert "NOW=" in house.cli("dialplan show globals")


@pytest.mark.parametrize(
    ("key", "who"), [("1", {"6001"}), ("2", {"6001", "6002", "6003"}), ("9", None), ("", None)]
)
def test_a_key_of_the_menu_rings_whom_it_is_for(
    house: Asterisk, provider: Provider, phones: Phones, key: str, who: set[str] | None
) -> None:
    before = len(verbose(house))
    call = from_outside(house, provider).wait_for("CONFIRMED")
    assert pump(lambda: played(house, "hello-world", before))
    if key:
        call.dial(key)
    assert pump(lambda: any(one.received for one in phones), 15)  # no key: after three seconds
    everybody = {"6001", "6002", "6003"}
    assert pump(lambda: {p.user for p in phones if p.received} == (who or everybody))
    assert played(house, "pbx-invalid", before) == (key == "9")
    assert pump(lambda: any(c.state == "CONFIRMED" for one in phones for c in one.received))
    assert any(call.hears(one.tone) for one in phones)  # a hangup now would cross the answer
    call.hangup()
    assert came_in(house, Entry("voipms", "from-pstn", "15555555555"))


def test_a_key_of_the_menu_leads_to_the_voicemail(
    house: Asterisk, provider: Provider, phones: Phones
) -> None:
    before = len(verbose(house))
    call = from_outside(house, provider).wait_for("CONFIRMED")
    assert pump(lambda: played(house, "hello-world", before))
    call.dial("3")
    assert pump(lambda: played(house, "vm-theperson", before))
    call.hangup()
    assert all(not one.received for one in phones)


@pytest.mark.parametrize("when", CLOSED)
def test_a_closed_house_takes_a_message_and_does_not_ring(
    house: Asterisk, provider: Provider, phones: Phones, when: str
) -> None:
    now(house, CLOSED[when])
    before = len(verbose(house))
    call = from_outside(house, provider).wait_for("CONFIRMED")
    assert pump(lambda: played(house, "vm-theperson", before))
    assert not played(house, "hello-world", before)
    call.hangup()
    assert all(not one.received for one in phones)
    assert came_in(house, Entry("voipms", "from-pstn", "15555555555"))


def test_hours_lead_calls_elsewhere_the_first_that_fits(
    house: Asterisk, provider: Provider, phones: Phones
) -> None:
    for when in ELSEWHERE[:2]:
        now(house, when)
        call = from_outside(house, provider)
        phones.kitchen.wait_call().wait_for("CONFIRMED")
        call.wait_for("CONFIRMED").hangup()
        assert not phones.living.received
        phones.kitchen.reset()
    now(house, ELSEWHERE[2])
    before = len(verbose(house))
    call = from_outside(house, provider).wait_for("CONFIRMED")
    assert pump(lambda: played(house, "vm-theperson", before))
    assert played(house, "hello-world", before)
    call.hangup()
    assert not phones.kitchen.received


def test_emergency_calls_know_no_hours(house: Asterisk, provider: Provider, phones: Phones) -> None:
    now(house, CLOSED["at night"])
    call = phones.living.call("911").wait_for("CONFIRMED")
    assert call.hears(provider.line.tone)
    call.hangup()
    assert provider.invited("911").uri == f"sip:911@{PROVIDER}:5060"


@pytest.mark.parametrize(
    "caller",
    [
        "<sip:+12125550199@provider.test>",
        "<sip:12125550199@provider.test>",
        "<sip:2125550199@provider.test>",
        "<sip:+19005550100@provider.test>",
        '"Anonymous" <sip:anonymous@provider.test>',
    ],
)
def test_a_blocked_caller_is_refused_and_nothing_rings(
    house: Asterisk, provider: Provider, phones: Phones, caller: str
) -> None:
    call = from_outside(house, provider, caller).wait_for("DISCONNECTED")
    assert (call.status, call.states) == (403, ["CALLING", "DISCONNECTED"])
    assert all(not one.received for one in phones)
    assert came_in(house, Entry("voipms", "from-pstn", "15555555555"))


def test_a_parked_call_is_picked_up_at_another_phone(
    house: Asterisk, provider: Provider, phones: Phones
) -> None:
    call = from_outside(house, provider).wait_for("CONFIRMED")
    call.dial("1")
    answered = phones.living.wait_call().wait_for("CONFIRMED")
    assert answered.hears(provider.line.tone)
    answered.transfer("700")
    assert pump(lambda: "PJSIP/voipms" in house.cli("parking show default"))
    assert call.hears(MUSIC)
    picked = phones.kitchen.call("701").wait_for("CONFIRMED")
    assert picked.hears(provider.line.tone)
    assert call.hears(phones.kitchen.tone)
    picked.hangup()
    call.wait_for("DISCONNECTED")


def test_a_parked_call_that_nobody_picks_up_comes_back(
    house: Asterisk, provider: Provider, phones: Phones
) -> None:
    call = from_outside(house, provider).wait_for("CONFIRMED")
    call.dial("1")
    answered = phones.living.wait_call().wait_for("CONFIRMED")
    assert answered.hears(provider.line.tone)
    answered.transfer("700")
    assert call.hears(MUSIC)
    assert pump(lambda: len(phones.living.received) == 2, 10)
    back = phones.living.received[-1].wait_for("CONFIRMED")
    assert back.hears(provider.line.tone)
    back.hangup()
    call.wait_for("DISCONNECTED")


def test_a_conference_lets_in_who_knows_the_pin(house: Asterisk, phones: Phones) -> None:
    calls = []
    for one in phones:
        before = len(verbose(house))
        call = one.call("6500").wait_for("CONFIRMED")
        assert pump(lambda: played(house, "conf-getpin", before))  # noqa: B023
        call.dial("4321#")
        calls.append(call)
    assert pump(lambda: house.cli("confbridge list 6500").count("PJSIP/") == 3, 15)
    assert calls[0].hears(phones.kitchen.tone, 10)
    assert calls[0].hears(phones.mobile.tone, 10)
    assert calls[1].hears(phones.living.tone, 10)
    for call in calls:
        call.hangup()


def test_a_conference_refuses_who_does_not_know_the_pin(house: Asterisk, phones: Phones) -> None:
    call = phones.living.call("6500").wait_for("CONFIRMED")
    before = len(verbose(house))
    for _ in range(3):
        assert pump(lambda: played(house, "conf-getpin", before), 10)  # noqa: B023
        before = len(verbose(house))
        call.dial("1111#")
    call.wait_for("DISCONNECTED", 15)
