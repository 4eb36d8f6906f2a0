"""Whether every call to an emergency number is handed to a trunk, whatever the world decides."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import partial

import attrs

from asterconf.ask.answers import ASSUMPTIONS, Row, TableAnswer, Verdict, depends
from asterconf.ask.assumed import NOTHING, Assumed
from asterconf.ask.engine import Engine
from asterconf.ask.entries import Entry, entries_of, lines_of, trunks_of, without_trunks
from asterconf.ask.reach import (
    NO_TRUNK,
    Searches,
    hits_of,
    marks_of,
    own_part,
    searches_of,
)
from asterconf.ask.states import Reached, Result, State, target_endpoint
from asterconf.ask.steps import start_of
from asterconf.ask.values import Values
from asterconf.ask.witnesses import TRIES, OnPaper, reaches, single_of
from asterconf.errors import BudgetError
from asterconf.numbers import Numbers, terms
from asterconf.numbers import automaton as at
from asterconf.numbers.terms import Opaque
from asterconf.source import comparable
from asterconf.workspace import Workspace


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

    workspace: Workspace
    searches: Searches
    trunks: list[str]
    lines: Collection[str]
    bare: bool
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
            handed: Callable[[str], bool] = partial(is_handed, number=number, trunks=self.trunks)
            return self.engine.explore([attrs.evolve(start, box=box)], until=handed)

        key = way.context, way.variables, number, tuple(self.trunks)
        return self.searches.result(way, key, search)

    def numbers(self, way: Entry) -> Numbers:
        """Return what can be dialled to reach a trunk, for a hint."""
        return hits_of(self.hints.of(way), way, self.trunks).numbers

    def row(self, way: Entry, number: str) -> Row:
        """Return the answer for one phone and one number."""
        asked = Numbers.of(number)
        if self.bare:
            return Row(way.name, number, "no", NO_TRUNK, asked)
        try:
            return self.followed(way, number, asked)
        except BudgetError as error:
            reasons = depends([Opaque(f"budget: {error}")])
            because = f"it depends on {reasons[0]}"
            return Row(way.name, number, "unknown", because, asked, None, reasons)

    def followed(self, way: Entry, number: str, asked: Numbers) -> Row:
        """Return the answer for one phone and one number by what its calls do."""
        result = self.of(way, number)
        hits, paper = hits_of(result, way, self.trunks, self.lines), OnPaper(self.engine, way)
        sent: dict[str, Opaque] = {}
        witness, told = None, dict[str, None]()
        for one in hits.sure:
            target = terms.known(one.target, one.box)
            if not is_handed(target, number, self.trunks):
                sent[target] = Opaque(Values.shown(one.target), *one.place)
                continue
            told[f"hands {number} to trunk {target_endpoint(target)} as {number}"] = None
            if witness is None:
                witness = paper.dials(one, self.trunks)
        left = {n: own for n in result.ended if (own := own_part(n.box, way)) is not None}
        stops = marks_of(result, way)
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
            if not reaches(self.workspace, made.calls[0], self.trunks):
                return Row(
                    way.name,
                    number,
                    "no",
                    self.told(way, number, node, left, told),
                    asked,
                )
        marks = [*stops, *(m for n in left for m in n.marks), *hits.marks]
        if not marks:
            marks = (
                [*sent.values()] or [_end(node) for node in [*left][:3]] or [Opaque("no way ends")]
            )
        reasons = depends(dict.fromkeys(marks))
        because = f"it depends on {', '.join(map(str, reasons[:3]))}"
        if sent:
            because = f"{number} is sent on as {', '.join(map(Values.shown, sent))}"
        return Row(way.name, number, "unknown", because, asked, None, reasons)

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
            _, place = _way_end(node)
            return f"not every call: some end at {place} before {number} is handed over"
        prefixed = _prefix(self.numbers(way), number)
        hint = f"; {prefixed} is" if prefixed else ""
        return f"{number} is not handed to a trunk{hint}"


def _way_end(node: Reached) -> tuple[State, str]:
    state = node.state
    exten = state.exten if terms.is_constant(state.exten) else "an extension"
    exten = terms.known(state.exten, node.box) if exten == "an extension" else exten
    exten = exten if terms.is_constant(exten) else "an extension"
    return state, f"[{state.context}] {exten},{state.priority}"


def _end(node: Reached) -> Opaque:
    return Opaque(f"how calls end at {_way_end(node)[1]}")


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


def emergency(
    workspace: Workspace, numbers: Iterable[str], entry: str | Iterable[str],
    down: Iterable[str] = (), to: str | Iterable[str] = "trunk", *, budget: int | None = None,
    assumed: Assumed = NOTHING,
) -> TableAnswer:  # fmt: skip
    """Return whether each phone's emergency calls are handed to a trunk, every one of them.

    `budget` is how many ways of steps may be followed for each; by default so many as needed.
    """
    off = tuple(dict.fromkeys(down))
    assumptions = (*ASSUMPTIONS, *([f"down: {', '.join(off)}"] if off else []), *assumed.said)
    trunks = [name for name in trunks_of(workspace, to) if name not in off]
    lines = lines_of(workspace, to)
    bare = without_trunks(workspace, [*trunks_of(workspace, to), *lines])
    hints = searches_of(workspace, budget, assumed)
    searches = searches_of(workspace, budget, assumed, off)
    search, asked = _HandingOver(workspace, searches, trunks, lines, bare, hints), tuple(numbers)
    rows = [search.row(way, n) for way in entries_of(workspace, entry) for n in asked]
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
