"""Laws of the wizard: what is expanded folds back, and what folds expands to the same."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from asterconf.bind.writing import expand, fold, options_of
from asterconf.model import ConfigObject, Extension, Trunk
from asterconf.testing.strategies import objects, options


def flags(*names: str) -> dict[str, st.SearchStrategy[bool]]:
    return dict.fromkeys(names, st.booleans())


plain = st.fixed_dictionaries(
    {},
    optional={
        **flags("accepts_auth", "accepts_registrations", "sends_auth", "sends_registrations",
                "sends_line_with_registrations"),
        "remote_hosts": st.sampled_from([("a.example",), ("a.example:5060", "192.0.2.1")]),
        "transport": st.just("udp"),
        "outbound_proxy": st.just("sip:proxy.example"),
        "contact_pattern": st.sampled_from(["", "sip:gw@${REMOTE_HOST}"]),
        "client_uri_pattern": st.sampled_from(["sip:me@${REMOTE_HOST}", "sip:us@example.com"]),
        "server_uri_pattern": st.just("sip:${REMOTE_HOST};transport=tcp"),
        "inbound_auth/username": st.just("in"),
        "inbound_auth/password": st.just("x"),
        "outbound_auth/username": st.just("out"),
        "outbound_auth/password": st.just("y"),
        "outbound_auth/realm": st.just("z"),
        "endpoint/context": options.names,
        "endpoint/allow": st.just(("ulaw",)),
        "endpoint/transport": st.just("tcp"),
        "endpoint/set_var": st.just(("A=1",)),
        "aor/max_contacts": st.integers(1, 2),
        "aor/outbound_proxy": st.just("sip:other.example"),
        "aor/contact": st.just(("sip:c@192.0.2.9",)),
        "identify/match": st.just(("192.0.2.0/24",)),
        "registration/expiration": st.just(120),
        "registration/transport": st.just("tls"),
    },
)  # fmt: skip
wizards = st.builds(
    lambda name, said: ConfigObject("pjsip_wizard.conf", "wizard", name, said),
    options.names,
    plain,
)


def by_kind(made: Any) -> Any:
    return sorted(made, key=lambda one: (one.kind, one.name))


@given(wizards)
def test_what_a_section_makes_folds_into_one_that_makes_the_same(wizard: ConfigObject) -> None:
    made = expand(wizard)
    folded = fold(made)
    if folded is not None:
        assert by_kind(expand(folded)) == by_kind(made)


@given(wizards.filter(lambda w: w["remote_hosts"] and "aor/contact" not in w))
def test_what_needs_nothing_unusual_does_fold(wizard: ConfigObject) -> None:
    usual = {
        "accepts_auth": True, "inbound_auth/username": "in", "inbound_auth/password": "x",
        "sends_auth": True, "outbound_auth/username": "out", "outbound_auth/password": "y",
    }  # fmt: skip
    whole = wizard.evolve(**usual)
    assert fold(expand(whole)) is not None


@given(objects.house_extensions | objects.house_trunks)
def test_extensions_and_trunks_fold_back(thing: Extension | Trunk) -> None:
    made = expand(thing)
    folded = fold(made)
    assert folded is not None
    assert by_kind(expand(folded)) == by_kind(made)
    assert dict(options_of(folded))["type"] == "wizard"
