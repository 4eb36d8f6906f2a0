"""Encrypted calls between phones, and the versions of TLS that Asterisk speaks."""

from __future__ import annotations

import shutil
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from asterconf.home import HomePBX, Network, Tls
from asterconf.model import Extension

from .house import Entry, came_in, logins, quiet, wait_until
from .keys import make_keys
from .phones import MakePhone, pump
from .rig import Asterisk

KEYS = "/mnt/etc/keys"


@pytest.fixture(scope="module")
def running_house(
    asterisk_root: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Asterisk]:
    folder = tmp_path_factory.mktemp("tls")
    make_keys(folder / "keys", "pbx.example.org", "127.0.0.1")
    tls = Tls(certificate=f"{KEYS}/asterisk.crt", key=f"{KEYS}/asterisk.key")
    secured = {"media_encryption": "sdes", "transport": "transport-tls"}
    pbx = HomePBX(
        owner="John Doe <+15555555555>",
        area_code="555",
        network=Network(tls=tls),
        extensions=[
            Extension("6001", callerid="Living Room <6001>", secret="s3cret", **secured),  # type: ignore[arg-type]
            Extension("6002", callerid="Kitchen <6002>", secret="s3cret2", **secured),  # type: ignore[arg-type]
            Extension("6003", callerid="Garage <6003>", secret="s3cret3"),
        ],
    )
    pbx.write(folder / "built", complete=True)
    shutil.copytree(folder / "keys", folder / "built" / "keys")
    with Asterisk(asterisk_root, folder / "built", folder / "run") as running:
        yield running


@pytest.fixture
def house(running_house: Asterisk) -> Iterator[Asterisk]:
    with quiet(running_house):
        yield running_house


def context(low: ssl.TLSVersion, high: ssl.TLSVersion) -> ssl.SSLContext:
    """A client that speaks just these versions, old ones too."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname, made.verify_mode = False, ssl.CERT_NONE
    made.set_ciphers("ALL:@SECLEVEL=0")
    made.minimum_version, made.maximum_version = low, high
    return made


def shake_hands(port: int, version: ssl.TLSVersion) -> str | None:
    with (
        socket.create_connection(("127.0.0.1", port), 5) as plain,
        context(version, version).wrap_socket(plain) as secure,
    ):
        return secure.version()


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_tls_of_today_is_spoken(house: Asterisk, version: ssl.TLSVersion) -> None:
    assert shake_hands(house.ports[5061], version) == version.name.replace("_", ".")


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_tls_of_yesterday_is_refused(running_house: Asterisk, tmp_path: Path) -> None:
    old = ssl.TLSVersion.TLSv1_1
    with quiet(running_house, "unsupported protocol") as house:
        with pytest.raises((ssl.SSLError, ConnectionResetError)):
            shake_hands(house.ports[5061], old)
        assert wait_until(lambda: bool(house.log_lines()))
    # It is not this client that cannot: with a server that can, it does.
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.minimum_version = old
    server.set_ciphers("ALL:@SECLEVEL=0")
    server.load_cert_chain(*make_keys(tmp_path, "localhost"))
    into, out = ssl.MemoryBIO(), ssl.MemoryBIO()
    one = context(old, old).wrap_bio(into, out)
    other = server.wrap_bio(out, into, server_side=True)
    for _ in range(3):
        for end in (one, other):
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                continue
    assert one.version() == "TLSv1.1"


def test_a_call_over_tls_with_srtp_is_heard_and_encrypted(
    house: Asterisk, phone: MakePhone
) -> None:
    port = house.ports[5061]
    living = phone("6001", "s3cret", port, protocol="tls", srtp=True)
    kitchen = phone("6002", "s3cret2", port, protocol="tls", srtp=True, answers=180)
    assert [one.register() for one in (living, kitchen)] == [200, 200]
    assert pump(lambda: logins(house) == {one.user: one.address for one in (living, kitchen)})
    call = living.call("6002").wait_for("EARLY")
    answered = kitchen.wait_call()
    answered.answer()
    call.wait_for("CONFIRMED")
    for one, other in ((call, kitchen), (answered, living)):
        assert one.hears(other.tone)
        assert one.encrypted.startswith("AES_CM_128_HMAC_SHA1")
    call.hangup()
    answered.wait_for("DISCONNECTED")
    assert came_in(house, Entry("6001", "from-home", "6002"))


def test_a_phone_that_must_encrypt_cannot_call_in_the_clear(
    running_house: Asterisk, phone: MakePhone
) -> None:
    living = phone("6001", "s3cret", running_house.ports[5061], protocol="tls")
    assert living.register() == 200
    with quiet(running_house, "6001: Couldn't negotiate stream 0"):
        assert living.call("6002").wait_for("DISCONNECTED").status == 488


def test_a_phone_without_encryption_is_called_by_one_with(
    house: Asterisk, phone: MakePhone
) -> None:
    living = phone("6001", "s3cret", house.ports[5061], protocol="tls", srtp=True)
    garage = phone("6003", "s3cret3", house.sip_port)
    assert [one.register() for one in (living, garage)] == [200, 200]
    call = living.call("6003").wait_for("CONFIRMED")
    answered = garage.wait_call().wait_for("CONFIRMED")
    assert call.hears(garage.tone)
    assert answered.hears(living.tone)
    assert (bool(call.encrypted), answered.encrypted) == (True, "")
    call.hangup()
    assert came_in(house, Entry("6001", "from-home", "6003"))
