"""Endpoints, their roles, extensions, trunks and transports."""

from __future__ import annotations

import pytest

from asterconf.bind.pjsip import (
    EndpointRecord,
    Pjsip,
    read_pjsip,
)
from asterconf.dialplan.loader import load_dialplan
from asterconf.dialplan.lookup import Dialplan
from asterconf.model import CallerID, Extension, Transport, Trunk
from asterconf.references.plan import DialedNumbers
from asterconf.resolve import Effective, Files, resolve
from asterconf.syntax import parse


def effective(content: str, name: str) -> Effective | None:
    return resolve(Files(None, {name: parse(content, name=name)}), name)


def wizard(content: str) -> Effective | None:
    return effective(content, "pjsip_wizard.conf")


def pjsip(content: str) -> Effective | None:
    return effective(content, "pjsip.conf")


def dialplan(content: str) -> Dialplan:
    return load_dialplan(effective(content, "extensions.conf")).dialplan


PHONE = """\
[phone](!)
type = wizard
accepts_registrations = yes
accepts_auth = yes
aor/remove_existing = yes
endpoint/allow = !all,g722,ulaw
[6001](phone)
endpoint/context = from-home
endpoint/mailboxes = 6000@default
endpoint/callerid = Living Room <6001>
endpoint/set_var = A=1
endpoint/set_var = B=2,3
endpoint/set_var = A=4
inbound_auth/username = living
inbound_auth/password = s3cret
aor/max_contacts = 0x2
aor/qualify_timeout = 3.0
endpoint/direct_media = enabled
"""

SAME_PHONE = """\
[6001]
type = endpoint
context = from-home
mailboxes = 6000@default
callerid = Living Room <6001>
disallow = all
allow = g722,ulaw
set_var = B=2,3
set_var = A=4
direct_media = no
auth = living-auth
aors = 6001
[living-auth]
type = auth
username = living
password = s3cret
[6001]
type = aor
max_contacts = 2
remove_existing = yes
qualify_timeout = 3.0
"""


def test_wizard_section_is_an_extension_with_places() -> None:
    bound = read_pjsip(wizard(PHONE), None).extensions["6001"]
    assert bound.obj.set_var == ("A=4", "B=2,3")
    assert bound.obj == Extension(
        "6001",
        callerid=CallerID("Living Room", "6001"),
        auth_user="living",
        secret="s3cret",
        context="from-home",
        mailbox="6000@default",
        codecs=("g722", "ulaw"),
        max_contacts=2,
        remove_existing=True,
        qualify_timeout=3.0,
        direct_media=False,
        set_var=("A=4", "B=2,3"),
    )
    assert {field: place.line for field, place in bound.places.items()} == {
        "": 7,
        "context": 8,
        "mailbox": 9,
        "callerid": 10,
        "set_var": 13,
        "auth_user": 14,
        "secret": 15,
        "max_contacts": 16,
        "qualify_timeout": 17,
        "direct_media": 18,
        "remove_existing": 5,
        "codecs": 6,
    }
    assert str(bound.where("callerid")) == "pjsip_wizard.conf:10:21"


def test_endpoint_auth_and_aor_are_the_same_extension() -> None:
    (bound,) = read_pjsip(None, pjsip(SAME_PHONE)).extensions.values()
    assert bound.obj.set_var == ("B=2,3", "A=4")
    assert bound.obj == Extension(
        "6001",
        callerid=CallerID("Living Room", "6001"),
        auth_user="living",
        secret="s3cret",
        context="from-home",
        mailbox="6000@default",
        codecs=("g722", "ulaw"),
        max_contacts=2,
        remove_existing=True,
        qualify_timeout=3.0,
        direct_media=False,
        set_var=("B=2,3", "A=4"),
    )


TRUNK = """\
[voipms]
type = wizard
sends_auth = yes
sends_registrations = yes
transport = transport-tcp
remote_hosts = a.example:5060, b.example
endpoint/context = from-pstn
endpoint/allow = !all,ulaw
endpoint/send_rpid = yes
outbound_auth/username = 555555
outbound_auth/password = s3cret
registration/max_retries = 4294967295
registration/auth_rejection_permanent = no
aor/qualify_frequency = 30
"""

SAME_TRUNK = """\
[voipms]
type = endpoint
transport = transport-tcp
context = from-pstn
allow = !all,ulaw
send_rpid = yes
outbound_auth = voipms
aors = voipms
[voipms]
type = auth
username = 555555
password = s3cret
[voipms]
type = aor
contact = sip:a.example:5060
contact = sip:b.example
qualify_frequency = 30
[reg]
type = registration
server_uri = sip:a.example:5060
client_uri = sip:555555@a.example:5060
outbound_auth = voipms
max_retries = 4294967295
auth_rejection_permanent = no
[voipms]
type = identify
endpoint = voipms
match = a.example:5060,b.example
"""

VOIPMS = Trunk(
    "voipms",
    remote_hosts=("a.example:5060", "b.example"),
    username="555555",
    secret="s3cret",
    context="from-pstn",
    transport="transport-tcp",
    codecs=("ulaw",),
    sends_registrations=True,
    sends_auth=True,
    send_rpid=True,
    max_retries=4294967295,
    auth_rejection_permanent=False,
    qualify_frequency=30,
)


def test_wizard_section_is_a_trunk_with_places() -> None:
    bound = read_pjsip(wizard(TRUNK), None).trunks["voipms"]
    assert bound.obj == VOIPMS
    assert bound.obj.secret is not None
    assert bound.obj.secret.reveal() == "s3cret"
    assert {field: place.line for field, place in bound.places.items()} == {
        "": 1,
        "sends_auth": 3,
        "sends_registrations": 4,
        "transport": 5,
        "remote_hosts": 6,
        "context": 7,
        "codecs": 8,
        "send_rpid": 9,
        "username": 10,
        "secret": 11,
        "max_retries": 12,
        "auth_rejection_permanent": 13,
        "qualify_frequency": 14,
    }


def test_five_kinds_of_sections_are_the_same_trunk() -> None:
    (bound,) = read_pjsip(None, pjsip(SAME_TRUNK)).trunks.values()
    assert bound.obj == VOIPMS


def test_trunk_keeps_addresses_that_are_not_its_hosts() -> None:
    found = read_pjsip(
        wizard("[t]\ntype=wizard\nremote_hosts=a.example\nidentify/match=192.0.2.1,192.0.2.0/24\n"),
        None,
    ).trunks
    assert found["t"].obj == Trunk(
        "t", remote_hosts=("a.example",), match=("192.0.2.1", "192.0.2.0/24")
    )


def record(read: Pjsip, name: str) -> tuple[str, str, int | None]:
    bound = read.endpoints[name]
    place = bound.where("role")
    return bound.obj.role, bound.obj.role_reason, place.line if place else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "accepts_registrations=yes",
            ("extension", "devices may register as this endpoint", 3),
        ),
        ("aor/max_contacts=1", ("extension", "devices may register as this endpoint", 3)),
        ("aor/max_contacts=0", ("unknown", "nothing says where it is or how it registers", None)),
        (
            "remote_hosts=a\nsends_registrations=yes\naor/max_contacts=1",
            ("trunk", "we register with it", 1),
        ),
        (
            "remote_hosts=a\nsends_auth=yes\noutbound_auth/username=u",
            ("trunk", "it has a fixed address, and we log in there", 4),
        ),
        (
            "remote_hosts=a",
            (
                "trunk",
                "it has a fixed address, and its calls are known by where they come from",
                3,
            ),
        ),
        (
            "remote_hosts=a\ncontact_pattern=",
            (
                "peer",
                "its calls are known by where they come from, but nothing says where it is",
                1,
            ),
        ),
        (
            "aor/contact=sip:a",
            (
                "peer",
                "it has a fixed address, but neither registers nor is known by its address",
                3,
            ),
        ),
        (
            "remote_hosts=a\naccepts_registrations=yes\nsends_registrations=yes",
            ("peer", "it registers with us and we register with it", 4),
        ),
    ],
)
def test_role_comes_with_its_reason_and_line(
    text: str, expected: tuple[str, str, int | None]
) -> None:
    assert record(read_pjsip(wizard(f"[x]\ntype=wizard\n{text}\n"), None), "x") == expected


def test_anonymous_endpoints_have_a_role_of_their_own() -> None:
    read = read_pjsip(None, pjsip("[anonymous]\ntype=endpoint\n[anonymous@x]\ntype=endpoint\n"))
    assert [bound.obj.role for bound in read.endpoints.values()] == ["anonymous", "anonymous"]
    assert read.extensions == {}


def test_endpoints_that_asterisk_does_not_load_stay_visible() -> None:
    read = read_pjsip(None, pjsip("[a]\ntype=endpoint\n[a]\ntype=endpoint\n[b]\ntype=endpoint\n"))
    reason = "Asterisk loads no endpoint of this file, because one of them is there twice"
    assert [bound.obj for bound in read.endpoints.values()] == [
        EndpointRecord("a", "unknown", reason),
        EndpointRecord("b", "unknown", reason),
    ]


def test_two_accounts_at_one_provider_keep_their_own_registrations() -> None:
    account = (
        "[{0}]\ntype=endpoint\noutbound_auth={0}\naors={0}\n[{0}]\ntype=aor\ncontact=sip:p\n"
        "[{0}]\ntype=auth\nusername={0}\npassword=x\n[{0}]\ntype=registration\n"
        "server_uri=sip:p\noutbound_auth={0}\ncontact_user={0}\n"
    )
    found = read_pjsip(None, pjsip(account.format("one") + account.format("two"))).trunks
    assert [(b.obj.name, b.obj.username, b.obj.contact_user) for b in found.values()] == [
        ("one", "one", "one"),
        ("two", "two", "two"),
    ]


@pytest.mark.parametrize(
    ("name", "callerid", "extensions", "number"),
    [
        ("6001", "Home <5551234>", None, "6001"),
        ("kitchen", "Kitchen <6002>", None, "6002"),
        ("kitchen", "Kitchen", None, None),
        ("kitchen", "K <5551234>", "[c]\nexten => 6002,1,Dial(PJSIP/kitchen,20)", "6002"),
        ("6001", "", "[c]\nexten => 7001,1,Dial(PJSIP/6001)", "7001"),
        ("6001", "", "[c]\nexten => 7001,1,Dial(PJSIP/6001&PJSIP/6002)", "6001"),
        ("6001", "", "[c]\nexten => _7XXX,1,Dial(PJSIP/${EXTEN})", "6001"),
        ("6001", "", "[c]\nexten => 7001,1,Dial(PJSIP/6001)\nexten => 7009,hint,PJSIP/6001",
         "7009"),
        ("6001", "", "[c]\nexten => 7001,1,Dial(PJSIP/6001)\nexten => _6XXX,1,Dial(PJSIP/${EXTEN})",
         "6001"),
        ("tel-42", "", "[c]\nexten => _4X,1,Dial(PJSIP/tel-${EXTEN})", "42"),
        ("k", "", "[globals]\nK=PJSIP/k\n[c]\nexten => 8,1,Dial(${K},20)", "8"),
        ("k", "", "[c]\nexten => s,1,Dial(PJSIP/k)", None),
    ],
)  # fmt: skip
def test_number_is_what_the_dialplan_dials(
    name: str, callerid: str, extensions: str | None, number: str | None
) -> None:
    plan = DialedNumbers.of(dialplan(extensions)) if extensions is not None else None
    text = f"[{name}]\ntype=wizard\naccepts_registrations=yes\nendpoint/callerid={callerid}\n"
    assert read_pjsip(wizard(text), None, plan).extensions[name].obj.number == number


def test_hint_of_the_wizard_gives_the_number() -> None:
    text = "[k]\ntype=wizard\naccepts_registrations=yes\nhas_hint=yes\nhint_exten=1000\n"
    assert read_pjsip(wizard(text), None).extensions["k"].obj.number == "1000"


def test_value_that_asterisk_refuses_is_left_out() -> None:
    read = read_pjsip(
        wizard("[6]\ntype=wizard\naccepts_registrations=yes\naor/max_contacts=often\n"), None
    )
    assert read.extensions["6"].obj == Extension("6", auth_user=None)


def test_value_that_makes_no_sense_is_left_out_and_said() -> None:
    read = read_pjsip(
        wizard("[6]\ntype=wizard\naccepts_registrations=yes\naor/qualify_timeout=-1\n"), None
    )
    assert read.extensions["6"].obj == Extension("6", auth_user=None)
    assert [(f.code, f.message, str(f.position)) for f in read.diagnostics] == [
        (
            "AC419",
            "'6': qualify_timeout must be 0 or more seconds, not -1.0",
            "pjsip_wizard.conf:4:21",
        )
    ]


def test_section_name_that_no_object_can_have_keeps_its_endpoint() -> None:
    read = read_pjsip(wizard("[ x ]\ntype=wizard\naccepts_registrations=yes\n"), None)
    assert [bound.obj.extension for bound in read.endpoints.values()] == [None]
    assert read.endpoints[" x "].obj.role == "extension"
    assert [finding.code for finding in read.diagnostics] == ["AC406"]


def test_transports_are_read_with_their_networks() -> None:
    found = read_pjsip(
        None,
        pjsip(
            "[base](!)\ntype=transport\nbind=0.0.0.0\nlocal_net=127.0.0.0/8,10.0.0.0/8\n"
            "[tcp](base)\nprotocol=TCP\nlocal_net=192.168.0.0/16\n"
            "external_signaling_port=010\n[x]\ntype=transport\nlocal_net=::1\nlocal_net=\n"
        ),
    ).transports
    assert [bound.obj for bound in found.values()] == [
        Transport(
            "tcp",
            protocol="tcp",
            bind="0.0.0.0",
            local_net=("127.0.0.0/8", "10.0.0.0/8", "192.168.0.0/16"),
            external_signaling_port=8,
        ),
        Transport("x"),
    ]


def test_missing_files_hold_nothing() -> None:
    assert read_pjsip(None, None) == Pjsip()
