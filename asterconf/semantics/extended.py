"""Arithmetic in 80-bit extended precision, as x86-64 does it, and the functions built into `$[…]`.

A number is an `int` or `Fraction` that 64 bits of mantissa can hold, or one of the floats -0.0,
infinity and not-a-number. Results are rounded to nearest, ties to even. Those of functions are
worked out to 80 decimal digits and rounded once; the C library of an Asterisk is not always as
exact: its sines and logarithms can differ in the last of the 18 digits that are shown.

Source: main/ast_expr2.y, op_func.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from functools import cache, lru_cache
from typing import Final, TypeAlias

Number: TypeAlias = int | Fraction | float

MANTISSA: Final = 64
SMALLEST: Final = -16445
"""The exponent of the smallest step that a number can make."""
LARGEST: Final = 16384

INDEFINITE: Final = -math.nan
"""What an impossible operation gives; it prints as `-nan`."""

_SHOWN = Context(prec=18, rounding=ROUND_HALF_EVEN, Emin=-999_999, Emax=999_999)


def rounded(exact: int | Fraction, *, negative: bool = False) -> Number:
    """Return the nearest number; `negative`: the sign of a zero."""
    if isinstance(exact, int):
        if exact.bit_length() <= MANTISSA:
            return -0.0 if negative and not exact else exact
        top, bottom = exact, 1
    else:
        top, bottom = exact.numerator, exact.denominator
        if bottom == 1:
            return rounded(top, negative=negative)
    size = abs(top)
    exponent = size.bit_length() - bottom.bit_length() - MANTISSA
    if (size >> exponent if exponent > 0 else size << -exponent) // bottom >= 1 << MANTISSA:
        exponent += 1
    exponent = max(exponent, SMALLEST)
    if exponent > 0:
        bottom <<= exponent
    else:
        size <<= -exponent
    quotient, rest = divmod(size, bottom)
    if 2 * rest > bottom or (2 * rest == bottom and quotient & 1):
        quotient += 1
    if exponent + quotient.bit_length() > LARGEST:
        return -math.inf if top < 0 else math.inf
    if not quotient:
        return -0.0 if top < 0 else 0
    if top < 0:
        quotient = -quotient
    if exponent >= 0:
        return quotient << exponent
    value = Fraction(quotient, 1 << -exponent)
    return value.numerator if value.denominator == 1 else value


@lru_cache(1024)
def number(text: str) -> Number:
    """Return the number that digits, perhaps with a point, stand for."""
    return rounded(Fraction(text)) if "." in text else rounded(int(text[-4999:] or "0"))


def is_minus(x: Number) -> bool:
    """Return whether the sign of a number is minus; -0 has it."""
    return math.copysign(1, x) < 0 if isinstance(x, float) else x < 0


def is_finite(x: Number) -> bool:
    """Return whether x is neither infinite nor not-a-number."""
    return not isinstance(x, float) or x == 0


def exact(x: Number) -> int | Fraction:
    """Return a finite number without the sign of its zero."""
    return 0 if isinstance(x, float) else x


def size(x: Number) -> Number:
    """Return a number without its sign."""
    return negate(x) if is_minus(x) else x


def negate(x: Number) -> Number:
    """Return `-x`; of 0 it is -0."""
    return -0.0 if isinstance(x, int) and not x else -x


def add(x: Number, y: Number) -> Number:
    """Return `x + y`."""
    if isinstance(x, float) or isinstance(y, float):
        if not x and not y:
            return -0.0 if is_minus(x) and is_minus(y) else 0
        if is_finite(x) and is_finite(y):
            return x or y
        return _special(_stand_in(x) + _stand_in(y))
    return rounded(x + y)


def multiply(x: Number, y: Number) -> Number:
    """Return `x * y`."""
    negative = is_minus(x) != is_minus(y)
    if is_finite(x) and is_finite(y):
        return rounded(exact(x) * exact(y), negative=negative)
    return _special(_stand_in(x) * _stand_in(y))


def divide(x: Number, y: Number) -> Number:
    """Return `x / y`; y is not 0."""
    negative = is_minus(x) != is_minus(y)
    if is_finite(x) and is_finite(y):
        return rounded(Fraction(exact(x)) / exact(y), negative=negative)
    return _special(_stand_in(x) / _stand_in(y))


def modulo(x: Number, y: Number) -> Number:
    """Return the remainder of `x / y` with the sign of x; y is not 0."""
    if is_finite(x) and is_finite(y):
        rest = Fraction(exact(size(x))) % exact(size(y))
        return rounded(-rest if is_minus(x) else rest, negative=is_minus(x))
    if math.isnan(x) or math.isnan(y) or not is_finite(x):
        return INDEFINITE
    return x


def _stand_in(x: Number) -> float:
    """Return a float with the sign of x, infinite only if x is."""
    return x if isinstance(x, float) else math.copysign(1.0, x) if x else 0.0


def _special(x: float) -> Number:
    return INDEFINITE if math.isnan(x) else x if math.isinf(x) else 0 if x == 0 else x


def shown(x: Number) -> str:
    """Return a number as `%.18Lg` prints it: 18 significant digits, no trailing zeros."""
    if isinstance(x, int) and -(10**18) < x < 10**18:
        return str(x)
    if isinstance(x, float):
        sign = "-" if is_minus(x) else ""
        return sign + ("nan" if math.isnan(x) else "inf" if math.isinf(x) else "0")
    value = _SHOWN.divide(Decimal(x.numerator), Decimal(x.denominator))
    minus, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    text = "".join(map(str, digits)).rstrip("0")
    point = len(digits) + exponent
    if -4 <= point - 1 < 18:
        if point <= 0:
            body = f"0.{'0' * -point}{text}"
        elif point >= len(text):
            body = text.ljust(point, "0")
        else:
            body = f"{text[:point]}.{text[point:]}"
    else:
        tail = f".{text[1:]}" if len(text) > 1 else ""
        body = f"{text[0]}{tail}e{point - 1:+03d}"
    return ("-" if minus else "") + body


# ---- built-in functions -------------------------------------------------------------------------


def _context(digits: int) -> Context:
    return Context(prec=digits, Emin=-999_999_999, Emax=999_999_999)


_WORK = _context(80)
_PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494459230781640628620900")
_LARGE: Final = 10**9


def _decimal(x: Number, context: Context = _WORK) -> Decimal:
    value = exact(x)
    return context.divide(Decimal(value.numerator), Decimal(value.denominator))


def _number(value: Decimal) -> Number:
    return rounded(Fraction(value), negative=value.is_signed())


@cache
def _long_pi() -> Decimal:
    """Return pi to as many digits as the largest number has and some more (Machin's formula)."""
    digits = 5050
    unit: int = 10**digits

    def arctan_inverse(x: int) -> int:
        term = total = unit // x
        n, sign = 3, -1
        while term:
            term //= x * x
            total += sign * (term // n)
            n, sign = n + 2, -sign
        return total

    pi = 4 * (4 * arctan_inverse(5) - arctan_inverse(239))
    return Decimal(pi).scaleb(-digits, _context(digits + 10))


def _series(x: Decimal, start: int) -> Decimal:
    """Return the sine (`start` 0) or cosine (1) of an x below 1."""
    total = term = Decimal(1) if start else x
    n = 0 if start else 1
    square = _WORK.multiply(x, x)
    while term and term.adjusted() > -85:
        term = -_WORK.divide(_WORK.multiply(term, square), Decimal((n + 1) * (n + 2)))
        total = _WORK.add(total, term)
        n += 2
    return total


def _wave(x: Number, quarter: int) -> Decimal:
    """Return the sine of a finite x plus `quarter` right angles."""
    work, pi = _WORK, _PI
    if size(x) > _LARGE:
        work, pi = _context(5045), _long_pi()
    value = _decimal(x, work)
    right = work.divide(pi, Decimal(2))
    turns = work.divide(value, right).to_integral_value(ROUND_HALF_EVEN)
    rest = _WORK.plus(work.subtract(value, work.multiply(turns, right)))
    place = (int(turns) + quarter) % 4
    result = _series(rest, place % 2)
    return -result if place >= 2 else result


def _sin(x: Number) -> Number:
    if not is_finite(x):
        return INDEFINITE
    return _number(_wave(x, 0)) if x else x


def _cos(x: Number) -> Number:
    return _number(_wave(x, 1)) if is_finite(x) else INDEFINITE


def _tan(x: Number) -> Number:
    if not is_finite(x):
        return INDEFINITE
    return _number(_WORK.divide(_wave(x, 0), _wave(x, 1))) if x else x


def _arctan(x: Decimal) -> Decimal:
    doublings = 0
    while abs(x) > Decimal("0.05"):
        root = _WORK.sqrt(_WORK.add(Decimal(1), _WORK.multiply(x, x)))
        x = _WORK.divide(x, _WORK.add(Decimal(1), root))
        doublings += 1
    total = term = x
    square = _WORK.multiply(x, x)
    n = 3
    while term and term.adjusted() > x.adjusted() - 85:
        term = -_WORK.multiply(term, square)
        total = _WORK.add(total, _WORK.divide(term, Decimal(n)))
        n += 2
    return _WORK.multiply(total, Decimal(2**doublings))


def _arcsine(x: Decimal) -> Decimal:
    rest = _WORK.subtract(Decimal(1), _WORK.multiply(x, x))
    if not rest:
        return _WORK.multiply(_half_pi(), x)
    return _arctan(_WORK.divide(x, _WORK.sqrt(rest)))


def _half_pi() -> Decimal:
    return _WORK.divide(_PI, Decimal(2))


def _asin(x: Number) -> Number:
    if not is_finite(x) or size(x) > 1:
        return INDEFINITE
    return _number(_arcsine(_decimal(x))) if x else x


def _acos(x: Number) -> Number:
    if not is_finite(x) or size(x) > 1:
        return INDEFINITE
    return _number(_WORK.subtract(_half_pi(), _arcsine(_decimal(x)))) if x != 1 else 0


def _atan(x: Number) -> Number:
    if not is_finite(x):
        return x if math.isnan(x) else _number(_half_pi() if x > 0 else -_half_pi())
    return _number(_arctan(_decimal(x))) if x else x


def _atan2(y: Number, x: Number) -> Number:
    if math.isnan(x) or math.isnan(y):
        return INDEFINITE
    pi = _PI
    if not is_finite(y):
        angle = _half_pi() if is_finite(x) else pi * (1 if x > 0 else 3) / 4
    elif not is_finite(x) or not y:
        angle = pi if is_minus(x) else Decimal(0)
    elif not x:
        angle = _half_pi()
    else:
        angle = _arctan(abs(_WORK.divide(_decimal(y), _decimal(x))))
        angle = _WORK.subtract(pi, angle) if x < 0 else angle
    return _number(-angle if is_minus(y) else angle)


def _sqrt(x: Number) -> Number:
    if is_minus(x) and x:
        return INDEFINITE
    return _number(_WORK.sqrt(_decimal(x))) if is_finite(x) and x else x


def _exp_of(power: Decimal) -> Number:
    """Return e to the `power`."""
    if power > 12_000:
        return math.inf
    if power < -12_000:
        return 0
    return _number(_WORK.exp(power))


def _exp(x: Number) -> Number:
    if not is_finite(x):
        return x if math.isnan(x) or x > 0 else 0
    return _exp_of(_decimal(x)) if x else 1


def _log_with(log: Callable[[Decimal], Decimal]) -> Callable[[Number], Number]:
    def of(x: Number) -> Number:
        if math.isnan(x) or (is_minus(x) and x):
            return INDEFINITE
        if not x:
            return -math.inf
        if not is_finite(x):
            return x
        return 0 if x == 1 else _number(log(_decimal(x)))

    return of


def _log2(value: Decimal) -> Decimal:
    return _WORK.divide(_WORK.ln(value), _WORK.ln(Decimal(2)))


def _pow(x: Number, y: Number) -> Number:
    if not y or x == 1:
        return 1
    if math.isnan(x) or math.isnan(y):
        return INDEFINITE
    whole = is_finite(y) and exact(y).denominator == 1
    odd = whole and exact(y).numerator % 2 == 1
    if not (is_finite(x) and is_finite(y)) or not x:
        return _power_at_the_edge(x, y, odd=odd)
    if x < 0 and not whole:
        return INDEFINITE
    if whole and size(y) <= 4096:
        return rounded(Fraction(exact(x)) ** int(y))
    power = _WORK.multiply(_decimal(y), _WORK.ln(abs(_decimal(x))))
    result = _exp_of(power)
    return negate(result) if x < 0 and odd else result


def _power_at_the_edge(x: Number, y: Number, *, odd: bool) -> Number:
    """Return x to the y where x is 0 or infinite, or y infinite."""
    if not is_finite(y):
        if size(x) == 1:
            return 1
        return math.inf if (size(x) > 1) == (y > 0) else 0
    result: Number = math.inf if (x == 0) == (y < 0) else 0
    return negate(result) if odd and is_minus(x) else result


def _remainder(x: Number, y: Number) -> Number:
    """Return x minus the multiple of y that is nearest to it."""
    if not is_finite(x) or math.isnan(y) or not y:
        return INDEFINITE
    if not is_finite(y):
        return x
    a, b = Fraction(exact(x)), Fraction(exact(y))
    return rounded(a - b * round(a / b), negative=is_minus(x))


def _to_whole(rounding: Callable[[Fraction], int]) -> Callable[[Number], Number]:
    def of(x: Number) -> Number:
        if not isinstance(x, Fraction):
            return x
        return rounded(rounding(x), negative=x < 0)

    return of


def _half_away(x: Fraction) -> int:
    whole = math.floor(abs(x) + Fraction(1, 2))
    return -whole if x < 0 else whole


def _exp2(x: Number) -> Number:
    return _pow(2, x)


def _exp10(x: Number) -> Number:
    return _pow(10, x)


_OF_ONE: Mapping[str, Callable[[Number], Number]] = {
    "COS": _cos, "SIN": _sin, "TAN": _tan, "ACOS": _acos, "ASIN": _asin, "ATAN": _atan,
    "SQRT": _sqrt, "ABS": size,
    "FLOOR": _to_whole(math.floor), "CEIL": _to_whole(math.ceil), "TRUNC": _to_whole(math.trunc),
    "ROUND": _to_whole(_half_away), "RINT": _to_whole(round),
    "EXP": _exp, "EXP2": _exp2, "EXP10": _exp10,
    "LOG": _log_with(_WORK.ln), "LOG2": _log_with(_log2), "LOG10": _log_with(_WORK.log10),
}  # fmt: skip
_OF_TWO: Mapping[str, Callable[[Number, Number], Number]] = {
    "ATAN2": _atan2, "POW": _pow, "REMAINDER": _remainder,
}  # fmt: skip

BUILT_IN: Mapping[str, tuple[int, Callable[..., Number]]] = {
    **{name: (1, function) for name, function in _OF_ONE.items()},
    **{name: (2, function) for name, function in _OF_TWO.items()},
}
"""The functions that `$[…]` has built in, each with the number of its arguments."""
