"""What the wizard makes of its sections, against what a real Asterisk 22.10.1 made of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from asterconf.bind._objects import Objects, collect
from asterconf.bind._wizard import PjsipObject
from asterconf.resolve import Effective, Files, resolve
from asterconf.syntax import parse

VECTORS = sorted((Path(__file__).parents[2] / "vectors" / "wizard").glob("[0-9]*.conf"))
KINDS = ("endpoint", "aor", "auth", "identify", "registration")

REFUSED = {
    "021": {("endpoint", "t")},
    "022": {("aor", "t")},
    "038": {("auth", "t-iauth")},
}
"""Objects that Asterisk refuses for a bad or missing option: they are made all the same here."""

SHOWN_OTHERWISE = {"rewrite_contact", "rtp_symmetric", "auth_rejection_permanent", "line",
                   "callerid", "allow", "set_var"}  # fmt: skip
"""Options whose value Asterisk does not show as it was written."""

DIFFERENT = {
    ("008", "match"): (
        ["127.0.0.8/255.255.255.255", "127.1.0.0/255.255.0.0"],
        ["127.0.0.8", "127.1.0.0/16"],
    ),
    ("031", "contact"): (
        ["sip:-3--127.0.0.1@127.0.0.1:25901"],
        ["sip:${TOUPPER(abc)}-$[1+2]--${REMOTE_HOST:0:9}@127.0.0.1:25901"],
    ),
}
"""Recorded and ours: a mask in another notation, a pattern that is not evaluated."""


def effective(content: bytes | str, name: str) -> Effective | None:
    return resolve(Files(None, {name: parse(content, name=name)}), name)


def both(wizard: str, pjsip: str) -> Objects:
    return collect(effective(wizard, "pjsip_wizard.conf"), effective(pjsip, "pjsip.conf"))


def test_all_40_recordings_are_there() -> None:
    assert [path.stem for path in VECTORS] == [f"{number:03}" for number in range(1, 41)]


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_wizard_makes_the_recorded_objects(path: Path) -> None:
    recorded = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))["objects"]
    made = collect(effective(path.read_bytes(), "pjsip_wizard.conf"), None)
    ids = {(kind, one.id) for kind in KINDS for one in made.all(kind)}
    assert ids - REFUSED.get(path.stem, set()) == {
        (kind, name) for kind in KINDS for name in recorded.get(kind, {})
    }


def written(one: PjsipObject, option: str, shown: str | list[str]) -> str | list[str]:
    """Return an option as it would be shown: a list sorted, without the mask of one address."""
    if isinstance(shown, str):
        return one.text(option)
    return sorted(part.strip() for o in one.all(option) for part in o.value.split(","))


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_wizard_gives_its_objects_the_recorded_options(path: Path) -> None:
    recorded = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))["objects"]
    made = collect(effective(path.read_bytes(), "pjsip_wizard.conf"), None)
    pairs = [(kind, name) for kind in KINDS for name in recorded.get(kind, {})]
    for kind, name in pairs:
        for option, shown in recorded[kind][name].items():
            if option.startswith("@") or option in SHOWN_OTHERWISE:
                continue
            value = written(made.by_kind[kind][name], option, shown)
            if (path.stem, option) in DIFFERENT:
                assert (shown, value) == DIFFERENT[path.stem, option]
            elif isinstance(shown, list):
                assert value == sorted(item.removesuffix("/255.255.255.255") for item in shown)
            else:
                assert value == shown


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
