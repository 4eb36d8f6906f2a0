"""Generated dialplans, called on the real Asterisk and on paper: the same steps, the same cause."""

from __future__ import annotations

import os
import random
import re
import time
from datetime import datetime
from pathlib import Path

import attrs
import pytest

from asterconf.calls import World
from asterconf.calls.simulation import Simulation
from asterconf.config import Config, load
from asterconf.flow.run import LoopError, Run, StopError

from .calling import CALLER, Dialed, Result, call_at_once, first_difference, listen, told
from .rig import Boot

FULL = bool(os.environ.get("ASTERCONF_FULL"))
PLANS = 300
AT_ONCE = 20
"""Dialplans that are loaded and called at the same time."""
CALLS = 5
LONGEST = 6.0
"""Seconds that a call may take to be compared."""
STAYS = 40.0
"""Seconds for which the caller stays, longer than any call that is compared."""
NUMBERS = ("100", "101", "102", "2001", "2002", "300", "301", "999")

MODULES = """\
[modules]
autoload = no
"""  + "".join(f"load = {name}.so\n" for name in (
    "pbx_config", "app_dial", "app_exec", "app_if", "app_stack", "app_userevent", "app_verbose",
    "app_while", "app_senddtmf", "app_queue", "app_voicemail", "app_playback", "app_read",
    "func_callerid", "func_channel", "func_dialplan", "func_global", "func_logic", "func_math",
    "func_strings", "func_timeout", "res_timing_timerfd", "res_musiconhold", "format_gsm",
    "codec_gsm", "bridge_simple",
))  # fmt: skip
FILES = {
    "modules.conf": MODULES,
    "voicemail.conf": "[general]\nformat = gsm\n[default]\n100 => 4711,Al\n",
    "queues.conf": "[general]\n[one]\nstrategy = ringall\ntimeout = 2\nretry = 1\n"
    "member => Local/ans@callee/n\n[busy]\nretry = 1\nmember => Local/busy@callee/n\n"
    "[empty]\njoinempty = no\n[waits]\njoinempty = yes\n",
}

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
        kind = rng.randrange(15)
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
            case 11:
                queue = rng.choice(["one", "busy", "empty", "waits", "none"])
                made += [f"Queue({queue},{rng.choice(['', 'c', 'n'])},,,{rng.choice('12')})"]
                made += ["NoOp(${QUEUESTATUS})"]
            case 12:
                made += [f"VoiceMail({rng.choice(['nosuch', 'x@none'])})", "NoOp(${VMSTATUS})"]
            case 13:
                made.append(rng.choice([
                    "Background(none)", "Playback(none)", "Read(r,none,2)", "WaitExten(0.4)",
                    "NoOp(${READSTATUS} [${r}] ${PLAYBACKSTATUS} ${BACKGROUNDSTATUS})",
                ]))  # fmt: skip
            case _:
                made.append(
                    rng.choice(["Exec(NoOp(${n}))", "Nothing()", "RaiseException(x)", "Wait(.2)"])
                )
    return made


def plan(rng: random.Random) -> str:
    """Return a dialplan with extensions, patterns, includes, `h`, `i` and `e`."""
    lines = ["[general]", f"autofallthrough={rng.choice(['yes', 'yes', 'yes'])}", "[main]"]
    names = ["100", "101", "102", "_2XXX", "_200[1-2]", "3", "31", "_4X!", "5"]
    names += [name for name in ("h", "i", "e", "t") if rng.random() < 0.5]
    for name in names:
        made = steps(rng) if name != "h" else ["NoOp(h ${EXTEN} ${HANGUPCAUSE})"]
        label = rng.randrange(len(made))
        for at, step in enumerate(made):
            head = f"exten => {name},1" if at == 0 else " same => n"
            lines.append(f"{head}{'(out)' if at == label else ''},{step}")
    lines += [f"include => {rng.choice(['menu', 'none'])}"]
    waits = rng.choice(["WaitExten(2)", "Background(demo-congrats)", "Read(r,,2,,,2)"])
    more = rng.choice(["WaitExten(2)", "NoOp(${r} ${READSTATUS})", "Background(demo-congrats,m)"])
    lines += [
        "exten => 300,1,Answer()", f" same => n,{waits}", f" same => n,{more}",
        " same => n,NoOp(nothing keyed)",
        "exten => 301,1,Set(TIMEOUT(digit)=1)", " same => n,Set(TIMEOUT(response)=2)",
        " same => n,Answer()", f" same => n,{waits}",
    ]  # fmt: skip
    for hours in ("0:00-11:59", "12:00-23:59"):
        lines += [f"include => {hours[:2].strip(':')}h,{hours},*,*,*"]
    for name in ("0h", "12h"):
        lines += [f"[{name}]", f"exten => 999,1,NoOp({name})", f"exten => _5X,1,NoOp({name} 5)"]
    return "\n".join([*lines, CALLEES])


@attrs.frozen
class Plan:
    """A dialplan whose contexts begin with a prefix of its own, and the calls to it."""

    prefix: str
    text: str
    calls: tuple[Dialed, ...]


NAMES = re.compile(r"(?<![\w/])(main|sub|callee|menu|0h|12h)(?![\w:])|(?<=@)callee")


def made(rng: random.Random, number: int) -> Plan:
    """Return a dialplan, and the calls to be made."""
    prefix = f"p{number}-"
    _, _, text = plan(rng).partition("[main]")
    text = NAMES.sub(lambda name: prefix + name[0], f"[main]{text}")
    calls = []
    for dialed in rng.sample(NUMBERS, CALLS):
        keys = rng.choice(["3", "31", "31#", "42", "5", "9", "4", "*"]) if dialed[0] == "3" else ""
        calls.append(Dialed(dialed, f"{prefix}main", keys=keys))
    return Plan(prefix, text, tuple(calls))


class Caller(Simulation):
    """A caller that stays, but leaves at once when it hears a tone of refusal."""

    def gone_at(self, run: Run) -> float | None:
        """Return when the caller hangs up."""
        return run.gone_at if run.depth else STAYS + (run.up_at or 0.0)

    def patience(self, run: Run) -> float:
        """Return that it does not listen to a tone."""
        return 0.0


def on_paper(conf: Config, dialed: Dialed) -> Result | None:
    """Make a call on paper; None: it goes round, or lasts too long."""
    world = World(
        digits=dialed.keys, missing_sounds=["none"], sound_seconds=30,
        clock=datetime.now().astimezone(),
    )  # fmt: skip
    simulation = Caller(conf.workspace, world)
    run = simulation.start(dialed.number, dialed.context, callerid=f"Al <{dialed.caller}>")
    try:
        run.enter()
    except LoopError:
        return None
    except StopError as stop:
        raise AssertionError(f"{stop.unknown}: {stop}") from stop
    return Result(told(run), run.cause) if run.now <= LONGEST else None


def agree(paper: Result, real: Result) -> bool:
    """Return whether steps and cause are the same, but for a cause that is not known on paper."""
    unknown = "${HANGUPCAUSE}"
    texts = [re.escape(row[4]).replace(re.escape(unknown), r"\d+") for row in paper.rows]
    return (
        [row[:4] for row in paper.rows] == [row[:4] for row in real.rows]
        and all(re.fullmatch(t, row[4], re.DOTALL) for t, row in zip(texts, real.rows, strict=True))
        and (paper.cause == real.cause or any(unknown in row[4] for row in paper.rows))
    )


def test_generated_dialplans_run_the_steps_that_asterisk_runs(boot: Boot, tmp_path: Path) -> None:
    etc = tmp_path / "etc"
    etc.mkdir()
    for name, text in FILES.items():
        (etc / name).write_text(text)
    (etc / "extensions.conf").write_text("[main]\n")
    asterisk = boot(etc)
    listen(asterisk)
    rng, compared, skipped = random.Random(os.environ.get("ASTERCONF_SEED", "calls")), 0, 0
    wrong: list[str] = []
    for start in range(0, PLANS, AT_ONCE):
        plans = [made(rng, number) for number in range(start, start + AT_ONCE)]
        text = "".join(["[general]\nautofallthrough = yes\n", *(p.text for p in plans), CALLER])
        (asterisk.etc / "extensions.conf").write_text(text)
        asterisk.cli("dialplan reload")
        conf = Config.from_texts({**FILES, "extensions.conf": text})
        expected = {one: on_paper(conf, one) for each in plans for one in each.calls}
        dialed = [one for one, found in expected.items() if found is not None]
        for one, result in zip(dialed, call_at_once(asterisk, dialed, STAYS), strict=True):
            found = expected[one]
            assert found is not None
            if agree(found, result):
                continue
            (again,) = call_at_once(asterisk, [one], STAYS)  # alone, without what others do
            if not agree(found, again):
                text = next(p.text for p in plans if one in p.calls)
                wrong.append(f"{one}\n{text}\n{first_difference(found, again)}")
        compared, skipped = compared + len(dialed), skipped + len(expected) - len(dialed)
    print(f"{compared} calls run the same steps on Asterisk; {skipped} go round or last too long")
    assert not wrong, f"{len(wrong)} calls differ, such as {wrong[0]}"
    assert compared >= PLANS * CALLS * 0.6


SIX = """\
[main]
exten => 1,1,NoOp(${CALLERID(num)} ${EXTEN})
 same => n,Set(n=$[${EXTEN} + 1])
 same => n,GotoIf($[${n} > 5]?main,2,1)
 same => n,Gosub(sub,s,1(${n}))
 same => n,Hangup()
[sub]
exten => s,1,Return(${ARG1})
"""
MANY = 300


def seconds_of(pid: int) -> float:
    """Return the processor time of a process, in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.skipif(not FULL, reason="it measures, so it is for the full run")
def test_a_call_on_paper_takes_less_than_half_of_the_time(boot: Boot, tmp_path: Path) -> None:
    etc = tmp_path / "etc"
    etc.mkdir()
    (etc / "modules.conf").write_text(MODULES)
    (etc / "extensions.conf").write_text(SIX)
    conf = load(etc)
    asterisk = boot(etc)
    listen(asterisk)
    dialed = [Dialed("1", "main")] * MANY
    assert len(conf.call("1", entry="context:main").steps) == 6
    reals, papers = [], []
    for _ in range(5):  # the best of each, as other work disturbs both
        begun = seconds_of(asterisk.pid)
        results = call_at_once(asterisk, dialed, STAYS)
        reals.append(seconds_of(asterisk.pid) - begun)
        assert [len(one.rows) for one in results] == [6] * MANY
        begun = time.process_time()
        for _ in dialed:
            conf.call("1", entry="context:main")
        papers.append(time.process_time() - begun)
    real, paper = min(reals), min(papers)
    print(
        f"{1000 * real / MANY:.2f} ms of processor time a call on Asterisk, "
        f"{1000 * paper / MANY:.2f} on paper"
    )
    assert paper * 2 < real
