"""The moments that time conditions tell apart: one for each combination that can be.

The clock on the wall has a minute of the day, a weekday and a date; every combination of weekday
and date occurs within 28 years, so what holds for these moments holds at every hour. Where a
condition names a zone, real moments of six years are taken; the machine's own zone is then UTC.
Source: main/pbx_timing.c, ast_check_timing2.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

import attrs

from asterconf.language import timespec
from asterconf.language.timespec import TimeRange, TimeSpec


@attrs.frozen
class Moments:
    """The moments that some conditions tell apart.

    Attributes:
        specs: the conditions, each once.
        instants: a time for each combination, on the clock on the wall.
        holding: for each of them the conditions that hold.
    """

    specs: tuple[str, ...]
    instants: tuple[datetime, ...]
    holding: tuple[frozenset[str], ...]

    @property
    def all(self) -> int:
        """The set of all moments, a bit for each."""
        return (1 << len(self.instants)) - 1

    def when(self, spec: str) -> int:
        """Return the set of the moments at which a condition holds."""
        return sum(1 << n for n, found in enumerate(self.holding) if spec in found)

    def first(self, chosen: int) -> datetime:
        """Return one moment of a set that is not empty."""
        return self.instants[(chosen & -chosen).bit_length() - 1]


def moments(given: Iterable[str], *, begin: date = date(2026, 1, 1)) -> Moments:
    """Return the moments that conditions tell apart; `begin`: the earliest day of them."""
    return _moments(tuple(dict.fromkeys(given)), begin)


@lru_cache(64)
def _moments(texts: tuple[str, ...], begin: date) -> Moments:
    specs = [timespec.parse(text) for text in texts]
    real = any(spec.zone for spec in specs)
    found = _real(specs, begin) if real else _on_the_wall(specs, begin)
    return Moments(texts, tuple(found.values()), tuple(found))


def _on_the_wall(specs: Sequence[TimeSpec], begin: date) -> dict[frozenset[str], datetime]:
    minutes: dict[tuple[bool, ...], int] = {}
    for minute in sorted(_edges(specs)):
        minutes.setdefault(tuple(_in(spec.times, minute) for spec in specs), minute)
    days: dict[tuple[bool, ...], date] = {}
    for number in range(28 * 366):
        day = begin + timedelta(number)
        days.setdefault(tuple(_on(spec, day) for spec in specs), day)
    found: dict[frozenset[str], datetime] = {}
    for on, day in days.items():
        for at, minute in minutes.items():
            both = zip(specs, on, at, strict=True)
            holding = frozenset(s.text for s, a, b in both if a and b and not s.never)
            instant = datetime(day.year, day.month, day.day, minute // 60, minute % 60)  # noqa: DTZ001
            found[holding] = min(found.get(holding, instant), instant)
    return found


def _real(specs: Sequence[TimeSpec], begin: date) -> dict[frozenset[str], datetime]:
    zones = {(spec.zone and timespec.zone_named(spec.zone)) or UTC for spec in specs}
    minutes = sorted(_edges(specs))
    found: dict[frozenset[str], datetime] = {}
    for number in range(6 * 366):
        day = begin + timedelta(number)
        for zone in zones:
            for minute in minutes:
                local = datetime(
                    day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=zone
                )
                instant = local.astimezone(UTC)
                holding = frozenset(s.text for s in specs if not s.never and s.holds(instant, UTC))
                found.setdefault(holding, instant)
    return found


def _edges(specs: Sequence[TimeSpec]) -> set[int]:
    """Return the minutes of the day at which a condition may change."""
    return {0} | {
        minute % 1440
        for spec in specs
        for one in spec.times or ()
        for minute in (one.start, one.end + 1)
    }


def _in(ranges: tuple[TimeRange, ...] | None, value: int) -> bool:
    return ranges is None or any(one.holds(value) for one in ranges)


def _on(spec: TimeSpec, day: date) -> bool:
    return (
        _in(spec.weekdays, day.isoweekday() % 7)
        and _in(spec.days, day.day)
        and _in(spec.months, day.month)
    )
