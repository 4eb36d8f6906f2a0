"""Draw findings about the public corpus by a seed, each with its lines, to be judged by hand.

    python -m tests.precision --corpus ../shared/corpus --severity warning
    python -m tests.precision --corpus ../shared/corpus --code AC725 --number 30

The figures of those that were judged are in docs/check.md.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from pathlib import Path

import asterconf
from asterconf import Diagnostic
from tests.test_corpus_trees import folders

AROUND = 2
"""How many lines before and behind that of a finding are printed."""


def findings(corpus: Path, *, preview: bool) -> Iterator[tuple[Path, Diagnostic]]:
    """Yield what is found in each public tree, by itself."""
    for folder in folders(corpus):
        conf = asterconf.load(folder)
        yield from ((folder, one) for one in conf.check(preview=preview, settings=False).wrong)


def shown(folder: Path, one: Diagnostic) -> Iterator[str]:
    """Yield a finding, and the lines around it."""
    yield f"{folder.name} {one}"
    yield from (f"    {place}: {note}" for place, note in one.related)
    if one.position is not None and one.position.line:
        text = (folder / one.position.file).read_bytes().decode("utf-8", "surrogateescape")
        lines, at = text.split("\n"), one.position.line
        first = max(at - AROUND, 1)
        for number, line in enumerate(lines[first - 1 : at + AROUND], first):
            mark = ">" if number == at else " "
            yield ascii(f"  {mark} {number}: {line.rstrip()}")[1:-1]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--corpus", type=Path, required=True)
    asked.add_argument("--severity", choices=("error", "warning", "advice"))
    asked.add_argument("--code", default="", help="a code, or the beginning of codes")
    asked.add_argument("--number", type=int, default=200)
    asked.add_argument("--seed", type=int, default=18)
    asked.add_argument("--preview", action="store_true")
    given = asked.parse_args()
    every = [
        (folder, one)
        for folder, one in findings(given.corpus, preview=given.preview or bool(given.code))
        if one.code.startswith(given.code) and given.severity in {None, str(one.severity)}
    ]
    chosen = every
    if len(every) > given.number:
        drawn = random.Random(given.seed).sample(range(len(every)), given.number)
        chosen = [every[index] for index in sorted(drawn)]
    for number, (folder, one) in enumerate(chosen, 1):
        print(f"\n{number} of {len(chosen)} ({len(every)} in all)")
        print("\n".join(shown(folder, one)))


if __name__ == "__main__":
    main()
