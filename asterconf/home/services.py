"""The files of every service but SIP, and what a bare Asterisk needs beside them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import attrs

from asterconf.bind.writing import options_of
from asterconf.home.plan import Plan
from asterconf.home.writing import Pair, sample
from asterconf.model import Queue


def write_rtp(plan: Plan) -> None:
    """Plan rtp.conf; the ports stand in `[general]` itself, where the first line counts."""
    low, high = plan.network.rtp_ports
    plan.file("rtp.conf").whole(low=low, high=high)


def write_voicemail(plan: Plan) -> None:
    """Plan voicemail.conf: what holds for all boxes, the time zone, the boxes."""
    if not plan.mailboxes:
        return
    plan.needs("voicemail")
    file = plan.file("voicemail.conf")
    settings = attrs.asdict(plan.voicemail)
    clock = "IMp" if plan.country.region == "US" else "R"
    file.like("general", **settings)
    file.like("zonemessages", clock=clock, **settings)
    for box in plan.mailboxes:
        file.like("boxes", box.context, options_of(box))


def write_queues(plan: Plan) -> None:
    """Plan queues.conf: one section for each queue, without a template."""
    if not plan.queues:
        return
    plan.needs("queue")
    file = plan.file("queues.conf")
    file.like("general")
    always = [line.name for line in sample(file.name).sections["queue"].planned]
    for index, queue in enumerate(plan.queues):
        section = file.like("queue", queue.name, _queue(queue, always), name=queue.name)
        section.path = f"queues[{index}]"


def _queue(queue: Queue, always: list[str]) -> Iterator[Pair]:
    """Yield the options of a queue: those of the sample in any case, others where they are set."""
    for field in Queue.option_fields():
        value = getattr(queue, field.name)
        if field.key in always or value not in {None, field.default}:
            yield field.key, value
    yield from ((setting.name, setting.value) for setting in queue.unknown)
    for member in queue.members:
        yield from options_of(member)


# -- a bare Asterisk --------------------------------------------------------------------------

_BARE: Final = (
    "asterisk.conf", "logger.conf", "indications.conf", "cdr.conf", "acl.conf", "ccss.conf",
    "cel.conf", "features.conf", "pjproject.conf", "queuerules.conf", "udptl.conf",
)  # fmt: skip
"""Files that are opened in any case."""


def write_complete(plan: Plan) -> None:
    """Plan the files that a bare Asterisk needs beside the home's own."""
    tones, region = plan.country.tones, plan.country.region
    words = {
        "language": plan.country.language,
        "country": (region or "XX").lower(),
        "region": region or "ITU-T E.180",
        "stutter": "".join(f"!{tones.dial}/100,!0/100," for _ in range(3)) + tones.dial,
        **attrs.asdict(tones),
    }
    for name in _BARE:
        plan.file(name).whole(**words)
    _modules(plan)


def _modules(plan: Plan) -> None:
    """Plan modules.conf; a need that is no section of the sample is the name of a module."""
    file = plan.file("modules.conf")
    file.like("modules")
    known = sample(file.name).sections
    needs = [need for need in known if need in ("core", *plan.modules)]
    for need in needs:
        file.like(need, "modules")
    there = {line.value for need in needs for line in known[need].planned}
    asked = dict.fromkeys(f"{one}.so" for one in plan.modules if one not in known)
    file.like("others", "modules", modules=[one for one in asked if one not in there])
