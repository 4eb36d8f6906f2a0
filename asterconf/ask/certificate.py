"""Checks a "no" without the search that found it.

A certificate is every state that calls reach: a place, with the inputs that are there. Three things
make it a proof, and each is checked for whole sets of calls, not for some of them: all calls of the
entry are in it where they come in; what the next step does to the calls of each state, on every way
that inputs and the world leave open, leads to a state that has these calls too; and no step
dials a trunk, or does what is not followed.

What a step does is taken from the table of effects that every call runs by (`asterconf.flow`), as
`FurtherStep` answers it for a set of calls. The search itself (its order, what it remembers, joins,
leaves out and gives up) has no part in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import attrs

from asterconf.ask.assumed import NOTHING, Assumed
from asterconf.ask.entries import entries_of
from asterconf.ask.placed import DoneError, start_of
from asterconf.ask.states import Reached, State, renamed, target_endpoint
from asterconf.ask.steps import FurtherStep
from asterconf.ask.surroundings import Surroundings
from asterconf.ask.values import ForkError, UndecidedError
from asterconf.numbers import automaton as at
from asterconf.numbers import terms
from asterconf.numbers.terms import Box, InputSlice, Opaque
from asterconf.source import comparable
from asterconf.workspace import Workspace

_Known: TypeAlias = dict[State, list["CertifiedState"]]


@attrs.frozen
class CertifiedState:
    """A place that calls reach, with all that decides how they go on, and with which inputs."""

    state: State
    box: Box


@attrs.frozen
class Certificate:
    """All that calls of an entry reach, none of which dials a trunk.

    Attributes:
        entry: where they come in.
        context: its context.
        callerid: the number of its calls; None: any.
        dialled: the texts that are dialled there.
        trunks: the endpoints that are not dialled.
        states: where they get.
        atoms: what the terms of the states hold.
        lines: technologies that may lead out too; nothing is dialled by them.
        assumed: what was taken for known.
    """

    entry: str
    context: str
    callerid: str | None
    dialled: at.Automaton = attrs.field(repr=False)
    trunks: tuple[str, ...]
    states: tuple[CertifiedState, ...] = attrs.field(repr=False)
    atoms: terms.Atoms | None = attrs.field(default=None, repr=False, eq=False)
    lines: frozenset[str] = frozenset()
    assumed: Assumed = NOTHING

    def faults(self, workspace: Workspace) -> list[str]:
        """Return what is wrong with it, in words; empty: it is a proof.

        Args:
            workspace: the configuration.
        """
        if not (self.trunks or self.lines):
            return []  # none of no trunks is dialled
        atoms, known = self.atoms or terms.Atoms(), _Known()
        around = Surroundings(workspace, atoms=atoms, assumed=self.assumed)
        around.lookups.exact = True  # who is dialled is looked up one by one
        states = [one for one in self.states if not one.box.is_empty]
        for one in states:
            known.setdefault(_place(one.state), []).append(one)
        faults: dict[str, None] = {}
        if not self._starts(around, known):
            faults[f"not all calls that come in at {self.entry} are in it"] = None
        for one in states:
            for step, stop in _ways(around, one.state, one.box):
                faults |= dict.fromkeys(self._wrong(one.state, step, stop, known))
        return [*faults]

    def _starts(self, around: Surroundings, known: _Known) -> bool:
        """Return whether all calls of the entry are where they come in."""
        (way,) = (w for w in entries_of(around.workspace, self.entry) if w.name == self.entry)
        start = start_of(way, around, self.dialled)
        callerid = (self.context, self.callerid) == (way.context, way.callerid)
        return callerid and _has(known, start.state, start.box)

    def _wrong(
        self, state: State, step: FurtherStep, stop: Opaque | str | None, known: _Known
    ) -> Iterator[str]:
        """Yield what the calls of a state do on one way that the certificate does not have."""
        if self._own(step.box):  # searches are shared: other callers may be followed too
            for mark in (*step.doubts, *([stop] if isinstance(stop, Opaque) else [])):
                yield f"it depends on {mark.text}"
            yield from (f"{state.context} dials {t}" for t, *_ in step.dialed if self._out(t, step))
        if isinstance(stop, Opaque):
            return
        sides = [renamed(side, step.box) for side in step.sides]
        own = step.after() if stop is None else step.ended()
        for after, box in (*sides, *([(own, step.box)] if own is not None else [])):
            if not _has(known, after, box):
                yield f"{state.context}:{state.priority} leads to {after.context}:{after.priority}"

    def _own(self, box: Box) -> list[Box]:
        """Return the part of a box that calls of the entry have."""
        if self.callerid is None:
            return [box]
        return terms.inside(
            terms.char_of(InputSlice("n")), at.text_of(comparable(self.callerid)), box
        )

    def _out(self, target: str, step: FurtherStep) -> bool:
        """Return whether calls of the entry may dial a trunk or a line by a target."""
        name, technology = target_endpoint(target), target.partition("/")[0]
        if name is None:
            return technology.lower() in self.lines or any(
                isinstance(part, Opaque) for part in terms.atoms(technology)
            )
        wanted = at.union(at.text_of(comparable(one)) for one in self.trunks)
        try:
            return any(terms.inside(name, wanted, own) for own in self._own(step.box))
        except terms.OpaqueError:
            return True


def _ways(
    around: Surroundings, state: State, box: Box
) -> Iterator[tuple[FurtherStep, Opaque | str | None]]:
    """Yield the next step of a state on every way, with what stops it; "": the call is over."""
    waiting: list[tuple[Box, tuple[int, ...]]] = [(box, ())]
    while waiting:
        part, choices = waiting.pop()
        step = FurtherStep.of(around, Reached(state, box), part, choices)
        try:
            try:
                step.run()
            finally:
                waiting += ((part, other) for other in step.others)
        except ForkError as fork:
            waiting += ((one, step.choices) for one in fork.boxes)
        except UndecidedError as stop:
            yield step, stop.mark
        except at.BudgetError as error:
            yield step, Opaque(f"budget: {error}")
        except DoneError:
            yield step, ""
        else:
            yield step, None


def _place(state: State) -> State:
    return attrs.evolve(state, variables=())


def _has(known: _Known, state: State, box: Box) -> bool:
    """Return whether all calls of a box that are in a state are in a certificate.

    Inputs that no later step mentions count no more, and a variable that is opaque there, of no
    place, may be anything.
    """
    for one in known.get(_place(state), ()):
        names = frozenset(name for name, _ in box.sets) - {name for name, _ in one.box.sets}
        if one.box.covers(box.without(names)) and _alike(state, one.state):
            return True
    return False


def _alike(state: State, wide: State) -> bool:
    """Return whether the variables of a state are those of another, or anything there."""
    return len(state.variables) == len(wide.variables) and all(
        name == there and (value == text or [*terms.parts(text)] == [Opaque(f"${{{name}}}")])
        for (name, value), (there, text) in zip(state.variables, wide.variables, strict=True)
    )
