"""A changed home over a folder that was edited by hand: the edits stay, conflicts are told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from asterconf import BuildError, ConflictError, HomePBX, load

HOME = Path(__file__).parents[3] / "examples" / "home.toml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder into which the example was built."""
    home().write(tmp_path / "pbx")
    return tmp_path / "pbx"


def home(*swaps: tuple[str, str]) -> HomePBX:
    text = HOME.read_text()
    for old, new in swaps:
        assert old in text
        text = text.replace(old, new)
    return HomePBX.from_toml(text)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert text.count(old) == 1, (old, text.count(old))
    path.write_text(text.replace(old, new))


def texts(folder: Path) -> dict[str, str]:
    return {p.name: p.read_text() for p in folder.rglob("*") if p.is_file()}


GARAGE = """
[[extensions]]
name = "6004"
callerid = "Garage <6004>"
secret = "gar4ge-door"
phone = "Yealink T31P"
"""


def test_into_a_missing_folder_everything_is_created(tmp_path: Path) -> None:
    plan = home().rebuild(tmp_path / "new")
    assert plan.counts["change"] == plan.counts["remove"] == 0
    assert {change.name for change in plan.diff if change.kind == "extension"} == {
        "6001", "6002", "6003",
    }  # fmt: skip
    plan.apply()
    home().write(tmp_path / "other")
    assert texts(tmp_path / "new") == texts(tmp_path / "other")


def test_the_same_home_is_nothing_to_do(folder: Path) -> None:
    plan = home().rebuild(folder)
    assert (plan.is_pending, plan.conflicts, plan.diff.is_empty) == (False, (), True)


def test_without_edits_it_is_what_a_fresh_build_writes(folder: Path, tmp_path: Path) -> None:
    changed = home(("Kitchen <6002>", "Galley <6002>"), ("# All phones share", GARAGE + "#"))
    changed.rebuild(folder).apply()
    changed.write(tmp_path / "fresh")
    assert texts(folder) == texts(tmp_path / "fresh")


def test_edits_and_comments_stay_in_files_that_change(folder: Path) -> None:
    edit(folder / "queues.conf", "timeout = 30", "timeout = 45 ; slow legs")
    edit(folder / "queues.conf", "; ringall: all phones at once.", "; as grandmother wants it")
    edit(folder / "extensions.conf", "[subscribe]", "[door]\nexten => 77,1,Answer()\n\n[subscribe]")
    plan = home(("Kitchen <6002>", "Galley <6002>"), ("# All phones share", GARAGE + "#")).rebuild(
        folder
    )
    assert not plan.conflicts
    plan.apply()
    queues = (folder / "queues.conf").read_text()
    assert "timeout = 45 ; slow legs\n" in queues
    assert "; as grandmother wants it\n" in queues
    assert "member => PJSIP/6002,0,Galley,PJSIP/6002\n" in queues
    assert "member => PJSIP/6004,0,Garage,PJSIP/6004\n" in queues
    conf = load(folder)
    assert conf.dialplan["door"]["77"].steps[0].app == "Answer"
    assert conf.extensions["6004"].number == "6004"
    assert "6004" in conf.dialplan["subscribe"]
    again = home(("Kitchen <6002>", "Galley <6002>"), ("# All phones share", GARAGE + "#"))
    assert not again.rebuild(folder).is_pending


def test_what_both_changed_is_a_conflict_and_nothing_is_written(folder: Path) -> None:
    edit(folder / "extensions.conf", "VOICEMAIL_RING_TIMEOUT = 25", "VOICEMAIL_RING_TIMEOUT = 40")
    edit(folder / "queues.conf", "timeout = 30", "timeout = 31")
    before = texts(folder)
    plan = home(("ring_seconds = 25", "ring_seconds = 60"), ("Kitchen <", "Galley <")).rebuild(
        folder
    )
    assert [re.sub(r"^\S+ ", "", str(conflict)) for conflict in plan.conflicts] == [
        "~ global VOICEMAIL_RING_TIMEOUT 25 -> 60: here it is 40 now"
    ]
    with pytest.raises(ConflictError, match="VOICEMAIL_RING_TIMEOUT 25 -> 60: here it is 40 now"):
        plan.apply()
    assert texts(folder) == before
    plan.apply(ours=True)
    assert "VOICEMAIL_RING_TIMEOUT = 40\n" in (folder / "extensions.conf").read_text()
    assert "Galley" in (folder / "queues.conf").read_text()


def test_a_password_changed_by_hand_stays(folder: Path) -> None:
    edit(folder / "pjsip_wizard.conf", "password = olive-Tide-5568", "password = by-hand")
    home(("Kitchen <6002>", "Galley <6002>")).rebuild(folder).apply()
    text = (folder / "pjsip_wizard.conf").read_text()
    assert "password = by-hand\n" in text
    assert "Galley" in text


def test_a_password_changed_in_the_description_is_taken(folder: Path) -> None:
    edit(folder / "pjsip_wizard.conf", "; What all phones have in common.", "; Our phones.")
    home(('"olive-Tide-5568"', '"an-0ther-one"')).rebuild(folder).apply()
    text = (folder / "pjsip_wizard.conf").read_text()
    assert "password = an-0ther-one\n" in text
    assert "; Our phones.\n" in text


def test_passwords_changed_on_both_sides_are_told(folder: Path) -> None:
    edit(folder / "pjsip_wizard.conf", "password = olive-Tide-5568", "password = by-hand")
    plan = home(('"olive-Tide-5568"', '"an-0ther-one"')).rebuild(folder)
    (conflict,) = plan.conflicts
    assert "secret" in str(conflict)
    assert "by-hand" not in str(conflict)
    assert "an-0ther" not in str(conflict)


def test_a_phone_removed_by_hand_and_unchanged_there_stays_away(folder: Path) -> None:
    text = (folder / "pjsip_wizard.conf").read_text()
    (folder / "pjsip_wizard.conf").write_text(text[: text.index("; Extension 6003")])
    plan = home(("Kitchen <6002>", "Galley <6002>")).rebuild(folder)
    assert not plan.conflicts
    plan.apply()
    assert set(load(folder).extensions) == {"6001", "6002"}


def test_a_file_that_is_no_longer_built_goes_unless_it_was_edited(folder: Path) -> None:
    without = home(('intercom = "6000"', "intercom = false"))
    plan = without.rebuild(folder)
    assert plan.removed == ("confbridge.conf",)
    plan.apply(backup=True)
    assert not (folder / "confbridge.conf").exists()
    assert (folder / "confbridge.conf.bak").exists()


def test_a_folder_that_no_build_wrote_is_shown_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "queues.conf").write_text("[mine]\nstrategy = linear\n")
    plan = home().rebuild(tmp_path)
    assert plan.foreign
    assert "- queue mine" in str(plan.diff)
    with pytest.raises(BuildError, match="holds files that no build wrote"):
        plan.apply()
    assert texts(tmp_path) == {"queues.conf": "[mine]\nstrategy = linear\n"}
