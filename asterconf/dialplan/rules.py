"""What can be said about a dialplan while it loads: one table."""

from __future__ import annotations

from collections.abc import Mapping

from asterconf.codes import Rule
from asterconf.source import Severity

__all__ = ["CODES"]

_E, _W, _A = Severity.ERROR, Severity.WARNING, Severity.ADVICE

CODES: Mapping[str, Rule] = {
    "unknown-key": Rule(
        "AC210", _E, "unknown directive {key!r}",
        "known: exten, same, include, ignorepat, switch, lswitch, eswitch, autohints",
    ),
    "no-name": Rule(
        "AC211", _E, "extension without a name",
        "write NAME,PRIORITY,APPLICATION; check the variables that make up the name",
    ),
    "same-first": Rule(
        "AC212", _E, "{key!r} before any extension of this section",
        "start with an exten line; each section header starts afresh",
    ),
    "priority-range": Rule(
        "AC213", _E, "priority {word!r} is not between 1 and 2147483647",
        "use 1, or n for the next one",
    ),
    "priority-unknown": Rule(
        "AC214", _E, "{word!r} is neither a priority nor a label of {name!r}",
        "write NAME,PRIORITY,APPLICATION; n, next, s, same and hint are lower case",
    ),
    "next-first": Rule(
        "AC215", _E, "{word!r} has no priority before it in this section",
        "give the first line of the section a number",
    ),
    "priority-zero": Rule(
        "AC216", _E, "the line comes to priority 0 and is dropped without a message",
        "n counts on from the line before; after a hint start again with a number", logged=False,
    ),
    "label-open": Rule(
        "AC217", _E, "label without its ')'",
        "a label holds no comma; write n(label)",
    ),
    "arguments-open": Rule(
        "AC218", _W, "the arguments of {app!r} have no ')'",
        "close the parenthesis; a ';' in arguments must be written '\\;'",
    ),
    "priority-taken": Rule(
        "AC219", _E, "priority {priority} of {name!r} is taken already",
        "the first one stays; use n, or another number",
    ),
    "label-taken": Rule(
        "AC220", _W, "label {label!r} is in use at priority {priority} already",
        "the step is stored without it; choose another label",
    ),
    "matches-all": Rule(
        "AC221", _W, "{name!r} matches everything, h, i, t and s included",
        "use {better!r} unless letters must match too",
    ),
    "include-twice": Rule(
        "AC222", _E, "{text!r} is included already",
        "remove one of both lines",
    ),
    "ignorepat-twice": Rule(
        "AC223", _E, "ignorepat {text!r} is there already",
        "remove one of both lines",
    ),
    "switch-twice": Rule(
        "AC224", _E, "switch {text!r} is there already",
        "remove one of both lines",
    ),
    "not-evaluated": Rule(
        "AC226", _A, "{text!r} is left as written: only Asterisk can evaluate it",
        "what depends on this line may differ in a running Asterisk", logged=False,
    ),
    "general-twice": Rule(
        "AC227", _W, "a second [general] is ignored",
        "move its lines to the first, or write [general](+)", logged=False,
    ),
    "text-lost": Rule(
        "AC228", _W, "{lost!r} behind the last ')' is thrown away: Asterisk holds {held}",
        "arguments end at the last ')' of the line; remove what stands behind it", logged=False,
    ),
    "name-cut": Rule(
        "AC229", _W, "the name is cut to 255 bytes",
        "use a shorter name", logged=False,
    ),
    "unclosed": Rule(
        "AC230", _W, "a '(' is not closed, so {lost!r} is thrown away: Asterisk holds {held}",
        "arguments end at the last ')' of the line, whichever '(' that closes; add the missing one",
        logged=False,
    ),
    "unbalanced": Rule(
        "AC231", _W, "the last ')' is not taken for the inner '(': Asterisk holds {held}",
        "arguments end at the last ')' of the line; close each '(' in them", logged=False,
    ),
    "old-form": Rule(
        "AC232", _W, "there is no application {app!r}: the step ends the call",
        "write {better}: arguments stand in parentheses", logged=False,
    ),
    "blank-before-parenthesis": Rule(
        "AC233", _W, "there is no application {app!r}, with a blank at its end: the step ends "
        "the call",
        "write the '(' directly behind the name", logged=False,
    ),
    "other-matcher": Rule(
        "AC234", _W, "extenpatternmatchnew makes calls match differently",
        "its results are not imitated here, so lookups are refused; remove the line",
        logged=False,
    ),
}  # fmt: skip
"""What can be said about a dialplan while it loads. An error is a line that is lost."""
