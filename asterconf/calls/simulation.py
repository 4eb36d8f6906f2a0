"""`Simulation`: a workspace and a world that calls are run in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

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
)
from asterconf.dialplan.lookup import Dialplan
from asterconf.flow import effects as fx
from asterconf.flow.channel import CALL_FUNCTIONS, CallChannel, CallState
from asterconf.flow.legs import reach
from asterconf.flow.run import Response, Run
from asterconf.language import callerid as callerids
from asterconf.language.pattern import matches
from asterconf.semantics.scope import Function, Invocation, Value
from asterconf.workspace import Workspace

__all__ = ["Simulation"]

TECHNOLOGIES: Final = frozenset(("pjsip", "iax2", "dahdi", "motif", "console", "agent", "phone"))
"""Kinds of channels, besides Local, that an Asterisk 22 can have."""
NEVER: Final = 1e8
_NOT_THERE: Final = 66
_STATUS: Final[Mapping[int, str]] = {17: "BUSY", 34: "CONGESTION"}
_AT_HAND: Final[Mapping[str, str]] = {
    "CHANNEL(language)": "en", "CHANNEL(musicclass)": "", "CHANNEL(accountcode)": "",
    "CHANNEL(userfield)": "", "CHANNEL(parkinglot)": "", "CHANNEL(amaflags)": "3",
    "CHANNEL(hangupsource)": "", "CHANNEL(tonezone)": "", "CHANNEL(peeraccount)": "",
    "CHANNEL(callgroup)": "", "CHANNEL(pickupgroup)": "", "CHANNEL(namedcallgroup)": "",
    "CHANNEL(namedpickupgroup)": "", "CHANNEL(checkhangup)": "0", "CHANNEL(transfercapability)":
    "SPEECH", "CALLERID(num-pres)": "allowed_not_screened", "CALLERID(name-pres)":
    "allowed_not_screened", "CALLERID(pres)": "allowed_not_screened", "CALLERID(rdnis)": "",
    "CALLERID(tag)": "", "CALLERID(ani2)": "0", "CALLERID(ton)": "0", "CALLERID(subaddr)": "",
    "TIMEOUT(response)": "10.000", "TIMEOUT(digit)": "5.000", "GROUP()": "",
    "EXCEPTION(reason)": "", "EXCEPTION(context)": "", "EXCEPTION(exten)": "",
    "EXCEPTION(priority)": "", "REDIRECTING(from-num)": "", "REDIRECTING(num)": "",
    "CALLINGPRES": "0", "CALLINGTON": "0", "CALLINGANI2": "0", "CALLINGTNS": "0",
    "CDR(accountcode)": "", "CDR(userfield)": "", "CDR(dst)": "", "CDR(disposition)": "NO ANSWER",
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
        """Return the devices and the name of an extension's hint."""
        if context not in self.plan:
            return None
        for extension in self.plan[context]:
            if extension.hint is not None and (
                extension.name == exten or matches(extension.name, exten)
            ):
                return extension.hint.text.replace("${EXTEN}", exten), extension.hint.name
        return None


class Simulation:
    """Runs calls of one configuration in one world; `assumed` is what that took for granted."""

    def __init__(self, workspace: Workspace, world: World, plan: Dialplan | None = None) -> None:
        self.workspace, self.world = workspace, world
        self.plan = workspace.dialplan.dialplan if plan is None else plan
        self.assumed: dict[str, None] = {}
        self.keyed = world.digits
        root = workspace.files.root
        others = ("extensions.ael", "extensions.lua") if root is not None and plan is None else ()
        self.other = next((name for name in others if (Path(root or "") / name).exists()), None)

    # -- the start --------------------------------------------------------------------------------

    def state(self) -> CallState:
        """Return the state of an Asterisk in which no call was made yet."""
        world, clock = self.world, self.world.clock
        if clock is None:
            clock = datetime.now(world.zone) if world.zone else datetime.now().astimezone()
        if clock.tzinfo is None:
            clock = clock.replace(tzinfo=world.zone or UTC)
        members = {
            name: [member.interface for member in bound.obj.members]
            for name, bound in self.workspace.queues.objects.items()
        }
        made = CallState(
            {**self.plan.globals, **world.globals},
            clock=None,
            zone=clock.tzinfo or UTC,
            database=dict(world.database),
            facts={"SYSTEMNAME": "", **world.facts},
            functions={**CALL_FUNCTIONS, **self._functions()}
            if world.functions
            else CALL_FUNCTIONS,
            start=clock,
            queues=members | {name: list(found) for name, found in world.queues.items()},
            boxes=frozenset(self.workspace.mailboxes.objects),
            devices=self.device,
            seed=world.seed,
        )
        made.clock = made.now
        made.dialplan = Lookup(self.plan, made.now)
        return made

    def _functions(self) -> dict[str, Function]:
        def replaced(value: Callable[[str], str]) -> Function:
            return Function(lambda call: value(call.arguments), _ignore)

        return {name: replaced(value) for name, value in self.world.functions.items()}

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
        facts: dict[str, Value] = {
            **_AT_HAND, "CHANNEL": name, "CHANNEL(name)": name, "CHANNEL(channeltype)": kind,
            "UNIQUEID": f"asterconf-{state.serial}", "CHANNEL(uniqueid)":
            f"asterconf-{state.serial}", "CHANNEL(linkedid)": f"asterconf-{state.serial}",
            "CALLERID(num)": caller.dialled, "CALLERID(name)": caller.name,
            "CALLERID(ani-num)": caller.dialled, "CALLERID(ani)": caller.dialled,
            "CALLERID(num-valid)": str(int(bool(caller.dialled))),
            "CALLERID(name-valid)": str(int(bool(caller.name))),
            "CALLERID(dnid)": number if endpoint else "", "CDR(src)": caller.dialled,
            "CDR(clid)": callerid, "CHANNEL(endpoint)": endpoint, "CHANNEL(peername)": endpoint,
            "CONNECTEDLINE(num)": "", "CONNECTEDLINE(name)": "", "HINT": "", "HINTNAME": "",
        }  # fmt: skip
        channel = CallChannel(dict(variables or {}), facts, name=name)
        return Run(self.plan, state, self, channel, context, number, reach)

    def assume(self, text: str) -> None:
        """Note a default that was used."""
        self.assumed[text] = None

    # -- what the run loop asks -------------------------------------------------------------------

    def has(self, application: fx.FlowApplication) -> bool:
        """Return whether Asterisk has the application: its module needs a file."""
        if not application.needs or self.workspace.has(application.needs):
            return True
        return len(self.workspace.names) == 1 and self._assumed_file(application)

    def _assumed_file(self, application: fx.FlowApplication) -> bool:
        self.assume(f"Asterisk has {application.name}, although {application.needs} is not here")
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

    def elsewhere(self, context: str) -> str:
        """Return why a context that is not here may be there all the same."""
        if self.other is None or context in self.plan:
            return ""
        return f"the context may be in {self.other}, which is not read"

    def application(self, run: Run, name: str, data: str) -> fx.Effects | None:  # noqa: ARG002
        """Return what the world says that an application does."""
        found = self.world.applications.get(name)
        return None if found is None else _setting(found, data)

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
        if technology.lower() not in TECHNOLOGIES:
            return Response("CHANUNAVAIL", 0, _NOT_THERE)
        if technology.lower() == "pjsip":
            return self._endpoint(target, resource)
        self.assume(f"{target} answers after 5 s and talks for 20 s")
        return Response("ANSWER", 5, 16, 20)

    def _endpoint(self, target: str, resource: str) -> Response:
        endpoints = self.workspace.pjsip.endpoints
        name = resource.partition("/")[0]
        name = name if name in endpoints else name.rpartition("@")[2]
        if name not in endpoints:
            if endpoints or self._has_pjsip():
                return Response("CHANUNAVAIL", 0, 3)
            self.assume(f"{target} is there, answers after 3 s and talks for 20 s")
            return Response("ANSWER", 3, 16, 20)
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
        if technology.lower() not in TECHNOLOGIES:
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
                return fx.LegResult("JOINEMPTY", name)
        return None

    def ask(self, run: Run, question: fx.Ask) -> Any:  # noqa: ANN401 - by the kind of question
        """Return what the world decides."""
        return getattr(self, f"_ask_{question.kind}", self._stay)(run, question)

    def _ask_voicemail(self, run: Run, question: fx.Ask) -> tuple[str, str | None]:
        box = question.about.partition("&")[0]
        box = box if "@" in box else f"{box}@default"
        if box not in run.state.boxes and (run.state.boxes or self.workspace.has("voicemail.conf")):
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

    def _stay(self, run: Run, question: fx.Ask) -> bool:
        """Stay until the caller hangs up, which it does when its patience is over."""
        self.assume(f"the caller hangs up after {self.world.patience:g} s of {question.kind}")
        before = run.cause
        run.wait(self.world.patience)
        if not run.gone:
            run.hang_up()
        if question.kind == "voicemailmain":
            run.cause = before
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


def _setting(found: Callable[[str], Mapping[str, str]], data: str) -> fx.Effects:
    for name, value in (found(data) or {}).items():
        yield fx.SetVariable(name, value)


def _response(answer: Answer) -> Response:
    if isinstance(answer, Answers):
        return Response("ANSWER", answer.after, 16, answer.talks)
    if isinstance(answer, NoAnswer):
        return Response("NOANSWER", NEVER)
    return Response(_STATUS.get(answer.cause, "CHANUNAVAIL"), 0.5, answer.cause)
