"""Edits of one context, from `with` to changed lines; contexts added and removed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from types import TracebackType
from typing import Any, Self

import attrs

from asterconf.dialplan import HINT
from asterconf.dialplan.values import (
    DialplanContext,
    DialplanExtension,
    Hint,
    Include,
    StepLike,
    steps_of,
)
from asterconf.editing.dialplan.changes import edit_lines, why_refused
from asterconf.editing.dialplan.report import EditReport, report
from asterconf.editing.dialplan.steps import (
    ContextLine,
    ContextLines,
    EditedStep,
    EditSession,
    ExtensionEdit,
    Key,
    read_lines,
)
from asterconf.editing.dialplan.writing import in_order, write_context
from asterconf.editing.editor import Editor
from asterconf.errors import EditError, NotFoundError
from asterconf.source import fold, printable
from asterconf.syntax import Document
from asterconf.syntax.text import set_text
from asterconf.workspace import Workspace

FILE = "extensions.conf"

_PARTS = {
    "includes": "include",
    "switches": "switch",
    "ignorepats": "ignorepat",
    "autohints": "autohints",
}
"""The fields of a context besides its extensions, each with the key of its lines."""


class ContextEdit:
    """One context that is edited inside a `with`; at its end the lines change, or nothing does.

    `edit["_6XXX"]` is an extension with its steps; `add` and `remove` are for whole extensions,
    `hint` and `include` for what their names say. Only the lines that must change do, in the
    manner of the file: by `same` or `exten`, with `n` or numbers. Lines that come from a template
    or an included file are changed where they stand, unless that changed other contexts too.

    Raises:
        EditError: at the end of the `with`, if no edit loads as intended.
    """

    def __init__(self, workspace: Workspace, name: str) -> None:
        workspace.settle()
        loaded, effective = workspace.dialplan, workspace.resolve(FILE)
        self._was = loaded.dialplan[name]
        assert effective is not None
        self._workspace = workspace
        self._loaded = loaded
        self._rows: ContextLines = read_lines(effective, loaded, name)
        self._known = {one.key: one for one in self._was.extensions}
        self._keys = {_key(one) for one in self._was.extensions}
        self._made: dict[Key, dict[int | None, ContextLine]] = {}
        for row in self._rows.all():
            if row.owner is not None:
                self._made.setdefault(row.owner, {})[row.priority] = row
        self._versions = effective.files
        self._session = EditSession()
        self._edits: dict[Key, ExtensionEdit] = {}
        self._parts = {name: self._lines_of(name) for name in _PARTS}
        self._removed: list[ContextLine] = []
        self._report: EditReport | None = None

    def __repr__(self) -> str:
        return f"<ContextEdit [{printable(self._was.name)}]: {len(self._edits)} extensions touched>"

    def _lines_of(self, part: str) -> list[tuple[Any, ContextLine]]:
        """Return each include, switch or ignored pattern with the row that makes it."""
        bound = self._loaded.contexts[self._was.name]
        rows = {row.place: row for row in reversed(self._rows.all())}
        value = getattr(self._was, part)
        if part == "autohints":
            found = [(True, bound.where(part))] if value else []
        else:
            found = [(one, bound.where(f"{part}[{at}]")) for at, one in enumerate(value)]
        return [(one, rows[place.file, place.line]) for one, place in found if place is not None]

    # -- look ---------------------------------------------------------------------------------

    @property
    def context(self) -> DialplanContext:
        """The context as it is now, extensions in Asterisk's order."""
        kept = [
            self._edits[key].value if (key := _key(one)) in self._edits else one
            for one in self._was.extensions
        ]
        known = {_key(one) for one in self._was.extensions}
        new = [edit.value for key, edit in self._edits.items() if key not in known]
        left = [one for one in (*kept, *new) if one.steps or one.hint is not None]
        parts: dict[str, Any] = {
            part: [one for one, _ in found] for part, found in self._parts.items()
        }
        parts["autohints"] = bool(parts["autohints"])
        return in_order(attrs.evolve(self._was, extensions=left, **parts))

    @property
    def report(self) -> EditReport:
        """What the edit moved; there is none before the end of the `with`.

        Raises:
            EditError: the edit is not over, or failed.
        """
        if self._report is None:
            raise EditError("there is no report before the edit is done")
        return self._report

    def __iter__(self) -> Iterator[str]:
        return iter([one.key for one in self.context.extensions])

    def __contains__(self, key: object) -> bool:
        return key in self.context

    def __getitem__(self, key: str) -> ExtensionEdit:
        """Return an extension to edit, by its name, with `/` and the caller-id condition if any.

        Raises:
            NotFoundError: there is none.
            AmbiguousKeyError: `key` says no condition, and there are only several with one.
        """
        self._session.check()
        for edit in self._edits.values():
            if edit.value.key == key and not edit.dropped:
                return edit
        value = self._known.get(key)
        if value is None or _key(value) in self._edits:  # said without a condition, or not there
            value = self.context[key]
        return self._edit(_key(value), value)

    def _edit(self, key: Key, value: DialplanExtension) -> ExtensionEdit:
        if key not in self._edits:
            rows = self._made.get(key, {})
            entries = [EditedStep(step, step, rows.get(step.priority)) for step in value.steps]
            self._edits[key] = ExtensionEdit(
                key, entries, value.hint, value.hint, rows.get(HINT), session=self._session
            )
        return self._edits[key]

    # -- extensions ---------------------------------------------------------------------------

    def add(self, key: str, *steps: StepLike, hint: Hint | str | None = None) -> ExtensionEdit:
        """Add an extension behind the others, its steps numbered from 1.

        Raises:
            EditError: it is there already.
        """
        self._session.check()
        name, slash, condition = key.partition("/")
        mine = (name, condition if slash else None)
        there = self._edits.get(mine)
        if (there.entries or there.hint) if there is not None else mine in self._keys:
            raise EditError(f"context {self._was.name!r} has an extension {key!r} already")
        entries = [EditedStep(step) for step in steps_of(steps)]
        edit = self._edits.setdefault(mine, ExtensionEdit(mine, [], session=self._session))
        edit.entries += entries  # it may be one that was removed before
        edit.hint = _hint(hint)
        edit.dropped = False
        return edit

    def remove(self, key: str) -> None:
        """Remove an extension with all its steps and its hint.

        Raises:
            NotFoundError: there is none.
        """
        edit = self[key]
        edit.removed += edit.entries
        edit.entries.clear()
        edit.hint = None
        edit.dropped = True

    def hint(self, key: str, devices: Hint | str, name: str = "") -> None:
        """Set what the busy lamp of an extension watches; the extension is made if need be.

        Args:
            key: the extension.
            devices: joined by `&`, or a `Hint`.
            name: a display name.
        """
        self._session.check()
        made = _hint(devices)
        assert made is not None
        made = attrs.evolve(made, name=name) if name else made
        if key in self.context:
            edit = self[key]
            edit.hint = attrs.evolve(made, label=edit.hint.label if edit.hint else made.label)
        else:
            self.add(key, hint=made)

    def remove_hint(self, key: str) -> None:
        """Remove the hint of an extension; its steps stay.

        Raises:
            NotFoundError: there is none.
        """
        edit = self[key]
        if edit.hint is None:
            raise NotFoundError(f"extension {key!r} has no hint")
        edit.hint = None

    # -- includes -----------------------------------------------------------------------------

    def include(self, context: str, timing: str = "") -> None:
        """Include another context, behind the includes that are there.

        Raises:
            EditError: it is included already.
        """
        self._session.check()
        made = Include(context, timing)
        if any(fold(one.text) == fold(made.text) for one, _ in self._parts["includes"]):
            raise EditError(f"context {self._was.name!r} includes {made.text!r} already")
        self._parts["includes"].append((made, ContextLine("include", made.text)))

    def remove_include(self, context: str, timing: str | None = None) -> None:
        """Remove the include of a context; `timing` says which, if there are several.

        Raises:
            NotFoundError: there is none.
        """
        self._session.check()
        for at, (include, _) in enumerate(self._parts["includes"]):
            if include.context == context and timing in (None, include.timing):
                self._remove_line("includes", at)
                return
        raise NotFoundError(f"context {self._was.name!r} does not include {context!r}")

    def _remove_line(self, part: str, at: int) -> None:
        """Remove an include, switch or ignored pattern, with lines that repeat it."""
        _, gone = self._parts[part].pop(at)
        if gone.item is not None:
            same = (gone.key, gone.value)
            self._removed += [r for r in self._rows.all() if (r.key, r.value) == same]

    # -- all of it ----------------------------------------------------------------------------

    def become(self, context: DialplanContext) -> None:
        """Make the context equal to another value; lines of what both have stay as they are.

        Raises:
            EditError: the value has another name.
        """
        self._session.check()
        if context.name != self._was.name:
            raise EditError(f"context {self._was.name!r} gets another name by rename() only")
        now = {_key(one): one for one in self.context.extensions}
        wanted = {_key(one): one for one in context.extensions}
        for key in {**now, **wanted}:
            gone = DialplanExtension(*key)
            if now.get(key) != wanted.get(key):
                self._edit(key, now.get(key, gone)).become(wanted.get(key, gone))
        for part, name in _PARTS.items():
            value: Any = getattr(context, part)
            new = [True] * value if part == "autohints" else list(value)
            old: list[Any] = [one for one, _ in self._parts[part]]
            pairs = enumerate(zip_longest(old, new))
            same = next((at for at, (was, shall) in pairs if was != shall), len(old))
            for at in reversed(range(same, len(old))):
                self._remove_line(part, at)
            for one in new[same:]:
                text = "yes" if part == "autohints" else str(getattr(one, "text", one))
                line = ContextLine(getattr(one, "kind", name), text)
                self._parts[part].append((one, line))

    # -- begin and end ------------------------------------------------------------------------

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        was_open, self._session.open = self._session.open, False
        if kind is None and was_open:
            self._finish()

    def _finish(self) -> None:
        documents = self._workspace.files.documents
        for file, version in self._versions:
            if file in documents and documents[file].version != version:
                raise EditError(f"{file} was edited meanwhile: begin the edit again")
        was, context = self._loaded.dialplan, self.context
        added = [row for part in self._parts.values() for _, row in part if row.item is None]
        wanted = attrs.evolve(
            was, contexts=[context if one.name == context.name else one for one in was]
        )
        read = [file for file, _ in self._versions if file in documents]
        copies = {file: Document(str(documents[file]), name=file) for file in read}
        trial = Editor(self._workspace.trial(copies))
        rows = edit_lines(trial, self._rows, self._edits, self._removed, added)
        why = why_refused(trial, wanted, context.name, rows)
        if why is not None:
            known = {(one.code, one.message) for one in self._loaded.diagnostics}
            found = trial.workspace.dialplan.diagnostics
            raise EditError(why, [one for one in found if (one.code, one.message) not in known])
        edited = [name for name, copy in copies.items() if str(documents[name]) != str(copy)]
        heads = [(name, documents[name].head.text) for name in edited]
        Editor(self._workspace).refuse_generated(heads)
        for name in edited:
            for section, changed in zip(documents[name].parts, copies[name].parts, strict=True):
                if section.text != changed.text:
                    set_text(section, changed.text)
        loaded = self._workspace.dialplan
        self._report = report(context.name, was, loaded, self._edits, tuple(edited))


def _key(extension: DialplanExtension) -> Key:
    return extension.name, extension.callerid_match


def _hint(value: Hint | str | None) -> Hint | None:
    return Hint(value.split("&")) if isinstance(value, str) else value


def add_context(editor: Editor, context: DialplanContext, file: str | None = None) -> None:
    """Add a context as a new section at the end of a file, which may be a new one.

    Args:
        editor: the configuration.
        context: the context.
        file: the file; `None`: extensions.conf, or where another program writes that, the file
            that it includes for changes by hand.

    Raises:
        EditError: the context is there already, or no text loads as it; nothing changed.
    """
    name = editor.workspace.spelled(file or FILE)
    name = name if file else editor.by_hand(name)
    was = editor.workspace.dialplan.dialplan
    if context.name in was:
        raise EditError(f"there is a context {context.name!r} already: edit it")
    text = write_context(context)
    with editor.attempt(explain=True):
        document = editor.document(name)
        section = document.add_section(context.name)
        end = "\n" if section.text.endswith("\n") else ""
        set_text(section, (text.rstrip("\n") + end).replace("\n", document.eol))
        now = editor.workspace.dialplan.dialplan
        others = [one for one in now if one.name != context.name]
        made = [one for one in now if one.name == context.name]
        if made != [in_order(context)] or attrs.evolve(now, contexts=others) != was:
            raise EditError(f"context {context.name!r} would be loaded otherwise from {name}")


def move_extension(editor: Editor, key: str, source: str, to: str) -> DialplanExtension:
    """Move the lines of an extension, with the comments that touch them from above.

    They go behind the last line of the other context.

    Raises:
        NotFoundError: there is no such context or extension.
        EditError: the other context has it already, or something else would be loaded otherwise;
            nothing changed.
    """
    was, effective = editor.workspace.dialplan.dialplan, editor.resolve(FILE)
    extension, target = was[source][key], was[to]
    assert effective is not None
    mine = _key(extension)
    if mine in map(_key, target.extensions):
        raise EditError(f"context {to!r} has an extension {key!r} already")
    rows = read_lines(effective, editor.workspace.dialplan, source).all()
    with editor.attempt(explain=True):
        lines = [editor.node_at(row.place) for row in rows if row.owner == mine]
        block = [(part, n) for part, node in lines for n in (*part.comments_above(node), node)]
        home = editor.homes_of([one for one in effective.all(to) if not one.template][-1])[-1]
        for part, node in reversed(block):
            part.remove(node)
        eol, lines_there = home.document.eol, home.nodes
        behind = max((one.line for one in home.options), default=home.line)
        kept = "".join(node.text for node in lines_there if node.line <= behind)
        rest = home.text.removeprefix(kept)
        moved = "".join(node.text.rstrip("\r\n") + eol for _, node in block)
        set_text(home, f"{kept}{'' if kept.endswith(eol) else eol}{moved}{rest}")
        now = editor.workspace.dialplan.dialplan
        left = attrs.evolve(was[source], extensions=[e for e in was[source] if _key(e) != mine])
        more = in_order(attrs.evolve(target, extensions=[*target, extension]))
        wanted = {source: left, to: more}
        if now != attrs.evolve(was, contexts=[wanted.get(one.name, one) for one in was]):
            raise EditError(f"extension {key!r} cannot move alone: other lines would be read anew")
    return extension


def remove_context(editor: Editor, name: str) -> None:
    """Remove a context: every section of its name.

    Raises:
        EditError: something else would be loaded otherwise; nothing changed.
    """
    was = editor.workspace.dialplan.dialplan
    with editor.attempt(explain=True):
        effective = editor.resolve(FILE)
        sections = effective.all(name) if effective is not None else ()
        editor.remove(home for one in sections for home in editor.homes_of(one))
        loaded = editor.workspace.dialplan
        now, others = loaded.dialplan, [one for one in was if one.name != name]
        if not loaded.loaded:
            raise EditError("Asterisk would not load the file any more")
        if name in now:
            raise EditError(f"context {name!r} would be there still")
        if now != attrs.evolve(was, contexts=others):
            changed = [one.name for one in others if one.name not in now or now[one.name] != one]
            names = ", ".join(map(repr, changed)) or "the global variables"
            raise EditError(f"context {name!r} cannot go alone: {names} would change too")
