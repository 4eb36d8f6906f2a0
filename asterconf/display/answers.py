"""The views of calls: one on paper, and answers about all with the calls that show them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from asterconf.ask import (
    Dialable,
    EntryAnswer,
    ReachAnswer,
    Row,
    ServiceAnswer,
    TableAnswer,
    Witness,
)
from asterconf.ask.answers import Verdict, shown_numbers
from asterconf.calls.call import Call, CallStep
from asterconf.display.blocks import Block, Cells, Inline, Panel, Role, Sentence, Styled, Table
from asterconf.display.describe import Formatter, capped, describe, folded, heading
from asterconf.source import Position, count

_ROLES: dict[Verdict, Role] = {"yes": "strong", "no": "plain", "unknown": "warning"}
MOST_CALLS = 12
"""So many calls are shown whole."""


def _verdict(verdict: Verdict, text: str = "") -> Inline:
    return Styled(text or verdict, _ROLES[verdict])


def _place(row: Row) -> Inline:
    return Position(row.file, row.line, 1) if row.line else ""


def _title(answer: ReachAnswer | TableAnswer | EntryAnswer | Dialable, fmt: Formatter) -> Inline:
    return heading(_verdict(answer.verdict), fmt.text(answer.because))


def _about(answer: ReachAnswer | TableAnswer, fmt: Formatter) -> Block:
    """Return which calls an answer is about, and what it takes for granted."""
    rows: list[Cells] = [(fmt.text(one),) for one in (answer.domain, *answer.assumptions)]
    return Panel(heading("holds for"), (Table(("",), rows),), open=False)


@describe.register
def _witness(witness: Witness, fmt: Formatter) -> Block:
    how = "comes to" if witness.reaches.endswith(")") else "dials"  # a step, or who is called
    reached = str(fmt.text(f"{how} {witness.reaches}")) if witness.reaches else ""
    title = heading(fmt.text(str(witness)), reached)
    return Panel(title, (describe(call, fmt) for call in witness.calls))


def _calls(found: Iterable[Witness | None], fmt: Formatter) -> Iterator[Block]:
    """Yield the calls that show something, folded."""
    there = [one for one in found if one is not None]
    yield from (folded(describe(one, fmt)) for one in there[:MOST_CALLS])
    if len(there) > MOST_CALLS:
        yield Sentence(f"{len(there) - MOST_CALLS:,} more calls are in the answer")


@describe.register
def _entry(answer: EntryAnswer, fmt: Formatter) -> Block:
    return Panel(_title(answer, fmt), (_entries([answer], fmt), *_calls([answer.witness], fmt)))


def _entries(entries: Iterable[EntryAnswer], fmt: Formatter) -> Block:
    rows: list[Cells] = [
        (
            Styled(one.entry, "name"),
            _verdict(one.verdict),
            fmt.text(shown_numbers(one.numbers)) if one.numbers else "",
            fmt.text(one.because),
        )
        for one in entries
    ]
    return capped(("from", "verdict", "numbers", "because"), rows)


@describe.register
def _reach(answer: ReachAnswer, fmt: Formatter) -> Block:
    calls = _calls((one.witness for one in answer.entries), fmt)
    parts = (_entries(answer.entries, fmt), *calls, _about(answer, fmt))
    return Panel(_title(answer, fmt), parts)


@describe.register
def _table(answer: TableAnswer, fmt: Formatter) -> Block:
    rows: list[Cells] = [
        (
            Styled(row.name, "name"),
            fmt.text(row.about),
            _verdict(row.verdict) if row.told else "",
            fmt.text(row.because),
            _place(row),
        )
        for row in answer.rows
    ]
    table = capped(("", "about", "verdict", "because", "at"), rows)
    calls = _calls((row.witness for row in answer.rows), fmt)
    return Panel(_title(answer, fmt), (table, *calls, _about(answer, fmt)))


@describe.register
def _service(answer: ServiceAnswer, fmt: Formatter) -> Block:
    """Phones that can dial the same share a line; the calls are those of the first of them."""
    rows: list[Cells] = []
    shown: list[Cells] = []
    calls: list[Witness | None] = []
    for phones, cells in answer.alike().items():
        some = ", ".join(phones[:6]) + (f" and {len(phones) - 6:,} more" if phones[6:] else "")
        rows.append((
            Styled(some, "name"),
            *(_verdict(row.verdict, str(fmt.text(row.because))) for row in cells),
        ))  # fmt: skip
        for row in cells:
            calls += [row.witness, row.against]
            out, held = (one.dialled if one else "" for one in (row.witness, row.against))
            reached = row.witness.reaches if row.witness else ""
            if out or held:
                shown.append((some, row.about, fmt.text(out), fmt.text(reached), fmt.text(held)))
    matrix = capped(("from", *answer.kinds), rows, first=40)
    columns = ("from", "kind", "goes out", "as", "does not go out")
    examples = Panel(heading("examples"), (capped(columns, shown, first=40),))
    parts = (matrix, *([examples] if shown else []), *_calls(calls, fmt), _about(answer, fmt))
    return Panel(_title(answer, fmt), parts)


@describe.register
def _dialable(answer: Dialable, fmt: Formatter) -> Block:
    rows: list[Cells] = [
        (
            Styled(one.key, "name"),
            one.context,
            fmt.text(shown_numbers(one.wins)) if one.wins else Styled("never run", "warning"),
            ", ".join(key for key, _ in one.loses),
            Position(one.file, one.line, 1) if one.line else "",
        )
        for one in answer.extensions
    ]
    table = capped(("extension", "context", "runs for", "loses to", "at"), rows, first=40)
    return Panel(_title(answer, fmt), (table, Sentence(count(len(rows), "extension"))))


# -- a call on paper ------------------------------------------------------------------------------


@describe.register
def _call(call: Call, fmt: Formatter) -> Block:
    title = fmt.text(f"{call.number}@{call.context}")
    facts = (str(fmt.text(str(call.outcome))), count(len(call.steps), "step"))
    return Panel(heading(title, *facts, f"{call.elapsed:.1f} s"), _parts(call, fmt))


def _parts(call: Call, fmt: Formatter) -> Iterator[Block]:
    yield _steps(call.steps, fmt)
    for leg in call.legs:
        title = heading(fmt.text(leg.channel), count(len(leg.steps), "step"))
        yield Panel(title, (_steps(leg.steps, fmt),), open=False)
    rows: list[Cells] = [
        (fmt.text(one.target), fmt.text(one.callerid), one.status) for one in call.dialed
    ]
    if rows:
        yield Table(("dialed", "caller id", "result"), rows)
    if call.unknown is not None:
        yield Sentence(fmt.text(f"unknown: {call.unknown.text}: {call.unknown.why}"))
    if call.assumed:
        rows = [(fmt.text(one),) for one in call.assumed]
        yield Panel(heading("assumed"), (Table(("",), rows),), open=False)


def _steps(steps: Iterable[CallStep], fmt: Formatter) -> Block:
    rows: list[Cells] = [
        (
            f"{one.at:.1f}",
            fmt.text(f"{one.exten}@{one.context}:{one.priority}"),
            fmt.text(f"{one.app}({one.data})"),
            f"{one.file}:{one.line}" if one.file else "",
            fmt.text("; ".join(one.notes)),
        )
        for one in steps
    ]
    return capped(("at", "place", "step", "line", "notes"), rows)
