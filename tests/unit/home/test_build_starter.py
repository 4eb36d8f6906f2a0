"""The description to start from."""

import re
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from asterconf.__main__ import main
from asterconf.home import HomePBX
from asterconf.home.hometoml import starter


def write(folder: Path, change: Callable[[str], str] = str) -> Path:
    """Write the starter into a folder, and return the description."""
    text, secrets = starter(str(folder / "home.toml"))
    (folder / "home.toml").write_text(change(text))
    (folder / "home.secrets.toml").write_text(secrets)
    return folder / "home.toml"


def test_the_starter_is_a_home_without_findings(tmp_path: Path) -> None:
    for _ in range(20):
        file = write(tmp_path)
        pbx = HomePBX.from_toml(file)
        assert [str(found) for found in pbx.check(toml=file)] == []
    assert [str(extension.phone) for extension in pbx.extensions] == ["DeskPhone", "Softphone"]


def test_what_it_leaves_commented_can_be_commented_in(tmp_path: Path) -> None:
    file = write(tmp_path, lambda text: re.sub(r"(?m)^# (\w+ = )", r"\1", text))
    kinds = {type(feature).__name__ for feature in HomePBX.from_toml(file).effective_features()}
    assert {"ConferenceRoom", "BusinessHours", "Intercom"} < kinds


def run(monkeypatch: pytest.MonkeyPatch, *args: object) -> object:
    monkeypatch.setattr(sys, "argv", ["asterconf", *map(str, args)])
    with pytest.raises(SystemExit) as caught:
        main()
    return caught.value.code or 0


def test_new_writes_it_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "house.toml"
    assert run(monkeypatch, "new", file) == 0
    secrets = tmp_path / "house.secrets.toml"
    assert capsys.readouterr().out == f"{file}\n{secrets}\n"
    assert stat.S_IMODE(file.stat().st_mode) & ~0o640 == 0
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o600
    words = re.findall(r'= "(.*)"', secrets.read_text())
    assert len(words) == 4
    assert not [word for word in words if word in file.read_text()]
    text = file.read_text()
    assert f"asterconf build {file} --to" in text
    assert run(monkeypatch, "new", file) == 2
    assert capsys.readouterr().err == f"asterconf: {file} is already there; nothing was written\n"
    assert file.read_text() == text
    assert run(monkeypatch, "build", file, "--to", tmp_path / "out") == 0
