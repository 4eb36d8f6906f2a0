"""Names that stand for nothing: what options and steps of the dialplan name and is not there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs

from asterconf import schema
from asterconf.codes import Message
from asterconf.diagnostic import Diagnostic, Verified
from asterconf.linter.rules.rule import TreeRule
from asterconf.linter.rules.sections.lines import of_file
from asterconf.linter.tree import Tree
from asterconf.references.index import References
from asterconf.references.values import Reference
from asterconf.source import Severity, printable

_E, _W = Severity.ERROR, Severity.WARNING

_OPTION = "{option} names {what} {name!r}, which does not exist"

OPTIONS: Mapping[str, tuple[Message, ...]] = {
    "refused-reference": Message.each("AC420 AC534 AC615", _E, _OPTION, "{near}"),
    "dangling-reference": Message.each("AC421 AC535 AC616", _W, _OPTION, "{near}", "behaviour"),
}
"""What an option names: one code for PJSIP, one for queues and voicemail, one for all others."""


def _of(
    code: str, severity: Severity, does: str, then: str = "", verified: Verified = "log"
) -> Message:
    said = f"{{by}} {does} {{what}} {{name!r}}, which does not exist{then}"
    return Message(code, severity, said, "{near}", verified)


STEPS: Mapping[str, Message] = {
    "context-not-included": Message(
        "AC225", _W,
        "context {name!r} does not exist in this file: nothing is included, unless a module makes "
        "it when it runs",
        "{near}",
    ),
    "missing-destination": _of("AC900", _E, "leads to", ": the call ends"),
    "missing-subroutine": _of("AC901", _E, "runs", ": the call ends"),
    "missing-label": _of("AC902", _E, "leads to", ": the call ends"),
    "missing-option-target": _of("AC903", _W, "runs", ": that call fails"),
    "missing-switch-context": _of("AC904", _W, "looks in", verified="behaviour"),
    "missing-local-context": _of("AC905", _W, "rings", ": it rings nobody"),
    "missing-other-context": _of("AC906", _W, "names", verified="behaviour"),
    "missing-queue": _of("AC910", _W, "names", ": the step does nothing"),
    "missing-device": _of("AC911", _W, "rings", ": it rings nobody"),
    "missing-hint-device": _of("AC912", _W, "watches", ": the lamp stays dark", "behaviour"),
    "missing-mailbox": _of("AC913", _W, "names", ": it finds no box"),
    "missing-profile": _of("AC914", _E, "names", ": the call ends"),
    "missing-parking-lot": _of("AC915", _E, "names", ": the call ends"),
    "missing-music-class": _of("AC916", _W, "names", ": no music is played"),
    "missing-function-target": _of("AC917", _W, "asks for"),
    "missing-other-target": _of("AC918", _W, "names", ": the step does nothing"),
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
    "queue": "missing-queue", "mailbox": "missing-mailbox", "user_profile": "missing-profile",
    "bridge_profile": "missing-profile", "menu": "missing-profile",
    "parking_lot": "missing-parking-lot", "class": "missing-music-class",
}  # fmt: skip

_BY_LINE = {
    "include": "context-not-included", "switch": "missing-switch-context",
    "hint": "missing-hint-device",
}  # fmt: skip


class MissingNames(TreeRule):
    """Names in options and in steps of the dialplan that certainly stand for nothing."""

    name = "missing-names"
    messages = (*STEPS.values(), *(one for several in OPTIONS.values() for one in several))

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield each of them."""
        references = tree.work.references
        for one in references.missing():
            source = one.source
            plan = source.file == "extensions.conf" and source.kind in {"extension", "context"}
            found = _found(one, references, plan=plan)
            context, _, label = one.target.name.partition(",")
            label = label.rpartition(",")[2]
            if found.code == "AC902" and label and tree.answers(label, context):
                hint = printable(f"{label} is an extension: write {label},1")
                found = attrs.evolve(found, hint=hint)
            yield found


def _found(one: Reference, references: References, *, plan: bool) -> Diagnostic:
    """Return the finding about a name, in the dialplan or in an option."""
    target, near = one.target, printable(references.near(one.target))
    name, by = printable(target.name), printable(one.by)
    hint = f"did you mean {near}?" if near else f"add it to {target.file}"
    if target.kind == "aor" and plan:
        hint = f"a number stands before the endpoint: PJSIP/{name.partition('@')[0]}@NAME"
    what = _CALLED.get(target.kind, f"the {target.kind}".replace("_", " "))
    if not plan:
        word = "refused-reference" if one.fails == "at load" else "dangling-reference"
        message = of_file(OPTIONS[word], one.source.file)
        return message.at(one.place, option=by, what=what, name=name, near=hint)
    return STEPS[_word(one)].at(one.place, by=by, what=what, name=name, near=hint)


def _word(one: Reference) -> str:
    """Return the rule for what a line of the dialplan names."""
    kind, by = one.target.kind, one.by
    if by in _BY_LINE:
        return _BY_LINE[by]
    if by in schema.functions():
        return "missing-function-target"
    if kind in {"context", "extension", "label"}:
        if " option " in by or (by == "Queue" and one.how == "gosub"):
            return "missing-option-target"
        if one.how in {"goto", "gosub"} and kind == "label":
            return "missing-label"
        return _BY_JUMP.get(one.how, "missing-other-context")
    if kind in {"endpoint", "aor"}:
        return "missing-device" if one.how in {"dials", "pages"} else "missing-other-target"
    return _BY_KIND.get(kind, "missing-other-target")


_BY_JUMP = {
    "goto": "missing-destination", "gosub": "missing-subroutine",
    "dials": "missing-local-context", "pages": "missing-local-context",
}  # fmt: skip
