"""PJSIP's own objects out of both files."""

from __future__ import annotations

from asterconf.bind.pjsip import PjsipObjects, collect_objects
from asterconf.resolve import Effective, Files, resolve
from asterconf.syntax import parse


def effective(content: bytes | str, name: str) -> Effective | None:
    return resolve(Files(None, {name: parse(content, name=name)}), name)


def both(wizard: str, pjsip: str) -> PjsipObjects:
    return collect_objects(effective(wizard, "pjsip_wizard.conf"), effective(pjsip, "pjsip.conf"))


def test_pjsip_conf_wins_over_the_wizard_type_by_type() -> None:
    objects = both(
        "[x]\ntype=wizard\nendpoint/context=w\n", "[x]\ntype=endpoint\ncontext=p\naors=x\n"
    )
    assert objects.by_kind["endpoint"]["x"].text("context") == "p"
    assert objects.by_kind["aor"]["x"].wizard == "x"
    assert [(f.code, str(f.position)) for f in objects.diagnostics] == [
        ("AC403", "pjsip_wizard.conf:1:1"),
        ("AC404", "pjsip_wizard.conf:1:1"),
    ]


def test_doubled_section_takes_all_of_its_type_out_of_pjsip_conf() -> None:
    objects = both(
        "[w]\ntype=wizard\naccepts_registrations=yes\n",
        "[a]\ntype=aor\n[a]\ntype=aor\n[b]\ntype=aor\n[a]\ntype=auth\n",
    )
    assert set(objects.by_kind["aor"]) == {"w"}
    assert set(objects.by_kind["auth"]) == {"a"}
    assert [(f.code, f.message) for f in objects.diagnostics] == [
        ("AC401", "aor 'a' is there twice, so no aor of the file loads")
    ]


def test_type_of_pjsip_conf_is_the_first_line_and_exact() -> None:
    objects = both("", "[a]\nTYPE=aor\ntype=auth\n[b]\ntype=Aor\n[t](!)\ntype=aor\n[c](t)\n")
    assert set(objects.by_kind["aor"]) == {"a", "c"}
    assert set(objects.by_kind["auth"]) == set()


def test_auth_without_user_name_is_said_where_it_is_asked_for() -> None:
    objects = both("[x]\ntype=wizard\naccepts_registrations=yes\naccepts_auth=yes\n", "")
    assert [str(finding) for finding in objects.diagnostics] == [
        (
            "pjsip_wizard.conf:4:14: error AC402 'x' needs inbound_auth/username to make its auth\n"
            "  hint: set inbound_auth/username, or turn off what asks for it"
        )
    ]
