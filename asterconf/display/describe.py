"""From an object to the blocks of its view: one function, with a case for each class.

The cases stand in the other modules of this room, which are imported when an object of theirs is
shown. A class without a case is shown as a table of its fields, any other object as its `repr`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import singledispatch
from importlib import import_module
from typing import Any, TypeGuard

import attrs

from asterconf.diagnostic import Diagnostic, places
from asterconf.display.blocks import (
    FIRST,
    SEVERITIES,
    Block,
    Cells,
    Inline,
    Panel,
    Sentence,
    Styled,
    Table,
    dim,
    join,
    words,
)
from asterconf.model.configobject import ConfigObject
from asterconf.model.values import Secret, Setting
from asterconf.secrets import shown_data, shown_step, shown_text, shown_value
from asterconf.source import Position, count

LIMIT = 200
"""The maximum number of rows or lines in a view; the number of the others is shown."""

FEW = 6
"""The maximum number of fields with their default that are shown unfolded."""

COLUMNS: dict[str, tuple[str, ...]] = {
    "Extension": ("name", "number", "callerid", "context", "mailbox", "codecs"),
    "Trunk": ("name", "remote_hosts", "username", "context", "transport", "codecs"),
    "Queue": ("name", "strategy", "timeout", "members"),
    "Mailbox": ("address", "name", "email"),
    "FileSource": ("file", "role", "reason"),
    "EndpointRecord": ("name", "role", "role_reason"),
    "Reference": ("target", "by", "source", "place", "certainty"),
}
"""The columns of a table of objects, by class; of another class, the fields that any one sets."""

_MODULES = {
    "apps": "configuration",
    "ask": "answers",
    "calls": "answers",
    "config": "configuration",
    "dialplan": "configuration",
    "differ": "changes",
    "editing": "changes",
    "graph": "configuration",
    "home": "changes",
    "language": "configuration",
    "linter": "files",
    "objects": "configuration",
    "resolve": "files",
    "schema": "files",
    "syntax": "files",
}
"""The module of this room with the cases for the classes of another room."""


# -- values ---------------------------------------------------------------------------------------

_NAMES = ("interface", "address", "name", "number", "app")
"""Field names tried, in order, as the short label of an object."""


@attrs.frozen
class Formatter:
    """Formats values for the reader of a view.

    Attributes:
        reveal: whether secrets are shown.
    """

    reveal: bool = False

    def text(self, value: str) -> Inline:
        """Return free text, masked before it is cut up or styled."""
        return value if self.reveal else shown_text(value)

    def option(self, file: str, section: str, name: str, value: str) -> Inline:
        """Return the value of an option, a secret masked."""
        return value if self.reveal else shown_value(file, section, name, value)

    def field(self, obj: Any, name: str, value: Any) -> Inline:  # noqa: ANN401 - any attrs object
        """Return the value of a field, masked where its name or that of its application says so."""
        if not isinstance(value, str):
            return self.cell(value if self.reveal else shown_data(value, name))
        if name == "data" and hasattr(obj, "app") and not self.reveal:
            return shown_step(obj.app, value)
        return self.option("", "", name, value)

    def cell(self, value: Any) -> Inline:  # noqa: ANN401 - any value of a field
        """Return the value of a field; empty for `None`."""
        match value:
            case None:
                return ""
            case bool():
                return "yes" if value else "no"
            case Position():
                return value
            case Secret():
                return value.reveal() if self.reveal else str(value) if value else ""
            case Setting():
                return (f"{value.name}=", self.option("", "", value.name, value.value))
            case Mapping() if value and all(attrs.has(type(one)) for one in value.values()):
                return ", ".join(map(str, value))
            case Mapping():
                return join(
                    (f"{key}=", self.option("", "", str(key), str(one)))
                    for key, one in value.items()
                )
            case tuple() | list() | frozenset():
                mixed = len({type(one) for one in value if _is_record(one)}) > 1
                return join(self.cell(_named(one) if mixed else _short(one)) for one in value)
            case _ if _is_record(value):
                brief = _short(value)
                return type(value).__name__ if brief is value else str(brief)
            case _:
                return str(value)


def _is_record(value: object) -> bool:
    """Return whether a value is an attrs object without a `__str__` of its own."""
    return attrs.has(type(value)) and type(value).__str__ is object.__str__


def _short(value: object) -> object:
    """Return the short label of an object; any other value as it is."""
    if isinstance(value, Secret | Setting | Position) or not attrs.has(type(value)):
        return value
    if type(value).__str__ is not object.__str__:
        return str(value)
    return next((getattr(value, name) for name in _NAMES if hasattr(value, name)), value)


def _named(value: object) -> object:
    """Return the label of an object among objects of other classes."""
    brief = _short(value)
    name = type(value).__name__
    return f"{name} {brief}" if _is_record(value) and isinstance(brief, str) else brief


# -- any object -----------------------------------------------------------------------------------


@singledispatch
def describe(obj: Any, fmt: Formatter) -> Block:  # noqa: ANN401 - any object there is
    """Return the view of an object."""
    if isinstance(obj, Setting):
        return Sentence(fmt.cell(obj))
    if _has_case(type(obj)):
        return describe(obj, fmt)
    if attrs.has(type(obj)):
        return fields_table(obj, fmt)
    if isinstance(obj, Mapping | Sequence) and not isinstance(obj, str | bytes):
        objects = list(obj.values()) if isinstance(obj, Mapping) else list(obj)
        if objects and all(isinstance(one, Diagnostic) for one in objects):
            return findings(objects, fmt)
        if objects and all(attrs.has(type(one)) for one in objects):
            return objects_table(count(len(objects), "object"), objects, fmt)
    return Sentence(repr(obj))


def _has_case(cls: type[object]) -> bool:
    """Import the modules with the cases for a class, and return whether there is one."""
    for base in cls.__mro__:
        package, _, rest = base.__module__.partition(".")
        name = _MODULES.get(rest.partition(".")[0]) if package == "asterconf" else None
        if name is not None:
            import_module(f"asterconf.display.{name}")
    return describe.dispatch(cls) is not describe.dispatch(object)


def heading(title: Inline, *more: Inline) -> Inline:
    """Return a title, followed by further facts, dimmed."""
    head = Styled(title, "strong") if isinstance(title, str) else title
    rest = (dim(one) if isinstance(one, str) else one for one in more if one)
    return join((head, *rest), dim("  ·  "))


def capped(columns: tuple[str, ...], rows: Sequence[Cells], first: int = FIRST) -> Table:
    """Return a table of the first rows and the number of the others."""
    return Table(columns, rows[:LIMIT], max(0, len(rows) - LIMIT), first)


# -- one object -----------------------------------------------------------------------------------


def _default(field: attrs.Attribute[Any]) -> Any:  # noqa: ANN401
    default: Any = field.default
    if isinstance(default, attrs.Factory):  # type: ignore[arg-type]
        return attrs.NOTHING if default.takes_self else default.factory()
    return default


def _fields(obj: Any) -> list[attrs.Attribute[Any]]:  # noqa: ANN401
    return [field for field in attrs.fields(type(obj)) if not field.name.startswith("_")]


def _entries(obj: Any) -> Iterator[tuple[str, Any, Any]]:  # noqa: ANN401 - any attrs object
    """Yield names, values and defaults of the fields of an object, or of the options of a section.

    An option that a section sets has no default: it is shown as set.
    """
    if not isinstance(obj, ConfigObject):
        yield from ((f.name, getattr(obj, f.name), _default(f)) for f in _fields(obj))
        return
    yield from ((name, value, attrs.NOTHING) for name, value in obj.options)
    yield from ((one.name, one.value, attrs.NOTHING) for one in obj.unknown)
    for option in obj.facts.options.values():
        if option.match == "name" and option.default is not None and option.group not in obj:
            yield option.group, obj[option.group], obj[option.group]


def _set_fields(obj: object) -> list[str]:
    """Return the names of the fields whose value is not the default."""
    if isinstance(obj, Secret | Setting):
        return []
    return [name for name, value, default in _entries(obj) if value != default]


def fields_table(obj: Any, fmt: Formatter) -> Block:  # noqa: ANN401 - any attrs object
    """Return the fields of an object and where each is set; defaults dimmed."""
    where = places(obj)
    given: list[Cells] = []
    defaulted: list[Cells] = []
    inner: list[Block] = []
    for field, value, default in _entries(obj):
        place: Inline = where.get(field, "")
        shown = fmt.field(obj, field, value)
        if value == default and not place:
            defaulted.append((dim(field), dim(words(shown) or "not set"), ""))
            continue
        given.append((Styled(field, "name"), shown if words(shown) else dim("empty"), place))
        inner += _below(field, value, fmt, where)
    defaults: Block = Table(("", "", ""), defaulted, first=LIMIT)
    if len(defaulted) > FEW:
        defaults = Panel(dim(f"{len(defaulted)} more with their default"), (defaults,), open=False)
    parts = (Table(("", "", ""), given, first=LIMIT), *inner, *([defaults] if defaulted else []))
    name = "" if _short(obj) is obj else words(fmt.cell(_short(obj)))
    kind = obj.kind if isinstance(obj, ConfigObject) else type(obj).__name__
    title = kind if name == kind else f"{kind} {name}".rstrip()
    return Panel(heading(title, where.get("", "")), parts)


def _below(
    name: str, value: object, fmt: Formatter, where: Mapping[str, Position]
) -> Iterator[Block]:
    """Yield the tables below the fields of an object, for values too large for a cell."""
    if _is_list_of_objects(value):
        at = [where.get(f"{name}[{n}]", "") for n in range(len(value))]
        yield objects_table(name, value, fmt, at)
    elif isinstance(value, Mapping) and _is_list_of_objects(tuple(value.values())):
        yield objects_table(name, value.values(), fmt)
    elif _is_record(value):
        yield folded(describe(value, fmt))


def folded(block: Block) -> Block:
    """Return a block that is closed at first."""
    return Panel(block.title, block.parts, open=False) if isinstance(block, Panel) else block


def _is_list_of_objects(value: object) -> TypeGuard[tuple[Any, ...]]:
    """Return whether a value is a list of objects that set more than their name."""
    if not isinstance(value, tuple) or not value:
        return False
    return all(attrs.has(type(one)) for one in value) and any(
        len(_set_fields(one)) > 1 for one in value
    )


# -- several objects ------------------------------------------------------------------------------


def objects_table(
    title: Inline, objects: Iterable[Any], fmt: Formatter, at: Sequence[Inline] = ()
) -> Block:
    """Return a table with a row for each object and its place."""
    every = list(objects)
    if not every:
        return Sentence(heading(title))
    columns = COLUMNS.get(type(every[0]).__name__) or _columns(every[:LIMIT])
    rows: list[Cells] = []
    for index, one in enumerate(every[:LIMIT]):
        place = at[index] if at else places(one).get("", "")
        values = zip(columns, _values(one, columns), strict=True)
        first, *others = (fmt.field(one, name, value) for name, value in values)
        rows.append((Styled(words(first), "name"), *others, place))
    return Panel(heading(title), (Table((*columns, "at"), rows, len(every) - len(rows)),))


def _values(obj: Any, columns: tuple[str, ...]) -> list[Any]:  # noqa: ANN401 - any attrs object
    if not isinstance(obj, ConfigObject):
        return [getattr(obj, name, None) for name in columns]
    given = {name: value for name, value, default in _entries(obj) if value != default}
    return [obj.name, *(given.get(name) for name in columns[1:])]


def _columns(objects: list[Any]) -> tuple[str, ...]:
    """Return the fields that any of the objects sets, and the first field."""
    if isinstance(objects[0], ConfigObject):
        return tuple(dict.fromkeys(("name", *(n for one in objects for n in _set_fields(one)))))
    fields = _fields(objects[0])
    given = {name for one in objects for name in _set_fields(one)} | {fields[0].name}
    return tuple(field.name for field in fields if field.name in given)


# -- findings -------------------------------------------------------------------------------------


@describe.register
def _diagnostic(found: Diagnostic, fmt: Formatter) -> Block:
    rows: list[Cells] = [("at", found.position or "no place")]
    rows += [("hint", fmt.text(found.hint))] if found.hint else []
    rows += [("see", (place, f"  {note}")) for place, note in found.related]
    rows += [("fix", count(len(found.fix), "edit"))] if found.fix else []
    label = Styled(f"{found.severity} {found.code}", SEVERITIES[found.severity])
    return Panel((label, "  ", fmt.text(found.message)), (Table(("", ""), rows),))


def findings(every: Iterable[Diagnostic], fmt: Formatter) -> Block:
    """Return a table of findings, counted by severity in its title."""
    found = list(every)
    if not found:
        return Sentence(heading("0 findings"))
    severities = Counter(str(one.severity) for one in found)
    rows: list[Cells] = [
        (
            Styled(str(one.severity), SEVERITIES[one.severity]),
            one.code,
            one.position or "",
            fmt.text(one.message),
            fmt.text(one.hint),
        )
        for one in found
    ]
    kinds = ", ".join(count(number, severity) for severity, number in severities.items())
    table = capped(("severity", "code", "at", "message", "hint"), rows)
    return Panel(heading(count(len(found), "finding"), kinds), (table,))
