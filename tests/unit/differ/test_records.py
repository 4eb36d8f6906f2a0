"""A difference as rows of a table, and as a DataFrame; secrets are never in it."""

from __future__ import annotations

import json

import pytest

from asterconf import Config, Diff, diff
from tests.unit.differ.edits import EDITS, base

SECRETS = ("s3cret2", "a-b3tter-one", "gar4ge", "1234", "4711", "9876")
KEYS = [
    "action", "kind", "name", "part", "what", "old_name", "old", "new", "secret", "runtime",
    "file", "old_place", "new_place", "effect", "commands", "note",
]  # fmt: skip


def edited(name: str) -> Diff:
    old, new = base(), base()
    EDITS[name](new)
    return diff(Config.from_texts(old), Config.from_texts(new))


@pytest.mark.parametrize("name", EDITS)
def test_all_records_have_the_same_keys_and_no_secret(name: str) -> None:
    found = edited(name)
    for details in (False, True):
        records = found.to_records(details=details)
        assert bool(records) is bool(found)
        assert all(list(record) == KEYS for record in records)
        text = json.dumps(records)
        assert [secret for secret in SECRETS if secret in text] == []


def test_a_record_is_an_option_with_its_values() -> None:
    records = edited("a-pin-and-a-mail-address").to_records()
    assert [(r["part"], r["what"], r["old"], r["new"], r["secret"]) for r in records] == [
        ("initial_pin", "option", "********", "********", True),
        ("email", "option", "johndoe@example.com", "doe@example.com", False),
        ("attach", "option", True, False, False),
    ]
    assert {r["name"] for r in records} == {"6000@default"}
    assert {r["commands"] for r in records} == {"module reload app_voicemail.so"}
    assert records[0]["old_place"] == "voicemail.conf:48"


def test_what_came_is_one_record_unless_for_details() -> None:
    found = edited("add-a-phone")
    records = found.to_records()
    assert [(r["action"], r["kind"], r["name"], r["part"], r["what"]) for r in records] == [
        ("added", "extension", "6004", "", ""),
        ("added", "queue", "home-phones", "PJSIP/6004", "member"),
        ("added", "context", "from-home", "6004", "exten"),
        ("added", "context", "subscribe", "6004", "exten"),
    ]
    assert records[0]["new_place"] == "pjsip_wizard.conf:132"
    told = {r["part"]: r["new"] for r in found.to_records(details=True)}
    assert told["callerid"] == "Garage <6004>"
    assert told["auth/password"] == "********"
    assert told["6004/1"] == {"priority": 1, "app": "Dial", "data": "PJSIP/6004"}


def test_a_new_name_is_a_record_and_what_only_follows_it_is_none() -> None:
    records = edited("a-phone-gets-another-number").about("extension", "6103").to_records()
    assert [(r["action"], r["name"], r["old_name"], r["part"]) for r in records] == [
        ("renamed", "6103", "6003", "")
    ]


def test_a_difference_is_a_frame() -> None:
    pytest.importorskip("pandas", reason="pandas is not installed")
    frame = edited("move-to-tls").to_frame()
    assert list(frame.columns) == KEYS
    assert list(frame[frame["kind"] == "trunk"]["part"]) == [
        "transport", "aor/contact", "registration/client_uri", "registration/server_uri",
        "registration/transport",
    ]  # fmt: skip
    assert edited("comments-and-blanks").to_frame().empty
