"""What differs from country to country: how numbers are dialled, what they cost, and the usual.

The facts of each country are in profiles.json; what is not said there is a default of `Profile` or
`Tones`. Sources: G.711 for the codec of the telephone network, mu-law in North America and Japan,
A-law elsewhere. Tones are those of the file indications.conf that Asterisk comes with, or where it
has no row what ITU-T E.180 recommends. Each short number, open or closed, stands below its source.

How North America dials is known here. Other countries come from the package `phonenumbers` (extra
`numbers`), whose tables are Google's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache
from itertools import product
from pkgutil import get_data
from typing import TYPE_CHECKING, Any, Final

import attrs

from asterconf.language.pattern import matches

if TYPE_CHECKING:
    from phonenumbers.phonemetadata import PhoneMetadata


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


# -- numbers ------------------------------------------------------------------------------------

_DIGITS: Final = frozenset("0123456789")
LOCAL: Final = 5
"""Digits that a number without area code has at least."""

_ABROAD: Final = {
    "242": "the Bahamas", "246": "Barbados", "264": "Anguilla", "268": "Antigua and Barbuda",
    "284": "the British Virgin Islands", "345": "the Cayman Islands", "441": "Bermuda",
    "473": "Grenada", "649": "Turks and Caicos", "658": "Jamaica", "664": "Montserrat",
    "721": "Sint Maarten", "758": "Saint Lucia", "767": "Dominica", "784": "Saint Vincent",
    "809": "the Dominican Republic", "829": "the Dominican Republic",
    "849": "the Dominican Republic", "868": "Trinidad and Tobago", "869": "Saint Kitts and Nevis",
    "876": "Jamaica",
}  # fmt: skip
"""Area codes of North America's plan that are abroad for the United States and Canada.

Checked: the geographic descriptions of phonenumbers 9.0.
"""


_EMERGENCY: Final = {
    "242": ("911", "919"), "246": ("211", "311", "511", "911"), "268": ("911", "999"),
    "284": ("911", "999"), "649": ("911", "999"), "658": ("110", "112", "119", "911"),
    "664": ("911", "999"), "721": ("919",), "758": ("911", "999"), "767": ("333", "911", "999"),
    "784": ("911", "999"), "809": ("112", "911"), "829": ("112", "911"), "849": ("112", "911"),
    "868": ("990", "999"), "869": ("333", "911", "999"), "876": ("110", "112", "119", "911"),
}  # fmt: skip
"""Emergency numbers by area code, where they are not 911 alone.

Checked: the short numbers of phonenumbers 9.0.
"""


Box = tuple[frozenset[str], ...]
"""Numbers of one length, by the digits that each place may have."""


class NumbersError(ValueError):
    """The numbers of a country are not known here; the message says what to do."""


@attrs.frozen
class Form:
    """One form in which a number may be dialled."""

    pattern: str
    """Name of an extension: `_` and a pattern, or a number."""
    number: str
    """The number it stands for, with `+` and country code, in terms of `${EXTEN}`."""
    comment: str = ""


@attrs.frozen(kw_only=True)
class NumberPlan:
    """How numbers are dialled in one country."""

    name: str
    emergency: tuple[str, ...]
    """Emergency numbers, dialled as they are."""
    emergency_tests: tuple[str, ...] = ()
    """Numbers that test emergency calls."""
    national: tuple[Form, ...]
    """How numbers of the country are dialled."""
    international: tuple[Form, ...]
    """How numbers abroad are dialled."""
    services: tuple[Form, ...] = ()
    """Short numbers that are open, dialled as they are."""
    closed: tuple[str, ...] = ()
    """Patterns of short numbers that are closed: directories, and what costs extra."""
    prefix: str = ""
    """Put before the area code for calls within the country."""
    exit_code: str = "00"
    """Put before the country code for calls abroad."""
    code: str = ""
    """The country code."""
    own: str
    """Pattern of every number of the country, in full."""
    abroad: tuple[tuple[str, str], ...] = ()
    """Patterns of numbers that look like the country's own and are abroad, with what they are."""
    others: str
    """Pattern of every number abroad, in full."""
    premium: tuple[str, ...] = ()
    """Patterns of numbers that cost extra, in full."""


@cache
def number_plan(number: str, area_code: str) -> NumberPlan:
    """Return how numbers are dialled where `number` (with + and country code) is at home.

    `area_code` is put before numbers without one; empty: there are no such numbers.

    Raises:
        NumbersError: the country is not known here.
    """
    return _north_america(number, area_code) if number[:2] == "+1" else _other(number, area_code)


def emergency_numbers(number: str = "", region: str = "") -> tuple[str, ...]:
    """Return the emergency numbers where a number (with + and country code), or a region, is.

    Empty: the country is not known here.
    """
    if number:
        try:
            return number_plan(number, "").emergency
        except NumbersError:
            return ()
    try:
        from phonenumbers.phonemetadata import PhoneMetadata
    except ImportError:
        return ()
    short = PhoneMetadata.short_metadata_for_region(region, None)
    return tuple(dict.fromkeys(_numbers(short, "emergency"))) if short is not None else ()


def _north_america(number: str, area_code: str) -> NumberPlan:
    own = _ABROAD.get(number[2:5])
    national = [
        Form("_+1NXXNXXXXXX", "${EXTEN}", "+1 and ten digits, as dialled."),
        Form("_1NXXNXXXXXX", "+${EXTEN}", "1 and ten digits: only the + is missing."),
        Form("_NXXNXXXXXX", "+1${EXTEN}", "Ten digits: a number with its area code."),
    ]
    if area_code:
        local = "Seven digits: a number of our own area."
        national.append(Form("_NXXXXXX", "+1${MY_AREA_CODE}${EXTEN}", local))
    service = "Public services such as 211. 911 is above; 411, the directory, is closed."
    return NumberPlan(
        name="North America",
        emergency=_EMERGENCY.get(number[2:5], ("911",)),
        emergency_tests=() if own else ("933",),
        national=tuple(national),
        international=(
            Form("_011ZX!", "+${FILTER(0-9,${EXTEN:3})}", "Abroad, with 011."),
            Form("_+[2-9]X!", "+${FILTER(0-9,${EXTEN:1})}", "Abroad, with +."),
        ),
        services=(Form("_[235-8]11", "${EXTEN}", service), Form("988", "${EXTEN}")),
        exit_code="011",
        code="1",
        own="_+1NXXNXXXXXX",
        abroad=tuple((f"_+1{code}NXXXXXX", name) for code, name in _ABROAD.items() if name != own),
        others="_+[2-9]X!",
        premium=("_+1900NXXXXXX", "_+1NXX976XXXX"),
    )


# -- other countries --------------------------------------------------------------------------


def _other(number: str, area_code: str) -> NumberPlan:
    try:
        import phonenumbers
        from phonenumbers.phonemetadata import PhoneMetadata
    except ImportError:
        raise NumbersError(
            f"numbers like {number} take the package phonenumbers: pip install 'asterconf[numbers]'"
        ) from None
    try:
        region = phonenumbers.region_code_for_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        region = None
    meta = PhoneMetadata.metadata_for_region(region, None) if region else None
    if meta is None or region is None:
        raise NumbersError(f"{number} belongs to no country")
    short = PhoneMetadata.short_metadata_for_region(region, None)
    return _of_metadata(meta, short, region, area_code)


_KINDS: Final = (
    "fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost", "personal_number", "voip",
    "uan", "voicemail",
)  # fmt: skip
"""Kinds of numbers, as phonenumbers calls them; the first two tell the national prefix."""

_ARGENTINA: Final = tuple(
    Form(f"_0{area}15{'X' * (10 - size)}", f"+549${{EXTEN:1:{size}}}${{EXTEN:{size + 3}}}",
         "Mobile phones, with area code and 15.")
    for size, area in ((2, "11"), (3, "[23]XX"), (4, "[23]XXX"))
)  # fmt: skip
"""How mobile phones of Argentina are dialled within it: in full they have a 9, and no 15."""


def _written_before(region: str) -> dict[str, str]:
    """Return what is written before numbers of a kind within the country, by kind."""
    import phonenumbers as known

    found = {}
    for kind in _KINDS:
        example = known.example_number_for_type(
            region, getattr(known.PhoneNumberType, kind.upper())
        )
        if example is not None:
            national = re.sub(
                r"\D", "", known.format_number(example, known.PhoneNumberFormat.NATIONAL)
            )
            digits = known.national_significant_number(example)
            if national.endswith(digits):
                found[kind] = national.removesuffix(digits)
    return found


def _of_metadata(
    meta: PhoneMetadata, short: PhoneMetadata | None, region: str, area_code: str
) -> NumberPlan:
    code, before = str(meta.country_code), _written_before(region)
    usual = [before[kind] for kind in _KINDS[:2] if before.get(kind)]
    prefix = usual[0] if usual else meta.national_prefix or ""
    exit_code = (meta.preferred_international_prefix or "").replace("~", "")
    exit_code = exit_code or "".join(re.findall(r"^\d+", meta.international_prefix or "")) or "00"
    national = [Form(f"_+{code}X!", "+${FILTER(0-9,${EXTEN:1})}", "In full, as dialled.")]
    abroad = f"+${{FILTER(0-9,${{EXTEN:{len(exit_code)}}})}}"
    own = f"In full, with {exit_code} for the +."
    national.append(Form(f"_{exit_code}{code}X!", abroad, own))
    for digits in dict.fromkeys(filter(None, [prefix, *before.values()])):
        full = f"+{code}${{FILTER(0-9,${{EXTEN:{len(digits)}}})}}"
        comment = f"With {digits} and area code."
        national.append(Form(f"_{digits}{_first_digits(meta)}X!", full, comment))
    if prefix and area_code:
        local = f"+{code}${{MY_AREA_CODE}}${{FILTER(0-9,${{EXTEN}})}}"
        national.append(Form(f"_Z{'X' * (LOCAL - 1)}!", local, "Without area code: our own."))
    bare = [kind for kind, digits in before.items() if digits == ""]
    if not prefix or {*bare} & {*_KINDS[:2]}:
        first = _first_digits(meta)
        sizes = meta.general_desc.possible_length if meta.general_desc else ()
        for size in sorted(sizes):
            comment = f"{size} digits, as numbers are here."
            pattern = f"_{first}{'X' * (size - 1)}"
            national.append(Form(pattern, f"+{code}${{EXTEN}}", comment))
    else:
        shown = dict.fromkeys(p for kind in bare for p in _patterns(meta, kind, "_"))
        comment = f"Numbers without area code, which are dialled without {prefix}."
        national += [Form(pattern, f"+{code}${{EXTEN}}", comment) for pattern in shown]
    national += _ARGENTINA if region == "AR" else ()
    emergency = tuple(dict.fromkeys(_numbers(short, "emergency")))
    services, closed = _short_numbers(short, region, emergency, national)
    return NumberPlan(
        name=region,
        emergency=emergency,
        national=tuple(national),
        international=(
            Form(f"_{exit_code}ZX!", abroad, f"Abroad, with {exit_code}."),
            Form("_+ZX!", "+${FILTER(0-9,${EXTEN:1})}", "Abroad, with +."),
        ),
        services=tuple(Form(pattern, "${EXTEN}") for pattern in services),
        closed=tuple(closed),
        prefix=prefix,
        exit_code=exit_code,
        code=code,
        own=f"_+{code}X!",
        others="_+ZX!",
        premium=tuple(
            pattern
            for kind in ("premium_rate", "personal_number")
            for pattern in _patterns(meta, kind, f"_+{code}", open_end=True)
        ),
    )


def _short_numbers(
    meta: PhoneMetadata | None,
    region: str,
    emergency: Collection[str],
    national: Iterable[Form],
) -> tuple[list[str], list[str]]:
    """Return the patterns of short numbers that are open, and of those that are closed.

    Closed ones are named only where they would go out as a number of the country otherwise.

    Open is what costs nothing or the standard rate, by the tables of phonenumbers, or is a public
    service by our own. Numbers for text messages only are neither.
    """
    rows = PROFILES[region].services if region in PROFILES else ()
    own = [_box(row.number) for row in rows if row.is_open]
    shut = [_box(row.number) for row in rows if not row.is_open]
    dear, texts = _boxes(meta, "premium_rate"), _boxes(meta, "sms_services")
    known, called = _boxes(meta, "short_code"), [_box(number) for number in emergency]
    free = [*_boxes(meta, "toll_free"), *_boxes(meta, "standard_rate")]
    usual = [both for one in free for other in known if (both := _common(one, other))]
    opened = [*own, *_without(_without(usual, shut), [*dear, *texts])]
    closed = _without([*known, *shut, *dear], [*opened, *texts, *called])
    return _written(_without(opened, called)), _written(filter(_dialled(national), closed))


def _dialled(national: Iterable[Form]) -> Callable[[Box], bool]:
    """Return what tells whether a short number would go out as a number of the country."""
    patterns = [form.pattern for form in national]

    def is_dialled(box: Box) -> bool:
        rest = "".join(map(min, box[1:]))
        return any(matches(p, first + rest) for p in patterns for first in box[0])

    return is_dialled


def _boxes(meta: PhoneMetadata | None, kind: str) -> list[Box]:
    desc = getattr(meta, kind, None) if meta else None
    return [*_expanded(desc.national_number_pattern if desc else None)]


def _box(number: str) -> Box:
    return tuple(_DIGITS if char == "X" else frozenset(char) for char in number)


def _common(one: Box, other: Box) -> Box:
    """Return the numbers of both; empty: there are none."""
    if len(one) != len(other):
        return ()
    both = tuple(a & b for a, b in zip(one, other, strict=True))
    return both if all(both) else ()


def _without(boxes: Iterable[Box], others: Iterable[Box]) -> list[Box]:
    """Return boxes for the numbers of `boxes` that are in none of `others`."""
    left = [*boxes]
    for other in others:
        left = [part for box in left for part in _difference(box, other)]
    return left


def _difference(box: Box, other: Box) -> Iterator[Box]:
    common = _common(box, other)
    if not common:
        yield box
        return
    for place, digits in enumerate(box):
        if rest := digits - common[place]:
            yield (*common[:place], rest, *box[place + 1 :])


def _written(boxes: Iterable[Box]) -> list[str]:
    """Return boxes as names of extensions."""
    names = ("".join(map(_element, box)) for box in boxes if box)
    return [*dict.fromkeys(name if name.isdigit() else f"_{name}" for name in names)]


def _first_digits(meta: PhoneMetadata) -> str:
    """Return the element of a pattern for the first digit of a country's numbers."""
    first: set[str] = set()
    for sets in _boxes(meta, "general_desc"):
        first |= sets[0] if sets else set()
    return _element(frozenset(first or _DIGITS))


def _numbers(meta: PhoneMetadata | None, kind: str) -> Iterator[str]:
    """Yield every number of a kind; short numbers only, of which there are few."""
    for sets in _boxes(meta, kind):
        yield from map("".join, product(*(sorted(digits) for digits in sets)))


def _patterns(meta: PhoneMetadata, kind: str, head: str, *, open_end: bool = False) -> list[str]:
    """Return patterns for the numbers of a kind; `open_end` lets the last digits be any."""
    found = []
    for sets in _boxes(meta, kind):
        shown = list(sets)
        while open_end and shown and shown[-1] == _DIGITS:
            shown.pop()
        tail = "X!" if open_end and len(shown) < len(sets) else ""
        found.append(head + "".join(map(_element, shown)) + tail)
    return list(dict.fromkeys(found))


def _element(digits: frozenset[str]) -> str:
    """Return the element of a pattern that accepts these digits."""
    if len(digits) == 1:
        return next(iter(digits))
    named = {_DIGITS: "X", _DIGITS - {"0"}: "Z", _DIGITS - {"0", "1"}: "N"}
    return named.get(digits, f"[{''.join(sorted(digits))}]")


@cache
def _expanded(pattern: str | None) -> tuple[tuple[frozenset[str], ...], ...]:
    r"""Return a pattern of phonenumbers as alternatives, each a set of digits per place.

    Understood is what those tables are written in: digits, `\d`, sets, `(?:…)`, `|`, `?` and
    `{n,m}`.
    """
    if not pattern or pattern == "NA":
        return ()
    reader = _Reader(pattern)
    return tuple(dict.fromkeys(reader.alternatives()))


class _Reader:
    """Reads a pattern from left to right."""

    def __init__(self, pattern: str) -> None:
        self._pattern, self._at = pattern, 0

    def alternatives(self) -> Iterator[tuple[frozenset[str], ...]]:
        yield from self._sequence()
        while self._pattern[self._at : self._at + 1] == "|":
            self._at += 1
            yield from self._sequence()

    def _sequence(self) -> list[tuple[frozenset[str], ...]]:
        found: list[tuple[frozenset[str], ...]] = [()]
        while self._at < len(self._pattern) and self._pattern[self._at] not in "|)":
            items = list(self._item())
            low, high = self._repeats()
            several = [_joined(parts) for n in range(low, high + 1) for parts in _power(items, n)]
            found = [one + other for one in found for other in several]
        return found

    def _item(self) -> Iterable[tuple[frozenset[str], ...]]:
        rest = self._pattern[self._at :]
        if rest.startswith("(?:"):
            self._at += 3
            inner = list(self.alternatives())
            self._at += 1
            return inner
        match = re.match(r"\\d|\d|\[[\d-]+\]", rest)
        if match is None:
            raise NumbersError(f"the tables of phonenumbers hold what is not understood: {rest!r}")
        self._at += match.end()
        digits = _DIGITS if match[0] == "\\d" else _members(match[0].strip("[]"))
        return [(digits,)]

    def _repeats(self) -> tuple[int, int]:
        match = re.match(r"\{(\d+)(?:,(\d+))?\}|\?", self._pattern[self._at :])
        if match is None:
            return 1, 1
        self._at += match.end()
        if match[0] == "?":
            return 0, 1
        return int(match[1]), int(match[2] or match[1])


def _power(items: list[Any], times: int) -> Iterator[tuple[Any, ...]]:
    return product(items, repeat=times)


def _joined(parts: Iterable[tuple[frozenset[str], ...]]) -> tuple[frozenset[str], ...]:
    return tuple(digits for part in parts for digits in part)


def _members(body: str) -> frozenset[str]:
    """Return the digits of a set such as `2-49`."""
    digits: set[str] = set()
    for low, high in re.findall(r"(\d)(?:-(\d))?", body):
        digits |= {str(n) for n in range(int(low), int(high or low) + 1)}
    return frozenset(digits)
