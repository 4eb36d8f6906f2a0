"""Any section that the schema knows ⇄ `ConfigObject`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

import attrs

from asterconf.model.configobject import ConfigObject
from asterconf.model.options import Value, write
from asterconf.model.options.section import Collected, collect
from asterconf.model.schemaobject import SchemaObject
from asterconf.model.values import Setting
from asterconf.resolve.bound import Bound
from asterconf.resolve.effective import cached
from asterconf.schema import ObjectFacts, OptionFacts, attribute_name
from asterconf.source import Position

if TYPE_CHECKING:
    from asterconf.resolve import Effective, EffectiveSection

__all__ = [
    "Places",
    "differences",
    "lines_of",
    "option_lines",
    "read_objects",
    "read_section",
    "read_typed",
    "type_line",
]

Pair = tuple[str, str]
S = TypeVar("S", bound=SchemaObject)


@attrs.frozen(eq=False)
class Places(Mapping[str, Position]):
    """Where the options of a section stand, worked out when asked for.

    The empty name is the section itself. An option goes by its name or by the attribute it has;
    of several lines that count, the last one is meant.
    """

    section: EffectiveSection
    lines: Mapping[str, Sequence[int]]

    def _name(self, path: str) -> str | None:
        if path in self.lines:
            return path
        return next((name for name in self.lines if attribute_name(name) == path), None)

    def __getitem__(self, path: str) -> Position:
        if not path:
            return self.section.position
        name = self._name(path)
        if name is None or not self.lines[name]:
            raise KeyError(path)
        return self.section.item(self.lines[name][-1]).origin

    def __iter__(self) -> Iterator[str]:
        yield ""
        yield from (name for name, lines in self.lines.items() if lines)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def read_section(
    section: EffectiveSection, kind: ObjectFacts | None = None
) -> Bound[ConfigObject] | None:
    """Return what a section says, with the places of its options; `None`: its kind is not known."""
    kind = kind or section.kind
    if kind is None:
        return None
    what = f"object {kind.name}"
    return cached(section, what, lambda: bound(section, kind, collect(kind, section.pairs)))


def read_typed(section: EffectiveSection, cls: type[S]) -> Bound[S] | None:
    """Return a section as an object of a typed class; `None`: it is none of that kind."""
    kind = section.kind
    if kind is None or (kind.file, kind.name) != (cls.file, cls.kind):
        return None
    generic = read_section(section, kind)
    if generic is None:
        return None
    return cached(
        section, cls.__name__, lambda: Bound(cls.from_object(generic.obj), generic.places)
    )


def read_objects(effective: Effective | None, kind: str) -> dict[str, Bound[ConfigObject]]:
    """Return the sections of one kind by name; of several with one name the first."""
    found: dict[str, Bound[ConfigObject]] = {}
    for section in effective.live if effective is not None and effective.valid else ():
        if section.kind is not None and section.kind.name == kind:
            read = read_section(section)
            if read is not None:
                found.setdefault(section.name, read)
    return found


def bound(section: EffectiveSection, kind: ObjectFacts, found: Collected) -> Bound[ConfigObject]:
    """Return the object of what was collected from a section."""
    pairs = section.pairs
    unknown = [pairs[index] for index in found.unknown if pairs[index][0]]
    obj = ConfigObject.read(kind, section.name, found.options, unknown)
    return Bound(obj, Places(section, found.lines))


def type_line(kind: ObjectFacts) -> tuple[Pair, ...]:
    """Return the line that says what kind of section it is, if there is one."""
    return (("type", kind.type_word),) if kind.type_word else ()


def lines_of(obj: ConfigObject) -> tuple[Pair, ...]:
    """Return the names and values that a fresh section of an object says."""
    kind = obj.facts
    lines = list(type_line(kind))
    for key, value in obj.options:
        known = kind.key(key)
        assert known is not None
        lines += option_lines(key, known[1], value)
    lines += ((setting.name, setting.value) for setting in obj.unknown)
    return tuple(lines)


def differences(old: ConfigObject, new: ConfigObject) -> dict[str, tuple[Pair, ...]]:
    """Return the options that say something else in `new`, with the lines that say it there.

    No lines: the option is not said any more. Objects that mean the same have no differences,
    however the lines of `old` are spelled.
    """
    kind, was, now = new.facts, dict(old.options), dict(new.options)
    changed: dict[str, tuple[Pair, ...]] = {}
    for key in dict.fromkeys((*was, *now)):
        if key not in now:
            changed[key] = ()
        elif was.get(key) != now[key] or key not in was:
            known = kind.key(key)
            assert known is not None
            changed[key] = tuple(option_lines(key, known[1], now[key]))
    return changed


def option_lines(key: str, facts: OptionFacts, value: Value) -> Iterator[Pair]:
    """Yield the lines that say one option, or a group of them."""
    if facts.match == "name" and facts.group != facts.name and facts.type != "codecs":
        prefix = key.removesuffix("rules") if facts.type == "acl" else ""
        for line in value if isinstance(value, tuple) else ():
            assert isinstance(line, Setting)
            yield prefix + line.name, line.value
    elif facts.repeat == "accumulate" and isinstance(value, tuple) and _one_a_line(facts):
        yield from ((key, write(facts, item)) for item in value)
        if not value:
            yield key, ""
    else:
        yield key, write(facts, value)


def _one_a_line(facts: OptionFacts) -> bool:
    """Tell whether each item of an option is best written on a line of its own."""
    if facts.type == "codecs":
        return False
    return facts.type != "list" or facts.raw.get("item") == "sip_uri"
