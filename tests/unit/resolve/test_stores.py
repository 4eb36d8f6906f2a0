"""Configurations in archives, in packages, on standard input and in revisions of git."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import asterconf
from asterconf.display import view
from asterconf.errors import LoadError
from tests.unit.conftest import Cli

INHERITED = Path(__file__).parent.parent.parent.parent / "examples" / "inherited"
TEXTS = {
    path.relative_to(INHERITED).as_posix(): path.read_bytes()
    for path in sorted(INHERITED.rglob("*"))
    if path.is_file()
}
SMALL = {"queues.conf": b"[sales]\ntimeout=5\n#include more/*.conf\n", "more/a.conf": b"[b]\n"}

Member = tuple[str, bytes | None, dict[str, Any]]


def tar(texts: dict[str, bytes], *more: tarfile.TarInfo, mode: str = "w:gz") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in texts.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
        for member in more:
            archive.addfile(member, io.BytesIO(b"\0" * member.size))
    return out.getvalue()


def zipped(texts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in texts.items():
            archive.writestr(name, data)
    return out.getvalue()


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def under(folder: str, texts: dict[str, bytes]) -> dict[str, bytes]:
    return {f"{folder}/{name}": data for name, data in texts.items()}


WAYS: dict[str, Callable[[Path], asterconf.Config]] = {
    "texts": lambda _: asterconf.Config.from_texts(TEXTS),
    "tar": lambda tmp: asterconf.load(written(tmp / "a.tar", tar(TEXTS, mode="w"))),
    "tgz below": lambda tmp: asterconf.load(
        written(tmp / "a.tgz", tar(under("./asterisk", TEXTS)))
    ),
    "tar.xz": lambda tmp: asterconf.load(written(tmp / "a.tar.xz", tar(TEXTS, mode="w:xz"))),
    "zip": lambda tmp: asterconf.load(written(tmp / "a.zip", zipped(under("etc/asterisk", TEXTS)))),
    "zip path": lambda tmp: asterconf.load(
        zipfile.Path(written(tmp / "a.zip", zipped(under("x", TEXTS))), "x/")
    ),
    "stream": lambda _: asterconf.load(io.BytesIO(tar(under("asterisk", TEXTS)))),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_tree_means_the_same_from_wherever_it_is_read(
    way: Callable[[Path], asterconf.Config], tmp_path: Path
) -> None:
    disk, conf = asterconf.load(INHERITED), way(tmp_path)
    assert conf.names == disk.names
    assert conf.asterisk == disk.asterisk
    findings = [list(one.check(host_files=False).to_records()) for one in (disk, conf)]
    assert findings[0] == findings[1]
    for group in ("extensions", "trunks", "endpoints", "queues", "mailboxes", "transports"):
        assert getattr(conf, group) == getattr(disk, group), group
        assert str(view(getattr(conf, group))) == str(view(getattr(disk, group))), group
    assert conf.dialplan == disk.dialplan
    assert conf.dialplan.complete == disk.dialplan.complete
    assert str(view(conf.dialplan)) == str(view(disk.dialplan))
    assert conf.sources == disk.sources
    assert conf.references.to_records() == disk.references.to_records()
    assert conf.dialplan.graph().mermaid() == disk.dialplan.graph().mermaid()
    difference = asterconf.diff(disk, conf)
    assert (difference.changes, difference.unknown) == ((), ())
    for name in disk.names:
        mine, theirs = conf.effective(name), disk.effective(name)
        assert [one.pairs for one in mine.sections] == [one.pairs for one in theirs.sections]


VERBS: dict[str, Callable[[asterconf.Config], object]] = {
    "update": lambda conf: conf.update(next(iter(conf.queues)), timeout=7),
    "add": lambda conf: conf.add(asterconf.Queue("new")),
    "remove": lambda conf: conf.remove(conf.queues[next(iter(conf.queues))]),
    "rename": lambda conf: conf.rename(next(iter(conf.queues)), "newer").apply(),
    "context": lambda conf: conf.dialplan.add(asterconf.DialplanContext("zz")),
}


@pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS)
def test_verbs_do_the_same_from_wherever_a_tree_is_read(
    verb: Callable[[asterconf.Config], object], tmp_path: Path
) -> None:
    disk = asterconf.load(INHERITED)
    verb(disk)
    for name, way in WAYS.items():
        conf = way(tmp_path)
        verb(conf)
        assert {n: str(conf[n]) for n in disk.changed} == {n: str(disk[n]) for n in disk.changed}
        if name != "texts":  # which are all new
            lines = [sorted(one.changes().splitlines()) for one in (conf, disk)]
            assert lines[0] == lines[1]


def test_what_is_in_memory_is_saved_to_a_folder_that_is_named(tmp_path: Path) -> None:
    conf = asterconf.load(io.BytesIO(tar(SMALL)))
    assert conf.changed == ()
    conf.update("sales", timeout=9)
    with pytest.raises(LoadError, match="say where to save it"):
        conf.save()
    conf.save(tmp_path / "out")
    assert asterconf.load(tmp_path / "out").queues["sales"].timeout == 9


# -- which folder, which version -------------------------------------------------------------------


def test_the_upmost_folder_with_configuration_files_is_the_directory() -> None:
    sounds = {"var/lib/x.conf": b"", "etc/asterisk/queues.conf": b"[a]\n", "etc/other/a.conf": b""}
    conf = asterconf.load(io.BytesIO(tar(sounds)))
    assert conf.names == ("queues.conf",)
    assert asterconf.load(io.BytesIO(tar(sounds)), root="etc/other").names == ("a.conf",)
    two = io.BytesIO(tar(under("one", SMALL) | under("two", SMALL)))
    with pytest.raises(LoadError, match="has several folders: say root=, one of one, two"):
        asterconf.load(two)
    with pytest.raises(LoadError, match="there is no configuration file in stream"):
        asterconf.load(io.BytesIO(tar({"readme.txt": b"x"})))


def test_the_version_of_an_archive_is_that_of_its_settings() -> None:
    settings = {".asterconf.toml": b'asterisk = "20"\n', **SMALL}
    assert asterconf.load(io.BytesIO(tar(settings))).asterisk == "20"
    assert asterconf.load(io.BytesIO(tar(settings)), asterisk="23").asterisk == "23"
    with pytest.raises(LoadError, match=r"\.asterconf\.toml cannot be read"):
        asterconf.load(io.BytesIO(tar({".asterconf.toml": b"=", **SMALL})))


def test_texts_have_the_settings_of_their_folder() -> None:
    texts = {".asterconf.toml": 'asterisk = "20"\n', "queues.conf": '[a]\n#include "gone"\n'}
    assert asterconf.Config.from_texts(texts).asterisk == "20"
    assert asterconf.Config.from_texts(texts, asterisk="23").asterisk == "23"
    assert list(asterconf.Config.from_texts(texts, missing_includes="ignore").queues) == ["a"]


def test_a_stream_may_be_one_file() -> None:
    conf = asterconf.load(io.BytesIO(b"[a]\nexten => 1,1,NoOp()\n"))
    assert (conf.is_folder, conf.names) == (False, ("stream",))


# -- hostile ones ----------------------------------------------------------------------------------


def member(
    name: str, kind: bytes = tarfile.REGTYPE, link: str = "", size: int = 0
) -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.linkname, made.size = kind, link, size
    return made


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (tar({"../queues.conf": b""}), r"has the name '\.\./queues\.conf', which leads out of it"),
        (tar({"a/../../b.conf": b""}), "leads out of it"),
        (tar({"/etc/passwd": b""}), "has the name '/etc/passwd', which leads out of it"),
        (tar({}, member("a.conf", tarfile.LNKTYPE, "/etc/passwd")), "leads out of it"),
        (zipped({"../queues.conf": b""}), "leads out of it"),
        (zipped({"/queues.conf": b""}), "leads out of it"),
        (member("a.conf", size=130 * 2**20).tobuf() + bytes(1024), "has more than 128 MiB: it is"),
        (zipped({"a.conf": bytes(70 * 2**20), "b.conf": bytes(70 * 2**20)}), "more than 128 MiB"),
        (tar({f"{n}.conf": b"" for n in range(20_001)}), "has more than 20,000 names"),
        (tar(SMALL)[:60], "cannot be read as an archive"),
        (zipped(SMALL)[:60], "cannot be read as an archive"),
        (b"\x1f\x8bnonsense", "cannot be read as an archive"),
    ],
    ids=range(12),
)
def test_an_archive_that_means_harm_is_refused_with_one_sentence(data: bytes, why: str) -> None:
    with pytest.raises(LoadError, match=why) as caught:
        asterconf.load(io.BytesIO(data))
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 200


def test_links_and_devices_of_an_archive_lead_nowhere_else() -> None:
    data = tar(
        SMALL,
        member("out.conf", tarfile.SYMTYPE, "/etc/passwd"),
        member("up.conf", tarfile.SYMTYPE, "../../etc/passwd"),
        member("gone.conf", tarfile.SYMTYPE, "nothing.conf"),
        member("ring.conf", tarfile.SYMTYPE, "ring.conf"),
        member("fine.conf", tarfile.SYMTYPE, "./more/a.conf"),
        member("hard.conf", tarfile.LNKTYPE, "more/a.conf"),
        member("pipe.conf", tarfile.FIFOTYPE),
        member("null.conf", tarfile.CHRTYPE),
    )
    conf = asterconf.load(io.BytesIO(data))
    assert conf.names == ("fine.conf", "hard.conf", "queues.conf")
    assert str(conf["fine.conf"]) == str(conf["hard.conf"]) == "[b]\n"
    told = {d.position.file for d in conf.check() if d.code == "AC020" and d.position}
    assert told == {
        "out.conf", "up.conf", "gone.conf", "ring.conf", "pipe.conf", "null.conf",
    }  # fmt: skip


# -- the command line ------------------------------------------------------------------------------


def asked(data: bytes, *arguments: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "asterconf", *arguments]
    done = subprocess.run(command, input=data, capture_output=True, check=False)
    return done.returncode, (done.stdout + done.stderr).decode()


def test_an_archive_comes_by_standard_input() -> None:
    plan = {"extensions.conf": b"[a]\nexten => 1,1,NoOp(x)\n", "queues.conf": b"[s]\n"}
    data = tar(under("asterisk", plan))
    assert asked(data, "check", "-") == (0, "no findings\n")
    assert asked(data, "match", "-", "a", "1")[0] == 0
    assert "NoOp(x)" in asked(data, "dialplan", "-")[1]
    code, out = asked(data, "show", "-")
    assert (code, "queues" in out) == (0, True)
    assert asked(b"[a]\nnonsense\n", "check", "-")[0] == 1


def test_archives_are_compared(tmp_path: Path, cli: Cli) -> None:
    old = written(tmp_path / "old.tgz", tar(SMALL))
    new = {**SMALL, "queues.conf": SMALL["queues.conf"].replace(b"5", b"6")}
    code, out, _ = cli("diff", old, written(tmp_path / "new.zip", zipped(new)))
    assert (code, "timeout 5 -> 6" in out) == (1, True)


# -- git -------------------------------------------------------------------------------------------


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    folder = tmp_path / "repo"
    (folder / "etc" / "asterisk" / "more").mkdir(parents=True)

    def git(*arguments: str) -> None:
        who = ["-c", "user.name=x", "-c", "user.email=x@example.com"]
        env = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}
        subprocess.run(["git", "-C", str(folder), *who, *arguments], check=True, env=env,
                       capture_output=True)  # fmt: skip

    git("init", "-q")
    for timeout in (b"5", b"8"):
        for name, data in SMALL.items():
            text = data.replace(b"5", timeout)
            (folder / "etc" / "asterisk" / name).write_bytes(text)
        git("add", "-A")
        git("commit", "-q", "-m", "x")
    git("tag", "v1", "HEAD~1")
    return folder


def test_a_revision_is_loaded(repo: Path) -> None:
    old = asterconf.load_revision("v1", "etc/asterisk", repo=repo)
    assert (old.queues["sales"].timeout, list(old.queues)) == (5, ["sales", "b"])
    assert old.changed == ()
    assert asterconf.load_revision("HEAD", "etc/asterisk", repo=repo).queues["sales"].timeout == 8
    one = asterconf.load_revision("v1", "etc/asterisk/queues.conf", repo=repo)
    assert (one.is_folder, one.queues["sales"].timeout) == (False, 5)


@pytest.mark.parametrize(
    ("revision", "path", "why"),
    [
        ("--output=evil", "etc/asterisk", "git knows no revision --output=evil"),
        ("-h", "etc/asterisk", "git knows no revision -h"),
        ("v1\0", "etc/asterisk", "git knows no revision"),
        ("v9", "etc/asterisk", "git knows no revision v9"),
        ("v1", "--upload-pack=evil", "there is no --upload-pack=evil in v1"),
        ("v1", "etc/nothing", "there is no etc/nothing in v1"),
        ("v1", "..", "no"),
    ],
)
def test_a_revision_that_is_none_is_refused(repo: Path, revision: str, path: str, why: str) -> None:
    with pytest.raises(LoadError, match=why):
        asterconf.load_revision(revision, path, repo=repo)
    assert not list(repo.glob("*evil*"))
