"""The description to start from."""

import re
import stat
import sys
from pathlib import Path

import pytest

from asterconf.__main__ import main
from asterconf.home import HomePBX
from asterconf.home.hometoml import starter


def test_the_starter_is_a_house_without_findings() -> None:
    for _ in range(20):
        text = starter()
        pbx = HomePBX.from_toml(text)
        assert [str(finding) for finding in pbx.check(toml=text)] == []
    assert [str(extension.phone) for extension in pbx.extensions] == ["DeskPhone", "Softphone"]


def test_what_it_leaves_commented_can_be_commented_in() -> None:
    text = re.sub(r"(?m)^# (\w+ = )", r"\1", starter())
    kinds = {type(feature).__name__ for feature in HomePBX.from_toml(text).effective_features()}
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
    assert capsys.readouterr().out == f"{file}\n"
    assert stat.S_IMODE(file.stat().st_mode) & 0o007 == 0
    text = file.read_text()
    assert f"asterconf build {file} --to" in text
    assert run(monkeypatch, "new", file) == 2
    assert capsys.readouterr().err == f"asterconf: {file} is already there; nothing was written\n"
    assert file.read_text() == text
    assert run(monkeypatch, "build", file, "--to", tmp_path / "out") == 0
