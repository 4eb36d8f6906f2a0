"""One step of many calls at once: the table of effects of `asterconf.flow`, answered for a box."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Final

import attrs

from asterconf.ask.applications import CALLING, INDIFFERENT, LEADING, OWN
from asterconf.ask.liveness import part_names
from asterconf.ask.placed import DoneError, PlacedStep
from asterconf.ask.states import Fact, State, target_endpoint
from asterconf.ask.surroundings import statuses, unfollowed
from asterconf.ask.values import OF_LOOPS, CutText, Mark, UndecidedError
from asterconf.flow import effects as fx
from asterconf.flow.applications import options, split, timed_out
from asterconf.flow.sinks import CLEAN, UNCUT, of_step, sends
from asterconf.flow.statuses import LEFT
from asterconf.flow.table import application, registered
from asterconf.flow.telephony import caret
from asterconf.language import args, template
from asterconf.numbers import automaton as at
from asterconf.numbers import terms
from asterconf.numbers.terms import InputSlice, Opaque
from asterconf.semantics.functions.logic import unquoted
from asterconf.source import fold

MOST_FRAMES: Final = 32
MOST_LEGS: Final = 8
KEYS: Final = b"0123456789*#ABCD"


_NOT_JOINED: Final = ("JOINEMPTY", "FULL", "JOINUNAVAIL")
"""How a queue ends that called nobody."""


@attrs.define(eq=False)
class FurtherStep(PlacedStep):
    """One step of the calls of a box, on one way through it."""

    options: str = ""
    dialed: list[tuple[str, tuple[Fact, ...], frozenset[Mark]]] = attrs.field(factory=list)

    # -- the step ---------------------------------------------------------------------------------

    def run(self) -> None:
        """Carry out the step at the place, and go to the next."""
        found = self.look(self.exten, self.priority)
        if found is None:
            self.not_found()
            return
        self.phase = "h" if self.phase == "h" else "run"
        self.found, self.place = found, found.place
        engine, step = self.engine, found.step
        app = application(step.app)
        name = app.name if app is not None else registered(step.app, engine.schema)
        if name is None or not engine.has(name):
            raise DoneError
        if "PERIODIC_HOOK(" in step.data:
            self.doubt("PERIODIC_HOOK")
        if engine.hears_faxes and self.look("fax", 1) is not None:
            self.doubt("a fax goes to the extension fax")
        self.here = {"CONTEXT": self.context, "EXTEN": self.exten, "PRIORITY": str(self.priority)}
        data = self.text(step.data) if "$" in step.data else step.data
        self.perform(name, data)
        if not self.moved:
            self.priority += 1

    def perform(self, name: str, data: str) -> None:
        """Carry out an application."""
        app = application(name)
        shown = f"{name}({self.shown(data)})"
        if not terms.is_constant(data):
            self.sink(shown, of_step(name, data))
        for text in unfollowed(self.engine, name, data):
            self.doubt(text)
        if name.lower() in _OPENING:
            self.opens(name, data)
        loose = name in OWN
        self.leave_statuses(name, loose=loose)
        if name in OWN:
            pass
        elif app is None:
            self.beyond(Opaque(shown, *self.place))
            return
        elif app.lenient and data and name not in ("Set", "MSet"):
            return
        if not terms.is_constant(data):
            opaque = any(isinstance(part, Opaque) for part in terms.atoms(data))
            if opaque and not self.careful(name, data):
                return
            data = self.called(data, 3 if name == "RetryDial" else 0) if name in CALLING else data
            verbatim = name in ("Set", "Return") or name in INDIFFERENT - {"MSet"}
            if not verbatim and not self.clean(data, UNCUT.get(name, CLEAN)):
                raise UndecidedError(CutText(shown, *self.place))
        outer, self.options = self.options, self.letters(name, data)
        effects = (OWN[name] if name in OWN or app is None else app.run)(data)
        self.answer(effects, shown)
        self.leave_statuses(name, loose=loose)
        self.options = outer

    def leave_statuses(self, name: str, *, loose: bool = False) -> None:
        """Let what an application says of its end be unknown."""
        if name in ("Set", "MSet", "Read"):
            return
        for one in statuses(self.engine, name, loose=loose):
            self.set(one, self.opaque(f"${{{one}}}"))

    def careful(self, name: str, data: str) -> bool:
        """Note what of an opaque text decides the way; return whether that is followed."""
        mark = next(part for part in terms.atoms(data) if isinstance(part, Opaque))
        if name in (*CALLING, "Queue"):
            self.marks.add(mark)
        elif name not in INDIFFERENT and name not in LEADING and name not in OWN:
            self.beyond(mark)
            return False
        return True

    def called(self, data: str, place: int) -> str:
        """Return arguments in which each target that is not known has what one needs: a `/`."""
        fields = data.split(",", place + 1)
        targets = []
        for one in fields[place].split("&") if len(fields) > place else ():
            unknown = [part for part in terms.atoms(one) if isinstance(part, Opaque)]
            cut = [part for part in unknown if sends(part.text) is not False]
            self.doubts |= dict.fromkeys(CutText(part.text, *self.place) for part in cut)
            targets.append(f"{one}/{one}" if unknown and "/" not in one else one)
        fields[place : place + 1] = ["&".join(targets)] if targets else []
        return ",".join(fields)

    def letters(self, name: str, data: str) -> str:
        """Return the option letters of a step that calls somebody."""
        at_place = {"Dial": 2, "Queue": 1, "RetryDial": 5}.get(name)
        if at_place is None:
            return self.options
        return "".join(options(split(data, at_place + 2)[at_place]))

    def answer(self, effects: fx.Effects, shown: str = "") -> None:
        """Answer the effects of an application until it is over."""
        given: Any = None
        while True:
            try:
                effect = effects.send(given)
            except StopIteration:
                return
            if isinstance(effect, fx.End):
                effects.close()
                raise DoneError
            handler = _HANDLERS.get(type(effect))
            if handler is None:
                raise UndecidedError(Opaque(shown, *self.place))
            given = handler(self, effect)

    def not_found(self) -> None:
        """Go on where there is no step."""
        if self.phase in ("h", "enter"):
            raise DoneError
        if self.look(self.exten, 1) is None:
            if self.look("i", 1) is not None:
                self.set("INVALID_EXTEN", self.exten)
                self.go(self.context, "i", 1)
                return
            if self.phase == "disa" or not self.raised(fx.Raise("INVALID")):
                raise DoneError
            return
        if self.engine.plan.general.autofallthrough:
            raise DoneError
        digit = self.key(fx.Key(10))
        if digit:
            self.collect(fx.Collect(digit))
        else:
            self.answer(timed_out())

    # -- effects ----------------------------------------------------------------------------------

    def get(self, effect: fx.Get) -> str:
        """Return a variable."""
        name = effect.name
        if name.startswith("TIMEOUT("):
            return "10" if "response" in name else "5"
        if name == "PRIORITY":
            return str(self.priority)
        if name in ("CONTEXT", "EXTEN"):
            return self.context if name == "CONTEXT" else self.exten
        if name.startswith(OF_LOOPS):
            return self.variables.get(name, "")
        if name == self.own:
            kept = self.variables.get(f"WHILE_ {self.context} {self.priority}", "")
            label, _, exten = kept.partition(",")
            if label and exten != self.exten:
                raise UndecidedError(Opaque("a loop begun for another extension", *self.place))
            return label
        return self.read(name)

    def holds(self, effect: fx.Holds) -> bool:
        """Return whether a time condition holds."""
        text = self.constant(effect.text)
        if effect.testable and self.read("TESTTIME"):
            return self.maybe(Opaque("${TESTTIME}", *self.place))
        when = self.engine.lookups.when(text)
        if when is None:
            return self.maybe(Opaque(text, *self.place))
        yes, no = self.box.at(when), self.box.at(~when)
        self.split([one for one in (yes, no) if one.time])
        return bool(yes.time)

    def by_time(self, given: str) -> str | None:
        """Return which of two texts `IFTIME` gives."""
        spec, question, rest = unquoted(given).partition("?")
        if not question or not spec:
            return None
        then, _, otherwise = rest.partition(":")
        return unquoted(then if self.holds(fx.Holds(spec)) else otherwise)

    def inner(self, effect: fx.RunApplication) -> str:
        """Carry out an application inside another."""
        name = self.constant(effect.name)
        app = application(name)
        there = app.name if app is not None else registered(name, self.engine.schema)
        if there is None or not self.engine.has(there):
            return "NOAPP"
        try:
            self.perform(there, effect.data)
        except DoneError:
            return "FAILED"
        return "SUCCESS"

    def find(self, effect: fx.Find) -> str | None:
        """Return the application at a priority."""
        found = self.look(self.exten, effect.priority)
        return None if found is None else found.step.app

    def jumped(self, effect: fx.JumpTo) -> bool:
        """Go to a place."""
        place = self.jump(effect.target) if effect.target else None
        if place is None or (effect.exists and self.look(place[1], place[2], place[0]) is None):
            return False
        self.go(*place)
        return True

    def raised(self, effect: fx.Raise) -> bool:
        """Go to `e`."""
        if not effect.always and self.look("e", 1) is None:
            return False
        self.go(self.context, "e", 1)
        return True

    def push(self, effect: fx.Push) -> bool:
        """Enter a subroutine."""
        place = self.jump(effect.target)
        if place is None or self.look(place[1], place[2], place[0]) is None:
            return False
        if effect.inline:
            place_of = effect.target + "(" + ",".join(effect.arguments) + ")"
            self.side(place_of, self.variables)
            self.forget(Opaque(f"B({effect.target})", *self.place))
            self.variables |= self.unknown_caller()
            return True
        if len(self.frames) >= MOST_FRAMES:
            raise UndecidedError(
                Opaque(f"recursion: Gosub({self.shown(effect.target)})", *self.place)
            )
        values = {f"ARG{n}": value for n, value in enumerate(effect.arguments, 1)}
        count = self.variables.get("ARGC", "0")
        for number in range(len(values) + 1, int(count) + 1 if count.isdigit() else 0):
            values[f"ARG{number}"] = ""
        values["ARGC"] = str(len(effect.arguments))
        hidden = tuple((name, self.variables.get(name)) for name in values)
        self.frames.append((self.context, self.exten, self.priority, hidden))
        for name, value in values.items():
            self.set(name, value)
        self.go(*place)
        return True

    def pop(self, effect: fx.Pop) -> bool:
        """Return from a subroutine."""
        frame = self.leave()
        if frame is None:
            return False
        self.set("GOSUB_RETVAL", effect.value)
        self.go(frame[0], frame[1], frame[2] + 1)
        return True

    def key(self, effect: fx.Key) -> str:
        """Return the digit that is keyed, or nothing."""
        self.gone()
        if not self.choose((False, True), "key"):
            return ""
        return self.input("k", at.power(at.mask_of(effect.keys.encode()), 1, 1))

    def play(self, effect: fx.Play) -> str:
        """Return how a sound ended."""
        self.gone()
        sounds = ("PLAYBACKSTATUS", "BACKGROUNDSTATUS", "READSTATUS")
        if any(map(self.engine.reads, sounds)) and not self.choose((True, False), "sound"):
            return "FAILED"
        if not effect.keys or not self.choose((False, True), "press"):
            return "SUCCESS"
        return self.input("k", at.power(at.mask_of(KEYS), 1, 1))

    def collect(self, effect: fx.Collect) -> bool:
        """Go where digits lead, all that may be keyed."""
        first = effect.first
        context = self.context
        if first.endswith("+"):
            raise UndecidedError(Opaque("Incomplete()", *self.place))
        language = self.engine.lookups.collected(context)
        part = terms.atoms(first)
        if part and isinstance(part[0], InputSlice) and part[0].input.startswith("k"):
            begun = at.concatenate(self.box[part[0].input], at.ANY)
            language = terms.both(language, begun)
            self.box = self.box.without(frozenset((part[0].input,)))
        other = effect.context not in ("", context)
        if other and self.choose((False, True), "elsewhere"):
            single = self.input("c", at.power(at.mask_of(KEYS), 1, 1))
            if self.look(single, 1, effect.context) is None:
                raise DoneError
            self.go(effect.context, single, 1)
            return True
        digits = self.input("c", language)
        self.facts.append(("digits", digits, context))
        if self.look(digits, 1) is not None:
            self.go(context, digits, 1)
            return True
        if self.look("i", 1) is not None:
            self.set("INVALID_EXTEN", digits)
            self.go(context, "i", 1)
            return True
        if self.raised(fx.Raise("INVALID")):
            return True
        raise DoneError

    def asked(self, effect: fx.Ask) -> Any:  # noqa: ANN401 - by the kind of question
        """Return what the world decides."""
        kind = effect.kind
        if kind == "originate":
            return self.originate(effect.about)
        if (kind, effect.about) != ("application", "Dial"):  # who calls may be gone before
            self.gone()
        if kind == "voicemail":
            return self.greeting(effect.about)
        if kind == "application":
            for name in effect.sets if effect.about in LEFT else ():
                self.set(name, self.opaque(f"${{{name}}}"))
            if not effect.sets or effect.about in LEFT:
                return None
            return {n: self.opaque(f"${{{n}}}") for n in effect.sets}
        if kind == "available":
            return self.opaque("AVAILCHAN"), self.opaque("AVAILORIGCHAN"), "0"
        if effect.about == "ChannelRedirect":
            self.doubt("whose call ChannelRedirect sends elsewhere")
        if kind == "alone" and not self.choose((True, False)):
            raise DoneError  # there was another call
        if kind == "tone":
            about = effect.about
            there = self.engine.simulation.has_tone(about) if terms.is_constant(about) else None
            mark = Opaque(f"tone {self.shown(about)}", *self.place)
            return self.maybe(mark) if there is None else there
        if kind == "alone":
            return False
        return self.choose((True, False))

    def digits(self, effect: fx.Ask) -> tuple[str, str]:
        """Return how it ends that digits are read, and the digits, all that may be keyed."""
        self.gone("READSTATUS", "HANGUP")
        keys = b"0123456789*ABCD" + "".join(effect.facts).encode()
        found = self.input("c", at.power(at.mask_of(keys), 0, None))
        self.facts.append(("read", found, ""))
        ends = ("OK", "TIMEOUT", "ERROR", "SKIPPED", "INTERRUPTED")
        asked = self.engine.reads("READSTATUS")
        return self.choose(ends if asked else ends[:2], "read"), found

    def greeting(self, box: str) -> tuple[str, str]:
        """Return how leaving a message ends, and the key that leads out of the greeting."""
        exits = (("*", "a"), *([("0", "o")] if self.engine.operated(box) else []))
        here = exits if not self.engine.exits(box) else ()
        keys = [k for k, exten in here if self.look(exten, 1) is not None]
        asked = self.engine.reads("VMSTATUS")
        ends = ("SUCCESS", "FAILED", "USEREXIT") if asked else ("SUCCESS",)
        ways = [(status, "") for status in ends] + [("USEREXIT", key) for key in keys]
        return self.choose(ways, "voicemail", box)

    def leg(self, effect: fx.Leg) -> fx.LegResult:
        """Call others: note it, and go on with each way that it may end."""
        queued = effect.kind == "Queue"
        effect = self.engine.queue_of(effect) if queued else effect
        if self.phase == "h" and effect.kind == "Dial":
            return fx.LegResult("CANCEL", effect.targets[0])
        self.gone(*(() if queued else ("DIALSTATUS", "CANCEL")))
        targets = effect.targets
        if queued:
            name = self.constant(targets[0])
            targets = self.engine.members.get(name, ())
        there = [self.dial(target, prepared=bool(effect.before)) for target in targets]
        if "P" in self.options or (effect.before and self.engine.hangs_up(effect.before)):
            mark = Opaque(f"whether {effect.kind} gets to call", *self.place)
            self.dialed = [(one, facts, marks | {mark}) for one, facts, marks in self.dialed]
        self.callee(effect)
        ends = self.endings("QUEUESTATUS" if queued else "DIALSTATUS", called=bool(targets))
        if targets and not any(there):
            ends = [one for one in ends if one != "ANSWER"] if queued else ["CHANUNAVAIL"]
        shown = "&".join(self.shown(one) for one in targets)
        if self.found is not None and self.found.alike is not None and self.found.alike.dials:
            shown = "PJSIP/*"
        result = self.choose(ends, "leg", shown)
        if result in _NOT_JOINED:
            self.dialed.clear()
        if len(ends) == 1:
            self.facts.append(("leg", shown, result))
        if "T" in self.options and result == "ANSWER" and self.engine.transfers:
            self.further("transfer", self.read("TRANSFER_CONTEXT") or self.context, same=False)
        after = ""
        if (effect.after or effect.macro) and result == "ANSWER":
            names = [one for one in ("GOSUB_RESULT", "MACRO_RESULT") if self.engine.mentions(one)]
            for name in names:
                self.doubt(name)
            after = self.choose(("", "CONTINUE", "BUSY"), "after") if names else ""
        if not queued:
            self.leave_statuses("Dial")
        return fx.LegResult(result, targets[0] if targets else "", by="callee", result=after)

    def endings(self, status: str, *, called: bool) -> list[str]:
        """Return how calling others may end, as far as some step asks."""
        if status == "DIALSTATUS":
            ends = ["ANSWER", "BUSY", "NOANSWER", "CONGESTION", "CHANUNAVAIL"]
            ends += ["DONTCALL", "TORTURE"] if {*"Pp"} & {*self.options} else []
        else:
            ends = ["ANSWER"] if called else []
            ends += [*_NOT_JOINED, "TIMEOUT", "LEAVEEMPTY", "LEAVEUNAVAIL", "WITHDRAW"]
        if self.engine.reads(status):
            return ends
        return [one for one in ends if one != "ANSWER"][:1] + [
            one for one in ends if one == "ANSWER"
        ]

    def callee(self, effect: fx.Leg) -> None:
        """Let the called channel run what the options of a call say."""
        places = [one for one in (effect.before, effect.after, effect.split, effect.further) if one]
        values = (
            self.passed_on() | self.unknown_caller() | ({"~all": ""} if len(places) > 1 else {})
        )
        if effect.before:
            self.side(caret(effect.before), values)
        if effect.after:
            context, _, given = effect.after.replace("^", ",").partition(",")
            self.side(f"{context},s,1({given})", values)
        if effect.split:
            self.side(effect.split, values, behind=1)
        if effect.further:
            self.side(effect.further, values)
        elif "F" in self.options:
            self.side(f"{self.context},{self.known(self.exten)},{self.priority + 1}", values)

    def dial(self, target: str, *, prepared: bool = False) -> bool:
        """Note what is dialled, and follow a Local channel; return whether it may answer.

        `prepared`: a subroutine was run on the channel before, and may have set any variable.
        """
        technology, _, resource = target.partition("/")
        if not terms.is_constant(technology):
            self.doubt(f"what {self.shown(technology)} dials")
        if technology.lower() != "local":
            name = target_endpoint(target)
            if name is not None and not (self.engine.has_pjsip and self.rings(resource)):
                return False
            if name is not None and self.is_strange(name):
                self.doubt(f"{self.shown(target)}, an endpoint that is not in the files")
            self.dialed.append((target, tuple(self.facts), frozenset(self.marks)))
            return target_endpoint(target) not in self.engine.down
        bare = resource.rpartition("/")[0] or resource
        exten, _, context = bare.partition("@")
        if self.node.state.level >= MOST_LEGS:
            raise UndecidedError(Opaque(f"recursion: Local/{self.shown(resource)}", *self.place))
        exten = self.clipped(self.any_text(exten))
        if self.look(exten, 1, self.constant(context) or "default") is None:
            return False
        kept = self.passed_on()
        kept |= {n: v for n, v in self.variables.items() if n.startswith("CALLERID(")}
        kept |= {"~all": "", **self.unknown_caller()} if prepared else {}
        level = tuple(sorted((n, k) for n, k in self.inherited.items() if k > 1))
        self.sides.append(self.lean(State(
            self.constant(context) or "default", exten, 1, tuple(sorted(kept.items())),
            inherited=level, phase="enter", level=self.node.state.level + 1,
            part=self.node.state.part,
        ), self.engine.liveness.passed))  # fmt: skip
        return True

    def is_strange(self, name: str) -> bool:
        """Return whether an endpoint is in no file, where a database may have it."""
        others = self.engine.strangers
        known = not any(isinstance(part, Opaque) for part in terms.atoms(name))
        return others is not None and known and self.belongs(name, others)

    def rings(self, resource: str) -> bool:
        """Return whether what PJSIP dials may ring somebody; what is not known may."""
        name, _, contact = resource.partition("/")
        if not contact:
            return not terms.is_constant(name) or self.engine.rings(name)
        accepted = self.engine.contacts
        unknown = any(isinstance(part, Opaque) for part in terms.atoms(contact))
        return accepted is None or unknown or self.belongs(contact, accepted)

    def originate(self, text: str) -> None:
        """Let another call start, which has none of the variables of this one."""
        target, kind, context, exten, priority, _, chosen = split(text, 7)
        technology, _, resource = target.partition("/")
        if terms.is_constant(target) and not (technology and resource):
            return  # nobody is called
        given, shown = len(args.split(text, limit=7)), f"Originate({self.shown(text)})"
        exten = "s" if given == 3 else exten
        priority = priority if given == 5 else "1"  # behind it comes a time: it is not read
        known = kind.lower() == "app" and fold(context) in _QUIET
        for part in terms.atoms(text):
            if isinstance(part, Opaque) and sends(part.text) is not False:
                self.doubts[CutText(part.text, *self.place)] = None
        own, before = (self.variables, self.inherited), [*self.dialed]
        self.variables, self.inherited = {"~all": "", **self.unknown_caller()}, {}
        number, _, there = (resource.rpartition("/")[0] or resource).partition("@")
        try:
            if technology.lower() != "local":
                self.dial(target)
            elif number and self.look(self.any_text(number), 1, self.constant(there) or "default"):
                self.side(f"{there or 'default'},{number},1", self.variables)
            if kind.lower() == "exten" and context and exten and priority.isdigit():
                known = True
                self.side(f"{context},{exten},{priority}", self.variables)
            if not known or not number or {*"Bb"} & {*options(chosen)}:
                self.doubt(shown)
        except UndecidedError as stop:
            self.doubts[stop.mark] = None
        self.variables, self.inherited = own
        mark = frozenset((Opaque(shown, *self.place),))  # it is no call of this caller
        new = self.dialed[len(before) :]
        self.dialed = [*before, *((one, facts, marks | mark) for one, facts, marks in new)]

    def opens(self, name: str, data: str) -> None:
        """Let the caller dial again where an application lets it."""
        for kind, context, exten, sure in _OPENING[name.lower()](self, data):
            self.further(kind, context, exten, sure=sure)


def _disa(_step: FurtherStep, data: str) -> Iterable[tuple[str, str, str, bool]]:
    word, context, *_ = split(data, 5)
    yield "DISA", context or "disa", "", word == "no-password"


def _voicemail_main(step: FurtherStep, data: str) -> Iterable[tuple[str, str, str, bool]]:
    box, chosen = split(data, 2)
    for context in step.engine.dialouts(box):
        yield "voicemail", context, "", "s" in chosen
    if "s" not in chosen and step.look("a", 1) is not None:
        yield "voicemail", step.context, "a", True


def _voicemail(step: FurtherStep, data: str) -> Iterable[tuple[str, str, str, bool]]:
    box = split(data, 2)[0]
    for context in step.engine.exits(box):
        yield "voicemail", context, "a", True
        if step.engine.operated(box):
            yield "voicemail", context, "o", True


def _directory(_step: FurtherStep, data: str) -> Iterable[tuple[str, str, str, bool]]:
    first, context, *_ = split(data, 3)
    yield "Directory", context or first or "default", "", False


def _conference(step: FurtherStep, data: str) -> Iterable[tuple[str, str, str, bool]]:
    for menu in (split(data, 4)[3], *(step.engine.templates or ())):
        for context, exten, _ in step.engine.menus(menu):
            yield "ConfBridge", context, exten, not step.engine.templates


def _left_by_key(
    step: FurtherStep, data: str, kind: str, variable: str
) -> Iterable[tuple[str, str, str, bool]]:
    """Let one key lead on, where option X says so."""
    if "X" in options(split(data, 3)[1]):
        key = step.input("x", at.power(at.mask_of(KEYS), 1, 1))
        yield kind, step.read(variable) or step.context, key, True


def _queue_exit(step: FurtherStep, data: str) -> Iterable[tuple[str, str, str, bool]]:
    context = step.engine.queue_contexts.get(split(data, 2)[0])
    if context:
        yield "Queue", context, "", True


_QUIET: Final = frozenset((
    "answer", "busy", "chanspy", "congestion", "echo", "hangup", "milliwatt", "musiconhold",
    "playback", "playtones", "record", "saydigits", "wait",
))  # fmt: skip
"""Applications in which a channel that is at no place of the dialplan leads nowhere."""
Opens = Callable[[FurtherStep, str], Iterable[tuple[str, str, str, bool]]]
_OPENING: Final[Mapping[str, Opens]] = {
    "disa": _disa, "voicemailmain": _voicemail_main, "voicemail": _voicemail,
    "directory": _directory, "confbridge": _conference, "queue": _queue_exit,
    "chanspy": partial(_left_by_key, kind="ChanSpy", variable="SPY_EXIT_CONTEXT"),
    "meetme": partial(_left_by_key, kind="MeetMe", variable="MEETME_EXIT_CONTEXT"),
}  # fmt: skip
"""Applications in which the caller can dial again: how, where, what, and whether for sure."""


def _up(step: FurtherStep, _effect: fx.Up) -> bool:
    step.gone()
    step.up = True
    return True


def _pause(step: FurtherStep, _effect: fx.Effect) -> bool:
    step.gone()
    return True


def _drop(step: FurtherStep, _effect: fx.Drop) -> bool:
    return step.leave() is not None


def _again(step: FurtherStep, effect: fx.Evaluate) -> str:
    """Evaluate a text once more, unless it reads variables: those that no step names are lost."""
    text = step.constant(effect.text)
    for part in template.parse(text).walk():
        if isinstance(part, template.Variable) or part_names(part):
            raise UndecidedError(Opaque(text, *step.place))
    return step.text(text)


def _need(step: FurtherStep, effect: fx.Need) -> None:
    step.beyond(Opaque(step.shown(effect.text), *step.place))


def _wipe(step: FurtherStep, effect: fx.Wipe) -> None:
    if effect.kind == "variables":
        for name in [one for one in step.variables if one.startswith(effect.start)]:
            del step.variables[name]


_HANDLERS: Final[Mapping[type, Callable[[FurtherStep, Any], Any]]] = {
    fx.SetVariable: lambda step, e: step.left(e),
    fx.Assign: lambda step, e: step.assign(e), fx.Wipe: _wipe, fx.Get: FurtherStep.get,
    fx.Evaluate: _again,
    fx.Test: lambda step, e: step.test(e.text), fx.Holds: FurtherStep.holds,
    fx.RunApplication: lambda step, e: step.inner(e), fx.Find: FurtherStep.find,
    fx.JumpTo: lambda step, e: step.jumped(e),
    fx.Raise: FurtherStep.raised, fx.Push: lambda step, e: step.push(e),
    fx.Pop: lambda step, e: step.pop(e),
    fx.Drop: _drop, fx.Up: _up,
    fx.Pause: _pause, fx.Key: FurtherStep.key, fx.Play: FurtherStep.play,
    fx.Collect: lambda step, e: step.collect(e),
    fx.Tone: _pause, fx.Leg: FurtherStep.leg,
    fx.Ask: lambda step, e: step.digits(e) if e.kind == "read" else step.asked(e),
    fx.Member: lambda step, e: step.opaque(f"{e.verb} {e.queue}", sender=False),
    fx.IsUp: lambda step, _: step.up, fx.Reach: lambda _, __: None, fx.Need: _need,
    fx.Note: lambda _, __: None,
}  # fmt: skip
"""How each effect is answered."""
