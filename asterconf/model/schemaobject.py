"""What typed classes have in common whose fields are the options of one kind of section."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Self

import attrs

from asterconf import schema
from asterconf.diagnostic import Placed
from asterconf.errors import ModelError
from asterconf.model import checks as check
from asterconf.model.configobject import ConfigObject, accepted
from asterconf.model.options import Value, write
from asterconf.model.options.section import says_nothing
from asterconf.model.values import Setting, settings
from asterconf.schema import ObjectFacts, OptionFacts

__all__ = ["SchemaObject", "Slot"]


@attrs.frozen(eq=False)
class Slot:
    """A field of a typed class, and the option that it holds.

    Attributes:
        name: the field's.
        key: the option's own name, or that of a group such as `rules`; for options with names of
            their own, such as the keys of a menu, what the schema calls them.
        facts: what the schema knows about the option.
        default: what the field is where nothing is said.
    """

    name: str
    key: str
    facts: OptionFacts
    default: Any

    @property
    def open(self) -> bool:
        """Whether the field holds several options, each under a name of its own."""
        return self.facts.match != "name"


class SchemaObject(Placed):
    """A section whose options are fields: read, written and checked by the schema alone.

    A field is called as its option is; a dash is an underscore, and a keyword or builtin gets one
    behind it. Where a field is `None`, the section does not say it, and Asterisk's default holds;
    an empty text or tuple is said. `unknown` has the lines that the schema does not know.
    """

    __slots__ = ()

    file: ClassVar[str]
    """The file that has such sections."""
    kind: ClassVar[str]
    """What the schema calls them."""
    texts: ClassVar[frozenset[str]] = frozenset()
    """Fields that hold a list as the text that a file has for it."""
    opens: ClassVar[dict[str, str]] = {}
    """Fields that hold options with names of their own, with what the schema calls these."""
    apart: ClassVar[dict[str, str]] = {}
    """Fields that are read in a way of their own, with the option that they stand for."""

    @classmethod
    def facts(cls) -> ObjectFacts:
        """Return what the schema knows about such sections."""
        known = schema.file(cls.file)
        assert known is not None
        return known.objects[cls.kind]

    @classmethod
    def slots(cls) -> tuple[Slot, ...]:
        """Return the fields that hold options, in their order."""
        if cls not in _SLOTS:
            _SLOTS[cls] = _slots(cls)
        return _SLOTS[cls]

    def __attrs_post_init__(self) -> None:
        for slot in self.slots():
            value = getattr(self, slot.name)
            if value is None or value == slot.default:
                continue
            try:
                typed = self._accept(slot, value)
            except ModelError as error:
                raise check.FieldError(self, slot.name, str(error)) from None
            if typed == () and (slot.open or says_nothing(slot.facts, typed)):
                typed = slot.default
            object.__setattr__(self, slot.name, typed)

    @classmethod
    def refused(cls, given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """Yield each field whose value no section can say, and what is wrong with it."""
        for slot in cls.slots():
            value = given.get(slot.name)
            if value is not None and value != slot.default:
                try:
                    cls._accept(slot, value)
                except ModelError as error:
                    yield slot.name, str(error)

    @classmethod
    def _accept(cls, slot: Slot, value: Any) -> Any:  # noqa: ANN401 - any Value
        if not slot.open:
            typed = accepted(slot.key, slot.facts, value)
            return write(slot.facts, typed) if slot.name in cls.texts else typed
        lines = settings(value)
        for line in lines:
            if not slot.facts.covers(line.name):
                raise ModelError(f"cannot be set under the name {line.name!r}")
            accepted(line.name, slot.facts, line.value)
        return lines

    @classmethod
    def from_object(cls, obj: ConfigObject) -> Self:
        """Return the typed object of a generic one of the same kind; nothing is checked again."""
        made = object.__new__(cls)
        for field in attrs.fields(cls):  # type: ignore[arg-type]
            object.__setattr__(made, field.name, _default(field))
        said = dict(obj.options)
        for slot in cls.slots():
            value: Any = None
            if slot.open:
                names = [n for n in said if slot.facts.covers(n) and not _is_plain(obj, n)]
                value = tuple(line for n in names for line in _lines(slot, n, said[n])) or None
            elif slot.key in said:
                value = said[slot.key]
                value = write(slot.facts, value) if slot.name in cls.texts else value
            if value is not None:
                object.__setattr__(made, slot.name, value)
        if "name" in {f.name for f in attrs.fields(cls)}:  # type: ignore[arg-type]
            object.__setattr__(made, "name", obj.name)
        left = obj.unknown + tuple(_left(cls, obj))
        object.__setattr__(made, "unknown", left)
        return made

    def said(self) -> tuple[tuple[Slot, Value], ...]:
        """Return the fields that a section has to say, with their values, in field order."""
        values = ((slot, getattr(self, slot.name)) for slot in self.slots())
        return tuple(
            (slot, value) for slot, value in values if value is not None and value != slot.default
        )

    def to_object(self) -> ConfigObject:
        """Return the generic object that says the same."""
        options: dict[str, Any] = {}
        for slot, value in self.said():
            if slot.open:
                options.update((line.name, line.value) for line in value)  # type: ignore[union-attr]
            else:
                options[slot.key] = value
        name, unknown = getattr(self, "name", ""), getattr(self, "unknown", ())
        return ConfigObject(self.file, self.kind, name or self.section_name(), options, unknown)

    @classmethod
    def section_name(cls) -> str:
        """Return the name that such a section must have; empty: any."""
        rule = cls.facts().section
        return str(rule.get("or_name") or (rule.get("name") if rule["by"] == "name" else "") or "")


def _lines(slot: Slot, name: str, value: Value) -> Iterator[Setting]:
    """Yield the lines that say an option with a name of its own."""
    several = slot.facts.repeat == "accumulate" and isinstance(value, tuple)
    for item in value if several else (value,):  # type: ignore[union-attr]
        yield Setting(name, write(slot.facts, item))


def _is_plain(obj: ConfigObject, name: str) -> bool:
    found = obj.facts.line_key(name)
    return found is not None and found[1].match == "name"


def _left(cls: type[SchemaObject], obj: ConfigObject) -> list[Setting]:
    """Return what the schema knows and the class has no field for."""
    keys = {slot.key for slot in cls.slots()} | set(cls.apart.values())
    opened = [slot.facts for slot in cls.slots() if slot.open]
    left = []
    for key, value in obj.options:
        found = obj.facts.key(key)
        if found and key not in keys and found[1] not in opened:
            left.append(Setting(key, write(found[1], value)))
    return left


def _default(field: attrs.Attribute[Any]) -> Any:  # noqa: ANN401 - any value of a field
    return None if field.default is attrs.NOTHING else field.default


_SLOTS: dict[type, tuple[Slot, ...]] = {}


def _slots(cls: type[Any]) -> tuple[Slot, ...]:
    kind, made = cls.facts(), []
    for field in attrs.fields(cls):
        name = field.name
        if name in {"name", "unknown"} or name in cls.apart:
            continue
        if name in cls.opens:
            facts = kind.options[cls.opens[name]]
            made.append(Slot(name, facts.name, facts, _default(field)))
            continue
        found = kind.key(name)
        assert found is not None, f"{cls.__name__}.{name}"
        key, facts = found
        made.append(Slot(name, key, facts, _default(field)))
    return tuple(made)
