"""Every kind of thing that two sides can change: what the merged file says, or the conflict."""

from __future__ import annotations

import pytest

from asterconf import Config, merge
from tests.unit.differ.edits import PLAN

BOXES = """\
[general]
maxmsg = 50

[default]
; the parents
100 => 1234,Ann,ann@example.com,,attach=no|tz=central
101 => 4321,Bob
"""


def edited(text: str, *swaps: tuple[str, str]) -> str:
    for old, new in swaps:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


Swaps = list[tuple[str, str]]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        # one side changes the steps of an extension, the other its hint
        ([("Dial(PJSIP/200)", "Dial(PJSIP/200,20)")], [("hint,PJSIP/200", "hint,PJSIP/222")]),
        # each side changes another step list of the same context
        ([("Dial(PJSIP/200)", "Dial(PJSIP/200,20)")], [("Dial(PJSIP/201)", "Dial(PJSIP/201,9)")]),
        # a global variable and a context
        ([("PJSIP/a", "PJSIP/b")], [("1,Hangup()", "1,Congestion()")]),
        ([("1,Hangup()", "1,Congestion()")], [("PJSIP/a", "PJSIP/b")]),
        # what is no extension
        ([("PJSIP/a", "PJSIP/b")], [("Loopback/@one", "Loopback/@two")]),
        ([("PJSIP/a", "PJSIP/b")], [("ignorepat => 9", "ignorepat => 8")]),
        ([("PJSIP/a", "PJSIP/b")], [("include => more\n", "")]),
        ([("PJSIP/a", "PJSIP/b")], [("ignorepat => 9\n", "")]),
        ([("PJSIP/a", "PJSIP/b")], [("switch => Loopback/@one\n", "")]),
        ([("PJSIP/a", "PJSIP/b")], [("exten => 200,hint,PJSIP/200\n", "")]),
        ([("PJSIP/a", "PJSIP/b")], [("exten => 201,1,Dial(PJSIP/201)\n", "")]),
        ([("PJSIP/a", "PJSIP/b")], [("\n[more]\nexten => 300,1,Hangup()\n", "")]),
        # both remove, or both make, the same
        ([("ignorepat => 9\n", "")], [("ignorepat => 9\n", "")]),
        ([("PJSIP/a", "PJSIP/b")], [("PJSIP/a", "PJSIP/b"), ("1,Hangup()", "1,Congestion()")]),
    ],
)
def test_a_dialplan_has_what_both_sides_wrote(ours: Swaps, theirs: Swaps) -> None:
    configs = [
        Config.from_texts({"extensions.conf": edited(PLAN, *swaps)}) for swaps in ([], ours, theirs)
    ]
    found = merge(*configs)
    both = list(dict.fromkeys([*ours, *theirs]))
    assert [str(one) for one in found.conflicts] == []
    assert str(found.config["extensions.conf"]) == edited(PLAN, *both)


@pytest.mark.parametrize(
    ("ours", "theirs", "said"),
    [
        (
            [("PJSIP/a", "PJSIP/b")], [("PJSIP/a", "PJSIP/c")],
            "extensions.conf:2:9: ~ global TRUNK PJSIP/a -> PJSIP/c: here it is PJSIP/b now",
        ),
        (
            [("TRUNK = PJSIP/a ; the provider\n", "")], [("PJSIP/a", "PJSIP/c")],
            "~ global TRUNK PJSIP/a -> PJSIP/c: here it is gone now",
        ),
        (
            [("PJSIP/a", "PJSIP/b")], [("TRUNK = PJSIP/a ; the provider\n", "")],
            (
                "extensions.conf:2:9: - global TRUNK PJSIP/a (restart Asterisk): "
                "here it is PJSIP/b now"
            ),
        ),
        (
            [("hint,PJSIP/200", "hint,PJSIP/111")], [("hint,PJSIP/200", "hint,PJSIP/222")],
            (
                "extensions.conf:5:10: ~ context home: hint PJSIP/200 -> PJSIP/222: "
                "here it is PJSIP/111 now"
            ),
        ),
    ],
)  # fmt: skip
def test_a_dialplan_that_both_sides_changed_at_one_place_is_a_conflict(
    ours: Swaps, theirs: Swaps, said: str
) -> None:
    base, mine, other = (edited(PLAN, *swaps) for swaps in ([], ours, theirs))
    found = merge(*(Config.from_texts({"extensions.conf": text}) for text in (base, mine, other)))
    assert [str(one) for one in found.conflicts] == [said]
    assert str(found.config["extensions.conf"]) == mine


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ([("1234", "9999")], [("Ann,", "Anna,")]),
        ([("attach=no", "attach=yes")], [("tz=central", "tz=eastern")]),
        ([("; the parents", "; us")], [("attach=no|", "")]),
        ([("maxmsg = 50", "maxmsg = 60")], [("|tz=central", "|tz=central|delete=yes")]),
        ([("4321", "7777")], [("101 => 4321,Bob", "101 => 4321,Bob,bob@example.com")]),
        ([("101 => 4321,Bob\n", "")], [("ann@example.com", "a@example.com")]),
        ([("ann@example.com", "a@example.com")], [("101 => 4321,Bob\n", "")]),
        ([("Ann,", "Anna,")], [("101 => 4321,Bob\n", "101 => 4321,Bob\n102 => 5678,Cy\n")]),
    ],
)
def test_a_mailbox_has_what_both_sides_gave_it(ours: Swaps, theirs: Swaps) -> None:
    configs = [
        Config.from_texts({"voicemail.conf": edited(BOXES, *swaps)}) for swaps in ([], ours, theirs)
    ]
    found = merge(*configs)
    wanted = edited(BOXES, *theirs)
    for old, new in ours:
        wanted = wanted.replace(old, new)
    assert [str(one) for one in found.conflicts] == []
    assert str(found.config["voicemail.conf"]) == wanted


TEMPLATES = """\
[phone](!)
type = endpoint
context = home
allow = ulaw

[200](phone)

[201](phone)
allow = alaw
"""


@pytest.mark.parametrize(
    "theirs",
    [
        [("context = home", "context = office")],
        [("allow = ulaw\n", "allow = ulaw\nlanguage = de\n")],
        [("context = home\n", "")],
    ],
)
def test_an_edit_of_a_template_is_made_in_the_template(theirs: Swaps) -> None:
    mine = "; ours\n" + TEMPLATES
    configs = [
        Config.from_texts({"pjsip.conf": text})
        for text in (TEMPLATES, mine, edited(TEMPLATES, *theirs))
    ]
    found = merge(*configs)
    assert [str(one) for one in found.conflicts] == []
    assert str(found.config["pjsip.conf"]) == edited(mine, *theirs)


def test_a_template_that_ours_uses_once_more_is_left_and_the_phones_get_own_lines() -> None:
    ours = TEMPLATES + "\n[202](phone)\n"
    theirs = edited(TEMPLATES, ("context = home", "context = office"))
    found = merge(*(Config.from_texts({"pjsip.conf": t}) for t in (TEMPLATES, ours, theirs)))
    wanted = edited(
        ours,
        ("[200](phone)\n", "[200](phone)\ncontext = office\n"),
        ("allow = alaw\n", "allow = alaw\ncontext = office\n"),
    )
    assert [str(one) for one in found.conflicts] == []
    assert str(found.config["pjsip.conf"]) == wanted


def test_a_phone_that_theirs_renamed_keeps_what_ours_wrote_into_it() -> None:
    base = "[200]\ntype = endpoint\ncontext = home\n\n[201]\ntype = endpoint\ncontext = home\n"
    ours = edited(base, ("[201]\ntype = endpoint\n", "[201]\ntype = endpoint ; mine\n"))
    theirs = edited(base, ("[201]", "[301]"))
    found = merge(*(Config.from_texts({"pjsip.conf": text}) for text in (base, ours, theirs)))
    assert [str(one) for one in found.conflicts] == []
    assert str(found.config["pjsip.conf"]) == edited(ours, ("[201]", "[301]"))


def test_a_file_that_only_theirs_has_comes_with_what_it_includes() -> None:
    base = {"queues.conf": "[home]\ntimeout = 10\n"}
    theirs = base | {
        "manager.conf": "[general]\nenabled = yes\n#include users.d/a.conf\n",
        "users.d/a.conf": "[bob]\nsecret = x\n",
    }
    ours = {"queues.conf": "[home]\ntimeout = 20\n"}
    found = merge(*map(Config.from_texts, (base, ours, theirs)))
    assert found.is_clean
    assert {name: str(found.config[name]) for name in ("queues.conf", "manager.conf")} == {
        "queues.conf": ours["queues.conf"],
        "manager.conf": theirs["manager.conf"],
    }
    assert str(found.config["users.d/a.conf"]) == theirs["users.d/a.conf"]


@pytest.mark.parametrize(
    ("ours", "theirs", "wanted"),
    [
        (
            "allow = ulaw\npermit = 10.0.0.0/8\n",
            "allow = alaw\n",
            "allow = alaw\npermit = 10.0.0.0/8\n",
        ),
        ("allow = ulaw\nsub_min_expiry = 9\n", "", "sub_min_expiry = 9\n"),
    ],
)
def test_options_of_one_section_are_merged_one_by_one(ours: str, theirs: str, wanted: str) -> None:
    head = "[200]\ntype = endpoint\n"
    texts = (head + "allow = ulaw\n", head + ours, head + theirs)
    found = merge(*(Config.from_texts({"pjsip.conf": text}) for text in texts))
    assert [str(one) for one in found.conflicts] == []
    assert str(found.config["pjsip.conf"]) == head + wanted


def test_items_of_a_set_come_and_go_on_both_sides() -> None:
    head = "[200]\ntype = endpoint\n"
    texts = (f"{head}named_call_group = {items}\n" for items in ("a,b,c", "a,b,c,d", "b,c,e"))
    found = merge(*(Config.from_texts({"pjsip.conf": text}) for text in texts))
    assert [str(one) for one in found.conflicts] == []
    assert str(found.config["pjsip.conf"]) == head + "named_call_group = b,c,d,e\n"


def test_a_file_that_theirs_spoiled_is_a_conflict() -> None:
    base = "[general]\nenabled = yes\n"
    found = merge(
        Config.from_texts({"manager.conf": base}),
        Config.from_texts({"manager.conf": base}),
        Config.from_texts({"manager.conf": "enabled = yes\n"}),
    )
    (said,) = map(str, found.conflicts)
    assert said == (
        "- manager.conf: Asterisk refuses it: line before the first section: 'enabled': "
        "it cannot be merged line by line"
    )
    assert str(found.config["manager.conf"]) == base


def test_an_override_that_both_variables_of_a_dialplan_need_is_written_once() -> None:
    base = "[globals]\nA = 1\n\n[home]\nexten => 1,1,NoOp(${A})\n"
    theirs = edited(base, ("A = 1\n", "A = 1\n__B = 2\n"))
    ours = edited(base, ("A = 1", "A = 3 ; ours"))
    found = merge(*(Config.from_texts({"extensions.conf": t}) for t in (base, ours, theirs)))
    assert [str(one) for one in found.conflicts] == []
    assert str(found.config["extensions.conf"]) == edited(ours, ("; ours\n", "; ours\nB = 2\n"))


def test_the_first_global_variable_brings_its_section() -> None:
    base = "[home]\nexten => 1,1,Hangup()\n"
    theirs = f"[globals]\nA = 1\n\n{base}"
    ours = edited(base, ("1,1", "2,1"))
    found = merge(*(Config.from_texts({"extensions.conf": t}) for t in (base, ours, theirs)))
    assert [str(one) for one in found.conflicts] == []
    assert found.config.dialplan["home"]["2"].steps[0].app == "Hangup"
    assert dict(found.config.dialplan.globals) == {"A": "1"}


def test_a_member_that_both_sides_add_elsewhere_stands_in_the_order_of_theirs() -> None:
    queue = "[q]\nstrategy = linear\n"
    base, ours, theirs = (
        queue + "".join(f"member => PJSIP/{name}\n" for name in names)
        for names in ("ab", "ab", "axyb")
    )
    found = merge(*(Config.from_texts({"queues.conf": t}) for t in (base, ours, theirs)))
    assert str(found.config["queues.conf"]) == theirs


def test_an_extension_that_theirs_made_comes_with_its_pattern_and_its_hint() -> None:
    ours = edited(PLAN, ("PJSIP/a", "PJSIP/b"))
    new = "exten => _2XX,1,Dial(PJSIP/${EXTEN})\nexten => _2XX,hint,PJSIP/${EXTEN}\n"
    theirs = edited(PLAN, ("ignorepat", f"{new}ignorepat"))
    found = merge(*(Config.from_texts({"extensions.conf": t}) for t in (PLAN, ours, theirs)))
    made = found.config.dialplan["home"]["_2XX"]
    assert [str(one) for one in found.conflicts] == []
    assert [step.data for step in made.steps] == ["PJSIP/${EXTEN}"]
    assert made.hint is not None
    assert made.hint.text == "PJSIP/${EXTEN}"


@pytest.mark.parametrize("kept", ["; mine\n[phone](!)\n", "[phone](!)\n"])
def test_a_new_phone_stands_below_the_template_that_it_inherits(kept: str) -> None:
    theirs = "[phone](!)\ntype = endpoint\n\n[200](phone)\n"
    base = "[phone](!)\ntype = endpoint\n"
    ours = kept + "type = endpoint\n\n[last]\ntype = aor\n"
    found = merge(*(Config.from_texts({"pjsip.conf": t}) for t in (base, ours, theirs)))
    wanted = f"{kept}type = endpoint\n\n[200](phone)\n\n[last]\ntype = aor\n"
    assert [str(one) for one in found.conflicts] == []
    assert str(found.config["pjsip.conf"]) == wanted


def test_a_new_phone_whose_template_says_something_else_here_gets_its_own_lines() -> None:
    base = "[phone](!)\ntype = endpoint\ncontext = a\n"
    ours = edited(base, ("context = a", "context = b"))
    theirs = base + "\n[200](phone)\nallow = ulaw\n"
    found = merge(*(Config.from_texts({"pjsip.conf": t}) for t in (base, ours, theirs)))
    wanted = ours + "\n[200]\ntype = endpoint\ncontext = a\nallow = ulaw\n"
    assert [str(one) for one in found.conflicts] == []
    assert str(found.config["pjsip.conf"]) == wanted


def test_a_new_phone_brings_the_template_that_is_missing_here() -> None:
    base = "[global]\ntype = global\n"
    theirs = (
        base + "\n; for all\n[phone](!)\ntype = endpoint\n\n; Ann\n[200](phone)\nallow = ulaw\n"
    )
    ours = edited(base, ("type = global\n", "type = global ; mine\n"))
    found = merge(*(Config.from_texts({"pjsip.conf": t}) for t in (base, ours, theirs)))
    assert [str(one) for one in found.conflicts] == []
    wanted = edited(theirs, ("type = global\n", "type = global ; mine\n"))
    assert str(found.config["pjsip.conf"]) == wanted


def test_phones_take_another_template_with_its_text() -> None:
    base = "[one](!)\ntype = endpoint\n\n[200](one)\n\n[201](one)\n"
    theirs = "[one](!)\ntype = endpoint\n\n[two](!)\nallow = alaw\n\n[200](one,two)\n\n[201](one)\n"
    ours = base + "context = mine\n"
    found = merge(*(Config.from_texts({"pjsip.conf": t}) for t in (base, ours, theirs)))
    assert [str(one) for one in found.conflicts] == []
    assert found.config.effective("pjsip.conf")["200"]["allow"] == "!all,alaw"
    assert str(found.config["pjsip.conf"]).endswith("[201](one)\ncontext = mine\n")
