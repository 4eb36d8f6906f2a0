"""What callers may put into the variables and the texts of a dialplan, wherever calls come from.

Where some calls cannot be followed, each step is asked by itself: what gets into its sinks if any
call stands there. Only what its own extension lets through is known of it then, and which
variables no step gives a text of a caller.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, Self, TypeAlias

import attrs

from asterconf.ask.applications import CALLING, INDIFFERENT, OWN
from asterconf.ask.engine import Engine
from asterconf.ask.entries import entries_of
from asterconf.ask.placed import DoneError
from asterconf.ask.states import Reached, State
from asterconf.ask.steps import FurtherStep
from asterconf.ask.surroundings import Surroundings
from asterconf.ask.values import MADE, CutText, Mark, UndecidedError, complement
from asterconf.flow import effects as fx
from asterconf.flow.applications import split, target_of
from asterconf.flow.sinks import BROUGHT, CLEAN, GIVEN, MADE_BY_ASTERISK, WORD, has_sink, sends
from asterconf.flow.table import application
from asterconf.language import args, template
from asterconf.numbers import automaton as at
from asterconf.numbers import terms
from asterconf.numbers.terms import Box, InputSlice, Opaque, Sender
from asterconf.source import fold

Key: TypeAlias = tuple[str, str, int]
"""Context, extension and priority of a step."""
FROM_ONE: Final = 4_000
"""So many ways of steps are followed from one place where calls may stand."""
TOGETHER: Final = 4
"""So many times what one search may take is followed from all places together."""
WIDE: Final = 12
"""So many values of the variables are followed at a step before they are not known."""
WRAPPING: Final = frozenset({"Exec", "ExecIf", "TryExec", "ExecIfTime"})
"""Applications that carry out another."""
_APPS: Final = "goto|gotoif|gotoiftime|gosub|gosubif|macro|macroif|channelredirect|originate"
JUMPING: Final = re.compile(rf"\b({_APPS})\(", re.IGNORECASE)
"""Steps that lead to a priority, also in others."""
SCRIPTS: Final = frozenset({"AGI", "EAGI", "DeadAGI", "ExternalIVR", "Stasis"})
"""Applications that let another program set any variable."""
_SHELLS: Final = frozenset({"System", "TrySystem", "MixMonitor"})
"""Applications that may leave what they are given in files."""
PROGRAMS: Final = ("DYNAMIC_FEATURES", "what Queue runs")
"""What runs applications, or a script, while others talk: how it is told."""
PIECE: Final = at.power(at.mask_of(WORD + b"*#+-._"), 0, None)
"""Texts of a caller that no sink takes apart."""
KEEPING: Final = re.compile(
    r"(?:\d-\d|[A-Z]-[A-Z]|[a-z]-[a-z]|[\w*#+.]|\\x(?:2[ABDE]|5F|23))*(?:-)?,", re.ASCII
)
"""What FILTER is given to keep no more than that."""
TELLING: Final = frozenset({"DEVICE_STATE", "EXISTS", "IF", "ISNULL", "LEN", "PJSIP_DIAL_CONTACTS"})
"""Functions of which each value would be followed by itself."""
KNOWN: Final = (INDIFFERENT - {"MSet", "Read"}) | {
    "ChannelRedirect",
    "Dial",
    "FollowMe",
    "Gosub",
    "GosubIf",
    "Goto",
    "GotoIf",
    "GotoIfTime",
    "Originate",
    "Page",
    "Queue",
    "RetryDial",
    "Return",
    "Transfer",
    *SCRIPTS,
}
"""Applications that set no variable to a text that is cut otherwise than it is written."""
CALLED: Final = frozenset({"DIALSTATUS", "QUEUESTATUS"})
RETURNED: Final = "GOSUB_RETVAL"
ARGUMENT: Final = re.compile(r"ARG\d+")
WRITERS: Final = frozenset(
    {"ARRAY", "EXPORT", "GLOBAL", "MASTER_CHANNEL", "PUSH", "SET", "UNSHIFT"}
)
"""Functions that write the variables that they name."""
BLOCKS: Final = frozenset({"while", "endwhile", "if", "elseif", "else", "endif"})
"""Steps to which, or behind which, others lead without a name of it."""
ARGUMENTS: Final = re.compile(r"(,\s*[\w-]+)\([^()]*\)")
"""What a subroutine is given."""
RECKONED: Final = re.compile(rf"(\b({_APPS})\(|[,?:])\s*(\0|[-+]\d+)\s*($|[:)])", re.IGNORECASE)
"""A priority that is relative, or all of it made, which is a zero byte."""


def sinks_of(engine: Engine) -> list[Key]:
    """Return the steps that give a text that is not constant to what may take it apart."""
    return [
        (context.name, one.key, step.priority)
        for context in engine.plan
        for one in context.extensions
        for step in one.steps
        if "$" in step.data and not one.made_by and has_sink(str(step), engine.queries)
    ]


@attrs.define(eq=False)
class Sent:
    """What may hold a text of a caller that is more than letters, digits and `*#+-`.

    Attributes:
        names: variables, functions as `DB`, and contexts as `[c]`: what is dialled there.
        every: whether that is any variable: a script sets what it likes.
        written: the variables that some step writes.
        asked: those of which it was said that they do not.
    """

    names: set[str]
    written: frozenset[str]
    every: bool = False
    asked: set[str] = attrs.field(factory=set)

    def holds(self, name: str) -> bool:
        """Return whether a variable, a function or a context may."""
        self.asked.add(name)
        return self.every or name in self.names

    def held(self, name: str) -> Sender:
        """Return False if no text of a caller is in a variable; None: that is not known.

        One in capitals that no step writes may be one of Asterisk's.
        """
        own = name in self.written or not name.isupper() or name == RETURNED
        return False if own and name not in BROUGHT and not self.holds(name) else None


@attrs.define(eq=False)
class StandingStep(FurtherStep):
    """A step of which only that matters what gets into its sinks, and what comes next.

    `kept` are variables that are known whatever was done before, `sent` those with callers' texts,
    and `returned` what a subroutine returned that was called.
    """

    kept: Mapping[str, str] = attrs.field(factory=dict)
    sent: Sent = attrs.field(factory=lambda: Sent(set(), frozenset()))
    returned: str = ""

    def forget(self, mark: Mark) -> None:
        """Let no variable be known any more that some step writes."""
        super().forget(mark)
        self.variables |= self.kept

    def perform(self, name: str, data: str) -> None:
        """Carry out an application; go on with no variable known where it cannot be followed."""
        modelled = name in OWN or application(name) is not None
        self.sent.every |= name in SCRIPTS or not modelled
        if name in _SHELLS:
            self.note("files", data)
        self.starts(name, data)
        try:
            super().perform(name, data)
        except UndecidedError as stop:
            cut = isinstance(stop.mark, CutText)
            if name in WRAPPING:
                self.sent.every |= not cut or name != "ExecIf"
                raise
            self.sent.every |= cut and (name not in KNOWN or (name in CALLING and "(" in data))
            for one in split(data, 4)[3 * (name == "RetryDial")].split("&"):
                if cut and name in CALLING:
                    self.local(one)
            self.forget(stop.mark)

    def starts(self, name: str, data: str) -> None:
        """Note where another channel is sent."""
        if name == "Originate":
            target, kind, context, exten, *rest = split(data, 7)
            self.local(target)
            if fold(kind) != "app":
                self.leads(exten, context)
            more = rest if fold(kind) == "exten" else [exten, *rest]
            self.sent.every |= self.sender("".join(more)) is not False
        elif name == "ChannelRedirect":
            _, *place = split(data, 4)
            self.target(",".join(one for one in place if one))

    def elsewhere(self, mark: Mark) -> None:
        """Go on as the files say where something else may have a step, and set any variable."""
        self.sent.every |= not self.idle(mark)
        super().elsewhere(mark)

    def doubt(self, text: str) -> None:
        """Note what is not followed: a program that runs with a call sets any variable."""
        self.sent.every |= text.startswith(PROGRAMS)
        super().doubt(text)

    # -- what holds a text of a caller ------------------------------------------------------------

    def note(self, name: str, value: str) -> None:
        """Note that something holds a value; an argument may be that of any context."""
        if name not in self.sent.names and self.sender(value) is not False:
            own = self.engine.lookups.contexts if ARGUMENT.fullmatch(name) else ()
            self.sent.names |= {name, *(f"{name} [{context}]" for context in own)}

    def sender(self, term: str) -> Sender:
        """Return False if all of a term is in one piece, whoever calls; None: that is not known."""
        for part in terms.atoms(term):
            if isinstance(part, InputSlice):
                if terms.inside(terms.char_of(part), complement(PIECE), self.box):
                    return None
            elif part.sender is not False and sends(part.text) is not False:
                return None
        return False

    def read(self, name: str) -> str:
        """Return the value of a variable, or what is known of it wherever calls come from."""
        found = super().read(name)
        plain = self.opaque(f"${{{name}}}")
        if found != plain or name in MADE:
            return found
        self.sent.asked.add(name)
        if name in MADE_BY_ASTERISK and name in self.sent.names:
            return self.opaque(f"what steps set {name} to")
        own = ARGUMENT.fullmatch(name)
        held = self.sent.held(f"{name} [{self.context}]" if own else name)
        return self.opaque(f"${{{name}}}", held)

    def sender_of(self, name: str, given: str) -> Sender:
        """Return False if no text of a caller is in what a function gives."""
        if super().sender_of(name, given) is False or (name == "FILTER" and KEEPING.match(given)):
            return False
        kind = self.kept_in(name)
        if not kind or self.sent.holds(kind):
            return None
        if kind == "DB":
            return False  # whoever asks for it
        self.note(kind, given)  # it may keep that
        return self.sender(given)

    def kept_in(self, name: str) -> str:
        """Return where a function has its values from, if that is none of the dialplan."""
        return "tables" if name in self.engine.queried else GIVEN.get(name, "")

    def function(self, part: template.FunctionCall) -> str:
        """Return what a function gives; nothing is told apart by it here."""
        given = self.text(part.arguments) if part.name in TELLING else ""
        if not terms.is_constant(given):
            return self.opaque(part.text, self.sender(given) if part.name == "IF" else False)
        found = super().function(part)
        name = template.argument_name(part) if part.name == "GLOBAL" else None
        if name is None or terms.is_constant(found):
            return found
        return self.opaque(part.text, self.sent.held(name))

    def set(self, name: str, value: str) -> None:
        """Set a variable."""
        super().set(name, value)
        self.note(name.removeprefix("LOCAL(").rstrip(")").lstrip("_"), value)

    def assign(self, effect: fx.Assign) -> None:
        """Carry out Set or MSet; a name that is not known may be any."""
        for text in args.split(effect.text) if effect.many else [effect.text]:
            name, _, value = text.partition("=")
            word, _, inner = self.few(name).partition("(")
            if not terms.is_constant(word):
                self.sent.every |= self.sender(value) is not False
            elif not terms.is_constant(inner):
                self.put(word, inner, value)
        super().assign(effect)

    def put(self, word: str, inner: str, value: str) -> None:
        """Note what is written by a function, which may be made of what is not known."""
        kind = self.kept_in(word)
        if word in WRITERS or word == "LOCAL":
            named = inner if word == "ARRAY" else inner.partition(",")[0]
            for one in {*re.findall(r"\w+", named)} - {"LOCAL", "GLOBAL"}:
                self.note(one.lstrip("_"), value)
            self.sent.every |= not terms.is_constant(inner) and self.sender(value) is not False
        elif kind:
            self.note(kind, value if kind == "DB" else value + inner)

    def write(self, name: str, value: str) -> None:
        """Write a function."""
        word, _, inner = name.removesuffix(")").partition("(")
        if word == "LOCAL":
            self.set(inner, value)
            return
        self.put(word, inner, value)
        super().write(name, value)

    def leads(self, exten: str, context: str, arguments: Iterable[str] = ()) -> list[str]:
        """Note what is dialled in a context, and what is given to it; return which it may be."""
        known = self.known(context)
        found = [known] if terms.is_constant(known) else [*self.engine.lookups.contexts]
        for one in found:
            if super().sender(exten) is not False:
                self.sent.names.add(f"[{one}]")
            for number, value in enumerate(arguments, 1):
                self.note(f"ARG{number} [{one}]", value)
        return found

    def meant(self, text: str) -> tuple[str, str]:
        """Return extension and context of a text `context,extension,priority`."""
        if any(isinstance(part, Opaque) for part in terms.atoms(text.partition(",")[0])):
            return text, self.opaque("where it leads")  # it may be all of that
        *before, _ = text.split(",")[:3]
        exten = (before[-1] if before else "") or self.exten
        return exten, (before[0] if len(before) == 2 else "") or self.context

    def target(self, text: str, arguments: Iterable[str] = ()) -> list[str]:
        """Note where a text leads, with what arguments; return the contexts."""
        return self.leads(*self.meant(text), arguments)

    def goes(self, exten: str, context: str) -> None:
        """Note where the caller goes on with the arguments and in the subroutine that it has."""
        given = [self.read(f"ARG{n}") for n in range(1, self.engine.most_arguments + 1)]
        for one in self.leads(exten, context, given):
            if self.sent.holds(f"{RETURNED} [{one}]"):
                self.sent.names.add(f"{RETURNED} [{self.context}]")

    def left(self, effect: fx.SetVariable) -> None:
        """Set a variable as an application does; how a call ended may be anything."""
        if effect.name in CALLED:
            effect = fx.SetVariable(effect.name, self.opaque(f"${{{effect.name}}}"))
        super().left(effect)

    def endings(self, status: str, *, called: bool) -> list[str]:
        """Return how calling others may end: answered or not, which is all that matters here."""
        found = super().endings(status, called=called)
        return [*[one for one in found if one != "ANSWER"][:1], *({"ANSWER"} & {*found})]

    # -- where calls go ---------------------------------------------------------------------------

    def expression(self, part: template.Expression) -> str:
        """Return what `$[…]` becomes; a text that is not known may make it any."""
        content = self.text(part.content)
        if any(isinstance(one, Opaque) for one in terms.atoms(content)):
            return self.opaque(part.text, self.sender(content))
        return super().expression(part)

    def inner(self, effect: fx.RunApplication) -> str:
        """Carry out an application inside another; one that is not known may do anything."""
        self.sent.every |= not terms.is_constant(self.few(effect.name))
        return super().inner(effect)

    def jumped(self, effect: fx.JumpTo) -> bool:
        """Leave alone where a jump leads: calls are followed from there by themselves."""
        if effect.target:
            self.goes(*self.meant(effect.target))
        if effect.target and self.choose((True, False)):
            raise DoneError
        self.frames.append((self.context, self.exten, self.priority, ()))
        return False

    def push(self, effect: fx.Push) -> bool:
        """Leave alone where a subroutine begins, and go on behind it with nothing known."""
        called = self.target(effect.target, effect.arguments)
        if effect.inline:
            return super().push(effect)
        held = bool([one for one in called if self.sent.holds(f"{RETURNED} [{one}]")])
        self.returned = self.opaque(f"${{{RETURNED}}}", None if held else False)
        self.frames.append((self.context, self.exten, self.priority, ()))
        return True

    def pop(self, effect: fx.Pop) -> bool:
        """Return from a subroutine, wherever that began."""
        for name in (RETURNED, f"{RETURNED} [{self.context}]"):
            self.note(name, effect.value)
        return super().pop(effect)

    def dial(self, target: str, *, prepared: bool = False) -> bool:
        """Note what a Local channel dials, and go on."""
        self.local(target)
        try:
            return super().dial(target, prepared=prepared)
        except UndecidedError:
            return True

    def local(self, target: str) -> None:
        """Note what a Local channel dials."""
        technology, _, resource = target.partition("/")
        if technology.lower() == "local":
            exten, _, context = (resource.rpartition("/")[0] or resource).partition("@")
            self.leads(exten, context or "default")
        elif not terms.is_constant(technology):
            self.leads(target, self.opaque("what is dialled"))

    def collect(self, effect: fx.Collect) -> bool:
        """Go where digits lead."""
        if effect.context:
            self.goes("", effect.context)
        return super().collect(effect)

    def further(self, *given: object, **_: object) -> None:
        """Leave alone what else a caller can dial: digits."""
        _kind, context, *exten = map(str, given)
        self.goes("".join(exten), context)

    def side(self, target: str, *_: object, **__: object) -> None:
        """Leave alone what other channels do."""
        self.target(*target_of(target))


@attrs.define(eq=False)
class Standing:
    """What gets into the sinks of every step, if any call stands where one may come in.

    That is the beginning of each extension, its labels, and the priorities that jumps name. What a
    variable holds is not known there but for those that no step writes; of the others it is worked
    out whether any step gives them a text of a caller, until no more are found.
    """

    engine: Engine
    starts: Callable[[int], bool]
    kept: dict[str, str]
    sent: Sent
    unsafe: set[Key] = attrs.field(factory=set)
    safe: set[Key] = attrs.field(factory=set)
    over: tuple[Mark, ...] = ()
    """The budget of all places, if it did not suffice."""
    left: int = attrs.field(init=False)
    _seen: set[tuple[State, Box]] = attrs.field(factory=set)

    def __attrs_post_init__(self) -> None:
        self.left = TOGETHER * self.engine.most

    @property
    def values(self) -> tuple[tuple[str, str], ...]:
        """The variables of a call that may have been anywhere."""
        every = {"CALLERID(num)": terms.char_of(InputSlice("n")), "~all": "", **self.kept}
        return tuple(sorted(every.items()))

    @classmethod
    def of(cls, engine: Engine, contexts: Iterable[str]) -> Self:
        """Return it for a dialplan; `contexts`: where calls come in from outside."""
        sent = Sent({f"[{name}]" for name in contexts}, frozenset(words_of(engine)))
        found = cls(engine, starts_of(engine), constants(engine), sent)
        closures = (
            one for name in engine.lookups.contexts for _, one in engine.lookups.closures(name)
        )
        sent.every = bool(engine.plan.elsewhere) or any(one.switches for one in closures)
        waiting = [*found.places()]
        asked: dict[tuple[str, int], set[str]] = {}
        while waiting:
            before, every = {*sent.names}, sent.every
            found._seen.clear()
            for context, priority in waiting:
                sent.asked = {f"[{context}]"}
                found.stand(context, priority)
                asked[context, priority] = sent.asked
            new = sent.names - before
            more = sent.every and not every
            waiting = [place for place, names in asked.items() if more or names & new]
        return found

    def places(self) -> Iterator[tuple[str, int]]:
        """Yield where calls may come in: contexts and priorities."""
        for context in self.engine.plan:
            found = {
                step.priority + more
                for one in context.extensions
                for step in one.steps
                for block in [fold(step.app) in BLOCKS]
                for more in (0, 1)[: 1 + block]
                if block or self.starts(step.priority) or step.label or step is one.steps[0]
            }
            yield from ((context.name, priority) for priority in sorted(found))

    def stand(self, context: str, priority: int) -> None:
        """Follow calls from a place, with any text there or with one that is in one piece."""
        dialled = self.engine.lookups.anything
        if not self.sent.holds(f"[{context}]"):
            dialled = terms.both(dialled, CLEAN)
        box = Box((("d", dialled), ("n", at.ANY)), self.engine.lookups.moments.all)
        number = terms.char_of(InputSlice("d"))
        self.follow(Reached(State(context, number, priority, self.values), box))

    def follow(self, node: Reached) -> None:
        """Follow calls from a place to the end of its extension, if that is not too long.

        Where they come to a step with many values, these are not known any more.
        """
        waiting, begun = [node], self.engine.most - min(FROM_ONE, self.left)
        self.engine.taken = begun
        times: Counter[int] = Counter()
        while waiting:
            node = waiting.pop()
            times[node.state.priority] += 1
            if times[node.state.priority] > WIDE:
                node = Reached(attrs.evolve(node.state, variables=self.values), node.box)
            if self.engine.taken > self.engine.most:
                self.unsafe |= from_here(self.engine, node.state)
                self.sent.every = True
                continue
            if (node.state, node.box) in self._seen:
                continue
            self._seen.add((node.state, node.box))
            for step, ended, mark in self.engine.ways(node, self.made):
                if step.found is None:
                    if mark is not None:  # it was not even looked up
                        self.unsafe |= from_here(self.engine, node.state)
                        self.sent.every = True
                    continue
                ran = {*self.engine.lookups.run(step.found, step.box)}
                wrong = mark is not None or step.sunk or step.unsure_sinks
                (self.unsafe if wrong else self.safe).update(ran)
                cut = mark is not None
                waiting += () if ended and not cut else self.behind(node.state, step, cut=cut)
        self.left -= self.engine.taken - begun
        if self.left <= 0 and not self.over:
            most = TOGETHER * self.engine.most
            self.over = (Opaque(f"budget: {most:,} ways of steps from all places together"),)
            self.left = 0

    def made(
        self, engine: Surroundings, node: Reached, box: Box, choices: tuple[int, ...]
    ) -> StandingStep:
        """Return the next step of a node."""
        step = StandingStep.of(engine, node, box, choices)
        return attrs.evolve(step, kept=self.kept, sent=self.sent)

    def behind(self, state: State, step: FurtherStep, *, cut: bool) -> Iterator[Reached]:
        """Yield where calls go on behind a step, unless that is followed anyhow.

        `cut`: what it does is not known, since it takes a text apart.
        """
        after, following = step.after(), attrs.evolve(state, priority=state.priority + 1)
        if after.frames or step.doubts or cut:
            values, returned = self.values, isinstance(step, StandingStep) and step.returned
            if after.frames and returned and self.engine.reads(RETURNED):
                values = tuple(sorted((*values, (RETURNED, returned))))
            yield Reached(attrs.evolve(following, variables=values), step.box)
        here = (after.context, after.exten, after.priority, after.frames)
        if here == (following.context, following.exten, following.priority, ()):
            yield Reached(after, step.box)


def starts_of(engine: Engine) -> Callable[[int], bool]:
    """Return what tells of a priority whether jumps may name it."""
    steps = [f"{app}({data})" for app, data in engine.lines()]
    jumps = [text for text in steps if JUMPING.search(text)]
    if any(RECKONED.search(ARGUMENTS.sub(r"\1", written(text))) for text in jumps):
        return lambda _: True
    named = {1, *(int(number) for text in jumps for number in re.findall(r"\d{1,9}", text))}
    return named.__contains__


def written(text: str) -> str:
    """Return a text with a zero byte for each part that is made."""
    parts = template.parse(text).parts
    return "".join(one.text if isinstance(one, template.Literal) else "\0" for one in parts)


def from_here(engine: Engine, state: State) -> set[Key]:
    """Return the steps that calls of a state may come to as they go on in their extension."""
    return {
        (holder, one.key, step.priority)
        for _, held in engine.lookups.closures(state.context)
        for holder, one in held.entries
        for step in one.steps
        if step.priority >= state.priority
    }


def open_sinks(engine: Engine, contexts: Iterable[str]) -> tuple[set[Key], tuple[Mark, ...]]:
    """Return the steps with a text that may be taken apart, wherever calls come from.

    Beside them the budget that did not suffice to tell.

    `contexts` are those in which calls come in that are asked about.
    """
    wanted = {*sinks_of(engine)}
    loopback = any(fold(switch.name) == "loopback" for switch in engine.plan.switches)
    if loopback or engine.plan.general.other_lookup:
        return wanted, ()  # EXTEN may be another text than the one that is looked up here
    every = {way.context for way in entries_of(engine.workspace, "any", messages=True)}
    known = frozenset(every.union(contexts))
    key = "standing", known
    found = engine.workspace.view(key, (engine,), lambda: Standing.of(engine, known))
    return {key for key in wanted if key in found.unsafe or key not in found.safe}, found.over


def words_of(engine: Engine) -> set[str]:
    """Return the names that steps mention otherwise than to read them."""
    texts = [f"{app}({data})" for app, data in engine.lines()]
    return {word for text in texts for word in re.findall(r"(?<!\$\{)\b_*(\w+)\s*[=,)]", text)}


def constants(engine: Engine) -> dict[str, str]:
    """Return the global variables that no step names but to read them."""
    words = words_of(engine) | MADE_BY_ASTERISK
    return {
        name: value
        for name, value in engine.globals.items()
        if terms.is_constant(value) and name not in words and engine.reads(name)
    }
