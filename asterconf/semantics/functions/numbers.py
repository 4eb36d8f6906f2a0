"""Functions over numbers.

Source: funcs/func_math.c, funcs/func_rand.c.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping

from asterconf.semantics.functions._scan import int32, scan_float, scan_int, special, to_int
from asterconf.semantics.scope import Call, Function, UnknownError
from asterconf.semantics.texts import text_from

__all__ = ["TABLE"]

# ---- MATH ---------------------------------------------------------------------------------------

_ORDER = ("*", "/", "%", "^", "AND", "XOR", "OR", ">", "<", "=", "+", "-")
"""Which operator is looked for first, wherever it stands."""


def _operation(text: str) -> tuple[str, str, str] | None:
    """Return the left side, the operator and the right side."""
    for mark in _ORDER:
        at = text.find(mark, 0 if mark == "=" else 1)
        if at < 0:
            continue
        longer = text[at : at + 2]
        word = longer if longer in {">=", ">>", "<=", "<<", "=="} else mark
        if word != "=":
            return text[:at], word, text[at + len(word) :]
    return None


def _modulo(x: float, y: float) -> float:
    a, b = to_int(x), to_int(y)
    return math.fmod(a, b) if b else 0.0


def _power(x: float, y: float) -> float:
    try:
        return math.pow(x, y)
    except OverflowError:
        return -math.inf if x < 0 and math.fmod(y, 2) else math.inf
    except ValueError:
        return math.inf if x == 0 else -math.nan


def _shifted(x: float, y: float, *, left: bool) -> float:
    a, b = to_int(x), to_int(y) & 31
    return float(int32(a << b) if left else a >> b)


_RESULTS: Mapping[str, Callable[[float, float], float | bool]] = {
    "*": lambda x, y: x * y,
    "/": lambda x, y: x / y if y > 0 else 0.0,
    "%": _modulo,
    "^": _power,
    "AND": lambda x, y: float(to_int(x) & to_int(y)),
    "XOR": lambda x, y: float(to_int(x) ^ to_int(y)),
    "OR": lambda x, y: float(to_int(x) | to_int(y)),
    ">": lambda x, y: x > y,
    ">=": lambda x, y: x >= y,
    ">>": lambda x, y: _shifted(x, y, left=False),
    "<": lambda x, y: x < y,
    "<=": lambda x, y: x <= y,
    "<<": lambda x, y: _shifted(x, y, left=True),
    "==": lambda x, y: x == y,
    "+": lambda x, y: x + y,
    "-": lambda x, y: x - y,
}


def _fixed(x: float) -> str:
    """Return a number as `%f` prints it."""
    return f"{x:f}" if math.isfinite(x) else special(x)


def _hex(x: float) -> str:
    fits = math.isfinite(x) and abs(x) < 2**63
    return f"{(math.trunc(x) if fits else 0) % 2**32:x}"


def _character(x: float) -> str:
    return text_from(bytes([to_int(x) % 256]).rstrip(b"\0"))


_TYPES: Mapping[str, Callable[[float], str]] = {
    "float": _fixed, "f": _fixed,
    "int": lambda x: str(to_int(x)), "i": lambda x: str(to_int(x)),
    "hex": _hex, "h": _hex,
    "char": _character, "c": _character,
}  # fmt: skip


def _math(call: Call) -> str:
    """Carry out one operation."""
    text, kind = call.split(2)
    if not call.arguments:
        return call.refuse("it needs an operation")
    found = _operation(text)
    shown = _TYPES.get(kind.lower() if call.given(2) > 1 else "f")
    if shown is None:
        return call.refuse(f"{kind!r} is no type: f, i, h and c are")
    if found is None:
        return call.refuse(f"{text!r} is no operation on two numbers")
    left, word, right = found
    x, y = scan_float(left), scan_float(right)
    for number, side in ((x, left), (y, right)):
        if number is None:
            return call.refuse(f"{side!r} is no number")
    assert x is not None
    assert y is not None
    result = _RESULTS[word](x[0], y[0])
    if isinstance(result, bool):
        return "TRUE" if result else "FALSE"
    return shown(result)


# ---- counting, comparing ------------------------------------------------------------------------

_INTEGER = re.compile(r"[\t-\r ]*[+-]?[0-9]+\Z")


def _step(call: Call, by: int) -> str:
    """Change a variable by one."""
    name = call.arguments
    if not name:
        return call.refuse("it needs a variable's name")
    call.needs_channel()
    value = call.scope.read(name)
    number = scan_int(value) if _INTEGER.match(value) else None
    if number is None:
        return call.refuse(f"{name} holds {value!r}, no number")
    result = str(int32(number[0] + by))
    call.scope.set(name, result)
    return result


def _increase(call: Call) -> str:
    return _step(call, 1)


def _decrease(call: Call) -> str:
    return _step(call, -1)


def _whole_or_fixed(x: float) -> str:
    return str(int(x)) if to_int(x) == x else _fixed(x)


def _of_numbers(count: int, choose: Callable[..., float]) -> Callable[[Call], str]:
    def read(call: Call) -> str:
        numbers = [scan_float(text) for text in call.split(count) if text]
        values = [number[0] for number in numbers if number is not None]
        if not values or len(values) < len(numbers):
            return call.refuse("it needs numbers")
        return _whole_or_fixed(choose(*values) if len(values) == count else values[0])

    return read


def _random(call: Call) -> str:
    """Give a number between two others: known only if they are the same."""
    low, high = call.split(2)
    first, last = scan_int(low), scan_int(high)
    if first is not None and last is not None and first[0] == last[0]:
        return str(first[0])
    raise UnknownError("RAND gives a random number")


def _digit_sum(call: Call) -> str:
    if not call.arguments:
        return call.refuse("it needs a number")
    return str(sum(int(char) for char in call.arguments if char in "0123456789"))


TABLE: Mapping[str, Function] = {
    "MATH": Function(_math),
    "INC": Function(_increase, changes=True),
    "DEC": Function(_decrease, changes=True),
    "MIN": Function(_of_numbers(2, min)),
    "MAX": Function(_of_numbers(2, max)),
    "ABS": Function(_of_numbers(1, abs)),
    "RAND": Function(_random),
    "DIGIT_SUM": Function(_digit_sum),
}
