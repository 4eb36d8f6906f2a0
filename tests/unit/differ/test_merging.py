"""What a merge makes of single edits: where they go, what stays, what is said of a conflict."""

from __future__ import annotations

import pytest

from asterconf import Config, ConflictError, diff, merge


def configs(file: str, *texts: str) -> list[Config]:
    return [Config.from_texts({file: text}) for text in texts]


def merged(file: str, base: str, ours: str, theirs: str) -> str:
    found = merge(*configs(file, base, ours, theirs))
    assert found.is_clean, found.conflicts
    return str(found.config[file])


def conflicts(file: str, base: str, ours: str, theirs: str) -> list[str]:
    found = merge(*configs(file, base, ours, theirs))
    assert str(found.config[file]) == ours
    return [str(conflict) for conflict in found.conflicts]


def test_a_section_of_pjsip_that_is_there_once_is_merged_like_any_other() -> None:
    base = "[global]\ntype = global\ndebug = no\n"
    ours = base + "user_agent = mine ; ours\n"
    theirs = base.replace("no", "yes")
    wanted = "[global]\ntype = global\ndebug = yes\nuser_agent = mine ; ours\n"
    assert merged("pjsip.conf", base, ours, theirs) == wanted


def test_a_line_that_others_inherit_is_edited_where_it_stands() -> None:
    base = "[one]\ntimeout = 10\n\n[two](one)\nmember = PJSIP/1\n"
    ours = f"; ours\n{base}"
    theirs = base.replace("10", "20")
    assert merged("queues.conf", base, ours, theirs) == f"; ours\n{theirs}"


def test_of_two_sections_of_one_name_none_is_edited_by_guess() -> None:
    base = "[general]\nenabled = yes\n\n[general]\nport = 5038\n"
    theirs = base.replace("5038", "5039")
    told = conflicts("manager.conf", base, base, theirs)
    assert told == ["~ manager.conf [general]: port 5038 -> 5039: section general is there 2 times"]


def test_a_conflict_says_where_and_what_both_want() -> None:
    base = "[home]\ntimeout = 10\n"
    told = conflicts("queues.conf", base, base.replace("10", "30"), base.replace("10", "20"))
    assert told == ["queues.conf:2:11: ~ queue home: timeout 10 -> 20: here it is 30 now"]


def test_a_conflict_shows_no_secret() -> None:
    base = "[6001]\ntype = auth\npassword = first\n"
    ours, theirs = (base.replace("first", word) for word in ("second", "third"))
    told = conflicts("pjsip.conf", base, ours, theirs)
    assert told == [
        "pjsip.conf:3:12: ~ auth 6001: password: secret changed: here it is another secret now"
    ]


def test_what_ours_removed_and_theirs_changed_is_a_conflict() -> None:
    base = "[home]\ntimeout = 10\n\n[shop]\ntimeout = 10\n"
    ours, theirs = (
        "[home]\ntimeout = 10\n\n",
        base.replace("[shop]\ntimeout = 10", "[shop]\ntimeout = 20"),
    )
    assert conflicts("queues.conf", base, ours, theirs) == [
        "~ queue shop: timeout 10 -> 20: here it is gone now"
    ]


def test_what_theirs_removed_and_ours_changed_is_a_conflict() -> None:
    base = "[home]\ntimeout = 10\n\n[shop]\ntimeout = 10\n"
    theirs, ours = (
        "[home]\ntimeout = 10\n\n",
        base.replace("[shop]\ntimeout = 10", "[shop]\ntimeout = 20"),
    )
    assert conflicts("queues.conf", base, ours, theirs) == [
        "queues.conf:5:11: - queue shop: here it was changed"
    ]


def test_one_conflict_stops_all_of_a_difference() -> None:
    base, theirs = (
        "[a]\ntimeout = 1\n\n[b]\ntimeout = 1\n",
        "[a]\ntimeout = 2\n\n[b]\ntimeout = 2\n",
    )
    third = base.replace("[b]\ntimeout = 1", "[b]\ntimeout = 3 ; mine")
    old, new, conf = configs("queues.conf", base, theirs, third)
    with pytest.raises(ConflictError, match="queue b: timeout 1 -> 2: here it is 3 now"):
        diff(old, new).apply(conf)
    assert str(conf["queues.conf"]) == third


MEMBERS = "[home]\nstrategy = linear\n{}"


def line_up(names: str) -> str:
    """Return a queue whose members are called in this order."""
    return MEMBERS.format("".join(f"member => PJSIP/{name}\n" for name in names))


def test_members_that_both_put_in_another_order_are_a_conflict() -> None:
    (told,) = conflicts("queues.conf", line_up("ABC"), line_up("BAC"), line_up("ACB"))
    assert told.endswith("moved: here it is in another place now")


def test_members_in_order_come_and_go_on_both_sides() -> None:
    assert merged("queues.conf", line_up("ABC"), line_up("AB"), line_up("ADBC")) == line_up("ADB")
    assert merged("queues.conf", line_up("ABC"), line_up("ABC"), line_up("CAB")) == line_up("CAB")


def test_includes_that_both_put_in_another_order_are_a_conflict() -> None:
    base, ours, theirs = (
        "[in]\n" + "".join(f"include => {name}\n" for name in names)
        for names in ("abc", "bac", "acb")
    )
    (told,) = conflicts("extensions.conf", base, ours, theirs)
    assert told.endswith("moved: here it is in another place now")


def test_a_context_that_theirs_removes_stays_if_ours_changed_an_extension_of_it() -> None:
    rest = "\n[other]\nexten => 1,1,NoOp()\n"
    base = f"[inner]\ninclude => other\n{rest}"
    ours = f"[inner]\nexten => 200,1,NoOp()\ninclude => other\n{rest}"
    said = ["extensions.conf:2:10: - context inner: here it was changed"]
    assert conflicts("extensions.conf", base, ours, rest) == said


def test_an_extension_is_not_added_to_a_context_that_ours_removed() -> None:
    rest = "\n[other]\nexten => 1,1,NoOp()\n"
    base = f"[inner]\ninclude => other\n{rest}"
    theirs = f"[inner]\nexten => 200,1,NoOp()\ninclude => other\n{rest}"
    (said,) = conflicts("extensions.conf", base, rest, theirs)
    assert said.endswith(": here it is gone")


def test_what_both_put_into_a_list_in_another_order_is_a_conflict() -> None:
    base = "[a]\n[b]\n"
    ours, theirs = (
        f"{base}[c]\ninclude => a\ninclude => b\n",
        f"{base}[c]\ninclude => b\ninclude => a\n",
    )
    (said,) = conflicts("extensions.conf", base, ours, theirs)
    assert said.endswith("moved: here they stand in another order")
    assert merged("extensions.conf", base, ours, ours) == ours


def test_a_member_that_a_queue_inherits_can_go() -> None:
    base = "[t](!)\nmember = PJSIP/1\n\n[one](t)\ntimeout = 10\n\n[two](t)\ntimeout = 20\n"
    theirs = "[one]\ntimeout = 10\n[two]\ntimeout = 20\nmember = PJSIP/1\n"
    wanted = "[t](!)\nmember = PJSIP/1\n\n[one]\ntimeout = 10\n\n[two](t)\ntimeout = 20\n"
    assert merged("queues.conf", base, base, theirs) == wanted


def test_a_section_of_the_wizard_file_that_no_wizard_reads_may_go() -> None:
    base, ours = {"pjsip_wizard.conf": "[a]\nexten = e\n"}, {"pjsip.conf": ""}
    found = merge(*map(Config.from_texts, (base, ours, base)))
    assert found.is_clean
    assert "pjsip_wizard.conf" not in found.config


def test_sections_of_one_name_that_come_and_go_together_are_a_conflict() -> None:
    base = "[a]\ntype=eon\n[a]\ntype=en\ntypontext=x\n"
    theirs = "[a]\ntype=endpoint\n[a]\ntype=en\n[a]\ntypontext=x\n"
    found = merge(*configs("pjsip.conf", base, base, theirs))
    told = [str(conflict) for conflict in found.conflicts]
    assert told == ["pjsip.conf:6:11: + pjsip.conf [a]: it cannot be written here"]
    assert str(found.config["pjsip.conf"]) == f"[a]\ntype=endpoint\n\n{base}"
