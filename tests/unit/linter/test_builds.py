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
    found = load(tmp_path / "pbx").check(host_files=False)
    assert [str(one) for one in found] == []


def test_the_guide_has_one_finding(guide: Path) -> None:
    found = load(guide).check()
    assert [(one.code, str(one.position)) for one in found] == [("AC230", "extensions.conf:67:41")]
