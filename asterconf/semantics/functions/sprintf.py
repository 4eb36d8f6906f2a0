"""The function SPRINTF.

Source: funcs/func_sprintf.c.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from asterconf.language import args
from asterconf.semantics.functions._scan import scan_float, scan_int, special
from asterconf.semantics.scope import Call, Function, UnknownError
from asterconf.semantics.texts import bytes_of, text_from

__all__ = ["TABLE"]

_CONVERSION = re.compile(
    r"%(?P<flags>[-#0 +'I]*)(?P<width>[0-9]*)(?:\.(?P<precision>[0-9]*))?(?:hh?|ll?|[Lqjzt])?"
    r"(?P<kind>.?)",
    re.DOTALL,
)
_MANY = 1000
_WIDEST = 4095


def _formatted(call: Call) -> str:
    """Fill arguments into a format, as C does."""
    given = list(args.split(call.arguments, limit=_MANY))
    if not given:
        raise UnknownError("SPRINTF without arguments crashes Asterisk 22.10.1")
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
        if kind == "s":
            body = bytes_of(argument)
            zeros, sign, digits = False, b"", body if precision is None else body[:precision]
        elif kind in "diouxXc":
            whole = scan_int(argument)
            if whole is None:
                return call.refuse(f"{argument!r} is no whole number")
            zeros, sign, digits = _whole(flags, precision, kind, whole[0])
        else:
            number = scan_float(argument)
            if number is None:
                return call.refuse(f"{argument!r} is no number")
            zeros, sign, digits = _floating(flags, precision, kind, number[0])
        width = min(int(found["width"][-9:] or "0"), _WIDEST)
        pieces.append(_padded(flags, width, sign, digits, zeros=zeros))
    pieces.append(bytes_of(text[at:]))
    return text_from(b"".join(pieces).replace(b"\0", b""))


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


TABLE: Mapping[str, Function] = {"SPRINTF": Function(_formatted)}
