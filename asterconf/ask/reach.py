"""Whether calls from some place reach a trunk, with which numbers, and a call that does."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Final, TypeAlias

import attrs

from asterconf.ask.answers import (
    ASSUMPTIONS,
    EntryAnswer,
    ReachAnswer,
    Witness,
    depends,
    it_depends,
    over_budget,
    verdict_of,
)
from asterconf.ask.assumed import NOTHING, Assumed
from asterconf.ask.certificate import Certificate, CertifiedState
from asterconf.ask.engine import Engine
from asterconf.ask.entries import Destination, Entry, Who, entries_of
from asterconf.ask.placed import start_of
from asterconf.ask.states import Dialed, Reached, Result, target_endpoint
from asterconf.ask.surroundings import set_by
from asterconf.ask.values import CutText, Mark, Values, in_order, numbers_of
from asterconf.ask.witnesses import TRIES, OnPaper, reaches
from asterconf.errors import BudgetError
from asterconf.numbers import Numbers, terms
from asterconf.numbers import automaton as at
from asterconf.numbers.terms import Box, InputSlice, Opaque
from asterconf.source import comparable
from asterconf.workspace import Workspace

NO_TRUNK: Final = (
    "no endpoint of PJSIP is a trunk, and no other driver has lines, so that none is reached,"
    " whatever is run"
)
IN_PIECES: Final = "no text of a caller or of a database is taken apart (`injections` names where)"
"""What is taken for granted of dead steps: who dials `1&Local/…` may run any of them."""
STATES: Final = 100_000
"""States that one question reaches before the rest of it is unknown."""


def dialled(engine: Engine, numbers: Numbers | None) -> at.Automaton:
    """Return the texts that are dialled: all, or some numbers with any dashes."""
    every = engine.lookups.anything
    return every if numbers is None else terms.both(numbers.with_dashes().automaton, every)


def explored(engine: Engine, entry: Entry, numbers: Numbers | None = None) -> Result:
    """Follow every call of an entry; one whose number is no extension is refused at once."""
    return engine.explore([start_of(entry, engine, dialled(engine, numbers))])


TOGETHER: Final = 4
"""So many times what one search may take is followed where several entries are in one."""
_Start: TypeAlias = tuple[str, tuple[tuple[str, str], ...]]
"""The context of an entry, and what `set_var` gives its channels."""


@attrs.define
class Searches:
    """The searches of one question: one for each way in.

    Attributes:
        engine: what follows the calls.
        found: what was found so far, by this question and others.
        most: how many states this one may reach; what comes after that is not known.
    """

    engine: Engine
    found: dict[object, Result] = attrs.field(factory=dict)
    most: int = STATES
    _own: dict[object, int] = attrs.field(factory=dict, init=False)

    def of(self, way: Entry, numbers: Numbers | None = None) -> Result:
        """Return what calls of an entry reach."""
        return self.result(
            way, (way.context, way.variables, numbers), lambda: explored(self.engine, way, numbers)
        )

    def together(self, ways: Iterable[Entry]) -> list[tuple[list[Entry], Result]]:
        """Return what calls of some entries reach: each by itself, until one of them is too long.

        That one and the others are followed in one search: what several of them reach counts once,
        and calls are not told apart by what was dialled where no step mentions it any more.
        """
        found, rest = list[tuple[list[Entry], Result]](), list[Entry]()
        for way in ways:
            if not rest or (way.context, way.variables, None) in self.found:
                result = self.of(way)
                if not any(mark.text.startswith("budget: ") for mark in result.stopped):
                    found.append(([way], result))
                    continue
            rest.append(way)
        if rest:
            starts = {(way.context, way.variables): start_of(way, self.engine) for way in rest}
            key = frozenset(starts)
            if key not in self.found:
                every = self.engine.explore(
                    starts.values(), sys.maxsize, numbers=False, times=min(len(starts), TOGETHER)
                )
                self.found[key] = _with_set(every, starts)
            found.append((rest, self.found[key]))
        return found

    def result(self, way: Entry, key: object, search: Callable[[], Result]) -> Result:
        """Return what a search finds, unless the question has reached too many states."""
        if key not in self._own and sum(self._own.values()) > self.most:
            start = start_of(way, self.engine)
            over = Opaque(f"budget: {self.most:,} states before calls of [{way.context}]")
            return Result(stopped={over: [start]})
        if key not in self.found:
            begun = {(way.context, way.variables): start_of(way, self.engine)}
            self.found[key] = _with_set(search(), begun)
        self._own[key] = self.found[key].size
        return self.found[key]


def _with_set(result: Result, starts: Mapping[_Start, Reached]) -> Result:
    """Note where `set_var` lets calls go that is not followed."""
    for (_, variables), start in starts.items():
        for name, value in variables:
            if set_by(name):
                result.stop(Opaque(f"set_var={name}={value}", "pjsip.conf"), start)
    return result


def searches_of(
    workspace: Workspace, budget: int | None = None, assumed: Assumed = NOTHING,
    down: Iterable[str] = (),
) -> Searches:  # fmt: skip
    """Return the searches for a question; what they find holds until a file is edited.

    Args:
        workspace: the configuration.
        budget: how many ways of steps each may take; by default so many as the dialplan needs.
        assumed: what is taken for known.
        down: endpoints that cannot be reached.
    """
    off = frozenset(down)

    def made() -> Searches:
        if budget is None:
            return Searches(Engine(workspace, off, assumed=assumed))
        return Searches(Engine(workspace, off, assumed=assumed, budget=budget, per_step=0))

    if off:
        return made()
    sources = tuple(workspace.resolve(name) for name in workspace.names)
    known = workspace.view(f"searches {budget} {assumed.said}", sources, made)
    return Searches(known.engine, known.found)


@attrs.define
class Hits:
    """What reaches a trunk, and what may: `lines` are the marks of other technologies."""

    sure: list[Dialed] = attrs.field(factory=list)
    marks: dict[Mark, list[at.Automaton]] = attrs.field(factory=dict)
    texts: set[at.Automaton] = attrs.field(factory=set)
    lines: set[Mark] = attrs.field(factory=set)

    @property
    def numbers(self) -> Numbers:
        """What can be dialled for it to happen."""
        return numbers_of(at.union(self.texts)) if self.texts else Numbers()

    def marks_of(self, numbers: Numbers) -> list[Mark]:
        """Return what decides whether some numbers reach one."""
        return [
            mark
            for mark, texts in self.marks.items()
            if any(numbers_of(text) & numbers for text in texts)
        ]


def begun_by(node: Reached, ways: list[Entry], engine: Engine) -> list[Entry]:
    """Return those of some entries with whose calls a node begins."""
    if len(ways) == 1:
        return ways
    while node.before is not None:
        node = node.before
    return [way for way in ways if start_of(way, engine).state == node.state]


def own_part(box: Box, way: Entry) -> Box | None:
    """Return the part of a box that calls of an entry have; None: none of it can be dialled."""
    if not Numbers.made(box["d"]):
        return None
    if way.callerid is None:
        return box
    return next(
        iter(terms.inside(terms.char_of(InputSlice("n")), _number(way.callerid), box)), None
    )


def stops_of(
    result: Result, way: Entry, numbers: Numbers | None = None, *, cut: bool = True
) -> list[Mark]:
    """Return what stops calls of an entry, or some numbers of it; `cut`: texts in pieces, too."""

    def holds(node: Reached) -> bool:
        own = own_part(node.box, way)
        return own is not None and (numbers is None or bool(numbers_of(own["d"]) & numbers))

    return [
        mark
        for mark, nodes in result.stopped.items()
        if (cut or not isinstance(mark, CutText)) and any(map(holds, nodes))
    ]


def _number(text: str) -> at.Automaton:
    return at.text_of(comparable(text))


def hits_of(result: Result, way: Entry, to: Destination) -> Hits:
    """Sort what was dialled by whether it is a destination, or may be."""
    names = frozenset(to.trunks)
    wanted = at.texts_of(map(comparable, names))
    found = Hits()
    for dialed in (one for held in result.dialed for one in held.each(names)):
        own = own_part(dialed.box, way)
        if own is None:
            continue
        one = attrs.evolve(dialed, box=own)
        name = target_endpoint(one.target)
        if name is None:
            technology = one.target.partition("/")[0]
            parts = [part for part in terms.atoms(technology) if isinstance(part, Opaque)]
            if technology.lower() in to.lines:
                what = f"{Values.shown(one.target)}, which may be a line to the outside"
                parts = [Opaque(what, *one.place)]
                found.lines.update(parts)
            for part in parts:
                found.marks.setdefault(part, []).append(own["d"])
            continue
        try:
            boxes = terms.inside(name, wanted, one.box)
        except terms.OpaqueError as error:
            found.marks.setdefault(error.part, []).append(own["d"])
            continue
        for box in boxes:
            for mark in in_order(one.marks):
                found.marks.setdefault(mark, []).append(box["d"])
            if not one.marks:
                found.sure.append(attrs.evolve(one, box=box))
                found.texts.add(box["d"])
    return found


def reach(
    workspace: Workspace, to: Who, entry: Who,
    numbers: Numbers | None = None, *, budget: int | None = None,
    places: Collection[tuple[str, int]] = (), assumed: Assumed = NOTHING,
) -> ReachAnswer:  # fmt: skip
    """Return whether calls reach a trunk; see `Questions.reach`.

    `budget` is how many ways of steps may be followed; by default so many as the dialplan needs.
    `places` are the files and lines whose steps dial it; by default any.
    """
    there = Destination.of(workspace, to)
    searches = searches_of(workspace, budget, assumed)
    answers = [
        _answered(searches, way, there, numbers, places)
        for way in entries_of(workspace, entry, messages=True)
    ]
    verdict = verdict_of(one.verdict for one in answers)
    names = ", ".join(there.trunks) or "any trunk (there is none)"
    yes = [one.entry for one in answers if one.verdict == verdict]
    because = {
        "yes": f"calls from {', '.join(yes[:5])} are handed to {names}",
        "no": f"no call that comes in here is handed to {names}",
        "unknown": f"whether calls from {', '.join(yes[:5])} are handed to {names} is not known",
    }[verdict]
    return ReachAnswer(verdict, because, tuple(answers), assumptions=(*ASSUMPTIONS, *assumed.said))


def _answered(
    searches: Searches, way: Entry, to: Destination, numbers: Numbers | None,
    places: Collection[tuple[str, int]],
) -> EntryAnswer:  # fmt: skip
    """Return the answer for one entry."""
    begin = dialled(searches.engine, numbers)
    if to.missing:
        proof = Certificate(way.name, way.context, way.callerid, begin, (), ())
        return EntryAnswer(way.name, "no", NO_TRUNK, certificate=proof)
    result = searches.of(way, numbers)
    if places:
        each = (one for held in result.dialed for one in held.each(to.trunks))
        result = attrs.evolve(result, dialed=[one for one in each if one.place in places])
    try:
        return _followed(searches.engine, way, result, to, begin)
    except BudgetError as error:
        return _unknown(way, [over_budget(error)])


def _followed(
    engine: Engine, way: Entry, result: Result, to: Destination, begin: at.Automaton
) -> EntryAnswer:
    """Return the answer for one entry by what its calls do."""
    found = hits_of(result, way, to)
    marks: dict[Mark, None] = dict.fromkeys(found.marks)
    ranked = sorted(found.sure, key=lambda one: (not numbers_of(one.box["d"]), len(one.node.way())))
    paper = OnPaper(engine, way)
    for one in ranked[:TRIES]:
        witness = paper.dials(one, to.trunks)
        if witness is not None:
            because = f"{witness.dialled!r} is handed to {witness.reaches}"
            return EntryAnswer(way.name, "yes", because, found.numbers, witness)
        way_there = f"a way to {Values.shown(one.target)} that no call on paper takes"
        marks[Opaque(way_there, *one.place)] = None
    if result.stopped and not found.sure:
        witness = injected(paper, result, to.trunks)
        if witness is not None:
            because = f"{witness.dialled!r} is handed to {witness.reaches}: it is put into the text"
            return EntryAnswer(way.name, "yes", because, Numbers.of(witness.dialled), witness)
    marks |= dict.fromkeys(stops_of(result, way))
    if marks:
        return _unknown(way, marks, found.numbers)
    because = "every way that its calls can go was followed, and none dials one"
    states = [
        CertifiedState(state, box)
        for state, boxes in result.seen.items()
        for box in boxes
        if not any(other.covers(box) for other in boxes if other is not box)
    ]
    proof = Certificate(
        way.name, way.context, way.callerid, begin, to.trunks, tuple(states), engine.atoms,
        to.lines, engine.assumed,
    )  # fmt: skip
    return EntryAnswer(way.name, "no", because, certificate=proof)


def _unknown(way: Entry, marks: Iterable[Mark], numbers: Numbers | None = None) -> EntryAnswer:
    reasons, found = depends(marks), numbers or Numbers()
    return EntryAnswer(way.name, "unknown", it_depends(reasons), found, None, reasons)


# ---- what is put into a text --------------------------------------------------------------------


def injected(paper: OnPaper, result: Result, trunks: tuple[str, ...]) -> Witness | None:
    """Return a call whose number is taken apart by an application and reaches a trunk."""
    for node in [nodes[0] for nodes in result.stopped.values()][:40]:
        for text in _payloads(node, trunks):
            made = paper.plainly(text, node.box)
            reached = made and reaches(paper.around.workspace, made.calls[0], trunks)
            if made and reached:
                return attrs.evolve(made, reaches=reached)
    return None


def _payloads(node: Reached, trunks: tuple[str, ...]) -> Iterator[str]:
    """Yield numbers that name a trunk behind a `&`."""
    found = node.box["d"]
    for trunk in trunks[:4]:
        for payload in (f"&PJSIP/911@{trunk}", f"@{trunk}", trunk):
            has = at.concatenate(at.ANY, at.text_of(payload.encode()), at.ANY)
            text = Numbers.made(terms.both(found, has)).shortest()
            if text is not None and "\n" not in text:
                yield text
