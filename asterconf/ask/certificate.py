"""Checks a "no" without the engine that found it.

A certificate is every state that calls reach: a place, and the inputs that are there. This module
shares nothing with `asterconf.ask.engine`. It runs members of every box as single calls, with the
simulator, in worlds in which everybody answers, is busy, does not answer or is not there, and each
step of each call must be in some state, and nothing that is dialled a trunk.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

import attrs

from asterconf.calls.call import Call, make_call
from asterconf.calls.world import Answers, Busy, Congestion, NoAnswer, Unreachable, World
from asterconf.numbers import Numbers, terms
from asterconf.numbers import automaton as at
from asterconf.numbers.terms import Box
from asterconf.source import comparable
from asterconf.workspace import Workspace

__all__ = ["Certificate", "CertifiedState"]

WORLDS: Final = tuple(
    World(answers={"*": answer}, digits=digits)
    for answer, digits in (
        (Answers(), ""), (Busy(), "1"), (NoAnswer(), "9w"), (Unreachable(), "0"),
        (Congestion(), ""),
    )
)  # fmt: skip


@attrs.frozen
class CertifiedState:
    """A place that calls reach, and with which inputs.

    Attributes:
        context: where they are.
        exten: what `${EXTEN}` is, as a term.
        priority: the step that comes next.
        box: the inputs.
    """

    context: str
    exten: str
    priority: int
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
    """

    entry: str
    context: str
    callerid: str | None
    dialled: at.Automaton = attrs.field(repr=False)
    trunks: tuple[str, ...]
    states: tuple[CertifiedState, ...] = attrs.field(repr=False)
    atoms: terms.Atoms | None = attrs.field(default=None, repr=False, eq=False)

    def faults(self, workspace: Workspace, *, samples: int = 3, seed: int = 0) -> list[str]:
        """Return what is wrong with it, in words; empty: nothing was found.

        Args:
            workspace: the configuration.
            samples: how many members of each box are run as calls.
            seed: where the choice of members begins.
        """
        if not self.trunks:
            return []  # none of no trunks is dialled
        found = [] if self._starts() else [f"not all calls that come in at {self.entry} are in it"]
        places: dict[tuple[str, int], list[CertifiedState]] = {}
        for state in self.states:
            places.setdefault((state.context, state.priority), []).append(state)
        for number, caller in self._members(samples, seed):
            for world in WORLDS:
                call = self._call(workspace, number, caller, world)
                found += self._wrong(call, number, places) if call is not None else []
        return list(dict.fromkeys(found))

    def _starts(self) -> bool:
        """Return whether every text that is dialled is where calls come in."""
        return any(
            state.context == self.context
            and state.priority == 1
            and [*terms.parts(state.exten)] == [terms.InputSlice("d")]
            and at.combine(self.dialled, state.box["d"], lambda one, two: one and not two).is_empty
            for state in self.states
        )

    def _members(self, samples: int, seed: int) -> Iterator[tuple[str, str]]:
        """Yield numbers with callers, some of every box; each once."""
        seen: set[tuple[str, str]] = set()
        for state in self.states:
            numbers = Numbers.made(state.box["d"]).samples(samples, seed)
            callers = [self.callerid] if self.callerid is not None else []
            callers = callers or Numbers.made(state.box["n"]).samples(2, seed) or [""]
            for place, number in enumerate(numbers):
                one = number, str(callers[place % len(callers)])
                if one not in seen:
                    seen.add(one)
                    yield one

    def _call(self, workspace: Workspace, number: str, caller: str, world: World) -> Call | None:
        given = caller if self.callerid is None else None
        if given and not (given.isascii() and given.isdecimal()):
            given = ""
        try:
            return make_call(
                workspace, number, entry=self.entry, callerid=given, world=world,
                at=datetime(2026, 1, 5, 12, 0, tzinfo=UTC),
            )  # fmt: skip
        except ValueError:  # a line end cannot be dialled
            return None

    def _wrong(
        self, call: Call, number: str, places: dict[tuple[str, int], list[CertifiedState]]
    ) -> Iterator[str]:
        """Yield what a call does that the certificate does not have."""
        for step in (*call.steps, *(step for leg in call.legs for step in leg.steps)):
            states = places.get((step.context, step.priority), ())
            if not any(_holds(state, number, step.exten) for state in states):
                yield f"{number!r} gets to {step.exten}@{step.context}:{step.priority}"
        for one in call.dialed:
            technology, _, resource = one.target.partition("/")
            name = resource.partition("/")[0]
            endpoint = name.partition("@")[2] if "@" in name else name
            if technology.lower() in ("pjsip", "sip", "iax2") and endpoint in self.trunks:
                yield f"{number!r} dials {one.target}"


def _holds(state: CertifiedState, number: str, exten: str) -> bool:
    """Return whether a state has a number as what was dialled and a text as its extension."""
    if not state.box["d"].accepts_text(comparable(number)):
        return False
    one = state.box.having("d", at.text_of(comparable(number)))
    try:
        return bool(terms.inside(state.exten, at.text_of(comparable(exten)), one))
    except terms.OpaqueError:
        return True
