"""Which dialed numbers behave differently: a witness for each pattern of both dialplans."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

import attrs

from asterconf.calls.call import Call, entry_context, make_call
from asterconf.calls.outcomes import Stopped
from asterconf.calls.world import World
from asterconf.dialplan.lookup import Dialplan
from asterconf.language.pattern import Pattern
from asterconf.shown import Shown
from asterconf.source import printable
from asterconf.workspace import Workspace

__all__ = ["ChangedCall", "changed_calls", "entries"]


@attrs.frozen
class ChangedCall(Shown):
    """A dialed number that behaves differently.

    Attributes:
        number: the number, a witness for all that the same extensions take.
        entry: where the call comes in, such as `context:from-home`.
        old: the call before; None: there was no such context.
        new: the call now; None: there is no such context any more.
    """

    number: str
    entry: str
    old: Call | None
    new: Call | None

    @property
    def is_known(self) -> bool:
        """Whether both calls are followed to their end."""
        return not any(isinstance(one.outcome, Stopped) for one in (self.old, self.new) if one)

    def __str__(self) -> str:
        before, after = (str(one.outcome) if one else "no such context" for one in self._both)
        if before == after:
            before, after = (_dialed(one) for one in self._both)
        return printable(f"{self.number} from {self.entry}: {before} -> {after}")

    @property
    def _both(self) -> tuple[Call | None, Call | None]:
        return self.old, self.new


SPECIAL = frozenset("aehiotT")
"""Extensions that Asterisk goes to by itself, which nobody dials."""


def _dialed(call: Call | None) -> str:
    made = [f"{one.target} as {one.callerid or 'nobody'}" for one in call.dialed] if call else []
    return f"dials {', '.join(made) or 'nobody'}"


def changed_calls(
    old: Workspace, new: Workspace, contexts: Iterable[str], world: World | None = None
) -> Iterator[ChangedCall]:
    """Yield a witness for every extension whose calls end, dial or play otherwise.

    A call that cannot be followed differs if its steps do until then.
    """
    world = World() if world is None else world
    if world.clock is None:  # the same moment for both
        world = attrs.evolve(world, clock=datetime.now(world.zone).astimezone(world.zone))
    plans = old.dialplan.dialplan, new.dialplan.dialplan
    for name in contexts:
        there = [name in plan for plan in plans]
        for number in _witnesses(*plans, name):
            calls = [
                make_call(work, number, entry=f"context:{name}", world=world) if here else None
                for work, here in zip((old, new), there, strict=True)
            ]
            if _behaviour(calls[0]) != _behaviour(calls[1]):
                yield ChangedCall(number, f"context:{name}", *calls)


def entries(work: Workspace) -> Iterator[str]:
    """Yield the contexts of the endpoints that are there; without endpoints, all contexts."""
    plan = work.dialplan.dialplan
    found = {entry_context(work, name) for name in work.pjsip.endpoints}
    yield from (name for name in found if name in plan)
    if not found:
        yield from (context.name for context in plan)


def _behaviour(call: Call | None) -> object:
    if call is None:
        return None
    steps = [(s.app, s.data) for s in call.steps] if isinstance(call.outcome, Stopped) else []
    return type(call.outcome), str(call.outcome), call.dialed, call.plays, steps


def _witnesses(old: Dialplan, new: Dialplan, context: str) -> Iterator[str]:
    """Yield numbers: for each extension of both sides, and for what two have in common."""
    before, after = ({*_reached(plan, context)} for plan in (old, new))
    found: dict[str, None] = {}
    for name in sorted(before | after):
        pattern = Pattern(name)
        number = pattern.intersection(pattern) if pattern.is_pattern else name
        found[number or ""] = None
    changed = {name: Pattern(name) for name in before ^ after if Pattern(name).is_pattern}
    for one in changed.values():
        for name in before | after:
            other = Pattern(name)
            found[(other.is_pattern and one.intersection(other)) or ""] = None
    yield from (number for number in found if number and number not in SPECIAL)


def _reached(plan: Dialplan, context: str) -> Iterator[str]:
    """Yield the names of the extensions of a context and of those that it includes."""
    waiting, seen = [context], set[str]()
    while waiting:
        name = waiting.pop()
        if name in seen or name not in plan:
            continue
        seen.add(name)
        yield from (extension.name for extension in plan[name] if extension.steps)
        waiting += (include.context for include in plan[name].includes)
