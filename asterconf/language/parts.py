"""The values that `template.parse` gives: a text and its parts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, TypeAlias

import attrs

from asterconf.language.faults import Fault, Span

if TYPE_CHECKING:
    from lark import ParseTree

    from asterconf.diagnostic import Diagnostic
    from asterconf.language.expression import Parsed
    from asterconf.source import Position

__all__ = [
    "MASK",
    "Expression",
    "FunctionCall",
    "Literal",
    "NameUse",
    "Part",
    "Slice",
    "Template",
    "Variable",
    "argument_name",
]

MASK: Final = "\u00a4"
"""Stands for every character of a `${…}` where a grammar takes it for a word."""

_span = attrs.field(eq=False, repr=False)


@attrs.frozen
class Literal:
    """Text that stays as it is."""

    text: str
    span: Span = _span


@attrs.frozen
class Slice:
    """The `:offset:length` of a variable or function.

    `template` is the text behind the first `:`. `length` None: to the end. Both numbers are None
    while the text holds a variable: then only its value tells.
    """

    template: Template
    offset: int | None
    length: int | None

    def __str__(self) -> str:
        return f":{self.template.text}"


@attrs.frozen
class Variable:
    """`${NAME}` or `${NAME:offset:length}`; blanks belong to the name.

    `name` is as written; when it holds a `$`, as in `${ITEM_${N}}`, only a value tells what it
    means. `content` is all that stands between the braces, its nested parts with it.
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
    def parsed(self) -> Parsed:
        """The expression taken apart, each nested `${…}` standing for a word."""
        from asterconf.language.expression import read

        return read(self.content)


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

_NAMED = re.compile(r"[^,=$(){}\[\]:]+")


@attrs.frozen
class Template:
    """A text and its parts, in order; `str` gives the exact text.

    >>> from asterconf.language.template import parse
    >>> template = parse("PJSIP/+1${EXTEN:1}@${TRUNK}")
    >>> [variable.name for variable in template.variables()]
    ['EXTEN', 'TRUNK']

    `span` and the spans of all parts count from the start of the outermost text.
    """

    text: str
    parts: tuple[Part, ...] = attrs.field(eq=False, repr=False)
    span: Span = _span
    faults: tuple[Fault, ...] = attrs.field(default=(), eq=False, repr=False)
    """What is odd, nested parts included; the parts of a parsed text leave this to the whole."""

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

    def diagnostics(self, position: Position | None = None) -> tuple[Diagnostic, ...]:
        """Return what is odd; `position`: where the text starts in its file."""
        return tuple(found.at(position) for found in self.faults)

    def tree(self) -> ParseTree:
        """Return the lark tree; joining its tokens gives the text."""
        from asterconf.language.template import tree

        return tree(self.text)


def argument_name(call: FunctionCall) -> str | None:
    """Return the variable that the first argument of a function names; None: a value tells."""
    first = call.arguments.parts[:1]
    if not first or not isinstance(first[0], Literal):
        return None
    found = _NAMED.match(first[0].text)
    whole = found and (found.end() < len(first[0].text) or len(call.arguments.parts) == 1)
    return found[0] if found and whole else None
