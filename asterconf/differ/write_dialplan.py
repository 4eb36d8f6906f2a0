"""Makes the dialplan of a configuration say what that of another one says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import attrs

from asterconf.dialplan.values import DialplanContext, DialplanExtension, DialplanStep
from asterconf.differ.contexts import FILE
from asterconf.differ.sequences import align
from asterconf.differ.units import Side
from asterconf.differ.write_sections import Sections
from asterconf.editing.editor import remove_section
from asterconf.editing.options import LineEdits
from asterconf.errors import EditError
from asterconf.source import Position, fold, printable

if TYPE_CHECKING:
    from asterconf.config import Config
    from asterconf.dialplan import LoadedDialplan
    from asterconf.editing import ContextEdit
    from asterconf.editing.dialplan.steps import ExtensionEdit

__all__ = ["Contexts"]


@attrs.define(eq=False)
class Contexts:
    """The dialplan of a configuration that is edited.

    Attributes:
        sections: the sections of that configuration.
        theirs: the other one.
    """

    sections: Sections
    theirs: Side

    @property
    def conf(self) -> Config:
        """The configuration that is edited."""
        return self.sections.conf

    def loaded(self) -> LoadedDialplan:
        """Return the dialplan as it stands now."""
        return self.conf.workspace.dialplan

    # -- globals ------------------------------------------------------------------------------

    def variable(self, name: str, value: str | None) -> None:
        """Give a global variable the value that it has in the other configuration, or none.

        Raises:
            EditError: no line can say that.
        """
        editor = self.sections.editor
        place = self.loaded().places.get(f"globals.{name}")
        lines = LineEdits(editor)
        written = self._written(name) if value is not None else ""
        if place is not None and value is None:
            lines.remove((place.file, place.line))
        elif place is not None:
            lines.set((place.file, place.line), written)
        elif value is not None:
            effective = self.conf.workspace.resolve(FILE)
            live = effective.live if effective is not None else ()
            found = [section for section in live if fold(section.name) == "globals"]
            home = (
                editor.home_of(found[-1]) if found else editor.document(FILE).add_section("globals")
            )
            lines.add(name, written, into=home)
        lines.make()
        if self.loaded().dialplan.globals.get(name) != value:
            raise EditError(f"global {printable(name)} would be read otherwise")

    def _written(self, name: str) -> str:
        """Return the value of a global variable as it is written there, variables in it and all."""
        effective = self.theirs.effective(FILE)
        for section in reversed(list(effective.live)) if effective is not None else ():
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
        effective = self.theirs.effective(FILE)
        found = effective.all(context.name) if effective is not None else ()
        for section in found:
            self.sections._insert(section, FILE)
        if not found:
            self.conf.dialplan.add(context)
        if self._context(context.name) != context:
            raise EditError(f"context {printable(context.name)} would be loaded otherwise")

    def remove(self, name: str) -> None:
        """Remove a context with all its sections.

        Raises:
            EditError: it would be there still.
        """
        editor = self.sections.editor
        while (effective := self.conf.workspace.resolve(FILE)) is not None and effective.all(name):
            section = effective.all(name)[-1]
            remove_section(editor.home_of(section))
        if self._context(name) is not None:
            raise EditError(f"context {printable(name)} would be there still")

    def _context(self, name: str) -> DialplanContext | None:
        plan = self.loaded().dialplan
        return next((context for context in plan if context.name == name), None)

    def _edit(self, name: str) -> ContextEdit:
        if self._context(name) is None:
            raise EditError(f"context {printable(name)} is not there")
        return self.conf.dialplan.edit(name)

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

    def _extension(self, context: str, key: str) -> DialplanExtension | None:
        there = self._context(context)
        return next((e for e in there.extensions if e.key == key), None) if there else None

    def _rewrite(self, context: str, new: DialplanExtension) -> None:
        """Write the steps of an extension anew, each with its number: for those with gaps."""
        now = self._extension(context, new.key)
        editor = self.sections.editor
        lines = LineEdits(editor)
        places = [self._place(context, now, step) for step in now.steps] if now else []
        last = places[-1] if places else None
        effective = self.conf.workspace.resolve(FILE)
        assert effective is not None
        home = editor.home_of(effective.all(context)[-1])
        for step in new.steps:
            label = f"({step.label})" if step.label is not None else ""
            text = f"{new.key},{step.priority}{label},{step.app}({step.data})"
            spot = (last.file, last.line) if last is not None else None
            lines.add("exten", text, into=home, after=spot)
        for place in places:
            if place is not None:
                lines.remove((place.file, place.line))
        lines.make()
        found = self._extension(context, new.key)
        if found is None or found.steps != new.steps:
            raise EditError(f"extension {printable(new.key)} would be loaded otherwise")

    def _place(
        self, context: str, extension: DialplanExtension, step: DialplanStep
    ) -> Position | None:
        key = (context, extension.name, extension.callerid_match, step.priority)
        return self.loaded().origins.get(key)

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
        editor = self.sections.editor
        effective = self.conf.workspace.resolve(FILE)
        found = effective.all(context) if effective is not None else ()
        if not found:
            raise EditError(f"context {printable(context)} is not there")
        lines = LineEdits(editor)
        gone = set(old)
        for section in found:
            for item in section.items:
                if fold(item.name) == key and (item.value in gone or key == "autohints"):
                    lines.remove((item.origin.file, item.origin.line))
        for value in new:
            lines.add(key, value, into=editor.home_of(found[-1]))
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
