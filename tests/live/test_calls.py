"""Generated dialplans, called on the real Asterisk and on paper: the same steps, the same cause."""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

from asterconf.calls import World
from asterconf.calls.simulation import Simulation
from asterconf.config import Config
from asterconf.flow.run import LoopError, StopError

from .rig import Asterisk, Boot

PLANS = 200 if os.environ.get("ASTERCONF_FULL") else 12
CALLS = 5
LONGEST = 6.0
"""Seconds that a call may take to be compared."""
NUMBERS = ("100", "101", "102", "2001", "2002", "999")

MODULES = """\
[modules]
autoload = no
load = pbx_config.so
load = app_dial.so
load = app_exec.so
load = app_if.so
load = app_stack.so
load = app_userevent.so
load = app_verbose.so
load = app_while.so
load = func_callerid.so
load = func_channel.so
load = func_dialplan.so
load = func_global.so
load = func_logic.so
load = func_math.so
load = func_strings.so
load = func_timeout.so
"""

CALLEES = """\
[callee]
exten => ans,1,Answer()
 same => n,Wait(0.3)
 same => n,Hangup()
exten => busy,1,Busy(1)
exten => cong,1,Congestion(1)
exten => ring,1,Ringing()
 same => n,Wait(20)
exten => hang,1,Hangup(21)
exten => fall,1,NoOp(${CALLERID(num)})
[sub]
exten => s,1,NoOp(${ARGC} [${ARG1}] [${ARG2}])
 same => n,Set(LOCAL(a)=inner${ARG1})
 same => n,GotoIf($["${ARG1}" = "1"]?out)
 same => n,NoOp(${a})
 same => n(out),Return(r${ARG1})
exten => deep,1,Gosub(sub,s,1(${ARG1},x))
 same => n,Return(${GOSUB_RETVAL}+)
exten => fall,1,NoOp(no return)
exten => _9.,1,Hangup(17)
exten => h,1,NoOp(h of sub ${ARG1})
[menu]
exten => s,1,NoOp(menu)
exten => e,1,NoOp(${EXCEPTION(reason)})
"""


def steps(rng: random.Random) -> list[str]:
    """Return one to seven steps, a block among them perhaps."""
    made: list[str] = []
    while len(made) < rng.randint(1, 7):
        kind = rng.randrange(12)
        condition = rng.choice(["$[${n} > 2]", "0", "1", '$["${a}" = "x"]', "${n}", "", "abc"])
        target = rng.choice(
            ["101,1", "102,1", "main,100,2", "menu,s,1", "999,1", "menu,7,1", "out"]
        )
        sub = rng.choice(
            ["sub,s,1(1)", "sub,s,1(2,3)", "sub,deep,1(${n})", "sub,s,9", "sub,fall,1"]
        )
        status = rng.choice(["ans", "busy", "cong", "ring", "hang", "fall", "none"])
        match kind:
            case 0:
                made.append("NoOp(${EXTEN:1} ${n} ${a} $[${n} * 2] ${LEN(${a})})")
            case 1:
                made.append(rng.choice(["Set(n=$[${n} + 1])", "Set(a=x)", "Set(__a=y)"]))
            case 2:
                made.append("MSet(a=1,n=$[${n} + 1])")
            case 3:
                made.append(f"GotoIf({condition}?{target}:)")
            case 4:
                made.append(f"ExecIf({condition}?Set(a=z):NoOp(no))")
            case 5:
                made += [f"Gosub({sub})", "NoOp(${GOSUB_RETVAL} ${a})"]
            case 6:
                made.append(f"GosubIf({condition}?{sub})")
            case 7:
                more = rng.choice(["", "", "&Local/busy@callee/n"])
                options = rng.choice(["", "g", "b(sub^s^1(1))", "gU(sub^2)"])
                made += [f"Dial(Local/{status}@callee/n{more},1,{options})"]
                made += ["NoOp(${DIALSTATUS} ${HANGUPCAUSE} ${DIALEDPEERNUMBER})"]
            case 8:
                made += ["Set(k=0)", "While($[${k} < 2])", "Set(k=$[${k} + 1])"]
                made += [rng.choice(["NoOp(${k})", "ExitWhile()", "ContinueWhile()"]), "EndWhile()"]
            case 9:
                made += [f"If({condition})", "NoOp(then)", "Else()", "NoOp(else)", "EndIf()"]
            case 10:
                made.append(
                    rng.choice(["Hangup()", "Hangup(21)", "Answer()", "Busy(1)", "TryExec(No())"])
                )
            case _:
                made.append(
                    rng.choice(["Exec(NoOp(${n}))", "Nothing()", "RaiseException(x)", "Wait(.2)"])
                )
    return made


def plan(rng: random.Random) -> str:
    """Return a dialplan with extensions, patterns, includes, `h`, `i` and `e`."""
    lines = ["[general]", f"autofallthrough={rng.choice(['yes', 'yes', 'yes'])}", "[main]"]
    names = ["100", "101", "102", "_2XXX", "_200[1-2]"]
    names += [name for name in ("h", "i", "e") if rng.random() < 0.5]
    for name in names:
        made = steps(rng) if name != "h" else ["NoOp(h ${EXTEN} ${HANGUPCAUSE})"]
        label = rng.randrange(len(made))
        for at, step in enumerate(made):
            head = f"exten => {name},1" if at == 0 else " same => n"
            lines.append(f"{head}{'(out)' if at == label else ''},{step}")
    lines += [f"include => {rng.choice(['menu', 'none'])}"]
    return "\n".join([*lines, CALLEES])


def real(asterisk: Asterisk, number: str) -> tuple[list[list[str]], int]:
    """Make a call, and return the steps of its channel and the cause of its hang-up."""
    ami = asterisk.ami
    ami.events.clear()
    ami.action(
        "Originate", Channel=f"Local/{number}@main/n", Application="Wait", Data="30",
        CallerID="Al <100>", Async="true", Timeout="30000",
    )  # fmt: skip
    end = time.monotonic() + 25
    while time.monotonic() < end:
        ours = [e for e in ami.events if e.get("Channel").startswith(f"Local/{number}@main-")]
        gone = [e for e in ours if e["Event"] == "Hangup" and e["Channel"].endswith(";2")]
        if gone:
            rows = [
                [e["Context"], e["Extension"], e["Priority"], e["Application"], e["AppData"]]
                for e in ours
                if e["Event"] == "Newexten" and e["Channel"].endswith(";2")
            ]
            return rows, int(gone[0]["Cause"])
        ami.action("Ping")
        time.sleep(0.05)
    raise AssertionError(f"the call to {number} did not end")


def mine(text: str, number: str) -> tuple[list[list[str]], int] | None:
    """Make the same call on paper; None: it goes round, or lasts too long."""
    simulation = Simulation(Config.from_texts({"extensions.conf": text}).workspace, World())
    run = simulation.start(number, "main", callerid="Al <100>")
    try:
        run.enter()
    except LoopError:
        return None
    except StopError as stop:
        raise AssertionError(f"{stop.unknown}: {stop}") from stop
    if run.now > LONGEST:
        return None
    rows = [[s.context, s.exten, str(s.priority), s.app, s.data] for s in run.steps]
    return rows, run.cause


def test_generated_dialplans_run_the_steps_that_asterisk_runs(boot: Boot, tmp_path: Path) -> None:
    etc = tmp_path / "etc"
    etc.mkdir()
    (etc / "modules.conf").write_text(MODULES)
    (etc / "extensions.conf").write_text("[main]\n")
    asterisk = boot(etc)
    rng, compared, skipped = random.Random(os.environ.get("ASTERCONF_SEED", "calls")), 0, 0
    for _ in range(PLANS):
        text = plan(rng)
        (asterisk.etc / "extensions.conf").write_text(text)
        asterisk.cli("dialplan reload")
        for number in rng.sample(NUMBERS, CALLS):
            expected = mine(text, number)
            if expected is None:
                skipped += 1
                continue
            rows, cause = real(asterisk, number)
            assert expected[0] == rows, f"{number}\n{text}"
            assert expected[1] == cause, f"{number}\n{text}"
            compared += 1
    print(f"{compared} calls run the same steps on Asterisk; {skipped} go round or last too long")
    assert compared >= PLANS * CALLS * 0.6
