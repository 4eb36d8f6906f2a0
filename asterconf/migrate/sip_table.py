"""The table of all options that chan_sip compares, and what each becomes: `sip.json`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import Any

import attrs

from asterconf import schema
from asterconf.bind.chan_sip import host_address, is_address, port_of, read_auth, read_register
from asterconf.language.exten import leading_number
from asterconf.migrate.facts import facts
from asterconf.migrate.outcome import Outcome
from asterconf.model.option_types import BadValueError, check_network
from asterconf.model.sip import SipAuth
from asterconf.source import FALSE, fold, is_true

_NO = {"no", "off", "false", "0", "n", "f", "never", ""}


@attrs.frozen
class SipOption:
    """A row of the table: an option of sip.conf, and what becomes of it.

    Attributes:
        name: its name.
        where: where chan_sip reads it: `g` in `[general]`, `p` in a peer, `b` in both, `u` in
            users.conf; `r`: a column of realtime.
        outcome: as of a construct, for most of its values.
        to: the options of PJSIP that it becomes, each as `section.option`.
        why: what is equal, or differs, or is missing.
        values: by value in lower case, what is said where the outcome is another one.
        by: how it becomes the one option that it does: `text`: the text of its last line, `every`:
            of each line, in their order, `flag`: yes or no, `field`: the field of the peer,
            `general`: the text in `[general]`, `switch`: yes or no there.
        words: by value, what PJSIP calls it; others are not said. Empty: it says the same.
        range: the least and the greatest number that chan_sip takes; empty: any text.
        alias: the option of which it is another name in `[general]`: the last of both counts.
    """

    name: str
    where: str
    outcome: Outcome
    to: tuple[str, ...] = attrs.field(converter=tuple)
    why: str
    values: Mapping[str, tuple[Outcome, str]] = {}
    by: str = ""
    words: Mapping[str, str] = {}
    range: tuple[int, ...] = ()
    alias: str = ""

    def judge(self, value: str) -> tuple[Outcome, str]:
        """Return outcome and reason for a value."""
        words = [fold(word.strip()) for word in value.split(",")]
        no = "no" if value and (words[0] in FALSE or words[0] in _NO) else ""
        yes = "yes" if is_true(words[0]) else ""
        found = [self.values[w] for w in (*words, no, yes) if w in self.values]
        return found[0] if found else (self.outcome, self.why)


@cache
def sip_options() -> Mapping[str, SipOption]:
    """Return the table, by the name of the option in lower case."""
    rows: dict[str, dict[str, Any]] = facts("sip")["options"]
    return {name: SipOption(name, **row) for name, row in rows.items()}


@cache
def copied(kind: str) -> tuple[tuple[str, SipOption], ...]:
    """Return the options of a kind of section that come by themselves, each with its row."""
    rows = (row for row in sip_options().values() if row.by not in {"", "every"})
    pairs = ((row.to[0].partition("."), row) for row in rows)
    return tuple((option, row) for (of, _, option), row in pairs if of == kind)


_COMPLETION = SipOption(
    "cc_*", "b", "left", (), "PJSIP completes no calls: an endpoint has no such setting."
)


@lru_cache(4096)
def sip_option(name: str) -> SipOption | None:
    """Return the row of an option; those of call completion, which ccss reads, have one."""
    word = fold(name)
    known = sip_options().get(word)
    completes = word.startswith("cc_") or word in {"ccnr_available_timer", "ccbs_available_timer"}
    return _COMPLETION if known is None and completes else known


def taken(option: str, value: str) -> str | None:
    """Return a value as chan_sip takes it; None: it does not, and keeps what it had."""
    row = sip_option(option)
    if row is not None and row.range:
        number = leading_number(value)
        return (
            str(number) if number is not None and row.range[0] <= number <= row.range[1] else None
        )
    if row is not None and "transport.bind" in row.to and row.name != "bindport":
        port = port_of(value)
        return value if is_address(host_address(value)) and (not port or port.isdigit()) else None
    if row is not None and row.name == "localnet":
        try:
            check_network(value)
        except BadValueError:
            return None
    return value


_READERS: Mapping[str, Callable[[str], object]] = {"auth": read_auth, "register": read_register}
"""By option, what reads its value; None: chan_sip does not take it."""


@lru_cache(65536)
def verdict(option: str, value: str) -> tuple[Outcome, str]:
    """Return what becomes of an option of the table with a value, and why."""
    row = sip_option(option)
    read = _READERS.get(fold(option), str)(value)
    if taken(option, value) is None or row is None or read is None:
        return "exact", "chan_sip does not take this value: it had no effect"
    if isinstance(read, SipAuth) and not (read.secret or read.md5secret):
        return "changed", "PJSIP has no login without a password: it is not sent"
    if row.by and not all(fits(*to.split("."), value) for to in row.to):
        return "left", "PJSIP takes only letters, digits and -._~%!$&'()*+,;=: in it"
    return row.judge(value)


@lru_cache(4096)
def fits(kind: str, option: str, value: str) -> bool:
    """Tell whether an option of PJSIP takes all characters of a value."""
    facts = schema.file("pjsip.conf")
    known = facts.objects[kind].options.get(option) if facts is not None else None
    return known is None or re.search(known.raw.get("pattern", ""), value, re.ASCII) is not None
