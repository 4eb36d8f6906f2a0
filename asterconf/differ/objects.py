"""What is compared: the objects that Asterisk makes of sections, with their options."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import attrs

from asterconf.bind.pjsip import Pjsip, read_pjsip
from asterconf.bind.queues import read_queues
from asterconf.bind.sections import read_section
from asterconf.bind.voicemail import read_mailboxes
from asterconf.dialplan import load_dialplan
from asterconf.differ.address import Address
from asterconf.model import Mailbox, QueueMember
from asterconf.model.options import collect, default, read
from asterconf.model.values import Secret
from asterconf.references.plan import DialedNumbers
from asterconf.resolve import Effective, EffectiveItem, EffectiveSection
from asterconf.resolve.effective import PlainRun, runs_of, shared_pairs
from asterconf.schema import ObjectFacts, OptionFacts
from asterconf.schema import file as file_facts
from asterconf.secrets import has_secret_field, is_secret
from asterconf.source import Position, fold
from asterconf.syntax import Document, Section

if TYPE_CHECKING:
    from asterconf.workspace import Workspace

ChangedSections = tuple[str, "list[EffectiveSection]", "list[EffectiveSection]"]
"""A name, and the sections of that name on both sides."""

_NUMBERS = {"uint", "int", "int_atoi"}


@attrs.frozen
class RefusedValue:
    """A value that Asterisk does not accept, so that it refuses the whole section."""

    text: str
    problem: str = attrs.field(default="", eq=False)

    def __str__(self) -> str:
        return self.text


@attrs.frozen(eq=False)
class SourceLine:
    """A line that sets an option: an item of an effective section, by its index."""

    section: EffectiveSection
    index: int

    @property
    def item(self) -> EffectiveItem:
        """The line as an item, with its origin."""
        return self.section.item(self.index)

    @property
    def value(self) -> str:
        """The text of the value."""
        return self.section.pairs[self.index][1]


@attrs.frozen(eq=False)
class ComparedOption:
    """An option that is set: its value, what the schema knows of it, the lines that count."""

    value: Any
    facts: OptionFacts | None = None
    lines: tuple[SourceLine, ...] = ()


@attrs.frozen(eq=False)
class ComparedObject:
    """One object to compare.

    Attributes:
        side: the configuration that has it.
        file: the file whose reader makes it.
        kind: the kind, as `Address.kind` has it.
        name: its name.
        options: the options that are set.
        place: where it begins.
        section: its section, or that of the wizard which makes it.
        facts: what the schema knows of its kind.
        title: a name for people.
        role: what it is to a person, such as `extension`; empty: as its kind says.
        parts: objects that belong to this one alone, such as the aor of an endpoint.
        members: of a queue its members, with their places.
        known: the typed object, where it is known already.
    """

    side: ComparedConfig
    file: str
    kind: str
    name: str
    options: Mapping[str, ComparedOption]
    place: Position | None = None
    section: EffectiveSection | None = None
    facts: ObjectFacts | None = None
    title: str = ""
    role: str = ""
    parts: tuple[ComparedObject, ...] = ()
    members: tuple[tuple[QueueMember, Position | None], ...] = ()
    known: object = None

    @property
    def address(self) -> Address:
        """The address of a difference that is about this object."""
        return Address(self.file, self.kind, self.name)

    @property
    def typed(self) -> Any:  # noqa: ANN401 - one of many classes
        """The object as `Config` has it; `None`: there is no class for it."""
        if self.known is not None or self.section is None:
            return self.known
        if self.file == "pjsip.conf" and self.facts is not None and self.facts.name == "endpoint":
            return self.side.endpoint(self.name)
        bound = None if self.by_wizard else read_section(self.section)
        return bound.obj if bound is not None else None

    @property
    def by_wizard(self) -> bool:
        """Whether a section of pjsip_wizard.conf makes it."""
        kind = self.section.kind if self.section is not None else None
        return self.file == "pjsip.conf" and kind is not None and kind.file != self.file

    def is_secret(self, option: str) -> bool:
        """Whether a person should not see the value of an option."""
        found = self.options.get(option)
        if found is not None and isinstance(found.value, Secret):
            return True
        if found is not None and isinstance(found.value, bool | int | float):
            return False
        if self.kind == "mailbox":  # its name and mail address are none, whatever its section
            return option == "initial_pin" or is_secret("", "", option)
        if has_secret_field(self.file, option):
            return True
        if found is not None and found.facts is not None and found.facts.match == "name":
            return found.facts.secret
        return is_secret(self.file, self.name, option)

    def value(self, option: str, facts: OptionFacts | None) -> Any:  # noqa: ANN401 - any value
        """Return the value of an option, set or by default; `None`: none, or it is not known."""
        found = self.options.get(option)
        if found is not None:
            return found.value
        return self.default(facts) if facts is not None else None

    def default(self, facts: OptionFacts) -> Any:  # noqa: ANN401 - any value
        """Return the value of an option that is not set; `None`: none, or it is not known."""
        source: str | None = facts.raw.get("default_from")
        if source is not None:
            return self._default_from(facts, source)
        if facts.group != facts.name and facts.type != "codecs":
            return ()
        return _default(facts)

    def _default_from(self, facts: OptionFacts, source: str) -> Any:  # noqa: ANN401 - any value
        """Return the value of the option from which one that is not set takes its value."""
        file, colon, option = source.rpartition(":")
        section, dot, name = option.partition(".")
        if colon:
            other = self.side.settings(file, "default")
        elif dot:
            other, option = self.side.settings(self.file, section), name
        elif source == "general":
            other, option = self.side.settings(self.file, "general"), facts.name
        else:
            other = self
        if other is None:
            known = self.side.workspace.schema.file(file or self.file)
            kinds = known.objects.values() if known else ()
            general = next((k for k in kinds if k.section.get("name") == "general"), None)
            found = general.option(option) if general else None
            return _default(found) if found is not None else None
        found = other.facts.option(option) if other.facts else None
        return other.value(option, found if found is not facts else None)


@attrs.define(eq=False)
class ComparedConfig:
    """One of the configurations to compare, as Asterisk read it at that moment.

    Attributes:
        workspace: the files.
        names: the files that are read on their own, by the names that Asterisk asks for.
        readings: what Asterisk reads out of each of these; `None`: it is not to be compared.
        reasons_unread: why no module reads a file, as a sentence, for each such file.
        reasons_unknown: why it is unknown who reads a file, in the same way.
    """

    workspace: Workspace
    names: Mapping[str, str]
    readings: Mapping[str, Effective | None]
    reasons_unread: Mapping[str, str]
    reasons_unknown: Mapping[str, str] = attrs.field(factory=dict)
    _settings: dict[tuple[str, str], ComparedObject | None] = attrs.field(factory=dict, init=False)

    @classmethod
    def of(cls, workspace: Workspace) -> ComparedConfig:
        """Return the current state of a configuration."""
        sources = workspace.sources
        names: dict[str, str] = {}
        for name, source in sources.items():
            base = name.removesuffix(".sample")
            if not source.is_fragment and (base == name or base not in sources):
                names[base] = name
        readings = {base: workspace.resolve(name) for base, name in names.items()}
        unread, doubts = (
            {base: sources[n].reason for base, n in names.items() if sources[n].role in roles}
            for roles in ({"disabled", "unread"}, {"unknown"})
        )
        return cls(workspace, names, readings, unread, doubts)

    def without(self, files: Iterable[str]) -> ComparedConfig:
        """Return the configuration with these files left out of the comparison."""
        readings = {**self.readings, **dict.fromkeys(files)}
        return attrs.evolve(self, readings=readings)

    def reading(self, file: str) -> Effective | None:
        """Return what Asterisk reads out of a file; `None`: nothing that is to be compared."""
        return self.readings.get(file)

    def live(self, file: str) -> Iterable[EffectiveSection]:
        """Return the sections of a file that its reader sees; none if Asterisk refuses the file."""
        effective = self.reading(file)
        return effective.live if effective is not None and effective.valid else ()

    def settings(self, file: str, section: str) -> ComparedObject | None:
        """Return the first section of that name as an object."""
        key = file, fold(section)
        if key not in self._settings:
            found = next((s for s in self.live(file) if fold(s.name) == key[1]), None)
            self._settings[key] = section_object(self, file, found) if found is not None else None
        return self._settings[key]

    @cached_property
    def _pjsip(self) -> Pjsip:
        wizard, pjsip, dialplan = map(
            self.reading, ("pjsip_wizard.conf", "pjsip.conf", "extensions.conf")
        )
        return read_pjsip(wizard, pjsip, DialedNumbers.of(load_dialplan(dialplan).dialplan))

    def endpoint(self, name: str) -> Any:  # noqa: ANN401 - one of several classes
        """Return an endpoint as an extension, a trunk or what else it is."""
        found = self._pjsip
        for group in (found.extensions, found.trunks, found.endpoints):
            if name in group:
                return group[name].obj
        return None

    # -- text -------------------------------------------------------------------------------------

    def document(self, name: str) -> Document | None:
        """Return the document of that name; `None`: there is none that may be read."""
        return document_of(self.workspace, name)

    def section_at(self, place: Position | None) -> Section | None:
        """Return the section of a document that holds a line; `None`: it is in no file."""
        document = self.document(place.file) if place is not None else None
        if document is None or place is None:
            return None
        parts = document.parts
        return parts[max(bisect_right(parts, place.line, key=lambda p: p.line) - 1, 0)]

    def line_at(self, place: Position) -> str:
        """Return the text of a line without its end; empty: it is in no file."""
        section = self.section_at(place)
        if section is None:
            return ""
        return section.text.split("\n")[place.line - section.line]


def document_of(workspace: Workspace, name: str) -> Document | None:
    """Return the document of that name; `None`: there is none that may be read."""
    found = workspace.files.get(workspace.spelled(name))
    return found if isinstance(found, Document) else None


def _default(facts: OptionFacts) -> Any:  # noqa: ANN401 - any value
    if facts.default is None and facts.type in _NUMBERS and "doc_default" in facts.raw:
        return read(facts, facts.raw["doc_default"]).value
    return default(facts)


def section_object(side: ComparedConfig, file: str, section: EffectiveSection) -> ComparedObject:
    """Return a section as an object, typed by the schema as far as it is known."""
    facts = section.kind
    lines = [SourceLine(section, index) for index in range(len(section))]
    options = compared_options(facts, section.pairs, lines)
    kind = "section" if facts is None or facts.section["by"] == "name" else facts.name
    return ComparedObject(
        side, file, kind, section.name, options, section.position, section, facts
    )  # fmt: skip


def compared_options(
    facts: ObjectFacts | None,
    pairs: Sequence[tuple[str, str]],
    lines: Sequence[SourceLine | None],
) -> dict[str, ComparedOption]:
    """Return the options that lines set, as their reader takes them.

    What the schema does not know is kept as text: the values of one name in file order.
    """

    def of(indices: Iterable[int]) -> tuple[SourceLine, ...]:
        return tuple(line for i in indices if (line := lines[i]) is not None)

    options: dict[str, ComparedOption] = {}
    unknown: Iterable[int] = range(len(pairs))
    if facts is not None:
        found = collect(facts, pairs)
        unknown = found.unknown
        for key, value in found.options.items():
            known = facts.line_key(pairs[found.lines[key][-1]][0]) if found.lines[key] else None
            known = known or facts.key(key)
            option = known[1] if known is not None else None
            options[key] = ComparedOption(value, option, of(found.lines[key]))
        for index, fault in found.faults.items():
            known = facts.line_key(pairs[index][0])
            if fault.effect == "refused" and known is not None:
                refused = RefusedValue(pairs[index][1], fault.problem)
                options[known[0]] = ComparedOption(refused, known[1], of([index]))
    by_name: dict[str, list[int]] = {}
    spelled: dict[str, str] = {}
    for index in unknown:
        name = pairs[index][0]
        by_name.setdefault(spelled.setdefault(fold(name), name), []).append(index)
    for name, indices in by_name.items():
        values = tuple(pairs[i][1] for i in indices)
        options[name] = ComparedOption(values[0] if len(values) == 1 else values, None, of(indices))
    return options


def changed_sections(
    old: Iterable[EffectiveSection], new: Iterable[EffectiveSection], also: Iterable[str] = ()
) -> Iterator[ChangedSections]:
    """Yield the names of sections whose lines differ, with the sections of both sides.

    `also` are names that are yielded in any case.
    """
    sides: list[dict[str, list[EffectiveSection]]] = []
    for sections in (old, new):
        found: dict[str, list[EffectiveSection]] = {}
        for section in sections:
            found.setdefault(section.name, []).append(section)
        sides.append(found)
    for name in dict.fromkeys([*sides[1], *sides[0]]):
        was, now = (side.get(name, []) for side in sides)
        if name in also or not equal_sections(was, now):
            yield name, was, now


def equal_sections(old: Sequence[EffectiveSection], new: Sequence[EffectiveSection]) -> bool:
    """Whether sections have the same lines, and one version of Asterisk reads both.

    Where their text is the same, no line is read.
    """
    versions = {section.reading.schema for section in (*old, *new) if section.reading}
    if len(old) != len(new) or len(versions) > 1:
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


# -- files that are compared section by section ---------------------------------------------------


MEMBER = "member"

_ORDERED = {"linear", "rrordered"}
"""Strategies under which the order of the members counts: apps/app_queue.c, queuepos."""


def file_objects(side: ComparedConfig, file: str) -> Iterator[ComparedObject]:
    """Yield every object of a file."""
    for _, _, sections in changed_sections((), side.live(file)):
        yield from objects_of(side, file, sections).values()


def objects_of(
    side: ComparedConfig, file: str, sections: Iterable[EffectiveSection]
) -> dict[tuple[str, str, int], ComparedObject]:
    """Return the objects of sections of one name, by kind, name and number among their kind."""
    found: dict[tuple[str, str, int], ComparedObject] = {}
    boxes: list[EffectiveSection] = []
    count: dict[str, int] = {}
    for section in sections:
        kind = section.kind
        if kind is not None and (kind.file, kind.name) == ("voicemail.conf", "context"):
            boxes.append(section)
            continue
        made = section_object(side, file, section)
        number = count[made.kind] = count.get(made.kind, -1) + 1
        if not number or kind is None or kind.raw.get("repeat") != "first":
            found[made.kind, made.name, number] = _queue(made) if made.kind == "queue" else made
    for box in _boxes(side, boxes) if boxes else ():
        found[box.kind, box.name, 0] = box
    return found


# -- queues --------------------------------------------------------------------------------------


def _queue(queue: ComparedObject) -> ComparedObject:
    """Return a queue with its members as Asterisk fills them in.

    Source: apps/app_queue.c, reload_single_member.
    """
    section = queue.section
    if section is None or section.reading is None:
        return queue
    bound = read_queues(section.reading.only([section])).objects.get(queue.name)
    members = (
        ()
        if bound is None
        else tuple(
            (
                attrs.evolve(
                    member,
                    name=member.name or member.interface,
                    state_interface=member.state_interface or member.interface,
                    wrapuptime=member.wrapuptime or None,
                    paused=member.paused or None,
                ),
                bound.where(f"members[{at}]"),
            )
            for at, member in enumerate(bound.obj.members)
        )
    )
    options = dict(queue.options)
    if MEMBER in options:
        values = tuple(member for member, _ in members)
        options[MEMBER] = attrs.evolve(options[MEMBER], value=values)
    known = bound.obj if bound is not None else None
    return attrs.evolve(queue, options=options, members=members, known=known)


def ordered_members(queue: ComparedObject) -> bool:
    """Whether the order of a queue's members counts."""
    strategy = queue.options.get("strategy")
    return strategy is not None and strategy.value in _ORDERED


# -- voicemail -----------------------------------------------------------------------------------


def _boxes(side: ComparedConfig, sections: list[EffectiveSection]) -> Iterator[ComparedObject]:
    """Yield the boxes of sections of voicemail.conf that have one name."""
    effective = side.reading("voicemail.conf")
    assert effective is not None
    others = [s for s in effective.live if fold(s.name) == "general"]
    by_place = {
        item.origin: SourceLine(section, index)
        for section in sections
        for index, item in enumerate(section.items)
    }
    for address, bound in read_mailboxes(effective.only([*others, *sections])).objects.items():
        box, place = bound.obj, bound.where("")
        line = by_place.get(place) if place is not None else None
        lines = (line,) if line is not None else ()
        fields = {name: getattr(box, name) for name in ("initial_pin", "name", "email", "pager")}
        options = {
            name: ComparedOption(value, None, lines) for name, value in fields.items() if value
        }
        options |= {n: ComparedOption(value, facts, lines) for n, value, facts in _options(box)}
        yield ComparedObject(
            side, "voicemail.conf", "mailbox", address, options, place, sections[0],
            title=box.name, known=box,
        )  # fmt: skip


def _options(box: Mailbox) -> Iterator[tuple[str, object, OptionFacts | None]]:
    """Yield the box's own settings as Asterisk takes them."""
    known = file_facts("voicemail.conf")
    kind = known.objects["mailbox_options"] if known else None
    for option in box.options:
        name, _, text = option.partition("=")
        facts = kind.option(name) if kind else None
        value = read(facts, text).value if facts is not None else None
        yield (facts.name if facts else name), text if value is None else value, facts
