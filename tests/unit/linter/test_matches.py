"""By which of several identify objects Asterisk knows a call: the first by name that matches."""

from __future__ import annotations

import pytest

from asterconf import Config

IDENTIFY = """\
[{name}]
type = endpoint
context = c
[{name}]
type = identify
endpoint = {name}
match = {match}
"""


def told(first: tuple[str, str], second: tuple[str, str]) -> list[tuple[int, str]]:
    """Return lines and messages of AC425 about two endpoints, each known by one address."""
    text = "".join(IDENTIFY.format(name=name, match=match) for name, match in (first, second))
    found = Config.from_texts({"pjsip.conf": text}).check(select=["AC425"], host_files=False)
    return [(one.position.line if one.position else 0, one.message) for one in found]


NET, HOST = "127.9.9.0/24", "127.9.9.9"


@pytest.mark.parametrize(
    ("net", "host", "taken"),
    [
        ("a", "b", True),
        ("b", "a", False),
        ("one", "two", True),
        ("x1", "x2", True),
        ("x2", "x1", False),
        ("voip", "jmp", False),
    ],
)
def test_a_network_takes_the_calls_of_an_address_in_it_if_its_name_comes_first(
    *, net: str, host: str, taken: bool
) -> None:
    # Each was called on 22.10.1, with either of them first in the file: only the names count.
    message = f"calls from {HOST} are taken for '{net}' already: only one of both gets them"
    assert told((net, NET), (host, HOST)) == ([(14, message)] if taken else [])
    assert told((host, HOST), (net, NET)) == ([(7, message)] if taken else [])


@pytest.mark.parametrize(
    ("first", "second", "taken"),
    [
        ("192.0.2.7", "192.0.2.7", True),
        ("192.0.2.0/24", "192.0.2.0/24", True),
        ("192.0.2.0/24", "192.0.2.128/25", True),
        ("192.0.2.0/255.255.255.0", "192.0.2.7", True),
        ("192.0.2.128/25", "192.0.2.0/24", False),  # the second has the other half
        ("192.0.2.0/25", "192.0.2.200", False),
        ("192.0.2.0/24", "198.51.100.1", False),
        ("2001:db8::/32", "2001:db8::7", True),
        ("2001:db8::/32", "192.0.2.7", False),
        ("0.0.0.0/0", "2001:db8::7", False),
        ("0.0.0.0/0", "192.0.2.7", True),
        ("::/0", "192.0.2.7", False),
        ("192.0.2.7/24", "192.0.2.8", True),  # the bits behind the mask do not count
        ("sip.example.net", "192.0.2.7", False),  # where a name leads is in no file
        ("192.0.2.0/24", "sip.example.net", False),
        ("sip.example.net", "SIP.example.net", True),
        ("192.0.2.0/24,198.51.100.1", "203.0.113.1,198.51.100.1", True),
    ],
)
def test_one_gets_all_calls_where_the_other_has_none_of_its_own(
    *, first: str, second: str, taken: bool
) -> None:
    assert bool(told(("a", first), ("b", second))) == taken


def test_an_endpoint_may_be_known_by_a_network_and_an_address_in_it() -> None:
    text = IDENTIFY.format(name="a", match=f"{NET},{HOST}")
    assert not Config.from_texts({"pjsip.conf": text}).check(select=["AC425"], host_files=False)
