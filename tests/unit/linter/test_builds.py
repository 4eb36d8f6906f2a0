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


SLIPS = {
    "AC276": "extensions.conf:68:10",  # Page() used, no confbridge.conf written
    "AC426": "pjsip_wizard.conf:41:1",  # a provider that calls the registered contact gets 404
    "AC427": "pjsip_wizard.conf:50:20",  # so does one that sends +1555…
    "AC429": "pjsip_wizard.conf:46:16",  # the trunk's host is a name: DNS may be down at start
    "AC516": "voicemail.conf:4:1",  # changing the PIN by phone rewrites voicemail.conf
    "AC726": "extensions.conf:77:10",  # *99 opens the box without a PIN
    "AC752": "pjsip_wizard.conf:15:26",  # the trunk's template leaves direct_media on
    "AC784": "extensions.conf:109:10",  # _N11 includes 911
    "AC921": "extensions.conf:72:10",  # _6XXX dials phones that do not exist
}
"""The slips of the guide that are advice, each with its place."""


def test_the_guide_has_one_warning_and_advice_for_its_slips(guide: Path) -> None:
    conf = load(guide)
    found = conf.check()
    loud = [(one.code, str(one.position)) for one in (*found.errors, *found.warnings)]
    assert loud == [("AC230", "extensions.conf:67:41")]
    every = conf.check(preview=True)
    assert [(one.code, str(one.position)) for one in (*every.errors, *every.warnings)] == loud
    advice = {(one.code, str(one.position)) for one in every.advice}
    assert SLIPS.items() <= advice
    rest = {code for code, _ in advice - set(SLIPS.items())}
    # How an application is spelled; its passwords and its PIN are placeholders.
    assert rest == {"AC252", "AC709", "AC711"}


def test_the_slips_that_stable_rules_find_in_the_guide(guide: Path) -> None:
    unseen = {"AC276", "AC429", "AC726"}  # in preview: whether they hurt is in no file
    stable = SLIPS.keys() - unseen | {"AC709", "AC711"}
    assert {one.code for one in load(guide).check().advice} == stable
