"""Names that stand for nothing: what options and steps of the dialplan name and is not there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from asterconf import schema
from asterconf.bind.findings import family
from asterconf.codes import Message
from asterconf.diagnostic import Diagnostic
from asterconf.linter.rules.rule import Survey
from asterconf.linter.tree import Tree, last
from asterconf.references.index import References
from asterconf.references.values import Reference
from asterconf.source import Severity, fold, printable

__all__ = ["CODES", "PLAN_CODES", "MissingNames"]

_E, _W = Severity.ERROR, Severity.WARNING

CODES: Mapping[str, tuple[Message, ...]] = {
    "refused": (
        Message("AC420", _E, "{option} names {what} {name!r}, which does not exist", "{near}"),
        Message("AC534", _E, "{option} names {what} {name!r}, which does not exist", "{near}"),
        Message("AC615", _E, "{option} names {what} {name!r}, which does not exist", "{near}"),
    ),
    "dangling": (
        Message("AC421", _W, "{option} names {what} {name!r}, which does not exist", "{near}",
             logged=False),
        Message("AC535", _W, "{option} names {what} {name!r}, which does not exist", "{near}",
             logged=False),
        Message("AC616", _W, "{option} names {what} {name!r}, which does not exist", "{near}",
             logged=False),
    ),
}  # fmt: skip
"""What an option names: one code for PJSIP, one for queues and voicemail, one for all others."""

PLAN_CODES: Mapping[str, Message] = {
    "include": Message(
        "AC225", _W, "context {name!r} does not exist in this file{near}",
        "nothing is included, unless a module makes that context when it runs",
    ),
    "goto": Message(
        "AC900", _E, "{by} leads to {what} {name!r}, which does not exist: the call ends",
        "{near}",
    ),
    "gosub": Message(
        "AC901", _E, "{by} runs {what} {name!r}, which does not exist: the call ends", "{near}",
    ),
    "label": Message(
        "AC902", _E, "{by} leads to {what} {name!r}, which does not exist: the call ends",
        "{near}",
    ),
    "option": Message(
        "AC903", _W, "{by} runs {what} {name!r}, which does not exist: that call fails", "{near}",
    ),
    "switch": Message(
        "AC904", _W, "{by} looks in {what} {name!r}, which does not exist", "{near}",
        logged=False,
    ),
    "local": Message(
        "AC905", _W, "{by} rings {what} {name!r}, which does not exist: it rings nobody",
        "{near}",
    ),
    "elsewhere": Message(
        "AC906", _W, "{by} names {what} {name!r}, which does not exist", "{near}", logged=False,
    ),
    "queue": Message(
        "AC910", _W, "{by} names {what} {name!r}, which does not exist: the step does nothing",
        "{near}",
    ),
    "device": Message(
        "AC911", _W, "{by} rings {what} {name!r}, which does not exist: it rings nobody",
        "{near}",
    ),
    "hint": Message(
        "AC912", _W, "{by} watches {what} {name!r}, which does not exist: the lamp stays dark",
        "{near}", logged=False,
    ),
    "mailbox": Message(
        "AC913", _W, "{by} names {what} {name!r}, which does not exist: it finds no box",
        "{near}",
    ),
    "conference": Message(
        "AC914", _E, "{by} names {what} {name!r}, which does not exist: the call ends", "{near}",
    ),
    "parking": Message(
        "AC915", _E, "{by} names {what} {name!r}, which does not exist: the call ends", "{near}",
    ),
    "music": Message(
        "AC916", _W, "{by} names {what} {name!r}, which does not exist: no music is played",
        "{near}",
    ),
    "function": Message(
        "AC917", _W, "{by} asks for {what} {name!r}, which does not exist", "{near}",
    ),
    "other": Message(
        "AC918", _W, "{by} names {what} {name!r}, which does not exist: the step does nothing",
        "{near}",
    ),
}  # fmt: skip
"""What a line of the dialplan names. Each was run on Asterisk 22.10.1.

An error ends the call: Goto and its like ("sent to invalid extension", "No such label"), Gosub
("attempted to reach non-existent destination"), ConfBridge ("profile … does not exist") and Park
("Could not find parking lot"). With a warning the next step runs: Queue ("Unable to join queue"),
Dial ("endpoint … was not found", "No such extension/context", CHANUNAVAIL), VoiceMail ("No entry
in voicemail config file", FAILED), music ("Unable to start music on hold class"). BackGround,
Page, a hint and what is asked for by QUEUE_EXISTS and the like log nothing.
"""

_CALLED = {
    "context": "the context", "named_acl": "the ACL", "class": "the music class",
    "country": "the tone zone", "zonemessages": "the time zone", "rule": "the rule",
    "parking_lot": "the parking lot", "applicationmap": "the feature", "client": "the client",
    "user_profile": "the user profile", "bridge_profile": "the bridge profile",
    "agent-id": "the agent",
}  # fmt: skip

_BY_KIND = {
    "queue": "queue", "mailbox": "mailbox", "user_profile": "conference",
    "bridge_profile": "conference", "menu": "conference", "parking_lot": "parking",
    "class": "music",
}  # fmt: skip


class MissingNames(Survey):
    """Names in options and in steps of the dialplan that certainly stand for nothing."""

    codes = frozenset(
        one.code for several in (PLAN_CODES.values(), *CODES.values()) for one in several
    )

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield each of them."""
        references = tree.work.references
        for one in references.missing():
            source = one.source
            if source.file == "users.conf" and one.by == "context" and not _has_driver(one, tree):
                continue
            plan = source.file == "extensions.conf" and source.kind in {"extension", "context"}
            yield _in_plan(one, references) if plan else _in_option(one, references)


def _has_driver(one: Reference, tree: Tree) -> bool:
    """Tell whether a driver looks at the context of a user: chan_iax2, or chan_dahdi."""
    sections = [s for s in tree.sections("users.conf") if s.name in {"general", one.source.name}]
    said = [last(section, ("hasiax", "dahdichan")) for section in reversed(sections)]
    found = next((value for value in said if value is not None), None)
    return found is not None and fold(found[0]) not in {"no", "0", "off", "false", ""}


def _in_option(one: Reference, references: References) -> Diagnostic:
    rule = CODES["refused" if one.fails == "at load" else "dangling"][family(one.source.file)]
    near = printable(references.near(one.target))
    hint = f"did you mean {near}?" if near else f"add it to {one.target.file}"
    message = rule.message.format(
        option=printable(one.by), what=_what(one), name=printable(one.target.name)
    )
    return Diagnostic(rule.code, rule.severity, message, one.place, hint)


def _in_plan(one: Reference, references: References) -> Diagnostic:
    kind = _kind(one)
    rule, near = PLAN_CODES[kind], printable(references.near(one.target))
    if kind == "include":
        same = fold(near) == fold(one.target.name)
        only = f", only {near!r}" if near and same else ""
        message = rule.message.format(name=printable(one.target.name), near=only)
        return Diagnostic(rule.code, rule.severity, message, one.place, rule.hint)
    message = rule.message.format(
        by=printable(one.by), what=_what(one), name=printable(one.target.name)
    )
    hint = f"did you mean {near}?" if near else f"add it to {one.target.file}"
    return Diagnostic(rule.code, rule.severity, message, one.place, hint)


def _what(one: Reference) -> str:
    return _CALLED.get(one.target.kind, f"the {one.target.kind}".replace("_", " "))


def _kind(one: Reference) -> str:
    """Return the rule for what a line of the dialplan names."""
    kind, by = one.target.kind, one.by
    if by in {"include", "switch", "hint"}:
        return by
    if by in schema.functions():
        return "function"
    if kind in {"context", "extension", "label"}:
        if " option " in by or (by == "Queue" and one.how == "gosub"):
            return "option"
        if one.how in {"goto", "gosub"}:
            return "label" if kind == "label" else one.how
        return "local" if one.how in {"dials", "pages"} else "elsewhere"
    if kind == "endpoint":
        return "device" if one.how in {"dials", "pages"} else "other"
    return _BY_KIND.get(kind, "other")
