"""`Diff.calls`: dialed numbers that behave differently, with a witness each."""

from __future__ import annotations

import pytest

from asterconf import Config, diff
from asterconf.calls import Busy, World
from asterconf.errors import NotFoundError

HEAD = "[globals]\nTRUNK=PJSIP/trunk\n"
OLD = """\
[home]
include => more
exten => _1NXX,1,Dial(${TRUNK}/${EXTEN})
exten => 100,1,Dial(PJSIP/100)
 same => n,Playback(sorry)
exten => 102,1,AGI(x)
[more]
exten => _2X,1,Hangup()
"""


def calls(old: str, new: str, *contexts: str, world: World | None = None) -> list[str]:
    sides = (Config.from_texts({"extensions.conf": HEAD + text}) for text in (old, new))
    return [str(one) for one in diff(*sides).calls(*contexts, world=world)]


def test_a_dialplan_that_only_looks_different_has_no_changed_calls() -> None:
    assert calls(OLD, OLD.replace("same => n,Play", "same => 2,Play") + "; end\n") == []
    assert calls(OLD, OLD.replace("[home]", "[home]\nexten => h,1,NoOp(gone)")) == []


def test_a_number_that_is_dialed_elsewhere_is_told_with_both_endings() -> None:
    new = OLD.replace("Dial(PJSIP/100)", "Dial(PJSIP/101)")
    assert calls(OLD, new, "home") == [
        "100 from context:home: answered by PJSIP/100 -> answered by PJSIP/101"
    ]


def test_a_pattern_has_one_witness_in_every_context_that_reaches_it() -> None:
    found = calls(OLD, OLD.replace("_2X,1,Hangup()", "_2X,1,Busy()"))
    assert [one.split(":")[1].split(" ")[0] for one in found] == ["home", "more"]


def test_a_global_variable_changes_calls() -> None:
    found = calls(OLD.replace("[home]", "[globals]\nTRUNK=PJSIP/other\n[home]"), OLD, "home")
    assert len(found) == 1
    assert "PJSIP/other" in found[0]
    assert "PJSIP/trunk" in found[0]


def test_a_new_pattern_that_takes_a_part_of_another_is_found() -> None:
    new = OLD.replace("[more]", "exten => _12XX,1,Congestion()\n[more]")
    (found,) = calls(OLD, new, "home")
    assert found.startswith("12")


def test_the_world_decides_what_shows() -> None:
    new = OLD.replace("Playback(sorry)", "Playback(busy-now)")
    assert calls(OLD, new, "home") == []
    assert len(calls(OLD, new, "home", world=World({"*": Busy()}))) == 1


def test_what_only_a_running_asterisk_knows_differs_by_its_steps() -> None:
    assert calls(OLD, OLD.replace("AGI(x)", "AGI(y)"), "home") != []


def test_contexts_that_come_and_go_are_told() -> None:
    found = calls(OLD, OLD + "[new]\nexten => 5,1,Hangup()\n", "new")
    assert found == ["5 from context:new: no such context -> hung up with cause 16"]
    with pytest.raises(NotFoundError, match="there is no context 'hom'"):
        calls(OLD, OLD, "hom")
