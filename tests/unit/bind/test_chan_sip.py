"""Phones and trunks of sip.conf and iax.conf among those of PJSIP."""

from __future__ import annotations

import pytest

from asterconf import Config, EditError, NotFoundError
from asterconf.bind.chan_sip import read_register

SIP = """\
[general]
context = guests
register => u1:x1@192.0.2.9/500
[100]
type = friend
host = dynamic
secret = x100
context = phones
mailbox = 100@default
qualify = yes
[prov]
type = peer
host = 192.0.2.9
insecure = port,invite
[caller]
type = user
secret = x
"""
PLAN = "[phones]\nexten => 7,1,Dial(SIP/100)\nexten => 9,1,Dial(SIP/prov/1)\n"


@pytest.fixture
def conf() -> Config:
    return Config.from_texts({"sip.conf": SIP, "extensions.conf": PLAN})


def test_a_phone(conf: Config) -> None:
    phone = conf.extensions["100"]
    assert (phone.technology, phone.in_force) == ("sip", False)
    assert (phone.number, phone.context, phone.mailbox) == ("7", "phones", "100@default")
    assert (phone.qualify_frequency, phone.qualify_timeout) == (60, 2.0)
    assert "x100" not in repr(conf.extensions.to_records())
    assert str(conf.where(phone, "context")) == "sip.conf:8:11"


def test_a_trunk_with_its_registration(conf: Config) -> None:
    trunk = conf.trunks["prov"]
    assert (trunk.remote_hosts, trunk.username, trunk.contact_user) == (("192.0.2.9",), "u1", "500")
    assert trunk.sends_registrations
    assert trunk.context == "guests"


def test_every_peer_is_an_endpoint(conf: Config) -> None:
    roles = {name: one.role for name, one in conf.endpoints.items()}
    assert roles == {"100": "extension", "prov": "trunk", "caller": "peer"}
    assert {one.technology for one in conf.endpoints.values()} == {"sip"}


def test_the_name_of_two_drivers_is_the_one_in_force(conf: Config) -> None:
    pjsip = "[100]\ntype=endpoint\naors=100\n[100]\ntype=aor\nmax_contacts=1\n"
    both = Config.from_texts({"sip.conf": SIP, "pjsip.conf": pjsip})
    assert both.extensions["100"].technology == "pjsip"
    assert [one.technology for one in both.extensions.all("100")] == ["pjsip", "sip"]
    assert [one.technology for one in conf.extensions.all("100")] == ["sip"]
    with pytest.raises(NotFoundError):
        both.extensions.all("nobody")


def test_verbs_refuse_what_they_cannot_write(conf: Config) -> None:
    for what in ("100", conf.extensions["100"], conf.endpoints["caller"]):
        with pytest.raises(EditError, match=r"sip\.conf"):
            conf.update(what, context="x")
    with pytest.raises(EditError, match=r"sip\.conf"):
        conf.remove("prov")
    assert conf.changed == ("sip.conf", "extensions.conf")  # as from_texts made them


def test_references_and_map(conf: Config) -> None:
    named = conf.references.to(conf.extensions["100"])
    assert [str(one.place) for one in named] == ["extensions.conf:2:23"]
    assert not conf.references.missing()  # guests is not there, but nothing reads sip.conf
    drawn = str(conf.map())
    assert "SIP/100" in drawn
    assert "SIP/prov" in drawn


def test_a_phone_of_iax_is_in_force() -> None:
    iax = "[general]\nregister => u:x@192.0.2.7\n[office]\ntype=friend\nhost=dynamic\nallow=ulaw\n"
    phone = Config.from_texts({"iax.conf": iax}).extensions["office"]
    assert (phone.technology, phone.in_force, phone.codecs) == ("iax2", True, ("ulaw",))


def test_a_refused_file_has_no_peers() -> None:
    conf = Config.from_texts({"sip.conf": "[100](gone)\ntype=friend\n"})
    assert not conf.extensions
    assert not conf.chan_sip.loaded


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("u@h", ("u", "h", 5060, "", "s")),
        ("tls://u:p:a@h", ("u", "h", 5061, "a", "s")),
        ("u@d:5070:p:a@h:5080/9~60", ("u", "h", 5080, "a", "9")),
        ('u:"p:q"@[2001:db8::1]', ("u", "[2001:db8::1]", 5060, "", "s")),
        ("u:p", None),
        ("@h", None),
    ],
)
def test_register_lines(line: str, parts: tuple[object, ...] | None) -> None:
    one = read_register(line)
    found = one and (one.user, one.host, one.port, one.auth_user, one.contact_user)
    assert found == parts
