"""Objects added to the files, changed in them and removed from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from asterconf.bind.writing import FreshSection, Style
from asterconf.editing.editor import Editor, EditScope, key_of, object_title, remove_section
from asterconf.editing.options import LineEdits, OptionChange, OptionEdits, differences
from asterconf.editing.placement import (
    ELSEWHERE,
    LINKS,
    Part,
    Siblings,
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

__all__ = [
    "ObjectTarget",
    "converge",
    "inherited_names",
    "insert",
    "new_sections",
    "read",
    "remove_object",
]


def remove_object(editor: Editor, bound: Bound[Any], scope: EditScope) -> list[str]:
    """Remove an object's sections, or its line; return notes for the user.

    What another object uses, too, stays.

    Raises:
        EditError: it cannot be removed.
    """
    if isinstance(bound.obj, Mailbox):
        place = bound.places[""]
        remove_line(editor, (place.file, place.line), scope)
        return []
    mine = [part for found in parts_of(editor, bound).values() for part in found]
    notes, gone = [], []
    for part in mine:
        user = user_of(editor, part, mine)
        if user is None:
            gone.append(part)
            continue
        name = printable(part.section.name)
        notes.append(f"{part.label} [{name}] stays, because [{printable(user.name)}] uses it")
    remove_parts(editor, gone, scope)
    return notes


def user_of(editor: Editor, part: Part, mine: list[Part]) -> EffectiveSection | None:
    """Return a section of another object that refers to one of an object's sections."""
    link = {"aor": {"aors"}, "auth": {"auth", "outbound_auth"}}
    links = link.get(label_of(part.section), set())
    sections = [one.section for one in mine]
    for other in editor.sections(part.file) if links else ():
        if other.template or any(other is one for one in sections):
            continue
        if any(part.section.name in names_in(other, link) for link in links):
            return other
    return None


def remove_parts(editor: Editor, parts: Iterable[Part], scope: EditScope) -> None:
    """Remove sections, with every `(+)` section that adds to them."""
    for part in sorted(parts, key=lambda p: (p.section.file, -p.section.line)):
        for home in reversed(editor.homes_of(part.section)):
            remove_section(editor.files, home)
            scope.all(home)


def remove_line(editor: Editor, ref: tuple[str, int], scope: EditScope) -> None:
    """Remove a line, and the comment above it if that is about this line alone."""
    section, node = editor.node_at(ref)
    assert isinstance(node, Option)
    lines = LineEdits(editor)
    lines.remove(ref)
    for comment in _own_comments(section, node):
        lines.remove((ref[0], comment.line))
    scope.may(section, {fold(node.name)})
    lines.make()


def _own_comments(section: Section, node: Option) -> tuple[Comment, ...]:
    """Return the comment lines above an option, unless they may be about more lines than this.

    They may be if the next line is another option.
    """
    nodes: tuple[Line, ...] = section.nodes
    at = nodes.index(node)
    below = nodes[at + 1] if at + 1 < len(nodes) else None
    if isinstance(below, Option):
        return ()
    comments = section.comments_above(node)
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


def insert(editor: Editor, reading: str, planned: Iterable[NewSection], scope: EditScope) -> None:
    """Add sections, without the options that their templates set to the same value.

    Args:
        editor: the configuration.
        reading: the file that Asterisk reads them for.
        planned: what to add, in order.
        scope: gets the new sections.

    Raises:
        EditError: a section cannot be written, or Asterisk does not read it where it would stand.
    """
    previous: Section | None = None
    for new in planned:
        document = editor.document(new.document)
        after = new.after or (previous if previous in document.sections else None)
        section = document.add_section(new.name, inherits=new.inherits, after=after)
        scope.all(section)
        pairs = _ordered(new.options, new.like)
        for part in ([p for p in pairs if p[0] == "type"], [p for p in pairs if p[0] != "type"]):
            read = editor.effective_of(reading, section)  # its type tells how its options are read
            edits = OptionEdits(editor, read, LineEdits(editor, like=new.like, names=dict(pairs)))
            for change in differences(read, (), part):
                edits.gather(change)
            edits.lines.make()
        previous = section


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
    labels = {"aors": "aor", "auth": "auth", "outbound_auth": "outbound_auth"}
    for name, value in new.options:
        linked = new.label and name in LINKS.get(new.label, ())
        yield name, names.get((labels.get(name, "endpoint"), value), value) if linked else value


def _refuse_taken(editor: Editor, reading: str, new: NewSection) -> None:
    """Raise `EditError` if a name is taken.

    Only sections of different types may share one: two of a name and type take all sections of
    that type from Asterisk, and of two queues the second is skipped.
    """
    kind = dict(new.options).get("type")
    for section in editor.sections(reading):
        if section.template or fold(section.name) != fold(new.name):
            continue
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


_LABELS: Mapping[str, str] = {"aors": "aor", "auth": "auth", "outbound_auth": "outbound_auth"}
"""The label of the section that an option refers to; other options refer to the endpoint."""


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
        for home in homes:
            remove_section(self.editor.files, home)
            self.scope.all(home)
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
        insert(self.editor, fresh.file, [new], self.scope)

    def linked(self, label: str, option: str, value: str) -> str:
        """Return the value of an option, with the name in the files if it refers to a section."""
        if option not in LINKS.get(label, ()):
            return value
        return self.names.get(_LABELS.get(option, "endpoint"), value)

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
        for section, name in lines.edited:
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


def converge(editor: Editor, target: ObjectTarget, scope: EditScope, notes: list[str]) -> Any:  # noqa: ANN401
    """Edit the sections of an object until it reads as it should; return it as it reads now.

    The first round writes only what differs. Where a template still says something else, further
    rounds also write values that are Asterisk's defaults.

    Raises:
        EditError: no edit brings it about.
    """
    wanted = target.obj
    for number in range(ROUNDS):
        bound = read(editor, target.obj)
        missing = target.misses(bound.obj)
        if number and not missing:
            return bound.obj
        if number:
            wanted = attrs.evolve(bound.obj, **missing)
        if not _step(editor, bound, wanted, scope, notes, force=number > 0) and number:
            break
    now = read(editor, target.obj).obj
    raise EditError(_unmet(target, now))


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
    editor: Editor,
    bound: Bound[Any],
    target: object,
    scope: EditScope,
    notes: list[str],
    *,
    force: bool,
) -> bool:
    """Edit each section of an object once; return whether there were any edits."""
    fitted = fit(editor, bound, target, scope)
    bound = read(editor, target) if fitted else bound
    parts = parts_of(editor, bound)
    style = style_of(parts)
    old, new = fresh_of(bound.obj, style), fresh_of(target, style)
    redundant = _redundant(bound.obj, target, style)
    lines = LineEdits(editor)
    for label in new:
        for part, changes in _option_changes(
            bound.obj, parts.get(label, []), old.get(label, []), new[label]
        ):
            edits = OptionEdits(editor, part.section, lines, force, notes, redundant)
            for change in changes:
                edits.gather(change)
            names = {name for change in changes for name in change.touches}
            scope.may(editor.home_of(part.section), names)
    if not lines:
        return fitted
    for section, name in lines.edited:
        scope.may(section, {name})
    lines.make()
    return True


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
        linked = LINKS.get(part.label, frozenset()) | {"type"} if part.label else frozenset()
        changes = tuple(w for w in differences(part.section, was, shall) if w.name not in linked)
        if len(parts) != len(new) and any(change.name.endswith("_uri") for change in changes):
            raise EditError(
                f"{object_title(obj)} has {len(parts)} sections of type {part.label} and would "
                f"need {len(new)}: edit them in {printable(part.section.file)}"
            )
        if changes:
            yield part, changes
