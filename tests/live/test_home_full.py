"""The full example on a real Asterisk: it boots silently, and all its providers know it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from asterconf.home import HomePBX

from .house import EXAMPLE, PROVIDER, Entry, came_in, quiet, reachable, registered_at
from .keys import make_keys
from .phones import MakePhone, pump
from .provider import Provider
from .rig import Asterisk
from .test_home_extras import make_music

FULL = EXAMPLE.with_name("home-full.toml")
KEYS = "/mnt/etc/keys"
MOVED = {
    '"/etc/asterisk/keys/asterisk.crt"': f'"{KEYS}/asterisk.crt"',
    '"/etc/asterisk/keys/asterisk.key"': f'"{KEYS}/asterisk.key"',
    '"/etc/ssl/certs/ca-certificates.crt"': f'"{KEYS}/asterisk.crt"',
    'music_on_hold = "moh"': 'music_on_hold = "/mnt/etc/moh"',
}
"""What must lie elsewhere, since the rig has no /etc/asterisk."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("full")


@pytest.fixture(scope="module")
def voipms(folder: Path) -> Iterator[Provider]:
    pytest.importorskip("pjsua2", reason="pjsua2-python, the phones' library, is not installed")
    keys = make_keys(folder / "keys", PROVIDER)
    accounts = {"555555": "lake-Orbit-7311-fern"}
    with Provider(accounts, host=PROVIDER, tls=keys, srtp=True) as provider:
        yield provider


@pytest.fixture(scope="module")
def jmp() -> Iterator[Provider]:
    accounts = {"100200": "Velvet-anchor-4096", "100201": "Copper-lantern-5120"}
    with Provider(accounts, host="sip.example.net") as provider:
        yield provider


@pytest.fixture(scope="module")
def gateway() -> Iterator[Provider]:
    with Provider({}, asks=False) as provider:
        yield provider


@pytest.fixture
def house(
    asterisk_root: Path, folder: Path, voipms: Provider, jmp: Provider, gateway: Provider
) -> Iterator[Asterisk]:
    text = FULL.read_text()
    for old, new in {**MOVED, '"192.168.1.5:5060"': f'"{gateway.address}:5060"'}.items():
        assert old in text
        text = text.replace(old, new)
    HomePBX.from_toml(text).write(folder / "built", complete=True)
    (folder / "keys").rename(folder / "built" / "keys")
    make_music(folder / "built" / "moh")
    hosts = {
        PROVIDER: voipms.address,
        "sip.example.net": jmp.address,
        "home.example.org": "203.0.113.8",
    }
    with (
        Asterisk(asterisk_root, folder / "built", folder / "run", hosts=hosts) as running,
        quiet(running),
    ):
        assert running.log_lines() == []
        yield running


def test_it_boots_silently_and_every_provider_knows_it(
    house: Asterisk, voipms: Provider, jmp: Provider, gateway: Provider, phone: MakePhone
) -> None:
    for user in ("100200", "100201"):
        assert ";line=" in registered_at(jmp, user)
    assert registered_at(voipms).endswith("transport=TLS")
    assert pump(lambda: any(r.method == "OPTIONS" for r in gateway.requests), 40)
    reachable(house, "jmp")
    office = phone("office", "Saffron-dune-1478", house.sip_port, login="office-desk")
    assert office.register() == 200
    call = office.call("18005551234").wait_for("CONFIRMED")
    assert call.hears(jmp.line.tone)
    call.hangup()
    assert jmp.invited("+18005551234").uri == "sip:+18005551234@sip.example.net:5060"
    assert came_in(house, Entry("office", "from-home", "18005551234"))
