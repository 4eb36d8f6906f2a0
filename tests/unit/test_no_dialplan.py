"""A folder without a dialplan: what is missing is said, and what to do; so is what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from asterconf.config import Config
from asterconf.errors import LoadError
from tests.planted_holes import PJSIP as PHONES
from tests.unit.conftest import Cli

MISSING = (
    "there is no extensions.conf here, so it is not known what calls do; give the folder that has"
    " it (the other files can be checked and shown without it)"
)
REFUSED = (
    "Asterisk refuses extensions.conf: nothing could be read for #include 'gone.conf'"
    " (extensions.conf:2:1), so there is no dialplan"
)


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"pjsip.conf": PHONES}, MISSING),
        (
            {"pjsip.conf": PHONES, "extensions.ael": "context a {};"},
            "there is no extensions.conf here, and extensions.ael is not read by this library",
        ),
        (
            {"extensions.conf": "[a]\n#include gone.conf\n"},
            REFUSED,
        ),
    ],
)
def test_what_keeps_calls_from_being_known_is_said(files: dict[str, str], why: str) -> None:
    conf = Config.from_texts(files)
    with pytest.raises(LoadError) as error:
        conf.call("911", entry="100")
    assert str(error.value) == why
    with pytest.raises(LoadError) as error:
        conf.ask.dead()
    assert str(error.value) == why


def test_check_says_what_it_could_not_look_at(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "pjsip.conf").write_text(PHONES)
    (tmp_path / "queues.conf").write_text("[general]\n")
    _, _, err = cli("check", "--isolated", tmp_path)
    assert err == f"note: {MISSING}\n"
    assert cli("check", "--isolated", tmp_path / "queues.conf") == (0, "no findings\n", "")
    code, out, err = cli("ask", "dead", tmp_path)
    assert (code, out, err) == (2, "", f"asterconf: {MISSING}\n")


@pytest.mark.parametrize(
    "command",
    [
        ("check",),
        ("show",),
        ("graph",),
        ("ask", "dead"),
        ("migrate",),
        ("upgrade", "--to", "23"),
        ("get", "DIR", "rtp.conf", "general", "rtpstart"),
    ],
)
def test_a_folder_without_any_file_is_not_clean_but_the_wrong_one(
    cli: Cli, tmp_path: Path, command: tuple[str, ...]
) -> None:
    words = command if "DIR" in command else (*command, "DIR")
    ask = [str(tmp_path) if word == "DIR" else word for word in words]
    nothing = f"asterconf: there is no configuration file in {tmp_path}"
    assert cli(*ask) == (2, "", f"{nothing}\n")
    for name in ("roles/pbx/files/rtp.conf", "etc/asterisk/rtp.conf", "etc/asterisk/x/a.conf"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("[general]\n")
    assert cli(*ask) == (2, "", f"{nothing}; give a folder that has: etc/asterisk\n")


def test_an_edit_may_make_the_first_file(cli: Cli, tmp_path: Path) -> None:
    assert cli("add", tmp_path, "rtp.conf", "general", "rtpstart=12000")[0] == 0
    assert (tmp_path / "rtp.conf").read_text() == "[general]\nrtpstart = 12000\n"


def test_one_of_many_paths_without_any_file_is_told(cli: Cli, tmp_path: Path) -> None:
    code, out, err = cli("check", "examples/home", tmp_path)
    assert (code, out) == (2, "1 read: no findings\n")
    assert err == f"asterconf: there is no configuration file in {tmp_path}\n"
