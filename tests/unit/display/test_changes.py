"""What a person sees of a difference, of one change or edit, of a merge and of plans."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from asterconf import Config, Diff, HomePBX, Merge, diff, merge
from asterconf.display import html, view
from tests.unit.differ.edits import EDITS, base
from tests.unit.display.markup import Markup

HOME = (Path(__file__).parents[3] / "examples" / "home.toml").read_text()
SECRETS = (
    "s3cret",
    "olive-Tide",
    "2846",
    "a-b3tter",
    "gar4ge",
    "1234",
    "4711",
    "9876",
    "ours-1",
    "theirs-1",
)


def edited(name: str) -> Diff:
    old, new = base(), base()
    EDITS[name](new)
    return diff(Config.from_texts(old), Config.from_texts(new))


def merged() -> Merge:
    """Return a merge in which both sides changed a time and a password."""
    old, ours, theirs = base(), base(), base()
    for texts, time, word in ((ours, "45", "ours-1"), (theirs, "20", "theirs-1")):
        queues = texts["queues.conf"].replace("timeout = 30", f"timeout = {time}")
        texts["queues.conf"] = queues
        texts["pjsip_wizard.conf"] = texts["pjsip_wizard.conf"].replace("s3cret2", word)
    return merge(*(Config.from_texts(texts) for texts in (old, ours, theirs)))


# -- differences -----------------------------------------------------------------------------------


def test_a_difference_is_a_table_with_parts_further_to_the_right() -> None:
    assert str(view(edited("add-a-phone"))) == (
        "Diff  ·  1 added  ·  3 changed\n"
        "  + extension 6004 'Garage'                          pjsip_wizard.conf:132\n"
        "  ~ queue home-phones: + member PJSIP/6004 'Garage'  queues.conf:43\n"
        "  ~ context from-home                                extensions.conf:58\n"
        "      + exten 6004: Dial(PJSIP/6004); Hangup()       extensions.conf:75\n"
        "  ~ context subscribe                                extensions.conf:100 -> 102\n"
        "      + exten 6004: hint PJSIP/6004                  extensions.conf:106\n"
        "  To take effect: module reload res_pjsip.so; module reload app_queue.so; "
        "dialplan reload\n"
    )


def test_an_edit_of_a_template_is_told_once_with_whom_it_affects() -> None:
    seen = Markup(edited("codec-order-in-the-template")._repr_html_())
    assert seen.tables == [
        [
            ["~ 3 extensions: allow g722, ulaw -> ulaw, g722",
             "pjsip_wizard.conf:82 [extension-defaults]"],
            ["6001, 6002, 6003", ""],
        ]
    ]  # fmt: skip


def test_added_removed_and_changed_have_colours_of_their_own() -> None:
    colours = [
        re.findall(r'<span style="[^"]*color:([^"]*)">([+~-])</span>', html(edited(name)))
        for name in ("add-a-phone", "remove-a-phone")
    ]
    found = {sign: colour for pairs in colours for colour, sign in pairs}
    assert set(found) == {"+", "~", "-"}
    assert len(set(found.values())) == 3
    assert all(colour.startswith("color-mix(in srgb,currentColor") for colour in found.values())


def test_no_difference_says_so() -> None:
    conf = Config.from_texts(base())
    assert str(view(diff(conf, conf))) == "no difference\n"


def test_a_long_difference_is_folded_and_a_very_long_one_counted() -> None:
    text = "".join(f"[s{n}]\nstrategy = linear\n" for n in range(300))
    found = diff(Config.from_texts({}), Config.from_texts({"queues.conf": text}))
    seen = Markup(html(found))
    assert seen.folded == ["260 more"]
    assert [len(table) for table in seen.tables] == [40, 160]
    assert "and 100 more, which are not shown here" in seen.words


def test_a_restart_is_told() -> None:
    assert str(view(edited("another-port-to-listen-on"))).endswith(
        "  Needs a restart of Asterisk: bind of transport-udp, transport-tcp\n"
    )


# -- changes and edits -----------------------------------------------------------------------------


def test_a_change_shows_values_before_and_now() -> None:
    change = edited("a-pin-and-a-mail-address")[0]
    assert str(view(change)) == (
        "~ mailbox 6000@default 'John Doe'  ·  changed  ·  voicemail.conf:48\n"
        "                  before               now              at\n"
        "  ~  initial_pin  ********             ********         voicemail.conf:48\n"
        "  ~  email        johndoe@example.com  doe@example.com  voicemail.conf:48\n"
        "  ~  attach       yes (default)        no               voicemail.conf:48\n"
        "  To take effect: module reload app_voicemail.so\n"
    )


def test_parts_with_different_effects_say_which() -> None:
    rows = Markup(html(edited("a-queue-in-order")[0])).tables[0]
    assert rows == [
        ["", "", "before", "now", "at", "takes effect by"],
        ["~", "strategy", "ringall", "linear", "queues.conf:20", "restart Asterisk"],
        ["~", "member PJSIP/6003", "'Smartphone'", "'Smartphone'", "queues.conf:42 -> 41",
         "module reload app_queue.so"],
    ]  # fmt: skip


def test_a_change_of_an_object_that_came_shows_all_that_it_says() -> None:
    rows = Markup(html(edited("add-a-phone").about("extension", "6004")[0])).tables[0]
    assert rows[0] == ["", "", "now", "at"]
    assert ["+", "callerid", "Garage <6004>", "pjsip_wizard.conf:135"] in rows
    assert ["+", "auth/password", "********", "pjsip_wizard.conf:137"] in rows


def test_a_context_shows_its_steps() -> None:
    assert str(view(edited("business-hours")[1])) == (
        "+ context closed  ·  added  ·  extensions.conf:167\n"
        "               now                             at\n"
        "  +  s/step 1  Answer(500)                     extensions.conf:168\n"
        "  +  s/step 2  VoiceMail(${VOICEMAIL_BOX},su)  extensions.conf:169\n"
        "  +  s/step 3  Hangup()                        extensions.conf:170\n"
        "  To take effect: dialplan reload\n"
    )


def test_what_asterisk_may_have_written_is_marked() -> None:
    text = str(view(edited("a-pin-changed-by-phone")[1]))
    assert "Asterisk itself may have written this while it was running.\n" in text


def test_an_edit_shows_each_object_that_it_affects() -> None:
    assert str(view(edited("phones-inherit-another-template").edits[0])) == (
        "Edit of what a section inherits  ·  pjsip_wizard.conf:65 -> 68  ·  "
        "[extension-defaults]  ·  affects 3 objects\n"
        "                                                                before        now\n"
        "  extension 6001 'Living Room'  ~  media_encryption             no (default)  sdes\n"
        "                                ~  media_encryption_optimistic  no (default)  yes\n"
        "  extension 6002 'Kitchen'      ~  media_encryption             no (default)  sdes\n"
        "                                ~  media_encryption_optimistic  no (default)  yes\n"
        "  extension 6003 'Smartphone'   ~  media_encryption             no (default)  sdes\n"
        "                                ~  media_encryption_optimistic  no (default)  yes\n"
    )


# -- merges and plans ------------------------------------------------------------------------------


def test_a_merge_lists_its_conflicts() -> None:
    found = merged()
    assert str(view(found)) == (
        "Merge  ·  2 conflicts: ours stands\n"
        "     of                                               before    wanted    why not"
        "                        at\n"
        "  ~  extension 6002 'Kitchen'  inbound_auth/password  ********  ********  "
        "here it is another secret now  pjsip_wizard.conf:110\n"
        "  ~  queue home-phones         timeout                30        20        "
        "here it is 45 now              queues.conf:24\n"
    )
    assert "wanted" in str(view(found.conflicts[1]))
    assert found.conflicts[1]._repr_html_() == html(found.conflicts[1])


def test_a_clean_merge_says_so() -> None:
    conf = Config.from_texts(base())
    assert str(view(merge(conf, conf, conf))) == "Merge  ·  no conflict\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    HomePBX.from_toml(HOME).write(tmp_path / "pbx")
    return tmp_path / "pbx"


def test_a_plan_shows_changes_conflicts_and_files(folder: Path) -> None:
    path = folder / "extensions.conf"
    path.write_text(path.read_text().replace("RING_TIMEOUT = 25", "RING_TIMEOUT = 40"))
    text = HOME.replace("Kitchen <", "Galley <").replace("ring_seconds = 25", "ring_seconds = 60")
    plan = HomePBX.from_toml(text.replace('intercom = "6000"', "intercom = false")).rebuild(folder)
    shown = str(view(plan)).replace(str(folder), "/pbx")
    assert shown.startswith(
        "Plan  ·  /pbx  ·  0 to create  ·  3 to change  ·  3 to remove  ·  1 conflict\n"
    )
    assert shown.endswith(
        "  1 conflict: what was edited stays\n"
        "       of                             before  wanted  why not            at\n"
        "    ~  global VOICEMAIL_RING_TIMEOUT  25      60      here it is 40 now  "
        "extensions.conf:33\n"
        "  5 files\n"
        "    .asterconf/build.toml  is written\n"
        "    extensions.conf        is written\n"
        "    pjsip_wizard.conf      is written\n"
        "    queues.conf            is written\n"
        "    confbridge.conf        goes\n"
    )
    assert Markup(plan._repr_html_()).folded == ["5 files"]


def test_a_plan_of_nothing_and_one_of_text_only(folder: Path) -> None:
    plan = HomePBX.from_toml(HOME).rebuild(folder)
    assert str(view(plan)) == f"Plan  ·  {folder} is as the description says\n"
    other = HomePBX.from_toml(HOME.replace("Yealink T54W", "Yealink T53W")).rebuild(folder)
    assert "Only text changes, nothing that Asterisk would notice.\n" in str(view(other))


def test_a_plan_for_files_that_no_build_wrote_says_so(tmp_path: Path) -> None:
    (tmp_path / "queues.conf").write_text("[mine]\n")
    seen = Markup(html(HomePBX.from_toml(HOME).rebuild(tmp_path)))
    assert "The folder holds files that no build wrote; nothing can be applied." in seen.words
    assert not seen.folded


def test_a_new_name_shows_edits_and_what_stands_outside() -> None:
    conf = Config.from_texts(base())
    plan = conf.rename(conf.extensions["6002"], "kitchen")
    text = str(view(plan))
    assert text.startswith(
        "Rename Extension '6002' to kitchen  ·  5 edits  ·  4 outside the files\n"
        "  at                     what     before  then\n"
        "  pjsip_wizard.conf:105  section  6002    kitchen\n"
    )
    assert "  outside the files: by hand\n    the phone itself: " in text
    assert plan._repr_html_() == html(plan)


# -- all of them -----------------------------------------------------------------------------------


def things(folder: Path) -> list[object]:
    found: list[object] = []
    for name in EDITS:
        made = edited(name)
        found += [made, *made, *made.edits]
    made_merge = merged()
    conf = Config.from_texts(base())
    text = HOME.replace('"olive-Tide-5568"', '"theirs-1"').replace('"2846"', '"9876"')
    wizard = folder / "pjsip_wizard.conf"
    wizard.write_text(wizard.read_text().replace("= olive-Tide-5568", "= ours-1"))
    plan = HomePBX.from_toml(text).rebuild(folder)
    assert plan.conflicts
    rename = conf.rename(conf.extensions["6002"], "kitchen")
    return [*found, made_merge, *made_merge.conflicts, plan, *plan.conflicts, rename,
            made_merge.conflicts, tuple(edited("another-password"))]  # fmt: skip


def test_no_secret_is_in_a_view_and_all_are_well_made(folder: Path) -> None:
    for thing in things(folder):
        shown = html(thing)
        Markup(shown)
        for text in (shown, str(view(thing)), repr(thing)):
            assert [secret for secret in SECRETS if secret in text] == [], thing


def test_those_who_ask_see_a_secret_that_changed() -> None:
    change = edited("another-password")[0]
    assert "********" in str(view(change))
    text = str(view(change, reveal=True))
    assert "s3cret2" in text
    assert "a-b3tter-one" in text


def test_markup_in_a_file_is_text_in_its_view() -> None:
    evil = "<script>alert(1)</script>\"'&"
    old, new = ({"queues.conf": f"[{evil}]\nmusicclass = {evil}{n}\n"} for n in (1, 2))
    found = diff(Config.from_texts(old), Config.from_texts(new))
    for thing in (found, found[0], found.edits[0]):
        made = html(thing)
        assert "<script>" not in made
        assert evil in Markup(made).words


def test_what_few_look_at_costs_the_others_nothing() -> None:
    code = (
        "import sys, asterconf.display as d, asterconf as a;"
        "d.html(a.Config.from_texts({'queues.conf': '[q]'}));"
        "assert 'asterconf.differ' not in sys.modules;"
        "assert 'asterconf.home' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
