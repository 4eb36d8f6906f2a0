"""What is compared: the things that Asterisk makes of sections, options as it takes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import attrs

from asterconf import schema
from asterconf.model.options import collect, default, read
from asterconf.model.values import Secret
from asterconf.resolve.effective import runs_of, shared_pairs
from asterconf.resolve.items import PlainRun
from asterconf.schema import ObjectFacts, OptionFacts
from asterconf.schema.secrets import is_secret
from asterconf.source import Position, fold

if TYPE_CHECKING:
    from asterconf.config import Config
    from asterconf.resolve import Effective, EffectiveItem, EffectiveSection
    from asterconf.resolve.sources import FileSource

__all__ = [
    "ChangedSections", "Refused", "Said", "Side", "Source", "Unit", "changed_sections", "equal",
    "section_unit", "units_said",
]  # fmt: skip

ChangedSections = tuple[str, "list[EffectiveSection]", "list[EffectiveSection]"]
"""A name, and the sections that have it on both sides."""

_NUMBERS = {"uint", "int", "int_atoi"}


@attrs.frozen
class Refused:
    """A text that Asterisk does not take, so that it refuses the whole section."""

    text: str
    problem: str = attrs.field(default="", eq=False)

    def __str__(self) -> str:
        return self.text


@attrs.frozen(eq=False)
class Source:
    """A line that says something: an item of a section, by its index."""

    section: EffectiveSection
    index: int

    @property
    def item(self) -> EffectiveItem:
        """The line as an item."""
        return self.section.item(self.index)

    @property
    def value(self) -> str:
        """What it says."""
        return self.section.pairs[self.index][1]


@attrs.frozen(eq=False)
class Said:
    """An option as it is said: its value, what the schema knows of it, the lines that count."""

    value: Any
    facts: OptionFacts | None = None
    sources: tuple[Source, ...] = ()


@attrs.frozen(eq=False)
class Unit:
    """One thing to compare.

    Attributes:
        file: the file whose reader makes it.
        kind: the kind as `Change.kind` says it.
        name: its name.
        said: the options that it says.
        place: where it begins.
        section: the section, or the wizard's; `None`: it is no section of its own.
        facts: what the schema knows of its kind.
        title: a name for people.
        parts: units that belong to it and to nothing else, such as the aor of an endpoint.
        make: makes the typed object.
    """

    file: str
    kind: str
    name: str
    said: Mapping[str, Said]
    place: Position | None = None
    section: EffectiveSection | None = None
    facts: ObjectFacts | None = None
    title: str = ""
    parts: tuple[Unit, ...] = ()
    make: Callable[[], Any] = lambda: None

    def is_secret(self, option: str) -> bool:
        """Tell whether a person should not see an option's value."""
        said = self.said.get(option)
        if said is not None and isinstance(said.value, Secret):
            return True
        if said is not None and isinstance(said.value, bool | int | float):
            return False
        if self.kind == "mailbox":  # its name and mail address are none, whatever its section
            return option == "initial_pin" or is_secret("", "", option)
        if said is not None and said.facts is not None:
            return said.facts.secret
        return is_secret(self.file, self.name, option)


class Side:
    """One configuration of the two: what Asterisk reads, as it is when they are compared.

    Attributes:
        conf: the configuration.
        ignored: the files that are not compared section by section.
    """

    def __init__(self, conf: Config) -> None:
        self.conf = conf
        self.ignored: set[str] = set()
        self._known: dict[str, Effective | None] = {}
        self._general: dict[str, Unit | None] = {}

    @cached_property
    def _sources(self) -> Mapping[str, FileSource]:
        return self.conf.sources

    @cached_property
    def names(self) -> dict[str, str]:
        """The files that are read on their own, by the names that Asterisk asks for."""
        found: dict[str, str] = {}
        for name, source in self._sources.items():
            if source.role != "fragment":
                base = name.removesuffix(".sample")
                if base == name or base not in self._sources:
                    found[base] = name
        return found

    def unheard(self, name: str) -> str:
        """Return why no module reads a file, as a sentence; empty: one may."""
        source = self._sources.get(self.names.get(name, ""))
        heard = source is None or source.role not in {"disabled", "unread"}
        return "" if heard or source is None else source.reason

    def effective(self, name: str) -> Effective | None:
        """Return what Asterisk reads out of a file; `None`: there is none, or it is ignored."""
        if name in self.ignored:
            return None
        if name not in self._known:
            there = self.names.get(name)
            self._known[name] = self.conf.effective(there) if there is not None else None
        return self._known[name]

    def settings(self, file: str, section: str) -> Unit | None:
        """Return the first section of that name as a unit."""
        key = f"{file} {fold(section)}"
        if key not in self._general:
            effective = self.effective(file)
            live = effective.live if effective is not None and effective.valid else ()
            found = next((s for s in live if fold(s.name) == fold(section)), None)
            self._general[key] = section_unit(file, found) if found is not None else None
        return self._general[key]

    def unsaid(self, unit: Unit, facts: OptionFacts) -> Any:  # noqa: ANN401 - any Value
        """Return what holds where no line says an option; `None`: nothing, or it is not known."""
        source: str | None = facts.raw.get("default_from")
        if source is not None:
            return self._from(unit, facts, source)
        if facts.group != facts.name and facts.type != "codecs":
            return ()
        return _default(facts)

    @staticmethod
    def mailbox_option(name: str) -> OptionFacts | None:
        """Return what is known of an option of a single mailbox."""
        known = schema.file("voicemail.conf")
        return known.objects["mailbox_options"].option(name) if known else None

    def _from(self, unit: Unit, facts: OptionFacts, source: str) -> Any:  # noqa: ANN401
        """Return the value of the option that an unsaid one is taken from."""
        file, colon, option = source.rpartition(":")
        section, dot, name = option.partition(".")
        if colon:
            other = self.settings(file, "default")
        elif dot:
            other, option = self.settings(unit.file, section), name
        elif source == "general":
            other, option = self.settings(unit.file, "general"), facts.name
        else:
            other = unit
        if other is None:
            known = schema.file(file or unit.file)
            kinds = known.objects.values() if known else ()
            general = next((k for k in kinds if k.section.get("name") == "general"), None)
            found = general.option(option) if general else None
            return _default(found) if found is not None else None
        said = other.said.get(option)
        if said is not None:
            return said.value
        found = other.facts.option(option) if other.facts else None
        return self.unsaid(other, found) if found is not None and found is not facts else None


def _default(facts: OptionFacts) -> Any:  # noqa: ANN401 - any Value
    if facts.default is None and facts.type in _NUMBERS and "doc_default" in facts.raw:
        return read(facts, facts.raw["doc_default"]).value
    return default(facts)


def section_unit(file: str, section: EffectiveSection) -> Unit:
    """Return a section as a unit, typed by the schema as far as it is known."""
    facts = section.kind
    sources = [Source(section, index) for index in range(len(section))]
    said = units_said(facts, section.pairs, sources)
    kind = "section" if facts is None or facts.section["by"] == "name" else facts.name
    return Unit(
        file, kind, section.name, said, section.position, section, facts,
        make=lambda: _object(section),
    )  # fmt: skip


def _object(section: EffectiveSection) -> object:
    from asterconf.bind.sections import read_section

    bound = read_section(section)
    return bound.obj if bound is not None else None


def units_said(
    facts: ObjectFacts | None, pairs: Sequence[tuple[str, str]], sources: Sequence[Source | None]
) -> dict[str, Said]:
    """Return the options that lines say, as their reader takes them.

    What the schema does not know is kept as text: the values of one name in file order.
    """
    said: dict[str, Said] = {}
    unknown: Iterable[int] = range(len(pairs))
    if facts is not None:
        found = collect(facts, pairs)
        unknown = found.unknown
        for key, value in found.options.items():
            known = facts.line_key(pairs[found.lines[key][-1]][0]) if found.lines[key] else None
            known = known or facts.key(key)
            option = known[1] if known is not None else None
            said[key] = Said(value, option, _lines(sources, found.lines[key]))
        for fault in found.faults:
            if fault.effect == "refused":
                name, text = pairs[fault.index]
                known = facts.line_key(name)
                key = known[0] if known is not None else name
                refused = Refused(text, fault.problem)
                said[key] = Said(refused, fault.facts, _lines(sources, [fault.index]))
    lines: dict[str, list[int]] = {}
    spelled: dict[str, str] = {}
    for index in unknown:
        name = pairs[index][0]
        lines.setdefault(spelled.setdefault(fold(name), name), []).append(index)
    for name, indices in lines.items():
        values = tuple(pairs[i][1] for i in indices)
        said[name] = Said(values[0] if len(values) == 1 else values, None, _lines(sources, indices))
    return said


def _lines(sources: Sequence[Source | None], indices: Iterable[int]) -> tuple[Source, ...]:
    return tuple(source for i in indices if (source := sources[i]) is not None)


def changed_sections(
    old: Effective | None, new: Effective | None, also: Iterable[str] = ()
) -> Iterator[ChangedSections]:
    """Yield the names of sections that say something else, each with its sections on both sides.

    `also` are names of sections that are yielded anyhow.
    """
    sides: list[dict[str, list[EffectiveSection]]] = []
    for effective in (old, new):
        found: dict[str, list[EffectiveSection]] = {}
        for section in effective.live if effective is not None and effective.valid else ():
            found.setdefault(section.name, []).append(section)
        sides.append(found)
    for name in dict.fromkeys([*sides[1], *sides[0]]):
        was, now = (side.get(name, []) for side in sides)
        if name in also or not equal(was, now):
            yield name, was, now


def equal(old: Sequence[EffectiveSection], new: Sequence[EffectiveSection]) -> bool:
    """Tell whether sections say the same, line by line; where the text is, nothing is read."""
    if len(old) != len(new):
        return False
    return all(
        (_texts(was) == (texts := _texts(now)) and texts is not None)
        or shared_pairs(was) == shared_pairs(now)
        for was, now in zip(old, new, strict=True)
    )


def _texts(section: EffectiveSection) -> list[str] | None:
    """Return the text of a section's lines with those it inherits; `None`: not all is text."""
    found: list[str] = []
    for stretch in runs_of(section):
        if not isinstance(stretch, PlainRun):
            return None
        found.append(stretch.text[stretch.start :])
    return found
