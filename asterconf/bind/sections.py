"""Any section that the schema knows ⇄ `ConfigObject` and the typed classes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

import attrs

from asterconf.model.configobject import ConfigObject, SchemaObject
from asterconf.model.options import Value, write
from asterconf.model.values import Setting
from asterconf.resolve.bound import Bound
from asterconf.resolve.effective import Effective, EffectiveItem, EffectiveSection, cached
from asterconf.schema import ObjectFacts, OptionFacts, attribute_name
from asterconf.source import Position, fold, is_true

Pair = tuple[str, str]
S = TypeVar("S", bound=SchemaObject)


@attrs.frozen(eq=False)
class OptionPlaces(Mapping[str, Position]):
    """The places of the options of a section, each worked out when it is asked for.

    The empty name is the section itself. An option has its name and its name as an attribute; of
    several lines that count, its place is that of the last.
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
    """Return the object of a section and the places of its options.

    Args:
        section: the section.
        kind: the kind of section to read it as, by default its own.

    Returns:
        `None` if the schema does not know the kind of the section.
    """
    facts = kind or section.kind
    if facts is None:
        return None

    def read() -> Bound[ConfigObject]:
        obj, found = ConfigObject.collect(facts, section.name, section.pairs)
        return Bound(obj, OptionPlaces(section, found.lines))

    return cached(section, f"object {facts.name}", read)


def read_typed(section: EffectiveSection, cls: type[S]) -> Bound[S] | None:
    """Return a section as an object of a typed class; `None` if it is of another kind."""
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
            bound = read_section(section)
            if bound is not None:
                found.setdefault(section.name, bound)
    return found


_OF_ACCOUNTS = ("secret", "read", "write", "displayconnects", "allowmultiplelogin", "writetimeout")


def read_accounts(
    users: Effective | None, manager: Effective | None
) -> dict[str, Bound[ConfigObject]]:
    """Return the accounts of manager.conf that users.conf makes, by name.

    The first line of a user counts, else that of `[general]`; without any an account may read and
    write all. Lines of manager.conf for a user of that name, case ignored, come on top.

    Source: main/manager.c, __init_manager. Checked: tests/live/test_objects.py.
    """
    facts = manager.schema.file("manager.conf") if manager is not None else None
    if users is None or manager is None or facts is None or not (users.valid and manager.valid):
        return {}
    general = next((one for one in users.live if fold(one.name) == "general"), None)
    lines: dict[str, list[EffectiveItem]] = {}
    made: dict[str, EffectiveSection] = {}
    for section in users.live:
        said = {
            fold(item.name): item
            for one in (general, section)
            for item in reversed(one.items if one is not None else ())
        }
        name, asks = fold(section.name), said.get("hasmanager")
        if name != "general" and asks is not None and is_true(asks.value):
            made.setdefault(name, section)
            lines.setdefault(name, []).extend(said[one] for one in _OF_ACCOUNTS if one in said)
    for section in manager.live:
        if fold(section.name) in made:
            lines[fold(section.name)] += section.items
    found: dict[str, Bound[ConfigObject]] = {}
    for name, section in made.items():
        pairs = [("read", "all"), ("write", "all"), *((one.name, one.value) for one in lines[name])]
        obj, _ = ConfigObject.collect(facts.objects["user"], section.name, pairs)
        places = {"": section.position, **{fold(one.name): one.origin for one in lines[name]}}
        found[section.name] = Bound(obj, places)
    return found


def differences(old: ConfigObject, new: ConfigObject) -> dict[str, tuple[Pair, ...]]:
    """Return the options that differ, each with the lines that it has in `new`.

    No lines: the option is no longer set. Objects with the same meaning have no differences,
    however the lines of `old` are written.
    """
    before, after = dict(old.options), dict(new.options)
    changed: dict[str, tuple[Pair, ...]] = {}
    for key in dict.fromkeys((*before, *after)):
        if key not in after:
            changed[key] = ()
        elif key not in before or before[key] != after[key]:
            changed[key] = tuple(option_lines(key, _facts(new, key), after[key]))
    return changed


def type_line(kind: ObjectFacts) -> tuple[Pair, ...]:
    """Return the line that tells what kind of section it is, if there is one."""
    return (("type", kind.type_word),) if kind.type_word else ()


def object_lines(obj: ConfigObject) -> Iterator[Pair]:
    """Yield the names and values of a new section for an object."""
    yield from type_line(obj.facts)
    for key, value in obj.options:
        yield from option_lines(key, _facts(obj, key), value)
    yield from ((setting.name, setting.value) for setting in obj.unknown)


def _facts(obj: ConfigObject, key: str) -> OptionFacts:
    found = obj.facts.key(key)
    assert found is not None
    return found[1]


def option_lines(key: str, facts: OptionFacts, value: Value) -> Iterator[Pair]:
    """Yield the lines that set one option, or a group of them."""
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
