"""What a step of the dialplan leads to: other places, devices, queues, mailboxes, rooms."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

import attrs

from asterconf.apps import (
    Application,
    ConfBridge,
    Dial,
    ExecIf,
    Location,
    Page,
    Park,
    Queue,
    VoiceMail,
    VoiceMailMain,
    jumps,
)
from asterconf.dialplan.values import DialplanStep
from asterconf.graph import NodeKind
from asterconf.source import fold

__all__ = ["Target", "device", "targets"]

_VARIABLE = re.compile(r"\$\{(\w+)\}")


@attrs.frozen
class Target:
    """Something that a step leads to.

    Attributes:
        how: the kind of the arrow, see `Edge`.
        kind: what it is; a place in the dialplan is an `extension`.
        name: its name; of a place the context, empty for the own one.
        extension: of a place the extension, empty for the own one.
    """

    how: str
    kind: NodeKind
    name: str
    extension: str = ""


def targets(step: DialplanStep, known: Mapping[str, str]) -> tuple[Target, ...]:
    """Return what a step names, in the order of its text.

    Args:
        step: the step.
        known: the variables whose values are known, such as the globals; others stay `${…}`.
    """
    return tuple(_targets(step.application, known))


def _targets(app: Application, known: Mapping[str, str]) -> Iterator[Target]:
    def say(text: str) -> str:
        return _VARIABLE.sub(lambda found: known.get(found[1], found[0]), text).strip()

    match app:
        case Dial() | Page():
            how = "dials" if isinstance(app, Dial) else "pages"
            for target in app.targets:
                yield from device(say(target), how)
        case Queue():
            yield Target("queue", "queue", say(app.queuename))
        case VoiceMail():
            yield from (_box("voicemail", say(box)) for box in app.mailboxes)
        case VoiceMailMain() if app.mailbox:
            yield _box("messages", say(app.mailbox))
        case ConfBridge():
            yield Target("conference", "conference", say(app.conference))
        case Park():
            yield Target("parks", "parking", say(app.parking_lot) or "default")
        case ExecIf():
            for branch in (app.if_true, app.if_false):
                # Where the branches jump to is among the jumps below.
                yield from _only_things(branch, known)
    for jump in jumps(app):
        yield _place(jump.location, "gosub" if jump.returns else "goto", say)


def _only_things(branch: Application | None, known: Mapping[str, str]) -> Iterator[Target]:
    found = _targets(branch, known) if branch is not None else ()
    return (target for target in found if target.how not in {"goto", "gosub"})


def _place(location: Location, how: str, say: Callable[[str], str]) -> Target:
    return Target(how, "extension", say(location.context), say(location.extension))


def _box(how: str, name: str) -> Target:
    named = "@" in name or "$" in name
    return Target(how, "mailbox", name if named else f"{name}@default")


def device(text: str, how: str) -> Iterator[Target]:
    """Yield what a device text such as `PJSIP/6001` or `PJSIP/1555@voipms` leads to.

    What is dialled by way of something else, a number at an endpoint or behind a second slash,
    goes out by a trunk, as far as a dialplan can tell.
    """
    technology, slash, rest = text.partition("/")
    head, further, _ = rest.partition("/")
    _, at, peer = head.rpartition("@")
    pjsip = fold(technology) == "pjsip"
    if not slash:
        return
    if fold(technology) == "local":
        extension, _, context = head.partition("@")
        yield Target(how, "extension", context or "default", extension)
    elif at or further:
        yield Target(how, "trunk", peer if pjsip else f"{technology}/{peer}")
    else:
        yield Target(how, "phone", head if pjsip else f"{technology}/{head}")
