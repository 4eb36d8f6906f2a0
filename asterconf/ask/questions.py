"""Questions that are asked of the same search: classes of service, emergency, dead code, sinks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import attrs

from asterconf.ask.answers import (
    ASSUMPTIONS,
    Row,
    ServiceAnswer,
    TableAnswer,
    Verdict,
    Witness,
    depends,
    it_depends,
    over_budget,
    shown_numbers,
    verdict_of,
)
from asterconf.ask.assumed import Assumed
from asterconf.ask.entries import Destination, Entry, Who, entries_of, phones_of
from asterconf.ask.placed import start_of
from asterconf.ask.places import place_of
from asterconf.ask.reach import (
    IN_PIECES,
    Hits,
    Searches,
    hits_of,
    searches_of,
    stops_of,
)
from asterconf.ask.values import CutText, Mark
from asterconf.ask.witnesses import OnPaper, reaches
from asterconf.errors import BudgetError
from asterconf.numbers import Numbers
from asterconf.source import count
from asterconf.workspace import Workspace

NANP: Final[Mapping[str, Numbers]] = {
    "emergency": Numbers("911", "933"),
    "service": Numbers("_[2-8]11", "988"),
    "local": Numbers("_NXXXXXX"),
    "national": Numbers("_NXXNXXXXXX", "_1NXXNXXXXXX", "_+1NXXNXXXXXX"),
    "toll-free": Numbers("_1800NXXXXXX", "_18[3-8][3-8]NXXXXXX") & Numbers("_1NXXNXXXXXX"),
    "premium": Numbers("_900NXXXXXX", "_1900NXXXXXX", "_+1900NXXXXXX"),
    "international": Numbers("_011X.", "_00X.", "_+[2-9]X."),
}
"""Kinds of numbers of the North American numbering plan, as they are dialled."""


def class_of_service(
    workspace: Workspace, plan: Mapping[str, Numbers], entry: Who, to: Who, assumed: Assumed
) -> ServiceAnswer:
    """Return which kinds of numbers each phone can dial out; see `Questions.class_of_service`."""
    searches, there = searches_of(workspace, assumed=assumed), Destination.of(workspace, to)
    rows = list[Row]()
    for way in phones_of(workspace, entry):
        try:
            rows += _services(searches, way, plan, there)
        except BudgetError as error:
            stops = depends([over_budget(error)])
            rows += (Row(way.name, n, "unknown", "unknown", unknown_because=stops) for n in plan)
    verdict = verdict_of(row.verdict for row in rows)
    out = {row.name for row in rows if row.verdict == "yes"}
    asked = {row.name for row in rows}
    some = f"{count(len(out), 'phone')} of {len(asked)} can dial out some of"
    because = f"{some} {count(len(plan), 'kind')} of numbers"
    return ServiceAnswer(
        "class_of_service", verdict, because, tuple(rows),
        assumptions=(*ASSUMPTIONS, *assumed.said),
    )  # fmt: skip


def _services(
    searches: Searches, way: Entry, plan: Mapping[str, Numbers], to: Destination
) -> Iterator[Row]:
    paper = OnPaper(searches.engine, way)
    if to.missing:  # whatever is run, no call gets out
        for name, numbers in plan.items():
            yield Row(way.name, name, "no", "none", against=_not_out(paper, numbers, ()))
        return
    result = searches.of(way)
    hits = hits_of(result, way, to)
    every = hits.numbers
    for name, numbers in plan.items():
        allowed = every & numbers
        rest = numbers - allowed
        stops = depends(stops_of(result, way, rest) or hits.marks_of(rest))
        verdict: Verdict = "yes" if allowed else "unknown" if stops else "no"
        what: str = "none" if verdict == "no" else verdict
        if allowed:
            what = "all" if not rest else shown_numbers(allowed)
            what += ", others unknown" if stops else ""
        yield Row(
            way.name, name, verdict, what, allowed, _out(paper, hits, allowed, to.trunks), stops,
            against=_not_out(paper, rest, to.trunks) if rest and not stops else None,
        )  # fmt: skip


def _out(paper: OnPaper, hits: Hits, numbers: Numbers, trunks: tuple[str, ...]) -> Witness | None:
    """Return a call with one of some numbers that a trunk gets; None: there is none."""
    language = numbers.with_dashes().automaton
    for hit in hits.sure if numbers else ():
        box = hit.box.narrowed("d", language)
        witness = None if box.is_empty else paper.dials(attrs.evolve(hit, box=box), trunks)
        if witness is not None:
            return witness
    return None


def _not_out(paper: OnPaper, numbers: Numbers, trunks: tuple[str, ...]) -> Witness | None:
    """Return a call with one of some numbers that no trunk gets; None: it cannot be made."""
    start = start_of(paper.way, paper.around)
    made = paper.plainly(numbers.shortest() or "", start.box)
    if made is None or made.calls[0].unknown is not None:
        return None
    return None if reaches(paper.around.workspace, made.calls[0], trunks) else made


def dead(workspace: Workspace, entry: Who, assumed: Assumed) -> TableAnswer:
    """Return the steps that no call runs; see `Questions.dead`."""
    searches = searches_of(workspace, assumed=assumed)
    ran, pieces = set[tuple[str, str, int]](), False
    stops: dict[Mark, None] = {}
    for ways, result in searches.together(entries_of(workspace, entry, messages=True)):
        ran |= result.ran.keys()
        try:
            for found, box in result.wide:
                ran |= {*searches.engine.lookups.run(found, box)}
        except BudgetError as error:
            stops[over_budget(error)] = None
        pieces |= any(isinstance(mark, CutText) for mark in result.stopped)
        for way in ways:
            stops |= dict.fromkeys(stops_of(result, way, cut=False))
    reasons, loaded = depends(stops), workspace.dialplan
    verdict: Verdict = "unknown" if stops else "yes"
    why = "no call is known to run it" if stops else "no call runs it"
    rows = [
        Row(f"[{context.name}] {extension.key}", f"{step.priority} {step.app}", verdict, why,
            Numbers(), None, reasons, *place_of(loaded, context.name, extension, step.priority),
            told=False)
        for context in searches.engine.plan
        for extension in context.extensions
        for step in extension.steps
        if (context.name, extension.key, step.priority) not in ran and not extension.made_by
    ]  # fmt: skip
    because = "every step is run by some call"
    if rows:
        because = f"{count(len(rows), 'step')} {'is' if len(rows) == 1 else 'are'} run by no call"
        because += f" that is known; {it_depends(reasons)}" if stops else ""
    assumptions = (*ASSUMPTIONS, *assumed.said, *([IN_PIECES] if pieces else []))
    overall = verdict if rows else "no"
    return TableAnswer("dead", overall, because, tuple(rows), assumptions=assumptions)
