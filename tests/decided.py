"""How many questions about public trees are answered by yes or no, and why the others are not.

    python -m tests.decided ../shared/corpus [PART OF A NAME]

One verdict each: `reach` of every way in (to any trunk; ways into one context with the same
variables count once), `emergency` of every way and number, `injections` of every way, `sinks` of
every step that gives a text that is not constant to what may take it apart (`injections` from
anywhere), and `dead` of every step of the dialplan: a step that some call runs is a no.
"""

from __future__ import annotations

import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import attrs

import asterconf
from asterconf.ask.answers import Depends, Row, verdict_of
from asterconf.ask.entries import entries_of, records
from asterconf.ask.places import place_of
from asterconf.ask.reach import searches_of
from asterconf.ask.standing import sinks_of
from asterconf.config import Config
from asterconf.errors import LoadError
from asterconf.workspace import Workspace
from tests.test_corpus_trees import folders

QUESTIONS = ("reach", "emergency", "injections", "sinks", "dead")


@attrs.frozen
class Asked:
    """One verdict: of which tree and question, about what, and what it depends on."""

    tree: str
    question: str
    about: str
    verdict: str
    because: tuple[Depends, ...] = ()
    trunk: bool = False


def asked(conf: Config, tree: str = "") -> Iterator[Asked]:
    """Yield the verdicts of one configuration."""
    work = conf.workspace
    trunk = any(one.role == "trunk" for one in records(work).values())
    ways = {
        (way.context, way.variables, way.callerid is None): way for way in entries_of(work, "any")
    }
    for way in ways.values():
        one, *_ = conf.ask.reach(entry=way.name)
        yield Asked(tree, "reach", way.name, one.verdict, one.unknown_because, trunk)
        found = conf.ask.injections(entry=way.name)
        yield Asked(tree, "injections", way.name, found.verdict, found.unknown_because, trunk)
    names = {way.name for way in ways.values()}
    for row in conf.ask.emergency(entry=[*names]) if names else ():
        about = f"{row.about} from {row.name}"
        yield Asked(tree, "emergency", about, row.verdict, row.unknown_because, trunk)
    taken: dict[tuple[str, int], list[Row]] = {}
    for row in conf.ask.injections():
        taken.setdefault((row.file, row.line), []).append(row)
    for line, text in sinks(work).items():
        rows = taken.get(line, [])
        verdict = verdict_of(row.verdict for row in rows)
        because = tuple(one for row in rows for one in row.unknown_because)
        yield Asked(tree, "sinks", f"{text} at {line}", verdict, because, trunk)
    dead = {(row.name, row.about): row for row in conf.ask.dead()}
    for context in conf.dialplan:
        for extension in context.extensions:
            for step in extension.steps:
                place = f"[{context.name}] {extension.key}", f"{step.priority} {step.app}"
                rows = [dead[place]] if place in dead else []
                verdict = verdict_of(row.verdict for row in rows)
                because = tuple(one for row in rows for one in row.unknown_because)
                yield Asked(tree, "dead", " ".join(place), verdict, because, trunk)


def sinks(work: Workspace) -> dict[tuple[str, int], str]:
    """Return the steps that may take a text apart, by file and line."""
    engine = searches_of(work).engine
    steps = {
        (context.name, one.key, step.priority): (one, str(step))
        for context in engine.plan
        for one in context.extensions
        for step in one.steps
    }
    keys = [*sinks_of(engine)]
    return {place_of(work.dialplan, key[0], steps[key][0], key[2]): steps[key][1] for key in keys}


def every(corpus: Path, part: str = "") -> Iterator[Asked]:
    """Yield the verdicts of all trees whose dialplan Asterisk loads."""
    for folder in folders(corpus):
        name = str(folder.relative_to(corpus / "public"))
        if part not in name:
            continue
        conf, begun = asterconf.load(folder), time.process_time()
        try:
            found = [*asked(conf, name)]
        except LoadError:
            continue
        print(f"{name}: {time.process_time() - begun:.1f} s", file=sys.stderr, flush=True)
        yield from found


def share(given: list[Asked], question: str) -> float:
    """Return the share of the verdicts of a question that are yes or no."""
    chosen = [one for one in given if one.question == question]
    return sum(one.verdict != "unknown" for one in chosen) / max(len(chosen), 1)


def kind(one: Depends) -> str:
    """Return what sort of thing a verdict depends on."""
    text = one.expression
    app = re.match(r"[A-Za-z]+(?=\()", text)
    name = re.match(r"\$\{[A-Za-z_]+(?=\()", text)
    if app or name:
        return f"{(app or name)[0].removeprefix('${')}(…)"  # type: ignore[index]
    return re.sub(r"\d+|(?<=of )\S+|(?<=switch )\S+", "…", text)[:50]


def main() -> None:
    """Print the shares and the reasons."""
    given = [*every(Path(sys.argv[1]), *sys.argv[2:3])]
    for question in QUESTIONS:
        for trunk in (True, False):
            chosen = [one for one in given if one.question == question and one.trunk == trunk]
            verdicts = Counter(one.verdict for one in chosen)
            where = "with a trunk" if trunk else "without"
            print(f"{question} {where}: {share(chosen, question):.1%} of {len(chosen)}: {verdicts}")
        reasons: Counter[str] = Counter()
        only: Counter[str] = Counter()
        for one in given:
            if one.question == question and one.verdict == "unknown":
                kinds = {kind(reason) for reason in one.because}
                reasons.update(kinds)
                only.update(kinds if len(kinds) == 1 else ())
        for text, count in reasons.most_common(25):
            print(f"    {count:5} ({only[text]} by it alone) {text}")
    for question in QUESTIONS:
        print(f"{question}: {share(given, question):.1%}")


if __name__ == "__main__":
    main()
