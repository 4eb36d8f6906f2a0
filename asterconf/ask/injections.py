"""Where the text of a caller is taken apart: a verdict for each step that may do it.

Calls are followed, and each text of a caller that gets into a sink is shown by a call on paper.
Where some calls cannot be followed, or it is not known what gets into a sink, each step is asked
once more, by itself, whichever call stands there (`asterconf.ask.standing`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Final, TypeAlias

import attrs

from asterconf.ask.answers import ASSUMPTIONS, Row, TableAnswer, depends, it_depends, verdict_of
from asterconf.ask.applications import OWN
from asterconf.ask.assumed import Assumed
from asterconf.ask.engine import Engine
from asterconf.ask.entries import Entry, Who, entries_of
from asterconf.ask.places import place_of
from asterconf.ask.reach import begun_by, own_part, searches_of, stops_of
from asterconf.ask.standing import Key, open_sinks
from asterconf.ask.states import Outcome, Reached, Result
from asterconf.ask.values import Mark, in_order, numbers_of
from asterconf.ask.witnesses import TRIES, OnPaper, inputs_of, single_of
from asterconf.calls.call import Call
from asterconf.calls.world import World
from asterconf.dialplan.values import DialplanExtension, DialplanStep
from asterconf.flow.sinks import Sunk
from asterconf.numbers import Numbers, terms
from asterconf.numbers import automaton as at
from asterconf.numbers.terms import Box, Opaque
from asterconf.source import comparable, count
from asterconf.workspace import Workspace

_Text: TypeAlias = tuple[Key, str]
"""A step, and how it is written."""
MANY: Final = 100
"""So many ways to a sink are kept, of which the shortest are tried."""
AT_BEGINNINGS: Final = (
    "what is not followed leads calls to the beginning of an extension, to a label or to a priority"
    " that a step names"
)
"""What is taken for granted of scripts and databases where a step is no sink from there."""
NO_CALLERS: Final = (
    "what databases, files, commands and other machines give is no text of a caller, unless a step"
    " puts one there"
)
ONE_BY_ONE: Final = (
    "where the parts of a text lead that a step takes apart is left to the row of that step"
)
"""What is taken for granted where a step has no row, wherever calls come from."""
BARE: Final = World(
    facts={"switch *": ""}, applications={name: {} for name in ("AGI", "EAGI", "DeadAGI", *OWN)}
)
"""Where switches have no step, and what is not followed goes on and sets nothing."""


@attrs.frozen(eq=False)
class _Way:
    """How a text of a caller gets into a sink."""

    entry: Entry
    node: Reached
    outcome: Outcome
    sunk: Sunk
    box: Box

    @property
    def marks(self) -> frozenset[Mark]:
        """What it depends on."""
        return self.node.marks | self.sunk.marks

    @property
    def world(self) -> World:
        """The world in which a call may go this way."""
        names = (mark.text.partition("(")[0] for mark in self.marks if "(" in mark.text)
        return attrs.evolve(
            BARE, applications={**BARE.applications, **{name: {} for name in names}}
        )

    def told(self, box: Box) -> tuple[Box, str]:
        """Return a box with a text that is taken apart, and what a caller sends for that."""
        one, found = self.sunk, numbers_of(box["d"])
        if one.part is None:
            return box, f"who sends {one.sent}"
        name = one.part.input
        text = at.concatenate(at.ANY, at.text_of(one.sink.telling), at.power(at.ALL, 1, None))
        said = found if name == "d" else Numbers.made(box[name])
        telling = Numbers.made(terms.both(said.automaton, text)).shortest() or said.shortest()
        example = telling or Numbers.made(box["d"]).shortest() or ""
        where = {"d": "", "n": " as the number of the caller"}.get(name[:1], " keyed in")
        if telling is not None:
            box = box.having(name, at.text_of(comparable(telling)))
        return box, f"such as {example!r}{where}"

    def shows(self, call: Call, box: Box, place: tuple[str, int]) -> str | None:
        """Return the text of the step where a call has it taken apart; None: it does not."""
        part, sent = self.sunk.part, ""
        if part is not None:
            raw = comparable(Numbers.made(box[part.input]).shortest() or "")
            sent = raw[part.start : part.end].decode("utf-8", "surrogateescape")
        for step in (*call.steps, *(step for leg in call.legs for step in leg.steps)):
            if (step.file, step.line) == place and (not self.marks or (sent and sent in step.data)):
                return self.sunk.text
        return None


@attrs.define(eq=False)
class _Sinks:
    """What was found of each step that may take a text apart."""

    engine: Engine
    ways: dict[tuple[_Text, str], list[_Way]] = attrs.field(factory=dict)
    unsure: dict[_Text, tuple[str, dict[Mark, None]]] = attrs.field(factory=dict)
    stops: dict[Mark, None] = attrs.field(factory=dict)
    assumed: dict[str, None] = attrs.field(factory=dict)
    contexts: set[str] = attrs.field(factory=set)
    steps: dict[Key, tuple[DialplanExtension, DialplanStep]] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.steps = {
            (context.name, one.key, step.priority): (one, step)
            for context in self.engine.plan
            for one in context.extensions
            for step in one.steps
        }

    def follow(self, result: Result, ways: list[Entry]) -> None:
        """Note what calls of some entries bring along."""
        for way in ways:
            self.stops |= dict.fromkeys(stops_of(result, way))
            self.contexts.add(way.context)
        for node, one, sunk in result.sunk:
            for way in begun_by(node, ways, self.engine):
                box = own_part(sunk.box, way)
                for text in self.ran(one, box) if box is not None else ():
                    found = self.ways.setdefault((text, sunk.sink.what), [])
                    if box is not None and len(found) < MANY:
                        own = self.engine.lookups.own(one.step, text[0], box)
                        found.append(_Way(way, node, one, sunk, own))
        for one, sink in result.unsure_sinks:
            for way in ways:
                box = own_part(one.box, way)
                for text in self.ran(one, box) if box is not None else ():
                    self.unsure.setdefault(text, (way.name, {}))[1][sink.mark] = None

    def ran(self, one: Outcome, box: Box) -> Iterator[_Text]:
        """Yield the steps that calls of a box run, as they are written."""
        if one.step is None:
            return
        for key in self.engine.lookups.run(one.step, box):
            yield key, str(self.steps[key][1])

    def rows(self) -> Iterator[Row]:
        """Yield what is to be said: of each step with a text that is, or may be, taken apart."""
        for (text, _), ways in self.ways.items():
            yield self.shown(text, ways)
        taken = {text for text, _ in self.ways}
        asked = self.stops or self.unsure.keys() - taken
        if asked:
            self.assumed |= {NO_CALLERS: None, ONE_BY_ONE: None}
        if self.stops:
            self.assumed[AT_BEGINNINGS] = None
        waiting, over = open_sinks(self.engine, self.contexts) if asked else (set(), ())
        for text, (name, marks) in self.unsure.items():
            if text not in taken and text[0] in waiting:
                yield self.unknown(text, name, [*over, *marks])
        said = {key for key, _ in (*taken, *self.unsure)}
        for key in self.steps if self.stops else ():
            if key in waiting and key not in said:
                place = f"[{key[0]}] {key[1]}"
                yield self.unknown((key, str(self.steps[key][1])), place, [*over, *self.stops])

    def shown(self, text: _Text, ways: list[_Way]) -> Row:
        """Return the row of a step with a text that is taken apart, if a call shows it."""
        place = self.place(text[0])
        ranked = sorted(ways, key=lambda one: (bool(one.marks), len(one.node.way())))
        for one in ranked[:TRIES]:
            inputs = inputs_of(one.node, one.box)
            box, because = one.told(inputs)
            box = single_of(one.node, box)
            shows = partial(one.shows, box=box, place=place)
            paper = OnPaper(self.engine, one.entry, one.world)
            witness = paper.does(one.node, box, one.outcome.facts, shows)
            if witness is not None:
                numbers = numbers_of(inputs["d"])
                because = f"{one.sunk.sink.what}, {because}"
                return Row(one.entry.name, text[1], "yes", because, numbers, witness, (), *place)
        first = ranked[0]
        unshown = [Opaque(f"a way to {first.sunk.text} that no call on paper takes", *place)]
        return self.unknown(text, first.entry.name, in_order(first.marks) or unshown)

    def unknown(self, text: _Text, name: str, marks: Iterable[Mark]) -> Row:
        """Return the row of a step of which it is not known what gets there."""
        reasons, place = depends(marks), self.place(text[0])
        said = [one.expression if (one.file, one.line) == place else str(one) for one in reasons]
        because = it_depends(said)
        return Row(name, text[1], "unknown", because, Numbers(), None, reasons, *place)

    def place(self, key: Key) -> tuple[str, int]:
        """Return file and line of a step."""
        return place_of(self.engine.lookups.loaded, key[0], self.steps[key][0], key[2])


def injections(workspace: Workspace, entry: Who, assumed: Assumed) -> TableAnswer:
    """Return the steps that take a caller's text apart; see `Questions.injections`."""
    searches = searches_of(workspace, assumed=assumed)
    found = _Sinks(searches.engine)
    for ways, result in searches.together(entries_of(workspace, entry, messages=True)):
        found.follow(result, ways)
    rows = sorted(found.rows(), key=lambda row: row.verdict != "yes")
    verdict = verdict_of(row.verdict for row in rows)
    reasons = dict.fromkeys(one for row in rows for one in row.unknown_because)
    sure = sum(row.verdict == "yes" for row in rows)
    because = {
        "yes": f"the text of a caller is taken apart in {count(sure, 'step')}",
        "no": "no step takes the text of a caller apart",
        "unknown": it_depends(reasons),
    }[verdict]
    assumptions = (*ASSUMPTIONS, *assumed.said, *found.assumed)
    return TableAnswer("injections", verdict, because, tuple(rows), assumptions=assumptions)
