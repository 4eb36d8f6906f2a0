"""Which lines of all files name an object, and which might."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property, partial

import attrs

from asterconf.editing.editor import Editor, LineRef
from asterconf.editing.renaming.names import Found, Names
from asterconf.language.pattern import matches
from asterconf.resolve import EffectiveSection
from asterconf.resolve.effective import cached
from asterconf.schema import OptionFacts
from asterconf.semantics.evaluation import substitute
from asterconf.source import Position, fold, printable
from asterconf.syntax import Option

__all__ = ["Reference", "References", "Undecided"]

PLAN = "extensions.conf"


@attrs.frozen
class Reference:
    """A line that names an object.

    Attributes:
        position: where the name stands.
        what: by what it is named: an option, an application, a device.
        old: the name.
        new: what it shall become.
    """

    position: Position
    what: str
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.position}: {self.what}: {printable(self.old)} -> {printable(self.new)}"


@attrs.frozen
class Undecided:
    """A line that may name an object; nobody but a person can tell.

    Attributes:
        position: where.
        text: what stands there.
        why: why it may, and why it is not certain.
    """

    position: Position
    text: str
    why: str

    def __str__(self) -> str:
        return f"{self.position}: {printable(self.text)}: {self.why}"


@attrs.define
class References:
    """The references to some names in all files; `find` fills it.

    Attributes:
        editor: the configuration.
        names: what to look for, and what it shall become.
        certain: the references, in the order in which they are met.
        undecided: the lines that may be references.
        values: the new value of each line with a certain reference.
    """

    editor: Editor
    names: Names
    certain: list[Reference] = attrs.field(factory=list)
    undecided: list[Undecided] = attrs.field(factory=list)
    values: dict[LineRef, str] = attrs.field(factory=dict)
    _seen: set[LineRef] = attrs.field(factory=set)
    _uses: dict[str, list[tuple[Position, str]]] = attrs.field(factory=dict)
    """Where `${variable}` stands in the place of a name, by variable."""

    @cached_property
    def _words_sought(self) -> list[str]:
        """What stands in every value of an option that names one of the names."""
        objects = (old for names in self.names.objects.values() for old in names)
        return [*objects, *(address.partition("@")[0] for address in self.names.boxes)]

    def find(self) -> References:
        """Look through every file that Asterisk reads by itself, and all that these include."""
        for effective in self.editor.workspace.readings():
            if fold(effective.name).removesuffix(".sample").rpartition("/")[2] == PLAN:
                continue
            for section in effective.live:
                self._options(section)
        plan = list(self.editor.sections(PLAN))
        variables = _globals(plan)
        for section in plan:
            if not section.template and fold(section.name) not in {"general", "globals"}:
                self._dialplan(section, variables)
        for section in plan:
            if fold(section.name) == "globals":
                self._global_values(section, plan)
        return self

    # -- files of known options ---------------------------------------------------------------

    def _options(self, section: EffectiveSection) -> None:
        for index, facts, value in cached(section, "references", partial(_referring, section)):
            if not any(word in value for word in self._words_sought):
                continue
            for ref, option in self._lines(section, index):
                found = list(self.names.in_option(facts, option.value))
                self._note(ref, option, [one for one in found if not one.variable])

    def _lines(self, section: EffectiveSection, index: int) -> Iterator[tuple[LineRef, Option]]:
        """Yield the lines of an item that were not looked at yet."""
        for option, file in section.item(index).parts:
            ref = file, option.line
            if ref not in self._seen and file in self.editor.files.documents:
                self._seen.add(ref)
                yield ref, option

    def _note(self, ref: LineRef, option: Option, found: list[Found]) -> None:
        """Take down the certain references of a line."""
        text = option.value
        start = option.fields.value[0] + 1
        for one in found:
            place = Position(ref[0], ref[1], start + one.start)
            self.certain.append(Reference(place, one.what, text[one.start : one.end], one.new))
        for one in sorted(found, key=lambda one: -one.start):
            text = text[: one.start] + one.new + text[one.end :]
        if found:
            self.values[ref] = text

    # -- the dialplan -------------------------------------------------------------------------

    def _dialplan(self, section: EffectiveSection, variables: Mapping[str, str]) -> None:
        exten = ""
        for index, (name, value) in enumerate(section.pairs):
            if fold(name) == "exten":
                exten = substitute(value.partition(",")[0].strip(), variables)
            if fold(name) not in {"exten", "same"}:
                continue
            for ref, option in self._lines(section, index):
                self._step(ref, option, exten, variables)

    def _step(self, ref: LineRef, option: Option, exten: str, variables: Mapping[str, str]) -> None:
        text = option.value
        found = self.names.in_text(text)
        self._note(ref, option, [one for one in found if not one.variable])
        place = Position(ref[0], ref[1], option.fields.value[0] + 1)
        for one in found:
            if one.variable and one.variable != "EXTEN":
                self._uses.setdefault(one.variable, []).append((place, one.what))
        for device in self.names.loose(text):
            number = device.partition("/")[2]
            named = any(one.variable in variables for one in found)
            if number == "${EXTEN}" and not any(_reaches(exten, n) for n in self.names.endpoints):
                continue
            if number == "${EXTEN}":
                why = f"it rings what is dialled, and {printable(exten)} matches the old name"
                self.undecided.append(Undecided(place, device, why))
            elif not named:
                why = "what the variables hold is not known before a call"
                self.undecided.append(Undecided(place, device, why))
        self._words(text, place, found)

    def _words(self, text: str, place: Position, found: list[Found]) -> None:
        """Take down a bare name where it may be meant: in an expression, or if it is a word."""
        blank = list(text)
        for one in found:
            blank[one.start : one.end] = " " * (one.end - one.start)
        rest = "".join(blank)
        words = {*self.names.boxes, *(n for names in self.names.objects.values() for n in names)}
        for word in sorted(words):
            spelled = re.search(rf"(?<![\w.+*#@-]){re.escape(word)}(?![\w.+*#@-])", rest)
            if spelled and (not word.isdigit() or "$[" in rest or "IF(" in rest):
                why = "the word stands here, and it may mean something else"
                self.undecided.append(Undecided(place, word, why))

    def _global_values(self, section: EffectiveSection, plan: list[EffectiveSection]) -> None:
        """Decide on global variables: one that is used as a name only is a reference itself."""
        for index, (name, value) in enumerate(section.pairs):
            for ref, option in self._lines(section, index):
                place = Position(ref[0], ref[1], option.fields.value[0] + 1)
                new = self.names.whole(value)
                if new is None:
                    certain = [one for one in self.names.in_text(value) if not one.variable]
                    self._note(ref, option, certain)
                    continue
                uses = self._uses.get(name, [])
                if uses and len(uses) == _count(plan, name):
                    self._note(ref, option, [Found(0, len(value), new, f"variable {name}")])
                elif uses:
                    why = f"{name} is used as this name at {uses[0][0]}, but not everywhere"
                    self.undecided.append(Undecided(place, value, why))
                elif not value.isdigit():
                    why = f"nothing uses {name} as a name where that can be seen"
                    self.undecided.append(Undecided(place, value, why))


def _referring(section: EffectiveSection) -> list[tuple[int, OptionFacts, str]]:
    """Return the items whose values name something: index, what is known of it, and value."""
    found = []
    for index, (name, value) in enumerate(section.pairs):
        facts = section.facts(name) if value else None
        if facts is not None and facts.references:
            found.append((index, facts, value))
    return found


def _globals(plan: list[EffectiveSection]) -> dict[str, str]:
    return {
        name: value
        for section in plan
        if fold(section.name) == "globals" and not section.template
        for name, value in section.pairs
    }


def _reaches(exten: str, name: str) -> bool:
    return exten == name or (exten.startswith("_") and matches(exten, name))


def _count(plan: list[EffectiveSection], variable: str) -> int:
    """Return how often a variable is used in the dialplan."""
    use = re.compile(rf"\$\{{{re.escape(variable)}(?![A-Za-z0-9_])")
    live = (section for section in plan if not section.template)
    return sum(len(use.findall(value)) for section in live for _, value in section.pairs)
