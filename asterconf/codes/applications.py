"""What Asterisk does not accept in the text of an application: AC250 to AC275."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from asterconf.diagnostic import Message
from asterconf.source import Severity

_E, _W, _A = Severity.ERROR, Severity.WARNING, Severity.ADVICE

APPLICATIONS: Mapping[str, Message] = {
    "unknown-application": Message(
        "AC250", _E, "Asterisk {asterisk} has no application {name!r}", "the call ends here{near}",
    ),
    "application-gone": Message(
        "AC251", _E, "{name} is gone from Asterisk {asterisk}", "the call ends here{instead}",
    ),
    "application-case": Message(
        "AC252", _A, "{name!r} is spelled {known!r} by Asterisk",
        "it works: case does not matter here", verified="judgement", preview=True,
    ),
    "application-blank": Message(
        "AC253", _E, "a blank before '(' belongs to the name: there is no application {name!r}",
        "remove the blank; the call ends here",
    ),
    "old-separator": Message(
        "AC254", _W, "'|' does not separate arguments",
        "write ',' instead; Asterisk takes all of {text!r} as one argument",
    ),
    "no-brackets": Message(
        "AC255", _E, "arguments without brackets: Asterisk looks for an application {name!r}",
        "write {known}(…); the call ends here",
    ),
    "argument-missing": Message(
        "AC256", _W, "{name} lacks its argument {argument!r}", "Asterisk goes on without it",
        verified="behaviour",
    ),
    "needed-argument-missing": Message(
        "AC257", _E, "{name} lacks its argument {argument!r}", "the call ends here",
    ),
    "too-many-arguments": Message(
        "AC258", _W, "{name} has more arguments than Asterisk takes: {text!r}",
        "remove them, or protect a ',' that belongs to an argument by '\\'",
    ),
    "unknown-letter": Message(
        "AC259", _W, "{name} has no option {letter!r}", "Asterisk ignores it{instead}",
    ),
    "letter-open": Message(
        "AC260", _E, "the argument of option {letter!r} has no ')'",
        "close it; Asterisk takes none of the options behind it, and Dial ends the call",
    ),
    "letter-argument": Message(
        "AC261", _A, "option {letter!r} of {name} takes no argument", "Asterisk ignores it",
        verified="source",
    ),
    "letter-needs": Message(
        "AC262", _W, "option {letter!r} of {name} needs an argument", "write {letter}(…)",
        verified="behaviour", preview=True,
    ),
    "no-application": Message("AC263", _E, "there is no application name", "the call ends here"),
    "application-from-variable": Message(
        "AC264", _E, "{name!r}: application names are never substituted",
        "use Exec(…), which substitutes its text; the call ends here",
    ),
    "part-missing": Message(
        "AC265", _W, "{name} has no {mark!r}", "write {form}; Asterisk warns or does nothing",
        verified="behaviour",
    ),
    "old-execif": Message(
        "AC266", _W, "ExecIf with commas is the old form", "write ExecIf(CONDITION?APP(…))",
    ),
    "blank-in-destination": Message(
        "AC267", _W, "blanks belong to the {part} {text!r}", "remove them; nothing is found else",
    ),
    "no-device": Message(
        "AC268", _E, "{text!r} is no device: there is no '/' with something behind it",
        "write Technology/resource, such as PJSIP/6001; the call ends here",
    ),
    "argument-not-number": Message(
        "AC269", _W, "{argument} {text!r} is no number", "Asterisk takes it for none given",
    ),
    "mark-unclosed": Message(
        "AC270", _W, "{mark} is never closed, and no ',' behind it separates",
        "close it, or write '\\{mark}'", verified="behaviour",
    ),
    "old-mailbox-options": Message(
        "AC271", _W, "{text!r} is a mailbox of that name, not box {box!r} with options",
        "write {box},{letters}",
    ),
    "optional-application": Message(
        "AC272", _A, "{name} is not part of every build of Asterisk {asterisk}",
        "see 'core show application {name}' there", verified="source",
    ),
    "no-arguments": Message(
        "AC273", _A, "{name} takes no arguments", "Asterisk ignores {text!r}", verified="source",
    ),
    "unknown-word": Message(
        "AC274", _W, "{name} has no option {word!r}", "known are {known}", verified="behaviour",
    ),
    "documented-argument": Message(
        "AC275", _A, "{name} is documented with an argument {argument!r}, which is not there",
        "see 'core show application {name}'; some do without", verified="source", preview=True,
    ),
}  # fmt: skip
"""By name."""

ENDING: Final = frozenset({"AC250", "AC251", "AC253", "AC255", "AC257", "AC263", "AC264"})
"""What `apps.inspect` says of a step that ends the call: its name, or no argument."""
