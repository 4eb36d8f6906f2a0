"""The normal form: what a configuration means as text, one way to say each thing.

Options stand in the schema's order, values in one spelling, defaults are left out, the wizard's
sections are the objects that they make, and dialplan steps are numbered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

import attrs

from asterconf.dialplan import load_dialplan
from asterconf.dialplan.values import DialplanContext, DialplanStep, Hint, Include, Switch
from asterconf.differ import pjsip
from asterconf.differ.differences import Difference
from asterconf.differ.matching import is_set
from asterconf.differ.objects import MEMBER, ComparedConfig, ComparedObject, file_objects
from asterconf.model import QueueMember, Secret
from asterconf.secrets import MASK, is_secret, shown_text
from asterconf.source import printable
from asterconf.workspace import Workspace


@attrs.frozen
class NormalLine:
    """A line of the normal form: as it is shown to a person, and as it is compared."""

    shown: str
    exact: str

    @classmethod
    def of(cls, text: str) -> NormalLine:
        """Return a line; what looks like a secret is masked."""
        return cls(printable(shown_text(text)), text)

    @classmethod
    def option(cls, name: str, value: str, *, hidden: bool) -> NormalLine:
        """Return the line of an option; `hidden`: its value is a secret."""
        text = f"{name} = {value}"
        return cls(printable(f"{name} = {MASK}"), text) if hidden and value else cls.of(text)


def normal(workspace: Workspace, file: str) -> str:
    """Return what one file means as text, secrets masked."""
    side = ComparedConfig.of(workspace)
    blocks: Iterable[list[NormalLine]]
    if file in pjsip.FILES:
        blocks = map(_object_lines, pjsip.ComparedPjsip(side).objects(file))
    elif file == "extensions.conf":
        blocks = _dialplan(side)
    else:
        blocks = map(_object_lines, file_objects(side, file))
    shown = ["\n".join(line.shown for line in block) for block in blocks]
    caveat = workspace.caveats(file)
    return "\n\n".join([*(f"; {one}" for one in caveat), *shown]) + "\n"


def _dialplan(side: ComparedConfig) -> Iterator[list[NormalLine]]:
    settings = side.settings("extensions.conf", "general")
    if settings is not None:
        yield _object_lines(settings)
    plan = load_dialplan(side.reading("extensions.conf")).dialplan
    if plan.globals:
        values = sorted(plan.globals.items())
        yield [NormalLine.of("[globals]"), *(_variable(name, value) for name, value in values)]
    yield from map(_context_lines, plan)


def change_lines(change: Difference) -> tuple[list[NormalLine], list[NormalLine]]:
    """Return an object before and now in the normal form; empty where there is none."""
    old, new = (
        (_object_lines(one) if one is not None else [] for one in change.objects)
        if change.is_object
        else (_value_lines(change, value) for value in (change.old, change.new))
    )
    return old, new


def _value_lines(change: Difference, value: object) -> list[NormalLine]:
    if isinstance(value, DialplanContext):
        return _context_lines(value)
    is_variable = change.address.what == "variable" and value is not None
    return [_variable(change.name, str(value))] if is_variable else []


def _variable(name: str, value: str) -> NormalLine:
    return NormalLine.option(name, value, hidden=is_secret("", "", name))


def _object_lines(of: ComparedObject) -> list[NormalLine]:
    """Return an object, and its parts, in the normal form."""
    kind = "" if of.kind == "section" else f" {of.role or of.kind}"
    lines = [NormalLine.of(f"[{printable(of.name)}]{kind}")]
    for name in sorted(of.options, key=of.facts.order if of.facts else None):
        lines += _option_lines(of, name)
    for part in sorted(of.parts, key=lambda part: (part.kind, part.name)):
        lines += _object_lines(part)
    return lines


def _option_lines(of: ComparedObject, name: str) -> Iterator[NormalLine]:
    """Yield the lines of an option; none if it has its default."""
    option = of.options[name]
    if option.facts is not None and of.default(option.facts) == option.value:
        return
    values: Sequence[Any] = (option.value,)
    if name == MEMBER and isinstance(option.value, tuple):
        values = option.value
    elif isinstance(option.value, tuple) and is_set(option.facts):
        values = sorted(option.value, key=shown)
    for value in values:
        exact = value.reveal() if isinstance(value, Secret) else _text(value)
        yield NormalLine.option(name, exact, hidden=of.is_secret(name))


def _text(value: object) -> str:
    if isinstance(value, QueueMember):
        parts = [value.interface, str(value.penalty), value.name, value.state_interface]
        more = (value.ringinuse, value.wrapuptime, value.paused)
        parts += ["" if part is None else shown(part) for part in more]
        return printable(",".join(parts).rstrip(","))
    if isinstance(value, str):
        return value.replace("\n", "\\n")
    return shown(value)


def _context_lines(context: DialplanContext) -> list[NormalLine]:
    """Return a context of the dialplan in the normal form: extensions in Asterisk's order."""
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
    return [NormalLine.of(line) for line in lines]


# -- values and diffs -----------------------------------------------------------------------------


def shown(value: object) -> str:
    """Return a value as a file would have it, one line; a secret as stars."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "none"
    if isinstance(value, Secret):
        return MASK
    if isinstance(value, tuple):
        return ", ".join(map(shown, value)) if value else "none"
    if isinstance(value, DialplanStep):
        text = f"{value.app}({value.data})"
        return _safe(f"({value.label}) {text}" if value.label else text)
    if isinstance(value, Hint | Include | Switch):
        return _safe(value.text)
    if isinstance(value, QueueMember):
        named = value.name if value.name != value.interface else ""
        return f"'{printable(named)}'" if named else ""
    return _safe(str(value)) or "''"


def _safe(text: str) -> str:
    """Return a text in one line, without what has the shape of a secret."""
    return printable(shown_text(text)).replace("\n", "\\n")


def unified_lines(
    name: str, old: Sequence[NormalLine], new: Sequence[NormalLine], context: int = 3
) -> Iterator[str]:
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
