"""Which extension gets which numbers, and why a number is not dialable."""

import pytest

from asterconf import Numbers
from asterconf.config import Config
from asterconf.errors import LoadError, ModelError, NotFoundError

PLAN = """
[phones]
exten => 100,1,NoOp(one)
exten => _1XX,1,NoOp(hundreds)
exten => _1XX/555,2,NoOp(only for 555)
exten => _10X,2,NoOp(second step)
include => late
include => more
[late]
[more]
exten => 101,1,NoOp(hidden)
exten => _2XX,1,NoOp(two)
exten => _9,1,NoOp(nine)
"""


def conf(text: str = PLAN) -> Config:
    return Config.from_texts({"extensions.conf": text})


def test_each_extension_gets_its_numbers() -> None:
    found = conf().ask.dialable("phones")
    assert found.verdict == "yes"
    assert found.numbers == Numbers("_[12]XX", "9")
    assert found["100"].wins == Numbers("100")
    assert found["_1XX"].wins == Numbers("_1XX") - Numbers("100")
    assert found["_2XX"].wins == Numbers("_2XX")
    assert found["_10X"].wins == Numbers("_10X"), "its second step is run behind another first"


def test_an_extension_that_is_never_run_is_shadowed() -> None:
    found = conf().ask.dialable("phones")
    (hidden,) = found.shadowed
    assert (hidden.key, hidden.context) == ("101", "more")
    assert hidden.loses == (("_10X", Numbers("101")),)
    assert (hidden.file, hidden.line) == ("extensions.conf", 11)
    assert str(hidden) == "101 of [more] is never run: 101 go to _10X"


def test_caller_conditions_count_for_the_callers_that_meet_them() -> None:
    ask = conf("[c]\nexten => 1/55,1,NoOp\nexten => _[12]/_6X,1,NoOp\nexten => 3/,1,NoOp\n").ask
    assert ask.dialable("c").numbers == Numbers("_[1-3]")
    assert ask.dialable("c", callerid="55").numbers == Numbers("1")
    assert ask.dialable("c", callerid="61").numbers == Numbers("_[12]")
    assert ask.dialable("c", callerid="").numbers == Numbers("3")


def test_hours_count_unless_a_moment_is_given() -> None:
    from datetime import datetime

    ask = conf(
        "[c]\ninclude => day,9:00-17:00,mon-fri\ninclude => night,17:01-8:59\n"
        "include => never,9:00-17:00,mon,31,feb\n"
        "[day]\nexten => 1,1,NoOp\n[night]\nexten => 2,1,NoOp\n[never]\nexten => 3,1,NoOp\n"
    ).ask
    assert ask.dialable("c").numbers == Numbers("_[12]")
    assert ask.dialable("c", at=datetime(2024, 2, 5, 17, 0)).numbers == Numbers("1")  # noqa: DTZ001
    assert [one.key for one in ask.dialable("c").shadowed] == []


def test_what_only_a_running_asterisk_knows_makes_it_unknown() -> None:
    found = conf("[c]\nexten => 1,1,NoOp\nswitch => Realtime/x\n").ask.dialable("c")
    assert found.verdict == "unknown"
    assert "Realtime/x" in found.because
    with pytest.raises(ValueError, match="unknown"):
        bool(found)


def test_a_budget_ends_in_unknown_and_names_the_context() -> None:
    lines = "".join(f"exten => _{'X' * n}[1-{n}]X.,1,NoOp\n" for n in range(1, 9))
    found = conf(f"[c]\n{lines}").ask.dialable("c", budget=5)
    assert found.verdict == "unknown"
    assert "budget" in found.because
    assert "[c]" in found.because


def test_an_empty_context_is_a_no() -> None:
    found = conf("[c]\n").ask.dialable("c")
    assert (found.verdict, len(found)) == ("no", 0)
    assert not found


def test_names_that_are_not_there_are_said() -> None:
    with pytest.raises(NotFoundError, match="did you mean 'phones'"):
        conf().ask.dialable("phone")
    with pytest.raises(NotFoundError, match="tries no extension"):
        conf().ask.dialable("phones")["_1X"]
    with pytest.raises(NotFoundError, match="there is no endpoint or context"):
        conf().ask.why_not("1", entry="nobody")
    with pytest.raises(LoadError):
        Config.from_texts({"extensions.conf": "exten => 1,1,NoOp\n"}).ask.dialable("c")


def test_a_name_of_two_things_is_refused_with_both_spellings() -> None:
    both = Config.from_texts(
        {
            "extensions.conf": PLAN,
            "pjsip.conf": "[phones]\ntype=endpoint\ncontext=phones\n",
        }
    )
    with pytest.raises(ModelError, match="context:phones"):
        both.ask.why_not("1", entry="phones")


def test_why_not_names_the_nearest_extensions_first() -> None:
    found = conf().ask.why_not("1009", entry="context:phones")
    assert found.verdict == "no"
    assert found.candidates[0].at == 3
    assert "one too many" in found.candidates[0].why
    found = conf().ask.why_not("101", entry="phones")
    assert found.verdict == "yes"
    assert [one.key for one in found.candidates][:1] == ["_10X"]


def test_rows_are_plain() -> None:
    row = conf().ask.dialable("phones").to_records()[0]
    assert row == {
        "context": "phones", "extension": "100", "fits": "100", "wins": "100",
        "file": "extensions.conf", "line": 3, "loses_to": "",
    }  # fmt: skip


def test_every_extension_that_loses_says_to_whom() -> None:
    answer = conf(
        "[c]\nexten => _1XX,1,NoOp()\nexten => _X.,1,NoOp()\ninclude => d\n"
        "[d]\nexten => 101,1,NoOp()\nexten => _2XX,1,NoOp()\nexten => _[12]00,1,NoOp()\n"
    ).ask.dialable("c")
    lost = {one.key: [(by, str(numbers)) for by, numbers in one.loses] for one in answer.shadowed}
    assert lost == {
        "101": [("_1XX", "101")], "_2XX": [("_X.", "_2XX")],
        "_[12]00": [("_1XX", "100"), ("_X.", "200")],
    }  # fmt: skip
