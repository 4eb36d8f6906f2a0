"""Functions over points in time, in the C locale.

Source: funcs/func_strings.c, main/localtime.c (ast_strftime, ast_strptime).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Final

from asterconf.language.exten import int32
from asterconf.language.timespec import zone_named
from asterconf.semantics.scope import Function, Invocation, UnknownError
from asterconf.semantics.texts import scan_float

DAYS: Final = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
MONTHS: Final = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
]  # fmt: skip
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _zone(call: Invocation, name: str) -> tzinfo:
    """Return a zone by its name; without one, or with one that is not known, the system's."""
    return (zone_named(name) if name else None) or call.scope.asterisk.zone


# ---- writing ------------------------------------------------------------------------------------

_CONVERSION = re.compile(r"%([-_0^#]*)([0-9]*)([EO]?)(.|\Z)", re.DOTALL)


def _hour12(at: datetime) -> int:
    return at.hour % 12 or 12


def _weekday(at: datetime) -> int:
    return at.isoweekday() % 7


def _day_of_year(at: datetime) -> int:
    return at.timetuple().tm_yday


def _offset(at: datetime) -> str:
    minutes = int((at.utcoffset() or timedelta()).total_seconds() // 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}{abs(minutes) % 60:02}"


_NUMBERS: Mapping[str, tuple[int, str, Callable[[datetime], int]]] = {
    "C": (2, "0", lambda at: at.year // 100),
    "d": (2, "0", lambda at: at.day),
    "e": (2, " ", lambda at: at.day),
    "g": (2, "0", lambda at: at.isocalendar()[0] % 100),
    "G": (4, "0", lambda at: at.isocalendar()[0]),
    "H": (2, "0", lambda at: at.hour),
    "I": (2, "0", _hour12),
    "j": (3, "0", _day_of_year),
    "k": (2, " ", lambda at: at.hour),
    "l": (2, " ", _hour12),
    "m": (2, "0", lambda at: at.month),
    "M": (2, "0", lambda at: at.minute),
    "S": (2, "0", lambda at: at.second),
    "u": (1, "0", lambda at: at.isoweekday()),
    "U": (2, "0", lambda at: (_day_of_year(at) + 6 - _weekday(at)) // 7),
    "V": (2, "0", lambda at: at.isocalendar()[1]),
    "w": (1, "0", _weekday),
    "W": (2, "0", lambda at: (_day_of_year(at) + 6 - at.weekday()) // 7),
    "y": (2, "0", lambda at: at.year % 100),
    "Y": (1, "0", lambda at: at.year),
}
"""Width, filling and value."""
_WORDS: Mapping[str, Callable[[datetime], str]] = {
    "a": lambda at: DAYS[_weekday(at)][:3],
    "A": lambda at: DAYS[_weekday(at)],
    "b": lambda at: MONTHS[at.month - 1][:3],
    "B": lambda at: MONTHS[at.month - 1],
    "h": lambda at: MONTHS[at.month - 1][:3],
    "n": lambda _: "\n",
    "p": lambda at: "AM" if at.hour < 12 else "PM",
    "P": lambda at: "am" if at.hour < 12 else "pm",
    "t": lambda _: "\t",
    "z": _offset,
    "Z": lambda _: "UTC",
    "%": lambda _: "%",
}
_LONGER: Mapping[str, str] = {
    "c": "%a %b %e %H:%M:%S %Y",
    "D": "%m/%d/%y",
    "F": "%Y-%m-%d",
    "r": "%I:%M:%S %p",
    "R": "%H:%M",
    "T": "%H:%M:%S",
    "x": "%m/%d/%y",
    "X": "%H:%M:%S",
}


def _written(at: datetime, form: str, system: tzinfo) -> str:
    def convert(found: re.Match[str]) -> str:
        """Return what one conversion stands for."""
        flags, width, _, kind = found.groups()
        if kind == "s":
            # The clock on the wall, taken for that of the system's zone.
            if at.dst() and at.tzinfo is not system:
                raise UnknownError("%s of summer time in another zone depends on the C library")
            wall = str((at.replace(tzinfo=system) - _EPOCH) // timedelta(seconds=1))
            return wall.rjust(int(width[-3:] or "0"))
        if kind == "q" and (not width or 0 < int(width[-3:]) < 7):
            return f"{at.microsecond:06}"[: int(width or "3")]
        if kind in _NUMBERS:
            size, filling, value = _NUMBERS[kind]
            filling = {"_": " ", "0": "0", "-": ""}.get(flags[-1:], filling)
            filling = " " if width and not filling else filling
            text = str(value(at))
            return text.rjust(max(int(width[-3:] or "0"), size), filling) if filling else text
        if kind in _WORDS:
            text = _WORDS[kind](at)
            if "^" in flags:
                text = text.upper()
            if "#" in flags:
                text = text.swapcase() if kind in "pZ" else text.upper()
            if width and kind == "z":
                raise UnknownError("the width of %z depends on the C library")
            return text.rjust(int(width[-3:] or "0"), "0" if "0" in flags else " ")
        if kind in _LONGER:
            return _written(at, _LONGER[kind], system).rjust(int(width[-3:] or "0"))
        if width:
            raise UnknownError(f"the width of %{kind} depends on the C library")
        return found[0]

    return _CONVERSION.sub(convert, form)


def _strftime(call: Invocation) -> str:
    """Write a point in time."""
    epoch, zone, form = call.split(3)
    number = scan_float(epoch)
    if number is None:
        moment = call.scope.asterisk.now()
    else:
        try:
            moment = _EPOCH + timedelta(microseconds=round(number[0] * 1_000_000))
        except (OverflowError, ValueError):
            raise UnknownError(f"{epoch} lies outside the calendar") from None
    if call.given(3) < 3:
        form = "%c"
    try:
        return _written(moment.astimezone(_zone(call, zone)), form, call.scope.asterisk.zone)
    except OverflowError:
        raise UnknownError(f"{epoch} lies outside the calendar") from None


# ---- reading ------------------------------------------------------------------------------------


def _name(names: list[str]) -> str:
    """Return a pattern for names, whole or their first three letters."""
    return "|".join(f"{name[:3]}(?:{name[3:]})?" for name in names)


_FIELDS: Mapping[str, str] = {
    "Y": r"[0-9]{1,4}",
    "y": r"[0-9]{1,2}",
    "C": r"[0-9]{1,2}",
    "m": r"1[0-2]|0?[1-9]",
    "d": r"3[01]|[12][0-9]|0?[1-9]",
    "e": r"3[01]|[12][0-9]|0?[1-9]",
    "H": r"2[0-3]|[01]?[0-9]",
    "k": r"2[0-3]|[01]?[0-9]",
    "I": r"1[0-2]|0?[1-9]",
    "l": r"1[0-2]|0?[1-9]",
    "M": r"[0-5]?[0-9]",
    "S": r"6[01]|[0-5]?[0-9]",
    "j": r"36[0-6]|3[0-5][0-9]|[12][0-9]{2}|0?[1-9][0-9]|0{0,2}[1-9]",
    "p": r"AM|PM",
    "s": r"[0-9]+",
    "b": _name(MONTHS),
    "B": _name(MONTHS),
    "h": _name(MONTHS),
    "a": _name(DAYS),
    "A": _name(DAYS),
    "w": r"[0-6]",
    "u": r"[1-7]",
}
_BLANK_BEFORE = frozenset("YyCmdeHkIlMSjs")


_TOKEN = re.compile(r"%[EO]?(.)|.", re.DOTALL)


@lru_cache(256)
def _compiled(form: str) -> tuple[re.Pattern[str], list[str], str]:
    """Return a format as a pattern, the conversion of each group, and the first unknown one.

    The groups are atomic: as in C, nothing that was read is given back.
    """
    for kind in "cDFrRTxX":
        form = form.replace(f"%{kind}", _LONGER[kind])
    pieces: list[str] = []
    kinds: list[str] = []
    for found in _TOKEN.finditer(form):
        kind = found[1]
        if kind in _FIELDS:
            blanks = r"\s*+" if kind in _BLANK_BEFORE else ""
            pieces.append(f"{blanks}((?>(?i:{_FIELDS[kind]})))")
            kinds.append(kind)
        elif kind in {"n", "t"} or found[0].isspace():
            pieces.append(r"\s*+")
        elif kind in {None, "%"}:
            pieces.append(re.escape(found[0][-1]))
        else:
            return re.compile("".join(pieces)), kinds, kind
    return re.compile("".join(pieces)), kinds, ""


def _read(text: str, form: str) -> dict[str, str] | None:
    """Return what each conversion of a format read; None: the text does not match.

    Raises:
        UnknownError: the format has a conversion that is not computed here.
    """
    pattern, kinds, unknown = _compiled(form)
    found = pattern.match(text)
    if found is None:
        return None
    if unknown:
        raise UnknownError(f"the conversion %{unknown} of STRPTIME is not computed here")
    return dict(zip(kinds, found.groups(), strict=True))


def _moment(found: Mapping[str, str], zone: tzinfo, system: tzinfo) -> datetime:
    """Return what was read, on the clock of a zone; `%s` is first shown by the system's clock.

    Raises:
        UnknownError: what was read gives no date.
    """
    if "s" in found:
        shown = (_EPOCH + timedelta(seconds=int(found["s"][:18]))).astimezone(system)
        if len(found) > 1 or len(found["s"]) > 18 or shown.dst():
            raise UnknownError("%s beside others, or in summer time, depends on the C library")
        return shown.replace(tzinfo=zone)
    year = found.get("Y")
    if year is None and "y" in found:
        short = int(found["y"])
        year = str(short + (1900 if short > 68 else 2000))
    month = found.get("m")
    for kind in "bBh":
        if kind in found:
            month = str([name[:3].lower() for name in MONTHS].index(found[kind][:3].lower()) + 1)
    day = found.get("d") or found.get("e")
    if year is None or (month is None and "j" not in found):
        raise UnknownError("a time without a date is a meaningless number")
    hour = int(found.get("H") or found.get("k") or 0)
    if "I" in found or "l" in found:
        hour = int(found.get("I") or found["l"]) % 12 + 12 * (found.get("p", "").upper() == "PM")
    try:
        start = datetime(int(year), int(month or 1), 1, hour, int(found.get("M") or 0), tzinfo=zone)
    except ValueError:
        raise UnknownError("it lies outside the calendar") from None
    days = int(found["j"]) - 1 if month is None else int(day or 0) - 1
    return start + timedelta(days=days, seconds=int(found.get("S") or 0))


def _strptime(call: Invocation) -> str:
    """Read a point in time."""
    text, zone, form = call.split(3)
    if not form:
        return call.refuse("it needs a format")
    found = _read(text, form)
    if found is None:
        return call.refuse(f"{text!r} does not match {form!r}")
    clock = _zone(call, zone)
    try:
        moment = _moment(found, clock, call.scope.asterisk.zone)
        utc = moment.astimezone(UTC)
        if utc.astimezone(clock).replace(tzinfo=None) != moment.replace(tzinfo=None):
            return "0"  # the clock skips this hour
    except OverflowError:
        raise UnknownError(f"{text} lies outside the calendar") from None
    return str(int32((utc - _EPOCH) // timedelta(seconds=1)))


TABLE: Mapping[str, Function] = {
    "STRFTIME": Function(_strftime),
    "STRPTIME": Function(_strptime),
}
