"""Answers: what was asked, the verdict, and what proves it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final, Literal

import attrs

from asterconf.ask.values import Mark
from asterconf.calls.call import Call
from asterconf.errors import BudgetError, NotFoundError
from asterconf.frames import DataFrame, frame
from asterconf.numbers import Numbers
from asterconf.secrets import shown_data, shown_text
from asterconf.shown import Shown
from asterconf.source import printable

Verdict = Literal["yes", "no", "unknown"]
DOMAIN: Final = (
    "every dialled text of at most 79 bytes that does not begin with _, from any caller, at every"
    " minute of 28 years (of 6 where a condition names a zone); numbers are shown without dashes"
)
"""The calls that answers are about."""
ASSUMPTIONS: Final = (
    "time conditions do not change while a call lasts",
    "those who are called do not transfer or forward it, and nothing starts calls from outside",
    "no phone transfers a call by its own means (REFER), whether it called or was called",
    "global variables are set by steps of the dialplan only, and by no script (AGI) or command",
)
"""What answers take for granted."""
MOST_SHOWN: Final = 60
"""A set of numbers that is written longer is shown by how many they are."""
APART: Final = 3
"""So many of whom the same is said are named, and so many reasons."""
MANY: Final = 10**12
"""From so many numbers on, how many they are says nothing."""


@attrs.frozen
class Depends(Shown):
    """What an answer depends on: an expression that the files do not decide, and its place."""

    expression: str
    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        place = f" ({self.file}:{self.line})" if self.line else ""
        return printable(f"{shown_text(self.expression)}{place}")


@attrs.frozen
class Witness(Shown):
    """Calls that show a "yes": they were run on paper, and end as is said.

    Attributes:
        entry: where the first comes in.
        dialled: the number that is dialled.
        callerid: the number of the caller; empty: none.
        at: when; None: at any time.
        statuses: what the world does: each target with how calling it ends, each device with its
            state.
        digits: what the caller keys.
        calls: the calls themselves: one, or the further ones that it makes possible.
        reaches: what the last of them dials, such as `PJSIP/911@voipms`.
    """

    entry: str
    dialled: str
    callerid: str
    at: datetime | None
    statuses: Mapping[str, str] = attrs.field(hash=False)
    digits: str
    calls: tuple[Call, ...] = attrs.field(repr=False)
    reaches: str = ""

    def __str__(self) -> str:
        words = [f"{self.dialled!r} from {self.entry}"]
        words += [f"with caller id {self.callerid}"] if self.callerid else []
        words += [f"keys {self.digits}"] if self.digits else []
        words += [f"at {self.at:%Y-%m-%d %H:%M}"] if self.at else []
        words += [f"{name} {status}" for name, status in self.statuses.items()]
        words += [f"then {call.number!r} in [{call.context}]" for call in self.calls[1:]]
        return printable(", ".join(words))

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "entry": self.entry, "dialled": self.dialled, "callerid": self.callerid,
            "at": self.at.isoformat() if self.at else None, "statuses": dict(self.statuses),
            "digits": self.digits,
            "steps": [step for call in self.calls for step in call.to_dict()["steps"]],
        }  # fmt: skip


class VerdictAnswer(Shown):
    """The base of answers with a verdict; `bool` of one that is unknown raises `ValueError`."""

    __slots__ = ()
    verdict: Verdict
    because: str

    def __bool__(self) -> bool:
        if self.verdict == "unknown":
            raise ValueError(f"the answer is unknown: {self.because}")
        return self.verdict == "yes"

    def __repr__(self) -> str:
        text = f"{self.verdict}: {shown_text(self.because)}"
        text = text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 1]}…"
        return printable(f"<{type(self).__name__} {text}>")


class ManyAnswers(VerdictAnswer, Iterable[Any]):
    """The base of answers that have a row for each thing that was asked about."""

    __slots__ = ()

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __str__(self) -> str:
        lines = gathered((row.name, row.tail) for row in self)
        return printable("\n".join([f"{self.verdict}: {self.because}", *lines]))

    @property
    def unknown_because(self) -> tuple[Depends, ...]:
        """What the rows depend on that are unknown."""
        return tuple(dict.fromkeys(one for row in self for one in row.unknown_because))

    @abstractmethod
    def to_records(self) -> list[dict[str, Any]]:
        """Return a plain dict for each row."""

    def to_frame(self) -> DataFrame:
        """Return the rows of `to_records` as a pandas DataFrame.

        Raises:
            MissingExtraError: pandas is not installed (extra `pandas`).
        """
        return frame(self.to_records())


@attrs.frozen(repr=False)
class EntryAnswer(VerdictAnswer):
    """The answer for one way in.

    Attributes:
        entry: where calls come in.
        verdict: `yes`, `no` or `unknown`.
        because: the reason, in a sentence.
        numbers: what can be dialled for it to happen; texts without dashes.
        witness: a call, if the verdict is `yes`.
        unknown_because: what it depends on, if it is unknown.
        certificate: what proves a `no`: every state that calls reach, with the inputs.
    """

    entry: str
    verdict: Verdict
    because: str
    numbers: Numbers = attrs.field(factory=Numbers)
    witness: Witness | None = None
    unknown_because: tuple[Depends, ...] = ()
    certificate: Any = attrs.field(default=None, eq=False)

    def __str__(self) -> str:
        return printable(self.entry + self.tail)

    @property
    def name(self) -> str:
        """The entry."""
        return self.entry

    @property
    def tail(self) -> str:
        """All that is said but the entry."""
        return f": {self.verdict}: {self.because}"

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        said = {"entry": self.entry, "verdict": self.verdict, "because": self.because}
        return said | _found(self)


@attrs.frozen(repr=False)
class ReachAnswer(ManyAnswers):
    """Whether calls reach a trunk, for each way in and for all together.

    Attributes:
        verdict: yes if that of any entry is, else unknown if any is, else no.
        because: the reason, in a sentence.
        entries: the answer for each way in.
        domain: the calls that the answer is about.
        assumptions: what is taken for granted.
    """

    verdict: Verdict
    because: str
    entries: tuple[EntryAnswer, ...]
    domain: str = DOMAIN
    assumptions: tuple[str, ...] = ASSUMPTIONS

    def __iter__(self) -> Iterator[Any]:
        return iter(self.entries)

    @property
    def numbers(self) -> Numbers:
        """What can be dialled for it to happen, from any entry."""
        found = Numbers()
        for one in self.entries:
            found |= one.numbers
        return found

    @property
    def witness(self) -> Witness | None:
        """A call that does it; None: there is none."""
        return next((one.witness for one in self.entries if one.witness), None)

    @property
    def unknown_because(self) -> tuple[Depends, ...]:
        """What the answer depends on, if it is unknown."""
        return super().unknown_because if self.verdict == "unknown" else ()

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as plain data, as `asterconf ask --json` prints it."""
        common = {"domain": self.domain, "assumptions": [*self.assumptions]}
        return shown_data({
            "format": 1, "verdict": self.verdict, "because": self.because, "domain": self.domain,
            **_found(self), "assumptions": [*self.assumptions],
            "entries": [{"format": 1, **one.to_dict(), **common} for one in self.entries],
        })  # fmt: skip

    def to_records(self) -> list[dict[str, Any]]:
        """Return a plain dict for each way in."""
        return [
            {
                "entry": one.entry, "verdict": one.verdict, "numbers": str(one.numbers),
                "witness": str(one.witness) if one.witness else "",
                "because": one.because,
                "unknown_because": ", ".join(map(str, one.unknown_because)),
            }
            for one in self.entries
        ]  # fmt: skip


@attrs.frozen(repr=False)
class ChangedCalls(EntryAnswer):
    """Calls of one entry that behave differently, or may: all run the same steps on each side.

    Attributes:
        old: the call before; None: there is no such entry.
        new: the same call now; None: there is no such entry any more.
    """

    old: Call | None = attrs.field(default=None, repr=False)
    new: Call | None = attrs.field(default=None, repr=False)

    @property
    def tail(self) -> str:
        """All that is said but the entry."""
        return f", {shown_numbers(self.numbers)}{super().tail}"

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return super().to_dict() | {"old": _side(self.old), "new": _side(self.new)}


def _side(call: Call | None) -> dict[str, Any] | None:
    if call is None:
        return None
    dialed = [one.target for one in call.dialed]
    return {"ends": str(call.outcome), "dialed": dialed, "steps": call.to_dict()["steps"]}


@attrs.frozen(repr=False)
class ComparedCalls(ReachAnswer):
    """Whether calls behave differently: `yes` with a call for each class, `no` for all calls.

    `entries` has a row for each class of calls of an entry that differ, or may; of an entry that
    has no row every call is the same. `bool` of an answer that is unknown raises `ValueError`.
    """

    def to_records(self) -> list[dict[str, Any]]:
        """Return a plain dict for each class of calls, with how its witness ends on each side."""
        ends = [
            {name: str(side.outcome) if side else "" for name, side in (("old", a), ("new", b))}
            for a, b in ((getattr(one, "old", None), getattr(one, "new", None)) for one in self)
        ]
        return [row | end for row, end in zip(super().to_records(), ends, strict=True)]


@attrs.frozen(repr=False)
class Row(VerdictAnswer):
    """One row of an answer that is a table.

    Attributes:
        name: what it is about, such as a phone.
        about: what of it, such as a number.
        verdict: `yes`, `no` or `unknown`.
        because: the reason, in a sentence.
        numbers: the numbers that it is about; texts without dashes.
        witness: a call that shows a `yes`.
        against: a call that shows that it is not so for all that the row is about.
        unknown_because: what it depends on.
        file: where it is written; empty: in no line.
        line: its line there.
        told: whether the verdict is said where the row is printed; the reason alone says as much.
    """

    name: str
    about: str
    verdict: Verdict
    because: str
    numbers: Numbers = attrs.field(factory=Numbers)
    witness: Witness | None = None
    unknown_because: tuple[Depends, ...] = ()
    file: str = ""
    line: int = 0
    against: Witness | None = None
    told: bool = True

    def __str__(self) -> str:
        return printable(self.name + self.tail)

    @property
    def tail(self) -> str:
        """All that is said but the name."""
        place = f" ({self.file}:{self.line})" if self.line else ""
        said = f"{self.verdict}: " if self.told else ""
        return f" {self.about}: {said}{self.because}{place}"


@attrs.frozen(repr=False)
class TableAnswer(ManyAnswers):
    """An answer that has a row for each thing that was asked about.

    Attributes:
        question: what was asked.
        verdict: for all rows together.
        because: the reason, in a sentence.
        rows: the answers.
        domain: the calls that the answer is about.
        assumptions: what is taken for granted.
    """

    question: str
    verdict: Verdict
    because: str
    rows: tuple[Row, ...]
    domain: str = DOMAIN
    assumptions: tuple[str, ...] = ASSUMPTIONS

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as plain data."""
        return shown_data({
            "format": 1, "question": self.question, "verdict": self.verdict,
            "because": self.because, "domain": self.domain, "assumptions": [*self.assumptions],
            "unknown_because": _reasons(self),
            "rows": [
                {**row, "witness": _call(one.witness), "against": _call(one.against),
                 "unknown_because": _reasons(one)}
                for row, one in zip(TableAnswer.to_records(self), self.rows, strict=True)
            ],
        })  # fmt: skip

    def to_records(self) -> list[dict[str, Any]]:
        """Return a plain dict for each row."""
        return [
            {
                "name": row.name, "about": row.about, "verdict": row.verdict,
                "because": row.because, "numbers": str(row.numbers), "file": row.file,
                "line": row.line,
            }
            for row in self.rows
        ]  # fmt: skip


@attrs.frozen(repr=False)
class ServiceAnswer(TableAnswer):
    """Which kinds of numbers each phone can dial out: `answer["6001", "local"]` is a row.

    The reason of a row is `all`, `none`, `unknown`, or which numbers.
    """

    def __getitem__(self, key: tuple[str, str]) -> Row:
        phone, kind = key
        for row in self.rows:
            if (row.name, row.about) == (phone, kind):
                return row
        raise NotFoundError(f"nothing was asked about {kind!r} numbers from {phone!r}")

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of numbers, in the order of the plan."""
        return tuple(dict.fromkeys(row.about for row in self.rows))

    def by_phone(self) -> dict[str, tuple[Row, ...]]:
        """Return the rows of each phone, one for each kind."""
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            found.setdefault(row.name, []).append(row)
        return {name: tuple(rows) for name, rows in found.items()}

    def alike(self) -> dict[tuple[str, ...], tuple[Row, ...]]:
        """Return the phones that can dial the same, with the rows of the first of them."""
        found: dict[tuple[str, ...], list[str]] = {}
        every = self.by_phone()
        for phone, rows in every.items():
            found.setdefault(tuple(row.because for row in rows), []).append(phone)
        return {tuple(phones): every[phones[0]] for phones in found.values()}

    def __str__(self) -> str:
        lines = [f"{self.verdict}: {self.because}"]
        width = max(map(len, self.kinds), default=0)
        for phones, rows in self.alike().items():
            lines += [f"  {', '.join(phones)}"]
            for row in rows:
                out = f"; {row.witness.dialled} dials {row.witness.reaches}" if row.witness else ""
                held = f"; {row.against.dialled} does not go out" if row.against else ""
                lines += [f"    {row.about:<{width}}  {row.because}{out}{held}"]
        return printable("\n".join(lines))

    def to_records(self) -> list[dict[str, Any]]:
        """Return a plain dict for each phone: what it can dial out of each kind of numbers."""
        return [
            {"phone": phone, **{row.about: row.because for row in rows}}
            for phone, rows in self.by_phone().items()
        ]


def _call(one: Witness | None) -> dict[str, Any] | None:
    return one.to_dict() if one else None


def _reasons(answer: EntryAnswer | Row | ManyAnswers) -> list[dict[str, Any]]:
    return [attrs.asdict(one) for one in answer.unknown_because]


def _found(answer: EntryAnswer | ReachAnswer) -> dict[str, Any]:
    """Return what was found, as plain data: numbers, a call, or what it depends on."""
    patterns = answer.numbers.patterns(200) if answer.numbers else []
    regex = answer.numbers.regex() if answer.numbers and patterns is None else None
    return {
        "numbers": {"patterns": patterns, "regex": regex}, "witness": _call(answer.witness),
        "unknown_because": _reasons(answer),
    }  # fmt: skip


def verdict_of(given: Iterable[Verdict]) -> Verdict:
    """Return the verdict of a question that is asked of many: any yes, else any unknown."""
    found = set(given)
    return "yes" if "yes" in found else "unknown" if "unknown" in found else "no"


def gathered(said: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield a line for each name and what is said of it; one where it is said of many."""
    groups: dict[str, list[str]] = {}
    for name, tail in said:
        groups.setdefault(tail, []).append(name)
    for tail, names in groups.items():
        many = f"{', '.join(names[:APART])} and {len(names) - APART} more"
        for name in names if len(names) <= APART + 1 else [many]:
            yield f"  {name}{tail}"


def shown_numbers(numbers: Numbers) -> str:
    """Return a set for people: its patterns, or how many numbers it has where these are many."""
    found = numbers.patterns(8)
    whole = ", ".join(found) if found is not None else ""
    if found is not None and len(whole) <= MOST_SHOWN:
        return whole
    count = numbers.count()
    return f"{count:,} numbers" if count < MANY else f"numbers such as {numbers.shortest()}"


def depends(marks: Iterable[Mark]) -> tuple[Depends, ...]:
    """Return what marks say, each once."""
    return tuple(dict.fromkeys(Depends(one.text, one.file, one.line) for one in marks))


def it_depends(reasons: Iterable[object]) -> str:
    """Return the sentence that an answer depends on something; the first reasons are named."""
    return f"it depends on {', '.join(map(str, [*reasons][:APART]))}"


def over_budget(error: BudgetError) -> Mark:
    """Return what an answer depends on that took too long."""
    return Mark(f"budget: {error}")
