"""Queues and their members."""

from __future__ import annotations

import pytest

from asterconf import Config
from asterconf.bind.queues import read_queues
from asterconf.bind.writing import sections_of
from asterconf.model import Queue, QueueMember
from asterconf.resolve import Files, resolve
from asterconf.resolve.bound import BoundObjects
from asterconf.syntax import parse


def read(content: str) -> BoundObjects[Queue]:
    return read_queues(resolve(Files(None, {"q": parse(content, name="q")}), "q"))


def test_strategy_is_the_first_line_and_other_options_the_last() -> None:
    found = read(
        "[t](!)\nstrategy=linear\ntimeout=10\n[q](t)\nstrategy=random\ntimeout=20s\nRETRY=0\n"
        "announce-holdtime=Once\nannounce-position=maybe\njoinempty=on\nautofill=1\n"
        "leavewhenempty=paused,invalid\nmusic=x\nmusicclass=y\ntimeoutpriority=CONF\n"
    )
    assert found.values() == {
        "q": Queue(
            "q",
            strategy="linear",
            timeout=20,
            retry=5,
            announce_holdtime="once",
            announce_position="no",
            joinempty="yes",
            leavewhenempty="paused,invalid",
            autofill=True,
            musicclass="y",
            timeoutpriority="conf",
        )
    }
    assert {k: v.line for k, v in found.objects["q"].places.items()} == {
        "": 4,
        "strategy": 2,
        "timeout": 6,
        "retry": 7,
        "announce_holdtime": 8,
        "announce_position": 9,
        "joinempty": 10,
        "autofill": 11,
        "leavewhenempty": 12,
        "musicclass": 14,
        "timeoutpriority": 15,
    }
    assert found.diagnostics == ()


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("[t](!)\nstrategy=linear\n[q](t)\nstrategy=random\n", ["AC109"]),
        ("[q]\nstrategy=linear\nstrategy=random\n", ["AC503"]),
        ("[t](!)\nstrategy=linear\nstrategy=random\n[q](t)\n", ["AC503"]),
    ],
)
def test_a_strategy_that_does_not_count_is_said_once(text: str, codes: list[str]) -> None:
    found = Config.from_texts({"queues.conf": text}).check()
    assert [finding.code for finding in found] == codes


def test_members_add_up_and_the_later_of_one_interface_counts() -> None:
    found = read(
        "[q]\nmember => PJSIP/1, 2 ,Bob ,PJSIP/x,no,5,yes\nmember => PJSIP/2,-1\n"
        'member => pjsip/1,0,"Smith, John"\n'
    )
    assert found.values()["q"].members == (
        QueueMember("pjsip/1", name="Smith, John"),
        QueueMember("PJSIP/2"),
    )
    assert found.objects["q"].places["members[0]"].line == 4
    assert [(f.code, f.message) for f in found.diagnostics] == [
        ("AC504", "member 'pjsip/1' is there already, the later line counts")
    ]


def test_all_seven_fields_of_a_member_are_read() -> None:
    found = read("[q]\nmember => PJSIP/1, 2 ,Bob ,PJSIP/x,no,5,yes\n")
    assert found.values()["q"].members == (
        QueueMember(
            "PJSIP/1",
            penalty=2,
            name="Bob",
            state_interface="PJSIP/x",
            ringinuse=False,
            wrapuptime=5,
            paused=True,
        ),
    )


def test_the_last_field_of_a_member_keeps_its_quotes_and_commas() -> None:
    queues = read('[q]\nmember => PJSIP/a,,,,,,yes\nmember => PJSIP/b,,,,,,"yes"\n')
    assert [member.paused for member in queues.values()["q"].members] == [True, False]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("[q]\n[Q]\n", "AC501", 2),
        ("[q]\nmember => ,1\n", "AC505", 2),
        ("[ q]\n", "AC507", 1),
    ],
)
def test_oddities_are_said(text: str, code: str, line: int) -> None:
    (finding,) = read(text).diagnostics
    assert finding.position is not None
    assert (finding.code, finding.position.line) == (code, line)


def test_second_queue_of_a_name_is_skipped() -> None:
    found = read("[General]\nautofill=yes\n[q]\ntimeout=1\n[q]\ntimeout=2\n")
    assert found.values() == {"q": Queue("q", timeout=1)}


def test_old_word_for_the_strategy_is_understood() -> None:
    assert read("[q]\nstrategy=RoundRobin\n").values()["q"].strategy == "rrmemory"


def test_missing_file_has_no_queues() -> None:
    assert read_queues(None) == BoundObjects()


@pytest.mark.parametrize(
    ("line", "member"),
    [
        ("PJSIP/6001 , 1, Bob", QueueMember("PJSIP/6001 ", penalty=1, name=" Bob")),
        (",1", QueueMember("", penalty=1)),
        (",", QueueMember("")),
        ('"PJSIP/a "', QueueMember("PJSIP/a ")),
        (
            "PJSIP/a ,1 ,N ,S ,no ,5 ,yes ",
            QueueMember(
                "PJSIP/a ",
                penalty=1,
                name="N",
                state_interface="S",
                ringinuse=False,
                wrapuptime=5,
                paused=True,
            ),
        ),
    ],
)
def test_blanks_and_nothing_are_part_of_a_member(line: str, member: QueueMember) -> None:
    """Observed on 22.10.1; `queue show` lists each of them."""
    found = read(f"[q]\nmember => {line}\n")
    queue = found.values()["q"]
    assert queue.members == (member,)
    assert [finding.code for finding in found.diagnostics] == ["AC505"]
    (section,) = sections_of(queue)
    text = "".join(f"{name} = {value}\n" for name, value in section.options if name == "member")
    assert read(f"[q]\n{text}").values()["q"].members == (member,)


def test_a_member_line_without_a_value_makes_none() -> None:
    found = read("[q]\nmember =>\nmember => PJSIP/a,1,N,S, no,x, yes\n")
    member = QueueMember(
        "PJSIP/a", penalty=1, name="N", state_interface="S", wrapuptime=0, paused=False
    )
    assert found.values()["q"].members == (member,)
    assert [finding.code for finding in found.diagnostics] == ["AC505"]
