"""The command line of differences: folders, files, revisions of git."""

from __future__ import annotations

import json
import os
import re
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
    done = subprocess.run(
        ["git", "-C", str(folder), *args],
        capture_output=True, text=True, check=True,
        env={**os.environ, **ALONE, **environment},
    )  # fmt: skip
    return done.stdout


ALONE = {
    **{f"GIT_{role}_{part}": "nobody@example.org" for role in ("AUTHOR", "COMMITTER")
       for part in ("NAME", "EMAIL")},
    "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_PAGER": "cat",
    "PYTHONPATH": str(ROOT),
}  # fmt: skip


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


# -- set up as docs/diff-and-plan.md says ----------------------------------------------------------


def set_up(name: str) -> list[str]:
    """Return the commands that the page shows for one way to set git up."""
    text = (ROOT / "docs" / "diff-and-plan.md").read_text()
    (session,) = re.findall(rf"<!-- git set-up: {name} -->\n```console\n(.*?)```", text, re.DOTALL)
    found = [line.removeprefix("$ ") for line in session.splitlines() if line.startswith("$ ")]
    assert found
    return found


@pytest.fixture
def shell(repository: Path, tmp_path: Path) -> Callable[[str], str]:
    """Return what runs a command in the repository, where `asterconf` is installed."""
    script = tmp_path / "bin" / "asterconf"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m asterconf "$@"\n')
    script.chmod(0o755)

    def run(command: str) -> str:
        done = subprocess.run(
            ["bash", "-c", command], cwd=repository, capture_output=True, text=True, check=False,
            stdin=subprocess.DEVNULL, timeout=120,
            env={**os.environ, **ALONE, "PATH": f"{script.parent}:{os.environ['PATH']}"},
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, ""), command
        return done.stdout

    return run


SECRETS = ("s3cret", "a-b3tter-one")


def test_git_diff_says_what_a_change_means(repository: Path, shell: Callable[[str], str]) -> None:
    for line in set_up("diff"):
        shell(line)
    path = repository / "etc" / "rtp.conf"
    path.write_text(f"; nothing but a comment\n{path.read_text()}")
    path = repository / "etc" / "pjsip_wizard.conf"
    path.write_text(path.read_text().replace("s3cret2", "a-b3tter-one"))
    (repository / "etc" / "confbridge.conf").unlink()
    (repository / "etc" / "acl.conf").write_text("[office]\ndeny = 0.0.0.0/0\n")
    shell("git add -A")
    out = shell("git diff HEAD~1 -- etc")
    assert out == (
        "diff --asterconf a/etc/acl.conf b/etc/acl.conf\n"
        "+ named_acl office of acl.conf  (acl.conf:1)\n\n"
        "To take effect: module reload acl\n"
        "diff --asterconf a/etc/confbridge.conf b/etc/confbridge.conf\n"
        "- confbridge.conf [general] (restart Asterisk)  (confbridge.conf:4)\n\n"
        "Needs a restart of Asterisk: confbridge.conf [general]\n"
        "diff --asterconf a/etc/pjsip_wizard.conf b/etc/pjsip_wizard.conf\n"
        "~ extension 6002 'Kitchen': auth/password: secret changed  (pjsip_wizard.conf:110)\n\n"
        "To take effect: module reload res_pjsip.so\n"
        "diff --asterconf a/etc/queues.conf b/etc/queues.conf\n"
        f"{SLOWER}"
        "diff --asterconf a/etc/rtp.conf b/etc/rtp.conf\n"
        "etc/rtp.conf: no difference in what it means\n"
    )
    assert shell("git log -p --ext-diff -1 --format=").endswith(SLOWER)


def test_git_tells_asterconf_of_a_renamed_file(
    repository: Path, shell: Callable[[str], str]
) -> None:
    for line in set_up("diff"):
        shell(line)
    (repository / "etc").rename(repository / "asterisk")
    change(repository / "asterisk")
    shell("git add -A asterisk etc; git commit -qm three")
    out = shell("git diff -M HEAD~2 HEAD -- etc/queues.conf asterisk/queues.conf")
    assert out == f"diff --asterconf a/etc/queues.conf b/asterisk/queues.conf\n{SLOWER}"


def test_git_diff_in_a_conflict_says_unmerged(
    repository: Path, shell: Callable[[str], str]
) -> None:
    for line in set_up("diff"):
        shell(line)
    path = repository / "etc" / "queues.conf"
    shell("git checkout -q -b other HEAD~1")
    path.write_text(path.read_text().replace("timeout = 30", "timeout = 45"))
    shell("git commit -qam other; git merge - || true")
    assert shell("git diff --ours").startswith("* unmerged: etc/queues.conf\n")


def test_git_can_be_told_for_once(repository: Path, shell: Callable[[str], str]) -> None:
    (line,) = set_up("external")
    out = shell(line)
    assert out == f"diff --asterconf a/etc/queues.conf b/etc/queues.conf\n{SLOWER}"
    (repository / "README").write_text("not a configuration\n")
    shell("git add -A")
    assert shell(line.replace("HEAD~1 HEAD -- etc/queues.conf", "HEAD")) == (
        "diff --asterconf a/README b/README\n"
        "--- /dev/null\n+++ b/README\n@@ -0,0 +1 @@\n+not a configuration\n"
    )


def test_it_is_a_difftool_of_git(shell: Callable[[str], str]) -> None:
    for line in set_up("difftool"):
        shell(line)
    assert shell("git difftool -d -t asterconf HEAD~1 HEAD") == SLOWER
    assert shell("git difftool -d -t asterconf HEAD~1") == SLOWER
    assert shell("git difftool -y -t asterconf HEAD~1 -- '*.conf'") == SLOWER


def test_show_normal_is_a_textconv_of_git(repository: Path, shell: Callable[[str], str]) -> None:
    for line in (*set_up("diff"), *set_up("textconv")):
        shell(line)
    path = repository / "etc" / "extensions.conf"
    path.write_text(path.read_text().replace(" same => n,", "; a note\nsame=>n,"))
    wizard = repository / "etc" / "pjsip_wizard.conf"
    wizard.write_text(wizard.read_text().replace("s3cret2", "a-b3tter-one"))
    out = shell("git diff HEAD~1")
    assert [line for line in out.splitlines() if line[0] in "+-"] == [
        "--- a/etc/queues.conf", "+++ b/etc/queues.conf", "-timeout = 30", "+timeout = 20",
    ]  # fmt: skip
    shown = out + shell("git blame HEAD -- etc/pjsip_wizard.conf")
    assert "password = ********" in shown
    assert [secret for secret in SECRETS if secret in shown] == []
    assert "timeout = 20" in shell("git show HEAD")


@pytest.mark.parametrize("file", ["extensions.conf", "pjsip_wizard.conf", "queues.conf"])
def test_the_normal_form_says_everything_in_one_way(cli: Cli, tmp_path: Path, file: str) -> None:
    texts = {
        "extensions.conf": (
            "[a]\nexten => 1,1,NoOp(x)\n same => n,Hangup()\n[b]\ninclude => a\n",
            "; x\n[a]\nexten=1,1,NoOp(x)\n[a](+)\nexten =>  1,2,Hangup\n[b]\ninclude = a ; b\n",
        ),
        "pjsip_wizard.conf": (
            "[1]\ntype=wizard\naccepts_auth=yes\nendpoint/allow=ulaw\naor/max_contacts=2\n",
            "[t](!)\naor/max_contacts=2\n[1](t)\naccepts_auth=>on\nendpoint/allow=ulaw\ntype=wizard\n",
        ),
        "queues.conf": (
            "[q]\nringinuse=no\ntimeout=20\nmember => A\n",
            "[t](!)\ntimeout = 20\nretry = 5\n[q](t)\nmember=>A\nringinuse => off\n",
        ),
    }
    shown = []
    for number, text in enumerate(texts[file]):
        (tmp_path / str(number)).mkdir()
        path = tmp_path / str(number) / file
        path.write_text(text)
        code, out, _ = cli("show", "--normal", path)
        assert (code, bool(out.strip())) == (0, True)
        shown.append(out)
    assert shown[0] == shown[1]


def test_a_path_that_is_not_there_is_not_taken_for_a_revision(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["asterconf", "diff", "/not/there", "examples/home"])
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == 2
    assert capsys.readouterr().err == "asterconf: /not/there is neither a file nor a directory\n"
