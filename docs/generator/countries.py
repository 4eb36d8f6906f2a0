"""The page of the countries that the builder knows."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

import phonenumbers

from asterconf.countries import PROFILES, number_plan

__all__ = ["page"]

_HEAD = """\
# Countries

What a home PBX gets in each country that asterconf has a row for; the owner's number tells the
country.
Codecs, tones and prompts are changed by `[country]`, dates by `[voicemail]`, short numbers by
`outgoing_calls = {{ open = ["118XX"] }}`.
Other countries get A-law, the tones that ITU-T E.180 recommends, English prompts, and the numbers
that phonenumbers {version} knows.

| | emergency | open short numbers | closed | codecs | prompts | locale | time zone | source |
|---|---|---|---|---|---|---|---|---|
"""


def _sources(found: Iterable[str]) -> str:
    """Return where services are known from, pages as links."""
    links = (f"[{urlsplit(one).netloc}]({one})" if "://" in one else one for one in found)
    return ", ".join(dict.fromkeys(links))


def page() -> str:
    """Return the page."""
    rows = []
    for region, known in sorted(PROFILES.items()):
        example = phonenumbers.example_number(region)
        assert example is not None
        number = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
        plan = number_plan(number, "")
        services = " ".join(f"`{form.pattern.lstrip('_')}`" for form in plan.services)
        closed = " ".join(f"`{row.number}`" for row in known.services if not row.is_open)
        cells = (
            region, " ".join(plan.emergency), services, closed, ", ".join(known.codecs),
            known.language, known.locale, known.time_zone,
            _sources(row.source for row in known.services),
        )  # fmt: skip
        rows.append(f"| {' | '.join(cells)} |\n")
    return _HEAD.format(version=phonenumbers.__version__) + "".join(rows)
