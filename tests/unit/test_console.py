"""The sessions in the documentation are really run, and a wrong one is found."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.console import Command, check, commands, page, same


@pytest.fixture(autouse=True)
def folder() -> Iterator[Path]:
    with page() as found:
        yield found


def test_a_session_is_cut_into_commands_and_what_they_print() -> None:
    session = "$ cat <<END\n> a\n> END\na\n$ true\n$ echo b  # why\nb\n"
    assert list(commands(session)) == [
        Command("cat <<END\na\nEND", "a\n", 0),
        Command("true", "", 4),
        Command("echo b  # why", "b\n", 5),
    ]


def test_a_session_begins_with_a_command() -> None:
    with pytest.raises(ValueError, match=r"no command begins with '\$ ' here: 'x"):
        list(commands("x\n"))


@pytest.mark.parametrize(
    ("expected", "printed", "is_same"),
    [
        ("a\n", "a\n", True),
        ("a\n", "a  \n\n", True),
        ("a\n", "b\n", False),
        ("a\n", "a\nb\n", False),
        ("", "a\n", False),
        ("a\n", "", False),
        ("a … c\n", "a b c\n", True),
        ("a … c\n", "a b\nc\n", False),
        ("a.c\n", "abc\n", False),
        ("…\nc\n", "a\nb\nc\n", True),
        ("a\n…\n", "a\nb\nc\n", True),
        ("a\n…\nc\n", "a\nb\n", False),
        ("…\n", "", True),
    ],
)
def test_an_ellipsis_stands_for_what_is_left_out(
    expected: str, printed: str, *, is_same: bool
) -> None:
    assert same(expected, printed) is is_same


@pytest.mark.parametrize(
    "session",
    [
        "$ asterconf check --no-host-files examples/home\nno findings\n",
        "$ asterconf check examples/home | wc -l\n1\n$ echo $?\n0\n",
        "$ asterconf show nothing\nasterconf: …\n$ echo $?\n2\n",
        "$ asterconf diff examples/home examples/inherited | head -n 0\n$ true\n",
        "$ touch made\n$ ls made\nmade\n",
    ],
)
def test_a_right_session_passes(session: str) -> None:
    assert check(session) is None


@pytest.mark.parametrize(
    ("session", "line", "says"),
    [
        ("$ asterconf check examples/home\n", 0, "+ no findings"),
        ("$ asterconf check examples/home\n1 error\n", 0, "- 1 error"),
        ("$ true\n$ asterconf show nothing\n…\n", 1, "exits with 2; `$ echo $?` must tell so"),
        ("$ false\n$ echo $?\n0\n", 1, "+ 1"),
        ("$ no-such-command\n", 0, "exit status 127"),
    ],
)
def test_a_wrong_session_is_found(session: str, line: int, says: str) -> None:
    found = check(session)
    assert found is not None
    assert found[0] == line
    assert says in found[1]


def test_what_a_session_does_stays_in_its_folder(folder: Path) -> None:
    assert Path.cwd() == folder.resolve()
    assert check("$ rm examples/home/rtp.conf\n") is None
    assert not (folder / "examples/home/rtp.conf").exists()
    assert (Path(os.environ["PYTHONPATH"]) / "examples/home/rtp.conf").exists()
