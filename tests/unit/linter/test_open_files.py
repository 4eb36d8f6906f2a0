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
