"""The functions that `$[…]` has built in, in 80-bit extended precision.

Each takes and gives numbers as `extended` has them. Values are worked out to 80 decimal digits
and rounded once. The C library of an Asterisk is not always as exact: its sines and logarithms
can differ in the last of the 18 digits that are shown.

Source: main/ast_expr2.y, op_func.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from functools import cache
from typing import Final

from asterconf.semantics.extended import (
    INDEFINITE,
    Number,
    exact,
    is_finite,
    is_minus,
    negate,
    rounded,
    size,
)

__all__ = ["ONE", "TWO"]


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


ONE: Mapping[str, Callable[[Number], Number]] = {
    "COS": _cos, "SIN": _sin, "TAN": _tan, "ACOS": _acos, "ASIN": _asin, "ATAN": _atan,
    "SQRT": _sqrt, "ABS": size,
    "FLOOR": _to_whole(math.floor), "CEIL": _to_whole(math.ceil), "TRUNC": _to_whole(math.trunc),
    "ROUND": _to_whole(_half_away), "RINT": _to_whole(round),
    "EXP": _exp, "EXP2": _exp2, "EXP10": _exp10,
    "LOG": _log_with(_WORK.ln), "LOG2": _log_with(_log2), "LOG10": _log_with(_WORK.log10),
}  # fmt: skip
"""Functions of one argument."""

TWO: Mapping[str, Callable[[Number, Number], Number]] = {
    "ATAN2": _atan2, "POW": _pow, "REMAINDER": _remainder,
}  # fmt: skip
"""Functions of two arguments."""
