"""Tables of facts beside the files of options: each row is about something that there is."""

from __future__ import annotations

import re

import pytest

from asterconf import schema
from asterconf.apps import GONE
from asterconf.flow.applications import CAUSES
from asterconf.flow.statuses import EXACT, LEFT
from asterconf.schema.overlay import data

CALL = re.compile(r"\b([A-Z][A-Za-z_]*)\(")


@pytest.mark.parametrize("version", ["18", "20", "22", "23"])
def test_what_stands_for_a_gone_application_is_there(version: str) -> None:
    known = schema.at(version)
    there = {*known.applications(), *known.functions()}
    named = {word for text in GONE.values() for word in CALL.findall(text)}
    made = {"CONTEXT", "NAME"}  # words of the reader's own
    assert named - there - made == ({"PJSIP_DTMF_MODE"} - there)
    assert {"Gosub", "Return", "MixMonitor", "CALLERID", "DB", "TIMEOUT"} <= named


def test_no_gone_application_is_among_those_of_the_newest_version() -> None:
    newest = {name.lower() for name in schema.at("23").applications()}
    assert [name for name in GONE if name.lower() in newest] == []
    assert {"Macro", "DeadAGI", "SetVar"} <= GONE.keys()


def test_what_leaves_variables_is_an_application_and_none_is_exact_too() -> None:
    known = {*schema.applications(), *GONE}
    assert [name for name in LEFT if name not in known] == []
    names = [variable for row in LEFT.values() for variable in row]
    assert [name for name in names if not re.fullmatch(r"[A-Z][A-Z_]+", name)] == []
    assert not EXACT.intersection(names)
    assert {"QUEUEPOSITION", "ABANDONED"} <= {*LEFT["Queue"]}
    assert LEFT["Dial"][0] == "ANSWEREDTIME"


def test_what_only_the_world_decides_is_an_application() -> None:
    known = {*schema.applications(), *GONE}
    assert [name for name in data("effects")["undecided"] if name not in known] == []


def test_causes_are_those_of_q_850() -> None:
    assert CAUSES["NORMAL_CLEARING"] == 16
    assert CAUSES["USER_BUSY"] == 17
    assert CAUSES["INTERWORKING"] == 127
    assert len(set(CAUSES.values())) == len(CAUSES)
    assert set(CAUSES.values()) <= set(range(1, 128))


def test_every_list_without_an_order_is_a_list_of_the_schema() -> None:
    rows = [one for alike in data("sets").values() for one in alike]
    assert len(rows) == len(set(rows))
    for row in rows:
        file, kind, name = row.split(" ")
        known = schema.file(file)
        assert known is not None, row
        option = known.objects[kind].options[name]
        several = option.repeat == "accumulate" or option.type in {"list", "acl", "codecs"}
        assert several or option.type in {"flags", "groups", "enum"}, row
