"""`Simulation`: a workspace and a world that calls are run in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

import attrs

from asterconf import schema
from asterconf.calls.world import (
    Answer,
    Answers,
    HangsUp,
    LeavesMessage,
    NoAnswer,
    Presses,
    Unreachable,
    World,
    lookup,
    told,
)
from asterconf.dialplan.lookup import Dialplan
from asterconf.flow import effects as fx
from asterconf.flow.applications import seconds
from asterconf.flow.channel import CALL_FUNCTIONS, CallChannel, CallState
from asterconf.flow.legs import STATUSES, reach
from asterconf.flow.run import Response, Run
from asterconf.flow.table import application
from asterconf.language import callerid as callerids
from asterconf.language import timespec
from asterconf.language.pattern import matches
from asterconf.resolve import Effective
from asterconf.schema import Schema
from asterconf.secrets import shown_text
from asterconf.semantics.evaluation import evaluate
from asterconf.semantics.functions import asking
from asterconf.semantics.scope import Function, Invocation, Scope, Unknown, UnknownError, Value
from asterconf.semantics.texts import scan_int
from asterconf.workspace import Workspace

TECHNOLOGIES: Final = frozenset(("pjsip", "iax2", "dahdi", "motif", "console", "agent", "phone"))
"""Kinds of channels, besides Local, that an Asterisk 22 can have."""
_MODULES: Final = {"agent": "app_agent_pool"}
NEVER: Final = 1e8
_NOT_THERE: Final = 66
_PART_OF: Final = {
    "builtin": "core", "parking_applications": "res_parking",
    "parking_bridge_features": "res_parking",
}  # fmt: skip
"""Parts of modules that the documentation names like modules."""
_AT_HAND: Final[Mapping[str, str]] = {
    "CHANNEL(language)": "en", "CHANNEL(musicclass)": "", "CHANNEL(accountcode)": "",
    "CHANNEL(userfield)": "", "CHANNEL(parkinglot)": "", "CHANNEL(amaflags)": "3",
    "CHANNEL(hangupsource)": "", "CHANNEL(tonezone)": "", "CHANNEL(peeraccount)": "",
    "CHANNEL(callgroup)": "", "CHANNEL(pickupgroup)": "", "CHANNEL(namedcallgroup)": "",
    "CHANNEL(namedpickupgroup)": "", "CHANNEL(checkhangup)": "0", "CHANNEL(transfercapability)":
    "SPEECH", "CALLERID(num-pres)": "allowed_not_screened", "CALLERID(name-pres)":
    "allowed_not_screened", "CALLERID(tag)": "", "CALLERID(ani2)": "0", "CALLERID(num-plan)": "0",
    "CALLERID(subaddr)": "",
    "TIMEOUT(response)": "10.000", "TIMEOUT(digit)": "5.000", "GROUP()": "",
    "EXCEPTION(reason)": "", "EXCEPTION(context)": "", "EXCEPTION(exten)": "",
    "EXCEPTION(priority)": "", "REDIRECTING(from-num)": "", "REDIRECTING(num)": "",
    "CALLINGPRES": "0", "CALLINGTON": "0", "CALLINGANI2": "0", "CALLINGTNS": "0",
    "CDR(userfield)": "", "CDR(disposition)": "NO ANSWER",
}  # fmt: skip
"""What is so on a fresh channel."""


class Lookup:
    """Answers what functions ask the dialplan."""

    def __init__(self, plan: Dialplan, now: Callable[[], datetime]) -> None:
        self.plan, self.now = plan, now

    def has(
        self, context: str, exten: str | None, priority: int | str | None, callerid: str
    ) -> bool:
        """Return whether there is such a context, extension or step; a text is a label."""
        if exten is None:
            return context in self.plan
        wanted = 1 if priority is None else priority
        found = self.plan.match(exten, context, callerid=callerid, priority=wanted, at=self.now())
        return found.step is not None

    def hint(self, context: str, exten: str) -> tuple[str, str] | None:
        """Return devices, as written, and name of the hint that a context or its includes have.

        Source: main/pbx.c, ast_get_hint. Observed with autohints: a device that reports a state
        gets a hint of its name, unless one is found by that name; a reload forgets it.

        Raises:
            UnknownError: there is one if a device has reported, which only Asterisk knows.
        """
        return self._hint(context, exten, set())

    def _hint(self, name: str, exten: str, seen: set[str]) -> tuple[str, str] | None:
        if name in seen or name not in self.plan:
            return None
        seen.add(name)
        context = self.plan[name]
        for extension in context:
            if extension.hint is not None and matches(extension.name, exten):
                return extension.hint.text, extension.hint.name
        for include in context.includes:
            if not include.timing or timespec.parse(include.timing).holds(self.now()):
                found = self._hint(include.context, exten, seen)
                if found is not None:
                    return found
        if context.autohints:
            why = f"it depends on whether a device named {exten!r} has reported a state"
            raise UnknownError(f"{why}, as [{name}] has autohints")
        return None


class _Functions(Mapping[str, Function]):
    """The functions of a simulated Asterisk, each made when it is asked for."""

    def __init__(self, simulation: Simulation) -> None:
        self.simulation = simulation
        self.made: dict[str, Function | None] = {}

    def __getitem__(self, name: str) -> Function:
        if name not in self.made:
            self.made[name] = self.simulation.function(name)
        found = self.made[name]
        if found is None:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        return (name for name in CALL_FUNCTIONS if name in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class Simulation:
    """Runs calls of one configuration in one world; `assumed` is what that took for granted."""

    def __init__(self, workspace: Workspace, world: World, plan: Dialplan | None = None) -> None:
        self.workspace, self.world = workspace, world
        whole = workspace.complete_plan if plan is None else plan
        self.plan = whole
        if any(name.startswith("switch ") for name in world.facts):
            idle = [s for s in whole.switches if lookup(world.facts, f"switch {s.text}") == ""]
            make = partial(attrs.evolve, whole, idle=whole.idle.union(idle))
            self.plan = workspace.view(f"plan without {idle}", (whole,), make)
        self.assumed: dict[str, None] = {}
        self.keyed = world.digits
        self.modules = workspace.modules
        self.there: dict[str, bool] = workspace.view("applications", (self.modules,), dict)

    def _reading(self, name: str) -> Effective | None:
        there = self.workspace.spelled(name) in self.workspace.names
        return self.workspace.resolve(name) if there else None

    # -- the start --------------------------------------------------------------------------------

    def state(self) -> CallState:
        """Return the state of an Asterisk in which no call was made yet."""
        world, clock = self.world, self.world.clock
        if clock is None:
            clock = datetime.now(world.zone) if world.zone else datetime.now().astimezone()
        if clock.tzinfo is None:
            clock = clock.replace(tzinfo=world.zone or UTC)
        queues = self.workspace.queues.objects if self._reading("queues.conf") else {}
        boxes = self.workspace.mailboxes.objects if self._reading("voicemail.conf") else {}
        members = {n: [m.interface for m in bound.obj.members] for n, bound in queues.items()}
        made = CallState(
            {**self.plan.globals, **world.globals},
            clock=None,
            zone=clock.tzinfo or UTC,
            database=dict(world.database),
            facts=told({"SYSTEMNAME": "", **world.facts}),
            functions=_Functions(self),
            start=clock,
            queues=members | {name: list(found) for name, found in world.queues.items()},
            boxes=frozenset(boxes),
            devices=self.device,
            seed=world.seed,
        )
        made.clock = made.now
        made.dialplan = Lookup(self.plan, made.now)
        for name, text in self.plan.globals.items():
            if "$" in text and name not in world.globals:
                self._make_global(made, name, text)
        return made

    def _make_global(self, state: CallState, name: str, text: str) -> None:
        """Evaluate what a global variable got when Asterisk was started."""
        result = evaluate(text, Scope(state))
        why = result.unknown[0].why if result.unknown else ""
        state.globals[name] = Unknown(f"${{{name}}}", why) if why else result.text
        self.assume("Asterisk is started when the call begins")

    def function(self, name: str) -> Function | None:
        """Return a function of this Asterisk: as the world says, of a module, of func_odbc.conf."""
        said = self.world.functions.get(name)
        if said is not None:
            return Function(lambda call: said(call.arguments), _ignore)
        found, facts = CALL_FUNCTIONS.get(name), self.workspace.schema.functions().get(name)
        if facts is None and name in schema.functions():
            return None  # another version has it
        if facts is not None and not self.loads(facts):
            return None
        if found is None and facts is not None:
            return asking()
        if found is None:
            sections = self._reading("func_odbc.conf") or ()
            made = {f"{one.get('prefix') or 'ODBC'}_{one.name}" for one in sections}
            return asking() if name in made else None
        return Function(self._setting) if name == "AST_CONFIG" else found

    def _setting(self, call: Invocation) -> str:
        """Return an option of a file, as AST_CONFIG gives it. Source: funcs/func_config.c."""
        name, section, option, index = call.split(4)
        found = self.workspace.resolve(name)
        if found is None and len(self.workspace.names) == 1:
            raise UnknownError(f"it depends on {name}, which is not here")
        place = scan_int(index)
        values = next((one.values(option) for one in found or () if one.name == section), ())
        number = place[0] if place else 0
        return values[number] if -1 <= number < len(values) else ""

    def start(
        self,
        number: str,
        context: str,
        *,
        callerid: str = "",
        endpoint: str = "",
        variables: Mapping[str, str] | None = None,
        state: CallState | None = None,
    ) -> Run:
        """Return a call that has run no step yet."""
        state = self.state() if state is None else state
        state.serial += 1
        kind = "PJSIP" if endpoint else "Local"
        bare = endpoint or f"{number}@{context}"
        name = f"{kind}/{bare}-{state.serial:08x}" + ("" if endpoint else ";2")
        caller = callerids.parse(callerid)
        dialled = caller.dialled
        facts: dict[str, Value] = {
            **_AT_HAND, "CHANNEL": name, "CHANNEL(name)": name, "CHANNEL(channeltype)": kind,
            "UNIQUEID": f"asterconf-{state.serial}", "CHANNEL(uniqueid)":
            f"asterconf-{state.serial}", "CHANNEL(linkedid)": f"asterconf-{state.serial}",
            "CALLERID(num)": dialled, "CALLERID(name)": caller.name,
            "CALLERID(ani-num)": dialled, "CALLERID(ani)": dialled,
            "CALLERID(num-valid)": str(int(bool(dialled))),
            "CALLERID(name-valid)": str(int(bool(caller.name))),
            "CALLERID(dnid)": number if endpoint else "", "CHANNEL(endpoint)": endpoint,
            "CHANNEL(peername)": endpoint,
            "CONNECTEDLINE(num)": "", "CONNECTEDLINE(name)": "",
        }  # fmt: skip
        channel = CallChannel(dict(variables or {}), facts, name=name)
        return Run(self.plan, state, self, channel, context, number, reach)

    def assume(self, text: str) -> None:
        """Note a default that was used."""
        self.assumed[shown_text(text)] = None

    # -- what the run loop asks -------------------------------------------------------------------

    @property
    def known(self) -> Schema:
        """What the version knows that runs the call."""
        return self.workspace.schema

    def has(self, name: str) -> bool:
        """Return whether Asterisk has an application: its module is loaded, and finds its file."""
        if name not in self.there:
            facts = self.workspace.schema.applications().get(name)
            self.there[name] = facts is not None and self.loads(facts)
        return self.there[name] and self._finds(name)

    def loads(self, facts: Mapping[str, Any]) -> bool:
        """Return whether the module of an application or a function is loaded, as far as known."""
        module = facts.get("module")
        return module is None or not self.modules.why_not(_PART_OF.get(module, module))

    def _finds(self, name: str) -> bool:
        found = application(name)
        if found is None or not found.needs or self.workspace.has(found.needs):
            return True
        if len(self.workspace.names) != 1:
            return False
        self.assume(f"Asterisk has {name}, although {found.needs} is not here")
        return True

    def contacts(self, endpoint: str) -> str:
        """Return what PJSIP_DIAL_CONTACTS gives: one contact of an endpoint that is reached."""
        if isinstance(self._says(f"PJSIP/{endpoint}"), Unreachable) or (
            self._has_pjsip() and endpoint not in self.workspace.pjsip.endpoints
        ):
            return ""
        self.assume(f"one device is registered as {endpoint}")
        return f"PJSIP/{endpoint}/sip:{endpoint}@device.invalid"

    def _says(self, target: str) -> Answer | None:
        """Return what the world says of a target, or of the endpoint whose contact it is."""
        found = lookup(self.world.answers, target)
        endpoint = "/".join(target.split("/")[:2])
        return found if found is not None or endpoint == target else self._says(endpoint)

    def application(self, run: Run, name: str, data: str) -> fx.Effects | None:  # noqa: ARG002
        """Return what the world says that an application does."""
        said = self.world.applications
        found = lookup(said, f"{name}({data})")
        found = said.get(name) if found is None else found
        if found is None:
            return None
        return _setting(found(data) if callable(found) else found)

    def gone_at(self, run: Run) -> float | None:
        """Return when the other end of a channel hangs up."""
        return run.gone_at if run.depth else self.world.hangs_up

    def cause(self, run: Run) -> int:
        """Return the cause when the other end hangs up now."""
        return 16 if run.up_at is not None else 19

    def patience(self, run: Run) -> float:  # noqa: ARG002
        """Return how long the other end listens to a tone of refusal."""
        return self.world.patience

    def _next(self, run: Run, keys: str) -> str:
        """Return the digit that is keyed now; empty: none, or none that counts."""
        while run.state.pressed < len(self.keyed):
            digit = self.keyed[run.state.pressed]
            run.state.pressed += 1
            if digit in "wW":
                return ""
            if digit in keys:
                return digit
        return ""

    def key(self, run: Run, wanted: fx.Key) -> str | None:
        """Return the digit pressed."""
        digit = self._next(run, wanted.keys)
        if digit:
            return digit if run.wait(0.2) else None
        return "" if run.wait(wanted.timeout) else None

    def play(self, run: Run, sound: fx.Play) -> str | None:
        """Return how a sound ended."""
        missing = [name for name in sound.files if name in self.world.missing_sounds]
        if missing:
            return "FAILED"
        self.assume(f"a sound lasts {self.world.sound_seconds:g} s, and every one is there")
        while sound.keys:
            digit = self._next(run, "0123456789*#ABCD")
            if not digit:
                break
            if sound.keys == "any" or run.look(digit, 1) is not None:
                return digit if run.wait(0.2) else None
        return "SUCCESS" if run.wait(self.world.sound_seconds * len(sound.files)) else None

    def respond(self, run: Run, target: str, kind: str) -> Response:  # noqa: ARG002
        """Return what a called channel does."""
        found = self._says(target)
        if found is None:
            return self._default(target)
        return _response(found)

    def _default(self, target: str) -> Response:
        technology, _, resource = target.partition("/")
        if not self.calls(technology):
            return Response("CHANUNAVAIL", 0, _NOT_THERE)
        if technology.lower() == "pjsip":
            return self._endpoint(target, resource)
        self.assume(f"{target} answers after 5 s and talks for 20 s")
        return Response("ANSWER", 5, 16, 20)

    def calls(self, technology: str) -> bool:
        """Return whether Asterisk can call channels of a kind."""
        module = _MODULES.get(technology.lower(), f"chan_{technology.lower()}")
        return technology.lower() in TECHNOLOGIES and not self.modules.why_not(module)

    def _endpoint(self, target: str, resource: str) -> Response:
        endpoints = self.workspace.pjsip.endpoints
        name = resource.partition("/")[0]
        name = name if name in endpoints else name.partition("@")[2]
        if name not in endpoints:
            if endpoints or self._has_pjsip():
                return Response("CHANUNAVAIL", 0, 3)
            self.assume(f"{target} is there, answers after 3 s and talks for 20 s")
            return Response("ANSWER", 3, 16, 20)
        if not self.workspace.references.defined.rings(resource):
            return Response("CHANUNAVAIL", 0, 3)
        after = 5 if endpoints[name].obj.role == "trunk" else 3
        self.assume(f"{target} can be reached, answers after {after} s and talks for 20 s")
        return Response("ANSWER", after, 16, 20)

    def _has_pjsip(self) -> bool:
        return any(self.workspace.has(name) for name in ("pjsip.conf", "pjsip_wizard.conf"))

    def device(self, name: str) -> str:
        """Return the state of a device."""
        found = lookup(self.world.devices, name)
        if found is not None:
            return found
        technology, slash, resource = name.partition("/")
        if not slash:
            return "UNKNOWN" if name.partition(":")[0] == "Custom" else self._idle(name)
        if technology.lower() == "local":
            exten, _, context = resource.partition("/")[0].partition("@")
            there = self.plan.match(exten, context or "default").step is not None
            return "NOT_INUSE" if there else "INVALID"
        if not self.calls(technology):
            return "INVALID"
        if technology.lower() == "pjsip" and self._has_pjsip():
            if resource not in self.workspace.pjsip.endpoints:
                return "INVALID"
            if isinstance(self._says(name), Unreachable):
                return "UNAVAILABLE"
        return self._idle(name)

    def _idle(self, name: str) -> str:
        self.assume(f"{name} is not in use")
        return "NOT_INUSE"

    # -- queues, voicemail and what lasts ---------------------------------------------------------

    def queue(self, run: Run, leg: fx.Leg) -> fx.LegResult | None:
        """Return how waiting in a queue ended; None: as its members answer."""
        (name,) = leg.targets
        if name not in run.state.queues:
            run.note(f"there is no queue {name!r}")
            return fx.LegResult("UNKNOWN", name)
        bound = self.workspace.queues.objects.get(name)
        if bound is not None and bound.obj.joinempty not in ("yes", ""):
            states = {self.device(member) for member in run.state.queues[name]}
            if not states - {"UNAVAILABLE", "INVALID"}:
                run.note(f"nobody of queue {name!r} can be reached, so it is not joined")
                return fx.LegResult("JOINEMPTY", name)
        return None

    def ask(self, run: Run, question: fx.Ask) -> Any:  # noqa: ANN401 - by the kind of question
        """Return what the world decides."""
        return getattr(self, f"_ask_{question.kind}", self._stay)(run, question)

    def _ask_voicemail(self, run: Run, question: fx.Ask) -> tuple[str, str | None]:
        box = question.about.partition("&")[0]
        box = box if "@" in box else f"{box}@default"
        alone = len(self.workspace.names) == 1  # then what else is there is not known
        if box not in run.state.boxes and (run.state.boxes or not alone):
            run.note(f"there is no mailbox {box!r}")
            return "FAILED", ""
        found = lookup(self.world.mailboxes, box)
        if found is None:
            self.assume(f"the caller leaves a message in {box}")
            found = LeavesMessage()
        if isinstance(found, HangsUp):
            run.hang_up()
            return "FAILED", None
        if isinstance(found, Presses):
            special = {"0": "o", "*": "a"}[found.key]
            return "USEREXIT", found.key if run.look(special, 1) is not None else ""
        return ("SUCCESS", "") if run.wait(10) else ("FAILED", None)

    def _ask_alone(self, _run: Run, question: fx.Ask) -> None:
        self.assume(f"no other call is up, so {question.about} finds none")

    def _ask_music(self, run: Run, question: fx.Ask) -> bool:
        limit = seconds(question.facts[0].partition(",")[2])
        if limit and limit < self.world.patience:
            return run.wait(limit)
        return self._stay(run, question)

    def _ask_tone(self, _run: Run, question: fx.Ask) -> bool:
        return self.has_tone(question.about) is not False

    def has_tone(self, name: str) -> bool | None:
        """Return whether a text is a list of tones, or names one in indications.conf.

        None: it is not known which file there is.
        """
        known = self._reading("indications.conf")
        if name[:1] in "!0123456789":
            return True
        if known is None and len(self.workspace.names) == 1:
            return None
        country = known.setting("general", "country") if known is not None else None
        return bool(known is not None and country and known.setting(country, name))

    def _stay(self, run: Run, question: fx.Ask) -> bool:
        """Stay until the caller hangs up, which it does when its patience is over."""
        self.assume(f"the caller hangs up after {self.world.patience:g} s of {question.kind}")
        before = run.cause
        run.wait(self.world.patience)
        if not run.gone:
            run.hang_up()
        if question.kind == "voicemailmain":
            run.cause = before
        elif question.kind in ("conference", "page", "park"):
            run.cause = 16
        return False

    def _ask_application(self, run: Run, question: fx.Ask) -> Mapping[str, str] | None:
        """Mark as unknown what an application would set that always lets the call go on."""
        for variable in question.sets:
            run.scope.forget([variable], f"{question.about} is never run here")
        return None

    def _ask_available(self, run: Run, question: fx.Ask) -> tuple[str, str, str]:
        for target in question.about.split("&"):
            technology, _, resource = target.partition("/")
            state = self.device(target)
            if technology.lower() == "local" or state not in ("INVALID", "UNAVAILABLE"):
                run.state.serial += 1
                bare = resource.partition("/")[0]
                end = ";1" if technology.lower() == "local" else ""
                return f"{technology}/{bare}-{run.state.serial:08x}{end}", target, "0"
            run.note(f"there is no channel to {target!r}")
        return "", "", ""

    def member(self, run: Run, change: fx.Member) -> str:
        """Return the status of a change of a queue's members."""
        members = run.state.queues.get(change.queue)
        interface, paused = change.interface, (change.queue, change.interface)
        if change.verb in ("pause", "unpause"):
            found = any(interface in one for one in run.state.queues.values())
            if change.verb == "pause":
                run.state.paused.add(paused)
            else:
                run.state.paused.discard(paused)
            return f"{change.verb.upper()}D" if found else "NOTFOUND"
        if members is None:
            return "NOSUCHQUEUE"
        if change.verb == "add":
            if interface in members:
                return "MEMBERALREADY"
            members.append(interface)
            return "ADDED"
        if interface not in members:
            return "NOTINQUEUE"
        bound = self.workspace.queues.objects.get(change.queue)
        if bound is not None and any(interface == m.interface for m in bound.obj.members):
            return "NOTDYNAMIC"
        members.remove(interface)
        return "REMOVED"


def _ignore(_call: Invocation, _value: Value) -> None:
    """Write what a replaced function does not show."""


def _setting(found: Mapping[str, str]) -> fx.Effects:
    for name, value in found.items():
        yield fx.SetVariable(name, value)


def _response(answer: Answer) -> Response:
    if isinstance(answer, Answers):
        return Response("ANSWER", answer.after, 16, answer.talks)
    if isinstance(answer, NoAnswer):
        return Response("NOANSWER", NEVER)
    return Response(STATUSES.get(answer.cause, "CHANUNAVAIL"), 0.5, answer.cause)
