"""Makes the contexts of a configuration say what those of another one say."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from asterconf.dialplan import LoadedDialplan
from asterconf.dialplan.values import DialplanContext, DialplanExtension, DialplanStep
from asterconf.differ.contexts import FILE
from asterconf.differ.matching import align
from asterconf.differ.write_sections import SectionWriter
from asterconf.editing.dialplan.context import ContextEdit, add_context
from asterconf.editing.dialplan.steps import ExtensionEdit
from asterconf.editing.editor import Editor, remove_section
from asterconf.editing.options import LineEdits
from asterconf.errors import EditError
from asterconf.resolve import EffectiveSection
from asterconf.source import fold, printable

__all__ = ["DialplanWriter"]


@attrs.define(eq=False)
class DialplanWriter:
    """Edits the dialplan of a configuration.

    Attributes:
        sections: edits the sections of that configuration.
    """

    sections: SectionWriter

    @property
    def editor(self) -> Editor:
        """The configuration."""
        return self.sections.editor

    @property
    def _loaded(self) -> LoadedDialplan:
        return self.editor.workspace.dialplan

    def _sections(self, name: str) -> tuple[EffectiveSection, ...]:
        """Return the sections of a context as they stand now."""
        effective = self.editor.resolve(FILE)
        return effective.all(name) if effective is not None else ()

    def _context(self, name: str) -> DialplanContext | None:
        found = self._loaded.dialplan
        return next((context for context in found if context.name == name), None)

    def _extension(self, context: str, key: str) -> DialplanExtension | None:
        there = self._context(context)
        return next((e for e in there.extensions if e.key == key), None) if there else None

    def _edit(self, name: str) -> ContextEdit:
        if self._context(name) is None:
            raise EditError(f"context {printable(name)} is not there")
        return ContextEdit(self.editor.workspace, name)

    # -- globals ------------------------------------------------------------------------------

    def variable(self, name: str, value: str | None) -> None:
        """Give a global variable the value that it has in the other configuration, or none.

        Raises:
            EditError: no line can say that.
        """
        place = self._loaded.places.get(f"globals.{name}")
        lines = LineEdits(self.editor)
        written = self._written(name) if value is not None else ""
        if place is not None and value is None:
            lines.remove((place.file, place.line))
        elif place is not None:
            lines.set((place.file, place.line), written)
        elif value is not None:
            effective = self.editor.resolve(FILE)
            live = effective.live if effective is not None else ()
            found = [section for section in live if fold(section.name) == "globals"]
            if found:
                home = self.editor.home_of(found[-1])
            else:
                home = self.editor.document(FILE).add_section("globals")
            lines.add(name, written, into=home)
        lines.make()
        if self._loaded.dialplan.globals.get(name) != value:
            raise EditError(f"global {printable(name)} would be read otherwise")

    def _written(self, name: str) -> str:
        """Return the value of a global variable as it is written there, variables in it and all."""
        for section in reversed(list(self.sections.theirs.live(FILE))):
            if fold(section.name) == "globals":
                for written, value in reversed(section.pairs):
                    if written.removeprefix("_").removeprefix("_") == name:
                        return value
        raise EditError(f"global {printable(name)} is not written there")

    # -- contexts -----------------------------------------------------------------------------

    def add(self, context: DialplanContext) -> None:
        """Add a context as it stands there, its comments with it.

        Raises:
            EditError: it cannot be written so that it is loaded like that.
        """
        effective = self.sections.theirs.reading(FILE)
        found = effective.all(context.name) if effective is not None else ()
        for section in found:
            self.sections.insert(section, FILE)
        if not found:
            add_context(self.editor, self.editor.workspace.spelled(FILE), context)
        if self._context(context.name) != context:
            raise EditError(f"context {printable(context.name)} would be loaded otherwise")

    def remove(self, name: str) -> None:
        """Remove a context with all its sections.

        Raises:
            EditError: it would be there still.
        """
        while found := self._sections(name):
            remove_section(self.editor.home_of(found[-1]))
        if self._context(name) is not None:
            raise EditError(f"context {printable(name)} would be there still")

    def extension(self, context: str, new: DialplanExtension) -> None:
        """Make the steps of an extension what they are in `new`; without steps it goes.

        The lines of steps that stay are not touched.

        Raises:
            EditError: no lines can say that.
        """
        with self._edit(context) as edit:
            if new.key not in edit:
                if new.steps:
                    edit.add(new.key, *map(_call, new.steps))
            elif new.steps:
                _make(edit[new.key], new.steps)
            else:
                for step in reversed(edit[new.key].steps):
                    edit[new.key].remove(step.priority)
        now = self._extension(context, new.key)
        if (now.steps if now is not None else ()) != new.steps:
            self._rewrite(context, new)

    def _rewrite(self, context: str, new: DialplanExtension) -> None:
        """Write the steps of an extension anew, each with its number: for those with gaps."""
        now = self._extension(context, new.key)
        lines = LineEdits(self.editor)
        keys = (
            [(context, now.name, now.callerid_match, s.priority) for s in now.steps] if now else []
        )
        places = [self._loaded.origins.get(key) for key in keys]
        spots = [(place.file, place.line) if place is not None else None for place in places]
        home = self.editor.home_of(self._sections(context)[-1])
        for step in new.steps:
            label = f"({step.label})" if step.label is not None else ""
            text = f"{new.key},{step.priority}{label},{step.app}({step.data})"
            lines.add("exten", text, into=home, after=spots[-1] if spots else None)
        for spot in spots:
            if spot is not None:
                lines.remove(spot)
        lines.make()
        found = self._extension(context, new.key)
        if found is None or found.steps != new.steps:
            raise EditError(f"extension {printable(new.key)} would be loaded otherwise")

    def hint(self, context: str, new: DialplanExtension) -> None:
        """Make the hint of an extension what it is in `new`."""
        with self._edit(context) as edit:
            if new.hint is not None:
                edit.hint(new.key, new.hint)
            elif new.key in edit and edit[new.key].hint is not None:
                edit.remove_hint(new.key)

    def includes(self, context: str, new: DialplanContext) -> None:
        """Make the includes of a context what they are in `new`, in its order."""
        now = self._context(context)
        if now is None:
            raise EditError(f"context {printable(context)} is not there")
        same = 0
        while same < min(len(now.includes), len(new.includes)):
            if now.includes[same].text != new.includes[same].text:
                break
            same += 1
        with self._edit(context) as edit:
            for include in reversed(now.includes[same:]):
                edit.remove_include(include.context, include.timing)
            for include in new.includes[same:]:
                edit.include(include.context, include.timing)
        after = self._context(context)
        if after is None or after.includes != new.includes:
            raise EditError(f"the includes of {printable(context)} would be loaded otherwise")

    def lines(self, context: str, key: str, old: Iterable[str], new: Iterable[str]) -> None:
        """Take out and add other lines of a context, such as `ignorepat`.

        Args:
            context: the context.
            key: the name of the lines; of `autohints` all are taken out.
            old: the values that go.
            new: the values that come.
        """
        found = self._sections(context)
        if not found:
            raise EditError(f"context {printable(context)} is not there")
        lines = LineEdits(self.editor)
        gone = set(old)
        for section in found:
            for item in section.items:
                if fold(item.name) == key and (item.value in gone or key == "autohints"):
                    lines.remove((item.origin.file, item.origin.line))
        for value in new:
            lines.add(key, value, into=self.editor.home_of(found[-1]))
        lines.make()


def _call(step: DialplanStep) -> str | tuple[str, str]:
    call = f"{step.app}({step.data})"
    return (step.label, call) if step.label is not None else call


def _make(edit: ExtensionEdit, steps: Iterable[DialplanStep]) -> None:
    """Turn the steps of an extension into others, from the last to the first."""
    new = list(steps)
    old = list(edit.steps)
    pairs = align(old, new, _exact, _app, lonely=True)
    for i, j in pairs:
        same = i is not None and j is not None and _exact(old[i]) == _exact(new[j])
        if i is not None and not same and old[i].label is not None:
            edit.set_label(old[i].priority, None)  # another step may get it
    for i, j in reversed(pairs):
        if j is None and i is not None:
            edit.remove(old[i].priority)
        elif i is not None and j is not None and _exact(old[i]) != _exact(new[j]):
            edit.replace(old[i].priority, _call(new[j]))
    for i, j in pairs:
        if i is None and j is not None:
            edit.insert(new[j].priority, _call(new[j]))


def _exact(step: DialplanStep) -> tuple[object, ...]:
    return step.app, step.data, step.label


def _app(step: DialplanStep) -> str:
    return fold(step.app)
