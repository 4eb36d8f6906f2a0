"""What `${…}` and `$[…]` become for a whole set of calls at once.

A value is a term (see `asterconf.numbers.terms`). Where it takes one value for some inputs and
another for the rest, `ForkError` says how the inputs split; where only the world decides, and may
decide either way, the first way is taken, and `others` are the rest. Whoever runs a step runs it
again for each.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, Final, TypeVar

import attrs

from asterconf.flow.sinks import CLEAN, CONDITION, Sink, Sunk, UnsureSink, of_function, sends
from asterconf.language import args, template
from asterconf.language.callerid import parse as parse_callerid
from asterconf.language.template import FunctionCall, Literal, Part, Template, Variable
from asterconf.numbers import Numbers, terms
from asterconf.numbers import automaton as at
from asterconf.numbers.automaton import Automaton
from asterconf.numbers.terms import Atoms, Box, InputSlice, Opaque, Sender
from asterconf.semantics.evaluation import evaluate
from asterconf.semantics.functions import lists, logic, numbers, strings
from asterconf.semantics.functions.logic import condition
from asterconf.semantics.scope import (
    OF_CHANNEL,
    SYSTEM,
    AsteriskState,
    Channel,
    Function,
    Scope,
    Unknown,
)
from asterconf.source import comparable

T = TypeVar("T")

MOST_INPUTS: Final = 8
"""So many inputs are kept apart; what is keyed after that is opaque."""
FEW: Final = 64
"""So many values of a part are followed one by one."""
_PURE: Final = {*strings.TABLE, *lists.TABLE, *logic.TABLE, *numbers.TABLE} - {
    "RAND",
    "IFTIME",
    "LOCAL",
    "LOCAL_PEEK",
    "STACK_PEEK",
}
"""Functions whose value follows from their arguments and the variables."""
_OF_ARGUMENTS: Final = {*strings.TABLE, *numbers.TABLE} - {"EVAL", "RAND", *template.BY_NAME}
"""Functions whose value follows from their arguments alone."""
MADE: Final = frozenset(
    " ".join((
        "ANSWEREDTIME ANSWEREDTIME_MS BLINDTRANSFER BRIDGEPEER BRIDGEPVTCALLID DB_RESULT",
        "DIALEDPEERNAME DIALEDPEERNUMBER DIALEDTIME DIALEDTIME_MS FORWARDERNAME FORWARD_CONTEXT",
        "HANGUPCAUSE MEMBERINTERFACE MEMBERNAME MEMBERCALLS MEMBERLASTCALL MEMBERPENALTY",
        "MEMBERREALTIME ODBCROWS ODBCSTATUS PROGRESSTIME PROGRESSTIME_MS QEHOLDTIME",
        "QEORIGINALPOS QUEUECALLS QUEUECOMPLETED QUEUEABANDONED QUEUEHOLDTIME QUEUEJOINTIME",
        "QUEUEMAX QUEUENAME QUEUEPOSITION QUEUESTRATEGY QUEUETALKTIME RINGTIME RINGTIME_MS",
    )).split()
)  # fmt: skip
"""Variables whose values Asterisk makes while somebody is called, or something is looked up."""
OF_LOOPS: Final = ("WHILE_", "END_WHILE_", "~IF")
"""How the variables begin that While and If keep for themselves, and nothing else writes."""
DEVICE_STATES: Final = (
    "NOT_INUSE", "INUSE", "UNAVAILABLE", "BUSY", "RINGING", "RINGINUSE", "ONHOLD", "UNKNOWN",
    "INVALID",
)  # fmt: skip
_SIGN: Final = at.concatenate(
    at.power(at.mask_of(b" \t\n\v\f\r"), 0, None),
    at.union([at.EMPTY, at.text_of(b"+"), at.text_of(b"-")]),
)
_LARGE: Final = at.concatenate(_SIGN, at.power(at.mask_of(b"0123456789"), 10, None), at.ANY)
"""Conditions that hold or not, since the integer at their start is cut: 4294967296 is 0."""
_FALSE: Final = at.union([
    at.EMPTY,
    at.concatenate(
        _SIGN,
        at.power(1 << 0x30, 1, None),
        at.union([
            at.EMPTY, at.concatenate(at.power(at.ALL & ~at.mask_of(b"0123456789"), 1, 1), at.ANY)
        ]),
    ),
])  # fmt: skip
"""Conditions that do not hold. Source: main/pbx.c, pbx_checkcondition."""
_COMPARED = re.compile(
    r"\s*(\"[^\"]*\"|[^\s\"=!<>|&~:?+*/%()-]*)\s*(==?|!=|[<>]=?)"
    r"\s*(\"[^\"]*\"|[^\s\"=!<>|&~:?+*/%()-]*)\s*\Z"
)
_TURNED: Final = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
"""Comparisons as they are with the sides exchanged."""
_PLAIN: Final = at.power(
    at.mask_of(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"), 1, None
)
"""Texts without an operator, which an expression may hold unquoted."""

_DIGITS: Final = at.power(at.mask_of(b"0123456789"), 1, None)
_NUMERIC = re.compile(r"\d+(\.\d+)?")
_NUMBER = re.compile(r"\d{1,18}")
"""Numbers that an expression compares exactly. Source: main/ast_expr2.y, FP___TYPE."""
_QUOTED = re.compile(r'(?:[\x00-\x21\x23-\x7f]|"[^"]*")*')
"""Expressions in which all that is not known stands between quotes."""
_BETWEEN_QUOTES: Final = at.power(at.ALL & ~at.mask_of(b'"\\'), 0, None)
"""Texts that stay in one piece there."""
_REARRANGING: Final = frozenset((
    "ABS", "CUT", "DIGIT_SUM", "FILTER", "IF", "LISTFILTER", "LTRIM", "MATH", "MAX", "MIN",
    "PASSTHRU", "POP", "REPLACE", "RTRIM", "SHIFT", "SORT", "STRREPLACE", "TOLOWER", "TOUPPER",
    "TRIM",
))  # fmt: skip
"""Functions that give nothing but characters that they are given, and digits."""

_LENGTH = re.compile(r"\s*(==?|!=|<=?|>=?)\s*(\d{1,2})\s*")

Mark = Opaque
"""What a path depends on that only a running Asterisk knows."""


def in_order(marks: Iterable[Mark]) -> list[Mark]:
    """Return marks by where they stand: a set of them has another order in each run."""
    return sorted(marks, key=lambda one: (one.file, one.line, one.text))


@attrs.frozen
class CutText(Opaque):
    """A text that may be taken apart: then it says more than the step that has it."""


class ForkError(Exception):
    """The inputs go separate ways from here."""

    def __init__(self, boxes: list[Box]) -> None:
        super().__init__()
        self.boxes = boxes


class UndecidedError(Exception):
    """How these calls go on is known only to a running Asterisk."""

    def __init__(self, mark: Mark) -> None:
        super().__init__(mark.text)
        self.mark = mark


_parse = lru_cache(8192)(template.parse)


@lru_cache(4096)
def complement(found: Automaton) -> Automaton:
    """Return all other texts."""
    return at.combine(at.ANY, found, lambda a, b: a and not b)


@attrs.define(eq=False)
class Values:
    """Evaluates texts for the calls of a box.

    Attributes:
        box: what the inputs may be.
        choices: which of several ways is taken, each time the world decides.
        others: the choices of the ways that are not taken, the next one last.
        variables: those of the channel, as terms; `inherited` are those that others get from it.
        globals: those of the dialplan; an opaque term where some step may change one.
        place: file and line of the step.
        members: those of each queue.
        queries: functions of func_odbc.conf that put their arguments into SQL as they are.
        functions: what computes a text that is known.
        before: the inputs that there were before this step.
        atoms: the parts of texts that are not known.
        marks: what the way so far depends on.
        facts: what the world decided on this way: kind, about what, and how.
        sunk: what of a caller gets where it is taken apart.
        unsure_sinks: what gets there too, and of which it is not known whether a caller sends it.
    """

    box: Box
    choices: tuple[int, ...]
    variables: dict[str, str]
    globals: Mapping[str, str]
    here: Mapping[str, str]
    place: tuple[str, int]
    members: Mapping[str, tuple[str, ...]]
    functions: Mapping[str, Function]
    queries: frozenset[str]
    before: frozenset[str]
    atoms: Atoms
    marks: set[Mark] = attrs.field(factory=set)
    facts: list[tuple[str, str, str]] = attrs.field(factory=list)
    sunk: list[Sunk] = attrs.field(factory=list)
    unsure_sinks: dict[UnsureSink, None] = attrs.field(factory=dict)
    used: int = 0
    others: list[tuple[int, ...]] = attrs.field(factory=list)
    made: set[str] = attrs.field(factory=set)
    inherited: dict[str, int] = attrs.field(factory=dict)

    # -- ways -------------------------------------------------------------------------------------

    def choose(self, options: list[T] | tuple[T, ...], kind: str = "", about: str = "") -> T:
        """Return the way that is taken now."""
        if len(options) == 1:
            return options[0]
        if self.used == len(self.choices):
            self.others += ((*self.choices, n) for n in reversed(range(1, len(options))))
            self.choices = (*self.choices, 0)
        found = options[self.choices[self.used]]
        self.used += 1
        if kind:
            self.facts.append((kind, about, str(found)))
        return found

    def opaque(self, text: str, sender: Sender = None) -> str:
        """Return a term that stands for what a text becomes, which is not known."""
        return self.atoms.char_of(Opaque(text, *self.place, sender))

    def sender(self, term: str) -> Sender:
        """Return False if all of a term is in one piece, whoever calls; None: that is not known."""
        for part in terms.atoms(term):
            if isinstance(part, Opaque):
                if part.sender is not False and sends(part.text) is not False:
                    return None
            elif terms.inside(terms.char_of(part), complement(CLEAN), self.box):
                return None
        return False

    def elsewhere(self, mark: Mark) -> None:
        """Let calls stop where something else than the files may have a step."""
        raise UndecidedError(mark)

    def maybe(self, mark: Mark) -> bool:
        """Return one answer to a question that depends on what is not known, then the other."""
        self.marks.add(mark)
        return self.choose((True, False))

    def input(self, kind: str, language: Automaton) -> str:
        """Return a new input; it may be any of a language."""
        names = self.before | self.made
        if len(names) >= MOST_INPUTS:
            return self.opaque("what is keyed", None if kind in "ulx" else False)
        name = next(f"{kind}{n}" for n in range(1, 99) if f"{kind}{n}" not in names)
        self.made.add(name)
        if all(known != name for known, _ in self.box.sets):  # it may be split already
            self.box = self.box.having(name, language)
        return terms.char_of(InputSlice(name))

    def split(self, boxes: list[Box]) -> None:
        """Go separate ways, unless there is only one."""
        if len(boxes) > 1:
            raise ForkError(boxes)

    def belongs(self, term: str, language: Automaton) -> bool:
        """Return whether a term belongs to a language; where that depends on inputs, they split."""
        try:
            yes = terms.inside(term, language, self.box)
            if not yes:
                return False
            no = terms.inside(term, complement(language), self.box)
        except terms.OpaqueError as error:
            return self.maybe(error.part)
        if no:
            raise ForkError([*yes, *no])
        return True

    def known(self, term: str) -> str:
        """Return a term with the parts written out that can be one text only."""
        return terms.known(term, self.box)

    def few(self, term: str) -> str:
        """Return a term without slices if each has few values, one after the other."""
        for part in terms.atoms(term):
            if isinstance(part, InputSlice):
                values = terms.values_of(part, self.box, FEW)
                if values is not None and len(values) > 1:
                    one = at.text_of(comparable(values[0]))
                    self.belongs(terms.char_of(part), one)
        return self.known(term)

    def constant(self, term: str) -> str:
        """Return a term as text.

        Raises:
            UndecidedError: it is not known.
        """
        found = self.few(term)
        if not terms.is_constant(found):
            raise UndecidedError(self.mark_of(found))
        return found

    def mark_of(self, term: str) -> Mark:
        """Return what a term depends on."""
        for part in terms.atoms(term):
            if isinstance(part, Opaque):
                return part
        return Opaque(self.shown(term), *self.place)

    @staticmethod
    def shown(term: str) -> str:
        """Return a term for people: a part of an input as the variable that has it."""
        if terms.is_constant(term):
            return term
        found = []
        for part in terms.parts(term):
            if isinstance(part, str):
                found.append(part)
            elif isinstance(part, Opaque):
                found.append(part.text)
            else:
                tail = f":{part.start}" if part.start or part.end is not None else ""
                tail += f":{part.end - part.start}" if part.end is not None else ""
                found.append(f"${{{'EXTEN' if part.input == 'd' else part.input}{tail}}}")
        return "".join(found)

    def clean(self, term: str, safe: Automaton = CLEAN) -> bool:
        """Return whether nothing in a term can be cut; where that depends on inputs, they split."""
        for part in terms.atoms(term):
            if isinstance(part, InputSlice) and not self.belongs(terms.char_of(part), safe):
                return False
        return True

    def sink(self, shown: str, found: Iterable[tuple[Sink, str]]) -> None:
        """Note what gets into sinks: what of the inputs is taken apart there, and what is sent."""
        marks = frozenset(self.marks)
        for sink, term in found:
            for part in terms.atoms(term):
                if isinstance(part, Opaque):
                    sent = sends(part.text) if part.sender is None else bool(part.sender)
                    if sent:
                        one, kind = part.sender or None, CONDITION if part.sender else sink
                        self.sunk.append(Sunk(shown, kind, self.box, one, marks, part.text))
                    elif sent is None:
                        self.unsure_sinks[UnsureSink(shown, part)] = None
                    continue
                cut = terms.inside(terms.char_of(part), complement(sink.safe), self.box)
                self.sunk += (Sunk(shown, sink, box, part, marks) for box in cut)

    # -- texts ------------------------------------------------------------------------------------

    def text(self, given: str | Template) -> str:
        """Return what a text becomes."""
        parsed = _parse(given) if isinstance(given, str) else given
        return "".join(
            part.text if isinstance(part, Literal) else self.value(part) for part in parsed.parts
        )

    def value(self, part: Part) -> str:
        """Return what a `${…}` or `$[…]` becomes."""
        assert not isinstance(part, Literal)
        if isinstance(part, Variable) and "$" not in part.name and "$" not in part.content.text:
            return self.sliced(self.read(part.name), part)
        if isinstance(part, FunctionCall) and "$" not in part.name:
            return self.sliced(self.function(part), part)
        if isinstance(part, template.Expression):
            return self.expression(part)
        name = self.few(self.text(part.content))
        if not terms.is_constant(name):
            return self.opaque(part.text)
        return self.value(_parse("${" + name + "}").parts[0])

    def sliced(self, value: str, part: Variable | FunctionCall) -> str:
        """Return a value cut as its `:offset:length` says."""
        if part.slice is None:
            return value
        offset, length = part.slice.offset, part.slice.length
        if offset is None and length is None:
            text = self.few(self.text(part.slice.template))
            made = _parse("${X:" + text + "}").parts[0]
            assert isinstance(made, Variable)
            if not terms.is_constant(text) or made.slice is None:
                return self.opaque(part.text, self.sender(value))
            offset, length = made.slice.offset, made.slice.length
        found = terms.cut(self.known(value), offset or 0, length)
        if found is None:
            value = self.few(value)
            found = terms.cut(value, offset or 0, length)
        return self.opaque(part.text, self.sender(value)) if found is None else found

    def read(self, name: str) -> str:
        """Return the value of a variable."""
        if name in self.here:
            return self.here[name]
        if name in OF_CHANNEL or name in SYSTEM or name in MADE:
            return "" if name == "SYSTEMNAME" else self.opaque(f"${{{name}}}")
        if name in self.variables:
            return self.variables[name]
        if "~all" in self.variables:
            return self.opaque(f"${{{name}}}")
        return self.globals.get(name, self.globals.get("*", ""))

    def forget(self, mark: Mark) -> None:
        """Let no variable be known any more."""
        self.marks.add(mark)
        kept = ("CALLERID(", *OF_LOOPS)
        keep = {n: v for n, v in self.variables.items() if n.startswith(kept)}
        self.variables = {**keep, "~all": ""}

    # -- functions --------------------------------------------------------------------------------

    def function(self, part: FunctionCall) -> str:
        """Return what a function gives."""
        kind = _FUNCTIONS.get(part.name)
        given = self.known(self.text(part.arguments))
        if not terms.is_constant(given):
            self.sink(part.text, of_function(part.name, given, self.queries))
        if kind is not None:
            found = kind(self, given)
            if found is not None:
                return found
        known = terms.is_constant(given)
        if part.name in _PURE and (known or terms.is_constant(given := self.few(given))):
            found = self.computed("${" + part.name + "(" + given + ")}")
            if found is not None:
                return found
        if part.name in template.CHANGING:
            name = template.argument_name(part)
            if name is None or part.name == "SET":
                self.forget(Opaque(part.text, *self.place))
            else:
                self.set(name, self.opaque(f"${{{name}}}", self.sender_of(part.name, given)))
        return self.unknown(part, given)

    def unknown(self, part: FunctionCall, given: str) -> str:
        """Return what a function gives that only a running Asterisk knows."""
        return self.opaque(part.text, self.sender_of(part.name, given))

    def set(self, name: str, value: str) -> None:
        """Set a variable."""
        self.variables[name] = value

    def sender_of(self, name: str, given: str) -> Sender:
        """Return False if what a function gives is in one piece, as all is that it is given."""
        if name not in _REARRANGING:
            return None
        if name in template.BY_NAME:
            name, comma, given = given.partition(",")
            if not terms.is_constant(name):
                return None
            given = self.read(name) + comma + given
        return self.sender(given)

    def computed(self, text: str) -> str | None:
        """Return what a text becomes by the variables alone; None: more would have to be known."""
        if "$" in text[2:]:
            return None
        name = "" if text.startswith("$[") else text[2:].partition("(")[0]
        if "~all" in self.variables and name and name not in _OF_ARGUMENTS:
            return None
        if "*" in self.globals and name in template.BY_NAME:
            return None
        unknown = {
            name: Unknown(name, name)
            for name, value in {**self.globals, **self.variables}.items()
            if not terms.is_constant(self.known(value))
        }
        values: dict[str, Any] = {n: self.known(v) for n, v in self.variables.items()} | {
            name: one for name, one in unknown.items() if name in self.variables
        }
        held: dict[str, Any] = {n: unknown.get(n, v) for n, v in self.globals.items()}
        here = {n: self.known(v) for n, v in self.here.items()}
        facts: dict[str, Any] = {
            n: v if terms.is_constant(v) else Unknown(n, n) for n, v in here.items()
        }
        before, channel = dict(values), Channel(values, facts, dict(self.inherited))
        scope = Scope(AsteriskState(held, functions=self.functions), channel)
        result = evaluate(text, scope)
        if not result.is_known:
            return None
        self.inherited = channel.inherited
        for name, value in channel.variables.items():
            if before.get(name) != value:
                self.variables[name] = value if isinstance(value, str) else self.opaque(str(value))
        return result.text

    def callerid(self, item: str) -> str | None:
        """Return a part of the caller id."""
        kind = item.lower()
        number = self.variables.get("CALLERID(num)", "")
        name = self.variables.get("CALLERID(name)")
        if kind in ("num", "number"):
            return number
        if kind in ("ani", "ani-num"):  # the same until one of them is set
            same = number == terms.char_of(InputSlice("n"))
            return number if same and "CALLERID(ani)" not in self.variables else None
        if kind == "name":
            return name  # a caller chooses its own
        if kind == "all" and name is not None:
            return f'"{name}" <{number}>'
        return None

    def length(self, given: str) -> str | None:
        """Return how long a text is, one length after the other."""
        raw = sum(len(comparable(part)) for part in terms.parts(given) if isinstance(part, str))
        for part in terms.atoms(given):
            if isinstance(part, Opaque):
                return None
            term = terms.char_of(part)
            lengths = terms.lengths(part, self.box)
            if len(lengths) > 1:
                sizes = (at.power(at.ALL, size, size) for size in lengths)
                self.split([b for size in sizes for b in terms.inside(term, size, self.box)])
            size = lengths[0] if lengths else 0
            raw += size
        return str(raw)

    def empty(self, given: str, *, yes: str, no: str) -> str | None:
        """Return which of two texts is meant, by whether a text is empty."""
        return yes if self.belongs(given, at.EMPTY) else no

    def filtered(self, given: str) -> str | None:
        """Return a text without what is not allowed, where nothing has to go."""
        allowed, comma, rest = given.partition(",")
        if terms.is_constant(given) or not comma or "\\" in allowed:
            return None
        every = "".join(map(chr, range(1, 128)))
        kept = self.computed("${FILTER(" + allowed + "," + _plain(every) + ")}")
        if kept is None or not terms.is_constant(allowed):
            return None
        language = at.power(at.mask_of(kept.encode("latin-1", "ignore")), 0, None)
        unknown = [part for part in terms.atoms(rest) if isinstance(part, Opaque)]
        if not unknown and self.belongs(rest, language):
            return rest
        # whatever it is, only what is allowed is left of it
        self.marks.add(unknown[0] if unknown else Opaque(f"${{FILTER({self.shown(given)})}}"))
        return self.input("u", language)

    def chosen(self, given: str) -> str | None:
        """Return the part of `IF` that its condition chooses."""
        if terms.is_constant(given) or not self.clean(given):
            return None
        asked, rest = (*args.split(given, "?", limit=2), "", "")[:2]
        then, otherwise = (*args.split(rest, ":", limit=2), "", "")[:2]
        if not asked or not rest:
            return ""
        return (then if self.test(asked.strip()) else otherwise).strip()

    def by_time(self, _given: str) -> str | None:
        """Return which of two texts `IFTIME` gives; it depends on what is followed."""
        return None

    def device(self, given: str) -> str | None:
        """Return the state of a device, one after the other."""
        if not terms.is_constant(given):
            return None
        return self.choose(DEVICE_STATES, "device", given)

    def queue_members(self, given: str) -> str | None:
        """Return the members of a queue."""
        return ",".join(self.members[given]) if given in self.members else None

    def contacts(self, given: str) -> str | None:
        """Return what PJSIP_DIAL_CONTACTS gives of an endpoint: a device, or none is there."""
        if not terms.is_constant(given):
            return None
        if not self.choose((True, False), "contact", given):
            return ""
        return f"PJSIP/{given}/sip:{given}@device.invalid"

    def global_value(self, given: str) -> str | None:
        """Return a global variable."""
        if not terms.is_constant(given):
            return None
        return self.globals.get(given, self.globals.get("*", ""))

    # -- conditions -------------------------------------------------------------------------------

    def test(self, term: str) -> bool:
        """Return whether a condition holds."""
        term = self.known(term)
        if terms.is_constant(term):
            return condition(term)
        if len(term) == 1 and isinstance(terms.atoms(term)[0], Opaque):
            return self.maybe(self.mark_of(term))
        if self.belongs(term, _LARGE):
            return self.maybe(Opaque(self.shown(term), *self.place))
        return not self.belongs(term, _FALSE)

    def expression(self, part: template.Expression) -> str:
        """Return what `$[…]` becomes."""
        found = self.compared_length(part.content)
        if found is not None:
            return found
        content = self.known(self.text(part.content))
        for one in terms.atoms(content):
            if isinstance(one, Opaque) and sends(one.text):
                return self.atoms.char_of(one)  # who sends it decides
        found, safe = None, _BETWEEN_QUOTES if _QUOTED.fullmatch(content) else CLEAN
        if not self.clean(content, safe):
            return self.opaque(part.text, self.breaks(content, safe))
        if not terms.is_constant(content):
            found = self.compared(content)
            content = content if found is not None else self.few(content)
        if found is None and terms.is_constant(content):
            found = self.computed("$[" + content + "]")
        return self.opaque(part.text, self.sender(content)) if found is None else found

    def breaks(self, content: str, safe: Automaton) -> Sender:
        """Return what of a number that is dialled, or that of the caller, is no safe text."""
        for part in terms.atoms(content):
            one = None if isinstance(part, Opaque) or part.input not in ("d", "n") else part
            if one and terms.inside(terms.char_of(one), complement(safe), self.box):
                return one
        return None

    def compared_length(self, content: Template) -> str | None:
        """Return the value of `${LEN(…)} > 7` and its like; None: it is something else."""
        first, *rest = content.parts or (None,)
        if not isinstance(first, FunctionCall) or first.name != "LEN" or first.slice is not None:
            return None
        found = _LENGTH.fullmatch(rest[0].text) if len(rest) == 1 else None
        term = self.known(self.text(first.arguments))
        parts = [*terms.parts(term)]
        if (
            found is None
            or sum(isinstance(one, InputSlice) for one in parts) != 1
            or len(parts) != 1
        ):
            return None
        operator, size = found[1], int(found[2])
        if operator in (">", ">="):
            language = at.power(at.ALL, size + (operator == ">"), None)
        elif operator in ("<", "<="):
            most = size - (operator == "<")
            language = at.power(at.ALL, 0, most) if most >= 0 else at.NOTHING
        else:
            language = at.power(at.ALL, size, size)
        return str(int(self.belongs(term, language) == (operator != "!=")))

    def compared(self, content: str) -> str | None:
        """Return the value of comparisons joined by `|` and `&`; None: it has another form."""
        if any(mark in content for mark in "()~:?"):
            return None
        for operator, stop in (("|", True), ("&", False)):
            if operator in content:
                value = "0" if stop else "1"
                for one in re.split(re.escape(operator) + "+", content):
                    found = self.compared(one)
                    if found not in ("0", "1"):
                        return None
                    if (found == "1") == stop:
                        return found
                return value
        if terms.is_constant(content):
            return self.computed("$[" + content + "]")
        match = _COMPARED.match(content)
        return None if match is None else self.one_compared(*match.groups())

    def one_compared(self, left: str, operator: str, right: str) -> str | None:
        """Return the value of one comparison with what is known; None: that is not worked out."""
        if terms.is_constant(left):
            left, operator, right = right, _TURNED.get(operator, operator), left
        quotes = left.startswith('"') + right.startswith('"')
        if not left or not right or quotes == 1 or not terms.is_constant(right):
            return None
        if not quotes and not self.belongs(left, _PLAIN):
            return None
        if quotes or not _NUMERIC.fullmatch(right):
            language = at.text_of(comparable(right))
            return None if operator in _TURNED else self.truth(left, language, operator)
        if not _NUMBER.fullmatch(right) or (
            operator in _TURNED and not self.belongs(left, _DIGITS)
        ):
            return None
        return self.truth(left, _numbers(int(right), operator), operator)

    def truth(self, term: str, language: Automaton, operator: str) -> str:
        """Return 1 if a term belongs to a language, else 0; `!=` the other way round."""
        return str(int(self.belongs(term, language) == (operator != "!=")))


@lru_cache(1024)
def _numbers(number: int, operator: str) -> Automaton:
    """Return the digits that compare so with a number; `!=`: those that are equal."""
    if operator in ("<=", ">"):
        return _numbers(number + 1, "<" if operator == "<=" else ">=")
    if operator == ">=":
        return at.combine(_DIGITS, _numbers(number, "<"), lambda a, b: a and not b)
    digits, zeros = str(number).encode(), at.power(1 << 0x30, 0, None)
    if operator != "<":
        return at.concatenate(zeros, at.text_of(digits))
    own, size, every = [1 << one for one in digits], len(digits), at.mask_of(b"0123456789")
    lower = [
        at.chain([*own[:n], at.mask_of(range(0x30, digits[n])), *[every] * (size - n - 1)])
        for n in range(size)
        if digits[n] > 0x30
    ]
    shorter = at.power(every, 1, size - 1) if size > 1 else at.NOTHING
    return at.union([at.concatenate(zeros, at.union(lower)), shorter])


def _plain(text: str) -> str:
    return "".join(char for char in text if char not in '$,()[]{}"\\')


_FUNCTIONS: Final[Mapping[str, Callable[[Values, str], str | None]]] = {
    "CALLERID": Values.callerid,
    "LEN": Values.length,
    "ISNULL": lambda values, given: values.empty(given, yes="1", no="0"),
    "EXISTS": lambda values, given: values.empty(given, yes="0", no="1"),
    "FILTER": Values.filtered,
    "IF": Values.chosen,
    "IFTIME": lambda values, given: values.by_time(given),
    "DEVICE_STATE": Values.device,
    "QUEUE_MEMBER_LIST": Values.queue_members,
    "PJSIP_DIAL_CONTACTS": Values.contacts,
    "GLOBAL": Values.global_value,
}
"""Functions that are worked out for a whole set of calls."""


def caller_of(text: str) -> tuple[str, str]:
    """Return name and number of a caller id that is written out."""
    found = parse_callerid(text)
    return found.name, found.dialled


def numbers_of(found: Automaton) -> Numbers:
    """Return the texts of a language that have no dashes, as a set."""
    return Numbers.made(terms.both(found, at.power(at.ALL & ~at.DASH, 0, None)))
