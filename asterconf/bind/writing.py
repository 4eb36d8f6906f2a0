"""Objects → the sections that a file would have for them.

`expand` and `fold` turn a wizard section into PJSIP objects and back, all of them typed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal

import attrs

from asterconf._lazy import LazyModule
from asterconf.bind.parts import EXTENSION, PARTS, TRUNK
from asterconf.bind.sections import object_lines, option_lines, type_line
from asterconf.bind.wizard import (
    PjsipObject,
    PjsipOption,
    PjsipSet,
    WizardSection,
    folded,
    wizard_facts,
)
from asterconf.errors import ModelError
from asterconf.model.configobject import ConfigObject, SchemaObject
from asterconf.model.pjsip import Extension, Trunk
from asterconf.model.queues import Queue, QueueMember
from asterconf.model.values import CallerID, Setting
from asterconf.model.voicemail import Mailbox, TimeZone
from asterconf.source import WHITE

if TYPE_CHECKING:
    from asterconf.model import pjsip_sections as sections
else:
    sections = LazyModule("asterconf.model.pjsip_sections")

Style = Literal["wizard", "primitives"]
"""How an extension or trunk is written: as one section of pjsip_wizard.conf, or as endpoint, aor,
auth, registration and identify in pjsip.conf."""

Pair = tuple[str, str]


@attrs.frozen
class FreshSection:
    """A new section, as it is written into a file that has none for the object.

    Attributes:
        file: the file that it belongs in.
        name: the name between its brackets.
        options: names and values, in the order in which they are best read. A value is what
            Asterisk shall hold: nothing in it is escaped.
        part: its label among the parts of an extension or trunk of several sections.
    """

    file: str
    name: str
    options: tuple[Pair, ...]
    part: str = attrs.field(default="", eq=False)


def options_of(obj: object) -> tuple[Pair, ...]:
    """Return the names and values of a new section for `obj`.

    Options that the object does not set, or that have Asterisk's default, are omitted. An
    extension or trunk is one section of pjsip_wizard.conf here; a mailbox or queue member is one
    line.

    Raises:
        TypeError: no section or line can hold such an object.
    """
    return sections_of(obj)[0].options


def sections_of(obj: object, *, style: Style = "wizard") -> tuple[FreshSection, ...]:
    """Return the new sections for `obj`; only an extension or trunk can have several.

    Raises:
        TypeError: no section or line can hold such an object.
    """
    if isinstance(obj, Extension | Trunk):
        wizard = FreshSection("pjsip_wizard.conf", obj.name, tuple(_wizard(obj)))
        return (wizard,) if style == "wizard" else tuple(_primitives(wizard))
    if isinstance(obj, ConfigObject):
        return (FreshSection(obj.file, obj.name, tuple(object_lines(obj))),)
    if isinstance(obj, SchemaObject):
        return (_schema_object(obj),)
    write = _WRITERS.get(type(obj))
    if write is None:
        raise TypeError(f"no section can hold an object of class {type(obj).__name__}")
    return (write(obj),)


def _fields(obj: object, table: Mapping[str, str]) -> Iterator[Pair]:
    """Yield the lines of the fields of a table; an empty plain option of the wizard is omitted."""
    for field, option in table.items():
        value = getattr(obj, field)
        if value is None or (value == "" and "/" not in option):
            continue
        if value or field == "codecs" or not isinstance(value, CallerID | tuple):
            known = wizard_facts().key(option)
            assert known is not None
            yield from option_lines(option, known[1], value)


def _wizard(obj: Extension | Trunk) -> Iterator[Pair]:
    yield "type", "wizard"
    if isinstance(obj, Trunk):
        flags = {field: TRUNK[field] for field in ("sends_auth", "sends_registrations")}
        yield from _fields(obj, {**flags, **TRUNK})  # these first
    else:
        yield "accepts_registrations", "yes"
        if obj.auth_user is not None:
            yield "accepts_auth", "yes"
            yield from _fields(obj, EXTENSION)
        else:
            yield from _fields(attrs.evolve(obj, secret=None), EXTENSION)
    yield from ((setting.name, setting.value) for setting in obj.extra)


def _primitives(wizard: FreshSection) -> Iterator[FreshSection]:
    """Yield what the wizard would make of a section, under the names that people give."""
    section = WizardSection.of(wizard.name, (PjsipOption(*pair) for pair in wizard.options))
    made = list(section.objects([])) if section else []
    names: dict[str, str] = {}
    taken: set[tuple[str, str]] = set()
    for one in made:
        plain = wizard.name if one.id == PARTS[one.label].id(wizard.name) else one.id
        name = plain if (one.kind, plain) not in taken else one.id
        taken.add((one.kind, name))
        names[one.id] = name
    for one in made:
        options = tuple(_renamed(one, names))
        yield FreshSection("pjsip.conf", names[one.id], options, one.label)


def _renamed(one: PjsipObject, names: Mapping[str, str]) -> Iterator[Pair]:
    """Yield the options of an object that need a line, its references by their new names."""
    yield "type", one.kind
    links = PARTS[one.label].names
    for name, value in one.pairs:
        if not name.startswith("@") and (name, value) != ("auth_type", "userpass"):
            yield name, names.get(value, value) if name in links else value


def _schema_object(obj: SchemaObject) -> FreshSection:
    """Return the section of an object whose fields are options, in the order of its fields."""
    options: list[Pair] = list(type_line(obj.facts()))
    for field, value in obj.set_options():
        if field.is_open:
            options += _settings(value)
        elif field.name in obj.text_fields:
            options.append((field.key, str(value)))
        else:
            options += option_lines(field.key, field.facts, value)
    if isinstance(obj, Queue):
        options += (("member", _member(member)) for member in obj.members)
    options += _settings(getattr(obj, "unknown", ()))
    name = getattr(obj, "name", "") or obj.section_name()
    return FreshSection(obj.file, name, tuple(options))


def _settings(value: object) -> Iterator[Pair]:
    for item in value if isinstance(value, tuple) else ():
        assert isinstance(item, Setting)
        yield item.name, item.value


def _quoted(field: str) -> str:
    r"""Return a field of a list with its commas, quotes and brackets escaped, its blanks quoted.

    Source: main/app.c, __ast_app_separate_args: `\` escapes the next character.
    """
    escaped = "".join(f"\\{c}" if c in ',"\\([])' else c for c in field)
    return escaped if field == field.strip(WHITE) else f'"{escaped}"'


def _member(member: QueueMember) -> str:
    flags = {None: "", True: "yes", False: "no"}
    fields = [
        member.interface,
        str(member.penalty),
        member.name,
        member.state_interface,
        flags[member.ringinuse],
        "" if member.wrapuptime is None else str(member.wrapuptime),
        flags[member.paused],
    ]
    if not member.penalty and not any(fields[2:]):
        fields[1] = ""
    while len(fields) > 1 and not fields[-1]:
        fields.pop()
    return ",".join(map(_quoted, fields)) or '""'


def _mailbox(box: Mailbox) -> FreshSection:
    pin = box.initial_pin.reveal() if box.initial_pin else ""
    fields = [pin, box.name, box.email, box.pager, "|".join(box.options)]
    while len(fields) > 1 and not fields[-1]:
        fields.pop()
    return FreshSection("voicemail.conf", box.context, ((box.number, ",".join(fields)),))


_WRITERS: Mapping[type, Callable[[Any], FreshSection]] = {
    QueueMember: lambda member: FreshSection("queues.conf", "", (("member", _member(member)),)),
    Mailbox: _mailbox,
    TimeZone: lambda zone: FreshSection(
        "voicemail.conf", "zonemessages", ((zone.name, f"{zone.timezone}|{zone.format_}"),)
    ),
}


def expand(wizard: ConfigObject | Extension | Trunk) -> tuple[SchemaObject | ConfigObject, ...]:
    """Return the objects that Asterisk makes of a wizard section, type by type.

    An object that lacks what it needs, such as an auth without a user name, is not made. An object
    that Asterisk refuses because of a bad value is included, without that value. The object for
    the provisioning of phones is a `ConfigObject` of the kind `phoneprov`.

    Source: res/res_pjsip_config_wizard.c. Checked: tests/vectors/wizard.

    Raises:
        ModelError: the object is not a section of pjsip_wizard.conf.
    """
    if isinstance(wizard, ConfigObject) and wizard.kind != "wizard":
        raise ModelError(f"the wizard does not take a {wizard.kind} of {wizard.file}")
    section = WizardSection.of(wizard.name, (PjsipOption(*pair) for pair in options_of(wizard)))
    return tuple(map(_typed, section.objects([]))) if section else ()


def _typed(made: PjsipObject) -> SchemaObject | ConfigObject:
    cls: type[SchemaObject] | None = getattr(sections, made.kind.capitalize(), None)
    kind = cls.facts() if cls else ConfigObject("pjsip.conf", made.kind).facts
    obj, _ = ConfigObject.collect(kind, made.id, made.pairs)
    return cls.from_object(obj) if cls else obj


def fold(objects: Iterable[SchemaObject | ConfigObject]) -> ConfigObject | None:
    """Return the wizard section that makes exactly these objects; `None` if there is none.

    They are an `Endpoint` and the `Aor`, `Auth`, `Registration` and `Identify` that belong to it.
    Only ids may differ: the wizard gives its own to auths, identifies and registrations.
    `expand(fold(x)) == x` where `x` has these already.
    """
    given = tuple(objects)
    found = _as_set(given)
    options = folded(found) if found is not None else None
    if found is None or options is None or len(list(found.objects())) != len(given):
        return None
    pairs = ((option.name, option.value) for option in options)
    return ConfigObject.collect(wizard_facts(), found.endpoint.id, pairs)[0]


def _as_set(given: tuple[SchemaObject | ConfigObject, ...]) -> PjsipSet | None:
    """Return the objects by their relation to their endpoint; `None` without a single endpoint."""
    endpoints = [one for one in given if isinstance(one, sections.Endpoint)]
    if len(endpoints) != 1:
        return None
    (endpoint,) = endpoints
    auths = {one.name: _as_plain(one) for one in given if isinstance(one, sections.Auth)}

    def named(names: tuple[str, ...] | None) -> PjsipObject | None:
        return auths.get(names[0]) if names else None

    return PjsipSet(
        _as_plain(endpoint),
        tuple(_as_plain(one) for one in given if isinstance(one, sections.Aor)),
        named(endpoint.auth),
        named(endpoint.outbound_auth),
        tuple(_as_plain(one) for one in given if isinstance(one, sections.Registration)),
        tuple(_as_plain(one) for one in given if isinstance(one, sections.Identify)),
    )


def _as_plain(obj: SchemaObject) -> PjsipObject:
    options = tuple(PjsipOption(*pair) for pair in options_of(obj) if pair[0] != "type")
    return PjsipObject(obj.kind, getattr(obj, "name", ""), options)
