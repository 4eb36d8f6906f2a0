"""One option of a section at a time, as text: what a script says when it sets a value.

A section is called by its name; one of several of that name is called `NAME#2`, counted in the
order in which Asterisk holds them. An edit changes the line that counts, and is undone if then
Asterisk would not hold what was asked for, or anything else would read differently.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import attrs

from asterconf.editing.editor import Editor, EditResult, LineRef
from asterconf.editing.options import LineEdits
from asterconf.errors import AmbiguousKeyError, EditError, NotFoundError
from asterconf.references.index import names_of
from asterconf.references.values import Name
from asterconf.resolve.effective import Effective, EffectiveItem, EffectiveSection
from asterconf.secrets import shown_value
from asterconf.source import fold, meant, printable
from asterconf.syntax import Section


def find_section(editor: Editor, file: str, name: str) -> tuple[Effective, EffectiveSection]:
    """Return the one section of that name in a file, and the reading that holds it.

    Args:
        editor: the configuration.
        file: a file of it, or one that another file includes.
        name: the section's name; `NAME#2` is the second of that name.

    Raises:
        NotFoundError: there is no such file, or no such section in it.
        AmbiguousKeyError: several sections have that name.
        EditError: Asterisk refuses the file.
    """
    reading, sections = _sections(editor, file)
    found = [one for one in sections if one.name == name]
    bare, mark, number = name.rpartition("#")
    if not found and mark and number.isdecimal() and int(number):
        found = [one for one in sections if one.name == bare][int(number) - 1 : int(number)]
    if len(found) > 1:
        each = ", ".join(f"{printable(name)}#{n} ({_said(s)})" for n, s in enumerate(found, 1))
        raise AmbiguousKeyError(
            f"{printable(file)} has {len(found)} sections [{printable(name)}]: say one of {each}"
        )
    if not found:
        near = _near(name, (one.name for one in sections))
        raise NotFoundError(f"{printable(file)} has no section [{printable(name)}]{near}")
    return reading, found[0]


def _sections(editor: Editor, file: str) -> tuple[Effective, list[EffectiveSection]]:
    """Return a reading that holds a file, and the sections that begin in it."""
    readings = editor.workspace.whole_readings()
    for one in sorted(readings, key=lambda reading: reading.name != file):
        if one.name == file or any(name == file for name, _ in one.files):
            if not one.valid:
                raise EditError(f"Asterisk refuses {printable(one.name)}", one.diagnostics)
            whole = one.name == file
            return one, [s for s in one.sections if whole or s.file == file]
    names = (name for one in readings for name, _ in one.files)
    raise NotFoundError(f"there is no file {printable(file)}{_near(file, names)}")


def _called(reading: Effective, name: str) -> list[EffectiveSection]:
    """Return the sections of a name, templates too."""
    return [one for one in reading.sections if one.name == name]


def _said(section: EffectiveSection) -> str:
    kind = section.get("type")
    return f"type={printable(kind)}, {section.position}" if kind else str(section.position)


def _near(name: str, names: Iterable[str]) -> str:
    return meant(name, names, 3, before="; ")


@attrs.frozen
class OptionPlace:
    """An option of a section, set or not.

    Attributes:
        editor: the configuration.
        reading: what Asterisk holds of the file, before an edit.
        section: the section, before an edit.
        option: the option's name.
    """

    editor: Editor
    reading: Effective
    section: EffectiveSection
    option: str

    @classmethod
    def find(cls, editor: Editor, file: str, name: str, option: str) -> OptionPlace:
        """Return the place of an option; raises as `find_section` does."""
        return cls(editor, *find_section(editor, file, name), option)

    def __str__(self) -> str:
        where = f"{printable(self.reading.name)} [{printable(self.section.name)}]"
        return f"{where} {printable(self.option)}"

    @property
    def items(self) -> tuple[EffectiveItem, ...]:
        """Every line that sets the option, those of templates too."""
        return self.section.all(self.option)

    @property
    def value(self) -> str:
        """The value that counts.

        Raises:
            NotFoundError: the option is not set.
            AmbiguousKeyError: every one of several lines counts: use `values`.
        """
        if not self.items:
            raise self.missing()
        return self.section.option(self.option).value

    @property
    def values(self) -> tuple[str, ...]:
        """Every value, in Asterisk's order; none if the option is not set."""
        return self.section.values(self.option)

    def shown(self, *values: str) -> str:
        """Return values as a person may see them."""
        at = (self.reading.name, self.section.name, self.option)
        return ", ".join(printable(shown_value(*at, value)) for value in values)

    def missing(self) -> NotFoundError:
        """Return the error that the option is not set."""
        near = _near(self.option, (item.name for item in self.section))
        return NotFoundError(f"{self} is not set{near}")

    # -- edits ------------------------------------------------------------------------------------

    def set(self, value: str, *, all_lines: bool = False) -> EditResult:
        """Let the option have a value: in the line that counts, or in a new one of the section.

        Args:
            value: the value, as text of the file.
            all_lines: let one line stand where every one of several counts, or would.

        Raises:
            EditError: several lines count, or Asterisk would not hold that value, or something
                else would change too; nothing changed.
        """
        own = [item for item in self.items if not item.way]
        if len(own) > 1 and not all_lines:
            repeat = self.section.option(self.option).repeat
            if repeat == "accumulate":
                raise self._several(own)
            own = own[:1] if repeat == "first" else own[-1:]
        was = self.shown(*(one.value for one in own or self.items))
        with self._changes() as (last, lines):
            for item in own[1:]:
                lines.remove(self._line(item))
            if own:
                lines.set(self._line(own[0]), value)
            else:
                lines.add(self._spelled(), value, into=last)
            home = lines.home_of(self.editor.section_at(self._line(own[0])) if own else last)
            lines.make()
            self._check(value)
        return self._result(f"{was or 'not set'} -> {self.shown(value)}", home)

    def add(self, value: str) -> EditResult:
        """Add one more line of an option of which each line counts.

        Raises:
            EditError: only one line counts, or Asterisk would not hold it so; nothing changed.
        """
        values = [*self.section.values(self.option), value]
        if len(values) > 1 and self.section.option(self.option).repeat != "accumulate":
            raise EditError(f"of several lines of {self} only one counts: set it")
        with self._changes() as (last, lines):
            lines.add(self._spelled(), value, into=last)
            lines.make()
            if sorted(self._again().values(self.option)) != sorted(values):
                raise EditError(f"{self} would not get that value")
        return self._result(f"added {self.shown(value)}", lines.home_of(last))

    def unset(self, *, all_lines: bool = False) -> EditResult:
        """Remove what the section itself says of the option.

        Args:
            all_lines: remove all of several lines.

        Raises:
            NotFoundError: the option is not set.
            EditError: it stands in several lines, or comes from a template; nothing changed.
        """
        own = [item for item in self.items if not item.way]
        others = [item for item in self.items if item.way]
        if not self.items:
            raise self.missing()
        if not own:
            raise EditError(
                f"{self} comes from the template [{printable(others[-1].template)}] at "
                f"{others[-1].origin}: unset it there, or set another value here"
            )
        if len(own) > 1 and not all_lines:
            raise self._several(own)
        with self._changes() as (_, lines):
            for item in own:
                lines.remove(self._line(item))
            lines.make()
            if any(not item.way for item in self._again().all(self.option)):
                raise EditError(f"{self} would be set still")
        left = self.shown(*(one.value for one in others))
        was = self.shown(*(one.value for one in own))
        return self._result(f"{was} -> {f'{left} (of a template)' if left else 'not set'}")

    def _several(self, own: Sequence[EffectiveItem]) -> EditError:
        lines = ", ".join(f"{self.shown(one.value)} ({one.origin})" for one in own)
        return EditError(
            f"{self} stands {len(own)} times: {lines}; remove all of them with --all "
            "(in Python all_lines=True)"
        )

    def _spelled(self) -> str:
        """Return the option's name as the section writes it, else as it was asked for."""
        return self.items[-1].name if self.items else self.option

    def _line(self, item: EffectiveItem) -> LineRef:
        if len(item.parts) > 1:
            raise EditError(f"{self} at {item.origin} is put together by +=: edit it by hand")
        option, file = item.parts[0]
        return file, option.line

    @contextmanager
    def _changes(self) -> Iterator[tuple[Section, LineEdits]]:
        """Let the option change, here and in what inherits from here.

        Yields:
            Where to add a line, and the edits to be gathered.
        """
        homes = self.editor.homes_of(self.section)
        heirs = [one for one in self.reading.sections if self._is_heir(one)]
        with self.editor.edit() as scope:
            for one in {*homes, *map(self.editor.home_of, heirs)}:
                scope.may(one, (fold(self.option),))
            yield homes[-1], LineEdits(self.editor)

    def _is_heir(self, section: EffectiveSection) -> bool:
        """Return whether a section inherits from this one, through others too."""
        seen: set[str] = set()
        names = list(section.inherits)
        while names:
            name = names.pop()
            if name == self.section.name:
                return True
            if name not in seen:
                seen.add(name)
                names += (base for one in _called(self.reading, name) for base in one.inherits)
        return False

    def _again(self) -> EffectiveSection:
        """Return the section as Asterisk would hold it now."""
        now = self.editor.resolve(self.reading.name)
        name = self.section.name
        same = [one for one in self.reading.sections if one.name == name]
        found = [one for one in now.sections if one.name == name] if now is not None else []
        if len(found) != len(same):
            raise EditError(f"[{printable(name)}] would not be read as it was")
        return found[same.index(self.section)]

    def _check(self, value: str) -> None:
        """Raise if the option does not have that value now, and no other."""
        found = self._again().option(self.option)
        got = found.values if found.repeat == "accumulate" else (found.value,)
        if got != (value,):
            why = "".join(
                f"; [{printable(item.template)}] says {self.shown(item.value)} at {item.origin}"
                for item in found.items
                if item.way
            )
            raise EditError(
                f"{self} would not be {self.shown(value)}: "
                f"Asterisk would hold {self.shown(*got)}{why}"
            )

    def _result(self, what: str, home: Section | None = None) -> EditResult:
        name = Name(self.reading.name, "section", self.section.name)
        file = home.document.name if home is not None else self.section.file
        where = f" in {printable(file)}" if file != self.section.file else ""
        return EditResult("updated", name, (file,), (f"{self}: {what}{where}",))


def add_section(
    editor: Editor,
    file: str,
    name: str,
    options: Sequence[tuple[str, str]] = (),
    *,
    template: str = "",
    after: str = "",
) -> EditResult:
    """Add a section with options to a file, behind the section `after` or at its end.

    Raises:
        NotFoundError: there is no such file and Asterisk reads none of that name, or no section
            or template that is named.
        EditError: the section is there already, or Asterisk would not read it so.
    """
    if not name.strip():
        raise EditError("a section needs a name")
    known = editor.workspace.schema.file(file) is not None
    if file not in editor.workspace.names and not known:
        _sections(editor, file)  # it is included by another one, or not there
    place = find_section(editor, file, after)[1] if after else None
    target = editor.by_hand(place.file if place is not None else file)
    reading = editor.resolve(file)
    if reading is not None:
        _refuse_same(reading, name, options, template)
    with editor.edit() as scope:
        home = None if place is None else editor.homes_of(place)[-1]
        inherits = (template,) if template else ()
        made = editor.document(target).add_section(
            name, inherits=inherits, elsewhere=True, after=home
        )
        scope.all(made)
        for option, value in options:
            made.add(option, value)
        if all(editor.home_of(one) is not made for one in _sections(editor, target)[1]):
            raise EditError(f"Asterisk would not read [{printable(name)}] as a section")
    note = f"{printable(file)}: added [{printable(name)}]"
    return EditResult("added", Name(file, "section", name), (target,), (note,))


def remove_one(editor: Editor, file: str, name: str) -> EditResult:
    """Remove one section from a file, with what `(+)` adds to it there.

    Raises:
        NotFoundError: there is no such file or section.
        AmbiguousKeyError: several sections have that name.
        EditError: something else would read differently; nothing changed.
    """
    reading, section = find_section(editor, file, name)
    homes = editor.homes_of(section)
    names = {one.name for one in names_of(homes[0])}
    alone = len(reading.all(section.name)) == 1
    uses = editor.workspace.references.to(homes[0]) if alone and names else ()
    outside = [u for u in uses if u.certain and not section.holds(u.place.file, u.place.line)]
    with editor.edit() as scope:
        editor.remove(homes, scope)
    named = Name(reading.name, "section", section.name)
    notes = (
        f"{printable(file)}: removed [{printable(section.name)}]",
        *(f"{one.place}: {one.by} names it still" for one in outside),
    )
    return EditResult("removed", named, (section.file,), notes)


def _refuse_same(
    reading: Effective, name: str, options: Sequence[tuple[str, str]], template: str
) -> None:
    """Raise if a section of that name, and `type` where it has one, is there, or no template."""
    bases = _called(reading, template) if template else []
    if template and not bases:
        near = _near(template, (one.name for one in reading.sections if one.template))
        raise NotFoundError(
            f"{printable(reading.name)} has no template [{printable(template)}]{near}"
        )
    kinds = [kind for one in bases if (kind := one.get("type")) is not None]
    kinds += [value for option, value in options if fold(option) == "type"]
    for one in reading.all(name):
        if not kinds or one.get("type") in {None, kinds[-1]}:
            raise EditError(
                f"there is a section [{printable(name)}] at {one.position} already: set its options"
            )
