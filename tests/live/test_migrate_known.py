"""Whom a PBX knows by name, address or both, and whose mailbox lamp it lights: on 16.28 with
chan_sip and on what that becomes on 22.10.1, with real phones.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import select
import shutil
import socket
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from asterconf.config import load

from .phones import MakePhone, Phone, fresh_address, headers_of, pump
from .provider import Provider
from .rig import Asterisk, free_port
from .test_migrate_phones import MODULES
from .test_other_versions import OF_16

FULL = bool(os.environ.get("ASTERCONF_FULL"))
WHO = {"strangers": 21, "named": 28, "addressed": 22, "anywhere": 34, "both": 58, "out": 17,
       "moving": 19}  # fmt: skip
"""The cause of hangup that tells a caller in which context it came."""
SECRETS = {"100": "s9Lk3dPw", "101": "x4Tz8bRn", "102": "q8Vm2cJd", "103": "z5Fb7wKn"}
ASKS = {"102", "103"}
"""Phones that subscribe to the messages of their mailbox."""
BOXES = {
    "100": "mailbox=77@SIP_Remote\nsubscribemwi=no\n",
    "101": "mailbox=77@SIP_Remote\nsubscribemwi=yes\n",
    "102": "mailbox=77@SIP_Remote\n",
    "103": "mailbox=77@SIP_Remote\nsubscribemwi=yes\n",
}


CHANGES = ("3/1", "0/4")
"""What messages become, with ASTERCONF_FULL.

chan_sip sends all it tells a subscriber with one branch, so that phones take what comes within 32
seconds of the last for a repetition.
"""


class Places:
    """Where those who call are, the same before and after."""

    def __init__(self) -> None:
        self.port, self.addressed, self.both, self.provider = (
            free_port(), fresh_address(), fresh_address(), fresh_address(),
        )  # fmt: skip


def write(folder: Path, at: Places) -> None:
    """Write the old PBX."""
    folder.mkdir()
    sip = (
        f"[general]\ncontext=strangers\nallowguest=no\nbindaddr=127.0.0.1\nbindport={at.port}\n"
        "disallow=all\nallow=ulaw\ndirectmedia=no\n"
        f"register => office:v7Kd2nQs@{at.provider}/15550100\n"
        "[named]\ntype=user\nsecret=Nm4kW9zt\ncontext=named\n"
        f"[addressed]\ntype=peer\nhost={at.addressed}\nport=5060\ncontext=addressed\nunsolicited_mailbox=77\n"
        f"[both]\ntype=friend\nhost={at.both}\nport=5060\nsecret=Bt5hY3cv\ncontext=both\n"
        f"[provider]\ntype=peer\nhost={at.provider}\ninsecure=port,invite\ncontext=anywhere\n"
        "[moving]\ntype=friend\nhost=dynamic\nsecret=Mv8gP2rd\ncontext=moving\n"
    )
    for name, secret in SECRETS.items():
        sip += f"[{name}]\ntype=friend\nhost=dynamic\nsecret={secret}\ncontext=out\n{BOXES[name]}"
    (folder / "sip.conf").write_text(sip)
    (folder / "extensions.conf").write_text(
        "[general]\n" + "".join(f"[{n}]\nexten => _X.,1,Hangup({c})\n" for n, c in WHO.items())
    )
    lines = "".join(f"load = {n}.so\n" for n in MODULES)
    (folder / "modules.conf").write_text(f"[modules]\nautoload = no\n{lines}")


def lamps(phones: dict[str, Phone], at: Places) -> Iterator[tuple[str, object]]:
    """Register each phone, and tell of messages; say what each was told."""
    notify(at, "2/1")
    for name, phone in phones.items():
        yield f"{name} registers", phone.register()
        yield f"{name} is told when it registers", tells(phone, "2/1 (0/0)")
    for text in CHANGES if FULL else ():
        pump(timeout=33)
        notify(at, text)
        yield text, {name: tells(phone, f"{text} (0/0)") for name, phone in phones.items()}


def tells(phone: Phone, text: str) -> bool:
    """Tell whether the last that a phone was told of its messages is this."""
    return pump(lambda: phone.waiting[-1:] == [text], 3)


def notify(at: Places, text: str) -> None:
    """Tell the PBX of messages in the mailbox of the provider, as one that keeps messages does."""
    body = f"Messages-Waiting: yes\r\nVoice-Message: {text} (0/0)\r\n"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
        wire.bind((at.addressed, 5060))
        wire.connect(("127.0.0.1", at.port))
        wire.settimeout(10)
        uri, key = f"sip:office@127.0.0.1:{at.port}", secrets.token_hex(8)
        wire.send(
            f"NOTIFY {uri} SIP/2.0\r\nVia: SIP/2.0/UDP {at.addressed}:5060;branch=z9hG4bK{key}\r\n"
            f"Max-Forwards: 70\r\nFrom: <sip:box@{at.addressed}>;tag={key}\r\nTo: <{uri}>\r\n"
            f"Call-ID: {key}\r\nCSeq: 1 NOTIFY\r\nContact: <sip:box@{at.addressed}>\r\n"
            "Event: message-summary\r\nSubscription-State: active\r\n"
            "Content-Type: application/simple-message-summary\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}".encode()
        )
        while not (answer := wire.recv(65535).decode()).startswith("SIP/2.0 "):
            pass
        assert answer.split(" ", 2)[1] == "200", answer


def ask(at: Places, user: str, secret: str = "", *, address: str = "", port: int = 0) -> int:
    """Call as somebody from a socket, with the password if asked, and return how it ended.

    The phones' library has eight accounts at most, and there are more callers than that.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
        wire.bind((address or fresh_address(), port))
        wire.connect(("127.0.0.1", at.port))
        wire.settimeout(10)
        status, answer = invite(wire, at.port, user, 1, "")
        if status in {401, 407} and secret:
            login = answer_to(answer, status, LOGINS.get(secret, user), secret, at.port)
            status, _ = invite(wire, at.port, user, 2, login)
        return 403 if status == 401 else status  # both refuse


def invite(wire: socket.socket, port: int, user: str, number: int, login: str) -> tuple[int, str]:
    """Send an INVITE, wait for its end and acknowledge that."""
    address, own = wire.getsockname()
    uri = f"sip:1234@127.0.0.1:{port}"
    head = (
        f"Via: SIP/2.0/UDP {address}:{own};branch=z9hG4bK{secrets.token_hex(8)};rport\r\n"
        f"Max-Forwards: 70\r\nFrom: <sip:{user}@127.0.0.1>;tag=me\r\n"
        f"Call-ID: {id(wire)}@{address}-{own}\r\n"
    )
    body = (
        f"v=0\r\no=- 1 1 IN IP4 {address}\r\ns=-\r\nc=IN IP4 {address}\r\nt=0 0\r\n"
        "m=audio 4000 RTP/AVP 0\r\n"
    )
    wire.send(
        f"INVITE {uri} SIP/2.0\r\n{head}To: <{uri}>\r\nCSeq: {number} INVITE\r\n{login}"
        f"Contact: <sip:{user}@{address}:{own}>\r\nContent-Type: application/sdp\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}".encode()
    )
    status, answer = 0, ""
    while status < 200 or f"CSeq: {number} INVITE" not in answer:
        answer = wire.recv(65535).decode()
        status = int(answer.split(" ", 2)[1]) if answer.startswith("SIP/2.0") else 0
    to = headers_of(answer)["To"]
    wire.send(f"ACK {uri} SIP/2.0\r\n{head}To: {to}\r\nCSeq: {number} ACK\r\n\r\n".encode())
    return status, answer


def answer_to(answer: str, status: int, name: str, secret: str, port: int) -> str:
    """Return the header that answers a challenge."""
    kinds = ("WWW-Authenticate", "Authorization") if status == 401 else (
        "Proxy-Authenticate", "Proxy-Authorization")  # fmt: skip
    given = dict(re.findall(r'(\w+)="?([^",]*)"?', str(headers_of(answer)[kinds[0]])))
    uri = f"sip:1234@127.0.0.1:{port}"
    middle = f"{given['nonce']}:00000001:abcd:auth" if "qop" in given else given["nonce"]
    who, what = md5(f"{name}:{given['realm']}:{secret}"), md5(f"INVITE:{uri}")
    given |= {"username": name, "uri": uri, "response": md5(f"{who}:{middle}:{what}")}
    if given.pop("qop", ""):
        given["cnonce"] = "abcd"
    bare = "qop=auth, nc=00000001, " if "cnonce" in given else ""
    del given["algorithm"]
    shown = ", ".join(f'{key}="{value}"' for key, value in given.items())
    return f"{kinds[1]}: Digest {bare}algorithm=MD5, {shown}\r\n"


def md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


LOGINS = {"Bt5hY3cv": "both"}
"""Whose password it is, where the name of the caller does not say."""


def ends(at: Places) -> dict[str, int]:
    """Call from everywhere as everybody; say how each call ended."""
    return {
        "named, from anywhere": ask(at, "named", "Nm4kW9zt"),
        "named, with a wrong password": ask(at, "named", "wrong"),
        "named, where another is": ask(at, "named", "Nm4kW9zt", address=at.addressed, port=5060),
        "addressed, at its port": ask(at, "addressed", address=at.addressed, port=5060),
        "any name, at the port of addressed": ask(at, "nobody", address=at.addressed, port=5060),
        "any name, at another port of addressed": ask(at, "nobody", address=at.addressed),
        "addressed, from elsewhere": ask(at, "addressed"),
        "both, from elsewhere": ask(at, "both", "Bt5hY3cv"),
        "any name, at the port of both": ask(at, "nobody", "Bt5hY3cv", address=at.both, port=5060),
        "any name, at another port of both": ask(at, "nobody", "Bt5hY3cv", address=at.both),
        "any name, at any port of provider": ask(at, "15559999", address=at.provider),
        "moving, without having registered": ask(at, "moving", "Mv8gP2rd"),
        "nobody, from anywhere": ask(at, "nobody"),
    }


@pytest.fixture
def moved(tmp_path: Path) -> Places:
    """An old PBX in `old` and what it becomes in `new`, and where its callers are."""
    if not (OF_16.root / ".asterconf-complete").exists() or os.geteuid() != 0:
        pytest.skip("no Asterisk 16: tests/live/install_asterisk.sh 16 installs it")
    at = Places()
    write(tmp_path / "old", at)
    conf = load(tmp_path / "old", asterisk="20")
    conf.plan_migrate().apply()
    conf.save(tmp_path / "new")
    return at


def both(root: Path, tmp_path: Path, at: Places) -> Iterator[Asterisk]:
    """Boot the old one, and then the new one."""
    for system, name in ((OF_16.root, "old"), (root, "new")):
        ports = {at.port: at.port}
        with Asterisk(system, tmp_path / name, tmp_path / f"run-{name}", ports=ports) as asterisk:
            yield asterisk


def test_callers_are_known_by_name_and_address_as_before(
    asterisk_root: Path, tmp_path: Path, moved: Places
) -> None:
    found = [ends(moved) for _ in both(asterisk_root, tmp_path, moved)]
    assert found[0] == found[1]
    assert found[0] == KNOWN


KNOWN = {
    "named, from anywhere": 484,
    "named, with a wrong password": 403,
    "named, where another is": 484,
    "addressed, at its port": 410,
    "any name, at the port of addressed": 410,
    "any name, at another port of addressed": 403,
    "addressed, from elsewhere": 403,
    "both, from elsewhere": 488,
    "any name, at the port of both": 488,
    "any name, at another port of both": 403,
    "any name, at any port of provider": 503,
    "moving, without having registered": 480,
    "nobody, from anywhere": 403,
}
"""How the calls end, as it was seen on 16.28."""


def test_lamps_of_mailboxes_are_lit_and_calls_to_a_registration_come_as_before(
    asterisk_root: Path, phone: MakePhone, tmp_path: Path, moved: Places
) -> None:
    found = []
    with Provider({"office": "v7Kd2nQs"}, address=moved.provider) as provider:
        line = phone("15559999", "", moved.port, address=moved.provider)
        for _ in both(asterisk_root, tmp_path, moved):
            phones = {n: phone(n, s, moved.port, mwi=n in ASKS) for n, s in SECRETS.items()}
            said = dict(lamps(phones, moved))
            assert pump(lambda: "office" in provider.registered)
            call = line.call("", to=provider.registered.pop("office"))
            call.wait_for("DISCONNECTED")
            found.append(said | {"called where it registered": call.status})
            for each in phones.values():
                each.close()
    assert found[0] == found[1]
    assert found[0] == LIT


LIT = {
    **{f"{name} registers": 200 for name in SECRETS},
    **{f"{name} is told when it registers": name != "101" for name in SECRETS},
    "called where it registered": 503,
} | ({text: {name: name != "101" for name in SECRETS} for text in CHANGES} if FULL else {})


@pytest.mark.parametrize("own", [False, True])
def test_calls_go_by_the_proxy_of_the_peer_or_by_that_of_all(
    asterisk_root: Path, tmp_path: Path, moved: Places, *, own: bool
) -> None:
    places = {name: (fresh_address(), 5060) for name in ("host", "all", "own")}
    (host, _), (all_, _), (mine, _) = places.values()
    text = (tmp_path / "old" / "sip.conf").read_text()
    text = text.replace("[general]\n", f"[general]\noutboundproxy={all_}\n", 1)
    text += f"[far]\ntype=peer\nhost={host}\n" + (f"outboundproxy={mine}\n" if own else "")
    (tmp_path / "old" / "sip.conf").write_text(text)
    conf = load(tmp_path / "old", asterisk="20")
    conf.plan_migrate().apply()
    shutil.rmtree(tmp_path / "new")
    conf.save(tmp_path / "new")
    found: list[str] = []
    with ExitStack() as stack:
        wires = {}
        for name, place in places.items():
            wires[name] = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            wires[name].bind(place)
        for asterisk in both(asterisk_root, tmp_path, moved):
            driver = "PJSIP" if found else "SIP"
            asterisk.ami.action("Originate", Channel=f"{driver}/far", Context="out", Exten="10",
                                Priority="1", Async="true")  # fmt: skip
            found.append(invited(wires))
    assert found == ["own" if own else "all"] * 2


def invited(wires: Mapping[str, socket.socket]) -> str:
    """Return who gets an INVITE first."""
    while True:
        ready, _, _ = select.select([*wires.values()], [], [], 10)
        assert ready, "nobody was called"
        for name, wire in wires.items():
            if wire in ready and wire.recv(65535).startswith(b"INVITE "):
                return name
