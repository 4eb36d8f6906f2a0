"""The loop that runs a call through a dialplan, step by step.

Source: main/pbx.c, __ast_pbx_run, collect_digits and ast_pbx_h_exten_run.
Checked: tests/vectors/trace and dialplan-flow.json.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final, Protocol, get_args

import attrs

from asterconf.dialplan.lookup import MAX_NUMBER, Dialplan, Match
from asterconf.dialplan.values import DialplanExtension, DialplanStep
from asterconf.flow import effects as fx
from asterconf.flow.applications import timed_out, wanted_of
from asterconf.flow.channel import CallChannel, CallState
from asterconf.flow.table import application, registered
from asterconf.language import template, timespec
from asterconf.schema import Schema
from asterconf.secrets import shown_text
from asterconf.semantics.evaluation import assign, assign_many, evaluate
from asterconf.semantics.functions.logic import condition
from asterconf.semantics.scope import Scope, Unknown, UnknownError
from asterconf.semantics.texts import clip, scan_int

MOST_STEPS: Final = 100_000
"""Steps of one call, its legs included; Asterisk goes on until somebody hangs up."""
MOST_ROUNDS: Final = 2_000
"""So often a call comes to be as it was, but for what chance decides, before it is a loop."""
DEEPEST: Final = 32
"""Calls that lead to one another through Local channels."""
_parse = lru_cache(8192)(template.parse)
_time = lru_cache(1024)(timespec.parse)


class StopError(Exception):
    """Only a running Asterisk knows what happens next."""

    def __init__(self, text: str, why: str) -> None:
        super().__init__(why)
        self.unknown = Unknown(text, why)


class LoopError(Exception):
    """The call goes round for ever."""


@attrs.frozen(slots=True)
class Step:
    """One step that ran: where, what, and when in seconds from the start of the call."""

    context: str
    exten: str
    priority: int
    app: str
    data: str
    at: float
    holder: str
    extension: DialplanExtension
    step: DialplanStep


@attrs.frozen
class Response:
    """What a called channel does.

    Attributes:
        status: `ANSWER`, or what it is for DIALSTATUS that nobody answers.
        after: seconds until then.
        cause: the cause with which it hangs up; None: none is given.
        talks: seconds that a conversation lasts.
    """

    status: str
    after: float = 0.0
    cause: int | None = None
    talks: float = 0.0


class Outside(Protocol):
    """What the run loop asks; `run` is the channel that asks, a `Run`."""

    @property
    def known(self) -> Schema:
        """What the version knows that runs the call."""

    def has(self, name: str) -> bool:
        """Return whether Asterisk has an application: modules.conf may not load its module."""
        ...

    def assume(self, text: str) -> None:
        """Note a default that was used."""

    def contacts(self, endpoint: str) -> str:
        """Return what PJSIP_DIAL_CONTACTS gives for an endpoint."""
        ...

    def application(self, run: Run, name: str, data: str) -> fx.Effects | None:
        """Return what the world says that an application does; None: as it is modelled."""
        ...

    def gone_at(self, run: Run) -> float | None:
        """Return when the other end of a channel hangs up; None: it does not."""
        ...

    def cause(self, run: Run) -> int:
        """Return the cause when the other end hangs up now."""
        ...

    def patience(self, run: Run) -> float:
        """Return how long the other end listens to a tone of refusal."""
        ...

    def key(self, run: Run, wanted: fx.Key) -> str | None:
        """Return the digit pressed; empty: none in that time; None: the other end hung up."""
        ...

    def play(self, run: Run, sound: fx.Play) -> str | None:
        """Return how a sound ended."""
        ...

    def ask(self, run: Run, question: fx.Ask) -> Any:  # noqa: ANN401 - by the kind
        """Return what the world decides."""
        ...

    def respond(self, run: Run, target: str, kind: str) -> Response:
        """Return what a called channel does that is no Local one."""
        ...

    def queue(self, run: Run, leg: fx.Leg) -> fx.LegResult | None:
        """Return how waiting in a queue ended; None: as its members answer."""
        ...

    def member(self, run: Run, change: fx.Member) -> str:
        """Return the status of a change of a queue's members."""
        ...


@attrs.define(eq=False)
class Run:
    """One channel on its way through the dialplan.

    Attributes:
        now: seconds since the call began; `began` is when the channel was made.
        up_at: when it was answered; None: it is not.
        reach: calls others, and tells how that ended.
        gone: whether it is hung up; `cause` is why, 0 for no reason given.
        undecided: what would have to be known to tell `cause`; empty: it is known.
        gone_at: when the other end hangs up, if it does.
        tone: when and with which cause the other end heard a tone of refusal.
        macros: how many macros the step that runs is in; `keyed` what is keyed in them.
        anchor: how the call was at some step, with how many subroutines it was in then (`base`),
            at the least since then (`lowest`), how often it was so again (`rounds`), and the random
            numbers `drawn` before.
        children: the channels that it called; `dialed` what it called, each with the caller id
            that goes out and what became of it.
        way: how the run ended: `refused`, `fell`, `hangup`, `gone`.
    """

    plan: Dialplan
    state: CallState
    outside: Outside
    channel: CallChannel
    context: str
    exten: str
    reach: Callable[[Run, fx.Leg], fx.LegResult]
    priority: int = 1
    depth: int = 0
    now: float = 0.0
    began: float = attrs.field(init=False)
    gone_at: float | None = None
    up_at: float | None = None
    gone: bool = False
    cause: int = 0
    undecided: str = ""
    way: str = ""
    tone: tuple[float, int] | None = None
    macros: int = 0
    keyed: str | None = None
    moved: bool = False
    places: list[tuple[str, str, int]] = attrs.field(factory=list)
    steps: list[Step] = attrs.field(factory=list)
    reached: list[fx.Reach] = attrs.field(factory=list)
    notes: list[tuple[int, str]] = attrs.field(factory=list)
    children: list[Run] = attrs.field(factory=list)
    dialed: list[tuple[str, str, str]] = attrs.field(factory=list)
    ended_at: float | None = None
    anchor: tuple[object, ...] | None = None
    base: int = 0
    lowest: int = 0
    rounds: int = 0
    drawn: int = 0
    scope: Scope = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.began = self.now
        self.scope = Scope(self.state, self.channel)
        self.exten = clip(self.exten, MAX_NUMBER)
        self.channel.run = self

    # -- the loop ---------------------------------------------------------------------------------

    def enter(self) -> None:
        """Run a call that comes in: a channel refuses a number that is no extension.

        Then no step runs, not even `i` or `h`.

        Source: main/core_local.c, local_call; res/res_pjsip_session.c, get_destination.
        """
        if self.look(self.exten, 1) is None:
            self.way = "refused"
            self.note(f"{self.exten!r} is no extension of {self.context!r}: the call is refused")
        else:
            self.run()

    def run(self) -> None:
        """Run the call to its end, with `h` and the hang-up handlers."""
        while True:
            found = self.look(self.exten, self.priority)
            if found is None:
                if self.not_found():
                    continue
                break
            going = self.execute(found)
            if self.expired() and self.handle("T", "ABSOLUTETIMEOUT"):
                continue
            if not going or self.gone:
                self.way = self.way or ("gone" if going else "hangup")
                break
            self.advance()
        self.finish()

    def advance(self) -> None:
        """Go to the next priority, unless the step went elsewhere."""
        if not self.moved:
            self.priority += 1
        self.moved = False

    def finish(self) -> None:
        """Run `h` where the call is now, then the hang-up handlers, the newest first."""
        self.gone, self.ended_at = True, self.now
        if self.look("h", 1) is not None:
            self.go(self.context, "h", 1)
            self.moved = False
            self.follow()
        while self.channel.handlers:
            if self.call(self.channel.handlers.pop()):
                self.moved = False
                self.follow(len(self.places) - 1)

    def follow(self, depth: int = -1) -> None:
        """Run steps until one ends the call or none is there, or a subroutine has returned."""
        while len(self.places) > depth:
            found = self.look(self.exten, self.priority)
            if found is None or not self.execute(found):
                return
            self.advance()

    def look(self, exten: str, priority: int | str, context: str | None = None) -> Match | None:
        """Return the step at a place; None: there is none.

        Raises:
            StopError: a switch that is asked only by a running Asterisk may have it.
        """
        where = self.context if context is None else context
        caller = self.channel.facts.get("CALLERID(num)")
        if isinstance(caller, Unknown):
            raise StopError(str(caller), caller.why)
        found = self.plan.look(
            exten, where, callerid=caller, priority=priority, at=self.state.now()
        )
        if found.doubts:
            raise StopError(f"{exten}@{where}", str(found.doubts[0]))
        return found if found.step is not None else None

    def not_found(self) -> bool:
        """Go on where there is no step; return False if that ends the call."""
        if self.look(self.exten, 1) is None:
            if self.look("i", 1) is not None:
                self.scope.set("INVALID_EXTEN", self.exten)
                self.go(self.context, "i", 1)
                self.moved = False
                return True
            if self.handle("", "INVALID"):
                return True
            self.way = "refused"
            self.note(f"{self.exten!r} in {self.context!r} is no extension, and there is no i")
            return False
        if self.plan.general.autofallthrough or not self.timeout("response"):
            return self.fall()
        digit = self._on_key(fx.Key(self.timeout("response")))
        if digit is None:
            return False
        going = self._on_collect(fx.Collect(digit)) if digit else self.perform(timed_out())
        self.moved = False
        return bool(going) and not self.gone

    def fall(self) -> bool:
        """End the call, after a tone where the last Dial had no success."""
        self.way = "fell"
        status = self.scope.find("DIALSTATUS")
        if status in ("BUSY", "CONGESTION", "CHANUNAVAIL"):
            self._on_tone(fx.Tone(17 if status == "BUSY" else 34, 10))
        return False

    def handle(self, special: str, reason: str) -> bool:
        """Go to a special extension, else to `e` with a reason; return False if there is none."""
        self.channel.deadline = None if special == "T" else self.channel.deadline
        if special and self.look(special, 1) is not None:
            self.go(self.context, special, 1)
        elif not self._on_raise(fx.Raise(reason)):
            return False
        self.moved = self.gone = False
        self.way = ""
        return True

    def expired(self) -> bool:
        """Return whether the absolute timeout is over."""
        deadline = self.channel.deadline
        return deadline is not None and self.now >= deadline and self.way != "hangup"

    # -- one step ---------------------------------------------------------------------------------

    def execute(self, found: Match) -> bool:
        """Run one step; return whether the call goes on."""
        step = found.step
        assert step is not None
        assert found.extension is not None
        app = application(step.app)
        name = app.name if app is not None else registered(step.app, self.outside.known)
        if name is None or not self.outside.has(name):
            self.note(f"there is no application {step.app!r}")
            return False
        self.context, self.exten = found.start, found.number
        self.show_place()
        data, unknown = step.data, None
        if "$" in data:
            result = evaluate(_parse(data), self.scope)
            self.note_faults()
            data = result.text
            unknown = next(iter(result.unknown), None)
            if unknown is not None and name in ("Set", "MSet"):
                (assign if name == "Set" else assign_many)(self.scope, result)
        self.record(found, name, data)
        mine = self.outside.application(self, name, data)
        if mine is not None:
            return self.perform(mine)
        if unknown is not None:
            if app is not None and app.lenient:
                return True
            raise StopError(unknown.text, unknown.why)
        if app is None:
            raise StopError(f"{name}({data})", f"what {name} does is not modelled")
        return self.perform(app.run(data))

    def record(self, found: Match, name: str, data: str) -> None:
        """Keep a step, and count it."""
        self.state.count += 1
        self.check_circle()
        assert found.extension is not None
        assert found.step is not None
        self.steps.append(
            Step(self.context, self.exten, self.priority, name, data, self.now,
                 found.context or "", found.extension, found.step)
        )  # fmt: skip

    def check_circle(self) -> None:
        """Compare the call with how it was: what is all the same again goes on for ever.

        The state that is compared with is taken anew at each power of two of steps. Subroutines
        that were entered since then may be more, where none of those before was left. Where only
        chance may end it, it has not done so this many times.

        Raises:
            LoopError: it is the same, or there are too many steps.
        """
        count, depth = len(self.steps), len(self.places)
        self.lowest = min(self.lowest, depth)
        place, before = (self.context, self.exten, self.priority), self.anchor
        if before is not None and before[0] == place and before == self._all(place):
            deeper = depth > self.base and self.lowest >= self.base
            self.rounds += depth == self.base or deeper
            if self.rounds and self.state.draws == self.drawn:
                raise LoopError
            if self.rounds > MOST_ROUNDS:
                self.note("nothing but chance may end this")
                raise LoopError
        if count >= 64 and count & (count - 1) == 0:
            self.anchor, self.base, self.lowest, self.rounds = self._all(place), depth, depth, 0
            self.drawn = self.state.draws
        if self.state.count > MOST_STEPS:
            raise LoopError

    def _all(self, place: tuple[object, ...]) -> tuple[object, ...]:
        """Return a copy of all that decides how the call goes on."""
        state, channel = self.state, self.channel
        gone_at, until = self.outside.gone_at(self), channel.deadline
        left = None if until is None else round(until - self.now, 6)
        return (
            place, dict(channel.variables), dict(channel.facts), dict(state.globals),
            dict(state.database or {}), state.pressed, self.up_at,
            None if gone_at is None else self.now, left,
            {n: tuple(m) for n, m in state.queues.items()},
        )  # fmt: skip

    def show_place(self) -> None:
        """Let the channel answer with the place where it is."""
        self.state.elapsed = self.now
        self.channel.facts.update({
            "CONTEXT": self.context, "EXTEN": self.exten, "PRIORITY": str(self.priority),
            "HANGUPCAUSE": Unknown("HANGUPCAUSE", self.undecided) if self.undecided
            else str(self.cause),
            "CHANNEL(state)": "Ring" if self.up_at is None else "Up",
            "CHANNEL(context)": self.context, "CHANNEL(exten)": self.exten,
        })  # fmt: skip

    def perform(self, effects: fx.Effects) -> bool:
        """Carry out what an application does; return whether the call goes on."""
        answer: Any = None
        while True:
            try:
                effect = effects.send(answer)
            except StopIteration:
                return True
            except UnknownError as unknown:
                raise StopError(self.steps[-1].data, str(unknown)) from None
            if isinstance(effect, fx.End):
                effects.close()
                self._on_end(effect)
                return False
            answer = getattr(self, _HANDLERS[type(effect)])(effect)

    def note(self, text: str) -> None:
        """Keep what Asterisk would log."""
        self.notes.append((len(self.steps) - 1, shown_text(text)))

    def note_faults(self) -> None:
        """Keep what Asterisk would log about the texts that were evaluated."""
        for fault in self.scope.faults:
            self.note(fault.message)
        self.scope.faults.clear()

    def timeout(self, kind: str) -> float:
        """Return the seconds of `TIMEOUT(response)` or `TIMEOUT(digit)`."""
        value = self.channel.facts[f"TIMEOUT({kind})"]
        return float(value) if isinstance(value, str) else 10.0

    def go(self, context: str, exten: str, priority: int) -> None:
        """Set the place of the next step."""
        self.context, self.exten, self.priority = context, clip(exten, MAX_NUMBER), priority
        self.moved = True

    def place(self, target: str) -> tuple[str, str, int] | None:
        """Return the place that a text such as `context,exten,label` means; None: no such label."""
        *before, written = target.split(",")[:3]
        exten = (before[-1] if before else "") or self.exten
        context = (before[0] if len(before) == 2 else "") or self.context
        wanted = wanted_of(written, self.priority)
        if isinstance(wanted, int):
            return context, exten, wanted
        found = self.look(exten, wanted, context)
        if found is None or found.step is None:
            self.note(f"there is no label {written!r} in extension {exten!r} of {context!r}")
            return None
        return context, exten, found.step.priority

    def call(self, target: str) -> bool:
        """Enter a subroutine written as `context,exten,priority(arguments)`."""
        place, opened, rest = target.partition("(")
        arguments = rest.rpartition(")")[0].split(",") if opened and rest != ")" else []
        return self._on_push(fx.Push(place, tuple(arguments)))

    # -- effects ----------------------------------------------------------------------------------

    def _on_end(self, end: fx.End) -> None:
        if end.cause is not None:
            self.cause, self.undecided = end.cause or self.cause or 16, ""
            self.way = self.way or "hangup"
            self.gone = True

    def _on_set(self, effect: fx.SetVariable) -> None:
        if effect.value is None:
            self.channel.remove(effect.name)
        elif effect.name.endswith(")"):
            self._on_assign(fx.Assign(f"{effect.name}={effect.value}"))
        else:
            self.scope.set(effect.name, effect.value)

    def _on_assign(self, effect: fx.Assign) -> None:
        (assign_many if effect.many else assign)(self.scope, effect.text)
        self.note_faults()

    def _on_wipe(self, effect: fx.Wipe) -> None:
        variables: Any = self.channel.variables
        names = variables if effect.kind == "variables" else self.state.database or {}
        for name in [n for n in names if n.startswith(effect.start)]:
            del names[name]

    def _on_get(self, effect: fx.Get) -> str | None:
        name = effect.name
        if name.startswith("TIMEOUT("):
            return str(self.timeout(name[8:-1]))
        here = {"CONTEXT": self.context, "EXTEN": self.exten, "PRIORITY": str(self.priority)}
        if name in here:
            return here[name]
        return effect.absent if self.scope.find(name) is None else self.scope.read(name)

    def _on_evaluate(self, effect: fx.Evaluate) -> str:
        result = evaluate(effect.text, self.scope)
        for unknown in result.unknown:
            raise StopError(unknown.text, unknown.why)
        return result.text

    def _on_test(self, effect: fx.Test) -> bool:
        return condition(effect.text)

    def _on_holds(self, effect: fx.Holds) -> bool:
        spec = _time(effect.text)
        for fault in spec.faults:
            self.note(fault.message)
        if not effect.text or spec.never:
            return False
        tested = self.scope.find("TESTTIME") if effect.testable else None
        if isinstance(tested, str) and tested:
            number = scan_int(tested)
            if number is not None and number[1] == len(tested):
                return spec.holds(self.state.moment(number[0]))
            self.note(f"TESTTIME is no time: {tested!r}")
            self.scope.set("TESTTIME", "")
        return spec.always or spec.holds(self.state.now())

    def _on_run(self, effect: fx.RunApplication) -> str:
        app = application(effect.name)
        name = app.name if app is not None else registered(effect.name, self.outside.known)
        if name is None or not self.outside.has(name):
            self.note(f"there is no application {effect.name!r}")
            return "NOAPP"
        mine = self.outside.application(self, name, effect.data)
        if mine is None and app is None:
            raise StopError(f"{name}({effect.data})", f"what {name} does is not modelled")
        made = mine if mine is not None or app is None else app.run(effect.data)
        assert made is not None
        return "SUCCESS" if self.perform(made) else "FAILED"

    def _on_runstep(self, _effect: fx.RunStep) -> fx.Ran | None:
        found = self.look(self.exten, self.priority)
        if found is None or found.step is None:
            return None
        self.macros, self.moved = self.macros + 1, False
        going = self.execute(found)
        self.macros -= 1
        keyed, self.keyed = self.keyed, None
        self.advance()
        self.moved, step = True, found.step
        return fx.Ran(step.app, step.data, going, self.gone or self.expired(), keyed)

    def _on_find(self, effect: fx.Find) -> str | None:
        found = self.look(effect.exten or self.exten, effect.priority, effect.context or None)
        return None if found is None or found.step is None else found.step.app

    def _on_jump(self, effect: fx.JumpTo) -> bool:
        place = self.place(effect.target) if effect.target else None
        if place is None or (effect.exists and self.look(place[1], place[2], place[0]) is None):
            return False
        self.go(*place)
        return True

    def _on_raise(self, effect: fx.Raise) -> bool:
        if not effect.always and self.look("e", 1) is None:
            return False
        facts = self.channel.facts
        facts["EXCEPTION(reason)"] = effect.reason
        facts["EXCEPTION(context)"], facts["EXCEPTION(exten)"] = self.context, self.exten
        facts["EXCEPTION(priority)"] = str(self.priority)
        self.go(self.context, "e", 1)
        return True

    def _on_push(self, effect: fx.Push) -> bool:
        place = self.place(effect.target)
        if place is None or self.look(place[1], place[2], place[0]) is None:
            return False
        frames, given = self.channel.frames, effect.arguments
        before = self.scope.find("ARGC") if frames else None
        surplus = int(before) if isinstance(before, str) and before.isdigit() else 0
        back = (self.context, self.exten, self.priority, self.moved)
        self.places.append(back[:3])
        frames.append({})
        for number, value in enumerate(given, 1):
            self.channel.set_local(f"ARG{number}", value)
        for number in range(len(given) + 1, surplus + 1):
            self.channel.set_local(f"ARG{number}", "")
        self.channel.set_local("ARGC", str(len(given)))
        self.go(*place)
        if effect.inline:
            self.moved = False
            self.follow(len(self.places) - 1)
            self.context, self.exten, self.priority, self.moved = back
        return True

    def _on_pop(self, effect: fx.Pop) -> bool:
        if not self.places:
            return False
        context, exten, priority = self.places.pop()
        self.channel.leave()
        self.scope.set("GOSUB_RETVAL", effect.value)
        self.go(context, exten, priority + 1)
        return True

    def _on_drop(self, _effect: fx.Drop) -> bool:
        if not self.places:
            return False
        self.places.pop()
        self.channel.leave()
        return True

    def _on_up(self, effect: fx.Up) -> bool:
        if self.up_at is None and not self.gone:
            self.up_at = self.now
            return self.wait(effect.delay)
        return not self.gone

    def _on_pause(self, effect: fx.Pause) -> bool:
        return self.wait(effect.seconds)

    def wait(self, seconds: float) -> bool:
        """Let time pass until the other end hangs up, or the absolute timeout is over."""
        if self.gone:
            return False
        until, gone_at = self.now + seconds, self.outside.gone_at(self)
        deadline = self.channel.deadline
        if deadline is not None and deadline <= until and (gone_at is None or deadline < gone_at):
            self.now = deadline
            return False
        if gone_at is not None and gone_at <= until:
            self.now = max(self.now, gone_at)
            self.hang_up()
            return False
        self.now = until
        return True

    def hang_up(self) -> None:
        """Let the other end hang up."""
        self.gone, self.way = True, self.way or "gone"
        self.cause, self.undecided = self.outside.cause(self), ""

    def _on_key(self, effect: fx.Key) -> str | None:
        return None if self.gone else self.outside.key(self, effect)

    def _on_play(self, effect: fx.Play) -> str | None:
        return None if self.gone else self.outside.play(self, effect)

    def _on_collect(self, effect: fx.Collect) -> bool:
        """Collect digits; the answer is False if no extension comes of them."""
        digits, caller = effect.first, self.channel.facts.get("CALLERID(num)")
        at, number = self.state.now(), caller if isinstance(caller, str) else None
        context = effect.context
        if (
            context
            and self.look(digits, 1, context) is not None
            and not self.plan.match_more(digits, context, callerid=number, at=at)
        ):
            self.go(context, digits, 1)
            return True
        if self.macros:
            self.keyed = digits
            return True
        if not self.timeout("digit"):
            self.gone = not self.fall()
            return False
        more = digits.endswith("+")
        digits = digits.removesuffix("+")
        while self.plan.match_more(digits, self.context, callerid=number, at=at):
            digit = self._on_key(fx.Key(self.timeout("digit")))
            if digit is None:
                return False
            if not digit:
                break
            digits, more = digits + digit, False
        if more or not digits:
            self.gone = not self.perform(timed_out())
            self.way = "refused" if self.gone else ""
            return not self.gone
        if self.look(digits, 1) is not None:
            self.go(self.context, digits, 1)
            return True
        if self.look("i", 1) is not None:
            self.scope.set("INVALID_EXTEN", digits)
            self.go(self.context, "i", 1)
            return True
        if self._on_raise(fx.Raise("INVALID")):
            return True
        self.note(f"{digits!r} is no extension of {self.context!r}, and there is no i")
        self.gone, self.way = True, "refused"
        return False

    def _on_tone(self, effect: fx.Tone) -> None:
        if self.up_at is None and not self.gone:
            self.cause, self.undecided = effect.cause, ""
            self.tone = self.tone or (self.now, effect.cause)
        self.wait(min(effect.seconds, self.outside.patience(self)))

    def _on_reach(self, effect: fx.Reach) -> None:
        if self.ended_at is None or effect.kind != "Unanswered":
            self.reached.append(effect)

    def _on_need(self, effect: fx.Need) -> None:
        raise StopError(effect.text, effect.why)

    def _on_note(self, effect: fx.Note) -> None:
        self.note(effect.text)

    def _on_isup(self, _effect: fx.IsUp) -> bool:
        return self.up_at is not None

    def _on_ask(self, effect: fx.Ask) -> Any:  # noqa: ANN401 - by the kind of question
        return self.outside.ask(self, effect)

    def _on_leg(self, effect: fx.Leg) -> fx.LegResult:
        if self.ended_at is not None and effect.kind == "Dial":  # Queue and Page do call
            return fx.LegResult("CANCEL", effect.targets[0])
        return self.reach(self, effect)

    def _on_member(self, effect: fx.Member) -> str:
        return self.outside.member(self, effect)


_SHORT: Final = {"SetVariable": "set", "JumpTo": "jump", "RunApplication": "run"}
_HANDLERS: Final[dict[type, str]] = {
    kind: f"_on_{_SHORT.get(kind.__name__, kind.__name__.lower())}" for kind in get_args(fx.Effect)
}
