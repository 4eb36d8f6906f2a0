"""Console sessions in the documentation: every command is run, and what it prints is compared.

A block ```` ```console ```` holds commands behind `$ `, each followed by what it prints on standard
output and standard error. A line `> ` behind a command goes on with it. `…` alone on a line
stands for any number of lines, elsewhere for any text of its line. `$ echo $?` shows how the
last command exited. A command that prints nothing has nothing below it.
"""

from __future__ import annotations

import difflib
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any
from unittest.mock import patch

import attrs
from sybil import Example

from asterconf.__main__ import main

__all__ = ["Command", "check", "commands", "evaluate", "page", "same", "set_up", "tear_down"]

ROOT = Path(__file__).parents[1]
_SHELL = re.compile(r"[|<>;&$*`]")
_PAGE = "_page"  # where the namespace of a page keeps its folder


@attrs.frozen
class Command:
    """A command of a session and what should be seen below it; `line` counts from 0."""

    text: str
    expected: str
    line: int


def commands(session: str) -> Iterator[Command]:
    """Yield the commands of a session.

    Raises:
        ValueError: the session does not begin with a command.
    """
    lines = session.splitlines(keepends=True)
    at = 0
    while at < len(lines):
        if not lines[at].startswith("$ "):
            raise ValueError(f"no command begins with '$ ' here: {lines[at]!r}")
        first, text = at, lines[at][2:]
        at += 1
        while at < len(lines) and lines[at].startswith("> "):
            text += lines[at][2:]
            at += 1
        printed = ""
        while at < len(lines) and not lines[at].startswith("$ "):
            printed += lines[at]
            at += 1
        yield Command(text.rstrip("\n"), printed, first)


def same(expected: str, printed: str) -> bool:
    """Tell whether a command printed what it should; blanks at the ends of lines do not count."""
    pattern = ""
    for line in _trimmed(expected).splitlines(keepends=True):
        if line.strip() == "…":
            pattern += r"(?:.*\n)*?"
        else:
            pattern += re.escape(line).replace("…", r".*")
    return re.fullmatch(pattern, _trimmed(printed)) is not None


def _trimmed(text: str) -> str:
    lines = [line.rstrip() for line in text.splitlines()]
    while lines and not lines[-1]:
        lines.pop()
    return "".join(f"{line}\n" for line in lines)


def evaluate(example: Example) -> str | None:
    """Run the commands of a block and return what is wrong with them, if anything is."""
    wrong = check(example.parsed)
    return f"{example.path}:{example.line + 1 + wrong[0]}: {wrong[1]}" if wrong else None


def check(session: str) -> tuple[int, str] | None:
    """Run the commands of a session; return the line of the first that goes wrong, and why."""
    status = 0
    for command in commands(session):
        printed, status = _run(command.text, status)
        if not same(command.expected, printed):
            wanted, got = _trimmed(command.expected), _trimmed(printed)
            lines = difflib.ndiff(wanted.splitlines(), got.splitlines())
            told = f"$ {command.text} (exit status {status})"
            return command.line, "\n".join([told, *lines])
        if status > 1 and not _told(session, command):
            return command.line, f"$ {command.text} exits with {status}; `$ echo $?` must tell so"
    return None


def _told(session: str, command: Command) -> bool:
    following = [c.text for c in commands(session) if c.line > command.line]
    return bool(following) and following[0].strip() == "echo $?"


def _run(text: str, status: int) -> tuple[str, int]:
    """Run a command; return what it printed and how it exited. `status` is that of the last one."""
    words = shlex.split(text, comments=True)
    if words[0] == "asterconf" and not _SHELL.search(" ".join(words)):
        return _here(words)
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; (exit {status})\n{text}"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, text=True, timeout=60,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return done.stdout, done.returncode


def _here(words: list[str]) -> tuple[str, int]:
    """Run `asterconf` in this process, which saves its start."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    with patch.object(sys, "argv", words), redirect_stdout(stream), redirect_stderr(stream):
        try:
            main()
            status = 0
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else int(end.code is not None)
    raw = stream.buffer.getvalue()
    return raw.decode(), status


@contextmanager
def page() -> Iterator[Path]:
    """Work in a new folder with a copy of `examples/`, as in a checkout of this repository."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "asterconf")
        shutil.copytree(ROOT / "examples", folder / "examples")
        commands_folder = Path(name, "bin")
        commands_folder.mkdir()
        script = commands_folder / "asterconf"
        script.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m asterconf "$@"\n')
        script.chmod(0o755)
        who = {f"GIT_{role}_{what}": word for role in ("AUTHOR", "COMMITTER")
               for what, word in (("NAME", "John Doe"), ("EMAIL", "john@example.com"))}  # fmt: skip
        settings = {
            "PATH": f"{commands_folder}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "PYTHONWARNINGS": "ignore",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_SYSTEM": os.devnull,
            "GIT_PAGER": "cat",
            "HOME": name,
            **who,
        }
        with patch.dict(os.environ, settings):
            os.chdir(folder)
            try:
                yield folder
            finally:
                os.chdir(before)


def set_up(namespace: dict[str, Any]) -> None:
    """Begin a page of the documentation: its Python blocks and its sessions work in one folder."""
    namespace[_PAGE] = page()
    namespace[_PAGE].__enter__()


def tear_down(namespace: dict[str, Any]) -> None:
    """End a page of the documentation; its folder is gone."""
    namespace.pop(_PAGE).__exit__(None, None, None)
