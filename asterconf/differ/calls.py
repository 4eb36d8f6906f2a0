"""Which calls change: for each entry the numbers that behave differently, proved or with a call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice, zip_longest
from typing import TYPE_CHECKING, Final

import attrs

from asterconf._lazy import LazyModule
from asterconf.ask.answers import (
    ASSUMPTIONS,
    ChangedCalls,
    ComparedCalls,
    Witness,
    depends,
    it_depends,
    verdict_of,
)
from asterconf.ask.entries import Entry, entries_of
from asterconf.ask.placed import start_of
from asterconf.ask.reach import own_part
from asterconf.ask.sameness import event_of, observed
from asterconf.ask.states import Reached
from asterconf.ask.values import Mark, in_order, numbers_of
from asterconf.ask.witnesses import OnPaper, single_of
from asterconf.calls.call import Call, entry_callerid
from asterconf.errors import LoadError, NotFoundError
from asterconf.language import callerid as callerids
from asterconf.numbers import Numbers
from asterconf.numbers import automaton as at
from asterconf.numbers.terms import Box, Opaque
from asterconf.secrets import shown_step
from asterconf.source import comparable, printable
from asterconf.workspace import Workspace

if TYPE_CHECKING:
    from asterconf.ask import bisimulation
    from asterconf.ask.bisimulation import Bisimulation, Divergence
else:
    bisimulation = LazyModule("asterconf.ask.bisimulation")

TRIES: Final = 3
"""So many numbers of a class are called before it is unknown whether it differs."""
_FAILURES: Final = ("NOANSWER", "BUSY", "CHANUNAVAIL", "")
"""Ends that one stands for where no step asks which it was."""
SEEN: Final = (
    ("what is dialled, played, recorded and set outside of a call, by which caller, and how it ends"
    " is compared; not what is logged, and not the settings of those who are called"),
    "what is asked of a running Asterisk is the same before and after",
)  # fmt: skip


def compared_calls(old: Workspace, new: Workspace, entry: str | Iterable[str]) -> ComparedCalls:
    """Return which calls two configurations treat otherwise; see `Diff.calls`."""
    if all(work.resolve("extensions.conf") is None for work in (old, new)):
        return _answer(())  # there is no dialplan, and no call
    if not (old.dialplan.loaded and new.dialplan.loaded):
        raise LoadError("Asterisk refuses extensions.conf, so there are no calls to compare")
    pairs = _entries(old, new, entry)
    for work in (old, new):
        what = work.complete_plan.general.other_lookup
        if what:
            row = ChangedCalls(
                "any", "unknown", f"{what} is set", unknown_because=depends([Opaque(what)])
            )
            return _answer((row,))
    if _same_files(old, new) and bisimulation.same_plan(old, new):
        return _answer(())
    search = _Rows(old, new, bisimulation.Bisimulation.of(old, new))
    rows = [
        row for name, (mine, theirs) in pairs.items() for row in search.rows(name, mine, theirs)
    ]
    return _answer(tuple(rows))


def _same_files(old: Workspace, new: Workspace) -> bool:
    """Return whether both have the same files, and these include the same, byte for byte."""
    return {*old.names} == {*new.names} and all(
        bisimulation.contents(old, name) == bisimulation.contents(new, name) for name in old.names
    )


def _answer(rows: tuple[ChangedCalls, ...]) -> ComparedCalls:
    verdict = verdict_of(row.verdict for row in rows)
    names = ", ".join(dict.fromkeys(row.entry for row in rows if row.verdict == verdict))
    because = {
        "yes": f"calls from {names} behave differently",
        "no": "every call is the same on both sides",
        "unknown": f"whether calls from {names} are the same is not known",
    }[verdict]
    return ComparedCalls(verdict, because, rows, assumptions=(*ASSUMPTIONS, *SEEN))


def _entries(
    old: Workspace, new: Workspace, given: str | Iterable[str]
) -> dict[str, tuple[Entry | None, Entry | None]]:
    """Return the ways in that words mean on either side, by name.

    Raises:
        NotFoundError: neither side has one.
    """
    found: dict[str, tuple[Entry | None, Entry | None]] = {}
    for word in [given] if isinstance(given, str) else given:
        sides: list[dict[str, Entry]] = []
        missing = None
        for work in (old, new):
            try:
                sides.append({one.name: one for one in entries_of(work, word, messages=True)})
            except NotFoundError as error:
                sides.append({})
                missing = error
        if missing is not None and not any(sides):
            raise missing
        for name in dict.fromkeys((*sides[0], *sides[1])):
            found[name] = sides[0].get(name), sides[1].get(name)
    return found


@attrs.define(eq=False)
class _Rows:
    """The comparison of all entries; those with equal beginnings are compared once."""

    old: Workspace
    new: Workspace
    both: Bisimulation
    _done: dict[object, list[Divergence]] = attrs.field(init=False, factory=dict)

    def rows(self, name: str, old: Entry | None, new: Entry | None) -> Iterator[ChangedCalls]:
        """Yield the classes of calls of an entry that differ, or may."""
        if old is None or new is None:
            when = "before" if old is None else "any more"
            yield ChangedCalls(name, "yes", f"there is no {name} {when}", Numbers("_."))
            return
        starts = self._starts(old, new)
        key = starts[0].state, starts[1].state
        if key not in self._done:
            self._done[key] = self.both.explore(*starts)
        shown, doubtful = Numbers(), Numbers()
        doubts: dict[Mark, None] = {}
        for group in _groups(self._done[key], new if old.callerid == new.callerid else None):
            row: ChangedCalls | None = None
            for one, box in sorted(group, key=_rank):
                numbers = (numbers_of(box["d"]) or Numbers.made(box["d"])) - shown
                made = self._shown(old, new, one, box, numbers) if numbers else None
                if made is not None:
                    shown |= numbers
                    row = made if row is None else attrs.evolve(row, numbers=row.numbers | numbers)
                elif numbers:
                    doubtful |= numbers
                    doubts |= dict.fromkeys(_reasons(one))
            if row is not None:
                yield row
        if doubtful - shown:
            reasons = depends(doubts)
            yield ChangedCalls(
                name, "unknown", it_depends(reasons), doubtful - shown, None, reasons
            )

    def _starts(self, old: Entry, new: Entry) -> tuple[Reached, Reached]:
        """Return where calls begin on both sides; if their caller ids differ, with these."""
        sides = (old, self.both.old), (new, self.both.new)
        begun = [start_of(way, engine) for way, engine in sides]
        texts = [
            entry_callerid(side.workspace, way.name) if way.role else "" for way, side in sides
        ]
        for number, (way, _) in enumerate(sides):
            values = dict(begun[number].state.variables)
            if old.callerid != new.callerid and way.callerid is not None:
                values["CALLERID(num)"] = way.callerid
            if texts[0] != texts[1]:
                values["CALLERID(name)"] = callerids.parse(texts[number]).name
            state = attrs.evolve(begun[number].state, variables=tuple(sorted(values.items())))
            begun[number] = attrs.evolve(begun[number], state=state)
        return begun[0], begun[1]

    def _shown(
        self, old: Entry, new: Entry, one: Divergence, box: Box, numbers: Numbers
    ) -> ChangedCalls | None:
        """Return calls that differ, with one that shows it; None: no call on paper does."""
        if not one.shown:
            return None
        for text in (Numbers.made(box["d"]) & numbers).samples(TRIES, 0):
            found = self._calls(old, new, one, box.having("d", at.text_of(comparable(text))))
            if found is not None:
                witness, before, after = found
                because = _because(before, after) or one.shown.replace(" or ", " -> ", 1)
                row = ChangedCalls(new.name, "yes", printable(because), numbers, witness)
                return attrs.evolve(row, old=before, new=after)
        return None

    def _calls(
        self, old: Entry, new: Entry, found: Divergence, box: Box
    ) -> tuple[Witness, Call, Call] | None:
        """Return calls of one number before and now, if they differ."""
        for trail in islice(self.both.trails(found), 4 * TRIES):
            made = self._made(old, new, trail, found, box)
            if made is not None:
                return made
        return None

    def _made(
        self, old: Entry, new: Entry, trail: Reached, found: Divergence, box: Box
    ) -> tuple[Witness, Call, Call] | None:
        facts, single = [*trail.facts_before(), *found.facts], single_of(trail, box)
        for end in _FAILURES:  # the last: as the files let those who are called answer
            world = [
                (k, a, end if r == "NOANSWER" else r) for k, a, r in facts if end or k != "leg"
            ]
            before = OnPaper(self.both.old, old).calls(trail, single, world)
            after = OnPaper(self.both.new, new).calls(trail, single, world)
            if before is None or after is None:
                continue
            for one, other in zip(before.calls, after.calls, strict=True):
                if observed(one) != observed(other):
                    return after, one, other
        return None


def _groups(found: list[Divergence], way: Entry | None) -> list[list[tuple[Divergence, Box]]]:
    """Return what was found by the steps that differ, those that a call may show first."""
    groups: dict[tuple[bool, object, str], list[tuple[Divergence, Box]]] = {}
    for one in found:
        box = one.box if way is None else own_part(one.box, way)
        if box is not None:
            groups.setdefault((not one.shown, one.places, one.shown), []).append((one, box))
    return [group for _, group in sorted(groups.items(), key=lambda one: one[0][0])]


def _rank(one: tuple[Divergence, Box]) -> tuple[bool, int, int]:
    """Return which of several ways a call is made of first: short ones, in which one answers."""
    facts = [*one[0].trail.facts_before(), *one[0].facts]
    unanswered = sum(kind == "leg" and result != "ANSWER" for kind, _, result in facts)
    return bool(one[0].marks), unanswered, len(one[0].trail.way())


def _reasons(found: Divergence) -> list[Mark]:
    """Return what decides whether calls differ."""
    marks = [*in_order(found.marks), *in_order(found.trail.marks)]
    if marks:
        return marks
    return [Opaque(f"{found.shown}, which no call on paper shows", *found.places[1])]


def _because(old: Call, new: Call) -> str:
    """Return how two calls differ: by their ends, by what they dial, or by what a step does."""
    dialled = (
        ", ".join(f"{one} as {one.callerid or 'nobody'}" for one in call.dialed)
        for call in (old, new)
    )
    ends = str(old.outcome), str(new.outcome)
    before, after = ends if ends[0] != ends[1] else (f"dials {one or 'nobody'}" for one in dialled)
    if before != after:
        return f"{before} -> {after}"
    steps = zip_longest(*map(_steps, (old, new)), fillvalue=("", "no step"))
    before, after = next(((a[1], b[1]) for a, b in steps if a[0] != b[0]), ("", ""))
    return f"{before} -> {after if after != before else 'another secret'}" if before else ""


def _steps(call: Call) -> Iterator[tuple[object, str]]:
    """Yield what is seen of the steps of a call, and the steps as they ran, secrets masked."""
    for step in chain(call.steps, *(leg.steps for leg in call.legs)):
        if (event := event_of(step.app, step.data)) is not None:
            yield event, f"{step.app}({shown_step(step.app, step.data)})"
