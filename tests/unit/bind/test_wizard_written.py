"""The section of pjsip_wizard.conf that makes a provider's five sections of pjsip.conf.

What the wizard makes of an option is known from tests/vectors/wizard, recorded on 22.10.1; each
case here is one difference from a plain provider, and the one line that it takes.
"""

from __future__ import annotations

import pytest

from asterconf import Config
from asterconf.bind.writing import options_of
from asterconf.model import ConfigObject
from asterconf.pjsip import Aor, Auth, Endpoint, Identify, Registration, expand, fold

PROVIDER = """\
[p]
type = endpoint
aors = p
outbound_auth = p
[p]
type = aor
contact = sip:h.example:5060
[p]
type = auth
username = me
password = x
[p]
type = identify
endpoint = p
match = h.example:5060
[p]
type = registration
outbound_auth = p
server_uri = sip:h.example:5060
client_uri = sip:me@h.example:5060
"""
PLAIN = {
    "type=wizard", "sends_auth=yes", "sends_registrations=yes", "remote_hosts=h.example:5060",
    "outbound_auth/username=me", "outbound_auth/password=x",
}  # fmt: skip
CONTACT, MATCH = "contact = sip:h.example:5060\n", "match = h.example:5060\n"
SERVER, CLIENT = "server_uri = sip:h.example:5060\n", "client_uri = sip:me@h.example:5060\n"
AORS = "aors = p\n"
Swaps = dict[str, str]


def folded(swaps: Swaps) -> tuple[list[object], ConfigObject | None]:
    text = PROVIDER
    for old, new in swaps.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    conf = Config.from_texts({"pjsip.conf": text})
    kinds = (Endpoint, Aor, Auth, Identify, Registration)
    made = [one for kind in kinds for one in conf.objects(kind).values()]
    return [*made], fold(made)


@pytest.mark.parametrize(
    ("swaps", "added", "gone"),
    [
        ({}, set(), set()),
        # the transport is passed on to the registration, so both must have it
        (
            {AORS: AORS + "transport = u\n", CLIENT: CLIENT + "transport = u\n"},
            {"transport=u"}, set(),
        ),
        ({AORS: AORS + "transport = u\n"}, {"endpoint/transport=u"}, set()),
        ({CLIENT: CLIENT + "transport = u\n"}, {"registration/transport=u"}, set()),
        (
            {AORS: AORS + "transport = u\n", CLIENT: CLIENT + "transport = v\n"},
            {"endpoint/transport=u", "registration/transport=v"}, set(),
        ),
        # the proxy is passed on to endpoint, aor and registration
        (
            {
                AORS: AORS + "outbound_proxy = sip:px\n",
                CONTACT: CONTACT + "outbound_proxy = sip:px\n",
                CLIENT: CLIENT + "outbound_proxy = sip:px\n",
            },
            {"outbound_proxy=sip:px"}, set(),
        ),
        (
            {
                AORS: AORS + "outbound_proxy = sip:px\n",
                CONTACT: CONTACT + "outbound_proxy = sip:px\n",
            },
            {"endpoint/outbound_proxy=sip:px", "aor/outbound_proxy=sip:px"}, set(),
        ),
        # the contact
        (
            {CONTACT: "contact = sip:me@h.example:5060\n"},
            {"contact_pattern=sip:me@${REMOTE_HOST}"}, set(),
        ),
        (
            {CONTACT: "contact = sips:h.example:5060\n"},
            {"contact_pattern=sips:${REMOTE_HOST}"}, set(),
        ),
        (
            {CONTACT: "contact = sip:h.example:5060\\;transport=tcp\n"},
            {"contact_pattern=sip:${REMOTE_HOST};transport=tcp"}, set(),
        ),
        ({CONTACT: ""}, {"contact_pattern="}, set()),
        ({CONTACT: CONTACT + "qualify_frequency = 30\n"}, {"aor/qualify_frequency=30"}, set()),
        # the identify
        ({MATCH: "match = 192.0.2.0/24\n"}, {"identify/match=192.0.2.0/24"}, set()),
        ({MATCH: MATCH + "srv_lookups = no\n"}, {"identify/srv_lookups=no"}, set()),
        # the registration
        (
            {CLIENT: "client_uri = sip:you@h.example:5060\n"},
            {"client_uri_pattern=sip:you@${REMOTE_HOST}"}, set(),
        ),
        (
            {CLIENT: "client_uri = sip:me@elsewhere\n"},
            {"client_uri_pattern=sip:me@elsewhere"}, set(),
        ),
        (
            {SERVER: "server_uri = sip:h.example:5060\\;transport=tcp\n"},
            {"server_uri_pattern=sip:${REMOTE_HOST};transport=tcp"}, set(),
        ),
        ({CLIENT: CLIENT + "expiration = 60\n"}, {"registration/expiration=60"}, set()),
        # Asterisk registers elsewhere than it calls
        (
            {
                SERVER: "server_uri = sip:reg.example\n",
                CLIENT: "client_uri = sip:me@reg.example\n",
            },
            {
                "remote_hosts=reg.example", "aor/contact=sip:h.example:5060",
                "identify/match=h.example:5060",
            },
            {"remote_hosts=h.example:5060"},
        ),
        # two hosts, each with a registration of its own
        (
            {
                CONTACT: "contact = sip:a.example\ncontact = sip:b.example\n",
                MATCH: "match = a.example,b.example\n",
                SERVER: "server_uri = sip:a.example\n",
                CLIENT: (
                    "client_uri = sip:me@a.example\n[q]\ntype = registration\n"
                    "outbound_auth = p\nserver_uri = sip:b.example\n"
                    "client_uri = sip:me@b.example\n"
                ),
            },
            {"remote_hosts=a.example,b.example"}, {"remote_hosts=h.example:5060"},
        ),
        # a line of the registration tells whose calls come in: then there is no identify
        (
            {
                f"[p]\ntype = identify\nendpoint = p\n{MATCH}": "",
                CLIENT: CLIENT + "line = yes\nendpoint = p\n",
            },
            {"sends_line_with_registrations=yes"}, set(),
        ),
        # neither address nor line: it registers with us
        (
            {f"[p]\ntype = identify\nendpoint = p\n{MATCH}": ""},
            {"accepts_registrations=yes"}, set(),
        ),
        # the login
        ({"password = x\n": "password = x\nauth_type = userpass\n"}, set(), set()),
        ({"password = x\n": "password = x\nrealm = r\n"}, {"outbound_auth/realm=r"}, set()),
        (
            {"outbound_auth = p\nserver_uri": "server_uri"},
            None, set(),
        ),
        # what the wizard has no word for
        ({CLIENT: CLIENT + "line = yes\nendpoint = p\n"}, None, set()),
        ({AORS: "aors = p,q\n"}, None, set()),
    ],
)  # fmt: skip
def test_each_difference_from_a_plain_provider_takes_its_lines(
    swaps: Swaps, added: set[str] | None, gone: set[str]
) -> None:
    _, made = folded(swaps)
    if added is None:
        assert made is None
    else:
        assert made is not None
        assert {f"{name}={value}" for name, value in options_of(made)} == (PLAIN - gone) | added


@pytest.mark.parametrize(
    "swaps",
    [
        {},
        {CONTACT: ""},
        {CLIENT: "client_uri = sip:you@h.example:5060\n"},
        {SERVER: "server_uri = sip:reg.example\n"},
    ],
)
def test_the_section_makes_the_provider_again(swaps: Swaps) -> None:
    made, section = folded(swaps)
    assert section is not None
    endpoint, aor, auth, identify, registration = expand(section)
    assert isinstance(endpoint, Endpoint)
    assert isinstance(aor, Aor)
    assert isinstance(auth, Auth)
    assert isinstance(identify, Identify)
    assert isinstance(registration, Registration)
    assert (endpoint.outbound_auth, auth.name) == (("p-oauth",), "p-oauth")
    assert (identify.name, registration.name) == ("p-identify", "p-reg-0")
    was_aor, was_registration = made[1], made[4]
    assert isinstance(was_aor, Aor)
    assert isinstance(was_registration, Registration)
    assert aor.contact == was_aor.contact
    assert registration.server_uri == was_registration.server_uri
    assert registration.client_uri == was_registration.client_uri
