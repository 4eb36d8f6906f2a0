"""The fewest line edits that give a section other values.

What counts is what the reader of the file uses: the last line of a name, the first, or every one
(`schema`). An inherited line is never touched, since others inherit it too; it is overridden by an
own line. Where the reader takes the first line, inherited ones come first and no own line can
win: then the line in the template is edited if nobody else inherits it, and else the edit is
refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from operator import attrgetter, itemgetter

import attrs

from asterconf.editing.editor import Editor, LineRef
from asterconf.editing.lists import ListLine, align, patched
from asterconf.errors import EditError
from asterconf.resolve import EffectiveItem, EffectiveSection
from asterconf.schema import OptionFacts
from asterconf.source import encode, fold, is_true, printable
from asterconf.syntax import Option, Section
from asterconf.syntax.layout import Style, block_styles
from asterconf.syntax.lines import Line
from asterconf.syntax.text import together

_BLANKS = "".join(map(chr, range(33)))


@attrs.frozen
class _LineEdit:
    section: Section
    anchor: Line | None
    kind: str
    name: str = ""
    value: str = ""
    comment: str = ""
    separator: str = ""


_ADD, _AFTER, _BEFORE, _SET, _REMOVE = "add", "add after", "add before", "set", "remove"
_ORDER = {_AFTER: 0, _SET: 1, _REMOVE: 1, _BEFORE: 2}


@attrs.define
class LineEdits:
    """Line edits, gathered first and made together; each refers to a line before all edits."""

    editor: Editor
    like: Section | None = None
    """The section whose formatting new lines copy; `None`: their own."""
    names: Iterable[str] = ()
    """The names of the new options, as far as they are known."""
    in_place: bool = False
    """Whether what another program writes is edited where it stands."""
    _styles: dict[str, Style] = attrs.field(factory=dict)
    _above: dict[tuple[int, int], Line] = attrs.field(factory=dict)
    """The line now at the place of an edited line; lines to add before it go above this one."""
    _edits: list[_LineEdit] = attrs.field(factory=list)
    _elsewhere: dict[Section, Section] = attrs.field(factory=dict)
    """The sections of files for changes by hand, by those that other programs write."""

    def __len__(self) -> int:
        return len(self._edits)

    def edited(self, since: int = 0) -> list[tuple[Section, str]]:
        """Return the sections with edited lines, and the lower-case names of these options.

        Args:
            since: how many edits, those that were gathered first, do not count.
        """
        return [(edit.section, fold(edit.name)) for edit in self._edits[since:]]

    def home_of(self, section: Section) -> Section:
        """Return where the edits of a section are made; see `Editor.added_to`."""
        if self.in_place:
            return section
        if section not in self._elsewhere:
            self._elsewhere[section] = self.editor.added_to(section)
        return self._elsewhere[section]

    def set(self, ref: LineRef, value: str, name: str = "") -> None:
        """Give the option on a line another value, and perhaps another name."""
        section, node = self.editor.node_at(ref)
        self._edits.append(_LineEdit(section, node, _SET, name or getattr(node, "name", ""), value))

    def remove(self, ref: LineRef) -> None:
        """Remove a line."""
        section, node = self.editor.node_at(ref)
        self._edits.append(_LineEdit(section, node, _REMOVE, getattr(node, "name", "")))

    def add(
        self,
        name: str,
        value: str,
        *,
        into: Section,
        after: LineRef | None = None,
        before: LineRef | None = None,
        comment: str = "",
        separator: str = "",
    ) -> None:
        """Add an option to a section: behind a line, above one, or behind its last option."""
        section, node, kind = into, None, _ADD
        if after is not None:
            section, node = self.editor.node_at(after)
            kind = _AFTER
        elif before is not None:
            section, node = self.editor.node_at(before)
            kind = _BEFORE
        self._edits.append(_LineEdit(section, node, kind, name, value, comment, separator))

    def make(self) -> None:
        """Make all edits.

        From the end of each file to its start, so that the lines still to come stand where they
        stood; what is added behind one line keeps its order.

        Raises:
            EditError: a line cannot say what it should. The message never holds the value.
        """
        make_together([self])

    def gathered(self) -> list[_LineEdit]:
        """Return the edits, the formatting of new lines worked out.

        What another program writes is added to in the file for changes by hand.
        """
        for at, edit in enumerate(self._edits):
            section = self.home_of(edit.section)
            if section is not edit.section and edit.kind != _REMOVE:
                self._edits[at] = _LineEdit(section, None, _ADD, edit.name, edit.value)
        if self.like is not None and self._edits:
            names = dict.fromkeys([*self.names, *(edit.name for edit in self._edits)])
            self._styles = block_styles(self._models(self.like), names)
        return self._edits

    def make_one(self, edit: _LineEdit) -> None:
        """Make an edit; those below it in its file have been made."""
        section, node = edit.section, edit.anchor
        key = id(section), node.line if node is not None else 0
        if node is not None and not node.text.endswith("\n"):  # it has got an end, if one follows
            now = section.nodes[node.line - section.line]
            node = now if now.text.rstrip("\r\n") == node.text else node
        try:
            if edit.kind == _REMOVE and node is not None:
                at = node.line - section.line
                section.remove(node)
                if left := section.nodes:
                    self._above[key] = left[min(at, len(left) - 1)]
                return
            if edit.kind == _SET and isinstance(node, Option):
                self._above[key] = section.rename(section.set(node, edit.value), edit.name)
                return
            before = self._above.get(key, node) if edit.kind == _BEFORE else None
            after = node if edit.kind == _AFTER else None
            added = section.add(
                edit.name,
                edit.value,
                before=before,
                after=after,
                separator=edit.separator or None,
                style=self._style(edit),
            )
            if edit.comment:
                added = section.set_comment(added, edit.comment)
            if edit.kind == _BEFORE:
                self._above[key] = added
        except (EditError, UnicodeEncodeError):
            raise EditError(_refusal(section, edit)) from None

    def _style(self, edit: _LineEdit) -> Style | None:
        """Return the formatting of a new line; `None`: like its neighbours."""
        if edit.name in self._styles:
            return self._styles[edit.name]
        if any(isinstance(node, Option) for node in edit.section.nodes):
            return None
        return block_styles(self._models(edit.section), [edit.name])[edit.name]

    def _models(self, section: Section) -> tuple[Line, ...]:
        """Return the lines of a section; if it has no options, of the nearest one above."""
        if section.options:
            return section.nodes
        for document in self.editor.files.documents.values():
            parts = document.parts
            at = next((n for n, part in enumerate(parts) if part is section), 0)
            for part in reversed(parts[:at]):
                if part.options:
                    return part.nodes
        return ()


def make_together(several: Iterable[LineEdits]) -> None:
    """Make edits that were gathered on the same lines; see `LineEdits.make`."""
    gathered = [(lines, edit) for lines in several for edit in lines.gathered()]
    by_section: dict[Section, list[tuple[tuple[int, int, int], LineEdits, _LineEdit]]] = {}
    for number, (lines, edit) in enumerate(gathered):
        found = by_section.setdefault(edit.section, [])
        found.append((_place(number, edit), lines, edit))
    for section in sorted(by_section, key=attrgetter("line"), reverse=True):
        with together(section):
            for _, lines, edit in sorted(by_section[section], key=itemgetter(0)):
                lines.make_one(edit)


def _place(number: int, edit: _LineEdit) -> tuple[int, int, int]:
    """Return a key that sorts edits from the last line to the first."""
    if edit.anchor is None:
        return -edit.section.line - len(edit.section.nodes), 0, number
    return -edit.anchor.line, _ORDER[edit.kind], -number


def _refusal(section: Section, edit: _LineEdit) -> str:
    """Explain why a line cannot be written, without its value, which may be a secret."""
    what = f"[{printable(section.name)}] {printable(edit.name)}"
    value = edit.value
    if edit.kind == _REMOVE:
        return f"{what}: its line holds part of a block comment; remove that first"
    if "\n" in value or "\0" in value:
        return f"{what}: the value holds a line end or a NUL, and a value is one line"
    if value != value.strip(_BLANKS):
        return f"{what}: the value begins or ends with white space, which Asterisk strips"
    try:
        size = len(encode(edit.name + value))
    except UnicodeEncodeError:
        return f"{what}: the value holds a character that UTF-8 has no bytes for"
    if size > 8000:
        return f"{what}: the line would be longer than the 8190 bytes that Asterisk reads"
    return f"{what}: there is no line that Asterisk reads back as that"


Pairs = Iterable[tuple[str, str]]


@attrs.frozen
class OptionChange:
    """A change of the values of one option.

    Attributes:
        name: the option.
        old: its current values, as a newly written section would have them.
        new: its target values, as a newly written section would have them; empty: unset, or
            Asterisk's default.
        names: of options that work in one list, such as `permit` and `deny`, all that take part;
            `old` and `new` have the whole lines then, `permit=10.0.0.0/8`. Else none.
    """

    name: str
    old: tuple[str, ...]
    new: tuple[str, ...]
    names: frozenset[str] = frozenset()

    @property
    def touches(self) -> set[str]:
        """The lower-case names of the options that may change."""
        return {fold(self.name)} | {fold(line.partition("=")[0]) for line in self._lines}

    @property
    def _lines(self) -> tuple[str, ...]:
        return self.old + self.new if self.names else ()


def differences(section: EffectiveSection, old: Pairs, new: Pairs) -> tuple[OptionChange, ...]:
    """Return the options whose values differ between two newly written forms of a section.

    They come in the order of the new one, then of the old one.
    """
    sides: tuple[dict[str, list[str]], dict[str, list[str]]] = ({}, {})
    names: dict[str, str] = {}
    groups: dict[str, frozenset[str]] = {}
    for pairs, side in ((new, sides[1]), (old, sides[0])):
        for name, value in pairs:
            group = _group(section, name)
            key = min(group) if group else fold(name)
            names.setdefault(key, name)
            groups[key] = group
            side.setdefault(key, []).append(f"{name}={value}" if group else value)
    changes = (
        OptionChange(name, tuple(sides[0].get(key, ())), tuple(sides[1].get(key, ())), groups[key])
        for key, name in names.items()
    )
    return tuple(change for change in changes if change.old != change.new)


def _group(section: EffectiveSection, name: str) -> frozenset[str]:
    """Return the lower-case names of the options that share one list with this one."""
    facts = section.facts(name)
    if facts is None or facts.match != "name" or facts.group == facts.name or not section.kind:
        return frozenset()
    if facts.type == "codecs":
        return frozenset()
    prefix = name.rpartition("/")[0]
    kind = facts.schema.file(facts.file)
    options = kind.objects[facts.object].options.values() if kind else ()
    same = (option.name for option in options if option.group == facts.group)
    return frozenset(fold(f"{prefix}/{name}" if prefix else name) for name in same)


@attrs.frozen(eq=False)
class ItemLines:
    """An item of a section, with its lines and whether each is used by this section only."""

    item: EffectiveItem
    refs: tuple[LineRef, ...]
    own: tuple[bool, ...]

    @property
    def sole(self) -> bool:
        """Whether only this section uses its lines."""
        return all(self.own)


def _prefix(name: str) -> str:
    return name.rpartition("/")[0]


@attrs.define
class OptionEdits:
    """Edits of one effective section; gather them with `gather`, make them with `lines.make`.

    Attributes:
        editor: the configuration.
        section: the section to edit.
        lines: the line edits gathered so far.
        force: whether to write out defaults where a template sets another value.
        notes: gets notes for the user.
        explicit_defaults: the lower-case names of options reset to their default by rewriting
            their existing line, not by deleting it.
    """

    editor: Editor
    section: EffectiveSection
    lines: LineEdits
    force: bool = False
    notes: list[str] = attrs.field(factory=list)
    explicit_defaults: frozenset[str] = frozenset()

    def gather(self, change: OptionChange) -> None:
        """Gather the line edits for one option.

        Raises:
            EditError: no edit of this section can bring that about.
        """
        facts = self.section.facts(change.name)
        if change.names and facts is not None:
            self._grouped(change, facts)
            return
        present = list(self._present(change.name, facts))
        own = any(one.own[0] for one in present)
        if (
            not change.new
            and own
            and fold(change.name) in self.explicit_defaults
            and facts
            and facts.default
        ):
            change = attrs.evolve(change, new=(facts.default,))  # the line stays, with the default
        if facts is not None and facts.type == "codecs" and facts.repeat == "accumulate":
            self._codecs(change, facts)
        elif facts is not None and facts.repeat == "accumulate":
            self._listed(change, facts, present)
        elif facts is not None and facts.repeat == "first":
            self._first(change, facts, present)
        else:
            self._last(change, facts, present)

    def _present(self, name: str, facts: OptionFacts | None) -> Iterator[ItemLines]:
        """Yield the items of an option, under any of its names."""
        for index, (named, _) in enumerate(self.section.pairs):
            if fold(named) == fold(name) or (
                facts is not None
                and facts.match == "name"
                and _prefix(named) == _prefix(name)
                and self.section.facts(named) is facts
            ):
                yield self._lines_of(self.section.item(index))

    def _lines_of(self, item: EffectiveItem) -> ItemLines:
        refs = tuple((file, option.line) for option, file in item.parts)
        own = tuple(
            ref[0] in self.editor.files.documents
            and not self.editor.customs(ref[0])
            and all(user is self.section for user in self.editor.users(ref))
            for ref in refs
        )
        return ItemLines(item, refs, own)

    # -- where one line counts ----------------------------------------------------------------

    def _last(
        self, change: OptionChange, facts: OptionFacts | None, present: list[ItemLines]
    ) -> None:
        if not change.new:
            self._drop(change, facts, present)
            return
        value = change.new[-1]
        if present and _same(facts, present[-1].item.value, value):
            return
        if present and present[-1].own[0]:
            self._write(present[-1], self._patched(change, facts, present[-1].item.value, value))
            return
        for one in present[-1:]:
            self._write(one, None)  # what an own += added to an inherited value
        for each in change.new if facts is None and not present else (value,):
            self._add(change.name, each, present)

    def _first(self, change: OptionChange, facts: OptionFacts, present: list[ItemLines]) -> None:
        if not present or (present[0].sole and change.new):
            if change.new and present and not _same(facts, present[0].item.value, change.new[-1]):
                value = self._patched(change, facts, present[0].item.value, change.new[-1])
                self._write(present[0], value)
            elif change.new and not present:
                self._add(change.name, change.new[-1], present)
            return
        if not change.new and not self.force:
            for one in present:
                self._write(one, None)
            return
        value = change.new[-1] if change.new else self._default(change, facts)
        if not _same(facts, present[0].item.value, value):
            self._in_template(change.name, present[0], value)

    def _in_template(self, name: str, present: ItemLines, value: str) -> None:
        """Edit an inherited line, if no other section inherits it."""
        users = [u for ref in present.refs for u in self.editor.users(ref) if not u.template]
        others = [user for user in users if user is not self.section]
        template = (
            f"[{printable(present.item.template)}]" if present.item.template else "an include"
        )
        if others or len(present.refs) > 1:
            names = ", ".join(dict.fromkeys(f"[{printable(user.name)}]" for user in others[:3]))
            raise EditError(
                f"[{printable(self.section.name)}] {printable(name)} comes from {template} at "
                f"{present.item.origin}; of several lines Asterisk takes the first, and that one "
                f"is first, so no line of its own can win; {names or 'others'} would change with "
                "it: move the line from the template into the sections"
            )
        self.lines.set(present.refs[0], value)
        self.notes.append(
            f"{printable(name)} was changed in {template} at {present.item.origin}: of several "
            "lines Asterisk takes the first, and nobody else inherits that one"
        )

    def _drop(
        self, change: OptionChange, facts: OptionFacts | None, present: list[ItemLines]
    ) -> None:
        """Remove own lines; with `force`, override inherited ones by the default."""
        for one in present:
            self._write(one, None)
        left = [one for one in present if not one.sole]
        if left and self.force:
            default = self._default(change, facts)
            if not _same(facts, left[-1].item.value, default):
                self._add(change.name, default, left)

    def _default(self, change: OptionChange, facts: OptionFacts | None) -> str:
        if facts is None or facts.default is None:
            raise EditError(
                f"[{printable(self.section.name)}] inherits {printable(change.name)}, and there is "
                "no value that means nothing: give it one"
            )
        return facts.default

    def _patched(
        self, change: OptionChange, facts: OptionFacts | None, text: str, value: str
    ) -> str:
        old = change.old[-1] if change.old else ""
        return value if self.force or facts is None else patched(facts, text, old, value)

    # -- where every line adds ----------------------------------------------------------------

    def _listed(self, change: OptionChange, facts: OptionFacts, present: list[ItemLines]) -> None:
        if not change.new and not self.force:
            for one in present:
                self._write(one, None)
            return
        clears = facts.raw.get("empty") == "clears the list"
        start = 0
        if clears:
            start = max((n + 1 for n, one in enumerate(present) if not one.item.value), default=0)
        live = present[start:]
        old = () if self.force else change.old
        lines = align(facts, [(h.item.value, h.sole) for h in live], old, change.new)
        if lines is not None:
            self._realize(change.name, live, lines)
        elif clears and not any(one.sole for one in live):
            for value in ("", *change.new):
                self._add(change.name, value, present)
        elif clears:
            for one in live:
                self._write(one, None)
            for value in ("", *change.new):
                self._add(change.name, value, [])
        else:
            self._cannot_take_back(change.name, live)

    def _grouped(self, change: OptionChange, facts: OptionFacts) -> None:
        """Edit lines of several options that share one list, such as `permit` and `deny`."""
        present = [
            self._lines_of(self.section.item(index))
            for index, (name, _) in enumerate(self.section.pairs)
            if fold(name) in change.names
        ]
        if not change.new and not self.force:
            for one in present:
                self._write(one, None)
            return
        rows = [(f"{one.item.name}={one.item.value}", one.sole) for one in present]
        lines = align(facts, rows, change.old, change.new, whole=True)
        if lines is None:
            self._cannot_take_back(change.name, present)
        else:
            self._realize("", present, lines)

    def _cannot_take_back(self, name: str, present: list[ItemLines]) -> None:
        fixed = next(one for one in present if not one.sole)
        files = {file: self.editor.files.documents.get(file) for file, _ in fixed.refs}
        self.editor.refuse_generated((file, doc.head.text) for file, doc in files.items() if doc)
        whence = f"[{printable(fixed.item.template)}]" if fixed.item.template else "an include"
        raise EditError(
            f"[{printable(self.section.name)}] inherits a line {printable(name)} from {whence} at "
            f"{fixed.item.origin}, and every line adds: no line of its own can take that back; "
            "move the line from the template into the sections"
        )

    def _codecs(self, change: OptionChange, facts: OptionFacts) -> None:
        """Edit `allow`, which shares a list with `disallow`; `!all` empties it."""
        taken = (fold(n) for n in facts.raw.get("applied_in_file_order_with", ()))
        names = {fold(change.name)} | {
            f"{_prefix(fold(change.name))}/{n}".lstrip("/") for n in taken
        }
        present = [
            self._lines_of(self.section.item(index))
            for index, (name, _) in enumerate(self.section.pairs)
            if fold(name) in names
        ]
        wanted = [fold(word) for value in change.new for word in _words(value)]
        if not wanted:
            for one in present:
                self._write(one, None)
            if self.force and any(not one.sole for one in present):
                self._add(change.name, "!all", [])
            return
        if any(one.sole for one in present):
            live = self._since_all(present)
            begins = wanted if _allows(live[0])[0] == "!all" else wanted[1:]
            allows = [fold(one.item.name) == fold(change.name) for one in live]
            rows = [
                (one.item.value if allow else ",".join(_allows(one)), one.sole)
                for one, allow in zip(live, allows, strict=True)
            ]
            lines = align(facts, rows, (), (",".join(begins),), writable=allows)
            if lines is not None and (begins is not wanted or wanted[0] == "!all"):
                self._realize(change.name, live, lines)
                return
        for one in [one for one in present if one.sole][1:]:
            self._write(one, None)
        first = next((one for one in present if one.sole), None)
        value = ",".join(wanted)
        if first is not None and fold(first.item.name) == fold(change.name):
            self._write(first, value)
        else:
            if first is not None:
                self._write(first, None)
            self._add(change.name, value, present)

    @staticmethod
    def _since_all(present: list[ItemLines]) -> list[ItemLines]:
        """Return the lines from the last `!all` on."""
        starts = [n for n, one in enumerate(present) if "!all" in _allows(one)]
        return present[starts[-1] :] if starts else present

    def _realize(self, option: str, present: list[ItemLines], lines: list[ListLine]) -> None:
        """Edit the lines of a list to the result of `align`."""
        name = option
        gone = {n: one for n, one in enumerate(present) if one.sole}
        last: LineRef | None = None
        following = [entry.source for entry in lines]
        for at, entry in enumerate(lines):
            if entry.source is not None:
                one = present[entry.source]
                gone.pop(entry.source, None)
                if entry.value is not None:
                    self._write(one, entry.value)
                last = one.refs[-1] if one.sole else None
                continue
            ahead = next((s for s in following[at + 1 :] if s is not None), None)
            comment = self._comment_of(present, entry)
            value = entry.value or ""
            if not option:  # a line of a group says its name itself
                name, _, value = value.partition("=")
            into = self.editor.home_of(self.section)
            if last is not None:
                self.lines.add(name, value, into=into, after=last, comment=comment)
            elif ahead is not None and present[ahead].sole:
                before = present[ahead].refs[0]
                self.lines.add(name, value, into=into, before=before, comment=comment)
            else:
                self._add(name, value, present)
        for one in gone.values():
            self._write(one, None)

    def _comment_of(self, present: list[ItemLines], entry: ListLine) -> str:
        """Return the comment of the line that a moved entry comes from."""
        if entry.moved is None:
            return ""
        _, node = self.editor.node_at(present[entry.moved].refs[0])
        return node.comment.lstrip(";").strip() if isinstance(node, Option) else ""

    # -- lines --------------------------------------------------------------------------------

    def _write(self, present: ItemLines, value: str | None) -> None:
        """Give an item's own lines another value; `None` removes them."""
        refs = [ref for ref, own in zip(present.refs, present.own, strict=True) if own]
        if value is not None:
            if value != present.item.value:
                self.lines.set(refs[0], value)
            else:
                return
            refs = refs[1:]
        for ref in refs:
            self.lines.remove(ref)

    def _add(self, name: str, value: str, present: list[ItemLines]) -> None:
        """Add a line of its own, next to similar ones where the order allows it."""
        home = self.editor.home_of(self.section)
        shared = any(not one.sole and not one.item.way for one in present)
        after = self._beside(name)
        if shared:  # it must stand below the include that says otherwise
            lines = [node.line for node in (*home.options, *home.directives)]
            after = (home.document.name, max(lines)) if lines else None
        self.lines.add(name, value, into=home, after=after)

    def _beside(self, name: str) -> LineRef | None:
        """Return the last own line of that name, else of similar options."""
        wanted, home = self._kind(name), self.editor.home_of(self.section)
        best: tuple[bool, LineRef] | None = None
        for index, (named, _) in enumerate(self.section.pairs):
            same = fold(named) == fold(name)
            if same or (self._kind(named) == wanted and not (best and best[0])):
                one = self._lines_of(self.section.item(index))
                near = same or self.editor.section_at(one.refs[-1]) is home
                if near and one.sole and not one.item.way:
                    best = same, one.refs[-1]
        return best[1] if best else None

    def _kind(self, name: str) -> tuple[str, bool]:
        facts = self.section.facts(name)
        return _prefix(fold(name)), facts is not None and facts.repeat == "accumulate"


def _same(facts: OptionFacts | None, a: str, b: str) -> bool:
    """Return whether two values are equivalent; exact for types other than bool and enum."""
    if facts is not None and facts.type == "bool":
        return is_true(a) == is_true(b)
    if facts is not None and facts.type == "enum":
        return fold(a) == fold(b)
    return a == b


def _words(value: str) -> list[str]:
    return [word.strip() for word in value.replace("|", ",").split(",") if word.strip()]


def _allows(present: ItemLines) -> list[str]:
    """Return a line of `allow` or `disallow` as items of `allow`."""
    words = [fold(word) for word in _words(present.item.value)]
    if not fold(present.item.name).endswith("disallow"):
        return words
    return [word[1:] if word.startswith("!") else f"!{word}" for word in words]
