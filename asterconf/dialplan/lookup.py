"""`Dialplan`, and which step of it a call runs: a search in contexts, includes and switches.

Source: main/pbx.c, pbx_find_extension. Checked: tests/vectors/dialplan-match and -overlap.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from operator import attrgetter
from typing import Final, Literal

import attrs

from asterconf.diagnostic import Because, place, places
from asterconf.dialplan.index import ExtensionIndex
from asterconf.dialplan.values import (
    DialplanContext,
    DialplanExtension,
    DialplanGeneral,
    DialplanStep,
    Drawn,
    Include,
    Switch,
    brief,
    near_names,
)
from asterconf.errors import NotFoundError
from asterconf.language import timespec
from asterconf.language.exten import split_switch
from asterconf.language.pattern import condition_matches, matches
from asterconf.resolve.sources import OtherPlan
from asterconf.secrets import shown_text
from asterconf.semantics.evaluation import substitute
from asterconf.semantics.texts import clip
from asterconf.shown import Shown
from asterconf.source import fold, printable

MAX_CONTEXTS = 512
"""Contexts that one search goes through at most. Source: main/pbx.c, AST_PBX_MAX_STACK."""

MAX_LOOPBACKS = 20
"""Loopback switches that lead to one another; Asterisk goes on until its stack is full."""

MAX_NUMBER = 79
"""Bytes of a dialled number that a channel keeps. Source: AST_MAX_EXTENSION."""

_priority = attrgetter("priority")


@attrs.frozen(repr=False)
class Match(Shown):
    """The step that a call runs, or why it runs none; true if there is one.

    Attributes:
        number: the dialled number, which the call keeps as EXTEN; a Loopback switch changes it.
        start: the context that the call is in, and keeps as CONTEXT; so does that.
        context: the name of the context that holds the extension: `start` or an included one.
        extension: the extension; None if the call is refused.
        step: the step that is run.
        path: the contexts from the first to the one that holds the extension.
        notes: what else decided, in the order of the search: conditions that do not hold,
            contexts that are not there, extensions without the priority.
        unknown: the switches that were asked on the way and that only a running Asterisk knows;
            if one of them answers, it is what the call runs.
        why: the reason, in a sentence.
        doubts: what would have to be known to answer for sure; empty: nothing.
    """

    number: str
    start: str
    context: str | None = None
    extension: DialplanExtension | None = None
    step: DialplanStep | None = None
    path: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    unknown: tuple[Switch, ...] = ()
    why: str = ""
    doubts: tuple[Because, ...] = ()

    @property
    def answer(self) -> Literal["yes", "no", "unknown"]:
        """Whether a step is run; `unknown`: what is not known here may decide it."""
        if self.doubts:
            return "unknown"
        return "yes" if self.step is not None else "no"

    @property
    def because(self) -> tuple[Because, ...]:
        """Why that is the answer: of an unknown one, what would have to be known."""
        return self.doubts or (Because(self.why),)

    def __bool__(self) -> bool:
        return self.extension is not None

    def __repr__(self) -> str:
        why = printable(self.why)
        return f"<Match: {why if len(why) < 80 else why[:79] + '…'}>"

    def __str__(self) -> str:
        notes = "".join(f"\n  {printable(note)}" for note in self.notes if note != self.why)
        doubts = [f"unknown: {doubt}" for doubt in self.doubts]
        said = any(doubt.text == self.why for doubt in self.doubts)
        return "\n".join([*doubts, *([] if said else [printable(self.why)])]) + notes


@attrs.frozen
class Landing:
    """Where a jump leads, whatever the time and the caller.

    Attributes:
        context: the context that holds the extension: the one asked for, or one it includes.
        extension: the extension; None: there is none.
        step: the step; None: the extension is there, but not that priority or label.
        sure: whether that is all there is to know. A switch may know further extensions.
    """

    context: str
    extension: DialplanExtension | None = None
    step: DialplanStep | None = None
    sure: bool = True


def _step(extension: DialplanExtension, wanted: int | str) -> DialplanStep | None:
    """Return the step of a priority or label; a hint's label gives a step at priority -1."""
    steps = extension.steps
    if isinstance(wanted, int):
        if 0 < wanted <= len(steps) and steps[wanted - 1].priority == wanted:
            return steps[wanted - 1]
        at = bisect_left(steps, wanted, key=_priority)
        return steps[at] if at < len(steps) and steps[at].priority == wanted else None
    found = next((s for s in steps if s.label == wanted and not s.label_hidden), None)
    if found is None and extension.hint is not None and extension.hint.label == wanted:
        return DialplanStep(-1, extension.hint.text)
    return found


MOST_KEPT: Final = 10_000
"""How many answers are kept for a dialplan."""


class _LookupCache:
    """What the lookups of one dialplan share: each context is indexed once, when it is needed."""

    __slots__ = ("contexts", "found", "indexes", "names", "times")

    def __init__(self, contexts: Iterable[DialplanContext]) -> None:
        self.contexts = {context.name: context for context in reversed([*contexts])}
        self.indexes: dict[str, ExtensionIndex[DialplanExtension]] = {}
        self.names: dict[str, dict[str, DialplanExtension | None]] = {}
        self.times: dict[str, timespec.TimeSpec] = {}
        self.found: dict[tuple[str, str, str | None, int | str], Match] = {}

    def index(self, context: DialplanContext) -> ExtensionIndex[DialplanExtension]:
        """Return the index of a context of the dialplan."""
        index = self.indexes.get(context.name)
        if index is None:
            index = self.indexes[context.name] = ExtensionIndex.of(context.extensions)
        return index

    def plain(self, number: str, context: str) -> DialplanExtension | None:
        """Return the extension of a plain name, if only one has it: it comes before patterns."""
        if context not in self.names:
            found: dict[str, DialplanExtension | None] = {}
            for one in self.contexts[context].extensions if context in self.contexts else ():
                name = one.name.replace("-", "")
                found[name] = None if name in found or one.is_pattern else one
            self.names[context] = found
        return self.names[context].get(number.replace("-", ""))

    def keep(self, key: tuple[str, str, str | None, int | str], found: Match) -> None:
        """Keep an answer, among the last ones."""
        if len(self.found) == MOST_KEPT:
            self.found.clear()
        self.found[key] = found

    def time(self, text: str) -> timespec.TimeSpec:
        """Return a time condition, parsed once."""
        spec = self.times.get(text)
        if spec is None:
            spec = self.times[text] = timespec.parse(text)
        return spec


def _joined(there: DialplanExtension, made: DialplanExtension) -> DialplanExtension:
    """Return an extension with the hint and steps that a module adds where there are none."""
    taken = {step.priority for step in there.steps}
    more = [step for step in made.steps if step.priority not in taken]
    hint = there.hint or made.hint
    if made.made_by.startswith("res_parking") or (not more and hint is there.hint):
        return there
    steps = tuple(sorted((*there.steps, *more), key=lambda step: step.priority))
    joined = attrs.evolve(there, steps=steps, hint=hint)
    place(joined, places(there))
    return joined


def _copy(value: Mapping[str, str]) -> dict[str, str]:
    return dict(value)


@attrs.frozen(repr=False)
class Dialplan(Drawn):
    """Everything that extensions.conf loads into: `dialplan["from-home"]` is a context.

    `globals` are the variables after loading, in the order of their first line.
    """

    contexts: tuple[DialplanContext, ...] = attrs.field(
        default=(), converter=tuple[DialplanContext, ...]
    )
    globals: Mapping[str, str] = attrs.field(factory=dict, converter=_copy, hash=False)
    general: DialplanGeneral = attrs.field(factory=DialplanGeneral)
    caveat: str = attrs.field(default="", kw_only=True, eq=False, repr=False)
    """What has to be known first: that Asterisk refuses extensions.conf; empty: nothing."""
    elsewhere: tuple[OtherPlan, ...] = attrs.field(default=(), kw_only=True, eq=False, repr=False)
    """What may add to it, and cannot be read here."""
    idle: frozenset[Switch] = attrs.field(default=frozenset(), kw_only=True, eq=False, repr=False)
    """The switches that have no step, as nothing serves them."""
    _cache: _LookupCache = attrs.field(
        default=attrs.Factory(lambda self: _LookupCache(self.contexts), takes_self=True),
        init=False,
        eq=False,
        repr=False,
    )

    __repr__ = brief

    def _every_context(self) -> Iterable[DialplanContext]:
        return self.contexts

    def match(
        self,
        number: str,
        context: str,
        *,
        callerid: str | None = None,
        priority: int | str = 1,
        at: datetime | None = None,
    ) -> Match:
        """Return the extension and step that a call in a context runs, or why it runs none.

        Args:
            number: what was dialled; at most 79 bytes of it count, but for a label, which is looked
                up before a channel keeps them.
            context: the name of the context in which the call is.
            callerid: the caller's number; None and "" are no number.
            priority: a priority, or a label.
            at: when, for time conditions; None: now, which the notes then mention.
        """
        number = number if isinstance(priority, str) else clip(number, MAX_NUMBER)
        search = _Search(self, number, context, callerid or None, at)
        return search.answer(number, context, priority)

    def look(
        self,
        number: str,
        context: str,
        *,
        callerid: str | None = None,
        priority: int | str = 1,
        at: datetime | None = None,
    ) -> Match:
        """Return what `match` returns, without the sentence about a step that is found.

        An answer that no time condition decided is kept for the next time.
        """
        key = number, context, callerid, priority
        found = self._cache.found.get(key)
        if found is None:
            number = number if isinstance(priority, str) else clip(number, MAX_NUMBER)
            search = _Search(self, number, context, callerid or None, at)
            found = search.answer(number, context, priority, explain=False)
            if not search.timed:
                self._cache.keep(key, found)
        return found

    def completed(
        self, made: Iterable[DialplanContext], doubts: Iterable[OtherPlan] = (),
        idle: Iterable[Switch] = (),
    ) -> Dialplan:  # fmt: skip
        """Return the same dialplan with what modules make: new contexts, more extensions.

        An extension that is there already keeps its hint and steps, and gets what it lacks; but
        a parking lot, which checks first, adds nothing to it. `doubts` is what else may add, and
        `idle` are switches that add nothing.

        Source: main/pbx.c, ast_add_extension2, without replace.
        """
        found = {context.name: context for context in reversed(self.contexts)}
        for context in made:
            old = found.get(context.name, DialplanContext(context.name))
            extensions = {one.key: one for one in old.extensions}
            for one in context.extensions:
                there = extensions.get(one.key)
                extensions[one.key] = one if there is None else _joined(there, one)
            found[context.name] = attrs.evolve(old, extensions=(*extensions.values(),))
        others = (*self.elsewhere, *doubts)
        done = attrs.evolve(
            self, contexts=tuple(found.values()), elsewhere=others, idle=frozenset(idle)
        )
        general = {k: at for k, at in places(self).items() if k.startswith("general.")}
        place(done, general)
        return done

    @property
    def switches(self) -> tuple[Switch, ...]:
        """Every switch, once."""
        return tuple(dict.fromkeys(one for context in self.contexts for one in context.switches))

    def match_more(
        self,
        digits: str,
        context: str,
        *,
        callerid: str | None = None,
        at: datetime | None = None,
    ) -> bool:
        """Return whether Asterisk waits for more digits after these, dialled one by one.

        It does if they could give an extension. Switches that only a running Asterisk knows do
        not count, and with `extenpatternmatchnew` the answer is not Asterisk's.

        Source: main/pbx.c, ast_matchmore_extension. Checked: tests/vectors/dialplan-overlap.json.
        """
        digits = clip(digits, MAX_NUMBER)
        return _Search(self, digits, context, callerid or None, at).more(digits, context)

    def plain(self, number: str, context: str) -> DialplanExtension | None:
        """Return the extension of a context that has a plain name, dashes apart, as the only one.

        Where a call to that number begins in the context it comes before all others.
        """
        return self._cache.plain(number, context)

    def own(self, number: str, context: str) -> Iterable[DialplanExtension]:
        """Return the extensions of a context itself that match a number, as they are tried."""
        found = self._cache.contexts.get(context)
        return self._cache.index(found).matching(number) if found is not None else ()

    def landing(self, number: str, context: str, priority: int | str = 1) -> Landing:
        """Return the first step that a jump to a priority or label of `number` can lead to.

        Args:
            number: the extension that is jumped to.
            context: the context in which the search begins.
            priority: a priority, or a label.
        """
        sure = not self.general.overrideswitch and not self.general.extenpatternmatchnew
        near: Landing | None = None
        waiting, seen = [context], set[str]()
        while waiting:
            name = waiting.pop()
            found = self._cache.contexts.get(name) if name not in seen else None
            if found is None:
                continue
            seen.add(name)
            plain = self._cache.plain(number, name)
            if plain is not None and (step := _step(plain, priority)) is not None:
                return Landing(name, plain, step, sure)
            for extension in self._cache.index(found).matching(number):
                step = _step(extension, priority)
                if step is not None:
                    return Landing(name, extension, step, sure)
                near = near or Landing(name, extension)
            sure = sure and self.idle.issuperset(found.switches)
            waiting += [include.context for include in reversed(found.includes)]
        numbers = {number} if priority == 1 else None
        others = (o.may_decide(seen, found=False, numbers=numbers) for o in self.elsewhere)
        return attrs.evolve(near or Landing(context), sure=sure and not any(others))

    def __iter__(self) -> Iterator[DialplanContext]:
        return iter(self.contexts)

    def __contains__(self, name: object) -> bool:
        return name in self._cache.contexts

    def tried(self, name: str) -> list[DialplanExtension]:
        """Return the extensions of the context of that name, in the order in which they are tried.

        Raises:
            NotFoundError: there is no such context.
        """
        return self._cache.index(self[name]).extensions

    def __getitem__(self, name: str) -> DialplanContext:
        """Return the context of exactly that name.

        Raises:
            NotFoundError: there is none.
        """
        found = self._cache.contexts.get(name)
        if found is not None:
            return found
        near = near_names(name, (context.name for context in self.contexts))
        before = f"{self.caveat}; " if self.caveat else ""
        doubts = [
            one
            for one in self.elsewhere
            if one.may_decide({name}, found=False, numbers=one.extensions)
        ]
        before += "".join(f"unknown: {one.because}; " for one in doubts)
        error = NotFoundError(f"{before}there is no context {name!r}{near}")
        error.unknown = bool(doubts)
        raise error

    def _ipython_key_completions_(self) -> list[str]:
        return [context.name for context in self.contexts]


@attrs.define(eq=False)
class _Result:
    """Where a search ended: a step, or none for a Loopback switch that leads to itself."""

    number: str
    start: str
    path: tuple[str, ...]
    extension: DialplanExtension | None = None
    step: DialplanStep | None = None


class _Search:
    """The lookups of one call, with notes on what decided."""

    def __init__(
        self, plan: Dialplan, number: str, start: str, callerid: str | None, at: datetime | None
    ) -> None:
        self.cache = plan._cache  # noqa: SLF001 - of this module
        self.plan = plan
        self.number = number
        self.start = start
        self.callerid = callerid
        self.at = at
        self.timed = False
        """Whether a time condition was asked."""
        self.notes: list[str] = []
        self.unknown: list[Switch] = []
        self.searched: set[str] = {start}
        self.firsts: set[str] = set()
        """The numbers of which the first step was looked for."""
        self.depth = 0

    # -- the search ---------------------------------------------------------------------------

    def find(self, number: str, context: str, wanted: int | str) -> _Result | None:
        """Search a context and what it includes for a number and a priority or label."""
        self.firsts |= {number} if wanted == 1 else set()
        return self._find(number, context, wanted, {}, ())

    def _find(
        self,
        number: str,
        name: str,
        wanted: int | str,
        seen: dict[str, str],
        path: tuple[str, ...],
    ) -> _Result | None:
        opened = self._enter(name, seen)
        if opened is None:
            return None
        path = (*path, name)
        place = self._override(number, name, wanted)
        if place is not None:
            return place
        for extension in self.cache.index(opened).matching(number):
            if not condition_matches(extension.callerid_match, self.callerid):
                self.notes.append(f"{extension.key!r} of [{name}] is not for this caller")
                continue
            step = _step(extension, wanted)
            if step is not None:
                return _Result(number, path[0], path, extension, step)
            self.notes.append(f"{extension.key!r} of [{name}] has no {_wanted(wanted)}")
        for switch in opened.switches:
            place = self._ask(switch, number, name, wanted)
            if place is not None:
                return place
        seen[fold(name)] = name
        for include in opened.includes:
            if self._holds(include, name):
                place = self._find(number, include.context, wanted, seen, path)
                if place is not None:
                    return place
        return None

    def _enter(self, name: str, seen: dict[str, str]) -> DialplanContext | None:
        """Return the context to search, unless there is nothing more to search in it."""
        if len(seen) >= MAX_CONTEXTS:
            self.notes.append(f"[{name}] is not searched: {MAX_CONTEXTS} contexts are the most")
            return None
        before = seen.get(fold(name))
        if before is not None:
            if before != name:
                self.notes.append(f"[{name}] is not searched: [{before}] was, and case is ignored")
            return None
        context = self.cache.contexts.get(name)
        self.searched.add(name)
        if context is None:
            self.notes.append(f"there is no context [{name}]")
        return context

    def _holds(self, include: Include, name: str) -> bool:
        """Return whether an include of a context holds at the time of the call."""
        if not include.timing:
            return True
        self.timed = True
        if self.at is None:
            self.at = datetime.now().astimezone()
            self.notes.append(f"time conditions are taken at {self.at:%Y-%m-%d %H:%M:%S}, now")
        if self.cache.time(include.timing).holds(self.at):
            return True
        self.notes.append(
            f"[{name}] does not include [{include.context}] at that time: {include.timing}"
        )
        return False

    # -- switches -----------------------------------------------------------------------------

    def _override(self, number: str, name: str, wanted: int | str) -> _Result | None:
        """Ask the switch of `overrideswitch`, if there is one."""
        text = self.plan.general.overrideswitch
        if not text:
            return None
        return self._ask(Switch("eswitch", *split_switch(text)), number, name, wanted)

    def _ask(self, switch: Switch, number: str, name: str, wanted: int | str) -> _Result | None:
        """Ask a switch of a context for a number and a priority.

        Labels are not looked up in switches.
        """
        if isinstance(wanted, str):
            return None
        far = self._loopback(switch, number, name, wanted)
        if far is None:
            return None
        exten, context, priority = far
        if fold(context) == fold(name):
            self.notes.append(f"switch {switch.text!r} leads back to [{name}]: the call ends")
            return _Result(number, name, (name,))
        if self.depth == MAX_LOOPBACKS:
            self.notes.append(f"switch {switch.text!r} of [{name}] is one of a circle")
            return _Result(number, name, (name,))
        self.depth += 1
        place = self.find(exten, context, priority)
        self.depth -= 1
        if place is not None:
            self.notes.append(f"switch {switch.text!r} of [{name}] leads to {exten}@{context}")
        return place

    def _loopback(
        self, switch: Switch, number: str, name: str, priority: int
    ) -> tuple[str, str, int] | None:
        """Return number, context and priority that a Loopback switch asks for.

        None: it does not ask, or it is another switch.

        Source: pbx/pbx_loopback.c, loopback_subst and loopback_parse.
        """
        data = switch.data
        if switch.kind == "eswitch":
            data = self._substituted(data, self.number, self.start, priority)
        data = self._substituted(data, number, name, priority)
        if fold(switch.name) != "loopback" or "${" in data:
            if switch not in self.unknown and switch not in self.plan.idle:
                self.unknown.append(switch)
            return None
        asked, slash, pattern = data.partition("/")
        exten, _, context = asked.partition("@")
        if slash and not matches(pattern, number):
            return None
        return exten or number, context or name, priority

    def _substituted(self, text: str, exten: str, context: str, priority: int) -> str:
        """Replace the variables in a switch's data; what only a call knows stays."""
        known = {"EXTEN": exten, "CONTEXT": context, "PRIORITY": str(priority)}
        return substitute(text, {**self.plan.globals, **known})

    # -- digit by digit -----------------------------------------------------------------------

    def more(self, digits: str, context: str) -> bool:
        """Search a context and what it includes for what more digits could give."""
        return self._more(digits, context, {}) is True

    def _more(self, digits: str, name: str, seen: dict[str, str]) -> bool | None:
        """Return whether more digits are waited for; None: nothing here decides."""
        opened = self._enter(name, seen)
        if opened is None:
            return None
        text = self.plan.general.overrideswitch
        first = (Switch("eswitch", *split_switch(text)),) if text else ()
        if any(self._more_by(switch, digits, name) for switch in first):
            return True
        for extension, verdict in self.cache.index(opened).continuing(digits):
            if condition_matches(extension.callerid_match, self.callerid):
                if not verdict:
                    return False
                if _step(extension, 1) is not None:
                    return True
        if any(self._more_by(switch, digits, name) for switch in opened.switches):
            return True
        seen[fold(name)] = name
        for include in opened.includes:
            if self._holds(include, name):
                verdict_there = self._more(digits, include.context, seen)
                if verdict_there is not None:
                    return verdict_there
        return None

    def _more_by(self, switch: Switch, digits: str, name: str) -> bool:
        far = self._loopback(switch, digits, name, 1)
        if far is None or self.depth == MAX_LOOPBACKS:
            return False
        exten, context, _ = far
        if fold(context) == fold(name):
            return True
        self.depth += 1
        found = self.more(exten, context)
        self.depth -= 1
        return found

    # -- answers ------------------------------------------------------------------------------

    def answer(
        self, number: str, context: str, priority: int | str, *, explain: bool = True
    ) -> Match:
        """Return the extension and step that a call runs, or why it runs none."""
        if self.plan.general.extenpatternmatchnew:
            why = "extenpatternmatchnew=yes gives other results, which are not imitated here"
            place = places(self.plan).get("general.extenpatternmatchnew")
            return Match(number, context, why=why, doubts=(Because.at(why, place),))
        if isinstance(priority, int) and priority < 1:
            return Match(number, context, why=f"no step at priority {priority} is ever run")
        if isinstance(priority, str):
            found = self.find(number, context, priority)
            if found is None or found.step is None or found.step.priority < 1:
                return self.refused(number, context, priority)
            self.notes.append(f"label {priority!r} is priority {found.step.priority}")
            priority = found.step.priority
        result = self.find(number, context, priority)
        if result is None or result.step is None or result.extension is None:
            return self.refused(number, context, priority, result)
        return self.found(result, explain=explain)

    def found(self, place: _Result, *, explain: bool = True) -> Match:
        """Return the answer of a search that found a step."""
        assert place.extension is not None
        assert place.step is not None
        return Match(
            place.number, place.start, place.path[-1], place.extension, place.step, place.path,
            tuple(self.notes), tuple(self.unknown),
            self.why(place, place.extension, place.step) if explain else "",
            self.doubts(place),
        )  # fmt: skip

    def why(self, place: _Result, extension: DialplanExtension, step: DialplanStep) -> str:
        """Return why a step is what the call runs."""
        holder = place.path[-1]
        way = f", by way of {' → '.join(place.path)}" if len(place.path) > 1 else ""
        by = f", which {extension.made_by} makes," if extension.made_by else ""
        why = (
            f"{extension.key!r} of [{holder}]{by} matches {place.number!r}{way}: "
            f"priority {step.priority} is {shown_text(str(step))}"
            f"{self.doubt('unless', 'answers')}"
        )
        return self.before(why)

    def before(self, why: str) -> str:
        """Return a reason, behind the fact that Asterisk refuses the file, where it does."""
        return f"{self.plan.caveat}; {why}" if self.plan.caveat else why

    def doubts(self, place: _Result | None = None) -> tuple[Because, ...]:
        """Return what may decide the call and is not known here; `place`: what was found."""
        switches = (f"only a running Asterisk knows what is behind {s.text}" for s in self.unknown)
        others = (other.because for other in self.plan.elsewhere if self._may_decide(other, place))
        return (*others, *map(Because, switches))

    def _may_decide(self, other: OtherPlan, place: _Result | None) -> bool:
        contexts, extension = self.searched, place.extension if place is not None else None
        if place is not None and extension is not None and extension.key == place.number:
            # a registration adds no step that is there already
            contexts = contexts if other.extensions is None else contexts - {place.path[-1]}
        return other.may_decide(contexts, found=place is not None, numbers=self.firsts)

    def doubt(self, before: str, behind: str) -> str:
        """Return the end of a sentence about the switches that were asked and are not known."""
        names = ", ".join(switch.text for switch in self.unknown)
        return f"; {before} {names} {behind}".rstrip() if names else ""

    def refused(
        self, number: str, context: str, wanted: int | str, place: _Result | None = None
    ) -> Match:
        """Return the answer of a search that found none."""
        if context not in self.cache.contexts:
            why = f"there is no context [{context}]"
        elif place is not None:
            why = "a Loopback switch leads nowhere"
        else:
            why = f"nothing in [{context}] matches {number!r} with {_wanted(wanted)}"
        doubts, notes = self.doubts(), [note for note in self.notes if note != why]
        if doubts:
            why = f"as far as is known, {why}"
        if self.unknown:
            names = ", ".join(switch.text for switch in self.unknown)
            why += f"; only a running Asterisk knows what is behind {names}"
        return Match(
            number,
            context,
            notes=tuple(notes),
            unknown=tuple(self.unknown),
            why=self.before(why),
            doubts=doubts,
        )


def _wanted(wanted: int | str) -> str:
    return f"priority {wanted}" if isinstance(wanted, int) else f"label {wanted!r}"
