"""Which extension wins which numbers, and why a number is not dialable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import attrs

from asterconf.ask.answers import MANY, Verdict, VerdictAnswer
from asterconf.ask.entries import Entry, entries_of
from asterconf.ask.lookups import Lookups
from asterconf.ask.places import callers_of, place_of
from asterconf.dialplan.loader import LoadedDialplan
from asterconf.dialplan.lookup import Dialplan
from asterconf.dialplan.values import (
    DialplanExtension,
    near_names,
)
from asterconf.errors import BudgetError, NotFoundError
from asterconf.frames import DataFrame, frame
from asterconf.language import timespec
from asterconf.language.pattern import Explanation
from asterconf.numbers import Numbers
from asterconf.numbers.automaton import Automaton, union
from asterconf.numbers.partition import BUDGET, Closure, Partition, closure
from asterconf.shown import Shown
from asterconf.source import printable
from asterconf.workspace import Workspace


@attrs.frozen
class DialableExtension(Shown):
    """An extension that a context has or includes, and the numbers that it gets.

    Attributes:
        key: its name as a file writes it, with its caller-id condition.
        context: the context that holds it.
        fits: the numbers that it matches, without dashes.
        wins: those of them for which a step of it is run, for some caller at some time.
        loses: what it matches and never runs for: each extension that is run in its place, with
            the numbers.
        file: where it begins; empty: no line of a file.
        line: its line there.
    """

    key: str
    context: str
    fits: Numbers
    wins: Numbers
    loses: tuple[tuple[str, Numbers], ...] = ()
    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        lost = "; ".join(f"{numbers} go to {key}" for key, numbers in self.loses)
        name = f"{self.key} of [{self.context}]"
        if not self.wins:
            what = f"is never run: {lost}" if lost else "is never run"
        elif self.wins == self.fits:
            what = "runs for all that it matches"
        else:
            what = f"runs for what it matches; but {lost}" if lost else f"runs for {self.wins}"
        return printable(f"{name} {what}")


@attrs.frozen(repr=False)
class Dialable(VerdictAnswer):
    """The numbers that can be dialled in a context, and the extension that each runs.

    Attributes:
        context: where they are dialled.
        verdict: `yes`: some number runs a step; `no`: none does; `unknown`: see `because`.
        because: the reason.
        numbers: all numbers that run a step at priority 1, at some time, for some caller.
        extensions: each extension in the order in which they are tried.
        domain: the texts that the answer is about.
    """

    context: str
    verdict: Verdict
    because: str
    numbers: Numbers
    extensions: tuple[DialableExtension, ...] = ()
    domain: str = "texts without dashes that do not begin with _"

    def __iter__(self) -> Iterator[DialableExtension]:
        return iter(self.extensions)

    def __len__(self) -> int:
        return len(self.extensions)

    def __getitem__(self, key: str) -> DialableExtension:
        for one in self.extensions:
            if one.key == key:
                return one
        near = near_names(key, (one.key for one in self.extensions))
        raise NotFoundError(f"[{self.context}] tries no extension {key!r}{near}")

    @property
    def shadowed(self) -> tuple[DialableExtension, ...]:
        """The extensions that are never run when their number is dialled here."""
        return tuple(one for one in self.extensions if one.fits and not one.wins)

    def __str__(self) -> str:
        return "\n".join([printable(self.because), *(f"  {one}" for one in self.extensions)])

    def to_records(self) -> list[dict[str, Any]]:
        """Return a plain dict for each extension."""
        return [
            {
                "context": one.context, "extension": one.key, "fits": str(one.fits),
                "wins": str(one.wins), "file": one.file, "line": one.line,
                "loses_to": ", ".join(key for key, _ in one.loses),
            }
            for one in self.extensions
        ]  # fmt: skip

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as plain data."""
        said = {"format": 1, "verdict": self.verdict, "because": self.because}
        return {**said, "domain": self.domain, "extensions": self.to_records()}

    def to_frame(self) -> DataFrame:
        """Return the rows of `to_records` as a pandas DataFrame.

        Raises:
            MissingExtraError: pandas is not installed (extra `pandas`).
        """
        return frame(self.to_records())


@attrs.frozen
class Candidate(Shown):
    """An extension that does not match a number, or is not run for it, and why."""

    key: str
    context: str
    why: str
    at: int | None = None

    def __str__(self) -> str:
        return printable(f"{self.key} of [{self.context}]: {self.why}")


@attrs.frozen
class WhyNot(Shown):
    """Why a number is not dialable, with the nearest extensions first.

    Attributes:
        number: what is dialled.
        entry: where.
        verdict: `no`: nothing is run; `yes`: something is, which `because` says; `unknown`: a
            switch that only a running Asterisk knows may answer.
        because: the reason, in a sentence.
        candidates: the nearest extensions: those that accept most of the number.
    """

    number: str
    entry: str
    verdict: Verdict
    because: str
    candidates: tuple[Candidate, ...] = ()

    def __str__(self) -> str:
        return "\n".join([printable(self.because), *(f"  {one}" for one in self.candidates)])

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as plain data."""
        said = {"format": 1, "verdict": self.verdict, "because": self.because}
        return {**said, "candidates": [attrs.asdict(one) for one in self.candidates]}


def dialable(
    workspace: Workspace, context: str, *, callerid: str | None = None,
    at: datetime | None = None, budget: int = BUDGET,
) -> Dialable:  # fmt: skip
    """Return the numbers that can be dialled in a context; see `Questions.dialable`."""
    plan = workspace.complete_plan
    if context not in plan:
        near = near_names(context, (one.name for one in plan))
        raise NotFoundError(f"there is no context {context!r}{near}")
    try:
        return _dialable(workspace, context, callerid, at, budget)
    except BudgetError as error:
        why = f"[{context}] needs more than {budget} states, with {error}"
        return Dialable(context, "unknown", f"unknown: budget: {why}", Numbers())


def _dialable(
    workspace: Workspace, context: str, callerid: str | None, at: datetime | None, budget: int
) -> Dialable:
    plan = workspace.complete_plan
    if at is not None:
        every = [closure(plan, context, lambda one: _holds(one.timing, at))]
    else:
        every = [one for _, one in _lookups(workspace).closures(context)]
    order: dict[tuple[str, str], DialplanExtension] = {}
    wins: dict[tuple[str, str], list[Automaton]] = {}
    lost: dict[tuple[str, str], dict[str, list[Automaton]]] = {}
    runs: list[Automaton] = []
    unknown = _doubt(plan, every)
    for found in every:
        order |= {(name, one.key): one for name, one in found.entries}
        for caller in [one for one, _ in callers_of(found)] if callerid is None else [callerid]:
            part = Partition(found, caller, budget)
            runs += [one for _, one in part.languages(part.begins, but=(False,)).items()]
            for fitting, language in part.languages(lambda fitting: fitting, but=((),)).items():
                running = {place for _, place in part.program(fitting)}
                keys = {n: (part.entries[n][0], part.entries[n][1].key) for n in fitting}
                for place in fitting:
                    if place in running:
                        wins.setdefault(keys[place], []).append(language)
                    elif running:
                        row = lost.setdefault(keys[place], {})
                        row.setdefault(keys[min(running)][1], []).append(language)
    total, loaded = _joined(runs), workspace.dialplan
    rows = tuple(
        _row(loaded, key, extension, _joined(wins.get(key, ())), lost.get(key, {}))
        for key, extension in order.items()
        if extension.steps
    )
    if unknown:
        return Dialable(context, "unknown", unknown, total, rows)
    count = total.count()
    shown = "no number" if not count else f"{count:,} numbers" if count < MANY else "many numbers"
    text = f"{shown} can be dialled in [{context}]"
    return Dialable(context, "yes" if total else "no", text, total, rows)


def _lookups(workspace: Workspace) -> Lookups:
    plan = workspace.complete_plan
    return workspace.view("lookups", (plan,), lambda: Lookups(plan, workspace))


def _joined(given: Iterable[Automaton]) -> Numbers:
    """Return the numbers of all of some languages."""
    return Numbers.made(union(given))


def _row(
    loaded: LoadedDialplan, key: tuple[str, str], extension: DialplanExtension, wins: Numbers,
    lost: dict[str, list[Automaton]],
) -> DialableExtension:  # fmt: skip
    context, name = key
    fits = Numbers(extension.name)
    left = ((by, _joined(many) - wins) for by, many in lost.items())
    loses = tuple((by, numbers) for by, numbers in left if numbers)
    file, line = place_of(loaded, context, extension)
    return DialableExtension(name, context, fits, wins, loses, file, line)


def _holds(timing: str, at: datetime) -> bool:
    return not timing or timespec.parse(timing).holds(at)


def _doubt(plan: Dialplan, every: list[Closure]) -> str:
    """Return why numbers of a context may be more than its files say; empty: they are not."""
    if plan.general.extenpatternmatchnew:
        return "unknown: extenpatternmatchnew=yes gives other results"
    if plan.general.overrideswitch:
        return f"unknown: the switch {plan.general.overrideswitch} is asked first"
    for found in every:
        for name, switch in found.switches:
            return f"unknown: only a running Asterisk knows the switch {switch.text} of [{name}]"
    names = {name for found in every for name, _ in found.entries}
    for other in plan.elsewhere:
        if other.may_decide(names, found=False, numbers=other.extensions):
            return f"unknown: {other.because}"
    return ""


def why_not(
    workspace: Workspace, number: str, entry: str, *, at: datetime | None = None, most: int = 5
) -> WhyNot:
    """Return why a number is not dialable; see `Questions.why_not`."""
    (found,) = entries_of(workspace, entry)[:1] or [Entry(entry, entry)]
    plan = workspace.complete_plan
    match = plan.match(number, found.context, callerid=found.callerid, at=at)
    reached = closure(plan, found.context, lambda _: True)
    rows: list[tuple[tuple[int, int], Candidate]] = []
    for order, (name, extension) in enumerate(reached.entries):
        explained = extension.pattern.explain(number)
        why = _reason(extension, explained, name, match.path)
        good = len(number) + 1 if explained.matches else explained.at or 0
        if why and extension.steps:
            candidate = Candidate(extension.key, name, why, explained.at)
            rows.append(((-good, order), candidate))
    rows.sort(key=lambda row: row[0])
    return WhyNot(
        number, found.name, match.answer, match.why or str(match.because[0]),
        tuple(row for _, row in rows[:most]),
    )  # fmt: skip


def _reason(
    extension: DialplanExtension, explained: Explanation, context: str, path: tuple[str, ...]
) -> str:
    """Return why an extension is not run for a number; empty: it is what runs."""
    if not explained.matches:
        return explained.reason
    if extension.callerid_match is not None:
        return f"it matches, but only for the caller {extension.callerid_match!r}"
    if not any(step.priority == 1 for step in extension.steps):
        return "it matches, but has no priority 1"
    if context not in path and path:
        return "it matches, but another extension comes before it"
    return "" if path else "it matches, but its context is not included at this time"
