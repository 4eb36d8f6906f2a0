"""Hostile words in every place of every command that edits: refused whole, or only that changes.

An argument of the shell holds no NUL, but a line of `asterconf edit` does.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import asterconf
from tests.unit.conftest import Cli

TEXTS = {
    "queues.conf": "[general]\n\n[team](!)\nstrategy = ringall\n\n"
    "[sales](team) ; front\nretry = 2\n"
    "member => PJSIP/6001\n\n[other]\nretry = 7\n",
    "pjsip.conf": "[6001]\ntype = endpoint\nauth = 6001\naors = 6001\ncontext = home\n\n"
    "[6001]\ntype = auth\nusername = 6001\npassword = pl4nted\n\n"
    "[6001]\ntype = aor\nmax_contacts = 1\n",
    "extensions.conf": "[home]\nexten => 1,1,Queue(sales)\n same => n,Hangup()\n\n"
    "[away]\nexten => 2,1,Hangup()\n",
    "voicemail.conf": "[default]\n1 => 12,Ann\n",
}
WORDS = ("a\n[evil]\nb = c", "x\0y", "a;b", "x](!,team", "${EVIL}", "#exec evil")
"""Line ends, NUL, and what means something in a line: the words that must stay words."""

X = "<word>"
QUEUE, PHONE, BOX = {"queues.conf"}, {"pjsip.conf", "pjsip_wizard.conf"}, {"voicemail.conf"}
Touched = set[tuple[str, str]]

VERBS: list[tuple[str, tuple[str, ...], Touched, set[str]]] = [
    ("set value", ("set", "DIR", "queues.conf", "sales", "musicclass", X),
     {("queues.conf", "sales")}, set()),
    ("set --add", ("set", "DIR", "queues.conf", "sales", "member", X, "--add"),
     {("queues.conf", "sales")}, set()),
    ("set option", ("set", "DIR", "queues.conf", "sales", X, "1"), {("queues.conf", "sales")},
     set()),
    ("set section", ("set", "DIR", "queues.conf", X, "retry", "1"), set(), set()),
    ("set file", ("set", "DIR", X, "sales", "retry", "1"), set(), set()),
    ("unset option", ("unset", "DIR", "queues.conf", "sales", X), set(), set()),
    ("unset section", ("unset", "DIR", "queues.conf", X, "retry"), set(), set()),
    ("add section", ("add", "DIR", "queues.conf", X, "retry=1"), set(), QUEUE),
    ("add value", ("add", "DIR", "queues.conf", "new", f"musicclass={X}"), set(), QUEUE),
    ("add option", ("add", "DIR", "queues.conf", "new", f"{X}=1"), set(), QUEUE),
    ("add template", ("add", "DIR", "queues.conf", "new", "--template", X), set(), QUEUE),
    ("add after", ("add", "DIR", "queues.conf", "new", "--after", X), set(), set()),
    ("remove", ("remove", "DIR", "queues.conf", X, "--yes"), set(), set()),
    ("rename to", ("rename", "DIR", "queue:sales", X),
     {("queues.conf", "sales"), ("extensions.conf", "home")}, QUEUE),
    ("rename from", ("rename", "DIR", X, "new"), set(), set()),
    ("include", ("include", "DIR", "queues.conf", X), set(), set()),
    ("restyle", ("restyle", "DIR", X, "--style", "wizard"), set(), set()),
    ("extension add name", ("extension", "add", "DIR", X, "secret=s3", "context=home"), set(),
     PHONE),
    ("extension add", ("extension", "add", "DIR", "7", "secret=s3", f"callerid={X}"), set(), PHONE),
    ("extension change", ("extension", "change", "DIR", "6001", f"context={X}"),
     {("pjsip.conf", "6001")}, set()),
    ("extension remove", ("extension", "remove", "DIR", X, "--yes"), set(), set()),
    ("trunk add", ("trunk", "add", "DIR", "t", f"remote_hosts={X}"), set(), PHONE),
    ("queue add name", ("queue", "add", "DIR", X), set(), QUEUE),
    ("queue add", ("queue", "add", "DIR", "q", f"musicclass={X}"), set(), QUEUE),
    ("queue change", ("queue", "change", "DIR", "sales", f"context={X}"),
     {("queues.conf", "sales")}, set()),
    ("mailbox add", ("mailbox", "add", "DIR", "2@default", f"name={X}"),
     {("voicemail.conf", "default")}, set()),
    ("mailbox add name", ("mailbox", "add", "DIR", X), {("voicemail.conf", "default")}, BOX),
    ("mailbox change", ("mailbox", "change", "DIR", "1@default", f"email={X}"),
     {("voicemail.conf", "default")}, set()),
    ("step add", ("step", "add", "DIR", "home", "1", X), {("extensions.conf", "home")}, set()),
    ("step add argument", ("step", "add", "DIR", "home", "1", f"NoOp({X})"),
     {("extensions.conf", "home")}, set()),
    ("step add exten", ("step", "add", "DIR", "home", X, "NoOp()"), {("extensions.conf", "home")},
     set()),
    ("step add context", ("step", "add", "DIR", X, "1", "NoOp()"), set(), set()),
]  # fmt: skip
"""A command, the sections that it may change, and the files that may get new ones."""

Held = dict[tuple[str, str, int], list[tuple[str, str]]]


def texts(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def held(folder: Path) -> Held:
    """Return what Asterisk holds of each section of each file, by name and number."""
    conf, found = asterconf.load(folder), Held()
    for name in conf.files:
        reading = conf.effective(name)
        assert reading.valid, name
        for section in reading.sections:
            number = sum(key[:2] == (name, section.name) for key in found)
            found[name, section.name, number] = list(section.pairs)
    return found


@pytest.mark.parametrize(("verb", "touched", "growing"), [one[1:] for one in VERBS],
                         ids=[one[0] for one in VERBS])  # fmt: skip
def test_a_hostile_word_changes_what_was_meant_or_nothing(
    verb: tuple[str, ...], touched: Touched, growing: set[str], cli: Cli, tmp_path: Path
) -> None:
    answers = set()
    for number, word in enumerate(WORDS):
        folder = tmp_path / str(number)
        folder.mkdir()
        for name, text in TEXTS.items():
            (folder / name).write_text(text)
        before, was = texts(folder), held(folder)
        arguments = (a.replace("DIR", str(folder)).replace(X, word) for a in verb)
        code, out, err = cli(*arguments)
        assert code in {0, 1, 2}, (word, err)
        assert "Traceback" not in out + err
        answers.add(code)
        if code:
            assert texts(folder) == before, word
            assert err, word
            continue
        now = held(folder)
        for key in was.keys() | now.keys():
            if was.get(key) != now.get(key) and key[:2] not in touched:
                assert key not in was, (word, key)
                assert key[0] in growing, (word, key)
        assert all(section != "evil" for _, section, _ in now), word
        after = texts(folder)
        for file, data in before.items():  # comments and all else stay
            lines = after[file].splitlines()
            lost = [line for line in data.splitlines() if line not in lines]
            assert len(lost) <= 2, (word, lost)
    assert answers - {0} or verb[0] == "set", "line ends and NUL are never taken"


@pytest.mark.parametrize("word", WORDS)
def test_get_of_a_hostile_name_is_not_found(word: str, cli: Cli, tmp_path: Path) -> None:
    for name, text in TEXTS.items():
        (tmp_path / name).write_text(text)
    for arguments in (("queues.conf", "sales", word), ("queues.conf", word, "retry"),
                      (word, "sales", "retry")):  # fmt: skip
        code, out, err = cli("get", tmp_path, *arguments)
        assert (code, out) == (1, "")
        assert err.startswith("asterconf: ")


def test_what_is_set_and_set_back_leaves_the_same_bytes(cli: Cli, tmp_path: Path) -> None:
    for name, text in TEXTS.items():
        (tmp_path / name).write_text(text)
    before = texts(tmp_path)
    there = ("queues.conf", "sales", "retry")
    for word in ("a;b", "]", "a,b", "${EVIL}", "#exec evil"):
        assert cli("set", tmp_path, *there, word)[0] == 0
        assert cli("get", tmp_path, *there)[1] == f"{word}\n"
        assert cli("set", tmp_path, *there, "2")[0] == 0
        assert texts(tmp_path) == before


def test_lines_of_a_script_mean_what_the_commands_mean(cli: Cli, tmp_path: Path) -> None:
    lines = [
        ("set", "queues.conf", "sales", "musicclass", "a;b"),
        ("queue", "add", "q", "strategy=rrmemory"),
        ("mailbox", "add", "2@default", "name=Bob"),
        ("step", "add", "home", "1", "NoOp(x)"),
        ("rename", "queue:sales", "front"),
    ]
    folders = [tmp_path / name for name in ("singly", "script")]
    for folder in folders:
        folder.mkdir()
        for name, text in TEXTS.items():
            (folder / name).write_text(text)
    for verb, *rest in lines:
        group = [rest.pop(0)] if verb in {"queue", "mailbox", "step"} else []
        assert cli(verb, *group, folders[0], *rest)[0] == 0
    script = tmp_path / "edits.txt"
    script.write_text("".join(" ".join(f"'{word}'" for word in line) + "\n" for line in lines))
    assert cli("edit", folders[1], script)[0] == 0
    assert texts(folders[1]) == texts(folders[0])
