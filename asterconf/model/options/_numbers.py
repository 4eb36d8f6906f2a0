"""Numbers, as the different readers of Asterisk take them from a text."""

from __future__ import annotations

import re

from asterconf.model.options._base import BadValueError, Kind, Value, quoted
from asterconf.schema import OptionFacts
from asterconf.source import FALSE, TRUE, fold

__all__ = ["KINDS", "in_c_notation"]

_C = re.compile(r"[ \t]*([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)")
_DIGITS = re.compile(r"[\t-\r ]*([+-]?[0-9]+)")
_DOUBLE = re.compile(
    r"[ \t]*[+-]?(?:nan|inf(?:inity)?|0x[0-9a-f]+(?:\.[0-9a-f]*)?(?:p[+-]?[0-9]+)?"
    r"|(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:e[+-]?[0-9]+)?)",
    re.IGNORECASE,
)
_UINT_MAX = 4294967295
_INT_MAX = 2147483647
_DSCP = {
    **{f"cs{n}": n * 32 for n in range(8)},
    **{f"af{c}{d}": c * 32 + d * 8 for c in range(1, 5) for d in range(1, 4)},
    "ef": 184,
}
_DSCP_NAMES = {number: name for name, number in _DSCP.items() if number}


def in_c_notation(text: str) -> int | None:
    """Return the number that the whole text is in C notation: `010` is 8, `0x10` is 16.

    Source: main/config.c, ast_parse_arg.
    """
    found = _C.fullmatch(text)
    if found is None:
        return None
    digits = found[2].lower()
    number = int(digits, 16 if digits.startswith("0x") else 8 if digits.startswith("0") else 10)
    return -number if found[1] == "-" else number


def _limits(facts: OptionFacts, low: int | None, high: int | None) -> tuple[float, float]:
    first, last = facts.raw.get("range") or (None, None)
    if facts.raw.get("range_checked") is False:
        first = last = None
    minimum = facts.raw.get("minimum")
    first = minimum if isinstance(minimum, int) else first
    lowest = [n for n in (low, first) if n is not None]
    highest = [n for n in (high, last) if n is not None]
    return max(lowest, default=float("-inf")), min(highest, default=float("inf"))


def _within(
    facts: OptionFacts, number: float, low: int | None, high: int | None, text: str
) -> None:
    """Raise if a number is out of its range."""
    least, most = _limits(facts, low, high)
    if not (number < least or number > most):  # not a number is in every range
        fixed = facts.raw.get("fixed")
        if fixed is not None and number != fixed:
            raise BadValueError(f"is always {fixed}, not {text}", instead=fixed)
        return
    raise BadValueError(f"must be {_span(least, most)}, not {text.strip()}", number=number)


def _span(least: float, most: float) -> str:
    if most == float("inf"):
        return f"{least:.0f} or more"
    return f"{most:.0f} or less" if least == float("-inf") else f"from {least:.0f} to {most:.0f}"


def _parse_arg(low: int, high: int) -> Kind:
    def read(facts: OptionFacts, text: str) -> Value:
        number = in_c_notation(text)
        if number is None or (low >= 0 and "-" in text):
            least, most = _limits(facts, low, high)
            everything = ((-_INT_MAX - 1, _INT_MAX), (0, _UINT_MAX))
            span = "" if (least, most) in everything else f" {_span(least, most)}"
            raise BadValueError(f"must be a whole number{span}, not {quoted(text)}{_why(text)}")
        _within(facts, number, low, high, text)
        return number

    return Kind(read, _plain, (int,), "a whole number")


def _why(text: str) -> str:
    """Return what people get wrong about C notation."""
    if re.fullmatch(r"0[0-9]+", text):
        return ", where a leading 0 means octal"
    return ", which has a unit" if re.fullmatch(r"[0-9]+ *[a-zA-Z]+", text) else ""


def _plain(_facts: OptionFacts, value: object) -> str:
    return str(value)


def _leading(text: str) -> int | None:
    """Return the integer that a text starts with after white space, as an `int` of C."""
    found = _DIGITS.match(text)
    if found is None:
        return None
    return (int(found[1]) + 2**31) % 2**32 - 2**31


def _only_digits(facts: OptionFacts, text: str, number: int) -> Value:
    """Return the number after the checks that all readers of leading digits share."""
    _within(facts, number, None, None, text)
    rest = text[_DIGITS.match(text).end() :] if _DIGITS.match(text) else text  # type: ignore[union-attr]
    if rest.strip(" \t"):
        raise BadValueError(f"is read as {number}, not as {quoted(text)}", instead=number)
    return number


def _atoi(facts: OptionFacts, text: str) -> Value:
    """Read as C `atoi`: what has no digits is 0."""
    return _only_digits(facts, text, _leading(text) or 0)


def _scan(facts: OptionFacts, text: str) -> Value:
    """Read as `sscanf("%d")`: what has no digits keeps the default."""
    number = _leading(text)
    if number is None:
        raise BadValueError(f"must be a whole number, not {quoted(text)}")
    if facts.type == "uint_scan":
        number %= 2**32
    return _only_digits(facts, text, number)


def _prefix(facts: OptionFacts, text: str) -> Value:
    """Read as `sscanf("%u")`; what has no digits is refused."""
    number = _leading(text)
    if number is None:
        raise BadValueError(f"must be a whole number, not {quoted(text)}")
    return _only_digits(facts, text, number % 2**32)


def _double(facts: OptionFacts, text: str) -> Value:
    found = _DOUBLE.fullmatch(text)
    if found is None:
        unit = ", which has a unit" if re.fullmatch(r"[0-9.]+ *[a-zA-Z]+", text) else ""
        raise BadValueError(f"must be a number such as 3.0, not {quoted(text)}{unit}")
    word = text.strip(" \t").lower()
    number = float.fromhex(word) if "0x" in word else float(word)
    _within(facts, number, None, None, text)
    return number


def _bool(facts: OptionFacts, text: str) -> Value:
    """Read as `ast_true`: any word that is none of both counts as no, or where said as yes."""
    word = fold(text)
    if word in TRUE:
        return True
    otherwise = facts.raw.get("true_unless") == "false_word"
    if word in FALSE:
        return False
    counts = "yes" if otherwise else "no"
    raise BadValueError(
        f"counts as {counts}, because {quoted(text)} is neither yes nor no", instead=otherwise
    )


def _bool_or_number(facts: OptionFacts, text: str) -> Value:
    number = in_c_notation(text)
    if number is None and facts.file != "confbridge.conf":
        number = _leading(text)
    if number is not None:
        _within(facts, number, 0 if facts.type == "bool_or_uint" else None, None, text)
        return number
    return _bool(facts, text)


def _tos(_facts: OptionFacts, text: str) -> Value:
    """Read a type of service; it is a byte, and its last two bits are not ours.

    Source: main/acl.c, ast_str2tos.
    """
    number = _DSCP.get(fold(text))
    found = _C.match(text) if number is None else None
    if found is not None:
        number = in_c_notation(found[0])
    if number is None:
        raise BadValueError(f"must be a number, cs0 to cs7, af11 to af43 or ef, not {quoted(text)}")
    kept = number & 0xFC
    if found is not None and found.end() != len(text):
        raise BadValueError(f"is read as {kept}, not as {quoted(text)}", instead=kept)
    if kept != number:
        raise BadValueError(f"is {kept}, because {text} has bits that are not used", instead=kept)
    return kept


def _tos_word(_facts: OptionFacts, value: int) -> str:
    return _DSCP_NAMES.get(value, str(value))


def _range(_facts: OptionFacts, text: str) -> Value:
    found = re.match(r"([0-9]+)-([0-9]+)", text)
    if found is None or int(found[1]) > int(found[2]):
        raise BadValueError(f"must be two numbers such as 701-750, not {quoted(text)}")
    return int(found[1]), int(found[2])


def _yes_no(_facts: OptionFacts, value: object) -> str:
    return ("no", "yes")[value] if isinstance(value, bool) else str(value)


KINDS: dict[str, Kind] = {
    "bool": Kind(_bool, _yes_no, (bool,), "true or false"),
    "bool_or_int": Kind(_bool_or_number, _yes_no, (bool, int), "true, false or a number"),
    "bool_or_uint": Kind(_bool_or_number, _yes_no, (bool, int), "true, false or a number"),
    "uint": _parse_arg(0, _UINT_MAX),
    "int": _parse_arg(-_INT_MAX - 1, _INT_MAX),
    "int_atoi": Kind(_atoi, _plain, (int,), "a whole number"),
    "int_scan": Kind(_scan, _plain, (int,), "a whole number"),
    "uint_scan": Kind(_scan, _plain, (int,), "a whole number"),
    "uint_prefix": Kind(_prefix, _plain, (int,), "a whole number"),
    "double": Kind(_double, _plain, (float, int), "a number"),
    "tos": Kind(_tos, _tos_word, (int,), "a number"),
    "int_range": Kind(
        _range, lambda _, value: "-".join(map(str, value)), (tuple,), "two numbers", (int,)
    ),
}
"""How each type of number is read and written."""
