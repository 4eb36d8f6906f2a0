"""How a call reaches others: each called channel on its own way, and which of them answers.

Source: apps/app_dial.c, wait_for_answer and dial_exec_full; main/core_local.c.
Checked: tests/vectors/trace.
"""

from __future__ import annotations

import attrs

from asterconf.flow.applications import run_application
from asterconf.flow.channel import CallChannel, CallState
from asterconf.flow.effects import Leg, LegResult
from asterconf.flow.run import DEEPEST, LoopError, Run
from asterconf.flow.telephony import ENDINGS, caret

_ORDER = ("NOANSWER", "BUSY", "CONGESTION", "CHANUNAVAIL")
"""The status where nobody answered: the first of these that any target had."""
STATUSES = {16: "NOANSWER", 17: "BUSY", 19: "NOANSWER", 34: "CONGESTION"}
"""The status of a target that hangs up unanswered, by cause; any other is CHANUNAVAIL.

Source: apps/app_dial.c, handle_cause.
"""
NO_CHANNEL = (3, 66)
"""Causes of a target that Asterisk cannot even make a channel to."""
ENDLESS = 1e8
"""Seconds of ringing that are without end."""
RETRY = 5.0
"""Seconds between the attempts of a queue."""


@attrs.define
class _Try:
    """One target: what becomes of it, and when, if nobody hangs up on it.

    `made`: whether there is a channel at all.
    """

    target: str
    status: str
    at: float
    cause: int | None = None
    until: float = 0.0
    child: Run | None = None
    side: Run | None = None
    made: bool = True


def reach(run: Run, leg: Leg) -> LegResult:
    """Call others from a channel, and tell how that ended."""
    if leg.kind == "Queue":
        arguments = run.outside.known.applications()["Queue"]["args"]
        if all(one["name"] != "macro" for one in arguments):
            leg = attrs.evolve(leg, after=leg.macro, macro="")
        known = run.outside.queue(run, leg)
        return _queue(run, leg) if known is None else known
    if leg.kind == "Page":
        for target in leg.targets:
            tried = _ring(run, target, leg, run.state)
            run.dialed.append((target, _caller(run), tried.status))
            run.children += [one for one in (tried.side, tried.child) if one and one.steps]
        return LegResult("ANSWER", leg.targets[0])
    return _dial(run, leg)


def _dial(run: Run, leg: Leg) -> LegResult:
    begin, limit = run.now, run.now + leg.timeout
    states = [
        run.state.copy() if leg.before or target.lower().startswith("local/") else run.state
        for target in leg.targets
    ]
    tries = [_ring(run, t, leg, s) for t, s in zip(leg.targets, states, strict=True)]
    winner = min((t for t in tries if t.status == "ANSWER"), key=lambda t: t.at, default=None)
    if winner is not None and winner.at > limit:
        winner = None
    pending = any(t.at > limit for t in tries)
    decided = winner.at if winner else limit if pending else max(t.at for t in tries)
    gone_at = run.outside.gone_at(run)
    if gone_at is None and winner is None and decided >= ENDLESS and not run.depth:
        gone_at = begin + run.outside.patience(run)
    if gone_at is not None and gone_at <= decided and (winner or pending or gone_at < decided):
        gone_at = max(begin, gone_at)
        _settle(run, leg, tries, states, dict.fromkeys(range(len(tries)), gone_at))
        run.now = gone_at
        run.hang_up()
        return LegResult("CANCEL", leg.targets[0], by="caller")
    cuts = dict.fromkeys(range(len(tries)), decided)
    if winner is None:
        _settle(run, leg, tries, states, cuts)
        run.now = decided
        statuses = {"NOANSWER"} if pending else {one.status for one in tries}
        status = next(one for one in _ORDER if one in statuses)
        ended = [one for one in tries if one.made and one.at <= decided]
        last = [one for one in ended if one.at == max(e.at for e in ended)]
        if last:  # else the cause is as it was
            run.cause, run.undecided = last[-1].cause or 0, ""
        if len({one.cause or 0 for one in last}) > 1:
            run.undecided = "which of the called channels ended last"
        return LegResult(status, leg.targets[0], run.cause)
    return _talk(run, leg, tries, states, cuts, winner)


def _talk(
    run: Run, leg: Leg, tries: list[_Try], states: list[CallState], cuts: dict[int, float],
    winner: _Try,
) -> LegResult:  # fmt: skip
    """Let caller and callee talk, and tell who hung up."""
    result, side = "", winner.side
    if leg.after or leg.macro:
        side, result = _after(run, leg, winner)
    if not result and not leg.split and run.up_at is None:
        run.up_at = winner.at
    ends = {"callee": winner.until}
    if leg.longest is not None:
        ends["limit"] = winner.at + leg.longest
    gone_at = run.outside.gone_at(run)
    if gone_at is not None:
        ends["caller"] = max(gone_at, winner.at)
    if result or leg.split:
        ends = {"limit": winner.at}
    by = min(ends, key=lambda one: ends[one])
    cuts[tries.index(winner)] = ends[by] if by != "callee" else winner.until + 1e9
    winner.side = side
    _settle(run, leg, tries, states, cuts)
    run.now = ends[by]
    if leg.split or (leg.further and by == "caller"):
        _send_on(run, leg.split or leg.further, winner, further=not leg.split)
    run.undecided = ""
    if result.upper() not in ("BUSY", "CONGESTION", "CHANUNAVAIL"):
        run.cause = 16
    if by == "caller":
        run.hang_up()
    return LegResult("ANSWER", winner.target, 16, by, result)


def _send_on(run: Run, target: str, winner: _Try, *, further: bool) -> None:
    """Let the called channel run the dialplan where an option sends it."""
    place = run.place(target)
    side = winner.side or _channel(run, winner.target, run.state)
    if place is None:
        return
    context, exten, priority = place
    side.go(context, exten, priority if further else priority + 1)
    side.moved = side.gone = False
    side.now = run.now
    side.run()
    if side not in run.children and side.steps:
        run.children.append(side)


def _after(run: Run, leg: Leg, winner: _Try) -> tuple[Run, str]:
    """Run the macro of option M, or the subroutine of U, on the channel that answered."""
    side = winner.side or _channel(run, winner.target, run.state)
    side.gone, side.now = False, winner.at
    if leg.macro:
        side.context, side.exten, side.priority = run.context, run.exten, run.priority
        if not side.perform(run_application("Macro", leg.macro)):
            return side, "ABORT"
    else:
        place, *arguments = leg.after.replace("^", ",").split(",")
        if side.call(f"{place},s,1({','.join(arguments)})"):
            side.moved = False
            side.follow(0)
    result = side.scope.find("MACRO_RESULT" if leg.macro else "GOSUB_RESULT")
    return side, result if isinstance(result, str) and ENDINGS.match(result) else ""


def _settle(
    run: Run, leg: Leg, tries: list[_Try], states: list[CallState], cuts: dict[int, float]
) -> None:
    """Make what the called channels did before they were hung up part of the call."""
    for number, tried in enumerate(tries):
        child, side = tried.child, tried.side
        run.dialed.append((tried.target, _caller(run), tried.status))
        if child is not None and (len(tries) > 1 or (child.ended_at or 0.0) > cuts[number]):
            again = _ring(run, tried.target, leg, run.state, cuts[number])
            child, side = again.child, side or again.side
        elif child is not None:
            run.state.take(states[number])
        run.children += [one for one in (side, child) if one is not None and one.steps]


def _caller(run: Run) -> str:
    """Return the caller id that a channel shows."""
    facts = run.channel.facts
    name, number = facts.get("CALLERID(name)", ""), facts.get("CALLERID(num)", "")
    return f"{name} <{number}>" if name else str(number)


def _ring(run: Run, target: str, leg: Leg, state: CallState, gone_at: float | None = None) -> _Try:
    """Call one target; `gone_at`: when it is hung up by this call."""
    technology, _, resource = target.partition("/")
    local = technology.lower() == "local"
    side = None
    if local:
        bare = resource.rpartition("/")[0] or resource
        exten, _, context = bare.partition("@")
        context = context or "default"
        if run.look(exten, 1, context) is None:
            run.note(f"there is no extension {exten}@{context} for a Local channel")
            return _Try(target, "CHANUNAVAIL", run.now, made=False)
    else:
        found = run.outside.respond(run, target, leg.kind)
        if leg.kind == "Dial" and found.status == "CHANUNAVAIL" and found.cause in NO_CHANNEL:
            run.note(f"there is no channel to {target!r}")
    if local or (leg.before and found.status != "CHANUNAVAIL"):
        side = _channel(run, target, state)
        if leg.before and side.call(caret(leg.before)):
            side.moved = False
            side.follow(0)
            if side.gone:  # by Hangup; observed: after any other end it is called
                return _Try(target, "CHANUNAVAIL", run.now, made=False, side=side)
    if not local:
        at = run.now + found.after
        return _Try(target, found.status, at, found.cause, at + found.talks, None, side)
    assert side is not None
    child = _child(run, side, exten, context, state)
    child.gone_at = gone_at
    child.run()
    ended = child.ended_at or child.now
    if child.up_at is not None:
        return _Try(target, "ANSWER", child.up_at, None, ended, child, side)
    if child.tone is not None:
        status = "BUSY" if child.tone[1] == 17 else "CONGESTION"
        return _Try(target, status, child.tone[0], None, ended, child, side)
    status = STATUSES.get(child.cause, "CHANUNAVAIL")
    return _Try(target, status, ended, child.cause or None, ended, child, side)


def _channel(run: Run, target: str, state: CallState) -> Run:
    """Return a channel that is made to call a target; it has the variables that pass on."""
    if run.depth >= DEEPEST:
        raise LoopError
    technology, _, resource = target.partition("/")
    state.serial += 1
    local = technology.lower() == "local"
    bare = resource.partition("/")[0] if local else resource.partition("@")[2] or resource
    name = f"{technology}/{bare.partition('/')[0]}-{state.serial:08x}{';1' if local else ''}"
    return _made(run, state, name, technology, "", "", run.channel, owner=run)


def _child(run: Run, side: Run, exten: str, context: str, state: CallState) -> Run:
    """Return the channel of a Local pair that runs the dialplan."""
    name = f"{side.channel.name.removesuffix(';1')};2"
    return _made(run, state, name, "Local", context, exten, side.channel, owner=run, same=True)


def _made(
    run: Run, state: CallState, name: str, technology: str, context: str, exten: str,
    source: CallChannel, *, owner: Run, same: bool = False,
) -> Run:  # fmt: skip
    variables = {n: v for n, v in source.variables.items() if same or n in source.inherited}
    inherited = {n: level for n, level in source.inherited.items() if same or level > 1}
    facts = dict(owner.channel.facts)
    facts.update({
        "CHANNEL": name, "CHANNEL(name)": name, "CHANNEL(channeltype)": technology,
        "UNIQUEID": f"asterconf-{state.serial}", "CHANNEL(uniqueid)": f"asterconf-{state.serial}",
        "CONNECTEDLINE(num)": "", "CONNECTEDLINE(name)": "",
    })  # fmt: skip
    channel = CallChannel(variables, facts, inherited, name=name)
    return Run(
        run.plan, state, run.outside, channel, context, exten, reach,
        depth=run.depth + 1, now=run.now,
    )  # fmt: skip


def _queue(run: Run, leg: Leg) -> LegResult:
    """Wait in a queue until a member answers, the time is over or the caller hangs up."""
    (name,) = leg.targets
    limit = run.now + leg.timeout
    run.scope.set("QUEUEPOSITION", "1")
    before = run.cause, run.undecided
    while True:
        members = [m for m in run.state.queues[name] if (name, m) not in run.state.paused]
        ring = min(15.0, limit - run.now)
        if members:
            result = _dial(run, attrs.evolve(leg, targets=tuple(members), timeout=ring))
            if result.status in ("ANSWER", "CANCEL"):
                return attrs.evolve(result, target=result.target or members[0])
            run.cause, run.undecided = before
        if limit >= ENDLESS and run.outside.gone_at(run) is None:  # nobody ever ends it
            if run.depth:
                run.now = limit
                return LegResult("TIMEOUT", name)
            run.wait(run.outside.patience(run))
            run.hang_up()
            return LegResult("CANCEL", name, by="caller")
        rest = max(limit - run.now, 0.0)
        if rest and not run.wait(min(RETRY, rest)):
            return LegResult("CANCEL", name, by="caller")
        if run.now >= limit:
            return LegResult("TIMEOUT", name)
