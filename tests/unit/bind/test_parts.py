"""The table of what a phone or trunk is made of, against the wizard and the schema."""

import pytest

from asterconf import Extension, schema
from asterconf.bind.parts import EXTENSION, KINDS, LINKS, NAMED_BY, PARTS, TRUNK
from asterconf.bind.wizard import PjsipOption, WizardSection
from asterconf.bind.writing import sections_of

WHOLE = (
    ("type", "wizard"),
    ("sends_auth", "yes"),
    ("accepts_auth", "yes"),
    ("sends_registrations", "yes"),
    ("has_phoneprov", "yes"),
    ("remote_hosts", "a.example,b.example"),
    ("inbound_auth/username", "in"),
    ("outbound_auth/username", "out"),
    ("outbound_auth/password", "x"),
    ("phoneprov/MAC", "deadbeef4dad"),
)


def test_the_wizard_makes_every_part_under_the_id_that_the_table_says() -> None:
    section = WizardSection.of("x-reg-1", (PjsipOption(*pair) for pair in WHOLE))
    assert section is not None
    made = [(one.label, one.kind, one.id) for one in section.objects([])]
    assert sorted(made) == [
        ("aor", "aor", "x-reg-1"),
        ("auth", "auth", "x-reg-1-iauth"),
        ("endpoint", "endpoint", "x-reg-1"),
        ("identify", "identify", "x-reg-1-identify"),
        ("outbound_auth", "auth", "x-reg-1-oauth"),
        ("phoneprov", "phoneprov", "x-reg-1-phoneprov"),
        ("registration", "registration", "x-reg-1-reg-0"),
        ("registration", "registration", "x-reg-1-reg-1"),
    ]
    assert {PARTS[label].wizard_of(name) for label, _, name in made} == {"x-reg-1"}


@pytest.mark.parametrize(
    ("line", "made"),
    [
        (("outbound_auth/password", "x"), ["x-oauth", "x-iauth"]),
        (("outbound_auth/bogus", "1"), ["x-oauth"]),
        (("outbound_auth/auth_type", "nonsense"), ["x-oauth"]),
        (("outbound_auth/realm", "no password"), ["x-oauth"]),
    ],
)
def test_a_refused_outbound_auth_stops_the_inbound_one(
    line: tuple[str, str], made: list[str]
) -> None:
    """Observed with `pjsip show auths` on 22.10.1; the registrations are made all the same."""
    pairs = [pair for pair in WHOLE if pair[0] != "outbound_auth/password"]
    section = WizardSection.of("x", (PjsipOption(*pair) for pair in (*pairs, line)))
    assert section is not None
    found = list(section.objects([]))
    assert [one.id for one in found if one.kind == "auth"] == made
    assert [one.id for one in found if one.kind == "registration"] == ["x-reg-0", "x-reg-1"]


@pytest.mark.parametrize("label", ["auth", "outbound_auth", "identify", "registration"])
def test_an_id_of_another_form_is_of_no_wizard(label: str) -> None:
    assert PARTS[label].wizard_of("x") == ""
    assert PARTS[label].wizard_of("") == ""


def test_a_number_behind_an_id_counts_for_registrations_only() -> None:
    assert PARTS["registration"].wizard_of("x-reg-7") == "x"
    assert PARTS["auth"].wizard_of("x-iauth7") == ""


def test_the_options_that_name_parts_are_options_of_their_types() -> None:
    file = schema.file("pjsip.conf")
    assert file is not None
    named = {(PARTS[label].kind, option) for label, links in LINKS.items() for option in links}
    known = {(kind, option) for kind in KINDS for option in file.objects[kind].options}
    assert named <= known
    assert NAMED_BY == {"aor": ("aors",), "auth": ("auth", "outbound_auth")}


def test_the_fields_of_phones_and_trunks_are_options_of_parts_or_of_the_wizard() -> None:
    wizard = schema.file("pjsip_wizard.conf")
    assert wizard is not None
    prefixes = {part.prefix for part in PARTS.values()}
    for option in (*EXTENSION.values(), *TRUNK.values()):
        prefix, slash, _ = option.partition("/")
        assert prefix in prefixes if slash else option in wizard.objects["wizard"].options


def test_a_phone_called_like_a_part_keeps_its_name() -> None:
    phone = Extension("x-identify", auth_user="x", secret="s")
    names = {section.name for section in sections_of(phone, style="primitives")}
    assert names == {"x-identify"}
