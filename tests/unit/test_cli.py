"""The command line: what it prints and how it exits."""

import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from asterconf.__main__ import main
from asterconf.cli import COMMANDS, edits, homes
from tests.unit.conftest import Cli

ROOT = Path(__file__).parents[2]
HOME = ROOT / "examples" / "home.toml"


def test_build_prints_the_files_that_it_wrote(cli: Cli, tmp_path: Path) -> None:
    names = ["confbridge.conf", "extensions.conf", "pjsip.conf", "pjsip_wizard.conf",
             "queues.conf", "rtp.conf", "voicemail.conf", ".asterconf/build.toml"]  # fmt: skip
    out = "".join(f"{tmp_path / 'pbx' / name}\n" for name in names)
    assert cli("build", HOME, "--to", tmp_path / "pbx")[:2] == (0, out)
    code, out, err = cli("build", HOME, "--to", tmp_path / "pbx")
    assert (code, out) == (0, f"{tmp_path / 'pbx'}: nothing to change\n")
    assert err == ""


def test_build_complete_adds_what_a_bare_asterisk_needs(cli: Cli, tmp_path: Path) -> None:
    cli("build", HOME, "--to", tmp_path / "pbx")
    code, out, _ = cli("build", HOME, "--to", tmp_path / "pbx", "--complete")
    assert code == 0
    assert str(tmp_path / "pbx" / "modules.conf") in out.split("\n")


def test_a_faulty_description_is_one_message_and_exit_2(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "home.toml"
    path.write_text('owner = "John Doe <+15555555555>"\narea_code = 555\ncolour = "red"\n')
    assert cli("build", path, "--to", tmp_path / "pbx") == (
        2,
        "",
        (
            f"asterconf: {path}:2: area_code: must be text, not 555\n"
            f"{path}:3: colour: is not known here; did you mean country?\n"
        ),
    )
    assert not (tmp_path / "pbx").exists()


def test_an_edited_folder_is_refused_with_exit_2(cli: Cli, tmp_path: Path) -> None:
    cli("build", HOME, "--to", tmp_path)
    (tmp_path / "rtp.conf").write_text("mine")
    assert cli("build", HOME, "--to", tmp_path) == (
        2,
        "",
        (
            f"asterconf: {tmp_path} is not as the last build left it (edited: rtp.conf); "
            "nothing was written\n"
        ),
    )


def test_a_missing_file_is_one_sentence(cli: Cli, tmp_path: Path) -> None:
    assert cli("build", tmp_path / "none.toml", "--to", tmp_path / "pbx") == (
        2,
        "",
        f"asterconf: cannot read {tmp_path / 'none.toml'}: No such file or directory\n",
    )


def test_wrong_usage_exits_with_2(cli: Cli) -> None:
    assert cli("build", HOME)[0] == 2
    assert cli("frobnicate")[0] == 2


def test_version_names_the_program(cli: Cli) -> None:
    code, out, _ = cli("--version")
    assert (code, out.split(" ")[0].rstrip(",")) == (0, "asterconf")


def test_help_lists_every_command_in_sections(cli: Cli) -> None:
    modules = {path.stem for path in Path(edits.__file__).parent.glob("[a-z]*.py")} - {"manual"}
    found = {name: import_module(f"asterconf.cli.{name}") for name in modules}
    several = {name: [*one.COMMANDS] for name, one in found.items() if hasattr(one, "COMMANDS")}
    alone = [name for name, one in found.items() if hasattr(one, "command")]
    assert set(edits.COMMANDS) == set(COMMANDS["Edit"])
    assert set(homes.COMMANDS) == set(COMMANDS["A home PBX"])
    assert sorted(several) == ["call", "dialplan", "edits", "homes", "show"]
    every = [*alone, *(name for names in several.values() for name in names)]
    assert sorted(every) == sorted(name for section in COMMANDS.values() for name in section)
    code, out, _ = cli("--help")
    assert code == 0
    assert out.endswith(
        """\
A home PBX:
  new       Write a commented description to start from.
  build     Build the configuration of a described home.
  plan      Show what a build would change in a folder.
  apply     Build into a folder, keeping what was edited there.
  adopt     Write a description out of the files of a PBX.
  phones    Show what to enter on each phone, or write its files.
  firewall  Show which ports are open to whom.
  runbook   Tell how to install, start, change and watch it.

Any configuration:
  check     Report what is wrong in it.
  explain   Tell what one line means.
  show      Show its objects, or what Asterisk reads from a file.
  dialplan  Show the dialplan that Asterisk loads.
  match     Show which step a call runs, and why.
  call      Run a call on paper: its steps, and how it ends.
  ask       Ask about all calls: who reaches a trunk, and more.
  eval      Show what a text with variables becomes.
  test      Run the tests of a dialplan.
  graph     Draw the dialplan, or what refers to what.
  diff      Compare two configurations by what they mean.
  upgrade   Report what another version of Asterisk reads otherwise.
  migrate   Move it from chan_sip and Macro to what Asterisk 22 has.

Edit:
  get        Print the value of an option.
  set        Let an option have a value.
  unset      Remove an option.
  add        Add a section.
  remove     Remove a section.
  rename     Rename anything in every place that names it.
  include    Let a file include another one.
  restyle    Write an extension or trunk in the other style.
  extension  Add, change or remove an extension.
  trunk      Add, change or remove a trunk.
  queue      Add, change or remove a queue.
  mailbox    Add, change or remove a mailbox.
  step       Add or remove a step of the dialplan.
  edit       Make many edits in one go.
"""
    )


def test_without_rich_one_sentence_and_exit_2(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "rich"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "rich", None)
    home = ROOT / "examples" / "home"
    assert cli("diff", home, home) == (
        2,
        "",
        "asterconf: colours need the extra 'cli': pip install 'asterconf[cli]'\n",
    )


def test_without_click_one_sentence_and_exit_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "click", None)
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == 2
    assert capsys.readouterr().err == (
        "asterconf's command line needs the extra 'cli': pip install 'asterconf[cli]'\n"
    )


def test_the_module_is_the_command(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "asterconf", "build", str(HOME), "--to", str(tmp_path / "pbx")],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0
    assert done.stdout.count(b"\n") == 8


def test_a_name_that_the_console_cannot_show_does_not_matter(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "asterconf", "build", b"caf\xc3\xa9\xff.toml", "--to", "x"],
        cwd=ROOT,
        env={"PYTHONIOENCODING": "ascii", "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, b"")
    told = "asterconf: cannot read café\\xff.toml: No such file or directory\n"
    assert done.stderr.decode() == told


def test_importing_asterconf_stays_cheap() -> None:
    code = (
        "import sys, asterconf, asterconf.home, asterconf.model\n"
        "print([m for m in ('cattrs', 'click', 'rich', 'tomllib') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True, text=True
    )
    assert done.stdout == "[]\n"


def test_show_prints_tables_with_secrets_masked(cli: Cli, tmp_path: Path) -> None:
    cli("build", HOME, "--to", tmp_path)
    code, out, err = cli("show", tmp_path)
    assert (code, err) == (0, "")
    rows = [" ".join(line.split()) for line in out.split("\n") if line.strip(" ─")]
    assert rows[0] == "extensions"
    assert rows[2] == "6001 6001 Living Room <6001> 6001 ******** from-home 6000@default"
    assert "6000@default John Doe johndoe@example.com ********" in rows
    for secret in ("s3cret", "maple-Ferry", "2846"):
        assert secret not in out


def test_show_json_holds_the_objects_with_secrets_masked(cli: Cli, tmp_path: Path) -> None:
    cli("build", HOME, "--to", tmp_path)
    code, out, _ = cli("show", tmp_path, "--json")
    data = json.loads(out)
    assert code == 0
    assert list(data) == ["format", "extensions", "trunks", "queues", "mailboxes", "contexts"]
    assert [e["name"] for e in data["extensions"]] == ["6001", "6002", "6003"]
    assert {e["secret"] for e in data["extensions"]} == {"********"}


def test_show_of_nothing_exits_with_2(cli: Cli, tmp_path: Path) -> None:
    code, out, err = cli("show", tmp_path / "none")
    assert (code, out) == (2, "")
    assert err == f"asterconf: {tmp_path / 'none'} is neither a file nor a directory\n"


VECTORS = ROOT / "tests" / "vectors" / "config"


def test_show_json_of_a_file_has_the_recorded_shape(cli: Cli) -> None:
    names = sorted(path.stem for path in VECTORS.glob("*.json"))
    for name in names:
        code, out, err = cli(
            "show", "--json", "--reveal", VECTORS / f"{name}.conf", "--root", VECTORS
        )
        expected = json.loads((VECTORS / f"{name}.json").read_bytes())
        assert (code, err) == (0 if expected["valid"] else 1, ""), name
        assert out.isascii()
        found = json.loads(out)
        assert set(found) == {"format", "valid", "categories", "diagnostics", "notes"}
        for key in ("valid", "categories", "diagnostics"):
            assert found[key] == expected[key], name
    assert len(names) == 262


def test_show_of_a_file_tells_where_each_value_is_from(cli: Cli) -> None:
    example = ROOT / "examples" / "home"
    code, out, _ = cli("show", example, "pjsip_wizard.conf", "6001")
    assert code == 0
    rows = [line.split() for line in out.split("\n")]
    assert ["endpoint/context", "from-home", "pjsip_wizard.conf:93:25"] in rows
    assert any(
        row[:3] == ["inbound_auth/password", "********", "pjsip_wizard.conf:97:25"] for row in rows
    )
    same = cli("show", example / "pjsip_wizard.conf", "6001")
    assert same[1] == out


def test_show_of_an_option_tells_what_it_hides(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "rtp.conf").write_text("[t](!)\nrtpstart=11000\n[general](t)\nrtpstart=12000\n")
    assert cli("show", tmp_path, "rtp.conf", "general", "rtpstart") == (
        0,
        (
            "[general] rtpstart\n"
            "  11000  (written at rtp.conf:2:1, inherited from [t])\n"
            "  not used: 12000  (written at rtp.conf:4:1)\n"
        ),
        "",
    )


def test_show_of_what_is_not_there_exits_with_1(cli: Cli) -> None:
    example = ROOT / "examples" / "home"
    assert cli("show", example, "sip.conf")[0] == 1
    code, _, err = cli("show", example, "rtp.conf", "nothing")
    assert (code, err) == (1, "asterconf: there is no section [nothing] in rtp.conf\n")
    assert cli("show", example, "rtp.conf", "a", "b", "c")[0] == 2


BAD = "[t]\ntype=endpoint\nrtp_timeout=10s\nwebrtc=maybe\n[a]\ntype=auth\npassword = s3cret\n"


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    (tmp_path / "pjsip.conf").write_text(BAD)
    return tmp_path


def test_check_prints_findings_below_their_lines_and_exits_1(cli: Cli, bad: Path) -> None:
    assert cli("check", bad) == (
        1,
        (
            "pjsip.conf:3:13: error AC405 rtp_timeout must be a whole number, not '10s', which has "
            "a unit, so Asterisk refuses endpoint 't'\n"
            "    rtp_timeout=10s\n"
            "                ^^^\n"
            "  hint: correct it, or remove the line: the default is 0\n"
            "pjsip.conf:4:8: warning AC407 webrtc counts as no, because 'maybe' is neither yes nor "
            "no\n"
            "    webrtc=maybe\n"
            "           ^^^^^\n"
            "  hint: write no if that is meant\n"
            "pjsip.conf:5:1: error AC413 username is missing, so Asterisk refuses auth 'a'\n"
            "    [a]\n"
            "    ^^^\n"
            "  hint: add username = …\n"
            "2 errors, 1 warning\n"
        ),
        "",
    )


def test_check_of_one_file_is_the_same(cli: Cli, bad: Path) -> None:
    assert cli("check", bad / "pjsip.conf") == cli("check", bad)


def test_check_prints_json(cli: Cli, bad: Path) -> None:
    code, out, err = cli("check", bad, "--json")
    assert (code, err) == (1, "")
    found = json.loads(out)["findings"]
    assert [one["code"] for one in found] == ["AC405", "AC407", "AC413"]
    assert set(found[0]) == {
        "tree", "code", "severity", "file", "line", "column", "end_column", "message", "hint",
        "verified", "fingerprint",
    }  # fmt: skip


def test_check_of_a_sound_configuration_exits_0(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "rtp.conf").write_text("[general]\nrtpstart=10000\n")
    assert cli("check", tmp_path) == (0, "no findings\n", "")
    assert cli("check", tmp_path, "--json") == (
        0, '{\n  "format": 1,\n  "findings": []\n}\n', "",
    )  # fmt: skip


def test_check_leaves_certificates_alone_if_told(cli: Cli, tmp_path: Path) -> None:
    text = "[t]\ntype=transport\nbind=127.0.0.1\ncert_file=/nonexistent.pem\n"
    (tmp_path / "pjsip.conf").write_text(text)
    assert cli("check", tmp_path, "--host-files")[0] == 1
    assert cli("check", tmp_path, "--no-host-files") == (0, "no findings\n", "")
    assert cli("check", tmp_path) == (0, "no findings\n", "")


def test_check_of_nothing_exits_2(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "none"
    assert cli("check", path) == (2, "", f"asterconf: {path} is neither a file nor a directory\n")


def test_check_starts_includes_where_told(cli: Cli, tmp_path: Path) -> None:
    inner = tmp_path / "pbx"
    inner.mkdir()
    (inner / "rtp.conf").write_text("#include more.conf\n")
    (tmp_path / "more.conf").write_text("[general]\nrtpstart=x\n")
    assert cli("check", inner / "rtp.conf", "--json")[0] == 1
    _, out, _ = cli("check", inner / "rtp.conf", "--root", tmp_path, "--json")
    assert [(one["code"], one["file"]) for one in json.loads(out)["findings"]] == [
        ("AC602", "more.conf")
    ]


def test_check_shows_no_secret(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "pjsip.conf").write_text("[a]\ntype=auth\nusername=u\nmd5_cred=hunter2\n")
    _, out, _ = cli("check", tmp_path)
    assert "hunter2" not in out
    assert "md5_cred=********" in out


def test_check_of_several_shows_those_with_findings_and_counts_all(
    cli: Cli, tmp_path: Path
) -> None:
    sites = [tmp_path / name for name in ("a", "b", "c")]
    for site in sites:
        site.mkdir()
        (site / "queues.conf").write_text("[q]\nstrategy = ringall\n")
    (sites[1] / "queues.conf").write_text("[q]\nodd\n")
    finding = (
        "queues.conf:2:1: error AC003 line without '=' is skipped: 'odd'\n"
        "    odd\n    ^^^\n  hint: write NAME = VALUE, or put a ; before it\n"
    )
    assert cli("check", *sites) == (
        1, f"{sites[1]}: 1 error\n{finding}\n1 of 3 with findings: 1 error\n", "",
    )  # fmt: skip
    assert cli("check", sites[0], sites[2]) == (0, "2 read: no findings\n", "")

    code, out, err = cli("check", "--json", *sites, tmp_path / "none")
    assert (code, err) == (2, f"asterconf: {tmp_path / 'none'} is neither a file nor a directory\n")
    (one,) = json.loads(out)["findings"]
    assert (one["tree"], one["code"]) == (str(sites[1]), "AC003")


def test_show_masks_the_secrets_in_the_json_of_a_file(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "pjsip.conf").write_text("[a]\ntype=auth\nusername=ann\npassword=s3cret\n")
    _, out, _ = cli("show", "--json", tmp_path, "pjsip.conf")
    assert json.loads(out)["categories"][0]["items"] == [
        ["type", "auth"],
        ["username", "ann"],
        ["password", "********"],
    ]
    _, out, _ = cli("show", "--json", "--reveal", tmp_path, "pjsip.conf", "a", "password")
    assert json.loads(out)["categories"][0]["items"] == [["password", "s3cret"]]


def test_a_migration_that_is_written_exits_with_0(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "extensions.conf").write_text("[a]\nexten => 1,1,NoCDR()\n")
    both = cli("migrate", tmp_path, "--only", "macro,channels")
    assert both == cli("migrate", tmp_path, "--only", "macro", "--only", "channels")
    assert cli("migrate", tmp_path, "--only", "macro,channel")[0] == 2
    assert cli("migrate", tmp_path)[0] == 1
    assert cli("migrate", tmp_path, "--write")[0] == 0
    assert cli("migrate", tmp_path)[0] == 0
