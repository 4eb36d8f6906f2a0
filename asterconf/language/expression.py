"""What stands between `$[` and `]`: operators, operands, functions.

`grammars/expression.lark` is the definition. `program` is the fast reading: it cuts the text with
the grammar's own terminals and puts the operations into the order in which Asterisk carries them
out. `tree` is the LALR one.

Source: main/ast_expr2.fl and main/ast_expr2.y.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Final, NamedTuple, Protocol, TypeAlias

import attrs

from asterconf import _grammars
from asterconf._grammars import lark
from asterconf.language.faults import MASK, Fault, ParsedText, Span, fault

__all__ = [
    "Binary",
    "Choice",
    "ExpressionCall",
    "MaskedText",
    "Node",
    "Operand",
    "Operation",
    "Parenthesized",
    "ParsedExpression",
    "Program",
    "Unary",
    "program",
    "read",
    "tree",
]

_span = attrs.field(eq=False, repr=False)


class MaskedText(Protocol):
    """A text with `${…}` in it, such as a `Template`."""

    @property
    def text(self) -> str:
        """The exact text."""
        ...

    @property
    def span(self) -> Span:
        """Where it stands in the outermost text."""
        ...

    def masked(self) -> str:
        """Return the text with each `${…}` replaced by a word of `MASK`, of the same length."""
        ...


@attrs.frozen
class Operand:
    """A number, a word or a quoted string, the quotes included.

    `kind` is `number`, `word` or `string` as it is written. When `text` holds a `${…}`, its value
    is pasted in before the expression is read and may be anything, operators included.
    """

    kind: str
    text: str
    span: Span = _span


@attrs.frozen
class Unary:
    """`-x` or `!x`."""

    operator: str
    operand: Node
    span: Span = _span


@attrs.frozen
class Binary:
    """Two operands and what stands between them, such as `+`, `=`, `&` or `=~`."""

    operator: str
    left: Node
    right: Node
    span: Span = _span


@attrs.frozen
class Choice:
    """`condition ? then :: otherwise`. All three are computed."""

    condition: Node
    then: Node
    otherwise: Node
    span: Span = _span


@attrs.frozen
class ExpressionCall:
    """`NAME(a,b)`; an argument left empty is None."""

    name: str
    arguments: tuple[Node | None, ...]
    span: Span = _span


@attrs.frozen
class Parenthesized:
    """`(x)`."""

    inner: Node
    span: Span = _span


Node: TypeAlias = Operand | Unary | Binary | Choice | ExpressionCall | Parenthesized


class Operation(NamedTuple):
    """One step of a stack machine.

    `kind` is `operand`, `unary`, `binary`, `choice`, `call` or `group`. `what` is the operand's
    kind, the operator, or the function's name. `filled` tells for each argument of a call whether
    there is one.
    """

    kind: str
    what: str
    start: int
    end: int
    filled: tuple[bool, ...] = ()


@attrs.frozen
class Program:
    """An expression as operations, in the order in which Asterisk carries them out.

    `value` is None where the whole text can be read, or as much of it as gives the value: then
    the last operation leaves it. Otherwise it is the value itself, empty or `0`; the operations
    before the fault are carried out all the same.
    `stop` is where the text cannot be read further; None: all was read.
    """

    text: str
    operations: tuple[Operation, ...] = attrs.field(repr=False)
    value: str | None = None
    stop: Span | None = None
    skipped: tuple[Span, ...] = attrs.field(default=(), repr=False)
    """What Asterisk passes over, white space excepted."""


@attrs.frozen
class ParsedExpression(ParsedText):
    """An expression as a tree of nodes.

    `root` is what gives the value; None where there is none, or where the text cannot be read far
    enough.
    """

    text: str
    root: Node | None
    span: Span = _span
    faults: tuple[Fault, ...] = attrs.field(default=(), eq=False, repr=False)


# ---- the program --------------------------------------------------------------------------------

_BINARY: Final = {
    "OR": 3, "AND": 4, "COMPARE": 5, "PLUS": 6, "MINUS": 6, "TIMES": 7, "DIVIDE": 7, "MODULO": 7,
    "MATCH": 9,
}  # fmt: skip
"""How tight the operators bind; a choice is 2, a sign 8."""
_SAME: Final = {"||": "|", "&&": "&", "==": "="}
_OPERANDS: Final = {"NUMBER": "number", "WORD": "word", "STRING": "string"}
_CHOICE, _SIGN = 2, 8
_JUNK = re.compile(r"[^ \t\r\n]+")


@cache
def _tokens() -> re.Pattern[str]:
    """Return the grammar's terminals as one pattern; the name of the group is the terminal's."""
    found = _grammars.terminals("expression")
    order = sorted(found, key=lambda name: name not in _OPERANDS)
    return re.compile("|".join(f"(?P<{name}>{found[name]})" for name in order))


class _StopError(Exception):
    """The text cannot be read further."""


class _Waiting(NamedTuple):
    """What waits for its right side: `level` of an operator, 0 of `(`, `?` and a function."""

    level: int
    what: str
    start: int
    end: int


@lru_cache(8192)
def program(text: str) -> Program:
    """Put an expression's operations into order; anything is accepted."""
    return _ProgramReader(text).read()


@attrs.define
class _ProgramReader:
    """Operator precedence with an explicit stack, so that no nesting is too deep for it."""

    text: str
    done: list[Operation] = attrs.field(factory=list)
    waiting: list[_Waiting] = attrs.field(factory=list)
    arguments: list[list[bool]] = attrs.field(factory=list)
    wants: bool = True
    """An operand must come next."""
    callable: bool = False
    """The last token was an operand, so that a `(` makes it a function's name."""

    def read(self) -> Program:
        """Return the expression as operations, in the order in which they are worked out."""
        text = self.text
        skipped: list[Span] = []
        first = True
        stop: Span | None = None
        try:
            for mark in _tokens().finditer(text):
                kind = mark.lastgroup or ""
                stop = Span(*mark.span())
                if kind == "GAP":
                    skipped += (
                        Span(mark.start() + junk.start(), mark.start() + junk.end())
                        for junk in _JUNK.finditer(mark[0])
                    )
                    continue
                (self.operand if self.wants else self.operator)(kind, mark[0], *stop)
                first = False
            stop = Span(len(text), len(text))
            if not first and self.wants:
                raise _StopError
            self.reduce(0)
            if self.waiting:
                raise _StopError
        except _StopError:
            if not self.wants:
                self.reduce(0)
            whole = not self.wants and not self.waiting
            value = None if whole else "" if first else "0"
            return Program(text, tuple(self.done), value, stop, tuple(skipped))
        return Program(text, tuple(self.done), "" if first else None, None, tuple(skipped))

    def reduce(self, level: int) -> None:
        """Carry out what binds at least as tight, down to an open bracket or `?`."""
        waiting = self.waiting
        while waiting and waiting[-1].level >= max(level, 1):
            one = waiting.pop()
            kind = {_CHOICE: "choice", _SIGN: "unary"}.get(one.level, "binary")
            self.done.append(Operation(kind, one.what, one.start, one.end))

    def operand(self, kind: str, text: str, start: int, end: int) -> None:
        """Take a token where an operand must come."""
        if kind in _OPERANDS:
            self.done.append(Operation("operand", _OPERANDS[kind], start, end))
            self.wants, self.callable = False, True
        elif kind == "LPAR":
            self.waiting.append(_Waiting(0, "(", start, end))
        elif kind in {"MINUS", "NOT"}:
            self.waiting.append(_Waiting(_SIGN, text, start, end))
        elif kind in {"COMMA", "RPAR"} and self.after_comma():
            self.argument(kind, end, filled=False)
        else:
            raise _StopError

    def operator(self, kind: str, text: str, start: int, end: int) -> None:
        """Take a token where an operator may come."""
        callable_, self.callable = self.callable, False
        level = _BINARY.get(kind)
        if level:
            self.reduce(level)
            self.waiting.append(_Waiting(level, _SAME.get(text, text), start, end))
            self.wants = True
        elif kind == "QUESTION":
            self.reduce(_CHOICE)
            self.waiting.append(_Waiting(0, "?", start, end))
            self.wants = True
        elif kind == "LPAR" and callable_:
            name = self.done.pop()
            self.waiting.append(_Waiting(0, "f", name.start, name.end))
            self.arguments.append([])
            self.wants = True
        elif kind in {"COLONS", "RPAR", "COMMA"}:
            self.reduce(0)
            opened = self.waiting[-1].what if self.waiting else ""
            if kind == "COLONS" and opened == "?":
                one = self.waiting.pop()
                self.waiting.append(_Waiting(_CHOICE, "?", one.start, end))
                self.wants = True
            elif kind == "RPAR" and opened == "(":
                self.done.append(Operation("group", "(", self.waiting.pop().start, end))
            elif kind != "COLONS" and opened == "f":
                self.argument(kind, end, filled=True)
            else:
                raise _StopError
        else:
            raise _StopError

    def after_comma(self) -> bool:
        return bool(self.waiting) and self.waiting[-1].what == "f" and bool(self.arguments[-1])

    def argument(self, kind: str, end: int, *, filled: bool) -> None:
        """End an argument of the innermost function, and with `)` the function."""
        self.arguments[-1].append(filled)
        self.wants = kind == "COMMA"
        if kind == "RPAR":
            one = self.waiting.pop()
            name = self.text[one.start : one.end]
            given = tuple(self.arguments.pop())
            self.done.append(Operation("call", name, one.start, end, given))


# ---- the typed value ----------------------------------------------------------------------------


def read(content: MaskedText) -> ParsedExpression:
    """Parse what stands between `$[` and `]`; spans are those of the outermost text."""
    return _read(content.text, content.span.start, program(content.masked()))


@lru_cache(4096)
def _read(text: str, base: int, found: Program) -> ParsedExpression:
    def node(operation: Operation, stack: list[Node]) -> Node:
        """Return the node of an operation; its operands are taken off the stack."""
        kind, what, start, end, filled = operation
        if kind == "operand":
            return Operand(what, text[start:end], Span(base + start, base + end))
        if kind == "call":
            count = sum(filled)
            given = iter(stack[len(stack) - count :])
            del stack[len(stack) - count :]
            span = Span(base + start, base + end)
            arguments = tuple(next(given) if there else None for there in filled)
            return ExpressionCall(text[start : start + len(what)], arguments, span)
        last = stack.pop()
        if kind == "group":
            return Parenthesized(last, Span(base + start, base + end))
        if kind == "unary":
            return Unary(what, last, Span(base + start, last.span.end))
        before = stack.pop()
        if kind == "binary":
            return Binary(what, before, last, Span(before.span.start, last.span.end))
        condition = stack.pop()
        return Choice(condition, before, last, Span(condition.span.start, last.span.end))

    stack: list[Node] = []
    for operation in found.operations:
        stack.append(node(operation, stack))
    faults = []
    if found.skipped:
        texts = " and ".join(dict.fromkeys(repr(text[a:b]) for a, b in found.skipped))
        start, end = found.skipped[0].start, found.skipped[-1].end
        faults.append(fault("text-passed-over", base + start, base + end, text=texts))
    if found.stop is not None:
        start, end = found.stop
        seen = repr(text[start:end]) if start < end else "its end"
        value = {None: "that of what stands before", "": "empty"}.get(found.value, found.value)
        before = found.text[:start].rstrip(" \t\r\n")
        open_ = MASK in found.text[start:end] or before.endswith(MASK)
        kind = "expression-depends-on-value" if open_ else "expression-syntax"
        faults.append(fault(kind, base + start, base + end, found=seen, value=value))
        faults.sort(key=lambda one: one.span)
    root = stack[-1] if found.value is None and stack else None
    return ParsedExpression(text, root, Span(base, base + len(text)), tuple(faults))


# ---- the tree -----------------------------------------------------------------------------------


def tree(content: MaskedText) -> lark.Tree[lark.Token]:
    """Return the LALR tree of an expression's text; joining its tokens gives the text.

    What cannot be read to its end is under `unreadable`, token by token.
    """
    text = content.text
    tokens = [
        (mark.lastgroup or "", text[mark.start() : mark.end()], mark.start())
        for mark in _tokens().finditer(content.masked())
    ]
    try:
        return _grammars.tree_of("expression", "expression", tokens)
    except lark.UnexpectedInput:
        return _grammars.tree_of("expression", "unreadable", tokens)
