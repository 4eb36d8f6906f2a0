"""Further public numbers: who answers them, and which phones and providers call from them."""

from __future__ import annotations

import itertools
import re
from typing import Final

import attrs

from asterconf.home.plan import RING_CONTEXT, ContextPlan, Plan
from asterconf.home.reading import HomeReader
from asterconf.model import CallerID
from asterconf.model.home import PublicNumber

_CONTEXT: Final = "public-numbers"
_OF_TRUNK: Final = re.compile(r'"\$\{OWN_NUMBER\}" = ""\]\?Set\(CALLERID\(all\)=(.*)\)$')
"""The step that sets the caller id of a trunk; see `Plan.trunk_caller_id`."""


def give_numbers(plan: Plan) -> None:
    """Let phones call from the public numbers that are theirs; see `PublicNumber`."""
    names = [extension.name for extension in plan.extensions]
    for index, one in enumerate(plan.public):
        if one.trunk:
            plan.trunk(one.trunk, f"numbers[{index}].trunk")
        own = (f"MY_CALLER_ID={plan.caller_of(one)}", "OWN_NUMBER=yes",
               *((f"MY_TRUNK={one.trunk}",) if one.trunk else ()))  # fmt: skip
        for name in one.phones:
            if name not in names:
                plan.fault(f"there is no extension {name!r}", f"numbers[{index}].phones")
            plan.extensions = [
                attrs.evolve(e, set_var=(*e.set_var, *own)) if e.name == name else e
                for e in plan.extensions
            ]


def find_number(plan: Plan) -> list[tuple[str, str]]:
    """Return the steps that look for the number in To, where a provider calls the account."""
    if not plan.public:
        return []
    note = "Some providers call the account, and name the number in To only."
    known = "${DIALPLAN_EXISTS(public-numbers,${TO},1)}"
    return [
        ("Set(TO=${PJSIP_HEADER(read,To)})", note),
        ("Set(TO=${CUT(TO,@,1)})", ""),
        ("Set(TO=${FILTER(+0-9,${CUT(TO,:,2)})})", ""),
        (f"GotoIf({known}?public-numbers,${{TO}},1)", ""),
    ]


def write_numbers(plan: Plan, context: ContextPlan) -> None:
    """Add the further public numbers, in every form in which a provider may write them."""
    if not plan.public:
        return
    plan.needs("func_dialplan", "func_cut")
    own = plan.context("public-numbers")
    for index, one in enumerate(plan.public):
        path = f"numbers[{index}]"
        if one.to == "hours":
            steps = ["Gosub(hours,s,1)", f"Goto({RING_CONTEXT},s,1)"]
        else:
            steps = plan.steps_to(one.to, one.ring_seconds, f"{path}.to")
        screening = [step for step, _ in plan.screening]
        what = f"the public number {one.number}"
        first, *others = _forms(plan, one.number)
        own.extension(first, *screening, *steps, what=what, path=f"{path}.number")
        for form in others:
            own.extension(form, f"Goto({first},1)", what=what, path=f"{path}.number")
        for form in (first, *others):
            target = f"Goto(public-numbers,{first},1)"
            context.extension(form, target, what=what, path=f"{path}.number")


def _forms(plan: Plan, number: str) -> list[str]:
    """Return how a provider may write a number: with + or without, as dialled in the country."""
    digits = number[1:]
    known = plan.numbers_here()
    forms = [number, digits, f"00{digits}"]
    if known and known.code and digits.startswith(known.code):
        forms.append(f"{known.prefix}{digits[len(known.code) :]}")
    return list(dict.fromkeys(forms))


def adopt_numbers(reader: HomeReader) -> tuple[PublicNumber, ...]:
    """Return the public numbers that a configuration has beside the owner's."""
    found: dict[str, PublicNumber] = {}
    for name in (_CONTEXT, reader.pstn):
        for extension, steps in reader.all(name):
            number = reader.full_number(extension.name)
            arrival = reader.arrival(steps)
            if not number or number in found or number == reader.owner.number or not arrival:
                continue
            if name == _CONTEXT or (name, extension.key) not in reader.placed:
                found[number] = PublicNumber(
                    number, to=arrival.to, ring_seconds=arrival.ring_seconds
                )
    for phone, said in reader.conf.extensions.items():
        known = dict(one.partition("=")[::2] for one in said.set_var)
        caller = CallerID.parse(known.get("MY_CALLER_ID", ""))
        if caller.number in found and "OWN_NUMBER" in known:
            one = _named(reader, found[caller.number], caller)
            phones = (*one.phones, phone)
            found[one.number] = attrs.evolve(one, phones=phones, trunk=known.get("MY_TRUNK", ""))
            reader.callers.add(phone)
    for _, calls in reader.all("outgoing"):
        for step, call in itertools.pairwise(calls):
            caller = CallerID.parse(match[1] if (match := _OF_TRUNK.search(step.data)) else "")
            trunk = re.search(r"@([^,)]+)", call.data)
            if caller.number in found and trunk:
                one = _named(reader, found[caller.number], caller)
                found[one.number] = attrs.evolve(one, trunk=trunk[1])
    return tuple(found.values())


def _named(reader: HomeReader, number: PublicNumber, caller: CallerID) -> PublicNumber:
    return attrs.evolve(number, name="" if caller.name == reader.owner.name else caller.name)
