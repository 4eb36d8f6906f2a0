"""Objects as rows of a table, defaults filled in, and as DataFrames."""

import builtins
from typing import Any

import pytest

import asterconf
from asterconf.dialplan import DialplanContext, DialplanExtension, DialplanStep
from asterconf.errors import MissingExtraError
from asterconf.objects import rows

TEXTS = {
    "queues.conf": (
        "[a]\ntimeout = 20\nmember => PJSIP/1,3,One\nmember => PJSIP/2\n[b]\nmember => PJSIP/1\n"
    ),
    "voicemail.conf": "[default]\n6001 => 70011,Box\n",
    "pjsip.conf": "[udp]\ntype = transport\nbind = 0.0.0.0\nprotocol = udp\n",
}


@pytest.fixture(scope="module")
def conf() -> asterconf.Config:
    return asterconf.Config.from_texts(TEXTS)


def test_a_row_has_what_is_said_and_what_holds_otherwise(conf: asterconf.Config) -> None:
    made = rows(conf.mailboxes.values())
    assert len(made) == 1
    assert (
        made[0].items()
        >= {
            "number": "6001",
            "context": "default",
            "initial_pin": "********",
            "name": "Box",
            "email": "",
            "options": [],
        }.items()
    )
    assert rows(conf.mailboxes.values(), reveal=True)[0]["initial_pin"] == "70011"


def test_each_gives_a_row_for_every_inner_object(conf: asterconf.Config) -> None:
    made = rows(conf.queues.values(), each="members")
    assert [(row["queue"], row["interface"], row["penalty"], row["name"]) for row in made] == [
        ("a", "PJSIP/1", 3, "One"),
        ("a", "PJSIP/2", 0, ""),
        ("b", "PJSIP/1", 0, ""),
    ]


def test_frames_have_a_column_for_every_field(conf: asterconf.Config) -> None:
    pytest.importorskip("pandas", reason="pandas is not installed")
    frame = conf.queues.to_frame()
    assert list(frame["name"]) == ["a", "b"]
    assert next(iter(frame["timeout"])) == 20
    assert list(conf.queues.to_frame("members")["queue"]) == ["a", "a", "b"]
    generic = conf.objects("pjsip.conf", "transport").to_frame()
    assert list(generic["name"]) == ["udp"]


def test_findings_are_a_frame_too() -> None:
    pytest.importorskip("pandas", reason="pandas is not installed")
    conf = asterconf.Config.from_texts({"queues.conf": "[a]\nodd\n"})
    frame = conf.check().to_frame()
    assert list(frame["code"]) == ["AC003"]
    assert list(frame["line"]) == [2]


def test_no_objects_are_an_empty_frame() -> None:
    pytest.importorskip("pandas", reason="pandas is not installed")
    assert asterconf.Config.from_texts({}).extensions.to_frame().empty


def test_without_pandas_the_error_says_what_to_install(
    conf: asterconf.Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def refuse(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "pandas":
            raise ModuleNotFoundError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(MissingExtraError, match=r"pip install 'asterconf\[pandas\]'"):
        conf.queues.to_frame()


STEPS = """\
[a]
exten => 100,hint,PJSIP/100&PJSIP/101
exten => 100,1(start),Dial(PJSIP/100,20)
 same => n,Authenticate(7033)
exten => _1X./555,1,Hangup()
[b]
"""


def test_the_dialplan_has_a_row_for_each_step() -> None:
    conf = asterconf.Config.from_texts({"extensions.conf": STEPS})
    every = [
        ("a", "100", "hint", None, "", "PJSIP/100&PJSIP/101"),
        ("a", "100", 1, "start", "Dial", "PJSIP/100,20"),
        ("a", "100", 2, None, "Authenticate", "7033"),
        ("a", "_1X./555", 1, None, "Hangup", ""),
    ]
    names = ("context", "extension", "priority", "label", "application", "data")
    rows = conf.dialplan.to_records(reveal=True)
    assert [tuple(row.values()) for row in rows] == every
    assert {tuple(row) for row in rows} == {names}
    assert conf.dialplan["a"].to_records(reveal=True) == rows
    assert conf.dialplan["b"].to_records() == []
    placed = conf.dialplan.to_records(places=True)
    at = [(row["at_file"], row["at_line"], row["at_column"]) for row in placed]
    assert at == [("extensions.conf", line, 10) for line in (2, 3, 4, 5)]
    assert conf.dialplan["a"].to_records(places=True) == placed


def test_steps_are_masked() -> None:
    conf = asterconf.Config.from_texts({"extensions.conf": STEPS})
    assert "7033" not in str(conf.dialplan.to_records())
    assert "7033" in str(conf.dialplan.to_records(reveal=True))


def test_steps_that_no_file_has_are_nowhere() -> None:
    step = DialplanStep(1, "NoOp", "")
    context = DialplanContext("a", (DialplanExtension("1", steps=(step,)),))
    (row,) = context.to_records(places=True)
    assert (row["at_file"], row["at_line"], row["at_column"]) == (None, None, None)


def test_objects_say_where_they_stand() -> None:
    conf = asterconf.load("examples/home")
    for objects in (conf.extensions, conf.trunks, conf.queues, conf.mailboxes, conf.endpoints):
        rows = objects.to_records(places=True)
        for row, (name, one) in zip(rows, objects.items(), strict=True):
            where = conf.where(one)
            assert where is not None
            assert (row["at_file"], row["at_line"], row["at_column"]) == (
                where.file, where.line, where.column,
            ), name  # fmt: skip
        assert [{k: v for k, v in row.items() if not k.startswith("at_")} for row in rows] == (
            objects.to_records()
        )


def test_frames_with_places() -> None:
    pytest.importorskip("pandas", reason="pandas is not installed")
    conf = asterconf.load("examples/home")
    members = conf.queues.to_frame("members", places=True)
    assert list(zip(members["at_file"], members["at_line"], strict=True)) == [
        ("queues.conf", line) for line in (39, 40, 41)
    ]
    steps = conf.dialplan.to_frame(places=True)
    assert len(steps) == len(conf.dialplan.to_records())
    assert list(steps.columns)[-3:] == ["at_file", "at_line", "at_column"]
