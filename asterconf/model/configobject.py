"""Sections as objects: `ConfigObject` for any, `SchemaObject` for those with a typed class."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Self

import attrs

from asterconf.diagnostic import Placed
from asterconf.errors import FieldError, ModelError, NotFoundError
from asterconf.model.checks import (
    Attribute,
    Suggesting,
    brief_repr,
    one_word,
    resolve_annotations,
)
from asterconf.model.options import Collected, Value, accept, collect, default, is_empty_list, write
from asterconf.model.values import Setting, settings
from asterconf.schema import DEFAULT_SCHEMA, ObjectFacts, OptionFacts, Schema, attribute_name
from asterconf.secrets import shown_data
from asterconf.source import fold, meant

Options = Mapping[str, Any] | Iterable[tuple[str, Any]]


def _pairs(value: Options) -> tuple[tuple[str, Any], ...]:
    return tuple(value.items() if isinstance(value, Mapping) else value)


resolve_annotations(_pairs)


@attrs.frozen(repr=False)
class ConfigObject(Placed):
    """One section of a file, with the values that Asterisk reads from its lines.

    `options` holds the options that the section sets. Each option is an attribute, too, where a
    dash is an underscore: `queue.announce_frequency`. An option that is not set has its default,
    `None` if there is none. `name in obj` tells whether it is set, perhaps to an empty value.

    An option of which every line counts is a tuple. `permit` and `deny` lines work in file order,
    so both together are `rules`; the lines of a dialplan context are `lines`.

    >>> lot = ConfigObject("res_parking.conf", "parking_lot", "sales", {"parkpos": (801, 820)})
    >>> lot.parkpos, lot.parkingtime
    ((801, 820), 45)
    >>> "parkingtime" in lot
    False
    """

    file: str
    """The file whose reader knows it, such as `pjsip.conf`."""
    kind: str
    """What the schema calls such a section, such as `transport`."""
    name: str = ""
    """The section's name."""
    options: tuple[tuple[str, Value], ...] = attrs.field(default=(), converter=_pairs)
    """The options that are set: names as files have them, values typed, in the schema's order. A
    mapping may be given, and a text for a value: it is read as it would be in a file."""
    unknown: tuple[Setting, ...] = attrs.field(default=(), converter=settings)
    """The lines that the schema does not know, as they are written, in file order."""
    schema: Schema = attrs.field(default=DEFAULT_SCHEMA, kw_only=True, eq=False, repr=False)
    """The facts that its kind is one of."""

    def __attrs_post_init__(self) -> None:
        options = {}
        for name, value in self.options:
            key, facts = self._key(name)
            if value is None:
                continue
            try:
                typed = _accept(key, facts, value)
            except ModelError as error:
                raise FieldError(self, name, str(error)) from None
            if not is_empty_list(facts, typed):
                options[key] = typed
        object.__setattr__(self, "options", _ordered(self.facts, options))

    @classmethod
    def collect(
        cls, facts: ObjectFacts, name: str, pairs: Iterable[tuple[str, str]]
    ) -> tuple[ConfigObject, Collected]:
        """Return the object that a section's lines make, and what each line contributes.

        Nothing is raised: values that Asterisk does not take are among the faults.
        """
        lines = list(pairs)
        found = collect(facts, lines)
        unknown = unknown_settings(found, lines)
        obj = object.__new__(cls)
        options = _ordered(facts, found.options)
        values = (facts.file, facts.name, name, options, unknown, facts.schema)
        for field, value in zip(attrs.fields(cls), values, strict=True):
            object.__setattr__(obj, field.name, value)
        return obj, found

    def label_of(self) -> str:
        """Return what a message calls it."""
        return f"{self.kind} {self.name!r} of {self.file}"

    @property
    def facts(self) -> ObjectFacts:
        """What the schema knows about this kind of section.

        Raises:
            ModelError: there is no such kind of section.
        """
        known = self.schema.file(self.file)
        if known is None or self.kind not in known.objects:
            raise ModelError(f"there is no {self.kind!r} in {self.file!r}")
        return known.objects[self.kind]

    def _key(self, name: str) -> tuple[str, OptionFacts]:
        """Return the name that `options` has for an option, from any of its names."""
        found = self.facts.key(name)
        if found is None:
            known = [attribute_name(o.name) for o in self.facts.options.values()]
            hint = meant(name, known, before="; ")
            raise NotFoundError(f"{self.kind} of {self.file} has no option {name!r}{hint}")
        return found

    def __getitem__(self, name: str) -> Value | None:
        """Return the value of an option: the one that is set, else its default."""
        key, facts = self._key(name)
        options = dict(self.options)
        if key in options:
            return options[key]
        if facts.group != facts.name:
            return default(facts) if facts.type == "codecs" else ()
        return default(facts) if facts.match == "name" else None

    def __contains__(self, name: object) -> bool:
        if not isinstance(name, str):
            return False
        try:
            key, _ = self._key(name)
        except NotFoundError:
            return any(fold(setting.name) == fold(name) for setting in self.unknown)
        return key in dict(self.options)

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self.options)

    def __len__(self) -> int:
        return len(self.options)

    def __bool__(self) -> bool:
        return True

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - any Value
        if name.startswith("__"):
            raise AttributeError(name)
        try:
            return self[name]
        except NotFoundError as error:
            raise AttributeError(str(error)) from None

    def __dir__(self) -> list[str]:
        names = {attribute_name(o.group) for o in self.facts.options.values() if o.type != "noop"}
        names |= {attribute_name(name) for name, _ in self.options}
        return sorted((set(object.__dir__(self)) | names) - {""})

    def _ipython_key_completions_(self) -> list[str]:
        named = (o.group for o in self.facts.options.values() if o.match == "name")
        return sorted({*named, *self})

    def evolve(self, **changes: Any) -> ConfigObject:  # noqa: ANN401 - any Value
        """Return the object with other values; `None` removes an option.

        Raises:
            ModelError: an option cannot have the value.
            NotFoundError: there is no such option.
        """
        options = dict(self.options) | {self._key(n)[0]: v for n, v in changes.items()}
        return attrs.evolve(self, options=options)

    def __repr__(self) -> str:
        shown = [
            repr(self.file),
            repr(self.kind),
            repr(self.name),
            repr(shown_data(dict(self.options))),
        ]
        shown += [f"unknown={self.unknown!r}"] if self.unknown else []
        return f"ConfigObject({', '.join(shown)})"


def unknown_settings(found: Collected, lines: Sequence[tuple[str, str]]) -> tuple[Setting, ...]:
    """Return the lines that the schema does not know, but those that no option can stand for."""
    rest = (lines[i] for i in found.unknown)
    return tuple(Setting(n, v) for n, v in rest if n and "=" not in n)


def _ordered(kind: ObjectFacts, options: Mapping[str, Value]) -> tuple[tuple[str, Value], ...]:
    return tuple(sorted(options.items(), key=lambda item: kind.order(item[0])))


def _accept(key: str, facts: OptionFacts, value: Any) -> Value:  # noqa: ANN401 - any Value
    """Return the typed value for what a caller gives for an option or a group.

    Raises:
        ModelError: no line can have this value.
    """
    if facts.group != facts.name and facts.type != "codecs" and facts.match == "name":
        return _accept_lines(key, facts, value)
    one_line = facts.type in {"codecs", "list", "acl"} or (
        facts.type == "name=value" and "sep" in facts.raw
    )
    if facts.repeat != "accumulate" or one_line:
        return accept(facts, value)
    items = value if isinstance(value, tuple | list) else (value,)
    return tuple(accept(facts, item) for item in items)


def _accept_lines(key: str, facts: OptionFacts, value: Any) -> Value:  # noqa: ANN401 - any Value
    """Return the lines of a group, each `name=value`."""
    lines = settings(value)
    for line in lines if key.endswith("rules") else ():
        if line.name not in {"permit", "deny"}:
            raise ModelError(f"must be permit=NETWORK or deny=NETWORK, not {str(line)!r}")
        accept(facts, (line.value,))
    return lines


@attrs.frozen(eq=False)
class OptionField:
    """A field of a typed class, and the option that it holds.

    Attributes:
        name: the field's.
        key: the option's own name, or that of a group such as `rules`; for options with names of
            their own, such as the keys of a menu, what the schema calls them.
        facts: what the schema knows about the option.
        default: the value of the field where no line sets the option.
    """

    name: str
    key: str
    facts: OptionFacts
    default: Any

    @property
    def is_open(self) -> bool:
        """Whether the field holds several options, each under a name of its own."""
        return self.facts.match != "name"


class SchemaObject(Placed, Suggesting):
    """Base of the typed classes whose fields are the options of one kind of section.

    The schema alone tells how they are read, written and checked. A field has the name of its
    option; a dash is an underscore, and a keyword or builtin has an underscore after it. A field
    that is not set has Asterisk's default. It is `None` where there is none, or where only a
    running Asterisk knows it; `None` for any field means its default. `unknown` has the lines that
    the schema does not know.
    """

    __slots__ = ()

    file: ClassVar[str]
    """The file that has such sections."""
    kind: ClassVar[str]
    """What the schema calls them."""
    text_fields: ClassVar[frozenset[str]] = frozenset()
    """Fields that hold a list as the text of the file."""
    open_fields: ClassVar[dict[str, str]] = {}
    """Fields that hold options with names of their own, with what the schema calls these."""
    other_fields: ClassVar[dict[str, str]] = {}
    """Fields that are read in another way, with the options that they are for."""

    __repr__ = brief_repr

    def __init_subclass__(cls, file: str = "", kind: str = "") -> None:
        super().__init_subclass__()
        if file:
            cls.file, cls.kind = file, kind

    @classmethod
    def facts(cls) -> ObjectFacts:
        """Return what the schema knows about such sections."""
        known = DEFAULT_SCHEMA.file(cls.file)
        assert known is not None
        return known.objects[cls.kind]

    @classmethod
    def option_fields(cls) -> tuple[OptionField, ...]:
        """Return the fields that hold options, in their order."""
        if cls not in _FIELDS:
            _FIELDS[cls] = tuple(_option_fields(cls))
        return _FIELDS[cls]

    def __attrs_post_init__(self) -> None:
        for field, value in self.set_options():
            try:
                typed = self._accept(field, value)
            except ModelError as error:
                raise FieldError(self, field.name, str(error)) from None
            if typed == () and (field.is_open or is_empty_list(field.facts, typed)):
                typed = field.default
            object.__setattr__(self, field.name, typed)
        for field in self.option_fields():
            if getattr(self, field.name) is None:
                object.__setattr__(self, field.name, field.default)

    @classmethod
    def invalid_fields(cls, given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """Yield each field whose value no section can have, and what is wrong with it."""
        for field in cls.option_fields():
            value = given.get(field.name)
            if value is not None and value != field.default:
                try:
                    cls._accept(field, value)
                except ModelError as error:
                    yield field.name, str(error)

    @classmethod
    def _accept(cls, field: OptionField, value: Any) -> Any:  # noqa: ANN401 - any Value
        if not field.is_open:
            typed = _accept(field.key, field.facts, value)
            return write(field.facts, typed) if field.name in cls.text_fields else typed
        lines = settings(value)
        for line in lines:
            if not field.facts.covers(line.name):
                raise ModelError(f"cannot be set under the name {line.name!r}")
            _accept(line.name, field.facts, line.value)
        return lines

    @classmethod
    def from_object(cls, obj: ConfigObject) -> Self:
        """Return the typed object of a generic one of the same kind; nothing is checked again."""
        made = object.__new__(cls)
        values = {field.name: _default(field) for field in attrs.fields(cls)}  # type: ignore[arg-type]
        options = dict(obj.options)
        for field in cls.option_fields():
            if field.is_open:
                names = [n for n in options if field.facts.covers(n) and not _is_plain(obj, n)]
                lines = tuple(line for n in names for line in _lines(field, n, options[n]))
                values[field.name] = lines or values[field.name]
            elif field.key in options:
                value = options[field.key]
                is_text = field.name in cls.text_fields
                values[field.name] = write(field.facts, value) if is_text else value
        if "name" in values:
            values["name"] = obj.name
        values["unknown"] = obj.unknown + tuple(_without_field(cls, obj))
        for name, value in values.items():
            object.__setattr__(made, name, value)
        return made

    def set_options(self) -> tuple[tuple[OptionField, Value], ...]:
        """Return the fields that set an option, with their values, in field order."""
        values = ((field, getattr(self, field.name)) for field in self.option_fields())
        return tuple(
            (field, value)
            for field, value in values
            if value is not None and value != field.default
        )

    def to_object(self) -> ConfigObject:
        """Return the generic object of the same section."""
        options: dict[str, Any] = {}
        for field, value in self.set_options():
            if field.is_open:
                options.update((line.name, line.value) for line in value)  # type: ignore[union-attr]
            else:
                options[field.key] = value
        unknown = getattr(self, "unknown", ())
        name = getattr(self, "name", "") or self.section_name()
        return ConfigObject(self.file, self.kind, name, options, unknown)

    @classmethod
    def section_name(cls) -> str:
        """Return the name that such a section must have; empty: any."""
        rule = cls.facts().section
        return str(rule.get("or_name") or (rule.get("name") if rule["by"] == "name" else "") or "")


def _lines(field: OptionField, name: str, value: Value) -> Iterator[Setting]:
    """Yield the lines of an option with a name of its own."""
    several = field.facts.repeat == "accumulate" and isinstance(value, tuple)
    for item in value if several else (value,):  # type: ignore[union-attr]
        yield Setting(name, write(field.facts, item))


def _is_plain(obj: ConfigObject, name: str) -> bool:
    found = obj.facts.line_key(name)
    return found is not None and found[1].match == "name"


def _without_field(cls: type[SchemaObject], obj: ConfigObject) -> Iterator[Setting]:
    """Yield what the schema knows and the class has no field for."""
    fields = cls.option_fields()
    keys = {field.key for field in fields} | set(cls.other_fields.values())
    opened = [field.facts for field in fields if field.is_open]
    for key, value in obj.options:
        found = obj.facts.key(key)
        if found and key not in keys and found[1] not in opened:
            yield Setting(key, write(found[1], value))


def _default(field: Attribute) -> Any:  # noqa: ANN401 - any value of a field
    return None if field.default is attrs.NOTHING else field.default


_FIELDS: dict[type, tuple[OptionField, ...]] = {}


def _option_fields(cls: type[Any]) -> Iterator[OptionField]:
    kind = cls.facts()
    for field in attrs.fields(cls):
        name = field.name
        if name in {"name", "unknown"} or name in cls.other_fields:
            continue
        if name in cls.open_fields:
            facts = kind.options[cls.open_fields[name]]
            yield OptionField(name, facts.name, facts, _default(field))
            continue
        found = kind.key(name)
        assert found is not None, f"{cls.__name__}.{name}"
        yield OptionField(name, found[0], found[1], _default(field))


@attrs.frozen(repr=False)
class NamedSection(SchemaObject):
    """Base of the typed classes of which a file has many sections, each with a name of its own."""

    name: str = attrs.field(validator=one_word)
    """Name of the section; not empty."""
