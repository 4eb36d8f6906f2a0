"""The page of what each option of sip.conf becomes, made from the table of the codemod."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from asterconf.migrate.sip_table import SipOption, sip_options

from .text import code, plain, table

__all__ = ["page"]

_HEAD = """\
# From sip.conf to pjsip.conf

What [`asterconf migrate`](../from-chan-sip.md) makes of each option that chan_sip compares: {counts}.
**exact** does the same, **changed** works and differs as it says, **left** stays in sip.conf, because PJSIP has nothing like it.
A value in italics is judged otherwise than the others.
The values are those that chan_sip holds, with its defaults, `[general]` and templates applied; what a chan_sip and a PJSIP have in common is compared for each input that was recorded on Asterisk 16.28.0.

"""  # noqa: E501 - one sentence a line
_WHERE = {"g": "general", "p": "peers", "b": "both", "u": "users.conf", "r": "realtime"}


def page() -> str:
    """Return the page."""
    rows = sip_options()
    found = Counter(row.outcome for row in rows.values())
    counts = ", ".join(f"{number} {name}" for name, number in sorted(found.items()))
    body = table(["Option", "In", "Outcome", "Becomes", "Why"], map(_row, rows.values()))
    return _HEAD.format(counts=counts) + body


def _row(row: SipOption) -> list[str]:
    becomes = "<br>".join(code(one) for one in row.to)
    return [code(row.name), _WHERE[row.where], row.outcome, becomes, "<br>".join(_why(row))]


def _why(row: SipOption) -> Iterator[str]:
    yield plain(row.why)
    for value, (outcome, why) in row.values.items():
        yield f"*{plain(value)}*: {outcome}: {plain(why)}"
