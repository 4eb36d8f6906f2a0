"""Which variables matter at a place: those that a step there, or one that may come after, reads.

The steps of the dialplan are a graph: from each lead arrows to all steps that may come next, and
what a step writes for sure is not read from before it. Calls that are at one place and differ in
other variables only go on alike, so that a search need not tell them apart.

No answer rests on it: a step that reads a variable of which this says that it does not matter finds
it unknown (`FurtherStep.read`), and one that comes to matter without being written is unknown from
there on (`FurtherStep.lean`). An arrow that is missing makes an answer unknown, and never wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeAlias, TypeGuard, TypeVar

import attrs

from asterconf.dialplan.lookup import Dialplan
from asterconf.dialplan.values import DialplanExtension, DialplanStep
from asterconf.flow.applications import options, split, target_of
from asterconf.language import args, template
from asterconf.language.pattern import is_pattern, matches
from asterconf.numbers import terms
from asterconf.numbers.partition import closure
from asterconf.references.mentions import DEVICE, PLACE, PLAN, Mention, in_step, pieces
from asterconf.schema import Schema
from asterconf.source import fold

T = TypeVar("T")
_Place: TypeAlias = tuple[str, str, int]
"""Context, extension (empty: any) and priority (0: any)."""
_Frame: TypeAlias = tuple[str, str, int, tuple[tuple[str, str | None], ...]]
"""Where a subroutine returns to, and the variables that its own ones hide."""
_ANY: Final[_Place] = "", "", 0
_Arrows: TypeAlias = dict[tuple[_Place, int], None]
"""Places that may come next, each with the variables that are written on the way."""

ALL: Final = -1
"""Every variable."""
ASKED: Final = (
    "WHILE_", "END_WHILE_", "~", "ARGC", "CALLERID(", "TRANSFER_", "TESTTIME", "SPY_EXIT_",
    "MEETME_EXIT_",
)  # fmt: skip
"""How variables begin that applications ask for themselves."""
_ALONE: Final = frozenset((
    "set", "mset", "noop", "verbose", "log", "answer", "wait", "hangup", "playback", "busy",
    "congestion", "goto", "gotoif", "gotoiftime", "gosub", "gosubif", "return", "stackpop",
    "execif", "musiconhold", "saydigits", "saynumber", "sayalpha", "ringing", "progress",
))  # fmt: skip
"""Applications that lead nowhere but to the next step and to what their arguments name."""
_BLOCKS: Final = frozenset((
    "while", "endwhile", "exitwhile", "continuewhile", "if", "elseif", "else", "endif", "exitif",
))  # fmt: skip
"""Those that lead to other steps of the same extension."""
_ANYWHERE: Final = frozenset((
    "macro", "macroif", "macroexclusive", "exec", "tryexec", "execiftime", "originate",
    "channelredirect",
))  # fmt: skip
"""Applications that carry out others, or lead where only their arguments say."""
_ENDS: Final = ("h", "i", "t", "e", "T", "a", "o", "fax")
"""Extensions to which Asterisk itself leads."""
_DIALLING: Final = ("Dial", "RetryDial", "Page", "Queue")
_WRITTEN: Final = re.compile(r"_{0,2}([A-Za-z]\w*)=")


def part_names(part: template.Part) -> TypeGuard[template.FunctionCall]:
    """Return whether a part of a text is a function that is given the name of a variable."""
    if not isinstance(part, template.FunctionCall):
        return False
    return part.name in template.BY_NAME or part.name == "EVAL"


def _made(text: str) -> str:
    """Return what names look like that a text may become, as a regular expression."""
    parts = template.parse(text).parts
    return "".join(
        re.escape(one.text) if isinstance(one, template.Literal) else ".*" for one in parts
    )


def names_in(data: str) -> tuple[set[str], set[str]]:
    """Return the variables that a text reads, and what names look like that are made."""
    found: set[str] = set()
    made = {".*"} if "EVAL(" in data else set[str]()  # a text that is evaluated once more
    for part in template.parse(data).walk() if "$" in data else ():
        if isinstance(part, template.Variable):
            if "$" in part.name:
                made.add(_made(part.name))
            found.add(part.name)
        elif part_names(part):
            name = template.argument_name(part)
            if name is None:
                made.add(_made(part.arguments.text.partition(",")[0]))
            else:
                found.add(name)
    return found, made


def passed_in(app: str, data: str) -> set[str] | None:
    """Return the names that a step may write with a `_`, so that called channels get them.

    None: they may be any.
    """
    for text in (*([data] if app in ("set", "mset") else []), *re.split(r"\bM?Set\(", data)[1:]):
        many = args.cut(text, substituted=False) if app == "mset" else ()
        names = [one.value for one in many] or [text]
        for name in (one.partition("=")[0].lstrip() for one in names):
            if name.startswith("$") or (name.startswith("_") and "$" in name):
                return None
    return set(re.findall(r"(?<!\w)_{1,2}([A-Za-z]\w*)", data))


def _inner(data: str) -> list[str]:
    """Return the applications that ExecIf may carry out, in small letters."""
    parts = template.parse(data).parts
    text = "".join(one.text for one in parts if isinstance(one, template.Literal))
    return [fold(name) for name in re.findall(r"[?:]\s*([A-Za-z]\w*)", text)]


def before_each(start: T, leads: Callable[[T], Iterable[T]]) -> dict[T, list[T]]:
    """Return of what is reached from a place where each is reached from.

    `leads` gives where a place leads; nothing for one that was seen before.
    """
    before: dict[T, list[T]] = {}
    waiting = [start]
    while waiting:
        one = waiting.pop()
        for other in leads(one):
            before.setdefault(other, []).append(one)
            waiting.append(other)
    return before


@attrs.define(eq=False)
class _Context:
    """The steps of a context and all that it includes, at whatever time."""

    entries: tuple[tuple[str, DialplanExtension], ...]
    steps: dict[int, list[tuple[DialplanExtension, DialplanStep]]] = attrs.field(factory=dict)
    plain: dict[str, list[DialplanExtension]] = attrs.field(factory=dict)
    patterns: list[DialplanExtension] = attrs.field(factory=list)

    def __attrs_post_init__(self) -> None:
        for _, one in self.entries:
            if is_pattern(one.name):
                self.patterns.append(one)
            else:
                self.plain.setdefault(one.name.replace("-", ""), []).append(one)
            for step in one.steps:
                self.steps.setdefault(step.priority, []).append((one, step))

    def having(self, exten: str) -> list[DialplanExtension]:
        """Return the extensions that a text may run; empty: any text."""
        if not exten:
            return [one for _, one in self.entries]
        fitting = [one for one in self.patterns if matches(one.name, exten)]
        return self.plain.get(exten.replace("-", ""), []) + fitting

    def at(self, exten: str, priority: int) -> Iterator[DialplanStep]:
        """Yield the steps that may be run at a place."""
        if not exten and priority:
            yield from (step for _, step in self.steps.get(priority, ()))
            return
        for one in self.having(exten):
            yield from (step for step in one.steps if priority in (0, step.priority))

    def labelled(self, exten: str, label: str) -> set[int]:
        """Return the priorities that a label means."""
        steps = (step for one in self.having(exten) for step in one.steps)
        return {step.priority for step in steps if step.label in (label, label.strip())}


@attrs.define(eq=False)
class Liveness:
    """Which variables matter where, as bits of a number.

    Attributes:
        plan: the dialplan.
        schema: what the version knows that runs it.
        names: the variables that some step reads.
        made: what names look like that are made, as regular expressions.
        others: the contexts to which other files lead callers.
        chosen: whether a step says where callers get to that dial again.
        given: the names that may be written with a `_`; None: any.
        passed: the variables that a called channel may get.
    """

    plan: Dialplan
    schema: Schema
    names: tuple[str, ...]
    made: tuple[str, ...]
    others: tuple[str, ...]
    chosen: bool
    given: frozenset[str] | None
    passed: int = attrs.field(init=False)
    _bits: dict[str, int] = attrs.field(init=False)
    _patterns: list[tuple[re.Pattern[str], int]] = attrs.field(init=False)
    _masks: dict[str, int] = attrs.field(factory=dict)
    _contexts: dict[str, _Context] = attrs.field(factory=dict)
    _live: dict[_Place, int] = attrs.field(factory=dict)
    _behind: dict[tuple[_Frame, ...], list[tuple[int, int]]] = attrs.field(factory=dict)

    def __attrs_post_init__(self) -> None:
        size = len(self.names) + 1  # the first bit is that of what always matters
        self._bits = {name: 1 << number for number, name in enumerate(self.names, 1)}
        self._patterns = [
            (re.compile(one, re.DOTALL), 1 << number) for number, one in enumerate(self.made, size)
        ]
        self.passed = ALL
        if self.given is not None:
            self.passed = 1
            for name in self.given:
                self.passed |= self.mask(name)
        self._live[_ANY] = ALL

    @property
    def _returned(self) -> int:
        """What every return from a subroutine writes."""
        return self._bits.get("GOSUB_RETVAL", 0)

    def mask(self, name: str) -> int:
        """Return the bits of a variable: it matters where one of them is set; 0: nowhere."""
        found = self._masks.get(name)
        if found is None:
            found = sum(bit for pattern, bit in self._patterns if pattern.fullmatch(name))
            found |= ALL if name.startswith(ASKED) else self._bits.get(name, 0)
            self._masks[name] = found
        return found

    def named(self, bits: int) -> Iterable[str]:
        """Return the variables that some bits mean; `~all`: any."""
        if bits < 0 or bits >> len(self.names) + 1:
            return ("~all",)
        return (name for name, bit in self._bits.items() if bit & bits)

    def of(self, place: _Place, frames: tuple[_Frame, ...]) -> int:
        """Return what matters at a place, and where the subroutines there return to."""
        context, exten, priority = place
        here = self.at((context, exten if terms.is_constant(exten) else "", priority))
        return here | self.behind(frames)[-1][1] if frames else here

    def behind(self, frames: tuple[_Frame, ...]) -> list[tuple[int, int]]:
        """Return of each subroutine what matters where it returns, and of that what it keeps."""
        known = self._behind.get(frames)
        if known is not None:
            return known
        found = self._behind[frames] = []
        kept = 0
        for context, exten, priority, hidden in frames:
            place = context, exten if terms.is_constant(exten) else "", priority + 1
            live = kept = (kept | self.at(place)) & ~self._returned
            for name, _ in hidden:
                kept &= ~self._bits.get(name, 0)
            found.append((live, kept))
        return found

    def at(self, place: _Place) -> int:
        """Return what matters at a place."""
        if place not in self._live:
            self._follow(place)
        return self._live[place]

    # -- the graph --------------------------------------------------------------------------------

    def _follow(self, place: _Place) -> None:
        """Work out what matters at a place, and at all that are reached from there."""
        found: dict[_Place, _Arrows] = {}

        def leads(one: _Place) -> Iterable[_Place]:
            if one in self._live:
                return ()
            self._live[one], found[one] = self._begun(one)
            return [other for other, _ in found[one]]

        before = before_each(place, leads)
        todo = dict.fromkeys(found)
        while todo:
            one, _ = todo.popitem()
            live = self._live[one]
            for other, written in found[one]:
                live |= self._live[other] & ~written
            if live != self._live[one]:
                self._live[one] = live
                todo.update(dict.fromkeys(before.get(one, ())))

    def _begun(self, place: _Place) -> tuple[int, _Arrows]:
        """Return what the steps of a place read, and where calls may go from there."""
        context, exten, priority = place
        steps = self._context(context)
        arrows: _Arrows = {((context, one, 1), 0): None for one in _ENDS if steps.having(one)}
        reads = 1
        for step in steps.at(exten, priority):
            reads |= self._read(step)
            arrows |= self._next(place, step)
        return reads, arrows

    def _context(self, name: str) -> _Context:
        found = self._contexts.get(name)
        if found is None:
            entries = closure(self.plan, name, lambda _: True).entries
            found = self._contexts[name] = _Context(entries)
        return found

    def _read(self, step: DialplanStep) -> int:
        """Return the variables that a step reads."""
        names, made = names_in(step.data)
        found = sum(self._bits[name] for name in names)
        return found | sum(bit for one, bit in self._patterns if one.pattern in made)

    def _next(self, place: _Place, step: DialplanStep) -> _Arrows:
        """Return where calls may go behind a step."""
        context, exten, priority = place
        app, data = fold(step.app), step.data
        written = self._returned if app == "gosub" else 0
        if app == "set" and (name := _WRITTEN.match(data)):
            written = self._bits.get(name[1], 0)
        found: _Arrows = {((context, exten, priority + 1 if priority else 0), written): None}
        for one in (app, *(_inner(data) if app == "execif" else ())):
            found |= {(there, 0): None for there in self._led(place, one, data)}
        for mention in in_step(step.app, data, self.schema):
            if mention.by in self.schema.functions():
                continue
            called = mention.by.startswith(_DIALLING)
            kept = self._given(mention, data) if mention.how == "gosub" and not called else 0
            for there in self._meant(place, mention):
                found[there, ~self.passed if called else kept] = None
        return found

    def _led(self, place: _Place, app: str, data: str) -> Iterator[_Place]:
        """Yield where an application leads besides to the next step and to what it names."""
        context, exten, _ = place
        if app in _BLOCKS:
            yield context, exten, 0
        elif app in _ANYWHERE or (self.chosen and app not in _ALONE):
            yield _ANY
        elif app not in _ALONE:
            at = {"dial": 2, "page": 2, "retrydial": 5}.get(app)
            if at is None or {*options(split(data, at + 2)[at])} & {*"T$"}:  # it may be transferred
                yield context, "", 1
            if at is None:
                yield from ((one, "", 1) for one in self.others)

    def _given(self, mention: Mention, data: str) -> int:
        """Return the arguments that a subroutine is given."""
        end = args.find(data, ":", mention.end)
        given = target_of(data[mention.start : end if end >= 0 else len(data)])[1]
        if len(given) == 1 and given[0].startswith("$"):
            return 0  # there is none where that is empty
        return sum(self._bits.get(f"ARG{n}", 0) for n in range(1, len(given) + 1))

    def _meant(self, place: _Place, mention: Mention) -> Iterator[_Place]:
        """Yield the places that an argument names."""
        if mention.kind not in (PLACE, DEVICE):
            if mention.file == PLAN and mention.kind == "context":
                yield _ANY if "$" in mention.text else (mention.text, "", 0)
            return
        own, exten, _ = place
        names: dict[str, str] = {}
        for one in pieces(mention, mention.text):
            if one.file == PLAN:
                names[one.kind] = one.name
            elif (
                one.kind == DEVICE and mention.by.startswith(_DIALLING) and one.name.startswith("$")
            ):
                yield _ANY
        if mention.kind == DEVICE and not names:
            return
        context = names.get("context") or ("default" if mention.kind == DEVICE else own)
        exten = names.get("extension") or ("s" if mention.by.endswith((" U", " M")) else exten)
        label = names.get("label", "1" if mention.kind == DEVICE else "$")
        if "$" in context:
            yield _ANY
        elif context in self.plan:
            exten = "" if "$" in exten else exten
            if "$" in label:
                yield context, exten, 0
            elif label.isascii() and label.isdigit():
                yield context, exten, int(label)
            else:
                for number in self._context(context).labelled(exten, label):
                    yield context, exten, number
