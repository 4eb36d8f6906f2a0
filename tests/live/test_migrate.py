"""Calls through macros on a real Asterisk 16.28, and through what they become on a real 22.10.1.

With ASTERCONF_FULL=1 three hundred generated calls are made on both, else a share of them.
"""

from __future__ import annotations

import os
import random
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import attrs
import pytest

from asterconf.config import Config, load
from asterconf.dialplan.lookup import Dialplan as Plan
from tests.test_vectors_macro import exact_lines, kept

from .ami import AmiError
from .calling import Dialed, Result, call_at_once, listen
from .rig import Asterisk, Boot
from .test_calls_real import OTHERS, modules
from .test_other_versions import OF_16

FULL = bool(os.environ.get("ASTERCONF_FULL"))
SEED = os.environ.get("ASTERCONF_SEED", f"{datetime.now(UTC):%j}")
"""What is generated; another sample every day."""
PLANS = 100 if FULL else 10
AT_ONCE = 60
"""Calls that are made at the same time."""
PATIENCE = 600.0
"""Seconds for which the caller stays: every call ends by itself, however slow the machine is."""


class Dialplan:
    """A dialplan with up to three macros that call each other, leave, hang up and come back."""

    def __init__(self, number: int, rng: random.Random) -> None:
        self.number, self.rng = number, rng
        self.macros = ["route", "notify", "leaf"][: rng.randint(1, 3)]

    def text(self) -> str:
        n, rng = self.number, self.rng
        lines = [f"[main{n}]"]
        for exten in ("100", "101", "102"):
            steps = [f"Set(MC={exten})", *(self.step(-1) for _ in range(rng.randint(2, 5)))]
            lines += self.extension(exten, [*steps, "NoOp(end [${ARG1}][${ARG2}][${V}])"])
        lines.append("exten => 200,1,NoOp(two hundred [${ARG1}][${MACRO_EXTEN}])")
        if rng.random() < 0.6:
            lines.append("exten => h,1,NoOp(h main [${ARG1}][${MACRO_EXTEN}])")
        for level, name in enumerate(self.macros):
            lines.append(f"[macro-{name}{n}]")
            lines += self.extension("s", [self.step(level) for _ in range(rng.randint(2, 5))])
            lines.append(f"exten => side,1,NoOp(side of {name} [${{ARG1}}] ${{MACRO_EXTEN}})")
            if rng.random() < 0.4:
                lines.append(f"exten => h,1,NoOp(h of {name})")
        lines += [f"[out{n}]", "exten => 1,1,NoOp(out one [${ARG1}][${MACRO_EXTEN}])",
                  "exten => 2,1,NoOp(out two [${ARG2}])", " same => n,Hangup(19)"]  # fmt: skip
        return "\n".join(lines) + "\n"

    def extension(self, name: str, steps: list[str]) -> Iterator[str]:
        yield f"exten => {name},1,{steps[0]}"
        yield from (f" same => n,{step}" for step in steps[1:])

    def call(self, level: int) -> str:
        name = self.rng.choice(self.macros[level + 1 :])
        values = ["", "a", "b", "7", "${EXTEN}", "$[1+2]", "${ARG1}", "${ARG2}", "x y", '"q"']
        given = [self.rng.choice(values) for _ in range(self.rng.randint(0, 3))]
        return ",".join([f"{name}{self.number}", *given])

    def condition(self) -> str:
        tests = ['$["${ARG1}" = "a"]', '$["${MC}" != "100"]', "0", "1", "$[${LEN(${ARG1})} > 1]"]
        return self.rng.choice(tests)

    def step(self, level: int) -> str:
        rng, n, inside = self.rng, self.number, level >= 0
        shown = rng.choice(["[${ARG1}]", "[${ARG2}] [${ARG3}]", "[${V}] ${EXTEN}"])
        place = "${MACRO_EXTEN}/${MACRO_CONTEXT} ${MACRO_PRIORITY}"
        forms = [f"NoOp(n{level} {shown} {place if rng.random() < 0.5 else ''})", f"Set(V={level})"]
        if self.macros[level + 1 :]:
            forms += [f"Macro({self.call(level)})"] * 3
            forms.append(f"MacroIf({self.condition()}?{self.call(level)}:{self.call(level)})")
            forms.append(f"ExecIf({self.condition()}?Macro({self.call(level)}))")
            forms.append(f"MacroExclusive({self.call(level)})")
        if inside:
            target = rng.choice([f"out{n},1,1", f"out{n},2,1", f"main{n},200,1"])
            forms += [f"GotoIf({self.condition()}?{target})",
                      f"ExecIf({self.condition()}?MacroExit())"]  # fmt: skip
            forms.append(f"GotoIf({self.condition()}?side,1)")
        if rng.random() < 0.2:
            forms.append(f"ExecIf({self.condition()}?Hangup({rng.choice(['', '17', '21'])}))")
        return rng.choice(forms)


def calls_on(asterisk: Asterisk, dialed: list[Dialed]) -> list[Result]:
    listen(asterisk)
    found: list[Result] = []
    for start in range(0, len(dialed), AT_ONCE):
        found += call_at_once(asterisk, dialed[start : start + AT_ONCE], PATIENCE, PATIENCE)
    return found


@pytest.fixture
def root_16() -> Path:
    """The installed 16.28; skips the test where it is not."""
    if not (OF_16.root / ".asterconf-complete").exists() or os.geteuid() != 0:
        pytest.skip(
            f"no Asterisk 16 in {OF_16.root}: tests/live/install_asterisk.sh 16 installs it"
        )
    return OF_16.root


@attrs.frozen
class Moved:
    """A folder as it was, and the same after a migration."""

    before: Plan
    exact: set[tuple[str, str, int]]
    """The steps of which the plan says nothing but that they are exact."""


Both = Callable[..., tuple[Moved, Any, Any]]


@pytest.fixture
def both(asterisk_root: Path, root_16: Path, tmp_path: Path) -> Both:
    """Migrate files, and do the same on 16.28 before and on 22.10.1 after it."""

    def run(
        texts: Mapping[str, str], codemods: Iterable[str], act: Callable[[Asterisk], Any],
        sounds: Iterable[str] = (),
    ) -> tuple[Moved, Any, Any]:  # fmt: skip
        names = [*sounds, *(one for one in modules() if one not in ("app_macro", "res_monitor"))]
        old, new = tmp_path / "old", tmp_path / "new"
        old.mkdir()
        for name, text in {**OTHERS, **texts}.items():
            (old / name).write_text(text)
        conf = load(old, asterisk="20")
        before, plan = conf.workspace.dialplan.dialplan, conf.plan_migrate(*codemods)
        moved = Moved(before, exact_lines(conf, plan))
        plan.apply()
        conf.save(new)
        for folder, more in ((old, ["app_macro", "res_monitor"]), (new, [])):
            lines = "".join(f"load = {name}.so\n" for name in [*more, *names])
            (folder / "modules.conf").write_text(f"[modules]\nautoload = no\n{lines}")
        return moved, on(root_16, old, act), on(asterisk_root, new, act)

    def on(root: Path, folder: Path, act: Callable[[Asterisk], Any]) -> Any:
        with Asterisk(root, folder, tmp_path / f"run-{folder.name}") as asterisk:
            return act(asterisk)

    return run


EXCLUSIVE = """\
[general]
[main]
exten => 1,1,MacroExclusive(one)
exten => 2,1,MacroExclusive(two)
exten => 3,1,MacroExclusive(one,no)
 same => n,Hangup(17)
[macro-one]
exten => s,1,ExecIf($["${ARG1}" = "no"]?MacroExit())
 same => n,MacroExclusive(leaf)
[macro-two]
exten => s,1,MacroExclusive(leaf)
[macro-leaf]
exten => s,1,NoOp(alone)
 same => n,Wait(3.5)
 same => n,Goto(out,1,1)
[out]
exten => 1,1,Dial(Local/3@main/n,60)
 same => n,NoOp(macro one is free: ${DIALSTATUS})
"""
"""Calls that wait for each other longer than LOCK waits, and a jump that leaves two locks."""


def test_calls_through_macros_are_equal_after_the_migration(both: Both) -> None:
    rng = random.Random(f"macro-{SEED}")
    plans = [Dialplan(number, rng).text() for number in range(PLANS)]
    dialed = [Dialed(e, f"main{n}") for n in range(PLANS) for e in ("100", "101", "102")]
    texts = {"extensions.conf": EXCLUSIVE + "".join(plans)}
    dialed = [Dialed("1", "main"), Dialed("2", "main"), *dialed]
    moved, *results = both(texts, ["macro"], lambda asterisk: calls_on(asterisk, dialed))
    assert ("out", "1", "NoOp", "macro one is free: BUSY") in kept(results[0][0].rows)
    seen, wrong = 0, []
    for one, was, now in zip(dialed, *results, strict=True):
        stands = {(c, found.extension.name, p) for c, e, p, _, _ in was.rows
                  if (found := moved.before.landing(e, c, p)).extension is not None}  # fmt: skip
        if not stands <= moved.exact:
            continue
        seen += 1
        if (kept(was.rows), was.cause) != (kept(now.rows), now.cause):
            wrong.append(f"{one}: {_difference(was, now)}")
    assert wrong == []
    assert seen >= len(dialed) * 0.9


NUMBERED = """\
[general]
[main]
; a comment
exten => 1,1,Dial(Local/2@main/n,9,b(main^3^2(x))G(main^4^3))
exten => 2,1,Answer()
exten => 2,2,Wait(2)
exten => 3,1,NoOp(nobody begins here)
exten => 3,2,Set(GLOBAL(SEEN)=${ARG1}${PRIORITY})

exten => 3,3(noop),Return()
exten => 4,1,NoOp()
exten => 4,2,Hangup(17)
; of Dial
exten => 4,3,Wait(0.5)
exten => 4,4,NoOp(seen ${SEEN})
exten => 4,5,Hangup(19)
exten => 4,105,NoOp(after a gap)
exten => 4,106,Hangup(21)
exten => 5,1,Goto(4,105)
exten => 6,1,Dial(Local/2@main/n,9,F(main^4^105))
exten => 6,2,NoOp(the callee hung up)
"""
"""Numbers that options of Dial name, and steps behind a gap."""


def numbered(number: int, rng: random.Random) -> str:
    """Return contexts whose steps have numbers, and jump forward by number."""
    sizes = {
        (c, e): rng.randint(3, 7) for c in (f"p{number}", f"q{number}") for e in ("1", "2", "_3X")
    }
    lines = []
    for at, ((context, exten), size) in enumerate(sizes.items()):
        if exten == "1":
            steps = ["NoOp(sub ${ARG1})", "Set(A=${ARG1})", "NoOp(${A} ${PRIORITY})", "Return()"]
            lines += [f"[{context}]", *(f"exten => sub,{n},{s}" for n, s in enumerate(steps, 1))]
            lines += [f"include => q{number}"] if context == f"p{number}" else []
        for priority in range(1, size + 1):
            test = rng.choice(['$["${CALLERID(num)}" = "100"]', "0", "1", "$[${PRIORITY} > 2]"])
            forms = ["NoOp(${EXTEN} ${PRIORITY} ${A})", f"Set(A={priority})"]
            k, other = (rng.randint(min(priority + 1, size), size) for _ in "12")
            if priority < size:
                forms += [f"Goto({k})", f"GotoIf({test}?{k}:{other})", f"ExecIf({test}?Goto({k}))"]
            forms += [
                f"Gosub(sub,{rng.randint(1, 4)}(a))",
                f"GosubIf({test}?sub,2(b):{context},sub,3(c))",
            ]
            for (there, name), far in [*sizes.items()][at + 1 : at + 3]:
                dialed, k = name.replace("_3X", "37"), rng.randint(1, far)
                forms += [
                    f"Goto({there},{dialed},{k})",
                    f"GotoIf({test}?{there},{dialed},{k})",
                ]
                forms += [f"Goto({dialed},{k})"] if there == context else []
            label = rng.choice(["", "", "", "(noop)", "(x)"]) if priority == 3 else ""
            lines.append(f"exten => {exten},{priority}{label},{rng.choice(forms)}")
    return "\n".join(lines) + "\n"


def shown(asterisk: Asterisk, context: str) -> list[tuple[str, ...]]:
    """Return what Asterisk holds of a context: each step, without labels and places to go to."""
    found = re.findall(
        r"(?m)^  (?:'(.*?)' =>)? *(?:\[\w+\])? *(\d+)\. (\w+)\((.*)\) ",
        asterisk.cli(f"dialplan show {context}"),
    )
    return [(*one[:3], one[3] if one[2] in {"NoOp", "Set"} else "") for one in found]


def test_numbers_become_n_and_jumps_to_numbers_lead_where_they_led(both: Both) -> None:
    rng = random.Random(f"numbers-{SEED}")
    texts = {"extensions.conf": NUMBERED + "".join(numbered(n, rng) for n in range(PLANS))}
    dialed = [Dialed(e, "main") for e in "156"]
    dialed += [
        Dialed(e, f"p{n}", caller)
        for n in range(PLANS)
        for e in ("1", "2", "35")
        for caller in ("100", "7")
    ]

    def act(asterisk: Asterisk) -> tuple[Any, list[Result]]:
        contexts = dict.fromkeys(one.context for one in dialed)
        return [shown(asterisk, one) for one in contexts], calls_on(asterisk, dialed)

    _, (held, was), (holds, now) = both(texts, ["priorities"], act)
    assert holds == held
    assert len(held[0]) == 16
    plan = Config.from_texts(texts, asterisk="20").plan_migrate("priorities")
    assert not plan.notes
    assert len(plan.edits) > 10 * PLANS
    for one, old, new in zip(dialed, was, now, strict=True):
        assert (one, steps_of(new), new.cause) == (one, steps_of(old), old.cause)
    assert ("main", "4", 4, "NoOp", "seen x2") in was[0].rows


def steps_of(call: Result) -> list[tuple[Any, ...]]:
    """Return the steps of a call; of one that jumps, without what it says."""
    return [(*one[:4], one[4] if one[3] in {"NoOp", "Set"} else "") for one in call.rows]


FAILING = {
    "Dial(Local/busy@to/n)": "failed", "Dial(Local/full@to/n,9,j)": "failed",
    "Dial(Local/none@nowhere/n)": "failed", "Dial(Local/rings@to/n,1)": "next",
    "Dial(Local/answers@to/n,9,g)": "next", "Playback(no-such-file)": "failed",
    "VoiceMail(4711)": "failed", "AddQueueMember(q,Local/1@to)": "next",
    "AddQueueMember(q,Local/2@to)": "failed", "PauseQueueMember(q,Local/2@to)": "next",
    "PauseQueueMember(q,Local/3@to)": "failed", "UnpauseQueueMember(q,Local/3@to)": "failed",
    "RemoveQueueMember(q,Local/2@to)": "next", "RemoveQueueMember(q,Local/3@to)": "failed",
}  # fmt: skip
"""What 1.2 ran, and where it went, by what its documentation says of priority n+101."""


def test_where_1_2_jumped_when_something_failed_a_gotoif_leads(boot: Boot, tmp_path: Path) -> None:
    steps = "".join(
        f"exten => {at},1,Answer()\nexten => {at},2,{step}\nexten => {at},3,NoOp(next)\n"
        f"exten => {at},4,Hangup()\nexten => {at},103,NoOp(failed)\nexten => {at},104,Hangup()\n"
        for at, step in enumerate(FAILING)
    )
    to = (
        "[to]\nexten => busy,1,Busy()\nexten => full,1,Congestion()\nexten => rings,1,Ringing()\n"
        " same => n,Wait(9)\nexten => answers,1,Answer()\n[pipes]\nexten => 1,1,Set(X=a-b|A=1)\n"
        "exten => 1,2,ExecIf($[1 | 0]|Set|C=${CUT(X|-|2)})\nexten => 1,3,GotoIf($[1]?pipes|2|3)\n"
        "exten => 1,104,NoOp(no)\nexten => 2,1,NoOp(no)\nexten => 2,2,NoOp(no)\n"
        "exten => 2,3,NoOp(${A} | ${C})\n"
    )
    queues = "[general]\n[q]\nmember => Local/2@to\n"
    files = {**OTHERS, "extensions.conf": f"[general]\n[main]\n{steps}{to}", "queues.conf": queues}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    conf = load(tmp_path, asterisk="20")
    plan = conf.plan_migrate("pipes", "priorities", written_for="1.2")
    assert len([one for one in plan.edits if "STATUS" in one.new]) == len(FAILING)
    plan.apply()
    conf.save(tmp_path / "new")
    lines = "".join(f"load = {name}.so\n" for name in modules())
    (tmp_path / "new" / "modules.conf").write_text(f"[modules]\nautoload = no\n{lines}")
    asterisk = boot(tmp_path / "new")
    found = [calls_on(asterisk, [Dialed(str(at), "main")])[0] for at in range(len(FAILING))]
    ends = [[row[4] for row in one.rows if row[3] == "NoOp"] for one in found]
    assert dict(zip(FAILING, ends, strict=True)) == {one: [end] for one, end in FAILING.items()}
    (piped,) = calls_on(asterisk, [Dialed("1", "pipes")])
    assert [row[4] for row in piped.rows if row[3] == "NoOp"] == ["1 | b"]


RECORDED = {
    "plain": "Monitor(wav,plain)", "in": "Monitor(wav,in,o)", "out": "Monitor(wav,out,i)",
    "none": "Monitor()", "url": "Monitor(gsm:http://example.org,url)", "usual": "Monitor(,usual)",
    "deep": "Monitor(wav,deep/er.x)", "not mixed": "Monitor(wav,not-mixed,im)",
    "wav49": "Monitor(wav49,wav49)", "mixed": "Monitor(wav,mixed,m)",
    "over": "Monitor(wav,over)\n same => n,StopMonitor()\n same => n,Monitor(wav,over-again)",
    "twice": "Monitor(wav,twice)\n same => n,Monitor(wav,twice-again)",
    "bridge": "Monitor(wav,bridge,b)", "beep": "Monitor(wav,beep,B(1))", "nameless": "Monitor(wav)",
}  # fmt: skip
"""Steps that record, by the extension in which they stand."""
CHANGED = {"bridge", "twice", "nameless", "beep"}
PLAIN = "silence", "sound"
SOUNDS = ("format_wav", "format_wav_gsm", "format_gsm", "format_pcm", "codec_gsm", "codec_ulaw",
          "codec_resample")  # fmt: skip


def recordings(asterisk: Asterisk) -> dict[str, str]:
    """Return what is heard in each file that calls made, once none of them grows any more."""
    calls_on(asterisk, [Dialed(str(at), "main") for at in range(len(RECORDED))])
    folder, seen, found = asterisk.run / "spool", None, None
    while seen is None or seen != found:
        seen, found = found, {one: one.stat().st_size for one in folder.rglob("*.*")}
        time.sleep(0.5)
    heard = {}
    for one in found or ():
        sound = "sound" if len({*one.read_bytes()[64:]}) > 9 else "silence"
        heard[one.relative_to(folder).as_posix()] = sound if one.suffix == ".wav" else "coded"
    return heard


def test_recordings_are_in_the_same_files_after_the_migration(both: Both) -> None:
    steps = "".join(
        f"exten => {at},1,Answer()\n same => n,{step}\n same => n,Playtones(1000)\n"
        " same => n,Wait(1)\n same => n,Hangup()\n"
        for at, step in enumerate(RECORDED.values())
    )
    old = {"extensions.conf": f"[general]\n[main]\n{steps}"}
    plan = Config.from_texts(old, asterisk="20").plan_migrate("recording")
    names, said = list(RECORDED), dict.fromkeys(RECORDED, "exact")
    lines = old["extensions.conf"].splitlines()
    for one in plan.notes:
        above = [line for line in lines[: one.place.line] if line.startswith("exten")]
        said[names[len(above) - 1]] = one.outcome
    # The address of "url" went into CDR(userfield) besides.
    assert {name for name, outcome in said.items() if outcome != "exact"} == {*CHANGED, "url"}
    _, was, now = both(old, ["recording"], recordings, SOUNDS)
    assert now.pop("monitor/mixed.wav") == "sound"  # the old side has no program that mixes
    assert (was.pop("monitor/mixed-in.wav"), was.pop("monitor/mixed-out.wav")) == PLAIN
    differ = {name for name in {*was, *now} if was.get(name) != now.get(name)}
    assert [name for name in differ if name.startswith("monitor/bridge")] != []
    assert [name for name in differ if name.startswith("monitor/twice")] != []
    unnamed = re.compile(r"monitor/(?!bridge|twice)(\d|rig-)")
    assert [
        one for one in differ if not unnamed.match(one) and one[8:].split("-")[0] not in CHANGED
    ] == []
    assert (now["monitor/plain-in.wav"], now["monitor/plain-out.wav"]) == PLAIN


GONE = """\
[general]
[main]
exten => 1,1,SetAMAFlags(billing)
 same => n,NoOp(${CHANNEL(amaflags)})
 same => n,NoOp(${VALID_EXTEN(main,1,1)} ${VALID_EXTEN(main,9,1)} ${VALID_EXTEN(,1,2)})
 same => n,NoOp(${VALID_EXTEN(main,1)} ${VALID_EXTEN(main,1,99)} ${VALID_EXTEN(none,1,1)})
exten => 2,1,NoOp(${QUEUE_MEMBER_COUNT(q)} ${QUEUE_MEMBER_COUNT(none)})
 same => n,NoOp(${QUEUE_MEMBER_PENALTY(q,Local/3@main)})
exten => 3,1,Set(V=x)
 same => n,ImportVar(W=${CHANNEL},V)
 same => n,ImportVar(U=none,V)
 same => n,NoOp([${W}] [${U}])
exten => 4,1,Set(CALLERPRES()=prohib_passed_screen)
 same => n,NoOp(${CALLERPRES()} ${CALLERID(num-pres)} ${CALLERID(name-pres)})
 same => n,NoCDR()
 same => n,DeadAGI(none.agi)
 same => n,NoOp(${AGISTATUS})
"""
"""What 16 has and 22 has not, but for what Monitor, MeetMe, Macro and chan_sip bring."""


def test_what_is_gone_and_what_stands_for_it_tell_the_same(both: Both) -> None:
    dialed = [Dialed(number, "main") for number in "1234"]
    files = {"extensions.conf": GONE, "queues.conf": "[general]\n[q]\nmember => Local/3@main,7\n"}
    assert not Config.from_texts(files, asterisk="20").plan_migrate("gone").notes
    _, *results = both(files, ["gone"], lambda asterisk: calls_on(asterisk, dialed), AROUND)
    was, now = ([[row[4] for row in one.rows if row[3] == "NoOp"] for one in each]
                for each in results)  # fmt: skip
    assert now == was
    assert was[0] == ["2", "1 0 1", "1 0 0"]
    assert [len(rows) for rows in was] == [3, 2, 1, 2]


AROUND = ("cdr", "res_agi", "func_cdr")
LETTERS = {
    "a": "Admin: true", "A": "Marked User: true", "c": "Announce User Count: enabled",
    "i": "Announce join/leave: enabled (with review)", "I": "Announce join/leave: enabled",
    "m": "Start Muted: true", "M": "MOH When Empty: enabled", "o": "Drop_silence: enabled",
    "q": "Quiet: enabled", "T": "Talk Detect Events: enabled", "w": "Wait Marked: enabled",
    "x": "END Marked (All): enabled", "F": "DTMF Pass Through: enabled",
}  # fmt: skip
"""Letters of MeetMe, with what its documentation says of them as ConfBridge shows it."""
FLAGS = {"a": "A", "A": "M", "m": "m", "w": "Ww", "x": "E"}
"""Of those that ConfBridge shows for a user in a room."""


def test_letters_of_meetme_are_what_confbridge_does(boot: Boot, tmp_path: Path) -> None:
    steps = "".join(
        f"exten => {at},1,Answer()\n same => n,MeetMe(room{at},dC{letter})\n"
        for at, letter in enumerate([*LETTERS, "1n"])
    )
    count = "exten => c,1,MeetMeCount(room0,N)\n same => n,MeetMeCount(none,M)\n"
    files = {**OTHERS, "extensions.conf": f"[general]\n[main]\n{steps}{count}"}
    conf = Config.from_texts(files, asterisk="20")
    plan = conf.plan_migrate("conference")
    assert [one.text for one in plan.notes] == [f"MeetMe(room{len(LETTERS) - 1},dCF)"]
    plan.apply()
    names = [*modules(), "bridge_softmix", "bridge_holding", "codec_resample"]
    lines = "".join(f"load = {name}.so\n" for name in names)
    conf.save(tmp_path / "new")
    (tmp_path / "new" / "modules.conf").write_text(f"[modules]\nautoload = no\n{lines}")
    asterisk = boot(tmp_path / "new")
    step = str(conf["extensions.conf"])
    profiles = dict(re.findall(r"ConfBridge\(room(\d+),,(\w+)\)", step))
    shown = {}
    usual = asterisk.cli("confbridge show profile user default_user").splitlines()
    for at, letter in enumerate(LETTERS):
        told = asterisk.cli(f"confbridge show profile user {profiles[str(at)]}").splitlines()
        shown[letter] = [" ".join(line.split()) for line in told[2:] if line not in usual]
    assert shown == {letter: [line] for letter, line in LETTERS.items()}
    for at in range(len(LETTERS)):
        asterisk.ami.action("Originate", Channel=f"Local/{at}@main/n", Async="true",
                            Application="Wait", Data="600")  # fmt: skip
    wanted, flags = dict(FLAGS), dict[str, str]()
    end = time.monotonic() + 60
    while flags != wanted and time.monotonic() < end:
        for at, letter in enumerate(LETTERS):
            with suppress(AmiError):  # the room may not be there yet
                row = asterisk.cli(f"confbridge list room{at}").splitlines()[-1].split()
                flags.update({letter: row[1]} if letter in FLAGS and len(row) > 4 else {})
        time.sleep(0.1)
    assert flags == wanted
    (found,) = calls_on(asterisk, [Dialed("c", "main")])
    assert [row[4] for row in found.rows] == ["N=1", "M=0"]


def _difference(was: Result, now: Result) -> str:
    rows: tuple[list[Any], list[Any]] = kept(was.rows), kept(now.rows)
    for old, new in zip([*rows[0], was.cause], [*rows[1], now.cause], strict=False):
        if old != new:
            return f"{old} on 16, {new} on 22"
    return f"{rows} {was.cause} {now.cause}"
