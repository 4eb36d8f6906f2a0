"""What is wrong with the description of a house: every fault, with its path, none raised."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import attrs

from asterconf.home.plan import PSTN_CONTEXT, Plan
from asterconf.model import CallerID, Extension, Secret, Trunk

__all__ = ["check_description", "check_dialplan"]

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]{0,78}\Z")
_E164 = re.compile(r"\+[1-9][0-9]{6,14}\Z")
_NANP = re.compile(r"\+1[2-9][0-9]{2}[2-9][0-9]{6}\Z")
_AREA = re.compile(r"[2-9][0-9]{2}\Z")

Faults = Iterator[tuple[str, str]]


def check_description(plan: Plan) -> None:
    """Tell the plan everything that is wrong with what it is given, before features add to it."""
    for check in (_house, _names, _numbers, _boxes, _references, _queues, _trunks, _texts):
        for path, problem in check(plan):
            plan.fault(problem, path)


def check_dialplan(plan: Plan) -> None:
    """See that every context which a phone or trunk starts in is there, and collect faults."""
    there = [context.name for context in plan.contexts()]
    for path, thing in _accounts(plan):
        name = thing.context or PSTN_CONTEXT
        if name not in there:
            plan.fault(f"no feature makes a context {name!r}", f"{path}.context")
    for context in plan.contexts():
        for problem in context.faults:
            taken = " is wanted by " in problem
            plan.fault(problem, kind="number-taken" if taken else "cannot-build")


def _accounts(plan: Plan) -> Iterator[tuple[str, Trunk | Extension]]:
    kinds: tuple[tuple[str, Sequence[Trunk | Extension]], ...] = (
        ("trunks", plan.trunks),
        ("extensions", plan.extensions),
    )
    for kind, things in kinds:
        for index, thing in enumerate(things):
            yield f"{kind}[{index}]", thing


def _house(plan: Plan) -> Faults:
    number = plan.owner.number
    if not _E164.match(number):
        yield "owner", f"needs a number with + and country code, not {number!r}"
    elif number.startswith("+1") and not _NANP.match(number):
        yield "owner", f"is no number of North America: {number!r}"
    code = plan.area_code
    if code and number.startswith("+1") and not _AREA.match(code):
        yield "area_code", f"must be three digits, the first 2 to 9, not {code!r}"
    elif code and not code.isdigit():
        yield "area_code", f"must be digits, not {code!r}"
    yield from ((f"network.{path}", problem) for path, problem in plan.network.faults())
    yield from ((f"voicemail.{path}", problem) for path, problem in plan.voicemail.faults())


def _names(plan: Plan) -> Faults:
    seen = dict.fromkeys(("trunk-defaults", "extension-defaults"), "a template")
    for path, thing in _accounts(plan):
        if not _NAME.match(thing.name):
            yield f"{path}.name", f"must be letters, digits and _ . + - only, not {thing.name!r}"
        elif thing.name in seen:
            yield f"{path}.name", f"{thing.name!r} is already the name of {seen[thing.name]}"
        seen.setdefault(thing.name, path)


def _numbers(plan: Plan) -> Faults:
    seen: dict[str, str] = {}
    for index, extension in enumerate(plan.extensions):
        number = extension.number
        if number is not None and number in seen:
            problem = f"{number} is already the number of extension {seen[number]}"
            yield f"extensions[{index}].number", problem
        elif number is not None:
            seen[number] = extension.name
        if extension.auth_user is not None and not extension.secret:
            yield f"extensions[{index}].secret", "is missing; nobody could register"


def _boxes(plan: Plan) -> Faults:
    seen = set()
    for index, box in enumerate(plan.mailboxes):
        if box.address in seen:
            yield f"mailboxes[{index}].number", f"there is a mailbox {box.address} already"
        seen.add(box.address)
        if not _NAME.match(box.context) or box.context in ("general", "zonemessages"):
            yield f"mailboxes[{index}].context", f"cannot hold mailboxes: {box.context!r}"
        if not box.number.isdigit():
            yield f"mailboxes[{index}].number", f"must be digits, not {box.number!r}"
        if not box.initial_pin:
            yield f"mailboxes[{index}].initial_pin", "is missing; anybody could listen"


def _references(plan: Plan) -> Faults:
    boxes = [box.address for box in plan.mailboxes]
    for index, extension in enumerate(plan.extensions):
        for address in filter(None, (extension.mailbox or "").split(",")):
            if address not in boxes:
                yield f"extensions[{index}].mailbox", f"there is no mailbox {address!r}"
    for path, thing in _accounts(plan):
        if thing.transport and thing.transport not in plan.network.transports:
            known = " and ".join(plan.network.transports)
            problem = f"there is no transport {thing.transport!r}, only {known}"
            yield f"{path}.transport", problem


def _queues(plan: Plan) -> Faults:
    phones = [f"PJSIP/{extension.name}" for extension in plan.extensions]
    seen = set()
    for index, queue in enumerate(plan.queues):
        path = f"queues[{index}]"
        if not _NAME.match(queue.name) or queue.name == "general":
            yield f"{path}.name", f"cannot be the name of a queue: {queue.name!r}"
        elif queue.name in seen:
            yield f"{path}.name", f"{queue.name!r} is already the name of a queue"
        seen.add(queue.name)
        for place, member in enumerate(queue.members):
            if member.interface not in phones:
                problem = f"{member.interface!r} is no phone of the house"
                yield f"{path}.members[{place}].interface", problem


def _trunks(plan: Plan) -> Faults:
    for index, trunk in enumerate(plan.trunks):
        path = f"trunks[{index}]"
        if not trunk.remote_hosts:
            yield f"{path}.remote_hosts", "is missing; where is the provider?"
        if trunk.sends_auth is not False and not trunk.username:
            yield f"{path}.username", "is missing; the provider would ask for it"
        if trunk.sends_auth is not False and not trunk.secret:
            yield f"{path}.secret", "is missing; the provider would ask for it"
        user = trunk.contact_user
        if user and not _NAME.match(user.removeprefix("+")):
            yield f"{path}.contact_user", f"must be a number or a name, not {user!r}"


def _texts(plan: Plan) -> Faults:
    """Yield the texts that a line of a file would not give back as they are."""
    things: list[tuple[str, Any]] = [("owner", plan.owner), *_accounts(plan)]
    things += [(f"mailboxes[{i}]", box) for i, box in enumerate(plan.mailboxes)]
    things += [(f"queues[{i}]", queue) for i, queue in enumerate(plan.queues)]
    for path, thing in things:
        for place, text in _texts_of(thing, path):
            if not text.isprintable() or text != text.strip(" "):
                yield place, "must not hold control characters, or blanks at its ends"


def _texts_of(value: object, path: str) -> Iterator[tuple[str, str]]:
    """Yield every text in a value, secrets too, with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Secret):
        yield path, value.reveal()
    elif isinstance(value, CallerID):
        yield path, value.name
        yield path, value.number
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _texts_of(item, f"{path}[{index}]")
    elif attrs.has(kind := type(value)):
        for field in attrs.fields(kind):
            yield from _texts_of(getattr(value, field.name), f"{path}.{field.name}")
