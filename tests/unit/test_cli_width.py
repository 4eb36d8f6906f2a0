"""What `asterconf show` prints fits into the terminal, whatever the alphabet."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from collections.abc import Callable
from pathlib import Path
from unicodedata import combining, east_asian_width

import pytest

from asterconf.source import cells
from tests.unit.conftest import Cli

INHERITED = Path(__file__).parents[2] / "examples" / "inherited"

TEXTS = {
    "pjsip_wizard.conf": (
        "[6001]\ntype = wizard\naccepts_registrations = yes\naccepts_auth = yes\n"
        "endpoint/context = home\n"
        "endpoint/callerid = 会議室の電話機ですよろしくお願いします東京本社第一会議室 <6001>\n"
        "inbound_auth/username = 6001\ninbound_auth/password = hush\n"
        "endpoint/mailboxes = 6001@default\n"
        "[dácha]\ntype = wizard\naccepts_registrations = yes\naccepts_auth = yes\n"
        f"endpoint/context = {'home' * 30}\n"
        "endpoint/callerid = Zoe\u0308 with a very long name that goes on and on <6002>\n"
    ),
    "extensions.conf": f'[home]\nexten => 6001,1,Dial(SIP/6001)\n#include "{"会議" * 40}.conf"\n',
    "queues.conf": "[sales]\n" + "".join(f"member => PJSIP/600{n}\n" for n in range(9)),
    "odd.conf": f"[a]\n{'名' * 60}\n",
}


def columns(line: str) -> int:
    """Return how wide a line is; these texts have no other marks than combining ones."""
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in line)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in TEXTS.items():
        (tmp_path / name).write_text(text)
    return tmp_path


Show = Callable[..., str]


@pytest.fixture
def show(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Show:
    """Return a function that shows something in a terminal of a width, and gives what is seen."""

    def run(width: int, *names: object) -> str:
        monkeypatch.setenv("COLUMNS", str(width))
        for stream in (sys.stdout, sys.stderr):
            monkeypatch.setattr(stream, "isatty", lambda: True)
        _, out, err = cli("show", *names)
        return re.sub(r"\x1b\[[0-9;]*m", "", out + err)

    return run


@pytest.mark.parametrize("width", [40, 80, 120])
def test_show_keeps_to_the_width(show: Show, folder: Path, width: int) -> None:
    asked: list[tuple[object, ...]] = [(folder,), (INHERITED,)]
    asked += [(folder, name) for name in TEXTS]
    asked += [(INHERITED, path.name) for path in INHERITED.glob("*.conf")]
    asked += [(folder, "pjsip_wizard.conf", "6001", "endpoint/callerid")]
    for one in asked:
        seen = show(width, *one)
        assert seen
        assert [line for line in seen.splitlines() if columns(line) > width] == []
        assert "hush" not in seen


@pytest.mark.parametrize("width", [40, 80, 120])
def test_nothing_is_lost_when_lines_are_folded(show: Show, folder: Path, width: int) -> None:
    seen = show(width, folder, "pjsip_wizard.conf", "6001", "endpoint/callerid")
    assert "会議室の電話機ですよろしくお願いします東京本社第一会議室<6001>" in "".join(seen.split())
    assert "会議" * 40 in "".join(show(width, folder).split())


def test_a_narrow_terminal_gets_lists_and_a_wide_one_tables(show: Show, folder: Path) -> None:
    narrow = show(40, folder)
    assert " number     6001\n" in narrow
    assert " context    home\n" in narrow
    assert " name    number   callerid" in show(120, folder)


def test_what_is_no_terminal_is_not_folded(cli: Cli, folder: Path) -> None:
    assert "東京本社第一会議室 <6001>" in cli("show", folder)[1]


@pytest.mark.parametrize("width", [40, 100])
def test_a_real_terminal_tells_its_width(folder: Path, width: int) -> None:
    main, other = pty.openpty()
    fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
    env = {k: v for k, v in os.environ.items() if k != "COLUMNS"} | {"PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "asterconf", "show", str(folder), "queues.conf"]
    with subprocess.Popen(command, stdout=other, stderr=other, env=env) as child:
        os.close(other)
        out = b""
        while True:
            try:
                part = os.read(main, 65536)
            except OSError:  # the child has closed its end
                break
            if not part:
                break
            out += part
    os.close(main)
    assert child.returncode == 0
    lines = out.decode().replace("\x1b[1m", "").replace("\x1b[0m", "").splitlines()
    assert any("PJSIP/6008" in line for line in lines)
    assert max(map(columns, lines)) <= width


def test_cells_are_the_columns_of_a_terminal() -> None:
    known = {
        "abc": 3, "\u00e9": 1, "e\u0301": 1, "会議": 4, "\uff71": 1, "\uff21": 2, "a\u200db": 2,
        "\U0001f642": 2, "": 0,
    }  # fmt: skip
    assert {text: cells(text) for text in known} == known
