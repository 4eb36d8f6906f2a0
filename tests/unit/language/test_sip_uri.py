"""SIP URIs, part by part; which are taken was seen on Asterisk 22.10.1."""

from __future__ import annotations

import pytest
from lark import Tree

from asterconf.language import sip_uri
from asterconf.language.sip_uri import SipUri, SipUriError

TAKEN = [
    ("sip:example.com", SipUri("sip", None, None, "example.com", None, ())),
    ("sip:alice@example.com", SipUri("sip", "alice", None, "example.com", None, ())),
    ("SIPS:Alice@Example.COM", SipUri("sips", "Alice", None, "Example.COM", None, ())),
    ("sip:alice:pa:ss@h", None),
    ("sip:alice:pass@h:5060", SipUri("sip", "alice", "pass", "h", 5060, ())),
    ("sip:+1%20(555)@h", SipUri("sip", "+1%20(555)", None, "h", None, ())),
    ("sip:100%@h", SipUri("sip", "100%", None, "h", None, ())),
    ("sip:a;b=c?d/e#f@h", SipUri("sip", "a;b=c?d/e#f", None, "h", None, ())),
    ("sip:[2001:db8::1]:5061", SipUri("sip", None, None, "[2001:db8::1]", 5061, ())),
    ("sip:a_b.c-d", SipUri("sip", None, None, "a_b.c-d", None, ())),
    ("sip:h;lr", SipUri("sip", None, None, "h", None, (("lr", ""),))),
    (
        "sip:a@h;Transport=TCP;lr;x=",
        SipUri("sip", "a", None, "h", None, (("transport", "TCP"), ("lr", ""), ("x", ""))),
    ),
    (
        'sip:a@h;t="a;b\\"c"',
        SipUri("sip", "a", None, "h", None, (("t", '"a;b\\"c"'),)),
    ),
    ("sip:h;ttl=255", SipUri("sip", None, None, "h", None, (("ttl", "255"),))),
    ("sip:h;ttl=0255x", SipUri("sip", None, None, "h", None, (("ttl", "0255x"),))),
    ("sip:h?Subject=x&Priority=", SipUri("sip", None, None, "h", None, ())),
    ("sip:h:1;a=b?c", SipUri("sip", None, None, "h", 1, (("a", "b"),))),
    ("<sip:a@h>", SipUri("sip", "a", None, "h", None, ())),
    ("<SIP:a@h:9;lr \t>", SipUri("sip", "a", None, "h", 9, (("lr", ""),))),
    ("sip:h:65535", SipUri("sip", None, None, "h", 65535, ())),
    ("sip:h:00005060", SipUri("sip", None, None, "h", 5060, ())),
]


@pytest.mark.parametrize(("text", "parts"), TAKEN)
def test_a_uri_is_cut_into_its_parts(text: str, parts: SipUri | None) -> None:
    if parts is None:
        assert not sip_uri.is_uri(text)
    else:
        assert sip_uri.parse(text) == parts
        assert sip_uri.is_uri(text)


SHAPE = "must be a SIP URI such as sip:alice@example.com:5060"
REFUSED = [
    ("", SHAPE),
    ("alice@example.com", SHAPE),
    ("tel:+15551234567", SHAPE),
    ("sip:", SHAPE),
    ("sip:@h", SHAPE),
    ("sip :h", SHAPE),
    ("sip:a@", SHAPE),
    ("sip:ä@h", SHAPE),
    ("<sip:h", SHAPE),
    ("sip:[]", SHAPE),
    ("sip:h:", "cannot have ':' behind the first 5 characters, which are a whole SIP URI"),
    ("sip:h>", "cannot have '>' behind the first 5 characters, which are a whole SIP URI"),
    ("sip:h x", "cannot have ' ' behind the first 5 characters, which are a whole SIP URI"),
    ("sip:a@h;=b", "cannot have ';' behind the first 7 characters, which are a whole SIP URI"),
    ("sip:h:65536", "has a port above 65535"),
    ("sip:h;ttl=256", "has a ttl that is not from 0 to 255"),
    ("sip:h;TTL=x", "has a ttl that is not from 0 to 255"),
]


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_what_is_no_uri_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(SipUriError) as caught:
        sip_uri.parse(text)
    assert str(caught.value) == reason
    assert not sip_uri.is_uri(text)


LONG = [
    ("sip:" + "h" * 245, True),
    ("sip:" + "h" * 246, False),
    ("sip:" + "h" * 255 + ":1", True),
    ("sip:" + "h" * 256 + ":1", False),
    ("sip:" + "u" * 505 + "@h", True),
    ("sip:" + "u" * 506 + "@h", False),
]


@pytest.mark.parametrize(("text", "taken"), LONG)
def test_a_uri_and_its_host_have_a_longest_length(text: str, taken: bool) -> None:
    assert sip_uri.is_uri(text) == taken


def test_a_parameter_is_asked_for_by_its_name_in_lower_case() -> None:
    uri = sip_uri.parse("sip:h;Transport=tls;lr;transport=udp")
    assert uri.param("transport") == "tls"
    assert uri.param("lr") == ""
    assert uri.param("maddr") == ""


def test_the_password_of_a_uri_is_not_printed() -> None:
    assert "geheim" not in repr(sip_uri.parse("sip:alice:geheim@h"))


def test_the_tree_of_a_uri_has_its_parts_by_name() -> None:
    tree = sip_uri.tree("sip:a:b@h:5;lr?x=y")
    parts = [str(node.data) for node in tree.children if isinstance(node, Tree)]
    assert parts == ["user", "password", "host", "port", "param", "headers"]
    assert "".join(map(str, tree.scan_values(lambda _: True))) == "sip:a:b@h:5;lr?x=y"
