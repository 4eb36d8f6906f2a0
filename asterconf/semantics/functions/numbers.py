"""Functions over numbers.

Source: funcs/func_math.c, funcs/func_rand.c, funcs/func_sprintf.c.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping

from asterconf.language import args
from asterconf.language.exten import int32
from asterconf.semantics.scope import Function, Invocation, UnknownError
from asterconf.semantics.texts import (
    bytes_of,
    scan_float,
    scan_int,
    special,
    to_int,
)
from asterconf.source import decode

# ---- MATH ---------------------------------------------------------------------------------------

_ORDER = ("*", "/", "%", "^", "AND", "XOR", "OR", ">", "<", "=", "+", "-")
"""Which operator is looked for first, wherever it stands."""


def _operation(text: str) -> tuple[str, str, str] | None:
    """Return the left side, the operator and the right side."""
    mark = next((mark for mark in _ORDER if mark in text), "=")
    left, _, right = text.partition(mark)
    longer = mark + right[:1]
    if longer in {">=", ">>", "<=", "<<", "=="}:
        return left, longer, right[1:]
    return (left, mark, right) if mark != "=" else None


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
    return decode(bytes([to_int(x) % 256]).rstrip(b"\0"))


_TYPES: Mapping[str, Callable[[float], str]] = {
    "float": _fixed, "f": _fixed,
    "int": lambda x: str(to_int(x)), "i": lambda x: str(to_int(x)),
    "hex": _hex, "h": _hex,
    "char": _character, "c": _character,
}  # fmt: skip


def _math(call: Invocation) -> str:
    """Carry out one operation."""
    text, kind = call.split(2)
    if not call.arguments:
        return call.refuse("it needs an operation")
    found = _operation(text.removeprefix("-"))
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
    result = _RESULTS[word](0 - x[0] if text.startswith("-") else x[0], y[0])
    if isinstance(result, bool):
        return "TRUE" if result else "FALSE"
    return shown(result)


# ---- counting, comparing ------------------------------------------------------------------------

_INTEGER = re.compile(r"[\t-\r ]*[+-]?[0-9]+\Z")


def _step(call: Invocation, by: int) -> str:
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


def _whole_or_fixed(x: float) -> str:
    return str(int(x)) if to_int(x) == x else _fixed(x)


def _of_numbers(count: int, choose: Callable[..., float]) -> Callable[[Invocation], str]:
    def read(call: Invocation) -> str:
        numbers = [scan_float(text) for text in call.split(count) if text]
        values = [number[0] for number in numbers if number is not None]
        if not values or len(values) < len(numbers):
            return call.refuse("it needs numbers")
        return _whole_or_fixed(choose(*values) if len(values) == count else values[0])

    return read


def _random(call: Invocation) -> str:
    """Give a number between two others: known only if they are the same."""
    low, high = call.split(2)
    first, last = scan_int(low), scan_int(high)
    if first is not None and last is not None and first[0] == last[0]:
        return str(first[0])
    raise UnknownError("RAND gives a random number")


def _digit_sum(call: Invocation) -> str:
    if not call.arguments:
        return call.refuse("it needs a number")
    return str(sum(int(char) for char in call.arguments if char in "0123456789"))


# ---- SPRINTF ------------------------------------------------------------------------------------

_CONVERSION = re.compile(
    r"%(?P<flags>[-#0 +'I]*)(?P<width>[0-9]*)(?:\.(?P<precision>[0-9]*))?(?P<size>hh?|ll?|[Lqjzt])?"
    r"(?P<kind>.?)",
    re.DOTALL,
)
_UNDEFINED: Mapping[str, frozenset[str]] = {
    "s": frozenset(["l", "ll", "L", "q", "j", "z", "t"]),
    **dict.fromkeys("eEfFgGaA", frozenset(["ll", "L", "q"])),
}
"""Sizes that make C read an argument as more than Asterisk passes."""
_MANY = 1000
_WIDEST = 4095


def _formatted(call: Invocation) -> str:
    """Fill arguments into a format, as C does."""
    given = list(args.split(call.arguments, limit=_MANY))
    if not given:
        raise UnknownError("SPRINTF without arguments crashes Asterisk")
    text, arguments = given[0], given[1:]
    pieces: list[bytes] = []
    at = 0
    for found in _CONVERSION.finditer(text):
        pieces.append(bytes_of(text[at : found.start()]))
        at = found.end()
        kind = found["kind"]
        if not kind:
            continue
        if kind == "%":
            pieces.append(b"%")
            continue
        if kind not in "diouxXceEfFgGaAs":
            return call.refuse(f"{found[0]!r} is no format")
        if not arguments and kind != "s":
            return call.refuse(f"there is no argument for {found[0]!r}")
        argument = arguments.pop(0) if arguments else "(null)"
        flags = found["flags"]
        precision = None if found["precision"] is None else int(found["precision"][-4:] or "0")
        if found["size"] in _UNDEFINED.get(kind, ()):
            raise UnknownError(f"{found[0]!r} reads what was never written")
        if kind == "s":
            body = bytes_of(argument)
            zeros, sign, digits = False, b"", body if precision is None else body[:precision]
        elif kind in "diouxXc":
            whole = scan_int(argument)
            if whole is None:
                return call.refuse(f"{argument!r} is no whole number")
            number = _sized(found["size"], kind, whole[0])
            zeros, sign, digits = _whole(flags, precision, kind, number)
        else:
            real = scan_float(argument)
            if real is None:
                return call.refuse(f"{argument!r} is no number")
            zeros, sign, digits = _floating(flags, precision, kind, real[0])
        width = min(int(found["width"][-9:] or "0"), _WIDEST)
        pieces.append(_padded(flags, width, sign, digits, zeros=zeros))
    pieces.append(bytes_of(text[at:]))
    return decode(b"".join(pieces).replace(b"\0", b""))


def _sized(size: str | None, kind: str, number: int) -> int:
    """Return what is written of an argument, an `int`, in a format for one of another size."""
    if size is None:
        return number
    if kind == "c":
        if size[0] != "h" and not 0 <= number < 128:
            raise UnknownError("a wide character depends on the locale")
        return number
    if size[0] != "h":
        return number % 2**32
    half = 0x8000 if size == "h" else 0x80
    return (number + half) % (2 * half) - half if kind in "di" else number % (2 * half)


def _padded(flags: str, width: int, sign: bytes, digits: bytes, *, zeros: bool) -> bytes:
    if "-" in flags:
        return (sign + digits).ljust(width)
    if "0" in flags and zeros:
        return sign + digits.rjust(width - len(sign), b"0")
    return (sign + digits).rjust(width)


def _sign(flags: str, *, minus: bool) -> bytes:
    return b"-" if minus else b"+" if "+" in flags else b" " if " " in flags else b""


def _whole(flags: str, precision: int | None, kind: str, number: int) -> tuple[bool, bytes, bytes]:
    """Return whether zeros may fill it up, its sign or prefix, and its digits."""
    if kind == "c":
        return False, b"", bytes([number % 256])
    if kind in "di":
        sign = _sign(flags, minus=number < 0)
        digits = str(abs(number))
    else:
        number %= 2**32
        digits = f"{number:{'d' if kind == 'u' else kind}}"
        sign = f"0{kind}".encode() if "#" in flags and kind in "xX" and number else b""
    if precision is not None:
        digits = "" if not precision and not number else digits.rjust(precision, "0")
    if kind == "o" and "#" in flags and not digits.startswith("0"):
        digits = f"0{digits}"
    return precision is None, sign, digits.encode()


def _floating(
    flags: str, precision: int | None, kind: str, number: float
) -> tuple[bool, bytes, bytes]:
    """Return whether zeros may fill it up, its sign, and its digits."""
    sign = _sign(flags, minus=math.copysign(1, number) < 0)
    number = abs(number)
    if not math.isfinite(number):
        word = special(number)
        return False, sign, (word.upper() if kind.isupper() else word).encode()
    if kind in "aA":
        if precision is not None:
            raise UnknownError("the format %a with a precision depends on the machine")
        digits = re.sub(r"\.?0*p", "p", number.hex())
        return True, sign, (digits.upper() if kind == "A" else digits).encode()
    form = f"%{'#' if '#' in flags else ''}.{6 if precision is None else precision}{kind}"
    return True, sign, (form % number).encode()


TABLE: Mapping[str, Function] = {
    "MATH": Function(_math),
    "INC": Function(lambda call: _step(call, 1), changes=True),
    "DEC": Function(lambda call: _step(call, -1), changes=True),
    "MIN": Function(_of_numbers(2, min)),
    "MAX": Function(_of_numbers(2, max)),
    "ABS": Function(_of_numbers(1, abs)),
    "RAND": Function(_random),
    "DIGIT_SUM": Function(_digit_sum),
    "SPRINTF": Function(_formatted),
}
