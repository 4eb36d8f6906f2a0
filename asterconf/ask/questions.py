"""Questions that are asked of the same search: classes of service, emergency, dead code, sinks."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping
from typing import Final

import attrs

from asterconf.ask.answers import (
    ASSUMPTIONS,
    Depends,
    Row,
    ServiceAnswer,
    TableAnswer,
    Verdict,
    Witness,
    depends,
    shown_numbers,
    verdict_of,
)
from asterconf.ask.assumed import Assumed
from asterconf.ask.engine import Engine
from asterconf.ask.entries import Entry, entries_of, lines_of, records, trunks_of
from asterconf.ask.places import place_of
from asterconf.ask.reach import (
    IN_PIECES,
    Hits,
    Searches,
    hits_of,
    own_part,
    searches_of,
)
from asterconf.ask.states import Reached, Result
from asterconf.ask.steps import start_of
from asterconf.ask.values import CutText, numbers_of
from asterconf.ask.witnesses import OnPaper, reaches
from asterconf.countries import emergency_numbers
from asterconf.errors import BudgetError
from asterconf.language.callerid import parse as parse_callerid
from asterconf.numbers import Numbers
from asterconf.numbers.terms import Opaque
from asterconf.source import count
from asterconf.workspace import Workspace

SIDECAR: Final = ".asterconf/build.toml"
"""What a built home leaves beside its files."""

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


def stops_of(
    result: Result, way: Entry, numbers: Numbers | None = None, *, cut: bool = True
) -> tuple[Depends, ...]:
    """Return what stops calls of an entry, with some numbers only; `cut`: texts in pieces too."""

    def holds(node: Reached) -> bool:
        own = own_part(node.box, way)
        return own is not None and (numbers is None or bool(numbers_of(own["d"]) & numbers))

    return depends(
        mark
        for mark, nodes in result.stopped.items()
        if (cut or not isinstance(mark, CutText)) and any(map(holds, nodes))
    )


def default_emergency(workspace: Workspace) -> tuple[str, ...]:
    """Return the emergency numbers of the owner's country; where it is not known, 911 and 112.

    The owner is in the description that a built home leaves beside its files; else the country
    is that of indications.conf, unless it is `us`, which the sample of that file says everywhere.
    """
    home, region = workspace.files.get(SIDECAR), ""
    try:
        owner = str(tomllib.loads(str(home))["home"]["owner"]) if home is not None else ""
    except (tomllib.TOMLDecodeError, KeyError, TypeError):
        owner = ""
    number = parse_callerid(owner).number or ""
    for section in workspace.resolve("indications.conf") or () if not number else ():
        if section.name == "general":
            region = next((one.value.upper() for one in section.items if one.name == "country"), "")
    region = {"UK": "GB", "US": ""}.get(region, region)
    return emergency_numbers(number, region) or ("911", "112")


def class_of_service(
    workspace: Workspace, plan: Mapping[str, Numbers], entry: str | Iterable[str],
    to: str | Iterable[str], assumed: Assumed,
) -> ServiceAnswer:  # fmt: skip
    """Return which kinds of numbers each phone can dial out; see `Questions.class_of_service`."""
    trunks, searches = trunks_of(workspace, to), searches_of(workspace, assumed=assumed)
    lines = lines_of(workspace, to)
    rows = []
    for way in entries_of(workspace, entry):
        try:
            rows += _services(searches, way, plan, trunks, lines)
        except BudgetError as error:
            stops = depends([Opaque(f"budget: {error}")])
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
    searches: Searches, way: Entry, plan: Mapping[str, Numbers], trunks: list[str],
    lines: Collection[str],
) -> list[Row]:  # fmt: skip
    result, rows = searches.of(way), list[Row]()
    hits = hits_of(result, way, trunks, lines)
    every = hits.numbers
    for name, numbers in plan.items():
        allowed = every & numbers
        rest = numbers - allowed
        stops = stops_of(result, way, rest) or depends(hits.marks_of(rest))
        verdict: Verdict = "yes" if allowed else "unknown" if stops else "no"
        what: str = "none" if verdict == "no" else verdict
        if allowed:
            what = "all" if not rest else shown_numbers(allowed)
            what += ", others unknown" if stops else ""
        row = Row(way.name, name, verdict, what, allowed, unknown_because=stops)
        rows.append(_shown_by_calls(searches.engine, row, way, hits, trunks, rest))
    return rows


def _shown_by_calls(
    engine: Engine, row: Row, way: Entry, hits: Hits, trunks: list[str], rest: Numbers
) -> Row:
    """Return a row with a call that dials out, and one that does not."""
    language, paper = row.numbers.with_dashes().automaton, OnPaper(engine, way)
    witness = against = None
    for hit in hits.sure:
        box = hit.box.narrowed("d", language)
        if row.numbers and not box.is_empty:
            witness = paper.dials(attrs.evolve(hit, box=box), trunks)
        if witness is not None:
            break
    if rest and row.verdict != "unknown" and not row.unknown_because:
        against = _not_out(paper, rest, trunks)
    return attrs.evolve(row, witness=witness, against=against)


def _not_out(paper: OnPaper, numbers: Numbers, trunks: list[str]) -> Witness | None:
    """Return a call with one of some numbers that no trunk gets; None: it cannot be made."""
    start = start_of(paper.way, paper.around)
    made = paper.plainly(numbers.shortest() or "", start.box)
    if made is None or made.calls[0].unknown is not None:
        return None
    return None if reaches(paper.around.workspace, made.calls[0], trunks) else made


def dead(workspace: Workspace, entry: str | Iterable[str], assumed: Assumed) -> TableAnswer:
    """Return the steps that no call runs; see `Questions.dead`."""
    searches = searches_of(workspace, assumed=assumed)
    ran, pieces = set[tuple[str, str, int]](), False
    stops: dict[Depends, None] = {}
    for ways, result in searches.together(entries_of(workspace, entry, messages=True)):
        ran |= result.ran.keys()
        try:
            for found, box in result.wide:
                ran |= {*searches.engine.lookups.run(found, box)}
        except BudgetError as error:
            stops |= dict.fromkeys(depends([Opaque(f"budget: {error}")]))
        pieces |= any(isinstance(mark, CutText) for mark in result.stopped)
        for way in ways:
            stops |= dict.fromkeys(stops_of(result, way, cut=False))
    verdict: Verdict = "unknown" if stops else "yes"
    rows, loaded = [], workspace.dialplan
    for context in searches.engine.plan:
        for extension in context.extensions:
            for step in extension.steps:
                if (
                    context.name,
                    extension.key,
                    step.priority,
                ) not in ran and not extension.made_by:
                    file, line = place_of(loaded, context.name, extension, step.priority)
                    why = "no call runs it" if not stops else "no call is known to run it"
                    rows.append(
                        Row(f"[{context.name}] {extension.key}", f"{step.priority} {step.app}",
                            verdict, why, unknown_because=tuple(stops), file=file, line=line,
                            told=False)
                    )  # fmt: skip
    overall: Verdict = verdict if rows else "no"
    because = "every step is run by some call"
    if rows:
        known = "is run by no call" if not stops else "is run by no call that is known"
        known = known if len(rows) == 1 else known.replace("is run", "are run", 1)
        because = f"{count(len(rows), 'step')} {known}"
        because += f"; it depends on {', '.join(map(str, [*stops][:3]))}" if stops else ""
    assumptions = (*ASSUMPTIONS, *assumed.said, *([IN_PIECES] if pieces else []))
    return TableAnswer("dead", overall, because, tuple(rows), assumptions=assumptions)


def down_of(workspace: Workspace, down: Iterable[str]) -> list[str]:
    """Return the trunks that are meant to be down.

    Raises:
        NotFoundError: there is no such endpoint.
    """
    return [name for word in down for name in trunks_of(workspace, word)]


def phones_of(workspace: Workspace) -> str:
    """Return the words for all phones, or for everything where there is none."""
    roles = {record.role for record in records(workspace).values()}
    return "role:extension" if "extension" in roles else "any"
