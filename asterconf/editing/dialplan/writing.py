"""A dialplan context as the text of a section, which Asterisk loads as that context again."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from asterconf.dialplan import load_dialplan
from asterconf.dialplan.values import DialplanContext, DialplanExtension
from asterconf.errors import EditError, ModelError
from asterconf.language.pattern import condition_key, name_key
from asterconf.resolve import Files, resolve
from asterconf.syntax import parse
from asterconf.syntax.layout import escape, header_text

_FILE = "extensions.conf"


def in_order(context: DialplanContext) -> DialplanContext:
    """Return the context with its extensions as Asterisk sorts them, and steps by priority."""
    extensions = [
        attrs.evolve(one, steps=sorted(one.steps, key=lambda step: step.priority))
        for one in context.extensions
    ]
    return attrs.evolve(context, extensions=sorted(extensions, key=_key))


def _key(extension: DialplanExtension) -> tuple[object, object]:
    return name_key(extension.name), condition_key(extension.callerid_match)


def write_context(context: DialplanContext) -> str:
    """Return the text of a section that Asterisk loads as this context.

    Extensions stand in the order of the value; their steps go on with `same => n`.

    Raises:
        EditError: no text says this context, and why.
    """
    try:
        lines = [*_lines(context)]
    except ModelError as error:
        raise EditError(f"context {context.name!r} cannot be written: {error}") from None
    text = "".join(f"{line}\n" for line in lines)
    if any("\n" in line or "\0" in line for line in lines):
        raise EditError(f"context {context.name!r} holds a line end or a NUL: no line can say that")
    effective = resolve(Files(None, {_FILE: parse(text, name=_FILE)}), _FILE)
    loaded = load_dialplan(effective)
    wanted, made = in_order(context), [*loaded.dialplan]
    left = [one for one in loaded.diagnostics if one.code == "AC226"]
    if made != [wanted] or left:
        why = left[0].message if left else _difference(wanted, made[0] if made else None)
        raise EditError(f"context {context.name!r} cannot be written: {why}")
    return text


def _lines(context: DialplanContext) -> Iterator[str]:
    yield header_text(context.name, [])
    for include in context.includes:
        yield f"include => {escape(include.text)}"
    for switch in context.switches:
        yield f"{switch.kind} => {escape(switch.text)}"
    for pattern in context.ignorepats:
        yield f"ignorepat => {escape(pattern)}"
    if context.autohints:
        yield "autohints = yes"
    for extension in context.extensions:
        for name, value in extension.lines():
            yield f"{name} => {escape(value)}"


def _difference(wanted: DialplanContext, made: DialplanContext | None) -> str:
    """Return which part would be loaded otherwise."""
    if made is None or made.name != wanted.name:
        return "Asterisk takes no context of it"
    for one in wanted.extensions:
        if one not in made.extensions:
            there = [other for other in made.extensions if other.key == one.key]
            known = [step for other in there for step in other.steps]
            step = next((step for step in one.steps if step not in known), None)
            what = f"step {step.priority} {str(step)!r}" if step is not None else "it"
            return f"extension {one.key!r}: {what} would be loaded otherwise"
    for field in attrs.fields(DialplanContext):
        if getattr(wanted, field.name) != getattr(made, field.name):
            return f"its {field.name} would be loaded otherwise"
    return "it would be loaded otherwise"
