"""What the loader of the dialplan drops, cuts or refuses: AC210 to AC234."""

from __future__ import annotations

from collections.abc import Mapping

from asterconf.diagnostic import Message
from asterconf.source import Severity

_E, _W, _A = Severity.ERROR, Severity.WARNING, Severity.ADVICE
_I = Severity.INFO

DIALPLAN: Mapping[str, Message] = {
    "unknown-key": Message(
        "AC210", _E, "unknown directive {key!r}",
        "known: exten, same, include, ignorepat, switch, lswitch, eswitch, autohints",
    ),
    "no-name": Message(
        "AC211", _E, "extension without a name",
        "write NAME,PRIORITY,APPLICATION; check the variables that make up the name",
    ),
    "same-first": Message(
        "AC212", _E, "{key!r} before any extension of this section",
        "start with an exten line; each section header starts afresh",
    ),
    "priority-range": Message(
        "AC213", _E, "priority {word!r} is not between 1 and 2147483647",
        "use 1, or n for the next one",
    ),
    "priority-unknown": Message(
        "AC214", _E, "{word!r} is neither a priority nor a label of {name!r}",
        "write NAME,PRIORITY,APPLICATION; n, next, s, same and hint are lower case",
    ),
    "next-first": Message(
        "AC215", _E, "{word!r} has no priority before it in this section",
        "give the first line of the section a number",
    ),
    "priority-zero": Message(
        "AC216", _E, "the line comes to priority 0 and is dropped without a message",
        "n counts on from the line before; after a hint start again with a number",
        verified="behaviour",
    ),
    "label-open": Message(
        "AC217", _E, "label without its ')'", "a label holds no comma; write n(label)",
    ),
    "arguments-open": Message(
        "AC218", _W, "the arguments of {app!r} have no ')'",
        "close the parenthesis; a ';' in arguments must be written '\\;'",
    ),
    "priority-taken": Message(
        "AC219", _E, "priority {priority} of {name!r} is taken already",
        "the first one stays; use n, or another number",
    ),
    "label-taken": Message(
        "AC220", _W, "label {label!r} is in use at priority {priority} already",
        "the step is stored without it; choose another label",
    ),
    "matches-all": Message(
        "AC221", _W, "{name!r} matches everything, h, i, t and s included",
        "use {better!r} unless letters must match too",
    ),
    "include-twice": Message(
        "AC222", _E, "{text!r} is included already", "remove one of both lines",
    ),
    "ignorepat-twice": Message(
        "AC223", _E, "ignorepat {text!r} is there already", "remove one of both lines",
    ),
    "switch-twice": Message(
        "AC224", _E, "switch {text!r} is there already", "remove one of both lines",
    ),
    "not-evaluated": Message(
        "AC226", _I, "{text!r} is left as written: only Asterisk can evaluate it",
        "what depends on this line may differ in a running Asterisk", verified="judgement",
    ),
    "general-twice": Message(
        "AC227", _W, "a second [general] is ignored",
        "move its lines to the first, or write [general](+)", verified="behaviour",
    ),
    "text-lost": Message(
        "AC228", _W, "{lost!r} behind the last ')' is thrown away: Asterisk holds {held}",
        "arguments end at the last ')' of the line; remove what stands behind it",
        verified="behaviour",
    ),
    "extension-name-cut": Message(
        "AC229", _W, "the name is cut to 255 bytes", "use a shorter name", verified="behaviour",
    ),
    "unclosed": Message(
        "AC230", _W, "a '(' is not closed, so {lost!r} is thrown away: Asterisk holds {held}",
        "arguments end at the last ')' of the line, whichever '(' that closes; add the missing "
        "one", verified="behaviour",
    ),
    "unbalanced": Message(
        "AC231", _W, "the last ')' is not taken for the inner '(': Asterisk holds {held}",
        "arguments end at the last ')' of the line; close each '(' in them", verified="behaviour",
    ),
    "old-form": Message(
        "AC232", _E, "there is no application {app!r}: the step ends the call",
        "write {better}: arguments stand in parentheses", verified="behaviour",
    ),
    "comma-missing": Message(
        "AC200", _E,
        "{lost!r} behind the priority is thrown away and {app!r} is taken for the application: the "
        "step ends the call",
        "write a comma in front of {meant}", verified="behaviour",
    ),
    "priority-twice": Message(
        "AC201", _E,
        "{word!r} is taken for the priority and {app!r} for the application: the step ends the "
        "call",
        "write {better}: a step has one priority, and no name behind same", verified="behaviour",
    ),
    "blank-before-parenthesis": Message(
        "AC233", _E,
        "there is no application {app!r}, with a blank at its end: the step ends the call",
        "write the '(' directly behind the name", verified="behaviour",
    ),
    "other-matcher": Message(
        "AC234", _W, "extenpatternmatchnew makes calls match differently",
        "its results are not imitated here, so lookups are refused; remove the line",
        verified="behaviour",
    ),
}  # fmt: skip
"""By name. An error is a line that Asterisk drops."""
