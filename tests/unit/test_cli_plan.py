"""`asterconf plan` and `asterconf apply`, as somebody meets them who knows Terraform."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

import click
import jsonschema  # type: ignore[import-untyped]
import pytest

import asterconf
from asterconf import HomePBX, LoadError
from tests.unit.conftest import Cli

ROOT = Path(__file__).parents[2]
HOME = (ROOT / "examples" / "home.toml").read_text()
SECRETS = ("s3cret", "olive-Tide", "2846", "by-hand", "an-0ther", "4711", "8888")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    path = tmp_path / "home.toml"
    path.write_text(HOME)
    return path


@pytest.fixture
def pbx(tmp_path: Path) -> Path:
    """Return the folder that the home was built into."""
    HomePBX.from_toml(HOME).write(tmp_path / "pbx")
    return tmp_path / "pbx"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert text.count(old) == 1, (old, text.count(old))
    path.write_text(text.replace(old, new))


def texts(folder: Path) -> dict[str, bytes]:
    there = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in there}


GALLEY = ("Kitchen <6002>", "Galley <6002>")
GARAGE = """
[[extensions]]
name = "6004"
callerid = "Garage <6004>"
secret = "4711-door"
phone = "Yealink T31P"

"""


# -- plan ------------------------------------------------------------------------------------------


def test_plan_of_what_is_there_says_so_and_exits_0(cli: Cli, home: Path, pbx: Path) -> None:
    assert cli("plan", home, pbx) == (0, f"{pbx} is as the description says\n", "")


def test_plan_tells_creates_changes_and_removals_with_counts(
    cli: Cli, home: Path, pbx: Path
) -> None:
    edit(home, *GALLEY)
    edit(home, "# All phones share", f"{GARAGE}# All phones share")
    edit(home, 'intercom = "6000"', "intercom = false")
    before = texts(pbx)
    code, out, err = cli("plan", home, pbx)
    assert (code, err) == (1, "")
    assert re.sub(r" {2}\(.*\)$", "", out, flags=re.MULTILINE) == (
        "~ extension 6002 'Galley': callerid Kitchen <6002> -> Galley <6002>\n"
        "+ extension 6004 'Garage'\n"
        "~ queue home-phones\n"
        "    ~ member PJSIP/6002 name Kitchen -> Galley\n"
        "    + member PJSIP/6004 'Garage'\n"
        "- global INTERCOM 6000\n"
        "~ context from-home\n"
        "    + exten 6004: Dial(PJSIP/6004); Hangup()\n"
        "    - exten 6000: Set(CALLERID(all)=Intercom <${EXTEN}>); Page(${STRREPLACE("
        'QUEUE_MEMBER_LIST(${HOME_QUEUE}),",","&")},db(gosub-intercom^s^1),10); Hangup()\n'
        "~ context subscribe\n"
        "    + exten 6004: hint PJSIP/6004\n"
        "- context gosub-intercom\n"
        "- confbridge.conf [general] (restart Asterisk)\n"
        "\n"
        "To take effect: module reload res_pjsip.so; module reload app_queue.so; dialplan reload\n"
        "Needs a restart of Asterisk: confbridge.conf [general]\n"
        "\n"
        "Plan: 1 to create, 4 to change, 3 to remove.\n"
        "Files: .asterconf/build.toml, extensions.conf, pjsip_wizard.conf, queues.conf, "
        "confbridge.conf (goes)\n"
    )
    assert texts(pbx) == before


def test_plan_says_when_only_text_changes(cli: Cli, home: Path, pbx: Path) -> None:
    edit(home, "Yealink T54W", "Yealink T53W")
    code, out, _ = cli("plan", home, pbx)
    assert code == 1
    assert out == (
        "Only text changes, nothing that Asterisk would notice.\n"
        "Plan: 0 to create, 0 to change, 0 to remove.\n"
        "Files: .asterconf/build.toml, pjsip_wizard.conf\n"
    )


def test_plan_into_a_missing_folder_creates_all_and_makes_nothing(
    cli: Cli, home: Path, tmp_path: Path
) -> None:
    code, out, _ = cli("plan", home, tmp_path / "a" / "b")
    assert code == 1
    assert re.search(r"^Plan: [1-9][0-9] to create, 0 to change, 0 to remove\.$", out, re.MULTILINE)
    assert not (tmp_path / "a").exists()


def test_plan_exits_as_all_commands_do(cli: Cli, home: Path, pbx: Path) -> None:
    assert cli("plan", home, pbx)[0] == 0
    edit(home, *GALLEY)
    assert cli("plan", home, pbx)[0] == 1
    missing = cli("plan", home.with_name("none.toml"), pbx)
    assert missing[0] == 2
    assert "none.toml: No such file" in missing[2]


def test_plan_prints_json_as_its_schemas_say(cli: Cli, home: Path, pbx: Path) -> None:
    edit(home, *GALLEY)
    edit(home, "ring_seconds = 25", "ring_seconds = 60")
    edit(pbx / "extensions.conf", "RING_TIMEOUT = 25", "RING_TIMEOUT = 40")
    code, out, _ = cli("plan", "--json", home, pbx)
    assert code == 1
    data = json.loads(out)
    valid(data)
    assert data["counts"] == {"create": 0, "change": 2, "remove": 0}
    assert data["written"] == [".asterconf/build.toml", "pjsip_wizard.conf", "queues.conf"]
    (conflict,) = data["conflicts"]
    assert (conflict["change"]["old"], conflict["change"]["new"]) == ("25", "60")
    assert conflict["reason"] == "here it is 40 now"
    assert conflict["place"]["file"] == "extensions.conf"
    assert not data["foreign"]


def valid(data: dict[str, Any]) -> None:
    plan = json.loads((files("asterconf.home") / "plan.schema.json").read_text("utf-8"))
    diff = json.loads((files("asterconf.differ") / "diff.schema.json").read_text("utf-8"))
    change = {"$defs": diff["$defs"], "$ref": "#/$defs/change"}
    jsonschema.Draft202012Validator(plan).validate(data)
    jsonschema.Draft202012Validator(diff).validate(data["diff"])
    for conflict in data["conflicts"]:
        jsonschema.Draft202012Validator(change).validate(conflict["change"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = [", "home.toml:1: this is no TOML: "),
        ("owner = 3", "home.toml:1: owner: must be text such as 'Kitchen <6002>', not 3"),
        (HOME + "nonsense = 1\n", "nonsense"),
    ],
)
@pytest.mark.parametrize("verb", ["plan", "apply"])
def test_a_description_that_is_none_exits_2(
    cli: Cli, home: Path, pbx: Path, verb: str, text: str, said: str
) -> None:
    home.write_text(text)
    before = texts(pbx)
    code, out, err = cli(verb, home, pbx)
    assert (code, out) == (2, "")
    assert said in err
    assert texts(pbx) == before


def test_a_folder_that_is_a_file_exits_2(cli: Cli, home: Path) -> None:
    assert cli("plan", home, home) == (2, "", f"asterconf: {home} is not a folder\n")
    code, _, err = cli("apply", "--yes", home, home / "below")
    assert code == 2
    assert err == f"asterconf: cannot write {home}: File exists\n"


# -- apply -----------------------------------------------------------------------------------------


def test_apply_creates_a_folder_as_build_does(cli: Cli, home: Path, tmp_path: Path) -> None:
    code, out, _ = cli("apply", "--yes", home, tmp_path / "new")
    assert code == 0
    HomePBX.from_toml(HOME).write(tmp_path / "other")
    assert texts(tmp_path / "new") == texts(tmp_path / "other")
    saved = re.findall(r"^saved (.*)$", out, re.MULTILINE)
    assert sorted(saved) == sorted(str(tmp_path / "new" / n) for n in texts(tmp_path / "new"))


def test_apply_saves_with_backups_and_says_what(cli: Cli, home: Path, pbx: Path) -> None:
    edit(home, *GALLEY)
    edit(home, 'intercom = "6000"', "intercom = false")
    before = texts(pbx)
    code, out, err = cli("apply", "--yes", home, pbx)
    assert (code, err) == (0, "")
    assert out.endswith(
        f"\n\nsaved {pbx}/.asterconf/build.toml (before: build.toml.bak)\n"
        f"saved {pbx}/extensions.conf (before: extensions.conf.bak)\n"
        f"saved {pbx}/pjsip_wizard.conf (before: pjsip_wizard.conf.bak)\n"
        f"saved {pbx}/queues.conf (before: queues.conf.bak)\n"
        f"removed {pbx}/confbridge.conf (before: confbridge.conf.bak)\n"
    )
    after = texts(pbx)
    for name in ("extensions.conf", "pjsip_wizard.conf", "queues.conf", "confbridge.conf"):
        assert after[f"{name}.bak"] == before[name]
    assert "confbridge.conf" not in after
    assert cli("plan", home, pbx)[0] == 0


def test_apply_keeps_no_backup_if_told(cli: Cli, home: Path, pbx: Path) -> None:
    edit(home, *GALLEY)
    edit(home, 'intercom = "6000"', "intercom = false")
    code, out, _ = cli("apply", "--yes", "--no-backup", home, pbx)
    assert code == 0
    assert "before:" not in out
    fresh = HomePBX.from_toml(home.read_text())
    fresh.write(pbx.parent / "fresh")
    assert texts(pbx) == texts(pbx.parent / "fresh")


def test_apply_of_nothing_writes_nothing(cli: Cli, home: Path, pbx: Path) -> None:
    before = texts(pbx)
    assert cli("apply", home, pbx) == (0, f"{pbx} is as the description says\n", "")
    assert texts(pbx) == before


def test_apply_keeps_what_was_edited_by_hand(cli: Cli, home: Path, pbx: Path) -> None:
    edit(pbx / "queues.conf", "timeout = 30", "timeout = 45 ; slow legs")
    (pbx / "musiconhold.conf").write_text("[mine]\nmode = files\n")
    edit(home, *GALLEY)
    code, out, _ = cli("apply", "--yes", home, pbx)
    assert code == 0
    assert "timeout 45" not in out
    queues = (pbx / "queues.conf").read_text()
    assert "timeout = 45 ; slow legs\n" in queues
    assert "member => PJSIP/6002,0,Galley,PJSIP/6002\n" in queues
    assert (pbx / "musiconhold.conf").read_text() == "[mine]\nmode = files\n"
    assert cli("plan", home, pbx)[0] == 0


def test_apply_stops_at_a_conflict_unless_told_to_keep_ours(
    cli: Cli, home: Path, pbx: Path
) -> None:
    edit(home, "ring_seconds = 25", "ring_seconds = 60")
    edit(pbx / "extensions.conf", "RING_TIMEOUT = 25", "RING_TIMEOUT = 40")
    before = texts(pbx)
    for verb in (("plan",), ("apply", "--yes")):
        code, out, err = cli(*verb, home, pbx)
        assert code == 1
        assert re.search(r"conflict: .* RING_TIMEOUT|VOICEMAIL_RING_TIMEOUT 25 -> 60: here", out)
        assert ", 1 conflict.\n" in out
        assert texts(pbx) == before
    assert err == "Nothing was written; --ours keeps what was edited.\n"
    assert cli("apply", "--yes", "--ours", home, pbx)[0] == 0
    assert b"RING_TIMEOUT = 40\n" in texts(pbx)["extensions.conf"]
    assert cli("plan", home, pbx)[0] == 0


EDITED = {
    "queues.conf": ("timeout = 30", "timeout = 31"),
    "pjsip_wizard.conf": ("= Kitchen <6002>", "= Larder <6002>"),
    "voicemail.conf": ("johndoe@example.com", "jd@example.com"),
    "extensions.conf": ("RING_TIMEOUT = 25", "RING_TIMEOUT = 40"),
    "rtp.conf": ("rtpend   = 20999", "rtpend   = 20998"),
}
DESCRIBED = [
    GALLEY, ("johndoe@example.com", "john@example.com"), ("ring_seconds = 25", "ring_seconds = 60"),
    ("[20000, 20999]", "[20000, 20899]"),
    ('intercom = "6000"', 'intercom = { number = "6000", seconds = 20 }'),
]  # fmt: skip
CONFLICTS = [
    ("pjsip_wizard.conf", ("~ extension 6002 'Galley': endpoint/callerid Kitchen <6002> -> "
     "Galley <6002>: here it is Larder <6002> now")),
    ("queues.conf", "~ queue home-phones: timeout 30 -> 20: here it is 31 now"),
    ("voicemail.conf", ("~ mailbox 6000@default 'John Doe': email johndoe@example.com -> "
     "john@example.com: here it is jd@example.com now")),
    ("extensions.conf", "~ global VOICEMAIL_RING_TIMEOUT 25 -> 60: here it is 40 now"),
    ("extensions.conf", ("~ context from-home: exten 6000: step 2 Page(PJSIP/6001,d,10) -> "
     "Page(PJSIP/6001,d,20): here it is something else now")),
    ("rtp.conf", "~ rtp.conf [general]: rtpend 20999 -> 20899: here it is 20998 now"),
]  # fmt: skip


def test_a_line_of_a_conflict_has_place_object_and_option(cli: Cli, home: Path, pbx: Path) -> None:
    for name, swap in EDITED.items():
        edit(pbx / name, *swap)
    page = 'Page(${STRREPLACE(QUEUE_MEMBER_LIST(${HOME_QUEUE}),",","&")},db(gosub-intercom^s^1),10)'
    edit(pbx / "extensions.conf", page, "Page(PJSIP/6002)")
    for swap in DESCRIBED:
        edit(home, *swap)
    home.write_text(home.read_text() + '\n[[queues]]\nname = "home-phones"\ntimeout = 20\n')
    code, out, _ = cli("apply", "--yes", home, pbx)
    assert code == 1
    told = page.removesuffix("10)")
    for name, text in CONFLICTS:
        line = text.replace("Page(PJSIP/6001,d,", told)
        assert re.search(rf"conflict: {re.escape(name)}:\d+:\d+: {re.escape(line)}\n", out), line
    assert out.count("conflict: ") == len(CONFLICTS)


def test_apply_leaves_a_folder_alone_that_no_build_wrote(
    cli: Cli, home: Path, tmp_path: Path
) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "queues.conf").write_text("[mine]\n")
    code, out, _ = cli("plan", home, tmp_path / "etc")
    assert code == 1
    assert out.startswith(f"{tmp_path}/etc holds files that no build wrote; this is how it differs")
    code, out, err = cli("apply", home, tmp_path / "etc")
    assert code == 2
    assert "- queue mine" in out
    assert "holds files that no build wrote; nothing was written" in err
    assert texts(tmp_path / "etc") == {"queues.conf": b"[mine]\n"}


def test_apply_prints_json(cli: Cli, home: Path, pbx: Path) -> None:
    edit(home, *GALLEY)
    code, out, _ = cli("apply", "--json", home, pbx)
    assert code == 2
    code, out, _ = cli("apply", "--json", "--yes", home, pbx)
    assert code == 0
    data = json.loads(out)
    valid(data)
    assert data["saved"] == [
        f"{pbx}/{name}" for name in ("pjsip_wizard.conf", "queues.conf", ".asterconf/build.toml")
    ]
    again = json.loads(cli("apply", "--json", "--yes", home, pbx)[1])
    assert (again["pending"], again["saved"]) == (False, [])


# -- who is asked ----------------------------------------------------------------------------------


def command(*args: object, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "asterconf", *map(str, args)],
        capture_output=True, text=True, check=False, timeout=60,
        env={**os.environ, "PYTHONPATH": str(ROOT)}, **options,
    )  # fmt: skip


@pytest.mark.parametrize("given", [{"stdin": subprocess.DEVNULL}, {"input": "y\n"}])
def test_apply_refuses_where_nobody_can_be_asked(
    home: Path, pbx: Path, given: dict[str, Any]
) -> None:
    edit(home, *GALLEY)
    before = texts(pbx)
    done = command("apply", home, pbx, **given)
    assert done.returncode == 2
    assert "Plan: 0 to create, 2 to change, 0 to remove.\n" in done.stdout
    assert done.stderr == (
        "asterconf: this is no terminal, so nobody can be asked; nothing was written. "
        "Say --yes to apply the plan\n"
    )
    assert texts(pbx) == before


@pytest.fixture
def terminal(home: Path, pbx: Path) -> Iterator[Any]:
    """Start `asterconf apply` in a terminal, and wait until it asks."""
    pexpect = pytest.importorskip("pexpect", reason="pexpect is not installed")
    edit(home, *GALLEY)
    child = pexpect.spawn(
        sys.executable, ["-m", "asterconf", "apply", str(home), str(pbx)],
        env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm"}, encoding="utf-8", timeout=60,
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # as in a shell
    )  # fmt: skip
    child.expect_exact("Apply this? [y/N]: ")
    yield child
    child.close(force=True)


def ended(child: Any) -> tuple[int, str]:
    import pexpect  # type: ignore[import-untyped]

    child.expect(pexpect.EOF)
    child.close()
    return child.exitstatus, child.before.replace("\r", "")


def test_apply_goes_on_after_yes(terminal: Any, pbx: Path) -> None:
    assert "\x1b[33m~ extension 6002 'Galley'" in terminal.before  # in colour
    terminal.sendline("y")
    code, out = ended(terminal)
    assert code == 0
    assert f"saved {pbx}/queues.conf (before: queues.conf.bak)\n" in out
    assert b"Galley" in texts(pbx)["queues.conf"]


@pytest.mark.parametrize("keys", ["n\n", "\n", "\x03", "\x04"])
def test_apply_stops_after_no_and_when_interrupted(terminal: Any, pbx: Path, keys: str) -> None:
    before = texts(pbx)
    terminal.send(keys)
    code, out = ended(terminal)
    assert code == 1
    assert out.endswith("Nothing was written.\n")
    assert texts(pbx) == before


# -- when it goes wrong ----------------------------------------------------------------------------


@pytest.mark.parametrize("stop", [KeyboardInterrupt, OSError(28, "No space left on device")])
@pytest.mark.parametrize("after", [0, 1, 2])
def test_a_stop_half_way_leaves_all_as_it_was(
    cli: Cli, home: Path, pbx: Path, monkeypatch: pytest.MonkeyPatch, after: int, stop: Any
) -> None:
    edit(home, *GALLEY)
    edit(home, 'intercom = "6000"', "intercom = false")
    before = texts(pbx)
    done: list[Path] = []
    real = Path.replace

    def replace(self: Path, target: Path) -> Path:
        if not str(target).endswith(".bak") and not self.name.endswith(".old"):
            if len(done) == after:
                done.append(self)
                raise stop
            done.append(self)
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    code, out, _ = cli("apply", "--yes", home, pbx)
    monkeypatch.undo()
    assert len(done) == after + 1
    assert code == 2
    assert "saved" not in out
    after_all = {name: data for name, data in texts(pbx).items() if not name.endswith(".bak")}
    assert after_all == before
    assert cli("apply", "--yes", home, pbx)[0] == 0
    assert cli("plan", home, pbx)[0] == 0


def test_a_file_that_is_edited_while_one_reads_the_plan_is_not_overwritten(
    home: Path, pbx: Path
) -> None:
    edit(home, *GALLEY)
    edit(home, 'intercom = "6000"', "intercom = false")
    plan = HomePBX.from_toml(home).rebuild(pbx)
    edit(pbx / "queues.conf", "timeout = 30", "timeout = 31")
    before = texts(pbx)
    with pytest.raises(LoadError, match=r"queues.conf changed on disk since it was read"):
        plan.apply()
    assert texts(pbx) == before


READ = [Path(str(module.__file__)).parent for module in (asterconf, click)]


@contextmanager
def nobody() -> Iterator[None]:
    """Do without the rights of root, if one has them."""
    if os.geteuid():
        yield
        return
    os.setegid(65534)
    os.seteuid(65534)
    try:
        for folder in READ:
            try:
                next(folder.iterdir())
            except PermissionError:
                pytest.skip(f"nobody but root may read {folder}")
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Return a folder that everybody may go into, with a description and what was built of it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        HomePBX.from_toml(HOME).write(folder / "pbx")
        (folder / "home.toml").write_text(HOME.replace(*GALLEY))
        for path in folder.rglob("*"):
            path.chmod(0o555 if path.is_dir() else 0o444)
        yield folder


def test_a_folder_that_cannot_be_written_is_told(cli: Cli, open_folder: Path) -> None:
    way = open_folder / "home.toml", open_folder / "pbx"
    before = texts(open_folder)
    assert cli("plan", *way)[0] == 1
    with nobody():
        assert cli("plan", *way)[0] == 1
        code, out, err = cli("apply", "--yes", *way)
    assert code == 2
    assert "saved" not in out
    assert re.fullmatch(r"asterconf: cannot write .*: Permission denied\n", err)
    assert texts(open_folder) == before


def test_a_folder_that_cannot_be_read_is_told(cli: Cli, open_folder: Path) -> None:
    way = open_folder / "home.toml", open_folder / "pbx"
    assert cli("plan", *way)[0] == 1
    (open_folder / "pbx" / "pjsip_wizard.conf").chmod(0)
    with nobody():
        code, _, err = cli("plan", *way)
    assert code == 2
    assert re.fullmatch(r"asterconf: .*pjsip_wizard\.conf.*: Permission denied\n", err)


# -- secrets ---------------------------------------------------------------------------------------


def test_no_way_shows_a_secret_that_changed(cli: Cli, home: Path, pbx: Path) -> None:
    edit(home, '"olive-Tide-5568"', '"an-0ther-one"')
    edit(home, 'initial_pin = "2846"', 'initial_pin = "8888"')
    edit(home, "# All phones share", f"{GARAGE}# All phones share")
    wizard = pbx / "pjsip_wizard.conf"
    edit(wizard, "password = olive-Tide-5568", "password = by-hand")
    copy = pbx.with_name("copy")
    ways: list[tuple[object, ...]] = [
        ("plan", home, pbx), ("plan", "--details", home, pbx), ("plan", "--json", home, pbx),
        ("apply", "--yes", home, pbx), ("apply", "--yes", "--json", "--ours", home, copy),
    ]  # fmt: skip
    shutil.copytree(pbx, copy)
    for way in ways:
        _, out, err = cli(*way)
        assert [secret for secret in SECRETS if secret in out + err] == [], way
        assert "secret" in out
    assert b"8888" in texts(copy)["voicemail.conf"]
    assert b"by-hand" in texts(copy)["pjsip_wizard.conf"]
