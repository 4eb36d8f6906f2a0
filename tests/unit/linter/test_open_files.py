"""Files that every account of the machine may use: AC729."""

from pathlib import Path

import pytest

import asterconf

WRITTEN = "every account of this machine may write {}"
READ = "every account of this machine may read the passwords in {}"


@pytest.mark.parametrize(
    ("mode", "text", "expected"),
    [
        (0o666, "[general]\n", WRITTEN),
        (0o644, "[general]\n[ada]\nsecret = Vq7pLx2mRd9k\n", READ),
        (0o644, "[general]\n", ""),
        (0o640, "[general]\n[ada]\nsecret = Vq7pLx2mRd9k\n", ""),
    ],
)
def test_what_others_may_do_with_a_file(
    tmp_path: Path, mode: int, text: str, expected: str
) -> None:
    file = tmp_path / "manager.conf"
    file.write_text(text)
    file.chmod(mode)
    conf = asterconf.load(tmp_path)
    said = [one.message for one in conf.check(select=["AC729"], host_files=True)]
    assert said == [expected.format("manager.conf")] * bool(expected)
    assert list(conf.check(select=["AC729"], host_files=False)) == []


@pytest.mark.parametrize(("mode", "expected"), [(0o777, WRITTEN), (0o755, "")])
def test_a_script_that_others_may_write_is_told_where_it_is_run(
    tmp_path: Path, mode: int, expected: str
) -> None:
    script = tmp_path / "peers.sh"
    script.write_text("#!/bin/sh\n")
    script.chmod(mode)
    folder = tmp_path / "etc"
    folder.mkdir()
    file = folder / "queues.conf"
    file.write_text(f"[general]\n#exec {script} all\n#exec peers.sh\n#exec /nowhere/x\n")
    file.chmod(0o640)
    found = asterconf.load(folder).check(select=["AC729"], host_files=True)
    assert [one.message for one in found] == [expected.format(script)] * bool(expected)
    assert [str(one.position) for one in found] == ["queues.conf:2:1"] * bool(expected)
