"""Every rule by its codes: those with a check of their own, and what reading tells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from asterconf.apps.faults import CODES as APPLICATIONS
from asterconf.bind import pjsip, queues, voicemail
from asterconf.bind.findings import FINDINGS
from asterconf.codes import CHECK, READING, Message
from asterconf.dialplan.rules import CODES as DIALPLAN
from asterconf.language.faults import CODES as LANGUAGES
from asterconf.linter import gone
from asterconf.linter.rules.applications import calls
from asterconf.linter.rules.checks import CHECKS, LEFT_OUT, is_stable
from asterconf.linter.rules.files import host
from asterconf.linter.rules.home import CODES as HOME
from asterconf.linter.rules.references import missing
from asterconf.linter.rules.rule import Needs, Rule, Told, Verified
from asterconf.semantics.scope import CODES as EVALUATION

__all__ = ["RULES", "add"]

_NAMES = {
    "AC225": "context-not-included", "AC229": "extension-name-cut",
    "AC250": "unknown-application", "AC251": "application-gone", "AC252": "application-case",
    "AC253": "application-blank", "AC254": "old-separator", "AC255": "no-brackets",
    "AC256": "argument-missing", "AC257": "needed-argument-missing", "AC258": "too-many-arguments",
    "AC259": "unknown-letter", "AC263": "no-application", "AC264": "application-from-variable",
    "AC265": "part-missing", "AC267": "blank-in-destination", "AC268": "no-device",
    "AC269": "argument-not-number", "AC270": "mark-unclosed", "AC271": "old-mailbox-options",
    "AC272": "optional-application", "AC274": "unknown-word", "AC275": "documented-argument",
    "AC305": "slice-ignored", "AC306": "nested-too-deep", "AC307": "expression-syntax",
    "AC308": "text-passed-over", "AC309": "expression-depends-on-value", "AC310": "bad-time",
    "AC311": "bad-weekday", "AC312": "bad-day", "AC313": "bad-month", "AC314": "time-never-holds",
    "AC316": "unknown-zone", "AC340": "function-missing", "AC341": "function-not-readable",
    "AC342": "function-not-writable", "AC343": "function-refused", "AC344": "function-warns",
    "AC346": "operand-not-number", "AC347": "division-by-zero", "AC348": "bad-regex",
    "AC350": "not-in-expressions", "AC351": "argument-count", "AC352": "value-cut",
    "AC353": "blank-in-variable-name", "AC354": "set-without-equals",
    "AC355": "name-without-parenthesis", "AC406": "pjsip-name", "AC419": "pjsip-value",
    "AC420": "refused-reference", "AC421": "dangling-reference", "AC507": "queue-name",
    "AC512": "mailbox-value", "AC513": "mailbox-name", "AC700": "chan-sip-peer",
    "AC701": "device-gone", "AC702": "steps-gone", "AC703": "steps-optional",
    "AC704": "functions-gone", "AC705": "letters-gone", "AC706": "separators-gone",
    "AC707": "modules-gone", "AC708": "options-gone", "AC900": "missing-destination",
    "AC901": "missing-subroutine", "AC902": "missing-label", "AC903": "missing-option-target",
    "AC904": "missing-switch-context", "AC905": "missing-local-context",
    "AC906": "missing-other-context", "AC910": "missing-queue", "AC911": "missing-device",
    "AC912": "missing-hint-device", "AC913": "missing-mailbox", "AC914": "missing-profile",
    "AC915": "missing-parking-lot", "AC916": "missing-music-class",
    "AC917": "missing-function-target", "AC918": "missing-other-target",
    "AC919": "unknown-technology", "AC920": "unknown-function",
}  # fmt: skip
"""The names of rules whose word in their table says too little by itself."""

_JUDGED = {
    "AC022",
    "AC090",
    "AC091",
    "AC999",
    "AC226",
    "AC252",
    "AC309",
    "AC810",
    "AC814",
    "AC815",
    "AC819",
}
"""Advice that Asterisk neither logs nor minds."""

_SOURCE = {"AC272", "AC273", "AC275", "AC261", "AC412", "AC021", "AC621"}
"""What the documentation of Asterisk says, and nothing that it does shows."""


def _verified(message: Message) -> Verified:
    if message.code in _JUDGED:
        return "judgement"
    if message.code in _SOURCE:
        return "source"
    return "log" if message.logged else "behaviour"


def _told(needs: Needs, table: Mapping[str, Message | tuple[Message, ...]]) -> Iterator[Told]:
    """Yield the rules of a table, each with the word of the table for its name."""
    for word, one in table.items():
        messages = (one,) if isinstance(one, Message) else one
        first = messages[0]
        told = Told(_NAMES.get(first.code, word), messages, needs, _verified(first))
        told.preview = not is_stable(first.code)
        yield told


def _every() -> Iterator[Rule]:
    yield from (*CHECKS, *LEFT_OUT)
    yield from _told("reading", READING)
    yield from _told("plan", DIALPLAN)
    yield from _told("step", APPLICATIONS)
    yield from _told("step", LANGUAGES)
    yield from _told("step", EVALUATION)
    yield from _told("object", {k: v for k, v in pjsip.CODES.items() if k != "object-twice"})
    yield from _told("tree", queues.CODES)
    yield from _told("tree", voicemail.CODES)
    yield from _told("section", FINDINGS)
    yield from _told("section", {"file-unreadable": host.CODES})
    yield from _told("tree", missing.CODES)
    yield from _told("plan", missing.PLAN_CODES)
    yield from _told("step", calls.CODES)
    yield from _told("tree", gone.CODES)
    yield from _told("home", HOME)
    yield from _told("tree", CHECK)


def _by_code(rules: Iterable[Rule]) -> dict[str, Rule]:
    found = {code: rule for rule in rules for code in rule.codes}
    return dict(sorted(found.items()))


_RULES = _by_code(_every())

RULES: Mapping[str, Rule] = MappingProxyType(_RULES)
"""Every rule by each of its codes, sorted; those of plugins behind them."""


def add(rule: Rule) -> None:
    """Add a rule of a plugin, whose codes nobody else has."""
    _RULES.update(dict.fromkeys(rule.codes, rule))
