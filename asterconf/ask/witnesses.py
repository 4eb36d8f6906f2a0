"""Calls on paper: what a search says that calls do, shown by a call that does it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import attrs

from asterconf.ask.answers import Witness
from asterconf.ask.entries import Entry
from asterconf.ask.states import Dialed, Fact, Reached, target_endpoint
from asterconf.ask.surroundings import Surroundings
from asterconf.ask.values import numbers_of
from asterconf.calls.call import PLAIN, Call, make_call
from asterconf.calls.world import (
    Answer,
    Answers,
    Busy,
    Congestion,
    NoAnswer,
    Presses,
    Unreachable,
    World,
)
from asterconf.numbers import Numbers, terms
from asterconf.numbers import automaton as at
from asterconf.numbers.terms import Box, InputSlice
from asterconf.source import comparable
from asterconf.workspace import Workspace

TRIES: Final = 12
"""So many ways are tried before no call on paper goes one."""
_NUMBER: Final = terms.char_of(InputSlice("d"))
_CALLER: Final = terms.char_of(InputSlice("n"))
_ENDS: Final[dict[str, Answer]] = {
    "ANSWER": Answers(), "BUSY": Busy(), "NOANSWER": NoAnswer(), "CONGESTION": Congestion(),
    "CHANUNAVAIL": Unreachable(), "TIMEOUT": NoAnswer(),
}  # fmt: skip
_OPENED: Final = {
    "DISA": ("DISA",), "transfer": ("Dial", "Queue", "RetryDial"), "Queue": ("Queue",),
    "voicemail": ("VoiceMailMain", "VoiceMail"), "ConfBridge": ("ConfBridge",),
    "Directory": ("Directory",), "ChanSpy": ("ChanSpy",), "MeetMe": ("MeetMe",),
}  # fmt: skip
"""The applications that let a caller dial again, by the kind of the further call."""


@attrs.frozen
class OnPaper:
    """Makes calls of an entry on paper, as the ways of a search say.

    Attributes:
        around: what the ways were found in.
        way: where the calls come in.
        world: what is assumed besides what is decided on a way.
    """

    around: Surroundings
    way: Entry
    world: World = PLAIN

    def dials(self, hit: Dialed, trunks: Iterable[str]) -> Witness | None:
        """Return a call that dials one of the trunks as a hit says; None: it does not."""
        return self.does(
            hit.node, hit.box, hit.facts, lambda call: reaches(self.around.workspace, call, trunks)
        )

    def does(
        self, node: Reached, box: Box, more: Iterable[Fact], what: Callable[[Call], str | None]
    ) -> Witness | None:
        """Return a call that goes the way of a node, and does something in its step; None: none.

        `box` are the inputs that take that step, and `more` is what the world decides in it.
        """
        facts = [*node.facts_before(), *more]
        for made in self._ending(node, single_of(node, box), facts):
            done = what(made.calls[-1])
            if done is not None:
                return attrs.evolve(made, reaches=done)
        return None

    def _ending(self, node: Reached, box: Box, facts: list[Fact]) -> Iterator[Witness]:
        """Yield the call of a way; if its caller hangs up there, also in each step."""
        stays = self.calls(node, box, facts)
        if stays is None:
            return
        yield stays
        begins = dict.fromkeys(step.at for step in stays.calls[0].steps)
        for begin in [*begins][:TRIES] if ("stay", "", "False") in facts else ():
            ends = attrs.evolve(self.world, hangs_up=begin + 0.1)
            made = attrs.evolve(self, world=ends).calls(node, box, facts)
            if made is not None:
                yield made

    def calls(self, node: Reached, box: Box, facts: Iterable[Fact]) -> Witness | None:
        """Return the calls that go the way of a node; None: they cannot be made.

        `box` has one text for each input, and `facts` are what the world decides.
        """
        facts, own = [*facts], self.way.callerid
        told = _told(facts, box)
        world = attrs.evolve(_world(facts, self.world), digits=_digits(facts, box))
        world = _assuming(told, world)
        number, given = _text(box, _NUMBER), None if own is not None else _text(box, _CALLER)
        instant = self._instant(box)
        made = self._call(number, self.way.name, given, instant, world)
        if made is None:
            return None
        calls = [made]
        further = next((one.state for one in node.way() if ":" in one.state.part), None)
        if further is not None:
            kind, _, context = further.part.partition(":")
            text = _text(box, further.exten)
            callerid = _text(box, dict(further.variables).get("CALLERID(num)", ""))
            again = self._call(text, f"context:{context}", callerid, instant, world)
            if again is None or not _opened(made, kind):
                return None
            calls.append(again)
        statuses = {name: type(one).__name__ for name, one in world.answers.items()}
        statuses |= dict(world.devices) | told
        if world.hangs_up is not None:
            statuses |= {"caller": f"hangs up after {world.hangs_up:g} s"}
        callerid = own or "" if given is None else given
        return Witness(
            self.way.name, number, callerid, instant, statuses, world.digits, tuple(calls)
        )

    def plainly(self, number: str, box: Box) -> Witness | None:
        """Return the call of a number, of which nothing is decided; None: it cannot be made."""
        instant, own = self._instant(box), self.way.callerid
        made = self._call(number, self.way.name, "" if own is None else None, instant, World())
        if made is None:
            return None
        return Witness(self.way.name, number, own or "", instant, {}, "", (made,))

    def _call(
        self, number: str, entry: str, callerid: str | None, instant: datetime, world: World
    ) -> Call | None:
        try:
            return make_call(
                self.around.workspace, number, entry=entry, callerid=callerid, at=instant,
                world=world,
            )  # fmt: skip
        except ValueError:
            return None

    def _instant(self, box: Box) -> datetime:
        moments = self.around.lookups.moments
        if not moments.specs:
            return datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
        instant = moments.first(box.time)
        return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def reaches(workspace: Workspace, call: Call, trunks: Iterable[str]) -> str | None:
    """Return what a call dials on one of the trunks; None: nothing."""
    names, known = set(trunks), workspace.references.defined
    if workspace.modules.why_not("chan_pjsip"):
        return None
    for one in call.dialed:
        if target_endpoint(one.target) in names and known.rings(one.target.partition("/")[2]):
            return one.target
    return None


def _opened(call: Call, kind: str) -> bool:
    """Return whether a call runs a step that lets its caller dial again."""
    steps = [*call.steps, *(step for leg in call.legs for step in leg.steps)]
    return any(step.app in _OPENED[kind] for step in steps)


# ---- the inputs ---------------------------------------------------------------------------------


def inputs_of(node: Reached, last: Box) -> Box:
    """Return the box at the end of a way, with the inputs that were mentioned on it."""
    sets: dict[str, at.Automaton] = {}
    for one in node.way():
        sets |= dict((one.whole or one.box).sets)
    sets |= dict(last.sets)
    return Box(tuple(sorted(sets.items(), key=lambda one: one[0])), last.time)


def single_of(node: Reached, last: Box) -> Box:
    """Return the box at the end of a way with one text for each input.

    That is the shortest, without dashes if there is one.
    """
    box = inputs_of(node, last)
    for name, found in box.sets:
        text = numbers_of(found).shortest()
        text = Numbers.made(found).shortest() if text is None else text
        box = box if text is None else box.having(name, at.text_of(comparable(text)))
    return box


def _text(box: Box, term: str) -> str:
    """Return one text that a term may be in a box."""
    text = ""
    for part in terms.parts(term):
        if isinstance(part, InputSlice):
            member = Numbers.made(box[part.input]).shortest() or ""
            raw = comparable(member)[part.start : part.end]
            text += raw.decode("utf-8", "surrogateescape")
        elif isinstance(part, str):
            text += part
    return text


# ---- what the world decides ---------------------------------------------------------------------


def _world(facts: Iterable[Fact], world: World) -> World:
    """Return a world in which everything is decided as on a way."""
    answers: dict[str, Answer] = {}
    devices: dict[str, str] = {}
    mailboxes: dict[str, Any] = {}
    for kind, about, result in facts:
        if kind == "leg":
            for target in about.split("&"):
                name = _pattern(target)
                answers.setdefault(name, _ENDS.get(result, NoAnswer()))
        elif kind == "device":
            devices[about] = result
        elif kind == "voicemail" and "USEREXIT" in result:
            name = about.partition("&")[0]
            key = "0" if "'0'" in result else "*"
            mailboxes[name if "@" in name else f"{name}@default"] = Presses(key)
    return attrs.evolve(world, answers=answers, devices=devices, mailboxes=mailboxes)


def _told(facts: Iterable[Fact], box: Box) -> dict[str, str]:
    """Return what is assumed on a way: each thing that asks, with its answer."""
    return {_text(box, asks): _text(box, said) for kind, asks, said in facts if kind == "assumed"}


def _assuming(told: Mapping[str, str], world: World) -> World:
    """Return a world in which everything is as it is assumed on a way."""
    variables = {name: said for name, said in told.items() if name.isidentifier()}
    entries = {name[3:-1]: said for name, said in told.items() if name.startswith("DB(")}
    facts = {name.partition(" of [")[0]: said for name, said in told.items()}
    return attrs.evolve(
        world,
        database={**world.database, **entries},
        facts={**world.facts, **facts},
        applications={**world.applications, **{n: variables for n, v in told.items() if not v}},
        globals={**world.globals, **variables},
    )


def _pattern(target: str) -> str:
    """Return a target with a `*` for what an input fills in."""
    return re.sub(r"\$\{[^}]*\}?", "*", target)


def _digits(facts: Iterable[Fact], box: Box) -> str:
    """Return what the caller keys on a way; `w`: it lets the dialplan wait in vain."""
    found = ""
    for kind, about, result in facts:
        if kind in ("key", "press") and result == "False":
            found += "w"
        elif kind == "digits":
            found += _text(box, about) + "w"
        elif kind == "read":
            found += _text(box, about) + "#" if about else ""
    return found
