"""Objects added to the files, changed in them and removed from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import attrs

from asterconf.bind.parts import LINKS, NAMED_BY
from asterconf.bind.writing import FreshSection, Style
from asterconf.editing.editor import (
    Editor,
    EditScope,
    LineRef,
    key_of,
    object_title,
)
from asterconf.editing.options import (
    LineEdits,
    OptionChange,
    OptionEdits,
    differences,
    make_together,
)
from asterconf.editing.placement import (
    ELSEWHERE,
    Part,
    Siblings,
    TypedSections,
    fresh_of,
    label_of,
    names_in,
    parts_of,
    style_of,
)
from asterconf.errors import EditError
from asterconf.model import CallerID, Mailbox, Setting
from asterconf.resolve import EffectiveSection
from asterconf.resolve.bound import Bound
from asterconf.source import fold, printable
from asterconf.syntax import Section
from asterconf.syntax.lines import Blank, Comment, Line, Option


def remove_objects(
    editor: Editor, objects: Sequence[Bound[Any]], scope: EditScope
) -> list[tuple[list[str], tuple[str, ...]]]:
    """Remove the sections of objects, or their lines; return notes and files for each.

    What another object uses, too, stays.

    Raises:
        EditError: one cannot be removed; or one of several uses what belongs to another.
    """
    found: list[tuple[list[str], tuple[str, ...]]] = []
    homes: list[Section] = []
    lines, gone_lines = LineEdits(editor), set[LineRef]()
    for bound in objects:
        if isinstance(bound.obj, Mailbox):
            place = bound.places[""]
            _remove_line(editor, (place.file, place.line), lines, gone_lines, scope)
            found.append(([], (place.file,)))
            continue
        mine = [part for parts in parts_of(editor, bound).values() for part in parts]
        notes, gone = [], []
        for part in mine:
            user = user_of(editor, part, mine)
            if user is None:
                gone.append(part)
                continue
            name = printable(part.section.name)
            notes.append(f"{part.label} [{name}] stays, because [{printable(user.name)}] uses it")
        if notes and len(objects) > 1:
            raise EditError("; ".join(notes))
        found.append((notes, tuple({part.section.file: None for part in gone})))
        homes += _homes_of(editor, gone)
    lines.make()
    editor.remove(homes, scope)
    return found


def _homes_of(editor: Editor, parts: Iterable[Part]) -> Iterator[Section]:
    """Yield sections, with every `(+)` section that adds to them, from the last to the first."""
    for part in sorted(parts, key=lambda p: (p.section.file, -p.section.line)):
        yield from reversed(editor.homes_of(part.section))


def user_of(editor: Editor, part: Part, mine: list[Part]) -> EffectiveSection | None:
    """Return a section of another object that refers to one of an object's sections."""
    links = NAMED_BY.get(label_of(part.section), ())
    if not links:
        return None
    known, own = TypedSections.read(editor, part.file), {id(one.section) for one in mine}
    users = [user for link in links for user in known.using.get((link, part.section.name), ())]
    return next((user for user in known.in_order(users) if id(user) not in own), None)


def _remove_line(
    editor: Editor, ref: LineRef, lines: LineEdits, gone: set[LineRef], scope: EditScope
) -> None:
    """Gather the removal of a line, with the comment above it that is about this line alone.

    Args:
        editor: the configuration.
        ref: the line.
        lines: gets the edits.
        gone: the lines that go already; gets these, too.
        scope: gets what may change.
    """
    section, node = editor.node_at(ref)
    assert isinstance(node, Option)
    scope.may(section, {fold(node.name)})
    for one in (node, *_own_comments(section, node, ref[0], gone)):
        lines.remove((ref[0], one.line))
        gone.add((ref[0], one.line))


def _own_comments(
    section: Section, node: Option, file: str, gone: set[LineRef]
) -> tuple[Comment, ...]:
    """Return the comment lines above an option, unless they may be about more lines than this.

    They may be if the next line, without those that are gone, is another option.
    """
    nodes: tuple[Line, ...] = section.nodes
    at = node.line - section.line
    below = next((n for n in islice(nodes, at + 1, None) if (file, n.line) not in gone), None)
    if isinstance(below, Option):
        return ()
    while (file, nodes[at - 1].line) in gone:
        at -= 1
    comments = section.comments_above(nodes[at])
    return tuple(c for c in comments if not isinstance(c, Blank) and not c.block)


Pairs = tuple[tuple[str, str], ...]


@attrs.frozen(eq=False)
class NewSection:
    """A section to be added.

    Attributes:
        label: its part in the object, as in `Part.label`.
        name: its name.
        document: the file that it is written into.
        inherits: the templates in its header.
        options: names and values that it must have.
        like: the section whose formatting is copied.
        after: the section that it follows; `None`: the one planned before it, or the end of the
            file.
    """

    label: str
    name: str
    document: str
    inherits: tuple[str, ...]
    options: Pairs
    like: Section | None = None
    after: Section | None = None


def insert(
    editor: Editor, reading: str, groups: Iterable[Sequence[NewSection]], scope: EditScope
) -> None:
    """Add sections, without the options that their templates set to the same value.

    Args:
        editor: the configuration.
        reading: the file that Asterisk reads them for.
        groups: what to add, in order; those of a group are read back together.
        scope: gets the new sections.

    Raises:
        EditError: a section cannot be written, or Asterisk does not read it where it would stand.
    """
    previous: Section | None = None
    for group in groups:
        made: list[tuple[Section, NewSection, Pairs]] = []
        for new in group:
            document = editor.document(new.document)
            after = new.after or (previous if previous in document.sections else None)
            previous = document.add_section(
                new.name, inherits=new.inherits, elsewhere=True, after=after
            )
            scope.all(previous)
            made.append((previous, new, _ordered(new.options, new.like)))
        for types in (True, False):  # the type tells how the other options are read
            every: list[LineEdits] = []
            for section, new, pairs in made:
                read = editor.effective_of(reading, section)
                lines = LineEdits(editor, like=new.like, names=dict(pairs))
                edits = OptionEdits(editor, read, lines)
                part = [pair for pair in pairs if (pair[0] == "type") is types]
                for change in differences(read, (), part):
                    edits.gather(change)
                every.append(lines)
            make_together(every)


def _ordered(options: Pairs, like: Section | None) -> Pairs:
    """Return options in the order of another section; those it lacks come last."""
    order = {fold(name): at for at, name in enumerate(like.keys() if like is not None else ())}
    return tuple(sorted(options, key=lambda pair: order.get(fold(pair[0]), len(order))))


def new_sections(
    editor: Editor,
    obj: Any,  # noqa: ANN401
    style: Style,
    reading: str,
    siblings: Siblings,
    *,
    document: str = "",
    after: Section | None = None,
    templates: bool = True,
) -> list[NewSection]:
    """Return the sections to add for a new object.

    Args:
        editor: the configuration.
        obj: the object.
        style: how it is written, if it is an extension or trunk.
        reading: the file that Asterisk reads it for.
        siblings: the objects of its class and style that are there.
        document: the file to write into; empty: that of its siblings.
        after: the section to follow; `None`: the last sibling.
        templates: whether to use the templates that most siblings use.

    Raises:
        EditError: a section of that name and type is there already.
    """
    made: list[NewSection] = []
    names: dict[tuple[str, str], str] = {}
    for label, sections in fresh_of(obj, style).items():
        inherits = next(iter(siblings.templates(label)), ()) if templates else ()
        last = siblings.last(label, inherits)
        for number, one in enumerate(sections):
            where, name, like = document or reading, one.name, None
            if last is not None:
                sibling, first = last
                where, like = document or first.part.section.file, first.home
                if label and not number and sibling.obj.name in like.name:
                    name = like.name.replace(sibling.obj.name, obj.name)
            names[label, one.name] = name
            made.append(NewSection(label, name, where, inherits, one.options, like))
    made = [attrs.evolve(new, options=tuple(_linked(new, names))) for new in made]
    for new in made:
        _refuse_taken(editor, reading, new)
    if after is not None:
        return [attrs.evolve(made[0], after=after), *made[1:]]
    placed = _placed(editor, made, siblings)
    if document:
        return placed
    hands = [(new, editor.by_hand(new.document)) for new in placed]
    return [
        new if hand == new.document else attrs.evolve(new, document=hand, after=None)
        for new, hand in hands
    ]


def _linked(new: NewSection, names: Mapping[tuple[str, str], str]) -> Iterator[tuple[str, str]]:
    """Yield the options of a section, with the names that linked sections get here."""
    links = LINKS.get(new.label, {})
    for name, value in new.options:
        yield name, names.get((links[name], value), value) if name in links else value


def _refuse_taken(editor: Editor, reading: str, new: NewSection) -> None:
    """Raise `EditError` if a name is taken.

    Only sections of different types may share one: two of a name and type take all sections of
    that type from Asterisk, and of two queues the second is skipped.
    """
    kind = dict(new.options).get("type")
    sections = editor.sections(reading)

    def by_name() -> Mapping[str, list[EffectiveSection]]:
        found: dict[str, list[EffectiveSection]] = {}
        for section in sections:
            if not section.template:
                found.setdefault(fold(section.name), []).append(section)
        return found

    named = editor.workspace.view(("named", reading), (sections,), by_name)
    for section in named.get(fold(new.name), ()):
        if kind is None or label_of(section) in {kind, ""}:
            name = printable(new.name)
            raise EditError(f"[{name}] is there already, at {section.position}")


def _placed(editor: Editor, made: list[NewSection], siblings: Siblings) -> list[NewSection]:
    """Order new sections like those of the last sibling, and place them after these."""
    homes = {
        label: [editor.home_of(part.section) for part in parts]
        for label, parts in (siblings.all[-1].parts if siblings.all else {}).items()
    }
    if len(homes) < 2:
        return [attrs.evolve(made[0], after=made[0].like), *made[1:]]
    last, reading = siblings.all[-1].parts, next(iter(siblings.all[-1].parts.values()))[0].file
    places = {id(one): at for at, one in enumerate(editor.sections(reading))}
    by_place = sorted(homes, key=lambda label: places.get(id(last[label][0].section), 0))
    order = {label: at for at, label in enumerate(by_place)}
    made = sorted(made, key=lambda new: order.get(new.label, len(order)))
    block = [home for found in homes.values() for home in found]
    if _together(editor, siblings.all[-1].parts.values(), block):
        end = max(block, key=lambda home: home.line)
        return [attrs.evolve(made[0], after=end), *made[1:]]
    first = {new.label: new for new in reversed(made)}  # the others follow it
    return [attrs.evolve(new, after=new.like if first[new.label] is new else None) for new in made]


def _together(editor: Editor, parts: Iterable[list[Part]], block: list[Section]) -> bool:
    """Return whether an object's sections are adjacent in one file."""
    files = {part.section.file for found in parts for part in found}
    if len(files) > 1:
        return False
    sections = editor.files.documents[files.pop()].sections
    mine = {id(home) for home in block}
    places = [at for at, section in enumerate(sections) if id(section) in mine]
    return places[-1] - places[0] == len(mine) - 1


def inherited_names(section: EffectiveSection) -> set[str]:
    """Return the lower-case names of the options that a section inherits."""
    return {fold(item.name) for item in section.items if item.way}


def fit(editor: Editor, bound: Bound[Any], target: object, scope: EditScope) -> bool:
    """Add and remove sections so that `target` has those that it needs.

    Returns:
        Whether there was anything to do.

    Raises:
        EditError: a section cannot be written.
    """
    if style_of(parts_of(editor, bound)) == "wizard":
        return False
    return _Fit(editor, bound, fresh_of(target, "primitives"), scope).run()


@attrs.define
class _Fit:
    editor: Editor
    bound: Bound[Any]
    new: Mapping[str, list[FreshSection]]
    scope: EditScope
    names: dict[str, str] = attrs.field(factory=dict)
    """The names of the sections in the files, by label."""

    def run(self) -> bool:
        """Make the edits; return whether there were any."""
        old, parts = fresh_of(self.bound.obj, "primitives"), parts_of(self.editor, self.bound)
        self.names = {label: found[0].section.name for label, found in parts.items()}
        lacking = [
            (label, one)
            for label, sections in self.new.items()
            for one in sections[max(len(parts.get(label, [])), len(old.get(label, []))) :]
        ]
        lacking += [  # implied so far, such as the addresses that calls come from
            (label, sections[0])
            for label, sections in self.new.items()
            if old.get(label) and not parts.get(label) and sections != old[label]
        ]
        surplus = [
            part
            for label, sections in old.items()
            for part in parts.get(label, [])[len(self.new.get(label, [])) :]
            if len(sections) > len(self.new.get(label, []))
        ]
        mine = [part for found in parts.values() for part in found]
        homes = [
            self.editor.home_of(p.section) for p in surplus if not user_of(self.editor, p, mine)
        ]
        for label, one in lacking:
            self.make(label, one)
        if lacking or surplus:
            self.link(old)
        self.editor.remove(homes, self.scope)
        return bool(lacking or surplus)

    def make(self, label: str, fresh: FreshSection) -> None:
        """Add a section next to the others of its object, named and formatted like siblings."""
        obj = self.bound.obj
        siblings = Siblings.of(self.editor, obj).like("primitives")
        inherits = next(iter(siblings.templates(label)), ())
        like = siblings.last(label, inherits)
        called, home = fresh.name, None
        if like is not None:
            sibling, home = like[0].obj, like[1].home
            if sibling.name in home.name and label not in self.names:
                called = home.name.replace(sibling.name, obj.name)
        kind = dict(fresh.options)["type"]
        there = (s for s in self.editor.sections(fresh.file) if not s.template)
        if (kind, called) in {(label_of(s), s.name) for s in there}:
            called = f"{obj.name}-{label}"
        self.names.setdefault(label, called)
        options = tuple(
            (option, self.linked(label, option, value)) for option, value in fresh.options
        )
        own = (part for found in parts_of(self.editor, self.bound).values() for part in found)
        end = max(own, key=lambda part: part.section.line).section
        new = NewSection(label, called, end.file, inherits, options, home, self.editor.home_of(end))
        insert(self.editor, fresh.file, [[new]], self.scope)

    def linked(self, label: str, option: str, value: str) -> str:
        """Return the value of an option, with the name in the files if it refers to a section."""
        links = LINKS.get(label, {})
        return self.names.get(links[option], value) if option in links else value

    def link(self, old: Mapping[str, list[FreshSection]]) -> None:
        """Update the options of remaining sections that refer to added or removed ones."""
        lines = LineEdits(self.editor)
        for label, found in parts_of(self.editor, self.bound).items():
            for part in found if old.get(label) and self.new.get(label) else ():
                was, shall = dict(old[label][0].options), dict(self.new[label][0].options)
                edits = OptionEdits(self.editor, part.section, lines)
                for option in sorted(LINKS.get(label, ())):
                    if option in shall and not names_in(part.section, option):
                        value = self.linked(label, option, "")
                    elif option in was and option not in shall:
                        value = ""
                    else:
                        continue
                    self.scope.may(self.editor.home_of(part.section), {fold(option)})
                    edits.gather(OptionChange(option, (), (value,) if value else ()))
        for section, name in lines.edited():
            self.scope.may(section, {name})
        lines.make()


_ABSENT = frozenset({"sends_auth", "sends_registrations"})
"""Flags that are false if there is no section of their type."""

_OPEN = frozenset({"extra", "options", "unknown"})
"""Fields that hold options by name; an option left out keeps its inherited value."""

ROUNDS = 4


@attrs.frozen
class ObjectTarget:
    """The value that an object must have after an edit.

    A field that is `None`, or an option without a field that is left out, is unset: the value of
    a template applies.

    Attributes:
        obj: the object.
        lenient: whether an empty list or caller id counts as unset, too.
    """

    obj: Any
    lenient: bool = False

    def misses(self, now: object) -> dict[str, object]:
        """Return the fields, with their target values, in which `now` differs."""
        found: dict[str, object] = {}
        outside = ELSEWHERE.get(type(self.obj), frozenset())
        for field in attrs.fields(type(self.obj)):
            name = field.name
            shall, is_now = getattr(self.obj, name), getattr(now, name)
            if shall == is_now or self.unset(field, shall) or name in outside:
                continue
            if name in _OPEN and not isinstance(self.obj, Mailbox):
                wanted, there = _by_name(shall), _by_name(is_now)
                if any(there.get(key) != items for key, items in wanted.items()):
                    merged = there | wanted
                    found[name] = tuple(item for items in merged.values() for item in items)
            elif shall or is_now or name not in _ABSENT:
                found[name] = shall
        return found

    def unset(self, field: attrs.Attribute[Any], value: object) -> bool:
        """Return whether a value leaves a field unset."""
        empty = value in ((), CallerID()) and field.default is not None
        return value is None or (self.lenient and empty)


def _by_name(items: Iterable[Any]) -> dict[str, list[Any]]:
    """Return settings, or pairs of name and value, by name."""
    found: dict[str, list[Any]] = {}
    for item in items:
        name = item.name if isinstance(item, Setting) else item[0]
        found.setdefault(fold(name), []).append(item)
    return found


def read(editor: Editor, obj: object) -> Bound[Any]:
    """Return the object of that class and key as it reads now.

    Raises:
        EditError: there is none.
    """
    found = editor.found(obj).get(key_of(obj))
    if found is None:
        raise EditError(f"{object_title(obj)} would not be read as one with these values")
    return found


@attrs.define(eq=False)
class Goal:
    """An object that an edit brings about.

    Attributes:
        target: the value that it must have.
        notes: for the user.
        files: the files with lines that were edited for it.
        now: the object as it reads after the edit.
    """

    target: ObjectTarget
    notes: list[str] = attrs.field(factory=list)
    files: dict[str, None] = attrs.field(factory=dict)
    now: Any = None


def converge(editor: Editor, goals: Sequence[Goal], scope: EditScope) -> None:
    """Edit the sections of objects until each reads as it should.

    The first round writes only what differs. Where a template still says something else, further
    rounds also write values that are Asterisk's defaults. After each round all is read once.

    Raises:
        EditError: no edit brings it about.
    """
    left = list(goals)
    for number in range(ROUNDS):
        steps: list[tuple[Goal, Any]] = []
        for goal in left:
            now = read(editor, goal.target.obj).obj
            missing = goal.target.misses(now)
            if number and not missing:
                goal.now = now
            else:
                wanted = attrs.evolve(now, **missing) if number else goal.target.obj
                steps.append((goal, wanted))
        left = [goal for goal, _ in steps]
        if not left:
            return
        if not _step(editor, steps, scope, force=number > 0) and number:
            break
    for goal in left:
        goal.now = read(editor, goal.target.obj).obj
        raise EditError(_unmet(goal.target, goal.now))


def _unmet(target: ObjectTarget, now: Any) -> str:  # noqa: ANN401
    missing = target.misses(now)
    fields = "; ".join(
        f"{name} would be read as {_shown(getattr(now, name))}, not {_shown(value)}"
        for name, value in missing.items()
    )
    lost = "secret" in missing and now.secret is None
    hint = "; a password needs a user name, too" if lost else ""
    return f"{object_title(target.obj)}: {fields}{hint}"


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _step(
    editor: Editor, steps: Sequence[tuple[Goal, object]], scope: EditScope, *, force: bool
) -> bool:
    """Edit each section of objects once; return whether there were any edits."""
    fitted = False
    for goal, wanted in steps:
        if fit(editor, read(editor, wanted), wanted, scope):
            parts = parts_of(editor, read(editor, wanted))
            goal.files |= {p.section.file: None for found in parts.values() for p in found}
            fitted = True
    lines, owners = LineEdits(editor), dict[tuple[Section, str], Goal]()
    for goal, wanted in steps:
        before = len(lines)
        _plan(editor, goal, wanted, lines, scope, force=force)
        for section, name in lines.edited(before):
            if owners.setdefault((section, name), goal) is not goal:
                title = object_title(goal.target.obj)
                raise EditError(f"{title}: another edit changes [{printable(section.name)}] {name}")
    if not lines:
        return fitted
    for section, name in lines.edited():
        scope.may(section, {name})
    lines.make()
    for (section, _), goal in owners.items():
        home = lines.home_of(section)
        goal.files[home.document.name] = None
        if home.document is not section.document:
            name, program = printable(section.name), section.document.name
            note = f"[{name}] is added to in {home.document.name}: a program writes {program}"
            goal.notes += [note] if note not in goal.notes else []
    return True


def _plan(
    editor: Editor, goal: Goal, wanted: object, lines: LineEdits, scope: EditScope, *, force: bool
) -> None:
    """Gather the line edits that make an object another one."""
    bound = read(editor, wanted)
    parts = parts_of(editor, bound)
    style = style_of(parts)
    old, new = fresh_of(bound.obj, style), fresh_of(wanted, style)
    redundant = _redundant(bound.obj, wanted, style)
    for label in new:
        for part, changes in _option_changes(
            bound.obj, parts.get(label, []), old.get(label, []), new[label]
        ):
            edits = OptionEdits(editor, part.section, lines, force, goal.notes, redundant)
            for change in changes:
                edits.gather(change)
            names = {name for change in changes for name in change.touches}
            scope.may(editor.home_of(part.section), names)


def _redundant(now: Any, target: Any, style: Style) -> frozenset[str]:  # noqa: ANN401
    """Return the options that become redundant: their field gets Asterisk's default."""
    found: set[str] = set()
    for field in attrs.fields(type(now)):
        value = getattr(target, field.name)
        if field.name in _OPEN or value in (None, (), ""):
            continue
        if value != getattr(now, field.name):
            alone = fresh_of(attrs.evolve(now, **{field.name: value}), style)
            found |= _names(fresh_of(now, style)) - _names(alone)
    return frozenset(found)


def _names(fresh: Mapping[str, list[FreshSection]]) -> set[str]:
    sections = (section for found in fresh.values() for section in found)
    return {fold(name) for section in sections for name, _ in section.options}


def _option_changes(
    obj: object, parts: list[Part], old: list[FreshSection], new: list[FreshSection]
) -> Iterator[tuple[Part, tuple[OptionChange, ...]]]:
    """Yield the sections of a label with the options to change in them."""
    for index, part in enumerate(parts):
        was, shall = (
            side[min(index, len(side) - 1)].options if side else () for side in (old, new)
        )
        linked = {"type", *LINKS.get(part.label, ())} if part.label else set()
        changes = tuple(w for w in differences(part.section, was, shall) if w.name not in linked)
        if len(parts) != len(new) and any(change.name.endswith("_uri") for change in changes):
            raise EditError(
                f"{object_title(obj)} has {len(parts)} sections of type {part.label} and would "
                f"need {len(new)}: edit them in {printable(part.section.file)}"
            )
        if changes:
            yield part, changes
