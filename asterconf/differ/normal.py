"""The normal form: what a configuration means as text, one way to say each thing.

Options stand in the schema's order, values in one spelling, defaults are left out, the wizard's
sections are the objects that they make, and dialplan steps are numbered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

import attrs

from asterconf.differ import sip
from asterconf.differ.order import is_set
from asterconf.differ.queues import MEMBER
from asterconf.differ.rows import shown
from asterconf.differ.sections import section_units
from asterconf.differ.units import Side, Unit
from asterconf.model import QueueMember, Secret
from asterconf.schema.secrets import MASK, is_secret, shown_text
from asterconf.source import printable

if TYPE_CHECKING:
    from asterconf.config import Config
    from asterconf.dialplan.values import DialplanContext

__all__ = ["Line", "context_lines", "normal", "unified", "unit_lines"]


@attrs.frozen
class Line:
    """A line of the normal form: as a person may see it, and as it is compared."""

    shown: str
    exact: str

    @classmethod
    def of(cls, text: str) -> Line:
        """Return a line; what has the shape of a secret is masked."""
        return cls(printable(shown_text(text)), text)

    @classmethod
    def said(cls, name: str, value: str, *, hidden: bool) -> Line:
        """Return the line of an option; `hidden`: nobody should see its value."""
        text = f"{name} = {value}"
        return cls(printable(f"{name} = {MASK}"), text) if hidden and value else cls.of(text)


def normal(conf: Config, file: str) -> str:
    """Return what one file means as text, secrets masked."""
    side = Side(conf)
    if file in sip.FILES:
        from asterconf.differ.sip import Sip

        units: Iterable[Unit] = Sip(side).units(file)
    elif file == "extensions.conf":
        return _dialplan(side)
    else:
        units = section_units(side, file)
    texts = ("\n".join(line.shown for line in unit_lines(side, unit)) for unit in units)
    return "\n\n".join(texts) + "\n"


def _dialplan(side: Side) -> str:
    from asterconf.dialplan import load_dialplan

    settings = [u for name in ("general",) if (u := side.settings("extensions.conf", name))]
    plan = load_dialplan(side.effective("extensions.conf")).dialplan
    blocks = [[line.shown for line in unit_lines(side, unit)] for unit in settings]
    if plan.globals:
        said = sorted(plan.globals.items())
        lines = (Line.said(n, value, hidden=is_secret("", "", n)).shown for n, value in said)
        blocks.append(["[globals]", *lines])
    blocks += [[line.shown for line in context_lines(context)] for context in plan]
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def unit_lines(side: Side, unit: Unit | None) -> list[Line]:
    """Return a unit, and its parts, in the normal form."""
    if unit is None:
        return []
    kind = "" if unit.kind == "section" else f" {unit.kind}"
    lines = [Line.of(f"[{printable(unit.name)}]{kind}")]
    names = sorted(unit.said, key=unit.facts.order) if unit.facts else sorted(unit.said)
    for name in names:
        lines += _option(side, unit, name)
    for part in sorted(unit.parts, key=lambda part: (part.kind, part.name)):
        lines += unit_lines(side, part)
    return lines


def _option(side: Side, unit: Unit, name: str) -> Iterator[Line]:
    """Yield the lines of an option; none if it has its default."""
    said = unit.said[name]
    if said.facts is not None and side.unsaid(unit, said.facts) == said.value:
        return
    values: Sequence[Any] = (said.value,)
    if name == MEMBER and isinstance(said.value, tuple):
        values = said.value
    elif isinstance(said.value, tuple) and is_set(said.facts, "meaningful"):
        values = sorted(said.value, key=shown)
    for value in values:
        exact = value.reveal() if isinstance(value, Secret) else _text(value)
        yield Line.said(name, exact, hidden=unit.is_secret(name))


def _text(value: object) -> str:
    if isinstance(value, QueueMember):
        parts = [value.interface, str(value.penalty), value.name, value.state_interface]
        more = (value.ringinuse, value.wrapuptime, value.paused)
        parts += ["" if part is None else shown(part) for part in more]
        return printable(",".join(parts).rstrip(","))
    if isinstance(value, str):
        return value.replace("\n", "\\n")
    return shown(value)


def context_lines(context: DialplanContext | None) -> list[Line]:
    """Return a context of the dialplan in the normal form: extensions in Asterisk's order."""
    if context is None:
        return []
    lines = [f"[{context.name}]"]
    lines += ["autohints = yes"] if context.autohints else []
    lines += [f"ignorepat => {pattern}" for pattern in sorted(context.ignorepats)]
    for extension in context.extensions:
        key = extension.key
        if extension.hint is not None:
            name = f"({extension.hint.name})" if extension.hint.name else ""
            lines.append(f"exten => {key},hint,{extension.hint.text}{name}")
        for step in extension.steps:
            label = f"({step.label})" if step.label is not None else ""
            lines.append(f"exten => {key},{step.priority}{label},{step.app}({step.data})")
    lines += [f"{switch.kind} => {switch.text}" for switch in context.switches]
    lines += [f"include => {include.text}" for include in context.includes]
    return [Line.of(line) for line in lines]


def unified(name: str, old: Sequence[Line], new: Sequence[Line], context: int = 3) -> Iterator[str]:
    """Yield the lines of a unified diff of two normal forms; none where they are the same."""
    left, right = ([line.exact for line in side] for side in (old, new))
    if left == right:
        return
    yield f"--- {f'a/{name}' if old else '/dev/null'}"
    yield f"+++ {f'b/{name}' if new else '/dev/null'}"
    for group in SequenceMatcher(None, left, right, autojunk=False).get_grouped_opcodes(context):
        first, last = group[0], group[-1]
        spans = (_span(first[1], last[2]), _span(first[3], last[4]))
        yield f"@@ -{spans[0]} +{spans[1]} @@"
        for tag, i, j, k, m in group:
            if tag == "equal":
                yield from (f" {line.shown}" for line in old[i:j])
                continue
            olds = {line.shown for line in old[i:j]}
            yield from (f"-{line.shown}" for line in old[i:j])
            for line in new[k:m]:
                yield f"+{line.shown}{' (changed)' if line.shown in olds else ''}"


def _span(start: int, end: int) -> str:
    """Return the place of a hunk as a unified diff writes it."""
    size = end - start
    return f"{start + 1}" if size == 1 else f"{start + (size > 0)},{size}"
