"""What a difference says: kinds, places, causes, impact; how to look for one of them."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from asterconf import (
    CallerID,
    Config,
    Diff,
    Extension,
    Mailbox,
    Queue,
    Secret,
    Trunk,
    diff,
    load,
    map_sites,
    merge,
)
from asterconf.dialplan import DialplanContext, DialplanExtension
from asterconf.differ import differences
from asterconf.errors import ConflictError, LoadError
from asterconf.source import Position
from tests.unit.differ.edits import EDITS, base


def edited(name: str) -> Diff:
    return diff(Config.from_texts(base()), Config.from_texts(new_texts(name)))


def new_texts(name: str) -> dict[str, str]:
    texts = base()
    EDITS[name](texts)
    return texts


def between(old: str, new: str, file: str = "queues.conf") -> Diff:
    return diff(Config.from_texts({file: old}), Config.from_texts({file: new}))


# -- looking ---------------------------------------------------------------------------------------


def test_a_difference_is_a_sequence_of_changes() -> None:
    found = edited("add-a-phone")
    assert [(c.sign, c.kind, c.name) for c in found] == [
        ("+", "extension", "6004"),
        ("~", "queue", "home-phones"),
        ("~", "context", "from-home"),
        ("~", "context", "subscribe"),
    ]
    assert found[0] is next(iter(found))
    assert bool(found)
    assert not found.is_empty
    assert repr(found) == "<Diff: 1 added, 3 changed>"
    assert repr(found[0]) == "<Change + extension 6004 pjsip_wizard.conf:132:1>"


def test_no_difference_is_empty_and_false() -> None:
    found = edited("comments-and-blanks")
    assert found.is_empty
    assert not found
    assert (str(found), repr(found)) == ("no difference", "<Diff: no difference>")


def test_filter_keeps_one_kind_or_one_action() -> None:
    found = edited("add-a-phone")
    assert [c.name for c in found.filter(Extension)] == ["6004"]
    assert [c.name for c in found.filter("context")] == ["from-home", "subscribe"]
    assert [c.name for c in found.filter(action="added")] == ["6004"]
    assert found.filter(Trunk).is_empty


@pytest.mark.parametrize(
    ("edit", "kind", "name", "says"),
    [
        ("another-password", Extension, "6002", "auth/password: secret changed"),
        ("a-phone-gets-another-number", Extension, "6003", "extension 6103 'Smartphone', was 6003"),
        ("a-queue-that-waits-less", Queue, "home-phones", "timeout 30 -> 20"),
        ("formats-of-messages", "section", "general", "maxmsg 100 -> 50"),
        ("a-pin-and-a-mail-address", Mailbox, "6000@default", "email johndoe@example.com -> doe@"),
        ("business-hours", DialplanContext, "closed", "+ context closed"),
        ("a-phone-may-call-no-other", DialplanExtension, "6003", "6003@guests, was 6003@from-home"),
        ("a-gap-in-the-priorities", DialplanExtension, "6001", "priority 2 -> 3"),
    ],
)
def test_about_finds_one_object_by_its_name_now_or_before(
    edit: str, kind: type | str, name: str, says: str
) -> None:
    found = edited(edit)
    assert says in str(found.about(kind, name))
    assert found.about(kind, "nobody").is_empty


def test_objects_of_a_change_are_the_typed_ones() -> None:
    change = edited("a-phone-gets-another-number").about(Extension, "6103")[0]
    assert isinstance(change.old, Extension)
    assert (change.old.number, change.new.number) == ("6003", "6103")
    assert change.new.callerid == CallerID("Smartphone", "6103")
    queue = edited("a-queue-that-waits-less").about(Queue, "home-phones")[0]
    assert (queue.old.timeout, queue.new.timeout) == (30, 20)


def test_typed_objects_stay_those_of_the_comparison() -> None:
    old = Config.from_texts({"queues.conf": "[home]\ntimeout=10\n"})
    new = Config.from_texts({"queues.conf": "[home]\ntimeout=20\n"})
    found = diff(old, new)
    old["queues.conf"]["home"]["timeout"] = "30"
    assert found[0].old.timeout == 10


def test_values_are_typed() -> None:
    (leaf,) = between("[q]\nringinuse=yes\n", "[q]\nringinuse=no\n").leaves()
    assert (leaf.name, leaf.old, leaf.new) == ("ringinuse", True, False)
    leaves = list(edited("another-password").leaves())
    assert [leaf.new for leaf in leaves] == [Secret("a-b3tter-one")]


# -- defaults --------------------------------------------------------------------------------------


def test_saying_the_default_makes_no_difference() -> None:
    assert between("[q]\n", "[q]\ntimeout=15\nringinuse=yes\nmaxlen=0\n").is_empty


def test_the_side_that_says_nothing_is_told() -> None:
    (leaf,) = between("[q]\n", "[q]\ntimeout=20\n").leaves()
    assert (leaf.action, leaf.old, leaf.new, leaf.default_side) == ("changed", 15, 20, "old")


def test_a_default_may_come_from_the_general_section() -> None:
    general = "[general]\nautofill=yes\n"
    assert between(f"{general}[q]\nautofill=yes\n", f"{general}[q]\n").is_empty
    found = between("[general]\nautofill=no\n[q]\nautofill=yes\n", "[general]\nautofill=no\n[q]\n")
    assert [(c.old, c.new) for c in found.leaves()] == [(True, False)]


def test_a_value_that_asterisk_refuses_is_shown_as_it_is() -> None:
    text = "[6001]\ntype=aor\nmax_contacts={}\n"
    (leaf,) = between(text.format("1"), text.format("many"), "pjsip.conf").leaves()
    assert (leaf.old, str(leaf.new)) == (1, "many")


def test_a_value_that_asterisk_ignores_makes_no_difference() -> None:
    assert between("[q]\nstrategy=ringall\n", "[q]\nstrategy=everybody\n").is_empty


# -- places and causes -----------------------------------------------------------------------------


def test_places_are_those_of_the_lines_on_both_sides() -> None:
    found = edited("a-queue-that-waits-less")
    timeout = next(leaf for leaf in found.leaves() if leaf.name == "timeout")
    assert timeout.old_place == Position("queues.conf", 24, 11)
    assert timeout.new_place == Position("queues.conf", 24, 11)
    maxlen = next(leaf for leaf in found.leaves() if leaf.name == "maxlen")
    assert (maxlen.old_place, maxlen.new_place) == (None, Position("queues.conf", 25, 10))


def test_one_line_of_a_template_is_one_edit() -> None:
    (edit,) = edited("codec-order-in-the-template").edits
    assert [owner.name for owner in edit.objects] == ["6001", "6002", "6003"]
    assert (edit.section, edit.cause.reason) == ("extension-defaults", "line")
    assert edit.cause.new == Position("pjsip_wizard.conf", 82, 18)


def test_a_template_more_is_an_edit_of_the_header() -> None:
    (edit,) = edited("phones-inherit-another-template").edits
    assert (edit.cause.reason, edit.section) == ("header", "extension-defaults")
    assert len(edit.objects) == 3
    assert {leaf.name for _, leaf in edit.changes} == {
        "media_encryption", "media_encryption_optimistic",
    }  # fmt: skip


def test_a_variable_is_the_cause_of_what_it_renames() -> None:
    found = edited("the-intercom-on-another-number")
    exten = found.about(DialplanExtension, "7000")[0].parts[0]
    assert exten.old_name == "6000"
    assert exten.cause is not None
    assert exten.cause.reason == "variable"
    assert exten.cause.new == found.about("global", "INTERCOM")[0].new_place


def test_one_line_of_the_wizard_is_one_edit_of_several_options() -> None:
    edits = edited("another-server-of-the-provider").edits
    changed = [{leaf.name for _, leaf in edit.changes} for edit in edits]
    assert {"contact", "client_uri", "server_uri"} in changed


# -- order -----------------------------------------------------------------------------------------

MEMBERS = "member => PJSIP/1\nmember => PJSIP/2\n", "member => PJSIP/2\nmember => PJSIP/1\n"


@pytest.mark.parametrize(
    ("strategy", "differs"),
    [("ringall", False), ("rrmemory", False), ("linear", True), ("rrordered", True)],
)
def test_the_order_of_members_counts_under_some_strategies(strategy: str, differs: bool) -> None:
    old, new = (f"[q]\nstrategy={strategy}\n{members}" for members in MEMBERS)
    assert bool(between(old, new)) is differs


def test_with_order_all_every_order_counts() -> None:
    old, new = (f"[q]\n{members}" for members in MEMBERS)
    texts = [{"queues.conf": f"{text}[r]\n"} for text in (old, new)]
    sides = [Config.from_texts(one) for one in texts]
    assert [c.action for c in diff(*sides, order="all").leaves()] == ["moved"]
    first, last = ({"queues.conf": text} for text in ("[a]\n[b]\n", "[b]\n[a]\n"))
    sides = [Config.from_texts(one) for one in (first, last)]
    assert diff(*sides).is_empty
    assert [(c.action, c.kind) for c in diff(*sides, order="all")] == [("moved", "section")]


def test_networks_are_a_set_and_rules_are_a_list() -> None:
    nets = ("local_net=10.0.0.0/8\nlocal_net=127.0.0.0/8\n", "local_net=127.0.0.0/8,10.0.0.0/8\n")
    head = "[u]\ntype=transport\nbind=0.0.0.0\n"
    assert between(head + nets[0], head + nets[1], "pjsip.conf").is_empty
    rules = ("deny=0.0.0.0/0\npermit=10.0.0.0/8\n", "permit=10.0.0.0/8\ndeny=0.0.0.0/0\n")
    assert not between(f"[a]\n{rules[0]}", f"[a]\n{rules[1]}", "acl.conf").is_empty


# -- impact ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("edit", "effects"),
    [
        ("another-port-to-listen-on", {"bind": ("restart", ())}),
        ("another-public-address", {
            "local_net": ("reload", ("module reload res_pjsip.so",)),
            "external_media_address": ("reload", ("module reload res_pjsip.so",)),
            "external_signaling_address": ("reload", ("module reload res_pjsip.so",)),
        }),
        ("other-ports-for-sound", {"rtpend": ("reload", ("module reload res_rtp_asterisk.so",))}),
        ("another-area-code", {"MY_AREA_CODE": ("reload", ("dialplan reload",))}),
        ("a-module-more", {"load": ("restart", ())}),
    ],
)  # fmt: skip
def test_each_option_has_its_impact(
    edit: str, effects: dict[str, tuple[str, tuple[str, ...]]]
) -> None:
    leaves = edited(edit).leaves()
    assert {leaf.name: (leaf.impact.effect, leaf.impact.commands) for leaf in leaves} == effects


def test_a_transport_that_may_be_reloaded_is() -> None:
    text = "[u]\ntype=transport\nallow_reload=yes\nbind=0.0.0.0:{}\n"
    (leaf,) = between(text.format(5060), text.format(5062), "pjsip.conf").leaves()
    assert leaf.impact.effect == "reload"


def test_a_file_that_nobody_reads_has_no_effect() -> None:
    old, new = {"sip.conf": "[general]\nx=1\n"}, {"sip.conf": "[general]\nx=2\n"}
    (leaf,) = diff(Config.from_texts(old), Config.from_texts(new)).leaves()
    assert leaf.impact.effect == "none"
    assert "removed in Asterisk 21" in leaf.impact.note


def test_a_global_variable_outlives_its_line() -> None:
    text = "[general]\nclearglobalvars={}\n[globals]\n{}"
    for flag, effect in (("no", "restart"), ("yes", "reload")):
        found = between(text.format(flag, "A=1\n"), text.format(flag, ""), "extensions.conf")
        assert [leaf.impact.effect for leaf in found.leaves()] == [effect]


def test_what_nobody_found_out_is_said() -> None:
    old, new = {"mine.conf": "[a]\nx=1\n"}, {"mine.conf": "[a]\nx=2\n"}
    texts = {"modules.conf": "[modules]\nload = mine.so\n"}
    sides = [Config.from_texts({**texts, **side}) for side in (old, new)]
    (leaf,) = diff(*sides).leaves()
    assert leaf.impact.effect == "unknown"
    assert "Unknown what makes it take effect: x of mine.conf [a]" in str(diff(*sides))


# -- files -----------------------------------------------------------------------------------------


def test_both_sides_stay_as_they_are() -> None:
    texts = base()
    old, new = Config.from_texts(texts), Config.from_texts(texts)
    diff(old, new)
    assert {n: str(old[n]) for n in texts} == {n: str(new[n]) for n in texts} == texts


def test_an_included_file_is_no_file_of_its_own() -> None:
    old = {"queues.conf": "[q]\ntimeout=20\n"}
    new = {"queues.conf": "#include more.conf\n", "more.conf": "[q]\ntimeout=20\n"}
    assert diff(Config.from_texts(old), Config.from_texts(new)).is_empty


def test_a_file_that_asterisk_refuses_is_one_change() -> None:
    found = edited("a-file-that-asterisk-refuses")
    assert [(c.action, c.kind, c.name) for c in found] == [("removed", "file", "queues.conf")]
    assert [(c.action, c.kind) for c in found.mirrored()] == [("added", "file")]


@pytest.mark.parametrize("name", EDITS)
def test_a_difference_pickles_and_can_still_be_applied(name: str) -> None:
    found = edited(name)
    again = pickle.loads(pickle.dumps(found))
    assert again == found
    assert again.to_text(details=True) == found.to_text(details=True)
    assert again.to_unified() == found.to_unified()
    assert [(c.old, c.new) for c in again] == [(c.old, c.new) for c in found]
    assert again.edits == found.edits
    assert [pickle.loads(pickle.dumps(change)) for change in found] == list(found)
    conf = Config.from_texts(base())
    with suppress(ConflictError):
        again.apply(conf)
        assert diff(conf, Config.from_texts(new_texts(name))).is_empty


def since_last_year(folder: Path) -> Diff:
    return diff(folder / "old", folder / "new")


def test_a_job_over_many_folders_may_return_differences(tmp_path: Path) -> None:
    for number in (1, 2):
        for side, timeout in (("old", 10), ("new", 10 + number)):
            folder = tmp_path / str(number) / side
            folder.mkdir(parents=True)
            (folder / "queues.conf").write_text(f"[home]\ntimeout = {timeout}\n")
    found = map_sites(since_last_year, sorted(tmp_path.iterdir()))
    assert [str(one).partition("  (")[0] for one in found] == [
        "~ queue home: timeout 10 -> 11", "~ queue home: timeout 10 -> 12",
    ]  # fmt: skip
    assert [one[0].new.timeout for one in found] == [11, 12]


@pytest.mark.parametrize("kind", [str, Path])
def test_two_paths_are_two_folders_or_two_files_of_any_name(tmp_path: Path, kind: Any) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    for folder, timeout in ((old, 10), (new, 20)):
        folder.mkdir()
        (folder / "queues.conf").write_text(f"[home]\ntimeout = {timeout}\n")
    (new / "queues.conf").rename(tmp_path / "copy.conf")
    (new / "queues.conf").write_text((tmp_path / "copy.conf").read_text())
    assert [leaf.new for leaf in diff(kind(old), kind(new)).leaves()] == [20]
    assert [leaf.new for leaf in diff(load(old), kind(new)).leaves()] == [20]
    file = old / "queues.conf"
    assert [leaf.new for leaf in diff(kind(file), kind(tmp_path / "copy.conf")).leaves()] == [20]
    with pytest.raises(LoadError, match="one is a folder, one is a file"):
        diff(kind(old), kind(file))


def test_three_paths_are_merged(tmp_path: Path) -> None:
    for name, text in (
        ("base", "timeout = 10\nretry = 5\n"),
        ("ours", "timeout = 10\nretry = 6\n"),
        ("theirs", "timeout = 20\nretry = 5\n"),
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / "queues.conf").write_text(f"[home]\n{text}")
    found = merge(*(str(tmp_path / name) for name in ("base", "ours", "theirs")))
    assert found.is_clean
    assert pickle.loads(pickle.dumps(found)).config.root == tmp_path / "ours"
    assert str(found.config["queues.conf"]) == "[home]\ntimeout = 20\nretry = 6\n"
    assert "10" in (tmp_path / "ours" / "queues.conf").read_text()


def test_a_conflict_pickles() -> None:
    texts = [{"queues.conf": f"[home]\ntimeout = {number}\n"} for number in (10, 20, 40)]
    found = merge(*map(Config.from_texts, texts))
    again = pickle.loads(pickle.dumps(found.conflicts))
    assert again == found.conflicts
    assert str(again[0]) == "queues.conf:2:11: ~ queue home: timeout 10 -> 40: here it is 20 now"


def test_the_result_stays_when_a_side_is_edited_later() -> None:
    text = "[a]\nexten => s,1,NoOp\nsame => n,Dial(PJSIP/1\n"  # the call is not closed
    pjsip = "[6001]\ntype = endpoint\ncallerid = Hall <6001>\n\n"
    old = Config.from_texts({"extensions.conf": f"; x\n{text}", "pjsip.conf": pjsip})
    new = Config.from_texts({"extensions.conf": "", "pjsip.conf": pjsip.replace("Hall", "Den")})
    found = diff(old, new)
    edits = [(edit.section, edit.place) for edit in found.edits]
    for file, name in (("extensions.conf", "a"), ("pjsip.conf", "6001")):
        old[file].remove_section(old[file][name])
    assert [(edit.section, edit.place) for edit in found.edits] == edits
    assert (found[0].old.name, found[1].old.name) == ("6001", "a")
    assert found.to_unified().startswith("--- a/endpoint 6001 'Den'\n")


# -- impact ----------------------------------------------------------------------------------------


def _facts(found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every fact of the table that says an effect or commands of its own."""
    if {"effect", "commands", "note"} & found.keys():
        yield found
    for key, inner in found.items():
        if key != "asterisk" and isinstance(inner, dict):
            yield from _facts(inner)


def test_every_fact_about_impact_has_a_source() -> None:
    known = list(_facts(dict(differences.facts())))
    assert len(known) > 100
    for fact in known:
        assert fact["source"], fact
        assert fact.get("effect", "reload") in {"reload", "restart", "none"}


# -- differences ----------------------------------------------------------------------------------


def test_differences_are_flat_each_at_its_address() -> None:
    texts = (
        {"queues.conf": "[q]\ntimeout=10\n", "extensions.conf": "[a]\nexten => 1,1,NoOp()\n"},
        {"queues.conf": "[q]\ntimeout=20\n", "extensions.conf": "[a]\nexten => 1,1,Hangup()\n"},
    )
    found = diff(*map(Config.from_texts, texts))
    assert [
        (one.depth, one.address.file, one.address.name, one.address.path)
        for one in found.differences
    ] == [
        (0, "queues.conf", "q", ()),
        (1, "queues.conf", "q", (("option", "timeout"),)),
        (0, "extensions.conf", "a", ()),
        (1, "extensions.conf", "a", (("exten", "1"),)),
        (2, "extensions.conf", "a", (("exten", "1"), ("step", "1"))),
    ]
    assert [(one.old, one.new) for one in found.differences if one.address.called == "timeout"] == [
        (10, 20)
    ]


def test_an_endpoint_has_one_address_whatever_it_is_to_the_house() -> None:
    phone = "[6001]\ntype=endpoint\naors=6001\n\n[6001]\ntype=aor\nmax_contacts=1\n"
    peer = phone.replace("max_contacts=1", "contact=sip:example.com")
    (change,) = diff(*(Config.from_texts({"pjsip.conf": text}) for text in (phone, peer)))
    assert change.kind == "peer"
    assert (change.address.kind, change.address.name) == ("endpoint", "6001")


def test_the_mirror_of_a_renamed_object_has_its_old_addresses() -> None:
    base = "[old]\ntimeout=10\nstrategy=ringall\nretry=7\n"
    there = base.replace("[old]", "[new]")
    found = diff(*(Config.from_texts({"queues.conf": text}) for text in (base, there)))
    (change,) = found.differences
    assert (change.action, change.address.name, change.old_name) == ("renamed", "new", "old")
    (back,) = found.mirrored().differences
    assert (back.action, back.address.name, back.old_name) == ("renamed", "old", "new")
