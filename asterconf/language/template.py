"""Text with `${…}` and `$[…]`: what an application's arguments and many values are written in.

`grammars/variable.lark` is the definition. `parse` is the fast reading, made of the grammar's own
terminals; `tree` is the LALR one. Both end a construct where Asterisk does: two kinds of brackets
are counted, which need not nest.

Source: main/pbx_variables.c, ast_str_substitute_variables_full and parse_variable_name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

import attrs

from asterconf import _grammars
from asterconf._grammars import lark
from asterconf._lazy import LazyModule
from asterconf.language.faults import MASK, Fault, ParsedText, Span, fault

if TYPE_CHECKING:
    from asterconf.language import expression
else:
    expression = LazyModule("asterconf.language.expression")

__all__ = [
    "CHANGING",
    "DEPTH",
    "Expression",
    "FunctionCall",
    "Literal",
    "NameUse",
    "ParsedVariable",
    "Part",
    "Slice",
    "Template",
    "Variable",
    "argument_name",
    "parse",
    "parse_variable",
    "read_slice",
    "tree",
]

DEPTH: Final = 15
"""How deep `${…}` and `$[…]` may be nested; the 16th level is empty."""

_span = attrs.field(eq=False, repr=False)


@attrs.frozen
class Literal:
    """Text that stays as it is."""

    text: str
    span: Span = _span


@attrs.frozen
class Slice:
    """The `:offset:length` of a variable or function.

    `template` is the text after the first `:`. `length` None: to the end. Both numbers are None
    while the text holds a variable: only its value decides then.
    """

    template: Template
    offset: int | None
    length: int | None

    def __str__(self) -> str:
        return f":{self.template.text}"


@attrs.frozen
class Variable:
    """`${NAME}` or `${NAME:offset:length}`; blanks belong to the name.

    `name` is as written; when it holds a `$`, as in `${ITEM_${N}}`, only a value decides what
    it means. `content` is all that stands between the braces, its nested parts with it.
    """

    text: str
    name: str = attrs.field(eq=False, repr=False)
    slice: Slice | None = attrs.field(eq=False, repr=False)
    content: Template = attrs.field(eq=False, repr=False)
    span: Span = _span


@attrs.frozen
class FunctionCall:
    """`${NAME(arguments)}`, with or without a slice.

    `arguments` runs from the first `(` to the last `)`. How it is split is the function's own
    affair: `LEN(a,b)` has one argument.
    """

    text: str
    name: str = attrs.field(eq=False, repr=False)
    arguments: Template = attrs.field(eq=False, repr=False)
    slice: Slice | None = attrs.field(eq=False, repr=False)
    content: Template = attrs.field(eq=False, repr=False)
    span: Span = _span


@attrs.frozen
class Expression:
    """`$[…]`; `content` is what stands between the brackets."""

    text: str
    content: Template = attrs.field(eq=False, repr=False)
    span: Span = _span

    @property
    def parsed(self) -> expression.ParsedExpression:
        """The expression as a tree of nodes, each nested `${…}` standing for a word."""
        return expression.read(self.content)


Part: TypeAlias = Literal | Variable | FunctionCall | Expression


@attrs.frozen
class NameUse:
    """A variable's name in a text: `${NAME}`, or by name as in `${CUT(NAME,-,1)}`.

    `by` is the function that takes the name; empty for `${NAME}`.
    """

    name: str
    span: Span
    by: str = ""


BY_NAME: Final = frozenset((
    "ARRAY", "CUT", "DEC", "DELETE", "FIELDNUM", "FIELDQTY", "GLOBAL", "GLOBAL_DELETE",
    "GLOBAL_EXISTS", "INC", "LISTFILTER", "LOCAL", "POP", "PUSH", "REPLACE", "SET", "SHARED",
    "SHIFT", "STRBETWEEN", "STRREPLACE", "UNSHIFT", "VARIABLE_EXISTS",
))  # fmt: skip
"""Functions whose first argument is the name of a variable, not a value."""

CHANGING: Final = frozenset({"SET", "INC", "DEC", "SHIFT", "POP", "PUSH", "UNSHIFT"})
"""Those that change a variable where they are read."""

_NAMED = re.compile(r"[^,=$(){}\[\]:]+")


@attrs.frozen
class Template(ParsedText):
    """A text and its parts, in order; `str` gives the exact text.

    >>> template = parse("PJSIP/+1${EXTEN:1}@${TRUNK}")
    >>> [variable.name for variable in template.variables()]
    ['EXTEN', 'TRUNK']

    `span` and the spans of all parts count from the start of the outermost text.
    """

    text: str
    parts: tuple[Part, ...] = attrs.field(eq=False, repr=False)
    span: Span = _span
    faults: tuple[Fault, ...] = attrs.field(default=(), eq=False, repr=False)
    """The findings, nested parts included; only the outermost template has them."""

    def __str__(self) -> str:
        return self.text

    @property
    def is_literal(self) -> bool:
        """Whether the text holds neither `${` nor `$[`."""
        parts = self.parts
        return not parts or (len(parts) == 1 and isinstance(parts[0], Literal))

    def walk(self) -> Iterator[Part]:
        """Yield every part, an outer one before those nested in it."""
        waiting = list(reversed(self.parts))
        while waiting:
            part = waiting.pop()
            yield part
            if not isinstance(part, Literal):
                waiting.extend(reversed(part.content.parts))

    def variables(self) -> Iterator[Variable]:
        """Yield every `${NAME}`, nested ones included."""
        return (part for part in self.walk() if isinstance(part, Variable))

    def functions(self) -> Iterator[FunctionCall]:
        """Yield every `${NAME(…)}`, nested ones included."""
        return (part for part in self.walk() if isinstance(part, FunctionCall))

    def expressions(self) -> Iterator[Expression]:
        """Yield every `$[…]`, nested ones included."""
        return (part for part in self.walk() if isinstance(part, Expression))

    def names(self) -> Iterator[NameUse]:
        """Yield every use of a variable whose name is written out, by value or by name."""
        for part in self.walk():
            if isinstance(part, Variable) and "$" not in part.name:
                start = part.span.start + 2
                yield NameUse(part.name, Span(start, start + len(part.name)))
            elif isinstance(part, FunctionCall) and part.name in BY_NAME:
                name = argument_name(part)
                if name is not None:
                    start = part.arguments.span.start
                    yield NameUse(name, Span(start, start + len(name)), part.name)

    def cut(self, start: int, end: int) -> Template:
        """Return the part of the text from offset `start` to `end` of this text.

        Neither may lie inside a `${…}` or `$[…]`.
        """
        base = self.span.start
        low, high = base + start, base + end
        if self.is_literal:
            text, span = self.text[start:end], Span(low, high)
            return Template(text, (Literal(text, span),) if text else (), span)
        parts: list[Part] = []
        for part in self.parts:
            a, b = part.span
            if b <= low or a >= high:
                continue
            if isinstance(part, Literal) and (a < low or b > high):
                a, b = max(a, low), min(b, high)
                parts.append(Literal(self.text[a - base : b - base], Span(a, b)))
            else:
                parts.append(part)
        return Template(self.text[start:end], tuple(parts), Span(low, high))

    def split(self, separator: str) -> tuple[Template, ...]:
        """Split at every `separator`, one character, that stands outside `${…}` and `$[…]`."""
        base = self.span.start
        cuts = [
            part.span.start - base + at
            for part in self.parts
            if isinstance(part, Literal)
            for at, char in enumerate(part.text)
            if char == separator
        ]
        bounds = zip([-1, *cuts], [*cuts, len(self.text)], strict=True)
        return tuple(self.cut(a + 1, b) for a, b in bounds)

    def masked(self) -> str:
        """Return the text with each `${…}` and `$[…]` replaced by a word of the same length.

        What is looked for in it is found at the same offset in the text, and never inside them.
        """
        if self.is_literal:
            return self.text
        return "".join(
            part.text if isinstance(part, Literal) else MASK * len(part.text) for part in self.parts
        )

    def tree(self) -> lark.Tree[lark.Token]:
        """Return the lark tree; joining its tokens gives the text."""
        return tree(self.text)


def argument_name(call: FunctionCall) -> str | None:
    """Return the variable that a function's first argument names; None: only a value decides."""
    first = call.arguments.parts[:1]
    if not first or not isinstance(first[0], Literal):
        return None
    found = _NAMED.match(first[0].text)
    whole = found and (found.end() < len(first[0].text) or len(call.arguments.parts) == 1)
    return found[0] if found and whole else None


# ---- where a construct ends ---------------------------------------------------------------------


@attrs.define
class _Open:
    """A `${` or `$[` whose end has not come; `count`: open brackets of its kind before it.

    `last`: which of the open ones, up to this one, are the last `$[` and the last `${`; -1: none.
    """

    variable: bool
    start: int
    count: int
    last: tuple[int, int]
    parts: list[Part] = attrs.field(factory=list)
    """Of the text around it, up to it."""


@attrs.define
class _Ends:
    """Tells which open constructs a bracket ends.

    A `${` ends at its own `}`, counted without a look at square brackets, and a `$[` at its own
    `]` likewise. So a `}` can end an outer `${` while a `$[` inside it is still open.
    """

    open: list[_Open] = attrs.field(factory=list)
    braces: int = 0
    squares: int = 0

    def push(self, start: int, *, variable: bool, parts: list[Part] | None = None) -> None:
        """Open a construct."""
        count = self.braces if variable else self.squares
        squares, braces = self.open[-1].last if self.open else (-1, -1)
        here = len(self.open)
        last = (squares, here) if variable else (here, braces)
        self.open.append(_Open(variable, start, count, last, [] if parts is None else parts))
        if variable:
            self.braces += 1
        else:
            self.squares += 1

    def step(self, bracket: str) -> int:
        """Count a bare bracket; return how many open constructs, the last ones, it ends."""
        if bracket == "{":
            self.braces += 1
            return 0
        if bracket == "[":
            self.squares += 1
            return 0
        variable = bracket == "}"
        if variable:
            self.braces -= 1
            count = self.braces
        else:
            self.squares -= 1
            count = self.squares
        at = self.open[-1].last[variable] if self.open else -1
        return len(self.open) - at if at >= 0 and count <= self.open[at].count else 0


# ---- parsing ------------------------------------------------------------------------------------


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what to look at: openings and brackets; parentheses and colons.

    First of all comes a whole `${NAME}` or `${NAME:slice}` without anything in it, for speed.
    """
    found = _grammars.terminals("variable")
    marks = ["OPEN_VARIABLE", "OPEN_EXPRESSION", "LBRACE", "RBRACE", "LSQB", "RSQB"]
    some = f"((?:{found['NAME']})?)"
    plain = f"{found['OPEN_VARIABLE']}{some}(?:{found['COLON']}{some})?{found['RBRACE']}"
    return (
        re.compile("|".join((plain, *(found[name] for name in marks)))),
        re.compile("|".join(found[name] for name in ("LPAR", "RPAR", "COLON"))),
    )


@lru_cache(8192)
def parse(text: str, start: int = 0) -> Template:
    """Return a text and its parts; anything is accepted.

    What is nested in a level that Asterisk leaves empty is text: its parts are not told apart.

    Args:
        text: what may hold `${…}` and `$[…]`.
        start: added to every offset, for a text that is part of another.
    """
    span = Span(start, start + len(text))
    if "$" not in text:
        return Template(text, (Literal(text, span),) if text else (), span)
    return _TemplateParser(text, start).parse()


@attrs.define
class _TemplateParser:
    """One pass over a text; what is nested in what is too deep is only text, its ends counted."""

    text: str
    base: int
    faults: list[Fault] = attrs.field(factory=list)
    ends: _Ends = attrs.field(factory=_Ends)
    parts: list[Part] = attrs.field(factory=list)
    """Of the innermost open construct, or of the text."""
    done: int = 0
    """Up to where the text is in `parts`."""

    def parse(self) -> Template:
        """Return the parts of the text: literals, variables, functions, expressions."""
        text, ends = self.text, self.ends
        for mark in _patterns()[0].finditer(text):
            found = mark[0]
            deep = len(ends.open) > DEPTH
            if mark.lastindex:
                if not deep:
                    self.literal(mark.start())
                    self.plain(mark)
            elif len(found) == 2:
                at = mark.start()
                if not deep:
                    self.literal(at)
                ends.push(at, variable=found == "${", parts=self.parts)
                if deep:
                    continue
                self.parts = []
                self.done = at + 2
                if len(ends.open) == DEPTH + 1:
                    self.report("nested-too-deep", at, at + 2, limit=DEPTH)
            elif ends.open:
                closed = ends.step(found)
                for left in range(closed, 0, -1):
                    self.close(mark.start(), closed=left == 1)
        while ends.open:
            self.close(len(text), closed=False)
        self.literal(len(text))
        self.faults.sort(key=lambda one: one.span)
        span = Span(self.base, self.base + len(text))
        return Template(text, tuple(self.parts), span, tuple(self.faults))

    def literal(self, end: int) -> None:
        """Take the text up to `end` as it is."""
        if self.done < end:
            span = Span(self.base + self.done, self.base + end)
            self.parts.append(Literal(self.text[self.done : end], span))
            self.done = end

    def plain(self, mark: re.Match[str]) -> None:
        """Take a variable without anything nested in it."""
        start, end = mark.span()
        base = self.base
        inner = Span(base + start + 2, base + end - 1)
        content = self.text[start + 2 : end - 1]
        template = Template(content, (Literal(content, inner),) if content else (), inner)
        written = mark[2]
        cut = None
        if written is not None:
            behind = Span(base + mark.start(2), base + end - 1)
            parts = (Literal(written, behind),) if written else ()
            cut = self.slice(Template(written, parts, behind))
        if len(self.ends.open) == DEPTH:
            self.report("nested-too-deep", start, start + 2, limit=DEPTH)
        span = Span(base + start, base + end)
        self.parts.append(Variable(mark[0], mark[1], cut, template, span))
        self.done = end

    def close(self, at: int, *, closed: bool) -> None:
        """End the innermost construct before offset `at`, or with the bracket there."""
        one = self.ends.open.pop()
        if len(self.ends.open) > DEPTH:
            return
        self.literal(at)
        base = self.base
        content = Template(
            self.text[one.start + 2 : at],
            tuple(self.parts),
            Span(base + one.start + 2, base + at),
        )
        end = at + closed
        text, span = self.text[one.start : end], Span(base + one.start, base + end)
        self.parts = one.parts
        self.done = end
        if not closed:
            self.report(
                "open-variable" if one.variable else "open-expression", one.start, one.start + 2
            )
        self.parts.append(
            self.reference(text, content, span) if one.variable else Expression(text, content, span)
        )

    def reference(self, text: str, content: Template, span: Span) -> Variable | FunctionCall:
        """Read what stands between the braces."""
        opening, closing, colon = _punctuation(content)
        size = len(content.text)
        end = size if colon < 0 else colon
        cut = self.slice(content.cut(colon + 1, size)) if colon >= 0 else None
        if opening < 0:
            return Variable(text, content.text[:end], cut, content, span)
        name = content.text[:opening]
        inner = content.span.start
        if closing < 0:
            self.report("open-arguments", inner - self.base - 2, inner - self.base + opening + 1,
                     name=name)  # fmt: skip
            closing = end
        elif closing + 1 < end:
            lost = content.text[closing + 1 : end]
            at = inner - self.base + closing + 1
            self.report("lost-text", at, at + len(lost), lost=lost)
        return FunctionCall(text, name, content.cut(opening + 1, closing), cut, content, span)

    def slice(self, template: Template) -> Slice:
        """Return offset and length behind a `:`, and report what Asterisk ignores of them."""
        if not template.is_literal:
            return Slice(template, None, None)
        offset, length, used = read_slice(template.text)
        if used < len(template.text) or not used:
            at = template.span.start - self.base
            lost = template.text[used:]
            self.report("slice-ignored", at + used, at + len(template.text), lost=lost or ":")
        return Slice(template, offset, length)

    def report(self, kind: str, start: int, end: int, **facts: object) -> None:
        self.faults.append(fault(kind, self.base + start, self.base + end, **facts))


def _punctuation(content: Template) -> tuple[int, int, int]:
    """Return the offsets of the first `(`, of the last `)` after it, and of the slice's `:`.

    -1: there is none. A `:` counts where as many `)` as `(` stand before it.
    """
    opening = closing = -1
    depth = 0
    find = _patterns()[1].finditer
    base = content.span.start
    for part in content.parts:
        if not isinstance(part, Literal):
            continue
        for mark in find(part.text):
            char = mark[0]
            if char == "(":
                depth += 1
                if opening < 0:
                    opening = part.span.start - base + mark.start()
            elif char == ")":
                depth -= 1
                if opening >= 0:
                    closing = part.span.start - base + mark.start()
            elif not depth:
                return opening, closing, part.span.start - base + mark.start()
    return opening, closing, -1


_NUMBER = r"[\t-\r ]*([+-][0-9]{1,29}|[0-9]{1,30})"
_OFFSET = re.compile(rf"{_NUMBER}(?::{_NUMBER})?")


class ParsedVariable(NamedTuple):
    """What stands between the braces, read as plain text.

    `arguments` None: a variable. `length` None: to the end.
    """

    name: str
    arguments: str | None
    offset: int
    length: int | None


def parse_variable(text: str) -> ParsedVariable:
    """Read the text between `${` and `}` once nothing nested is left in it."""
    span = Span(0, len(text))
    opening, closing, colon = _punctuation(Template(text, (Literal(text, span),), span))
    end = len(text) if colon < 0 else colon
    offset, length, _ = read_slice(text[colon + 1 :]) if colon >= 0 else (0, None, 0)
    if opening < 0:
        return ParsedVariable(text[:end], None, offset, length)
    arguments = text[opening + 1 : end if closing < 0 else closing]
    return ParsedVariable(text[:opening], arguments, offset, length)


def read_slice(text: str) -> tuple[int, int | None, int]:
    """Return offset, length (None: to the end) and how many characters of `text` were used.

    What cannot be read takes its default: offset 0, no length. Numbers wrap as a C `int` does.

    Source: main/pbx_variables.c, parse_variable_name (`sscanf` with `%30d:%30d`).
    """
    found = _OFFSET.match(text)
    if found is None:
        return 0, None, 0
    length = found[2]
    return _int32(found[1]), None if length is None else _int32(length), found.end()


def _int32(digits: str) -> int:
    number = max(-(2**63), min(int(digits), 2**63 - 1))
    return (number + 2**31) % 2**32 - 2**31


# ---- the tree -----------------------------------------------------------------------------------


@cache
def _lexers() -> dict[bool | None, re.Pattern[str]]:
    """Return what to look for outside any construct (None), inside `${` and inside `$[`."""
    found = _grammars.terminals("variable")

    def any_of(names: str) -> re.Pattern[str]:
        kinds = f"OPEN_VARIABLE OPEN_EXPRESSION {names}".split()
        return re.compile("|".join(f"(?P<{kind}>{found[kind]})" for kind in kinds))

    return {
        None: any_of("TEXT"),
        True: any_of("NAME LBRACE RBRACE LSQB RSQB LPAR RPAR COLON"),
        False: any_of("MATTER LBRACE RBRACE LSQB RSQB"),
    }


def tree(text: str) -> lark.Tree[lark.Token]:
    """Return the LALR tree of a text; joining its tokens gives the text.

    A construct that is never closed ends in an empty `UNCLOSED` token.
    """
    return _grammars.tree_of("variable", "template", _cut(text))


def _cut(text: str) -> Iterator[tuple[str, str, int]]:
    """Yield the tokens of a text: type, text and offset."""
    ends = _Ends()
    at = 0
    while at < len(text):
        found = _lexers()[ends.open[-1].variable if ends.open else None].match(text, at)
        assert found is not None
        kind = found.lastgroup or ""
        if kind.startswith("OPEN_"):
            ends.push(at, variable=kind == "OPEN_VARIABLE")
        elif kind in {"LBRACE", "RBRACE", "LSQB", "RSQB"} and (closed := ends.step(found[0])):
            yield from [("UNCLOSED", "", at)] * (closed - 1)
            kind = "CLOSE_VARIABLE" if kind == "RBRACE" else "CLOSE_EXPRESSION"
            del ends.open[-closed:]
        yield kind, found[0], at
        at = found.end()
    yield from [("UNCLOSED", "", at)] * len(ends.open)
