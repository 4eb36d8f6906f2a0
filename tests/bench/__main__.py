"""Measure asterconf, and other readers if they are installed, on files of many lines.

Nothing is asserted. With the extra `bench` installed, the other readers are measured too.
"""

import argparse
import os
import platform
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing import get_context

from tests.bench.batches import EDITS, batch
from tests.bench.generate import KINDS
from tests.bench.growth import GROWING, exponent, seconds
from tests.bench.measure import (
    CHANGES,
    OURS,
    Spread,
    growth,
    imports,
    lookup,
    memory,
    ratio,
    speed,
    telling,
)
from tests.bench.peers import MODULES, installed

PEER_LIMIT = 100_000
"""More lines than these are for asterconf alone: the slowest peer would take minutes."""

TIMES = {
    "parse": "parse",
    "touch": "parse, touch every node",
    "hold": "parse, touch and hold every node",
    "emit": "write",
    "resolve": "resolve, on top of the parse",
}
DIALPLAN = {
    "load": "load the dialplan, parse and resolve included",
    "split": "load the dialplan, split every application",
}
"""What is measured of dialplans alone."""
DIFF = "read and compare"
KEPT = {"parse": "after parse", "touch": "after touching every node", "hold": "holding every node"}
PEER_TIMES = {"parse": "parse", "touch": "parse, read every value", "emit": "write"}

INTRO = """\
# Performance

How long asterconf takes, and how much it keeps. Measured on {machine}, {python}, on {date}, by

<!-- skip: next "takes an hour, and the tools to compare with" -->

```console
$ python -m pip install -e '.[bench]'
$ python -m tests.bench --markdown --machine '{machine}' > docs/performance.md
```

**Times** are in R, so that machines and moods of one machine do not matter. R is the time of one \
`finditer` pass of one compiled regular expression over the same text, looking at each match's \
`lastgroup`: about what it takes to look at every line once. The expression is in \
`tests/bench/measure.py`. Here, R was {r} µs a line. Every round times R, the thing and R again, \
and gives one ratio; the tables hold the median of the rounds, with the smallest and the largest \
in parentheses. All is processor time, and each thing has a process of its own. Python's garbage \
collector is on, as it is by default, and part of every time; between rounds it is made to \
finish. What is compiled on first use is compiled before.

**Nodes** are made when a section is asked for them, and a document keeps those of the sections \
looked at last. “Touch every node” goes through all sections once and lets go of each; “hold” \
keeps a reference to every node of the file until the end, for which the collector charges more.

**Files** are generated, the same bytes on every machine. `extensions` is a dialplan with \
patterns, `same` runs, labels, block comments, templates and `(+)` contexts; `pjsip` is phones \
and trunks that inherit from one to three templates. Lines have 39 and 32 characters on average.

**The others** get a simpler spelling of the same lines, because they stop at Asterisk's own: no \
templates, no `(+)`, no block comments, no name twice, no line that starts with a blank. \
configparser keeps one value a name and no comments, so it does less on the dialplan; \
asterisklint is its reader of sections alone, but for the table of dialplans, with all that it \
would say switched off. \
They are measured up to 100,000 lines. “-”: not measured, or it cannot do that.
"""


@dataclass
class Table:
    """Rows of cells under a title; every cell is text."""

    title: str
    head: list[str]
    rows: list[list[str]] = field(default_factory=list)

    def markdown(self) -> str:
        """Return the table as Markdown."""
        lines = [self.head, ["---", *["--:"] * (len(self.head) - 1)], *self.rows]
        return f"## {self.title}\n\n" + "\n".join(f"| {' | '.join(line)} |" for line in lines)

    def text(self) -> str:
        """Return the table in columns."""
        lines = [self.head, *self.rows]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        shown = [self.title]
        for first, *others in lines:
            cells = [cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)]
            shown.append("  ".join([first.ljust(widths[0]), *cells]).rstrip())
        return "\n".join(shown)


class Bench:
    """One run: what was asked for, and what was found."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.kinds: list[str] = options.kinds
        self.sizes: list[int] = options.lines
        self.quick: bool = options.quick
        self.seconds = 0.0 if self.quick else options.seconds
        self.found: dict[tuple[object, ...], Spread] = {}
        self.peers = [name for name in MODULES if installed(name)]
        self.counts = [10, 20, 40] if self.quick else [500, 1_000, 2_000]
        self.base = 10_000 if 10_000 in self.sizes else min(self.sizes)

    def run(self) -> None:
        """Measure everything."""
        for kind in self.kinds:
            for size in self.sizes:
                self.measure(speed, kind, size)
                for what in {**TIMES, **DIALPLAN} if kind == "extensions" else TIMES:
                    self.measure(ratio, OURS, kind, size, what)
                for what in KEPT:
                    self.measure(memory, OURS, kind, size, what)
                for what in KEPT if size > self.base else ():
                    self.measure(growth, kind, self.base, size, what)
                for name in self.peers if size <= PEER_LIMIT else ():
                    for what in PEER_TIMES:
                        if (name, what) != ("asterisklint", "emit"):
                            self.measure(ratio, name, kind, size, what)
                    self.measure(memory, name, kind, size, "touch")
                    if (kind, name) == ("extensions", "asterisklint"):
                        self.measure(ratio, name, kind, size, "load")
                        self.measure(memory, name, kind, size, "load")
                if kind == "extensions":
                    self.measure(memory, OURS, kind, size, "load")
                    self.measure(lookup, size)
                self.measure(telling, kind, size)
        for name in EDITS:
            for count in self.counts:
                self.measure(batch, name, count)
        self.imports = dict(zip(self.imported(), self.measured_imports(), strict=True))

    def measure(self, how: Callable[..., Spread], *what: object) -> None:
        """Measure one thing, in a process of its own unless it is to be quick."""
        if not self.quick:
            print(how.__name__, *what, file=sys.stderr, flush=True)
        arguments = what if how is memory else (*what, self.seconds)
        if self.quick:
            self.found[how.__name__, *what] = how(*arguments)
            return
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            self.found[how.__name__, *what] = pool.submit(how, *arguments).result()

    def imported(self) -> dict[str, str]:
        """Return what is imported: a name and a statement for each row."""
        ours = {
            "attrs and lark": "import attrs, lark",
            OURS: "import asterconf",
            "asterconf, ready to parse": "import asterconf; asterconf.parse('')",
        }
        return ours | {name: f"import {MODULES[name]}" for name in self.peers}

    def measured_imports(self) -> list[Spread]:
        """Return the time of each import, in the same order."""
        return imports(list(self.imported().values()), 1 if self.quick else 25)

    # -- tables -------------------------------------------------------------------------------

    def cell(self, *what: object, digits: int | None = None) -> str:
        """Return what was found, as text."""
        spread = self.found.get(what)
        if spread is None:
            return "-"
        if digits is None:
            digits = 2 if spread.median < 1 else 1
        middle = f"{spread.median:.{digits}f}"
        if spread.low == spread.high:
            return middle
        return f"{middle} ({spread.low:.{digits}f} to {spread.high:.{digits}f})"

    def tables(self) -> Iterator[Table]:
        """Yield every table."""
        if {10_000, 100_000} <= set(self.sizes):
            yield self.goals()
        sizes = [f"{size:,} lines" for size in self.sizes]
        for kind in self.kinds:
            table = Table(f"Time in R, {kind}", ["", *sizes])
            for what, name in {**TIMES, **(DIALPLAN if kind == "extensions" else {})}.items():
                cells = [self.cell("ratio", OURS, kind, size, what) for size in self.sizes]
                table.rows.append([name, *cells])
            yield table
            if kind == "extensions":
                yield self.dialplans()
            yield self.compared(kind)
        table = Table("Bytes kept per line, without the text itself", ["", *sizes])
        for kind in self.kinds:
            for subject in (OURS, *MODULES):
                for what, name in KEPT.items() if subject == OURS else [("touch", "")]:
                    label = f"{kind}, {subject} {name}".rstrip()
                    key = ("memory", subject, kind)
                    cells = [self.cell(*key, size, what, digits=0) for size in self.sizes]
                    table.rows.append([label, *cells])
        yield table
        larger = [size for size in self.sizes if size > self.base]
        table = Table(
            f"Time per line over that at {self.base:,} lines",
            ["", *(f"{size:,} lines" for size in larger)],
        )
        for kind in self.kinds:
            for what in KEPT:
                cells = [
                    self.cell("growth", kind, self.base, size, what, digits=2) for size in larger
                ]
                table.rows.append([f"{kind}, {TIMES[what]}", *cells])
        yield table
        table = Table(
            f"Read two files that differ in {CHANGES} lines and compare them, over reading them",
            ["", *sizes],
        )
        for kind in self.kinds:
            cells = [self.cell("telling", kind, size, digits=2) for size in self.sizes]
            table.rows.append([f"{kind}, {DIFF}", *cells])
        yield table
        title = "Edits in one batch, over the same edits made as text"
        table = Table(title, ["", *(f"{count:,} edits" for count in self.counts)])
        for name in EDITS:
            cells = [self.cell("batch", name, count, digits=1) for count in self.counts]
            table.rows.append([name, *cells])
        yield table
        yield self.growing()
        yield self.import_table()

    def growing(self) -> Table:
        """Return how long each thing takes with n, 2 n and 4 n lines, and how that grows."""
        sizes = [(100 if self.quick else self.base) * factor for factor in (1, 2, 4)]
        head = ["", *(f"{size:,} lines, in ms" for size in sizes), "exponent"]
        table = Table("How time grows", head)
        for name in GROWING:
            one, two, four = (seconds(name, size, 1 if self.quick else 3) for size in sizes)
            cells = [f"{1000 * took:.0f}" for took in (one, two, four)]
            table.rows.append([name, *cells, f"{exponent((one, two, four)):.2f}"])
        return table

    def compared(self, kind: str) -> Table:
        """Return the times of the others."""
        sizes = [size for size in self.sizes if size <= PEER_LIMIT]
        table = Table(f"Time in R of others, {kind}", ["", *(f"{size:,} lines" for size in sizes)])
        for name in MODULES:
            for what, label in PEER_TIMES.items():
                cells = [self.cell("ratio", name, kind, size, what) for size in sizes]
                table.rows.append([f"{name}, {label}", *cells])
        return table

    def dialplans(self) -> Table:
        """Return what dialplans cost, beside the one other reader that loads them."""
        table = Table("Dialplans", ["", *(f"{size:,} lines" for size in self.sizes)])
        for name, unit, *key in (
            (f"{OURS}, load the dialplan, in R", 1, "ratio", OURS, "load"),
            ("asterisklint, load the dialplan, in R", 1, "ratio", "asterisklint", "load"),
            (f"{OURS}, bytes kept per line", 0, "memory", OURS, "load"),
            ("asterisklint, bytes kept per line", 0, "memory", "asterisklint", "load"),
        ):
            how, subject, what = key
            cells = [
                self.cell(how, subject, "extensions", size, what, digits=unit)
                for size in self.sizes
            ]
            table.rows.append([name, *cells])
        cells = [self.cell("lookup", size) for size in self.sizes]
        table.rows.append(["one lookup among so many extensions of one context, in µs", *cells])
        return table

    def import_table(self) -> Table:
        """Return the times of the imports."""
        table = Table("Import", ["", "ms", "over attrs and lark"])
        unit = self.imports["attrs and lark"].median
        for name in [*list(self.imported())[:3], *MODULES]:
            took = self.imports.get(name)
            cells = [f"{took.median:.1f}", f"{took.median / unit:.2f}"] if took else ["-", "-"]
            table.rows.append([name, *cells])
        return table

    def goals(self) -> Table:
        """Return what was aimed at, and where it stands."""
        table = Table("Goals", ["", "at most", *self.kinds])
        at = (OURS, "{}", 100_000)
        wanted: list[tuple[str, float, str, tuple[object, ...]]] = [
            ("parse, 100,000 lines", 2.5, "R", ("ratio", *at, "parse")),
            ("parse, touch every node, 100,000 lines", 6, "R", ("ratio", *at, "touch")),
            ("parse, touch and hold every node, 100,000 lines", 6, "R", ("ratio", *at, "hold")),
            ("write, 100,000 lines", 1, "R", ("ratio", *at, "emit")),
            ("resolve, 100,000 lines of pjsip", 4, "R", ("ratio", *at, "resolve")),
            ("load the dialplan, 100,000 lines", 17, "R", ("ratio", *at, "load")),
            ("load and split the dialplan, 100,000 lines", 42, "R", ("ratio", *at, "split")),
            (f"{DIFF}, 100,000 lines", 1.5, "times", ("telling", "{}", 100_000)),
            ("kept of a dialplan", 900, "bytes a line", ("memory", *at, "load")),
            ("a lookup among 100,000 extensions", 50, "µs", ("lookup", 100_000)),
            ("kept after parse", 400, "bytes a line", ("memory", *at, "parse")),
            ("kept when holding every node", 700, "bytes a line", ("memory", *at, "hold")),
        ]
        for size, limit in ((100_000, 1.25), (1_000_000, 1.5)):
            for what in KEPT if size in self.sizes else ():
                name = f"time per line, {size:,} over 10,000 lines, {TIMES[what]}"
                wanted.append((name, limit, "times", ("growth", "{}", 10_000, size, what)))
        for name, limit, unit, key in wanted:
            cells = []
            for kind in self.kinds:
                spread = self.found.get(tuple(kind if k == "{}" else k for k in key))
                if spread is None:
                    cells.append("-")
                    continue
                found = spread.median
                met = found <= limit or (key[-1] == "resolve" and kind != "pjsip")
                cells.append(f"{found:.{0 if limit > 99 else 2}f}" + ("" if met else " (missed)"))
            table.rows.append([name, f"{limit:g} {unit}", *cells])
        over = self.imports[OURS].median / self.imports["attrs and lark"].median
        cells = [f"{over:.2f}" + (" (missed)" if over > 1.3 else "")] * len(self.kinds)
        table.rows.append(["`import asterconf` over attrs and lark", "1.3 times", *cells])
        return table

    def intro(self, machine: str) -> str:
        """Return what goes before the tables."""
        units = [v.median for k, v in self.found.items() if k[0] == "speed"]
        return INTRO.format(
            machine=machine,
            python=f"{platform.python_implementation()} {platform.python_version()}",
            date=datetime.now(tz=UTC).date(),
            r=f"{min(units):.2f} to {max(units):.2f}",
        )


def main(arguments: list[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser("python -m tests.bench", description=__doc__)
    sizes, kinds = [1_000, 10_000, 100_000, 1_000_000], list(KINDS)
    machine = f"{os.cpu_count()} {platform.machine()} cores"
    parser.add_argument("--lines", type=lambda s: sorted(map(int, s.split(","))), metavar="N,..")
    parser.add_argument("--kinds", type=lambda s: s.split(","), default=kinds, metavar="KIND,..")
    parser.add_argument("--seconds", type=float, default=3, help="how long to repeat each thing")
    parser.add_argument("--growth", action="store_true", help="only how time grows")
    parser.add_argument("--quick", action="store_true", help="every row once, on small files")
    parser.add_argument("--markdown", action="store_true", help="print docs/performance.md")
    parser.add_argument("--machine", default=machine, help="what the report calls this machine")
    options = parser.parse_args(arguments)
    options.lines = options.lines or ([300, 600] if options.quick else sizes)
    if min(options.lines) < 100 or not set(options.kinds) <= set(KINDS):
        parser.error(f"at least 100 lines, and kinds among {', '.join(KINDS)}")
    bench = Bench(options)
    if options.growth:
        print(bench.growing().markdown())
        return
    bench.run()
    if options.markdown:
        print(bench.intro(options.machine))
    tables = (t.markdown() if options.markdown else t.text() for t in bench.tables())
    print("\n\n".join(tables))


if __name__ == "__main__":
    main()
