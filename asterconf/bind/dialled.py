"""Which number a dialplan has for a device: the extension that rings or watches just that one."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from asterconf.dialplan.lookup import Dialplan
from asterconf.dialplan.values import DialplanExtension
from asterconf.language.pattern import matches
from asterconf.model.checks import dialable
from asterconf.semantics.evaluation import substitute
from asterconf.semantics.scope import Channel

__all__ = ["Dialled"]

_NUMBER = "${EXTEN}"


def _targets(extension: DialplanExtension) -> Iterator[tuple[int, str]]:
    """Yield what the hint watches and what each Dial rings, hints first."""
    if extension.hint is not None and len(extension.hint.devices) == 1:
        yield 0, extension.hint.devices[0]
    for step in extension.steps:
        if step.app.lower() == "dial":
            yield 1, step.data.partition(",")[0]


@attrs.define
class Dialled:
    """An index from devices, such as `PJSIP/6001`, to the numbers that ring or watch just them.

    Hints come before Dial, plain names before patterns, otherwise the dialplan's order holds.
    A pattern counts where the number is all that is open: with `_6XXX,1,Dial(PJSIP/${EXTEN})`
    the number of `PJSIP/6001` is 6001.
    """

    _plain: dict[str, list[tuple[int, str]]] = attrs.field(factory=dict)
    _open: dict[tuple[str, str, str], int] = attrs.field(factory=dict)

    @classmethod
    def of(cls, dialplan: Dialplan | None) -> Dialled:
        """Return the index of a dialplan; without one it is empty."""
        index = cls()
        known = dialplan.globals if dialplan else {}
        for context in dialplan or ():
            for extension in context:
                number = {} if extension.is_pattern else {"EXTEN": extension.name}
                channel = Channel(facts={**number, "CONTEXT": context.name})
                for rank, written in _targets(extension):
                    index._add(extension, rank, substitute(written, known, channel=channel))
        return index

    def _add(self, extension: DialplanExtension, rank: int, target: str) -> None:
        if not extension.is_pattern:
            if dialable(extension.name):
                self._plain.setdefault(target, []).append((rank, extension.name))
        elif target.count(_NUMBER) == 1:
            before, _, after = target.partition(_NUMBER)
            key = (before, after, extension.name)
            self._open[key] = min(rank, self._open.get(key, rank))

    def numbers(self, device: str) -> list[str]:
        """Return the numbers of a device, the likeliest first."""
        plain = sorted(self._plain.get(device, ()), key=lambda entry: entry[0])
        found = []
        for (before, after, name), rank in self._open.items():
            number = device.removeprefix(before).removesuffix(after)
            if f"{before}{number}{after}" == device and dialable(number) and matches(name, number):
                found.append((rank, number))
        found.sort(key=lambda entry: entry[0])
        return list(dict.fromkeys(number for _, number in (*plain, *found)))
