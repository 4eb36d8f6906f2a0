"""Calls made by a caller that the rig plays: many at a time, and what became of each."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from itertools import count
from typing import Any

import attrs

from asterconf.flow.run import Run

from .ami import AmiError
from .rig import Asterisk

MOST = 300
"""Steps of a call that are compared: it may go round."""
CALLER = """\
[rig-caller]
exten => _.,1,Wait(0.7)
 same => n,SendDTMF(${EXTEN})
 same => n,Wait(60)
"""
"""A context for callers that key something."""

Row = tuple[str, str, int, str, str]
_CALLS = count()
"""A channel whose name another one still has cannot be made."""


@attrs.frozen
class Dialed:
    """A call to be made: number, context, the caller's number, and the keys that it presses.

    `variables` are those of its channel, as names and values without commas.
    """

    number: str
    context: str
    caller: str = "100"
    keys: str = ""
    variables: tuple[tuple[str, str], ...] = ()


@attrs.frozen
class Result:
    """What became of a call.

    Attributes:
        rows: its steps, without those that are at the place of the step before: of these,
            Asterisk tells nobody.
        cause: that of the hang-up; -1: it did not end.
        at: when it began, in seconds since 1970.
        stop: why it could not be followed on paper.
    """

    rows: tuple[Row, ...]
    cause: int = -1
    at: float = 0.0
    stop: str = ""


def listen(asterisk: Asterisk) -> None:
    """Let Asterisk tell of nothing but steps and hang-ups."""
    for event in ("Newexten", "Hangup"):
        asterisk.ami.action("Filter", Operation="Add", Filter=f"Event: {event}")


def call_at_once(
    asterisk: Asterisk, dialed: Sequence[Dialed], patience: float, timeout: float = 60
) -> list[Result]:
    """Make calls at the same time; each caller rings, or stays when it is answered, so long."""
    ami = asterisk.ami
    rows: dict[str, list[Row]] = {f"rig-{next(_CALLS)}.2": [] for _ in dialed}
    causes: dict[str, int] = {}
    at: dict[str, float] = {}
    full: set[str] = set()
    for name, one in zip(rows, dialed, strict=True):
        at[name] = time.time()
        stay: dict[str, Any] = {"Application": "Wait", "Data": str(patience)}
        keyed: dict[str, Any] = {"Context": "rig-caller", "Exten": one.keys, "Priority": "1"}
        way = keyed if one.keys else stay
        if one.variables:
            way["Variable"] = ",".join(map("=".join, one.variables))
        ami.action(
            "Originate", Channel=f"Local/{one.number}@{one.context}/n", Async="true",
            CallerID=f"Al <{one.caller}>", Timeout=str(int(patience * 1000)),
            ChannelId=name[:-2], OtherChannelId=name, **way,
        )  # fmt: skip
    begun = time.monotonic()
    while len(causes) < len(rows) and time.monotonic() < begun + timeout:
        ami.action("Ping")
        events, ami.events[:] = list(ami.events), []
        for event in events:
            name, kind = event.get("Uniqueid"), event.get("Event")
            if name not in rows:
                continue
            if kind == "Hangup":
                causes[name] = int(event["Cause"])
            elif kind == "Newexten" and len(rows[name]) < MOST:
                rows[name].append((
                    event["Context"], event["Extension"], int(event["Priority"]),
                    event["Application"], event["AppData"],
                ))  # fmt: skip
            elif kind == "Newexten" and name not in full:
                full.add(name)
                with suppress(AmiError):  # it may be gone
                    ami.action("Hangup", Channel=event["Channel"])
        time.sleep(0.02)
    return [Result(tuple(found), causes.get(name, -1), at[name]) for name, found in rows.items()]


def told(run: Run) -> tuple[Row, ...]:
    """Return the steps of a call on paper of which Asterisk tells, those that are compared."""
    rows: list[Row] = []
    for step in run.steps:
        row = (step.context, step.exten, step.priority, step.app, step.data)
        if len(rows) < MOST and (not rows or rows[-1][:4] != row[:4]):
            rows.append(row)
    return tuple(rows)


def first_difference(paper: Result, real: Result) -> str:
    """Return where two results differ first, in words."""
    rows = [*paper.rows, None, None], [*real.rows, None, None]
    for number, (mine, theirs) in enumerate(zip(*rows, strict=False)):
        if mine != theirs:
            return f"step {number}: {mine} on paper, {theirs} on Asterisk"
    return f"cause {paper.cause} on paper, {real.cause} on Asterisk"
