"""The view of a call on paper: its steps with places and times, its legs, what it dialed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from asterconf.calls.call import Call, CallStep
from asterconf.display.blocks import Block, Cells, Panel, Sentence, Table
from asterconf.display.describe import Formatter, capped, describe, heading
from asterconf.source import count


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
