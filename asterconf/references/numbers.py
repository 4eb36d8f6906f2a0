"""Which number a dialplan has for a phone: the extension that rings or watches just that one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import attrs

from asterconf.dialplan.lookup import Dialplan
from asterconf.dialplan.values import DialplanContext, DialplanExtension
from asterconf.language.pattern import matches
from asterconf.model.checks import dialable
from asterconf.references.mentions import dialed, in_devices
from asterconf.references.plan import PlanUses, Use
from asterconf.source import fold

_NUMBER = "${EXTEN}"


@attrs.define(eq=False)
class DialedNumbers:
    """An index from endpoints to the numbers that ring or watch just them.

    Other devices than endpoints of PJSIP are called as they are dialled: `SIP/6001`.

    Hints come before Dial, plain names before patterns, otherwise the dialplan's order holds.
    A pattern counts where the number is all that is open: with `_6XXX,1,Dial(PJSIP/${EXTEN})`
    the number of the endpoint 6001 is 6001.
    """

    _uses: PlanUses

    @classmethod
    def of(cls, plan: Dialplan | PlanUses) -> DialedNumbers:
        """Return the index of a dialplan, which is read when a number is asked for."""
        return cls(plan if isinstance(plan, PlanUses) else PlanUses(plan))

    @cached_property
    def _found(self) -> tuple[dict[str, list[tuple[int, str]]], dict[tuple[str, str, str], int]]:
        """The numbers by endpoint, and what is open by the texts around it and the pattern."""
        plain: dict[str, list[tuple[int, str]]] = {}
        open_: dict[tuple[str, str, str], int] = {}
        for context in self._uses.plan.contexts:
            for extension in context.extensions:
                for rank, use in _alone(self._uses, context, extension):
                    endpoint = use.target.name
                    if not extension.is_pattern:
                        if dialable(extension.name):
                            plain.setdefault(endpoint, []).append((rank, extension.name))
                    elif endpoint.count(_NUMBER) == 1:
                        before, _, after = endpoint.partition(_NUMBER)
                        key = (before, after, extension.name)
                        open_[key] = min(rank, open_.get(key, rank))
        return plain, open_

    def numbers(self, endpoint: str) -> list[str]:
        """Return the numbers of an endpoint, the likeliest first."""
        named, open_ = self._found
        plain = sorted(named.get(endpoint, ()), key=lambda entry: entry[0])
        found = []
        for (before, after, name), rank in open_.items():
            number = endpoint.removeprefix(before).removesuffix(after)
            if (
                f"{before}{number}{after}" == endpoint
                and dialable(number)
                and matches(name, number)
            ):
                found.append((rank, number))
        found.sort(key=lambda entry: entry[0])
        return list(dict.fromkeys(number for _, number in (*plain, *found)))


def _alone(
    uses: PlanUses, context: DialplanContext, extension: DialplanExtension
) -> Iterator[tuple[int, Use]]:
    """Yield the endpoint that a hint watches, or a Dial rings, where it is the only one."""
    devices = extension.hint.devices if extension.hint is not None else ()
    found = [(-1, in_devices("&".join(devices), "hint"))]
    found += [
        (at, dialed(step.data))
        for at, step in enumerate(extension.steps)
        if fold(step.app) == "dial"
    ]
    for at, mentions in found:
        if len(mentions) == 1:
            named = uses.uses(mentions[0], context, extension, at)
            kinds = {"endpoint", "device"}
            if len(named) == 1 and named[0].target.kind in kinds and not named[0].through:
                yield int(at >= 0), named[0]
