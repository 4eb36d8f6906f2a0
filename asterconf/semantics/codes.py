"""What evaluation can say: the codes AC340 to AC369."""

from __future__ import annotations

from collections.abc import Mapping

from asterconf.codes import Rule
from asterconf.source import Severity

__all__ = ["CODES"]

_E, _W, _A = Severity.ERROR, Severity.WARNING, Severity.ADVICE

CODES: Mapping[str, Rule] = {
    "no-function": Rule(
        "AC340", _E, "there is no function {name!r}: its value is empty",
        "function names are upper case; is its module loaded?",
    ),
    "not-readable": Rule(
        "AC341", _E, "the function {name!r} cannot be read", "it can only be set",
    ),
    "not-writable": Rule(
        "AC342", _E, "the function {name!r} cannot be set", "it can only be read",
    ),
    "refused": Rule(
        "AC343", _E, "{name} gives nothing: {why}", "see `core show function {name}`",
    ),
    "disliked": Rule(
        "AC344", _W, "{name}: {why}", "see `core show function {name}`",
    ),
    "no-channel": Rule(
        "AC345", _W, "{name} needs a call and there is none: its value is empty",
        "while a dialplan loads only global variables are known",
    ),
    "not-a-number": Rule(
        "AC346", _W, "{operator!r} needs numbers: {text!r} is none",
        "words and quoted text count for nothing, even a number in quotes",
    ),
    "zero": Rule(
        "AC347", _W, "{operator!r} by zero: the value is {value}", "test the divisor first",
    ),
    "regex": Rule(
        "AC348", _W, "{pattern!r} is no regular expression: {why}",
        "POSIX extended expressions are meant",
    ),
    "not-a-function": Rule(
        "AC349", _E, "{name!r} cannot be the name of a function: the value is 0",
        "in an expression a word before '(' is a function; names are A-Z, 0-9 and _",
    ),
    "not-here": Rule(
        "AC350", _E, "the function {name!r} cannot be used inside an expression: the value is 0",
        "write ${{{name}(…)}}",
    ),
    "count": Rule(
        "AC351", _W, "{name} takes {count} arguments: the value is 0", "write {name}(…)",
    ),
    "cut": Rule(
        "AC352", _W, "only the first {limit} bytes are used", "use shorter values", logged=False,
    ),
    "blank": Rule(
        "AC353", _W, "the blank belongs to the variable's name {name!r}",
        "write NAME=value without blanks around the name",
    ),
    "no-equals": Rule(
        "AC354", _W, "nothing is set: {text!r} has no '='", "write NAME=value",
    ),
    "no-parenthesis": Rule(
        "AC355", _W, "{name!r} ends in ')' but has no '('", "write FUNCTION(arguments)=value",
    ),
}  # fmt: skip
"""What Asterisk logs, or silently does, while it evaluates a text."""
