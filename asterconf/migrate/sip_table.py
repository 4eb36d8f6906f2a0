"""The table of all options that chan_sip compares, and what each becomes: `sip.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files as package_files
from typing import Any

import attrs

from asterconf.migrate.plan import Outcome
from asterconf.source import FALSE, fold, is_true

__all__ = ["SipOption", "sip_option", "sip_options"]

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
    """

    name: str
    where: str
    outcome: Outcome
    to: tuple[str, ...]
    why: str
    values: Mapping[str, tuple[Outcome, str]]

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
    text = package_files("asterconf.migrate").joinpath("sip.json").read_text("utf-8")
    rows: dict[str, Any] = json.loads(text)["options"]
    return {
        name: SipOption(
            name, row["where"], row["outcome"], tuple(row["to"]), row["why"],
            {key: (value[0], value[1]) for key, value in row.get("values", {}).items()},
        )
        for name, row in rows.items()
    }  # fmt: skip


_COMPLETION = SipOption(
    "cc_*", "b", "left", (), "PJSIP completes no calls: an endpoint has no such setting.", {}
)


def sip_option(name: str) -> SipOption | None:
    """Return the row of an option; those of call completion, which ccss reads, have one."""
    word = fold(name)
    known = sip_options().get(word)
    completes = word.startswith("cc_") or word in {"ccnr_available_timer", "ccbs_available_timer"}
    return _COMPLETION if known is None and completes else known
