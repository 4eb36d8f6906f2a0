"""Edits the sections and contexts of a configuration to match those of another one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial
from typing import Any

import attrs

from asterconf.bind.parts import PARTS
from asterconf.bind.sections import option_lines
from asterconf.dialplan.values import DialplanContext
from asterconf.differ.address import PLAN
from asterconf.differ.changes import Change
from asterconf.differ.differences import ChangeCause
from asterconf.differ.matching import is_set, same
from asterconf.differ.objects import (
    MEMBER,
    ComparedConfig,
    ComparedObject,
    ComparedOption,
    RefusedValue,
    SourceLine,
    document_of,
    file_objects,
    ordered_members,
)
from asterconf.differ.pjsip import FILES, ComparedPjsip
from asterconf.editing.dialplan import context as contexts
from asterconf.editing.editor import Editor
from asterconf.editing.options import LineEdits, OptionChange, OptionEdits, differences
from asterconf.errors import EditError
from asterconf.resolve import EffectiveItem, EffectiveSection
from asterconf.source import Position, fold, printable
from asterconf.syntax import Document, Option, Section
from asterconf.workspace import Workspace

Pair = tuple[str, str]


@attrs.define(eq=False)
class SectionWriter:
    """Edits the sections of a configuration.

    Attributes:
        editor: the configuration.
        theirs: the other one, whose sections are to be copied.
    """

    editor: Editor
    theirs: ComparedConfig

    # -- find ---------------------------------------------------------------------------------

    def find(self, like: ComparedObject) -> ComparedObject | None:
        """Return the object of that file, kind and name as it is now; `None`: there is none.

        Raises:
            EditError: there are several.
        """
        side = ComparedConfig.of(self.editor.workspace)
        if like.file == FILES[1]:
            return ComparedPjsip(side).section(like.name, like.kind)
        if like.file == FILES[0]:
            return ComparedPjsip(side).object(
                (like.facts.name if like.facts else "section", like.name)
            )
        named = (like.kind, like.name)
        found = [o for o in file_objects(side, like.file) if (o.kind, o.name) == named]
        if len(found) > 1:
            raise EditError(f"{_called(like)} is there {len(found)} times")
        return found[0] if found else None

    def _section(self, like: ComparedObject) -> tuple[ComparedObject, EffectiveSection]:
        """Return the object as it is now, and its section."""
        now = self.find(like)
        if now is None or now.section is None:
            raise EditError(f"{_called(like)} is not there")
        return now, now.section

    # -- change -------------------------------------------------------------------------------

    def change(
        self,
        old: ComparedObject | None,
        new: ComparedObject,
        names: Sequence[str],
        members: Collection[str] = (),
    ) -> None:
        """Give some options of a section, and members of a queue, what they have in `new`.

        Three ways are tried: to edit the section's own lines; to edit them and to write defaults
        out; to copy what it inherits into it first, for what no line of its own can take back.
        Where the order of members counts, those of `new` get its order.

        Raises:
            EditError: no lines of the section can express that.
        """
        reason: EditError | None = None
        for force, alone in ((False, False), (True, False), (False, True)):
            try:
                with self.editor.attempt():
                    if alone:
                        self._copy_inherited(new)
                    self._edit(old, new, names, members, force=force)
                    self._verify(old, new, names)
                return
            except EditError as error:
                reason = reason or error
        assert reason is not None
        raise reason

    def _edit(
        self,
        old: ComparedObject | None,
        new: ComparedObject,
        names: Iterable[str],
        members: Collection[str],
        *,
        force: bool,
    ) -> None:
        """Edit own lines; `force`: also write what is the default."""
        now, section = self._section(new)
        prefix = _prefix(now)
        lines = LineEdits(self.editor)
        edits = OptionEdits(self.editor, section, lines, force)
        for name in names:
            is_now, target = _lines_of(now, name, prefix), _wanted(old, new, now, name, prefix)
            for change in differences(section, is_now, target) if is_now != target else ():
                edits.gather(change)
        goal = _members(now, new, set(members)) if members else {}
        listed = OptionChange(MEMBER, tuple(_member_lines(now).values()), tuple(goal.values()))
        if members and listed.old != listed.new:
            OptionEdits(self.editor, section, lines).gather(listed)
        lines.make()
        if members and _member_lines(self._section(new)[0]).keys() != goal.keys():
            raise EditError(f"{_called(new)} would not have the members that it should")

    def _copy_inherited(self, of: ComparedObject) -> None:
        """Copy all that a section inherits into it, and inherit nothing."""
        _, section = self._section(of)
        home = self.editor.home_of(section)
        inherited = [item for item in section.items if item.way]
        if not inherited:
            raise EditError(f"{_called(of)} inherits nothing")
        home.inherit()
        for item in reversed(inherited):
            home.add(item.name, item.value, after=home.nodes[0])

    def _verify(
        self, old: ComparedObject | None, new: ComparedObject, names: Iterable[str]
    ) -> None:
        """Raise an EditError unless these options have the values that they have in `new`."""
        now = self.find(new)
        if now is None or not all(_agrees(now, old, new, name) for name in names):
            raise EditError(f"{_called(new)} would not be read as it should")

    def drop(self, like: ComparedObject, name: str) -> None:
        """Remove a section's own lines of an option, so that a template's holds."""
        now = self.find(like)
        option = now.options.get(name) if now is not None else None
        lines = LineEdits(self.editor)
        for line in option.lines if option is not None else ():
            if not line.item.way:
                lines.remove((line.item.origin.file, line.item.origin.line))
        lines.make()

    # -- add, remove, rename ------------------------------------------------------------------

    def add(self, new: ComparedObject) -> None:
        """Add a section as it is written in the other configuration, with its comments.

        Raises:
            EditError: it is there already, or cannot be written.
        """
        assert new.section is not None
        self.insert(new.section, new.file)
        self._verify(new, new, list(new.options))

    def insert(self, section: EffectiveSection, reader: str) -> None:
        """Insert a section of the other configuration into the file of that name.

        It is put next to the sections that are its neighbours there, below its templates.
        """
        document = document_of(self.editor.workspace, section.file)
        if document is None:
            document = self.editor.document(reader)
        text = self._text(section, reader) or _expanded(section)
        before, after = self._neighbours(section, document)
        bases = {fold(name) for name in Document(text).sections[0].inherits}
        below = [one for one in document.sections if fold(one.name) in bases]
        sections = list(document.sections)
        at = sections.index(before) if before else sections.index(after) + 1 if after else None
        if at is not None and below and below[-1] not in sections[:at]:
            before, after = None, below[-1]  # what it inherits must stand above it
        document.insert_section(text, before=before, after=after)

    def _text(self, section: EffectiveSection, reader: str) -> str:
        """Return the text of a section there, if it means the same here; else nothing."""
        home = _home(self.theirs, section)
        if home is None or any(_is_elsewhere(item, section, home) for item in section.items):
            return ""
        effective = self.editor.resolve(reader)
        known = {fold(s.name): s for s in reversed(effective.sections)} if effective else {}
        theirs = section.reading.sections if section.reading else ()
        for name in section.inherits:
            base = next((s for s in theirs if fold(s.name) == fold(name)), None)
            mine = known.get(fold(name))
            if base is None or (mine is not None and mine.pairs != base.pairs):
                return ""
            if mine is None:
                self.insert(base, reader)
        text = home.document.section_text(home)
        for directive in home.directives:  # what it includes is added by itself
            text = text.replace(directive.text, "", 1)
        return text.rstrip("\r\n") + "\n"

    def _neighbours(
        self, section: EffectiveSection, document: Document
    ) -> tuple[Section | None, Section | None]:
        """Return the section to insert before, or the one to insert after."""
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

    def remove(self, old: ComparedObject) -> None:
        """Remove a section, with the comments that touch its header.

        Raises:
            EditError: something else would no longer be read.
        """
        now = self.find(old)
        if now is None or now.section is None:
            return
        section = now.section
        homes = [self.editor.home_of(section)]
        for item in section.items:
            for option, file in item.parts:
                home = self.editor.section_at((file, option.line)) if not item.way else None
                if home is not None and home.headed and fold(home.name) == fold(section.name):
                    homes.append(home)
        self.editor.remove(homes)
        if self.find(old) is not None:
            raise EditError(f"{_called(old)} would be there still")

    def rename(self, old: ComparedObject, new: ComparedObject) -> None:
        """Give a section another name, and the values that its options have in `new`.

        Raises:
            EditError: it is not there, or that cannot be written.
        """
        _, section = self._section(old)
        self.editor.home_of(section).name = new.name
        self.change(old, new, list(dict.fromkeys([*new.options, *old.options])))


def _called(of: ComparedObject) -> str:
    return f"{of.kind} {printable(of.name)}"


# -- the lines of an option -----------------------------------------------------------------------


def _lines_of(of: ComparedObject, name: str, prefix: str) -> list[Pair]:
    """Return the lines that set an option, as they are spelled where one line sets it."""
    option = of.options.get(name)
    if option is None:
        return []
    facts = option.facts
    if facts is None or isinstance(option.value, RefusedValue):
        return [(prefix + name, line.value) for line in option.lines]
    plain = facts.repeat != "accumulate" and facts.group == facts.name
    if len(option.lines) == 1 and plain and _is_spelled(option, option.lines[0]):
        return [(prefix + name, option.lines[0].value)]
    return [(prefix + found, value) for found, value in option_lines(name, facts, option.value)]


def _is_spelled(option: ComparedOption, line: SourceLine) -> bool:
    """Whether a line is the option's own, and not one from which the wizard makes it."""
    written = line.section.pairs[line.index][0].rpartition("/")[2]
    return option.facts is not None and option.facts.covers(written)


def _wanted(
    old: ComparedObject | None, new: ComparedObject, now: ComparedObject, name: str, prefix: str
) -> list[Pair]:
    """Return the lines that are to set an option; to a set only the changed items apply."""
    before, after, here = (one.options.get(name) if one else None for one in (old, new, now))
    facts = next((option.facts for option in (before, after, here) if option is not None), None)
    if here is None or facts is None or not is_set(facts):
        return _lines_of(new, name, prefix)
    values = [option.value if option is not None else () for option in (before, after, here)]
    if not all(isinstance(value, tuple) for value in values):
        return _lines_of(new, name, prefix)
    went = set(values[0]) - set(values[1])
    kept = [item for item in values[2] if item not in went]
    came = [item for item in values[1] if item not in values[0] and item not in kept]
    facts = (after or here).facts
    assert facts is not None
    return [(prefix + n, value) for n, value in option_lines(name, facts, (*kept, *came))]


def _agrees(
    now: ComparedObject, old: ComparedObject | None, new: ComparedObject, name: str
) -> bool:
    """Whether an option has the value of `new`; of a set, whether the changed items apply."""
    there = (one.options[name] for one in (now, new, old) if one and name in one.options)
    facts = next((option.facts for option in there), None)
    value: Any = now.value(name, facts)
    wanted: Any = new.value(name, facts)
    if name == MEMBER:
        return bool(value == wanted) or set(value or ()) == set(wanted or ())
    if isinstance(value, tuple) and is_set(facts):
        before: Any = old.value(name, None) if old is not None else None
        came, went = set(wanted or ()) - set(before or ()), set(before or ()) - set(wanted or ())
        return came <= set(value) and not went & set(value)
    return same(value, wanted, facts)


def _prefix(of: ComparedObject) -> str:
    """Return what precedes an option in the section: of a wizard the part of the object."""
    if not of.by_wizard:
        return ""
    kind = of.facts.name if of.facts else ""
    for part in PARTS.values():
        if part.kind == kind and part.wizard_of(of.name):
            return f"{part.prefix}/"
    raise EditError(f"the wizard makes no {kind}")


def _member_lines(queue: ComparedObject) -> dict[str, str]:
    """Return the lines of the members of a queue, by interface."""
    option = queue.options.get(MEMBER)
    texts = [line.value for line in option.lines] if option is not None else []
    return {fold(text.partition(",")[0].strip()): text for text in texts}


def _members(now: ComparedObject, new: ComparedObject, wanted: set[str]) -> dict[str, str]:
    """Return the lines of the members that a queue shall have, by interface, in their order.

    `wanted` are the interfaces of those that become what they are in `new`.
    """
    here, there = _member_lines(now), _member_lines(new)
    goal = {key: there.get(key, text) if key in wanted else text for key, text in here.items()}
    for key in wanted - there.keys():
        goal.pop(key, None)
    order = list(goal)
    above: list[str] = []
    for key in there:
        if key in wanted and key not in goal:
            before = [k for k in above if k in order]
            order.insert(order.index(before[-1]) + 1 if before else 0, key)
            goal[key] = there[key]
        above.append(key)
    if ordered_members(new):
        in_order = iter([key for key in there if key in goal])
        order = [next(in_order) if key in there else key for key in order]
    return {key: goal[key] for key in order}


# -- the text of a section ------------------------------------------------------------------------


def _home(side: ComparedConfig, section: EffectiveSection) -> Section | None:
    """Return the section of a document that begins an effective section."""
    found = side.section_at(section.position)
    return found if found is not None and found.line == section.line else None


def _is_elsewhere(item: EffectiveItem, section: EffectiveSection, home: Section) -> bool:
    """Whether a section's own item is written in another section of a document."""
    last = home.line + home.text.count("\n")
    return not item.way and any(
        file != section.file or not home.line <= option.line <= last for option, file in item.parts
    )


def _expanded(section: EffectiveSection) -> str:
    """Return a section as text that needs no template."""
    made = Document("")
    expanded = made.add_section(section.name)
    for name, value in section.pairs:
        expanded.add(name, value)
    return str(made)


# -- edits that several objects share -------------------------------------------------------------


def shared_edit(
    cause: ChangeCause,
    caused: Sequence[tuple[Change, Change, Change]],
    base: ComparedConfig,
    theirs: ComparedConfig,
) -> Callable[[SectionWriter], None] | None:
    """Return a function that repeats an edit of a template, or of a header.

    Args:
        cause: the edit.
        caused: what it changed: each option, the object that has it, and the whole object.
        base: the configuration before the edit.
        theirs: the one after it.

    Returns:
        `None`: the edit is one of an object's own line.
    """
    own = {n for _, of, owner in caused for n in (of.name, of.old_name, owner.name)}
    name = cause.section
    if not name or (name in own and len({owner.name for *_, owner in caused}) == 1):
        return None
    old, new = base.section_at(cause.old), theirs.section_at(cause.new)
    if cause.reason == "header":
        return partial(_inherit, new, old.inherits) if old is not None and new is not None else None
    before, after = _option_at(old, cause.old), _option_at(new, cause.new)
    place = cause.new or cause.old
    if place is None or (before is None and after is None):
        return None
    dropped = [
        (object_now, option.name)
        for option, of, _ in caused
        if before is None and (object_now := _inheriting(option, of)) is not None
    ]
    return partial(_set_option, place.file, name, before, after, dropped)


def _option_at(section: Section | None, place: Position | None) -> Option | None:
    if section is None or place is None:
        return None
    return next((option for option in section.options if option.line == place.line), None)


def _inheriting(option: Change, of: Change) -> ComparedObject | None:
    """Return the object of a change, if it inherits an option now that an own line set before."""
    old, new = (one.options.get(option.name) if one else None for one in of.objects)
    if old is None or new is None or any(line.item.way for line in old.lines):
        return None
    return of.objects[1] if all(line.item.way for line in new.lines) else None


def _one_section(writer: SectionWriter, file: str, name: str) -> Section:
    """Return the one section of that name in a file here."""
    document = document_of(writer.editor.workspace, file)
    found = document.all(name) if document is not None else ()
    if len(found) != 1:
        raise EditError(f"there is not one section [{printable(name)}]")
    return found[0]


def _set_option(
    file: str,
    name: str,
    before: Option | None,
    after: Option | None,
    dropped: Iterable[tuple[ComparedObject, str]],
    writer: SectionWriter,
) -> None:
    """Change, add or remove one line of a section; drop the own lines that it replaces."""
    for of, option in dropped:
        writer.drop(of, option)
    section = _one_section(writer, file, name)
    like = before or after
    assert like is not None
    same_name = [option for option in section.options if fold(option.name) == fold(like.name)]
    if before is None:
        assert after is not None
        if any(option.value == after.value for option in same_name):
            raise EditError(f"[{printable(name)}] says that already")
        section.add(after.name, after.value)
        return
    found = [option for option in same_name if option.value == before.value]
    if len(found) != 1:
        raise EditError(f"[{printable(name)}] does not say that")
    if after is None:
        section.remove(found[0])
    elif fold(after.name) == fold(before.name):
        section.set(found[0], after.value)
    else:
        raise EditError("another option stands there")


def _inherit(new: Section, old: tuple[str, ...], writer: SectionWriter) -> None:
    """Give a section the templates that it has there."""
    section = _one_section(writer, new.document.name, new.name)
    if section.inherits != old:
        raise EditError(f"[{printable(new.name)}] inherits something else")
    for name in new.inherits:
        if not section.document.all(name):
            there = new.document.all(name)
            if len(there) != 1:
                raise EditError(f"there is not one section [{printable(name)}]")
            text = new.document.section_text(there[0])
            section.document.insert_section(text, before=section)
    section.inherit(*new.inherits, elsewhere=True)


# -- the dialplan ---------------------------------------------------------------------------------


def find_context(workspace: Workspace, name: str) -> DialplanContext | None:
    """Return a context as it is loaded now; `None`: there is none of that name."""
    found = workspace.dialplan.dialplan
    return next((context for context in found if context.name == name), None)


def add_context(writer: SectionWriter, context: DialplanContext) -> None:
    """Add a context as it is written in the other configuration, with its comments.

    Raises:
        EditError: it cannot be written so that it is loaded like that.
    """
    workspace = writer.editor.workspace
    effective = writer.theirs.reading(PLAN)
    found = effective.all(context.name) if effective is not None else ()
    for section in found:
        writer.insert(section, PLAN)
    if not found:
        contexts.add_context(writer.editor, context)
    _verify(workspace, context)


def change_context(writer: SectionWriter, wanted: DialplanContext) -> None:
    """Make a context equal to `wanted`; lines that need not change stay.

    Raises:
        EditError: no lines can express that.
    """
    workspace = writer.editor.workspace
    with contexts.ContextEdit(workspace, wanted.name) as edit:
        edit.become(wanted)
    _verify(workspace, wanted)


def _verify(workspace: Workspace, wanted: DialplanContext) -> None:
    if find_context(workspace, wanted.name) != wanted:
        raise EditError(f"context {printable(wanted.name)} would be loaded otherwise")


def set_variable(name: str, value: str | None, writer: SectionWriter) -> None:
    """Give a global variable the value that it has in the other configuration, or none.

    Raises:
        EditError: no line can express that.
    """
    editor = writer.editor
    place = editor.workspace.dialplan.places.get(f"globals.{name}")
    lines = LineEdits(editor)
    written = _written(writer.theirs, name) if value is not None else ""
    if place is not None and value is None:
        lines.remove((place.file, place.line))
    elif place is not None:
        lines.set((place.file, place.line), written)
    elif value is not None:
        sections = [s for s in editor.sections(PLAN) if _is_globals(s) and not s.template]
        document = editor.document(PLAN)
        home = editor.home_of(sections[-1]) if sections else document.add_section("globals")
        lines.add(name, written, into=home)
    lines.make()
    if editor.workspace.dialplan.dialplan.globals.get(name) != value:
        raise EditError(f"global {printable(name)} would be read otherwise")


def _is_globals(section: EffectiveSection) -> bool:
    return fold(section.name) == "globals"


def _written(side: ComparedConfig, name: str) -> str:
    """Return the value of a global variable as it is written, before variables are replaced."""
    for section in reversed(list(side.live(PLAN))):
        if _is_globals(section):
            for written, value in reversed(section.pairs):
                if written.removeprefix("_").removeprefix("_") == name:
                    return value
    raise EditError(f"global {printable(name)} is not written there")
