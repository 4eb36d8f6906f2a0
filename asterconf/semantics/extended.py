"""Arithmetic in 80-bit extended precision, as x86-64 does it: the numbers of `$[…]`.

A number is an `int` or `Fraction` that 64 bits of mantissa can hold, or one of the floats -0.0,
infinity and not-a-number. Results are rounded to nearest, ties to even.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Final, TypeAlias

__all__ = [
    "INDEFINITE",
    "Number",
    "add",
    "divide",
    "exact",
    "is_finite",
    "is_minus",
    "modulo",
    "multiply",
    "negate",
    "number",
    "rounded",
    "shown",
    "size",
]

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
