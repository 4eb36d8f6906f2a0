"""A part of a difference, applied alone: which lines change, and that the others stay."""

from __future__ import annotations

import re
from typing import Any

import pytest

from asterconf import Config, Diff, diff
from asterconf.errors import ConflictError
from tests.unit.differ.edits import PLAN
from tests.unit.editing.helpers import changed, texts

OLD = {
    "extensions.conf": PLAN.replace(" ; the provider", ""),
    "queues.conf": "[q]\ntimeout=1\nmember => PJSIP/1\n[r]\n",
    "voicemail.conf": "[default]\n1 => 1,A\n2 => 2,B\n",
}
NEW = {
    "extensions.conf": """\
[globals]
TRUNK = PJSIP/b
LINE = 2

[home]
autohints = yes
exten => 200,hint,PJSIP/222
exten => 200,1,Dial(PJSIP/200,20)
 same => n,Hangup()
exten => 202,1,Congestion()
ignorepat => 8
switch => Loopback/@two
include => extra

[extra]
exten => 400,1,Hangup()
""",
    "queues.conf": "[q]\ntimeout=2\nretry=7\nmember => PJSIP/1\nmember => PJSIP/2\n[s]\n",
    "voicemail.conf": "[default]\n1 => 1,Anna,a@b\n3 => 3,C\n",
}


@pytest.fixture(scope="module")
def found() -> Diff:
    return diff(Config.from_texts(OLD), Config.from_texts(NEW))


def applied(part: Diff) -> list[str]:
    """Return the lines that a part of the difference changes in the old configuration."""
    conf = Config.from_texts(OLD)
    before = texts(conf)
    part.apply(conf)
    return sorted(line for line in changed(before, conf) if line not in {"+", "-"})


HOME = [
    "+autohints => yes", "+exten => 200,1,Dial(PJSIP/200,20)", "+exten => 200,hint,PJSIP/222",
    "+exten => 202,1,Congestion()", "+ignorepat => 8", "+include => extra",
    "+switch => Loopback/@two",
    "-exten => 200,1,Dial(PJSIP/200)", "-exten => 200,hint,PJSIP/200",
    "-exten => 201,1,Dial(PJSIP/201)", "-ignorepat => 9", "-include => more",
    "-switch => Loopback/@one",
]  # fmt: skip
MORE = ["-[more]", "-exten => 300,1,Hangup()"]
EXTRA = ["+[extra]", "+exten => 400,1,Hangup()"]
QUEUE = ["+member => PJSIP/2", "+retry=7", "+timeout=2", "-timeout=1"]
BOX = ["+1 => 1,Anna,a@b", "-1 => 1,A"]
TRUNK = ["+TRUNK = PJSIP/b", "-TRUNK = PJSIP/a"]


@pytest.mark.parametrize(
    ("kind", "name", "lines"),
    [
        ("queue", "q", QUEUE),
        ("queue", "s", ["+[s]"]),
        ("queue", "r", ["-[r]"]),
        ("mailbox", "1@default", BOX),
        ("mailbox", "3@default", ["+3 => 3,C"]),
        ("mailbox", "2@default", ["-2 => 2,B"]),
        ("global", "TRUNK", TRUNK),
        ("global", "LINE", ["+LINE = 2"]),
        ("context", "home", HOME),
        ("context", "more", MORE),
        ("context", "extra", EXTRA),
        ("exten", "202", ["+exten => 202,1,Congestion()"]),
        ("exten", "201", ["-exten => 201,1,Dial(PJSIP/201)"]),
        ("exten", "200", [
            "+exten => 200,1,Dial(PJSIP/200,20)", "+exten => 200,hint,PJSIP/222",
            "-exten => 200,1,Dial(PJSIP/200)", "-exten => 200,hint,PJSIP/200",
        ]),
        ("exten", "202@home", ["+exten => 202,1,Congestion()"]),
        ("exten", "202@more", []),
        ("exten", "999", []),
    ],
)  # fmt: skip
def test_what_is_about_one_object_changes_that_one(
    found: Diff, kind: str, name: str, lines: list[str]
) -> None:
    assert applied(found.about(kind, name)) == lines


@pytest.mark.parametrize(
    ("kind", "action", "lines"),
    [
        ("global", None, ["+LINE = 2", *TRUNK]),
        ("queue", None, [*QUEUE[:1], *QUEUE[1:2], *QUEUE[2:3], "+[s]", *QUEUE[3:], "-[r]"]),
        ("mailbox", None, [*BOX[:1], "+3 => 3,C", BOX[1], "-2 => 2,B"]),
        ("context", None, [*HOME, *MORE, *EXTRA]),
        (None, "added", ["+3 => 3,C", "+LINE = 2", "+[s]", *EXTRA]),
        (None, "removed", ["-2 => 2,B", "-[r]", *MORE]),
        (None, "changed", [*HOME, *QUEUE, *BOX, *TRUNK]),
        (None, "moved", []),
    ],
)
def test_what_is_of_one_kind_or_action_changes_only_that(
    found: Diff, kind: str | None, action: Any, lines: list[str]
) -> None:
    part = found.filter(kind, action=action)
    assert applied(part) == sorted(lines)


def test_all_parts_one_after_the_other_are_the_whole(found: Diff) -> None:
    conf = Config.from_texts(OLD)
    for change in found:
        found.about(change.kind, change.name).apply(conf)
    assert diff(conf, Config.from_texts(NEW)).is_empty


MOVED = "[a]\nexten => 1,1,Dial(PJSIP/1)\nexten => 2,1,Hangup()\n[b]\nexten => 3,1,Hangup()\n"
THERE = "[a]\nexten => 2,1,Hangup()\n[b]\nexten => 3,1,Hangup()\nexten => 1,1,Dial(PJSIP/1)\n"


@pytest.mark.parametrize("name", ["1", "1@a", "1@b"])
def test_an_extension_that_moved_is_found_by_its_name_there_and_before(name: str) -> None:
    old, new = (Config.from_texts({"extensions.conf": text}) for text in (MOVED, THERE))
    part = diff(old, new).about("exten", name)
    assert [str(change.name) for change in part] == ["1@b"]
    part.apply(old)
    assert str(old["extensions.conf"]) == THERE


def test_an_extension_cannot_move_to_a_context_that_is_not_there() -> None:
    new = MOVED.replace("exten => 1,1,Dial(PJSIP/1)\n", "") + "[c]\nexten => 1,1,Dial(PJSIP/1)\n"
    old, wanted = (Config.from_texts({"extensions.conf": text}) for text in (MOVED, new))
    with pytest.raises(ConflictError, match="context c is not there"):
        diff(old, wanted).about("exten", "1").apply(old)
    assert str(old["extensions.conf"]) == MOVED


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("", "switch => Loopback/@b\n", ["+ switch Loopback/@b"]),
        ("", "lswitch => Loopback/${X}@b\n", ["+ lswitch Loopback/${X}@b"]),
        ("eswitch => Loopback/${X}@b\n", "", ["- eswitch Loopback/${X}@b"]),
        (
            "switch => Loopback/@b\n", "lswitch => Loopback/@b\n",
            ["- switch Loopback/@b", "+ lswitch Loopback/@b"],
        ),
        (
            "switch => Loopback/@b\n", "switch => Loopback/@c\n",
            ["switch Loopback Loopback/@b -> Loopback/@c"],
        ),
        (
            "switch => Loopback/@b\n", "switch => Realtime/@b\n",
            ["- switch Loopback/@b", "+ switch Realtime/@b"],
        ),
        (
            "switch => Loopback/@b\nswitch => Realtime/@b\n",
            "switch => Realtime/@b\nswitch => Loopback/@b\n",
            ["switch Realtime moved"],
        ),
        ("include => b\n", "", ["- include b"]),
        (
            "include => b,09:00-17:00,mon-fri,*,*\n", "include => b,09:00-18:00,mon-fri,*,*\n",
            ["include b b,09:00-17:00,mon-fri,*,* -> b,09:00-18:00,mon-fri,*,*"],
        ),
        ("include => b\ninclude => c\n", "include => c\ninclude => b\n", ["include c moved"]),
        ("ignorepat => 9\n", "ignorepat => 8\n", ["+ ignorepat 8", "- ignorepat 9"]),
        ("", "autohints = yes\n", ["autohints no -> yes"]),
        ("autohints = yes\n", "autohints = no\n", ["autohints yes -> no"]),
        ("", "exten => 2,1,Hangup()\n", ["+ exten 2: Hangup()"]),
        ("", "exten => 2,hint,PJSIP/2\n", ["+ exten 2: hint PJSIP/2"]),
    ],
)  # fmt: skip
def test_each_part_of_a_context_is_told_in_its_own_words(
    old: str, new: str, told: list[str]
) -> None:
    head = "[a]\nexten => 1,1,Hangup()\n"
    sides = (Config.from_texts({"extensions.conf": head + lines}) for lines in (old, new))
    text = str(diff(*sides)).partition("\n\n")[0].removeprefix("~ context a")
    text = re.sub(r"  \(extensions\.conf:[^)]*\)", "", text)
    assert [line.strip(": ") for line in text.strip().split("\n")] == told
