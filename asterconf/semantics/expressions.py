"""Computes what stands between `$[` and `]`, once it is plain text.

Three kinds of value: a number, which is a result; a `Numeric`, digits as they are written; and
any other text. Quotes belong to a text.

Source: main/ast_expr2.y.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final, TypeAlias

from asterconf.language.expression import Program, program
from asterconf.language.posix import RegexError, TooCostlyError, compile_regex
from asterconf.semantics import extended
from asterconf.semantics.extended import BUILT_IN, Number
from asterconf.semantics.scope import Evaluator, Invocation, NoChannelError, Scope, UnknownError
from asterconf.semantics.texts import bytes_of, scan_int
from asterconf.source import decode


class Numeric(str):
    """Text that counts as a number, kept as it is written."""

    __slots__ = ()


Value: TypeAlias = Number | Numeric | str

MOST: Final = 2147483647
"""What a division by zero gives."""


def compute(evaluator: Evaluator, text: str) -> str:
    """Return the value of an expression.

    Raises:
        UnknownError: it depends on what only a running Asterisk knows.
    """
    scope = evaluator.scope
    found, given = _pasted(text) if "${" in text else (program(text), {})
    if found.stop is not None:
        start, end = found.stop
        seen = repr(text[start:end]) if start < end else "its end"
        kind = {None: "that of what stands before", "": "empty"}.get(found.value, found.value)
        scope.report("expression-syntax", found=seen, value=kind)
    stack: list[Value] = []
    for kind, what, start, end, filled in found.operations:
        if kind == "operand":
            word = given.get(start) or found.text[start:end]
            stack.append(Numeric(word) if what == "number" else word)
        elif kind == "binary":
            right = stack.pop()
            stack.append(_BINARY[what](scope, stack.pop(), right))
        elif kind == "unary":
            stack.append(_UNARY[what](scope, stack.pop()))
        elif kind == "choice":
            otherwise, then = stack.pop(), stack.pop()
            stack.append(then if _holds(stack.pop()) else otherwise)
        elif kind == "call":
            count = sum(filled)
            values = stack[len(stack) - count :]
            del stack[len(stack) - count :]
            arguments = [values.pop(0) if there else "" for there in filled]
            stack.append(_call(evaluator, what, arguments))
    return found.value if found.value is not None else _shown(stack[-1])


def _shown(value: Value) -> str:
    return str(value) if isinstance(value, str) else extended.shown(value)


_LEADING = re.compile(r"[0-9]*(?:\.[0-9]*)?")


def _number(value: Value) -> Number | None:
    """Return the number that a value stands for; None: it is text."""
    if not isinstance(value, str):
        return value
    if not isinstance(value, Numeric):
        return None
    found = _LEADING.match(value)
    digits = found[0] if found else ""
    return extended.number(f"0{digits}0" if "." in digits else digits or "0")


def _numeric(text: str) -> Value:
    """Return a made-up text: digits and points count as a number."""
    return Numeric(text) if not text.strip("0123456789.") else text


def _is_text(value: Value) -> bool:
    return isinstance(value, str) and not isinstance(value, Numeric)


# ---- operators ----------------------------------------------------------------------------------


def _plus(scope: Scope, a: Value, b: Value) -> Value:
    x, y = _number(a), _number(b)
    if x is None:
        scope.report("operand-not-number", operator="+", text=_shown(a))
        return 0 if y is None else y
    return x if y is None else extended.add(x, y)


def _minus(scope: Scope, a: Value, b: Value) -> Value:
    x, y = _number(a), _number(b)
    if x is None or y is None:
        scope.report("operand-not-number", operator="-", text=_shown(a if x is None else b))
    if y is None:
        return 0 if x is None else x
    return extended.add(0 if x is None else x, extended.negate(y))


def _times(scope: Scope, a: Value, b: Value) -> Value:
    x, y = _number(a), _number(b)
    if x is None or y is None:
        scope.report("operand-not-number", operator="*", text=_shown(a if x is None else b))
        return 0
    return extended.multiply(x, y)


def _divide(scope: Scope, a: Value, b: Value) -> Value:
    x, y = _number(a), _number(b)
    if x is None or y is None:
        scope.report("operand-not-number", operator="/", text=_shown(a if x is None else b))
        return 0 if x is None else MOST
    if not y:
        scope.report("division-by-zero", operator="/", value=MOST)
        return MOST
    return extended.divide(x, y)


def _modulo(scope: Scope, a: Value, b: Value) -> Value:
    x, y = _number(a), _number(b)
    if x is None or y is None:
        scope.report("operand-not-number", operator="%", text=_shown(a if x is None else b))
        return 0
    if not y:
        scope.report("division-by-zero", operator="%", value=0)
        return y
    return extended.modulo(x, y)


def _comparison(holds: Callable[[object, object], bool]) -> Callable[[Scope, Value, Value], Value]:
    def of(_scope: Scope, a: Value, b: Value) -> Value:
        if _is_text(a) or _is_text(b):
            return int(holds(bytes_of(_shown(a)), bytes_of(_shown(b))))
        return int(holds(_number(a), _number(b)))

    return of


def _tested(value: Value) -> tuple[Value, bool]:
    """Return a value as a test for zero leaves it, and whether it is null or zero."""
    if value == "" and isinstance(value, str):
        return value, True
    number = _number(value)
    return (value, False) if number is None else (number, not number)


def _either(_scope: Scope, a: Value, b: Value) -> Value:
    value, zero = _tested(a)
    return b if zero else value


def _both(_scope: Scope, a: Value, b: Value) -> Value:
    value, zero = _tested(a)
    return 0 if zero or _tested(b)[1] else value


def _holds(value: Value) -> bool:
    """Return whether the condition of a choice holds."""
    if _is_text(value):
        return value not in {"", '""', "0"}
    return bool(_number(value))


def _not(_scope: Scope, a: Value) -> Value:
    if not isinstance(a, str):
        return int(not a)
    found = scan_int(a)
    return int(not (found and found[0]))


def _negative(scope: Scope, a: Value) -> Value:
    x = _number(a)
    if x is None:
        scope.report("operand-not-number", operator="-", text=_shown(a))
        return 0
    return extended.negate(x)


def _unquoted(value: Value) -> str:
    text = _shown(value)
    if text[:1] == '"' and text[-1:] == '"':
        return text.replace('"', "")
    return text


def _concatenation(_scope: Scope, a: Value, b: Value) -> Value:
    return _numeric(_unquoted(a) + _unquoted(b))


def _matching(*, at_start: bool) -> Callable[[Scope, Value, Value], Value]:
    def of(scope: Scope, a: Value, b: Value) -> Value:
        """Match the text of one value with the expression that the other is."""
        pattern = _unquoted(b)
        try:
            found = compile_regex(bytes_of(pattern))
            match = found.search(bytes_of(_unquoted(a)), at_start=at_start)
        except RegexError as error:
            scope.report("bad-regex", pattern=pattern, why=error)
            return ""
        except TooCostlyError as error:
            raise UnknownError(f"the regular expression {pattern!r}: {error}") from None
        if match is None:
            return "" if found.groups else 0
        if match.group is not None:
            return _numeric(decode(match.group))
        return match.end - match.start

    return of


_BINARY: Mapping[str, Callable[[Scope, Value, Value], Value]] = {
    "+": _plus,
    "-": _minus,
    "*": _times,
    "/": _divide,
    "%": _modulo,
    "=": _comparison(lambda a, b: a == b),
    "!=": _comparison(lambda a, b: a != b),
    "<": _comparison(lambda a, b: a < b),  # type: ignore[operator]
    "<=": _comparison(lambda a, b: a <= b),  # type: ignore[operator]
    ">": _comparison(lambda a, b: a > b),  # type: ignore[operator]
    ">=": _comparison(lambda a, b: a >= b),  # type: ignore[operator]
    "|": _either,
    "&": _both,
    ":": _matching(at_start=True),
    "=~": _matching(at_start=False),
    "~~": _concatenation,
}
_UNARY: Mapping[str, Callable[[Scope, Value], Value]] = {"-": _negative, "!": _not}

# ---- functions ----------------------------------------------------------------------------------

_NAME = re.compile(r"[A-Z0-9_]+\Z")
_RESULT = re.compile(r"[0-9 .-]*\Z")
_KEEP_ARGUMENT: Final = frozenset(["CUT", "MATH"])
"""Functions that, when they refuse, leave the computed argument that was written out last."""
_SIGNED = re.compile(r" *(-?[0-9]*(?:\.[0-9]*)?)")


def _call(evaluator: Evaluator, name: str, arguments: list[Value]) -> Value:
    """Return what a function inside an expression gives.

    Source: main/ast_expr2.y, op_func.
    """
    scope = evaluator.scope
    if not _NAME.match(name):
        scope.report("not-a-function", name=name)
        return 0
    if name in BUILT_IN:
        count, built_in = BUILT_IN[name]
        if len(arguments) != count:
            scope.report("argument-count", name=name, count=count)
            return 0
        numbers = [_number(value) for value in arguments]
        if None in numbers:
            raise UnknownError(f"{name} of text that is no number has no defined value")
        return built_in(*numbers)
    function = evaluator.function(name)
    if function is None:
        scope.report("function-missing", name=name)
        return 0
    if function.read is None or not function.classic:
        scope.report("not-in-expressions", name=name)
        return 0
    try:
        text = function.read(Invocation(evaluator, name, ",".join(map(_shown, arguments))))
    except NoChannelError:
        scope.report("no-channel", name=name)
        return 0
    if not text and name in _KEEP_ARGUMENT:
        computed = [value for value in arguments if not isinstance(value, str)]
        if not computed:
            raise UnknownError(f"{name} gives nothing here, so Asterisk uses an undefined value")
        return computed[-1]
    if not text:
        return 0
    if _RESULT.match(text):
        found = _SIGNED.match(text)
        digits = found[1] if found else ""
        size = _number(Numeric(digits.lstrip("-"))) or 0
        return extended.negate(size) if digits.startswith("-") else size
    return text


# ---- values that contain ${…} -------------------------------------------------------------------

_STOPS = "-\t\r\n $():?%/+=*<>!|"
_WORD = r'(?:[^\x00-\x20\x7f!"$%&()*+,\-/:<=>?\[\]`{|}~]|\$[^{])'
_BEFORE = re.compile(rf'{_WORD}*\$\{{|{_WORD}+|"[^"]*"|(?s:.)')


@lru_cache(256)
def _pasted(text: str) -> tuple[Program, dict[int, str]]:
    """Read an expression into which a value has brought a `${`: it is a word up to its `}`.

    Returns the program of a text of the same length with such words made plain, and those
    operands whose text differs, by their start. What a word takes along after the `}`, and that
    one without a `}` hides the rest, is as Asterisk's scanner does it.

    Source: main/ast_expr2.fl, the states var and trail.
    """
    plain: list[str] = []
    words: dict[int, str] = {}
    at = 0
    while at < len(text):
        found = _BEFORE.match(text, at)
        assert found is not None
        if not found[0].endswith("${"):
            plain.append(found[0])
            at = found.end()
            continue
        start, end = at, found.end()
        while True:
            depth = 0
            while end < len(text) and not (text[end] == "}" and not depth):
                depth += {"{": 1, "}": -1}.get(text[end], 0)
                end += 1
            if end == len(text):
                return program("".join(plain)), words
            tail = end = end + 1
            while end < len(text) and text[end] not in _STOPS:
                end += 1
            if not text.startswith("${", end):
                break
            end += 2
        words[start] = text[start:] if end == tail else text[start:end]
        plain.append("\u00a4" * (end - start))
        at = end
    return program("".join(plain)), words
