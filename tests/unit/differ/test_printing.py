"""A difference as text, unified diff, Markdown, HTML and JSON; secrets are never in it."""

from __future__ import annotations

import json
from importlib.resources import files

import jsonschema  # type: ignore[import-untyped]
import pytest

from asterconf import Config, Diff, Document, diff
from tests.unit.differ.edits import EDITS, base

SCHEMA = json.loads((files("asterconf.differ") / "diff.schema.json").read_text("utf-8"))
SECRETS = ("s3cret2", "a-b3tter-one", "gar4ge", "1234", "4711", "9876")


def edited(name: str) -> Diff:
    old, new = base(), base()
    EDITS[name](new)
    return diff(Config.from_texts(old), Config.from_texts(new))


@pytest.mark.parametrize("name", EDITS)
def test_json_is_as_its_schema_says(name: str) -> None:
    found = edited(name)
    data = json.loads(json.dumps(found.to_dict()))
    jsonschema.Draft202012Validator(SCHEMA).validate(data)
    assert data["empty"] is found.is_empty
    assert len(data["changes"]) == len(found)


@pytest.mark.parametrize(
    "name",
    ["another-password", "add-a-phone", "a-pin-and-a-mail-address", "a-pin-changed-by-phone"],
)
def test_no_way_of_printing_shows_a_secret(name: str) -> None:
    found = edited(name)
    shown = [
        found.to_text(details=True), found.to_unified(), found.to_markdown(), found.to_html(),
        json.dumps(found.to_dict()), repr(found.changes), str(found.edits), str([*found.leaves()]),
    ]  # fmt: skip
    for text in shown:
        assert [secret for secret in SECRETS if secret in text] == []


def test_a_secret_in_a_value_is_masked_and_its_change_told() -> None:
    old, new = ({"extensions.conf": f"[a]\nexten => 1,1,Authenticate({n})\n"} for n in (1234, 4711))
    found = diff(Config.from_texts(old), Config.from_texts(new))
    assert "step 1 Authenticate(********): secret changed" in str(found)
    assert "4711" not in found.to_unified() + json.dumps(found.to_dict())


def test_details_show_what_objects_say_that_came() -> None:
    text = edited("add-a-phone").to_text(details=True)
    assert "+ extension 6004 'Garage'  (pjsip_wizard.conf:132)\n" in text
    assert "    + callerid Garage <6004>  (pjsip_wizard.conf:135)\n" in text
    assert "        + max_contacts 1  (pjsip_wizard.conf:138)\n" in text


def test_unified_shows_objects_in_the_normal_form_with_context() -> None:
    assert edited("a-queue-that-waits-less").to_unified() == (
        "--- a/queue home-phones\n"
        "+++ b/queue home-phones\n"
        "@@ -1,7 +1,8 @@\n"
        " [home-phones] queue\n"
        " announce-holdtime = no\n"
        " announce-position = no\n"
        "+maxlen = 3\n"
        " member = PJSIP/6001,0,Living Room,PJSIP/6001\n"
        " member = PJSIP/6002,0,Kitchen,PJSIP/6002\n"
        "-member = PJSIP/6003,0,Smartphone,PJSIP/6003\n"
        "-timeout = 30\n"
        "+member = PJSIP/6003,1,Smartphone,PJSIP/6003\n"
        "+timeout = 20\n"
    )


def test_a_changed_secret_is_seen_in_a_unified_diff() -> None:
    assert "+password = ******** (changed)\n" in edited("another-password").to_unified()


def test_markdown_is_a_list_that_shows_everything_as_it_is() -> None:
    assert edited("another-codec-for-one-phone").to_markdown() == (
        "- `~` extension 6002 'Kitchen': allow g722, ulaw -&gt; alaw"
        " <sub>pjsip\\_wizard.conf:109</sub>\n"
        "\n"
        "To take effect: module reload res\\_pjsip.so\n"
    )


def test_html_is_the_notebooks_view_and_escapes() -> None:
    old, new = ({"foo.conf": f"[<b>]\nx={n}\n"} for n in "12")
    html = diff(Config.from_texts(old), Config.from_texts(new))._repr_html_()
    assert "&lt;b&gt;" in html
    assert "<b>" not in html


def test_many_affected_objects_are_not_all_named() -> None:
    phones = "".join(f"[{n}](t)\ntype=aor\n" for n in range(100, 130))
    text = "[t](!)\nmax_contacts={}\n" + phones
    old, new = ({"pjsip.conf": text.format(n)} for n in (1, 2))
    told = str(diff(Config.from_texts(old), Config.from_texts(new))).split("\n")
    assert told[0] == "~ 30 aors: max_contacts 1 -> 2  (pjsip.conf:2 [t])"
    assert told[1].strip() == (
        "100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111 and 18 more"
    )


def test_the_textual_difference_of_documents_masks_secrets() -> None:
    old = Document("[6001]\n; note\ninbound_auth/password = one\nx = 1\n", name="a.conf")
    new = Document("[6001]\ninbound_auth/password = two\nx = 1\n", name="a.conf")
    assert old.diff(new) == (
        "--- a/a.conf\n"
        "+++ b/a.conf\n"
        "@@ -1,4 +1,3 @@\n"
        " [6001]\n"
        "-; note\n"
        "-inbound_auth/password = ********\n"
        "+inbound_auth/password = ******** (changed)\n"
        " x = 1\n"
    )
    assert "+inbound_auth/password = two\n" in old.diff(new, reveal=True)
    assert old.diff(old) == ""
