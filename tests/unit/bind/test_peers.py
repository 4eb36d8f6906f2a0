"""What each peer of sip.conf is to the house, and what an extension or trunk keeps of it."""

from __future__ import annotations

import pytest

from asterconf import CallerID, Config, Extension, Trunk

GENERAL = "[general]\ndisallow = all\nallow = ulaw\ncontext = guests\n"


def read(peers: str, general: str = "", plan: str = "") -> Config:
    return Config.from_texts({"sip.conf": GENERAL + general + peers, "extensions.conf": plan})


REGISTERED = "register => me:pw@prov.example/200\n"


@pytest.mark.parametrize(
    ("lines", "general", "role", "reason"),
    [
        ("type=user\nsecret=y\n", "", "peer",
         "its calls are known by their user name, and nothing calls it"),
        ("type=friend\nhost=dynamic\n", "", "extension", "devices may register as this peer"),
        ("type=peer\nhost=dynamic\n", "", "extension", "devices may register as this peer"),
        ("type=friend\n", "", "unknown", "nothing says where it is or how it registers"),
        ("type=peer\nhost=prov.example\n", REGISTERED, "trunk", "we register with it"),
        ("type=peer\nhost=PROV.example\n", REGISTERED, "trunk", "we register with it"),
        ("type=peer\nhost=dynamic\n", "register => me:pw@one\n", "peer",
         "it registers with us and we register with it"),
        ("type=peer\nhost=192.0.2.8\ndefaultuser=u\n", "", "trunk",
         "it has a fixed address, and we log in there"),
        ("type=friend\nhost=192.0.2.8\nremotesecret=r\n", "", "trunk",
         "it has a fixed address, and we log in there"),
        ("type=friend\nhost=192.0.2.8\nfromuser=r\n", "", "trunk",
         "it has a fixed address, and we log in there"),
        ("type=peer\nhost=192.0.2.8\n", "", "trunk",
         "it has a fixed address, and its calls are known by where they come from"),
        ("type=friend\nhost=192.0.2.8\ninsecure=invite\n", "", "trunk",
         "it has a fixed address, and its calls are known by where they come from"),
        ("type=friend\nhost=192.0.2.8\n", REGISTERED, "peer",
         "it has a fixed address, and its calls are known by their user name"),
    ],
)  # fmt: skip
def test_the_role_of_a_peer_has_its_reason(
    lines: str, general: str, role: str, reason: str
) -> None:
    conf = read(f"[one]\n{lines}", general)
    record = conf.endpoints["one"]
    assert (record.role, record.role_reason) == (role, reason)
    assert ("one" in conf.extensions, "one" in conf.trunks) == (
        role == "extension", role == "trunk",
    )  # fmt: skip


def phone(lines: str, plan: str = "") -> Extension:
    return read(f"[200]\ntype=friend\nhost=dynamic\n{lines}", plan=plan).extensions["200"]


def test_a_phone_keeps_what_it_says() -> None:
    found = phone("secret=x\ncallerid=Ann <201>\nmailbox=200@default,300\nsubscribecontext=hints\n")
    assert found.callerid == CallerID("Ann", "201")
    assert (found.auth_user, found.mailbox, found.subscribe_context) == (
        "200", "200@default,300", "hints",
    )  # fmt: skip
    assert found.secret is not None
    assert found.secret.reveal() == "x"
    assert (found.context, found.codecs, found.max_contacts) == ("guests", ("ulaw",), 1)


@pytest.mark.parametrize(
    ("lines", "frequency", "timeout"),
    [
        ("", 0, None),
        ("qualify=no\n", 0, None),
        ("qualify=yes\n", 60, 2.0),
        ("qualify=500\n", 60, 0.5),
        ("qualify=1\n", 60, 0.001),
        ("qualify=yes\nqualifyfreq=30\n", 30, 2.0),
        ("qualifyfreq=30\n", 0, None),
    ],
)
def test_how_often_a_phone_is_asked_whether_it_is_there(
    lines: str, frequency: int, timeout: float | None
) -> None:
    found = phone(lines)
    assert (found.qualify_frequency, found.qualify_timeout) == (frequency, timeout)


@pytest.mark.parametrize(
    ("nat", "symmetric", "rewritten"),
    [
        ("", False, False),
        ("nat=no\n", False, False),
        ("nat=force_rport\n", False, True),
        ("nat=comedia\n", True, False),
        ("nat=force_rport,comedia\n", True, True),
        ("nat=yes\n", True, True),
    ],
)
def test_nat_is_two_settings(nat: str, symmetric: bool, rewritten: bool) -> None:
    found = phone(nat)
    assert (found.rtp_symmetric, found.rewrite_contact) == (symmetric, rewritten)


@pytest.mark.parametrize(
    ("lines", "user"), [("", None), ("secret=x\n", "200"), ("md5secret=abc\n", "200")]
)
def test_a_phone_without_a_password_does_not_log_in(lines: str, user: str | None) -> None:
    assert phone(lines).auth_user == user


def test_encryption_is_sdes() -> None:
    assert phone("encryption=yes\n").media_encryption == "sdes"
    assert phone("encryption=no\n").media_encryption is None


@pytest.mark.parametrize(
    ("plan", "callerid", "number"),
    [
        # what rings it is its number
        ("[h]\nexten => 7,1,Dial(SIP/200)\n", "", "7"),
        # of several, its name, else that of its caller id, else the first
        ("[h]\nexten => 7,1,Dial(SIP/200)\nexten => 200,1,Dial(SIP/200)\n", "", "200"),
        ("[h]\nexten => 7,1,Dial(SIP/200)\nexten => 8,1,Dial(SIP/200)\n", "A <8>", "8"),
        ("[h]\nexten => 7,1,Dial(SIP/200)\nexten => 8,1,Dial(SIP/200)\n", "A <9>", "7"),
        # nothing rings it: its name is one that can be dialled
        ("", "", "200"),
        ("[h]\nexten => 7,1,Dial(SIP/300)\n", "A <9>", "200"),
    ],
)
def test_the_number_of_a_phone_is_what_rings_it(plan: str, callerid: str, number: str) -> None:
    lines = f"callerid={callerid}\n" if callerid else ""
    assert phone(lines, plan).number == number


def test_a_phone_with_a_word_for_a_name_and_nothing_that_rings_it_has_its_caller_id() -> None:
    usual = "type=friend\nhost=dynamic\n"
    conf = read(f"[hall]\n{usual}callerid=Hall <12>\n[attic]\n{usual}")
    assert (conf.extensions["hall"].number, conf.extensions["attic"].number) == ("12", None)


def trunk(lines: str, general: str = "") -> Trunk:
    return read(f"[prov]\ntype=peer\n{lines}", general).trunks["prov"]


def test_a_trunk_that_registers_takes_its_login_from_there() -> None:
    found = trunk("host=prov.example\ndefaultuser=other\nsecret=no\n", REGISTERED)
    assert (found.username, found.contact_user) == ("me", "200")
    assert found.secret is not None
    assert found.secret.reveal() == "pw"
    assert (found.sends_registrations, found.sends_auth) == (True, True)


@pytest.mark.parametrize(
    ("lines", "user", "secret"),
    [
        ("defaultuser=u\nfromuser=f\nremotesecret=r\nsecret=s\n", "u", "r"),
        ("fromuser=f\nsecret=s\n", "f", "s"),
        ("insecure=invite\n", None, None),
    ],
)
def test_a_trunk_without_registration_logs_in_as_the_peer_says(
    lines: str, user: str | None, secret: str | None
) -> None:
    found = trunk(f"host=192.0.2.8\n{lines}")
    assert found.username == user
    assert (found.secret.reveal() if found.secret is not None else None) == secret
    assert (found.sends_registrations, found.sends_auth) == (False, user is not None)


@pytest.mark.parametrize(
    ("lines", "hosts"),
    [
        ("host=192.0.2.8\n", ("192.0.2.8",)),
        ("host=192.0.2.8\nport=5070\n", ("192.0.2.8:5070",)),
        ("host=prov.example\nport=5060\n", ("prov.example:5060",)),
    ],
)
def test_the_address_of_a_trunk_has_the_port_that_is_written(
    lines: str, hosts: tuple[str, ...]
) -> None:
    assert trunk(lines).remote_hosts == hosts


def test_a_trunk_keeps_who_it_says_that_calls() -> None:
    found = trunk("host=h\nfromuser=f\nfromdomain=d\noutboundproxy=px\nsendrpid=rpid\n")
    assert (found.from_user, found.from_domain, found.outbound_proxy, found.send_rpid) == (
        "f", "d", "px", True,
    )  # fmt: skip
    assert trunk("host=h\nsendrpid=pai\n").send_rpid is False
