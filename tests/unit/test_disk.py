"""Writing to disk: what stays, what is taken over, and what a crash leaves behind."""

import contextlib
import errno
import json
import os
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import asterconf
from asterconf import disk
from asterconf.errors import LoadError

ROOT = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away"
)
HERE = Path(__file__).parent


@pytest.fixture
def start(tmp_path: Path) -> Path:
    """Return a folder with three files, one of them a link to a fourth."""
    folder = tmp_path / "start"
    folder.mkdir()
    for name in ("a", "b", "real"):
        section = "c" if name == "real" else name
        (folder / f"{name}.conf").write_text(f"[{section}]\nx = old\n")
    (folder / "real.conf").rename(folder / "real")
    (folder / "c.conf").symlink_to("real")
    return folder


def steps(start: Path, how: str) -> Iterator[dict[str, object]]:
    script = [sys.executable, str(HERE / "step_by_step.py"), str(start.parent), how]
    path = {**os.environ, "PYTHONPATH": str(HERE.parent.parent)}
    done = subprocess.run(script, capture_output=True, text=True, env=path, check=True)
    yield from map(json.loads, done.stdout.splitlines())


OLD = {"a.conf": "[a]\nx = old\n", "b.conf": "[b]\nx = old\n", "real": "[c]\nx = old\n"}
MADE = "[q]\ntimeout = 3\n"
"""What stands in the one new file."""
NEW = {name: text.replace("old", "new") for name, text in OLD.items()}


def test_a_crash_at_any_step_leaves_each_file_whole(start: Path) -> None:
    found = list(steps(start, "kill"))
    assert {one["end"] for one in found[:-1]} == {"killed"}
    assert found[-1]["end"] == "saved"
    assert len(found) > 40
    renewed = []
    for one in found:
        files = one["files"]
        assert isinstance(files, dict)
        for name, text in OLD.items():
            assert files[name] in (text, NEW[name])
            assert files.get(f"{name}.bak", text) == text
        assert files.get("queues.conf", MADE) == MADE
        assert one["link"]
        renewed.append([name for name in OLD if files[name] == NEW[name]])
    assert [len(names) for names in renewed] == sorted(len(names) for names in renewed)
    assert renewed[0] == []
    assert renewed[-1] == list(OLD)
    assert "queues.conf" in found[-1]["files"]  # type: ignore[operator]


def test_an_error_at_any_step_leaves_everything_as_it_was(start: Path) -> None:
    found = list(steps(start, "fail"))
    for one in found[:-1]:
        files = one["files"]
        assert isinstance(files, dict)
        kept = {name: text for name, text in files.items() if not name.endswith(".bak")}
        kept.pop("c.conf")
        if one["end"] == "refused":
            assert kept == OLD
        else:  # only what is taken away at the end may fail: then it is still there
            assert one["end"] == "saved in spite of it"
            assert kept.pop("queues.conf") == MADE
            left = {n: t for n, t in kept.items() if n not in OLD}
            assert {n: t for n, t in kept.items() if n in OLD} == NEW
            assert all(name.startswith(".") for name in left)
    assert len([one for one in found if one["end"] == "refused"]) >= 30


def test_mode_owner_and_attributes_stay(tmp_path: Path) -> None:
    path = tmp_path / "a.conf"
    path.write_text("old")
    path.chmod(0o604)
    try:
        os.setxattr(path, "user.note", b"mine")
    except (OSError, AttributeError):
        pytest.skip("no extended attributes here")
    if os.geteuid() == 0:
        os.chown(path, 12, 34)
    was = path.stat()
    disk.write(path, b"new", private=True)
    now = path.stat()
    assert path.read_bytes() == b"new"
    assert (now.st_mode, now.st_uid, now.st_gid) == (was.st_mode, was.st_uid, was.st_gid)
    assert os.getxattr(path, "user.note") == b"mine"
    assert [p.name for p in tmp_path.iterdir()] == ["a.conf"]


def test_a_link_stays_a_link_and_another_hard_link_keeps_the_old_text(tmp_path: Path) -> None:
    (tmp_path / "else").mkdir()
    real = tmp_path / "else" / "real"
    real.write_text("old")
    os.link(real, tmp_path / "other")
    link = tmp_path / "a.conf"
    link.symlink_to("else/real")
    disk.write(link, b"new", private=False)
    assert link.readlink() == Path("else/real")
    assert real.read_bytes() == b"new"
    assert (tmp_path / "other").read_bytes() == b"old"


@ROOT
@pytest.mark.parametrize("umask", [0o022, 0o077])
def test_a_new_file_belongs_to_whom_its_folder_belongs_to(tmp_path: Path, umask: int) -> None:
    folder = tmp_path / "etc"
    folder.mkdir()
    folder.chmod(0o750)
    os.chown(folder, 12, 34)
    before = os.umask(umask)
    try:
        disk.write(folder / "new" / "a.conf", b"secret", private=True)
        disk.write(folder / "b.conf", b"secret", private=True)
    finally:
        os.umask(before)
    for name in ("b.conf", "new", "new/a.conf"):
        found = (folder / name).stat()
        assert (found.st_uid, found.st_gid) == (12, 34)
    assert (folder / "b.conf").stat().st_mode & 0o777 == 0o640


@ROOT
def test_who_cannot_keep_the_owner_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.conf").write_text("old")
    tmp_path.chmod(0o777)
    for folder in tmp_path.parents:
        if not folder.stat().st_mode & 0o001:
            folder.chmod(folder.stat().st_mode | 0o011)
    child = os.fork()
    if not child:
        os.setgid(65534)
        os.setuid(65534)
        try:
            disk.write(tmp_path / "a.conf", b"new", private=False)
        except PermissionError as error:
            os._exit(7 if "owner and group could not be kept" in str(error) else 1)
        os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("a.conf", "old")]


def test_a_link_to_itself_in_the_place_of_a_file_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.conf"
    path.write_text("[a]\nx = 1\n")
    conf = asterconf.load(tmp_path)
    conf["a.conf"]["a"]["x"] = "2"
    path.unlink()
    path.symlink_to(path)
    with pytest.raises(LoadError, match=r"^cannot write .*a\.conf: "):
        conf.save()
    assert path.is_symlink()


def test_a_file_that_is_not_what_was_expected_stops_all(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    (tmp_path / "b").write_text("foreign")
    writes = [
        disk.Write(tmp_path / "a", b"new", private=False, old=b"old"),
        disk.Write(tmp_path / "new" / "c", b"new", private=False),
        disk.Write(tmp_path / "b", b"new", private=False, old=b"old"),
    ]
    with pytest.raises(disk.ChangedError):
        disk.write_all(writes)
    assert {p.name: p.read_text() for p in tmp_path.iterdir()} == {"a": "old", "b": "foreign"}


def test_a_file_that_is_in_the_way_of_a_new_one_stays(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("foreign")
    with pytest.raises(disk.ChangedError):
        disk.write_all([disk.Write(tmp_path / "a", b"new", private=False, old=None)])
    assert (tmp_path / "a").read_text() == "foreign"


def test_two_texts_for_one_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.conf").write_text("[a]\nx = 1\n")
    (tmp_path / "b.conf").symlink_to("a.conf")
    conf = asterconf.load(tmp_path)
    conf["a.conf"]["a"]["x"] = "2"
    conf["b.conf"]["a"]["x"] = "3"
    with pytest.raises(LoadError, match=r"it is the same file as .*a\.conf, and the texts differ"):
        conf.save()
    assert (tmp_path / "a.conf").read_text() == "[a]\nx = 1\n"


def test_the_old_files_are_kept_where_that_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "a.conf"
    path.write_text("[a]\nx = 1\n")
    path.chmod(0o600)
    conf = asterconf.load(tmp_path)
    for value in ("2", "3"):
        conf["a.conf"]["a"]["x"] = value
        conf.save(backup="~")
    assert path.read_text() == "[a]\nx = 3\n"
    assert (tmp_path / "a.conf~").read_text() == "[a]\nx = 2\n"
    assert (tmp_path / "a.conf~").stat().st_mode & 0o777 == 0o600
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.conf", "a.conf~"]


def test_a_renaming_that_cannot_be_taken_back_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.conf", "b.conf"):
        (tmp_path / name).write_text("[a]\nx = 1\n")
    conf = asterconf.load(tmp_path)
    for name in ("a.conf", "b.conf"):
        conf[name]["a"]["x"] = "2"
    real: Callable[[Path, Path], Path] = Path.replace
    done: list[str] = []

    def replace(self: Path, target: Path) -> Path:
        done.append(target.name)
        if len(done) > 1:
            raise OSError(errno.EIO, "gone", str(target))
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(
        LoadError, match=r"a\.conf could not be put back: gone; its old text is in (\S*)"
    ) as caught:
        conf.save()
    kept = Path(str(caught.value).rpartition("is in ")[2])
    assert kept.read_text() == "[a]\nx = 1\n"


def test_a_backup_that_is_the_file_itself_is_no_hindrance(tmp_path: Path) -> None:
    path, backup = tmp_path / "a.conf", tmp_path / "a.conf.bak"
    path.write_bytes(b"old")
    os.link(path, backup)  # as a save leaves it that failed after the backup was made
    disk.write_all([disk.Write(path, b"new", private=False, old=b"old")], backup=".bak")
    assert (path.read_bytes(), backup.read_bytes()) == (b"new", b"old")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.conf", "a.conf.bak"]


def test_a_pipe_or_a_folder_in_the_place_of_a_file_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.conf"
    path.write_text("[a]\nx = 1\n")
    conf = asterconf.load(tmp_path)
    conf["a.conf"]["a"]["x"] = "2"
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(LoadError, match=r"a\.conf: it is a pipe, a socket or a device, not"):
        conf.save()
    path.unlink()
    path.mkdir()
    with pytest.raises(LoadError, match=r"a\.conf: it is a folder, not a file"):
        conf.save()


@pytest.mark.parametrize(
    ("name", "line", "mode"),
    [
        ("iax.conf", "register => u:hush@h", 0o640),
        ("pjsip.conf", "server_uri = sip:u:hush@h", 0o640),
        ("extensions.conf", "exten => 1,1,Authenticate(1234)", 0o640),
        ("meetme.conf", "conf => 600,1234", 0o640),
        ("agents.conf", "agent => 1001,1234,Ann", 0o640),
        ("pjsip.conf", ";password = hush", 0o640),
        ("pjsip.conf", "passwrd = hush", 0o640),
        ("queues.conf", "timeout = 5", 0o644),
    ],
)
def test_a_new_file_with_a_secret_is_not_for_everybody(
    name: str, line: str, mode: int, tmp_path: Path
) -> None:
    before = os.umask(0o022)
    try:
        asterconf.Config.from_texts({name: f"[a]\n{line}\n"}).save(tmp_path / "pbx")
    finally:
        os.umask(before)
    assert (tmp_path / "pbx" / name).stat().st_mode & 0o777 == mode


def test_of_two_who_save_at_once_one_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.conf"
    path.write_text("old")
    meeting = threading.Barrier(2)
    keep = disk._keep

    def slow(job: disk._Job, backup: str) -> None:
        with contextlib.suppress(threading.BrokenBarrierError):
            meeting.wait(0.3)  # both come here where nothing keeps them apart
        keep(job, backup)

    monkeypatch.setattr(disk, "_keep", slow)
    refused = []

    def save(text: bytes) -> None:
        try:
            disk.write_all([disk.Write(path, text, private=False, old=b"old")])
        except disk.ChangedError:
            refused.append(text)

    savers = [threading.Thread(target=save, args=(text,)) for text in (b"one", b"two")]
    for saver in savers:
        saver.start()
    for saver in savers:
        saver.join()
    assert len(refused) == 1
    assert path.read_bytes() in {b"one", b"two"} - set(refused)
    assert [one.name for one in tmp_path.iterdir()] == ["a.conf"]


FULL_DISK = """
import resource, sys
import asterconf
conf = asterconf.load(".")
conf["a.conf"]["a"]["x"] = "new"
conf["b.conf"]["b"]["x"] = "y" * 5000
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    conf.save(backup=".bak")
except asterconf.LoadError as error:
    print(error)
"""


def test_where_no_more_can_be_written_nothing_is(start: Path) -> None:
    pytest.importorskip("resource", reason="limits are Unix's")
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    before = {p.name: p.read_bytes() for p in start.iterdir()}
    done = subprocess.run([sys.executable, "-c", FULL_DISK], cwd=start, env=env, text=True,
                          check=True, capture_output=True)  # fmt: skip
    assert done.stdout == "cannot write b.conf: File too large\n"
    assert {p.name: p.read_bytes() for p in start.iterdir()} == before


def test_an_access_list_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.conf"
    path.write_text("[a]\nx = 1\n")
    entries = [(1, 6, -1), (2, 4, 12345), (4, 4, -1), (16, 4, -1), (32, 0, -1)]
    data = struct.pack("<I", 2) + b"".join(struct.pack("<HHi", *entry) for entry in entries)
    name = "system.posix_acl_access"
    try:
        os.setxattr(path, name, data)
    except (OSError, AttributeError) as error:
        pytest.skip(f"there are no access lists here: {error}")
    mode = path.stat().st_mode
    conf = asterconf.load(tmp_path)
    conf["a.conf"]["a"]["x"] = "2"
    conf.save(backup=True)
    for one in (path, tmp_path / "a.conf.bak"):
        assert os.getxattr(one, name) == data
        assert one.stat().st_mode == mode
