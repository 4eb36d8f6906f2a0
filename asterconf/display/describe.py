"""From an object to the blocks of its view: one function, taught a class at a time.

A class that nothing is said about is shown as a table of its fields; what is no object of ours
as its `repr`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import singledispatch
from typing import Any, TypeGuard

import attrs

from asterconf.diagnostic import places
from asterconf.display.blocks import (
    FIRST,
    Block,
    Group,
    Inline,
    Note,
    Row,
    Span,
    Table,
    dim,
    join,
    words,
)
from asterconf.display.look import Look, is_record, short
from asterconf.model.values import Secret, Setting
from asterconf.source import Position, count

__all__ = ["LIMIT", "capped", "count", "describe", "folded", "heading", "objects_table"]

LIMIT = 200
"""How many rows or lines a view has at most; the number of the others is told."""

FEW = 6
"""So many fields that have their default are shown at once; more are folded away."""

COLUMNS: dict[str, tuple[str, ...]] = {
    "Extension": ("name", "number", "callerid", "context", "mailbox", "codecs"),
    "Trunk": ("name", "remote_hosts", "username", "context", "transport", "codecs"),
    "Queue": ("name", "strategy", "timeout", "members"),
    "Mailbox": ("address", "name", "email"),
    "Source": ("file", "role", "reason"),
    "EndpointRecord": ("name", "role", "role_reason"),
}
"""What a table of several objects shows of a class; of another one, what any of them says."""


@singledispatch
def describe(obj: Any, look: Look) -> Block:  # noqa: ANN401 - any object there is
    """Return the view of an object."""
    if attrs.has(type(obj)):
        return fields_table(obj, look)
    if isinstance(obj, Mapping | tuple | list):
        objects = list(obj.values()) if isinstance(obj, Mapping) else list(obj)
        if objects and all(attrs.has(type(one)) for one in objects):
            return objects_table(count(len(objects), "object"), objects, look)
    return Note(look.text(repr(obj)))


def heading(title: Inline, *more: Inline) -> Inline:
    """Return a title and, dimmed behind it, what else there is to say at a glance."""
    head = Span(title, "strong") if isinstance(title, str) else title
    said = (dim(one) if isinstance(one, str) else one for one in more if one)
    return join((head, *said), dim("  ·  "))


def capped(columns: tuple[str, ...], rows: Sequence[Row], first: int = FIRST) -> Table:
    """Return a table of the first rows, which knows how many there are beyond."""
    return Table(columns, rows[:LIMIT], max(0, len(rows) - LIMIT), first)


# -- one object -----------------------------------------------------------------------------------


def _default(field: attrs.Attribute[Any]) -> Any:  # noqa: ANN401
    default: Any = field.default
    if isinstance(default, attrs.Factory):  # type: ignore[arg-type]
        return attrs.NOTHING if default.takes_self else default.factory()
    return default


def _fields(obj: Any) -> list[attrs.Attribute[Any]]:  # noqa: ANN401
    return [field for field in attrs.fields(type(obj)) if not field.name.startswith("_")]


def _said(obj: object) -> list[str]:
    """Return the names of the fields that an object does not have by default."""
    if isinstance(obj, Secret | Setting):
        return []
    return [f.name for f in _fields(obj) if getattr(obj, f.name) != _default(f)]


def fields_table(obj: Any, look: Look) -> Block:  # noqa: ANN401 - any attrs object
    """Return the fields of an object and where each is written; defaults dimmed."""
    where = places(obj)
    said: list[Row] = []
    unsaid: list[Row] = []
    inner: list[Block] = []
    for field in _fields(obj):
        value = getattr(obj, field.name)
        place: Inline = where.get(field.name, "")
        shown = look.cell(value)
        if value == _default(field) and not place:
            unsaid.append((dim(field.name), dim(words(shown) or "not said"), ""))
            continue
        said.append((Span(field.name, "name"), shown if words(shown) else dim("empty"), place))
        inner += _below(field.name, value, look, where)
    defaults: Block = Table(("", "", ""), unsaid, first=LIMIT)
    if len(unsaid) > FEW:
        defaults = Group(dim(f"{len(unsaid)} more have their default"), (defaults,), open=False)
    parts = (Table(("", "", ""), said, first=LIMIT), *inner, *([defaults] if unsaid else []))
    name = "" if short(obj) is obj else words(look.cell(short(obj)))
    return Group(heading(f"{type(obj).__name__} {name}".rstrip(), where.get("", "")), parts)


def _below(name: str, value: object, look: Look, where: Mapping[str, Position]) -> Iterator[Block]:
    """Yield what is shown below the fields of an object, because a cell says too little of it."""
    if _is_list_of_objects(value):
        at = [where.get(f"{name}[{n}]", "") for n in range(len(value))]
        yield objects_table(name, value, look, at)
    elif isinstance(value, Mapping) and _is_list_of_objects(tuple(value.values())):
        yield objects_table(name, value.values(), look)
    elif is_record(value):
        yield folded(describe(value, look))


def folded(block: Block) -> Block:
    """Return a block of which only the title is seen, until one asks for it."""
    return Group(block.title, block.parts, open=False) if isinstance(block, Group) else block


def _is_list_of_objects(value: object) -> TypeGuard[tuple[Any, ...]]:
    """Tell whether a value is worth a table: objects that say more than their name."""
    if not isinstance(value, tuple) or not value:
        return False
    return all(attrs.has(type(one)) for one in value) and any(len(_said(one)) > 1 for one in value)


# -- several objects ------------------------------------------------------------------------------


def objects_table(
    title: Inline, objects: Iterable[Any], look: Look, at: Sequence[Inline] = ()
) -> Block:
    """Return a table with a row for each object, and where it is written."""
    every = list(objects)
    if not every:
        return Note(heading(title))
    columns = COLUMNS.get(type(every[0]).__name__) or _columns(every[:LIMIT])
    rows: list[Row] = []
    for index, one in enumerate(every[:LIMIT]):
        place = at[index] if at else places(one).get("", "")
        first, *others = (look.cell(getattr(one, name, None)) for name in columns)
        rows.append((Span(words(first), "name"), *others, place))
    return Group(heading(title), (Table((*columns, "at"), rows, len(every) - len(rows)),))


def _columns(objects: list[Any]) -> tuple[str, ...]:
    """Return the fields that any of the objects says, the first one always."""
    fields = _fields(objects[0])
    said = {name for one in objects for name in _said(one)} | {fields[0].name}
    return tuple(field.name for field in fields if field.name in said)
