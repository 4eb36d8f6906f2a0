"""What is measured, each thing in a process of its own and in turns with R.

R is the unit: one pass of one regular expression over the same text, looking at what matched.
The garbage collector runs as it always does; it is only made to finish between two rounds.
"""

import gc
import re
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from random import Random
from statistics import median
from time import perf_counter, process_time
from typing import Any

import asterconf
from asterconf import Config, Option, diff
from asterconf.syntax import Line
from tests.bench.generate import generate, plain
from tests.bench.peers import peer

__all__ = [
    "CHANGES",
    "OURS",
    "Spread",
    "growth",
    "imports",
    "lookup",
    "memory",
    "ratio",
    "speed",
    "telling",
    "timed",
    "unit",
]

OURS = "asterconf"

_R = re.compile(
    r"(?m)^(?:(?P<blank>[ \t]*$)|(?P<comment>[ \t]*;[^\n]*)"
    r"|(?P<section>[ \t]*\[(?P<name>[^\]\n]*)\][^\n]*)"
    r"|(?P<exten>[ \t]*exten[ \t]*=>?[ \t]*(?P<pat>[^,\n]*),(?P<rest>[^\n]*))"
    r"|(?P<same>[ \t]*same[ \t]*=>?[ \t]*(?P<srest>[^\n]*))"
    r"|(?P<kv>(?P<key>[^=;\[\n]*)=>?(?P<val>[^\n]*))|(?P<other>[^\n]+))"
)


@dataclass(frozen=True)
class Spread:
    """The median of some rounds, and the extremes."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: list[float]) -> "Spread":
        """Return the spread of these values."""
        return cls(median(values), min(values), max(values))


def unit(text: str) -> None:
    """Do the work that takes one R."""
    for match in _R.finditer(text):
        match.lastgroup  # noqa: B018 - looking is the work


def look(nodes: Iterable[Line]) -> None:
    """Look at the place of each node and at what it says."""
    for node in nodes:
        node.line, node.column  # noqa: B018
        if isinstance(node, Option):
            node.name, node.value  # noqa: B018


def touch(text: str) -> asterconf.Document:
    """Parse and look at every node; the document may forget nodes again."""
    document = asterconf.parse(text)
    for part in document.parts:
        look(part.nodes)
    return document


def hold(text: str) -> object:
    """Parse and look at every node, and hold on to them all."""
    document = asterconf.parse(text)
    held = [part.nodes for part in document.parts]
    for nodes in held:
        look(nodes)
    return document, held


def resolve(config: Config) -> Config:
    """Read every name and value that is in force."""
    for section in config.effective("file.conf").sections:
        section.pairs  # noqa: B018
    return config


def load(text: str) -> Config:
    """Load the dialplan: contexts, extensions, numbered steps."""
    config = Config.from_texts({"extensions.conf": text})
    config.dialplan  # noqa: B018
    return config


def split(text: str) -> object:
    """Load the dialplan, and split and type every application."""
    config = load(text)
    return config, [s.application for c in config.dialplan for e in c for s in e.steps]


def _same(text: str) -> str:
    return text


def _task(subject: str, what: str) -> tuple[Callable[[str], Any], Callable[[Any], Any]]:
    """Return what is done before the clock starts, and what is timed, for a reader and a task."""
    if subject == OURS:
        ours: dict[str, tuple[Callable[[str], Any], Callable[[Any], Any]]] = {
            "parse": (_same, asterconf.parse),
            "touch": (_same, touch),
            "hold": (_same, hold),
            "emit": (asterconf.parse, str),
            "resolve": (lambda text: Config.from_texts({"file.conf": text}), resolve),
            "load": (_same, load),
            "split": (_same, split),
        }
        return ours[what]
    it = peer(subject)

    def read(text: str) -> Any:
        made = it.parse(text)
        it.touch(made)
        return made

    if what == "load":
        return _same, it.load
    return {"parse": (_same, it.parse), "touch": (_same, read), "emit": (it.parse, it.emit)}[what]


def _text(subject: str, kind: str, lines: int) -> str:
    text = generate(kind, lines)
    return text if subject == OURS else plain(text)


def timed(run: Callable[[Any], Any], state: Any) -> float:
    """Return the seconds of processor time of one run."""
    gc.collect()
    start = process_time()
    kept = run(state)
    took = process_time() - start
    del kept  # to let go of it is not timed
    return took


def speed(kind: str, lines: int, seconds: float) -> Spread:
    """Return the microseconds that R is for one line."""
    text = generate(kind, lines)
    end = perf_counter() + seconds / 3
    found = [timed(unit, text) / lines * 1e6]
    while perf_counter() < end:
        found.append(timed(unit, text) / lines * 1e6)
    return Spread.of(found)


def ratio(subject: str, kind: str, lines: int, what: str, seconds: float) -> Spread:
    """Return the time of a task in R, from at least five rounds unless there are no `seconds`."""
    text = _text(subject, kind, lines)
    before, run = _task(subject, what)
    run(before(text[:2000].rpartition("\n")[0]))  # compile what is compiled on first use
    end = perf_counter() + seconds
    found: list[float] = []
    while not found or (seconds and len(found) < 5) or perf_counter() < end:
        r = timed(unit, text)
        took = timed(run, before(text))
        found.append(2 * took / (r + timed(unit, text)))
    return Spread.of(found)


def growth(kind: str, base: int, lines: int, what: str, seconds: float) -> Spread:
    """Return the time per line at `lines` over that at `base`, both measured in each round."""
    small, large = _text(OURS, kind, base), _text(OURS, kind, lines)
    before, run = _task(OURS, what)
    run(before(small))
    end = perf_counter() + seconds
    found: list[float] = []
    while not found or (seconds and len(found) < 5) or perf_counter() < end:
        first = [timed(run, before(small)) for _ in range(5)]
        took = timed(run, before(large))
        first += [timed(run, before(small)) for _ in range(5)]
        found.append(took / lines / (median(first) / base))
    return Spread.of(found)


def memory(subject: str, kind: str, lines: int, what: str) -> Spread:
    """Return the bytes kept per line by what a task makes, the text itself not counted."""
    text = _text(subject, kind, lines)
    before, run = _task(subject, what)
    run(before(text[:2000].rpartition("\n")[0]))
    state = before(text)
    gc.collect()
    tracemalloc.start()
    kept = run(state)
    gc.collect()
    size = tracemalloc.get_traced_memory()[0] / lines
    tracemalloc.stop()
    del kept
    return Spread(size, size, size)


CHANGES = 10
"""Lines that are another one in the second of two files."""


def changed(text: str) -> str:
    """Return the text with some lines changed in what they say, far from each other."""
    lines = text.splitlines(keepends=True)
    spots = [
        i for i, line in enumerate(lines) if re.match(r" ?same ?=>? ?n,|endpoint/callerid", line)
    ]
    step = max(len(spots) // CHANGES, 1)
    for at in spots[step // 2 :: step][:CHANGES]:  # the first ones stand in templates
        name = lines[at].partition("=")[0]
        call = "> n,NoOp(changed)" if "same" in name else " Changed <1>"
        lines[at] = f"{name}={call}\n"
    return "".join(lines)


def telling(kind: str, lines: int, seconds: float) -> Spread:
    """Return the time of reading two files and comparing them, over that of reading them.

    The second is the first with `CHANGES` lines changed.
    """
    name = {"extensions": "extensions.conf", "pjsip": "pjsip_wizard.conf"}[kind]
    text = generate(kind, lines)
    texts = text, changed(text)

    def read(_: object) -> list[Config]:
        found = [Config.from_texts({name: one}) for one in texts]
        for config in found:
            config.effective(name)
        return found

    def compare(_: object) -> object:
        old, new = read(None)
        return diff(old, new), old, new

    compare(None)
    end = perf_counter() + seconds
    found: list[float] = []
    while not found or (seconds and len(found) < 5) or perf_counter() < end:
        before = timed(read, None)
        took = timed(compare, None)
        found.append(2 * took / (before + timed(read, None)))
    return Spread.of(found)


def lookup(extensions: int, seconds: float) -> Spread:
    """Return the microseconds of one lookup among extensions of one context, its index built.

    Half of them are plain names and half are patterns, and every second number is matched.
    """
    lines = ["[c]"]
    for n in range(extensions // 2):
        lines += (f"exten => {10_000_000 + 7 * n},1,NoOp()", f"exten => _{n:06}[2-9]X.,1,NoOp()")
    plan = Config.from_texts({"extensions.conf": "\n".join([*lines, ""])}).dialplan
    rng = Random(22)
    numbers = [str(10_000_000 + rng.randrange(7 * extensions)) for _ in range(500)]
    numbers += [f"{rng.randrange(extensions):06}5551" for _ in range(500)]
    plan.match("1", "c")
    end = perf_counter() + seconds
    found: list[float] = []
    while not found or perf_counter() < end:
        start = process_time()
        for number in numbers:
            plan.match(number, "c")
        found.append((process_time() - start) * 1e6 / len(numbers))
    return Spread.of(found)


_IMPORT = """
from time import perf_counter
start = perf_counter()
{}
print(perf_counter() - start)
"""


def imports(statements: list[str], rounds: int) -> list[Spread]:
    """Return the milliseconds that each statement takes, each time in a fresh process, in turns."""
    found: list[list[float]] = [[] for _ in statements]
    for _ in range(rounds):
        for took, statement in zip(found, statements, strict=True):
            command = [sys.executable, "-c", _IMPORT.format(statement)]
            output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            took.append(float(output) * 1000)
    return [Spread.of(took) for took in found]
