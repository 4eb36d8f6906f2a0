"""Dialplans of public repositories, called on the real Asterisk and on paper: the same steps.

Every literal extension and five numbers of each pattern are dialed. The real one has no phones, no
sounds and no modules that run programs or reach a network; its modules.conf says so to both.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any

import attrs
import pytest

from asterconf import schema
from asterconf.calls import World
from asterconf.calls.simulation import Simulation
from asterconf.config import Config, load
from asterconf.flow import effects as fx
from asterconf.flow.channel import CallState
from asterconf.flow.run import LoopError, Run, StopError
from asterconf.language.pattern import Pattern
from asterconf.language.timespec import zone_named
from asterconf.semantics.scope import UnknownError

from .calling import Dialed, Result, call_at_once, first_difference, listen, told
from .rig import Asterisk, Boot, find_asterisk

FULL = bool(os.environ.get("ASTERCONF_FULL"))
SEED = os.environ.get("ASTERCONF_SEED", f"{datetime.now(UTC):%j}")
"""What is dialed; another sample every day."""
SAMPLE = 60
"""Calls of the sample."""
AT_ONCE = 80
"""Calls that are made at the same time."""
PATIENCE = 4.48
"""Seconds for which the caller rings, or talks."""
SECONDS = 4
"""How late Asterisk may be with a call, as it shows where the time is part of a step."""
OUTSIDE = frozenset((
    "app_system", "app_externalivr", "app_festival", "app_mp3", "app_sms", "app_jack", "func_shell",
    "func_curl", "func_odbc", "func_enum", "func_srv", "func_realtime", "app_voicemail_odbc",
    "app_adsiprog", "app_getcpeid", "app_agent_pool", "func_aes",
))  # fmt: skip
"""Modules that run programs, or ask other machines."""
CORE = (
    "pbx_config", "res_agi", "res_musiconhold", "res_parking", "res_timing_timerfd",
    "bridge_simple", "bridge_softmix", "bridge_holding",
)  # fmt: skip
OTHERS = {
    "queues.conf": "[general]\n", "voicemail.conf": "[general]\n", "confbridge.conf": "[general]\n",
    "features.conf": "", "res_parking.conf": "", "followme.conf": "[general]\n", "amd.conf":
    "[general]\n", "musiconhold.conf": "[default]\nmode = files\ndirectory = moh\n",
    "indications.conf": "[general]\ncountry = us\n[us]\ndescription = us\nringcadence = 2000,4000\n"
    "dial = 350+440\nbusy = 480+620/500,0/500\nring = 440+480/2000,0/4000\n"
    "congestion = 480+620/250,0/250\ninfo = !950/330,!1400/330,!1800/330,0\n",
}  # fmt: skip
"""Files that are read beside extensions.conf, with what they are where a tree has none."""


def modules() -> list[str]:
    """Return the modules of all applications and functions that do not reach outside."""
    every = [*schema.applications().values(), *schema.functions().values()]
    names = {str(one["module"]) for one in every if one.get("installed")}
    found = {n for n in names - OUTSIDE if n.startswith(("app_", "func_"))} | {*CORE}
    return sorted({*with_required(found)} - OUTSIDE)


def with_required(names: set[str]) -> list[str]:
    """Return modules, and all that they need."""
    found = {*names}
    while more := {r for n in found for r in schema.modules()[n].requires} - found:
        found |= more
    return sorted(found - {"core"})


def numbers(conf: Config, rng: random.Random) -> Iterator[Dialed]:
    """Yield every literal extension, and five numbers of each pattern."""
    for context in conf.dialplan:
        for extension in context:
            caller = extension.callerid_match or "100"
            if Pattern(caller).is_pattern:
                caller = some(Pattern(caller), rng)
            pattern = Pattern(extension.name)
            made = {some(pattern, rng) for _ in range(5)} if pattern.is_pattern else {pattern.text}
            for number in sorted(made):
                if number and not set(number) & set("/@;&|,") and number.isprintable():
                    yield Dialed(number, context.name, caller)


def some(pattern: Pattern, rng: random.Random) -> str:
    """Return a number that a pattern matches."""
    places = [sorted(e.accepts - set(b"-")) for e in pattern.elements if not e.ends]
    if not all(places):
        return ""
    made = "".join(chr(rng.choice(one)) for one in places)
    more = {".": rng.randint(1, 4), "!": rng.randint(0, 3)}
    return made + "".join(rng.choice("0123456789") for _ in range(more.get(pattern.text[-1:], 0)))


class Outside(Simulation):
    """What the rig is: nobody is registered, there are no sounds, and callers have little time."""

    def gone_at(self, run: Run) -> float | None:
        """Return when the caller hangs up."""
        return run.gone_at if run.depth else PATIENCE + (run.up_at or 0.0)

    def cause(self, run: Run) -> int:
        """Return the cause: a caller that has talked gives none."""
        return 16 if run.depth else 19 if run.up_at is None else run.cause

    def patience(self, run: Run) -> float:
        """Return that the caller hangs up as soon as there is a tone."""
        return 0.0

    def ask(self, run: Run, question: fx.Ask) -> Any:
        """Return that what cannot play a sound is over at once, but a list of sounds is there."""
        if question.kind == "music":
            found = self.workspace.resolve("musiconhold.conf") or ()
            modes = [one.get("mode") for one in found if one.name == question.about]
            return super().ask(run, question) if modes == ["playlist"] else True
        return True if question.kind == "voicemailmain" else super().ask(run, question)

    def play(self, run: Run, sound: fx.Play) -> str | None:
        """Return that there is no such sound."""
        return "FAILED"


FACTS = {"STAT(*)": "0", "UUID()": "x"}
"""What functions answer in the rig: there are no files."""


def agi(data: str) -> Mapping[str, str]:
    """Return what AGI says of a program that is not there, and of a server."""
    return {"AGISTATUS": "FAILURE" if data.startswith("agi://") else "NOTFOUND"}


def drawn(_arguments: str) -> str:
    """Refuse to say what only Asterisk draws."""
    raise UnknownError("it is drawn by lot")


def zone_there(name: str) -> tzinfo | None:
    """Return a zone that Asterisk's system has, which may lack old names such as Asia/Saigon."""
    root, _ = find_asterisk()
    there = root is not None and (root / "usr/share/zoneinfo" / name).is_file()
    return zone_named(name) if there else None


def on_paper(
    conf: Config, dialed: Dialed, at: float, state: CallState | None = None
) -> tuple[Result, CallState]:
    """Make a call on paper, at a time in seconds since 1970; `state`: what other calls left."""
    clock = datetime.fromtimestamp(at, UTC)
    world = World(
        clock=clock, facts=FACTS, functions={"RAND": drawn},
        applications={"AGI": agi, "Stasis": {"STASISSTATUS": "FAILED"}},
    )  # fmt: skip
    simulation = Outside(conf.workspace, world)
    if state is not None:
        state.start, state.elapsed, state.count = clock, 0.0, 0
    caller = f"Al <{dialed.caller}>"
    run = simulation.start(dialed.number, dialed.context, callerid=caller, state=state)
    stop = ""
    try:
        run.enter()
    except StopError as error:
        stop = str(error)
    except LoopError:
        stop = LOOP
    return Result(plain(told(run)), run.cause, at, stop), run.state


LOOP = "it goes round for ever"
"""Such a call is not dialed: many of them at once are too much for Asterisk."""
_UNIQUE = re.compile(r"\brig-\d+(\.2)?|\basterconf-\d+\b")
_AGAIN = re.compile(r"(\d{4}-\d\d-\d\d [\d:]{8}.*)\d{4}-\d\d-\d\d [\d:]{8}")
_CHANNEL = re.compile(r"(Local/[^ ,;]*)-[0-9a-f]{8}(;\d)")


def plain(rows: tuple[tuple[str, str, int, str, str], ...]) -> tuple[Any, ...]:
    """Return steps with one text for all names that Asterisk makes up.

    Of several times in one text, which may each be late, the first counts.
    """
    texts = (_CHANNEL.sub(r"\1-ID\2", _UNIQUE.sub("UNIQUE", row[4])) for row in rows)
    return tuple(
        (*row[:4], _AGAIN.sub(r"\1later", text)) for row, text in zip(rows, texts, strict=True)
    )


def alike(mine: Any, theirs: Any) -> bool:
    """Return whether steps are the same; a text that is not known stands as it is written."""
    return bool(mine == theirs or (mine[:4] == theirs[:4] and "${" in mine[4]))


def agree(paper: Result, real: Result) -> bool:
    """Return whether the steps are the same: all of them, or those until paper stops."""
    size = min(len(paper.rows), len(real.rows)) if paper.stop else len(real.rows)
    mine, theirs = paper.rows if not paper.stop else paper.rows[:size], real.rows[:size]
    return len(mine) == size and all(map(alike, mine, theirs))


def compared(conf: Config, dialed: Dialed, real: Result, state: CallState | None) -> Result:
    """Return the call on paper that is that of Asterisk, as far as the time allows; else any.

    On a busy machine a call may come later, and may go on for seconds: each of its steps has the
    texts of one of these seconds.
    """
    real = attrs.evolve(real, rows=plain(real.rows))
    papers: list[Result] = []
    for late in range(SECONDS):
        papers.append(on_paper(conf, dialed, real.at + late, state and state.copy())[0])
        if agree(papers[-1], real):
            return papers[-1]
    first = papers[0]
    rows = tuple(
        next((p.rows[n] for p in papers if p.rows[n : n + 1] == real.rows[n : n + 1]), row)
        for n, row in enumerate(first.rows)
    )
    return attrs.evolve(first, rows=rows)


def prepared(path: Path, etc: Path) -> Config:
    """Make a folder of configuration for one tree, and load it."""
    for file in path.parent.rglob("*"):
        name = file.relative_to(path.parent)
        wanted = "exten" in name.name or name.name in OTHERS or len(name.parts) > 1
        if file.is_file() and (wanted or file.suffix != ".conf"):
            (etc / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, etc / name)
    (etc / "confbridge.conf").unlink(missing_ok=True)  # one that is refused removes ConfBridge
    for other, text in OTHERS.items():
        if not (etc / other).exists():
            (etc / other).write_text(text)
    lines = [f"load = {name}.so\n" for name in modules()]
    (etc / "modules.conf").write_text("".join(["[modules]\nautoload = no\n", *lines]))
    while missing := {*wanting(etc)}:
        for one in missing:
            one.parent.mkdir(parents=True, exist_ok=True)
            one.touch()
    return load(etc, missing_includes="ignore")


_INCLUDE = re.compile(r"(?m)^\s*#include\s+[<\"]?([^>\"\s;*?]+)[>\"\s;]?")


def wanting(etc: Path) -> Iterator[Path]:
    """Yield files that are included and not there: without them Asterisk refuses the file."""
    for file in [*etc.rglob("*")]:
        text = file.read_text("utf-8", "surrogateescape") if file.is_file() else ""
        for found in _INCLUDE.finditer(text):
            name = etc / found[1].removeprefix("/etc/asterisk/").lstrip("/")
            if not name.exists():
                yield name


@attrs.define
class Count:
    """What became of the calls: of all trees, or of one."""

    same: int = 0
    loops: int = 0
    causes: int = 0
    unknown: Counter[str] = attrs.field(factory=Counter)
    wrong: list[str] = attrs.field(factory=list)

    @property
    def every(self) -> int:
        """How many there are."""
        return self.same + self.loops + self.unknown.total() + len(self.wrong)

    def add(self, paper: Result, real: Result) -> None:
        """Count a call that agrees."""
        if paper.stop:
            self.unknown[paper.stop] += 1
            return
        self.same += 1
        self.causes += paper.cause == real.cause


def compare(asterisk: Asterisk, conf: Config, calls: list[Dialed], count: Count) -> None:
    """Dial numbers of one tree, and count what became of them."""
    listen(asterisk)
    again: list[Dialed] = []
    state: CallState | None = None
    now = time.time()
    loops = [one for one in calls if on_paper(conf, one, now)[0].stop == LOOP]
    calls = [one for one in calls if one not in loops]
    count.loops += len(loops)
    for start in range(0, len(calls), AT_ONCE):
        part = calls[start : start + AT_ONCE]
        for one, real in zip(part, call_at_once(asterisk, part, PATIENCE), strict=True):
            paper = compared(conf, one, real, None)
            _, state = on_paper(conf, one, real.at, state)
            if agree(paper, attrs.evolve(real, rows=plain(real.rows))):
                count.add(paper, real)
            else:
                again.append(one)
    for one in again:  # alone, without what the others were doing
        (real,) = call_at_once(asterisk, [one], PATIENCE)
        real = attrs.evolve(real, rows=plain(real.rows))
        paper = compared(conf, one, real, None)
        if not agree(paper, real):
            paper = compared(conf, one, real, state)
        if agree(paper, real):
            count.add(paper, real)
        else:
            count.wrong.append(f"{one}: {first_difference(paper, real)}")


DRAWN = "cosmiccable"
"""A tree of which no two runs are the same: its calls store numbers that are drawn by lot in AstDB,
where others read them. Of 203 calls of it 195 agreed or were unknown all the same."""


@pytest.fixture(scope="module")
def trees(corpus: Path) -> list[Path]:
    """Return the files of the 59 public trees that have a dialplan."""
    found = sorted((corpus / "public").rglob("extensions.conf"))
    assert len(found) == 59
    return found


def test_real_dialplans_run_the_steps_that_asterisk_runs(
    boot: Boot, tmp_path: Path, trees: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("asterconf.flow.run.MOST_STEPS", 1_000)  # no more are compared
    monkeypatch.setattr("asterconf.semantics.functions.times.zone_named", zone_there)
    rng, count = random.Random(SEED), Count()
    trees = [one for one in trees if DRAWN not in str(one)]
    rng.shuffle(trees)
    for number, path in enumerate(trees):
        etc = tmp_path / str(number)
        etc.mkdir()
        conf = prepared(path, etc)
        calls = [*numbers(conf, rng)]
        if not FULL:
            calls = rng.sample(calls, min(len(calls), SAMPLE - count.every))
        if calls:
            asterisk = boot(etc)
            compare(asterisk, conf, calls, count)
            asterisk.stop()
        if not FULL and count.every >= SAMPLE:
            break
    decided = count.every - count.unknown.total()
    print(
        f"{count.every} calls: {count.same} the same, {count.causes} with the same cause, "
        f"{count.loops} go round and are not dialed; "
        f"unknown: {count.unknown.most_common(30)}"
    )
    assert not count.wrong, f"{len(count.wrong)} differ: " + "\n".join(count.wrong[:20])
    assert count.every >= (3_500 if FULL else SAMPLE)
    assert not FULL or decided >= 0.85 * count.every
