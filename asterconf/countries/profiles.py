"""What a PBX of a country is like: codecs, tones, language of the prompts, dates, short numbers.

The facts of each country are in profiles.json; what is not said there is a default of `Profile` or
`Tones`. Sources: G.711 for the codec of the telephone network, mu-law in North America and Japan,
A-law elsewhere. Tones are those of the file indications.conf that Asterisk comes with, or where it
has no row what ITU-T E.180 recommends. Each short number, open or closed, stands below its source.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pkgutil import get_data
from typing import Any, Final

import attrs


@attrs.frozen
class Service:
    """A short number of which phonenumbers does not know the cost."""

    number: str
    """What is dialled; `X` is any digit."""
    is_open: bool
    """Whether it is dialled as it is: public services are, directories and the like are not."""
    what: str
    source: str
    """Where it is known from: a page, or the tables of phonenumbers."""


@attrs.frozen(kw_only=True)
class Tones:
    """Tones of a country as indications.conf writes them: Hz / milliseconds, `+` sounds both.

    What begins with `!` sounds once.
    """

    dial: str = "425"
    busy: str = "425/500,0/500"
    ring: str = "425/1000,0/4000"
    congestion: str = "425/250,0/250"
    callwaiting: str = "425/200,0/600,425/200,0/10000"
    ringcadence: str = "1000,4000"


@attrs.frozen(kw_only=True)
class Profile:
    """The usual settings of a country; each can be changed by a key of `[country]`."""

    region: str
    codecs: tuple[str, ...] = attrs.field(default=("alaw", "ulaw"), converter=tuple[str, ...])
    """Codecs of calls to the outside, best first."""
    language: str = "en"
    """Folder of the prompts, in `sounds/`."""
    locale: str = ""
    time_zone: str = ""
    """Empty: the one that phonenumbers knows for the owner's number."""
    tones: Tones = Tones()
    services: tuple[Service, ...] = ()


def _services(data: dict[str, Any]) -> Iterator[Service]:
    """Yield the short numbers of a country, which are taken out of the data: open ones first."""
    for kind in ("open", "closed"):
        for source, rows in data.pop(kind, {}).items():
            for row in rows:
                number, _, what = row.partition(" ")
                yield Service(number, kind == "open", what, source)


def _profiles() -> Iterator[Profile]:
    for region, data in json.loads(get_data(__name__, "profiles.json") or b"").items():
        services, tones = (*_services(data),), Tones(**data.pop("tones", {}))
        yield Profile(region=region, tones=tones, services=services, **data)


PROFILES: Final[Mapping[str, Profile]] = {one.region: one for one in _profiles()}
"""The profiles by region (ISO 3166)."""


def profile(number: str) -> Profile:
    """Return the profile of the country of a number with `+` and country code.

    North America needs no package. A country without a row gets A-law, the tones that E.180
    recommends and English prompts; its time zone is the one that phonenumbers knows, or UTC
    where it knows several.
    """
    if number.startswith("+1"):
        return PROFILES["US"]
    region, zone = _looked_up(number)
    found = PROFILES.get(region) or Profile(region=region)
    return found if found.time_zone else attrs.evolve(found, time_zone=zone)


def _looked_up(number: str) -> tuple[str, str]:
    """Return region and time zone of a number; empty and UTC where they are not known."""
    try:
        import phonenumbers
        from phonenumbers import timezone
    except ImportError:
        return "", "UTC"
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return "", "UTC"
    zones = timezone.time_zones_for_number(parsed)
    known = zones[0] if len(zones) == 1 and zones[0] != timezone.UNKNOWN_TIMEZONE else "UTC"
    return phonenumbers.region_code_for_number(parsed) or "", known
