"""Mailboxes."""

from __future__ import annotations

import pytest

from asterconf.bind.voicemail import read_mailboxes
from asterconf.model import Mailbox
from asterconf.resolve import Files, resolve
from asterconf.resolve.bound import BoundObjects
from asterconf.syntax import parse


def read(content: str) -> BoundObjects[Mailbox]:
    return read_mailboxes(resolve(Files(None, {"v": parse(content, name="v")}), "v"))


def test_boxes_are_found_by_address_and_the_first_one_stays() -> None:
    found = read(
        "[general]\naliasescontext=names\n[zonemessages]\na=b|c\n[names]\n1=2@default\n"
        "[default]\n6000 => 1234,John Doe,j@example.com,,,\n6000 => 1,Other\n"
        "6001 => -9,Jane,,p@example.com,attach=no|tz=x,y\n[Default]\n6000 => 3\n[work]\n6000 =>\n"
    )
    assert found.values() == {
        "6000@default": Mailbox("6000", initial_pin="1234", name="John Doe", email="j@example.com"),
        "6001@default": Mailbox(
            "6001",
            initial_pin="-9",
            name="Jane",
            pager="p@example.com",
            options=("attach=no", "tz=x,y"),
        ),
        "6000@work": Mailbox("6000", context="work"),
    }
    assert [(f.code, f.message, f.position and f.position.line) for f in found.diagnostics] == [
        ("AC510", "mailbox '6000@default' is there already, the first one stays", 9),
        ("AC510", "mailbox '6000@Default' is there already, the first one stays", 12),
    ]


def test_every_field_has_the_place_of_the_line() -> None:
    bound = read("[default]\n6000 => 1234,John\n").objects["6000@default"]
    assert {field: str(place) for field, place in bound.places.items()} == {
        "": "v:2:9",
        "initial_pin": "v:2:9",
        "name": "v:2:9",
    }


def test_option_without_equals_sign_is_ignored_and_said() -> None:
    found = read("[default]\n1 => 2,,,,attach|tz=x\n")
    assert found.values()["1@default"].options == ("tz=x",)
    assert [(f.code, f.message) for f in found.diagnostics] == [
        ("AC511", "mailbox '1': 'attach' is no name=value and is ignored")
    ]


def test_name_that_no_box_can_have_is_said() -> None:
    found = read("[default]\na@b => 1\n")
    assert found.values() == {}
    assert [finding.code for finding in found.diagnostics] == ["AC513"]


@pytest.mark.parametrize("header", ["[foo ]", "[ foo]", "[]"])
def test_a_section_that_no_address_can_name_is_said(header: str) -> None:
    found = read(f"{header}\n6001 => 4821\n")
    assert found.values() == {}
    assert [finding.code for finding in found.diagnostics] == ["AC513"]


def test_missing_file_has_no_boxes() -> None:
    assert read_mailboxes(None) == BoundObjects()


def test_a_box_that_begins_with_a_star_is_not_made() -> None:
    """Observed on 22.10.1: `voicemail show users` lists 1*0 and 3 only."""
    found = read("[default]\n*100 => 1,x\n* => 1,w\n1*0 => 1,z\n3 => *1,e\n")
    assert [*found.objects] == ["1*0@default", "3@default"]
    assert [(f.code, f.position.line) for f in found.diagnostics if f.position] == [
        ("AC514", 2), ("AC514", 3), ("AC515", 5),
    ]  # fmt: skip
