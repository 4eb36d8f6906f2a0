"""The house of the examples on a real Asterisk: what its live tests share."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Self

import attrs

from .ami import Ami, Message
from .phones import Phone, pump
from .provider import Provider
from .rig import Asterisk, LogRecord

EXAMPLE = Path(__file__).parent.parent.parent / "examples" / "home.toml"
PROVIDER = "atlanta2.voip.ms"
ACCOUNTS = {"555555": "s3cret"}

NO_PROVIDER = [
    LogRecord(
        "WARNING",
        "res_pjsip_outbound_registration.c",
        f"No response received from 'sip:{PROVIDER}:5060' on registration attempt to "
        f"'sip:555555@{PROVIDER}:5060', retrying in '60'",
    ),
]
"""All that may be logged though nothing is wrong with what was built: nobody is at the address
that the name of the provider leads to. Houses with a provider may log nothing at all."""


@attrs.frozen
class Phones:
    """The phones of the house."""

    living: Phone
    kitchen: Phone
    mobile: Phone

    def __iter__(self) -> Iterator[Phone]:
        return iter((self.living, self.kitchen, self.mobile))

    def ring_only(self) -> None:
        """Let them ring, and be answered by the test."""
        for one in self:
            one.answers = 180

    def register(self, house: Asterisk) -> Self:
        """Register all of them, whoever may have taken their places, and let that be forgotten."""
        assert [one.register() for one in self] == [200, 200, 200]
        known = {one.user: one.address for one in self}
        assert pump(lambda: logins(house) == known)  # its events may lag behind
        house.ami.events.clear()
        return self


def make_phones(house: Asterisk, stack: ExitStack) -> Phones:
    """Return the phones of the house; `stack` closes them. The kitchen asks for its messages."""
    made = (
        Phone("6001", "maple-Ferry-2093", house.sip_port),
        Phone("6002", "cedar-Lamp-7714", house.sip_port, mwi=True),
        Phone("6003", "olive-Tide-5568", house.sip_port, protocol="tcp"),
    )
    return Phones(*(stack.enter_context(one) for one in made))


@contextmanager
def quiet(house: Asterisk, provoked: str = "") -> Iterator[Asterisk]:
    """Give a house to one test, which answers for every warning and error that it makes it log.

    In the end no call is left. `provoked` is part of the one line that the test wants to see.
    """
    before = len(house.log_lines())
    house.ami.events.clear()
    try:
        yield house
        assert pump(lambda: idle(house), 10), house.cli("core show channels")
        if provoked:
            assert pump(lambda: len(house.log_lines()) > before)  # it may lag behind
        logged = [str(record) for record in house.log_lines()[before:]]
        assert [provoked in line for line in logged] == [True] * bool(provoked), "\n".join(logged)
    finally:
        house.cli("channel request hangup all")
        pump(lambda: idle(house), 10)


def idle(asterisk: Asterisk) -> bool:
    return "0 active channels" in asterisk.cli("core show channels count")


def events(house: Asterisk, name: str) -> list[Message]:
    """The events of that name since the test began."""
    house.ami.action("Ping")
    return [event for event in house.ami.events if event.get("Event") == name]


def endpoint_of(channel: str) -> str:
    """The endpoint that a channel belongs to: `PJSIP/6001-0000000a` is 6001's."""
    return channel.partition("/")[2].rpartition("-")[0]


@attrs.frozen
class Entry:
    """How a call came in: as which endpoint, in which context, for which number."""

    endpoint: str
    context: str
    number: str


def entries(house: Asterisk) -> list[Entry]:
    """The calls that came into Asterisk since the test began, not those that it made."""
    return [
        Entry(endpoint_of(event["Channel"]), event["Context"], event["Exten"])
        for event in events(house, "Newchannel")
        if event["Channel"].startswith("PJSIP/") and event["ChannelStateDesc"] == "Ring"
    ]


def came_in(house: Asterisk, *expected: Entry) -> bool:
    """Wait until just these calls have come in; their events may lag behind the call."""
    return pump(lambda: entries(house) == list(expected))


def logins(house: Asterisk) -> dict[str, str]:
    """Who proved who they are since the test began: endpoint → address."""
    return {
        event["AccountID"]: event["RemoteAddress"].split("/")[2]
        for event in events(house, "SuccessfulAuth")
        if event["Service"] == "PJSIP"
    }


def registered_at(provider: Provider, user: str = "555555") -> str:
    """Wait until the house has registered, after the random delay that Asterisk takes."""
    assert pump(lambda: user in provider.registered, 20)
    return provider.registered[user]


def reachable(house: Asterisk, *trunks: str) -> None:
    """Wait until Asterisk knows that these providers answer: it calls no others.

    On a busy machine an answer may come too late, and Asterisk asks again only after a while.
    """
    for trunk in trunks:
        available = re.compile(rf"Contact: +{trunk}/.* Avail ")

        def answers(known: re.Pattern[str] = available) -> bool:
            return bool(known.search(house.cli("pjsip show contacts")))

        for _ in range(6):
            house.cli(f"pjsip qualify {trunk}")
            if pump(answers, 5):
                break
        else:
            raise AssertionError(house.cli("pjsip show contacts"))


def wait_until(until: Callable[[], bool], timeout: float = 10) -> bool:
    """Wait where there are no phones to `pump`."""
    deadline = time.monotonic() + timeout
    while not (done := until()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return done


def verbose(asterisk: Asterisk) -> list[str]:
    return [record.message for record in asterisk.log_lines({"VERBOSE"})]


def listed(ami: Ami, action: str, event: str) -> list[Message]:
    return [m for m in ami.action(action) if m.get("Event") == event]


def said(message: Message, *keys: str) -> dict[str, str]:
    return {key: message[key] for key in keys}


def played(house: Asterisk, sound: str, since: int = 0) -> bool:
    """Tell whether a sound has been played since then."""
    return any(re.search(rf"Playing '[^']*{sound}", line) for line in verbose(house)[since:])
