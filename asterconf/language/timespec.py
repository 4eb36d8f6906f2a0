"""Time conditions: `09:00-17:00,mon-fri,*,*`, as include, GotoIfTime and IFTIME hold them.

`grammars/timespec.lark` is the definition; `parse` cuts the text with its terminals, and `tree`
feeds the same pieces to the LALR parser.

Source: main/pbx_timing.c. Checked: tests/vectors/dialplan-timespec.json.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone, tzinfo
from functools import cache, lru_cache
from typing import Final, NamedTuple

import attrs

from asterconf import _grammars
from asterconf._grammars import lark
from asterconf.language.faults import Fault, ParsedText, Span, fault

__all__ = ["TimeRange", "TimeSpec", "parse", "tree", "zone_named"]

WEEKDAYS: Final = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
MONTHS: Final = (
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
)  # fmt: skip
_OFFSET = re.compile(r"(?:<[^>]+>|[A-Za-z]{3,})([+-]?)([0-9]{1,2})(?::([0-9]{2}))?")


class TimeRange(NamedTuple):
    """From `start` to `end`, both included; where `end` is smaller it wraps around.

    Times are minutes since midnight, weekdays 0 (Sunday) to 6, days 1 to 31, months 1 to 12.
    """

    start: int
    end: int
    span: Span

    def holds(self, value: int) -> bool:
        """Return whether a value lies in the range."""
        if self.start <= self.end:
            return self.start <= value <= self.end
        return value >= self.start or value <= self.end


@attrs.frozen
class TimeSpec(ParsedText):
    """A time condition; `str` gives the exact text.

    Each field is a tuple of ranges, one of which must hold, or None: always. An empty tuple never
    holds. All four fields must hold; an empty text never does. `zone` is the name of a time zone;
    None: the system's.

    >>> spec = parse("09:00-17:00,mon-fri")
    >>> spec.holds(datetime(2024, 2, 5, 17, 0, 59))
    True
    >>> spec.explain(datetime(2024, 2, 4, 12, 0))
    'does not hold: sun is not in mon-fri'
    """

    text: str
    times: tuple[TimeRange, ...] | None = attrs.field(eq=False, repr=False)
    weekdays: tuple[TimeRange, ...] | None = attrs.field(eq=False, repr=False)
    days: tuple[TimeRange, ...] | None = attrs.field(eq=False, repr=False)
    months: tuple[TimeRange, ...] | None = attrs.field(eq=False, repr=False)
    zone: str | None = attrs.field(eq=False, repr=False)
    faults: tuple[Fault, ...] = attrs.field(eq=False, repr=False)

    @classmethod
    def parse(cls, text: str) -> TimeSpec:
        """Return the condition of a text; see `parse` of this module."""
        return parse(text)

    def __str__(self) -> str:
        return self.text

    @property
    def always(self) -> bool:
        """Whether it holds at any time."""
        fields = (self.times, self.weekdays, self.days, self.months)
        return bool(self.text) and all(field is None for field in fields)

    @property
    def never(self) -> bool:
        """Whether it holds at no time, because a field has nothing that can be read."""
        return not self.text or () in {self.times, self.weekdays, self.days, self.months}

    def holds(self, at: datetime, zone: tzinfo | str | None = None) -> bool:
        """Return whether the condition holds.

        Args:
            at: the moment. Without a zone it is what the clock on the wall shows: that of
                `zone`, or without one that of the condition's own zone.
            zone: the zone of the system, which counts where the condition names none.
        """
        return not self._against(at, zone)

    def explain(self, at: datetime, zone: tzinfo | str | None = None) -> str:
        """Return why the condition holds, or why it does not."""
        if not self.text:
            return "does not hold: it is empty"
        against = self._against(at, zone)
        if against:
            return f"does not hold: {', '.join(against)}"
        moment = self._moment(at, zone)
        reasons = [
            f"{shown} is in {self._written(number)}"
            for number, field, _, shown in self._fields(moment)
            if field is not None
        ]
        return f"holds: {', '.join(reasons) or 'always'}"

    def _against(self, at: datetime, zone: tzinfo | str | None) -> list[str]:
        """Return what does not hold."""
        if not self.text:
            return ["it is empty"]
        return [
            f"{shown} is not in {self._written(number)}"
            for number, field, value, shown in self._fields(self._moment(at, zone))
            if field is not None and not any(range_.holds(value) for range_ in field)
        ]

    def _fields(
        self, at: datetime
    ) -> tuple[tuple[int, tuple[TimeRange, ...] | None, int, str], ...]:
        """Return number, ranges, value and shown value of the fields, in the order of the text."""
        weekday = at.isoweekday() % 7
        return (
            (0, self.times, at.hour * 60 + at.minute, f"{at.hour:02}:{at.minute:02}"),
            (1, self.weekdays, weekday, WEEKDAYS[weekday]),
            (2, self.days, at.day, f"day {at.day}"),
            (3, self.months, at.month, MONTHS[at.month - 1]),
        )

    def _written(self, number: int) -> str:
        return re.split(r"[|,]", self.text)[number]

    def _moment(self, at: datetime, zone: tzinfo | str | None) -> datetime:
        system = zone_named(zone) if isinstance(zone, str) else zone
        if at.tzinfo is None:
            if system is None:
                return at
            at = at.replace(tzinfo=system)
        own = zone_named(self.zone) if self.zone else None
        target = own or system
        return at if target is None else at.astimezone(target)

    def tree(self) -> lark.Tree[lark.Token]:
        """Return the lark tree; joining its tokens gives the text."""
        return tree(self.text)


def zone_named(name: str) -> tzinfo | None:
    """Return the time zone of that name, or of that offset as in `UTC-3`; None: there is none.

    Source: main/localtime.c, ast_tzset and tzparse; of a rule for summer time nothing is read.
    """
    from zoneinfo import ZoneInfo

    offset = _OFFSET.fullmatch(name)
    try:
        if offset is not None:
            hours, minutes = int(offset[2]), int(offset[3] or "0")
            west = timedelta(hours=hours, minutes=minutes)
            return timezone(west if offset[1] == "-" else -west)
        return ZoneInfo(name.removeprefix(":").removeprefix("/usr/share/zoneinfo/"))
    except (KeyError, OSError, ValueError):  # no such name, or none that a file can have
        return None


# ---- reading ------------------------------------------------------------------------------------

_KINDS: Final = ("time", "weekday", "day", "month")


@cache
def _patterns() -> tuple[re.Pattern[str], tuple[re.Pattern[str], ...]]:
    """Return the marks, and for each field what an element of it is."""
    found = _grammars.terminals("timespec")

    def element(kind: str) -> re.Pattern[str]:
        skipped = f"(?P<SKIPPED>{found['SKIPPED']})?" if kind == "TIME" else ""
        return re.compile(
            f"(?P<FROM_{kind}>{found[f'FROM_{kind}']})(?P<IGNORED>{found['IGNORED']})?"
            f"(?:(?P<TO>{found['TO']}){skipped}(?P<TO_{kind}>{found[f'TO_{kind}']})"
            f"(?P<IGNORED_TAIL>{found['IGNORED_TAIL']})?)?"
        )

    marks = re.compile(f"(?P<MARK>{found['MARK']})|(?P<AND>{found['AND']})")
    return marks, tuple(element(kind.upper()) for kind in _KINDS)


class _Piece(NamedTuple):
    """A token to be: its type, and where it stands; `field` 0 to 3, 4 after them."""

    kind: str
    start: int
    end: int
    field: int


def _pieces(text: str) -> Iterator[_Piece]:
    """Yield the tokens of a text, in order."""
    marks, elements = _patterns()
    at, field = 0, 0
    for mark in (*marks.finditer(text), None):
        start = mark.start() if mark else len(text)
        alone = (mark is None or mark.lastgroup == "MARK") and text[at - 1 : at] in {"", "|", ","}
        if text[at:start] == "*" and alone:
            yield _Piece("ANY", at, start, field)
        elif at < start:
            found = elements[field].fullmatch(text, at, start)
            if found is None:
                yield _Piece("UNREADABLE", at, start, field)
            else:
                for kind, (a, b) in zip(found.groupdict(), found.regs[1:], strict=True):
                    if a >= 0:
                        yield _Piece(kind, a, b, field)
        if mark is None:
            return
        yield _Piece(mark.lastgroup or "", start, start + 1, field)
        at = start + 1
        if mark.lastgroup == "MARK":
            field += 1
            if field == 4:
                if at < len(text):
                    yield _Piece("REST", at, len(text), 4)
                return


@lru_cache(2048)
def parse(text: str) -> TimeSpec:
    """Parse a time condition; what cannot be parsed is skipped and reported in `faults`."""
    fields: list[list[TimeRange] | None] = [[], [], [], []]
    faults: list[Fault] = []
    seen: list[int] = [0, 0, 0, 0, 0]
    """How many characters each field has."""
    start: _Piece | None = None
    for piece in _pieces(text):
        kind, a, b, field = piece
        word = text[a:b]
        if kind != "MARK":
            seen[field] += b - a
        if kind == "ANY":
            fields[field] = None
        elif kind == "UNREADABLE":
            faults.append(fault(f"bad-{_KINDS[field]}", a, b, text=word))
        elif kind.startswith("FROM_"):
            start = piece
            number = _number(word, field)
            _ranges(fields, field).append(TimeRange(number, number, Span(a, b)))
        elif kind.startswith("TO_"):
            assert start is not None
            last = _ranges(fields, field)[-1]
            span = Span(start.start, b)
            _ranges(fields, field)[-1] = TimeRange(last.start, _number(word, field), span)
        elif kind == "REST" and text.count(",") != 4:
            faults.append(fault("ignored-time", a, b, text=word))
    zone = text.rpartition(",")[2] if text.count(",") == 4 else ""
    if zone and zone_named(zone) is None:
        faults.append(fault("unknown-zone", len(text) - len(zone), len(text), text=zone))
    for field, written in enumerate(re.split(r"[|,]", text)[:4]):
        if fields[field] == [] and written:
            at = sum(len(part) + 1 for part in re.split(r"[|,]", text)[:field])
            faults.append(fault("time-never-holds", at, at + len(written), text=written))
    times, weekdays, days, months = (
        None if ranges is None or not seen[field] else tuple(ranges)
        for field, ranges in enumerate(fields)
    )
    faults.sort(key=lambda one: one.span)
    return TimeSpec(text, times, weekdays, days, months, zone or None, tuple(faults))


def _ranges(fields: list[list[TimeRange] | None], field: int) -> list[TimeRange]:
    found = fields[field]
    assert found is not None
    return found


def _number(word: str, field: int) -> int:
    """Return the number that a token of a field stands for."""
    word = word.lstrip("\t\n\v\f\r ").lower()
    if field == 0:
        hour, _, minute = word.partition(":")
        return int(hour) * 60 + int(minute)
    for names, at in ((WEEKDAYS, 1), (MONTHS, 3)):
        if field == at and word in names:
            return names.index(word) + (field == 3)
    return int(word) - (field == 1)


def tree(text: str) -> lark.Tree[lark.Token]:
    """Return the LALR tree of a time condition; joining its tokens gives the text."""
    pieces = ((kind, text[a:b], a) for kind, a, b, _ in _pieces(text))
    return _grammars.tree_of("timespec", "timespec", pieces)
