"""What was built means what was described: the files are read back and compared."""

from __future__ import annotations

import string
from typing import Any

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from asterconf.home import Adoption, HomePBX
from asterconf.model import CallerID, Extension, Mailbox, Queue, QueueMember, Secret, Setting
from asterconf.model.home import is_mail_address
from asterconf.source import Severity
from tests.unit.home.homes import home

odd = st.text(string.ascii_letters + '01 ;"\\=[]<>()#!+-,|$é', max_size=8).map(
    lambda text: text.strip(" ")
)


def bare(thing: Any) -> Any:
    """Return an extension or trunk without what its template says in further settings."""
    mailbox = {"subscribed_mailbox": None} if isinstance(thing, Extension) else {}
    return attrs.evolve(thing, extra=(), **mailbox)


def meant(pbx: HomePBX) -> list[Any]:
    """Return the objects of a house as its files can hold them."""
    return [
        *(bare(attrs.evolve(extension, phone=None)) for extension in pbx.effective_extensions()),
        *map(bare, pbx.effective_trunks()),
        *pbx.effective_queues(),
        *pbx.mailboxes,
    ]


def read(pbx: HomePBX) -> list[Any]:
    conf = pbx.build()
    return [
        *map(bare, conf.extensions.values()),
        *map(bare, conf.trunks.values()),
        *conf.queues.values(),
        *conf.mailboxes.values(),
    ]


def test_the_home_is_read_back_as_it_was_described() -> None:
    assert read(home()) == meant(home())


def test_a_phone_without_a_login_is_read_back_as_it_was_described() -> None:
    hall = Extension("hall", auth_user=None, extra=[Setting("identify/match", "192.0.2.7")])
    pbx = home(extensions=[*home().extensions, hall])
    assert HomePBX.adopt(pbx.build()) == Adoption(pbx)


def test_a_build_has_every_file_and_no_finding_of_the_reader() -> None:
    conf = home().build(complete=True)
    assert conf.files == tuple(file.name for file in home().files(complete=True))
    assert [d for d in conf.diagnostics if d.severity is not Severity.ADVICE] == []


@given(name=odd, secret=odd.filter(bool), user=odd.filter(bool))
def test_any_name_and_password_of_a_phone_survives(name: str, secret: str, user: str) -> None:
    phone = Extension(
        "6001", number="1", callerid=CallerID(name, "1"), secret=secret, auth_user=user
    )
    pbx = home(extensions=[phone])
    assert read(pbx)[0] == meant(pbx)[0]


@given(name=odd)
def test_any_name_of_a_queue_member_survives(name: str) -> None:
    queue = Queue("q", members=[QueueMember("PJSIP/6001", name=name, penalty=1)])
    pbx = home(queues=[queue])
    assert pbx.build().queues["q"] == queue


@pytest.mark.parametrize(
    ("option", "value", "line"),
    [
        ("announce_to_first_user", True, "announce-to-first-user = yes"),
        ("announce_round_seconds", "30", "announce-round-seconds = 30"),
        ("min_announce_frequency", 20, "min-announce-frequency = 20"),
        ("periodic_announce", ("one", "two"), "periodic-announce = one,two"),
        ("queue_thankyou", "thanks", "queue-thankyou = thanks"),
        ("autopausebusy", True, "autopausebusy = yes"),
    ],
)
def test_options_of_queues_have_the_names_that_app_queue_reads(
    option: str, value: Any, line: str
) -> None:
    """Source: apps/app_queue.c, queue_set_param."""
    queue = Queue("q", members=["PJSIP/6001"], **{option: value})
    built = home(queues=[queue]).build()
    lines = [" ".join(text.split()) for text in built["queues.conf"]["q"].text.split("\n")]
    assert line in lines
    assert built.queues["q"] == queue


@given(name=odd, pin=st.from_regex("-?[0-9]{1,8}", fullmatch=True), email=st.emails())
def test_any_mailbox_survives(name: str, pin: str, email: str) -> None:
    name = name.replace(",", "").strip(" ")
    assume(is_mail_address(email))
    box = Mailbox("6000", initial_pin=Secret(pin), name=name, email=email)
    assert home(mailboxes=[box]).build().mailboxes["6000@default"] == box


def test_a_queue_with_every_option_survives() -> None:
    queue = Queue(
        "q",
        strategy="linear",
        timeout=9,
        members=[
            QueueMember("PJSIP/6001", ringinuse=False, wrapuptime=5, paused=True),
            QueueMember("PJSIP/6002", wrapuptime=2),
        ],
        retry=2,
        maxlen=3,
        weight=1,
        wrapuptime=4,
        servicelevel=20,
        memberdelay=1,
        musicclass="default",
        announce="beep",
        announce_frequency=30,
        announce_holdtime="once",
        announce_position="limit",
        periodic_announce_frequency=60,
        joinempty="paused,inuse",
        leavewhenempty="strict",
        ringinuse=False,
        autofill=False,
        autopause="all",
        timeoutrestart=True,
        timeoutpriority="conf",
        reportholdtime=True,
        setinterfacevar=True,
    )
    assert home(queues=[queue]).build().queues["q"] == queue
