"""What is wrong inside values.

AC301 to AC339 are about texts as they are read, AC340 to AC359 about what they become when Asterisk
evaluates them.
"""

from __future__ import annotations

from collections.abc import Mapping

from asterconf.diagnostic import Message
from asterconf.source import Severity

_E, _W, _A = Severity.ERROR, Severity.WARNING, Severity.ADVICE

EXPRESSIONS: Mapping[str, Message] = {
    "open-variable": Message(
        "AC301", _E, "'${{' is never closed: all that follows belongs to it",
        "close it with '}}'; quotes and parentheses protect no brace",
    ),
    "open-expression": Message(
        "AC302", _E, "'$[' is never closed: all that follows belongs to it",
        "close it with ']'; quotes protect no bracket",
    ),
    "open-arguments": Message(
        "AC303", _W, "the arguments of {name!r} have no ')'", "write ${{NAME(…)}}",
    ),
    "lost-text": Message(
        "AC304", _W, "{lost!r} behind the last ')' is thrown away",
        "put it inside the parentheses, or behind the '}}'", verified="behaviour",
    ),
    "slice-ignored": Message(
        "AC305", _W, "{lost!r} is no part of a slice and is ignored",
        "write ${{NAME:offset:length}} with whole numbers and no blank before the second ':'",
        verified="behaviour",
    ),
    "nested-too-deep": Message(
        "AC306", _E, "nested more than {limit} levels deep: this part is empty",
        "set a variable first, and use that",
    ),
    "expression-syntax": Message(
        "AC307", _E, "the expression cannot be read from {found} on", "its value is then {value}; "
        "a value that may be empty or hold blanks needs quotes on both sides",
    ),
    "text-passed-over": Message(
        "AC308", _A, "an expression passes over {text}", 'put text into quotes: "…"',
        verified="behaviour",
    ),
    "expression-depends-on-value": Message(
        "AC309", _A, "only a value tells whether the expression can be read from {found} on",
        "a value that is empty or holds blanks changes what is read; put it into quotes",
        verified="judgement",
    ),
    "bad-time": Message(
        "AC310", _W, "{text!r} is no time and is skipped",
        "write HH:MM or HH:MM-HH:MM, hours 0 to 23",
    ),
    "bad-weekday": Message(
        "AC311", _W, "{text!r} is no weekday and is skipped",
        "write sun, mon, tue, wed, thu, fri, sat without blanks, or 1 (Sunday) to 7",
    ),
    "bad-day": Message(
        "AC312", _W, "{text!r} is no day of the month and is skipped", "write 1 to 31",
    ),
    "bad-month": Message(
        "AC313", _W, "{text!r} is no month and is skipped",
        "write jan to dec without blanks, or 1 to 12",
    ),
    "time-never-holds": Message(
        "AC314", _W, "nothing of {text!r} can be read: the condition never holds",
        "an empty field or * means always", verified="behaviour",
    ),
    "ignored-time": Message(
        "AC315", _W, "{text!r} is ignored in a time condition",
        "at most times,weekdays,days,months,zone are read", verified="behaviour",
    ),
    "unknown-zone": Message(
        "AC316", _W, "there is no time zone {text!r}: the system's is used",
        "write a name such as America/New_York", verified="behaviour",
    ),
    "open-bracket": Message(
        "AC320", _W, "'<' without '>': the number runs to the end", "write Name <number>",
        verified="behaviour",
    ),
    "behind-number": Message(
        "AC321", _W, "{text!r} behind the '>' is ignored", "write Name <number>",
        verified="behaviour",
    ),
    "open-quote": Message(
        "AC322", _W, "a quote that does not stand around the whole name belongs to it",
        'write "Name" <number>', verified="behaviour",
    ),
    "empty-target": Message(
        "AC330", _A, "an empty target between '&' is skipped", "remove one '&'",
        verified="behaviour",
    ),
    "no-technology": Message(
        "AC331", _E, "{text!r} is no Technology/resource: Dial ends the call",
        "write for example PJSIP/{text}",
    ),
    "no-resource": Message(
        "AC332", _E, "nothing stands behind {text!r}: Dial ends the call",
        "write Technology/resource",
    ),
    "no-context": Message(
        "AC333", _W, "{text!r} names no context: 'default' is dialled",
        "write Local/number@context", verified="behaviour",
    ),
    "local-option": Message(
        "AC334", _W, "{text!r} is no option of a Local channel and is ignored",
        "known: n, j, m, b", verified="behaviour",
    ),
    "function-missing": Message(
        "AC340", _E, "there is no function {name!r}: its value is empty",
        "function names are upper case; is its module loaded?",
    ),
    "function-not-readable": Message(
        "AC341", _E, "the function {name!r} cannot be read", "it can only be set",
    ),
    "function-not-writable": Message(
        "AC342", _E, "the function {name!r} cannot be set", "it can only be read",
    ),
    "function-refused": Message(
        "AC343", _E, "{name} gives nothing: {why}", "see `core show function {name}`",
    ),
    "function-warns": Message("AC344", _W, "{name}: {why}", "see `core show function {name}`"),
    "no-channel": Message(
        "AC345", _W, "{name} needs a call and there is none: its value is empty",
        "while a dialplan loads only global variables are known", verified="behaviour",
    ),
    "operand-not-number": Message(
        "AC346", _W, "{operator!r} needs numbers: {text!r} is none",
        "words and quoted text count for nothing, even a number in quotes",
    ),
    "division-by-zero": Message(
        "AC347", _W, "{operator!r} by zero: the value is {value}", "test the divisor first",
    ),
    "bad-regex": Message(
        "AC348", _W, "{pattern!r} is no regular expression: {why}",
        "POSIX extended expressions are meant",
    ),
    "not-a-function": Message(
        "AC349", _E, "{name!r} cannot be the name of a function: the value is 0",
        "in an expression a word before '(' is a function; names are A-Z, 0-9 and _",
    ),
    "not-in-expressions": Message(
        "AC350", _E, "the function {name!r} cannot be used inside an expression: the value is 0",
        "write ${{{name}(…)}}",
    ),
    "argument-count": Message(
        "AC351", _W, "{name} takes {count} arguments: the value is 0", "write {name}(…)",
    ),
    "value-cut": Message(
        "AC352", _W, "only the first {limit} bytes are used", "use shorter values",
        verified="behaviour",
    ),
    "blank-in-variable-name": Message(
        "AC353", _W, "the blank belongs to the variable's name {name!r}",
        "write NAME=value without blanks around the name",
    ),
    "set-without-equals": Message(
        "AC354", _W, "nothing is set: {text!r} has no '='", "write NAME=value",
    ),
    "name-without-parenthesis": Message(
        "AC355", _W, "{name!r} ends in ')' but has no '('", "write FUNCTION(arguments)=value",
    ),
}  # fmt: skip
"""By name."""
