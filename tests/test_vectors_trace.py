"""Calls that a real Asterisk 22.10.1 ran, next to what the run loop makes of them."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from asterconf.calls import Answers, Unreachable, World
from asterconf.calls.simulation import Simulation
from asterconf.calls.world import Answer
from asterconf.config import Config, load
from asterconf.flow.effects import Ask, Effects, Key, Leg, LegResult, Member, Play
from asterconf.flow.run import Response, Run

FOLDER = Path(os.environ.get("ASTERCONF_VECTORS") or Path(__file__).parent / "vectors")
TRACES = sorted(path.stem for path in (FOLDER / "trace").glob("*.json"))
NEVER = 1e8
UNRECORDED_LEGS = {"084-queue-full"}
"""Its member rings for three seconds, and the recording has no leg for that."""
GUIDE = {
    "queues.conf": "[home-phones]\nmember => PJSIP/6001\nmember => PJSIP/6002\n"
    "member => PJSIP/6003\n",
    "voicemail.conf": "[default]\n6000 => 1234,John Doe\n",
}
"""What the dialplan of the guide asks of its other files."""


BOOKKEEPING = re.compile(
    r"(END_)?WHILE_|~|(ANSWERED|DIALED|RING|PROGRESS)TIME|MACRO_(DEPTH|IN_HANGUP)|DIALEDPEERNAME"
    r"|.*_.*_\d+\Z"
)
"""Variables of While and If, times and names, which the recordings do not have."""
LOGGED_ELSEWHERE = ("app_voicemail.c", "res_adsi.c")
"""Who logs what is not of the dialplan: the recordings feed what these do."""
TOLD_BY_OTHERS = "Local/ans@callee/n,3,gM(nothere"
"""Arguments of a Dial whose callee, which has no step, tells of the macro that is not there."""


class Script(Simulation):
    """A world in which digits, hang-ups and other applications' results are as recorded.

    Only what the caller keys, when it hangs up, and what phones, queues and mailboxes outside of
    the dialplan do is fed in. Local channels are run, and everything else is computed.
    """

    def __init__(self, conf: Config, call: dict[str, Any], *registered: str) -> None:
        answers: dict[str, Answer] = {name: Answers() for name in registered}
        answers["PJSIP/*"] = Unreachable()
        clock = datetime(2026, 11, 24, 15, tzinfo=UTC)
        super().__init__(conf.workspace, World(answers, clock=clock))
        self.call = call
        self.script: list[dict[str, Any]] = call.get("script", [])
        self.used = 0
        self.variables: list[dict[str, str]] = []
        """Those before each step of the caller's channel, and at the end."""

    def application(self, run: Run, name: str, data: str) -> Effects | None:
        if run.depth == 0 and len(self.variables) < len(run.steps):
            self.keep(run)
        return super().application(run, name, data)

    def keep(self, run: Run) -> None:
        known = run.channel.variables.items()
        self.variables.append(
            {k: plain(str(v)) for k, v in known if str(v) and not BOOKKEEPING.match(k)}
        )

    def events(self, run: Run, key: str) -> list[dict[str, Any]]:
        at = len(run.steps) - 1
        return [one for one in self.script if one["step"] == at and key in one]

    def sets(self, run: Run) -> dict[str, str]:
        return {k: v for one in self.events(run, "sets") for k, v in one["sets"].items()}

    def gone_at(self, run: Run) -> float | None:
        if run.depth:
            return run.gone_at
        if not self.events(run, "hangup"):
            return None
        if run.up_at is None:
            return max(float(self.call.get("ring_timeout", 0)), run.now)
        waits = sum(one.get("wait", 0) for one in self.call.get("caller", ()))
        return float(max(run.up_at + waits, run.now))

    def cause(self, run: Run) -> int:
        if run.depth:
            return 16
        (event,) = self.events(run, "hangup")
        return int(event["cause"]) or run.cause

    def patience(self, run: Run) -> float:
        return NEVER

    def digits(self, run: Run) -> str:
        until = [one for one in self.script if one["step"] < len(run.steps)]
        keyed = "".join(one.get("digits", "") for one in until)
        return keyed[self.used :]

    def key(self, run: Run, wanted: Key) -> str | None:
        if run.depth == 0:
            while digits := self.digits(run):
                self.used += 1
                if digits[0] in wanted.keys:
                    return digits[0]
        return "" if run.wait(wanted.timeout) else (None if run.gone else "")

    def play(self, run: Run, sound: Play) -> str | None:
        if any(name.startswith(("no/such", "no-such")) for name in sound.files):
            return "FAILED"
        digits = self.digits(run)
        keys = {"any": "0123456789*#ABCD", "": ""}.get(sound.keys)
        for digit in digits if sound.keys else "":
            self.used += 1
            if keys or run.look(digit, 1) is not None:
                return digit
        return "SUCCESS" if run.wait(0.6) else None

    def respond(self, run: Run, target: str, kind: str) -> Response:
        if target.startswith("PJSIP/") and kind == "Dial":
            status = self.sets(run)["DIALSTATUS"]
            known = {"CHANUNAVAIL": self.call["end"]["cause"], "BUSY": 17, "CONGESTION": 34}
            return Response(
                status if status != "CANCEL" else "NOANSWER",
                NEVER if status in ("NOANSWER", "CANCEL") else 0.2,
                known.get(status),
                1.0,
            )
        return super().respond(run, target, kind)

    def queue(self, run: Run, leg: Leg) -> LegResult | None:
        for name in ("QUEUEPOSITION", "ABANDONED"):
            if name in self.sets(run):
                run.scope.set(name, self.sets(run)[name])
        return super().queue(run, leg)

    def ask(self, run: Run, question: Ask) -> Any:
        digits = self.digits(run)
        if question.kind == "voicemail":
            self.used += len(digits)
            if self.events(run, "hangup"):
                run.hang_up()
            key = None if run.gone else digits[:1] if digits[:1] in ("*", "0") else ""
            return self.sets(run)["VMSTATUS"], key
        if question.kind in ("page", "voicemailmain", "conference", "park", "echo", "music"):
            if question.kind == "page":
                run.scope.set("CONFBRIDGE_RESULT", self.sets(run)["CONFBRIDGE_RESULT"])
            before = run.cause
            if self.events(run, "hangup"):
                run.hang_up()
            run.cause = before if question.kind == "voicemailmain" else run.cause
            return not run.gone
        return super().ask(run, question)

    def member(self, run: Run, change: Member) -> str:
        return super().member(run, change)


def cases(name: str, kind: str = "trace") -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    found = json.loads((FOLDER / kind / f"{name}.json").read_text("utf-8"))
    yield from ((found, call) for call in found["calls"])


def load_case(folder: Path, found: dict[str, Any], asterisk: str | None = None) -> Config:
    files = found.get("files", {})
    if found["name"].startswith("home-pbx"):
        files = GUIDE | ({} if "six" in found["name"] else {"confbridge.conf": "[general]\n"})
    for file, text in files.items():
        (folder / file).write_text(text, "utf-8")
    (folder / "extensions.conf").write_text(found["dialplan"], "utf-8")
    return load(folder, asterisk=asterisk)


def plain(channel: str) -> str:
    return re.sub(r"-[0-9a-f]{8}", "-ID", channel)


def rows(run: Run) -> list[list[Any]]:
    return [[s.context, s.exten, s.priority, s.app, plain(s.data)] for s in run.steps]


def children(run: Run) -> Iterator[Run]:
    for child in run.children:
        yield child
        yield from children(child)


def test_all_492_calls_are_there() -> None:
    if not TRACES:
        pytest.skip("there are no recorded calls")
    assert sum(len(list(cases(name))) for name in TRACES) == 492


def variables(call: dict[str, Any]) -> dict[int, dict[str, str]]:
    """Return the variables before each step, and at the end, as the recorded events make them.

    A step at the place of the one before is not announced, so its events are not told apart; nor
    are those of Dial and of the subroutine of its option B.
    """
    if any("B(" in step[4] for step in call["steps"]):
        return {}
    values: dict[str, list[str]] = {}
    frames: list[list[str]] = [[]]
    found: dict[int, dict[str, str]] = {}
    events = iter([*call["varsets"], (10_000, "", "")])
    step, name, value = next(events)
    for at, here in enumerate([*call["steps"], None]):
        while step < at or (here is None and step < 10_000):
            bare = re.sub(r"LOCAL\((.*)\)\Z|\A__?", r"\1", name)
            kept = values.setdefault(bare, [""])
            if name.startswith("LOCAL("):
                kept.append(value)  # as it is; other values are escaped
                frames[-1] += [bare] * (not value)
            elif not value and len(kept) > 1:
                kept.pop()
            else:
                kept[-1] = re.sub(r"\\(.)", r"\1", value)
            if bare == "ARGC" and value:
                frames.append([])
            elif bare == "ARGC":
                for hidden in frames.pop(-2):  # the end of what hides nothing is not told
                    values[hidden].pop()
            step, name, value = next(events)
        before = call["steps"][at - 1] if at else None
        if here is None or before is None or before[:3] != here[:3]:
            found[at] = {
                name: kept[-1]
                for name, kept in values.items()
                if kept[-1] and not BOOKKEEPING.match(name)
            }
    return found


def logged(call: dict[str, Any]) -> set[int]:
    """Return the steps during which Asterisk logged something."""
    return {one["step"] for one in call["log"] if one["source"] not in LOGGED_ELSEWHERE}


def merged(legs: Iterable[tuple[str, list[Any]]]) -> dict[str, list[Any]]:
    """Return the steps of channels by their name: without its number it may be that of many."""
    found: dict[str, list[Any]] = {}
    for name, steps in legs:
        found.setdefault(name, []).extend(steps)
    return found


def compare(script: Script, call: dict[str, Any], state: Any = None, *, legs: bool = True) -> Run:
    """Run a call, and compare its steps, its cause and the steps of the channels it made."""
    caller = call.get("callerid") or ""
    run = script.start(call["exten"], call["context"], callerid=caller, state=state)
    run.enter()
    script.keep(run)
    assert rows(run) == call["steps"], call
    told = variables(call)
    for step, known in enumerate(script.variables):
        if step in told:
            assert known == told[step], (step, call)
    assert run.cause == call["end"]["cause"], call
    if call["steps"] and not call["steps"][0][4].startswith(TOLD_BY_OTHERS):
        assert logged(call) == {step for step, _ in run.notes}, (run.notes, call)
    if legs:
        made = merged((plain(one.channel.name), rows(one)) for one in children(run))
        assert made == merged((leg["channel"], leg["steps"]) for leg in call.get("legs", ())), call
    return run


@pytest.mark.parametrize("name", TRACES)
def test_calls_run_the_steps_that_asterisk_ran(name: str, tmp_path: Path) -> None:
    conf, state = None, None
    for found, call in cases(name):
        conf = conf or load_case(tmp_path, found)
        script = Script(conf, call, *["PJSIP/6002"] * ("live" in name))
        state = compare(script, call, state, legs=name not in UNRECORDED_LEGS).state


def flow() -> dict[str, Any]:
    path = FOLDER / "dialplan-flow.json"
    if not path.exists():
        pytest.skip("there is no dialplan-flow.json")
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def test_the_flow_of_75_calls_is_that_of_asterisk(tmp_path: Path) -> None:
    found = flow()
    conf = load_case(tmp_path, {"name": "flow", **found})
    assert len(found["calls"]) == 75
    state = None
    for call in found["calls"]:
        run = Script(conf, {}).start(call["exten"], call["context"], state=state)
        run.enter()
        state = run.state
        keys = ("context", "exten", "priority", "app", "data")
        assert rows(run) == [[step[key] for key in keys] for step in call["trace"]], call
