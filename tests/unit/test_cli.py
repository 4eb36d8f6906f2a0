"""The command line: what it prints and how it exits."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from asterconf.__main__ import main

ROOT = Path(__file__).parents[2]
HOME = ROOT / "examples" / "home.toml"

Cli = Callable[..., tuple[Any, str, str]]


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    def run(*args: object) -> tuple[Any, str, str]:
        monkeypatch.setattr(sys, "argv", ["asterconf", *map(str, args)])
        with pytest.raises(SystemExit) as caught:
            main()
        out, err = capsys.readouterr()
        return caught.value.code or 0, out, err

    return run


def test_build_prints_the_files_that_it_wrote(cli: Cli, tmp_path: Path) -> None:
    names = ["confbridge.conf", "extensions.conf", "pjsip.conf", "pjsip_wizard.conf",
             "queues.conf", "rtp.conf", "voicemail.conf", ".asterconf/build.toml"]  # fmt: skip
    out = "".join(f"{tmp_path / 'pbx' / name}\n" for name in names)
    assert cli("build", HOME, "--to", tmp_path / "pbx")[:2] == (0, out)
    code, out, err = cli("build", HOME, "--to", tmp_path / "pbx")
    assert (code, out) == (0, f"{tmp_path / 'pbx'}: nothing to change\n")
    assert [line.split()[1:3] for line in err.splitlines() if line[0] != " "] == [
        *[["warning", "AC801"]] * 3, ["warning", "AC802"], ["warning", "AC803"],
    ]  # fmt: skip


def test_build_complete_adds_what_a_bare_asterisk_needs(cli: Cli, tmp_path: Path) -> None:
    cli("build", HOME, "--to", tmp_path / "pbx")
    code, out, _ = cli("build", HOME, "--to", tmp_path / "pbx", "--complete")
    assert code == 0
    assert str(tmp_path / "pbx" / "modules.conf") in out.split("\n")


def test_a_faulty_description_is_one_message_and_exit_2(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "home.toml"
    path.write_text('owner = "John Doe <+15555555555>"\narea_code = 555\ncolour = "red"\n')
    known = "owner, area_code, network, voicemail, extensions, mailboxes, queues, trunks, features"
    assert cli("build", path, "--to", tmp_path / "pbx") == (
        2,
        "",
        (
            f"asterconf: {path}:2: area_code: must be text, not 555\n"
            f"{path}:3: colour: is not known here; known are {known}\n"
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
        "import sys, asterconf, asterconf.build, asterconf.model\n"
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
    for secret in ("s3cret", "1234"):
        assert secret not in out


def test_show_json_holds_the_objects_with_secrets_masked(cli: Cli, tmp_path: Path) -> None:
    cli("build", HOME, "--to", tmp_path)
    code, out, _ = cli("show", tmp_path, "--json")
    data = json.loads(out)
    assert code == 0
    assert list(data) == ["extensions", "trunks", "queues", "mailboxes", "contexts"]
    assert [e["name"] for e in data["extensions"]] == ["6001", "6002", "6003"]
    assert {e["secret"] for e in data["extensions"]} == {"********"}


def test_show_of_nothing_exits_with_2(cli: Cli, tmp_path: Path) -> None:
    code, out, err = cli("show", tmp_path / "none")
    assert (code, out) == (2, "")
    assert err == f"asterconf: {tmp_path / 'none'} is neither a file nor a directory\n"
