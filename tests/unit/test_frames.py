"""Objects as rows of a table, defaults filled in, and as DataFrames."""

import builtins
from typing import Any

import pytest

import asterconf
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
