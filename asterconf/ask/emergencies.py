"""Whether every call to an emergency number is handed to a trunk, whatever the world decides."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from functools import partial
from typing import Final

import attrs

from asterconf.ask.answers import (
    ASSUMPTIONS,
    Row,
    TableAnswer,
    Verdict,
    depends,
    it_depends,
    over_budget,
)
from asterconf.ask.assumed import NOTHING, Assumed
from asterconf.ask.engine import Engine
from asterconf.ask.entries import Destination, Entry, Who, phones_of
from asterconf.ask.placed import start_of
from asterconf.ask.reach import (
    NO_TRUNK,
    Searches,
    hits_of,
    own_part,
    searches_of,
    stops_of,
)
from asterconf.ask.states import Reached, Result, State, target_endpoint
from asterconf.ask.values import Mark, Values, in_order
from asterconf.ask.witnesses import TRIES, OnPaper, reaches, single_of
from asterconf.countries import emergency_numbers
from asterconf.errors import BudgetError
from asterconf.language.callerid import parse as parse_callerid
from asterconf.numbers import Numbers, terms
from asterconf.numbers import automaton as at
from asterconf.numbers.terms import Opaque
from asterconf.source import comparable
from asterconf.workspace import Workspace

SIDECAR: Final = ".asterconf/build.toml"
"""What a built home leaves beside its files."""


def sent_number(target: str) -> str:
    """Return the number that a target sends; empty: none is written."""
    resource = target.partition("/")[2]
    name, slash, uri = resource.partition("/")
    if slash:
        return uri.partition(":")[2].partition("@")[0]
    return name.rpartition("@")[0]


def is_handed(target: str, number: str, trunks: Iterable[str | None]) -> bool:
    """Return whether a target is one of the trunks, with the number that was dialled."""
    if not terms.is_constant(target) or target.partition("/")[0].lower() != "pjsip":
        return False
    return target_endpoint(target) in trunks and sent_number(target) == number


@attrs.define
class _HandingOver:
    """The search of one question; calls from one context with one number share a result."""

    searches: Searches
    to: Destination
    hints: Searches
    """What knows of all numbers, for hints."""

    @property
    def engine(self) -> Engine:
        """What follows the calls."""
        return self.searches.engine

    def of(self, way: Entry, number: str) -> Result:
        """Return what calls of an entry do until they are handed over."""

        def search() -> Result:
            start = start_of(way, self.engine)
            box = start.box.having("d", at.text_of(comparable(number)))
            handed: Callable[[str], bool] = partial(is_handed, number=number, trunks=self.to.trunks)
            return self.engine.explore([attrs.evolve(start, box=box)], until=handed)

        key = way.context, way.variables, number, self.to.trunks
        return self.searches.result(way, key, search)

    def numbers(self, way: Entry) -> Numbers:
        """Return what can be dialled to reach a trunk, for a hint."""
        return hits_of(self.hints.of(way), way, Destination(self.to.trunks)).numbers

    def row(self, way: Entry, number: str) -> Row:
        """Return the answer for one phone and one number."""
        if self.to.missing:
            return Row(way.name, number, "no", NO_TRUNK, Numbers.of(number))
        try:
            return self.followed(way, number)
        except BudgetError as error:
            return _unknown(way, number, [over_budget(error)])

    def followed(self, way: Entry, number: str) -> Row:
        """Return the answer for one phone and one number by what its calls do."""
        asked = Numbers.of(number)
        result = self.of(way, number)
        hits, paper = hits_of(result, way, self.to), OnPaper(self.engine, way)
        sent: dict[str, Opaque] = {}
        witness, told = None, dict[str, None]()
        for one in hits.sure:
            target = terms.known(one.target, one.box)
            if not is_handed(target, number, self.to.trunks):
                sent[target] = Opaque(Values.shown(one.target), *one.place)
                continue
            told[f"hands {number} to trunk {target_endpoint(target)} as {number}"] = None
            if witness is None:
                witness = paper.dials(one, self.to.trunks)
        left = {n: own for n in result.ended if (own := own_part(n.box, way)) is not None}
        stops = stops_of(result, way)
        if not left and not stops and told:
            turning = _turning(result, way)
            if turning is None:
                because = "; ".join(told)
                return Row(way.name, number, "yes", because, asked, witness)
            stops = [Opaque(f"a loop through [{turning.context}]")]
        for node, own in [*left.items()][:TRIES]:
            if sent or node.marks or hits.lines:
                break
            made = paper.calls(node, single_of(node, own), node.facts_before())
            if made is None or made.calls[0].unknown is not None:
                continue
            if not reaches(self.engine.workspace, made.calls[0], self.to.trunks):
                return Row(way.name, number, "no", self.told(way, number, node, left, told), asked)
        marks = [*stops, *(m for n in left for m in in_order(n.marks)), *hits.marks]
        if not marks:
            ends = [Opaque(f"how calls end at {_end(node)}") for node in [*left][:3]]
            marks = [*sent.values()] or ends or [Opaque("no way ends")]
        because = f"{number} is sent on as {', '.join(map(Values.shown, sent))}" if sent else ""
        return _unknown(way, number, marks, because)

    def told(
        self, way: Entry, number: str, node: Reached, left: Iterable[Reached], told: Iterable[str]
    ) -> str:
        """Return in words why a number is not always handed over."""
        moments = self.engine.lookups.moments
        times = 0
        for one in left:
            times |= one.box.time
        if times != moments.all:
            when = moments.first(node.box.time)
            return f"not at every hour: not at {when:%Y-%m-%d %H:%M}"
        if told:
            return f"not every call: some end at {_end(node)} before {number} is handed over"
        prefixed = _prefix(self.numbers(way), number)
        hint = f"; {prefixed} is" if prefixed else ""
        return f"{number} is not handed to a trunk{hint}"


def _unknown(way: Entry, number: str, marks: Iterable[Mark], because: str = "") -> Row:
    reasons, asked = depends(marks), Numbers.of(number)
    return Row(way.name, number, "unknown", because or it_depends(reasons), asked, None, reasons)


def _end(node: Reached) -> str:
    """Return where a call ends, in words."""
    exten = terms.known(node.state.exten, node.box)
    exten = exten if terms.is_constant(exten) else "an extension"
    return f"[{node.state.context}] {exten},{node.state.priority}"


def _turning(result: Result, way: Entry) -> State | None:
    """Return a state that calls may come back to for ever; None: there is none."""
    edges: dict[State, set[State]] = {}
    for node, after in result.edges:
        if own_part(node.box, way) is not None:
            edges.setdefault(node.state, set()).add(after)
    left = {state: set(after) & edges.keys() for state, after in edges.items()}
    while leaves := [state for state, after in left.items() if not after]:
        for state in leaves:
            del left[state]
        for others in left.values():
            others.difference_update(leaves)
    return next(iter(left), None)


def _prefix(found: Numbers, number: str) -> str:
    """Return the number with the prefix that it needs; empty: none helps."""
    ending = Numbers.made(
        at.concatenate(at.power(at.ALL & ~at.DASH, 1, 3), at.text_of(number.encode()))
    )
    return (found & ending).shortest() or ""


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


def emergency(
    workspace: Workspace, numbers: Iterable[str] | None = None, entry: Who = (),
    down: Iterable[str] = (), to: Who = "trunk", *, budget: int | None = None,
    assumed: Assumed = NOTHING,
) -> TableAnswer:  # fmt: skip
    """Return whether each phone's emergency calls are handed to a trunk, every one of them.

    `budget` is how many ways of steps may be followed for each; by default so many as needed.
    """
    off = tuple(dict.fromkeys(down))
    assumptions = (*ASSUMPTIONS, *([f"down: {', '.join(off)}"] if off else []), *assumed.said)
    every = Destination.of(workspace, to)
    left = attrs.evolve(every, trunks=tuple(name for name in every.trunks if name not in off))
    hints = searches_of(workspace, budget, assumed)
    search = _HandingOver(searches_of(workspace, budget, assumed, off), left, hints)
    asked = default_emergency(workspace) if numbers is None else tuple(numbers)
    rows = [search.row(way, n) for way in phones_of(workspace, entry) for n in asked]
    verdicts = {row.verdict for row in rows}
    verdict: Verdict = "no" if "no" in verdicts else "unknown" if "unknown" in verdicts else "yes"
    if not rows:
        because = "there is neither a phone nor a context, so that nobody can call"
        return TableAnswer("emergency", "no", because, (), assumptions=assumptions)
    bad = [f"{row.about} from {row.name}" for row in rows if row.verdict == verdict]
    more = f" and {len(bad) - 5} more" if len(bad) > 5 else ""
    because = {
        "yes": "every phone hands every emergency number to a trunk at every hour",
        "no": f"some calls are not handed to a trunk: {', '.join(bad[:5])}{more}",
        "unknown": f"not known: {', '.join(bad[:5])}{more}",
    }[verdict]
    because = f"with {', '.join(off)} down, {because}" if off else because
    return TableAnswer("emergency", verdict, because, tuple(rows), assumptions=assumptions)
