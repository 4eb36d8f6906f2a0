"""Makes the sections of a configuration say what the sections of another one say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import attrs

from asterconf.bind.sections import option_lines
from asterconf.differ.order import is_set, same
from asterconf.differ.queues import MEMBER, in_order
from asterconf.differ.sections import section_units
from asterconf.differ.sip import FILES, Sip
from asterconf.differ.units import Refused, Said, Side, Source, Unit
from asterconf.editing.editor import Editor, remove_section
from asterconf.editing.options import LineEdits, OptionChange, OptionEdits, differences
from asterconf.errors import EditError
from asterconf.schema import OptionFacts
from asterconf.source import fold, printable
from asterconf.syntax import Document, Section

if TYPE_CHECKING:
    from asterconf.config import Config
    from asterconf.resolve import EffectiveSection

__all__ = ["Sections"]

Pair = tuple[str, str]

_PREFIXES = {"endpoint": "endpoint", "aor": "aor", "identify": "identify",
             "registration": "registration", "phoneprov": "phoneprov"}  # fmt: skip


@attrs.define(eq=False)
class Sections:
    """The sections of a configuration that is edited.

    Attributes:
        conf: the configuration.
        theirs: the other one, whose sections tell what shall be said.
    """

    conf: Config
    theirs: Side

    @property
    def editor(self) -> Editor:
        """What edits work on."""
        return Editor(self.conf.workspace)

    def side(self) -> Side:
        """Return the configuration as it stands now."""
        return Side(self.conf)

    # -- find ---------------------------------------------------------------------------------

    def unit(self, like: Unit) -> Unit | None:
        """Return the unit of that file, kind and name; `None`: there is none.

        Raises:
            EditError: there are several.
        """
        side = self.side()
        if like.file == FILES[1]:
            return Sip(side).section(like.name, like.kind)
        if like.file == FILES[0]:
            return Sip(side).unit((like.facts.name if like.facts else "section", like.name))
        units = section_units(side, like.file)
        found = [u for u in units if (u.kind, u.name) == (like.kind, like.name)]
        if len(found) > 1:
            raise EditError(f"{_called(like)} is there {len(found)} times")
        return found[0] if found else None

    # -- change -------------------------------------------------------------------------------

    def change(self, old: Unit | None, new: Unit, options: Iterable[str]) -> None:
        """Make some options of a section say what they say in `new`.

        Raises:
            EditError: no lines of the section can say that.
        """
        names = list(options)
        why = ""
        for way in (self._edit, partial(self._edit, force=True), self._detach):
            try:
                with self.editor.attempt():
                    way(old, new, names)
                    now = self.unit(new)
                    if now is None or not all(self._says(now, old, new, name) for name in names):
                        raise EditError(f"{_called(new)} would not be read as it should")
                return
            except EditError as error:
                why = why or str(error)
        raise EditError(why)

    def _edit(
        self, old: Unit | None, new: Unit, names: Iterable[str], *, force: bool = False
    ) -> None:
        """Edit own lines; `force`: also say what Asterisk takes by itself."""
        now = self._there(new)
        assert now.section is not None
        prefix = _prefix(now)
        lines = LineEdits(self.editor)
        edits = OptionEdits(self.editor, now.section, lines, force)
        for name in names:
            was, shall = lines_of(now, name, prefix), self._wanted(old, new, now, name, prefix)
            for want in _wants(now.section, was, shall):
                edits.gather(want)
        lines.make()

    def _detach(self, old: Unit | None, new: Unit, names: Iterable[str]) -> None:
        """Let a section say itself what it inherits, and edit it then.

        That is for what no line of its own can take back.
        """
        self._own(new)
        self._edit(old, new, names)

    def _own(self, unit: Unit) -> None:
        """Let a section say itself all that it inherits."""
        section = self._there(unit).section
        assert section is not None
        home = self.editor.home_of(section)
        inherited = [item for item in section.items if item.way]
        if not inherited:
            raise EditError(f"{_called(unit)} inherits nothing")
        home.inherit()
        for item in reversed(inherited):
            home.add(item.name, item.value, after=home.nodes[0])

    def _there(self, unit: Unit) -> Unit:
        now = self.unit(unit)
        if now is None or now.section is None:
            raise EditError(f"{_called(unit)} is not there")
        return now

    def _wanted(self, old: Unit | None, new: Unit, now: Unit, name: str, prefix: str) -> list[Pair]:
        """Return the lines that shall say an option; of a set, what came and went only."""
        said = new.said.get(name)
        merged = _merged(old, new, now, name)
        if merged is not None:
            facts = (said or now.said[name]).facts
            assert facts is not None
            return [(prefix + n, v) for n, v in option_lines(name, facts, merged)]
        return lines_of(new, name, prefix)

    def _says(self, now: Unit, old: Unit | None, new: Unit, name: str) -> bool:
        side = self.side()
        units = [unit for unit in (now, new, old) if unit is not None]
        there = next((unit.said[name] for unit in units if name in unit.said), None)
        facts = there.facts if there else None
        mine = now.said.get(name)
        value: Any = mine.value if mine is not None else _unsaid(side, now, facts)
        said = new.said.get(name)
        wanted: Any = said.value if said is not None else _unsaid(self.theirs, new, facts)
        if name == MEMBER:
            return bool(value == wanted) or set(value or ()) == set(wanted or ())
        if isinstance(value, tuple) and is_set(facts, "meaningful"):
            before = old.said[name].value if old is not None and name in old.said else ()
            came = set(wanted or ()) - set(before)
            went = set(before) - set(wanted or ())
            return came <= set(value) and not went & set(value)
        return same(value, wanted, facts, "meaningful")

    def drop(self, like: Unit, option: str) -> None:
        """Remove the own lines of an option, so that a template's holds."""
        now = self.unit(like)
        said = now.said.get(option) if now is not None else None
        lines = LineEdits(self.editor)
        for source in said.sources if said is not None else ():
            if not source.item.way:
                lines.remove((source.item.origin.file, source.item.origin.line))
        lines.make()

    def members(self, new: Unit, interfaces: Iterable[str]) -> None:
        """Make some members of a queue what they are in `new`.

        Where their order counts, those that are there stand in that order here, too.

        Raises:
            EditError: no lines of the section can say that.
        """
        wanted = list(interfaces)
        try:
            with self.editor.attempt():
                self._members(new, wanted)
        except EditError:
            self._own(new)
            self._members(new, wanted)

    def _members(self, new: Unit, interfaces: Iterable[str]) -> None:
        now = self._there(new)
        assert now.section is not None
        here, there = _member_lines(now), _member_lines(new)
        wanted = set(map(fold, interfaces))
        shall = {key: there.get(key, text) if key in wanted else text for key, text in here.items()}
        for key in wanted - there.keys():
            shall.pop(key, None)
        order = list(shall)
        for key in (key for key in there if key in wanted and key not in shall):
            above = list(there)[: list(there).index(key)]
            before = [k for k in above if k in order]
            order.insert(order.index(before[-1]) + 1 if before else 0, key)
            shall[key] = there[key]
        if in_order(new):
            sorted_keys = iter([key for key in there if key in shall])
            order = [next(sorted_keys) if key in there else key for key in order]
        want = OptionChange(MEMBER, tuple(here.values()), tuple(shall[key] for key in order))
        lines = LineEdits(self.editor)
        if want.old != want.new:
            OptionEdits(self.editor, now.section, lines).gather(want)
        lines.make()
        if _member_lines(self._there(new)).keys() != shall.keys():
            raise EditError(f"{_called(new)} would not have the members that it should")

    # -- come and go --------------------------------------------------------------------------

    def add(self, unit: Unit) -> None:
        """Add a section as it stands in the other configuration, its comments with it.

        Raises:
            EditError: it is there already, or cannot be written.
        """
        section = unit.section
        assert section is not None
        self._insert(section, unit.file)
        now = self.unit(unit)
        if now is None or not all(self._says(now, unit, unit, name) for name in unit.said):
            raise EditError(f"{_called(unit)} would not be read as it should")

    def _insert(self, section: EffectiveSection, reader: str) -> None:
        document = self._document(section.file, reader)
        text = self._text(section, reader) or _flat(section)
        before, after = self._beside(section, document)
        bases = {fold(name) for name in Document(text).sections[0].inherits}
        below = [one for one in document.sections if fold(one.name) in bases]
        stand = [*document.sections[: document.sections.index(before)]] if before else None
        stand = [*document.sections[: document.sections.index(after) + 1]] if after else stand
        if stand is not None and below and below[-1] not in stand:
            before, after = None, below[-1]  # what it inherits must stand above it
        document.insert_section(text, before=before, after=after)

    def _document(self, name: str, reader: str) -> Document:
        if name in self.conf:
            return self.conf[name]
        return self.editor.document(reader)

    def _text(self, section: EffectiveSection, reader: str) -> str:
        """Return the text of a section there, if it means the same here; else nothing."""
        home = _home(self.theirs, section)
        if home is None or any(_foreign(section, home, item) for item in section.items):
            return ""
        effective = self.conf.workspace.resolve(reader)
        known = {fold(s.name): s for s in reversed(effective.sections)} if effective else {}
        theirs = section.reading.sections if section.reading else ()
        for name in section.inherits:
            base = next((s for s in theirs if fold(s.name) == fold(name)), None)
            mine = known.get(fold(name))
            if base is None or (mine is not None and mine.pairs != base.pairs):
                return ""
            if mine is None:
                self._insert(base, reader)
        text = home.document.section_text(home)
        for directive in home.directives:  # what it leads to is added by itself
            text = text.replace(directive.text, "", 1)
        return text

    def _beside(
        self, section: EffectiveSection, document: Document
    ) -> tuple[Section | None, Section | None]:
        """Return the section to stand before, or the one to stand behind: as it is there."""
        home = _home(self.theirs, section)
        siblings = list(home.document.sections) if home is not None else []
        at = siblings.index(home) if home in siblings else 0
        for other in reversed(siblings[:at]):
            if found := document.all(other.name):
                return None, found[-1]
        for other in siblings[at + 1 :]:
            if found := document.all(other.name):
                return found[0], None
        return None, None

    def remove(self, unit: Unit) -> None:
        """Remove a section, with the comments that touch its header.

        Raises:
            EditError: something else would no longer be read.
        """
        now = self.unit(unit)
        if now is None or now.section is None:
            return
        section = now.section
        homes = [self.editor.home_of(section)]
        for item in section.items:
            for option, file in item.parts:
                home = self.editor.section_at((file, option.line)) if not item.way else None
                if home is not None and home.headed and fold(home.name) == fold(section.name):
                    homes.append(home)
        for home in dict.fromkeys(homes):
            remove_section(home)
        if self.unit(unit) is not None:
            raise EditError(f"{_called(unit)} would be there still")

    def rename(self, old: Unit, name: str) -> None:
        """Give a section another name.

        Raises:
            EditError: it is not there, or the name cannot be written.
        """
        section = self._there(old).section
        assert section is not None
        self.editor.home_of(section).name = name


def _called(unit: Unit) -> str:
    return f"{unit.kind} {printable(unit.name)}"


def _wants(
    section: EffectiveSection, old: Sequence[Pair], new: Sequence[Pair]
) -> list[OptionChange]:
    return list(differences(section, old, new)) if list(old) != list(new) else []


def lines_of(unit: Unit, name: str, prefix: str = "") -> list[Pair]:
    """Return the lines that say an option, as they are spelled where one line says it."""
    said = unit.said.get(name)
    if said is None:
        return []
    facts = said.facts
    if facts is None or isinstance(said.value, Refused):
        return [(prefix + name, source.value) for source in said.sources]
    one = said.sources[-1] if len(said.sources) == 1 else None
    plain = facts.repeat != "accumulate" and facts.group == facts.name
    if one is not None and plain and _spelled(one, said):
        return [(prefix + name, one.value)]
    return [(prefix + found, value) for found, value in option_lines(name, facts, said.value)]


def _spelled(source: Source, said: Said) -> bool:
    """Tell whether a line is the option's own, and not one that the wizard makes it of."""
    written = source.section.pairs[source.index][0].rpartition("/")[2]
    return said.facts is not None and said.facts.covers(written)


def _merged(old: Unit | None, new: Unit, now: Unit, name: str) -> tuple[Any, ...] | None:
    """Return a set as it is here, with what came and went there; `None`: it is no set."""
    sides = [unit.said.get(name) if unit else None for unit in (old, new, now)]
    facts = next((said.facts for said in sides if said is not None), None)
    if not is_set(facts, "meaningful") or sides[2] is None:
        return None
    before, after, here = (said.value if said is not None else () for said in sides)
    if not all(isinstance(value, tuple) for value in (before, after, here)):
        return None
    went = set(before) - set(after)
    kept = [item for item in here if item not in went]
    return (*kept, *(item for item in after if item not in before and item not in kept))


def _unsaid(side: Side, unit: Unit, facts: OptionFacts | None) -> object:
    return side.unsaid(unit, facts) if facts is not None else None


def _prefix(unit: Unit) -> str:
    """Return what stands before an option in the section: of a wizard the part of the object."""
    section = unit.section
    made = unit.file == FILES[0] and section is not None and section.reading is not None
    if not made or section is None or section.reading is None or section.reading.name != FILES[1]:
        return ""
    kind = unit.facts.name if unit.facts else ""
    if kind == "auth":
        return "outbound_auth/" if unit.name.endswith("-oauth") else "inbound_auth/"
    if kind not in _PREFIXES:
        raise EditError(f"the wizard makes no {kind}")
    return f"{_PREFIXES[kind]}/"


def _member_lines(unit: Unit) -> dict[str, str]:
    """Return the lines of the members of a queue, by interface."""
    said = unit.said.get(MEMBER)
    found = (source.value for source in said.sources) if said is not None else ()
    return {_interface(text): text for text in found}


def _interface(text: str) -> str:
    return fold(text.partition(",")[0].strip())


def _home(side: Side, section: EffectiveSection) -> Section | None:
    """Return the section of a document that begins an effective section."""
    if section.file not in side.conf:
        return None
    document = side.conf[section.file]
    return next((s for s in document.sections if s.line == section.line), None)


def _foreign(section: EffectiveSection, home: Section, item: object) -> bool:
    """Tell whether an own item stands in another section of a document."""
    from asterconf.resolve import EffectiveItem

    assert isinstance(item, EffectiveItem)
    last = home.line + home.text.count("\n")
    return not item.way and any(
        file != section.file or not home.line <= option.line <= last for option, file in item.parts
    )


def _flat(section: EffectiveSection) -> str:
    """Return a section as text that needs no template."""
    made = Document("")
    flat = made.add_section(section.name)
    for name, value in section.pairs:
        flat.add(name, value)
    return str(made)
