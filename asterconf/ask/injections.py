"""Where the text of a caller is taken apart: a verdict for each step that may do it.

Calls are followed, and each text of a caller that gets into a sink is shown by a call on paper.
Where some calls cannot be followed, each step is asked once more, by itself: what gets into its
sinks if any call stands there, whatever its variables hold. Only what its own extension lets
through is known of it then; where that stays in one piece, no way there can take it apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial
from typing import Final, Self, TypeAlias

import attrs

from asterconf.ask.answers import Row, TableAnswer, depends, verdict_of
from asterconf.ask.applications import OWN
from asterconf.ask.engine import Engine
from asterconf.ask.entries import Entry, entries_of
from asterconf.ask.places import place_of
from asterconf.ask.reach import (
    TRIES,
    inputs_of,
    marks_of,
    own_part,
    searches_of,
    shown_by,
    single_of,
)
from asterconf.ask.states import Outcome, Reached, Result, State
from asterconf.ask.steps import DoneError, FurtherStep
from asterconf.ask.surroundings import Surroundings
from asterconf.ask.values import Mark, UndecidedError, numbers_of
from asterconf.calls.call import Call
from asterconf.calls.world import World
from asterconf.dialplan.values import DialplanExtension, DialplanStep
from asterconf.flow import effects as fx
from asterconf.flow.sinks import MADE_BY_ASTERISK, Sunk, has_sink
from asterconf.language import template
from asterconf.numbers import Numbers, terms
from asterconf.numbers import automaton as at
from asterconf.numbers.terms import Box, InputSlice, Opaque
from asterconf.source import comparable, count, fold
from asterconf.workspace import Workspace

Key: TypeAlias = tuple[str, str, int]
"""Context, extension and priority of a step."""
_Text: TypeAlias = tuple[Key, str]
"""A step, and how it is written."""
SHOWN: Final = 3
"""So many reasons are said where there are more."""
FROM_ONE: Final = 4_000
"""So many ways of steps are followed from one place where calls may stand."""
MANY: Final = 100
"""So many ways to a sink are kept, of which the shortest are tried."""
WRAPPING: Final = frozenset({"Exec", "ExecIf", "TryExec", "ExecIfTime"})
"""Applications that carry out another."""
_APPS: Final = "goto|gotoif|gotoiftime|gosub|gosubif|macro|macroif|channelredirect|originate"
JUMPING: Final = re.compile(rf"\b({_APPS})\(", re.IGNORECASE)
"""Steps that lead to a priority, also in others."""
BLOCKS: Final = frozenset({"while", "endwhile", "if", "elseif", "else", "endif"})
"""Steps to which, or behind which, others lead without a name of it."""
ARGUMENTS: Final = re.compile(r"(,\s*[\w-]+)\([^()]*\)")
"""What a subroutine is given."""
RECKONED: Final = re.compile(rf"(\b({_APPS})\(|[,?:])\s*(\0|[-+]\d+)\s*($|[:)])", re.IGNORECASE)
"""A priority that is relative, or all of it made, which is a zero byte."""
AT_BEGINNINGS: Final = (
    "what is not followed leads calls to the beginning of an extension, to a label or to a priority"
    " that a step names"
)
"""What is taken for granted of scripts and databases where a step is no sink from there."""
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
    steps: dict[Key, tuple[DialplanExtension, DialplanStep]] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.steps = {
            (context.name, one.key, step.priority): (one, step)
            for context in self.engine.plan
            for one in context.extensions
            for step in one.steps
        }

    def follow(self, result: Result, way: Entry) -> None:
        """Note what calls of an entry bring along."""
        self.stops |= dict.fromkeys(marks_of(result, way))
        for node, one, sunk in result.sunk:
            box = own_part(sunk.box, way)
            for text in self.ran(one, box) if box is not None else ():
                found = self.ways.setdefault((text, sunk.sink.what), [])
                if box is not None and len(found) < MANY:
                    own = self.engine.lookups.own(one.step, text[0], box)
                    found.append(_Way(way, node, one, sunk, own))
        for one, sink in result.unsure_sinks:
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
        for text, (name, marks) in self.unsure.items():
            if text not in taken:
                yield self.unknown(text, name, marks)
        said = {key for key, _ in (*taken, *self.unsure)}
        for key in open_sinks(self.engine, said) if self.stops else ():
            yield self.unknown((key, str(self.steps[key][1])), f"[{key[0]}] {key[1]}", self.stops)

    def shown(self, text: _Text, ways: list[_Way]) -> Row:
        """Return the row of a step with a text that is taken apart, if a call shows it."""
        work, place = self.engine.workspace, self.place(text[0])
        ranked = sorted(ways, key=lambda one: (bool(one.marks), len(one.node.way())))
        for one in ranked[:TRIES]:
            nodes = one.node.way()
            inputs = inputs_of(nodes, one.box)
            box, because = one.told(inputs)
            box = single_of(nodes, box)
            witness = shown_by(
                work, self.engine, one.entry, nodes, box, one.outcome.facts,
                partial(one.shows, box=box, place=place), one.world,
            )  # fmt: skip
            if witness is not None:
                numbers = numbers_of(inputs["d"])
                because = f"{one.sunk.sink.what}, {because}"
                return Row(one.entry.name, text[1], "yes", because, numbers, witness, (), *place)
        first = ranked[0]
        way_there = f"a way to {first.sunk.text} that no call on paper takes"
        return self.unknown(text, first.entry.name, first.marks or [Opaque(way_there, *place)])

    def unknown(self, text: _Text, name: str, marks: Iterable[Mark]) -> Row:
        """Return the row of a step of which it is not known what gets there."""
        reasons, place = depends(marks), self.place(text[0])
        said = [one.expression if (one.file, one.line) == place else str(one) for one in reasons]
        because = f"it depends on {', '.join(said[:SHOWN])}"
        return Row(name, text[1], "unknown", because, Numbers(), None, reasons, *place)

    def place(self, key: Key) -> tuple[str, int]:
        """Return file and line of a step."""
        return place_of(self.engine.workspace, key[0], self.steps[key][0], key[2])


def sinks_of(engine: Engine) -> list[Key]:
    """Return the steps that give a text that is not constant to what may take it apart."""
    return [
        (context.name, one.key, step.priority)
        for context in engine.plan
        for one in context.extensions
        for step in one.steps
        if "$" in step.data and not one.made_by and has_sink(str(step), engine.queries)
    ]


@attrs.define(eq=False)
class StandingStep(FurtherStep):
    """A step of which only that matters what gets into its sinks, and what comes next.

    `kept` are variables that are known whatever was done before.
    """

    kept: Mapping[str, str] = attrs.field(factory=dict)

    def forget(self, mark: Mark) -> None:
        """Let no variable be known any more that some step writes."""
        super().forget(mark)
        self.variables |= self.kept

    def perform(self, name: str, data: str) -> None:
        """Carry out an application; go on with no variable known where it cannot be followed."""
        try:
            super().perform(name, data)
        except UndecidedError as stop:
            if name in WRAPPING:
                raise
            self.forget(stop.mark)

    def expression(self, part: template.Expression) -> str:
        """Return what `$[…]` becomes; a text that is not known may make it any."""
        content = self.text(part.content)
        if any(isinstance(one, Opaque) for one in terms.atoms(content)):
            return self.opaque(part.text, self.sender(content))
        return super().expression(part)

    def jumped(self, effect: fx.JumpTo) -> bool:
        """Leave alone where a jump leads: calls are followed from there by themselves."""
        if effect.target and self.choose((True, False)):
            raise DoneError
        self.frames.append((self.context, self.exten, self.priority, ()))
        return False

    def push(self, effect: fx.Push) -> bool:
        """Leave alone where a subroutine begins, and go on behind it with nothing known."""
        if effect.inline:
            return super().push(effect)
        self.frames.append((self.context, self.exten, self.priority, ()))
        return True

    def further(self, *_: object, **__: object) -> None:
        """Leave alone what else a caller can dial."""

    def side(self, *_: object, **__: object) -> None:
        """Leave alone what other channels do."""


@attrs.define(eq=False)
class Standing:
    """What gets into the sinks of every step, if any call stands where one may come in.

    That is the beginning of each extension, its labels, and the priorities that jumps name. No
    variable is known there but those that no step writes.
    """

    engine: Engine
    starts: Callable[[int], bool]
    kept: dict[str, str]
    unsafe: set[Key] = attrs.field(factory=set)
    safe: set[Key] = attrs.field(factory=set)
    _seen: set[tuple[State, Box]] = attrs.field(factory=set)

    @property
    def values(self) -> tuple[tuple[str, str], ...]:
        """The variables of a call that may have been anywhere."""
        every = {"CALLERID(num)": terms.char_of(InputSlice("n")), "~all": "", **self.kept}
        return tuple(sorted(every.items()))

    @classmethod
    def of(cls, engine: Engine) -> Self:
        """Return it for a dialplan."""
        found = cls(engine, starts_of(engine), constants(engine))
        number = terms.char_of(InputSlice("d"))
        box = Box((("d", engine.lookups.anything), ("n", at.ANY)), engine.lookups.moments.all)
        for context in engine.plan:
            places = {
                step.priority + more
                for one in context.extensions
                for step in one.steps
                for block in [fold(step.app) in BLOCKS]
                for more in (0, 1)[: 1 + block]
                if block or found.starts(step.priority) or step.label or step is one.steps[0]
            }
            for priority in sorted(places):
                found.follow(Reached(State(context.name, number, priority, found.values), box))
        return found

    def follow(self, node: Reached) -> None:
        """Follow calls from a place to the end of its extension, if that is not too long."""
        waiting, self.engine.taken = [node], 0
        while waiting:
            node = waiting.pop()
            if self.engine.taken > FROM_ONE:
                self.unsafe |= from_here(self.engine, node.state)
                continue
            if (node.state, node.box) in self._seen:
                continue
            self._seen.add((node.state, node.box))
            for step, ended, mark in self.engine.ways(node, self.made):
                if step.found is None:
                    if mark is not None:  # it was not even looked up
                        self.unsafe |= from_here(self.engine, node.state)
                    continue
                ran = {*self.engine.lookups.run(step.found, step.box)}
                wrong = mark is not None or step.sunk or step.unsure_sinks
                (self.unsafe if wrong else self.safe).update(ran)
                waiting += () if ended else self.behind(node.state, step)

    def made(
        self, engine: Surroundings, node: Reached, box: Box, choices: tuple[int, ...]
    ) -> StandingStep:
        """Return the next step of a node."""
        return attrs.evolve(StandingStep.of(engine, node, box, choices), kept=self.kept)

    def behind(self, state: State, step: FurtherStep) -> Iterator[Reached]:
        """Yield where calls go on behind a step, unless that is followed anyhow."""
        after, following = step.after(), attrs.evolve(state, priority=state.priority + 1)
        if after.frames or step.doubts:
            yield Reached(attrs.evolve(following, variables=self.values), step.box)
        here = (after.context, after.exten, after.priority, after.frames)
        if here == (following.context, following.exten, following.priority, ()):
            yield Reached(after, step.box)


def starts_of(engine: Engine) -> Callable[[int], bool]:
    """Return what tells of a priority whether jumps may name it."""
    steps = [f"{app}({data})" for app, data in engine.lines()]
    jumps = [text for text in steps if JUMPING.search(text)]
    if any(RECKONED.search(ARGUMENTS.sub(r"\1", written(text))) for text in jumps):
        return lambda _: True
    named = {1, *(int(number) for text in jumps for number in re.findall(r"\d{1,9}", text))}
    return named.__contains__


def written(text: str) -> str:
    """Return a text with a zero byte for each part that is made."""
    parts = template.parse(text).parts
    return "".join(one.text if isinstance(one, template.Literal) else "\0" for one in parts)


def from_here(engine: Engine, state: State) -> set[Key]:
    """Return the steps that calls of a state may come to as they go on in their extension."""
    return {
        (holder, one.key, step.priority)
        for _, held in engine.lookups.closures(state.context)
        for holder, one in held.entries
        for step in one.steps
        if step.priority >= state.priority
    }


def open_sinks(engine: Engine, said: Collection[Key] = ()) -> list[Key]:
    """Return the steps with a text that may be taken apart, wherever calls come from.

    `said` are left out.
    """
    wanted = [key for key in sinks_of(engine) if key not in said]
    if any(fold(switch.name) == "loopback" for switch in engine.plan.switches):
        return wanted  # EXTEN is another text there than the one that was looked up
    found = engine.workspace.view("standing", (engine,), lambda: Standing.of(engine))
    return [key for key in wanted if key in found.unsafe or key not in found.safe]


def constants(engine: Engine) -> dict[str, str]:
    """Return the global variables that no step names but to read them.

    Beside them those that Asterisk sets itself, and that a step sets too: anything may be in them.
    """
    texts = [f"{app}({data})" for app, data in engine.lines()]
    words = {word for text in texts for word in re.findall(r"(?<!\$\{)\b_*(\w+)\s*[=,)]", text)}
    found = {
        name: value
        for name, value in engine.globals.items()
        if terms.is_constant(value) and name not in words | MADE_BY_ASTERISK
    }
    for name in words & MADE_BY_ASTERISK:
        found[name] = engine.atoms.char_of(Opaque(f"what steps set {name} to"))
    return {name: value for name, value in found.items() if engine.reads(name)}


def injections(
    workspace: Workspace, entry: str | Iterable[str], domain: str, assumptions: tuple[str, ...]
) -> TableAnswer:
    """Return the steps that take a caller's text apart; see `Questions.injections`."""
    searches = searches_of(workspace)
    found = _Sinks(searches.engine)
    for way in entries_of(workspace, entry, messages=True):
        found.follow(searches.ways(way), way)
    rows = sorted(found.rows(), key=lambda row: row.verdict != "yes")
    verdict = verdict_of(row.verdict for row in rows)
    reasons = dict.fromkeys(one for row in rows for one in row.unknown_because)
    sure = sum(row.verdict == "yes" for row in rows)
    because = {
        "yes": f"the text of a caller is taken apart in {count(sure, 'step')}",
        "no": "no step takes the text of a caller apart",
        "unknown": f"it depends on {', '.join(map(str, [*reasons][:SHOWN]))}",
    }[verdict]
    assumptions = (*assumptions, AT_BEGINNINGS) if found.stops else assumptions
    return TableAnswer("injections", verdict, because, tuple(rows), domain, assumptions)
