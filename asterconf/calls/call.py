"""`Call`: what became of one call, and how it is made."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import attrs

from asterconf._lazy import LazyModule
from asterconf.bind.sections import read_objects
from asterconf.calls.outcomes import (
    Answered,
    FellOff,
    HungUp,
    InConference,
    InQueue,
    Loops,
    Outcome,
    Parked,
    Recorded,
    Refused,
    Stopped,
    Unanswered,
)
from asterconf.calls.simulation import Simulation
from asterconf.calls.world import World
from asterconf.dialplan import LoadedDialplan
from asterconf.dialplan.lookup import Dialplan
from asterconf.dialplan.values import near_names
from asterconf.errors import LoadError, NotFoundError
from asterconf.flow.run import LoopError, Run, Step, StopError
from asterconf.resolve import Files
from asterconf.secrets import masked_repr, shown_data, shown_step, shown_text
from asterconf.semantics.evaluation import assign
from asterconf.semantics.scope import Unknown, Value
from asterconf.shown import Shown
from asterconf.source import Position, printable
from asterconf.workspace import Workspace

if TYPE_CHECKING:
    from asterconf import graph as pictures
else:
    pictures = LazyModule("asterconf.graph")

Place: TypeAlias = tuple[str, int]
"""A file and a line."""
OBSERVERS: tuple[Callable[[Call, Path | None], None], ...] = ()
"""Who hears of every call that is made, with the folder of its configuration."""

PLAIN = World()
"""The world of which nothing is said."""
ROUND = 12
"""How many of the last steps are looked at for the places of a circle."""


@attrs.frozen(slots=True)
class CallStep(Shown):
    """One step that a call ran.

    Attributes:
        context: where the call was.
        exten: what `${EXTEN}` was.
        priority: which step of the extension.
        app: the application, as Asterisk spells it.
        data: its arguments after substitution; a part that is not known as it is written.
        file: the file of the step; empty if it has no place, as in a dialplan made by hand.
        line: its line there, from 1; 0 without a place.
        at: seconds since the call began.
        key: the extension that matched, as a file writes it.
        holder: the context that holds the extension: that of the call or an included one.
        notes: what Asterisk would log, in words.
    """

    context: str
    exten: str
    priority: int
    app: str
    data: str = ""
    file: str = ""
    line: int = 0
    at: float = 0.0
    key: str = ""
    holder: str = ""
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        shown = attrs.asdict(self, recurse=False) | {"data": shown_step(self.app, self.data)}
        return f"CallStep({', '.join(f'{name}={value!r}' for name, value in shown.items())})"

    def __str__(self) -> str:
        where = f"[{self.exten}@{self.context}:{self.priority}]"
        return printable(f"{where} {self.app}({shown_step(self.app, self.data)})")


@attrs.frozen
class DialedTarget(Shown):
    """What a call dialed: target, the number in it, the caller id that went out, the result."""

    target: str = attrs.field(repr=masked_repr)
    number: str
    callerid: str
    status: str = ""

    def __str__(self) -> str:
        return shown_text(self.target)


@attrs.frozen
class CallLeg(Shown):
    """The steps of another channel that the call made."""

    channel: str = attrs.field(repr=masked_repr)
    steps: tuple[CallStep, ...]


@attrs.frozen(repr=False)
class Call(Shown):
    """A call on paper: the steps that Asterisk would run, and how it ends.

    Attributes:
        number: what was dialed.
        context: where the call came in.
        steps: those of the caller's channel, in order.
        outcome: how the call ended; its text is one sentence.
        dialed: everything that was dialed, by this channel and those that it made.
        legs: the other channels that ran steps.
        variables: those of the caller's channel at the end.
        elapsed: seconds that the call took.
        cause: the cause of the hang-up; 0: none was given.
        warnings: what Asterisk would log, in words.
        assumed: the defaults of the `World` that were used.
        unknown: what would have to be known to go on; None: the call ended.
    """

    number: str
    context: str
    steps: tuple[CallStep, ...]
    outcome: Outcome
    dialed: tuple[DialedTarget, ...] = ()
    legs: tuple[CallLeg, ...] = ()
    variables: Mapping[str, Value] = attrs.field(factory=dict, hash=False)
    elapsed: float = 0.0
    cause: int = 0
    warnings: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    unknown: Unknown | None = None

    @property
    def plays(self) -> tuple[str, ...]:
        """The sounds that were played, in order, as the steps name them."""
        sounds = (s.data.partition(",")[0] for s in self.steps if s.app in _SOUNDS)
        return tuple(name for names in sounds for name in names.split("&") if name)

    def __str__(self) -> str:
        """Return the steps, as Asterisk's console shows them, and the outcome."""
        lines = [f"-- Executing {step}" for step in self.steps]
        for leg in self.legs:
            name = printable(shown_text(leg.channel))
            lines += [f"   -- {name}: {step}" for step in leg.steps]
        return "\n".join([*lines, printable(f"=> {self.outcome}")])

    def __repr__(self) -> str:
        steps = f"{len(self.steps)} step{'s' * (len(self.steps) != 1)}"
        return printable(f"<Call {self.number}@{self.context}: {steps}, {self.outcome}>")

    def graph(self, within: pictures.Graph | None = None) -> pictures.Graph:
        """Return the way of the call as a picture.

        Its boxes are the extensions that the call came by and what it dialed. The label of an
        arrow is the number of the step that took it, from 1; of what was dialed, the status.

        Args:
            within: a picture to draw it in, such as `conf.dialplan.graph(limit=None)`.
        """
        return _picture(self, within)

    def to_dict(self) -> dict[str, Any]:
        """Return the call as plain data, as `asterconf call --json` prints it."""
        last = self.steps[-1] if self.steps else None
        unknown = self.unknown and {
            "text": self.unknown.text, "why": self.unknown.why,
            "file": last.file if last else "", "line": last.line if last else 0,
        }  # fmt: skip
        outcome = {
            name: [*value] if isinstance(value, tuple) else value
            for name, value in attrs.asdict(self.outcome, recurse=False).items()
            if name != "unknown"
        }
        return shown_data({
            "format": 1,
            "number": self.number,
            "context": self.context,
            "steps": [_step_dict(step) for step in self.steps],
            "legs": [
                {"channel": leg.channel, "steps": [_step_dict(step) for step in leg.steps]}
                for leg in self.legs
            ],
            "outcome": {"kind": type(self.outcome).__name__, "text": str(self.outcome), **outcome},
            "dialed": [attrs.asdict(one) for one in self.dialed],
            "cause": self.cause,
            "elapsed": round(self.elapsed, 3),
            "assumed": [*self.assumed],
            "warnings": [*self.warnings],
            "unknown": unknown,
        })  # fmt: skip


def _picture(call: Call, within: pictures.Graph | None) -> pictures.Graph:
    """Return the boxes that a call came by, with arrows that bear the numbers of its steps."""
    nodes = {node.key: node for node in within.nodes} if within is not None else {}
    edges = [*within.edges] if within is not None else []
    for steps in (call.steps, *(leg.steps for leg in call.legs)):
        for step in steps:
            for node in _boxes(step):
                nodes.setdefault(node.key, node)
        edges += _way(steps)
    for one in call.dialed:
        by = [step for step in call.steps if one.target in step.data]
        if by and not one.target.lower().startswith("local/"):
            node = _dialed_box(one)
            nodes.setdefault(node.key, node)
            edges.append(
                pictures.Edge(_box_key(by[-1]), node.key, "dials", one.status, _position(by[-1]))
            )
    title = shown_text(f"call {call.number}@{call.context}")
    if within is not None:
        title = f"{within.title}: {title}"
    notes = (*(within.notes if within is not None else ()), str(call.outcome))
    return pictures.Graph(title, nodes.values(), edges, notes=notes)


def _box_key(step: CallStep) -> str:
    return f"extension:{step.holder}/{step.key}"


def _position(step: CallStep) -> Position | None:
    return Position(step.file, step.line, 1) if step.file else None


def _boxes(step: CallStep) -> Iterator[pictures.Node]:
    context = f"context:{step.holder}"
    yield pictures.Node(context, "context", shown_text(step.holder))
    label = shown_text(step.key)
    yield pictures.Node(_box_key(step), "extension", label, place=_position(step), inside=context)


def _way(steps: Sequence[CallStep]) -> Iterator[pictures.Edge]:
    """Yield an arrow for each step that led to another extension; its label is their numbers."""
    found: dict[tuple[str, str], pictures.Edge] = {}
    for number, (step, after) in enumerate(pairwise(steps), 1):
        ends = _box_key(step), _box_key(after)
        known = found.get(ends)
        if known is not None:
            label = f"{known.label}, {number}"
            found[ends] = attrs.evolve(known, label=label, count=known.count + 1)
        elif ends[0] != ends[1]:
            found[ends] = pictures.Edge(*ends, "step", str(number), _position(step))
    yield from found.values()


def _dialed_box(one: DialedTarget) -> pictures.Node:
    """Return the box of what was dialed, with the key that it has in the dialplan's picture."""
    name = one.target.partition("/")[2]
    number, at, trunk = name.partition("@")
    bare = trunk if at else number.partition("/")[0]
    kind = "trunk" if at else "phone"
    return pictures.Node(f"{kind}:{bare}", kind, shown_text(bare))  # type: ignore[arg-type]


_SOUNDS = frozenset(("Playback", "BackGround", "ControlPlayback"))


def _step_dict(step: CallStep) -> dict[str, Any]:
    names = ("context", "exten", "priority", "app", "data", "file", "line")
    return {name: getattr(step, name) for name in names}


def make_call(
    workspace: Workspace,
    number: str,
    *,
    entry: str,
    callerid: str | None = None,
    at: datetime | None = None,
    world: World | None = None,
    variables: Mapping[str, str] | None = None,
    digits: str | None = None,
    plan: Dialplan | None = None,
) -> Call:
    """Run one call; see `Config.call`."""
    if "\0" in number or "\n" in number or "\r" in number:
        raise ValueError(f"{number!r} cannot be dialed")
    loaded: LoadedDialplan | None = None
    if plan is None:
        loaded = workspace.dialplan
        if not loaded.loaded:
            raise LoadError(workspace.no_dialplan)
        plan = workspace.completed(loaded.dialplan)
    world = PLAIN if world is None else world
    changes: dict[str, Any] = {"clock": at} if at is not None else {}
    if digits is not None:
        changes["digits"] = digits
    if changes:
        world = attrs.evolve(world, **changes)
    simulation = Simulation(workspace, world, plan)
    if world.clock is None:
        simulation.assume("the call is made now")
    context, endpoint, own = _entry(workspace, simulation.plan, entry)
    if callerid is None:
        callerid = own
        if endpoint and not own:
            simulation.assume(f"{entry} sends no caller id")
    run = simulation.start(
        number, context, callerid=callerid, endpoint=endpoint, variables=variables
    )
    of_endpoint = workspace.channel_variables.get(endpoint, ()) if endpoint else ()
    _set_own(run, of_endpoint, variables or {})
    unknown: Unknown | None = None
    outcome: Outcome | None = None
    try:
        run.enter()
    except StopError as stop:
        unknown = stop.unknown
        outcome = Stopped(unknown)
    except LoopError:
        outcome = Loops(tuple(_cycle(run)))
    places = _StepPlaces(loaded, workspace.view("steps", (loaded,), dict))
    made = Call(
        number,
        context,
        places.steps(run),
        outcome or _outcome(run),
        tuple(_dialed(run)),
        tuple(CallLeg(one.channel.name, places.steps(one)) for one in _children(run)),
        dict(run.channel.variables),
        run.now,
        run.cause,
        tuple(text for _, text in run.notes),
        tuple(simulation.assumed),
        unknown,
    )
    for observe in OBSERVERS:
        observe(made, workspace.files.root)
    return made


def call_dialplan(
    plan: Dialplan,
    number: str,
    context: str,
    *,
    callerid: str = "",
    world: World | None = None,
    variables: Mapping[str, str] | None = None,
    digits: str | None = None,
) -> Call:
    """Run one call through a dialplan that is not of files, such as one of `read_show`.

    Nothing is known of phones, queues and mailboxes but what `world` says.

    Raises:
        NotFoundError: there is no such context.
    """
    return make_call(
        Workspace(Files(None, {}), []), number, entry=f"context:{context}", callerid=callerid,
        world=world, variables=variables, digits=digits, plan=plan,
    )  # fmt: skip


def _entry(workspace: Workspace, plan: Dialplan, entry: str) -> tuple[str, str, str]:
    """Return the context, the endpoint and the caller id of where a call comes in.

    Raises:
        NotFoundError: there is no such endpoint or context.
    """
    kind, colon, name = entry.partition(":")
    if colon and kind == "context":
        if name not in plan:
            near = near_names(name, (context.name for context in plan))
            raise NotFoundError(f"there is no context {name!r}{near}")
        return name, "", ""
    endpoints = workspace.pjsip.endpoints
    if entry not in endpoints:
        near = near_names(entry, endpoints)
        hint = "" if near else "; a context is written context:NAME"
        raise NotFoundError(f"there is no endpoint {entry!r}{near}{hint}")
    context, callerid = _endpoint(workspace, entry)
    return context, entry, callerid


def entry_context(workspace: Workspace, endpoint: str) -> str:
    """Return the context in which calls of an endpoint come in."""
    return _endpoint(workspace, endpoint)[0]


def entry_callerid(workspace: Workspace, endpoint: str) -> str:
    """Return the caller id that calls of an endpoint have, as it is written."""
    return _endpoint(workspace, endpoint)[1]


def _set_own(run: Run, own: Iterable[tuple[str, str]], given: Container[str]) -> None:
    """Let a channel have the variables of its endpoint, but those that are given otherwise."""
    for name, value in own:
        if name.lstrip("_") not in given:
            assign(run.scope, f"{name}={value}")


def _endpoint(workspace: Workspace, name: str) -> tuple[str, str]:
    """Return the context of an endpoint and its caller id."""
    record = workspace.pjsip.endpoints[name].obj
    found = record.extension or record.trunk
    if found is not None:
        return found.context or "default", str(getattr(found, "callerid", None) or "")
    written = read_objects(workspace.resolve("pjsip.conf"), "endpoint").get(name)
    values = dict(written.obj.options) if written is not None else {}
    return str(values.get("context") or "default"), str(values.get("callerid") or "")


def _children(run: Run) -> Iterator[Run]:
    for child in run.children:
        yield child
        yield from _children(child)


def _dialed(run: Run) -> Iterator[DialedTarget]:
    for one in (run, *_children(run)):
        for target, callerid, status in one.dialed:
            yield DialedTarget(target, number_in(target), callerid, status)


def number_in(target: str) -> str:
    """Return the number, or the name, that a target dials.

    `IAX2/user:secret@peer/100@context` dials 100.
    """
    technology, _, rest = target.partition("/")
    first, _, exten = rest.partition("/")
    if technology.lower() == "iax2":
        return exten.partition("@")[0] or first.rpartition("@")[2].partition(":")[0]
    name, at, _ = first.partition("@")
    return name.partition(":")[0] if at else name


def _cycle(run: Run) -> Iterator[str]:
    deepest = run
    while deepest.children:
        deepest = deepest.children[-1]
    seen: dict[str, None] = {}
    for step in reversed(deepest.steps[-ROUND:] or run.steps[-ROUND:]):
        place = f"{step.exten}@{step.context}:{step.priority}"
        if place in seen:
            break
        seen[place] = None
    yield from reversed(seen)


def _outcome(run: Run) -> Outcome:
    """Return how a call ended: the last that the caller got, else why it was over."""
    if run.reached:
        last = run.reached[-1]
        if last.kind == "Answered":
            return _answered(run, last.about[0])
        kinds: dict[str, type[Any]] = {
            "Unanswered": Unanswered, "Recorded": Recorded, "InQueue": InQueue,
            "InConference": InConference, "Parked": Parked,
        }  # fmt: skip
        made: Outcome = kinds[last.kind](*last.about)
        return made
    if run.way == "refused":
        return Refused()
    if run.way == "fell":
        status = run.scope.find("DIALSTATUS")
        return FellOff(status if isinstance(status, str) else "")
    if run.up_at is None and run.cause not in (0, 16):
        return Refused(run.cause)
    return HungUp(run.cause)


def _answered(run: Run, target: str) -> Answered:
    dialed = next((one for one in reversed(run.dialed) if one[0] == target), (target, "", ""))
    by = target
    if target.lower().startswith("local/"):
        for child in reversed(run.children):
            if child.reached and child.reached[-1].kind == "Answered":
                by = _answered(child, child.reached[-1].about[0]).by
                break
    return Answered(by, target, number_in(target), dialed[1])


class _StepPlaces:
    """Finds where steps are written; `known` keeps it for other calls."""

    def __init__(
        self, loaded: LoadedDialplan | None, known: dict[tuple[str, str, str | None, int], Place]
    ) -> None:
        self.contexts = loaded.contexts if loaded is not None else None
        self.known = known

    def steps(self, run: Run) -> tuple[CallStep, ...]:
        notes: dict[int, list[str]] = {}
        for number, text in run.notes:
            notes.setdefault(number, []).append(text)
        return tuple(
            self.step(step, tuple(notes.get(number, ()))) for number, step in enumerate(run.steps)
        )

    def step(self, step: Step, notes: tuple[str, ...]) -> CallStep:
        """Return a step with its place."""
        extension, (file, line) = step.extension, ("", 0)
        if self.contexts is not None and not extension.made_by:
            key = (step.holder, extension.name, extension.callerid_match, step.step.priority)
            if key not in self.known:
                self.known[key] = self.place(*key)
            file, line = self.known[key]
        return CallStep(
            step.context, step.exten, step.priority, step.app, step.data, file, line,
            step.at, extension.key, step.holder, notes,
        )  # fmt: skip

    def place(self, holder: str, name: str, caller: str | None, priority: int) -> Place:
        """Return file and line of a step; empty and 0: it has none."""
        assert self.contexts is not None
        places = self.contexts.places(holder)
        if places is None:
            return "", 0
        return places.lines.file_line(places.number(places.index(name, caller), priority))
