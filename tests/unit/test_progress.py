"""Progress: what long work reports, what becomes of exceptions, and the bar for people."""

import fcntl
import io
import os
import pty
import struct
import subprocess
import sys
import termios
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import asterconf
from asterconf import map_sites
from asterconf import progress as module
from asterconf.progress import Progress, bar

ROOT = Path(__file__).parents[2]


class StopError(Exception):
    pass


def stop_at(done: int) -> Callable[[Progress], None]:
    def progress(step: Progress) -> None:
        if step.done == done:
            raise StopError

    return progress


# -- load and check -------------------------------------------------------------------------------


def test_load_reports_each_file_and_counts_those_that_are_included() -> None:
    steps: list[Progress] = []
    asterconf.load("examples/inherited", progress=steps.append)
    assert [f"{step} {step.what}" for step in steps] == [
        "load: 1 of 10 extensions-old.conf",
        "load: 2 of 11 extensions.conf",  # it includes one, and one that is not there
        "load: 3 of 11 iax.conf",
        "load: 4 of 11 modules.conf",
        "load: 5 of 12 pjsip.conf",
        "load: 6 of 12 pjsip_wizard.conf",
        "load: 7 of 12 queues.conf",
        "load: 8 of 12 rtp.conf",
        "load: 9 of 12 sip.conf",
        "load: 10 of 13 voicemail.conf",
        "load: 11 of 13 extensions.d/menu.conf",
        "load: 12 of 13 pjsip.d/sales.conf",
        "load: 13 of 13 boxes.inc",
    ]


def test_thousands_of_included_files_are_known_as_soon_as_they_are_named(tmp_path: Path) -> None:
    (tmp_path / "phones").mkdir()
    for number in range(2_000):
        (tmp_path / "phones" / f"{number:04}.conf").write_text(f"[{number:04}]\ntype = aor\n")
    (tmp_path / "pjsip.conf").write_text("#include phones/*.conf\n")
    (tmp_path / "queues.conf").write_text("[q]\n")
    steps: list[Progress] = []
    conf = asterconf.load(tmp_path, progress=steps.append)
    assert [step.total for step in steps] == [2_002] * 2_002
    assert [str(step) for step in steps[::2_001]] == ["load: 1 of 2,002", "load: 2,002 of 2,002"]
    assert [s.what for s in steps[1:3]] == ["queues.conf", "phones/0000.conf"]
    assert len(conf.files) == 2_002
    assert len(conf.objects("pjsip.conf", "aor")) == 2_000


def test_without_progress_nothing_is_read_before_it_is_looked_at(tmp_path: Path) -> None:
    (tmp_path / "queues.conf").write_text("[old]\n")
    lazy, eager = asterconf.load(tmp_path), asterconf.load(tmp_path, progress=lambda _: None)
    (tmp_path / "queues.conf").write_text("[new]\n")
    assert list(lazy.queues) == ["new"]
    assert list(eager.queues) == ["old"]


@pytest.mark.parametrize("done", [1, 5, 13])
def test_what_progress_raises_ends_load(done: int) -> None:
    with pytest.raises(StopError):
        asterconf.load("examples/inherited", progress=stop_at(done))


@pytest.mark.parametrize("stage", ["read", "check"])
def test_what_progress_raises_ends_check_and_the_next_check_is_whole(stage: str) -> None:
    def progress(step: Progress) -> None:
        if (step.stage, step.done) == (stage, 3):
            raise StopError

    conf = asterconf.load("examples/inherited")
    with pytest.raises(StopError):
        conf.check(host_files=False, progress=progress)
    whole = asterconf.load("examples/inherited").check(host_files=False)
    assert conf.check(host_files=False) == whole
    assert len(whole) > 5


# -- many folders ---------------------------------------------------------------------------------


def folders(tmp_path: Path, count: int = 12) -> list[Path]:
    made = [tmp_path / f"site-{number:02}" for number in range(count)]
    for number, folder in enumerate(made):
        folder.mkdir()
        members = "".join(f"member => PJSIP/{n}\n" for n in range(number))
        (folder / "queues.conf").write_text(f"[all]\n{members}")
    return made


def members(folder: Path) -> int:
    return len(asterconf.load(folder).queues["all"].members)


def fails_at_7(folder: Path) -> int:
    if folder.name.endswith("7"):
        raise ValueError(folder.name)
    (folder / "done").touch()
    return 0


def test_results_stand_in_the_order_of_the_folders(tmp_path: Path) -> None:
    steps: list[Progress] = []
    sites = folders(tmp_path)[::-1]
    assert map_sites(members, map(str, sites), progress=steps.append) == list(range(12))[::-1]
    assert [(s.stage, s.done, s.total) for s in steps] == [("sites", n + 1, 12) for n in range(12)]
    assert {step.what for step in steps} == set(map(str, sites))


def test_no_folders_are_no_work() -> None:
    assert map_sites(members, [], progress=stop_at(0)) == []


def test_a_pool_of_the_caller_is_used_and_left_open(tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        assert map_sites(members, folders(tmp_path), pool=pool) == list(range(12))
        assert pool.submit(int, "7").result() == 7


def test_what_a_function_raises_names_its_folder_and_ends_the_work(tmp_path: Path) -> None:
    sites = folders(tmp_path)
    with ThreadPoolExecutor(1) as pool:
        with pytest.raises(ValueError, match="site-07") as caught:
            map_sites(fails_at_7, sites, pool=pool)
        there = sorted(tmp_path.glob("*/done"))
        assert pool.submit(int, "7").result() == 7
    assert caught.value.__notes__ == [f"in {sites[7]}"]
    assert sorted(tmp_path.glob("*/done")) == there  # nothing went on behind one's back
    assert [path.parent for path in there][:7] == sites[:7]


def test_what_progress_raises_ends_work_that_has_not_begun(tmp_path: Path) -> None:
    sites, free = folders(tmp_path), threading.Event()
    begun: list[Path] = []
    ended: list[Path] = []

    def work(folder: Path) -> None:
        begun.append(folder)
        assert len(begun) == 1 or free.wait(30)
        ended.append(folder)

    def progress(_: Progress) -> None:
        free.set()
        raise StopError

    with ThreadPoolExecutor(1) as pool:
        with pytest.raises(StopError):
            map_sites(work, sites, pool=pool, progress=progress)
        assert begun == ended  # what had begun was waited for
        assert len(begun) < 12
        assert pool.submit(int, "7").result() == 7
    assert begun == ended


def test_a_function_that_cannot_travel_is_an_error_and_not_a_wait(tmp_path: Path) -> None:
    with pytest.raises(Exception, match=r"pickle|local object"):
        map_sites(lambda folder: folder, folders(tmp_path))


# -- bars -----------------------------------------------------------------------------------------


def test_where_there_is_no_terminal_there_is_no_bar(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seen = io.StringIO()
    monkeypatch.setattr(sys, "stderr", seen)
    with bar(delay=0) as progress:
        assert progress is None
        asterconf.load("examples/inherited", progress=progress)
    assert seen.getvalue() == ""
    assert capsys.readouterr().out == ""


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Put a terminal where standard error is."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    shown = Terminal()
    monkeypatch.setattr(sys, "stderr", shown)
    return shown


def test_short_work_shows_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = terminal(monkeypatch)
    with bar(delay=1_000) as progress:
        assert progress is not None
        asterconf.load("examples/inherited", progress=progress).check(progress=progress)
    assert seen.getvalue() == ""


def test_a_bar_shows_every_stage_and_nothing_of_a_name_but_text(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen = terminal(monkeypatch)
    with bar(delay=0) as progress:
        assert progress is not None
        progress(Progress("load", 1, 4, "[bold]a\x1b[31m\nb"))
        progress(Progress("check", 2, 4))
    words = seen.getvalue()
    assert "[bold]a\\x1b[31m\\nb" in words
    for word in ("load", "1/4", "check", "2/4"):
        assert word in words
    assert words.rindex("\x1b[?25h") > words.rindex("━")  # the cursor is back


def test_a_bar_goes_away_when_the_work_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = terminal(monkeypatch)

    def work() -> None:
        with bar(delay=0) as progress:
            assert progress is not None
            progress(Progress("load", 1, 4, "x"))
            raise StopError

    with pytest.raises(StopError):
        work()
    assert "\x1b[?25h" in seen.getvalue()


def test_a_bar_in_a_notebook_is_one_output_that_is_replaced(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ipython = pytest.importorskip("IPython", reason="IPython is not installed (extra notebook)")
    shown: list[dict[str, str]] = []

    class Handle:
        def update(self, data: dict[str, str], *, raw: bool) -> None:
            assert raw
            shown.append(data)

    def display(data: dict[str, str], *, raw: bool, display_id: bool) -> Handle:
        assert raw
        assert display_id
        assert not shown
        shown.append(data)
        return Handle()

    class Shell:
        kernel = "any"

    monkeypatch.setattr(ipython, "get_ipython", Shell)
    monkeypatch.setattr("IPython.display.display", display)
    monkeypatch.setattr(module, "PAUSE", 0)
    with bar(delay=0) as progress:
        assert progress is not None
        progress(Progress("load", 1, 2, "<b>"))
        progress(Progress("load", 2, 2, "x"))
    assert [data["text/plain"] for data in shown] == ["load: 1 of 2", *["load: 2 of 2"] * 2]
    assert '<progress value="1" max="2"' in shown[0]["text/html"]
    assert "&lt;b&gt;" in shown[0]["text/html"]
    assert "<b>" not in shown[0]["text/html"]


# -- the command line -----------------------------------------------------------------------------

AT_ONCE = (
    "import sys, asterconf.progress as p; p.DELAY = 0; sys.argv[0] = 'asterconf'; "
    "from asterconf.__main__ import main; main()"
)


def on_a_terminal(*args: object) -> tuple[int, str, str]:
    """Run a command with standard error on a pseudo-terminal; return code, output and errors."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-c", AT_ONCE, *map(str, args)],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=theirs, cwd=ROOT,
        env={**os.environ, "TERM": "xterm", "NO_COLOR": "1", "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    os.close(theirs)
    seen: list[bytes] = []

    def watch() -> None:
        while True:
            try:
                data = os.read(ours, 65_536)
            except OSError:  # Linux says so when the other side is closed
                break
            if not data:
                break
            seen.append(data)

    watcher = threading.Thread(target=watch)
    watcher.start()
    out, _ = process.communicate(timeout=60)
    watcher.join()
    os.close(ours)
    return process.returncode, out.decode(), b"".join(seen).decode()


def piped(*args: object) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "asterconf", *map(str, args)], check=False,
        capture_output=True, text=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("form", [(), ("--json",)])
@pytest.mark.parametrize("many", [False, True])
def test_check_shows_a_bar_on_a_terminal_and_the_same_output(
    tmp_path: Path, form: tuple[str, ...], many: bool
) -> None:
    paths: list[Any] = folders(tmp_path) if many else ["examples/inherited"]
    code, out, seen = on_a_terminal("check", *form, *paths)
    assert ("12/12" if many else "13/13") in seen
    assert ("sites" if many else "load") in seen
    assert "━" in seen
    assert seen.rindex("\x1b[?25h") > seen.rindex("━")
    assert (code, out, "") == piped("check", *form, *paths)


def test_a_command_that_is_quick_says_nothing_on_a_terminal() -> None:
    assert on_a_terminal("show", "examples/inherited")[2] == ""
