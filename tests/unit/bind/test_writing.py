"""Objects → the options of a fresh section."""

from __future__ import annotations

import pytest

from asterconf.bind.writing import FreshSection, options_of, sections_of
from asterconf.model import CallerID, Extension, Mailbox, Queue, QueueMember, Transport, Trunk

PHONE = Extension(
    "6001",
    callerid=CallerID("Living Room", "6001"),
    secret="s3cret",
    context="from-home",
    mailbox="6000@default",
    codecs=("g722", "ulaw"),
    max_contacts=1,
    qualify_timeout=3.0,
    direct_media=False,
    set_var=("A=1", "B=2"),
    extra=("endpoint/dtmf_mode=info", "aor/minimum_expiration=60"),
)
TRUNK = Trunk(
    "voipms",
    remote_hosts=("a.example:5060", "b.example"),
    match=("192.0.2.0/24",),
    username="u",
    secret="s3cret",
    transport="transport-tcp",
    sends_auth=True,
    sends_registrations=True,
    max_retries=4294967295,
)


def test_an_extension_is_one_section_of_the_wizard() -> None:
    assert options_of(PHONE) == (
        ("type", "wizard"),
        ("accepts_registrations", "yes"),
        ("accepts_auth", "yes"),
        ("endpoint/context", "from-home"),
        ("endpoint/mailboxes", "6000@default"),
        ("endpoint/callerid", "Living Room <6001>"),
        ("inbound_auth/username", "6001"),
        ("inbound_auth/password", "s3cret"),
        ("aor/max_contacts", "1"),
        ("aor/qualify_timeout", "3.0"),
        ("endpoint/allow", "!all,g722,ulaw"),
        ("endpoint/direct_media", "no"),
        ("endpoint/set_var", "A=1"),
        ("endpoint/set_var", "B=2"),
        ("endpoint/dtmf_mode", "info"),
        ("aor/minimum_expiration", "60"),
    )


def test_an_extension_is_endpoint_aor_and_auth() -> None:
    assert sections_of(PHONE, style="primitives") == (
        FreshSection(
            "pjsip.conf",
            "6001",
            (
                ("type", "endpoint"),
                ("context", "from-home"),
                ("mailboxes", "6000@default"),
                ("callerid", "Living Room <6001>"),
                ("allow", "!all,g722,ulaw"),
                ("direct_media", "no"),
                ("set_var", "A=1"),
                ("set_var", "B=2"),
                ("dtmf_mode", "info"),
                ("aors", "6001"),
                ("auth", "6001"),
            ),
        ),
        FreshSection(
            "pjsip.conf",
            "6001",
            (
                ("type", "aor"),
                ("max_contacts", "1"),
                ("qualify_timeout", "3.0"),
                ("minimum_expiration", "60"),
            ),
        ),
        FreshSection(
            "pjsip.conf",
            "6001",
            (("type", "auth"), ("username", "6001"), ("password", "s3cret")),
        ),
    )


def test_a_trunk_is_five_kinds_of_sections() -> None:
    made = sections_of(TRUNK, style="primitives")
    assert [(one.name, dict(one.options)["type"]) for one in made] == [
        ("voipms", "endpoint"),
        ("voipms", "aor"),
        ("voipms", "auth"),
        ("voipms", "identify"),
        ("voipms", "registration"),
        ("voipms-reg-1", "registration"),
    ]
    assert made[4].options == (
        ("type", "registration"),
        ("max_retries", "4294967295"),
        ("server_uri", "sip:a.example:5060"),
        ("client_uri", "sip:u@a.example:5060"),
        ("outbound_auth", "voipms"),
        ("transport", "transport-tcp"),
    )


def test_a_trunk_says_each_of_its_flags_once() -> None:
    trunk = Trunk("t", remote_hosts=("h",), sends_auth=True, sends_registrations=False)
    assert options_of(trunk) == (
        ("type", "wizard"),
        ("sends_auth", "yes"),
        ("sends_registrations", "no"),
        ("remote_hosts", "h"),
    )


def test_defaults_are_not_written() -> None:
    assert options_of(Queue("q", timeout=15, retry=7, announce_position=False)) == (
        ("retry", "7"),
        ("announce-position", "no"),
    )
    assert options_of(Transport("t", bind="0.0.0.0", local_net=("10.0.0.0/8", "::1"))) == (
        ("type", "transport"),
        ("bind", "0.0.0.0"),
        ("local_net", "10.0.0.0/8"),
        ("local_net", "::1"),
    )


@pytest.mark.parametrize(
    ("member", "line"),
    [
        (QueueMember("PJSIP/1"), "PJSIP/1"),
        (QueueMember("PJSIP/1", penalty=2), "PJSIP/1,2"),
        (QueueMember("PJSIP/1", name="Smith, John"), r"PJSIP/1,0,Smith\, John"),
        (QueueMember("PJSIP/1", paused=True), "PJSIP/1,0,,,,,yes"),
    ],
)
def test_a_member_is_one_line(member: QueueMember, line: str) -> None:
    assert options_of(member) == (("member", line),)


def test_a_mailbox_is_one_line_of_its_context() -> None:
    box = Mailbox("6000", context="home", initial_pin="1234", email="a@example.com")
    assert sections_of(box) == (
        FreshSection("voicemail.conf", "home", (("6000", "1234,,a@example.com"),)),
    )
    assert options_of(Mailbox("1", options=("attach=no", "tz=a"))) == (("1", ",,,,attach=no|tz=a"),)


def test_what_is_no_section_is_refused() -> None:
    with pytest.raises(TypeError, match="no section can hold an object of class CallerID"):
        options_of(CallerID("a", "1"))
