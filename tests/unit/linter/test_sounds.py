"""Sounds that the dialplan plays, in a folder of Asterisk's sounds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from asterconf import Config

FILES = ("beep.gsm", "en/vm-enter-num-to-call.ulaw", "de/digits/1.wav", "custom/hello.v2.wav")


@pytest.fixture
def sounds(tmp_path: Path) -> Path:
    for name in FILES:
        path = tmp_path / "sounds" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    return tmp_path / "sounds"


@pytest.mark.parametrize(
    ("step", "missing"),
    [
        ("Playback(beep&gone)", ["gone"]),
        ("Playback(beep,noanswer)", []),
        ("BackGround(vm-enter-num-to-call&digits/1&digits/2)", ["digits/2"]),
        ("Read(N,gone,1)", ["gone"]),
        ("Read(N)", []),
        ("ControlPlayback(custom/hello.v2)", []),
        ("Playback(${X}&/tmp/there&sound:x&&)", []),  # what no folder tells
        ("Playback(mine)", []),  # it is recorded
        ("NoOp(gone)", []),
    ],
)
def test_a_sound_is_a_file_of_any_ending_in_any_language(
    sounds: Path, step: str, missing: list[str]
) -> None:
    text = f"[a]\nexten => 1,1,{step}\nexten => 2,1,Record(mine.wav,3,10)\n"
    conf = Config.from_texts({"extensions.conf": text})
    found = [one for one in conf.check(sounds=sounds) if one.code == "AC923"]
    assert [str(one.position) for one in found] == ["extensions.conf:2:10"] * len(missing)
    assert [one.message.split("'")[1] for one in found] == missing
    assert [one for one in conf.check() if one.code == "AC923"] == []


def test_the_command_takes_a_folder(sounds: Path, tmp_path: Path, cli: Any) -> None:
    (tmp_path / "pbx").mkdir()
    (tmp_path / "pbx" / "extensions.conf").write_text("[a]\nexten => 1,1,Playback(bep)\n")
    code, out, _ = cli("check", tmp_path / "pbx", "--sounds", sounds)
    assert (code, "AC923 there is no sound 'bep'" in out) == (1, True)
    assert cli("check", tmp_path / "pbx")[0] == 0
    code, _, err = cli("check", tmp_path / "pbx", "--sounds", tmp_path / "none")
    assert (code, "does not exist" in err) == (2, True)
