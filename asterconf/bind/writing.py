"""Objects → the options that a section of its own says, and the sections that it takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

import attrs

from asterconf.bind.fields import EXTENSION, TRUNK
from asterconf.bind.sections import lines_of, option_lines, type_line
from asterconf.bind.wizard import Option, PjsipObject, WizardSection
from asterconf.model import Extension, Mailbox, Queue, QueueMember, Trunk
from asterconf.model.configobject import ConfigObject
from asterconf.model.schemaobject import SchemaObject
from asterconf.model.values import CallerID, Secret, Setting
from asterconf.model.voicemail import TimeZone

__all__ = ["FreshSection", "Style", "options_of", "sections_of"]

Style = Literal["wizard", "primitives"]
"""How an extension or trunk is written: as one section of pjsip_wizard.conf, or as endpoint, aor,
auth, registration and identify in pjsip.conf."""

Pair = tuple[str, str]


@attrs.frozen
class FreshSection:
    """A section as it would be written where there was none.

    Attributes:
        file: the file that it belongs in.
        name: what stands between its brackets.
        options: names and values, in the order in which they are best read; a value is what
            Asterisk shall hold, nothing in it is escaped.
    """

    file: str
    name: str
    options: tuple[Pair, ...]


def options_of(obj: object) -> tuple[Pair, ...]:
    """Return the names and values that a fresh section of `obj` says.

    What the object does not say, or what Asterisk takes anyway, is left out. An extension or
    trunk is one section of pjsip_wizard.conf here; a mailbox or a queue member is one line.

    Raises:
        TypeError: `obj` is nothing that a section or line can hold.
    """
    made = sections_of(obj)
    return made[0].options


def sections_of(obj: object, *, style: Style = "wizard") -> tuple[FreshSection, ...]:
    """Return the sections that `obj` takes; only an extension or trunk can take several.

    Raises:
        TypeError: `obj` is nothing that a section or line can hold.
    """
    if isinstance(obj, Extension | Trunk):
        wizard = FreshSection("pjsip_wizard.conf", obj.name, tuple(_wizard(obj)))
        return (wizard,) if style == "wizard" else tuple(_primitives(wizard))
    if isinstance(obj, ConfigObject):
        return (FreshSection(obj.file, obj.name, lines_of(obj)),)
    if isinstance(obj, SchemaObject):
        return (_schema_object(obj),)
    write = _WRITERS.get(type(obj))
    if write is None:
        raise TypeError(f"{type(obj).__name__} is nothing that a section holds")
    return (write(obj),)


def word(value: object) -> str:
    """Return `value` as a file has it: flags are `yes` and `no`, secrets are revealed."""
    if isinstance(value, Secret):
        return value.reveal()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ",".join(map(word, value))
    return str(value)


def _codecs(codecs: tuple[str, ...]) -> str:
    """Return the value of `allow`; `!all` undoes what a template allows."""
    return ",".join(codecs if "all" in codecs else ("!all", *codecs))


def _fields(obj: object, table: Mapping[str, str]) -> Iterator[Pair]:
    """Yield what the fields of a table say; of a plain option of the wizard empty is nothing."""
    for field, option in table.items():
        value = getattr(obj, field)
        if value is None or (value == "" and "/" not in option):
            continue
        if field == "codecs":
            yield option, _codecs(value)
        elif field == "set_var":
            yield from ((option, variable) for variable in value)
        elif value or not isinstance(value, CallerID | tuple):
            yield option, word(value)


def _wizard(obj: Extension | Trunk) -> Iterator[Pair]:
    yield "type", "wizard"
    extra = [(setting.name, setting.value) for setting in obj.extra]
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
    yield from extra


def _primitives(wizard: FreshSection) -> Iterator[FreshSection]:
    """Yield what the wizard would make of a section, under the names that people give."""
    section = WizardSection.of(wizard.name, (Option(*pair) for pair in wizard.options))
    made = list(section.objects([])) if section else []
    names: dict[str, str] = {}
    taken: set[tuple[str, str]] = set()
    for one in made:
        plain = one.id.removesuffix("-identify").removesuffix("-reg-0")
        plain = plain.removesuffix("-oauth").removesuffix("-iauth")
        name = plain if (one.kind, plain) not in taken else one.id
        taken.add((one.kind, name))
        names[one.id] = name
    for one in made:
        yield FreshSection("pjsip.conf", names[one.id], tuple(_renamed(one, names)))


def _renamed(one: PjsipObject, names: Mapping[str, str]) -> Iterator[Pair]:
    """Yield the options of an object that say something, its references by their new names."""
    yield "type", one.kind
    links = {"auth", "outbound_auth"}
    for option in one.options:
        if option.name.startswith("@") or (option.name, option.value) == ("auth_type", "userpass"):
            continue
        value = names.get(option.value, option.value) if option.name in links else option.value
        yield option.name, value


def _schema_object(obj: SchemaObject) -> FreshSection:
    """Return the section of an object whose fields are options, in the order of its fields."""
    options: list[Pair] = list(type_line(obj.facts()))
    for slot, value in obj.said():
        if slot.open:
            options += ((line.name, line.value) for line in _settings(value))
        elif slot.name in obj.texts:
            options.append((slot.key, str(value)))
        else:
            options += option_lines(slot.key, slot.facts, value)
    if isinstance(obj, Queue):
        options += (("member", _member(member)) for member in obj.members)
    options += ((line.name, line.value) for line in _settings(getattr(obj, "unknown", ())))
    name = getattr(obj, "name", "") or obj.section_name()
    return FreshSection(obj.file, name, tuple(options))


def _settings(value: object) -> Iterator[Setting]:
    for item in value if isinstance(value, tuple) else ():
        if isinstance(item, Setting):
            yield item


def _quoted(field: str) -> str:
    r"""Return a field of a list so that its commas, quotes and brackets stay what they are.

    Source: main/app.c, __ast_app_separate_args: `\` takes away the meaning of what follows.
    """
    return "".join(f"\\{c}" if c in ',"\\([])' else c for c in field)


def _member(member: QueueMember) -> str:
    fields = [
        member.interface,
        word(member.penalty),
        member.name,
        member.state_interface,
        "" if member.ringinuse is None else word(member.ringinuse),
        "" if member.wrapuptime is None else word(member.wrapuptime),
        "" if member.paused is None else word(member.paused),
    ]
    if not member.penalty and not any(fields[2:]):
        fields[1] = ""
    while not fields[-1]:
        fields.pop()
    return ",".join(map(_quoted, fields))


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
