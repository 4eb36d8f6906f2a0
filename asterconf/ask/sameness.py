"""What is seen of a call from outside, step by step: by this alone are two dialplans compared.

A step is an event unless it only decides where the call goes next, or keeps a text in a variable
that Asterisk itself does not read. `event_of` says so of a step of one call and of the term of a
whole set of calls alike.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final, TypeAlias

import attrs

from asterconf.ask.applications import READ_BY_ASTERISK
from asterconf.ask.engine import Engine
from asterconf.ask.lookups import Found, Said
from asterconf.ask.placed import DoneError
from asterconf.ask.states import State, target_endpoint
from asterconf.ask.steps import FurtherStep
from asterconf.ask.values import Mark, UndecidedError
from asterconf.calls.call import Call, CallStep
from asterconf.calls.outcomes import Loops, Stopped
from asterconf.dialplan.values import DialplanStep
from asterconf.flow.applications import split
from asterconf.language import args, template
from asterconf.language.template import Literal
from asterconf.numbers import terms
from asterconf.numbers.automaton import Automaton
from asterconf.numbers.terms import Box, Opaque, Sender
from asterconf.workspace import Workspace

_parse = lru_cache(8192)(template.parse)

Event: TypeAlias = tuple[Any, ...]
"""The name of an application, its arguments as a term, and what else is seen of it."""

_SILENT: Final = frozenset(
    " ".join((
        "NoOp Verbose Log Goto GotoIf GotoIfTime Gosub GosubIf Return StackPop While EndWhile",
        "ExitWhile ContinueWhile ExecIf ExecIfTime If ElseIf Else EndIf ExitIf Exec TryExec",
        "RaiseException Macro MacroIf MacroExit MacroExclusive",
    )).split()
)  # fmt: skip
"""Applications that only decide where a call goes next, or write to the log."""
_UNSEEN: Final = frozenset(("LOCAL", "ARRAY", "HASH"))
"""Functions that write variables only."""
_CALLER: Final = re.compile(r"CALLERID\((?:all|num|number|name)\)", re.IGNORECASE)
"""The parts of the caller id that are followed."""
_OF_CALLERS: Final = frozenset(
    " ".join((
        "Answer BackGround Busy Congestion Hangup Playback PlayTones Progress Proceeding Ringing",
        "SayAlpha SayDigits SayNumber SayPhonetic SayUnixTime Set StartMusicOnHold",
        "StopMusicOnHold StopPlayTones Wait WaitDigit WaitExten WaitMusicOnHold",
    )).split()
)  # fmt: skip
"""Applications that show nobody else the caller id."""
_FILES: Final[dict[str, tuple[str, ...]]] = {
    "Queue": ("queues.conf", "queuerules.conf"), "VoiceMail": ("voicemail.conf",),
    "VoiceMailMain": ("voicemail.conf",), "VMAuthenticate": ("voicemail.conf",),
    "Directory": ("voicemail.conf",), "ConfBridge": ("confbridge.conf",),
    "Park": ("res_parking.conf",), "ParkAndAnnounce": ("res_parking.conf",),
    "ParkedCall": ("res_parking.conf",), "FollowMe": ("followme.conf",),
    "MeetMe": ("meetme.conf",), "AgentLogin": ("agents.conf",), "AMD": ("amd.conf",),
    "MusicOnHold": ("musiconhold.conf",), "WaitMusicOnHold": ("musiconhold.conf",),
    "Dial": ("features.conf",),
}  # fmt: skip
"""The files that say what an application does."""


def _set_event(data: str, *, many: bool) -> Event | None:
    """Return what of an assignment is seen: functions, and variables that Asterisk reads."""
    seen = []
    for text in args.split(data) if many else [data]:
        name, equals, value = text.partition("=")
        bare = name.strip().lstrip("_")
        if bare.endswith(")"):
            word = bare.partition("(")[0]
            if word not in _UNSEEN and not _CALLER.fullmatch(bare):
                seen.append(text)
        elif equals and (not terms.is_constant(bare) or READ_BY_ASTERISK.match(bare)):
            seen.append(f"{bare}={value}")
    return ("Set", *seen) if seen else None


def event_of(app: str, data: str) -> Event | None:
    """Return what is seen of a step, by its application and arguments; None: nothing."""
    if app in ("Set", "MSet"):
        return _set_event(data, many=app == "MSet")
    return None if app in _SILENT else (app, data.rstrip(","))


def asked(step: DialplanStep) -> tuple[str, ...]:
    """Return the application of a step, what stands before all that it reads, and what it reads."""
    parts = _parse(step.data).parts if "$" in step.data else ()
    return (
        step.app.lower(),
        step.data.partition("$")[0],
        *(one.text for one in parts if not isinstance(one, Literal)),
    )


def observed(call: Call | None) -> object:
    """Return what is seen of one call: its events, what it dials, and how it ends.

    None: there is no such call, since its context is not there.
    """
    if call is None:
        return None
    outcome = call.outcome
    end = "" if isinstance(outcome, Loops | Stopped) else str(outcome)
    legs = [events for leg in call.legs if (events := _events(leg.steps))]
    return type(outcome), end, call.dialed, _events(call.steps), legs


def _events(steps: Iterable[CallStep]) -> list[Event]:
    return [event for step in steps if (event := event_of(step.app, step.data)) is not None]


# ---- sets of calls ------------------------------------------------------------------------------


@attrs.define(eq=False)
class Comparing(FurtherStep):
    """One step of many calls that keeps what is seen of it, and what the world was asked.

    What is not known has a name of its own on each side, unless both take the step `together`:
    then it is the same on both.
    """

    events: list[Event] = attrs.field(factory=list)
    trace: list[tuple[str, str, tuple[str, ...], str]] = attrs.field(factory=list)
    fresh: set[Opaque] = attrs.field(factory=set)
    assigned: set[str] = attrs.field(factory=set)
    unlike: set[Mark] = attrs.field(factory=set)
    met: bool = False
    """Whether it comes to a step that the other side has otherwise."""

    @property
    def owner(self) -> Side:
        """The side whose step it is."""
        assert isinstance(self.engine, Side)
        return self.engine

    def opaque(self, text: str, sender: Sender = None) -> str:
        """Return a term for what is not known, which both sides share if they go together."""
        whose, line = f"{self.owner.name} {self.place[0]}", self.place[1]
        if self.owner.together and self.found is not None:
            whose, line = "both " + " ".join(asked(self.found.step)), 0
        part = Opaque(text, whose, line, sender)
        self.owner.places[part] = Opaque(text, *self.place)
        self.fresh.add(part)
        return self.atoms.char_of(part)

    def look(self, exten: str, wanted: int | str, context: str | None = None) -> Found | None:
        """Return the step at a place, and keep whether the other side has another one there."""
        found = super().look(exten, wanted, context)
        if found is not None:
            said = self.owner.lookups.said(found.holder, found.step)
            self.met = self.met or said in self.owner.changed_steps
        return found

    def choose(self, options: Any, kind: str = "", about: str = "") -> Any:  # noqa: ANN401
        """Return the way that is taken now, and keep the question."""
        found = super().choose(options, kind, about)
        if len(options) > 1:
            self.trace.append((kind, about, tuple(map(str, options)), str(found)))
        return found

    def input(self, kind: str, language: Automaton) -> str:
        """Return a new input, and keep what it may be."""
        term = super().input(kind, language)
        self.events.append(("input", kind, language))
        return term

    def read(self, name: str) -> str:
        """Return a variable; a global one that steps change is what it is at this moment."""
        found = super().read(name)
        if not terms.is_constant(found) and self.globals.get(name, self.globals.get("*")) == found:
            return self.opaque(f"${{{name}}}")
        return found

    def global_value(self, given: str) -> str | None:
        """Return a global variable, as it is at this moment."""
        found = super().global_value(given)
        return found if found is None or terms.is_constant(found) else self.opaque(f"${{{given}}}")

    def set(self, name: str, value: str) -> None:
        """Set a variable."""
        self.assigned.add(name.lstrip("_"))
        super().set(name, value)

    def clipped(self, exten: str) -> str:
        """Return what a channel keeps of a text: all, as both sides cut what is too long."""
        return super().clipped(exten) if terms.is_constant(exten) else exten

    def write_callerid(self, item: str, value: str) -> None:
        """Write a part of the caller id."""
        self.assigned |= {f"CALLERID({one})" for one in ("num", "name", "ani")}
        super().write_callerid(item, value)

    def forget(self, mark: Mark) -> None:
        """Let no variable be known any more; what they are then is not the same on both sides."""
        super().forget(mark)
        self.assigned.add("~all")
        self.variables["~all"] = self.opaque("~all")

    def perform(self, name: str, data: str) -> None:
        """Carry out an application, and keep what is seen of it."""
        event = event_of(name, self.known(data))
        if event is not None:
            self.events.append((*event, *self.beside(name, data)))
        super().perform(name, data)

    def beyond(self, mark: Mark) -> None:
        """Let calls stop: what is behind is compared only where both sides do the same."""
        raise UndecidedError(mark)

    elsewhere = beyond

    def any_text(self, term: str) -> str:
        """Return a term of which everything is known; others stop."""
        if any(isinstance(part, Opaque) for part in terms.atoms(term)):
            raise UndecidedError(self.mark_of(term))
        return term

    def beside(self, name: str, data: str) -> Event:
        """Return what else decides what is seen of an application."""
        found: list[Any] = []
        if name not in _OF_CALLERS:
            who = (self.variables.get(f"CALLERID({one})", "") for one in ("num", "name", "ani"))
            found += map(self.known, who)
        if name in ("Dial", "RetryDial", "Page"):
            for target in split(data, 2)[0].split("&"):
                endpoint = target_endpoint(target)
                if endpoint is not None and self.owner.lonely is not None:
                    try:
                        there = self.belongs(endpoint, self.owner.lonely)
                    except terms.OpaqueError:
                        there = True
                    found.append(self.owner.name if there else "")
        for file in _FILES.get(name, ()):
            what = self.owner.differing(file, split(data, 2)[0])
            if what:
                self.unlike.add(Opaque(what, *self.place))
        return tuple(found)

    def side_states(self) -> tuple[State, ...]:
        """Return where other channels begin; what their variables are is known to one side only."""
        return tuple(
            attrs.evolve(one, variables=tuple(
                (n, v or self.opaque("~all")) if n == "~all" else (n, v) for n, v in one.variables
            ))
            for one in self.sides
        )  # fmt: skip

    def not_found(self) -> None:
        """Go on where there is no step, or keep how the call ends here."""
        phase, refused = self.phase, self.look(self.exten, 1) is None
        try:
            super().not_found()
        except DoneError:
            end = "over" if phase == "h" else "refused" if refused else "fell"
            self.events.append(("ends", end))
            raise


@attrs.define(eq=False)
class Side(Engine):
    """The calls of one of two configurations that are compared.

    Attributes:
        name: `old` or `new`.
        together: whether both sides take the step that is run now.
        places: where each part stands that is not known.
        lonely: the endpoints that only one side has; None: there is none.
        other: the configuration of the other side.
        changed_steps: what the steps say that the other side has otherwise at the same place.
        hears_end: whether an `h` is anywhere, on either side; None: this side is followed alone.
    """

    kind = Comparing
    exact = True
    budget: int = attrs.field(default=1_500, kw_only=True)
    """Smaller than for one configuration: each way in is followed by itself, on both sides."""
    name: str = attrs.field(default="", kw_only=True)
    other: Workspace = attrs.field(kw_only=True)
    together: bool = attrs.field(default=False, init=False)
    places: dict[Opaque, Opaque] = attrs.field(factory=dict, init=False)
    lonely: Automaton | None = attrs.field(default=None, init=False)
    changed_steps: frozenset[Said] = attrs.field(default=frozenset(), init=False)
    hears_end: bool | None = attrs.field(default=None, init=False)
    _known: dict[tuple[str, str], str] = attrs.field(factory=dict, init=False)

    def has_h(self, context: str) -> bool:
        """Return whether ends are followed: of both sides in no context, or in all."""
        return super().has_h(context) if self.hears_end is None else self.hears_end

    @property
    def differs(self) -> bool:
        """Whether anything was found in other files that differs."""
        return any(self._known.values())

    def differing(self, file: str, about: str) -> str:
        """Return what differs in what a file says of something, in words; empty: nothing.

        `about`: the section, with the options that follow it behind a `,`.
        """
        name = about.partition("&")[0].partition("@")[0].partition(",")[0]
        constant = terms.is_constant(name) and file == "queues.conf"
        key = file, name if constant else ""
        if key not in self._known:
            mine, theirs = (
                [
                    (section.name, *((item.name, item.value) for item in section.items))
                    for section in work.resolve(file) or ()
                    if not constant or section.name in ("general", name)
                ]
                for work in (self.workspace, self.other)
            )
            self._known[key] = f"{file} differs" if mine != theirs else ""
        return self._known[key]


@attrs.frozen
class Way:
    """What a step does on one way.

    Attributes:
        box: the inputs that take it.
        events: what is seen of it.
        trace: what the world was asked, and how it answered.
        facts: the same as far as a single call can be made of it.
        after: where the call is then; None: it is over.
        sides: where other channels begin.
        stop: what the call depends on from here; None: it can be followed.
        doubts: what these calls may do besides.
        unlike: what differs in other files.
        met: whether it comes to a step that the other side has otherwise.
        marks: what only a running Asterisk knows of the way.
        fresh: the parts that this step read and that are not known.
        mixed: whether such a part stands beside one of the same name that was read before.
        step: as it is written; None: there is none.
        place: file and line.
    """

    box: Box
    events: tuple[Event, ...]
    trace: tuple[tuple[str, str, tuple[str, ...], str], ...]
    facts: tuple[tuple[str, str, str], ...]
    after: State | None
    sides: tuple[State, ...]
    stop: Mark | None
    doubts: tuple[Mark, ...]
    unlike: frozenset[Mark]
    met: bool
    marks: frozenset[Mark]
    fresh: frozenset[Opaque]
    mixed: bool
    step: DialplanStep | None
    place: tuple[str, int]

    @property
    def is_soft(self) -> bool:
        """Whether nothing is seen of it; which way it goes may depend on what is not known."""
        unasked = all(not kind for kind, *_ in self.trace)
        quiet = not (self.events or self.sides or self.stop or self.doubts or self.unlike)
        return quiet and unasked and self.after is not None

    @property
    def is_silent(self) -> bool:
        """Whether nothing is seen of it, and every call goes it that has its inputs."""
        return self.is_soft and not self.trace and not self.fresh


def way_of(step: Comparing, mark: Mark | None, *, ended: bool) -> Way:
    """Return what a step did that was run."""
    found = step.found
    if ended and not step.events and mark is None:
        step.events.append(("ends", found.step.app if found is not None else ""))
    sides = step.side_states()
    after = step.after() if not ended else step.ended() if mark is None else None
    mixed = any(_mixed(one, step, {*step.assigned}) for one in (after, *sides) if one is not None)
    return Way(
        step.box, tuple(step.events), tuple(step.trace), tuple(step.facts), after, sides, mark,
        tuple(step.doubts), frozenset(step.unlike), step.met, frozenset(step.marks),
        frozenset(step.fresh), mixed, found.step if found is not None else None, step.place,
    )  # fmt: skip


def _mixed(after: State, step: Comparing, assigned: set[str]) -> bool:
    """Return whether a state has a part that a step read anew, and the same from before."""
    if not step.fresh:
        return False
    own = after.part == step.node.state.part and after.level == step.node.state.level
    old = [v for n, v in after.variables if own and n not in assigned]
    old += [v or "" for frame in after.frames for _, v in frame[3]]
    new = [v for n, v in after.variables if not own or n in assigned]
    before = {part for text in old for part in terms.atoms(text)}
    count = Counter(part for text in new for part in {*terms.atoms(text)})
    return any(
        one in before if own else one in before or count[one] > 1 for one in step.fresh & {*count}
    )
