"""Providers of all kinds and changing addresses, on a real Asterisk."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import attrs
import pytest

from asterconf.features import OutgoingCalls, usual_features
from asterconf.home import HomePBX, Network, Tls, providers
from asterconf.model import Extension, Mailbox

from .house import PROVIDER, Entry, came_in, entries, quiet, reachable, registered_at, wait_until
from .keys import make_keys
from .phones import MakePhone, Phone, fresh_address, pump
from .provider import Provider
from .rig import Asterisk

AUNT = '"Aunt May" <sip:+12125550100@provider.test>'
KEYS = "/mnt/etc/keys"

PHONE = Extension("6001", callerid="Living Room <6001>", secret="s3cret", phone="Yealink T54W")
HOME = HomePBX(
    owner="John Doe <+15555555555>",
    area_code="555",
    extensions=[PHONE],
    mailboxes=[Mailbox("6000", initial_pin="1234")],
)

Start = Callable[..., Asterisk]


@pytest.fixture
def start(asterisk_root: Path, tmp_path: Path, provider: object) -> Iterator[Start]:
    """Boot a house, once a test; nothing may be logged. Its providers outlive it."""
    with ExitStack() as stack:

        def boot(pbx: HomePBX, hosts: dict[str, str], keys: Path | None = None) -> Asterisk:
            pbx.write(tmp_path / "built", complete=True)
            if keys:
                shutil.copytree(keys, tmp_path / "built" / "keys")
            running = Asterisk(asterisk_root, tmp_path / "built", tmp_path / "run", hosts=hosts)
            stack.enter_context(running)
            return stack.enter_context(quiet(running))

        yield boot


@pytest.fixture
def provider() -> Iterator[Callable[..., Provider]]:
    pytest.importorskip("pjsua2", reason="pjsua2-python, the phones' library, is not installed")
    with ExitStack() as stack:
        yield lambda *args, **options: stack.enter_context(Provider(*args, **options))


def rings(phone: Phone, caller: Any) -> None:
    """See that a call from outside rings the phone and that both hear each other."""
    ringing = phone.wait_call().wait_for("CONFIRMED")
    caller.wait_for("CONFIRMED")
    assert ringing.hears()
    assert caller.hears(phone.tone)
    caller.hangup()
    ringing.wait_for("DISCONNECTED")


def living_room(house: Asterisk, phone: MakePhone, address: str = "") -> Phone:
    made = phone("6001", "s3cret", house.sip_port, address=address)
    assert made.register() == 200
    return made


def test_two_trunks_at_one_host_are_told_apart_by_the_line(
    start: Start, provider: Callable[..., Provider], phone: MakePhone
) -> None:
    host = provider({"mine": "x1", "yours": "x2"}, host=PROVIDER)
    trunks = [
        providers.generic(f"{PROVIDER}:5060", user, secret, user, line=True)
        for user, secret in (("mine", "x1"), ("yours", "x2"))
    ]
    house = start(attrs.evolve(HOME, trunks=trunks), {PROVIDER: host.address})
    living = living_room(house, phone)
    for user in ("mine", "yours"):
        assert ";line=" in registered_at(host, user)
        rings(living, host.call(house.sip_port, caller=AUNT, user=user))
    number = "15555555555"
    assert came_in(house, *(Entry(user, "from-pstn", number) for user in ("mine", "yours")))


def test_a_trunk_known_by_its_line_needs_no_name_service_for_calls_to_come_in(
    start: Start, provider: Callable[..., Provider], phone: MakePhone
) -> None:
    host = provider({"mine": "x1"}, host=PROVIDER)
    trunk = providers.generic(f"{host.address}:5060", "mine", "x1", "mine", line=True)
    house = start(attrs.evolve(HOME, trunks=[trunk]), {})
    assert "No objects found" in house.cli("pjsip show identifies")
    registered_at(host, "mine")
    living = living_room(house, phone)
    rings(living, host.call(house.sip_port, caller=AUNT, user="mine"))
    stranger = phone("mine", "guess", house.sip_port, protocol="tcp")
    call = stranger.call("15555555555", caller=AUNT).wait_for("DISCONNECTED")
    assert call.status == 401
    assert came_in(house, Entry("mine", "from-pstn", "15555555555"))


def test_two_trunks_at_one_host_are_told_apart_by_a_header_that_strangers_cannot_use(
    start: Start, provider: Callable[..., Provider], phone: MakePhone
) -> None:
    host = provider({"mine": "x1", "yours": "x2"}, host=PROVIDER)
    trunks = [
        providers.generic(
            f"{PROVIDER}:5060", user, secret, user, header=f"X-Account: {user}",
            match=[host.address],
        )
        for user, secret in (("mine", "x1"), ("yours", "x2"))
    ]  # fmt: skip
    house = start(attrs.evolve(HOME, trunks=trunks), {PROVIDER: host.address})
    living = living_room(house, phone)
    for user in ("mine", "yours"):
        headers = {"X-Account": user}
        call = host.call(house.sip_port, caller=AUNT, to="15555555555", headers=headers)
        rings(living, call)
    known = [Entry(user, "from-pstn", "15555555555") for user in ("mine", "yours")]
    assert came_in(house, *known)

    stranger = phone("nobody", "guess", house.sip_port, protocol="tcp")
    call = stranger.call("15555555555", caller=AUNT, headers={"X-Account": "mine"})
    assert call.wait_for("DISCONNECTED").status in {401, 403}
    assert entries(house) == known
    assert len(living.received) == 2


def test_a_provider_may_know_us_by_our_address(
    start: Start, provider: Callable[..., Provider], phone: MakePhone
) -> None:
    host = provider({}, asks=False)
    trunk = providers.ip_authenticated(f"{host.address}:5060", "gateway")
    house = start(attrs.evolve(HOME, trunks=[trunk]), {})
    reachable(house, "gateway")
    living = living_room(house, phone)
    call = living.call("2125551234").wait_for("CONFIRMED")
    assert call.hears(host.line.tone)
    call.hangup()
    invite = host.invited("+12125551234")
    assert invite.header("Proxy-Authorization") == ""
    rings(living, host.call(house.sip_port, caller=AUNT, to="15555555555"))
    assert came_in(
        house,
        Entry("6001", "from-home", "2125551234"),
        Entry("gateway", "from-pstn", "15555555555"),
    )
    assert [r.method for r in host.requests if r.method == "REGISTER"] == []


def test_a_trunk_over_tls_with_srtp_carries_calls_both_ways(
    start: Start, provider: Callable[..., Provider], phone: MakePhone, tmp_path: Path
) -> None:
    keys = make_keys(tmp_path / "keys", PROVIDER)
    host = provider({"555555": "s3cret"}, host=PROVIDER, tls=keys, srtp=True)
    trunk = providers.voipms(
        PROVIDER, "555555", "s3cret", transport="transport-tls", media_encryption="sdes"
    )
    certificate = f"{KEYS}/asterisk.crt"
    tls = Tls(certificate=certificate, key=f"{KEYS}/asterisk.key", authorities=certificate)
    pbx = attrs.evolve(HOME, trunks=[trunk], network=Network(tls=tls))
    house = start(pbx, {PROVIDER: host.address}, tmp_path / "keys")
    contact = registered_at(host)
    assert contact == f"sip:15555555555@127.0.0.1:{house.ports[5061]};transport=TLS"
    reachable(house, "voipms")
    living = living_room(house, phone)
    call = living.call("2125551234").wait_for("CONFIRMED")
    outside = host.line.received[-1]
    assert outside.encrypted.startswith("AES_CM_128_HMAC_SHA1")
    assert call.hears(host.line.tone)
    assert outside.hears(living.tone)
    call.hangup()
    assert "RTP/SAVP" in host.invited("+12125551234").body
    assert came_in(house, Entry("6001", "from-home", "2125551234"))


def told_address(host: Provider, number: str) -> set[str]:
    """The addresses at which the provider is told to find us, for sound and for SIP."""
    invite = host.invited(number)
    connection = [line for line in invite.body.split("\r\n") if line.startswith("c=")]
    contact = invite.header("Contact").partition("@")[2].partition(":")[0]
    return {connection[0].rpartition(" ")[2], contact}


@pytest.mark.parametrize("dynamic", [False, True])
def test_others_are_told_the_public_address_also_after_it_has_changed(
    start: Start, provider: Callable[..., Provider], phone: MakePhone, *, dynamic: bool
) -> None:
    host = provider({}, asks=False)
    trunk = providers.ip_authenticated(f"{host.address}:5060", "gateway")
    inside = fresh_address()
    network = Network(
        external_address="home.example.org" if dynamic else "203.0.113.8",
        local_networks=["127.0.0.0/30", f"{inside}/32"],  # the provider is in none
    )
    pbx = attrs.evolve(HOME, trunks=[trunk], network=network)
    house = start(pbx, {"home.example.org": "203.0.113.8"})
    reachable(house, "gateway")
    living = living_room(house, phone, inside)

    def call(number: str) -> set[str]:
        living.call(number).wait_for("CONFIRMED").hangup()
        return told_address(host, f"+1{number}")

    assert call("2125551234") == {"203.0.113.8"}
    if dynamic:
        house.names.tell("home.example.org", "203.0.113.99")
        house.cli("dnsmgr refresh")
        assert wait_until(lambda: house.names.asked.count("home.example.org") > 1)
        assert pump(lambda: call("2125551235") == {"203.0.113.99"})
    assert {e.endpoint for e in entries(house)} == {"6001"}


def test_another_provider_takes_over_and_some_numbers_have_their_own(
    start: Start, provider: Callable[..., Provider], phone: MakePhone
) -> None:
    one, other = provider({}, asks=False), provider({}, asks=False)
    trunks = [
        providers.ip_authenticated(f"{host.address}:5060", name)
        for host, name in ((one, "one"), (other, "other"))
    ]
    outgoing = OutgoingCalls(routes={"+1800": "other"}, international=True, premium=True)
    features = [*usual_features(without=["outgoing_calls"]), outgoing]
    house = start(attrs.evolve(HOME, trunks=trunks, features=features), {})
    reachable(house, "one", "other")
    living = living_room(house, phone)

    def call(number: str) -> list[str]:
        """Call a number; tell who was asked to carry the call, in order."""
        one.requests.clear()
        other.requests.clear()
        made = living.call(number)
        made.wait_for("CONFIRMED" if one.line.answers == 200 or other.line.answers == 200
                      else "DISCONNECTED")  # fmt: skip
        made.hangup()
        names = (("one", one), ("other", other))
        return [name for name, host in names for r in host.requests if r.method == "INVITE"]

    assert call("2125551234") == ["one"]
    assert call("18005551234") == ["other"]
    assert call("01133123456789") == ["one"]
    assert one.invited("+33123456789").uri == f"sip:+33123456789@{one.address}:5060"
    assert call("9005551234") == ["one"]
    one.line.answers = 503
    assert call("2125551234") == ["one", "other"]
    assert call("911") == ["one", "other"]
    one.line.answers = 486  # busy is an answer
    other.line.answers = 486
    assert call("2125551234") == ["one"]
    assert {e.endpoint for e in entries(house)} == {"6001"}
