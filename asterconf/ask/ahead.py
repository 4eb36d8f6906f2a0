"""Where calls may come to from a place, at most: then what changed elsewhere does not touch them.

The steps of a dialplan are a graph: from each lead arrows to all that may come next, whatever the
world does and whoever calls, as long as no text that is dialled has a character by which an
application takes it apart. A step leads anywhere of which this cannot be said by its text alone.
So calls that never get from their place to a step which differs do the same on both sides, and
need not be followed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final, TypeAlias

import attrs

from asterconf.ask.applications import INDIFFERENT, LEADING, READ_BY_ASTERISK
from asterconf.ask.liveness import before_each
from asterconf.ask.lookups import Said, whole_input
from asterconf.ask.states import State
from asterconf.ask.surroundings import ASKED_FOR, Surroundings, unfollowed
from asterconf.ask.values import MADE, complement
from asterconf.dialplan.values import DialplanExtension, DialplanStep
from asterconf.flow.applications import options
from asterconf.flow.sinks import BROUGHT, CLEAN, WORD
from asterconf.flow.statuses import EXACT, LEFT
from asterconf.flow.table import application, registered
from asterconf.language import args, template
from asterconf.language.pattern import matches
from asterconf.language.template import Expression, FunctionCall, Literal, Part, Variable
from asterconf.numbers import Numbers, terms
from asterconf.numbers import automaton as at
from asterconf.numbers.automaton import Automaton
from asterconf.numbers.partition import closure
from asterconf.numbers.terms import Box, Opaque
from asterconf.semantics.functions import lists, logic, numbers, strings
from asterconf.semantics.scope import OF_CHANNEL, SYSTEM

_Place: TypeAlias = tuple[str, int, int]
"""Context, which of the extensions that are tried there, and priority."""
_Target: TypeAlias = tuple[str, str, str]
"""Context (empty: this one), extension (empty: this one) and priority, label, or `_ALL`."""

_SOME: Final = "\0"
"""Any text that no application takes apart."""
_ALL: Final = "*"
"""Every priority of an extension."""
_NONE: Final = -1
"""No extension."""
_ANY: Final = -2
"""Any extension, from its first step on."""
_DIALLED: Final[_Target] = "", _SOME, "1"
"""What a caller may dial here."""
_MISSED: Final[tuple[_Target, ...]] = ("", "i", "1"), ("", "e", "1")
"""Where calls go on that come to no extension, and those in which nothing is keyed, to `t`."""
_MOST: Final = 16
"""So many texts of a variable are told apart."""
_WHOLE: Final = frozenset(WORD.decode() + "*#+-" + _SOME)
_TARGET: Final = re.compile(r"[A-Za-z]\w*/[\w*#+@/.:\0-]*")
_CALLED: Final = frozenset("tTrmwWxXhHgcC")
"""Option letters of calls that run nothing; with `T` a caller may dial here."""
_READING: Final = (
    {*strings.TABLE, *lists.TABLE, *logic.TABLE, *numbers.TABLE}
    - {*template.CHANGING, "EVAL", "IFTIME", "LOCAL", "LOCAL_PEEK", "STACK_PEEK", "IFMODULE"}
    | {"CALLERID", "CDR", "CHANNEL", "DB", "DEVICE_STATE", "GLOBAL"}
)  # fmt: skip
"""Functions that only give a text, which no file but that of the dialplan's globals decides."""
_WRITTEN: Final = re.compile(
    r"_{0,2}(?P<name>[A-Za-z]\w*)|LOCAL\(_{0,2}(?P<local>[A-Za-z]\w*)\)|CALLERID\([\w-]*\)"
    r"|CDR\([^$()]*\)|DB\(.*\)|CHANNEL\((?:language|musicclass|accountcode)\)"
)
"""What steps may set so that calls go nowhere else."""
_ASKED: Final = ("WHILE_", "END_WHILE_", "TRANSFER_", "TESTTIME", "SPY_EXIT_", "MEETME_EXIT_")
_GIVEN: Final = OF_CHANNEL | SYSTEM | MADE | BROUGHT | {"ARGC"}.union(*LEFT.values())
"""Variables that Asterisk sets itself."""
_INNER: Final = re.compile(r"(?i)\bm?set\(([^=]*)=")
_CALLING: Final = re.compile(r"(?i)\b(?:gosub|macro|read|exec|dial|queue)\w*\(|,s,1\(|_push\b")
"""What gives a subroutine its arguments, inside of another step."""
_ACTING: Final = re.compile(r"\$\{(?:SET|INC|DEC|SHIFT|POP|PUSH|UNSHIFT|EVAL)\(")
_KNOWN: Final = INDIFFERENT | {
    *LEADING, "Dial", "Queue", "EndWhile", "ExitWhile", "ContinueWhile", "StackPop", "Ringing",
    "Progress", "Proceeding", "StopPlayTones", "StartMusicOnHold", "StopMusicOnHold", "SayPhonetic",
}  # fmt: skip
"""Applications that set no variables but those of which they are known to."""

_parse = lru_cache(8192)(template.parse)


@attrs.define(eq=False)
class _Around:
    """A context with all that it includes, at whatever time.

    `open`: something else than the files may have steps there. `differs`: more than their text.
    """

    entries: tuple[tuple[str, DialplanExtension], ...]
    always: frozenset[tuple[str, str]]
    """Those that are there at every time, by holder and key."""
    open: bool
    differs: bool
    whoever: bool = attrs.field(init=False)
    """Whether none of them asks who calls."""
    steps: dict[tuple[int, int], DialplanStep] = attrs.field(factory=dict)
    having: dict[int | str, set[int]] = attrs.field(factory=lambda: defaultdict(set))
    """Those that have a priority or label."""

    def __attrs_post_init__(self) -> None:
        self.whoever = all(one.callerid_match is None for _, one in self.entries)
        for number, (_, one) in enumerate(self.entries):
            for step in one.steps:
                self.steps[number, step.priority] = step
                self.having[step.priority].add(number)
                if step.label is not None:
                    self.having[step.label.strip()].add(number)

    def named(self, exten: str) -> set[int]:
        """Return the extensions that a text may run."""
        return {n for n, (_, one) in enumerate(self.entries) if _fits(one.name, exten)}

    def same(self, here: int, before: int, wanted: int | str) -> set[int]:
        """Return the extensions of which the text that runs one at a priority may run another.

        It is the first that fits and has it: one that is tried before has not the other.
        """
        found = self.having.get(wanted, set())
        if here in found and self.whoever:
            found = {here, *(found - self.having[before])}
        if here < 0:
            return found
        name = self.entries[here][1].name
        return {n for n in found if n == here or _overlap(name, self.entries[n][1].name)}

    def begun(self) -> Iterator[int]:
        """Yield the extensions that are found by whoever fits, at every time."""
        for number in self.having.get(1, ()) if self.whoever else ():
            holder, one = self.entries[number]
            if (holder, one.key) in self.always:
                yield number


@attrs.define(eq=False)
class Ahead:
    """Where calls may come to, and whether that differs.

    Attributes:
        sides: both configurations; the last is that whose steps are looked at.
        contexts: the names of the contexts that differ.
        steps: what the steps say that differ; None: more than that differs.
        globals: the global variables that differ.
    """

    sides: tuple[Surroundings, ...]
    contexts: frozenset[str]
    steps: frozenset[Said] | None
    globals: tuple[str, ...]
    _known: dict[str, _Around] = attrs.field(init=False, factory=dict)
    _meets: dict[_Place, int] = attrs.field(init=False, factory=dict)
    _led: dict[tuple[str, str], tuple[_Target, ...] | None] = attrs.field(init=False, factory=dict)
    _apart: dict[tuple[str, int, bool], Automaton] = attrs.field(init=False, factory=dict)
    _writes: dict[str, list[str | None]] | None = attrs.field(init=False)
    _ends: tuple[_Target, ...] = attrs.field(init=False)
    """Where every step may lead."""
    _missed: tuple[_Target, ...] = attrs.field(init=False)
    """Where every step may lead that may not be there."""
    _texts: dict[str, tuple[str, ...] | None] = attrs.field(init=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        self._writes = self._written()
        ends = ["h", *(["fax"] if self.side.hears_faxes else [])]
        ends += ["T", "e"] if self.side.mentions("TIMEOUT(") else []
        ends += [] if self.side.plan.general.autofallthrough else ["i", "t", "e", _SOME]
        self._ends = tuple(("", one, "1") for one in ends)
        self._missed = self._ends + _MISSED

    @classmethod
    def of(
        cls, sides: tuple[Surroundings, ...], contexts: frozenset[str],
        steps: frozenset[Said] | None, changed: tuple[str, ...],
    ) -> Ahead | None:  # fmt: skip
        """Return where calls may come to; None: Asterisk reads what differs."""
        read = any(map(READ_BY_ASTERISK.match, changed))
        return None if read else cls(sides, contexts, steps, changed)

    @property
    def side(self) -> Surroundings:
        """The configuration whose steps are looked at."""
        return self.sides[-1]

    def touched(self, state: State, box: Box) -> Box | None:
        """Return the calls in a state that may come to what differs; None: there are none."""
        if not self.holds(state, box):
            return box
        for context, exten, priority, _ in state.frames:
            places = self.places(context, exten, priority + 1, box, missed=True)
            if places is None or any(map(self._met, places)):
                return box
        name = None if terms.is_constant(state.exten) else whole_input(state.exten)
        missed = state.phase != "enter"
        if name is None:
            places = self.places(*state.at, box, missed=missed)
            return box if places is None or any(map(self._met, places)) else None
        have = terms.both(box[name], self._touched(state.context, state.priority, missed=missed))
        return None if have.is_empty else box.having(name, have)

    def comes(self, start: State, box: Box) -> bool:
        """Return whether calls that begin in a context are seen to come to what differs."""
        places = self.places(*start.at, box.narrowed("d", CLEAN), missed=False)
        return places is not None and any(self._met(one) > 1 for one in places)

    # -- places -----------------------------------------------------------------------------------

    def holds(self, state: State, box: Box) -> bool:
        """Return whether the variables of a state are what steps may set them to."""
        values = [*state.variables, *((n, v or "") for one in state.frames for n, v in one[3])]
        return all(self._holds(name, value, box) for name, value in values)

    def _touched(self, context: str, priority: int, *, missed: bool) -> Automaton:
        """Return the texts that are dialled in a context of which the calls may differ."""
        key = context, priority, missed
        found = self._apart.get(key)
        if found is None:
            around = self.around(context)
            parts = [at.NOTHING]
            for number in around.having.get(priority, ()):
                language = _language(around.entries[number][1].name)
                met = self._met((context, number, priority))
                parts.append(language if met else terms.both(language, complement(CLEAN)))
            if any(map(self._met, self.ended(context, missed=False))):
                parts = [at.ANY]
            elif missed and any(map(self._met, self.ended(context, missed=True))):
                fitting = [_language(around.entries[n][1].name) for n in around.begun()]
                parts.append(complement(at.union([at.NOTHING, *fitting])))
            found = self._apart[key] = at.union(parts)
        return found

    def places(
        self, context: str, exten: str, priority: int, box: Box, *, missed: bool
    ) -> set[_Place] | None:
        """Return where calls are that have come to a priority; None: anywhere."""
        if not self._is_whole(exten, box):
            return None
        around = self.around(context)
        having = around.having.get(priority, set())
        if terms.is_constant(exten):
            having = having & around.named(exten)
            missed = missed and around.named(exten).isdisjoint(around.begun())
        return {(context, n, priority) for n in having} | self.ended(context, missed=missed)

    def ended(self, context: str, *, missed: bool) -> set[_Place]:
        """Return where calls go on that are over in a context, or that come to no extension."""
        targets = self._missed if missed else self._ends
        return {one for target in targets for one in self._meant((context, _NONE, 0), target)}

    def _is_whole(self, term: str, box: Box) -> bool:
        """Return whether no application takes a term apart."""
        for part in terms.parts(term):
            if isinstance(part, str):
                if not _WHOLE.issuperset(part):
                    return False
            elif isinstance(part, Opaque) or not terms.within(box[part.input], CLEAN):
                return False
        return True

    def _holds(self, name: str, value: str, box: Box) -> bool:
        """Return whether a variable is what steps may set it to."""
        texts = self.texts(name)
        if texts is None or name == "~all":
            return name != "~all"
        if terms.is_constant(value):
            return value in texts or (_SOME in texts and _WHOLE.issuperset(value))
        if all(
            isinstance(one, Opaque) and one.text == f"${{{name}}}" for one in terms.parts(value)
        ):
            return True  # one of them
        return _SOME in texts and self._is_whole(value, box)

    def around(self, context: str) -> _Around:
        """Return a context with all that it includes."""
        found = self._known.get(context)
        if found is None:
            held = closure(self.side.plan, context, lambda _: True)
            differs = self.steps is None and self.contexts & {*held.searched, *held.missing}
            names = {name for name, _ in held.entries} | {context}
            others = self.side.plan.elsewhere
            other = any(
                one.may_decide(names, found=False, numbers=one.extensions) for one in others
            )
            always = closure(self.side.plan, context, lambda one: not one.timing).entries
            keys = frozenset((name, one.key) for name, one in always)
            found = _Around(held.entries, keys, bool(held.switches or other), bool(differs))
            self._known[context] = found
        return found

    def _met(self, place: _Place) -> int:
        """Return whether calls may come from a place anywhere (1), or to what differs (2)."""
        if place not in self._meets:
            self._follow(place)
        return self._meets[place]

    def _follow(self, place: _Place) -> None:
        """Work out for a place, and for all that are reached from there, whether that differs."""
        meeting = list[_Place]()

        def leads(one: _Place) -> Iterable[_Place]:
            if one in self._meets:
                return ()
            there = self.moves(one)
            self._meets[one] = 0 if there is not None else 2 if self._differs(one) else 1
            meeting.extend([one] if there is None else filter(self._meets.get, there))
            return there or ()

        before = before_each(place, leads)
        while meeting:
            behind = meeting.pop()
            for one in before.get(behind, ()):
                if self._meets[one] < self._meets[behind]:
                    self._meets[one] = self._meets[behind]
                    meeting.append(one)

    def _differs(self, place: _Place) -> bool:
        """Return whether the step at a place differs, or what is looked up there."""
        context, number, priority = place
        around = self.around(context)
        if number < 0 or around.differs:
            return around.differs
        step = around.steps[number, priority]
        said = self.side.lookups.said(around.entries[number][0], step)
        return said in (self.steps or ()) or any(name in step.data for name in self.globals)

    def moves(self, place: _Place) -> set[_Place] | None:
        """Return the places that may come next; None: any, or the step there differs."""
        context, number, priority = place
        around = self.around(context)
        if around.open or self._differs(place):
            return None
        if number < 0:
            return {(context, n, 1) for n in around.having.get(1, ()) if number == _ANY}
        step = around.steps[number, priority]
        targets = self.leads(step.app, step.data)
        if targets is None:
            return None
        there = around.whoever and number in around.having.get(1, ())
        ends = self._ends if there else self._missed
        found: set[_Place] = set()
        for target in (*targets, ("", "", str(priority + 1)), *ends):
            found.update(self._meant(place, target))
        return found

    def _meant(self, place: _Place, target: _Target) -> Iterator[_Place]:
        """Yield the places that a target means which is written at a place."""
        here, number, priority = place
        context, exten, wanted = target
        around = self.around(context or here)
        yield context or here, _NONE, 0
        if exten == _SOME and wanted == "1":
            yield context or here, _ANY, 0
            return
        own = not exten and context in ("", here)
        for one in self._priorities(around, number if own else _NONE, priority, wanted):
            having = around.having.get(one, set())
            if own:
                having = around.same(number, priority, one)
            elif exten and exten != _SOME:
                having = having & around.named(exten)
            yield from ((context or here, n, one) for n in having)

    @staticmethod
    def _priorities(around: _Around, number: int, before: int, wanted: str) -> Iterable[int]:
        """Return the priorities that a text means."""
        if wanted.isdigit():
            return [int(wanted)]
        found = around.same(number, before, wanted)
        return {
            step.priority for (n, _), step in around.steps.items()
            if (n == number if wanted == _ALL else n in found and _labelled(step, wanted))
        }  # fmt: skip

    # -- steps ------------------------------------------------------------------------------------

    def leads(self, app: str, data: str) -> tuple[_Target, ...] | None:
        """Return where a step leads besides to the next one; None: anywhere."""
        key = app, data
        if key not in self._led:
            self._led[key] = self._step(app, data)
        return self._led[key]

    def _step(self, app: str, data: str) -> tuple[_Target, ...] | None:
        known = application(app)
        name = known.name if known is not None else registered(app, self.side.schema)
        if name is None or not self.side.has(name):
            return ()  # the call is over
        leads = _LEADS.get(name)
        acts = not all(map(_is_reading, _parse(data).walk())) if "$" in data else False
        if leads is None or acts or any(unfollowed(self.side, name, _parse(data).masked())):
            return None
        found = leads(self, data)
        return None if found is None else tuple(dict.fromkeys(found))

    def places_of(self, data: str) -> list[_Target] | None:
        """Return what the target of a jump means; None: anything."""
        texts = self.some(data)
        found: list[_Target] = []
        for text in texts or ():
            *before, wanted = text.split(",")
            context, exten = (["", "", *before])[-2:]
            odd = len(before) > 2 or _SOME in context + wanted or {*text} & {*' \t?:()"\\'}
            if odd or wanted[:1] in ("+", "-"):
                return None
            if text:
                found.append((context, _SOME if _SOME in exten else exten, wanted))
                found += ((context, one, "1") for _, one, _ in self._missed)
        return None if texts is None else found

    def branches(self, data: str, *, protect: bool = True) -> tuple[str, str] | None:
        """Return what stands behind a condition, for both ways; None: that is not known."""
        end = args.find(data, "?", protect=protect, substituted=False)
        if end < 0:
            return ("", "")
        if not self.one_piece(data[:end]):
            return None
        rest = data[end + 1 :]
        end = args.find(rest, ":", protect=protect, substituted=False)
        return (rest, "") if end < 0 else (rest[:end], rest[end + 1 :])

    def calls(self, data: str, place: int, more: int) -> list[_Target] | None:
        """Return where a caller gets to who calls others, by the options at a place."""
        fields = args.split(data, substituted=False)
        chosen = fields[place] if len(fields) > place else ""
        letters = {*options(chosen)}
        if "$" in chosen or letters - _CALLED or any(fields[more:]):
            return None
        if "T" not in letters:
            return []
        return None if self.side.mentions("TRANSFER_CONTEXT") else [_DIALLED]

    def dialled(self, target: str) -> list[_Target] | None:
        """Return where what is dialled leads to; None: it is not known what is dialled."""
        if not target or _TARGET.fullmatch(target) is None:
            return None if target else []
        technology, _, resource = target.partition("/")
        if technology.lower() != "local":
            return []
        exten, _, context = (resource.rpartition("/")[0] or resource).partition("@")
        if _SOME in context or not exten:
            return None
        return [(context or "default", _SOME if _SOME in exten else exten, "1")]

    # -- texts ------------------------------------------------------------------------------------

    def some(self, text: str) -> tuple[str, ...] | None:
        """Return what a text may become; None: anything."""
        return self._of(_parse(text).parts)

    def one_piece(self, text: str) -> bool:
        """Return whether what is put into a text adds nothing by which it is taken apart."""
        parts = (one for one in _parse(text).parts if not isinstance(one, Expression | Literal))
        texts = [self._part(one) for one in parts]
        return all(one is not None and all(map(_WHOLE.issuperset, one)) for one in texts)

    def texts(self, name: str) -> tuple[str, ...] | None:
        """Return what a variable may be, at whatever step; None: anything."""
        if name not in self._texts:
            self._texts[name] = None  # while it is worked out: of what is made of itself
            self._texts[name] = self._may_be(name)
        return self._texts[name]

    def _may_be(self, name: str) -> tuple[str, ...] | None:
        if name == "EXTEN":
            return (_SOME,)
        own = name in _GIVEN or name.startswith(_ASKED) or READ_BY_ASTERISK.match(name)
        writes = self._writes
        if writes is None or not name.isidentifier() or (own and name not in EXACT):
            return None
        found = {_SOME: None} if name in EXACT else {}
        for side in self.sides:
            value = side.plan.globals.get(name, "")
            if name in side.written or "*" in side.written or "$" in value:
                return None
            found[value] = None
        for text in writes.get(name, ()):
            texts = self.some(text) if text is not None else None
            if texts is None:
                return None
            found |= dict.fromkeys(texts)
        return tuple(found) if len(found) <= _MOST else None

    def _of(self, parts: Iterable[Part]) -> tuple[str, ...] | None:
        """Return what some parts of a text may become; None: anything."""
        found = [""]
        for part in parts:
            texts = self._part(part)
            if texts is None or len(found) * len(texts) > _MOST:
                return None
            found = [one + text for one in found for text in texts]
        return tuple(dict.fromkeys(found))

    def _part(self, part: Part) -> tuple[str, ...] | None:
        if isinstance(part, Literal):
            return None if _SOME in part.text else (part.text,)
        if isinstance(part, Variable) and "$" not in part.content.text:
            texts = self.texts(part.name)
            if part.slice is None or texts is None:
                return texts
        elif isinstance(part, FunctionCall) and part.slice is None and part.name == "IF":
            asked, *rest = part.arguments.split("?")
            ways = rest[0].split(":") if len(rest) == 1 else ()
            found = [self._of(one.parts) for one in ways]
            whole = all(isinstance(one, Expression) for one in asked.parts)
            if not whole or len(found) != 2 or any(one is None for one in found):
                return None
            return tuple(text.strip() for one in found for text in one or ())
        elif isinstance(part, FunctionCall) and part.name == "LEN":
            return (_SOME,)
        elif isinstance(part, FunctionCall) and part.name in ("STRREPLACE", "REPLACE", "FILTER"):
            name, _, _ = part.arguments.text.partition(",")
            of_value = part.name == "FILTER"
            given = part.arguments.text[len(name) + 1 :] if of_value else ""
            texts = self.some(given) if of_value else self.texts(name)
            if texts == ("",):
                return texts
            if not of_value or "$" in name:
                return None
        else:
            return None
        return (_SOME,) if texts is not None and all(map(_WHOLE.issuperset, texts)) else None

    def _written(self) -> dict[str, list[str | None]] | None:
        """Return what steps set each variable to; None where they may set any to anything."""
        found: dict[str, list[str | None]] = defaultdict(list)
        for app, data in dict.fromkeys(one for side in self.sides for one in side.lines()):
            known = application(app)
            name = known.name if known is not None else registered(app, self.side.schema)
            if name is not None and self.side.has(name):
                if name not in _KNOWN or _ACTING.search(data):
                    return None
                for variable, value in _set_by(name, data):
                    found[variable].append(value)
        return None if "" in found else found


def _set_by(name: str, data: str) -> Iterator[tuple[str, str | None]]:
    """Yield which variables a step sets to what (None: anything); without a name: any."""
    if name in ("Set", "MSet"):
        many = args.split(data, substituted=False) if name == "MSet" else [data]
        for left, equals, value in (one.partition("=") for one in many):
            found = _WRITTEN.fullmatch(left.strip())
            written = found and (found["name"] or found["local"])
            if written:
                yield written, value
            elif equals and found is None and not left.startswith(("CHANNEL(", "TIMEOUT(")):
                yield "", None
    elif name in ("Read", "Return"):
        first = args.split(data, substituted=False)[0] if data else ""
        yield (first, "${EXTEN}") if name == "Read" else ("GOSUB_RETVAL", data)
    elif name == "Gosub":
        values = args.split(data.partition("(")[2].rpartition(")")[0], substituted=False)
        for count in range(len(values)):  # what has a `,` moves those behind it
            yield from ((f"ARG{count + 1}", value) for value in values[: count + 1])
        return
    for one in _INNER.findall(data):
        variable = one.strip().lstrip("_")
        yield variable if variable.isidentifier() else "", None
    options = name in ("Dial", "Queue") and "(" in _parse(data).masked()
    if options or name == "GosubIf" or _CALLING.search(data):
        yield from ((f"ARG{count}", None) for count in range(1, 100))


@lru_cache(4096)
def _language(name: str) -> Automaton:
    """Return the texts that an extension fits, dashes too."""
    return Numbers(name).with_dashes().automaton


@lru_cache(65536)
def _overlap(one: str, other: str) -> bool:
    """Return whether a text may fit both of two extensions."""
    if not one.startswith("_") and not other.startswith("_"):
        return _bare(one) == _bare(other)
    return not terms.both(_language(one), _language(other)).is_empty


@lru_cache(65536)
def _fits(name: str, exten: str) -> bool:
    """Return whether a text may run an extension; a name with `_` is also a text like others."""
    pattern = name.startswith("_") and (name == exten or matches(name, exten))
    return pattern or _bare(name) == _bare(exten)


def _bare(exten: str) -> str:
    return exten.replace("-", "")


def _labelled(step: DialplanStep, label: str) -> bool:
    return step.label is not None and step.label.strip() == label.strip()


def _is_reading(part: Part) -> bool:
    """Return whether a part of a text does nothing but to give a text."""
    if isinstance(part, Variable):
        return "$" not in part.name
    return not isinstance(part, FunctionCall) or part.name in _READING


# ---- where applications lead besides to the next step: given their arguments; None: anywhere -----

_Leads = list[_Target] | None


def _nowhere(_ahead: Ahead, _data: str) -> _Leads:
    return []


def _set(_ahead: Ahead, data: str) -> _Leads:
    set_by = _WRITTEN.fullmatch(data.partition("=")[0].strip())
    name = set_by["name"] if set_by is not None else None
    strange = set_by is None or (name or "") in ASKED_FOR or (name or "").startswith(_ASKED)
    return None if strange and "=" in data else []


def _mset(ahead: Ahead, data: str) -> _Leads:
    each = [_set(ahead, one) for one in args.split(data, substituted=False)]
    return None if None in each else []


def _goto(ahead: Ahead, data: str) -> _Leads:
    return ahead.places_of(data)


def _goto_if(ahead: Ahead, data: str) -> _Leads:
    ways = ahead.branches(data, protect=False)
    each = [ahead.places_of(one) for one in ways] if ways is not None else [None]
    return None if None in each else [one for found in each for one in found or ()]


def _gosub(ahead: Ahead, data: str) -> _Leads:
    end = args.find(data, "(", protect=False, substituted=False)
    return ahead.places_of(data if end < 0 else data[:end])


def _gosub_if(ahead: Ahead, data: str) -> _Leads:
    ways = ahead.branches(data)
    each = [_gosub(ahead, one) for one in ways] if ways is not None else [None]
    return None if None in each else [one for found in each for one in found or ()]


def _block(_ahead: Ahead, _data: str) -> _Leads:
    return [("", "", _ALL)]


def _exec_if(ahead: Ahead, data: str) -> _Leads:
    ways = ahead.branches(data)
    each: list[tuple[_Target, ...] | None] = [None] if ways is None else []
    for way in filter(str.strip, ways or ()):
        name, _, inner = way.strip().partition("(")
        each.append(ahead.leads(name.strip(), inner.removesuffix(")")) if ahead.one_piece(way)
                    else None)  # fmt: skip
    return None if None in each else [one for found in each for one in found or ()]


def _dial(ahead: Ahead, data: str) -> _Leads:
    called, *rest = args.split(data, substituted=False) or [""]
    found = ahead.calls(data, 2, 3)
    targets = ahead.some(called)
    if found is None or targets is None or not ahead.one_piece("".join(rest[:1])):
        return None
    for target in (one for text in targets for one in text.split("&")):
        there = ahead.dialled(target)
        if there is None:
            return None
        found += there
    return found


def _queue(ahead: Ahead, data: str) -> _Leads:
    side = ahead.side
    members = [one.lower() for held in side.members.values() for one in held]
    local = any(one.startswith("local/") or "/" not in one for one in members)
    if "$" in data or local or any(side.queue_contexts.values()):
        return None
    return ahead.calls(data, 1, 5)


def _voicemail(ahead: Ahead, data: str) -> _Leads:
    fields = args.split(data, substituted=False)
    led = any(ahead.side.voicemail(one, "") for one in ("exitcontext", "dialout", "callback"))
    return None if led or "$" in "".join(fields[1:]) else [("", "a", "1"), ("", "o", "1")]


def _digits(_ahead: Ahead, data: str) -> _Leads:
    return (
        None
        if any(args.split(data, substituted=False)[3:])
        else [_DIALLED, *_MISSED, ("", "t", "1")]
    )


_LEADS: Final[Mapping[str, Callable[[Ahead, str], _Leads]]] = {
    **dict.fromkeys((
        "NoOp", "Verbose", "Log", "Answer", "Wait", "Playback", "SayDigits", "SayNumber",
        "SayAlpha", "MusicOnHold", "Ringing", "Progress", "Proceeding", "Hangup", "Busy",
        "Congestion", "Return", "StackPop", "UserEvent", "PlayTones", "StopPlayTones", "Read",
    ), _nowhere),
    **dict.fromkeys(("While", "EndWhile", "ExitWhile", "ContinueWhile"), _block),
    "Set": _set, "MSet": _mset, "Goto": _goto, "GotoIf": _goto_if, "GotoIfTime": _goto_if,
    "Gosub": _gosub, "GosubIf": _gosub_if, "ExecIf": _exec_if, "Dial": _dial, "Queue": _queue,
    "VoiceMail": _voicemail, "VoiceMailMain": _voicemail, "BackGround": _digits,
    "WaitExten": _digits,
}  # fmt: skip
