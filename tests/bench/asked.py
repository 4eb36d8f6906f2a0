"""What questions about all calls cost, in R of 100,000 lines (see `measure`).

python -m tests.bench.asked          # a row for docs/performance.md each
python -m tests.bench.asked 100      # on files of a hundredth of the size

Then what is kept for each state, and how many times as long libraries take that are installed.
"""

import gc
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from random import Random

from asterconf import Config, diff, load
from asterconf.ask.entries import entries_of
from asterconf.ask.reach import searches_of
from asterconf.numbers.partition import Partition, closure
from tests.bench.generate import generate
from tests.bench.libraries import LIBRARIES, ours, patterns
from tests.bench.measure import changed, timed, unit

__all__ = ["JOBS", "asked", "kept", "times"]

EXAMPLES = Path(__file__).parents[2] / "examples"
LINES = 100_000


def overlapping(contexts: int, extensions: int, seed: int = 22) -> str:
    """Return contexts whose patterns overlap: some narrow, some wide, some plain numbers."""
    rng, lines = Random(seed), []
    for c in range(contexts):
        lines.append(f"[c{c}]")
        names: set[str] = set()
        while len(names) < extensions:
            size = rng.choice((3, 4, 4, 7, 7, 10))
            if rng.random() < 0.3:
                names.add("".join(rng.choice("0123456789") for _ in range(size)))
                continue
            head = "".join(rng.choice("0123456789") for _ in range(rng.randrange(1, 4)))
            rest = "".join(rng.choice("XXXXNZ[") for _ in range(size - len(head)))
            names.add("_" + head + rest.replace("[", "[2-7]") + rng.choice(("", "", "", ".", "!")))
        lines += (f"exten => {name},1,NoOp({n})" for n, name in enumerate(sorted(names)))
    return "\n".join([*lines, ""])


def routes(count: int) -> str:
    """Return one context that sends so many prefixes to one of three trunks."""
    rng, names = Random(22), set[str]()
    while len(names) < count:
        names.add("".join(rng.choice("0123456789") for _ in range(rng.choice((5, 6, 6, 7, 7)))))
    lines = [f"exten => _{name}.,1,Dial(PJSIP/${{EXTEN}}@t{n % 3})" for n, name in
             enumerate(sorted(names))]  # fmt: skip
    return "\n".join(["[routes]", *lines, ""])


def adversarial(count: int) -> str:
    """Return one context of patterns that cut each other in every place."""
    rng, names = Random(22), set[str]()
    while len(names) < count:
        names.add("_" + "".join(rng.choice("XXXNZ[[") for _ in range(12)))
    lines = []
    for n, name in enumerate(sorted(names)):
        parts = [
            f"[{''.join(sorted(rng.sample('0123456789', 5)))}]" if one == "[" else one
            for one in name
        ]
        lines.append(f"exten => {''.join(parts)},1,Dial(PJSIP/${{EXTEN}}@t{n % 3})")
    return "\n".join(["[routes]", *lines, ""])


def phones(contexts: int, endpoints: int) -> str:
    """Return pjsip_wizard.conf: three trunks, and phones that begin in some of the contexts."""
    trunk = """[t{n}]
type = wizard
remote_hosts = sip{n}.example.net
sends_registrations = yes
sends_auth = yes
outbound_auth/username = 555
outbound_auth/password = lake-Orbit-7311
endpoint/context = from-trunk
"""
    phone = """[p{n}]
type = wizard
accepts_registrations = yes
accepts_auth = yes
inbound_auth/username = p{n}
inbound_auth/password = mango-Trellis-9034
endpoint/context = {context}
endpoint/callerid = Phone <7{n:05}>
"""
    made = [trunk.format(n=n) for n in range(3)]
    step = max(contexts // endpoints, 1)
    made += (
        phone.format(n=n, context=f"c{n * step % contexts}" if contexts else "routes")
        for n in range(endpoints)
    )
    return "".join(made)


def house(extensions: int, contexts: int, endpoints: int) -> dict[str, str]:
    """Return a large house: contexts with their own numbers that share what may be dialled out."""
    each = extensions // contexts
    lines = [
        "[from-trunk]", "exten => _X!,1,Dial(PJSIP/p1,20)", " same => n,Hangup()",
        "[local]", "exten => 911,1,Dial(PJSIP/911@t0)", "exten => 112,1,Dial(PJSIP/112@t0)",
        "exten => _NXXXXXX,1,Dial(PJSIP/${EXTEN}@t0)",
        "[national]", "exten => _1NXXNXXXXXX,1,Dial(PJSIP/${EXTEN}@t1,60)", "include => local",
        "[abroad]", "exten => _011ZXXXXXXXXX,1,Dial(PJSIP/${EXTEN}@t2)", "include => national",
    ]  # fmt: skip
    for c in range(contexts):
        lines.append(f"[c{c}]")
        for n in range(each):
            number = 700_000 + c * each + n
            if n % 10 == 9:
                lines.append(f"exten => _{number}X.,1,Dial(PJSIP/p{number % endpoints})")
            else:
                lines.append(f"exten => {number},1,Dial(PJSIP/p{number % endpoints},20)")
        lines.append(f"include => {('local', 'national', 'abroad')[c % 3]}")
    return {
        "extensions.conf": "\n".join([*lines, ""]),
        "pjsip_wizard.conf": phones(contexts, endpoints),
    }


def _partition(conf: Config, context: str) -> Partition:
    return Partition(closure(conf.dialplan, context, lambda _: True))


def _reached(part: Partition) -> list[int]:
    """Make every state of a context."""
    states, seen = [0], {0}
    for state in states:
        for _, to in part.edges(state):
            if to not in seen:
                seen.add(to)
                states.append(to)
    return states


def _programs(conf: Config) -> object:
    """Make every state of every context, and say what it runs."""
    found = []
    for context in conf.dialplan:
        part = _partition(conf, context.name)
        fitting = {part.fitting(state) for state in _reached(part)}
        found.append({part.program(one) for one in fitting})
    return found


def _classes(conf: Config) -> object:
    return [_partition(conf, context.name).classes() for context in conf.dialplan]


def _decided(conf: Config) -> object:
    part = _partition(conf, "routes")
    texts = [one.name[1:-1] + "5" for one in conf.dialplan["routes"]]
    return [part.of(text) for text in texts]


def _reach(conf: Config) -> object:
    return conf.ask.reach(entry="context:routes")


def _together(conf: Config) -> object:
    """Ask who gets out, who can dial what, of emergencies, dead steps, and who gets what."""
    ask = conf.ask
    return (
        ask.reach(entry="any"), ask.class_of_service(), ask.emergency(), ask.dead(),
        [ask.dialable(context.name) for context in conf.dialplan],
    )  # fmt: skip


def _guide(conf: Config) -> object:
    ask = conf.ask
    return (
        ask.reach(), ask.reach(entry="role:trunk"), ask.class_of_service(), ask.emergency(),
        ask.what_if(["trunk"]), ask.dead(), ask.injections(),
        [ask.dialable(context.name) for context in conf.dialplan],
        ask.why_not("0115551234", entry="6001"),
    )  # fmt: skip


def _texts(plan: str, endpoints: int = 1) -> dict[str, str]:
    return {"extensions.conf": plan, "pjsip_wizard.conf": phones(0, endpoints)}


def _one_line(part: int) -> Config:
    """Return the second of two dialplans of 1,000 lines; one line of it is another one."""
    old = generate("extensions", 1_000 // part).splitlines(keepends=True)
    new = changed("".join(old)).splitlines(keepends=True)
    spots = [n for n, line in enumerate(old) if line != new[n]]
    spot = spots[len(spots) // 2]
    before, after = (
        Config.from_texts({"extensions.conf": "".join([*old[:spot], line, *old[spot + 1 :]])})
        for line in (old[spot], new[spot])
    )
    before.dialplan  # noqa: B018 - loaded before
    _BEFORE[id(after)] = before
    return after


_BEFORE: dict[int, Config] = {}


def _compared(conf: Config) -> object:
    return diff(_BEFORE[id(conf)], conf).calls()


Job = tuple[str, int, Callable[[int], Config], Callable[[Config], object]]


def _plans(part: int) -> Config:
    return Config.from_texts({"extensions.conf": overlapping(2_000 // part, 50)})


def _routes(part: int) -> Config:
    return Config.from_texts(_texts(routes(100_000 // part)))


JOBS: tuple[Job, ...] = (
    ("what all texts run, 2,000 contexts of 50 extensions", 50, _plans, _programs),
    ("the same, with the set of each class", 0, _plans, _classes),
    ("100,000 prefixes in one context, each decided", 120, _routes, _decided),
    ("reach of 100,000 prefixes", 0, _routes, _reach),
    (
        "reach of 10,000 patterns that cut each other", 60,
        lambda part: Config.from_texts(_texts(adversarial(10_000 // part))), _reach,
    ),
    (
        "the questions together, 10,000 extensions, 200 contexts, 100 phones", 17,
        lambda part: Config.from_texts(house(10_000 // part, 200 // part, 100 // part)),
        _together,
    ),
    ("calls after one line of 1,000 has changed", 10, _one_line, _compared),
    ("every question of the guide's house", 0, lambda _: load(EXAMPLES / "home"), _guide),
)  # fmt: skip
"""Each with its goal in R (0: none), what is loaded for a part of the size, and what is timed."""


def asked(job: Job, part: int = 1, rounds: int = 3) -> tuple[float, float]:
    """Return the least seconds of processor time of some rounds, and the same in R."""
    _, _, make, run = job
    text = generate("extensions", LINES)
    r = min(timed(unit, text) for _ in range(5))
    found = []
    for _ in range(rounds):
        conf = make(part)
        conf.dialplan, conf.endpoints  # noqa: B018 - loaded before
        found.append(timed(run, conf))
    return min(found), min(found) / r


def kept(part: int = 1) -> tuple[float, float]:
    """Return the bytes that are kept for a state: of a context's automaton, and of a search."""
    plans = Config.from_texts({"extensions.conf": overlapping(200 // part, 50)})
    home = Config.from_texts({"extensions.conf": generate("extensions", 300)})
    plans.dialplan, home.dialplan  # noqa: B018 - loaded before
    ways = entries_of(home.workspace, "any")
    _guide(load(EXAMPLES / "home"))  # what is imported once counts for no state

    def states() -> tuple[object, int]:
        parts = [_partition(plans, context.name) for context in plans.dialplan]
        return parts, sum(len(_reached(one)) for one in parts)

    def search() -> tuple[object, int]:
        searches = searches_of(home.workspace)
        return searches, sum(searches.of(way).size for way in ways)

    found = []
    for run in (states, search):
        gc.collect()
        tracemalloc.start()
        held, count = run()
        gc.collect()
        found.append(tracemalloc.get_traced_memory()[0] / count)
        tracemalloc.stop()
        del held
    return found[0], found[1]


def times(count: int) -> dict[str, float]:
    """Return how many times as long each library takes for what each of some patterns gets."""
    conf = patterns(count)
    conf.dialplan  # noqa: B018 - loaded before
    own = min(timed(ours, conf) for _ in range(5))
    return {name: timed(run, conf) / own for name, run in LIBRARIES.items()}


def main() -> None:
    """Print a row for each job."""
    part = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    for job in JOBS:
        seconds, r = asked(job, part)
        goal = f"{job[1]} R" if job[1] else ""
        print(f"| {job[0]} | {goal} | {r:.0f} R | {seconds:.1f} s |", flush=True)
    automaton, search = kept(part)
    print(f"| kept for a state of a context's automaton | 600 B | {automaton:.0f} B | |")
    print(f"| kept for a state of a search | 600 B | {search:.0f} B | |", flush=True)
    for count in (60, 300):
        for name, ratio in times(count).items():
            print(f"| {count} patterns by {name}, over ours | | {ratio:.1f} | |", flush=True)


if __name__ == "__main__":
    main()
