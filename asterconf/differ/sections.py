"""The files that are compared section by section, with queues and the boxes of voicemail.conf."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from asterconf.bind.queues import read_queues
from asterconf.bind.voicemail import read_mailboxes
from asterconf.differ.objects import (
    ComparedConfig,
    ComparedObject,
    ComparedOption,
    SourceLine,
    changed_sections,
    section_object,
)
from asterconf.model import Mailbox
from asterconf.model.options import read
from asterconf.resolve import EffectiveSection
from asterconf.schema import OptionFacts
from asterconf.schema import file as file_facts
from asterconf.source import fold

MEMBER = "member"

_ORDERED = {"linear", "rrordered"}
"""Strategies under which the order of the members counts: apps/app_queue.c, queuepos."""


def file_objects(side: ComparedConfig, file: str) -> Iterator[ComparedObject]:
    """Yield every object of a file."""
    for _, _, sections in changed_sections((), side.live(file)):
        yield from objects_of(side, file, sections).values()


def objects_of(
    side: ComparedConfig, file: str, sections: Iterable[EffectiveSection]
) -> dict[tuple[str, str, int], ComparedObject]:
    """Return the objects of sections of one name, by kind, name and number among their kind."""
    found: dict[tuple[str, str, int], ComparedObject] = {}
    boxes: list[EffectiveSection] = []
    count: dict[str, int] = {}
    for section in sections:
        kind = section.kind
        if kind is not None and (kind.file, kind.name) == ("voicemail.conf", "context"):
            boxes.append(section)
            continue
        made = section_object(side, file, section)
        number = count[made.kind] = count.get(made.kind, -1) + 1
        if not number or kind is None or kind.raw.get("repeat") != "first":
            found[made.kind, made.name, number] = _queue(made) if made.kind == "queue" else made
    for box in _boxes(side, boxes) if boxes else ():
        found[box.kind, box.name, 0] = box
    return found


# -- queues --------------------------------------------------------------------------------------


def _queue(queue: ComparedObject) -> ComparedObject:
    """Return a queue with its members as Asterisk fills them in.

    Source: apps/app_queue.c, reload_single_member.
    """
    section = queue.section
    if section is None or section.reading is None:
        return queue
    bound = read_queues(section.reading.only([section])).objects.get(queue.name)
    members = (
        ()
        if bound is None
        else tuple(
            (
                attrs.evolve(
                    member,
                    name=member.name or member.interface,
                    state_interface=member.state_interface or member.interface,
                    wrapuptime=member.wrapuptime or None,
                    paused=member.paused or None,
                ),
                bound.where(f"members[{at}]"),
            )
            for at, member in enumerate(bound.obj.members)
        )
    )
    options = dict(queue.options)
    if MEMBER in options:
        values = tuple(member for member, _ in members)
        options[MEMBER] = attrs.evolve(options[MEMBER], value=values)
    known = bound.obj if bound is not None else None
    return attrs.evolve(queue, options=options, members=members, known=known)


def ordered_members(queue: ComparedObject) -> bool:
    """Whether the order of a queue's members counts."""
    strategy = queue.options.get("strategy")
    return strategy is not None and strategy.value in _ORDERED


# -- voicemail -----------------------------------------------------------------------------------


def _boxes(side: ComparedConfig, sections: list[EffectiveSection]) -> Iterator[ComparedObject]:
    """Yield the boxes of sections of voicemail.conf that have one name."""
    effective = side.reading("voicemail.conf")
    assert effective is not None
    others = [s for s in effective.live if fold(s.name) == "general"]
    by_place = {
        item.origin: SourceLine(section, index)
        for section in sections
        for index, item in enumerate(section.items)
    }
    for address, bound in read_mailboxes(effective.only([*others, *sections])).objects.items():
        box, place = bound.obj, bound.where("")
        line = by_place.get(place) if place is not None else None
        lines = (line,) if line is not None else ()
        fields = {name: getattr(box, name) for name in ("initial_pin", "name", "email", "pager")}
        options = {
            name: ComparedOption(value, None, lines) for name, value in fields.items() if value
        }
        options |= {n: ComparedOption(value, facts, lines) for n, value, facts in _options(box)}
        yield ComparedObject(
            side, "voicemail.conf", "mailbox", address, options, place, sections[0],
            title=box.name, known=box,
        )  # fmt: skip


def _options(box: Mailbox) -> Iterator[tuple[str, object, OptionFacts | None]]:
    """Yield the box's own settings as Asterisk takes them."""
    known = file_facts("voicemail.conf")
    kind = known.objects["mailbox_options"] if known else None
    for option in box.options:
        name, _, text = option.partition("=")
        facts = kind.option(name) if kind else None
        value = read(facts, text).value if facts is not None else None
        yield (facts.name if facts else name), text if value is None else value, facts
