"""What a real Asterisk does with the cases of rules that take a phone, a provider or a whole home.

A description that is not built has what would have been written: the good one's files, in which
the one line is put that the fault is about. With ASTERCONF_FULL=1 all codes are tried, else a share
of them, as in `test_rules_logged`.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, NamedTuple

import attrs
import pytest
from generator.examples import CASES, files

from asterconf.errors import BuildError
from asterconf.home import HomePBX
from asterconf.linter.rules.catalogue import RULES

from .ami import Ami, AmiError
from .house import entries, registered_at, wait_until
from .keys import make_keys
from .phones import MakePhone, PhoneError, fresh_address, pump
from .provider import Provider
from .rig import Asterisk, Boot
from .seen import BOOTED, CALLED, NOT_HERE, Seen, endpoint
from .test_rules import SEEN
from .test_rules_logged import ask, let_end, modules, share, wrong

ACCOUNTS = {
    "15551230000": "Qe7yHn2bLs5dKf",
    "555555": "lake-Orbit-7311-fern",
    "555556": "Copper-lantern-5120",
}
"""The passwords of the cases' accounts with providers."""
HOST = "atlanta2.voip.ms"
KEYS = "/etc/asterisk/keys"
AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"


class Written(NamedTuple):
    """What the description of a bad case would have had written, had it been built."""

    file: str
    good: str
    bad: str


@attrs.frozen
class Bench:
    """What a case is tried with.

    `provider` makes providers of the cases' accounts; all is ended after the test.
    """

    boot: Boot
    phone: MakePhone
    provider: Callable[..., Provider]
    folder: Path

    def case(self, code: str, case: str, address: str = "127.9.2.10") -> Path:
        """Write the files of a case, in which the address of its provider stands; return where."""
        etc = self.folder / case
        etc.mkdir()
        for name, content in MADE[code][case].items() if code in MADE else ():
            if content is None:
                (etc / name).mkdir()
            else:
                (etc / name).write_text(content)
        for name, text in files(CASES / code / case).items() if code not in MADE else ():
            (etc / name).write_bytes(text.replace(b"192.0.2.10", address.encode()))
        modules(etc)
        return etc

    def home(self, code: str, case: str) -> Path:
        """Build the home of a case, or what it would have been; return where its files are."""
        etc = self.folder / case
        written = WRITTEN.get(code) if case == "bad" else None
        if written:
            with pytest.raises(BuildError):
                home(code, "bad").files()
        home(code, "good" if written else case).write(etc, complete=True)
        if written:
            text = (etc / written.file).read_text()
            assert written.good in text
            (etc / written.file).write_text(text.replace(written.good, written.bad))
        return etc


MADE: Mapping[str, Mapping[str, Mapping[str, str | None]]] = {
    "AC013": {
        "bad": {"extensions.conf": "#include more.inc\n", "more.inc": None},
        "good": {"extensions.conf": "#include more.inc\n", "more.inc": "[home]\n"},
    },
    "AC020": {"bad": {"queues.conf": None}, "good": {"queues.conf": "[sales]\n"}},
    "AC023": {
        "bad": {"extensions.conf": "[home]\nexten => 1,1,Hangup()\n#include more.inc\n"},
        "good": {"extensions.conf": "[home]\nexten => 1,1,Hangup()\n#tryinclude more.inc\n"},
    },
    "AC923": {
        "bad": {"extensions.conf": "[home]\nexten => 1,1,Playback(no-such-sound)\n"},
        "good": {"extensions.conf": "[home]\nexten => 1,1,Playback(beep)\n"},
    },
}
"""The files of codes that have no case; None: a folder."""


def home(code: str, case: str) -> HomePBX:
    """Return the home that a case describes."""
    return HomePBX.from_toml((CASES / code / case / "home.toml").read_text())


def logged(asterisk: Asterisk) -> str:
    """Return all that it logged."""
    return (asterisk.run / "log" / "rig.log").read_text(errors="replace")


WRITTEN: Mapping[str, Written] = {
    "AC800": Written("pjsip_wizard.conf", "!all,ulaw\n", "!all,ulow\n"),
    "AC804": Written("rtp.conf", "rtpend   = 20005", "rtpend   = 20002"),
    "AC806": Written("extensions.conf", "exten => 6500,1,", "exten => 6001,1,"),
    "AC807": Written("res_parking.conf", "701-710", "708-712"),
    "AC811": Written("pjsip_wizard.conf", "sip.example.net", HOST),
    "AC813": Written(
        "pjsip_wizard.conf", "= from-home\nendpoint/mailboxes", "= guests\nendpoint/mailboxes"
    ),
    "AC816": Written("pjsip_wizard.conf", "sends_registrations = yes", "sends_registrations = no"),
}
"""By the code of a description that is not built."""


def loaded(bench: Bench, code: str, case: str) -> str:
    """Return what is logged of a case, and what is answered to the code's commands."""
    with bench.boot(bench.case(code, case)) as asterisk:
        answers = ask(asterisk, WATCHED[code][1].ask)
        let_end(asterisk)
        return answers + logged(asterisk)


def built(bench: Bench, code: str, case: str) -> str:
    """Return what is logged of a home, and what is answered to the code's commands."""
    with bench.boot(bench.home(code, case), hosts={HOST: "127.9.2.10"}) as asterisk:
        answers = ask(asterisk, WATCHED[code][1].ask)
        let_end(asterisk)
        return answers + logged(asterisk)


def rings_out(bench: Bench, code: str, case: str) -> str:
    """Return what is logged while three calls from a home ring at the same time."""
    provider = bench.provider(asks=False)
    with bench.boot(bench.home(code, case), hosts={HOST: provider.address}) as asterisk:
        away = f"PJSIP/6001/sip:line@{provider.address}:5060"
        for _ in range(3):
            asterisk.cli(f"channel originate {away} application Wait 1")

        def calls() -> int:
            invited = [one for one in provider.requests if one.method == "INVITE"]
            return len({one.header("Call-ID") for one in invited})

        wait_until(lambda: calls() == 3 or "allocate" in logged(asterisk))
        return f"{calls()} calls\n{logged(asterisk)}"


def keys_sent(bench: Bench, code: str, case: str) -> str:
    """Return how a call to a phone whose sound is encrypted arrives there."""
    etc = bench.home(code, case)
    secret = case == "good"
    address = fresh_address()
    tls = make_keys(etc / "keys", address)
    provider = bench.provider(asks=False, tls=tls if secret else None, address=address)
    trust(etc)
    with bench.boot(etc, hosts={HOST: "127.9.2.10"}) as asterisk:
        port = "5061;transport=tls" if secret else "5060"
        asterisk.cli(f"channel originate PJSIP/6001/sip:x@{address}:{port} application Wait 1")

        def invited() -> list[str]:
            return [one.text for one in provider.requests if one.method == "INVITE"]

        pump(lambda: bool(invited()))
        return "".join(invited()) or logged(asterisk)


def trust(etc: Path, authorities: str = f"{KEYS}/asterisk.crt") -> None:
    """Let a home find its keys where the rig has them."""
    text = (etc / "pjsip.conf").read_text().replace(AUTHORITIES, authorities)
    (etc / "pjsip.conf").write_text(text.replace(KEYS, "/mnt/etc/keys"))


def registers(bench: Bench, code: str, case: str) -> str:
    """Return what comes of a provider whose certificate nobody known has signed."""
    etc = bench.home(code, case)
    make_keys(etc / "keys", "pbx.example.org")
    provider = bench.provider(tls=make_keys(bench.folder / f"{case}-keys", HOST), host=HOST)
    trust(etc, "/mnt/etc/keys/asterisk.crt")
    with bench.boot(etc, hosts={HOST: provider.address}) as asterisk:
        pump(lambda: bool(provider.registered) or "No response" in logged(asterisk), 20)
        return f"registered: {[*provider.registered]}\n{logged(asterisk)}"


def two_trunks(bench: Bench, code: str, case: str) -> str:
    """Return as which endpoints the calls of two providers come in."""
    one = bench.provider(asks=False)
    other = one if case == "bad" else bench.provider(asks=False)
    hosts = {HOST: one.address, "sip.example.net": other.address}
    with bench.boot(bench.home(code, case), hosts=hosts) as asterisk:
        for provider, user in ((one, "555555"), (other, "555556")):
            registered_at(provider, user)
            provider.call(asterisk.sip_port, caller="sip:1@example.net", user=user)
        pump(lambda: len(entries(asterisk)) == 2)
        came = [entry.endpoint for entry in entries(asterisk)]
        return f"{len({*came})} of {len(came)}"


def emergency(bench: Bench, code: str, case: str) -> str:
    """Return what is logged when a phone of a home calls 911."""
    with bench.boot(bench.home(code, case), hosts={HOST: "127.9.2.10"}) as asterisk:
        phone = bench.phone("6001", "mango-Trellis-9034", asterisk.sip_port)
        phone.call("911").wait_for("DISCONNECTED")
        return logged(asterisk)


def by_line(bench: Bench, code: str, case: str) -> str:
    """Return what becomes of the call of a provider that is known by the line."""
    provider = bench.provider()
    with bench.boot(bench.home(code, case), hosts={HOST: provider.address}) as asterisk:
        if case == "good":
            registered_at(provider)
        to, user = ("15555550100", "") if case == "bad" else ("", "555555")
        call = provider.call(asterisk.sip_port, caller="sip:1@example.net", to=to, user=user)
        with suppress(PhoneError):
            call.wait_for("DISCONNECTED", 3)
        return f"status {call.status}, as {[entry.endpoint for entry in entries(asterisk)]}"


def from_outside(bench: Bench, code: str, case: str) -> str:
    """Return what becomes of a call to the contact that was registered, and of one to +1…"""
    provider = bench.provider()
    etc = bench.case(code, case, provider.address)
    with bench.boot(etc) as asterisk:
        contact = registered_at(provider, "15551230000")
        caller = bench.phone("1", "", asterisk.sip_port, address=provider.address)
        first = caller.call("", to=contact).wait_for("DISCONNECTED").status
        second = caller.call("+15551230123").wait_for("DISCONNECTED").status
        return f"{contact}: {first}, +15551230123: {second}"


def from_phone(bench: Bench, code: str, case: str) -> str:
    """Return what becomes of the call of a phone."""
    with bench.boot(bench.case(code, case)) as asterisk:
        caller = bench.phone("6001", "", asterisk.sip_port)
        status = caller.call("1").wait_for("DISCONNECTED").status
        return f"status {status}\n{logged(asterisk)}"


def reaches(bench: Bench, code: str, case: str) -> str:
    """Return which requests reach a provider that a registration and a call go to."""
    provider = bench.provider(asks=False)
    etc = bench.case(code, case, provider.address)
    text = (etc / "pjsip.conf").read_text().replace("192.0.2.11", provider.address)
    (etc / "pjsip.conf").write_text(text)
    with bench.boot(etc) as asterisk:
        asterisk.cli("pjsip send register carrier")
        asterisk.cli("channel originate PJSIP/door application Wait 1")
        answered = ("No response received from", "response '401' received")
        pump(lambda: any(one in logged(asterisk) for one in answered), 20)
        pump(lambda: bool(provider.requests), 5)
        return f"{[one.method for one in provider.requests]}\n{logged(asterisk)}"


def handshakes(bench: Bench, code: str, case: str) -> str:
    """Return by which versions of TLS a client is answered whose certificate is strange."""
    etc = bench.case(code, case)
    make_keys(etc / "keys", "127.0.0.1")
    text = (etc / "pjsip.conf").read_text().replace(f"{KEYS}/pbx", f"{KEYS}/asterisk")
    (etc / "pjsip.conf").write_text(text)
    trust(etc)
    strange = make_keys(bench.folder / f"{case}-keys", "phone.example.org")
    with bench.boot(etc) as asterisk:
        versions = (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)
        taken = [one.name for one in versions if answered(asterisk.ports[5061], one, strange)]
        return f"taken: {taken}\n{logged(asterisk)}"


def answered(port: int, version: ssl.TLSVersion, keys: tuple[str, str]) -> bool:
    """Tell whether a request by a version of TLS gets an answer."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.load_cert_chain(*keys)
    context.minimum_version = context.maximum_version = version
    lines = [
        f"OPTIONS sip:127.0.0.1:{port} SIP/2.0", "Via: SIP/2.0/TLS 127.0.0.1;branch=z9hG4bK1",
        "From: <sip:a@127.0.0.1>;tag=1", f"To: <sip:127.0.0.1:{port}>", "Call-ID: 1",
        "CSeq: 1 OPTIONS", "Max-Forwards: 1", "Content-Length: 0", "", "",
    ]  # fmt: skip
    with suppress(OSError), ExitStack() as stack:
        plain = stack.enter_context(socket.create_connection(("127.0.0.1", port), 10))
        link = stack.enter_context(context.wrap_socket(plain))
        link.sendall("\r\n".join(lines).encode())
        return link.recv(8) == b"SIP/2.0 "
    return False


def new_pin(bench: Bench, code: str, case: str) -> str:
    """Return where the PIN is that somebody has chosen by phone."""
    etc = bench.case(code, case)
    keys = ["2846#", "0", "5", "7391#", "7391#"]
    steps = "".join(f" same => n,Wait(2)\n same => n,SendDTMF({one})\n" for one in keys)
    with (etc / "extensions.conf").open("a") as plan:
        plan.write(f"[keys]\nexten => s,1,NoOp()\n{steps} same => n,Wait(10)\n")
    with bench.boot(etc) as asterisk:
        asterisk.ami.action(
            "Originate", Channel="Local/*97@home/n", CallerID="6001", Context="keys", Exten="s",
            Priority="1", Async="true",
        )  # fmt: skip
        spool = asterisk.run / "spool" / "voicemail" / "default" / "6001" / "secret.conf"

        def texts() -> str:
            places = (asterisk.etc / "voicemail.conf", spool)
            return "".join(f"{one.name}:\n{one.read_text()}" for one in places if one.exists())

        wait_until(lambda: "7391" in texts(), 30)
        return texts()


def logs_in(bench: Bench, code: str, case: str) -> str:
    """Return whether a user of the manager gets in from this machine."""
    with bench.boot(bench.case(code, case)) as asterisk:
        try:
            Ami(asterisk.ami_port, "alarm", "dR4-mango-tile-81").close()
        except AmiError:
            return "kept out"
        return "let in"


def subscribes(bench: Bench, code: str, case: str) -> str:
    """Return how the subscription of a phone to its mailbox is answered."""
    with bench.boot(bench.case(code, case)) as asterisk, ExitStack() as stack:
        link = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        link.settimeout(10)
        link.connect(("127.0.0.1", asterisk.sip_port))
        own = f"127.0.0.1:{link.getsockname()[1]}"
        lines = [
            f"SUBSCRIBE sip:6001@127.0.0.1:{asterisk.sip_port} SIP/2.0",
            f"Via: SIP/2.0/UDP {own};branch=z9hG4bK1", "From: <sip:6001@127.0.0.1>;tag=1",
            "To: <sip:6001@127.0.0.1>", "Call-ID: 1", "CSeq: 1 SUBSCRIBE", "Max-Forwards: 9",
            f"Contact: <sip:6001@{own}>", "Event: message-summary", "Expires: 60",
            "Accept: application/simple-message-summary", "Content-Length: 0", "", "",
        ]  # fmt: skip
        link.send("\r\n".join(lines).encode())
        return link.recv(2000).decode().partition("\r\n")[0]


Watch = Callable[[Bench, str, str], str]
WATCHED: Mapping[str, tuple[Watch, Seen]] = {
    "AC013": (loaded, Seen(r"/more\.inc' is not a regular file, ignoring")),
    "AC020": (loaded, Seen(r"No call queueing config file \(queues\.conf\)")),
    "AC023": (
        loaded,
        Seen(r"There is no existence of 'home'", r"1\. Hangup\(\)", ("dialplan show 1@home",)),
    ),
    "AC421": (from_phone, Seen(r"status 404", r"status (?!404)")),
    "AC426": (from_outside, Seen(r"sip:s@.*: 404, \+", r"sip:15551230000@.*: (?!404)\d+, \+")),
    "AC427": (from_outside, Seen(r"\+15551230123: 404", r"\+15551230123: (?!404)\d+")),
    "AC428": (
        reaches,
        Seen(
            r"(?s)^\[\]\n.*No response received from",
            r"(?s)^\['INVITE'.*response '401' received",
        ),
    ),
    "AC516": (
        new_pin,
        Seen(r"6001 => 7391,Anna", r"(?s)6001 => 2846,Anna.*secret\.conf:\n.*7391"),
    ),
    "AC432": (subscribes, Seen(r"SIP/2\.0 500 ", r"SIP/2\.0 200 ")),
    "AC733": (logs_in, Seen("kept out", "let in")),
    "AC734": (logs_in, Seen("let in", "kept out")),
    "AC731": (handshakes, Seen(r"taken: \['TLSv1_2'\]", r"taken: \[\]")),
    "AC732": (handshakes, Seen(r"taken: \[\]", r"taken: \['TLSv1_2'\]")),
    "AC736": (handshakes, Seen(r"taken: \[\]", r"taken: \['TLSv1_2'\]")),
    "AC800": (built, Seen(r"Cannot allow unknown format 'ulow'")),
    "AC804": (rings_out, Seen(r"couldn't allocate a port for RTP", r"^3 calls\n")),
    "AC806": (built, Seen(r"extension '6001' priority 1 in 'from-home', already in use")),
    "AC807": (
        built,
        Seen(
            r"(?s)1\. ParkedCall\(default,711\).*Executing \[711@from-home:1\] Goto",
            r"Executing \[705@from-home:1\] ParkedCall",
            ("dialplan show 711@parkedcalls", "call 711@from-home", "call 705@from-home"),
        ),
    ),
    "AC808": (
        built,
        Seen(
            r'\[5551234@from-home:1\] Dial\("[^"]*", "PJSIP/6001"\)',
            r"\[5551234@from-home:1\] Goto",
            ("call 5551234@from-home",),
        ),
    ),
    "AC809": (keys_sent, Seen(r"(?s)SIP/2\.0/UDP.*a=crypto:", r"(?s)SIP/2\.0/TLS.*a=crypto:")),
    "AC811": (two_trunks, Seen("1 of 2", "2 of 2")),
    "AC812": (
        registers,
        Seen(
            r"registered: \['555555'\]",
            r"(?s)registered: \[\].* ERROR\S* \S*transport_events.c: .*certificate is untrusted",
        ),
    ),
    "AC813": (
        emergency,
        Seen(
            r"'911' rejected because extension not found in context 'guests'",
            r"Executing \[911@from-home:1\]",
        ),
    ),
    "AC816": (by_line, Seen(r"status 401, as \[\]", r"as \['voipms'\]")),
    "AC817": (built, Seen(r"Error parsing dtmf_mode=rfc ")),
    "AC818": (
        built,
        endpoint(r"dtls_setup .*: active", r"dtls_setup .*: actpass"),
    ),
    "AC923": (
        loaded,
        Seen(r"File no-such-sound does not exist in any format", "Playing 'beep", ("call 1@home",)),
    ),
}
"""How each case is tried, and what is seen of it."""


@pytest.fixture
def bench(boot: Boot, phone: MakePhone, tmp_path: Path) -> Iterator[Bench]:
    with ExitStack() as stack:

        def provider(**options: Any) -> Provider:
            return stack.enter_context(Provider(ACCOUNTS, **options))

        yield Bench(boot, phone, provider, tmp_path)


def test_every_case_that_is_known_from_a_log_or_behaviour_is_tried_or_has_a_reason() -> None:
    known = {c for c, rule in RULES.items() if rule.message(c).verified in {"log", "behaviour"}}
    more = {f"{p.parent.name}/{p.name}" for p in CASES.glob("AC*/bad?*") if p.parent.name in known}
    tried = CALLED.keys() | BOOTED.keys() | SEEN.keys() | WATCHED.keys()
    assert (known | more) - tried == NOT_HERE.keys()


@pytest.mark.parametrize("code", share(WATCHED, 26))
def test_what_is_done_with_a_case(code: str, bench: Bench) -> None:
    watch, seen = WATCHED[code]
    bad, good = (watch(bench, code, case) for case in ("bad", "good"))
    assert wrong(code, seen, bad, good) == "", f"{bad}\n---- good\n{good}"
