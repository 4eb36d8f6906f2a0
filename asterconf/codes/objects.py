"""Objects of PJSIP, queues and mailboxes that are there twice, incomplete, or cannot be shown."""

from __future__ import annotations

from collections.abc import Mapping

from asterconf.diagnostic import Message
from asterconf.source import Severity

_E, _W = Severity.ERROR, Severity.WARNING

OBJECTS: Mapping[str, Message] = {
    "object-twice": Message(
        "AC401", _E, "{kind} {name!r} is there twice, so no {kind} of the file loads",
        "remove one of both sections, or add to the first with [{name}](+)",
    ),
    "auth-no-username": Message(
        "AC402", _E, "{name!r} needs {option} to make its {kind}",
        "set {option}, or turn off what asks for it",
    ),
    "no-remote-hosts": Message(
        "AC403", _E, "{name!r} has no remote_hosts, so no {kind} is made",
        "set remote_hosts, or accepts_registrations for a phone",
    ),
    "overshadowed": Message(
        "AC404", _W, "{kind} {name!r} of the wizard is not used: pjsip.conf has one",
        "remove one of both", verified="behaviour",
    ),
    "pjsip-name": Message(
        "AC406", _W, "section {name!r} cannot be shown as an object: {problem}",
        "use a name without blanks at its ends", verified="behaviour",
    ),
    "pjsip-value": Message(
        "AC419", _W, "{name!r}: {problem}", "Asterisk takes it, but nothing good can come of it",
        verified="behaviour",
    ),
    "queue-twice": Message(
        "AC501", _E, "queue {name!r} is there already, the second is skipped",
        "remove one of both, or add to the first with [{name}](+)",
    ),
    "strategy-twice": Message(
        "AC503", _W, "of two strategies the first counts, not {word!r}",
        "remove one of both; a template's strategy cannot be overridden", verified="behaviour",
    ),
    "member-twice": Message(
        "AC504", _W, "member {interface!r} is there already, the later line counts",
        "remove one of both", verified="behaviour",
    ),
    "member-bad": Message(
        "AC505", _E, "member line without a usable interface: {text!r}",
        "write member => INTERFACE,PENALTY,NAME,STATE_INTERFACE",
    ),
    "queue-name": Message(
        "AC507", _W, "section {name!r} cannot be shown as a queue: {problem}",
        "use a name without blanks at its ends", verified="behaviour",
    ),
    "mailbox-twice": Message(
        "AC510", _E, "mailbox {name!r} is there already, the first one stays",
        "remove one of both lines",
    ),
    "option-lost": Message(
        "AC511", _W, "mailbox {name!r}: {text!r} is no name=value and is ignored",
        "options follow the fourth comma, separated by |", verified="behaviour",
    ),
    "mailbox-name": Message(
        "AC513", _W, "mailbox {name!r} cannot be shown: {problem}",
        "use digits; an alias counts only in the section that aliasescontext names",
        verified="behaviour",
    ),
    "star-name": Message(
        "AC514", _E, "mailbox {name!r} begins with *, so Asterisk does not make it",
        "begin it with a digit",
    ),
    "star-pin": Message(
        "AC515", _W, "the PIN of mailbox {name!r} begins with *: nobody can key it",
        "begin it with a digit",
    ),
}  # fmt: skip
"""By name."""
