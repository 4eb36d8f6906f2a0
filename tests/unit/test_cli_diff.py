"""The command line of differences: folders, files, revisions of git."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from asterconf.__main__ import main

ROOT = Path(__file__).parents[2]
BASE = ROOT / "tests" / "goldens" / "differ" / "home"

Cli = Callable[..., tuple[Any, str, str]]
SLOWER = "~ queue home-phones: timeout 30 -> 20  (queues.conf:24)\n\n"
SLOWER += "To take effect: module reload app_queue.so\n"


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    def run(*args: object) -> tuple[Any, str, str]:
        monkeypatch.setattr(sys, "argv", ["asterconf", *map(str, args)])
        with pytest.raises(SystemExit) as caught:
            main()
        out, err = capsys.readouterr()
        return caught.value.code or 0, out, err

    return run


@pytest.fixture
def sides(tmp_path: Path) -> tuple[Path, Path]:
    """Return two folders: the base, and one with a queue that waits less."""
    old, new = tmp_path / "old", tmp_path / "new"
    for folder in (old, new):
        shutil.copytree(BASE, folder)
    change(new)
    return old, new


def change(folder: Path) -> None:
    path = folder / "queues.conf"
    path.write_text(path.read_text().replace("timeout = 30", "timeout = 20"))


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return a git repository with two revisions: in the second one a queue waits less."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    top = tmp_path / "repository"
    shutil.copytree(BASE, top / "etc")
    git(top, "init", "-q")
    git(top, "add", "-A")
    git(top, "commit", "-qm", "one")
    change(top / "etc")
    git(top, "commit", "-qam", "two")
    return top


def git(folder: Path, *args: str, **environment: str) -> str:
    who = {f"GIT_{role}_{part}": "nobody@example.org" for role in ("AUTHOR", "COMMITTER")
           for part in ("NAME", "EMAIL")}  # fmt: skip
    alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        ["git", "-C", str(folder), *args],
        capture_output=True, text=True, check=True,
        env={**os.environ, **who, **alone, **environment},
    )  # fmt: skip
    return done.stdout


COMMAND = f"{sys.executable} -m asterconf"


# -- diff ------------------------------------------------------------------------------------------


def test_diff_of_folders_prints_the_changes_and_exits_1(cli: Cli, sides: tuple[Path, Path]) -> None:
    assert cli("diff", *sides) == (1, SLOWER, "")


def test_diff_of_equal_folders_exits_0(cli: Cli, sides: tuple[Path, Path]) -> None:
    assert cli("diff", sides[0], sides[0]) == (0, "no difference\n", "")


def test_diff_of_files_takes_any_name(cli: Cli, sides: tuple[Path, Path]) -> None:
    copy = sides[0] / "queues.conf.old"
    (sides[0] / "queues.conf").rename(copy)
    assert cli("diff", copy, sides[1] / "queues.conf") == (1, SLOWER, "")


@pytest.mark.parametrize(
    ("option", "begins"),
    [
        ("--markdown", "- `~` queue home-phones: timeout 30 -&gt; 20"),
        ("--html", "<!"),
        ("--unified", "--- a/queue home-phones\n"),
    ],
)
def test_diff_has_other_forms(cli: Cli, sides: tuple[Path, Path], option: str, begins: str) -> None:
    code, out, _ = cli("diff", option, *sides)
    assert code == 1
    assert out.startswith(begins)


def test_diff_prints_json(cli: Cli, sides: tuple[Path, Path]) -> None:
    code, out, _ = cli("diff", "--json", *sides)
    data = json.loads(out)
    assert (code, data["empty"], data["changes"][0]["name"]) == (1, False, "home-phones")
    assert data["changes"][0]["parts"][0]["new"] == 20


def test_diff_of_nothing_exits_2(cli: Cli, tmp_path: Path) -> None:
    code, out, err = cli("diff", tmp_path / "a", tmp_path / "b")
    assert (code, out) == (2, "")
    assert err.startswith("asterconf: ")


def test_diff_of_a_folder_and_a_file_exits_2(cli: Cli, sides: tuple[Path, Path]) -> None:
    code, _, err = cli("diff", sides[0], sides[1] / "queues.conf")
    assert code == 2
    assert "one is a folder, one is a file" in err


# -- git -------------------------------------------------------------------------------------------


def test_diff_reads_revisions_without_a_checkout(cli: Cli, repository: Path) -> None:
    etc = repository / "etc"
    shutil.rmtree(etc)
    assert cli("diff", "HEAD~1", "HEAD", "--", etc) == (1, SLOWER, "")
    assert cli("diff", "HEAD", "HEAD", "--", etc) == (0, "no difference\n", "")
    assert not etc.exists()


def test_diff_of_one_revision_is_against_the_working_tree(cli: Cli, repository: Path) -> None:
    assert cli("diff", "HEAD~1", "--", repository / "etc") == (1, SLOWER, "")
    assert cli("diff", "HEAD~1", "--", repository / "etc" / "queues.conf") == (1, SLOWER, "")
    assert cli("diff", "HEAD", "--", repository / "etc")[0] == 0


def test_diff_follows_links_in_a_revision(cli: Cli, repository: Path) -> None:
    (repository / "etc" / "queues.conf").rename(repository / "shared.queues")
    (repository / "etc" / "queues.conf").symlink_to("../shared.queues")
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "three")
    assert cli("diff", "HEAD~1", "HEAD", "--", repository) == (0, "no difference\n", "")


@pytest.mark.parametrize("revision", ["nowhere", "--help", "-x", "HEAD:etc/queues.conf"])
def test_a_revision_that_is_none_exits_2(cli: Cli, repository: Path, revision: str) -> None:
    code, out, err = cli("diff", "--", revision, "HEAD", repository / "etc")
    assert (code, out) == (2, "")
    assert "git knows no revision" in err


def test_it_is_an_external_diff_program_of_git(repository: Path) -> None:
    path = repository / "etc" / "rtp.conf"
    path.write_text(f"; nothing but a comment\n{path.read_text()}")
    git(repository, "commit", "-qam", "three")
    (repository / "README").write_text("not a configuration\n")
    git(repository, "add", "-A")
    out = git(repository, "diff", "HEAD~2", GIT_EXTERNAL_DIFF=f"{COMMAND} diff")
    assert out == (
        "diff --asterconf a/README b/README\n"
        "--- /dev/null\n+++ b/README\n@@ -0,0 +1 @@\n+not a configuration\n"
        "diff --asterconf a/etc/queues.conf b/etc/queues.conf\n"
        f"{SLOWER}"
        "diff --asterconf a/etc/rtp.conf b/etc/rtp.conf\n"
        "etc/rtp.conf: no difference in what it means\n"
    )


def test_it_is_a_difftool_of_git(repository: Path) -> None:
    git(repository, "config", "difftool.asterconf.cmd", f'{COMMAND} diff "$LOCAL" "$REMOTE"')
    assert git(repository, "difftool", "-y", "-t", "asterconf", "HEAD~1") == SLOWER
    assert git(repository, "difftool", "-d", "-y", "-t", "asterconf", "HEAD~1") == SLOWER


def test_show_normal_is_a_textconv_of_git(repository: Path) -> None:
    git(repository, "config", "diff.asterisk.textconv", f"{COMMAND} show --normal")
    (repository / ".gitattributes").write_text("*.conf diff=asterisk\n")
    path = repository / "etc" / "extensions.conf"
    path.write_text(path.read_text().replace(" same => n,", "; a note\nsame=>n,"))
    out = git(repository, "diff", "HEAD~1")
    assert [line for line in out.splitlines() if line[0] in "+-"] == [
        "--- a/etc/queues.conf", "+++ b/etc/queues.conf", "-timeout = 30", "+timeout = 20",
    ]  # fmt: skip
