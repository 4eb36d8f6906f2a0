"""Other countries, several numbers, the night, silent providers: a real Asterisk."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import Thread

import attrs
import pytest

from asterconf.features import BlockedCallers, LocalCalls, NightSwitch, Pickup, usual_features
from asterconf.home import Country, HomePBX, PublicNumber, providers
from asterconf.model import Extension, Mailbox

from .house import played, quiet, reachable, wait_until
from .phones import MakePhone, Phone, fresh_address, pump
from .provider import Provider
from .rig import Asterisk

AUNT = '"Aunt May" <sip:+12125550100@provider.test>'
PHONES = [
    Extension("6001", callerid="Living Room <6001>", secret="s3cret"),
    Extension("6002", callerid="Kitchen <6002>", secret="s3cret2", mailbox="6002@default"),
]
HOME = HomePBX(
    owner="John Doe <+15555555555>",
    area_code="555",
    extensions=PHONES,
    mailboxes=[Mailbox("6000", initial_pin="8305"), Mailbox("6002", initial_pin="7193")],
)

Start = Callable[[HomePBX], Asterisk]


@pytest.fixture
def start(asterisk_root: Path, tmp_path: Path) -> Iterator[Start]:
    """Boot a home."""
    pytest.importorskip("pjsua2", reason="pjsua2-python, the phones' library, is not installed")
    with ExitStack() as stack:

        def boot(pbx: HomePBX) -> Asterisk:
            pbx.write(tmp_path / "built", complete=True)
            return stack.enter_context(
                Asterisk(asterisk_root, tmp_path / "built", tmp_path / "run")
            )

        yield boot


@pytest.fixture
def provider() -> Iterator[Provider]:
    pytest.importorskip("pjsua2", reason="pjsua2-python, the phones' library, is not installed")
    with Provider({}, asks=False) as running:
        yield running


def gateway(provider: Provider, name: str = "gateway", **changes: object) -> object:
    return providers.ip_authenticated(f"{provider.address}:5060", name, **changes)


def living_room(house: Asterisk, phone: MakePhone) -> Phone:
    made = phone("6001", "s3cret", house.sip_port)
    assert made.register() == 200
    return made


@pytest.fixture
def frozen() -> Iterator[str]:
    """Return the address of a provider that takes connections and says nothing."""
    address = fresh_address()
    server = socket.create_server((address, 5060))
    kept: list[socket.socket] = []

    def serve() -> None:
        try:
            while True:
                kept.append(server.accept()[0])
        except OSError:
            pass

    Thread(target=serve, daemon=True).start()
    yield address
    server.shutdown(socket.SHUT_RDWR)
    for one in (server, *kept):
        one.close()


def test_an_emergency_call_leaves_a_frozen_provider_within_eight_seconds(
    start: Start, provider: Provider, phone: MakePhone, frozen: str
) -> None:
    silent = providers.ip_authenticated(f"{frozen}:5060", "silent", qualify_frequency=0)
    house = start(attrs.evolve(HOME, trunks=[silent, gateway(provider)]))
    reachable(house, "gateway")
    living = living_room(house, phone)
    for number in ("911", "2125550100"):
        before = time.monotonic()
        call = living.call(number).wait_for("CONFIRMED", 12)
        assert 7 < time.monotonic() - before < 9.5
        call.hangup()
    invited = [r.number for r in provider.requests if r.method == "INVITE"]
    assert invited == ["911", "+12125550100"]
    assert not [one for one in house.log_lines() if one.source == "app_dial.c"]


def test_a_call_that_rings_is_never_cut_and_phones_have_their_trunks_and_numbers(
    start: Start, provider: Provider, phone: MakePhone
) -> None:
    provider.line.answers = 180
    numbers = [
        PublicNumber("+15555550002", name="Office", phones=["6002"], trunk="second"),
        PublicNumber("+15555550004", trunk="gateway"),
    ]
    with Provider({}, asks=False) as second:
        trunks = [gateway(provider), gateway(second, "second")]
        phones = [*PHONES, Extension("6003", callerid="Hall <6003>", secret="s3cret3")]
        house = start(attrs.evolve(HOME, trunks=trunks, numbers=numbers, extensions=phones))
        reachable(house, "gateway", "second")
        living, kitchen = living_room(house, phone), phone("6002", "s3cret2", house.sip_port)
        hall = phone("6003", "s3cret3", house.sip_port)
        assert [kitchen.register(), hall.register()] == [200, 200]
        call = living.call("911")
        ringing, since = provider.line.wait_call(), time.monotonic()
        # meanwhile the kitchen calls by its own trunk, from its own number
        own = kitchen.call("2125550100").wait_for("CONFIRMED")
        assert '"Office" <sip:+15555550002@' in second.invited("+12125550100").header("From")
        own.hangup()
        own.wait_for("DISCONNECTED")
        assert pump(lambda: all(c.state == "DISCONNECTED" for c in second.line.received))
        # and the hall by the first, from the number of that trunk
        other = hall.call("2125550101").wait_for("EARLY")
        sent = provider.invited("+12125550101").header("From")
        assert '"John Doe" <sip:+15555550004@' in sent
        other.hangup()
        assert "sip:+15555555555@" in provider.invited("911").header("From")
        pump(timeout=30 - (time.monotonic() - since))
        assert (call.state, ringing.state) == ("EARLY", "EARLY")
        ringing.answer()
        call.wait_for("CONFIRMED")
        invited = [r.number for r in second.requests if r.method == "INVITE"]
        assert invited == ["+12125550100"]


HIDDEN: list[tuple[str, dict[str, str]]] = [
    ('"Anonymous" <sip:anonymous@anonymous.invalid>', {}),
    ('"x" <sip:Anonymous@provider.test>', {}),
    ('"x" <sip:Unavailable@provider.test>', {}),
    ('"x" <sip:restricted@provider.test>', {}),
    ("<sip:provider.test>", {}),
    ('"x" <sip:+12125550100@anonymous.invalid>', {}),
    (AUNT, {"Privacy": "id"}),
    (AUNT, {"Privacy": "header;id"}),
]


def refuse_hidden(house: Asterisk, provider: Provider, living: Phone) -> None:
    """See that callers who hide are refused, and others are not."""
    for caller, headers in HIDDEN:
        call = provider.line.call(
            "", caller=caller, headers=headers,
            to=f"sip:15555555555@127.0.0.1:{house.sip_port};transport=tcp",
        )  # fmt: skip
        call.wait_for("DISCONNECTED")
        assert (call.status, call.states[-1]) == (403, "DISCONNECTED"), (caller, headers)
    assert not living.received
    call = provider.call(house.sip_port, caller=AUNT, to="15555555555", headers={"Privacy": "none"})
    living.wait_call().wait_for("CONFIRMED")
    call.hangup()
    living.reset()


def test_hidden_callers_are_refused_and_numbers_lead_where_they_belong(
    start: Start, provider: Provider, phone: MakePhone
) -> None:
    numbers = [
        PublicNumber("+15555550001", to="6002"),
        PublicNumber("+15555550002", to="6000@default"),
        PublicNumber("+15555550003", to="home", name="Office", phones=["6001"]),
    ]
    features = [*usual_features(), BlockedCallers(hidden=True)]
    two = attrs.evolve(PHONES[1], max_contacts=2)
    house = start(
        attrs.evolve(
            HOME, trunks=[gateway(provider)], numbers=numbers, features=features,
            extensions=[PHONES[0], two],
        )
    )  # fmt: skip
    reachable(house, "gateway")
    living = living_room(house, phone)
    refuse_hidden(house, provider, living)
    kitchen = phone("6002", "s3cret2", house.sip_port)
    assert kitchen.register() == 200
    for form in ("+15555550001", "15555550001", "5555550001"):
        call = provider.call(house.sip_port, caller=AUNT, to=form)
        kitchen.wait_call().wait_for("CONFIRMED")
        assert not living.received
        call.hangup()
        kitchen.reset()
    # both devices of the kitchen ring
    second = phone("6002", "s3cret2", house.sip_port, answers=180)
    assert second.register() == 200
    assert pump(lambda: len(re.findall("6002/.* Avail", house.cli("pjsip show contacts"))) == 2)
    kitchen.answers = 180
    call = provider.call(house.sip_port, caller=AUNT, to="15555550001")
    assert pump(lambda: len([*kitchen.received, *second.received]) == 2)
    call.hangup()
    assert pump(lambda: not house.cli("core show channels concise").strip())
    kitchen.reset()
    call = provider.call(house.sip_port, caller=AUNT, to="15555550002").wait_for("CONFIRMED")
    assert pump(lambda: played(house, "vm-intro") or played(house, "vm-theperson"))
    call.hangup()
    assert not living.received
    # a provider that calls the account, and names the number in To
    invite = (
        f"INVITE sip:15555555555@127.0.0.1:{house.sip_port};transport=tcp SIP/2.0\r\n"
        f"Via: SIP/2.0/TCP {provider.address}:5060;branch=z9hG4bKto\r\n"
        "From: <sip:+12125550100@provider.test>;tag=a\r\n"
        "To: <sip:+15555550001@provider.test>\r\nCall-ID: to-header\r\nCSeq: 1 INVITE\r\n"
        f"Contact: <sip:x@{provider.address}:5060;transport=tcp>\r\nMax-Forwards: 70\r\n"
        "Content-Length: 0\r\n\r\n"
    )
    where = ("127.0.0.1", house.sip_port)
    with socket.create_connection(where, source_address=(provider.address, 0)) as line:
        line.sendall(invite.encode())
        assert pump(lambda: bool(kitchen.received))
    assert not living.received
    call = living.call("2125550100").wait_for("CONFIRMED")
    assert "+15555550003" in provider.invited("+12125550100").header("From")
    call.hangup()


def test_the_night_the_lamp_pickup_and_unanswered_calls(
    start: Start, provider: Provider, phone: MakePhone
) -> None:
    features = [
        *usual_features(without=["local_calls"]), NightSwitch(), Pickup(), LocalCalls(2),
    ]  # fmt: skip
    house = start(attrs.evolve(HOME, trunks=[gateway(provider)], features=features))
    with quiet(house):
        living = living_room(house, phone)
        kitchen = phone("6002", "s3cret2", house.sip_port, answers=180)
        assert kitchen.register() == 200
        # nobody answers in the kitchen: its own box does
        call = living.call("6002").wait_for("CONFIRMED", 6)
        assert pump(lambda: played(house, "vm-intro") or played(house, "vm-theperson"))
        assert "6002@default" in house.cli("core show channels concise") or call.hears()
        call.hangup()
        # the kitchen takes over a call that rings in the living room
        living.answers = 180
        outside = provider.call(house.sip_port, caller=AUNT, to="15555555555")
        living.wait_call()
        taken = kitchen.call("*8").wait_for("CONFIRMED")
        outside.wait_for("CONFIRMED")
        assert taken.hears(provider.line.tone)
        outside.hangup()
        assert pump(lambda: taken.state == "DISCONNECTED")
        living.reset()
        kitchen.reset()
        # the night
        watch = living.watch("*28")
        living.call("*28").wait_for("CONFIRMED").wait_for("DISCONNECTED", 8)
        assert played(house, "activated")
        assert not played(house, "de-activated")
        assert "State:InUse" in house.cli("core show hint *28")
        watch.wait_for("On the phone")
        # what outlives a restart
        assert wait_until(lambda: "INUSE" in house.cli("database show CustomDevstate"))
        call = provider.call(house.sip_port, caller=AUNT, to="15555555555").wait_for("CONFIRMED")
        assert not living.received
        call.hangup()
        living.call("*28").wait_for("CONFIRMED").wait_for("DISCONNECTED", 8)
        assert played(house, "de-activated")
        call = provider.call(house.sip_port, caller=AUNT, to="15555555555")
        living.wait_call().wait_for("CONFIRMED")
        call.wait_for("CONFIRMED").hangup()


GERMAN = {
    "110": "110", "112": "112", "115": "115", "116117": "116117", "116000": "116000",
    "03012345678": "+493012345678", "089123456": "+4989123456", "12345678": "+493012345678",
    "+4930111222": "+4930111222", "004930111222": "+4930111222", "015112345678": "+4915112345678",
    "08001234567": "+498001234567",
    "11833": "", "118000": "", "09001123456": "", "+49900112345": "", "0043123456": "",
    "+4311234567": "", "01371234567": None, "6003": "",
}  # fmt: skip
BRITISH = {
    "999": "999", "112": "112", "101": "101", "111": "111", "105": "105", "119": "119",
    "116123": "116123", "02079460000": "+442079460000", "01632960000": "+441632960000",
    "79460000": "+442079460000", "+447400123456": "+447400123456",
    "00442079460000": "+442079460000",
    "07400123456": "+447400123456", "08081570000": "+448081570000",
    "118500": "", "118118": "", "09012345678": "", "0033123456789": "", "+33123456789": "",
    "6003": "",
}  # fmt: skip


@pytest.mark.parametrize(
    ("owner", "area", "numbers"),
    [
        ("Erika Mustermann <+493012345678>", "30", GERMAN),
        ("John Bull <+442079460000>", "20", BRITISH),
    ],
)
def test_a_home_elsewhere_dials_as_one_does_there(
    start: Start, provider: Provider, phone: MakePhone, owner: str, area: str,
    numbers: dict[str, str | None],
) -> None:  # fmt: skip
    assert len(numbers) >= 20
    provider.line.answers = 486
    pbx = attrs.evolve(
        HOME, owner=owner, area_code=area, trunks=[gateway(provider)],
        country=Country(language="en"),
    )  # fmt: skip
    house = start(pbx)
    living = living_room(house, phone)
    for dialled, number in numbers.items():
        provider.requests.clear()
        living.call(dialled).wait_for("DISCONNECTED", 10)
        invited = [r.number for r in provider.requests if r.method == "INVITE"]
        if number is not None:
            assert invited == ([number] if number else []), dialled
    assert "alaw" in house.cli("pjsip show endpoint gateway")
    assert re.search(rf"\b{'de' if area == '30' else 'gb'}\b", house.cli("indication show"))
