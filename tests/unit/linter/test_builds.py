"""What the library builds has nothing wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from asterconf.config import load
from asterconf.home import HomePBX

EXAMPLES = Path(__file__).parents[3] / "examples"


@pytest.mark.parametrize("complete", [False, True])
@pytest.mark.parametrize("name", ["home", "home-full"])
def test_a_built_home_has_no_findings(name: str, tmp_path: Path, *, complete: bool) -> None:
    HomePBX.from_toml(EXAMPLES / f"{name}.toml").write(tmp_path / "pbx", complete=complete)
    conf = load(tmp_path / "pbx")
    for version in ("18", "20", "21", "22", "23") if complete else ("22",):
        found = conf.with_asterisk(version).check(host_files=False)
        assert (version, [str(one) for one in found]) == (version, [])


def test_the_guide_has_one_finding(guide: Path) -> None:
    found = load(guide).check()
    assert [(one.code, str(one.position)) for one in found] == [("AC230", "extensions.conf:67:41")]
