"""Makes the dialplan of a configuration say what that of another one says."""

from __future__ import annotations

from asterconf.dialplan.values import DialplanContext
from asterconf.differ.contexts import FILE
from asterconf.differ.objects import ComparedConfig
from asterconf.differ.write_sections import SectionWriter
from asterconf.editing.dialplan import context as contexts
from asterconf.editing.options import LineEdits
from asterconf.errors import EditError
from asterconf.resolve import EffectiveSection
from asterconf.source import fold, printable
from asterconf.workspace import Workspace

__all__ = ["add_context", "change_context", "find_context", "set_variable"]


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
    effective = writer.theirs.reading(FILE)
    found = effective.all(context.name) if effective is not None else ()
    for section in found:
        writer.insert(section, FILE)
    if not found:
        contexts.add_context(writer.editor, workspace.spelled(FILE), context)
    _verify(workspace, context)


def change_context(writer: SectionWriter, wanted: DialplanContext) -> None:
    """Make a context equal to `wanted`; lines that need not change stay.

    Raises:
        EditError: no lines can say that.
    """
    workspace = writer.editor.workspace
    with contexts.ContextEdit(workspace, wanted.name) as edit:
        edit.become(wanted)
    _verify(workspace, wanted)


def _verify(workspace: Workspace, wanted: DialplanContext) -> None:
    if find_context(workspace, wanted.name) != wanted:
        raise EditError(f"context {printable(wanted.name)} would be loaded otherwise")


def set_variable(writer: SectionWriter, name: str, value: str | None) -> None:
    """Give a global variable the value that it has in the other configuration, or none.

    Raises:
        EditError: no line can say that.
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
        sections = [s for s in editor.sections(FILE) if _is_globals(s) and not s.template]
        document = editor.document(FILE)
        home = editor.home_of(sections[-1]) if sections else document.add_section("globals")
        lines.add(name, written, into=home)
    lines.make()
    if editor.workspace.dialplan.dialplan.globals.get(name) != value:
        raise EditError(f"global {printable(name)} would be read otherwise")


def _is_globals(section: EffectiveSection) -> bool:
    return fold(section.name) == "globals"


def _written(side: ComparedConfig, name: str) -> str:
    """Return the value of a global variable as it is written, before variables are replaced."""
    for section in reversed(list(side.live(FILE))):
        if _is_globals(section):
            for written, value in reversed(section.pairs):
                if written.removeprefix("_").removeprefix("_") == name:
                    return value
    raise EditError(f"global {printable(name)} is not written there")
