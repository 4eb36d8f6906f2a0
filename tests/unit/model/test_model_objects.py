"""Extensions, trunks, transports, queues, mailboxes, phones: defaults, repr, refusals."""

import pickle
from collections.abc import Callable
from typing import Any

import attrs
import pytest
from hypothesis import given

from asterconf.errors import ModelError
from asterconf.model import (
    CallerID,
    Extension,
    Mailbox,
    Queue,
    QueueMember,
    Secret,
    Transport,
    Trunk,
    phones,
)
from asterconf.testing.strategies import objects as model


@given(model.objects)
def test_objects_can_be_hashed_pickled_and_are_equal_to_their_copy(thing: Any) -> None:
    assert pickle.loads(pickle.dumps(thing)) == thing
    assert hash(attrs.evolve(thing)) == hash(thing) if not isinstance(thing, Secret) else True


def test_number_and_auth_user_follow_the_name_unless_they_are_said() -> None:
    assert Extension("6001").number == "6001"
    assert Extension("kitchen").number is None
    assert Extension("kitchen", number="6001").number == "6001"
    assert Extension("6001", number=None).number is None
    assert Extension("6001").auth_user == "6001"
    assert Extension("6001", auth_user=None).auth_user is None


def test_the_four_facts_of_an_extension_are_kept_apart() -> None:
    extension = Extension("a", number="1", auth_user="b", callerid="C <2>")
    facts = (extension.name, extension.number, extension.auth_user, extension.callerid.number)
    assert facts == ("a", "1", "b", "2")


def test_plain_values_are_taken_for_typed_ones() -> None:
    extension = Extension(
        "6001", callerid="Hall <6001>", secret="x", codecs="g722, ulaw", phone="Linphone"
    )
    assert extension.callerid == CallerID("Hall", "6001")
    assert extension.secret == Secret("x")
    assert extension.codecs == ("g722", "ulaw")
    assert extension.phone == phones.Linphone()
    assert Queue("q", members=["PJSIP/1"]).members == (QueueMember("PJSIP/1"),)
    assert Queue("q", announce_holdtime=False).announce_holdtime == "no"


def test_repr_is_the_call_that_makes_it_with_secrets_masked() -> None:
    extension = Extension("6001", callerid="Living Room <6001>", secret="s3cret")
    assert repr(extension) == (
        "Extension(name='6001', number='6001', callerid=CallerID('Living Room', '6001'), "
        "secret=Secret('********'), auth_user='6001')"
    )
    assert repr(Mailbox("6000", initial_pin="1234")) == (
        "Mailbox(number='6000', initial_pin=Secret('********'))"
    )
    assert repr(Queue("home", timeout=30)) == "Queue(name='home', timeout=30)"
    assert repr(Trunk("voipms", remote_hosts="a:5060")) == (
        "Trunk(name='voipms', remote_hosts=('a:5060',))"
    )


def test_a_mailbox_has_an_address() -> None:
    assert Mailbox("6000").address == "6000@default"
    assert Mailbox("6000", context="work").address == "6000@work"


def test_the_defaults_of_a_queue_are_asterisks() -> None:
    queue = Queue("q")
    assert (queue.strategy, queue.timeout, queue.retry, queue.ringinuse, queue.joinempty) == (
        "ringall",
        15,
        5,
        True,
        "yes",
    )


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Extension(""), "Extension '': name must not be empty"),
        (lambda: Extension(" a"), "Extension ' a': name must not begin or end with a blank: ' a'"),
        (lambda: Extension(6001), "Extension: name must be text, not 6001"),  # type: ignore[arg-type]
        (
            lambda: Extension("a", number=6001),  # type: ignore[arg-type]
            "Extension 'a': number must be text, because of leading zeros: '6001'",
        ),
        (
            lambda: Extension("a", number="6 1"),
            "Extension 'a': number must be digits, *, # or +, not '6 1'",
        ),
        (
            lambda: Extension("a", qualify_frequency=90000),
            "Extension 'a': qualify_frequency must be from 0 to 86400, not 90000",
        ),
        (
            lambda: Extension("a", qualify_timeout=-1),
            "Extension 'a': qualify_timeout must be 0 or more seconds, not -1",
        ),
        (
            lambda: Extension("a", direct_media="yes"),  # type: ignore[arg-type]
            "Extension 'a': direct_media must be true or false, not 'yes'",
        ),
        (
            lambda: Extension("a", max_contacts=True),
            "Extension 'a': max_contacts must be a whole number, not True",
        ),
        (
            lambda: Extension("a", set_var=["A"]),
            "Extension 'a': set_var must be written NAME=value, not 'A'",
        ),
        (
            lambda: Extension("a", phone=7),  # type: ignore[arg-type]
            "Extension 'a': phone must be a phone of asterconf.phones, not 7",
        ),
        (
            lambda: Trunk("t", media_encryption="srtp"),
            "Trunk 't': media_encryption must be no, sdes or dtls, not 'srtp'",
        ),
        (
            lambda: Transport("t", protocol="sctp"),
            "Transport 't': protocol must be flow, tcp, tls, udp, ws or wss, not 'sctp'",
        ),
        (
            lambda: Queue("q", strategy="all"),
            (
                "Queue 'q': strategy must be fewestcalls, leastrecent, linear, random, ringall, "
                "roundrobin, rrmemory, rrordered or wrandom, not 'all'"
            ),
        ),
        (lambda: Queue("q", retry=0), "Queue 'q': retry must be 1 or more, not 0"),
        (lambda: Queue("q", members=[7]), "Queue 'q': members must be queue members, not 7"),  # type: ignore[list-item]
        (
            lambda: Mailbox("6000", name="Doe, John"),
            (
                "Mailbox '6000': name must not hold a comma, which ends the field in the file: "
                "'Doe, John'"
            ),
        ),
        (
            lambda: Mailbox("6000", initial_pin="1,2"),
            "Mailbox '6000': initial_pin must not hold a comma, which ends the field in the file",
        ),
        (lambda: Mailbox("6000@x"), "Mailbox '6000@x': number must not hold @ or =: '6000@x'"),
        (
            lambda: phones.Yealink("T;1"),
            "Yealink 'T;1': model must be the name of a model, such as 'T54W', not 'T;1'",
        ),
    ],
)
def test_a_wrong_value_is_refused_in_one_sentence(make: Callable[[], object], message: str) -> None:
    with pytest.raises(ModelError) as caught:
        make()
    assert str(caught.value) == message


def test_a_desk_phone_is_checked_and_may_send_sound_past_asterisk() -> None:
    assert phones.Yealink("T54W").defaults == phones.PhoneDefaults(
        protocol="udp", qualify_frequency=30, qualify_timeout=3.0, direct_media=True
    )


def test_a_softphone_is_left_in_peace() -> None:
    assert phones.Linphone().defaults == phones.PhoneDefaults(
        protocol="tcp", qualify_frequency=0, qualify_timeout=None, direct_media=False
    )


@pytest.mark.parametrize("text", ["Yealink T54W", "Linphone", "DeskPhone GXP 2170", "Softphone"])
def test_a_phone_is_its_text(text: str) -> None:
    assert str(phones.parse(text)) == text


def test_a_phone_of_ones_own_is_found_by_its_name() -> None:
    @attrs.frozen
    class Doorbell(phones.DeskPhone):
        """At the door."""

    assert phones.parse("doorbell X1") == Doorbell("X1")
