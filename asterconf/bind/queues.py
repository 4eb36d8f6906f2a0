"""queues.conf → queues and their members."""

from __future__ import annotations

from functools import partial

import attrs

from asterconf.codes import OBJECTS
from asterconf.diagnostic import Diagnostic
from asterconf.errors import ModelError
from asterconf.language import args
from asterconf.language.exten import atoi
from asterconf.model.configobject import ConfigObject
from asterconf.model.queues import Queue, QueueMember
from asterconf.resolve.bound import Bound, BoundObjects, FieldPlaces, ItemPlace, Place
from asterconf.resolve.effective import Effective, EffectiveSection, cached
from asterconf.source import FALSE, TRUE, WHITE, fold, is_true


def read_queues(effective: Effective | None) -> BoundObjects[Queue]:
    """Return the queues of queues.conf by name, in file order.

    The place of a field is the line in effect; members have the paths `members[0]` and so on.

    Source: apps/app_queue.c, reload_queues and reload_single_queue.
    """
    queues: dict[str, Bound[Queue]] = {}
    first: dict[str, EffectiveSection] = {}
    diagnostics: list[Diagnostic] = []
    for section in effective.sections if effective is not None and effective.valid else ():
        name = fold(section.name)
        if section.template or name == "general":
            continue
        if name in first:
            related = [(first[name].position, "the first one")]
            rule = OBJECTS["queue-twice"]
            diagnostics.append(rule.at(section.position, related, name=section.name))
            continue
        first[name] = section
        bound, found = cached(section, "queue", partial(_queue, section))
        if found:
            bound, found = _queue(section)
        diagnostics += found
        if bound is not None:
            queues[section.name] = bound
    return BoundObjects(queues, tuple(diagnostics))


def _queue(section: EffectiveSection) -> tuple[Bound[Queue] | None, list[Diagnostic]]:
    """Return the queue of a section with its members, and the diagnostics about it."""
    diagnostics: list[Diagnostic] = []
    members: dict[str, tuple[QueueMember, ItemPlace]] = {}
    for index, (name, value) in enumerate(section.pairs):
        if fold(name) == "member":
            _add_member(members, value, ItemPlace(section, index), diagnostics)
    _one_strategy(section, diagnostics)
    try:
        Queue(section.name)
    except ModelError as error:
        rule, name = OBJECTS["queue-name"], section.name
        diagnostics.append(rule.at(section.position, name=name, problem=str(error)))
        return None, diagnostics
    obj, found = ConfigObject.collect(section.kind or Queue.facts(), section.name, section.pairs)
    queue = attrs.evolve(
        Queue.from_object(obj), members=tuple(member for member, _ in members.values())
    )
    places: dict[str, Place] = {"": ItemPlace(section)}
    for field in Queue.option_fields():
        if lines := found.lines.get(field.key):
            places[field.name] = ItemPlace(section, lines[-1])
    places |= {f"members[{i}]": place for i, (_, place) in enumerate(members.values())}
    return Bound(queue, FieldPlaces(places)), diagnostics


def _one_strategy(section: EffectiveSection, diagnostics: list[Diagnostic]) -> None:
    """Report lines for the strategy that are not used, if they name another one."""
    lines = section.all("strategy")
    facts = (section.kind or Queue.facts()).option("strategy")
    used = lines[0 if facts is not None and facts.repeat == "first" else -1] if lines else None
    for item in lines:
        if used is not None and used.way and not item.way:
            continue  # AC109 says it
        if used is not None and fold(item.value) != fold(used.value):
            related = [(used.origin, "this one counts")]
            rule = OBJECTS["strategy-twice"]
            diagnostics.append(rule.at(item.origin, related, word=item.value))


def _add_member(
    members: dict[str, tuple[QueueMember, ItemPlace]],
    text: str,
    place: ItemPlace,
    diagnostics: list[Diagnostic],
) -> None:
    """Read one `member` line; a later one of the same interface replaces the first.

    Blanks around the interface are part of it, blanks before another field, too: then `yes` is no
    flag. Source: apps/app_queue.c, reload_single_member. Observed on 22.10.1.
    """
    interface, *fields = args.split(text, limit=7) or ("",)
    penalty, name, state, ringinuse, wrapuptime, paused = (
        field.rstrip(WHITE) for field in (*fields, *[""] * (6 - len(fields)))
    )
    if not interface or interface != interface.strip(WHITE):
        diagnostics.append(OBJECTS["member-bad"].at(place.position, text=text))
        if not text:
            return
    known = members.get(fold(interface))
    if known is not None:
        related = [(known[1].position, "the first one")]
        rule = OBJECTS["member-twice"]
        diagnostics.append(rule.at(place.position, related, interface=interface))
    rest = atoi(wrapuptime)
    member = QueueMember(
        interface,
        penalty=max(atoi(penalty), 0),
        name=name,
        state_interface=state,
        ringinuse=_flag(ringinuse),
        wrapuptime=rest if wrapuptime and rest >= 0 else None,
        paused=is_true(paused) if paused else None,
    )
    members[fold(interface)] = (member, place)


def _flag(text: str) -> bool | None:
    """Read a flag; `None` for an unknown word, which sets nothing."""
    return True if fold(text) in TRUE else False if fold(text) in FALSE else None
