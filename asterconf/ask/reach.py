"""Whether calls from some place reach a trunk, with which numbers, and a call that does."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import attrs

from asterconf.ask.answers import (
    EntryAnswer,
    ReachAnswer,
    Witness,
    depends,
    verdict_of,
)
from asterconf.ask.assumed import NOTHING, Assumed
from asterconf.ask.certificate import Certificate, CertifiedState
from asterconf.ask.engine import Engine
from asterconf.ask.entries import Entry, entries_of, lines_of, trunks_of, without_trunks
from asterconf.ask.states import Dialed, Reached, Result, target_endpoint
from asterconf.ask.steps import start_of
from asterconf.ask.surroundings import set_by
from asterconf.ask.values import Mark, Values, numbers_of
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
from asterconf.errors import BudgetError
from asterconf.numbers import Numbers, terms
from asterconf.numbers import automaton as at
from asterconf.numbers.terms import Box, InputSlice, Opaque
from asterconf.source import comparable
from asterconf.workspace import Workspace

DOMAIN: Final = (
    "every dialled text of at most 79 bytes that does not begin with _, from any caller, at every"
    " minute of 28 years (of 6 where a condition names a zone); numbers are shown without dashes"
)
ASSUMPTIONS: Final = (
    "time conditions do not change while a call lasts",
    "those who are called do not transfer or forward it, and nothing starts calls from outside",
    "no phone transfers a call by its own means (REFER), whether it called or was called",
    "global variables are set by steps of the dialplan only, and by no script (AGI) or command",
)
_ENDS: Final[dict[str, Answer]] = {
    "ANSWER": Answers(), "BUSY": Busy(), "NOANSWER": NoAnswer(), "CONGESTION": Congestion(),
    "CHANUNAVAIL": Unreachable(), "TIMEOUT": NoAnswer(),
}  # fmt: skip
NO_TRUNK: Final = (
    "no endpoint of PJSIP is a trunk, and no other driver has lines, so that none is reached,"
    " whatever is run"
)
IN_PIECES: Final = "no text of a caller or of a database is taken apart (`injections` names where)"
"""What is taken for granted of dead steps: who dials `1&Local/…` may run any of them."""
STATES: Final = 100_000
"""States that one question reaches before the rest of it is unknown."""
TRIES: Final = 12
"""So many ways are tried as a witness before a yes is given up for unknown."""


def dialled(engine: Engine, numbers: Numbers | None) -> at.Automaton:
    """Return the texts that are dialled: all, or some numbers with any dashes."""
    every = engine.lookups.anything
    return every if numbers is None else terms.both(numbers.with_dashes().automaton, every)


def explored(engine: Engine, entry: Entry, numbers: Numbers | None = None) -> Result:
    """Follow every call of an entry; one whose number is no extension is refused at once."""
    return engine.explore([start_of(entry, engine, dialled(engine, numbers))])


@attrs.define
class Searches:
    """The searches of one question: one for each way in.

    Attributes:
        engine: what follows the calls.
        found: what was found so far, by this question and others.
        most: how many states this one may reach; what comes after that is not known.
    """

    engine: Engine
    found: dict[object, Result] = attrs.field(factory=dict)
    most: int = STATES
    _own: dict[object, int] = attrs.field(factory=dict, init=False)

    def of(self, way: Entry, numbers: Numbers | None = None) -> Result:
        """Return what calls of an entry reach."""
        return self.result(
            way, (way.context, way.variables, numbers), lambda: explored(self.engine, way, numbers)
        )

    def ways(self, way: Entry) -> Result:
        """Return what calls of an entry reach, if need be without the numbers that lead there.

        Where no step mentions any more what was dialled, calls are the same whatever it was: a
        search that does not tell them apart may end where the other is too long.
        """
        full = self.of(way)
        if not any(mark.text.startswith("budget: ") for mark in full.stopped):
            return full
        key = way.context, way.variables, "without numbers"
        start = [start_of(way, self.engine)]
        return self.result(way, key, lambda: self.engine.explore(start, numbers=False))

    def result(self, way: Entry, key: object, search: Callable[[], Result]) -> Result:
        """Return what a search finds, unless the question has reached too many states."""
        if key not in self._own and sum(self._own.values()) > self.most:
            start = start_of(way, self.engine)
            over = Opaque(f"budget: {self.most:,} states before calls of [{way.context}]")
            return Result(stopped={over: [start]})
        if key not in self.found:
            self.found[key] = search()
            for name, value in way.variables:
                if set_by(name):
                    mark = Opaque(f"set_var={name}={value}", "pjsip.conf")
                    self.found[key].stop(mark, start_of(way, self.engine))
        self._own[key] = self.found[key].size
        return self.found[key]


def searches_of(
    workspace: Workspace, budget: int | None = None, assumed: Assumed = NOTHING,
    down: Iterable[str] = (),
) -> Searches:  # fmt: skip
    """Return the searches for a question; what they find holds until a file is edited.

    Args:
        workspace: the configuration.
        budget: how many ways of steps each may take; by default so many as the dialplan needs.
        assumed: what is taken for known.
        down: endpoints that cannot be reached.
    """
    off = frozenset(down)

    def made() -> Searches:
        if budget is None:
            return Searches(Engine(workspace, off, assumed=assumed))
        return Searches(Engine(workspace, off, assumed=assumed, budget=budget, per_step=0))

    if off:
        return made()
    sources = tuple(workspace.resolve(name) for name in workspace.names)
    known = workspace.view(f"searches {budget} {assumed.said}", sources, made)
    return Searches(known.engine, known.found)


@attrs.define
class Hits:
    """What reaches a trunk, and what may: `lines` are the marks of other technologies."""

    sure: list[Dialed] = attrs.field(factory=list)
    marks: dict[Mark, list[at.Automaton]] = attrs.field(factory=dict)
    texts: set[at.Automaton] = attrs.field(factory=set)
    lines: set[Mark] = attrs.field(factory=set)

    @property
    def numbers(self) -> Numbers:
        """What can be dialled for it to happen."""
        return numbers_of(at.union(self.texts)) if self.texts else Numbers()

    def marks_of(self, numbers: Numbers) -> list[Mark]:
        """Return what decides whether some numbers reach one."""
        return [
            mark
            for mark, texts in self.marks.items()
            if any(numbers_of(text) & numbers for text in texts)
        ]


def own_part(box: Box, way: Entry) -> Box | None:
    """Return the part of a box that calls of an entry have; None: none of it can be dialled."""
    if not Numbers.made(box["d"]):
        return None
    if way.callerid is None:
        return box
    return next(
        iter(terms.inside(terms.char_of(InputSlice("n")), _number(way.callerid), box)), None
    )


def marks_of(result: Result, way: Entry) -> list[Mark]:
    """Return what stops calls of an entry."""
    return [
        mark
        for mark, nodes in result.stopped.items()
        if any(own_part(node.box, way) is not None for node in nodes)
    ]


def _number(text: str) -> at.Automaton:
    return at.text_of(comparable(text))


def hits_of(result: Result, way: Entry, trunks: Iterable[str], lines: Collection[str] = ()) -> Hits:
    """Sort what was dialled by whether it is one of the trunks, or may be a line as `lines` are."""
    names = frozenset(trunks)
    wanted = at.texts_of(map(comparable, names))
    found = Hits()
    for dialed in (one for held in result.dialed for one in held.each(names)):
        own = own_part(dialed.box, way)
        if own is None:
            continue
        one = attrs.evolve(dialed, box=own)
        name = target_endpoint(one.target)
        if name is None:
            technology = one.target.partition("/")[0]
            parts = [part for part in terms.atoms(technology) if isinstance(part, Opaque)]
            if technology.lower() in lines:
                what = f"{Values.shown(one.target)}, which may be a line to the outside"
                parts = [Opaque(what, *one.place)]
                found.lines.update(parts)
            for part in parts:
                found.marks.setdefault(part, []).append(own["d"])
            continue
        try:
            boxes = terms.inside(name, wanted, one.box)
        except terms.OpaqueError as error:
            found.marks.setdefault(error.part, []).append(own["d"])
            continue
        for box in boxes:
            if one.marks:
                for mark in one.marks:
                    found.marks.setdefault(mark, []).append(box["d"])
            else:
                found.sure.append(attrs.evolve(one, box=box))
                found.texts.add(box["d"])
    return found


def reach(
    workspace: Workspace, to: str | Iterable[str], entry: str | Iterable[str],
    numbers: Numbers | None = None, *, budget: int | None = None,
    places: Collection[tuple[str, int]] = (), assumed: Assumed = NOTHING,
) -> ReachAnswer:  # fmt: skip
    """Return whether calls reach a trunk; see `Questions.reach`.

    `budget` is how many ways of steps may be followed; by default so many as the dialplan needs.
    `places` are the files and lines whose steps dial it; by default any.
    """
    trunks = trunks_of(workspace, to)
    ways = entries_of(workspace, entry, messages=True)
    searches = searches_of(workspace, budget, assumed)
    lines = lines_of(workspace, to)
    bare = without_trunks(workspace, [*trunks, *lines])
    answers = []
    for way in ways:
        if bare:
            answers.append(_never(way, dialled(searches.engine, numbers)))
            continue
        result = searches.of(way, numbers)
        if places:
            result = attrs.evolve(
                result,
                dialed=[
                    one for d in result.dialed for one in d.each(trunks) if one.place in places
                ],
            )
        try:
            one = _answer(workspace, searches.engine, way, result, trunks, numbers, lines)
        except BudgetError as error:
            one = _unknown(way, [Opaque(f"budget: {error}")])
        answers.append(one)
    verdict = verdict_of(one.verdict for one in answers)
    names = ", ".join(trunks) or "any trunk (there is none)"
    yes = [one.entry for one in answers if one.verdict == verdict]
    because = {
        "yes": f"calls from {', '.join(yes[:5])} are handed to {names}",
        "no": f"no call that comes in here is handed to {names}",
        "unknown": f"whether calls from {', '.join(yes[:5])} are handed to {names} is not known",
    }[verdict]
    return ReachAnswer(verdict, because, tuple(answers), DOMAIN, (*ASSUMPTIONS, *assumed.said))


def _answer(
    workspace: Workspace, engine: Engine, way: Entry, result: Result, trunks: list[str],
    numbers: Numbers | None, lines: Collection[str],
) -> EntryAnswer:  # fmt: skip
    plan = engine.plan
    if plan.general.extenpatternmatchnew or plan.general.overrideswitch:
        what = "extenpatternmatchnew" if plan.general.extenpatternmatchnew else "overrideswitch"
        return attrs.evolve(_unknown(way, [Opaque(what)]), because=f"{what} is set")
    found = hits_of(result, way, trunks, lines)
    marks: dict[Mark, None] = dict.fromkeys(found.marks)
    ranked = sorted(found.sure, key=lambda one: (not numbers_of(one.box["d"]), len(one.node.way())))
    for one in ranked[:TRIES]:
        witness = witness_of(workspace, engine, way, one, trunks)
        if witness is not None:
            because = f"{witness.dialled!r} is handed to {witness.reaches}"
            return EntryAnswer(way.name, "yes", because, found.numbers, witness)
        way_there = f"a way to {Values.shown(one.target)} that no call on paper takes"
        marks[Opaque(way_there, *one.place)] = None
    if result.stopped and not found.sure:
        witness = injected(workspace, engine, way, result, trunks)
        if witness is not None:
            because = f"{witness.dialled!r} is handed to {witness.reaches}: it is put into the text"
            return EntryAnswer(way.name, "yes", because, Numbers.of(witness.dialled), witness)
    marks |= dict.fromkeys(marks_of(result, way))
    if marks:
        return _unknown(way, marks, found.numbers)
    because = "every way that its calls can go was followed, and none dials one"
    return EntryAnswer(
        way.name,
        "no",
        because,
        certificate=_certificate(way, result, trunks, lines, dialled(engine, numbers), engine),
    )


def _unknown(way: Entry, marks: Iterable[Mark], numbers: Numbers | None = None) -> EntryAnswer:
    reasons = depends(marks)
    because = f"it depends on {', '.join(map(str, reasons[:3]))}"
    return EntryAnswer(way.name, "unknown", because, numbers or Numbers(), None, reasons)


def _never(way: Entry, begin: at.Automaton) -> EntryAnswer:
    """Return the answer where there is no trunk: whatever calls do, they reach none."""
    proof = Certificate(way.name, way.context, way.callerid, begin, (), ())
    return EntryAnswer(way.name, "no", NO_TRUNK, certificate=proof)


def _certificate(
    way: Entry,
    result: Result,
    trunks: list[str],
    lines: Collection[str],
    begin: at.Automaton,
    engine: Engine,
) -> Certificate:
    states = [
        CertifiedState(state, box)
        for state, boxes in result.seen.items()
        for box in boxes
        if not any(other.covers(box) for other in boxes if other is not box)
    ]
    return Certificate(
        way.name,
        way.context,
        way.callerid,
        begin,
        tuple(trunks),
        tuple(states),
        engine.atoms,
        frozenset(lines),
        engine.assumed,
    )


# ---- witnesses ----------------------------------------------------------------------------------


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


def _chosen(box: Box, name: str) -> Box:
    """Return a box with one text for an input: the shortest, without dashes if there is one."""
    found = Numbers.made(box[name])
    text = numbers_of(box[name]).shortest()
    text = found.shortest() if text is None else text
    return box if text is None else box.having(name, at.text_of(comparable(text)))


def inputs_of(nodes: list[Reached], last: Box) -> Box:
    """Return the box at the end of a way, with the inputs that were mentioned on it."""
    sets: dict[str, at.Automaton] = {}
    for node in nodes:
        sets |= dict((node.whole or node.box).sets)
    sets |= dict(last.sets)
    return Box(tuple(sorted(sets.items(), key=lambda one: one[0])), last.time)


def witness_of(
    workspace: Workspace, engine: Engine, way: Entry, hit: Dialed, trunks: list[str]
) -> Witness | None:
    """Return a call on paper that dials one of the trunks as a hit says; None: it does not."""
    return shown_by(
        workspace, engine, way, hit.node.way(), hit.box, hit.facts,
        lambda call: reaches(workspace, call, trunks),
    )  # fmt: skip


def shown_by(
    workspace: Workspace, engine: Engine, way: Entry, nodes: list[Reached], last: Box,
    more: Iterable[tuple[str, str, str]], does: Callable[[Call], str | None], world: World = PLAIN,
) -> Witness | None:  # fmt: skip
    """Return a call on paper that goes a way and does something there; None: it does not.

    `more` is what the world decides in the last step, and `world` what is assumed besides.
    """
    facts = [fact for node in nodes for fact in node.facts] + [*more]
    box = single_of(nodes, last)
    stays = calls_of(workspace, engine, way, nodes, box, facts, world)
    for hangs_up in _ends(stays, facts):
        made = stays
        if hangs_up is not None:
            ends = attrs.evolve(world, hangs_up=hangs_up)
            made = calls_of(workspace, engine, way, nodes, box, facts, ends)
        done = does(made.calls[-1]) if made is not None else None
        if made is not None and done is not None:
            return attrs.evolve(made, reaches=done)
    return None


def _ends(stays: Witness | None, facts: list[tuple[str, str, str]]) -> Iterator[float | None]:
    """Yield after how many seconds the caller hangs up: never, or in each step of the call."""
    yield None
    if stays is not None and ("stay", "", "False") in facts:
        yield from (at + 0.1 for at in [*dict.fromkeys(s.at for s in stays.calls[0].steps)][:TRIES])


def calls_of(
    workspace: Workspace, engine: Engine, way: Entry, nodes: list[Reached], box: Box,
    facts: list[tuple[str, str, str]], world: World = PLAIN,
) -> Witness | None:  # fmt: skip
    """Return the calls on paper that go a way; None: they cannot be made.

    Args:
        workspace: the configuration.
        engine: what found the way.
        way: where the calls come in.
        nodes: the way.
        box: one text for each input.
        facts: what the world decides.
        world: what is assumed besides.
    """
    hangs_up = world.hangs_up
    made, (dialled, callerid, instant, world) = _made(workspace, engine, way, box, facts, world)
    if made is None:
        return None
    calls = [made]
    further = next((n for n in nodes if ":" in n.state.part), None)
    if further is not None:
        kind, _, context = further.state.part.partition(":")
        if not _opened(made, kind):
            return None
        number = dict(further.state.variables).get("CALLERID(num)", "")
        text = _text(box, further.state.exten)
        again = _call(workspace, text, f"context:{context}", _text(box, number), instant, world)
        if again is None:
            return None
        calls.append(again)
    statuses = {name: type(one).__name__ for name, one in world.answers.items()}
    statuses |= dict(world.devices) | _told(facts, box)
    statuses |= {"caller": f"hangs up after {hangs_up:g} s"} if hangs_up is not None else {}
    return Witness(way.name, dialled, callerid, instant, statuses, world.digits, tuple(calls))


def single_of(nodes: list[Reached], last: Box) -> Box:
    """Return the box at the end of a way with one text for each input."""
    box = inputs_of(nodes, last)
    for name, _ in box.sets:
        box = _chosen(box, name)
    return box


def _made(
    workspace: Workspace,
    engine: Engine,
    way: Entry,
    box: Box,
    facts: list[tuple[str, str, str]],
    world: World = PLAIN,
) -> tuple[Call | None, tuple[str, str, datetime | None, World]]:
    """Return a call on paper as a box and the facts say, and what it was made of."""
    dialled = _text(box, terms.char_of(InputSlice("d")))
    given = None if way.callerid is not None else _text(box, terms.char_of(InputSlice("n")))
    instant = _instant(engine, box)
    world = attrs.evolve(_world(facts, world), digits=_digits(facts, box))
    world = _assuming(_told(facts, box), world)
    made = _call(workspace, dialled, way.name, given, instant, world)
    return made, ((dialled, given if given is not None else way.callerid or "", instant, world))


def not_out(engine: Engine, way: Entry, numbers: Numbers, trunks: Iterable[str]) -> Witness | None:
    """Return a call with one of some numbers that no trunk gets; None: it cannot be made."""
    text, instant = numbers.shortest() or "", _instant(engine, start_of(way, engine).box)
    callerid = None if way.callerid is not None else ""
    made = _call(engine.workspace, text, way.name, callerid, instant, World())
    if made is None or made.unknown is not None or reaches(engine.workspace, made, trunks):
        return None
    return Witness(way.name, text, way.callerid or "", instant, {}, "", (made,))


def call_of(
    workspace: Workspace, engine: Engine, way: Entry, node: Reached
) -> tuple[Call, datetime | None] | None:
    """Return the call on paper that goes a way, and when it is made; None: it cannot be made."""
    own = own_part(node.box, way)
    if own is None:
        return None
    nodes = node.way()
    facts = [fact for one in nodes for fact in one.facts]
    made, (_, _, instant, _) = _made(workspace, engine, way, single_of(nodes, own), facts)
    return None if made is None else (made, instant)


_OPENED: Final = {
    "DISA": ("DISA",), "transfer": ("Dial", "Queue", "RetryDial"), "Queue": ("Queue",),
    "voicemail": ("VoiceMailMain", "VoiceMail"), "ConfBridge": ("ConfBridge",),
    "Directory": ("Directory",), "ChanSpy": ("ChanSpy",), "MeetMe": ("MeetMe",),
}  # fmt: skip


def _opened(call: Call, kind: str) -> bool:
    """Return whether a call runs a step that lets its caller dial again."""
    steps = [*call.steps, *(step for leg in call.legs for step in leg.steps)]
    return any(step.app in _OPENED[kind] for step in steps)


def reaches(workspace: Workspace, call: Call, trunks: Iterable[str]) -> str | None:
    """Return what a call dials on one of the trunks; None: nothing."""
    names, known = set(trunks), workspace.references.defined
    if workspace.modules.why_not("chan_pjsip"):
        return None
    for one in call.dialed:
        if target_endpoint(one.target) in names and known.rings(one.target.partition("/")[2]):
            return one.target
    return None


def _call(
    workspace: Workspace, number: str, entry: str, callerid: str | None, at_time: datetime | None,
    world: World,
) -> Call | None:  # fmt: skip
    try:
        return make_call(workspace, number, entry=entry, callerid=callerid, at=at_time, world=world)
    except ValueError:
        return None


def _instant(engine: Engine, box: Box) -> datetime | None:
    found = engine.lookups.moments
    if not found.specs:
        return datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
    instant = found.first(box.time)
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _world(facts: list[tuple[str, str, str]], world: World) -> World:
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


def _told(facts: Iterable[tuple[str, str, str]], box: Box) -> dict[str, str]:
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
    found, rest = "", target
    while "${" in rest:
        before, _, rest = rest.partition("${")
        found += f"{before}*"
        rest = rest.partition("}")[2]
    return found + rest


def _digits(facts: Iterable[tuple[str, str, str]], box: Box) -> str:
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


# ---- what is put into a text --------------------------------------------------------------------


def injected(
    workspace: Workspace, engine: Engine, way: Entry, result: Result, trunks: list[str]
) -> Witness | None:
    """Return a call whose number is taken apart by an application and reaches a trunk."""
    for node in [nodes[0] for nodes in result.stopped.values()][:40]:
        for text in _payloads(node, trunks):
            made = _call(
                workspace, text, way.name, "" if way.callerid is None else None,
                _instant(engine, node.box), World(),
            )  # fmt: skip
            reached = reaches(workspace, made, trunks) if made is not None else None
            if made is not None and reached is not None:
                when = _instant(engine, node.box)
                return Witness(way.name, text, "", when, {}, "", (made,), reached)
    return None


def _payloads(node: Reached, trunks: list[str]) -> Iterator[str]:
    """Yield numbers that name a trunk behind a `&`."""
    found = node.box["d"]
    for trunk in trunks[:4]:
        for payload in (f"&PJSIP/911@{trunk}", f"@{trunk}", trunk):
            has = at.concatenate(at.ANY, at.text_of(payload.encode()), at.ANY)
            text = Numbers.made(at.combine(found, has, lambda a, b: a and b)).shortest()
            if text is not None and "\n" not in text:
                yield text
