"""The commands that edit: what they write, what they refuse, and that nothing else changes."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

import asterconf
from asterconf.cli import COMMANDS, commands, manual
from asterconf.editing.saving import SavedPlan
from asterconf.errors import AmbiguousKeyError, EditError, NotFoundError
from tests.unit.conftest import Cli

QUEUES = """\
[general]
persistentmembers = yes

; what all share
[team](!)
strategy = ringall
timeout = 20

[sales](team) ; the front
retry = 2 ; short
member => PJSIP/301
member => PJSIP/302
"""
PJSIP = """\
[6001]
type = endpoint
auth = 6001
context = home
#include phones.inc

[6001]
type = auth
auth_type = userpass
username = 6001
password = pl4nted
"""
PLAN = """\
[home]
exten => 1,1,Queue(sales)
 same => n,Hangup()
"""


@pytest.fixture
def pbx(tmp_path: Path) -> Path:
    folder = tmp_path / "pbx"
    folder.mkdir()
    texts = {
        "queues.conf": QUEUES, "pjsip.conf": PJSIP, "extensions.conf": PLAN,
        "phones.inc": "; more\n\n[6002]\ntype = endpoint ; desk\ncontext = home\n",
        "rtp.conf": "[ports](!)\nrtpstart = 10000\n[general](ports)\nrtpend = 10100\n",
    }  # fmt: skip
    for name, text in texts.items():
        (folder / name).write_text(text)
    return folder


def changed(pbx: Path, name: str, was: str) -> list[str]:
    """Return the lines that are in a file now, or were, and not the other way round."""
    old, new = was.splitlines(), (pbx / name).read_text().splitlines()
    return [f"-{x}" for x in old if x not in new] + [f"+{x}" for x in new if x not in old]


def test_get_prints_what_asterisk_holds(cli: Cli, pbx: Path) -> None:
    assert cli("get", pbx, "queues.conf", "sales", "timeout") == (0, "20\n", "")
    assert cli("get", pbx, "queues.conf", "sales", "member", "--all")[:2] == (
        0, "PJSIP/301\nPJSIP/302\n",
    )  # fmt: skip
    assert cli("get", pbx, "queues.conf", "sales", "timeout", "--origin")[1] == (
        "queues.conf:7:11\t20\n"
    )
    assert cli("get", pbx, "pjsip.conf", "6002", "context") == (0, "home\n", "")
    assert cli("get", pbx, "phones.inc", "6002", "context") == (0, "home\n", "")


def test_get_says_not_found_with_1_unless_there_is_a_default(cli: Cli, pbx: Path) -> None:
    code, out, err = cli("get", pbx, "queues.conf", "sales", "timout")
    assert (code, out) == (1, "")
    assert err == "asterconf: queues.conf [sales] timout is not set; did you mean timeout?\n"
    assert cli("get", pbx, "queues.conf", "salse", "timeout")[0] == 1
    assert cli("get", pbx, "queue.conf", "sales", "timeout")[2].endswith(
        "there is no file queue.conf; did you mean queues.conf?\n"
    )
    assert cli("get", pbx, "queues.conf", "salse", "x", "--default", "7") == (0, "7\n", "")


def test_get_of_a_secret_prints_stars_and_says_so(cli: Cli, pbx: Path) -> None:
    code, out, err = cli("get", pbx, "pjsip.conf", "6001#2", "password")
    assert (code, out, err) == (
        0, "********\n", "asterconf: this is a secret; --reveal prints it\n",
    )  # fmt: skip
    assert cli("get", pbx, "pjsip.conf", "6001#2", "password", "--reveal") == (0, "pl4nted\n", "")
    data = json.loads(cli("get", pbx, "pjsip.conf", "6001#2", "password", "--json")[1])
    assert data == {
        "format": 1, "masked": True,
        "values": [{"value": "********", "origin": "pjsip.conf:11:12"}],
    }  # fmt: skip


def test_set_changes_the_one_line_that_counts(cli: Cli, pbx: Path) -> None:
    code, out, err = cli("set", pbx, "queues.conf", "sales", "retry", "5")
    assert (code, err) == (0, "")
    assert out == (
        "queues.conf [sales] retry: 2 -> 5; to take effect: module reload app_queue.so\n"
    )
    assert changed(pbx, "queues.conf", QUEUES) == ["-retry = 2 ; short", "+retry = 5 ; short"]


def test_set_overrides_a_template_in_the_section_itself(cli: Cli, pbx: Path) -> None:
    assert cli("set", pbx, "queues.conf", "sales", "timeout", "30")[0] == 0
    text = (pbx / "queues.conf").read_text()
    assert "timeout = 20" in text
    assert text.endswith("\ntimeout => 30\n")
    assert asterconf.load(pbx).queues["sales"].timeout == 30


def test_set_of_a_template_changes_all_that_inherit(cli: Cli, pbx: Path) -> None:
    assert cli("set", pbx, "queues.conf", "team", "timeout", "9")[0] == 0
    assert asterconf.load(pbx).queues["sales"].timeout == 9
    assert changed(pbx, "queues.conf", QUEUES) == ["-timeout = 20", "+timeout = 9"]


def test_set_that_the_first_line_would_hide_is_refused(cli: Cli, pbx: Path) -> None:
    code, out, err = cli("set", pbx, "rtp.conf", "general", "rtpstart", "12000")
    assert (code, out) == (2, "")
    assert err == (
        "asterconf: rtp.conf [general] rtpstart would not be 12000: Asterisk would hold 10000; "
        "[ports] says 10000 at rtp.conf:2:12\n"
    )


def test_options_of_which_every_line_counts(cli: Cli, pbx: Path) -> None:
    code, _, err = cli("set", pbx, "queues.conf", "sales", "member", "PJSIP/303")
    assert code == 2
    assert "stands 2 times: PJSIP/301 (queues.conf:11:11), PJSIP/302 (queues.conf:12:11)" in err
    assert cli("set", pbx, "queues.conf", "sales", "member", "PJSIP/303", "--add")[0] == 0
    assert len(asterconf.load(pbx).queues["sales"].members) == 3
    assert cli("set", pbx, "queues.conf", "sales", "member", "PJSIP/304", "--all")[0] == 0
    assert [m.interface for m in asterconf.load(pbx).queues["sales"].members] == ["PJSIP/304"]
    assert cli("set", pbx, "queues.conf", "sales", "retry", "3", "--add")[0] == 2


def test_unset_removes_own_lines_only(cli: Cli, pbx: Path) -> None:
    assert cli("unset", pbx, "queues.conf", "sales", "timeout")[0] == 2
    assert cli("unset", pbx, "queues.conf", "sales", "nosuch")[0] == 1
    assert cli("unset", pbx, "queues.conf", "sales", "member")[0] == 2
    assert cli("unset", pbx, "queues.conf", "sales", "member", "--all")[0] == 0
    assert changed(pbx, "queues.conf", QUEUES) == [
        "-member => PJSIP/301", "-member => PJSIP/302",
    ]  # fmt: skip


def test_a_section_that_stands_twice_is_called_by_number(cli: Cli, pbx: Path) -> None:
    code, _, err = cli("set", pbx, "pjsip.conf", "6001", "context", "x")
    assert code == 2
    assert "6001#1 (type=endpoint, pjsip.conf:1:1), 6001#2 (type=auth, pjsip.conf:7:1)" in err
    assert cli("set", pbx, "pjsip.conf", "6001#1", "context", "away")[0] == 0
    assert changed(pbx, "pjsip.conf", PJSIP) == ["-context = home", "+context = away"]
    assert cli("get", pbx, "pjsip.conf", "6001#0", "context")[0] == 1
    assert cli("get", pbx, "pjsip.conf", "6001#3", "context")[0] == 1


def test_the_edit_goes_into_the_file_where_the_section_stands(cli: Cli, pbx: Path) -> None:
    assert cli("set", pbx, "pjsip.conf", "6002", "context", "away")[0] == 0
    assert (pbx / "pjsip.conf").read_text() == PJSIP
    assert (pbx / "phones.inc").read_text().endswith("type = endpoint ; desk\ncontext = away\n")


def test_diff_writes_nothing_and_exits_with_1(cli: Cli, pbx: Path) -> None:
    code, out, _ = cli("set", pbx, "pjsip.conf", "6001#2", "password", "0ther", "--diff")
    assert code == 1
    assert "pl4nted" not in out
    assert "0ther" not in out
    assert out.startswith("--- a/pjsip.conf\n+++ b/pjsip.conf\n")
    assert (pbx / "pjsip.conf").read_text() == PJSIP
    assert cli("set", pbx, "queues.conf", "sales", "retry", "2", "--diff")[:2] == (0, "")


def test_a_secret_that_is_set_is_not_printed(cli: Cli, pbx: Path) -> None:
    code, out, err = cli("set", pbx, "pjsip.conf", "6001#2", "password", "0ther")
    assert code == 0
    assert "0ther" not in out + err
    assert "pl4nted" not in out + err


def test_a_misspelt_option_is_written_and_said(cli: Cli, pbx: Path) -> None:
    code, _, err = cli("set", pbx, "queues.conf", "sales", "timeot", "3")
    assert code == 0
    assert "AC524" in err
    assert "did you mean timeout?" in err


@pytest.mark.parametrize("value", ["a\nb", "a\n[x]", "a\0b"])
def test_a_value_of_several_lines_is_refused(cli: Cli, pbx: Path, value: str) -> None:
    assert cli("set", pbx, "queues.conf", "sales", "musicclass", value)[0] == 2
    assert (pbx / "queues.conf").read_text() == QUEUES


@pytest.mark.parametrize("value", ["a;b", "]", "[x](!)", "a,b", "${X}", ";", "#include x", "a=>b"])
def test_any_other_value_is_read_back_as_it_was_given(cli: Cli, pbx: Path, value: str) -> None:
    assert cli("set", pbx, "queues.conf", "sales", "musicclass", value)[0] == 0
    assert cli("get", pbx, "queues.conf", "sales", "musicclass")[1] == f"{value}\n"
    before = asterconf.parse(QUEUES)
    after = asterconf.parse((pbx / "queues.conf").read_text())
    assert [s.name for s in after.sections] == [s.name for s in before.sections]


@pytest.mark.parametrize("name", ["x]\n[y", "x]", "a\nb", ""])
def test_no_section_gets_such_a_name(cli: Cli, pbx: Path, name: str) -> None:
    assert cli("add", pbx, "queues.conf", name)[0] == 2
    assert (pbx / "queues.conf").read_text() == QUEUES


def test_add_puts_a_section_behind_another_one(cli: Cli, pbx: Path) -> None:
    code, out, _ = cli("add", pbx, "queues.conf", "support", "retry=4", "--template", "team",
                       "--after", "team")  # fmt: skip
    assert code == 0
    assert out.startswith("queues.conf: added [support]; to take effect: ")
    text = (pbx / "queues.conf").read_text()
    assert text.index("[support](team)") < text.index("[sales]")
    queue = asterconf.load(pbx).queues["support"]
    assert (queue.timeout, queue.retry) == (20, 4)


def test_add_refuses_what_is_there_and_what_is_not(cli: Cli, pbx: Path) -> None:
    assert cli("add", pbx, "queues.conf", "sales")[0] == 2
    assert cli("add", pbx, "queues.conf", "x", "--template", "taem")[2].endswith(
        "queues.conf has no template [taem]; did you mean team?\n"
    )
    assert cli("add", pbx, "pjsip.conf", "6001", "type=auth")[0] == 2
    assert cli("add", pbx, "pjsip.conf", "6001", "type=aor")[0] == 0
    assert cli("add", pbx, "nosuch.conf", "x")[0] == 1
    assert cli("add", pbx, "queues.conf", "y", "retry")[0] == 2
    assert (pbx / "queues.conf").read_text() == QUEUES


def test_add_makes_a_file_that_asterisk_knows(cli: Cli, pbx: Path) -> None:
    assert cli("add", pbx, "voicemail.conf", "default", "6001=>4711,Ann")[0] == 0
    assert (pbx / "voicemail.conf").exists()


def test_remove_asks_where_something_names_it(cli: Cli, pbx: Path) -> None:
    code, out, err = cli("remove", pbx, "queues.conf", "sales")
    assert (code, out) == (2, "")
    assert err.startswith("extensions.conf:2:20: Queue names it still\n")
    assert (pbx / "queues.conf").read_text() == QUEUES
    assert cli("remove", pbx, "queues.conf", "sales", "--yes")[0] == 0
    assert "[sales]" not in (pbx / "queues.conf").read_text()


def test_remove_takes_one_of_several(cli: Cli, pbx: Path) -> None:
    assert cli("remove", pbx, "pjsip.conf", "6001#2", "--yes")[0] == 0
    text = (pbx / "pjsip.conf").read_text()
    assert "type = endpoint" in text
    assert "type = auth" not in text


def test_rename_finds_every_place(cli: Cli, pbx: Path) -> None:
    code, out, _ = cli("rename", pbx, "sales", "front")
    assert code == 0
    assert out.startswith("renamed sales to front in 2 places; to take effect: ")
    assert "Queue(front)" in (pbx / "extensions.conf").read_text()
    assert cli("rename", pbx, "context:home", "house")[0] == 0
    assert [c.name for c in asterconf.load(pbx).dialplan.contexts] == ["house"]
    assert cli("rename", pbx, "nosuch", "x")[0] == 1
    assert cli("rename", pbx, "queue:nosuch", "x")[0] == 1


def test_rename_lists_the_kinds_where_several_are_called_so(cli: Cli, pbx: Path) -> None:
    with (pbx / "extensions.conf").open("a") as plan:
        plan.write("[sales]\nexten => 2,1,NoOp()\n")
    (pbx / "musiconhold.conf").write_text("[twice]\nmode=files\ndirectory=moh\n")
    with (pbx / "extensions.conf").open("a") as plan:
        plan.write("[twice]\nexten => 2,1,NoOp()\n")
    code, _, err = cli("rename", pbx, "twice", "x")
    assert code == 2
    assert "class:twice, context:twice" in err
    assert cli("rename", pbx, "context:twice", "x")[0] == 0


def test_objects_are_added_changed_and_removed(cli: Cli, pbx: Path) -> None:
    add = ("queue", "add", pbx, "night", "strategy=linear", "timeout=12", "ringinuse=no")
    assert cli(*add)[0] == 0
    queue = asterconf.load(pbx).queues["night"]
    assert (queue.strategy, queue.timeout, queue.ringinuse) == ("linear", 12, False)
    assert cli("queue", "change", pbx, "night", "timeout=14")[0] == 0
    assert asterconf.load(pbx).queues["night"].timeout == 14
    assert cli("queue", "change", pbx, "night", "timeout=x")[:2] == (2, "")
    assert cli("queue", "change", pbx, "night", "timout=1")[0] == 2
    assert cli("queue", "change", pbx, "nihgt", "timeout=1")[0] == 1
    assert cli(*add)[0] == 2
    assert cli("queue", "remove", pbx, "night")[0] == 0
    assert list(asterconf.load(pbx).queues) == ["sales"]


def test_a_phone_and_its_box(cli: Cli, pbx: Path) -> None:
    (pbx / "voicemail.conf").write_text("[default]\n1 => 11,One\n")
    assert cli("mailbox", "add", pbx, "6003", "initial_pin=4711", "name=Hall")[0] == 0
    fields = ("secret=c0ldf1sh", "context=home", "callerid=Hall <6003>", "codecs=g722,ulaw",
              "mailbox=6003@default")  # fmt: skip
    code, out, err = cli("extension", "add", pbx, "6003", *fields)
    assert code == 0
    assert "c0ldf1sh" not in out + err
    conf = asterconf.load(pbx)
    phone = conf.extensions["6003"]
    assert phone.codecs == ("g722", "ulaw")
    assert phone.secret is not None
    assert phone.secret.reveal() == "c0ldf1sh"
    assert conf.mailboxes["6003@default"].name == "Hall"
    assert cli("extension", "change", pbx, "6003", "mailbox=")[0] == 0
    assert asterconf.load(pbx).extensions["6003"].mailbox is None


def test_what_was_done_to_a_phone_is_said_before_what_to_know(cli: Cli, pbx: Path) -> None:
    # The siblings have one contact each, which the new phone gets, too.
    (pbx / "pjsip.conf").write_text(
        "[6001]\ntype=endpoint\nauth=6001\naors=6001\ncontext=home\n[6001]\ntype=auth\n"
        "username=6001\npassword=x\n[6001]\ntype=aor\nmax_contacts=1\n"
    )
    code, out, _ = cli("extension", "add", pbx, "6003", "secret=c0ldf1sh", "context=home")
    assert code == 0
    said, note = out.splitlines()
    assert said.startswith("added Extension '6003' in pjsip.conf; to take effect: ")
    assert note == "  max_contacts is 1, as all others have it"


def test_steps_are_added_and_removed(cli: Cli, pbx: Path) -> None:
    assert cli("step", "add", pbx, "home", "1", "NoOp(x)", "--before", "1")[0] == 0
    assert cli("step", "add", pbx, "home", "2", "Playback(a)", "--label", "again")[0] == 0
    plan = asterconf.load(pbx).dialplan
    assert str(plan["home"]["1"].steps[0]).endswith("NoOp(x)")
    assert plan["home"]["2"].steps[0].label == "again"
    assert cli("step", "remove", pbx, "home", "1", "1")[0] == 0
    assert len(asterconf.load(pbx).dialplan["home"]["1"].steps) == 2
    assert cli("step", "add", pbx, "nohome", "1", "NoOp(x)")[0] == 1
    assert cli("step", "add", pbx, "home", "1", "NoOp(x)\nexten => 9,1,System(x)")[0] == 2


def test_many_edits_are_made_all_or_none(
    cli: Cli, pbx: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = "# the queue\nset queues.conf sales retry 5\n\nqueue change sales 'strategy=rrmemory'\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    code, out, _ = cli("edit", pbx)
    assert code == 0
    assert out.count("app_queue.so") == 1
    queue = asterconf.load(pbx).queues["sales"]
    assert (queue.retry, queue.strategy) == (5, "rrmemory")
    before = (pbx / "queues.conf").read_text()
    for wrong in ("set queues.conf salez retry 6", "set queues.conf", "get queues.conf sales retry",
                  "set queues.conf sales retry 6 --diff", "set queues.conf sales retry 6 --yes",
                  "edit x", "queue", "nosuch", "set 'x"):  # fmt: skip
        script = pbx.parent / "edits"
        script.write_text(f"set queues.conf sales retry 9\n{wrong}\n")
        code, out, err = cli("edit", pbx, script)
        assert (code, out) == (2, "")
        assert err.startswith(f"asterconf: {script}:2: ")
        assert (pbx / "queues.conf").read_text() == before


def test_a_script_that_cannot_be_read_is_one_sentence(cli: Cli, pbx: Path) -> None:
    missing, binary = pbx.parent / "nosuch", pbx.parent / "binary"
    binary.write_bytes(b"set \xff")
    assert cli("edit", pbx, missing) == (
        2, "", f"asterconf: cannot read {missing}: No such file or directory\n",
    )  # fmt: skip
    assert cli("edit", pbx, binary)[2].startswith(f"asterconf: {binary} is not UTF-8: ")


def test_an_exten_of_the_dialplan_is_renamed(cli: Cli, pbx: Path) -> None:
    assert cli("rename", pbx, "exten:1@home", "7")[0] == 0
    assert [one.name for one in asterconf.load(pbx).dialplan["home"].extensions] == ["7"]


def test_json_says_what_was_done(cli: Cli, pbx: Path) -> None:
    data = json.loads(cli("set", pbx, "queues.conf", "sales", "retry", "5", "--json")[1])
    assert data == {
        "format": 1,
        "edits": [{"action": "updated", "notes": ["queues.conf [sales] retry: 2 -> 5"]}],
        "files": ["queues.conf"],
        "effects": ["To take effect: module reload app_queue.so"],
        "findings": [],
    }


def test_a_file_that_asterisk_refuses_is_not_edited(cli: Cli, pbx: Path) -> None:
    with (pbx / "queues.conf").open("a") as file:
        file.write("#include nosuch.conf\n")
    assert cli("set", pbx, "queues.conf", "sales", "retry", "5")[0] == 2
    option = ("set", pbx, "queues.conf", "sales", "retry", "5", "--missing-includes", "ignore")
    assert cli(*option)[0] == 0


def test_what_another_program_writes_is_edited_only_if_asked_for(cli: Cli, pbx: Path) -> None:
    text = f";   Do NOT edit this file as it is auto-generated by FreePBX.\n{QUEUES}"
    (pbx / "queues.conf").write_text(text)
    code, _, err = cli("set", pbx, "queues.conf", "sales", "retry", "5")
    assert code == 2
    assert "FreePBX" in err
    edit = ("set", pbx, "queues.conf", "sales", "retry", "5", "--edit-generated")
    assert cli(*edit)[0] == 0


def test_an_unknown_command_gets_a_hint(cli: Cli, pbx: Path) -> None:
    code, _, err = cli("chek", pbx)
    assert code == 2
    assert "there is no command 'chek'; did you mean check?" in err


def test_the_same_in_python(pbx: Path) -> None:
    conf = asterconf.load(pbx)
    option = conf.option("queues.conf", "sales", "retry")
    assert (option.value, option.values, str(option)) == ("2", ("2",), "queues.conf [sales] retry")
    assert str(option.set("5")) == (
        "updated section 'sales' in queues.conf\n  queues.conf [sales] retry: 2 -> 5"
    )
    with pytest.raises(NotFoundError, match="did you mean retry"):
        _ = conf.option("queues.conf", "sales", "retri").value
    with pytest.raises(AmbiguousKeyError):
        conf.option("pjsip.conf", "6001", "context")
    with pytest.raises(EditError, match="Asterisk would hold 10000"):
        conf.option("rtp.conf", "general", "rtpstart").set("1")
    assert conf.changed == ("queues.conf",)


# -- plans as files --------------------------------------------------------------------------------


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_plan_writes_what_was_reviewed(cli: Cli, pbx: Path) -> None:
    before, plan = contents(pbx), pbx.parent / "plan.json"
    assert cli("rename", pbx, "sales", "front", "--out", plan)[:2] == (
        0, f"{plan}: 2 files to write\n",
    )  # fmt: skip
    assert contents(pbx) == before
    assert plan.stat().st_mode & 0o7 == 0
    code, out, err = cli("apply", plan, "--yes", "--no-backup")
    assert (code, err) == (0, "")
    assert "-[sales](team) ; the front\n+[front](team) ; the front\n" in out
    text = before["extensions.conf"].replace(b"Queue(sales)", b"Queue(front)")
    assert contents(pbx) == before | {
        "extensions.conf": text,
        "queues.conf": before["queues.conf"].replace(b"[sales]", b"[front]"),
    }


def test_a_plan_is_refused_if_a_file_changed(cli: Cli, pbx: Path) -> None:
    plan = pbx.parent / "plan.json"
    cli("rename", pbx, "sales", "front", "--out", plan)
    with (pbx / "queues.conf").open("a") as file:
        file.write("; by hand\n")
    before = contents(pbx)
    code, _, err = cli("apply", plan, "--yes")
    assert code == 2
    assert err == ("asterconf: queues.conf changed since the plan was made; nothing was written\n")
    assert contents(pbx) == before
    with pytest.raises(asterconf.StaleError):
        SavedPlan.read(plan).apply()


def test_a_plan_of_what_became_no_file_is_refused_unopened(cli: Cli, pbx: Path) -> None:
    plan = pbx.parent / "plan.json"
    cli("rename", pbx, "sales", "front", "--out", plan)
    before = contents(pbx)
    (pbx / "queues.conf").unlink()
    os.mkfifo(pbx / "queues.conf")  # reading it would wait for a writer
    why = f"{pbx}/queues.conf is a pipe, a socket or a device"
    assert cli("apply", plan, "--yes")[::2] == (2, f"asterconf: {why}\n")
    with pytest.raises(asterconf.LoadError) as caught:
        SavedPlan.read(plan).apply()
    assert str(caught.value) == why
    (pbx / "queues.conf").unlink()
    assert contents(pbx) == {name: data for name, data in before.items() if name != "queues.conf"}
    (pbx / "queues.conf").mkdir()
    assert cli("apply", plan, "--yes")[::2] == (2, f"asterconf: {pbx}/queues.conf is a folder\n")


def test_a_plan_that_was_carried_out_in_part_is_finished(cli: Cli, pbx: Path) -> None:
    plan = pbx.parent / "plan.json"
    cli("rename", pbx, "sales", "front", "--out", plan)
    before = contents(pbx)
    cli("apply", plan, "--yes", "--no-backup")
    after = contents(pbx)
    (pbx / "queues.conf").write_bytes(before["queues.conf"])  # as if it had been killed here
    code, out, _ = cli("apply", plan, "--yes", "--no-backup")
    assert code == 0
    assert out.endswith(f"{pbx}/extensions.conf is as planned already\nsaved {pbx}/queues.conf\n")
    assert contents(pbx) == after
    assert SavedPlan.read(plan).apply() == ()


def test_an_apply_that_is_interrupted_says_what_was_done(
    cli: Cli, pbx: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = pbx.parent / "plan.json"
    cli("rename", pbx, "sales", "front", "--out", plan)
    before = contents(pbx)
    renames = iter([False, True])
    real = Path.replace

    def replace(path: Path, target: Path) -> Path:
        if target.suffix == ".conf" and next(renames, False):
            raise KeyboardInterrupt
        return real(path, target)

    monkeypatch.setattr(Path, "replace", replace)
    code, _, err = cli("apply", plan, "--yes", "--no-backup")
    assert (code, err) == (2, "asterconf: interrupted; nothing was written\n")
    assert contents(pbx) == before


def test_a_plan_of_diff_makes_one_folder_say_what_the_other_says(cli: Cli, pbx: Path) -> None:
    new, plan = pbx.parent / "new", pbx.parent / "plan.json"
    shutil.copytree(pbx, new)
    cli("set", new, "queues.conf", "sales", "retry", "7")
    (new / "rtp.conf").unlink()
    cli("add", new, "voicemail.conf", "default", "6001=>4711,Ann")
    assert cli("diff", pbx, new, "--out", plan)[0] == 1
    assert cli("apply", plan, "--yes", "--no-backup")[0] == 0
    assert contents(pbx) == contents(new)


def test_a_plan_shows_no_secret_before_it_asks(cli: Cli, pbx: Path) -> None:
    plan = pbx.parent / "plan.json"
    cli("set", pbx, "pjsip.conf", "6001#2", "password", "0ther", "--out", plan)
    code, out, err = cli("apply", plan)
    assert code == 2
    assert "this is no terminal" in err
    assert "pl4nted" not in out + err
    assert "0ther" not in out + err


@pytest.mark.parametrize("name", ["../x", "/etc/x", "", "a/../../x", "a\0"])
def test_a_plan_that_leads_out_of_the_folder_is_none(cli: Cli, pbx: Path, name: str) -> None:
    plan = pbx.parent / "plan.json"
    change = {"name": name, "old": "", "new": "eA=="}
    plan.write_text(json.dumps({"format": 1, "directory": str(pbx), "files": [change]}))
    code, _, err = cli("apply", plan, "--yes")
    assert (code, err) == (2, f"asterconf: {plan} is no plan that this version can apply\n")


@pytest.mark.parametrize("text", ["{", "{}", '{"format": 2}', '{"format": 1, "files": 3}'])
def test_what_is_no_plan_is_said_to_be_none(cli: Cli, pbx: Path, text: str) -> None:
    plan = pbx.parent / "plan.json"
    plan.write_text(text)
    assert "is no plan" in cli("apply", plan, "--yes")[2]


# -- includes and styles ---------------------------------------------------------------------------

PHONE = """\
; the hall
[6003] ; by the door
type = endpoint
context = home ; inside
allow = !all,g722
auth = 6003
aors = 6003
moh_suggest = soft
; its login
[6003]
type = auth
username = 6003
password = pl4nted
[6003]
type = aor
max_contacts = 2
"""


def test_include_adds_a_line_that_can_be_read(cli: Cli, pbx: Path) -> None:
    assert cli("include", pbx, "queues.conf", "more.conf")[0] == 2
    assert (pbx / "queues.conf").read_text() == QUEUES
    (pbx / "more.conf").write_text("[night](team)\n")
    assert cli("include", pbx, "queues.conf", "more.conf")[0] == 0
    assert (pbx / "queues.conf").read_text() == f"{QUEUES}#include more.conf\n"
    assert list(asterconf.load(pbx).queues) == ["sales", "night"]


def test_restyle_changes_the_writing_and_nothing_else(cli: Cli, pbx: Path) -> None:
    (pbx / "pjsip.conf").write_text(PJSIP + PHONE)
    phone = asterconf.load(pbx).extensions["6003"]
    assert cli("restyle", pbx, "6003", "--style", "wizard")[0] == 0
    assert asterconf.load(pbx).extensions["6003"] == phone
    assert (pbx / "pjsip.conf").read_text() == PJSIP
    text = (pbx / "pjsip_wizard.conf").read_text()
    for comment in ("the hall", "by the door", "its login", "context: inside"):
        assert f"; {comment}\n" in text
    assert cli("restyle", pbx, "6003", "--style", "wizard")[0] == 0  # it is already
    assert (pbx / "pjsip_wizard.conf").read_text() == text
    assert cli("restyle", pbx, "6003", "--style", "primitives")[0] == 0
    assert asterconf.load(pbx).extensions["6003"] == phone
    assert "; the hall\n" in (pbx / "pjsip.conf").read_text()
    assert cli("restyle", pbx, "sales", "--style", "wizard")[0] == 2
    assert cli("restyle", pbx, "nosuch", "--style", "wizard")[0] == 1


# -- completion and manual pages -------------------------------------------------------------------


def completed(*words: object) -> list[str]:
    complete = ShellComplete(commands, {}, "asterconf", "_ASTERCONF_COMPLETE")
    *said, begun = map(str, words)
    return [one.value for one in complete.get_completions(said, begun)]


def test_the_shell_completes_commands_files_sections_options_and_names(pbx: Path) -> None:
    assert completed("unse") == ["unset"]
    assert completed("set", pbx, "q") == ["queues.conf"]
    assert completed("get", pbx, "queues.conf", "") == ["general", "team", "sales"]
    assert completed("set", pbx, "queues.conf", "sales", "ret") == ["retry"]
    assert completed("set", pbx, "queues.conf", "sales", "musicc") == ["musicclass"]
    assert completed("rename", pbx, "sal") == ["sales"]
    assert completed("queue", "change", pbx, "s") == ["sales"]
    assert completed("set", pbx, "nosuch.conf", "") == []
    assert completed("set", pbx / "nosuch", "") == []


def test_every_command_has_a_manual_page(tmp_path: Path) -> None:
    pages = {path.name: path.read_text() for path in manual.write(tmp_path)}
    names = {name for section in COMMANDS.values() for name in section}
    assert {f"asterconf-{name}.1" for name in names} | {"asterconf.1"} <= pages.keys()
    assert "asterconf-queue-change.1" in pages
    for text in pages.values():
        heads = [line for line in text.splitlines() if line.startswith(".SH ")]
        assert heads[:3] == [".SH NAME", ".SH SYNOPSIS", ".SH DESCRIPTION"]
        assert all(re.match(r"\.(TH|SH|PP|TP|B)\b", x) for x in text.splitlines() if x[:1] == ".")
    assert ".TP\n\\fB\\-\\-all\\fP\nReplace all lines by this one.\n" in pages["asterconf-set.1"]
