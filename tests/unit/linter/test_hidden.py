"""Extensions and includes that no call comes to: AC204 and AC205."""

import pytest

from asterconf import Config


def said(code: str, text: str, **more: str) -> list[str]:
    conf = Config.from_texts({"extensions.conf": text, **more})
    return [f"{one.position} {one.message}" for one in conf.check(select=[code])]


def hidden(first: str, second: str, more: str = "") -> bool:
    """Tell whether `_XX` is hidden by `_[0-4]X` and `_[5-9]X`, with these steps; `more` follows."""
    names = [("_[0-4]X", first), ("_[5-9]X", first), ("_XX", second)]
    lines = [f"exten => {name},{step}" for name, steps in names for step in steps.split(" ")]
    found = said("AC204", "\n".join(["[home]", *lines, more]))
    return [one.partition(" ")[2] for one in found] == [
        "'_XX' is never run: whatever it matches is taken by '_[0-4]X' and '_[5-9]X'"
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("1,Answer() 2,Hangup()", "1,Answer() 2,Hangup()"),
        ("1,Answer() 2,Hangup()", "1,Answer() 2,Wait(1) 3,Hangup()"),  # it has ended
        ("1(a),Answer()", "1(a),NoOp()"),
        ("1,Answer() hint,PJSIP/1", "1,Answer() hint,PJSIP/2"),
    ],
)
def test_a_pattern_is_hidden_by_what_has_all_of_its_steps_or_ends(first: str, second: str) -> None:
    assert hidden(first, second)


@pytest.mark.parametrize(
    ("first", "second", "more"),
    [
        ("1,Answer()", "1,Answer() 2,Hangup()", ""),  # goes on there
        ("1,Answer() 3,Hangup()", "1,Answer() 2,NoOp()", ""),
        ("1,Answer() 2,Hangup()", "1,Answer() 2,Wait(1) 3,NoOp()", "exten => 1,1,Goto(11,3)"),
        ("1,Answer()", "1(a),Answer()", ""),
        ("1,Answer()", "1,Answer() hint,PJSIP/1", ""),
        ("1,Answer()", "1,Answer()", "exten => 1,1,Goto(_XX,1)"),
        ("1,Answer()", "1,Answer()", "[general]\nextenpatternmatchnew = yes"),
    ],
)
def test_a_pattern_is_not_where_something_of_it_is_found(
    first: str, second: str, more: str
) -> None:
    assert not hidden(first, second, more)


def test_a_pattern_is_hidden_for_the_numbers_that_others_leave_only() -> None:
    names = ("_[0-4]X", "_[5-9]X{}", "_XX")
    plan = "[home]\n" + "".join(f"exten => {name},1,Hangup()\n" for name in names)
    assert said("AC204", plan.format(""))
    assert not said("AC204", plan.format("/200"))  # for one caller
    assert not said("AC204", plan.format("").replace("5-9", "5-8"))


HOME = "[home]\nexten => _6X!,1,Hangup()\n"
PHONES = "[phones]\nexten => _60,1,NoOp()\nexten => 61,1,NoOp()\n"


def test_an_include_is_hidden_by_the_own_extensions() -> None:
    (found,) = said("AC205", f"{HOME}include => phones\n{PHONES}include => more\n[more]\n")
    assert found == (
        "extensions.conf:3:12 nothing of 'phones' is found by this include: [home] has '_6X!' for "
        "all of it"
    )


@pytest.mark.parametrize(
    "more",
    [
        "exten => 70,1,NoOp()\n",
        "exten => 60,hint,PJSIP/60\n",
        "switch => Realtime/phones\n",
        "autohints = yes\n",
        "include => more\n[more]\nexten => 70,1,NoOp()\n",
        "include => gone\n",
    ],
)
def test_an_include_is_not_where_something_else_may_be_found_by_it(more: str) -> None:
    assert said("AC205", f"{HOME}include => phones\n{PHONES}")
    assert not said("AC205", f"{HOME}include => phones\n{PHONES}{more}")


def test_an_include_is_not_where_another_file_may_add_to_it() -> None:
    text = f"{HOME}include => phones\n{PHONES}"
    assert not said("AC205", text, **{"extensions.ael": "context phones { 70 => NoOp(); };"})
    assert not said("AC205", f"{text}#exec /bin/phones\n")


def test_a_context_cannot_include_its_name_in_another_case() -> None:
    homes = "[home]\ninclude => Home\n[Home]\nexten => 1,1,Hangup()\n"
    (found,) = said("AC205", homes)
    assert found == (
        "extensions.conf:2:12 nothing of 'Home' is found by this include: [home] is searched "
        "already, and letter case does not count there"
    )
    assert not said("AC205", homes.replace("[home]", "[phones]"))
    assert not said("AC205", "[home]\ninclude => Home\n")  # AC225
