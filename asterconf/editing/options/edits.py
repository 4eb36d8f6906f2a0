"""The fewest line edits that make a section say something else.

What counts is what the reader of the file uses: the last line of a name, the first, or every one
(`schema`). An inherited line is never touched, since others inherit it too; it is overridden by an
own line. Where the reader takes the first line, inherited ones come first and no own line can
win: then the line in the template is edited if nobody else inherits it, and else the edit is
refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from asterconf import schema
from asterconf.editing.desk import Desk, Spot
from asterconf.editing.options.lines import LineEdits
from asterconf.editing.options.lists import Entry, align, patched
from asterconf.errors import EditError
from asterconf.resolve import EffectiveItem, EffectiveSection
from asterconf.schema import OptionFacts
from asterconf.source import fold, is_true, printable
from asterconf.syntax import Option

__all__ = ["Held", "OptionEdits", "Want", "differences"]

Pairs = Iterable[tuple[str, str]]


@attrs.frozen
class Want:
    """An option that shall have other values.

    Attributes:
        name: the option.
        old: its values as a fresh section would say what holds now.
        new: its values as a fresh section would say what shall hold; none: nothing, or what
            Asterisk takes by itself.
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


def differences(section: EffectiveSection, old: Pairs, new: Pairs) -> tuple[Want, ...]:
    """Return the options whose values differ between two fresh forms of a section.

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
    wants = (
        Want(name, tuple(sides[0].get(key, ())), tuple(sides[1].get(key, ())), groups[key])
        for key, name in names.items()
    )
    return tuple(want for want in wants if want.old != want.new)


def _group(section: EffectiveSection, name: str) -> frozenset[str]:
    """Return the lower-case names of the options whose lines work in one list with this one's."""
    facts = section.facts(name)
    if facts is None or facts.match != "name" or facts.group == facts.name or not section.kind:
        return frozenset()
    if facts.type == "codecs":
        return frozenset()
    prefix = name.rpartition("/")[0]
    kind = schema.file(facts.file)
    options = kind.objects[facts.object].options.values() if kind else ()
    same = (option.name for option in options if option.group == facts.group)
    return frozenset(fold(f"{prefix}/{name}" if prefix else name) for name in same)


@attrs.frozen(eq=False)
class Held:
    """An item of a section, and which of the lines it was written in are this section's alone."""

    item: EffectiveItem
    spots: tuple[Spot, ...]
    own: tuple[bool, ...]

    @property
    def sole(self) -> bool:
        """Whether it can be edited without a thought of others."""
        return all(self.own)


def _prefix(name: str) -> str:
    return name.rpartition("/")[0]


@attrs.define
class OptionEdits:
    """Edits of one effective section; gather them with `want`, make them with `lines.make`.

    Attributes:
        desk: the configuration.
        section: the section that shall mean something else.
        lines: the line edits gathered so far.
        force: whether what an object leaves to Asterisk must be written out where a template says
            otherwise.
        notes: what a person should know about the edits.
        said: the lower-case names of options that shall have just what Asterisk takes by itself:
            of these a line that is there stays, with another value.
    """

    desk: Desk
    section: EffectiveSection
    lines: LineEdits
    force: bool = False
    notes: list[str] = attrs.field(factory=list)
    said: frozenset[str] = frozenset()

    def want(self, want: Want) -> None:
        """Gather the line edits for one option.

        Raises:
            EditError: no edit of this section can bring that about.
        """
        facts = self.section.facts(want.name)
        if want.names and facts is not None:
            self._grouped(want, facts)
            return
        held = list(self._held(want.name, facts))
        own = any(one.own[0] for one in held)
        if not want.new and own and fold(want.name) in self.said and facts and facts.default:
            want = attrs.evolve(want, new=(facts.default,))  # the line stays, and says so
        if facts is not None and facts.type == "codecs" and facts.repeat == "accumulate":
            self._codecs(want, facts)
        elif facts is not None and facts.repeat == "accumulate":
            self._listed(want, facts, held)
        elif facts is not None and facts.repeat == "first":
            self._first(want, facts, held)
        else:
            self._last(want, facts, held)

    def _held(self, name: str, facts: OptionFacts | None) -> Iterator[Held]:
        """Yield the items of an option, under any of its names."""
        for index, (named, _) in enumerate(self.section.pairs):
            if fold(named) == fold(name) or (
                facts is not None
                and facts.match == "name"
                and _prefix(named) == _prefix(name)
                and self.section.facts(named) is facts
            ):
                yield self._hold(self.section.item(index))

    def _hold(self, item: EffectiveItem) -> Held:
        spots = tuple((file, option.line) for option, file in item.parts)
        own = tuple(
            spot[0] in self.desk.files.documents
            and all(user is self.section for user in self.desk.users(spot))
            for spot in spots
        )
        return Held(item, spots, own)

    # -- where one line counts ----------------------------------------------------------------

    def _last(self, want: Want, facts: OptionFacts | None, held: list[Held]) -> None:
        if not want.new:
            self._drop(want, facts, held)
            return
        value = want.new[-1]
        if held and _same(facts, held[-1].item.value, value):
            return
        if held and held[-1].own[0]:
            self._write(held[-1], self._patched(want, facts, held[-1].item.value, value))
            return
        for one in held[-1:]:
            self._write(one, None)  # what an own += added to an inherited value
        for each in want.new if facts is None and not held else (value,):
            self._add(want.name, each, held)

    def _first(self, want: Want, facts: OptionFacts, held: list[Held]) -> None:
        if not held or (held[0].sole and want.new):
            if want.new and held and not _same(facts, held[0].item.value, want.new[-1]):
                value = self._patched(want, facts, held[0].item.value, want.new[-1])
                self._write(held[0], value)
            elif want.new and not held:
                self._add(want.name, want.new[-1], held)
            return
        if not want.new and not self.force:
            for one in held:
                self._write(one, None)
            return
        value = want.new[-1] if want.new else self._default(want, facts)
        if not _same(facts, held[0].item.value, value):
            self._in_template(want.name, held[0], value)

    def _in_template(self, name: str, held: Held, value: str) -> None:
        """Edit the inherited line that counts, if this section is the only one that it is for."""
        users = [u for spot in held.spots for u in self.desk.users(spot) if not u.template]
        others = [user for user in users if user is not self.section]
        template = f"[{printable(held.item.template)}]" if held.item.template else "an include"
        if others or len(held.spots) > 1:
            names = ", ".join(dict.fromkeys(f"[{printable(user.name)}]" for user in others[:3]))
            raise EditError(
                f"[{printable(self.section.name)}] {printable(name)} comes from {template} at "
                f"{held.item.origin}; of several lines Asterisk takes the first, and that one is "
                f"first, so no line of its own can win; {names or 'others'} would change with it: "
                "move the line from the template into the sections"
            )
        self.lines.set(held.spots[0], value)
        self.notes.append(
            f"{printable(name)} was changed in {template} at {held.item.origin}: of several lines "
            "Asterisk takes the first, and nobody else inherits that one"
        )

    def _drop(self, want: Want, facts: OptionFacts | None, held: list[Held]) -> None:
        """Remove own lines; what is left may have to be overridden by what Asterisk would take."""
        for one in held:
            self._write(one, None)
        left = [one for one in held if not one.sole]
        if left and self.force:
            default = self._default(want, facts)
            if not _same(facts, left[-1].item.value, default):
                self._add(want.name, default, left)

    def _default(self, want: Want, facts: OptionFacts | None) -> str:
        if facts is None or facts.default is None:
            raise EditError(
                f"[{printable(self.section.name)}] inherits {printable(want.name)}, and there is "
                "no value that means nothing: give it one"
            )
        return facts.default

    def _patched(self, want: Want, facts: OptionFacts | None, text: str, value: str) -> str:
        old = want.old[-1] if want.old else ""
        return value if self.force or facts is None else patched(facts, text, old, value)

    # -- where every line adds ----------------------------------------------------------------

    def _listed(self, want: Want, facts: OptionFacts, held: list[Held]) -> None:
        if not want.new and not self.force:
            for one in held:
                self._write(one, None)
            return
        clears = facts.raw.get("empty") == "clears the list"
        start = 0
        if clears:
            start = max((n + 1 for n, one in enumerate(held) if not one.item.value), default=0)
        live = held[start:]
        old = () if self.force else want.old
        lines = align(facts, [(h.item.value, h.sole) for h in live], old, want.new)
        if lines is not None:
            self._realize(want.name, live, lines)
        elif clears and not any(one.sole for one in live):
            for value in ("", *want.new):
                self._add(want.name, value, held)
        elif clears:
            for one in live:
                self._write(one, None)
            for value in ("", *want.new):
                self._add(want.name, value, [])
        else:
            self._cannot_take_back(want.name, live)

    def _grouped(self, want: Want, facts: OptionFacts) -> None:
        """Edit lines of several names that work in one list, such as `permit` and `deny`."""
        held = [
            self._hold(self.section.item(index))
            for index, (name, _) in enumerate(self.section.pairs)
            if fold(name) in want.names
        ]
        if not want.new and not self.force:
            for one in held:
                self._write(one, None)
            return
        rows = [(f"{one.item.name}={one.item.value}", one.sole) for one in held]
        lines = align(facts, rows, want.old, want.new, whole=True)
        if lines is None:
            self._cannot_take_back(want.name, held)
        else:
            self._realize("", held, lines)

    def _cannot_take_back(self, name: str, held: list[Held]) -> None:
        fixed = next(one for one in held if not one.sole)
        whence = f"[{printable(fixed.item.template)}]" if fixed.item.template else "an include"
        raise EditError(
            f"[{printable(self.section.name)}] inherits a line {printable(name)} from {whence} at "
            f"{fixed.item.origin}, and every line adds: no line of its own can take that back; "
            "move the line from the template into the sections"
        )

    def _codecs(self, want: Want, facts: OptionFacts) -> None:
        """Edit `allow`, in one list with `disallow`: `!all` begins it anew."""
        taken = (fold(n) for n in facts.raw.get("applied_in_file_order_with", ()))
        names = {fold(want.name)} | {f"{_prefix(fold(want.name))}/{n}".lstrip("/") for n in taken}
        held = [
            self._hold(self.section.item(index))
            for index, (name, _) in enumerate(self.section.pairs)
            if fold(name) in names
        ]
        wanted = [fold(word) for value in want.new for word in _words(value)]
        if not wanted:
            for one in held:
                self._write(one, None)
            if self.force and any(not one.sole for one in held):
                self._add(want.name, "!all", [])
            return
        if any(one.sole for one in held):
            live = self._since_all(held)
            begins = wanted if _allows(live[0])[0] == "!all" else wanted[1:]
            allows = [fold(one.item.name) == fold(want.name) for one in live]
            rows = [
                (one.item.value if allow else ",".join(_allows(one)), one.sole)
                for one, allow in zip(live, allows, strict=True)
            ]
            lines = align(facts, rows, (), (",".join(begins),), writable=allows)
            if lines is not None and (begins is not wanted or wanted[0] == "!all"):
                self._realize(want.name, live, lines)
                return
        for one in [one for one in held if one.sole][1:]:
            self._write(one, None)
        first = next((one for one in held if one.sole), None)
        value = ",".join(wanted)
        if first is not None and fold(first.item.name) == fold(want.name):
            self._write(first, value)
        else:
            if first is not None:
                self._write(first, None)
            self._add(want.name, value, held)

    @staticmethod
    def _since_all(held: list[Held]) -> list[Held]:
        """Leave out what a later `!all` takes back."""
        starts = [n for n, one in enumerate(held) if "!all" in _allows(one)]
        return held[starts[-1] :] if starts else held

    def _realize(self, option: str, held: list[Held], lines: list[Entry]) -> None:
        """Make the lines of a list what `align` says."""
        name = option
        gone = {n: one for n, one in enumerate(held) if one.sole}
        last: Spot | None = None
        following = [entry.source for entry in lines]
        for at, entry in enumerate(lines):
            if entry.source is not None:
                one = held[entry.source]
                gone.pop(entry.source, None)
                if entry.value is not None:
                    self._write(one, entry.value)
                last = one.spots[-1] if one.sole else None
                continue
            ahead = next((s for s in following[at + 1 :] if s is not None), None)
            comment = self._comment_of(held, entry)
            value = entry.value or ""
            if not option:  # a line of a group says its name itself
                name, _, value = value.partition("=")
            into = self.desk.home_of(self.section)
            if last is not None:
                self.lines.add(name, value, into=into, after=last, comment=comment)
            elif ahead is not None and held[ahead].sole:
                before = held[ahead].spots[0]
                self.lines.add(name, value, into=into, before=before, comment=comment)
            else:
                self._add(name, value, held)
        for one in gone.values():
            self._write(one, None)

    def _comment_of(self, held: list[Held], entry: Entry) -> str:
        """Return the comment of the line that a moved entry comes from."""
        if entry.moved is None:
            return ""
        _, node = self.desk.node_at(held[entry.moved].spots[0])
        return node.comment.lstrip(";").strip() if isinstance(node, Option) else ""

    # -- lines --------------------------------------------------------------------------------

    def _write(self, held: Held, value: str | None) -> None:
        """Give an item's lines another value, or take away those that are this section's own."""
        spots = [spot for spot, own in zip(held.spots, held.own, strict=True) if own]
        if value is not None:
            if value != held.item.value:
                self.lines.set(spots[0], value)
            else:
                return
            spots = spots[1:]
        for spot in spots:
            self.lines.remove(spot)

    def _add(self, name: str, value: str, held: list[Held]) -> None:
        """Add an own line, beside its like if that is where it counts."""
        home = self.desk.home_of(self.section)
        shared = any(not one.sole and not one.item.way for one in held)
        after = None if shared else self._beside(name)
        self.lines.add(name, value, into=home, after=after)

    def _beside(self, name: str) -> Spot | None:
        """Return the last own line of that name, else of its kind; `None`: there is none."""
        wanted, home = self._kind(name), self.desk.home_of(self.section)
        best: tuple[bool, Spot] | None = None
        for index, (named, _) in enumerate(self.section.pairs):
            same = fold(named) == fold(name)
            if same or (self._kind(named) == wanted and not (best and best[0])):
                one = self._hold(self.section.item(index))
                near = same or self.desk.section_at(one.spots[-1]) is home
                if near and one.sole and not one.item.way:
                    best = same, one.spots[-1]
        return best[1] if best else None

    def _kind(self, name: str) -> tuple[str, bool]:
        facts = self.section.facts(name)
        return _prefix(fold(name)), facts is not None and facts.repeat == "accumulate"


def _same(facts: OptionFacts | None, a: str, b: str) -> bool:
    """Tell whether two values mean the same, as far as their kind is plain."""
    if facts is not None and facts.type == "bool":
        return is_true(a) == is_true(b)
    if facts is not None and facts.type == "enum":
        return fold(a) == fold(b)
    return a == b


def _words(value: str) -> list[str]:
    return [word.strip() for word in value.replace("|", ",").split(",") if word.strip()]


def _allows(held: Held) -> list[str]:
    """Return what a line of `allow` or `disallow` says, in the words of `allow`."""
    words = [fold(word) for word in _words(held.item.value)]
    if not fold(held.item.name).endswith("disallow"):
        return words
    return [word[1:] if word.startswith("!") else f"!{word}" for word in words]
