"""The command line, run in this process."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

from asterconf.__main__ import main

Cli = Callable[..., tuple[Any, str, str]]
"""Runs `asterconf` with these arguments: how it exits, what it prints, what it says of faults."""


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    def run(*args: object) -> tuple[Any, str, str]:
        monkeypatch.setattr(sys, "argv", ["asterconf", *map(str, args)])
        with pytest.raises(SystemExit) as caught:
            main()
        out, err = capsys.readouterr()
        return caught.value.code or 0, out, err

    return run
